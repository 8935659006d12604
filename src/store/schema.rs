//! Versions of the schema, in `PRAGMA user_version`.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::AddressKey;
use super::consent::of_erased;
use super::database::{Fault, Result};
use super::merge::MERGE;
use crate::model::{address_identity, sha256_hex, without_addresses};

/// What one version adds to the one before: SQL, and what SQL alone cannot do.
struct Step {
    sql: &'static str,
    then: Option<fn(&Transaction<'_>) -> rusqlite::Result<()>>,
}

/// The first makes an empty file into version 1. All of them together make of it what [`WHOLE`] makes at once.
const STEPS: [Step; 19] = [
    Step { sql: include_str!("sql/schema_1.sql"), then: None },
    Step { sql: include_str!("sql/schema_2.sql"), then: None },
    Step { sql: include_str!("sql/schema_3.sql"), then: None },
    Step { sql: include_str!("sql/schema_4.sql"), then: None },
    Step { sql: include_str!("sql/schema_5.sql"), then: None },
    Step { sql: include_str!("sql/schema_6.sql"), then: Some(hash_addresses) },
    Step { sql: include_str!("sql/schema_7.sql"), then: Some(fold_addresses) },
    Step { sql: include_str!("sql/schema_8.sql"), then: None },
    Step { sql: include_str!("sql/schema_9.sql"), then: None },
    Step { sql: include_str!("sql/schema_10.sql"), then: None },
    Step { sql: include_str!("sql/schema_11.sql"), then: None },
    Step { sql: include_str!("sql/schema_12.sql"), then: None },
    Step { sql: include_str!("sql/schema_13.sql"), then: None },
    Step { sql: include_str!("sql/schema_14.sql"), then: None },
    Step { sql: include_str!("sql/schema_15.sql"), then: None },
    Step { sql: include_str!("sql/schema_16.sql"), then: None },
    Step { sql: include_str!("sql/schema_17.sql"), then: None },
    Step { sql: include_str!("sql/schema_18.sql"), then: Some(forget_addresses) },
    Step { sql: include_str!("sql/schema_19.sql"), then: None },
];

/// The tables of the newest version, as SQLite keeps them once all steps are done. Each step has SQLite read what is there anew:
/// to take all nineteen for a new store took five times as long.
const WHOLE: &str = include_str!("sql/schema_whole.sql");
/// The rows with which a store begins.
const FIRST_ROWS: &str = include_str!("sql/schema_rows.sql");

/// Stores of older versions did not overwrite what they deleted.
const OVERWRITES: u32 = 7;

/// Brings a store up to date, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    let found = version(connection)?;
    if found == current() {
        return Ok(());
    }
    if (1..OVERWRITES).contains(&found) {
        connection.execute_batch("vacuum")?;
    }
    // Another run may be doing the same: the version is read again under the lock.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match version(&transaction)? {
        0 => {
            transaction.execute_batch(WHOLE)?;
            transaction.execute_batch(FIRST_ROWS)?;
        }
        found => {
            let newer = || Fault::Newer { found: found.into(), known: current().into() };
            take(STEPS.get(found as usize..).ok_or_else(newer)?, &transaction)?;
        }
    }
    transaction.pragma_update(None, "user_version", current())?;
    Ok(transaction.commit()?)
}

fn take(steps: &[Step], transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for step in steps {
        transaction.execute_batch(step.sql)?;
        if let Some(then) = step.then {
            then(transaction)?;
        }
    }
    Ok(())
}

/// Gives every person a hash and makes one of those who have the same, keeps suppressed addresses as hashes alone, and the tokens that went out with mails.
fn hash_addresses(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let key: String = transaction.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0))?;
    let key = AddressKey::new(&key);
    let mut twice: Vec<(i64, i64)> = Vec::new();
    each(transaction, "select id, address from subscriber order by id", |row| {
        let (id, address): (i64, String) = (row.get(0)?, row.get(1)?);
        let hash = key.hash(&address);
        let mut find = transaction.prepare_cached(include_str!("sql/subscriber_id.sql"))?;
        if let Some(known) = find.query_row([&hash], |row| row.get(0)).optional()? {
            twice.push((id, known));
            return Ok(0);
        }
        transaction.prepare_cached(include_str!("sql/subscriber_hash.sql"))?.execute(params![id, hash])
    })?;
    each(transaction, "select address, reason, since from suppression_5", |row| {
        let (address, reason, since): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut suppress = transaction.prepare_cached(include_str!("sql/suppress.sql"))?;
        suppress.execute(params![key.hash(&address), reason, since])
    })?;
    transaction.execute_batch("drop table suppression_5")?;
    let sent = "select distinct delivery.token, delivery.list, subscriber.id
                from delivery join subscriber on subscriber.address = delivery.address";
    each(transaction, sent, |row| {
        let (token, list, subscriber): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut keep = transaction.prepare_cached(include_str!("sql/old_token_add.sql"))?;
        keep.execute(params![sha256_hex(token.as_bytes()), list, subscriber])
    })?;
    for (gone, kept) in twice {
        for statement in MERGE {
            transaction.prepare_cached(statement)?.execute([gone, kept])?;
        }
    }
    Ok(())
}

