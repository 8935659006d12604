//! RSS 2.0 with the RSS Board's profile: `content:encoded`, `dc:creator`, `atom:link`.

use std::collections::BTreeMap;

use ::rss::extension::Extension;
use ::rss::extension::dublincore::DublinCoreExtension;
use ::rss::{Category, Channel, Enclosure, Guid, Item};
use chrono::{DateTime, Utc};

use super::items::{fill, split};
use super::{ATOM_NAME, Entry, Feed, RSS_NAME, unwritable};
use crate::error::Result;
use crate::render::Contents;

const ATOM_NAMESPACE: &str = "http://www.w3.org/2005/Atom";
/// The element of an item.
const ITEM: &str = "item";

/// An RFC 822 date with a four-digit year, as RSS wants it: always in English, always in UTC.
pub(super) fn date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Text as HTML.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The item of an entry. `content:encoded` holds everything; `description` the summary, or everything where there is
/// neither a title nor a summary (an item needs one of the two).
pub(super) fn item(entry: &Entry) -> Result<String> {
    let channel = text(&Channel { items: vec![as_item(entry)], ..Channel::default() })?;
    let [_, item, _] = split(&channel, ITEM).ok_or_else(|| unwritable("RSS", &"an item is missing"))?;
    Ok(item.to_owned())
}

fn as_item(entry: &Entry) -> Item {
    let creators = DublinCoreExtension { creators: entry.authors.clone(), ..DublinCoreExtension::default() };
    let title = Some(entry.title.clone()).filter(|title| !title.is_empty());
    // A description is HTML (RSS Board's profile, 4.1.1.20.2), a summary is text.
    let summary = entry.summary.as_deref().map(as_html);
    let description = summary.or_else(|| title.is_none().then(|| entry.content.clone()));
    Item {
        title,
        link: Some(entry.url.clone()),
        description,
        categories: entry.categories.iter().map(|name| Category { name: name.clone(), domain: None }).collect(),
        enclosure: entry.first_heard().map(|file| Enclosure {
            url: file.url.clone(),
            // It must say a length: 0 where none is known.
            length: file.length.unwrap_or_default().to_string(),
            mime_type: file.media_type.clone(),
        }),
        guid: Some(Guid { value: entry.id.clone(), permalink: entry.id == entry.url }),
        pub_date: Some(date(entry.published)),
        content: Some(entry.content.clone()),
        dublin_core_ext: (!entry.authors.is_empty()).then_some(creators),
        ..Item::default()
    }
}

/// The document.
pub(super) fn write(feed: &Feed<'_>) -> Result<Contents> {
    let updated = (!feed.entries.is_empty() || !feed.deleted.is_empty()).then(|| date(feed.updated()));
    let published = feed.entries.iter().map(|items| items.published).max().map(date);
    let channel = Channel {
        title: feed.title.clone(),
        link: feed.home.clone(),
        description: as_html(feed.description.as_deref().unwrap_or(&feed.title)),
        language: Some(feed.language.as_str().to_owned()),
        copyright: feed.rights.clone(),
        pub_date: published,
        last_build_date: updated,
        generator: Some("Masthead".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        items: stand_in(feed).into_iter().collect(),
        extensions: BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), links(feed))]))]),
        namespaces: BTreeMap::from([("atom".to_owned(), ATOM_NAMESPACE.to_owned())]),
        ..Channel::default()
    };
    Ok(fill(text(&channel)?, ITEM, feed.entries.iter().map(|items| &items.rss)))
}

fn text(channel: &Channel) -> Result<String> {
    let bytes = channel.write_to(Vec::new()).map_err(|cause| unwritable("RSS", &cause))?;
    String::from_utf8(bytes).map_err(|cause| unwritable("RSS", &cause))
}

/// What stands in the channel until its items do, so that it declares the namespaces that those use.
fn stand_in(feed: &Feed<'_>) -> Option<Item> {
    let is_signed = feed.entries.iter().any(|items| items.is_signed);
    let item = Item {
        content: Some(String::new()),
        dublin_core_ext: is_signed.then(DublinCoreExtension::default),
        ..Item::default()
    };
    (!feed.entries.is_empty()).then_some(item)
}

fn links(feed: &Feed<'_>) -> Vec<Extension> {
    [("self", RSS_NAME, "application/rss+xml"), ("alternate", ATOM_NAME, "application/atom+xml")]
        .map(|(rel, name, media_type)| {
            let attributes = [("rel", rel.to_owned()), ("href", feed.url(name)), ("type", media_type.to_owned())];
            Extension {
                name: "atom:link".to_owned(),
                attrs: attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                ..Extension::default()
            }
        })
        .into()
}
