//! Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed.
//!
//! [`Document`] makes text of bytes and reads it strictly; what is not well-formed is repaired first and read again.
//! Wire form, adapter, post: [`Feed`] holds what a document says, whatever its format; `adapter` makes posts of it. An
//! item that has scrolled off its feed is still taken, from collected/<source>.jsonl.

mod adapter;
mod addresses;
mod album;
mod archive;
mod builder;
mod capture;
mod credits;
mod document;
mod draft;
mod faults;
mod fetched;
mod files;
mod json;
mod later;
mod lead;
mod markup;
pub(super) mod mend;
mod names;
mod reach;
mod repair;
mod scope;
mod seldom;
mod shelf;
mod surrogates;
mod tag;
mod text;
mod vocabulary;
mod wire;
mod xml;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use url::Url;

use self::adapter::Adapter;
use self::draft::MOST_ITEMS;
use self::faults::Fault;
use super::addressed::without_user;
use super::alone::alone;
use super::elsewhere;
use super::namesakes::is_one;
use super::sightings::Seen;
use super::{Gathered, LeftOut, Run, languages};
use crate::config::Source;
use crate::error::{Place, Warning};
use crate::model::{Post, PostId};

pub use self::document::Document;
pub use self::fetched::{Older, Probe, is_feed, older, probe};
pub use self::wire::{
    Archived, Base, Comments, DateText, Empty, Enclosure, Episode, Feed, Format, Item, Kind, Location, Relations,
    Schedule, Seldom, Text, WirePicture,
};

/// A feed as it was received.
pub(super) struct Received {
    /// What is decoded.
    pub(super) document: Document,
    /// Where it was fetched, after redirects; `None` for a file.
    pub(super) address: Option<Url>,
    /// What it is called in messages.
    pub(super) file: PathBuf,
    /// Of a document that was made of an archive, whose places are none of a file: the files of its texts, by the ids of items.
    pub(super) made_of: Option<HashMap<String, PathBuf>>,
}

/// Reads a feed, or a folder of them, or what was fetched of an address.
pub(super) fn gather(run: &Run<'_>, source: &Source, seen: &Seen, location: &str) -> Gathered {
    if source.address().is_some() {
        return fetched::gather(run, source, seen);
    }
    let (received, read) = files::read(run, source, location);
    let mut gathered = take(run, source, seen, received);
    gathered.warnings.splice(..0, read.warnings);
    gathered.left_out.splice(..0, read.left_out);
    gathered.counted.extend(read.counted);
    gathered.files_found += read.files_found;
    fetched::settle_files(run, source, seen, &mut gathered);
    gathered
}

/// Reads what was fetched of a source, of which nothing is known.
pub(super) fn fetched(run: &Run<'_>, source: &Source) -> Gathered {
    fetched::gather(run, source, &Seen::default())
}

/// Makes posts of what was received, one feed or the pages of one, and of what earlier runs saw and is not in it any
/// more.
pub(super) fn take(run: &Run<'_>, source: &Source, seen: &Seen, received: Vec<Received>) -> Gathered {
    let mut gathered = Gathered::default();
    let mut all = Vec::new();
    let mut withdrawn = Vec::new();
    let mut is_complete = !received.is_empty();
    for page in received {
        // A page is large: it goes when its posts are made.
        let read = posts(run, source, seen, &page, &mut gathered);
        drop(page);
        is_complete &= read.is_complete;
        gathered.left_out.extend(newest_of_each(&mut all, read.posts));
        withdrawn.extend(read.withdrawn);
    }
    let mut settled = elsewhere::settle(all, &withdrawn, seen, run.now);
    if is_complete {
        settled.leave_out_scrolled(seen, run.now);
    }
    gathered.files_found += settled.kept;
    gathered.sightings = settled.sightings;
    gathered.posts = settled.posts;
    gathered.left_out.extend(settled.left_out.into_iter().map(|(post, reason)| LeftOut { file: post.file, reason }));
    gathered
}

/// No id is looked at in more posts of the pages before.
const MOST_NAMESAKES: usize = 100;

/// Adds the posts of one more page. Of a post that several pages have the one that was changed last is taken.
fn newest_of_each(all: &mut Vec<Post>, posts: Vec<Post>) -> Vec<LeftOut> {
    let known = places(all);
    let here = places(&posts);
    let is_shared = |places: &[usize]| places.len() > 1;
    let changed = |post: &Post| post.updated.max(post.published);
    let mut left_out = Vec::new();
    for mut post in posts {
        let namesakes = known.get(&post.id).map_or(&[][..], Vec::as_slice);
        let is_shared = is_shared(namesakes) || here.get(&post.id).is_some_and(|places| is_shared(places));
        let mut nearest = namesakes.iter().copied().take(MOST_NAMESAKES);
        let Some(at) = nearest.find(|at| is_one(&all[*at], &post, is_shared)) else {
            all.push(post);
            continue;
        };
        if changed(&all[at]) < changed(&post) {
            std::mem::swap(&mut all[at], &mut post);
        }
        let reason = format!("item `{}` is in `{}`, too", post.title, all[at].file.display());
        left_out.push(LeftOut { file: post.file, reason });
    }
    left_out
}

