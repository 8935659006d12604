//! Days of the lunar Hijri calendar, where its months are in words: `15 رمضان 1447`. In numbers its years are another
//! calendar's, too. Where the moon is looked for, a day may be the one before or after; counted is here as series count
//! (`calendar = "islamic"`): by the tabular calendar of the civil epoch, so that a text is in the month that it names.

use chrono::NaiveDate;
use icu_calendar::Date;
use icu_calendar::cal::Hijri;
use icu_calendar::cal::hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::types::Month;

use super::{Written, clock};

/// The years that are years of this calendar and can be those of a text on the web: 1950 to 2077.
const YEARS: std::ops::RangeInclusive<i32> = 1370..=1500;

/// Its months, in words as [`words`] writes them: without the article, with Persian letters.
const MONTHS: [&[&str]; 12] = [
    &["محرم"],
    &["صفر"],
    &["ربیع اول"],
    &["ربیع اخر", "ربیع ثانی"],
    &["جمادی اولی", "جمادی اول"],
    &["جمادی اخره", "جمادی ثانیه", "جمادی ثانی", "جمادی اخر"],
    &["رجب"],
    &["شعبان"],
    &["رمضان"],
    &["شوال"],
    &["ذو قعده", "ذی قعده", "ذوالقعده", "ذیقعده"],
    &["ذو حجه", "ذی حجه", "ذوالحجه", "ذیحجه"],
];

/// What may stand between the parts of a date, and what stands behind a year.
const PASSED_OVER: [&str; 9] = ["من", "شهر", "عام", "سنه", "ساعت", "ساعه", "ه", "ه.ق", "ق"];

/// Day, month in words and year, in ASCII digits, perhaps behind a weekday and before a time. `ربیع` alone is one of
/// two months, and so none.
pub(super) fn parse(text: &str) -> Option<Written> {
    let text = words(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !PASSED_OVER.contains(word)).collect();
    (1..words.len()).find_map(|at| {
        let number = |word: &str| word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse::<u32>().ok())?;
        let (month, length) = month(&words[at..])?;
        let year = number(words.get(at + length)?)?;
        let date = day(i32::try_from(year).ok()?, month, number(words[at - 1])?)?;
        // Of several days it is not told which is meant.
        if at >= 2 && (number(words[at - 2]).is_some() || words[at - 2] == "-") {
            return None;
        }
        let time = words[at + length + 1..].join(" ");
        if time.is_empty() { Some(Written::day(date)) } else { clock(&time, date) }
    })
}

/// The month with whose name these words begin, and how many of them it is.
fn month(words: &[&str]) -> Option<(u8, usize)> {
    let named = MONTHS.iter().zip(1_u8..).flat_map(|(names, month)| names.iter().map(move |name| (*name, month)));
    named.into_iter().find_map(|(name, month)| {
        let count = name.split(' ').count();
        (words.len() > count && name.split(' ').eq(words[..count].iter().copied())).then_some((month, count))
    })
}

/// The day of these numbers. `None` for the thirtieth of a month that has none.
fn day(year: i32, month: u8, day: u32) -> Option<NaiveDate> {
    let year = Some(year).filter(|year| YEARS.contains(year))?;
    let civil = Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, TabularAlgorithmEpoch::Friday);
    let date = Date::try_new(year.into(), Month::new(month), u8::try_from(day).ok()?, civil).ok()?;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(date.to_rata_die().to_i64_date()).ok()?)
}

/// The words with single spaces, one form of each letter and no article.
fn words(text: &str) -> String {
    let letters: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{640}' | '\u{64b}'..='\u{652}' | '\u{670}'))
        .map(|c| match c {
            'ي' | 'ى' => 'ی',
            'ك' => 'ک',
            'أ' | 'إ' | 'آ' => 'ا',
            'ة' => 'ه',
            '،' | ',' | '\u{200c}' | '\u{200f}' | '\u{200e}' => ' ',
            c => c,
        })
        .collect();
    // A letter that stands for the calendar may be joined to its year: `1447ه`.
    let bare = |word: &str| {
        let word = word.trim_end_matches('.');
        let year = word.trim_end_matches('ه');
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let word = if is_year { year } else { word };
        word.strip_prefix("ال").unwrap_or(word).to_owned()
    };
    letters.split_whitespace().map(bare).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn months_of_the_moon_are_read() {
        for (text, expected) in [
            ("15 رمضان 1447", "2026-03-04"),
            ("١٥ رمضان ١٤٤٧ هـ", "2026-03-04"),
            ("الأربعاء، 15 رمضان 1447هـ", "2026-03-04"),
            ("1 محرم 1448", "2026-06-17"),
            ("المحرم 1448", "-"),
            ("10 ربيع الأول 1447 10:30", "2025-09-03 10:30"),
            ("10 ربیع\u{200c}الثانی 1447", "2025-10-03"),
            ("10 ربيع 1447", "-"),
            ("10 جمادى الآخرة 1447 ه", "2025-12-01"),
            ("9 ذو الحجة 1447", "2026-05-26"),
            ("9 ذی\u{200c}الحجه 1447 ه.ق", "2026-05-26"),
            ("30 صفر 1447", "-"),
            ("10 - 12 رمضان 1447", "-"),
            ("15 رمضان 1300", "-"),
            ("15 رمضان 1447 هـ الموافق 4 مارس 2026", "2026-03-04"),
        ] {
            let shown = parse(text).map_or_else(
                || "-".to_owned(),
                |written| {
                    let time = written.time.map_or_else(String::new, |time| time.format(" %H:%M").to_string());
                    format!("{}{time}", written.date)
                },
            );
            assert_eq!(shown, expected, "{text}");
        }
    }
}
