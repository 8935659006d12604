//! What follows from what relays answer: of recipients, of messages, of themselves.

#![allow(clippy::format_collect, reason = "lists of readers are short")]

use std::process::Stdio;

use super::sink::{Act, Behaviour, Moment, Sink};
use super::{campaign, publication, states};
use crate::publication::Publication;

fn answering(script: impl Fn(&str) -> Option<&'static str> + Send + Sync + 'static) -> Sink {
    Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(to) => script(to).map(Act::Answer),
        _ => None,
    })
    .listen()
}

/// The next issue, with one more post, made a month later.
fn next_issue(publication: Publication, month: u32) -> Publication {
    let (year, of_year) = (2026 + (month - 1) / 12, (month - 1) % 12 + 1);
    let (year_before, before) = (2026 + (month - 2) / 12, (month - 2) % 12 + 1);
    publication
        .short_post(&format!("{year_before}-{before:02}-10-more.md"), &format!("Post of {month}"))
        .at(&format!("{year}-{of_year:02}-02T08:00:00Z"))
        .published()
}

fn suppressed(publication: &Publication) -> u64 {
    let told = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    told["lists"][0]["suppressed"].as_u64().unwrap()
}

fn count(publication: &Publication, state: &str) -> usize {
    let told = publication.run(&["status", "--json"]).ok().json();
    told["campaigns"][0]["progress"]["states"][state].as_u64().unwrap_or_default() as usize
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("r{n:02}@x.example")).collect()
}

#[test]
fn why_a_campaign_stopped_names_nobody_and_outlives_whom_the_relay_named() {
    let sink = answering(|_| Some("554 5.7.1 <r00@x.example>: Relay access denied"));
    let readers = many(12);
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = publication(&[&sink], &readers);
    publication.publish().leaves_with(1).says("Relay access denied").says_not("r00@");
    let publication = publication.after(&["subscribers", "erase", "r00@x.example"]);
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("554 5.7.1 <{address}>: Relay access denied"), "{reason}");
    publication.run(&["status"]).ok().says_not("r00@");
    publication.run(&["publish", "--quiet"]).says_not("r00@");
}

#[test]
fn an_address_that_a_relay_knows_to_be_dead_gets_no_further_mail() {
    let sink = answering(|to| match to.split('@').next()? {
        "gone" => Some("550 5.1.1 no such user"),
        "policy" => Some("550 5.7.1 blocked using a blocklist"),
        _ => None,
    });
    let readers = ["ann@x.example", "gone@x.example", "policy@x.example"];
    let publication = publication(&[&sink], &readers);
    let told = publication.publish().ok().json();
    assert_eq!((&told["delivered"][0]["failed"], &told["delivered"][0]["suppressed"]), (&2.into(), &1.into()));
    publication.run(&["subscribers", "show", "gone@x.example"]).ok().says("hard bounce: user-unknown");
    assert_eq!(suppressed(&publication), 1);
    let publication = next_issue(publication, 9);
    let asked = |to: &str| sink.commands().iter().filter(|line| line.contains(&format!("RCPT TO:<{to}>"))).count();
    assert_eq!((asked("gone@x.example"), asked("policy@x.example"), asked("ann@x.example")), (1, 2, 2));
    assert_eq!(suppressed(&publication), 1);
    let friends = "csv = \"readers.csv\"\n[list.friends]\ntitle = \"Friends\"";
    let publication = publication.reconfigure("csv = \"readers.csv\"", friends);
    let add = ["subscribers", "add", "friends", "gone@x.example"];
    publication.run(&add).ok().says("must not be written to");
    let again = publication.run(&[&add[..], &["--again"]].concat()).ok();
    again.says("Friends: gone@x.example added").says("the mail of other lists goes there again, too: Members");
    assert_eq!(suppressed(&publication), 0);
    publication.run(&["subscribers", "add", "friends", "ann@x.example", "--again"]).ok().says_not("other lists");
}

