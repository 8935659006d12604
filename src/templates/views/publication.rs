//! The publication, as every output shows it.

use serde::Serialize;

use crate::model::Publication;

/// Its name and addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicationView<'a> {
    /// "The Compositor".
    pub title: &'a str,
    /// A sentence about it.
    pub description: Option<&'a str>,
    /// Where it stands on the web, with a slash at the end.
    pub address: &'a str,
    /// The language of its title and description.
    pub lang: &'a str,
    /// The direction of that language.
    pub dir: &'static str,
    /// Who publishes it; its title where it does not say.
    pub publisher: &'a str,
    /// A postal address, as one line or several.
    pub postal_address: Option<&'a str>,
    /// Where readers write to, as shown.
    pub contact: Option<&'a str>,
    /// The same as a link, where it is an address.
    pub contact_link: Option<String>,
    /// Its logo, below public/.
    pub logo: Option<&'a str>,
    /// A line on rights.
    pub rights: Option<&'a str>,
}

impl<'a> PublicationView<'a> {
    /// The view of `publication`.
    #[must_use]
    pub fn new(publication: &'a Publication) -> Self {
        Self {
            title: &publication.title,
            description: publication.description.as_deref(),
            address: &publication.base_url,
            lang: publication.language_of_names().as_str(),
            dir: publication.language_of_names().direction().as_str(),
            publisher: publication.publisher.as_deref().unwrap_or(&publication.title),
            postal_address: publication.postal_address.as_deref(),
            contact: publication.contact.as_deref(),
            contact_link: publication.contact.as_deref().and_then(contact_link),
            logo: publication.logo.as_deref(),
            rights: publication.rights.as_deref(),
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
