//! What is remembered of a source on the web from one run to the next.

use chrono::{DateTime, Utc};

/// What is remembered of a source on the web. It is known by its address as config.toml has it: under another name it
/// is the same source, at another address it is a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceState {
    /// The address as config.toml has it.
    pub address: String,
    /// The `ETag` of the last answer, byte for byte (RFC 9110, 8.8.3).
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` of the last answer, byte for byte, whatever it says.
    pub last_modified: Option<Vec<u8>>,
    /// The address that these two belong to, after redirects.
    pub validated: Option<String>,
    /// How the last answer was read: the source's settings and the program's version. When this changes, the whole
    /// document is asked for again.
    pub reading: String,
    /// How many items its last document had.
    pub items: Option<u32>,
    /// How seldom its feed says that it changes, in seconds.
    pub rhythm: Option<i64>,
    /// When its feed says that nothing changes in it: bits 0 to 23 are hours of the day in UTC, 24 to 30 days of the week
    /// from Monday on.
    pub rest: u32,
    /// When it was last asked.
    pub asked: Option<DateTime<Utc>>,
    /// When it last answered with a feed, or that nothing had changed.
    pub answered: Option<DateTime<Utc>>,
    /// Before this it is left alone.
    pub next: Option<DateTime<Utc>>,
    /// How often it failed since it last answered.
    pub failures: u32,
    /// How it failed last, as the end of "it could not be fetched: …".
    pub fault: Option<String>,
    /// Where permanent redirects (301, 308) led.
    pub moved_to: Option<String>,
    /// How often in a row they led there.
    pub moves: u32,
    /// When it said that it is gone for good (410).
    pub gone: Option<DateTime<Utc>>,
    /// Which of its older pages (RFC 5005) are missing.
    pub gap: Option<Gap>,
}

/// Older pages of a feed that were wanted and did not come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// The address of the first page that is missing; others may be behind it.
    pub page: String,
    /// The gap ends where something was first collected before this instant; without one, with the feed.
    pub before: Option<DateTime<Utc>>,
    /// How many pages may yet be asked for.
    pub left: u32,
    /// How often the page was asked for in vain.
    pub tries: u32,
    /// How it failed last, as the end of "it could not be fetched: …".
    pub fault: String,
    /// Before this it is left alone.
    pub next: Option<DateTime<Utc>>,
}
