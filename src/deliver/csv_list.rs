//! Lists as CSV files (RFC 4180), as spreadsheets and other programs write them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim, Writer};

use super::address::{address, printable, reader_name};
use super::csv_quotes::close_quotes;
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::{Language, NewSubscriber, Subscriber, SubscriberStatus, address_identity};

/// The headings that a column may have, in any capitals.
const HEADINGS: [(&str, &[&str]); 6] = [
    ("address", &["address", "email", "e-mail", "mail", "email address", "e-mail address"]),
    ("name", &["name", "full name", "fullname", "display name"]),
    ("given name", &["given name", "first name", "firstname", "first_name", "fname"]),
    ("family name", &["family name", "last name", "lastname", "last_name", "lname", "surname"]),
    ("language", &["language", "lang"]),
    ("status", &["status"]),
];

/// What `status` says of people who get mail, here and in other programs.
const TAKEN: [&str; 7] = ["active", "subscribed", "confirmed", "enabled", "opted-in", "opted in", "member"];
/// What an export of ours says of people who get none: they left, have not confirmed yet, or must not be written to.
const NOT_TAKEN: [&str; 3] = ["unsubscribed", "pending", "suppressed"];

/// A column of our exports that an import has no use for.
const SINCE: &str = "since";

/// What a file holds of a list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CsvList {
    /// Who gets mail.
    pub people: Vec<NewSubscriber>,
    /// How many rows say that somebody gets none: `unsubscribed`, `pending`, `suppressed`.
    pub left_out: usize,
    /// Of these rows, the addresses of those that say `unsubscribed`.
    pub unsubscribed: Vec<String>,
    /// The columns of which nothing is taken, by their headings; none where no row names the columns.
    pub unread_columns: Vec<String>,
}

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    address: usize,
    name: Option<usize>,
    /// Parts of the name, where there is no column for the whole.
    given_name: Option<usize>,
    family_name: Option<usize>,
    language: Option<usize>,
    status: Option<usize>,
}

/// Reads a list. `file` is its name for messages. A first row that names the columns decides their order; without one
/// they are address, name, language. Commas, semicolons and tabs separate; a byte order mark is dropped. Each row
/// that cannot be taken is a warning with its line, and only itself is lost; rows that say `unsubscribed`,
/// `pending` or `suppressed` are left out, and so are those whose status is any other word than one for people who get
/// mail, with one warning for each word. Fails when the file is not UTF-8.
pub fn read_csv(file: &Path, bytes: &[u8]) -> Result<Warned<CsvList>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let valid = String::from_utf8_lossy(&bytes[..cause.valid_up_to()]);
        Error::new(ErrorKind::Input, "the list is not in UTF-8")
            .at(Place::offset(file, &valid, valid.len()))
            .hint("save it as UTF-8, which spreadsheets offer when they export CSV")
    })?;
    let delimiter = delimiter(text);
    let mut warnings = Vec::new();
    let text = close_quotes(text, delimiter, |line| {
        let place = Place { file: file.to_owned(), line: Some(line), column: None };
        warnings.push(Warning::new("a quote is opened and not closed").at(place));
    });
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut columns = None;
    let mut numbers = LineNumbers::new(&text);
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let mut list = CsvList::default();
    let mut strange: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(cause) => {
                let line = cause.position().map(|position| numbers.at(position));
                let place = Place { file: file.to_owned(), line, column: None };
                warnings.push(Warning::new(format!("a row cannot be read: {cause}")).at(place));
                continue;
            }
        };
        let line = row.position().map_or(1, |position| numbers.at(position));
        let place = || Place { file: file.to_owned(), line: Some(line), column: None };
        if columns.is_none() {
            let headings = heading(&row);
            columns = Some(headings.unwrap_or_else(positional));
            if let Some(headings) = headings {
                list.unread_columns = unread(&row, headings);
                continue;
            }
        }
        let columns = columns.unwrap_or_default();
        match standing(&row, columns) {
            Standing::Taken => {}
            Standing::NotTaken => {
                list.left_out += 1;
                list.unsubscribed.extend(unsubscribed(&row, columns));
                continue;
            }
            Standing::Strange(word) => {
                strange.entry(word).or_insert((line, 0)).1 += 1;
                continue;
            }
        }
        match person(&row, columns) {
            Ok(None) => {}
            Ok(Some(person)) => match lines.get(&*address_identity(&person.address)) {
                None => {
                    lines.insert(address_identity(&person.address).into_owned(), line);
                    list.people.push(person);
                }
                Some(first) => {
                    let message = format!("`{}` is in the list already, in line {first}", person.address);
                    warnings.push(Warning::new(message).at(place()));
                }
            },
            Err(error) => warnings.push(error.at(place()).into_warning()),
        }
    }
    let strange = strange.into_iter().map(|(word, (line, count))| {
        let message = match count {
            1 => format!("a row says `{word}` and was not taken"),
            _ => format!("{count} rows say `{word}`, from this line on, and were not taken"),
        };
        let place = Place { file: file.to_owned(), line: Some(line), column: None };
        let allowed = TAKEN[..4].join("`, `");
        Warning::new(message).at(place).hint(format!("rows that say `{allowed}`, or nothing, are taken"))
    });
    warnings.extend(strange);
    Ok(Warned::new(list, warnings))
}

