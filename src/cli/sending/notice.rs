//! Handing over one message that answers a request: signed as all mail is, through the same relays.

use chrono::{DateTime, Utc};

use super::outfit::{settings, signers};
use super::post_office::worker;
use crate::cli::clock::RunClock;
use crate::config::Config;
use crate::deliver::bounce::{Stage, class_and_reason};
use crate::deliver::dkim::body_hash;
use crate::deliver::smtp::{self, Letter, Letters};
use crate::deliver::{Sender, address};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BounceReason, IssueKey, Leased, NewCampaign, NewSubscriber, Query, Queue as _, ReadyNotice, Reply};
use crate::serve::HandedOn;
use crate::store::Store;

/// The one message of a store that is gone when it is sent.
const ALONE: &str = "notice";

/// The message, whoever asks.
struct Alone {
    return_path: String,
    message: Vec<u8>,
}

impl Letters for Alone {
    fn compose(&self, _: &Leased) -> Result<Letter<'_>> {
        Ok(Letter { return_path: self.return_path.clone(), pieces: vec![self.message.as_slice().into()] })
    }
}

/// Sends a message, and says whether a relay took it, refused it for good, or left that in doubt. Fails when it is to be tried
/// again; what is said then names nobody.
pub(in crate::cli) fn send_notice(config: &Config, notice: &ReadyNotice, now: DateTime<Utc>) -> Result<HandedOn> {
    let settings = settings(config, &worker())?;
    let sender = Sender::new(&config.mail, &config.lists)?;
    // Without a return path of its own a message that comes back comes to whoever it is from.
    let return_path = match config.mail.bounces.as_deref() {
        Some(mailbox) => address(mailbox)?.to_string(),
        None => sender.address().to_owned(),
    };
    let alone = Alone { return_path, message: signed(config, &sender, &notice.message)? };
    let mut store = Store::in_memory()?;
    let to = NewSubscriber { address: notice.address.clone(), name: None, language: None };
    store.add(ALONE, &to, now)?;
    let issue = IssueKey { series: ALONE.to_owned(), ordinal: 1 };
    let campaign = NewCampaign { issue, revision: 1, lists: vec![ALONE.to_owned()], starts: now };
    store.start(&campaign, &mut |_| Some(notice.message_id.clone()), now)?;
    let clock = RunClock::starting_at(now);
    let summary = smtp::deliver_alone(&mut store, 1, &alone, &settings, &clock)?;
    let history = store.history(&Query::default())?;
    let last = history.iter().flat_map(|one| &one.attempts).next_back().map(|attempt| &attempt.reply);
    match (summary.sent, summary.ambiguous, summary.failed) {
        (1.., ..) => Ok(HandedOn::Taken),
        // Sent again it would come again with each try.
        (_, 1.., _) => Ok(HandedOn::Ambiguous),
        (.., 1..) => Ok(HandedOn::Refused(refused(last, counts(&store, &notice.address, now)?))),
        _ => Err(Error::new(ErrorKind::State, "a message about a subscription could not be handed over")
            .hint(last_said(last))),
    }
}

/// Whether what relays said counts against an address.
fn counts(store: &Store, address: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(store.suppression(address)?.is_some() || store.soft_bounces(address, now)? > 0)
}

/// What to tell of a message that was refused for good. A mailbox that takes no mail is nobody's fault here: anybody may write
/// any address into a form, and a log full of these would hide what is to be mended.
fn refused(last: Option<&Reply>, is_of_mailbox: bool) -> Option<Error> {
    let is_told = !is_of_mailbox || last.is_some_and(is_unclear);
    let refused = || Error::new(ErrorKind::State, "a message about a subscription was refused for good");
    let hint =
        "whoever asked got nothing, and can ask again; `masthead send SERIES --test ADDRESS` shows a relay's words";
    is_told.then(|| refused().hint(last_said(last)).hint(hint))
}

/// Whether what a relay says of a mailbox may as well be meant for all.
fn is_unclear(reply: &Reply) -> bool {
    let status = reply.enhanced.as_deref().and_then(|status| status.parse().ok());
    let reason = reply.code.map(|code| class_and_reason(Stage::Recipient, code, status, &reply.text).1);
    reason == Some(BounceReason::Unknown)
}

/// What the last relay said.
fn last_said(last: Option<&Reply>) -> String {
    last.map_or_else(|| "no relay could be used".to_owned(), said)
}

/// What a relay answered, without its words: they name whom the message goes to, and a log keeps what it is told.
fn said(reply: &Reply) -> String {
    match reply.code {
        Some(code) => {
            let enhanced = reply.enhanced.as_deref().map(|status| format!(" {status}")).unwrap_or_default();
            format!("{} answered {code}{enhanced}", reply.relay)
        }
        None => format!("{}: {}", reply.relay, reply.text),
    }
}

/// The message with its signatures, one for each key.
fn signed(config: &Config, sender: &Sender, message: &[u8]) -> Result<Vec<u8>> {
    let signers = signers(config, sender)?;
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    let (Some(end), false) = (end, signers.is_empty()) else { return Ok(message.to_vec()) };
    let head = String::from_utf8_lossy(&message[..end + 2]);
    let hash = body_hash([&message[end + 4..]]);
    let mut signed = Vec::with_capacity(message.len() + 1024);
    for signer in &signers {
        signed.extend(signer.sign(&head, &hash)?.into_bytes());
    }
    signed.extend_from_slice(message);
    Ok(signed)
}
