//! Lists as CSV files (RFC 4180), as spreadsheets and other programs write them.

mod beginning;
mod columns;
mod leaving;
mod rows;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::address::{address, printable, reader_name};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Language, NewSubscriber};

use beginning::{Beginning, Begun, found_by_contents, only_address};
use columns::{ALLOWED, Columns};
use leaving::Leaving;
use rows::{Broken, NotUtf8, Rows};
use write::plain;
pub use write::write_csv;

/// What `status` says of people who get mail, here and in other programs.
const TAKEN: [&str; 7] = ["active", "subscribed", "confirmed", "enabled", "opted-in", "opted in", "member"];
/// What exports say of people who get none: they left, or have not confirmed yet.
const NOT_TAKEN: [&str; 2] = ["unsubscribed", "pending"];
/// The word of [`TAKEN`] that listmonk uses otherwise.
const ENABLED: &str = "enabled";
/// What they say of addresses that must not be written to, whoever does: our own exports, listmonk, Mailchimp, Mailman and
/// others.
const BARRED: [&str; 15] = [
    "suppressed",
    "bounced",
    "bounce",
    "hard bounced",
    "hard bounce",
    "hard-bounced",
    "cleaned",
    "by_bounces",
    "disabled by bounces",
    "complained",
    "complaint",
    "spam",
    "abuse",
    "blocklisted",
    "blacklisted",
];
/// So many words that are none of ours are told one by one.
const STRANGE: usize = 1000;

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
    /// What may say that people were taken who have left: columns that are not read, a status that is not this list's.
    pub doubts: Vec<Warning>,
}

