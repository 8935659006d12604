//! Connections: how many, how long, and how they end.

use std::future::poll_fn;
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

/// How many connections are held at once; more wait.
const CONNECTIONS: usize = 512;
/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(10);
/// How long one connection is held, whatever goes over it.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// How long requests that are being answered may take once the service is told to end.
pub(super) const GRACE: Duration = Duration::from_secs(10);
/// The most bytes of a request's head that are held.
const HEAD_SIZE: usize = 32 * 1024;

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

/// Accepts connections until `stop` ends, then waits for those that are being answered.
pub(super) async fn serve(listener: TcpListener, app: Router, stop: impl Future<Output = ()> + Send) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
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
                tokio::spawn(connection(stream, peer, app.clone(), stopped.clone(), permit));
            }
            // The machine has no more sockets for now, or the other side is gone already.
            Ended::First(_) => sleep(Duration::from_millis(50)).await,
            Ended::Second(()) => break,
        }
    }
    drop(listener);
    let _ = stopping.send(true);
    let _ = timeout(GRACE, permits.acquire_many(CONNECTIONS as u32)).await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    mut stopped: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
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
