//! Who goes from a list when they go from the file that it is kept as.

use chrono::{DateTime, Utc};

use super::{BATCH, Gathered, PAUSE, write};
use crate::error::Result;
use crate::model::{Circumstance, ConsentEvent, Way};
use crate::store::database::{self, Row, params};
use crate::store::subscribers::find;
use crate::store::{Store, consent, failed, stamp};

/// Who is on a list because of its file alone.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Missing {
    /// Of them, who is not in the file any more: their hashes.
    hashes: Vec<String>,
    /// The addresses of those, in the same order.
    pub addresses: Vec<String>,
    /// How many are on the list because of the file, with those.
    pub of: usize,
}

/// Who came onto a list with a file that was imported once, and does not stand in the one that says who is on it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Besides {
    /// How many they are.
    pub count: usize,
    /// The addresses of the first of them.
    pub first: Vec<String>,
}

/// So many addresses are named.
const NAMED: usize = 3;

impl Store {
    /// Who is on a list because a file was imported that takes nobody off it, and does not stand in the one that does.
    pub fn imported_besides(&self, list: &str, gathered: &mut Gathered) -> Result<Besides> {
        self.finish_imports()?;
        let mut besides = Besides::default();
        let mut look = || -> database::Result<()> {
            gathered.sort()?;
            let mut read = self.connection.prepare_cached(include_str!("../sql/membership_imported.sql"))?;
            read.each([list], |row: &Row<'_>| {
                if !gathered.has(&row.get::<String>(1)?)? {
                    besides.count += 1;
                    if besides.first.len() < NAMED {
                        besides.first.push(row.get(0)?);
                    }
                }
                Ok(())
            })
        };
        look().map_err(failed)?;
        Ok(besides)
    }

    /// Who is on a list because of its file alone, and stands there no more.
    pub fn missing(&self, list: &str, gathered: &mut Gathered) -> Result<Missing> {
        self.finish_imports()?;
        let mut missing = Missing::default();
        let mut look = || -> database::Result<()> {
            gathered.sort()?;
            let mut read = self.connection.prepare_cached(include_str!("../sql/membership_of_file.sql"))?;
            read.each([list], |row: &Row<'_>| {
                let (address, hash): (String, String) = (row.get(0)?, row.get(1)?);
                missing.of += 1;
                if !gathered.has(&hash)? {
                    missing.addresses.push(address);
                    missing.hashes.push(hash);
                }
                Ok(())
            })
        };
        look().map_err(failed)?;
        Ok(missing)
    }

    /// Takes people off a list whose file has them no more: how many. Who chose to be on it meanwhile stays.
    pub fn take_off(&mut self, list: &str, missing: &Missing, now: DateTime<Utc>) -> Result<usize> {
        let how = Circumstance::new(now, Way::File);
        let mut taken_off = 0;
        for some in missing.hashes.chunks(BATCH) {
            taken_off += write(&self.connection, |transaction| {
                let mut gone = 0;
                for hash in some {
                    let Some(known) = find(transaction, hash)? else { continue };
                    let mut drop = transaction.prepare_cached(include_str!("../sql/membership_drop.sql"))?;
                    if drop.execute(params![list, known.id, stamp(now)])? > 0 {
                        consent::record(transaction, known.id, list, ConsentEvent::Unsubscribed, &how)?;
                        consent::call_back(transaction, &known.address)?;
                        gone += 1;
                    }
                }
                Ok(gone)
            })
            .map_err(failed)?;
            std::thread::sleep(PAUSE);
        }
        Ok(taken_off)
    }
}
