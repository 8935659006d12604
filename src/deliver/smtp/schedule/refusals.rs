//! What follows from refusals: of a message, of one after the other, of all.

use std::time::Duration;

use super::reception::Reception;
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
        let handed = state.lanes[lane].handed();
        let reception = &mut state.lanes[lane].receptions[relay];
        let is_of_no_use = reception.refused(one, reply, is_of_ours, handed);
        reception.is_refusing = is_of_no_use || reception.is_refusing && !reception.is_open(now);
        if is_of_no_use {
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
        for (relay, Relay { name, .. }) in relays.iter().enumerate() {
            if state.lanes[lane].receptions[relay].has_refused_all() {
                state.refuses_all(lane, relay, name, now);
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

    /// Where nothing is in hand of a campaign but what was set aside, `held` in all, and nothing else of it is due: that is asked
    /// now, where a relay took some of the others; where none did, those that refused it refuse everybody.
    pub(in crate::deliver::smtp) fn others_were_asked(
        &self,
        lane: usize,
        held: usize,
        relays: &[Relay],
        now: Duration,
    ) {
        let mut state = self.state();
        let Some(has_taken) = state.lanes[lane].end_aside(held) else { return };
        for (relay, Relay { name, .. }) in relays.iter().enumerate() {
            if !has_taken && state.lanes[lane].receptions[relay].is_of_no_use() {
                state.refuses_all(lane, relay, name, now);
            }
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
        let Some((mistaken, said)) = of.receptions[relay].refuses_all() else { return };
        for delivery in &mistaken {
            let met = met.entry(*delivery).or_default();
            if !met.refused_by.contains(&relay) {
                met.refused_by.push(relay);
            }
        }
        of.mistaken.extend(mistaken);
        self.shut(lane, relay, format!("{name}: refuses one message after the other: {said}"), now);
    }
}
