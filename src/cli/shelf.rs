//! issues/ on disk: `issues/<series>/<ordinal>/` with issue.toml, frozen.json, assets/ and released/.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{self, Folder};
use crate::assemble::closed::{self, Closed};
use crate::collect::kept::published;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Issue, IssueKey, Series, sha256_hex};

/// The editor's file.
pub(super) const EDITORIAL: &str = "issue.toml";
/// The issue as printed, written last when an issue is frozen.
pub(super) const FROZEN: &str = "frozen.json";
/// Beside the issues of a series: the windows that closed without a post.
pub(super) const CLOSED: &str = "closed.json";
/// The files that its articles show.
pub(super) const ASSETS: &str = "assets";
/// The PDF and the digest as they went out, a folder for each revision.
const RELEASED: &str = "released";
/// Says what stands in such a folder; written with it.
const RELEASE: &str = "release.json";
/// Says that the digest of a revision was handed to the readers of these lists.
const MAILED: &str = "mailed.json";
/// Says that a revision was kept to be mailed, and is not on the web yet.
const UNPUBLISHED: &str = "unpublished";

/// Where issues are kept.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    root: PathBuf,
    /// Whether nothing is written: what would be is only tried.
    pub(super) is_rehearsal: bool,
}

/// One issue's folder, as it was found.
#[derive(Clone, Debug)]
pub(super) struct Shelved {
    /// The text of issue.toml.
    pub(super) editorial: Option<String>,
    /// The text of frozen.json.
    pub(super) frozen: Option<String>,
}

/// The files of one revision as they went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Release {
    /// Of which revision.
    pub(super) revision: u32,
    /// The SHA-256 in hex of each file, by name.
    pub(super) files: BTreeMap<String, String>,
}

/// What goes out of one revision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outgoing<'a> {
    pub(super) issue: &'a IssueKey,
    pub(super) revision: u32,
    /// By name.
    pub(super) files: &'a BTreeMap<String, Vec<u8>>,
}

impl Outgoing<'_> {
    fn record(&self) -> Release {
        let files = self.files.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes))).collect();
        Release { revision: self.revision, files }
    }
}