/// The columns of which nothing is taken.
fn unread(headings: &StringRecord, columns: Columns) -> Vec<String> {
    let names = [columns.given_name, columns.family_name].map(|at| at.filter(|_| columns.name.is_none()));
    let read: Vec<usize> = [Some(columns.address), columns.name, columns.language, columns.status]
        .into_iter()
        .chain(names)
        .flatten()
        .collect();
    let is_unread = |(at, field): &(usize, &str)| !read.contains(at) && !field.is_empty() && *field != SINCE;
    headings.iter().enumerate().filter(is_unread).map(|(_, field)| printable(field)).collect()
}

/// What a row's status means for it.
enum Standing {
    Taken,
    NotTaken,
    /// A word that is none of ours, in small letters.
    Strange(String),
}

fn standing(row: &StringRecord, columns: Columns) -> Standing {
    let word = columns.status.and_then(|at| row.get(at)).unwrap_or_default().to_lowercase();
    if word.is_empty() || TAKEN.contains(&word.as_str()) {
        Standing::Taken
    } else if NOT_TAKEN.contains(&word.as_str()) {
        Standing::NotTaken
    } else {
        Standing::Strange(printable(&word))
    }
}

/// Who has unsubscribed, by a row that says so and can be read.
fn unsubscribed(row: &StringRecord, columns: Columns) -> Option<String> {
    let says = row.get(columns.status?)?.eq_ignore_ascii_case("unsubscribed");
    let named = row.get(columns.address).filter(|_| says)?;
    address(plain(named)).ok().map(|address| address.to_string())
}

/// Numbers the lines in which rows begin. The reader counts a line end of two characters with the row after it, and lines
/// between rows not at all.
struct LineNumbers<'t> {
    text: &'t str,
    /// How far lines are counted, in bytes.
    counted: usize,
    line: usize,
}

impl<'t> LineNumbers<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, counted: 0, line: 1 }
    }

    /// The line of the row that the reader found at a position; positions never go back.
    fn at(&mut self, position: &csv::Position) -> usize {
        let bytes = self.text.as_bytes();
        let found = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(bytes.len());
        let skipped = bytes[found..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let ends = |at: &usize| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        self.line += (self.counted..found + skipped).filter(ends).count();
        self.counted = self.counted.max(found + skipped);
        self.line
    }
}

/// The separator that stands most often in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|b| *b == separator).count();
    // The first of equals: a comma, unless another stands more often.
    [b';', b'\t'].into_iter().fold(b',', |best, other| if count(other) > count(best) { other } else { best })
}

