//! What people agreed to and took back; whom nothing may be written to; forgetting somebody.

use chrono::{DateTime, Utc};

use super::database::{self, Connection, OptionalExtension as _, Row, Transaction, params};

use super::former_lists::present;
use super::import::keep_off;
use super::subscribers::{find, is_kept_away, keep, read_status, standing};
use super::token::Purpose;
use super::{Store, failed, read_stamp, stamp};
use crate::error::Result;
use crate::model::{
    Circumstance, Consent, ConsentEvent, IssueKey, Language, Membership, NewSubscriber, Person, SubscriberStatus,
    Suppression, Way, address_identity, sha256_hex,
};

/// Why nothing is written to an address that was erased.
pub const ERASED: &str = "erased";

/// Whether this stands where the address of somebody stood who was erased: a delivery keeps that it went to somebody.
#[must_use]
pub fn is_of_erased(address: &str) -> bool {
    address.starts_with("erased-") && !address.contains('@')
}

/// What stands where the address stood of somebody of this hash who was erased.
pub(super) fn of_erased(hash: &str) -> String {
    format!("erased-{hash}")
}

/// What came of a request to leave a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// They were on it, or had asked to be.
    Now,
    /// They were not on it, and are kept as unsubscribed from now on: no file puts them there.
    Kept,
    /// They had left before, or must not be named.
    Before,
}

/// What came of a confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// They are on these lists now, on some of them perhaps already before. One that they have asked for once more since
    /// waits for the later link.
    Now(Vec<String>),
    /// They were on these.
    Already(Vec<String>),
    /// What they confirm was taken back, or was never asked.
    Nothing,
}

/// What was known of somebody who was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Erased {
    /// Whether they were known at all.
    pub known: bool,
    /// What was written to them: their messages may still stand in the outbox.
    pub messages: Vec<ErasedMessage>,
    /// Whether the bytes of it are gone from the file and from the journal beside it; not while another process reads from
    /// the journal. What a server keeps is for its own means.
    pub is_overwritten: bool,
}

/// By what a message was known whose recipient was forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedMessage {
    /// Which issue.
    pub issue: IssueKey,
    /// To whom.
    pub address: String,
    /// RFC 5322's Message-ID without the angle brackets.
    pub message_id: String,
}

impl Store {
    /// Records that somebody asks to be on lists. Who is on one already stays so, and whoever is kept away from one confirms it
    /// like others; those wait until then. Tells which lists wait.
    pub fn ask(&mut self, person: &NewSubscriber, lists: &[String], how: &Circumstance) -> Result<Vec<String>> {
        let hash = self.address_key.hash(&person.address);
        self.write(|transaction| ask(transaction, person, &hash, lists, how))
    }

    /// Puts somebody on the lists that they asked for at that time. If they are on none yet, they are greeted as they asked
    /// for.
    pub fn confirm(
        &mut self,
        address: &str,
        lists: &[String],
        asked: DateTime<Utc>,
        how: &Circumstance,
    ) -> Result<Confirmed> {
        let hash = self.address_key.hash(address);
        self.write(|transaction| {
            let Some(known) = find(transaction, &hash)? else { return Ok(Confirmed::Nothing) };
            let stands = memberships(transaction, known.id)?;
            let is_on_any = stands.iter().any(|one| one.status == SubscriberStatus::Active);
            let was_on_any = stands.iter().any(|one| one.status != SubscriberStatus::Pending);
            let (mut now, mut on) = (0, Vec::new());
            for list in lists {
                let list = &present(transaction, list)?;
                if !is_on_any && now == 0 {
                    take_name(transaction, known.id, list, asked, was_on_any)?;
                }
                let mut confirm = transaction.prepare_cached(include_str!("sql/membership_confirm.sql"))?;
                if confirm.execute(params![list, known.id, stamp(asked), stamp(how.at)])? > 0 {
                    record(transaction, known.id, list, ConsentEvent::Confirmed, how)?;
                    now += 1;
                    on.push(list.clone());
                } else if standing(transaction, list, &hash)? == Some(SubscriberStatus::Active) {
                    transaction.execute(include_str!("sql/membership_own.sql"), params![list, known.id])?;
                    on.push(list.clone());
                }
            }
            Ok(match now {
                0 if on.is_empty() => Confirmed::Nothing,
                0 => Confirmed::Already(on),
                _ => Confirmed::Now(on),
            })
        })
    }

