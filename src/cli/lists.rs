//! Files of readers on their way into the store.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, ErrorKind as Cause};
use std::path::Path;

use serde_json::json;

use super::besides;
use super::report::{Report, counted, quoted};
use super::session::Session;
use crate::config::{Config, StoreUrl};
use crate::deliver::{CsvOrigin, CsvRow, CsvSummary, read_csv};
use crate::error::{Error, Place, Result, Warning};
use crate::model::{
    List, MailPolicy, Membership, SubscriberStatus, address_identity, sha256_hex, sha256_of, shell_word,
};
use crate::store::{Besides, ERASED, FormerList, Gathered, Imported, Missing, Store};

/// So many rows of a file are told one by one; a file that has more is of another kind.
const TOLD: usize = 20_000;
/// How often a terminal is told how far it is, in rows.
const TICK: usize = 5000;
/// A list of more readers does not lose half of them at once, unless somebody says so.
const MANY: usize = 20;

/// A file that was read.
pub(super) struct Readers {
    pub(super) rows: Gathered,
    pub(super) summary: CsvSummary,
    /// How many rows could not be taken, or stand there twice.
    pub(super) rejected: usize,
    /// How many rows could not be taken: those who stand there may be anybody.
    unreadable: usize,
}

/// Reads the list at `path`, whose name in messages is `shown`; `None` where there is no such file. Rows that cannot be taken
/// are warnings in the order of their lines.
pub(super) fn gather(
    session: &mut Session,
    shown: &Path,
    path: &Path,
    origin: CsvOrigin,
    mut rows: Gathered,
) -> Result<Option<Readers>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == Cause::NotFound => return Ok(None),
        Err(cause) => return Err(Error::io("read the file", path, &cause)),
    };
    let mut told = Told::default();
    let mut seen = 0;
    let summary = read_csv(shown, origin, BufReader::with_capacity(1 << 16, file), |row| {
        seen += 1;
        if seen % TICK == 0 {
            session.progress(format!("{seen} rows read"));
        }
        match row {
            CsvRow::Reader(person, line) => rows.take(&person, line),
            CsvRow::Gone(address) => rows.note_gone(&address),
            CsvRow::Barred(address, word) => rows.note_barred(&address, word),
            CsvRow::Refused(warning) => {
                told.add(|| warning);
                Ok(())
            }
        }
    })?;
    let unreadable = told.count;
    rows.each_repeated(|address, line, first| {
        let place = Place { file: shown.to_owned(), line: Some(line), column: None };
        told.add(|| Warning::new(format!("`{address}` is in the list already, in line {first}")).at(place));
    })?;
    session.warnings.extend(summary.doubts.iter().cloned());
    let rejected = told.count;
    told.warnings.sort_by_key(|warning| warning.place.as_ref().and_then(|place| place.line));
    told.give(session, "rows cannot be taken", Some(&Place::file(shown)));
    Ok(Some(Readers { rows, summary, rejected, unreadable }))
}

/// Warnings, as many of them as anybody reads; the others are counted.
#[derive(Default)]
struct Told {
    warnings: Vec<Warning>,
    count: usize,
}

impl Told {
    fn add(&mut self, warning: impl FnOnce() -> Warning) {
        self.count += 1;
        if self.warnings.len() < TOLD {
            self.warnings.push(warning());
        }
    }

    fn give(self, session: &mut Session, what: &str, place: Option<&Place>) {
        let more = self.count - self.warnings.len();
        session.warnings.extend(self.warnings);
        if more > 0 {
            let warning = Warning::new(format!("{more} more {what}"));
            session.warnings.push(match place {
                Some(place) => warning.at(place.clone()),
                None => warning,
            });
        }
    }
}

/// Tells whose rows were not taken, or would not be, because nothing may be written to them.
pub(super) fn tell_suppressed(session: &mut Session, imported: &Imported) {
    let mut told = Told::default();
    for address in &imported.suppressed {
        let hint = "`masthead subscribers show ADDRESS` says why; `add --again` takes it nevertheless";
        told.add(|| Warning::new(format!("`{address}` must not be written to, and was not taken")).hint(hint));
    }
    told.give(session, "addresses must not be written to, and were not taken", None);
}

