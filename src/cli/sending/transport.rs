//! What is odd about where mail goes.

use crate::config::{Config, RelayConfig, StartTls, Transport};
use crate::error::Warning;

/// The port at which TLS begins with the first byte (RFC 8314 3.3).
const SUBMISSIONS: u16 = 465;
/// The ports at which it begins by STARTTLS (RFC 6409, RFC 5321).
const IN_CLEAR: [u16; 2] = [587, 25];

/// Settings of mail of which nothing comes: ports at which TLS begins otherwise, return paths of messages that have none.
pub(in crate::cli) fn odd_transport(config: &Config) -> Vec<Warning> {
    match &config.mail.transport {
        Transport::File => without_return_path(config).into_iter().collect(),
        Transport::Smtp(relays) => relays.iter().filter_map(odd_port).collect(),
    }
}

fn odd_port(relay: &RelayConfig) -> Option<Warning> {
    let (name, port) = (relay.name(), relay.port);
    let (says, is_meant) = if relay.is_implicit && IN_CLEAR.contains(&port) {
        (format!("`smtps://` begins TLS with the first byte, and servers at port {port} begin in clear"), "smtp")
    } else if !relay.is_implicit && port == SUBMISSIONS && relay.starttls != StartTls::Never {
        (format!("`smtp://` begins in clear, and servers at port {port} begin TLS with the first byte"), "smtps")
    } else {
        return None;
    };
    Some(Warning::new(says).hint(format!("write `{is_meant}://{name}`, if it is as other servers")))
}

fn without_return_path(config: &Config) -> Option<Warning> {
    config.mail.bounces.as_ref()?;
    let warning = Warning::new("messages in outbox/ have no return path: `bounces` is of use with a relay alone");
    Some(warning.hint("what comes back is known by its Message-ID; where to, the program says that hands them on"))
}
