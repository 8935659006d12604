//! What goes wrong with a connection, as opposed to what a server answers about a message.

use std::io;

/// Why a connection is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// For people: lower-case, one line.
    pub(super) text: String,
    /// The reply code, where the server said why.
    pub(super) code: Option<u16>,
    /// Whether another try may succeed by itself: not where the configuration or a certificate is wrong.
    pub(super) is_lasting: bool,
}

impl Fault {
    pub(super) fn lost(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: None, is_lasting: false }
    }

    pub(super) fn timeout(doing: &str) -> Self {
        Self::lost(format!("there was no answer in time while {doing}"))
    }

    pub(super) fn protocol(text: impl Into<String>) -> Self {
        Self::lost(text)
    }

    pub(super) fn tls(text: impl Into<String>) -> Self {
        Self { text: format!("TLS: {}", text.into()), code: None, is_lasting: true }
    }

    /// Something that only another configuration helps.
    pub(super) fn configuration(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: None, is_lasting: true }
    }

    pub(super) fn io(doing: &str, cause: &io::Error) -> Self {
        match cause.kind() {
            // A socket's own timeout is reported as either.
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Self::timeout(doing),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                Self::lost(format!("the server closed the connection while {doing}"))
            }
            io::ErrorKind::ConnectionRefused => Self::lost("nobody listens there"),
            _ => Self::lost(format!("the connection failed while {doing}: {}", cause.to_string().to_lowercase())),
        }
    }

    /// What it means where TLS was to begin with the first byte, at this port.
    pub(super) fn at_first_byte(self, port: u16) -> Self {
        if self.text != format!("TLS: {CLEAR}") {
            return self;
        }
        Self::tls(format!("port {port} speaks without TLS at first: `smtp://` begins it by STARTTLS"))
    }

    /// What a handshake failed on: the certificate, or the connection.
    pub(super) fn handshake(cause: &io::Error) -> Self {
        match cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(fault) => Self::tls(refusal(fault)),
            None => Self::io("beginning TLS", cause),
        }
    }
}

/// What is said of a server that answers in clear.
const CLEAR: &str = "the server answered without it";

/// Why TLS did not begin. What people meet who make certificates themselves is said in their words.
fn refusal(fault: &rustls::Error) -> String {
    let text = fault.to_string().to_lowercase();
    if text.contains("unknownissuer") {
        return "the certificate is of an authority that is not believed; `ca_file` names the one that is".to_owned();
    }
    if text.contains("invalidcontenttype") {
        return CLEAR.to_owned();
    }
    // It has no kind of its own in rustls.
    if text.contains("causedasendentity") {
        return "the server shows the certificate of an authority (CA:TRUE) as its own; make it one with \
                `-addext basicConstraints=critical,CA:FALSE`, or let the authority sign one for the server"
            .to_owned();
    }
    text
}
