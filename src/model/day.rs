//! Days as people write them: in whichever digits, by our calendar or the solar Hijri one.

use std::ops::RangeInclusive;

use chrono::{Datelike as _, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::Persian;
use icu_calendar::types::Month;

use super::is_unseen;

/// The years that are years of the solar Hijri calendar alone: 1921 to 2042. The lunar ones of that time are greater, and no text
/// was printed in the years of ours that are called so.
const SOLAR_YEARS: RangeInclusive<u32> = 1300..=1420;

/// The first year of our calendar in which a text can have been printed.
pub const FIRST_YEAR: i32 = 1500;

/// What is allowed where a year cannot be that of a text.
const YEARS: &str = "years are those of the Gregorian calendar from 1500 on (`2026-07-01`), or of the solar Hijri one from 1300 to \
    1420 (`1405-04-10`); a day before these is written in the Gregorian one";

/// The zeros of digits that are not ASCII's: Arabic-Indic, Persian, Devanagari, Bengali, Tamil, Thai, full width.
const ZEROS: [char; 7] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{be6}', '\u{e50}', '\u{ff10}'];

/// What is wrong with a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayFault {
    /// What was found.
    pub message: String,
    /// What is allowed.
    pub hint: String,
}

/// Whether a year is one of the solar Hijri calendar, by which Iran and Afghanistan count: no year of another calendar is called so.
#[must_use]
pub fn is_solar_year(year: u32) -> bool {
    SOLAR_YEARS.contains(&year)
}

/// The day of these numbers in the solar Hijri calendar, where the year is one of it. `None` for 30 Esfand of a common year.
#[must_use]
pub fn solar_day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let month = u8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    let year = is_solar_year(year).then(|| i32::try_from(year).ok())??;
    let date = Date::try_new(year.into(), Month::new(month), u8::try_from(day).ok()?, Persian).ok()?;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(date.to_rata_die().to_i64_date()).ok()?)
}

/// The ASCII digit of another one.
#[must_use]
pub fn ascii_digit(c: char) -> Option<char> {
    let code = c as u32;
    ZEROS.iter().find_map(|zero| char::from_digit(code.checked_sub(*zero as u32).filter(|digit| *digit < 10)?, 10))
}

/// A text with ASCII's digits for all others.
#[must_use]
pub fn with_ascii_digits(text: &str) -> String {
    text.chars().map(|c| ascii_digit(c).unwrap_or(c)).collect()
}

/// A day, or a time that begins with one, as ISO 8601 has it: `۱۴۰۵/۰۶/۱۲` is `2026-09-03`. What begins with no day stays as it is.
/// A year of the solar Hijri calendar is read as such, as in front matter; a day that it has not, and a year that can be no
/// text's, are faults.
pub fn in_gregorian(text: &str) -> Result<String, DayFault> {
    let text = with_ascii_digits(text.replace(is_unseen, "").trim());
    let Some((year, month, day, rest)) = parts(&text) else {
        // Signs and blanks within, which chrono takes, stand in no day that anybody writes.
        return if text.parse::<NaiveDate>().is_ok() { Err(no_day(&text)) } else { Ok(text) };
    };
    let written = &text[..text.len() - rest.len()];
    let is_solar = is_solar_year(year);
    let date = if is_solar {
        solar_day(year, month, day)
    } else {
        i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
    };
    match date {
        Some(date) if date.year() >= FIRST_YEAR => Ok(format!("{date}{rest}")),
        None if is_solar => Err(DayFault {
            message: format!("`{written}` is no day of the solar Hijri calendar"),
            hint: "its first six months have 31 days, the others 30, and the last one 29 in common years".to_owned(),
        }),
        _ if written.find(|c: char| !c.is_ascii_digit()) != Some(4) => Err(DayFault {
            message: format!("`{written}` does not begin with a year of four digits"),
            hint: "a date is like `2026-07-01`, or `1405-04-10` in the solar Hijri calendar".to_owned(),
        }),
        None => Ok(text),
        Some(_) => Err(DayFault {
            message: format!("`{written}` is a day of the year {year}, when nothing was printed"),
            hint: YEARS.to_owned(),
        }),
    }
}

/// Reads a day: see [`in_gregorian`].
pub fn read_day(text: &str) -> Result<NaiveDate, DayFault> {
    in_gregorian(text)?.parse().map_err(|_| no_day(text.trim()))
}

fn no_day(text: &str) -> DayFault {
    DayFault { message: format!("`{text}` is not a date"), hint: "a date is like `2026-07-01`".to_owned() }
}

