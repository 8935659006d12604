//! The words of a server about a message that it did not deliver, and which of them are about whom.

use super::addresses::addresses;
use super::headers::{Headers, field};
use super::lines::lines;
use super::quoted::without_quoted;

/// How many addresses of a notice are looked at.
const MOST_ADDRESSES: usize = 1000;
/// How many recipients a notice may name.
const MOST_RECIPIENTS: usize = 100;
/// How much of a notice is read, in bytes.
const MOST_BYTES: usize = 64 << 10;

/// A text that is cut where the returned message begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notice {
    /// What the server wrote, without what it quotes of the message.
    pub(super) text: String,
    /// The headers that it returned, when they stand in the same text.
    pub(super) returned: Option<Headers>,
}

/// Cuts a text where the headers of the returned message begin: at three fields in a row of which two are those that
/// every message has. What is quoted (`> `) is read as what it quotes, because people forward reports; so headers of
/// the report itself are passed over.
pub(super) fn notice(text: &str) -> Notice {
    let text = unquoted(text);
    let bytes = text.as_bytes();
    let mut run: Option<Run> = None;
    for (at, line) in lines(bytes) {
        let line = std::str::from_utf8(line).unwrap_or_default();
        run = match (run, field(line)) {
            (Some(open), _) if line.starts_with([' ', '\t']) => Some(open),
            (open, Some((name, _))) if !line.starts_with([' ', '\t']) => {
                let open = open.unwrap_or(Run { start: at, fields: 0, usual: 0, passed: false });
                Some(Run { fields: open.fields + 1, usual: open.usual + usize::from(is_usual(name)), ..open })
            }
            _ => None,
        };
        let Some(open) = run.filter(|run| run.fields >= 3 && run.usual >= 2 && !run.passed) else { continue };
        let headers = Headers::read(&bytes[open.start..]).0;
        if headers.get("from").is_some_and(is_server) {
            run = Some(Run { passed: true, ..open });
        } else {
            let own = without_quoted(without_rule(&text[..open.start]));
            return Notice { text: shortened(&own), returned: Some(headers) };
        }
    }
    Notice { text: shortened(&without_quoted(&text)), returned: None }
}

/// Fields in a row.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    fields: usize,
    usual: usize,
    /// Whether they were looked at and are those of a report.
    passed: bool,
}

/// Whether a sender is a mail server.
pub(super) fn is_server(from: &str) -> bool {
    const NAMES: [&str; 11] = [
        "mailer-daemon",
        "mailerdaemon",
        "mailer daemon",
        "postmaster",
        "post_master",
        "mail-daemon",
        "mdaemon",
        "mail deliver",
        "delivery system",
        "mail administrator",
        "mail system",
    ];
    let from = from.to_ascii_lowercase();
    NAMES.iter().any(|name| from.contains(name))
}

/// Fields that messages have and reports about them have not.
fn is_usual(name: &str) -> bool {
    const NAMES: [&str; 15] = [
        "received",
        "return-path",
        "message-id",
        "from",
        "to",
        "subject",
        "date",
        "mime-version",
        "dkim-signature",
        "cc",
        "sender",
        "reply-to",
        "content-type",
        "x-mailer",
        "domainkey-signature",
    ];
    NAMES.contains(&name.trim().to_ascii_lowercase().as_str())
}

/// A text without the lines at its end that announce what is returned: `--- This is a copy of the message ---`.
fn without_rule(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let last = text.rsplit('\n').next().unwrap_or_default();
        let lower = last.to_ascii_lowercase();
        let announces = ["message", "header", "returned", "original"].iter().any(|word| lower.contains(word));
        let is_rule = last.trim_start().starts_with("--") && (announces || last.trim_matches(['-', ' ']).is_empty());
        if !is_rule || last.len() == text.len() {
            return text;
        }
        text = text[..text.len() - last.len()].trim_end();
    }
}

fn shortened(text: &str) -> String {
    let end = text.len().min(MOST_BYTES);
    let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text[..end].to_owned()
}

/// A text without marks of quotation, where at least a third of its lines have one.
fn unquoted(text: &str) -> String {
    let quoted = text.lines().filter(|line| line.starts_with("> ") || *line == ">").count();
    if quoted < 5 || quoted * 3 < text.lines().count() {
        return text.to_owned();
    }
    let line =
        |line: &'_ str| format!("{}\n", line.strip_prefix("> ").or_else(|| line.strip_prefix('>')).unwrap_or(line));
    text.lines().map(line).collect()
}

/// The addresses that a notice names, each once, in their order, without those that `leave_out` knows.
pub(super) fn named(text: &str, leave_out: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, address) in addresses(text, MOST_ADDRESSES) {
        let known = found.iter().any(|known| known.eq_ignore_ascii_case(&address));
        if !known && found.len() < MOST_RECIPIENTS && !leave_out(&address) {
            found.push(address);
        }
    }
    found
}

