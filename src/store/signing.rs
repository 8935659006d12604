//! Which secret signs the links in mails: whoever comes with another one does not know the links that are out there.

use super::database::{self, Connection, Lock, OptionalExtension as _};
use super::ring::{KeyRing, Secret};
use super::{RETURN_PATHS, Store, failed};
use crate::error::Result;
use crate::model::hexadecimal;

/// What the codes are for by which secrets are known again.
const SIGNS: &str = "which secret signs";
/// How much of such a code is kept, in bytes.
const CODE: usize = 16;

impl Store {
    /// Whether the secrets of this run are not those that links in mails were made from: the one that signed last is not among
    /// them. The store's own is always among them.
    pub fn has_strange_secrets(&self) -> Result<bool> {
        are_strange(&self.connection, &self.ring).map_err(failed)
    }

    /// Keeps that links are made from the first secret of this run.
    pub fn keep_signing_secret(&mut self) -> Result<()> {
        let first = code(self.ring.first());
        self.locked(Lock::Readers, |transaction| {
            if code(KeyRing::of_store(transaction)?.first()) != first {
                transaction.execute(include_str!("sql/signing_secret_keep.sql"), [&first])?;
            }
            Ok(())
        })
    }

    /// Goes on with the secrets of this run: what was signed with others before counts no more.
    pub fn forget_other_secrets(&mut self) -> Result<()> {
        self.locked(Lock::Readers, |transaction| {
            transaction.execute(include_str!("sql/signing_secret_forget.sql"), [])
        })?;
        self.return_path_key()?;
        self.keep_signing_secret()
    }
}

/// See [`Store::has_strange_secrets`].
pub(super) fn are_strange(connection: &Connection, ring: &KeyRing) -> database::Result<bool> {
    let last = connection.query_row(include_str!("sql/signing_secret_last.sql"), [], |row| row.get(0));
    let last: Option<String> = last.optional()?;
    if let Some(last) = last {
        return Ok(ring.all().all(|secret| code(secret) != last));
    }
    // A store of an earlier version knows what return paths were made from.
    let mut known = connection.prepare_cached(include_str!("sql/return_path_key_list.sql"))?;
    let known: Vec<Vec<u8>> = known.query_map([], |row| row.get(0))?.collect::<database::Result<_>>()?;
    Ok(!known.is_empty() && ring.all().all(|secret| !known.contains(&secret.key(RETURN_PATHS))))
}

/// By which a secret is known again; neither it nor a link can be made from that.
fn code(secret: &Secret) -> String {
    hexadecimal(&secret.key(SIGNS)[..CODE])
}
