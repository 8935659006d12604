//! `send`, `deliver`, `pause`, `resume`, `cancel`, `status`.

use std::process::Stdio;
use std::time::Duration;

use super::sink::{Act, Behaviour, Moment};
use super::{campaign, mail, publication, states, with_mail};
use crate::publication::Publication;
use crate::run::Run;

/// The same publication, which mails nothing by itself.
fn by_hand(publication: Publication) -> Publication {
    publication.reconfigure("mail = \"auto\"", "mail = \"manual\"").published()
}

#[test]
fn send_says_what_would_go_to_whom_and_does_it_once() {
    let sink = Behaviour::good().listen();
    let readers = ["ann@x.example,Ann,en", "bo@x.example,,fa", "cy@x.example"];
    let publication = by_hand(publication(&[&sink], &readers));
    let dry = publication.run(&["send", "newsletter", "1", "--json"]).ok();
    let told = dry.json();
    assert_eq!((told["recipients"].as_u64(), told["lists"]["members"].as_u64()), (Some(3), Some(3)), "{told}");
    assert_eq!(told["languages"]["fa"], 1, "{told}");
    assert!(told["size"].as_u64().unwrap() > 2000);
    dry.warns("no postal address").warns("not signed");
    assert_eq!(sink.count(), 0, "nothing by accident");
    publication.run(&["status"]).ok().says("nothing was sent yet");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("3 messages sent");
    assert_eq!(sink.count(), 3);
    publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1).says("was queued before").says("finished");
    assert_eq!(sink.count(), 3);
    let greeted: Vec<String> =
        sink.taken().iter().map(|one| String::from_utf8_lossy(&one.bytes).into_owned()).collect();
    assert!(greeted.iter().any(|text| text.contains("Dear Ann,")), "by name");
    assert!(
        greeted.iter().any(|text| text.contains("=D8=AE=D9=88=D8=A7=D9=86=D9=86=D8=AF=D9=87")),
        "in the reader's language"
    );
}

#[test]
fn an_issue_that_went_to_nobody_can_be_sent_once_there_is_somebody() {
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &[]).published();
    publication.run(&["status"]).ok().says("0 of 0 sent");
    let publication = publication.after(&["subscribers", "add", "members", "ann@x.example"]);
    publication.run(&["deliver"]).ok();
    assert_eq!(sink.count(), 0, "not by itself: it is old by now");
    publication.run(&["send", "newsletter", "1"]).ok().says("would go to 1 reader").says("`--yes` sends it");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    assert_eq!(sink.count(), 1);
    publication.run(&["send", "newsletter", "1"]).ok().says("it cannot be sent, see above").says_not("`--yes`");
    publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1).says("was queued before");
    assert_eq!(sink.count(), 1);
}

#[test]
fn a_test_goes_to_one_address_alone() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    publication.run(&["send", "newsletter", "--test", "editor@y.example"]).ok().says("sent to editor@y.example alone");
    assert_eq!(sink.taken().iter().map(|one| one.recipient.clone()).collect::<Vec<_>>(), ["editor@y.example"]);
    publication.run(&["status"]).ok().says("nothing was sent yet");
    publication.run(&["send", "newsletter", "--test", "nobody"]).leaves_with(2).says("is not an address");
    let refusing =
        Behaviour::script(|moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("550 5.1.1 nobody")))
            .listen();
    let publication = publication.reconfigure(&format!(":{}\"", sink.port), &format!(":{}\"", refusing.port));
    publication.run(&["send", "newsletter", "--test", "editor@y.example"]).leaves_with(1).says("550 nobody");
}

#[test]
fn a_scheduled_issue_goes_out_at_its_time() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    publication
        .run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-03T06:00:00Z"])
        .ok()
        .says("it begins 2026-08-03 06:00");
    publication.run(&["deliver"]).ok().says("nothing is due");
    publication.run(&["status"]).ok().says("scheduled");
    let publication = publication.at("2026-08-03T05:59:58Z");
    publication.run(&["deliver", "--watch"]).ok().says("1 message sent");
    assert_eq!(campaign(&publication).0, "finished");
}

