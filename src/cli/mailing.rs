//! Handing frozen issues to the readers of their lists: recipients are queued in the store, messages are written to
//! outbox/, and what was done is kept beside the issue.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::files;
use super::outbox::{appear, take_away, write_outbox};
use super::readership::Readership;
use super::session::Session;
use super::shelf::Shelf;
use crate::assemble::window::shown_second;
use crate::config::{Config, Transport};
use crate::deliver::{self, MessageIds, Sender};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{
    Campaign, CampaignState, Change, DeliveryState, Digest, Issue, IssueKey, Lease, NewCampaign, Progress, Query,
    Queue, Recipient, Series, SubscriberStatus,
};
use crate::store::{KeyRing, Store};

/// The environment variable that gives the secrets behind links in mails, the one that signs first.
const SECRET: &str = "MASTHEAD_SECRET";
/// The environment variable that names a file with the same.
const SECRET_FILE: &str = "MASTHEAD_SECRET_FILE";
/// A secret of fewer characters could be guessed.
const SHORTEST_SECRET: usize = 16;

/// Opens the store.
pub(super) fn store(config: &Config) -> Result<Store> {
    let store = super::store::open(config)?;
    Ok(match secrets()? {
        Some(secrets) => store.with_secrets(secrets),
        None => store,
    })
}

/// The secrets that the environment gives.
pub(super) fn secrets() -> Result<Option<KeyRing>> {
    if let Some(text) = given(SECRET) {
        return Ok(KeyRing::read(&text));
    }
    let Some(path) = secret_file() else { return Ok(None) };
    let wrong = |message: String| Error::new(ErrorKind::Config, message).at(Place::file(&path));
    let text = files::read_text(&path)?.ok_or_else(|| {
        wrong(format!("{SECRET_FILE} names a file that is not there"))
            .hint("an absolute path is the same from every folder")
    })?;
    KeyRing::read(&text).map(Some).ok_or_else(|| wrong(format!("the file that {SECRET_FILE} names has no secret")))
}

/// The file of secrets that the environment names.
pub(super) fn secret_file() -> Option<PathBuf> {
    given(SECRET_FILE).map(PathBuf::from)
}

fn given(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.trim().is_empty())
}

/// Warns of secrets that could be guessed: links made from them are good for ever.
pub(super) fn warn_of_short_secrets(session: &mut Session) -> Result<()> {
    session.warnings.extend(of_short_secrets(secrets()?.as_ref()));
    Ok(())
}

/// What is to be warned of there.
pub(super) fn of_short_secrets(secrets: Option<&KeyRing>) -> Option<Warning> {
    let short = Warning::new("a secret that links are made from is short, and could be guessed");
    let short = short.hint("draw 32 characters or more at random for MASTHEAD_SECRET").once();
    secrets.filter(|secrets| secrets.shortest() < SHORTEST_SECRET).map(|_| short)
}

/// What is wrong where the secrets of this run are not those that mail was sent with.
fn strange_secrets() -> (&'static str, &'static str) {
    (
        "the secret that links in mails were made from is not among those of this run: those who follow one cannot unsubscribe",
        "give it by MASTHEAD_SECRET or MASTHEAD_SECRET_FILE as before; a new one stands before the old one, each on a line of its own",
    )
}

/// What is to be warned of there.
pub(super) fn of_strange_secrets() -> Warning {
    let (message, hint) = strange_secrets();
    Warning::new(message).hint(hint).once()
}

/// Warns where the secrets of this run are not those that mail was sent with.
pub(super) fn warn_of_strange_secrets(session: &mut Session, store: &Store) -> Result<()> {
    if store.has_strange_secrets()? {
        session.warnings.push(of_strange_secrets());
    }
    Ok(())
}

/// The same as an error, for verbs that answer to such links.
pub(super) fn refuse_strange_secrets(store: &Store) -> Result<()> {
    if !store.has_strange_secrets()? {
        return Ok(());
    }
    let (message, hint) = strange_secrets();
    let given_up = "when it is given up for good, `masthead serve --public --forget-old-links` goes on without it";
    Err(Error::new(ErrorKind::Config, message).hint(hint).hint(given_up))
}

/// What was done with an issue that was handed to its lists: the messages of it, written or queued, and the files written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Handed {
    pub(super) messages: usize,
    pub(super) written: files::Tally,
}

/// Whether a frozen issue is still to be handed to its lists.
pub(super) fn is_due(shelf: &Shelf, issue: &Issue) -> Result<bool> {
    let Some(frozen) = &issue.frozen else { return Ok(false) };
    Ok(frozen.mail && issue.withdrawn().is_none() && !shelf.is_mailed(&issue.key, frozen.revision)?)
}

