//! What makes a message a report of a server rather than a letter of a person, when no part of it says so.

use super::addresses::address_in;
use super::automatic::is_automatic;
use super::delay::is_trying;
use super::headers::Headers;
use super::notice::is_server;
use super::reason::{of_words, squeezed};
use super::reply::{Reply, reply};

/// Who wrote a message, as far as its headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// A server: its form or a field that only servers set says so, or it goes by the name of one.
    Server,
    /// A program that nobody answers, by the name of its account alone.
    Program,
    /// A person, or nobody knows: what is written of bounces, quoted or handed on in such a letter makes none of it.
    Person,
}

/// Who wrote a message. What a mail program of people set goes before the name and the return path, not before the form.
pub(super) fn writer(headers: &Headers) -> Writer {
    if has_field(headers) {
        return Writer::Server;
    }
    if is_personal(headers) {
        return Writer::Person;
    }
    let from = headers.get("from").unwrap_or_default();
    if is_server(&headers.text("from")) || from.trim() == "<>" || returns_nowhere(headers) {
        return Writer::Server;
    }
    let generated =
        headers.get("auto-submitted").is_some_and(|how| how.to_ascii_lowercase().contains("auto-generated"));
    if generated || account(from).is_some_and(|name| ACCOUNTS.contains(&name.as_str())) {
        return Writer::Program;
    }
    Writer::Person
}

/// Whether what goes by the name of a server may be a person all the same: a postmaster to whom errors about the message go
/// back, as they do not for reports.
pub(super) fn may_be_person(headers: &Headers) -> bool {
    let account = account(headers.get("from").unwrap_or_default());
    let takes_errors = headers.get("return-path").is_some() && !returns_nowhere(headers);
    takes_errors && account.as_deref() == Some("postmaster") && !has_field(headers)
}

/// Whether a message is a report in words. The less its headers say that a server wrote it, the more its words must; the
/// words alone of anybody do not do: people write of mailboxes that are full, answer that an address does not exist, and
/// hand on what came back to them.
pub(super) fn is_report(headers: &Headers, text: &str) -> bool {
    let writer = writer(headers);
    if writer == Writer::Person {
        return false;
    }
    let subject = squeezed(&headers.text("subject"));
    let words = squeezed(text);
    let titled = SUBJECTS.iter().any(|sign| subject.contains(sign));
    let says_so = SENTENCES.iter().any(|sign| words.contains(sign));
    let quotes = reply(text) != Reply::default();
    if is_server(&headers.text("from")) || has_field(headers) {
        let is_known = titled || says_so || quotes || is_trying(&words) || of_words(&words).is_some();
        // In whatever language: nobody else goes by that name and wants no answer.
        return is_known || is_daemon(headers);
    }
    if is_automatic(headers) {
        return false;
    }
    if writer == Writer::Server { titled || says_so || quotes } else { titled && (says_so || quotes) }
}

/// Whether its form is that of a report, or there is a field that only servers set.
fn has_field(headers: &Headers) -> bool {
    let kind = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    headers.get("x-failed-recipients").is_some()
        || kind.contains("delivery-status")
        || kind.starts_with("multipart/report")
        || headers.all("received").any(|hop| hop.contains("invoked for bounce") || hop.contains("from MAILER-DAEMON"))
}

/// Whether it is the program that returns mail which writes, by its name and its return path: a postmaster may be a person.
fn is_daemon(headers: &Headers) -> bool {
    let account = account(headers.get("from").unwrap_or_default());
    returns_nowhere(headers) && account.as_deref() == Some("mailer-daemon")
}

/// Whether errors about the message go nowhere, as of every report (RFC 5321 4.5.5).
fn returns_nowhere(headers: &Headers) -> bool {
    headers.get("return-path").is_some_and(|path| path.trim() == "<>")
}

/// Whether a message bears marks of a person: the program that they write with, or that it answers or hands on another. Some
/// servers put `Re:` before the subject too; of those that go by a name which is that of a person's role as well, it counts.
pub(super) fn is_personal(headers: &Headers) -> bool {
    let mut programs = ["user-agent", "x-mailer"].iter().filter_map(|field| headers.get(field));
    if programs.any(|program| is_mail_program(&program.to_ascii_lowercase())) {
        return true;
    }
    let subject = headers.text("subject").trim_start().to_lowercase();
    let mark = subject.split(':').next().filter(|mark| mark.len() < subject.len()).unwrap_or_default();
    let mark = mark.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')'));
    let from = headers.get("from").unwrap_or_default();
    MARKS.contains(&mark.trim_end())
        && (!is_server(&headers.text("from")) || account(from).as_deref() == Some("postmaster"))
}

