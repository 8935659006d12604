//! The queue's promises, as any store must keep them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    Campaign, CampaignState, Change, Claim, DeliveryState, Disposition, Gone, IssueKey, Lease, Leased, NewCampaign,
    NewSubscriber, Query, Queue, Recovered, Reply, Resolution, Settlement,
};
use crate::store::Store;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn issue() -> IssueKey {
    IssueKey { series: "news".to_owned(), ordinal: 7 }
}

/// A store whose list `members` has these readers.
fn store(readers: &[&str]) -> Store {
    let person = |address: &&str| NewSubscriber { address: (*address).to_owned(), name: None, language: None };
    let mut store = Store::in_memory().unwrap();
    store.import("members", &readers.iter().map(person).collect::<Vec<_>>(), at(0)).unwrap();
    store
}

fn begin(store: &mut Store, revision: u32, starts: i64) -> u64 {
    let campaign = NewCampaign { issue: issue(), revision, lists: vec!["members".to_owned()], starts: at(starts) };
    store.start(&campaign, &mut |to| Some(format!("{revision}.{}", to.address)), at(0)).unwrap()
}

fn running(readers: &[&str]) -> Store {
    let mut store = store(readers);
    assert_eq!(begin(&mut store, 1, 0), readers.len() as u64);
    store
}

fn campaign(store: &mut Store, now: i64) -> Campaign {
    store.campaigns(at(now)).unwrap().remove(0)
}

fn claim(store: &mut Store, worker: &str, most: usize, now: i64) -> Vec<Leased> {
    let claim = Claim { campaign: 1, worker: worker.to_owned(), most, except: vec![], until: at(now + 60) };
    store.claim(&claim, at(now)).unwrap()
}

fn addresses(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|one| one.recipient.address.as_str()).collect()
}

fn settle(store: &mut Store, worker: &str, lease: Lease, disposition: Disposition, now: i64) -> usize {
    let reply =
        Reply { relay: "r".to_owned(), code: Some(250), enhanced: Some("2.0.0".to_owned()), text: "ok".to_owned() };
    store.record(worker, &[Settlement { lease, disposition, reply }], &[], at(now)).unwrap().settled
}

fn intend(store: &mut Store, worker: &str, lease: Lease, now: i64) -> bool {
    store.record(worker, &[], &[lease], at(now)).unwrap().granted == [lease.delivery]
}

fn states(store: &mut Store) -> BTreeMap<String, DeliveryState> {
    let all = store.history(&Query::default()).unwrap();
    all.into_iter().map(|one| (one.address, one.state)).collect()
}

#[test]
fn who_gets_an_issue_is_settled_once() {
    let mut store = store(&["b@x.example", "a@x.example", "c@x.example"]);
    let campaign = NewCampaign { issue: issue(), revision: 1, lists: vec!["members".to_owned()], starts: at(0) };
    let mut choose = |to: &crate::model::Recipient| (to.address != "c@x.example").then(|| format!("1.{}", to.address));
    assert_eq!(store.start(&campaign, &mut choose, at(0)).unwrap(), 2);
    store
        .add("members", &NewSubscriber { address: "d@x.example".to_owned(), name: None, language: None }, at(1))
        .unwrap();
    assert_eq!(begin(&mut store, 2, 0), 0, "an amendment begins no second campaign");
    let all = store.history(&Query::default()).unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.address.as_str(), one.revision, one.message_id.as_str())).collect();
    assert_eq!(told, [("a@x.example", 1, "1.a@x.example"), ("b@x.example", 1, "1.b@x.example")]);
}

