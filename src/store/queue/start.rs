//! Settling who gets an issue.

use chrono::{DateTime, Utc};

use super::{Tokens, rows};
use crate::model::{CampaignState, IssueKey, Language, NewCampaign, Recipient, address_identity};
use crate::store::database::{OptionalExtension as _, Result, Transaction, params};
use crate::store::stamp;

/// See [`crate::model::Queue::start`]. Readers pass one by one: a million of them take no more memory than ten.
pub(super) fn start(
    transaction: &Transaction<'_>,
    tokens: Tokens<'_>,
    campaign: &NewCampaign,
    choose: &mut dyn FnMut(&Recipient) -> Option<String>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let state = if campaign.starts > now { CampaignState::Scheduled } else { CampaignState::Running };
    let IssueKey { series, ordinal } = &campaign.issue;
    let row = params![series, *ordinal as i64, campaign.revision, state.as_str(), stamp(now), stamp(campaign.starts)];
    let begun = transaction.query_row(include_str!("../sql/campaign_add.sql"), row, |row| row.get::<i64>(0));
    let Some(id) = begun.optional()? else { return Ok(0) };
    let mut read = transaction.prepare_cached(include_str!("../sql/recipients.sql"))?;
    let mut add = transaction.prepare_cached(include_str!("../sql/delivery_add.sql"))?;
    let mut recorded = 0;
    for list in &campaign.lists {
        read.each([list], |row| {
            let to = rows::reader(row, list, tokens)?;
            let Some(message_id) = choose(&to) else { return Ok(()) };
            recorded += add.execute(params![
                id,
                to.address,
                address_identity(&to.address),
                to.name,
                to.language.as_ref().map(Language::as_str),
                to.list,
                to.token,
                message_id,
                stamp(campaign.starts),
                stamp(now)
            ])?;
            Ok(())
        })?;
    }
    Ok(recorded as u64)
}
