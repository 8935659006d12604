//! A connection: a thread that hands messages over, one after the other.

use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use super::desk::Report;
use super::fault::Fault;
use super::retry;
use super::schedule::{InHand, Next, Schedule};
use super::session::{Parcel, Session, Stage, Verdict};
use super::{Letters, Settings};
use crate::model::{Clock, Disposition, Leased, Reply, Settlement};

/// On how many connections a delivery may meet their end before its body began, until it counts as refused.
const LOST: u32 = 3;
/// After how long without a message a connection is looked at before it is used.
const IDLE: Duration = Duration::from_secs(5);

/// See the module.
pub(super) struct Connection<'c> {
    number: usize,
    settings: &'c Settings,
    schedule: &'c Schedule,
    letters: &'c dyn Letters,
    clock: &'c dyn Clock,
    reports: Sender<Report>,
    granted: Receiver<bool>,
    /// The relay, and the connection to it.
    session: Option<(usize, Session<'c>)>,
    /// What became of the last message, not yet recorded.
    done: Option<Settlement>,
    used: Duration,
}

impl<'c> Connection<'c> {
    pub(super) fn new(
        number: usize,
        settings: &'c Settings,
        schedule: &'c Schedule,
        letters: &'c dyn Letters,
        clock: &'c dyn Clock,
        reports: Sender<Report>,
        granted: Receiver<bool>,
    ) -> Self {
        let used = clock.elapsed();
        Self { number, settings, schedule, letters, clock, reports, granted, session: None, done: None, used }
    }

    /// Works until there is nothing left to do.
    pub(super) fn run(mut self) {
        loop {
            let held = self.session.as_ref().map(|(relay, _)| *relay);
            match self.schedule.next(held, self.clock.elapsed()) {
                Next::Take(one, relay) => self.take(*one, relay),
                Next::Yield => {
                    if let Some((_, session)) = self.session.take() {
                        session.quit();
                    }
                }
                Next::Wait => {
                    self.report_done();
                    self.schedule.wait(self.schedule.until_next(self.clock.elapsed()));
                }
                Next::End => break,
            }
        }
        self.report_done();
        if let Some((_, session)) = self.session.take() {
            session.quit();
        }
    }

    /// Says what became of the last message, when no other follows at once.
    fn report_done(&mut self) {
        if let Some(settled) = self.done.take() {
            self.report(Some(settled), None);
        }
    }

    fn report(&self, settled: Option<Settlement>, intent: Option<crate::model::Lease>) {
        // The desk is gone only when the store failed; the next run finds what is missing.
        let _ = self.reports.send(Report { connection: self.number, settled, intent });
    }

    /// The connection, once it is good for a message.
    fn connect(&mut self, relay: usize) -> Result<(), Fault> {
        let idle = self.clock.elapsed().saturating_sub(self.used) > IDLE;
        if let Some((_, session)) = &mut self.session
            && idle
            && session.is_stale()
        {
            // A server closes what it has not heard of for a while; that is no failure.
            self.session = None;
        }
        if self.session.is_none() {
            let Settings { relays, helo, limits, .. } = self.settings;
            self.session = Some((relay, Session::open(&relays[relay], helo, *limits, self.clock)?));
        }
        Ok(())
    }