    /// Unsubscribes an address from a list; whether it was on it, or had asked to be.
    pub fn unsubscribe(&mut self, list: &str, address: &str, how: &Circumstance) -> Result<bool> {
        let hash = self.address_key.hash(address);
        self.write(|transaction| {
            let Some(known) = find(transaction, &hash)? else { return Ok(false) };
            let list = &present(transaction, list)?;
            let mut statement = transaction.prepare_cached(include_str!("sql/membership_remove.sql"))?;
            let removed = statement.execute(params![list, known.id, stamp(how.at)])? > 0;
            if removed {
                call_back(transaction, &known.address)?;
                record(transaction, known.id, list, ConsentEvent::Unsubscribed, how)?;
            }
            Ok(removed)
        })
    }

    /// Unsubscribes an address from a list by the token of a message that went to it. Who is not on the list, as one to whom
    /// a trial of an issue was sent, stays away from it from then on: they were told so.
    pub fn leave(&mut self, list: &str, address: &str, how: &Circumstance) -> Result<Left> {
        if self.unsubscribe(list, address, how)? {
            return Ok(Left::Now);
        }
        let hash = self.address_key.hash(address);
        let is_kept = self.write(|transaction| {
            let list = &present(transaction, list)?;
            keep_off(transaction, list, &hash, address, how)
        })?;
        Ok(if is_kept { Left::Kept } else { Left::Before })
    }

    /// Unsubscribes an address from every list, as a message of it asks; from how many.
    pub fn remove_from_all(&mut self, address: &str, now: DateTime<Utc>) -> Result<usize> {
        let hash = self.address_key.hash(address);
        let how = Circumstance::new(now, Way::Mail);
        self.write(|transaction| {
            let Some(known) = find(transaction, &hash)? else { return Ok(0) };
            let mut left = 0;
            call_back(transaction, &known.address)?;
            for one in memberships(transaction, known.id)? {
                let mut remove = transaction.prepare_cached(include_str!("sql/membership_remove.sql"))?;
                if remove.execute(params![one.list, known.id, stamp(now)])? > 0 {
                    record(transaction, known.id, &one.list, ConsentEvent::Unsubscribed, &how)?;
                    left += 1;
                }
            }
            Ok(left)
        })
    }

    /// Changes how somebody is greeted and in which language, as they wish; whether they are known.
    pub fn change_person(
        &mut self,
        address: &str,
        name: Option<&str>,
        language: Option<&Language>,
        how: &Circumstance,
    ) -> Result<bool> {
        let hash = self.address_key.hash(address);
        self.write(|transaction| {
            let Some(known) = find(transaction, &hash)? else { return Ok(false) };
            if known.name.as_deref() != name || known.language.as_ref() != language {
                let mut change = transaction.prepare_cached(include_str!("sql/subscriber_change.sql"))?;
                change.execute(params![known.id, name, language.map(Language::as_str)])?;
                record(transaction, known.id, "", ConsentEvent::Changed, how)?;
            }
            Ok(true)
        })
    }

    /// All that is known of an address; `None` when nothing is.
    pub fn person(&self, address: &str) -> Result<Option<Person>> {
        let hash = self.address_key.hash(address);
        let read = || -> database::Result<Option<Person>> {
            let Some(known) = find(&self.connection, &hash)? else { return Ok(None) };
            Ok(Some(Person {
                lists: memberships(&self.connection, known.id)?,
                consent: log(&self.connection, known.id)?,
                address: known.address,
                name: known.name,
                language: known.language,
            }))
        };
        read().map_err(failed)
    }

    /// Stops all mail to an address, through whichever list. Only a keyed hash of it is kept.
    pub fn suppress(&mut self, address: &str, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let hash = self.address_key.hash(address);
        self.write(|transaction| {
            call_back(transaction, address)?;
            transaction.execute(include_str!("sql/suppress.sql"), params![hash, reason, stamp(now)]).map(drop)
        })
    }

