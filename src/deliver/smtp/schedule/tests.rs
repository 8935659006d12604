//! Relays, rates and refusals, one step at a time.

use std::time::Duration;

use super::{InHand, Met, Next, Schedule};
use crate::config::Rate;
use crate::deliver::smtp::Settings;
use crate::deliver::smtp::rate::{Buckets, DomainRates};
use crate::deliver::smtp::relay::{Limits, Relay, Security};
use crate::deliver::smtp::tls::tls;
use crate::model::{Lease, Leased, Recipient, Reply};

pub(super) fn relay(name: &str, connections: usize) -> Relay {
    Relay {
        name: name.to_owned(),
        host: name.to_owned(),
        port: 25,
        security: Security::Clear,
        tls: tls(None).unwrap(),
        credentials: None,
        connections,
        rate: None,
    }
}

pub(super) fn due(addresses: &[&str]) -> Vec<Leased> {
    let leased = |(delivery, address): (i64, &&str)| Leased {
        lease: Lease { delivery, epoch: 1 },
        recipient: Recipient {
            address: (*address).to_owned(),
            name: None,
            language: None,
            list: "members".to_owned(),
            token: String::new(),
        },
        message_id: String::new(),
        attempts: 0,
        first_tried: None,
    };
    (1..).zip(addresses).map(leased).collect()
}

/// A message of a campaign.
pub(super) fn any(lane: usize) -> InHand {
    InHand { lane, leased: due(&["any@any.example"]).remove(0), met: Met::default() }
}

pub(super) fn schedule(campaigns: usize, relays: &[Relay], rate: Option<Rate>, domain_rates: DomainRates) -> Schedule {
    let settings = Settings {
        relays: relays.to_vec(),
        helo: "test.example".to_owned(),
        limits: Limits::default(),
        rate,
        domain_rates,
        worker: "test".to_owned(),
        lease: Duration::from_secs(600),
        is_shared: false,
        passed_over: std::collections::BTreeSet::new(),
        ending: std::sync::Arc::default(),
    };
    Schedule::new(campaigns, relays, Buckets::new(&settings))
}

pub(super) fn alone(relays: &[Relay], rate: Option<Rate>, domain_rates: DomainRates) -> Schedule {
    schedule(1, relays, rate, domain_rates)
}

/// To whom the next message goes, and through which relay; over a new connection where none is held.
pub(super) fn taken(schedule: &Schedule, held: Option<usize>, millis: u64) -> Option<(String, usize)> {
    let now = Duration::from_millis(millis);
    match (schedule.next(held, now), held) {
        (Next::Take(one), Some(relay)) => Some((one.leased.recipient.address, relay)),
        (Next::Open(relay), None) => {
            schedule.opened(relay);
            taken(schedule, Some(relay), millis)
        }
        _ => None,
    }
}

#[test]
fn a_421_halves_the_connections_and_messages_that_are_taken_bring_them_back() {
    let schedule = alone(&[relay("a", 8)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 100]));
    for _ in 0..8 {
        assert!(taken(&schedule, None, 0).is_some());
    }
    assert!(taken(&schedule, None, 0).is_none(), "eight connections at most");
    schedule.asked_for_less(0, Duration::from_secs(1));
    schedule.asked_for_less(0, Duration::from_millis(1500));
    let yields = (0..8).filter(|_| matches!(schedule.next(Some(0), Duration::from_secs(2)), Next::Yield)).count();
    assert_eq!(yields, 4, "the second refusal within a second is the same one");
    for _ in 0..super::STEP_UP {
        schedule.answered(0);
    }
    assert!(taken(&schedule, None, 3000).is_some(), "one connection more");
    assert!(taken(&schedule, None, 3000).is_none());
    for second in 10..20 {
        schedule.asked_for_less(0, Duration::from_secs(second));
    }
    schedule.gave_up(0);
    let left = (0..4).filter(|_| taken(&schedule, Some(0), 30_000).is_some()).count();
    assert!(left >= 1, "one connection stays");
}