    fn take(&mut self, one: InHand, relay: usize) {
        let letter = match self.letters.compose(&one.leased) {
            Ok(letter) => letter,
            Err(error) => {
                let reply = Reply { text: error.message().to_owned(), ..self.reply(relay) };
                self.settle(&one.leased, Disposition::Failed, reply);
                if self.session.is_none() {
                    self.schedule.gave_up(relay);
                }
                return;
            }
        };
        if let Err(fault) = self.connect(relay) {
            // What became of the message before is settled, whatever becomes of this one.
            self.report_done();
            self.schedule.put_back(one);
            self.give_up(relay, &fault);
            return;
        }
        let Some((_, session)) = &mut self.session else { return };
        let parcel = Parcel {
            return_path: &letter.return_path,
            recipient: &one.leased.recipient.address,
            pieces: &letter.pieces,
        };
        let (reports, granted, number, done) = (&self.reports, &self.granted, self.number, &mut self.done);
        let lease = one.leased.lease;
        let mut grant = || {
            let report = Report { connection: number, settled: done.take(), intent: Some(lease) };
            reports.send(report).is_ok() && granted.recv().unwrap_or(false)
        };
        let verdict = session.hand_over(&parcel, &mut grant);
        let is_usable = session.is_usable;
        self.used = self.clock.elapsed();
        self.report_done();
        self.conclude(one, relay, verdict);
        if !is_usable && self.session.take().is_some() {
            self.schedule.gave_up(relay);
        }
    }

    /// Draws the consequences.
    fn conclude(&mut self, mut one: InHand, relay: usize, verdict: Verdict) {
        match verdict {
            Verdict::Taken(reply) => {
                self.schedule.answered(relay);
                self.settle(&one.leased, Disposition::Sent, reply);
            }
            Verdict::Refused(reply) => {
                self.heed(relay, &reply);
                let is_final = reply.code.is_none_or(|code| code >= 500);
                if is_final {
                    self.settle(&one.leased, Disposition::Failed, reply);
                } else {
                    self.defer(&one.leased, reply);
                }
            }
            Verdict::RelayRefused(reply) => {
                let code = reply.code;
                let text = format!("refuses the sender: {} {}", code.unwrap_or_default(), reply.text);
                let is_lasting = code.is_some_and(|code| code >= 500);
                self.note_421(relay, code);
                self.schedule.put_last(one);
                self.fail(relay, &Fault { text, code, is_lasting });
            }
            Verdict::Lost(fault, stage) => {
                one.lost += 1;
                let is_of_relay = stage == Stage::Sender && !(one.lost >= LOST && self.schedule.has_answered(relay));
                if stage != Stage::Body && (is_of_relay || one.lost < LOST) {
                    self.schedule.put_last(one);
                } else {
                    let reply = Reply { text: fault.text.clone(), ..self.reply(relay) };
                    self.defer(&one.leased, reply);
                }
                if is_of_relay {
                    self.fail(relay, &fault);
                }
            }
            Verdict::Unknown(fault) => {
                let reply = Reply { text: fault.text, ..self.reply(relay) };
                self.settle(&one.leased, Disposition::Ambiguous, reply);
            }
            Verdict::Denied => {
                let reply = self.reply(relay);
                self.release(&one.leased, reply);
            }
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

    fn give_up(&self, relay: usize, fault: &Fault) {
        self.schedule.gave_up(relay);
        if fault.code == Some(421) && self.schedule.has_enough(relay) {
            return;
        }
        self.fail(relay, fault);
    }

    fn fail(&self, relay: usize, fault: &Fault) {
        let name = &self.settings.relays[relay].name;
        self.schedule.failed(relay, name, &fault.text, fault.is_lasting, self.clock.elapsed());
    }

    fn reply(&self, relay: usize) -> Reply {
        Reply { relay: self.settings.relays[relay].name.clone(), ..Reply::default() }
    }

    fn defer(&mut self, leased: &Leased, reply: Reply) {
        let now = self.clock.now();
        let first = leased.first_tried.unwrap_or(now);
        if let Some(until) = retry::next(leased.lease.delivery, leased.attempts, first, now) {
            self.settle(leased, Disposition::Deferred { until }, reply);
        } else {
            let text = format!("given up after three days: {}", reply.text);
            self.settle(leased, Disposition::Failed, Reply { text, ..reply });
        }
    }

    fn release(&mut self, leased: &Leased, reply: Reply) {
        self.settle(leased, Disposition::Released, reply);
    }

    fn settle(&mut self, leased: &Leased, disposition: Disposition, reply: Reply) {
        self.report_done();
        self.done = Some(Settlement { lease: leased.lease, disposition, reply });
    }
}