    /// Notes that the message of a delivery was taken away before anybody fetched it: it went to nobody.
    pub fn call_off(&mut self, delivery: i64, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(include_str!("sql/delivery_call_off.sql"), params![delivery, stamp(now)]).map(drop)
        })
    }

    /// Why an address gets no mail; `None` when it may get some.
    pub fn suppression(&self, address: &str) -> Result<Option<Suppression>> {
        suppression(&self.connection, &self.address_key.hash(address)).map_err(failed)
    }

    /// Forgets a person: lists, name, consent, requests, what was sent. What stays is the keyed hash that keeps them
    /// from being written to again, and that something went to somebody. Of whoever was forgotten before, what was
    /// said since goes, too.
    pub fn erase(&mut self, address: &str, now: DateTime<Utc>) -> Result<Erased> {
        let (hash, identity) = (self.address_key.hash(address), address_identity(address));
        let mut erased = self.write(|transaction| {
            let messages = messages(transaction, &identity)?;
            // First the deliveries: whoever is just recording an answer is waited for, and what it wrote is found after that.
            transaction.execute(include_str!("sql/delivery_erase.sql"), params![identity, hash])?;
            let words = forget_words(transaction, &identity, &of_erased(&hash))?;
            transaction.execute(include_str!("sql/suppress_erased.sql"), params![hash, ERASED, stamp(now)])?;
            transaction.execute(include_str!("sql/notice_erase.sql"), [&hash])?;
            transaction.execute(include_str!("sql/import_erase.sql"), [&hash])?;
            let known = find(transaction, &hash)?;
            if let Some(known) = &known {
                for forget in [
                    include_str!("sql/consent_erase.sql"),
                    include_str!("sql/memberships_erase.sql"),
                    include_str!("sql/old_token_erase.sql"),
                    include_str!("sql/subscriber_erase.sql"),
                ] {
                    transaction.execute(forget, [known.id])?;
                }
                transaction.execute(include_str!("sql/wording_erase.sql"), [])?;
            }
            let is_known = known.is_some() || !messages.is_empty() || words > 0;
            Ok(Erased { known: is_known, messages, is_overwritten: true })
        })?;
        erased.is_overwritten = self.connection.empty_journal().map_err(failed)?;
        Ok(erased)
    }

    /// Whose unsubscribe token on a list this is, whichever version made it.
    pub fn bearer(&self, list: &str, token: &str) -> Result<Option<String>> {
        let Some(grant) = self.ring.read_token(Purpose::Unsubscribe, token) else { return self.old_token(list, token) };
        if grant.lists != [list] {
            return Ok(None);
        }
        let known = find(&self.connection, &self.address_key.hash(&grant.address)).map_err(failed)?;
        Ok(Some(known.map_or(grant.address, |known| known.address)))
    }

    /// What an unsubscribe token says by itself, where whatever names the list beside it was damaged: the list, and whose it
    /// is. `None` for one of an older version, which names no list.
    pub fn bearer_by_token(&self, token: &str) -> Result<Option<(String, String)>> {
        let Some(grant) = self.ring.read_token(Purpose::Unsubscribe, token) else { return Ok(None) };
        let [list] = grant.lists.as_slice() else { return Ok(None) };
        Ok(self.bearer(list, token)?.map(|address| (list.clone(), address)))
    }

    /// Whose a token is that an older version made and that stands in a mail which was sent.
    pub fn old_token(&self, list: &str, token: &str) -> Result<Option<String>> {
        let read = || {
            let mut statement = self.connection.prepare_cached(include_str!("sql/old_token_find.sql"))?;
            statement.query_row(params![sha256_hex(token.as_bytes()), list], |row| row.get(0)).optional()
        };
        read().map_err(failed)
    }

    /// Forgets the requests that nobody confirmed since `before`, and whoever is known for nothing else.
    pub fn expire_requests(&mut self, before: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            let mut expire = transaction.prepare_cached(include_str!("sql/membership_expire.sql"))?;
            let whose: Vec<i64> =
                expire.query_map([stamp(before)], |row| row.get(0))?.collect::<database::Result<_>>()?;
            for id in &whose {
                transaction.execute(include_str!("sql/consent_expire.sql"), [id])?;
                transaction.execute(include_str!("sql/subscriber_expire.sql"), [id])?;
            }
            if !whose.is_empty() {
                transaction.execute(include_str!("sql/wording_erase.sql"), [])?;
            }
            transaction.execute(include_str!("sql/membership_expire_left.sql"), [stamp(before)]).map(drop)
        })
    }
}

