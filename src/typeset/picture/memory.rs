//! How much memory pictures take: a file of a few kilobytes may hold gigabytes of samples.

use std::sync::{Condvar, Mutex, PoisonError};

/// So much is decoded at the same time, in bytes; a picture that takes more is decoded alone.
const AT_A_TIME: u64 = 400_000_000;

/// So many pixels are kept of all pictures of a document together, until it is known how large they are printed: half a gigabyte
/// of samples.
const MOST_KEPT: u64 = 128_000_000;

/// Lets pictures be decoded side by side as far as there is memory for them.
#[derive(Debug, Default)]
pub(super) struct Gate {
    taken: Mutex<u64>,
    freed: Condvar,
}

/// What one picture has of it.
struct Taken<'a> {
    gate: &'a Gate,
    bytes: u64,
}

impl Gate {
    /// Does what takes so many bytes, once there is room. Nothing that is done so may wait for another that is.
    pub(super) fn pass<T>(&self, bytes: u64, work: impl FnOnce() -> T) -> T {
        let _taken = self.take(bytes.min(AT_A_TIME));
        work()
    }

    fn take(&self, bytes: u64) -> Taken<'_> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = self.freed.wait_while(taken, |taken| *taken + bytes > AT_A_TIME);
        *waiting.unwrap_or_else(PoisonError::into_inner) += bytes;
        Taken { gate: self, bytes }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.gate.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.gate.freed.notify_all();
    }
}

/// How many pixels may be kept of each picture, so that all of a document have room: small ones are kept whole, and the others
/// share what is left. `pixels` is what each has.
pub(super) fn share(pixels: impl IntoIterator<Item = u64>) -> u64 {
    let mut pixels: Vec<u64> = pixels.into_iter().collect();
    pixels.sort_unstable();
    let (mut left, mut others) = (MOST_KEPT, pixels.len() as u64);
    for pixels in pixels {
        if pixels * others > left {
            return left / others;
        }
        (left, others) = (left - pixels, others - 1);
    }
    u64::MAX
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{AT_A_TIME, Gate, MOST_KEPT, share};

    #[test]
    fn small_pictures_are_kept_whole() {
        assert_eq!(share([]), u64::MAX);
        assert_eq!(share([12_000_000; 10]), u64::MAX);
        assert_eq!(share([64_000_000; 4]), MOST_KEPT / 4);
        assert_eq!(share([MOST_KEPT, 28_000_000, MOST_KEPT]), 50_000_000);
        assert_eq!(share([MOST_KEPT + 1]), MOST_KEPT);
    }

    #[test]
    fn no_more_is_at_work_than_there_is_room_for() {
        let (gate, at_work, most) = (Gate::default(), AtomicU64::new(0), AtomicU64::new(0));
        let each = AT_A_TIME / 2 - 1;
        std::thread::scope(|scope| {
            for bytes in [each, each, each, u64::MAX, each, each] {
                let (gate, at_work, most) = (&gate, &at_work, &most);
                scope.spawn(move || {
                    gate.pass(bytes, || {
                        let bytes = bytes.min(AT_A_TIME);
                        most.fetch_max(at_work.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                        std::thread::yield_now();
                        at_work.fetch_sub(bytes, Ordering::SeqCst);
                    });
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= AT_A_TIME);
        assert_eq!(*gate.taken.lock().unwrap(), 0);
    }
}
