//! A server that takes mail from us, and how it is reached.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ClientConfig;

use crate::config::Rate;

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

impl Credentials {
    /// Whether words tell the password, as it is or as it is sent (RFC 4616, and base64).
    pub(super) fn are_told_by(&self, words: &str) -> bool {
        let Self { user, password } = self;
        let words = words.to_lowercase();
        let encoded = [password.clone(), format!("\0{user}\0{password}")].map(|secret| STANDARD.encode(secret));
        // As it stands where an answer is quoted.
        let quoted: String = password.chars().flat_map(char::escape_debug).collect();
        let mut forms = encoded.iter().map(|one| one.trim_end_matches('=')).chain([password.as_str(), &quoted]);
        !password.is_empty() && forms.any(|form| words.contains(&form.to_lowercase()))
    }
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

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn words_that_repeat_a_password_are_known() {
        let secret = Credentials { user: "news@x.example".to_owned(), password: "geheim \"Pw1\"".to_owned() };
        for told in [
            "5.7.8 login of news@x.example with geheim \"Pw1\" failed",
            "GEHEIM \"PW1\"?",
            "the answer is none of SMTP: `no: geheim \\\"Pw1\\\"`",
            "AUTH PLAIN AG5ld3NAeC5leGFtcGxlAGdlaGVpbSAiUHcxIg==",
            "what is Z2VoZWltICJQdzEi supposed to be",
        ] {
            assert!(secret.are_told_by(told), "{told}");
        }
        assert!(!secret.are_told_by("5.7.8 authentication failed for news@x.example"));
        let none = Credentials { password: String::new(), ..secret };
        assert!(!none.are_told_by("5.7.8 authentication failed"));
    }
}
