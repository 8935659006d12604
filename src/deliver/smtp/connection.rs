//! A connection: it hands messages over, one after the other.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::mpsc::UnboundedReceiver;

use super::fault::Fault;
use super::inbox::{Inbox, Report};
use super::refusal;
use super::retry;
use super::schedule::{InHand, Next, Schedule};
use super::session::{Leave, Parcel, Session, Stage, Verdict};
use super::{Consignment, Letter, Settings};
use crate::error::Result;
use crate::model::{Clock, Disposition, Lease, Reply, Settlement};

/// On how many connections a delivery may meet their end before its body began, until it counts as refused.
const LOST: u32 = 3;
/// After how long without a message a connection is looked at before it is used.
const IDLE: Duration = Duration::from_secs(5);
/// After how long without a message it is closed, when there is none for it: others may wait for its place.
const LONG_IDLE: Duration = Duration::from_secs(30);

/// See the module.
pub(super) struct Connection<'c> {
    number: usize,
    settings: &'c Settings,
    schedule: &'c Schedule,
    consignments: &'c [Consignment<'c>],
    clock: &'c dyn Clock,
    reports: &'c Inbox,
    granted: UnboundedReceiver<bool>,
    /// The relay, and the connection to it.
    session: Option<(usize, Session<'c>)>,
    /// What became of the last message, and of which campaign it was; not yet recorded.
    done: Option<(usize, Settlement)>,
    /// What the relay was told of while it still took the message before.
    ahead: Option<Ready<'c>>,
    used: Duration,
}

/// A delivery and its message.
struct Ready<'c> {
    one: InHand,
    letter: Letter<'c>,
    /// Whether its text is not ASCII throughout: found out once, since it is long.
    is_eight_bit: bool,
}

impl<'c> Ready<'c> {
    fn new(one: InHand, letter: Letter<'c>) -> Self {
        let is_eight_bit = letter.pieces.iter().any(|piece| !piece.is_ascii());
        Self { one, letter, is_eight_bit }
    }

    fn parcel(&self) -> Parcel<'_> {
        Parcel {
            return_path: &self.letter.return_path,
            recipient: &self.one.leased.recipient.address,
            pieces: &self.letter.pieces,
            is_eight_bit: self.is_eight_bit,
        }
    }
}

/// The question whether a body may go out. What became of the message before goes with it.
struct Asking<'a> {
    reports: &'a Inbox,
    granted: &'a mut UnboundedReceiver<bool>,
    number: usize,
    lease: Lease,
    done: &'a mut Option<(usize, Settlement)>,
    /// Whether it was asked.
    was_asked: bool,
    /// Whether it was asked and not yet answered.
    is_open: bool,
}

impl Leave for Asking<'_> {
    fn ask(&mut self) {
        let report = Report { connection: self.number, settled: self.done.take(), intent: Some(self.lease) };
        self.reports.put(report);
        (self.was_asked, self.is_open) = (true, true);
    }

    async fn is_given(&mut self) -> bool {
        std::mem::take(&mut self.is_open) && self.granted.recv().await.unwrap_or(false)
    }
}

