//! The files that texts may include: those of `_includes`, and those beside a text.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::collect::decode;

/// Where Jekyll and Eleventy look.
pub(super) const FOLDER: &str = "_includes";
/// What Eleventy's names leave out.
const ENDINGS: [&str; 5] = ["", ".html", ".md", ".liquid", ".markdown"];
/// How far above a source `_includes` may stand.
const ABOVE: usize = 4;
/// No part of a template is longer, in bytes.
const LONGEST: u64 = 1 << 20;

/// Where the files are that texts in a source's folder may include: `_includes` there, or in a folder above it, no further up
/// than the `publication`.
pub(in crate::collect) fn folder(source: &Path, publication: &Path) -> Option<PathBuf> {
    for above in source.ancestors().take(ABOVE) {
        let here = above.join(FOLDER);
        if here.is_dir() {
            return Some(here);
        }
        if above == publication {
            break;
        }
    }
    None
}

/// A file that may be included.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// As messages name it.
    pub(super) name: String,
    pub(super) text: Arc<str>,
    pub(super) is_markdown: bool,
}

/// The files of one source, each read once.
#[derive(Debug, Default)]
pub(in crate::collect) struct Includes {
    folder: Option<PathBuf>,
    read: Mutex<BTreeMap<PathBuf, Option<Arc<str>>>>,
}

impl Includes {
    /// Looks for `_includes` in a source's folder and in those above it, no further up than the `publication`.
    pub(in crate::collect) fn of(source: &Path, publication: &Path) -> Self {
        Self { folder: folder(source, publication), read: Mutex::default() }
    }

    /// A file of `_includes`.
    pub(super) fn named(&self, name: &str) -> Option<Found> {
        self.find(self.folder.as_deref()?, name, &format!("{FOLDER}/"))
    }

    /// A file beside the text that includes it, or below.
    pub(super) fn beside(&self, directory: &Path, name: &str) -> Option<Found> {
        self.find(directory, name, "")
    }

    fn find(&self, folder: &Path, name: &str, shown: &str) -> Option<Found> {
        let is_plain = |part| matches!(part, Component::Normal(_));
        if name.is_empty() || !Path::new(name).components().all(is_plain) {
            return None;
        }
        ENDINGS.iter().find_map(|ending| {
            let path = folder.join(format!("{name}{ending}"));
            let text = self.text(folder, &path)?;
            let is_markdown = path.extension().is_some_and(|extension| extension == "md" || extension == "markdown");
            Some(Found { name: format!("{shown}{name}{ending}"), text, is_markdown })
        })
    }

    fn text(&self, folder: &Path, path: &Path) -> Option<Arc<str>> {
        // Whoever panicked with it has left it whole: entries are only added.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = read.get(path) {
            return text.clone();
        }
        let text = read_file(folder, path);
        read.insert(path.to_path_buf(), text.clone());
        text
    }
}

/// The text of a file; not of one to which a symbolic link leads out of the folder.
fn read_file(folder: &Path, path: &Path) -> Option<Arc<str>> {
    let (folder, path) = (folder.canonicalize().ok()?, path.canonicalize().ok()?);
    let meta = std::fs::metadata(&path).ok()?;
    if !path.starts_with(&folder) || !meta.is_file() || meta.len() > LONGEST {
        return None;
    }
    let text = decode::decode(&std::fs::read(&path).ok()?, None).text;
    Some(Arc::from(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }))
}
