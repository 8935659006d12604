//! Why a source could not be fetched.

use std::fmt;
use std::time::Duration;

/// Why a source could not be fetched. It is shown as the end of "it could not be fetched: …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The host is at an address that may not be asked.
    Forbidden {
        /// As it stands in the address.
        host: String,
        /// "a loopback address".
        what: &'static str,
    },
    /// A redirect leads to an address that nothing can be asked of.
    Address {
        /// As shown to people.
        address: String,
        /// "is neither http nor https".
        why: String,
    },
    /// A redirect leads from https to http.
    Downgrade {
        /// Where it leads.
        to: String,
    },
    /// A redirect that does not say where it leads.
    NoLocation {
        /// The status code.
        status: u16,
    },
    /// Redirects lead back to an address that was asked before.
    Loop {
        /// That address.
        address: String,
    },
    /// More redirects than anybody needs.
    TooManyRedirects {
        /// How many were followed.
        followed: usize,
    },
    /// The name of the host leads nowhere.
    UnknownHost {
        /// As it stands in the address.
        host: String,
    },
    /// No connection, or one that was lost.
    Connection(
        /// What the operating system said.
        String,
    ),
    /// No trusted connection (TLS).
    Tls(
        /// What went wrong.
        String,
    ),
    /// It took too long.
    Timeout(
        /// Longer than this.
        Duration,
    ),
    /// It was not asked, for others on its host took too long.
    GivenUp {
        /// As it stands in the address.
        host: String,
    },
    /// It was not asked, for all together took so long.
    NoTimeLeft(
        /// The limit.
        Duration,
    ),
    /// The answer is larger than allowed.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// What came is no HTTP.
    Protocol(
        /// What is wrong with it.
        String,
    ),
    /// The answer broke off.
    Incomplete {
        /// Bytes that had come.
        received: usize,
    },
    /// The answer cannot be decompressed.
    Encoding(
        /// Its `Content-Encoding`, or what is wrong with it.
        String,
    ),
    /// Any status code but those of success.
    Status(
        /// RFC 9110, 15.
        u16,
    ),
    /// "Not modified" to a question without a condition.
    Unasked,
    /// The answer is something else than a feed.
    NoFeed {
        /// Whether it is a web page.
        is_page: bool,
    },
    /// The environment lacks what the server asks for.
    NoSecret {
        /// The variable.
        variable: String,
    },
    /// What the environment has for the server cannot be sent.
    BadSecret {
        /// The variable.
        variable: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { host, what } => write!(f, "`{host}` is at {what}, which may not be asked"),
            Self::Address { address, why } => write!(f, "it was redirected to `{address}`, which {why}"),
            Self::Downgrade { to } => write!(f, "it was redirected from https to `{to}`, which is not protected"),
            Self::NoLocation { status } => write!(f, "the server answered {status}, but not where to go"),
            Self::Loop { address } => write!(f, "its redirects lead back to `{address}`"),
            Self::TooManyRedirects { followed } => write!(f, "it was redirected more than {followed} times"),
            Self::UnknownHost { host } => write!(f, "the host `{host}` was not found"),
            Self::Connection(cause) => write!(f, "there was no connection: {cause}"),
            Self::Tls(cause) => write!(f, "there was no trusted connection: {cause}"),
            Self::Timeout(limit) => write!(f, "it took longer than {}", seconds(*limit)),
            Self::GivenUp { host } => write!(f, "`{host}` did not answer in time, twice in a row"),
            Self::NoTimeLeft(limit) => write!(f, "after {} no more was asked", seconds(*limit)),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {}", bytes(*limit)),
            Self::Protocol(cause) => write!(f, "the answer is no HTTP: {cause}"),
            Self::Incomplete { received } => write!(f, "the answer broke off after {}", bytes(*received as u64)),
            Self::Encoding(what) => write!(f, "the answer cannot be decompressed: {what}"),
            Self::Status(status) => match reason(*status) {
                Some(reason) => write!(f, "the server answered {status} ({reason})"),
                None => write!(f, "the server answered {status}"),
            },
            Self::Unasked => f.write_str("the server answered 304 (not modified) to a question without a condition"),
            Self::NoFeed { is_page: true } => f.write_str("the answer is a web page, not a feed"),
            Self::NoFeed { is_page: false } => f.write_str("the answer is no RSS, Atom or JSON Feed"),
            Self::NoSecret { variable } => write!(f, "the environment has no `{variable}`"),
            Self::BadSecret { variable } => {
                write!(f, "`{variable}` of the environment holds a line break or another sign that no header may have")
            }
        }
    }
}

impl Fault {
    /// Whether the same question may be answered at another time.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::UnknownHost { .. }
            | Self::Connection(_)
            | Self::Tls(_)
            | Self::Timeout(_)
            | Self::GivenUp { .. }
            | Self::NoTimeLeft(_)
            | Self::Protocol(_)
            | Self::Incomplete { .. } => true,
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        }
    }

    /// What would help, where something is known to.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Forbidden { host, .. } => {
                Some(format!("`[fetch] allow_private = [\"{host}\"]` in config.toml allows it, if that is meant"))
            }
            Self::Downgrade { .. } => Some("write the http address into config.toml if you trust it".to_owned()),
            Self::TooLarge { .. } => Some("`[fetch] max_size` in config.toml sets the limit".to_owned()),
            Self::Timeout(_) => Some("`[fetch] timeout` in config.toml sets the limit".to_owned()),
            Self::Status(401 | 403) => {
                Some("`authorization_env` names an environment variable with what the server asks for".to_owned())
            }
            Self::BadSecret { .. } => {
                Some("it is `user:password`, or a whole value such as `Bearer …`, in one line".to_owned())
            }
            Self::NoFeed { is_page: true } => Some("`masthead source check` looks for the page's feeds".to_owned()),
            _ => None,
        }
    }
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{} s", time.as_secs()) } else { format!("{} ms", time.as_millis()) }
}

/// "15 MB", "64 kB", "1 byte".
fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{} MB", count / 1_000_000),
    }
}

/// What a status code means, for those that people meet.
fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        204 => "no content",
        206 => "a part of it",
        400 => "bad request",
        401 => "not authorized",
        403 => "forbidden",
        404 => "not found",
        406 => "not acceptable",
        410 => "gone",
        418 => "a teapot",
        429 => "too many requests",
        451 => "unavailable for legal reasons",
        500 => "an error of the server",
        502 => "bad gateway",
        503 => "unavailable",
        504 => "gateway timeout",
        _ => return None,
    })
}
