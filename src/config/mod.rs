//! config.toml: what a publication is called, its sources, series, lists and mail.

mod edit;
mod fetch;
mod file_name;
pub mod keys;
mod list;
mod mail;
mod read;
mod series;
mod serve;
mod source;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use edit::{NewSource, with_sources};
pub use fetch::{AllowPrivate, Fetch};
pub use mail::{DkimKey, Mail, MailPdf, MailPictures, Password, Rate, RelayConfig, StartTls, Transport};
pub use read::{load, load_before_folders, parse};
pub use serve::{KeepAddresses, Network, Serve};
pub use source::{Enclosures, Source, SourceKind, is_source_name};
pub use store::{PostgresUrl, StoreTls, StoreUrl, UrlFault};

use crate::model::{Language, List, Publication, Series};

/// A publication's configuration, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The folder that holds config.toml; every relative path starts here.
    pub root: PathBuf,
    /// The name of the configuration file, for messages.
    pub file: PathBuf,
    /// Name, address, language, zone.
    pub publication: Publication,
    /// Where posts come from, in order.
    pub sources: Vec<Source>,
    /// Numbered lines of issues, in the order of the file.
    pub series: Vec<Series>,
    /// The names of those series that say `public = true` themselves.
    pub openly: BTreeSet<String>,
    /// Mailing lists.
    pub lists: Vec<List>,
    /// How mail goes out.
    pub mail: Mail,
    /// Where what outlives a run is kept.
    pub store: StoreUrl,
    /// How sources on the web are asked.
    pub fetch: Fetch,
    /// How `masthead serve` answers.
    pub serve: Serve,
    /// The publication's logo, a picture.
    pub logo: Option<PathBuf>,
    /// Posts on one page of an index.
    pub page_size: usize,
    /// Items in the feed of an edition or a series.
    pub feed_size: usize,
    /// Items in the feed of a section, an author or a tag.
    pub group_feed_size: usize,
    /// Whether fonts of the machine may be used (bytes then differ between machines).
    pub system_fonts: bool,
}

impl Config {
    /// A series by its key.
    #[must_use]
    pub fn series(&self, key: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.key == key)
    }

    /// The languages of the publication: its own, and those of its series and of its editions.
    #[must_use]
    pub fn languages(&self) -> Vec<Language> {
        let mut languages = vec![self.publication.language.clone()];
        let of_series = self.series.iter().map(|series| &series.language);
        for language in of_series.chain(self.publication.editions.keys()) {
            if languages.iter().all(|known| known.primary() != language.primary()) {
                languages.push(language.clone());
            }
        }
        languages
    }

    /// The address of the page on which readers subscribe, where one is served and offers something.
    #[must_use]
    pub fn subscribe_address(&self) -> Option<String> {
        let address = self.mail.subscriptions_url.as_deref()?.trim_end_matches('/');
        (self.mail.from.is_some() && self.lists.iter().any(|list| list.open)).then(|| format!("{address}/subscribe"))
    }

    /// How the mail of a series goes out: as all mail does, but from its own mailbox where it has one.
    #[must_use]
    pub fn mail_of(&self, series: &str) -> Mail {
        let own = self.series(series).and_then(|series| series.from.clone());
        let of_all = self.mail.from.clone();
        Mail { from: own.or_else(|| of_all.clone()), publication_from: of_all, ..self.mail.clone() }
    }

    /// A list by its key.
    #[must_use]
    pub fn list(&self, key: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.key == key)
    }

    /// A list by its key, or by one that it had before.
    #[must_use]
    pub fn list_called(&self, name: &str) -> Option<&List> {
        self.list(name).or_else(|| self.lists.iter().find(|list| list.was.iter().any(|was| was == name)))
    }

    /// The language in which a post that says `said` is published: the publication's or a series' where that is what
    /// `said` begins with, as "en" for "en-US" (RFC 4647, 3.4: lookup), else `said`.
    #[must_use]
    pub fn published_language(&self, said: Language) -> Language {
        let known =
            || std::iter::once(&self.publication.language).chain(self.series.iter().map(|series| &series.language));
        if known().any(|language| *language == said) {
            return said;
        }
        let begins = |language: &&Language| {
            said.as_str().strip_prefix(language.as_str()).is_some_and(|rest| rest.starts_with('-'))
        };
        known().filter(begins).max_by_key(|language| language.as_str().len()).cloned().unwrap_or(said)
    }

    /// A path of the configuration, as the program opens it: below [`Config::root`] unless it is absolute.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.root.join(path)
    }
}
