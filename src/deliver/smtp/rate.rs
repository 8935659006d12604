//! How much is sent in a time: token buckets.

use std::fmt;
use std::time::Duration;

/// So many messages in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub messages: u32,
    /// More than nothing.
    pub per: Duration,
}

impl Rate {
    /// Reads "20/s", "600/m" or "5000/h"; `None` when it is no such text, or would let nothing through.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (messages, unit) = text.split_once('/')?;
        let messages = messages.trim().parse().ok().filter(|messages| *messages > 0)?;
        let seconds = match unit.trim() {
            "s" | "second" => 1,
            "m" | "minute" => 60,
            "h" | "hour" => 3600,
            "d" | "day" => 86400,
            _ => return None,
        };
        Some(Self { messages, per: Duration::from_secs(seconds) })
    }

    /// The time for one message.
    fn step(self) -> Duration {
        self.per / self.messages
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_secs() {
            1 => "s",
            60 => "m",
            3600 => "h",
            _ => "d",
        };
        write!(f, "{}/{unit}", self.messages)
    }
}

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
        Self { step: rate.step(), next: Duration::ZERO }
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

    use super::{Bucket, Rate};

    #[test]
    fn rates_are_read_and_told() {
        for text in ["20/s", "600/m", "5000/h", "1/d"] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        for no in ["", "20", "0/s", "-1/s", "20/fortnight", "x/s", "/s"] {
            assert_eq!(Rate::parse(no), None, "{no}");
        }
    }

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
