//! Languages by their names: what feeds write where a tag belongs (`<language>English</language>`).

use crate::model::Language;

/// Tags with what else the language is called, in lower case: its code of three letters (ISO 639-2), its name in English, its own.
const NAMES: [(&str, &[&str]); 58] = [
    ("ar", &["ara", "arabic", "العربية", "عربي"]),
    ("az", &["aze", "azerbaijani", "azərbaycanca"]),
    ("be", &["bel", "belarusian", "беларуская"]),
    ("bg", &["bul", "bulgarian", "български"]),
    ("bn", &["ben", "bengali", "bangla", "বাংলা"]),
    ("bs", &["bos", "bosnian", "bosanski"]),
    ("ca", &["cat", "catalan", "català"]),
    ("ckb", &["sorani", "central kurdish", "کوردی", "سۆرانی"]),
    ("cs", &["cze", "ces", "czech", "čeština"]),
    ("cy", &["wel", "cym", "welsh", "cymraeg"]),
    ("da", &["dan", "danish", "dansk"]),
    ("de", &["ger", "deu", "german", "deutsch"]),
    ("el", &["gre", "ell", "greek", "ελληνικά"]),
    ("en", &["eng", "english"]),
    ("eo", &["epo", "esperanto"]),
    ("es", &["spa", "spanish", "español", "castellano"]),
    ("et", &["est", "estonian", "eesti"]),
    ("eu", &["baq", "eus", "basque", "euskara"]),
    ("fa", &["per", "fas", "persian", "farsi", "فارسی"]),
    ("fi", &["fin", "finnish", "suomi"]),
    ("fr", &["fre", "fra", "french", "français", "francais"]),
    ("ga", &["gle", "irish", "gaeilge"]),
    ("gl", &["glg", "galician", "galego"]),
    ("gu", &["guj", "gujarati", "ગુજરાતી"]),
    ("he", &["heb", "hebrew", "עברית"]),
    ("hi", &["hin", "hindi", "हिन्दी", "हिंदी"]),
    ("hr", &["hrv", "croatian", "hrvatski"]),
    ("hu", &["hun", "hungarian", "magyar"]),
    ("hy", &["arm", "hye", "armenian", "հայերեն"]),
    ("id", &["ind", "indonesian", "bahasa indonesia"]),
    ("is", &["ice", "isl", "icelandic", "íslenska"]),
    ("it", &["ita", "italian", "italiano"]),
    ("ja", &["jpn", "japanese", "日本語"]),
    ("ka", &["geo", "kat", "georgian", "ქართული"]),
    ("ko", &["kor", "korean", "한국어"]),
    ("lt", &["lit", "lithuanian", "lietuvių"]),
    ("lv", &["lav", "latvian", "latviešu"]),
    ("mk", &["mac", "mkd", "macedonian", "македонски"]),
    ("ms", &["may", "msa", "malay", "bahasa melayu"]),
    ("nl", &["dut", "nld", "dutch", "nederlands"]),
    ("no", &["nor", "norwegian", "norsk"]),
    ("pl", &["pol", "polish", "polski"]),
    ("prs", &["dari", "دری"]),
    ("ps", &["pus", "pashto", "پښتو"]),
    ("pt", &["por", "portuguese", "português", "portugues"]),
    ("ro", &["rum", "ron", "romanian", "română"]),
    ("ru", &["rus", "russian", "русский"]),
    ("sk", &["slo", "slk", "slovak", "slovenčina"]),
    ("sl", &["slv", "slovenian", "slovene", "slovenščina"]),
    ("sq", &["alb", "sqi", "albanian", "shqip"]),
    ("sr", &["srp", "serbian", "српски", "srpski"]),
    ("sv", &["swe", "swedish", "svenska"]),
    ("ta", &["tam", "tamil", "தமிழ்"]),
    ("th", &["tha", "thai", "ไทย"]),
    ("tr", &["tur", "turkish", "türkçe", "turkce"]),
    ("uk", &["ukr", "ukrainian", "українська"]),
    ("ur", &["urd", "urdu", "اردو"]),
    ("zh", &["chi", "zho", "chinese", "中文", "mandarin", "汉语", "漢語"]),
];

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
    let known = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str()));
    Language::parse(known.map_or(text, |(tag, _)| tag))
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
