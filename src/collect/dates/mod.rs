//! Dates as front matter and feeds write them.
//!
//! One reader for ISO 8601 and its neighbours, RFC 822 and its variants, and dates in words. What is not a date of the
//! calendar is `None`, never a guess.

mod eras;
mod habits;
mod lunar;
mod months;
mod numeric;
mod solar;
mod words;
mod zones;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::model::{ascii_digit, is_unseen, solar_day, with_ascii_digits};

/// A date as written: perhaps without a time, perhaps without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The day.
    pub date: NaiveDate,
    /// The time of day, where it is written.
    pub time: Option<NaiveTime>,
    /// The zone, where it is written.
    pub offset: Option<FixedOffset>,
}

impl Written {
    /// A day alone.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self { date, time: None, offset: None }
    }

    /// The instant: a day alone begins at midnight; what names no zone is meant in `zone`. A time that a clock
    /// skipped moves forwards by as much as the clock did; of a repeated one the first is meant.
    #[must_use]
    pub fn instant(&self, zone: Tz) -> DateTime<Utc> {
        let naive = self.date.and_time(self.time.unwrap_or(NaiveTime::MIN));
        match self.offset {
            Some(offset) => DateTime::from_naive_utc_and_offset(naive - offset, Utc),
            None => local_instant(naive, zone),
        }
    }
}

/// When something was changed, unless that is still to come. A day's difference is no fault: days begin earlier elsewhere, feeds
/// name a local time as if it were Greenwich's, and clocks go wrong.
pub(super) fn believed(changed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    changed.filter(|changed| *changed - now <= TimeDelta::days(1))
}

/// The instant of a local time, moved forwards out of a gap.
fn local_instant(naive: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(at) = zone.from_local_datetime(&naive).earliest() {
        return at.to_utc();
    }
    let before = naive.checked_sub_days(Days::new(1)).unwrap_or(naive);
    let offset = zone.offset_from_utc_datetime(&before);
    DateTime::from_naive_utc_and_offset(naive - chrono::Offset::fix(&offset), Utc)
}

/// Reads a date. `None` when it is not one, or not one of the calendar.
#[must_use]
pub fn parse(text: &str) -> Option<Written> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '"' | '\''));
    if text.chars().nth(100).is_some() {
        return None;
    }
    // Dates in Arabic and Hebrew have signs between their parts that turn them; two others join letters or part them.
    let turns = |c: char| is_unseen(c) && !matches!(c, '\u{200c}' | '\u{200d}');
    let seen: String;
    let text = if text.contains(turns) {
        seen = text.replace(turns, "");
        seen.as_str()
    } else {
        text
    };
    let ascii;
    let text = if text.chars().any(|c| ascii_digit(c).is_some() || HYPHENS.contains(&c) || c == ARABIC_COMMA) {
        ascii = in_ascii(text);
        ascii.as_str()
    } else {
        text
    };
    let common = eras::plain(text);
    let text = common.as_deref().unwrap_or(text);
    let spaced = of_log(text);
    let text = spaced.as_deref().unwrap_or(text);
    let text = &*habits::plain(text);
    if let Some(plain) = months::from_east_asia(text) {
        return numeric::parse(&plain);
    }
    let read = |text: &str| {
        let in_words = || words::parse(text).or_else(|| solar::parse(text)).or_else(|| lunar::parse(text));
        numeric::parse(text).or_else(in_words)
    };
    // A weekday may stand before numbers, too.
    let written = read(text).or_else(|| {
        let (weekday, rest) = text.split_once([' ', ','])?;
        let is_day = rest.contains(['-', '/', '.']) && weekday.chars().all(|c| c.is_alphabetic() || c == '.');
        is_day.then(|| numeric::parse(rest.trim_start()))?
    });
    let written = written.or_else(|| before_clock(text).and_then(|day| read(day).filter(|day| day.time.is_none())));
    written.filter(|written| !is_unset(written))
}

