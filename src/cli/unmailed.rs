//! Issues that their readers have not had: their series mails nothing by itself; or it does, and their turn passed while no run
//! was there to mail them, or while nobody could say who is on a list. They are told, and go by hand.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::report::Report;
use super::shelf::Shelf;
use super::{mailing, store};
use crate::config::Config;
use crate::error::Result;
use crate::model::{Campaign, Issue, IssueKey, MailPolicy, Queue as _, Series, WindowRule};

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
            && other.withdrawn().is_none()
            && other.window > issue.window
    };
    is_old(series, issue, now) || (series.rule != WindowRule::Manual && others.any(is_later))
}

/// What is known of issues that were mailed, beside what stands with them.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Those that have a campaign.
    queued: BTreeSet<IssueKey>,
    /// Those that were frozen before there was a store: they may have been mailed from elsewhere.
    before: BTreeSet<IssueKey>,
    /// Whether some campaign is not over.
    is_mailing: bool,
}

impl Known {
    /// What the store knows. Where there is none yet, it is not made.
    pub(super) fn of(config: &Config, now: DateTime<Utc>) -> Result<Self> {
        if !store::is_there(config) {
            return Self::without_store(config);
        }
        let mut store = mailing::store(config)?;
        Ok(Self::new(&store.campaigns(now)?, store.frozen_before()?))
    }

    /// What is known by all campaigns of a store, and the issues that were frozen before it.
    pub(super) fn new(campaigns: &[Campaign], before: BTreeSet<IssueKey>) -> Self {
        let queued = campaigns.iter().map(|campaign| campaign.issue.clone()).collect();
        Self { queued, before, is_mailing: !campaigns.iter().all(mailing::is_over) }
    }

    /// Whether an earlier run has queued what may go on in this one.
    pub(super) fn is_mailing(&self) -> bool {
        self.is_mailing
    }

    /// What is known where there is no store yet.
    pub(super) fn without_store(config: &Config) -> Result<Self> {
        let before = Shelf::new(&config.root).frozen(&config.series)?.into_iter().collect();
        Ok(Self { before, ..Self::default() })
    }

    /// The same once these were frozen by the run itself: nobody can have mailed them before.
    pub(super) fn and_frozen<'k>(mut self, keys: impl Iterator<Item = &'k IssueKey>) -> Self {
        keys.for_each(|key| {
            self.before.remove(key);
        });
        self
    }

    /// Whether the store is younger than the mail of this publication, and has mailed nothing itself: who has left since then
    /// stands in another one.
    pub(super) fn is_forgetful(&self, shelf: &Shelf) -> Result<bool> {
        if !self.queued.is_empty() {
            return Ok(false);
        }
        for older in &self.before {
            if shelf.was_mailed(older)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether nobody can say of an issue here that it was not mailed: it is older than the store, and what was mailed before
    /// that is not kept with the issues. (Where some of those issues say that they were mailed, all that were do.)
    fn is_in_the_dark(&self, shelf: &Shelf, issue: &IssueKey) -> Result<bool> {
        if !self.before.contains(issue) {
            return Ok(false);
        }
        for older in self.before.difference(&self.queued) {
            if shelf.was_mailed(older)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What there is to say of a store of which [`Known::is_forgetful`] holds, before mail goes to anybody.
pub(super) const FORGETFUL: &str =
    "the store is new, and issues were mailed before it: it does not know who has left since";

/// What brings the memory back.
pub(super) const REMEMBERED: &str =
    "bring the store back that they were mailed with: masthead.db, or by `masthead restore` a backup";

/// What becomes of an issue that its readers have not had, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The next `publish` mails it, as far as it can.
    Waits,
    /// It is mailed by hand or not at all.
    Over,
    /// The same, if it was not mailed from elsewhere before there was a store here.
    Unknown,
    /// Its series mails nothing by itself.
    ByHand,
}

/// An issue that its readers have not had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmailed {
    pub(super) key: IssueKey,
    pub(super) turn: Turn,
}

/// The issues of a series which its readers have not had: those that were to be mailed, those after one that was, and the newest;
/// no old ones. Of a series that mails nothing by itself the newest alone: of the others an editor has decided.
pub(super) fn unmailed<'i>(
    shelf: &Shelf,
    series: &Series,
    frozen: impl Iterator<Item = &'i Issue>,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Vec<Unmailed>> {
    if series.mail == MailPolicy::Never || series.lists.is_empty() {
        return Ok(Vec::new());
    }
    let mut issues: Vec<&Issue> =
        frozen.filter(|issue| issue.imported_pdf.is_none() && issue.withdrawn().is_none()).collect();
    issues.sort_by_key(|issue| issue.window);
    if series.mail == MailPolicy::Manual {
        let Some(newest) = issues.last().filter(|issue| !is_old(series, issue, now)) else { return Ok(Vec::new()) };
        let key = newest.key.clone();
        if known.queued.contains(&key) || shelf.was_mailed(&key)? {
            return Ok(Vec::new());
        }
        let turn = if known.is_in_the_dark(shelf, &key)? { Turn::Unknown } else { Turn::ByHand };
        return Ok(vec![Unmailed { key, turn }]);
    }
    let (mut found, mut has_begun) = (Vec::new(), false);
    for (at, issue) in issues.iter().enumerate() {
        if known.queued.contains(&issue.key) || shelf.was_mailed(&issue.key)? {
            has_begun = true;
            continue;
        }
        let is_meant = issue.frozen.as_ref().is_some_and(|frozen| frozen.mail);
        if (is_meant || has_begun || at + 1 == issues.len()) && !is_old(series, issue, now) {
            let turn = if is_meant && !is_overtaken(series, issue, issues.iter().copied(), now) {
                Turn::Waits
            } else if known.is_in_the_dark(shelf, &issue.key)? {
                Turn::Unknown
            } else {
                Turn::Over
            };
            found.push(Unmailed { key: issue.key.clone(), turn });
        }
    }
    Ok(found)
}

/// Those whose turn is this, which are of one series, as they are named; what mails the last. `None` where there are none.
fn named<'u>(unmailed: impl Iterator<Item = &'u Unmailed>, turn: Turn) -> Option<(Vec<&'u IssueKey>, String, String)> {
    let keys: Vec<&IssueKey> = unmailed.filter(|one| one.turn == turn).map(|one| &one.key).collect();
    let last = *keys.last()?;
    let by_hand = format!("`masthead send {} --yes` mails", last.argument());
    let names = match keys.as_slice() {
        [_] => last.to_string(),
        many => {
            let names = many.iter().take(NAMED).map(|key| format!("{:04}", key.ordinal)).collect::<Vec<_>>().join(", ");
            let more = many.len().saturating_sub(NAMED);
            if more > 0 { format!("{names} and {more} more") } else { names }
        }
    };
    Some((keys, names, by_hand))
}

