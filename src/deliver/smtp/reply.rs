//! Replies of SMTP servers (RFC 5321 4.2).

use crate::model::Reply;

/// The longest line that is read, in bytes with its end. RFC 5321 4.5.3.1.5 allows 512; servers exceed that, and what
/// became of a message must not be unknown because a server has much to say about it.
pub(super) const LONGEST_LINE: usize = 64 << 10;
/// How much of a line is looked at, in bytes.
pub(super) const LINE: usize = 2048;
/// The most lines of one reply.
pub(super) const MOST_LINES: usize = 1000;
/// How many of them are looked at.
pub(super) const LINES: usize = 128;
/// How much of a reply's words is kept, in characters.
const KEPT: usize = 400;

/// What a server answered to one command.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Answer {
    /// 200 to 599.
    pub(super) code: u16,
    /// The words of each line, as far as they are looked at.
    pub(super) lines: Vec<String>,
}

impl Answer {
    /// 2xx.
    pub(super) fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 4xx: refused for now.
    pub(super) fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// The server is about to close the connection (RFC 5321 4.2.1).
    pub(super) fn is_closing(&self) -> bool {
        self.code == 421
    }

    /// The enhanced status code (RFC 2034 4) that the first line begins with.
    pub(super) fn enhanced(&self) -> Option<&str> {
        let first = self.lines.first()?.split(' ').next()?;
        let mut parts = first.split('.');
        let class = parts.next()?;
        let number = |part: Option<&str>| {
            part.is_some_and(|text| (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
        };
        let well_formed = number(parts.next()) && number(parts.next()) && parts.next().is_none();
        let agrees = class.parse() == Ok(self.code / 100);
        (well_formed && agrees).then_some(first)
    }

    /// As the store keeps it.
    pub(super) fn kept(&self, relay: &str) -> Reply {
        let text = match self.enhanced() {
            Some(status) => {
                let first = self.lines.first().map_or("", |line| line[status.len()..].trim_start());
                let rest = self.lines.iter().skip(1).map(|line| line.strip_prefix(status).unwrap_or(line).trim_start());
                std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" ")
            }
            None => self.lines.join(" "),
        };
        Reply {
            relay: relay.to_owned(),
            code: Some(self.code),
            enhanced: self.enhanced().map(str::to_owned),
            text: text.trim().chars().take(KEPT).collect(),
        }
    }
}

/// One line of a reply, without its end: the code, whether more lines follow, the words. `None` when it is no such
/// line. Bytes that are not UTF-8, and control characters, are shown as replacement characters.
pub(super) fn line(bytes: &[u8]) -> Option<(u16, bool, String)> {
    let (code, rest) = bytes.split_at_checked(3)?;
    // Whatever the other digits are, the first one says what became of it (RFC 5321 4.3.2).
    if !code.iter().all(u8::is_ascii_digit) || !(b'2'..=b'5').contains(&code[0]) {
        return None;
    }
    let code = code.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let (more, words) = match rest.split_first() {
        None => (false, &rest[..0]),
        Some((b' ', words)) => (false, words),
        Some((b'-', words)) => (true, words),
        Some(_) => return None,
    };
    let words = String::from_utf8_lossy(words);
    Some((code, more, words.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()))
}

#[cfg(test)]
mod tests {
    use super::{Answer, line};

    fn answer(code: u16, lines: &[&str]) -> Answer {
        Answer { code, lines: lines.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn a_line_is_a_code_and_words() {
        assert_eq!(line(b"250-PIPELINING"), Some((250, true, "PIPELINING".to_owned())));
        assert_eq!(line(b"354 go on"), Some((354, false, "go on".to_owned())));
        assert_eq!(line(b"250"), Some((250, false, String::new())));
        assert_eq!(line(b"571 no").unwrap().0, 571, "the first digit counts");
        assert_eq!(line(b"550 5.1.1 \xff\x07").unwrap().2, "5.1.1 \u{fffd}\u{fffd}");
        for no in [&b""[..], b"25", b"2x0 a", b"150 a", b"650 a", b"250_a", b" 250 a", b"HTTP/1.1 400"] {
            assert_eq!(line(no), None, "{}", String::from_utf8_lossy(no));
        }
    }

    #[test]
    fn enhanced_codes_are_taken_where_they_agree_with_the_code() {
        assert_eq!(answer(550, &["5.1.1 no such user"]).enhanced(), Some("5.1.1"));
        for no in ["5.1.1.1 x", "4.1.1 x", "5.1 x", "5.1111.1", "five", "", "é.1.1"] {
            assert_eq!(answer(550, &[no]).enhanced(), None, "{no}");
        }
        let kept = answer(450, &["4.2.1 try", "4.2.1 later"]).kept("r");
        assert_eq!((kept.code, kept.enhanced.as_deref(), kept.text.as_str()), (Some(450), Some("4.2.1"), "try later"));
        assert_eq!(answer(550, &["no", "really"]).kept("r").text, "no really");
    }
}
