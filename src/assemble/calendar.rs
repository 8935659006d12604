//! Days as calendars name them, by ICU4X (<https://docs.rs/icu_calendar>).

use chrono::{Datelike, NaiveDate};
use icu_calendar::cal::hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::cal::{Hijri, Persian};
use icu_calendar::types::{Month, RataDie};
use icu_calendar::{AsCalendar, Date, Gregorian};

use crate::model::{Calendar, CalendarDate};

/// The name of a day in a calendar.
#[must_use]
pub fn name(day: NaiveDate, calendar: Calendar) -> CalendarDate {
    // Both count days so that 1 January of the year 1 is day 1.
    let count = RataDie::new(i64::from(day.num_days_from_ce()));
    match calendar {
        Calendar::Gregorian => CalendarDate { year: day.year(), month: day.month() as u8, day: day.day() as u8 },
        Calendar::Persian => parts(&Date::from_rata_die(count, Persian)),
        Calendar::Islamic => parts(&Date::from_rata_die(count, civil())),
    }
}

/// The day that a calendar calls so. `None` when there is none: the thirteenth month, 30 Esfand of a common year.
#[must_use]
pub fn day(name: CalendarDate, calendar: Calendar) -> Option<NaiveDate> {
    let CalendarDate { year, month, day } = name;
    // `Month::new` takes any number; `Date::try_new` refuses those that the calendar has not.
    let month = (1..=12).contains(&month).then(|| Month::new(month))?;
    let count = match calendar {
        Calendar::Gregorian => Date::try_new(year.into(), month, day, Gregorian).ok()?.to_rata_die(),
        Calendar::Persian => Date::try_new(year.into(), month, day, Persian).ok()?.to_rata_die(),
        Calendar::Islamic => Date::try_new(year.into(), month, day, civil()).ok()?.to_rata_die(),
    };
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(count.to_i64_date()).ok()?)
}

/// The first day of the month that holds `within`.
#[must_use]
pub fn month_start(within: NaiveDate, calendar: Calendar) -> Option<NaiveDate> {
    day(CalendarDate { day: 1, ..name(within, calendar) }, calendar)
}

/// The first day of the year that holds `within`.
#[must_use]
pub fn year_start(within: NaiveDate, calendar: Calendar) -> Option<NaiveDate> {
    day(CalendarDate { day: 1, month: 1, ..name(within, calendar) }, calendar)
}

/// The first day of the month after the one that holds `within`.
#[must_use]
pub fn next_month(within: NaiveDate, calendar: Calendar) -> Option<NaiveDate> {
    match name(within, calendar) {
        CalendarDate { month: 12, .. } => next_year(within, calendar),
        CalendarDate { year, month, .. } => day(CalendarDate { year, month: month + 1, day: 1 }, calendar),
    }
}

/// The first day of the year after the one that holds `within`.
#[must_use]
pub fn next_year(within: NaiveDate, calendar: Calendar) -> Option<NaiveDate> {
    let year = name(within, calendar).year.checked_add(1)?;
    day(CalendarDate { year, month: 1, day: 1 }, calendar)
}

/// The tabular calendar with the civil epoch (a Friday) and leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29.
fn civil() -> Hijri<icu_calendar::cal::hijri::TabularAlgorithm> {
    Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, TabularAlgorithmEpoch::Friday)
}

fn parts<C: AsCalendar>(date: &Date<C>) -> CalendarDate {
    CalendarDate { year: date.year().extended_year(), month: date.month().number(), day: date.day_of_month().0 }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
    use proptest::strategy::Just;

    use super::{day, month_start, name, next_month, next_year, year_start};
    use crate::model::{Calendar, CalendarDate};

    fn gregorian(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn named(year: i32, month: u8, day: u8) -> CalendarDate {
        CalendarDate { year, month, day }
    }

    #[test]
    fn persian_days_are_where_irans_calendar_has_them() {
        for (solar, date) in [
            (named(1405, 4, 1), "2026-06-22"),
            (named(1405, 1, 1), "2026-03-21"),
            (named(1403, 12, 30), "2025-03-20"),
            (named(1404, 12, 29), "2026-03-20"),
            (named(1408, 12, 30), "2030-03-20"),
        ] {
            assert_eq!(day(solar, Calendar::Persian), Some(gregorian(date)));
            assert_eq!(name(gregorian(date), Calendar::Persian), solar);
        }
    }

    #[test]
    fn esfand_has_thirty_days_in_leap_years_only() {
        let leap = |year| day(named(year, 12, 30), Calendar::Persian).is_some();
        assert_eq!([1403, 1404, 1405, 1406, 1407, 1408].map(leap), [true, false, false, false, false, true]);
    }

    #[test]
    fn islamic_years_follow_the_civil_table() {
        assert_eq!(name(gregorian("2026-06-17"), Calendar::Islamic), named(1448, 1, 1));
        assert_eq!(next_month(gregorian("2026-06-17"), Calendar::Islamic), Some(gregorian("2026-07-17")));
        assert_eq!(next_year(gregorian("2026-06-20"), Calendar::Islamic), Some(gregorian("2027-06-06")));
    }

    #[test]
    fn there_is_no_thirteenth_month_and_no_day_zero() {
        for calendar in [Calendar::Gregorian, Calendar::Persian, Calendar::Islamic] {
            assert_eq!(day(named(1400, 13, 1), calendar), None);
            assert_eq!(day(named(1400, 0, 1), calendar), None);
            assert_eq!(day(named(1400, 1, 0), calendar), None);
            assert_eq!(day(named(1400, 1, 32), calendar), None);
        }
    }

    proptest! {
        #[test]
        fn names_and_days_agree(
            count in -200_000_i32..1_000_000,
            calendar in prop_oneof![Just(Calendar::Gregorian), Just(Calendar::Persian), Just(Calendar::Islamic)]
                .prop_map(|calendar| calendar),
        ) {
            let date = NaiveDate::from_num_days_from_ce_opt(count).unwrap();
            prop_assert_eq!(day(name(date, calendar), calendar), Some(date));
            let month = month_start(date, calendar).unwrap();
            let next = next_month(date, calendar).unwrap();
            prop_assert!(month <= date && date < next);
            prop_assert!((28..=31).contains(&(next - month).num_days()));
            let year = year_start(date, calendar).unwrap();
            let next = next_year(date, calendar).unwrap();
            prop_assert!(year <= month && date < next);
            prop_assert!((354..=366).contains(&(next - year).num_days()));
        }
    }
}
