//! How a relay does, and what it answers again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::deliver::smtp::relay::Relay;
use crate::model::{Leased, Reply};

/// How long a relay that is down is left alone at first; each time twice as long, up to [`LONGEST_REST`].
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// How many messages in a row a relay refuses for good, in the same words, until it is taken to refuse all: for reasons
/// of ours, and for reasons of the recipients'.
const REFUSALS: u32 = 10;
const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed.
const DOMAINS: usize = 3;

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<String>,
    /// How often in a row.
    pub(super) times: u32,
    /// The domains of the recipients, [`DOMAINS`] of them at most.
    pub(super) domains: BTreeSet<String>,
    /// The deliveries.
    pub(super) deliveries: Vec<i64>,
}

impl Refrain {
    pub(super) fn new(reply: &Reply) -> Self {
        let (code, enhanced) = (reply.code, reply.enhanced.clone());
        Self { code, enhanced, times: 0, domains: BTreeSet::new(), deliveries: Vec::new() }
    }

    pub(super) fn is(&self, reply: &Reply) -> bool {
        self.code == reply.code && self.enhanced == reply.enhanced
    }

    pub(super) fn add(&mut self, leased: &Leased) {
        self.times += 1;
        self.deliveries.push(leased.lease.delivery);
        if self.domains.len() < DOMAINS {
            self.domains.insert(leased.domain().to_ascii_lowercase());
        }
    }

    /// Whether it says that the relay is of no use. `has_taken`: whether the relay took anything in this run.
    pub(super) fn is_of_relay(&self, is_of_ours: bool, has_taken: bool) -> bool {
        if is_of_ours {
            return self.times >= REFUSALS;
        }
        self.times >= REFUSALS_OF_RECIPIENTS && (!has_taken || self.domains.len() >= DOMAINS)
    }
}

/// How a relay does, whatever it is given.
pub(super) struct Standing {
    /// How many connections it may have now (AIMD).
    pub(super) limit: usize,
    pub(super) most: usize,
    pub(super) active: usize,
    /// Messages taken since the limit changed.
    pub(super) streak: u32,
    /// When the limit was last lowered.
    pub(super) cut: Option<Duration>,
    pub(super) failures: u32,
    /// The deliveries before whose bodies connections ended since it last answered one.
    pub(super) broken: BTreeSet<i64>,
    /// How often it was down since it took something.
    pub(super) rests: u32,
    pub(super) down_until: Option<Duration>,
    pub(super) has_answered: bool,
    /// Whether it is told of a message while it still takes the one before.
    pub(super) is_told_ahead: bool,
    pub(super) why: String,
}

impl Standing {
    pub(super) fn new(relay: &Relay) -> Self {
        Self {
            limit: relay.connections,
            most: relay.connections,
            active: 0,
            streak: 0,
            cut: None,
            failures: 0,
            broken: BTreeSet::new(),
            rests: 0,
            down_until: None,
            has_answered: false,
            is_told_ahead: true,
            why: String::new(),
        }
    }

    pub(super) fn is_up(&self, now: Duration) -> bool {
        self.down_until.is_none_or(|until| until <= now)
    }
}

/// How a relay receives the messages of one campaign: what it finds in them says nothing of another's.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    /// Of how many messages nobody knows whether it took them, since it last said so of one.
    pub(super) in_doubt: u32,
    pub(super) has_taken: bool,
    /// What it answers since it took something.
    pub(super) refrain: Option<Refrain>,
    /// Whether it gets no more because it refuses everything.
    pub(super) is_refusing: bool,
    /// How often it got no more since it took something.
    pub(super) rests: u32,
    pub(super) shut_until: Option<Duration>,
    pub(super) why: String,
}

impl Reception {
    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// It took a message: what it did before counts no more.
    pub(super) fn took(&mut self) {
        *self = Self { has_taken: true, ..Self::default() };
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}

/// How long a relay is left alone that was so often before.
pub(super) fn rest(rests: u32) -> Duration {
    (REST * 2_u32.saturating_pow(rests.min(8))).min(LONGEST_REST)
}
