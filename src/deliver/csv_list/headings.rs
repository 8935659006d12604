//! What columns are called, in English, German, French, Spanish, Italian, Albanian, Persian and Arabic.

use std::collections::HashMap;
use std::sync::LazyLock;

use csv::StringRecord;

use crate::deliver::words::key;

/// A heading that is longer is none.
const LONGEST: usize = 200;

/// What a column is, by its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    /// E-mail addresses.
    Address,
    /// Addresses of some kind: of e-mail in our own exports, elsewhere as often of houses.
    AnyAddress,
    /// Whole names, or what is left of them beside a column of given or of family names.
    Name,
    GivenName,
    FamilyName,
    Language,
    Status,
    /// How somebody stands on the list, or where they live.
    State,
}

/// What people and programs write, those for Google Contacts and Thunderbird too. Capitals, accents and what stands between
/// letters do not count.
const KNOWN: [(Heading, &[&str]); 8] = [
    (
        Heading::Address,
        &[
            "email",
            "mail",
            "email address",
            "mail address",
            "primary email",
            "email 1 - value",
            "email 1",
            "e-mail-adresse",
            "mailadresse",
            "courriel",
            "adresse courriel",
            "adresse email",
            "adresse mail",
            "adresse électronique",
            "correo",
            "correo electrónico",
            "dirección de correo",
            "dirección de correo electrónico",
            "indirizzo email",
            "indirizzo mail",
            "posta elettronica",
            "emaili",
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
            "بريد إلكتروني",
            "عنوان البريد الإلكتروني",
            "إيميل",
            "الإيميل",
        ],
    ),
    (Heading::AnyAddress, &["address"]),
    (
        Heading::Name,
        &[
            "name",
            "full name",
            "display name",
            "name and surname",
            "first and last name",
            "vollständiger name",
            "vor- und nachname",
            "vor- und zuname",
            "vorname nachname",
            "vorname und nachname",
            "name und vorname",
            "nom",
            "nom complet",
            "nom et prénom",
            "prénom et nom",
            "nom prénom",
            "prénom nom",
            "nombre",
            "nombre completo",
            "nombre y apellido",
            "nombre y apellidos",
            "apellidos y nombre",
            "nome",
            "nome completo",
            "nome e cognome",
            "cognome e nome",
            "nome cognome",
            "cognome nome",
            "nominativo",
            "emri dhe mbiemri",
            "emër dhe mbiemër",
            "emri mbiemri",
            "emër mbiemër",
            "emri i plotë",
            "نام",
            "نام و نام خانوادگی",
            "نام نام خانوادگی",
            "نام کامل",
            "الاسم",
            "اسم",
            "الاسم الكامل",
            "الاسم بالكامل",
            "الاسم واللقب",
            "الاسم والكنية",
            "الاسم والنسب",
            "الاسم الثلاثي",
        ],
    ),
    (
        Heading::GivenName,
        &[
            "given name",
            "first name",
            "fname",
            "forename",
            "vorname",
            "prénom",
            "nombre de pila",
            "nome proprio",
            "emri",
            "emër",
            "نام کوچک",
            "الاسم الأول",
            "الاسم الشخصي",
        ],
    ),
    (
        Heading::FamilyName,
        &[
            "family name",
            "last name",
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
        ],
    ),
    (
        Heading::Language,
        &[
            "language",
            "lang",
            "preferred language",
            "sprache",
            "langue",
            "idioma",
            "lengua",
            "lingua",
            "gjuha",
            "gjuhë",
            "زبان",
            "اللغة",
            "لغة",
        ],
    ),
    (
        Heading::Status,
        &[
            "status",
            "delivery status",
            "subscription status",
            "subscriber status",
            "abostatus",
            "abonnementstatus",
            "statut",
            "statut d'abonnement",
            "statut de l'abonnement",
            "statut d'inscription",
            "état de l'abonnement",
            "estatus",
            "estado de suscripción",
            "estado de la suscripción",
            "estado del suscriptor",
            "stato iscrizione",
            "stato dell'iscrizione",
            "stato abbonamento",
            "statusi",
            "statusi i abonimit",
            "gjendja e abonimit",
            "وضعیت",
            "وضعیت اشتراک",
            "وضعیت عضویت",
            "الحالة",
            "حالة الاشتراك",
            "حالة المشترك",
            "حالة العضوية",
        ],
    ),
    (Heading::State, &["state", "état", "estado", "stato", "gjendja", "حالة"]),
];

/// What a cell says a column is.
pub(super) fn heading(cell: &str) -> Option<Heading> {
    static BY_KEY: LazyLock<HashMap<String, Heading>> = LazyLock::new(|| {
        KNOWN.iter().flat_map(|(heading, words)| words.iter().map(|word| (key(word), *heading))).collect()
    });
    let is_short = cell.len() <= LONGEST && !cell.contains('@');
    is_short.then(|| BY_KEY.get(&key(cell)).copied()).flatten()
}

/// The columns that have headings of one kind, in their order.
pub(super) fn columns_of(row: &StringRecord, kind: Heading) -> impl Iterator<Item = usize> {
    row.iter().enumerate().filter(move |(_, cell)| heading(cell) == Some(kind)).map(|(at, _)| at)
}
