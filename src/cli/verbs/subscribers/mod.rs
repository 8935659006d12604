//! `masthead subscribers`: the lists of readers.

mod person;

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::args::{Standing, Subscribers as Verb};
use crate::cli::besides;
use crate::cli::collected;
use crate::cli::lists::{self, Readers};
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::config::Config;
use crate::deliver::{CsvOrigin, CsvStanding, CsvSummary, mailbox, reader_name, write_csv};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Language, List, NewSubscriber, SubscriberStatus};
use crate::store::{Added, Besides, Imported, ListStatus, Missing, Store};

/// Runs one verb on lists.
pub(super) fn run(session: &mut Session, verb: Verb) -> Result<Report> {
    let config = session.config()?;
    match verb {
        Verb::Import { list, csv, standing, replace } => import(session, &config, &list, &csv, standing, replace),
        Verb::Export { list } => export(&config, &list),
        Verb::Add { list, address, name, language, again } => {
            let person = newcomer(&address, name.as_deref(), language.as_deref())?;
            add(session, &config, &list, &person, again)
        }
        Verb::Remove { list, address } => remove(session, &config, &list, &address),
        Verb::Erase { address } => person::erase(session, &config, &address),
        Verb::Show { address } => person::show(&config, &address),
        Verb::Status { list } => status(session, &config, list.as_deref()),
    }
}

fn known<'c>(config: &'c Config, key: &str) -> Result<&'c List> {
    config.list(key).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no list `{key}`"));
        if config.lists.is_empty() {
            error.hint(format!("name it in {}: `[list.{key}]`", config.file.display()))
        } else {
            error.nearest(key, config.lists.iter().map(|list| list.key.as_str()))
        }
    })
}

/// The address that was given on the command line. Another text is an error of kind `Usage`.
pub(super) fn given(text: &str) -> Result<String> {
    mailbox(text).map(|(address, _)| address.to_string()).map_err(|error| Error::new(ErrorKind::Usage, error.message()))
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// What a file is, by what was said of it.
fn origin(is_own: bool, standing: Option<Standing>) -> CsvOrigin {
    let standing = match standing {
        None if is_own => return CsvOrigin::List,
        None => return CsvOrigin::Export,
        Some(Standing::Active) => CsvStanding::Active,
        Some(Standing::Unsubscribed) => CsvStanding::Unsubscribed,
        Some(Standing::Bounced) => CsvStanding::Bounced,
        Some(Standing::Complained) => CsvStanding::Complained,
        Some(Standing::Suppressed) => CsvStanding::Suppressed,
    };
    CsvOrigin::Told(standing)
}

fn import(
    session: &mut Session,
    config: &Config,
    list: &str,
    csv: &Path,
    standing: Option<Standing>,
    replace: bool,
) -> Result<Report> {
    let list = known(config, list)?;
    let is_own = list.csv.as_deref().is_some_and(|own| is_same_file(&config.path(own), csv));
    if let Some(own) = list.csv.as_deref().filter(|_| replace && !is_own) {
        return Err(replaces_nothing(list, own));
    }
    let _lock = session.lock(config)?;
    let mut store = mailing::store(config)?;
    let rows = store.gather()?;
    let rows = if replace { rows.ruling() } else { rows };
    let origin = origin(is_own, standing);
    let Readers { mut rows, summary, rejected, .. } = lists::gather(session, csv, csv, origin, rows)?
        .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(csv)))?;
    let not_readers = summary.left_out + summary.barred.values().sum::<usize>();
    if replace && rows.is_empty() && not_readers > 0 {
        let message = format!("the file has {} of people who get no mail, and no reader", counted(not_readers, "row"));
        return Err(Error::new(ErrorKind::Input, message)
            .at(Place::file(csv))
            .hint("with `--replace` nobody would be left on the list; without it the file says who has left"));
    }
    if session.global.strict {
        let foreseen = store.foresee(&list.key, &mut rows)?;
        lists::tell_suppressed(session, &foreseen);
        lists::tell_who_stays(session, &store, list, &rows)?;
        lists::tell_barred_who_stay(session, &store, &rows)?;
        collected::stop_if_strict(session)?;
    }
    // Before anybody is taken: a row that says so counts for more than another of the same address.
    let barred = store.bar(&rows, session.now)?;
    let kept_unsubscribed = store.keep_unsubscribed(&list.key, &rows, session.now)?;
    let total = rows.len();
    let imported = store.import_gathered(&list.key, &mut rows, session.now, lists::watch(session, total))?;
    let missing = if replace { store.missing(&list.key, &mut rows)? } else { Missing::default() };
    let taken_off = lists::take_off(session, config, &mut store, list, &missing)?;
    let besides = if replace { store.imported_besides(&list.key, &mut rows)? } else { Besides::default() };
    let stayed = besides::told(list, csv, &besides);
    lists::tell_who_stays(session, &store, list, &rows)?;
    lists::tell_suppressed(session, &imported);
    lists::tell_barred_who_stay(session, &store, &rows)?;
    let done = Done { imported, missing, taken_off, besides, stayed, summary, barred, kept_unsubscribed, rejected };
    Ok(done.report(list))
}

