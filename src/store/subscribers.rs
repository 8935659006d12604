//! Lists and who is on them.

use chrono::{DateTime, Utc};

use super::database::{self, Connection, OptionalExtension as _, Row, Transaction, params};
use super::queue::rows;
use super::{Store, failed, read_language, read_stamp, stamp};
use crate::error::Result;
use crate::model::{NewSubscriber, Recipient, Subscriber, SubscriberStatus};

/// What an import changed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Imported {
    /// New on the list.
    pub added: usize,
    /// Already on the list.
    pub known: usize,
    /// In the file, but unsubscribed: they stay so.
    pub unsubscribed: Vec<String>,
    /// Active on the list, but not in the file: they stay on it.
    pub absent: Vec<String>,
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
}

impl Store {
    /// Puts people on a list, all or none: new ones are added, names and languages are taken over, and who has
    /// unsubscribed stays so.
    pub fn import(&mut self, list: &str, people: &[NewSubscriber], now: DateTime<Utc>) -> Result<Imported> {
        self.write(|transaction| {
            let mut imported = Imported::default();
            for person in people {
                match add(transaction, list, person, now)? {
                    None => imported.added += 1,
                    Some(SubscriberStatus::Active) => imported.known += 1,
                    Some(SubscriberStatus::Unsubscribed) => imported.unsubscribed.push(person.address.clone()),
                }
            }
            let named: std::collections::BTreeSet<String> =
                people.iter().map(|person| person.address.to_ascii_lowercase()).collect();
            imported.absent = members(transaction, list)?
                .into_iter()
                .filter(|member| member.status == SubscriberStatus::Active)
                .map(|member| member.address)
                .filter(|address| !named.contains(&address.to_ascii_lowercase()))
                .collect();
            Ok(imported)
        })
    }

    /// Puts one person on a list. Tells where they stood before: `None` when they are new on it, and somebody
    /// `Unsubscribed` is so still.
    pub fn add(&mut self, list: &str, person: &NewSubscriber, now: DateTime<Utc>) -> Result<Option<SubscriberStatus>> {
        self.write(|transaction| add(transaction, list, person, now))
    }

    /// Unsubscribes an address from a list; whether it was active on it.
    pub fn remove(&mut self, list: &str, address: &str, now: DateTime<Utc>) -> Result<bool> {
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(include_str!("sql/membership_remove.sql"))?;
            Ok(statement.execute(params![list, address, stamp(now)])? > 0)
        })
    }

    /// Stops all mail to an address, through whichever list.
    pub fn suppress(&mut self, address: &str, reason: &str, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(include_str!("sql/suppress.sql"), params![address, reason, stamp(now)]).map(drop)
        })
    }

    /// Everybody who is or was on a list, in the order of addresses.
    pub fn export(&self, list: &str) -> Result<Vec<Subscriber>> {
        members(&self.connection, list).map_err(failed)
    }

    /// How many are on a list.
    pub fn status(&self, list: &str) -> Result<ListStatus> {
        let counts =
            |row: &Row<'_>| Ok(ListStatus { active: row.get(0)?, unsubscribed: row.get(1)?, suppressed: row.get(2)? });
        self.connection.query_row(include_str!("sql/list_status.sql"), [list], counts).map_err(failed)
    }

    /// Who gets mail through these lists now: each address once, through the first list it is on; in the order of the
    /// lists, then of addresses.
    pub fn recipients(&self, lists: &[String]) -> Result<Vec<Recipient>> {
        let mut seen = std::collections::BTreeSet::new();
        let mut recipients = Vec::new();
        for list in lists {
            let on_list = self.recipients_of(list).map_err(failed)?;
            recipients.extend(on_list.into_iter().filter(|one| seen.insert(one.address.to_ascii_lowercase())));
        }
        Ok(recipients)
    }

    fn recipients_of(&self, list: &str) -> database::Result<Vec<Recipient>> {
        let mut statement = self.connection.prepare_cached(include_str!("sql/recipients.sql"))?;
        let tokens = |list: &str, address: &str| self.secret.token(list, address);
        statement.query_map([list], |row| rows::reader(row, list, &tokens))?.collect()
    }
}

fn add(
    transaction: &Transaction<'_>,
    list: &str,
    person: &NewSubscriber,
    now: DateTime<Utc>,
) -> database::Result<Option<SubscriberStatus>> {
    let mut standing = transaction.prepare_cached(include_str!("sql/membership_status.sql"))?;
    let before: Option<String> = standing.query_row(params![list, person.address], |row| row.get(0)).optional()?;
    let language = person.language.as_ref().map(crate::model::Language::as_str);
    let mut subscriber = transaction.prepare_cached(include_str!("sql/subscriber_add.sql"))?;
    let id: i64 = subscriber.query_row(params![person.address, person.name, language], |row| row.get(0))?;
    if before.is_none() {
        let mut membership = transaction.prepare_cached(include_str!("sql/membership_add.sql"))?;
        membership.execute(params![list, id, stamp(now)])?;
    }
    Ok(before.as_deref().map(read_status))
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
        })
    };
    statement.query_map([list], subscriber)?.collect()
}

/// The table allows two words only.
fn read_status(word: &str) -> SubscriberStatus {
    if word == "active" { SubscriberStatus::Active } else { SubscriberStatus::Unsubscribed }
}
