//! A copy of the store while others write to it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Store, failure};
use crate::error::{Place, Result};

/// How many pages are copied before others may write.
const PAGES: i32 = 1000;
/// How long the copy then rests.
const REST: Duration = Duration::from_millis(5);

impl Store {
    /// Copies the store into a new file as it stands at one moment (the online backup of `SQLite`).
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let copy = || -> rusqlite::Result<()> {
            let mut target = Connection::open(path)?;
            Backup::new(&self.connection, &mut target)?.run_to_completion(PAGES, REST, None)?;
            // One file, without a journal beside it.
            target.pragma_update(None, "journal_mode", "delete")
        };
        copy().map_err(|cause| failure(&cause).at(Place::file(path)))
    }
}
