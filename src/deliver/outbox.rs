//! The outbox: a file for each message, under a name that a rerun gives again.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::mailing::Mailing;
use crate::error::Warning;
use crate::model::{IssueKey, Lease, Leased, address_identity};

/// A message as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxFile {
    /// Relative to outbox/, with slashes: "newsletter-3/ann@x.example-0f3a….eml".
    pub path: String,
    /// RFC 5322, with CRLF.
    pub bytes: Vec<u8>,
    /// The hold under which it was made.
    pub lease: Lease,
}

/// The messages of some deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outbox {
    /// In the order of the deliveries.
    pub files: Vec<OutboxFile>,
    /// The deliveries for which no message could be made, with the reason.
    pub refused: Vec<(Lease, Warning)>,
}

/// Makes the messages of `deliveries`.
#[must_use]
pub fn outbox(issue: &IssueKey, mailing: &Mailing, deliveries: &[Leased]) -> Outbox {
    let made: Vec<_> = deliveries.par_iter().map(|delivery| (delivery, mailing.message(delivery))).collect();
    let mut outbox = Outbox::default();
    for (delivery, message) in made {
        let lease = delivery.lease;
        match message {
            Ok(message) => {
                let path = outbox_path(issue, &delivery.recipient.address, &delivery.message_id);
                outbox.files.push(OutboxFile { path, bytes: message.bytes(), lease });
            }
            Err(error) => outbox.refused.push((lease, error.into_warning())),
        }
    }
    outbox
}

/// The path of a delivery's message below outbox/.
#[must_use]
pub fn outbox_path(issue: &IssueKey, address: &str, message_id: &str) -> String {
    format!("{}/{}", outbox_folder(issue), file_name(address, message_id))
}

/// The folder of an issue's messages below outbox/.
#[must_use]
pub fn outbox_folder(issue: &IssueKey) -> String {
    format!("{}-{}", issue.series, issue.ordinal)
}

/// Whether a message of our own making goes to an address, by its `To` field.
#[must_use]
pub fn goes_to(message: &[u8], address: &str) -> bool {
    let head = String::from_utf8_lossy(message);
    let head = head.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
    let to = head.lines().find_map(|line| line.strip_prefix("To:")).unwrap_or_default().trim();
    let (to, address) = (address_identity(to), address_identity(address));
    // A name may stand before it; what stands in quotes before an `@` may hold any sign.
    to == address || to.ends_with(&format!("<{address}>"))
}

/// The address, for people who look for a message, and a part of the Message-ID, because two addresses may look the
/// same once they are fit for a file name.
pub(super) fn file_name(address: &str, message_id: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "@.-_+".contains(c) { c } else { '_' };
    let address: String = address.chars().take(80).map(kept).collect();
    let hash: String = message_id.chars().take(12).collect();
    format!("{address}-{hash}.eml")
}
