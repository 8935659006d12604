//! Languages by the names that people give them in lists.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::deliver::words::key;
use crate::model::Language;

/// What the languages are called in which headings are known, in each of these.
const NAMES: [(&str, &[&str]); 8] = [
    ("en", &["English", "Englisch", "anglais", "inglés", "inglese", "anglisht", "انگلیسی", "الإنجليزية", "إنجليزي"]),
    ("de", &["German", "Deutsch", "allemand", "alemán", "tedesco", "gjermanisht", "آلمانی", "الألمانية", "ألماني"]),
    ("fr", &["French", "Französisch", "français", "francés", "francese", "frëngjisht", "فرانسوی", "الفرنسية", "فرنسي"]),
    (
        "es",
        &["Spanish", "Spanisch", "espagnol", "español", "castellano", "spagnolo", "spanjisht", "اسپانیایی", "الإسبانية"],
    ),
    ("it", &["Italian", "Italienisch", "italien", "italiano", "italisht", "ایتالیایی", "الإيطالية", "إيطالي"]),
    ("sq", &["Albanian", "Albanisch", "albanais", "albanés", "albanese", "shqip", "آلبانیایی", "الألبانية", "ألباني"]),
    ("fa", &["Persian", "Farsi", "Persisch", "persan", "persa", "persiano", "persisht", "فارسی", "الفارسية"]),
    ("ar", &["Arabic", "Arabisch", "arabe", "árabe", "arabo", "arabisht", "عربی", "العربية"]),
];

/// The language of a tag or of a name; `None` where it is neither.
pub(super) fn language(text: &str) -> Option<Language> {
    static BY_KEY: LazyLock<HashMap<String, &str>> =
        LazyLock::new(|| NAMES.iter().flat_map(|(tag, names)| names.iter().map(|name| (key(name), *tag))).collect());
    Language::parse(text).or_else(|| Language::parse(BY_KEY.get(&key(text))?))
}
