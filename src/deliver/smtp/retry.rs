//! When a message that was refused for now is tried again.

use chrono::{DateTime, TimeDelta, Utc};

/// Minutes after the first, second, ... refusal; the last one repeats.
const STEPS: [i64; 6] = [5, 15, 60, 4 * 60, 12 * 60, 24 * 60];
/// How long a message is tried, in hours from the first time (RFC 5321 4.5.4.1 says four to five days for a server;
/// an issue that is three days old is on the web).
const GIVE_UP: i64 = 72;
/// So many times it is tried at least, however long that takes where nothing runs for days: a server that asks to try again
/// (greylisting) forgets within two of them who did.
const FEWEST: u32 = 5;

/// When a delivery is tried again that was refused at `now`, after `attempts` tries before and the first at `first`.
/// `None` when it has been tried long enough and often enough. The time is moved by up to a tenth either way, by a hash of delivery and
/// try, so that a large list does not come back in one moment; the same delivery gets the same time.
pub(super) fn next(delivery: i64, attempts: u32, first: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let minutes = STEPS[(attempts as usize).min(STEPS.len() - 1)];
    let seconds = minutes * 60;
    let spread = seconds / 10;
    let until = now + TimeDelta::seconds(seconds - spread + jitter(delivery, attempts) % (2 * spread + 1));
    (until - first <= TimeDelta::hours(GIVE_UP) || attempts + 1 < FEWEST).then_some(until)
}

/// A number that looks like chance (the last step of `SplitMix64`).
fn jitter(delivery: i64, attempts: u32) -> i64 {
    let mut word = (delivery as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(attempts));
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((word ^ (word >> 31)) >> 1) as i64
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::next;

    #[test]
    fn the_steps_grow_until_three_days_are_over() {
        let first: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let (mut now, mut minutes, mut attempts) = (first, Vec::new(), 0);
        while let Some(until) = next(7, attempts, first, now) {
            minutes.push((until - now).num_minutes());
            (now, attempts) = (until, attempts + 1);
        }
        let wanted = [5, 15, 60, 240, 720, 1440];
        assert!(minutes.len() >= wanted.len(), "{minutes:?}");
        for (got, want) in minutes.iter().zip(wanted) {
            assert!((want * 9 / 10 - 1..=want * 11 / 10).contains(got), "{minutes:?}");
        }
        assert!(now - first <= TimeDelta::hours(72), "{now}");
        assert_eq!(next(7, 5, first, first + TimeDelta::hours(72)), None);
    }

    #[test]
    fn who_runs_once_a_week_tries_a_few_times_as_well() {
        let first: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let weekly = |attempts: u32| next(7, attempts, first, first + TimeDelta::weeks(attempts.into()));
        assert_eq!([0, 1, 2, 3, 4].map(|attempts| weekly(attempts).is_some()), [true, true, true, true, false]);
    }

    #[test]
    fn many_deliveries_come_back_spread_out_and_each_at_its_own_time() {
        let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        let times: std::collections::BTreeSet<_> = (0..1000).filter_map(|id| next(id, 2, now, now)).collect();
        assert!(times.len() > 400, "{}", times.len());
        assert_eq!(next(41, 2, now, now), next(41, 2, now, now));
    }
}
