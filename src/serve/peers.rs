//! Who has how many of the connections.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::limits::sender;
use crate::config::Network;

/// Counts the connections of each address. Nobody gets another one who has more than are left for everybody else, so that one
/// address alone gets half of all and never the last; a proxy brings the readers of all addresses, and gets what it asks for.
pub(super) struct Peers {
    proxies: Arc<[Network]>,
    seats: Mutex<HashMap<IpAddr, usize>>,
}

/// The place of one connection, for as long as it is kept.
pub(super) struct Seat {
    peers: Arc<Peers>,
    /// Whose it is; nobody's where it is not counted.
    whose: Option<IpAddr>,
}

impl Peers {
    /// Nobody has any yet; connections of these proxies are not counted.
    pub(super) fn new(proxies: Arc<[Network]>) -> Arc<Self> {
        Arc::new(Self { proxies, seats: Mutex::default() })
    }

    /// A place for one more connection of a peer, when so many others are free; `None` when it has more than that.
    pub(super) fn seat(self: &Arc<Self>, peer: IpAddr, free: usize) -> Option<Seat> {
        let peers = Arc::clone(self);
        if self.proxies.iter().any(|network| network.holds(peer)) {
            return Some(Seat { peers, whose: None });
        }
        let whose = sender(peer);
        let mut seats = self.seats();
        let has = seats.get(&whose).copied().unwrap_or(0);
        if has > free {
            return None;
        }
        seats.insert(whose, has + 1);
        drop(seats);
        Some(Seat { peers, whose: Some(whose) })
    }

    /// A panic of another thread leaves numbers that are still numbers.
    fn seats(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(whose) = self.whose else { return };
        let mut seats = self.peers.seats();
        match seats.get_mut(&whose) {
            Some(has) if *has > 1 => *has -= 1,
            _ => drop(seats.remove(&whose)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Peers, Seat};
    use crate::config::Network;

    const ALL: usize = 512;

    #[test]
    fn nobody_but_a_proxy_has_more_connections_than_are_free() {
        let proxies: Vec<Network> = ["127.0.0.1", "::1"].iter().map(|text| Network::parse(text).unwrap()).collect();
        let peers = Peers::new(proxies.into());
        let mut seats: Vec<Seat> = Vec::new();
        let take = |seats: &mut Vec<Seat>, from: &str| {
            let seat = (seats.len() < ALL).then(|| peers.seat(from.parse().unwrap(), ALL - seats.len() - 1)).flatten();
            let is_taken = seat.is_some();
            seats.extend(seat);
            is_taken
        };
        let all = |seats: &mut Vec<Seat>, from: &[&str]| {
            (0..2 * ALL).filter(|number| take(seats, from[number % from.len()])).count()
        };
        assert_eq!(all(&mut seats, &["192.0.2.1", "::ffff:192.0.2.1"]), ALL / 2, "as many as are left for the others");
        assert_eq!(all(&mut seats, &["2001:db8::1", "2001:db8::2"]), ALL / 4, "one household is one");
        assert!(take(&mut seats, "198.51.100.7"));
        assert_eq!(all(&mut seats, &["::ffff:127.0.0.1", "::1"]), ALL / 4 - 1, "whoever a proxy comes for");
        assert_eq!(seats.len(), ALL);
        // Who gives one back may have it again.
        seats.drain(..ALL / 2);
        assert_eq!(peers.seats().len(), 2);
        assert!(take(&mut seats, "192.0.2.1") && take(&mut seats, "198.51.100.7"));
        seats.clear();
        assert!(peers.seats().is_empty());
        assert_eq!(Arc::strong_count(&peers), 1);
    }
}
