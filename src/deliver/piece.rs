//! A piece of a message, and what handing it over must know of it.

use std::borrow::Cow;
use std::ops::Deref;

/// What was found out about bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Looks {
    is_ascii: bool,
    is_dotless: bool,
}

impl Looks {
    fn of(bytes: &[u8]) -> Self {
        let is_dotless = !bytes.starts_with(b".") && memchr::memmem::find(bytes, b"\n.").is_none();
        Self { is_ascii: bytes.is_ascii(), is_dotless }
    }
}

/// Bytes that many messages share: they are looked at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    bytes: Vec<u8>,
    looks: Looks,
}

impl Shared {
    /// Looks at the bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { looks: Looks::of(&bytes), bytes }
    }

    /// As a piece of a message.
    #[must_use]
    pub fn piece(&self) -> Piece<'_> {
        Piece { bytes: Cow::Borrowed(&self.bytes), looks: self.looks }
    }
}

/// Bytes of a message: its own, or such as others share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'l> {
    bytes: Cow<'l, [u8]>,
    looks: Looks,
}

impl Piece<'_> {
    /// Whether all bytes are ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.looks.is_ascii
    }

    /// Whether neither a line in it nor itself begins with a dot: it goes over the wire as it is, whatever stands before
    /// (RFC 5321 4.5.2).
    #[must_use]
    pub fn is_dotless(&self) -> bool {
        self.looks.is_dotless
    }
}

impl Deref for Piece<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl From<Vec<u8>> for Piece<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self { looks: Looks::of(&bytes), bytes: Cow::Owned(bytes) }
    }
}

impl<'l> From<&'l [u8]> for Piece<'l> {
    fn from(bytes: &'l [u8]) -> Self {
        Self { looks: Looks::of(bytes), bytes: Cow::Borrowed(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Shared};

    #[test]
    fn a_piece_knows_what_was_seen_in_it() {
        for (text, is_ascii, is_dotless) in [
            ("", true, true),
            ("a.b\r\n", true, true),
            ("a\r\n.b", true, false),
            (".b", true, false),
            ("a\r\n", true, true),
            ("\u{e9}\n.", false, false),
        ] {
            let shared = Shared::new(text.as_bytes().to_vec());
            for piece in [shared.piece(), Piece::from(text.as_bytes()), Piece::from(text.as_bytes().to_vec())] {
                assert_eq!((&*piece, piece.is_ascii(), piece.is_dotless()), (text.as_bytes(), is_ascii, is_dotless));
            }
        }
    }
}
