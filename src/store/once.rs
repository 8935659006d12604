//! What is said once, and what cannot be said because it was before there was this store.

use std::collections::BTreeSet;

use super::database::{self, Connection, Row, params};
use super::{Store, failed};
use crate::error::Result;
use crate::model::IssueKey;

impl Store {
    /// Remembers which issues were frozen before there was this store, which is new.
    pub fn keep_frozen_before(&mut self, issues: &[IssueKey]) -> Result<()> {
        self.write(|transaction| {
            let mut add = transaction.prepare_cached(include_str!("sql/frozen_before_add.sql"))?;
            for IssueKey { series, ordinal } in issues {
                add.execute(params![series, *ordinal as i64])?;
            }
            Ok(())
        })
    }

    /// The issues that were frozen before there was this store: whether they were mailed, it does not know.
    pub fn frozen_before(&self) -> Result<BTreeSet<IssueKey>> {
        frozen_before(&self.connection).map_err(failed)
    }

    /// Whether this was said, as far as that is remembered.
    pub fn was_said(&self, what: &str) -> Result<bool> {
        let read = || self.connection.prepare_cached(include_str!("sql/said.sql"))?.exists([what]);
        read().map_err(failed)
    }

    /// Remembers that these were said.
    pub fn keep_said(&mut self, what: &[String]) -> Result<()> {
        self.write(|transaction| {
            let mut add = transaction.prepare_cached(include_str!("sql/said_add.sql"))?;
            what.iter().try_for_each(|one| add.execute([one]).map(drop))
        })
    }
}

pub(super) fn frozen_before(connection: &Connection) -> database::Result<BTreeSet<IssueKey>> {
    let issue = |row: &Row<'_>| Ok(IssueKey { series: row.get(0)?, ordinal: row.get::<i64>(1)?.unsigned_abs() });
    connection.prepare_cached(include_str!("sql/frozen_before_list.sql"))?.query_map([], issue)?.collect()
}
