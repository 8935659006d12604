//! What outlives a run, in a database file or on a server; its SQL stands in named files.
//!
//! [`Store`] opens an SQLite file in WAL mode, or a PostgreSQL database that several machines share, and brings its
//! schema up to date. Every change is one transaction, and doing a thing twice is the same as doing it once. Instants
//! come from the caller.

mod address_key;
mod backup;
mod bounces;
mod consent;
mod database;
mod former_lists;
mod import;
mod list_files;
mod look;
mod merge;
mod notices;
#[cfg(test)]
mod old_versions;
mod once;
mod postgres;
mod queue;
mod ring;
mod schema;
mod signing;
mod sources;
mod subscribers;
#[cfg(test)]
mod tests;
mod token;

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use address_key::AddressKey;
pub use consent::{Confirmed, ERASED, Erased, ErasedMessage, Left, is_of_erased};
use database::{Connection, Fault, Lock, Transaction};
pub use former_lists::FormerList;
pub use import::{Besides, Gathered, Imported, Missing};
pub use look::Look;
pub use notices::{Asked, NoticeReply};
pub use postgres::{Server, password};
pub use ring::KeyRing;
pub use subscribers::{Added, ListStatus};
pub use token::{Grant, Purpose};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Language;

/// How long another process may hold the file before a write gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a write tries meanwhile: whoever writes for long lets others in between, for about twice that time.
const BUSY_POLL: Duration = Duration::from_millis(5);
/// What keys of return paths are for.
const RETURN_PATHS: &str = "return paths";

/// How many statements stay prepared: all that sending needs, and those between.
const STATEMENTS: usize = 64;

/// The store of a publication.
pub struct Store {
    connection: Connection,
    ring: KeyRing,
    address_key: AddressKey,
}

impl Store {
    /// Opens `path`, making the file where there is none. Fails when it is no store, or one of a newer version.
    pub fn open(path: &Path) -> Result<Self> {
        let open = || -> Result<Self> {
            keep_private(path);
            Self::embedded(rusqlite::Connection::open(path).map_err(failed)?)
        };
        open().map_err(|error| error.at(Place::file(path)))
    }

    /// Whether the file at `path` is a store that this version can open, or is not there and would be made. Changes
    /// nothing: what opens a database writes to it.
    pub fn check(path: &Path) -> Result<()> {
        let refuse = |error: Error| Err(error.at(Place::file(path)));
        let mut file = match std::fs::File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
                let gone =
                    |_| refuse(Error::new(ErrorKind::Store, "the store cannot be made: there is no such folder"));
                return folder.map_or(Ok(()), gone);
            }
            Err(cause) => return Err(Error::io("read the store", path, &cause)),
        };
        let mut head = Vec::new();
        std::io::Read::take(&mut file, schema::HEAD)
            .read_to_end(&mut head)
            .map_err(|cause| Error::io("read the store", path, &cause))?;
        match schema::check(&head) {
            Ok(()) => Ok(()),
            Err(fault) => refuse(failed(fault)),
        }
    }

    /// A store that is gone when it is dropped, for dry runs and tests.
    pub fn in_memory() -> Result<Self> {
        Self::embedded(rusqlite::Connection::open_in_memory().map_err(failed)?)
    }

    /// Opens the store on a server, making its tables where there are none.
    pub fn connect(server: Server) -> Result<Self> {
        let session = postgres::open(server).map_err(failed)?;
        Self::ready(Connection::Postgres(Box::new(session)))
    }

    /// Makes tokens from these secrets instead of the one in the store, which goes on verifying: the same secrets give the
    /// same tokens wherever the publication is run.
    #[must_use]
    pub fn with_secrets(self, secrets: KeyRing) -> Self {
        Self { ring: secrets.before(self.ring), ..self }
    }

    /// The secrets from which tokens are made.
    #[must_use]
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// The key from which return paths are made. It is kept: whatever secrets a later run is given, it knows the return
    /// paths again.
    pub fn return_path_key(&self) -> Result<Vec<u8>> {
        let key = self.ring.first().key(RETURN_PATHS);
        let keep = || -> database::Result<()> {
            let mut known = self.connection.prepare_cached(include_str!("sql/return_path_key_known.sql"))?;
            if !known.exists([&key])? {
                self.connection.execute(include_str!("sql/return_path_key_add.sql"), [&key])?;
            }
            Ok(())
        };
        keep().map_err(failed)?;
        Ok(key)
    }

    /// The keys from which return paths may have been made: of all secrets of this run, and of all that ever made some.
    pub fn return_path_keys(&self) -> Result<Vec<Vec<u8>>> {
        let mut keys: Vec<Vec<u8>> = self.ring.all().map(|secret| secret.key(RETURN_PATHS)).collect();
        let read = || -> database::Result<Vec<Vec<u8>>> {
            let mut kept = self.connection.prepare_cached(include_str!("sql/return_path_key_list.sql"))?;
            kept.query_map([], |row| row.get(0))?.collect()
        };
        for key in read().map_err(failed)? {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    /// The key from which Message-IDs are made.
    #[must_use]
    pub fn message_id_key(&self) -> Vec<u8> {
        self.ring.first().key("Message-IDs")
    }

    /// Whether several machines may work with it at once.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.connection, Connection::Postgres(_))
    }

    fn embedded(mut connection: rusqlite::Connection) -> Result<Self> {
        let settings = |connection: &mut rusqlite::Connection| {
            write_ahead(connection)?;
            connection.busy_handler(Some(wait))?;
            connection.pragma_update(None, "synchronous", "full")?;
            // What is deleted is overwritten: who is erased is not to be found in the file any more, nor in its copies.
            connection.pragma_update(None, "secure_delete", true)?;
            connection.pragma_update(None, "foreign_keys", true)
        };
        settings(&mut connection).map_err(failed)?;
        schema::migrate(&mut connection).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // What this program writes are words of its enumerations. To look for each in the list of a CHECK, SQLite builds
        // the list as a table every time, which costs more than the write.
        connection.pragma_update(None, "ignore_check_constraints", true).map_err(failed)?;
        Self::ready(Connection::Sqlite(connection))
    }

    fn ready(connection: Connection) -> Result<Self> {
        let ring = KeyRing::of_store(&connection).map_err(failed)?;
        let address_key = AddressKey::of_store(&connection).map_err(failed)?;
        import::finish(&connection).map_err(failed)?;
        Ok(Self { connection, ring, address_key })
    }

    /// Runs `work` in one transaction, which is undone when it fails.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> database::Result<T>) -> Result<T> {
        self.locked(Lock::Readers, work)
    }

    fn locked<T>(&mut self, lock: Lock, work: impl FnOnce(&Transaction<'_>) -> database::Result<T>) -> Result<T> {
        let run = || -> database::Result<T> {
            let transaction = self.connection.transaction(lock)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(failed)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("is_shared", &self.is_shared()).finish_non_exhaustive()
    }
}

/// Makes a new file that its owner alone may read, or takes an old one out of the sight of everybody: it holds addresses, and
/// what links are made from. What an operator allowed a group stays allowed. The journals beside it are made alike.
#[cfg(unix)]
fn keep_private(path: &Path) {
    use std::fs::{OpenOptions, Permissions, metadata, set_permissions};
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    match metadata(path) {
        Ok(file) if file.is_file() && file.permissions().mode() & 0o007 != 0 => {
            // Where it is another's file, that other must see to it.
            let _ = set_permissions(path, Permissions::from_mode(file.permissions().mode() & 0o770));
        }
        // Why it cannot be made, if it cannot, is told by whoever opens it next.
        Err(_) => drop(OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)),
        Ok(_) => {}
    }
}