/// See [`Store::ask`].
pub(super) fn ask(
    transaction: &Transaction<'_>,
    person: &NewSubscriber,
    hash: &str,
    lists: &[String],
    how: &Circumstance,
) -> database::Result<Vec<String>> {
    let mut waiting = Vec::new();
    for list in lists {
        let list = &present(transaction, list)?;
        let is_on = standing(transaction, list, hash)? == Some(SubscriberStatus::Active);
        if is_on && !is_kept_away(transaction, list, hash)? {
            continue;
        }
        // Nobody else's words may be put into a person's mouth: they stay with the request until that is confirmed.
        let id = if let Some(known) = find(transaction, hash)? {
            known.id
        } else {
            let nameless = NewSubscriber { name: None, language: None, ..person.clone() };
            keep(transaction, &nameless, hash)?
        };
        let mut ask = transaction.prepare_cached(include_str!("sql/membership_ask.sql"))?;
        let language = person.language.as_ref().map(Language::as_str);
        ask.execute(params![list, id, stamp(how.at), person.name, language])?;
        record(transaction, id, list, ConsentEvent::Requested, how)?;
        waiting.push(list.clone());
    }
    Ok(waiting)
}

/// Whether the address of this hash stands so on any list.
pub(super) fn is_on_any(connection: &Connection, hash: &str, status: SubscriberStatus) -> database::Result<bool> {
    let Some(known) = find(connection, hash)? else { return Ok(false) };
    Ok(memberships(connection, known.id)?.iter().any(|one| one.status == status))
}

/// Takes over the name and the language of the request that is about to be confirmed, if that is the one of that time.
fn take_name(
    transaction: &Transaction<'_>,
    subscriber: i64,
    list: &str,
    asked: DateTime<Utc>,
    was_known: bool,
) -> database::Result<()> {
    let mut find = transaction.prepare_cached(include_str!("sql/membership_asked.sql"))?;
    let said = find.query_row(params![list, subscriber, stamp(asked)], |row| {
        Ok((row.get::<Option<String>>(0)?, row.get::<Option<String>>(1)?))
    });
    let Some((name, language)) = said.optional()? else { return Ok(()) };
    let mut take = transaction.prepare_cached(include_str!("sql/subscriber_named.sql"))?;
    take.execute(params![subscriber, name, language, i64::from(was_known)]).map(drop)
}

/// Adds to the consent log.
pub(super) fn record(
    transaction: &Transaction<'_>,
    subscriber: i64,
    list: &str,
    event: ConsentEvent,
    how: &Circumstance,
) -> database::Result<()> {
    if let Some(words) = &how.words {
        transaction.prepare_cached(include_str!("sql/wording_add.sql"))?.execute([words])?;
    }
    let mut add = transaction.prepare_cached(include_str!("sql/consent_add.sql"))?;
    add.execute(params![subscriber, list, event_word(event), stamp(how.at), way_word(how.way), how.network, how.words])
        .map(drop)
}

/// Why the address of this hash gets no mail.
pub(super) fn suppression(connection: &Connection, hash: &str) -> database::Result<Option<Suppression>> {
    let mut statement = connection.prepare_cached(include_str!("sql/suppression.sql"))?;
    let one = |row: &Row<'_>| Ok(Suppression { reason: row.get(0)?, since: read_stamp(&row.get::<String>(1)?)? });
    statement.query_row([hash], one).optional()
}

