//! Lists, subscribers and deliveries.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Language;

/// A mailing list of config.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name in config.toml.
    pub key: String,
    /// What it was called before.
    pub was: Vec<String>,
    /// "Members".
    pub title: String,
    /// A small list kept as a file, read at each run.
    pub csv: Option<PathBuf>,
    /// A sentence about it, for the page on which one subscribes.
    pub description: Option<String>,
    /// Whether that page offers it.
    pub open: bool,
}

/// Where a subscriber stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubscriberStatus {
    /// Asked to be on it, and has not confirmed that yet; gets no mail.
    Pending,
    /// Gets mail.
    Active,
    /// Asked for no more; stays so whatever is imported.
    Unsubscribed,
}

/// A person on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscriber {
    /// The address, its domain in lower case.
    pub address: String,
    /// How they are greeted.
    pub name: Option<String>,
    /// The language of the words around the articles.
    pub language: Option<Language>,
    /// Where they stand.
    pub status: SubscriberStatus,
    /// Since when they are on the list.
    pub since: DateTime<Utc>,
    /// Why nothing is written to their address, whichever list they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<String>,
}

/// A person as a CSV file or a command names them, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscriber {
    /// The address, its domain in lower case and in ASCII.
    pub address: String,
    /// How they are greeted.
    pub name: Option<String>,
    /// The language of the words around the articles.
    pub language: Option<Language>,
}

/// Somebody who gets an issue, as they stood when it was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The address, its domain in lower case.
    pub address: String,
    /// How they are greeted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language of the words around the articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The list through which they get it.
    pub list: String,
    /// What an unsubscribe link names instead of the address; nobody else can guess it.
    pub token: String,
}