/// Tells whose rows say that they have unsubscribed, but who are on the list. A file may be older than what somebody chose
/// since, so it takes nobody off a list.
pub(super) fn tell_who_stays(session: &mut Session, store: &Store, list: &List, rows: &Gathered) -> Result<()> {
    let mut told = Told::default();
    rows.each_gone(|address| {
        let Some(person) = store.person(address)? else { return Ok(()) };
        if person.lists.iter().any(|one| one.list == list.key && one.status == SubscriberStatus::Active) {
            let message =
                format!("the row of `{address}` says `unsubscribed`, but they are on the list `{}`", list.key);
            let hint = format!("`masthead subscribers remove {} ADDRESS` takes them off it", shell_word(&list.key));
            told.add(|| Warning::new(message).hint(hint));
        }
        Ok(())
    })?;
    told.give(session, "rows say `unsubscribed` of people who are on the list", None);
    Ok(())
}

/// Tells of whom a file says that they take no mail, but who are on a list here: they stay, for the file may be older.
pub(super) fn tell_barred_who_stay(session: &mut Session, store: &Store, rows: &Gathered) -> Result<()> {
    let mut told = Told::default();
    rows.each_barred(|address, word| {
        if store.suppression(address)?.is_some() {
            return Ok(());
        }
        let Some(person) = store.person(address)? else { return Ok(()) };
        let mut on = person.lists.iter().filter(|one| one.status == SubscriberStatus::Active);
        if let Some(Membership { list, .. }) = on.next() {
            let message = format!("the row of `{address}` says `{word}`, but they are on the list `{list}`");
            let hint = format!("`masthead subscribers remove {} ADDRESS` takes them off it", shell_word(list));
            told.add(|| Warning::new(message).hint(hint));
        }
        Ok(())
    })?;
    told.give(session, "rows say that addresses take no mail which are on a list", None);
    Ok(())
}

/// Says what a terminal is told while rows are taken.
pub(super) fn watch(session: &Session, total: usize) -> impl FnMut(usize) + '_ {
    move |count| session.progress(format!("{count} of {total} rows taken"))
}

/// What came of the files that lists are kept as.
#[derive(Debug, Default)]
pub(super) struct Synced {
    /// The keys of the lists whose files cannot be relied on now, which was told: whoever was taken out of such a file may
    /// still be on its list.
    pub(super) doubted: BTreeSet<String>,
    /// What is to be told once: of columns of which nothing is taken, and of readers whom an import brought besides.
    pub(super) notes: Vec<Note>,
}

/// What an editor is told once.
#[derive(Debug)]
pub(super) struct Note {
    /// By which it is known that it was said.
    what: String,
    line: String,
}

impl From<String> for Note {
    /// What is said again when it is said in other words.
    fn from(line: String) -> Self {
        Self { what: format!("line {}", sha256_hex(line.as_bytes())), line }
    }
}

/// Takes the lists that are kept as files into the store, and off them who is in their files no more. A file that cannot be
/// read costs only its list.
pub(super) fn sync(session: &mut Session, config: &Config) -> Result<Synced> {
    read_files(session, config, false)
}

/// [`sync`] where files are not as they were when they were taken last; else those alone that cannot be read are told.
pub(super) fn sync_changed(session: &mut Session, config: &Config) -> Result<Synced> {
    read_files(session, config, true)
}