#[test]
fn a_mailbox_that_is_full_five_times_in_a_row_gets_no_further_mail() {
    let sink = answering(|to| to.starts_with("full").then_some("552 5.2.2 mailbox full"));
    let mut publication = publication(&[&sink], &["ann@x.example", "full@x.example"]).published();
    for month in 9..=12 {
        assert_eq!(suppressed(&publication), 0, "before {month}");
        publication = next_issue(publication, month);
    }
    assert_eq!(suppressed(&publication), 1);
    publication.run(&["subscribers", "show", "full@x.example"]).ok().says("5 soft bounces");
    let add = ["subscribers", "add", "members", "full@x.example"];
    publication.run(&add).ok().says("on the list already, but no mail goes there: 5 soft bounces").says("--again");
    publication.run(&[&add[..], &["--again"]].concat()).ok().says("gets mail again");
    // Whoever asks again begins anew.
    let publication = next_issue(publication, 13);
    let asked = sink.commands().iter().filter(|line| line.contains("RCPT TO:<full@x.example>")).count();
    assert_eq!((suppressed(&publication), asked), (0, 6));
}

#[test]
fn what_one_relay_refuses_for_reasons_of_its_own_the_next_one_gets() {
    let size = || Behaviour::good().offering(&["PIPELINING", "SIZE 1000"]);
    let at_mail = |answer: &'static str| {
        Behaviour::script(move |moment, _| (*moment == Moment::Mail).then_some(Act::Answer(answer)))
    };
    let at_rcpt = |answer: &'static str| {
        Behaviour::script(move |moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer(answer)))
    };
    let at_end = |answer: &'static str| {
        Behaviour::script(move |moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Refuse(answer)))
    };
    for (what, behaviour) in [
        ("size", size()),
        ("552", at_mail("552 5.3.4 message too large")),
        ("relaying", at_rcpt("554 5.7.1 Relay access denied")),
        ("spam", at_end("550 5.7.1 looks like spam")),
    ] {
        let (first, second) = (behaviour.listen(), Behaviour::good().listen());
        let readers = many(30);
        let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
        let publication = publication(&[&first, &second], &readers).published();
        assert_eq!(campaign(&publication).0, "finished", "{what}: {:?}", campaign(&publication));
        assert_eq!((first.count(), second.count()), (0, 30), "{what}");
        assert!(second.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "{what}");
        let asked = first.commands().iter().filter(|line| line.starts_with("RCPT")).count();
        assert!(asked <= 24, "{what}: {asked} are asked of a relay that takes none");
    }
}

#[test]
fn a_message_too_large_for_every_relay_costs_nobody_the_issue() {
    let small = Behaviour::good().offering(&["PIPELINING", "SIZE 1000"]).listen();
    let publication = publication(&[&small], &["ann@x.example", "bo@x.example"]).published_mailed_or_not();
    assert!(states(&publication).iter().all(|(_, state)| state == "pending"), "{:?}", states(&publication));
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("and the relay takes 1000"), "{state} {reason}");
}

#[test]
fn a_relay_that_refuses_one_message_after_the_other_stops_the_campaign() {
    let refusing = answering(|_| Some("554 5.7.1 Relay access denied"));
    let readers = many(40);
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = publication(&[&refusing], &readers);
    // Nobody watches a run of a timer.
    let quiet = publication.run(&["publish", "--quiet"]).leaves_with(1);
    quiet.says("is paused").says("refuses one message after the other: 554 5.7.1 Relay access denied");
    publication.run(&["publish"]).ok().says("newsletter/0001 is paused").says("masthead resume newsletter 0001");
    publication.run(&["check"]).ok().says("newsletter/0001 is paused").says("Relay access denied");
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("Relay access denied"), "{state} {reason}");
    let failed = count(&publication, "failed");
    assert!((10..=12).contains(&failed), "{failed} were refused before it stopped");
    assert_eq!((count(&publication, "pending"), suppressed(&publication)), (40 - failed, 0));
    // It is for people to mend: the next run does not cost ten more.
    publication.run(&["deliver"]).ok();
    assert_eq!(count(&publication, "failed"), failed);
    let resolve = ["resolve", "newsletter", "1", "--refused"];
    publication.run(&resolve).ok().says("r00@x.example").says("Relay access denied");
    publication.run(&["resolve", "newsletter", "1", "--refused", "--sent"]).leaves_with(2);
    let again = [&resolve[..], &["--resend"]].concat();
    publication.run(&again).ok().says(&format!("{failed} messages")).says("masthead resume");
    let sink = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", refusing.port), &format!(":{}\"", sink.port));
    publication.run(&["resume", "newsletter", "1"]).ok();
    publication.run(&["deliver"]).ok().says("40 messages sent");
    assert_eq!((sink.by_recipient().len(), campaign(&publication).0.as_str()), (40, "finished"));
    publication
        .run(&[&again[..], &["--recipient", "r01@x.example"]].concat())
        .leaves_with(1)
        .says("is sent, not failed");
}

