//! Campaigns and deliveries.
//!
//! Every record is a transaction of the database: an intent costs a few microseconds when the records of all
//! connections are taken together, so no journal stands beside it. What workers do many times a second PostgreSQL does
//! in its own way, see `postgres/queue.rs`.

pub(in crate::store) mod history;
pub(in crate::store) mod rows;
mod start;
mod work;

use chrono::{DateTime, TimeDelta, Utc};

use super::database::{self, Connection, Lock, OptionalExtension as _, Transaction, params};
use super::subscribers::unsubscribe_token;
use super::{Store, bounces, failed, postgres, stamp};
use crate::error::Result;
use crate::model::{
    Campaign, CampaignState, Change, Claim, Gone, History, Lease, Leased, NewCampaign, Progress, Query, Queue,
    Recipient, Recorded, Recovered, Resolution, Settlement, TakenBack,
};

/// Nothing that was tried waits longer than this until it is tried again.
const LONGEST_REST: TimeDelta = TimeDelta::days(2);

/// Makes the token of an address on a list.
pub(in crate::store) type Tokens<'t> = &'t dyn Fn(&str, &str) -> String;

impl Store {
    /// Has those campaigns wait no more that run and begin later: the clock was ahead when they were queued, and was set right
    /// since.
    fn go_on_with_those_ahead(&self, now: DateTime<Utc>) -> database::Result<()> {
        let mut ahead = self.connection.prepare_cached(include_str!("../sql/campaign_ahead.sql"))?;
        let ahead: Vec<i64> = ahead.query_map([stamp(now)], |row| row.get(0))?.collect::<database::Result<_>>()?;
        for campaign in ahead {
            let row = params![campaign, stamp(now), stamp(now + LONGEST_REST)];
            self.connection.execute(include_str!("../sql/delivery_ahead.sql"), row)?;
        }
        Ok(())
    }

    /// Takes back a campaign that was cancelled before any of it was tried, or that goes to nobody, so that its issue may be
    /// queued anew; whether it was one.
    pub fn withdraw(&mut self, campaign: i64) -> Result<bool> {
        start::withdraw(&self.connection, campaign).map_err(failed)
    }

    /// Whether a message of this checksum is the one that goes out in a campaign: of those who make it the first decides, and
    /// whoever makes another one, from other templates or another copy of the issue, must not send it.
    pub fn is_text_of(&mut self, campaign: i64, checksum: &str) -> Result<bool> {
        self.locked(Lock::Campaigns, |transaction| {
            transaction.execute(include_str!("../sql/campaign_text_keep.sql"), params![campaign, checksum])?;
            let text = transaction.query_row(include_str!("../sql/campaign_text.sql"), [campaign], |row| row.get(0));
            Ok(text.optional()?.is_none_or(|text: String| text == checksum))
        })
    }
}

impl Queue for Store {
    fn start(
        &mut self,
        campaign: &NewCampaign,
        choose: &mut dyn FnMut(&Recipient) -> Option<String>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        self.finish_imports()?;
        let ring = self.ring.clone();
        let tokens = |list: &str, address: &str| unsubscribe_token(&ring, list, address);
        if let Connection::Postgres(session) = &self.connection {
            return postgres::start(session, &tokens, campaign, choose, now).map_err(failed);
        }
        start::start(&self.connection, &tokens, campaign, choose, now).map_err(failed)
    }

    fn campaigns(&mut self, now: DateTime<Utc>) -> Result<Vec<Campaign>> {
        let list = || -> database::Result<Vec<Campaign>> {
            // Scheduled ones begin by a statement of its own: whoever asks first makes them run.
            self.connection.execute(include_str!("../sql/campaign_wake.sql"), [stamp(now)])?;
            self.go_on_with_those_ahead(now)?;
            let mut list = self.connection.prepare_cached(include_str!("../sql/campaign_list.sql"))?;
            list.query_map([], rows::campaign)?.collect()
        };
        list().map_err(failed)
    }

    fn change(&mut self, campaign: i64, change: &Change, now: DateTime<Utc>) -> Result<bool> {
        let run = || -> database::Result<bool> {
            let transaction = self.connection.transaction(Lock::Campaigns)?;
            let is_changed = self::change(&transaction, campaign, change, now)?;
            if is_changed {
                // What is refused is undone: it may have been amended before it was found to have begun.
                transaction.commit()?;
            }
            Ok(is_changed)
        };
        run().map_err(failed)
    }

    fn recover(&mut self, gone: &Gone, now: DateTime<Utc>) -> Result<Recovered> {
        if let Connection::Postgres(session) = &self.connection {
            return postgres::recover(session, gone, work::LOST, now).map_err(failed);
        }
        self.write(|transaction| work::recover(transaction, gone, now))
    }

