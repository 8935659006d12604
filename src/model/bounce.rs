//! What mail servers say of mail that they did not deliver.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

/// An enhanced mail system status code (RFC 3463): "5.1.1".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnhancedStatus {
    /// 2 success, 4 a persistent transient failure, 5 a permanent failure.
    pub class: u8,
    /// What the status is about: 1 addresses, 2 mailboxes, 3 the mail system, 4 the network, 5 the protocol, 6 the
    /// content, 7 security and policy; 0 when it says nothing.
    pub subject: u16,
    /// Which case of the subject; 0 when it says nothing.
    pub detail: u16,
}

impl EnhancedStatus {
    /// A status of these numbers.
    #[must_use]
    pub const fn new(class: u8, subject: u16, detail: u16) -> Self {
        Self { class, subject, detail }
    }

    /// Whether it says more than its class: `5.0.0` does not.
    #[must_use]
    pub fn is_precise(self) -> bool {
        self.subject != 0 || self.detail != 0
    }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// Why a text is no [`EnhancedStatus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoStatus;

impl FromStr for EnhancedStatus {
    type Err = NoStatus;

    /// Reads "5.1.1": a class of 2, 4 or 5 and numbers of up to three digits.
    fn from_str(text: &str) -> Result<Self, NoStatus> {
        let number = |part: Option<&str>| {
            let part = part.filter(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
            part.and_then(|part| part.parse::<u16>().ok()).ok_or(NoStatus)
        };
        let mut parts = text.split('.');
        let (class, subject, detail) = (number(parts.next())?, number(parts.next())?, number(parts.next())?);
        match (class, parts.next()) {
            (2 | 4 | 5, None) => Ok(Self { class: class as u8, subject, detail }),
            _ => Err(NoStatus),
        }
    }
}

impl Serialize for EnhancedStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What a message in a mailbox for bounces is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BounceClass {
    /// Neither of the others: a letter, a newsletter, a report of success.
    NotABounce,
    /// Written by a program in the name of a person: out of office, a ticket number, a challenge (RFC 3834).
    AutoReply,
    /// The mail did not arrive this time.
    Soft,
    /// The address does not exist, or takes no mail at all.
    Hard,
    /// The reader, or their provider, calls the mail spam (RFC 5965).
    Complaint,
}

impl BounceClass {
    /// As reports and the store name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotABounce => "not-a-bounce",
            Self::AutoReply => "auto-reply",
            Self::Soft => "soft",
            Self::Hard => "hard",
            Self::Complaint => "complaint",
        }
    }
}

/// Why a message was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BounceReason {
    /// There is no such mailbox.
    UserUnknown,
    /// There is no such domain, or no way to it.
    DomainUnknown,
    /// The mailbox moved, and its old address is no more.
    Moved,
    /// The host or domain takes no mail at all (RFC 7504, RFC 7505).
    TakesNoMail,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox exists, but its owner or provider switched it off.
    Disabled,
    /// The recipient's own filter refused the message.
    Filtered,
    /// The server tried for as long as it may.
    Expired,
    /// The way to the server is broken: no connection, a loop.
    Network,
    /// The server itself is in trouble: a full disk, a failed program.
    System,
    /// The reader calls the mail spam.
    Complaint,
    /// The message is larger than the server takes.
    TooLarge,
    /// Messages come too fast, or too many at once.
    RateLimit,
    /// The sending host is not liked: a blocklist, its reputation, its name in DNS.
    Blocked,
    /// SPF, DKIM or DMARC fail, or a login is missing.
    Authentication,
    /// A rule of the server's refuses the message.
    Policy,
    /// The message looks like spam.
    Spam,
    /// The message looks like a virus.
    Virus,
    /// The form of the message is not liked.
    Content,
    /// The sender's address is not liked.
    Sender,
    /// The server carries no mail for the recipient's domain.
    Relaying,
    /// The server did not understand a command.
    Protocol,
    /// The report does not say, or not in words that are known here.
    Unknown,
}