/// Where the posts of each id stand.
fn places(posts: &[Post]) -> BTreeMap<PostId, Vec<usize>> {
    let mut places: BTreeMap<PostId, Vec<usize>> = BTreeMap::new();
    for (at, post) in posts.iter().enumerate() {
        places.entry(post.id.clone()).or_default().push(at);
    }
    places
}

/// What a feed, or a page of one, gives.
struct Page {
    posts: Vec<Post>,
    /// The ids of those that it takes back.
    withdrawn: Vec<String>,
    /// Whether it says that it has all, and was read whole.
    is_complete: bool,
}

/// Reads a feed, or a page of one.
fn posts(run: &Run<'_>, source: &Source, seen: &Seen, received: &Received, gathered: &mut Gathered) -> Page {
    let Received { document, address, file, made_of } = received;
    let said = source.base_url.as_deref().and_then(|base| Url::parse(base).ok());
    let (mut feed, mut faults) = document.read_faults(address.as_ref().or(said.as_ref()));
    if address.is_some() && gathered.reading.is_none() {
        gathered.reading = Some(fetched::reading(&feed, document));
    }
    if let Some(message) = languages::fault(&feed.language) {
        let element = document.text().find("language").unwrap_or(0);
        let at = document.text()[element..].find(&*feed.language).map_or(0, |at| element + at);
        faults.push(Fault::new(at, message));
    }
    let mut items = archive::posts(std::mem::take(&mut feed.items), source, file, gathered);
    gathered.files_found += items.len();
    // Of half an item nobody knows what is missing: taken, it would be printed so, or stand in for what was kept whole.
    if let Some(cut) = items.pop_if(|_| feed.ends_in_item) {
        let title = cut.title.value.trim();
        let called = if title.is_empty() { "an item".to_owned() } else { format!("`{title}`") };
        let reason = format!("{called} is cut by the end of the feed, and waits until that is whole");
        gathered.left_out.push(LeftOut { file: file.clone(), reason });
    }
    let (config, sanitiser, now) = (run.config, run.sanitiser, run.now);
    let text = document.text();
    let (pictures, written_out) = (run.pictures, run.written_out);
    let adapter = Adapter { config, source, sanitiser, feed: &feed, text, file, now, pictures, written_out };
    let (full, empty): (Vec<Item<'_>>, Vec<Item<'_>>) = items.into_iter().partition(|item| !item.is_empty());
    let nothing = || LeftOut { file: file.clone(), reason: "an item has no id, link, title or text".to_owned() };
    gathered.left_out.extend(empty.iter().map(|_| nothing()));
    let adapt = |item: &Item<'_>| {
        let (mut post, faults) = adapter.post(item);
        // A text that is known is in memory already.
        let known = seen.post(&post.id).map(|earlier| &earlier.body).filter(|body| **body == post.body);
        if let Some(body) = known {
            post.body = body.clone();
        }
        (post, faults, item.comments.count)
    };
    let adapted = adapted(full, |item| alone(|| adapt(item)), file, gathered);
    let mut posts = Vec::with_capacity(adapted.len());
    for (post, of_item, comments) in adapted {
        gathered.comments.extend(comments.map(|count| (post.id.clone(), count as usize)));
        match made_of {
            Some(texts) => gathered.warnings.extend(of_archive(of_item, &post, texts)),
            None => faults.extend(of_item),
        }
        posts.push(post);
    }
    gathered.warnings.extend(match made_of {
        Some(_) => faults.into_iter().map(|fault| Warning::new(fault.message).at(Place::file(file))).collect(),
        None => document.warnings(faults, file),
    });
    let withdrawn = feed.withdrawn.iter().map(|id| without_user(id).into_owned()).collect();
    // What was lost to damage was not taken back.
    let is_whole = !posts.is_empty() && posts.len() < MOST_ITEMS && document.is_well_formed();
    Page { posts, withdrawn, is_complete: feed.relations.complete && is_whole }
}

/// What there is to say of an item of an archive: its place is its text or, where that stands among others, its title.
fn of_archive(faults: Vec<Fault>, post: &Post, texts: &HashMap<String, PathBuf>) -> Vec<Warning> {
    let file = texts.get(&post.id.0).unwrap_or(&post.file);
    let told = |fault: Fault| {
        let is_named = texts.contains_key(&post.id.0) || fault.message.contains(&*post.title);
        let called = if is_named { String::new() } else { format!(" (item `{}`)", post.title) };
        Warning::new(format!("{}{called}", fault.message)).at(Place::file(file))
    };
    faults.into_iter().map(told).collect()
}

/// What is made of items. Those that cannot be read are left out.
fn adapted<'a, T: Send>(
    items: Vec<Item<'a>>,
    adapt: impl Fn(&Item<'a>) -> Option<T> + Sync,
    file: &Path,
    gathered: &mut Gathered,
) -> Vec<T> {
    let one = |item: Item<'a>| adapt(&item).ok_or_else(|| item.title.value.trim().to_owned());
    let adapted: Vec<Result<T, String>> = items.into_par_iter().map(one).collect();
    let mut all = Vec::with_capacity(adapted.len());
    for one in adapted {
        match one {
            Ok(one) => all.push(one),
            Err(title) => {
                let called = if title.is_empty() { "an item".to_owned() } else { format!("item `{title}`") };
                gathered.could_not_read(&called, file.to_owned());
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
