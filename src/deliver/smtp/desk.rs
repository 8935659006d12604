//! The desk: the thread that has the queue.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::inbox::{Inbox, Report};
use super::schedule::{Asked, Schedule};
use super::{Consignment, MOST_TOGETHER, Settings, Stopped, Summary};
use crate::error::Result;
use crate::model::{
    CampaignState, Change, Claim, Clock, DeliveryState, Disposition, Gone, Lease, Queue, Recorded, Reply, Settlement,
};

/// More are claimed when this many are left.
const LEAST: usize = 250;
/// How many deliveries are claimed at once: from a store of our own few, because nothing is recorded meanwhile, and from
/// a server many, because each question goes a long way; few at first, so that a small campaign is left for others, too.
const FEW: usize = 50;
const MANY: usize = 500;
/// Of a domain with a rate of its own, how many in hand are enough.
const ENOUGH: usize = 100;
/// How long reports wait for others to be recorded with. The connections report together when none of them has more to
/// do, and while a record is made others gather: this is for those whose answers come at almost the same time.
const GATHER: Duration = Duration::from_micros(50);
/// How often the desk looks up when nothing is reported.
const LOOK_UP: Duration = Duration::from_millis(100);
/// How long a claim is not repeated that gave nothing because domains were passed over.
const REST: Duration = Duration::from_millis(500);
/// How long the queue is asked again when the store refuses, and how long it waits between: another process may be writing for
/// long, or its server be started anew, and what servers answered, or are about to, must not be forgotten for that.
const PATIENCE: Duration = Duration::from_secs(15);
const BETWEEN_TRIES: Duration = Duration::from_millis(500);
/// How often it looks whether somebody paused the campaign, and tells how far it is.
const WATCH: Duration = Duration::from_millis(300);

/// Why messages are made anew.
const AMENDED: &str = "a campaign goes on with another revision";
const DATED: &str = "its messages are to be dated anew";
/// How long messages bear one date: filters distrust what is dated hours before it comes.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// How far a campaign is.
#[derive(Default)]
struct Course {
    /// Claimed, and neither settled nor given back.
    held: usize,
    /// Whether the last claim gave nothing: nothing is due now.
    is_dry: bool,
    /// Whether nothing of it is under way or due: what was concluded of it is settled.
    is_over: bool,
    /// Whether anything was claimed of it.
    has_claimed: bool,
    /// How many were asked for by the last claim.
    asked: usize,
    /// When domains that were passed over are claimed again.
    rests_until: Duration,
    summary: Summary,
    /// The deliveries that a relay refused which refuses everything, as far as they are not due again; and whether some of them
    /// may be by now.
    mistaken: BTreeSet<i64>,
    is_to_take_back: bool,
    /// Those that were due again for that.
    taken_back: BTreeSet<i64>,
    /// The domains of which was looked up whether they took the issue before.
    looked_up: BTreeSet<String>,
}

/// See the module.
pub(super) struct Desk<'d> {
    queue: &'d mut dyn Queue,
    consignments: &'d [Consignment<'d>],
    settings: &'d Settings,
    schedule: &'d Schedule,
    clock: &'d dyn Clock,
    /// To each connection: whether the body it asked for may go out.
    grants: Vec<UnboundedSender<bool>>,
    /// Of each campaign.
    courses: Vec<Course>,
    begun: Duration,
    watched: Duration,
    renewed: Duration,
}

