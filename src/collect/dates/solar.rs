//! Days of the solar Hijri calendar, by which Iran and Afghanistan count: `1405-04-11`, `11 تیر 1405`.

use super::{Written, clock};
use crate::model::solar_day;

/// Its months, with letters as [`letters`] writes them: those of Iran, of which the fifth is written in two ways, and those of
/// Afghanistan in Dari and in Pashto.
const MONTHS: [(&str, u32); 37] = [
    ("فروردین", 1),
    ("اردیبهشت", 2),
    ("خرداد", 3),
    ("تیر", 4),
    ("مرداد", 5),
    ("امرداد", 5),
    ("شهریور", 6),
    ("مهر", 7),
    ("آبان", 8),
    ("آذر", 9),
    ("دی", 10),
    ("بهمن", 11),
    ("اسفند", 12),
    ("حمل", 1),
    ("ثور", 2),
    ("جوزا", 3),
    ("سرطان", 4),
    ("اسد", 5),
    ("سنبله", 6),
    ("میزان", 7),
    ("عقرب", 8),
    ("قوس", 9),
    ("جدی", 10),
    ("دلو", 11),
    ("حوت", 12),
    ("وری", 1),
    ("غویی", 2),
    ("غبرګولی", 3),
    ("چنګاښ", 4),
    ("زمری", 5),
    ("وږی", 6),
    ("تله", 7),
    ("لړم", 8),
    ("لیندۍ", 9),
    ("مرغومی", 10),
    ("سلواغه", 11),
    ("کب", 12),
];

/// What may stand between the parts of a date, and behind its year.
const PASSED_OVER: [&str; 7] = ["-", "ماه", "ساعت", "ش", "ه.ش", "خورشیدی", "شمسی"];

/// Day, month in words and year, in ASCII digits, perhaps behind a weekday and before a time.
pub(super) fn parse(text: &str) -> Option<Written> {
    let text = letters(text);
    let mut words = text.split_whitespace().filter(|word| !PASSED_OVER.contains(word));
    let mut before = None;
    loop {
        let word = words.next()?;
        // "The month of" may be joined to its name.
        let name = word.strip_suffix("ماه").unwrap_or(word);
        let Some((_, month)) = MONTHS.iter().find(|(month, _)| *month == name) else {
            before = Some(word);
            continue;
        };
        let number = |word: &str| word.parse::<u32>().ok();
        let date = solar_day(words.next().and_then(number)?, *month, before.and_then(number)?)?;
        let time = words.collect::<Vec<_>>().join(" ");
        return if time.is_empty() { Some(Written::day(date)) } else { clock(&time, date) };
    }
}

/// The letters as Persian writes them, where an Arabic keyboard wrote others; commas as spaces.
fn letters(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'ي' | 'ى' => 'ی',
            'ك' => 'ک',
            '،' | ',' | '\u{200c}' => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn months_in_words() {
        for (text, expected) in [
            ("11 تیر 1405", "2026-07-02"),
            ("پنجشنبه، 11 تير 1405", "2026-07-02"),
            ("پنجشنبه 11 تیر 1405 - ساعت 10:30", "2026-07-02 10:30"),
            ("11 سرطان 1405", "2026-07-02"),
            ("11 چنګاښ 1405", "2026-07-02"),
            ("11 تیر 1405 ه.ش", "2026-07-02"),
        ] {
            let written = parse(text).unwrap_or_else(|| panic!("{text}"));
            let time = written.time.map_or_else(String::new, |time| time.format(" %H:%M").to_string());
            assert_eq!(format!("{}{time}", written.date), expected, "{text}");
        }
        assert_eq!(parse("32 تیر 1405"), None);
        assert_eq!(parse("تیر"), None);
    }
}
