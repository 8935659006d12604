//! Windows of time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A half-open window `[since, until)` of instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    pub since: DateTime<Utc>,
    /// The first instant after.
    pub until: DateTime<Utc>,
}

impl Window {
    /// Whether `instant` lies inside.
    #[must_use]
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.since <= instant && instant < self.until
    }
}
