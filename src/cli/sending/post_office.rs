//! The post office: sends the campaigns of a store that are due.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::ending::Ending;
use super::outfit::{extras, settings, too_large};
use super::seen::Seen;
use super::told::{in_doubt, mostly_refused};
use crate::assemble::frozen;
use crate::cli::artefacts::Artefacts;
use crate::cli::clock::RunClock;
use crate::cli::files;
use crate::cli::lock::Lock;
use crate::cli::mailing;
use crate::cli::rehearsal;
use crate::cli::session::Session;
use crate::cli::shelf::{FROZEN, Shelf};
use crate::cli::site::is_public;
use crate::config::{Config, Transport};
use crate::deliver::Mailing;
use crate::deliver::smtp::{self, Buckets, Consignment, MOST_TOGETHER, Settings, Stopped, Summary};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{
    Campaign, CampaignState, Change, Clock as _, DeliveryState, Digest, Gone, Issue, IssueKey, Queue as _, Recovered,
};
use crate::store::Store;

/// How long after the beginning of a campaign its messages are still dated by that: filters distrust what is dated hours
/// before it comes.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// Who sends. On one machine one process does at a time, which is what the lock is for.
pub(in crate::cli) struct PostOffice {
    config: Arc<Config>,
    /// What the files held that it and the settings were read from.
    seen: Seen,
    pub(super) settings: Settings,
    pub(super) clock: RunClock,
    /// What went out of late: rates hold for all campaigns together, in this round and the next.
    buckets: Buckets,
    pub(super) store: Store,
    _lock: Lock,
    /// Whether the store failed in the round before, so that it knows nothing of what became of some deliveries.
    was_cut_short: bool,
    /// What was taken back from runs that are gone.
    pub(in crate::cli) recovered: Recovered,
}

/// A campaign that is sent.
struct Going {
    campaign: Campaign,
    letters: Mailing,
    /// How many messages it has.
    total: u64,
}

impl Going {
    fn consignment(&self, config: &Config) -> Consignment<'_> {
        let series = config.series(&self.campaign.issue.series);
        Consignment {
            campaign: self.campaign.id,
            revision: self.campaign.revision,
            letters: &self.letters,
            lists: series.map(|series| series.lists.clone()).unwrap_or_default(),
            is_careful: self.campaign.waits_for_relay(),
        }
    }
}

/// What one run did for one campaign.
pub(in crate::cli) struct Delivered {
    pub(in crate::cli) issue: IssueKey,
    pub(in crate::cli) summary: Summary,
    /// Why it ended early, where somebody wanted it to.
    pub(in crate::cli) ended: Option<String>,
}

/// What one run did.
#[derive(Default)]
pub(in crate::cli) struct Round {
    pub(in crate::cli) delivered: Vec<Delivered>,
    /// What stopped campaigns, or kept them from going out.
    pub(in crate::cli) faults: Vec<Error>,
    /// Whether another run sends on this machine, which goes on with what is due.
    pub(in crate::cli) is_elsewhere: bool,
    /// The issues of which files were missing in outbox/, and how many were written.
    pub(in crate::cli) completed: Vec<(IssueKey, usize)>,
    /// Whether the store failed, which is the last of the faults: what was under way is settled by the next round.
    pub(in crate::cli) is_cut_short: bool,
}

impl Round {
    /// Adds what was done of a campaign to what was done of it before.
    pub(in crate::cli) fn add(&mut self, later: Delivered) {
        let Some(earlier) = self.delivered.iter_mut().find(|earlier| earlier.issue == later.issue) else {
            self.delivered.push(later);
            return;
        };
        let (sum, more) = (&mut earlier.summary, &later.summary);
        sum.sent += more.sent;
        sum.deferred += more.deferred;
        sum.failed += more.failed;
        sum.suppressed += more.suppressed;
        sum.ambiguous += more.ambiguous;
        sum.stopped.clone_from(&more.stopped);
        sum.is_finished |= more.is_finished;
        earlier.ended = later.ended;
    }

    /// The issues that go on by themselves no more, because relays refused everything.
    pub(in crate::cli) fn refused(&self) -> Vec<IssueKey> {
        let refused = self.delivered.iter().filter(|one| matches!(one.summary.stopped, Some(Stopped::Refused(_))));
        refused.map(|one| one.issue.clone()).collect()
    }

    /// Whether nothing came of it: the store failed, or relays took nothing because none could be used.
    pub(in crate::cli) fn is_in_vain(&self) -> bool {
        let mut summaries = self.delivered.iter().map(|one| &one.summary);
        let is_stopped = |one: &Summary| matches!(one.stopped, Some(Stopped::Relays(_) | Stopped::Refused(_)));
        self.is_cut_short || summaries.clone().any(is_stopped) && summaries.all(|one| one.sent == 0)
    }
}

