//! What a server's refusal of one message says, and of whom.

use super::session::Stage;
use crate::deliver::bounce::{self, ReplyClass, class_and_reason};
use crate::model::{BounceClass, BounceReason, Disposition, EnhancedStatus, Reply};

/// How a message is settled that was refused, for good or for too long. `Failed` where the refusal speaks of us, of the
/// message or of the relay: it says nothing of the address, and another relay may take the message.
pub(super) fn disposition(reply: &Reply, stage: Stage) -> Disposition {
    let Some(code) = reply.code else { return Disposition::Failed };
    match class_and_reason(at(stage), code, status(reply), &reply.text) {
        (ReplyClass::Hard, reason) => Disposition::Bounced(BounceClass::Hard, reason),
        (ReplyClass::Soft | ReplyClass::Transient, reason) if speaks_of_recipient(reason, stage) => {
            Disposition::Bounced(BounceClass::Soft, reason)
        }
        _ => Disposition::Failed,
    }
}

fn at(stage: Stage) -> bounce::Stage {
    match stage {
        Stage::Sender => bounce::Stage::BeforeRecipient,
        Stage::Recipient => bounce::Stage::Recipient,
        Stage::Body => bounce::Stage::AfterData,
    }
}

fn status(reply: &Reply) -> Option<EnhancedStatus> {
    reply.enhanced.as_deref().and_then(|status| status.parse().ok())
}

/// Whether a refusal for now speaks of the relay itself, whoever the message is for: it is busy, or has taken as much as it
/// takes in a time.
pub(super) fn is_of_relay(reply: &Reply, stage: Stage) -> bool {
    let Some(code) = reply.code.filter(|code| code / 100 == 4) else { return false };
    if is_of_mailbox(reply, stage) || says(reply, &OF_READERS) {
        return false;
    }
    let status = status(reply);
    let (_, reason) = class_and_reason(at(stage), code, status, &reply.text);
    // RFC 3463 3.4 and 3.5, RFC 5248: full, not accepting, congested; a flood.
    let is_of_system = status.is_some_and(|one| matches!((one.subject, one.detail), (3, 1 | 2) | (4, 5) | (7, 28)));
    code == 421 || is_of_system || reason == BounceReason::RateLimit || says(reply, &BUSY)
}

/// Whether a refusal speaks of the connection that it came on: it ends, or takes no more messages.
pub(super) fn is_of_session(reply: &Reply) -> bool {
    let is_too_many = status(reply).is_some_and(|one| (one.subject, one.detail) == (5, 3));
    reply.code == Some(421) || is_too_many || says(reply, &OF_SESSIONS)
}

/// Words of who puts off a message for the sake of its reader, though they may be those of rates.
const OF_READERS: [&str; 7] =
    ["greylist", "graylist", "grey list", "gray list", "grey-list", "receiving mail", "user you are trying"];
const BUSY: [&str; 4] = ["server busy", "server is busy", "too busy", "too much mail from"];
const OF_SESSIONS: [&str; 9] = [
    "reconnect",
    "this session",
    "this connection",
    "per session",
    "per connection",
    "new session",
    "new connection",
    "one session",
    "one connection",
];

fn says(reply: &Reply, phrases: &[&str]) -> bool {
    let words = reply.text.to_lowercase();
    phrases.iter().any(|phrase| words.contains(phrase))
}

/// Whether a refusal for now is about the recipient's mailbox, so that every relay would meet it.
pub(super) fn is_of_mailbox(reply: &Reply, stage: Stage) -> bool {
    matches!(disposition(reply, stage), Disposition::Bounced(_, reason) if reason != BounceReason::Unknown)
}

