//! Typed views: what templates may name. Plain data made from the model for one output in one language; every `Option`
//! is there as `null`, so that strict mode refuses only names that do not exist.

mod article;
mod caption;
mod enclosure;
mod enclosure_name;
mod excerpt;
mod issue;
mod language;
mod publication;

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Strings;
use super::dates::Dates;
use super::landing::Landing;
use super::markup::{ASSETS, fit_source};
use crate::model::{Asset, Calendar, Language, Picture, Publication};

pub use article::{ArticlePlace, ArticleView, CreditView, PictureView};
pub use enclosure::{EnclosureView, size_in_words};
pub use excerpt::{excerpt, first_paragraph, plain_text};
pub use issue::{
    ColophonView, ContentsEntryView, ContentsPartView, CorrectionView, IssueView, MastheadView, SectionView, issue_name,
};
pub use language::autonym;
pub use publication::PublicationView;

/// Where links, pictures and fragments lead in one output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses<'a> {
    /// The publication's address, with a slash at the end.
    pub base_url: &'a str,
    /// What stands in its place in links: "../../" on a web page, itself elsewhere.
    pub root: &'a str,
    /// What stands in place of `assets/` before a picture's name.
    pub assets: &'a str,
    /// What stands before `#anchor`: nothing where the article is on the same page, else the page's address.
    pub page: &'a str,
    /// Where links to posts of the publication lead that do not lead to their pages.
    pub landing: Option<&'a Landing<'a>>,
}

impl<'a> Addresses<'a> {
    /// For a document of its own (the PDF): links are absolute, pictures stay under `assets/`.
    #[must_use]
    pub fn document(publication: &'a Publication) -> Self {
        let base_url = publication.base_url.as_str();
        Self { base_url, root: base_url, assets: ASSETS, page: "", landing: None }
    }

    /// What stands in place of `assets/` in a link to a file: unlike a picture, it is never part of a document.
    #[must_use]
    pub fn files(&self) -> String {
        format!("{}{ASSETS}", self.root)
    }

    /// A link to an absolute address: shortened where it is the publication's own.
    #[must_use]
    pub fn link(&self, address: &str) -> String {
        match address.strip_prefix(self.base_url) {
            Some(path) => format!("{}{path}", self.root),
            None => address.to_owned(),
        }
    }
}

/// What every view of one language is made with.
pub struct Locale<'a> {
    /// The language of the page.
    pub language: &'a Language,
    /// Its dates and numerals.
    pub dates: Dates,
    strings: &'a Strings,
}

impl<'a> Locale<'a> {
    /// For pages of `publication` in `language`, by its usual calendar.
    #[must_use]
    pub fn new(language: &'a Language, publication: &Publication, strings: &'a Strings) -> Self {
        Self { language, dates: Dates::usual(language, publication.time_zone), strings }
    }

    /// For an issue of a series that counts by `calendar`.
    #[must_use]
    pub fn by_calendar(
        language: &'a Language,
        calendar: Calendar,
        publication: &Publication,
        strings: &'a Strings,
    ) -> Self {
        Self { language, dates: Dates::new(language, calendar, publication.time_zone), strings }
    }

    /// The words under `key`, with `{name}` filled in; the key itself where there are none (a test holds that the
    /// program asks only for words that exist).
    #[must_use]
    pub fn words(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.strings.filled(self.language.as_str(), key, values).unwrap_or_else(|| key.to_owned())
    }

    /// Names as a list: "A, B".
    #[must_use]
    pub fn list(&self, names: &[String]) -> String {
        names.join(&self.words("list_separator", &[]))
    }

    /// Names as a list within a sentence: "A, B and C".
    #[must_use]
    pub fn list_in_sentence(&self, names: &[String]) -> String {
        match (self.strings.before_the_last(self.language), names) {
            (Some(and), [others @ .., last]) if !others.is_empty() => format!("{}{and}{last}", self.list(others)),
            _ => self.list(names),
        }
    }

    /// A date for people and for machines.
    #[must_use]
    pub fn date(&self, instant: DateTime<Utc>) -> DateView {
        DateView { iso: self.dates.iso(instant), text: self.dates.day(instant) }
    }
}

/// A day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// For machines: "2026-07-14".
    pub iso: String,
    /// For people: "14 July 2026".
    pub text: String,
}

/// A name that leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// What is shown.
    pub title: String,
    /// Below public/, with a slash at the end.
    pub path: String,
}

/// A picture, in the size of the file among `assets` that it is. A drawing has none: that of its `viewBox` says how its lines
/// are counted, and it is as wide as its column.
fn picture(picture: &Picture, assets: &[Asset], addresses: &Addresses<'_>) -> PictureView {
    let name = picture.src.strip_prefix(ASSETS);
    let is_drawing = name.is_some_and(|name| Path::new(name).extension().is_some_and(|ending| ending == "svg"));
    let asset = assets.iter().find(|asset| !is_drawing && name == Some(asset.name.as_str()));
    let (width, height) = asset.and_then(|asset| asset.width.zip(asset.height)).unzip();
    PictureView {
        src: fit_source(&picture.src, addresses.assets),
        width,
        height,
        alt: picture.alt.clone(),
        caption: picture.caption.clone(),
    }
}
