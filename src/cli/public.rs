//! public/: what was rendered is written where it changed, and what an earlier run wrote and nobody renders any more
//! is taken away.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::files::{self, Tally};
use super::manifest::Manifest;
use crate::collect::kept::published;
use crate::collect::position;
use crate::collect::svg::is_named_so;
use crate::config::{Config, Source};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Language;
use crate::render::Output;

/// How much of a picture's file is read to see whether there is more in it than a picture, in bytes.
const HEAD: u64 = 131_072;

/// A file that stands elsewhere already and is copied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Copied {
    /// Where it goes, below public/.
    pub(super) path: String,
    /// Where its bytes are.
    pub(super) file: PathBuf,
    /// In bytes.
    pub(super) length: u64,
}

/// Where a site goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) folder: &'a Path,
    /// The folders in it that stay as they are: those of series that cannot be read at the moment.
    pub(super) kept: Vec<String>,
}

impl Target<'_> {
    /// What an earlier run wrote, and this one leaves alone. As long as a folder is kept nothing is taken away, for its
    /// pages may show it.
    fn standing(&self) -> Result<Manifest> {
        if self.kept.is_empty() {
            return Ok(Manifest::default());
        }
        Manifest::read(self.folder)
    }

    fn is_kept(&self, path: &str) -> bool {
        path.split_once('/').is_some_and(|(first, _)| self.kept.iter().any(|key| key == first))
    }
}

/// The folder that a site is written to: the one that was asked for, else public/. One that holds what the site is made
/// of, or lies in it, is an error of kind `Usage`.
pub(super) fn folder(config: &Config, asked: Option<&Path>) -> Result<PathBuf> {
    let Some(asked) = asked else { return Ok(config.root.join("public")) };
    let folder = whole(asked);
    if folder.is_file() {
        return Err(Error::new(ErrorKind::Usage, format!("`--output {}` is a file", asked.display()))
            .hint("name a folder of its own, like `site`"));
    }
    let own = ["issues", "collected", "templates", "outbox", ".git"].map(|name| config.root.join(name));
    let sources = config.sources.iter().filter_map(Source::folder).map(|folder| config.path(folder));
    // The publication itself may be a source: then only what holds it is refused.
    let inputs: Vec<PathBuf> = own.into_iter().chain(sources).map(|input| whole(&input)).collect();
    let root = whole(&config.root);
    let is_inside = |input: &PathBuf| *input != root && folder.starts_with(input);
    if root.starts_with(&folder) || inputs.iter().any(|input| input.starts_with(&folder) || is_inside(input)) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`--output {}` holds what the site is made of", asked.display()),
        )
        .hint("name a folder of its own, like `site`"));
    }
    Ok(folder)
}

/// A path without links and dots, as far as it exists.
fn whole(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let existing = absolute.ancestors().find_map(|parent| Some((parent, parent.canonicalize().ok()?)));
    match existing {
        Some((parent, real)) => absolute.strip_prefix(parent).map_or(absolute.clone(), |rest| below(real, rest)),
        None => absolute,
    }
}

/// A path below a folder that is not there yet: `..` leads back to what is named before it.
fn below(mut folder: PathBuf, rest: &Path) -> PathBuf {
    for part in rest.components() {
        match part {
            Component::ParentDir => {
                folder.pop();
            }
            part => folder.push(part),
        }
    }
    folder
}

/// The files in which a server looks for what stands at a path below public/.
pub(super) fn files_at(path: &str) -> [String; 3] {
    let bare = path.trim_end_matches('/');
    let index = if bare.is_empty() { "index.html".to_owned() } else { format!("{bare}/index.html") };
    [index, bare.to_owned(), format!("{bare}.html")]
}

/// What an earlier run wrote and this one took away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TakenAway {
    /// The folders of pages of posts, below public/: "posts/ink/".
    pub(super) posts: Vec<String>,
    /// How many files.
    files: usize,
}

/// A site of which a part is written: what is left of an earlier one is still there.
#[derive(Debug)]
pub(super) struct Begun<'a> {
    target: Target<'a>,
    /// What an earlier run wrote, and this one leaves alone.
    standing: Manifest,
    paths: BTreeSet<String>,
    tally: Tally,
}

/// Writes the first part of a site.
pub(super) fn begin<'a>(target: Target<'a>, outputs: &[Output], copied: &[Copied]) -> Result<Begun<'a>> {
    let standing = target.standing()?;
    files::sweep(target.folder)?;
    let mut begun = Begun { target, standing, paths: BTreeSet::new(), tally: Tally::default() };
    let copies = copied.iter().map(|copy| copy.path.as_str());
    begun.expect(outputs.iter().map(|output| output.path.as_str()).chain(copies))?;
    begun.add(outputs, copied)?;
    Ok(begun)
}