#[test]
fn a_delivery_is_in_one_hand_and_goes_through_its_states() {
    let mut store = running(&["a@x.example", "b@x.example", "c@y.example"]);
    let first = claim(&mut store, "one", 2, 0);
    assert_eq!(addresses(&first), ["a@x.example", "b@x.example"]);
    let second = claim(&mut store, "two", 9, 0);
    assert_eq!(addresses(&second), ["c@y.example"], "nobody is claimed twice");
    assert!(intend(&mut store, "one", first[0].lease, 1));
    assert!(!intend(&mut store, "one", first[0].lease, 1), "a body goes out once");
    assert!(!intend(&mut store, "two", first[1].lease, 1), "of one's own only");
    assert_eq!(settle(&mut store, "two", first[0].lease, Disposition::Sent, 2), 0);
    assert_eq!(settle(&mut store, "one", first[0].lease, Disposition::Sent, 2), 1);
    assert_eq!(settle(&mut store, "one", first[0].lease, Disposition::Failed, 2), 0, "what is settled stays so");
    assert_eq!(settle(&mut store, "one", first[1].lease, Disposition::Deferred { until: at(300) }, 2), 1);
    assert_eq!(settle(&mut store, "two", second[0].lease, Disposition::Failed, 2), 1);
    assert!(!store.finish(1, at(3)).unwrap(), "one is deferred");
    assert_eq!(store.next_due(1).unwrap(), Some(at(300)));
    assert!(claim(&mut store, "one", 9, 299).is_empty());
    let again = claim(&mut store, "one", 9, 300);
    assert_eq!((again[0].attempts, again[0].first_tried, again[0].lease.epoch), (1, Some(at(2)), 2));
    assert_eq!(settle(&mut store, "one", first[1].lease, Disposition::Sent, 301), 0, "the older hold is over");
    assert_eq!(settle(&mut store, "one", again[0].lease, Disposition::Sent, 301), 1);
    assert!(store.finish(1, at(302)).unwrap());
    assert_eq!(campaign(&mut store, 302).state, CampaignState::Finished);
    let progress = store.progress(1, at(302)).unwrap();
    assert_eq!(
        (progress.count(DeliveryState::Sent), progress.count(DeliveryState::Failed), progress.total()),
        (2, 1, 3)
    );
    assert_eq!((progress.first_sent, progress.last_sent, progress.last_minute), (Some(at(2)), Some(at(301)), 1));
    assert_eq!(progress.sent_by_list["members"], 2);
    let history = store.history(&Query { address: Some("B@X.example".to_owned()), ..Query::default() }).unwrap();
    let tries: Vec<_> = history[0].attempts.iter().map(|one| (one.at, one.state, one.reply.code)).collect();
    assert_eq!(tries, [(at(2), DeliveryState::Deferred, Some(250)), (at(301), DeliveryState::Sent, Some(250))]);
}

#[test]
fn what_is_given_back_was_not_tried() {
    let mut store = running(&["a@x.example"]);
    let one = claim(&mut store, "one", 9, 0).remove(0);
    assert!(intend(&mut store, "one", one.lease, 0));
    assert_eq!(settle(&mut store, "one", one.lease, Disposition::Released, 1), 1);
    let again = claim(&mut store, "two", 9, 1).remove(0);
    assert_eq!((again.attempts, again.first_tried, again.lease.epoch), (0, None, 2));
    assert!(store.history(&Query::default()).unwrap()[0].attempts.is_empty());
}

#[test]
fn what_a_worker_held_that_is_gone_is_due_again_or_ambiguous() {
    let mut store = running(&["a@x.example", "b@x.example", "c@x.example"]);
    let held = claim(&mut store, "gone", 2, 0);
    assert!(intend(&mut store, "gone", held[0].lease, 0));
    let mine = claim(&mut store, "here", 1, 0);
    assert_eq!(store.recover(&Gone::Overdue, at(30)).unwrap(), Recovered::default(), "in time");
    assert_eq!(store.renew("here", at(90)).unwrap(), 1);
    assert_eq!(store.recover(&Gone::Overdue, at(61)).unwrap(), Recovered { returned: 1, ambiguous: 1 });
    assert_eq!(
        states(&mut store).into_values().collect::<Vec<_>>(),
        [DeliveryState::Ambiguous, DeliveryState::Pending, DeliveryState::Leased]
    );
    assert_eq!(addresses(&claim(&mut store, "here", 9, 61)), ["b@x.example"], "nobody sends an ambiguous one");
    assert!(!intend(&mut store, "gone", held[1].lease, 62));
    assert_eq!(settle(&mut store, "gone", held[0].lease, Disposition::Sent, 62), 1, "it was only slow");
    assert_eq!(store.recover(&Gone::EverybodyBut("here".to_owned()), at(62)).unwrap(), Recovered::default());
    assert_eq!(store.recover(&Gone::EverybodyBut("next".to_owned()), at(62)).unwrap().returned, 2);
    assert_eq!(settle(&mut store, "here", mine[0].lease, Disposition::Sent, 63), 0);
}

