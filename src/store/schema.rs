//! Versions of the schema, in `PRAGMA user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::database::{Fault, Result};

/// What each version adds to the one before; the first makes an empty file into version 1.
const STEPS: [&str; 5] = [
    include_str!("sql/schema_1.sql"),
    include_str!("sql/schema_2.sql"),
    include_str!("sql/schema_3.sql"),
    include_str!("sql/schema_4.sql"),
    include_str!("sql/schema_5.sql"),
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
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", current())?;
    Ok(transaction.commit()?)
}

fn current() -> u32 {
    STEPS.len() as u32
}

fn version(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}
