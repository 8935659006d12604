//! Settling who gets an issue.

use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::error::Result;
use crate::model::{CampaignState, IssueKey, Language, NewCampaign, Recipient};
use crate::store::subscribers::{unsubscribe_token, write};
use crate::store::{Store, read_language, stamp};

impl Store {
    /// See [`crate::model::Queue::start`]. Readers pass one by one: a million of them take no more memory than ten.
    pub(super) fn begin(
        &mut self,
        campaign: &NewCampaign,
        choose: &mut dyn FnMut(&Recipient) -> Option<String>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let state = if campaign.starts > now { CampaignState::Scheduled } else { CampaignState::Running };
        let Self { connection, ring, .. } = self;
        write(connection, |transaction| {
            let IssueKey { series, ordinal } = &campaign.issue;
            let row =
                params![series, *ordinal as i64, campaign.revision, state.as_str(), stamp(now), stamp(campaign.starts)];
            if transaction.execute(include_str!("../sql/campaign_add.sql"), row)? == 0 {
                return Ok(0);
            }
            let id = transaction.last_insert_rowid();
            let mut read = transaction.prepare_cached(include_str!("../sql/recipients.sql"))?;
            let mut add = transaction.prepare_cached(include_str!("../sql/delivery_add.sql"))?;
            let mut recorded = 0;
            for list in &campaign.lists {
                let mut rows = read.query([list])?;
                while let Some(row) = rows.next()? {
                    let address: String = row.get(0)?;
                    let token = unsubscribe_token(ring, list, &address);
                    let language = read_language(row.get::<_, Option<String>>(2)?.as_deref());
                    let to = Recipient { address, name: row.get(1)?, language, list: list.clone(), token };
                    let Some(message_id) = choose(&to) else { continue };
                    recorded += add.execute(params![
                        id,
                        to.address,
                        to.name,
                        to.language.as_ref().map(Language::as_str),
                        to.list,
                        to.token,
                        message_id,
                        stamp(campaign.starts),
                        stamp(now)
                    ])?;
                }
            }
            Ok(recorded as u64)
        })
    }
}
