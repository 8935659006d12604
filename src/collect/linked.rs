//! Files that posts link to: found where pictures are, published beside the posts, each read once.
//!
//! Anybody who may write a post may name any file. So a file is published only if it lies in the folders of the source, in
//! its true place, is none that the program makes or keeps to itself, and is of a kind that no browser runs as a page.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::kept::{self, LARGEST};
use super::markdown::{MADE_HERE, MANIFEST, TEMPLATES, is_hidden};
use super::pictures::{Found, Pictures};
use crate::config::{Config, StoreUrl};
use crate::model::{Asset, media_type_of};

/// The most letters of a file's own name that are kept.
const LONGEST_NAME: usize = 60;

/// How the names of pictures end that are published when they are linked to: what they are is judged by their bytes.
const PICTURES: [&str; 6] = ["jpg", "jpeg", "png", "gif", "webp", "svg"];

/// A file that a link names, or why it is not published, as the end of "`…` is linked to, but not published: it …".
pub(super) type Linked = Result<Asset, String>;

/// The files that may be linked to, and what was found of them so far.
#[derive(Debug, Default)]
pub(super) struct LinkedFiles {
    /// The folders that may be published from, in their true places.
    homes: Vec<PathBuf>,
    /// Folders and files that are the program's own, in their true places.
    closed: Vec<PathBuf>,
    /// The names of the series, under which pages and files of ours stand.
    series: Vec<String>,
    /// By true place and name; each file is read by whoever needs it first.
    known: Mutex<HashMap<PathBuf, Arc<OnceLock<Linked>>>>,
}

impl LinkedFiles {
    /// Publishes from these folders.
    pub(super) fn new(config: &Config, folders: &[PathBuf]) -> Self {
        let made = MADE_HERE.iter().map(|name| config.root.join(name));
        // The configuration is named as it was opened.
        let named = named_by(config).into_iter().map(|file| config.path(file)).chain([config.file.clone()]);
        let closed = made.chain(named);
        Self {
            homes: folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect(),
            closed: closed.filter_map(|path| path.canonicalize().ok()).collect(),
            series: config.series.iter().map(|series| series.key.clone()).collect(),
            known: Mutex::default(),
        }
    }

    /// Whether a path on our own site is that of a file which would be published if it were at hand. What a series makes,
    /// such as the PDF of an issue, is none.
    pub(super) fn should_be_at_hand(&self, path: &str) -> bool {
        let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        let is_made = path.split('/').any(|part| part == "assets" || self.series.iter().any(|name| name == part));
        !is_made && (PICTURES.contains(&&*ending) || media_type_of(path).is_some())
    }

    /// The file that `src` names in a post whose folder is `beside`; `None` when there is none.
    pub(super) fn find(&self, src: &str, beside: &Path, pictures: &Pictures) -> Option<Linked> {
        let files: Vec<PathBuf> = pictures.places(src, beside).filter(|place| place.is_file()).collect();
        let home = |place: &Path| {
            let whole = place.canonicalize().ok()?;
            // Of folders in folders the inner one.
            let homes = self.homes.iter().filter(|home| whole.starts_with(home));
            homes.max_by_key(|home| home.as_os_str().len()).map(|home| (whole.clone(), home))
        };
        let Some((place, (whole, home))) = files.iter().find_map(|place| Some((place, home(place)?))) else {
            let outside = || Err("lies outside of the source's folder".to_owned());
            return (!files.is_empty()).then(outside);
        };
        if let Some(why) = self.closed(&whole, home) {
            return Some(Err(why));
        }
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(place.clone()).or_default())
        };
        Some(cell.get_or_init(|| read(place, &whole, pictures)).clone())
    }

    /// Why a file in its true place in a folder is not for the public.
    fn closed(&self, whole: &Path, home: &Path) -> Option<String> {
        let below = whole.strip_prefix(home).unwrap_or(whole);
        let mut parts = below.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        });
        let is_made = || {
            let folders = whole.ancestors().skip(1).take_while(|folder| folder.starts_with(home));
            folders.into_iter().any(|folder| folder.join(MANIFEST).is_file())
        };
        if parts.clone().any(|name| is_hidden(&name)) {
            return Some("is hidden".to_owned());
        }
        if parts.any(|name| TEMPLATES.contains(&&*name)) {
            return Some("belongs to the templates of a site".to_owned());
        }
        let is_closed = |path: &PathBuf| whole.starts_with(path) && !home.starts_with(path);
        (self.closed.iter().any(is_closed) || is_made()).then(|| "is the program's own".to_owned())
    }
}

