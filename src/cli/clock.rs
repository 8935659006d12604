//! The time while a run goes on: what it was at the start, and what has passed since.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Clock;

/// A clock that began at the run's own time, which may be `--now`.
#[derive(Debug)]
pub(super) struct RunClock {
    begun: Instant,
    at: DateTime<Utc>,
}

impl RunClock {
    /// A clock that shows `at` now.
    pub(super) fn starting_at(at: DateTime<Utc>) -> Self {
        Self { begun: Instant::now(), at }
    }
}

impl Clock for RunClock {
    fn now(&self) -> DateTime<Utc> {
        self.at + TimeDelta::from_std(self.elapsed()).unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}
