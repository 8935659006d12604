//! Lists and who is on them.

use chrono::{DateTime, Utc};

use super::database::{self, Connection, OptionalExtension as _, Row, Transaction, params};
use super::queue::rows;
use super::ring::KeyRing;
use super::token::{Grant, Purpose};
use super::{Store, consent, failed, read_language, read_stamp, stamp};
use crate::error::Result;
use crate::model::{
    Circumstance, ConsentEvent, NewSubscriber, Recipient, Subscriber, SubscriberStatus, Way, address_identity,
};

/// What came of adding somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// They are on the list now.
    New,
    /// They were on it.
    Known,
    /// They have unsubscribed, and stay so.
    Unsubscribed,
    /// Their address must not be written to.
    Suppressed,
}

/// How many are on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ListStatus {
    /// Get mail.
    pub active: u32,
    /// Asked for no more.
    pub unsubscribed: u32,
    /// Would get mail, but their address must not be written to.
    pub suppressed: u32,
    /// Asked to be on it and have not confirmed that.
    pub pending: u32,
}

impl Store {
    /// Puts one person on a list.
    pub fn add(&mut self, list: &str, person: &NewSubscriber, now: DateTime<Utc>) -> Result<Added> {
        let hash = self.address_key.hash(&person.address);
        let circumstance = Circumstance::new(now, Way::Command);
        self.write(|transaction| add(transaction, list, person, &hash, ConsentEvent::Added, &circumstance))
    }

    /// Puts one person on a list who asks for it again: also one who has unsubscribed, or whose address was suppressed.
    /// `kept_off` are lists on which nobody puts them because of that, though a file may still have a row of them.
    pub fn add_again(
        &mut self,
        list: &str,
        person: &NewSubscriber,
        kept_off: &[&str],
        now: DateTime<Utc>,
    ) -> Result<Added> {
        let hash = self.address_key.hash(&person.address);
        let circumstance = Circumstance::new(now, Way::Command);
        self.write(|transaction| {
            if transaction.execute(include_str!("sql/suppression_lift.sql"), [&hash])? > 0 {
                // Else the next full mailbox would suppress it again.
                let identity = address_identity(&person.address);
                transaction.execute(include_str!("sql/bounce_forgive.sql"), [identity])?;
            }
            let added = add(transaction, list, person, &hash, ConsentEvent::Added, &circumstance)?;
            // They were found or kept a moment ago.
            let Some(known) = find(transaction, &hash)? else { return Ok(added) };
            for other in kept_off {
                transaction
                    .execute(include_str!("sql/membership_keep_off.sql"), params![other, known.id, stamp(now)])?;
            }
            if added == Added::Unsubscribed {
                let mut activate = transaction.prepare_cached(include_str!("sql/membership_add.sql"))?;
                activate.execute(params![list, known.id, stamp(now)])?;
                consent::record(transaction, known.id, list, ConsentEvent::Added, &circumstance)?;
                return Ok(Added::New);
            }
            Ok(added)
        })
    }

    /// Whether no mail goes to an address through a list though it may be on it: it has left one of which nobody has said what
    /// became of it. Once it asks to be on this one, and confirms that, it gets its mail.
    pub fn is_kept_away(&self, list: &str, address: &str) -> Result<bool> {
        is_kept_away(&self.connection, list, &self.address_key.hash(address)).map_err(failed)
    }

    /// Unsubscribes an address from a list; whether it was on it, or had asked to be.
    pub fn remove(&mut self, list: &str, address: &str, now: DateTime<Utc>) -> Result<bool> {
        self.unsubscribe(list, address, &Circumstance::new(now, Way::Command))
    }

    /// Everybody who is or was on a list, in the order of addresses.
    pub fn export(&self, list: &str) -> Result<Vec<Subscriber>> {
        self.finish_imports()?;
        members(&self.connection, list).map_err(failed)
    }

    /// How many are on a list.
    pub fn status(&self, list: &str) -> Result<ListStatus> {
        self.finish_imports()?;
        let counts = |row: &Row<'_>| {
            Ok(ListStatus {
                active: row.get(0)?,
                unsubscribed: row.get(1)?,
                suppressed: row.get(2)?,
                pending: row.get(3)?,
            })
        };
        self.connection.query_row(include_str!("sql/list_status.sql"), [list], counts).map_err(failed)
    }

    /// Who gets mail through these lists now: each address once, through the first list it is on; in the order of the
    /// lists, then of addresses.
    pub fn recipients(&self, lists: &[String]) -> Result<Vec<Recipient>> {
        let mut recipients = Vec::new();
        self.each_recipient(lists, |one| recipients.push(one))?;
        Ok(recipients)
    }

    /// Shows everybody that [`Store::recipients`] tells to `see`, one by one.
    pub fn each_recipient(&self, lists: &[String], mut see: impl FnMut(Recipient)) -> Result<()> {
        self.finish_imports()?;
        let tokens = |list: &str, address: &str| self.unsubscribe_token(list, address);
        let mut seen = std::collections::BTreeSet::new();
        // Nobody is on one list twice.
        let mut is_new = |one: &Recipient| lists.len() < 2 || seen.insert(address_identity(&one.address).into_owned());
        let mut show = |list: &String| -> database::Result<()> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/recipients.sql"))?;
            statement.each([list], |row| {
                let one = rows::reader(row, list, &tokens)?;
                if is_new(&one) {
                    see(one);
                }
                Ok(())
            })
        };
        lists.iter().try_for_each(&mut show).map_err(failed)
    }

    /// Shows those to `see` who are on both of these lists, get mail through the first, and have said a language.
    pub fn each_on_both(&self, list: &str, other: &str, mut see: impl FnMut(Recipient)) -> Result<()> {
        self.finish_imports()?;
        let tokens = |list: &str, address: &str| self.unsubscribe_token(list, address);
        let mut show = || -> database::Result<()> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/recipients_of_both.sql"))?;
            statement.each(params![list, other], |row| {
                see(rows::reader(row, list, &tokens)?);
                Ok(())
            })
        };
        show().map_err(failed)
    }

    /// The token with which an address unsubscribes from a list. It never expires and is the same in every issue.
    #[must_use]
    pub fn unsubscribe_token(&self, list: &str, address: &str) -> String {
        unsubscribe_token(&self.ring, list, address)
    }
}

