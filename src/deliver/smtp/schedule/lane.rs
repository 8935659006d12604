//! A campaign's place among those that are sent together.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::aside::{Aside, Asked};
use super::reception::{Reception, Refusal};
use super::row::{DOMAINS, Few};
use super::standing::Standing;
use super::{InHand, MOST_TOLD};
use crate::deliver::smtp::rate::Buckets;
use crate::model::Leased;

/// What waits of a campaign, and how relays receive it.
pub(super) struct Lane {
    ready: VecDeque<InHand>,
    /// How many of these were refused, by the relays that refused them: few, where there are many of the others.
    refused: BTreeMap<Vec<usize>, usize>,
    /// What is asked after all the rest.
    aside: Aside,
    /// Whether nobody is set aside any more: of those who were nobody knows whether they or everybody is refused.
    is_asked_whole: bool,
    /// How many were handed out.
    handed: u64,
    pub(super) receptions: Vec<Reception>,
    /// Why nothing of it goes out any more.
    stopped: Option<String>,
    /// Why relays got no more of it, each reason once.
    downs: Vec<String>,
    /// The domains of which the store is to say whether they took the issue before.
    pub(super) doubtful: BTreeSet<String>,
    /// The deliveries that a relay refused as it refuses everything: it says nothing of them.
    pub(super) mistaken: Vec<i64>,
}

