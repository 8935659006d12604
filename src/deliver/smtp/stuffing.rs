//! The body as it goes over the wire (RFC 5321 4.5.2): a dot more before each line that begins with one, and a dot
//! alone at the end.

use std::borrow::Cow;

/// How much is written at once, in bytes.
const CHUNK: usize = 64 << 10;

/// Cuts bodies into chunks to be written.
#[derive(Debug, Default)]
pub(super) struct Stuffed {
    /// Whether a line begins here.
    inside: bool,
}

impl Stuffed {
    /// The pieces of one message as chunks, in order. The last one ends with the final dot.
    pub(super) fn chunks<'p>(&'p mut self, pieces: &'p [Cow<'p, [u8]>]) -> impl Iterator<Item = Vec<u8>> + 'p {
        self.inside = false;
        let mut rest = pieces.iter().flat_map(|piece| piece.chunks(CHUNK)).peekable();
        let mut done = false;
        std::iter::from_fn(move || {
            if done {
                return None;
            }
            let mut chunk = Vec::with_capacity(CHUNK + 1024);
            while let Some(part) = rest.next_if(|part| chunk.is_empty() || chunk.len() + part.len() <= CHUNK) {
                self.stuff(part, &mut chunk);
            }
            if rest.peek().is_none() {
                chunk.extend_from_slice(if self.inside { b"\r\n.\r\n" } else { b".\r\n" });
                done = true;
            }
            Some(chunk)
        })
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
        Stuffed::default().chunks(&pieces).collect::<Vec<_>>().concat()
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
        let chunks: Vec<Cow<'_, [u8]>> = pieces.into_iter().map(Cow::Borrowed).collect();
        assert!(Stuffed::default().chunks(&chunks).all(|chunk| chunk.len() <= CHUNK + CHUNK / 8));
    }
}
