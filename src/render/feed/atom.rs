//! Atom 1.0 (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Content, Entry as AtomEntry, Feed as AtomFeed, Generator, Link, Person, Text};

use super::deleted::NAMESPACE;
use super::items::{fill, split};
use super::{ATOM_NAME, Deleted, Entry, Feed, JSON_NAME, RSS_NAME, unwritable};
use crate::error::Result;
use crate::model::Language;
use crate::render::Contents;

/// The element of an entry.
const ENTRY: &str = "entry";

/// The entry of an entry: the text as `type="html"` with its own `xml:lang`.
pub(super) fn entry(entry: &Entry) -> Result<String> {
    let feed = text(&AtomFeed { entries: vec![as_entry(entry)], ..AtomFeed::default() })?;
    let [_, entry, _] = split(&feed, ENTRY).ok_or_else(|| unwritable("Atom", &"an entry is missing"))?;
    Ok(entry.to_owned())
}

fn as_entry(entry: &Entry) -> AtomEntry {
    let alternate = Link {
        rel: "alternate".to_owned(),
        href: entry.url.clone(),
        hreflang: Some(entry.language.as_str().to_owned()),
        mime_type: Some("text/html".to_owned()),
        ..Link::default()
    };
    let enclosures = entry.enclosures.iter().map(|file| Link {
        rel: "enclosure".to_owned(),
        href: file.url.clone(),
        mime_type: Some(file.media_type.clone()),
        length: file.length.map(|length| length.to_string()),
        title: file.title.clone(),
        ..Link::default()
    });
    AtomEntry {
        title: Text { lang: Some(entry.language.as_str().to_owned()), ..Text::plain(entry.title.clone()) },
        id: entry.iri().into_owned(),
        updated: entry.updated.fixed_offset(),
        published: Some(entry.published.fixed_offset()),
        authors: entry.authors.iter().map(|name| person(name)).collect(),
        categories: entry
            .categories
            .iter()
            .map(|term| Category { term: term.clone(), ..Category::default() })
            .collect(),
        links: [alternate].into_iter().chain(enclosures).collect(),
        summary: entry
            .summary
            .as_ref()
            .map(|text| Text { lang: Some(entry.language.as_str().to_owned()), ..Text::plain(text.clone()) }),
        content: Some(Content {
            lang: Some(entry.language.as_str().to_owned()),
            value: Some(entry.content.clone()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..AtomEntry::default()
    }
}

/// The document. Its publisher is the author of every entry that names none (RFC 4287 4.1.1).
pub(super) fn write(feed: &Feed<'_>) -> Result<Contents> {
    let link = |rel: &str, href: String, media_type: &str| Link {
        rel: rel.to_owned(),
        href,
        mime_type: Some(media_type.to_owned()),
        ..Link::default()
    };
    // What a feed borrows of another language's is in that language.
    let said_in = |language: &Language, text: String| Text {
        lang: (*language != feed.language).then(|| language.as_str().to_owned()),
        ..Text::plain(text)
    };
    let (prefix, namespace) = NAMESPACE;
    let tombs = tombstones(feed);
    let document = AtomFeed {
        title: Text::plain(feed.title.clone()),
        id: feed.url(ATOM_NAME),
        updated: feed.updated().fixed_offset(),
        authors: vec![person(&feed.publisher)],
        generator: Some(Generator { value: "Masthead".to_owned(), ..Generator::default() }),
        links: vec![
            link("self", feed.url(ATOM_NAME), "application/atom+xml"),
            Link {
                hreflang: Some(feed.language.as_str().to_owned()),
                ..link("alternate", feed.home.clone(), "text/html")
            },
            link("alternate", feed.url(RSS_NAME), "application/rss+xml"),
            link("alternate", feed.url(JSON_NAME), "application/feed+json"),
        ],
        rights: feed.rights.clone().map(|text| said_in(&feed.rights_language, text)),
        subtitle: feed.description.clone().map(|text| said_in(&feed.description_language, text)),
        // It stands for all of them until they are written.
        entries: feed.entries.first().map(|_| AtomEntry::default()).into_iter().collect(),
        lang: Some(feed.language.as_str().to_owned()),
        namespaces: tombs.iter().map(|_| (prefix.to_owned(), namespace.to_owned())).collect(),
        extensions: tombs.iter().map(|tombs| (prefix.to_owned(), tombs.clone())).collect(),
        ..AtomFeed::default()
    };
    Ok(fill(text(&document)?, ENTRY, feed.entries.iter().map(|items| &items.atom)))
}

/// What was taken back, as the elements of one name; none where nothing was.
fn tombstones(feed: &Feed<'_>) -> Option<BTreeMap<String, Vec<Extension>>> {
    let tombs: Vec<Extension> = feed.deleted.iter().map(Deleted::element).collect();
    (!tombs.is_empty()).then(|| [("deleted-entry".to_owned(), tombs)].into())
}

fn text(document: &AtomFeed) -> Result<String> {
    let bytes = document.write_to(Vec::new()).map_err(|cause| unwritable("Atom", &cause))?;
    String::from_utf8(bytes).map_err(|cause| unwritable("Atom", &cause))
}

fn person(name: &str) -> Person {
    Person { name: name.to_owned(), ..Person::default() }
}
