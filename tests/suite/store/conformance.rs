//! The promises of a store, as any store must keep them. Each is held over an SQLite file and over PostgreSQL.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use masthead::model::{
    BounceClass, BounceReason, Campaign, CampaignState, Change, Circumstance, Claim, DeliveryState, Disposition, Gone,
    IssueKey, Lease, Leased, NewCampaign, NewSubscriber, Query, Queue, Recovered, Reply, Resolution, Settlement,
    TakenBack, Way,
};
use masthead::store::{Added, Left, Store};

use super::Kept;
pub(super) use super::former::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn issue() -> IssueKey {
    IssueKey { series: "news".to_owned(), ordinal: 7 }
}

/// A store whose list `members` has these readers.
fn store(kept: &Kept<'_>, readers: &[&str]) -> Store {
    let person = |address: &&str| NewSubscriber { address: (*address).to_owned(), name: None, language: None };
    let mut store = kept.open();
    store.import("members", &readers.iter().map(person).collect::<Vec<_>>(), at(0)).unwrap();
    store
}

fn begin(store: &mut Store, revision: u32, starts: i64) -> u64 {
    let campaign = NewCampaign { issue: issue(), revision, lists: vec!["members".to_owned()], starts: at(starts) };
    store.start(&campaign, &mut |to| Some(format!("{revision}.{}", to.address)), at(0)).unwrap()
}

fn running(kept: &Kept<'_>, readers: &[&str]) -> Store {
    let mut store = store(kept, readers);
    assert_eq!(begin(&mut store, 1, 0), readers.len() as u64);
    store
}

fn campaign(store: &mut Store, now: i64) -> Campaign {
    store.campaigns(at(now)).unwrap().remove(0)
}

fn claim(store: &mut Store, worker: &str, most: usize, now: i64) -> Vec<Leased> {
    let claim =
        Claim { campaign: 1, worker: worker.to_owned(), most, lists: Vec::new(), except: vec![], until: at(now + 60) };
    store.claim(&claim, at(now)).unwrap()
}

fn addresses(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|one| one.recipient.address.as_str()).collect()
}

fn settle(store: &mut Store, worker: &str, lease: Lease, disposition: Disposition, now: i64) -> usize {
    let is_refused = matches!(disposition, Disposition::Failed | Disposition::Bounced(..));
    let code = Some(if is_refused { 550 } else { 250 });
    let reply = Reply { relay: "r".to_owned(), code, enhanced: Some("2.0.0".to_owned()), text: "ok".to_owned() };
    store.record(worker, &[Settlement { lease, disposition, reply }], &[], at(now)).unwrap().settled
}

fn intend(store: &mut Store, worker: &str, lease: Lease, now: i64) -> bool {
    store.record(worker, &[], &[lease], at(now)).unwrap().granted == [lease.delivery]
}

fn states(store: &mut Store) -> BTreeMap<String, DeliveryState> {
    let all = store.history(&Query::default()).unwrap();
    all.into_iter().map(|one| (one.address, one.state)).collect()
}

pub(super) fn who_gets_an_issue_is_settled_once(kept: &Kept<'_>) {
    let mut store = store(kept, &["b@x.example", "a@x.example", "c@x.example"]);
    let campaign = NewCampaign { issue: issue(), revision: 1, lists: vec!["members".to_owned()], starts: at(0) };
    let mut choose =
        |to: &masthead::model::Recipient| (to.address != "c@x.example").then(|| format!("1.{}", to.address));
    assert_eq!(store.start(&campaign, &mut choose, at(0)).unwrap(), 2);
    store
        .add("members", &NewSubscriber { address: "d@x.example".to_owned(), name: None, language: None }, at(1))
        .unwrap();
    assert_eq!(begin(&mut store, 2, 0), 0, "an amendment begins no second campaign");
    let all = store.history(&Query::default()).unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.address.as_str(), one.revision, one.message_id.as_str())).collect();
    assert_eq!(told, [("a@x.example", 1, "1.a@x.example"), ("b@x.example", 1, "1.b@x.example")]);
}

pub(super) fn a_delivery_is_in_one_hand_and_goes_through_its_states(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@y.example"]);
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
    assert_eq!((progress.minutes, progress.after_first), (2, 1), "of five, and of two");
    assert_eq!(progress.sent_by_list["members"], 2);
    let history = store.history(&Query { address: Some("B@X.example".to_owned()), ..Query::default() }).unwrap();
    let tries: Vec<_> = history[0].attempts.iter().map(|one| (one.at, one.state, one.reply.code)).collect();
    assert_eq!(tries, [(at(2), DeliveryState::Deferred, Some(250)), (at(301), DeliveryState::Sent, Some(250))]);
}

pub(super) fn what_is_given_back_was_not_tried(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example"]);
    let one = claim(&mut store, "one", 9, 0).remove(0);
    assert!(intend(&mut store, "one", one.lease, 0));
    assert_eq!(settle(&mut store, "one", one.lease, Disposition::Released, 1), 1);
    let again = claim(&mut store, "two", 9, 1).remove(0);
    assert_eq!((again.attempts, again.first_tried, again.lease.epoch), (0, None, 2));
    assert!(store.history(&Query::default()).unwrap()[0].attempts.is_empty());
}

pub(super) fn what_a_worker_held_that_is_gone_is_due_again_or_ambiguous(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    let held = claim(&mut store, "gone", 2, 0);
    assert!(intend(&mut store, "gone", held[0].lease, 0));
    let mine = claim(&mut store, "here", 1, 0);
    assert_eq!(store.recover(&Gone::Overdue, at(30)).unwrap(), Recovered::default(), "in time");
    assert_eq!(store.renew("here", at(90), at(0)).unwrap(), 1);
    kept.pass(61);
    assert_eq!(store.recover(&Gone::Overdue, at(61)).unwrap(), Recovered { returned: 1, ambiguous: 1 });
    assert_eq!(
        states(&mut store).into_values().collect::<Vec<_>>(),
        [DeliveryState::Ambiguous, DeliveryState::Pending, DeliveryState::Leased]
    );
    assert_eq!(addresses(&claim(&mut store, "here", 9, 61)), ["b@x.example"], "nobody sends an ambiguous one");
    assert!(!intend(&mut store, "gone", held[1].lease, 62));
    assert_eq!(settle(&mut store, "gone", held[0].lease, Disposition::Sent, 62), 1, "it was only slow");
    kept.pass(139);
    assert_eq!(store.recover(&Gone::Overdue, at(200)).unwrap(), Recovered { returned: 2, ambiguous: 0 });
    assert_eq!(settle(&mut store, "here", mine[0].lease, Disposition::Sent, 201), 0);
}

pub(super) fn ambiguous_deliveries_are_settled_by_an_operator(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    for one in claim(&mut store, "gone", 9, 0) {
        assert!(intend(&mut store, "gone", one.lease, 0));
    }
    kept.pass(61);
    assert_eq!(store.recover(&Gone::Overdue, at(61)).unwrap().ambiguous, 3);
    assert!(store.finish(1, at(61)).unwrap(), "nothing is left to do by itself");
    assert_eq!(store.resolve(1, Some("A@x.example"), Resolution::Sent, at(62)).unwrap(), 1);
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

pub(super) fn what_an_operator_gave_up_is_tried_again_by_its_address_alone(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    let doubt = [Disposition::Ambiguous, Disposition::Ambiguous, Disposition::Failed];
    for (one, disposition) in claim(&mut store, "w", 9, 0).iter().zip(doubt) {
        assert_eq!(settle(&mut store, "w", one.lease, disposition, 1), 1);
    }
    assert_eq!(store.resolve(1, None, Resolution::Failed, at(2)).unwrap(), 2);
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(3)).unwrap(), 1);
    let again = claim(&mut store, "w", 9, 4);
    assert_eq!(addresses(&again), ["c@x.example"]);
    assert_eq!(store.resolve(1, Some("B@x.example"), Resolution::Retry, at(5)).unwrap(), 1);
    let named = claim(&mut store, "w", 9, 6);
    assert_eq!(addresses(&named), ["b@x.example"]);
    // What a relay says after that counts again.
    assert_eq!(settle(&mut store, "w", named[0].lease, Disposition::Failed, 7), 1);
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(8)).unwrap(), 1);
}

