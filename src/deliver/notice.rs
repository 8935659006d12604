//! Messages to one person about their subscriptions.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MessageBuilder, MultiPart, SinglePart};

use super::address::{address, printable};
use super::encoded_word::{with_mailbox, with_subject};
use super::outbox::file_name;
use super::sender::Sender;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, address_identity, sha256_hex};

/// What is written to somebody.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// To whom.
    pub address: &'a str,
    /// What it is written in.
    pub language: &'a Language,
    /// When it was asked for: the date of the message.
    pub date: DateTime<Utc>,
    /// One line.
    pub subject: &'a str,
    /// The plain text part.
    pub text: &'a str,
    /// The HTML part.
    pub html: &'a str,
}

/// A message and what it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeNotice {
    /// RFC 5322's Message-ID without the angle brackets.
    pub message_id: String,
    /// RFC 5322, with CRLF.
    pub bytes: Vec<u8>,
}

/// Makes a message. The same notice gives the same bytes. Fails when the address or the subject could break a header.
pub fn notice(notice: &Notice<'_>, sender: &Sender) -> Result<MadeNotice> {
    let to = address(notice.address)?;
    let envelope = Envelope::new(None, vec![to.clone()])
        .map_err(|_| Error::new(ErrorKind::Input, "a message to nobody cannot be made"))?;
    if notice.subject.chars().any(char::is_control) {
        let message = format!("the subject has a line break or a control character: `{}`", printable(notice.subject));
        return Err(Error::new(ErrorKind::Input, message));
    }
    let facts = format!("{}\n{}\n{}", address_identity(notice.address), notice.date.timestamp(), notice.text);
    let id = &sha256_hex(facts.as_bytes())[..40];
    let message_id = format!("{id}@{}", sender.domain());
    let builder =
        Message::builder().from(sender.from.clone()).to(Mailbox::new(None, to)).date(SystemTime::from(notice.date));
    // It is not used; without one it would be read from the header, by a grammar that knows fewer addresses.
    let builder = builder.envelope(envelope);
    let builder = match &sender.reply_to {
        Some(reply_to) => builder.reply_to(reply_to.clone()),
        None => builder,
    };
    let builder = with_subject(builder.subject(notice.subject), notice.subject);
    let builder = with_mailbox(builder, "From", &sender.from);
    let builder = match &sender.reply_to {
        Some(reply_to) => with_mailbox(builder, "Reply-To", reply_to),
        None => builder,
    };
    let builder = builder.message_id(Some(format!("<{message_id}>")));
    let builder = with_header(builder, "Content-Language", notice.language.as_str());
    // An automatic answer to what somebody filled in (RFC 3834 5): no answer to it is wanted from a machine.
    let builder = with_header(builder, "Auto-Submitted", "auto-replied");
    // The hash stands in no part, and `=_` in no encoded text (RFC 2045 6.7).
    let parts = MultiPart::alternative()
        .boundary(format!("=_{id}"))
        .singlepart(part(ContentType::TEXT_PLAIN, notice.text)?)
        .singlepart(part(ContentType::TEXT_HTML, notice.html)?);
    let message = builder.multipart(parts).map_err(|cause| {
        Error::new(ErrorKind::Input, format!("the message cannot be made: {}", cause.to_string().to_lowercase()))
    })?;
    Ok(MadeNotice { message_id, bytes: message.formatted() })
}

/// Adds a header whose value is a word of ours, in ASCII.
fn with_header(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    let name = HeaderName::new_from_ascii_str(name);
    builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned()))
}

/// A part whose lines are short, however long those of the text are: people can read quoted-printable as long as most
/// letters are ASCII; of other scripts base64 makes less.
fn part(content_type: ContentType, text: &str) -> Result<SinglePart> {
    let beyond = text.bytes().filter(|byte| !byte.is_ascii()).count();
    let encoding = if beyond * 6 > text.len() {
        ContentTransferEncoding::Base64
    } else {
        ContentTransferEncoding::QuotedPrintable
    };
    let lines = even(text).replace("\r\n", "\n").replace('\n', "\r\n");
    let body = Body::new_with_encoding(lines, encoding)
        .map_err(|_| Error::new(ErrorKind::Input, "a part of the message cannot be encoded"))?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// The text with one space for several: so its lines are as they are signed (RFC 6376 3.4.4).
fn even(text: &str) -> String {
    let mut last = ' ';
    let mut kept = |c: char| {
        let c = if c == '\t' { ' ' } else { c };
        let is_repeated = c == ' ' && last == ' ';
        last = c;
        (!is_repeated).then_some(c)
    };
    text.chars().filter_map(&mut kept).collect()
}

/// The path of a notice below outbox/.
#[must_use]
pub fn notice_path(address: &str, message_id: &str) -> String {
    format!("subscriptions/{}", file_name(address, message_id))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use mail_parser::MessageParser;

    use super::{Notice, notice, notice_path};
    use crate::config::Mail;
    use crate::deliver::Sender;
    use crate::deliver::dkim::relaxed_body;
    use crate::model::Language;

    fn sender() -> Sender {
        let mail = Mail {
            from: Some("The Compositor <news@compositor.example>".to_owned()),
            reply_to: Some("editors@compositor.example".to_owned()),
            ..Mail::default()
        };
        Sender::new(&mail, &[]).unwrap()
    }

    #[test]
    fn a_notice_is_a_message_of_two_parts_and_the_same_each_time() {
        let language = Language::parse("fa").unwrap();
        let one = Notice {
            address: "Ann@x.example",
            language: &language,
            date: DateTime::UNIX_EPOCH,
            subject: "اشتراک خود را تأیید کنید",
            text: "متن",
            html: "<p>متن</p>",
        };
        let made = notice(&one, &sender()).unwrap();
        assert_eq!(made, notice(&one, &sender()).unwrap());
        let message = MessageParser::default().parse(&made.bytes).unwrap();
        assert_eq!(message.subject(), Some(one.subject));
        assert_eq!(message.message_id(), Some(made.message_id.as_str()));
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("Ann@x.example"));
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-replied"));
        assert_eq!(message.body_html(0).as_deref(), Some("<p>متن</p>"));
        assert!(notice_path(one.address, &made.message_id).starts_with("subscriptions/Ann@x.example-"));
        let spaced =
            notice(&Notice { html: "<p>a  b\t c </p>\n\n  <p>d</p>\n\n", text: "a \n\n", ..one }, &sender()).unwrap();
        let at = spaced.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = &spaced.bytes[at..];
        assert_eq!(relaxed_body(body), body, "its body is signed as it stands");
        for address in
            ["\"q q\"@x.example", "परीक्षा@x.example", "ผู้ใช้@x.example", "نامه\u{200c}ها@x.example", "🙂@x.example"]
        {
            let made = notice(&Notice { address, ..one }, &sender()).unwrap();
            let message = MessageParser::default().parse(&made.bytes).unwrap();
            assert_eq!(message.header_raw("To").map(str::trim), Some(address));
        }
        let broken = Notice { subject: "a\r\nBcc: b@x.example", ..one };
        assert!(notice(&broken, &sender()).is_err());
        assert!(notice(&Notice { address: "a@x.example\r\nBcc: b@x.example", ..one }, &sender()).is_err());
    }
}
