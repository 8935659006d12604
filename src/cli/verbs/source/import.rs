//! `masthead source import`: a whole archive, brought over once.
//!
//! Each post becomes a file, whole, and none that is there is written over; so a run that was cut short goes on where
//! it ended, and what editors changed since stays.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use serde_json::{Value, json};
use url::Url;

use super::pictured;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::{fetching, files, older};
use crate::collect::fetch::{Ask, Document, Documents, Fault};
use crate::collect::kept::NewFile;
use crate::collect::moving::{self, MovedFile};
use crate::collect::{self, Collected};
use crate::config::{Config, Source, SourceKind};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Credit, Post, PostId, shown_address};

/// No other source is called so: names begin with a letter or a digit.
const NAME: &str = ".import";

/// The namespace of the archives of Blogger's that name no site.
const TAKEOUT: &str = "http://schemas.google.com/blogger/2018";

/// What is said where nothing could be read.
const ARCHIVES: &str =
    "an archive is an export of WordPress (.xml), Ghost (.json) or Substack (the folder with posts.csv), or a feed";
const FOLDERS: &str = "files of Markdown and HTML need no import: `[[source]]` with `markdown = \"FOLDER\"` reads them";

/// Bytes at the beginning of a file that tell what it is.
const HEAD: usize = 64 << 10;

/// What was asked for.
pub(super) struct Asked {
    pub(super) location: PathBuf,
    pub(super) into: Option<PathBuf>,
    pub(super) pages: bool,
    pub(super) dry_run: bool,
}

/// What became of each post.
#[derive(Default)]
struct Moved {
    written: Vec<PathBuf>,
    /// Files that are there already, and posts that the folder holds under another name.
    there: usize,
    /// Posts whose day and slug are those of another.
    named_anew: usize,
}

impl Moved {
    fn count(&self) -> usize {
        self.written.len() + self.there
    }
}

/// Reads the archive and writes its posts as files.
pub(super) fn run(session: &mut Session, asked: &Asked) -> Result<Report> {
    let config = session.config_before_folders()?;
    let _lock = session.lock(&config)?;
    let into = into(&config, asked.into.as_deref())?;
    session.progress("reading the archive");
    let (kind, names_paths_alone) = kind(asked)?;
    let is_feed = matches!(kind, SourceKind::Feed { .. });
    let mut source = Source::new(NAME, kind);
    source.base_url = names_paths_alone.then(|| config.publication.base_url.clone());
    session.posts_are_of(&config, &source);
    let documents = match source.address() {
        Some(url) => Documents::from([(NAME.to_owned(), fetched(session, &config, &url)?)]),
        None => Documents::new(),
    };
    let known = known(session, &config, &into)?;
    let from_feed = match is_feed {
        true if asked.dry_run => Some(collect::collect_one(&config, source.clone(), &documents, session.now)?),
        true => Some(pictured::collected(session, &config, source.clone(), &documents, &known.ids)?),
        false => None,
    };
    let mut moving = Moving::begin(session, &config, &into, known, asked.dry_run)?;
    let collected = if let Some(mut collected) = from_feed {
        let unnamed = without_foreign_address(&mut collected.value.posts);
        if unnamed > 0 {
            let posts = counted(unnamed, "post");
            let message = format!("the archive names no page of its own for {posts}: the address is that of our page");
            collected.warnings.push(Warning::new(message).at(Place::file(&asked.location)));
        }
        without_common_credit(&mut collected.value.posts);
        collected.value.posts.iter().try_for_each(|post| moving.write(post))?;
        collected
    } else {
        // Post by post: an export may be larger than memory.
        let read = collect::read_export(&config, &source, session.now, &mut |post| moving.write(&post));
        read.map_err(|error| of_argument(error, &config, &asked.location))?
    };
    moving.write_pictures(&collected.value.pictures)?;
    let moved = moving.moved;
    if moved.named_anew > 0 {
        let message = match moved.named_anew {
            1 => "1 post has the day and the slug of another: its file has a count behind its name".to_owned(),
            many => format!(
                "{many} posts have the day and the slug of another: their files have a count behind their names"
            ),
        };
        session.warnings.push(Warning::new(message).at(Place::file(&asked.location)));
    }
    let mut collected = session.heed(collected);
    for counted in &mut collected.counted {
        // What config.toml calls so is an option here.
        counted.reason = counted.reason.replace("`pages = true`", "`--pages`");
    }
    if moved.count() == 0 && collected.files_found == 0 && !session.warnings.is_empty() {
        let error = Error::new(ErrorKind::Input, "no post was found").at(Place::file(&asked.location));
        return Err(error.hint(ARCHIVES).hint(FOLDERS));
    }
    advise(session, &config, &into, asked);
    Ok(report(&into, &collected, &moved, asked.dry_run))
}

