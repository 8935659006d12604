//! `masthead bounce`, over mailboxes that we write.

use masthead::deliver::Verp;
use masthead::store::Store;
use serde_json::{Value, json};

use super::{header, mailed, message_to, with_input};
use crate::publication::Publication;

/// A report (RFC 3464) that came to `to`: about `reader`, with this status and these words, returning `returned`.
fn report(to: &str, reader: &str, status: &str, said: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nTo: {to}\nMessage-ID: <{}@x.example>\nSubject: Undelivered\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n\
         Final-Recipient: rfc822; {reader}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n\
         --b\nContent-Type: text/rfc822-headers\n\n{returned}\n--b--\n",
        said.len() + returned.len() * 100 + reader.len() * 10_000 + to.len() * 1_000_000
    )
}

pub(super) fn hard(to: &str, reader: &str, returned: &str) -> String {
    report(to, reader, "5.1.1", "550 5.1.1 user unknown", returned)
}

pub(super) fn returned(publication: &Publication, ordinal: u32, reader: &str) -> String {
    let id = header(&message_to(publication, ordinal, reader), "Message-ID");
    format!("Message-ID: {id}\nTo: {reader}\nSubject: Newsletter")
}

pub(super) fn read(publication: &Publication, mail: &str) -> Value {
    with_input(publication, &["bounce", "--json"], mail).ok().json()
}

pub(super) fn suppressed(publication: &Publication) -> Value {
    let json = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    json["lists"][0]["suppressed"].clone()
}

/// The return path of the delivery to a reader.
pub(super) fn return_path(publication: &Publication, reader: &str) -> String {
    let store = Store::open(&publication.path("masthead.db"))
        .unwrap()
        .with_secrets(masthead::store::KeyRing::read("a secret of thirty-two characters").unwrap());
    let tried = store.tried_to(reader).unwrap().expect("it was sent");
    Verp::new("b@compositor.example", &store.return_path_key().unwrap())
        .unwrap()
        .make(tried.delivery, &tried.message_id)
}

#[test]
fn a_hard_bounce_suppresses_once_proven() {
    let publication = mailed();
    let ids = returned(&publication, 1, "ann@x.example");
    let mail = hard("news@compositor.example", "ann@x.example", &ids);
    let told = read(&publication, &mail);
    assert_eq!(told["suppressed"], json!(["ann@x.example"]));
    assert_eq!(told["classes"]["hard"], 1);
    assert_eq!(told["events"][0]["event"]["evidence"], "message-id");
    assert_eq!(told["events"][0]["event"]["status"], "5.1.1");
    let again = read(&publication, &mail);
    assert_eq!((&again["known"], &again["suppressed"]), (&json!(1), &json!([])));
    assert_eq!(suppressed(&publication), 1);
    publication.run(&["status"]).ok().says("1 of those sent came back");
    let told = publication.run(&["status", "--recipient", "ann@x.example"]).ok();
    told.says("came back  hard user-unknown 5.1.1  550 5.1.1 user unknown");
    // The address that failed is another: Bo hands his mail on.
    let path = return_path(&publication, "bo@x.example");
    let told = read(&publication, &hard(&path, "bo@elsewhere.example", "Subject: Newsletter"));
    assert_eq!(told["suppressed"], json!(["bo@x.example"]));
    assert_eq!(told["events"][0]["event"]["evidence"], "return-path");
    let next = publication.short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z").published();
    assert_eq!(next.files("outbox/newsletter-2").len(), 1, "one reader is left");
}

