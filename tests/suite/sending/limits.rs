//! What relays allow: so many connections, so many messages on each, so much in a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use masthead::config::Rate;
use masthead::deliver::smtp::{Limits, Settings, Stopped, Summary, deliver_alone};
use masthead::model::{Clock, DeliveryState, Query, Queue};
use masthead::store::Store;

use super::engine::{Leaping, Same, send, settings, states, store};
use super::sink::{Act, At, Behaviour, Moment, Sink};
use super::{campaign, publication};

fn readers(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("r{n:03}@x.example")).collect()
}

fn store_of(readers: &[String]) -> Store {
    store(&readers.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Nobody was written to twice, and no try was used up.
fn each_was_tried_once(store: &mut Store, sink: &Sink) {
    assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "{:?}", sink.by_recipient());
    let all = store.history(&Query::default()).unwrap();
    let tries: Vec<usize> = all.iter().map(|one| one.attempts.len()).collect();
    assert!(tries.iter().all(|tries| *tries == 1), "{tries:?}");
}

#[test]
fn further_connections_that_a_relay_does_not_serve_are_too_many() {
    for beyond in [Act::Drop, Act::Last("554 too many connections"), Act::Last("421 4.7.0 too many connections")] {
        let sink = Behaviour::script(|moment, _| match moment {
            Moment::Greeting => Some(Act::Wait(Duration::from_millis(50))),
            Moment::Taken(_) => Some(Act::Wait(Duration::from_millis(2))),
            _ => None,
        })
        .with_places(2, Some(beyond.clone()))
        .listen();
        let mut store = store_of(&readers(200));
        let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 8);
        assert_eq!(
            (summary.sent, &summary.stopped, &summary.downs),
            (200, &None, &Vec::new()),
            "{beyond:?}: {summary:?}"
        );
        each_was_tried_once(&mut store, &sink);
        assert!(sink.sessions() < 20, "{beyond:?}: it is asked {} times", sink.sessions());
    }
}

fn patient(sink: &Sink, connections: usize) -> Settings {
    Settings { limits: Limits::all(Duration::from_secs(60)), ..settings(sink, connections) }
}

