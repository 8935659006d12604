//! Looking at a store without changing it.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::database::{self, Connection, Row};
use super::queue::{history, rows};
use super::{KeyRing, Server, Store, failed, once, postgres, signing};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Campaign, IssueKey, Progress};

impl Store {
    /// Whether nobody was ever on a list of this store, nothing was mailed from it, and nothing may not be written to.
    pub fn is_blank(&self) -> Result<bool> {
        is_blank(&self.connection).map_err(failed)
    }

    /// Whether the file at `path` is a store that is not [blank](Store::is_blank); another file, or none, is not. Changes
    /// nothing.
    #[must_use]
    pub fn is_in_use(path: &Path) -> bool {
        let blank = || -> database::Result<bool> { is_blank(&Connection::Sqlite(look(path)?)) };
        path.is_file() && blank().is_ok_and(|is_blank| !is_blank)
    }
}

impl Store {
    /// What [`Store::check`] says, and whether the whole of the file can be read. Changes nothing.
    pub fn examine(path: &Path) -> Result<()> {
        Self::check(path)?;
        if !path.is_file() {
            return Ok(());
        }
        let damage = match quick_check(path) {
            Ok(said) if said == "ok" => return Ok(()),
            Ok(said) => said,
            Err(cause) if is_damage(&cause) => cause.to_string(),
            // Whether it can be written to, or is in use, is found out by whoever opens it.
            Err(_) => return Ok(()),
        };
        let said = damage.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Err(Error::new(ErrorKind::Store, format!("the store is damaged: {said}"))
            .at(Place::file(path))
            .hint("`masthead restore` brings back the one of a backup"))
    }
}

/// What SQLite says of the whole of a file; the first fault of it.
fn quick_check(path: &Path) -> rusqlite::Result<String> {
    look(path)?.query_row("pragma quick_check(1)", [], |row| row.get(0))
}

fn is_damage(cause: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(cause.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// A store that is only looked at: not even its tables are brought up to date.
pub struct Look(Connection);

impl Look {
    /// At the file of this path, which must be there.
    pub fn at(path: &Path) -> Result<Self> {
        look(path).map(|file| Self(Connection::Sqlite(file))).map_err(failed)
    }

    /// At the one on a server.
    pub fn on(server: Server) -> Result<Self> {
        postgres::look(server).map(|session| Self(Connection::Postgres(Box::new(session)))).map_err(failed)
    }

    /// Whether nobody has used it yet; one that is empty nobody has.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        is_blank(&self.0).unwrap_or(true)
    }

    /// Whether tables can be made where the address of a server says: in a schema that is there.
    pub fn has_place(&self) -> Result<bool> {
        let ask = || -> database::Result<bool> {
            self.0.query_row("select current_schema()::text is not null", [], |row| row.get(0))
        };
        if matches!(self.0, Connection::Postgres(_)) { ask().map_err(failed) } else { Ok(true) }
    }

    /// Its campaigns. One that is empty, or of a version that kept them otherwise, has none to be seen.
    #[must_use]
    pub fn campaigns(&self) -> Vec<Campaign> {
        let read = || -> database::Result<Vec<Campaign>> {
            let mut list = self.0.prepare_cached(include_str!("sql/campaign_list.sql"))?;
            list.query_map([], rows::campaign)?.collect()
        };
        read().unwrap_or_default()
    }

    /// How far one of them has come; nowhere in a store of a version that kept that otherwise.
    #[must_use]
    pub fn progress(&self, campaign: i64, now: DateTime<Utc>) -> Progress {
        history::progress(&self.0, campaign, now).unwrap_or_default()
    }

    /// Of how many messages of which issues nobody knows whether they arrived. One of a version that kept them otherwise tells of
    /// none.
    #[must_use]
    pub fn in_doubt(&self) -> Vec<(IssueKey, u64)> {
        let one = |row: &Row<'_>| {
            let issue = IssueKey { series: row.get(0)?, ordinal: row.get::<i64>(1)?.unsigned_abs() };
            Ok((issue, row.get::<i64>(2)?.unsigned_abs()))
        };
        let read = || -> database::Result<Vec<(IssueKey, u64)>> {
            self.0.prepare_cached(include_str!("sql/in_doubt.sql"))?.query_map([], one)?.collect()
        };
        read().unwrap_or_default()
    }

    /// What [`Store::frozen_before`] says. One of an earlier version knows of none.
    #[must_use]
    pub fn frozen_before(&self) -> BTreeSet<IssueKey> {
        once::frozen_before(&self.0).unwrap_or_default()
    }

    /// What [`Store::has_strange_secrets`] says of these secrets. One of an earlier version does not know.
    #[must_use]
    pub fn has_strange_secrets(&self, given: Option<KeyRing>) -> bool {
        let ask = || -> database::Result<bool> {
            let own = KeyRing::of_store(&self.0)?;
            signing::are_strange(&self.0, &given.map_or_else(|| own.clone(), |given| given.before(own.clone())))
        };
        ask().unwrap_or_default()
    }
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Look(..)")
    }
}

fn is_blank(connection: &Connection) -> database::Result<bool> {
    Ok(!connection.prepare_cached(include_str!("sql/in_use.sql"))?.exists([])?)
}

/// Opens a file to look at it alone. Where nobody is at work on it, not even a journal is made beside it.
pub(super) fn look(path: &Path) -> rusqlite::Result<rusqlite::Connection> {
    use rusqlite::OpenFlags;
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    if Path::new(&journal).exists() {
        return rusqlite::Connection::open_with_flags(path, flags);
    }
    let address = url::Url::from_file_path(std::path::absolute(path).unwrap_or_default())
        .map_err(|()| rusqlite::Error::InvalidPath(path.to_owned()))?;
    rusqlite::Connection::open_with_flags(format!("{address}?immutable=1"), flags)
}
