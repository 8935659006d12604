//! The predefined counter styles that are more than digits (CSS Counter Styles 3, 6 and 7).

use super::counter_style::CounterStyle;
use super::counter_system::{Defined, System};

const HIRAGANA: &str =
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん";
const IROHA: &str = "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす";
const CJK_DIGITS: &str = "〇一二三四五六七八九";

const GEORGIAN: &str = "ჵ ჰჯჴხჭწძცჩ შყღქფჳტსრ ჟპოჲნმლკი თჱზვედგბა";
const HEBREW: &[(u32, &str)] = &[
    (10_000, "י׳"),
    (9_000, "ט׳"),
    (8_000, "ח׳"),
    (7_000, "ז׳"),
    (6_000, "ו׳"),
    (5_000, "ה׳"),
    (4_000, "ד׳"),
    (3_000, "ג׳"),
    (2_000, "ב׳"),
    (1_000, "א׳"),
    (400, "ת"),
    (300, "ש"),
    (200, "ר"),
    (100, "ק"),
    (90, "צ"),
    (80, "פ"),
    (70, "ע"),
    (60, "ס"),
    (50, "נ"),
    (40, "מ"),
    (30, "ל"),
    (20, "כ"),
    (19, "יט"),
    (18, "יח"),
    (17, "יז"),
    (16, "טז"),
    (15, "טו"),
    (10, "י"),
    (9, "ט"),
    (8, "ח"),
    (7, "ז"),
    (6, "ו"),
    (5, "ה"),
    (4, "ד"),
    (3, "ג"),
    (2, "ב"),
    (1, "א"),
];

/// The style with this name.
pub(super) fn named(name: &str) -> Option<Defined> {
    let style = |system: System, symbols: &str| Defined::new(system, letters(symbols));
    let east_asian = |defined: Defined| Defined { suffix: "、".to_owned(), ..defined };
    Some(match name {
        "disclosure-open" => Defined { suffix: String::new(), ..style(System::Cyclic, "▾") },
        "disclosure-closed" => Defined { suffix: String::new(), ..style(System::Cyclic, "▸") },
        "armenian" | "upper-armenian" => armenian(0x531),
        "lower-armenian" => armenian(0x561),
        "georgian" => within(1, 19_999, style(System::Additive(georgian()), "")),
        "hebrew" => {
            let weights = HEBREW.iter().map(|(weight, letters)| (*weight, (*letters).to_owned()));
            within(1, 10_999, style(System::Additive(weights.collect()), ""))
        }
        "hiragana" => east_asian(style(System::Alphabetic, HIRAGANA)),
        "hiragana-iroha" => east_asian(style(System::Alphabetic, IROHA)),
        "katakana" => east_asian(style(System::Alphabetic, &katakana(HIRAGANA))),
        "katakana-iroha" => east_asian(style(System::Alphabetic, &katakana(IROHA))),
        "cjk-decimal" => east_asian(style(System::Numeric, CJK_DIGITS)),
        "cjk-earthly-branch" => counted(style(System::Fixed(1), "子丑寅卯辰巳午未申酉戌亥")),
        "cjk-heavenly-stem" => counted(style(System::Fixed(1), "甲乙丙丁戊己庚辛壬癸")),
        "japanese-informal" => japanese("〇一二三四五六七八九", "十百千", true, "マイナス", "、"),
        "japanese-formal" => japanese("零壱弐参四五六七八九", "拾百千", false, "マイナス", "、"),
        "korean-hangul-formal" => japanese("영일이삼사오육칠팔구", "십백천", false, "마이너스 ", ","),
        "korean-hanja-informal" => japanese("零一二三四五六七八九", "十百千", true, "마이너스 ", ","),
        "korean-hanja-formal" => japanese("零壹貳參四五六七八九", "拾百仟", false, "마이너스 ", ","),
        "simp-chinese-informal" => chinese("零一二三四五六七八九十百千", true, "负"),
        "simp-chinese-formal" => chinese("零壹贰叁肆伍陆柒捌玖拾佰仟", false, "负"),
        "trad-chinese-informal" | "cjk-ideographic" => chinese("零一二三四五六七八九十百千", true, "負"),
        "trad-chinese-formal" => chinese("零壹貳參肆伍陸柒捌玖拾佰仟", false, "負"),
        "ethiopic-numeric" => Defined { suffix: "/".to_owned(), ..style(System::Ethiopic, "") },
        _ => return None,
    })
}

