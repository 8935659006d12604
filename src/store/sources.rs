//! What is remembered of sources on the web.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::database::{self, Row, params};
use super::{Store, failed, read_stamp, stamp};
use crate::error::Result;
use crate::model::{Gap, SourceState};

impl Store {
    /// What is remembered of all sources, by their addresses in config.toml.
    pub fn sources(&self) -> Result<BTreeMap<String, SourceState>> {
        let read = || -> database::Result<BTreeMap<String, SourceState>> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/source_list.sql"))?;
            statement.query_map([], state)?.map(|state| state.map(|state| (state.address.clone(), state))).collect()
        };
        read().map_err(failed)
    }

    /// Remembers these sources as they stand now, all or none. Call it once the posts that they gave are kept: what is
    /// remembered here is not asked for again.
    pub fn keep_sources<'s>(&mut self, states: impl IntoIterator<Item = &'s SourceState>) -> Result<()> {
        self.write(|transaction| {
            let mut keep = transaction.prepare_cached(include_str!("sql/source_keep.sql"))?;
            for state in states {
                let gap = state.gap.as_ref();
                keep.execute(params![
                    state.address,
                    state.etag,
                    state.last_modified,
                    state.validated,
                    state.reading,
                    state.items,
                    state.asked.map(stamp),
                    state.answered.map(stamp),
                    state.next.map(stamp),
                    state.failures,
                    state.fault,
                    state.moved_to,
                    state.moves,
                    state.gone.map(stamp),
                    state.rhythm,
                    state.rest,
                    gap.map(|gap| &gap.page),
                    gap.and_then(|gap| gap.before).map(stamp),
                    gap.map_or(0, |gap| gap.left),
                    gap.map_or(0, |gap| gap.tries),
                    gap.map(|gap| &gap.fault),
                    gap.and_then(|gap| gap.next).map(stamp),
                ])?;
            }
            Ok(())
        })
    }
}

fn state(row: &Row<'_>) -> database::Result<SourceState> {
    let instant = |column: usize| -> database::Result<Option<DateTime<Utc>>> {
        row.get::<Option<String>>(column)?.map(|text| read_stamp(&text)).transpose()
    };
    Ok(SourceState {
        address: row.get(0)?,
        etag: row.get(1)?,
        last_modified: row.get(2)?,
        validated: row.get(3)?,
        reading: row.get(4)?,
        items: row.get(5)?,
        asked: instant(6)?,
        answered: instant(7)?,
        next: instant(8)?,
        failures: row.get(9)?,
        fault: row.get(10)?,
        moved_to: row.get(11)?,
        moves: row.get(12)?,
        gone: instant(13)?,
        rhythm: row.get(14)?,
        rest: row.get(15)?,
        gap: match row.get::<Option<String>>(16)? {
            Some(page) => Some(Gap {
                page,
                before: instant(17)?,
                left: row.get(18)?,
                tries: row.get(19)?,
                fault: row.get::<Option<String>>(20)?.unwrap_or_default(),
                next: instant(21)?,
            }),
            None => None,
        },
    })
}
