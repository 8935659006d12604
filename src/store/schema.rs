//! Versions of the schema, in `PRAGMA user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::failure;
use crate::error::{Error, ErrorKind, Result};

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
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|cause| failure(&cause))?;
    let found = version(&transaction)?;
    let Some(missing) = STEPS.get(found as usize..) else {
        return Err(Error::new(ErrorKind::Store, format!("the store has version {found}"))
            .hint(format!("this program knows versions up to {}: use a newer one", current())));
    };
    for step in missing {
        transaction.execute_batch(step).map_err(|cause| failure(&cause))?;
    }
    transaction.pragma_update(None, "user_version", current()).map_err(|cause| failure(&cause))?;
    transaction.commit().map_err(|cause| failure(&cause))
}

fn current() -> u32 {
    STEPS.len() as u32
}

fn version(connection: &Connection) -> Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|cause| failure(&cause))
}