#[test]
fn a_forged_bounce_suppresses_nobody() {
    let publication = mailed();
    let forged = return_path(&publication, "ann@x.example").replace("b+", "b+1");
    let told =
        with_input(&publication, &["bounce", "--json"], &hard(&forged, "ann@x.example", "Subject: x")).ok().json();
    assert_eq!((&told["forged"], &told["suppressed"]), (&json!(1), &json!([])));
    assert!(told["warnings"][0]["message"].as_str().unwrap().contains("no known secret"));
    // To an address that was not written to, and to one that was, with nothing but the address.
    let stranger = read(&publication, &hard("news@compositor.example", "someone@y.example", "Subject: x"));
    assert_eq!((&stranger["not_written_to"], &stranger["suppressed"]), (&json!(1), &json!([])));
    let guessed = read(&publication, &hard("news@compositor.example", "ann@x.example", "Subject: x"));
    assert_eq!(guessed["events"][0]["event"]["evidence"], "address");
    assert_eq!(guessed["suppressed"], json!([]));
    let complaint = "From: fbl@y.example\nTo: news@compositor.example\nMessage-ID: <c@y.example>\n\
        Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n\
        Feedback-Type: abuse\nOriginal-Rcpt-To: ann@x.example\n\n--b--\n";
    let told = read(&publication, complaint);
    assert_eq!((&told["classes"]["complaint"], &told["unsubscribed"]), (&json!(1), &json!([])));
    assert_eq!(suppressed(&publication), 0);
}

#[test]
fn a_report_for_another_secret_waits_for_the_run_that_has_it() {
    let publication = mailed();
    let key = "a secret of thirty-two characters";
    let path = |secret: &str| {
        let tried = Store::open(&publication.path("masthead.db")).unwrap().tried_to("ann@x.example").unwrap().unwrap();
        let elsewhere = Store::in_memory().unwrap().with_secrets(masthead::store::KeyRing::read(secret).unwrap());
        Verp::new("b@compositor.example", &elsewhere.return_path_key().unwrap())
            .unwrap()
            .make(tried.delivery, &tried.message_id)
    };
    let ours = hard(&path(key), "ann@x.example", "Subject: Newsletter");
    let publication = publication.file("bounces/new/1.report", &ours).environment("MASTHEAD_SECRET", "");
    // Of one that is handed over, and that nothing keeps, each run says so.
    for _ in 0..2 {
        with_input(&publication, &["bounce", "-", "--quiet"], &ours).ok().says("nothing keeps it");
    }
    with_input(&publication, &["bounce", "-"], &ours).ok().says("1 report that nothing keeps");
    for again in 0..2 {
        let run = publication.run(&["bounce", "bounces", "--move", "done"]).ok();
        run.says("of this store, so nothing was done").says("1 report kept for another run");
        assert_eq!(publication.files("bounces"), ["new/1.report"], "time {again}");
        assert_eq!(suppressed(&publication), 0);
    }
    // A run that a timer makes again and again says it once.
    publication.run(&["bounce", "bounces", "--quiet"]).ok().says("no known secret made");
    publication.run(&["bounce", "bounces", "--quiet"]).ok().says_not("secret");
    // Listed behind a new one, an old secret is as good.
    let publication = publication.environment("MASTHEAD_SECRET", &format!("a new secret that signs now\n{key}"));
    let told = publication.run(&["bounce", "bounces", "--move", "done", "--json"]).ok().json();
    assert_eq!((&told["forged"], &told["suppressed"]), (&json!(0), &json!(["ann@x.example"])));
    assert_eq!(publication.files("done"), ["cur/1.report"], "a maildir as that which it was in");
    assert!(publication.path("done/new").is_dir() && publication.path("done/tmp").is_dir());
}

#[test]
fn what_a_store_sent_with_it_knows_again_without_being_given_the_secret() {
    let publication = mailed();
    let path = return_path(&publication, "ann@x.example");
    for secret in ["", "another secret of thirty-two characters"] {
        let publication = publication.copy().environment("MASTHEAD_SECRET", secret);
        let told = read(&publication, &hard(&path, "ann@x.example", "Subject: Newsletter"));
        assert_eq!((&told["forged"], &told["suppressed"]), (&json!(0), &json!(["ann@x.example"])), "{secret:?}");
    }
}

