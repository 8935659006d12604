//! Relays that refuse one message after the other, and domains that do.

use std::time::Duration;

use super::tests::{alone, any, due, order, relay, schedule, taken};
use super::{Asked, InHand, Met, Next, Schedule};
use crate::deliver::smtp::rate::DomainRates;
use crate::deliver::smtp::relay::Relay;
use crate::model::{Leased, Reply};

const NOW: Duration = Duration::ZERO;

fn relays() -> Vec<Relay> {
    vec![relay("a", 8)]
}

fn fresh() -> Schedule {
    alone(&relays(), None, DomainRates::default())
}

fn not_that() -> Reply {
    Reply { code: Some(554), enhanced: Some("5.7.1".to_owned()), ..Reply::default() }
}

fn one(leased: Leased) -> InHand {
    InHand { lane: 0, leased, met: Met::default() }
}

/// The first relay refuses these, for reasons of ours or of theirs.
fn refuse(schedule: &Schedule, reply: &Reply, is_of_ours: bool, addresses: &[&str]) {
    for leased in due(addresses) {
        schedule.refused(&one(leased), 0, "a", reply, is_of_ours, NOW);
    }
}

fn took(schedule: &Schedule, addresses: &[&str]) {
    for leased in due(addresses) {
        schedule.took(&one(leased), 0, NOW);
    }
}

/// Nothing more of it is due, and all that was under way is settled.
fn through(schedule: &Schedule, held: usize) {
    if let Some(Asked { is_known, .. }) = schedule.asked_next(0, held, false) {
        schedule.judge_aside(0, is_known, &relays(), NOW);
    }
}

/// Hands out what there is.
fn handed(schedule: &Schedule) -> Vec<InHand> {
    if let Next::Open(relay) = schedule.next(None, NOW) {
        schedule.opened(relay);
    }
    let next = || match schedule.next(Some(0), NOW) {
        Next::Take(one) => Some(*one),
        _ => None,
    };
    std::iter::from_fn(next).collect()
}

fn names(all: &[InHand]) -> Vec<&str> {
    all.iter().map(|one| one.leased.recipient.address.as_str()).collect()
}

#[test]
fn a_closed_company_is_not_a_relay_that_refuses_everybody() {
    let no_such_user = Reply { code: Some(550), enhanced: Some("5.1.1".to_owned()), ..Reply::default() };
    let refuse = |schedule: &Schedule, addresses: &[&str]| refuse(schedule, &no_such_user, false, addresses);
    let good = fresh();
    good.took(&any(0), 0, NOW);
    refuse(&good, &["r@closed.example"; 200]);
    refuse(&good, &["r@closed-too.example"; 200]);
    assert_eq!((good.stopped(0), good.mistaken(0)), (None, Vec::new()));
    refuse(&good, &["r@third.example"]);
    assert_eq!((good.stopped(0).is_some(), good.mistaken(0).len()), (true, 401));
    let deaf = fresh();
    refuse(&deaf, &["r@one.example"; 49]);
    through(&deaf, 0);
    assert_eq!((deaf.stopped(0), deaf.mistaken(0)), (None, Vec::new()));
    refuse(&deaf, &["r@one.example"; 2]);
    through(&deaf, 0);
    assert!(deaf.is_refused(0));
    assert_eq!(deaf.mistaken(0).len(), 51, "it took nothing of anybody, and what was under way counts as well");
}

