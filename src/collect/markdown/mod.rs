//! Folders of Markdown and HTML files.
//!
//! Every file is read and understood by itself; then all of them get their languages, slugs, addresses and ids in one
//! fixed order; then, when every post can be linked to, the bodies are written.

mod addresses;
mod bylines;
mod candidate;
mod conflict;
mod draft;
mod duplicate;
mod files;
mod identify;
mod inherited;
mod introduction;
mod later;
mod naming;
mod page;
mod parts;
mod permalink;
mod post;
mod title;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use self::draft::{Draft, Refused};
use self::files::{Listing, Outside};
use self::inherited::{Inherited, bare};
use self::naming::Suffixes;
use self::post::Named;
use super::alone::alone;
use super::dates::Written;
use super::hosted;
use super::kept::WrittenOut;
use super::linked::{LinkedFiles, is_picture};
use super::links::LinkIndex;
use super::liquid::Includes;
use super::memory::Memory;
use super::pictures::Pictures;
use super::sanitise::Sanitiser;
use super::{Counted, Gathered, LeftOut, Run, Vanished};
use crate::config::{Config, Source};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Language, Post, shell_word};

pub(super) use self::draft::display;
pub(super) use self::files::{MADE_HERE, MANIFEST, TEMPLATES, is_hidden};
pub use self::introduction::Introduction;
pub(super) use self::introduction::introduction;

/// A folder whose files have been read, and then named.
pub(super) struct Folder<'c> {
    pub(super) source: &'c Source,
    root: PathBuf,
    assets: &'c [PathBuf],
    /// Pictures and other files in it that are no texts.
    attachments: Vec<PathBuf>,
    /// The files in the order of their paths, until they are named.
    drafts: Vec<Draft>,
    /// The same when they are.
    named: Vec<Named>,
    /// Folders in it that cannot be read, and why.
    unread: Vec<(PathBuf, std::io::Error)>,
    gathered: Gathered,
}

/// Reads the files of a folder. Fails when it is not there.
pub(super) fn read<'c>(
    config: &'c Config,
    source: &'c Source,
    folder: &Path,
    assets: &'c [PathBuf],
) -> Result<Folder<'c>> {
    let root = config.path(folder);
    if !root.is_dir() {
        return Err(Error::new(ErrorKind::Config, format!("there is no folder `{}`", folder.display())).at(Place::at(
            &config.file,
            source.line,
            1,
        )));
    }
    std::fs::read_dir(&root).map_err(|cause| unread(folder, &cause))?;
    let name = |path: &Path| display(&config.root, path);
    let mut listing = files::list(&root, &outside(config, &root), &name);
    without_exported(&mut listing, &name);
    let posts: HashSet<&str> = listing.candidates.iter().map(|candidate| bare(&candidate.relative)).collect();
    let suffixes = suffixes(config, source, &root, &listing);
    let mut inherited = Inherited::read(&root, &listing.attachments, &listing.sections, &posts, &name);
    if let Some((path, cause)) = inherited.unread.take() {
        return Err(unread(&name(&path), &cause));
    }
    listing.attachments.retain(|file| !inherited.read.contains(file));
    listing.warnings.append(&mut inherited.warnings);
    let mut gathered = Gathered { left_out: listing.left_out, warnings: listing.warnings, ..Gathered::default() };
    gathered.files_found = listing.candidates.len() + gathered.left_out.len();
    let read: Vec<_> = listing
        .candidates
        .into_par_iter()
        .map(|candidate| {
            let file = name(&candidate.path);
            let read = alone(|| draft::read(candidate, file.clone(), &inherited, &suffixes));
            (file, read)
        })
        .collect();
    let mut drafts = Vec::with_capacity(read.len());
    for (file, read) in read {
        match read {
            Some(Ok(draft)) => drafts.push(draft),
            Some(Err(Refused::LeftOut(reason))) => gathered.left_out.push(LeftOut { file, reason }),
            // Without it its page would go, and its issue close.
            Some(Err(Refused::Unread(cause))) => return Err(unread(&file, &cause)),
            None => gathered.could_not_read("the file", file),
        }
    }
    gathered.warnings.extend(no_languages(&drafts));
    let (attachments, named) = (listing.attachments, Vec::new());
    Ok(Folder { source, root, assets, attachments, drafts, named, unread: listing.unread, gathered })
}