/// Year, month and day that a text begins with, and what stands behind them. Where the year is not written whole these may be a
/// day and a month before a year.
fn parts(text: &str) -> Option<(u32, u32, u32, &str)> {
    let year_end = text.find(|c: char| !c.is_ascii_digit())?;
    let separator = text[year_end..].chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.splitn(3, separator);
    let (year, month, behind) = (parts.next()?, parts.next()?, parts.next()?);
    let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    let (day, rest) = behind.split_at(end);
    let number = |part: &str, most: usize| -> Option<u32> {
        let is_one = (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is_one.then(|| part.parse().ok())?
    };
    let is_end = rest.is_empty() || rest.starts_with([' ', 'T', 't']);
    let is_whole = year.len() == 4;
    is_end.then_some((number(year, 4)?, number(month, 2)?, number(day, if is_whole { 2 } else { 4 })?, rest))
}

#[cfg(test)]
mod tests {
    use super::{in_gregorian, read_day, solar_day};

    #[test]
    fn days_are_read_as_in_front_matter() {
        for (text, day) in [
            ("2026-07-01", "2026-07-01"),
            (" 2026/7/1 ", "2026-07-01"),
            ("1405-04-01", "2026-06-22"),
            ("1405-04-31", "2026-07-22"),
            ("۱۴۰۵/۰۶/۱۲", "2026-09-03"),
            ("\u{200f}١٤٠٥-٠٦-١٢", "2026-09-03"),
            ("1605-01-01", "1605-01-01"),
        ] {
            assert_eq!(read_day(text).unwrap().to_string(), day, "{text}");
        }
        assert_eq!(in_gregorian("1405-05-10T18:30:00+03:30").unwrap(), "2026-08-01T18:30:00+03:30");
        assert_eq!(in_gregorian("۱۴۰۵-۰۵-۱۰ ۱۸:۳۰").unwrap(), "2026-08-01 18:30");
        assert_eq!(in_gregorian("soon").unwrap(), "soon");
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, told) in [
            ("1404-12-30", "`1404-12-30` is no day of the solar Hijri calendar"),
            ("1447-01-01", "`1447-01-01` is a day of the year 1447, when nothing was printed"),
            ("0783-12-10", "`0783-12-10` is a day of the year 783, when nothing was printed"),
            ("1299-12-29", "`1299-12-29` is a day of the year 1299, when nothing was printed"),
            ("405-04-01", "`405-04-01` does not begin with a year of four digits"),
            ("05-04-01", "`05-04-01` does not begin with a year of four digits"),
            ("\u{6f0}\u{6f5}/\u{6f4}/\u{6f1}", "`05/4/1` does not begin with a year of four digits"),
            ("5-4-1", "`5-4-1` does not begin with a year of four digits"),
            ("0005-04-01", "`0005-04-01` is a day of the year 5, when nothing was printed"),
            ("01.07.2026", "`01.07.2026` does not begin with a year of four digits"),
            ("-0005-04-01", "`-0005-04-01` is not a date"),
            ("+2026-07-01", "`+2026-07-01` is not a date"),
            ("5 - 4 - 1", "`5 - 4 - 1` is not a date"),
            ("20266-07-01", "`20266-07-01` is not a date"),
            ("2026-02-30", "`2026-02-30` is not a date"),
            ("1405-04", "`1405-04` is not a date"),
            ("2026-07-01T10:00:00Z", "`2026-07-01T10:00:00Z` is not a date"),
            ("", "`` is not a date"),
        ] {
            assert_eq!(read_day(text).unwrap_err().message, told);
        }
    }

    #[test]
    fn times_need_a_whole_year_too() {
        for text in ["05-04-01T10:00:00Z", "05-04-01 10:00", "5/4/1"] {
            assert!(in_gregorian(text).unwrap_err().message.contains("four digits"), "{text}");
        }
        assert!(read_day("1299-12-29").unwrap_err().hint.contains("from 1300 to 1420"));
        assert_eq!(in_gregorian("3.2.1-beta").unwrap(), "3.2.1-beta");
    }

    #[test]
    fn solar_days_are_days() {
        assert_eq!(solar_day(1405, 4, 11).unwrap().to_string(), "2026-07-02");
        assert_eq!(solar_day(1404, 12, 30), None);
        assert_eq!(solar_day(1403, 12, 30).unwrap().to_string(), "2025-03-20");
        assert_eq!((solar_day(1446, 1, 1), solar_day(1405, 13, 1), solar_day(2026, 1, 1)), (None, None, None));
    }
}
