//! Connections: how many, how long, and how they end.

use std::future::poll_fn;
use std::io::Write as _;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use super::client::Peer;
use super::patience::Patient;
use super::peers::{Peers, Seat};
use crate::config::Network;

/// How many connections are held at once; more wait.
const CONNECTIONS: usize = 512;
/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(10);
/// How long one connection is held, whatever goes over it.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long requests that are being answered may take once the service is told to end.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// How long the other side may take nothing of what is written to it.
const STALLED: Duration = Duration::from_secs(60);
/// The most bytes of a request's head that are held.
const HEAD_SIZE: usize = 32 * 1024;
/// What whoever has too many connections is told on another one.
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// What one service holds and bears.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    connections: usize,
    stalled: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: CONNECTIONS, stalled: STALLED }
    }
}

/// Ends when the process is told to.
pub(super) fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        poll_fn(|context| {
            if terminate.poll_recv(context).is_ready() || interrupt.poll_recv(context).is_ready() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    })
}

/// Accepts connections until `stop` ends, then waits for those that are being answered. Those of `proxies` are for readers of
/// all addresses.
pub(super) async fn serve(
    listener: TcpListener,
    app: Router,
    stop: impl Future<Output = ()> + Send,
    proxies: Arc<[Network]>,
    bounds: Bounds,
) {
    let permits = Arc::new(Semaphore::new(bounds.connections));
    let peers = Peers::new(proxies);
    let (stopping, stopped) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let mut accepting = pin!(async {
            // The semaphore is never closed.
            let permit = Arc::clone(&permits).acquire_owned().await.ok();
            (permit, listener.accept().await)
        });
        match first(accepting.as_mut(), stop.as_mut()).await {
            Ended::First((Some(permit), Ok((stream, peer)))) => {
                let _ = stream.set_nodelay(true);
                match peers.seat(peer.ip(), permits.available_permits()) {
                    Some(seat) => {
                        let stream = Patient::new(stream, bounds.stalled);
                        tokio::spawn(connection(stream, peer, app.clone(), stopped.clone(), (permit, seat)));
                    }
                    None => refuse(stream),
                }
            }
            // The machine has no more sockets for now, or the other side is gone already.
            Ended::First(_) => sleep(Duration::from_millis(50)).await,
            Ended::Second(()) => break,
        }
    }
    drop(listener);
    let _ = stopping.send(true);
    let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
    let _ = timeout(GRACE, permits.acquire_many(all)).await;
}

/// Tells a peer that it has too many connections, as far as that can be told without waiting.
fn refuse(stream: TcpStream) {
    let _ = stream.into_std().and_then(|mut stream| stream.write(BUSY));
}

async fn connection(
    stream: Patient<TcpStream>,
    peer: SocketAddr,
    app: Router,
    mut stopped: watch::Receiver<bool>,
    _held: (OwnedSemaphorePermit, Seat),
) {
    let service = TowerToHyperService::new(app.layer(axum::Extension(Peer(peer))));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(HEAD_SIZE)
            .serve_connection(TokioIo::new(stream), service)
    );
    let mut ends = pin!(async {
        let mut told = pin!(stopped.wait_for(|stopped| *stopped));
        let mut too_long = pin!(sleep(LONGEST));
        first(told.as_mut(), too_long.as_mut()).await;
    });
    // A client that breaks off or talks nonsense is no fault of ours.
    if let Ended::Second(()) = first(connection.as_mut(), ends.as_mut()).await {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(GRACE, connection).await;
    }
}

enum Ended<A, B> {
    First(A),
    Second(B),
}