/// Fails where a folder cannot be read in which posts stood when they were last seen: whether they still do is unknown. One
/// that never had any is warned of.
pub(super) fn refuse_unread(config: &Config, folders: &[Folder<'_>], memory: &Memory<'_>) -> Result<()> {
    for (path, cause) in folders.iter().flat_map(|folder| &folder.unread) {
        let path = display(&config.root, path);
        if memory.had_posts_below(&path) {
            return Err(unread(&path, cause));
        }
    }
    Ok(())
}

/// How many posts nobody takes away at once and leaves none.
const MANY: usize = 5;

/// Fails where there is nothing in a folder, not even a hidden file, in which many posts stood when they were last seen, and
/// stand nowhere else now: a disk that is away looks so. Posts in a folder of another source are that one's. The posts have been
/// named.
pub(super) fn refuse_emptied(config: &Config, folders: &[Folder<'_>], memory: &Memory<'_>) -> Result<()> {
    let is_empty =
        |folder: &&Folder<'_>| std::fs::read_dir(&folder.root).is_ok_and(|mut entries| entries.next().is_none());
    for folder in folders.iter().filter(is_empty) {
        let path = display(&config.root, &folder.root);
        let missing = memory.missing_below(&path);
        if missing >= MANY {
            return Err(Error::new(ErrorKind::Input, format!("the folder is empty, and {missing} posts stood in it"))
                .at(Place::file(path))
                .hint("nothing is changed: where it is a disk that is not there, bring it back and run again")
                .hint(
                    "where it is to be empty, put a file `.gitkeep` into it, or take the source out of config.toml",
                ));
        }
    }
    Ok(())
}

/// An error where a post, or a folder of posts, is there and cannot be read.
fn unread(path: &Path, cause: &std::io::Error) -> Error {
    Error::io("read", path, cause)
        .hint("nothing is changed: without it, pages would go and issues close; let the user who runs masthead read it")
}

/// Leaves out the texts of an export of Substack's: the table beside them says which of them are drafts, and for whom others are.
fn without_exported(listing: &mut Listing, name: &dyn Fn(&Path) -> PathBuf) {
    let mut tables: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let (left_out, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut listing.candidates).into_iter().partition(|candidate| {
            let table = hosted::table_beside(&candidate.path);
            table.map(|table| *tables.entry(table).or_default() += 1).is_some()
        });
    listing.candidates = kept;
    listing.left_out.extend(left_out.into_iter().map(|candidate| LeftOut {
        file: name(&candidate.path),
        reason: "it is of an export of Substack's, whose table says what may be published".to_owned(),
    }));
    listing.warnings.extend(tables.into_iter().map(|(table, count)| {
        let message = format!("this is the table of an export of Substack's; its texts ({count}) are left out");
        let folder = name(table.parent().unwrap_or(&table)).display().to_string();
        let hint =
            format!("`masthead source import {}` brings in what is published and for everybody", shell_word(&folder));
        Warning::new(message).at(Place::file(name(&table))).hint(hint)
    }));
}

/// The languages that count in the names of a folder's files.
fn suffixes(config: &Config, source: &Source, root: &Path, listing: &Listing) -> Suffixes {
    let sections: Vec<String> = listing.sections.iter().filter_map(|path| inherited::relative(root, path)).collect();
    let files = listing.candidates.iter().map(|candidate| &candidate.relative).chain(&sections);
    Suffixes::find(files.map(String::as_str), published(config).chain(&source.language))
}

/// The languages of the publication and its series.
fn published(config: &Config) -> impl Iterator<Item = &Language> {
    config.series.iter().map(|series| &series.language).chain([&config.publication.language])
}

/// Says of what could be a language in the names of files that it was read as a word: of each once, with the first of them.
fn no_languages(drafts: &[Draft]) -> Vec<Warning> {
    let mut words: BTreeMap<Language, (&Path, usize)> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| draft.name.language.is_none()) {
        if let Some((_, language)) = naming::suffix(&draft.relative) {
            words.entry(language).or_insert((&draft.file, 0)).1 += 1;
        }
    }
    let told = words.into_iter().map(|(language, (file, count))| {
        let more = if count > 1 { format!(" (and in {} more)", count - 1) } else { String::new() };
        let message = format!("`{language}` in the name of the file is read as a word of it, not as a language{more}");
        Warning::new(message).at(Place::file(file)).hint(format!("`lang: {language}` in the front matter makes it one"))
    });
    told.collect()
}

/// Gives the posts of all folders their languages, slugs, addresses and ids.
pub(super) fn name(run: &mut Run<'_>, memory: &mut Memory<'_>, folders: &mut [Folder<'_>]) {
    identify::name_all(run, memory, folders);
}

/// The posts of folders that earlier runs saw, once those of this run are named.
pub(super) fn vanished(config: &Config, memory: &Memory<'_>) -> Vec<Vanished> {
    identify::vanished(config, memory)
}

/// Writes the bodies of a folder's posts.
pub(super) fn write(run: &Run<'_>, folder: Folder<'_>) -> Gathered {
    let Folder { source, root, assets, attachments, named, mut gathered, .. } = folder;
    let config = run.config;
    let named = without_expired(run, named, &mut gathered.left_out);
    let mut index = LinkIndex::new(bases(config, source));
    for post in &named {
        index.add(&post.draft.relative, &post.paths, &post.address, post.prefix());
        if post.draft.front.address.is_some() {
            index.add_address(&post.address, post.prefix());
        }
    }
    let includes = Includes::of(&root, &config.root);
    let home = root.clone();
    let folders: Vec<PathBuf> = [root].into_iter().chain(assets.iter().map(|folder| config.path(folder))).collect();
    let linked = LinkedFiles::new(config, &folders);
    let pictures = Pictures::new(folders);
    let writer = post::Writer {
        config,
        source,
        index: &index,
        folder: None,
        pictures: &pictures,
        linked: &linked,
        sanitiser: run.sanitiser,
        includes: &includes,
        written_out: run.written_out,
    };
    let write = |named: Named| {
        let file = named.draft.file.clone();
        alone(|| writer.write(named)).ok_or(file)
    };
    let written: Vec<std::result::Result<_, PathBuf>> = named.into_par_iter().map(write).collect();
    let mut posts: Vec<(Post, Vec<Warning>)> = Vec::with_capacity(written.len());
    for written in written {
        match written {
            Ok(post) => posts.push(post),
            Err(file) => gathered.could_not_read("the file", file),
        }
    }
    parts::settle(&mut posts);
    gathered.posts.reserve(posts.len());
    for (post, warnings) in posts {
        gathered.posts.push(post);
        gathered.warnings.extend(warnings);
    }
    account_for_files(&mut gathered, config, &home, &attachments);
    gathered
}

/// Accounts for the files of a folder that are no posts. A document that is published with a post that links to it is not left
/// out; of pictures and the rest those are counted that no post has.
fn account_for_files(gathered: &mut Gathered, config: &Config, folder: &Path, attachments: &[PathBuf]) {
    let assets: HashSet<&PathBuf> =
        gathered.posts.iter().flat_map(|post| &post.assets).map(|asset| &asset.file).collect();
    let published: HashSet<PathBuf> = assets.into_iter().filter_map(|file| file.canonicalize().ok()).collect();
    let is_published = |file: &Path| file.canonicalize().is_ok_and(|file| published.contains(&file));
    let told = gathered.left_out.len();
    gathered.left_out.retain(|one| !is_published(&config.path(&one.file)));
    gathered.files_found -= told - gathered.left_out.len();
    let mut kinds = [("picture", 0), ("file", 0)];
    for file in attachments.iter().filter(|file| !is_published(file)) {
        kinds[usize::from(!is_picture(file))].1 += 1;
    }
    let file = display(&config.root, folder);
    gathered.counted.extend(kinds.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| Counted {
        file: file.clone(),
        kind: kind.to_owned(),
        count,
        reason: "no post of this folder shows it or links to it".to_owned(),
    }));
}

/// Leaves out posts whose day of expiry is past. They have their names, so that these stay theirs where that day is put off.
fn without_expired(run: &Run<'_>, mut named: Vec<Named>, left_out: &mut Vec<LeftOut>) -> Vec<Named> {
    let zone = run.config.publication.time_zone;
    let is_over = |expires: &Written| expires.instant(zone) <= run.now;
    let expired = named.extract_if(.., |post| post.draft.front.expires.as_ref().is_some_and(is_over));
    left_out.extend(expired.map(|post| {
        let Draft { file, title, front, .. } = post.draft;
        let day = front.expires.map(|expires| expires.date.to_string()).unwrap_or_default();
        LeftOut { file, reason: format!("`{title}` expired on {day}") }
    }));
    named
}

/// What in the folder of a source is not its own.
fn outside<'c>(config: &'c Config, root: &Path) -> Outside<'c> {
    let own = root.canonicalize().ok();
    let folders = config.sources.iter().filter_map(Source::folder);
    let folders = folders.filter_map(|folder| config.path(folder).canonicalize().ok());
    Outside { root: &config.root, others: folders.filter(|folder| Some(folder) != own.as_ref()).collect() }
}

