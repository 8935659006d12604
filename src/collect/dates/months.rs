//! Names of months and halves of the day, in the languages that feeds and posts were found in.

/// Beginnings of month names; the longest that a word begins with counts.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "jän",
        "ene",
        "gen",
        "sty",
        "ιαν",
        "янв",
        "січ",
        "يناير",
        "ژانویه",
        "جنوری",
        "जन",
        "জানু",
        "ஜன",
        "oca",
        "sausio",
        "led",
        "ian",
        "tam",
        "ינואר",
    ],
    &[
        "feb",
        "fév",
        "fev",
        "fév",
        "lut",
        "shk",
        "φεβ",
        "фев",
        "лют",
        "فبراير",
        "شباط",
        "فوریه",
        "فبروری",
        "فبرواری",
        "فروری",
        "फ़र",
        "फर",
        "ফেব্রু",
        "பிப்",
        "şub",
        "vasario",
        "úno",
        "hel",
        "פברואר",
    ],
    &[
        "mar",
        "mär",
        "mrz",
        "már",
        "maa",
        "μάρ",
        "μαρ",
        "мар",
        "бер",
        "مارس",
        "آذار",
        "مارچ",
        "اذار",
        "मार्च",
        "মার্চ",
        "மார்",
        "bře",
        "kovo",
        "מרץ",
        "מרס",
    ],
    &[
        "apr",
        "avr",
        "abr",
        "ápr",
        "kwi",
        "pri",
        "απρ",
        "апр",
        "кві",
        "أبريل",
        "نيسان",
        "ابريل",
        "آوریل",
        "اپریل",
        "آپریل",
        "अप्रै",
        "এপ্রি",
        "ஏப்",
        "nis",
        "baland",
        "dub",
        "huh",
        "אפריל",
    ],
    &[
        "may", "mai", "mei", "maj", "máj", "mag", "μάι", "μαϊ", "μαι", "май", "мая", "тра", "مايو", "أيار", "ايار",
        "مه", "می", "مئی", "मई", "মে", "மே", "kvě", "geguž", "tou", "מאי",
    ],
    &[
        "jun",
        "juin",
        "jún",
        "giu",
        "cze",
        "qer",
        "ιούν",
        "ιουν",
        "ιον",
        "июн",
        "юни",
        "чер",
        "يونيو",
        "حزيران",
        "ژوئن",
        "جون",
        "जून",
        "জুন",
        "ஜூன்",
        "haz",
        "birž",
        "červen",
        "červn",
        "iun",
        "kes",
        "יוני",
    ],
    &[
        "jul",
        "juil",
        "júl",
        "lug",
        "lip",
        "korr",
        "ιούλ",
        "ιουλ",
        "ιολ",
        "июл",
        "юли",
        "лип",
        "يوليو",
        "تموز",
        "ژوئیه",
        "جولای",
        "جولائی",
        "kor",
        "जुला",
        "জুলা",
        "ஜூலை",
        "tem",
        "liep",
        "červenc",
        "červenec",
        "iul",
        "hei",
        "יולי",
    ],
    &[
        "aug",
        "aoû",
        "aou",
        "ago",
        "sie",
        "gus",
        "αύγ",
        "αυγ",
        "авг",
        "сер",
        "أغسطس",
        "اغسطس",
        "اوت",
        "اگست",
        "آگست",
        "gsh",
        "अग",
        "আগ",
        "ஆக",
        "ağu",
        "rugp",
        "agu",
        "srp",
        "elo",
        "אוגוסט",
    ],
    &[
        "sep",
        "szep",
        "set",
        "wrz",
        "sht",
        "σεπ",
        "сен",
        "вер",
        "سبتمبر",
        "أيلول",
        "ايلول",
        "سپتامبر",
        "سپتمبر",
        "ستمبر",
        "सित",
        "সেপ্",
        "செப்",
        "eyl",
        "rugs",
        "zář",
        "syy",
        "ספטמבר",
    ],
    &[
        "oct",
        "okt",
        "out",
        "ott",
        "paź",
        "tet",
        "οκτ",
        "окт",
        "жов",
        "أكتوبر",
        "اكتوبر",
        "اکتبر",
        "اکتوبر",
        "अक्",
        "অক্টো",
        "அக்",
        "eki",
        "spalio",
        "říj",
        "lok",
        "אוקטובר",
    ],
    &[
        "nov",
        "lis",
        "nën",
        "nentor",
        "νοέ",
        "νοε",
        "ноя",
        "лис",
        "نوفمبر",
        "نوامبر",
        "نومبر",
        "nen",
        "नव",
        "নভে",
        "நவ",
        "kas",
        "lapkr",
        "noi",
        "marras",
        "נובמבר",
    ],
    &[
        "dec",
        "dez",
        "déc",
        "dic",
        "gru",
        "dhj",
        "δεκ",
        "дек",
        "гру",
        "ديسمبر",
        "دسامبر",
        "دسمبر",
        "दिस",
        "ডিসে",
        "டிச",
        "ara",
        "pro",
        "jou",
        "des",
        "דצמבר",
    ],
];

/// The month of whose names a word begins with the longest.
fn longest(word: &str) -> Option<u32> {
    let lengths = MONTHS.iter().zip(1..).filter_map(|(names, month)| {
        let length = names.iter().filter(|name| word.starts_with(**name)).map(|name| name.len()).max()?;
        Some((length, month))
    });
    // Of two that are as long the earlier month was meant so far.
    lengths.max_by_key(|(length, month)| (*length, std::cmp::Reverse(*month))).map(|(_, month)| month)
}