#[test]
fn no_message_waits_for_a_connection_that_is_not_greeted() {
    let sink = Behaviour::good().with_places(2, None).listen();
    let mut store = store_of(&readers(26));
    let (begun, clock) = (Instant::now(), Leaping(Instant::now(), AtomicU64::new(0)));
    let summary = deliver_alone(&mut store, 1, &Same(b"hello\r\n".to_vec()), &patient(&sink, 4), &clock).unwrap();
    assert_eq!((summary.sent, &summary.stopped), (26, &None), "{summary:?}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    each_was_tried_once(&mut store, &sink);
}

#[test]
fn a_run_ends_at_once_when_no_answer_is_due() {
    let sink = Behaviour::good().with_places(0, None).listen();
    let mut store = store_of(&readers(5));
    let ending = Arc::new(AtomicBool::new(false));
    let settings = Settings { ending: Arc::clone(&ending), ..patient(&sink, 4) };
    let clock = Leaping(Instant::now(), AtomicU64::new(0));
    let begun = Instant::now();
    let letters = Same(b"hello\r\n".to_vec());
    let summary = std::thread::scope(|scope| {
        let sending = scope.spawn(|| deliver_alone(&mut store, 1, &letters, &settings, &clock).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        ending.store(true, Ordering::SeqCst);
        sending.join().unwrap()
    });
    assert_eq!(summary.stopped, Some(Stopped::Asked));
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(states(&mut store), [DeliveryState::Pending; 5]);
}

#[test]
fn a_connection_with_nothing_to_do_leaves_its_place_to_others() {
    let sink = Behaviour::good().listen();
    let mut store = store_of(&readers(2));
    let settings = Settings { rate: Rate::parse("2/h"), ..settings(&sink, 2) };
    let clock = Leaping(Instant::now(), AtomicU64::new(0));
    let letters = Same(b"hello\r\n".to_vec());
    let summary = std::thread::scope(|scope| {
        let sending = scope.spawn(|| deliver_alone(&mut store, 1, &letters, &settings, &clock).unwrap());
        sink.wait_for(1);
        // The connection may hear of what became of the message only after a leap.
        for leap in 1..=30 {
            clock.1.store(40 * leap, Ordering::SeqCst);
            let begun = Instant::now();
            while sink.open() > 0 && begun.elapsed() < Duration::from_secs(1) {
                std::thread::sleep(Duration::from_millis(10));
            }
            if sink.open() == 0 {
                break;
            }
        }
        let stays = sink.open() > 0;
        clock.1.store(1900, Ordering::SeqCst);
        let summary = sending.join().unwrap();
        assert!(!stays, "it stays");
        summary
    });
    assert_eq!((summary.sent, summary.stopped), (2, None));
    each_was_tried_once(&mut store, &sink);
}

#[test]
fn a_connection_that_has_done_its_share_costs_nobody_a_try_wherever_it_says_so() {
    for abilities in [&["PIPELINING"][..], &[]] {
        for (at, then) in [
            (At::Rcpt, "421 4.7.0 too many messages in this connection"),
            (At::Rcpt, "452 4.5.3 too many messages in this session"),
            (At::Data, "421 4.7.0 too many messages in this connection"),
            (At::Data, "451 4.7.0 enough, please reconnect"),
        ] {
            let sink = Behaviour::good().offering(abilities).taking_until(10, at, then).listen();
            let mut store = store_of(&readers(150));
            let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 4);
            assert_eq!((summary.sent, &summary.stopped), (150, &None), "{at:?} {then}: {summary:?}");
            each_was_tried_once(&mut store, &sink);
            assert!((15..=24).contains(&sink.sessions()), "{at:?} {then}: {} connections", sink.sessions());
            assert!(sink.most_open() > 1, "{at:?} {then}: it is not asked for less");
        }
    }
}

/// A clock that goes faster, and may be put forward.
struct Fast(Instant, AtomicU64);

impl Clock for Fast {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed() * 20 + Duration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

#[test]
fn what_a_relay_takes_in_an_hour_and_no_more_costs_nobody_a_try() {
    let left = Arc::new(AtomicUsize::new(0));
    let (allowed, refused) = (Arc::clone(&left), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&refused);
    let sink = Behaviour::script(move |moment, _| {
        let takes = |left: usize| left.checked_sub(1);
        let is_over = matches!(moment, Moment::Rcpt(_))
            && allowed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, takes).is_err();
        is_over.then(|| {
            counted.fetch_add(1, Ordering::SeqCst);
            Act::Answer("450 4.7.1 Error: too much mail from 192.0.2.1, sending limit exceeded, try again later")
        })
    })
    .listen();
    let mut store = store_of(&readers(15));
    let clock = Fast(Instant::now(), AtomicU64::new(0));
    let settings = patient(&sink, 4);
    let run = |store: &mut Store| -> Summary {
        clock.1.fetch_add(15 * 60, Ordering::SeqCst);
        deliver_alone(store, 1, &Same(b"hello\r\n".to_vec()), &settings, &clock).unwrap()
    };
    let mut sent = 0;
    // The relay takes five in an hour, and somebody delivers every half of one.
    for hour in 0..3 {
        left.store(5, Ordering::SeqCst);
        for half in 0..2 {
            let summary = run(&mut store);
            sent += summary.sent;
            assert_eq!((summary.deferred, summary.failed), (0, 0), "{hour} {half}: {summary:?}");
            let told = "relay: takes no more for now: 450 4.7.1 Error: too much mail";
            let is_told = matches!(&summary.stopped, Some(Stopped::Relays(why)) if why.starts_with(told));
            assert_eq!(is_told, sent < 15, "{hour} {half}: {summary:?}");
        }
    }
    assert_eq!(sent, 15);
    each_was_tried_once(&mut store, &sink);
    assert!(refused.load(Ordering::SeqCst) < 50, "{} refused", refused.load(Ordering::SeqCst));
}

#[test]
fn one_that_is_put_off_again_and_again_holds_up_nobody() {
    let sink = Behaviour::script(|moment, _| {
        let is_busy = matches!(moment, Moment::Rcpt(to) if to.starts_with("r003"));
        is_busy.then_some(Act::Answer("450 4.7.1 too many messages, slow down"))
    })
    .listen();
    let mut store = store_of(&readers(30));
    let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 2);
    assert_eq!((summary.sent, summary.deferred, &summary.stopped), (29, 1, &None), "{summary:?}");
}

#[test]
fn a_relay_that_puts_everything_off_pauses_the_campaign_and_tells_why() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("421 4.3.2 overloaded")));
    let sink = sink.listen();
    let readers = readers(12);
    let publication =
        publication(&[&sink], &readers.iter().map(String::as_str).collect::<Vec<_>>()).published_mailed_or_not();
    let (state, reason) = campaign(&publication);
    assert!(state == "paused" && reason.contains("takes no more for now: 421 4.3.2 overloaded"), "{state} {reason}");
    let told = publication.run(&["status", "--json"]).ok().json();
    assert_eq!(told["campaigns"][0]["progress"]["states"]["pending"], 12, "{told}");
}
