//! Windows: how they follow each other in a time zone.

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

use super::calendar;
use crate::model::{Calendar, Series, Window, WindowRule};

/// The first instant of the year 1. (Both constants are checked when this is compiled.)
pub(super) const EARLIEST: DateTime<Utc> = DateTime::from_timestamp(-62_135_596_800, 0).unwrap();
/// The last second of the year 9999.
pub(super) const LATEST: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

/// How a series' windows follow each other: its rule, its calendar and the publication's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    rule: WindowRule,
    calendar: Calendar,
    zone: Tz,
}

impl Rhythm {
    /// The rhythm of a series in the publication's time zone.
    #[must_use]
    pub fn new(series: &Series, zone: Tz) -> Self {
        Self { rule: series.rule, calendar: series.calendar, zone }
    }

    /// The first boundary after `instant`: local midnight of the next week's, month's or year's first day. `None` for
    /// manual windows, and past the years that calendars know.
    #[must_use]
    pub fn boundary_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut day = self.next_start(local(instant, self.zone).date())?;
        // Where clocks go back over midnight, an instant after the boundary can bear the date before it.
        while midnight(day, self.zone) <= instant {
            if instant > LATEST {
                return None;
            }
            day = self.next_start(day)?;
        }
        Some(midnight(day, self.zone))
    }

    /// The window of the rhythm that holds `instant`.
    #[must_use]
    pub fn window_at(&self, instant: DateTime<Utc>) -> Option<Window> {
        let mut day = self.start(local(instant, self.zone).date())?;
        // Where a day was skipped, the midnight of its period may lie after the instant.
        while midnight(day, self.zone) > instant {
            day = self.start(day.pred_opt()?)?;
        }
        self.following(midnight(day, self.zone)).find(|window| instant < window.until)
    }

    /// The windows from `since` on, without end: the first one is partial when `since` is not a boundary.
    pub fn following(&self, since: DateTime<Utc>) -> impl Iterator<Item = Window> {
        let rhythm = *self;
        let mut since = since;
        std::iter::from_fn(move || {
            let window = Window { since, until: rhythm.boundary_after(since)? };
            since = window.until;
            Some(window)
        })
    }

    fn start(self, within: NaiveDate) -> Option<NaiveDate> {
        match self.rule {
            WindowRule::Monthly => calendar::month_start(within, self.calendar),
            WindowRule::Yearly => calendar::year_start(within, self.calendar),
            WindowRule::Weekly(first) => {
                within.checked_sub_days(Days::new(u64::from(within.weekday().days_since(first))))
            }
            WindowRule::Manual => None,
        }
    }

    fn next_start(self, within: NaiveDate) -> Option<NaiveDate> {
        match self.rule {
            WindowRule::Monthly => calendar::next_month(within, self.calendar),
            WindowRule::Yearly => calendar::next_year(within, self.calendar),
            WindowRule::Weekly(_) => self.start(within)?.checked_add_days(Days::new(7)),
            WindowRule::Manual => None,
        }
    }
}

/// What a clock in `zone` shows at `instant`. Years that no calendar here knows count as the nearest that they do.
#[must_use]
pub fn local(instant: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    instant.clamp(EARLIEST, LATEST).with_timezone(&zone).naive_local()
}

/// The instant at which `day` begins in `zone`.
#[must_use]
pub fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    instant(day.and_time(NaiveTime::MIN), zone)
}

/// The instant that a clock in `zone` shows as `local`: the earlier one where clocks go back over it, the first one
/// after the gap where they jump over it.
#[must_use]
pub fn instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(only) => only.to_utc(),
        MappedLocalTime::Ambiguous(earliest, _) => earliest.to_utc(),
        MappedLocalTime::None => after_gap(local, zone),
    }
}

/// The first second whose local time is past `local`, a time that clocks in `zone` jump over. A gap is at most a day
/// (Samoa, 30 December 2011) and no zone is further than a day from UTC, so that it lies within two days of it.
fn after_gap(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let shown = |second: i64| match DateTime::from_timestamp(second, 0) {
        Some(instant) => instant.with_timezone(&zone).naive_local(),
        None => local,
    };
    let near = local.and_utc().timestamp();
    let span = TimeDelta::days(2).num_seconds();
    let (mut before, mut after) = (near - span, near + span);
    while after - before > 1 {
        let middle = i64::midpoint(before, after);
        if shown(middle) < local { before = middle } else { after = middle }
    }
    DateTime::from_timestamp(after, 0).unwrap_or_else(|| local.and_utc())
}

/// A window as people write it: "[2026-07-01, 2026-08-01)" by the zone's dates, with times where it does not begin or
/// end at midnight.
#[must_use]
pub fn describe(window: Window, zone: Tz) -> String {
    let written = |instant: DateTime<Utc>| {
        if instant > LATEST {
            return "…".to_owned();
        }
        let local = local(instant, zone);
        if midnight(local.date(), zone) == instant {
            local.format("%Y-%m-%d").to_string()
        } else {
            local.format("%Y-%m-%d %H:%M").to_string()
        }
    };
    format!("[{}, {})", written(window.since), written(window.until))
}

