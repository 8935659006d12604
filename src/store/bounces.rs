//! What came back: events by recipient, and whether it is enough to write no more.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::address_key::AddressKey;
use super::database::{self, Connection, OptionalExtension as _, Parameters, Row, Transaction, params};
use super::{Store, failed, is_of_erased, read_stamp, stamp};
use crate::error::Result;
use crate::model::{
    BounceClass, BounceEvent, BounceReason, CampaignState, Disposition, EnhancedStatus, Evidence, Lease, Reply,
    SOFT_BOUNCES, Settlement, Tried, address_identity,
};

/// How far back soft bounces count.
const PERIOD: TimeDelta = TimeDelta::days(180);
/// A delivery that nothing came back of for so long has arrived: servers give up after five days (RFC 5321 4.5.4.1).
const ARRIVED: TimeDelta = TimeDelta::days(5);

impl Store {
    /// A delivery by its number, when it was tried.
    pub fn tried(&self, delivery: i64) -> Result<Option<Tried>> {
        self.find_tried(include_str!("sql/tried_by_id.sql"), params![delivery])
    }

    /// A delivery by its Message-ID, when it was tried.
    pub fn tried_as(&self, message_id: &str) -> Result<Option<Tried>> {
        self.find_tried(include_str!("sql/tried_by_message_id.sql"), params![message_id])
    }

    /// The last delivery to an address that was tried.
    pub fn tried_to(&self, address: &str) -> Result<Option<Tried>> {
        self.find_tried(include_str!("sql/tried_by_address.sql"), params![address_identity(address)])
    }

    fn find_tried(&self, sql: &str, by: impl Parameters) -> Result<Option<Tried>> {
        let tried = |row: &Row<'_>| {
            Ok(Tried {
                delivery: row.get(0)?,
                address: row.get(1)?,
                message_id: row.get(2)?,
                at: read_stamp(&row.get::<String>(3)?)?,
            })
        };
        let read = || self.connection.prepare_cached(sql)?.query_row(by, tried).optional();
        read().map_err(failed)
    }

    /// Whether a message was read before, by its key.
    pub fn bounce_is_known(&self, key: &str) -> Result<bool> {
        let read = || self.connection.prepare_cached(include_str!("sql/bounce_known.sql"))?.exists([key]);
        read().map_err(failed)
    }

    /// Keeps that a message was read, and what it says of recipients; a second time changes nothing.
    pub fn keep_bounce(
        &mut self,
        key: &str,
        class: BounceClass,
        events: &[BounceEvent],
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(|transaction| keep(transaction, key, class, events, now).map(drop))
    }

    /// How many deliveries in a row bounced softly, of the last half year: those since the last one that arrived. A
    /// delivery of which several reports came counts once.
    pub fn soft_bounces(&self, address: &str, now: DateTime<Utc>) -> Result<u32> {
        soft_bounces(&self.connection, address, now).map_err(failed)
    }

    /// How many there are once an event that counts is kept, too: another report about a delivery makes no more of them.
    pub fn soft_bounces_with(&self, event: &BounceEvent, now: DateTime<Utc>) -> Result<u32> {
        let Some(tried) = &event.tried else { return Ok(self.soft_bounces(&event.address, now)? + 1) };
        let (since, arrived) = (stamp(now - PERIOD), stamp(now - ARRIVED));
        let with = params![address_identity(&event.address), since, arrived, tried.delivery, stamp(tried.at)];
        let sql = include_str!("sql/bounce_count_with.sql");
        let count = || self.connection.prepare_cached(sql)?.query_row(with, |row| row.get(0));
        count().map_err(failed)
    }
}

/// See [`Store::soft_bounces`].
fn soft_bounces(connection: &Connection, address: &str, now: DateTime<Utc>) -> database::Result<u32> {
    let since = params![address_identity(address), stamp(now - PERIOD), stamp(now - ARRIVED)];
    connection.prepare_cached(include_str!("sql/bounce_count.sql"))?.query_row(since, |row| row.get(0))
}

