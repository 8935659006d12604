//! What a series must do next, from what it has on disk.
//!
//! The issues and the record of closed windows remember what has been done, and nothing else. Windows follow each other
//! without gaps from where the last issue or the last closed window ended, or from the series' `since`; a window that
//! lies before and has no issue was empty. So a run that was killed at any moment is completed by the next one, and
//! catching up on many windows at once is the same as a run after each.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use chrono_tz::Tz;

use super::closed::{self, Closed};
use super::window::{Rhythm, describe, local, midnight};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FreezePolicy, Issue, OnEmpty, Series, Window, WindowRule};

/// One thing to do or to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Make the draft of a closed window.
    Create {
        /// Its folder.
        ordinal: u64,
        /// Its window.
        window: Window,
    },
    /// Freeze a draft, new or old.
    Freeze {
        /// Its folder.
        ordinal: u64,
    },
    /// A draft whose window has closed waits for its editors.
    Wait {
        /// Its folder.
        ordinal: u64,
        /// When it is frozen; `None` when only by hand.
        until: Option<DateTime<Utc>>,
    },
    /// A draft whose window has closed holds nothing, so that it is not frozen by itself.
    EmptyDraft {
        /// Its folder.
        ordinal: u64,
        /// Its window.
        window: Window,
    },
    /// Windows in a row closed without a post, and used no number.
    SkipEmpty {
        /// From the first to the last of them.
        window: Window,
        /// How many there are.
        windows: u32,
    },
    /// Windows in a row before the end of what was decided that have no issue, and of which nothing is recorded: a draft
    /// that held nothing was taken away, say. What belongs there comes into a later issue.
    CloseGap {
        /// From the first to the last of them.
        window: Window,
        /// How many there are.
        windows: u32,
    },
    /// A window closed without a post and stays open as long as a draft would.
    WaitEmpty {
        /// Its window.
        window: Window,
        /// When it is decided.
        until: DateTime<Utc>,
    },
    /// A window closed without a post and is held open until there is one.
    Hold {
        /// As far as it has been extended.
        window: Window,
    },
    /// A window closed without a post, which the series does not allow; later windows wait.
    Fail {
        /// Its window.
        window: Window,
    },
}

/// What is due, and how far the series has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// In the order in which they must be done.
    pub actions: Vec<Action>,
    /// The first window that stays undecided when they have been done: open, held, or that of a draft.
    pub undecided: Window,
}

/// A series as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The series.
    pub series: &'a Series,
    /// The publication's zone.
    pub zone: Tz,
    /// Every issue of the series: the frozen ones, and the drafts as composed now. A series of which one cannot be read
    /// must not be scheduled, for its windows would be taken for empty ones.
    pub issues: &'a [&'a Issue],
    /// The windows that closed without a post.
    pub closed: &'a [Closed],
    /// One more than the highest ordinal on disk.
    pub next_ordinal: u64,
    /// The dates of what waits for a window, oldest first: [`super::ledger::Ledger::pending`], or
    /// [`super::bind::pending`] for a volume.
    pub pending: &'a [DateTime<Utc>],
    /// The time of the run.
    pub now: DateTime<Utc>,
    /// Windows that end after this instant are not closed: `now`, or [`super::bind::horizon`] for a volume.
    pub horizon: DateTime<Utc>,
}

/// What is due now.
#[must_use]
pub fn due(line: Line<'_>) -> Agenda {
    let mut actions = gaps(line);
    let mut drafts: Vec<&Issue> = line.issues.iter().copied().filter(|issue| issue.frozen.is_none()).collect();
    drafts.sort_by_key(|draft| (draft.window, draft.ordinal()));
    let mut undecided = None;
    for draft in drafts {
        let action = closed_draft(line, draft);
        if !matches!(action, Some(Action::Freeze { .. })) && undecided.is_none() {
            undecided = Some(draft.window);
        }
        actions.extend(action);
    }
    let rest = new_windows(line, &mut actions);
    Agenda { actions, undecided: undecided.unwrap_or(rest) }
}

/// The end of what the issues of a series have decided; back issues brought in decide nothing.
#[must_use]
pub fn end_of_line(issues: &[&Issue]) -> Option<DateTime<Utc>> {
    issues.iter().filter(|issue| issue.imported_pdf.is_none()).map(|issue| issue.window.until).max()
}

/// The end of what a series has decided, with an issue or without.
fn decided(line: Line<'_>) -> Option<DateTime<Utc>> {
    end_of_line(line.issues).max(closed::until(line.closed))
}

