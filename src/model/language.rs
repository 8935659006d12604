//! Languages and the direction they are written in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::language_codes::{is_two_letter_code, shortest_code};

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
const RIGHT_TO_LEFT: [&str; 26] = [
    "aeb", "apc", "ar", "arc", "ary", "arz", "azb", "bqi", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "pnb",
    "prs", "ps", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
];
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
        let rtl = match script {
            Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script.as_str()),
            None => RIGHT_TO_LEFT.contains(&self.primary()),
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
