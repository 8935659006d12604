//! What runs wrote below public/, so that only our own files are ever taken away.
//!
//! The list lies beside the files, and whoever copies the folder to the web copies it, too. So it does not name what is
//! found by nobody who was not given its address: files in assets/, of which some are shown in mail to members alone. They
//! are named by the first 64 bits of a hash of their bytes, and listed by so few bits of a hash of that name that it
//! cannot be computed from them: 2^32 names have the same.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::files;
use crate::error::Result;
use crate::model::sha256_hex;

/// The name of the list.
pub(super) const NAME: &str = ".masthead-files";

/// The folder of the files that are not named.
const ASSETS: &str = "assets";

/// How many digits of a hash their names begin with.
const DIGITS: usize = 16;

/// How many digits of the hash of a name are listed.
const LISTED: usize = 8;

/// The files that runs wrote in one folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest(BTreeSet<String>);

impl Manifest {
    /// What earlier runs listed in a folder; in the lists of earlier versions all files have their names.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let listed = files::read_text(&folder.join(NAME))?.unwrap_or_default();
        Ok(Self(listed.lines().map(|path| line(path).into_owned()).collect()))
    }

    /// Lists these for the next run.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let lines: String = self.0.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        files::write(&folder.join(NAME), lines.as_bytes()).map(drop)
    }

    /// Adds files by their paths below the folder.
    pub(super) fn extend<'p>(&mut self, paths: impl IntoIterator<Item = &'p String>) {
        self.0.extend(paths.into_iter().map(|path| line(path).into_owned()));
    }

    /// Whether a run wrote this file.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.0.contains(&*line(path))
    }

    /// The paths of the files, those in assets/ as far as they are there. A list that somebody edited does not lead out of
    /// the folder.
    pub(super) fn files(&self, folder: &Path) -> Result<Vec<String>> {
        let named = self.0.iter().filter(|path| is_below(path)).cloned();
        let unnamed = unnamed(folder)?.into_iter().filter(|path| self.holds(path));
        Ok(named.chain(unnamed).collect())
    }
}

/// How a file is listed.
fn line(path: &str) -> Cow<'_, str> {
    let is_unnamed = path.strip_prefix(ASSETS).and_then(|rest| rest.strip_prefix('/')).is_some_and(begins_with_hash);
    if is_unnamed { format!("{ASSETS}/#{}", &sha256_hex(path.as_bytes())[..LISTED]).into() } else { path.into() }
}

fn begins_with_hash(name: &str) -> bool {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.as_bytes().get(..DIGITS).is_some_and(|digits| digits.iter().all(is_digit))
}

/// The files in assets/ that are not named in lists: pictures, and the files in the folders of hashes.
fn unnamed(folder: &Path) -> Result<Vec<String>> {
    let below = |path: &str| {
        let folder = folder.join(path);
        if folder.is_dir() { files::names(&folder) } else { Ok(Vec::new()) }
    };
    let mut found = Vec::new();
    for name in below(ASSETS)?.into_iter().filter(|name| begins_with_hash(name)) {
        let path = format!("{ASSETS}/{name}");
        // A picture has an ending, a folder has none.
        if !name.contains('.') {
            found.extend(below(&path)?.into_iter().map(|name| format!("{path}/{name}")));
        }
        found.push(path);
    }
    Ok(found)
}

fn is_below(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
