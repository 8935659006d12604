//! What a server's refusal of one message says, and of whom.

use super::session::Stage;
use crate::deliver::bounce::{self, ReplyClass, class_and_reason};
use crate::model::{BounceClass, BounceReason, Disposition, Reply};

/// How a message is settled that was refused, for good or for too long. `Failed` where the refusal speaks of us, of the
/// message or of the relay: it says nothing of the address, and another relay may take the message.
pub(super) fn disposition(reply: &Reply, stage: Stage) -> Disposition {
    let Some(code) = reply.code else { return Disposition::Failed };
    let enhanced = reply.enhanced.as_deref().and_then(|status| status.parse().ok());
    let at = match stage {
        Stage::Sender => bounce::Stage::BeforeRecipient,
        Stage::Recipient => bounce::Stage::Recipient,
        Stage::Body => bounce::Stage::AfterData,
    };
    match class_and_reason(at, code, enhanced, &reply.text) {
        (ReplyClass::Hard, reason) => Disposition::Bounced(BounceClass::Hard, reason),
        (ReplyClass::Soft | ReplyClass::Transient, reason) if speaks_of_recipient(reason, stage) => {
            Disposition::Bounced(BounceClass::Soft, reason)
        }
        _ => Disposition::Failed,
    }
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
    use super::{Stage, disposition, is_of_mailbox};
    use crate::model::{BounceClass, BounceReason, Disposition, Reply};

    fn of(code: u16, enhanced: &str, text: &str, stage: Stage) -> Disposition {
        let enhanced = Some(enhanced.to_owned()).filter(|status| !status.is_empty());
        disposition(&Reply { code: Some(code), enhanced, text: text.to_owned(), ..Reply::default() }, stage)
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
