//! The secrets from which tokens are made: the first signs, all of them verify.

use std::fmt;

use super::database::{self, Connection};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How many bytes of a token name its key.
pub(super) const KEY_ID: usize = 4;

/// What nobody but the publication knows. The same secret gives the same tokens, so that a copy of the publication
/// writes the same messages.
#[derive(Clone)]
pub(super) struct Secret {
    secret: String,
    id: [u8; KEY_ID],
}

impl Secret {
    /// A secret that is given.
    pub(super) fn new(secret: &str) -> Self {
        let mut this = Self { secret: secret.to_owned(), id: [0; KEY_ID] };
        let code = this.code(b"masthead key id", &[]);
        this.id.copy_from_slice(&code[..KEY_ID]);
        this
    }

    /// By which tokens name it; nothing of the secret can be learnt from it.
    pub(super) fn id(&self) -> &[u8; KEY_ID] {
        &self.id
    }

    /// HMAC-SHA-256 (RFC 2104) over a label that says what it is for, and these parts, each with its length before it.
    pub(super) fn code(&self, label: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        self.mac(label, parts).finalize().into_bytes().into()
    }

    /// Whether these bytes are how [`Secret::code`] begins, in a time that does not depend on them.
    pub(super) fn is_code(&self, label: &[u8], parts: &[&[u8]], begins: &[u8]) -> bool {
        self.mac(label, parts).verify_truncated_left(begins).is_ok()
    }

    /// A key for one purpose, from which neither the secret nor the key of another purpose can be told.
    pub(super) fn key(&self, purpose: &str) -> Vec<u8> {
        // HMAC takes keys of any length.
        let mut code = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("any length is allowed");
        code.update(format!("key\n\n{purpose}").as_bytes());
        code.finalize().into_bytes().to_vec()
    }

    fn mac(&self, label: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("any length is allowed");
        for part in std::iter::once(&label).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The secrets of a publication, the one that signs first.
#[derive(Clone, Debug)]
pub struct KeyRing(Vec<Secret>);

impl KeyRing {
    /// The secrets in `text`, each on a line of its own. `None` when there is none in it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let secrets: Vec<Secret> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Secret::new).collect();
        (!secrets.is_empty()).then_some(Self(secrets))
    }

    /// The secret that the store made for itself when its file was new.
    pub(super) fn of_store(connection: &Connection) -> database::Result<Self> {
        let secret: String = connection.query_row(include_str!("sql/secret.sql"), [], |row| row.get(0))?;
        Ok(Self(vec![Secret::new(&secret)]))
    }

    /// This ring, and behind it the secrets of another, which go on verifying.
    #[must_use]
    pub fn before(mut self, others: Self) -> Self {
        for other in others.0 {
            if self.0.iter().all(|secret| secret.secret != other.secret) {
                self.0.push(other);
            }
        }
        self
    }

    /// The length in characters of the shortest secret that was given.
    #[must_use]
    pub fn shortest(&self) -> usize {
        self.0.iter().map(|secret| secret.secret.chars().count()).min().unwrap_or_default()
    }

    /// The one that signs.
    pub(super) fn first(&self) -> &Secret {
        // Both ways to make a ring put at least one secret on it.
        &self.0[0]
    }

    /// All of them, the one that signs first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }

    /// Those that a token of this key may have been made from.
    pub(super) fn by_id<'r>(&'r self, id: &'r [u8]) -> impl Iterator<Item = &'r Secret> {
        self.0.iter().filter(move |secret| secret.id.as_slice() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyRing, Secret};

    #[test]
    fn a_code_depends_on_secret_label_and_parts_alone() {
        let secret = Secret::new("a long secret");
        let code = secret.code(b"x", &[b"members", b"ann@x.example"]);
        assert_eq!(code, Secret::new("a long secret").code(b"x", &[b"members", b"ann@x.example"]));
        assert_ne!(code, secret.code(b"x", &[b"member", b"sann@x.example"]), "parts do not run into each other");
        assert_ne!(code, secret.code(b"y", &[b"members", b"ann@x.example"]));
        assert_ne!(code, Secret::new("another").code(b"x", &[b"members", b"ann@x.example"]));
        assert!(secret.is_code(b"x", &[b"members", b"ann@x.example"], &code[..16]));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }

    #[test]
    fn a_ring_keeps_each_secret_once() {
        let ring = KeyRing::read(" new\nold\n").unwrap().before(KeyRing::read("old\nthe oldest").unwrap());
        assert_eq!(ring.0.len(), 3);
        assert_eq!(ring.shortest(), 3);
        assert!(KeyRing::read(" \n").is_none());
    }
}
