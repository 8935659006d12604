//! The publication, as every output shows it.

use serde::Serialize;

use crate::model::{Name, Publication};

/// Its name and addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicationView<'a> {
    /// "The Compositor".
    pub title: &'a str,
    /// A sentence about it.
    pub description: Option<&'a str>,
    /// The language of that sentence.
    pub description_lang: &'a str,
    /// Where it stands on the web, with a slash at the end.
    pub address: &'a str,
    /// The language of its title.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// Who publishes it; its title where it does not say.
    pub publisher: &'a str,
    /// The language of that.
    pub publisher_lang: &'a str,
    /// A postal address, as one line or several.
    pub postal_address: Option<&'a str>,
    /// The language of that address.
    pub postal_address_lang: &'a str,
    /// Where readers write to, as shown.
    pub contact: Option<&'a str>,
    /// The same as a link, where it is an address.
    pub contact_link: Option<String>,
    /// Its logo, below public/.
    pub logo: Option<&'a str>,
    /// A line on rights.
    pub rights: Option<&'a str>,
    /// The language of that line.
    pub rights_lang: &'a str,
}

impl<'a> PublicationView<'a> {
    /// The view of `publication`.
    #[must_use]
    pub fn new(publication: &'a Publication) -> Self {
        let lang = |name| publication.language_of(name).as_str();
        Self {
            title: &publication.title,
            description: publication.description.as_deref(),
            description_lang: lang(Name::Description),
            address: &publication.base_url,
            lang: lang(Name::Title),
            dir: publication.language_of(Name::Title).direction().as_str(),
            publisher: publication.publisher.as_deref().unwrap_or(&publication.title),
            publisher_lang: lang(Name::Publisher),
            postal_address: publication.postal_address.as_deref(),
            postal_address_lang: lang(Name::PostalAddress),
            contact: publication.contact.as_deref(),
            contact_link: publication.contact.as_deref().and_then(contact_link),
            logo: publication.logo.as_deref(),
            rights: publication.rights.as_deref(),
            rights_lang: lang(Name::Rights),
        }
    }
}

fn contact_link(contact: &str) -> Option<String> {
    if contact.starts_with("https://") || contact.starts_with("http://") {
        Some(contact.to_owned())
    } else if contact.contains('@') && !contact.contains(char::is_whitespace) {
        Some(format!("mailto:{contact}"))
    } else {
        None
    }
}
