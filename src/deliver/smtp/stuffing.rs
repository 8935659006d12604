//! The body as it goes over the wire (RFC 5321 4.5.2): a dot more before each line that begins with one, and a dot
//! alone at the end.

use std::io::IoSlice;

use super::super::piece::Piece;

/// A dot more.
const DOT: &[u8] = b".";

/// What is written of a message, one slice after another: its pieces are not copied.
pub(super) fn stuffed<'p>(pieces: &'p [Piece<'p>]) -> Vec<IoSlice<'p>> {
    let mut slices = Vec::with_capacity(pieces.len() + 2);
    // Whether the last line has no end yet.
    let mut is_inside = false;
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        if piece.is_dotless() {
            slices.push(IoSlice::new(piece));
        } else {
            cut(piece, is_inside, &mut slices);
        }
        is_inside = !piece.ends_with(b"\n");
    }
    slices.push(IoSlice::new(if is_inside { b"\r\n.\r\n" } else { b".\r\n" }));
    slices
}

/// A piece with the dots between its slices.
fn cut<'p>(piece: &'p [u8], is_inside: bool, into: &mut Vec<IoSlice<'p>>) {
    if !is_inside && piece.starts_with(DOT) {
        into.push(IoSlice::new(DOT));
    }
    let mut from = 0;
    for at in memchr::memmem::find_iter(piece, b"\n.") {
        into.push(IoSlice::new(&piece[from..=at]));
        into.push(IoSlice::new(DOT));
        from = at + 1;
    }
    into.push(IoSlice::new(&piece[from..]));
}

#[cfg(test)]
mod tests {
    use super::super::super::piece::Piece;
    use super::stuffed;

    fn written(pieces: &[&[u8]]) -> Vec<u8> {
        let pieces: Vec<Piece<'_>> = pieces.iter().map(|piece| Piece::from(*piece)).collect();
        let slices = stuffed(&pieces);
        assert!(slices.iter().all(|slice| !slice.is_empty()), "an empty slice looks like a closed connection");
        slices.iter().flat_map(|slice| slice.iter().copied()).collect()
    }

    #[test]
    fn dots_at_the_beginning_of_lines_are_doubled() {
        assert_eq!(written(&[b".a\r\n..\r\nb.\r\n"]), b"..a\r\n...\r\nb.\r\n.\r\n");
        assert_eq!(written(&[b"a\r\n", b".b\r\n"]), b"a\r\n..b\r\n.\r\n", "a line that begins with a piece");
        assert_eq!(written(&[b"a", b".b\r\n"]), b"a.b\r\n.\r\n", "and one that does not");
        assert_eq!(written(&[b"a\r\n", b"", b".", b"b\r\n"]), b"a\r\n..b\r\n.\r\n", "with nothing between them");
        assert_eq!(written(&[b"no end"]), b"no end\r\n.\r\n");
        assert_eq!(written(&[b"."]), b"..\r\n.\r\n");
        assert_eq!(written(&[]), b".\r\n");
    }

    #[test]
    fn long_bodies_are_the_same_however_they_are_cut() {
        let line = b".a line of text\r\n".repeat(10_000);
        let once = written(&[&line]);
        for length in [1, 7, 1000] {
            let pieces: Vec<&[u8]> = line.chunks(length).collect();
            assert_eq!(written(&pieces), once, "{length}");
        }
        assert_eq!(once.len(), line.len() + line.len() / 17 + 3);
    }
}
