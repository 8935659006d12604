//! The time while a run goes on.

use std::time::{Duration, Instant};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use crate::model::Clock;

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