/// A time as messages tell it: by a clock in the zone, to the minute.
#[must_use]
pub fn shown_time(instant: DateTime<Utc>, zone: Tz) -> String {
    format!("{} ({zone})", local(instant, zone).format("%Y-%m-%d %H:%M"))
}

/// The same to the second, with the zone's offset: to be given to a command, or looked for in the logs of servers.
#[must_use]
pub fn shown_second(instant: DateTime<Utc>, zone: Tz) -> String {
    instant.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc, Weekday};
    use chrono_tz::Tz;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
    use proptest::sample::select;

    use super::{Rhythm, describe, midnight};
    use crate::model::{Calendar, WindowRule};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn rhythm(rule: WindowRule, calendar: Calendar, zone: Tz) -> Rhythm {
        Rhythm { rule, calendar, zone }
    }

    #[test]
    fn the_first_window_is_partial_when_the_series_begins_inside_one() {
        let zone = Tz::Europe__Tirane;
        let monthly = rhythm(WindowRule::Monthly, Calendar::Gregorian, zone);
        let since = midnight("2026-07-10".parse().unwrap(), zone);
        let windows: Vec<String> = monthly.following(since).take(3).map(|window| describe(window, zone)).collect();
        assert_eq!(windows, ["[2026-07-10, 2026-08-01)", "[2026-08-01, 2026-09-01)", "[2026-09-01, 2026-10-01)"]);
    }

    #[test]
    fn persian_months_close_at_tehrans_midnight() {
        let monthly = rhythm(WindowRule::Monthly, Calendar::Persian, Tz::Asia__Tehran);
        let window = monthly.window_at(at("2026-06-30T12:00:00Z")).unwrap();
        assert_eq!((window.since, window.until), (at("2026-06-21T20:30:00Z"), at("2026-07-22T20:30:00Z")));
    }

    #[test]
    fn a_midnight_that_clocks_jump_over_is_the_first_instant_after() {
        for (day, zone, begins) in [
            ("2018-11-04", Tz::America__Sao_Paulo, "2018-11-04T03:00:00Z"),
            ("2011-12-30", Tz::Pacific__Apia, "2011-12-30T10:00:00Z"),
            ("2011-12-31", Tz::Pacific__Apia, "2011-12-30T10:00:00Z"),
            ("2024-04-26", Tz::Africa__Cairo, "2024-04-25T22:00:00Z"),
            ("2026-03-29", Tz::Asia__Beirut, "2026-03-28T22:00:00Z"),
        ] {
            assert_eq!(midnight(day.parse().unwrap(), zone), at(begins), "{day} in {zone}");
        }
    }

    #[test]
    fn a_midnight_that_comes_twice_is_the_earlier_one() {
        assert_eq!(midnight("2026-11-01".parse().unwrap(), Tz::America__Havana), at("2026-11-01T04:00:00Z"));
    }

    #[test]
    fn manual_windows_do_not_follow_each_other() {
        let manual = rhythm(WindowRule::Manual, Calendar::Gregorian, Tz::UTC);
        assert_eq!(manual.following(at("2026-01-01T00:00:00Z")).next(), None);
        assert_eq!(manual.window_at(at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn years_without_end_stop_where_calendars_do() {
        let yearly = rhythm(WindowRule::Yearly, Calendar::Gregorian, Tz::UTC);
        assert_eq!(yearly.boundary_after(DateTime::<Utc>::MAX_UTC), None);
    }

    const ZONES: [Tz; 8] = [
        Tz::Europe__Tirane,
        Tz::Asia__Tehran,
        Tz::America__Sao_Paulo,
        Tz::Africa__Cairo,
        Tz::Pacific__Apia,
        Tz::Asia__Beirut,
        Tz::America__Havana,
        Tz::Australia__Lord_Howe,
    ];

    proptest! {
        #[test]
        fn every_instant_is_in_exactly_one_window(
            zone in select(ZONES.as_slice()),
            calendar in select([Calendar::Gregorian, Calendar::Persian, Calendar::Islamic].as_slice()),
            kind in 0_u8..9,
            since in -2_000_000_000_i64..1_700_000_000,
            after in any::<u32>(),
        ) {
            let rule = match kind {
                0 => WindowRule::Monthly,
                1 => WindowRule::Yearly,
                day => WindowRule::Weekly(Weekday::try_from(day - 2).unwrap()),
            };
            let rhythm = rhythm(rule, calendar, zone);
            let since = DateTime::from_timestamp(since, 0).unwrap();
            let instant = since + chrono::TimeDelta::seconds(i64::from(after) % 400_000_000);
            let mut previous = since;
            let mut holding = 0;
            for window in rhythm.following(since).take_while(|window| window.since <= instant) {
                prop_assert_eq!(window.since, previous);
                prop_assert!(window.since < window.until);
                holding += u32::from(window.contains(instant));
                previous = window.until;
            }
            prop_assert_eq!(holding, 1);
            let whole = rhythm.window_at(instant).unwrap();
            prop_assert!(whole.contains(instant));
            prop_assert_eq!(rhythm.boundary_after(instant), Some(whole.until));
        }
    }
}
