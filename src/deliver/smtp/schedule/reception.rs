//! How a relay receives a campaign, and what it answers again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::standing::rest;
use crate::model::{Leased, Reply};

/// How many messages in a row a relay refuses for good, in the same words, until it is taken to refuse all: for reasons
/// of ours, and for reasons of the recipients'.
const REFUSALS: u32 = 10;
const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u32 = 5;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed, or want
/// nothing of ours.
const DOMAINS: usize = 3;
/// How many refusals for reasons of ours are too many to be believed of one or two domains of which it took none, where they are
/// also more than it took of others.
const TOO_MANY: u32 = 50;
/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<String>,
    /// The words of the last.
    pub(super) said: String,
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
        Self { code, enhanced, said: String::new(), times: 0, domains: BTreeSet::new(), deliveries: Vec::new() }
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

    /// Whether it says that the relay is of no use, which took so much in this run, of these domains.
    fn is_of_relay(&self, is_of_ours: bool, taken: u32, domains: &BTreeSet<String>) -> bool {
        let is_of_several = taken == 0 || self.domains.len() >= DOMAINS;
        if !is_of_ours {
            return self.times >= REFUSALS_OF_RECIPIENTS && is_of_several;
        }
        let is_too_long = self.times >= TOO_MANY && self.times > taken;
        self.times >= REFUSALS && (is_of_several || is_too_long || !self.domains.is_disjoint(domains))
    }
}

/// How a relay receives the messages of one campaign: what it finds in them says nothing of another's.
#[derive(Clone, Debug, Default)]
pub(super) struct Reception {
    /// Of how many messages nobody knows whether it took them, since it last said so of one.
    pub(super) in_doubt: u32,
    /// How many it took in this run, and for which domains, [`REMEMBERED`] at most.
    taken: u32,
    domains: BTreeSet<String>,
    /// How often it took no message of this sender, or so, since it last took one.
    pub(super) failures: u32,
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
    /// Whether it refused all that it was given, some recipients of several domains, in the same words.
    pub(super) fn has_refused_all(&self) -> bool {
        let is_of_all = |refrain: &Refrain| refrain.times >= REFUSALS_OF_ALL && refrain.domains.len() >= DOMAINS;
        self.taken == 0 && !self.is_refusing && self.refrain.as_ref().is_some_and(is_of_all)
    }

    pub(super) fn is_open(&self, now: Duration) -> bool {
        self.shut_until.is_none_or(|until| until <= now)
    }

    /// It took a message: what it did before counts no more, unless that was to refuse one after the other, while this one was
    /// under way.
    pub(super) fn took(&mut self, domain: &str, now: Duration) {
        self.taken = self.taken.saturating_add(1);
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        if self.is_refusing && !self.is_open(now) {
            return;
        }
        let Self { taken, domains, .. } = std::mem::take(self);
        *self = Self { taken, domains, ..Self::default() };
    }

    /// Whether what it answers says that it is of no use.
    pub(super) fn is_of_no_use(&self, is_of_ours: bool) -> bool {
        self.refrain.as_ref().is_some_and(|refrain| refrain.is_of_relay(is_of_ours, self.taken, &self.domains))
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}
