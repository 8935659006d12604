//! Relays that refuse one message after the other, and domains that do.

use std::time::Duration;

use super::reception::Refusal;
use super::tests::{alone, any, due, order, relay, schedule, taken};
use super::{InHand, Met, Next, Schedule};
use crate::deliver::smtp::rate::DomainRates;
use crate::model::Reply;

fn ours(reply: &Reply) -> Refusal<'_> {
    Refusal { reply, is_of_ours: true }
}

fn recipient(reply: &Reply) -> Refusal<'_> {
    Refusal { reply, is_of_ours: false }
}

/// One after the other is handed out and refused.
fn refuse(schedule: &Schedule, refusal: Refusal<'_>, addresses: &[&str]) {
    for mut leased in due(addresses) {
        leased.lease.delivery += 1000;
        let one = InHand { lane: 0, leased, number: 1, met: Met::default() };
        schedule.refused(&one, 0, refusal, Duration::ZERO);
        schedule.settled(&one, Duration::ZERO);
    }
}

/// There is no more of the campaign, but for those who are held back.
fn exhaust(schedule: &Schedule) {
    schedule.was_claimed(0, true, Duration::ZERO);
}

/// Takes out what there is, until nothing may go out.
fn handed(schedule: &Schedule) -> Vec<InHand> {
    let mut all = Vec::new();
    while let Next::Take(one) = schedule.next(Some(0), Duration::ZERO) {
        all.push(*one);
    }
    all
}

#[test]
fn a_closed_company_is_not_a_relay_that_refuses_everybody() {
    let no_such_user = Reply { code: Some(550), enhanced: Some("5.1.1".to_owned()), ..Reply::default() };
    let fresh = || alone(&[relay("a", 8)], None, DomainRates::default());
    let good = fresh();
    good.took(&any(0), 0, Duration::ZERO);
    refuse(&good, recipient(&no_such_user), &["r@closed.example"; 60]);
    exhaust(&good);
    refuse(&good, recipient(&no_such_user), &["r@closed-too.example"; 60]);
    exhaust(&good);
    refuse(&good, recipient(&no_such_user), &["r@closed.example"; 200]);
    assert_eq!((good.stopped(0), good.mistaken(0)), (None, Vec::new()), "both are believed");
    refuse(&good, recipient(&no_such_user), &["r@x.example", "r@y.example", "r@z.example"].repeat(20));
    exhaust(&good);
    assert_eq!((good.stopped(0).is_some(), good.mistaken(0).len()), (true, 60));
    let deaf = fresh();
    exhaust(&deaf);
    refuse(&deaf, recipient(&no_such_user), &["r@one.example"; 49]);
    assert_eq!((deaf.stopped(0), deaf.mistaken(0)), (None, Vec::new()));
    refuse(&deaf, recipient(&no_such_user), &["r@one.example"; 2]);
    assert!(deaf.is_refused(0));
    assert_eq!(deaf.mistaken(0).len(), 51, "it took nothing of anybody, and what was under way counts as well");
}

fn not_that() -> Reply {
    Reply { code: Some(554), enhanced: Some("5.7.1".to_owned()), ..Reply::default() }
}

#[test]
fn readers_of_a_domain_that_refuses_us_wait_until_others_were_asked() {
    let schedule = alone(&[relay("a", 8)], None, DomainRates::default());
    let mut addresses = vec!["s@uni.example"; 15];
    addresses.extend(["t@x.example", "u@y.example"]);
    schedule.add(0, due(&addresses));
    schedule.was_claimed(0, false, Duration::ZERO);
    assert!(matches!(schedule.next(None, Duration::ZERO), Next::Open(0)));
    schedule.opened(0);
    for _ in 0..10 {
        let Next::Take(one) = schedule.next(Some(0), Duration::ZERO) else { panic!("it is their turn") };
        schedule.refused(&one, 0, ours(&not_that()), Duration::ZERO);
        schedule.settled(&one, Duration::ZERO);
    }
    let others = handed(&schedule);
    let names: Vec<&str> = others.iter().map(|one| one.leased.recipient.address.as_str()).collect();
    assert_eq!(names, ["t@x.example", "u@y.example"], "the other five are held back");
    assert_eq!(schedule.waiting(0, 9, Duration::ZERO), (0, vec!["uni.example".to_owned()]), "and no more are claimed");
    exhaust(&schedule);
    assert!(schedule.stopped(0).is_none() && handed(&schedule).is_empty(), "of two nobody knows yet");
    schedule.took(&others[0], 0, Duration::ZERO);
    schedule.settled(&others[0], Duration::ZERO);
    assert_eq!(handed(&schedule).len(), 5, "it takes others, so that it is uni.example that refuses us");
    refuse(&schedule, ours(&not_that()), &["s@uni.example"; 200]);
    assert!(schedule.stopped(0).is_none());
}