/// See [`Store::keep_bounce`]. Whether it is new.
fn keep(
    transaction: &Transaction<'_>,
    key: &str,
    class: BounceClass,
    events: &[BounceEvent],
    now: DateTime<Utc>,
) -> database::Result<bool> {
    let message = params![key, class.as_str(), stamp(now)];
    if transaction.execute(include_str!("sql/bounce_add.sql"), message)? == 0 {
        return Ok(false);
    }
    let mut add = transaction.prepare_cached(include_str!("sql/bounce_event_add.sql"))?;
    for event in events {
        let delivery = event.tried.as_ref().map(|tried| tried.delivery);
        let erased = delivery.map(|delivery| instead(transaction, delivery)).transpose()?.flatten();
        // Of whoever was erased it is kept that something came back, and not in which words: servers name whom they speak of.
        let (address, diagnosis) =
            erased.as_deref().map_or((&*event.address, &*event.diagnosis), |instead| (instead, ""));
        add.execute(params![
            key,
            address,
            address_identity(address),
            delivery,
            event.class.as_str(),
            event.reason.as_str(),
            event.status.to_string(),
            event.code,
            diagnosis,
            event.evidence.as_str(),
            event.counts,
            stamp(event.tried.as_ref().map_or(now, |tried| tried.at)),
            stamp(now)
        ])?;
    }
    Ok(true)
}

/// What stands in the place of the address of a delivery whose recipient was erased.
fn instead(transaction: &Transaction<'_>, delivery: i64) -> database::Result<Option<String>> {
    let mut erased = transaction.prepare_cached(include_str!("sql/delivery_erased.sql"))?;
    erased.query_row([delivery], |row| row.get(0)).optional()
}

/// Whether any of these deliveries bounced.
pub(super) fn any_bounced(settled: &[Settlement]) -> bool {
    settled.iter().any(|one| matches!(one.disposition, Disposition::Bounced(..)))
}

/// Keeps what servers answered of recipients while messages were handed over, and suppresses the addresses for which that
/// is enough; of which deliveries those are. A settlement under a hold that others had after it says nothing.
pub(super) fn keep_replies(
    transaction: &Transaction<'_>,
    key: &AddressKey,
    settled: &[Settlement],
    now: DateTime<Utc>,
) -> database::Result<Vec<i64>> {
    let mut suppressed = Vec::new();
    for Settlement { lease: Lease { delivery, epoch }, disposition, reply } in settled {
        let Disposition::Bounced(class, reason) = *disposition else { continue };
        let mut refused = transaction.prepare_cached(include_str!("sql/delivery_refused.sql"))?;
        let tried =
            |row: &Row<'_>| Ok(Tried { delivery: *delivery, address: row.get(0)?, message_id: row.get(1)?, at: now });
        let Some(tried) = refused.query_row(params![delivery, epoch], tried).optional()? else { continue };
        let event = answered(tried, class, reason, reply);
        if !keep(transaction, &format!("reply {delivery} {epoch}"), class, std::slice::from_ref(&event), now)? {
            continue;
        }
        // Nothing is written there in any case, and what stands there is no address that could be known again.
        if is_of_erased(&event.address) {
            continue;
        }
        let why = match class {
            BounceClass::Hard => format!("hard bounce: {}", reason.as_str()),
            _ if soft_bounces(transaction, &event.address, now)? >= SOFT_BOUNCES => {
                format!("{SOFT_BOUNCES} soft bounces")
            }
            _ => continue,
        };
        let row = params![key.hash(&event.address), why, stamp(now)];
        if transaction.execute(include_str!("sql/suppress.sql"), row)? > 0 {
            super::consent::call_back_but(transaction, &event.address, *delivery)?;
            suppressed.push(*delivery);
        }
    }
    Ok(suppressed)
}