fn read_files(session: &mut Session, config: &Config, only_changed: bool) -> Result<Synced> {
    let mut synced = Synced::default();
    if config.lists.iter().all(|list| list.csv.is_none()) {
        // A store that is away is told of by whoever needs it.
        let former = super::store::former_lists(config).unwrap_or_default();
        tell_former(session, config, &former);
        return Ok(synced);
    }
    let mut store = super::mailing::store(config)?;
    tell_former(session, config, &store.former_lists()?);
    // What changes while it is read is read again.
    let checksum = |list: &List| list.csv.as_deref().and_then(|csv| sha256_of(File::open(config.path(csv)).ok()?).ok());
    let checksums: Vec<Option<String>> = config.lists.iter().map(checksum).collect();
    let with_files = || config.lists.iter().zip(&checksums).filter(|(list, _)| list.csv.is_some());
    let mut is_any_changed = !only_changed;
    for (list, checksum) in with_files() {
        is_any_changed |= checksum.is_some() && *checksum != store.list_file(&list.key)?;
    }
    // All or none: of two files that disagree on somebody's name or language the later counts. One that is gone or cannot be
    // read says nothing of anybody; it is told each time.
    for (list, checksum) in with_files().filter(|(_, checksum)| is_any_changed || checksum.is_none()) {
        let Some(found) = find_file(session, config, list, store.gather()?.ruling()) else { continue };
        let doubt = match found {
            Ok(mut read) => {
                synced.notes.extend(unread_columns(list, &read).map(Note::from));
                let doubt = take_file(session, config, &mut store, list, &mut read)?;
                synced.notes.extend(brought_besides(&store, list, &mut read)?);
                if let (None, Some(checksum)) = (&doubt, checksum) {
                    store.keep_list_file(&list.key, checksum)?;
                }
                doubt
            }
            Err(unreadable) => Some(unreadable),
        };
        if let Some(doubt) = doubt {
            session.warnings.push(if is_mailed_by_itself(config, list) { doubt.once() } else { doubt });
            synced.doubted.insert(list.key.clone());
        }
    }
    Ok(synced)
}

/// Takes a list's file into the store; why it cannot be relied on, where that is so.
fn take_file(
    session: &mut Session,
    config: &Config,
    store: &mut Store,
    list: &List,
    read: &mut Readers,
) -> Result<Option<Warning>> {
    let total = read.rows.len();
    store.keep_unsubscribed(&list.key, &read.rows, session.now)?;
    store.import_gathered(&list.key, &mut read.rows, session.now, watch(session, total))?;
    let missing = store.missing(&list.key, &mut read.rows)?;
    let doubt = doubt(list, &missing, read);
    if doubt.is_none() {
        let taken_off = take_off(session, config, store, list, &missing)?;
        session.taken_off.extend(taken_off);
        // Of those whom it has no more, some may stand there as gone.
        store.keep_unsubscribed(&list.key, &read.rows, session.now)?;
        tell_flaws(session, list, read);
    }
    tell_who_stays(session, store, list, &read.rows)?;
    Ok(doubt)
}

/// What is said of the columns of a list's file of which nothing is taken: they may say what it does not know.
fn unread_columns(list: &List, read: &Readers) -> Option<String> {
    let (csv, columns) = (list.csv.as_deref()?, &read.summary.unread_columns);
    let named = columns.join("`, `");
    (!columns.is_empty()).then(|| format!("{}: nothing was taken of these columns: `{named}`", csv.display()))
}

/// What is said once of those whom an import brought onto a list that is kept as a file: that may be what its editors want.
fn brought_besides(store: &Store, list: &List, read: &mut Readers) -> Result<Option<Note>> {
    let what = format!("imported besides {}", list.key);
    let Some(csv) = list.csv.as_deref() else { return Ok(None) };
    if store.was_said(&what)? {
        return Ok(None);
    }
    let besides = store.imported_besides(&list.key, &mut read.rows)?;
    Ok(besides::told(list, csv, &besides).map(|line| Note { what, line }))
}

/// Which of these were not said before; they are remembered as said once the report was given.
pub(super) fn not_yet_said(session: &mut Session, config: &Config, notes: Vec<Note>) -> Result<Vec<String>> {
    if notes.is_empty() {
        return Ok(Vec::new());
    }
    let mut store = super::mailing::store(config)?;
    let (mut untold, mut said) = (Vec::new(), Vec::new());
    for Note { what, line } in notes {
        if !store.was_said(&what)? {
            untold.push(line);
            said.push(what);
        }
    }
    if !said.is_empty() {
        session.remember(move || store.keep_said(&said));
    }
    Ok(untold)
}

