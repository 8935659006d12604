//! Looking at relays without handing anything over.

use std::sync::Arc;

use super::fault::Fault;
use super::inbox::Inbox;
use super::relay::Relay;
use super::session::Session;
use super::{Settings, runtime};
use crate::error::Result;
use crate::model::Clock;

/// A relay that was greeted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeted {
    /// Its name.
    pub relay: String,
    /// What it was found to be; or why no mail would go out through it.
    pub found: std::result::Result<Found, String>,
}

/// What a relay was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether the connection was protected by TLS, with the server's certificate checked.
    pub is_protected: bool,
    /// Whether it took the user's name and password; not where there are none.
    pub is_logged_in: bool,
    /// The longest message that it takes, in bytes, where it says so (RFC 1870).
    pub largest: Option<u64>,
    /// Whether it takes addresses beyond ASCII (RFC 6531).
    pub takes_utf8: bool,
}

/// Greets each relay as if mail were to go through it, with TLS and password, and takes leave.
pub fn greet(settings: &Settings, clock: &dyn Clock) -> Result<Vec<Greeted>> {
    let runtime = runtime(&Arc::new(Inbox::default()))?;
    let greeted = runtime.block_on(async {
        let mut greeted = Vec::with_capacity(settings.relays.len());
        for relay in &settings.relays {
            let found = look(relay, settings, clock).await.map_err(|fault| fault.text);
            greeted.push(Greeted { relay: relay.name.clone(), found });
        }
        greeted
    });
    // A look-up of a name that took too long must not hold up the end.
    runtime.shutdown_background();
    Ok(greeted)
}

async fn look(relay: &Relay, settings: &Settings, clock: &dyn Clock) -> std::result::Result<Found, Fault> {
    let session = Session::open(relay, &settings.helo, settings.limits, clock).await?;
    let found = Found {
        is_protected: session.is_protected(),
        is_logged_in: relay.credentials.is_some(),
        largest: session.largest(),
        takes_utf8: session.takes_utf8(),
    };
    session.quit().await;
    Ok(found)
}
