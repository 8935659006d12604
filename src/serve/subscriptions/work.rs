//! What is done in the background: requests are looked at, messages made and handed on, what nobody confirms forgotten.
//!
//! Whoever asks in the name of an address and then watches how long other things take must learn nothing of it. So the same
//! is done for every request: a message is made outside of the store's lock, kept, and settled; that of a stranger goes to
//! nobody. Messages are handed on beside each other, each after a while of its own, so that none waits for another's.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::super::HandedOn;
use super::super::metrics::Counted;
use super::Desk;
use crate::config::{Config, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Circumstance, NewSubscriber, NoticeKind, NoticeState, ReadyNotice, Request, SubscriberStatus, Way};
use crate::store::{Asked, Store};

/// How often there is a look without the bell: for what another process left, and for what waits.
const ROUND: Duration = Duration::from_secs(30);
/// How many requests are looked at in one go.
const BATCH: usize = 50;
/// How many messages are handed on at once, and no more than a relay is to have connections.
const HANDS: usize = 16;
/// The longest while that a message waits before it is handed on.
const WHILE: Duration = Duration::from_millis(400);
/// How long a message is in the hands of this process before another one may take it; said anew in each [`ROUND`].
const HELD: TimeDelta = TimeDelta::minutes(2);
/// How long a message that could not be handed on waits for the next try: each time twice as long, up to this.
const FIRST_REST: Duration = Duration::from_secs(60);
const LONGEST_REST: Duration = Duration::from_secs(60 * 60);
/// How long it is tried to hand a message on, where `confirm_within` is no shorter; a link that comes later helps nobody.
const GIVEN_UP: TimeDelta = TimeDelta::days(1);
/// At most one message goes to an address in this time,
const REST: TimeDelta = TimeDelta::minutes(5);
/// and this many in a day, so that nobody fills somebody else's mailbox.
const A_DAY: u32 = 6;

/// The messages that are being handed on, and those that could not be.
pub(super) type InHand = HashMap<i64, Hand>;

/// How it goes with handing on one message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    /// How often it failed.
    failures: u32,
    /// When it is tried again; not while it is being tried.
    until: Option<Instant>,
}

impl Hand {
    /// The same after another failure.
    fn failed(before: Option<Self>, now: Instant) -> Self {
        let failures = before.map_or(0, |hand| hand.failures) + 1;
        let rest = (FIRST_REST * 2_u32.saturating_pow((failures - 1).min(8))).min(LONGEST_REST);
        Self { failures, until: Some(now + rest) }
    }

    /// The same while it is being tried, if its time has come.
    fn taken(before: Option<Self>, now: Instant) -> Option<Self> {
        match before {
            None => Some(Self { failures: 0, until: None }),
            Some(hand) => hand.until.filter(|until| *until <= now).map(|_| Self { until: None, ..hand }),
        }
    }
}

/// Works until the task is dropped.
pub(in super::super) async fn work(desk: Arc<Desk>) {
    loop {
        let at_work = Arc::clone(&desk);
        let done = tokio::task::spawn_blocking(move || at_work.round()).await;
        match done {
            Ok(Ok(ready)) => ready.into_iter().for_each(|notice| {
                tokio::spawn(hand_on(Arc::clone(&desk), notice));
            }),
            Ok(Err(error)) => desk.fault(&error),
            Err(_) => {}
        }
        let _ = tokio::time::timeout(ROUND, desk.bell.notified()).await;
    }
}

