//! JSON Feed 1.1 (jsonfeed.org/version/1.1).

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Enclosure, Entry, Feed, JSON_NAME, unwritable};
use crate::error::Result;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    language: &'a str,
    authors: [Author<'a>; 1],
    items: Vec<&'a RawValue>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    content_html: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u32>,
}

/// Room for what a feed says beside its items, in bytes.
const FRAME: usize = 1024;

/// The document.
pub(super) fn write(feed: &Feed<'_>) -> Result<Vec<u8>> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: feed.url(JSON_NAME),
        description: feed.description.as_deref(),
        language: feed.language.as_str(),
        authors: [Author { name: &feed.publisher }],
        items: feed.entries.iter().map(|items| &*items.json).collect(),
    };
    let length: usize = document.items.iter().map(|item| item.get().len() + 1).sum();
    let mut bytes = Vec::with_capacity(length + FRAME);
    serde_json::to_writer(&mut bytes, &document).map_err(|cause| unwritable("JSON", &cause))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The item of an entry.
pub(super) fn item(entry: &Entry) -> Result<Box<RawValue>> {
    let item = Item {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title,
        content_html: &entry.content,
        summary: entry.summary.as_deref(),
        image: entry.image.as_deref(),
        date_published: rfc3339(entry.published),
        date_modified: rfc3339(entry.updated),
        authors: entry.authors.iter().map(|name| Author { name }).collect(),
        tags: &entry.categories,
        language: entry.language.as_str(),
        attachments: entry.enclosures.iter().map(attachment).collect(),
    };
    to_raw_value(&item).map_err(|cause| unwritable("JSON", &cause))
}

fn attachment(file: &Enclosure) -> Attachment<'_> {
    Attachment {
        url: &file.url,
        mime_type: &file.media_type,
        title: file.title.as_deref(),
        size_in_bytes: file.length,
        duration_in_seconds: file.duration,
    }
}

fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