impl Begun<'_> {
    /// What was done so far.
    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Knows the files of the pages that are to follow.
    pub(super) fn expect<'p>(&mut self, files: impl Iterator<Item = &'p str>) -> Result<()> {
        claim(&mut self.paths, files)?;
        self.list_beside_earlier()
    }

    /// Writes some of these.
    pub(super) fn go_on(&mut self, outputs: &[Output]) -> Result<()> {
        self.add(outputs, &[])
    }

    /// Writes the feeds, which come last, so that no reader is told of a page that is not there; takes away what is left of an
    /// earlier site.
    pub(super) fn finish(&mut self, feeds: &[Output]) -> Result<TakenAway> {
        self.expect(feeds.iter().map(|feed| feed.path.as_str()))?;
        self.add(feeds, &[])?;
        let taken_away = self.take_away_stale()?;
        let mut known = std::mem::take(&mut self.standing);
        known.extend(&self.paths);
        known.write(self.target.folder)?;
        self.tally.removed = taken_away.files;
        Ok(taken_away)
    }

    /// Lists what is about to be written beside what earlier runs wrote: what stands is known as ours wherever this run ends.
    fn list_beside_earlier(&self) -> Result<()> {
        let mut known = Manifest::read(self.target.folder)?;
        known.extend(&self.paths);
        known.write(self.target.folder)
    }

    /// Takes away what earlier runs wrote, and this one neither wrote nor leaves alone.
    fn take_away_stale(&self) -> Result<TakenAway> {
        let folder = self.target.folder;
        let stays = |path: &String| self.paths.contains(path) || self.standing.holds(path);
        let mut taken_away = TakenAway::default();
        for path in Manifest::read(folder)?.files(folder)?.iter().filter(|path| !stays(path)) {
            let stale = folder.join(path);
            match std::fs::remove_file(&stale) {
                Ok(()) => {
                    taken_away.files += 1;
                    taken_away.posts.extend(page_of_post(path).map(str::to_owned));
                    remove_empty_parents(folder, &stale);
                }
                Err(cause) if is_gone(&cause) => {}
                Err(cause) => return Err(Error::io("take away the old file", &stale, &cause)),
            }
        }
        Ok(taken_away)
    }

    fn add(&mut self, outputs: &[Output], copied: &[Copied]) -> Result<()> {
        let folder = self.target.folder;
        let stays = |path: &str| self.target.is_kept(path) && self.standing.holds(path);
        let outputs: Vec<&Output> = outputs.iter().filter(|output| !stays(&output.path)).collect();
        let write = |output: &&Output| files::write_pieces(&folder.join(&output.path), &pieces(output));
        let outputs: Vec<Result<bool>> = outputs.par_iter().map(write).collect();
        let copied: Vec<Result<bool>> = copied.par_iter().map(|copy| copy_file(folder, copy)).collect();
        let mut done = Ok(());
        for written in outputs.into_iter().chain(copied) {
            match written {
                Ok(written) => self.tally.count(written),
                Err(error) => done = done.and(Err(error)),
            }
        }
        done
    }
}

fn pieces(output: &Output) -> Vec<&[u8]> {
    output.bytes.pieces().collect()
}

/// Adds these paths. Two files for one path are a mistake in the stages before: an error of kind `State`.
fn claim<'p>(paths: &mut BTreeSet<String>, files: impl Iterator<Item = &'p str>) -> Result<()> {
    for path in files {
        if !paths.insert(path.to_owned()) {
            return Err(Error::new(ErrorKind::State, "two pages claim one address").at(Place::file(path)));
        }
    }
    Ok(())
}

/// A file of the same length as its source, which is named after its hash or released for good, is the same file.
fn copy_file(folder: &Path, copy: &Copied) -> Result<bool> {
    let target = folder.join(&copy.path);
    // One in SVG may have been copied by an earlier version, as it came.
    let named_by_hash = copy.path.starts_with("assets/") && !is_named_so(&copy.path);
    if named_by_hash && std::fs::metadata(&target).is_ok_and(|meta| meta.len() == copy.length) && !is_placed(&target) {
        return Ok(false);
    }
    let bytes = std::fs::read(&copy.file).map_err(|cause| Error::io("read the file", &copy.file, &cause))?;
    files::write(&target, &published(&copy.path, bytes))
}

/// Whether a photograph says where it was taken: an earlier version may have copied it so, and a frozen issue keeps it so.
fn is_placed(file: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok()
        && position::says_more(&head)
        && std::fs::read(file).is_ok_and(|bytes| position::unplaced(&bytes).is_some())
}

