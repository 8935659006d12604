//! The header of a message.

use std::time::SystemTime;

use lettre::message::header::{self, HeaderName, HeaderValue, Headers};
use lettre::message::{Mailbox, Mailboxes};

use crate::deliver::address::{address, printable};
use crate::deliver::encoded_word::{with_mailbox, with_subject};
use crate::deliver::sender::{Sender, label, sender_id};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Digest, Recipient};

/// The fields that are the same for everybody.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Each with its end.
    fixed: String,
    /// What names the sender in `Feedback-ID`.
    sender: String,
}

impl Head {
    /// `kind` is the content type of the whole. Fails when the subject could break a header.
    pub(super) fn new(digest: &Digest, sender: &Sender, kind: &str) -> Result<Self> {
        if digest.subject.chars().any(char::is_control) {
            let message =
                format!("the subject has a line break or a control character: `{}`", printable(&digest.subject));
            return Err(Error::new(ErrorKind::Input, message));
        }
        let mut headers = Headers::new();
        headers.set(header::From::from(Mailboxes::from(sender.from.clone())));
        if let Some(reply_to) = &sender.reply_to {
            headers.set(header::ReplyTo::from(Mailboxes::from(reply_to.clone())));
        }
        headers.set(header::Date::from(SystemTime::from(digest.date)));
        headers.set(header::Subject::from(digest.subject.clone()));
        headers.set(header::MIME_VERSION_1_0);
        headers = with_mailbox(with_subject(headers, &digest.subject), "From", &sender.from);
        if let Some(reply_to) = &sender.reply_to {
            headers = with_mailbox(headers, "Reply-To", reply_to);
        }
        let mut fixed = headers.to_string();
        field(&mut fixed, "Content-Type", kind);
        field(&mut fixed, "Content-Language", digest.language.as_str());
        Ok(Self { fixed, sender: sender_id(sender.domain()) })
    }

    /// The header for a recipient, without the empty line at its end.
    pub(super) fn personal(&self, digest: &Digest, sender: &Sender, to: &Recipient, id: &str) -> Result<String> {
        let mut head = self.addressed(&Mailbox::new(to.name.clone(), address(&to.address)?), id);
        field(&mut head, "List-Id", &list_id(sender, to));
        let mailto = sender.unsubscribe_mailto(to);
        match sender.unsubscribe_page(to) {
            Some(page) => {
                field(&mut head, "List-Unsubscribe", &small_digits(&format!("<{page}>,\r\n <{mailto}>")));
                // RFC 8058 3.1: over https alone.
                if page.starts_with("https:") {
                    field(&mut head, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
                }
            }
            None => field(&mut head, "List-Unsubscribe", &small_digits(&format!("<{mailto}>"))),
        }
        field(&mut head, "List-Help", &small_digits(&format!("<{}>", sender.mailto("help", &to.list))));
        // Nobody but us writes to the list (RFC 2369 3.4).
        field(&mut head, "List-Post", "NO");
        if let Some(archive) = digest.archive.as_deref().filter(|url| url.is_ascii()) {
            field(&mut head, "List-Archive", &small_digits(&format!("<{archive}>")));
        }
        let (series, list) = (label(&digest.issue.series, "._-"), label(&to.list, "._-"));
        let feedback = format!("{series}-{}:{list}:masthead:{}", digest.issue.ordinal, self.sender);
        field(&mut head, "Feedback-ID", &feedback);
        Ok(head)
    }

    /// The header of the archive's copy.
    pub(super) fn archived(&self, sender: &Sender, id: &str) -> String {
        self.addressed(&sender.from, id)
    }

    fn addressed(&self, to: &Mailbox, id: &str) -> String {
        let mut headers = Headers::new();
        headers.set(header::To::from(Mailboxes::from(to.clone())));
        headers = with_mailbox(headers, "To", to);
        let name = HeaderName::new_from_ascii_str("Message-ID");
        let id = format!("<{id}>");
        headers.insert_raw(HeaderValue::dangerous_new_pre_encoded(name, id.clone(), id));
        let mut head = String::with_capacity(2048);
        head.push_str(&self.fixed);
        head.push_str(&headers.to_string());
        head
    }
}

fn list_id(sender: &Sender, to: &Recipient) -> String {
    // The phrase may be left out (RFC 2919 2), and is when it would need an encoding.
    let title = sender.list_title(&to.list);
    let plain = title.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
    let id = sender.list_id(&to.list);
    if plain { format!("{title} <{id}>") } else { format!("<{id}>") }
}

/// Addresses whose percent-encoded bytes have small digits, which mean the same (RFC 3986 2.1): to filters `%AB` in a
/// header is a template that was not filled in.
fn small_digits(addresses: &str) -> String {
    let mut parts = addresses.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out.push('%');
        out.push_str(&digits.to_ascii_lowercase());
        out.push_str(rest);
    }
    out
}

/// Adds a field whose value is ASCII of ours, folded where it has to be.
fn field(head: &mut String, name: &str, value: &str) {
    head.push_str(name);
    head.push_str(": ");
    head.push_str(value);
    head.push_str("\r\n");
}