#[test]
fn an_unsubscription_after_queueing_counts() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-03T06:00:00Z"]).ok();
    publication.run(&["subscribers", "remove", "members", "bo@x.example"]).ok();
    let publication = publication.at("2026-08-03T06:00:00Z").after(&["deliver"]);
    assert_eq!(states(&publication)[1].1, "suppressed");
    assert_eq!(sink.count(), 1);
}

#[test]
fn a_campaign_is_paused_resumed_and_cancelled_while_it_is_sent() {
    let slow = || {
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(30))))
            .listen()
    };
    let readers: Vec<String> = (0..200).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let sink = slow();
    let publication = by_hand(publication(&[&sink], &readers));
    let sending = ["send", "newsletter", "--yes"];
    let child = publication.command(&sending).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(20);
    publication.run(&["deliver"]).leaves_with(1).says("another run is sending mail");
    // Nobody has to wait for the end of it: the publication is not locked.
    let begun = std::time::Instant::now();
    publication.run(&["subscribers", "add", "members", "later@x.example"]).ok();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    publication.run(&["pause", "newsletter", "1", "-m", "a wrong link"]).ok().says("paused");
    let output = child.wait_with_output().unwrap();
    Run::from_output(&publication, &sending, &output).ok();
    let paused_at = sink.count();
    assert!((20..200).contains(&paused_at), "{paused_at}");
    assert_eq!(campaign(&publication), ("paused".to_owned(), "a wrong link".to_owned()));
    publication.run(&["status"]).ok().says(&format!("{paused_at} of 200 sent"));
    publication.run(&["deliver"]).ok().says("nothing is due");
    assert_eq!(sink.count(), paused_at, "paused is paused");
    publication.run(&["resume", "newsletter", "1"]).ok();
    let child = publication.command(&["deliver"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(paused_at + 20);
    publication.run(&["cancel", "newsletter", "1"]).ok().says("cancelled");
    assert!(child.wait_with_output().unwrap().status.success());
    let cancelled_at = sink.count();
    assert!(cancelled_at < 200);
    publication.run(&["resume", "newsletter", "1"]).leaves_with(1).says("stays so");
    publication.run(&["deliver"]).ok().says("nothing is due");
    assert_eq!(sink.count(), cancelled_at);
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "nobody twice");
}

#[test]
fn rates_are_kept() {
    let sink = Behaviour::good().listen();
    let readers = |domain: &str, count: usize| -> String { (0..count).map(|n| format!("r{n}@{domain}\n")).collect() };
    let keys = "rate = \"100/s\"\ndomain_rate = { \"slow.example\" = \"2/s\" }";
    let publication = with_mail(&mail(&[sink.port], keys))
        .file("readers.csv", readers("slow.example", 5) + &readers("x.example", 20));
    let begun = std::time::Instant::now();
    publication.publish().ok();
    let took = begun.elapsed();
    assert_eq!(sink.count(), 25);
    assert!(took > Duration::from_millis(1400), "five at two a second, after a burst: {took:?}");
    let order: Vec<bool> = sink.taken().iter().map(|one| one.recipient.ends_with("@x.example")).collect();
    assert!(order.iter().take(22).filter(|fast| **fast).count() == 20, "the slow domain holds nobody up: {order:?}");
}

#[test]
fn wrong_settings_are_told_before_anybody_is_queued() {
    let sink = Behaviour::good().listen();
    let complaint = |keys: &str, words: &str| {
        let publication = with_mail(&mail(&[sink.port], keys)).file("readers.csv", "ann@x.example\n");
        publication.run(&["publish"]).leaves_with(2).says(words);
    };
    complaint("user = \"news\"", "has a `user` and no password");
    complaint("password = \"secret\"", "unknown key `password`");
    complaint("password_file = \"p\"", "has a password and no `user`");
    complaint("rate = \"many\"", "`many` is no rate");
    complaint("helo = \"a b\"", "is no name of a machine");
    complaint("starttls = \"perhaps\"", "unknown value `perhaps`");
    complaint("[[mail.relay]]\nurl = \"smtp://news:secret@relay.example\"", "a user or a password stands in it");
    complaint("[[mail.relay]]\nurl = \"smtp://relay.example/x\"", "something follows the host");
    complaint(
        "[[mail.dkim]]\nselector = \"s1\"\nkey_file = \"gone.pem\"",
        "there is no such file to read the DKIM key from",
    );
    assert_eq!(sink.sessions(), 0);
}
