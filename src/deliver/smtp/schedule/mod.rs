//! What the connections share: what is in hand, which relay takes it, and how fast.
//!
//! Everything here happens under one lock and takes microseconds. A connection asks [`Schedule::next`] for something
//! to do, and says what it met: a relay that answers, that asks for fewer connections (421), that is down. Campaigns
//! that are sent together take turns, message by message: one that waits for a rate holds up none that need not.

mod aside;
mod lane;
mod reception;
#[cfg(test)]
mod refusal_tests;
mod refusals;
mod row;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) use aside::Asked;
use lane::Lane;
use standing::{PUT_OFF, Standing, rest};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::timeout;

use super::fault::Fault;
use super::rate::Buckets;
use super::relay::Relay;
use crate::model::{Leased, Reply, without_addresses};

/// How many failures in a row make a relay one that is down.
const FAILURES: u32 = 3;
/// How many reasons are told for which relays were down.
const MOST_TOLD: usize = 5;
/// How many messages in a row let one connection more after a 421.
const STEP_UP: u32 = 50;
/// How long a connection waits at most before it looks up again.
const LOOK_UP: Duration = Duration::from_millis(500);

/// What a connection does next.
pub(super) enum Next {
    /// This one, through the relay that it is connected to.
    Take(Box<InHand>),
    /// Connect to this relay. Nothing waits for that: what is there goes to whoever is free first.
    Open(usize),
    /// Nothing can go out now.
    Wait,
    /// Its relay wants fewer connections, or is down: it closes its connection, which counts no more.
    Yield,
    /// Nothing is left to do.
    End,
}

/// A delivery in hand.
#[derive(Clone, Debug)]
pub(super) struct InHand {
    /// Of which of the campaigns, in the order in which the schedule was given them.
    pub(super) lane: usize,
    pub(super) leased: Leased,
    /// What it met.
    pub(super) met: Met,
}

/// What a delivery met in this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Met {
    /// On how many connections it met their end before its body began.
    pub(super) lost: u32,
    /// The relays that refused it for reasons of theirs.
    refused_by: Vec<usize>,
    /// How often a relay put it off that takes no more for now.
    put_off: usize,
    /// As which of its campaign it was handed out.
    number: u64,
}

struct State {
    lanes: Vec<Lane>,
    /// Whose turn it is.
    turn: usize,
    relays: Vec<Standing>,
    buckets: Buckets,
    /// Why relays were down, each reason once.
    downs: Vec<String>,
    ended: bool,
    /// Until when what is in hand is ours, where others take over what is not held on to.
    ours_until: Option<Duration>,
    /// What deliveries met that were given back.
    met: BTreeMap<i64, Met>,
}

/// See the module.
pub(super) struct Schedule {
    state: Mutex<State>,
    changed: Notify,
}

