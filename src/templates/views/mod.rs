//! Typed views: what templates may name. Plain data made from the model for one output in one language; every `Option`
//! is there as `null`, so that strict mode refuses only names that do not exist.

mod article;
mod caption;
mod enclosure;
mod enclosure_name;
mod excerpt;
mod issue;
mod kinds;
mod language;
mod publication;

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Strings;
use super::dates::Dates;
use super::landing::Landing;
use super::markup::{ASSETS, fit_source};
use crate::model::{Asset, Calendar, Direction, Language, Picture, Publication, isolated, set_apart, turns};

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

    /// Names as a list that runs in this direction, first to last. Where one of several runs the other way, signs that nobody
    /// sees keep them apart from each other and the list from what is around it (UAX 9, 2.4); and so they do where what is no
    /// letter stands at an end of names that do not run as the article or the page does.
    #[must_use]
    pub fn byline(&self, names: &[String], direction: Direction) -> String {
        let apart: Vec<String> = names.iter().map(|name| set_apart(name, direction).into_owned()).collect();
        if names.len() > 1 && apart != names {
            return isolated(&self.list(&apart), direction);
        }
        let list = self.list(names);
        let around = if turns(&list, direction).is_some() { direction } else { self.language.direction() };
        let has_open_end = list.chars().next().into_iter().chain(list.chars().next_back()).any(|c| !c.is_alphabetic());
        if has_open_end { set_apart(&list, around).into_owned() } else { list }
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

#[cfg(test)]
mod tests {
    use super::{Dates, Locale};
    use crate::model::{Direction, Language};
    use crate::templates::Templates;

    #[test]
    fn names_keep_their_order_and_their_ends() {
        use Direction::{Ltr, Rtl};
        for (page, names, direction, expected) in [
            ("en", &["Zoe A.", "Ann"][..], Ltr, "Zoe A., Ann"),
            ("fa", &["مینا", "آرش"], Rtl, "مینا، آرش"),
            ("fa", &["Zoe"], Rtl, "Zoe"),
            ("fa", &["Zoe A."], Rtl, "\u{2068}Zoe A.\u{2069}"),
            ("fa", &["Zoe", "Ann"], Rtl, "\u{2067}\u{2068}Zoe\u{2069}، \u{2068}Ann\u{2069}\u{2069}"),
            ("fa", &["Zoe", "آرش"], Rtl, "\u{2067}\u{2068}Zoe\u{2069}، آرش\u{2069}"),
            ("en", &["مینا", "آرش"], Rtl, "مینا, آرش"),
            ("en", &["مینا", "آرش (!)"], Rtl, "\u{2068}مینا, آرش (!)\u{2069}"),
            ("en", &["آرش", "Ann"], Ltr, "\u{2066}\u{2068}آرش\u{2069}, Ann\u{2069}"),
        ] {
            let (language, templates) = (Language::parse(page).unwrap(), Templates::builtin());
            let dates = Dates::usual(&language, chrono_tz::UTC);
            let locale = Locale { language: &language, dates, strings: templates.strings() };
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(locale.byline(&names, direction), expected, "{page} {names:?}");
        }
    }
}
