//! `text-transform` (CSS Text 3, 2.1), by language: the dotless i of Turkish, Greek capitals without accents, Dutch IJ.

use icu_casemap::CaseMapper;
use icu_casemap::options::{TitlecaseOptions, TrailingCase};
use icu_locale_core::LanguageIdentifier;

use crate::typeset::style::computed::Transform;

/// The text in the case that is asked for; `None` where nothing changes.
pub(crate) fn transformed(text: &str, transform: Transform, language: &str) -> Option<String> {
    if transform == Transform::None {
        return None;
    }
    let language = language.parse().unwrap_or(LanguageIdentifier::UNKNOWN);
    let mapper = CaseMapper::new();
    Some(match transform {
        Transform::None => return None,
        Transform::Uppercase => mapper.uppercase_to_string(text, &language).into_owned(),
        Transform::Lowercase => mapper.lowercase_to_string(text, &language).into_owned(),
        Transform::Capitalize => {
            let mut options = TitlecaseOptions::default();
            options.trailing_case = Some(TrailingCase::Unchanged);
            let mut out = String::with_capacity(text.len());
            for part in words(text) {
                if part.starts_with(char::is_numeric) {
                    out.push_str(part);
                    continue;
                }
                out += &mapper.titlecase_segment_with_only_case_data_to_string(part, &language, options);
            }
            out
        }
    })
}

/// The words of a text, and what stands between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '\u{200c}');
        let end = rest.find(|c: char| if is_word { !goes_on(c) } else { c.is_alphanumeric() }).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::transformed;
    use crate::typeset::style::computed::Transform;

    fn upper(text: &str, language: &str) -> String {
        transformed(text, Transform::Uppercase, language).unwrap()
    }

    fn capitalized(text: &str, language: &str) -> String {
        transformed(text, Transform::Capitalize, language).unwrap()
    }

    #[test]
    fn capitals_are_those_of_the_language() {
        assert_eq!(upper("istanbul ılık", "tr"), "İSTANBUL ILIK");
        assert_eq!(upper("istanbul", "en-GB"), "ISTANBUL");
        assert_eq!(upper("Ελλάδα Μάιος", "el"), "ΕΛΛΑΔΑ ΜΑΪΟΣ");
        assert_eq!(upper("straße", "de"), "STRASSE");
        assert_eq!(transformed("IŞIK ΟΔΟΣ", Transform::Lowercase, "az").unwrap(), "ışık οδος");
        assert_eq!(transformed("İzmir", Transform::None, "tr"), None);
    }

    #[test]
    fn words_begin_with_capitals_and_stay_else() {
        assert_eq!(
            capitalized("o'neill's “quoted” état-major, eBay 3rd", "en"),
            "O'neill's “Quoted” État-Major, EBay 3rd"
        );
        assert_eq!(capitalized("ijsland", "nl"), "IJsland");
        assert_eq!(capitalized("iyi", "tr"), "İyi");
    }
}
