//! Base64 (RFC 2045 6.8) of a text with open places. Three bytes become four letters, so what follows a place depends
//! on the length of what stands in it: the fixed text is encoded once for each of the three cases.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::piece::{Piece, Shared};

/// Bytes on a line of 76 letters.
const LINE: usize = 57;

/// A fixed text, ready to follow anything.
#[derive(Clone, Debug)]
pub(super) struct Fixed {
    bytes: Vec<u8>,
    /// Its lines from the first, second and third byte on, as many as make whole groups.
    encoded: [Shared; 3],
}

impl Fixed {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let from = |skip: usize| {
            let rest = bytes.get(skip..).unwrap_or_default();
            Shared::new(lines(&rest[..rest.len() / 3 * 3]))
        };
        Self { encoded: [from(0), from(1), from(2)], bytes }
    }
}

/// Writes pieces one after the other. Each begins a line of its own, which decoders do not mind.
#[derive(Debug, Default)]
pub(super) struct Writer {
    /// Up to two bytes that make no group yet.
    carried: Vec<u8>,
}

impl Writer {
    /// A fixed piece.
    pub(super) fn fixed<'f>(&mut self, fixed: &'f Fixed, into: &mut Vec<Piece<'f>>) {
        let missing = (3 - self.carried.len()) % 3;
        let Some((head, rest)) = fixed.bytes.split_at_checked(missing) else {
            self.carried.extend_from_slice(&fixed.bytes);
            return;
        };
        if missing > 0 {
            self.carried.extend_from_slice(head);
            into.push(lines(&self.carried).into());
            self.carried.clear();
        }
        into.push(fixed.encoded[missing].piece());
        self.carried.extend_from_slice(&rest[rest.len() / 3 * 3..]);
    }

    /// A piece of this message alone.
    pub(super) fn open(&mut self, text: &[u8], into: &mut Vec<Piece<'_>>) {
        self.carried.extend_from_slice(text);
        let rest = self.carried.split_off(self.carried.len() / 3 * 3);
        let whole = std::mem::replace(&mut self.carried, rest);
        into.push(lines(&whole).into());
    }

    /// What is left.
    pub(super) fn end(self, into: &mut Vec<Piece<'_>>) {
        into.push(lines(&self.carried).into());
    }
}

/// Encodes bytes as lines, each with its end.
pub(super) fn lines(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / LINE * 78 + 80);
    for line in bytes.chunks(LINE) {
        out.extend_from_slice(STANDARD.encode(line).as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{Fixed, Piece, Writer};

    #[test]
    fn pieces_of_every_length_read_back() {
        for first in 0..5 {
            for open in 0..5 {
                for last in [0, 1, 2, 3, 58, 200] {
                    let texts = ["a".repeat(first), "b".repeat(open), "c".repeat(last), "d".repeat(open)];
                    let fixed = [Fixed::new(texts[0].clone().into()), Fixed::new(texts[2].clone().into())];
                    let mut out: Vec<Piece<'_>> = Vec::new();
                    let mut writer = Writer::default();
                    writer.fixed(&fixed[0], &mut out);
                    writer.open(texts[1].as_bytes(), &mut out);
                    writer.fixed(&fixed[1], &mut out);
                    writer.open(texts[3].as_bytes(), &mut out);
                    writer.end(&mut out);
                    let text = String::from_utf8(out.iter().flat_map(|piece| piece.iter().copied()).collect()).unwrap();
                    assert!(text.split("\r\n").all(|line| line.len() <= 76), "{text}");
                    assert_eq!(STANDARD.decode(text.replace("\r\n", "")).unwrap(), texts.concat().as_bytes());
                }
            }
        }
    }
}