/// See [`Store::unsubscribe_token`].
pub(super) fn unsubscribe_token(ring: &KeyRing, list: &str, address: &str) -> String {
    let grant = Grant { address: address.to_owned(), lists: vec![list.to_owned()], ..Grant::default() };
    ring.token(Purpose::Unsubscribe, &grant)
}

/// A person as the table has them.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) address: String,
    pub(super) name: Option<String>,
    pub(super) language: Option<crate::model::Language>,
}

/// A person by the hash of their address.
pub(super) fn find(connection: &Connection, hash: &str) -> database::Result<Option<Known>> {
    let mut statement = connection.prepare_cached(include_str!("sql/subscriber_find.sql"))?;
    let known = |row: &Row<'_>| {
        Ok(Known {
            id: row.get(0)?,
            address: row.get(1)?,
            name: row.get(2)?,
            language: read_language(row.get::<Option<String>>(3)?.as_deref()),
        })
    };
    statement.query_row([hash], known).optional()
}

/// Keeps a person, and tells their id.
pub(super) fn keep(transaction: &Transaction<'_>, person: &NewSubscriber, hash: &str) -> database::Result<i64> {
    let language = person.language.as_ref().map(crate::model::Language::as_str);
    let mut statement = transaction.prepare_cached(include_str!("sql/subscriber_add.sql"))?;
    statement.query_row(params![person.address, person.name, language, hash], |row| row.get(0))
}

/// Where an address stands on a list.
pub(super) fn standing(connection: &Connection, list: &str, hash: &str) -> database::Result<Option<SubscriberStatus>> {
    let mut statement = connection.prepare_cached(include_str!("sql/membership_status.sql"))?;
    let word: Option<String> = statement.query_row(params![list, hash], |row| row.get(0)).optional()?;
    Ok(word.as_deref().map(read_status))
}

fn add(
    transaction: &Transaction<'_>,
    list: &str,
    person: &NewSubscriber,
    hash: &str,
    event: ConsentEvent,
    circumstance: &Circumstance,
) -> database::Result<Added> {
    let before = standing(transaction, list, hash)?;
    // Who is on the list stays on it: that nothing is sent to a suppressed address is seen to when mail is queued.
    if before.is_none() && consent::suppression(transaction, hash)?.is_some() {
        return Ok(Added::Suppressed);
    }
    if before != Some(SubscriberStatus::Unsubscribed) && is_kept_away(transaction, list, hash)? {
        return Ok(Added::Unsubscribed);
    }
    let id = keep(transaction, person, hash)?;
    Ok(match before {
        Some(SubscriberStatus::Active) => {
            transaction.execute(include_str!("sql/membership_own.sql"), params![list, id])?;
            Added::Known
        }
        Some(SubscriberStatus::Unsubscribed) => Added::Unsubscribed,
        None | Some(SubscriberStatus::Pending) => {
            let mut membership = transaction.prepare_cached(include_str!("sql/membership_add.sql"))?;
            membership.execute(params![list, id, stamp(circumstance.at)])?;
            consent::record(transaction, id, list, event, circumstance)?;
            Added::New
        }
    })
}

/// Whether an address has left a list of which nobody has said what became of it, and nobody has put it on this one since.
pub(super) fn is_kept_away(connection: &Connection, list: &str, hash: &str) -> database::Result<bool> {
    connection.prepare_cached(include_str!("sql/former_list_left_by.sql"))?.exists(params![hash, list])
}

fn members(connection: &Connection, list: &str) -> database::Result<Vec<Subscriber>> {
    let mut statement = connection.prepare_cached(include_str!("sql/membership_list.sql"))?;
    let subscriber = |row: &Row<'_>| {
        Ok(Subscriber {
            address: row.get(0)?,
            name: row.get(1)?,
            language: read_language(row.get::<Option<String>>(2)?.as_deref()),
            status: read_status(&row.get::<String>(3)?),
            since: read_stamp(&row.get::<String>(4)?)?,
            suppressed: row.get(5)?,
        })
    };
    statement.query_map([list], subscriber)?.collect()
}

/// The table allows three words only.
pub(super) fn read_status(word: &str) -> SubscriberStatus {
    match word {
        "active" => SubscriberStatus::Active,
        "pending" => SubscriberStatus::Pending,
        _ => SubscriberStatus::Unsubscribed,
    }
}
