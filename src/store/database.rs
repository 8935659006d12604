//! One way to ask either database.
//!
//! What is done with lists, sources and secrets is written once, over [`Connection`]. Both databases take the values
//! and give the columns of `rusqlite`'s conversions; `?1` stands for the first value; a statement that PostgreSQL wants
//! in other words has them in `postgres/dialect.rs`.

use std::ops::Deref;

pub(in crate::store) use rusqlite::params;
use rusqlite::types::{FromSql, ToSql};

use super::postgres;

/// What came of asking.
pub(in crate::store) type Result<T> = std::result::Result<T, Fault>;

/// Why a database did not do what it was asked.
#[derive(Debug)]
pub(in crate::store) enum Fault {
    Sqlite(rusqlite::Error),
    Postgres(::postgres::Error),
    /// A row holds what this program would not write.
    Unreadable(String),
    /// A newer version of this program made the tables.
    Newer {
        found: u64,
        known: u64,
    },
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(cause)
    }
}

impl From<::postgres::Error> for Fault {
    fn from(cause: ::postgres::Error) -> Self {
        Self::Postgres(cause)
    }
}

/// A way to one of the databases.
pub(in crate::store) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Session>),
}

impl Connection {
    /// A statement, prepared once.
    pub(in crate::store) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(match self {
            Self::Sqlite(connection) => Statement::Sqlite(connection.prepare_cached(sql)?),
            Self::Postgres(session) => Statement::Postgres(session, session.prepare(sql)?),
        })
    }

    /// Does what a statement says; tells how many rows it changed.
    pub(in crate::store) fn execute(&self, sql: &str, values: impl Parameters) -> Result<usize> {
        self.prepare_cached(sql)?.execute(values)
    }

    /// The first row that a statement gives; none is a fault, see [`OptionalExtension`].
    pub(in crate::store) fn query_row<T>(
        &self,
        sql: &str,
        values: impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare_cached(sql)?.query_row(values, read)
    }

    /// Begins to write. Where others write too, those with the same lock wait for each other.
    pub(in crate::store) fn transaction(&self, lock: Lock) -> Result<Transaction<'_>> {
        match self {
            Self::Sqlite(connection) => {
                connection.prepare_cached("begin immediate")?.execute([])?;
            }
            Self::Postgres(session) => session.begin(lock)?,
        }
        Ok(Transaction { connection: self, is_open: true })
    }

    /// Does what several statements without values say.
    pub(in crate::store) fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql)?,
            Self::Postgres(session) => session.batch(sql)?,
        }
        Ok(())
    }

    /// Brings all changes into the file and empties the journal beside it, whether it could: not while another process reads
    /// from there. What is committed on a server is in its own hands.
    pub(in crate::store) fn empty_journal(&self) -> Result<bool> {
        match self {
            Self::Sqlite(connection) => {
                let is_held = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
                Ok(connection.query_row("pragma wal_checkpoint(truncate)", [], is_held)? == 0)
            }
            Self::Postgres(_) => Ok(true),
        }
    }

    /// The same, without waiting for anybody, which another connection to the file can do.
    pub(in crate::store) fn empty_journal_at_rest(&self) -> Result<bool> {
        let Self::Sqlite(connection) = self else { return Ok(true) };
        let Some(file) = connection.path().filter(|file| !file.is_empty()) else { return Ok(true) };
        let beside = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        beside.busy_timeout(std::time::Duration::ZERO)?;
        Self::Sqlite(beside).empty_journal()
    }
}

/// What a writer keeps others from writing meanwhile. SQLite has one lock for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Lock {
    /// Lists, people, sources.
    Readers = 1,
    /// The states of campaigns.
    Campaigns = 2,
    /// The tables themselves.
    Schema = 3,
    /// What servers refuse while mail goes out. Nobody who imports a list for long holds it up.
    Refusals = 4,
}

/// Changes that count together or not at all: what is not committed is undone.
pub(in crate::store) struct Transaction<'c> {
    connection: &'c Connection,
    is_open: bool,
}