/// An error about a source of this run alone, which config.toml does not have.
fn of_argument(error: Error, config: &Config, location: &Path) -> Error {
    if error.kind() != ErrorKind::Config || error.place().is_none_or(|place| place.file != config.file) {
        return error;
    }
    Error::new(ErrorKind::Input, error.message()).at(Place::file(location)).hint(ARCHIVES).hint(FOLDERS)
}

/// The folder to write into, as the configuration would name it.
fn into(config: &Config, asked: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = asked {
        return Ok(folder.to_path_buf());
    }
    config.sources.iter().find_map(Source::folder).map(Path::to_path_buf).ok_or_else(|| {
        Error::new(ErrorKind::Usage, "no source is a folder that posts could be written into")
            .hint("`--into posts` names one; add `[[source]]` with `markdown = \"posts\"` to config.toml")
    })
}

/// A feed on the web with all its older pages.
fn fetched(session: &mut Session, config: &Config, url: &Url) -> Result<Vec<Document>> {
    let ask = Ask::plain(url);
    let shown = shown_address(url);
    let answer = fetching::ask_all(session, config, std::slice::from_ref(&ask), "address").pop();
    let mut answer = answer.unwrap_or_else(|| Err(Fault::Unasked.into())).map_err(|failure| {
        let error = Error::new(ErrorKind::Input, format!("`{shown}` could not be fetched: {}", failure.fault));
        failure.fault.hint().map_or(error.clone(), |hint| error.hint(hint))
    })?;
    let newest = fetching::document(&mut answer);
    let probe = collect::probe(&newest);
    if !probe.reading.is_feed {
        let fault = Fault::NoFeed { is_page: probe.reading.is_page };
        return Err(Error::new(ErrorKind::Input, format!("`{shown}` could not be read: {fault}"))
            .hint("a page's archive is its feed's: `masthead source add` finds that; WordPress gives a whole export under Tools, Export"));
    }
    let (pages, stopped) = older::whole(session, config, &ask, newest);
    if let Some(why) = stopped {
        session.warnings.push(Warning::new(format!("older pages of `{shown}` are missing: {why}")));
    }
    Ok(pages)
}

/// What an archive is: an address is a feed's; a folder and a file that says so are WordPress's; anything else is read as a feed.
/// Also whether its posts have paths alone, and it does not say on which site they stood, as Blogger's in Google's Takeout, Ghost's
/// and Substack's.
fn kind(asked: &Asked) -> Result<(SourceKind, bool)> {
    let text = asked.location.to_string_lossy();
    if text.starts_with("http://") || text.starts_with("https://") {
        let url = Url::parse(&text)
            .map_err(|cause| Error::new(ErrorKind::Usage, format!("`{text}` cannot be read as an address: {cause}")))?;
        return Ok((SourceKind::Feed { location: url.into(), pages: asked.pages }, false));
    }
    // Paths on the command line start where the command was given.
    let path =
        std::path::absolute(&asked.location).map_err(|cause| Error::io("read the archive", &asked.location, &cause))?;
    if let Some(table) = collect::table_of(&path) {
        return Ok((SourceKind::Feed { location: table.to_string_lossy().into_owned(), pages: asked.pages }, true));
    }
    if path.is_dir() {
        return Ok((SourceKind::WordPress { path, pages: asked.pages, assets: Vec::new() }, false));
    }
    let head = files::head(&path, HEAD)?
        .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(&asked.location)))?;
    if head.starts_with(b"PK\x03\x04") {
        return Err(Error::new(ErrorKind::Usage, "this is a zip archive; unpack it, and import what is in it")
            .at(Place::file(&asked.location))
            .hint("of Substack's, import the folder that has posts.csv; of Buttondown's, copy the files into a source's folder"));
    }
    let mut unpacked = Vec::new();
    if head.starts_with(&[0x1f, 0x8b]) {
        // What is wrong with it further on, its reader says.
        let _ = MultiGzDecoder::new(&*head).take(HEAD as u64).read_to_end(&mut unpacked);
    }
    let head = String::from_utf8_lossy(if unpacked.is_empty() { &head } else { &unpacked });
    if head.contains("wordpress.org/export/") || head.contains("wxr_version") {
        return Ok((SourceKind::WordPress { path, pages: asked.pages, assets: Vec::new() }, false));
    }
    let location = path.to_string_lossy().into_owned();
    Ok((SourceKind::Feed { location, pages: asked.pages }, head.contains(TAKEOUT) || collect::is_ghost(&head)))
}

