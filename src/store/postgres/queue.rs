//! What workers do, in statements over whole batches.

use std::collections::BTreeSet;
use std::time::SystemTime;

use ::postgres::Transaction;
use ::postgres::types::ToSql;
use chrono::{DateTime, TimeDelta, Utc};

use super::session::Session;
use super::value::{column, kept};
use crate::model::{
    CampaignState, Claim, DeliveryState, Disposition, Language, Lease, Leased, NewCampaign, Recipient, Recorded,
    Recovered, Settlement,
};
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
    let begin = session.prepare(include_str!("sql/start.sql"))?;
    let readers = session.prepare(include_str!("../sql/recipients.sql"))?;
    let add = session.prepare(include_str!("sql/deliveries_add.sql"))?;
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
                let Due { addresses, names, languages, tokens, message_ids } = &due;
                let rows: Values<'_> = &[&id, list, &starts, &now, addresses, names, languages, tokens, message_ids];
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
    names: Vec<Option<String>>,
    languages: Vec<Option<String>>,
    tokens: Vec<String>,
    message_ids: Vec<String>,
}

impl Due {
    fn push(&mut self, to: Recipient, message_id: String) {
        self.addresses.push(to.address);
        self.names.push(to.name);
        self.languages.push(to.language.as_ref().map(Language::as_str).map(str::to_owned));
        self.tokens.push(to.token);
        self.message_ids.push(message_id);
    }
}

/// See [`crate::model::Queue::claim`].
pub(in crate::store) fn claim(session: &Session, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Leased>> {
    measure(session, now)?;
    let statement = session.prepare(include_str!("sql/claim.sql"))?;
    let length = (claim.until - now).num_seconds();
    let (now, most) = (SystemTime::from(now), claim.most as i64);
    session.transaction(|transaction| {
        let values: Values<'_> = &[&claim.campaign, &now, &claim.except, &most, &claim.worker, &length];
        transaction.query(&statement, values)?.iter().map(|row| rows::leased(&Row::Postgres(row))).collect()
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
pub(in crate::store) fn renew(session: &Session, worker: &str, until: DateTime<Utc>) -> Result<usize> {
    let statement = session.prepare(include_str!("sql/renew.sql"))?;
    let until = SystemTime::from(until + session.ahead.get());
    session.transaction(|transaction| Ok(transaction.execute(&statement, &[&worker, &until])? as usize))
}

/// See [`crate::model::Queue::record`].
pub(in crate::store) fn record(
    session: &Session,
    worker: &str,
    settled: &[Settlement],
    intents: &[Lease],
    now: DateTime<Utc>,
) -> Result<Recorded> {
    let statements = Statements {
        settle: session.prepare(include_str!("sql/settle.sql"))?,
        release: session.prepare(include_str!("sql/release.sql"))?,
        running: session.prepare(include_str!("sql/running.sql"))?,
        intend: session.prepare(include_str!("sql/intend.sql"))?,
    };
    let now = SystemTime::from(now);
    let (released, tried): (Vec<&Settlement>, Vec<&Settlement>) =
        settled.iter().partition(|one| one.disposition == Disposition::Released);
    session.transaction(|transaction| {
        let mut recorded = Recorded::default();
        for part in apart(&tried) {
            recorded.settled += statements.settle(transaction, worker, &part, now)?;
        }
        if !released.is_empty() {
            let (deliveries, epochs) = columns(released.iter().map(|one| one.lease));
            let values: Values<'_> = &[&worker, &deliveries, &epochs];
            recorded.settled += transaction.execute(&statements.release, values)? as usize;
        }
        if !intents.is_empty() {
            recorded.granted = statements.intend(transaction, worker, intents, now)?;
        }
        Ok(recorded)
    })
}

struct Statements {
    settle: ::postgres::Statement,
    release: ::postgres::Statement,
    running: ::postgres::Statement,
    intend: ::postgres::Statement,
}

impl Statements {
    fn settle(
        &self,
        transaction: &mut Transaction<'_>,
        worker: &str,
        settled: &[&Settlement],
        now: SystemTime,
    ) -> Result<usize> {
        let (deliveries, epochs) = columns(settled.iter().map(|one| one.lease));
        let (states, untils): (Vec<&str>, Vec<Option<SystemTime>>) =
            settled.iter().map(|one| left(one.disposition)).unzip();
        let relays: Vec<_> = settled.iter().map(|one| kept(&one.reply.relay)).collect();
        let codes: Vec<Option<i64>> = settled.iter().map(|one| one.reply.code.map(i64::from)).collect();
        let enhanced: Vec<_> = settled.iter().map(|one| one.reply.enhanced.as_deref().map(kept)).collect();
        let texts: Vec<_> = settled.iter().map(|one| kept(&one.reply.text)).collect();
        let values: Values<'_> =
            &[&worker, &now, &deliveries, &epochs, &states, &untils, &relays, &codes, &enhanced, &texts];
        Ok(transaction.query_one(&self.settle, values)?.try_get::<_, i64>(0)? as usize)
    }

    fn intend(
        &self,
        transaction: &mut Transaction<'_>,
        worker: &str,
        intents: &[Lease],
        now: SystemTime,
    ) -> Result<Vec<i64>> {
        let (deliveries, epochs) = columns(intents.iter().copied());
        let running: Vec<i64> = ids(&transaction.query(&self.running, &[&deliveries])?)?;
        let values: Values<'_> = &[&worker, &now, &deliveries, &epochs, &running];
        let granted: BTreeSet<i64> = ids(&transaction.query(&self.intend, values)?)?;
        Ok(deliveries.into_iter().filter(|delivery| granted.contains(delivery)).collect())
    }
}

/// The settlements in parts in which no delivery comes twice, in order: one statement changes a row once.
fn apart<'s>(settled: &[&'s Settlement]) -> Vec<Vec<&'s Settlement>> {
    let mut parts: Vec<Vec<&Settlement>> = Vec::new();
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
        Disposition::Failed => (DeliveryState::Failed, None),
        Disposition::Ambiguous => (DeliveryState::Ambiguous, None),
        Disposition::Released => (DeliveryState::Pending, None),
    };
    (state.as_str(), until)
}

/// Takes back what was not renewed in time, by the server's clock. Nobody knows here that they are alone.
pub(in crate::store) fn recover(session: &Session, reply: &str, now: DateTime<Utc>) -> Result<Recovered> {
    let statement = session.prepare(include_str!("sql/recover.sql"))?;
    let now = SystemTime::from(now);
    session.transaction(|transaction| {
        let row = transaction.query_one(&statement, &[&now, &reply])?;
        Ok(Recovered { returned: row.try_get::<_, i64>(0)? as usize, ambiguous: row.try_get::<_, i64>(1)? as usize })
    })
}
