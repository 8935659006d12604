//! Bytes to text, whatever encoding they are in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text, and the name of its encoding when that is not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: Option<&'static str>,
}

/// Decodes by the byte order mark; by the pattern of UTF-16; as UTF-8 where that is valid, whatever else is declared;
/// as an XML declaration says; as the bytes look.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => {
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            return Decoded { text, encoding: None };
        }
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    if let Some(text) = utf_32(&bytes) {
        return Decoded { text, encoding: Some("UTF-32") };
    }
    let encoding = Encoding::for_bom(&bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| utf_16(&bytes))
        .or_else(|| declared(&bytes))
        .unwrap_or_else(|| guessed(&bytes));
    let (text, used, _) = encoding.decode(&bytes);
    Decoded { text: text.into_owned(), encoding: (used != UTF_8).then(|| used.name()) }
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

fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, b'<', 0, _] => Some(UTF_16BE),
        [b'<', 0, _, 0] => Some(UTF_16LE),
        _ => None,
    }
}

/// The encoding of an XML declaration, where it can be true: it was read byte by byte, so it is not UTF-16.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let after = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = after[1..].split(quote).next()?;
    Encoding::for_label(label.trim().as_bytes())
        .filter(|found| *found != UTF_16BE && *found != UTF_16LE && *found != UTF_8)
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_bytes_decide() {
        assert_eq!(decode("\u{feff}<a>é</a>".into()).text, "<a>é</a>");
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>".to_vec()).text.chars().rev().nth(4),
            Some('é')
        );
        assert_eq!(decode("<?xml encoding='iso-8859-1'?>é".into()).encoding, None);
        let utf_16: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(utf_16).text, "<a>é</a>");
        let utf_32: Vec<u8> = "<a/>".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(decode(utf_32).text, "<a/>");
        assert_eq!(decode(b"caf\xe9 au lait".to_vec()).text, "café au lait");
    }
}