/// `count` readers of these domains in turn, whose addresses begin so.
fn of_domains(begin: &str, count: usize, domains: &[&str]) -> Vec<String> {
    (0..count).map(|n| format!("{begin}{n:02}@{}", domains[n % domains.len()])).collect()
}

/// Readers of a domain that refuses us, with so many of other domains before and after them.
fn around(before: usize, refused: usize, after: usize) -> Vec<String> {
    let others = ["x.example", "y.example", "z.example"];
    let parts =
        [of_domains("a", before, &others), of_domains("s", refused, &["uni.example"]), of_domains("t", after, &others)];
    parts.concat()
}

fn texts(readers: &[String]) -> Vec<&str> {
    readers.iter().map(String::as_str).collect()
}

fn policy(to: &str) -> Option<&'static str> {
    to.ends_with("@uni.example").then_some("554 5.7.1 blocked by policy")
}

#[test]
fn a_domain_that_wants_nothing_of_ours_stops_nobody_else_where_others_are_taken() {
    // Behind others; before all others, in hand at once or not; more of them than the relay took of others, and without any.
    for (before, refused, after, state) in [
        (30, 25, 30, "finished"),
        (0, 20, 20, "finished"),
        (0, 300, 310, "finished"),
        (0, 400, 30, "finished"),
        (0, 10, 1, "finished"),
        (4, 80, 4, "finished"),
        (4, 80, 0, "paused"),
        (0, 20, 0, "paused"),
    ] {
        let sink = answering(policy);
        let readers = around(before, refused, after);
        let publication = publication(&[&sink], &texts(&readers)).published_mailed_or_not();
        assert_eq!(campaign(&publication).0, state, "{before} {refused} {after}");
        assert_eq!(sink.by_recipient().len(), before + after, "{before} {refused} {after}");
        let failed = count(&publication, "failed");
        if state == "finished" {
            assert_eq!(failed, refused);
        } else {
            assert!(failed <= 80, "{failed} of {before} {refused} {after}");
        }
        let asked = sink.commands().iter().filter(|line| line.contains("@uni.example>")).count();
        assert!(asked <= refused + 16, "{asked} of {refused}: nobody is asked again and again");
    }
}

#[test]
fn a_domain_that_refuses_us_through_every_relay_stops_nobody_else() {
    // Two that refuse it; one of two that is not there; and one that puts it off.
    let later = |to: &str| to.ends_with("@uni.example").then_some("451 4.7.1 not now");
    for (what, second, failed) in
        [("both", Some(answering(policy)), 20), ("one", None, 20), ("later", Some(answering(later)), 0)]
    {
        let (first, gone) = (answering(policy), Behaviour::good().listen());
        let is_gone = second.is_none();
        let second = second.unwrap_or(gone);
        let port = second.port;
        let readers = around(0, 20, 30);
        let publication = publication(&[&first, &second], &texts(&readers));
        let publication = if is_gone { publication.reconfigure(&format!(":{port}\""), ":9\"") } else { publication };
        let publication = publication.published_mailed_or_not();
        assert_eq!(
            first.by_recipient().len() + second.by_recipient().len(),
            30,
            "{what}: {:?}",
            campaign(&publication)
        );
        assert_eq!(count(&publication, "failed"), failed, "{what}: {:?}", campaign(&publication));
        let asked = |sink: &Sink| sink.commands().iter().filter(|line| line.contains("@uni.example>")).count();
        assert!(asked(&first) + asked(&second) <= 70, "{what}: {} and {}", asked(&first), asked(&second));
        let state = if failed == 0 { "running" } else { "finished" };
        assert_eq!(campaign(&publication).0, state, "{what}: {:?}", campaign(&publication));
    }
}

