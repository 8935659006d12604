//! Rows of the queue's tables as values.

use chrono::{DateTime, Utc};

use super::Tokens;
use crate::model::{
    Attempt, Campaign, CampaignState, DeliveryState, HELD_BACK, History, IssueKey, Lease, Leased, Recipient, Reply,
    Returned,
};
use crate::store::database::{Fault, Result, Row};
use crate::store::{read_language, read_stamp};

/// A row of `campaign_list.sql`.
pub(in crate::store) fn campaign(row: &Row<'_>) -> Result<Campaign> {
    Ok(Campaign {
        id: row.get(0)?,
        issue: issue(row, 1)?,
        revision: row.get(3)?,
        state: word(&row.get::<String>(4)?, CampaignState::parse)?,
        reason: row.get(5)?,
        queued: instant(row, 6)?,
        starts: instant(row, 7)?,
        changed: instant(row, 8)?,
    })
}

/// A row of `history.sql`, without its attempts.
pub(in crate::store) fn delivery(row: &Row<'_>) -> Result<History> {
    Ok(History {
        delivery: row.get(0)?,
        issue: issue(row, 1)?,
        revision: row.get(3)?,
        address: row.get(4)?,
        list: row.get(5)?,
        message_id: row.get(6)?,
        state: word(&row.get::<String>(7)?, DeliveryState::parse)?,
        changed: instant(row, 8)?,
        next_due: due(row, 9)?,
        epoch: row.get(10)?,
        attempts: Vec::new(),
        returned: Vec::new(),
    })
}

/// A row of `bounce_of_delivery.sql`.
pub(in crate::store) fn returned(row: &Row<'_>) -> Result<Returned> {
    Ok(Returned {
        at: instant(row, 0)?,
        class: row.get(1)?,
        reason: row.get(2)?,
        status: row.get(3)?,
        diagnosis: row.get(4)?,
    })
}

/// A row of `attempt_list.sql`.
pub(in crate::store) fn attempt(row: &Row<'_>) -> Result<Attempt> {
    Ok(Attempt {
        at: instant(row, 0)?,
        state: word(&row.get::<String>(1)?, DeliveryState::parse)?,
        reply: Reply { relay: row.get(2)?, code: row.get(3)?, enhanced: row.get(4)?, text: row.get(5)? },
    })
}

/// A row of `recipients.sql` as a recipient through this list.
pub(in crate::store) fn reader(row: &Row<'_>, list: &str, tokens: Tokens<'_>) -> Result<Recipient> {
    let address: String = row.get(0)?;
    let token = tokens(list, &address);
    let language = read_language(row.get::<Option<String>>(2)?.as_deref());
    Ok(Recipient { address, name: row.get(1)?, language, list: list.to_owned(), token })
}

/// A delivery in hand: its id, the count of holds on it, the recipient, and what is known of earlier tries.
pub(in crate::store) fn leased(row: &Row<'_>) -> Result<Leased> {
    Ok(Leased {
        lease: Lease { delivery: row.get(0)?, epoch: row.get(1)? },
        recipient: recipient(row, 2)?,
        message_id: row.get(7)?,
        attempts: row.get(8)?,
        first_tried: optional_instant(row, 9)?,
    })
}

/// The recipient in the columns from `first` on: address, name, language, list, token.
pub(in crate::store) fn recipient(row: &Row<'_>, first: usize) -> Result<Recipient> {
    Ok(Recipient {
        address: row.get(first)?,
        name: row.get(first + 1)?,
        language: read_language(row.get::<Option<String>>(first + 2)?.as_deref()),
        list: row.get(first + 3)?,
        token: row.get(first + 4)?,
    })
}

fn issue(row: &Row<'_>, first: usize) -> Result<IssueKey> {
    Ok(IssueKey { series: row.get(first)?, ordinal: row.get::<i64>(first + 1)?.unsigned_abs() })
}

pub(in crate::store) fn instant(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>> {
    read_stamp(&row.get::<String>(column)?)
}

pub(in crate::store) fn optional_instant(row: &Row<'_>, column: usize) -> Result<Option<DateTime<Utc>>> {
    row.get::<Option<String>>(column)?.map(|text| read_stamp(&text)).transpose()
}

/// When a delivery is due next; never by itself while its campaign is held back.
pub(super) fn due(row: &Row<'_>, column: usize) -> Result<Option<DateTime<Utc>>> {
    Ok(optional_instant(row, column)?.filter(|due| *due != HELD_BACK))
}

/// A word of which the table allows a few only.
pub(in crate::store) fn word<T>(word: &str, parse: fn(&str) -> Option<T>) -> Result<T> {
    parse(word).ok_or_else(|| Fault::Unreadable(format!("the state `{word}` is unknown")))
}