/// Where the posts of a source stand on the web: under our address, and where they stood before.
fn bases(config: &Config, source: &Source) -> Vec<String> {
    [Some(config.publication.base_url.clone()), source.base_url.clone()].into_iter().flatten().collect()
}

/// Reads one file as a post: a standing article of a series, whose links may mean `posts`.
pub(super) fn article(
    config: &Config,
    path: &Path,
    now: DateTime<Utc>,
    posts: &[Post],
    written_out: &WrittenOut,
) -> Result<(Post, Vec<Warning>)> {
    let file = display(&config.root, path);
    let absolute = config.path(path);
    let markup = match absolute.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "htm") => files::Markup::Html,
        _ => files::Markup::Markdown,
    };
    if let Err(cause) = std::fs::metadata(&absolute) {
        return Err(Error::io("read", &file, &cause));
    }
    let relative = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let candidate = files::Candidate { path: absolute.clone(), relative, markup };
    let suffixes = Suffixes::find(std::iter::empty(), published(config));
    let draft =
        draft::read(candidate, file.clone(), &Inherited::default(), &suffixes).map_err(|refused| match refused {
            Refused::LeftOut(reason) => Error::new(ErrorKind::Input, reason).at(Place::file(&file)),
            Refused::Unread(cause) => Error::io("read", &file, &cause),
        })?;
    if let Some(line) = conflict::line(&draft.text) {
        let error = Error::new(ErrorKind::Input, "two versions stand here that were not merged");
        return Err(error.at(Place::at(&file, line, 1)));
    }
    let named = identify::name_one(config, draft, now);
    let source =
        Source::new("standing", crate::config::SourceKind::Markdown { folder: PathBuf::new(), assets: Vec::new() });
    let index = introduction::index(config, posts);
    let folder = introduction::slashed(named.draft.file.parent().unwrap_or(Path::new("")));
    let folders = asset_folders(config);
    let linked = LinkedFiles::new(config, &folders);
    let pictures = Pictures::new(folders);
    let sanitiser = Sanitiser::new();
    let includes = absolute.parent().map(|folder| Includes::of(folder, &config.root)).unwrap_or_default();
    let writer = post::Writer {
        config,
        source: &source,
        index: &index,
        folder: Some(&folder),
        pictures: &pictures,
        linked: &linked,
        sanitiser: &sanitiser,
        includes: &includes,
        written_out,
    };
    Ok(writer.write(named))
}

/// Every folder of the configuration in which pictures may stand.
pub(super) fn asset_folders(config: &Config) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for source in &config.sources {
        if let crate::config::SourceKind::Markdown { folder, assets } = &source.kind {
            folders.extend([folder].into_iter().chain(assets).map(|folder| config.path(folder)));
        }
    }
    folders.push(config.root.clone());
    folders
}

#[cfg(test)]
mod tests;