/// Reads a list, row by row: memory holds one of them. `file` is its name for messages. A first row that names the columns
/// decides their order, also after a line about the list; without one they are address, name, language. Where none is called
/// as columns of addresses are, the only one that holds some is taken, which is told. Commas, semicolons and tabs separate; a
/// byte order mark is dropped. Each row that cannot be taken is a warning with its line, and only itself is lost; rows that say
/// `unsubscribed` or `pending` are left out, those that say `bounced` or the like give the address alone, and those whose
/// status is any other word than one for people who get mail are left out with one warning for each word. Columns in which
/// other programs keep who has left count like that word. That an address stands there twice is for `see` to notice. Fails
/// when the file is not UTF-8 or cannot be read, perhaps after some rows were seen, and when `see` does.
pub fn read_csv(
    file: &Path,
    origin: CsvOrigin,
    input: impl BufRead,
    mut see: impl FnMut(CsvRow) -> Result<()>,
) -> Result<CsvSummary> {
    let rows = Rows::new(input).map_err(|cause| unreadable(file, &cause))?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(rows.delimiter())
        .from_reader(rows);
    let place = |line| Place { file: file.to_owned(), line: Some(line), column: None };
    let by_name = leaving::word_of_name(file).filter(|_| origin == CsvOrigin::Export);
    let mut reading = Reading { by_name, ..Reading::default() };
    let mut row = StringRecord::new();
    loop {
        let is_any = reader.read_record(&mut row);
        for (line, broken) in reader.get_mut().broken() {
            let why = match broken {
                Broken::Quote => "a quote is opened and not closed",
                Broken::Long => "the line is longer than 65536 bytes",
            };
            see(CsvRow::Refused(Warning::new(why).at(place(line))))?;
        }
        let is_any = is_any.map_err(|cause| match cause.into_kind() {
            csv::ErrorKind::Io(cause) => unreadable(file, &cause),
            // Rows may be of any length, and what is not UTF-8 was found before.
            other => Error::new(ErrorKind::Input, format!("the list cannot be read: {other:?}")).at(Place::file(file)),
        })?;
        if !is_any {
            break;
        }
        let (line, last) = row.position().map_or((1, 1), |position| reader.get_mut().lines_at(position.byte()));
        let found = reading.row(&row, line);
        for (refused, line) in reading.refused.drain(..) {
            see(CsvRow::Refused(refused.at(place(line))))?;
        }
        if let Some(found) = found {
            see(found.unwrap_or_else(|error| {
                CsvRow::Refused(over_lines(error, line, last).at(place(line)).into_warning())
            }))?;
        }
    }
    reading.refuse_held();
    for (refused, line) in reading.refused.drain(..) {
        see(CsvRow::Refused(refused.at(place(line))))?;
    }
    for (word, (line, count)) in reading.strange {
        let message = match count {
            1 => format!("a row says `{word}` and was not taken"),
            _ => format!("{count} rows say `{word}`, from this line on, and were not taken"),
        };
        let allowed = TAKEN[..4].join("`, `");
        let hint = format!("rows that say `{allowed}`, or nothing, are taken");
        see(CsvRow::Refused(Warning::new(message).at(place(line)).hint(hint)))?;
    }
    let mut doubts = reading.doubts.told(&reading.leaving, file);
    if reading.named > 0 {
        let rows = if reading.named == 1 { "1 row was".to_owned() } else { format!("{} rows were", reading.named) };
        let message = format!("by the name of the file those in it get no mail: {rows} not taken");
        let hint = "if they are readers, call it otherwise, or say so in a column `status`";
        doubts.push(Warning::new(message).at(Place::file(file)).hint(hint));
    }
    Ok(CsvSummary { doubts, ..reading.summary })
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

/// What is known of a file while it is read.
#[derive(Default)]
struct Reading {
    columns: Option<Columns>,
    beginning: Beginning,
    /// Rows of the beginning that are neither headings nor readers, with their lines.
    refused: Vec<(Warning, usize)>,
    leaving: Leaving,
    doubts: Doubts,
    summary: CsvSummary,
    /// Words that say how somebody stands and are none of ours, with the first line and how many there are.
    strange: BTreeMap<String, (usize, usize)>,
    /// What the name of the file says of all who stand in it.
    by_name: Option<&'static str>,
    /// How many rows are not taken because of that alone.
    named: usize,
}

impl Reading {
    /// The columns, once a row of the beginning tells them; it is that of a reader then.
    fn begin(&mut self, row: &StringRecord, line: usize) -> Option<Columns> {
        match self.beginning.see(row, line) {
            Begun::NotYet => None,
            Begun::Headings(columns) => {
                self.name(columns, row.clone(), line);
                None
            }
            Begun::Unnamed(columns, headings, line) => {
                self.doubts.of_headings = Some(found_by_contents(&headings, columns));
                self.refuse_held();
                self.name(columns, headings, line);
                Some(columns)
            }
            Begun::Positional => {
                self.refuse_held();
                Some(*self.columns.insert(Columns::positional()))
            }
        }
    }

    /// These headings name these columns.
    fn name(&mut self, columns: Columns, headings: StringRecord, line: usize) {
        self.columns = Some(columns);
        self.leaving = Leaving::named(&headings, &columns.read());
        self.summary.unread_columns = columns.unread(&headings, &self.leaving);
        (self.doubts.headings, self.doubts.line) = (headings, line);
    }

    /// The columns after a look at what the first row has where its heading says no more than `address`: where that is no
    /// e-mail address, and one stands elsewhere, it is the address of a house.
    fn made_sure(&mut self, columns: Columns, row: &StringRecord) -> Columns {
        let field = row.get(columns.address).filter(|field| columns.is_unsure && !field.is_empty());
        let Some(field) = field else { return columns };
        let sure = match only_address(row).filter(|_| !field.contains('@')) {
            Some(address) => {
                let found = Columns::with_address(&self.doubts.headings, address);
                self.doubts.of_headings = Some(found_by_contents(&self.doubts.headings, found));
                self.name(found, self.doubts.headings.clone(), self.doubts.line);
                found
            }
            None => columns.sure(),
        };
        *self.columns.insert(sure)
    }

    /// Tells of the rows before the first reader that are none themselves, and name no columns.
    fn refuse_held(&mut self) {
        for (row, line) in std::mem::take(&mut self.beginning.held) {
            if let Err(error) = person(&row, Columns::positional()) {
                let hint = format!("where this row is to name the columns: {ALLOWED}");
                self.refused.push((error.hint(hint).into_warning(), line));
            }
        }
    }

    /// What a row comes to; `None` where that is nothing.
    fn row(&mut self, row: &StringRecord, line: usize) -> Option<Result<CsvRow>> {
        let columns = match self.columns {
            Some(columns) => self.made_sure(columns, row),
            None => self.begin(row, line)?,
        };
        let word = status(row, columns, &self.leaving);
        let word = match self.by_name.filter(|_| word.is_empty() && !row.iter().all(str::is_empty)) {
            Some(by_name) => {
                self.named += 1;
                by_name.to_owned()
            }
            None => word,
        };
        match Standing::of(&word) {
            Standing::Taken => {
                self.leaving.doubt(row);
                self.doubts.enabled += usize::from(word == ENABLED && !self.leaving.tells_standing(row));
                person(row, columns).transpose().map(|one| Ok(CsvRow::Reader(one?, line)))
            }
            Standing::NotTaken => {
                self.summary.left_out += 1;
                gone(row, columns, &word).map(|address| Ok(CsvRow::Gone(address)))
            }
            Standing::Barred(word) => {
                *self.summary.barred.entry(word).or_default() += 1;
                let address = row.get(columns.address).and_then(|named| address(plain(named)).ok());
                address.map(|address| Ok(CsvRow::Barred(address.to_string(), word)))
            }
            Standing::Strange(word) => {
                let word = if self.strange.len() < STRANGE { word } else { "other words".to_owned() };
                self.strange.entry(word).or_insert((line, 0)).1 += 1;
                None
            }
        }
    }
}

/// What a row's status means for it.
enum Standing {
    Taken,
    NotTaken,
    /// The address takes no mail, by this word.
    Barred(&'static str),
    /// A word that is none of ours, in small letters.
    Strange(String),
}

impl Standing {
    fn of(word: &str) -> Self {
        if is_taken(word) {
            Self::Taken
        } else if NOT_TAKEN.contains(&word) {
            Self::NotTaken
        } else if let Some(barred) = BARRED.into_iter().find(|barred| *barred == word) {
            Self::Barred(barred)
        } else {
            Self::Strange(printable(word))
        }
    }
}

fn is_taken(word: &str) -> bool {
    word.is_empty() || TAKEN.contains(&word)
}

/// How somebody stands, in small letters: by `status`, and where that says nothing against it by what other columns say.
fn status(row: &StringRecord, columns: Columns, leaving: &Leaving) -> String {
    let word = columns.status.and_then(|at| row.get(at)).unwrap_or_default().to_lowercase();
    leaving.word(row).filter(|_| is_taken(&word)).unwrap_or(word)
}

/// What may be wrong with whom is taken.
#[derive(Default)]
struct Doubts {
    headings: StringRecord,
    /// Where they stand.
    line: usize,
    /// What is wrong with them.
    of_headings: Option<Warning>,
    /// How many rows say `enabled`.
    enabled: usize,
}

impl Doubts {
    fn told(&self, leaving: &Leaving, file: &Path) -> Vec<Warning> {
        let rows = |count: usize| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        let mut told: Vec<Warning> = leaving
            .doubtful()
            .map(|(at, count)| {
                let heading = printable(self.headings.get(at).unwrap_or_default());
                let rows = rows(count);
                Warning::new(format!(
                    "the column `{heading}` is not read, and may say of {rows} that no mail is wanted"
                ))
                .hint(
                    "call it `status` where its words are those of a status; else take these rows, or the column, out",
                )
            })
            .collect();
        if leaving.is_of_listmonk && self.enabled > 0 {
            let rows = rows(self.enabled);
            let message = format!(
                "listmonk says `{ENABLED}` of people, also of those who have left this list; so it does of {rows}"
            );
            told.push(
                Warning::new(message).hint("take out who has left it, or give each row the status of its subscription"),
            );
        }
        let line = Place { file: file.to_owned(), line: Some(self.line), column: None };
        let of_headings = self.of_headings.clone().map(|warning| warning.at(line));
        of_headings.into_iter().chain(told.into_iter().map(|warning| warning.at(Place::file(file)))).collect()
    }
}

/// Who has unsubscribed, by a row that says so and can be read.
fn gone(row: &StringRecord, columns: Columns, word: &str) -> Option<String> {
    let named = row.get(columns.address).filter(|_| word == "unsubscribed")?;
    address(plain(named)).ok().map(|address| address.to_string())
}

/// Whether a domain has one label alone, as slips of the hand do.
fn is_cut(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| !domain.contains('.'))
}

fn person(row: &StringRecord, columns: Columns) -> Result<Option<NewSubscriber>> {
    let field = |column: Option<usize>| column.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
    if row.iter().all(str::is_empty) {
        return Ok(None);
    }
    let found = field(Some(columns.address)).ok_or_else(|| Error::new(ErrorKind::Input, "the row has no address"))?;
    let address = address(plain(found))?.to_string();
    if is_cut(&address) {
        let message = format!("the domain of `{address}` has no dot");
        let hint = "where such a host takes mail, `masthead subscribers add` takes the address";
        return Err(Error::new(ErrorKind::Input, message).hint(hint));
    }
    let name = reader_name(&address, &columns.name_in(row))?;
    let language = match field(columns.language) {
        None => None,
        Some(tag) => Some(Language::parse(tag).ok_or_else(|| {
            let message = format!("`{}` is not a language tag, for `{address}`", printable(tag));
            Error::new(ErrorKind::Input, message).hint("allowed: tags such as `en`, `fa`, `pt-BR`")
        })?),
    };
    Ok(Some(NewSubscriber { address, name, language }))
}
