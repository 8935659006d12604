//! Bytes to text, whatever encoding they are in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Kinds of bytes that are told one by one.
const TOLD: usize = 20;

/// Where an XML declaration can be.
const HEAD: usize = 1024;

/// Text, and the name of its encoding when that is not UTF-8.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Option<&'static str>,
    /// Whether some bytes were none of that encoding.
    pub(super) is_damaged: bool,
    /// Bytes that are none of UTF-8, in a text that is: where the first of each kind stands in the text, and what was done.
    pub(super) foreign: Vec<(usize, String)>,
    /// Whether nothing true is said of what the encoding is.
    pub(super) is_guessed: bool,
    /// The encoding that was named and is not the one.
    pub(super) misnamed: Option<&'static str>,
}

/// Decodes by the byte order mark; by the pattern of UTF-16 or UTF-32; as UTF-8 where that is valid, whatever else is
/// declared; as `charset`, the parameter of an HTTP Content-Type (RFC 9110, 8.3.2), says; as an XML declaration says;
/// as the bytes look.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    if let Some((text, misnamed)) = as_utf_8(bytes, charset) {
        return Decoded { text: text.to_owned(), misnamed, ..Decoded::default() };
    }
    if let Some(text) = utf_32(bytes) {
        return Decoded { text, encoding: Some("UTF-32"), ..Decoded::default() };
    }
    if let Some(encoding) = utf_16(bytes) {
        return with(encoding, bytes);
    }
    if let Some(text) = bytes.strip_prefix("\u{feff}".as_bytes()) {
        return mixed(text);
    }
    if is_iso_2022_jp(bytes, charset) {
        return with(ISO_2022_JP, bytes);
    }
    if let Some(encoding) = said(bytes, charset) {
        return with(encoding, bytes);
    }
    let says_utf_8 = says_utf_8(bytes, charset);
    if is_mostly_utf_8(bytes, says_utf_8) {
        return mixed(bytes);
    }
    let misnamed = says_utf_8.then(|| UTF_8.name());
    Decoded { is_guessed: true, misnamed, ..with(guessed(bytes), bytes) }
}

/// The text that bytes are as they lie, where they are UTF-8, as nearly all are, and the encoding that they are wrongly
/// said to be. `None` where they are something else or have to be mended: [`decode`] does that.
pub(super) fn as_utf_8<'a>(bytes: &'a [u8], charset: Option<&str>) -> Option<(&'a str, Option<&'static str>)> {
    if utf_32_order(bytes).is_some() || utf_16(bytes).is_some() || is_iso_2022_jp(bytes, charset) {
        return None;
    }
    // Several times as fast as the standard library's way; it borrows whatever is valid.
    let Cow::Borrowed(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes)? else { return None };
    let text = text.trim_start_matches('\u{feff}');
    let misnamed = if text.is_ascii() { None } else { said(text.as_bytes(), charset).map(Encoding::name) };
    Some((text, misnamed))
}

/// The encoding that is named, where it can be true.
fn said(bytes: &[u8], charset: Option<&str>) -> Option<&'static Encoding> {
    charset.and_then(label).or_else(|| declared(bytes))
}

/// Its letters are written with ASCII bytes between escapes, so that it passes for UTF-8.
fn is_iso_2022_jp(bytes: &[u8], charset: Option<&str>) -> bool {
    bytes.starts_with(b"\x1b$")
        || said(bytes, charset) == Some(ISO_2022_JP) && memchr::memmem::find(bytes, b"\x1b$").is_some()
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
    let read = utf_32_order(bytes)?;
    let chars = bytes.chunks_exact(4).map(|four| {
        let code = read([four[0], four[1], four[2], four[3]]); // chunks_exact gives four
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    Some(chars.filter(|c| *c != '\u{feff}').collect())
}

/// How the bytes of a character of UTF-32 lie, by its byte order mark or a `<` at the beginning.
fn utf_32_order(bytes: &[u8]) -> Option<fn([u8; 4]) -> u32> {
    match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<'] => Some(u32::from_be_bytes),
        [0xff, 0xfe, 0, 0] | [b'<', 0, 0, 0] => Some(u32::from_le_bytes),
        _ => None,
    }
}

/// UTF-16 by its byte order mark, or by two ASCII characters in it.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((marked, _)) = Encoding::for_bom(bytes).filter(|(found, _)| *found != UTF_8) {
        return Some(marked);
    }
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

/// The encoding of an XML declaration, where it can be true.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    label(&declaration(bytes)?)
}

/// What an XML declaration says of the encoding.
fn declaration(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let declaration = head.split_once("<?xml").map(|(_, after)| after.split("?>").next().unwrap_or(after))?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..].split(quote).next().map(str::to_owned)
}

/// Whether a declaration or its server calls a text UTF-8.
fn says_utf_8(bytes: &[u8], charset: Option<&str>) -> bool {
    let is_utf_8 = |said: &str| Encoding::for_label(said.trim().as_bytes()) == Some(UTF_8);
    charset.is_some_and(is_utf_8) || declaration(bytes).is_some_and(|said| is_utf_8(&said))
}

/// Whether what is not UTF-8 is the exception. In other encodings hardly any letters happen to be those of UTF-8; where
/// that is said of a text, fewer prove it.
fn is_mostly_utf_8(bytes: &[u8], is_said: bool) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if is_said { good > bad / 4 } else { good > bad }
}

