//! When a feed says that nothing changes in it: RSS's `skipHours` and `skipDays`.

use chrono::{DateTime, Datelike as _, DurationRound as _, TimeDelta, Timelike as _, Utc, Weekday};

/// Hours of the day and days of the week, in UTC, in which nothing changes; a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Bit 0 is the hour from midnight on.
    hours: u32,
    /// Bit 0 is Monday.
    days: u8,
}

impl Rest {
    /// The hours from 0 to 24 (0 and 24 are the same) and the English names of days. What names all hours or all days
    /// cannot be meant, and names none.
    #[must_use]
    pub fn new<'a>(hours: &[u8], days: impl IntoIterator<Item = &'a str>) -> Self {
        let hours = hours.iter().filter(|hour| **hour <= 24).fold(0_u32, |all, hour| all | 1 << (hour % 24));
        let days = days.into_iter().filter_map(|day| day.trim().parse::<Weekday>().ok());
        let days = days.fold(0_u8, |all, day| all | 1 << day.num_days_from_monday());
        Self {
            hours: if hours.count_ones() < 24 { hours } else { 0 },
            days: if days.count_ones() < 7 { days } else { 0 },
        }
    }

    /// Both as one number, to be remembered.
    #[must_use]
    pub fn to_bits(self) -> u32 {
        u32::from(self.days) << 24 | self.hours
    }

    /// From that number.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        Self { hours: bits & 0x00ff_ffff, days: (bits >> 24) as u8 & 0x7f }
    }

    /// The first instant from `at` on at which something may change.
    #[must_use]
    pub fn after(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let rests = |at: DateTime<Utc>| {
            self.hours >> at.hour() & 1 == 1 || self.days >> at.weekday().num_days_from_monday() & 1 == 1
        };
        let mut next = at;
        // At most six days rest, and one hour of the seventh is free.
        for _ in 0..7 * 24 {
            if !rests(next) {
                break;
            }
            next = next.duration_trunc(TimeDelta::hours(1)).unwrap_or(next) + TimeDelta::hours(1);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Rest;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn hours_and_days_of_rest_are_waited_for() {
        // 2026-08-01 is a Saturday.
        let weekend = Rest::new(&[], ["Saturday", " sunday", "Holiday"]);
        assert_eq!(weekend.after(at("2026-08-01T08:10:00Z")), at("2026-08-03T00:00:00Z"));
        assert_eq!(weekend.after(at("2026-07-31T23:59:00Z")), at("2026-07-31T23:59:00Z"));
        let night = Rest::new(&[22, 23, 24, 1, 2, 99], []);
        assert_eq!(night.after(at("2026-08-01T22:10:00Z")), at("2026-08-02T03:00:00Z"));
        assert_eq!(night.after(at("2026-08-01T21:59:59Z")), at("2026-08-01T21:59:59Z"));
        let both = Rest::new(&[0, 1], ["Sunday"]);
        assert_eq!(both.after(at("2026-08-02T05:00:00Z")), at("2026-08-03T02:00:00Z"));
        assert_eq!(Rest::from_bits(both.to_bits()), both);
        let always: Vec<u8> = (0..24).collect();
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        assert_eq!(Rest::new(&always, days), Rest::default());
    }
}
