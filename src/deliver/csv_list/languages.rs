//! Languages by the names that people give them in lists.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::headings::{Heading, heading};
use crate::deliver::words::key;
use crate::model::{LANGUAGE_NAMES, Language};

/// What else the languages are called in which headings are known, in each of these.
const NAMES: [(&str, &[&str]); 8] = [
    ("en", &["Englisch", "anglais", "inglés", "inglese", "anglisht", "انگلیسی", "الإنجليزية", "إنجليزي"]),
    ("de", &["allemand", "alemán", "tedesco", "gjermanisht", "آلمانی", "الألمانية", "ألماني"]),
    ("fr", &["Französisch", "francés", "francese", "frëngjisht", "فرانسوی", "الفرنسية", "فرنسي"]),
    ("es", &["Spanisch", "espagnol", "spagnolo", "spanjisht", "اسپانیایی", "الإسبانية"]),
    ("it", &["Italienisch", "italien", "italisht", "ایتالیایی", "الإيطالية", "إيطالي"]),
    ("sq", &["Albanisch", "albanais", "albanés", "albanese", "shqipe", "آلبانیایی", "الألبانية", "ألباني"]),
    ("fa", &["Persisch", "persan", "persa", "persiano", "persisht", "الفارسية"]),
    ("ar", &["Arabisch", "arabe", "árabe", "arabo", "arabisht", "عربی"]),
];

/// A text that is longer names no language.
const LONGEST: usize = 100;

/// The language of a tag or of a name; of several (`fa, en`), or of one with more behind it (`English (UK)`), the first. `None`
/// where it is neither.
pub(super) fn language(text: &str) -> Option<Language> {
    if text.len() > LONGEST {
        return None;
    }
    let first = text.split([',', ';', '(', '/', '|', '+', '&']).next().unwrap_or_default().trim();
    one(text.trim()).or_else(|| one(first)).or_else(|| {
        // `Gjuha shqipe`, `English language`.
        let is_name = |word: &&str| heading(word) != Some(Heading::Language);
        let mut words = first.split_whitespace().filter(is_name);
        words.next().filter(|_| words.next().is_none()).and_then(one)
    })
}

fn one(text: &str) -> Option<Language> {
    static BY_KEY: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let named = LANGUAGE_NAMES.iter().chain(&NAMES);
        named.flat_map(|(tag, names)| names.iter().map(|name| (key(name), *tag))).collect()
    });
    Language::read_by_people(text).or_else(|| Language::parse(BY_KEY.get(&key(text))?))
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn tags_and_names_in_whatever_company_are_languages() {
        for (text, tag) in [
            ("fa", "fa"),
            ("sqi", "sq"),
            ("eng", "en"),
            ("English (UK)", "en"),
            ("Gjuha shqipe", "sq"),
            ("English language", "en"),
            ("زبان فارسی", "fa"),
            ("اللغة العربية", "ar"),
            ("fa, en", "fa"),
            ("Deutsch/Englisch", "de"),
            ("Norwegian", "no"),
        ] {
            assert_eq!(language(text).map(|one| one.to_string()).as_deref(), Some(tag), "{text}");
        }
        for no in ["al", "Klingon", "no English please", "", "?", &"x".repeat(10_000_000)] {
            assert_eq!(language(no), None);
        }
    }
}
