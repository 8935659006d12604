//! This machine: folders, clock, store, secrets, other runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Examination;
use crate::cli::clock;
use crate::cli::files;
use crate::cli::lock::{self, Lock};
use crate::cli::mailing;
use crate::cli::report::quoted;
use crate::cli::session::Session;
use crate::cli::store;
use crate::config::{Config, Password, StoreUrl, Transport};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::store::Store;

/// What is written and taken away again, to see whether anything can be written.
const TRIAL: &str = ".masthead-doctor";
/// The folders that runs write.
const WRITTEN: [&str; 4] = ["issues", "collected", "public", "outbox"];

/// Looks at all of it.
pub(super) fn examine(session: &Session, config: &Config, seen: &mut Examination) {
    folders(config, seen);
    of_clock(session, config, seen);
    of_store(config, seen);
    secrets(config, seen);
    let of_all = |root: &Path| Lock::take(root, Duration::ZERO);
    held(config, seen, lock::NAME, of_all, "another run is at work");
    // Timers that find it taken say nothing of it.
    held(config, seen, lock::SENDING, Lock::of_sending, "a run is sending mail");
}

/// Tells that somebody has a lock. Where there is no file of it, none is made.
fn held(config: &Config, seen: &mut Examination, name: &str, take: impl Fn(&Path) -> Result<Lock>, what: &str) {
    if !config.root.join(name).exists() {
        return;
    }
    match take(&config.root) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::Busy => seen.well("lock", what),
        Err(error) => seen.failed("lock", "cannot be taken", error),
    }
}

/// Whether files can be written where a run writes them.
fn folders(config: &Config, seen: &mut Examination) {
    let mut found = 0;
    for folder in std::iter::once(config.root.clone()).chain(WRITTEN.map(|name| config.root.join(name))) {
        if !folder.is_dir() {
            continue;
        }
        let trial = folder.join(TRIAL);
        // Never one that another doctor left: what is not written proves nothing.
        let tried =
            files::remove(&trial).and_then(|_| files::write(&trial, b"?\n")).and_then(|_| files::remove(&trial));
        match tried {
            Ok(_) => found += 1,
            Err(error) => seen.failed("folders", format!("{} cannot be written to", folder.display()), error),
        }
    }
    if found > 0 {
        seen.well("folders", format!("{found} can be written to"));
    }
    if let Some((first, count)) = own().and_then(|own| strangers(&config.root, own)) {
        let fault = Warning::new("another user owns folders in which runs write: they cannot change what is in them")
            .at(Place::file(&first))
            .hint("a run as another user made them, such as root; give all of it to the user that runs masthead");
        seen.ill("folders", format!("{count} below belong to another user"), fault);
    }
}

/// The number of the user of this process, by whom a new file is owned.
#[cfg(unix)]
fn own() -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    Some(tempfile::tempfile().and_then(|file| file.metadata()).ok()?.uid())
}

#[cfg(not(unix))]
fn own() -> Option<u32> {
    None
}

/// The first of the folders below those that runs write in which the user `own` cannot write, and how many there are.
#[cfg(unix)]
fn strangers(root: &Path, own: u32) -> Option<(PathBuf, usize)> {
    use std::os::unix::fs::MetadataExt as _;
    // The owner alone may write, and it is somebody else; the superuser may everywhere.
    let is_strange = |meta: &std::fs::Metadata| own != 0 && meta.uid() != own && meta.mode() & 0o022 == 0;
    let below = |name: &str| walkdir::WalkDir::new(root.join(name)).min_depth(1).sort_by_file_name();
    let entries = WRITTEN.iter().flat_map(|name| below(name)).filter_map(std::result::Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_dir());
    let mut strange = folders.filter(|entry| entry.metadata().is_ok_and(|meta| is_strange(&meta)));
    let first = strange.next()?.into_path();
    Some((first, 1 + strange.count()))
}

#[cfg(not(unix))]
fn strangers(_: &Path, _: u32) -> Option<(PathBuf, usize)> {
    None
}

/// A clock that is behind what was already published would date posts and issues wrongly, and hold back mail.
fn of_clock(session: &Session, config: &Config, seen: &mut Examination) {
    let zone = config.publication.time_zone;
    let shown = format!("{} in {zone}", session.now.with_timezone(&zone).format("%Y-%m-%d %H:%M"));
    match clock::behind(config, session.now) {
        None => seen.well("clock", shown),
        Some(behind) => seen.ill(
            "clock",
            shown,
            Warning::new(format!("the clock {}", behind.what))
                .hint("set the clock of this machine; windows are closed and mail goes out by it"),
        ),
    }
}