#[test]
fn one_refused_reader_of_a_large_domain_keeps_nobody_from_their_issue() {
    // Behind a domain that refuses us, of which more are refused than of the other are taken in between.
    for connections in [1, 2, 8, 16] {
        let sink = answering(|to| if to == "t000@x.example" { Some("554 5.7.1 not him") } else { policy(to) });
        let refused = of_domains("s", 100, &["uni.example"]);
        let others: Vec<String> = (0..150).map(|n| format!("t{n:03}@x.example")).collect();
        let readers = [refused, others].concat();
        let publication = publication(&[&sink], &texts(&readers))
            .reconfigure("connections = 2", &format!("connections = {connections}"))
            .published_mailed_or_not();
        assert_eq!(campaign(&publication).0, "finished", "{connections}: {:?}", campaign(&publication));
        assert_eq!((sink.by_recipient().len(), count(&publication, "failed")), (149, 101), "{connections}");
    }
    // As many connections as readers: all were asked before the first was refused.
    let sink = answering(policy);
    let publication = publication(&[&sink], &texts(&around(0, 11, 2)))
        .reconfigure("connections = 2", "connections = 16")
        .published_mailed_or_not();
    assert_eq!((campaign(&publication).0.as_str(), count(&publication, "failed")), ("finished", 11));
}

#[test]
fn a_relay_that_refuses_everybody_judges_no_domain_beside_one_that_takes_others() {
    for connections in [1, 2, 8] {
        let (first, second) = (answering(|_| Some("554 5.7.1 Relay access denied")), answering(policy));
        let readers = [of_domains("s", 60, &["uni.example"]), of_domains("t", 90, &["x.example"])].concat();
        let publication = publication(&[&first, &second], &texts(&readers))
            .reconfigure("connections = 2", &format!("connections = {connections}"))
            .published_mailed_or_not();
        assert_eq!(campaign(&publication).0, "finished", "{connections}: {:?}", campaign(&publication));
        assert_eq!((second.by_recipient().len(), count(&publication, "failed")), (90, 60), "{connections}");
    }
}

#[test]
fn what_a_relay_said_of_addresses_that_refuses_everybody_is_taken_back_as_a_whole() {
    // Ten for reasons of ours, and then mailboxes of many domains that it does not know.
    let sink = answering(|to| match to {
        _ if to.ends_with("@uni.example") => Some("554 5.7.1 blocked"),
        _ => Some("550 5.1.1 User unknown"),
    });
    let others = ["a.example", "b.example", "c.example", "d.example", "e.example"];
    let readers = [of_domains("s", 12, &["uni.example"]), of_domains("t", 90, &others)].concat();
    let publication = publication(&[&sink], &texts(&readers)).published_mailed_or_not();
    assert_eq!((campaign(&publication).0.as_str(), suppressed(&publication)), ("paused", 0));
    let failed = count(&publication, "failed");
    assert!(failed <= 70, "{failed} were asked");
}

/// A server that answers each recipient by how many it was asked before.
fn counting(answer: impl Fn(usize, &str) -> Option<&'static str> + Send + Sync + 'static) -> Sink {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let asked = AtomicUsize::new(0);
    Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(to) => answer(asked.fetch_add(1, Ordering::SeqCst), to).map(Act::Answer),
        _ => None,
    })
    .listen()
}

