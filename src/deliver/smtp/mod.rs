//! Sending campaigns over SMTP (RFC 5321).
//!
//! The thread that calls [`deliver`] has the queue: it claims deliveries, and takes what all connections have to
//! record together into one transaction. The connections share a thread that waits for all of them at once; where
//! making a message takes long, because it is signed, there are two such threads for each core: one signs while the
//! other waits. A connection composes a message, names sender and recipient, waits until the intent is recorded, and
//! hands the body over. What became of a message is recorded with the intent of the next, so that a kill leaves at most
//! one message of each connection in doubt.

mod connection;
mod desk;
mod fault;
mod first_of;
mod greet;
mod inbox;
mod rate;
mod refusal;
mod relay;
mod reply;
mod retry;
mod schedule;
mod session;
mod stream;
mod stuffing;
mod tls;

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use connection::Connection;
use desk::Desk;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
pub use greet::{Found, Greeted, greet};
use inbox::Inbox;
pub use rate::{Buckets, DomainRates};
pub use relay::{Credentials, Limits, Relay, Security};
use schedule::Schedule;
pub use tls::tls;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::unbounded_channel;

use super::piece::Piece;
use crate::config::Rate;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Clock, Leased, Queue};

/// What makes the messages of a campaign.
pub trait Letters: Sync {
    /// The message of one delivery. Fails when none can be made of it; the delivery has then failed.
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>>;

    /// Whether composing takes longer than sending: then every core does.
    fn are_laborious(&self) -> bool {
        false
    }
}

/// A message, ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter<'l> {
    /// Where bounces go: the address of MAIL FROM.
    pub return_path: String,
    /// The whole of it (RFC 5322), with CRLF line ends, the last of them at the end; in as many pieces as there are.
    pub pieces: Vec<Piece<'l>>,
}

/// A campaign, as it is handed over to be sent.
pub struct Consignment<'c> {
    /// Which one.
    pub campaign: i64,
    /// The revision that its messages are of: when the campaign goes on with another, they are made anew.
    pub revision: u32,
    /// Its messages.
    pub letters: &'c dyn Letters,
    /// The lists of the issue: whoever has left one of them since may stand on another.
    pub lists: Vec<String>,
    /// Whether relays are tried with one connection each first: they failed when it was sent last.
    pub is_careful: bool,
}

/// How campaigns are sent.
#[derive(Clone, Debug)]
pub struct Settings {
    /// In the order in which they are tried. At least one.
    pub relays: Vec<Relay>,
    /// The name of this machine, for EHLO.
    pub helo: String,
    /// How long steps may last.
    pub limits: Limits,
    /// How much is sent in all.
    pub rate: Option<Rate>,
    /// How much is sent to one domain.
    pub domain_rates: DomainRates,
    /// The name of this run among the workers; unlike any other's.
    pub worker: String,
    /// How long deliveries are held without renewing.
    pub lease: Duration,
    /// Whether other workers deliver from the same store: then what they held is taken back when it is overdue.
    pub is_shared: bool,
    /// The campaigns that need not be waited for, however much of them is due: they had their turn.
    pub passed_over: BTreeSet<i64>,
    /// Set from outside when the run is to end: between two messages, with what waits given back.
    pub ending: Arc<AtomicBool>,
}

impl Settings {
    /// Whether what goes out is limited as by others, so that what went out by those counts on.
    #[must_use]
    pub fn has_rates_of(&self, others: &Self) -> bool {
        let of_relays = |settings: &Self| -> Vec<_> {
            settings.relays.iter().map(|relay| (relay.name.clone(), relay.rate)).collect()
        };
        self.rate == others.rate && self.domain_rates == others.domain_rates && of_relays(self) == of_relays(others)
    }
}

/// How many campaigns are sent together; further ones are sent once one of them is over.
pub const MOST_TOGETHER: usize = 16;

/// What one run did of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// Taken by relays.
    pub sent: u64,
    /// Refused for now.
    pub deferred: u64,
    /// Refused for good.
    pub failed: u64,
    /// Addresses to which no mail goes any more, for what servers answered.
    pub suppressed: u64,
    /// Nobody knows.
    pub ambiguous: u64,
    /// Why relays were not used for a while, though others were.
    pub downs: Vec<String>,
    /// Why it ended before everything that was due was tried.
    pub stopped: Option<Stopped>,
    /// Whether it was marked finished: every delivery has come to an end.
    pub is_finished: bool,
}

/// Why a run ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody paused or cancelled the campaign, or told the run to end.
    Asked,
    /// Another campaign became due, and they go on together.
    Joined,
    /// No relay could be used.
    Relays(
        /// What is wrong with each.
        String,
    ),
    /// The relays refuse one message after the other, in the same words: each try would cost a recipient the issue.
    Refused(
        /// What each says.
        String,
    ),
}

