//! What workers do, in statements over whole batches.

use std::collections::BTreeSet;
use std::time::SystemTime;

use ::postgres::types::ToSql;
use ::postgres::{GenericClient, Statement};
use chrono::{DateTime, TimeDelta, Utc};

use super::session::Session;
use super::value::{column, kept};
use crate::model::{
    CampaignState, Claim, DeliveryState, Disposition, Gone, Language, Lease, Leased, NewCampaign, Recipient, Recorded,
    Recovered, Settlement, address_identity,
};
use crate::store::AddressKey;
use crate::store::database::{Result, Row};
use crate::store::queue::{Tokens, rows};

/// How many readers are in memory at once while an issue's are settled.
const BATCH: usize = 1000;

/// Values of a statement.
type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// See [`crate::model::Queue::start`].
pub(in crate::store) fn start(
    session: &Session,
    tokens: Tokens<'_>,
    campaign: &NewCampaign,
    choose: &mut dyn FnMut(&Recipient) -> Option<String>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let state = if campaign.starts > now { CampaignState::Scheduled } else { CampaignState::Running };
    let (starts, now) = (SystemTime::from(campaign.starts), SystemTime::from(now));
    session.whole(|| begin(session, tokens, campaign, choose, (state, starts, now)))
}

/// The transaction of [`start`].
fn begin(
    session: &Session,
    tokens: Tokens<'_>,
    campaign: &NewCampaign,
    choose: &mut dyn FnMut(&Recipient) -> Option<String>,
    (state, starts, now): (CampaignState, SystemTime, SystemTime),
) -> Result<u64> {
    let begin = session.statement(include_str!("sql/start.sql"))?;
    let readers = session.statement(include_str!("../sql/recipients.sql"))?;
    let add = session.statement(include_str!("sql/deliveries_add.sql"))?;
    session.transaction(|transaction| {
        let issue = &campaign.issue;
        let row: Values<'_> =
            &[&issue.series, &(issue.ordinal as i64), &i64::from(campaign.revision), &state.as_str(), &now, &starts];
        let Some(row) = transaction.query_opt(&begin, row)? else { return Ok(0) };
        let id: i64 = row.try_get(0)?;
        let mut recorded = 0;
        for list in &campaign.lists {
            let portal = transaction.bind(&readers, &[list])?;
            loop {
                let batch = transaction.query_portal(&portal, BATCH as i32)?;
                let mut due = Due::default();
                for row in &batch {
                    let to = rows::reader(&Row::Postgres(row), list, tokens)?;
                    if let Some(message_id) = choose(&to) {
                        due.push(to, message_id);
                    }
                }
                let Due { addresses, identities, names, languages, tokens, message_ids } = &due;
                let rows: Values<'_> =
                    &[&id, list, &starts, &now, addresses, identities, names, languages, tokens, message_ids];
                recorded += transaction.execute(&add, rows)?;
                if batch.len() < BATCH {
                    break;
                }
            }
        }
        Ok(recorded)
    })
}

/// The columns of deliveries.
#[derive(Default)]
struct Due {
    addresses: Vec<String>,
    identities: Vec<String>,
    names: Vec<Option<String>>,
    languages: Vec<Option<String>>,
    tokens: Vec<String>,
    message_ids: Vec<String>,
}

impl Due {
    fn push(&mut self, to: Recipient, message_id: String) {
        self.identities.push(address_identity(&to.address).into_owned());
        self.addresses.push(to.address);
        self.names.push(to.name);
        self.languages.push(to.language.as_ref().map(Language::as_str).map(str::to_owned));
        self.tokens.push(to.token);
        self.message_ids.push(message_id);
    }
}

/// See [`crate::model::Queue::claim`]. What a person is known by is a keyed hash, which the server cannot make: the rows are
/// locked, looked at, and then given away.
pub(in crate::store) fn claim(
    session: &Session,
    key: &AddressKey,
    tokens: Tokens<'_>,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<Vec<Leased>> {
    session.whole(|| give(session, key, tokens, claim, now))
}

