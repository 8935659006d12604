//! Sections: headings in an issue with their posts.

use serde::{Deserialize, Serialize};

use super::{Article, Html};

/// Which posts stand under a heading. A post goes to the first rule of which any part matches it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionRule {
    /// The heading.
    pub title: String,
    /// Any of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Any of these categories (or the post's own section).
    #[serde(default)]
    pub categories: Vec<String>,
    /// Any of these sources, by name.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// The name of the section at this place of an issue, from 1, for fragment identifiers.
#[must_use]
pub fn section_anchor(place: usize) -> String {
    format!("section-{place}")
}

/// A heading in an issue with its articles, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The heading; empty for posts under no heading.
    pub title: String,
    /// In a volume: the ordinal of the bound issue that this part is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<u64>,
    /// In a volume: how the bound issue is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<BoundIssue>,
    /// In a volume: the introduction of the bound issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<Html>,
    /// In order of print.
    pub articles: Vec<Article>,
}

/// How an issue is called that a volume binds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundIssue {
    /// The title of its series.
    pub series: String,
    /// The label of its number: "92".
    pub number: String,
    /// Its own title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}