#[test]
fn a_domain_that_wants_nothing_of_ours_is_not_a_relay_that_refuses_everybody() {
    for (before, refused, is_stopped) in [
        (&[][..], &["r@uni.example"; 10][..], true),
        (&["a@x.example"], &["r@uni.example"; 49], false),
        (&["a@x.example"], &["r@uni.example"; 50], true),
        (&["a@x.example"; 80], &["r@uni.example"; 80], false),
        (&["a@x.example"; 80], &["r@uni.example"; 81], true),
        (&["a@x.example", "b@uni.example"], &["r@uni.example"; 10], true),
    ] {
        let schedule = fresh();
        took(&schedule, before);
        refuse(&schedule, &not_that(), true, refused);
        assert!(!schedule.is_refused(0) && schedule.mistaken(0).is_empty(), "there may be others");
        through(&schedule, 0);
        assert_eq!(schedule.is_refused(0), is_stopped, "{before:?} {refused:?}");
        assert_eq!(schedule.mistaken(0).len(), if is_stopped { refused.len() } else { 0 });
    }
    let schedule = fresh();
    took(&schedule, &["a@x.example"]);
    refuse(&schedule, &not_that(), true, &["r@uni.example"; 9]);
    refuse(&schedule, &not_that(), true, &["r@y.example", "r@z.example"]);
    assert!(schedule.is_refused(0) && schedule.stopped(0).is_some(), "they are three");
    // One that was under way comes back late: that it refuses the others stands.
    schedule.took(&any(0), 0, NOW);
    assert!(schedule.is_refused(0));
}

#[test]
fn a_relay_that_gives_other_reasons_each_time_refuses_everybody_as_well() {
    let schedule = fresh();
    let blocked = Reply { code: Some(550), enhanced: Some("5.7.0".to_owned()), ..Reply::default() };
    for (n, address) in ["a@x.example", "b@y.example", "c@z.example"].iter().cycle().take(10).enumerate() {
        assert!(schedule.stopped(0).is_none(), "after {n}");
        refuse(&schedule, &[blocked.clone(), not_that()][n % 2], true, &[address]);
    }
    assert!(schedule.is_refused(0) && schedule.mistaken(0).len() == 10);
}

/// Fifteen readers of one domain, of whom ten were refused, before two others.
fn with_ten_refused() -> Schedule {
    let schedule = fresh();
    let mut addresses = vec!["s@uni.example"; 15];
    addresses.extend(["t@x.example", "u@Uni.Example", "v@y.example"]);
    schedule.add(0, due(&addresses));
    let Next::Open(0) = schedule.next(None, NOW) else { panic!("there is something to do") };
    schedule.opened(0);
    for _ in 0..10 {
        let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("it is their turn") };
        schedule.refused(&one, 0, "a", &not_that(), true, NOW);
    }
    schedule
}

#[test]
fn readers_of_a_domain_that_refuses_us_are_asked_when_the_others_were() {
    let schedule = with_ten_refused();
    assert_eq!(schedule.waiting(0, 100), (2, vec!["uni.example".to_owned()]), "and no more of them are claimed");
    let others = handed(&schedule);
    assert_eq!(names(&others), ["t@x.example", "v@y.example"]);
    through(&schedule, 8);
    assert!(schedule.stopped(0).is_none() && handed(&schedule).is_empty(), "of two nobody knows yet");
    schedule.took(&others[0], 0, NOW);
    schedule.refused(&others[1], 0, "a", &not_that(), true, NOW);
    through(&schedule, 6);
    let last = handed(&schedule);
    assert_eq!((last.len(), schedule.waiting(0, 100)), (6, (0, Vec::new())));
    for one in &last {
        schedule.refused(one, 0, "a", &not_that(), true, NOW);
    }
    assert!(
        !schedule.is_refused(0) && schedule.mistaken(0).is_empty(),
        "it takes others: it is uni.example that refuses us"
    );
}

#[test]
fn a_relay_that_took_nothing_of_the_others_either_refuses_everybody() {
    for said in [not_that(), Reply { code: Some(550), enhanced: Some("5.1.1".to_owned()), ..Reply::default() }] {
        let schedule = with_ten_refused();
        let others = handed(&schedule);
        schedule.refused(&others[0], 0, "a", &said, true, NOW);
        assert!(!schedule.is_refused(0), "they are two");
        through(&schedule, 7);
        assert!(!schedule.is_refused(0), "one is under way");
        let put_off = Reply { code: Some(450), ..Reply::default() };
        assert!(schedule.put_off(&mut others[1].clone(), 0, "a", &put_off, NOW));
        through(&schedule, 6);
        assert!(schedule.is_refused(0) && handed(&schedule).is_empty(), "nobody else is asked");
        assert!(schedule.mistaken(0).len() >= 10);
    }
    let schedule = with_ten_refused();
    let others = handed(&schedule);
    schedule.refused(&others[0], 0, "a", &not_that(), true, NOW);
    schedule.refused(&others[1], 0, "a", &not_that(), true, NOW);
    through(&schedule, 6);
    assert!(schedule.is_refused(0));
    assert_eq!((schedule.mistaken(0).len(), schedule.drain(0).len()), (12, 6), "what was set aside is given back");
}

