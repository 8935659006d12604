//! What readers take for one letter: extended grapheme clusters (UAX 29, 3.1), with what a virama joins in all scripts
//! that have joined forms, not only in those of rule `GB9c`.

use icu_properties::props::{ExtendedPictographic, GraphemeClusterBreak as Class};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::script_of;

/// Before it nothing is a part of a larger cluster.
const FIRST_MARK: char = '\u{300}';

/// Whether a place in a text, at a character, is between two clusters.
pub(in crate::typeset) fn is_boundary(text: &str, at: usize) -> bool {
    let (head, tail) = text.split_at(at);
    let (Some(last), Some(next)) = (head.chars().next_back(), tail.chars().next()) else { return true };
    if last < FIRST_MARK && next < FIRST_MARK {
        return true;
    }
    match (class(last), class(next)) {
        (Class::Control | Class::CR | Class::LF, _) | (_, Class::Control | Class::CR | Class::LF) => true,
        (_, Class::Extend | Class::ZWJ | Class::SpacingMark)
        | (Class::Prepend, _)
        | (Class::L, Class::L | Class::V | Class::LV | Class::LVT)
        | (Class::LV | Class::V, Class::V | Class::T)
        | (Class::LVT | Class::T, Class::T) => false,
        (Class::RegionalIndicator, Class::RegionalIndicator) => {
            let flags = head.chars().rev().take_while(|sign| class(*sign) == Class::RegionalIndicator);
            flags.count() % 2 == 0
        }
        (Class::ZWJ, _) if is_pictographic(next) => {
            !head.trim_end_matches(|sign| matches!(class(sign), Class::Extend | Class::ZWJ)).ends_with(is_pictographic)
        }
        (Class::Extend | Class::ZWJ, _) => !is_joined(head, next),
        _ => true,
    }
}

/// Where the cluster at the start of a text ends.
pub(in crate::typeset) fn first_end(text: &str) -> usize {
    let mut places = text.char_indices().map(|(at, _)| at).skip(1);
    places.find(|at| is_boundary(text, *at)).unwrap_or(text.len())
}

/// Whether a sign is a part of the cluster of the letter before it.
pub(in crate::typeset) fn is_mark(sign: char) -> bool {
    sign >= FIRST_MARK && matches!(class(sign), Class::Extend | Class::ZWJ | Class::SpacingMark)
}

fn class(sign: char) -> Class {
    CodePointMapData::<Class>::new().get(sign)
}

fn is_pictographic(sign: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(sign)
}

/// Whether a virama at the end of a text joins the letter before it with this one.
fn is_joined(head: &str, next: char) -> bool {
    if !next.is_alphabetic() {
        return false;
    }
    let is_around = |sign: &char| *sign != '\u{200C}' && matches!(class(*sign), Class::Extend | Class::ZWJ);
    let mut marks = head.chars().rev().take_while(is_around);
    let Some(virama) = marks.find(|sign| is_virama(*sign)) else { return false };
    let before = head.trim_end_matches(is_mark).chars().next_back();
    match virama {
        // Tamil shows its virama but in two letters; Sinhala asks for a joiner.
        '\u{BCD}' => matches!((before, next), (Some('க'), 'ஷ') | (Some('ஸ' | 'ஶ'), 'ர')),
        '\u{DCA}' => head.ends_with('\u{200D}') && script_of(next) == script_of(virama),
        _ => script_of(next) == script_of(virama),
    }
}

/// Virama and invisible stackers (Indic syllabic category) of scripts whose letters they join.
fn is_virama(sign: char) -> bool {
    matches!(
        sign,
        '\u{94D}'
            | '\u{9CD}'
            | '\u{A4D}'
            | '\u{ACD}'
            | '\u{B4D}'
            | '\u{BCD}'
            | '\u{C4D}'
            | '\u{CCD}'
            | '\u{D4D}'
            | '\u{DCA}'
            | '\u{1039}'
            | '\u{17D2}'
            | '\u{1A60}'
            | '\u{1B44}'
            | '\u{1BAB}'
            | '\u{A9C0}'
            | '\u{AAF6}'
            | '\u{10A3F}'
            | '\u{110B9}'
            | '\u{11133}'
            | '\u{111C0}'
            | '\u{11235}'
            | '\u{1134D}'
            | '\u{11442}'
            | '\u{114C2}'
            | '\u{115BF}'
            | '\u{1163F}'
            | '\u{116B6}'
            | '\u{11839}'
            | '\u{1193E}'
            | '\u{119E0}'
            | '\u{11A47}'
            | '\u{11A99}'
            | '\u{11C3F}'
            | '\u{11D45}'
            | '\u{11D97}'
    )
}

#[cfg(test)]
mod tests {
    use super::{first_end, is_boundary};

    fn clusters(text: &str) -> Vec<&str> {
        let mut rest = text;
        std::iter::from_fn(|| {
            let (cluster, after) = rest.split_at_checked(first_end(rest)).filter(|(cluster, _)| !cluster.is_empty())?;
            rest = after;
            Some(cluster)
        })
        .collect()
    }

    #[test]
    fn letters_keep_their_marks() {
        assert_eq!(clusters("e\u{301}te"), ["e\u{301}", "t", "e"]);
        assert_eq!(clusters("किताब"), ["कि", "ता", "ब"]);
        assert_eq!(clusters("שָׁלוֹם"), ["שָׁ", "ל", "וֹ", "ם"]);
        assert_eq!(clusters("ที่น้ำ"), ["ที่", "น้ำ"]);
        assert_eq!(clusters("한\u{1112}\u{1161}\u{11AB}"), ["한", "\u{1112}\u{1161}\u{11AB}"]);
        assert_eq!(clusters("👩‍👧🏽🇫🇷🇩🇪a"), ["👩‍👧🏽", "🇫🇷", "🇩🇪", "a"]);
    }

    #[test]
    fn conjuncts_are_one() {
        assert_eq!(clusters("क्षत्रिय"), ["क्ष", "त्रि", "य"]);
        assert_eq!(clusters("বিশ্ব"), ["বি", "শ্ব"]);
        assert_eq!(clusters("ಕನ್ನಡ"), ["ಕ", "ನ್ನ", "ಡ"]);
        assert_eq!(clusters("ខ្មែរ"), ["ខ្មែ", "រ"]);
        // Where a sign says that they are not, or the script shows its virama.
        assert_eq!(clusters("क्\u{200C}ष"), ["क्\u{200C}", "ष"]);
        assert_eq!(clusters("சக்தி"), ["ச", "க்", "தி"]);
        assert_eq!(clusters("பக்ஷி"), ["ப", "க்ஷி"]);
        assert_eq!(clusters("ශ්‍රීක්ක"), ["ශ්‍රී", "ක්", "ක"]);
        assert!(is_boundary("क् ष", "क् ".len()));
    }
}
