//! Requests from the web and the messages that answer them.
//!
//! A page takes every request in the same way ([`Store::take_request`]) and answers at once; what comes of it is settled
//! later, so that neither the answer nor its time tells whether an address is known. A message that is made waits as
//! [`NoticeState::Ready`] until a transport has taken it.

use chrono::{DateTime, Utc};

use super::consent::ask;
use super::database::{self, Fault, Parameters, Row, Transaction, params};
use super::{Store, failed, read_language, read_stamp, stamp};
use crate::error::Result;
use crate::model::{Circumstance, Language, NewSubscriber, NoticeKind, NoticeState, ReadyNotice, Request};

/// A request that waits to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// By which the store knows it.
    pub id: i64,
    /// What was asked.
    pub request: Request,
}

/// What a request comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeReply {
    /// A message: its Message-ID without the angle brackets, and its bytes.
    Message(String, Vec<u8>),
    /// The same, made for the looks of it: it goes to nobody.
    ForNobody(String, Vec<u8>),
    /// Nothing, or nothing that could be sent.
    Nothing(NoticeState),
}

impl NoticeReply {
    /// The same message, which goes to nobody.
    #[must_use]
    pub fn for_nobody(self) -> Self {
        match self {
            Self::Message(message_id, message) => Self::ForNobody(message_id, message),
            other => other,
        }
    }
}

/// Who asks for which lists, and how.
type Asks<'a> = (&'a NewSubscriber, &'a [String], &'a Circumstance);

impl Store {
    /// Takes a request, whoever it names.
    pub fn take_request(&mut self, request: &Request) -> Result<()> {
        let hash = self.address_key.hash(&request.address);
        self.write(|transaction| {
            let mut add = transaction.prepare_cached(include_str!("sql/notice_add.sql"))?;
            add.execute(params![
                kind_word(request.kind),
                hash,
                request.address,
                request.name,
                request.language.as_str(),
                request.lists.join("\n"),
                request.network,
                request.words,
                stamp(request.at),
            ])
            .map(drop)
        })
    }

    /// The oldest requests of which nothing was made yet and whose time has come, `most` of them.
    pub fn asked(&self, most: usize, now: DateTime<Utc>) -> Result<Vec<Asked>> {
        self.requests(include_str!("sql/notice_asked.sql"), params![most as i64, stamp(now)])
    }

    /// The other requests of the same kind, in the name of the same address, of which nothing was made yet.
    pub fn asked_alike(&self, id: i64) -> Result<Vec<Asked>> {
        self.requests(include_str!("sql/notice_alike.sql"), params![id])
    }

    fn requests(&self, sql: &str, values: impl Parameters) -> Result<Vec<Asked>> {
        let read = || -> database::Result<Vec<Asked>> {
            self.connection.prepare_cached(sql)?.query_map(values, asked)?.collect()
        };
        read().map_err(failed)
    }

