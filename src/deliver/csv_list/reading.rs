//! What the rows of a list come to, once its columns are known.

use std::collections::BTreeMap;
use std::path::Path;

use csv::StringRecord;

use super::beginning::{Beginning, has_sign};
use super::columns::{ALLOWED, Columns, called};
use super::headings::heading;
use super::languages::language;
use super::leaving::{ByName, Leaving};
use super::records::Row;
use super::standing::{ENABLED, Standing};
use super::write::plain;
use super::{CsvRow, CsvSummary};
use crate::deliver::address::{Held, held, mailbox, printable, reader_name};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::NewSubscriber;

/// So many words that are none of ours are told one by one.
const STRANGE: usize = 1000;

/// What is known of a file while it is read.
pub(super) struct Reading {
    columns: Columns,
    leaving: Leaving,
    doubts: Doubts,
    summary: CsvSummary,
    /// Words that say how somebody stands and are none of ours, with the first line and how many there are.
    pub(super) strange: BTreeMap<String, (usize, usize)>,
    /// What stands where a language belongs and is none, alike.
    no_languages: BTreeMap<String, (usize, usize)>,
    /// What stands where a name belongs and is the address of another, alike.
    no_names: BTreeMap<String, (usize, usize)>,
    /// What is known of all who stand in the file.
    by_name: ByName,
    /// How many rows are not taken because of the name of the file alone.
    named: usize,
    /// The first line of which nobody knows whether who stands there gets mail.
    open: Option<usize>,
    /// Whether the letters of the plugin Newsletter stand for how somebody stands.
    has_letters: bool,
}

impl Reading {
    /// Of a file that begins with these rows.
    pub(super) fn new(beginning: &Beginning, rows: &[Row], by_name: ByName) -> Self {
        let columns = beginning.columns;
        let line = beginning.headings.or(beginning.held.first().copied()).and_then(|at| rows.get(at));
        let headings = match beginning.headings.and_then(|at| rows.get(at)) {
            Some(row) => row.fields.clone(),
            // Words that say who has left are looked for in all of them.
            None if beginning.guessed.is_some() => {
                vec![""; rows.iter().map(|row| row.fields.len()).max().unwrap_or_default()].into()
            }
            None => StringRecord::new(),
        };
        let leaving = Leaving::named(&headings, &columns.read());
        let unread_columns = columns.unread(&headings, &leaving);
        let summary = CsvSummary { unread_columns, is_guessed: beginning.guessed.is_some(), ..CsvSummary::default() };
        let line = line.map_or(1, |row| row.line);
        let doubts = Doubts { headings, line, of_headings: beginning.guessed.clone(), enabled: 0 };
        Self {
            columns,
            doubts,
            summary,
            strange: BTreeMap::new(),
            no_languages: BTreeMap::new(),
            no_names: BTreeMap::new(),
            has_letters: has_letters(rows, columns, leaving.is_of_newsletter),
            leaving,
            by_name,
            named: 0,
            open: None,
        }
    }

    /// What is wrong with a row before the first reader that is none itself, and names no columns.
    pub(super) fn held(&self, row: &Row) -> Option<Error> {
        if has_sign(&row.fields) {
            let said = row.fields.iter().filter(|field| !field.is_empty()).collect::<Vec<_>>().join(", ");
            let message = format!("`{}` is taken for a line about the list, not for a reader", printable(&said));
            let hint = "it stands above the row that names the columns: a reader stands below";
            return Some(Error::new(ErrorKind::Input, message).hint(hint));
        }
        let hint = || format!("where this row is to name the columns: {ALLOWED}");
        person(&row.fields, self.columns).err().map(|error| error.hint(hint()))
    }

    /// What a row comes to; `None` where that is nothing.
    pub(super) fn row(&mut self, row: &Row) -> Option<Result<CsvRow>> {
        let (row, line) = (&row.fields, row.line);
        if row.iter().all(str::is_empty) {
            return None;
        }
        match self.standing(row, line)? {
            Standing::Taken => {
                self.leaving.doubt(row);
                let is_enabled = status(row, self.columns).is_some_and(|word| word.eq_ignore_ascii_case(ENABLED));
                self.doubts.enabled += usize::from(is_enabled && !self.leaving.tells_standing(row));
                let person = person(row, self.columns);
                if let Ok(person) = &person {
                    if let Some(text) = no_language(row, self.columns) {
                        count(&mut self.no_languages, printable(text), line);
                    }
                    if is_misnamed(row, self.columns, &person.address) {
                        count(&mut self.no_names, printable(&self.columns.name_in(row)), line);
                    }
                }
                Some(person.map(|one| CsvRow::Reader(one, line)))
            }
            Standing::Left => {
                self.summary.left_out += 1;
                self.address(row).map(|address| Ok(CsvRow::Gone(address)))
            }
            Standing::Waiting => {
                self.summary.left_out += 1;
                None
            }
            Standing::Barred(word) => {
                *self.summary.barred.entry(word).or_default() += 1;
                self.address(row).map(|address| Ok(CsvRow::Barred(address, word)))
            }
            Standing::Strange(word) => {
                count(&mut self.strange, word, line);
                None
            }
        }
    }