pub(super) fn pausing_and_cancelling_stop_what_is_in_hand(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
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

pub(super) fn a_scheduled_campaign_begins_at_its_time_or_when_it_is_told_to(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example"]);
    begin(&mut store, 1, 100);
    assert_eq!(campaign(&mut store, 99).state, CampaignState::Scheduled);
    assert!(claim(&mut store, "one", 9, 99).is_empty());
    assert_eq!(campaign(&mut store, 100).state, CampaignState::Running);
    assert_eq!(claim(&mut store, "one", 9, 100).len(), 1);
}

pub(super) fn a_campaign_that_was_queued_while_the_clock_was_ahead_does_not_wait_for_that_time(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example", "b@x.example"]);
    let new = NewCampaign { issue: issue(), revision: 1, lists: vec!["members".to_owned()], starts: at(1_000_000) };
    store.start(&new, &mut |to| Some(format!("1.{}", to.address)), at(1_000_000)).unwrap();
    assert_eq!(claim(&mut store, "one", 1, 1_000_000).len(), 1);
    // Set right.
    assert_eq!((campaign(&mut store, 5).state, store.next_due(1).unwrap()), (CampaignState::Running, Some(at(5))));
    assert_eq!(addresses(&claim(&mut store, "one", 9, 5)), ["b@x.example"], "the other is in hand");
    // It was to begin at once, so that it does not wait for its time either once it was paused.
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(6)).unwrap());
    assert!(store.change(1, &Change::Resume, at(7)).unwrap());
    assert_eq!(campaign(&mut store, 7).state, CampaignState::Running);
    assert!(store.change(1, &Change::Cancel, at(8)).unwrap());
}

pub(super) fn a_scheduled_campaign_is_paused_and_goes_back_to_its_time(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example"]);
    begin(&mut store, 1, 1000);
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(5)).unwrap());
    assert_eq!(campaign(&mut store, 2000).state, CampaignState::Paused, "its time passes");
    assert!(store.change(1, &Change::Resume, at(10)).unwrap());
    assert_eq!(campaign(&mut store, 10).state, CampaignState::Scheduled);
    assert!(store.change(1, &Change::Resume, at(20)).unwrap());
    let begun = campaign(&mut store, 20);
    assert_eq!((begun.state, begun.starts), (CampaignState::Running, at(20)));
    assert_eq!(store.next_due(1).unwrap(), Some(at(20)));
    assert_eq!(claim(&mut store, "one", 9, 20).len(), 1, "what was due later is due now");
}

pub(super) fn a_campaign_of_which_nothing_was_tried_begins_at_another_time(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example", "b@x.example"]);
    let again = |starts| Change::Reschedule { starts: at(starts), revision: None };
    begin(&mut store, 1, 1000);
    assert!(store.change(1, &again(50), at(5)).unwrap());
    assert_eq!(campaign(&mut store, 49).state, CampaignState::Scheduled);
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(10)).unwrap());
    assert!(store.change(1, &Change::Reschedule { starts: at(2000), revision: Some(2) }, at(10)).unwrap());
    let later = campaign(&mut store, 60);
    assert_eq!((later.state, later.revision, later.reason), (CampaignState::Scheduled, 2, None));
    assert!(store.change(1, &again(60), at(60)).unwrap());
    assert_eq!(campaign(&mut store, 60).state, CampaignState::Running);
    let held = claim(&mut store, "one", 1, 60);
    assert!(!store.change(1, &again(90), at(61)).unwrap(), "one is in hand");
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Released, 61), 1);
    assert!(store.change(1, &again(90), at(62)).unwrap());
    assert!(claim(&mut store, "one", 9, 62).is_empty());
    assert_eq!(campaign(&mut store, 90).state, CampaignState::Running);
    let held = claim(&mut store, "one", 1, 90);
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Sent, 91), 1);
    assert!(!store.change(1, &again(100), at(92)).unwrap(), "one was sent");
}

pub(super) fn a_change_that_is_refused_changes_nothing(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example"]);
    assert!(store.is_text_of(1, "the one").unwrap());
    let held = claim(&mut store, "one", 1, 0);
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Sent, 1), 1);
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(2)).unwrap());
    let later = Change::Reschedule { starts: at(99), revision: Some(2) };
    assert!(!store.change(1, &later, at(3)).unwrap(), "one was sent");
    let same = campaign(&mut store, 3);
    assert_eq!((same.state, same.revision, same.starts), (CampaignState::Paused, 1, at(0)));
    assert!(store.change(1, &Change::Resume, at(4)).unwrap());
    assert!(!store.is_text_of(1, "the other").unwrap(), "it goes on as it was");
    let revisions: Vec<u32> = store.history(&Query::default()).unwrap().iter().map(|one| one.revision).collect();
    assert_eq!(revisions, [1, 1]);
}

pub(super) fn what_was_cancelled_before_any_of_it_was_tried_is_forgotten(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example", "b@x.example"]);
    begin(&mut store, 1, 1000);
    assert!(!store.withdraw(1).unwrap(), "it is not cancelled");
    assert!(store.change(1, &Change::Cancel, at(1)).unwrap());
    assert!(store.withdraw(1).unwrap());
    assert!(store.campaigns(at(1)).unwrap().is_empty() && store.history(&Query::default()).unwrap().is_empty());
    begin(&mut store, 1, 2);
    let id = store.campaigns(at(2)).unwrap()[0].id;
    let claim = Claim { campaign: id, worker: "one".to_owned(), most: 1, lists: vec![], except: vec![], until: at(60) };
    let held = store.claim(&claim, at(2)).unwrap();
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Deferred { until: at(99) }, 3), 1);
    assert!(store.change(id, &Change::Cancel, at(4)).unwrap());
    assert!(!store.withdraw(id).unwrap(), "one was tried");
    assert_eq!(store.campaigns(at(4)).unwrap().len(), 1);
}

pub(super) fn a_campaign_has_one_text(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example"]);
    assert!(store.is_text_of(1, "the one").unwrap() && store.is_text_of(1, "the one").unwrap());
    assert!(!kept.open().is_text_of(1, "the other").unwrap());
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(1)).unwrap());
    assert!(store.change(1, &Change::ResumeAmended(2), at(2)).unwrap());
    assert!(store.is_text_of(1, "the other").unwrap(), "as it was amended");
    assert!(!store.is_text_of(1, "the one").unwrap());
}

pub(super) fn other_secrets_than_those_that_signed_are_noticed(kept: &Kept<'_>) {
    use masthead::store::KeyRing;
    let given = |text: &str| kept.open().with_secrets(KeyRing::read(text).unwrap());
    assert!(!given("any").has_strange_secrets().unwrap(), "nothing was signed yet");
    kept.open().keep_signing_secret().unwrap();
    assert!(!given("any").has_strange_secrets().unwrap(), "the store's own verifies whatever is given");
    given("the first").keep_signing_secret().unwrap();
    assert!(!given("the first").has_strange_secrets().unwrap());
    assert!(kept.open().has_strange_secrets().unwrap() && given("another").has_strange_secrets().unwrap());
    // As secrets are replaced: the new one before the old one, and one day the old one goes.
    let mut both = given("the second\nthe first");
    assert!(!both.has_strange_secrets().unwrap());
    both.keep_signing_secret().unwrap();
    assert!(!given("the second").has_strange_secrets().unwrap() && given("the first").has_strange_secrets().unwrap());
    both.keep_signing_secret().unwrap();
    // A run without any signs with the store's own, and what the second signed is out there all the same.
    kept.open().keep_signing_secret().unwrap();
    assert!(kept.open().has_strange_secrets().unwrap());
    let mut third = given("the third");
    third.forget_other_secrets().unwrap();
    assert!(!third.has_strange_secrets().unwrap() && given("the second").has_strange_secrets().unwrap());
    // A store of an earlier version knows what return paths were made from.
    kept.open().forget_other_secrets().unwrap();
    assert!(!kept.open().has_strange_secrets().unwrap());
}

pub(super) fn refused_deliveries_are_tried_again_from_the_beginning(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example"]);
    for leased in claim(&mut store, "one", 9, 0) {
        settle(&mut store, "one", leased.lease, Disposition::Failed, 1);
    }
    assert!(store.finish(1, at(2)).unwrap());
    assert_eq!(store.resolve(1, None, Resolution::Resend, at(3)).unwrap(), 0, "nothing is ambiguous");
    assert_eq!(store.resolve(1, Some("B@x.example"), Resolution::Retry, at(3)).unwrap(), 1);
    let again = claim(&mut store, "one", 9, 3);
    assert_eq!((addresses(&again), again[0].attempts, again[0].first_tried), (vec!["b@x.example"], 0, None));
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(3)).unwrap(), 1);
}

