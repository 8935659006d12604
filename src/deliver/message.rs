//! Messages: multipart/alternative (RFC 2046 5.1.4) with what a bulk message must have.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};

use super::address::{address, printable};
use super::sender::Sender;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Digest, GREETING, IssueKey, LIST_TITLE, Leased, Recipient, UNSUBSCRIBE, sha256_hex};

/// The message of one delivery. Everything in it comes from the digest and the recipient: no clock, no chance. Fails
/// when the recipient's name or address could break a header.
pub fn message(digest: &Digest, delivery: &Leased, sender: &Sender) -> Result<Vec<u8>> {
    let to = &delivery.recipient;
    if let Some(name) = to.name.as_deref().filter(|name| name.chars().any(char::is_control)) {
        let message =
            format!("the name of `{}` has a line break or a control character: `{}`", to.address, printable(name));
        return Err(Error::new(ErrorKind::Input, message));
    }
    let mailbox = Mailbox::new(to.name.clone(), address(&to.address)?);
    let mailto = sender.unsubscribe_mailto(to);
    let page = sender.unsubscribe_page(to);
    let greeting = match &to.name {
        Some(name) => digest.greeting.replace("{name}", name),
        None => digest.greeting_without_name.clone(),
    };
    let words = Words {
        greeting: &greeting,
        unsubscribe: page.as_deref().unwrap_or(&mailto),
        list: sender.list_title(&to.list),
    };
    let mut builder = envelope(digest, sender, mailbox, &delivery.message_id)?;
    builder = structured(builder, "List-Id", &list_id(sender, to));
    let unsubscribe = match &page {
        Some(page) => format!("<{page}>,\r\n <{mailto}>"),
        None => format!("<{mailto}>"),
    };
    builder = structured(builder, "List-Unsubscribe", &unsubscribe);
    if page.is_some() {
        builder = structured(builder, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    builder = structured(builder, "List-Help", &format!("<{}>", sender.mailto("help", &to.list)));
    if let Some(archive) = digest.archive.as_deref().filter(|url| url.is_ascii()) {
        builder = structured(builder, "List-Archive", &format!("<{archive}>"));
    }
    finish(builder, digest, &words, &delivery.message_id)
}

/// The message as the web archive keeps it: addressed to the sender, with nobody's name.
pub fn archive_copy(digest: &Digest, list: &str, sender: &Sender) -> Result<Vec<u8>> {
    let id = message_id(&digest.issue, digest.revision, "archive", sender);
    let mailto = sender.mailto("unsubscribe", list);
    let words = Words { greeting: &digest.greeting_without_name, unsubscribe: &mailto, list: sender.list_title(list) };
    finish(envelope(digest, sender, sender.from.clone(), &id)?, digest, &words, &id)
}

/// RFC 5322's Message-ID without the angle brackets: made from issue, revision and recipient, never from the time.
#[must_use]
pub fn message_id(issue: &IssueKey, revision: u32, recipient: &str, sender: &Sender) -> String {
    let facts = format!("{issue}\n{revision}\n{}\n{}", recipient.to_ascii_lowercase(), sender.domain());
    // Half of the hash is beyond any accident, and keeps the line short.
    format!("{}@{}", &sha256_hex(facts.as_bytes())[..40], sender.domain())
}

/// What stands in the places that a digest leaves open.
struct Words<'a> {
    greeting: &'a str,
    unsubscribe: &'a str,
    list: &'a str,
}

impl Words<'_> {
    fn fill(&self, part: &str, escape: fn(&str) -> String) -> String {
        part.replace(GREETING, &escape(self.greeting))
            .replace(UNSUBSCRIBE, &escape(self.unsubscribe))
            .replace(LIST_TITLE, &escape(self.list))
    }
}

fn envelope(digest: &Digest, sender: &Sender, to: Mailbox, id: &str) -> Result<MessageBuilder> {
    if digest.subject.chars().any(char::is_control) {
        let message = format!("the subject has a line break or a control character: `{}`", printable(&digest.subject));
        return Err(Error::new(ErrorKind::Input, message));
    }
    let builder = Message::builder().from(sender.from.clone()).to(to).date(SystemTime::from(digest.date));
    let builder = match &sender.reply_to {
        Some(reply_to) => builder.reply_to(reply_to.clone()),
        None => builder,
    };
    let builder = builder.subject(digest.subject.clone()).message_id(Some(format!("<{id}>")));
    Ok(structured(builder, "Content-Language", digest.language.as_str()))
}

fn list_id(sender: &Sender, to: &Recipient) -> String {
    // The phrase may be left out (RFC 2919 2), and is when it would need an encoding.
    let title = sender.list_title(&to.list);
    let plain = title.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
    let id = sender.list_id(&to.list);
    if plain { format!("{title} <{id}>") } else { format!("<{id}>") }
}

/// Adds a header whose value is ASCII of ours, folded where it has to be.
fn structured(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    let name = HeaderName::new_from_ascii_str(name);
    builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned()))
}

fn finish(builder: MessageBuilder, digest: &Digest, words: &Words<'_>, id: &str) -> Result<Vec<u8>> {
    let text = words.fill(&digest.text, str::to_owned);
    let html = words.fill(&digest.html, escape);
    // The Message-ID's hash stands in no part, and `=_` in no encoded text (RFC 2045 6.7).
    let boundary = format!("=_{}", id.split('@').next().unwrap_or(id));
    let parts = MultiPart::alternative()
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, &text)?)
        .singlepart(part(ContentType::TEXT_HTML, &html)?);
    let message = builder.multipart(parts).map_err(|cause| {
        Error::new(ErrorKind::Input, format!("the message cannot be made: {}", cause.to_string().to_lowercase()))
    })?;
    Ok(message.formatted())
}

/// A part in base64 when most of it is beyond ASCII, else in quoted-printable, which people can read. Both keep lines
/// short, however long those of the text are.
fn part(content_type: ContentType, text: &str) -> Result<SinglePart> {
    let beyond = text.bytes().filter(|byte| !byte.is_ascii()).count();
    let encoding = if beyond * 6 > text.len() {
        ContentTransferEncoding::Base64
    } else {
        ContentTransferEncoding::QuotedPrintable
    };
    let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
    let body = Body::new_with_encoding(text, encoding)
        .map_err(|_| Error::new(ErrorKind::Input, "a part of the message cannot be encoded"))?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
