//! Taking a file of readers, however long, without holding others up and without ever taking a part of it.
//!
//! The file is gathered aside ([`Gathered`]). Its rows are then kept in the store, in short transactions, where nobody looks
//! at them; one more transaction says that they are complete. From then on they count, and are put on the list in short
//! transactions again. Whoever dies before that moment has changed nothing; what somebody leaves who dies after it, the next
//! who opens the store or looks at a list takes. A short file is one transaction.

mod barred;
mod gathered;
mod gone;
mod missing;

use std::time::Duration;

use chrono::{DateTime, Utc};

pub use gathered::Gathered;
use gathered::Row;
pub(super) use gone::keep_off;
pub use missing::{Besides, Missing};

use super::database::{self, Connection, Fault, Lock, Row as Found, Transaction, params};
use super::subscribers::standing;
use super::{Store, consent, failed, stamp};
use crate::error::Result;
use crate::model::{NewSubscriber, SubscriberStatus};

/// How many rows one transaction takes: others wait for it for some hundredths of a second.
const BATCH: usize = 1000;
/// How long others have to begin between two transactions. They try more often than that.
const PAUSE: Duration = Duration::from_millis(10);
/// After how many seconds without a sign of life an import is nobody's any more.
const DEAD: i64 = 600;

/// What an import changed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Imported {
    /// New on the list.
    pub added: usize,
    /// Already on the list.
    pub known: usize,
    /// In the file, but unsubscribed: they stay so.
    pub unsubscribed: Vec<String>,
    /// In the file, but their addresses must not be written to: they were not taken.
    pub suppressed: Vec<String>,
    /// Were known under another name or language, and have those of the file now: a person has one of each, on all lists.
    pub renamed: usize,
}

impl Store {
    /// Makes a place aside in which a file is gathered.
    pub fn gather(&self) -> Result<Gathered> {
        Gathered::new(self.address_key.clone())
    }

    /// Puts people on a list, all or none: new ones are added, names and languages are taken over, who has
    /// unsubscribed stays so, and an address that is suppressed is not taken.
    pub fn import(&mut self, list: &str, people: &[NewSubscriber], now: DateTime<Utc>) -> Result<Imported> {
        let mut gathered = self.gather()?;
        for (at, person) in people.iter().enumerate() {
            gathered.take(person, at + 1)?;
        }
        self.import_gathered(list, &mut gathered, now, |_| {})
    }

    /// [`Store::import`] of a file, telling now and then how many rows were taken.
    pub fn import_gathered(
        &mut self,
        list: &str,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
        mut watch: impl FnMut(usize),
    ) -> Result<Imported> {
        let mut import = || {
            if gathered.len() <= BATCH {
                return at_once(&self.connection, list, gathered, now);
            }
            let (id, people) = stage(&self.connection, list, gathered, now)?;
            let mut imported = Imported::default();
            take_all(&self.connection, id, &mut imported, &mut watch)?;
            write(&self.connection, |transaction| end(transaction, id, people, &mut imported))?;
            Ok(imported)
        };
        import().map_err(failed)
    }

    /// What [`Store::import_gathered`] would not take now: people who have left, and addresses that must not be written to.
    pub fn foresee(&self, list: &str, gathered: &mut Gathered) -> Result<Imported> {
        let mut foreseen = Imported::default();
        let mut look = |one: &Row| -> database::Result<()> {
            match standing(&self.connection, list, &one.hash)? {
                Some(SubscriberStatus::Unsubscribed) => foreseen.unsubscribed.push(one.address.clone()),
                Some(SubscriberStatus::Active) => foreseen.known += 1,
                None if consent::suppression(&self.connection, &one.hash)?.is_some() => {
                    foreseen.suppressed.push(one.address.clone());
                }
                None | Some(SubscriberStatus::Pending) => foreseen.added += 1,
            }
            Ok(())
        };
        gathered.each_batch(BATCH, |rows| rows.iter().try_for_each(&mut look)).map_err(failed)?;
        Ok(foreseen)
    }