/// Hands a digest to the readers of its series' lists: queues it, and where mail goes to files writes them. A run that
/// died in the middle is completed by the next: the store keeps who was queued first, and messages have the same names
/// and bytes each time. `starts` is when sending begins.
pub(super) fn hand_over(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    series: &Series,
    digest: &Digest,
    starts: DateTime<Utc>,
) -> Result<Handed> {
    let sender = Sender::new(&config.mail_of(&series.key), &config.lists)?;
    warn_of_short_secrets(session)?;
    let mut store = store(config)?;
    warn_of_strange_secrets(session, &store)?;
    let campaign = queue(session, config, series, digest, &sender, &mut store, starts)?;
    store.keep_signing_secret()?;
    let mut handed = Handed::default();
    let is_written = config.mail.transport == Transport::File && !campaign.is_held_back();
    if is_written && campaign.state == CampaignState::Running {
        handed.written = write_outbox(session, config, shelf, &mut store, &campaign)?;
    }
    let progress = store.progress(campaign.id, session.now)?;
    let counted = if is_written { &progress.sent_by_list } else { &progress.by_list };
    let of = |list: &String| counted.get(list).map_or(0, |count| *count as usize);
    let by_list: BTreeMap<String, usize> = series.lists.iter().map(|list| (list.clone(), of(list))).collect();
    handed.messages = by_list.values().sum();
    shelf.keep_mailed(&digest.issue, digest.revision, &by_list)?;
    Ok(handed)
}

/// What is said of a campaign that is held back.
pub(super) const HELD: &str = "held back by `publish --hold-mail`; `masthead deliver` sends it";

/// The same of one that was queued at this time.
pub(super) fn held_since(queued: DateTime<Utc>, zone: Tz) -> String {
    format!("held back by `publish --hold-mail` since {}; `masthead deliver` sends it", shown_second(queued, zone))
}

/// Lets the campaigns begin that `publish --hold-mail` queued. None where there is no store yet, and none is made.
pub(super) fn let_go(config: &Config, now: DateTime<Utc>) -> Result<()> {
    if !super::store::is_there(config) {
        return Ok(());
    }
    let mut store = store(config)?;
    for campaign in store.campaigns(now)?.iter().filter(|campaign| campaign.is_held_back()) {
        store.change(campaign.id, &Change::Resume, now)?;
    }
    Ok(())
}

/// Whether a campaign runs, or waits for a relay. None does where there is no store yet, and none is made.
pub(super) fn has_running(config: &Config, now: DateTime<Utc>) -> Result<bool> {
    if !super::store::is_there(config) {
        return Ok(false);
    }
    let runs = |one: &Campaign| one.state == CampaignState::Running || one.waits_for_relay();
    Ok(store(config)?.campaigns(now)?.iter().any(runs))
}

/// Writes what is missing of the campaigns that run to outbox/, where a run was stopped before it had written all; how many
/// messages of each. The lock of the publication is held.
pub(super) fn complete(session: &mut Session, config: &Config) -> Result<Vec<(IssueKey, usize)>> {
    let (shelf, mut store) = (Shelf::new(&config.root), store(config)?);
    let mut completed = Vec::new();
    for campaign in store.campaigns(session.now)? {
        appear(config, &mut store, &campaign.issue)?;
        if campaign.state != CampaignState::Running {
            continue;
        }
        let written = match write_outbox(session, config, &shelf, &mut store, &campaign) {
            Ok(written) => written,
            Err(error) if error.kind() == ErrorKind::Store => return Err(error),
            // What is wrong with one issue is its own affair.
            Err(error) => {
                session.warnings.push(error.into_warning());
                continue;
            }
        };
        let progress = store.progress(campaign.id, session.now)?;
        let by_list = progress
            .by_list
            .keys()
            .map(|list| (list.clone(), progress.sent_by_list.get(list).map_or(0, |count| *count as usize)));
        shelf.keep_mailed(&campaign.issue, campaign.revision, &by_list.collect())?;
        completed.push((campaign.issue, written.written + written.unchanged));
    }
    Ok(completed)
}

/// Settles who gets an issue, unless that is settled; gives its campaign.
fn queue(
    session: &Session,
    config: &Config,
    series: &Series,
    digest: &Digest,
    sender: &Sender,
    store: &mut Store,
    starts: DateTime<Utc>,
) -> Result<Campaign> {
    let new =
        NewCampaign { issue: digest.issue.clone(), revision: digest.revision, lists: series.lists.clone(), starts };
    let ids = MessageIds::new(&store.message_id_key(), sender);
    let readership = Readership::of(&config.series, series, store)?;
    let mut choose = |to: &Recipient| readership.has(to).then(|| ids.make(&digest.issue, digest.revision, &to.address));
    store.start(&new, &mut choose, session.now)?;
    let campaign = campaign(store, &digest.issue, session.now)?
        .ok_or_else(|| Error::new(ErrorKind::Store, format!("the campaign of {} is gone", digest.issue)))?;
    if campaign.revision == digest.revision {
        // Another text that was queued before is told by whoever would send this one.
        store.is_text_of(campaign.id, &digest.checksum())?;
    }
    Ok(campaign)
}

/// The campaign of an issue, where it was queued.
pub(super) fn campaign(queue: &mut dyn Queue, issue: &IssueKey, now: DateTime<Utc>) -> Result<Option<Campaign>> {
    Ok(queue.campaigns(now)?.into_iter().find(|campaign| campaign.issue == *issue))
}