/// What is said where another file is to replace a list that is kept in one: the next run would put back whoever it took off.
fn replaces_nothing(list: &List, own: &Path) -> Error {
    let own = own.display();
    let message = format!("the list `{}` is kept in {own}: the next run would put its readers back", list.key);
    Error::new(ErrorKind::Usage, message).hint(format!(
        "put the rows into {own} instead; without `--replace` the file adds readers, and takes nobody off"
    ))
}

/// What came of a file that was imported.
struct Done {
    imported: Imported,
    /// Who was on the list and is not in the file, where that takes them off.
    missing: Missing,
    /// What is to be told of them.
    taken_off: Option<String>,
    /// Whom another import brought, where this file says who is on the list.
    besides: Besides,
    /// What is to be told of them.
    stayed: Option<String>,
    summary: CsvSummary,
    /// How many addresses are suppressed now that were not before.
    barred: usize,
    /// How many addresses are kept as unsubscribed that were not on the list.
    kept_unsubscribed: usize,
    /// How many rows could not be taken, or stand there twice.
    rejected: usize,
}

impl Done {
    fn report(&self, list: &List) -> Report {
        let mut report = Report::default();
        self.tell_taken(&mut report, list);
        self.tell_not_taken(&mut report);
        report
    }

    fn tell_taken(&self, report: &mut Report, list: &List) {
        let Self { imported, missing, besides, .. } = self;
        report.line(format!(
            "{}: {} added, {} known already, {} unsubscribed before and left so, {} suppressed and not taken",
            list.title,
            imported.added,
            imported.known,
            imported.unsubscribed.len(),
            imported.suppressed.len()
        ));
        for line in self.taken_off.iter().chain(&self.stayed) {
            report.line(line);
        }
        if imported.renamed > 0 {
            let who = match imported.renamed {
                1 => "1 reader was".to_owned(),
                many => format!("{many} readers were"),
            };
            report
                .line(format!("{who} known by another name or language, which is that of this file now, on all lists"));
        }
        report.set("list", json!(list.key));
        report.set("added", json!(imported.added));
        report.set("known", json!(imported.known));
        report.set("renamed", json!(imported.renamed));
        report.set("taken_off", json!(missing.addresses));
        report.set("stayed", json!({"count": besides.count, "first": besides.first}));
        report.set("unsubscribed", json!(imported.unsubscribed));
        report.set("suppressed", json!(imported.suppressed));
    }

    fn tell_not_taken(&self, report: &mut Report) {
        let CsvSummary { left_out, barred: said, unread_columns, .. } = &self.summary;
        let barred = self.barred;
        if *left_out > 0 {
            let rows = counted(*left_out, "row");
            report.line(format!("{rows} not taken that say `unsubscribed` or `pending`"));
        }
        if !said.is_empty() {
            let words: Vec<String> = said.iter().map(|(word, count)| format!("{count} `{word}`")).collect();
            let (rows, words) = (counted(said.values().sum(), "row"), words.join(", "));
            report.line(format!("{rows} not taken that say {words}: {barred} addresses kept as suppressed"));
        }
        match self.kept_unsubscribed {
            0 => {}
            1 => report.line("1 address that was not on the list is kept as unsubscribed"),
            many => report.line(format!("{many} addresses that were not on the list are kept as unsubscribed")),
        }
        if !unread_columns.is_empty() {
            report.line(format!("nothing was taken of these columns: `{}`", unread_columns.join("`, `")));
        }
        report.set("left_out", json!(left_out));
        report.set("barred", json!({"rows": said, "suppressed": barred}));
        report.set("kept_unsubscribed", json!(self.kept_unsubscribed));
        report.set("unread_columns", json!(unread_columns));
        report.set("rejected", json!(self.rejected));
    }
}

fn export(config: &Config, list: &str) -> Result<Report> {
    let list = known(config, list)?;
    let people = mailing::store(config)?.export(&list.key)?;
    Ok(Report::raw(String::from_utf8_lossy(&write_csv(&people)?)))
}

/// A person as the command line names them. What is wrong is an error of kind `Usage`.
fn newcomer(text: &str, name: Option<&str>, language: Option<&str>) -> Result<NewSubscriber> {
    let address = given(text)?;
    let usage = |error: Error| Error::new(ErrorKind::Usage, error.message());
    Ok(NewSubscriber {
        name: name.map_or(Ok(None), |name| reader_name(&address, name)).map_err(usage)?,
        language: language
            .map(|tag| {
                let wrong = || Error::new(ErrorKind::Usage, format!("`{tag}` is not a language tag"));
                Language::read_by_people(tag).ok_or_else(wrong)
            })
            .transpose()?,
        address,
    })
}

