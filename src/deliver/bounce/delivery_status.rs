//! Delivery status notifications (RFC 3464; RFC 6533 for addresses beyond ASCII).

use std::borrow::Cow;

use super::addresses::address_in;
use super::headers::field;
use crate::model::EnhancedStatus;

/// How many recipients of one report are kept.
const MOST_RECIPIENTS: usize = 500;

/// What a server did about a recipient (RFC 3464 2.3.3), as servers write it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// `failed`; also `failure`, `error` and `expired`, and what nobody knows.
    #[default]
    Failed,
    /// `delayed`: the server is still trying.
    Delayed,
    /// `delivered`, `relayed` or `expanded`; also `deliverable`.
    Delivered,
}

/// The fields about one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RecipientFields {
    /// Where the message was to go first (RFC 3464 2.3.1).
    pub(super) original: Option<String>,
    /// Where it was to go in the end.
    pub(super) last: Option<String>,
    pub(super) action: Action,
    pub(super) status: Option<EnhancedStatus>,
    /// What the other server said; empty when nothing.
    pub(super) diagnostic: String,
}

impl RecipientFields {
    fn is_about_somebody(&self) -> bool {
        self.original.is_some() || self.last.is_some()
    }
}

/// Reads the fields of a report. Servers forget the empty lines between recipients or put some too many, so a recipient
/// begins where its first address stands.
pub(super) fn recipients(text: &str) -> Vec<RecipientFields> {
    let mut found: Vec<RecipientFields> = Vec::new();
    let mut open = RecipientFields::default();
    for (name, value) in fields(text) {
        let begins = match name.as_str() {
            "final-recipient" => open.last.is_some(),
            "original-recipient" => open.original.is_some() && open.last.is_some(),
            _ => false,
        };
        if begins && found.len() < MOST_RECIPIENTS {
            found.push(std::mem::take(&mut open));
        }
        take(&mut open, &name, &value);
    }
    found.push(open);
    found.retain(RecipientFields::is_about_somebody);
    found
}

fn take(open: &mut RecipientFields, name: &str, value: &str) {
    match name {
        "final-recipient" | "x-actual-recipient" if open.last.is_none() => open.last = recipient(value),
        "original-recipient" if open.original.is_none() => open.original = recipient(value),
        "action" => open.action = action(value),
        "status" => {
            open.status = status(value).or(open.status);
        }
        "diagnostic-code" => {
            let said = value.split_once(';').map_or(value, |(_, said)| said);
            open.diagnostic.push_str(said.trim());
            open.diagnostic.push('\n');
        }
        _ => {}
    }
}

/// "rfc822; ann@x.example", or what stands in its place.
fn recipient(value: &str) -> Option<String> {
    let (kind, address) = value.split_once(';').unwrap_or(("", value));
    let is_utf8 = kind.trim().eq_ignore_ascii_case("utf-8");
    let address = if is_utf8 { unescaped(address.trim()) } else { Cow::Borrowed(address.trim()) };
    let bare = address.trim_matches(['<', '>']);
    // Such an address may hold signs that stand in none of running text.
    let is_whole = is_utf8 && bare.matches('@').count() == 1 && !bare.contains(char::is_whitespace);
    let found = if is_whole { None } else { address_in(&address) };
    let found = found.unwrap_or_else(|| bare.to_owned());
    (!found.is_empty()).then_some(found)
}

/// An address in ASCII as it reads: `\x{FC}` is ü (RFC 6533 3). What is no such sign stays.
fn unescaped(address: &str) -> Cow<'_, str> {
    const BEGIN: &str = "\\x{";
    if !address.contains(BEGIN) {
        return Cow::Borrowed(address);
    }
    let mut parts = address.split(BEGIN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some((letter, rest)) = part.split_once('}').and_then(|(digits, rest)| Some((letter(digits)?, rest))) {
            out.push(letter);
            out.push_str(rest);
        } else {
            out.push_str(BEGIN);
            out.push_str(part);
        }
    }
    Cow::Owned(out)
}

fn letter(digits: &str) -> Option<char> {
    let is_number = (2..=6).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_number)?;
    char::from_u32(number).filter(|letter| !letter.is_control())
}