/// The window that the next issue of a series would have: the first closed one without an issue that has posts, else the
/// one that is open, which reaches back over those that are held. `None` for manual windows.
#[must_use]
pub fn next_window(line: Line<'_>) -> Option<Window> {
    if line.series.rule == WindowRule::Manual {
        return None;
    }
    let mut actions = Vec::new();
    let open = new_windows(line, &mut actions);
    let closed = actions.into_iter().find_map(|action| match action {
        Action::Create { window, .. } => Some(window),
        _ => None,
    });
    closed.or(Some(open)).filter(|window| window.until < DateTime::<Utc>::MAX_UTC)
}

/// The window of an issue that an editor opens: from `since`, else from the end of what was decided, else from where the
/// series begins, else from the oldest post that waits; to `until`, else to just after now, so that what was first seen
/// in this very run is inside. One that is empty, or overlaps that of another issue, is an error.
pub fn opened_window(line: Line<'_>, since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Result<Window> {
    let configured = || line.series.since.map(|day| midnight(day, line.zone));
    let oldest = || line.pending.first().map(|oldest| midnight(local(*oldest, line.zone).date(), line.zone));
    let since = since.or_else(|| decided(line)).or_else(configured).or_else(oldest).unwrap_or(line.now);
    let until = until.unwrap_or_else(|| line.now.trunc_subsecs(0) + TimeDelta::seconds(1));
    let window = Window { since, until };
    let described = describe(window, line.zone);
    if until <= since {
        return Err(Error::new(ErrorKind::Usage, format!("the window {described} ends before it begins"))
            .hint("give another `--since` or `--until`"));
    }
    let overlaps = |other: &&&Issue| {
        other.imported_pdf.is_none() && other.window.since < window.until && window.since < other.window.until
    };
    match line.issues.iter().find(overlaps) {
        None => Ok(window),
        Some(other) => {
            let theirs = describe(other.window, line.zone);
            Err(Error::new(
                ErrorKind::State,
                format!("the window {described} overlaps {theirs}, that of {}", other.key),
            ))
        }
    }
}

/// Whether an issue with this window is made in catching up: another window of the series has closed after it, and had
/// the time that the series leaves its editors.
#[must_use]
pub fn catching_up(series: &Series, zone: Tz, window: Window, now: DateTime<Utc>) -> bool {
    let delay = match series.freeze {
        FreezePolicy::After(delay) => delay,
        FreezePolicy::Auto | FreezePolicy::Manual => TimeDelta::zero(),
    };
    let next = Rhythm::new(series, zone).boundary_after(window.until);
    next.and_then(|next| next.checked_add_signed(delay)).is_some_and(|next| next <= now)
}

/// Whether a draft has closed and holds nothing: it is not frozen by itself, and takes no number of later issues.
#[must_use]
pub fn closed_empty(draft: &Issue, now: DateTime<Utc>) -> bool {
    draft.frozen.is_none() && draft.window.until <= now && draft.sections.is_empty() && draft.intro.is_none()
}

fn closed_draft(line: Line<'_>, draft: &Issue) -> Option<Action> {
    if draft.window.until > line.now {
        return None;
    }
    Some(if closed_empty(draft, line.now) {
        Action::EmptyDraft { ordinal: draft.ordinal(), window: draft.window }
    } else {
        freeze_or_wait(line, draft.ordinal(), draft.window)
    })
}

/// What lies before the end of what was decided, and neither an issue nor a record has it.
fn gaps(line: Line<'_>) -> Vec<Action> {
    let Some(end) = decided(line).filter(|_| line.series.rule != WindowRule::Manual) else { return Vec::new() };
    let closed = line.closed.iter().map(|closed| closed.window);
    let own = line.issues.iter().filter(|issue| issue.imported_pdf.is_none()).map(|issue| issue.window);
    let Some(first) = own.chain(closed.clone()).map(|window| window.since).min() else { return Vec::new() };
    let mut since = line.series.since.map_or(first, |day| midnight(day, line.zone).min(first));
    // Back issues brought in decide nothing, but what they cover does not lack.
    let mut decided: Vec<Window> = line.issues.iter().map(|issue| issue.window).chain(closed).collect();
    decided.sort_unstable();
    let mut gaps = Vec::new();
    for window in decided.into_iter().filter(|window| window.until <= end) {
        if since < window.since && window.since <= line.now {
            gaps.push(Window { since, until: window.since });
        }
        since = since.max(window.until);
    }
    let rhythm = Rhythm::new(line.series, line.zone);
    let close = |gap: Window| {
        // Less than a window is what an editor's `since` or another time zone leaves.
        let windows = rhythm.following(gap.since).take_while(|window| window.until <= gap.until).count();
        let windows = u32::try_from(windows).ok().filter(|windows| *windows > 0)?;
        Some(Action::CloseGap { window: gap, windows })
    };
    gaps.into_iter().filter_map(close).collect()
}

