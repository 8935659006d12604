//! Sources -> posts.
//!
//! Every file of every source is either a post or left out with a reason. This stage reads files, at its edge, and
//! writes nothing: what it saw for the first time comes back as [`Sighting`]s, to be appended to
//! collected/<source>.jsonl. Sources on the web are asked by [`fetch`], and what came is handed to [`collect_with`].

mod addressed;
mod alone;
mod blanks;
mod body;
mod commas;
mod copies;
mod crossposts;
pub mod dates;
mod decode;
mod dialect;
pub mod discover;
mod duplicates;
mod elsewhere;
pub mod feed;
pub mod fetch;
mod footnotes;
mod foreign_tags;
mod front;
#[cfg(any(fuzzing, test))]
pub mod fuzzing;
mod headed_notes;
mod hosted;
mod identity;
mod inline;
mod inline_notes;
pub mod kept;
mod kramdown;
mod languages;
mod linked;
mod links;
mod liquid;
mod lost;
mod markdown;
mod marks;
mod maths;
mod mdx;
mod memory;
mod mended;
mod more;
pub mod moving;
mod namesakes;
mod notes;
mod obsidian;
pub mod opml;
mod pictures;
mod places;
mod plain;
pub mod position;
mod recheck;
mod reserved;
mod sanitise;
mod sightings;
mod sized;
mod strays;
pub mod svg;
mod tables;
mod tags;
mod terms;
mod traced;
mod visitors;
mod wordpress;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use self::duplicates::Texts;
use self::fetch::{Documents, Reading};
use self::identity::Taken;
use self::kept::{KeptFiles, NewFile, WrittenOut};
use self::links::LinkIndex;
use self::memory::Memory;
use self::sanitise::{Addresses, Context, Sanitiser, Shown};
use self::sightings::Seen;
use crate::config::{Config, Source, SourceKind};
use crate::error::{Place, Result, Warned, Warning, shortened};
use crate::model::{Html, Post, PostId};

pub use self::feed::{Older, Probe, is_feed, older, probe};
pub use self::hosted::{is_ghost, table_of};
pub use self::lost::tell_lost;
pub use self::markdown::Introduction;
pub use self::memory::{Looks, Own};
pub use self::sanitise::{Cache, Key};
pub use self::sightings::{Sighting, path as sightings_path};
pub use self::wordpress::{Exported, Short};

/// A file that is no post, or no post of this run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct LeftOut {
    /// The file, relative to config.toml where it is below it.
    pub file: PathBuf,
    /// Why, as the end of "it was left out: …".
    pub reason: String,
}

/// What all sources hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// Posts, source by source in the order of config.toml, within a source in the order of files or feed items.
    pub posts: Vec<Post>,
    /// Files that are no posts, in the order of the paths within a source.
    pub left_out: Vec<LeftOut>,
    /// What was seen for the first time, or seen changed: to be appended to collected/<source>.jsonl.
    pub sightings: Vec<Sighting>,
    /// What an editor may want to know, in words.
    pub notes: Vec<String>,
    /// Files that could have been posts, and items of feeds: posts and left out together.
    pub files_found: usize,
    /// What was found in the documents that were fetched, by the names of their sources.
    pub readings: BTreeMap<String, Reading>,
    /// What exports and folders hold that is no post, by kind: it is counted, not told one by one.
    pub counted: Vec<Counted>,
    /// How many comments a post had where it came from.
    pub comments: BTreeMap<PostId, usize>,
    /// Pictures that posts have in the place of an address: files that are to be written before their posts are shown.
    pub pictures: Vec<NewFile>,
    /// Posts of folders that earlier runs saw and this one does not.
    pub vanished: Vec<Vanished>,
}

/// A post of a folder that is not there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vanished {
    /// Its title.
    pub title: String,
    /// The file that it was, relative to config.toml where it is below it.
    pub file: String,
    /// Where its page stood last, below public/.
    pub page: String,
}