/// The columns that a first row names; `None` when it names no address column.
fn heading(row: &StringRecord) -> Option<Columns> {
    let find = |heading: &str| {
        let (_, names) = HEADINGS.iter().find(|(name, _)| *name == heading)?;
        row.iter().position(|field| names.iter().any(|name| field.eq_ignore_ascii_case(name)))
    };
    Some(Columns {
        address: find("address")?,
        name: find("name"),
        given_name: find("given name"),
        family_name: find("family name"),
        language: find("language"),
        status: find("status"),
    })
}

fn positional() -> Columns {
    Columns { address: 0, name: Some(1), language: Some(2), ..Columns::default() }
}

fn person(row: &StringRecord, columns: Columns) -> Result<Option<NewSubscriber>> {
    let field = |column: Option<usize>| column.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
    if row.iter().all(str::is_empty) {
        return Ok(None);
    }
    let found = field(Some(columns.address)).ok_or_else(|| Error::new(ErrorKind::Input, "the row has no address"))?;
    let address = address(plain(found))?.to_string();
    let parts = [columns.given_name, columns.family_name].into_iter().filter_map(field).map(plain);
    let name = field(columns.name).map_or_else(|| parts.collect::<Vec<_>>().join(" "), |name| plain(name).to_owned());
    let name = reader_name(&address, &name)?;
    let language = match field(columns.language) {
        None => None,
        Some(tag) => Some(Language::parse(tag).ok_or_else(|| {
            let message = format!("`{}` is not a language tag, for `{address}`", printable(tag));
            Error::new(ErrorKind::Input, message).hint("allowed: tags such as `en`, `fa`, `pt-BR`")
        })?),
    };
    Ok(Some(NewSubscriber { address, name, language }))
}

/// What a spreadsheet would take for a formula begins with one of these.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A field that no spreadsheet takes for a formula: an apostrophe makes it text.
fn neutral(field: &str) -> Cow<'_, str> {
    if field.starts_with(FORMULA) { Cow::Owned(format!("'{field}")) } else { Cow::Borrowed(field) }
}

/// The field without the apostrophe that [`neutral`] put before it.
fn plain(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(field)
}

