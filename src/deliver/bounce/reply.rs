//! SMTP replies (RFC 5321 4.2) and enhanced status codes (RFC 3463) quoted in text.

use crate::model::EnhancedStatus;

/// What a server answered, as far as a text quotes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: Option<u16>,
    pub(super) status: Option<EnhancedStatus>,
}

/// A number in a text that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Code(u16),
    Status(EnhancedStatus),
}

/// How far after its code a status may stand, in bytes: `550-'5.7.1`, `ERROR_CODE :550, ERROR_CODE :5.1.1`.
const APART: usize = 20;

/// The reply that a text quotes. Of several statuses the last that says something counts: relays put their own summary
/// before what the recipient's server answered. The code is the one just before that status, or the first.
pub(super) fn reply(text: &str) -> Reply {
    let found = scan(text);
    let statuses = || {
        found.iter().enumerate().filter_map(|(n, (at, found))| match found {
            Found::Status(status) if status.class != 2 => Some((n, *at, *status)),
            _ => None,
        })
    };
    let chosen = statuses().rfind(|(.., status)| status.is_precise()).or_else(|| statuses().next());
    let codes = |end: usize| {
        found[..end].iter().filter_map(|(at, found)| match found {
            Found::Code(code) => Some((*at, *code)),
            Found::Status(_) => None,
        })
    };
    let near = chosen.and_then(|(n, at, _)| codes(n).next_back().filter(|(before, _)| at - before <= APART));
    let code = near.or_else(|| codes(found.len()).next()).map(|(_, code)| code);
    Reply { code, status: chosen.map(|(.., status)| status) }
}

/// The codes and statuses in a text, with where they stand.
fn scan(text: &str) -> Vec<(usize, Found)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let word = text[at..at + length].trim_end_matches('.');
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let after = bytes.get(at + word.len()).copied();
        if let Some(number) = number(word, before, after) {
            found.push((at, number));
        }
        at += length;
    }
    found
}

/// A word of digits and dots as a code or a status, if what stands around it lets it be one.
fn number(word: &str, before: Option<u8>, after: Option<u8>) -> Option<Found> {
    let begins = before.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'_' | b'/' | b'+'));
    if !begins || after.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'@')) {
        return None;
    }
    if let Ok(status) = word.parse::<EnhancedStatus>() {
        // Subjects end at 7 (RFC 3463 2); versions and addresses of hosts do not.
        return (status.subject <= 7).then_some(Found::Status(status));
    }
    // `[192.0.2.1]:550`, `2026-450`, `#450` are no replies.
    let alone = before.is_none_or(|b| !matches!(b, b'-' | b'#' | b'@' | b','));
    let code = word.parse::<u16>().ok().filter(|_| word.len() == 3 && alone)?;
    // 4yz and 5yz; y is 0 syntax, 1 information, 2 connections, 3 authentication, 5 the mail system.
    (matches!(code / 100, 4 | 5) && matches!(code / 10 % 10, 0..=3 | 5)).then_some(Found::Code(code))
}

#[cfg(test)]
mod tests {
    use super::{Reply, reply};

    fn read(text: &str) -> (Option<u16>, Option<String>) {
        let Reply { code, status } = reply(text);
        (code, status.map(|status| status.to_string()))
    }

    #[test]
    fn what_the_last_server_said_is_found() {
        let of = |code: u16, status: &str| (Some(code), Some(status.to_owned()));
        assert_eq!(read("host mx[192.0.2.1] said: 550 5.1.1 <a@b.example>... User unknown"), of(550, "5.1.1"));
        assert_eq!(read("550-5.7.26 no\n550 5.7.26 dmarc"), of(550, "5.7.26"));
        assert_eq!(read("554 4.4.7 Message expired.<421 4.4.2 Connection timed out>"), of(421, "4.4.2"));
        assert_eq!(read("550 #5.1.0 Address rejected."), of(550, "5.1.0"));
        assert_eq!(read("ERROR_CODE :550, ERROR_CODE :5.1.1 <a@b.example>"), of(550, "5.1.1"));
        assert_eq!(read("<<< 550 5.1.1 gone\n554 5.0.0 Service unavailable"), of(550, "5.1.1"));
        assert_eq!(read("sorry (#5.1.1 - chkusr)"), (None, Some("5.1.1".to_owned())));
        assert_eq!(read("550: : User unknown"), (Some(550), None));
    }

    #[test]
    fn other_numbers_are_none() {
        for text in ["192.0.2.1 5.2.2.1", "Exim 4.87.1a", "in 550ms, id x450", "v5.1.1", "5.9.1", "5500 451.2", ""] {
            assert_eq!(read(text), (None, None), "{text}");
        }
    }
}