/// Takes back what servers answered of the recipients of these deliveries, and lifts the suppressions that came of it; how
/// many. What other campaigns gave up for these waits again, and `at_once` also what is of such as are over: whoever is tried
/// again weeks later is not sent all that was missed.
pub(super) fn take_back(
    transaction: &Transaction<'_>,
    key: &AddressKey,
    deliveries: &[i64],
    at_once: Option<DateTime<Utc>>,
) -> database::Result<usize> {
    // Those that run are among them in any case.
    let over = if at_once.is_some() { CampaignState::Finished } else { CampaignState::Running };
    let mut campaigns = BTreeSet::new();
    let mut read = transaction.prepare_cached(include_str!("sql/bounce_replies.sql"))?;
    let mut lift = transaction.prepare_cached(include_str!("sql/suppression_take_back.sql"))?;
    let mut wanted = transaction.prepare_cached(include_str!("sql/delivery_wanted.sql"))?;
    let mut forget = transaction.prepare_cached(include_str!("sql/bounce_uncount.sql"))?;
    let mut lifted = 0;
    for delivery in deliveries {
        let answered = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        let replies: Vec<(String, String)> = read.query_map([*delivery], answered)?.collect::<database::Result<_>>()?;
        for (address, at) in &replies {
            if lift.execute(params![key.hash(address), at])? > 0 {
                lifted += 1;
                let of = params![address_identity(address), at, over.as_str()];
                let found: Vec<i64> = wanted.query_map(of, |row| row.get(0))?.collect::<database::Result<_>>()?;
                campaigns.extend(found);
            }
        }
        if !replies.is_empty() {
            forget.execute([*delivery])?;
        }
    }
    if let Some(now) = at_once {
        let mut run = transaction.prepare_cached(include_str!("sql/campaign_again.sql"))?;
        for campaign in campaigns {
            run.execute(params![campaign, stamp(now)])?;
        }
    }
    Ok(lifted)
}

