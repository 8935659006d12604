//! Lists as CSV files (RFC 4180), as spreadsheets and other programs write them.

mod beginning;
mod columns;
mod headings;
mod languages;
mod leaving;
mod reading;
mod records;
mod rows;
mod standing;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::NewSubscriber;

use beginning::Beginning;
use leaving::ByName;
use reading::Reading;
use records::{Records, Row, Sample};
use rows::{Broken, NotUtf8};
use standing::NAMED;
pub use write::write_csv;

/// What one row of a file comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum CsvRow {
    /// Somebody who gets mail, and the line.
    Reader(NewSubscriber, usize),
    /// Somebody who gets none, since the row says `unsubscribed`: the address.
    Gone(String),
    /// An address that takes no mail, and the word of the row that says so, in small letters.
    Barred(String, &'static str),
    /// Nobody: why, with the line.
    Refused(Warning),
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvOrigin {
    /// A list that is kept as a file: config.toml says that those in it are its readers, whatever it is called.
    List,
    /// What another program gave, whose name may say that those in it have left.
    Export,
    /// The same, of which whoever imports it says how those in it stand.
    Told(CsvStanding),
}

/// How those in a file stand whose rows say nothing against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvStanding {
    /// They get mail.
    Active,
    /// They have left.
    Unsubscribed,
    /// Their mail came back.
    Bounced,
    /// They have complained of mail.
    Complained,
    /// Nobody may write to them.
    Suppressed,
}

/// What a file holds of a list besides its rows.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CsvSummary {
    /// How many rows say that somebody gets none: `unsubscribed`, `pending`.
    pub left_out: usize,
    /// How many say that an address takes no mail, by their words.
    pub barred: BTreeMap<&'static str, usize>,
    /// The columns of which nothing is taken, by their headings; none where no row names the columns.
    pub unread_columns: Vec<String>,
    /// What may say that people were taken who have left: columns that are not read, a status that is not this list's. And
    /// what stands where a language belongs, of people who were taken without one.
    pub doubts: Vec<Warning>,
    /// Whether what is taken for the column of addresses was found by what stands in it alone.
    pub is_guessed: bool,
}

/// Reads a list, row by row: memory holds the first of them, and then one. `file` is its name for messages. A first row that
/// names the columns decides their order, also after a line about the list; without one they are address, name, language. Where
/// none is called as columns of addresses are, the one that holds them is taken, which is told. Commas, semicolons and tabs
/// separate; a byte order mark is dropped. Each row that cannot be taken is a warning with its line, and only itself is lost;
/// rows that say `unsubscribed` or `pending` are left out, those that say `bounced` or the like give the address alone, and
/// those whose status is any other word than one for people who get mail are left out with one warning for each word. Columns
/// in which other programs keep who has left count like that word. That an address stands there twice is for `see` to notice.
/// Fails when the file is not UTF-8 or cannot be read, perhaps after some rows were seen, when `see` does, and at the end when
/// rows say nothing of those who stand there while the name of the file leaves open whether they get mail.
pub fn read_csv(
    file: &Path,
    origin: CsvOrigin,
    input: impl BufRead,
    mut see: impl FnMut(CsvRow) -> Result<()>,
) -> Result<CsvSummary> {
    let mut records = Records::new(input).map_err(|cause| unreadable(file, &cause))?;
    let (mut sample, mut row) = (Sample::default(), Row::default());
    while !sample.is_full() && next(file, &mut records, &mut row, &mut see)? {
        sample.add(row.clone());
    }
    let by_name = match origin {
        CsvOrigin::List => ByName::Nothing,
        CsvOrigin::Export => ByName::of(file),
        CsvOrigin::Told(standing) => ByName::told(standing),
    };
    let beginning = Beginning::of(&sample.rows);
    let mut reading = Reading::new(&beginning, &sample.rows, by_name);
    for (at, row) in sample.rows.iter().enumerate() {
        if beginning.held.contains(&at) {
            see_one(file, row, reading.held(row).map(Err), &mut see)?;
        } else if beginning.headings.is_none_or(|headings| headings < at) {
            see_one(file, row, reading.row(row), &mut see)?;
        }
    }
    while next(file, &mut records, &mut row, &mut see)? {
        see_one(file, &row, reading.row(&row), &mut see)?;
    }
    if let Some(error) = reading.left_open(file) {
        return Err(error);
    }
    for (word, (line, count)) in &reading.strange {
        let message = match count {
            1 => format!("a row says `{word}` and was not taken"),
            _ => format!("{count} rows say `{word}`, from this line on, and were not taken"),
        };
        let hint = format!("rows that say `{}`, or nothing, are taken", NAMED.join("`, `"));
        see(CsvRow::Refused(Warning::new(message).at(place(file, *line)).hint(hint)))?;
    }
    Ok(reading.summary(file))
}

/// Reads the next row, and tells of the lines that cannot be read; whether there is one.
fn next(
    file: &Path,
    records: &mut Records<impl BufRead>,
    row: &mut Row,
    see: &mut impl FnMut(CsvRow) -> Result<()>,
) -> Result<bool> {
    let is_any = records.next(row);
    for (line, broken) in records.broken() {
        let why = match broken {
            Broken::Quote => "a quote is opened and not closed",
            Broken::Long => "the line is longer than 65536 bytes",
        };
        see(CsvRow::Refused(Warning::new(why).at(place(file, line))))?;
    }
    is_any.map_err(|cause| match cause.into_kind() {
        csv::ErrorKind::Io(cause) => unreadable(file, &cause),
        // Rows may be of any length, and what is not UTF-8 was found before.
        other => Error::new(ErrorKind::Input, format!("the list cannot be read: {other:?}")).at(Place::file(file)),
    })
}

/// Hands on what a row comes to.
fn see_one(
    file: &Path,
    row: &Row,
    found: Option<Result<CsvRow>>,
    see: &mut impl FnMut(CsvRow) -> Result<()>,
) -> Result<()> {
    found.map_or(Ok(()), |found| {
        see(found.unwrap_or_else(|error| {
            CsvRow::Refused(over_lines(error, row.line, row.last).at(place(file, row.line)).into_warning())
        }))
    })
}

fn place(file: &Path, line: usize) -> Place {
    Place { file: file.to_owned(), line: Some(line), column: None }
}

/// What is wrong with a row; of one that goes over several lines, which are lost with it.
fn over_lines(error: Error, first: usize, last: usize) -> Error {
    if first == last {
        return error;
    }
    let message = format!("{}: one row goes from line {first} to line {last}", error.message());
    Error::new(error.kind(), message).hint(format!(
        "a quote that is opened in line {first} is closed in line {last}; what stands between was not taken"
    ))
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Error {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<NotUtf8>()) {
        Some(NotUtf8 { line, column }) => Error::new(ErrorKind::Input, "the list is not in UTF-8")
            .at(Place { file: file.to_owned(), line: Some(*line), column: Some(*column) })
            .hint("save it as UTF-8, which spreadsheets offer when they export CSV"),
        None => Error::io("read the file", file, cause),
    }
}