/// Those of `named` that a notice points at as its recipients: at the beginning of a line, after a reply, or after
/// `RCPT TO:`.
pub(super) fn pointed(text: &str, named: &[String]) -> Vec<String> {
    let known: Vec<String> = named.iter().map(|one| one.to_ascii_lowercase()).collect();
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        let lower = line.to_ascii_lowercase();
        let after_command = lower.find("rcpt to:").map(|at| at + "rcpt to:".len());
        let rest = lower.get(after_command.unwrap_or(0)..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '"' | '_'));
        // "554 5.1.1 <ann@x.example>... Host unknown"
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '<' | '-'));
        let one = known.iter().position(|one| rest.starts_with(one)).and_then(|at| named.get(at));
        found.extend(one.filter(|one| !found.contains(one)).cloned());
    }
    found
}

/// What of a notice is about each of these recipients: the lines from one that names them up to one that names another.
/// Of a single recipient that is the whole notice.
pub(super) fn about(text: &str, recipients: &[String]) -> Vec<String> {
    if recipients.len() < 2 {
        return recipients.iter().map(|_| text.to_owned()).collect();
    }
    let mut about = vec![String::new(); recipients.len()];
    let known: Vec<String> = recipients.iter().map(|recipient| recipient.to_ascii_lowercase()).collect();
    let mut current: Option<usize> = None;
    // Lines of a transcript that name nobody belong to whom the next line names.
    let mut pending = String::new();
    for line in text.lines() {
        let lower = line.to_ascii_lowercase();
        let named = known.iter().position(|recipient| lower.contains(recipient.as_str()));
        if named.is_none() && is_of_transcript(&lower) {
            pending.push_str(line);
            pending.push('\n');
            continue;
        }
        current = named.or(current);
        if let Some(block) = current.and_then(|current| about.get_mut(current)) {
            block.push_str(&std::mem::take(&mut pending));
            block.push_str(line);
            block.push('\n');
        }
    }
    if let Some(block) = current.and_then(|current| about.get_mut(current)) {
        block.push_str(&pending);
    }
    about
}

/// `>>> DATA`, `<<< 550 no`, `550 mx.example (smtp)... Host unknown`, `While talking to mx.example:`
pub(super) fn is_of_transcript(lower: &str) -> bool {
    let line = lower.trim_start();
    let mut bytes = line.bytes();
    let code = bytes.by_ref().take(3).all(|b| b.is_ascii_digit()) && bytes.next() == Some(b' ') && line.len() > 4;
    code || line.starts_with(">>>")
        || line.starts_with("<<<")
        || line.trim_start_matches(['.', ' ']).starts_with("while talking to")
}

#[cfg(test)]
mod tests {
    use super::{about, named, notice, pointed};

    #[test]
    fn the_returned_message_is_cut_off() {
        let text = "Hi.\nTo: nobody: this is not a field of a message\n\n<a@x.example>: gone\n\n--- Below is the message\n\nReceived: from y\n by z\nMessage-ID: <1@y>\nX-Z: 1\n\nbody\n";
        let found = notice(text);
        assert!(found.text.ends_with("gone"), "{}", found.text);
        assert_eq!(found.returned.unwrap().get("message-id"), Some("<1@y>"));
        let report =
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550\n";
        assert_eq!(notice(report).returned, None);
        let forwarded = notice("From: MAILER-DAEMON\nTo: a@x.example\nSubject: x\n\n<b@x.example>: gone\n");
        assert!(forwarded.text.contains("gone") && forwarded.returned.is_none());
        assert!(notice("> a\n> b\n> <c@x.example>\n>\n> d\n").text.starts_with("a\nb\n<c@"));
    }

    #[test]
    fn each_recipient_has_its_lines() {
        let text = "Sorry.\n<a@x.example>: full\n  try later\n<b@x.example>: gone\n";
        let recipients = named(text, |address| address == "me@x.example");
        assert_eq!(about(text, &recipients), ["<a@x.example>: full\n  try later\n", "<b@x.example>: gone\n"]);
        assert_eq!(about(text, &recipients[..1]), [text]);
        let transcript = "550 x.example (smtp)... Host unknown\n554 <a@x.example>... no\n<<< 550 full\n554 <b@y.example>... no\n<<< 503\n";
        let of = |address: &str| address.to_owned();
        let blocks = about(transcript, &[of("a@x.example"), of("b@y.example")]);
        assert_eq!(blocks[0], "550 x.example (smtp)... Host unknown\n554 <a@x.example>... no\n");
        assert_eq!(blocks[1], "<<< 550 full\n554 <b@y.example>... no\n<<< 503\n");
        let text = "Ask help@x.example.\n>>> RCPT To:<a@x.example>\n554 5.0.0 <b@x.example>... Host unknown\n   * c@x.example\n";
        let all = named(text, |_| false);
        assert_eq!(pointed(text, &all), ["a@x.example", "b@x.example", "c@x.example"]);
    }
}
