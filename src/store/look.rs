//! Looking at a store without changing it.

use std::path::Path;

use super::database::{self, Connection};
use super::queue::rows;
use super::{Store, failed};
use crate::error::Result;
use crate::model::Campaign;

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

    /// The campaigns in the file at `path`. Changes nothing.
    pub fn campaigns_in(path: &Path) -> Result<Vec<Campaign>> {
        let read = || -> database::Result<Vec<Campaign>> {
            let file = Connection::Sqlite(look(path)?);
            let mut list = file.prepare_cached(include_str!("sql/campaign_list.sql"))?;
            list.query_map([], rows::campaign)?.collect()
        };
        read().map_err(failed)
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
