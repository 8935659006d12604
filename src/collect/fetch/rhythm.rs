//! How seldom a feed says that it changes.

use chrono::TimeDelta;

/// The longer of RSS's `ttl` (in minutes) and the syndication module's period over frequency (`sy:updatePeriod`,
/// `sy:updateFrequency`), as they are written. What cannot be read says nothing.
#[must_use]
pub fn rhythm(ttl: &str, period: &str, frequency: &str) -> Option<TimeDelta> {
    let ttl = whole(ttl).map(TimeDelta::minutes);
    let period = match period.trim().to_ascii_lowercase().as_str() {
        "hourly" => Some(TimeDelta::hours(1)),
        "daily" => Some(TimeDelta::days(1)),
        "weekly" => Some(TimeDelta::weeks(1)),
        "monthly" => Some(TimeDelta::days(30)),
        "yearly" => Some(TimeDelta::days(365)),
        _ => None,
    };
    let times = whole(frequency).unwrap_or(1) as i32;
    let updates = period.map(|period| period / times);
    ttl.into_iter().chain(updates).max()
}

/// A number of one or more; anything beyond a year of minutes is a slip.
fn whole(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|number| (1..=600_000).contains(number))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::rhythm;

    #[test]
    fn the_longer_of_what_is_said_counts() {
        assert_eq!(rhythm("60", "", ""), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm("", " hourly\n", "1"), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm("60", "daily", "2"), Some(TimeDelta::hours(12)));
        assert_eq!(rhythm("2880", "Daily", ""), Some(TimeDelta::days(2)));
        assert_eq!(rhythm("0", "sometimes", "0"), None);
        assert_eq!(rhythm("-5", "hourly", "0"), Some(TimeDelta::hours(1)));
        assert_eq!(rhythm("99999999999999999999", "", ""), None);
    }
}
