//! Rows of the queue's tables as values.

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::Type;

use crate::model::{Attempt, Campaign, CampaignState, DeliveryState, History, IssueKey, Recipient, Reply};
use crate::store::{read_language, read_stamp};

/// A row of `campaign_list.sql`.
pub(super) fn campaign(row: &Row<'_>) -> rusqlite::Result<Campaign> {
    Ok(Campaign {
        id: row.get(0)?,
        issue: issue(row, 1)?,
        revision: row.get(3)?,
        state: word(4, &row.get::<_, String>(4)?, CampaignState::parse)?,
        reason: row.get(5)?,
        queued: instant(row, 6)?,
        starts: instant(row, 7)?,
        changed: instant(row, 8)?,
    })
}

/// A row of `history.sql`, without its attempts.
pub(super) fn delivery(row: &Row<'_>) -> rusqlite::Result<History> {
    Ok(History {
        delivery: row.get(0)?,
        issue: issue(row, 1)?,
        revision: row.get(3)?,
        address: row.get(4)?,
        list: row.get(5)?,
        message_id: row.get(6)?,
        state: word(7, &row.get::<_, String>(7)?, DeliveryState::parse)?,
        changed: instant(row, 8)?,
        next_due: optional_instant(row, 9)?,
        attempts: Vec::new(),
    })
}

/// A row of `attempt_list.sql`.
pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        at: instant(row, 0)?,
        state: word(1, &row.get::<_, String>(1)?, DeliveryState::parse)?,
        reply: Reply { relay: row.get(2)?, code: row.get(3)?, enhanced: row.get(4)?, text: row.get(5)? },
    })
}

/// The recipient in the columns from `first` on: address, name, language, list, token.
pub(super) fn recipient(row: &Row<'_>, first: usize) -> rusqlite::Result<Recipient> {
    Ok(Recipient {
        address: row.get(first)?,
        name: row.get(first + 1)?,
        language: read_language(row.get::<_, Option<String>>(first + 2)?.as_deref()),
        list: row.get(first + 3)?,
        token: row.get(first + 4)?,
    })
}

fn issue(row: &Row<'_>, first: usize) -> rusqlite::Result<IssueKey> {
    Ok(IssueKey { series: row.get(first)?, ordinal: row.get::<_, i64>(first + 1)?.unsigned_abs() })
}

fn instant(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    read_stamp(column, &row.get::<_, String>(column)?)
}

pub(super) fn optional_instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    row.get::<_, Option<String>>(column)?.map(|text| read_stamp(column, &text)).transpose()
}

/// A word of which the table allows a few only.
pub(super) fn word<T>(column: usize, word: &str, parse: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    parse(word).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("the state `{word}` is unknown").into())
    })
}