#[test]
fn a_relay_that_refuses_everybody_midway_is_not_taken_for_a_domain() {
    const BLOCKED: Option<&str> = Some("550 5.7.28 unusual rate of unsolicited mail");
    let of = |begin: &str, count: usize, domain: &str| of_domains(begin, count, &[domain]);
    // One who is unknown there proves nothing of the others, and that it took many of another domain before neither.
    let unknown = |asked, to: &str| match to {
        "a00@big.example" => Some("550 5.1.1 User unknown"),
        _ if asked >= 46 => BLOCKED,
        _ => None,
    };
    let one_dead = [of("a", 1, "big.example"), of("b", 45, "x.example"), of("c", 300, "big.example")].concat();
    let sorted = [of("a", 250, "x.example"), of("b", 250, "y.example")].concat();
    // A provider that took many, and takes no more, while others are taken.
    let provider = [of("a", 300, "big.example"), of("b", 40, "x.example")].concat();
    for (what, readers, sink, sent) in [
        ("unknown", one_dead, counting(unknown), 45),
        ("sorted", sorted, counting(|asked, _| BLOCKED.filter(|_| asked >= 200)), 200),
        (
            "provider",
            provider,
            counting(|asked, to| BLOCKED.filter(|_| asked >= 100 && to.ends_with("@big.example"))),
            140,
        ),
    ] {
        let publication = publication(&[&sink], &texts(&readers)).published_mailed_or_not();
        let (state, reason) = campaign(&publication);
        assert!(state == "paused" && reason.contains("550 5.7.28"), "{what}: {state} {reason}");
        assert_eq!(sink.by_recipient().len(), sent, "{what}");
        let failed = count(&publication, "failed");
        assert!(failed <= 64, "{what}: {failed} were refused");
    }
}

#[test]
fn addresses_that_a_relay_knew_not_for_a_while_are_asked_again() {
    let is_lost = |asked, to: &str| asked < 52 && to.ends_with("@big.example");
    let sink = counting(move |asked, to| is_lost(asked, to).then_some("550 5.1.1 User unknown"));
    let readers = [of_domains("a", 90, &["big.example"]), of_domains("b", 90, &["x.example"])].concat();
    let publication = publication(&[&sink], &texts(&readers)).published_mailed_or_not();
    let state = campaign(&publication).0;
    // What it said first is taken back, whoever is to ask again.
    assert_eq!(suppressed(&publication), 0, "{state}");
    assert!(state == "paused" || sink.by_recipient().len() == 180, "{state}: {}", sink.by_recipient().len());
}

#[test]
fn readers_who_left_meanwhile_do_not_end_the_turn_of_the_others() {
    let sink = answering(policy);
    let left = of_domains("t", 60, &["x.example"]);
    let last = of_domains("u", 60, &["x.example"]);
    let readers = [of_domains("s", 60, &["uni.example"]), left.clone(), last].concat();
    let publication =
        publication(&[&sink], &texts(&readers)).reconfigure("mail = \"auto\"", "mail = \"manual\"").published();
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let row = |address: &String| format!("{address},{}\n", if left.contains(address) { "unsubscribed" } else { "" });
    let rows: String = readers.iter().map(row).collect();
    let publication = publication.file("readers.csv", format!("email,status\n{rows}")).published();
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.run(&["deliver"]).ok();
    assert_eq!((campaign(&publication).0.as_str(), sink.by_recipient().len()), ("finished", 60));
}

