//! The desk: the thread that has the queue.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc::UnboundedSender;

use super::schedule::Schedule;
use super::{Settings, Stopped, Summary};
use crate::error::Result;
use crate::model::{CampaignState, Claim, Clock, Disposition, Gone, Lease, Queue, Recorded, Reply, Settlement};

/// More are claimed when this many are left.
const LEAST: usize = 250;
/// How many deliveries are claimed at once: from a store of our own few, because nothing is recorded meanwhile, and from
/// a server many, because each question goes a long way.
const FEW: usize = 50;
const MANY: usize = 500;
/// Of a domain with a rate of its own, how many in hand are enough.
const ENOUGH: usize = 100;
/// How long reports wait for others to be recorded with.
const GATHER: Duration = Duration::from_micros(400);
/// How often the desk looks up when nothing is reported.
const LOOK_UP: Duration = Duration::from_millis(100);
/// How long a claim is not repeated that gave nothing because domains were passed over.
const REST: Duration = Duration::from_millis(500);
/// How often a record is tried that the store refuses, and how long it waits between: another process may be writing
/// for long, and what servers answered must not be forgotten for that.
const TRIES: u32 = 6;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);
/// How often it looks whether somebody paused the campaign, and tells how far it is.
const WATCH: Duration = Duration::from_millis(300);

/// What a connection has to say: what became of its last message, and which body it is about to send.
pub(super) struct Report {
    pub(super) connection: usize,
    pub(super) settled: Option<Settlement>,
    pub(super) intent: Option<Lease>,
}

/// See the module.
pub(super) struct Desk<'d> {
    queue: &'d mut dyn Queue,
    campaign: i64,
    settings: &'d Settings,
    schedule: &'d Schedule,
    clock: &'d dyn Clock,
    /// To each connection: whether the body it asked for may go out.
    grants: Vec<UnboundedSender<bool>>,
    /// Claimed, and neither settled nor given back.
    held: usize,
    /// Whether the last claim gave nothing: nothing is due now.
    is_dry: bool,
    /// When domains that were passed over are claimed again.
    rests_until: Duration,
    summary: Summary,
    watched: Duration,
    renewed: Duration,
    /// The deliveries that were taken back from refusals of a relay that refuses everything.
    taken_back: BTreeSet<i64>,
}

impl<'d> Desk<'d> {
    pub(super) fn new(
        queue: &'d mut dyn Queue,
        campaign: i64,
        settings: &'d Settings,
        schedule: &'d Schedule,
        clock: &'d dyn Clock,
        grants: Vec<UnboundedSender<bool>>,
    ) -> Self {
        let now = clock.elapsed();
        let summary = Summary::default();
        Self {
            queue,
            campaign,
            settings,
            schedule,
            clock,
            grants,
            held: 0,
            is_dry: false,
            rests_until: now,
            summary,
            watched: now,
            renewed: now,
            taken_back: BTreeSet::new(),
        }
    }

    /// Works until nothing is held and nothing is due.
    pub(super) fn run(&mut self, inbox: &Receiver<Report>, watch: &mut dyn FnMut(&Summary)) -> Result<Summary> {
        loop {
            self.refill()?;
            if self.held == 0 && (self.is_dry || self.schedule.stopped().is_some()) {
                // Everything is settled now, so that what was concluded of it can be taken back.
                if !self.take_back()? || self.schedule.stopped().is_some() {
                    break;
                }
                continue;
            }
            let reports = self.gather(inbox);
            self.record(&reports)?;
            if self.schedule.stopped().is_some() {
                self.give_back()?;
            }
            self.look_up(watch)?;
        }
        if self.summary.stopped.is_none() {
            let is_refused = self.schedule.is_refused();
            let stopped = |why| if is_refused { Stopped::Refused(why) } else { Stopped::Relays(why) };
            self.summary.stopped = self.schedule.stopped().map(stopped);
        }
        if !matches!(self.summary.stopped, Some(Stopped::Relays(_) | Stopped::Refused(_))) {
            self.summary.downs = self.schedule.downs();
        }
        Ok(self.summary.clone())
    }

    /// What was done so far.
    pub(super) fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Takes back what a relay said of recipients that refuses everything: their addresses count as before, and where
    /// another relay or another machine may have them they are due again. Whether any are.
    fn take_back(&mut self) -> Result<bool> {
        let mistaken = self.schedule.mistaken().into_iter().filter(|delivery| self.taken_back.insert(*delivery));
        let mistaken: Vec<i64> = mistaken.collect();
        if mistaken.is_empty() {
            return Ok(false);
        }
        let is_again = self.settings.is_shared || self.schedule.stopped().is_none();
        let taken = self.queue.take_back(&mistaken, is_again, self.clock.now())?;
        self.summary.suppressed = self.summary.suppressed.saturating_sub(taken.lifted as u64);
        self.summary.failed = self.summary.failed.saturating_sub(taken.again as u64);
        self.is_dry &= taken.again == 0;
        Ok(taken.again > 0)
    }

