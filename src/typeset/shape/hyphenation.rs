//! Where words may be hyphenated, by the patterns of their language.

use hypher::Lang;

use crate::model::shortest_code;

/// Fewest letters before and after a hyphen.
const LEFT_MIN: usize = 2;
const RIGHT_MIN: usize = 3;

/// Codes of languages that are divided as others are, with those that patterns go by.
const AS_OTHERS: [(&str, &str); 6] =
    [("aln", "sq"), ("bs", "hr"), ("cnr", "hr"), ("hbs", "hr"), ("kmr", "ku"), ("sh", "hr")];

/// The patterns for a BCP 47 language, by its primary subtag.
pub(super) fn patterns(language: &str) -> Option<Lang> {
    let primary = language.split('-').next()?.to_ascii_lowercase();
    let code = shortest_code(&primary).unwrap_or(&primary);
    let code = AS_OTHERS.iter().find(|(one, _)| *one == code).map_or(code, |(_, other)| other);
    // No hyphen is shown where words of these are divided; theirs are left whole.
    if matches!(code, "as" | "bn" | "gu" | "hi" | "kn" | "ml" | "mr" | "or" | "pa" | "sa" | "ta" | "te") {
        return None;
    }
    Lang::from_iso(code.as_bytes().try_into().ok()?)
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
    use super::{AS_OTHERS, find, patterns};

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
        assert!(AS_OTHERS.iter().all(|(code, _)| patterns(code).is_some()));
        for code in ["alb", "bos", "dut", "ell", "ice", "nob", "nno", "slo", "srp", "tuk", "ukr"] {
            assert!(patterns(code).is_some(), "{code}");
        }
        assert_eq!(
            (hyphenated("निष्पक्षता", "hi"), hyphenated("निष्पक्षता", "hin")),
            ("निष्पक्षता".into(), "निष्पक्षता".into())
        );
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