fn add(session: &mut Session, config: &Config, list: &str, person: &NewSubscriber, again: bool) -> Result<Report> {
    let list = known(config, list)?;
    let _lock = session.lock(config)?;
    let mut store = mailing::store(config)?;
    let suppressed = store.suppression(&person.address)?;
    let added = if again {
        let kept_off = lists::kept_off(session, config, &store, list, &person.address)?;
        store.add_again(&list.key, person, &kept_off, session.now)?
    } else {
        store.add(&list.key, person, session.now)?
    };
    let what = match (added, &suppressed) {
        (Added::New, _) => "added".to_owned(),
        (Added::Known, Some(_)) if again => "is on the list already, and gets mail again".to_owned(),
        (Added::Known, Some(suppression)) => {
            let reason = &suppression.reason;
            format!("is on the list already, but no mail goes there: {reason}; `--again` when they ask for it")
        }
        (Added::Known, None) => "is on the list already".to_owned(),
        (Added::Unsubscribed, _) => "has unsubscribed, and stays so; `--again` when they ask for it".to_owned(),
        (Added::Suppressed, _) => {
            "must not be written to, and was not added; `--again` when they ask for it".to_owned()
        }
    };
    let mut report = Report::text(format!("{}: {} {what}\n", list.title, person.address));
    if again && suppressed.is_some() {
        tell_other_lists(config, &store, &list.key, &person.address, &mut report)?;
    }
    report.set("added", json!(added == Added::New));
    Ok(report)
}

/// An address that was suppressed was so for all lists: whichever others it is on send their mail there again, too.
fn tell_other_lists(config: &Config, store: &Store, list: &str, address: &str, report: &mut Report) -> Result<()> {
    let lists = store.person(address)?.map(|person| person.lists).unwrap_or_default();
    let others = lists.iter().filter(|one| one.list != list && one.status == SubscriberStatus::Active);
    let titles: Vec<&str> = others.filter_map(|one| config.list(&one.list)).map(|other| other.title.as_str()).collect();
    if !titles.is_empty() {
        report.line(format!("the mail of other lists goes there again, too: {}", titles.join(", ")));
    }
    Ok(())
}

fn remove(session: &mut Session, config: &Config, list: &str, text: &str) -> Result<Report> {
    let list = known(config, list)?;
    let address = given(text)?;
    let _lock = session.lock(config)?;
    // Whoever has a row in a file that no run has read yet would be put on the list by the next one.
    lists::sync(session, config)?;
    let mut store = mailing::store(config)?;
    let removed = store.remove(&list.key, &address, session.now)?;
    let is_kept = !removed && store.keep_one_away(&list.key, &address, session.now)?;
    let what = match (removed, is_kept) {
        (true, _) => "unsubscribed",
        (false, true) => "is not on the list, and is kept as unsubscribed: no file puts it there",
        (false, false) => "is not on the list",
    };
    let taken_back = mailing::take_back(config, &mut store, &address, session.now)?;
    let mut report = Report::text(format!("{}: {address} {what}\n", list.title));
    if taken_back > 0 {
        report.line(format!("{} to them taken from the outbox", counted(taken_back, "message")));
    }
    report.set("taken_back", json!(taken_back));
    lists::tell_taken_off(session, &mut report);
    report.set("removed", json!(removed));
    Ok(report)
}

fn status(session: &mut Session, config: &Config, list: Option<&str>) -> Result<Report> {
    let lists: Vec<&List> = match list {
        Some(key) => vec![known(config, key)?],
        None => config.lists.iter().collect(),
    };
    let store = mailing::store(config)?;
    let mut report = Report::default();
    let mut rows = Vec::new();
    for list in lists {
        let status = store.status(&list.key)?;
        report.line(format!(
            "{} ({}): {} active, {} pending, {} unsubscribed, {} suppressed",
            list.title, list.key, status.active, status.pending, status.unsubscribed, status.suppressed
        ));
        let (in_file, besides) = lists::in_file(session, config, &store, list)?.unwrap_or_default();
        let waiting = if status == ListStatus::default() { in_file } else { 0 };
        if waiting > 0 {
            report.line(format!("  {} in its file, which no run has read yet", counted(waiting, "reader")));
        }
        if let Some(line) = list.csv.as_deref().and_then(|csv| besides::told(list, csv, &besides)) {
            report.line(format!("  {line}"));
        }
        rows.push(json!({
            "list": list.key, "title": list.title, "active": status.active, "pending": status.pending,
            "unsubscribed": status.unsubscribed, "suppressed": status.suppressed, "waiting": waiting,
            "besides": besides.count,
        }));
    }
    report.set("lists", Value::Array(rows));
    Ok(report)
}
