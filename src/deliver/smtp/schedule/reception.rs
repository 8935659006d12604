//! How a relay receives a campaign, and what it answers again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::standing::rest;
use super::{FAILURES, InHand, said};
use crate::model::Reply;

/// How many messages in a row a relay refuses for good until it is taken to refuse all: for reasons of ours, and in the same
/// words for reasons of the recipients'.
const REFUSALS: u32 = 10;
const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u32 = 5;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed, or want
/// nothing of ours.
pub(super) const DOMAINS: usize = 3;
/// How many refusals for reasons of ours are too many to be believed of one or two domains of which it took none, where they are
/// also more than it took of others.
const TOO_MANY: u32 = 50;
/// Of how many domains it is remembered that a relay took messages for them.
const REMEMBERED: usize = 1000;

/// A refusal that was met again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refrain {
    /// Whether the reasons are ours: these are many, and a relay that wants nothing of ours may give one after the other.
    is_of_ours: bool,
    code: Option<u16>,
    enhanced: Option<String>,
    /// The words of the last.
    said: String,
    /// How often in a row.
    times: u32,
    /// How many messages of the campaign were handed out before the first was refused so.
    since: u64,
    /// The domains of the recipients, [`DOMAINS`] of them at most.
    domains: BTreeSet<String>,
    /// The deliveries.
    deliveries: Vec<i64>,
}

impl Refrain {
    fn new(reply: &Reply, is_of_ours: bool, since: u64) -> Self {
        Self {
            is_of_ours,
            code: reply.code,
            enhanced: reply.enhanced.clone(),
            said: String::new(),
            times: 0,
            since,
            domains: BTreeSet::new(),
            deliveries: Vec::new(),
        }
    }

    fn is(&self, reply: &Reply, is_of_ours: bool) -> bool {
        let is_same = self.code == reply.code && self.enhanced == reply.enhanced;
        self.is_of_ours == is_of_ours && (is_of_ours || is_same)
    }

    fn add(&mut self, one: &InHand, reply: &Reply) {
        self.times += 1;
        self.said = said(reply);
        self.deliveries.push(one.leased.lease.delivery);
        if self.domains.len() < DOMAINS {
            self.domains.insert(one.leased.domain().to_ascii_lowercase());
        }
    }

    /// Whether it says that the relay is of no use, which took so much in this run, of these domains.
    fn is_of_relay(&self, taken: u32, domains: &BTreeSet<String>) -> bool {
        let is_of_several = taken == 0 || self.domains.len() >= DOMAINS;
        if !self.is_of_ours {
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
    refrain: Option<Refrain>,
    /// What it answered so often since then that it is of no use.
    of_no_use: Vec<Refrain>,
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

    /// A message was refused after so many of the campaign had been handed out; whether what it answers says that it is of no
    /// use.
    pub(super) fn refused(&mut self, one: &InHand, reply: &Reply, is_of_ours: bool, handed: u64) -> bool {
        if let Some(refrain) = self.of_no_use.iter_mut().find(|refrain| refrain.is(reply, is_of_ours)) {
            refrain.add(one, reply);
            return refrain.is_of_relay(self.taken, &self.domains);
        }
        let before = self.refrain.take().filter(|refrain| refrain.is(reply, is_of_ours));
        let mut refrain = before.unwrap_or_else(|| Refrain::new(reply, is_of_ours, handed));
        refrain.add(one, reply);
        let is_of_no_use = refrain.is_of_relay(self.taken, &self.domains);
        if is_of_no_use {
            self.of_no_use.push(refrain);
        } else {
            self.refrain = Some(refrain);
        }
        is_of_no_use
    }

    /// It took a message that was handed out as the `number`th of the campaign: what it did before counts no more, unless that was
    /// to refuse one after the other while this one was under way. Whether it counts no more.
    pub(super) fn took(&mut self, domain: &str, number: u64, now: Duration) -> bool {
        self.taken = self.taken.saturating_add(1);
        if self.domains.len() < REMEMBERED && !self.domains.contains(domain) {
            self.domains.insert(domain.to_ascii_lowercase());
        }
        let was_under_way = self.of_no_use.iter().any(|refrain| number <= refrain.since);
        if was_under_way || self.is_refusing && !self.is_open(now) {
            return false;
        }
        let Self { taken, domains, .. } = std::mem::take(self);
        *self = Self { taken, domains, ..Self::default() };
        true
    }

    /// Whether it is shut, or to be shut, for what it answered readers of few domains; which ones.
    pub(super) fn refuses_few(&self) -> Option<BTreeSet<String>> {
        let domains: BTreeSet<String> = self.of_no_use.iter().flat_map(|refrain| &refrain.domains).cloned().collect();
        let is_few = self.is_refusing && self.in_doubt < FAILURES && domains.len() < DOMAINS;
        (is_few && !domains.is_empty()).then_some(domains)
    }

    /// Whether it answered something so often that it is of no use, and took nothing since.
    pub(super) fn is_of_no_use(&self) -> bool {
        !self.of_no_use.is_empty()
    }

    /// It refuses all that it is given: which deliveries it refused so that are not known yet, and what it said.
    pub(super) fn refuses_all(&mut self) -> Option<(Vec<i64>, String)> {
        self.is_refusing = true;
        if self.of_no_use.is_empty() {
            self.of_no_use.extend(self.refrain.take());
        }
        let said = self.of_no_use.last()?.said.clone();
        let deliveries = self.of_no_use.iter_mut().flat_map(|refrain| std::mem::take(&mut refrain.deliveries));
        Some((deliveries.collect(), said))
    }

    /// It may have some again.
    pub(super) fn reopen(&mut self) {
        (self.is_refusing, self.shut_until) = (false, None);
    }

    /// It gets no more of this campaign for a while.
    pub(super) fn shut(&mut self, why: String, now: Duration) {
        self.shut_until = Some(now + rest(self.rests));
        self.rests += 1;
        self.why = why;
    }
}