#[test]
fn what_a_run_learnt_of_a_domain_the_next_one_knows() {
    // The run is told to end when the others have been asked and the rest of the domain is.
    let sink = Behaviour::script(|moment, _| match moment {
        Moment::Rcpt(to) => policy(to).map(Act::Answer),
        Moment::Taken(_) => Some(Act::Wait(std::time::Duration::from_millis(60))),
        _ => None,
    })
    .listen();
    let publication = publication(&[&sink], &texts(&around(0, 40, 60)));
    let mut child = publication.command(&["publish"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sink.wait_for(50);
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap();
    let before = count(&publication, "failed");
    assert!(before <= 14, "{before} were asked before the others");
    let publication = publication.at("2026-08-02T10:00:00Z");
    for run in 0..3 {
        publication.run(&["deliver"]);
        if campaign(&publication).0 == "finished" {
            assert_eq!((sink.by_recipient().len(), count(&publication, "failed")), (60, 40), "run {run}");
            return;
        }
    }
    panic!("{:?}", campaign(&publication));
}

#[test]
fn a_relay_that_fails_while_readers_are_set_aside_is_no_judge_of_them() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    // Fifty mailboxes of one domain are unknown, and then the relay falls silent before it took anything.
    let asked = AtomicUsize::new(0);
    let sink = Behaviour::script(move |moment, _| {
        let Moment::Rcpt(to) = moment else { return None };
        let is_first = to.ends_with("@uni.example") && asked.fetch_add(1, Ordering::SeqCst) < 80;
        Some(if is_first { Act::Answer("550 5.1.1 User unknown") } else { Act::Drop })
    })
    .listen();
    let readers = around(0, 80, 12);
    let publication = publication(&[&sink], &texts(&readers)).published_mailed_or_not();
    assert_eq!(sink.by_recipient().len(), 0);
    assert_eq!(suppressed(&publication), 0, "{:?}", campaign(&publication));
}

#[test]
fn a_relay_that_had_enough_of_us_costs_no_list_of_one_domain() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    // With the editor's own address before the list, and with somebody of another domain among many of one.
    for (first, taken, other) in [("a@own.example", 1, ""), ("a@big.example", 20, "zz@other.example")] {
        let asked = AtomicUsize::new(0);
        let sink = Behaviour::script(move |moment, _| {
            matches!(moment, Moment::Rcpt(_)).then_some(())?;
            let is_over = asked.fetch_add(1, Ordering::SeqCst) >= taken;
            is_over.then_some(Act::Answer("550 5.7.1 daily sending quota exceeded"))
        })
        .listen();
        let readers = of_domains("r", 200, &["big.example"]);
        let all = [first].into_iter().chain(readers.iter().map(String::as_str)).chain([other]);
        let all: Vec<&str> = all.filter(|reader| !reader.is_empty()).collect();
        let publication = publication(&[&sink], &all).published_mailed_or_not();
        let (state, reason) = campaign(&publication);
        assert!(state == "paused" && reason.contains("daily sending quota"), "{state} {reason}");
        let refused = count(&publication, "failed");
        assert!(refused <= 60, "{refused} of 200");
    }
}

#[test]
fn where_more_is_refused_than_taken_it_is_told() {
    let sink = answering(|to| to.ends_with("@uni.example").then_some("554 5.7.1 blocked by policy"));
    let parts = [of_domains("a", 4, &["x.example"]), of_domains("s", 12, &["uni.example"])];
    let readers: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    let publication = publication(&[&sink], &readers);
    let told = publication.run(&["publish"]).ok();
    told.says("more messages of newsletter/0001 were refused than taken: 12 of 16").says("--refused");
}

#[test]
fn a_message_that_is_taken_late_does_not_hide_that_a_relay_refuses_everybody() {
    let sink = Behaviour::script(|moment, _| match moment {
        Moment::Rcpt(to) if !to.starts_with('a') => Some(Act::Answer("554 5.7.1 Relay access denied")),
        Moment::Taken(_) => Some(Act::Wait(std::time::Duration::from_millis(900))),
        _ => None,
    })
    .listen();
    let domains = ["x.example", "y.example", "z.example"];
    let parts = [of_domains("a", 2, &domains), of_domains("s", 90, &domains)];
    let readers: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    let publication = publication(&[&sink], &readers);
    let told = publication.run(&["publish"]).leaves_with(1);
    told.says("refuses one message after the other: 554 5.7.1 Relay access denied")
        .says("--refused --resend")
        .says_not("no try was used up");
    assert!(count(&publication, "failed") <= 14, "{}", count(&publication, "failed"));
    assert_eq!(sink.by_recipient().len(), 2);
}