/// An item that names no page leads to the front page of its site, or to a file that comes with it: that is no address of a
/// post. Says how many there are.
fn without_foreign_address(posts: &mut [Post]) -> usize {
    let mut seen = BTreeSet::new();
    let shared: BTreeSet<String> =
        posts.iter().map(|post| &post.address).filter(|address| !seen.insert(*address)).cloned().collect();
    let is_front = |address: &str| Url::parse(address).is_ok_and(|url| url.path() == "/" && url.query().is_none());
    let mut unnamed = 0;
    for post in posts {
        let site = post.credit.as_ref().and_then(|credit| credit.url.as_deref());
        let is_file = post.enclosures.iter().any(|file| file.address == post.address);
        let address = &post.address;
        if is_front(address) || post.has_page_of_ours() || site == Some(address) || is_file || shared.contains(address)
        {
            post.address.clear();
            unnamed += 1;
        }
    }
    unnamed
}

/// The posts are ours from now on: what every item of a feed is credited to, is we.
fn without_common_credit(posts: &mut [Post]) {
    let mut counts: BTreeMap<Option<(&str, Option<&str>)>, usize> = BTreeMap::new();
    for post in posts.iter() {
        let credit = post.credit.as_ref().map(|credit| (credit.name.as_str(), credit.url.as_deref()));
        *counts.entry(credit).or_default() += 1;
    }
    let Some((Some((name, url)), _)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
    let common = Some(Credit { name: name.to_owned(), url: url.map(str::to_owned) });
    for post in posts.iter_mut().filter(|post| post.credit == common) {
        post.credit = None;
    }
}

/// The posts that a folder holds already, whatever their files are called now.
#[derive(Default)]
struct Known {
    ids: BTreeSet<PostId>,
    /// Their pages.
    pages: BTreeSet<String>,
}

impl Known {
    /// Whether a post is one of them. Its guid may be another one since the site has moved, or was mended; its page is its own.
    fn has(&self, post: &Post) -> bool {
        self.ids.contains(&post.id) || page(&post.address).is_some_and(|page| self.pages.contains(page))
    }
}

/// The page of an address, whatever its scheme; a front page is that of no post.
fn page(address: &str) -> Option<&str> {
    let (_, page) = address.trim_end_matches('/').split_once("://")?;
    page.contains(['/', '?']).then_some(page)
}

/// What the folder holds already.
fn known(session: &mut Session, config: &Config, into: &Path) -> Result<Known> {
    if !config.path(into).is_dir() {
        return Ok(Known::default());
    }
    let folder = SourceKind::Markdown { folder: into.to_path_buf(), assets: Vec::new() };
    let held = collect::collect_one(config, Source::new(NAME, folder), &Documents::new(), session.now)?;
    // What there is to say of those files, publishing says.
    let pages = held.value.posts.iter().filter_map(|post| page(&post.address)).map(str::to_owned).collect();
    Ok(Known { ids: held.value.posts.into_iter().map(|post| post.id).collect(), pages })
}

/// The writing of posts into a folder.
struct Moving<'a> {
    session: &'a Session,
    config: &'a Config,
    /// As the configuration names it, and where it is.
    into: &'a Path,
    root: PathBuf,
    /// The posts that it holds already.
    known: Known,
    /// How many posts asked for the name of a file, by that name.
    asked: BTreeMap<PathBuf, usize>,
    dry_run: bool,
    moved: Moved,
    /// Where pictures of ours belong beside the posts that show them, and where they are, from config.toml.
    pictures: BTreeMap<PathBuf, PathBuf>,
}

