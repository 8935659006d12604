//! What connections report to the desk.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::model::{Lease, Settlement};

/// What a connection has to say: what became of its last message, and of which campaign it was, by its place among those
/// that are sent together; and which body it is about to send.
pub(super) struct Report {
    pub(super) connection: usize,
    pub(super) settled: Option<(usize, Settlement)>,
    pub(super) intent: Option<Lease>,
}

/// Reports, until the desk takes them.
#[derive(Default)]
pub(super) struct Inbox {
    reports: Mutex<Vec<Report>>,
    bell: Condvar,
}

impl Inbox {
    /// Puts a report in. The desk is not woken yet: others may follow at once.
    pub(super) fn put(&self, report: Report) {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
    }

    /// Wakes the desk where there is anything to take: nobody has more to say for now.
    pub(super) fn ring(&self) {
        if !self.reports.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            self.bell.notify_one();
        }
    }

    /// Takes everything there is; where there is nothing, waits for it this long.
    pub(super) fn take(&self, longest: Duration) -> Vec<Report> {
        let reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(reports, longest, |reports| reports.is_empty());
        std::mem::take(&mut *waited.unwrap_or_else(PoisonError::into_inner).0)
    }
}