#[test]
fn soft_bounces_count_and_policy_does_not() {
    let mut publication = mailed();
    for (month, ordinal) in (8..=12).zip(1..=5) {
        let full = report(
            &return_path(&publication, "ann@x.example"),
            "ann@x.example",
            "5.2.2",
            "552 5.2.2 mailbox full",
            &format!("Subject: {ordinal}"),
        );
        let told = read(&publication, &full);
        let expected = if ordinal == 5 { json!(["ann@x.example"]) } else { json!([]) };
        assert_eq!(told["suppressed"], expected, "the bounce of issue {ordinal}");
        let policy = report(
            &return_path(&publication, "bo@x.example"),
            "bo@x.example",
            "5.7.1",
            "550 5.7.1 blocked using a blocklist",
            &format!("Subject: {ordinal}"),
        );
        assert_eq!(read(&publication, &policy)["suppressed"], json!([]));
        let (day, next) = (format!("2026-{month:02}-10-more.md"), if month == 12 { 1 } else { month + 1 });
        let year = if month == 12 { 2027 } else { 2026 };
        publication = publication
            .short_post(&day, &format!("Post {ordinal}"))
            .at(&format!("{year}-{next:02}-02T08:00:00Z"))
            .published();
    }
    assert_eq!(suppressed(&publication), 1);
}

#[test]
fn a_second_report_about_a_delivery_is_no_other_bounce() {
    let mut publication = mailed();
    for ordinal in 1..=5 {
        for again in ["", " again"] {
            let returned = format!("Subject: {ordinal}{again}");
            let path = return_path(&publication, "ann@x.example");
            let told = read(&publication, &report(&path, "ann@x.example", "5.2.2", "552 mailbox full", &returned));
            let expected = if ordinal == 5 { json!(["ann@x.example"]) } else { json!([]) };
            assert_eq!((&told["known"], &told["suppressed"]), (&json!(0), &expected), "issue {ordinal}{again}");
        }
        let month = ordinal + 7;
        let now =
            if month == 12 { "2027-01-02T08:00:00Z".to_owned() } else { format!("2026-{:02}-02T08:00:00Z", month + 1) };
        publication = publication
            .short_post(&format!("2026-{month:02}-10-more.md"), &format!("Post {ordinal}"))
            .at(&now)
            .published();
    }
}

#[test]
fn warnings_that_mail_is_late_suppress_nobody_and_show_the_reason() {
    let publication = mailed();
    let path = return_path(&publication, "ann@x.example");
    let warn = |number: u32, reason: &str| {
        let mail = format!(
            "Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@mx.example>\nTo: {path}\nMessage-ID: <{number}@mx.example>\n\
             Subject: Warning: message 1abcDE-0001Ab-CD delayed {number} hours\nAuto-Submitted: auto-replied\n\n\
             The subject of the message is: Newsletter No. 1: User unknown\n\n\
             The address to which the message has not yet been delivered is:\n\n  ann@x.example\n    Delay reason: {reason}\n\n\
             No action is required on your part. Delivery attempts will continue for some time.\n"
        );
        read(&publication, &mail)
    };
    for number in 1..=6 {
        let told = warn(number, if number == 6 { "host not found" } else { "Connection timed out" });
        assert_eq!((&told["classes"]["soft"], &told["suppressed"]), (&json!(1), &json!([])), "{told}");
        assert_eq!(told["events"][0]["event"]["counts"], false, "{told}");
    }
    assert_eq!(suppressed(&publication), 0);
    let told = publication.run(&["status", "--recipient", "ann@x.example"]).ok();
    told.says("came back  soft expired 4.0.0  Connection timed out");
}

