//! Quoted-printable (RFC 2045 6.7), in pieces that can be put together: what is encoded here begins at the beginning of
//! a line and ends at the end of one, so that another text may stand in the middle without touching its lines.
//!
//! No line begins with a dot or with "From ", and no two blanks stand beside each other, so that neither transport nor
//! DKIM's relaxed form changes anything.

/// The longest line, without its end.
const LONGEST: usize = 76;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Encodes a piece of text. Line feeds are ends of lines. A piece that ends within a line ends with a soft break.
pub(super) fn encode(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut column = 0;
    for (at, byte) in bytes.iter().copied().enumerate() {
        if byte == b'\n' {
            into.extend_from_slice(b"\r\n");
            column = 0;
            continue;
        }
        let next = bytes.get(at + 1);
        let is_plain = match byte {
            b'=' => false,
            b'.' | b'F' => column > 0,
            b' ' => column > 0 && next.is_some_and(|next| *next != b'\n') && into.last() != Some(&b' '),
            33..=126 => true,
            _ => false,
        };
        let width = if is_plain { 1 } else { 3 };
        // Room for the `=` of a soft break, unless the line ends here anyway.
        let most = if next == Some(&b'\n') { LONGEST } else { LONGEST - 1 };
        if column + width > most {
            into.extend_from_slice(b"=\r\n");
            // What may not begin a line is encoded there.
            let is_plain = is_plain && !matches!(byte, b'.' | b'F' | b' ');
            column = put(byte, is_plain, into);
        } else {
            column += put(byte, is_plain, into);
        }
    }
    if column > 0 {
        into.extend_from_slice(b"=\r\n");
    }
}

fn put(byte: u8, is_plain: bool, into: &mut Vec<u8>) -> usize {
    if is_plain {
        into.push(byte);
        1
    } else {
        into.extend_from_slice(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        3
    }
}

#[cfg(test)]
mod tests {
    use super::encode;

    fn encoded(pieces: &[&str]) -> String {
        let mut out = Vec::new();
        for piece in pieces {
            encode(piece, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    fn decoded(text: &str) -> String {
        let mut bytes = Vec::new();
        let joined = text.replace("=\r\n", "").replace("\r\n", "\n");
        let mut rest = joined.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'=' {
                let digits: String = [rest.next().unwrap(), rest.next().unwrap()].map(char::from).into_iter().collect();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_is_encoded_reads_back_however_it_is_cut() {
        let texts = [
            "plain",
            ".dots\n..\n. \n",
            "From here\nFrom  there",
            "a = b\ttab  two   three \nend ",
            "çështje نیم\u{200c}فاصله",
            "",
            "\n\n",
            &"long words ".repeat(40),
            &".".repeat(300),
            &"F".repeat(300),
            &"=".repeat(100),
        ];
        for text in texts {
            for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let out = encoded(&[&text[..cut], &text[cut..]]);
                assert_eq!(decoded(&out), text, "cut at {cut}");
                assert!(out.is_empty() || out.ends_with("\r\n"), "{out:?}");
                for line in out.split("\r\n") {
                    assert!(line.len() <= 76 && !line.starts_with(['.', 'F', ' ']), "{line:?}");
                    assert!(!line.ends_with(' ') && !line.contains("  ") && !line.contains('\t'), "{line:?}");
                }
            }
        }
    }
}
