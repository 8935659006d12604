//! What a refusal means: tables of words and of statuses, and which of them say that an address is dead.
//!
//! Three sources, in this order: statuses that mean one thing wherever they are used; words, because servers give
//! `5.1.1`, `5.5.0` and `5.7.1` to anything; then every other status and code. A reason of the address itself makes a
//! bounce hard, but only when the refusal is permanent, and only when it answers the recipient ([`Stage`]): a server
//! that refuses at MAIL speaks of the sender, and one that refuses after DATA had taken the recipient.

use super::names::without_names;
use super::stage::Stage;
use super::words::WORDS;
use crate::model::{BounceReason as Reason, EnhancedStatus};

/// What an engine does after a server refused a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplyClass {
    /// The address is dead: write to it no more.
    Hard,
    /// This message failed at this mailbox: count it against the address.
    Soft,
    /// This message failed for what it is or whom it comes from: it says nothing of the address.
    Policy,
    /// Not now (4yz): try again later. When there is no later, it counts as [`ReplyClass::Soft`].
    Transient,
}

/// Classifies a server's reply to one recipient, at RCPT: its code (RFC 5321 4.2), its enhanced status (RFC 3463) where
/// it gave one, and its words.
#[must_use]
pub fn classify_reply(code: u16, enhanced: Option<EnhancedStatus>, text: &str) -> ReplyClass {
    classify_reply_at(Stage::Recipient, code, enhanced, text)
}

/// [`classify_reply`] for a reply at any stage of the session.
#[must_use]
pub fn classify_reply_at(stage: Stage, code: u16, enhanced: Option<EnhancedStatus>, text: &str) -> ReplyClass {
    class_and_reason(stage, code, enhanced, text).0
}

/// [`classify_reply_at`], and why.
#[must_use]
pub fn class_and_reason(stage: Stage, code: u16, enhanced: Option<EnhancedStatus>, text: &str) -> (ReplyClass, Reason) {
    let reason = reason_at(stage, Some(code), enhanced, text);
    let class = match reason {
        _ if code / 100 != 5 => ReplyClass::Transient,
        _ if reason.is_hard() => ReplyClass::Hard,
        _ if reason.is_policy() => ReplyClass::Policy,
        _ => ReplyClass::Soft,
    };
    (class, reason)
}

/// The reason that a code, a status and words give at a stage of the session.
pub(super) fn reason_at(stage: Stage, code: Option<u16>, status: Option<EnhancedStatus>, text: &str) -> Reason {
    let reason = reason(code, status, text);
    stage.adjust(reason, status.and_then(of_status) == Some(reason))
}

/// The reason that a code, a status and words give together.
fn reason(code: Option<u16>, status: Option<EnhancedStatus>, text: &str) -> Reason {
    let words = squeezed(text);
    let certain = status.and_then(certain);
    certain
        .or_else(|| of_words(&words))
        .or_else(|| status.and_then(of_status))
        .or_else(|| code.and_then(of_code))
        .unwrap_or(Reason::Unknown)
}

/// Statuses that servers use for one thing only.
fn certain(status: EnhancedStatus) -> Option<Reason> {
    Some(match (status.subject, status.detail) {
        (1, 6) => Reason::Moved, // RFC 3463 3.2: destination mailbox has moved, no forwarding address
        (2, 2) => Reason::MailboxFull, // RFC 3463 3.3
        (7, 13) => Reason::Disabled, // RFC 5248 2.4: user account disabled
        (7, 25) => Reason::Blocked, // RFC 7372 3.3: reverse DNS
        // RFC 3463 3.2: the sender's address; RFC 7505 4.2: the sender's domain has a null MX
        (1, 7 | 8) | (7, 27) => Reason::Sender,
        // RFC 7372: DKIM, SPF, several checks; Exchange Online gives 509 for DMARC.
        (7, 20..=24 | 26 | 509) => Reason::Authentication,
        _ => return None,
    })
}

