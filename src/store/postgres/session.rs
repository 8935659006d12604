//! A session with the server.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

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

/// A session that was idle for longer is asked whether it is there: a server that was begun anew has ended it, and only
/// who asks learns that.
const IDLE: Duration = Duration::from_secs(1);
/// How long the answer to that may take.
const ANSWER: Duration = Duration::from_secs(10);

/// A statement that a session knows.
pub(in crate::store) struct Prepared {
    sql: Arc<str>,
    statement: Statement,
    /// The session that knows it, see [`Session::opened`].
    opened: u64,
}

impl Prepared {
    /// Whether it changes nothing, so that it may be asked twice.
    fn is_read(&self) -> bool {
        let first = self.sql.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
        first.is_some_and(|line| line.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")))
    }
}

/// A session with the server, which is opened anew when the server ended it.
pub(in crate::store) struct Session {
    server: Server,
    client: RefCell<Client>,
    statements: RefCell<HashMap<Arc<str>, Statement>>,
    /// How often it was opened anew: what an earlier session had prepared, this one does not know.
    opened: Cell<u64>,
    /// When the server answered last.
    heard: Cell<Instant>,
    /// Whether the server said that it ends the session.
    is_ended: Cell<bool>,
    /// Whether something may have been committed of which the answer was lost.
    is_unsure: Cell<bool>,
    /// Whether a transaction was begun that is not over: what follows must not go to another session.
    is_within: Cell<bool>,
    /// By how much the server's clock is before the caller's.
    pub(super) ahead: Cell<TimeDelta>,
}

impl Session {
    pub(super) fn open(server: Server) -> Result<Self> {
        let client = RefCell::new(server.connect()?);
        let (statements, ahead) = (RefCell::default(), Cell::new(TimeDelta::zero()));
        let (opened, heard) = (Cell::new(0), Cell::new(Instant::now()));
        let [is_ended, is_unsure, is_within] = std::array::from_fn(|_| Cell::new(false));
        Ok(Self { server, client, statements, opened, heard, is_ended, is_unsure, is_within, ahead })
    }

    /// A statement, in PostgreSQL's words, prepared once.
    pub(in crate::store) fn prepare(&self, sql: &str) -> Result<Prepared> {
        self.wake()?;
        self.again_if_lost(|| self.known(sql))
    }

    /// The same for whoever asks the session itself, see [`Session::whole`].
    pub(super) fn statement(&self, sql: &str) -> Result<Statement> {
        Ok(self.prepare(sql)?.statement)
    }

    /// The statement as the session that is open knows it.
    fn known(&self, sql: &str) -> Result<Prepared> {
        let opened = self.opened.get();
        if let Some((sql, known)) = self.statements.borrow().get_key_value(sql) {
            return Ok(Prepared { sql: Arc::clone(sql), statement: known.clone(), opened });
        }
        let statement = self.client.borrow_mut().prepare(&dialect::words(sql))?;
        let sql: Arc<str> = sql.into();
        self.statements.borrow_mut().insert(Arc::clone(&sql), statement.clone());
        Ok(Prepared { sql, statement, opened })
    }

    /// The same where the session was opened anew since it was prepared.
    fn current(&self, prepared: &Prepared) -> Result<Statement> {
        if prepared.opened == self.opened.get() {
            return Ok(prepared.statement.clone());
        }
        Ok(self.known(&prepared.sql)?.statement)
    }

    pub(in crate::store) fn execute(
        &self,
        prepared: &Prepared,
        values: &[&dyn rusqlite::types::ToSql],
    ) -> Result<usize> {
        self.wake()?;
        let statement = self.current(prepared)?;
        with(values, |values| Ok(self.client.borrow_mut().execute(&statement, values)? as usize))
    }

    /// The rows that a statement gives. One that only reads is asked again where the session was lost.
    pub(in crate::store) fn query(
        &self,
        prepared: &Prepared,
        values: &[&dyn rusqlite::types::ToSql],
    ) -> Result<Vec<Row>> {
        self.wake()?;
        let ask = || {
            let statement = self.current(prepared)?;
            with(values, |values| Ok(self.client.borrow_mut().query(&statement, values)?))
        };
        if prepared.is_read() { self.again_if_lost(ask) } else { ask() }
    }