    /// Takes what is left of imports that are complete: nobody sees a part of one.
    pub(super) fn finish_imports(&self) -> Result<()> {
        finish(&self.connection).map_err(failed)
    }
}

/// See [`Store::finish_imports`]. Where there is none, that is one look into an empty table.
pub(super) fn finish(connection: &Connection) -> database::Result<()> {
    for id in ids(connection, include_str!("../sql/import_open.sql"), [0; 0])? {
        take_all(connection, id, &mut Imported::default(), |_| {})?;
    }
    for id in ids(connection, include_str!("../sql/import_left.sql"), [DEAD])? {
        discard(connection, id)?;
    }
    Ok(())
}

fn ids<const N: usize>(connection: &Connection, sql: &str, values: [i64; N]) -> database::Result<Vec<i64>> {
    let values: Vec<&dyn rusqlite::types::ToSql> = values.iter().map(|value| value as _).collect();
    connection.prepare_cached(sql)?.query_map(values.as_slice(), |row| row.get(0))?.collect()
}

/// Imports a short file in one transaction.
fn at_once(
    connection: &Connection,
    list: &str,
    gathered: &mut Gathered,
    now: DateTime<Utc>,
) -> database::Result<Imported> {
    let transaction = connection.transaction(Lock::Readers)?;
    let id = begin(&transaction, list, gathered.rules(), now)?;
    let mut people = 0;
    gathered.each_batch(BATCH, |rows| {
        people += rows.len();
        keep(&transaction, id, rows)
    })?;
    let mut imported = Imported::default();
    take(&transaction, id, &mut imported)?;
    end(&transaction, id, people, &mut imported)?;
    transaction.commit()?;
    Ok(imported)
}

/// Keeps the rows of a file in the store, and says at last that they are complete: the import, and how many people are in
/// it. What fails leaves nothing.
fn stage(
    connection: &Connection,
    list: &str,
    gathered: &mut Gathered,
    now: DateTime<Utc>,
) -> database::Result<(i64, usize)> {
    let rules = gathered.rules();
    let id = write(connection, |transaction| begin(transaction, list, rules, now))?;
    let mut people = 0;
    let keep_all = gathered.each_batch(BATCH, |rows| {
        people += rows.len();
        write(connection, |transaction| {
            let is_alive = transaction.execute(include_str!("../sql/import_beat.sql"), [id])? > 0;
            if is_alive { keep(transaction, id, rows) } else { Err(gone()) }
        })?;
        std::thread::sleep(PAUSE);
        Ok(())
    });
    let complete = keep_all.and_then(|()| {
        let complete =
            |transaction: &Transaction<'_>| transaction.execute(include_str!("../sql/import_complete.sql"), [id]);
        if write(connection, complete)? > 0 { Ok(()) } else { Err(gone()) }
    });
    match complete {
        Ok(()) => Ok((id, people)),
        Err(cause) => {
            // If it cannot be discarded now, it is when it is old.
            let _ = discard(connection, id);
            Err(cause)
        }
    }
}

fn gone() -> Fault {
    Fault::Unreadable("another run took the import for dead".to_owned())
}

fn begin(transaction: &Transaction<'_>, list: &str, rules: bool, now: DateTime<Utc>) -> database::Result<i64> {
    let facts = params![list, stamp(now), i64::from(rules)];
    transaction.query_row(include_str!("../sql/import_begin.sql"), facts, |row| row.get(0))
}

fn keep(transaction: &Transaction<'_>, id: i64, rows: &[Row]) -> database::Result<()> {
    let rows: Vec<_> = rows.iter().map(|row| (&row.address, &row.hash, &row.name, &row.language)).collect();
    let rows = serde_json::to_string(&rows).map_err(|cause| Fault::Unreadable(cause.to_string()))?;
    transaction.execute(include_str!("../sql/import_stage.sql"), params![id, rows]).map(drop)
}

