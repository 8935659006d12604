//! Campaigns and deliveries in the embedded database.
//!
//! Every record is a transaction of the database: an intent costs a few microseconds when the records of all
//! connections are taken together, so no journal stands beside it.

mod history;
mod rows;
mod start;
#[cfg(test)]
mod tests;
mod work;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Store, failure, stamp};
use crate::error::Result;
use crate::model::{
    Campaign, Change, Claim, Gone, History, Lease, Leased, NewCampaign, Progress, Query, Queue, Recipient, Recorded,
    Recovered, Resolution, Settlement,
};

impl Queue for Store {
    fn start(
        &mut self,
        campaign: &NewCampaign,
        choose: &mut dyn FnMut(&Recipient) -> Option<String>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        self.begin(campaign, choose, now)
    }

    fn campaigns(&mut self, now: DateTime<Utc>) -> Result<Vec<Campaign>> {
        self.write(|transaction| {
            transaction.execute(include_str!("../sql/campaign_wake.sql"), [stamp(now)])?;
            let mut list = transaction.prepare_cached(include_str!("../sql/campaign_list.sql"))?;
            list.query_map([], rows::campaign)?.collect()
        })
    }

    fn change(&mut self, campaign: i64, change: &Change, now: DateTime<Utc>) -> Result<bool> {
        self.write(|transaction| {
            let changed =
                match change {
                    Change::Pause(reason) => transaction
                        .execute(include_str!("../sql/campaign_pause.sql"), params![campaign, reason, stamp(now)])?,
                    Change::Resume => transaction
                        .execute(include_str!("../sql/campaign_resume.sql"), params![campaign, stamp(now)])?,
                    Change::Cancel => transaction
                        .execute(include_str!("../sql/campaign_cancel.sql"), params![campaign, stamp(now)])?,
                };
            Ok(changed > 0)
        })
    }

    fn recover(&mut self, gone: &Gone, now: DateTime<Utc>) -> Result<Recovered> {
        self.write(|transaction| work::recover(transaction, gone, now))
    }

    fn claim(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Leased>> {
        let key = self.address_key.clone();
        self.write(|transaction| work::claim(transaction, &key, claim, now))
    }

    fn renew(&mut self, worker: &str, until: DateTime<Utc>) -> Result<usize> {
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
        self.write(|transaction| work::record(transaction, worker, settled, intents, now))
    }

    fn finish(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<bool> {
        self.write(|transaction| {
            let finish = include_str!("../sql/campaign_finish.sql");
            Ok(transaction.execute(finish, params![campaign, stamp(now)])? > 0)
        })
    }

    fn next_due(&mut self, campaign: i64) -> Result<Option<DateTime<Utc>>> {
        history::next_due(&self.connection, campaign).map_err(|cause| failure(&cause))
    }

    fn progress(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<Progress> {
        history::progress(&self.connection, campaign, now).map_err(|cause| failure(&cause))
    }

    fn history(&mut self, query: &Query) -> Result<Vec<History>> {
        history::history(&self.connection, query).map_err(|cause| failure(&cause))
    }

    fn resolve(
        &mut self,
        campaign: i64,
        address: Option<&str>,
        resolution: Resolution,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        self.write(|transaction| work::resolve(transaction, campaign, address, resolution, now))
    }
}