/// What is said of those of one series whose turn is over; `None` where there are none.
pub(super) fn in_words<'u>(unmailed: impl Iterator<Item = &'u Unmailed>) -> Option<String> {
    let (keys, names, by_hand) = named(unmailed, Turn::Over)?;
    Some(match keys.as_slice() {
        [_] => format!("{names} was not mailed from here, and is not by itself any more; {by_hand} it"),
        [first, ..] => format!(
            "{}: these were not mailed from here, and are not by themselves any more: {names}; {by_hand} the last",
            first.series
        ),
        [] => return None,
    })
}

/// What is said of the newest of a series that mails nothing by itself; `None` where it was mailed.
pub(super) fn to_be_sent<'u>(mut unmailed: impl Iterator<Item = &'u Unmailed>) -> Option<String> {
    let Unmailed { key, .. } = unmailed.find(|one| one.turn == Turn::ByHand)?;
    let send = format!("`masthead send {}`", key.argument());
    Some(format!("{key} was not mailed from here, and is not by itself; {send} shows what would go to whom"))
}

/// Tells which issues of a series were not mailed, and which wait for it.
pub(super) fn tell(report: &mut Report, unmailed: &[Unmailed]) {
    for Unmailed { key, .. } in unmailed.iter().filter(|one| one.turn == Turn::Waits) {
        report.line(format!(
            "{key} was not mailed yet; `masthead publish` mails it, unless it makes a later one, which overtakes it"
        ));
    }
    for line in in_words(unmailed.iter()).into_iter().chain(to_be_sent(unmailed.iter())) {
        report.line(line);
    }
}

/// Tells of which issues of a series it is not known whether they were mailed.
pub(super) fn tell_unknown(report: &mut Report, unmailed: &[Unmailed]) {
    let Some((keys, names, by_hand)) = named(unmailed.iter(), Turn::Unknown) else { return };
    report.line(match keys.as_slice() {
        [first, _, ..] => format!(
            "{}: these are older than the store, which does not know whether they were mailed: {names}; if not, {by_hand} the last",
            first.series
        ),
        _ => format!("{names} is older than the store, which does not know whether it was mailed; if not, {by_hand} it"),
    });
}

/// The same for programs, without those of which nothing is known.
pub(super) fn in_json(unmailed: &[Unmailed]) -> Value {
    let known = unmailed.iter().filter(|one| one.turn != Turn::Unknown);
    known.map(|one| json!({"issue": one.key.to_string(), "waits": one.turn == Turn::Waits})).collect()
}
