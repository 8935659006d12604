//! Text that is written without spaces: where justification may part it (CSS Text 3, 6.4; JLREQ, 3.8).

/// The first code point at which ideographs and kana may be; everything before is told apart by one comparison.
pub(super) const FIRST_WIDE: char = '\u{2E80}';

/// Whether justification may open a gap at a place in a text: between ideographs or kana, between these and words, before
/// what opens and after what closes. Hangul is written with spaces.
pub(super) fn gap_between(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else { return false };
    if before < FIRST_WIDE && after < FIRST_WIDE {
        return false;
    }
    let left = is_ideographic(before) || closes(before);
    let right = is_ideographic(after) || opens(after);
    match (left, right) {
        (true, true) => true,
        (true, false) => is_letter(after),
        (false, true) => is_letter(before),
        (false, false) => false,
    }
}

/// Whether the wide sign before a place and the one at it bring a blank each, of which one is enough (CSS Text 4, 10.1):
/// brackets, commas and full stops that follow each other.
pub(super) fn is_double_blank(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else { return false };
    if before < FIRST_WIDE || after < FIRST_WIDE {
        return false;
    }
    (opens(before) && opens(after)) || (closes(before) && (opens(after) || closes(after)))
}

fn opens(character: char) -> bool {
    matches!(
        character,
        '\u{3008}'
            | '\u{300A}'
            | '\u{300C}'
            | '\u{300E}'
            | '\u{3010}'
            | '\u{3014}'
            | '\u{3016}'
            | '\u{3018}'
            | '\u{301D}'
            | '\u{FF08}'
            | '\u{FF3B}'
            | '\u{FF5B}'
            | '\u{FF5F}'
    )
}

fn closes(character: char) -> bool {
    matches!(
        character,
        '\u{3001}'
            | '\u{3002}'
            | '\u{3009}'
            | '\u{300B}'
            | '\u{300D}'
            | '\u{300F}'
            | '\u{3011}'
            | '\u{3015}'
            | '\u{3017}'
            | '\u{3019}'
            | '\u{301F}'
            | '\u{FF09}'
            | '\u{FF0C}'
            | '\u{FF0E}'
            | '\u{FF3D}'
            | '\u{FF5D}'
            | '\u{FF60}'
    )
}

/// Ideographs, kana, Bopomofo, Yi, and the wide forms of letters and digits; no punctuation.
fn is_ideographic(character: char) -> bool {
    matches!(character,
        '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}'
        | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' | '\u{3220}'..='\u{3247}' | '\u{3280}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF10}'..='\u{FF19}' | '\u{FF21}'..='\u{FF3A}'
        | '\u{FF41}'..='\u{FF5A}' | '\u{FF66}'..='\u{FF9F}' | '\u{1B000}'..='\u{1B16F}' | '\u{20000}'..='\u{3FFFD}')
}

/// A letter or digit of words that are written with spaces, but for Hangul.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric()
        && !matches!(character, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7FF}')
}

#[cfg(test)]
mod tests {
    use super::{gap_between, is_double_blank};

    #[test]
    fn of_two_blanks_one_is_enough() {
        for (text, double) in [
            ("\u{300D}\u{300C}", true),
            ("\u{3002}\u{300D}", true),
            ("\u{300C}\u{300E}", true),
            ("\u{300C}\u{300D}", false),
            ("\u{300D}\u{5B57}", false),
        ] {
            assert_eq!(is_double_blank(text, 3), double, "{text}");
        }
    }

    #[test]
    fn gaps_open_between_ideographs_but_not_before_what_closes() {
        for (text, at, opens) in [
            ("\u{6F22}\u{5B57}", 3, true),
            ("\u{30B3}\u{30FC}", 3, true),
            ("\u{5B57}a", 3, true),
            ("\u{5B57}\u{3002}", 3, false),
            ("\u{300C}\u{5B57}", 3, false),
            ("\u{3002}\u{5B57}", 3, true),
            ("\u{5B57} a", 3, false),
            ("\u{AC00}\u{B098}", 3, false),
            ("ab", 1, false),
            ("\u{5B57}", 3, false),
        ] {
            assert_eq!(gap_between(text, at), opens, "{text}");
        }
    }
}