/// Hands out the next ones, which the relay refuses.
fn refuse_next(schedule: &Schedule, times: usize) {
    for _ in 0..times {
        let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("it is their turn") };
        schedule.refused(&one, 0, "a", &not_that(), true, NOW);
    }
}

#[test]
fn one_who_is_refused_besides_sets_no_domain_aside_and_one_who_is_taken_ends_it() {
    let schedule = with_ten_refused();
    let others = handed(&schedule);
    schedule.refused(&others[1], 0, "a", &not_that(), true, NOW);
    assert_eq!(schedule.waiting(0, 100).1, ["uni.example"]);
    // Most of the second domain are refused as well, and then one of them is taken that was handed out meanwhile.
    schedule.add(0, due(&["w@y.example"; 20]));
    let more = handed(&schedule);
    for one in &more[..9] {
        schedule.refused(one, 0, "a", &not_that(), true, NOW);
    }
    assert_eq!(schedule.waiting(0, 100).1, ["uni.example", "y.example"]);
    schedule.took(&more[10], 0, NOW);
    assert_eq!(schedule.waiting(0, 100).1, ["uni.example"], "a relay takes y.example");
    through(&schedule, 6);
    assert_eq!(handed(&schedule).len(), 6);
    assert!(!schedule.is_refused(0));
}

#[test]
fn the_domain_that_was_set_aside_last_is_asked_first() {
    let schedule = with_ten_refused();
    assert_eq!(names(&handed(&schedule)).len(), 2);
    schedule.add(0, due(&["w@big.example"; 20]));
    refuse_next(&schedule, 10);
    assert_eq!(schedule.waiting(0, 100).1, ["uni.example", "big.example"]);
    schedule.add(0, due(&["t@x.example"]));
    let other = handed(&schedule);
    assert_eq!(names(&other), ["t@x.example"]);
    schedule.took(&other[0], 0, NOW);
    through(&schedule, 16);
    assert_eq!(names(&handed(&schedule)), ["w@big.example"; 10]);
    through(&schedule, 16);
    assert!(handed(&schedule).is_empty(), "these are still under way");
    through(&schedule, 6);
    assert_eq!(handed(&schedule).len(), 6);
    // Three such domains are everybody.
    let schedule = with_ten_refused();
    handed(&schedule);
    schedule.add(0, due(&[["w@big.example"; 10], ["w@other.example"; 10]].concat()));
    refuse_next(&schedule, 20);
    assert!(schedule.is_refused(0) && schedule.mistaken(0).len() == 30);
}

#[test]
fn where_nobody_is_left_and_others_were_taken_nothing_is_concluded() {
    let schedule = fresh();
    schedule.add(0, due(&[&["s@uni.example"; 10][..], &["t@x.example"]].concat()));
    let all = handed(&schedule);
    for one in &all[..10] {
        schedule.refused(one, 0, "a", &not_that(), true, NOW);
    }
    schedule.took(&all[10], 0, NOW);
    let asked = |is_known| Some(Asked { domain: "uni.example".to_owned(), is_of_ours: true, times: 10, is_known });
    assert_eq!(schedule.asked_next(0, 0, false), asked(false), "there may be more of them");
    assert_eq!(schedule.asked_next(0, 0, true), asked(true));
}

#[test]
fn a_campaign_that_has_stopped_says_nothing_of_those_who_were_set_aside() {
    let schedule = with_ten_refused();
    schedule.stop(0, "no relay is there");
    assert_eq!(schedule.drain(0).len(), 8);
    through(&schedule, 0);
    assert!(!schedule.is_refused(0));
    assert_eq!(schedule.mistaken(0).len(), 10);
}

