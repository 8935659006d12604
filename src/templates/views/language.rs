//! What languages call themselves.

use crate::model::Language;

/// Names in the languages themselves, by tag or primary subtag (CLDR).
const AUTONYMS: [(&str, &str); 33] = [
    ("ar", "العربية"),
    ("bn", "বাংলা"),
    ("ckb", "کوردیی ناوەندی"),
    ("cs", "Čeština"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hu", "Magyar"),
    ("id", "Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("mk", "Македонски"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sq", "Shqip"),
    ("sr", "Српски"),
    ("sv", "Svenska"),
    ("ta", "தமிழ்"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// What the language calls itself; its tag where that is not known here.
#[must_use]
pub fn autonym(language: &Language) -> String {
    let name = AUTONYMS.iter().find(|(tag, _)| *tag == language.primary()).map(|(_, name)| *name);
    match name {
        Some(name) if language.as_str() == language.primary() => name.to_owned(),
        Some(name) => format!("{name} ({})", language.as_str()),
        None => language.as_str().to_owned(),
    }
}