/// Gives what went out and came back the form in which addresses are compared, where SQL cannot make it; does what erasing
/// left undone of those; and takes addresses out of the words of consent.
fn fold_addresses(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let key: String = transaction.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0))?;
    let key = AddressKey::new(&key);
    for table in ["delivery", "bounce_event"] {
        let beyond_ascii =
            format!("select distinct address from {table} where length(cast(address as blob)) <> length(address)");
        for address in texts(transaction, &beyond_ascii)? {
            let fold = format!("update {table} set identity = ?2 where address = ?1 collate binary");
            transaction.execute(&fold, params![address, address_identity(&address)])?;
        }
    }
    transaction.execute_batch(include_str!("sql/merge_deliveries.sql"))?;
    let whom = "select distinct identity from delivery where length(cast(identity as blob)) <> length(identity)";
    for identity in texts(transaction, whom)? {
        let hash = key.hash(&identity);
        let is_erased = "select 1 from suppression where hash = ?1 and reason = 'erased'";
        if transaction.prepare_cached(is_erased)?.exists([&hash])? {
            let instead = of_erased(&hash);
            transaction.execute(include_str!("sql/delivery_erase.sql"), params![identity, hash])?;
            transaction.execute(include_str!("sql/attempt_erase.sql"), [&instead])?;
            transaction.execute(include_str!("sql/bounce_event_erase.sql"), params![identity, instead])?;
        }
    }
    transaction.execute_batch(include_str!("sql/wording_erase.sql"))?;
    for words in texts(transaction, "select words from wording where words like '%@%'")? {
        let kept = without_addresses(&words);
        if kept != words {
            transaction.execute(include_str!("sql/wording_add.sql"), [&kept])?;
            let shown = "update consent set wording = (select id from wording where words = ?2)
                         where wording = (select id from wording where words = ?1)";
            transaction.execute(shown, [&words, &kept])?;
        }
    }
    transaction.execute_batch(include_str!("sql/wording_erase.sql"))
}

/// Takes addresses out of why campaigns stopped: relays name whom they refuse.
fn forget_addresses(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for reason in texts(transaction, "select distinct reason from campaign where reason like '%@%'")? {
        let forget = "update campaign set reason = ?2 where reason = ?1";
        transaction.execute(forget, [&reason, &without_addresses(&reason)])?;
    }
    Ok(())
}

/// How much of a file tells whether it is a store: the header of an SQLite database
/// (<https://www.sqlite.org/fileformat2.html>, 1.3).
pub(super) const HEAD: u64 = 100;
/// What such a file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where its `user_version` stands.
const VERSION: std::ops::Range<usize> = 60..64;

/// Whether a file that begins so is a store of a version that is known here. An empty one is made a store.
pub(super) fn check(head: &[u8]) -> Result<()> {
    if head.is_empty() {
        return Ok(());
    }
    let number =
        head.get(VERSION).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).filter(|_| head.starts_with(MAGIC));
    let Some(found) = number.map(u32::from_be_bytes) else {
        return Err(Fault::Unreadable("file is not a database".to_owned()));
    };
    if found > current() {
        return Err(Fault::Newer { found: found.into(), known: current().into() });
    }
    Ok(())
}

fn texts(transaction: &Transaction<'_>, sql: &str) -> rusqlite::Result<Vec<String>> {
    transaction.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn each(
    transaction: &Transaction<'_>,
    sql: &str,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<usize>,
) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

fn current() -> u32 {
    STEPS.len() as u32
}

fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What makes these tables, in the order in which they were made.
    fn tables(connection: &Connection) -> String {
        let made =
            "select sql || ';' from sqlite_master where sql is not null and name not like 'sqlite_%' order by rowid";
        let mut read = connection.prepare(made).unwrap();
        read.query_map([], |row| row.get::<_, String>(0)).unwrap().map(|sql| sql.unwrap() + "\n").collect()
    }

    fn rows(connection: &Connection) -> Vec<(String, i64)> {
        let names = "select name from sqlite_master where type = 'table' and name <> 'sqlite_sequence' order by name";
        let mut read = connection.prepare(names).unwrap();
        let names = read.query_map([], |row| row.get::<_, String>(0)).unwrap().map(rusqlite::Result::unwrap);
        names
            .map(|name| {
                let count =
                    connection.query_row(&format!("select count(*) from {name}"), [], |row| row.get(0)).unwrap();
                (name, count)
            })
            .collect()
    }

    /// `MASTHEAD_UPDATE=1` writes `sql/schema_whole.sql` anew.
    #[test]
    fn a_new_store_has_the_tables_that_all_steps_make() {
        let mut stepped = Connection::open_in_memory().unwrap();
        let transaction = stepped.transaction().unwrap();
        take(&STEPS, &transaction).unwrap();
        transaction.commit().unwrap();
        let expected = format!(
            "-- The tables of the newest version, as all steps leave them. A test holds the two together.\n{}",
            tables(&stepped)
        );
        if std::env::var("MASTHEAD_UPDATE").is_ok_and(|value| value == "1") {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/sql/schema_whole.sql"), expected).unwrap();
            return;
        }
        assert_eq!(WHOLE, expected, "MASTHEAD_UPDATE=1 writes src/store/sql/schema_whole.sql anew");
        let mut new = Connection::open_in_memory().unwrap();
        migrate(&mut new).unwrap();
        assert_eq!(tables(&new), tables(&stepped));
        assert_eq!(rows(&new), rows(&stepped));
        assert_eq!(version(&new).unwrap(), current());
        for value in ["select value from secret where id = 1", "select value from hash_key where name = 'address'"] {
            let made: String = new.query_row(value, [], |row| row.get(0)).unwrap();
            let other: String = stepped.query_row(value, [], |row| row.get(0)).unwrap();
            assert_eq!((made.len(), other.len()), (64, 64));
            assert_ne!(made, other, "each store has its own");
        }
    }
}
