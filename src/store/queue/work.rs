//! What workers do: claim, record, recover.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Tokens, rows};
use crate::model::{
    Claim, DeliveryState, Disposition, Gone, Lease, Leased, Recorded, Recovered, Reply, Resolution, Settlement,
    address_identity,
};
use crate::store::database::{Connection, OptionalExtension as _, Result, Statement, Transaction, params};
use crate::store::{AddressKey, stamp};

/// What is kept of a delivery that a worker was handing over when it died.
pub(super) const LOST: &str = "the run ended while this was being handed over";

/// See [`crate::model::Queue::claim`].
pub(super) fn claim(
    transaction: &Transaction<'_>,
    key: &AddressKey,
    tokens: Tokens<'_>,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<Vec<Leased>> {
    let mut due = transaction.prepare_cached(include_str!("../sql/delivery_due.sql"))?;
    let mut unwanted = transaction.prepare_cached(include_str!("../sql/delivery_unwanted.sql"))?;
    let mut suppress = transaction.prepare_cached(include_str!("../sql/delivery_suppress.sql"))?;
    let mut lease = transaction.prepare_cached(include_str!("../sql/delivery_lease.sql"))?;
    // An array of strings always serialises.
    let array = |texts: &[String]| serde_json::to_string(texts).unwrap_or_else(|_| "[]".to_owned());
    let (except, lists) = (array(&claim.except), array(&claim.lists));
    let found: Vec<Leased> = due
        .query_map(params![claim.campaign, stamp(now), except, claim.most as i64], rows::leased)?
        .collect::<Result<_>>()?;
    let mut claimed = Vec::with_capacity(found.len());
    for mut one in found {
        one.lease.epoch += 1;
        let hash = key.hash(&one.recipient.address);
        if unwanted.query_row(params![hash, one.recipient.list], |row| row.get::<bool>(0))?
            && !moved(transaction, tokens, &hash, &lists, &mut one)?
        {
            suppress.execute(params![one.lease.delivery, stamp(now)])?;
            continue;
        }
        lease.execute(params![one.lease.delivery, claim.worker, one.lease.epoch, stamp(claim.until)])?;
        claimed.push(one);
    }
    Ok(claimed)
}

/// See [`crate::model::Queue::has_due`].
pub(super) fn has_due(connection: &Connection, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
    let except = serde_json::to_string(&claim.except).unwrap_or_else(|_| "[]".to_owned());
    let mut due = connection.prepare_cached(include_str!("../sql/delivery_due.sql"))?;
    due.exists(params![claim.campaign, stamp(now), except, 1])
}

/// Has a delivery go through another of these lists, where the reader has left the one that it was to go through; whether
/// they stand on another.
fn moved(transaction: &Transaction<'_>, tokens: Tokens<'_>, hash: &str, lists: &str, one: &mut Leased) -> Result<bool> {
    let mut other = transaction.prepare_cached(include_str!("../sql/delivery_other_list.sql"))?;
    let Some(list) = other.query_row(params![hash, lists], |row| row.get::<String>(0)).optional()? else {
        return Ok(false);
    };
    let token = tokens(&list, &one.recipient.address);
    let mut change = transaction.prepare_cached(include_str!("../sql/delivery_move.sql"))?;
    change.execute(params![one.lease.delivery, list, token])?;
    (one.recipient.list, one.recipient.token) = (list, token);
    Ok(true)
}

/// See [`crate::model::Queue::record`].
pub(super) fn record(
    transaction: &Transaction<'_>,
    worker: &str,
    settled: &[Settlement],
    intents: &[Lease],
    now: DateTime<Utc>,
) -> Result<Recorded> {
    let stamp = stamp(now);
    let mut recorded = Recorded::default();
    if !settled.is_empty() {
        let mut settle = transaction.prepare_cached(include_str!("../sql/delivery_settle.sql"))?;
        let mut release = transaction.prepare_cached(include_str!("../sql/delivery_release.sql"))?;
        let mut attempt = transaction.prepare_cached(include_str!("../sql/attempt_add.sql"))?;
        for Settlement { lease: Lease { delivery, epoch }, disposition, reply } in settled {
            let Some((state, next)) = left(*disposition) else {
                recorded.settled += release.execute(params![delivery, worker, epoch])?;
                continue;
            };
            if settle.execute(params![delivery, worker, epoch, state.as_str(), next, stamp])? > 0 {
                recorded.settled += 1;
                keep(&mut attempt, *delivery, &stamp, state, reply)?;
            }
        }
    }
    if !intents.is_empty() {
        let mut intend = transaction.prepare_cached(include_str!("../sql/delivery_intend.sql"))?;
        for Lease { delivery, epoch } in intents {
            if intend.execute(params![delivery, worker, epoch, stamp])? > 0 {
                recorded.granted.push(*delivery);
            }
        }
    }
    Ok(recorded)
}

