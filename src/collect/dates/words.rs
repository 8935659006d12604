//! Dates with a month in words: RFC 822 and its variants, asctime, "September 5th, 2014".

use chrono::NaiveDate;

use super::{Written, clock};

/// Beginnings of month names, in the languages that feeds were found in: English, German, French, Spanish, Greek.
const MONTHS: [(&str, u32); 41] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("jän", 1),
    ("mär", 3),
    ("mrz", 3),
    ("mai", 5),
    ("okt", 10),
    ("dez", 12),
    ("fév", 2),
    ("fev", 2),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aoû", 8),
    ("déc", 12),
    ("ene", 1),
    ("abr", 4),
    ("ago", 8),
    ("dic", 12),
    ("ιαν", 1),
    ("φεβ", 2),
    ("μάρ", 3),
    ("μαρ", 3),
    ("απρ", 4),
    ("μάι", 5),
    ("μαϊ", 5),
    ("ιούν", 6),
    ("ιούλ", 7),
    ("αύγ", 8),
    ("σεπ", 9),
    ("οκτ", 10),
];

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    // "juin" and "juil" begin like no English month; "jun" and "jul" are looked for first and fit neither.
    MONTHS.iter().find(|(name, _)| word.starts_with(name)).map(|(_, month)| *month)
}

/// Reads day, month and year in either order, then the time and the zone. Weekday names before them are passed over.
pub(super) fn parse(text: &str) -> Option<Written> {
    let spaced = text.replace([',', '-'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let at = words.iter().position(|word| month(word).is_some())?;
    let month = month(words[at])?;
    let before = at.checked_sub(1).and_then(|i| day_of(words[i]));
    let mut rest = at + 1;
    let day = if let Some(day) = before {
        day
    } else {
        rest += 1;
        day_of(words.get(rest - 1)?)?
    };
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
    let date = NaiveDate::from_ymd_opt(year_of(words.get(rest)?)?, month, day)?;
    match (time, tail_after(text, &words, rest)) {
        (Some(time), _) => clock(&format!("{time} {}", zone.unwrap_or_default()), date),
        (None, "") => Some(Written::day(date)),
        (None, tail) => clock(tail, date),
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
    text[at..].trim_start_matches([',', ' ']).trim()
}

fn day_of(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || c == '.');
    ((1..=2).contains(&digits.len())).then(|| digits.parse().ok())?
}

/// Two digits mean 1970 to 2069, as RFC 5322's obsolete syntax nearly says.
fn year_of(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        4 => Some(year),
        _ => None,
    }
}
