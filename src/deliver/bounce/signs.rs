//! What makes a message a report of a server rather than a letter of a person, when no part of it says so.

use super::automatic::is_automatic;
use super::headers::Headers;
use super::notice::is_server;
use super::reason::{of_words, squeezed};
use super::reply::{Reply, reply};

/// Whether a message is a report in words. The less its headers say that a server wrote it, the more its words must:
/// people write of mailboxes that are full, and answer that an address does not exist.
pub(super) fn is_report(headers: &Headers, text: &str) -> bool {
    let subject = squeezed(&headers.text("subject"));
    let words = squeezed(text);
    let titled = SUBJECTS.iter().any(|sign| subject.contains(sign));
    let says_so = SENTENCES.iter().any(|sign| words.contains(sign));
    let quotes = reply(text) != Reply::default();
    if is_server(&headers.text("from")) || has_field(headers) {
        return titled || says_so || quotes || of_words(&words).is_some();
    }
    let returns_nowhere = headers.get("return-path").is_some_and(|path| path.trim() == "<>");
    if is_automatic(headers) {
        return false;
    }
    if returns_nowhere { titled || says_so || quotes } else { titled && (says_so || quotes) }
}

/// Whether there is a field that only servers set.
fn has_field(headers: &Headers) -> bool {
    headers.get("x-failed-recipients").is_some()
        || headers.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("delivery-status"))
        || headers.all("received").any(|hop| hop.contains("invoked for bounce") || hop.contains("from MAILER-DAEMON"))
}

/// Subjects of reports, in lower case.
const SUBJECTS: [&str; 24] = [
    "undeliver",
    "returned mail",
    "mail delivery fail",
    "delivery fail",
    "delivery status notification",
    "failure notice",
    "delivery notification",
    "mail failure",
    "delivery problem",
    "could not be delivered",
    "non delivery",
    "nondeliverable",
    "non-delivery",
    "mail system error",
    "returned to sender",
    "delivery error",
    "message you sent",
    "delivery report",
    "mail could not",
    "message delayed",
    "delivery delayed",
    "warning: message",
    "rejected mail",
    "non remis",
];

/// Sentences of reports, in lower case.
const SENTENCES: [&str; 12] = [
    "could not be delivered",
    "unable to deliver",
    "was not delivered",
    "undeliverable",
    "error delivering",
    "delivery failed",
    "had permanent fatal errors",
    "had delivery errors",
    "delivery to the following",
    "wasn't able to deliver",
    "transcript of session follows",
    "error occurred while trying to deliver",
];

#[cfg(test)]
mod tests {
    use super::super::headers::Headers;
    use super::is_report;

    #[test]
    fn people_who_write_of_mail_are_no_servers() {
        let of = |head: &str, text: &str| is_report(&Headers::read(format!("{head}\n\n").as_bytes()).0, text);
        assert!(of("From: MAILER-DAEMON@x.example", "mailbox full"));
        assert!(of("From: it@x.example\nSubject: Undeliverable: News", "550 5.1.1 no such user"));
        assert!(of("Return-Path: <>\nFrom: it@x.example", "Your mail could not be delivered."));
        assert!(!of("From: ann@x.example\nSubject: Re: News", "The page does not exist, and my mailbox is full."));
        assert!(!of("From: ann@x.example\nSubject: Re: News", "I was unable to deliver the speech."));
        assert!(!of(
            "Return-Path: <>\nFrom: ann@x.example\nSubject: Re: News",
            "I am away; the office does not exist."
        ));
        assert!(!of(
            "Return-Path: <>\nFrom: ann@x.example\nAuto-Submitted: auto-replied",
            "It could not be delivered."
        ));
    }
}
