//! Sending one message to one address, of which nothing is recorded.

use super::outfit::settings;
use super::post_office::worker;
use crate::cli::clock::RunClock;
use crate::cli::mailing;
use crate::cli::session::Session;
use crate::config::Config;
use crate::deliver::smtp::{self, Letter, Letters, Stopped, Summary};
use crate::deliver::{MessageIds, Sender};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Digest, Lease, Leased, NO_DELIVERY, NewCampaign, NewSubscriber, Query, Queue as _, Recipient};
use crate::store::Store;

/// Messages of a queue that is gone when they are sent.
struct OutOfQueue<'l> {
    letters: &'l dyn Letters,
    /// With which the reader unsubscribes from the list: a token of the real store.
    token: String,
}

impl Letters for OutOfQueue<'_> {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        let recipient = Recipient { token: self.token.clone(), ..delivery.recipient.clone() };
        // Numbers of that queue are those of other readers in the real one.
        let lease = Lease { delivery: NO_DELIVERY, ..delivery.lease };
        self.letters.compose(&Leased { lease, recipient, ..delivery.clone() })
    }
}

/// Sends one message to one address, whether or not it is on a list; nothing is recorded of it. Says what the relay
/// answered.
pub(in crate::cli) fn send_to_one(
    session: &mut Session,
    config: &Config,
    letters: &dyn Letters,
    digest: &Digest,
    to: &NewSubscriber,
    list: &str,
) -> Result<Summary> {
    let token = mailing::store(config)?.unsubscribe_token(list, &to.address);
    let letters = OutOfQueue { letters, token };
    let settings = settings(config, &worker())?;
    let sender = Sender::new(&config.mail_of(&digest.issue.series), &config.lists)?;
    let mut store = Store::in_memory()?;
    store.add(list, to, session.now)?;
    let campaign = NewCampaign {
        issue: digest.issue.clone(),
        revision: digest.revision,
        lists: vec![list.to_owned()],
        starts: session.now,
    };
    // Unlike that of the issue as it goes to the same reader later, which would be taken for a copy.
    let mark = crate::model::sha256_hex(digest.html.as_bytes());
    let ids = MessageIds::new(&store.message_id_key(), &sender);
    let mut choose =
        |to: &Recipient| Some(ids.make(&digest.issue, digest.revision, &format!("test {mark} {}", to.address)));
    store.start(&campaign, &mut choose, session.now)?;
    let clock = RunClock::starting_at(session.now);
    let summary = smtp::deliver_alone(&mut store, 1, &letters, &settings, &clock)?;
    let history = store.history(&Query::default())?;
    let said = history.iter().flat_map(|one| &one.attempts).next_back();
    match (&summary.stopped, said) {
        (Some(Stopped::Relays(why) | Stopped::Refused(why)), _) => {
            Err(Error::new(ErrorKind::State, format!("no relay can be used: {why}")))
        }
        (_, Some(attempt)) if summary.ambiguous > 0 => {
            let message = format!("nobody knows whether the relay took it: {}", attempt.reply.text);
            Err(Error::new(ErrorKind::State, message).hint("look into that mailbox before you send it again"))
        }
        (_, Some(attempt)) if summary.sent == 0 => {
            let code = attempt.reply.code.map(|code| format!("{code} ")).unwrap_or_default();
            Err(Error::new(ErrorKind::State, format!("the relay did not take it: {code}{}", attempt.reply.text)))
        }
        _ => Ok(summary),
    }
}