#[test]
fn a_relay_that_refuses_others_too_or_has_no_others_gets_no_more() {
    let fresh = || alone(&[relay("a", 8)], None, DomainRates::default());
    let refused = || vec!["s@uni.example"; 12];
    // Nobody else is there.
    let deaf = fresh();
    refuse(&deaf, ours(&not_that()), &refused());
    assert!(!deaf.is_refused(0), "others may be claimed");
    exhaust(&deaf);
    assert!(deaf.is_refused(0) && deaf.mistaken(0).len() == 12);
    // It took some of that very domain, and then no more.
    let known = fresh();
    known.took(&InHand { leased: due(&["q@uni.example"]).remove(0), ..any(0) }, 0, Duration::ZERO);
    refuse(&known, ours(&not_that()), &refused());
    refuse(&known, ours(&not_that()), &["s@yahoo.example"]);
    exhaust(&known);
    assert!(known.is_refused(0), "and of others none either");
    // It took next to nothing.
    let poor = fresh();
    poor.took(&any(0), 0, Duration::ZERO);
    refuse(&poor, ours(&not_that()), &["s@uni.example"; 49]);
    exhaust(&poor);
    assert!(!poor.is_refused(0), "so few may be of a domain that wants nothing of ours");
    refuse(&poor, ours(&not_that()), &["s@uni.example"; 2]);
    assert!(poor.is_refused(0) && poor.mistaken(0).len() == 51);
    // It took others, and refuses domain after domain.
    let turned = fresh();
    turned.took(&any(0), 0, Duration::ZERO);
    let domains: Vec<String> = (0..10).map(|n| format!("r@{n}.example")).collect();
    refuse(&turned, ours(&not_that()), &domains.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(turned.is_refused(0), "ten are enough");
}

#[test]
fn what_was_handed_out_before_a_row_of_refusals_tells_nothing_of_it() {
    let schedule = alone(&[relay("a", 8)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example", "b@x.example", "c@y.example", "d@z.example"]));
    assert!(matches!(schedule.next(None, Duration::ZERO), Next::Open(0)));
    schedule.opened(0);
    let before: Vec<InHand> = (0..2)
        .map(|_| match schedule.next(Some(0), Duration::ZERO) {
            Next::Take(one) => *one,
            _ => panic!("there are four"),
        })
        .collect();
    refuse(&schedule, ours(&not_that()), &["r@u.example", "r@v.example", "r@w.example"].repeat(4));
    assert!(!schedule.is_refused(0) && handed(&schedule).is_empty(), "what is under way is waited for");
    // It is taken: so the relay takes some, and others are asked; that alone does not say that it takes any now.
    for one in &before {
        schedule.took(one, 0, Duration::ZERO);
        schedule.settled(one, Duration::ZERO);
    }
    let others = handed(&schedule);
    assert_eq!(others.len(), 2);
    exhaust(&schedule);
    for one in &others {
        schedule.refused(one, 0, ours(&not_that()), Duration::ZERO);
        schedule.settled(one, Duration::ZERO);
    }
    assert!(!schedule.is_refused(0), "of y.example and z.example it never took any, and it is few");
    let schedule = alone(&[relay("a", 8)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example"; 30]));
    assert!(matches!(schedule.next(None, Duration::ZERO), Next::Open(0)));
    schedule.opened(0);
    let Next::Take(slow) = schedule.next(Some(0), Duration::ZERO) else { panic!("there are thirty") };
    refuse(&schedule, ours(&not_that()), &["r@x.example"; 12]);
    exhaust(&schedule);
    assert!(!schedule.is_refused(0) && handed(&schedule).is_empty());
    schedule.took(&slow, 0, Duration::ZERO);
    schedule.settled(&slow, Duration::ZERO);
    assert!(
        schedule.is_refused(0) && schedule.stopped(0).is_some(),
        "it was handed out before, and of the same domain"
    );
    assert_eq!(schedule.mistaken(0).len(), 12);
}

#[test]
fn what_a_relay_says_of_one_campaign_stops_no_other() {
    let not_that = Reply { code: Some(554), enhanced: Some("5.7.1".to_owned()), ..Reply::default() };
    let schedule = schedule(2, &[relay("a", 8), relay("b", 8)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example"; 40]));
    schedule.add(1, due(&["b@x.example"; 40]));
    (0..2).for_each(|lane| schedule.was_claimed(lane, true, Duration::ZERO));
    for _ in 0..10 {
        let Next::Take(one) = schedule.next(Some(0), Duration::ZERO) else { panic!("the first relay is up") };
        schedule.refused(&one, 0, ours(&not_that), Duration::ZERO);
        schedule.settled(&one, Duration::ZERO);
        assert_eq!(taken(&schedule, Some(0), 0).unwrap(), ("b@x.example".to_owned(), 0));
        schedule.took(&any(1), 0, Duration::ZERO);
    }
    assert_eq!((schedule.mistaken(0).len(), schedule.mistaken(1).len()), (10, 0));
    assert_eq!(order(&schedule, 0), ["b@x.example"; 30], "the first relay goes on with the other");
    assert!(matches!(schedule.next(None, Duration::ZERO), Next::Open(1)), "and the second takes what it refuses");
    schedule.opened(1);
    assert!(schedule.stopped(0).is_none() && schedule.downs(1).is_empty(), "{:?}", schedule.downs(0));
    let Next::Take(one) = schedule.next(Some(1), Duration::ZERO) else { panic!("the second relay is up") };
    assert_eq!(one.leased.recipient.address, "a@x.example");
    for _ in 0..10 {
        schedule.refused(&one, 1, ours(&not_that), Duration::ZERO);
        schedule.settled(&one, Duration::ZERO);
    }
    assert!(schedule.is_refused(0) && schedule.stopped(0).is_some() && schedule.stopped(1).is_none());
}

#[test]
fn a_campaign_that_one_relay_refuses_does_not_wait_for_all_others_to_end() {
    let not_that = Reply { code: Some(554), enhanced: Some("5.7.1".to_owned()), ..Reply::default() };
    let schedule = schedule(2, &[relay("a", 2), relay("b", 2)], None, DomainRates::default());
    schedule.add(0, due(&["a@x.example"; 40]));
    schedule.add(1, due(&["b@x.example"; 40]));
    (0..2).for_each(|lane| schedule.was_claimed(lane, true, Duration::ZERO));
    let Next::Open(0) = schedule.next(None, Duration::ZERO) else { panic!("the first relay is up") };
    schedule.opened(0);
    let Next::Take(one) = schedule.next(Some(0), Duration::ZERO) else { panic!("there is something to do") };
    assert!(taken(&schedule, None, 0).is_some());
    (0..10).for_each(|_| {
        schedule.refused(&one, 0, ours(&not_that), Duration::ZERO);
        schedule.settled(&one, Duration::ZERO);
    });
    assert!(
        matches!(schedule.next(Some(0), Duration::ZERO), Next::Yield),
        "one of two connections goes to the other relay"
    );
    assert_eq!(taken(&schedule, None, 0).unwrap(), ("a@x.example".to_owned(), 1));
    assert_eq!(taken(&schedule, Some(0), 0).unwrap(), ("b@x.example".to_owned(), 0), "and one stays");
}
