//! Whole messages, written by us in the forms that servers use.

use super::read;
use crate::model::{BounceClass, BounceReason};

#[test]
fn a_report_of_fields_is_read() {
    let reading = read(
        b"From: MAILER-DAEMON@mx.example\r\nTo: news@x.example\r\nMessage-ID: <1@mx.example>\r\n\
          Content-Type: multipart/report; report-type=delivery-status; boundary=\"a\"\r\n\r\n--a\r\n\r\nSorry.\r\n--a\r\n\
          Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ann@y.example\r\n\
          Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.1.1 <ann@y.example> User unknown\r\n\r\n--a\r\n\
          Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <9@x.example>\r\nTo: ann@y.example\r\n--a--\r\n",
    );
    assert_eq!(reading.class, BounceClass::Hard);
    let ann = &reading.recipients[0];
    assert_eq!(
        (ann.address.as_str(), ann.status.to_string().as_str(), ann.code),
        ("ann@y.example", "5.1.1", Some(550))
    );
    assert_eq!(reading.returned.message_id.as_deref(), Some("9@x.example"));
    assert_eq!(reading.message_id.as_deref(), Some("1@mx.example"));
    assert_eq!(reading.sent_to, ["news@x.example"]);
}

#[test]
fn a_report_in_words_is_read() {
    let reading = read(
        b"Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@mx.example>\nTo: news@x.example\nSubject: failure notice\n\n\
          Hi. This is the mail system at mx.example for news@x.example.\n\n<bo@y.example>:\nRemote host said: 552 5.2.2 mailbox full\n\n\
          --- Below this line is a copy of the message.\n\nReceived: from a\nFrom: news@x.example\nTo: bo@y.example\nSubject: x\n\nHello\n",
    );
    assert_eq!(reading.class, BounceClass::Soft);
    assert_eq!(reading.recipients.len(), 1);
    assert_eq!(reading.recipients[0].reason, BounceReason::MailboxFull);
    assert_eq!(reading.recipients[0].address, "bo@y.example");
}

#[test]
fn a_complaint_an_answer_and_a_letter_are_told_apart() {
    let complaint = read(
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=a\n\n--a\n\nabuse\n--a\nContent-Type: message/feedback-report\n\n\
          Feedback-Type: abuse\nOriginal-Rcpt-To: ann@y.example\n\n--a\nContent-Type: message/rfc822\n\nMessage-ID: <9@x.example>\n\nhello\n--a--\n",
    );
    assert_eq!(complaint.class, BounceClass::Complaint);
    assert_eq!(complaint.recipients[0].address, "ann@y.example");
    let answer = read(b"From: ann@y.example\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nBack on Monday. In urgent cases bo@y.example.\n");
    assert_eq!((answer.class, answer.recipients.len()), (BounceClass::AutoReply, 0));
    let letter = read(b"From: ann@y.example\nSubject: Issue 92\n\nI liked it. My mailbox is full of joy.\n");
    assert_eq!(letter.class, BounceClass::NotABounce);
}

#[test]
fn nothing_is_a_panic() {
    for bytes in [
        &b""[..],
        b"\n",
        b":",
        b"From ",
        b"--",
        b"Content-Type: multipart/mixed; boundary=\n\n--\n--\n----",
        b"\xff\xfe\r\r\r",
        b"Subject: =?",
        b"@@@@@.@",
    ] {
        let _ = read(bytes);
    }
}

/// What Exim writes of a message that is late, titled as we titled it, with the reason that it gives.
fn warning(title: &str, reason: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: news@x.example\n\
         Subject: Warning: message 1abcDE-0001Ab-CD delayed 24 hours\nAuto-Submitted: auto-replied\n\n\
         A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours \
         on the queue on mx.example.\n\nThe message identifier is:     1abcDE-0001Ab-CD\n\
         The subject of the message is: {title}\nThe date of the message is:    Tue, 01 Dec 2026 07:00:00 +0000\n\n\
         The address to which the message has not yet been delivered is:\n\n  ann@y.example\n    Delay reason: {reason}\n\n\
         No action is required on your part. Delivery attempts will continue for\nsome time. Eventually the mail delivery \
         software will give up,\nand when that happens, the message will be returned to you.\n"
    )
}

#[test]
fn a_warning_that_a_message_is_late_is_no_failure_whatever_it_quotes() {
    for (reason, read_as, status) in [
        ("Connection timed out", BounceReason::Expired, "4.0.0"),
        ("host not found", BounceReason::DomainUnknown, "4.0.0"),
        ("all relevant MX records point to non-existent hosts", BounceReason::DomainUnknown, "4.0.0"),
        ("mailbox unavailable", BounceReason::UserUnknown, "4.0.0"),
        ("SMTP error after RCPT TO:<ann@y.example>: 452 4.2.2 Mailbox full", BounceReason::MailboxFull, "4.2.2"),
        ("550 5.1.1 User unknown", BounceReason::UserUnknown, "4.1.1"),
    ] {
        let reading = read(warning("Lantern News No. 1", reason).as_bytes());
        let ann = &reading.recipients[0];
        assert_eq!((ann.class, ann.delayed), (BounceClass::Soft, true), "{reason}");
        assert_eq!((ann.reason, ann.status.to_string().as_str()), (read_as, status), "{reason}");
        assert_eq!(ann.diagnosis, reason);
    }
}

#[test]
fn the_subject_of_the_message_says_nothing_of_what_became_of_it() {
    for title in ["Address not found", "News:\n user unknown", "550 5.1.1 No such person", "Over quota"] {
        let reading = read(warning(title, "Connection timed out").as_bytes());
        let ann = &reading.recipients[0];
        assert_eq!((ann.reason, ann.status.to_string().as_str()), (BounceReason::Expired, "4.0.0"), "{title}");
        let below = title.replace('\n', "\n      ");
        let failed = format!(
            "From: MAILER-DAEMON@mx.example\nTo: news@x.example\nSubject: Undeliverable: {title}\n\n\
             Your message\n\n  Subject: {below}\n\ndid not reach:\n\nann@y.example\n    Connection refused\n"
        );
        let reading = read(failed.as_bytes());
        assert_eq!(reading.recipients[0].reason, BounceReason::Network, "{title}");
        assert_eq!(reading.recipients[0].class, BounceClass::Soft, "{title}");
    }
}

#[test]
fn other_servers_warn_in_their_own_words() {
    for words in [
        "I'm afraid I wasn't able to deliver your message to the following addresses\nyet. I will keep on trying to deliver \
         it for another 3 days.\n\n<ann@y.example>:\nSorry, there is no host of this name.",
        "Your message has not been delivered yet.\nDelivery will be attempted for 4 more days.\n\n<ann@y.example>: host not found",
        "This message is to inform you that your mail to\n\n   ann@y.example\n\ncould not be delivered so far. The server will \
         continue to try for 3 more days.\nReason: no such user",
        "Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n\
         <ann@y.example>: Host or domain name not found",
        "Ihre Nachricht an ann@y.example konnte noch nicht zugestellt werden. Es wird weiter versucht.\n\nGrund: unbekannt",
    ] {
        let head = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: news@x.example\nSubject: Late";
        let of = |words: &str| read(format!("{head}\n\n{words}\n").as_bytes()).recipients[0].clone();
        let late = of(words);
        assert_eq!((late.class, late.delayed, late.status.class), (BounceClass::Soft, true, 4), "{words}");
        let lost = of(&format!("This is a permanent error; I've given up.\n{words}"));
        assert!(!lost.delayed && lost.status.class == 5, "{words}");
    }
}
