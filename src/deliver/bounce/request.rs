//! Mails that ask for something: what the `mailto:` links of our messages make (RFC 2369, RFC 6068).

use percent_encoding::percent_decode_str;

use super::addresses::address_in;
use super::headers::Headers;
use super::lines::normalised;
use super::mime::{Role, parts};
use crate::deliver::words::{UNSUBSCRIBE, key};

/// How many lines of a body are looked at.
const MOST_LINES: usize = 10;
/// What is shorter is no token among other words: those of ours have 60 characters and more.
const SHORTEST_TOKEN: usize = 16;
/// What is longer is no name of a list, but a token whose list is not the one word before it.
const SHORTEST_ALONE: usize = 48;
/// What mail programs put around words.
const QUOTES: [char; 16] = [
    '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '«', '»', '<', '>', '(', ')', '[', ']',
];

/// A request to be taken off a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The list's name in config.toml; empty in mails by hand that name none.
    pub list: String,
    /// What proves who asks; mails of older issues and mails that were written by hand have none.
    pub token: Option<String>,
    /// Who the mail says it is from, which anybody can write.
    pub from: Option<String>,
}

/// Reads a mail that asks to be unsubscribed: its subject holds `unsubscribe LIST TOKEN`, with whatever gateways, spam filters and
/// mail programs put around it, or one of its first lines is that, with marks of an answer before it. (Below them the mail
/// may be quoted that is answered, with a link that says the same.) `None` for any other mail.
#[must_use]
pub fn request(bytes: &[u8]) -> Option<Request> {
    let bytes = normalised(bytes);
    let (headers, start) = Headers::read(&bytes);
    let subject = headers.text("subject");
    let asked = proven(&subject).or_else(|| asked(&subject)).or_else(|| {
        let parts = parts(&headers, bytes.get(start..).unwrap_or_default());
        let text = parts.iter().find(|part| part.role == Role::Text)?.text();
        text.lines().take(MOST_LINES).find_map(asked)
    });
    let (list, token) = asked?;
    Some(Request { list, token, from: headers.get("from").and_then(address_in) })
}

/// What people write by hand besides [`UNSUBSCRIBE`].
const BY_HAND: [&str; 7] = [
    "unsubscribe me",
    "please unsubscribe",
    "please unsubscribe me",
    "stop",
    "remove me",
    "please remove me",
    "më hiqni",
];
/// What is longer is none of these.
const LONGEST_BY_HAND: usize = 100;

/// So many words may stand between the verb and the token: the name of a list falls apart where its encoded words do.
const MOST_OF_NAME: usize = 6;

/// A request with a token anywhere in a subject, which may have come as it stood in a link.
fn proven(subject: &str) -> Option<(String, Option<String>)> {
    let decoded = percent_decode_str(subject).decode_utf8_lossy();
    let forms = [subject.to_owned(), decoded.replace('+', " "), decoded.into_owned()];
    forms.iter().find_map(|form| {
        let words: Vec<&str> = form.split_whitespace().map(|word| word.trim_matches(is_around)).collect();
        (0..words.len()).find_map(|at| proven_at(&words[at..]))
    })
}

/// The same, in words that begin with the verb.
fn proven_at(words: &[&str]) -> Option<(String, Option<String>)> {
    let (verb, rest) = words.split_first()?;
    let verb = verb.rsplit(|letter: char| !letter.is_alphanumeric()).next()?;
    if !verb.eq_ignore_ascii_case("unsubscribe") {
        return None;
    }
    let token_at = |at: &usize| {
        let token = rest[*at].trim_end_matches(['.', ',', ';', '!']);
        let least = if *at == 1 { SHORTEST_TOKEN } else { SHORTEST_ALONE };
        let is_token = token.len() >= least
            && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_token.then(|| token.to_owned())
    };
    // As a rule the name is one word.
    let mut places = std::iter::once(1).chain(0..=MOST_OF_NAME).filter(|at| *at < rest.len());
    places.find_map(|at| token_at(&at).map(|token| (rest[..at].join(" "), Some(token))))
}

