//! `send`, `deliver`, `pause`, `resume`, `cancel`, `status`.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::sink::{Act, Behaviour, Moment};
use super::{campaign, mail, publication, states, with_mail};
use crate::publication::Publication;
use crate::run::Run;
use crate::tools::as_shown;

/// The same publication, which mails nothing by itself.
pub(super) fn by_hand(publication: Publication) -> Publication {
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
    publication.run(&["send", "newsletter", "1"]).ok().says(&format!(
        "size of a message: {} bytes, in all about {} kB",
        told["size"],
        told["total"].as_u64().unwrap().div_ceil(1000)
    ));
    publication.run(&["status"]).ok().says("nothing was sent yet");
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("3 messages sent");
    assert_eq!(sink.count(), 3);
    let sizes: Vec<u64> = sink.taken().iter().map(|one| one.bytes.len() as u64).collect();
    assert_eq!(told["size"].as_u64(), sizes.iter().max().copied(), "{sizes:?}");
    assert_eq!(told["total"].as_u64(), Some(sizes.iter().sum()), "{sizes:?}");
    publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1).says("was queued before").says("finished");
    assert_eq!(sink.count(), 3);
    let read =
        |bytes: &[u8]| as_shown(&mail_parser::MessageParser::default().parse(bytes).unwrap().body_html(0).unwrap());
    let greeted: Vec<String> = sink.taken().iter().map(|one| read(&one.bytes)).collect();
    assert!(greeted.iter().any(|html| html.contains("Dear Ann,")), "by name");
    assert!(greeted.iter().any(|html| html.contains("خواننده")), "in the reader's language");
}

#[test]
fn who_stands_on_two_lists_is_counted_as_they_are_sent_to() {
    let sink = Behaviour::good().listen();
    for lists in [r#"["members", "friends"]"#, r#"["friends", "members"]"#] {
        let publication = publication(&[&sink], &["ann@x.example,Ann,en", "bo@x.example,Bo,fa"])
            .reconfigure("lists = [\"members\"]", &format!("lists = {lists}"))
            .tables("[list.friends]\ncsv = \"friends.csv\"")
            .file("friends.csv", "bo@x.example,Bo,fa\ncy@x.example,Cy,fa\n")
            .series(
                "khabar",
                "language = \"fa\"\nwindow = \"monthly\"\nsince = 2026-07-01\nmail = \"manual\"\nlists = [\"members\"]",
            );
        let publication = by_hand(publication);
        let dry = publication.run(&["send", "newsletter", "1", "--json"]).ok().json();
        assert_eq!((&dry["recipients"], &dry["lists"]), (&2.into(), &serde_json::json!({"members": 1, "friends": 1})));
        let before = sink.count();
        publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("2 messages sent");
        let mut to: Vec<String> = sink.taken()[before..].iter().map(|one| one.recipient.clone()).collect();
        to.sort();
        assert_eq!(to, ["ann@x.example", "cy@x.example"], "who reads the Persian edition gets that one alone");
    }
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
    let refused = publication.run(&["send", "newsletter", "1"]).ok().says("it cannot be sent, see above");
    refused.says_not("`--yes`").says_not("would go to").says("cannot be sent; its lists have 1 reader");
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
        .says("it begins 2026-08-03 08:00:00+02:00");
    publication.run(&["deliver"]).ok().says("nothing is due");
    publication.run(&["status"]).ok().says("scheduled");
    let publication = publication.at("2026-08-03T05:59:58Z");
    let watch = Watch::begin(&publication);
    sink.wait_for(1);
    watch.end().ok().says("1 message sent");
    assert_eq!(campaign(&publication).0, "finished");
}

/// `masthead deliver --watch` beside a test.
pub(super) struct Watch<'p> {
    publication: &'p Publication,
    child: Child,
}

