//! Languages by their names: what feeds write where a tag belongs (`<language>English</language>`).

use crate::model::{LANGUAGE_NAMES, Language, shortest_code};

/// The language that a tag or a name means. Of several, or of one with more in words behind it (`English (US)`), the first.
/// `None` when it is neither.
pub(super) fn named(text: &str) -> Option<Language> {
    let text = text.trim();
    if text.chars().nth(100).is_some() {
        return None;
    }
    // An environment has the encoding behind its language: `en_US.UTF-8`.
    let first = text.split([',', ';', '(', '/', '|', '.', '@']).next().unwrap_or_default().trim();
    [text, first, first.split(['-', '_']).next().unwrap_or_default().trim()].into_iter().find_map(one)
}

fn one(text: &str) -> Option<Language> {
    let lower = text.to_lowercase();
    let known = LANGUAGE_NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(tag, _)| *tag);
    Language::parse(known.or_else(|| shortest_code(&lower)).unwrap_or(text))
}

/// Of a text that is neither tag nor name, what to say of it; `None` where it is one, or blank.
pub(super) fn fault(text: &str) -> Option<String> {
    if text.trim().is_empty() || named(text).is_some() {
        return None;
    }
    let shown: String = text.trim().chars().take(40).collect();
    Some(format!("`{shown}` is no language; a feed has a tag, as `en`, `fa` or `pt-BR`"))
}

#[cfg(test)]
mod tests {
    use super::{fault, named};

    #[test]
    fn tags_and_names_are_languages() {
        for (text, tag) in [
            ("en", "en"),
            ("pt_br", "pt-BR"),
            ("English", "en"),
            ("english-us", "en"),
            ("eng", "en"),
            ("English (United States)", "en"),
            ("en_US.UTF-8", "en-US"),
            ("Deutsch, English", "de"),
            ("فارسی", "fa"),
            (" Français ", "fr"),
            ("ckb", "ckb"),
            ("中文", "zh"),
        ] {
            assert_eq!(named(text).unwrap_or_else(|| panic!("{text}")).as_str(), tag, "{text}");
        }
        for text in ["klingon", "1", "the language of the press", ""] {
            assert_eq!(named(text), None, "{text}");
        }
        assert_eq!(fault("klingon").unwrap(), "`klingon` is no language; a feed has a tag, as `en`, `fa` or `pt-BR`");
        assert_eq!((fault(" "), fault("en")), (None, None));
    }
}