#[test]
fn a_failure_counts_though_its_warning_had_the_same_message_id() {
    let publication = mailed();
    let path = return_path(&publication, "ann@x.example");
    let failure = hard(&path, "ann@x.example", "Subject: Newsletter");
    let warning = failure.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.1");
    let told = read(&publication, &warning);
    assert_eq!((&told["classes"]["soft"], &told["suppressed"]), (&json!(1), &json!([])), "{told}");
    assert_eq!(read(&publication, &warning)["known"], 1);
    let told = read(&publication, &failure);
    assert_eq!((&told["known"], &told["suppressed"]), (&json!(0), &json!(["ann@x.example"])), "{told}");
    assert_eq!(read(&publication, &failure)["known"], 1);
}

#[test]
fn a_complaint_unsubscribes_whoever_it_hides() {
    let publication = mailed();
    let ids = returned(&publication, 1, "cy@x.example");
    let complaint = format!(
        "From: fbl@y.example\nTo: abuse@compositor.example\nMessage-ID: <c@y.example>\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: y/1\nVersion: 1\n\n\
         --b\nContent-Type: message/rfc822\n\n{}\n\nHello\n--b--\n",
        ids.replace("cy@x.example", "redacted@y.invalid")
    );
    let told = read(&publication, &complaint);
    assert_eq!(told["unsubscribed"], json!(["cy@x.example"]));
    let status = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    assert_eq!(status["lists"][0]["unsubscribed"], 1);
}

#[test]
fn what_is_read_while_it_is_written_counts_when_it_is_whole() {
    let publication = mailed();
    let (cy, bo) = (returned(&publication, 1, "cy@x.example"), returned(&publication, 1, "bo@x.example"));
    let complaint = format!(
        "From: fbl@y.example\nTo: abuse@compositor.example\nMessage-ID: <c@y.example>\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: y/1\nVersion: 1\n\
         Original-Rcpt-To: cy@x.example\n\n--b\nContent-Type: message/rfc822\n\n{cy}\n\nHello\n--b--\n"
    );
    let failure = hard("news@compositor.example", "bo@x.example", &bo);
    for (report, before, what, who) in [
        (&complaint, "--b\nContent-Type: message/rfc822", "unsubscribed", "cy@x.example"),
        (&failure, "Status: ", "suppressed", "bo@x.example"),
    ] {
        let half = &report[..report.find(before).unwrap()];
        assert_eq!(read(&publication, half)[what], json!([]), "{half}");
        assert_eq!(read(&publication, half)["known"], 1);
        assert_eq!(read(&publication, report)[what], json!([who]));
        assert_eq!(read(&publication, report)["known"], 1);
    }
}

#[test]
fn what_was_not_handed_on_is_taken_back_from_who_complains_or_is_dead() {
    let publication = mailed();
    let (cy, bo) = (returned(&publication, 1, "cy@x.example"), returned(&publication, 1, "bo@x.example"));
    let publication = publication.short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z").published();
    let complaint = format!(
        "From: fbl@y.example\nTo: abuse@compositor.example\nMessage-ID: <c@y.example>\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: y/1\nVersion: 1\n\n\
         --b\nContent-Type: message/rfc822\n\n{cy}\n\nHello\n--b--\n"
    );
    let told = read(&publication, &complaint);
    assert_eq!((&told["unsubscribed"], &told["taken_back"]), (&json!(["cy@x.example"]), &json!(2)));
    let told = with_input(&publication, &["bounce"], &hard("news@compositor.example", "bo@x.example", &bo)).ok();
    told.says("suppressed: bo@x.example").says("2 messages to them taken from the outbox");
    let left = publication.files("outbox").into_iter().filter(|path| path.ends_with(".eml")).collect::<Vec<_>>();
    assert!(left.len() == 2 && left.iter().all(|path| path.contains("ann@x.example")), "{left:?}");
}

#[test]
fn a_complaint_that_tells_the_return_path_alone_unsubscribes_whom_it_was_for() {
    let publication = mailed();
    let complaint = format!(
        "From: fbl@y.example\nTo: abuse@compositor.example\nMessage-ID: <d@y.example>\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\
         --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: y/1\nVersion: 1\n\
         Original-Mail-From: <{}>\n\n--b\nContent-Type: message/rfc822\n\nReturn-Path: <bounces@forwarder.example>\nSubject: Newsletter\n\nHello\n--b--\n",
        return_path(&publication, "cy@x.example")
    );
    assert_eq!(read(&publication, &complaint)["unsubscribed"], json!(["cy@x.example"]));
}

