//! Feeds on the web: what was fetched, or what was collected before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use url::Url;

use super::adapter::as_title;
use super::later::complete;
use super::wire::{Feed, Item, Schedule};
use super::{Document, Received, take};
use crate::collect::fetch::{self, Reading, Rest, rhythm};
use crate::collect::sightings::Seen;
use crate::collect::{Gathered, Run};
use crate::config::{Enclosures, Source};
use crate::error::{Place, Warning};
use crate::model::{Asset, Post, shown_address, web_fault};

/// How much of a document is looked at to tell whether it is a web page, in characters.
const HEAD: usize = 1000;

/// Takes what was fetched of a source on the web. Where that is no feed, [`Gathered::reading`] says so, and where
/// nothing was fetched, the posts are those collected before.
pub(super) fn gather(run: &Run<'_>, source: &Source, seen: &Seen) -> Gathered {
    let file = PathBuf::from(source.address().as_ref().map(shown_address).unwrap_or_default());
    let pages = run.documents.get(&source.name).into_iter().flatten();
    let received: Vec<Received> = pages
        .enumerate()
        .map(|(nth, page)| received(page, if nth == 0 { file.clone() } else { shown_address(&page.url).into() }))
        .collect();
    let mut gathered = take(run, source, seen, received);
    if gathered.reading.as_ref().is_some_and(|reading| !reading.is_feed) {
        // What is to be said of that is said of the source as a whole.
        gathered.warnings.clear();
    }
    settle_files(run, source, seen, &mut gathered);
    // In the order in which they were first seen, whether the feed was fetched in this run or not.
    let order: BTreeMap<&str, usize> =
        seen.posts().enumerate().map(|(index, post)| (post.id.0.as_str(), index)).collect();
    gathered.posts.sort_by_key(|post| order.get(post.id.0.as_str()).copied().unwrap_or(usize::MAX));
    gathered
}

/// Shows in posts the files that are at hand by now, and leaves out those that are lost.
pub(super) fn settle_files(run: &Run<'_>, source: &Source, seen: &Seen, gathered: &mut Gathered) {
    let keeps = source.enclosures == Enclosures::Keep;
    for post in &mut gathered.posts {
        if complete(post, run.pictures, keeps) {
            gathered.sightings.extend(seen.sight_post(post));
        }
        leave_out_lost(run, source, post, &mut gathered.warnings);
    }
}

/// Leaves out the pictures of a post whose files are gone or changed: the post is shown without them.
fn leave_out_lost(run: &Run<'_>, source: &Source, post: &mut Post, warnings: &mut Vec<Warning>) {
    // Whoever changed a file may have changed its hash beside it; what its length tells costs no reading.
    let length = |asset: &Asset| std::fs::metadata(run.config.root.join(&asset.file)).ok().map(|meta| meta.len());
    let is_here = |asset: &Asset| run.written_out.has(&asset.file) || length(asset) == Some(asset.length);
    let (here, lost): (Vec<Asset>, Vec<Asset>) = std::mem::take(&mut post.assets).into_iter().partition(is_here);
    post.assets = here;
    for file in &mut post.enclosures {
        file.kept = file.kept.take().filter(|kept| post.assets.iter().any(|asset| kept.ends_with(&asset.name)));
    }
    warnings.extend(lost.into_iter().map(|asset| {
        let noun = if asset.media_type.starts_with("image/") { "picture" } else { "file" };
        let what = if length(&asset).is_some() { "is not as it was kept" } else { "is gone" };
        let message = format!("a {noun} of `{}` from the source `{}` {what}", post.title, source.name);
        Warning::new(message).at(Place::file(&asset.file)).hint("bring the file back, with the rest of collected/")
    }));
}

fn received(fetched: &fetch::Document, file: PathBuf) -> Received {
    Received { document: decoded(fetched), address: Some(fetched.url.clone()), file, made_of: None }
}

fn decoded(fetched: &fetch::Document) -> Document {
    Document::new(fetched.bytes.clone(), fetched.charset.as_deref())
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

/// Whether the bytes of a file are a feed.
#[must_use]
pub fn is_feed(bytes: Vec<u8>) -> bool {
    Document::new(bytes, None).read_faults(None).0.is_feed()
}

/// Looks at a document that may be a feed or a page.
#[must_use]
pub fn probe(fetched: &fetch::Document) -> Probe {
    let document = decoded(fetched);
    let (feed, _) = document.read_faults(Some(&fetched.url));
    Probe { reading: reading(&feed, &document), title: as_title(&feed.title), text: document.text().to_owned() }
}

/// Where the older items of a feed are (RFC 5005; JSON Feed's `next_url`), and the ids of those that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Older {
    /// Its next page, else the archive before it.
    pub address: Option<Url>,
    /// Ids of its items, as they stand there.
    pub ids: Vec<String>,
    /// What was found in the document.
    pub reading: Reading,
}

/// Looks for the older pages of a feed.
#[must_use]
pub fn older(fetched: &fetch::Document) -> Older {
    let document = decoded(fetched);
    let (feed, _) = document.read_faults(Some(&fetched.url));
    let address = [&feed.relations.next, &feed.relations.previous_archive]
        .into_iter()
        .filter_map(|address| Url::parse(address).ok())
        .find_map(|url| protected(url, &fetched.url));
    let id = |item: &Item<'_>| [&item.id, &item.link].into_iter().find(|id| !id.is_empty()).map(ToString::to_string);
    Older { address, ids: feed.items.iter().filter_map(id).collect(), reading: reading(&feed, &document) }
}

/// The address of a page, over TLS where the page before it was: sites forget to change it in their feeds.
fn protected(mut url: Url, before: &Url) -> Option<Url> {
    url.set_fragment(None);
    if before.scheme() == "https" && url.scheme() == "http" && url.host() == before.host() {
        url.set_scheme("https").ok()?;
    }
    let is_downgrade = before.scheme() == "https" && url.scheme() == "http";
    (!is_downgrade && web_fault(&url).is_none()).then_some(url)
}

/// What was found in a document, which need not be a feed.
pub(super) fn reading(feed: &Feed<'_>, document: &Document) -> Reading {
    let is_feed = feed.is_feed();
    let head: String = document.text().chars().take(HEAD).collect::<String>().to_lowercase();
    let is_page = !is_feed && (head.contains("<html") || head.contains("<!doctype html"));
    let Schedule { ttl, update_period, update_frequency, skip_hours, skip_days, .. } = &feed.schedule;
    Reading {
        is_feed,
        is_page,
        items: feed.items.len(),
        rhythm: rhythm(*ttl, update_period, *update_frequency),
        rest: Rest::new(skip_hours, skip_days.iter().map(|day| &**day)),
        moved_to: Url::parse(&feed.relations.moved_to).ok(),
        is_cut: feed.is_cut,
    }
}