#[test]
fn the_second_relay_takes_over_while_the_first_is_down() {
    let schedule = alone(&[relay("a", 1), relay("b", 1)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 9]));
    assert_eq!(taken(&schedule, None, 0).unwrap().1, 0);
    schedule.gave_up(0);
    for _ in 0..3 {
        schedule.failed(0, "a", "nobody listens there", false, Duration::from_secs(1));
    }
    assert_eq!(taken(&schedule, None, 2000).unwrap().1, 1);
    assert_eq!(schedule.stopped(0), None);
    schedule.gave_up(1);
    assert_eq!(taken(&schedule, None, 60_000).unwrap().1, 0, "after a while the first is tried again");
    schedule.failed(0, "a", "nobody listens there", true, Duration::from_secs(61));
    schedule.failed(1, "b", "TLS: expired", true, Duration::from_secs(61));
    assert_eq!(schedule.stopped(0).as_deref(), Some("a: nobody listens there; b: TLS: expired"));
    assert!(taken(&schedule, None, 62_000).is_none());
    assert_eq!(schedule.drain(0).len(), 6);
}

#[test]
fn a_domain_that_is_slow_holds_up_nobody_else() {
    let rate = |text| Rate::parse(text);
    let named = [("slow.example".to_owned(), rate("1/m").unwrap())].into_iter().collect();
    let schedule = alone(&[relay("a", 9)], None, DomainRates { each: rate("100/s"), named });
    schedule.add(0, due(&["a@slow.example", "b@slow.example", "c@slow.example", "d@x.example"]));
    let order: Vec<String> = (0..4).filter_map(|_| taken(&schedule, Some(0), 0)).map(|(to, _)| to).collect();
    assert_eq!(order, ["a@slow.example", "d@x.example"]);
    assert_eq!(schedule.waiting(0, 1), (0, vec!["slow.example".to_owned()]));
    assert_eq!(schedule.until_next(Duration::ZERO), Some(Duration::from_secs(60)));
    assert_eq!(taken(&schedule, Some(0), 60_000).unwrap().0, "b@slow.example");
}

#[test]
fn a_rate_for_all_is_kept() {
    let schedule = alone(&[relay("a", 9)], Rate::parse("10/s"), DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 100]));
    let sent = (0..3000).filter(|millis| taken(&schedule, Some(0), *millis).is_some()).count();
    assert!((30..=41).contains(&sent), "{sent} in three seconds");
}

#[test]
fn a_rate_of_a_relay_is_its_own() {
    let slow = Relay { rate: Rate::parse("10/s"), ..relay("slow", 9) };
    let schedule = alone(&[slow, relay("b", 9)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 200]));
    let sent = |relay| (0..3000).filter(|millis| taken(&schedule, Some(relay), *millis).is_some()).count();
    let by_slow = sent(0);
    assert!((30..=41).contains(&by_slow), "{by_slow} in three seconds");
    assert_eq!(sent(1), 200 - by_slow);
}