/// Things of one kind in an export or a folder that are no posts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Counted {
    /// The file or folder, relative to config.toml where it is below it.
    pub file: PathBuf,
    /// "attachment", "revision", "comment" …
    pub kind: String,
    /// How many.
    pub count: usize,
    /// What they are, and why they are no posts.
    pub reason: String,
}

/// What is asked of WordPress exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Exports {
    /// Their posts as they are published.
    #[default]
    Whole,
    /// Their posts without the texts, which may be larger than memory.
    WithoutTexts,
}

/// What takes posts one by one.
pub type Take<'t> = dyn FnMut(Post) -> Result<()> + 't;

impl Collected {
    /// Adds what a source holds; gives what there is to say.
    fn add(&mut self, source: &Source, gathered: Gathered) -> Vec<Warning> {
        self.posts.extend(gathered.posts);
        self.left_out.extend(gathered.left_out);
        self.sightings.extend(gathered.sightings);
        self.notes.extend(gathered.notes);
        self.files_found += gathered.files_found;
        self.readings.extend(gathered.reading.map(|reading| (source.name.clone(), reading)));
        self.counted.extend(gathered.counted);
        self.comments.extend(gathered.comments);
        gathered.warnings
    }
}

/// A title of more characters is most likely none.
const LONGEST_TITLE: usize = 1000;

/// What is said of a title that is too long to be one.
fn long_title(title: &str) -> Option<String> {
    // No character is shorter than a byte.
    let length = if title.len() > LONGEST_TITLE { title.chars().count() } else { 0 };
    (length > LONGEST_TITLE).then(|| {
        let begins: String = title.chars().take(60).collect();
        format!("the title `{begins}\u{2026}` has {length} characters; is it a text?")
    })
}

/// What one source holds.
#[derive(Debug, Default)]
struct Gathered {
    posts: Vec<Post>,
    left_out: Vec<LeftOut>,
    sightings: Vec<Sighting>,
    warnings: Vec<Warning>,
    notes: Vec<String>,
    files_found: usize,
    /// Of a document that was fetched.
    reading: Option<Reading>,
    counted: Vec<Counted>,
    comments: BTreeMap<PostId, usize>,
}

impl Gathered {
    /// Leaves out what could not be read, by no fault of its own.
    fn could_not_read(&mut self, what: &str, file: PathBuf) {
        self.warnings.push(alone::fault(what).at(Place::file(&file)));
        self.left_out.push(LeftOut { file, reason: format!("{what} cannot be read") });
    }
}

/// What the sources of one run share.
struct Run<'a> {
    config: &'a Config,
    now: DateTime<Utc>,
    sanitiser: &'a Sanitiser,
    taken: Taken,
    documents: &'a Documents,
    pictures: &'a KeptFiles,
    written_out: &'a WrittenOut,
}

/// Reads all sources. `now` dates what is seen for the first time. Fails when a source folder is not there; anything
/// else that is wrong costs only itself.
pub fn collect(config: &Config, now: DateTime<Utc>) -> Result<Warned<Collected>> {
    collect_with(config, &Documents::new(), &KeptFiles::read(&config.root), None, Exports::Whole, now)
}

