//! Issues that their readers have not had, though their series mails by itself: their turn passed while no run was there to
//! mail them, or while nobody could say who is on a list. They are told, and go by hand.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::report::Report;
use super::shelf::Shelf;
use crate::error::Result;
use crate::model::{Issue, IssueKey, MailPolicy, Series, WindowRule};

/// How long after its window anybody may still want to be told of an issue that was not mailed. Nor is an older one mailed by
/// itself, however late it is made.
const OLD: TimeDelta = TimeDelta::days(366);
/// How many issues of a series are named.
const NAMED: usize = 5;

/// Whether an issue is too old to be mailed without anybody asking for it. Who opens an issue of a window by hand asks for it.
pub(super) fn is_old(series: &Series, issue: &Issue, now: DateTime<Utc>) -> bool {
    series.rule != WindowRule::Manual && now - issue.window.until > OLD
}

/// Whether the turn of an issue that was to be mailed by itself is over: a later one of its series is frozen, for readers get
/// one at a time and the newest, or it is old. Issues of windows that editors open by hand all go.
pub(super) fn is_overtaken<'i>(
    series: &Series,
    issue: &Issue,
    mut others: impl Iterator<Item = &'i Issue>,
    now: DateTime<Utc>,
) -> bool {
    let is_later = |other: &Issue| {
        other.key.series == issue.key.series
            && other.frozen.is_some()
            && other.imported_pdf.is_none()
            && other.window > issue.window
    };
    is_old(series, issue, now) || (series.rule != WindowRule::Manual && others.any(is_later))
}

/// An issue that its readers have not had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmailed {
    pub(super) key: IssueKey,
    /// Whether the next `publish` mails it, as far as it can.
    pub(super) waits: bool,
}

/// The issues of a series that mails by itself which its readers have not had: those that were to be mailed, those after one
/// that was, and the newest; no old ones. `is_queued` says of which there is a campaign.
pub(super) fn unmailed(
    shelf: &Shelf,
    series: &Series,
    frozen: &[Issue],
    is_queued: impl Fn(&IssueKey) -> bool,
    now: DateTime<Utc>,
) -> Result<Vec<Unmailed>> {
    if series.mail != MailPolicy::Auto || series.lists.is_empty() {
        return Ok(Vec::new());
    }
    let mut issues: Vec<&Issue> = frozen.iter().filter(|issue| issue.imported_pdf.is_none()).collect();
    issues.sort_by_key(|issue| issue.window);
    let (mut found, mut has_begun) = (Vec::new(), false);
    for (at, issue) in issues.iter().enumerate() {
        if is_queued(&issue.key) || shelf.was_mailed(&issue.key)? {
            has_begun = true;
            continue;
        }
        let is_meant = issue.frozen.as_ref().is_some_and(|frozen| frozen.mail);
        if (is_meant || has_begun || at + 1 == issues.len()) && !is_old(series, issue, now) {
            let waits = is_meant && !is_overtaken(series, issue, issues.iter().copied(), now);
            found.push(Unmailed { key: issue.key.clone(), waits });
        }
    }
    Ok(found)
}

/// What is said of those of one series whose turn is over; `None` where there are none.
pub(super) fn in_words<'u>(unmailed: impl Iterator<Item = &'u Unmailed>) -> Option<String> {
    let over: Vec<&IssueKey> = unmailed.filter(|one| !one.waits).map(|one| &one.key).collect();
    let last = *over.last()?;
    let by_hand = format!("`masthead send {} {} --yes` mails", last.series, last.ordinal);
    Some(match over.as_slice() {
        [_] => format!("{last} was not mailed from here, and is not by itself any more; {by_hand} it"),
        many => {
            let named = many.iter().take(NAMED).map(|key| format!("{:04}", key.ordinal)).collect::<Vec<_>>().join(", ");
            let more = many.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let series = &last.series;
            format!(
                "{series}: these were not mailed from here, and are not by themselves any more: {named}{more}; {by_hand} the last"
            )
        }
    })
}

/// Tells which issues of a series were not mailed, and which wait for it.
pub(super) fn tell(report: &mut Report, unmailed: &[Unmailed]) {
    for Unmailed { key, .. } in unmailed.iter().filter(|one| one.waits) {
        report.line(format!("{key} was not mailed yet; `masthead publish` mails it"));
    }
    if let Some(line) = in_words(unmailed.iter()) {
        report.line(line);
    }
}

/// The same for programs.
pub(super) fn in_json(unmailed: &[Unmailed]) -> Value {
    unmailed.iter().map(|one| json!({"issue": one.key.to_string(), "waits": one.waits})).collect()
}
