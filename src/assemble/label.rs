//! Which numbers a label says that an editor wrote, or that was printed, and when two labels are one.

use std::ops::RangeInclusive;

use crate::model::{Numbering, is_unseen, with_ascii_digits};

/// What stands between the two numbers of a double issue.
const BETWEEN: [char; 8] = ['-', '/', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}'];
/// How many numbers one issue may have at most: `7/2026` is no issue of two thousand.
const MOST: u64 = 12;
/// Of how many characters two numbers may be.
const LONGEST: usize = 25;

/// The numbers that a label says: as the series writes labels, else plainly. Of a double issue (`7-8`, `2026/7–8`, `۷/۸`) all;
/// `None` where it says none. `year` is that of the issue, by which years are known where the count starts again with each.
pub(super) fn said(numbering: &Numbering, year: i32, label: &str) -> Option<RangeInclusive<u64>> {
    let label = plain(label);
    let fits = |name: &str, digits: &str| match name {
        "year" => {
            let is_any = !numbering.restart_yearly && digits.len() == 4;
            is_any || digits.parse() == Ok(i64::from(year))
        }
        _ => true,
    };
    by_template(&plain(&numbering.label), &label, &fits, None).or_else(|| numbers(&label))
}

/// The numbers of a label that says nothing else.
pub(super) fn said_plainly(label: &str) -> Option<RangeInclusive<u64>> {
    numbers(&plain(label))
}

/// Whether two labels are the same to readers, who see each in the digits of their language.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// A label as it may be typed: with our digits for those of any script, without marks that nobody sees.
#[must_use]
pub fn plain(text: &str) -> String {
    with_ascii_digits(text.replace(is_unseen, "").trim())
}

/// A number, or the first of several to the last.
fn numbers(text: &str) -> Option<RangeInclusive<u64>> {
    if let Ok(number) = text.parse() {
        return Some(number..=number);
    }
    let (first, last) = text.split_once(BETWEEN)?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first < last && last - first < MOST).then_some(first..=last)
}

/// Reads a text as this template writes it: the numbers that stand for `{number}`, with those that were `found` before this
/// part of it. Each field takes as much as leaves enough for the rest.
fn by_template(
    template: &str,
    text: &str,
    fits: &dyn Fn(&str, &str) -> bool,
    found: Option<RangeInclusive<u64>>,
) -> Option<RangeInclusive<u64>> {
    let Some((before, after)) = template.split_once('{') else { return found.filter(|_| template == text) };
    let text = text.strip_prefix(before)?;
    let (field, after) = after.split_once('}')?;
    let (name, width) = field.split_once(':').unwrap_or((field, "1"));
    let width = width.parse().unwrap_or(1).max(1);
    let is_number = |c: &char| c.is_ascii_digit() || *c == ' ' || BETWEEN.contains(c);
    let ends = text.char_indices().take(LONGEST).take_while(|(_, c)| is_number(c)).map(|(at, c)| at + c.len_utf8());
    ends.collect::<Vec<_>>().into_iter().rev().find_map(|end| {
        let (value, rest) = text.split_at(end);
        if name == "number" {
            return by_template(after, rest, fits, Some(numbers(value)?));
        }
        let is_field = value.len() >= width && value.bytes().all(|byte| byte.is_ascii_digit()) && fits(name, value);
        if is_field { by_template(after, rest, fits, found.clone()) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::{is_same, said, said_plainly};
    use crate::model::Numbering;

    fn numbering(label: &str, restart_yearly: bool) -> Numbering {
        Numbering { label: label.to_owned(), restart_yearly, first_volume: Some(1), ..Numbering::default() }
    }

    #[test]
    fn numbers_are_read_as_the_series_writes_them() {
        for (template, label, first, last) in [
            ("{number}", "9", 9, 9),
            ("{number}", " 7-8 ", 7, 8),
            ("{number}", "7 – 8", 7, 8),
            ("{number}", "۷/۸", 7, 8),
            ("{number}", "٧‐٩", 7, 9),
            ("{number}", "1-12", 1, 12),
            ("{year}/{number}", "2026/9", 9, 9),
            ("{year}/{number}", "۲۰۲۶/۹", 9, 9),
            ("{year}/{number}", "2026/7/8", 7, 8),
            ("{year}/{number}", "2026/7-8", 7, 8),
            ("{year}/{number}", "9", 9, 9),
            ("{year}/{number:2}", "2026/9", 9, 9),
            ("{year}{number:2}", "202609", 9, 9),
            ("{number}/{year}", "7/2026", 7, 7),
            ("{number}/{year}", "7/8/2026", 7, 8),
            ("{number}/{year}", "12/2026", 12, 12),
            ("{number}/{month}", "7/8", 7, 7),
            ("{volume}/{number}", "3/7", 7, 7),
            ("{volume}.{number} ({month})", "3.7–8 (11)", 7, 8),
            ("No. {number}", "No. 7-8", 7, 8),
            ("No. {number}", "No. 7", 7, 7),
            ("شماره {number}", "\u{200f}شماره ۷", 7, 7),
        ] {
            assert_eq!(said(&numbering(template, false), 2026, label), Some(first..=last), "{template} of {label}");
        }
    }

    #[test]
    fn what_is_no_number_of_the_series_is_none() {
        for (template, label) in [
            ("{number}", "Summer"),
            ("{number}", "XII"),
            ("{number}", "7/2026"),
            ("{number}", "2026-27"),
            ("{number}", "8-7"),
            ("{number}", "1-13"),
            ("{number}", "Summer 8"),
            ("{number}", ""),
            ("{year}", "Summer"),
            ("{year}-{month}", "2026-9"),
            ("No. {number}", "Nr. 7"),
        ] {
            assert_eq!(said(&numbering(template, false), 2026, label), None, "{template} of {label}");
        }
    }

    #[test]
    fn a_year_is_the_issues_where_the_count_starts_again() {
        let numbering = numbering("{year}/{number}", true);
        assert_eq!(said(&numbering, 2026, "2026/9"), Some(9..=9));
        assert_eq!(said(&numbering, 1405, "۱۴۰۵/۹"), Some(9..=9));
        assert_eq!(said(&numbering, 2026, "2025/9"), None);
    }

    #[test]
    fn labels_that_readers_see_as_one_are_the_same() {
        assert!(is_same("۱۴۰۵/۲", " 1405/2"));
        assert!(!is_same("1405/2", "1405/02"));
        assert_eq!(said_plainly("۹۰–۹۱"), Some(90..=91));
        assert_eq!(said_plainly("2026/9/1"), None);
    }
}
