//! `masthead serve`: the built site over HTTP, and the pages on which readers subscribe and unsubscribe.
//!
//! [`Service`] is what a composer hands over: data, and the few things that are done outside: the clock, where messages
//! are written, where faults are told. [`run`] answers until it is told to stop.

mod client;
mod connection;
mod guard;
mod health;
mod limits;
mod metrics;
mod patience;
mod peers;
mod site;
mod subscriptions;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::deliver::Sender;
use crate::error::{Error, ErrorKind, Result, Warned};
use crate::model::ReadyNotice;
use crate::store::Store;
use crate::templates::Templates;

use metrics::Metrics;
use site::Site;
use subscriptions::Desk;

/// No form of ours is longer in bytes.
const LONGEST_FORM: usize = 64 * 1024;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
/// Hands a message on, by writing it to the outbox or giving it to a server, and says what became of it for good. Fails when
/// that is to be tried again. It may be asked again for one that it has handed on already, when that could not be recorded.
pub type HandOn = Arc<dyn Fn(&ReadyNotice) -> Result<HandedOn> + Send + Sync>;
/// What became for good of a message that was handed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandedOn {
    /// It was written to the outbox, or a server took it.
    Taken,
    /// Nobody knows whether a server took it.
    Ambiguous,
    /// A server refused it.
    Refused(
        /// What there is to tell of that: nothing where it speaks of the mailbox alone, since anybody may write any address
        /// into a form.
        Option<Error>,
    ),
}

/// Tells whoever runs the service of a fault.
pub type Tell = Arc<dyn Fn(&Error) + Send + Sync>;

/// What is served, and with what.
pub struct Service {
    /// The publication.
    pub config: Config,
    /// The templates of pages and messages.
    pub templates: Templates,
    /// The folder of the built site.
    pub public: PathBuf,
    /// What answers to subscriptions; without it the site alone is served.
    pub subscriptions: Option<Subscriptions>,
    /// The clock.
    pub clock: Clock,
    /// Where faults are told.
    pub tell: Tell,
    /// Whether it is for who sits at this machine: it answers then to the names of the machine for itself alone.
    pub is_private: bool,
}

/// Takes back what was not handed on yet of a list's mail to an address that has left it.
pub type TakeBack = Arc<dyn Fn(&mut Store, &str) -> Result<()> + Send + Sync>;

/// What answering to subscriptions takes.
pub struct Subscriptions {
    /// Readers and their requests.
    pub store: Store,
    /// The same store, opened once more: for what only asks.
    pub reader: Store,
    /// Who writes to them.
    pub sender: Sender,
    /// What hands messages on; without it they wait in the store for somebody who does.
    pub hand_on: Option<HandOn>,
    /// What takes back messages that were not handed on yet to who leaves a list, where there are such.
    pub take_back: Option<TakeBack>,
}

/// Draws every page and message about subscriptions over an example, so that a fault of a template is told before a reader
/// meets it.
pub fn rehearse(config: &Config, templates: &Templates) -> Result<Warned<()>> {
    subscriptions::rehearse(config, templates)
}

/// Serves until the process is told to end (SIGTERM or SIGINT), then lets requests that are being answered come to their
/// end. `ready` is called with the address once connections are accepted.
pub fn run(service: Service, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let refused = |what: &str, cause: &std::io::Error| {
        Error::new(ErrorKind::Io, format!("cannot {what}: {}", cause.to_string().to_lowercase()))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(64)
        .build()
        .map_err(|cause| refused("start the server", &cause))?;
    // Before anything that holds connections to a server of the store is within the runtime.
    let listener = std::net::TcpListener::bind(listen)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|cause| refused(&format!("listen at {listen}"), &cause))?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(|cause| refused("listen", &cause))?;
        let stop = connection::stop_signal().map_err(|cause| refused("wait for signals", &cause))?;
        let address = listener.local_addr().map_err(|cause| refused("listen", &cause))?;
        let proxies = service.config.serve.trusted_proxies.clone().into();
        let (app, worker, desk) = application(service)?;
        let worker = worker.map(tokio::spawn);
        ready(address);
        connection::serve(listener, app, stop, proxies, connection::Bounds::default()).await;
        if let Some(worker) = worker {
            worker.abort();
        }
        Ok(desk)
    });
    runtime.shutdown_timeout(connection::GRACE);
    // The connections to a server of the store cannot be closed within the runtime: this is the last that holds them.
    served.map(drop)
}

type Worker = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// The routes, what is done in the background, and what both hold.
fn application(service: Service) -> Result<(Router, Option<Worker>, Option<Arc<subscriptions::Desk>>)> {
    let Service { config, templates, public, subscriptions, clock, tell, is_private } = service;
    let metrics = Arc::new(Metrics::default());
    let trusted: Arc<[_]> = config.serve.trusted_proxies.clone().into();
    let subscriptions_origin = config.mail.subscriptions_url.clone();
    let site = Arc::new(Site::new(public, &config.publication.base_url, subscriptions_origin.as_deref()));
    let desk = subscriptions
        .map(|given| Desk::new(config, templates, given, clock, tell, Arc::clone(&metrics)).map(Arc::new))
        .transpose()?;
    let inside = health::Inside::new(Arc::clone(&metrics), desk.clone());
    let mut app = Router::new()
        .route("/health", get(health::health))
        .route("/metrics", get(health::metrics))
        .with_state(Arc::new(inside));
    if let Some(desk) = &desk {
        app = app.merge(subscriptions::routes(Arc::clone(desk)));
    }
    app = app
        .fallback(move |request| site::answer(Arc::clone(&site), request))
        .layer(DefaultBodyLimit::max(LONGEST_FORM));
    if let Some(desk) = desk.clone() {
        // Paths are changed before anything is chosen by them.
        let lead = move |request, next| subscriptions::lead(Arc::clone(&desk), request, next);
        app = Router::new().fallback_service(app).layer(axum::middleware::from_fn(lead));
    }
    if is_private {
        app = app.layer(axum::middleware::from_fn(guard::keep_private));
    }
    let app = app
        .layer(axum::middleware::from_fn(move |request, next| guard::guard(Arc::clone(&metrics), request, next)))
        .layer(axum::middleware::from_fn(move |request, next| client::identify(Arc::clone(&trusted), request, next)));
    let worker = desk.clone().map(|desk| Box::pin(subscriptions::work(desk)) as Worker);
    Ok((app, worker, desk))
}