/// What Amazon's service mails of a complaint or a bounce of a reader, with what it tells of the message.
fn notification(kind: &str, mail: &Value) -> Value {
    let what = kind.to_lowercase();
    let mut object = json!({"notificationType": kind, "mail": mail});
    object[&what] = if kind == "Bounce" {
        json!({"bouncedRecipients": [{"emailAddress": "cy@x.example", "status": "5.1.1"}]})
    } else {
        json!({"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": "cy@x.example"}]})
    };
    object
}

#[test]
fn what_a_notification_tells_of_the_message_proves_it() {
    let told = |publication: &Publication, object: &Value| {
        let head = "From: no-reply@sns.y.example\nTo: news@compositor.example\nMessage-ID: <n@y.example>\n";
        read(publication, &format!("{head}Subject: Notification\n\n{object}\n\n--\nTo stop these, click.\n"))
    };
    for (kind, effect) in [("Complaint", "unsubscribed"), ("Bounce", "suppressed")] {
        for form in ["source", "headers", "commonHeaders", "enveloped"] {
            let publication = mailed();
            let id = header(&message_to(&publication, 1, "cy@x.example"), "Message-ID");
            let mail = match form {
                "headers" => json!({"headers": [{"name": "To", "value": "x"}, {"name": "Message-ID", "value": id}]}),
                "commonHeaders" => json!({"messageId": "0100018d", "commonHeaders": {"messageId": id}}),
                _ => json!({"source": return_path(&publication, "cy@x.example")}),
            };
            let mut object = notification(kind, &mail);
            if form == "enveloped" {
                object = json!({"Type": "Notification", "Message": object.to_string()});
            }
            let told = told(&publication, &object);
            assert_eq!(told[effect], json!(["cy@x.example"]), "{kind}, {form}: {told}");
        }
        let stranger = told(&mailed(), &notification(kind, &json!({"source": "news@compositor.example"})));
        assert_eq!(stranger[effect], json!([]), "anybody can write an address");
    }
}

#[test]
fn a_file_of_several_messages_in_a_folder_is_read_message_by_message_and_stays() {
    let publication = mailed();
    let line = "From MAILER-DAEMON Mon Aug  3 08:00:00 2026\n";
    let report = |reader: &str| {
        let bounced = hard("news@compositor.example", reader, &returned(&publication, 1, reader));
        format!("{line}{}\n", bounced.replace("Message-ID: <", &format!("Message-ID: <{}", &reader[..2])))
    };
    let (several, single) = ([report("ann@x.example"), report("bo@x.example")].concat(), report("cy@x.example"));
    let publication = publication.file("Mail/Bounces", several).file("Mail/one", single);
    let told = publication.run(&["bounce", "Mail", "--move", "done", "--json"]).ok().json();
    assert_eq!((&told["messages"], &told["classes"]["hard"]), (&json!(3), &json!(3)), "{told}");
    assert_eq!(
        (publication.files("Mail"), publication.files("done")),
        (vec!["Bounces".to_owned()], vec!["one".to_owned()])
    );
}

