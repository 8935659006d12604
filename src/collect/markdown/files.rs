//! The files of a folder: which are posts, which are not and why.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::collect::LeftOut;
use crate::collect::linked::is_picture;
use crate::error::{Error, Place, Warning};
use crate::model::media_type_of;

/// How the text of a file is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Markdown,
    Html,
}

/// A file that may be a post.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// Below the source folder, with slashes.
    pub(super) relative: String,
    pub(super) markup: Markup,
}

/// What a folder holds, in the order of the paths.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) candidates: Vec<Candidate>,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) warnings: Vec<Warning>,
    /// Texts that describe sections.
    pub(super) sections: Vec<PathBuf>,
    /// Pictures and other files that are no texts.
    pub(super) attachments: Vec<PathBuf>,
    /// Folders that cannot be read, and why.
    pub(super) unread: Vec<(PathBuf, std::io::Error)>,
}

/// How the names of files in Markdown end.
const MARKDOWN: [&str; 10] = ["md", "markdown", "mdx", "mkd", "mdown", "mdwn", "mkdn", "mkdown", "mdtext", "mdtxt"];

/// Texts in markup that is not read here.
const FOREIGN_MARKUP: [&str; 12] =
    ["rst", "adoc", "asciidoc", "org", "textile", "tex", "ipynb", "docx", "qmd", "rmd", "wiki", "pug"];

/// Files of which sites are built, which may begin as posts do.
const OF_SITES: [&str; 12] =
    ["css", "scss", "sass", "less", "js", "ts", "json", "xml", "yml", "yaml", "toml", "webmanifest"];

/// So much of a file of an unknown kind is looked at, in bytes.
const HEAD: u64 = 512;

/// Why Hugo's and Zola's `_index.md` are no posts.
const SECTION: &str = "it describes a section of the site and is no post";

/// The folders of a publication that hold what is made of posts, or makes it.
pub(in crate::collect) const MADE_HERE: [&str; 5] = ["collected", "issues", "outbox", "public", "templates"];

/// The folders of Jekyll's and Eleventy's sites that hold what texts are put into, or what was made of them.
pub(in crate::collect) const TEMPLATES: [&str; 5] = ["_includes", "_layouts", "_site", "_data", "_plugins"];

/// Lists what it wrote in the folder of a site (`publish --output` may have put one anywhere).
pub(in crate::collect) const MANIFEST: &str = ".masthead-files";

/// Why a link upwards is not followed.
const AROUND: &str = "it is a symbolic link to a folder that holds the publication";

/// What in a source's folder is not the source's.
pub(super) struct Outside<'a> {
    /// The publication's folder: what is made of its posts is passed over.
    pub(super) root: &'a Path,
    /// The folders of other sources: each reads its own files.
    pub(super) others: Vec<PathBuf>,
}

impl Outside<'_> {
    fn holds(&self, entry: &DirEntry) -> bool {
        let is_others = || {
            let folder = entry.path().canonicalize();
            folder.is_ok_and(|folder| self.others.contains(&folder))
        };
        holds_what_is_made(entry, self.root) || (entry.file_type().is_dir() && !self.others.is_empty() && is_others())
    }
}

/// Lists a folder. Hidden files and folders are passed over, and so is what is `outside`; a text that is no post is left out with a reason. `display` says how a path is named in messages.
pub(super) fn list(folder: &Path, outside: &Outside<'_>, display: &dyn Fn(&Path) -> PathBuf) -> Listing {
    let mut listing = Listing::default();
    let mut by_link = false;
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    let passed_over = |entry: &DirEntry| is_hidden(&entry.file_name().to_string_lossy()) || outside.holds(entry);
    let mut walk = walk.filter_entry(|entry| entry.depth() == 0 || !passed_over(entry));
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_path_buf();
                let is_loop = error.loop_ancestor().is_some();
                if is_loop && leads_around(&path, outside.root) {
                    listing.left_out.push(LeftOut { file: display(&path), reason: AROUND.to_owned() });
                    continue;
                }
                let cause = std::io::Error::from(error);
                listing.warnings.push(Error::io("read", &display(&path), &cause).into_warning());
                if !is_loop && (cause.kind() == std::io::ErrorKind::PermissionDenied || path.is_dir()) {
                    listing.unread.push((path, cause));
                }
                continue;
            }
        };
        // The folder itself may be one: what is below it is there once.
        by_link |= entry.path_is_symlink() && entry.depth() > 0;
        if entry.path_is_symlink() && entry.depth() > 0 && !follow(&entry, folder, outside, display, &mut listing) {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.into_path();
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let judgement = match judge(&path) {
            Judgement::Post(_) if below.iter().any(|part| TEMPLATES.iter().any(|name| part == *name)) => {
                Judgement::NotAPost("it belongs to the templates of a site and is no post")
            }
            judgement => judgement,
        };
        match judgement {
            Judgement::Post(markup) => {
                let relative = slashed(below);
                listing.candidates.push(Candidate { path, relative, markup });
            }
            Judgement::NotAPost(reason) => {
                if reason == SECTION {
                    listing.sections.push(path.clone());
                }
                listing.left_out.push(LeftOut { file: display(&path), reason: reason.to_owned() });
            }
            Judgement::Attachment => listing.attachments.push(path),
        }
    }
    if by_link {
        each_once(&mut listing, folder, display);
    }
    listing
}

