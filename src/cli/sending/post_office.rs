//! The post office: sends the campaigns of a store that are due.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::ending::Ending;
use super::outfit::{extras, settings};
use crate::assemble::frozen;
use crate::cli::artefacts::Artefacts;
use crate::cli::clock::RunClock;
use crate::cli::files;
use crate::cli::lock::Lock;
use crate::cli::mailing;
use crate::cli::session::Session;
use crate::cli::shelf::{FROZEN, Shelf};
use crate::config::Config;
use crate::deliver::smtp::{self, Letter, Letters, Settings, Stopped, Summary};
use crate::deliver::{Mailing, MessageIds};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Campaign, CampaignState, Change, Clock as _, DeliveryState, Digest, Gone, Issue, IssueKey, Lease, Leased,
    NewCampaign, NewSubscriber, Queue, Recipient, Recovered,
};
use crate::store::Store;

/// How long after the beginning of a campaign its messages are still dated by that: filters distrust what is dated hours
/// before it comes.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// The number of a delivery that is in no queue. What comes back of it is about nobody.
pub(in crate::cli) const NO_DELIVERY: i64 = 0;

/// Who sends. On one machine one process does at a time, which is what the lock is for.
pub(in crate::cli) struct PostOffice {
    settings: Settings,
    clock: RunClock,
    store: Store,
    _lock: Lock,
    /// What was taken back from runs that are gone.
    pub(in crate::cli) recovered: Recovered,
}

/// What one run did for one campaign.
pub(in crate::cli) struct Delivered {
    pub(in crate::cli) issue: IssueKey,
    pub(in crate::cli) summary: Summary,
}

/// What one run did.
#[derive(Default)]
pub(in crate::cli) struct Round {
    pub(in crate::cli) delivered: Vec<Delivered>,
    /// What stopped campaigns, or kept them from going out.
    pub(in crate::cli) faults: Vec<Error>,
    /// Whether another run sends on this machine, which goes on with what is due.
    pub(in crate::cli) is_elsewhere: bool,
}

impl Round {
    /// Whether relays took nothing because none could be used.
    pub(in crate::cli) fn is_in_vain(&self) -> bool {
        let mut summaries = self.delivered.iter().map(|one| &one.summary);
        summaries.clone().any(|one| matches!(one.stopped, Some(Stopped::Relays(_))))
            && summaries.all(|one| one.sent == 0)
    }
}

impl PostOffice {
    /// Opens. An error of kind `Busy` where another process sends.
    pub(in crate::cli) fn open(session: &Session, config: &Config, ending: &Ending) -> Result<Self> {
        let mut settings = settings(config, &worker())?;
        let lock = Lock::of_sending(&config.root)?;
        let mut store = mailing::store(config)?;
        (settings.is_shared, settings.ending) = (store.is_shared(), ending.flag());
        // Nobody else sends on this machine; where others share the store, what they hold is theirs until it is overdue.
        let recovered = store.recover(&Gone::EverybodyBut(settings.worker.clone()), session.now)?;
        let clock = RunClock::starting_at(session.now);
        Ok(Self { settings, clock, store, _lock: lock, recovered })
    }

    /// The time.
    pub(in crate::cli) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sends what is due now of every campaign that runs, and of those that waited for a relay; also what is queued
    /// meanwhile. What stops one campaign is a fault, and the others go on.
    pub(in crate::cli) fn deliver(&mut self, session: &mut Session, config: &Config) -> Result<Round> {
        let (mut round, mut seen) = (Round::default(), BTreeSet::new());
        if self.settings.is_shared {
            // What a machine held that is gone comes back while others work.
            let back = self.store.recover(&Gone::Overdue, self.now())?;
            self.recovered.returned += back.returned;
            self.recovered.ambiguous += back.ambiguous;
        }
        while let Some(campaign) = self.next_campaign(&mut seen)? {
            match self.one(session, config, &campaign) {
                Ok((summary, fault)) => {
                    round.delivered.push(Delivered { issue: campaign.issue, summary });
                    round.faults.extend(fault);
                }
                // The store is needed by all of them; what is wrong with one issue is its own affair.
                Err(error) if error.kind() == ErrorKind::Store => return Err(error),
                Err(error) => round.faults.push(error),
            }
        }
        Ok(round)
    }