impl PostOffice {
    /// Opens. An error of kind `Busy` where another process sends.
    pub(in crate::cli) fn open(session: &Session, config: &Config, ending: &Ending) -> Result<Self> {
        let seen = Seen::of(&session.global.config, config);
        let mut settings = settings(config, &worker())?;
        let lock = Lock::of_sending(&config.root)?;
        let mut store = mailing::store(config)?;
        (settings.is_shared, settings.ending) = (store.is_shared(), ending.flag());
        // Nobody else sends on this machine; where others share the store, what they hold is theirs until it is overdue.
        let clock = RunClock::new(session.global.now);
        let recovered = store.recover(&Gone::EverybodyBut(settings.worker.clone()), clock.now())?;
        let buckets = Buckets::new(&settings);
        let config = Arc::new(config.clone());
        Ok(Self { config, seen, settings, clock, buckets, store, _lock: lock, was_cut_short: false, recovered })
    }

    /// The configuration by which it sends.
    pub(in crate::cli) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config)
    }

    /// Whether a file has changed that its configuration was read from.
    pub(in crate::cli) fn is_out_of_date(&self, session: &Session) -> bool {
        self.seen != Seen::of(&session.global.config, &self.config)
    }

    /// Reads the configuration again where it has changed, or a secret that it names; whether that was so. Fails where nothing
    /// can be sent by what it is now, and does so until that is mended.
    pub(in crate::cli) fn renew(&mut self, session: &mut Session) -> Result<bool> {
        if !self.is_out_of_date(session) {
            return Ok(false);
        }
        self.read_again(session)
            .map_err(|error| error.hint("the configuration has changed: nothing is sent until this is mended"))?;
        Ok(true)
    }

    fn read_again(&mut self, session: &mut Session) -> Result<()> {
        // What changes while it is read is read again.
        let before = Seen::of(&session.global.config, &self.config);
        let config = session.config()?;
        let seen = before.with_secrets(&config);
        let mut settings = settings(&config, &self.settings.worker)?;
        let mut store = mailing::store(&config)?;
        let now = self.clock.now();
        if config.store != self.config.store {
            let recovered = store.recover(&Gone::EverybodyBut(settings.worker.clone()), now)?;
            self.recovered.returned += recovered.returned;
            self.recovered.ambiguous += recovered.ambiguous;
        }
        (settings.is_shared, settings.ending) = (store.is_shared(), Arc::clone(&self.settings.ending));
        settings.passed_over = std::mem::take(&mut self.settings.passed_over);
        if !settings.has_rates_of(&self.settings) {
            self.buckets = Buckets::new(&settings);
        }
        (self.config, self.seen, self.settings, self.store) = (Arc::new(config), seen, settings, store);
        Ok(())
    }

    /// Whether other machines may work with the same store.
    pub(in crate::cli) fn is_shared(&self) -> bool {
        self.settings.is_shared
    }

    /// The time.
    pub(in crate::cli) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Sends what is due now of every campaign that runs, and of those that waited for a relay; also what is queued
    /// meanwhile, by the configuration as it is then. What stops one campaign is a fault, and the others go on; all of them need
    /// the store.
    pub(in crate::cli) fn deliver(&mut self, session: &mut Session) -> Round {
        let mut round = Round::default();
        if let Err(error) = self.take_back().and_then(|()| self.all(session, &mut round)) {
            round.is_cut_short = true;
            round.faults.push(error);
        }
        self.was_cut_short = round.is_cut_short;
        round
    }

    /// Takes back what is held by nobody any more: by a machine that is gone while others work, and by this run itself,
    /// where the store failed before it was told what became of it.
    fn take_back(&mut self) -> Result<()> {
        let gone = [
            self.was_cut_short.then(|| Gone::Stopped(self.settings.worker.clone())),
            self.settings.is_shared.then_some(Gone::Overdue),
        ];
        for gone in gone.into_iter().flatten() {
            let back = self.store.recover(&gone, self.clock.now())?;
            self.recovered.returned += back.returned;
            self.recovered.ambiguous += back.ambiguous;
        }
        Ok(())
    }

    fn all(&mut self, session: &mut Session, round: &mut Round) -> Result<()> {
        self.settings.passed_over.clear();
        loop {
            let due = self.due_campaigns()?;
            if due.is_empty() {
                return Ok(());
            }
            // Whoever queued one of these may have changed the configuration before.
            match self.renew(session) {
                Ok(false) => {}
                Ok(true) => continue,
                Err(error) => {
                    round.faults.push(error);
                    return Ok(());
                }
            }
            let config = self.config();
            let mut going = Vec::with_capacity(due.len());
            for campaign in due {
                match self.ready(session, &config, &campaign) {
                    Ok((letters, total)) => going.push(Going { campaign, letters, total }),
                    Err(error) if error.kind() == ErrorKind::Store => return Err(error),
                    // What is wrong with one issue is its own affair.
                    Err(error) => {
                        self.settings.passed_over.insert(campaign.id);
                        round.faults.push(error);
                    }
                }
            }
            self.together(session, &config, &going, round)?;
        }
    }

    /// Campaigns of which something is due that had no turn in this round; no more than are sent together.
    fn due_campaigns(&mut self) -> Result<Vec<Campaign>> {
        let now = self.now();
        let mut due = Vec::new();
        for campaign in self.store.campaigns(now)? {
            let may_go = campaign.state == CampaignState::Running || campaign.waits_for_relay();
            let is_seen = self.settings.passed_over.contains(&campaign.id);
            if due.len() == MOST_TOGETHER || self.settings.ending.load(Ordering::SeqCst) || !may_go || is_seen {
                continue;
            }
            if campaign.waits_for_relay() {
                self.store.change(campaign.id, &Change::Resume, now)?;
            }
            if self.store.next_due(campaign.id)?.is_some_and(|due| due <= now) {
                due.push(campaign);
            } else {
                self.store.finish(campaign.id, now)?;
            }
        }
        Ok(due)
    }

    /// The messages of a campaign, and how many there are.
    fn ready(&mut self, session: &mut Session, config: &Config, campaign: &Campaign) -> Result<(Mailing, u64)> {
        let (shelf, now) = (Shelf::new(&config.root), self.now());
        let letters = released(session, config, &shelf, campaign, date(campaign, now), &mut self.store)?;
        Ok((letters, self.store.progress(campaign.id, now)?.total()))
    }

    /// Sends what is due of these campaigns. What stopped them is among the round's faults; those that were not stopped
    /// for others to join them had their turn.
    fn together(&mut self, session: &mut Session, config: &Config, going: &[Going], round: &mut Round) -> Result<()> {
        let consignments: Vec<Consignment<'_>> = going.iter().map(|one| one.consignment(config)).collect();
        let mut summaries = vec![Summary::default(); going.len()];
        let mut watch = |now: &[Summary]| {
            session.progress(how_far(going, now));
            summaries.clone_from_slice(now);
        };
        let Self { store, buckets, settings, clock, .. } = self;
        let done = smtp::deliver(store, &consignments, buckets, settings, clock, &mut watch);
        // Also of a round that the store cut short it is known how far it came.
        let is_cut_short = done.is_err();
        let (summaries, failure) = match done {
            Ok(done) => (done, None),
            Err(error) => (summaries, Some(error)),
        };
        // Where some are to make a new beginning, those that were over before had no turn in what follows.
        let goes_on = summaries.iter().any(|summary| summary.stopped == Some(Stopped::Joined));
        for (one, summary) in going.iter().zip(summaries) {
            let had_its_turn = summary.stopped.is_some() || !goes_on;
            if had_its_turn && summary.stopped != Some(Stopped::Joined) {
                self.settings.passed_over.insert(one.campaign.id);
            }
            if is_cut_short {
                if summary != Summary::default() {
                    round.add(Delivered { issue: one.campaign.issue.clone(), summary, ended: None });
                }
                continue;
            }
            round.faults.extend(self.conclude(session, &one.campaign, &summary)?);
            let is_asked = summary.stopped == Some(Stopped::Asked);
            let ended = if is_asked { self.ended(&one.campaign)? } else { None };
            round.add(Delivered { issue: one.campaign.issue.clone(), summary, ended });
        }
        failure.map_or(Ok(()), Err)
    }

    /// Marks campaigns finished of which nothing is due any more, though no run that sent them came to its end.
    pub(in crate::cli) fn finish_over(&mut self) -> Result<()> {
        let now = self.now();
        for campaign in self.store.campaigns(now)? {
            if campaign.state == CampaignState::Running {
                self.store.finish(campaign.id, now)?;
            }
        }
        Ok(())
    }

    /// Why a campaign does not go on that was stopped from outside.
    fn ended(&mut self, campaign: &Campaign) -> Result<Option<String>> {
        let now = self.now();
        let after = self.store.campaigns(now)?.into_iter().find(|after| after.id == campaign.id);
        Ok(match after {
            Some(after) if after.state == CampaignState::Paused => {
                Some(format!("it is paused: {}", mailing::rests(&after)))
            }
            Some(Campaign { state: CampaignState::Cancelled, .. }) => {
                Some("it is cancelled: what was not sent never will be".to_owned())
            }
            // All of it was under way when the run was told to end.
            Some(Campaign { state: CampaignState::Finished, .. }) => None,
            _ => Some("the run was told to end; `masthead deliver` goes on".to_owned()),
        })
    }

    /// Whether something is due now.
    pub(in crate::cli) fn has_due(&mut self) -> Result<bool> {
        let now = self.now();
        let mut waiting = self.store.campaigns(now)?.into_iter();
        Ok(waiting.any(|campaign| campaign.waits_for_relay()) || self.next_due()?.is_some_and(|due| due <= now))
    }

    /// The campaigns that go on by themselves no more.
    pub(in crate::cli) fn paused(&mut self) -> Result<Vec<Campaign>> {
        let now = self.now();
        let mut campaigns = self.store.campaigns(now)?;
        campaigns.retain(mailing::is_paused);
        Ok(campaigns)
    }

    /// Whether a run has said this, and is not to say it again.
    pub(in crate::cli) fn was_said(&self, what: &str) -> Result<bool> {
        self.store.was_said(what)
    }

    /// Remembers that these were said.
    pub(in crate::cli) fn keep_said(&mut self, what: &[String]) -> Result<()> {
        self.store.keep_said(what)
    }

    /// What other machines hold of campaigns that run: how many messages of each.
    pub(in crate::cli) fn held_elsewhere(&mut self) -> Result<Vec<(IssueKey, u64)>> {
        let now = self.now();
        let mut held = Vec::new();
        for campaign in self.store.campaigns(now)? {
            if campaign.state != CampaignState::Running || !self.settings.is_shared {
                continue;
            }
            let progress = self.store.progress(campaign.id, now)?;
            let count = progress.count(DeliveryState::Leased) + progress.count(DeliveryState::Sending);
            if count > 0 {
                held.push((campaign.issue, count));
            }
        }
        Ok(held)
    }

    /// When something is due next, of campaigns that run or are scheduled.
    pub(in crate::cli) fn next_due(&mut self) -> Result<Option<DateTime<Utc>>> {
        let now = self.now();
        let mut next: Option<DateTime<Utc>> = None;
        for campaign in self.store.campaigns(now)? {
            let due = match campaign.state {
                CampaignState::Running => self.store.next_due(campaign.id)?,
                CampaignState::Scheduled if !campaign.is_held_back() => Some(campaign.starts),
                _ => None,
            };
            next = next.into_iter().chain(due).min();
        }
        Ok(next)
    }

    /// What follows from what was done of a campaign: what went wrong with all of it.
    fn conclude(&mut self, session: &mut Session, campaign: &Campaign, summary: &Summary) -> Result<Vec<Error>> {
        let issue = campaign.issue.to_string();
        for why in &summary.downs {
            let warning = Warning::new(format!("{issue} went out in part past a relay that could not be used: {why}"));
            // A relay that refuses our password goes on doing so.
            session.warnings.push(warning.hint("another one took over, or the same later").once());
        }
        let stopped = self.stopped(campaign, summary)?;
        let is_finished = self.store.finish(campaign.id, self.clock.now())? || summary.is_finished;
        let progress = self.store.progress(campaign.id, self.clock.now())?;
        let nobody = || {
            let which = campaign.issue.argument();
            if progress.count(DeliveryState::Failed) == 0 {
                let message =
                    format!("of nobody is it known that they got {issue}: no server said that it took a message");
                return Error::new(ErrorKind::State, message)
                    .hint(format!("`masthead resolve {which}` lists and settles them"));
            }
            Error::new(ErrorKind::State, format!("nobody got {issue}: every message was refused"))
                .hint(format!("`masthead resolve {which} --refused` says why; `--resend` tries them again"))
        };
        let is_in_vain =
            is_finished && progress.count(DeliveryState::Sent) == 0 && summary.failed + summary.ambiguous > 0;
        if is_finished && !is_in_vain {
            session.warnings.extend(mostly_refused(&campaign.issue, summary, &progress));
        }
        // No later run fails for these, and none sends them again: a person must settle them.
        let in_doubt = (summary.ambiguous > 0 && !is_in_vain).then(|| in_doubt(&campaign.issue, summary.ambiguous));
        Ok(stopped.or_else(|| is_in_vain.then(nobody)).into_iter().chain(in_doubt).collect())
    }
}