fn memberships(connection: &Connection, subscriber: i64) -> database::Result<Vec<Membership>> {
    let mut statement = connection.prepare_cached(include_str!("sql/memberships.sql"))?;
    let membership = |row: &Row<'_>| {
        let asked: Option<String> = row.get(3)?;
        Ok(Membership {
            list: row.get(0)?,
            status: read_status(&row.get::<String>(1)?),
            since: read_stamp(&row.get::<String>(2)?)?,
            asked: asked.map(|text| read_stamp(&text)).transpose()?,
        })
    };
    statement.query_map([subscriber], membership)?.collect()
}

fn log(connection: &Connection, subscriber: i64) -> database::Result<Vec<Consent>> {
    let mut statement = connection.prepare_cached(include_str!("sql/consent_list.sql"))?;
    let consent = |row: &Row<'_>| {
        Ok(Consent {
            list: row.get(0)?,
            event: read_event(&row.get::<String>(1)?),
            at: read_stamp(&row.get::<String>(2)?)?,
            way: read_way(&row.get::<String>(3)?),
            network: row.get(4)?,
            words: row.get(5)?,
        })
    };
    statement.query_map([subscriber], consent)?.collect()
}

/// Forgets what servers said of an address, or of what stands in its place since it was erased: how many answers and reports.
fn forget_words(transaction: &Transaction<'_>, identity: &str, instead: &str) -> database::Result<usize> {
    let answers = transaction.execute(include_str!("sql/attempt_erase.sql"), [instead])?;
    let reports = transaction.execute(include_str!("sql/bounce_event_erase.sql"), params![identity, instead])?;
    Ok(answers + reports)
}

fn messages(transaction: &Transaction<'_>, identity: &str) -> database::Result<Vec<ErasedMessage>> {
    let mut statement = transaction.prepare_cached(include_str!("sql/delivery_person.sql"))?;
    let message = |row: &Row<'_>| {
        Ok(ErasedMessage {
            issue: IssueKey { series: row.get(0)?, ordinal: row.get::<i64>(1)?.unsigned_abs() },
            address: row.get(2)?,
            message_id: row.get(3)?,
        })
    };
    statement.query_map([identity], message)?.collect()
}

fn event_word(event: ConsentEvent) -> &'static str {
    match event {
        ConsentEvent::Requested => "requested",
        ConsentEvent::Confirmed => "confirmed",
        ConsentEvent::Added => "added",
        ConsentEvent::Imported => "imported",
        ConsentEvent::Changed => "changed",
        ConsentEvent::Unsubscribed => "unsubscribed",
    }
}

/// Only the words above are written.
fn read_event(word: &str) -> ConsentEvent {
    match word {
        "requested" => ConsentEvent::Requested,
        "confirmed" => ConsentEvent::Confirmed,
        "added" => ConsentEvent::Added,
        "imported" => ConsentEvent::Imported,
        "changed" => ConsentEvent::Changed,
        _ => ConsentEvent::Unsubscribed,
    }
}

fn way_word(way: Way) -> &'static str {
    match way {
        Way::Page => "page",
        Way::OneClick => "one-click",
        Way::Command => "command",
        Way::File => "file",
        Way::Mail => "mail",
    }
}

/// Only the words above are written.
fn read_way(word: &str) -> Way {
    match word {
        "page" => Way::Page,
        "one-click" => Way::OneClick,
        "file" => Way::File,
        "mail" => Way::Mail,
        _ => Way::Command,
    }
}

/// Takes back what runs hold for somebody and have not begun to send: they may have left since it was claimed.
pub(super) fn call_back(transaction: &Transaction<'_>, address: &str) -> database::Result<()> {
    call_back_but(transaction, address, NONE)
}

/// No delivery has this number.
const NONE: i64 = 0;

/// The same but for one delivery, which is being settled.
pub(super) fn call_back_but(transaction: &Transaction<'_>, address: &str, but: i64) -> database::Result<()> {
    let mut call_back = transaction.prepare_cached(include_str!("sql/delivery_call_back.sql"))?;
    call_back.execute(params![address_identity(address), but]).map(drop)
}