fn of_store(config: &Config, seen: &mut Examination) {
    let verdict = match &config.store {
        StoreUrl::Sqlite(path) => {
            let file = config.path(path);
            let is_there = if store::is_begun(&file) { Ok(()) } else { store::refuse_if_left(config) };
            is_there.and_then(|()| Store::examine(&file)).map(|()| store::is_begun(&file))
        }
        StoreUrl::Postgres(_) => on_server(config).map(|()| true),
    };
    let shown = match &config.store {
        StoreUrl::Sqlite(path) => path.display().to_string(),
        StoreUrl::Postgres(url) => url.to_string(),
    };
    match verdict {
        Ok(true) => seen.well("store", format!("{shown} can be used")),
        Ok(false) => seen.well("store", format!("{shown} is made by the first run that needs it")),
        Err(error) => seen.failed("store", format!("{shown} cannot be used"), error),
    }
}

/// Whether a run can work with the store on a server.
fn on_server(config: &Config) -> Result<()> {
    let Some(looked) = store::look(config)? else { return Ok(()) };
    if !looked.has_place()? {
        return Err(Error::new(ErrorKind::Config, "the database has no schema that `[store] url` names")
            .hint("`create schema` makes it, or take `schema=` out of the address"));
    }
    if looked.is_blank() { store::refuse_if_left(config) } else { Ok(()) }
}

/// Whether secrets are there, and are kept from the other users of this machine.
fn secrets(config: &Config, seen: &mut Examination) {
    match mailing::secrets() {
        Err(error) => seen.failed("secrets", "that of links in mails is missing", error),
        Ok(secrets) => {
            if let Some(short) = mailing::of_short_secrets(secrets.as_ref()) {
                seen.ill("secrets", "that of links in mails is short", short);
            }
        }
    }
    let files = secret_files(config);
    let open: Vec<&PathBuf> = files.iter().filter(|file| is_open(file)).collect();
    for file in &open {
        seen.ill(
            "secrets",
            format!("{} is open to others", file.display()),
            Warning::new("other users of this machine may read a secret, or change it")
                .at(Place::file(*file))
                .hint(format!("`chmod 600 {}` keeps it from them", quoted(file))),
        );
    }
    let kept = files.len() - open.len();
    if kept > 0 {
        seen.well("secrets", format!("{kept} kept in files that are for their owner alone"));
    }
}

/// The files of secrets that are there. What is missing is told where it is needed.
fn secret_files(config: &Config) -> Vec<PathBuf> {
    let relays = match &config.mail.transport {
        Transport::Smtp(relays) => relays.as_slice(),
        Transport::File => &[],
    };
    let passwords = relays.iter().filter_map(|relay| match &relay.user {
        Some((_, Password::File(path))) => Some(config.path(path)),
        _ => None,
    });
    let keys = config.mail.dkim.iter().map(|key| config.path(&key.key_file));
    let links = mailing::secret_file().into_iter();
    let mut files: Vec<PathBuf> = passwords.chain(keys).chain(links).filter(|file| file.is_file()).collect();
    files.sort();
    files.dedup();
    files
}

#[cfg(unix)]
fn is_open(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(file).is_ok_and(|meta| !files::is_private(meta.mode()))
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn folders_of_another_user_are_found_where_they_cannot_be_written() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("public/posts/one");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(root.path().join("posts")).unwrap();
        let mode = |mode| std::fs::set_permissions(&inner, std::fs::Permissions::from_mode(mode)).unwrap();
        let own = own().unwrap();
        let other = own + 1;
        mode(0o755);
        assert_eq!(strangers(root.path(), own), None);
        assert_eq!(strangers(root.path(), 0), None, "the superuser may write everywhere");
        assert_eq!(strangers(root.path(), other), Some((root.path().join("public/posts"), 2)));
        let _ = std::fs::set_permissions(root.path().join("public/posts"), std::fs::Permissions::from_mode(0o775));
        assert_eq!(strangers(root.path(), other), Some((inner.clone(), 1)), "those of its group may write");
        mode(0o777);
        assert_eq!(strangers(root.path(), other), None);
    }
}