/// What stands around words, those signs too that nobody sees and that turn the direction of writing.
fn is_around(letter: char) -> bool {
    QUOTES.contains(&letter)
        || matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn asked(line: &str) -> Option<(String, Option<String>)> {
    let mut words = line.split_whitespace().skip_while(|word| word.ends_with(':'));
    let whole = words.clone().collect::<Vec<_>>().join(" ");
    // Not after a mark of what is quoted.
    let is_short = whole.len() <= LONGEST_BY_HAND && whole.starts_with(char::is_alphabetic);
    let is_by_hand = |asked: String| UNSUBSCRIBE.iter().chain(&BY_HAND).any(|said| key(said) == asked);
    if is_short && is_by_hand(key(&whole)) {
        return Some((String::new(), None));
    }
    let is_request = words.next().is_some_and(|word| word.eq_ignore_ascii_case("unsubscribe"));
    let bare = |word: &str| word.trim_matches(is_around).to_owned();
    let list = words.next().filter(|_| is_request)?;
    Some((bare(list), words.next().map(bare)))
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn requests_are_read_from_subject_or_body() {
        let found = request(b"From: Ann <ann@x.example>\nSubject: RE: Unsubscribe members 0123abc\n\n").unwrap();
        assert_eq!((found.list.as_str(), found.token.as_deref()), ("members", Some("0123abc")));
        assert_eq!(found.from.as_deref(), Some("ann@x.example"));
        assert_eq!(request(b"Subject: =?utf-8?Q?unsubscribe_members?=\n\n").unwrap().token, None);
        assert_eq!(request(b"Subject: \n\nunsubscribe members t\n-- \nAnn\n").unwrap().token.as_deref(), Some("t"));
        for by_hand in [
            "Subject: Re: Unsubscribe\n\n",
            "Subject: STOP\n\n",
            "Subject: Issue 3\n\nPlease unsubscribe me.\n",
            "Subject: الغاء الاشتراك\n\n",
            "Subject: لغو اشتراك\n\n",
            "Subject: Cabonohuni!\n\n",
        ] {
            assert_eq!(request(by_hand.as_bytes()).map(|found| found.list).as_deref(), Some(""), "{by_hand}");
        }
        let token = "QkFTRTY0-tokens-are-long";
        for around in [
            "[EXTERNAL] unsubscribe members TOKEN",
            "*****SPAM***** Unsubscribe members TOKEN",
            "[EXT] Re: unsubscribe members TOKEN",
            "RE: [Spam] unsubscribe members TOKEN",
            "[CAUTION: External] unsubscribe members TOKEN please",
            "[EXT]unsubscribe members TOKEN.",
            "\"unsubscribe members TOKEN\"",
            "=?utf-8?Q?=E2=80=9Eunsubscribe_members_TOKEN=E2=80=9C?=",
            "unsubscribe%20members%20TOKEN",
            "Fwd: unsubscribe+members+TOKEN",
        ] {
            let mail = format!("Subject: {}\n\n", around.replace("TOKEN", token));
            let found = request(mail.as_bytes()).map(|found| (found.list, found.token));
            assert_eq!(found, Some(("members".to_owned(), Some(token.to_owned()))), "{mail}");
        }
        let token = token.repeat(3);
        for (damaged, list) in [
            ("=?utf-8?Q?unsubscribe_=D8=AE=D8?= =?utf-8?Q?=A8=D8=B1_?= TOKEN", None),
            ("unsubscribe the club letters TOKEN", Some("the club letters")),
            ("unsubscribe TOKEN", Some("")),
            ("=?utf-8?Q?unsubscribe_members=E2=80=8F_TOKEN=E2=80=8F?=", Some("members")),
        ] {
            let mail = format!("Subject: {}\n\n", damaged.replace("TOKEN", &token));
            let found = request(mail.as_bytes()).unwrap();
            assert_eq!(found.token.as_ref(), Some(&token), "{mail}");
            assert!(list.is_none_or(|list| found.list == list), "{found:?}");
        }
        let quoting = format!(
            "Subject: Re: Issue 3\n\n> unsubscribe: mailto:a@x.example?subject=unsubscribe%20members%20{token}\n"
        );
        assert_eq!(request(quoting.as_bytes()), None, "who answers an issue stays");
        for other in [
            "Subject: How do I unsubscribe members?\n\nHello",
            "Subject: x\n\n> Unsubscribe\n",
            "",
            "Subject: help members\n\n",
        ] {
            assert_eq!(request(other.as_bytes()), None, "{other}");
        }
    }
}
