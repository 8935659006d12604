//! What somebody agreed to, and took back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Language, SubscriberStatus};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentEvent {
    /// Somebody asked for a list in their name.
    Requested,
    /// They followed the link in the message that this sent them.
    Confirmed,
    /// The editors put them on a list.
    Added,
    /// They came with a file.
    Imported,
    /// They changed their name or language.
    Changed,
    /// They asked for no more.
    Unsubscribed,
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A page of `serve --public`.
    Page,
    /// The button of a mail program (RFC 8058).
    OneClick,
    /// A verb of the command line.
    Command,
    /// A file of readers.
    File,
    /// A message.
    Mail,
}

/// When and how something was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstance {
    /// When.
    pub at: DateTime<Utc>,
    /// By which way.
    pub way: Way,
    /// From which network address, as far as the configuration allows to keep it.
    pub network: Option<String>,
    /// Which words they were shown.
    pub words: Option<String>,
}

impl Circumstance {
    /// Something that nobody was shown words for.
    #[must_use]
    pub fn new(at: DateTime<Utc>, way: Way) -> Self {
        Self { at, way, network: None, words: None }
    }
}

/// An entry of the consent log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which list.
    pub list: String,
    /// What happened.
    pub event: ConsentEvent,
    /// When.
    pub at: DateTime<Utc>,
    /// By which way.
    pub way: Way,
    /// From which network address, as far as the configuration allows to keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Which words they were shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

/// Where a person stands on one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Which list.
    pub list: String,
    /// Where they stand.
    pub status: SubscriberStatus,
    /// Since when they are known there.
    pub since: DateTime<Utc>,
    /// Since when a request of theirs waits to be confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<DateTime<Utc>>,
}

/// Why an address gets no mail through any list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// "erased", "complaint", "hard bounce".
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// All that is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The address as it was given.
    pub address: String,
    /// How they are greeted.
    pub name: Option<String>,
    /// The language of the words around the articles.
    pub language: Option<Language>,
    /// In the order of the lists' names.
    pub lists: Vec<Membership>,
    /// In the order of time.
    pub consent: Vec<Consent>,
}