/// UTF-8 with some bytes from elsewhere: quotation marks that a program pasted as windows-1252.
fn mixed(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut kinds: BTreeMap<&[u8], (usize, usize)> = BTreeMap::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            kinds.entry(chunk.invalid()).or_insert((text.len(), 0)).1 += 1;
            text.push_str(&foreign(chunk.invalid()));
        }
    }
    let mut told: Vec<(usize, String)> = kinds
        .into_iter()
        .map(|(bytes, (at, count))| {
            let more = match count {
                1 => String::new(),
                2 => " (and once more)".to_owned(),
                count => format!(" (and {} times more)", count - 1),
            };
            (at, foreign_in_words(bytes) + &more)
        })
        .collect();
    told.sort();
    if told.len() > TOLD {
        let more = told.len() - TOLD;
        told.truncate(TOLD);
        // Writing to a string cannot fail.
        let _ = write!(told[TOLD - 1].1, "; so it is with {more} other bytes");
    }
    Decoded { text, foreign: told, ..Decoded::default() }
}

/// What stands for bytes that are not UTF-8: the letter of one that was pasted from windows-1252; of the beginning of a
/// letter of UTF-8 that was cut, the sign for what is lost.
pub(super) fn foreign(bytes: &[u8]) -> String {
    match bytes {
        [_] => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        _ => char::REPLACEMENT_CHARACTER.to_string(),
    }
}

/// The same, told.
pub(super) fn foreign_in_words(bytes: &[u8]) -> String {
    let read_as = foreign(bytes);
    let mut names = String::new();
    for byte in bytes {
        let _ = write!(names, " {byte:02X}");
    }
    match bytes {
        [_] => format!("the byte{names} is not UTF-8; it was read as `{read_as}`, as windows-1252 has it"),
        _ => format!("the bytes{names} are the beginning of a letter of UTF-8 that is cut; `{read_as}` stands for it"),
    }
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Allow);
    // Texts of Western Europe are the same in several; this one is what people mean.
    let reads_same = found.decode_without_bom_handling(bytes).0 == WINDOWS_1252.decode_without_bom_handling(bytes).0;
    if reads_same { WINDOWS_1252 } else { found }
}

#[cfg(test)]
mod tests {
    use super::{Decoded, decode};

    fn text(bytes: impl Into<Vec<u8>>) -> String {
        decode(&bytes.into(), None).text
    }

    #[test]
    fn the_bytes_decide() {
        assert_eq!(text("\u{feff}\u{feff}<a>é</a>"), "<a>é</a>");
        assert_eq!(text(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>").chars().rev().nth(4), Some('é'));
        let utf_8 = decode("<?xml encoding='iso-8859-1'?>é".as_bytes(), Some("windows-1251"));
        assert_eq!((utf_8.encoding, utf_8.misnamed), (None, Some("windows-1251")));
        assert!(decode(b"caf\xe9 au lait", None).is_guessed);
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
        assert_eq!(decode(russian, None).encoding, Some("KOI8-R"));
        assert_eq!(decode(russian, Some("windows-1251")).encoding, Some("windows-1251"));
        assert_eq!(decode(russian, Some("utf-8")).encoding, Some("KOI8-R"));
        let japanese = b"<?xml version='1.0' encoding='iso-2022-jp'?>\x1b$B$\"\x1b(B";
        assert!(text(japanese).ends_with('あ'));
    }

    #[test]
    fn what_is_called_utf_8_and_is_not_is_read_as_it_looks() {
        for (bytes, expected) in [
            (&b"<?xml version='1.0' encoding='utf-8'?><a>caf\xe9</a>"[..], "caf\u{e9}"),
            (
                b"<?xml version='1.0' encoding='UTF-8'?><a>\x93So it is\x94 \x96 he said</a>",
                "\u{201c}So it is\u{201d} \u{2013} he",
            ),
            (b"<?xml version='1.0' encoding='UTF-8'?><a>It\x92s here</a>", "It\u{2019}s"),
            (
                b"<?xml version='1.0' encoding='UTF-8'?><a>na\xefve r\xf4le, \x80 5</a>",
                "na\u{ef}ve r\u{f4}le, \u{20ac} 5",
            ),
        ] {
            let decoded = decode(bytes, None);
            assert!(decoded.text.contains(expected), "{}", decoded.text);
            assert_eq!((decoded.encoding, decoded.misnamed), (Some("windows-1252"), Some("UTF-8")));
        }
    }

    #[test]
    fn a_few_foreign_bytes_do_not_spoil_the_rest() {
        let mut bytes = "é — ü — ß — ".as_bytes().to_vec();
        bytes.push(0x93);
        bytes.extend(b" \xe2\x80.");
        let Decoded { text: decoded, encoding, foreign, .. } = decode(&bytes, None);
        assert_eq!((decoded.as_str(), encoding), ("é — ü — ß — \u{201c} \u{fffd}.", None));
        assert_eq!(
            foreign,
            [
                (21, "the byte 93 is not UTF-8; it was read as `\u{201c}`, as windows-1252 has it".to_owned()),
                (
                    25,
                    "the bytes E2 80 are the beginning of a letter of UTF-8 that is cut; `\u{fffd}` stands for it"
                        .to_owned()
                ),
            ]
        );
        assert_eq!(text(b"\xef\xbb\xbf<?xml encoding='koi8-r'?>a\xf1o".to_vec()), "<?xml encoding='koi8-r'?>año");
    }
}
