//! Lists that are called otherwise, or are gone.

use chrono::{DateTime, TimeDelta, Utc};

use masthead::model::{
    Circumstance, Claim, IssueKey, List, NewCampaign, NewSubscriber, Queue as _, SubscriberStatus, Way,
};
use masthead::store::{Added, Confirmed, FormerList, Store};

use super::Kept;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn named(key: &str, was: &[&str]) -> List {
    let was = was.iter().map(ToString::to_string).collect();
    List { key: key.to_owned(), was, title: key.to_owned(), ..List::default() }
}

fn person(address: &str) -> NewSubscriber {
    NewSubscriber { address: address.to_owned(), name: None, language: None }
}

fn people(addresses: &[&str]) -> Vec<NewSubscriber> {
    addresses.iter().map(|address| person(address)).collect()
}

fn gets(store: &Store, list: &str) -> Vec<String> {
    store.recipients(&[list.to_owned()]).unwrap().into_iter().map(|one| one.address).collect()
}

fn standing(store: &Store, address: &str) -> Vec<(String, SubscriberStatus)> {
    let person = store.person(address).unwrap().unwrap();
    person.lists.into_iter().map(|one| (one.list, one.status)).collect()
}

/// A store whose list `readers` has Ann and Bo, and had Cy, who left.
fn store(kept: &Kept<'_>) -> Store {
    let mut store = kept.open();
    store.know_lists(&[named("readers", &[])]).unwrap();
    store.import("readers", &people(&["ann@x.example", "bo@x.example", "cy@x.example"]), at(0)).unwrap();
    assert!(store.remove("readers", "cy@x.example", at(10)).unwrap());
    store
}

pub(super) fn who_left_a_list_that_is_gone_gets_nothing_through_another(kept: &Kept<'_>) {
    let mut store = store(kept);
    let folk = [named("folk", &[])];
    store.know_lists(&folk).unwrap();
    store.import("folk", &people(&["ann@x.example", "bo@x.example", "cy@x.example"]), at(20)).unwrap();
    assert_eq!(store.former_lists().unwrap(), [FormerList { name: "readers".to_owned(), left: 1 }]);
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example"], "though the file has Cy");
    let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = NewCampaign { issue, revision: 1, lists: vec!["folk".to_owned()], starts: at(20) };
    assert_eq!(store.start(&campaign, &mut |to| Some(to.address.clone()), at(20)).unwrap(), 2);
    // The link of an old mail names the old list, and Bo follows it after the campaign was queued.
    assert!(store.remove("readers", "bo@x.example", at(25)).unwrap());
    let lists = vec!["folk".to_owned()];
    let claim = Claim { campaign: 1, worker: "one".to_owned(), most: 9, lists, except: vec![], until: at(90) };
    let claimed = store.claim(&claim, at(30)).unwrap();
    assert_eq!(claimed.iter().map(|one| one.recipient.address.as_str()).collect::<Vec<_>>(), ["ann@x.example"]);
    // Only they themselves, or an editor in their name, bring them back.
    assert_eq!(store.add("folk", &person("cy@x.example"), at(40)).unwrap(), Added::Unsubscribed);
    assert!(
        store.is_kept_away("folk", "cy@x.example").unwrap() && !store.is_kept_away("folk", "ann@x.example").unwrap()
    );
    let page = |seconds| Circumstance::new(at(seconds), Way::Page);
    let asked = store.ask(&person("Bo@x.example"), &["folk".to_owned()], &page(42)).unwrap();
    assert_eq!(asked, ["folk"], "who is kept away asks as anybody does");
    assert!(!gets(&store, "folk").contains(&"bo@x.example".to_owned()), "and waits until that is confirmed");
    let confirmed = store.confirm("bo@x.example", &asked, at(42), &page(43)).unwrap();
    assert_eq!(confirmed, Confirmed::Now(asked.clone()));
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example"]);
    assert!(
        store.ask(&person("bo@x.example"), &asked, &page(44)).unwrap().is_empty(),
        "who gets it has nothing to ask for"
    );
    assert!(store.remove("folk", "bo@x.example", at(45)).unwrap());
    assert_eq!(store.confirm("bo@x.example", &asked, at(42), &page(46)).unwrap(), Confirmed::Nothing, "an old link");
    assert_eq!(store.add_again("folk", &person("cy@x.example"), &[], at(47)).unwrap(), Added::New);
    assert_eq!(store.add_again("folk", &person("bo@x.example"), &[], at(48)).unwrap(), Added::New);
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example", "cy@x.example"]);
    store.know_lists(&[named("folk", &[]), named("readers", &[])]).unwrap();
    assert!(store.former_lists().unwrap().is_empty(), "it is there again");
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example", "cy@x.example"], "another list after all");
    assert_eq!(gets(&store, "readers"), ["ann@x.example"]);
}

