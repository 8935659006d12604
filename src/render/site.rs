//! What stands under public/: the plain data that the web archive and the feeds are drawn from.

use std::collections::{BTreeMap, BTreeSet};

use super::Contents;
use crate::model::{Issue, Language, Post, Publication, SeriesIdentity};

/// A file below public/.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Relative to public/, with slashes.
    pub path: String,
    /// The whole file.
    pub bytes: Contents,
}

impl Output {
    /// A text file.
    #[must_use]
    pub fn text(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), bytes: text.into_bytes().into() }
    }
}

/// All that is in one language.
#[derive(Clone, Debug)]
pub struct Edition<'a> {
    /// The language.
    pub language: Language,
    /// The publication as it calls itself in that language.
    pub publication: Publication,
    /// Posts of ours and from elsewhere, published and dated at or before now, newest first.
    pub posts: Vec<&'a Post>,
    /// Posts that stand in issues alone: no list and no feed has them. Where they have a page here, issues lead to it.
    pub apart: Vec<&'a Post>,
}

impl<'a> Edition<'a> {
    /// Its posts, and those that stand in issues alone.
    pub fn all_posts(&self) -> impl Iterator<Item = &'a Post> {
        self.posts.iter().chain(&self.apart).copied()
    }
}

/// An issue's PDF, where it stands under public/.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// Relative to public/: "newsletter/92/newsletter-92.pdf".
    pub path: String,
    /// In bytes.
    pub length: u64,
}

/// An issue of a public series.
#[derive(Clone, Debug)]
pub struct PublicIssue<'a> {
    /// The issue; a draft only where [`Site::drafts`] is set.
    pub issue: &'a Issue,
    /// Its PDF, where it has one.
    pub pdf: Option<Pdf>,
}

impl PublicIssue<'_> {
    /// The folder of its pages, relative to public/, with a slash at the end: "newsletter/92/".
    #[must_use]
    pub fn path(&self) -> String {
        issue_path(self.issue)
    }
}

/// The folder of an issue's pages, relative to public/, with a slash at the end: "newsletter/92/".
#[must_use]
pub fn issue_path(issue: &Issue) -> String {
    format!("{}/{}/", issue.key.series, issue.key.ordinal)
}

/// An issue's PDF, relative to public/: "newsletter/92/newsletter-92.pdf".
#[must_use]
pub fn pdf_path(issue: &Issue) -> String {
    format!("{}{}-{}.pdf", issue_path(issue), issue.key.series, issue.key.ordinal)
}

/// A publication as its readers see it at one instant.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// Its name and addresses.
    pub publication: &'a Publication,
    /// The default language first, then the others in the order of their tags; a language that has issues has an
    /// edition, with or without posts.
    pub editions: Vec<Edition<'a>>,
    /// Issues of public series; series in the order of config.toml, in each the newest issue first.
    pub issues: Vec<PublicIssue<'a>>,
    /// What each series is called now, by its key. Its issues are called as they were when they were frozen.
    pub titles: BTreeMap<&'a str, &'a str>,
    /// A sentence about each series that has one, by its key.
    pub descriptions: BTreeMap<&'a str, &'a str>,
    /// The address of the page on which readers subscribe, where there is one.
    pub subscribe: Option<String>,
    /// The addresses of posts that are out, but for members only: nothing stands there.
    pub nowhere: &'a BTreeSet<String>,
    /// Posts on one page of an index; at least 1.
    pub page_size: usize,
    /// Whether drafts are shown, with a mark.
    pub drafts: bool,
}

impl Site<'_> {
    /// The publication as it calls itself in a language.
    #[must_use]
    pub fn named(&self, language: &Language) -> &Publication {
        let edition = self.editions.iter().find(|edition| edition.language == *language);
        edition.map_or(self.publication, |edition| &edition.publication)
    }

    /// What a series is called now; one that is no more as its issue called it.
    #[must_use]
    pub fn title_of<'t>(&'t self, series: &'t SeriesIdentity) -> &'t str {
        self.titles.get(series.key.as_str()).copied().unwrap_or(&series.title)
    }

    /// What stands before a path of this language: nothing for the default language, "fa/" for Persian.
    #[must_use]
    pub fn prefix(&self, language: &Language) -> String {
        if *language == self.publication.language { String::new() } else { format!("{language}/") }
    }
}