    /// A campaign of which something is due that was not seen before.
    fn next_campaign(&mut self, seen: &mut BTreeSet<i64>) -> Result<Option<Campaign>> {
        let now = self.now();
        for campaign in self.store.campaigns(now)? {
            let may_go = campaign.state == CampaignState::Running || campaign.waits_for_relay();
            if self.settings.ending.load(Ordering::SeqCst) || !may_go || !seen.insert(campaign.id) {
                continue;
            }
            if campaign.waits_for_relay() {
                self.store.change(campaign.id, &Change::Resume, now)?;
            }
            if self.store.next_due(campaign.id)?.is_some_and(|due| due <= now) {
                return Ok(Some(campaign));
            }
            self.store.finish(campaign.id, now)?;
        }
        Ok(None)
    }

    /// Whether something is due now.
    pub(in crate::cli) fn has_due(&mut self) -> Result<bool> {
        let now = self.now();
        let mut waiting = self.store.campaigns(now)?.into_iter();
        Ok(waiting.any(|campaign| campaign.waits_for_relay()) || self.next_due()?.is_some_and(|due| due <= now))
    }

    /// When something is due next, of campaigns that run or are scheduled.
    pub(in crate::cli) fn next_due(&mut self) -> Result<Option<DateTime<Utc>>> {
        let now = self.now();
        let mut next: Option<DateTime<Utc>> = None;
        for campaign in self.store.campaigns(now)? {
            let due = match campaign.state {
                CampaignState::Running => self.store.next_due(campaign.id)?,
                CampaignState::Scheduled => Some(campaign.starts),
                _ => None,
            };
            next = next.into_iter().chain(due).min();
        }
        Ok(next)
    }

    /// Sends what is due of one campaign; and what went wrong with all of it.
    fn one(&mut self, session: &mut Session, config: &Config, campaign: &Campaign) -> Result<(Summary, Option<Error>)> {
        let shelf = Shelf::new(&config.root);
        let letters = self.letters(session, config, &shelf, campaign)?;
        let issue = campaign.issue.to_string();
        let total = self.store.progress(campaign.id, self.clock.now())?.total();
        let mut watch = |summary: &Summary| {
            let failed = summary.failed + summary.deferred + summary.ambiguous;
            session.progress(format!("sending {issue}: {} sent, {failed} not, of {total}", summary.sent));
        };
        let store = &mut self.store;
        let summary = smtp::deliver(store, campaign.id, &letters, &self.settings, &self.clock, &mut watch)?;
        let fault = self.stopped(campaign, &summary)?;
        let is_finished = self.store.finish(campaign.id, self.clock.now())?;
        let progress = self.store.progress(campaign.id, self.clock.now())?;
        let nobody = || {
            let (series, ordinal) = (&campaign.issue.series, campaign.issue.ordinal);
            Error::new(ErrorKind::State, format!("nobody got {issue}: every message was refused"))
                .hint(format!("`masthead resolve {series} {ordinal} --refused` says why; `--resend` tries them again"))
        };
        let is_in_vain = is_finished && progress.count(DeliveryState::Sent) == 0 && summary.failed > 0;
        Ok((summary, fault.or_else(|| is_in_vain.then(nobody))))
    }

    /// What follows when a campaign stopped before its end.
    fn stopped(&mut self, campaign: &Campaign, summary: &Summary) -> Result<Option<Error>> {
        let (issue, now) = (&campaign.issue, self.clock.now());
        let (series, ordinal) = (&issue.series, issue.ordinal);
        Ok(match &summary.stopped {
            // Other machines have relays of their own to see.
            Some(Stopped::Relays(why)) if self.settings.is_shared => Some(
                Error::new(ErrorKind::State, format!("{issue} does not go out from here: no relay can be used: {why}"))
                    .hint("nothing is lost, and no try was used up; other machines go on, and so does this one's next run"),
            ),
            Some(Stopped::Relays(why)) => {
                self.store.change(campaign.id, &Change::Pause(Campaign::no_relay(why)), now)?;
                Some(
                    Error::new(ErrorKind::State, format!("{issue} is paused: no relay can be used: {why}"))
                        .hint("nothing is lost, and no try was used up; the next `masthead deliver` tries again"),
                )
            }
            Some(Stopped::Refused(why)) => {
                self.store.change(campaign.id, &Change::Pause(why.clone()), now)?;
                Some(Error::new(ErrorKind::State, format!("{issue} is paused: {why}")).hint(format!(
                    "once that is mended, `masthead resolve {series} {ordinal} --refused --resend` has those tried \
                     again that were refused, and `masthead resume {series} {ordinal}` lets it go on"
                )))
            }
            _ => None,
        })
    }