#[test]
fn readers_who_were_set_aside_while_others_were_taken_are_doubted_where_the_campaign_stops() {
    let schedule = with_ten_refused();
    for one in handed(&schedule) {
        schedule.took(&one, 0, NOW);
    }
    schedule.stop(0, "the run is told to end");
    assert_eq!(schedule.drain(0).len(), 6);
    schedule.judge_aside(0, false, &relays(), NOW);
    assert!(!schedule.is_refused(0));
    assert_eq!(schedule.mistaken(0).len(), 10);
}

#[test]
fn a_domain_that_refuses_us_only_since_is_asked_once_more_and_then_stops_the_campaign() {
    let with_others_taken = || {
        let schedule = with_ten_refused();
        for one in handed(&schedule) {
            schedule.took(&one, 0, NOW);
        }
        // The store knows of readers of it who were sent the issue before.
        schedule.judge_aside(0, false, &relays(), NOW);
        assert!(!schedule.is_refused(0));
        assert_eq!(schedule.mistaken(0).len(), 10, "which are due again");
        schedule.add(0, due(&["s@uni.example"; 10]));
        schedule
    };
    let schedule = with_others_taken();
    refuse_next(&schedule, 9);
    assert!(schedule.stopped(0).is_none());
    refuse_next(&schedule, 1);
    assert!(schedule.is_refused(0) && handed(&schedule).is_empty());
    assert_eq!(schedule.mistaken(0).len(), 10);
    let schedule = with_others_taken();
    for one in handed(&schedule) {
        schedule.took(&one, 0, NOW);
    }
    assert!(schedule.stopped(0).is_none() && schedule.mistaken(0).is_empty());
}

#[test]
fn a_domain_that_took_the_issue_in_an_earlier_run_is_set_aside_behind_others_too() {
    let schedule = fresh();
    took(&schedule, &["a@x.example"; 80]);
    schedule.add(0, due(&["s@Uni.example"; 30]));
    let all = handed(&schedule);
    for one in &all[..9] {
        schedule.refused(one, 0, "a", &not_that(), true, NOW);
    }
    assert!(schedule.doubtful(0).is_empty());
    schedule.refused(&all[9], 0, "a", &not_that(), true, NOW);
    assert_eq!(schedule.doubtful(0).into_iter().collect::<Vec<_>>(), ["uni.example"]);
    schedule.took_before(0, "uni.example");
    assert!(schedule.waiting(0, 100).1.is_empty());
    schedule.refused(&all[10], 0, "a", &not_that(), true, NOW);
    assert_eq!(schedule.waiting(0, 100).1, ["uni.example"]);
}

#[test]
fn a_message_that_was_under_way_says_nothing_of_a_relay_that_refuses_since() {
    let schedule = fresh();
    let mut addresses = vec!["early@x.example"];
    addresses.extend(["s@uni.example"; 14]);
    addresses.extend(["t@x.example"]);
    schedule.add(0, due(&addresses));
    let early = {
        let Next::Open(0) = schedule.next(None, NOW) else { panic!("there is something to do") };
        schedule.opened(0);
        let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("it is the first") };
        *one
    };
    for _ in 0..10 {
        let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("it is their turn") };
        schedule.refused(&one, 0, "a", &not_that(), true, NOW);
    }
    schedule.took(&early, 0, NOW);
    let others = handed(&schedule);
    assert_eq!(names(&others), ["t@x.example"], "the rest of uni.example waits for what the others tell");
    schedule.refused(&others[0], 0, "a", &not_that(), true, NOW);
    through(&schedule, 4);
    assert!(schedule.is_refused(0));
}

