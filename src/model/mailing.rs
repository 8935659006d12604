//! Lists, subscribers and deliveries.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Language;

/// A mailing list of config.toml.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// What it is called in each language that has names of its own for it, and in the default one where there are any.
    pub names: BTreeMap<Language, ListNames>,
}

/// What a list is called in one language; what is not said is as in the default language.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ListNames {
    /// Its title.
    pub title: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
}

impl List {
    /// Its title in a language, or the one that it has in any.
    #[must_use]
    pub fn title_in(&self, language: &Language) -> &str {
        self.names_in(language).and_then(|names| names.title.as_deref()).unwrap_or(&self.title)
    }

    /// The sentence about it in a language, or the one that it has in any.
    #[must_use]
    pub fn description_in(&self, language: &Language) -> Option<&str> {
        self.names_in(language).and_then(|names| names.description.as_deref()).or(self.description.as_deref())
    }

    fn names_in(&self, language: &Language) -> Option<&ListNames> {
        let akin = || self.names.iter().find(|(other, _)| other.is_same(language)).map(|(_, names)| names);
        self.names.get(language).or_else(akin)
    }
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
