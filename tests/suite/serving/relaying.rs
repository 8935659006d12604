//! Messages about subscriptions on their way through a relay.

use std::time::Duration;

use super::{settled, subscribe, with_subscriptions};
use crate::publication::Publication;
use crate::sending::sink::{Act, Behaviour, Moment, Sink};
use crate::service::{Running, wait_until};

fn through(sink: &Sink, keys: &str) -> (Publication, Running) {
    let (publication, port) = with_subscriptions();
    let relay = format!("[mail]\ntransport = \"smtp://127.0.0.1:{}\"\n{keys}", sink.port);
    let publication = publication.published().reconfigure("[mail]", &relay);
    let running = Running::start(&publication, &["--public"], port);
    (publication, running)
}

#[test]
fn a_message_that_a_relay_took_or_not_is_settled_and_told_and_does_not_come_again() {
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then_some(Act::Drop)).listen();
    let (publication, running) = through(&sink, "");
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    settled(&publication, &running);
    assert_eq!(sink.count(), 1);
    let log = running.ended();
    assert!(log.contains("nobody knows whether a relay took a message") && !log.contains("ann@"), "{log}");
}

#[test]
fn what_a_relay_says_of_somebody_is_not_kept_in_the_log() {
    let refused = "451 4.7.1 <ann@x.example>: Recipient address rejected: greylisted";
    let sink =
        Behaviour::script(move |moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer(refused))).listen();
    let (_publication, running) = through(&sink, "");
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    wait_until("it is told", || running.get("/metrics").text().contains("{event=\"fault\"} 1\n"));
    let log = running.ended();
    assert!(log.contains("answered 451 4.7.1") && !log.contains("ann@"), "{log}");
}

#[test]
fn a_message_that_is_refused_for_what_we_are_is_counted_and_told() {
    let refused = "554 5.7.1 <ann@x.example>: Relay access denied";
    let sink =
        Behaviour::script(move |moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer(refused))).listen();
    let (publication, running) = through(&sink, "");
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    settled(&publication, &running);
    running.get("/metrics").says("{event=\"undelivered\"} 1\n").says("{event=\"fault\"} 1\n");
    let log = running.ended();
    assert!(log.contains("was refused for good") && log.contains("answered 554 5.7.1"), "{log}");
    assert!(!log.contains("ann"), "{log}");
}

#[test]
fn addresses_that_take_no_mail_are_counted_and_do_not_fill_the_log() {
    let sink = Behaviour::script(|moment, _| match moment {
        Moment::Rcpt(to) if to.contains("gone") => Some(Act::Answer("550 5.1.1 <gone@x.example>: User unknown")),
        Moment::Rcpt(to) if to.contains("full") => Some(Act::Answer("552 5.2.2 mailbox full")),
        // Of whom this speaks nobody can say.
        Moment::Rcpt(to) if to.contains("odd") => Some(Act::Answer("550 no")),
        _ => None,
    })
    .listen();
    let (publication, running) = through(&sink, "");
    for name in ["gone", "full", "odd"] {
        subscribe(&running, &[("address", &format!("{name}@x.example")), ("list", "members")]).is(200);
    }
    settled(&publication, &running);
    running.get("/metrics").says("{event=\"undelivered\"} 3\n").says("{event=\"fault\"} 1\n");
    let log = running.ended();
    assert_eq!(log.matches("was refused for good").count(), 1, "{log}");
    assert!(log.contains("answered 550") && !log.contains("@x.example"), "{log}");
}

#[test]
fn a_relay_has_no_more_connections_than_it_is_to_have() {
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(_)).then_some(Act::Wait(Duration::from_millis(300)))
    })
    .listen();
    let (publication, running) = through(&sink, "connections = 1");
    for nth in 0..6 {
        subscribe(&running, &[("address", &format!("r{nth}@x.example")), ("list", "members")]).is(200);
    }
    settled(&publication, &running);
    assert_eq!(sink.count(), 6);
    // One that ends is counted for a moment beside the next.
    assert!(sink.most_open() <= 2, "{}", sink.most_open());
}
