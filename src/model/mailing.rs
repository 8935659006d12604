//! Lists, subscribers and deliveries.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{IssueKey, Language};

/// A mailing list of config.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its name in config.toml.
    pub key: String,
    /// "Members".
    pub title: String,
    /// A small list kept as a file, read at each run.
    pub csv: Option<PathBuf>,
}

/// Where a subscriber stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubscriberStatus {
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
}

/// Where one delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Recorded, not yet written.
    Pending,
    /// Written to the outbox, or taken by a server.
    Sent,
    /// Refused for good.
    Failed,
}

/// One issue to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which issue.
    pub issue: IssueKey,
    /// Which revision of it.
    pub revision: u32,
    /// The list through which the recipient gets it.
    pub list: String,
    /// To whom.
    pub address: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// RFC 5322's Message-ID without the angle brackets; made from issue, revision and recipient.
    pub message_id: String,
}
