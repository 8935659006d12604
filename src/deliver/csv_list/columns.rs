//! Which column of a list is what, by its heading.

use csv::StringRecord;

use super::leaving::Leaving;
use crate::deliver::address::printable;

/// The headings that a column may have, in any capitals.
const HEADINGS: [(&str, &[&str]); 6] = [
    ("address", &["address", "email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse"]),
    ("name", &["name", "full name", "fullname", "display name"]),
    ("given name", &["given name", "first name", "firstname", "first_name", "fname", "vorname", "prénom", "emri"]),
    ("family name", &["family name", "last name", "lastname", "last_name", "lname", "surname", "nachname", "mbiemri"]),
    ("language", &["language", "lang", "sprache", "langue", "gjuha"]),
    (
        "status",
        &[
            "status",
            "delivery status",
            "delivery_status",
            "subscription status",
            "subscription_status",
            "subscriber status",
        ],
    ),
];

/// A column of our exports that an import has no use for.
const SINCE: &str = "since";

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns {
    pub(super) address: usize,
    pub(super) name: Option<usize>,
    /// Parts of the name, where there is no column for the whole.
    pub(super) given_name: Option<usize>,
    pub(super) family_name: Option<usize>,
    pub(super) language: Option<usize>,
    pub(super) status: Option<usize>,
}

impl Columns {
    /// The columns that a first row names; `None` when it names no address column.
    pub(super) fn named(row: &StringRecord) -> Option<Self> {
        let find = |heading: &str| {
            let (_, names) = HEADINGS.iter().find(|(name, _)| *name == heading)?;
            let is_named = |field: &str| {
                let field = field.to_lowercase();
                names.contains(&field.as_str()) || names.contains(&field.replace('_', " ").as_str())
            };
            row.iter().position(is_named)
        };
        Some(Self {
            address: find("address")?,
            name: find("name"),
            given_name: find("given name"),
            family_name: find("family name"),
            language: find("language"),
            status: find("status"),
        })
    }

    /// The columns where no row names them: address, name, language.
    pub(super) fn positional() -> Self {
        Self { address: 0, name: Some(1), language: Some(2), ..Self::default() }
    }

    /// The columns that are read.
    pub(super) fn read(self) -> Vec<usize> {
        let names = [self.given_name, self.family_name].map(|at| at.filter(|_| self.name.is_none()));
        [Some(self.address), self.name, self.language, self.status].into_iter().chain(names).flatten().collect()
    }

    /// The headings of the columns of which nothing is taken.
    pub(super) fn unread(self, headings: &StringRecord, leaving: &Leaving) -> Vec<String> {
        let read = self.read();
        let is_read = |at: &usize| read.contains(at) || leaving.reads(*at);
        let is_unread = |(at, field): &(usize, &str)| !is_read(at) && !field.is_empty() && *field != SINCE;
        headings.iter().enumerate().filter(is_unread).map(|(_, field)| printable(field)).collect()
    }
}