/// Takes all rows that are left of a complete import, however many are at it; `watch` is told now and then how many this one
/// has taken.
fn take_all(
    connection: &Connection,
    id: i64,
    imported: &mut Imported,
    mut watch: impl FnMut(usize),
) -> database::Result<()> {
    let mut taken = 0;
    loop {
        let rows = write(connection, |transaction| take(transaction, id, imported))?;
        if rows == 0 {
            return Ok(());
        }
        taken += rows;
        watch(taken);
        std::thread::sleep(PAUSE);
    }
}

/// Puts the next people of an import on its list: how many rows that were.
fn take(transaction: &Transaction<'_>, id: i64, imported: &mut Imported) -> database::Result<usize> {
    let next = params![id, BATCH as i64];
    transaction.execute(include_str!("../sql/import_beat.sql"), [id])?;
    let upto: Option<String> =
        transaction.query_row(include_str!("../sql/import_batch.sql"), next, |row| row.get(0))?;
    let Some(upto) = upto else { return Ok(0) };
    let mut kept_out = 0;
    let mut look = transaction.prepare_cached(include_str!("../sql/import_kept_out.sql"))?;
    look.each(params![id, upto], |row: &Found<'_>| {
        let (address, is_suppressed): (String, bool) = (row.get(0)?, row.get(1)?);
        kept_out += 1;
        if is_suppressed { &mut imported.suppressed } else { &mut imported.unsubscribed }.push(address);
        Ok(())
    })?;
    let step = |sql: &str| transaction.execute(sql, params![id, upto]);
    let suppressed = step(include_str!("../sql/import_suppressed.sql"))?;
    let renamed: i64 =
        transaction.query_row(include_str!("../sql/import_renamed.sql"), params![id, upto], |row| row.get(0))?;
    imported.renamed += renamed.unsigned_abs() as usize;
    step(include_str!("../sql/import_people.sql"))?;
    step(include_str!("../sql/import_consent.sql"))?;
    let added = step(include_str!("../sql/import_members.sql"))?;
    step(include_str!("../sql/import_claim.sql"))?;
    let taken = step(include_str!("../sql/import_taken.sql"))?;
    transaction.execute(include_str!("../sql/import_count.sql"), params![id, added as i64, kept_out])?;
    Ok(suppressed + taken)
}

/// Reads how many people of an import were taken, by whomever, and forgets it.
fn end(transaction: &Transaction<'_>, id: i64, people: usize, imported: &mut Imported) -> database::Result<()> {
    let counts = |row: &Found<'_>| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?));
    let (added, kept_out) = transaction.query_row(include_str!("../sql/import_counts.sql"), [id], counts)?;
    imported.added = added.unsigned_abs() as usize;
    imported.known = people.saturating_sub(imported.added + kept_out.unsigned_abs() as usize);
    transaction.execute(include_str!("../sql/import_end.sql"), [id]).map(drop)
}

/// Forgets an import and what is left of its rows.
fn discard(connection: &Connection, id: i64) -> database::Result<()> {
    let give_up = |transaction: &Transaction<'_>| transaction.execute(include_str!("../sql/import_discard.sql"), [id]);
    if write(connection, give_up)? == 0 {
        return Ok(());
    }
    let some = |transaction: &Transaction<'_>| {
        transaction.execute(include_str!("../sql/import_drop.sql"), params![id, BATCH as i64])
    };
    while write(connection, some)? > 0 {
        std::thread::sleep(PAUSE);
    }
    write(connection, |transaction| transaction.execute(include_str!("../sql/import_end.sql"), [id]).map(drop))
}

fn write<T>(
    connection: &Connection,
    work: impl FnOnce(&Transaction<'_>) -> database::Result<T>,
) -> database::Result<T> {
    let transaction = connection.transaction(Lock::Readers)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}
