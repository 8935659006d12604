//! Which column of a list is what, by its heading.

use csv::StringRecord;

use super::leaving::Leaving;
use super::write::plain;
use crate::deliver::address::printable;

/// Headings of columns of e-mail addresses, in any capitals: what people and programs write, those for Google Contacts and
/// Thunderbird too, in English, German, French, Spanish, Italian, Albanian, Persian and Arabic.
const ADDRESS: [&str; 49] = [
    "email",
    "e-mail",
    "mail",
    "email address",
    "e-mail address",
    "mail address",
    "primary email",
    "e-mail 1 - value",
    "email 1 - value",
    "email 1",
    "e-mail 1",
    "e-mail-adresse",
    "e-mail adresse",
    "email-adresse",
    "emailadresse",
    "mailadresse",
    "mail-adresse",
    "courriel",
    "adresse courriel",
    "adresse e-mail",
    "adresse email",
    "adresse mail",
    "adresse électronique",
    "correo",
    "correo electrónico",
    "correo electronico",
    "dirección de correo",
    "dirección de correo electrónico",
    "indirizzo e-mail",
    "indirizzo email",
    "indirizzo mail",
    "posta elettronica",
    "emaili",
    "e-maili",
    "posta elektronike",
    "adresa elektronike",
    "adresa e emailit",
    "ایمیل",
    "آدرس ایمیل",
    "نشانی ایمیل",
    "رایانامه",
    "نشانی رایانامه",
    "پست الکترونیک",
    "پست الکترونیکی",
    "البريد الإلكتروني",
    "البريد الالكتروني",
    "عنوان البريد الإلكتروني",
    "إيميل",
    "الإيميل",
];
/// Such a column in our own exports; elsewhere it is as often that of a house.
const ADDRESS_OF_ANY_KIND: [&str; 1] = ["address"];
/// Of whole names, or of what is left of them beside a column of given or of family names.
const NAME: [&str; 12] = [
    "name",
    "full name",
    "fullname",
    "display name",
    "nom",
    "nombre",
    "nome",
    "nom complet",
    "nombre completo",
    "نام",
    "الاسم",
    "اسم",
];
const GIVEN_NAME: [&str; 16] = [
    "given name",
    "first name",
    "firstname",
    "fname",
    "forename",
    "vorname",
    "prénom",
    "prenom",
    "nombre de pila",
    "nome proprio",
    "emri",
    "emër",
    "نام کوچک",
    "الاسم الأول",
    "الاسم الاول",
    "الاسم الشخصي",
];
const FAMILY_NAME: [&str; 21] = [
    "family name",
    "last name",
    "lastname",
    "lname",
    "surname",
    "nachname",
    "familienname",
    "zuname",
    "nom de famille",
    "apellido",
    "apellidos",
    "cognome",
    "mbiemri",
    "mbiemër",
    "نام خانوادگی",
    "اسم العائلة",
    "الاسم الأخير",
    "الاسم العائلي",
    "اللقب",
    "لقب",
    "الكنية",
];
const LANGUAGE: [&str; 8] = ["language", "lang", "sprache", "langue", "idioma", "lingua", "gjuha", "زبان"];
const STATUS: [&str; 4] = ["status", "delivery status", "subscription status", "subscriber status"];

/// A column of our exports that an import has no use for.
const SINCE: &str = "since";

/// What a column of addresses may be called, for people.
pub(super) const ALLOWED: &str = "call the column of addresses `email` or `address`; `Email Address`, `E-Mail-Adresse`, `courriel`, `ایمیل` and the like are known, too";

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns {
    pub(super) address: usize,
    /// Whether its heading says no more than that the column is of some kind of address.
    pub(super) is_unsure: bool,
    name: Option<usize>,
    given_name: Option<usize>,
    family_name: Option<usize>,
    pub(super) language: Option<usize>,
    pub(super) status: Option<usize>,
}

impl Columns {
    /// The columns that a first row names; `None` when it names no address column.
    pub(super) fn named(row: &StringRecord) -> Option<Self> {
        let sure = find(row, &ADDRESS);
        let address = sure.or_else(|| find(row, &ADDRESS_OF_ANY_KIND))?;
        Some(Self { is_unsure: sure.is_none(), ..Self::with_address(row, address) })
    }

    /// The columns that a row names, whatever it calls that of addresses.
    pub(super) fn with_address(row: &StringRecord, address: usize) -> Self {
        let find = |headings: &[&str]| find(row, headings).filter(|at| *at != address);
        Self {
            address,
            is_unsure: false,
            name: find(&NAME),
            given_name: find(&GIVEN_NAME),
            family_name: find(&FAMILY_NAME),
            language: find(&LANGUAGE),
            status: find(&STATUS),
        }
    }

    /// The same columns, since what stands in them is what their headings say.
    pub(super) fn sure(self) -> Self {
        Self { is_unsure: false, ..self }
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
            let all = words(name);
            words(part).iter().all(|word| all.contains(word))
        };
        match (given, family) {
            _ if self.is_whole() => name.to_owned(),
            (Some(given), _) if !has(given) => format!("{given} {name}"),
            (_, Some(family)) if !has(family) => format!("{name} {family}"),
            _ => name.to_owned(),
        }
    }

    /// Whether the column of names has whole ones, since each part has its own.
    fn is_whole(self) -> bool {
        self.name.is_some() && self.given_name.is_some() && self.family_name.is_some()
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

/// The first column with one of these headings, in any capitals.
fn find(row: &StringRecord, headings: &[&str]) -> Option<usize> {
    let is_one = |field: &str| {
        let field = field.to_lowercase().replace('_', " ");
        headings.contains(&field.trim_matches([' ', ':', '*']))
    };
    row.iter().position(is_one)
}
