//! How much is sent in a time: token buckets.

use std::time::Duration;

use crate::config::Rate;

/// How many messages may go out at once after a pause, in seconds of the rate.
const BURST: Duration = Duration::from_secs(1);

/// A bucket into which a token falls at each step of its rate; a message takes one out. Kept as the instant at which
/// it would be full, which is the same and needs no counting (the generic cell rate algorithm).
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    step: Duration,
    /// When the next message would go, were they evenly spread.
    next: Duration,
}

impl Bucket {
    pub(super) fn new(rate: Rate) -> Self {
        Self { step: rate.per / rate.messages.max(1), next: Duration::ZERO }
    }

    /// How long from `now` until there is a token.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        self.next.saturating_sub(now + BURST.saturating_sub(self.step))
    }

    /// Takes a token out.
    pub(super) fn take(&mut self, now: Duration) {
        self.next = self.next.max(now) + self.step;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Bucket;
    use crate::config::Rate;

    #[test]
    fn a_bucket_lets_a_second_of_its_rate_through_and_then_one_at_a_time() {
        let mut bucket = Bucket::new(Rate::parse("10/s").unwrap());
        let (mut now, mut sent) = (Duration::from_secs(5), 0);
        while now < Duration::from_secs(15) {
            if bucket.wait(now).is_zero() {
                bucket.take(now);
                sent += 1;
            } else {
                now += bucket.wait(now);
            }
        }
        assert!((100..=111).contains(&sent), "{sent} in ten seconds at ten a second, after a burst");
        let mut slow = Bucket::new(Rate::parse("60/h").unwrap());
        slow.take(Duration::ZERO);
        assert_eq!(slow.wait(Duration::ZERO), Duration::from_secs(60));
    }
}