#[test]
fn a_relay_that_breaks_off_before_three_bodies_in_a_row_is_down() {
    let schedule = alone(&[relay("a", 4), relay("b", 4)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"]));
    let all: Vec<InHand> = (0..5)
        .map(|_| match schedule.next(Some(0), Duration::ZERO) {
            Next::Take(one) => *one,
            _ => panic!("nothing to do"),
        })
        .collect();
    let breaks = |one: &InHand| schedule.broke_off(one, 0, "a", "no answer in time", Duration::from_secs(1));
    // One that ends every connection says nothing of the relay, and an answer ends the row.
    (0..5).for_each(|_| breaks(&all[0]));
    breaks(&all[1]);
    schedule.answered(0);
    breaks(&all[2]);
    breaks(&all[3]);
    assert_eq!(schedule.downs(0), [""; 0]);
    breaks(&all[4]);
    assert_eq!(schedule.downs(0), ["a: takes none of one message after the other: no answer in time"]);
    schedule.put_back(all[0].clone());
    assert_eq!(taken(&schedule, None, 2000).unwrap().1, 1, "the next takes over");
    assert_eq!(schedule.stopped(0), None);
    // Once it is tried again, one more is enough.
    schedule.gave_up(1);
    schedule.broke_off(&all[0], 0, "a", "no answer in time", Duration::from_secs(40));
    schedule.put_back(all[0].clone());
    assert_eq!(taken(&schedule, None, 41_000).unwrap().1, 1);
}

#[test]
fn nothing_goes_out_that_is_not_ours_any_more() {
    let schedule = alone(&[relay("a", 4)], None, DomainRates::default());
    schedule.hold_until(Duration::from_secs(10));
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@x.example"]));
    assert!(taken(&schedule, None, 9_999).is_some());
    assert!(taken(&schedule, None, 10_000).is_none() && taken(&schedule, Some(0), 10_000).is_none());
    assert!(schedule.following(0, Duration::from_secs(10)).is_none());
    schedule.hold_until(Duration::from_secs(20));
    assert!(schedule.following(0, Duration::from_secs(10)).is_some() && taken(&schedule, Some(0), 10_000).is_some());
}

#[test]
fn a_relay_that_leaves_messages_in_doubt_is_down_until_it_is_tried_with_one_connection() {
    let doubt =
        |schedule: &Schedule, second| schedule.left_in_doubt(0, 0, "a", "no answer", Duration::from_secs(second));
    let schedule = alone(&[relay("a", 8), relay("b", 8)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 100]));
    doubt(&schedule, 1);
    doubt(&schedule, 1);
    schedule.took(&any(0), 0, Duration::ZERO);
    doubt(&schedule, 1);
    doubt(&schedule, 1);
    assert_eq!(taken(&schedule, None, 1000).unwrap().1, 0, "it took one in between");
    schedule.answered(0);
    doubt(&schedule, 1);
    assert_eq!(taken(&schedule, None, 2000).unwrap().1, 1, "a refusal in between says nothing");
    schedule.gave_up(0);
    assert_eq!(taken(&schedule, None, 40_000).unwrap().1, 0);
    assert!(taken(&schedule, None, 40_000).is_none(), "one connection to see how it does");
    doubt(&schedule, 41);
    assert_eq!(taken(&schedule, None, 42_000).unwrap().1, 1, "one more in doubt is enough");
    let careful = alone(&[relay("a", 8)], None, DomainRates::default());
    careful.begin_carefully(0);
    doubt(&careful, 1);
    assert_eq!(careful.stopped(0).as_deref(), Some("a: leaves one message after the other in doubt: no answer"));
}

#[test]
fn what_follows_is_known_ahead_unless_the_relay_minds() {
    let schedule = alone(&[relay("a", 2), relay("b", 2)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@x.example", "d@x.example"]));
    let following = |relay| schedule.following(relay, Duration::ZERO).map(|one| one.leased.recipient.address);
    assert_eq!(taken(&schedule, None, 0).unwrap().0, "a@x.example");
    assert_eq!(following(0).as_deref(), Some("b@x.example"));
    schedule.tell_in_time(0);
    assert_eq!(following(0), None);
    assert_eq!(following(1).as_deref(), Some("c@x.example"), "the other relay does not mind");
    schedule.stop(0, "the campaign is not running any more");
    assert_eq!(following(1), None);
}

/// To whom messages go in one moment, as far as rates let them.
pub(super) fn order(schedule: &Schedule, millis: u64) -> Vec<String> {
    let mut order = Vec::new();
    while let Some((address, _)) = taken(schedule, Some(0), millis) {
        order.push(address);
    }
    order
}

#[test]
fn campaigns_take_turns_and_share_what_a_domain_takes() {
    let named = [("slow.example".to_owned(), Rate::parse("30/m").unwrap())].into_iter().collect();
    let two = schedule(2, &[relay("a", 9)], None, DomainRates { each: None, named });
    two.add(0, due(&["a1@slow.example", "a2@slow.example", "a3@slow.example"]));
    two.add(1, due(&["b1@slow.example", "b2@x.example", "b3@slow.example", "b4@x.example"]));
    assert_eq!(order(&two, 0), ["a1@slow.example", "b2@x.example", "b4@x.example"], "the slow one holds up nobody");
    assert_eq!(two.until_next(Duration::ZERO), Some(Duration::from_secs(2)));
    let later: Vec<Vec<String>> = (1..=10).map(|second| order(&two, second * 1000)).collect();
    let later: Vec<String> = later.into_iter().flatten().collect();
    assert_eq!(later, ["a2@slow.example", "b1@slow.example", "a3@slow.example", "b3@slow.example"]);
}

#[test]
fn what_went_out_counts_for_those_who_send_next() {
    let named = [("slow.example".to_owned(), Rate::parse("1/m").unwrap())].into_iter().collect();
    let first = schedule(1, &[relay("a", 9)], Rate::parse("1000/s"), DomainRates { each: None, named });
    first.add(0, due(&["a1@slow.example"]));
    assert_eq!(order(&first, 0), ["a1@slow.example"]);
    let second = Schedule::new(1, &[relay("a", 9)], first.into_buckets(Duration::from_secs(1)));
    second.add(0, due(&["b1@slow.example"]));
    assert_eq!(order(&second, 59_000), [""; 0]);
    assert_eq!(order(&second, 60_000), ["b1@slow.example"]);
}

/// A connection that asks for one to be opened.
fn opens(schedule: &Schedule, seconds: u64) -> bool {
    matches!(schedule.next(None, Duration::from_secs(seconds)), Next::Open(0))
}

fn unopened(schedule: &Schedule, seconds: u64) {
    schedule.not_opened(0, "a", "no answer in time", false, Duration::from_secs(seconds));
}

#[test]
fn connections_that_cannot_be_opened_beside_others_are_too_many() {
    let schedule = alone(&[relay("a", 4)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 100]));
    assert!((0..4).all(|_| opens(&schedule, 0)) && !opens(&schedule, 0));
    // Nobody knows yet whether the others come to be.
    unopened(&schedule, 1);
    unopened(&schedule, 1);
    assert!(!opens(&schedule, 1), "nor is it asked over and over");
    schedule.opened(0);
    unopened(&schedule, 1);
    assert_eq!((schedule.stopped(0), schedule.downs(0)), (None, Vec::new()));
    assert!(!opens(&schedule, 1) && taken(&schedule, Some(0), 1000).is_some(), "what goes out goes through one");
    (0..super::STEP_UP).for_each(|_| schedule.answered(0));
    assert!(opens(&schedule, 2), "another try");
    unopened(&schedule, 3);
    assert!(!opens(&schedule, 3));
    schedule.gave_up(0);
    for _ in 0..3 {
        assert!(schedule.stopped(0).is_none() && opens(&schedule, 4));
        unopened(&schedule, 4);
    }
    assert_eq!(schedule.stopped(0).as_deref(), Some("a: no answer in time"), "nothing lives any more");
}

#[test]
fn connections_of_which_none_can_be_opened_are_failures() {
    let schedule = alone(&[relay("a", 4)], None, DomainRates::default());
    schedule.add(0, due(&["r@x.example"; 100]));
    assert!((0..4).all(|_| opens(&schedule, 0)));
    (0..3).for_each(|_| unopened(&schedule, 1));
    assert_eq!(schedule.stopped(0), None);
    unopened(&schedule, 1);
    assert_eq!(schedule.stopped(0).as_deref(), Some("a: no answer in time"));
}

#[test]
fn no_more_connections_are_opened_than_there_are_messages() {
    let schedule = alone(&[relay("a", 4)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example"]));
    assert_eq!((0..4).filter(|_| opens(&schedule, 0)).count(), 2);
    schedule.opened(0);
    assert_eq!(taken(&schedule, Some(0), 0).unwrap().0, "a@x.example");
    assert_eq!(taken(&schedule, Some(0), 0).unwrap().0, "b@x.example", "it waits for none that is being opened");
}

fn busy() -> Reply {
    Reply { code: Some(450), enhanced: Some("4.7.1".to_owned()), text: "sending limit".to_owned(), ..Reply::default() }
}

#[test]
fn a_relay_that_takes_no_more_for_now_rests_ever_longer_and_is_down_at_last() {
    let schedule = alone(&[relay("a", 8), relay("b", 1)], None, DomainRates::default());
    let addresses: Vec<String> = (0..20).map(|n| format!("r{n}@x.example")).collect();
    schedule.add(0, due(&addresses.iter().map(String::as_str).collect::<Vec<_>>()));
    let puts_off = |seconds| {
        let now = Duration::from_secs(seconds);
        let Next::Take(mut one) = schedule.next(Some(0), now) else { return None };
        let waits = schedule.put_off(&mut one, 0, "a", &busy(), now);
        schedule.put_last(*one);
        Some(waits)
    };
    let downs = ["a: takes no more for now: 450 4.7.1 sending limit"];
    assert_eq!(puts_off(0), Some(true));
    assert_eq!((puts_off(0), taken(&schedule, None, 0).unwrap().1), (None, 1), "the other takes what there is");
    for second in [1, 3, 7] {
        assert_eq!(puts_off(second), Some(true));
        assert!(schedule.following(0, Duration::from_secs(second)).is_none());
    }
    assert_eq!(schedule.downs(0), [""; 0]);
    assert_eq!((puts_off(14), puts_off(15)), (None, Some(true)));
    assert_eq!((schedule.downs(0), schedule.stopped(0)), (downs.map(str::to_owned).to_vec(), None));
    assert_eq!((puts_off(44), puts_off(45)), (None, Some(true)), "down for half a minute");
    assert_eq!((puts_off(104), puts_off(105)), (None, Some(true)), "and for a whole one");
    schedule.took(&any(0), 0, Duration::ZERO);
    assert_eq!((puts_off(106), puts_off(107)), (Some(true), Some(true)), "it took one in between");
}

#[test]
fn who_is_put_off_again_and_again_while_others_are_taken_is_the_cause() {
    let schedule = alone(&[relay("a", 8)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example"]));
    let Next::Take(mut one) = schedule.next(Some(0), Duration::ZERO) else { panic!("there is something to do") };
    let mut put_off = |seconds| schedule.put_off(&mut one, 0, "a", &busy(), Duration::from_secs(seconds));
    assert!(put_off(0));
    schedule.took(&any(0), 0, Duration::ZERO);
    assert!(put_off(10) && !put_off(20), "also while there is nobody else");
    schedule.took(&any(0), 0, Duration::ZERO);
    assert!(!put_off(30));
    assert_eq!(schedule.stopped(0), None);
}

/// The next message that a connection to a relay is given.
fn given(schedule: &Schedule, relay: usize, seconds: u64) -> Option<InHand> {
    match schedule.next(Some(relay), Duration::from_secs(seconds)) {
        Next::Take(one) => Some(*one),
        _ => None,
    }
}

/// To whom it goes.
fn name(one: Option<InHand>) -> Option<String> {
    one.map(|one| one.leased.recipient.address)
}

#[test]
fn what_the_first_relay_refuses_does_not_wait_for_all_that_it_is_still_to_take() {
    let slow = Relay { rate: Rate::parse("1/s"), ..relay("a", 1) };
    let schedule = alone(&[slow, relay("b", 4)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"]));
    let Next::Open(0) = schedule.next(None, Duration::ZERO) else { panic!("the first relay is up") };
    schedule.opened(0);
    let refuses = |seconds| {
        let mut one = given(&schedule, 0, seconds).unwrap();
        assert!(schedule.may_go_elsewhere(&mut one, 0, Duration::from_secs(seconds)));
        schedule.put_last(one);
    };
    assert!(!matches!(schedule.next(None, Duration::ZERO), Next::Open(1)), "the other stands by");
    refuses(0);
    refuses(5);
    let Next::Open(1) = schedule.next(None, Duration::from_secs(5)) else { panic!("the other is free for it") };
    assert!(!matches!(schedule.next(None, Duration::from_secs(5)), Next::Open(_)), "one connection is enough");
    schedule.opened(1);
    assert_eq!(name(given(&schedule, 1, 5)).as_deref(), Some("a@x.example"));
    assert_eq!(schedule.following(1, Duration::from_secs(5)).unwrap().leased.recipient.address, "b@x.example");
    assert_eq!(name(given(&schedule, 1, 5)), None, "the rest is the first one's");
    assert_eq!(name(given(&schedule, 0, 10)).as_deref(), Some("c@x.example"));
    // Once the first is down, the other takes all, over more connections.
    schedule.failed(0, "a", "nobody listens there", true, Duration::from_secs(11));
    assert_eq!(name(given(&schedule, 1, 11)).as_deref(), Some("d@x.example"));
    assert!(matches!(schedule.next(None, Duration::from_secs(11)), Next::Open(1)));
}

#[test]
fn what_two_relays_refuse_the_third_is_shown() {
    let schedule = alone(&[relay("a", 1), relay("b", 1), relay("c", 1)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@x.example"]));
    let refused_by = |relay: usize| {
        let Next::Open(opened) = schedule.next(None, Duration::ZERO) else { panic!("there is something to do") };
        assert_eq!(opened, relay);
        schedule.opened(relay);
        let mut one = given(&schedule, relay, 0).unwrap();
        assert_eq!(one.leased.recipient.address, "a@x.example");
        assert!(schedule.may_go_elsewhere(&mut one, relay, Duration::ZERO));
        schedule.put_last(one);
    };
    refused_by(0);
    refused_by(1);
    assert_eq!(name(given(&schedule, 1, 0)), None, "it refused that, and the rest is not for it");
    let Next::Open(2) = schedule.next(None, Duration::ZERO) else { panic!("the third has not seen it") };
    schedule.opened(2);
    assert_eq!(name(given(&schedule, 2, 0)).as_deref(), Some("a@x.example"));
    assert_eq!(name(given(&schedule, 2, 0)), None);
    assert_eq!(name(given(&schedule, 0, 0)).as_deref(), Some("b@x.example"));
}
