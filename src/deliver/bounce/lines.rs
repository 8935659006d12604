//! The bytes of a message as lines, however they end.

/// How much of a message is read, in bytes: reports are short, and what they return of a message stands behind.
pub(super) const MOST_BYTES: usize = 4 << 20;

/// A message with line ends of LF alone (CRLF, and CR alone as old mailers wrote it, become LF), without a byte order
/// mark, without the `From ` line of an mbox, and cut after [`MOST_BYTES`].
pub(super) fn normalised(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let mut lines = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte == b'\r' {
            rest.next_if_eq(&b'\n');
            lines.push(b'\n');
        } else {
            lines.push(byte);
        }
    }
    let blank = lines.iter().take_while(|byte| **byte == b'\n').count();
    lines.drain(..blank);
    if lines.starts_with(b"From ") || lines.starts_with(b">From ") {
        let end = lines.iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| at + 1);
        lines.drain(..end);
    }
    lines
}

/// The lines of a text in bytes with the offset of each, without their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = (at, &rest[..end]);
        at += end + 1;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, lines, normalised};

    #[test]
    fn every_line_end_is_one() {
        assert_eq!(normalised(b"\xef\xbb\xbfA: b\r\nC: d\r\re\n"), b"A: b\nC: d\n\ne\n");
        assert_eq!(normalised(b"\n\nFrom x Mon\nA: b\n"), b"A: b\n");
        assert_eq!(normalised(&vec![b'x'; MOST_BYTES + 9]).len(), MOST_BYTES);
        let found: Vec<_> = lines(b"a\n\nb").collect();
        assert_eq!(found, [(0, &b"a"[..]), (2, b""), (3, b"b")]);
    }
}