#[test]
fn ambiguous_deliveries_are_settled_by_an_operator() {
    let mut store = running(&["a@x.example", "b@x.example", "c@x.example"]);
    for one in claim(&mut store, "gone", 9, 0) {
        assert!(intend(&mut store, "gone", one.lease, 0));
    }
    assert_eq!(store.recover(&Gone::EverybodyBut("here".to_owned()), at(1)).unwrap().ambiguous, 3);
    assert!(store.finish(1, at(1)).unwrap(), "nothing is left to do by itself");
    assert_eq!(store.resolve(1, Some("A@x.example"), Resolution::Sent, at(2)).unwrap(), 1);
    assert_eq!(store.resolve(1, Some("b@x.example"), Resolution::Failed, at(2)).unwrap(), 1);
    assert_eq!(campaign(&mut store, 2).state, CampaignState::Finished);
    assert_eq!(store.resolve(1, None, Resolution::Resend, at(2)).unwrap(), 1);
    assert_eq!(store.resolve(1, None, Resolution::Resend, at(2)).unwrap(), 0);
    assert_eq!(campaign(&mut store, 2).state, CampaignState::Running);
    let again = claim(&mut store, "here", 9, 2);
    assert_eq!((addresses(&again), again[0].message_id.as_str()), (vec!["c@x.example"], "1.c@x.example"));
    let ambiguous = Query { state: Some(DeliveryState::Ambiguous), ..Query::default() };
    assert!(store.history(&ambiguous).unwrap().is_empty());
}

#[test]
fn pausing_and_cancelling_stop_what_is_in_hand() {
    let mut store = running(&["a@x.example", "b@x.example", "c@x.example"]);
    let held = claim(&mut store, "one", 2, 0);
    assert!(intend(&mut store, "one", held[0].lease, 0));
    assert!(store.change(1, &Change::Pause("the editor asked".to_owned()), at(1)).unwrap());
    assert!(!store.change(1, &Change::Pause("twice".to_owned()), at(1)).unwrap());
    let paused = campaign(&mut store, 1);
    assert_eq!((paused.state, paused.reason.as_deref()), (CampaignState::Paused, Some("the editor asked")));
    assert!(!intend(&mut store, "one", held[1].lease, 1));
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Sent, 1), 1, "what was going out is recorded");
    assert_eq!(settle(&mut store, "one", held[1].lease, Disposition::Released, 1), 1);
    assert!(claim(&mut store, "one", 9, 1).is_empty());
    assert!(!store.finish(1, at(1)).unwrap());
    assert!(store.change(1, &Change::Resume, at(2)).unwrap());
    assert_eq!(claim(&mut store, "one", 9, 2).len(), 2);
    assert!(store.change(1, &Change::Cancel, at(3)).unwrap());
    assert!(!store.change(1, &Change::Resume, at(3)).unwrap(), "for good");
    assert_eq!(campaign(&mut store, 3).state, CampaignState::Cancelled);
}

#[test]
fn a_scheduled_campaign_begins_at_its_time_or_when_it_is_told_to() {
    let mut store = store(&["a@x.example"]);
    begin(&mut store, 1, 100);
    assert_eq!(campaign(&mut store, 99).state, CampaignState::Scheduled);
    assert!(claim(&mut store, "one", 9, 99).is_empty());
    assert_eq!(campaign(&mut store, 100).state, CampaignState::Running);
    assert_eq!(claim(&mut store, "one", 9, 100).len(), 1);
}

