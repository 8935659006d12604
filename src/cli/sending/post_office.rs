//! The post office: sends the campaigns of a store that are due.

use std::hash::{BuildHasher as _, RandomState};

use chrono::{DateTime, TimeDelta, Utc};

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
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{
    Campaign, CampaignState, Change, Clock as _, Digest, Gone, Issue, IssueKey, Lease, Leased, NewCampaign,
    NewSubscriber, Queue, Recipient, Recovered,
};
use crate::store::Store;

/// How long after the beginning of a campaign its messages are still dated by that: filters distrust what is dated hours
/// before it comes.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// The number of a delivery that is in no queue. What comes back of it is about nobody.
pub(in crate::cli) const NO_DELIVERY: i64 = 0;

/// Who sends. One process does at a time, which is what the lock is for.
pub(in crate::cli) struct PostOffice {
    settings: Settings,
    clock: RunClock,
    store: Store,
    _lock: Lock,
    /// What was taken back from a run that was killed.
    pub(in crate::cli) recovered: Recovered,
}

/// What one run did for one campaign.
pub(in crate::cli) struct Delivered {
    pub(in crate::cli) issue: IssueKey,
    pub(in crate::cli) summary: Summary,
}

impl PostOffice {
    /// Opens. An error of kind `Busy` where another process sends.
    pub(in crate::cli) fn open(session: &Session, config: &Config) -> Result<Self> {
        let mut settings = settings(config, &worker())?;
        let lock = Lock::of_sending(&config.root)?;
        let mut store = mailing::store(config)?;
        settings.is_shared = store.is_shared();
        // Nobody else sends, so whoever held something is gone.
        let recovered = store.recover(&Gone::EverybodyBut(settings.worker.clone()), session.now)?;
        let clock = RunClock::starting_at(session.now);
        Ok(Self { settings, clock, store, _lock: lock, recovered })
    }

    /// The time.
    pub(in crate::cli) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sends what is due now of every campaign that runs, and of those that waited for a relay. What stops one
    /// campaign is a warning, and the others go on.
    pub(in crate::cli) fn deliver(&mut self, session: &mut Session, config: &Config) -> Result<Vec<Delivered>> {
        let now = self.now();
        let mut delivered = Vec::new();
        for campaign in self.store.campaigns(now)? {
            if campaign.waits_for_relay() {
                self.store.change(campaign.id, &Change::Resume, now)?;
            } else if campaign.state != CampaignState::Running {
                continue;
            }
            if self.store.next_due(campaign.id)?.is_none_or(|due| due > now) {
                self.store.finish(campaign.id, now)?;
                continue;
            }
            match self.one(session, config, &campaign) {
                Ok(summary) => delivered.push(Delivered { issue: campaign.issue, summary }),
                // The store is needed by all of them; what is wrong with one issue is its own affair.
                Err(error) if error.kind() == ErrorKind::Store => return Err(error),
                Err(error) => session.warnings.push(error.into_warning()),
            }
        }
        Ok(delivered)
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

    fn one(&mut self, session: &mut Session, config: &Config, campaign: &Campaign) -> Result<Summary> {
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
        let now = self.clock.now();
        match &summary.stopped {
            Some(Stopped::Relays(why)) => {
                store.change(campaign.id, &Change::Pause(Campaign::no_relay(why)), now)?;
                session.warnings.push(
                    Warning::new(format!("{} is paused: no relay can be used: {why}", campaign.issue))
                        .hint("nothing is lost, and no try was used up; the next `masthead deliver` tries again"),
                );
            }
            Some(Stopped::Refused(why)) => {
                store.change(campaign.id, &Change::Pause(why.clone()), now)?;
                let (series, ordinal) = (&campaign.issue.series, campaign.issue.ordinal);
                session.warnings.push(Warning::new(format!("{} is paused: {why}", campaign.issue)).hint(format!(
                    "once that is mended, `masthead resolve {series} {ordinal} --refused --resend` has those tried \
                     again that were refused, and `masthead resume {series} {ordinal}` lets it go on"
                )));
            }
            _ => {}
        }
        store.finish(campaign.id, now)?;
        Ok(summary)
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
