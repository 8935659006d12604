//! Versions of the schema, in the table `schema_version`.

use super::session::{Session, lock_key};
use crate::store::database::{Fault, Lock, Result};

/// What each version adds to the one before; the first makes an empty schema into version 1.
const STEPS: [&str; 1] = [include_str!("sql/schema_1.sql")];

/// Brings the schema up to date, in one transaction. Of several machines that begin at once one does it, and the
/// others wait and find it done.
pub(super) fn migrate(session: &Session) -> Result<()> {
    session.transaction(|transaction| {
        transaction.batch_execute(&format!(
            "select pg_advisory_xact_lock({}, hashtext(current_schema()))",
            lock_key(Lock::Schema)
        ))?;
        transaction.batch_execute("create table if not exists schema_version (version bigint not null)")?;
        let found = match transaction.query_opt("select version from schema_version", &[])? {
            Some(row) => row.try_get::<_, i64>(0)?,
            None => 0,
        };
        let Some(missing) = usize::try_from(found).ok().and_then(|found| STEPS.get(found..)) else {
            return Err(Fault::Newer { found: found.unsigned_abs(), known: STEPS.len() as u64 });
        };
        if missing.is_empty() {
            return Ok(());
        }
        for step in missing {
            transaction.batch_execute(step)?;
        }
        transaction.batch_execute("delete from schema_version")?;
        transaction.execute("insert into schema_version values ($1)", &[&(STEPS.len() as i64)])?;
        Ok(())
    })
}