    fn claim(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Leased>> {
        let (key, ring) = (self.address_key.clone(), self.ring.clone());
        let tokens = |list: &str, address: &str| unsubscribe_token(&ring, list, address);
        if let Connection::Postgres(session) = &self.connection {
            return postgres::claim(session, &key, &tokens, claim, now).map_err(failed);
        }
        self.write(|transaction| work::claim(transaction, &key, &tokens, claim, now))
    }

    fn has_due(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
        if let Connection::Postgres(session) = &self.connection {
            return postgres::has_due(session, claim, now).map_err(failed);
        }
        work::has_due(&self.connection, claim, now).map_err(failed)
    }

    fn renew(&mut self, worker: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize> {
        if let Connection::Postgres(session) = &self.connection {
            return postgres::renew(session, worker, until, now).map_err(failed);
        }
        self.write(|transaction| {
            transaction.execute(include_str!("../sql/delivery_renew.sql"), params![worker, stamp(until)])
        })
    }

    fn record(
        &mut self,
        worker: &str,
        settled: &[Settlement],
        intents: &[Lease],
        now: DateTime<Utc>,
    ) -> Result<Recorded> {
        let bounced = bounces::any_bounced(settled);
        if let (Connection::Postgres(session), false) = (&self.connection, bounced) {
            return postgres::record(session, worker, settled, intents, now).map_err(failed);
        }
        let record = || -> database::Result<Recorded> {
            let transaction = self.connection.transaction(Lock::Refusals)?;
            let mut recorded = match &self.connection {
                Connection::Postgres(session) => postgres::record_within(session, worker, settled, intents, now)?,
                Connection::Sqlite(_) => work::record(&transaction, worker, settled, intents, now)?,
            };
            if bounced {
                recorded.suppressed = bounces::keep_replies(&transaction, &self.address_key, settled, now)?;
            }
            transaction.commit()?;
            Ok(recorded)
        };
        record().map_err(failed)
    }

    fn take_back(&mut self, mistaken: &[i64], again: &[i64], now: DateTime<Utc>) -> Result<TakenBack> {
        let key = self.address_key.clone();
        // Another machine may be about to finish the campaign.
        self.locked(Lock::Campaigns, |transaction| {
            let lifted = bounces::take_back(transaction, &key, mistaken, Some(now))?;
            let again = work::again(transaction, again, now)?;
            Ok(TakenBack { lifted, again })
        })
    }

    fn finish(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<bool> {
        self.locked(Lock::Campaigns, |transaction| {
            let finish = include_str!("../sql/campaign_finish.sql");
            Ok(transaction.execute(finish, params![campaign, stamp(now)])? > 0)
        })
    }

    fn next_due(&mut self, campaign: i64) -> Result<Option<DateTime<Utc>>> {
        history::next_due(&self.connection, campaign).map_err(failed)
    }

    fn taken_since_refusals(&mut self, campaign: i64, domain: &str, times: u32, of_ours: bool) -> Result<Option<u64>> {
        history::taken_since_refusals(&self.connection, campaign, domain, times, of_ours).map_err(failed)
    }

    fn progress(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<Progress> {
        history::progress(&self.connection, campaign, now).map_err(failed)
    }

    fn history(&mut self, query: &Query) -> Result<Vec<History>> {
        history::history(&self.connection, query).map_err(failed)
    }

    fn resolve(
        &mut self,
        campaign: i64,
        address: Option<&str>,
        resolution: Resolution,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        let key = self.address_key.clone();
        self.locked(Lock::Campaigns, |transaction| {
            let resolved = work::resolve(transaction, campaign, address, resolution, now)?;
            if resolution == Resolution::Retry {
                bounces::take_back(transaction, &key, &resolved, None)?;
            }
            Ok(resolved.len())
        })
    }
}

/// See [`Queue::change`]. Where it says that nothing is changed, what it did is to be undone.
fn change(transaction: &Transaction<'_>, campaign: i64, change: &Change, now: DateTime<Utc>) -> database::Result<bool> {
    let (at, now) = (now, stamp(now));
    let changed = match change {
        Change::Pause(reason) => {
            transaction.execute(include_str!("../sql/campaign_pause.sql"), params![campaign, reason, now])?
        }
        Change::Resume => resume(transaction, campaign, &now)?,
        Change::ResumeAmended(revision) => {
            if work::amend(transaction, campaign, *revision)? {
                resume(transaction, campaign, &now)?
            } else {
                0
            }
        }
        Change::Reschedule { starts, revision } => {
            let is_amended = match revision {
                Some(revision) => work::amend(transaction, campaign, *revision)?,
                None => true,
            };
            if is_amended { reschedule(transaction, campaign, *starts, at)? } else { 0 }
        }
        Change::Cancel => transaction.execute(include_str!("../sql/campaign_cancel.sql"), params![campaign, now])?,
    };
    Ok(changed > 0)
}

/// Lets a campaign go on; how many did.
fn resume(transaction: &Transaction<'_>, campaign: i64, now: &str) -> database::Result<usize> {
    let mut resume = transaction.prepare_cached(include_str!("../sql/campaign_resume.sql"))?;
    let state = resume.query_row(params![campaign, now], |row| row.get::<String>(0)).optional()?;
    if state.as_deref() == Some(CampaignState::Running.as_str()) {
        transaction.execute(include_str!("../sql/delivery_begin.sql"), params![campaign, now])?;
    }
    Ok(usize::from(state.is_some()))
}

/// Has a campaign of which nothing was tried begin at another time; how many do.
fn reschedule(
    transaction: &Transaction<'_>,
    campaign: i64,
    starts: DateTime<Utc>,
    now: DateTime<Utc>,
) -> database::Result<usize> {
    let state = if starts > now { CampaignState::Scheduled } else { CampaignState::Running };
    let row = params![campaign, stamp(starts), stamp(now), state.as_str()];
    let changed = transaction.execute(include_str!("../sql/campaign_reschedule.sql"), row)?;
    if changed > 0 {
        transaction.execute(include_str!("../sql/delivery_reschedule.sql"), params![campaign, stamp(starts)])?;
    }
    Ok(changed)
}