    /// Claims more when half of what was claimed is under way.
    fn refill(&mut self) -> Result<()> {
        let (waiting, except) = self.schedule.waiting(ENOUGH);
        let is_resting = !except.is_empty() && self.clock.elapsed() < self.rests_until;
        if self.is_dry || is_resting || self.schedule.stopped().is_some() || waiting > LEAST {
            return Ok(());
        }
        let now = self.clock.now();
        let claim = Claim {
            campaign: self.campaign,
            worker: self.settings.worker.clone(),
            most: if self.settings.is_shared { MANY } else { FEW },
            lists: self.settings.lists.clone(),
            except,
            until: now + self.lease(),
        };
        let claimed = self.queue.claim(&claim, now)?;
        // Domains that were passed over are claimed once there are fewer of them in hand.
        self.is_dry = claimed.is_empty() && claim.except.is_empty();
        if claimed.is_empty() {
            self.rests_until = self.clock.elapsed() + REST;
        }
        self.held += claimed.len();
        self.schedule.add(claimed);
        Ok(())
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.lease).unwrap_or(TimeDelta::minutes(10))
    }

    /// What connections report, together as far as they report within a moment.
    fn gather(&self, inbox: &Receiver<Report>) -> Vec<Report> {
        let mut reports = Vec::new();
        match inbox.recv_timeout(LOOK_UP) {
            Ok(report) => reports.push(report),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return reports,
        }
        // Asleep rather than listening: each report that wakes this thread costs more than recording it.
        if self.grants.len() > 1 {
            std::thread::sleep(GATHER);
        }
        reports.extend(inbox.try_iter());
        reports
    }

    fn record(&mut self, reports: &[Report]) -> Result<()> {
        if reports.is_empty() {
            return Ok(());
        }
        let settled: Vec<Settlement> = reports.iter().filter_map(|report| report.settled.clone()).collect();
        let intents: Vec<Lease> = reports.iter().filter_map(|report| report.intent).collect();
        let recorded = self.keep(&settled, &intents)?;
        self.summary.suppressed += recorded.suppressed as u64;
        for one in &settled {
            self.count(one);
        }
        let mut denied = false;
        for report in reports {
            if let Some(intent) = report.intent {
                let is_granted = recorded.granted.contains(&intent.delivery);
                denied |= !is_granted;
                // A connection that is gone wants no answer.
                let _ = self.grants[report.connection].send(is_granted);
            }
        }
        if denied {
            self.heed_state()?;
        }
        Ok(())
    }

    /// Records, patiently.
    fn keep(&mut self, settled: &[Settlement], intents: &[Lease]) -> Result<Recorded> {
        let mut tries = 1;
        loop {
            match self.queue.record(&self.settings.worker, settled, intents, self.clock.now()) {
                Err(_) if tries < TRIES => std::thread::sleep(BETWEEN_TRIES),
                recorded => return recorded,
            }
            tries += 1;
        }
    }

    fn count(&mut self, settlement: &Settlement) {
        self.held = self.held.saturating_sub(1);
        match settlement.disposition {
            Disposition::Sent => self.summary.sent += 1,
            Disposition::Deferred { .. } => self.summary.deferred += 1,
            Disposition::Failed | Disposition::Bounced(..) => self.summary.failed += 1,
            Disposition::Ambiguous => self.summary.ambiguous += 1,
            // It is there to be claimed again.
            Disposition::Released => self.is_dry = false,
        }
    }

    /// Stops when somebody paused or cancelled the campaign.
    fn heed_state(&mut self) -> Result<()> {
        let campaigns = self.queue.campaigns(self.clock.now())?;
        let state = campaigns.iter().find(|one| one.id == self.campaign).map(|one| one.state);
        if state != Some(CampaignState::Running) {
            self.stop("the campaign is not running any more");
        }
        Ok(())
    }

    fn stop(&mut self, why: &str) {
        if self.schedule.stopped().is_none() {
            self.summary.stopped = Some(Stopped::Asked);
            self.schedule.stop(why);
        }
    }

    /// Gives back what waits, untried.
    fn give_back(&mut self) -> Result<()> {
        let waiting = self.schedule.drain();
        if waiting.is_empty() {
            return Ok(());
        }
        let released: Vec<Settlement> = waiting
            .into_iter()
            .map(|leased| Settlement {
                lease: leased.lease,
                disposition: Disposition::Released,
                reply: Reply::default(),
            })
            .collect();
        self.keep(&released, &[])?;
        self.held = self.held.saturating_sub(released.len());
        Ok(())
    }

    fn look_up(&mut self, watch: &mut dyn FnMut(&Summary)) -> Result<()> {
        let elapsed = self.clock.elapsed();
        if elapsed.saturating_sub(self.watched) >= WATCH {
            self.watched = elapsed;
            watch(&self.summary);
            if self.settings.ending.load(Ordering::SeqCst) {
                self.stop("the run is told to end");
            }
            if self.schedule.stopped().is_none() {
                self.heed_state()?;
            }
        }
        if elapsed.saturating_sub(self.renewed) >= self.settings.lease / 3 {
            self.renewed = elapsed;
            let now = self.clock.now();
            self.queue.renew(&self.settings.worker, now + self.lease())?;
            if self.settings.is_shared {
                self.queue.recover(&Gone::Overdue, now)?;
                self.is_dry = false;
            }
        }
        Ok(())
    }
}
