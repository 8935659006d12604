//! `masthead backup`: everything that cannot be built again, in one file.

mod chosen;

use std::fs::File;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tar::{Builder, EntryType, Header};

use self::chosen::{Chosen, chosen};
use crate::cli::files;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::config::{Config, StoreUrl};
use crate::error::{Error, ErrorKind, Place, Result};

/// The name of the first entry, which says what the file is.
pub(super) const LABEL: &str = "masthead-backup.json";
/// The format of the file; another is not read.
pub(super) const FORMAT: u64 = 1;

/// Writes a backup to `file`, which must not exist.
pub(super) fn run(session: &mut Session, file: &Path) -> Result<Report> {
    let config = session.config()?;
    if file.exists() {
        return Err(Error::new(ErrorKind::Usage, "there is such a file already").at(Place::file(file)));
    }
    let _lock = session.lock(&config)?;
    let Chosen { entries, own, .. } = chosen(session, &config)?;
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let refused = |cause: &std::io::Error| Error::io("write the backup", file, cause);
    let aside = tempfile::Builder::new().prefix(".masthead-").tempfile_in(parent).map_err(|cause| refused(&cause))?;
    let store = store(&config, parent)?;
    let mut tar = Builder::new(GzEncoder::new(aside.as_file(), Compression::default()));
    let configuration = entries.iter().find(|(_, path)| **path == config.file).map(|(name, _)| name);
    let files = entries.len() + usize::from(store.is_some());
    let label = json!({ "format": FORMAT, "made": session.now, "files": files, "config": configuration });
    append(&mut tar, Path::new(LABEL), label.to_string().as_bytes(), session.now.timestamp())
        .map_err(|c| refused(&c))?;
    let total = entries.len();
    for (count, (name, path)) in entries.iter().enumerate() {
        if count % 100 == 0 {
            session.progress(format!("{count} of {total} files kept"));
        }
        append_file(&mut tar, name, path, false)?;
    }
    if let Some((name, copy)) = &store {
        append_file(&mut tar, name, &copy.file, true)?;
    }
    // It holds addresses: nobody else on this machine may read it, as the temporary file says.
    tar.into_inner()
        .and_then(GzEncoder::finish)
        .and_then(|mut written| written.flush())
        .and_then(|()| aside.as_file().sync_all())
        .map_err(|cause| refused(&cause))?;
    aside.persist_noclobber(file).map_err(|error| refused(&error.error))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let mut report = Report::default();
    report.line(format!(
        "{} and {} in {}",
        counted(total, "file"),
        if store.is_some() { "the store" } else { "no store" },
        file.display()
    ));
    if own > 0 {
        report.line(format!("{} in public/ that no run made are among them", counted(own, "file")));
    }
    report.set("files", json!(total));
    report.set("own_in_public", json!(own));
    report.set("store", json!(store.is_some()));
    report.set("bytes", json!(size));
    Ok(report)
}

/// A copy of the store as it stands now, and its name in the backup. `None` where there is none yet, or it is on a server.
fn store(config: &Config, beside: &Path) -> Result<Option<(PathBuf, StoreCopy)>> {
    let StoreUrl::Sqlite(path) = &config.store else { return Ok(None) };
    if !config.path(path).is_file() {
        return Ok(None);
    }
    let folder = tempfile::Builder::new()
        .prefix(".masthead-")
        .tempdir_in(beside)
        .map_err(|cause| Error::io("make a folder in", beside, &cause))?;
    let copy = StoreCopy { file: folder.path().join("store.db"), _folder: folder };
    mailing::store(config)?.copy_to(&copy.file)?;
    // One that stands elsewhere comes back beside config.toml.
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_)));
    let name = if is_below { path.clone() } else { path.file_name().map_or("masthead.db".into(), PathBuf::from) };
    Ok(Some((name, copy)))
}

/// A copy that goes when the backup is written.
struct StoreCopy {
    file: PathBuf,
    _folder: tempfile::TempDir,
}

/// Keeps a file; one that holds addresses `is_secret`, whatever its copy says.
fn append_file(tar: &mut Builder<impl Write>, name: &Path, path: &Path, is_secret: bool) -> Result<()> {
    let refused = |cause: &std::io::Error| Error::io("keep the file", path, cause);
    let file = File::open(path).map_err(|cause| refused(&cause))?;
    let metadata = file.metadata().map_err(|cause| refused(&cause))?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let mut header = header(metadata.len(), changed.map_or(0, |changed| changed.as_secs() as i64));
    if is_secret || is_private(&metadata) {
        header.set_mode(0o600);
    }
    tar.append_data(&mut header, name, file).map_err(|cause| refused(&cause))
}

/// Whether a file may be read by its owner alone, such as a list of readers: a restored one is so, too.
#[cfg(unix)]
fn is_private(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    files::is_private(metadata.permissions().mode())
}

#[cfg(not(unix))]
fn is_private(_: &std::fs::Metadata) -> bool {
    false
}

fn append(tar: &mut Builder<impl Write>, name: &Path, bytes: &[u8], changed: i64) -> std::io::Result<()> {
    tar.append_data(&mut header(bytes.len() as u64, changed), name, bytes)
}

fn header(size: u64, changed: i64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(changed.unsigned_abs());
    header
}
