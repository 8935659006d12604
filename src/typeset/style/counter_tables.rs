//! The predefined counter styles (CSS Counter Styles 3, 6 and 7).

use std::sync::Arc;

use super::counter_style::{Definition, System};

const ROMAN: [(i32, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

/// The sign before negative numbers, and what stands behind a marker.
const JAPANESE: (&str, &str) = ("マイナス", "、");
const KOREAN: (&str, &str) = ("마이너스 ", ", ");

const HIRAGANA: &str =
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん";
const IROHA: &str = "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす";

/// Ten digits by the code of the script's zero.
const DIGITS: [(&str, u32); 18] = [
    ("arabic-indic", 0x660),
    ("bengali", 0x9e6),
    ("cambodian", 0x17e0),
    ("devanagari", 0x966),
    ("gujarati", 0xae6),
    ("gurmukhi", 0xa66),
    ("kannada", 0xce6),
    ("khmer", 0x17e0),
    ("lao", 0xed0),
    ("malayalam", 0xd66),
    ("mongolian", 0x1810),
    ("myanmar", 0x1040),
    ("oriya", 0xb66),
    ("persian", 0x6f0),
    ("tamil", 0xbe6),
    ("telugu", 0xc66),
    ("thai", 0xe50),
    ("tibetan", 0xf20),
];

/// The definition of a predefined style, `decimal`, `disc` and `none` aside.
pub(super) fn predefined(name: &str) -> Option<Definition> {
    if let Some((_, zero)) = DIGITS.iter().find(|(own, _)| *own == name) {
        return Some(Definition::new(name, System::Numeric, run(*zero, 10)));
    }
    Some(match name {
        "decimal-leading-zero" => {
            Definition { pad: (2, "0".to_owned()), ..Definition::new(name, System::Numeric, run('0' as u32, 10)) }
        }
        "circle" => bullet(name, "\u{25e6}"),
        "square" => bullet(name, "\u{25aa}"),
        "disclosure-open" => bullet(name, "\u{25be}"),
        "disclosure-closed" => bullet(name, "\u{25b8}"),
        "lower-alpha" | "lower-latin" => Definition::new(name, System::Alphabetic, run('a' as u32, 26)),
        "upper-alpha" | "upper-latin" => Definition::new(name, System::Alphabetic, run('A' as u32, 26)),
        // Final sigma is not a letter of the Greek numbering.
        "lower-greek" => Definition::new(name, System::Alphabetic, each("αβγδεζηθικλμνξοπρστυφχψω")),
        "lower-roman" => {
            additive(name, ROMAN.map(|(weight, letters)| (weight, letters.to_lowercase())).to_vec(), (1, 3999))
        }
        "upper-roman" => {
            additive(name, ROMAN.map(|(weight, letters)| (weight, letters.to_owned())).to_vec(), (1, 3999))
        }
        "armenian" | "upper-armenian" => additive(name, by_alphabet(0x531), (1, 9999)),
        "lower-armenian" => additive(name, by_alphabet(0x561), (1, 9999)),
        "georgian" => additive(name, georgian(), (1, 19_999)),
        "hebrew" => additive(name, hebrew(), (1, 10_999)),
        "hiragana" => east_asian(name, System::Alphabetic, each(HIRAGANA)),
        "hiragana-iroha" => east_asian(name, System::Alphabetic, each(IROHA)),
        "katakana" => east_asian(name, System::Alphabetic, katakana(HIRAGANA)),
        "katakana-iroha" => east_asian(name, System::Alphabetic, katakana(IROHA)),
        "cjk-earthly-branch" => with_fallback(east_asian(name, System::Fixed(1), each("子丑寅卯辰巳午未申酉戌亥"))),
        "cjk-heavenly-stem" => with_fallback(east_asian(name, System::Fixed(1), each("甲乙丙丁戊己庚辛壬癸"))),
        "ethiopic-numeric" => {
            Definition { suffix: "/ ".to_owned(), ..Definition::new(name, System::Ethiopic, Vec::new()) }
        }
        _ => return in_words(name),
    })
}

/// Numbers as they are said in Chinese, Japanese and Korean (7.1).
fn in_words(name: &str) -> Option<Definition> {
    let chinese = |informal: bool, symbols: &str, negative: &str| {
        let own = east_asian(name, System::Chinese { informal }, each(symbols));
        Some(with_fallback(Definition { negative: (negative.to_owned(), String::new()), ..own }))
    };
    let summed = |digits: &str, places: &str, drops_one: bool, (negative, suffix): (&str, &str)| {
        let own = additive(name, by_place(digits, places, drops_one), (-9999, 9999));
        let (negative, suffix) = ((negative.to_owned(), String::new()), suffix.to_owned());
        Some(with_fallback(Definition { negative, suffix, ..own }))
    };
    match name {
        "cjk-decimal" => {
            let own = east_asian(name, System::Numeric, each("〇一二三四五六七八九"));
            Some(Definition { range: Some(vec![(0, i32::MAX)]), ..own })
        }
        "simp-chinese-informal" => chinese(true, "零一二三四五六七八九十百千", "负"),
        "simp-chinese-formal" => chinese(false, "零壹贰叁肆伍陆柒捌玖拾佰仟", "负"),
        "trad-chinese-informal" | "cjk-ideographic" => chinese(true, "零一二三四五六七八九十百千", "負"),
        "trad-chinese-formal" => chinese(false, "零壹貳參肆伍陸柒捌玖拾佰仟", "負"),
        "japanese-informal" => summed("〇一二三四五六七八九", "十百千", true, JAPANESE),
        "japanese-formal" => summed("零壱弐参四伍六七八九", "拾百阡", false, JAPANESE),
        "korean-hangul-formal" => summed("영일이삼사오육칠팔구", "십백천", false, KOREAN),
        "korean-hanja-informal" => summed("零一二三四五六七八九", "十百千", true, KOREAN),
        "korean-hanja-formal" => summed("零壹貳參四五六七八九", "拾百仟", false, KOREAN),
        _ => None,
    }
}

fn each(symbols: &str) -> Vec<String> {
    symbols.chars().map(String::from).collect()
}

/// Characters that follow each other.
fn run(first: u32, count: u32) -> Vec<String> {
    (first..first + count).filter_map(char::from_u32).map(String::from).collect()
}

fn katakana(hiragana: &str) -> Vec<String> {
    hiragana.chars().filter_map(|letter| char::from_u32(letter as u32 + 0x60)).map(String::from).collect()
}

fn bullet(name: &str, sign: &str) -> Definition {
    Definition { suffix: String::new(), ..Definition::new(name, System::Cyclic, vec![sign.to_owned()]) }
}

fn east_asian(name: &str, system: System, symbols: Vec<String>) -> Definition {
    Definition { suffix: "、".to_owned(), ..Definition::new(name, system, symbols) }
}

fn with_fallback(definition: Definition) -> Definition {
    Definition { fallback: in_words("cjk-decimal").map(Arc::new), ..definition }
}

fn additive(name: &str, additive: Vec<(i32, String)>, range: (i32, i32)) -> Definition {
    Definition { additive, range: Some(vec![range]), ..Definition::new(name, System::Additive, Vec::new()) }
}

/// An alphabet whose letters are the units, tens, hundreds and thousands in turn; largest first.
fn by_alphabet(first: u32) -> Vec<(i32, String)> {
    let weight = |at: u32| (at as i32 % 9 + 1) * 10_i32.pow(at / 9);
    let letters = (0..36).filter_map(|at| Some((weight(at), String::from(char::from_u32(first + at)?))));
    let mut letters: Vec<(i32, String)> = letters.collect();
    letters.reverse();
    letters
}

/// Letters and what they count, largest first.
fn weighted(weights: impl Iterator<Item = i32>, letters: &str) -> Vec<(i32, String)> {
    weights.zip(letters.chars().map(String::from)).collect()
}

/// 9000, 8000 ... 1000, 900 ... 1.
fn descending(places: u32) -> impl Iterator<Item = i32> {
    (0..places).rev().flat_map(|place| (1..=9).rev().map(move |digit| digit * 10_i32.pow(place)))
}

fn georgian() -> Vec<(i32, String)> {
    let weights = std::iter::once(10_000).chain(descending(4));
    weighted(weights, "ჵჰჯჴხჭწძცჩშყღქფჳტსრჟპოჲნმლკითჱზვედგბა")
}

fn hebrew() -> Vec<(i32, String)> {
    let units = "טחזוהדגבא";
    // Thousands bear a geresh; fifteen and sixteen are not written with the letters of the divine name.
    let thousands = "יטחזוהדגבא".chars().map(|letter| format!("{letter}\u{5f3}"));
    let mut out: Vec<(i32, String)> = (1..=10).rev().map(|thousand| thousand * 1000).zip(thousands).collect();
    out.extend(weighted([400, 300, 200, 100].into_iter(), "תשרק"));
    out.extend(weighted((2..=9).rev().map(|ten| ten * 10), "צפעסנמלכ"));
    let teens = [(19, "יט"), (18, "יח"), (17, "יז"), (16, "טז"), (15, "טו"), (10, "י")];
    out.extend(teens.map(|(weight, letters)| (weight, letters.to_owned())));
    out.extend(weighted((1..=9).rev(), units));
    out
}

/// Digits, each with the sign of its place: thousands to units, then zero.
fn by_place(digits: &str, places: &str, drops_one: bool) -> Vec<(i32, String)> {
    let digits: Vec<char> = digits.chars().collect();
    let places: Vec<char> = places.chars().collect();
    let write = |weight: i32| {
        let place = weight.ilog10();
        let digit = (weight / 10_i32.pow(place)) as usize;
        let mut out = String::new();
        if place == 0 || digit > 1 || !drops_one {
            out.extend(digits.get(digit));
        }
        out.extend((place as usize).checked_sub(1).and_then(|place| places.get(place)));
        (weight, out)
    };
    let zero = digits.first().map(|zero| (0, String::from(*zero)));
    descending(4).map(write).chain(zero).collect()
}