impl Schedule {
    /// For so many campaigns.
    pub(super) fn new(campaigns: usize, relays: &[Relay], buckets: Buckets) -> Self {
        let state = State {
            lanes: (0..campaigns).map(|_| Lane::new(relays.len())).collect(),
            turn: 0,
            relays: relays.iter().map(Standing::new).collect(),
            buckets,
            downs: Vec::new(),
            ended: false,
            ours_until: None,
            met: BTreeMap::new(),
        };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    /// Begins with one connection to each relay, and gives up each of which a first message of this campaign comes to
    /// be in doubt.
    pub(super) fn begin_carefully(&self, lane: usize) {
        let mut state = self.state();
        state.relays.iter_mut().for_each(Standing::begin_carefully);
        state.lanes[lane].receptions.iter_mut().for_each(|reception| reception.in_doubt = FAILURES - 1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked holds nothing half done: every change here is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was claimed of a campaign.
    pub(super) fn add(&self, lane: usize, claimed: Vec<Leased>) {
        let mut state = self.state();
        for leased in claimed {
            let met = state.met.remove(&leased.lease.delivery).unwrap_or_default();
            state.lanes[lane].add(InHand { lane, leased, met });
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// What is in hand is ours until then, and nothing of it goes out after that: a process that slept, or waited for its
    /// store, has lost it to others.
    pub(super) fn hold_until(&self, until: Duration) {
        self.state().ours_until = Some(until);
        self.changed.notify_waiters();
    }

    /// How many of a campaign wait, and the domains of which more than `enough` do, because they take no more at the
    /// moment.
    pub(super) fn waiting(&self, lane: usize, enough: usize) -> (usize, Vec<String>) {
        let state = self.state();
        state.lanes[lane].waiting(enough, &state.buckets)
    }

    /// What the connection does next. `held` is the relay it is connected to.
    pub(super) fn next(&self, held: Option<usize>, now: Duration) -> Next {
        self.state().next(held, now)
    }

    /// What follows on a connection that is still busy with a message; `None` where it had better look again after it.
    pub(super) fn following(&self, relay: usize, now: Duration) -> Option<InHand> {
        let mut state = self.state();
        let may_follow =
            state.relays[relay].is_told_ahead && !state.ended && state.is_ours(now) && state.may_stay(relay, now);
        if may_follow { state.take(relay, now) } else { None }
    }

    /// A relay took it ill to be told ahead: it is not, from now on.
    pub(super) fn tell_in_time(&self, relay: usize) {
        self.state().relays[relay].is_told_ahead = false;
    }

    /// Waits until something may have changed since `changed` was asked for.
    pub(super) async fn wait(&self, changed: Notified<'_>, at_most: Option<Duration>) {
        let at_most = at_most.map_or(LOOK_UP, |time| time.clamp(Duration::from_millis(1), LOOK_UP));
        // Either way it is time to look.
        let _ = timeout(at_most, changed).await;
    }

    /// What to wait for when [`Schedule::next`], asked after this, has nothing to do.
    pub(super) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// How long until a rate lets something through again.
    pub(super) fn until_next(&self, now: Duration) -> Option<Duration> {
        let state = self.state();
        let waiting = state.lanes.iter().flat_map(Lane::domains);
        state.buckets.wait(waiting, now).filter(|wait| !wait.is_zero())
    }

    /// Gives back what was not tried: it goes first.
    pub(super) fn put_back(&self, one: InHand) {
        self.state().lanes[one.lane].put_back(one);
        self.changed.notify_waiters();
    }

    /// Gives back what ended a connection: others go first.
    pub(super) fn put_last(&self, one: InHand) {
        self.state().lanes[one.lane].add(one);
        self.changed.notify_waiters();
    }

    /// Remembers what a delivery met, for when it is claimed again.
    pub(super) fn remember(&self, one: &InHand) {
        if one.met.lost > 0 || one.met.put_off > 0 || !one.met.refused_by.is_empty() {
            self.state().met.insert(one.leased.lease.delivery, one.met.clone());
        }
    }

    /// Whether another relay may take what this one refused; it is not shown to this one again.
    pub(super) fn may_go_elsewhere(&self, one: &mut InHand, relay: usize, now: Duration) -> bool {
        one.met.refused_by.push(relay);
        let state = self.state();
        let mut others = state.relays.iter().enumerate();
        let lane = &state.lanes[one.lane];
        others.any(|(other, standing)| lane.is_open(other, standing, now) && !one.met.refused_by.contains(&other))
    }

    /// Whether a relay took or refused anything in this run.
    pub(super) fn has_answered(&self, relay: usize) -> bool {
        self.state().relays[relay].has_answered
    }

    /// A connection to a relay is open.
    pub(super) fn opened(&self, relay: usize) {
        self.state().relays[relay].opened();
    }

    /// A connection to a relay could not be opened. Where it has others of ours, or may come to have them, those are as many
    /// as it wants; where it has none, it cannot be used.
    pub(super) fn not_opened(&self, relay: usize, name: &str, why: &str, is_lasting: bool, now: Duration) {
        let failures = self.state().relays[relay].not_opened();
        match failures {
            Some(failures) => self.failed_times(failures, relay, name, why, is_lasting, now),
            None => self.changed.notify_waiters(),
        }
    }

    /// A connection to a relay is no more.
    pub(super) fn gave_up(&self, relay: usize) {
        let mut state = self.state();
        state.relays[relay].active = state.relays[relay].active.saturating_sub(1);
        drop(state);
        self.changed.notify_waiters();
    }

    /// A relay took a message.
    pub(super) fn took(&self, one: &InHand, relay: usize, now: Duration) {
        let mut state = self.state();
        state.lanes[one.lane].took(one, relay, now);
        state.relays[relay].took();
        drop(state);
        self.answered(relay);
    }

    /// Nobody knows whether a relay took a message. What happens to one after the other is no accident: each costs its
    /// recipient the issue or somebody a search, so the relay gets no more of the campaign, and is tried with one
    /// connection later.
    pub(super) fn left_in_doubt(&self, lane: usize, relay: usize, name: &str, why: &str, now: Duration) {
        let mut state = self.state();
        let reception = &mut state.lanes[lane].receptions[relay];
        reception.in_doubt += 1;
        if reception.in_doubt < FAILURES {
            return;
        }
        let standing = &mut state.relays[relay];
        (standing.limit, standing.streak) = (1, 0);
        state.shut(lane, relay, format!("{name}: leaves one message after the other in doubt: {why}"), now);
        drop(state);
        self.changed.notify_waiters();
    }

    /// A connection to a relay ended, or fell silent, when it had been told of a message and before the body. Where that
    /// happens to one after the other, with none answered in between, the relay is down: waiting for each would hold up
    /// all of them. It is tried with one connection and one message later.
    pub(super) fn broke_off(&self, one: &InHand, relay: usize, name: &str, why: &str, now: Duration) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        standing.broken.insert(one.leased.lease.delivery);
        if standing.broken.len() < FAILURES as usize {
            return;
        }
        (standing.limit, standing.streak) = (1, 0);
        drop(state);
        self.failed(relay, name, &format!("takes none of one message after the other: {why}"), true, now);
    }

    /// A relay takes nothing of a campaign. For a reason that stays, or where it says so again and again, it gets no more of that
    /// one.
    pub(super) fn refused_campaign(&self, lane: usize, relay: usize, name: &str, fault: &Fault, now: Duration) {
        let mut state = self.state();
        let reception = &mut state.lanes[lane].receptions[relay];
        reception.failures += 1;
        if fault.is_lasting || reception.failures >= FAILURES {
            reception.failures = 0;
            state.shut(lane, relay, format!("{name}: {}", fault.text), now);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// A relay took a message, or refused one as it should.
    pub(super) fn answered(&self, relay: usize) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        (standing.failures, standing.rests, standing.down_until) = (0, 0, None);
        standing.broken.clear();
        standing.has_answered = true;
        if standing.limit < standing.most {
            standing.streak += 1;
            if standing.streak >= STEP_UP {
                (standing.limit, standing.streak) = (standing.limit + 1, 0);
                drop(state);
                self.changed.notify_waiters();
            }
        }
    }

    /// A relay asked for less (421): half the connections. Several that meet the same refusal at once count as one.
    pub(super) fn asked_for_less(&self, relay: usize, now: Duration) {
        self.state().relays[relay].cut(now);
    }

    /// A relay puts a message off because it takes no more for now, whoever that is for: it rests, ever longer, and is down
    /// when it does so to one after the other. Whether the message waits with it; one that it puts off again and again while
    /// it takes others, or while there are none, is the cause itself.
    pub(super) fn put_off(&self, one: &mut InHand, relay: usize, name: &str, reply: &Reply, now: Duration) -> bool {
        one.met.put_off += 1;
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        let is_down = standing.put_off(one.leased.lease.delivery, now);
        let waits = standing.is_full() || one.met.put_off < PUT_OFF;
        drop(state);
        if is_down {
            self.failed(relay, name, &format!("takes no more for now: {}", said(reply)), true, now);
        }
        waits
    }

    /// A relay cannot be reached, or refuses everything. One that fails again and again, or for a reason that stays, is
    /// down for a while; when all are, nothing goes out any more.
    pub(super) fn failed(&self, relay: usize, name: &str, why: &str, is_lasting: bool, now: Duration) {
        self.failed_times(1, relay, name, why, is_lasting, now);
    }

    fn failed_times(&self, times: u32, relay: usize, name: &str, why: &str, is_lasting: bool, now: Duration) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        standing.failures += times;
        standing.why = format!("{name}: {why}");
        if is_lasting || standing.failures >= FAILURES {
            standing.down_until = Some(now + rest(standing.rests));
            standing.rests += 1;
            standing.failures = 0;
            let why = standing.why.clone();
            if !state.downs.contains(&why) && state.downs.len() < MOST_TOLD {
                state.downs.push(why);
            }
        }
        let State { lanes, relays, .. } = &mut *state;
        for lane in lanes {
            lane.stop_without_relays(relays, now);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Stops a campaign: what is in hand of it and was not begun is given back.
    pub(super) fn stop(&self, lane: usize, why: &str) {
        self.state().lanes[lane].stop(why);
        self.changed.notify_waiters();
    }

    /// Why nothing of a campaign goes out any more.
    pub(super) fn stopped(&self, lane: usize) -> Option<String> {
        self.state().lanes[lane].stopped().cloned()
    }

    /// Why relays were down, or got no more of a campaign, in this run.
    pub(super) fn downs(&self, lane: usize) -> Vec<String> {
        let state = self.state();
        state.downs.iter().chain(state.lanes[lane].downs()).cloned().collect()
    }

    /// Takes out all that waits of a campaign.
    pub(super) fn drain(&self, lane: usize) -> Vec<Leased> {
        self.state().lanes[lane].drain()
    }

    /// What went out, for those who send after this.
    pub(super) fn into_buckets(self, now: Duration) -> Buckets {
        let mut buckets = self.state.into_inner().unwrap_or_else(PoisonError::into_inner).buckets;
        buckets.forget(now);
        buckets
    }

    /// Sends the connections home.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.changed.notify_waiters();
    }

    /// Waits until the connections are sent home.
    pub(super) async fn has_ended(&self) {
        loop {
            let changed = self.changed();
            if self.state().ended {
                return;
            }
            changed.await;
        }
    }
}

/// What a relay said, for those who read why a campaign stopped. It is kept as long as that, and must outlive nobody who is
/// forgotten.
fn said(reply: &Reply) -> String {
    let words = without_addresses(&reply.text);
    let said = [reply.code.map(|code| code.to_string()), reply.enhanced.clone(), Some(words)];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

impl State {
    fn next(&mut self, held: Option<usize>, now: Duration) -> Next {
        if self.ended {
            return Next::End;
        }
        if let Some(held) = held.filter(|held| !self.may_stay(*held, now)) {
            return self.let_go(held);
        }
        if !self.is_ours(now) {
            return Next::Wait;
        }
        let of_use = |relay: &usize| self.lanes.iter().any(|lane| lane.suits(*relay, &self.relays, now));
        // The first that may have some of what is there: the others stand by.
        let Some(first) = (0..self.relays.len()).find(of_use) else { return Next::Wait };
        if let Some(held) = held {
            if !of_use(&held) || self.is_needed_elsewhere(held, now) {
                // What is left other relays must take.
                return self.let_go(held);
            }
            return self.take(held, now).map_or(Next::Wait, |one| Next::Take(Box::new(one)));
        }
        let unserved = self.unserved(now);
        let errand = if unserved.is_none() { self.errand(now).filter(|relay| *relay != first) } else { None };
        let relay = unserved.or(errand).unwrap_or(first);
        if self.relays[relay].active >= self.relays[relay].limit || !self.wants_another(relay, now) {
            return Next::Wait;
        }
        self.relays[relay].active += 1;
        self.relays[relay].opening += 1;
        self.relays[relay].is_on_errand = errand.is_some();
        Next::Open(relay)
    }

    /// Whether more messages may go out through a relay now than connections are being opened for.
    fn wants_another(&self, relay: usize, now: Duration) -> bool {
        let has_one = |lane: &Lane| lane.first(relay, &self.relays, &self.buckets, now).is_some();
        self.buckets.let_through(relay, now)
            && self.lanes.iter().any(has_one)
            && self.lanes.iter().map(Lane::len).sum::<usize>() > self.relays[relay].opening
    }

    fn is_ours(&self, now: Duration) -> bool {
        self.ours_until.is_none_or(|until| now < until)
    }

    fn let_go(&mut self, relay: usize) -> Next {
        self.relays[relay].active = self.relays[relay].active.saturating_sub(1);
        Next::Yield
    }

    /// A relay to which nobody is connected, though a campaign can go nowhere else.
    fn unserved(&self, now: Duration) -> Option<usize> {
        let suits = |lane: &Lane, relay: usize| lane.suits(relay, &self.relays, now);
        let relay = |lane: &Lane| (0..self.relays.len()).find(|relay| suits(lane, *relay));
        let is_served =
            |lane: &Lane| (0..self.relays.len()).any(|relay| self.relays[relay].active > 0 && suits(lane, relay));
        self.lanes.iter().filter(|lane| !is_served(lane)).find_map(relay)
    }

    /// A relay to which nobody is connected, and that may have something which those have refused to whom somebody is: they may
    /// be busy for hours with the rest. One connection is enough for that.
    fn errand(&self, now: Duration) -> Option<usize> {
        let is_meant = |relay: usize| {
            let waits = |lane: &Lane| lane.first_of_refused(relay, &self.relays, &self.buckets, now).is_some();
            self.relays[relay].active == 0 && self.buckets.let_through(relay, now) && self.lanes.iter().any(waits)
        };
        (1..self.relays.len()).find(|relay| is_meant(*relay))
    }

    /// Whether a connection had better go to another relay: there are others to this one, and a campaign that can go
    /// through that one alone has none.
    fn is_needed_elsewhere(&self, held: usize, now: Duration) -> bool {
        self.lanes.len() > 1 && self.relays.len() > 1 && self.relays[held].active > 1 && self.unserved(now).is_some()
    }

    /// Whether a connection to a relay may go on.
    fn may_stay(&self, relay: usize, now: Duration) -> bool {
        let relay = &self.relays[relay];
        relay.is_up(now) && relay.active <= relay.limit
    }

    /// The first that may go out through a relay, of the campaign whose turn it is or of one after it.
    fn take(&mut self, relay: usize, now: Duration) -> Option<InHand> {
        if !self.buckets.let_through(relay, now) {
            return None;
        }
        let count = self.lanes.len();
        for lane in (self.turn..count).chain(0..self.turn) {
            let State { lanes, relays, buckets, .. } = self;
            let taken = if relays[relay].is_on_errand {
                lanes[lane].take_refused(relay, relays, buckets, now)
            } else {
                lanes[lane].take(relay, relays, buckets, now)
            };
            if let Some(one) = taken {
                self.turn = (lane + 1) % count;
                self.buckets.take(relay, one.leased.domain(), now);
                return Some(one);
            }
        }
        None
    }

    /// A relay gets no more of a campaign for a while; where no other may have it, nothing of it goes out.
    fn shut(&mut self, lane: usize, relay: usize, why: String, now: Duration) {
        self.lanes[lane].shut(relay, why, now);
        self.lanes[lane].stop_without_relays(&self.relays, now);
    }
}