/// What stands before a time of day behind which nobody knows what a word means: it may be of the morning or of the evening, or a zone.
fn before_clock(text: &str) -> Option<&str> {
    let hour = text[..text.find(':')?].trim_end_matches(|c: char| c.is_ascii_digit());
    let (day, clock) = text.split_at(hour.len());
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(clock.len());
    let (time, rest) = clock.split_at(end);
    let is_known = time_of_day(time).is_some() && !rest.contains(char::is_numeric);
    (is_known && day.ends_with([' ', ','])).then(|| day.trim_end_matches([' ', ',']))
}

/// Whether this is the beginning of 1970, in whichever zone: what programs write for no date.
fn is_unset(written: &Written) -> bool {
    let day = NaiveDate::from_ymd_opt(1970, 1, 1);
    day == Some(written.date) && written.time.is_none_or(|time| time == NaiveTime::MIN)
}

/// Signs that word processors write for a hyphen: hyphen, non-breaking hyphen, figure dash, en dash, minus.
const HYPHENS: [char; 5] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}'];

/// The comma of Arabic and Persian.
const ARABIC_COMMA: char = '\u{60c}';

/// A text with ASCII's digits and comma, and its hyphen where nothing but a letter or a digit stands behind one.
fn in_ascii(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut ascii = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let joins = HYPHENS.contains(&c) && chars.peek().is_some_and(|next| next.is_alphanumeric());
        ascii.push(match c {
            _ if joins => '-',
            ARABIC_COMMA => ',',
            c => ascii_digit(c).unwrap_or(c),
        });
    }
    ascii
}

/// `02/Jul/2026:10:00:00 +0200`, as servers date the lines of their logs, with a space before the time.
fn of_log(text: &str) -> Option<String> {
    let (day, time) = text.split_once(':')?;
    let parts: Vec<&str> = day.split('/').collect();
    let is_day =
        matches!(parts.as_slice(), [_, month, year] if year.len() == 4 && month.chars().all(char::is_alphabetic));
    is_day.then(|| format!("{day} {time}"))
}

/// Words that may stand between a day and a time.
const AT: [&str; 16] = [
    "at ", "ora ", "um ", "\u{e0} ", "alle ", "ore ", "a las ", "kl. ", "\u{432} ", "\u{e0}s ", "om ", "klo ",
    "klokken ", "godz. ", "v ", "pukul ",
];

/// Words that may stand behind a time without a zone.
const OCLOCK: [&str; 3] = ["Uhr", "uur", "hs"];

/// A time of day with what follows it: seconds, a fraction, `pm`, a zone, a comment in parentheses.
fn clock(text: &str, date: NaiveDate) -> Option<Written> {
    let text = AT.iter().find_map(|at| text.strip_prefix(at)).unwrap_or(text).trim_start();
    let colons = with_colons(text).or_else(|| in_words(text));
    let text = colons.as_deref().unwrap_or(text);
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | 'h'))).unwrap_or(text.len());
    let (time, rest) = text.split_at(end);
    // A comma may stand before the fraction.
    let fraction = rest.strip_prefix(',').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let rest = fraction.unwrap_or(rest).trim();
    let mut rest = OCLOCK.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
    // The year once more, as asctime has it behind the time.
    rest = rest.strip_prefix(&date.format("%Y ").to_string()).unwrap_or(rest).trim_start();
    let time = time.trim_end_matches(['.', 'h']);
    // The end of a day (ISO 8601-1, 4.3.8.2) is the beginning of the next one.
    let is_end = time == "24"
        || time.strip_prefix("24:").is_some_and(|rest| rest.bytes().all(|b| matches!(b, b'0' | b':' | b'.')));
    let date = if is_end { date.succ_opt()? } else { date };
    // An hour alone, before its zone (ISO 8601-1, 5.3.1.3): `10Z`, `10+02:00`.
    let hour = digits(time).filter(|_| time.len() == 2 && rest.starts_with(['Z', 'z', '+']));
    let time_as_written = || hour.map_or_else(|| time_of_day(time), |hour| NaiveTime::from_hms_opt(hour, 0, 0));
    let mut time = if is_end { NaiveTime::MIN } else { time_as_written()? };
    let dotted = [("a.m.", "am"), ("p.m.", "pm")].into_iter().find_map(|(dotted, half)| {
        let found = rest.get(..dotted.len()).filter(|found| found.eq_ignore_ascii_case(dotted))?;
        Some(format!("{half} {}", &rest[found.len()..]))
    });
    let dotted = dotted.or_else(|| months::half(rest).map(|(half, rest)| format!("{half} {rest}")));
    rest = dotted.as_deref().unwrap_or(rest);
    if let Some((half, after)) = ["am", "pm"].iter().find_map(|half| {
        let found = rest.get(..2).filter(|found| found.eq_ignore_ascii_case(half))?;
        let after = &rest[found.len()..];
        (!after.starts_with(char::is_alphabetic)).then(|| (*half, after.trim_start()))
    }) {
        time = twelve_hours(time, half)?;
        rest = after;
    }
    let naive = date.and_time(time);
    // A zone may be named in parentheses alone; a name that is not known is a comment.
    if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let offset = zones::in_full(inside).or_else(|| zones::offset(inside, naive));
        return Some(Written { date, time: Some(time), offset });
    }
    // Java names the zone behind its offset: `+02:00[Europe/Paris]`.
    let zone = rest.split_whitespace().next().map(|zone| zone.split_once('[').map_or(zone, |(zone, _)| zone));
    let zone = zone.filter(|zone| !zone.is_empty());
    let offset = match zone {
        None => None,
        Some(zone) => Some(zones::offset(zone, naive)?),
    };
    let comment = rest.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    let readable = comment.is_empty() || comment.starts_with(['(', '[']) || zones::offset(&comment, naive).is_some();
    readable.then_some(Written { date, time: Some(time), offset })
}

