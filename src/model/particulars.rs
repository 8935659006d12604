//! What a post says of itself beside its words.

use serde::{Deserialize, Serialize};

/// What a feed says of an item beside its text: kept with the post, because an item scrolls off its feed. How many comments
/// it has is not among it: that changes from day to day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    /// The number of a podcast's episode, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub episode: String,
    /// The number of its season, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub season: String,
    /// The address of its words, as text or captions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub transcript: String,
    /// The address of its chapters, in JSON (<https://podcasting2.org/docs/podcast-namespace/tags/chapters>).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub chapters: String,
    /// The name of the place that it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Latitude and longitude of that place in degrees (WGS 84), with a space between them, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub point: String,
    /// The address of the page with readers' comments.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comments: String,
    /// The address of their feed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment_feed: String,
    /// The site that it stands on, where it has no page there: its page is one of ours.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
}

impl Particulars {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