/// Whether a file is not there: somebody took it away, or put something else in its place or in that of its folder.
fn is_gone(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(cause.kind(), NotFound | NotADirectory | IsADirectory)
}

/// The folder of a post's page, where this is its file: "posts/ink/" or, in another edition, "fa/posts/ink/".
fn page_of_post(path: &str) -> Option<&str> {
    let page = path.strip_suffix("index.html").filter(|page| page.ends_with('/'))?;
    let among_posts = page.strip_prefix("posts/").or_else(|| {
        let (edition, rest) = page.split_once('/')?;
        Language::parse(edition).and_then(|_| rest.strip_prefix("posts/"))
    })?;
    let slug = among_posts.trim_end_matches('/');
    (!slug.is_empty() && !slug.contains('/')).then_some(page)
}

fn remove_empty_parents(folder: &Path, file: &Path) {
    for parent in file.ancestors().skip(1).take_while(|parent| *parent != folder) {
        if std::fs::remove_dir(parent).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::cli::files::Tally;
    use crate::render::Output;

    fn write(folder: &std::path::Path, outputs: &[Output], copied: &[super::Copied]) -> crate::error::Result<Tally> {
        let mut begun = super::begin(Target { folder, kept: Vec::new() }, outputs, copied)?;
        begun.finish(&[])?;
        Ok(begun.tally())
    }

    fn page(path: &str, text: &str) -> Output {
        Output { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() }
    }

    #[test]
    fn only_our_own_stale_files_are_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("CNAME"), "theirs").unwrap();
        write(dir.path(), &[page("a/index.html", "1"), page("index.html", "2")], &[]).unwrap();
        let tally = write(dir.path(), &[page("index.html", "2")], &[]).unwrap();
        assert_eq!(tally, Tally { written: 0, unchanged: 1, removed: 1 });
        assert!(!dir.path().join("a").exists());
        assert!(dir.path().join("CNAME").exists());
    }

    #[test]
    fn what_a_run_wrote_that_did_not_come_to_its_end_is_known_as_ours() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[page("old/index.html", "1")], &[]).unwrap();
        let target = || Target { folder: dir.path(), kept: Vec::new() };
        super::begin(target(), &[page("first/index.html", "2")], &[]).unwrap();
        assert!(dir.path().join("old").exists() && dir.path().join("first").exists());
        let tally = write(dir.path(), &[page("index.html", "3")], &[]).unwrap();
        assert_eq!(tally, Tally { written: 1, unchanged: 0, removed: 2 });
        assert!(!dir.path().join("old").exists() && !dir.path().join("first").exists());
    }

    #[test]
    fn what_was_written_is_counted_where_something_cannot_be() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("b"), "a file where a folder has to be").unwrap();
        let mut begun = super::begin(Target { folder: dir.path(), kept: Vec::new() }, &[page("a", "1")], &[]).unwrap();
        begun.expect(["b/index.html", "c"].into_iter()).unwrap();
        begun.go_on(&[page("b/index.html", "2"), page("c", "3")]).unwrap_err();
        assert_eq!(begun.tally(), Tally { written: 2, unchanged: 0, removed: 0 });
        assert_eq!(write(dir.path(), &[], &[]).unwrap().removed, 2, "what was written is known");
    }

    #[test]
    fn pages_of_posts_are_known() {
        for (path, page) in [
            ("posts/ink/index.html", Some("posts/ink/")),
            ("fa/posts/ink/index.html", Some("fa/posts/ink/")),
            ("posts/index.html", None),
            ("posts/page/2/index.html", None),
            ("newsletter/1/index.html", None),
            ("posts/ink/feed.xml", None),
            ("index.html", None),
        ] {
            assert_eq!(super::page_of_post(path), page, "{path}");
        }
    }

    #[test]
    fn what_a_killed_run_left_is_swept_away() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[page("a/index.html", "1")], &[]).unwrap();
        std::fs::write(dir.path().join("a/.masthead-x1"), "half").unwrap();
        let tally = write(dir.path(), &[page("a/index.html", "1")], &[]).unwrap();
        assert_eq!(tally, Tally { written: 0, unchanged: 1, removed: 0 });
        assert!(!dir.path().join("a/.masthead-x1").exists());
        assert!(dir.path().join(".masthead-files").exists());
    }

    #[test]
    fn a_manifest_does_not_lead_out_of_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let public = dir.path().join("public");
        std::fs::write(dir.path().join("precious"), "").unwrap();
        write(&public, &[page("index.html", "")], &[]).unwrap();
        std::fs::write(public.join(".masthead-files"), "../precious\n/etc/hostname\nindex.html\n").unwrap();
        write(&public, &[page("index.html", "")], &[]).unwrap();
        assert!(dir.path().join("precious").exists());
    }

    /// The name of a picture as posts and issues have it, and the file that it is copied from.
    fn copied(folder: &std::path::Path, name: &str) -> super::Copied {
        let file = folder.join("original");
        std::fs::write(&file, "picture").unwrap();
        super::Copied { path: format!("assets/{name}"), file, length: 7 }
    }

    #[test]
    fn pictures_are_not_named_and_go_when_nothing_shows_them() {
        let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let names = ["0123456789abcdef.png", "fedcba9876543210/minutes.pdf", "00112233445566778899.jpg"];
        let copies = names.map(|name| copied(from.path(), name));
        write(dir.path(), &[page("index.html", "1")], &copies).unwrap();
        for own in ["assets/mine.png", "assets/aaaaaaaaaaaaaaaa.png", "assets/fedcba9876543210/mine.pdf"] {
            std::fs::write(dir.path().join(own), "mine").unwrap();
        }
        let listed = || std::fs::read_to_string(dir.path().join(".masthead-files")).unwrap();
        assert_eq!(listed().lines().count(), 4);
        let (list, hidden) = (listed(), ["0123456789abcdef", "fedcba9876543210", "minutes", "0011223344556677"]);
        assert!(hidden.iter().all(|name| !list.contains(name)) && list.contains("index.html\n"), "{list}");
        let tally = write(dir.path(), &[page("index.html", "1")], &copies[2..]).unwrap();
        assert_eq!(tally, Tally { written: 0, unchanged: 2, removed: 2 });
        for (path, stands) in [
            ("assets/0123456789abcdef.png", false),
            ("assets/fedcba9876543210/minutes.pdf", false),
            ("assets/00112233445566778899.jpg", true),
            ("assets/mine.png", true),
            ("assets/aaaaaaaaaaaaaaaa.png", true),
            ("assets/fedcba9876543210/mine.pdf", true),
        ] {
            assert_eq!(dir.path().join(path).exists(), stands, "{path}");
        }
        assert_eq!(listed().lines().count(), 2);
    }

    #[test]
    fn a_manifest_of_names_gives_way_where_nothing_else_changes() {
        let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let copies = ["0123456789abcdef.png", "fedcba9876543210.png"].map(|name| copied(from.path(), name));
        write(dir.path(), &[page("index.html", "1")], &copies).unwrap();
        let manifest = dir.path().join(".masthead-files");
        let anew = std::fs::read_to_string(&manifest).unwrap();
        let of_names = "assets/0123456789abcdef.png\nassets/fedcba9876543210.png\nindex.html\n";
        std::fs::write(&manifest, of_names).unwrap();
        // Even a run that comes no further than its first pages.
        let target = Target { folder: dir.path(), kept: Vec::new() };
        super::begin(target, &[page("index.html", "1")], &[]).unwrap();
        assert_eq!(std::fs::read_to_string(&manifest).unwrap(), anew);
        std::fs::write(&manifest, of_names).unwrap();
        let tally = write(dir.path(), &[page("index.html", "1")], &copies[..1]).unwrap();
        assert_eq!(tally, Tally { written: 0, unchanged: 2, removed: 1 });
        assert!(!std::fs::read_to_string(&manifest).unwrap().contains("0123456789abcdef"));
    }

    #[test]
    fn what_stays_as_long_as_a_folder_is_kept_is_known_afterwards() {
        let (dir, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let copies = [copied(from.path(), "0123456789abcdef.png")];
        write(dir.path(), &[page("news/1/index.html", "1"), page("index.html", "2")], &copies).unwrap();
        let target = Target { folder: dir.path(), kept: vec!["news".to_owned()] };
        super::begin(target, &[page("index.html", "2")], &[]).unwrap().finish(&[]).unwrap();
        assert!(dir.path().join("assets/0123456789abcdef.png").exists());
        assert_eq!(write(dir.path(), &[page("index.html", "2")], &[]).unwrap().removed, 2);
    }

    #[test]
    fn two_pages_at_one_address_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let error = write(dir.path(), &[page("x", "1"), page("x", "2")], &[]).unwrap_err();
        assert_eq!(error.to_string(), "x: two pages claim one address");
        let mut begun = super::begin(Target { folder: dir.path(), kept: Vec::new() }, &[page("x", "1")], &[]).unwrap();
        assert_eq!(begun.finish(&[page("x", "2")]).unwrap_err().to_string(), "x: two pages claim one address");
    }
}
