//! Which files of lists were read to their end.

use super::database::{self, OptionalExtension as _, params};
use super::{Store, failed};
use crate::error::Result;

impl Store {
    /// The SHA-256 of the file that a list is kept as, as it was when all of it was taken last.
    pub fn list_file(&self, list: &str) -> Result<Option<String>> {
        let read = || -> database::Result<Option<String>> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/list_file.sql"))?;
            statement.query_row([list], |row| row.get(0)).optional()
        };
        read().map_err(failed)
    }

    /// Remembers that all of a list's file was taken, when its bytes had this SHA-256.
    pub fn keep_list_file(&mut self, list: &str, checksum: &str) -> Result<()> {
        self.write(|transaction| {
            transaction.prepare_cached(include_str!("sql/list_file_keep.sql"))?.execute(params![list, checksum])?;
            Ok(())
        })
    }
}