/// Names of months in Syria, Lebanon, Iraq, Jordan and Palestine that are two words, or the beginning of another calendar's
/// (`آبان`), and what they are called elsewhere.
const OF_THE_LEVANT: [(&str, &str); 7] = [
    ("كانون الثاني", "يناير"),
    ("آب", "أغسطس"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الاول", "أكتوبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("كانون الأول", "ديسمبر"),
    ("كانون الاول", "ديسمبر"),
];

/// A text with such a name, between spaces, in the word that is known. `None` when it has none.
pub(super) fn in_one_word(text: &str) -> Option<String> {
    OF_THE_LEVANT.iter().find_map(|(name, word)| {
        let (before, after) = text.split_once(name)?;
        (before.ends_with(' ') && after.starts_with(' ')).then(|| format!("{before}{word}{after}"))
    })
}

/// The month whose name, or a beginning of it, a word is; a full stop may follow.
pub(super) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.chars().count() < 2 {
        return None;
    }
    // In Hebrew "in" is a letter before the name.
    longest(&word).or_else(|| longest(word.strip_prefix('\u{5d1}')?))
}

/// Halves of the day that stand before the time, and the ones that stand behind it.
const HALVES: [(&str, &str); 6] =
    [("오전", "am"), ("오후", "pm"), ("午前", "am"), ("午後", "pm"), ("上午", "am"), ("下午", "pm")];

/// Halves of the day that stand behind the time, in Arabic and in Persian; the longer before what they begin with.
const HALVES_BEHIND: [(&str, &str); 16] = [
    ("صباحًا", "am"),
    ("صباحاً", "am"),
    ("صباحا", "am"),
    ("صبح", "am"),
    ("ص", "am"),
    ("مساءً", "pm"),
    ("مساء", "pm"),
    ("م", "pm"),
    ("ق.ظ", "am"),
    ("ب.ظ", "pm"),
    ("قبل از ظهر", "am"),
    ("بعد از ظهر", "pm"),
    ("قبلازظهر", "am"),
    ("بعدازظهر", "pm"),
    ("پیش از ظهر", "am"),
    ("عصر", "pm"),
];

/// The half of the day with which what stands behind a time begins, and the rest.
pub(super) fn half(text: &str) -> Option<(&'static str, &str)> {
    HALVES_BEHIND.iter().find_map(|(written, half)| {
        let rest = text.strip_prefix(written).filter(|rest| !rest.starts_with(char::is_alphabetic))?;
        Some((*half, rest.trim_start_matches(['.', ' '])))
    })
}

/// A date of East Asia with the signs of the others: `2014年9月5日 午後3時4分` becomes `2014-9-5 3:4 pm`. `None` when it
/// has none of those signs.
pub(super) fn from_east_asia(text: &str) -> Option<String> {
    if !text.contains(['年', '월', '月', '년', '오', '午']) {
        return None;
    }
    let half = HALVES.iter().find(|(before, _)| text.contains(before));
    let text = without_weekday(text);
    let mut plain = half.map_or_else(|| text.clone(), |(before, _)| text.replace(before, " "));
    // A weekday in parentheses.
    if let (Some(open), Some(close)) = (plain.find(['(', '（']), plain.find([')', '）']))
        && open < close
    {
        let after = close + plain[close..].chars().next().map_or(0, char::len_utf8);
        plain.replace_range(open..after, " ");
    }
    for (sign, written) in
        [(&["年", "년", "月", "월"][..], "-"), (&["日", "일", "秒", "초"], " "), (&["時", "时", "시", "点"], ":")]
    {
        for sign in sign {
            plain = plain.replace(&format!("{sign} "), written).replace(sign, written);
        }
    }
    for minute in ["分", "분"] {
        let has_seconds = plain.split(minute).nth(1).is_some_and(|rest| rest.trim_start().starts_with(is_digit));
        plain = plain.replace(&format!("{minute} "), minute).replace(minute, if has_seconds { ":" } else { " " });
    }
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.extend(half.map(|(_, behind)| *behind));
    Some(words.join(" "))
}

/// A text without the weekday that stands behind its day.
fn without_weekday(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.retain(|word| {
        let is_chinese = ["星期", "周", "週", "礼拜", "禮拜"].iter().any(|start| word.starts_with(start));
        !(is_chinese || word.ends_with("曜日") || word.ends_with("요일"))
    });
    words.join(" ")
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, from_east_asia, month};

    #[test]
    fn no_name_hides_another() {
        for (index, names) in MONTHS.iter().enumerate() {
            for name in *names {
                assert_eq!(month(name), Some(index as u32 + 1), "{name}");
            }
        }
        assert_eq!(
            ["červenec", "března", "Ağustos", "marraskuuta", "בספטמבר", "iulie"]
                .map(month)
                .map(Option::unwrap_or_default),
            [7, 3, 8, 11, 9, 7]
        );
        assert_eq!(
            ["Sept.", "korrik", "мая", "Juillet", "x", "Sunday"].map(month).map(Option::unwrap_or_default),
            [9, 7, 5, 7, 0, 0]
        );
    }

    #[test]
    fn signs_of_east_asia() {
        assert_eq!(from_east_asia("2014年9月5日(金) 午後3時4分5秒").unwrap(), "2014-9-5 3:4:5 pm");
        assert_eq!(from_east_asia("2004년 05월 28일  01:31:15").unwrap(), "2004-05-28 01:31:15");
        assert_eq!(from_east_asia("2004-05-25 오후 11:23:17").unwrap(), "2004-05-25 11:23:17 pm");
        assert_eq!(from_east_asia("2014年9月5日10時30分").unwrap(), "2014-9-5 10:30");
        assert_eq!(from_east_asia("2014-09-05"), None);
    }
}