/// Whether issues go to this list without anybody looking.
fn is_mailed_by_itself(config: &Config, list: &List) -> bool {
    config.series.iter().any(|series| series.mail == MailPolicy::Auto && series.lists.contains(&list.key))
}

/// Tells a quiet run, which does not name the rows, that some of them cannot be read: whoever is meant gets nothing.
fn tell_flaws(session: &mut Session, list: &List, read: &Readers) {
    if let Some(csv) = list.csv.as_deref()
        && read.unreadable > 0
        && session.global.quiet
    {
        let rows = counted(read.unreadable, "row");
        let warning =
            Warning::new(format!("{rows} of the list `{}` cannot be read; who stands there gets no mail", list.key));
        session.warnings.push(warning.at(Place::file(csv)).hint("`masthead check` tells each").once());
    }
}

/// Tells which lists config.toml has no more though somebody has left them: whether one of its lists is one of those under
/// another name, nobody but its editors can say.
fn tell_former(session: &mut Session, config: &Config, former: &[FormerList]) {
    for FormerList { name, left } in former {
        let (who, get) = if *left == 1 { ("1 reader", "gets") } else { ("readers", "get") };
        let who = if *left == 1 { who.to_owned() } else { format!("{left} {who}") };
        let message = format!(
            "{who} left the list `{name}`, which is not in config.toml any more, and {get} no mail through a list that they came onto since, as long as nobody says what became of it"
        );
        let hint = format!(
            "when a list is called otherwise now, write `was = [\"{name}\"]` under it; when this one has ended, keep `[list.{name}]` with `open = false`"
        );
        session.warnings.push(Warning::new(message).at(Place::file(&config.file)).hint(hint));
    }
}

/// Takes people off a list whose file has them no more, and out of the outbox what was not handed on to them yet: what is to be
/// told of it.
pub(super) fn take_off(
    session: &Session,
    config: &Config,
    store: &mut Store,
    list: &List,
    missing: &Missing,
) -> Result<Option<String>> {
    let mut taken_back = 0;
    for address in &missing.addresses {
        taken_back += super::mailing::take_back_from(config, store, address, Some(&list.key), None, session.now)?;
    }
    let told = match store.take_off(&list.key, missing, session.now)? {
        0 => return Ok(None),
        1 => format!("{}: {} is in the file no more, and was taken off", list.title, missing.addresses[0]),
        count => format!("{}: {count} readers are in the file no more, and were taken off", list.title),
    };
    Ok(Some(match taken_back {
        0 => told,
        count => format!("{told}; {} to them taken from the outbox", counted(count, "message")),
    }))
}

/// Tells who was taken off lists.
pub(super) fn tell_taken_off(session: &mut Session, report: &mut Report) {
    let taken_off = std::mem::take(&mut session.taken_off);
    if !taken_off.is_empty() {
        for line in &taken_off {
            report.line_once(line);
        }
        report.set("taken_off", json!(taken_off));
    }
}

/// Why nobody is taken off a list though the file that it is kept as has them no more: it may be a part of itself.
fn doubt(list: &List, missing: &Missing, read: &Readers) -> Option<Warning> {
    if read.summary.is_guessed {
        return Some(guessed(list));
    }
    let gone = missing.addresses.len();
    let why = match gone {
        0 => return None,
        _ if read.unreadable > 0 => "some of its rows cannot be read",
        _ if read.rows.is_empty() => "it is empty",
        _ if missing.of > MANY && gone * 2 > missing.of => "these are more than half of them",
        _ => return None,
    };
    let readers = if gone == 1 { "1 reader".to_owned() } else { format!("{gone} readers") };
    let message = format!("the file has lost {readers} of the list `{}`, who stay on it, since {why}", list.key);
    let csv = list.csv.as_deref()?;
    let hint = match read.unreadable {
        0 => {
            format!("`masthead subscribers import {} {} --replace` takes them off", shell_word(&list.key), quoted(csv))
        }
        _ => "they are taken off once every row can be read".to_owned(),
    };
    Some(Warning::new(message).at(Place::file(csv)).hint(hint))
}