impl<'p> Watch<'p> {
    pub(super) fn begin(publication: &'p Publication) -> Self {
        let mut command = publication.command(&["deliver", "--watch"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self { publication, child }
    }

    /// Tells it to end, and what it said.
    pub(super) fn end(mut self) -> Run<'p> {
        assert!(self.child.try_wait().unwrap().is_none(), "it ended by itself");
        terminate(&self.child);
        Run::from_output(self.publication, &["deliver", "--watch"], &self.child.wait_with_output().unwrap())
    }
}

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

/// Waits until the newsletter's campaign is in a state.
pub(super) fn wait_for_state(publication: &Publication, state: &str) {
    let begun = std::time::Instant::now();
    while campaign(publication).0 != state {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", campaign(publication));
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until a run has said what begins so, and has noted that it did.
fn wait_until_said(publication: &Publication, what: &str) {
    let begun = std::time::Instant::now();
    let database = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    database.busy_timeout(Duration::from_secs(20)).unwrap();
    let mut said = database.prepare("select 1 from said where what like ?1 || '%'").unwrap();
    while !said.exists([what]).unwrap() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_watching_run_outlasts_a_relay_that_is_away_and_takes_what_is_queued() {
    let refused = AtomicUsize::new(0);
    let sink = Behaviour::script(move |moment, _| {
        (*moment == Moment::Greeting && refused.fetch_add(1, Ordering::SeqCst) < 4).then_some(Act::Drop)
    })
    .listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    let watch = Watch::begin(&publication);
    // It holds the lock of those who send, before there is anything to send.
    while publication.command(&["deliver"]).output().unwrap().status.success() {
        std::thread::sleep(Duration::from_millis(50));
    }
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("another run is sending mail");
    wait_for_state(&publication, "paused");
    sink.wait_for(2);
    wait_for_state(&publication, "finished");
    watch.end().ok().says("2 messages sent").says("no relay can be used");
}

#[test]
fn a_quiet_service_says_what_stops_a_campaign() {
    let refused = AtomicUsize::new(0);
    let sink = Behaviour::script(move |moment, _| {
        let is_mail = matches!(moment, Moment::Mail) && refused.fetch_add(1, Ordering::SeqCst) < 9;
        is_mail.then_some(Act::Answer("550 5.7.1 not from you"))
    })
    .listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1);
    let (before, service) = (sink.sessions(), ["deliver", "--watch", "--quiet"]);
    let child = publication.command(&service).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while sink.sessions() == before {
        std::thread::sleep(Duration::from_millis(20));
    }
    wait_for_state(&publication, "paused");
    terminate(&child);
    let told = Run::from_output(&publication, &service, &child.wait_with_output().unwrap()).ok();
    told.says("newsletter/0001 is paused: no relay can be used").says("not from you").says_not("waiting");
}

#[test]
fn a_run_that_somebody_else_stops_says_so() {
    let slow = || {
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(50))))
            .listen()
    };
    let readers: Vec<String> = (0..100).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    for (verb, why) in [
        (
            &["pause", "newsletter", "1", "--reason", "a fault"][..],
            "it is paused: a fault; `masthead resume newsletter 0001`",
        ),
        (&["cancel", "newsletter", "1"], "it is cancelled: what was not sent never will be"),
    ] {
        let sink = slow();
        let publication = by_hand(publication(&[&sink], &readers));
        let sending = ["send", "newsletter", "--yes"];
        let child = publication.command(&sending).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        sink.wait_for(5);
        publication.run(verb).ok();
        Run::from_output(&publication, &sending, &child.wait_with_output().unwrap()).ok().says(why);
        let later = publication.run(&["deliver"]).ok();
        let later = later.says("nothing is due");
        let again = publication.run(&sending).leaves_with(1);
        if verb[0] == "pause" {
            later.says("newsletter/0001 is paused: a fault; `masthead resume newsletter 0001` lets it go on");
            again.says("`masthead resume` lets it go on");
        } else {
            again.says("what was not sent never will be");
        }
    }
}

#[test]
fn when_a_message_arrived_is_when_it_was_handed_over() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(to) if to.starts_with("bo")).then_some(Act::Drop))
            .listen();
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]);
    publication.publish().leaves_with(1);
    let sent = |publication: &Publication| {
        publication.run(&["status", "--json"]).ok().json()["campaigns"][0]["progress"]["last_sent"].clone()
    };
    let before = sent(&publication);
    let publication = publication.at("2026-08-09T08:00:00Z");
    publication.run(&["resolve", "newsletter", "1", "--sent"]).ok();
    let after = sent(&publication);
    assert_eq!(&after.as_str().unwrap()[..10], &before.as_str().unwrap()[..10], "not a week later");
}

