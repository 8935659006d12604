//! Readers of a domain or two whom relays refuse: they are asked after all others.

use std::collections::BTreeMap;

use super::InHand;
use super::row::{REFUSALS, REFUSALS_OF_RECIPIENTS};

/// A domain whose readers are asked after all others.
struct Domain {
    name: String,
    /// How many messages of the campaign had been handed out when the row of its refusals began: those prove nothing.
    since: u64,
    /// Whether a relay took one of the others that was handed out later: then it is the domain that refuses us.
    is_proven: bool,
    /// Of its deliveries those that were refused, and whether for reasons of ours.
    refused: Vec<i64>,
    is_of_ours: bool,
}

/// The domain whose readers are asked next.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::deliver::smtp) struct Asked {
    pub(in crate::deliver::smtp) domain: String,
    /// Whether they were refused for reasons of ours, and how many in a row at least.
    pub(in crate::deliver::smtp) is_of_ours: bool,
    pub(in crate::deliver::smtp) times: u32,
    /// Whether it is known that it refuses us.
    pub(in crate::deliver::smtp) is_known: bool,
}

/// What waits until all others were asked.
#[derive(Default)]
pub(super) struct Aside {
    /// In the order in which they were set aside; the last is asked first.
    domains: Vec<Domain>,
    /// What is in hand of them.
    waiting: Vec<InHand>,
    /// The domains that refuse us while others are taken, with the deliveries that were refused: what is said of their readers is
    /// said of them alone.
    believed: BTreeMap<String, Vec<i64>>,
}

impl Aside {
    /// Whether readers are set aside now.
    pub(super) fn is_on(&self) -> bool {
        !self.domains.is_empty()
    }

    pub(super) fn domains(&self) -> impl Iterator<Item = &str> {
        self.domains.iter().map(|domain| domain.name.as_str())
    }

    /// Whether one is of these readers.
    pub(super) fn has(&self, one: &InHand) -> bool {
        self.is_on() && self.domains().any(|name| name.eq_ignore_ascii_case(one.leased.domain()))
    }

    /// Whether one is of a domain of which it is known that it refuses us.
    pub(super) fn is_believed(&self, one: &InHand) -> bool {
        !self.believed.is_empty() && self.believed.contains_key(&one.leased.domain().to_ascii_lowercase())
    }

    pub(super) fn add(&mut self, one: InHand) {
        self.waiting.push(one);
    }

    /// How many are in hand.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// From now on the readers of this domain are asked last, of whom these were refused.
    pub(super) fn set(&mut self, name: String, since: u64, refused: Vec<i64>, is_of_ours: bool) {
        self.domains.push(Domain { name, since, is_proven: false, refused, is_of_ours });
    }

    /// One of these readers was refused as well, or one of a domain of which that is known.
    pub(super) fn refused(&mut self, one: &InHand) {
        let name = one.leased.domain();
        let of = self.domains.iter_mut().find(|domain| domain.name.eq_ignore_ascii_case(name));
        let refused = match of {
            Some(domain) => Some(&mut domain.refused),
            None => self.believed.get_mut(&name.to_ascii_lowercase()),
        };
        if let Some(refused) = refused {
            refused.push(one.leased.lease.delivery);
        }
    }

    /// How many had been handed out when the last row began of which nobody knows whose it is.
    pub(super) fn since(&self) -> Option<u64> {
        self.domains.iter().filter(|domain| !domain.is_proven).map(|domain| domain.since).max()
    }

    /// A relay took a message for `name` that was handed out as the `number`th. A domain of which one is taken does not refuse us:
    /// what waited of it is returned, and which of its deliveries were refused.
    pub(super) fn took(&mut self, name: &str, number: u64) -> (Vec<InHand>, Vec<i64>) {
        let believed = if self.believed.is_empty() { None } else { self.believed.remove(&name.to_ascii_lowercase()) };
        let is_of = |domain: &mut Domain| domain.since < number && domain.name.eq_ignore_ascii_case(name);
        let of = self.domains.extract_if(.., is_of).next();
        for other in self.domains.iter_mut().filter(|other| other.since < number) {
            other.is_proven |= !other.name.eq_ignore_ascii_case(name);
        }
        of.map_or_else(|| (Vec::new(), believed.unwrap_or_default()), |domain| (self.drain_of(name), domain.refused))
    }

    /// The domain that is asked next.
    pub(super) fn next(&self) -> Option<Asked> {
        let Domain { name, is_proven, is_of_ours, .. } = self.domains.last()?;
        let times = if *is_of_ours { REFUSALS } else { REFUSALS_OF_RECIPIENTS };
        Some(Asked { domain: name.clone(), is_of_ours: *is_of_ours, times, is_known: *is_proven })
    }

    /// The domain that is asked next refuses us: what waited of it is returned.
    pub(super) fn believe_next(&mut self) -> Vec<InHand> {
        let Some(domain) = self.domains.pop() else { return Vec::new() };
        let waiting = self.drain_of(&domain.name);
        self.believed.insert(domain.name, domain.refused);
        waiting
    }

    fn drain_of(&mut self, name: &str) -> Vec<InHand> {
        let is_of = |one: &InHand| one.leased.domain().eq_ignore_ascii_case(name);
        let (of, others) = std::mem::take(&mut self.waiting).into_iter().partition(is_of);
        self.waiting = others;
        of
    }

    /// Nobody is asked last any more; what waited is returned, and which deliveries were refused of domains of which nobody knows
    /// whether they refuse us.
    pub(super) fn end(&mut self) -> (Vec<InHand>, Vec<i64>) {
        let refused = self.domains.drain(..).flat_map(|domain| domain.refused).collect();
        (self.drain(), refused)
    }

    /// Takes out what is in hand.
    pub(super) fn drain(&mut self) -> Vec<InHand> {
        std::mem::take(&mut self.waiting)
    }
}