fn letters(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

fn within(from: i32, to: i32, defined: Defined) -> Defined {
    Defined { range: Some(vec![(from, to)]), ..defined }
}

/// Symbols that end; what comes after is counted in ideographs.
fn counted(defined: Defined) -> Defined {
    let fallback = named("cjk-decimal").map_or(CounterStyle::Decimal, |style| CounterStyle::Defined(style.into()));
    Defined { fallback, suffix: "、".to_owned(), ..defined }
}

/// The same letters of the other syllabary, which stands 96 places further on.
fn katakana(hiragana: &str) -> String {
    hiragana.chars().filter_map(|letter| char::from_u32(letter as u32 + 0x60)).collect()
}

/// 36 letters in the order of the alphabet: nine ones, nine tens, nine hundreds, nine thousands.
fn armenian(first: u32) -> Defined {
    let weights = (0..36_u32).rev().filter_map(|letter| {
        Some(((letter % 9 + 1) * 10_u32.pow(letter / 9), char::from_u32(first + letter)?.to_string()))
    });
    within(1, 9_999, Defined::new(System::Additive(weights.collect()), Vec::new()))
}

fn georgian() -> Vec<(u32, String)> {
    let parts = GEORGIAN.split(' ').zip([10_000, 1_000, 100, 10, 1]);
    let weigh = |(letters, unit): (&'static str, u32)| {
        let most = letters.chars().count() as u32;
        letters.chars().zip((1..=most).rev()).map(move |(letter, times)| (times * unit, letter.to_string()))
    };
    parts.flat_map(weigh).collect()
}

/// Digits with their units, which stand alone for one of them where that is `bare`; zeros are left out.
fn japanese(digits: &str, units: &str, bare: bool, negative: &str, suffix: &str) -> Defined {
    let digits: Vec<char> = digits.chars().collect();
    let mut weights = Vec::new();
    for (unit, place) in units.chars().zip(1_u32..).collect::<Vec<_>>().into_iter().rev() {
        for (value, digit) in digits.iter().enumerate().skip(1).rev() {
            let text = if bare && value == 1 { unit.to_string() } else { format!("{digit}{unit}") };
            weights.push((value as u32 * 10_u32.pow(place), text));
        }
    }
    weights.extend(digits.iter().enumerate().rev().map(|(value, digit)| (value as u32, digit.to_string())));
    let system = System::Additive(weights);
    let negative = (negative.to_owned(), String::new());
    within(-9_999, 9_999, Defined { negative, suffix: suffix.to_owned(), ..Defined::new(system, Vec::new()) })
}

fn chinese(symbols: &str, informal: bool, negative: &str) -> Defined {
    let negative = (negative.to_owned(), String::new());
    Defined { negative, suffix: "、".to_owned(), ..Defined::new(System::Chinese { informal }, letters(symbols)) }
}

#[cfg(test)]
mod tests {
    use super::super::counter_style::CounterStyle;

    #[test]
    fn every_predefined_style_counts() {
        for (name, number, written) in [
            ("armenian", 1999, "ՌՋՂԹ"),
            ("lower-armenian", 36, "լզ"),
            ("georgian", 1999, "ჩშჟთ"),
            ("georgian", 10_001, "ჵა"),
            ("hebrew", 15, "טו"),
            ("hebrew", 5786, "ה׳תשפו"),
            ("hebrew", 20_000, "20000"),
            ("hiragana", 2, "い"),
            ("hiragana", 49, "ああ"),
            ("katakana-iroha", 3, "ハ"),
            ("cjk-decimal", 120, "一二〇"),
            ("cjk-earthly-branch", 3, "寅"),
            ("cjk-heavenly-stem", 11, "一一"),
            ("japanese-informal", 1999, "千九百九十九"),
            ("japanese-formal", 11, "壱拾壱"),
            ("japanese-informal", 0, "〇"),
            ("korean-hangul-formal", 21, "이십일"),
            ("korean-hanja-informal", 110, "百十"),
            ("simp-chinese-informal", 12, "十二"),
            ("simp-chinese-informal", 1003, "一千零三"),
            ("simp-chinese-formal", -110, "负壹佰壹拾"),
            ("trad-chinese-informal", 210, "二百一十"),
            ("cjk-ideographic", 0, "零"),
            ("ethiopic-numeric", 100, "፻"),
            ("ethiopic-numeric", 78_010_092, "፸፰፻፩፼፺፪"),
            ("disclosure-open", 5, "▾"),
            ("khmer", 20, "២០"),
        ] {
            assert_eq!(CounterStyle::named(name).unwrap().format(number), written, "{name} {number}");
        }
        assert_eq!(CounterStyle::named("hiragana").unwrap().marker(1), "あ、");
        assert_eq!(CounterStyle::named("hebrew").unwrap().marker(1), "א.");
    }
}