/// The files that the configuration names for the program alone, relative to the publication.
fn named_by(config: &Config) -> Vec<&Path> {
    let mut files: Vec<&Path> = config.lists.iter().filter_map(|list| list.csv.as_deref()).collect();
    if let StoreUrl::Sqlite(file) = &config.store {
        files.push(file);
    }
    files.extend(config.mail.secret_files());
    files
}

/// Whether a file is a picture by its name.
pub(super) fn is_picture(file: &Path) -> bool {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    PICTURES.contains(&&*ending) || matches!(&*ending, "avif" | "heic" | "heif" | "bmp" | "tif" | "tiff" | "ico")
}

fn read(place: &Path, whole: &Path, pictures: &Pictures) -> Linked {
    let ending = |path: &Path| path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    // A link on disk must not make something else of a file.
    if ending(place) != ending(whole) {
        return Err("is a symbolic link to a file of another kind".to_owned());
    }
    let ending = ending(place);
    if PICTURES.contains(&&*ending) {
        if std::fs::metadata(place).is_ok_and(|file| file.len() > LARGEST) {
            return Err(kept::too_large());
        }
        return match pictures.read(place) {
            Found::Picture(asset) | Found::Cleaned(asset, _) => Ok(asset),
            Found::NotAPicture(why) => Err(why),
            Found::Missing => Err("cannot be read".to_owned()),
        };
    }
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    if media_type_of(&name).is_none() {
        return Err(
            "is of no kind that is published: a picture, a document, a table, a sound, a film or an archive".into()
        );
    }
    let asset = kept::own_enclosure(place)?;
    let digits = asset.name.split('.').next().unwrap_or_default();
    Ok(Asset { name: format!("{digits}/{}", published_name(&name, &ending)), ..asset })
}

/// A file's name as it is published: its letters and digits, with one dot, before the ending.
fn published_name(name: &str, ending: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (stem, ending) = match stem.strip_suffix(".tar") {
        Some(stem) => (stem, format!("tar.{ending}")),
        None => (stem, ending.to_owned()),
    };
    let mut clean = String::with_capacity(stem.len());
    for c in stem.chars().take(LONGEST_NAME) {
        // Beyond ASCII any sign may belong to a letter, but for those that turn the direction of what follows.
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        let is_letter = !c.is_ascii() && !c.is_control() && !c.is_whitespace() && !turns;
        let stays = c.is_ascii_alphanumeric() || c == '_' || is_letter;
        if stays {
            clean.push(c);
        } else if !clean.ends_with('-') {
            clean.push('-');
        }
    }
    let clean = clean.trim_matches('-');
    format!("{}.{ending}", if clean.is_empty() { "file" } else { clean })
}

#[cfg(test)]
mod tests {
    use super::published_name;

    #[test]
    fn names_are_those_of_the_files() {
        for (name, ending, expected) in [
            ("Minutes_2026.PDF", "pdf", "Minutes_2026.pdf"),
            ("List of members (final).v2.csv", "csv", "List-of-members-final-v2.csv"),
            ("صورت\u{200c}جلسه.pdf", "pdf", "صورت\u{200c}جلسه.pdf"),
            ("src.tar.gz", "gz", "src.tar.gz"),
            ("a.html.zip", "zip", "a-html.zip"),
            ("....pdf", "pdf", "file.pdf"),
        ] {
            assert_eq!(published_name(name, ending), expected);
        }
        assert!(published_name(&"é".repeat(300), "pdf").len() < 200);
    }
}
