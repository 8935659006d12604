//! Feeds in files: RSS, RDF, Atom, JSON Feed.
//!
//! Wire form, adapter, post: [`wire`] holds what a document says, whatever its format; [`adapter`] makes posts of it.
//! An item that has scrolled off its feed is still taken, from collected/<source>.jsonl.

mod adapter;
mod fetched;
mod json;
mod names;
mod wire;
mod xml;

pub use self::fetched::{Probe, probe};

use std::collections::BTreeSet;
use std::path::Path;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use self::adapter::Adapter;
use self::wire::WireFeed;
use super::decode;
use super::markdown::display;
use super::{Gathered, LeftOut, Run};
use crate::config::Source;
use crate::error::{Error, Place, Warning};
use crate::model::{Post, PostId};

/// A feed file larger than this is not read, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// Reads a feed: a file, or what was fetched of an address.
pub(super) fn gather(run: &mut Run<'_>, source: &Source, location: &str) -> Gathered {
    if source.address().is_some() {
        return fetched::gather(run, source);
    }
    let file = display(&run.config.root, &run.config.path(Path::new(location)));
    match read_file(run, location, &file) {
        Ok(feed) => take(run, source, &feed, &file),
        Err(warning) => {
            let mut gathered = take(run, source, &WireFeed::default(), &file);
            gathered.warnings.insert(0, warning);
            gathered
        }
    }
}

/// Makes posts of a feed, and of what earlier runs saw and is not in it any more.
fn take(run: &Run<'_>, source: &Source, feed: &WireFeed, file: &Path) -> Gathered {
    let mut gathered = Gathered::default();
    gathered.warnings.extend(feed.faults.iter().map(|fault| Warning::new(fault.clone()).at(Place::file(file))));
    gathered.files_found = feed.items.len();
    let (config, sanitiser, now) = (run.config, run.sanitiser, run.now);
    let adapter = Adapter { config, source, sanitiser, feed, file, now };
    let (full, empty): (Vec<_>, Vec<_>) = feed.items.iter().partition(|item| !item.is_empty());
    let nothing = || LeftOut { file: file.to_path_buf(), reason: "an item has no id, link, title or text".to_owned() };
    gathered.left_out.extend(empty.iter().map(|_| nothing()));
    let adapted: Vec<(Post, Vec<Warning>)> = full.into_par_iter().map(|item| adapter.post(item)).collect();
    let mut ids = BTreeSet::new();
    for (mut post, warnings) in adapted {
        gathered.warnings.extend(warnings);
        if !ids.insert(post.id.clone()) {
            // An id that a feed gives to several items says nothing; with the address it does.
            post.id = PostId(format!("{}#{}", post.id, post.address));
            if !ids.insert(post.id.clone()) {
                let reason = format!("the feed has item `{}` twice", post.title);
                gathered.left_out.push(LeftOut { file: file.to_path_buf(), reason });
                continue;
            }
        }
        post.first_seen = run.seen.first(&post.id.0).unwrap_or(now);
        gathered.sightings.extend(run.seen.sight_post(&post));
        gathered.posts.push(post);
    }
    let earlier: Vec<Post> = run.seen.posts().filter(|post| !ids.contains(&post.id)).cloned().collect();
    gathered.files_found += earlier.len();
    gathered.posts.extend(earlier);
    gathered
}

fn read_file(run: &Run<'_>, location: &str, file: &Path) -> Result<WireFeed, Warning> {
    let path = run.config.path(Path::new(location));
    let io = |cause: std::io::Error| Error::io("read the feed", file, &cause).into_warning();
    let length = std::fs::metadata(&path).map_err(io)?.len();
    if length > MAX_SIZE {
        return Err(Warning::new(format!("the feed is larger than {} MB and was not read", MAX_SIZE >> 20))
            .at(Place::file(file)));
    }
    let bytes = std::fs::read(&path).map_err(io)?;
    let text = decode::decode(bytes).text;
    let feed = parse(&text);
    if feed.items.is_empty()
        && feed.faults.is_empty()
        && !text.contains("<channel")
        && !text.contains("<feed")
        && !text.contains("\"items\"")
    {
        return Err(Warning::new("this is no RSS, Atom or JSON Feed").at(Place::file(file)));
    }
    Ok(feed)
}

/// Reads a document of any of the formats.
fn parse(text: &str) -> WireFeed {
    if text.trim_start().starts_with('{') { json::read(text) } else { xml::read(text) }
}

#[cfg(test)]
mod tests;
