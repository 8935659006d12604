//! The parts of a message (RFC 2046 5.1), found in one pass over its lines, however deep they claim to be.

use super::decode::{charset, transfer, words_of_html};
use super::headers::{Headers, parameters};
use super::lines::lines;

/// How many parts are kept.
const MOST_PARTS: usize = 100;
/// How many multiparts may stand within one another; what is deeper is text of the innermost.
const MOST_DEPTH: usize = 10;

/// How many delimiters are looked at.
const MOST_DELIMITERS: usize = 1000;

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Words for people.
    Text,
    /// The same as a web page.
    Page,
    /// Fields about recipients (RFC 3464 2, RFC 6533 4).
    DeliveryStatus,
    /// Fields about a complaint (RFC 5965 3).
    Feedback,
    /// The message that was not delivered, or its headers.
    Returned,
    /// Pictures and the like.
    Other,
}

/// A part that holds no other parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) role: Role,
    charset: Option<String>,
    encoding: String,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn new(headers: &Headers, body: &'a [u8]) -> Self {
        let (kind, parameters) = parameters(headers.get("content-type").unwrap_or("text/plain"));
        Self {
            role: role(&kind),
            charset: parameters.into_iter().find(|(name, _)| name == "charset").map(|(_, value)| value),
            encoding: headers.get("content-transfer-encoding").unwrap_or_default().to_owned(),
            body,
        }
    }

    /// Its bytes, decoded.
    pub(super) fn bytes(&self) -> Vec<u8> {
        transfer(&self.encoding, self.body)
    }

    /// Its text; the words alone of a page.
    pub(super) fn text(&self) -> String {
        let text = charset(self.charset.as_deref(), &self.bytes());
        // Decoded text brings its own line ends.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if self.role == Role::Page { words_of_html(&text) } else { text }
    }
}

fn role(kind: &str) -> Role {
    match kind {
        "text/html" => Role::Page,
        "message/delivery-status" | "message/global-delivery-status" => Role::DeliveryStatus,
        "message/feedback-report" => Role::Feedback,
        "message/rfc822"
        | "message/global"
        | "message/partial"
        | "text/rfc822-headers"
        | "text/rfc822-header"
        | "message/rfc822-headers"
        | "message/global-headers" => Role::Returned,
        // A type that cannot be read is text (RFC 2045 5.2).
        _ if kind.starts_with("text/") || !kind.contains('/') => Role::Text,
        _ => Role::Other,
    }
}

/// The parts of a message with these headers and this body, in their order. A multipart whose boundary is never met
/// is one part of text.
pub(super) fn parts<'a>(headers: &Headers, body: &'a [u8]) -> Vec<Part<'a>> {
    let Some(boundary) = boundary(headers, body) else { return vec![Part::new(headers, body)] };
    let mut found = Vec::new();
    let mut open: Option<(Headers, usize)> = None;
    let mut within = vec![boundary];
    let mut delimiters = 0;
    for (at, line) in lines(body) {
        let Some((level, closes)) = delimiter(line, &within) else { continue };
        delimiters += 1;
        if let Some((headers, start)) = open.take() {
            // The line end before a delimiter belongs to the delimiter.
            found.push(Part::new(&headers, body.get(start..at.saturating_sub(1)).unwrap_or_default()));
        }
        within.truncate(if closes { level } else { level + 1 });
        if within.is_empty() || found.len() == MOST_PARTS || delimiters == MOST_DELIMITERS {
            break;
        }
        if !closes {
            let rest = body.get(at + line.len() + 1..).unwrap_or_default();
            let (headers, length) = Headers::read(rest);
            let start = body.len() - rest.len() + length.min(rest.len());
            match self::boundary(&headers, &body[start..]).filter(|_| within.len() < MOST_DEPTH) {
                Some(inner) => within.push(inner),
                None => open = Some((headers, start)),
            }
        }
    }
    if let Some((headers, start)) = open {
        found.push(Part::new(&headers, &body[start..]));
    }
    if found.is_empty() {
        found.push(Part::new(&Headers::default(), body));
    }
    found
}

/// The boundary of a multipart. One that names none has that of its first line that looks like a delimiter.
fn boundary(headers: &Headers, body: &[u8]) -> Option<Vec<u8>> {
    let (kind, parameters) = parameters(headers.get("content-type")?);
    if !kind.starts_with("multipart/") {
        return None;
    }
    let named = parameters.into_iter().find(|(name, value)| name == "boundary" && !value.is_empty());
    if let Some((_, value)) = named {
        return Some(value.trim_end().as_bytes().to_vec());
    }
    let mut before: Option<&[u8]> = None;
    for (_, line) in lines(body).take(1000) {
        let is_field = line.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-"));
        let delimiter = before.filter(|_| is_field).and_then(|line| line.strip_prefix(b"--"));
        if let Some(found) = delimiter.filter(|found| !found.is_empty()) {
            return Some(found.to_vec());
        }
        before = Some(line);
    }
    None
}

/// Whether a message was cut short: a multipart that does not end, such as a server writes while it is read.
pub(super) fn is_cut(headers: &Headers, body: &[u8]) -> bool {
    let Some(boundary) = boundary(headers, body) else { return false };
    let within = [boundary];
    !lines(body).any(|(_, line)| delimiter(line, &within) == Some((0, true)))
}

/// Which of the boundaries, the innermost first, a line names, and whether it closes that multipart.
fn delimiter(line: &[u8], within: &[Vec<u8>]) -> Option<(usize, bool)> {
    let rest = line.strip_prefix(b"--")?.trim_ascii_end();
    within.iter().enumerate().rev().find_map(|(level, boundary)| {
        let end = rest.strip_prefix(boundary.as_slice())?;
        match end {
            b"" => Some((level, false)),
            b"--" => Some((level, true)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::headers::Headers;
    use super::{Role, parts};

    fn read(message: &str) -> Vec<(Role, String)> {
        let (headers, body) = Headers::read(message.as_bytes());
        parts(&headers, &message.as_bytes()[body..]).iter().map(|part| (part.role, part.text())).collect()
    }

    #[test]
    fn parts_stand_side_by_side_however_they_are_nested() {
        let found = read(
            "Content-Type: multipart/report; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; boundary=b\n\n\
             --b\n\nplain\n--b\nContent-Type: text/html\n\n<p>page\n--b--\n--a\nContent-Type: message/delivery-status\n\nX: y\n\
             --a\nContent-Type: message/rfc822\n\nTo: z\n--a--\nepilogue\n",
        );
        let roles: Vec<Role> = found.iter().map(|(role, _)| *role).collect();
        assert_eq!(roles, [Role::Text, Role::Page, Role::DeliveryStatus, Role::Returned]);
        assert_eq!(found[0].1, "plain");
        assert_eq!(found[3].1, "To: z");
    }

    #[test]
    fn broken_multiparts_keep_their_text() {
        assert_eq!(read("Content-Type: multipart/mixed; boundary=a\n\nall of it")[0].1, "all of it");
        let unnamed = read("Content-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\none\n--x--\n");
        assert_eq!(unnamed, [(Role::Text, "one".to_owned())]);
        let unclosed = read("Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\n\ntwo");
        assert_eq!(unclosed.len(), 2);
        let part = |n: usize| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1);
        let deep = (0..200).map(part).collect::<Vec<_>>().concat();
        assert!(!read(&format!("Content-Type: multipart/mixed; boundary=b0\n\n{deep}")).is_empty());
    }
}
