//! What config.toml describes.

use std::collections::BTreeMap;

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
        let replace = |old: &mut Option<String>, new: &Option<String>| {
            if new.is_some() {
                old.clone_from(new);
            }
        };
        if let Some(title) = &names.title {
            named.title.clone_from(title);
            named.names_in = Some(edition.clone());
        }
        replace(&mut named.description, &names.description);
        replace(&mut named.publisher, &names.publisher);
        replace(&mut named.postal_address, &names.postal_address);
        replace(&mut named.rights, &names.rights);
        named
    }

    /// The language of its names.
    #[must_use]
    pub fn language_of_names(&self) -> &Language {
        self.names_in.as_ref().unwrap_or(&self.language)
    }

    /// The absolute URL of a path below public/.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.trim_start_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Names, Publication};

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
        };
        let persian = publication.in_language(&language("fa-IR"));
        assert_eq!((persian.title.as_str(), persian.language_of_names().as_str()), ("حروف‌چین", "fa"));
        assert_eq!(persian.publisher.as_deref(), Some("The society"));
        let albanian = publication.in_language(&language("sq"));
        assert_eq!((albanian.title.as_str(), albanian.language_of_names().as_str()), ("The Compositor", "en"));
    }
}
