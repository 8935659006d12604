//! What follows from refusals: of a message, of one after the other, of all.

use std::collections::BTreeSet;
use std::time::Duration;

use super::aside::Asked;
use super::reception::{Reception, Refusal};
use super::{InHand, Schedule, State};
use crate::deliver::smtp::relay::Relay;
use crate::model::Reply;

impl Schedule {
    /// A relay refused a message for good, for reasons of ours or of the recipient's. One that answers every message of
    /// a campaign so is of no use to it, and asking on would cost each recipient the issue: it gets no more of it.
    pub(in crate::deliver::smtp) fn refused(
        &self,
        one: &InHand,
        relay: usize,
        name: &str,
        reply: &Reply,
        is_of_ours: bool,
        now: Duration,
    ) {
        if reply.code.is_none() {
            return;
        }
        let (mut state, lane) = (self.state(), one.lane);
        if state.lanes[lane].refused(one, relay, Refusal { reply, is_of_ours }, now) {
            state.refuses_all(lane, relay, name, now);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Whether a relay refused all that it was given of a campaign, few as they were.
    pub(in crate::deliver::smtp) fn has_refused_all(&self, lane: usize) -> bool {
        self.state().lanes[lane].receptions.iter().any(Reception::has_refused_all)
    }

    /// Takes it that the relays which refused all of a campaign refuse everybody.
    pub(in crate::deliver::smtp) fn doubt_refusals(&self, lane: usize, relays: &[Relay], now: Duration) {
        let mut state = self.state();
        let refused = state.lanes[lane].end_aside();
        for (relay, Relay { name, .. }) in relays.iter().enumerate() {
            if state.lanes[lane].receptions[relay].has_refused_all() {
                state.refuses_all(lane, relay, name, now);
            }
        }
        state.lanes[lane].doubt(refused);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Takes out the domains of a campaign whose readers were refused in a row though others were taken: it matters whether any of
    /// them were sent the issue before.
    pub(in crate::deliver::smtp) fn doubtful(&self, lane: usize) -> BTreeSet<String> {
        std::mem::take(&mut self.state().lanes[lane].doubtful)
    }

    /// Some were, by an earlier run or by another machine.
    pub(in crate::deliver::smtp) fn took_before(&self, lane: usize, domain: &str) {
        self.state().lanes[lane].receptions.iter_mut().for_each(|reception| reception.took_before(domain));
    }

    /// Takes out the deliveries of a campaign that a relay refused because it refuses everything.
    pub(in crate::deliver::smtp) fn mistaken(&self, lane: usize) -> Vec<i64> {
        std::mem::take(&mut self.state().lanes[lane].mistaken)
    }

    /// Whether nothing of a campaign goes out any more because a relay refuses everything.
    pub(in crate::deliver::smtp) fn is_refused(&self, lane: usize) -> bool {
        self.state().lanes[lane].receptions.iter().any(|reception| reception.is_refusing)
    }

    /// Where nothing is in hand of a campaign but what was set aside, of `held` in all: whose readers are asked next. `is_bare`:
    /// nothing else waits in the store either.
    pub(in crate::deliver::smtp) fn asked_next(&self, lane: usize, held: usize, is_bare: bool) -> Option<Asked> {
        self.state().lanes[lane].asked_next(held, is_bare)
    }

    /// All others were asked. Where it is known that the domain refuses us whose readers are asked next, they are asked. Else those
    /// relays refuse everybody that refused them and took none of the others since; what took some is shown these once more, and
    /// gets no more where it refuses them again. Where the campaign has stopped for another reason, nobody knows what they do. In
    /// either case what was said of these readers is taken back.
    pub(in crate::deliver::smtp) fn judge_aside(&self, lane: usize, is_known: bool, relays: &[Relay], now: Duration) {
        let mut state = self.state();
        if is_known {
            state.lanes[lane].ask_aside();
        } else {
            let is_stopped = state.lanes[lane].stopped().is_some();
            let refused = state.lanes[lane].end_aside();
            for (relay, Relay { name, .. }) in relays.iter().enumerate() {
                let of = &mut state.lanes[lane];
                if is_stopped {
                    let refused = of.receptions[relay].take_refused();
                    of.mistaken.extend(refused);
                } else if of.receptions[relay].has_refused() {
                    state.refuses_all(lane, relay, name, now);
                }
            }
            state.lanes[lane].doubt(refused);
        }
        drop(state);
        self.changed.notify_waiters();
    }
}

impl State {
    /// A relay refuses all that it is given of a campaign. Where no other may have it, and those whom it refuses are of a domain
    /// or two, the others are asked before that is concluded. Else what it said of recipients says nothing of them.
    fn refuses_all(&mut self, lane: usize, relay: usize, name: &str, now: Duration) {
        let State { lanes, relays, met, .. } = self;
        let of = &mut lanes[lane];
        of.receptions[relay].is_refusing = true;
        let is_last = (0..relays.len()).all(|other| other == relay || !of.is_open(other, &relays[other], now));
        if is_last && of.set_aside(relays, now) {
            return;
        }
        let reception = &mut of.receptions[relay];
        let why = format!("{name}: refuses one message after the other: {}", reception.said());
        let mistaken = reception.take_refused();
        for delivery in &mistaken {
            let met = met.entry(*delivery).or_default();
            if !met.refused_by.contains(&relay) {
                met.refused_by.push(relay);
            }
        }
        of.mistaken.extend(mistaken);
        self.shut(lane, relay, why, now);
    }
}
