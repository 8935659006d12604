//! Several addresses of one relay: the first that takes us.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::future::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::timeout;

use super::fault::Fault;

/// How long an address may leave us waiting for a connection until the next one is tried beside it (RFC 8305 5).
const PATIENCE: Duration = Duration::from_secs(1);
/// The same for its greeting: servers make strangers wait, to see whether they talk before their turn.
pub(super) const OF_GREETING: Duration = Duration::from_secs(10);

/// So many addresses that refuse us speak for the others: a relay that is full is not to be asked everywhere.
const MOST_REFUSED: usize = 3;

/// How far an address has come.
enum Step<C, R> {
    Connected(Result<C, Fault>),
    Received(Result<R, Fault>),
}

/// What the first of some addresses gives that we can connect to and that receives us, in their order; the next is tried where
/// one fails, and beside one that has us wait. Each takes as long as its steps may. Fails as the one that came furthest.
pub(super) async fn first_of<C, R>(
    addresses: impl IntoIterator<Item = SocketAddr>,
    of_greeting: Duration,
    connect: impl AsyncFn(SocketAddr) -> Result<C, Fault>,
    receive: impl AsyncFn(C) -> Result<R, Fault>,
) -> Result<R, Fault> {
    let mut addresses = addresses.into_iter().peekable();
    let mut tried = FuturesUnordered::new();
    let mut failed = Failed { fault: Fault::lost("there is no address"), refused: 0 };
    let (mut is_next_due, mut patience) = (true, PATIENCE);
    loop {
        let may_go_on = failed.refused < MOST_REFUSED;
        if is_next_due
            && may_go_on
            && let Some(address) = addresses.next()
        {
            tried.push(connect(address).map(Step::Connected).left_future());
            patience = PATIENCE;
        }
        let limit = if may_go_on && addresses.peek().is_some() { patience } else { Duration::MAX };
        is_next_due = match timeout(limit, tried.next()).await {
            Ok(Some(Step::Received(Ok(received)))) => return Ok(received),
            Ok(Some(Step::Connected(Ok(connected)))) => {
                tried.push(receive(connected).map(Step::Received).right_future());
                patience = of_greeting;
                false
            }
            Ok(Some(Step::Connected(Err(fault)))) => failed.add(fault, false),
            Ok(Some(Step::Received(Err(fault)))) => failed.add(fault, true),
            Ok(None) => return Err(failed.fault),
            Err(_) => true,
        };
    }
}

/// What went wrong so far.
struct Failed {
    fault: Fault,
    /// How many addresses connected and did not receive us.
    refused: usize,
}

impl Failed {
    /// Of addresses that came as far the last counts, and a fault lasts where it does with each of them. Whether the next address
    /// is due: it is.
    fn add(&mut self, mut fault: Fault, was_connected: bool) -> bool {
        if was_connected {
            fault.is_lasting &= self.refused == 0 || self.fault.is_lasting;
            self.refused += 1;
            self.fault = fault;
        } else if self.refused == 0 {
            self.fault = fault;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    use tokio::time::sleep;

    use super::{Fault, OF_GREETING, PATIENCE, first_of};

    /// A listener that answers nobody any more, with those for whom it has no room.
    fn full() -> (TcpListener, Vec<TcpStream>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = std::iter::from_fn(|| TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok());
        let waiting = waiting.take(5000).collect();
        (listener, waiting)
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    fn connected(addresses: Vec<SocketAddr>) -> Option<SocketAddr> {
        let connect = async |address| {
            tokio::net::TcpStream::connect(address).await.map_err(|cause| Fault::io("connecting", &cause))
        };
        run(first_of(addresses, OF_GREETING, connect, async |tcp| Ok(tcp.peer_addr().unwrap()))).ok()
    }

    #[test]
    fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        let (silent, _waiting) = full();
        let silent = silent.local_addr().unwrap();
        let good = TcpListener::bind("127.0.0.1:0").unwrap();
        let good = good.local_addr().unwrap();
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let begun = Instant::now();
        assert_eq!(connected(vec![closed, good, silent]), Some(good), "the first that takes us");
        assert!(begun.elapsed() < PATIENCE, "nobody waits after one that refuses");
        assert_eq!(connected(vec![silent, closed, good]), Some(good));
        assert_eq!(connected(vec![closed]), None);
        assert_eq!(connected(Vec::new()), None);
    }

    /// What comes of addresses by their ports: below 10 nobody listens, below 20 the greeting refuses for now, below 30 for good,
    /// below 40 there is none in time, and from 40 on it is one.
    fn received(ports: &[u16]) -> Result<u16, Fault> {
        let connect = async |address: SocketAddr| match address.port() {
            port @ 0..10 => Err(Fault::lost(format!("nobody listens at {port}"))),
            port => Ok(port),
        };
        let receive = async |port| match port {
            0..20 => Err(Fault::lost(format!("{port} is busy"))),
            20..30 => Err(Fault::tls(format!("{port} has no certificate"))),
            30..40 => {
                sleep(Duration::from_secs(1)).await;
                Err(Fault::timeout("greeting"))
            }
            port => Ok(port),
        };
        let addresses = ports.iter().map(|port| SocketAddr::from(([192, 0, 2, 1], *port)));
        run(first_of(addresses, Duration::from_millis(20), connect, receive))
    }

    #[test]
    fn an_address_that_does_not_receive_us_leaves_it_to_the_next() {
        for ports in [&[40][..], &[1, 10, 20, 40], &[30, 40], &[30, 31, 1, 40], &[40, 10]] {
            let begun = Instant::now();
            assert_eq!(received(ports), Ok(40), "{ports:?}");
            assert!(begun.elapsed() < Duration::from_millis(900), "{ports:?}: beside one that has us wait");
        }
        let text = |ports: &[u16]| received(ports).map_err(|fault| (fault.text, fault.is_lasting));
        let fault = |text: &str, is_lasting| Err((text.to_owned(), is_lasting));
        assert_eq!(text(&[1, 2]), fault("nobody listens at 2", false));
        assert_eq!(text(&[10, 1]), fault("10 is busy", false), "it came furthest");
        assert_eq!(text(&[1, 20]), fault("TLS: 20 has no certificate", true), "what is not reached says nothing");
        assert_eq!(text(&[10, 20]), fault("TLS: 20 has no certificate", false), "the first may take us later");
        assert_eq!(text(&[20, 21]), fault("TLS: 21 has no certificate", true));
        assert_eq!(text(&[10, 1, 11, 12, 40]), fault("12 is busy", false), "three speak for the others");
    }
}