/// "5.1.1 (bad destination mailbox address)"
pub(super) fn status(value: &str) -> Option<EnhancedStatus> {
    value.split(|c: char| !c.is_ascii_digit() && c != '.').find(|word| !word.is_empty())?.parse().ok()
}

/// An action as servers write it.
pub(super) fn action(value: &str) -> Action {
    let word: String = value.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    match word.to_ascii_lowercase().as_str() {
        "delayed" | "delay" => Action::Delayed,
        "delivered" | "deliverable" | "relayed" | "expanded" => Action::Delivered,
        _ => Action::Failed,
    }
}

/// The fields of a text: lines that are none belong to the field before, whether they are indented or not.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let known = field(line).filter(|(name, _)| is_known(name));
        if let Some((name, value)) = known {
            found.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        } else if let Some((_, value)) = found.last_mut().filter(|(_, value)| value.len() < 4000) {
            value.push('\n');
            value.push_str(line.trim());
        }
    }
    found
}

/// Fields of reports, of which any line of a quoted reply might look like one.
fn is_known(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "final-recipient",
        "original-recipient",
        "action",
        "status",
        "diagnostic-code",
        "remote-mta",
        "reporting-mta",
        "arrival-date",
        "last-attempt-date",
        "will-retry-until",
        "final-log-id",
        "original-envelope-id",
        "received-from-mta",
        "dsn-gateway",
    ];
    let name = name.trim().to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || name.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::{Action, recipients};

    #[test]
    fn recipients_are_told_apart_without_empty_lines() {
        let found = recipients(
            "Reporting-MTA: dns; mx.example\nArrival-Date: x\n\nOriginal-Recipient: rfc822;Ann@x.example\n\
             Final-Recipient: RFC822; <ann@y.example>\nAction: failure\nStatus: 5.1.1 (no)\nDiagnostic-Code: smtp; 550-5.1.1 a\n\
             550 5.1.1 b: c\n  d\nFinal-Recipient: rfc822;bo@x.example\nAction: delayed\n\nStatus: 4.4.1\n",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].original.as_deref(), Some("Ann@x.example"));
        assert_eq!(found[0].last.as_deref(), Some("ann@y.example"));
        assert_eq!((found[0].action, found[1].action), (Action::Failed, Action::Delayed));
        assert_eq!(found[0].diagnostic, "550-5.1.1 a\n550 5.1.1 b: c\nd\n");
        assert_eq!(found[1].status.unwrap().to_string(), "4.4.1");
    }

    #[test]
    fn addresses_beyond_ascii_are_read_in_each_of_their_forms() {
        for (written, address) in [
            ("utf-8; \\x{FC}@x.example", "ü@x.example"),
            ("UTF-8;\\x{67E5}\\x{8BE2}@\\x{4f8b}.example", "查询@例.example"),
            ("utf-8; <\\x{1F600}a@x.example>", "\u{1F600}a@x.example"),
            ("utf-8; ü@x.example", "ü@x.example"),
            ("utf-8; ann@x.example", "ann@x.example"),
        ] {
            let found = recipients(&format!("Final-Recipient: {written}\nAction: failed\n"));
            assert_eq!(found[0].last.as_deref(), Some(address), "{written}");
        }
        for (value, text) in [
            (
                "a\\x{}b\\x{110000}c\\x{0A}d\\x{D800}e\\x{+FC}f\\x{FC",
                "a\\x{}b\\x{110000}c\\x{0A}d\\x{D800}e\\x{+FC}f\\x{FC",
            ),
            ("\\x{2B}", "+"),
        ] {
            assert_eq!(super::unescaped(value), text);
        }
    }

    #[test]
    fn actions_are_read_as_servers_write_them() {
        let action = |word: &str| recipients(&format!("Final-Recipient: x; a@b.example\nAction: {word}\n"))[0].action;
        for word in ["failed", "Failure", "error", "expired", "x"] {
            assert_eq!(action(word), Action::Failed, "{word}");
        }
        for word in ["delivered", "deliverable (to mailbox)", "relayed", "expanded"] {
            assert_eq!(action(word), Action::Delivered, "{word}");
        }
    }
}
