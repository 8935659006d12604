//! `masthead restore`: a backup, unpacked into a folder of its own.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use flate2::bufread::GzDecoder;
use serde_json::{Value, json};
use tar::{Archive, EntryType};

use super::backup::{FORMAT, LABEL};
use crate::cli::files;
use crate::cli::report::{Report, counted, quoted};
use crate::cli::session::Session;
use crate::config::{self, StoreUrl};
use crate::error::{Error, ErrorKind, Place, Result};

/// What config.toml is called where a backup does not say.
const CONFIGURATION: &str = "config.toml";
/// The label is a few words.
const LONGEST_LABEL: u64 = 64 * 1024;

/// How much is held at once, in bytes.
const PART: u64 = 64 * 1024;
/// An archive ends in blanks; it has no more of them than this, in bytes.
const BLANKS: u64 = 1024 * 1024;
/// How a store begins (the header string of SQLite's format).
const STORE: &[u8] = b"SQLite format 3\0";

/// Unpacks a backup into `folder`, which must be empty or absent. All of it is there in the end, or nothing.
pub(super) fn run(session: &Session, backup: &Path, folder: &Path) -> Result<Report> {
    if !files::names(folder)?.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "the folder is not empty")
            .at(Place::file(folder))
            .hint("nothing is ever written over: name a folder that is empty or absent"));
    }
    let file = File::open(backup).map_err(|cause| Error::io("read the backup", backup, &cause))?;
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let parent = absolute.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent).map_err(|cause| Error::io("make the folder", parent, &cause))?;
    let aside = tempfile::Builder::new()
        .prefix(".masthead-")
        .tempdir_in(parent)
        .map_err(|cause| Error::io("make a folder in", parent, &cause))?;
    let Unpacked { files: unpacked, configuration, has_store } = unpack(session, file, backup, aside.path())?;
    files::open_to_all(aside.path()).map_err(|cause| Error::io("open the folder", aside.path(), &cause))?;
    let made = aside.keep();
    // An empty folder gives way; one that was filled meanwhile does not.
    let _ = fs::remove_dir(&absolute);
    let placed =
        if absolute.exists() { Err(std::io::ErrorKind::AlreadyExists.into()) } else { fs::rename(&made, &absolute) };
    if let Err(cause) = placed {
        let _ = fs::remove_dir_all(&made);
        return Err(Error::io("make the folder", folder, &cause));
    }
    let mut report = Report::default();
    report.line(format!("{} in {}", counted(unpacked, "file"), folder.display()));
    report.line(if has_store {
        "campaigns that were not over are paused: `masthead status` names them, `masthead resume` lets them go on"
    } else {
        "no store is in it: where config.toml names a database, its campaigns go on; `masthead status` names them, `masthead pause` stops one"
    });
    let named = if configuration == Path::new(CONFIGURATION) {
        String::new()
    } else {
        format!(" --config {}", quoted(&configuration))
    };
    report.line(format!("\nNow: cd {} && masthead check{named}", quoted(folder)));
    report.set("files", json!(unpacked));
    report.set("folder", json!(folder));
    report.failure = misplaced(folder, &configuration);
    Ok(report)
}

/// What is said where the store was outside of the publication and is beside config.toml now, which names it as before.
/// Whether it may be moved there only the operator knows: it may be where the publication goes on.
fn misplaced(folder: &Path, configuration: &Path) -> Option<Error> {
    let config = config::load_before_folders(&folder.join(configuration)).ok()?;
    let StoreUrl::Sqlite(path) = &config.store else { return None };
    let (named, name) = (config.path(path), path.file_name()?);
    let here = config.root.join(name);
    let is_here = named.canonicalize().ok().is_some_and(|named| here.canonicalize().is_ok_and(|here| here == named));
    if is_here || !here.is_file() {
        return None;
    }
    let message = format!("the store is here, and {} names it as `{}`", configuration.display(), path.display());
    let kept = format!("`url = \"sqlite:{}\"` under `[store]` names this one", Path::new(name).display());
    let hint = if named.exists() {
        format!("another one is there, and runs from here would go on with that: {kept}")
    } else {
        format!("move it there; or {kept}")
    };
    Some(Error::new(ErrorKind::State, message).at(Place::file(here)).hint(hint))
}

/// What was unpacked.
struct Unpacked {
    /// How many files.
    files: usize,
    /// Which of them is config.toml.
    configuration: PathBuf,
    /// Whether one of them is a store.
    has_store: bool,
}

