//! Which column of a list is what.

use csv::StringRecord;

use super::headings::{Heading, columns_of};
use super::leaving::Leaving;
use super::records::Row;
use super::standing::Standing;
use super::write::plain;
use crate::deliver::address::printable;

/// A column of our exports that an import has no use for.
const SINCE: &str = "since";

/// What a column of addresses may be called, for people.
pub(super) const ALLOWED: &str = "call the column of addresses `email` or `address`; `Email Address`, `E-Mail-Adresse`, `courriel`, `ایمیل` and the like are known, too";

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) address: usize,
    pub(super) name: Option<usize>,
    given_name: Option<usize>,
    family_name: Option<usize>,
    pub(super) language: Option<usize>,
    pub(super) status: Option<usize>,
}

impl Columns {
    /// The columns that a row names, beside that of addresses, by their headings and by what the first rows hold.
    pub(super) fn beside(address: usize, headings: &StringRecord, rows: &[Row]) -> Self {
        let find = |kind| columns_of(headings, kind).find(|at| *at != address);
        // Where people live says nothing of how they stand; both are called so.
        let says = |at: &usize| {
            let word = |row: &Row| row.fields.get(*at).and_then(Standing::known);
            rows.iter().any(|row| word(row).is_some())
        };
        let state = || columns_of(headings, Heading::State).filter(|at| *at != address).find(says);
        Self {
            address,
            name: find(Heading::Name),
            given_name: find(Heading::GivenName),
            family_name: find(Heading::FamilyName),
            language: find(Heading::Language),
            status: find(Heading::Status).or_else(state),
        }
    }

    /// The column of addresses alone, where nothing is known of the others.
    pub(super) fn of_addresses(address: usize) -> Self {
        Self { address, ..Self::default() }
    }

    /// The columns where no row names them: address, name, language.
    pub(super) fn positional() -> Self {
        Self { address: 0, name: Some(1), language: Some(2), ..Self::default() }
    }

    /// The name in a row: as a whole, or its parts in the order in which they are said.
    pub(super) fn name_in(self, row: &StringRecord) -> String {
        let field = |at: Option<usize>| at.and_then(|at| row.get(at)).map(plain).filter(|text| !text.is_empty());
        let (name, given, family) = (field(self.name), field(self.given_name), field(self.family_name));
        let Some(name) = name else {
            return [given, family].into_iter().flatten().collect::<Vec<_>>().join(" ");
        };
        // `Name;Vorname` is family and given name, `Nombre,Apellidos` the other way round, `Name,First Name` the whole and a part.
        let has = |part: &str| {
            let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let all = words(&name);
            words(part).iter().all(|word| all.contains(word))
        };
        match (given, family) {
            _ if self.is_whole() => name.into_owned(),
            (Some(given), _) if !has(&given) => format!("{given} {name}"),
            (_, Some(family)) if !has(&family) => format!("{name} {family}"),
            _ => name.into_owned(),
        }
    }

    /// Whether the column of names has whole ones, since each part has its own.
    fn is_whole(self) -> bool {
        self.name.is_some() && self.given_name.is_some() && self.family_name.is_some()
    }

    /// Whether these are those where no row names them.
    pub(super) fn is_positional(self) -> bool {
        self == Self::positional()
    }

    /// The columns that are read.
    pub(super) fn read(self) -> Vec<usize> {
        let parts = [self.given_name, self.family_name].map(|at| at.filter(|_| !self.is_whole()));
        [Some(self.address), self.name, self.language, self.status].into_iter().chain(parts).flatten().collect()
    }

    /// The headings of the columns of which nothing is taken.
    pub(super) fn unread(self, headings: &StringRecord, leaving: &Leaving) -> Vec<String> {
        let read = self.read();
        let is_read = |at: &usize| read.contains(at) || leaving.reads(*at);
        let is_unread = |(at, field): &(usize, &str)| !is_read(at) && !field.is_empty() && *field != SINCE;
        headings.iter().enumerate().filter(is_unread).map(|(_, field)| printable(field)).collect()
    }
}

/// A column as messages name it: by its heading, or where it has none by its number.
pub(super) fn called(headings: &StringRecord, at: usize) -> String {
    match headings.get(at).filter(|heading| !heading.is_empty()) {
        Some(heading) => format!("the column `{}`", printable(heading)),
        None => format!("column {}", at + 1),
    }
}