#[test]
fn a_reader_of_two_lists_who_leaves_one_gets_the_issue_through_the_other() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(
        publication(&[&sink], &["ann@x.example", "bo@x.example", "cy@x.example"])
            .tables("[list.friends]\ntitle = \"Friends\"")
            .reconfigure("lists = [\"members\"]", "lists = [\"members\", \"friends\"]"),
    );
    for reader in ["ann@x.example", "cy@x.example"] {
        publication.run(&["subscribers", "add", "friends", reader]).ok();
    }
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-03T06:00:00Z"]).ok().says("to 3 readers");
    for reader in ["ann@x.example", "bo@x.example"] {
        publication.run(&["subscribers", "remove", "members", reader]).ok();
    }
    publication.run(&["subscribers", "remove", "friends", "cy@x.example"]).ok();
    let publication = publication.at("2026-08-03T06:00:01Z");
    publication.run(&["deliver"]).ok();
    let mut taken = sink.taken();
    taken.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    let got: Vec<&str> = taken.iter().map(|one| one.recipient.as_str()).collect();
    assert_eq!(got, ["ann@x.example", "cy@x.example"], "nobody else, and each once");
    let ann = String::from_utf8_lossy(&taken[0].bytes).replace("\r\n ", " ");
    assert!(ann.contains("friends.compositor.example") && ann.contains("unsubscribe%20friends%20"), "{ann}");
    let message = mail_parser::MessageParser::default().parse(&taken[0].bytes).unwrap();
    let text = message.body_text(0).unwrap();
    assert!(text.contains("subscribed to Friends."), "{text}");
}

/// What becomes of 400 messages while the store fails for so long: what the run says, and how many are in doubt.
fn outlasting(seconds: u64) -> (String, usize) {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(20))))
            .listen();
    let readers: Vec<String> = (0..400).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = by_hand(publication(&[&sink], &readers));
    publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let publication = publication.at("2026-08-02T09:00:00Z");
    let watch = Watch::begin(&publication);
    sink.wait_for(20);
    let rename = |from: &str, to: &str| {
        let database = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
        database.busy_timeout(Duration::from_secs(20)).unwrap();
        database.execute_batch(&format!("alter table {from} rename to {to}")).unwrap();
    };
    rename("attempt", "attempt_gone");
    std::thread::sleep(Duration::from_secs(seconds));
    rename("attempt_gone", "attempt");
    wait_for_state(&publication, "finished");
    let told = watch.end().ok();
    let told = format!("{}{}", told.stdout, told.stderr);
    let left: Vec<String> = states(&publication).into_iter().map(|(_, state)| state).collect();
    let ambiguous = left.iter().filter(|state| *state == "ambiguous").count();
    assert_eq!(left.iter().filter(|state| *state == "sent 250").count(), 400 - ambiguous);
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "nobody twice");
    assert_eq!(sink.by_recipient().len(), 400, "and nobody lost");
    (told, ambiguous)
}

#[test]
fn a_watching_run_tries_a_store_again_that_fails() {
    let (told, ambiguous) = outlasting(3);
    assert_eq!(ambiguous, 0, "{told}");
}

#[test]
fn a_watching_run_outlasts_a_store_that_fails_for_long() {
    let (told, ambiguous) = outlasting(18);
    assert!(told.contains("attempt") && (1..=2).contains(&ambiguous), "one of each connection: {ambiguous}: {told}");
}

#[test]
fn a_run_that_is_told_to_end_leaves_nothing_in_doubt() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(50))))
            .listen();
    let readers: Vec<String> = (0..100).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = by_hand(publication(&[&sink], &readers));
    let sending = ["send", "newsletter", "--yes"];
    let child = publication.command(&sending).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(10);
    terminate(&child);
    Run::from_output(&publication, &sending, &child.wait_with_output().unwrap()).ok();
    let sent = sink.count();
    assert!((10..90).contains(&sent), "{sent}");
    let left: Vec<String> = states(&publication).into_iter().map(|(_, state)| state).collect();
    assert_eq!(left.iter().filter(|state| *state == "sent 250").count(), sent);
    assert_eq!(left.iter().filter(|state| *state == "pending").count(), 100 - sent, "{left:?}");
    publication.run(&["deliver"]).ok().says(&format!("{} messages sent", 100 - sent));
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "nobody twice");
}

