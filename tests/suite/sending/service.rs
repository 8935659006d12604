//! `masthead deliver` beside an upload, and as a service that goes on while things change.

use std::time::Duration;

use super::sink::{Act, Behaviour, Moment};
use super::verbs::{Watch, by_hand, wait_for_state};
use super::{campaign, mail, publication, with_mail};

#[test]
fn a_run_that_is_told_to_end_with_its_last_messages_has_ended_its_campaign() {
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Taken(_)).then_some(Act::Wait(Duration::from_millis(1500)))
    })
    .listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"])).published();
    let publication = publication.after(&["send", "newsletter", "--yes", "--at", "2026-08-03T08:00:00Z"]);
    let publication = publication.at("2026-08-03T08:00:00Z");
    let watch = Watch::begin(&publication);
    sink.wait_for(2);
    watch.end().says("2 messages sent").says_not("told to end");
    assert_eq!(campaign(&publication).0, "finished");
}

#[test]
fn a_campaign_whose_run_was_killed_at_its_last_message_ends_with_the_next_publish() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]).published();
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    store.execute("update campaign set state = 'running'", []).unwrap();
    assert_eq!(campaign(&publication).0, "running");
    publication.run(&["publish"]).ok();
    assert_eq!((campaign(&publication).0.as_str(), sink.count()), ("finished", 1));
}

#[test]
fn what_a_service_takes_from_a_file_is_dated_by_when_it_does() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-02T08:00:04Z"]).ok();
    let watch = Watch::begin(&publication);
    std::thread::sleep(Duration::from_millis(500));
    std::fs::write(publication.path("readers.csv"), "ann@x.example\nbo@x.example\n").unwrap();
    sink.wait_for(1);
    wait_for_state(&publication, "finished");
    watch.end().ok();
    let known = publication.run(&["subscribers", "show", "bo@x.example", "--json"]).ok().json();
    let at = known["person"]["consent"][0]["at"].as_str().unwrap();
    assert!(at >= "2026-08-02T08:00:04Z", "{at}: the service began at 08:00:00");
}

#[test]
fn what_holds_mail_back_needs_no_password_and_what_sends_says_so_first() {
    let sink = Behaviour::good().listen();
    let with = |series: &str| {
        let keys = "user = \"news\"\npassword_env = \"MASTHEAD_TEST_NO_SUCH\"\nstarttls = \"never\"";
        with_mail(&mail(&[sink.port], keys))
            .file("readers.csv", "ann@x.example\n")
            .reconfigure("mail = \"auto\"", series)
    };
    let publication = with("mail = \"auto\"");
    publication.run(&["publish"]).leaves_with(2).says("`MASTHEAD_TEST_NO_SUCH` is not set");
    assert!(!publication.has("issues"), "no number was given");
    publication.run(&["publish", "--hold-mail"]).ok().says("to 1 reader");
    assert!(publication.has("public/index.html"));
    publication.run(&["deliver"]).leaves_with(2).says("`MASTHEAD_TEST_NO_SUCH` is not set");
    assert_eq!(sink.count(), 0);
    publication.run(&["publish"]).leaves_with(2).says("`MASTHEAD_TEST_NO_SUCH` is not set");
    let publication = publication.reconfigure("mail = \"auto\"", "mail = \"manual\"");
    publication.run(&["publish"]).leaves_with(2).says("1 post found").says("`MASTHEAD_TEST_NO_SUCH` is not set");
    with("mail = \"manual\"").run(&["publish"]).ok().says_not("MASTHEAD_TEST_NO_SUCH");
}

#[test]
fn mail_that_is_held_back_goes_out_once_somebody_sends() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]);
    publication.run(&["publish", "--hold-mail"]).ok().says("to 2 readers").says("`masthead deliver` sends it");
    publication.run(&["publish", "--hold-mail", "--quiet"]).ok();
    publication.run(&["pause", "newsletter", "1"]).ok();
    for told in [&["resume", "newsletter", "1"][..], &["status"]] {
        publication.run(told).ok().says("held back by `publish --hold-mail`").says_not("9999");
    }
    publication.run(&["status", "--recipient", "ann@x.example"]).ok().says("pending").says_not("9999");
    let told = publication.run(&["status", "--json"]).ok().json();
    let [campaign, progress] = ["campaign", "progress"].map(|name| &told["campaigns"][0][name]);
    assert!(campaign["starts"].is_null() && progress["next_due"].is_null(), "{told}");
    assert!(publication.has("public/newsletter/1/index.html"));
    let later = publication.copy().at("2026-08-30T08:00:00Z");
    let held = "newsletter/0001 is held back by `publish --hold-mail` since 2026-08-02 10:00:00+02:00; `masthead deliver` sends it";
    for arguments in [&["check"][..], &["publish", "--hold-mail", "--quiet"]] {
        later.run(arguments).ok().says(held);
    }
    let watch = Watch::begin(&publication);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(sink.count(), 0, "not by itself, though a service sends");
    // It has the lock of those who send, and takes up what this one lets go.
    publication.run(&["deliver", "--quiet"]).ok();
    sink.wait_for(2);
    wait_for_state(&publication, "finished");
    watch.end().ok();
    assert!(sink.taken().iter().all(|one| String::from_utf8_lossy(&one.bytes).contains("\r\nDate: Sun, 02 Aug 2026")));
}

#[test]
fn what_is_held_back_is_written_to_files_or_sent_by_the_next_run_that_holds_nothing() {
    let files = || with_mail("[mail]\nfrom = \"a@x.example\"").file("readers.csv", "ann@x.example\nbo@x.example\n");
    for (verb, says) in [(&["deliver"][..], "2 messages written"), (&["publish"], "2 messages written")] {
        let publication = files();
        publication.run(&["publish", "--hold-mail"]).ok().says("to 2 readers");
        assert!(!publication.has("outbox"));
        publication.run(verb).ok().says(says);
        assert_eq!(publication.files("outbox/newsletter-1").len(), 2);
        publication.run(&["deliver"]).ok().says("nothing is due");
    }
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]);
    publication.run(&["publish", "--hold-mail"]).ok();
    publication.run(&["send", "newsletter", "1"]).ok();
    assert_eq!((sink.count(), campaign(&publication).0.as_str()), (0, "scheduled"));
    publication.run(&["resume", "newsletter", "1"]).ok();
    publication.run(&["publish"]).ok();
    assert_eq!(sink.count(), 1);
}

#[test]
fn of_a_test_that_a_relay_took_or_not_nobody_says_that_it_did_not() {
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let told = publication.run(&["send", "newsletter", "1", "--test", "out@y.example"]).leaves_with(1);
    told.says("nobody knows whether the relay took it").says_not("did not take");
}

#[test]
fn an_address_is_settled_however_its_domain_is_written() {
    for written in ["ann@b\u{fc}cher.example", "Ann@B\u{dc}CHER.example", "ann@xn--bcher-kva.example"] {
        let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
        let publication = with_mail(&mail(&[sink.port], ""))
            .file("readers.csv", "ann@b\u{fc}cher.example\n")
            .published_mailed_or_not();
        let settle = ["resolve", "newsletter", "1", "--sent", "--recipient"];
        publication.run(&[&settle[..], &[written]].concat()).ok().says("1 message taken as arrived");
        publication.run(&[&settle[..], &["nobody"]].concat()).leaves_with(2).says("is not an address");
    }
}
