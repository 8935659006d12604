//! What asking for files may cost a run: their posts are worth more than its time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Answer, Failure, Fault};

/// A host that costs time in vain so often in a row is not asked on.
const IN_VAIN: u32 = 2;
/// A failure that took longer than this costs time.
const LONG: Duration = Duration::from_secs(5);

/// The time that files may take, and the hosts that took it in vain.
#[derive(Debug)]
pub struct Budget {
    limit: Duration,
    /// How often in a row each host cost time in vain.
    in_vain: Mutex<BTreeMap<String, u32>>,
}

impl Budget {
    /// No file is asked for once `limit` is over.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { limit, in_vain: Mutex::default() }
    }

    /// Why a host is not asked any more, `elapsed` after the first question.
    pub(super) fn refuses(&self, host: &str, elapsed: Duration) -> Option<Fault> {
        if self.in_vain().get(host).is_some_and(|times| *times >= IN_VAIN) {
            return Some(Fault::GivenUp { host: host.to_owned() });
        }
        (elapsed >= self.limit).then_some(Fault::NoTimeLeft(self.limit))
    }

    /// Takes in what came of asking a host, which took so long.
    pub(super) fn spent(&self, host: &str, result: &Result<Answer, Failure>, time: Duration) {
        let is_in_vain =
            result.as_ref().is_err_and(|failure| matches!(failure.fault, Fault::Timeout(_)) || time > LONG);
        let mut in_vain = self.in_vain();
        if is_in_vain {
            *in_vain.entry(host.to_owned()).or_default() += 1;
        } else {
            in_vain.remove(host);
        }
    }

    /// What another thread left when it panicked is whole: nothing here is changed in two steps.
    fn in_vain(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.in_vain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