    /// How somebody stands: by their row, and where that says nothing by what is known of all; `None` where that leaves it open.
    fn standing(&mut self, row: &StringRecord, line: usize) -> Option<Standing> {
        let said = self.said(row);
        match &self.by_name {
            // Whoever says that none of them gets mail knows better than a row that says otherwise.
            ByName::Told(word) if said.as_ref().is_none_or(|said| !said.gets_none()) => Standing::of(word),
            ByName::Says(word) if said.is_none() => {
                self.named += 1;
                Standing::of(word)
            }
            ByName::MaySay(_) if said.is_none() => {
                self.open.get_or_insert(line);
                None
            }
            _ => Some(said.unwrap_or(Standing::Taken)),
        }
    }

    /// How somebody stands by their row: by `status`, and where that says nothing against it by what other columns say.
    fn said(&self, row: &StringRecord) -> Option<Standing> {
        let letter = |word: &&str| self.has_letters.then(|| Standing::of_letter(word)).flatten();
        let said = status(row, self.columns).and_then(|word| letter(&word).or_else(|| Standing::of(word)));
        let is_taken = said.as_ref().is_none_or(|said| *said == Standing::Taken);
        self.leaving.standing(row).filter(|_| is_taken).or(said)
    }

    /// What is said where nobody knows whether those in the file get mail.
    pub(super) fn left_open(&self, file: &Path) -> Option<Error> {
        let (ByName::MaySay(word), Some(line)) = (&self.by_name, self.open) else { return None };
        let message = format!(
            "by `{word}` in its name the file may hold people who get no mail, and this row does not say: nothing was taken"
        );
        let hint = "`--as active` takes them for readers; `--as unsubscribed`, `--as bounced`, `--as complained` and `--as \
                    suppressed` keep them from mail";
        let place = Place { file: file.to_owned(), line: Some(line), column: None };
        Some(Error::new(ErrorKind::Usage, message).at(place).hint(hint))
    }

    /// The address of a row, where it has one.
    fn address(&self, row: &StringRecord) -> Option<String> {
        row.get(self.columns.address)
            .and_then(|named| mailbox(&plain(named)).ok())
            .map(|(address, _)| address.to_string())
    }

    /// What the file held besides its rows.
    pub(super) fn summary(self, file: &Path) -> CsvSummary {
        let mut doubts = self.doubts.told(&self.leaving, file);
        doubts.extend(self.no_languages.iter().map(|(text, told)| without_language(text, *told, file)));
        doubts.extend(self.no_names.iter().map(|(text, told)| without_name(text, *told, file)));
        if self.named > 0 {
            let rows = if self.named == 1 { "1 row was".to_owned() } else { format!("{} rows were", self.named) };
            let message = format!("by the name of the file those in it get no mail: {rows} not taken");
            let hint = "if they are readers, import it with `--as active`";
            doubts.push(Warning::new(message).at(Place::file(file)).hint(hint));
        }
        CsvSummary { doubts, ..self.summary }
    }
}

/// Counts a word that is none of ours.
fn count(words: &mut BTreeMap<String, (usize, usize)>, word: String, line: usize) {
    let word = if words.len() < STRANGE { word } else { "other words".to_owned() };
    words.entry(word).or_insert((line, 0)).1 += 1;
}

/// What stands in a row where a language belongs, and is none.
fn no_language(row: &StringRecord, columns: Columns) -> Option<&str> {
    let text = row.get(columns.language?).filter(|text| !text.is_empty())?;
    language(text).is_none().then_some(text)
}

/// Says that people were taken without what they read: their mail has the words of the language.
fn without_language(text: &str, (line, rows): (usize, usize), file: &Path) -> Warning {
    let message = match rows {
        1 => format!("`{text}` is no language that is known here: the row is taken without one"),
        _ => {
            format!("`{text}` is no language that is known here: {rows} rows, from this line on, are taken without one")
        }
    };
    let place = Place { file: file.to_owned(), line: Some(line), column: None };
    Warning::new(message).at(place).hint("allowed: tags such as `en`, `fa`, `pt-BR`, and names such as `English`")
}

