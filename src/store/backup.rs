//! A copy of the store while others write to it.

use std::path::Path;

use rusqlite::Connection;

use super::database::Connection as Either;
use super::{Store, failed};
use crate::error::{Error, ErrorKind, Place, Result};

/// Why a campaign is paused in a copy.
const COPIED: &str = "it was not over when this copy of the store was made; what went out since, and who has left, is not known \
                      here: look before `masthead resume`";

impl Store {
    /// Copies the store into a new file as it stands at one moment, while others go on writing: its rows, and no page that
    /// was freed. Campaigns that are not over are paused in the copy: whoever goes on from it cannot know what went out
    /// since, nor who has left.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let Either::Sqlite(connection) = &self.connection else {
            return Err(Error::new(ErrorKind::Store, "a store on a server is not copied into a file")
                .hint("keep it by the means of the server: `pg_dump`; see docs/operations.md"));
        };
        let copy = || -> rusqlite::Result<()> {
            connection.execute("vacuum into ?1", [path.to_string_lossy()])?;
            let copy = Connection::open(path)?;
            // One file, without a journal beside it.
            copy.pragma_update(None, "journal_mode", "delete")?;
            copy.execute(include_str!("sql/campaign_pause_all.sql"), [COPIED]).map(drop)
        };
        copy().map_err(|cause| failed(cause).at(Place::file(path)))
    }
}
