//! At which point of a session a server refused (RFC 5321 3.3), as notices tell it.

use crate::model::BounceReason as Reason;

/// How far a session had come when the server refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Before it heard of the recipient: at the connection, EHLO or MAIL. Whoever does not exist is the sender.
    BeforeRecipient,
    /// At RCPT, or nobody knows.
    #[default]
    Recipient,
    /// At DATA or after the message: the server had taken the recipient.
    AfterData,
}

impl Stage {
    /// A reason as it stands at this stage. `named` says that the status itself names it, as with servers that look for the
    /// address after DATA only.
    #[must_use]
    pub(super) fn adjust(self, reason: Reason, named: bool) -> Reason {
        match (self, reason) {
            (Self::BeforeRecipient, _) if reason.is_hard() => Reason::Sender,
            (Self::AfterData, Reason::UserUnknown) if !named => Reason::Filtered,
            // The domain of the recipient was there; which is not stands in the message.
            (Self::AfterData, Reason::DomainUnknown | Reason::TakesNoMail) if !named => Reason::Content,
            _ => reason,
        }
    }

    /// The stage that words in lower case with single spaces tell.
    pub(super) fn of_words(words: &str) -> Self {
        let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
        // Commands were sent together, and the answer to RCPT stands under DATA.
        if says(&["need rcpt", "no valid recipients", "in reply to rcpt", "after rcpt to", "our rcpt to", "[rcpt_to]"])
        {
            return Self::Recipient;
        }
        if says(AFTER_DATA) {
            return Self::AfterData;
        }
        if says(BEFORE_RECIPIENT) {
            return Self::BeforeRecipient;
        }
        Self::of_transcript(words)
    }

    /// `>>> MAIL From:<a@b.example> <<< 501 no`: the last command before the first refusal.
    fn of_transcript(words: &str) -> Self {
        let refusal = ["<<< 5", "<<< 4"].iter().filter_map(|sign| words.find(sign)).min();
        let Some(command) = refusal.and_then(|end| Some(words[..end].rsplit_once(">>> ")?.1)) else {
            return Self::Recipient;
        };
        let is = |commands: &[&str]| commands.iter().any(|name| command.trim_start().starts_with(name));
        if is(&["data", "bdat", ". "]) {
            Self::AfterData
        } else if is(&["mail from", "ehlo", "helo"]) {
            Self::BeforeRecipient
        } else {
            Self::Recipient
        }
    }
}

const AFTER_DATA: &[&str] = &[
    "in reply to end of data",
    "in reply to data",
    "end of data",
    "our final data",
    "our data",
    "failed after i sent the message",
    "smtp transmission failure has occurred",
    "smtp command data",
    "smtp command -------data",
];

const BEFORE_RECIPIENT: &[&str] = &[
    "in reply to mail from",
    "in reply to ehlo",
    "in reply to helo",
    "after mail from",
    "after pipelined mail from",
    "after ehlo",
    "after helo",
    "after initial connection",
    "my name was rejected",
    "our mail from",
    "our ehlo",
    "our helo",
];

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn the_stage_is_read_from_sentences_and_transcripts() {
        let of = Stage::of_words;
        assert_eq!(of("said: 550 no (in reply to end of data command)"), Stage::AfterData);
        assert_eq!(of("error from remote mail server after mail from:<a@x.example>: 550 no"), Stage::BeforeRecipient);
        assert_eq!(of(">>> data <<< 550 no"), Stage::AfterData);
        assert_eq!(of(">>> data <<< 550 no <<< 503 5.0.0 need rcpt (recipient)"), Stage::Recipient);
        assert_eq!(of(">>> rcpt to:<a> <<< 250 ok >>> data <<< 550 no"), Stage::AfterData);
        assert_eq!(of(">>> rcpt to:<a> <<< 550 no"), Stage::Recipient);
        assert_eq!(of(">>> mail from:<a> <<< 501 no"), Stage::BeforeRecipient);
        assert_eq!(of("user unknown"), Stage::Recipient);
    }
}
