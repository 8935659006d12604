//! What outlives a run, in a database file; its SQL stands in named files.
//!
//! [`Store`] opens a file in WAL mode and brings its schema up to date. Every change is one transaction, and doing a
//! thing twice is the same as doing it once. Instants come from the caller.

mod address_key;
mod backup;
mod bounces;
mod consent;
mod notices;
mod queue;
mod ring;
mod schema;
mod sources;
mod subscribers;
#[cfg(test)]
mod tests;
mod token;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Connection;
use rusqlite::types::Type;

use address_key::AddressKey;
pub use consent::{Confirmed, Erased, ErasedMessage};
pub use notices::{Asked, NoticeReply};
pub use ring::KeyRing;
pub use subscribers::{Added, Imported, ListStatus};
pub use token::{Grant, Purpose};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Language;

/// How long another process may hold the file before a write gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The store of a publication.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    ring: KeyRing,
    address_key: AddressKey,
}

impl Store {
    /// Opens `path`, making the file where there is none. Fails when it is no store, or one of a newer version.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path).map_err(|cause| failure(&cause).at(Place::file(path)))?;
        Self::ready(connection).map_err(|error| error.at(Place::file(path)))
    }

    /// A store that is gone when it is dropped, for dry runs and tests.
    pub fn in_memory() -> Result<Self> {
        Self::ready(Connection::open_in_memory().map_err(|cause| failure(&cause))?)
    }

    /// Makes tokens from these secrets instead of the one in the file, which goes on verifying: the same secrets give the
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

    /// The key from which return paths are made.
    #[must_use]
    pub fn return_path_key(&self) -> Vec<u8> {
        self.ring.first().key("return paths")
    }

    fn ready(mut connection: Connection) -> Result<Self> {
        let settings = |connection: &Connection| {
            connection.busy_timeout(BUSY_TIMEOUT)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "foreign_keys", true)
        };
        settings(&connection).map_err(|cause| failure(&cause))?;
        schema::migrate(&mut connection)?;
        let ring = KeyRing::of_store(&connection).map_err(|cause| failure(&cause))?;
        let address_key = AddressKey::of_store(&connection).map_err(|cause| failure(&cause))?;
        Ok(Self { connection, ring, address_key })
    }
}

/// A refusal of the database as an error of ours.
fn failure(cause: &rusqlite::Error) -> Error {
    let error = Error::new(ErrorKind::Store, format!("the store refused: {}", cause.to_string().to_lowercase()));
    match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            error.hint("another run is writing to it; try again when that one has ended")
        }
        Some(rusqlite::ErrorCode::NotADatabase) => error.hint("`[store] url` names a file that is not a store"),
        _ => error,
    }
}

/// An instant as the tables keep it: RFC 3339 in UTC, so that text order is time order.
fn stamp(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn read_stamp(column: usize, text: &str) -> rusqlite::Result<DateTime<Utc>> {
    text.parse().map_err(|cause| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(cause)))
}

fn read_language(tag: Option<&str>) -> Option<Language> {
    tag.and_then(Language::parse)
}