/// A time with hyphens, `01-08-01`, or full stops, `10.00`, `10.00.00`, with colons. `None` when it is another.
fn with_colons(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let parts: Vec<&str> = text[..end].split('.').collect();
    let is_two = |part: &&str| part.len() == 2;
    let is_time = matches!(parts.len(), 2 | 3) && (1..=2).contains(&parts[0].len()) && parts[1..].iter().all(is_two);
    if is_time && (text[end..].is_empty() || text[end..].starts_with(' ')) {
        return Some(parts.join(":") + &text[end..]);
    }
    let time = text.get(..8).filter(|_| text[8..].is_empty() || text[8..].starts_with(' '))?;
    let is_written = time.bytes().enumerate().all(|(at, b)| if at % 3 == 2 { b == b'-' } else { b.is_ascii_digit() });
    is_written.then(|| time.replace('-', ":") + &text[8..])
}

/// A time without minutes: `3pm`, `3 p.m.`, `noon`, `12 noon`.
fn in_words(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let noon = ["12 noon", "noon"].into_iter().find_map(|noon| lower.strip_prefix(noon));
    if let Some(rest) = noon.filter(|rest| !rest.starts_with(char::is_alphanumeric)) {
        return Some(format!("12:00{}", &text[text.len() - rest.len()..]));
    }
    let end = lower.find(|c: char| !c.is_ascii_digit()).filter(|end| matches!(end, 1 | 2))?;
    let half = lower[end..].trim_start();
    let is_half = ["am", "pm", "a.m.", "p.m."]
        .iter()
        .any(|written| half.strip_prefix(written).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
    is_half.then(|| format!("{}:00 {}", &text[..end], text[end..].trim_start()))
}

fn twelve_hours(time: NaiveTime, half: &str) -> Option<NaiveTime> {
    use chrono::Timelike as _;
    match (time.hour(), half) {
        (12, "am") => time.with_hour(0),
        (hour @ 1..=11, "pm") => time.with_hour(hour + 12),
        _ => Some(time),
    }
}

/// `9:51`, `09:51:03`, `09:51:03.250`; second 60 is 59.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    // `101455`, the basic format of ISO 8601.
    let is_basic = matches!(text.len(), 4 | 6) && text.bytes().all(|b| b.is_ascii_digit());
    if is_basic {
        let (hour, minute) = (digits(&text[..2])?, digits(&text[2..4])?);
        let second = if text.len() == 6 { digits(&text[4..])? } else { 0 };
        return NaiveTime::from_hms_opt(hour, minute, second.min(59));
    }
    let mut parts = text.splitn(3, [':', 'h']);
    let hour = digits(parts.next()?)?;
    let minute = digits(parts.next()?)?;
    let (second, fraction) = match parts.next() {
        None => (0, ""),
        Some(rest) => match rest.split_once('.') {
            Some((second, fraction)) => (digits(second)?, fraction),
            None => (digits(rest)?, ""),
        },
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nano = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    NaiveTime::from_hms_nano_opt(hour, minute, second.min(59), nano)
}

fn digits(text: &str) -> Option<u32> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// A day written as a path or a file name begins: `2025/06/26/…`, `2025-06-26-…`, in whichever digits. `None` for an impossible day.
#[must_use]
pub fn leading_day(text: &str) -> Option<NaiveDate> {
    let ascii = text.chars().next().and_then(ascii_digit).map(|_| with_ascii_digits(text));
    let text = ascii.as_deref().unwrap_or(text);
    let separator = *text.as_bytes().get(4)?;
    if !matches!(separator, b'-' | b'/' | b'_') {
        return None;
    }
    let mut parts = text.splitn(4, char::from(separator));
    let year = parts.next().filter(|year| year.len() == 4)?;
    let month = digits(parts.next()?)?;
    let rest = parts.next()?;
    let day = digits(&rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())])?;
    let year: u32 = year.parse().ok()?;
    let date = || NaiveDate::from_ymd_opt(year as i32, month, day).filter(|date| numeric::is_meant(*date));
    solar_day(year, month, day).or_else(date)
}

