//! Feeds on the web: what was fetched, or what was collected before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::wire::{Feed, Schedule};
use super::{Document, Received, take};
use crate::collect::fetch::{self, Reading, rhythm};
use crate::collect::sightings::Seen;
use crate::collect::{Gathered, Run, plain};
use crate::config::Source;
use crate::error::{Place, Warning};
use crate::model::{Asset, Post, shown_address};

/// How much of a document is looked at to tell whether it is a web page, in characters.
const HEAD: usize = 1000;

/// Takes what was fetched of a source on the web. Where that is no feed, [`Gathered::reading`] says so, and where
/// nothing was fetched, the posts are those collected before.
pub(super) fn gather(run: &Run<'_>, source: &Source, seen: &Seen) -> Gathered {
    let file = PathBuf::from(source.address().as_ref().map(shown_address).unwrap_or_default());
    let received = run.documents.get(&source.name).map(|fetched| received(fetched, file));
    let mut gathered = take(run, source, seen, received.as_slice());
    if gathered.reading.is_some_and(|reading| !reading.is_feed) {
        // What is to be said of that is said of the source as a whole.
        gathered.warnings.clear();
    }
    for post in &mut gathered.posts {
        leave_out_lost(run, source, post, &mut gathered.warnings);
    }
    // In the order in which they were first seen, whether the feed was fetched in this run or not.
    let order: BTreeMap<&str, usize> =
        seen.posts().enumerate().map(|(index, post)| (post.id.0.as_str(), index)).collect();
    gathered.posts.sort_by_key(|post| order.get(post.id.0.as_str()).copied().unwrap_or(usize::MAX));
    gathered
}

/// Leaves out the pictures of a post whose files are gone: the post is shown without them.
fn leave_out_lost(run: &Run<'_>, source: &Source, post: &mut Post, warnings: &mut Vec<Warning>) {
    let (here, lost): (Vec<Asset>, Vec<Asset>) =
        std::mem::take(&mut post.assets).into_iter().partition(|asset| run.config.root.join(&asset.file).is_file());
    post.assets = here;
    warnings.extend(lost.into_iter().map(|asset| {
        let message = format!("a picture of `{}` from the source `{}` is gone", post.title, source.name);
        Warning::new(message).at(Place::file(&asset.file)).hint("bring the file back, with the rest of collected/")
    }));
}

fn received(fetched: &fetch::Document, file: PathBuf) -> Received {
    Received { document: decoded(fetched), address: Some(fetched.url.clone()), file }
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

/// Looks at a document that may be a feed or a page.
#[must_use]
pub fn probe(fetched: &fetch::Document) -> Probe {
    let document = decoded(fetched);
    let (feed, _) = document.read_faults(Some(&fetched.url));
    let title =
        if feed.title.is_html { plain::from_html(&feed.title.value) } else { plain::one_line(&feed.title.value) };
    Probe { reading: reading(&feed, &document), title, text: document.text().to_owned() }
}

/// What was found in a document, which need not be a feed.
pub(super) fn reading(feed: &Feed<'_>, document: &Document) -> Reading {
    let is_feed = feed.is_feed();
    let head: String = document.text().chars().take(HEAD).collect::<String>().to_lowercase();
    let is_page = !is_feed && (head.contains("<html") || head.contains("<!doctype html"));
    let Schedule { ttl, update_period, update_frequency, .. } = &feed.schedule;
    Reading { is_feed, is_page, items: feed.items.len(), rhythm: rhythm(*ttl, update_period, *update_frequency) }
}
