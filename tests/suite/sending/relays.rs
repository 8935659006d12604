//! Relays that take everything in doubt, refuse everybody, or put everybody off: what follows for readers and campaigns.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::sink::{Act, Behaviour, Moment, Sink};
use super::{campaign, publication};
use crate::publication::Publication;

fn many(count: usize, domain: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(|n| format!("r{n:03}@{}", domain(n))).collect()
}

fn published(relays: &[&Sink], readers: &[String]) -> Publication {
    publication(relays, &readers.iter().map(String::as_str).collect::<Vec<_>>()).published_mailed_or_not()
}

fn count(publication: &Publication, state: &str) -> usize {
    let told = publication.run(&["status", "--json"]).ok().json();
    told["campaigns"][0]["progress"]["states"][state].as_u64().unwrap_or_default() as usize
}

fn suppressed(publication: &Publication) -> u64 {
    publication.run(&["subscribers", "status", "members", "--json"]).ok().json()["lists"][0]["suppressed"]
        .as_u64()
        .unwrap()
}

/// Takes messages and says nothing of it.
fn mute() -> Sink {
    Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen()
}

fn at_recipients(answer: &'static str) -> Sink {
    Behaviour::script(move |moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer(answer))).listen()
}

#[test]
fn a_relay_that_leaves_every_message_in_doubt_stops_the_campaign() {
    let sink = mute();
    let publication = published(&[&sink], &many(60, |_| "x.example".to_owned()));
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("leaves one message after the other in doubt"), "{state} {reason}");
    let ambiguous = count(&publication, "ambiguous");
    // Three, and what the other connection had under way.
    assert!((3..=5).contains(&ambiguous), "{ambiguous} in doubt");
    assert_eq!(count(&publication, "pending"), 60 - ambiguous, "the others wait");
    // The next run looks carefully whether it does better.
    publication.run(&["deliver"]).leaves_with(1).says("is paused: no relay can be used");
    assert_eq!(count(&publication, "ambiguous"), ambiguous + 1);
    let good = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", sink.port), &format!(":{}\"", good.port));
    publication.run(&["deliver"]).ok();
    assert_eq!((good.count(), campaign(&publication).0.as_str()), (59 - ambiguous, "finished"));
}

#[test]
fn another_relay_takes_over_from_one_that_leaves_messages_in_doubt() {
    let (first, second) = (mute(), Behaviour::good().listen());
    let readers = many(60, |_| "x.example".to_owned());
    let publication = publication(&[&first, &second], &readers.iter().map(String::as_str).collect::<Vec<_>>());
    let told = publication.publish().leaves_with(1);
    told.warns("past a relay that could not be used").warns("in doubt").says("nobody knows whether a server took them");
    assert_eq!(campaign(&publication).0, "finished");
    let ambiguous = count(&publication, "ambiguous");
    assert!((3..=5).contains(&ambiguous), "{ambiguous} in doubt");
    assert_eq!(second.count(), 60 - ambiguous);
    let twice = second.by_recipient().keys().filter(|to| first.by_recipient().contains_key(*to)).count();
    assert_eq!(twice, 0, "what is in doubt goes nowhere else");
}

#[test]
fn an_issue_of_which_everything_is_in_doubt_was_not_sent() {
    let sink = mute();
    let readers = ["ann@x.example", "bo@x.example"];
    let publication = publication(&[&sink], &readers).reconfigure("mail = \"auto\"", "mail = \"manual\"").published();
    let sent = publication.run(&["send", "newsletter", "1", "--yes"]).leaves_with(1);
    sent.says("of nobody is it known that they got newsletter/0001").says("masthead resolve newsletter 0001");
}

#[test]
fn another_relay_gets_what_the_first_puts_off_for_reasons_of_its_own() {
    let (first, second) = (at_recipients("451 4.3.2 system not accepting messages"), Behaviour::good().listen());
    let publication = published(&[&first, &second], &many(30, |_| "x.example".to_owned()));
    assert_eq!((second.count(), campaign(&publication).0.as_str()), (30, "finished"));
    // A full mailbox is as full by another way.
    let (first, second) = (at_recipients("452 4.2.2 mailbox full"), Behaviour::good().listen());
    let publication = published(&[&first, &second], &many(3, |_| "x.example".to_owned()));
    assert_eq!((second.count(), count(&publication, "deferred")), (0, 3));
    // With nobody else to ask, each waits: for its own try, or, where the relay speaks of itself, for that.
    let only = at_recipients("451 4.7.1 greylisted");
    let publication = published(&[&only], &many(30, |_| "x.example".to_owned()));
    assert_eq!((count(&publication, "deferred"), campaign(&publication).0.as_str()), (30, "running"));
    let only = at_recipients("451 4.3.2 system not accepting messages");
    let publication = published(&[&only], &many(30, |_| "x.example".to_owned()));
    assert_eq!((count(&publication, "pending"), campaign(&publication).0.as_str()), (30, "paused"));
}

#[test]
fn a_relay_that_falls_silent_after_it_took_some_costs_few_waits() {
    for act in [Act::Drip, Act::Drop] {
        let silent = Behaviour::script(move |moment, taken| {
            (matches!(moment, Moment::Data(_)) && taken >= 2).then(|| act.clone())
        })
        .listen();
        let second = Behaviour::good().listen();
        let readers = many(40, |_| "x.example".to_owned());
        let publication = publication(&[&silent, &second], &readers.iter().map(String::as_str).collect::<Vec<_>>());
        publication.publish().ok().warns("past a relay that could not be used").warns("one message after the other");
        assert_eq!(campaign(&publication).0, "finished");
        assert_eq!((silent.count() + second.count(), count(&publication, "sent")), (40, 40));
        assert!(silent.sessions() <= 6, "{} connections to the one that is silent", silent.sessions());
    }
}

