//! Whom a file says has left, though they are not on the list: a "no" holds for files that come later, too.

use chrono::{DateTime, Utc};

use super::{BATCH, Gathered, PAUSE, write};
use crate::error::Result;
use crate::model::{Circumstance, ConsentEvent, NewSubscriber, Way};
use crate::store::database::{self, Connection, Transaction, params};
use crate::store::subscribers::{keep, standing};
use crate::store::{ERASED, Store, consent, failed, stamp};

impl Store {
    /// Keeps as unsubscribed whom a file says has left a list, as far as they are not on it: how many. No file puts them on it
    /// later. Who was erased stays forgotten.
    pub fn keep_unsubscribed(&mut self, list: &str, gathered: &Gathered, now: DateTime<Utc>) -> Result<usize> {
        let how = Circumstance::new(now, Way::File);
        let mut kept = 0;
        let keep_some = |gone: &[(String, String)]| -> database::Result<()> {
            let mut strangers = Vec::new();
            for one in gone {
                if is_stranger(&self.connection, list, &one.0)? {
                    strangers.push(one);
                }
            }
            if strangers.is_empty() {
                return Ok(());
            }
            kept += write(&self.connection, |transaction| {
                let mut count = 0;
                for (hash, address) in &strangers {
                    count += usize::from(keep_off(transaction, list, hash, address, &how)?);
                }
                Ok(count)
            })?;
            std::thread::sleep(PAUSE);
            Ok(())
        };
        gathered.each_gone_batch(BATCH, keep_some).map_err(failed)?;
        Ok(kept)
    }

    /// The same for one address, at the command line: whether it was not on the list, and is kept as unsubscribed now.
    pub fn keep_one_away(&mut self, list: &str, address: &str, now: DateTime<Utc>) -> Result<bool> {
        let hash = self.address_key.hash(address);
        let how = Circumstance::new(now, Way::Command);
        self.write(|transaction| keep_off(transaction, list, &hash, address, &how))
    }
}

/// Whether somebody is nowhere on a list, and may be named.
fn is_stranger(connection: &Connection, list: &str, hash: &str) -> database::Result<bool> {
    Ok(standing(connection, list, hash)?.is_none()
        && consent::suppression(connection, hash)?.is_none_or(|suppression| suppression.reason != ERASED))
}

/// Keeps somebody who is nowhere on a list away from it, unless nothing of them may be kept; whether that is new.
pub(in crate::store) fn keep_off(
    transaction: &Transaction<'_>,
    list: &str,
    hash: &str,
    address: &str,
    how: &Circumstance,
) -> database::Result<bool> {
    if !is_stranger(transaction, list, hash)? {
        return Ok(false);
    }
    let person = NewSubscriber { address: address.to_owned(), name: None, language: None };
    let id = keep(transaction, &person, hash)?;
    let facts = params![list, id, stamp(how.at)];
    let is_new = transaction.execute(include_str!("../sql/membership_keep_off.sql"), facts)? > 0;
    // Whom a file took off is on the list as far as the table goes.
    if is_new || transaction.execute(include_str!("../sql/membership_remove.sql"), facts)? > 0 {
        consent::record(transaction, id, list, ConsentEvent::Unsubscribed, how)?;
        return Ok(true);
    }
    Ok(false)
}