/// What is said of a list whose addresses were found by what stands in a column alone: they may be those of anybody.
fn guessed(list: &List) -> Warning {
    let message = format!(
        "no heading of the file says where the addresses of the list `{}` stand: nobody is taken off it, and no issue goes to \
         it by itself",
        list.key
    );
    let warning = Warning::new(message).hint("call the column of addresses `email`");
    if let Some(csv) = list.csv.as_deref() { warning.at(Place::file(csv)) } else { warning }
}

/// Reads the lists that are kept as files, for what is wrong with them, and tells of lists that config.toml has no more. A
/// server is not asked. Returns what is to be told of columns of which nothing is taken.
pub(super) fn check(session: &mut Session, config: &Config) -> Result<Vec<String>> {
    if let StoreUrl::Sqlite(path) = &config.store {
        // That a store cannot be read is told elsewhere.
        let former = Store::former_lists_in(&config.path(path), &config.lists).unwrap_or_default();
        tell_former(session, config, &former);
    }
    let mut unread = Vec::new();
    for list in config.lists.iter().filter(|list| list.csv.is_some()) {
        if let Some(read) = kept_as_file(session, config, list, Gathered::to_look()?) {
            unread.extend(unread_columns(list, &read));
            session.warnings.extend(read.summary.is_guessed.then(|| guessed(list)));
        }
    }
    Ok(unread)
}

/// Looks at the file that a list is kept as, and tells what is wrong with it: how many readers stand there, and whom an import
/// brought besides.
pub(super) fn in_file(
    session: &mut Session,
    config: &Config,
    store: &Store,
    list: &List,
) -> Result<Option<(usize, Besides)>> {
    let Some(mut read) = kept_as_file(session, config, list, store.gather()?.ruling()) else { return Ok(None) };
    let missing = store.missing(&list.key, &mut read.rows)?;
    session.warnings.extend(doubt(list, &missing, &read));
    let besides = store.imported_besides(&list.key, &mut read.rows)?;
    Ok(Some((read.rows.len(), besides)))
}

/// The lists that would take an address which was erased from their files, had it not been erased. Whoever asks to be on
/// `list` again has not asked for those.
pub(super) fn kept_off<'c>(
    session: &mut Session,
    config: &'c Config,
    store: &Store,
    list: &List,
    address: &str,
) -> Result<Vec<&'c str>> {
    let mut kept_off = Vec::new();
    if store.suppression(address)?.is_none_or(|suppression| suppression.reason != ERASED) {
        return Ok(kept_off);
    }
    let identity = address_identity(address);
    for other in config.lists.iter().filter(|other| other.key != list.key) {
        let Some(mut read) = kept_as_file(session, config, other, store.gather()?) else { continue };
        let kept_out = store.foresee(&other.key, &mut read.rows)?.suppressed;
        if kept_out.iter().any(|one| address_identity(one) == identity) {
            kept_off.push(other.key.as_str());
        }
    }
    Ok(kept_off)
}

/// Reads a list that is kept as a file; `None` where it is not, or where that cannot be read, which is told.
fn kept_as_file(session: &mut Session, config: &Config, list: &List, rows: Gathered) -> Option<Readers> {
    find_file(session, config, list, rows)?.map_err(|unreadable| session.warnings.push(unreadable)).ok()
}

/// Reads a list that is kept as a file, or says why it cannot be read; `None` where it is not kept as one.
fn find_file(
    session: &mut Session,
    config: &Config,
    list: &List,
    rows: Gathered,
) -> Option<std::result::Result<Readers, Warning>> {
    let csv = list.csv.as_deref()?;
    Some(match gather(session, csv, &config.path(csv), CsvOrigin::List, rows) {
        Ok(Some(read)) => Ok(read),
        Ok(None) => {
            let missing = Warning::new(format!("the readers of the list `{}` are not at hand", list.key));
            Err(missing.at(Place::file(csv)).hint("no new readers were taken from it"))
        }
        Err(error) => Err(error.into_warning()),
    })
}
