//! The body as it goes over the wire (RFC 5321 4.5.2): a dot more before each line that begins with one, and a dot
//! alone at the end.

use std::borrow::Cow;

/// How much is written at once, in bytes.
const CHUNK: usize = 64 << 10;

/// Cuts one message into chunks to be written.
#[derive(Debug)]
pub(super) struct Stuffed<'p> {
    pieces: &'p [Cow<'p, [u8]>],
    /// Of the first piece, what was written.
    written: usize,
    /// Whether the last line that was written has no end yet.
    inside: bool,
}

impl<'p> Stuffed<'p> {
    pub(super) fn new(pieces: &'p [Cow<'p, [u8]>]) -> Self {
        Self { pieces, written: 0, inside: false }
    }

    /// Puts the next chunk into `chunk`, instead of what is there; says whether it is the last, which ends with the
    /// final dot.
    pub(super) fn next(&mut self, chunk: &mut Vec<u8>) -> bool {
        chunk.clear();
        while let Some((first, rest)) = self.pieces.split_first() {
            let part = &first[self.written..];
            let room = CHUNK.saturating_sub(chunk.len());
            if room == 0 {
                return false;
            }
            let part = &part[..part.len().min(room)];
            self.stuff(part, chunk);
            self.written += part.len();
            if self.written == first.len() {
                (self.pieces, self.written) = (rest, 0);
            }
        }
        chunk.extend_from_slice(if self.inside { b"\r\n.\r\n" } else { b".\r\n" });
        true
    }

    fn stuff(&mut self, part: &[u8], into: &mut Vec<u8>) {
        if part.is_empty() {
            return;
        }
        if !self.inside && part[0] == b'.' {
            into.push(b'.');
        }
        let mut from = 0;
        for at in memchr::memmem::find_iter(part, b"\n.") {
            into.extend_from_slice(&part[from..=at]);
            into.push(b'.');
            from = at + 1;
        }
        into.extend_from_slice(&part[from..]);
        self.inside = !part.ends_with(b"\n");
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{CHUNK, Stuffed};

    fn stuffed(pieces: &[&[u8]]) -> Vec<u8> {
        let pieces: Vec<Cow<'_, [u8]>> = pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect();
        chunks(&pieces).concat()
    }

    fn chunks(pieces: &[Cow<'_, [u8]>]) -> Vec<Vec<u8>> {
        let mut stuffed = Stuffed::new(pieces);
        let mut chunks = vec![Vec::new()];
        while !stuffed.next(chunks.last_mut().unwrap()) {
            chunks.push(Vec::new());
        }
        chunks
    }

    #[test]
    fn dots_at_the_beginning_of_lines_are_doubled() {
        assert_eq!(stuffed(&[b".a\r\n..\r\nb.\r\n"]), b"..a\r\n...\r\nb.\r\n.\r\n");
        assert_eq!(stuffed(&[b"a\r\n", b".b\r\n"]), b"a\r\n..b\r\n.\r\n", "a line that begins with a piece");
        assert_eq!(stuffed(&[b"a", b".b\r\n"]), b"a.b\r\n.\r\n", "and one that does not");
        assert_eq!(stuffed(&[b"no end"]), b"no end\r\n.\r\n");
        assert_eq!(stuffed(&[]), b".\r\n");
    }

    #[test]
    fn long_bodies_are_the_same_however_they_are_cut() {
        let line = b".a line of text\r\n".repeat(3 * CHUNK / 17);
        let once = stuffed(&[&line]);
        let pieces: Vec<&[u8]> = line.chunks(1000).collect();
        assert_eq!(stuffed(&pieces), once);
        assert_eq!(once.len(), line.len() + line.len() / 17 + 3);
        let pieces: Vec<Cow<'_, [u8]>> = pieces.into_iter().map(Cow::Borrowed).collect();
        assert!(chunks(&pieces).iter().all(|chunk| chunk.len() <= CHUNK + CHUNK / 8));
    }
}