/// How far campaigns are, for people.
fn how_far(going: &[Going], summaries: &[Summary]) -> String {
    let one = |(Going { campaign, total, .. }, summary): (&Going, &Summary)| {
        let failed = summary.failed + summary.deferred + summary.ambiguous;
        format!("{}: {} sent, {failed} not, of {total}", campaign.issue, summary.sent)
    };
    format!("sending {}", going.iter().zip(summaries).map(one).collect::<Vec<_>>().join("; "))
}

/// When its campaign began, or where that was long ago this run.
fn date(campaign: &Campaign, now: DateTime<Utc>) -> DateTime<Utc> {
    // A clock that was set back shows a beginning that is still to come.
    if (now - campaign.starts).abs() > FRESH { now } else { campaign.starts }
}

/// The messages of a campaign, from what was released.
pub(in crate::cli) fn released(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    campaign: &Campaign,
    date: DateTime<Utc>,
    store: &mut Store,
) -> Result<Mailing> {
    let key = &campaign.issue;
    let gone = |is_older: bool| {
        let error =
            Error::new(ErrorKind::State, format!("the digest of {key}, revision {}, is gone", campaign.revision));
        let older = "what is here may be older than the store: copy issues/ from the machine that queued it";
        let error = if is_older { error.hint(older) } else { error };
        error.hint("bring `released` back from a backup, or cancel the campaign: `masthead cancel`")
    };
    let text = files::read_text(&shelf.folder(key).join(FROZEN))?.ok_or_else(|| gone(store.is_shared()))?;
    let issue = session.heed(frozen::read(&text, &Shelf::shown(key, FROZEN))?);
    let is_older = store.is_shared() || issue.frozen.as_ref().is_some_and(|own| own.revision < campaign.revision);
    let gone = || gone(is_older);
    // It may have been taken back where this store was not at hand.
    mailing::refuse_withdrawn(&issue)?;
    let files = shelf.released(key, campaign.revision, &mut session.warnings)?.ok_or_else(gone)?;
    let artefacts = Artefacts { files };
    let cancelled = |error: Error| error.hint("or cancel the campaign: `masthead cancel`");
    let digest = artefacts.digest(key, campaign.revision).map_err(cancelled)?.ok_or_else(gone)?;
    let digest = Digest { date, ..digest };
    if !store.is_text_of(campaign.id, &digest.checksum())? {
        return Err(another_text(campaign));
    }
    letters(session, config, shelf, &issue, &digest, &artefacts, store)
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
    if issue.series.public && !is_public(config, issue) {
        return Err(pages_gone(config, &issue.key));
    }
    mailing::warn_of_strange_secrets(session, store)?;
    // Files have no return path; a key is kept only where one is made from it.
    let key = if config.mail.transport == Transport::File { Vec::new() } else { store.return_path_key()? };
    let extras = extras(config, shelf, issue, digest, artefacts, &key, &mut session.warnings)?;
    session.warnings.extend(too_large(&issue.key, digest, &extras.pictures, extras.attachment.as_ref()));
    session.warnings.extend(rehearsal::without_unsubscribing(digest));
    let sender = crate::deliver::Sender::new(&config.mail_of(&issue.key.series), &config.lists)?;
    Mailing::new(digest, &sender, extras)
}

/// Why a campaign does not go out from here: of one issue readers must not get two texts.
fn another_text(Campaign { issue, revision, .. }: &Campaign) -> Error {
    let message = format!(
        "{issue} does not go out from here: its revision {revision} has another text here than where it was queued"
    );
    let folder = Shelf::shown_release(issue, *revision);
    Error::new(ErrorKind::State, message)
        .at(Place::file(folder))
        .hint("what was released goes out unchanged: copy issues/ from where it was queued")
        .hint(
            "where that is lost, `masthead pause`, `issue amend`, `publish` and `resume --amended` send a new revision to \
             whoever has had none",
        )
}

/// Why an issue is not mailed that was frozen when its series was on the web: it leads to pages that were taken away.
fn pages_gone(config: &Config, key: &IssueKey) -> Error {
    let binds = config.series(&key.series).is_some_and(|series| series.binds.is_some());
    let why = if binds { "is for members, as what it binds is" } else { "has `public = false` by now" };
    let message = format!("the mail of {key} leads to pages that are not on the web: its series {why}");
    let which = key.argument();
    Error::new(ErrorKind::State, message)
        .hint(format!("`masthead issue amend {which} -m \"for members\"` freezes it again so, and that can be sent"))
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
