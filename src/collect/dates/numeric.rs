//! Dates in numbers: ISO 8601 and its neighbours, days and months between slashes, seconds since 1970.

use chrono::{DateTime, Datelike as _, NaiveDate};

use super::words::year_of;
use super::{Written, clock};
use crate::model::{FIRST_YEAR, solar_day};

/// ISO 8601, RFC 3339, W3C-DTF, `2014/9/5 10:00 +0200`, `15.7.2014`, `7/15/2014`.
pub(super) fn parse(text: &str) -> Option<Written> {
    if let Some(written) = only_digits(text) {
        return Some(written);
    }
    let split = text.find(['T', 't', ' ', '_', ',']).unwrap_or(text.len());
    let (day, rest) = text.split_at(split);
    let date = day_of(day)?;
    let rest = rest.trim_start_matches(['T', 't', ' ', '_', ',']).trim();
    if rest.is_empty() {
        return Some(Written::day(date));
    }
    clock(rest, date)
}

/// A year, a day without separators, the same with a time, seconds or milliseconds since 1970.
fn only_digits(text: &str) -> Option<Written> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        4 => day(text, "1", "1").map(Written::day),
        7 => day_of_year(&text[..4], &text[4..]).map(Written::day),
        8 => compact_day(text).map(Written::day),
        9 | 10 => since_1970(text.parse().ok()?),
        13 => since_1970(text.parse::<i64>().ok()? / 1000),
        12 | 14 => clock(&text[8..], compact_day(&text[..8])?),
        _ => None,
    }
}

fn since_1970(seconds: i64) -> Option<Written> {
    let at = DateTime::from_timestamp(seconds, 0)?;
    let offset = chrono::FixedOffset::east_opt(0)?;
    Some(Written { date: at.date_naive(), time: Some(at.time()), offset: Some(offset) })
}

fn compact_day(text: &str) -> Option<NaiveDate> {
    day(text.get(..4)?, text.get(4..6)?, text.get(6..)?)
}

fn day_of(text: &str) -> Option<NaiveDate> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            7 => day_of_year(&text[..4], &text[4..]),
            8 => compact_day(text),
            _ => None,
        };
    }
    if let Some(date) = day_of_week(text) {
        return Some(date);
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<&str> = text.trim_end_matches('.').split(separator).collect();
    match parts.as_slice() {
        [year, nth] if year.len() == 4 && nth.len() == 3 => day_of_year(year, nth),
        [year, month] if year.len() == 4 => day(year, month, "1"),
        [month, year] if year.len() == 4 => day(year, month, "1"),
        [year, month, nth] if year.len() == 4 => day(year, month, nth),
        [nth, month, year] if year.len() == 4 && separator == '.' => day(year, month, nth),
        [one, two, year] if year.len() == 4 => day_in_any_order(year, one, two),
        [nth, month, year] if year.len() == 2 && separator == '.' => day(&in_full(year), month, nth),
        [one, two, three] if [one, two, three].iter().all(|part| part.len() <= 2) => day_of_short_year(one, two, three),
        _ => None,
    }
}

/// `2026-153` and `2026153`, the day of a year (ISO 8601-1, 5.2.2).
fn day_of_year(year: &str, nth: &str) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(number(year)? as i32, number(nth)?).filter(|date| is_meant(*date))
}

/// `2026-W27-3` and `2026W273`, the third day of a week (ISO 8601-1, 5.2.3); without a day, its Monday.
fn day_of_week(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once(['W', 'w'])?;
    let year = year.strip_suffix('-').unwrap_or(year);
    let (week, nth) = (rest.get(..2)?, &rest[2..]);
    let nth = match nth.strip_prefix('-').unwrap_or(nth) {
        "" if nth.is_empty() => 1,
        nth => number(nth).filter(|_| nth.len() == 1)?,
    };
    let weekday = chrono::Weekday::try_from(u8::try_from(nth.checked_sub(1)?).ok()?).ok()?;
    let is_year = year.len() == 4;
    NaiveDate::from_isoywd_opt(number(year)? as i32, number(week)?, weekday).filter(|date| is_year && is_meant(*date))
}

/// A day and a month, or a month and a day, as it is written here and there: only where one of both cannot be.
fn day_in_any_order(year: &str, one: &str, two: &str) -> Option<NaiveDate> {
    let (day_first, month_first) = (day(year, two, one), day(year, one, two));
    match (day_first, month_first) {
        (Some(date), None) | (None, Some(date)) => Some(date),
        (Some(one), Some(two)) if one == two => Some(one),
        _ => None,
    }
}

/// A day whose year is written in two digits, before or behind: only where it can be no other.
fn day_of_short_year(one: &str, two: &str, three: &str) -> Option<NaiveDate> {
    let readings = [(three, one, two), (three, two, one), (one, two, three)];
    let is_short = |year: &str| year.len() == 2;
    let mut days = readings.into_iter().filter(|(year, ..)| is_short(year));
    let mut days = days.by_ref().filter_map(|(year, month, nth)| day(&in_full(year), month, nth));
    let first = days.next()?;
    days.all(|other| other == first).then_some(first)
}

/// A year of two digits as one of four.
fn in_full(year: &str) -> String {
    year_of(year).map_or_else(String::new, |year| year.to_string())
}

/// Whether a day can be the date of a text. What is before the first year of print was never written as a date of this calendar:
/// programs write the year 1 for none; 1404 is a year of the solar calendar, which is read as such, and 1446 one of the
/// lunar calendar, whose days depend on where it is kept.
pub(super) fn is_meant(date: NaiveDate) -> bool {
    date.year() >= FIRST_YEAR
}

/// A day of the calendar.
fn day(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let is_short = |part: &str| (1..=2).contains(&part.len());
    if !is_short(month) || !is_short(day) {
        return None;
    }
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let date = || NaiveDate::from_ymd_opt(year as i32, month, day).filter(|date| is_meant(*date));
    solar_day(year, month, day).or_else(date)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}
