//! Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed.
//!
//! [`Document`] makes text of bytes and reads it strictly; what is not well-formed is repaired first and read again.
//! Wire form, adapter, post: [`Feed`] holds what a document says, whatever its format; `adapter` makes posts of it. An
//! item that has scrolled off its feed is still taken, from collected/<source>.jsonl.

mod adapter;
mod builder;
mod capture;
mod document;
mod faults;
mod json;
mod markup;
mod mend;
mod names;
mod repair;
mod scope;
mod shelf;
mod text;
mod vocabulary;
mod wire;
mod xml;

use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use url::Url;

use self::adapter::Adapter;
use self::faults::Fault;
use super::elsewhere;
use super::markdown::display;
use super::sightings::Seen;
use super::{Gathered, LeftOut, Run};
use crate::config::Source;
use crate::error::{Error, Place, Warning};
use crate::model::Post;

pub use self::document::Document;
pub use self::wire::{
    Base, Comments, DateText, Enclosure, Episode, Feed, Format, Item, Location, Relations, Schedule, Text, WirePicture,
};

/// A feed larger than this is not read, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// A feed as it was received.
pub(super) struct Received {
    /// What is decoded.
    pub(super) document: Document,
    /// Where it was fetched, after redirects; `None` for a file.
    pub(super) address: Option<Url>,
    /// What it is called in messages.
    pub(super) file: PathBuf,
}

/// Reads a feed. An address is not fetched: what earlier runs collected is taken.
pub(super) fn gather(run: &Run<'_>, source: &Source, seen: &Seen, location: &str) -> Gathered {
    let file = display(&run.config.root, &run.config.path(Path::new(location)));
    match read_file(run, location, &file) {
        Ok(document) => take(run, source, seen, Some(&Received { document, address: None, file })),
        Err(warning) => {
            let mut gathered = take(run, source, seen, None);
            gathered.warnings.insert(0, warning);
            gathered
        }
    }
}

/// Makes posts of what was received, and of what earlier runs saw and is not in it any more.
pub(super) fn take(run: &Run<'_>, source: &Source, seen: &Seen, received: Option<&Received>) -> Gathered {
    let mut gathered = Gathered::default();
    let (posts, withdrawn) = received.map(|received| posts(run, source, received, &mut gathered)).unwrap_or_default();
    let settled = elsewhere::settle(posts, &withdrawn, seen, run.now);
    gathered.files_found += settled.kept;
    gathered.sightings = settled.sightings;
    gathered.posts = settled.posts;
    gathered.left_out.extend(settled.left_out.into_iter().map(|(post, reason)| LeftOut { file: post.file, reason }));
    gathered
}

/// The posts of a feed, and the ids of those that it takes back.
fn posts(run: &Run<'_>, source: &Source, received: &Received, gathered: &mut Gathered) -> (Vec<Post>, Vec<String>) {
    let Received { document, address, file } = received;
    let (feed, mut faults) = document.read_faults(address.as_ref());
    gathered.files_found = feed.items.len();
    let (config, sanitiser, now) = (run.config, run.sanitiser, run.now);
    let adapter = Adapter { config, source, sanitiser, feed: &feed, file, now };
    let (full, empty): (Vec<_>, Vec<_>) = feed.items.iter().partition(|item| !item.is_empty());
    let nothing = || LeftOut { file: file.clone(), reason: "an item has no id, link, title or text".to_owned() };
    gathered.left_out.extend(empty.iter().map(|_| nothing()));
    let adapted: Vec<(Post, Vec<Fault>)> = full.into_par_iter().map(|item| adapter.post(item)).collect();
    let mut posts = Vec::with_capacity(adapted.len());
    for (post, of_item) in adapted {
        faults.extend(of_item);
        posts.push(post);
    }
    gathered.warnings.extend(document.warnings(faults, file));
    (posts, feed.withdrawn.iter().map(|id| id.clone().into_owned()).collect())
}

fn read_file(run: &Run<'_>, location: &str, file: &Path) -> Result<Document, Warning> {
    if location.starts_with("https://") || location.starts_with("http://") {
        let message =
            format!("fetching `{location}` over the network is not available yet; what was collected before is taken");
        return Err(Warning::new(message));
    }
    let path = run.config.path(Path::new(location));
    let io = |cause: std::io::Error| Error::io("read the feed", file, &cause).into_warning();
    let length = std::fs::metadata(&path).map_err(io)?.len();
    if length > MAX_SIZE {
        return Err(Warning::new(format!("the feed is larger than {} MB and was not read", MAX_SIZE >> 20))
            .at(Place::file(file)));
    }
    Ok(Document::new(std::fs::read(&path).map_err(io)?, None))
}

#[cfg(test)]
mod tests;
