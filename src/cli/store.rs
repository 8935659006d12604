//! Opening the store that config.toml names, with the password that the environment gives.

use std::path::{Path, PathBuf};

use super::files;
use crate::config::{Config, PostgresUrl, StoreTls, StoreUrl};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::store::{FormerList, Server, Store, password};

/// The environment variable that gives the password of a server, as PostgreSQL's own programs take it.
const PASSWORD: &str = "PGPASSWORD";
/// The environment variable that names a file of passwords.
const PASSFILE: &str = "PGPASSFILE";
/// Where that file is otherwise, below the home folder.
const HOME_PASSFILE: &str = ".pgpass";

/// Opens the store, and tells it what the lists are called now.
pub(super) fn open(config: &Config) -> Result<Store> {
    let mut store = opened(config)?;
    store.know_lists(&config.lists).map_err(|error| match error.kind() {
        ErrorKind::Config => error.at(Place::file(&config.file)),
        _ => error,
    })?;
    Ok(store)
}

/// The lists that config.toml has no more and that somebody has left. A file that is not there is not made.
pub(super) fn former_lists(config: &Config) -> Result<Vec<FormerList>> {
    match &config.store {
        StoreUrl::Sqlite(path) if !config.path(path).exists() => Ok(Vec::new()),
        _ if config.lists.is_empty() => Ok(Vec::new()),
        _ => open(config)?.former_lists(),
    }
}

fn opened(config: &Config) -> Result<Store> {
    match &config.store {
        StoreUrl::Sqlite(path) => Store::open(&config.path(path)),
        StoreUrl::Postgres(url) => {
            let roots = match &url.tls {
                StoreTls::Verified { roots: Some(path) } => Some(roots(&config.path(path))?),
                _ => None,
            };
            let server = Server::new(url, given(url)?.as_deref(), roots.as_deref())?;
            Store::connect(server).map_err(|error| error.hint(format!("asked was {url}")))
        }
    }
}

fn roots(path: &Path) -> Result<Vec<u8>> {
    files::read(path)?.ok_or_else(|| {
        Error::new(ErrorKind::Config, "there is no such file, which `sslrootcert` names").at(Place::file(path))
    })
}

/// The password that the environment gives: as it stands, or in a file that nobody else may read.
fn given(url: &PostgresUrl) -> Result<Option<String>> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(password) = variable(PASSWORD) {
        return password
            .into_string()
            .map(Some)
            .map_err(|_| Error::new(ErrorKind::Config, format!("the password that {PASSWORD} gives is not UTF-8")));
    }
    let at_home = || variable("HOME").map(|home| PathBuf::from(home).join(HOME_PASSFILE));
    let Some(path) = variable(PASSFILE).map(PathBuf::from).or_else(at_home) else { return Ok(None) };
    let Some(text) = files::read_text(&path)? else { return Ok(None) };
    let found = password(&text, url);
    if found.is_some() && others_may_read(&path) {
        return Err(Error::new(ErrorKind::Config, "others may read this file of passwords")
            .at(Place::file(&path))
            .hint("take that away: `chmod 600`"));
    }
    Ok(found)
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}