/// When a window that has closed is decided: at once, after the time that the series leaves its editors, or by hand.
fn decision(series: &Series, window: Window) -> Option<DateTime<Utc>> {
    match series.freeze {
        FreezePolicy::Auto => Some(window.until),
        FreezePolicy::After(delay) => window.until.checked_add_signed(delay),
        FreezePolicy::Manual => None,
    }
}

fn freeze_or_wait(line: Line<'_>, ordinal: u64, window: Window) -> Action {
    match decision(line.series, window) {
        Some(until) if until <= line.now => Action::Freeze { ordinal },
        until => Action::Wait { ordinal, until },
    }
}

/// Where the first window without an issue begins.
fn beginning(line: Line<'_>) -> Option<DateTime<Utc>> {
    let rhythm = Rhythm::new(line.series, line.zone);
    let configured = || line.series.since.map(|day| midnight(day, line.zone));
    let oldest = || rhythm.window_at(*line.pending.first()?).map(|window| window.since);
    let current = || rhythm.window_at(line.now).map(|window| window.since);
    decided(line).or_else(configured).or_else(oldest).or_else(current)
}

/// Walks the windows after what was decided; returns the first one that stays undecided.
fn new_windows(line: Line<'_>, actions: &mut Vec<Action>) -> Window {
    let begins = beginning(line).unwrap_or(line.now);
    let mut walk = Walk { line, actions, ordinal: line.next_ordinal, skipped: None, held_since: None, waiting: None };
    let mut pending = line.pending;
    let mut since = begins;
    for window in Rhythm::new(line.series, line.zone).following(begins) {
        let window = Window { since: walk.held_since.unwrap_or(window.since), ..window };
        if window.until > line.horizon {
            return walk.stop(window, since);
        }
        let (within, later) = pending.split_at(pending.partition_point(|date| *date < window.until));
        pending = later;
        // A post may still come as long as a draft would wait for its editors.
        let decided = decision(line.series, window).filter(|decided| *decided > line.now);
        if let Some(until) = decided.filter(|_| within.is_empty() && line.series.on_empty != OnEmpty::Hold) {
            walk.tell_skipped();
            walk.actions.push(Action::WaitEmpty { window, until });
            return walk.stop(window, since);
        }
        since = window.until;
        match line.series.on_empty {
            _ if !within.is_empty() => walk.create(window),
            OnEmpty::Skip => walk.skip(window),
            OnEmpty::Hold => walk.held_since = Some(window.since),
            OnEmpty::Fail => {
                walk.actions.push(Action::Fail { window });
                return walk.waiting.unwrap_or(window);
            }
        }
    }
    // Manual windows, and the years past those that calendars know: nothing closes any more.
    walk.stop(Window { since, until: DateTime::<Utc>::MAX_UTC }, since)
}

/// A walk over closed windows.
struct Walk<'a> {
    line: Line<'a>,
    actions: &'a mut Vec<Action>,
    ordinal: u64,
    /// Empty windows in a row, and how many they are.
    skipped: Option<(Window, u32)>,
    /// Where the window begins that is held open.
    held_since: Option<DateTime<Utc>>,
    /// The first new draft that is not frozen yet.
    waiting: Option<Window>,
}

impl Walk<'_> {
    fn create(&mut self, window: Window) {
        self.tell_skipped();
        self.held_since = None;
        let action = freeze_or_wait(self.line, self.ordinal, window);
        if matches!(action, Action::Wait { .. }) {
            self.waiting = self.waiting.or(Some(window));
        }
        self.actions.extend([Action::Create { ordinal: self.ordinal, window }, action]);
        self.ordinal += 1;
    }

    fn skip(&mut self, window: Window) {
        let (first, windows) = self.skipped.unwrap_or((window, 0));
        self.skipped = Some((Window { until: window.until, ..first }, windows + 1));
    }

    fn tell_skipped(&mut self) {
        self.actions.extend(self.skipped.take().map(|(window, windows)| Action::SkipEmpty { window, windows }));
    }

    /// Ends at `open`, the first window that has not closed; the last one closed at `until`.
    fn stop(mut self, open: Window, until: DateTime<Utc>) -> Window {
        self.tell_skipped();
        if let Some(since) = self.held_since {
            self.actions.push(Action::Hold { window: Window { since, until } });
        }
        self.waiting.unwrap_or(open)
    }
}

#[cfg(test)]
mod tests;
