//! What config.toml describes.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Language;

/// The publication's name and addresses, as an issue is frozen with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// "The Compositor".
    pub title: String,
    /// A sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it stands on the web; ends with a slash.
    pub base_url: String,
    /// The default language.
    pub language: Language,
    /// The zone in which windows open and close.
    pub time_zone: Tz,
    /// Who publishes it, for the colophon; the title when not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// For the colophon and the foot of mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_address: Option<String>,
    /// Where readers write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// A line on rights, for the colophon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// Its logo: a picture, by its path below public/.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// What it is called in other languages. An issue is frozen with the names of its own language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub editions: BTreeMap<Language, Names>,
    /// The language of the names above, where it is not the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names_in: Option<Language>,
    /// Which of these names are in the default language all the same, because the edition says no other.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub borrowed: BTreeSet<Name>,
}

/// A text of a publication that each language may have for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// The title.
    Title,
    /// The sentence about it.
    Description,
    /// Who publishes it.
    Publisher,
    /// Its postal address.
    PostalAddress,
    /// The line on rights.
    Rights,
}

/// What a publication is called in one language; what is not said is as in the default language.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Names {
    /// Its title.
    pub title: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Its postal address.
    pub postal_address: Option<String>,
    /// A line on rights.
    pub rights: Option<String>,
}

impl Publication {
    /// The publication as it calls itself in `language`.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> Self {
        let own = self.editions.iter().find(|(edition, _)| *edition == language);
        let same_primary = || self.editions.iter().find(|(edition, _)| edition.primary() == language.primary());
        let mut named = Self { editions: BTreeMap::new(), ..self.clone() };
        let Some((edition, names)) = own.or_else(same_primary) else { return named };
        let mut borrowed = BTreeSet::new();
        match &names.title {
            Some(title) => named.title.clone_from(title),
            None => _ = borrowed.insert(Name::Title),
        }
        for (name, old, new) in [
            (Name::Description, &mut named.description, &names.description),
            (Name::Publisher, &mut named.publisher, &names.publisher),
            (Name::PostalAddress, &mut named.postal_address, &names.postal_address),
            (Name::Rights, &mut named.rights, &names.rights),
        ] {
            match (&old, new) {
                (_, Some(_)) => old.clone_from(new),
                (Some(_), None) => _ = borrowed.insert(name),
                (None, None) => {}
            }
        }
        named.names_in = Some(edition.clone());
        named.borrowed = borrowed;
        named
    }

    /// The language of one of its names. Who publishes it, where that is not said, is its title.
    #[must_use]
    pub fn language_of(&self, name: Name) -> &Language {
        let name = if name == Name::Publisher && self.publisher.is_none() { Name::Title } else { name };
        self.names_in.as_ref().filter(|_| !self.borrowed.contains(&name)).unwrap_or(&self.language)
    }

    /// The absolute URL of a path below public/.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Language, Name, Names, Publication};

    #[test]
    fn an_edition_has_its_own_names_and_borrows_the_rest() {
        let language = |tag| Language::parse(tag).unwrap();
        let publication = Publication {
            title: "The Compositor".to_owned(),
            description: Some("On type".to_owned()),
            base_url: "https://compositor.example/".to_owned(),
            language: language("en"),
            time_zone: chrono_tz::UTC,
            publisher: Some("The society".to_owned()),
            postal_address: None,
            contact: None,
            rights: None,
            editions: [(language("fa"), Names { title: Some("حروف‌چین".to_owned()), ..Names::default() })].into(),
            logo: None,
            names_in: None,
            borrowed: BTreeSet::new(),
        };
        let persian = publication.in_language(&language("fa-IR"));
        assert_eq!((persian.title.as_str(), persian.language_of(Name::Title).as_str()), ("حروف‌چین", "fa"));
        assert_eq!(persian.publisher.as_deref(), Some("The society"));
        assert_eq!(persian.language_of(Name::Publisher).as_str(), "en");
        let albanian = publication.in_language(&language("sq"));
        assert_eq!((albanian.title.as_str(), albanian.language_of(Name::Title).as_str()), ("The Compositor", "en"));
    }

    #[test]
    fn an_edition_that_borrows_its_title_has_the_rest_in_its_own_language() {
        let language = |tag| Language::parse(tag).unwrap();
        let names = Names { description: Some("دربارهٔ چاپ".to_owned()), ..Names::default() };
        let publication = Publication {
            title: "The Compositor".to_owned(),
            description: None,
            base_url: "https://compositor.example/".to_owned(),
            language: language("en"),
            time_zone: chrono_tz::UTC,
            publisher: None,
            postal_address: None,
            contact: None,
            rights: None,
            logo: None,
            editions: [(language("fa"), names)].into(),
            names_in: None,
            borrowed: BTreeSet::new(),
        };
        let persian = publication.in_language(&language("fa"));
        let languages =
            [Name::Title, Name::Description, Name::Publisher].map(|name| persian.language_of(name).as_str());
        assert_eq!(languages, ["en", "fa", "en"]);
        let frozen = serde_json::to_string(&persian).unwrap();
        assert_eq!(serde_json::from_str::<Publication>(&frozen).unwrap(), persian);
    }
}
