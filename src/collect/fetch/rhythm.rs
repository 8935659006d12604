//! How seldom a feed says that it changes.

use chrono::TimeDelta;

/// Anything beyond a year of minutes is a slip.
const LONGEST: u32 = 600_000;

/// The longer of RSS's `ttl` (in minutes) and the syndication module's period over frequency (`sy:updatePeriod`,
/// `sy:updateFrequency`). What cannot be meant says nothing.
#[must_use]
pub fn rhythm(ttl: Option<u32>, period: &str, frequency: Option<u32>) -> Option<TimeDelta> {
    let meant = |number: Option<u32>| number.filter(|number| (1..=LONGEST).contains(number));
    let ttl = meant(ttl).map(|minutes| TimeDelta::minutes(i64::from(minutes)));
    let period = match period.trim().to_ascii_lowercase().as_str() {
        "hourly" => Some(TimeDelta::hours(1)),
        "daily" => Some(TimeDelta::days(1)),
        "weekly" => Some(TimeDelta::weeks(1)),
        "monthly" => Some(TimeDelta::days(30)),
        "yearly" => Some(TimeDelta::days(365)),
        _ => None,
    };
    let times = meant(frequency).and_then(|times| i32::try_from(times).ok()).unwrap_or(1);
    let updates = period.map(|period| period / times);
    ttl.into_iter().chain(updates).max()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::rhythm;

    #[test]
    fn the_longer_of_what_is_said_counts() {
        assert_eq!(rhythm(Some(60), "", None), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm(None, " hourly\n", Some(1)), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm(Some(60), "daily", Some(2)), Some(TimeDelta::hours(12)));
        assert_eq!(rhythm(Some(2880), "Daily", None), Some(TimeDelta::days(2)));
        assert_eq!(rhythm(Some(0), "sometimes", Some(0)), None);
        assert_eq!(rhythm(None, "hourly", Some(0)), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm(Some(u32::MAX), "", None), None);
    }
}