pub(super) fn what_a_server_refuses_counts_against_the_address(kept: &Kept<'_>) {
    use masthead::model::{BounceClass, BounceReason};
    let readers = ["ann@x.example", "bo@x.example", "cy@x.example"];
    let mut store = running(kept, &readers);
    let of = |class, reason| Disposition::Bounced(class, reason);
    let [ann, bo, cy] = &claim(&mut store, "one", 9, 0)[..] else { panic!() };
    let reply = Reply { relay: "r".to_owned(), code: Some(550), enhanced: None, text: "no".to_owned() };
    let settled = |leased: &Leased, disposition| Settlement { lease: leased.lease, disposition, reply: reply.clone() };
    let recorded = store.record(
        "one",
        &[
            settled(ann, of(BounceClass::Hard, BounceReason::UserUnknown)),
            settled(bo, of(BounceClass::Soft, BounceReason::MailboxFull)),
        ],
        &[cy.lease],
        at(1),
    );
    let recorded = recorded.unwrap();
    assert_eq!((recorded.settled, recorded.granted, recorded.suppressed.len()), (2, vec![cy.lease.delivery], 1));
    assert_eq!(states(&mut store)["ann@x.example"], DeliveryState::Failed);
    assert_eq!(store.suppression("ANN@x.example").unwrap().unwrap().reason, "hard bounce: user-unknown");
    assert_eq!(
        (store.soft_bounces("bo@x.example", at(2)).unwrap(), store.suppression("bo@x.example").unwrap()),
        (1, None)
    );
    // Another worker, or an earlier hold, has nothing to say.
    let late =
        store.record("two", &[settled(cy, of(BounceClass::Hard, BounceReason::UserUnknown))], &[], at(3)).unwrap();
    assert_eq!((late.settled, late.suppressed.len()), (0, 0));
    assert_eq!(store.suppression("cy@x.example").unwrap(), None);
    for ordinal in 8..12 {
        let issue = IssueKey { series: "news".to_owned(), ordinal };
        let campaign = NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts: at(4) };
        store.start(&campaign, &mut |to| Some(format!("{ordinal}.{}", to.address)), at(4)).unwrap();
        let id = store.campaigns(at(4)).unwrap().iter().map(|one| one.id).max().unwrap();
        let claim =
            Claim { campaign: id, worker: "one".to_owned(), most: 9, lists: Vec::new(), except: vec![], until: at(60) };
        let claimed = store.claim(&claim, at(4)).unwrap();
        assert_eq!(addresses(&claimed), ["bo@x.example", "cy@x.example"], "who is suppressed gets no issue");
        let soft = settled(&claimed[0], of(BounceClass::Soft, BounceReason::MailboxFull));
        let recorded = store.record("one", &[soft], &[], at(5)).unwrap();
        assert_eq!(recorded.suppressed.len(), usize::from(ordinal == 11), "issue {ordinal}");
    }
}

pub(super) fn who_must_not_be_written_to_is_asked_again_when_a_delivery_is_claimed(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    store.suppress("A@x.example", "hard bounce", at(1)).unwrap();
    store.remove("members", "b@x.example", at(1)).unwrap();
    assert_eq!(addresses(&claim(&mut store, "one", 9, 1)), ["c@x.example"]);
    assert_eq!(store.progress(1, at(1)).unwrap().count(DeliveryState::Suppressed), 2);
}

pub(super) fn who_may_be_written_to_again_gets_what_they_never_left(kept: &Kept<'_>) {
    let mut store = store(kept, &["a@x.example", "b@x.example"]);
    let person = NewSubscriber { address: "a@x.example".to_owned(), name: None, language: None };
    for list in ["friends", "folk"] {
        assert_eq!(store.add(list, &person, at(1)).unwrap(), Added::New);
    }
    store.remove("folk", "a@x.example", at(2)).unwrap();
    store.suppress("A@x.example", "hard bounce: user-unknown", at(3)).unwrap();
    let gets = |store: &Store, list: &str| {
        let recipients = store.recipients(&[list.to_owned()]).unwrap();
        recipients.iter().any(|one| one.address == person.address)
    };
    assert!(["members", "friends", "folk"].iter().all(|list| !gets(&store, list)));
    assert_eq!(store.add_again("members", &person, &[], at(4)).unwrap(), Added::Known);
    assert_eq!(["members", "friends", "folk"].map(|list| gets(&store, list)), [true, true, false]);
}

pub(super) fn who_leaves_after_a_delivery_was_claimed_gets_nothing(kept: &Kept<'_>) {
    let readers = ["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example"];
    let mut store = running(kept, &readers);
    let held = claim(&mut store, "one", 9, 0);
    assert!(intend(&mut store, "one", held[4].lease, 1));
    store.remove("members", "A@x.example", at(1)).unwrap();
    store.suppress("b@x.example", "complaint", at(1)).unwrap();
    assert_eq!(store.remove_from_all("c@x.example", at(1)).unwrap(), 1);
    // Of what has begun it is too late.
    store.remove("members", "e@x.example", at(1)).unwrap();
    for (number, may) in [(0, false), (1, false), (2, false), (3, true)] {
        assert_eq!(intend(&mut store, "one", held[number].lease, 2), may, "{}", readers[number]);
    }
    assert_eq!(settle(&mut store, "one", held[4].lease, Disposition::Sent, 3), 1);
    // What the relay answered meanwhile of one who left is as true of the address.
    let dead = Disposition::Bounced(BounceClass::Hard, BounceReason::UserUnknown);
    assert_eq!(settle(&mut store, "one", held[0].lease, dead, 3), 0, "the hold is over");
    assert_eq!(store.suppression("a@x.example").unwrap().unwrap().reason, "hard bounce: user-unknown");
    assert_eq!(claim(&mut store, "one", 9, 3), []);
    assert_eq!(settle(&mut store, "one", held[2].lease, dead, 4), 0);
    assert_eq!(store.suppression("c@x.example").unwrap().unwrap().reason, "hard bounce: user-unknown");
    assert_eq!(store.progress(1, at(3)).unwrap().count(DeliveryState::Suppressed), 3);
}

pub(super) fn one_that_waits_for_a_relay_is_paused_by_an_operator_too(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example"]);
    assert!(store.change(1, &Change::Pause(Campaign::no_relay("nobody listens there")), at(1)).unwrap());
    assert!(campaign(&mut store, 1).waits_for_relay());
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(2)).unwrap());
    assert!(!campaign(&mut store, 2).waits_for_relay());
    // What an operator said is not said over.
    assert!(!store.change(1, &Change::Pause(Campaign::no_relay("nobody listens there")), at(3)).unwrap());
}

pub(super) fn a_campaign_goes_on_with_a_later_revision(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example", "d@x.example"]);
    let held = claim(&mut store, "one", 4, 0);
    assert!(intend(&mut store, "one", held[0].lease, 1));
    assert_eq!(settle(&mut store, "one", held[0].lease, Disposition::Sent, 1), 1);
    assert_eq!(settle(&mut store, "one", held[1].lease, Disposition::Failed, 1), 1);
    assert_eq!(settle(&mut store, "one", held[2].lease, Disposition::Deferred { until: at(9) }, 1), 1);
    assert!(!store.change(1, &Change::ResumeAmended(2), at(2)).unwrap(), "it is running");
    assert!(store.change(1, &Change::Pause("a wrong link".to_owned()), at(2)).unwrap());
    assert!(!store.change(1, &Change::ResumeAmended(2), at(3)).unwrap(), "one is in hand");
    assert_eq!(campaign(&mut store, 3).revision, 1);
    assert_eq!(settle(&mut store, "one", held[3].lease, Disposition::Released, 3), 1);
    assert!(store.change(1, &Change::ResumeAmended(2), at(4)).unwrap());
    let now = campaign(&mut store, 4);
    assert_eq!((now.state, now.revision), (CampaignState::Running, 2));
    let revisions = |store: &mut Store| -> Vec<u32> {
        store.history(&Query::default()).unwrap().iter().map(|one| one.revision).collect()
    };
    assert_eq!(revisions(&mut store), [1, 1, 2, 2], "what was sent is what was sent");
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(5)).unwrap(), 1);
    assert_eq!(revisions(&mut store), [1, 2, 2, 2]);
}

pub(super) fn domains_of_which_there_is_enough_are_passed_over(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@X.example", "c@y.example"]);
    let claim = Claim {
        campaign: 1,
        worker: "one".to_owned(),
        most: 9,
        lists: Vec::new(),
        except: vec!["x.example".to_owned()],
        until: at(60),
    };
    assert_eq!(addresses(&store.claim(&claim, at(0)).unwrap()), ["c@y.example"]);
}

