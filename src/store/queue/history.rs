//! Questions: how far a campaign is, and who received what.

use chrono::{DateTime, TimeDelta, Utc};

use super::rows;
use crate::model::{DeliveryState, History, Progress, Query, address_identity};
use crate::store::database::{Connection, Result, params};
use crate::store::stamp;

pub(super) fn next_due(connection: &Connection, campaign: i64) -> Result<Option<DateTime<Utc>>> {
    let mut next = connection.prepare_cached(include_str!("../sql/next_due.sql"))?;
    next.query_row([campaign], |row| rows::due(row, 0))
}

/// See [`crate::model::Queue::taken_since_refusals`].
pub(super) fn taken_since_refusals(
    connection: &Connection,
    campaign: i64,
    domain: &str,
    times: u32,
    of_ours: bool,
) -> Result<Option<u64>> {
    let mut count = connection.prepare_cached(include_str!("../sql/delivery_taken_since.sql"))?;
    let (domain, before) = (domain.to_ascii_lowercase(), times.saturating_sub(1));
    count.query_row(params![campaign, domain, of_ours, before], |row| {
        let is_taken = row.get::<bool>(1)?;
        Ok((!is_taken).then_some(row.get::<i64>(0)?.unsigned_abs()))
    })
}

/// See [`crate::model::Queue::progress`].
pub(in crate::store) fn progress(connection: &Connection, campaign: i64, now: DateTime<Utc>) -> Result<Progress> {
    let mut progress = Progress { next_due: next_due(connection, campaign)?, ..Progress::default() };
    let mut states = connection.prepare_cached(include_str!("../sql/progress_states.sql"))?;
    states.each([campaign], |row| {
        let list: String = row.get(0)?;
        let state = rows::word(&row.get::<String>(1)?, DeliveryState::parse)?;
        let count = row.get::<i64>(2)?.unsigned_abs();
        let sent = if state == DeliveryState::Sent { count } else { 0 };
        *progress.states.entry(state).or_default() += count;
        *progress.sent_by_list.entry(list.clone()).or_default() += sent;
        *progress.by_list.entry(list).or_default() += count;
        Ok(())
    })?;
    let mut times = connection.prepare_cached(include_str!("../sql/progress_times.sql"))?;
    times.query_row(params![campaign, stamp(now - TimeDelta::minutes(1))], |row| {
        progress.first_sent = rows::optional_instant(row, 0)?;
        progress.last_sent = rows::optional_instant(row, 1)?;
        progress.last_minute = row.get::<i64>(2)?.unsigned_abs();
        progress.minutes = row.get::<i64>(3)?.unsigned_abs();
        progress.after_first = row.get::<i64>(4)?.unsigned_abs();
        Ok(())
    })?;
    let mut returned = connection.prepare_cached(include_str!("../sql/progress_returned.sql"))?;
    progress.returned = returned.query_row([campaign], |row| row.get::<i64>(0))?.unsigned_abs();
    Ok(progress)
}

/// See [`crate::model::Queue::history`].
pub(super) fn history(connection: &Connection, query: &Query) -> Result<Vec<History>> {
    if let Query { campaign: None, address: None, state: None, delivery: Some(delivery), most: None } = query {
        let mut read = connection.prepare_cached(include_str!("../sql/history_of.sql"))?;
        let found = read.query_map([*delivery], rows::delivery)?.collect::<Result<_>>()?;
        return with_attempts(connection, found);
    }
    let mut read = connection.prepare_cached(include_str!("../sql/history.sql"))?;
    let most = query.most.map_or(-1, |most| most as i64);
    let whom = query.address.as_deref().map(address_identity);
    let asked = params![query.campaign, whom, query.state.map(DeliveryState::as_str), query.delivery, most];
    let found = read.query_map(asked, rows::delivery)?.collect::<Result<_>>()?;
    with_attempts(connection, found)
}

/// The same with what was tried of each, and what came back.
fn with_attempts(connection: &Connection, mut found: Vec<History>) -> Result<Vec<History>> {
    let mut attempts = connection.prepare_cached(include_str!("../sql/attempt_list.sql"))?;
    let mut returned = connection.prepare_cached(include_str!("../sql/bounce_of_delivery.sql"))?;
    for one in &mut found {
        one.returned = returned.query_map([one.delivery], rows::returned)?.collect::<Result<_>>()?;
        one.attempts = attempts.query_map([one.delivery], rows::attempt)?.collect::<Result<_>>()?;
    }
    Ok(found)
}