/// Every other status that says something (RFC 3463 3, RFC 5248, RFC 7505).
fn of_status(status: EnhancedStatus) -> Option<Reason> {
    Some(match (status.subject, status.detail) {
        (1, 1 | 3) => Reason::UserUnknown,
        // Bad destination system; unable to route.
        (1, 2) | (4, 4) => Reason::DomainUnknown,
        (1, 10) => Reason::TakesNoMail, // RFC 7505 4.1: the domain has a null MX
        (2, 1) => Reason::Disabled,
        (2, 3) | (3, 4) => Reason::TooLarge,
        (2, 0) => Reason::Filtered,
        // Transient, the system is busy; permanent, it takes no mail from the network (RFC 7504).
        (3, 2) if status.class == 5 => Reason::TakesNoMail,
        (3 | 2, _) | (4, 3) => Reason::System,
        (4, 7) => Reason::Expired,
        (4, _) => Reason::Network,
        (5, 3) => Reason::RateLimit, // too many recipients
        (5, _) => Reason::Protocol,
        (6, _) => Reason::Content,
        (7, _) => Reason::Policy,
        _ => return None,
    })
}

/// Codes whose meaning RFC 5321 4.2.3, RFC 7504 or RFC 7505 fixes.
fn of_code(code: u16) -> Option<Reason> {
    Some(match code {
        521 | 556 => Reason::TakesNoMail,
        551 => Reason::Moved, // "user not local": an address of somewhere else
        552 => Reason::MailboxFull,
        530 | 535 => Reason::Authentication,
        421 | 451 => Reason::System,
        500..=504 => Reason::Protocol,
        _ => return None,
    })
}

/// The reason that the words of a refusal name, whoever wrote them. In lower case with single spaces.
pub(super) fn of_words(words: &str) -> Option<Reason> {
    let words = without_names(words);
    WORDS.iter().find(|(_, phrases)| phrases.iter().any(|phrase| says(&words, phrase))).map(|(reason, _)| *reason)
}

/// Whether words hold a phrase; at a `*` of it up to 40 bytes may stand, and at a `|` at its end nothing that says more.
pub(super) fn says(words: &str, phrase: &str) -> bool {
    if let Some(phrase) = phrase.strip_suffix('|') {
        return words.match_indices(phrase).any(|(at, _)| is_all_said(&words[at + phrase.len()..]));
    }
    let mut pieces = phrase.split('*');
    let Some(first) = pieces.next() else { return false };
    let Some(second) = pieces.next() else { return words.contains(first) };
    words.match_indices(first).any(|(at, _)| {
        let rest = &words.as_bytes()[at + first.len()..];
        let near = &rest[..rest.len().min(40 + second.len())];
        memchr::memmem::find(near, second.as_bytes()).is_some()
    })
}

/// Whether nothing that explains it follows what was said: `: user quarantined` does, ` (in reply to RCPT)` does not.
fn is_all_said(rest: &str) -> bool {
    if rest.starts_with(['.', '!']) {
        return true;
    }
    let rest = rest.trim_start_matches([':', ';', ',', '-', ' ']);
    !rest.starts_with(char::is_alphabetic)
}