/// The same, with what was fetched of the sources on the web. One of which nothing was fetched gives what was collected
/// before. `pictures` are at hand already; `cache` keeps what parsing made of HTML and changes nothing but the time it takes;
/// `exports` says what is asked of WordPress exports.
pub fn collect_with(
    config: &Config,
    documents: &Documents,
    pictures: &KeptFiles,
    cache: Option<Arc<dyn Cache>>,
    exports: Exports,
    now: DateTime<Utc>,
) -> Result<Warned<Collected>> {
    let sanitiser = Sanitiser::with(cache);
    let mut collected = Collected::default();
    let mut texts = Texts::default();
    let mut warnings = Vec::new();
    let mut seen = sightings::read_all(config, &mut warnings);
    for seen in seen.values_mut() {
        let (site, allow) = (&config.publication.base_url, &config.fetch.allow_private);
        let mend = |post: &mut Post| recheck::mended(post, site, allow, &sanitiser);
        collected.sightings.extend(seen.recheck(mend, &mut warnings));
    }
    let written_out = WrittenOut::new(&config.root, config.fetch.max_size);
    let taken = Taken::default();
    let mut run = Run { config, now, sanitiser: &sanitiser, taken, documents, pictures, written_out: &written_out };
    let (mut named, vanished) = named(&mut run, &seen)?;
    collected.vanished = vanished;
    let unseen = Seen::default();
    let is_configured = |name: &String| config.sources.iter().any(|source| source.name == *name);
    let former: Vec<&Seen> = seen.iter().filter(|(name, _)| !is_configured(name)).map(|(_, seen)| seen).collect();
    for source in &config.sources {
        let seen = seen.get(&source.name).unwrap_or(&unseen);
        let gathered = match &source.kind {
            SourceKind::Markdown { .. } => {
                named.remove(&*source.name).map(|folder| markdown::write(&run, folder)).unwrap_or_default()
            }
            SourceKind::Feed { location, .. } => feed::gather(&run, source, seen, location),
            SourceKind::WordPress { path, pages, assets } => {
                let location = wordpress::Location { path, pages: *pages, assets, moves: false };
                let mut posts = Vec::new();
                let mut take = |mut post: Post| {
                    if exports == Exports::WithoutTexts {
                        if config.sources.len() > 1 {
                            texts.note(&post);
                        }
                        post.body = Html::default();
                    }
                    posts.push(post);
                    Ok(())
                };
                let seen: Vec<&Seen> = std::iter::once(seen).chain(former.iter().copied()).collect();
                let gathered = wordpress::gather(&mut run, source, &seen, location, &mut take)?;
                Gathered { posts, ..gathered }
            }
        };
        warnings.extend(collected.add(source, gathered));
    }
    duplicates::leave_out(&mut collected, &texts, &config.sources);
    for left_out in &mut collected.left_out {
        left_out.reason = shortened(std::mem::take(&mut left_out.reason));
    }
    collected.pictures = written_out.into_files();
    Ok(Warned::new(collected, warnings))
}

/// Reads a WordPress export by itself and hands its posts to `take` one by one in the order of its files; what comes back has
/// no posts. A post that an export was read with before, as a source, keeps the id that it had then. An export may be larger
/// than memory. Fails when it is not there, and as `take` fails.
pub fn read_export(
    config: &Config,
    source: &Source,
    now: DateTime<Utc>,
    take: &mut Take<'_>,
) -> Result<Warned<Collected>> {
    let mut collected = Collected::default();
    let SourceKind::WordPress { path, pages, assets } = &source.kind else { return Ok(Warned::clean(collected)) };
    let location = wordpress::Location { path, pages: *pages, assets, moves: true };
    let (documents, pictures, sanitiser) = (Documents::new(), KeptFiles::default(), Sanitiser::new());
    let written_out = WrittenOut::new(&config.root, config.fetch.max_size);
    let (documents, pictures, taken) = (&documents, &pictures, Taken::default());
    let mut run = Run { config, now, sanitiser: &sanitiser, taken, documents, pictures, written_out: &written_out };
    // What is wrong with the lines that tell of it every other run says.
    let seen = sightings::read_all(config, &mut Vec::new());
    let seen: Vec<&Seen> = seen.values().collect();
    let gathered = wordpress::gather(&mut run, source, &seen, location, take)?;
    let warnings = collected.add(source, gathered);
    collected.pictures = written_out.into_files();
    Ok(Warned::new(collected, warnings))
}

/// Reads a document as a feed of `source`, without what earlier runs know of it: its posts, and what there is to say.
#[must_use]
pub fn examine(config: &Config, source: &Source, document: fetch::Document, now: DateTime<Utc>) -> Warned<Vec<Post>> {
    let documents = Documents::from([(source.name.clone(), vec![document])]);
    let sanitiser = Sanitiser::new();
    let pictures = KeptFiles::default();
    let written_out = WrittenOut::new(&config.root, config.fetch.max_size);
    let (documents, pictures, taken) = (&documents, &pictures, Taken::default());
    let run = Run { config, now, sanitiser: &sanitiser, taken, documents, pictures, written_out: &written_out };
    let gathered = feed::fetched(&run, source);
    Warned::new(gathered.posts, gathered.warnings)
}