impl Lane {
    pub(super) fn new(relays: usize) -> Self {
        Self {
            ready: VecDeque::new(),
            refused: BTreeMap::new(),
            aside: Aside::default(),
            is_asked_whole: false,
            handed: 0,
            receptions: vec![Reception::default(); relays],
            stopped: None,
            downs: Vec::new(),
            doubtful: BTreeSet::new(),
            mistaken: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, one: InHand) {
        if self.aside.has(&one) {
            return self.aside.add(one);
        }
        self.note(&one);
        self.ready.push_back(one);
    }

    pub(super) fn put_back(&mut self, one: InHand) {
        if self.aside.has(&one) {
            return self.aside.add(one);
        }
        self.note(&one);
        self.ready.push_front(one);
    }

    fn note(&mut self, one: &InHand) {
        if !one.met.refused_by.is_empty() {
            *self.refused.entry(one.met.refused_by.clone()).or_default() += 1;
        }
    }

    fn remove(&mut self, at: usize) -> Option<InHand> {
        let mut one = self.ready.remove(at)?;
        self.handed += 1;
        one.met.number = self.handed;
        if let Some(count) = self.refused.get_mut(&one.met.refused_by) {
            *count -= 1;
            if *count == 0 {
                self.refused.remove(&one.met.refused_by);
            }
        }
        Some(one)
    }

    pub(super) fn drain(&mut self) -> Vec<Leased> {
        self.refused.clear();
        self.ready.drain(..).chain(self.aside.drain()).map(|one| one.leased).collect()
    }

    pub(super) fn domains(&self) -> impl Iterator<Item = &str> {
        self.ready.iter().map(|one| one.leased.domain())
    }

    pub(super) fn stop(&mut self, why: &str) {
        self.stopped.get_or_insert_with(|| why.to_owned());
    }

    pub(super) fn stopped(&self) -> Option<&String> {
        self.stopped.as_ref()
    }

    pub(super) fn downs(&self) -> &[String] {
        &self.downs
    }

    pub(super) fn is_going(&self) -> bool {
        self.stopped.is_none() && !self.ready.is_empty()
    }

    /// How many wait, and the domains of which more than `enough` do, because they take no more at the moment, or that are asked
    /// last.
    pub(super) fn waiting(&self, enough: usize, buckets: &Buckets) -> (usize, Vec<String>) {
        let last = self.aside.domains().map(str::to_owned);
        if buckets.domain_rates.is_empty() {
            return (self.ready.len(), last.collect());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for domain in self.domains() {
            *counts.entry(domain).or_default() += 1;
        }
        let full = |(domain, count): &(&&str, &usize)| **count > enough && buckets.domain_rates.of(domain).is_some();
        let full: Vec<String> = counts.iter().filter(full).map(|(domain, _)| (*domain).to_owned()).collect();
        let others = self.domains().filter(|domain| !full.iter().any(|one| one == domain));
        (others.count(), full.iter().cloned().chain(last).collect())
    }

    /// Whether a relay may have any of it now, or once it has rested.
    pub(super) fn is_open(&self, relay: usize, standing: &Standing, now: Duration) -> bool {
        standing.is_up(now) && self.receptions[relay].is_open(now)
    }

    /// A relay gets no more of it for a while.
    pub(super) fn shut(&mut self, relay: usize, why: String, now: Duration) {
        if !self.downs.contains(&why) && self.downs.len() < MOST_TOLD {
            self.downs.push(why.clone());
        }
        self.receptions[relay].shut(why, now);
    }

    /// A relay took a message of it.
    pub(super) fn took(&mut self, one: &InHand, relay: usize, now: Duration) {
        let (domain, number) = (one.leased.domain(), one.met.number);
        self.receptions[relay].took(domain, number, self.aside.since(), now);
        let (waiting, refused) = self.aside.took(domain, number);
        self.mistaken.extend(refused);
        for one in waiting {
            self.add(one);
        }
    }

    /// A relay refused a message of it; whether it is of no use.
    pub(super) fn refused(&mut self, one: &InHand, relay: usize, refusal: Refusal<'_>, now: Duration) -> bool {
        let reception = &mut self.receptions[relay];
        if self.aside.is_believed(one) {
            self.aside.refused(one);
            return false;
        }
        if self.aside.has(one) {
            reception.refused_aside(one);
            self.aside.refused(one);
            return false;
        }
        let is_doubted = self.is_asked_whole || self.aside.since().is_some();
        let is_of_no_use = reception.refused(one, refusal, self.handed, is_doubted);
        if refusal.is_of_ours && !is_of_no_use {
            self.doubtful.extend(reception.doubtful().cloned());
        }
        reception.is_refusing = is_of_no_use || reception.is_refusing && !reception.is_open(now);
        is_of_no_use
    }

    /// Where no relay may have any of it, as they refuse readers of a domain or two, these are asked last: how the others fare
    /// tells whether it is they who are refused, or everybody. Whether it goes on so.
    pub(super) fn set_aside(&mut self, relays: &[Standing], now: Duration) -> bool {
        let refusing = |(standing, reception): (&Standing, &Reception)| {
            if standing.is_up(now) { reception.refuses_few() } else { None }
        };
        let few: Vec<Option<Few>> = relays.iter().zip(&self.receptions).map(refusing).collect();
        let since = few.iter().flatten().map(|few| few.since).max();
        let (Some(since), false) = (since, self.is_asked_whole) else { return false };
        let is_of_ours = few.iter().flatten().any(|few| few.is_of_ours);
        let mut domains = refused_by_all(few.iter().flatten().map(|few| &few.domains));
        domains.retain(|domain, _| !self.aside.domains().any(|before| before == domain));
        if self.aside.domains().count() + domains.len() >= DOMAINS {
            return false;
        }
        for (reception, _) in self.receptions.iter_mut().zip(&few).filter(|(_, few)| few.is_some()) {
            reception.reopen();
        }
        for (domain, refused) in domains {
            self.aside.set(domain, since, refused, is_of_ours);
        }
        self.refused.clear();
        for one in std::mem::take(&mut self.ready) {
            self.add(one);
        }
        true
    }

    /// Where nothing is in hand but what was set aside, of `held` in all: whose readers are asked next. Where none of them are left,
    /// their domain refuses us if a relay took others.
    pub(super) fn asked_next(&self, held: usize, is_bare: bool) -> Option<Asked> {
        let next = self.aside.next()?;
        if !self.ready.is_empty() || held > self.aside.len() {
            return None;
        }
        let receptions = &self.receptions;
        let is_over = is_bare
            && self.aside.len() == 0
            && receptions.iter().any(Reception::has_taken)
            && !receptions.iter().any(Reception::has_row);
        Some(Asked { is_known: next.is_known || is_over, ..next })
    }

    /// Those are asked now whose turn it is of what was set aside.
    pub(super) fn ask_aside(&mut self) {
        for one in self.aside.believe_next() {
            self.add(one);
        }
    }

    /// Nothing is asked last any more. Which deliveries were refused of those domains is returned: what was said of them may be said
    /// of everybody.
    pub(super) fn end_aside(&mut self) -> Vec<i64> {
        self.is_asked_whole = true;
        let (waiting, refused) = self.aside.end();
        for one in waiting {
            self.add(one);
        }
        refused
    }

    /// These say nothing of their recipients either.
    pub(super) fn doubt(&mut self, mut refused: Vec<i64>) {
        refused.retain(|delivery| !self.mistaken.contains(delivery));
        self.mistaken.extend(refused);
    }

    /// Stops where no relay may have any of it; says why.
    pub(super) fn stop_without_relays(&mut self, relays: &[Standing], now: Duration) {
        if (0..relays.len()).any(|relay| self.is_open(relay, &relays[relay], now)) || self.set_aside(relays, now) {
            return;
        }
        let why = relays.iter().zip(&self.receptions).map(|(standing, reception)| {
            if reception.is_open(now) { standing.why.as_str() } else { reception.why.as_str() }
        });
        let why = why.collect::<Vec<_>>().join("; ");
        self.stop(&why);
    }

    fn has_fresh(&self, relay: usize) -> bool {
        self.ready.iter().any(|one| !one.met.refused_by.contains(&relay))
    }

    /// Whether a relay that is up and has not refused all that is there may have some of it.
    fn is_fresh(&self, relays: &[Standing], now: Duration) -> bool {
        (0..relays.len()).any(|relay| self.is_open(relay, &relays[relay], now) && self.has_fresh(relay))
    }

    /// Whether a relay may have what is there: what it has not refused, or what whoever else might take it cannot have,
    /// because it is down. That is refused once more, and then settled.
    pub(super) fn suits(&self, relay: usize, relays: &[Standing], now: Duration) -> bool {
        self.is_going()
            && relays[relay].is_ready(now)
            && self.is_open(relay, &relays[relay], now)
            && (self.has_fresh(relay) || !self.is_fresh(relays, now))
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.ready.len()
    }

    /// Takes out the first that may go through a relay now.
    pub(super) fn take(
        &mut self,
        relay: usize,
        relays: &[Standing],
        buckets: &Buckets,
        now: Duration,
    ) -> Option<InHand> {
        let at = self.first(relay, relays, buckets, now)?;
        self.remove(at)
    }

    /// The others among the relays that may have some of it: those to which somebody is connected, and those that come before.
    fn others(&self, relay: usize, relays: &[Standing], now: Duration) -> Vec<usize> {
        let is_other = |other: usize| other != relay && (other < relay || relays[other].active > 0);
        (0..relays.len()).filter(|other| is_other(*other) && self.suits(*other, relays, now)).collect()
    }

    /// The first that may go out through a relay now and that all others have refused, though they may have the rest; `None`
    /// where there are no others.
    pub(super) fn first_of_refused(
        &self,
        relay: usize,
        relays: &[Standing],
        buckets: &Buckets,
        now: Duration,
    ) -> Option<usize> {
        if self.refused.is_empty() || !self.suits(relay, relays, now) {
            return None;
        }
        let others = self.others(relay, relays, now);
        let has_all = |by: &[usize]| !by.contains(&relay) && others.iter().all(|other| by.contains(other));
        if others.is_empty() || !self.refused.keys().any(|by| has_all(by)) {
            return None;
        }
        self.ready.iter().position(|one| has_all(&one.met.refused_by) && buckets.let_to(one.leased.domain(), now))
    }

    /// Takes out the first that may go through a relay to which somebody is connected for the sake of what others have refused:
    /// nothing else, as long as there are others.
    pub(super) fn take_refused(
        &mut self,
        relay: usize,
        relays: &[Standing],
        buckets: &Buckets,
        now: Duration,
    ) -> Option<InHand> {
        if self.others(relay, relays, now).is_empty() {
            return self.take(relay, relays, buckets, now);
        }
        let at = self.first_of_refused(relay, relays, buckets, now)?;
        self.remove(at)
    }

    /// Where the first stands that may go through a relay now; of those that it has not refused, where there are any that
    /// some relay has not.
    pub(super) fn first(&self, relay: usize, relays: &[Standing], buckets: &Buckets, now: Duration) -> Option<usize> {
        if !self.suits(relay, relays, now) {
            return None;
        }
        let is_fresh = self.has_fresh(relay);
        let fits = |one: &InHand| {
            !(is_fresh && one.met.refused_by.contains(&relay)) && buckets.let_to(one.leased.domain(), now)
        };
        self.ready.iter().position(fits)
    }
}

/// Those that are among all of these, with all deliveries of each; all of them where there are none such.
fn refused_by_all<'d>(each: impl Iterator<Item = &'d BTreeMap<String, Vec<i64>>>) -> BTreeMap<String, Vec<i64>> {
    let (mut all, mut times): (BTreeMap<String, Vec<i64>>, BTreeMap<&str, usize>) = Default::default();
    let mut count = 0;
    for one in each {
        count += 1;
        for (domain, deliveries) in one {
            all.entry(domain.clone()).or_default().extend(deliveries);
            *times.entry(domain).or_default() += 1;
        }
    }
    if times.values().any(|times| *times == count) {
        all.retain(|domain, _| times.get(domain.as_str()) == Some(&count));
    }
    all
}