impl Shelf {
    /// The shelf of the publication at `root`.
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), is_rehearsal: false }
    }

    /// The folder of an issue.
    pub(super) fn folder(&self, key: &IssueKey) -> PathBuf {
        self.root.join("issues").join(&key.series).join(folder_name(key.ordinal))
    }

    /// A file of an issue, as messages name it: relative to the publication.
    pub(super) fn shown(key: &IssueKey, name: &str) -> PathBuf {
        Path::new("issues").join(&key.series).join(folder_name(key.ordinal)).join(name)
    }

    /// Every issue of a series, by ordinal, or why it cannot be read. A folder that is no ordinal is a warning.
    pub(super) fn series(&self, series: &str, warnings: &mut Vec<Warning>) -> Result<Vec<(IssueKey, Result<Shelved>)>> {
        let folder = self.root.join("issues").join(series);
        let mut shelved = Vec::new();
        for name in files::names(&folder)? {
            match ordinal_of(&name) {
                Some(ordinal) if folder.join(&name).is_dir() => {
                    let key = IssueKey { series: series.to_owned(), ordinal };
                    let found = self.issue(&key);
                    shelved.push((key, found));
                }
                _ if name.starts_with('.') || name == "README.md" || name == CLOSED => {}
                _ => warnings.push(
                    Warning::new("this is not an issue's folder")
                        .at(Place::file(Path::new("issues").join(series).join(&name)))
                        .hint("an issue's folder is called by its ordinal, like `0001`"),
                ),
            }
        }
        shelved.sort_by_key(|(key, _)| key.ordinal);
        Ok(shelved)
    }

    /// The issues of these series that are frozen, without a look into them.
    pub(super) fn frozen(&self, series: &[Series]) -> Result<Vec<IssueKey>> {
        let mut frozen = Vec::new();
        for Series { key: series, .. } in series {
            for name in files::names(&self.root.join("issues").join(series))? {
                let Some(ordinal) = ordinal_of(&name) else { continue };
                let key = IssueKey { series: series.clone(), ordinal };
                if self.folder(&key).join(FROZEN).is_file() {
                    frozen.push(key);
                }
            }
        }
        Ok(frozen)
    }

    /// The windows of a series that closed without a post.
    pub(super) fn closed(&self, series: &str) -> Result<Vec<Closed>> {
        let shown = Path::new("issues").join(series).join(CLOSED);
        let text = files::read_text(&self.root.join(&shown))?;
        text.map_or(Ok(Vec::new()), |text| closed::read(&text, &shown))
    }

    /// Keeps which windows of a series closed without a post.
    pub(super) fn close(&self, series: &str, closed: &[Closed]) -> Result<bool> {
        if self.is_rehearsal {
            return Ok(true);
        }
        let path = self.root.join("issues").join(series).join(CLOSED);
        files::write_durably(&path, closed::write(closed)?.as_bytes())
    }

    /// The folders that hold issues of no series: theirs is called otherwise now, or was taken away.
    pub(super) fn orphans(&self, series: &[Series]) -> Result<Vec<String>> {
        let folder = self.root.join("issues");
        let mut names = files::names(&folder)?;
        names.retain(|name| !name.starts_with('.') && folder.join(name).is_dir());
        names.retain(|name| !series.iter().any(|series| series.key == *name));
        Ok(names)
    }

    fn issue(&self, key: &IssueKey) -> Result<Shelved> {
        let folder = self.folder(key);
        Ok(Shelved {
            editorial: files::read_text(&folder.join(EDITORIAL))?,
            frozen: files::read_text(&folder.join(FROZEN))?,
        })
    }

    /// Makes an issue's folder with its issue.toml, whole; this allocates the ordinal. Says whether it was free.
    pub(super) fn create(&self, key: &IssueKey, editorial: &str) -> Result<bool> {
        if self.is_rehearsal {
            return Ok(!self.folder(key).exists());
        }
        files::make_folder(&self.folder(key), &[(EDITORIAL, editorial.as_bytes())])
    }

    /// Makes the folder of an issue that is frozen from the start, whole. Says whether it was free.
    pub(super) fn bring_in(&self, key: &IssueKey, frozen: &str, asset: (&str, &[u8])) -> Result<bool> {
        let name = format!("{ASSETS}/{}", asset.0);
        files::make_folder(&self.folder(key), &[(FROZEN, frozen.as_bytes()), (&name, asset.1)])
    }

    /// Copies the issue's files beside it, then writes frozen.json: the issue is frozen when that stands there.
    pub(super) fn freeze(&self, issue: &Issue, frozen: &str, sources: &BTreeMap<String, PathBuf>) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        let folder = self.folder(&issue.key);
        for asset in &issue.assets {
            let target = folder.join(ASSETS).join(&asset.name);
            let there = std::fs::read(&target).is_ok_and(|bytes| sha256_hex(&bytes) == asset.sha256);
            if there {
                continue;
            }
            let Some(source) = sources.get(&asset.name) else {
                return Err(Error::new(ErrorKind::State, format!("the file `{}` is not at hand", asset.name))
                    .at(Place::file(Self::shown(&issue.key, ASSETS))));
            };
            let bytes = std::fs::read(source).map_err(|cause| Error::io("read the file", source, &cause))?;
            // A picture that was cleaned is known by what is left of it.
            let bytes = if sha256_hex(&bytes) == asset.sha256 { bytes } else { published(&asset.name, bytes) };
            if sha256_hex(&bytes) != asset.sha256 {
                return Err(Error::new(ErrorKind::State, "the file changed while the issue was being frozen")
                    .at(Place::file(source))
                    .hint("run this again"));
            }
            files::write_durably(&target, &bytes)?;
        }
        files::write_durably(&folder.join(FROZEN), frozen.as_bytes())?;
        Ok(())
    }

    /// Writes the frozen.json of an issue anew of which nothing else changes.
    pub(super) fn keep(&self, key: &IssueKey, frozen: &str) -> Result<()> {
        files::write_durably(&self.folder(key).join(FROZEN), frozen.as_bytes()).map(drop)
    }

    /// Takes away what was kept to go out, at once: nobody has had it.
    pub(super) fn call_back(&self, key: &IssueKey) -> Result<()> {
        let released = self.folder(key).join(RELEASED);
        if !released.is_dir() {
            return Ok(());
        }
        let aside = self.folder(key).join(format!("{}{RELEASED}", files::ASIDE));
        // The next run sweeps it away if this one is killed.
        std::fs::rename(&released, &aside).map_err(|cause| Error::io("take away", &released, &cause))?;
        std::fs::remove_dir_all(&aside).map_err(|cause| Error::io("take away", &aside, &cause))
    }

    /// Takes frozen.json away: the issue is a draft again.
    pub(super) fn unfreeze(&self, key: &IssueKey) -> Result<()> {
        let path = self.folder(key).join(FROZEN);
        std::fs::remove_file(&path).map_err(|cause| Error::io("unfreeze", &path, &cause))
    }

    /// A file of an issue's assets.
    pub(super) fn asset(&self, key: &IssueKey, name: &str) -> PathBuf {
        self.folder(key).join(ASSETS).join(name)
    }

    /// The folder of what went out of a revision, as messages name it.
    pub(super) fn shown_release(key: &IssueKey, revision: u32) -> PathBuf {
        Self::shown(key, RELEASED).join(format!("r{revision}"))
    }

    fn release_folder(&self, key: &IssueKey, revision: u32) -> PathBuf {
        self.folder(key).join(RELEASED).join(format!("r{revision}"))
    }

    /// The revisions of which something went out.
    pub(super) fn releases(&self, key: &IssueKey) -> Result<Vec<String>> {
        files::names(&self.folder(key).join(RELEASED))
    }

    /// The revisions that are on the web, where the series is.
    pub(super) fn published(&self, key: &IssueKey) -> Result<Vec<String>> {
        let folder = self.folder(key).join(RELEASED);
        let mut revisions = self.releases(key)?;
        revisions.retain(|revision| !folder.join(revision).join(UNPUBLISHED).is_file());
        Ok(revisions)
    }

    /// Keeps that a revision goes to the web, before it does.
    pub(super) fn note_published(&self, key: &IssueKey, revision: u32) -> Result<()> {
        let mark = self.release_folder(key, revision).join(UNPUBLISHED);
        match std::fs::remove_file(&mark) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(Error::io("take away", &mark, &cause)),
            _ => Ok(()),
        }
    }

    /// What went out of a revision: the files by name, whole and unchanged. `None` when nothing did; a file that was
    /// changed since, or a record that cannot be read, is a warning, and what was released is then made again.
    pub(super) fn released(
        &self,
        key: &IssueKey,
        revision: u32,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let folder = self.release_folder(key, revision);
        let shown = Self::shown_release(key, revision);
        let Some(text) = files::read_text(&folder.join(RELEASE))? else { return Ok(None) };
        let release: Release = match serde_json::from_str(&text) {
            Ok(release) => release,
            Err(cause) => {
                warnings.push(
                    Warning::new(format!("this says what went out, but cannot be read: {cause}"))
                        .at(Place::file(shown.join(RELEASE)))
                        .hint("bring it back from a backup; until then what it tells of is made again"),
                );
                return Ok(None);
            }
        };
        let mut found = BTreeMap::new();
        for (name, hash) in release.files {
            match files::read(&folder.join(&name))? {
                Some(bytes) if sha256_hex(&bytes) == hash => {
                    found.insert(name, bytes);
                }
                state => {
                    let what = if state.is_none() { "is gone" } else { "was changed" };
                    warnings.push(
                        Warning::new(format!("a file that went out {what}"))
                            .at(Place::file(shown.join(&name)))
                            .hint("bring it back from a backup; until then it is made again from the frozen issue"),
                    );
                }
            }
        }
        Ok(Some(found))
    }

    /// Whether a revision went out.
    pub(super) fn is_released(&self, key: &IssueKey, revision: u32) -> bool {
        self.release_folder(key, revision).join(RELEASE).is_file()
    }

    /// Keeps what goes out of revisions, of each all at once; by mail alone for now, or to the web.
    pub(super) fn release(&self, outgoing: &[Outgoing<'_>], by_mail_alone: bool) -> Result<()> {
        let records: Vec<String> = outgoing.iter().map(|one| in_json(&one.record())).collect();
        let folders = outgoing.iter().zip(&records).map(|(one, record)| {
            let mut files: Vec<(&str, &[u8])> =
                one.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            files.push((RELEASE, record.as_bytes()));
            if by_mail_alone {
                files.push((UNPUBLISHED, b""));
            }
            Folder { path: self.release_folder(one.issue, one.revision), files }
        });
        let folders: Vec<Folder<'_>> = folders.collect();
        files::make_folders(&folders).map(drop)
    }

    /// Whether a revision was handed to the readers of its lists. A file that cannot be read is an error.
    pub(super) fn is_mailed(&self, key: &IssueKey, revision: u32) -> Result<bool> {
        Ok(files::read_text(&self.release_folder(key, revision).join(MAILED))?.is_some())
    }

    /// Whether any revision of an issue was handed to readers.
    pub(super) fn was_mailed(&self, key: &IssueKey) -> Result<bool> {
        let folder = self.folder(key).join(RELEASED);
        Ok(files::names(&folder)?.iter().any(|revision| folder.join(revision).join(MAILED).is_file()))
    }

    /// Whether any revision of an issue was handed to somebody. What cannot be read may say so.
    pub(super) fn has_gone_out(&self, key: &IssueKey) -> Result<bool> {
        let folder = self.folder(key).join(RELEASED);
        for revision in files::names(&folder)? {
            let Some(text) = files::read_text(&folder.join(revision).join(MAILED))? else { continue };
            let lists: Option<BTreeMap<String, u64>> = serde_json::from_str(&text).ok();
            if lists.is_none_or(|lists| lists.values().any(|readers| *readers > 0)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps that a revision was handed to the readers of its lists.
    pub(super) fn keep_mailed(&self, key: &IssueKey, revision: u32, lists: &BTreeMap<String, usize>) -> Result<bool> {
        files::write_durably(&self.release_folder(key, revision).join(MAILED), in_json(lists).as_bytes())
    }
}

/// The name of an issue's folder: "0092".
fn folder_name(ordinal: u64) -> String {
    format!("{ordinal:04}")
}

/// The ordinal after which a folder is called.
fn ordinal_of(name: &str) -> Option<u64> {
    let ordinal = name.parse::<u32>().ok().map(u64::from);
    ordinal.filter(|ordinal| *ordinal > 0 && folder_name(*ordinal) == name)
}

fn in_json<T: Serialize>(value: &T) -> String {
    // Maps of strings and numbers always serialise.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
