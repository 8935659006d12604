//! Feeds on the web: what was fetched, or what was collected before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use encoding_rs::Encoding;

use super::wire::WireFeed;
use super::{parse, take};
use crate::collect::fetch::{Document, Reading};
use crate::collect::{Gathered, Run, decode, plain};
use crate::config::Source;
use crate::model::shown_address;

/// How much of a document is looked at to tell whether it is a web page, in characters.
const HEAD: usize = 1000;

/// Takes what was fetched of a source on the web. Where that is no feed, [`Gathered::reading`] says so, and where
/// nothing was fetched, the posts are those collected before.
pub(super) fn gather(run: &Run<'_>, source: &Source) -> Gathered {
    let file = PathBuf::from(source.address().as_ref().map(shown_address).unwrap_or_default());
    let (feed, reading) = match run.documents.get(&source.name) {
        Some(document) => read(document),
        None => (WireFeed::default(), None),
    };
    let mut gathered = take(run, source, &feed, &file);
    gathered.reading = reading;
    // In the order in which they were first seen, whether the feed was fetched in this run or not.
    let order: BTreeMap<&str, usize> =
        run.seen.posts().enumerate().map(|(index, post)| (post.id.0.as_str(), index)).collect();
    gathered.posts.sort_by_key(|post| order.get(post.id.0.as_str()).copied().unwrap_or(usize::MAX));
    gathered
}

/// What a document on the web is, and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// What was found in it.
    pub reading: Reading,
    /// The title of the feed.
    pub title: String,
    /// The text, in which a page's feeds may be named.
    pub text: String,
}

/// Looks at a document that may be a feed or a page.
#[must_use]
pub fn probe(document: &Document) -> Probe {
    let (feed, reading) = read(document);
    let text = decode::decode(in_charset(document)).text;
    Probe { reading: reading.unwrap_or_default(), title: plain::one_line(&feed.title), text }
}

/// Reads a document, which need not be a feed.
fn read(document: &Document) -> (WireFeed, Option<Reading>) {
    let text = decode::decode(in_charset(document)).text;
    let feed = parse(&text);
    let mut reading = Reading { items: feed.items.len(), ..Reading::default() };
    let head: String = text.chars().take(HEAD).collect::<String>().to_lowercase();
    reading.is_page = head.contains("<html") || head.contains("<!doctype html");
    reading.is_feed = !feed.items.is_empty() || (!reading.is_page && is_empty_feed(&text));
    let feed = if reading.is_feed { feed } else { WireFeed::default() };
    (feed, Some(reading))
}

/// Whether a document without items is a feed all the same.
fn is_empty_feed(text: &str) -> bool {
    ["<rss", "<feed", "<rdf:RDF", "<channel", "\"items\""].iter().any(|mark| text.contains(mark))
}

/// The bytes in UTF-8, where the charset that the server named is the only thing that says how to read them.
fn in_charset(document: &Document) -> Vec<u8> {
    let bytes = &document.bytes;
    let says_itself = std::str::from_utf8(bytes).is_ok() || Encoding::for_bom(bytes).is_some() || bytes.contains(&0);
    let named = document.charset.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    match named.filter(|_| !says_itself) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned().into_bytes(),
        None => bytes.clone(),
    }
}
