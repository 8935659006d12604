//! A copy of the store while others write to it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::database::Connection as Either;
use super::{Store, failed};
use crate::error::{Error, ErrorKind, Place, Result};

/// How many pages are copied before others may write.
const PAGES: i32 = 1000;
/// How long the copy then rests.
const REST: Duration = Duration::from_millis(5);

impl Store {
    /// Copies the store into a new file as it stands at one moment (the online backup of `SQLite`).
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let Either::Sqlite(connection) = &self.connection else {
            return Err(Error::new(ErrorKind::Store, "a store on a server is not copied into a file")
                .hint("keep it by the means of the server: `pg_dump`; see docs/operations.md"));
        };
        let copy = || -> rusqlite::Result<()> {
            let mut target = Connection::open(path)?;
            Backup::new(connection, &mut target)?.run_to_completion(PAGES, REST, None)?;
            // One file, without a journal beside it.
            target.pragma_update(None, "journal_mode", "delete")
        };
        copy().map_err(|cause| failed(cause).at(Place::file(path)))
    }
}
