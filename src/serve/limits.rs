//! How often somebody may do something.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::Network;

/// A network may do as much as this many addresses.
const ADDRESSES_OF_A_NETWORK: u32 = 10;
/// How many senders are remembered at most. Whose bucket is full again need not be.
const SENDERS: usize = 100_000;
/// How long those are not looked through again whose memory is full.
const LOOKED_THROUGH: Duration = Duration::from_secs(10);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Counts what addresses and their networks do: a bucket each, which fills again in an hour.
pub(super) struct Limits {
    per_hour: u32,
    addresses: Mutex<Buckets<IpAddr>>,
    networks: Mutex<Buckets<Network>>,
}

impl Limits {
    /// Allows one address so much in an hour.
    pub(super) fn new(per_hour: u32) -> Self {
        Self { per_hour, addresses: Mutex::default(), networks: Mutex::default() }
    }

    /// Takes one from the buckets of an address and its network; whether there was one in both.
    pub(super) fn allows(&self, address: IpAddr) -> bool {
        self.allows_at(address, Instant::now())
    }

    /// Whether there is one in both buckets; takes none.
    pub(super) fn would_allow(&self, address: IpAddr) -> bool {
        self.would_allow_at(address, Instant::now())
    }

    fn would_allow_at(&self, address: IpAddr, now: Instant) -> bool {
        let most = f64::from(self.per_hour);
        let of_network = most * f64::from(ADDRESSES_OF_A_NETWORK);
        held(&self.addresses).left(&sender(address), most, now) >= 1.0
            && held(&self.networks).left(&Network::around(address), of_network, now) >= 1.0
    }

    fn allows_at(&self, address: IpAddr, now: Instant) -> bool {
        let most = f64::from(self.per_hour);
        let of_network = most * f64::from(ADDRESSES_OF_A_NETWORK);
        let (sender, network) = (sender(address), Network::around(address));
        let (mut addresses, mut networks) = (held(&self.addresses), held(&self.networks));
        // What is refused is not kept: a network that has used up its share would fill the memory with its addresses.
        if addresses.left(&sender, most, now) < 1.0 || !networks.take(network, of_network, now) {
            return false;
        }
        // Where no more addresses can be kept, a newcomer counts with its network alone.
        addresses.take(sender, most, now);
        true
    }
}

/// One household has a whole /64 of IPv6 addresses: it is one sender.
pub(super) fn sender(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A panic of another thread leaves numbers that are still numbers.
fn held<K>(buckets: &Mutex<Buckets<K>>) -> std::sync::MutexGuard<'_, Buckets<K>> {
    buckets.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Buckets<K> {
    buckets: HashMap<K, Bucket>,
    /// When all of them were looked through last.
    looked_through: Option<Instant>,
}

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self { buckets: HashMap::new(), looked_through: None }
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    looked: Instant,
}

impl Bucket {
    /// What it holds now, of `most` in an hour.
    fn left(self, most: f64, now: Instant) -> f64 {
        let filled = now.saturating_duration_since(self.looked).as_secs_f64() / HOUR.as_secs_f64() * most;
        (self.left + filled).min(most)
    }
}

impl<K: Hash + Eq> Buckets<K> {
    fn left(&self, key: &K, most: f64, now: Instant) -> f64 {
        self.buckets.get(key).map_or(most, |bucket| bucket.left(most, now))
    }

    /// Takes one, if there is one, and there is room to keep that it was taken.
    fn take(&mut self, key: K, most: f64, now: Instant) -> bool {
        let left = self.left(&key, most, now);
        // Under a flood it is better to refuse newcomers than to forget those who are counted.
        let is_kept = left >= 1.0 && (self.buckets.contains_key(&key) || self.has_room(most, now));
        if is_kept {
            self.buckets.insert(key, Bucket { left: left - 1.0, looked: now });
        }
        is_kept
    }

    /// Whether one more can be kept, once those are forgotten whose buckets are full again.
    fn has_room(&mut self, most: f64, now: Instant) -> bool {
        let is_long_ago = |at: Instant| now.saturating_duration_since(at) >= LOOKED_THROUGH;
        if self.buckets.len() >= SENDERS && self.looked_through.is_none_or(is_long_ago) {
            self.buckets.retain(|_, bucket| bucket.left(most, now) < most);
            self.looked_through = Some(now);
        }
        self.buckets.len() < SENDERS
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Limits;

    #[test]
    fn an_address_and_its_network_have_so_much_in_an_hour() {
        let limits = Limits::new(2);
        let start = Instant::now();
        let allows = |address: &str, minutes: u64| {
            limits.allows_at(address.parse().unwrap(), start + Duration::from_secs(minutes * 60))
        };
        assert!(allows("192.0.2.1", 0) && allows("::ffff:192.0.2.1", 0) && !allows("192.0.2.1", 0));
        assert!(!allows("192.0.2.1", 29) && allows("192.0.2.1", 60));
        let network: usize = (0..100).filter(|last| allows(&format!("198.51.100.{last}"), 0)).count();
        assert_eq!(network, 20, "a network has as much as ten addresses");
        assert!(allows("203.0.113.1", 0));
        assert!(allows("2001:db8::1", 0) && allows("2001:db8::2", 0) && !allows("2001:db8::3", 0), "one household");
        let would = |address: &str| limits.would_allow_at(address.parse().unwrap(), start);
        assert!(would("2001:db8:0:1::1") && would("192.0.2.9") && allows("192.0.2.9", 0) && allows("192.0.2.9", 0));
        for used_up in ["2001:db8::1", "2001:db8::9", "192.0.2.9", "::ffff:192.0.2.9"] {
            assert!(!would(used_up), "{used_up}");
        }
    }

    /// How many of so many households in a network of IPv6 may do something.
    fn from_network(limits: &Limits, network: u32, households: u32, now: Instant) -> usize {
        let at = |household: u32| format!("2001:db{:x}:{:x}:{household:x}::1", network >> 16, network & 0xffff);
        (0..households).filter(|household| limits.allows_at(at(*household).parse().unwrap(), now)).count()
    }

    #[test]
    fn networks_that_have_used_up_their_share_cost_nobody_else_anything() {
        let (limits, start) = (Limits::new(30), Instant::now());
        for network in [5, 6] {
            assert_eq!(from_network(&limits, network, 51_000, start), 300);
        }
        for newcomer in ["8.8.4.4", "151.101.1.1", "2a00:1:7::1"] {
            assert!(limits.allows_at(newcomer.parse().unwrap(), start), "{newcomer}");
        }
    }

    #[test]
    fn where_no_more_addresses_can_be_kept_a_newcomer_counts_with_its_network() {
        let (limits, start) = (Limits::new(30), Instant::now());
        let flood: usize = (0..334).map(|network| from_network(&limits, network, 300, start)).sum();
        assert_eq!(flood, 334 * 300);
        assert_eq!(from_network(&limits, 0, 300, start), 0, "those who are counted are not forgotten");
        let one = "192.0.2.1".parse().unwrap();
        assert_eq!((0..400).filter(|_| limits.allows_at(one, start)).count(), 300);
        // Their buckets are full again long before the hour is over.
        let later = start + Duration::from_secs(3 * 60);
        let other = "198.51.100.1".parse().unwrap();
        assert_eq!((0..400).filter(|_| limits.allows_at(other, later)).count(), 30);
    }
}