#[test]
fn a_relay_that_knows_none_of_a_small_list_says_nothing_of_them() {
    let readers: Vec<String> = (0..12).map(|n| format!("r{n:02}@{}.example", ["x", "y", "z"][n % 3])).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let unknown = "550 5.1.1 User unknown in virtual mailbox table";
    let refusing = answering(move |_| Some(unknown));
    let publication = publication(&[&refusing], &readers);
    publication.run(&["publish"]).leaves_with(1).says("is paused").says("refuses one message after the other");
    assert_eq!((count(&publication, "failed") + count(&publication, "bounced"), suppressed(&publication)), (12, 0));
    publication.run(&["check"]).ok().says("newsletter/0001 is paused").says("User unknown in virtual mailbox table");
    // A relay that stands by gets them all.
    let (first, second) = (answering(move |_| Some(unknown)), Behaviour::good().listen());
    let publication = super::publication(&[&first, &second], &readers).published();
    assert_eq!((second.by_recipient().len(), suppressed(&publication)), (12, 0));
    assert_eq!(campaign(&publication).0, "finished");
    // Who is only put off may be taken yet, so that what was said of the others is believed.
    let few = answering(move |to| Some(if to.contains("r0") { unknown } else { "450 4.2.0 greylisted" }));
    let publication = super::publication(&[&few], &readers).published();
    assert_eq!((campaign(&publication).0.as_str(), suppressed(&publication)), ("running", 10));
    // Once others got theirs it is believed, and so it is of one company that has closed.
    let some = answering(move |to| to.contains("r0").then_some(unknown));
    let publication = super::publication(&[&some], &readers).published();
    assert_eq!((campaign(&publication).0.as_str(), suppressed(&publication)), ("finished", 10));
    let readers = many(12);
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let publication = super::publication(&[&refusing], &readers).published_mailed_or_not();
    assert_eq!(suppressed(&publication), 12);
}

#[test]
fn messages_that_nobody_tries_again_are_told() {
    let sink = answering(|to| to.starts_with("bo").then_some("450 4.2.1 try again later"));
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]);
    publication.run(&["publish"]).ok().says("1 to be tried again").says("`masthead deliver` tries those again");
    let late = "newsletter/0001 has messages that were due at";
    publication.run(&["check"]).ok().says_not(late);
    publication.at("2026-09-20T08:00:00Z").run(&["check"]).ok().says(late).says("a timer has to run it");
}

#[test]
fn what_comes_back_of_a_test_is_about_nobody() {
    use masthead::store::{KeyRing, Store};
    let sink = Behaviour::good().listen();
    let publication = publication(&[&sink], &["ann@x.example"]).reconfigure("mail = \"auto\"", "mail = \"manual\"");
    let publication = publication.published();
    publication.run(&["send", "newsletter", "--test", "me@typo.example"]).ok();
    publication.run(&["send", "newsletter", "--yes"]).ok();
    let [test, real] = &sink.taken()[..] else { panic!("{:?}", sink.taken()) };
    assert_eq!((test.recipient.as_str(), real.recipient.as_str()), ("me@typo.example", "ann@x.example"));
    assert_ne!(test.return_path, real.return_path);
    let report = format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@typo.example\nTo: {}\nMessage-ID: <1@typo.example>\nSubject: Undelivered\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; typo.example\n\n\
         Final-Recipient: rfc822; me@typo.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
        test.return_path
    );
    let publication = publication.file("report.eml", report);
    let told = publication.run(&["bounce", "report.eml", "--json"]).ok().json();
    assert_eq!((&told["suppressed"], &told["not_written_to"]), (&serde_json::json!([]), &1.into()), "{told}");
    assert_eq!(suppressed(&publication), 0);
    // The link in it works as it will in the issue.
    let store = Store::open(&publication.path("masthead.db")).unwrap();
    let store = store.with_secrets(KeyRing::read("a secret of thirty-two characters").unwrap());
    let token = store.unsubscribe_token("members", "me@typo.example");
    let head = String::from_utf8_lossy(&test.bytes).split("\r\n\r\n").next().unwrap().replace("\r\n ", "");
    assert!(head.contains(&token), "{head}");
}