/// Hands one message on, or, where it is nobody's, only says so.
async fn hand_on(desk: Arc<Desk>, notice: ReadyNotice) {
    // The semaphore is never closed.
    let _permit = desk.hands.acquire().await.ok();
    tokio::time::sleep(a_while()).await;
    let started = Instant::now();
    let is_for_nobody = notice.is_for_nobody();
    if is_for_nobody {
        // It takes a hand as long as another would: who waits for one cannot tell whose messages come before.
        tokio::time::sleep(Duration::from_micros(desk.pace.load(Ordering::Relaxed))).await;
    }
    let at_work = Arc::clone(&desk);
    let id = notice.id;
    let done = tokio::task::spawn_blocking(move || at_work.settle(&notice)).await;
    if !is_for_nobody {
        let took = started.elapsed().as_micros();
        desk.pace.store(u64::try_from(took).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
    let in_hand = || desk.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(done, Ok(Ok(()))) {
        let mut in_hand = in_hand();
        in_hand.remove(&id);
        if in_hand.is_empty() {
            desk.bell.notify_one();
        }
        return;
    }
    {
        let mut in_hand = in_hand();
        let failed = Hand::failed(in_hand.get(&id).copied(), Instant::now());
        in_hand.insert(id, failed);
    }
    if let Ok(Err(error)) = done {
        desk.fault(&error);
    }
    let at_work = Arc::clone(&desk);
    // What broke off is told by the runtime.
    let _ = tokio::task::spawn_blocking(move || at_work.let_go(id)).await;
}

/// How long a request of which no message could be made waits for the next try, by how long it has waited: so twice as long
/// in all each time. What is wrong may be mended at any time, so never for long.
fn again_in(waited: TimeDelta) -> TimeDelta {
    waited.clamp(TimeDelta::minutes(1), TimeDelta::minutes(15))
}

/// Some part of [`WHILE`] that nobody can foretell.
fn a_while() -> Duration {
    let drawn = RandomState::new().build_hasher().finish();
    WHILE.mul_f64((drawn >> 11) as f64 / (1_u64 << 53) as f64)
}

/// How many messages may be handed on at once: each has a connection of its own, to whichever relay takes it.
pub(super) fn hands(config: &Config) -> usize {
    match &config.mail.transport {
        Transport::File => HANDS,
        Transport::Smtp(relays) => relays.iter().map(|relay| relay.connections).min().unwrap_or(1).clamp(1, HANDS),
    }
}

/// A name that no other process has.
pub(super) fn holder() -> String {
    let drawn = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", drawn(), drawn())
}

impl Desk {
    /// Does all that waits, and gives the messages that are to be handed on.
    fn round(&self) -> Result<Vec<ReadyNotice>> {
        let now = self.now();
        let within = TimeDelta::from_std(self.config.serve.confirm_within).unwrap_or(TimeDelta::days(366));
        {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            store.expire_requests(now - within)?;
            store.give_up_notices(now - within.min(GIVEN_UP), now)?;
            store.expire_notices(now - TimeDelta::days(1))?;
        }
        while self.look(now)? {}
        let ready = self.take_in_hand()?;
        if ready.is_empty() {
            self.tidy(now)?;
        }
        Ok(ready)
    }

    /// Leaves nothing of what was settled in the store's journal, once nothing waits. Where somebody else is just reading or
    /// writing there, a later round does it.
    fn tidy(&self, now: DateTime<Utc>) -> Result<()> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if store.notices_waiting(now)? == 0 { store.tidy().map(drop) } else { Ok(()) }
    }

    /// Makes what is to be made of some requests; whether there were any.
    fn look(&self, now: DateTime<Utc>) -> Result<bool> {
        // The lock is let go between requests: readers at their browsers come first.
        let asked = self.store.lock().unwrap_or_else(PoisonError::into_inner).asked(BATCH, now)?;
        for one in &asked {
            // A request of which no message can be made must not hold up the others, and waits like a message that no
            // relay takes: whoever asked was told to look into their mailbox.
            if let Err(error) = self.answer(one, now) {
                self.fault(&error);
                let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
                store.postpone(one.id, now + again_in(now - one.request.at))?;
            }
        }
        Ok(!asked.is_empty())
    }

    /// Answers a request, and with it those that the same address made meanwhile.
    fn answer(&self, one: &Asked, now: DateTime<Utc>) -> Result<()> {
        let address = &one.request.address;
        let (facts, others) = {
            let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            (Facts::of(&store, &one.request, now)?, store.asked_alike(one.id)?)
        };
        if facts.rests {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            return store.postpone(one.id, now + REST);
        }
        let request = Self::together(&one.request, &others);
        let waiting: Vec<String> = request.lists.iter().filter(|list| !facts.active.contains(list)).cloned().collect();
        // Made without the lock, and for strangers too.
        let made = match request.kind {
            NoticeKind::Manage => self.manage_message(&request)?,
            NoticeKind::Subscribe if waiting.is_empty() => self.known_message(&request)?,
            NoticeKind::Subscribe => self.confirm_message(&request, &waiting)?,
        };
        let made = if facts.is_answered { made } else { made.for_nobody() };
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let newcomer = NewSubscriber {
            address: address.clone(),
            name: request.name.clone(),
            language: Some(request.language.clone()),
        };
        let how = Circumstance {
            at: request.at,
            way: Way::Page,
            network: request.network.clone(),
            words: Some(request.words.clone()),
        };
        let asks = (facts.is_answered && request.kind == NoticeKind::Subscribe).then_some((
            &newcomer,
            waiting.as_slice(),
            &how,
        ));
        let others: Vec<i64> = others.iter().map(|other| other.id).collect();
        store.answer(one.id, &others, asks, &made, now)
    }

    /// Requests of one address as one: for all their lists, otherwise as the last says.
    fn together(first: &Request, others: &[Asked]) -> Request {
        let mut request = first.clone();
        for other in others.iter().map(|other| &other.request) {
            let new = other.lists.iter().filter(|list| !first.lists.contains(list));
            let new: Vec<String> = new.filter(|list| !request.lists.contains(list)).cloned().collect();
            request.lists.extend(new);
            request.at = request.at.max(other.at);
            request.name.clone_from(&other.name);
            request.words.clone_from(&other.words);
            request.network.clone_from(&other.network);
            request.language = other.language.clone();
        }
        request
    }

    /// The messages that wait and are in nobody's hands; from now on they are.
    fn take_in_hand(&self) -> Result<Vec<ReadyNotice>> {
        if self.hand_on.is_none() {
            return Ok(Vec::new());
        }
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        let most = BATCH + in_hand.len();
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let mut ready = store.take_notices(&self.holder, most, now, now + HELD)?;
        drop(store);
        // What was given up, or others have by now, need not be known.
        in_hand.retain(|id, hand| hand.until.is_none() || ready.iter().any(|notice| notice.id == *id));
        let time = Instant::now();
        ready.retain(|notice| {
            let taken = Hand::taken(in_hand.get(&notice.id).copied(), time);
            in_hand.extend(taken.map(|hand| (notice.id, hand)));
            taken.is_some()
        });
        Ok(ready)
    }

    /// Lets another process try to hand a message on.
    fn let_go(&self, id: i64) {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = store.release_notice(id, &self.holder) {
            self.fault(&error);
        }
    }

    /// Hands a message on and records what became of it. Fails when that is to be tried again.
    fn settle(&self, notice: &ReadyNotice) -> Result<()> {
        let handed_on = match &self.hand_on {
            Some(hand_on) if !notice.is_for_nobody() => Some(hand_on(notice)?),
            _ => None,
        };
        let state = match handed_on {
            None => NoticeState::Dropped,
            Some(HandedOn::Taken) => NoticeState::Sent,
            Some(HandedOn::Ambiguous) => NoticeState::Ambiguous,
            Some(HandedOn::Refused(_)) => NoticeState::Failed,
        };
        let now = self.now();
        self.store.lock().unwrap_or_else(PoisonError::into_inner).settle_notice(notice.id, state, now)?;
        if let Some(handed_on) = handed_on {
            self.report(&handed_on);
        }
        Ok(())
    }

    /// Counts what became of a message, and tells what an operator should know of it.
    fn report(&self, handed_on: &HandedOn) {
        match handed_on {
            HandedOn::Taken => self.metrics.count(Counted::Written),
            HandedOn::Ambiguous => self.fault(
                &Error::new(ErrorKind::State, "nobody knows whether a relay took a message about a subscription")
                    .hint("it is not sent again; whoever asked and got nothing can ask again"),
            ),
            HandedOn::Refused(told) => {
                self.metrics.count(Counted::Undelivered);
                if let Some(error) = told {
                    self.fault(error);
                }
            }
        }
    }

    pub(super) fn fault(&self, error: &Error) {
        self.metrics.count(Counted::Fault);
        (self.tell)(error);
    }
}

/// What decides how a request is answered.
struct Facts {
    /// Whether a message was made for the address a moment ago.
    rests: bool,
    /// Whether the message goes to the address: not when that must not be written to, is written to too often, or asks
    /// for the subscriptions of somebody unknown.
    is_answered: bool,
    /// The lists that the person gets.
    active: Vec<String>,
}

impl Facts {
    fn of(store: &Store, request: &Request, now: DateTime<Utc>) -> Result<Self> {
        let address = &request.address;
        let person = store.person(address)?;
        let lists = person.map(|person| person.lists).unwrap_or_default();
        let is_known = lists.iter().any(|one| one.status != SubscriberStatus::Pending);
        let mut active = Vec::new();
        for one in lists.iter().filter(|one| one.status == SubscriberStatus::Active) {
            // Who is kept away from a list gets nothing of it, and asks for it as anybody.
            if !store.is_kept_away(&one.list, address)? {
                active.push(one.list.clone());
            }
        }
        Ok(Self {
            rests: store.notices_since(address, now - REST)? > 0,
            is_answered: store.suppression(address)?.is_none()
                && store.messages_since(address, now - TimeDelta::days(1))? < A_DAY
                && (is_known || request.kind == NoticeKind::Subscribe),
            active,
        })
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::{Hand, LONGEST_REST, WHILE, a_while};

    #[test]
    fn what_cannot_be_handed_on_is_tried_less_and_less_often() {
        let (begun, mut rests, mut hand) = (Instant::now(), Vec::new(), None);
        let mut now = begun;
        for _ in 0..9 {
            hand = Hand::taken(hand, now);
            assert!(hand.is_some() && Hand::taken(hand, now).is_none(), "it is in hand");
            hand = Some(Hand::failed(hand, now));
            let until = hand.unwrap().until.unwrap();
            assert!(Hand::taken(hand, now).is_none(), "its time has not come");
            rests.push((until - now).as_secs() / 60);
            now = until;
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60, LONGEST_REST.as_secs() / 60]);
    }

    #[test]
    fn a_while_is_another_each_time_and_never_too_long() {
        let mut whiles: Vec<_> = (0..100).map(|_| a_while()).collect();
        whiles.sort();
        whiles.dedup();
        assert!(whiles.len() > 90 && whiles.iter().all(|one| *one <= WHILE));
        assert!(whiles[10] < WHILE / 2 && whiles[whiles.len() - 10] > WHILE / 2);
    }
}