#[test]
fn two_relays_are_shown_the_others_before_both_refuse_everybody() {
    let both = [relay("a", 2), relay("b", 2)];
    let schedule = alone(&both, None, DomainRates::default());
    let mut addresses = vec!["s@uni.example"; 30];
    addresses.extend(["t@x.example"]);
    schedule.add(0, due(&addresses));
    let mut asked = Vec::new();
    let mut held = None;
    for _ in 0..100 {
        match schedule.next(held, NOW) {
            Next::Open(relay) => {
                schedule.opened(relay);
                held = Some(relay);
            }
            Next::Yield => held = None,
            Next::Take(mut one) => {
                let relay = held.unwrap();
                asked.push(one.leased.recipient.address.clone());
                if one.leased.domain() == "x.example" {
                    schedule.took(&one, relay, NOW);
                    break;
                }
                schedule.refused(&one, relay, &both[relay].name, &not_that(), true, NOW);
                if schedule.may_go_elsewhere(&mut one, relay, NOW) {
                    schedule.put_last(*one);
                }
            }
            Next::Wait | Next::End => panic!("after {asked:?}"),
        }
    }
    assert_eq!(asked.last().map(String::as_str), Some("t@x.example"), "{asked:?}");
    assert!(asked.len() <= 30 && schedule.stopped(0).is_none(), "{} were asked", asked.len());
}

/// Two campaigns of forty readers each, and two relays with so many connections.
fn two_campaigns(connections: usize) -> Schedule {
    let relays = [relay("a", connections), relay("b", connections)];
    let schedule = schedule(2, &relays, None, DomainRates::default());
    schedule.add(0, due(&["a@x.example"; 40]));
    schedule.add(1, due(&["b@x.example"; 40]));
    schedule
}

#[test]
fn what_a_relay_says_of_one_campaign_stops_no_other() {
    let (schedule, not_that) = (two_campaigns(8), not_that());
    for _ in 0..10 {
        let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("the first relay is up") };
        schedule.refused(&one, 0, "a", &not_that, true, NOW);
        assert_eq!(taken(&schedule, Some(0), 0).unwrap(), ("b@x.example".to_owned(), 0));
        schedule.took(&any(1), 0, NOW);
    }
    assert_eq!((schedule.mistaken(0).len(), schedule.mistaken(1).len()), (10, 0));
    assert_eq!(order(&schedule, 0), ["b@x.example"; 30], "the first relay goes on with the other");
    assert_eq!(
        taken(&schedule, None, 0).unwrap(),
        ("a@x.example".to_owned(), 1),
        "and the second takes what it refuses"
    );
    assert!(schedule.stopped(0).is_none() && schedule.downs(1).is_empty(), "{:?}", schedule.downs(0));
    let Next::Take(one) = schedule.next(Some(1), NOW) else { panic!("the second relay is up") };
    (0..10).for_each(|_| schedule.refused(&one, 1, "b", &not_that, true, NOW));
    assert!(schedule.stopped(0).is_none(), "there may be readers of other domains");
    assert_eq!(schedule.asked_next(0, 0, false).map(|asked| asked.domain), Some("x.example".to_owned()));
    schedule.judge_aside(0, false, &[relay("a", 8), relay("b", 8)], NOW);
    assert!(schedule.is_refused(0) && schedule.stopped(0).is_some() && schedule.stopped(1).is_none());
}

#[test]
fn a_campaign_that_one_relay_refuses_does_not_wait_for_all_others_to_end() {
    let (schedule, not_that) = (two_campaigns(2), not_that());
    let Next::Open(0) = schedule.next(None, NOW) else { panic!("the first relay is up") };
    schedule.opened(0);
    let Next::Take(one) = schedule.next(Some(0), NOW) else { panic!("there is something to do") };
    assert!(taken(&schedule, None, 0).is_some());
    (0..10).for_each(|_| schedule.refused(&one, 0, "a", &not_that, true, NOW));
    assert!(matches!(schedule.next(Some(0), NOW), Next::Yield), "one of two connections goes to the other relay");
    assert_eq!(taken(&schedule, None, 0).unwrap(), ("a@x.example".to_owned(), 1));
    assert_eq!(taken(&schedule, Some(0), 0).unwrap(), ("b@x.example".to_owned(), 0), "and one stays");
}
