//! What the connections share: what is in hand, which relay takes it, and how fast.
//!
//! Everything here happens under one lock and takes microseconds. A connection asks [`Schedule::next`] for something
//! to do, and says what it met: a relay that answers, that asks for fewer connections (421), that is down.

mod standing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use standing::{Refrain, Standing};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::timeout;

use super::rate::Bucket;
use super::relay::Relay;
use crate::config::Rate;
use crate::model::{Leased, Reply};

/// How many failures in a row make a relay one that is down.
const FAILURES: u32 = 3;
/// How many reasons are told for which relays were down.
const MOST_TOLD: usize = 5;
/// How long a relay that is down is left alone at first; each time twice as long, up to [`LONGEST_REST`].
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// How many messages in a row let one connection more after a 421.
const STEP_UP: u32 = 50;
/// Refusals within this time lower the limit once.
const BETWEEN_CUTS: Duration = Duration::from_secs(1);
/// How long a connection waits at most before it looks up again.
const LOOK_UP: Duration = Duration::from_millis(500);

/// What a connection does next.
pub(super) enum Next {
    /// This one, through this relay: the one it is connected to where it named one.
    Take(Box<InHand>, usize),
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
}

struct State {
    ready: VecDeque<InHand>,
    relays: Vec<Standing>,
    all: Option<Bucket>,
    domains: BTreeMap<String, Bucket>,
    /// Why nothing goes out any more.
    stopped: Option<String>,
    /// Why relays were down, each reason once.
    downs: Vec<String>,
    ended: bool,
    /// What deliveries met that were given back.
    met: BTreeMap<i64, Met>,
    /// The deliveries that a relay refused as it refuses everything: it says nothing of them.
    mistaken: Vec<i64>,
}

/// See the module.
pub(super) struct Schedule {
    state: Mutex<State>,
    changed: Notify,
    domain_rates: DomainRates,
}

/// How much goes to a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainRates {
    /// To each one that is not named.
    pub each: Option<Rate>,
    /// By domain, in lower case.
    pub named: BTreeMap<String, Rate>,
}

impl DomainRates {
    pub(super) fn of(&self, domain: &str) -> Option<Rate> {
        self.named.get(domain).copied().or(self.each)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.each.is_none() && self.named.is_empty()
    }
}

impl Schedule {
    pub(super) fn new(relays: &[Relay], all: Option<Rate>, domain_rates: DomainRates) -> Self {
        let state = State {
            ready: VecDeque::new(),
            relays: relays.iter().map(Standing::new).collect(),
            all: all.map(Bucket::new),
            domains: BTreeMap::new(),
            stopped: None,
            downs: Vec::new(),
            ended: false,
            met: BTreeMap::new(),
            mistaken: Vec::new(),
        };
        Self { state: Mutex::new(state), changed: Notify::new(), domain_rates }
    }

