//! Letters of people in the mailbox for bounces: they quote reports, hand them on and attach them, and are none.

use masthead::model::sha256_hex;
use serde_json::json;

use super::{header, mailed, message_to, with_input};
use crate::publication::Publication;

/// What came back to Ann of a letter of her own.
const NOTICE: &str = "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n\
    <chair@y.example>: host mx.y.example[192.0.2.1] said: 550 5.1.1\n    <chair@y.example>: Recipient address rejected: \
    User unknown (in\n    reply to RCPT TO command)\n";

/// A letter of Ann's with these fields.
fn letter(fields: &str, words: &str) -> String {
    let id = sha256_hex(format!("{fields}{words}").as_bytes());
    format!("From: Ann <ann@x.example>\nTo: news@compositor.example\nMessage-ID: <{id}@x.example>\n{fields}\n\n{words}")
}

/// The Message-ID of the newsletter that went to her.
fn answered(publication: &Publication) -> String {
    header(&message_to(publication, 1, "ann@x.example"), "Message-ID")
}

#[test]
fn a_letter_that_quotes_a_report_or_hands_it_on_stays_and_harms_nobody() {
    let publication = mailed();
    let id = answered(&publication);
    let words = format!("Dear editors,\n\nthis came back. Do you know her new address?\n\n{NOTICE}\nAnn\n");
    let subjects = [
        "Fwd: Undelivered Mail Returned to Sender",
        "Undelivered",
        "Mail delivery failed?",
        "Undeliverable: News",
        "Re: Undelivered Mail Returned to Sender",
        "Delivery problem with my book order",
    ];
    let answers =
        [String::new(), format!("\nIn-Reply-To: {id}\nReferences: {id}"), "\nUser-Agent: Thunderbird".to_owned()];
    let mut publication = publication;
    for (number, subject) in subjects.iter().enumerate() {
        for (turn, answers) in answers.iter().enumerate() {
            let mail = letter(&format!("Subject: {subject}{answers}"), &words);
            publication = publication.file(&format!("Mail/{number}{turn}"), mail);
        }
    }
    let before = publication.tree("Mail");
    let told = publication.run(&["bounce", "Mail", "--delete", "--json"]).ok().json();
    assert_eq!((&told["classes"]["not-a-bounce"], &told["messages"]), (&json!(18), &json!(18)), "{told}");
    assert_eq!((&told["suppressed"], &told["unsubscribed"]), (&json!([]), &json!([])));
    assert_eq!(publication.tree("Mail"), before);
    publication.run(&["bounce", "Mail", "--delete"]).ok().says("18 of them were read before");
    assert_eq!(publication.tree("Mail"), before, "nor in a later run");
}

#[test]
fn the_parts_of_a_report_in_a_letter_make_none_of_it() {
    let publication = mailed();
    let id = answered(&publication);
    for (kind, part) in [
        (
            "message/delivery-status",
            "Reporting-MTA: dns; mx.x.example\n\nFinal-Recipient: rfc822; chair@y.example\nAction: failed\nStatus: 5.1.1",
        ),
        ("message/feedback-report", "Feedback-Type: abuse\nOriginal-Rcpt-To: ann@x.example"),
    ] {
        let fields = format!(
            "Subject: Fwd: Undelivered\nX-Mailer: Apple Mail (2.3774)\nIn-Reply-To: {id}\n\
             Content-Type: multipart/mixed; boundary=b"
        );
        let parts = format!(
            "--b\n\nWhat is this?\n--b\nContent-Type: {kind}\n\n{part}\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: {id}\n\n--b--\n"
        );
        let told = with_input(&publication, &["bounce", "--json"], &letter(&fields, &parts)).ok().json();
        assert_eq!(told["classes"]["not-a-bounce"], 1, "{kind}: {told}");
        assert_eq!((&told["suppressed"], &told["unsubscribed"]), (&json!([]), &json!([])), "{kind}");
    }
}

#[test]
fn a_subject_alone_takes_no_letter_out_of_the_mailbox() {
    let publication = mailed()
        .file("Mail/1", letter("Subject: Absence from the meeting", "I cannot come on Friday."))
        .file("Mail/2", letter("Subject: Away from home\nAuto-Submitted: auto-replied", "Back on Monday."))
        .file(
            "Mail/3",
            letter("Subject: Undeliverable: News", NOTICE).replace("Ann <ann@x.example>", "no-reply@y.example"),
        );
    let of_postmaster = |fields: &str| {
        let mail = letter(&format!("Subject: Undeliverable: News\n{fields}"), NOTICE);
        mail.replace("Ann <ann@x.example>", "postmaster@y.example")
    };
    let publication = publication
        .file("Mail/4", of_postmaster("Return-Path: <postmaster@y.example>"))
        .file("Mail/5", of_postmaster("Return-Path: <>"));
    let told = publication.run(&["bounce", "Mail", "--move", "done", "--json"]).ok().json();
    assert_eq!((&told["classes"]["auto-reply"], &told["classes"]["hard"]), (&json!(2), &json!(3)), "{told}");
    assert_eq!((publication.files("Mail").concat(), publication.files("done").concat()), ("134".into(), "25".into()));
}

#[test]
fn what_a_report_answers_is_not_whom_it_is_about() {
    let publication = mailed();
    let id = answered(&publication);
    let report = |about: &str| {
        let notice = NOTICE.replace("chair@y.example", about);
        format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: news@compositor.example\nMessage-ID: <{about}>\n\
             Subject: Undelivered\nIn-Reply-To: {id}\n\n{notice}"
        )
    };
    let told = with_input(&publication, &["bounce", "--json"], &report("chair@y.example")).ok().json();
    assert_eq!((&told["not_written_to"], &told["suppressed"]), (&json!(1), &json!([])), "{told}");
    let told = with_input(&publication, &["bounce", "--json"], &report("Ann@x.example")).ok().json();
    assert_eq!(told["suppressed"], json!(["ann@x.example"]), "{told}");
    assert_eq!(told["events"][0]["event"]["evidence"], "message-id");
}

#[test]
fn a_report_about_somebody_erased_names_nobody() {
    let publication = mailed();
    let path = super::verbs::return_path(&publication, "ann@x.example");
    let publication = publication.after(&["subscribers", "erase", "ann@x.example"]);
    let notice = NOTICE.replace("chair@y.example", "ann@x.example");
    let report =
        format!("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {path}\nSubject: Undelivered\n\n{notice}");
    let told = with_input(&publication, &["bounce"], &report).ok();
    told.says("1 report about people who were erased").says_not("erased-").says_not("suppressed:");
    let told = with_input(&publication, &["bounce", "--json"], &format!("{report}\n")).ok().json();
    assert_eq!((&told["erased"], &told["events"][0]["event"]["diagnosis"]), (&json!(1), &json!("")), "{told}");
}