/// Reads one source by itself, as if it were seen for the first time: what a publication moves in with. `documents` are
/// what was fetched of it, if it is on the web. Fails as [`collect`] does.
pub fn collect_one(
    config: &Config,
    source: Source,
    documents: &Documents,
    now: DateTime<Utc>,
) -> Result<Warned<Collected>> {
    let config = Config { sources: vec![source], ..config.clone() };
    collect_with(&config, documents, &KeptFiles::read(&config.root), None, Exports::Whole, now)
}

/// Folders of our own posts whose posts have their names, by source.
type Named<'c> = BTreeMap<&'c str, markdown::Folder<'c>>;

/// The folders of our own posts, by source. All of them are read before any post is named: a post may have moved from one
/// to another, and of two that want one address the one that has it keeps it.
/// Also which posts of such folders are nowhere any more.
fn named<'c>(run: &mut Run<'c>, seen: &BTreeMap<String, Seen>) -> Result<(Named<'c>, Vec<Vanished>)> {
    let config = run.config;
    let mut folders = Vec::new();
    for source in &config.sources {
        if let SourceKind::Markdown { folder, assets } = &source.kind {
            folders.push(markdown::read(config, source, folder, assets)?);
        }
    }
    let mut memory = Memory::new(&config.root, seen.values());
    markdown::refuse_unread(config, &folders, &memory)?;
    markdown::name(run, &mut memory, &mut folders);
    markdown::refuse_emptied(config, &folders, &memory)?;
    let vanished = markdown::vanished(config, &memory);
    Ok((folders.into_iter().map(|folder| (&*folder.source.name, folder)).collect(), vanished))
}

/// Reads one file as a post: a standing article. `path` is relative to config.toml or absolute. Links to `posts` by their
/// files lead to their pages. Fails when it cannot be read or is empty. With the pictures that are to be written before it is
/// shown.
pub fn article(
    config: &Config,
    path: &Path,
    now: DateTime<Utc>,
    posts: &[Post],
) -> Result<Warned<(Post, Vec<NewFile>)>> {
    let written_out = WrittenOut::new(&config.root, config.fetch.max_size);
    let (post, warnings) = markdown::article(config, path, now, posts, &written_out)?;
    Ok(Warned::new((post, written_out.into_files()), warnings))
}

/// The folder `_includes` whose files texts in a folder may include, no further up than the `publication`.
#[must_use]
pub fn included_from(folder: &Path, publication: &Path) -> Option<PathBuf> {
    liquid::included_from(folder, publication)
}

/// Reads the introduction of an issue, Markdown that `begins` in a file whose folder is `folder`. Links to
/// `posts` by their files lead to their pages. With the pictures that are to be written before it is shown.
#[must_use]
pub fn introduction(
    config: &Config,
    text: &str,
    (begins, folder): (&Place, &Path),
    posts: &[Post],
) -> Warned<(Introduction, Vec<NewFile>)> {
    let written_out = WrittenOut::new(&config.root, config.fetch.max_size);
    let (introduction, warnings) = markdown::introduction(config, text, (begins, folder), posts, &written_out);
    Warned::new((introduction, written_out.into_files()), warnings)
}

/// Writes Markdown as HTML. Root-relative links lead to `base_url`; ids begin with `prefix` and two hyphens.
#[must_use]
pub fn markdown_to_html(text: &str, base_url: &str, prefix: &str) -> Html {
    struct Web(LinkIndex, String);
    impl Addresses for Web {
        fn link(&mut self, href: &str) -> Option<String> {
            self.0.resolve(href, "", &self.1)
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            self.link(src).map(|src| Shown { src, size: None })
        }
    }
    let mut web = Web(LinkIndex::new(vec![base_url.to_owned()]), base_url.to_owned());
    let written = body::to_html(text, false);
    let prefix = prefix.trim_end_matches('-');
    Sanitiser::new().foreign(&written.html, Context { prefix, title: None }, &mut web)
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