/// Text in lower case with single spaces, without marks of quotation.
pub(super) fn squeezed(text: &str) -> String {
    let text: String =
        text.to_lowercase().chars().map(|c| if matches!(c, '\u{2019}' | '`') { '\'' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{ReplyClass, Stage, classify_reply, classify_reply_at, reason};
    use crate::model::{BounceReason as Reason, EnhancedStatus};

    fn class(code: u16, status: &str, text: &str) -> ReplyClass {
        classify_reply(code, status.parse::<EnhancedStatus>().ok(), text)
    }

    #[test]
    fn replies_are_classified_by_what_they_mean() {
        assert_eq!(class(550, "5.1.1", "<a@b.example>: Recipient address rejected: User unknown"), ReplyClass::Hard);
        assert_eq!(class(550, "", "no such user here"), ReplyClass::Hard);
        assert_eq!(class(550, "", "MI:UNX user is not exist"), ReplyClass::Hard);
        assert_eq!(class(550, "", "Archived recipient"), ReplyClass::Soft);
        assert_eq!(class(550, "5.1.1", ""), ReplyClass::Hard);
        assert_eq!(class(556, "5.1.10", "domain does not accept mail"), ReplyClass::Hard);
        assert_eq!(class(552, "5.2.2", "mailbox full"), ReplyClass::Soft);
        assert_eq!(class(550, "", "refused by recipient"), ReplyClass::Soft);
        assert_eq!(class(550, "", ""), ReplyClass::Soft);
        assert_eq!(class(550, "5.7.26", "unauthenticated email is not accepted"), ReplyClass::Policy);
        assert_eq!(class(554, "5.7.1", "client host rejected: blocked using zen"), ReplyClass::Policy);
        assert_eq!(class(550, "5.1.8", "sender address rejected: domain not found"), ReplyClass::Policy);
        assert_eq!(class(451, "4.1.1", "user unknown"), ReplyClass::Transient);
        assert_eq!(class(421, "", "too many connections"), ReplyClass::Transient);
    }

    #[test]
    fn what_addresses_and_hosts_are_called_is_no_reason() {
        for name in ["info@dmarc.example", "quota@x.example", "desk@reputation.example", "x@antivirus.example"] {
            let text = format!("<{name}>: Recipient address rejected: User unknown in virtual mailbox table");
            assert_eq!(class(550, "5.1.1", &text), ReplyClass::Hard, "{text}");
        }
        assert_eq!(class(550, "", "host mx1.antivirus.example[192.0.2.5] said: 550 User unknown"), ReplyClass::Hard);
    }

    #[test]
    fn what_explains_a_refused_address_decides() {
        let of = |status: &str, explained: &str| {
            let said = format!("550 {status} <a@b.example>: Recipient address rejected{explained}");
            reason(Some(550), status.parse().ok(), &said)
        };
        for explained in ["", ".", ": ", " (in reply to RCPT TO command)", ". Ask your administrator"] {
            assert_eq!(of("5.0.0", explained), Reason::UserUnknown, "{explained}");
        }
        assert_eq!(of("5.7.1", ": Rejected by SPF: 192.0.2.1 is not a designated mailserver"), Reason::Authentication);
        assert_eq!(of("5.7.1", ": Domain owner discourages use of this host"), Reason::Authentication);
        assert_eq!(of("5.7.1", ": Invalid HELO name"), Reason::Blocked);
        assert_eq!(of("4.2.0", ": Greylisted, see https://x.example/"), Reason::Policy);
        assert_eq!(of("5.7.1", ": We want no newsletters here"), Reason::Policy);
        assert_eq!(of("5.1.1", ": We want no newsletters here"), Reason::UserUnknown);
        assert_eq!(of("5.4.1", ": Access denied. AS(201806281)"), Reason::UserUnknown);
    }

    #[test]
    fn what_a_relay_allows_its_senders_is_told_from_what_a_mailbox_holds() {
        for text in ["daily quota exceeded", "You have exceeded your hourly quota", "Outgoing quota reached"] {
            assert_eq!(reason(Some(554), "5.7.1".parse().ok(), text), Reason::RateLimit, "{text}");
            assert_eq!(class(554, "5.7.1", text), ReplyClass::Policy, "{text}");
        }
        for text in ["Quota exceeded", "mailbox quota exceeded", "user over quota"] {
            assert_eq!(reason(Some(552), "5.2.2".parse().ok(), text), Reason::MailboxFull, "{text}");
        }
    }

    #[test]
    fn what_is_said_of_the_sender_and_the_message_is_not_said_of_the_address() {
        for (status, text, expected) in [
            ("5.7.27", "Sender address has null MX", Reason::Sender),
            ("5.1.7", "Invalid address", Reason::Sender),
            ("5.1.8", "Domain does not exist", Reason::Sender),
            ("5.1.0", "Sender address is not valid", Reason::Sender),
            ("", "Absender unbekannt", Reason::Sender),
            ("5.7.1", "Mail from <a@b.example> rejected: domain does not exist", Reason::Sender),
            ("5.7.1", "The From: domain of your message does not exist", Reason::Sender),
            ("5.7.1", "Message contains a link to an unknown domain", Reason::Content),
            ("5.7.1", "Message-ID is not valid", Reason::Content),
            ("5.7.1", "Your IP is not listed in our whitelist", Reason::Blocked),
            ("5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP", Reason::Blocked),
        ] {
            assert_eq!(reason(Some(550), status.parse().ok(), text), expected, "{text}");
        }
    }

    #[test]
    fn a_notice_that_names_the_sender_or_a_message_may_be_about_a_dead_address() {
        for said in [
            "Your message is returned to sender: address does not exist",
            "This message contains what became of yours. No such user",
            "Sender address: a@b.example, recipient address: c@d.example, reason: user unknown",
            "The message that you sent from address a@b.example has no mailbox there: user unknown",
            "User unknown; contact your network administrator",
            "Empfänger unbekannt, die Nachricht geht an den Absender zurück",
            "Retour à l'expéditeur : destinataire inconnu",
            "Usuario desconocido; se devuelve al remitente",
            "Utente sconosciuto, il messaggio torna al mittente",
        ] {
            assert_eq!(reason(Some(550), None, said), Reason::UserUnknown, "{said}");
        }
    }

    #[test]
    fn who_was_taken_before_data_is_known_there() {
        assert_eq!(classify_reply_at(Stage::AfterData, 550, None, "user unknown"), ReplyClass::Soft);
        assert_eq!(classify_reply_at(Stage::BeforeRecipient, 550, None, "no such domain"), ReplyClass::Policy);
        assert_eq!(classify_reply(550, None, "user unknown"), ReplyClass::Hard);
        let null_mx = |stage| classify_reply_at(stage, 556, "5.1.10".parse().ok(), "domain has a null mx");
        assert_eq!(null_mx(Stage::BeforeRecipient), ReplyClass::Policy);
        assert_eq!(null_mx(Stage::AfterData), ReplyClass::Hard, "the status says whose");
        assert_eq!(classify_reply_at(Stage::AfterData, 550, None, "no such domain"), ReplyClass::Policy);
    }

    #[test]
    fn servers_refuse_in_the_languages_of_our_readers() {
        for said in [
            "Böyle bir kullanıcı yok",
            "Böyle bir kullanıcı bulunamadı",
            "Kullanıcı bilinmiyor",
            "KULLANICI BULUNAMADI",
            "Posta kutusu mevcut değil",
            "Përdoruesi nuk ekziston",
            "Përdorues i panjohur",
            "چنین کاربری وجود ندارد",
            "کاربر یافت نشد",
            "گیرنده نامعتبر است",
            "المستخدم غير موجود",
            "لم يتم العثور على المستلم",
        ] {
            assert_eq!(class(550, "", said), ReplyClass::Hard, "{said}");
        }
        for (said, expected) in [
            ("Alıcının posta kutusu dolu", Reason::MailboxFull),
            ("Kota aşıldı", Reason::MailboxFull),
            ("Günlük kota aşıldı", Reason::RateLimit),
            ("Kutia postare është plot", Reason::MailboxFull),
            ("صندوق پستی گیرنده پر است", Reason::MailboxFull),
            ("در صندوق گیرنده فضای کافی وجود ندارد", Reason::MailboxFull),
            ("صندوق البريد ممتلئ", Reason::MailboxFull),
            ("Domeni nuk ekziston", Reason::DomainUnknown),
            ("النطاق غير موجود", Reason::DomainUnknown),
            ("Gönderen adresi geçersiz: böyle bir alan yok", Reason::Sender),
            ("امکان تحویل به این نشانی وجود ندارد", Reason::Unknown),
        ] {
            assert_eq!(reason(Some(550), None, said), expected, "{said}");
        }
    }

    #[test]
    fn words_go_before_statuses_that_mean_anything() {
        let of = |status: &str, text: &str| reason(Some(550), status.parse().ok(), text);
        assert_eq!(of("5.7.1", "User   Unknown"), Reason::UserUnknown);
        assert_eq!(of("5.1.1", "your ADDRESS is on our blacklist"), Reason::Blocked);
        assert_eq!(of("5.2.2", "user unknown"), Reason::MailboxFull);
        assert_eq!(of("5.3.0", ""), Reason::System);
    }
}
