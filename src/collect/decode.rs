//! Bytes to text, whatever encoding they are in.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Where an XML declaration can be.
const HEAD: usize = 1024;

/// Text, and the name of its encoding when that is not UTF-8.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Option<&'static str>,
    /// Whether some bytes were none of that encoding.
    pub(super) is_damaged: bool,
    /// Whether nothing said what the encoding is.
    pub(super) is_guessed: bool,
    /// The encoding that was named and is not the one.
    pub(super) misnamed: Option<&'static str>,
}

/// Decodes by the byte order mark; by the pattern of UTF-16 or UTF-32; as UTF-8 where that is valid, whatever else is
/// declared; as `charset`, the parameter of an HTTP Content-Type (RFC 9110, 8.3.2), says; as an XML declaration says;
/// as the bytes look.
pub(super) fn decode(bytes: Vec<u8>, charset: Option<&str>) -> Decoded {
    if let Some(text) = utf_32(&bytes) {
        return Decoded { text, encoding: Some("UTF-32"), ..Decoded::default() };
    }
    if let Some(encoding) = Encoding::for_bom(&bytes).map(|(found, _)| found).filter(|found| *found != UTF_8) {
        return with(encoding, &bytes);
    }
    if let Some(encoding) = utf_16(&bytes) {
        return with(encoding, &bytes);
    }
    if bytes.starts_with("\u{feff}".as_bytes()) && std::str::from_utf8(&bytes).is_err() {
        let text = mixed(&bytes).trim_start_matches('\u{feff}').to_owned();
        return Decoded { text, is_damaged: true, ..Decoded::default() };
    }
    let said = |bytes: &[u8]| charset.and_then(label).or_else(|| declared(bytes));
    // Its letters are written with ASCII bytes between escapes, so that it passes for UTF-8.
    if bytes.starts_with(b"\x1b$")
        || memchr::memmem::find(&bytes, b"\x1b$").is_some() && said(&bytes) == Some(ISO_2022_JP)
    {
        return with(ISO_2022_JP, &bytes);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(mut text) => {
            while text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            let named = if text.is_ascii() { None } else { said(text.as_bytes()) };
            return Decoded { text, misnamed: named.map(Encoding::name), ..Decoded::default() };
        }
        Err(error) => error.into_bytes(),
    };
    if let Some(encoding) = said(&bytes) {
        return with(encoding, &bytes);
    }
    if is_mostly_utf_8(&bytes) {
        return Decoded { text: mixed(&bytes), is_damaged: true, ..Decoded::default() };
    }
    Decoded { is_guessed: true, ..with(guessed(&bytes), &bytes) }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, used, is_damaged) = encoding.decode(bytes);
    Decoded {
        text: text.into_owned(),
        encoding: (used != UTF_8).then(|| used.name()),
        is_damaged,
        ..Decoded::default()
    }
}

fn utf_32(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 4]) -> u32 = match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<'] => u32::from_be_bytes,
        [0xff, 0xfe, 0, 0] | [b'<', 0, 0, 0] => u32::from_le_bytes,
        _ => return None,
    };
    let chars = bytes.chunks_exact(4).map(|four| {
        let code = read([four[0], four[1], four[2], four[3]]); // chunks_exact gives four
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    Some(chars.filter(|c| *c != '\u{feff}').collect())
}

/// Two ASCII characters in UTF-16.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, 1..=127, 0, 1..=127] => Some(UTF_16BE),
        [1..=127, 0, 1..=127, 0] => Some(UTF_16LE),
        _ => None,
    }
}

/// The encoding that a label names, where it can be true: the bytes are neither UTF-16 nor valid UTF-8.
fn label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().trim_matches(['"', '\'']).as_bytes())
        .filter(|found| *found != UTF_16BE && *found != UTF_16LE && *found != UTF_8)
}

/// The encoding of an XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let declaration = head.split_once("<?xml").map(|(_, after)| after.split("?>").next().unwrap_or(after))?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    label(after[1..].split(quote).next()?)
}

/// Whether what is not UTF-8 is the exception.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

/// UTF-8 with some bytes from elsewhere: quotation marks that a program pasted as windows-1252.
fn mixed(bytes: &[u8]) -> String {
    let foreign = |bytes| WINDOWS_1252.decode_without_bom_handling(bytes).0;
    bytes.utf8_chunks().flat_map(|chunk| [Cow::Borrowed(chunk.valid()), foreign(chunk.invalid())]).collect()
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::{Decoded, decode};

    fn text(bytes: impl Into<Vec<u8>>) -> String {
        decode(bytes.into(), None).text
    }

    #[test]
    fn the_bytes_decide() {
        assert_eq!(text("\u{feff}\u{feff}<a>é</a>"), "<a>é</a>");
        assert_eq!(text(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>").chars().rev().nth(4), Some('é'));
        let utf_8 = decode("<?xml encoding='iso-8859-1'?>é".into(), Some("windows-1251"));
        assert_eq!((utf_8.encoding, utf_8.misnamed), (None, Some("windows-1251")));
        assert!(decode(b"caf\xe9 au lait".to_vec(), None).is_guessed);
        let utf_16: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(utf_16), "<a>é</a>");
        let utf_16: Vec<u8> = "\u{feff}é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(utf_16), "é");
        let utf_32: Vec<u8> = "<a/>".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(text(utf_32), "<a/>");
        assert_eq!(text(b"caf\xe9 au lait"), "café au lait");
    }

    #[test]
    fn what_is_said_comes_after_what_is_valid() {
        let russian = b"<?xml version='1.0' encoding='koi8-r'?>\xe9";
        assert_eq!(decode(russian.to_vec(), None).encoding, Some("KOI8-R"));
        assert_eq!(decode(russian.to_vec(), Some("windows-1251")).encoding, Some("windows-1251"));
        assert_eq!(decode(russian.to_vec(), Some("utf-8")).encoding, Some("KOI8-R"));
        let japanese = b"<?xml version='1.0' encoding='iso-2022-jp'?>\x1b$B$\"\x1b(B";
        assert!(text(japanese).ends_with('あ'));
    }

    #[test]
    fn a_few_foreign_bytes_do_not_spoil_the_rest() {
        let mut bytes = "é — ü — ß — ".as_bytes().to_vec();
        bytes.push(0x93);
        let Decoded { text: decoded, encoding, is_damaged, .. } = decode(bytes, None);
        assert_eq!((decoded.as_str(), encoding, is_damaged), ("é — ü — ß — \u{201c}", None, true));
        assert_eq!(text(b"\xef\xbb\xbf<?xml encoding='koi8-r'?>a\xf1o".to_vec()), "<?xml encoding='koi8-r'?>año");
    }
}