pub(super) fn hostile_text_is_only_text(kept: &Kept<'_>) {
    let name = "'); drop table delivery; --";
    let mut store = kept.open();
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

pub(super) fn one_that_is_alone_takes_all_back_where_it_can_be_alone(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example"]);
    let held = claim(&mut store, "gone", 9, 0);
    assert!(intend(&mut store, "gone", held[0].lease, 0));
    let taken = store.recover(&Gone::EverybodyBut("here".to_owned()), at(1)).unwrap();
    if store.is_shared() {
        assert_eq!(taken, Recovered::default(), "another machine may be at work");
        kept.pass(61);
        let taken = store.recover(&Gone::EverybodyBut("here".to_owned()), at(61)).unwrap();
        assert_eq!(taken, Recovered { returned: 1, ambiguous: 1 });
    } else {
        assert_eq!(taken, Recovered { returned: 1, ambiguous: 1 });
    }
}

pub(super) fn what_a_worker_held_that_has_stopped_is_taken_back_at_once(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    let held = claim(&mut store, "stopped", 2, 0);
    assert!(intend(&mut store, "stopped", held[0].lease, 0));
    claim(&mut store, "here", 1, 0);
    let taken = store.recover(&Gone::Stopped("stopped".to_owned()), at(1)).unwrap();
    assert_eq!(taken, Recovered { returned: 1, ambiguous: 1 }, "and nobody else's");
    assert_eq!(
        states(&mut store).into_values().collect::<Vec<_>>(),
        [DeliveryState::Ambiguous, DeliveryState::Pending, DeliveryState::Leased]
    );
}

pub(super) fn refusals_that_say_nothing_of_recipients_are_taken_back(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example"]);
    let bounced = Disposition::Bounced(BounceClass::Hard, BounceReason::UserUnknown);
    let held = claim(&mut store, "w", 9, 0);
    // The complaint comes while the message goes out.
    assert!(intend(&mut store, "w", held[2].lease, 0));
    store.suppress("c@x.example", "complaint", at(0)).unwrap();
    for one in &held {
        assert_eq!(settle(&mut store, "w", one.lease, bounced, 1), 1);
    }
    let is_suppressed = |store: &Store, address: &str| store.suppression(address).unwrap().is_some();
    assert!(is_suppressed(&store, "a@x.example") && is_suppressed(&store, "b@x.example"));
    let first = [held[0].lease.delivery];
    assert_eq!(store.take_back(&first, &[], at(2)).unwrap(), TakenBack { lifted: 1, again: Vec::new() });
    assert!(!is_suppressed(&store, "a@x.example") && is_suppressed(&store, "b@x.example"));
    assert_eq!(states(&mut store)["a@x.example"], DeliveryState::Failed);
    assert!(store.finish(1, at(2)).unwrap(), "as another machine may");
    assert_eq!(store.take_back(&first, &first, at(2)).unwrap(), TakenBack { lifted: 0, again: first.to_vec() });
    assert_eq!(campaign(&mut store, 2).state, CampaignState::Running, "nobody waits in what is finished");
    assert_eq!(store.take_back(&first, &first, at(2)).unwrap(), TakenBack::default(), "it waits already");
    assert_eq!(addresses(&claim(&mut store, "w", 9, 3)), ["a@x.example"]);
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(4)).unwrap(), 2);
    assert_eq!(addresses(&claim(&mut store, "w", 9, 5)), ["b@x.example"], "a complaint stays");
    assert!(!is_suppressed(&store, "b@x.example"), "whoever is tried again may be written to");
}

pub(super) fn what_another_campaign_gave_up_for_a_refusal_that_is_taken_back_waits_again(kept: &Kept<'_>) {
    let (mut store, refused, of_second) = with_one_refused_of_two_campaigns(kept, &["a@x.example", "b@x.example"]);
    assert_eq!(addresses(&store.claim(&of_second, at(2)).unwrap()), ["b@x.example"], "no mail goes to the other");
    assert_eq!(store.take_back(&[refused], &[refused], at(3)).unwrap().lifted, 1);
    assert_eq!(addresses(&store.claim(&of_second, at(4)).unwrap()), ["a@x.example"]);
}

/// Two campaigns to the same readers, the first of whom no server knows: which delivery that was, and a claim of the second.
fn with_one_refused_of_two_campaigns(kept: &Kept<'_>, readers: &[&str]) -> (Store, i64, Claim) {
    let mut store = running(kept, readers);
    let other = IssueKey { series: "other".to_owned(), ..issue() };
    let second = NewCampaign { issue: other, revision: 1, lists: vec!["members".to_owned()], starts: at(0) };
    store.start(&second, &mut |to| Some(format!("2.{}", to.address)), at(0)).unwrap();
    let held = claim(&mut store, "w", 1, 0);
    let bounced = Disposition::Bounced(BounceClass::Hard, BounceReason::UserUnknown);
    assert_eq!(settle(&mut store, "w", held[0].lease, bounced, 1), 1);
    let lists = vec!["members".to_owned()];
    let of_second = Claim { campaign: 2, worker: "w".to_owned(), most: 9, lists, except: vec![], until: at(60) };
    (store, held[0].lease.delivery, of_second)
}

/// How many of another campaign wait again that was finished without a reader for what a relay said of them, once that is
/// taken back.
fn waiting_of_finished(kept: &Kept<'_>, take_back: impl Fn(&mut Store, i64)) -> usize {
    let (mut store, refused, of_second) = with_one_refused_of_two_campaigns(kept, &["a@x.example"]);
    assert!(store.claim(&of_second, at(2)).unwrap().is_empty() && store.finish(2, at(2)).unwrap());
    take_back(&mut store, refused);
    store.claim(&of_second, at(4)).unwrap().len()
}

pub(super) fn a_campaign_that_is_over_runs_again_for_a_refusal_that_is_taken_back(kept: &Kept<'_>) {
    let take_back = |store: &mut Store, delivery| {
        assert_eq!(store.take_back(&[delivery], &[delivery], at(3)).unwrap().lifted, 1);
    };
    assert_eq!(waiting_of_finished(kept, take_back), 1);
}

pub(super) fn who_is_tried_again_by_hand_is_not_sent_all_that_was_missed(kept: &Kept<'_>) {
    let retry = |store: &mut Store, _| assert_eq!(store.resolve(1, None, Resolution::Retry, at(3)).unwrap(), 1);
    assert_eq!(waiting_of_finished(kept, retry), 0, "it may be weeks later");
}

pub(super) fn a_claim_that_gave_nothing_says_whether_there_is_more(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@y.example"]);
    store.suppress("a@x.example", "asked", at(0)).unwrap();
    let asked = |except: &str| Claim {
        campaign: 1,
        worker: "w".to_owned(),
        most: 1,
        lists: vec!["members".to_owned()],
        except: vec![except.to_owned()],
        until: at(60),
    };
    assert!(store.claim(&asked("y.example"), at(1)).unwrap().is_empty());
    assert!(store.has_due(&asked("y.example"), at(1)).unwrap());
    assert_eq!(addresses(&store.claim(&asked("y.example"), at(1)).unwrap()), ["b@x.example"]);
    assert!(!store.has_due(&asked("y.example"), at(1)).unwrap());
    assert!(store.has_due(&asked("x.example"), at(1)).unwrap());
    assert!(store.change(1, &Change::Pause("wait".to_owned()), at(1)).unwrap());
    assert!(!store.has_due(&asked("x.example"), at(1)).unwrap());
}

pub(super) fn what_is_taken_after_a_domain_refused_is_counted(kept: &Kept<'_>) {
    let refused: Vec<String> = (0..11).map(|n| format!("a{n:02}@{}.example", ["uni", "UNI"][n % 2])).collect();
    let others = ["c@x.example", "d@x.example", "e@y.example", "f@sub.uni.example", "g@notuni.example"];
    let readers: Vec<&str> = refused.iter().map(String::as_str).chain(others).collect();
    let mut store = running(kept, &readers);
    let held = claim(&mut store, "w", 99, 0);
    let since = |store: &mut Store, domain: &str| store.taken_since_refusals(1, domain, 10, true).unwrap();
    for one in &held[..9] {
        assert_eq!(settle(&mut store, "w", one.lease, Disposition::Failed, 1), 1);
    }
    assert_eq!(settle(&mut store, "w", held[11].lease, Disposition::Sent, 2), 1);
    assert_eq!(since(&mut store, "uni.example"), Some(0), "nine may have reasons of their own");
    assert_eq!(settle(&mut store, "w", held[9].lease, Disposition::Failed, 3), 1);
    assert_eq!(since(&mut store, "uni.example"), Some(0), "one was before");
    // Another machine, whose clock is behind.
    for one in &held[12..15] {
        assert_eq!(settle(&mut store, "w", one.lease, Disposition::Sent, 1), 1);
    }
    assert_eq!((since(&mut store, "uni.example"), since(&mut store, "x.example")), (Some(3), None));
    assert_eq!(store.taken_since_refusals(1, "uni.example", 10, false).unwrap(), Some(0), "none for reasons of theirs");
    // It is due again: that it was refused first stays known, unless somebody has seen to it.
    let first = [held[0].lease.delivery];
    assert_eq!(store.take_back(&first, &first, at(5)).unwrap().again, first);
    assert_eq!(since(&mut store, "uni.example"), Some(3));
    assert_eq!(store.resolve(1, Some(&held[1].recipient.address), Resolution::Retry, at(5)).unwrap(), 1);
    assert_eq!(since(&mut store, "uni.example"), Some(0), "nine are left");
    assert_eq!(settle(&mut store, "w", held[10].lease, Disposition::Sent, 6), 1);
    assert_eq!(since(&mut store, "uni.example"), None, "one of them was taken");
}