impl<'a> Moving<'a> {
    /// Sweeps away what a killed run left.
    fn begin(session: &'a Session, config: &'a Config, into: &'a Path, known: Known, dry_run: bool) -> Result<Self> {
        let root = config.path(into);
        if !dry_run {
            files::sweep(&root)?;
        }
        let (moved, pictures, asked) = (Moved::default(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { session, config, into, root, known, asked, dry_run, moved, pictures })
    }

    /// Writes a post, unless it is there.
    fn write(&mut self, post: &Post) -> Result<()> {
        let (file, is_there) = self.place(post)?;
        let path = self.root.join(&file.path);
        if !self.known.has(post) || path.exists() {
            // Also of a run that was cut short.
            let beside = path.parent().unwrap_or(&self.root).join("assets");
            self.pictures.extend(post.assets.iter().map(|asset| (beside.join(&asset.name), asset.file.clone())));
        }
        if is_there {
            self.moved.there += 1;
            return Ok(());
        }
        self.session.progress(format!("writing post {}", self.moved.count() + 1));
        if !self.dry_run {
            files::write(&path, file.text.as_bytes())?;
        }
        self.moved.written.push(self.into.join(&file.path));
        Ok(())
    }

    /// The file of a post, and whether it is there already. A name that is another post's gets a count behind it.
    fn place(&mut self, post: &Post) -> Result<(MovedFile, bool)> {
        let publication = &self.config.publication;
        let of = |nth| moving::file_of(post, publication.time_zone, &publication.language, nth);
        let mut file = of(1);
        if self.known.has(post) {
            return Ok((file, true));
        }
        let asked = self.asked.entry(file.path.clone()).or_default();
        loop {
            *asked += 1;
            if *asked > 1 {
                file = of(*asked);
            }
            // What this run wrote has been asked for.
            let Some(there) = files::read(&self.root.join(&file.path))? else { break };
            if moving::is_file_of(&String::from_utf8_lossy(&there), post) {
                return Ok((file, true));
            }
        }
        self.moved.named_anew += usize::from(*asked > 1);
        Ok((file, false))
    }

    /// Writes the pictures that the archive held in the place of addresses, and copies those that were fetched before.
    fn write_pictures(&self, new: &[NewFile]) -> Result<()> {
        if self.dry_run {
            return Ok(());
        }
        let new: BTreeMap<&Path, &[u8]> = new.iter().map(|file| (&*file.asset.file, &*file.bytes)).collect();
        for (to, from) in &self.pictures {
            let kept = if new.contains_key(&**from) { None } else { files::read(&self.config.root.join(from))? };
            if let Some(bytes) = new.get(&**from).copied().or(kept.as_deref()) {
                files::write(to, bytes)?;
            }
        }
        Ok(())
    }
}

/// What is still to be done in config.toml.
fn advise(session: &mut Session, config: &Config, into: &Path, asked: &Asked) {
    let root = config.path(into);
    let is_read = config.sources.iter().filter_map(Source::folder).any(|folder| root.starts_with(config.path(folder)));
    if !is_read {
        let warning = Warning::new(format!("no source of config.toml reads `{}`", into.display()));
        session.warnings.push(warning.hint(format!("add `[[source]]` with `markdown = \"{}\"`", into.display())));
    }
    let archive = std::path::absolute(&asked.location).ok();
    let is_source = |source: &&Source| {
        let path = match &source.kind {
            SourceKind::WordPress { path, .. } => config.path(path),
            SourceKind::Feed { location, .. } => config.path(Path::new(location)),
            SourceKind::Markdown { .. } => return false,
        };
        std::path::absolute(path).ok() == archive
    };
    if let Some(source) = config.sources.iter().find(is_source) {
        let warning = Warning::new(format!("the archive is still the source `{}`", source.name)).at(Place::at(
            &config.file,
            source.line,
            1,
        ));
        session.warnings.push(warning.hint("take it out of config.toml: its posts are in the folder now"));
    }
}

fn report(into: &Path, collected: &Collected, moved: &Moved, dry_run: bool) -> Report {
    let mut report = Report::default();
    let would = if dry_run { "would be written" } else { "written" };
    let written = counted(moved.written.len(), "post");
    report.line(format!("{written} {would} into {}, {} there already", into.display(), moved.there));
    if dry_run {
        for file in &moved.written {
            report.line(format!("  {}", file.display()));
        }
    }
    for left_out in &collected.left_out {
        report.line(format!("left out: {}", left_out.reason));
    }
    for counted in &collected.counted {
        report.line(format!("counted: {} of the kind `{}`: {}", counted.count, counted.kind, counted.reason));
    }
    let paths: Vec<Value> = moved.written.iter().map(|path| json!(path.display().to_string())).collect();
    report.set("written", Value::Array(paths));
    report.set("there", json!(moved.there));
    report.set("left_out", json!(collected.left_out));
    report.set("counted", json!(collected.counted));
    report.set("dry_run", json!(dry_run));
    report
}
