//! The outbox: a file for each message, under a name that a rerun gives again.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::message::{message, message_id};
use super::sender::Sender;
use crate::error::Warning;
use crate::model::{Delivery, DeliveryState, Digest, Recipient};

/// A message as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxFile {
    /// Relative to outbox/, with slashes: "newsletter-3/ann@x.example-0f3a….eml".
    pub path: String,
    /// RFC 5322, with CRLF.
    pub bytes: Vec<u8>,
    /// By which the store knows it.
    pub message_id: String,
}

/// The messages of some deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outbox {
    /// In the order of the deliveries.
    pub files: Vec<OutboxFile>,
    /// The Message-IDs of deliveries for which no message could be made, with the reason.
    pub refused: Vec<(String, Warning)>,
}

/// The deliveries of a digest that is about to be queued, one for each recipient.
#[must_use]
pub fn due(digest: &Digest, recipients: Vec<Recipient>, sender: &Sender) -> Vec<Delivery> {
    let delivery = |recipient: Recipient| Delivery {
        issue: digest.issue.clone(),
        revision: digest.revision,
        message_id: message_id(&digest.issue, digest.revision, &recipient.address, sender),
        recipient,
        state: DeliveryState::Pending,
    };
    recipients.into_iter().map(delivery).collect()
}

/// Makes the messages of `deliveries`.
#[must_use]
pub fn outbox(digest: &Digest, deliveries: &[Delivery], sender: &Sender) -> Outbox {
    let made: Vec<_> = deliveries.par_iter().map(|delivery| (delivery, message(digest, delivery, sender))).collect();
    let mut outbox = Outbox::default();
    for (delivery, message) in made {
        let message_id = delivery.message_id.clone();
        match message {
            Ok(bytes) => outbox.files.push(OutboxFile { path: outbox_path(delivery), bytes, message_id }),
            Err(error) => outbox.refused.push((message_id, error.into_warning())),
        }
    }
    outbox
}

/// The path of a delivery's message below outbox/.
#[must_use]
pub fn outbox_path(delivery: &Delivery) -> String {
    let name = file_name(&delivery.recipient.address, &delivery.message_id);
    format!("{}-{}/{name}", delivery.issue.series, delivery.issue.ordinal)
}

/// The address, for people who look for a message, and a part of the Message-ID, because two addresses may look the
/// same once they are fit for a file name.
pub(super) fn file_name(address: &str, message_id: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "@.-_+".contains(c) { c } else { '_' };
    let address: String = address.chars().take(80).map(kept).collect();
    let hash: String = message_id.chars().take(12).collect();
    format!("{address}-{hash}.eml")
}
