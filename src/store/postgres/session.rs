//! A session with the server.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ::postgres::error::SqlState;
use ::postgres::types::ToSql;
use ::postgres::{Client, Row, Statement};
use chrono::TimeDelta;

use super::dialect;
use super::server::Server;
use super::value::Parameter;
use crate::store::database::{Fault, Lock, Result};

/// How often work is done again that another transaction got in the way of.
const TRIES: usize = 5;

/// A session with the server, which is opened anew when the server ended it.
pub(in crate::store) struct Session {
    server: Server,
    client: RefCell<Client>,
    statements: RefCell<HashMap<String, Statement>>,
    /// Whether a transaction was begun that is not over: what follows must not go to another session.
    is_within: Cell<bool>,
    /// By how much the server's clock is before the caller's.
    pub(super) ahead: Cell<TimeDelta>,
}

impl Session {
    pub(super) fn open(server: Server) -> Result<Self> {
        let client = RefCell::new(server.connect()?);
        let (statements, ahead) = (RefCell::default(), Cell::new(TimeDelta::zero()));
        Ok(Self { server, client, statements, is_within: Cell::new(false), ahead })
    }

    /// A statement, in PostgreSQL's words, prepared once.
    pub(in crate::store) fn prepare(&self, sql: &str) -> Result<Statement> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        self.wake()?;
        let statement = self.client.borrow_mut().prepare(&dialect::words(sql))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(in crate::store) fn execute(
        &self,
        statement: &Statement,
        values: &[&dyn rusqlite::types::ToSql],
    ) -> Result<usize> {
        with(values, |values| Ok(self.client.borrow_mut().execute(statement, values)? as usize))
    }

    pub(in crate::store) fn query(
        &self,
        statement: &Statement,
        values: &[&dyn rusqlite::types::ToSql],
    ) -> Result<Vec<Row>> {
        with(values, |values| Ok(self.client.borrow_mut().query(statement, values)?))
    }

    /// Begins a transaction that waits for those that have the same lock.
    pub(in crate::store) fn begin(&self, lock: Lock) -> Result<()> {
        self.wake()?;
        self.is_within.set(true);
        self.batch(&format!("begin; select pg_advisory_xact_lock({}, hashtext(current_schema()))", lock_key(lock)))
            .inspect_err(|_| self.is_within.set(false))
    }

    /// Ends the transaction that was begun: `commit` or `rollback`.
    pub(in crate::store) fn end(&self, how: &str) -> Result<()> {
        self.is_within.set(false);
        self.batch(how)
    }

    pub(in crate::store) fn batch(&self, sql: &str) -> Result<()> {
        Ok(self.client.borrow_mut().batch_execute(sql)?)
    }

    /// Does `work` in one transaction, again where another one got in its way.
    pub(super) fn transaction<T>(
        &self,
        mut work: impl FnMut(&mut ::postgres::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.alone(|client| {
            let mut transaction = client.transaction()?;
            let value = work(&mut transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }

    /// Does `work`, which is one statement or one transaction, again where another one got in its way.
    pub(super) fn alone<T>(&self, mut work: impl FnMut(&mut Client) -> Result<T>) -> Result<T> {
        self.wake()?;
        let mut tried = 0;
        loop {
            tried += 1;
            let done = work(&mut self.client.borrow_mut());
            match done {
                Err(Fault::Postgres(cause)) if is_in_the_way(&cause) && tried < TRIES && !self.is_within.get() => {}
                done => return done,
            }
        }
    }

    /// Opens a session anew that the server, or the way to it, has ended. What was under way then is undone; what comes
    /// next is asked afresh. Not within a transaction: the rest of it would count by itself.
    fn wake(&self) -> Result<()> {
        if !self.is_within.get() && self.client.borrow().is_closed() {
            self.statements.borrow_mut().clear();
            *self.client.borrow_mut() = self.server.connect()?;
        }
        Ok(())
    }
}

/// The first half of a lock's key; the second is the schema's name, so that publications in one database do not wait
/// for each other.
pub(super) fn lock_key(lock: Lock) -> i32 {
    // "mast" in ASCII.
    0x6d61_7374 + lock as i32
}

fn is_in_the_way(cause: &::postgres::Error) -> bool {
    matches!(cause.code(), Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED
        || *code == SqlState::T_R_SERIALIZATION_FAILURE)
}

fn with<T>(
    values: &[&dyn rusqlite::types::ToSql],
    work: impl FnOnce(&[&(dyn ToSql + Sync)]) -> Result<T>,
) -> Result<T> {
    let values: Vec<Parameter<'_>> = values.iter().map(|value| Parameter::of(*value)).collect::<Result<_>>()?;
    let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    work(&values)
}