#[test]
fn mailboxes_are_left_alone_unless_asked() {
    let publication = mailed();
    let ids = returned(&publication, 1, "ann@x.example");
    let publication = publication
        .file("bounces/new/1.report", hard("news@compositor.example", "ann@x.example", &ids))
        .file(
            "bounces/cur/2.answer:2,S",
            "From: bo@x.example\nAuto-Submitted: auto-replied\nSubject: Away\n\nBack soon.\n",
        )
        .file("bounces/cur/3.letter", "From: bo@x.example\nSubject: Issue 1\n\nI liked it.\n")
        .file("bounces/cur/4.nothing", "\x00\x01 this is no message\n")
        .file("bounces/tmp/5.half", "From: x\n\n");
    let before = publication.tree("bounces");
    let told = publication.run(&["bounce", "bounces", "--json"]).ok().json();
    assert_eq!(told["messages"], 3);
    assert_eq!(told["classes"], json!({"auto-reply": 1, "complaint": 0, "hard": 1, "not-a-bounce": 1, "soft": 0}));
    assert_eq!(told["unreadable"], 1);
    assert_eq!(told["warnings"].as_array().unwrap().len(), 1);
    assert!(told["warnings"][0]["file"].as_str().unwrap().ends_with("4.nothing"));
    assert_eq!(publication.tree("bounces"), before);
    publication.run(&["bounce", "bounces", "--move", "done"]).ok();
    assert_eq!(publication.files("done"), ["cur/1.report", "cur/2.answer:2,S"], "letters stay for people");
    assert_eq!(publication.files("bounces"), ["cur/3.letter", "cur/4.nothing", "tmp/5.half"]);
}

#[test]
fn a_message_that_cannot_be_moved_holds_up_none_of_the_others() {
    let publication = mailed();
    let of =
        |to: &str, said: &str| report("news@compositor.example", to, "5.1.1", said, &returned(&publication, 1, to));
    let ann = of("ann@x.example", "550 5.1.1 user unknown");
    let bo = of("bo@x.example", "550 5.1.1 no such user");
    let cy = of("cy@x.example", "550 5.1.1 there is no such user here");
    let publication = publication.file("bounces/1", &ann).file("bounces/2", &bo).file("no-folder", "");
    let stay = publication.run(&["bounce", "bounces", "--move", "no-folder", "--quiet"]).leaves_with(1);
    stay.says("bounces/1").says("it was read, and stays in the mailbox");
    assert_eq!((suppressed(&publication), publication.files("bounces").len()), (json!(2), 2), "all were read");
    let told = publication.run(&["bounce", "bounces", "--move", "done", "--json"]).ok().json();
    assert_eq!((&told["known"], &told["suppressed"]), (&json!(2), &json!([])));
    // A folder whose files are numbers begins to count anew once it is empty.
    let publication = publication.file("bounces/1", &cy);
    publication.run(&["bounce", "bounces", "--move", "done"]).ok().says("suppressed: cy@x.example");
    assert_eq!(
        (publication.files("done"), publication.files("bounces").len()),
        (["1", "2", "3"].map(str::to_owned).to_vec(), 0)
    );
    assert_eq!(publication.read("done/1"), ann, "nothing is written over");
}

#[test]
fn an_mbox_is_read_message_by_message() {
    let publication = mailed();
    let one = hard("news@compositor.example", "ann@x.example", &returned(&publication, 1, "ann@x.example"));
    let two = hard("news@compositor.example", "bo@x.example", &returned(&publication, 1, "bo@x.example"));
    let line = "From MAILER-DAEMON Sun Aug  2 08:00:00 2026\n";
    let publication = publication.file("mbox", format!("{line}{one}\n{line}{two}"));
    let told = publication.run(&["bounce", "mbox", "--json"]).ok().json();
    assert_eq!(told["suppressed"], json!(["ann@x.example", "bo@x.example"]));
    assert_eq!(told["events"][1]["place"]["line"], one.lines().count() + 3);
    publication.run(&["bounce", "mbox", "--delete"]).leaves_with(2);
    let publication = publication.file("marked/1", format!("\u{feff}{line}{one}\n{line}{two}"));
    for marked in ["marked", "marked/1"] {
        let told = publication.run(&["bounce", marked, "--json"]).ok().json();
        assert_eq!((&told["messages"], &told["known"]), (&json!(2), &json!(2)), "{told}");
    }
    publication.run(&["bounce", "nowhere"]).leaves_with(2);
}