impl Transaction<'_> {
    /// Makes the changes last.
    pub(in crate::store) fn commit(mut self) -> Result<()> {
        match self.connection {
            Connection::Sqlite(connection) => {
                connection.prepare_cached("commit")?.execute([])?;
            }
            Connection::Postgres(session) => session.end("commit")?,
        }
        self.is_open = false;
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // A connection that is gone has undone everything itself.
            let _ = match self.connection {
                Connection::Sqlite(_) => self.connection.batch("rollback"),
                Connection::Postgres(session) => session.end("rollback"),
            };
        }
    }
}

/// A statement that is ready.
pub(in crate::store) enum Statement<'c> {
    Sqlite(rusqlite::CachedStatement<'c>),
    Postgres(&'c postgres::Session, postgres::Prepared),
}

impl Statement<'_> {
    /// Does what it says; tells how many rows it changed.
    pub(in crate::store) fn execute(&mut self, values: impl Parameters) -> Result<usize> {
        values.with(|values| match self {
            Self::Sqlite(statement) => Ok(statement.execute(values)?),
            Self::Postgres(session, statement) => session.execute(statement, values),
        })
    }

    /// Whether it gives any row.
    pub(in crate::store) fn exists(&mut self, values: impl Parameters) -> Result<bool> {
        let mut any = false;
        self.each(values, |_| {
            any = true;
            Ok(())
        })?;
        Ok(any)
    }

    /// The first row.
    pub(in crate::store) fn query_row<T>(
        &mut self,
        values: impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        values.with(|values| match self {
            Self::Sqlite(statement) => {
                let mut rows = statement.query(values)?;
                read(&Row::Sqlite(rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?))
            }
            Self::Postgres(session, statement) => {
                let rows = session.query(statement, values)?;
                read(&Row::Postgres(rows.first().ok_or(rusqlite::Error::QueryReturnedNoRows)?))
            }
        })
    }

    /// All rows, as `read` makes values of them.
    pub(in crate::store) fn query_map<T>(
        &mut self,
        values: impl Parameters,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<std::vec::IntoIter<Result<T>>> {
        let mut found = Vec::new();
        self.each(values, |row| {
            found.push(read(row));
            Ok(())
        })?;
        Ok(found.into_iter())
    }

    /// Shows every row to `see`. SQLite reads them one by one.
    pub(in crate::store) fn each(
        &mut self,
        values: impl Parameters,
        mut see: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        values.with(|values| match self {
            Self::Sqlite(statement) => {
                let mut rows = statement.query(values)?;
                while let Some(row) = rows.next()? {
                    see(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Self::Postgres(session, statement) => {
                session.query(statement, values)?.iter().try_for_each(|row| see(&Row::Postgres(row)))
            }
        })
    }
}

/// A row of an answer.
pub(in crate::store) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r ::postgres::Row),
}

impl Row<'_> {
    /// The value of a column, from 0.
    pub(in crate::store) fn get<T: FromSql>(&self, column: usize) -> Result<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => postgres::column(row, column),
        }
    }
}

/// What stands for `?1`, `?2` and so on: [`params!`], one value, or `[]`.
pub(in crate::store) trait Parameters {
    fn with<T>(self, work: impl FnOnce(&[&dyn ToSql]) -> T) -> T;
}

impl Parameters for &[&dyn ToSql] {
    fn with<T>(self, work: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        work(self)
    }
}

impl Parameters for [&(dyn ToSql + Send + Sync); 0] {
    fn with<T>(self, work: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        work(&[])
    }
}

impl<V: ToSql> Parameters for [V; 1] {
    fn with<T>(self, work: impl FnOnce(&[&dyn ToSql]) -> T) -> T {
        work(&[&self[0]])
    }
}

/// No row as a value.
pub(in crate::store) trait OptionalExtension<T> {
    /// `None` where there was no row.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Err(Fault::Sqlite(rusqlite::Error::QueryReturnedNoRows)) => Ok(None),
            other => other.map(Some),
        }
    }
}