/// Whether a mail program of people is named, as a word: `WorkMail` is no `KMail`.
fn is_mail_program(name: &str) -> bool {
    let is_word = |at: usize| name[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    PROGRAMS.iter().any(|program| name.match_indices(program).any(|(at, _)| is_word(at)))
}

/// What stands before the `@` of a sender, in lower case.
fn account(from: &str) -> Option<String> {
    let address = address_in(from)?;
    Some(address.split('@').next()?.to_ascii_lowercase())
}

/// Accounts of programs to which nobody writes.
const ACCOUNTS: [&str; 11] = [
    "no-reply",
    "noreply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "bounce",
    "bounces",
    "daemon",
    "root",
    "mta",
    "mailer",
];

/// What mail programs put before the subject of what is answered or handed on, in the languages of their makers.
const MARKS: [&str; 29] = [
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "sv",
    "vs",
    "vb",
    "vl",
    "tr",
    "rv",
    "rif",
    "ref",
    "rép",
    "enc",
    "res",
    "odp",
    "pd",
    "antw",
    "doorst",
    "ynt",
    "ilt",
    "i",
    "r",
    "përgj",
    "pasi",
    "پاسخ",
    "رد",
    "إعادة توجيه",
];

/// Mail programs that people write with, and no servers.
const PROGRAMS: [&str; 38] = [
    "thunderbird",
    "betterbird",
    "mozilla",
    "seamonkey",
    "apple mail",
    "iphone mail",
    "ipad mail",
    "apple message",
    "microsoft outlook",
    "outlook express",
    "outlook-android",
    "outlook-ios",
    "macoutlook",
    "windows mail",
    "evolution",
    "mutt",
    "kmail",
    "claws",
    "sylpheed",
    "roundcube",
    "squirrelmail",
    "rainloop",
    "snappymail",
    "horde",
    "k-9",
    "fairemail",
    "yahoomail",
    "eudora",
    "the bat!",
    "alpine",
    "gnus",
    "mu4e",
    "mailmate",
    "geary",
    "mailspring",
    "em client",
    "foxmail",
    "becky!",
];

/// Subjects of reports, in lower case.
const SUBJECTS: [&str; 33] = [
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
    // Turkish, Albanian, Persian, Arabic.
    "teslim edilemedi",
    "teslim edilemeyen",
    "nuk u dorëzua",
    "dorëzimi dështoi",
    "تحویل نشد",
    "تحویل داده نشد",
    "تعذر تسليم",
    "تعذر التسليم",
    "فشل التسليم",
];

/// Sentences of reports, in lower case.
const SENTENCES: [&str; 20] = [
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
    "teslim edilemedi",
    "teslim edilemiyor",
    "nuk u dorëzua",
    "nuk mund të dorëzo",
    "تحویل نشد",
    "تحویل داده نشد",
    "تعذر تسليم",
    "لم يتم تسليم",
];

#[cfg(test)]
mod tests {
    use super::super::headers::Headers;
    use super::is_report;

    fn of(head: &str, text: &str) -> bool {
        is_report(&Headers::read(format!("{head}\n\n").as_bytes()).0, text)
    }

    #[test]
    fn people_who_write_of_mail_are_no_servers() {
        assert!(of("From: MAILER-DAEMON@x.example", "mailbox full"));
        assert!(of("Return-Path: <>\nFrom: it@x.example", "Your mail could not be delivered."));
        assert!(of("Return-Path: <>\nFrom: Mail <MAILER-DAEMON@x.example>", "bo@y.example: wa bo"));
        assert!(!of("Return-Path: <>\nFrom: postmaster@x.example", "bo@y.example: wa bo"));
        assert!(!of("From: MAILER-DAEMON@x.example", "bo@y.example: wa bo"));
        assert!(of("From: no-reply@x.example\nSubject: Undeliverable: News", "550 5.1.1 no such user"));
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

    #[test]
    fn what_a_person_quotes_or_hands_on_is_a_letter() {
        let quoted = "This came back.\n\n550 5.1.1 <bo@y.example>: User unknown; it could not be delivered.";
        for subject in [
            "Fwd: Undelivered Mail Returned to Sender",
            "Undelivered",
            "Mail delivery failed?",
            "Undeliverable: News",
            "WG: Mail System Error - Returned Mail",
            "Delivery problem with my book order",
        ] {
            assert!(!of(&format!("From: ann@x.example\nSubject: {subject}"), quoted), "{subject}");
        }
        let of_postmaster = |head: &str| of(&format!("From: postmaster@x.example\n{head}"), quoted);
        assert!(of_postmaster("Subject: Undeliverable: News\nX-Mailer: Internet Mail Service (5.5.2652.78)"));
        assert!(of_postmaster("Subject: Undeliverable: News\nX-Mailer: Amazon WorkMail"));
        assert!(!of_postmaster("Subject: Re[2]: Undeliverable: News"));
        assert!(!of_postmaster("Subject: Undeliverable: News\nUser-Agent: Mozilla Thunderbird"));
        // Its form is that of a server, whatever it is called.
        assert!(of("From: it@x.example\nSubject: Re: News\nX-Failed-Recipients: bo@y.example", quoted));
    }
}
