//! What was queued, and what became of it.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::{Store, failure, read_language, stamp};
use crate::error::Result;
use crate::model::{Delivery, DeliveryState, IssueKey, Language, Recipient};

impl Store {
    /// Records that an issue goes to these recipients, all or none, and tells how many were recorded. An issue is
    /// queued once: when it was queued before, in this revision or an earlier one, nothing is recorded.
    pub fn queue(
        &mut self,
        issue: &IssueKey,
        revision: u32,
        deliveries: &[Delivery],
        now: DateTime<Utc>,
    ) -> Result<usize> {
        self.write(|transaction| {
            let campaign = params![issue.series, ordinal(issue), revision, stamp(now)];
            if transaction.execute(include_str!("sql/campaign_add.sql"), campaign)? == 0 {
                return Ok(0);
            }
            let mut add = transaction.prepare_cached(include_str!("sql/delivery_add.sql"))?;
            let mut recorded = 0;
            for delivery in deliveries {
                let to = &delivery.recipient;
                recorded += add.execute(params![
                    issue.series,
                    ordinal(issue),
                    to.address,
                    revision,
                    to.name,
                    to.language.as_ref().map(Language::as_str),
                    to.list,
                    to.token,
                    delivery.message_id,
                    stamp(now)
                ])?;
            }
            Ok(recorded)
        })
    }

    /// The deliveries of an issue in one state, or in any, in the order of addresses.
    pub fn deliveries(&self, issue: &IssueKey, state: Option<DeliveryState>) -> Result<Vec<Delivery>> {
        let read = || -> rusqlite::Result<Vec<Delivery>> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/delivery_list.sql"))?;
            let delivery = |row: &Row<'_>| {
                Ok(Delivery {
                    issue: issue.clone(),
                    revision: row.get(1)?,
                    recipient: Recipient {
                        address: row.get(0)?,
                        name: row.get(2)?,
                        language: read_language(row.get::<_, Option<String>>(3)?.as_deref()),
                        list: row.get(4)?,
                        token: row.get(5)?,
                    },
                    state: read_state(&row.get::<_, String>(6)?),
                    message_id: row.get(7)?,
                })
            };
            statement.query_map(params![issue.series, ordinal(issue), state.map(word)], delivery)?.collect()
        };
        read().map_err(|cause| failure(&cause))
    }

    /// Says what became of pending deliveries, all or none, by their Message-IDs. Call it once their files are in
    /// place; what is settled stays so. Tells how many were pending.
    pub fn settle<'a>(
        &mut self,
        message_ids: impl IntoIterator<Item = &'a str>,
        state: DeliveryState,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        self.write(|transaction| {
            let mut settle = transaction.prepare_cached(include_str!("sql/delivery_settle.sql"))?;
            let stamp = stamp(now);
            message_ids.into_iter().try_fold(0, |sum, id| Ok(sum + settle.execute(params![id, word(state), stamp])?))
        })
    }
}

/// Integers of the database are signed; an ordinal counts a series' issues.
fn ordinal(issue: &IssueKey) -> i64 {
    issue.ordinal as i64
}

fn word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending => "pending",
        DeliveryState::Sent => "sent",
        DeliveryState::Failed => "failed",
    }
}

/// The table allows three words only.
fn read_state(word: &str) -> DeliveryState {
    match word {
        "sent" => DeliveryState::Sent,
        "failed" => DeliveryState::Failed,
        _ => DeliveryState::Pending,
    }
}
