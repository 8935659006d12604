//! Zone names as mail and feeds write them.

use chrono::{FixedOffset, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

/// Names and what they are east of Greenwich, in minutes. The first eleven are RFC 822's; where a name means several
/// zones, the one that feeds use most is meant.
const NAMES: [(&str, i32); 66] = [
    ("UT", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("UTC", 0),
    ("AST", -240),
    ("ADT", -180),
    ("NST", -210),
    ("NDT", -150),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("BRT", -180),
    ("ART", -180),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MET", 60),
    ("MEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("MSD", 240),
    ("IRST", 210),
    ("IST", 330),
    ("SGT", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("ACST", 570),
    ("ACDT", 630),
    ("AWST", 480),
    ("WAT", 60),
    ("CAT", 120),
    ("SAST", 120),
    ("EAT", 180),
    ("TRT", 180),
    ("IDT", 180),
    ("IRDT", 270),
    ("GST", 240),
    ("PKT", 300),
    ("NPT", 345),
    ("ICT", 420),
    ("WIB", 420),
    ("HKT", 480),
    ("PHT", 480),
    ("YEKT", 300),
    ("NOVT", 420),
    ("VLAT", 600),
    ("COT", -300),
    ("PET", -300),
    ("UYT", -180),
    ("MEZ", 60),
    ("MESZ", 120),
];

/// Names in full, as browsers write them behind a time, and what they are east of Greenwich, in minutes.
const IN_FULL: [(&str, i32); 24] = [
    ("Coordinated Universal Time", 0),
    ("Greenwich Mean Time", 0),
    ("British Summer Time", 60),
    ("Irish Standard Time", 60),
    ("Western European Standard Time", 0),
    ("Western European Summer Time", 60),
    ("Central European Standard Time", 60),
    ("Central European Summer Time", 120),
    ("Eastern European Standard Time", 120),
    ("Eastern European Summer Time", 180),
    ("Moscow Standard Time", 180),
    ("Iran Standard Time", 210),
    ("India Standard Time", 330),
    ("China Standard Time", 480),
    ("Japan Standard Time", 540),
    ("Korean Standard Time", 540),
    ("Eastern Standard Time", -300),
    ("Eastern Daylight Time", -240),
    ("Central Standard Time", -360),
    ("Central Daylight Time", -300),
    ("Mountain Standard Time", -420),
    ("Mountain Daylight Time", -360),
    ("Pacific Standard Time", -480),
    ("Pacific Daylight Time", -420),
];

/// The offset of a zone that is named in full.
pub(super) fn in_full(name: &str) -> Option<FixedOffset> {
    let minutes =
        IN_FULL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, minutes)| *minutes);
    FixedOffset::east_opt(minutes? * 60)
}

/// The offset of a zone token: `Z`, `+0100`, `+01:00`, `-5`, `GMT+2`, a name of the table, or an IANA name.
pub(super) fn offset(token: &str, local: NaiveDateTime) -> Option<FixedOffset> {
    let token = token.trim_matches(['(', ')', '[', ']']);
    if token.starts_with(['+', '-', '\u{2212}']) {
        return numeric(token);
    }
    for name in ["GMT", "UTC"] {
        if let Some(rest) = token.strip_prefix(name).filter(|rest| rest.starts_with(['+', '-'])) {
            return numeric(rest);
        }
    }
    let minutes = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(token)).map(|(_, minutes)| *minutes);
    if let Some(minutes) = minutes {
        return FixedOffset::east_opt(minutes * 60);
    }
    // RFC 5322, 4.3: the military zones were defined wrongly and mean no more than "unknown".
    if token.len() == 1 && token.bytes().all(|b| b.is_ascii_alphabetic()) {
        return FixedOffset::east_opt(0);
    }
    if token.contains('/') {
        let tz: Tz = token.parse().ok()?;
        return tz.from_local_datetime(&local).earliest().map(|at| chrono::Offset::fix(at.offset()));
    }
    None
}

fn numeric(token: &str) -> Option<FixedOffset> {
    let sign = if token.starts_with('+') { 1 } else { -1 };
    let digits = token.trim_start_matches(['+', '-', '\u{2212}']);
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (number(hours, 2)?, number(minutes, 2)?),
        None if digits.len() <= 2 => (number(digits, 2)?, 0),
        None => (number(digits.get(..digits.len() - 2)?, 2)?, number(digits.get(digits.len() - 2..)?, 2)?),
    };
    (hours < 24 && minutes < 60).then(|| FixedOffset::east_opt(sign * (hours * 60 + minutes) * 60)).flatten()
}

fn number(text: &str, most: usize) -> Option<i32> {
    ((1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
