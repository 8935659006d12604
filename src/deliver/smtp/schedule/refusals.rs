//! Relays that refuse one message after the other.

use std::time::Duration;

use super::reception::{Reception, Refusal};
use super::{InHand, Schedule, State, said};
use crate::deliver::smtp::relay::Relay;

impl Schedule {
    /// A relay refused a message for good, for reasons of ours or of the recipient's. One that answers every message of
    /// a campaign so is of no use to it, and asking on would cost each recipient the issue: it gets no more of it, once
    /// that is known.
    pub(in crate::deliver::smtp) fn refused(&self, one: &InHand, relay: usize, refusal: Refusal<'_>, now: Duration) {
        if refusal.reply.code.is_none() {
            return;
        }
        let mut state = self.state();
        let handed = state.handed;
        let reception = &mut state.lanes[one.lane].receptions[relay];
        if reception.is_open(now) {
            reception.is_refusing = false;
        }
        reception.refused(&one.leased, &refusal, said(refusal.reply), handed);
        if reception.is_refusing {
            // What was still under way when that was found.
            state.refuses_all(one.lane, relay, now);
        }
    }

    /// What became of a message is known.
    pub(in crate::deliver::smtp) fn settled(&self, one: &InHand, now: Duration) {
        let mut state = self.state();
        state.lanes[one.lane].is_back(one);
        let is_judged = state.judge(one.lane, now);
        drop(state);
        if is_judged {
            self.changed.notify_waiters();
        }
    }

    /// More of a campaign was asked for: whether there is none, but for the readers of domains that are held back.
    pub(in crate::deliver::smtp) fn was_claimed(&self, lane: usize, is_exhausted: bool, now: Duration) {
        let mut state = self.state();
        state.lanes[lane].is_exhausted = is_exhausted;
        let is_judged = state.judge(lane, now);
        drop(state);
        if is_judged {
            self.changed.notify_waiters();
        }
    }

    /// Whether a relay refused all that it was given of a campaign, few as they were.
    pub(in crate::deliver::smtp) fn has_refused_all(&self, lane: usize) -> bool {
        self.state().lanes[lane].receptions.iter().any(Reception::has_refused_all)
    }

    /// Takes it that the relays which refused all of a campaign refuse everybody.
    pub(in crate::deliver::smtp) fn doubt_refusals(&self, lane: usize, relays: &[Relay], now: Duration) {
        let mut state = self.state();
        for relay in 0..relays.len() {
            if state.lanes[lane].receptions[relay].has_refused_all() {
                state.refuses_all(lane, relay, now);
            }
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Takes out the deliveries of a campaign that a relay refused because it refuses everything.
    pub(in crate::deliver::smtp) fn mistaken(&self, lane: usize) -> Vec<i64> {
        std::mem::take(&mut self.state().lanes[lane].mistaken)
    }

    /// Whether nothing of a campaign goes out any more because a relay refuses everything.
    pub(in crate::deliver::smtp) fn is_refused(&self, lane: usize) -> bool {
        self.state().lanes[lane].receptions.iter().any(|reception| reception.is_refusing)
    }
}

impl State {
    /// Comes to a conclusion about the relays that hold readers of a campaign back, as far as what there is to know is known:
    /// nothing is under way, and there is nobody else to be asked. Whether it came to any.
    pub(super) fn judge(&mut self, lane: usize, now: Duration) -> bool {
        let mut is_judged = false;
        for relay in 0..self.relays.len() {
            let one = &self.lanes[lane];
            let Some(asks_others) = one.receptions[relay].asks_others() else { continue };
            if one.has_out() || asks_others && (!one.is_exhausted || one.has_others(relay)) {
                continue;
            }
            if one.receptions[relay].is_of_no_use() {
                self.refuses_all(lane, relay, now);
            } else {
                self.lanes[lane].receptions[relay].go_on();
            }
            is_judged = true;
        }
        is_judged
    }

    /// A relay refuses all of a campaign: what it said of recipients says nothing of them.
    fn refuses_all(&mut self, lane: usize, relay: usize, now: Duration) {
        let reception = &mut self.lanes[lane].receptions[relay];
        reception.is_refusing = true;
        let Some(refrain) = &mut reception.refrain else { return };
        let mistaken = std::mem::take(&mut refrain.deliveries);
        let why = format!("{}: refuses one message after the other: {}", self.names[relay], refrain.said);
        for delivery in &mistaken {
            let met = self.met.entry(*delivery).or_default();
            if !met.refused_by.contains(&relay) {
                met.refused_by.push(relay);
            }
        }
        self.lanes[lane].mistaken.extend(mistaken);
        self.shut(lane, relay, why, now);
    }
}
