//! What is done in the background: requests are looked at, messages made and written, what nobody confirms forgotten.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::metrics::Counted;
use super::Desk;
use crate::error::{Error, Result};
use crate::model::{Circumstance, NewSubscriber, NoticeKind, NoticeState, Request, SubscriberStatus, Way};
use crate::store::{NoticeReply, Store};

/// How often there is a look without the bell: for what another process left, and for what failed.
const ROUND: Duration = Duration::from_secs(30);
/// How many requests are looked at in one go.
const BATCH: usize = 50;
/// How long it is tried to hand a message on; a link that comes later helps nobody.
const GIVEN_UP: TimeDelta = TimeDelta::days(1);
/// At most one message goes to an address in this time,
const REST: TimeDelta = TimeDelta::minutes(5);
/// and this many in a day, so that nobody fills somebody else's mailbox.
const A_DAY: u32 = 6;

/// Works until the task is dropped.
pub(in super::super) async fn work(desk: Arc<Desk>) {
    loop {
        let at_work = Arc::clone(&desk);
        let done = tokio::task::spawn_blocking(move || at_work.round()).await;
        if let Ok(Err(error)) = done {
            desk.metrics.count(Counted::Fault);
            (desk.tell)(&error);
        }
        let _ = tokio::time::timeout(ROUND, desk.bell.notified()).await;
    }
}

impl Desk {
    /// Does all that waits.
    fn round(&self) -> Result<()> {
        let now = self.now();
        let within = TimeDelta::from_std(self.config.serve.confirm_within).unwrap_or(TimeDelta::days(366));
        {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            store.expire_requests(now - within)?;
            store.give_up_notices(now - GIVEN_UP, now)?;
            store.expire_notices(now - TimeDelta::days(1))?;
        }
        while self.look(now)? {}
        while self.hand_on(now)? {}
        Ok(())
    }

    /// Makes what is to be made of some requests; whether there were any.
    fn look(&self, now: DateTime<Utc>) -> Result<bool> {
        // The lock is let go between requests: readers at their browsers come first.
        let asked = self.store.lock().unwrap_or_else(PoisonError::into_inner).asked(BATCH)?;
        for one in &asked {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            let reply = match self.reply(&mut store, &one.request, now) {
                Ok(reply) => reply,
                // A request of which no message can be made must not hold up the others.
                Err(error) => {
                    self.fault(&error);
                    NoticeReply::Nothing(NoticeState::Failed)
                }
            };
            store.reply(one.id, &reply, now)?;
        }
        Ok(!asked.is_empty())
    }

    /// What a request comes to.
    fn reply(&self, store: &mut Store, request: &Request, now: DateTime<Utc>) -> Result<NoticeReply> {
        let nothing = Ok(NoticeReply::Nothing(NoticeState::Dropped));
        let address = &request.address;
        if store.suppression(address)?.is_some()
            || store.notices_since(address, now - REST)? > 0
            || store.notices_since(address, now - TimeDelta::days(1))? >= A_DAY
        {
            return nothing;
        }
        let person = store.person(address)?;
        match request.kind {
            NoticeKind::Manage => match &person {
                Some(person) if person.lists.iter().any(|one| one.status != SubscriberStatus::Pending) => {
                    self.manage_message(request)
                }
                _ => nothing,
            },
            NoticeKind::Subscribe => {
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
                let waiting = store.ask(&newcomer, &request.lists, &how)?;
                if waiting.is_empty() { self.known_message(request) } else { self.confirm_message(request, &waiting) }
            }
        }
    }

    /// Hands some messages on; whether there were any.
    fn hand_on(&self, now: DateTime<Utc>) -> Result<bool> {
        let Some(hand_on) = &self.hand_on else { return Ok(false) };
        let ready = self.store.lock().unwrap_or_else(PoisonError::into_inner).ready_notices(BATCH)?;
        let mut waits = false;
        for one in &ready {
            match hand_on(one) {
                Ok(state) => {
                    let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
                    store.settle_notice(one.id, state, now)?;
                    self.metrics.count(Counted::Written);
                }
                // The next round tries again.
                Err(error) => {
                    self.fault(&error);
                    waits = true;
                }
            }
        }
        Ok(!ready.is_empty() && !waits)
    }

    fn fault(&self, error: &Error) {
        self.metrics.count(Counted::Fault);
        (self.tell)(error);
    }
}
