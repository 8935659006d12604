//! What tells the time.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What tells the time.
pub trait Clock: Sync {
    /// The time, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// How long this clock has run: it never goes back, whatever is done to the time.
    fn elapsed(&self) -> Duration;
}
