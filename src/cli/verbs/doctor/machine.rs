//! This machine: folders, clock, store, secrets, other runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Examination;
use crate::cli::clock;
use crate::cli::files;
use crate::cli::lock::{self, Lock};
use crate::cli::mailing;
use crate::cli::session::Session;
use crate::cli::store;
use crate::config::{Config, Password, StoreUrl, Transport};
use crate::error::{ErrorKind, Place, Result, Warning};
use crate::store::Store;

/// What is written and taken away again, to see whether anything can be written.
const TRIAL: &str = ".masthead-doctor";

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
    let named = ["issues", "collected", "public", "outbox"];
    for folder in std::iter::once(config.root.clone()).chain(named.map(|name| config.root.join(name))) {
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
            let is_there = if file.exists() { Ok(()) } else { store::refuse_if_left(config) };
            is_there.and_then(|()| Store::check(&file)).map(|()| file.exists())
        }
        StoreUrl::Postgres(_) => store::look(config).map(|_| true),
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

/// Whether secrets are there, and are kept from the other users of this machine.
fn secrets(config: &Config, seen: &mut Examination) {
    if let Err(error) = mailing::secrets() {
        seen.failed("secrets", "that of links in mails is missing", error);
    }
    let files = secret_files(config);
    let open: Vec<&PathBuf> = files.iter().filter(|file| is_open(file)).collect();
    for file in &open {
        seen.ill(
            "secrets",
            format!("{} is open to others", file.display()),
            Warning::new("other users of this machine may read a secret, or change it")
                .at(Place::file(*file))
                .hint(format!("`chmod 600 {}` keeps it from them", file.display())),
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