pub(super) fn who_was_on_another_list_before_stays_on_it(kept: &Kept<'_>) {
    let mut store = kept.open();
    let both = [named("alerts", &[]), named("folk", &[])];
    store.know_lists(&both).unwrap();
    for list in ["alerts", "folk"] {
        store.import(list, &people(&["ann@x.example", "cy@x.example"]), at(0)).unwrap();
    }
    assert!(store.remove("alerts", "cy@x.example", at(10)).unwrap());
    store.know_lists(&both[1..]).unwrap();
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "cy@x.example"], "they left the other one alone");
    assert_eq!(store.add("folk", &person("cy@x.example"), at(15)).unwrap(), Added::Known);
    store.import("later", &people(&["cy@x.example"]), at(20)).unwrap();
    assert!(gets(&store, "later").is_empty());
}

pub(super) fn a_list_that_is_called_otherwise_is_the_same_list(kept: &Kept<'_>) {
    let mut store = store(kept);
    // A campaign is under way, somebody has asked to be on the list, and a run of yesterday knew it as another.
    let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = NewCampaign { issue, revision: 1, lists: vec!["readers".to_owned()], starts: at(20) };
    assert_eq!(store.start(&campaign, &mut |to| Some(to.address.clone()), at(20)).unwrap(), 2);
    let readers = ["readers".to_owned()];
    store.ask(&person("di@x.example"), &readers, &Circumstance::new(at(21), Way::Page)).unwrap();
    store.know_lists(&[named("folk", &[])]).unwrap();
    store.import("folk", &people(&["cy@x.example", "ed@x.example"]), at(22)).unwrap();
    let folk = [named("folk", &["readers"])];
    store.know_lists(&folk).unwrap();
    store.know_lists(&folk).unwrap();
    assert!(store.former_lists().unwrap().is_empty());
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example", "ed@x.example"], "Cy has left it");
    assert!(gets(&store, "readers").is_empty());
    assert_eq!(store.list_name("readers").unwrap(), "folk");
    // Links name the old list.
    let token = store.unsubscribe_token("readers", "bo@x.example");
    assert_eq!(store.bearer("readers", &token).unwrap().as_deref(), Some("bo@x.example"));
    assert!(store.remove("readers", "bo@x.example", at(30)).unwrap());
    assert_eq!(standing(&store, "bo@x.example"), [("folk".to_owned(), SubscriberStatus::Unsubscribed)]);
    let confirmed = store.confirm("di@x.example", &readers, at(21), &Circumstance::new(at(31), Way::Page)).unwrap();
    assert_eq!(confirmed, Confirmed::Now(vec!["folk".to_owned()]));
    let lists = vec!["folk".to_owned()];
    let claim = Claim { campaign: 1, worker: "one".to_owned(), most: 9, lists, except: vec![], until: at(90) };
    let claimed = store.claim(&claim, at(40)).unwrap();
    assert_eq!(claimed.iter().map(|one| one.recipient.address.as_str()).collect::<Vec<_>>(), ["ann@x.example"]);
    let token = &claimed[0].recipient.token;
    assert!(store.bearer(&claimed[0].recipient.list, token).unwrap().is_some(), "the links of those that wait work");
    // The log goes on, and so does the list when it is called back.
    let log = store.person("bo@x.example").unwrap().unwrap().consent;
    assert!(log.iter().all(|one| one.list == "folk") && log.len() == 2, "{log:?}");
    store.know_lists(&[named("readers", &["folk"])]).unwrap();
    assert_eq!(gets(&store, "readers"), ["ann@x.example", "di@x.example", "ed@x.example"]);
    assert_eq!(
        (store.list_name("readers").unwrap(), store.list_name("folk").unwrap()),
        ("readers".into(), "readers".into())
    );
}

pub(super) fn of_a_name_that_a_list_had_once_there_is_no_other(kept: &Kept<'_>) {
    let mut store = store(kept);
    store.know_lists(&[named("people", &["folk", "readers"])]).unwrap();
    store.know_lists(&[named("all", &["people"])]).unwrap();
    assert_eq!(store.list_name("folk").unwrap(), "all", "by way of another name");
    for lists in [vec![named("readers", &[])], vec![named("all", &[]), named("readers", &[])]] {
        let refused = store.know_lists(&lists).unwrap_err();
        assert!(refused.message().contains("`readers` is a name that the list `all` had once"), "{refused:?}");
    }
    assert_eq!(gets(&store, "all"), ["ann@x.example", "bo@x.example"]);
}

pub(super) fn who_came_back_under_the_new_name_stays(kept: &Kept<'_>) {
    let mut store = store(kept);
    store.know_lists(&[named("folk", &[])]).unwrap();
    let folk = ["folk".to_owned()];
    store.ask(&person("cy@x.example"), &folk, &Circumstance::new(at(20), Way::Page)).unwrap();
    store.ask(&person("bo@x.example"), &folk, &Circumstance::new(at(20), Way::Page)).unwrap();
    store.confirm("cy@x.example", &folk, at(20), &Circumstance::new(at(21), Way::Page)).unwrap();
    assert_eq!(gets(&store, "folk"), ["cy@x.example"], "they asked for it themselves");
    store.know_lists(&[named("folk", &["readers"])]).unwrap();
    assert_eq!(gets(&store, "folk"), ["ann@x.example", "bo@x.example", "cy@x.example"]);
}