    /// Begins a transaction that waits for those that have the same lock.
    pub(in crate::store) fn begin(&self, lock: Lock) -> Result<()> {
        self.wake()?;
        let begin = format!("begin; select pg_advisory_xact_lock({}, hashtext(current_schema()))", lock_key(lock));
        self.again_if_lost(|| {
            self.batch(&begin).inspect_err(|_| {
                // Else one that waited too long for the lock would leave its transaction behind, open and failed.
                let _ = self.batch("rollback");
            })
        })?;
        self.is_within.set(true);
        Ok(())
    }

    /// Ends the transaction that was begun: `commit` or `rollback`.
    pub(in crate::store) fn end(&self, how: &str) -> Result<()> {
        self.is_within.set(false);
        self.batch(how)
    }

    pub(in crate::store) fn batch(&self, sql: &str) -> Result<()> {
        Ok(self.client.borrow_mut().batch_execute(sql)?)
    }

    /// Does `work`, which prepares its statements and then is one statement or one transaction; again in a new session where
    /// this one was lost before anything can have been committed.
    pub(super) fn whole<T>(&self, mut work: impl FnMut() -> Result<T>) -> Result<T> {
        self.wake()?;
        self.is_unsure.set(false);
        let first = work();
        if self.is_lost_with(&first) && !self.is_unsure.get() {
            self.wake()?;
            return work();
        }
        first
    }

    /// Does `work` in one transaction, again where another one got in its way.
    pub(super) fn transaction<T>(
        &self,
        mut work: impl FnMut(&mut ::postgres::Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.tried(|client| {
            let mut transaction = client.transaction()?;
            let value = work(&mut transaction)?;
            transaction.commit().inspect_err(|_| self.is_unsure.set(true))?;
            Ok(value)
        })
    }

    /// Does `work`, which is one statement, again where another one got in its way.
    pub(super) fn alone<T>(&self, mut work: impl FnMut(&mut Client) -> Result<T>) -> Result<T> {
        self.tried(|client| work(client).inspect_err(|_| self.is_unsure.set(true)))
    }

    /// Does `work`, again where another transaction got in its way. A session that has ended since its statements were
    /// prepared is not opened anew here: the next would not know them.
    fn tried<T>(&self, mut work: impl FnMut(&mut Client) -> Result<T>) -> Result<T> {
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

    /// Asks once more, in a new session, what a session that was lost did not answer.
    fn again_if_lost<T>(&self, ask: impl Fn() -> Result<T>) -> Result<T> {
        let first = ask();
        if self.is_lost_with(&first) {
            self.wake()?;
            return ask();
        }
        self.heard.set(Instant::now());
        first
    }

    /// Whether something failed because the session has ended, outside of a transaction. A server says that it ends one before
    /// the way to it is gone.
    fn is_lost_with<T>(&self, done: &Result<T>) -> bool {
        let Err(fault) = done else { return false };
        if matches!(fault, Fault::Postgres(cause) if says_ended(cause)) {
            self.is_ended.set(true);
        }
        !self.is_within.get() && (self.is_ended.get() || self.client.borrow().is_closed())
    }

    /// Opens a session anew that the server, or the way to it, has ended. What was under way then is undone; what comes
    /// next is asked afresh. Not within a transaction: the rest of it would count by itself.
    fn wake(&self) -> Result<()> {
        if self.is_within.get() {
            return Ok(());
        }
        if self.heard.get().elapsed() > IDLE && !self.client.borrow().is_closed() {
            // What it answers does not matter: whether it has ended is known from then on.
            let _ = self.client.borrow_mut().is_valid(ANSWER);
        }
        if self.is_ended.get() || self.client.borrow().is_closed() {
            self.statements.borrow_mut().clear();
            *self.client.borrow_mut() = self.server.connect()?;
            self.opened.set(self.opened.get() + 1);
            self.is_ended.set(false);
        }
        self.heard.set(Instant::now());
        Ok(())
    }
}

/// Whether the server ends a session with this answer: it is told to stop, or to end it.
fn says_ended(cause: &::postgres::Error) -> bool {
    let ends = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::IDLE_SESSION_TIMEOUT];
    cause.is_closed() || cause.code().is_some_and(|code| ends.contains(code))
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