/// The transaction of [`claim`].
fn give(
    session: &Session,
    key: &AddressKey,
    tokens: Tokens<'_>,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<Vec<Leased>> {
    measure(session, now)?;
    let due = session.statement(include_str!("sql/due.sql"))?;
    let unwanted = session.statement(include_str!("sql/unwanted.sql"))?;
    let lease = session.statement(include_str!("sql/lease.sql"))?;
    let other_list = session.statement(include_str!("sql/other_list.sql"))?;
    let change = session.statement(include_str!("../sql/delivery_move.sql"))?;
    let length = (claim.until - now).num_seconds();
    let (now, most) = (SystemTime::from(now), claim.most as i64);
    session.transaction(|transaction| {
        let rows = transaction.query(&due, &[&claim.campaign, &now, &claim.except, &most])?;
        let mut found: Vec<Leased> = rows.iter().map(|row| rows::leased(&Row::Postgres(row))).collect::<Result<_>>()?;
        if found.is_empty() {
            return Ok(found);
        }
        let deliveries: Vec<i64> = found.iter().map(|one| one.lease.delivery).collect();
        let hashes: Vec<String> = found.iter().map(|one| key.hash(&one.recipient.address)).collect();
        let lists: Vec<&str> = found.iter().map(|one| one.recipient.list.as_str()).collect();
        let mut unwanted: Vec<i64> = ids(&transaction.query(&unwanted, &[&deliveries, &hashes, &lists])?)?;
        if !unwanted.is_empty() {
            let hashes: Vec<&String> =
                unwanted.iter().filter_map(|id| Some(&hashes[deliveries.iter().position(|one| one == id)?])).collect();
            for row in transaction.query(&other_list, &[&unwanted, &hashes, &claim.lists])? {
                let (id, list): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
                let Some(one) = found.iter_mut().find(|one| one.lease.delivery == id) else { continue };
                let token = tokens(&list, &one.recipient.address);
                transaction.execute(&change, &[&id, &list, &token])?;
                (one.recipient.list, one.recipient.token) = (list, token);
                unwanted.retain(|unwanted| *unwanted != id);
            }
        }
        transaction.execute(&lease, &[&claim.worker, &length, &deliveries, &unwanted, &now])?;
        found.retain(|one| !unwanted.contains(&one.lease.delivery));
        Ok(found)
    })
}

/// See [`crate::model::Queue::has_due`].
pub(in crate::store) fn has_due(session: &Session, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
    session.whole(|| {
        let due = session.statement(include_str!("sql/due.sql"))?;
        let (now, most) = (SystemTime::from(now), 1_i64);
        session.transaction(|transaction| {
            Ok(transaction.query_opt(&due, &[&claim.campaign, &now, &claim.except, &most])?.is_some())
        })
    })
}

/// Learns by how much the server's clock is before the caller's: holds end by the server's.
fn measure(session: &Session, now: DateTime<Utc>) -> Result<()> {
    let clock = session.prepare("select clock_timestamp()")?;
    let there: Vec<DateTime<Utc>> =
        session.query(&clock, &[])?.iter().map(|row| rows::instant(&Row::Postgres(row), 0)).collect::<Result<_>>()?;
    session.ahead.set(there.first().map_or(TimeDelta::zero(), |there| *there - now));
    Ok(())
}