pub(super) fn to_people_who_were_erased_nothing_is_sent_again(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example", "b@x.example", "c@x.example", "d@x.example"]);
    let held = claim(&mut store, "w", 9, 0);
    for (one, disposition) in
        held.iter().zip([Disposition::Ambiguous, Disposition::Ambiguous, Disposition::Failed, Disposition::Failed])
    {
        assert_eq!(settle(&mut store, "w", one.lease, disposition, 1), 1);
    }
    for gone in [&held[0], &held[2]] {
        store.erase(&gone.recipient.address, at(2)).unwrap();
    }
    let erased = [held[2].lease.delivery];
    assert_eq!(store.take_back(&erased, &erased, at(3)).unwrap(), TakenBack::default());
    assert_eq!(store.resolve(1, None, Resolution::Resend, at(3)).unwrap(), 1);
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(3)).unwrap(), 1);
    let again: Vec<i64> = claim(&mut store, "w", 9, 4).into_iter().map(|one| one.lease.delivery).collect();
    assert_eq!(again, [held[1].lease.delivery, held[3].lease.delivery]);
    let left = store.progress(1, at(4)).unwrap();
    assert_eq!((left.count(DeliveryState::Ambiguous), left.count(DeliveryState::Suppressed)), (0, 1));
}

pub(super) fn what_is_in_hand_while_its_reader_is_erased_settles_without_words(kept: &Kept<'_>) {
    let readers = ["a@x.example", "b@x.example", "c@x.example", "d@x.example", "e@x.example", "f@x.example"];
    let mut store = running(kept, &readers);
    let held = claim(&mut store, "w", 9, 0);
    for one in &held {
        assert!(intend(&mut store, "w", one.lease, 1));
    }
    for address in readers {
        store.erase(address, at(2)).unwrap();
    }
    let put_off = Disposition::Deferred { until: at(9) };
    let bounced = Disposition::Bounced(BounceClass::Hard, BounceReason::UserUnknown);
    let all = [Disposition::Sent, put_off, Disposition::Failed, bounced, Disposition::Released, Disposition::Ambiguous];
    for (one, disposition) in held.iter().zip(all) {
        let text = format!("RCPT TO:<{}>", one.recipient.address);
        let reply = Reply { relay: "r".to_owned(), code: Some(450), enhanced: None, text };
        let recorded = store.record("w", &[Settlement { lease: one.lease, disposition, reply }], &[], at(3)).unwrap();
        assert_eq!((recorded.settled, recorded.suppressed.len()), (1, 0), "{disposition:?}");
    }
    let mut after = Vec::new();
    for one in &held {
        let query = Query { delivery: Some(one.lease.delivery), ..Query::default() };
        let found = store.history(&query).unwrap().remove(0);
        assert!(found.attempts.iter().all(|attempt| attempt.reply.text.is_empty()), "{found:?}");
        after.push(found.state);
    }
    let (sent, gone, unknown) = (DeliveryState::Sent, DeliveryState::Suppressed, DeliveryState::Ambiguous);
    assert_eq!(after, [sent, gone, gone, gone, gone, unknown]);
    assert_eq!(store.next_due(1).unwrap(), None);
    assert!(claim(&mut store, "w", 9, 10).is_empty() && store.finish(1, at(10)).unwrap());
}

pub(super) fn what_comes_back_of_who_was_erased_is_kept_without_words(kept: &Kept<'_>) {
    use masthead::model::{BounceEvent, EnhancedStatus, Evidence};
    let address = "ann@x.example";
    let mut store = running(kept, &[address]);
    let held = claim(&mut store, "one", 1, 0).remove(0);
    assert_eq!(settle(&mut store, "one", held.lease, Disposition::Sent, 1), 1);
    // A run that reads reports may have asked before, and keeps what it read after.
    let before = store.tried(held.lease.delivery).unwrap();
    store.erase("Ann@x.example", at(2)).unwrap();
    let since = store.tried(held.lease.delivery).unwrap();
    for (key, tried) in [("before", before), ("since", since)] {
        let event = BounceEvent {
            address: tried.as_ref().unwrap().address.clone(),
            class: BounceClass::Hard,
            reason: BounceReason::UserUnknown,
            status: EnhancedStatus::new(5, 1, 10),
            code: Some(550),
            diagnosis: format!("550 5.1.10 Recipient {address} not found"),
            evidence: Evidence::ReturnPath,
            tried,
            counts: true,
        };
        store.keep_bounce(key, BounceClass::Hard, &[event], at(3)).unwrap();
    }
    let returned = |store: &mut Store| store.history(&Query::default()).unwrap().remove(0).returned;
    let words: Vec<String> = returned(&mut store).into_iter().map(|one| one.diagnosis).collect();
    assert_eq!(words, ["", ""], "that something came back is counted");
    assert_eq!(store.soft_bounces(address, at(4)).unwrap(), 0, "no event has the address");
    assert!(store.erase(address, at(5)).unwrap().known, "there was something to forget");
    assert_eq!(returned(&mut store), []);
    assert!(!store.erase(address, at(6)).unwrap().known);
}

pub(super) fn an_address_that_only_begins_as_what_stands_for_the_erased_is_somebody_s(kept: &Kept<'_>) {
    let mut store = running(kept, &["erased-b@x.example"]);
    let first = claim(&mut store, "w", 1, 0).remove(0);
    assert_eq!(settle(&mut store, "w", first.lease, Disposition::Deferred { until: at(9) }, 1), 1);
    let second = claim(&mut store, "w", 1, 9).remove(0);
    assert_eq!(settle(&mut store, "w", second.lease, Disposition::Failed, 10), 1);
    let one = store.history(&Query::default()).unwrap().remove(0);
    let words: Vec<&str> = one.attempts.iter().map(|attempt| attempt.reply.text.as_str()).collect();
    assert_eq!((one.state, words), (DeliveryState::Failed, vec!["ok", "ok"]));
    assert_eq!(store.resolve(1, None, Resolution::Retry, at(11)).unwrap(), 1);
    let third = claim(&mut store, "w", 1, 12).remove(0);
    assert_eq!(settle(&mut store, "w", third.lease, Disposition::Ambiguous, 13), 1);
    assert_eq!(store.resolve(1, None, Resolution::Resend, at(14)).unwrap(), 1);
}

pub(super) fn who_left_one_of_two_lists_is_written_to_through_the_other(kept: &Kept<'_>) {
    let everybody = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"];
    let mut store = running(kept, &everybody);
    let person = |address: &str| NewSubscriber { address: address.to_owned(), name: None, language: None };
    for address in ["a@x.example", "c@x.example"] {
        store.add("friends", &person(address), at(0)).unwrap();
        store.remove("members", address, at(1)).unwrap();
    }
    store.remove("members", "b@x.example", at(1)).unwrap();
    store.suppress("c@x.example", "complaint", at(1)).unwrap();
    let lists = vec!["members".to_owned(), "friends".to_owned()];
    let claim = Claim { campaign: 1, worker: "w".to_owned(), most: 9, lists, except: vec![], until: at(60) };
    let claimed = store.claim(&claim, at(2)).unwrap();
    assert_eq!(addresses(&claimed), ["a@x.example", "d@x.example"]);
    assert_eq!(claimed[0].recipient.list, "friends");
    assert_eq!(claimed[0].recipient.token, store.unsubscribe_token("friends", "a@x.example"));
    let history = store.history(&Query { address: Some("a@x.example".to_owned()), ..Query::default() }).unwrap();
    assert_eq!(history[0].list, "friends");
}

pub(super) fn a_hold_lasts_as_long_as_it_was_renewed_for_whatever_is_done_to_the_clock(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example"]);
    let held = claim(&mut store, "here", 1, 0).remove(0);
    // Somebody sets it back by an hour.
    assert_eq!(store.renew("here", at(600 - 3600), at(-3600)).unwrap(), 1);
    kept.pass(61);
    assert_eq!(store.recover(&Gone::Overdue, at(61 - 3600)).unwrap(), Recovered::default());
    assert!(claim(&mut store, "other", 9, 61 - 3600).is_empty());
    assert!(intend(&mut store, "here", held.lease, 62 - 3600));
    kept.pass(600);
    assert_eq!(store.recover(&Gone::Overdue, at(661 - 3600)).unwrap(), Recovered { returned: 0, ambiguous: 1 });
}

pub(super) fn of_who_is_erased_after_a_complaint_nothing_comes_back(kept: &Kept<'_>) {
    let (mut store, address) = (running(kept, &["a@x.example"]), "A@x.example");
    store.suppress(address, "complaint", at(1)).unwrap();
    store.erase(address, at(2)).unwrap();
    store.suppress(address, "hard bounce: user-unknown", at(3)).unwrap();
    let suppression = store.suppression(address).unwrap().unwrap();
    assert_eq!((suppression.reason.as_str(), suppression.since), ("erased", at(2)));
    // An old link, a command, a file.
    let how = Circumstance::new(at(4), Way::OneClick);
    assert_eq!(store.leave("members", address, &how).unwrap(), Left::Before);
    assert!(!store.keep_one_away("members", address, at(4)).unwrap());
    let mut file = store.gather().unwrap();
    file.note_gone(address).unwrap();
    file.note_barred(address, "bounced").unwrap();
    assert_eq!(store.keep_unsubscribed("members", &file, at(4)).unwrap(), 0);
    assert_eq!(store.bar(&file, at(4)).unwrap(), 0);
    assert!(store.person(address).unwrap().is_none() && store.export("members").unwrap().is_empty());
}