    /// The messages of a campaign, from what was released.
    fn letters(&self, session: &mut Session, config: &Config, shelf: &Shelf, campaign: &Campaign) -> Result<Mailing> {
        let key = &campaign.issue;
        let gone = || {
            Error::new(ErrorKind::State, format!("the digest of {key}, revision {}, is gone", campaign.revision))
                .hint("bring `released` back from a backup, or cancel the campaign: `masthead cancel`")
        };
        let files = shelf.released(key, campaign.revision, &mut session.warnings)?.ok_or_else(gone)?;
        let artefacts = Artefacts { files };
        let digest = artefacts.digest().ok_or_else(gone)?;
        let text = files::read_text(&shelf.folder(key).join(FROZEN))?.ok_or_else(gone)?;
        let issue = session.heed(frozen::read(&text, &Shelf::shown(key, FROZEN))?);
        letters(session, config, shelf, &issue, &dated(&digest, campaign, self.now()), &artefacts, &self.store)
    }
}

/// The digest, dated by when its campaign began, or where that was long ago by this run.
fn dated(digest: &Digest, campaign: &Campaign, now: DateTime<Utc>) -> Digest {
    let date = if now - campaign.starts > FRESH { now } else { campaign.starts };
    Digest { date, ..digest.clone() }
}

/// The messages of an issue, dated as the digest is.
pub(in crate::cli) fn letters(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    issue: &Issue,
    digest: &Digest,
    artefacts: &Artefacts,
    store: &Store,
) -> Result<Mailing> {
    let key = store.return_path_key()?;
    let extras = extras(config, shelf, issue, digest, artefacts, &key, &mut session.warnings)?;
    let sender = crate::deliver::Sender::new(&config.mail_of(&issue.key.series), &config.lists)?;
    Mailing::new(digest, &sender, extras)
}

/// Messages of a queue that is gone when they are sent.
struct OutOfQueue<'l> {
    letters: &'l dyn Letters,
    /// With which the reader unsubscribes from the list: a token of the real store.
    token: String,
}

impl Letters for OutOfQueue<'_> {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        let recipient = Recipient { token: self.token.clone(), ..delivery.recipient.clone() };
        // Numbers of that queue are those of other readers in the real one.
        let lease = Lease { delivery: NO_DELIVERY, ..delivery.lease };
        self.letters.compose(&Leased { lease, recipient, ..delivery.clone() })
    }
}

/// Sends one message to one address, whether or not it is on a list; nothing is recorded of it. Says what the relay
/// answered.
pub(in crate::cli) fn send_to_one(
    session: &mut Session,
    config: &Config,
    letters: &dyn Letters,
    digest: &Digest,
    to: &NewSubscriber,
    list: &str,
) -> Result<Summary> {
    let token = mailing::store(config)?.unsubscribe_token(list, &to.address);
    let letters = OutOfQueue { letters, token };
    let settings = settings(config, &worker())?;
    let sender = crate::deliver::Sender::new(&config.mail_of(&digest.issue.series), &config.lists)?;
    let mut store = Store::in_memory()?;
    store.add(list, to, session.now)?;
    let campaign = NewCampaign {
        issue: digest.issue.clone(),
        revision: digest.revision,
        lists: vec![list.to_owned()],
        starts: session.now,
    };
    // Unlike that of the issue as it goes to the same reader later, which would be taken for a copy.
    let mark = crate::model::sha256_hex(digest.html.as_bytes());
    let ids = MessageIds::new(&store.message_id_key(), &sender);
    let mut choose =
        |to: &Recipient| Some(ids.make(&digest.issue, digest.revision, &format!("test {mark} {}", to.address)));
    store.start(&campaign, &mut choose, session.now)?;
    let clock = RunClock::starting_at(session.now);
    let summary = smtp::deliver(&mut store, 1, &letters, &settings, &clock, &mut |_| {})?;
    let history = store.history(&crate::model::Query::default())?;
    let said = history.iter().flat_map(|one| &one.attempts).next_back();
    match (&summary.stopped, said) {
        (Some(Stopped::Relays(why) | Stopped::Refused(why)), _) => {
            Err(Error::new(ErrorKind::State, format!("no relay can be used: {why}")))
        }
        (_, Some(attempt)) if summary.sent == 0 => {
            let code = attempt.reply.code.map(|code| format!("{code} ")).unwrap_or_default();
            Err(Error::new(ErrorKind::State, format!("the relay did not take it: {code}{}", attempt.reply.text)))
        }
        _ => Ok(summary),
    }
}

/// A name unlike any other worker's.
pub(super) fn worker() -> String {
    // Keys that the system draws for this process; it need not be hard to guess.
    let chance = RandomState::new().hash_one(std::process::id());
    let machine = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let machine = machine.trim();
    let machine = if machine.is_empty() { "here" } else { machine };
    format!("{machine}-{}-{chance:016x}", std::process::id())
}