/// The state in which a try leaves a delivery, and when it is due again; `None` when it was no try.
fn left(disposition: Disposition) -> Option<(DeliveryState, Option<String>)> {
    Some(match disposition {
        Disposition::Sent => (DeliveryState::Sent, None),
        Disposition::Deferred { until } => (DeliveryState::Deferred, Some(stamp(until))),
        Disposition::Failed | Disposition::Bounced(..) => (DeliveryState::Failed, None),
        Disposition::Ambiguous => (DeliveryState::Ambiguous, None),
        Disposition::Released => return None,
    })
}

fn keep(attempt: &mut Statement<'_>, delivery: i64, at: &str, state: DeliveryState, reply: &Reply) -> Result<()> {
    let Reply { relay, code, enhanced, text } = reply;
    attempt.execute(params![delivery, at, state.as_str(), relay, code, enhanced, text]).map(drop)
}

/// See [`crate::model::Queue::recover`].
pub(super) fn recover(transaction: &Transaction<'_>, gone: &Gone, now: DateTime<Utc>) -> Result<Recovered> {
    let (but, of) = match gone {
        Gone::EverybodyBut(worker) => (Some(worker), None),
        Gone::Stopped(worker) => (None, Some(worker)),
        Gone::Overdue => (None, None),
    };
    let (stamp, state) = (stamp(now), DeliveryState::Ambiguous);
    let returned = transaction.execute(include_str!("../sql/recover_leased.sql"), params![but, stamp, of])?;
    let mut sending = transaction.prepare_cached(include_str!("../sql/recover_sending.sql"))?;
    let ambiguous: Vec<i64> = sending.query_map(params![but, stamp, of], |row| row.get(0))?.collect::<Result<_>>()?;
    let mut attempt = transaction.prepare_cached(include_str!("../sql/attempt_add.sql"))?;
    let reply = Reply { text: LOST.to_owned(), ..Reply::default() };
    for delivery in &ambiguous {
        keep(&mut attempt, *delivery, &stamp, state, &reply)?;
    }
    Ok(Recovered { returned, ambiguous: ambiguous.len() })
}

/// Has refused deliveries tried again, and their campaign run again where it is finished; which.
pub(super) fn again(transaction: &Transaction<'_>, deliveries: &[i64], now: DateTime<Utc>) -> Result<Vec<i64>> {
    let mut again = transaction.prepare_cached(include_str!("../sql/delivery_again.sql"))?;
    let mut run = transaction.prepare_cached(include_str!("../sql/campaign_again.sql"))?;
    let stamp = stamp(now);
    let mut due = Vec::with_capacity(deliveries.len());
    let mut campaigns = BTreeSet::new();
    for delivery in deliveries {
        if let Some(campaign) = again.query_row(params![delivery, stamp], |row| row.get::<i64>(0)).optional()? {
            due.push(*delivery);
            campaigns.insert(campaign);
        }
    }
    for campaign in campaigns {
        run.execute(params![campaign, stamp])?;
    }
    Ok(due)
}

/// See [`crate::model::Queue::resolve`]. Which ones were.
pub(super) fn resolve(
    transaction: &Transaction<'_>,
    campaign: i64,
    address: Option<&str>,
    resolution: Resolution,
    now: DateTime<Utc>,
) -> Result<Vec<i64>> {
    let (state, text) = match resolution {
        Resolution::Sent => (DeliveryState::Sent, "resolved: it arrived"),
        Resolution::Failed => (DeliveryState::Failed, "resolved: it did not arrive"),
        Resolution::Resend => (DeliveryState::Pending, "resolved: it is sent again"),
        Resolution::Retry => (DeliveryState::Pending, "resolved: it is tried again"),
    };
    let stamp = stamp(now);
    if resolution == Resolution::Resend {
        transaction.execute(include_str!("../sql/resolve_erased.sql"), params![campaign, stamp])?;
    }
    let mut resolve = transaction.prepare_cached(match resolution {
        Resolution::Retry => include_str!("../sql/resolve_refused.sql"),
        _ => include_str!("../sql/resolve.sql"),
    })?;
    let row = params![campaign, address.map(address_identity), state.as_str(), stamp];
    let resolved: Vec<i64> = resolve.query_map(row, |row| row.get(0))?.collect::<Result<_>>()?;
    let mut attempt = transaction.prepare_cached(include_str!("../sql/attempt_add.sql"))?;
    let reply = Reply { text: text.to_owned(), ..Reply::default() };
    for delivery in &resolved {
        keep(&mut attempt, *delivery, &stamp, state, &reply)?;
    }
    if matches!(resolution, Resolution::Resend | Resolution::Retry) && !resolved.is_empty() {
        transaction.execute(include_str!("../sql/campaign_again.sql"), params![campaign, stamp])?;
    }
    Ok(resolved)
}

/// Has a campaign go on with another revision, and notes who was sent the one before; whether it could.
pub(super) fn amend(transaction: &Transaction<'_>, campaign: i64, revision: u32) -> Result<bool> {
    let before: u32 =
        transaction.query_row(include_str!("../sql/campaign_revision.sql"), [campaign], |row| row.get(0))?;
    if transaction.execute(include_str!("../sql/campaign_amend.sql"), params![campaign, revision])? == 0 {
        return Ok(false);
    }
    transaction.execute(include_str!("../sql/delivery_keep_revision.sql"), params![campaign, before])?;
    Ok(true)
}