pub(super) fn a_record_that_comes_late_changes_nothing(kept: &Kept<'_>) {
    let mut store = running(kept, &["a@x.example"]);
    let slow = claim(&mut store, "slow", 9, 0).remove(0);
    kept.pass(61);
    assert_eq!(store.recover(&Gone::Overdue, at(61)).unwrap().returned, 1);
    let quick = claim(&mut store, "quick", 9, 61).remove(0);
    assert_eq!((slow.lease.epoch, quick.lease.epoch), (1, 2));
    assert!(!intend(&mut store, "slow", slow.lease, 62));
    assert!(!intend(&mut store, "slow", quick.lease, 62), "another's hold under one's own name");
    assert!(!intend(&mut store, "quick", slow.lease, 62), "an older hold under the right name");
    assert!(intend(&mut store, "quick", quick.lease, 62));
    assert_eq!(settle(&mut store, "slow", slow.lease, Disposition::Failed, 63), 0);
    assert_eq!(store.renew("slow", at(300), at(63)).unwrap(), 0);
    assert_eq!(settle(&mut store, "quick", quick.lease, Disposition::Sent, 63), 1);
    assert_eq!(states(&mut store)["a@x.example"], DeliveryState::Sent);
}

pub(super) fn many_settlements_and_intents_are_recorded_at_once(kept: &Kept<'_>) {
    let readers: Vec<String> = (0..40).map(|n| format!("r{n:02}@x.example")).collect();
    let mut store = running(kept, &readers.iter().map(String::as_str).collect::<Vec<_>>());
    let held = claim(&mut store, "one", 40, 0);
    let settled: Vec<Settlement> = held[..24]
        .iter()
        .zip(
            [Disposition::Sent, Disposition::Failed, Disposition::Deferred { until: at(9) }, Disposition::Released]
                .iter()
                .cycle(),
        )
        .map(|(one, disposition)| {
            let text = format!("said to {} \u{e9}", one.recipient.address);
            Settlement { lease: one.lease, disposition: *disposition, reply: Reply { text, ..Reply::default() } }
        })
        .collect();
    let intents: Vec<Lease> = held[24..].iter().map(|one| one.lease).collect();
    let recorded = store.record("one", &settled, &intents, at(1)).unwrap();
    assert_eq!(recorded.settled, 24);
    assert_eq!(recorded.granted, intents.iter().map(|lease| lease.delivery).collect::<Vec<_>>());
    let progress = store.progress(1, at(1)).unwrap();
    let counts: Vec<(DeliveryState, u64)> = progress.states.into_iter().collect();
    assert_eq!(
        counts,
        [
            (DeliveryState::Pending, 6),
            (DeliveryState::Sending, 16),
            (DeliveryState::Sent, 6),
            (DeliveryState::Deferred, 6),
            (DeliveryState::Failed, 6)
        ]
    );
    assert_eq!(progress.next_due, Some(at(0)));
    // The connection broke, and then the answer came after all: both are said of one delivery in one batch.
    let lease = held[24].lease;
    let said = |disposition| Settlement { lease, disposition, reply: Reply::default() };
    let both = [said(Disposition::Ambiguous), said(Disposition::Sent), said(Disposition::Failed)];
    assert_eq!(store.record("one", &both, &[], at(2)).unwrap().settled, 2);
    let one = store.history(&Query { delivery: Some(lease.delivery), ..Query::default() }).unwrap().remove(0);
    let tries: Vec<DeliveryState> = one.attempts.iter().map(|attempt| attempt.state).collect();
    assert_eq!((one.state, tries), (DeliveryState::Sent, vec![DeliveryState::Ambiguous, DeliveryState::Sent]));
}

pub(super) fn eight_workers_claim_nothing_twice(kept: &Kept<'_>) {
    const READERS: usize = 1200;
    let readers: Vec<String> = (0..READERS).map(|n| format!("r{n:04}@x.example")).collect();
    let mut store = running(kept, &readers.iter().map(String::as_str).collect::<Vec<_>>());
    let claimed: Vec<Vec<i64>> = std::thread::scope(|scope| {
        let worker = |n: usize| {
            let mut store = kept.open();
            move || {
                let (worker, mut mine) = (format!("w{n}"), Vec::new());
                loop {
                    let held = claim(&mut store, &worker, 17, 0);
                    if held.is_empty() {
                        return mine;
                    }
                    mine.extend(held.iter().map(|one| one.lease.delivery));
                    let said = |one: &Leased| Settlement {
                        lease: one.lease,
                        disposition: Disposition::Sent,
                        reply: Reply::default(),
                    };
                    let settled: Vec<_> = held.iter().map(said).collect();
                    assert_eq!(store.record(&worker, &settled, &[], at(1)).unwrap().settled, held.len());
                }
            }
        };
        let workers: Vec<_> = (0..8).map(|n| scope.spawn(worker(n))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let all: std::collections::BTreeSet<i64> = claimed.iter().flatten().copied().collect();
    assert_eq!((claimed.iter().map(Vec::len).sum::<usize>(), all.len()), (READERS, READERS));
    assert_eq!(store.progress(1, at(1)).unwrap().count(DeliveryState::Sent), READERS as u64);
}

pub(super) fn of_several_that_open_an_empty_store_at_once_one_makes_the_tables(kept: &Kept<'_>) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!(kept.open().campaigns(at(0)).unwrap().is_empty()));
        }
    });
    let mut store = kept.open();
    begin(&mut store, 1, 0);
    drop(store);
    assert_eq!(kept.open().campaigns(at(0)).unwrap().len(), 1, "opening again keeps what is there");
}

pub(super) fn a_campaign_of_an_issue_is_begun_once_by_however_many(kept: &Kept<'_>) {
    let readers: Vec<String> = (0..300).map(|n| format!("r{n:03}@x.example")).collect();
    drop(store(kept, &readers.iter().map(String::as_str).collect::<Vec<_>>()));
    let begun: Vec<u64> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| begin(&mut kept.open(), 1, 0))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!((begun.iter().sum::<u64>(), begun.iter().max()), (300, Some(&300)));
}

pub(super) fn lists_are_kept_and_addresses_in_capitals_are_the_same(kept: &Kept<'_>) {
    let mut store = kept.open();
    let person = |address: &str| NewSubscriber {
        address: address.to_owned(),
        name: Some("N".to_owned()),
        language: masthead::model::Language::parse("fa"),
    };
    let people = ["b@x.example", "Ann@x.example", "c@x.example"].map(person);
    assert_eq!(store.import("members", &people, at(0)).unwrap().added, 3);
    assert_eq!(store.import("members", &[person("ann@X.example")], at(1)).unwrap().known, 1);
    assert!(store.remove("members", "B@x.example", at(1)).unwrap());
    assert!(!store.remove("members", "b@x.example", at(1)).unwrap());
    store.suppress("C@x.example", "hard bounce", at(2)).unwrap();
    let status = store.status("members").unwrap();
    assert_eq!((status.active, status.unsubscribed, status.suppressed), (1, 1, 1));
    let all = store.export("members").unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.address.as_str(), one.since, one.name.as_deref())).collect();
    assert_eq!(
        told,
        [("Ann@x.example", at(0), Some("N")), ("b@x.example", at(0), Some("N")), ("c@x.example", at(0), Some("N"))]
    );
    let suppressed: Vec<_> = all.iter().map(|one| one.suppressed.as_deref()).collect();
    assert_eq!(suppressed, [None, None, Some("hard bounce")]);
    let lists = ["members".to_owned()];
    let got = store.recipients(&lists).unwrap();
    assert_eq!(got.iter().map(|one| one.address.as_str()).collect::<Vec<_>>(), ["Ann@x.example"]);
    assert_eq!(kept.open().recipients(&lists).unwrap(), got, "the secret of the store makes the same tokens");
    assert_ne!(
        kept.open().with_secrets(masthead::store::KeyRing::read("given").unwrap()).recipients(&lists).unwrap(),
        got
    );
}

pub(super) fn sources_are_remembered_byte_for_byte(kept: &Kept<'_>) {
    let mut store = kept.open();
    let full = masthead::model::SourceState {
        address: "https://a.example/feed".to_owned(),
        etag: Some(b"W/\"\xff\xfe\"".to_vec()),
        last_modified: Some(b"bogus".to_vec()),
        items: Some(7),
        asked: Some(at(5)),
        failures: 3,
        fault: Some("the server answered 500".to_owned()),
        gap: Some(masthead::model::Gap {
            page: "https://a.example/feed?page=2".to_owned(),
            before: Some(at(4)),
            left: 9,
            tries: 1,
            fault: "the server answered 503".to_owned(),
            next: Some(at(6)),
        }),
        ..masthead::model::SourceState::default()
    };
    store.keep_sources([&full]).unwrap();
    assert_eq!(kept.open().sources().unwrap()[&full.address], full);
    let later = masthead::model::SourceState { address: full.address.clone(), ..Default::default() };
    store.keep_sources([&later]).unwrap();
    assert_eq!(store.sources().unwrap()[&full.address], later);
}

