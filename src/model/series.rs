//! Series: numbered lines of issues.

use std::path::PathBuf;

use chrono::{NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

use super::{Calendar, Language, Numbering, Post, SectionRule, shares_word};

/// How windows follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WindowRule {
    /// Months of the series' calendar.
    Monthly,
    /// Seven days from this weekday.
    Weekly(Weekday),
    /// Years of the series' calendar.
    Yearly,
    /// Only where an editor opens one.
    Manual,
}

/// What happens when a window closes with no post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnEmpty {
    /// The window is closed and uses no number.
    #[default]
    Skip,
    /// The window is extended until there is a post.
    Hold,
    /// The run stops with an error.
    Fail,
}

/// When a draft whose window has closed is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FreezePolicy {
    /// At the first run after the window closed.
    #[default]
    Auto,
    /// At the first run at least this long after the window closed.
    After(
        /// How long.
        #[serde(with = "seconds")]
        TimeDelta,
    ),
    /// By hand.
    Manual,
}

/// Whether a newly frozen issue is mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailPolicy {
    /// When it is frozen, except while catching up.
    Auto,
    /// When the editor sends it.
    #[default]
    Manual,
    /// Never.
    Never,
}

/// How an issue looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// Whole articles.
    #[default]
    Articles,
    /// Short items with their sources credited.
    Digest,
}

/// What "Inside this issue" says of each article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Contents {
    /// Its title and byline.
    #[default]
    Titles,
    /// Its summary too.
    Excerpts,
}

impl Contents {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn is_titles(&self) -> bool {
        *self == Self::Titles
    }
}

/// What is not said in columns stands in one.
pub(super) fn one_column() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_one_column(columns: &u8) -> bool {
    *columns == 1
}

/// Which posts a series takes; an empty list takes all.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// Any of these tags.
    pub tags: Vec<String>,
    /// Any of these categories or sections.
    pub categories: Vec<String>,
    /// Any of these sources.
    pub sources: Vec<String>,
    /// None of these tags.
    pub exclude_tags: Vec<String>,
}

impl Selection {
    /// Whether the series takes `post`.
    #[must_use]
    pub fn takes(&self, post: &Post) -> bool {
        let mut headings = post.categories.clone();
        headings.extend(post.section.clone());
        // config.toml names sources letter by letter, of which two may be one word.
        let is_source = |name: &String| name.eq_ignore_ascii_case(&post.source);
        (self.tags.is_empty() || shares_word(&self.tags, &post.tags))
            && (self.categories.is_empty() || shares_word(&self.categories, &headings))
            && (self.sources.is_empty() || self.sources.iter().any(is_source))
            && !shares_word(&self.exclude_tags, &post.tags)
    }

    /// Whether it says which posts it takes, and not only which it does not.
    #[must_use]
    pub fn names_some(&self) -> bool {
        !(self.tags.is_empty() && self.categories.is_empty() && self.sources.is_empty())
    }

    /// Whether both name a tag, a category or a source.
    #[must_use]
    pub fn names_one_of(&self, other: &Self) -> bool {
        shares_word(&self.tags, &other.tags)
            || shares_word(&self.categories, &other.categories)
            || self.sources.iter().any(|name| other.sources.iter().any(|other| name.eq_ignore_ascii_case(other)))
    }
}

/// A numbered line of issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its name in config.toml, on disk and in addresses.
    pub key: String,
    /// "Newsletter".
    pub title: String,
    /// A sentence about it, for feeds and lists.
    pub description: Option<String>,
    /// What all its issues are in.
    pub language: Language,
    /// What its months and years are.
    pub calendar: Calendar,
    /// How windows follow each other.
    pub rule: WindowRule,
    /// The day on which the first window begins.
    pub since: Option<NaiveDate>,
    /// How issues are numbered.
    pub numbering: Numbering,
    /// ISO 3297.
    pub issn: Option<String>,
    /// When a window closes empty.
    pub on_empty: OnEmpty,
    /// When drafts are frozen.
    pub freeze: FreezePolicy,
    /// Whether issues are mailed by themselves.
    pub mail: MailPolicy,
    /// Whether anything stands under public/.
    pub public: bool,
    /// How issues look.
    pub style: Style,
    /// In how many columns the text of their PDF stands: 1 to 3.
    #[serde(default = "one_column")]
    pub columns: u8,
    /// What the contents of an issue say of each article.
    #[serde(default)]
    pub contents: Contents,
    /// Which posts it takes.
    pub selection: Selection,
    /// Its headings in order; what matches none comes last.
    pub sections: Vec<SectionRule>,
    /// Files of articles at the end of every issue.
    pub standing: Vec<PathBuf>,
    /// The lists it is mailed to.
    pub lists: Vec<String>,
    /// The series whose frozen issues it binds into volumes.
    pub binds: Option<String>,
    /// The mailbox that its mail comes from, where it is another than that of all mail (RFC 5322 3.4).
    pub from: Option<String>,
}

mod seconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(delta: &TimeDelta, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(delta.num_seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeDelta, D::Error> {
        i64::deserialize(deserializer).map(TimeDelta::seconds)
    }
}