/// Whether nothing of a campaign went out, and nothing will: it was cancelled before, or its lists were empty. Then it is no
/// reason not to send its issue.
pub(super) fn is_untouched(store: &mut Store, campaign: &Campaign, now: DateTime<Utc>) -> Result<bool> {
    Ok(is_untouched_by(campaign, &store.progress(campaign.id, now)?))
}

/// The same by how far it has come.
pub(super) fn is_untouched_by(campaign: &Campaign, progress: &Progress) -> bool {
    let untouched = match campaign.state {
        CampaignState::Cancelled => progress.count(DeliveryState::Pending) + progress.count(DeliveryState::Suppressed),
        _ => 0,
    };
    progress.total() == untouched
}

/// Whether somebody stopped a campaign, or a relay refused it: it goes on by itself no more.
pub(super) fn is_paused(campaign: &Campaign) -> bool {
    campaign.state == CampaignState::Paused && !campaign.waits_for_relay()
}

/// Whether nothing of a campaign will be tried any more.
pub(super) fn is_over(campaign: &Campaign) -> bool {
    matches!(campaign.state, CampaignState::Cancelled | CampaignState::Finished)
}

/// What is said of a campaign whose series is gone from config.toml: what was queued of it goes out.
pub(super) fn without_series(config: &Config, campaign: &Campaign) -> Option<String> {
    let series = &campaign.issue.series;
    (!is_over(campaign) && config.series(series).is_none()).then(|| {
        let which = campaign.issue.argument();
        format!(
            "config.toml has no series `{series}`, and mail of {} goes out all the same; `masthead cancel {which}` ends it",
            campaign.issue
        )
    })
}

/// The campaigns that go on by themselves no more, and those that earlier runs have held back. None where there is no store
/// yet, and none is made.
pub(super) fn at_rest(config: &Config, now: DateTime<Utc>) -> Result<(Vec<Campaign>, Vec<Campaign>)> {
    if !super::store::is_there(config) {
        return Ok(Default::default());
    }
    let mut campaigns = store(config)?.campaigns(now)?;
    let held_back = campaigns.extract_if(.., |one| one.is_held_back() && one.queued < now).collect();
    campaigns.retain(is_paused);
    Ok((campaigns, held_back))
}

/// Why a campaign rests, and what has it go on.
pub(super) fn rests(campaign: &Campaign) -> String {
    let (which, why) = (campaign.issue.argument(), campaign.reason.as_deref().unwrap_or_default());
    let resume = format!("`masthead resume {which}` lets it go on");
    if campaign.was_withdrawn() {
        return format!("{why}; `masthead cancel {which}` ends it, and once the issue is brought back {resume}");
    }
    format!("{why}; {resume}")
}

/// An error of kind `State` where an issue is withdrawn: nothing of it is mailed.
pub(super) fn refuse_withdrawn(issue: &Issue) -> Result<()> {
    let Some(withdrawn) = issue.withdrawn() else { return Ok(()) };
    let which = issue.key.argument();
    let message = format!("{} was withdrawn, and is not mailed: {}", issue.key, withdrawn.message);
    Err(Error::new(ErrorKind::State, message).hint(format!(
        "`masthead issue withdraw {which} --undo -m WHY` brings it back; mail of it that was queued `masthead cancel {which}` ends"
    )))
}

/// Takes the messages out of the outbox that go to whoever has left, or may not be written to any more, and were not handed on
/// yet: how many. Those stay that the reader gets through a list which they are on still.
pub(super) fn take_back(config: &Config, store: &mut Store, address: &str, now: DateTime<Utc>) -> Result<usize> {
    take_back_from(config, store, address, None, None, now)
}

/// The same before somebody is taken off the list `leaving`, so that a run which is stopped in between leaves nothing there.
/// The file of `came_back`, and of any delivery that came back, is a copy of what went out.
pub(super) fn take_back_from(
    config: &Config,
    store: &mut Store,
    address: &str,
    leaving: Option<&str>,
    came_back: Option<i64>,
    now: DateTime<Utc>,
) -> Result<usize> {
    if config.mail.transport != Transport::File || !config.root.join("outbox").is_dir() {
        return Ok(0);
    }
    let is_suppressed = store.suppression(address)?.is_some();
    let mut lists = store.person(address)?.map(|person| person.lists).unwrap_or_default();
    lists.retain(|one| !is_suppressed && one.status == SubscriberStatus::Active && leaving != Some(&*one.list));
    let is_on = |key: &String| lists.iter().any(|one| one.list == *key);
    let mut taken = 0;
    for one in store.history(&Query { address: Some(address.to_owned()), ..Query::default() })? {
        let series = config.series(&one.issue.series);
        if is_on(&store.list_name(&one.list)?) || series.is_some_and(|series| series.lists.iter().any(is_on)) {
            continue;
        }
        let path = deliver::outbox_path(&one.issue, &one.address, &one.message_id);
        let lease = Lease { delivery: one.delivery, epoch: one.epoch };
        if take_away(config, &path, Some(lease))? {
            if one.returned.is_empty() && came_back != Some(one.delivery) {
                store.call_off(one.delivery, now)?;
            }
            taken += 1;
        }
    }
    Ok(taken)
}