pub(super) fn a_file_of_a_list_is_known_by_its_bytes(kept: &Kept<'_>) {
    let mut store = kept.open();
    assert_eq!(store.list_file("members").unwrap(), None);
    store.keep_list_file("members", "aa").unwrap();
    store.keep_list_file("others", "bb").unwrap();
    store.keep_list_file("members", "cc").unwrap();
    assert_eq!(kept.open().list_file("members").unwrap().as_deref(), Some("cc"));
}

pub(super) fn what_was_said_and_what_was_frozen_before_is_remembered(kept: &Kept<'_>) {
    let mut store = kept.open();
    assert!(!store.was_said("this").unwrap() && store.frozen_before().unwrap().is_empty());
    for _ in 0..2 {
        store.keep_said(&["this".to_owned(), "that".to_owned()]).unwrap();
        store.keep_frozen_before(&[issue()]).unwrap();
    }
    let store = kept.open();
    assert!(store.was_said("this").unwrap() && !store.was_said("other").unwrap());
    assert_eq!(store.frozen_before().unwrap().into_iter().collect::<Vec<_>>(), [issue()]);
}

pub(super) fn what_came_back_is_kept_once_and_counted(kept: &Kept<'_>) {
    use masthead::model::{BounceClass, BounceEvent, BounceReason, EnhancedStatus, Evidence};
    let mut store = running(kept, &["Ann@x.example"]);
    let held = claim(&mut store, "one", 1, 0).remove(0);
    assert_eq!(store.tried_to("ann@x.example").unwrap(), None, "not tried yet");
    assert_eq!(settle(&mut store, "one", held.lease, Disposition::Sent, 1), 1);
    let tried = store.tried_as("1.Ann@x.example").unwrap();
    assert_eq!((tried.clone(), tried.clone()), (store.tried_to("ann@x.example").unwrap(), store.tried(1).unwrap()));
    let event = BounceEvent {
        address: "ann@x.example".to_owned(),
        class: BounceClass::Soft,
        reason: BounceReason::MailboxFull,
        status: EnhancedStatus::new(5, 2, 2),
        code: Some(552),
        diagnosis: "full".to_owned(),
        evidence: Evidence::ReturnPath,
        tried,
        counts: true,
    };
    assert_eq!(store.soft_bounces_with(&event, at(2)).unwrap(), 1);
    for _ in 0..2 {
        store.keep_bounce("k", BounceClass::Soft, std::slice::from_ref(&event), at(2)).unwrap();
    }
    assert_eq!(store.soft_bounces_with(&event, at(2)).unwrap(), 1, "another report about one delivery");
    assert!(store.bounce_is_known("k").unwrap() && !store.bounce_is_known("l").unwrap());
    let (now, later) = (at(86_400), at(200 * 86_400));
    assert_eq!(store.soft_bounces("ANN@x.example", now).unwrap(), 1);
    assert_eq!(store.soft_bounces("ann@x.example", later).unwrap(), 0);
    assert_eq!(store.remove_from_all("ann@x.example", now).unwrap(), 1);
}

pub(super) fn capitals_beyond_ascii_are_the_same_address_and_are_forgotten(kept: &Kept<'_>) {
    use masthead::model::{BounceClass, BounceEvent, BounceReason, EnhancedStatus, Evidence};
    // The last two are two people, whatever a collation thinks of a sharp s.
    let mut store = running(kept, &["\u{dc}bung@x.example", "stra\u{df}e@x.example", "strasse@x.example"]);
    let small = "\u{fc}bung@x.example";
    let held = claim(&mut store, "one", 3, 0);
    assert_eq!(held.len(), 3);
    for one in &held {
        settle(&mut store, "one", one.lease, Disposition::Sent, 1);
    }
    let asked = Query { address: Some(small.to_owned()), ..Query::default() };
    assert_eq!(store.history(&asked).unwrap().len(), 1);
    let tried = store.tried_to(small).unwrap();
    assert_eq!(tried.as_ref().unwrap().address, "\u{dc}bung@x.example");
    let event = BounceEvent {
        address: "\u{dc}BUNG@x.example".to_owned(),
        class: BounceClass::Soft,
        reason: BounceReason::MailboxFull,
        status: EnhancedStatus::new(5, 2, 2),
        code: Some(552),
        diagnosis: "full".to_owned(),
        evidence: Evidence::ReturnPath,
        tried,
        counts: true,
    };
    store.keep_bounce("k", BounceClass::Soft, &[event], at(2)).unwrap();
    assert_eq!(store.soft_bounces(small, at(86_400)).unwrap(), 1);
    let erased = store.erase(small, at(3)).unwrap();
    assert!(erased.known && erased.is_overwritten);
    assert_eq!(erased.messages.len(), 1);
    assert_eq!(store.history(&asked).unwrap(), []);
    assert_eq!(store.soft_bounces(small, at(86_400)).unwrap(), 0);
    assert_eq!(store.tried_to(small).unwrap(), None);
    let left = states(&mut store);
    assert_eq!(left.len(), 3, "that something went to somebody stays");
    assert!(!left.keys().any(|address| address.contains("bung")), "{left:?}");
}

pub(super) fn return_paths_are_known_again_whatever_the_secret(kept: &Kept<'_>) {
    use masthead::store::KeyRing;
    let given = |text: &str| kept.open().with_secrets(KeyRing::read(text).unwrap());
    let first = given("the first").return_path_key().unwrap();
    assert_eq!(first, given("the first").return_path_key().unwrap());
    let second = given("the second").return_path_key().unwrap();
    let own = kept.open().return_path_key().unwrap();
    let never = given("never sent with\nbut listed").return_path_keys().unwrap();
    assert_eq!(never.len(), 5, "of two secrets that are given, of the store, and of two that sent");
    for key in [first, second, own] {
        assert!(never.contains(&key));
        assert!(kept.open().return_path_keys().unwrap().contains(&key));
    }
}

pub(super) fn whom_an_import_knows_by_another_name_is_counted(kept: &Kept<'_>) {
    let mut store = kept.open();
    let person = |address: &str, name: Option<&str>, language: Option<&str>| NewSubscriber {
        address: address.to_owned(),
        name: name.map(str::to_owned),
        language: language.and_then(masthead::model::Language::parse),
    };
    let first = [person("a@x.example", Some("Ann"), Some("en")), person("b@x.example", Some("Bo"), None)];
    assert_eq!(store.import("members", &first, at(0)).unwrap().renamed, 0);
    let second = [
        person("a@x.example", Some("Ann"), Some("fa")),
        person("b@x.example", None, Some("sq")),
        person("c@x.example", Some("Cy"), None),
    ];
    assert_eq!(store.import("friends", &second, at(1)).unwrap().renamed, 1, "what was empty is no other name");
    assert_eq!(store.import("friends", &second, at(2)).unwrap().renamed, 0);
    let known = store.recipients(&["members".to_owned()]).unwrap();
    let of =
        |at: usize| (known[at].name.as_deref(), known[at].language.as_ref().map(masthead::model::Language::as_str));
    assert_eq!(
        (of(0), of(1)),
        ((Some("Ann"), Some("fa")), (Some("Bo"), Some("sq"))),
        "nothing is overwritten by emptiness"
    );
}

pub(super) fn a_long_file_is_taken_in_steps_and_by_the_same_rules(kept: &Kept<'_>) {
    use masthead::model::{Circumstance, SubscriberStatus, Way};
    let person = |address: String| NewSubscriber { address, name: Some("Of the file".to_owned()), language: None };
    let of_file: Vec<NewSubscriber> = (0..3500).map(|at| person(format!("r{at}@x.example"))).collect();
    let mut store = store(kept, &["r0@x.example", "R1@x.example", "elsewhere@x.example"]);
    assert!(store.remove("members", "r1@x.example", at(1)).unwrap());
    let lists = ["members".to_owned()];
    let asks = |who: &str| NewSubscriber { address: who.to_owned(), name: None, language: None };
    let page = Circumstance::new(at(2), Way::Page);
    store.ask(&asks("r2@x.example"), &lists, &page).unwrap();
    store.suppress("r3@x.example", "complaint", at(3)).unwrap();
    store.suppress("r0@x.example", "complaint", at(3)).unwrap();
    let imported = store.import("members", &of_file, at(4)).unwrap();
    assert_eq!((imported.added, imported.known), (3497, 1));
    assert_eq!(imported.unsubscribed, ["r1@x.example"]);
    assert_eq!(imported.suppressed, ["r3@x.example"]);
    let status = store.status("members").unwrap();
    assert_eq!((status.active, status.unsubscribed, status.suppressed, status.pending), (3498, 1, 1, 0));
    let known = store.person("r2@x.example").unwrap().unwrap();
    assert_eq!((known.lists[0].status, known.name.as_deref()), (SubscriberStatus::Active, Some("Of the file")));
    assert_eq!(known.consent.len(), 2);
    assert!(store.person("r3@x.example").unwrap().is_none(), "nothing is kept of whom nobody may write to");
    let again = store.import("members", &of_file, at(5)).unwrap();
    assert_eq!((again.added, again.known), (0, 3498));
    assert_eq!(store.person("r2@x.example").unwrap().unwrap().consent.len(), 2, "twice is the same as once");
    assert_eq!(store.foresee("members", &mut store.gather().unwrap()).unwrap().added, 0);
}

