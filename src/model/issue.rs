//! Issues: numbers of a series, frozen as printed.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::series::{is_one_column, one_column};
use super::{Asset, Calendar, Contents, Html, Language, Number, Post, Publication, Section, Style, Verdict, Window};

/// The version of frozen.json that this program writes.
pub const FORMAT: u32 = 1;

/// Which issue: a series and the plain count in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IssueKey {
    /// The series' key.
    pub series: String,
    /// From 1; the directory's name.
    pub ordinal: u64,
}

impl IssueKey {
    /// How commands that are told name this issue and no other: the series, and the ordinal behind a nought. A plain ordinal
    /// may be another issue's label, and labels are what people mean first.
    #[must_use]
    pub fn argument(&self) -> String {
        let nought = if self.ordinal < 1000 { "" } else { "0" };
        format!("{} {nought}{:04}", self.series, self.ordinal)
    }
}

impl fmt::Display for IssueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:04}", self.series, self.ordinal)
    }
}

/// What an issue remembers of its series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesIdentity {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub language: Language,
    /// Its calendar, for dates.
    pub calendar: Calendar,
    /// How its issues look.
    pub style: Style,
    /// In how many columns the text of their PDF stands.
    #[serde(default = "one_column", skip_serializing_if = "is_one_column")]
    pub columns: u8,
    /// What the contents say of each article.
    #[serde(default, skip_serializing_if = "Contents::is_titles")]
    pub contents: Contents,
    /// ISO 3297.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issn: Option<String>,
    /// The series it binds, for a volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binds: Option<String>,
    /// Whether it stands under public/.
    pub public: bool,
}

/// A post as printed in an issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its name inside the issue: unique, fit for a fragment identifier.
    pub anchor: String,
    /// The post as printed; its title is the editor's where they gave one.
    pub post: Post,
    /// Whether it was seen only after its own window had been frozen.
    #[serde(default)]
    pub late: bool,
    /// Whether it has no page of its own: only series for members take it.
    #[serde(default, skip_serializing_if = "super::post::is_not")]
    pub for_members: bool,
    /// In a volume: the heading it stood under in the bound issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
}

/// A file of an issue, kept in its assets/ folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IssueAsset {
    /// The file's name under assets/.
    pub name: String,
    /// In hex.
    pub sha256: String,
    /// As in "image/png".
    pub media_type: String,
    /// In bytes.
    pub length: u64,
    /// In pixels, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// In pixels, for pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// One number of a series: a draft while nobody has written `frozen`, the content of frozen.json afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// Which issue.
    pub key: IssueKey,
    /// The publication when it was frozen.
    pub publication: Publication,
    /// The series when it was frozen.
    pub series: SeriesIdentity,
    /// Its number, as printed.
    pub number: Number,
    /// Its title, where the editor gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The editor's introduction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<Html>,
    /// The files that introductions show or link to, its own and those of the issues that it binds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intro_assets: Vec<Asset>,
    /// The window it closes.
    pub window: Window,
    /// The date printed on it: when its window closed, or as the editor says.
    pub date: DateTime<Utc>,
    /// Headings with their articles.
    pub sections: Vec<Section>,
    /// Articles at the end of every issue.
    pub standing: Vec<Article>,
    /// What became of each post that could have been in it.
    pub verdicts: Vec<Verdict>,
    /// The files its articles show.
    pub assets: Vec<IssueAsset>,
    /// Addresses that its articles link to and at which nothing stands: those of posts for members only that are not in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub nowhere: BTreeSet<String>,
    /// A PDF made elsewhere, for a back issue brought in: its name under assets/.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_pdf: Option<String>,
    /// Set by freezing; `None` in a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Frozen>,
}

/// The act of freezing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// When it was first frozen: its publication date in every output, which never moves.
    pub at: DateTime<Utc>,
    /// From 1; an amendment adds one.
    pub revision: u32,
    /// When this revision was made; `updated` in every output.
    pub updated: DateTime<Utc>,
    /// What an amendment says about itself, newest last.
    #[serde(default)]
    pub amendments: Vec<String>,
    /// Whether its digest goes to the series' lists by itself.
    #[serde(default)]
    pub mail: bool,
    /// The SHA-256 of issue.toml when it was frozen, so that a later edit is noticed.
    pub editorial_sha256: String,
    /// When it was taken back, and whether that was undone; newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawals: Vec<Withdrawal>,
}

impl Frozen {
    /// Whether it was amended: a withdrawal that was undone corrects nothing.
    #[must_use]
    pub fn is_amended(&self) -> bool {
        !self.amendments.is_empty()
    }
}

/// An issue taken back after it was frozen: its number stays, and nothing of it is shown but that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, for readers.
    pub message: String,
    /// Set once it was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restoration>,
}

/// A withdrawal undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, for readers.
    pub message: String,
}

impl Issue {
    /// Every article in order of print, standing ones last.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.sections.iter().flat_map(|section| &section.articles).chain(&self.standing)
    }

    /// Every file that its articles and introductions show or link to.
    pub fn files(&self) -> impl Iterator<Item = &Asset> {
        self.articles().flat_map(|article| &article.post.assets).chain(&self.intro_assets)
    }

    /// Every text in it: introductions and the bodies of articles.
    pub fn markup(&self) -> impl Iterator<Item = &Html> {
        let intros = self.intro.iter().chain(self.sections.iter().filter_map(|section| section.intro.as_ref()));
        intros.chain(self.articles().map(|article| &article.post.body))
    }

    /// Its withdrawal, where it is withdrawn now.
    #[must_use]
    pub fn withdrawn(&self) -> Option<&Withdrawal> {
        self.frozen.as_ref()?.withdrawals.last().filter(|withdrawal| withdrawal.restored.is_none())
    }

    /// The plain count, as the directory and addresses have it.
    #[must_use]
    pub fn ordinal(&self) -> u64 {
        self.key.ordinal
    }
}

#[cfg(test)]
mod tests {
    use super::IssueKey;

    #[test]
    fn commands_name_an_issue_as_no_plain_label_does() {
        for (ordinal, argument) in [(4, "news 0004"), (999, "news 0999"), (1000, "news 01000"), (12345, "news 012345")]
        {
            assert_eq!(IssueKey { series: "news".to_owned(), ordinal }.argument(), argument);
        }
    }
}