/// Unpacks into an empty folder.
fn unpack(session: &Session, file: File, backup: &Path, folder: &Path) -> Result<Unpacked> {
    let broken = |what: String| {
        Error::new(ErrorKind::Input, format!("this is no backup of a publication: {what}")).at(Place::file(backup))
    };
    let unread = |cause: std::io::Error| {
        // What the library says of a file that ends too early does not say that.
        let is_cut = matches!(cause.kind(), std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidInput);
        let cut = if is_cut { "it was cut short or damaged: " } else { "" };
        broken(format!("{cut}{}", cause.to_string().to_lowercase()))
    };
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(file)));
    let mut names = BTreeSet::new();
    let mut promised = None;
    let mut configuration = PathBuf::from(CONFIGURATION);
    let mut has_store = false;
    for entry in archive.entries().map_err(unread)? {
        let mut entry = entry.map_err(unread)?;
        let name = entry.path().map_err(unread)?.into_owned();
        let Some(whole) = promised else {
            if name != Path::new(LABEL) {
                return Err(broken(format!("it begins with `{}`", shown(&name))));
            }
            let mut text = String::new();
            entry.take(LONGEST_LABEL).read_to_string(&mut text).map_err(unread)?;
            let label: Value = serde_json::from_str(&text).map_err(|cause| broken(cause.to_string()))?;
            if label["format"] != FORMAT {
                return Err(broken(format!("its format is {}, and this program knows {FORMAT}", label["format"])));
            }
            promised = Some(label["files"].as_u64().unwrap_or_default());
            let named = label["config"].as_str().map(PathBuf::from);
            configuration = named.filter(|name| is_inside(name)).unwrap_or(configuration);
            continue;
        };
        if entry.header().entry_type() != EntryType::Regular {
            return Err(broken(format!("`{}` is neither file nor folder of a publication", shown(&name))));
        }
        if !is_inside(&name) || name.as_os_str().is_empty() || !names.insert(name.clone()) {
            return Err(broken(format!("it would write to `{}`", shown(&name))));
        }
        if names.len() % 100 == 0 {
            session.progress(format!("{} of {whole} files", names.len()));
        }
        let is_private = entry.header().mode().is_ok_and(files::is_private);
        has_store |= write(&folder.join(&name), &mut entry, is_private).map_err(|fault| match fault {
            Fault::Backup(cause) => unread(cause),
            Fault::File(cause) => Error::io("write the file", &name, &cause),
        })?;
    }
    // The sum over all stands behind the last file.
    let rest = std::io::copy(&mut archive.into_inner().take(BLANKS), &mut std::io::sink()).map_err(unread)?;
    if rest == BLANKS {
        return Err(broken("something stands behind its end".to_owned()));
    }
    match promised {
        Some(promised) if promised == names.len() as u64 => {
            Ok(Unpacked { files: names.len(), configuration, has_store })
        }
        Some(promised) => Err(broken(format!("it was cut short: {} of {promised} files", names.len()))),
        None => Err(broken("it is empty".to_owned())),
    }
}

fn is_inside(name: &Path) -> bool {
    name.components().all(|part| matches!(part, Component::Normal(_)))
}

/// Why a file was not unpacked.
enum Fault {
    /// The backup gave no more.
    Backup(std::io::Error),
    /// The file was not written.
    File(std::io::Error),
}

/// Writes a new file, which its owner alone may read if it was so before or begins as a store does; whether it does. Nothing is
/// followed or written over: the folder was empty, and no links are made in it.
fn write(path: &Path, bytes: &mut impl std::io::Read, is_private: bool) -> std::result::Result<bool, Fault> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(Fault::File)?;
    }
    let mut part = Vec::with_capacity(PART as usize);
    let mut next = |part: &mut Vec<u8>| {
        part.clear();
        bytes.take(PART).read_to_end(part).map_err(Fault::Backup)
    };
    next(&mut part)?;
    let is_store = part.starts_with(STORE);
    let mut file = create(path, is_private || is_store).map_err(Fault::File)?;
    while !part.is_empty() {
        file.write_all(&part).map_err(Fault::File)?;
        next(&mut part)?;
    }
    file.sync_all().map_err(Fault::File)?;
    Ok(is_store)
}

fn create(path: &Path, is_private: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    files::private(&mut options, is_private);
    options.open(path)
}

fn shown(name: &Path) -> String {
    PathBuf::from(name).display().to_string().chars().take(80).flat_map(char::escape_debug).collect()
}
