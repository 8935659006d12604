//! Languages and the direction they are written in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::language_codes::{is_two_letter_code, language_of_country, shortest_code};

/// A BCP 47 language tag, as the author wrote it, in the usual case ("en", "pt-BR", "zh-Hant").
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

/// The direction of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of HTML's `dir` attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// Primary subtags of languages whose usual script runs right to left.
const RIGHT_TO_LEFT: [&str; 28] = [
    "aeb", "apc", "ar", "arc", "ary", "arz", "azb", "bqi", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "ks", "lrc",
    "mzn", "pnb", "prs", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
];
/// A code that was taken back, and that texts have still: Serbo-Croatian.
const TAKEN_BACK: &str = "sh";
/// Scripts that run right to left, as subtags.
const RIGHT_TO_LEFT_SCRIPTS: [&str; 7] = ["arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"];

impl Language {
    /// Reads a tag: letters, digits and hyphens (underscores become hyphens). `None` when it cannot be a tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-");
        let well_formed = (2..=35).contains(&tag.len())
            && tag
                .split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
            && tag
                .split('-')
                .next()
                .is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
        well_formed.then(|| {
            let parts: Vec<String> = tag
                .split('-')
                .enumerate()
                .map(|(i, part)| match (i, part.len()) {
                    (0, _) => part.to_ascii_lowercase(),
                    (_, 2) => part.to_ascii_uppercase(),
                    (_, 4) => part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase(),
                    _ => part.to_ascii_lowercase(),
                })
                .collect();
            Self(parts.join("-"))
        })
    }

    /// Reads the tag of a language that somebody reads, in the form in which languages are compared: of two codes for one the
    /// shorter (RFC 5646, 2.2.1), as `sq` for `sqi`. `None` where it is none, or begins with two letters that are no language,
    /// such as `al`, a country.
    #[must_use]
    pub fn read_by_people(tag: &str) -> Option<Self> {
        let language = Self::parse(tag)?;
        let primary = language.primary();
        let read = match shortest_code(primary) {
            Some(code) => Self(format!("{code}{}", &language.0[primary.len()..])),
            None => language,
        };
        (read.primary().len() > 2 || is_two_letter_code(read.primary())).then_some(read)
    }

    /// What is doubtful about the tag of a text, and the tag that may be meant: it begins with two letters that are no language,
    /// such as a country's, or with the longer of two codes.
    #[must_use]
    pub fn doubt(&self) -> Option<(&'static str, Option<Self>)> {
        let primary = self.primary();
        let with = |code: &str| Some(Self(format!("{code}{}", &self.0[primary.len()..])));
        if let Some(shorter) = shortest_code(primary).filter(|code| *code != primary) {
            return Some(("begins with the longer of two codes for a language", with(shorter)));
        }
        if primary.len() > 2 || is_two_letter_code(primary) || primary == TAKEN_BACK {
            return None;
        }
        match language_of_country(primary) {
            Some(code) => Some(("begins with the code of a country", with(code))),
            None => Some(("begins with two letters that are no language", None)),
        }
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag: "pt" of "pt-BR".
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Whether this is the same language, in whichever region and script, and by whichever of its codes: `sqi` is `sq`.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        fn code(language: &Language) -> &str {
            shortest_code(language.primary()).unwrap_or(language.primary())
        }
        self.primary() == other.primary() || code(self) == code(other)
    }

    /// Which way it is written.
    #[must_use]
    pub fn direction(&self) -> Direction {
        let script = self.0.split('-').skip(1).find(|part| part.len() == 4).map(str::to_ascii_lowercase);
        let rtl = if let Some(script) = script {
            RIGHT_TO_LEFT_SCRIPTS.contains(&script.as_str())
        } else {
            let primary = self.primary();
            // Codes of three letters may have a shorter one, by which they are known.
            let shorter = || shortest_code(primary).is_some_and(|code| RIGHT_TO_LEFT.contains(&code));
            RIGHT_TO_LEFT.contains(&primary) || (primary.len() == 3 && shorter())
        };
        if rtl { Direction::Rtl } else { Direction::Ltr }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Language};

    #[test]
    fn of_two_codes_for_one_language_the_shorter_counts() {
        let read = |tag: &str| Language::read_by_people(tag).map(|language| language.as_str().to_owned());
        for (tag, wanted) in
            [("sqi", "sq"), ("ENG_gb", "en-GB"), ("per", "fa"), ("ckb", "ckb"), ("pt-br", "pt-BR"), ("iw", "he")]
        {
            assert_eq!(read(tag).as_deref(), Some(wanted), "{tag}");
        }
        assert_eq!([read("al"), read("uk-"), read("x")], [None, None, None]);
        let is_same = |one: &str, other: &str| Language::parse(one).unwrap().is_same(&Language::parse(other).unwrap());
        assert!(is_same("sqi", "sq") && is_same("alb", "sqi-AL") && is_same("en", "en-GB"));
        assert!(!is_same("sqi", "en") && !is_same("no", "nb") && !is_same("ckb", "ku"));
    }

    #[test]
    fn a_tag_that_may_be_meant_otherwise_is_doubted() {
        let doubt = |tag: &str| {
            let (what, meant) = Language::parse(tag).unwrap().doubt()?;
            Some((what.rsplit(' ').next().unwrap(), meant.map(|meant| meant.as_str().to_owned())))
        };
        let country = |meant: &str| Some(("country", Some(meant.to_owned())));
        let longer = |meant: &str| Some(("language", Some(meant.to_owned())));
        assert_eq!([doubt("al"), doubt("IR"), doubt("cn_TW")], [country("sq"), country("fa"), country("zh-TW")]);
        assert_eq!([doubt("alb"), doubt("fas-AF"), doubt("iw")], [longer("sq"), longer("fa-AF"), longer("he")]);
        assert_eq!(doubt("xx"), Some(("language", None)));
        // Codes of languages, though some are of countries, too.
        for tag in ["en", "pt-BR", "ckb", "sh", "ca", "se", "ar-AE"] {
            assert_eq!(doubt(tag), None, "{tag}");
        }
    }

    #[test]
    fn three_letters_run_as_two_do() {
        let direction = |tag: &str| Language::parse(tag).unwrap().direction();
        for tag in ["fas", "per", "pes", "ara", "arb", "heb", "urd", "yid", "iw", "pus-AF", "ckb"] {
            assert_eq!(direction(tag), Direction::Rtl, "{tag}");
        }
        for tag in ["eng", "sqi", "deu", "fas-Latn", "xyz"] {
            assert_eq!(direction(tag), Direction::Ltr, "{tag}");
        }
    }

    #[test]
    fn a_tag_is_put_into_its_usual_case() {
        assert_eq!(Language::parse("ZH_hant_tw").unwrap().as_str(), "zh-Hant-TW");
        assert_eq!(Language::parse("fa").unwrap().direction(), Direction::Rtl);
        assert_eq!(Language::parse("az-Arab").unwrap().direction(), Direction::Rtl);
        assert_eq!(Language::parse("ar-Latn").unwrap().direction(), Direction::Ltr);
        for no in ["", "e", "123", "en us", "persian!"] {
            assert_eq!(Language::parse(no), None, "{no}");
        }
    }
}
