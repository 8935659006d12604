//! Requests from the web and the messages that answer them.
//!
//! A page takes every request in the same way ([`Store::take_request`]) and answers at once; what comes of it is settled
//! later, so that neither the answer nor its time tells whether an address is known. A message that is made waits as
//! [`NoticeState::Ready`] until a transport has taken it.

use chrono::{DateTime, Utc};

use super::database::{self, Fault, Row, params};

use super::{Store, failed, read_language, read_stamp, stamp};
use crate::error::Result;
use crate::model::{Language, NoticeKind, NoticeState, ReadyNotice, Request};

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
    /// Nothing, or nothing that could be sent.
    Nothing(NoticeState),
}

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

    /// The oldest requests of which nothing was made yet, `most` of them.
    pub fn asked(&self, most: usize) -> Result<Vec<Asked>> {
        let read = || -> database::Result<Vec<Asked>> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/notice_asked.sql"))?;
            let asked = |row: &Row<'_>| {
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
            };
            statement.query_map([most as i64], asked)?.collect()
        };
        read().map_err(failed)
    }

    /// Keeps what a request comes to.
    pub fn reply(&mut self, id: i64, reply: &NoticeReply, now: DateTime<Utc>) -> Result<()> {
        match reply {
            NoticeReply::Nothing(state) => self.settle_notice(id, *state, now),
            NoticeReply::Message(message_id, message) => self.write(|transaction| {
                let made = params![id, message_id, message, stamp(now)];
                transaction.execute(include_str!("sql/notice_made.sql"), made).map(drop)
            }),
        }
    }

    /// The oldest messages that wait for a transport, `most` of them.
    pub fn ready_notices(&self, most: usize) -> Result<Vec<ReadyNotice>> {
        let read = || -> database::Result<Vec<ReadyNotice>> {
            let mut statement = self.connection.prepare_cached(include_str!("sql/notice_ready.sql"))?;
            let ready = |row: &Row<'_>| {
                Ok(ReadyNotice { id: row.get(0)?, address: row.get(1)?, message_id: row.get(2)?, message: row.get(3)? })
            };
            statement.query_map([most as i64], ready)?.collect()
        };
        read().map_err(failed)
    }

    /// Says what became of a request or its message. Call it once a file is in place or a server has taken it; what is
    /// settled stays so, and all but the hash of the address and the time is forgotten.
    pub fn settle_notice(&mut self, id: i64, state: NoticeState, now: DateTime<Utc>) -> Result<()> {
        self.write(|transaction| {
            let mut settle = transaction.prepare_cached(include_str!("sql/notice_settle.sql"))?;
            settle.execute(params![id, state_word(state), stamp(now)]).map(drop)
        })
    }

    /// How many messages of this kind were made for an address since a time.
    pub fn notices_since(&self, address: &str, since: DateTime<Utc>) -> Result<u32> {
        let values = params![self.address_key.hash(address), stamp(since)];
        self.connection.query_row(include_str!("sql/notice_count.sql"), values, |row| row.get(0)).map_err(failed)
    }

    /// How many requests and messages wait.
    pub fn notices_waiting(&self) -> Result<u32> {
        self.connection.query_row(include_str!("sql/notice_waiting.sql"), [], |row| row.get(0)).map_err(failed)
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
        NoticeState::Sent => "sent",
        NoticeState::Dropped => "dropped",
        NoticeState::Failed => "failed",
    }
}
