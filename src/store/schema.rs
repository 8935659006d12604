//! Versions of the schema, in `PRAGMA user_version`.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::AddressKey;
use super::database::{Fault, Result};
use crate::model::sha256_hex;

/// What one version adds to the one before: SQL, and what SQL alone cannot do.
struct Step {
    sql: &'static str,
    then: Option<fn(&Transaction<'_>) -> rusqlite::Result<()>>,
}

/// The first makes an empty file into version 1.
const STEPS: [Step; 6] = [
    Step { sql: include_str!("sql/schema_1.sql"), then: None },
    Step { sql: include_str!("sql/schema_2.sql"), then: None },
    Step { sql: include_str!("sql/schema_3.sql"), then: None },
    Step { sql: include_str!("sql/schema_4.sql"), then: None },
    Step { sql: include_str!("sql/schema_5.sql"), then: None },
    Step { sql: include_str!("sql/schema_6.sql"), then: Some(hash_addresses) },
];

/// Brings a store up to date, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    if version(connection)? == current() {
        return Ok(());
    }
    // Another run may be doing the same: the version is read again under the lock.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = version(&transaction)?;
    let Some(missing) = STEPS.get(found as usize..) else {
        return Err(Fault::Newer { found: found.into(), known: current().into() });
    };
    for step in missing {
        transaction.execute_batch(step.sql)?;
        if let Some(then) = step.then {
            then(&transaction)?;
        }
    }
    transaction.pragma_update(None, "user_version", current())?;
    Ok(transaction.commit()?)
}

/// Gives every person a hash, keeps suppressed addresses as hashes alone, and the tokens that went out with mails.
fn hash_addresses(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let key: String = transaction.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0))?;
    let key = AddressKey::new(&key);
    each(transaction, "select id, address from subscriber", |row| {
        let (id, address): (i64, String) = (row.get(0)?, row.get(1)?);
        transaction.prepare_cached(include_str!("sql/subscriber_hash.sql"))?.execute(params![id, key.hash(&address)])
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
    })
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