/// Reads the file that a list is kept as; who is taken off the list.
fn kept_as_file(store: &mut Store, readers: &[&str], now: i64) -> Vec<String> {
    let mut file = store.gather().unwrap().ruling();
    for (line, address) in readers.iter().enumerate() {
        let person = NewSubscriber { address: (*address).to_owned(), name: None, language: None };
        file.take(&person, line + 1).unwrap();
    }
    store.import_gathered("members", &mut file, at(now), |_| {}).unwrap();
    let missing = store.missing("members", &mut file).unwrap();
    assert_eq!(store.take_off("members", &missing, at(now)).unwrap(), missing.addresses.len());
    missing.addresses
}

pub(super) fn who_goes_from_the_file_of_a_list_goes_from_the_list(kept: &Kept<'_>) {
    use masthead::model::{Circumstance, ConsentEvent, Way};
    let mut store = kept.open();
    let person = |address: &str| NewSubscriber { address: address.to_owned(), name: None, language: None };
    let lists = ["members".to_owned()];
    let page = |second| Circumstance::new(at(second), Way::Page);
    let gets = |store: &Store| {
        let all = store.recipients(&["members".to_owned()]).unwrap();
        all.into_iter().map(|one| one.address).collect::<Vec<_>>()
    };
    store.add("members", &person("added@x.example"), at(0)).unwrap();
    store.import("members", &[person("imported@x.example"), person("other@x.example")], at(0)).unwrap();
    let all = ["ann@x.example", "bo@x.example", "cy@x.example", "added@x.example", "imported@x.example"];
    assert_eq!(kept_as_file(&mut store, &all, 1), [""; 0]);
    store.unsubscribe("members", "cy@x.example", &page(2)).unwrap();
    // Bo asks to be on the list by the form too.
    store.add("members", &person("bo@x.example"), at(2)).unwrap();

    let mut gone = kept_as_file(&mut store, &[], 3);
    gone.sort();
    assert_eq!(
        gone,
        ["ann@x.example", "imported@x.example"],
        "whom an import brought goes with the file that has them"
    );
    assert_eq!(gets(&store), ["added@x.example", "bo@x.example", "other@x.example"]);
    let besides = |readers: &[&str]| {
        let mut file = store.gather().unwrap().ruling();
        for one in readers {
            file.take(&person(one), 1).unwrap();
        }
        let besides = store.imported_besides("members", &mut file).unwrap();
        (besides.count, besides.first)
    };
    assert_eq!(besides(&[]), (1, vec!["other@x.example".to_owned()]), "not who was added, or asked");
    assert_eq!(besides(&["Other@x.example"]), (0, vec![]));
    let ann = store.person("ann@x.example").unwrap().unwrap();
    let last = ann.consent.last().unwrap();
    assert_eq!((last.event, last.way, last.at), (ConsentEvent::Unsubscribed, Way::File, at(3)));
    assert_eq!(kept_as_file(&mut store, &[], 4), [""; 0], "nobody goes twice");

    // In the file again, on the list again; who left by themselves stays away.
    assert_eq!(kept_as_file(&mut store, &["Ann@x.example", "cy@x.example"], 5), [""; 0]);
    assert_eq!(gets(&store), ["added@x.example", "ann@x.example", "bo@x.example", "other@x.example"]);
    gone = kept_as_file(&mut store, &[], 6);
    assert_eq!(gone, ["ann@x.example"]);

    // Who was taken off by the file and clicks the link of an old mail is not put on again by the file.
    assert!(store.unsubscribe("members", "ann@x.example", &page(7)).unwrap());
    kept_as_file(&mut store, &["ann@x.example"], 8);
    assert_eq!(gets(&store), ["added@x.example", "bo@x.example", "other@x.example"]);
    // Who was taken off by the file can be added, and can ask.
    kept_as_file(&mut store, &["dee@x.example", "eve@x.example"], 9);
    kept_as_file(&mut store, &[], 10);
    assert_eq!(store.add("members", &person("dee@x.example"), at(11)).unwrap(), masthead::store::Added::New);
    assert_eq!(store.ask(&person("eve@x.example"), &lists, &page(11)).unwrap(), lists);
    store.confirm("eve@x.example", &lists, at(11), &page(12)).unwrap();
    assert_eq!(kept_as_file(&mut store, &[], 13), [""; 0]);
    let now = gets(&store);
    assert_eq!(now, ["added@x.example", "bo@x.example", "dee@x.example", "eve@x.example", "other@x.example"]);
}

pub(super) fn a_message_that_waits_is_in_one_hand(kept: &Kept<'_>) {
    use masthead::model::{Language, NoticeKind, NoticeState, Request};
    use masthead::store::NoticeReply;
    let (mut one, mut other) = (kept.open(), kept.open());
    for second in 1..=3 {
        let request = Request {
            kind: NoticeKind::Manage,
            address: format!("r{second}@x.example"),
            name: None,
            language: Language::parse("en").unwrap(),
            lists: Vec::new(),
            at: at(second),
            network: None,
            words: String::new(),
        };
        one.take_request(&request).unwrap();
    }
    for asked in one.asked(9, at(3)).unwrap() {
        let reply = NoticeReply::Message(format!("m{}@x.example", asked.id), b"bytes".to_vec());
        one.reply(asked.id, &reply, at(4)).unwrap();
    }
    let first = one.take_notices("one", 2, at(10), at(130)).unwrap();
    let rest = other.take_notices("other", 9, at(10), at(130)).unwrap();
    assert_eq!((first.len(), rest.len()), (2, 1));
    assert_eq!(one.take_notices("one", 9, at(100), at(220)).unwrap(), first, "said anew in time");
    assert_eq!(other.take_notices("other", 9, at(140), at(260)).unwrap(), rest);
    other.release_notice(first[0].id, "other").unwrap();
    assert_eq!(other.take_notices("other", 9, at(150), at(270)).unwrap().len(), 1, "it was not theirs to let go");
    one.release_notice(first[0].id, "one").unwrap();
    assert_eq!(other.take_notices("other", 9, at(160), at(280)).unwrap().len(), 2);
    one.settle_notice(first[1].id, NoticeState::Sent, at(170)).unwrap();
    assert_eq!(other.take_notices("other", 9, at(400), at(520)).unwrap().len(), 2, "what is settled waits no more");
}

pub(super) fn who_leaves_a_list_that_they_are_not_on_is_kept_away_from_it(kept: &Kept<'_>) {
    use masthead::model::{Circumstance, ConsentEvent, Way};
    use masthead::store::Left;
    let mut store = kept.open();
    let person = |address: &str| NewSubscriber { address: address.to_owned(), name: None, language: None };
    let page = |second| Circumstance::new(at(second), Way::OneClick);
    store.add("members", &person("ann@x.example"), at(0)).unwrap();
    store.add("friends", &person("bo@x.example"), at(0)).unwrap();
    let gone = "gone@x.example";
    store.erase(gone, at(0)).unwrap();
    assert_eq!(store.leave("members", "ann@x.example", &page(1)).unwrap(), Left::Now);
    assert_eq!(store.leave("members", "ann@x.example", &page(2)).unwrap(), Left::Before);
    for address in ["Out@x.example", "bo@x.example"] {
        assert_eq!(store.leave("members", address, &page(3)).unwrap(), Left::Kept, "{address}");
        assert_eq!(store.leave("members", address, &page(4)).unwrap(), Left::Before, "{address}");
        let last = store.person(address).unwrap().unwrap().consent.pop().unwrap();
        assert_eq!((last.event, last.way, last.at), (ConsentEvent::Unsubscribed, Way::OneClick, at(3)));
    }
    let all = [person("out@x.example"), person("ann@x.example"), person("new@x.example")];
    let imported = store.import("members", &all, at(5)).unwrap();
    assert_eq!((imported.added, imported.unsubscribed.len()), (1, 2));
    assert_eq!(store.add("members", &person("out@x.example"), at(6)).unwrap(), masthead::store::Added::Unsubscribed);
    assert_eq!(store.recipients(&["friends".to_owned()]).unwrap().len(), 1, "the other list is another matter");
    // Of who was erased nothing is kept.
    assert_eq!(store.leave("members", gone, &page(7)).unwrap(), Left::Before);
    assert_eq!(store.person(gone).unwrap(), None);
}
