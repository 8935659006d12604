//! Addresses of which a file of another program says that they take no mail.

use chrono::{DateTime, Utc};

use super::{BATCH, Gathered, PAUSE, write};
use crate::error::Result;
use crate::model::SubscriberStatus;
use crate::store::database::{self, params};
use crate::store::{Store, consent, failed, stamp};

impl Store {
    /// Suppresses the addresses of which a file says that they bounced or that their owners complained; how many that
    /// were not suppressed yet. Whoever is on a list here is left as they are: the file may be older.
    pub fn bar(&mut self, gathered: &Gathered, now: DateTime<Utc>) -> Result<usize> {
        let mut barred = 0;
        let mut keep = |some: &[(String, String)]| -> database::Result<()> {
            barred += write(&self.connection, |transaction| {
                let mut count = 0;
                for (address, word) in some {
                    let hash = self.address_key.hash(address);
                    if consent::is_on_any(transaction, &hash, SubscriberStatus::Active)? {
                        continue;
                    }
                    let row = params![hash, format!("imported as {word}"), stamp(now)];
                    count += transaction.prepare_cached(include_str!("../sql/suppress.sql"))?.execute(row)?;
                }
                Ok(count)
            })?;
            std::thread::sleep(PAUSE);
            Ok(())
        };
        gathered.each_barred_batch(BATCH, &mut keep).map_err(failed)?;
        Ok(barred)
    }
}
