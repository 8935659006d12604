//! Transfer encodings, charsets and HTML, as far as they can be undone; what is broken stays as it stands.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Padding is often lost, and the last bits need not be zero.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Undoes a Content-Transfer-Encoding (RFC 2045 6). An unknown one, or base64 that is none, leaves the bytes alone.
pub(super) fn transfer(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => quoted_printable(bytes, false),
        "base64" => base64(bytes).unwrap_or_else(|| bytes.to_vec()),
        _ => bytes.to_vec(),
    }
}

/// Undoes quoted-printable (RFC 2045 6.7), or the `Q` of encoded words (RFC 2047 4.2), in which `_` is a space.
pub(super) fn quoted_printable(bytes: &[u8], word: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'_' if word => out.push(b' '),
            b'=' => {
                let rest = &bytes[at..];
                let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                if rest.get(blanks) == Some(&b'\n') {
                    at += blanks + 1;
                } else if let Some(decoded) = rest.get(..2).and_then(hexadecimal) {
                    out.push(decoded);
                    at += 2;
                } else {
                    out.push(byte);
                }
            }
            _ => out.push(byte),
        }
    }
    out
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    Some(digit(*digits.first()?)? << 4 | digit(*digits.get(1)?)?)
}

/// Undoes base64, skipping what is no letter of it; `None` when nothing comes out.
pub(super) fn base64(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_letter = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let mut letters: Vec<u8> = bytes.iter().copied().take_while(|b| *b != b'=').filter(is_letter).collect();
    // One letter alone stands for no byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    BASE64.decode(letters).ok().filter(|decoded| !decoded.is_empty())
}

/// Text of a charset. Without a known one it is UTF-8 where it can be, ISO-2022-JP where its escapes stand, else
/// Windows-1252, in which every byte is a letter.
pub(super) fn charset(label: Option<&str>, bytes: &[u8]) -> String {
    let escapes = memchr::memmem::find(bytes, b"\x1b$").is_some();
    let named = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let encoding = match named {
        Some(encoding) if encoding != UTF_8 => encoding,
        _ if escapes => ISO_2022_JP,
        _ if std::str::from_utf8(bytes).is_ok() || named.is_some() => UTF_8,
        _ => WINDOWS_1252,
    };
    // "replacement" is what the standard gives for encodings that are dangerous: their letters are lost, ASCII is not.
    let encoding = if encoding == encoding_rs::REPLACEMENT { WINDOWS_1252 } else { encoding };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Header text with its encoded words (RFC 2047) undone; what is between two of them and only white space goes.
pub(in crate::deliver) fn encoded_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, tail) = rest.split_at(start);
        if let Some((text, length)) = encoded_word(tail) {
            if !(after_word && before.trim().is_empty()) {
                out.push_str(before);
            }
            out.push_str(&text);
            rest = &tail[length..];
            after_word = true;
        } else {
            out.push_str(before);
            out.push_str("=?");
            rest = &tail[2..];
            after_word = false;
        }
    }
    out.push_str(rest);
    out
}

/// `=?charset?Q?text?=` at the beginning of `text`, and how long it is.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let mut fields = text.strip_prefix("=?")?.splitn(3, '?');
    let (label, encoding, tail) = (fields.next()?, fields.next()?, fields.next()?);
    let coded = &tail[..tail.find("?=")?];
    let bytes = match encoding {
        "Q" | "q" => quoted_printable(coded.as_bytes(), true),
        "B" | "b" => base64(coded.as_bytes())?,
        _ => return None,
    };
    // RFC 2231 5: a language may follow the charset.
    let label = label.split('*').next();
    Some((charset(label, &bytes), 2 + text[2..].len() - tail.len() + coded.len() + 2))
}

/// The words of an HTML page: tags gone, the commonest entities read, a line for each block. Enough to look for replies
/// and addresses in it.
pub(super) fn words_of_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let lower: String = tail.chars().take(8).collect::<String>().to_ascii_lowercase();
        if ["br", "p", "/p", "div", "/div", "tr", "/tr", "li", "h"].iter().any(|tag| lower.starts_with(tag)) {
            out.push('\n');
        }
        // What stands in these is not read by anybody.
        let hidden = ["style", "script"].iter().find(|tag| lower.starts_with(**tag));
        let skipped = hidden.map_or(Some(0), |tag| tail.find(&format!("</{tag}")));
        // What is never closed hides all that follows.
        let end = skipped.and_then(|skipped| Some(skipped + tail[skipped..].find('>')? + 1));
        rest = end.map_or("", |end| &tail[end..]);
    }
    out.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::{charset, encoded_words, transfer, words_of_html};

    #[test]
    fn encodings_are_undone_as_far_as_they_go() {
        assert_eq!(transfer("Quoted-Printable", b"a=3D=\nb=C3=A9=zz="), "a=b\u{e9}=zz=".as_bytes());
        assert_eq!(transfer("base64", b"aGVs\nbG8"), b"hello");
        assert_eq!(transfer("base64", b"!!"), b"!!");
        assert_eq!(transfer("x-unknown", b"a=3D"), b"a=3D");
        assert_eq!(charset(Some("uft-8"), "é".as_bytes()), "é");
        assert_eq!(charset(None, b"\xe9"), "é");
        assert_eq!(charset(Some("iso-2022-jp"), b"\x1b$B$\"\x1b(B"), "あ");
        assert_eq!(charset(Some("utf-7"), b"plain"), "plain");
    }

    #[test]
    fn subjects_are_read() {
        assert_eq!(encoded_words("=?utf-8?Q?a_b?= =?utf-8?B?Yw==?= d"), "a bc d");
        assert_eq!(encoded_words("=?utf-8?Q?a"), "=?utf-8?Q?a");
        assert_eq!(encoded_words("=?=?x?"), "=?=?x?");
    }

    #[test]
    fn pages_become_words() {
        let page = "<html><style>p { x }</style><p>550 5.1.1 &lt;a@b.example&gt;<br>gone</p";
        assert_eq!(words_of_html(page).trim(), "550 5.1.1 <a@b.example>\ngone");
        assert_eq!(words_of_html(&format!("a{}", "<style".repeat(300_000))), "a");
    }
}
