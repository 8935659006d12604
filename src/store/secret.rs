//! The secret from which unsubscribe tokens are made.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::database::{Connection, Result};
use crate::model::hexadecimal;

/// How much of a code becomes a token: 128 bits cannot be guessed.
const TOKEN_BYTES: usize = 16;

/// What nobody but the publication knows. The same secret gives the same tokens, so that a copy of the publication
/// writes the same messages.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    /// A secret that is given.
    pub(super) fn new(secret: &str) -> Self {
        Self(secret.to_owned())
    }

    /// The secret that the store made for itself when it was new.
    pub(super) fn of_store(connection: &Connection) -> Result<Self> {
        connection.query_row(include_str!("sql/secret.sql"), [], |row| row.get(0)).map(Self)
    }

    /// The token of an address on a list: HMAC-SHA-256 (RFC 2104) of both, shortened. An address in other capitals is
    /// the same address.
    pub(super) fn token(&self, list: &str, address: &str) -> String {
        // HMAC takes keys of any length.
        let mut code = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("any length is allowed");
        code.update(format!("{list}\n{}", address.to_ascii_lowercase()).as_bytes());
        hexadecimal(&code.finalize().into_bytes()[..TOKEN_BYTES])
    }
}

impl Secret {
    /// A key for one purpose, from which neither the secret nor the key of another purpose can be told.
    pub(super) fn key(&self, purpose: &str) -> Vec<u8> {
        // HMAC takes keys of any length.
        let mut code = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("any length is allowed");
        code.update(format!("key\n\n{purpose}").as_bytes());
        code.finalize().into_bytes().to_vec()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_token_depends_on_secret_list_and_address_alone() {
        let secret = Secret::new("a long secret");
        let token = secret.token("members", "ann@x.example");
        assert_eq!(token.len(), 32);
        assert_eq!(token, Secret::new("a long secret").token("members", "Ann@X.example"));
        assert_ne!(token, secret.token("friends", "ann@x.example"));
        assert_ne!(token, secret.token("members", "bo@x.example"));
        assert_ne!(token, Secret::new("another").token("members", "ann@x.example"));
        assert_ne!(secret.key("return paths"), secret.key("something else"));
        assert_eq!(format!("{secret:?}"), "Secret(..)");
    }
}