    /// Lets a request wait until a time.
    pub fn postpone(&mut self, id: i64, until: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(include_str!("sql/notice_postpone.sql"), params![id, stamp(until)]).map(drop)
        })
    }

    /// Keeps what a request comes to, in one transaction with what is asked for in it; `others` are answered along with it.
    pub fn answer(
        &mut self,
        id: i64,
        others: &[i64],
        asks: Option<Asks<'_>>,
        reply: &NoticeReply,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let hash = asks.map(|(person, ..)| self.address_key.hash(&person.address));
        self.write(|transaction| {
            if let Some(((person, lists, how), hash)) = asks.zip(hash) {
                ask(transaction, person, &hash, lists, how)?;
            }
            for other in others {
                settle(transaction, *other, NoticeState::Dropped, now)?;
            }
            keep(transaction, id, reply, now)
        })
    }

    /// Keeps what a request comes to.
    pub fn reply(&mut self, id: i64, reply: &NoticeReply, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| keep(transaction, id, reply, now))
    }

    /// The oldest messages that wait for a transport, `most` of them, for `holder` alone to hand on `until` a time: also those
    /// that it holds already, for which it says so anew before that time.
    pub fn take_notices(
        &mut self,
        holder: &str,
        most: usize,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<ReadyNotice>> {
        self.write(|transaction| {
            let taken = params![holder, stamp(now), stamp(until), most as i64];
            transaction.execute(include_str!("sql/notice_take.sql"), taken)?;
            let mut statement = transaction.prepare_cached(include_str!("sql/notice_taken.sql"))?;
            let ready = |row: &Row<'_>| {
                Ok(ReadyNotice { id: row.get(0)?, address: row.get(1)?, message_id: row.get(2)?, message: row.get(3)? })
            };
            statement.query_map([holder], ready)?.collect()
        })
    }

    /// Lets others hand on a message that this holder could not.
    pub fn release_notice(&mut self, id: i64, holder: &str) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(include_str!("sql/notice_release.sql"), params![id, holder]).map(drop)
        })
    }

    /// Says what became of a request or its message. Call it once a file is in place or a server has taken it; what is
    /// settled stays so, and all but the hash of the address and the time is forgotten.
    pub fn settle_notice(&mut self, id: i64, state: NoticeState, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| settle(transaction, id, state, now))
    }

    /// How many messages were made for an address since a time, those for nobody too.
    pub fn notices_since(&self, address: &str, since: DateTime<Utc>) -> Result<u32> {
        let values = params![self.address_key.hash(address), stamp(since)];
        self.connection.query_row(include_str!("sql/notice_count.sql"), values, |row| row.get(0)).map_err(failed)
    }

    /// How many messages went to an address since a time, or are about to.
    pub fn messages_since(&self, address: &str, since: DateTime<Utc>) -> Result<u32> {
        let values = params![self.address_key.hash(address), stamp(since)];
        self.connection.query_row(include_str!("sql/notice_count_sent.sql"), values, |row| row.get(0)).map_err(failed)
    }

    /// How many requests and messages wait whose time has come.
    pub fn notices_waiting(&self, now: DateTime<Utc>) -> Result<u32> {
        let waiting = include_str!("sql/notice_waiting.sql");
        self.connection.query_row(waiting, [stamp(now)], |row| row.get(0)).map_err(failed)
    }

    /// Gives up what was asked before a time and could not be handed on since.
    pub fn give_up_notices(&mut self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(include_str!("sql/notice_give_up.sql"), params![stamp(before), stamp(now)]).map(drop)
        })
    }

    /// Forgets what was settled before a time.
    pub fn expire_notices(&mut self, before: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| transaction.execute(include_str!("sql/notice_expire.sql"), [stamp(before)]).map(drop))
    }

    /// Takes what was settled out of the journal beside the file, where names and addresses stand until something else is
    /// written over them; whether it could. It waits for nobody.
    pub fn tidy(&self) -> Result<bool> {
        self.connection.empty_journal_at_rest().map_err(failed)
    }
}

/// A row of `notice_asked.sql`.
fn asked(row: &Row<'_>) -> database::Result<Asked> {
    let lists: String = row.get(5)?;
    let fallback = || Language::parse("en");
    let request = Request {
        kind: if row.get::<String>(1)? == "subscribe" { NoticeKind::Subscribe } else { NoticeKind::Manage },
        address: row.get(2)?,
        name: row.get(3)?,
        language: read_language(Some(&row.get::<String>(4)?))
            .or_else(fallback)
            .ok_or_else(|| Fault::Unreadable("a request has no language".to_owned()))?,
        lists: lists.split('\n').filter(|list| !list.is_empty()).map(str::to_owned).collect(),
        network: row.get(6)?,
        words: row.get(7)?,
        at: read_stamp(&row.get::<String>(8)?)?,
    };
    Ok(Asked { id: row.get(0)?, request })
}

fn keep(transaction: &Transaction<'_>, id: i64, reply: &NoticeReply, now: DateTime<Utc>) -> database::Result<()> {
    let (message_id, message, is_for_nobody) = match reply {
        NoticeReply::Nothing(state) => return settle(transaction, id, *state, now),
        NoticeReply::Message(message_id, message) => (message_id, message, false),
        NoticeReply::ForNobody(message_id, message) => (message_id, message, true),
    };
    let made = params![id, message_id, message, stamp(now), i64::from(is_for_nobody)];
    transaction.execute(include_str!("sql/notice_made.sql"), made).map(drop)
}

fn settle(transaction: &Transaction<'_>, id: i64, state: NoticeState, now: DateTime<Utc>) -> database::Result<()> {
    let mut settle = transaction.prepare_cached(include_str!("sql/notice_settle.sql"))?;
    settle.execute(params![id, state_word(state), stamp(now)]).map(drop)
}

fn kind_word(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Subscribe => "subscribe",
        NoticeKind::Manage => "manage",
    }
}

fn state_word(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Asked => "asked",
        NoticeState::Ready => "ready",
        NoticeState::Sent | NoticeState::Ambiguous => "sent",
        NoticeState::Dropped => "dropped",
        NoticeState::Failed => "failed",
    }
}
