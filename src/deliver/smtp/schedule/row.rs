//! Refusals in a row.

use std::collections::{BTreeMap, BTreeSet};

use super::{InHand, said};
use crate::model::Reply;

/// How many messages in a row a relay refuses for good until it is taken to refuse all: for reasons of ours, and in the same
/// words for reasons of the recipients'.
pub(super) const REFUSALS: u32 = 10;
pub(super) const REFUSALS_OF_RECIPIENTS: u32 = 50;
/// The same where it refused all that it was given, and nobody has got anything of the campaign.
const REFUSALS_OF_ALL: u32 = 5;
/// Of how many domains the recipients must be whom a relay refuses that took others: one company may have closed, or want
/// nothing of ours.
pub(super) const DOMAINS: usize = 3;
/// How many refusals for reasons of ours are too many to be believed of one or two domains of which it took none, where they are
/// also more than it took of others.
const TOO_MANY: u32 = 50;
/// How many refusals in a row make a domain one that may refuse us; fewer readers may have reasons of their own.
const OF_DOMAIN: usize = 5;

/// Which, and of which domains, [`DOMAINS`] of them at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    times: u32,
    domains: BTreeMap<String, Vec<i64>>,
}

impl Tally {
    fn add(&mut self, domain: &str, delivery: i64) {
        self.times += 1;
        if let Some(deliveries) = self.domains.get_mut(domain) {
            deliveries.push(delivery);
        } else if self.domains.len() < DOMAINS {
            self.domains.insert(domain.to_owned(), vec![delivery]);
        }
    }
}

/// The readers of a domain or two, where a relay refuses these and nobody else.
pub(super) struct Few {
    /// The domains of which they are many, with the deliveries that were refused.
    pub(super) domains: BTreeMap<String, Vec<i64>>,
    /// How many messages of the campaign were handed out before the first was refused.
    pub(super) since: u64,
    /// Whether for reasons of ours.
    pub(super) is_of_ours: bool,
}

/// What a relay refused for good since it took something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// For reasons of ours, whichever they are: a relay that wants nothing of ours may give one after the other.
    ours: Tally,
    /// For reasons of the recipients', in the same words.
    theirs: Tally,
    words: Option<(Option<u16>, Option<String>)>,
    all: Tally,
    /// How many messages of the campaign were handed out before the first was refused.
    since: u64,
    /// What was said last, of ours if there is any such.
    pub(super) said: String,
}

impl Row {
    pub(super) fn new(since: u64) -> Self {
        let (ours, theirs, all) = (Tally::default(), Tally::default(), Tally::default());
        Self { ours, theirs, words: None, all, since, said: String::new() }
    }

    pub(super) fn add(&mut self, one: &InHand, reply: &Reply, is_of_ours: bool) {
        let (domain, delivery) = (one.leased.domain().to_ascii_lowercase(), one.leased.lease.delivery);
        self.all.add(&domain, delivery);
        if is_of_ours {
            self.ours.add(&domain, delivery);
        } else {
            let words = Some((reply.code, reply.enhanced.clone()));
            if self.words != words {
                (self.words, self.theirs) = (words, Tally::default());
            }
            self.theirs.add(&domain, delivery);
        }
        if is_of_ours || self.ours.times == 0 {
            self.said = said(reply);
        }
    }

    /// Whether it says that the relay is of no use, which took so much, and of these domains.
    pub(super) fn is_of_relay(&self, taken: u32, domains: &BTreeSet<String>) -> bool {
        self.is_ours_of_relay(taken, domains) || self.is_theirs_of_relay(taken)
    }

    fn is_ours_of_relay(&self, taken: u32, domains: &BTreeSet<String>) -> bool {
        let Tally { times, domains: refused } = &self.ours;
        let is_of_several = taken == 0 || refused.len() >= DOMAINS;
        let is_too_long = *times >= TOO_MANY && *times > taken;
        *times >= REFUSALS && (is_of_several || is_too_long || refused.keys().any(|domain| domains.contains(domain)))
    }

    fn is_theirs_of_relay(&self, taken: u32) -> bool {
        self.theirs.times >= REFUSALS_OF_RECIPIENTS && (taken == 0 || self.theirs.domains.len() >= DOMAINS)
    }

    /// The domains of those that were refused for reasons of ours, when these have just become a row.
    pub(super) fn begun(&self) -> impl Iterator<Item = &String> {
        self.ours.domains.keys().filter(|_| self.ours.times == REFUSALS)
    }

    /// Whether these are some recipients of several domains.
    pub(super) fn is_of_several(&self) -> bool {
        self.all.times >= REFUSALS_OF_ALL && self.all.domains.len() >= DOMAINS
    }

    /// Whether they are more than a few readers with reasons of their own.
    pub(super) fn is_long(&self) -> bool {
        self.all.times >= OF_DOMAIN as u32
    }

    /// Where they are of a domain or two, those of which they are many, and which they are.
    pub(super) fn few(&self) -> Option<Few> {
        let is_of_ours = self.ours.times >= REFUSALS;
        let Tally { domains, .. } = if is_of_ours { &self.ours } else { &self.theirs };
        let is_many = |(_, deliveries): &(&String, &Vec<i64>)| deliveries.len() >= OF_DOMAIN;
        let many = domains.iter().filter(is_many).map(|(domain, deliveries)| (domain.clone(), deliveries.clone()));
        let few = Few { domains: many.collect(), since: self.since, is_of_ours };
        Some(few).filter(|few| !few.domains.is_empty() && domains.len() < DOMAINS)
    }
}
