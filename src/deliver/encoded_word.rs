//! Text of headers that readers would take for something else: written as encoded words (RFC 2047), whole.
//!
//! lettre encodes words with letters beyond ASCII and leaves the others as they are. Among those may be some that read like
//! encoded words themselves, and some that are longer than a line may be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};

/// How many octets of text stand in one encoded word: with the longest name of a field before it the line stays below 76
/// characters (RFC 2047 2).
const OCTETS: usize = 36;

/// The longest line with an encoded word, and what stands around the text of one.
const LINE: usize = 76;
const FRAME: usize = "=?utf-8?b??=".len();

/// The longest word in characters that folding alone keeps on a line.
const LONGEST: usize = 60;

/// Headers to which fields can be added as they are written.
pub(super) trait Fields: Sized {
    /// With the field, in place of one of the same name.
    #[must_use]
    fn with_field(self, field: HeaderValue) -> Self;
}

impl Fields for MessageBuilder {
    fn with_field(self, field: HeaderValue) -> Self {
        self.raw_header(field)
    }
}

impl Fields for lettre::message::header::Headers {
    fn with_field(mut self, field: HeaderValue) -> Self {
        self.insert_raw(field);
        self
    }
}

/// The fields with a `Subject` that reads as it is written, where lettre's would not.
pub(super) fn with_subject<F: Fields>(fields: F, subject: &str) -> F {
    if reads_as_written(subject) { fields } else { fields.with_field(field("Subject", subject, encoded(subject))) }
}

/// The fields with a mailbox in field `name` whose phrase reads as it is written, where lettre's would not. A phrase of ASCII
/// with a comma or the like is quoted (RFC 5322 3.2.4), which people can read in the source too.
pub(super) fn with_mailbox<F: Fields>(fields: F, name: &'static str, mailbox: &Mailbox) -> F {
    let is_ours = |phrase: &&str| !reads_as_written(phrase) || needs_quotes(phrase) || !fits(name, phrase, mailbox);
    match mailbox.name.as_deref().filter(is_ours) {
        None => fields,
        Some(phrase) if reads_as_written(phrase) && phrase.is_ascii() => {
            let quoted = phrase.replace('\\', "\\\\").replace('"', "\\\"");
            let written = format!("\"{quoted}\"{}<{}>", fold(phrase), mailbox.email);
            fields.with_field(field(name, &mailbox.to_string(), written))
        }
        Some(phrase) => {
            let written = format!("{}\r\n <{}>", encoded(phrase), mailbox.email);
            fields.with_field(field(name, &mailbox.to_string(), written))
        }
    }
}

fn field(name: &'static str, text: &str, written: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), text.to_owned(), written)
}

/// What stands between a phrase and its address: a line may have 78 characters (RFC 5322 2.1.1).
fn fold(phrase: &str) -> &'static str {
    if phrase.len() > LONGEST / 2 { "\r\n " } else { " " }
}

/// Whether a phrase has signs that stand in quotes only, and none that must be encoded. It fits on a line.
fn needs_quotes(phrase: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
    phrase.len() <= LONGEST && phrase.chars().all(|c| matches!(c, ' '..='~')) && !phrase.chars().all(is_plain)
}

/// Whether a phrase in encoded words and its address fit on one line, where lettre puts them: one with such words may have 76
/// characters (RFC 2047 2).
fn fits(name: &str, phrase: &str, mailbox: &Mailbox) -> bool {
    let word = FRAME + phrase.len().div_ceil(3) * 4;
    let address: &str = mailbox.email.as_ref();
    let whole = name.len() + ": ".len() + word + " <>".len() + address.len();
    phrase.is_ascii() || whole <= LINE
}

fn reads_as_written(text: &str) -> bool {
    !text.contains("=?") && text.split(' ').all(|word| word.chars().nth(LONGEST).is_none())
}

/// The text in encoded words, each on a line of its own. Letters are not cut (RFC 2047 5).
fn encoded(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fits = |(at, letter): (usize, char)| at + letter.len_utf8();
        let end = rest.char_indices().map(fits).take_while(|end| *end <= OCTETS).last().unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use lettre::message::header::Headers;
    use lettre::message::{Mailbox, Mailboxes};

    use super::{encoded, reads_as_written, with_mailbox};

    #[test]
    fn words_are_short_and_whole() {
        let text = "=?utf-8?Q?n=C3=B6?= و نشانه‌ها ".repeat(20);
        let lines: Vec<String> = encoded(&text).split("\r\n ").map(str::to_owned).collect();
        assert!(lines.iter().all(|line| line.len() < 66), "{lines:?}");
        let message = format!("Subject: {}\r\n\r\n", lines.join("\r\n "));
        let read = mail_parser::MessageParser::default().parse(message.as_bytes()).unwrap();
        assert_eq!(read.subject(), Some(text.as_str()));
    }

    #[test]
    fn names_of_ascii_with_signs_are_quoted() {
        let of = |name: &str| {
            let mailbox = Mailbox::new(Some(name.to_owned()), "x@y.example".parse().unwrap());
            with_mailbox(Headers::new(), "From", &mailbox).to_string()
        };
        assert_eq!(of("The Board, Assoc"), "From: \"The Board, Assoc\" <x@y.example>\r\n");
        assert_eq!(of("A \"b\" \\c"), "From: \"A \\\"b\\\" \\\\c\" <x@y.example>\r\n");
        assert_eq!((of("The Board").as_str(), of("Bücher, e. V.").as_str()), ("", ""), "lettre writes them");
    }

    #[test]
    fn lines_with_encoded_words_are_short_and_read_as_they_were() {
        let addresses = ["x@y.example", "news@reading-room.example", "a-rather-long-name@a-rather-long-domain.example"];
        for field in ["From", "To", "Reply-To"] {
            for (length, address) in (1..60).flat_map(|length| addresses.map(|address| (length, address))) {
                for phrase in ["آ".repeat(length), format!("A {} e. V.", "ü".repeat(length)), "é a, ".repeat(length)]
                {
                    let phrase = phrase.trim();
                    let mailbox = Mailbox::new(Some(phrase.to_owned()), address.parse().unwrap());
                    let mut headers = Headers::new();
                    match field {
                        "From" => headers.set(lettre::message::header::From::from(Mailboxes::from(mailbox.clone()))),
                        "To" => headers.set(lettre::message::header::To::from(Mailboxes::from(mailbox.clone()))),
                        _ => headers.set(lettre::message::header::ReplyTo::from(Mailboxes::from(mailbox.clone()))),
                    }
                    let text = with_mailbox(headers, field, &mailbox).to_string();
                    assert!(text.lines().all(|line| line.len() <= 76), "{text}");
                    let message = format!("{text}\r\n");
                    let read = mail_parser::MessageParser::default().parse(message.as_bytes()).unwrap();
                    let read = [read.from(), read.to(), read.reply_to()].into_iter().flatten().next().unwrap();
                    let first = read.first().unwrap();
                    assert_eq!((first.name(), first.address()), (Some(phrase), Some(address)), "{text}");
                }
            }
        }
    }

    #[test]
    fn ordinary_text_is_left_to_folding() {
        assert!(reads_as_written("Is 1 = 2? A title, =, ? and ä"));
        assert!(!reads_as_written("What =?utf-8?Q?a?= means"));
        assert!(!reads_as_written(&"x".repeat(61)));
    }
}