impl<'c> Connection<'c> {
    pub(super) fn new(
        number: usize,
        settings: &'c Settings,
        schedule: &'c Schedule,
        consignments: &'c [Consignment<'c>],
        clock: &'c dyn Clock,
        reports: &'c Inbox,
        granted: UnboundedReceiver<bool>,
    ) -> Self {
        let used = clock.elapsed();
        Self {
            number,
            settings,
            schedule,
            consignments,
            clock,
            reports,
            granted,
            session: None,
            done: None,
            ahead: None,
            used,
        }
    }

    /// Works until there is nothing left to do.
    pub(super) async fn run(mut self) {
        loop {
            if let Some(ready) = self.ahead.take() {
                self.hand_over(ready, true).await;
                continue;
            }
            self.let_go_if_stale().await;
            let changed = self.schedule.changed();
            let held = self.session.as_ref().map(|(relay, _)| *relay);
            match self.schedule.next(held, self.clock.elapsed()) {
                Next::Take(one) => self.take(*one).await,
                Next::Open(relay) => self.open(relay).await,
                Next::Yield => {
                    if let Some((_, session)) = self.session.take() {
                        session.quit().await;
                    }
                }
                Next::Wait => {
                    self.report_done();
                    self.let_go_if_idle().await;
                    self.schedule.wait(changed, self.schedule.until_next(self.clock.elapsed())).await;
                }
                Next::End => break,
            }
        }
        self.report_done();
        if let Some((_, session)) = self.session.take() {
            session.quit().await;
        }
    }

    /// Says what became of the last message, when no other follows at once.
    fn report_done(&mut self) {
        if let Some(settled) = self.done.take() {
            // The desk is gone only when the store failed; the next run finds what is missing.
            self.reports.put(Report { connection: self.number, settled: Some(settled), intent: None });
        }
    }

    fn compose(&self, one: &InHand) -> Result<Letter<'c>> {
        let consignments: &'c [Consignment<'c>] = self.consignments;
        consignments[one.lane].letters.compose(&one.leased)
    }

    /// Connects, unless the run ends meanwhile. What became of the message before is settled, whatever becomes of this.
    async fn open(&mut self, relay: usize) {
        self.report_done();
        let Settings { relays, helo, limits, .. } = self.settings;
        let opening = pin!(Session::open(&relays[relay], helo, *limits, self.clock));
        let Either::Left((opened, _)) = select(opening, pin!(self.schedule.has_ended())).await else { return };
        self.used = self.clock.elapsed();
        match opened {
            Ok(session) => {
                self.schedule.opened(relay);
                self.session = Some((relay, session));
            }
            Err(fault) => {
                self.schedule.not_opened(relay, &relays[relay].name, &fault.text, fault.is_lasting, self.used);
            }
        }
    }

    fn has_idled(&self, time: Duration) -> bool {
        self.session.is_some() && self.clock.elapsed().saturating_sub(self.used) > time
    }

    /// A server closes what it has not heard of for a while; that is no failure.
    async fn let_go_if_stale(&mut self) {
        if self.has_idled(IDLE)
            && let Some((relay, session)) = &mut self.session
            && session.is_stale().await
        {
            self.schedule.gave_up(*relay);
            self.session = None;
        }
    }

    async fn let_go_if_idle(&mut self) {
        if self.has_idled(LONG_IDLE)
            && let Some((relay, session)) = self.session.take()
        {
            self.schedule.gave_up(relay);
            session.quit().await;
        }
    }

    async fn take(&mut self, one: InHand) {
        let Some((relay, _)) = self.session else { return self.schedule.put_back(one) };
        match self.compose(&one) {
            Ok(letter) => self.hand_over(Ready::new(one, letter), false).await,
            Err(error) => {
                let reply = Reply { text: error.message().to_owned(), ..self.reply(relay) };
                self.settle(&one, Disposition::Failed, reply);
            }
        }
    }

    /// Hands a message over. `is_announced`: the relay was told of it while it took the one before.
    async fn hand_over(&mut self, ready: Ready<'c>, is_announced: bool) {
        let Some((relay, session)) = &mut self.session else { return };
        let relay = *relay;
        let mut asking = Asking {
            reports: self.reports,
            granted: &mut self.granted,
            number: self.number,
            lease: ready.one.leased.lease,
            done: &mut self.done,
            was_asked: false,
            is_open: false,
        };
        let had_served = session.has_served;
        let (schedule, consignments, now) = (self.schedule, self.consignments, self.clock.elapsed());
        let mut following = None;
        let next = |session: &Session<'_>| {
            let one = if session.is_pipelining() { schedule.following(relay, now)? } else { return None };
            // One of which no message can be made, or that the relay does not take, is settled when its turn comes.
            let Ok(letter) = consignments[one.lane].letters.compose(&one.leased) else {
                schedule.put_back(one);
                return None;
            };
            let next = Ready::new(one, letter);
            let Some(announcement) = session.announcement(&next.parcel()) else {
                schedule.put_back(next.one);
                return None;
            };
            following = Some(next);
            Some(announcement)
        };
        let verdict = session.hand_over(&ready.parcel(), is_announced, &mut asking, next).await;
        // An answer that was not waited for must not be taken for that to the next question.
        asking.is_given().await;
        let was_asked = asking.was_asked;
        // A server may close a connection, or take no further sender, after so many messages: a new one tells what that
        // meant.
        let is_spent = had_served
            && match &verdict {
                Verdict::RelayRefused(_) | Verdict::Lost(_, Stage::Sender) => true,
                Verdict::Refused(reply, _) => refusal::is_of_session(reply),
                _ => false,
            };
        let is_usable = session.is_usable && !is_spent;
        if is_announced && is_spent && !session.takes_announced {
            // It may not be spent, but confused by what came early.
            self.schedule.tell_in_time(relay);
        }
        session.takes_announced |= is_announced && matches!(verdict, Verdict::Taken(_));
        self.used = self.clock.elapsed();
        self.report_done();
        match following {
            Some(next) if is_usable => self.ahead = Some(next),
            Some(next) => self.schedule.put_back(next.one),
            None => {}
        }
        if is_spent {
            self.again(ready.one, relay, was_asked);
        } else {
            self.conclude(ready.one, relay, verdict, was_asked);
        }
        if !is_usable && self.session.take().is_some() {
            self.schedule.gave_up(relay);
        }
    }

    /// Draws the consequences. `was_asked`: the queue knows that the body was about to go out.
    fn conclude(&mut self, mut one: InHand, relay: usize, verdict: Verdict, was_asked: bool) {
        match verdict {
            Verdict::Taken(reply) => {
                self.schedule.took(&one, relay, self.clock.elapsed());
                self.settle(&one, Disposition::Sent, reply);
            }
            Verdict::Refused(reply, stage) => self.refused(one, relay, reply, stage, was_asked),
            Verdict::RelayRefused(fault) => {
                self.note_421(relay, fault.code);
                let lane = one.lane;
                self.again(one, relay, was_asked);
                if fault.code == Some(421) {
                    self.fail(relay, &fault);
                } else {
                    // The sender, the size, an address in the header: another campaign has others.
                    self.schedule.refused_campaign(
                        lane,
                        relay,
                        &self.settings.relays[relay].name,
                        &fault,
                        self.clock.elapsed(),
                    );
                }
            }
            Verdict::Lost(fault, stage) => {
                one.met.lost += 1;
                self.lost(one, relay, &fault, stage, was_asked);
            }
            Verdict::Unknown(fault) => {
                self.doubt(&one, relay, &fault);
                let reply = Reply { text: fault.text, ..self.reply(relay) };
                self.settle(&one, Disposition::Ambiguous, reply);
            }
            Verdict::Denied => {
                let reply = self.reply(relay);
                self.release(&one, reply);
            }
        }
    }

    /// One that ended a connection, or met its end. What breaks it here another relay may take; and a relay that does so to
    /// one after the other is at fault itself.
    fn lost(&mut self, mut one: InHand, relay: usize, fault: &Fault, stage: Stage, was_asked: bool) {
        let (name, now) = (&self.settings.relays[relay].name, self.clock.elapsed());
        let is_out_of_chances = one.met.lost >= LOST;
        let may_go_on = match stage {
            Stage::Sender if !(is_out_of_chances && self.schedule.has_answered(relay)) => {
                self.again(one, relay, was_asked);
                return self.fail(relay, fault);
            }
            Stage::Body => {
                self.doubt(&one, relay, fault);
                false
            }
            Stage::Sender | Stage::Recipient => {
                let is_elsewhere = self.schedule.may_go_elsewhere(&mut one, relay, now);
                // Where there is no other, a message is given all its chances first: each that is put off gets on so.
                if is_elsewhere || is_out_of_chances {
                    self.schedule.broke_off(&one, relay, name, &fault.text, now);
                }
                is_elsewhere || !is_out_of_chances
            }
        };
        if may_go_on {
            self.again(one, relay, was_asked);
        } else {
            self.defer(&one, Reply { text: fault.text.clone(), ..self.reply(relay) }, stage);
        }
    }

    /// One that was refused. What speaks of us and not of the recipient another relay may see otherwise.
    fn refused(&mut self, mut one: InHand, relay: usize, reply: Reply, stage: Stage, was_asked: bool) {
        let (name, now) = (&self.settings.relays[relay].name, self.clock.elapsed());
        if refusal::is_of_relay(&reply, stage) {
            if self.schedule.put_off(&mut one, relay, name, &reply, now) {
                return self.again(one, relay, was_asked);
            }
        } else {
            self.heed(relay, &reply);
        }
        if reply.code.is_some_and(|code| code < 500) {
            if !refusal::is_of_mailbox(&reply, stage) && self.schedule.may_go_elsewhere(&mut one, relay, now) {
                self.again(one, relay, was_asked);
            } else {
                self.defer(&one, reply, stage);
            }
            return;
        }
        let disposition = refusal::disposition(&reply, stage);
        self.schedule.refused(&one, relay, name, &reply, disposition == Disposition::Failed, now);
        if disposition == Disposition::Failed && self.schedule.may_go_elsewhere(&mut one, relay, now) {
            self.again(one, relay, was_asked);
        } else {
            self.settle(&one, disposition, reply);
        }
    }

    /// Tries once more on another connection. A body that was about to go out and did not is given back first: what the
    /// queue knows of a delivery that waits must not be that nobody knows.
    fn again(&mut self, one: InHand, relay: usize, was_asked: bool) {
        if was_asked {
            self.schedule.remember(&one);
            self.release(&one, self.reply(relay));
        } else {
            self.schedule.put_last(one);
        }
    }

    /// A refusal is an answer; one with 421 asks for less as well.
    fn heed(&self, relay: usize, reply: &Reply) {
        if reply.code == Some(421) {
            self.note_421(relay, reply.code);
        } else {
            self.schedule.answered(relay);
        }
    }

    fn note_421(&self, relay: usize, code: Option<u16>) {
        if code == Some(421) {
            self.schedule.asked_for_less(relay, self.clock.elapsed());
        }
    }

    fn doubt(&self, one: &InHand, relay: usize, fault: &Fault) {
        let name = &self.settings.relays[relay].name;
        self.schedule.left_in_doubt(one.lane, relay, name, &fault.text, self.clock.elapsed());
    }

    fn fail(&self, relay: usize, fault: &Fault) {
        let name = &self.settings.relays[relay].name;
        self.schedule.failed(relay, name, &fault.text, fault.is_lasting, self.clock.elapsed());
    }

    fn reply(&self, relay: usize) -> Reply {
        Reply { relay: self.settings.relays[relay].name.clone(), ..Reply::default() }
    }

    fn defer(&mut self, one: &InHand, reply: Reply, stage: Stage) {
        let now = self.clock.now();
        let leased = &one.leased;
        let first = leased.first_tried.unwrap_or(now);
        if let Some(until) = retry::next(leased.lease.delivery, leased.attempts, first, now) {
            self.settle(one, Disposition::Deferred { until }, reply);
        } else {
            let disposition = refusal::disposition(&reply, stage);
            let text = format!("given up after three days: {}", reply.text);
            self.settle(one, disposition, Reply { text, ..reply });
        }
    }

    fn release(&mut self, one: &InHand, reply: Reply) {
        self.settle(one, Disposition::Released, reply);
    }

    fn settle(&mut self, one: &InHand, disposition: Disposition, reply: Reply) {
        self.report_done();
        self.done = Some((one.lane, Settlement { lease: one.leased.lease, disposition, reply }));
    }
}
