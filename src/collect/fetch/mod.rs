//! Sources on the web: what to ask, what an answer means, when to ask again.
//!
//! The decisions are functions over plain data: [`turn`] decides whether a source is asked, [`fetch`] asks those that
//! are, [`learn`] takes in what came. The network itself is an [`Exchange`]; [`Network`] is the real one.

mod ask;
mod body;
mod budget;
mod exchange;
mod fault;
mod follow;
mod gap;
mod guard;
mod headers;
mod hosts;
mod learn;
mod link;
mod network;
mod proxies;
mod rest;
mod rhythm;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Url;

pub use self::ask::{Ask, Circumstances, Turn, When, moved, turn};
pub use self::budget::Budget;
pub use self::exchange::{Exchange, Request, Response};
pub use self::fault::Fault;
use self::follow::Way;
pub use self::follow::{Answer, Failure};
pub use self::gap::{gap_warning, given_up, is_due, is_given_up, missed};
pub(super) use self::guard::host_out_of_reach;
pub use self::guard::is_shareable;
pub use self::headers::Headers;
pub use self::hosts::Hosts;
pub use self::learn::{Learned, Outcome, Reading, learn, warning};
pub use self::link::Link;
pub use self::network::Network;
pub use self::proxies::Proxies;
pub use self::rest::Rest;
pub use self::rhythm::rhythm;
use crate::config::Fetch;

/// A document that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
    /// The charset that `Content-Type` names.
    pub charset: Option<String>,
    /// The address that answered: relative addresses start from it.
    pub url: Url,
}

/// The documents that a run fetched, by the names of their sources: a feed, and its older pages after it.
pub type Documents = BTreeMap<String, Vec<Document>>;

/// Asks all of these, several hosts at a time and each host one request after the other; the results are in the order
/// of the questions. `hosts` were asked before in this run; `elapsed` is the time since the run began, `told` hears of each
/// answer. Where there is a `budget`, what is beyond it is not asked: a [`Fault::GivenUp`] or [`Fault::NoTimeLeft`].
pub fn fetch(
    exchange: &dyn Exchange,
    asks: &[Ask],
    settings: &Fetch,
    hosts: &Hosts,
    budget: Option<&Budget>,
    elapsed: &(dyn Fn() -> Duration + Sync),
    told: &(dyn Fn(&Ask) + Sync),
) -> Vec<Result<Answer, Failure>> {
    let way = Way { exchange, settings, hosts, elapsed };
    let mut by_host: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, ask) in asks.iter().enumerate() {
        by_host.entry(ask.url.host_str().unwrap_or_default()).or_default().push(index);
    }
    let queues: Vec<Vec<usize>> = by_host.into_values().collect();
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<Answer, Failure>>>> = asks.iter().map(|_| Mutex::default()).collect();
    let work = || {
        while let Some(queue) = queues.get(next.fetch_add(1, Ordering::Relaxed)) {
            for index in queue {
                let result = within(budget, &way, &asks[*index]);
                told(&asks[*index]);
                *results[*index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..settings.hosts_at_once.min(queues.len()) {
            scope.spawn(work);
        }
    });
    let never = || Err(Fault::Connection("it was not asked".to_owned()).into());
    results
        .into_iter()
        .map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or_else(never))
        .collect()
}

/// Asks, if the budget has room for it.
fn within(budget: Option<&Budget>, way: &Way<'_>, ask: &Ask) -> Result<Answer, Failure> {
    let Some(budget) = budget else { return way.follow(ask) };
    let (host, before) = (ask.url.host_str().unwrap_or_default(), (way.elapsed)());
    if let Some(fault) = budget.refuses(host, before) {
        return Err(fault.into());
    }
    let result = way.follow(ask);
    // The pause before a question is ours.
    let time = (way.elapsed)().saturating_sub(before).saturating_sub(way.settings.gap);
    budget.spent(host, &result, time);
    result
}