/// Writes a list, with a heading, in the order given; [`read_csv`] reads it back. What a spreadsheet would take for a
/// formula gets an apostrophe before it.
pub fn write_csv(subscribers: &[Subscriber]) -> Result<Vec<u8>> {
    let failed = |cause: &dyn std::fmt::Display| Error::new(ErrorKind::Io, format!("cannot write the list: {cause}"));
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(["address", "name", "language", "status", "since"]).map_err(|cause| failed(&cause))?;
    for one in subscribers {
        let status = match one.status {
            SubscriberStatus::Pending => "pending",
            SubscriberStatus::Active if one.suppressed.is_some() => "suppressed",
            SubscriberStatus::Active => "active",
            SubscriberStatus::Unsubscribed => "unsubscribed",
        };
        let name = one.name.as_deref().unwrap_or_default();
        let language = one.language.as_ref().map_or("", Language::as_str);
        let since = one.since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        writer
            .write_record([&*neutral(&one.address), &*neutral(name), language, status, &since])
            .map_err(|cause| failed(&cause))?;
    }
    writer.into_inner().map_err(|cause| failed(&cause))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{read_csv, write_csv};
    use crate::model::{Subscriber, SubscriberStatus};

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let read = read_csv(Path::new("readers.csv"), text.as_bytes()).unwrap();
        let person = |p: &crate::model::NewSubscriber| {
            format!(
                "{}|{}|{}",
                p.address,
                p.name.as_deref().unwrap_or(""),
                p.language.as_ref().map_or("", |l| l.as_str())
            )
        };
        (read.value.people.iter().map(person).collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn headings_may_come_in_any_order_and_separator() {
        let want = vec!["a@x.example|Ann, B|fa".to_owned(), "b@x.example||".to_owned()];
        assert_eq!(read("\u{feff}E-Mail,Name,Lang\r\na@X.example,\"Ann, B\",fa\r\n\r\nb@x.example,,\r\n").0, want);
        assert_eq!(read("lang;name;email\nfa;\"Ann, B\";a@x.example\n;;b@x.example\n").0, want);
        assert_eq!(read("a@x.example\t Ann, B \tfa\nb@x.example\n").0, want, "no heading at all");
        assert!(read("").0.is_empty());
        let parts = "Email Address,First Name,Last Name\na@x.example,Ann,B\nb@x.example,,\nc@x.example,,C\n";
        assert_eq!(read(parts).0, ["a@x.example|Ann B|", "b@x.example||", "c@x.example|C|"]);
    }

    #[test]
    fn columns_of_which_nothing_is_read_are_named() {
        let unread = |text: &str| read_csv(Path::new("r.csv"), text.as_bytes()).unwrap().value.unread_columns;
        assert_eq!(unread("\u{feff}Email;First Name;Phone;;Tags\na@x.example;Ann;1;;x\n"), ["Phone", "Tags"]);
        assert_eq!(unread("email,name,first name\n"), ["first name"]);
        for all in ["email,first name,last name", "address,name,language,status,since", "a@x.example,Ann,en,1", ""] {
            assert_eq!(unread(all), [""; 0], "{all}");
        }
    }

    #[test]
    fn each_bad_row_is_lost_alone_and_told_with_its_line() {
        let (people, warnings) = read(
            "email,name,language\nnobody,N,\n\"b@x.example\",\"B\nBcc: c@x.example\",en\nd@x.example,D,klingon!\n\
             E@x.example,E,sq\ne@X.example,E,sq\n,,en\ng@x.example\n",
        );
        assert_eq!(people, ["E@x.example|E|sq", "g@x.example||"]);
        insta::assert_snapshot!(warnings.join("\n"), @r#"
        readers.csv:2: `nobody` is not an address: there is no `@`
        readers.csv:3: the name of `b@x.example` has a line break or a control character: `B\nBcc: c@x.example`
        readers.csv:5: `klingon!` is not a language tag, for `d@x.example`
          allowed: tags such as `en`, `fa`, `pt-BR`
        readers.csv:7: `e@x.example` is in the list already, in line 6
        readers.csv:8: the row has no address
        "#);
    }

    #[test]
    fn an_address_in_other_capitals_is_in_the_list_already() {
        let (people, warnings) = read("\u{dc}bung@b\u{fc}cher.example\nu\u{308}BUNG@B\u{dc}CHER.example,In pieces\n");
        assert_eq!(people, ["\u{dc}bung@xn--bcher-kva.example||"]);
        assert_eq!(warnings, ["readers.csv:2: `\u{fc}BUNG@xn--bcher-kva.example` is in the list already, in line 1"]);
    }

    #[test]
    fn lines_are_counted_alike_whatever_ends_them() {
        let rows = "email,name|ok@x.example,A||bad,B|\"c@x.example\",\"C|D\"|ok@x.example,E||worse,F|";
        for end in ["\n", "\r\n", "\r"] {
            let (people, warnings) = read(&rows.replace('|', end));
            assert_eq!(people, ["ok@x.example|A|"]);
            let places: Vec<&str> = warnings.iter().map(|warning| warning.split(": ").next().unwrap()).collect();
            assert_eq!(places, [4, 5, 7, 9].map(|line| format!("readers.csv:{line}")), "{end:?}");
            assert!(warnings[2].ends_with("in the list already, in line 2"), "{}", warnings[2]);
        }
    }

    #[test]
    fn a_list_that_is_not_utf8_is_refused_with_the_place() {
        let error = read_csv(Path::new("readers.csv"), b"email,name\na@x.example,\xe9\n").unwrap_err();
        assert_eq!(error.place().unwrap().to_string(), "readers.csv:2:13");
    }

    #[test]
    fn what_is_written_reads_back_without_those_who_left() {
        let one = |address: &str, status| Subscriber {
            address: address.to_owned(),
            name: Some("Ann, \"B\"".to_owned()),
            language: None,
            status,
            since: chrono::DateTime::UNIX_EPOCH,
            suppressed: address.starts_with('c').then(|| "hard bounce".to_owned()),
        };
        let all = [
            one("a@x.example", SubscriberStatus::Active),
            one("b@x.example", SubscriberStatus::Unsubscribed),
            one("c@x.example", SubscriberStatus::Active),
        ];
        let written = String::from_utf8(write_csv(&all).unwrap()).unwrap();
        assert!(written.contains("c@x.example,\"Ann, \"\"B\"\"\",,suppressed,"), "{written}");
        assert_eq!(read(&written), (vec!["a@x.example|Ann, \"B\"|".to_owned()], Vec::new()));
        assert_eq!(read_csv(Path::new("readers.csv"), written.as_bytes()).unwrap().value.left_out, 2);
        assert_eq!(read_csv(Path::new("readers.csv"), written.as_bytes()).unwrap().value.unsubscribed, ["b@x.example"]);
    }

    #[test]
    fn of_other_programs_those_are_taken_who_get_mail() {
        let (people, warnings) = read(
            "email,status\na@x.example,Subscribed\nb@x.example,Bounced\nc@x.example,cleaned\nd@x.example,bounced\n\
             e@x.example,\nf@x.example,PENDING\ng@x.example,complained\n",
        );
        assert_eq!(people, ["a@x.example||", "e@x.example||"]);
        insta::assert_snapshot!(warnings.join("\n"), @r"
        readers.csv:3: 2 rows say `bounced`, from this line on, and were not taken
          rows that say `active`, `subscribed`, `confirmed`, `enabled`, or nothing, are taken
        readers.csv:4: a row says `cleaned` and was not taken
          rows that say `active`, `subscribed`, `confirmed`, `enabled`, or nothing, are taken
        readers.csv:8: a row says `complained` and was not taken
          rows that say `active`, `subscribed`, `confirmed`, `enabled`, or nothing, are taken
        ");
    }

    #[test]
    fn no_field_of_an_export_is_a_formula_and_it_still_reads_back() {
        let formulas = ["=1+1@x.example", "+tag@x.example", "-a@x.example"];
        let one = |address: &&str| Subscriber {
            address: (*address).to_owned(),
            name: Some("=HYPERLINK(\"https://x.example\")".to_owned()),
            language: None,
            status: SubscriberStatus::Active,
            since: chrono::DateTime::UNIX_EPOCH,
            suppressed: None,
        };
        let written = String::from_utf8(write_csv(&formulas.iter().map(one).collect::<Vec<_>>()).unwrap()).unwrap();
        for record in written.lines() {
            assert!(
                record.split(',').all(|field| !field.trim_start_matches('"').starts_with(super::FORMULA)),
                "{record}"
            );
        }
        let (people, warnings) = read(&written);
        assert_eq!(warnings, [""; 0]);
        assert_eq!(people, formulas.map(|address| format!("{address}|=HYPERLINK(\"https://x.example\")|")));
    }

    #[test]
    fn a_hostile_file_costs_its_rows_only() {
        let huge = "x".repeat(10_000_000);
        let (people, warnings) = read(&format!(
            "email,name\na@x.example,{huge}\n\"{huge}\"@x.example,D\nd@x.example,\"D, \"\"d\"\"\"\n\
             '; drop table subscriber; --@x.example,\"Robert'); --\"\ne\0@x.example,E\n{}\n\
             b@x.example,\"never closed\nc@x.example,C\nf@x.example,F\n",
            ",".repeat(1_000_000)
        ));
        assert_eq!(people, ["d@x.example|D, \"d\"|", "c@x.example|C|", "f@x.example|F|"]);
        let told: Vec<&str> = warnings.iter().map(|warning| &warning[..warning.len().min(40)]).collect();
        assert_eq!(told.len(), 5, "{told:#?}");
        assert!(warnings.iter().all(|warning| warning.len() < 600));
        assert!(
            warnings.iter().any(|warning| warning == "readers.csv:8: a quote is opened and not closed"),
            "{told:#?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "[\"',;\\n\\ta@.x\\PC]{0,200}") {
            let _ = read(&text);
        }
    }
}
