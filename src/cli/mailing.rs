//! Handing frozen issues to the readers of their lists: recipients are queued in the store, messages are written to
//! outbox/, and what was done is kept beside the issue.

use std::collections::BTreeMap;
use std::path::Path;

use super::files;
use super::session::Session;
use super::shelf::Shelf;
use crate::config::{Config, StoreUrl, Transport};
use crate::deliver::{self, Sender};
use crate::error::{Result, Warning};
use crate::model::{DeliveryState, Digest, Issue, List, Recipient, Series};
use crate::store::Store;

/// The environment variable that gives the secret behind unsubscribe links.
const SECRET: &str = "MASTHEAD_SECRET";

/// Opens the store.
pub(super) fn store(config: &Config) -> Result<Store> {
    let StoreUrl::Sqlite(path) = &config.store;
    let store = Store::open(&config.path(path))?;
    Ok(match std::env::var(SECRET) {
        Ok(secret) if !secret.is_empty() => store.with_secret(&secret),
        _ => store,
    })
}

/// Takes the lists that are kept as files into the store. A file that cannot be read costs only its list.
pub(super) fn sync_lists(session: &mut Session, config: &Config) -> Result<()> {
    let kept: Vec<(&List, &Path)> = config.lists.iter().filter_map(|list| Some((list, list.csv.as_deref()?))).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let mut store = store(config)?;
    for (list, csv) in kept {
        let Some(bytes) = files::read(&config.path(csv))? else {
            let missing = Warning::new(format!("the readers of the list `{}` are not at hand", list.key));
            session.warnings.push(missing.at(crate::error::Place::file(csv)).hint("no new readers were taken from it"));
            continue;
        };
        match deliver::read_csv(csv, &bytes) {
            Ok(people) => {
                let people = session.heed(people);
                store.import(&list.key, &people, session.now)?;
            }
            Err(error) => session.warnings.push(error.into_warning()),
        }
    }
    Ok(())
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
        store.recipients(&series.lists)?.into_iter().filter(|one| reads(config, series, one)).collect();
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
fn reads(config: &Config, series: &Series, recipient: &Recipient) -> bool {
    let Some(language) = &recipient.language else { return true };
    let same = |other: &Series| other.language.primary() == language.primary();
    same(series) || !config.series.iter().any(|other| other.lists.contains(&recipient.list) && same(other))
}
