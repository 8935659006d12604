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
/// How many senders are remembered at most; those who did nothing lately are forgotten first.
const SENDERS: usize = 100_000;
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
        let of_address = held(&self.addresses).take(sender(address), most, now);
        let of_network = most * f64::from(ADDRESSES_OF_A_NETWORK);
        of_address && held(&self.networks).take(Network::around(address), of_network, now)
    }
}

/// One household has a whole /64 of IPv6 addresses: it is one sender.
fn sender(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// A panic of another thread leaves numbers that are still numbers.
fn held<K>(buckets: &Mutex<Buckets<K>>) -> std::sync::MutexGuard<'_, Buckets<K>> {
    buckets.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Buckets<K>(HashMap<K, Bucket>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    looked: Instant,
}

impl<K: Hash + Eq> Buckets<K> {
    fn left(&self, key: &K, most: f64, now: Instant) -> f64 {
        self.0.get(key).map_or(most, |bucket| {
            let filled = now.saturating_duration_since(bucket.looked).as_secs_f64() / HOUR.as_secs_f64() * most;
            (bucket.left + filled).min(most)
        })
    }

    fn take(&mut self, key: K, most: f64, now: Instant) -> bool {
        if self.0.len() >= SENDERS && !self.0.contains_key(&key) {
            self.0.retain(|_, bucket| now.saturating_duration_since(bucket.looked) < HOUR);
            if self.0.len() >= SENDERS {
                // Under such a flood it is better to refuse newcomers than to forget those who are counted.
                return false;
            }
        }
        let left = self.left(&key, most, now);
        let allowed = left >= 1.0;
        self.0.insert(key, Bucket { left: if allowed { left - 1.0 } else { left }, looked: now });
        allowed
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
}
