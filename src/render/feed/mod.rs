//! Feeds: RSS 2.0 (with the RSS Board's profile), Atom 1.0 (RFC 4287), JSON Feed 1.1 and OPML 2.0.
//!
//! An [`Entry`] is made once from a post or an issue, written once in each format ([`Items`]), and shared by every feed
//! it is in. A [`Feed`] names its entries; [`Feed::write`] gives the three documents. Nothing
//! here knows the time: the date of a feed is that of its newest entry or tombstone, so that an unchanged feed is the same bytes.

mod atom;
mod content;
mod deleted;
mod entry;
mod items;
mod json;
mod opml;
mod rss;
mod site;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use deleted::Deleted;
pub use entry::{Enclosure, Entry};
pub use items::Items;
pub use opml::{Outline, opml};
pub use site::{Group, Names, Sizes, group_by_slug, write};

use crate::error::{Error, ErrorKind, Result};
use crate::model::Language;
use crate::render::Contents;

/// The file name of a folder's RSS feed.
pub const RSS_NAME: &str = "feed.xml";
/// The file name of a folder's Atom feed.
pub const ATOM_NAME: &str = "atom.xml";
/// The file name of a folder's JSON feed.
pub const JSON_NAME: &str = "feed.json";

/// The file name of the list of all feeds.
const OPML_NAME: &str = "feeds.opml";

/// One feed, before it is written in a format.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// Its title.
    pub title: String,
    /// A sentence about it; the title is used where there is none (RSS requires one).
    pub description: Option<String>,
    /// The language of that sentence.
    pub description_language: Language,
    /// The absolute address of the folder that it stands in, with a slash at the end: its page for people.
    pub home: String,
    /// What it is written in.
    pub language: Language,
    /// Who publishes it.
    pub publisher: String,
    /// A line on rights.
    pub rights: Option<String>,
    /// The language of that line.
    pub rights_language: Language,
    /// Newest first.
    pub entries: Vec<&'a Items>,
    /// What was among them and is taken back, the latest first.
    pub deleted: Vec<Deleted>,
}

/// A feed in each format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// RSS 2.0, `application/rss+xml`.
    pub rss: Contents,
    /// Atom 1.0, `application/atom+xml`.
    pub atom: Contents,
    /// JSON Feed 1.1, `application/feed+json`.
    pub json: Contents,
}

impl Feed<'_> {
    /// Writes the feed in each format.
    pub fn write(&self) -> Result<Documents> {
        Ok(Documents { rss: rss::write(self)?, atom: atom::write(self)?, json: json::write(self)? })
    }

    /// Writes RSS 2.0 alone.
    pub fn rss(&self) -> Result<Vec<u8>> {
        rss::write(self).map(Vec::from)
    }

    /// Writes Atom 1.0 alone.
    pub fn atom(&self) -> Result<Vec<u8>> {
        atom::write(self).map(Vec::from)
    }

    /// Writes JSON Feed 1.1 alone.
    pub fn json(&self) -> Result<Vec<u8>> {
        json::write(self).map(Vec::from)
    }

    /// The date of its newest entry, or of what was taken back since; 1970 for a feed without any, so that an empty feed keeps
    /// its bytes too.
    #[must_use]
    pub fn updated(&self) -> DateTime<Utc> {
        let deleted = self.deleted.iter().map(|deleted| deleted.when);
        self.entries.iter().map(|items| items.updated).chain(deleted).max().unwrap_or(DateTime::UNIX_EPOCH)
    }

    fn newest_first(mut self) -> Self {
        self.entries.sort_by_key(|items| std::cmp::Reverse(items.published));
        self
    }

    fn url(&self, name: &str) -> String {
        format!("{}{name}", self.home)
    }
}

fn unwritable(format: &str, cause: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::Io, format!("cannot write the {format} feed: {cause}"))
}
