//! By what people are known and suppressed: a keyed hash of their address.

use super::database::{self, Connection};

use super::ring::Secret;
use crate::model::{address_identity, hexadecimal};

/// How much of a hash is kept: 128 bits are beyond any accident.
const HASH_BYTES: usize = 16;

/// The key of the hashes. It belongs to the store and never changes: with another one nobody would be known again.
#[derive(Clone, Debug)]
pub(super) struct AddressKey(Secret);

impl AddressKey {
    /// The key of this text.
    pub(super) fn new(key: &str) -> Self {
        Self(Secret::new(key))
    }

    /// The key that the store drew for itself.
    pub(super) fn of_store(connection: &Connection) -> database::Result<Self> {
        let key: String = connection.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0))?;
        Ok(Self::new(&key))
    }

    /// The hash of an address: HMAC-SHA-256, shortened, of the form in which addresses are compared.
    pub(super) fn hash(&self, address: &str) -> String {
        hexadecimal(&self.0.code(b"masthead address", &[address_identity(address).as_bytes()])[..HASH_BYTES])
    }
}
