//! Opening the store that config.toml names, with the password that the environment gives.

use std::path::{Component, Path, PathBuf};

use super::files;
use super::shelf::Shelf;
use crate::config::{Config, PostgresUrl, StoreTls, StoreUrl};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{MailPolicy, Series};
use crate::store::{FormerList, Look, Server, Store, password};

/// The environment variable that gives the password of a server, as PostgreSQL's own programs take it.
const PASSWORD: &str = "PGPASSWORD";
/// The environment variable that names a file of passwords.
const PASSFILE: &str = "PGPASSFILE";
/// Where that file is otherwise, below the home folder.
const HOME_PASSFILE: &str = ".pgpass";
/// What a store remembers as said once it was told which issues were frozen before it.
const FROZEN_BEFORE: &str = "what was frozen before";

/// Opens the store, and tells it what the lists are called now.
pub(super) fn open(config: &Config) -> Result<Store> {
    let mut store = opened(config)?;
    store.know_lists(&config.lists).map_err(|error| match error.kind() {
        ErrorKind::Config => error.at(Place::file(&config.file)),
        _ => error,
    })?;
    Ok(store)
}

/// Makes the store where there is none yet and issues are mailed, before one is frozen: of those that are frozen later the store
/// knows whether they were mailed.
pub(super) fn begin(config: &Config) {
    let mails = |series: &Series| series.mail != MailPolicy::Never && !series.lists.is_empty();
    let is_made = matches!(config.store, StoreUrl::Sqlite(_)) && is_there(config);
    if !is_made && config.series.iter().any(mails) {
        // One that cannot be made is told of by whoever needs it.
        let _ = open(config);
    }
}

/// Has the file of the store open until this is dropped, where there is one. A run opens it now and then, and whenever the
/// last one that has it open lets go of it, SQLite writes all of it back and syncs it.
pub(super) fn kept_open(config: &Config) -> Option<impl Sized> {
    // One that cannot be opened is told of by whoever needs it.
    (matches!(config.store, StoreUrl::Sqlite(_)) && is_there(config)).then(|| opened(config).ok()).flatten()
}

/// The lists that config.toml has no more and that somebody has left. A file that is not there is not made.
pub(super) fn former_lists(config: &Config) -> Result<Vec<FormerList>> {
    if config.lists.is_empty() || !is_there(config) { Ok(Vec::new()) } else { open(config)?.former_lists() }
}

/// Whether there is a store to ask: a file that is there, or a database.
pub(super) fn is_there(config: &Config) -> bool {
    match &config.store {
        StoreUrl::Sqlite(path) => is_begun(&config.path(path)),
        StoreUrl::Postgres(_) => true,
    }
}

/// Whether the file of a store has anything in it. One that is empty, as a full disk or a power cut leaves it, knows no more than
/// one that is not there.
pub(super) fn is_begun(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|file| file.len() > 0)
}

fn opened(config: &Config) -> Result<Store> {
    match &config.store {
        StoreUrl::Sqlite(path) => {
            let file = config.path(path);
            if !is_begun(&file) {
                refuse_if_left(config)?;
            }
            let mut store = Store::open(&file)?;
            // Also one that a run began which was killed.
            if store.is_blank()? {
                refuse_if_left(config)?;
                know_frozen(config, &mut store)?;
            }
            Ok(store)
        }
        StoreUrl::Postgres(url) => {
            let mut store =
                Store::connect(server(config, url)?).map_err(|error| error.hint(format!("asked was {url}")))?;
            if store.is_blank()? {
                refuse_if_left(config)?;
                know_frozen(config, &mut store)?;
            }
            Ok(store)
        }
    }
}

/// Tells a new store which issues are frozen already: those may have been mailed from elsewhere, and it could not know. One that
/// nobody has used yet was told when it was made.
fn know_frozen(config: &Config, store: &mut Store) -> Result<()> {
    if store.was_said(FROZEN_BEFORE)? {
        return Ok(());
    }
    // Of issues that cannot be read nothing is known, and those who need them say so.
    let frozen = Shelf::new(&config.root).frozen(&config.series).unwrap_or_default();
    store.keep_frozen_before(&frozen)?;
    store.keep_said(&[FROZEN_BEFORE.to_owned()])
}

/// The store as it is, to look at it. None where there is none yet, and none is made.
pub(super) fn look(config: &Config) -> Result<Option<Look>> {
    match &config.store {
        StoreUrl::Sqlite(path) => Some(config.path(path)).filter(|file| is_begun(file)).map(|file| Look::at(&file)),
        StoreUrl::Postgres(url) => {
            Some(Look::on(server(config, url)?).map_err(|error| error.hint(format!("asked was {url}"))))
        }
    }
    .transpose()
}

/// The server that config.toml names.
fn server(config: &Config, url: &PostgresUrl) -> Result<Server> {
    let roots = match &url.tls {
        StoreTls::Verified { roots: Some(path) } => Some(roots(&config.path(path))?),
        _ => None,
    };
    Server::new(url, given(url)?.as_deref(), roots.as_deref())
}

/// The store is new, or will be: whoever has left, and what was mailed, would be forgotten where another one in the same folder
/// knows it.
pub(super) fn refuse_if_left(config: &Config) -> Result<()> {
    let Some(left) = left(config) else { return Ok(()) };
    let (there, name) = (config.root.join(&left), left.display());
    let as_it_is = format!("`url = \"sqlite:{name}\"` under `[store]` goes on with it");
    let elsewhere = "where it is not wanted any more, move it out of this folder";
    let (what, hint) = match &config.store {
        StoreUrl::Sqlite(path) => (
            format!("config.toml names a store that is not there, `{}`, and this one holds readers", path.display()),
            format!("move it there, or {as_it_is}; {elsewhere}"),
        ),
        StoreUrl::Postgres(url) => (
            format!("the store is {url} by now, which is empty, and this one holds readers"),
            format!("a new store does not know who has left, nor what was mailed; {as_it_is}; {elsewhere}"),
        ),
    };
    Err(Error::new(ErrorKind::Config, what).at(Place::file(there)).hint(hint))
}

/// A store in use that lies beside config.toml, which names another one: a file of the same name, as a restored one is, or
/// the one that a publication begins with.
fn left(config: &Config) -> Option<PathBuf> {
    let first = PathBuf::from("masthead.db");
    let names: Vec<PathBuf> = match &config.store {
        StoreUrl::Postgres(_) => vec![first],
        StoreUrl::Sqlite(path) if path.components().all(|part| matches!(part, Component::Normal(_))) => Vec::new(),
        StoreUrl::Sqlite(path) => path.file_name().map(PathBuf::from).into_iter().chain([first]).collect(),
    };
    names.into_iter().find(|name| Store::is_in_use(&config.root.join(name)))
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
