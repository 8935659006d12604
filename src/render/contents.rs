//! The bytes of a file, in pieces: an entry stands in the feeds of all its tags, and is held once.

use std::borrow::Cow;
use std::sync::Arc;

/// What a file consists of.
#[derive(Clone, Debug, Default)]
pub struct Contents(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Own(Vec<u8>),
    Shared(Arc<str>),
}

impl Piece {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Shared(text) => text.as_bytes(),
        }
    }
}

impl Contents {
    /// Adds bytes of its own.
    pub(super) fn push(&mut self, bytes: impl Into<Vec<u8>>) {
        self.0.push(Piece::Own(bytes.into()));
    }

    /// Adds a text that other files may hold, too.
    pub(super) fn share(&mut self, text: &Arc<str>) {
        self.0.push(Piece::Shared(Arc::clone(text)));
    }

    /// Its pieces, in order.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Piece::as_bytes)
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Cow<'_, [u8]> {
        match self.0.as_slice() {
            [only] => Cow::Borrowed(only.as_bytes()),
            several => Cow::Owned(several.iter().flat_map(Piece::as_bytes).copied().collect()),
        }
    }
}

impl From<Vec<u8>> for Contents {
    fn from(bytes: Vec<u8>) -> Self {
        Self(vec![Piece::Own(bytes)])
    }
}

impl From<Contents> for Vec<u8> {
    fn from(contents: Contents) -> Self {
        let length = contents.pieces().map(<[u8]>::len).sum();
        let mut pieces = contents.0;
        if let [Piece::Own(only)] = pieces.as_mut_slice() {
            return std::mem::take(only);
        }
        let mut bytes = Self::with_capacity(length);
        for piece in &pieces {
            bytes.extend_from_slice(piece.as_bytes());
        }
        bytes
    }
}

/// The same bytes, however they are cut.
impl PartialEq for Contents {
    fn eq(&self, other: &Self) -> bool {
        self.whole() == other.whole()
    }
}

impl Eq for Contents {}

#[cfg(test)]
mod tests {
    use super::Contents;

    #[test]
    fn pieces_are_one_after_another() {
        let mut contents = Contents::default();
        contents.push("a");
        contents.share(&"b".into());
        contents.push(b"c".to_vec());
        assert_eq!(contents.pieces().collect::<Vec<_>>(), [b"a", b"b", b"c"]);
        assert_eq!(&*contents.whole(), b"abc");
        assert_eq!(contents, Contents::from(b"abc".to_vec()));
        assert_eq!(Vec::from(contents), b"abc");
        assert_eq!(Vec::from(Contents::default()), b"");
    }
}
