//! `masthead subscribers`: the lists of readers.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::args::Subscribers as Verb;
use crate::cli::files;
use crate::cli::mailing;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::config::Config;
use crate::deliver::{address, read_csv, write_csv};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Language, List, NewSubscriber, SubscriberStatus};

/// Runs one verb on lists.
pub(super) fn run(session: &mut Session, verb: Verb) -> Result<Report> {
    let config = session.config()?;
    match verb {
        Verb::Import { list, csv } => import(session, &config, &list, &csv),
        Verb::Export { list } => export(&config, &list),
        Verb::Add { list, address, name, language } => {
            add(session, &config, &list, &address, name, language.as_deref())
        }
        Verb::Remove { list, address } => remove(session, &config, &list, &address),
        Verb::Status { list } => status(&config, list.as_deref()),
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
fn given(text: &str) -> Result<String> {
    address(text).map(|address| address.to_string()).map_err(|error| Error::new(ErrorKind::Usage, error.message()))
}

fn import(session: &mut Session, config: &Config, list: &str, csv: &Path) -> Result<Report> {
    let list = known(config, list)?;
    let bytes =
        files::read(csv)?.ok_or_else(|| Error::new(ErrorKind::Usage, "there is no such file").at(Place::file(csv)))?;
    let people = session.heed(read_csv(csv, &bytes)?);
    let _lock = Session::lock(config)?;
    let imported = mailing::store(config)?.import(&list.key, &people, session.now)?;
    let mut report = Report::default();
    report.line(format!(
        "{}: {} added, {} known already, {} unsubscribed before and left so",
        list.title,
        imported.added,
        imported.known,
        imported.unsubscribed.len()
    ));
    report.set("list", json!(list.key));
    report.set("added", json!(imported.added));
    report.set("known", json!(imported.known));
    report.set("unsubscribed", json!(imported.unsubscribed));
    Ok(report)
}

fn export(config: &Config, list: &str) -> Result<Report> {
    let list = known(config, list)?;
    let people = mailing::store(config)?.export(&list.key)?;
    Ok(Report::raw(String::from_utf8_lossy(&write_csv(&people)?)))
}

fn add(
    session: &mut Session,
    config: &Config,
    list: &str,
    text: &str,
    name: Option<String>,
    language: Option<&str>,
) -> Result<Report> {
    let list = known(config, list)?;
    let address = given(text)?;
    let language = language
        .map(|tag| {
            Language::parse(tag).ok_or_else(|| Error::new(ErrorKind::Usage, format!("`{tag}` is not a language tag")))
        })
        .transpose()?;
    if name.as_ref().is_some_and(|name| name.chars().any(char::is_control)) {
        return Err(Error::new(ErrorKind::Usage, "the name has a line break or a control character"));
    }
    let _lock = Session::lock(config)?;
    let person = NewSubscriber { address: address.clone(), name, language };
    let before = mailing::store(config)?.add(&list.key, &person, session.now)?;
    let what = match before {
        None => "added",
        Some(SubscriberStatus::Active) => "is on the list already",
        Some(SubscriberStatus::Unsubscribed) => "has unsubscribed, and stays so",
    };
    let mut report = Report::text(format!("{}: {address} {what}\n", list.title));
    report.set("added", json!(before.is_none()));
    Ok(report)
}

fn remove(session: &mut Session, config: &Config, list: &str, text: &str) -> Result<Report> {
    let list = known(config, list)?;
    let address = given(text)?;
    let _lock = Session::lock(config)?;
    let removed = mailing::store(config)?.remove(&list.key, &address, session.now)?;
    let what = if removed { "unsubscribed" } else { "is not on the list" };
    let mut report = Report::text(format!("{}: {address} {what}\n", list.title));
    report.set("removed", json!(removed));
    Ok(report)
}

fn status(config: &Config, list: Option<&str>) -> Result<Report> {
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
            "{} ({}): {} active, {} unsubscribed, {} suppressed",
            list.title, list.key, status.active, status.unsubscribed, status.suppressed
        ));
        rows.push(json!({
            "list": list.key, "title": list.title, "active": status.active,
            "unsubscribed": status.unsubscribed, "suppressed": status.suppressed,
        }));
    }
    report.set("lists", Value::Array(rows));
    Ok(report)
}
