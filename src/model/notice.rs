//! Messages to one person about their subscriptions.

use chrono::{DateTime, Utc};

use super::Language;

/// What somebody asked for on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// To be put on lists.
    Subscribe,
    /// A link to the page of their subscriptions.
    Manage,
}

/// A request that came over the web and wants an answer by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What for.
    pub kind: NoticeKind,
    /// In whose name; checked.
    pub address: String,
    /// How they want to be greeted.
    pub name: Option<String>,
    /// The language of the page.
    pub language: Language,
    /// Which lists.
    pub lists: Vec<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// From which network address, as far as the configuration allows to keep it.
    pub network: Option<String>,
    /// Which words the page showed.
    pub words: String,
}

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeState {
    /// The request is taken, nothing was made of it yet.
    Asked,
    /// The message is made and waits for a transport.
    Ready,
    /// It was written to the outbox, or taken by a server.
    Sent,
    /// There is nothing to send: the address is suppressed, unknown, or was written to a moment ago.
    Dropped,
    /// Refused for good.
    Failed,
    /// Nobody knows whether a server took it; it is kept as one that was sent, and not sent again.
    Ambiguous,
}

/// A message that waits for a transport.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyNotice {
    /// By which the store knows it.
    pub id: i64,
    /// To whom; empty for a message that was made for the looks of it.
    pub address: String,
    /// RFC 5322's Message-ID without the angle brackets.
    pub message_id: String,
    /// RFC 5322, with CRLF.
    pub message: Vec<u8>,
}

impl ReadyNotice {
    /// Whether it goes to nobody: it is made so that a stranger's request takes the time of anybody's.
    #[must_use]
    pub fn is_for_nobody(&self) -> bool {
        self.address.is_empty()
    }
}