#[test]
fn what_is_queued_while_another_run_sends_goes_out_with_it() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(50))))
            .listen();
    let readers: Vec<String> = (0..60).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = by_hand(publication(&[&sink], &readers))
        .short_post("2026-08-10-two.md", "Two")
        .at("2026-09-02T08:00:00Z")
        .published();
    let sending = ["send", "newsletter", "1", "--yes"];
    let child = publication.command(&sending).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(5);
    publication.run(&["send", "newsletter", "2", "--yes"]).ok().says("another run is sending mail");
    let output = child.wait_with_output().unwrap();
    Run::from_output(&publication, &sending, &output).ok();
    assert_eq!(sink.count(), 120);
    let told = publication.run(&["status", "--json"]).ok().json();
    assert!(told["campaigns"].as_array().unwrap().iter().all(|one| one["campaign"]["state"] == "finished"), "{told}");
}

#[test]
fn a_run_that_sends_nothing_says_so_and_fails() {
    let away = Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop)).listen();
    let publication = by_hand(publication(&[&away], &["ann@x.example"]));
    publication.run(&["send", "newsletter", "--yes"]).leaves_with(1).says("is paused: no relay can be used");
    publication.run(&["deliver"]).leaves_with(1).says("is paused: no relay can be used").says_not("nothing is due");
    let refusing =
        Behaviour::script(|moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("554 5.7.1 not you")))
            .listen();
    let publication = publication.reconfigure(&format!(":{}\"", away.port), &format!(":{}\"", refusing.port));
    publication.run(&["deliver"]).leaves_with(1).says("nobody got").says("resolve newsletter 0001 --refused");
    publication.run(&["resolve", "newsletter", "1", "--refused", "--resend"]).ok();
    let publication = publication
        .reconfigure("connections = 2", "connections = 2\n[[mail.dkim]]\nselector = \"s1\"\nkey_file = \"gone.pem\"");
    publication.run(&["deliver"]).leaves_with(2).says("to read the DKIM key from").says_not("nothing is due");
}

#[test]
fn times_and_reasons_are_looked_at() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let send = |more: &[&str]| publication.run(&[&["send", "newsletter"], more].concat());
    send(&["--yes", "--at", "2025-08-03T06:00:00Z"])
        .leaves_with(2)
        .says("the time of `--at`, 2025-08-03 08:00:00+02:00, is in the past");
    send(&["--test", "me@x.example", "--at", "2026-08-03T06:00:00Z"]).leaves_with(2).says("cannot be used with");
    assert_eq!(sink.count(), 0);
    send(&["--yes", "--at", "2026-08-03T06:00:00Z"]).ok();
    publication.run(&["pause", "newsletter", "-m", "a wrong\n\tlink"]).ok();
    assert_eq!(campaign(&publication), ("paused".to_owned(), "a wrong link".to_owned()));
    publication.run(&["resume", "newsletter"]).ok().says("scheduled").says("begins 2026-08-03");
    publication.run(&["resume", "newsletter"]).ok().says("running");
    publication.run(&["deliver"]).ok().says("1 message sent");
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
    // So many that a slow machine does all that follows before the last.
    let all = 1000;
    let readers: Vec<String> = (0..all).map(|n| format!("r{n:03}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let sink = slow();
    let publication = by_hand(publication(&[&sink], &readers));
    let sending = ["send", "newsletter", "--yes"];
    let mut child = publication.command(&sending).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(20);
    publication.run(&["deliver"]).leaves_with(1).says("another run is sending mail");
    let timer = publication.run(&["deliver", "--quiet"]).ok();
    assert_eq!((timer.stdout.as_str(), timer.stderr.as_str()), ("", ""), "the timer comes again");
    publication.run(&["doctor"]).says("a run is sending mail");
    // Nobody has to wait for the end of it: the publication is not locked.
    publication.run(&["subscribers", "add", "members", "later@x.example"]).ok();
    assert!(child.try_wait().unwrap().is_none(), "it still sends");
    publication.run(&["pause", "newsletter", "1", "-m", "a wrong link"]).ok().says("paused");
    let output = child.wait_with_output().unwrap();
    Run::from_output(&publication, &sending, &output).ok();
    let paused_at = sink.count();
    assert!((20..all).contains(&paused_at), "{paused_at}");
    assert_eq!(campaign(&publication), ("paused".to_owned(), "a wrong link".to_owned()));
    publication.run(&["status"]).ok().says(&format!("{paused_at} of {all} sent"));
    publication.run(&["deliver"]).ok().says("nothing is due");
    assert_eq!(sink.count(), paused_at, "paused is paused");
    publication.run(&["resume", "newsletter", "1"]).ok();
    let child = publication.command(&["deliver"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(paused_at + 20);
    publication.run(&["cancel", "newsletter", "1"]).ok().says("cancelled");
    assert!(child.wait_with_output().unwrap().status.success());
    let cancelled_at = sink.count();
    assert!(cancelled_at < all);
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

#[test]
fn a_restored_copy_sends_nothing_before_somebody_has_looked() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], "")).file("readers.csv", "ann@x.example\nbo@x.example\n");
    let publication = publication.reconfigure("mail = \"auto\"", "mail = \"manual\"").published();
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    publication.run(&["backup", "kept.tar.gz"]).ok();
    publication.run(&["subscribers", "remove", "members", "bo@x.example"]).ok();
    let publication = publication.at("2026-08-02T10:00:00Z");
    publication.run(&["deliver"]).ok().says("1 message sent");
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok().says("paused");
    let copy = ["--config", "copy/config.toml"];
    publication.run(&[&copy[..], &["deliver"]].concat()).ok();
    assert_eq!(sink.count(), 1, "nobody is written to twice, and nobody who has left");
    publication.run(&[&copy[..], &["status"]].concat()).ok().says("paused").says("who has left");
    publication.run(&[&copy[..], &["resume", "newsletter", "1"]].concat()).ok();
}