/// Waits for whichever ends first.
async fn first<A, B>(
    mut a: Pin<&mut impl Future<Output = A>>,
    mut b: Pin<&mut impl Future<Output = B>>,
) -> Ended<A, B> {
    poll_fn(|context| {
        if let Poll::Ready(a) = a.as_mut().poll(context) {
            return Poll::Ready(Ended::First(a));
        }
        b.as_mut().poll(context).map(Ended::Second)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};
    use std::sync::Arc;
    use std::time::Duration;

    use axum::Router;
    use axum::routing::get;
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::runtime::Runtime;
    use tokio::sync::oneshot;

    use super::{Bounds, serve};
    use crate::config::Network;

    /// How long anything may take.
    const PATIENCE: Duration = Duration::from_secs(20);
    /// More than fits between a writer and a reader who does not read.
    const LARGE: usize = 32 << 20;

    struct Served {
        runtime: Runtime,
        address: SocketAddr,
        /// Dropping it ends the service.
        stop: Option<oneshot::Sender<()>>,
    }

    impl Served {
        fn start(bounds: Bounds, proxies: &[&str]) -> Self {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            let proxies: Arc<[Network]> = proxies.iter().map(|text| Network::parse(text).unwrap()).collect();
            let app = Router::new()
                .route("/", get(|| async { "hello" }))
                .route("/large", get(|| async { "x".repeat(LARGE) }));
            let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = oneshot::channel::<()>();
            let stopped = async {
                let _ = stopped.await;
            };
            runtime.spawn(serve(listener, app, stopped, proxies, bounds));
            Self { runtime, address, stop: Some(stop) }
        }

        /// A connection from some address of this machine.
        fn connect(&self, from: u8) -> TcpStream {
            let connecting = async {
                let socket = TcpSocket::new_v4().unwrap();
                socket.bind(SocketAddr::new(Ipv4Addr::new(127, 0, 0, from).into(), 0)).unwrap();
                socket.connect(self.address).await.unwrap().into_std().unwrap()
            };
            let stream = self.runtime.block_on(connecting);
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream
        }
    }

    impl Drop for Served {
        fn drop(&mut self) {
            drop(self.stop.take());
        }
    }

    fn ask(stream: &mut TcpStream, target: &str) {
        stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).unwrap();
    }

    /// The status line of the next answer.
    fn status(stream: &mut TcpStream) -> String {
        let mut line = [0; 12];
        stream.read_exact(&mut line).unwrap();
        String::from_utf8_lossy(&line).into_owned()
    }

    #[test]
    fn who_takes_nothing_of_an_answer_makes_room_for_others() {
        let served = Served::start(Bounds { connections: 1, stalled: Duration::from_millis(500) }, &[]);
        let mut slow = served.connect(1);
        ask(&mut slow, "/large");
        assert_eq!(status(&mut slow), "HTTP/1.1 200");
        let mut other = served.connect(2);
        ask(&mut other, "/");
        assert_eq!(status(&mut other), "HTTP/1.1 200");
    }

    #[test]
    fn who_reads_slowly_gets_all_of_it() {
        let stalled = Duration::from_secs(4);
        let served = Served::start(Bounds { connections: 1, stalled }, &[]);
        let mut slow = served.connect(1);
        ask(&mut slow, "/large");
        let started = std::time::Instant::now();
        let mut block = vec![0; LARGE / 32];
        for _ in 0..32 {
            slow.read_exact(&mut block).unwrap();
            std::thread::sleep(stalled / 20);
        }
        assert!(started.elapsed() > stalled, "longer than nothing may be taken");
    }

    #[test]
    fn one_address_has_no_more_connections_than_are_free() {
        let bounds = Bounds { connections: 8, stalled: PATIENCE };
        let served = Served::start(bounds, &[]);
        let mut held: Vec<TcpStream> = Vec::new();
        for number in 0..6 {
            let mut stream = served.connect(1);
            if number < 4 {
                ask(&mut stream, "/");
            }
            let expected = if number < 4 { "HTTP/1.1 200" } else { "HTTP/1.1 503" };
            assert_eq!(status(&mut stream), expected, "{number}");
            held.push(stream);
        }
        for other in [2, 3] {
            let mut stream = served.connect(other);
            ask(&mut stream, "/");
            assert_eq!(status(&mut stream), "HTTP/1.1 200");
        }
        drop(held);
        let proxied = Served::start(bounds, &["127.0.0.1"]);
        let mut all: Vec<TcpStream> = (0..8).map(|_| proxied.connect(1)).collect();
        for stream in &mut all {
            ask(stream, "/");
            assert_eq!(status(stream), "HTTP/1.1 200");
        }
    }
}
