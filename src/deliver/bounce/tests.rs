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