#[test]
fn who_is_removed_before_any_run_has_read_their_row_gets_nothing() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], "")).file("readers.csv", "ann@x.example\nbo@x.example\n");
    publication.run(&["subscribers", "status"]).ok().says("2 readers in its file, which no run has read yet");
    publication.run(&["subscribers", "remove", "members", "bo@x.example"]).ok().says("bo@x.example unsubscribed");
    publication
        .run(&["subscribers", "status"])
        .ok()
        .says("1 active")
        .says("1 unsubscribed")
        .says_not("no run has read");
    let publication = publication.published();
    assert_eq!(sink.by_recipient().into_keys().collect::<Vec<_>>(), ["ann@x.example"]);
    publication.run(&["subscribers", "remove", "members", "zoe@x.example"]).ok().says("is not on the list");
}

#[test]
fn no_mail_leads_to_pages_that_were_taken_away_since() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let publication = publication.reconfigure("mail = \"manual\"", "mail = \"manual\"\npublic = false");
    publication
        .run(&["send", "newsletter", "1", "--yes"])
        .leaves_with(1)
        .says("leads to pages that are not on the web");
    publication.run(&["build"]).ok();
    assert_eq!(sink.count(), 0);
    publication.run(&["issue", "amend", "newsletter", "1", "-m", "for members"]).ok();
    publication.run(&["send", "newsletter", "1", "--yes"]).ok();
    let letter = String::from_utf8_lossy(&sink.taken()[0].bytes).into_owned();
    assert!(!letter.contains("/newsletter/1/"), "{letter}");
}

#[test]
fn who_leaves_while_a_run_sends_gets_nothing_any_more() {
    let sink = Behaviour::good().listen();
    let rows: String = (0..40).map(|n| format!("r{n:02}@x.example\n")).collect();
    let publication = with_mail(&mail(&[sink.port], "rate = \"20/s\"")).file("readers.csv", rows);
    let publication = by_hand(publication);
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let publication = publication.at("2026-08-02T10:00:00Z");
    let child = publication.command(&["deliver"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(21);
    // They were claimed by then.
    let publication = publication.at("2026-08-02T10:00:05Z");
    for late in ["r38@x.example", "r39@x.example"] {
        publication.run(&["subscribers", "remove", "members", late]).ok().says("unsubscribed");
    }
    assert!(child.wait_with_output().unwrap().status.success());
    let got = sink.by_recipient();
    assert_eq!((got.len(), got.contains_key("r38@x.example"), got.contains_key("r39@x.example")), (38, false, false));
}

#[test]
fn a_run_that_sends_reads_the_lists_files_first() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example", "cy@x.example"]));
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let publication = publication.file("readers.csv", "ann@x.example\ncy@x.example\n").at("2026-08-02T10:00:00Z");
    publication.run(&["deliver"]).ok().says("2 messages sent");
    assert_eq!(sink.by_recipient().into_keys().collect::<Vec<_>>(), ["ann@x.example", "cy@x.example"]);
}

#[test]
fn a_list_that_is_as_it_was_is_not_read_again_before_mail_goes_out() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo at x.example", "cy@x.example"]));
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok().says("readers.csv:2");
    let publication = publication.at("2026-08-02T08:00:00Z");
    publication.run(&["deliver"]).ok();
    let publication = publication.at("2026-08-02T10:00:00Z");
    publication.run(&["deliver"]).ok().says("2 messages sent").says_not("readers.csv");
}

