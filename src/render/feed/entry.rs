//! Entries: a post or an issue as a feed shows it.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Datelike, Utc};
use url::Url;

use super::content::legal;
use crate::model::{FirstPlace, Issue, Language, Post, Publication, word_identity};
use crate::templates::markup::fit_source;

/// A file that comes with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Its absolute URL.
    pub url: String,
    /// In bytes, where known.
    pub length: Option<u64>,
    /// As in "application/pdf"; "application/octet-stream" when unknown.
    pub media_type: String,
    /// In seconds, for sounds and films, where known.
    pub duration: Option<u32>,
    /// What it is called.
    pub title: Option<String>,
}

impl Enclosure {
    fn of_post(file: &crate::model::Enclosure, publication: &Publication) -> Self {
        let media_type = Some(&file.media_type).filter(|media_type| !media_type.is_empty());
        Self {
            url: normalised(&fit_source(file.kept.as_ref().unwrap_or(&file.address), &publication.url("assets/"))),
            length: file.length,
            media_type: media_type.map_or("application/octet-stream", String::as_str).to_owned(),
            duration: file.duration,
            title: file.title.clone(),
        }
    }
}

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Known by this for ever: a tag URI (RFC 4151) of our own, or the id it brought with it.
    pub id: String,
    /// Its page, absolute.
    pub url: String,
    /// Where it stood first, absolute: ids that are none in Atom are made of it.
    pub place: FirstPlace,
    /// As text.
    pub title: String,
    /// A sentence or two, as text.
    pub summary: Option<String>,
    /// All of it, as HTML with absolute URLs.
    pub content: String,
    /// When it was first published; never moves.
    pub published: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
    /// Bylines.
    pub authors: Vec<String>,
    /// Section, categories and tags, each once.
    pub categories: Vec<String>,
    /// A picture for it, absolute.
    pub image: Option<String>,
    /// The files that come with it.
    pub enclosures: Vec<Enclosure>,
    /// What it is written in.
    pub language: Language,
}

impl Entry {
    /// The entry of a post; `content` is its whole text as HTML with absolute URLs.
    #[must_use]
    pub fn of_post(post: &Post, publication: &Publication, content: String) -> Self {
        let published = post.date();
        Self {
            id: post.id.0.clone(),
            url: normalised(&post.address),
            place: post.id_place(),
            title: post.title.clone(),
            summary: post.summary.clone(),
            content,
            published,
            updated: post.updated.map_or(published, |updated| updated.max(published)),
            authors: post.authors.clone(),
            categories: once_each(post.section.iter().chain(&post.categories).chain(&post.tags)),
            image: post
                .picture
                .as_ref()
                .filter(|picture| !picture.lost)
                .map(|picture| fit_source(&picture.src, &publication.url("assets/"))),
            enclosures: post.enclosures.iter().map(|file| Enclosure::of_post(file, publication)).collect(),
            language: post.language.clone(),
        }
    }

    /// The entry of an issue that stands at `url` with the heading `title`; `content` is its contents list and its
    /// articles as HTML with absolute URLs. Its id names the series and the ordinal, so that an amendment is the same
    /// entry, updated.
    #[must_use]
    pub fn of_issue(issue: &Issue, url: &str, title: String, content: String, pdf: Option<Enclosure>) -> Self {
        let (published, updated) = match &issue.frozen {
            Some(frozen) if issue.imported_pdf.is_none() => (frozen.at, frozen.updated),
            // A back issue was published on the day printed on it, whenever it was brought in.
            Some(frozen) if frozen.revision > 1 => (issue.date, frozen.updated.max(issue.date)),
            _ => (issue.date, issue.date),
        };
        Self {
            id: issue_id(issue),
            url: normalised(url),
            place: FirstPlace::of_known(url),
            title,
            summary: Some(headlines(issue)).filter(|text| !text.is_empty()),
            content,
            published,
            updated: updated.max(published),
            authors: Vec::new(),
            categories: once_each(issue.sections.iter().map(|section| &section.title)),
            image: None,
            enclosures: pdf.into_iter().collect(),
            language: issue.series.language.clone(),
        }
    }

    /// The id as Atom allows it.
    #[must_use]
    pub fn iri(&self) -> Cow<'_, str> {
        self.place.iri(&self.id)
    }

    /// The one file that an item of RSS may have (RSS Board's profile, 4.1.1.20.5): the first sound or film, else the first.
    pub(super) fn first_heard(&self) -> Option<&Enclosure> {
        let heard = |file: &&Enclosure| file.media_type.starts_with("audio/") || file.media_type.starts_with("video/");
        self.enclosures.iter().find(heard).or(self.enclosures.first())
    }

    pub(super) fn legal(mut self) -> Self {
        let every = [&mut self.id, &mut self.url, &mut self.title, &mut self.content];
        let titles = self.enclosures.iter_mut().filter_map(|file| file.title.as_mut());
        for text in every
            .into_iter()
            .chain(titles)
            .chain(&mut self.summary)
            .chain(&mut self.authors)
            .chain(&mut self.categories)
        {
            if let Cow::Owned(clean) = legal(text) {
                *text = clean;
            }
        }
        self
    }
}

/// `tag:<host>,<year>:<series>/<ordinal>`: the year is that of the first freezing, so that it never changes.
pub(super) fn issue_id(issue: &Issue) -> String {
    let base = Url::parse(&issue.publication.base_url).ok();
    let host = base.as_ref().and_then(Url::host_str).unwrap_or("localhost");
    let date = match &issue.frozen {
        Some(frozen) if issue.imported_pdf.is_none() => frozen.at,
        _ => issue.date,
    };
    format!("tag:{host},{}:{}/{}", date.year(), issue.series.key, issue.ordinal())
}

/// What is in an issue, in one line.
fn headlines(issue: &Issue) -> String {
    let titles = issue.sections.iter().flat_map(|section| &section.articles).map(|article| article.post.title.as_str());
    titles.filter(|title| !title.is_empty()).collect::<Vec<_>>().join(" \u{b7} ")
}

fn once_each<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut kept = HashSet::new();
    words.filter(|word| !word.trim().is_empty() && kept.insert(word_identity(word))).cloned().collect()
}

/// An address as a URI (RFC 3986): letters beyond ASCII in percent-encoding.
pub(super) fn normalised(address: &str) -> String {
    Url::parse(address).map_or_else(|_| address.to_owned(), Into::into)
}
