//! Character data: references resolved, illegal characters found.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

use super::faults::Faults;
use crate::collect::plain;

/// No name of a character is longer.
const LONGEST_NAME: usize = 40;

/// So many bytes of memory may stay unused behind a text.
const SPARE: usize = 64;

/// What a reference stands for.
enum Reference {
    Known(char),
    /// A character that HTML names and XML does not.
    Html(String),
    /// A number that is no character of XML.
    NoCharacter,
    /// No reference at all: the ampersand means itself.
    None,
}

/// Resolves the references of character data. What is none stays as it is written. `at` is where the data stands in
/// its document.
pub(super) fn unescape<'a>(raw: &'a str, at: usize, faults: &mut Faults) -> Cow<'a, str> {
    let Some(first) = memchr(b'&', raw.as_bytes()) else { return Cow::Borrowed(raw) };
    // The shortest reference has four characters for one: what comes out is at least so much shorter.
    let count = memchr_iter(b'&', raw.as_bytes()).count();
    let mut out = String::with_capacity(raw.len().saturating_sub(count * 3).max(first + 8));
    let mut rest = raw;
    while let Some(found) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        let offset = at + raw.len() - rest.len() + found;
        rest = &rest[found..];
        let (reference, length) = reference(rest);
        match reference {
            Reference::Known(c) => out.push(c),
            Reference::Html(text) => {
                faults.add(
                    offset,
                    "a character has a name of HTML's; XML knows only `amp`, `lt`, `gt`, `quot` and `apos`",
                );
                out.push_str(&text);
            }
            Reference::NoCharacter => {
                faults.add(offset, format!("`{}` is no character of XML and was dropped", &rest[..length]));
            }
            Reference::None => {
                faults.add(offset, "a bare `&` was taken as text; it is written `&amp;`");
                out.push('&');
            }
        }
        rest = &rest[length..];
    }
    out.push_str(rest);
    // Of a long text the guess above is too large by hundreds of bytes, and a feed has ten thousand.
    if out.capacity() - out.len() > SPARE {
        out.shrink_to_fit();
    }
    Cow::Owned(out)
}

/// The reference that `text`, which begins with an ampersand, begins with, and its length.
fn reference(text: &str) -> (Reference, usize) {
    for (written, c) in [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&apos;", '\'')] {
        if text.starts_with(written) {
            return (Reference::Known(c), written.len());
        }
    }
    let end = text.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
    let Some(name) = end.and_then(|end| text.get(1..end)).filter(|name| !name.is_empty()) else {
        return (Reference::None, 1);
    };
    let length = name.len() + 2;
    if let Some(number) = name.strip_prefix('#') {
        return match numbered(number) {
            Some(c) => (Reference::Known(c), length),
            None if number.bytes().all(|b| b.is_ascii_alphanumeric()) => (Reference::NoCharacter, length),
            None => (Reference::None, 1),
        };
    }
    let resolved = plain::decode_entities(&text[..length]);
    if resolved == text[..length] { (Reference::None, 1) } else { (Reference::Html(resolved), length) }
}

/// The character of a number, as in `#233` or `#xe9`. Numbers of control characters mean what they mean in
/// windows-1252, as browsers have it.
fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let (0x80..=0x9f, Ok(byte)) = (code, u8::try_from(code)) {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    char::from_u32(code).filter(|c| !is_illegal(*c))
}

/// Characters that XML 1.0 (2.2) does not allow.
pub(super) fn is_illegal(c: char) -> bool {
    (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Whether a text holds a character that XML does not allow.
pub(super) fn holds_illegal(text: &str) -> bool {
    let bytes = text.as_bytes();
    let control = |byte: u8| u8::from(byte < b' ') & u8::from(byte != b'\t' && byte != b'\n' && byte != b'\r');
    let mut at = 0;
    // Without a branch and in blocks without an early end, which compilers turn into vector instructions.
    bytes.chunks(BLOCK).any(|block| {
        let controls = block.iter().fold(0, |found, byte| found | control(*byte));
        let with_its_last = &bytes[at..bytes.len().min(at + block.len() + 2)];
        at += block.len();
        controls != 0
            || memchr(LEAD, block).is_some()
                && ["\u{fffe}", "\u{ffff}"].iter().any(|c| memmem::find(with_its_last, c.as_bytes()).is_some())
    })
}

/// Bytes that are looked at in one go.
const BLOCK: usize = 1024;

/// The first byte of U+FFFE and U+FFFF.
const LEAD: u8 = 0xef;

/// Whether there is nothing but white space.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace()) || text.trim().is_empty()
}

/// Without white space at the ends; copied only when it has some and is owned.
pub(super) fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end().len());
            let start = text.len() - text.trim_start().len();
            text.drain(..start);
            Cow::Owned(text)
        }
    }
}

/// The bytes of base64 text (RFC 4648); white space is passed over. `None` when it is none.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let value = |byte: u8| -> Option<u32> {
        Some(u32::from(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }))
    };
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.trim_end().trim_end_matches('=').bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        bits = bits << 6 | value(byte)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{BLOCK, from_base64, holds_illegal, trimmed, unescape};
    use crate::collect::feed::faults::{Faults, warnings};

    fn read(raw: &str) -> (String, Vec<String>) {
        let mut faults = Faults::default();
        let text = unescape(raw, 0, &mut faults).into_owned();
        let told = warnings(faults.into_list(|offset| offset), raw, Path::new("f"));
        (text, told.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn references_are_resolved_and_what_is_none_stays() {
        assert_eq!(read("&lt;p&gt;&amp;amp; &#233;&#x2019;&quot;"), ("<p>&amp; é’\"".to_owned(), Vec::new()));
        let (text, told) = read("AT&T & co;\n&nbsp;&hellip; &#8;&#146; &#zz; &;");
        assert_eq!(text, "AT&T & co;\n\u{a0}… ’  &;");
        assert_eq!(
            told,
            [
                "f:1:3: a bare `&` was taken as text; it is written `&amp;` (and 2 times more)",
                "f:2:1: a character has a name of HTML's; XML knows only `amp`, `lt`, `gt`, `quot` and `apos` (and once \
                 more)",
                "f:2:16: `&#8;` is no character of XML and was dropped",
                "f:2:27: `&#zz;` is no character of XML and was dropped",
            ]
        );
    }

    #[test]
    fn small_tools() {
        assert!(holds_illegal("a\u{8}") && holds_illegal("a\u{ffff}") && !holds_illegal("a\t\r\né\u{fffd}"));
        for before in BLOCK - 4..=BLOCK {
            let text = |c: &str| "a".repeat(before) + c + "b";
            assert!(["\u{0}", "\u{fffe}"].iter().all(|c| holds_illegal(&text(c))) && !holds_illegal(&text("\u{fefe}")));
        }
        assert_eq!(trimmed(" a ".to_owned().into()), "a");
        assert_eq!(from_base64("SGVs\nbG8=").unwrap(), b"Hello");
        assert_eq!(from_base64("a b!"), None);
    }
}