/// Leaves out what a symbolic link shows a second time.
fn each_once(listing: &mut Listing, folder: &Path, display: &dyn Fn(&Path) -> PathBuf) {
    let mut own: HashMap<PathBuf, PathBuf> = HashMap::new();
    let candidates = std::mem::take(&mut listing.candidates);
    // A file that stands in its own place comes before its links.
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let mut led: Vec<(PathBuf, Candidate)> = candidates
        .into_iter()
        .map(|candidate| (candidate.path.canonicalize().unwrap_or_else(|_| candidate.path.clone()), candidate))
        .collect();
    led.sort_by_cached_key(|(target, candidate)| {
        *target != folder.join(&candidate.relative) && *target != candidate.path
    });
    for (target, candidate) in led {
        if let Some(other) = own.get(&target) {
            let reason = format!("it is `{}`, by a symbolic link", display(other).display());
            listing.left_out.push(LeftOut { file: display(&candidate.path), reason });
        } else {
            own.insert(target, candidate.path.clone());
            listing.candidates.push(candidate);
        }
    }
    listing.candidates.sort_by(|a, b| a.path.cmp(&b.path));
    listing.left_out.sort();
}

/// Judges a symbolic link; says whether what it leads to is to be read. What is no text must not become a post by the
/// link's name, and what stands elsewhere is told: whoever may write posts may not read every file.
fn follow(
    entry: &DirEntry,
    folder: &Path,
    outside: &Outside<'_>,
    display: &dyn Fn(&Path) -> PathBuf,
    listing: &mut Listing,
) -> bool {
    let (link, is_file) = (entry.path(), entry.file_type().is_file());
    if is_file && !is_text(link) {
        return true;
    }
    if is_file && !link.canonicalize().is_ok_and(|target| is_text(&target)) {
        let reason = "it is a symbolic link to what is no text by its name".to_owned();
        listing.left_out.push(LeftOut { file: display(link), reason });
        return false;
    }
    if !is_file && leads_around(link, outside.root) {
        listing.left_out.push(LeftOut { file: display(link), reason: AROUND.to_owned() });
        return false;
    }
    if leads_outside(link, folder, outside.root) {
        let message = "a symbolic link leads out of the publication; what is there is read";
        let hint = "where that is meant, name the folder there as a source of its own";
        listing.warnings.push(Warning::new(message).at(Place::file(display(link))).hint(hint));
    }
    true
}

/// Whether a link leads to a folder in which the publication stands: to `/` at the worst.
fn leads_around(link: &Path, root: &Path) -> bool {
    let resolved = link.canonicalize().ok().zip(root.canonicalize().ok());
    resolved.is_some_and(|(target, root)| root.starts_with(target))
}

/// Whether a link leads to what is neither in the publication nor in the source's folder.
fn leads_outside(link: &Path, folder: &Path, root: &Path) -> bool {
    let homes: Vec<PathBuf> = [folder, root].iter().filter_map(|home| home.canonicalize().ok()).collect();
    link.canonicalize().is_ok_and(|target| !homes.iter().any(|home| target.starts_with(home)))
}

fn is_text(path: &Path) -> bool {
    matches!(judge(path), Judgement::Post(_))
}

enum Judgement {
    Post(Markup),
    NotAPost(&'static str),
    Attachment,
}

fn judge(path: &Path) -> Judgement {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let markup = match extension.as_str() {
        ending if MARKDOWN.contains(&ending) => Markup::Markdown,
        "html" | "htm" | "xhtml" => Markup::Html,
        other if FOREIGN_MARKUP.contains(&other) => {
            return Judgement::NotAPost("its markup is not read; Markdown and HTML are");
        }
        _ if begins_as_a_post(path, &extension) => {
            return Judgement::NotAPost(
                "it begins as a post does; one in Markdown ends with .md, one in HTML with .html",
            );
        }
        _ => return Judgement::Attachment,
    };
    if stem == "_index" || stem.starts_with("_index.") {
        return Judgement::NotAPost(SECTION);
    }
    if ["readme", "license", "contributing", "changelog"].contains(&stem.to_lowercase().as_str()) {
        return Judgement::NotAPost("it is about the folder and is no post");
    }
    Judgement::Post(markup)
}

/// Whether a file of a kind that is not known begins with front matter.
fn begins_as_a_post(path: &Path, extension: &str) -> bool {
    let is_media = extension != "txt" && media_type_of(&format!("a.{extension}")).is_some();
    if is_picture(path) || is_media || OF_SITES.contains(&extension) {
        return false;
    }
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.trim_start_matches('\u{feff}').lines();
    let fence = lines.next().map(str::trim_end);
    read.is_ok() && matches!(fence, Some("---" | "+++")) && lines.any(|line| line.contains([':', '=']))
}

/// A source may be the publication's own folder, in which a run would find what the last one made.
fn holds_what_is_made(entry: &DirEntry, root: &Path) -> bool {
    let is_own = || {
        let parent = entry.path().parent().and_then(|parent| parent.canonicalize().ok());
        parent.is_some() && parent == root.canonicalize().ok()
    };
    entry.file_type().is_dir()
        && (entry.path().join(MANIFEST).is_file()
            || MADE_HERE.iter().any(|name| entry.file_name() == *name) && is_own())
}

pub(in crate::collect) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
