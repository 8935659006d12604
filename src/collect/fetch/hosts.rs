//! Politeness: a host gets one request at a time, with a pause between two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The hosts that were asked in this run.
#[derive(Debug)]
pub struct Hosts {
    gap: Duration,
    /// For each host, whether it was asked before.
    asked: Mutex<BTreeMap<String, Arc<Mutex<bool>>>>,
}

impl Hosts {
    /// None yet. The `gap` is that between two requests to one of them.
    #[must_use]
    pub fn new(gap: Duration) -> Self {
        Self { gap, asked: Mutex::default() }
    }

    /// Does `work` when it is this host's turn: after all that others do with it, and a pause.
    pub(super) fn in_turn<T>(&self, host: &str, work: impl FnOnce() -> T) -> T {
        let turn = Arc::clone(locked(&self.asked).entry(host.to_owned()).or_default());
        let mut asked_before = locked(&turn);
        if std::mem::replace(&mut *asked_before, true) {
            std::thread::sleep(self.gap);
        }
        work()
    }
}

/// What another thread left when it panicked is whole: nothing here is changed in two steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