#[test]
fn the_files_of_other_lists_are_not_read_again_because_one_is_gone() {
    let sink = Behaviour::good().listen();
    let publication = with_mail(&mail(&[sink.port], ""))
        .tables("[list.friends]\ntitle = \"Friends\"\ncsv = \"friends.csv\"")
        .reconfigure("lists = [\"members\"]", "lists = [\"members\", \"friends\"]")
        .file("readers.csv", "ann@x.example\n")
        .file("friends.csv", "bo at x.example\ncy@x.example\n");
    let publication = by_hand(publication);
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok().says("friends.csv:1");
    let publication = publication.without("readers.csv").at("2026-08-02T10:00:00Z");
    let told = publication.run(&["deliver"]).ok().says("2 messages sent");
    told.says("the readers of the list `members` are not at hand").says_not("friends.csv");
}

#[test]
fn a_service_says_once_that_a_campaign_was_paused() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example"]));
    let publication = publication.short_post("2026-08-10-two.md", "Two").at("2026-09-02T08:00:00Z").published();
    publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-09-02T09:00:00Z"]).ok();
    let watch = Watch::begin(&publication);
    publication.run(&["pause", "newsletter", "1", "-m", "a wrong link"]).ok();
    wait_until_said(&publication, "paused ");
    // What is queued since goes out when it looks again.
    publication.run(&["send", "newsletter", "2", "--yes"]).ok();
    sink.wait_for(1);
    let told = watch.end().ok();
    assert_eq!(told.stderr.matches("newsletter/0001 is paused: a wrong link").count(), 1, "{}", told.stderr);
    publication.run(&["deliver", "--quiet"]).ok().says_not("newsletter");
}

#[test]
fn an_operators_pause_holds_also_where_no_relay_was_at_hand() {
    let publication = by_hand(with_mail(&mail(&[1], "")).file("readers.csv", "ann@x.example\nbo@x.example\n"));
    publication.run(&["send", "newsletter", "--yes"]).leaves_with(1).says("no relay can be used");
    publication.run(&["backup", "kept.tar.gz"]).ok();
    publication.run(&["pause", "newsletter", "1", "-m", "no relay can be used: a wrong link"]).ok().says("paused");
    let sink = Behaviour::good().listen();
    let publication = publication.reconfigure("127.0.0.1:1\"", &format!("127.0.0.1:{}\"", sink.port));
    publication.run(&["deliver"]).ok().says("a wrong link");
    publication.run(&["restore", "kept.tar.gz", "copy"]).ok();
    let settings = publication.read("copy/config.toml").replace("127.0.0.1:1\"", &format!("127.0.0.1:{}\"", sink.port));
    let publication = publication.file("copy/config.toml", settings);
    publication.run(&["--config", "copy/config.toml", "deliver"]).ok();
    assert_eq!(sink.count(), 0, "neither goes on by itself");
    publication.run(&["resume", "newsletter", "1"]).ok();
    publication.run(&["deliver"]).ok().says("2 messages sent");
}

#[test]
fn who_was_sent_nothing_of_a_paused_campaign_gets_the_issue_as_it_was_amended() {
    let first = AtomicUsize::new(0);
    let sink = Behaviour::script(move |moment, _| {
        let is_first =
            matches!(moment, Moment::Rcpt(to) if to.starts_with("bo")) && first.fetch_add(1, Ordering::SeqCst) == 0;
        is_first.then_some(Act::Answer("450 4.2.1 try again later"))
    })
    .listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example", "bo@x.example"]));
    publication.run(&["send", "newsletter", "1", "--yes"]).ok().says("1 message sent");
    let publication = publication.after(&["pause", "newsletter", "1", "-m", "a wrong link"]).edit(
        "posts/2026-07-10-one.md",
        "a paragraph that says so",
        "a paragraph that was mended",
    );
    publication.run(&["resume", "newsletter", "1", "--amended"]).leaves_with(1).says("was not amended");
    publication.run(&["issue", "amend", "newsletter", "1", "-m", "a link"]).ok().says("`masthead resume --amended`");
    let refused = publication.run(&["resume", "newsletter", "1"]).leaves_with(1);
    refused.says("was queued as revision 1, and is revision 2 by now").says("--unamended");
    publication.run(&["resume", "newsletter", "1", "--amended"]).leaves_with(1).says("`masthead publish`");
    let publication = publication.published().after(&["resume", "newsletter", "1", "--amended"]);
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.run(&["deliver"]).ok().says("1 message sent");
    let bodies: Vec<(String, bool)> = sink
        .taken()
        .iter()
        .map(|one| (one.recipient.clone(), String::from_utf8_lossy(&one.bytes).contains("that was mended")))
        .collect();
    assert_eq!(bodies, [("ann@x.example".to_owned(), false), ("bo@x.example".to_owned(), true)]);
    let revision = |of: &str| {
        publication.run(&["status", "--json", "--recipient", of]).ok().json()["deliveries"][0]["revision"].clone()
    };
    assert_eq!((revision("ann@x.example"), revision("bo@x.example")), (1.into(), 2.into()));
    assert_eq!(campaign(&publication).0, "finished");
}

