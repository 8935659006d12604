//! What a text wishes of the system's fonts.

use unicode_script::Script;

/// Where Han characters are written as a font draws them: the same code has other forms in other lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Japanese forms.
    Japan,
    /// Korean forms.
    Korea,
    /// Simplified Chinese.
    Mainland,
    /// Traditional Chinese of Taiwan.
    Taiwan,
    /// Traditional Chinese of Hong Kong.
    HongKong,
}

impl Region {
    /// The region whose forms a BCP 47 language asks for.
    #[must_use]
    pub fn of_language(language: &str) -> Option<Self> {
        let language = language.to_ascii_lowercase();
        let mut parts = language.split('-');
        let primary = parts.next()?;
        let has = |wanted: &[&str]| parts.clone().any(|part| wanted.contains(&part));
        match primary {
            "ja" => Some(Self::Japan),
            "ko" => Some(Self::Korea),
            "yue" => Some(Self::HongKong),
            "zh" | "cmn" if has(&["hk", "mo"]) => Some(Self::HongKong),
            "zh" | "cmn" if has(&["hant", "tw"]) => Some(Self::Taiwan),
            "zh" | "cmn" => Some(Self::Mainland),
            _ => None,
        }
    }

    /// The region where letters of a script are at home.
    pub(super) fn of_script(script: Script) -> Option<Self> {
        match script {
            Script::Han | Script::Hiragana | Script::Katakana => Some(Self::Japan),
            Script::Hangul => Some(Self::Korea),
            Script::Bopomofo => Some(Self::Taiwan),
            _ => None,
        }
    }

    /// The region that a family is made for, by the ends of the names that makers of pan-CJK fonts give them.
    pub(super) fn of_family(family: &str) -> Option<Self> {
        let ends = |end: &str| family.ends_with(end);
        match () {
            () if ends(" jp") || ends(" j") => Some(Self::Japan),
            () if ends(" kr") || ends(" k") => Some(Self::Korea),
            () if ends(" sc") || ends(" cn") => Some(Self::Mainland),
            () if ends(" tc") || ends(" tw") => Some(Self::Taiwan),
            () if ends(" hk") || ends(" hc") => Some(Self::HongKong),
            () => None,
        }
    }
}

/// What a text wishes of a face that is to stand in where its own faces lack a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wish {
    /// 100 to 900.
    pub weight: u16,
    /// Whether it is italic.
    pub italic: bool,
    /// Whether its own faces have serifs.
    pub serif: bool,
    /// The forms of Han characters, where the language says so.
    pub region: Option<Region>,
}

impl Wish {
    /// The same with the region that a script is at home in, where the language names none.
    #[must_use]
    pub fn for_script(self, script: Script) -> Self {
        Self { region: self.region.or_else(|| Region::of_script(script)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn regions_follow_languages_and_families() {
        for (language, region) in [
            ("ja", Some(Region::Japan)),
            ("ko-KR", Some(Region::Korea)),
            ("zh", Some(Region::Mainland)),
            ("zh-Hans-CN", Some(Region::Mainland)),
            ("zh-TW", Some(Region::Taiwan)),
            ("zh-Hant-HK", Some(Region::HongKong)),
            ("en", None),
        ] {
            assert_eq!(Region::of_language(language), region, "{language}");
        }
        assert_eq!(Region::of_family("noto serif cjk jp"), Some(Region::Japan));
        assert_eq!(Region::of_family("noto serif"), None);
    }
}