#[test]
fn an_answer_is_understood_however_it_is_written() {
    let long = [b"250 2.0.0 ".to_vec(), b"x".repeat(5000), b"\r\n".to_vec()].concat();
    let many = [b"250-2.0.0 and\r\n".repeat(300), b"250 2.0.0 taken\r\n".to_vec()].concat();
    for (what, bytes, state) in [
        ("a long line", long, "sent 250"),
        ("many lines", many, "sent 250"),
        ("no carriage return", b"250 2.0.0 taken\n".to_vec(), "sent 250"),
        ("an unknown code", b"571 not this one\r\n".to_vec(), "failed 571"),
        ("an unknown code", b"299 taken, somehow\r\n".to_vec(), "sent 299"),
        ("an unknown code", b"498 later\r\n".to_vec(), "deferred 498"),
    ] {
        let answer = Act::Bytes(bytes);
        let sink = Behaviour::script(move |moment, _| matches!(moment, Moment::Taken(_)).then(|| answer.clone()));
        let publication = publication(&[&sink.listen()], &["ann@x.example"]).published_mailed_or_not();
        assert_eq!(states(&publication)[0].1, state, "{what}");
    }
    let refusing = answering(|to| to.starts_with("bo").then_some("571 5.7.1 not him"));
    let publication = publication(&[&refusing], &["ann@x.example", "bo@x.example"]).published_mailed_or_not();
    let after: Vec<String> = states(&publication).into_iter().map(|(_, state)| state).collect();
    assert_eq!(after, ["sent 250", "failed 571"]);
    assert!(refusing.sessions() <= 2, "no connection is lost for it");
}

#[test]
fn resolving_says_what_it_cannot_do() {
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]).published_mailed_or_not();
    let resolve = |more: &[&str]| publication.run(&[&["resolve", "newsletter", "1"], more].concat());
    resolve(&["--sent", "--recipient", "nobody@x.example"]).leaves_with(1).says("is not sent to `nobody@x.example`");
    resolve(&["--sent", "--recipient", "ann@x.example"]).ok().says("1 message taken as arrived");
    resolve(&["--sent", "--recipient", "ann@x.example"]).leaves_with(1).says("is sent, not ambiguous");
    resolve(&["--resend"]).ok();
    publication.run(&["cancel", "newsletter", "1"]).ok();
    resolve(&["--resend"]).leaves_with(1).says("is cancelled: nothing of it is sent again");
}

#[test]
fn what_was_settled_as_not_arrived_is_no_refusal() {
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]).published_mailed_or_not();
    let resolve = |more: &[&str]| publication.run(&[&["resolve", "newsletter", "1"], more].concat());
    resolve(&["--failed"]).ok().says("2 messages taken as not arrived");
    resolve(&["--refused"]).ok().says("nothing was refused");
    resolve(&["--refused", "--resend"]).ok().says("0 messages");
    resolve(&["--refused", "--recipient", "ann@x.example"]).ok().says("ann@x.example");
    resolve(&["--refused", "--resend", "--recipient", "ann@x.example"]).ok().says("1 message");
}

#[test]
fn resolving_names_nobody_who_was_erased() {
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
    let publication = publication(&[&sink], &["ann@x.example", "bo@x.example"]).published_mailed_or_not();
    let publication = publication.after(&["subscribers", "erase", "ann@x.example"]);
    let told = publication.run(&["resolve", "newsletter", "1"]).ok();
    told.says("bo@x.example").says("look for these Message-IDs").says("erased  ").says_not("erased-");
    publication.run(&["resolve", "newsletter", "1", "--sent", "--recipient", "bo@x.example"]).ok();
    let told = publication.run(&["resolve", "newsletter", "1"]).ok();
    told.says("nothing is left to look for").says_not("look for these");
}
