//! Relays that refuse one message after the other.

use std::time::Duration;

use super::reception::{Reception, Refusal};
use super::{InHand, Schedule, State, said};
use crate::deliver::smtp::relay::Relay;

impl Schedule {
    /// A relay took the recipient of a message, whose body goes out now.
    pub(in crate::deliver::smtp) fn took_up(&self, lane: usize, relay: usize) {
        self.state().lanes[lane].receptions[relay].took_up();
    }

    /// What became of a message that a relay took up is known, or that nobody will know it.
    pub(in crate::deliver::smtp) fn was_told(&self, lane: usize, relay: usize) {
        self.state().lanes[lane].receptions[relay].was_told();
    }

    /// A relay refused a message for good, for reasons of ours or of the recipient's. One that answers every message of
    /// a campaign so is of no use to it, and asking on would cost each recipient the issue: it gets no more of it. One that
    /// answers so to the readers of one domain is asked for others first.
    pub(in crate::deliver::smtp) fn refused(
        &self,
        one: &InHand,
        relay: usize,
        name: &str,
        refusal: Refusal<'_>,
        now: Duration,
    ) {
        if refusal.reply.code.is_none() {
            return;
        }
        let mut state = self.state();
        let lane = &mut state.lanes[one.lane];
        lane.receptions[relay].refused(&one.leased, &refusal, said(refusal.reply));
        let others_wait =
            lane.receptions[relay].is_to_be_tried_with_others(refusal.is_of_ours) && lane.bring_others(relay);
        let reception = &mut lane.receptions[relay];
        if reception.is_of_no_use(refusal.is_of_ours, others_wait) {
            state.refuses_all(one.lane, relay, name, now);
        } else if reception.is_open(now) {
            reception.is_refusing = false;
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

    /// Some of a campaign went out before this run: relays were known to take it.
    pub(in crate::deliver::smtp) fn has_sent(&self, lane: usize) {
        self.state().lanes[lane].receptions.iter_mut().for_each(|reception| reception.has_sent = true);
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