impl BounceReason {
    /// Whether the address itself is the reason, for good.
    #[must_use]
    pub fn is_hard(self) -> bool {
        matches!(self, Self::UserUnknown | Self::DomainUnknown | Self::Moved | Self::TakesNoMail)
    }

    /// Whether the reason lies with the sender or the message, so that it says nothing of the recipient's mailbox: the
    /// same would have happened to any other recipient there.
    #[must_use]
    pub fn is_policy(self) -> bool {
        matches!(
            self,
            Self::TooLarge
                | Self::RateLimit
                | Self::Blocked
                | Self::Authentication
                | Self::Policy
                | Self::Spam
                | Self::Virus
                | Self::Content
                | Self::Sender
                | Self::Relaying
                | Self::Protocol
        )
    }

    /// As reports and the store name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserUnknown => "user-unknown",
            Self::DomainUnknown => "domain-unknown",
            Self::Moved => "moved",
            Self::TakesNoMail => "takes-no-mail",
            Self::MailboxFull => "mailbox-full",
            Self::Disabled => "disabled",
            Self::Filtered => "filtered",
            Self::Expired => "expired",
            Self::Network => "network",
            Self::System => "system",
            Self::Complaint => "complaint",
            Self::TooLarge => "too-large",
            Self::RateLimit => "rate-limit",
            Self::Blocked => "blocked",
            Self::Authentication => "authentication",
            Self::Policy => "policy",
            Self::Spam => "spam",
            Self::Virus => "virus",
            Self::Content => "content",
            Self::Sender => "sender",
            Self::Relaying => "relaying",
            Self::Protocol => "protocol",
            Self::Unknown => "unknown",
        }
    }
}

/// How we know that a report is about mail of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// It came to a return path that we made for one delivery, or returns one: only servers that had the message know
    /// it.
    ReturnPath,
    /// The relay answered it to us while we handed the message over.
    Reply,
    /// It names the Message-ID of a delivery.
    MessageId,
    /// It names an address that we wrote to. Anybody could have written it.
    Address,
    /// Nothing: we did not write to that address.
    None,
}

impl Evidence {
    /// As reports and the store name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReturnPath => "return-path",
            Self::Reply => "reply",
            Self::MessageId => "message-id",
            Self::Address => "address",
            Self::None => "none",
        }
    }
}

/// So many deliveries in a row that bounce softly suppress an address.
pub const SOFT_BOUNCES: u32 = 5;

/// A delivery that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Its number in the store.
    pub delivery: i64,
    /// To whom.
    pub address: String,
    /// Without the angle brackets.
    pub message_id: String,
    /// When it was tried last.
    pub at: DateTime<Utc>,
}

/// What one report says of one recipient, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BounceEvent {
    /// The recipient as we wrote to them; as the report names them when we did not.
    pub address: String,
    /// What it is.
    pub class: BounceClass,
    /// Why.
    pub reason: BounceReason,
    /// RFC 3463.
    pub status: EnhancedStatus,
    /// RFC 5321 4.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// What the server said.
    pub diagnosis: String,
    /// How we know.
    pub evidence: Evidence,
    /// Which delivery it is about.
    #[serde(skip)]
    pub tried: Option<Tried>,
    /// Whether it counts towards suppression.
    pub counts: bool,
}

#[cfg(test)]
mod tests {
    use super::EnhancedStatus;

    #[test]
    fn a_status_is_three_numbers_of_a_known_class() {
        assert_eq!("5.1.1".parse(), Ok(EnhancedStatus::new(5, 1, 1)));
        assert_eq!("4.7.509".parse::<EnhancedStatus>().unwrap().to_string(), "4.7.509");
        for no in ["", "5", "5.1", "5.1.1.1", "3.1.1", "5.1.1000", "5.-1.1", "5..1", "x"] {
            assert!(no.parse::<EnhancedStatus>().is_err(), "{no}");
        }
        assert!(!EnhancedStatus::new(5, 0, 0).is_precise());
    }
}