#[test]
fn who_vouches_for_the_sender_is_asked_before_anything_goes_out() {
    let told = |from: &str, keys: &str| {
        let own = format!("lists = [\"members\"]\nfrom = \"{from}\"");
        let publication = with_mail(&mail(&[9], keys)).reconfigure("lists = [\"members\"]", &own);
        let publication = publication.file("readers.csv", "ann@x.example\n");
        let run = publication.run(&["check"]).ok();
        run.stdout + &run.stderr
    };
    assert!(told("Ed <ed@gmail.com>", "").contains("`ed@gmail.com`, an address of a free provider"));
    assert!(told("ed@localhost", "").contains("whose domain has no dot"));
    let service = "subscriptions_url = \"http://compositor.example/\"";
    assert!(told("ed@compositor.example", service).contains("is not under https"));
    let good = told("ed@compositor.example", "subscriptions_url = \"https://compositor.example/\"");
    assert!(good.contains("no fault was found"), "{good}");
}

#[test]
fn two_files_that_disagree_on_a_name_leave_it_as_the_later_list_has_it() {
    let sink = Behaviour::good().listen();
    let publication = by_hand(publication(&[&sink], &["ann@x.example,Ann,en", "bo@x.example,Bo,"]))
        .tables("[list.zeta]\ncsv = \"zeta.csv\"")
        .reconfigure("lists = [\"members\"]", "lists = [\"members\", \"zeta\"]")
        .file("zeta.csv", "ann@x.example,Annie,fa\n");
    let ann = |publication: &Publication| {
        let told = publication.run(&["subscribers", "show", "ann@x.example", "--json"]).ok().json();
        (told["person"]["name"].clone(), told["person"]["language"].clone())
    };
    let later = (serde_json::json!("Annie"), serde_json::json!("fa"));
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    assert_eq!(ann(&publication), later);
    // The first alone has changed since, and is read before mail goes out.
    let publication = publication.file("readers.csv", "ann@x.example,Anne,en\nbo@x.example,Bo,\n");
    let publication = publication.at("2026-08-02T10:00:00Z");
    publication.run(&["deliver"]).ok().says("2 messages sent");
    assert_eq!(ann(&publication), later);
}

#[test]
fn a_dry_run_says_what_its_relay_takes_and_which_pages_are_gone() {
    let small = Behaviour::good().offering(&["PIPELINING", "SIZE 1000"]).listen();
    let publication = by_hand(publication(&[&small], &["ann@x.example"]).post(
        "2026-07-11-two.md",
        "---\ntitle: Two\n---\nSee [the first](/posts/a-line-of-type/), and [another](/posts/never/).\n",
    ));
    let publication = publication.without("posts/2026-07-10-one.md").published();
    let dry = publication.run(&["send", "newsletter", "1"]).ok();
    dry.says("takes messages of up to 1000 bytes").says("takes 1000 at most").says("no post stands any more");
    let told = publication.run(&["send", "newsletter", "1", "--json"]).ok().json();
    assert_eq!(told["relays"][0]["size_limit"], 1000, "{told}");
    assert_eq!(small.count(), 0);
    let away = publication.reconfigure(&format!(":{}\"", small.port), ":1\"");
    away.run(&["send", "newsletter", "1"]).ok().says("127.0.0.1:1 cannot be used now: nobody listens there");
}
