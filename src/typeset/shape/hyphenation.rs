//! Where words may be hyphenated, by the patterns of their language.

use hypher::Lang;

/// Fewest letters before and after a hyphen.
const LEFT_MIN: usize = 2;
const RIGHT_MIN: usize = 3;

/// Codes of three letters (ISO 639-2 and 639-3), and of languages that are divided as others are, with those that patterns go by.
const OTHER_CODES: [(&str, &[u8; 2]); 54] = [
    ("afr", b"af"),
    ("alb", b"sq"),
    ("aln", b"sq"),
    ("als", b"sq"),
    ("bel", b"be"),
    ("bos", b"hr"),
    ("bs", b"hr"),
    ("bul", b"bg"),
    ("cat", b"ca"),
    ("ces", b"cs"),
    ("cnr", b"hr"),
    ("cze", b"cs"),
    ("dan", b"da"),
    ("deu", b"de"),
    ("dut", b"nl"),
    ("ell", b"el"),
    ("eng", b"en"),
    ("est", b"et"),
    ("fin", b"fi"),
    ("fra", b"fr"),
    ("fre", b"fr"),
    ("geo", b"ka"),
    ("ger", b"de"),
    ("glg", b"gl"),
    ("gre", b"el"),
    ("hbs", b"hr"),
    ("hrv", b"hr"),
    ("hun", b"hu"),
    ("ice", b"is"),
    ("isl", b"is"),
    ("ita", b"it"),
    ("kat", b"ka"),
    ("kmr", b"ku"),
    ("lat", b"la"),
    ("lit", b"lt"),
    ("mon", b"mn"),
    ("nld", b"nl"),
    ("nno", b"nn"),
    ("nob", b"nb"),
    ("nor", b"no"),
    ("pol", b"pl"),
    ("por", b"pt"),
    ("rus", b"ru"),
    ("sh", b"hr"),
    ("slk", b"sk"),
    ("slo", b"sk"),
    ("slv", b"sl"),
    ("spa", b"es"),
    ("sqi", b"sq"),
    ("srp", b"sr"),
    ("swe", b"sv"),
    ("tuk", b"tk"),
    ("tur", b"tr"),
    ("ukr", b"uk"),
];

/// The patterns for a BCP 47 language, by its primary subtag.
pub(super) fn patterns(language: &str) -> Option<Lang> {
    let primary = language.split('-').next()?.to_ascii_lowercase();
    // No hyphen is shown where words of these are divided; theirs are left whole.
    if matches!(&*primary, "as" | "bn" | "gu" | "hi" | "kn" | "ml" | "mr" | "or" | "pa" | "sa" | "ta" | "te") {
        return None;
    }
    let other = OTHER_CODES.iter().find(|(code, _)| *code == primary).map(|(_, code)| **code);
    Lang::from_iso(other.or_else(|| primary.as_bytes().try_into().ok())?)
}

/// Adds the byte offsets at which the words of a text may be hyphenated.
pub(super) fn find(text: &str, language: Lang, offsets: &mut Vec<u32>) {
    let mut position = 0;
    for part in text.split_inclusive(|c: char| !c.is_alphabetic()) {
        let letters = part.trim_end_matches(|c: char| !c.is_alphabetic());
        if letters.chars().count() >= LEFT_MIN + RIGHT_MIN {
            let mut offset = position;
            for syllable in hypher::hyphenate_bounded(letters, in_script(language, letters), LEFT_MIN, RIGHT_MIN) {
                offset += syllable.len();
                if offset < position + letters.len() {
                    offsets.push(offset as u32);
                }
            }
        }
        position += part.len();
    }
}

/// The patterns for the script that a word is written in: those for Serbian know Cyrillic alone.
fn in_script(language: Lang, word: &str) -> Lang {
    match language {
        Lang::Serbian if word.starts_with(|c: char| c < '\u{400}') => Lang::Croatian,
        Lang::Croatian if word.starts_with(|c: char| c >= '\u{400}') => Lang::Serbian,
        language => language,
    }
}

#[cfg(test)]
mod tests {
    use super::{OTHER_CODES, find, patterns};

    fn hyphenated(word: &str, language: &str) -> String {
        let mut offsets = Vec::new();
        if let Some(language) = patterns(language) {
            find(word, language, &mut offsets);
        }
        let mut word = word.to_owned();
        offsets.iter().rev().for_each(|at| word.insert(*at as usize, '-'));
        word
    }

    #[test]
    fn languages_are_known_by_every_code() {
        assert_eq!(hyphenated("hyphenation", "eng"), hyphenated("hyphenation", "en-GB"));
        assert!(hyphenated("hyphenation", "ENG").contains('-'));
        assert!(OTHER_CODES.iter().all(|(code, _)| patterns(code).is_some()));
        assert!(OTHER_CODES.is_sorted());
        assert_eq!(hyphenated("निष्पक्षता", "hi"), "निष्पक्षता");
    }

    #[test]
    fn serbian_is_divided_in_both_scripts() {
        let croatian = hyphenated("predstavnicima", "hr");
        assert!(croatian.contains('-'));
        for language in ["sr", "sr-Latn", "srp", "bs", "sh"] {
            assert_eq!(hyphenated("predstavnicima", language), croatian);
        }
        let cyrillic = hyphenated("представницима", "sr-Cyrl");
        assert!(cyrillic.contains('-'));
        assert_eq!(hyphenated("представницима", "bs"), cyrillic);
    }
}
