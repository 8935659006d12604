//! Who sends: the mail settings of a publication, checked.

use std::collections::BTreeMap;

use lettre::message::Mailbox;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::address::{address, printable};
use crate::config::Mail;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, List, Recipient, sha256_hex};

/// All but the unreserved characters (RFC 3986 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is encoded in the address of a `mailto:` (RFC 6068 2).
const RESERVED_IN_ADDRESS: &AsciiSet = &RESERVED.remove(b'@').remove(b'+');

/// The settings that every message shares.
#[derive(Clone, Debug)]
pub struct Sender {
    pub(super) from: Mailbox,
    pub(super) reply_to: Option<Mailbox>,
    /// The domain that names lists: the same for all series.
    list_domain: String,
    /// Ends without a slash.
    subscriptions_url: Option<String>,
    /// Those that messages name, by key.
    lists: BTreeMap<String, List>,
}

impl Sender {
    /// Checks the settings. Fails when there is no `from`, or an address that is none.
    pub fn new(mail: &Mail, lists: &[List]) -> Result<Self> {
        let from = mail.from.as_deref().ok_or_else(|| {
            Error::new(ErrorKind::Config, "`[mail]` has no `from`, so no mail can be made")
                .hint("write `from = \"The Compositor <news@compositor.example>\"` under `[mail]`")
        })?;
        let from = mailbox("from", from)?;
        let of_all = mail.publication_from.as_deref().map(|text| mailbox("from", text)).transpose()?;
        Ok(Self {
            list_domain: of_all.as_ref().unwrap_or(&from).email.domain().to_owned(),
            from,
            reply_to: mail.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?,
            subscriptions_url: mail.subscriptions_url.as_deref().map(|url| url.trim_end_matches('/').to_owned()),
            lists: lists
                .iter()
                .flat_map(|list| list.was.iter().chain([&list.key]).map(|name| (name.clone(), list.clone())))
                .collect(),
        })
    }

    /// The domain that names messages.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The address that mail comes from.
    #[must_use]
    pub fn address(&self) -> &str {
        self.from.email.as_ref()
    }

    /// The title of a list, the same for everybody; its key where it has none.
    pub(super) fn list_title<'a>(&'a self, list: &'a str) -> &'a str {
        self.lists.get(list).map_or(list, |list| &list.title)
    }

    /// The title of a list in a language.
    pub(super) fn list_title_in<'a>(&'a self, list: &'a str, language: &Language) -> &'a str {
        self.lists.get(list).map_or(list, |list| list.title_in(language))
    }

    /// RFC 2919: `<members.compositor.example>`.
    pub(super) fn list_id(&self, list: &str) -> String {
        format!("{}.{}", label(list, "-"), self.list_domain)
    }

    /// The address that takes requests about a list by mail.
    pub(super) fn mailto(&self, word: &str, list: &str) -> String {
        let to = self.reply_to.as_ref().unwrap_or(&self.from);
        let subject = format!("{word} {list}");
        let subject = utf8_percent_encode(&subject, RESERVED);
        format!("mailto:{}?subject={subject}", utf8_percent_encode(to.email.as_ref(), RESERVED_IN_ADDRESS))
    }

    /// The address at which a recipient unsubscribes by mail: the subject names the list and the recipient's token, so
    /// that nobody unsubscribes others, whatever address the mail comes from.
    pub(super) fn unsubscribe_mailto(&self, to: &Recipient) -> String {
        self.mailto("unsubscribe", &format!("{} {}", to.list, to.token))
    }

    /// The page on which a recipient unsubscribes with one click (RFC 8058), where there is one.
    pub(super) fn unsubscribe_page(&self, to: &Recipient) -> Option<String> {
        let url = self.subscriptions_url.as_ref()?;
        Some(format!(
            "{url}/unsubscribe/{}/{}",
            utf8_percent_encode(&to.list, RESERVED),
            utf8_percent_encode(&to.token, RESERVED)
        ))
    }
}

/// A name of ours as programs read it: letters and digits of ASCII, signs that are `allowed`, and `-` for every other. A name
/// in other letters ends with a hash, for two of the same length would be one otherwise.
pub(super) fn label(name: &str, allowed: &str) -> String {
    let plain = name.replace(|c: char| !c.is_ascii_alphanumeric() && !allowed.contains(c), "-");
    if name.is_ascii() {
        return plain;
    }
    let hash = &sha256_hex(name.as_bytes())[..8];
    format!("{}-{hash}", plain.trim_matches('-')).trim_start_matches('-').to_owned()
}

/// Reads a mailbox of the configuration (RFC 5322 3.4): "Name <address>" or an address alone.
fn mailbox(key: &str, text: &str) -> Result<Mailbox> {
    let wrong = |why: &str| {
        Error::new(ErrorKind::Config, format!("`mail.{key}` is not a mailbox: `{}`: {why}", printable(text)))
            .hint("allowed: `news@compositor.example` or `The Compositor <news@compositor.example>`")
    };
    if text.chars().any(char::is_control) {
        return Err(wrong("there is a control character in it"));
    }
    let (name, found) = match text.trim().strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, found)) => (Some(unquoted(name.trim())), found),
        None => (None, text),
    };
    let email = address(found).map_err(|error| wrong(error.message()))?;
    Ok(Mailbox::new(name.filter(|name| !name.is_empty()), email))
}

/// A name as it is meant: of a quoted one (RFC 5322 3.2.4) without its quotes, and without what keeps quotes in it.
fn unquoted(name: &str) -> String {
    let Some(quoted) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.trim_matches('"').to_owned();
    };
    let mut letters = quoted.chars();
    let mut plain = String::with_capacity(quoted.len());
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

/// How long a sender is named in `Feedback-ID`, which allows 5 to 15 characters.
const SENDER_ID: usize = 12;

/// What names a domain there, the same for all of its mail.
pub(super) fn sender_id(domain: &str) -> String {
    sha256_hex(domain.to_ascii_lowercase().as_bytes())[..SENDER_ID].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{label, mailbox, sender_id};

    #[test]
    fn a_quoted_name_is_read_as_it_is_meant() {
        let name = |text: &str| mailbox("from", text).unwrap().name;
        for (text, meant) in [
            (r#""The \"Board\", Assoc." <a@x.example>"#, Some(r#"The "Board", Assoc."#)),
            (r#""A \\ B" <a@x.example>"#, Some(r"A \ B")),
            (r"The Board <a@x.example>", Some("The Board")),
            (r#""Board <a@x.example>"#, Some("Board")),
            ("a@x.example", None),
            (r#""" <a@x.example>"#, None),
        ] {
            assert_eq!(name(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn a_sender_is_named_by_five_to_fifteen_characters() {
        let id = sender_id("Compositor.example");
        assert!((5..=15).contains(&id.len()) && !id.contains('.'), "{id}");
        assert_eq!(id, sender_id("compositor.example"));
        assert_ne!(id, sender_id("other.example"));
    }

    #[test]
    fn names_in_other_letters_are_told_apart() {
        assert_eq!((label("members", "-"), label("my list_2", "-")), ("members".to_owned(), "my-list-2".to_owned()));
        let [readers, friends] = ["خوانندگان", "دوستانماا"].map(|name| label(name, "-"));
        assert_ne!(readers, friends);
        for name in [readers, friends, label("é-News é", "._-")] {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !name.starts_with('-'), "{name}");
        }
    }
}