/// Says that people were taken without a name, since nobody is to be greeted by the address of another.
fn without_name(text: &str, (line, rows): (usize, usize), file: &Path) -> Warning {
    let message = match rows {
        1 => format!("the name `{text}` is the address of another: the row is taken without it"),
        _ => {
            format!("the name `{text}` is the address of others: {rows} rows, from this line on, are taken without it")
        }
    };
    Warning::new(message).at(Place { file: file.to_owned(), line: Some(line), column: None })
}

/// The status of a row.
fn status(row: &StringRecord, columns: Columns) -> Option<&str> {
    columns.status.and_then(|at| row.get(at)).filter(|word| !word.is_empty())
}

/// Whether the first rows have the letters with which the plugin Newsletter says how somebody stands, and no other words. Where
/// nothing else shows that the file is of it, some of them do: `C` alone may be anything.
fn has_letters(rows: &[Row], columns: Columns, is_of_newsletter: bool) -> bool {
    let words: Vec<&str> =
        rows.iter().filter_map(|row| status(&row.fields, columns)).filter(|word| heading(word).is_none()).collect();
    let has = |letter: &str| words.contains(&letter);
    words.iter().all(|word| Standing::of_letter(word).is_some()) && (is_of_newsletter || (has("C") && has("U")))
}

/// What may be wrong with whom is taken.
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
                let (column, rows) = (called(&self.headings, at), rows(count));
                Warning::new(format!("{column} is not read, and may say of {rows} that no mail is wanted")).hint(
                    "call it `status` where its words are those of a status; else take these rows, or the column, out",
                )
            })
            .collect();
        told.extend(leaving.unknown().map(|(at, count)| {
            let (column, rows) = (called(&self.headings, at), rows(count));
            Warning::new(format!("{column} says of {rows} what is not known, and may mean that no mail is wanted"))
                .hint("take these rows out where it does")
        }));
        told.extend(leaving.unsaid().map(|(at, count)| {
            let (column, rows) = (called(&self.headings, at), rows(count));
            Warning::new(format!("{column} says who has confirmed, and nothing in {rows}, which are taken"))
                .hint("where these have not, say `no` there, or take them out")
        }));
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

/// Whether a domain has one label alone, as slips of the hand do.
fn is_cut(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| !domain.contains('.'))
}

/// The name in a row of the reader at `address`. Where no row names the columns, another address in place of a name or of a
/// language is that of somebody else, as in lines that were taken out of a mail.
fn name_of(row: &StringRecord, columns: Columns, address: &str) -> Result<String> {
    let is_anothers = |field: &str| !field.contains(char::is_control) && held(&plain(field), address) == Held::Another;
    let beside = [columns.name, columns.language].into_iter().flatten().filter_map(|at| row.get(at));
    if columns.is_positional() && beside.into_iter().any(is_anothers) {
        let message = format!("the row has several addresses, from `{}` on", printable(address));
        return Err(
            Error::new(ErrorKind::Input, message).hint("write each of them, with its name, on a line of its own")
        );
    }
    let name = columns.name_in(row);
    // Some programs write an address where they know no name.
    // One of several lines is refused as such.
    Ok(if name.contains(char::is_control) || held(&name, address) == Held::Nothing { name } else { String::new() })
}

/// Whether a row names its reader by the address of another.
fn is_misnamed(row: &StringRecord, columns: Columns, address: &str) -> bool {
    held(&columns.name_in(row), address) == Held::Another
}

fn person(row: &StringRecord, columns: Columns) -> Result<NewSubscriber> {
    let field = |column: Option<usize>| column.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
    let found = field(Some(columns.address)).ok_or_else(|| Error::new(ErrorKind::Input, "the row has no address"))?;
    let (address, said) = mailbox(&plain(found))?;
    let address = address.to_string();
    if is_cut(&address) {
        let message = format!("the domain of `{address}` has no dot");
        let hint = "where such a host takes mail, `masthead subscribers add` takes the address";
        return Err(Error::new(ErrorKind::Input, message).hint(hint));
    }
    let name = name_of(row, columns, &address)?;
    let name = reader_name(&address, &name)?;
    let name =
        name.map_or_else(|| reader_name(&address, said.as_deref().unwrap_or_default()), |name| Ok(Some(name)))?;
    Ok(NewSubscriber { language: field(columns.language).and_then(language), address, name })
}