    /// Begins with one connection to each relay, and gives up each of which a first message comes to be in doubt.
    pub(super) fn begin_carefully(&self) {
        for standing in &mut self.state().relays {
            (standing.limit, standing.in_doubt) = (1, FAILURES - 1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked holds nothing half done: every change here is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was claimed.
    pub(super) fn add(&self, claimed: Vec<Leased>) {
        let mut state = self.state();
        for leased in claimed {
            let met = state.met.remove(&leased.lease.delivery).unwrap_or_default();
            state.ready.push_back(InHand { leased, met });
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// How many wait, and the domains of which more than `enough` do, because they take no more at the moment.
    pub(super) fn waiting(&self, enough: usize) -> (usize, Vec<String>) {
        let state = self.state();
        if self.domain_rates.is_empty() {
            return (state.ready.len(), Vec::new());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &state.ready {
            *counts.entry(one.leased.domain()).or_default() += 1;
        }
        let full = |(domain, count): &(&&str, &usize)| **count > enough && self.domain_rates.of(domain).is_some();
        let domains: Vec<String> = counts.iter().filter(full).map(|(domain, _)| (*domain).to_owned()).collect();
        let others = state.ready.iter().filter(|one| !domains.iter().any(|domain| domain == one.leased.domain()));
        (others.count(), domains)
    }

    /// What the connection does next. `held` is the relay it is connected to.
    pub(super) fn next(&self, held: Option<usize>, now: Duration) -> Next {
        self.state().next(held, now, &self.domain_rates)
    }

    /// What follows on a connection that is still busy with a message; `None` where it had better look again after it.
    pub(super) fn following(&self, relay: usize, now: Duration) -> Option<InHand> {
        let mut state = self.state();
        let may_follow = state.relays[relay].is_told_ahead && !state.ended && state.may_stay(relay, now);
        if may_follow { state.take(relay, true, now, &self.domain_rates) } else { None }
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
        let all = state.all.map_or(Duration::ZERO, |bucket| bucket.wait(now));
        let relay = state.relays.iter().filter_map(|relay| relay.bucket.map(|bucket| bucket.wait(now))).min();
        let domains = state
            .ready
            .iter()
            .map(|one| state.domains.get(one.leased.domain()).map_or(Duration::ZERO, |bucket| bucket.wait(now)));
        Some(all.max(relay.unwrap_or_default()).max(domains.min()?)).filter(|wait| !wait.is_zero())
    }

    /// Gives back what was not tried: it goes first.
    pub(super) fn put_back(&self, one: InHand) {
        self.state().ready.push_front(one);
        self.changed.notify_waiters();
    }

    /// Gives back what ended a connection: others go first.
    pub(super) fn put_last(&self, one: InHand) {
        self.state().ready.push_back(one);
        self.changed.notify_waiters();
    }

    /// Remembers what a delivery met, for when it is claimed again.
    pub(super) fn remember(&self, one: &InHand) {
        if one.met.lost > 0 || !one.met.refused_by.is_empty() {
            self.state().met.insert(one.leased.lease.delivery, one.met.clone());
        }
    }

    /// Whether another relay may take what this one refused; it is not shown to this one again.
    pub(super) fn may_go_elsewhere(&self, one: &mut InHand, relay: usize, now: Duration) -> bool {
        one.met.refused_by.push(relay);
        let state = self.state();
        let mut others = state.relays.iter().enumerate();
        others.any(|(other, standing)| standing.is_up(now) && !one.met.refused_by.contains(&other))
    }

    /// Whether a relay took or refused anything in this run.
    pub(super) fn has_answered(&self, relay: usize) -> bool {
        self.state().relays[relay].has_answered
    }

    /// A connection to a relay is no more.
    pub(super) fn gave_up(&self, relay: usize) {
        let mut state = self.state();
        state.relays[relay].active = state.relays[relay].active.saturating_sub(1);
        drop(state);
        self.changed.notify_waiters();
    }

    /// A relay took a message.
    pub(super) fn took(&self, relay: usize) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        (standing.refrain, standing.is_refusing, standing.in_doubt, standing.has_taken) = (None, false, 0, true);
        drop(state);
        self.answered(relay);
    }

    /// Nobody knows whether a relay took a message. What happens to one after the other is no accident: each costs its
    /// recipient the issue or somebody a search, so the relay is down, and is tried with one connection later.
    pub(super) fn left_in_doubt(&self, relay: usize, name: &str, why: &str, now: Duration) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        standing.in_doubt += 1;
        if standing.in_doubt < FAILURES {
            return;
        }
        (standing.limit, standing.streak) = (1, 0);
        drop(state);
        self.failed(relay, name, &format!("leaves one message after the other in doubt: {why}"), true, now);
    }

    /// A relay refused a message for good, for reasons of ours or of the recipient's. One that answers every message so
    /// is of no use, and asking on would cost each recipient the issue: it is down.
    pub(super) fn refused(
        &self,
        relay: usize,
        name: &str,
        leased: &Leased,
        reply: &Reply,
        is_of_ours: bool,
        now: Duration,
    ) {
        if reply.code.is_none() {
            return;
        }
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        let before = standing.refrain.take().filter(|refrain| refrain.is(reply));
        let mut refrain = before.unwrap_or_else(|| Refrain::new(reply));
        refrain.add(leased);
        let is_refusing = refrain.is_of_relay(is_of_ours, standing.has_taken);
        standing.is_refusing = is_refusing;
        let mistaken = if is_refusing { std::mem::take(&mut refrain.deliveries) } else { Vec::new() };
        standing.refrain = Some(refrain);
        for delivery in mistaken {
            let met = state.met.entry(delivery).or_default();
            if !met.refused_by.contains(&relay) {
                met.refused_by.push(relay);
            }
            state.mistaken.push(delivery);
        }
        drop(state);
        if is_refusing {
            let said = [reply.code.map(|code| code.to_string()), reply.enhanced.clone(), Some(reply.text.clone())];
            let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ");
            self.failed(relay, name, &format!("refuses one message after the other: {said}"), true, now);
        }
    }

    /// Takes out the deliveries that a relay refused because it refuses everything.
    pub(super) fn mistaken(&self) -> Vec<i64> {
        std::mem::take(&mut self.state().mistaken)
    }

    /// Whether nothing goes out any more because a relay refuses everything.
    pub(super) fn is_refused(&self) -> bool {
        self.state().relays.iter().any(|relay| relay.is_refusing)
    }

    /// A relay took a message, or refused one as it should.
    pub(super) fn answered(&self, relay: usize) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        (standing.failures, standing.rests, standing.down_until) = (0, 0, None);
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
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        if standing.cut.is_none_or(|cut| now.saturating_sub(cut) >= BETWEEN_CUTS) {
            standing.limit = (standing.limit / 2).max(1);
            standing.cut = Some(now);
        }
        standing.streak = 0;
    }

    /// A relay greeted with 421 while it has other connections of ours: those are as many as it wants. Whether it has
    /// any; where it has none, it is a failure like another.
    pub(super) fn has_enough(&self, relay: usize) -> bool {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        if standing.active == 0 {
            return false;
        }
        (standing.limit, standing.streak) = (standing.limit.min(standing.active), 0);
        true
    }

    /// A relay cannot be reached, or refuses everything. One that fails again and again, or for a reason that stays, is
    /// down for a while; when all are, nothing goes out any more.
    pub(super) fn failed(&self, relay: usize, name: &str, why: &str, is_lasting: bool, now: Duration) {
        let mut state = self.state();
        let standing = &mut state.relays[relay];
        standing.failures += 1;
        standing.why = format!("{name}: {why}");
        if is_lasting || standing.failures >= FAILURES {
            let rest = REST * 2_u32.saturating_pow(standing.rests.min(8));
            standing.down_until = Some(now + rest.min(LONGEST_REST));
            standing.rests += 1;
            standing.failures = 0;
            let why = standing.why.clone();
            if !state.downs.contains(&why) && state.downs.len() < MOST_TOLD {
                state.downs.push(why);
            }
        }
        if state.relays.iter().all(|relay| relay.down_until.is_some_and(|until| until > now)) {
            let why = state.relays.iter().map(|relay| relay.why.as_str()).collect::<Vec<_>>().join("; ");
            state.stopped.get_or_insert(why);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Stops: what is in hand and was not begun is given back.
    pub(super) fn stop(&self, why: &str) {
        self.state().stopped.get_or_insert_with(|| why.to_owned());
        self.changed.notify_waiters();
    }

    /// Why nothing goes out any more.
    pub(super) fn stopped(&self) -> Option<String> {
        self.state().stopped.clone()
    }

    /// Why relays were down in this run.
    pub(super) fn downs(&self) -> Vec<String> {
        self.state().downs.clone()
    }

    /// Takes out all that waits.
    pub(super) fn drain(&self) -> Vec<Leased> {
        self.state().ready.drain(..).map(|one| one.leased).collect()
    }

    /// Sends the connections home.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.changed.notify_waiters();
    }
}

impl State {
    fn next(&mut self, held: Option<usize>, now: Duration, rates: &DomainRates) -> Next {
        if self.ended {
            return Next::End;
        }
        if let Some(held) = held.filter(|held| !self.may_stay(*held, now)) {
            self.relays[held].active = self.relays[held].active.saturating_sub(1);
            return Next::Yield;
        }
        if self.stopped.is_some() || self.ready.is_empty() {
            return Next::Wait;
        }
        // The first that is up and has not refused all that is there: the others stand by.
        let has_some = |relay: usize| self.ready.iter().any(|one| !one.met.refused_by.contains(&relay));
        let mut up = (0..self.relays.len()).filter(|relay| self.relays[*relay].is_up(now));
        let Some(first_up) = up.clone().next() else { return Next::Wait };
        let of_use = up.find(|relay| has_some(*relay));
        let relay = match (held, of_use) {
            (Some(held), None) => held,
            (Some(held), Some(_)) if has_some(held) => held,
            // What is left other relays must take.
            (Some(held), Some(_)) => {
                self.relays[held].active = self.relays[held].active.saturating_sub(1);
                return Next::Yield;
            }
            // Whoever might take what is left is down: it is refused once more, and that is settled.
            (None, of_use) => of_use.unwrap_or(first_up),
        };
        let is_fresh = of_use.is_some();
        if held.is_none() && self.relays[relay].active >= self.relays[relay].limit {
            return Next::Wait;
        }
        let Some(one) = self.take(relay, is_fresh, now, rates) else { return Next::Wait };
        if held.is_none() {
            self.relays[relay].active += 1;
        }
        Next::Take(Box::new(one), relay)
    }

    /// Whether a connection to a relay may go on.
    fn may_stay(&self, relay: usize, now: Duration) -> bool {
        let relay = &self.relays[relay];
        relay.is_up(now) && relay.active <= relay.limit
    }

    /// The first that waits and may go out through a relay; of those that it has not refused, where `is_fresh`.
    fn take(&mut self, relay: usize, is_fresh: bool, now: Duration, rates: &DomainRates) -> Option<InHand> {
        let free = |bucket: Option<&Bucket>| bucket.is_none_or(|bucket| bucket.wait(now).is_zero());
        if self.stopped.is_some() || !free(self.all.as_ref()) || !free(self.relays[relay].bucket.as_ref()) {
            return None;
        }
        let fits = |one: &InHand| {
            !(is_fresh && one.met.refused_by.contains(&relay))
                && (rates.is_empty() || free(self.domains.get(one.leased.domain())))
        };
        let at = self.ready.iter().position(fits)?;
        let one = self.ready.remove(at)?;
        if let Some(rate) = rates.of(one.leased.domain()) {
            let bucket = self.domains.entry(one.leased.domain().to_owned()).or_insert_with(|| Bucket::new(rate));
            bucket.take(now);
        }
        let buckets = self.all.iter_mut().chain(self.relays[relay].bucket.iter_mut());
        buckets.for_each(|bucket| bucket.take(now));
        Some(one)
    }
}
