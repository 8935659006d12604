//! JSON Feed 1.1 (jsonfeed.org/version/1.1).

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{Enclosure, Entry, Feed, JSON_NAME, unwritable};
use crate::error::Result;
use crate::render::Contents;

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
    /// They are put in once it is written, so that they are the last.
    items: [(); 0],
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

/// How a document without items ends.
const NO_ITEMS: &str = "]}";

/// The document.
pub(super) fn write(feed: &Feed<'_>) -> Result<Contents> {
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: feed.url(JSON_NAME),
        description: feed.description.as_deref(),
        language: feed.language.as_str(),
        authors: [Author { name: &feed.publisher }],
        items: [],
    };
    let frame = serde_json::to_string(&document).map_err(|cause| unwritable("JSON", &cause))?;
    let frame = frame.strip_suffix(NO_ITEMS).ok_or_else(|| unwritable("JSON", &"its items have no place"))?;
    let mut contents = Contents::default();
    contents.push(frame);
    for (at, items) in feed.entries.iter().enumerate() {
        if at > 0 {
            contents.push(",");
        }
        contents.share(&items.json);
    }
    contents.push(format!("{NO_ITEMS}\n"));
    Ok(contents)
}

/// The item of an entry.
pub(super) fn item(entry: &Entry) -> Result<String> {
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
    serde_json::to_string(&item).map_err(|cause| unwritable("JSON", &cause))
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