#[test]
fn who_must_not_be_written_to_is_asked_again_when_a_delivery_is_claimed() {
    let mut store = running(&["a@x.example", "b@x.example", "c@x.example"]);
    store.suppress("A@x.example", "hard bounce", at(1)).unwrap();
    store.remove("members", "b@x.example", at(1)).unwrap();
    assert_eq!(addresses(&claim(&mut store, "one", 9, 1)), ["c@x.example"]);
    assert_eq!(store.progress(1, at(1)).unwrap().count(DeliveryState::Suppressed), 2);
}

#[test]
fn domains_of_which_there_is_enough_are_passed_over() {
    let mut store = running(&["a@x.example", "b@X.example", "c@y.example"]);
    let claim =
        Claim { campaign: 1, worker: "one".to_owned(), most: 9, except: vec!["x.example".to_owned()], until: at(60) };
    assert_eq!(addresses(&store.claim(&claim, at(0)).unwrap()), ["c@y.example"]);
}

#[test]
fn deliveries_of_the_second_version_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../sql/schema_1.sql")).unwrap();
    old.execute_batch(include_str!("../sql/schema_2.sql")).unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    old.execute_batch(
        "insert into campaign values ('news', 6, 1, '2026-01-01T00:00:00Z'), ('news', 7, 2, '2026-02-01T00:00:00Z');
         insert into delivery values
            ('news', 6, 'a@x.example', 1, 'Ann', 'fa', 'members', 't', 'sent', '6.a', '2026-01-01T00:00:00Z'),
            ('news', 7, 'a@x.example', 2, null, null, 'members', 't', 'sent', '7.a', '2026-02-01T00:00:00Z'),
            ('news', 7, 'b@x.example', 2, null, null, 'members', 't', 'failed', '7.b', '2026-02-01T00:00:00Z'),
            ('news', 7, 'c@x.example', 2, 'Cy', 'sq', 'members', 't', 'pending', '7.c', '2026-02-01T00:00:00Z');",
    )
    .unwrap();
    drop(old);
    let mut store = Store::open(&path).unwrap();
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let campaigns = store.campaigns(now).unwrap();
    let told: Vec<_> = campaigns.iter().map(|one| (one.issue.ordinal, one.revision, one.state)).collect();
    assert_eq!(told, [(6, 1, CampaignState::Finished), (7, 2, CampaignState::Running)]);
    let of = |store: &mut Store, campaign: i64| {
        let all = store.history(&Query { campaign: Some(campaign), ..Query::default() }).unwrap();
        all.into_iter().map(|one| (one.message_id, one.state)).collect::<Vec<_>>()
    };
    assert_eq!(of(&mut store, campaigns[0].id), [("6.a".to_owned(), DeliveryState::Sent)]);
    let states: Vec<_> = of(&mut store, campaigns[1].id).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [DeliveryState::Sent, DeliveryState::Failed, DeliveryState::Pending]);
    let claim = Claim { campaign: campaigns[1].id, worker: "w".to_owned(), most: 9, except: vec![], until: now };
    let due = store.claim(&claim, now).unwrap();
    let to = &due[0].recipient;
    assert_eq!(
        (to.name.as_deref(), to.language.as_ref().map(crate::model::Language::as_str)),
        (Some("Cy"), Some("sq"))
    );
}

#[test]
fn hostile_text_is_only_text() {
    let name = "'); drop table delivery; --";
    let mut store = Store::in_memory().unwrap();
    let person = NewSubscriber { address: "a'b@x.example".to_owned(), name: Some(name.to_owned()), language: None };
    store.add("members", &person, at(0)).unwrap();
    assert_eq!(begin(&mut store, 1, 0), 1);
    let due = claim(&mut store, name, 9, 0);
    assert_eq!(due[0].recipient.name.as_deref(), Some(name));
    let reply = Reply { relay: name.to_owned(), code: None, enhanced: Some(name.to_owned()), text: name.to_owned() };
    let settlement = Settlement { lease: due[0].lease, disposition: Disposition::Failed, reply: reply.clone() };
    assert_eq!(store.record(name, &[settlement], &[], at(0)).unwrap().settled, 1);
    let found = store.history(&Query { address: Some("a'b@x.example".to_owned()), ..Query::default() }).unwrap();
    assert_eq!(found[0].attempts[0].reply, reply);
}
