//! Handing frozen issues to the readers of their lists: recipients are queued in the store, messages are written to
//! outbox/, and what was done is kept beside the issue.

use std::collections::BTreeMap;
use std::path::Path;

use super::files;
use super::session::Session;
use super::shelf::Shelf;
use crate::config::{Config, StoreUrl, Transport};
use crate::deliver::{self, Sender};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{DeliveryState, Digest, Issue, List, NewSubscriber, Recipient, Series};
use crate::store::{KeyRing, Store};

/// The environment variable that gives the secrets behind links in mails, the one that signs first.
const SECRET: &str = "MASTHEAD_SECRET";
/// The environment variable that names a file with the same.
const SECRET_FILE: &str = "MASTHEAD_SECRET_FILE";

/// Opens the store.
pub(super) fn store(config: &Config) -> Result<Store> {
    let StoreUrl::Sqlite(path) = &config.store;
    let store = Store::open(&config.path(path))?;
    Ok(match secrets()? {
        Some(secrets) => store.with_secrets(secrets),
        None => store,
    })
}

/// The secrets that the environment gives.
pub(super) fn secrets() -> Result<Option<KeyRing>> {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    if let Some(text) = given(SECRET) {
        return Ok(KeyRing::read(&text));
    }
    let Some(path) = given(SECRET_FILE) else { return Ok(None) };
    let path = Path::new(&path);
    let none = || Error::new(ErrorKind::Config, format!("the file that {SECRET_FILE} names has no secret"));
    let text = files::read_text(path)?.ok_or_else(|| none().at(Place::file(path)))?;
    KeyRing::read(&text).map(Some).ok_or_else(|| none().at(Place::file(path)))
}

/// Takes the lists that are kept as files into the store. A file that cannot be read costs only its list.
pub(super) fn sync_lists(session: &mut Session, config: &Config) -> Result<()> {
    let people = check_lists(session, config)?;
    if people.is_empty() {
        return Ok(());
    }
    let mut store = store(config)?;
    for (list, people) in people {
        store.import(&list.key, &people, session.now)?;
    }
    Ok(())
}

/// Reads the lists that are kept as files.
pub(super) fn check_lists<'c>(
    session: &mut Session,
    config: &'c Config,
) -> Result<Vec<(&'c List, Vec<NewSubscriber>)>> {
    let kept = config.lists.iter().filter_map(|list| Some((list, list.csv.as_deref()?)));
    let mut read = Vec::new();
    for (list, csv) in kept {
        let Some(bytes) = files::read(&config.path(csv))? else {
            let missing = Warning::new(format!("the readers of the list `{}` are not at hand", list.key));
            session.warnings.push(missing.at(Place::file(csv)).hint("no new readers were taken from it"));
            continue;
        };
        match deliver::read_csv(csv, &bytes) {
            Ok(people) => read.push((list, session.heed(people))),
            Err(error) => session.warnings.push(error.into_warning()),
        }
    }
    Ok(read)
}

/// How many messages of an issue were written, by list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Handed {
    pub(super) messages: usize,
    pub(super) written: files::Tally,
}

/// Whether a frozen issue is still to be handed to its lists.
pub(super) fn is_due(shelf: &Shelf, issue: &Issue) -> Result<bool> {
    let Some(frozen) = &issue.frozen else { return Ok(false) };
    Ok(frozen.mail && shelf.mailed(&issue.key, frozen.revision)?.is_none())
}

/// Hands a digest to the readers of its series' lists. A run that died in the middle is completed by the next: the
/// store keeps who was queued first, and messages have the same names and bytes each time.
pub(super) fn hand_over(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    series: &Series,
    digest: &Digest,
) -> Result<Handed> {
    let sender = Sender::new(&config.mail, &config.lists)?;
    let mut store = store(config)?;
    let recipients: Vec<Recipient> =
        store.recipients(&series.lists)?.into_iter().filter(|one| reads(&config.series, series, one)).collect();
    store.queue(&digest.issue, digest.revision, &deliver::due(digest, recipients, &sender), session.now)?;
    let mut handed = Handed::default();
    if let Transport::Smtp(relay) = &config.mail.transport {
        session.warnings.push(
            Warning::new(format!(
                "this version cannot send to `{relay}`; the messages of {} stay queued",
                digest.issue
            ))
            .hint("set `transport = \"file\"` to have them written to outbox/"),
        );
        return Ok(handed);
    }
    let pending = store.deliveries(&digest.issue, Some(DeliveryState::Pending))?;
    let outbox = deliver::outbox(digest, &pending, &sender);
    for file in &outbox.files {
        handed.written.count(files::write(&config.root.join("outbox").join(&file.path), &file.bytes)?);
    }
    store.settle(outbox.files.iter().map(|file| file.message_id.as_str()), DeliveryState::Sent, session.now)?;
    let refused: Vec<&str> = outbox.refused.iter().map(|(id, _)| id.as_str()).collect();
    store.settle(refused, DeliveryState::Failed, session.now)?;
    session.warnings.extend(outbox.refused.into_iter().map(|(_, warning)| warning));
    let mut by_list: BTreeMap<String, usize> = series.lists.iter().map(|list| (list.clone(), 0)).collect();
    for delivery in store.deliveries(&digest.issue, Some(DeliveryState::Sent))? {
        *by_list.entry(delivery.recipient.list).or_default() += 1;
    }
    handed.messages = by_list.values().sum();
    shelf.keep_mailed(&digest.issue, digest.revision, &by_list)?;
    Ok(handed)
}

/// Whether a reader gets this series. Where the lists they are on carry another series in their own language, they
/// get that one; everybody else gets all.
fn reads(all: &[Series], series: &Series, recipient: &Recipient) -> bool {
    let Some(language) = &recipient.language else { return true };
    let same = |other: &Series| other.language.primary() == language.primary();
    same(series) || !all.iter().any(|other| other.lists.contains(&recipient.list) && same(other))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::reads;
    use crate::config::{Config, parse};
    use crate::model::{Language, Recipient};

    const TWO_LANGUAGES: &str = r#"
title = "The Compositor"
base_url = "https://compositor.example/"
language = "en"

[list.members]
[list.friends]

[series.newsletter]
window = "monthly"
since = 2026-07-01
lists = ["members", "friends"]

[series.khabarname]
window = "monthly"
since = 2026-07-01
language = "fa"
lists = ["members"]
"#;

    fn got(config: &Config, list: &str, language: Option<&str>) -> Vec<String> {
        let recipient = Recipient {
            address: "ann@x.example".to_owned(),
            name: None,
            language: language.and_then(Language::parse),
            list: list.to_owned(),
            token: String::new(),
        };
        let on_list = config.series.iter().filter(|series| series.lists.iter().any(|carried| carried == list));
        let read = on_list.filter(|series| reads(&config.series, series, &recipient));
        read.map(|series| series.key.clone()).collect()
    }

    #[test]
    fn readers_get_the_series_in_their_language_or_all() {
        let config = parse(TWO_LANGUAGES, Path::new("config.toml"), Path::new(".")).unwrap();
        assert_eq!(got(&config, "members", None), ["newsletter", "khabarname"]);
        assert_eq!(got(&config, "members", Some("fa-IR")), ["khabarname"]);
        assert_eq!(got(&config, "members", Some("en-GB")), ["newsletter"]);
        assert_eq!(got(&config, "members", Some("de")), ["newsletter", "khabarname"], "no series is in German");
        assert_eq!(got(&config, "friends", Some("fa")), ["newsletter"], "the list carries no series in Persian");
    }
}