/// A relay's answer as an event.
fn answered(tried: Tried, class: BounceClass, reason: BounceReason, reply: &Reply) -> BounceEvent {
    let first = reply.code.map_or(5, |code| (code / 100) as u8);
    BounceEvent {
        address: tried.address.clone(),
        class,
        reason,
        status: reply
            .enhanced
            .as_deref()
            .and_then(|status| status.parse().ok())
            .unwrap_or(EnhancedStatus::new(first, 0, 0)),
        code: reply.code,
        diagnosis: reply.text.clone(),
        evidence: Evidence::Reply,
        tried: Some(tried),
        counts: true,
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use crate::model::{
        BounceClass, BounceEvent, BounceReason, Claim, Disposition, EnhancedStatus, Evidence, IssueKey, Lease,
        NewCampaign, NewSubscriber, Queue, Reply, Settlement, Tried,
    };
    use crate::store::Store;

    fn day(days: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(days)
    }

    /// A store with one reader.
    fn store() -> Store {
        store_of("Ann@x.example")
    }

    fn store_of(address: &str) -> Store {
        let mut store = Store::in_memory().unwrap();
        let ann = NewSubscriber { address: address.to_owned(), name: None, language: None };
        store.import("members", &[ann], day(0)).unwrap();
        store
    }

    /// Sends the issue of this ordinal to her.
    fn send(store: &mut Store, ordinal: u64, at: DateTime<Utc>) -> Tried {
        let issue = IssueKey { series: "news".to_owned(), ordinal };
        let campaign = NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts: at };
        store.start(&campaign, &mut |_| Some(format!("{ordinal}@x.example")), at).unwrap();
        let campaign = store.campaigns(at).unwrap().iter().map(|campaign| campaign.id).max().unwrap();
        let until = at + TimeDelta::hours(1);
        let claim = Claim { campaign, worker: "w".to_owned(), most: 1, lists: Vec::new(), except: Vec::new(), until };
        let leases: Vec<Lease> = store.claim(&claim, at).unwrap().into_iter().map(|leased| leased.lease).collect();
        store.record("w", &[], &leases, at).unwrap();
        let settled = Settlement { lease: leases[0], disposition: Disposition::Sent, reply: Reply::default() };
        store.record("w", &[settled], &[], at).unwrap();
        store.tried_as(&format!("{ordinal}@x.example")).unwrap().unwrap()
    }

    fn event(tried: Option<Tried>, evidence: Evidence) -> BounceEvent {
        BounceEvent {
            address: "Ann@x.example".to_owned(),
            class: BounceClass::Soft,
            reason: BounceReason::MailboxFull,
            status: EnhancedStatus::new(5, 2, 2),
            code: Some(552),
            diagnosis: "full".to_owned(),
            evidence,
            tried,
            counts: true,
        }
    }

    #[test]
    fn what_was_read_is_known_and_counted_once() {
        let mut store = store();
        assert!(!store.bounce_is_known("k").unwrap());
        for _ in 0..2 {
            store.keep_bounce("k", BounceClass::Soft, &[event(None, Evidence::Address)], day(2)).unwrap();
        }
        assert!(store.bounce_is_known("k").unwrap());
        assert_eq!(store.soft_bounces("ann@x.example", day(2)).unwrap(), 1);
        assert_eq!(store.soft_bounces("bo@x.example", day(2)).unwrap(), 0);
        assert_eq!(store.soft_bounces("ann@x.example", day(200)).unwrap(), 0, "half a year is over");
        assert_eq!(store.tried_to("ann@x.example").unwrap(), None, "nothing was sent");
    }

    #[test]
    fn a_delivery_that_arrives_ends_the_row() {
        let mut store = store();
        let mut bounces = |ordinal: u64, at: i64| {
            let tried = send(&mut store, ordinal, day(at));
            for report in ["delayed", "failed"] {
                let key = format!("{ordinal} {report}");
                let event = event(Some(tried.clone()), Evidence::ReturnPath);
                store.keep_bounce(&key, BounceClass::Soft, &[event], day(at + 1)).unwrap();
            }
            store.soft_bounces("ann@x.example", day(at + 1)).unwrap()
        };
        assert_eq!([bounces(1, 10), bounces(2, 20), bounces(3, 30)], [1, 2, 3]);
        let arrives = send(&mut store, 4, day(40));
        assert_eq!(store.tried_to("ann@x.example").unwrap(), Some(arrives.clone()));
        assert_eq!(store.tried(arrives.delivery).unwrap(), Some(arrives));
        assert_eq!(store.soft_bounces("ann@x.example", day(44)).unwrap(), 3, "a report may still come");
        assert_eq!(store.soft_bounces("ann@x.example", day(46)).unwrap(), 0);
    }

    #[test]
    fn what_is_not_kept_yet_counts_as_it_will_once_it_is() {
        let mut store = store();
        let of = |tried: &Tried| event(Some(tried.clone()), Evidence::ReturnPath);
        let old = send(&mut store, 1, day(10));
        send(&mut store, 2, day(20));
        for (ordinal, at, count) in [(3, 30, 1), (4, 40, 2), (5, 50, 3)] {
            let (last, now) = (of(&send(&mut store, ordinal, day(at))), day(at + 1));
            assert_eq!(store.soft_bounces_with(&last, now).unwrap(), count, "the first report");
            store.keep_bounce(&ordinal.to_string(), BounceClass::Soft, std::slice::from_ref(&last), now).unwrap();
            assert_eq!(store.soft_bounces(&last.address, now).unwrap(), count);
            assert_eq!(store.soft_bounces_with(&last, now).unwrap(), count, "the second");
        }
        assert_eq!(store.soft_bounces_with(&of(&old), day(51)).unwrap(), 3, "one of before the row");
        assert_eq!(store.soft_bounces_with(&event(None, Evidence::Address), day(51)).unwrap(), 4);
        // A report that comes when nobody waits for one any more.
        let late = send(&mut store, 6, day(60));
        assert_eq!(store.soft_bounces_with(&of(&late), day(66)).unwrap(), 4);
        store.keep_bounce("late", BounceClass::Soft, &[of(&late)], day(66)).unwrap();
        assert_eq!(store.soft_bounces("ann@x.example", day(66)).unwrap(), 4);
    }

    #[test]
    fn an_address_is_the_same_in_capitals_beyond_ascii() {
        let (capital, small, apart) = ("\u{dc}bung@x.example", "\u{fc}bung@x.example", "U\u{308}BUNG@x.example");
        let mut store = store_of(capital);
        let tried = send(&mut store, 1, day(1));
        let bounce = BounceEvent { address: small.to_owned(), ..event(None, Evidence::Address) };
        store.keep_bounce("k", BounceClass::Soft, &[bounce], day(2)).unwrap();
        for written in [capital, small, apart] {
            assert_eq!(store.tried_to(written).unwrap().as_ref(), Some(&tried), "{written}");
            assert_eq!(store.soft_bounces(written, day(2)).unwrap(), 1, "{written}");
        }
        store.erase(apart, day(3)).unwrap();
        for written in [capital, small, apart] {
            assert_eq!(store.tried_to(written).unwrap(), None, "{written}");
            assert_eq!(store.soft_bounces(written, day(3)).unwrap(), 0, "{written}");
        }
    }

    #[test]
    fn tokens_name_their_bearers() {
        let store = store();
        let token = store.recipients(&["members".to_owned()]).unwrap()[0].token.clone();
        assert_eq!(store.bearer("members", &token).unwrap().as_deref(), Some("Ann@x.example"));
        assert_eq!(store.bearer("friends", &token).unwrap(), None);
        assert_eq!(store.bearer("members", "x").unwrap(), None);
    }
}
