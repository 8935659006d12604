//! `masthead backup`: everything that cannot be built again, in one file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tar::{Builder, EntryType, Header};

use crate::cli::files;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::{Session, files_below};
use crate::config::{Config, Password, RelayConfig, SourceKind, StoreTls, StoreUrl, Transport};
use crate::error::{Error, ErrorKind, Place, Result, Warning};

/// The name of the first entry, which says what the file is.
pub(super) const LABEL: &str = "masthead-backup.json";
/// The format of the file; another is not read.
pub(super) const FORMAT: u64 = 1;
/// Folders that are built, or handed on.
const BUILT: [&str; 2] = ["public", "outbox"];

/// Writes a backup to `file`, which must not exist.
pub(super) fn run(session: &mut Session, file: &Path) -> Result<Report> {
    let config = session.config()?;
    if file.exists() {
        return Err(Error::new(ErrorKind::Usage, "there is such a file already").at(Place::file(file)));
    }
    let _lock = session.lock(&config)?;
    let entries = entries(session, &config)?;
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
    report.set("files", json!(total));
    report.set("store", json!(store.is_some()));
    report.set("bytes", json!(size));
    Ok(report)
}

/// The files of the publication by their names in the backup.
fn entries(session: &mut Session, config: &Config) -> Result<BTreeMap<PathBuf, PathBuf>> {
    let canonical = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let root = canonical(&config.root);
    let is_of_store = match &config.store {
        StoreUrl::Sqlite(store) => files_of_store(&canonical(&config.path(store))),
        StoreUrl::Postgres(url) => {
            let warning = Warning::new(format!("the store is {url} and is not in the backup"));
            session.warnings.push(warning.at(Place::file(&config.file)).hint("keep it by `pg_dump` at the same time"));
            BTreeSet::new()
        }
    };
    let mut entries = BTreeMap::new();
    let mut outside = BTreeSet::new();
    for named in named(config) {
        let files = if named.is_dir() { files_below(&named)? } else { vec![named.clone()] };
        for path in files.into_iter().filter(|path| path.is_file()) {
            let Ok(name) = canonical(&path).strip_prefix(&root).map(Path::to_path_buf) else {
                outside.insert(named.clone());
                continue;
            };
            let first = name.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let is_built = BUILT.iter().any(|built| first.as_deref() == Some(built)) && name.components().count() > 1;
            if !is_built && !is_of_store.contains(&canonical(&path)) {
                entries.insert(name, path);
            }
        }
    }
    let secrets = secrets(config);
    entries.retain(|_, path| !secrets.iter().any(|(secret, _)| canonical(&config.path(secret)) == canonical(path)));
    for (path, what) in secrets {
        let warning = Warning::new(format!("this is {what} and is not in the backup"));
        session.warnings.push(warning.at(Place::file(path)).hint("keep it apart, and put it back after a restore"));
    }
    for path in outside {
        let warning = Warning::new("this stands outside of the publication and is not in the backup");
        session.warnings.push(warning.at(Place::file(path)).hint("keep it apart"));
    }
    Ok(entries)
}

/// The store, and what SQLite keeps beside it while it is open: a copy that is whole is in the backup instead.
fn files_of_store(store: &Path) -> BTreeSet<PathBuf> {
    let beside = |end: &str| {
        let mut path = store.as_os_str().to_owned();
        path.push(end);
        PathBuf::from(path)
    };
    ["", "-wal", "-shm", "-journal"].map(beside).into()
}

/// What the configuration names, and the folders that every publication has.
fn named(config: &Config) -> Vec<PathBuf> {
    let mut named: Vec<PathBuf> = vec![config.file.clone()];
    for source in &config.sources {
        match &source.kind {
            SourceKind::Markdown { folder, assets } => named.extend(std::iter::once(folder).chain(assets).cloned()),
            SourceKind::WordPress { path, assets, .. } => named.extend(std::iter::once(path).chain(assets).cloned()),
            SourceKind::Feed { .. } if source.address().is_some() => {}
            SourceKind::Feed { location, .. } => named.push(location.into()),
        }
    }
    named.extend(config.series.iter().flat_map(|series| series.standing.iter().cloned()));
    named.extend(config.lists.iter().filter_map(|list| list.csv.clone()));
    named.extend(config.logo.clone());
    named.extend(relays(config).filter_map(|relay| relay.ca_file.clone()));
    if let StoreUrl::Postgres(url) = &config.store
        && let StoreTls::Verified { roots: Some(roots) } = &url.tls
    {
        named.push(roots.clone());
    }
    named.extend(["templates", "issues", "collected"].map(PathBuf::from));
    let of_root = |path: PathBuf| if path == config.file { path } else { config.path(&path) };
    named.into_iter().map(of_root).collect()
}

fn relays(config: &Config) -> impl Iterator<Item = &RelayConfig> {
    let relays = match &config.mail.transport {
        Transport::File => &[],
        Transport::Smtp(relays) => relays.as_slice(),
    };
    relays.iter()
}

/// Files that hold a secret of its own, with what it is: they are not in the backup, because it goes to more places than
/// they may.
fn secrets(config: &Config) -> Vec<(PathBuf, &'static str)> {
    let keys = config.mail.dkim.iter().map(|key| (key.key_file.clone(), "the key that signs mail"));
    let passwords = relays(config).filter_map(|relay| match &relay.user {
        Some((_, Password::File(path))) => Some((path.clone(), "the password at a relay")),
        _ => None,
    });
    keys.chain(passwords).collect()
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
