//! The words around the articles, by language: templates/strings/<language>.toml.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::Language;

/// The language whose words stand in where a language has none of its own.
pub const FALLBACK: &str = "en";

/// The words of every language that has some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings(BTreeMap<String, Words>);

/// The words of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    language: Option<Language>,
    words: BTreeMap<String, String>,
}

static NONE: Words = Words { language: None, words: BTreeMap::new() };

impl Strings {
    /// Adds the words of the language that `tag` names, from a TOML table of strings, or puts them in place of those
    /// that it has. The first words of [`FALLBACK`] say which there are.
    pub(super) fn read(&mut self, tag: &str, path: &Path, text: &str) -> Result<()> {
        let wrong = |message: String| Error::new(ErrorKind::Template, message);
        let language = Language::parse(tag)
            .ok_or_else(|| wrong(format!("`{tag}` is not a language tag")).at(Place::file(path)))?;
        let words: BTreeMap<String, String> = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            wrong(error.message().to_lowercase())
                .at(Place::offset(path, text, offset))
                .hint("allowed: `key = \"words\"`")
        })?;
        if let Some(fallback) = self.0.get(FALLBACK)
            && let Some(unknown) = words.keys().find(|key| !fallback.words.contains_key(*key))
        {
            let offset = text.find(unknown.as_str()).unwrap_or(0);
            return Err(wrong(format!("no template uses the words `{unknown}`"))
                .at(Place::offset(path, text, offset))
                .nearest(unknown, fallback.words.keys().map(String::as_str)));
        }
        let entry = self.0.entry(language.as_str().to_owned());
        entry.or_insert(Words { language: Some(language), words: BTreeMap::new() }).words.extend(words);
        Ok(())
    }

    /// The words of `language`: its own, those of its primary subtag ("pt" for "pt-BR"), or English ones.
    #[must_use]
    pub fn words(&self, language: &Language) -> &Words {
        self.words_of(language.as_str())
    }

    /// The words under `key` in `language`, in English where that language lacks them; `None` for an unknown key.
    #[must_use]
    pub fn get(&self, language: &Language, key: &str) -> Option<&str> {
        self.get_of(language.as_str(), key)
    }

    /// [`Strings::words`] by a tag.
    pub(super) fn words_of(&self, tag: &str) -> &Words {
        [tag, primary(tag), FALLBACK].iter().find_map(|tag| self.0.get(*tag)).unwrap_or(&NONE)
    }

    /// [`Strings::get`] by a tag.
    pub(super) fn get_of(&self, tag: &str, key: &str) -> Option<&str> {
        self.words_of(tag).get(key).or_else(|| self.0.get(FALLBACK)?.get(key))
    }

    /// The words under `key` with `{name}` filled in. Where those of another direction stand in, signs that nobody sees keep them
    /// and what is filled in apart from each other and from what is around them (UAX 9, 2.4).
    pub(super) fn filled(&self, tag: &str, key: &str, values: &[(&str, &str)]) -> Option<String> {
        let own = self.words_of(tag);
        let (words, spoken) = match own.get(key) {
            Some(words) => (words, own),
            None => (self.get_of(FALLBACK, key)?, self.words_of(FALLBACK)),
        };
        if values.is_empty() || !spoken.runs_against(tag) {
            return Some(fill(words, values));
        }
        let apart: Vec<(&str, String)> =
            values.iter().map(|(name, value)| (*name, format!("\u{2068}{value}\u{2069}"))).collect();
        let apart: Vec<(&str, &str)> = apart.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Some(format!("\u{2066}{}\u{2069}", fill(words, &apart)))
    }

    /// The words under `key`, and the language that they are in where it is not that of `tag`.
    pub(super) fn spoken(&self, tag: &str, key: &str) -> Option<(&str, Option<&Language>)> {
        let own = self.words_of(tag);
        let of = if own.get(key).is_some() { own } else { self.words_of(FALLBACK) };
        Some((of.get(key)?, of.language().filter(|spoken| spoken.primary() != primary(tag))))
    }

    /// What stands before the last of several names in a sentence: " and ". A language whose words lack it has none; English
    /// between its names would be worse.
    pub(super) fn before_the_last(&self, language: &Language) -> Option<&str> {
        self.words(language).get("list_last")
    }

    /// The languages that have words of their own.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.0.values().filter_map(|words| words.language.as_ref())
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.get(FALLBACK).into_iter().flat_map(|words| words.words.keys().map(String::as_str))
    }
}

impl Words {
    /// The language they are in: not that of the text around them where English stands in.
    #[must_use]
    pub fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }

    /// Whether a text in the language of `tag` runs the other way.
    fn runs_against(&self, tag: &str) -> bool {
        let Some(spoken) = self.language.as_ref().filter(|spoken| spoken.primary() != primary(tag)) else {
            return false;
        };
        Language::parse(tag).is_some_and(|language| language.direction() != spoken.direction())
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }
}

/// The primary subtag of a tag: "pt" of "pt-BR".
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Puts values in place of `{name}`.
#[must_use]
pub fn fill(words: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(words.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{Strings, fill};
    use crate::model::Language;
    use crate::templates::Templates;

    fn keys(text: &str) -> BTreeSet<String> {
        toml::from_str::<toml::Table>(text).unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_four_languages_have_the_same_keys_and_places() {
        let english = include_str!("../../templates/strings/en.toml");
        for text in [
            include_str!("../../templates/strings/fa.toml"),
            include_str!("../../templates/strings/ar.toml"),
            include_str!("../../templates/strings/sq.toml"),
        ] {
            assert_eq!(keys(text), keys(english));
            let (english, other): (toml::Table, toml::Table) =
                (toml::from_str(english).unwrap(), toml::from_str(text).unwrap());
            for (key, words) in &english {
                let braces = |s: &str| s.matches('{').count();
                assert_eq!(braces(words.as_str().unwrap()), braces(other[key].as_str().unwrap()), "{key}");
            }
        }
    }

    #[test]
    fn a_language_without_words_gets_english_ones_marked_as_english() {
        let templates = Templates::builtin();
        let german = Language::parse("de").unwrap();
        assert_eq!(templates.strings().get(&german, "tags"), Some("Tags"));
        assert_eq!(templates.strings().words(&german).language().unwrap().as_str(), "en");
        let persian = Language::parse("fa-AF").unwrap();
        assert_eq!(templates.strings().get(&persian, "tags"), Some("برچسب‌ها"));
        assert_eq!(templates.strings().get(&persian, "nonsense"), None);
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest() {
        let mut strings = Strings::default();
        strings.read("en", Path::new("en.toml"), "older = \"Older\"\n").unwrap();
        let error = strings.read("de", Path::new("templates/strings/de.toml"), "\noldre = \"Älter\"\n").unwrap_err();
        insta::assert_snapshot!(error, @r"
        templates/strings/de.toml:2:1: no template uses the words `oldre`
          did you mean `older`?
        ");
    }

    #[test]
    fn places_in_words_are_filled() {
        assert_eq!(fill("Page {n} of {total}", &[("n", "2"), ("total", "9")]), "Page 2 of 9");
    }
}