impl<'d> Desk<'d> {
    pub(super) fn new(
        queue: &'d mut dyn Queue,
        consignments: &'d [Consignment<'d>],
        settings: &'d Settings,
        schedule: &'d Schedule,
        clock: &'d dyn Clock,
        grants: Vec<UnboundedSender<bool>>,
    ) -> Self {
        let now = clock.elapsed();
        let courses = consignments.iter().map(|_| Course::default()).collect();
        if settings.is_shared {
            schedule.hold_until(now + settings.lease);
        }
        Self { queue, consignments, settings, schedule, clock, grants, courses, begun: now, watched: now, renewed: now }
    }

    /// Works until nothing is held and nothing is due.
    pub(super) fn run(&mut self, inbox: &Inbox, watch: &mut dyn FnMut(&[Summary])) -> Result<Vec<Summary>> {
        loop {
            for lane in 0..self.courses.len() {
                self.refill(lane)?;
                self.conclude(lane)?;
            }
            if self.courses.iter().all(|course| course.is_over) {
                break;
            }
            if !self.settings.is_shared && self.courses.iter().all(|course| course.held == 0) {
                // Nobody has anything to report, and more is to be claimed at once.
                continue;
            }
            let reports = self.gather(inbox);
            self.record(&reports)?;
            for lane in 0..self.courses.len() {
                if self.schedule.stopped(lane).is_some() {
                    self.give_back(lane)?;
                }
            }
            self.look_up(watch)?;
        }
        for (lane, course) in self.courses.iter_mut().enumerate() {
            let summary = &mut course.summary;
            if summary.stopped.is_none() {
                let is_refused = self.schedule.is_refused(lane);
                let stopped = |why| if is_refused { Stopped::Refused(why) } else { Stopped::Relays(why) };
                summary.stopped = self.schedule.stopped(lane).map(stopped);
            }
            if !matches!(summary.stopped, Some(Stopped::Relays(_) | Stopped::Refused(_))) {
                summary.downs = self.schedule.downs(lane);
            }
        }
        Ok(self.summaries())
    }

    /// What was done so far.
    pub(super) fn summaries(&self) -> Vec<Summary> {
        self.courses.iter().map(|course| course.summary.clone()).collect()
    }

    /// Ends a campaign of which nothing is under way or due.
    fn conclude(&mut self, lane: usize) -> Result<()> {
        let Course { held, is_dry, is_over, .. } = self.courses[lane];
        if is_over || held > 0 || !(is_dry || self.schedule.stopped(lane).is_some()) {
            return Ok(());
        }
        // Everything is settled now, so that what was concluded of it can be taken back.
        let is_doubted = self.schedule.has_refused_all(lane) && self.are_all_refused(lane)?;
        if is_doubted {
            self.schedule.doubt_refusals(lane, &self.settings.relays, self.clock.elapsed());
        }
        let stopped = self.schedule.stopped(lane);
        self.note_mistaken(lane);
        let are_again = self.take_back(lane, is_doubted)?;
        if are_again && stopped.is_none() {
            return Ok(());
        }
        self.courses[lane].is_over = true;
        // Others may go on for hours.
        let (campaign, now) = (self.consignments[lane].campaign, self.clock.now());
        match stopped {
            None => {
                let is_finished = patiently(self.queue, self.clock, |queue| queue.finish(campaign, now))?;
                self.courses[lane].summary.is_finished |= is_finished;
            }
            Some(why) if self.is_refused(lane) && !self.settings.is_shared => {
                let pause = Change::Pause(why);
                patiently(self.queue, self.clock, |queue| queue.change(campaign, &pause, now))?;
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Whether it is for refusals that a campaign has stopped.
    fn is_refused(&self, lane: usize) -> bool {
        let is_stopped = self.courses[lane].summary.stopped.is_none() && self.schedule.stopped(lane).is_some();
        is_stopped && self.schedule.is_refused(lane)
    }

    /// Whether nobody got anything of a campaign, in this run or before, and nobody is to be tried again.
    fn are_all_refused(&mut self, lane: usize) -> Result<bool> {
        let (campaign, now) = (self.consignments[lane].campaign, self.clock.now());
        let progress = patiently(self.queue, self.clock, |queue| queue.progress(campaign, now))?;
        let is_over = |state| matches!(state, DeliveryState::Failed | DeliveryState::Suppressed);
        Ok(progress.states.iter().all(|(state, count)| *count == 0 || is_over(*state)))
    }

    /// Learns which deliveries a relay refused that refuses everything. Some of them may be under way to another relay, or not be
    /// recorded yet.
    fn note_mistaken(&mut self, lane: usize) {
        let mistaken = self.schedule.mistaken(lane);
        let course = &mut self.courses[lane];
        course.is_to_take_back |= !mistaken.is_empty();
        course.mistaken.extend(mistaken);
    }

    /// Takes back what a relay said of recipients that refuses everything, or of which nobody knows whether it does: their
    /// addresses count as before, and they are due again, once in a run that goes on, unless it stopped the campaign and no other
    /// machine may have them; where that is only inferred from few of them, no other machine has. Whether any are.
    fn take_back(&mut self, lane: usize, is_doubted: bool) -> Result<bool> {
        let is_again = !self.is_refused(lane) || (self.settings.is_shared && !is_doubted);
        let is_stopped = self.schedule.stopped(lane).is_some();
        let course = &mut self.courses[lane];
        course.is_to_take_back = false;
        let mistaken: Vec<i64> = course.mistaken.iter().copied().collect();
        if mistaken.is_empty() {
            return Ok(false);
        }
        let may_be = |delivery: &i64| is_again && (is_stopped || !course.taken_back.contains(delivery));
        let again: Vec<i64> = mistaken.iter().copied().filter(may_be).collect();
        let now = self.clock.now();
        let taken = patiently(self.queue, self.clock, |queue| queue.take_back(&mistaken, &again, now))?;
        course.summary.suppressed = course.summary.suppressed.saturating_sub(taken.lifted as u64);
        course.summary.failed = course.summary.failed.saturating_sub(taken.again.len() as u64);
        course.is_dry &= taken.again.is_empty();
        course.mistaken.retain(|delivery| !taken.again.contains(delivery));
        course.taken_back.extend(&taken.again);
        Ok(!taken.again.is_empty())
    }

    /// Claims more of a campaign when half of what was claimed is under way.
    fn refill(&mut self, lane: usize) -> Result<()> {
        if self.courses[lane].is_dry || self.schedule.stopped(lane).is_some() {
            self.heed_aside(lane, self.courses[lane].is_dry)?;
        }
        let (waiting, except) = self.schedule.waiting(lane, ENOUGH);
        let course = &self.courses[lane];
        let may_rest = self.settings.is_shared || (!except.is_empty() && course.held > 0);
        let is_resting = may_rest && self.clock.elapsed() < course.rests_until;
        // What is passed over is looked at each time.
        let at_once = if except.is_empty() { FEW } else { MANY };
        let (least, most) = if self.settings.is_shared { share(course.asked) } else { (LEAST, at_once) };
        if course.is_dry || is_resting || self.schedule.stopped(lane).is_some() || waiting > least {
            return Ok(());
        }
        if course.held == 0 && course.has_claimed {
            // While nothing was in hand it may have become one of another revision.
            self.heed_states()?;
            if self.schedule.stopped(lane).is_some() {
                return Ok(());
            }
        }
        let now = self.clock.now();
        let Consignment { campaign, lists, .. } = &self.consignments[lane];
        let claim = Claim {
            campaign: *campaign,
            worker: self.settings.worker.clone(),
            most,
            lists: lists.clone(),
            except,
            until: now + self.lease(),
        };
        let claimed = patiently(self.queue, self.clock, |queue| queue.claim(&claim, now))?;
        // Domains that were passed over are claimed once there are fewer of them in hand. Whoever is not to be written to
        // any more is settled by a claim, and not in it.
        let is_dry = claimed.is_empty() && claim.except.is_empty() && !self.is_due(claim.campaign, now)?;
        let course = &mut self.courses[lane];
        (course.is_dry, course.asked) = (is_dry, most);
        if claimed.is_empty() && !is_dry && claim.except.is_empty() {
            self.heed_states()?;
        }
        let course = &mut self.courses[lane];
        if claimed.is_empty() {
            course.rests_until = self.clock.elapsed() + REST;
        } else {
            (course.is_over, course.has_claimed) = (false, true);
        }
        course.held += claimed.len();
        let has_none = claimed.is_empty() && !claim.except.is_empty();
        let is_through = has_none && !patiently(self.queue, self.clock, |queue| queue.has_due(&claim, now))?;
        if has_none && !is_through {
            self.courses[lane].rests_until = Duration::ZERO;
        }
        self.schedule.add(lane, claimed);
        if is_through {
            self.heed_aside(lane, false)?;
        }
        Ok(())
    }

    /// Nothing but what was set aside of a campaign is due, and where `is_bare` not that either: when all else is settled, it is
    /// asked, or the campaign stops.
    fn heed_aside(&mut self, lane: usize, is_bare: bool) -> Result<()> {
        let held = self.courses[lane].held;
        let Some(asked) = self.schedule.asked_next(lane, held, is_bare) else { return Ok(()) };
        // Of one that was paused nothing is due either.
        self.heed_states()?;
        let is_known = self.schedule.stopped(lane).is_none() && self.refuses_us(lane, &asked)?;
        self.schedule.judge_aside(lane, is_known, &self.settings.relays, self.clock.elapsed());
        Ok(())
    }

    /// Whether it is a domain that refuses us, and not the relay everybody: where this run saw that, or other machines and earlier
    /// runs had more of the others taken since than may have been under way. Where any of its readers was sent the issue before, it
    /// refuses for something that began since, and that may pass.
    fn refuses_us(&mut self, lane: usize, asked: &Asked) -> Result<bool> {
        let (campaign, Asked { domain, is_of_ours, times, is_known }) = (self.consignments[lane].campaign, asked);
        let since = |queue: &mut dyn Queue| queue.taken_since_refusals(campaign, domain, *times, *is_of_ours);
        let taken = patiently(self.queue, self.clock, since)?;
        Ok(taken.is_some_and(|taken| *is_known || taken > 2 * self.grants.len() as u64))
    }

    /// Looks up whether domains that have begun to refuse us were sent the issue before.
    fn heed_doubtful(&mut self, lane: usize) -> Result<()> {
        let campaign = self.consignments[lane].campaign;
        for domain in self.schedule.doubtful(lane) {
            if !self.courses[lane].looked_up.insert(domain.clone()) {
                continue;
            }
            let since = |queue: &mut dyn Queue| queue.taken_since_refusals(campaign, &domain, 1, true);
            if patiently(self.queue, self.clock, since)?.is_none() {
                self.schedule.took_before(lane, &domain);
            }
        }
        Ok(())
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.lease).unwrap_or(TimeDelta::minutes(10))
    }

    /// What connections report, together as far as they report within a moment.
    fn gather(&self, inbox: &Inbox) -> Vec<Report> {
        let mut reports = inbox.take(LOOK_UP);
        if self.grants.len() > 1 && !reports.is_empty() {
            std::thread::sleep(GATHER);
            reports.extend(inbox.take(Duration::ZERO));
        }
        reports
    }

    fn record(&mut self, reports: &[Report]) -> Result<()> {
        if reports.is_empty() {
            return Ok(());
        }
        let (lanes, settled): (Vec<usize>, Vec<Settlement>) =
            reports.iter().filter_map(|report| report.settled.clone()).unzip();
        let intents: Vec<Lease> = reports.iter().filter_map(|report| report.intent).collect();
        let recorded = self.keep(&settled, &intents)?;
        for (lane, one) in lanes.into_iter().zip(&settled) {
            let course = &mut self.courses[lane];
            course.summary.suppressed += u64::from(recorded.suppressed.contains(&one.lease.delivery));
            course.count(one);
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
            self.heed_states()?;
        }
        // A run that is killed, and what others settle meanwhile, should lose nobody for what a relay said of everybody.
        for lane in 0..self.courses.len() {
            self.heed_doubtful(lane)?;
            self.note_mistaken(lane);
            if self.courses[lane].is_to_take_back {
                self.take_back(lane, false)?;
            }
        }
        Ok(())
    }

    /// Records, and tells what was granted.
    fn keep(&mut self, settled: &[Settlement], intents: &[Lease]) -> Result<Recorded> {
        let (worker, clock) = (&self.settings.worker, self.clock);
        patiently(self.queue, clock, |queue| queue.record(worker, settled, intents, clock.now()))
    }

    /// Stops campaigns that somebody paused or cancelled. Where one goes on with another revision all make a new beginning
    /// with that. Those of which something became due are claimed from again;
    /// where one is due that is not among them, all make a new beginning with it.
    fn heed_states(&mut self) -> Result<()> {
        let now = self.clock.now();
        let campaigns = patiently(self.queue, self.clock, |queue| queue.campaigns(now))?;
        let in_state = |state| campaigns.iter().filter(move |one| one.state == state).map(|one| one.id);
        let mut running: BTreeSet<i64> = in_state(CampaignState::Running).collect();
        let finished: BTreeSet<i64> = in_state(CampaignState::Finished).collect();
        let mut is_amended = false;
        for (lane, Consignment { campaign, revision, .. }) in self.consignments.iter().enumerate() {
            if !running.remove(campaign) {
                if finished.contains(campaign) {
                    // Another machine has settled all of it: nothing can be claimed.
                    self.courses[lane].is_dry = true;
                } else {
                    self.stop(lane, Stopped::Asked, "the campaign is not running any more");
                }
            } else if campaigns.iter().any(|one| one.id == *campaign && one.revision != *revision) {
                self.stop(lane, Stopped::Joined, AMENDED);
                is_amended = true;
            } else if self.courses[lane].is_dry && self.is_due(*campaign, now)? {
                self.courses[lane].is_dry = false;
            }
        }
        if is_amended {
            self.stop_all(&Stopped::Joined, AMENDED);
        }
        let going = self.courses.iter().filter(|course| !course.is_over).count();
        let mut others = running.into_iter().filter(|other| !self.settings.passed_over.contains(other));
        if going < MOST_TOGETHER && others.try_fold(false, |is_due, other| Ok(is_due || self.is_due(other, now)?))? {
            self.stop_all(&Stopped::Joined, "another campaign is due");
        }
        Ok(())
    }

    fn is_due(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<bool> {
        Ok(patiently(self.queue, self.clock, |queue| queue.next_due(campaign))?.is_some_and(|due| due <= now))
    }

    fn stop_all(&mut self, stopped: &Stopped, why: &str) {
        for lane in 0..self.courses.len() {
            if !self.courses[lane].is_over {
                self.stop(lane, stopped.clone(), why);
            }
        }
    }

    fn stop(&mut self, lane: usize, stopped: Stopped, why: &str) {
        if self.schedule.stopped(lane).is_none() {
            self.courses[lane].summary.stopped = Some(stopped);
            self.schedule.stop(lane, why);
        }
    }

    /// Gives back what waits of a campaign, untried.
    fn give_back(&mut self, lane: usize) -> Result<()> {
        let waiting = self.schedule.drain(lane);
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
        let held = &mut self.courses[lane].held;
        *held = held.saturating_sub(released.len());
        Ok(())
    }

    fn look_up(&mut self, watch: &mut dyn FnMut(&[Summary])) -> Result<()> {
        let elapsed = self.clock.elapsed();
        if elapsed.saturating_sub(self.watched) >= WATCH {
            self.watched = elapsed;
            watch(&self.summaries());
            if self.settings.ending.load(Ordering::SeqCst) {
                self.stop_all(&Stopped::Asked, "the run is told to end");
            }
            if elapsed.saturating_sub(self.begun) >= FRESH {
                self.stop_all(&Stopped::Joined, DATED);
            }
            self.heed_states()?;
        }
        if elapsed.saturating_sub(self.renewed) >= self.settings.lease / 3 {
            self.renew(elapsed)?;
        }
        Ok(())
    }

    /// Holds on to what is in hand. What was not held on to in time others may have by now: all that was not begun is given
    /// back, and what nobody has taken is claimed anew.
    fn renew(&mut self, elapsed: Duration) -> Result<()> {
        let is_too_late = elapsed.saturating_sub(self.renewed) >= self.settings.lease;
        if self.settings.is_shared && is_too_late {
            for lane in 0..self.courses.len() {
                self.give_back(lane)?;
            }
        }
        let now = self.clock.now();
        let (worker, until) = (&self.settings.worker, now + self.lease());
        patiently(self.queue, self.clock, |queue| queue.renew(worker, until, now))?;
        self.renewed = elapsed;
        if self.settings.is_shared {
            self.schedule.hold_until(elapsed + self.settings.lease);
            patiently(self.queue, self.clock, |queue| queue.recover(&Gone::Overdue, now))?;
            self.courses.iter_mut().for_each(|course| course.is_dry = false);
        }
        Ok(())
    }
}

impl Course {
    fn count(&mut self, settlement: &Settlement) {
        self.held = self.held.saturating_sub(1);
        match settlement.disposition {
            Disposition::Sent => self.summary.sent += 1,
            Disposition::Deferred { .. } => self.summary.deferred += 1,
            Disposition::Failed | Disposition::Bounced(..) => {
                self.summary.failed += 1;
                self.is_to_take_back |= self.mistaken.contains(&settlement.lease.delivery);
            }
            Disposition::Ambiguous => self.summary.ambiguous += 1,
            // It is there to be claimed again.
            Disposition::Released => self.is_dry = false,
        }
    }
}

/// Asks the queue, and again while it fails, but not for ever.
fn patiently<T>(
    queue: &mut dyn Queue,
    clock: &dyn Clock,
    mut ask: impl FnMut(&mut dyn Queue) -> Result<T>,
) -> Result<T> {
    let begun = clock.elapsed();
    loop {
        match ask(queue) {
            Err(_) if clock.elapsed().saturating_sub(begun) < PATIENCE => std::thread::sleep(BETWEEN_TRIES),
            done => return done,
        }
    }
}

/// From a server, how few deliveries are to be left when more are claimed, and how many then, by how many were asked for last.
fn share(asked: usize) -> (usize, usize) {
    ((asked / 2).min(LEAST), (asked * 2).clamp(FEW, MANY))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_shares_of_a_worker_grow() {
        let mut asked = 0;
        let shares: Vec<(usize, usize)> = std::iter::repeat_with(|| {
            let (least, most) = share(asked);
            asked = most;
            (least, most)
        })
        .take(6)
        .collect();
        assert_eq!(shares, [(0, 50), (25, 100), (50, 200), (100, 400), (200, 500), (250, 500)]);
    }
}
