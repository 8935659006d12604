//! What follows from refusals: of a message, of one after the other, of all.

use std::time::Duration;

use super::reception::{Reception, Refrain};
use super::{InHand, Schedule, State, said};
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
        let reception = &mut state.lanes[lane].receptions[relay];
        let before = reception.refrain.take().filter(|refrain| refrain.is(reply));
        let mut refrain = before.unwrap_or_else(|| Refrain::new(reply));
        refrain.add(&one.leased);
        refrain.said = said(reply);
        reception.refrain = Some(refrain);
        let is_of_no_use = reception.is_of_no_use(is_of_ours);
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
}

impl State {
    /// A relay refuses all of a campaign: what it said of recipients says nothing of them.
    fn refuses_all(&mut self, lane: usize, relay: usize, name: &str, now: Duration) {
        let reception = &mut self.lanes[lane].receptions[relay];
        reception.is_refusing = true;
        let Some(refrain) = &mut reception.refrain else { return };
        let mistaken = std::mem::take(&mut refrain.deliveries);
        let why = format!("{name}: refuses one message after the other: {}", refrain.said);
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
