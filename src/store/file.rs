//! The file of a store, and whether it is still the one that was opened.

use std::ops::Deref;
use std::path::PathBuf;

use super::database::{Fault, Result};

/// A database in a file.
pub(in crate::store) struct File {
    connection: rusqlite::Connection,
    /// Where it was opened, and which file that was; none in memory.
    opened: Option<(PathBuf, Mark)>,
}

impl File {
    pub(in crate::store) fn of(connection: rusqlite::Connection) -> Self {
        let path = connection.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        let opened = path.and_then(|path| Some((mark(&path)?, path))).map(|(mark, path)| (path, mark));
        Self { connection, opened }
    }

    /// A fault where another file has taken its place since, or none is there: what is written to the one that was opened
    /// nobody reads any more, who has left as little as what was sent.
    pub(in crate::store) fn refuse_if_replaced(&self) -> Result<()> {
        match &self.opened {
            Some((path, opened)) if mark(path).as_ref() != Some(opened) => Err(Fault::Replaced),
            _ => Ok(()),
        }
    }
}

impl Deref for File {
    type Target = rusqlite::Connection;

    fn deref(&self) -> &rusqlite::Connection {
        &self.connection
    }
}

/// What tells one file from another: its device and its number there. Elsewhere than on Unix nobody can replace an open file.
type Mark = (u64, u64);

#[cfg(unix)]
fn mark(path: &std::path::Path) -> Option<Mark> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn mark(_: &std::path::Path) -> Option<Mark> {
    None
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    #[test]
    fn nothing_is_written_to_a_file_that_was_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("masthead.db"), dir.path().join("other.db"));
        let mut store = Store::open(&path).unwrap();
        Store::open(&other).unwrap();
        store.keep_said(&["before".to_owned()]).unwrap();
        std::fs::rename(&other, &path).unwrap();
        let refused = store.keep_said(&["after".to_owned()]).unwrap_err();
        assert!(refused.to_string().contains("replaced"), "{refused}");
        assert!(!Store::open(&path).unwrap().was_said("after").unwrap());
        let mut store = Store::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        store.keep_said(&["after".to_owned()]).unwrap_err();
        assert!(!path.exists());
        Store::in_memory().unwrap().keep_said(&["after".to_owned()]).unwrap();
    }
}
