//! Lists as CSV files (RFC 4180), as spreadsheets and other programs write them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim, Writer};

use super::address::{address, printable, reader_name};
use super::csv_quotes::close_quotes;
use crate::error::{Error, ErrorKind, Place, Result, Warned, Warning};
use crate::model::{Language, NewSubscriber, Subscriber, SubscriberStatus};

/// The headings that a column may have, in any capitals.
const HEADINGS: [(&str, &[&str]); 4] = [
    ("address", &["address", "email", "e-mail", "mail", "email address", "e-mail address"]),
    ("name", &["name", "full name"]),
    ("language", &["language", "lang"]),
    ("status", &["status"]),
];

/// Rows of these people are left out: they left, or have not confirmed yet.
const NOT_TAKEN: [&str; 2] = ["unsubscribed", "pending"];

/// Where the columns stand.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    address: usize,
    name: Option<usize>,
    language: Option<usize>,
    status: Option<usize>,
}

/// Reads a list. `file` is its name for messages. A first row that names the columns decides their order; without one
/// they are address, name, language. Commas, semicolons and tabs separate; a byte order mark is dropped. Each row
/// that cannot be taken is a warning with its line, and only itself is lost; rows that say `unsubscribed`
/// or `pending` are left out. Fails when the file is not UTF-8.
pub fn read_csv(file: &Path, bytes: &[u8]) -> Result<Warned<Vec<NewSubscriber>>> {
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
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    let mut people = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(cause) => {
                warnings.push(Warning::new(format!("a row cannot be read: {cause}")).at(Place::file(file)));
                continue;
            }
        };
        let line = row.position().map_or(1, csv::Position::line);
        let place = || Place { file: file.to_owned(), line: usize::try_from(line).ok(), column: None };
        if columns.is_none() {
            let headings = heading(&row);
            columns = Some(headings.unwrap_or_else(positional));
            if headings.is_some() {
                continue;
            }
        }
        match person(&row, columns.unwrap_or_default()) {
            Ok(None) => {}
            Ok(Some(person)) => match lines.get(&person.address.to_ascii_lowercase()) {
                None => {
                    lines.insert(person.address.to_ascii_lowercase(), line);
                    people.push(person);
                }
                Some(first) => {
                    let message = format!("`{}` is in the list already, in line {first}", person.address);
                    warnings.push(Warning::new(message).at(place()));
                }
            },
            Err(error) => warnings.push(error.at(place()).into_warning()),
        }
    }
    Ok(Warned::new(people, warnings))
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
    Some(Columns { address: find("address")?, name: find("name"), language: find("language"), status: find("status") })
}

fn positional() -> Columns {
    Columns { address: 0, name: Some(1), language: Some(2), status: None }
}

fn person(row: &StringRecord, columns: Columns) -> Result<Option<NewSubscriber>> {
    let field = |column: Option<usize>| column.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
    if row.iter().all(str::is_empty)
        || field(columns.status).is_some_and(|word| NOT_TAKEN.iter().any(|not| word.eq_ignore_ascii_case(not)))
    {
        return Ok(None);
    }
    let found = field(Some(columns.address)).ok_or_else(|| Error::new(ErrorKind::Input, "the row has no address"))?;
    let address = address(plain(found))?.to_string();
    let name = field(columns.name).map_or(Ok(None), |name| reader_name(&address, plain(name)))?;
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
        (read.value.iter().map(person).collect(), read.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn headings_may_come_in_any_order_and_separator() {
        let want = vec!["a@x.example|Ann, B|fa".to_owned(), "b@x.example||".to_owned()];
        assert_eq!(read("\u{feff}E-Mail,Name,Lang\r\na@X.example,\"Ann, B\",fa\r\n\r\nb@x.example,,\r\n").0, want);
        assert_eq!(read("lang;name;email\nfa;\"Ann, B\";a@x.example\n;;b@x.example\n").0, want);
        assert_eq!(read("a@x.example\t Ann, B \tfa\nb@x.example\n").0, want, "no heading at all");
        assert!(read("").0.is_empty());
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
        };
        let all = [one("a@x.example", SubscriberStatus::Active), one("b@x.example", SubscriberStatus::Unsubscribed)];
        let written = String::from_utf8(write_csv(&all).unwrap()).unwrap();
        assert_eq!(read(&written), (vec!["a@x.example|Ann, \"B\"|".to_owned()], Vec::new()));
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
