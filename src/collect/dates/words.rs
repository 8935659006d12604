//! Dates with a month in words: RFC 822 and its variants, asctime, "September 5th, 2014".

use chrono::NaiveDate;

use super::months::month;
use super::{Written, clock};
use crate::model::FIRST_YEAR;

/// Weekdays that stand behind a date.
const WEEKDAYS: [&str; 7] = ["pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar"];

/// What stands behind a year in Russian, Bulgarian, Ukrainian and Polish.
const OF_YEARS: [&str; 7] = ["года", "год", "г", "року", "рік", "р", "r"];

/// What stands behind this word and its full stop.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word).filter(|rest| !rest.starts_with(char::is_alphanumeric))?;
    Some(rest.trim_start_matches(['.', ',', ' ']))
}

/// Reads day, month and year in any order, then the time and the zone. Weekday names before them are passed over; one
/// that begins like a month's (French `mar`) is no month when nothing fits to it.
pub(super) fn parse(text: &str) -> Option<Written> {
    let spaced: String = text.chars().map(|c| if matches!(c, ',' | '-' | '/') { ' ' } else { c }).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let months = words.iter().enumerate().filter_map(|(at, word)| Some((at, month(word)?)));
    months.into_iter().find_map(|(at, month)| around_month(text, &words, at, month))
}

/// Reads the words before and behind the month, which stands at `at`.
fn around_month(text: &str, words: &[&str], at: usize, month: u32) -> Option<Written> {
    let before = at.checked_sub(1).map(|index| words[index]);
    let mut rest = at + 1;
    if let Some(year) = before.filter(|word| word.len() >= 4).and_then(|word| year_of(word.trim_end_matches('.'))) {
        let (day, tail) = day_and_time(words.get(rest)?);
        let date = NaiveDate::from_ymd_opt(year, month, day_of(day)?)?;
        let behind = tail_after(text, words, rest);
        let tail = if tail.is_empty() { behind.to_owned() } else { format!("{tail}{behind}") };
        return if tail.is_empty() { Some(Written::day(date)) } else { clock(&tail, date) };
    }
    // Between day and month a language may write "of".
    let (is_of, before) = match before {
        Some("de" | "of" | "del" | "di") => (true, at.checked_sub(2).map(|index| words[index])),
        before => (false, before),
    };
    let day = if let Some(day) = before.and_then(day_of) {
        day
    } else if let Some(day) = words.get(rest).and_then(|word| day_of(word)) {
        rest += 1;
        day
    } else {
        // "September 2014", as `2014-09` is read.
        let year = words.get(rest).filter(|word| word.len() == 4 && rest + 1 == words.len())?;
        return NaiveDate::from_ymd_opt(year_of(year)?, month, 1).map(Written::day);
    };
    if is_of && matches!(words.get(rest), Some(&("de" | "of" | "del"))) {
        rest += 1;
    }
    let mut time = None;
    if words.get(rest).is_some_and(|word| word.contains(':')) {
        // asctime: the time stands before the year.
        time = Some(words[rest]);
        rest += 1;
    }
    // A zone may stand between them: "Thu Jan 1 19:48:21 UTC 2004".
    let mut zone = None;
    if time.is_some() && words.get(rest).is_some_and(|word| word.chars().all(char::is_alphabetic)) {
        zone = Some(words[rest]);
        rest += 1;
    }
    let year = words.get(rest)?;
    // "July 15 - 17, 2026" is more than one day.
    let is_whole = |word: &&str| word.len() == 4 && year_of(word).is_some();
    if year.len() == 2 && time.is_none() && words.get(rest + 1).is_some_and(is_whole) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year_of(year)?, month, day)?;
    // In Turkish the weekday stands behind the year.
    if words.get(rest + 1).is_some_and(|word| WEEKDAYS.contains(&word.to_lowercase().as_str())) {
        let tail = tail_after(text, words, rest + 1);
        return if tail.is_empty() { Some(Written::day(date)) } else { clock(tail, date) };
    }
    let tail = tail_after(text, words, rest);
    match (time, OF_YEARS.iter().find_map(|word| after_word(tail, word)).unwrap_or(tail)) {
        (Some(time), _) => clock(&format!("{time} {}", zone.unwrap_or_default()), date),
        (None, "") => Some(Written::day(date)),
        (None, tail) => clock(tail, date),
    }
}

/// `13T9:15` is a day and a time.
fn day_and_time(word: &str) -> (&str, &str) {
    match word.find('T') {
        Some(at) if word[at..].contains(':') => (&word[..at], &word[at + 1..]),
        _ => (word, ""),
    }
}

/// What stands in the original text after the word `index`: its hyphens belong to the zone.
fn tail_after<'a>(text: &'a str, words: &[&str], index: usize) -> &'a str {
    let mut at = 0;
    for word in &words[..=index] {
        match text[at..].find(word) {
            Some(found) => at += found + word.len(),
            None => return "",
        }
    }
    text[at..].trim_start_matches([',', ' ', '.']).trim()
}

fn day_of(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    ((1..=2).contains(&digits.len())).then(|| digits.parse().ok())?
}

/// Two digits mean 1970 to 2069, as RFC 5322's obsolete syntax nearly says.
pub(super) fn year_of(word: &str) -> Option<i32> {
    let word = word.trim_start_matches(['\'', '\u{2019}']);
    let year: i32 = word.parse().ok()?;
    match word.len() {
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        // As in `numeric`: an earlier year is none.
        4 if year >= FIRST_YEAR => Some(year),
        _ => None,
    }
}
