//! How much is sent in a time: token buckets.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Settings;
use crate::config::Rate;

/// How many messages may go out at once after a pause, in seconds of the rate.
const BURST: Duration = Duration::from_secs(1);

/// A bucket into which a token falls at each step of its rate; a message takes one out. Kept as the instant at which
/// it would be full, which is the same and needs no counting (the generic cell rate algorithm).
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    step: Duration,
    /// When the next message would go, were they evenly spread.
    next: Duration,
}

impl Bucket {
    pub(super) fn new(rate: Rate) -> Self {
        Self { step: rate.per / rate.messages.max(1), next: Duration::ZERO }
    }

    /// How long from `now` until there is a token.
    pub(super) fn wait(&self, now: Duration) -> Duration {
        self.next.saturating_sub(now + BURST.saturating_sub(self.step))
    }

    /// Takes a token out.
    pub(super) fn take(&mut self, now: Duration) {
        self.next = self.next.max(now) + self.step;
    }
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

/// What went out of late, as far as rates ask: in all, through each relay, and to each domain. Whoever sends several
/// campaigns, at once or one after the other, keeps one of these for all of them.
#[derive(Clone, Debug, Default)]
pub struct Buckets {
    all: Option<Bucket>,
    relays: Vec<Option<Bucket>>,
    domains: BTreeMap<String, Bucket>,
    pub(super) domain_rates: DomainRates,
}

impl Buckets {
    /// Nothing went out yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            all: settings.rate.map(Bucket::new),
            relays: settings.relays.iter().map(|relay| relay.rate.map(Bucket::new)).collect(),
            domains: BTreeMap::new(),
            domain_rates: settings.domain_rates.clone(),
        }
    }

    fn of_relay(&self, relay: usize) -> Option<&Bucket> {
        self.relays.get(relay).and_then(Option::as_ref)
    }

    /// Whether something may go out through a relay, as far as it and everything together are limited.
    pub(super) fn let_through(&self, relay: usize, now: Duration) -> bool {
        self.all.iter().chain(self.of_relay(relay)).all(|bucket| bucket.wait(now).is_zero())
    }

    /// Whether something may go to a domain.
    pub(super) fn let_to(&self, domain: &str, now: Duration) -> bool {
        self.domain_rates.is_empty() || self.wait_of(domain, now).is_zero()
    }

    fn wait_of(&self, domain: &str, now: Duration) -> Duration {
        self.domains.get(domain).map_or(Duration::ZERO, |bucket| bucket.wait(now))
    }

    /// Something goes out.
    pub(super) fn take(&mut self, relay: usize, domain: &str, now: Duration) {
        if let Some(rate) = self.domain_rates.of(domain) {
            self.domains.entry(domain.to_owned()).or_insert_with(|| Bucket::new(rate)).take(now);
        }
        let of_relay = self.relays.get_mut(relay).and_then(Option::as_mut);
        self.all.iter_mut().chain(of_relay).for_each(|bucket| bucket.take(now));
    }

    /// How long until something may go out to one of these domains; `None` where there are none.
    pub(super) fn wait<'d>(&self, domains: impl Iterator<Item = &'d str>, now: Duration) -> Option<Duration> {
        let domain = domains.map(|domain| self.wait_of(domain, now)).min()?;
        let all = self.all.map_or(Duration::ZERO, |bucket| bucket.wait(now));
        let relay =
            (0..self.relays.len()).map(|at| self.of_relay(at).map_or(Duration::ZERO, |one| one.wait(now))).min();
        Some(all.max(relay.unwrap_or_default()).max(domain))
    }

    /// Forgets the domains to which nothing went for so long that it counts no more: in a year there are many.
    pub(super) fn forget(&mut self, now: Duration) {
        self.domains.retain(|_, bucket| bucket.next > now);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::{Bucket, Buckets, DomainRates};
    use crate::config::Rate;

    #[test]
    fn domains_are_forgotten_once_they_may_have_as_much_as_ever() {
        let domain_rates = DomainRates { each: Rate::parse("6/m"), named: BTreeMap::new() };
        let mut buckets = Buckets { domain_rates, ..Buckets::default() };
        let seconds = Duration::from_secs;
        buckets.take(0, "a.example", seconds(0));
        buckets.take(0, "b.example", seconds(5));
        buckets.forget(seconds(9));
        assert_eq!((buckets.domains.len(), buckets.let_to("a.example", seconds(9))), (2, false));
        buckets.forget(seconds(10));
        assert_eq!((buckets.domains.len(), buckets.let_to("a.example", seconds(10))), (1, true));
        assert_eq!(buckets.wait(["a.example", "b.example"].into_iter(), seconds(10)), Some(Duration::ZERO));
        assert_eq!(buckets.wait(["b.example"].into_iter(), seconds(10)), Some(seconds(5)));
    }

    #[test]
    fn a_bucket_lets_a_second_of_its_rate_through_and_then_one_at_a_time() {
        let mut bucket = Bucket::new(Rate::parse("10/s").unwrap());
        let (mut now, mut sent) = (Duration::from_secs(5), 0);
        while now < Duration::from_secs(15) {
            if bucket.wait(now).is_zero() {
                bucket.take(now);
                sent += 1;
            } else {
                now += bucket.wait(now);
            }
        }
        assert!((100..=111).contains(&sent), "{sent} in ten seconds at ten a second, after a burst");
        let mut slow = Bucket::new(Rate::parse("60/h").unwrap());
        slow.take(Duration::ZERO);
        assert_eq!(slow.wait(Duration::ZERO), Duration::from_secs(60));
    }
}
