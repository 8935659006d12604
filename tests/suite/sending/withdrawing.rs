//! Nothing is mailed of an issue that was taken back.

use super::sink::{Act, Behaviour, Moment};
use super::verbs::by_hand;
use super::{campaign, publication, states};

const WITHDRAW: [&str; 6] = ["issue", "withdraw", "newsletter", "1", "-m", "A name was wrong."];
const UNDO: [&str; 7] = ["issue", "withdraw", "newsletter", "1", "--undo", "-m", "It was right."];

#[test]
fn what_is_queued_of_a_withdrawn_issue_is_paused_until_it_is_brought_back() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let publication = publication.after(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T08:00:00Z"]);
    publication.run(&WITHDRAW).ok().says("still to go out: 2 messages").says("`masthead cancel newsletter 0001`");
    assert_eq!(campaign(&publication), ("paused".to_owned(), "the issue was withdrawn: A name was wrong.".to_owned()));
    let publication = publication.at("2026-08-04T08:00:00Z");
    publication
        .run(&["deliver"])
        .ok()
        .says("is paused: the issue was withdrawn")
        .says("`masthead cancel newsletter 0001`");
    for verb in
        [&["resume", "newsletter", "1"][..], &["send", "newsletter", "1"], &["send", "newsletter", "1", "--yes"]]
    {
        publication.run(verb).leaves_with(1).says("was withdrawn, and is not mailed: A name was wrong.");
    }
    publication.run(&["send", "newsletter", "1", "--test", "me@x.example"]).leaves_with(1).says("was withdrawn");
    let publication = publication.published();
    assert_eq!(sink.count(), 0);
    publication.run(&UNDO).ok().says("`masthead resume newsletter 0001`");
    publication.run(&["deliver"]).ok();
    assert_eq!(sink.count(), 0, "not by itself");
    let publication = publication.published().after(&["resume", "newsletter", "1", "--amended"]);
    publication.run(&["deliver"]).ok().says("2 messages sent");
    let taken = sink.taken();
    assert!(taken.iter().all(|one| String::from_utf8_lossy(&one.bytes).contains("It was right.")));
}

#[test]
fn what_went_out_is_told_and_what_was_refused_is_not_tried_again() {
    let refused = |moment: &Moment, _| match moment {
        Moment::Rcpt(to) if to.starts_with("bo") => Some(Act::Answer("554 5.7.1 not wanted here")),
        _ => None,
    };
    let sink = Behaviour::script(refused).listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let publication = publication.after(&["send", "newsletter", "1", "--yes"]);
    publication.run(&WITHDRAW).ok().says("mail of it went to 1 of 2 readers").says_not("masthead cancel");
    let again = ["resolve", "newsletter", "1", "--refused", "--resend"];
    publication.run(&again).leaves_with(1).says("is not mailed");
    assert_eq!(states(&publication)[0].1, "sent 250");
}

#[test]
fn a_store_that_was_not_at_hand_sends_nothing_either() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let elsewhere = publication.copy();
    let publication = publication.after(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T08:00:00Z"]);
    let frozen = "issues/newsletter/0001/frozen.json";
    let publication = publication.file(frozen, elsewhere.after(&WITHDRAW).bytes(frozen)).at("2026-08-04T08:00:00Z");
    publication.run(&["deliver"]).leaves_with(1).says("was withdrawn, and is not mailed");
    assert_eq!(sink.count(), 0);
    publication.run(&WITHDRAW).ok().says("already").says("still to go out: 1 message");
    publication.run(&["deliver"]).ok().says("is paused: the issue was withdrawn");
}

#[test]
fn an_issue_withdrawn_before_it_was_mailed_is_not_mailed_and_nobody_is_reminded() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"])
        .reconfigure("mail = \"auto\"", "mail = \"auto\"\nfreeze = \"manual\"")
        .published()
        .after(&["issue", "freeze", "newsletter", "1"])
        .after(&WITHDRAW);
    publication.run(&["publish"]).ok().says_not("was not mailed");
    assert_eq!(sink.count(), 0);
    publication.run(&UNDO).ok();
    publication.run(&["publish"]).ok().says("`masthead send newsletter 0001 --yes` mails it");
    assert_eq!(sink.count(), 0);
}
