//! What people and programs set around the parts of a date that mean nothing: taken away before it is read.

use std::borrow::Cow;

use super::months;

/// Signs that stand between spaces before a time of day.
const BEFORE_TIME: [&str; 8] = [" - ", " \u{2013} ", " \u{2014} ", " | ", " @ ", " \u{b7} ", " \u{2022} ", " / "];

/// The text in its plain order: `July 15, 2026 - 10:00` without the sign, `2026/07/15 (Wed) 10:00` without the weekday,
/// `2026. 7. 15.` without spaces, `Wed Jul 15 10:00:00 -0400 2026` with the year before the time.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut plain = Cow::Borrowed(text);
    for step in [
        months::in_one_word,
        apart_from_its_month,
        without_weekday_behind,
        without_sign_before_time,
        with_dots_alone,
        with_year_before_time,
    ] {
        if let Some(next) = step(&plain) {
            plain = Cow::Owned(next);
        }
    }
    plain
}

/// `02Jun2026` with spaces around the month.
fn apart_from_its_month(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphabetic) {
        let from = text.len() - rest.len() + start;
        let length = text[from..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - from);
        let (before, word, behind) = (&text[..from], &text[from..from + length], &text[from + length..]);
        let is_joined = before.ends_with(is_digit) || behind.starts_with(is_digit);
        if is_joined && word.len() > 2 && months::month(word).is_some() {
            return Some(format!("{before} {word} {behind}"));
        }
        rest = behind;
    }
    None
}

/// A weekday in parentheses between a day and a time.
fn without_weekday_behind(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(['(', '\u{ff08}'])?;
    let (within, after) = rest.split_once([')', '\u{ff09}'])?;
    let is_between = before.trim_end().ends_with(is_digit) && after.trim_start().starts_with(is_digit);
    (is_between && within.chars().all(|c| c.is_alphabetic() || c == '.'))
        .then(|| format!("{} {}", before.trim_end(), after.trim_start()))
}

/// A sign between spaces, behind which a time of day stands.
fn without_sign_before_time(text: &str) -> Option<String> {
    BEFORE_TIME.iter().find_map(|sign| {
        let (before, after) = text.split_once(sign)?;
        let after = after.trim_start();
        let digits = after.find(|c| !is_digit(c)).filter(|end| matches!(end, 1 | 2))?;
        let is_time = after[digits..].starts_with([':', 'h'])
            || (after[digits..].starts_with('.') && !after[digits + 1..].contains('.'));
        (is_time && before.ends_with(|c: char| is_digit(c) || c == '.')).then(|| format!("{before} {after}"))
    })
}

/// Numbers with a full stop and a space between them, as Korean, Czech and German have them.
fn with_dots_alone(text: &str) -> Option<String> {
    let start = text.find(is_digit)?;
    let (first, rest) = part(&text[start..])?;
    let (second, rest) = part(rest)?;
    let end = rest.find(|c| !is_digit(c)).unwrap_or(rest.len());
    let is_day = (first.len() <= 2 && end == 4) || (first.len() == 4 && (1..=2).contains(&end));
    let after = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    is_day.then(|| format!("{}{first}.{second}.{}{after}", &text[..start], &rest[..end]))
}

/// Some digits before a full stop, and what stands behind its spaces.
fn part(text: &str) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_once('.')?;
    (!digits.is_empty() && digits.len() <= 4 && digits.chars().all(is_digit)).then(|| (digits, rest.trim_start()))
}

/// A year behind the offset of its time, as one large service wrote its dates.
fn with_year_before_time(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [before @ .., time, offset, year] = words.as_slice() else { return None };
    let is_offset = offset.starts_with(['+', '-']) && offset[1..].chars().all(|c| is_digit(c) || c == ':');
    let is_year = year.len() == 4 && year.chars().all(is_digit);
    (is_offset && is_year && time.contains(':') && before.len() >= 2)
        .then(|| format!("{} {year} {time} {offset}", before.join(" ")))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