/// Sends what is due of running campaigns, message by message in turn, so that one that waits for a rate holds up none
/// that need not; returns when nothing of any is due now, when no relay can be used, or, of one, when somebody pauses or
/// cancels it. Those that come to their end are marked finished. When another campaign of the queue becomes due all
/// stop, so that they can go on with it. What is held is settled or given back before. What went out is kept in `buckets`;
/// `watch` is called now and then with what was done of each. Fails when the store does; what was under way then is
/// ambiguous, or taken by the next run.
pub fn deliver(
    queue: &mut dyn Queue,
    consignments: &[Consignment<'_>],
    buckets: &mut Buckets,
    settings: &Settings,
    clock: &dyn Clock,
    watch: &mut dyn FnMut(&[Summary]),
) -> Result<Vec<Summary>> {
    let schedule = Schedule::new(consignments.len(), &settings.relays, std::mem::take(buckets));
    let done = send(queue, consignments, &schedule, settings, clock, watch);
    *buckets = schedule.into_buckets(clock.elapsed());
    done
}

/// Sends a campaign that is alone in its queue, and to nobody else.
pub fn deliver_alone(
    queue: &mut dyn Queue,
    campaign: i64,
    letters: &dyn Letters,
    settings: &Settings,
    clock: &dyn Clock,
) -> Result<Summary> {
    let known = queue.campaigns(clock.now())?.into_iter().find(|one| one.id == campaign);
    let revision = known.map_or(1, |one| one.revision);
    let alone = [Consignment { campaign, revision, letters, lists: Vec::new(), is_careful: false }];
    let done = deliver(queue, &alone, &mut Buckets::new(settings), settings, clock, &mut |_| {})?;
    Ok(done.into_iter().next().unwrap_or_default())
}

fn send(
    queue: &mut dyn Queue,
    consignments: &[Consignment<'_>],
    schedule: &Schedule,
    settings: &Settings,
    clock: &dyn Clock,
    watch: &mut dyn FnMut(&[Summary]),
) -> Result<Vec<Summary>> {
    for (lane, _) in consignments.iter().enumerate().filter(|(_, one)| one.is_careful) {
        schedule.begin_carefully(lane);
    }
    let most = settings.relays.iter().map(|relay| relay.connections).max().unwrap_or(1).max(1);
    // One more for each relay that may get what those before it have refused while they are busy with the rest.
    let connections = most + settings.relays.len().saturating_sub(1);
    let are_laborious = consignments.iter().any(|one| one.letters.are_laborious());
    let threads = if are_laborious { 2 * thread::available_parallelism().map_or(1, NonZero::get) } else { 1 };
    let inbox = Arc::new(Inbox::default());
    let runtimes = (0..threads.min(connections)).map(|_| runtime(&inbox)).collect::<Result<Vec<Runtime>>>()?;
    thread::scope(|scope| {
        let mut crews: Vec<Vec<Connection<'_>>> = runtimes.iter().map(|_| Vec::new()).collect();
        let mut grants = Vec::with_capacity(connections);
        for number in 0..connections {
            let (grant, granted) = unbounded_channel();
            grants.push(grant);
            let crew = number % crews.len();
            crews[crew].push(Connection::new(number, settings, schedule, consignments, clock, &inbox, granted));
        }
        for (runtime, crew) in runtimes.into_iter().zip(crews) {
            let inbox = &*inbox;
            scope.spawn(move || work(runtime, crew, inbox));
        }
        let mut desk = Desk::new(queue, consignments, settings, schedule, clock, grants);
        let done = desk.run(&inbox, watch);
        // Also of a run that the store cut short it is known how far it came.
        watch(&desk.summaries());
        schedule.end();
        // A connection that waits for leave to send gets none: the channel is gone with the desk.
        drop(desk);
        done
    })
}

/// What waits for the connections of one thread. The desk learns of what they report when none of them has more to do.
fn runtime(inbox: &Arc<Inbox>) -> Result<Runtime> {
    let inbox = Arc::clone(inbox);
    Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .on_thread_park(move || inbox.ring())
        .build()
        .map_err(|cause| Error::new(ErrorKind::Io, format!("the machine lets nobody wait for connections: {cause}")))
}

/// Runs connections until they have nothing left to do.
fn work(runtime: Runtime, crew: Vec<Connection<'_>>, inbox: &Inbox) {
    let running: FuturesUnordered<_> = crew.into_iter().map(Connection::run).collect();
    runtime.block_on(running.for_each(|()| std::future::ready(())));
    inbox.ring();
    // A look-up of a name that nobody waits for any more must not hold up the end.
    runtime.shutdown_background();
}
