//! Looking at a relay without handing anything over.

use tokio::runtime::Builder;

use super::relay::{Limits, Relay, Security};
use super::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Clock;

/// What a relay was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probed {
    /// Whether the connection was protected by TLS, with the server's certificate checked.
    pub is_protected: bool,
    /// Whether it took the user's name and password; not where there are none.
    pub is_logged_in: bool,
    /// The longest message that it takes, in bytes, where it says so (RFC 1870).
    pub largest: Option<u64>,
    /// Whether it takes addresses beyond ASCII (RFC 6531).
    pub takes_utf8: bool,
}

/// Connects to a relay as the engine does, protects the connection, logs in and takes leave (RFC 5321, RFC 3207, RFC 4954). An
/// error says why no mail would go out through it.
pub fn probe(relay: &Relay, helo: &str, limits: Limits, clock: &dyn Clock) -> Result<Probed> {
    let runtime =
        Builder::new_current_thread().enable_io().enable_time().build().map_err(|cause| {
            Error::new(ErrorKind::Io, format!("the machine lets nobody wait for connections: {cause}"))
        })?;
    let found = runtime.block_on(async {
        let session = Session::open(relay, helo, limits, clock).await?;
        let found = Probed {
            is_protected: session.is_protected(),
            is_logged_in: relay.credentials.is_some(),
            largest: session.largest(),
            takes_utf8: session.takes_utf8(),
        };
        session.quit().await;
        Ok(found)
    });
    // A look-up of a name that took too long must not hold up the end.
    runtime.shutdown_background();
    found.map_err(|fault: super::fault::Fault| {
        let error = Error::new(ErrorKind::Io, format!("{}: {}", relay.name, fault.text));
        match relay.security {
            Security::Required | Security::Implicit if fault.text.contains("STARTTLS") => {
                error.hint("a server on this machine may do without: `starttls = \"never\"` of the relay")
            }
            _ => error,
        }
    })
}