/// See [`crate::model::Queue::renew`].
pub(in crate::store) fn renew(
    session: &Session,
    worker: &str,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize> {
    session.whole(|| measure(session, now))?;
    let until = SystemTime::from(until + session.ahead.get());
    session.whole(|| {
        let statement = session.statement(include_str!("sql/renew.sql"))?;
        session.transaction(|transaction| Ok(transaction.execute(&statement, &[&worker, &until])? as usize))
    })
}

/// See [`crate::model::Queue::record`]. One statement, which is one way to the server and back.
pub(in crate::store) fn record(
    session: &Session,
    worker: &str,
    settled: &[Settlement],
    intents: &[Lease],
    now: DateTime<Utc>,
) -> Result<Recorded> {
    let now = SystemTime::from(now);
    let parts = apart(settled);
    session.whole(|| {
        let statement = session.statement(include_str!("sql/record.sql"))?;
        if let [part] = parts.as_slice() {
            return session.alone(|client| one_part(client, &statement, worker, part, intents, now));
        }
        session.transaction(|transaction| all_parts(transaction, &statement, worker, &parts, intents, now))
    })
}

/// [`record`] within a transaction that was begun.
pub(in crate::store) fn record_within(
    session: &Session,
    worker: &str,
    settled: &[Settlement],
    intents: &[Lease],
    now: DateTime<Utc>,
) -> Result<Recorded> {
    let statement = session.statement(include_str!("sql/record.sql"))?;
    session.alone(|client| all_parts(client, &statement, worker, &apart(settled), intents, SystemTime::from(now)))
}

/// Records settlements part by part, and the intents with the first.
fn all_parts(
    client: &mut impl GenericClient,
    statement: &Statement,
    worker: &str,
    parts: &[Vec<&Settlement>],
    intents: &[Lease],
    now: SystemTime,
) -> Result<Recorded> {
    let mut recorded = Recorded::default();
    for (count, part) in parts.iter().enumerate() {
        let intents = if count == 0 { intents } else { &[] };
        let more = one_part(client, statement, worker, part, intents, now)?;
        recorded.settled += more.settled;
        recorded.granted.extend(more.granted);
    }
    Ok(recorded)
}

/// Records settlements of which no two are of one delivery.
fn one_part(
    client: &mut impl GenericClient,
    statement: &Statement,
    worker: &str,
    settled: &[&Settlement],
    intents: &[Lease],
    now: SystemTime,
) -> Result<Recorded> {
    let (deliveries, epochs) = columns(settled.iter().map(|one| one.lease));
    let (states, untils): (Vec<&str>, Vec<Option<SystemTime>>) =
        settled.iter().map(|one| left(one.disposition)).unzip();
    let relays: Vec<_> = settled.iter().map(|one| kept(&one.reply.relay)).collect();
    let codes: Vec<Option<i64>> = settled.iter().map(|one| one.reply.code.map(i64::from)).collect();
    let enhanced: Vec<_> = settled.iter().map(|one| one.reply.enhanced.as_deref().map(kept)).collect();
    let texts: Vec<_> = settled.iter().map(|one| kept(&one.reply.text)).collect();
    let (asked, asked_epochs) = columns(intents.iter().copied());
    let values: Values<'_> = &[
        &worker,
        &now,
        &deliveries,
        &epochs,
        &states,
        &untils,
        &relays,
        &codes,
        &enhanced,
        &texts,
        &asked,
        &asked_epochs,
    ];
    let row = client.query_one(statement, values)?;
    let granted: BTreeSet<i64> = row.try_get::<_, Vec<i64>>(1)?.into_iter().collect();
    Ok(Recorded {
        settled: row.try_get::<_, i64>(0)? as usize,
        granted: asked.into_iter().filter(|delivery| granted.contains(delivery)).collect(),
        suppressed: Vec::new(),
    })
}

/// The settlements in parts in which no delivery comes twice, in order: one statement changes a row once.
fn apart(settled: &[Settlement]) -> Vec<Vec<&Settlement>> {
    let mut parts: Vec<Vec<&Settlement>> = vec![Vec::new()];
    let mut seen: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for one in settled {
        let turn = seen.entry(one.lease.delivery).or_default();
        if parts.len() == *turn {
            parts.push(Vec::new());
        }
        parts[*turn].push(one);
        *turn += 1;
    }
    parts
}

fn columns(leases: impl Iterator<Item = Lease>) -> (Vec<i64>, Vec<i64>) {
    leases.map(|lease| (lease.delivery, lease.epoch)).unzip()
}

fn ids<T: FromIterator<i64>>(rows: &[::postgres::Row]) -> Result<T> {
    rows.iter().map(|row| column(row, 0)).collect()
}

/// The state in which a try leaves a delivery, and when it is due again.
fn left(disposition: Disposition) -> (&'static str, Option<SystemTime>) {
    let (state, until) = match disposition {
        Disposition::Sent => (DeliveryState::Sent, None),
        Disposition::Deferred { until } => (DeliveryState::Deferred, Some(until.into())),
        Disposition::Failed | Disposition::Bounced(..) => (DeliveryState::Failed, None),
        Disposition::Ambiguous => (DeliveryState::Ambiguous, None),
        // Which the statement takes for: as it was.
        Disposition::Released => (DeliveryState::Pending, None),
    };
    (state.as_str(), until)
}

/// Takes back what was not renewed in time, by the server's clock, or what a worker held that has stopped. Nobody knows here that they are alone.
pub(in crate::store) fn recover(session: &Session, gone: &Gone, reply: &str, now: DateTime<Utc>) -> Result<Recovered> {
    let now = SystemTime::from(now);
    let of = match gone {
        Gone::Stopped(worker) => Some(worker),
        Gone::EverybodyBut(_) | Gone::Overdue => None,
    };
    session.whole(|| {
        let statement = session.statement(include_str!("sql/recover.sql"))?;
        session.transaction(|transaction| {
            let row = transaction.query_one(&statement, &[&now, &reply, &of])?;
            let (returned, ambiguous): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            Ok(Recovered { returned: returned as usize, ambiguous: ambiguous as usize })
        })
    })
}