#[cfg(test)]
mod tests {
    use super::{leading_day, parse};
    use chrono_tz::Tz;

    fn utc(text: &str) -> String {
        parse(text).map_or_else(|| "-".to_owned(), |w| w.instant(Tz::UTC).format("%F %T").to_string())
    }

    #[test]
    fn hours_alone_and_months_of_two_words_are_read() {
        for (text, expected) in [
            ("2026-06-02T10Z", "2026-06-02 10:00:00"),
            ("2026-06-02T10+02:00", "2026-06-02 08:00:00"),
            ("2026-06-02T25Z", "-"),
            ("5 nentor 2025", "2025-11-05 00:00:00"),
            ("5 dhjetor 2025 ora 14:30", "2025-12-05 14:30:00"),
            ("2 حزيران 2026", "2026-06-02 00:00:00"),
            ("15 آب 2026", "2026-08-15 00:00:00"),
            ("2 تشرين الثاني 2025، 10:30", "2025-11-02 10:30:00"),
            ("5 آبان 1404", "2025-10-27 00:00:00"),
            ("الثلاثاء، 03 مارس 2026 10:00 م", "2026-03-03 22:00:00"),
            ("الثلاثاء، 03 مارس 2026 10:00 ص", "2026-03-03 10:00:00"),
            ("03/03/2026 12:30 صباحًا", "2026-03-03 00:30:00"),
            ("\u{200f}٣١\u{200f}/٣\u{200f}/٢٠٢٦", "2026-03-31 00:00:00"),
            ("۳ جولای ۲۰۲۶", "2026-07-03 00:00:00"),
            ("۳ می ۲۰۲۶", "2026-05-03 00:00:00"),
            ("3 اگست 2026", "2026-08-03 00:00:00"),
            ("۳ دی\u{200c}ماه ۱۴۰۵", "2026-12-24 00:00:00"),
            ("12 تیرماه 1405، 10:30 ب.ظ", "2026-07-03 22:30:00"),
            ("پنج\u{200c}شنبه 11 تیر ماه 1405", "2026-07-02 00:00:00"),
            ("5 میزان 1404", "2025-09-27 00:00:00"),
            ("3 Kor 2026", "2026-07-03 00:00:00"),
            ("Pre, 3 Gsh 2026 10:00", "2026-08-03 10:00:00"),
            ("3 Nen 2026", "2026-11-03 00:00:00"),
            ("3 March 2026, 10:00 e mbr\u{eb}mjes", "2026-03-03 00:00:00"),
            ("2026-03-03 10:00 XYZQ", "2026-03-03 00:00:00"),
            ("2026-03-03 25:00 XYZQ", "-"),
            ("2026-02-30 10:00 XYZQ", "-"),
            ("10:00 XYZQ", "-"),
        ] {
            assert_eq!(utc(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_as_people_write_them() {
        for (text, expected) in [
            ("2013-07-05 09:51", "2013-07-05 09:51:00"),
            ("2020-12-2", "2020-12-02 00:00:00"),
            ("1 июля 2026 г.", "2026-07-01 00:00:00"),
            ("1 июля 2026 года, 12:30", "2026-07-01 12:30:00"),
            ("1 липня 2026 р.", "2026-07-01 00:00:00"),
            ("2026-W27-3", "2026-07-01 00:00:00"),
            ("2026W273T10:00Z", "2026-07-01 10:00:00"),
            ("2026-W01", "2025-12-29 00:00:00"),
            ("2014-03-31T11:02:00-04:00", "2014-03-31 15:02:00"),
            ("2013-06-18T18:12:19.000Z", "2013-06-18 18:12:19"),
            ("2013-07-14 19:38:02 +0200", "2013-07-14 17:38:02"),
            ("2015-01-24 8:43:31 -5", "2015-01-24 13:43:31"),
            ("10:00", "-"),
            ("2017-03-15  01-08-01", "2017-03-15 01:08:01"),
            ("2023-01-29 18:30:22 2023 -0800", "2023-01-30 02:30:22"),
            ("2021-02-30", "-"),
            ("2014-03-31T24:00:00Z", "2014-04-01 00:00:00"),
            ("2014-03-31 24:00", "2014-04-01 00:00:00"),
            ("2014-03-31T24:01:00Z", "-"),
            ("31.3.2014 10.00.05", "2014-03-31 10:00:05"),
            ("5 September 2014 9.30", "2014-09-05 09:30:00"),
            ("September 5, 2014 10:00 p.m.", "2014-09-05 22:00:00"),
            ("2014-09-05 12:15 a.m. GMT", "2014-09-05 00:15:00"),
            ("5 Eylül 2014 Cuma 10:00", "2014-09-05 10:00:00"),
            ("17 Ağustos 2014 Pazar", "2014-08-17 00:00:00"),
            ("5. července 2014", "2014-07-05 00:00:00"),
            ("5. června 2014", "2014-06-05 00:00:00"),
            ("5 października 2014", "2014-10-05 00:00:00"),
            ("5 iunie 2014", "2014-06-05 00:00:00"),
            ("5. marraskuuta 2014", "2014-11-05 00:00:00"),
            ("5 בספטמבר 2014", "2014-09-05 00:00:00"),
            ("2021-(TODO: MM-DD)", "-"),
            ("2022-01-01 14:4g5:00", "-"),
            ("2014-05-04T10:00:00+10:10", "2014-05-03 23:50:00"),
            ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01 19:48:21"),
            ("Thu, 01 Jan 04 19:48:21 EST", "2004-01-02 00:48:21"),
            ("Thu Jan  5 19:48:21 2004", "2004-01-05 19:48:21"),
            ("Tue, 12 Nov 2019 08:00:00 GMT+0000 (Coordinated Universal Time)", "2019-11-12 08:00:00"),
            ("Tue Nov 12 2019 08:00:00 (Coordinated Universal Time)", "2019-11-12 08:00:00"),
            ("Tue Nov 12 2019 08:00:00 (Central European Standard Time)", "2019-11-12 07:00:00"),
            ("2019-11-12 08:00 (EST)", "2019-11-12 13:00:00"),
            ("2019-11-12 08:00 (in the morning)", "2019-11-12 08:00:00"),
            ("July 5, 2026 3pm", "2026-07-05 15:00:00"),
            ("July 5, 2026 at 3 p.m. EST", "2026-07-05 20:00:00"),
            ("5 July 2026, 12am", "2026-07-05 00:00:00"),
            ("July 5, 2026 noon", "2026-07-05 12:00:00"),
            ("2026-07-05 12 noon UTC", "2026-07-05 12:00:00"),
            ("July 5, 2026 13", "-"),
            ("02/Jul/2026:10:00:00 +0200", "2026-07-02 08:00:00"),
            ("2026\u{2013}07\u{2013}02", "2026-07-02 00:00:00"),
            ("2026\u{2011}07\u{2011}02 10:00 \u{2212}0500", "2026-07-02 15:00:00"),
            ("2026-07-02 \u{2013} 2026-07-05", "-"),
            ("5 September 2014", "2014-09-05 00:00:00"),
            ("September 5th, 2014 3:04 pm", "2014-09-05 15:04:00"),
            ("Wed, 31 Dec 2003 10:14:55 America/New_York", "2003-12-31 15:14:55"),
            ("۲۰۲۶-۰۳-۲۱", "2026-03-21 00:00:00"),
            ("20031231", "2003-12-31 00:00:00"),
            ("20031231T101455Z", "2003-12-31 10:14:55"),
            ("2003-335", "2003-12-01 00:00:00"),
            ("2003", "2003-01-01 00:00:00"),
            ("1518478934", "2018-02-12 23:42:14"),
            ("15.7.2014 10:00", "2014-07-15 10:00:00"),
            ("7/15/2014", "2014-07-15 00:00:00"),
            ("7/8/2014", "-"),
            ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15 12:19:53"),
            ("2004-július-13T9:15-05:00", "2004-07-13 14:15:00"),
            ("Σαβ, 03 Ιαν 2004 18:30:00 GMT", "2004-01-03 18:30:00"),
            ("mar, 16 nov 2022 00:38:15 +0100", "2022-11-15 23:38:15"),
            ("Mi, 3. Dezember 2014 um 14:30 Uhr", "2014-12-03 14:30:00"),
            ("le 5 août 2014 à 14h30", "2014-08-05 14:30:00"),
            ("5 de mayo de 2014", "2014-05-05 00:00:00"),
            ("Пт, 05 сен 2014 10:00:00 +0400", "2014-09-05 06:00:00"),
            ("3 korrik 2026", "2026-07-03 00:00:00"),
            ("September 2014", "2014-09-01 00:00:00"),
            ("2014年9月5日(金) 午後3時4分5秒", "2014-09-05 15:04:05"),
            ("2004-05-25 오후 11:23:17", "2004-05-25 23:23:17"),
            ("५ सितंबर २०१४", "2014-09-05 00:00:00"),
            ("2014-03-31T11:02:00.5+02:00[Europe/Paris]", "2014-03-31 09:02:00"),
            ("2014-03-31 11:02:00,250 +0200", "2014-03-31 09:02:00"),
            ("Wed, 30 Nov -0001 00:00:00 +0000", "-"),
            ("0000-00-00 00:00:00", "-"),
            ("0001-01-01T00:00:00Z", "-"),
            ("0012-031", "-"),
            ("1404/05/12", "2025-08-03 00:00:00"),
            ("۱۴۰۴-۰۵-۱۲ 10:00", "2025-08-03 10:00:00"),
            ("۱۲ مرداد ۱۴۰۴", "2025-08-03 00:00:00"),
            ("1446-05-12", "-"),
            ("5 September 1404", "-"),
            ("0012-03-01", "-"),
            ("Mon, 16 Jun 20081 21:47:17 +0000", "-"),
            ("1970-01-01T00:00:00Z", "-"),
            ("Thu, 01 Jan 1970 00:00:00 +0000", "-"),
            ("1970-01-01 08:30", "1970-01-01 08:30:00"),
            ("soon", "-"),
            ("", "-"),
        ] {
            assert_eq!(utc(text), expected, "{text}");
        }
    }

    #[test]
    fn signs_spaces_and_short_years_around_a_date() {
        for (text, expected) in [
            ("07/2014", "2014-07-01 00:00:00"),
            ("15.7.26 10:00", "2026-07-15 10:00:00"),
            ("15.07.98", "1998-07-15 00:00:00"),
            ("7/15/26", "2026-07-15 00:00:00"),
            ("31/7/26", "-"),
            ("31/12/97", "1997-12-31 00:00:00"),
            ("26-07-15", "-"),
            ("2026. 7. 15.", "2026-07-15 00:00:00"),
            ("2026. 7. 15. 10:00", "2026-07-15 10:00:00"),
            ("2026. 7. 15. 오후 3:04", "2026-07-15 15:04:00"),
            ("15. 7. 2026 10.30", "2026-07-15 10:30:00"),
            ("Mi., 15. 07. 2026 - 10:30 Uhr", "2026-07-15 10:30:00"),
            ("Wednesday, July 15, 2026 - 10:00", "2026-07-15 10:00:00"),
            ("15/07/2026 \u{2013} 10:00", "2026-07-15 10:00:00"),
            ("July 15, 2026 @ 10:00 pm", "2026-07-15 22:00:00"),
            ("15 July 2026 | 9.05", "2026-07-15 09:05:00"),
            ("2026/07/15 (Wed) 10:00", "2026-07-15 10:00:00"),
            ("2026/07/15(水) 10:00", "2026-07-15 10:00:00"),
            ("2026年07月15日 星期三 10:30", "2026-07-15 10:30:00"),
            ("2026년 7월 15일 수요일 10:30", "2026-07-15 10:30:00"),
            ("Wed Jul 15 10:00:00 -0400 2026", "2026-07-15 14:00:00"),
            ("15 de julho de 2026 às 10:30", "2026-07-15 10:30:00"),
            ("15 juli 2026 om 10:30 uur", "2026-07-15 10:30:00"),
            ("15 lipca 2026 r.", "2026-07-15 00:00:00"),
            ("15 юли 2026 г.", "2026-07-15 00:00:00"),
            ("July 15 - 17, 2026", "-"),
            ("July 15, 2026 10:00 - 11:30", "-"),
            ("Summer 2026", "-"),
            ("Tue,02Jun2026", "2026-06-02 00:00:00"),
            ("Tue,02Jun2026 10:30 GMT", "2026-06-02 10:30:00"),
            ("02JUN2026", "2026-06-02 00:00:00"),
            ("Jun02,2026", "2026-06-02 00:00:00"),
            ("2026Jun02", "2026-06-02 00:00:00"),
            ("Tue,45Jun2026", "-"),
            ("2026153", "2026-06-02 00:00:00"),
            ("2026153T103000Z", "2026-06-02 10:30:00"),
            ("2026366", "-"),
            ("2026000", "-"),
        ] {
            assert_eq!(utc(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(
            text in "\\PC{0,40}",
            pieces in proptest::collection::vec("[0-9]{1,14}|[-+/:.,T Zhé年月日]|Jan|mar|GMT|pm|오후|de|\\(|\\[", 0..14),
        ) {
            for text in [text, pieces.concat(), pieces.join(" ")] {
                if let Some(written) = parse(&text) {
                    let _ = written.instant(Tz::America__New_York);
                }
                let _ = leading_day(&text);
            }
        }
    }

    #[test]
    fn a_time_that_the_clock_skipped_moves_forwards() {
        let tirane: Tz = "Europe/Tirane".parse().unwrap();
        let at = parse("2026-03-29 02:30").unwrap().instant(tirane);
        assert_eq!(at.to_rfc3339(), "2026-03-29T01:30:00+00:00");
        let tehran: Tz = "Asia/Tehran".parse().unwrap();
        let at = parse("2021-03-22").unwrap().instant(tehran);
        assert_eq!(at.to_rfc3339(), "2021-03-21T20:30:00+00:00");
    }

    #[test]
    fn days_in_paths() {
        assert_eq!(leading_day("2025/06/26/a-post").unwrap().to_string(), "2025-06-26");
        assert_eq!(leading_day("2014-03-31-fbopen").unwrap().to_string(), "2014-03-31");
        assert_eq!(leading_day("2021-02-30-x"), None);
        assert_eq!(leading_day("005-2016-Feb-1"), None);
        assert_eq!(leading_day("0012-03-01-x"), None);
        assert_eq!(leading_day("1405-04-11-x").unwrap().to_string(), "2026-07-02");
        assert_eq!(leading_day("۱۴۰۵-۰۴-۱۱-نام").unwrap().to_string(), "2026-07-02");
        assert_eq!(leading_day("۲۰۲۶/۰۷/۰۲/نام").unwrap().to_string(), "2026-07-02");
    }
}