/// Whether a reason that passes is one of the recipient's mailbox: a relay in trouble has no opinion of it, and one that
/// gives no reason has one only when it was asked about the recipient.
fn speaks_of_recipient(reason: BounceReason, stage: Stage) -> bool {
    match reason {
        BounceReason::System | BounceReason::Network | BounceReason::Expired => false,
        BounceReason::Unknown => stage == Stage::Recipient,
        reason => !reason.is_policy(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Stage, disposition, is_of_mailbox, is_of_relay, is_of_session};
    use crate::model::{BounceClass, BounceReason, Disposition, Reply};

    fn of(code: u16, enhanced: &str, text: &str, stage: Stage) -> Disposition {
        let enhanced = Some(enhanced.to_owned()).filter(|status| !status.is_empty());
        disposition(&Reply { code: Some(code), enhanced, text: text.to_owned(), ..Reply::default() }, stage)
    }

    #[test]
    fn who_takes_no_more_for_now_is_told_from_who_puts_a_reader_off() {
        for (code, enhanced, text, of_relay) in [
            (450, "4.7.1", "Error: too much mail from 192.0.2.1, sending limit exceeded, try again later", true),
            (450, "4.7.1", "Error: too much mail from unknown[192.0.2.1]", true),
            (454, "", "Throttling failure: Maximum sending rate exceeded.", true),
            (454, "", "Throttling failure: Daily message quota exceeded.", true),
            (451, "4.7.500", "Server busy. Please try again later from [192.0.2.1].", true),
            (452, "4.5.3", "Too many recipients", true),
            (450, "4.2.1", "too many messages, slow down", true),
            (451, "4.3.2", "system not accepting messages", true),
            (452, "4.3.1", "Insufficient system storage", true),
            (421, "", "bye", true),
            (450, "4.2.1", "The user you are trying to contact is receiving mail too quickly.", false),
            (450, "4.2.1", "The user is receiving mail at a rate that prevents additional messages", false),
            (450, "4.7.1", "Greylisted, you are too fast", false),
            (421, "4.7.0", "greylisted, try again", false),
            (450, "4.2.0", "later", false),
            (450, "4.2.1", "mailbox disabled for now", false),
            (452, "4.2.2", "mailbox full", false),
            (452, "4.3.1", "mailbox full", false),
            (552, "5.2.2", "over quota", false),
            (550, "5.7.1", "rate limit", false),
            (451, "", "try again", false),
        ] {
            let enhanced = Some(enhanced.to_owned()).filter(|status| !status.is_empty());
            let reply = Reply { code: Some(code), enhanced, text: text.to_owned(), ..Reply::default() };
            assert_eq!(is_of_relay(&reply, Stage::Recipient), of_relay, "{code} {text}");
        }
        for (code, enhanced, text, of_session) in [
            (421, "4.7.0", "bye", true),
            (452, "4.5.3", "too many", true),
            (451, "4.7.0", "please reconnect", true),
            (450, "4.7.1", "too many messages per connection", true),
            (450, "4.7.1", "sending limit exceeded", false),
        ] {
            let enhanced = Some(enhanced.to_owned());
            let reply = Reply { code: Some(code), enhanced, text: text.to_owned(), ..Reply::default() };
            assert_eq!(is_of_session(&reply), of_session, "{code} {text}");
        }
    }

    #[test]
    fn only_what_speaks_of_the_recipient_counts_against_the_address() {
        let hard = Disposition::Bounced(BounceClass::Hard, BounceReason::UserUnknown);
        assert_eq!(of(550, "5.1.1", "no such user", Stage::Recipient), hard);
        assert_eq!(of(550, "", "User unknown", Stage::Recipient), hard);
        let full = Disposition::Bounced(BounceClass::Soft, BounceReason::MailboxFull);
        assert_eq!(of(552, "5.2.2", "mailbox full", Stage::Recipient), full);
        assert_eq!(of(452, "4.2.2", "mailbox full", Stage::Recipient), full, "for three days");
        let unknown = Disposition::Bounced(BounceClass::Soft, BounceReason::Unknown);
        assert_eq!(of(550, "", "no", Stage::Recipient), unknown);
        for (code, enhanced, text, stage) in [
            (550, "5.7.1", "looks like spam", Stage::Body),
            (554, "5.7.1", "Relay access denied", Stage::Recipient),
            (554, "5.6.0", "not that", Stage::Body),
            (550, "", "no", Stage::Body),
            (451, "4.3.2", "system not accepting messages", Stage::Recipient),
            (450, "4.7.1", "greylisted", Stage::Recipient),
            (550, "5.1.8", "sender address rejected: domain not found", Stage::Recipient),
            (550, "5.7.26", "unauthenticated email is not accepted", Stage::Body),
        ] {
            assert_eq!(of(code, enhanced, text, stage), Disposition::Failed, "{code} {enhanced} {text}");
        }
        for (code, enhanced, text, wanted) in [
            (452, "4.2.2", "mailbox full", true),
            (451, "4.3.2", "system not accepting messages", false),
            (450, "4.7.1", "greylisted", false),
            (451, "", "try again", false),
        ] {
            let reply = Reply {
                code: Some(code),
                enhanced: Some(enhanced.to_owned()),
                text: text.to_owned(),
                ..Reply::default()
            };
            assert_eq!(is_of_mailbox(&reply, Stage::Recipient), wanted, "{code} {enhanced} {text}");
        }
        assert_eq!(disposition(&Reply::default(), Stage::Recipient), Disposition::Failed, "no server said it");
    }
}