#[cfg(not(unix))]
fn keep_private(_: &Path) {}

/// Waits for another process that writes to the file, unless it has been too long.
fn wait(tries: i32) -> bool {
    std::thread::sleep(BUSY_POLL);
    BUSY_POLL * tries.unsigned_abs() < BUSY_TIMEOUT
}

/// Has changes written ahead (WAL). To change that of a file SQLite reads it first and then wants to write, and whoever
/// reads may not wait for a writer, who may be waiting for the readers: so it refuses at once, handler or no, where another
/// process is just doing the same. It has let go of the file by then, and may try again.
fn write_ahead(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    // The waiting is done here.
    connection.busy_timeout(Duration::ZERO)?;
    let mut tries = 0;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(cause) if is_busy(&cause) && wait(tries) => tries += 1,
            done => return done,
        }
    }
}

fn is_busy(cause: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(cause.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

/// What a database answered as an error of ours.
fn failed(cause: impl Into<Fault>) -> Error {
    match cause.into() {
        Fault::Sqlite(cause) => of_sqlite(&cause),
        Fault::Postgres(cause) => postgres::refusal(&cause),
        Fault::Unreadable(what) => refused(&what),
        Fault::Newer { found, known } => Error::new(ErrorKind::Store, format!("the store has version {found}"))
            .hint(format!("this program knows versions up to {known}: use a newer one")),
    }
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Store, format!("the store refused: {}", why.to_lowercase()))
}

fn of_sqlite(cause: &rusqlite::Error) -> Error {
    let error = refused(&cause.to_string());
    match cause.sqlite_error_code() {
        _ if is_busy(cause) => error.hint("another run is writing to it; try again when that one has ended"),
        Some(rusqlite::ErrorCode::NotADatabase) => error.hint("`[store] url` names a file that is not a store"),
        _ => error,
    }
}

/// An instant as the tables keep it: RFC 3339 in UTC, so that text order is time order.
fn stamp(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn read_stamp(text: &str) -> database::Result<DateTime<Utc>> {
    text.parse().map_err(|_| Fault::Unreadable(format!("`{text}` is no instant")))
}

fn read_language(tag: Option<&str>) -> Option<Language> {
    // Earlier versions kept what people wrote.
    tag.and_then(|tag| Language::read_by_people(tag).or_else(|| Language::parse(tag)))
}
