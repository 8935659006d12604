//! A server that takes mail from us, and how it is reached.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;

use super::rate::Rate;

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314 3.3).
    Implicit,
    /// STARTTLS (RFC 3207), or no mail.
    Required,
    /// STARTTLS where it is offered. Credentials are not sent without it.
    Offered,
    /// In clear: for a server on the same machine.
    Clear,
}

/// A user's name and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The name.
    pub user: String,
    /// The password; it is in no message of ours.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, ..)", self.user)
    }
}

/// A relay, as the engine uses it.
#[derive(Clone, Debug)]
pub struct Relay {
    /// As messages and records name it: `relay.example:587`.
    pub name: String,
    /// A domain or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Whose certificates are believed.
    pub tls: Arc<ClientConfig>,
    /// Who we are to it.
    pub credentials: Option<Credentials>,
    /// How many connections at most.
    pub connections: usize,
    /// How much it takes.
    pub rate: Option<Rate>,
}

/// How long each step may last (RFC 5321 4.5.3.2 says the least that a client should wait).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect.
    pub connect: Duration,
    /// To answer a command, the greeting and the handshakes among them.
    pub command: Duration,
    /// To take the body of a message.
    pub body: Duration,
    /// To answer once it has the whole message.
    pub answer: Duration,
}

impl Limits {
    /// One limit for all steps.
    #[must_use]
    pub fn all(limit: Duration) -> Self {
        Self { connect: limit, command: limit, body: limit, answer: limit }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self { connect: Duration::from_secs(30), command: minutes(5), body: minutes(10), answer: minutes(10) }
    }
}
