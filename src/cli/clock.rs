//! The time of a run: whether it can be, and how it goes on.

use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde::Deserialize;

use super::session::Session;
use super::shelf::Shelf;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{Clock, IssueKey};

/// By how much clocks of several machines may differ.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// What of a frozen issue says when it was changed.
#[derive(Deserialize)]
struct Changed {
    frozen: Revised,
}

#[derive(Deserialize)]
struct Revised {
    updated: DateTime<Utc>,
}

/// Refuses a run by a clock that is behind what was frozen: every post that is later would go off the web, and posts without
/// a date would get their ids by that day for good. Where most issues are older it may be one of them that was frozen by a wrong
/// clock, and who says the time with `--now` may look back: that is told.
pub(super) fn refuse_if_behind(session: &mut Session, config: &Config) -> Result<()> {
    let Some(behind) = behind(config, session.now) else { return Ok(()) };
    let is_told = session.global.now.is_some();
    let time = if is_told { "the time of `--now`" } else { "the clock of this machine" };
    let message = format!("{time} {}", behind.what);
    if is_told || !behind.is_of_most {
        let warning = Warning::new(message).hint("posts that are later than this time are not published by this run");
        session.warnings.push(warning.once());
        return Ok(());
    }
    Err(Error::new(ErrorKind::State, message)
        .hint("nothing was done; set the clock: posts that are later would go off the web")
        .hint("where the clock is right, and that was frozen by a wrong one, `--now` with the time has it done"))
}

/// What is wrong with a time that is before the last change of a frozen issue.
pub(super) struct Behind {
    /// In words, behind what shows the time.
    pub(super) what: String,
    /// Whether half of the issues or more were changed later.
    is_of_most: bool,
}

/// What is wrong with a time; `None` where it can be.
pub(super) fn behind(config: &Config, now: DateTime<Utc>) -> Option<Behind> {
    let changes = changes(config);
    let later = changes.iter().filter(|(_, at)| *at > now + SLACK);
    let (issue, at) = later.clone().max_by_key(|(_, at)| *at)?;
    let written = |time: DateTime<Utc>| time.format("%Y-%m-%dT%H:%M:%SZ");
    let what = format!("stands at {}, and {issue} was frozen later, at {}", written(now), written(*at));
    Some(Behind { what, is_of_most: later.count() * 2 >= changes.len() })
}

/// When each frozen issue was changed last.
fn changes(config: &Config) -> Vec<(IssueKey, DateTime<Utc>)> {
    let shelf = Shelf::new(&config.root);
    // What is wrong with an issue is told by `check`.
    let shelved = config.series.iter().filter_map(|series| shelf.series(&series.key, &mut Vec::new()).ok()).flatten();
    let changes = shelved.filter_map(|(key, found)| {
        let changed: Changed = serde_json::from_str(&found.ok()?.frozen?).ok()?;
        Some((key, changed.frozen.updated))
    });
    changes.collect()
}

/// The clock of a run. A service runs for months: what is due goes by the clock of the machine, which is asked each time, for
/// that which measures how long things take stands still while the machine sleeps, and nobody sets it.
#[derive(Debug)]
pub(super) struct RunClock {
    begun: Instant,
    /// The time of `--now` when the run began; without it the machine is asked.
    at: Option<DateTime<Utc>>,
    machine: fn() -> DateTime<Utc>,
}

impl RunClock {
    /// The clock of a run that was told the time, which goes on from there, or was not.
    pub(super) fn new(told: Option<DateTime<Utc>>) -> Self {
        Self { begun: Instant::now(), at: told, machine: machine_time }
    }

    /// A clock that shows `at` now, for what takes moments.
    pub(super) fn starting_at(at: DateTime<Utc>) -> Self {
        Self::new(Some(at))
    }
}

/// The time of the machine, in whole seconds.
pub(super) fn machine_time() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(0)
}

impl Clock for RunClock {
    fn now(&self) -> DateTime<Utc> {
        match self.at {
            Some(at) => at + TimeDelta::from_std(self.elapsed()).unwrap_or_default(),
            None => (self.machine)(),
        }
    }

    fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use chrono::{DateTime, TimeDelta, Utc};

    use super::RunClock;
    use crate::model::Clock as _;

    static SET_TO: AtomicI64 = AtomicI64::new(1_000_000);

    #[test]
    fn a_run_sees_that_the_machine_slept_or_its_clock_was_set() {
        let machine = || DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(SET_TO.load(Ordering::SeqCst));
        let clock = RunClock { machine, ..RunClock::new(None) };
        let begun = clock.now();
        for hours in [9, -30] {
            SET_TO.fetch_add(hours * 3600, Ordering::SeqCst);
            assert!(clock.elapsed().as_secs() < 60, "rates and limits of steps do not see it");
        }
        assert_eq!(clock.now() - begun, TimeDelta::hours(-21));
        let told = RunClock { machine, ..RunClock::new(Some(begun)) };
        SET_TO.fetch_add(3600, Ordering::SeqCst);
        assert!((told.now() - begun).num_seconds() < 60, "what `--now` says goes on by itself");
    }
}