#[test]
fn a_relay_that_falls_silent_and_is_the_only_one_pauses_the_campaign() {
    let silent =
        Behaviour::script(|moment, taken| (matches!(moment, Moment::Rcpt(_)) && taken >= 2).then_some(Act::Drop));
    let silent = silent.listen();
    let publication = published(&[&silent], &many(40, |_| "x.example".to_owned()));
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("takes none of one message after the other"), "{state} {reason}");
    let put_off = count(&publication, "deferred");
    assert!((3..=4).contains(&put_off), "{put_off} put off");
    let rest = 40 - silent.count() - put_off;
    assert_eq!(count(&publication, "pending"), rest, "the others wait");
    let good = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", silent.port), &format!(":{}\"", good.port));
    publication.run(&["deliver"]).ok();
    assert_eq!((good.count(), campaign(&publication).0.as_str()), (rest, "running"));
}

#[test]
fn a_relay_that_knows_nobody_takes_no_mail_from_anybody() {
    let deaf = at_recipients("550 5.1.1 no such user");
    let publication = published(&[&deaf], &many(120, |n| format!("d{}.example", n % 7)));
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("550 5.1.1"), "{state} {reason}");
    let failed = count(&publication, "failed");
    assert!((50..=53).contains(&failed), "{failed}");
    assert_eq!(suppressed(&publication), 0, "it says nothing of them");
    let good = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", deaf.port), &format!(":{}\"", good.port));
    publication.run(&["resolve", "newsletter", "1", "--refused", "--resend"]).ok().says(&format!("{failed} messages"));
    publication.run(&["resume", "newsletter", "1"]).ok();
    publication.run(&["deliver"]).ok();
    assert_eq!((good.by_recipient().len(), campaign(&publication).0.as_str()), (120, "finished"));
}

#[test]
fn what_a_relay_refused_that_knows_nobody_the_next_one_gets() {
    let (deaf, good) = (at_recipients("550 5.1.1 no such user"), Behaviour::good().listen());
    let publication = published(&[&deaf, &good], &many(120, |n| format!("d{}.example", n % 7)));
    assert_eq!((good.by_recipient().len(), campaign(&publication).0.as_str()), (120, "finished"));
    assert!(good.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1));
    assert_eq!((suppressed(&publication), count(&publication, "failed")), (0, 0));
}

#[test]
fn those_refused_that_are_tried_again_get_mail_again() {
    // Too few for a relay to be found out by itself.
    let deaf = at_recipients("550 5.1.1 no such user");
    let readers = many(20, |_| "x.example".to_owned());
    let publication = published(&[&deaf], &readers);
    assert_eq!((suppressed(&publication), count(&publication, "failed")), (20, 20));
    let good = Behaviour::good().listen();
    let publication = publication.reconfigure(&format!(":{}\"", deaf.port), &format!(":{}\"", good.port));
    let again = ["resolve", "newsletter", "1", "--refused", "--resend"];
    publication.run(&[&again[..], &["--recipient", "r003@x.example"]].concat()).ok().says("1 message");
    assert_eq!(suppressed(&publication), 19, "nobody else's");
    publication.run(&again).ok().says("19 messages");
    publication.run(&["deliver"]).ok().says("20 messages sent");
    assert_eq!((good.count(), suppressed(&publication)), (20, 0));
}

#[test]
fn a_company_that_closed_holds_up_nobody() {
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(to) if to.ends_with("@closed.example"))
            .then_some(Act::Answer("550 5.1.1 no such user"))
    })
    .listen();
    let domain = |n: usize| if (20..100).contains(&n) { "closed.example" } else { "x.example" }.to_owned();
    let publication = published(&[&sink], &many(120, domain));
    assert_eq!((sink.count(), campaign(&publication).0.as_str()), (40, "finished"));
    assert_eq!((suppressed(&publication), count(&publication, "failed")), (80, 80));
}

#[test]
fn what_the_first_relay_refuses_the_next_gets_while_the_first_is_busy() {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let busy = Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(to) if to.starts_with("r000") => Some(Act::Answer("554 5.7.1 Relay access denied")),
        Moment::Rcpt(_) => {
            std::thread::sleep(std::time::Duration::from_millis(150));
            None
        }
        Moment::Taken(_) => {
            count.fetch_add(1, Ordering::SeqCst);
            None
        }
        _ => None,
    })
    .listen();
    let before = Arc::new(AtomicUsize::new(usize::MAX));
    let (noted, by_then) = (Arc::clone(&before), Arc::clone(&taken));
    let free = Behaviour::script(move |moment, _| {
        if matches!(moment, Moment::Taken(_)) {
            noted.store(by_then.load(Ordering::SeqCst), Ordering::SeqCst);
        }
        None
    })
    .listen();
    let publication = published(&[&busy, &free], &many(30, |_| "x.example".to_owned()));
    assert_eq!((busy.count(), free.count(), campaign(&publication).0.as_str()), (29, 1, "finished"));
    let before = before.load(Ordering::SeqCst);
    assert!(before < 15, "after {before} of 29");
}
