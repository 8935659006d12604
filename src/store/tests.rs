//! Every change is whole, and twice is the same as once.

use chrono::{DateTime, Utc};

use super::{ListStatus, Store};
use crate::model::{
    CampaignState, Claim, DeliveryState, Language, NewSubscriber, Query, Queue as _, SourceState, SubscriberStatus,
};

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn person(address: &str) -> NewSubscriber {
    NewSubscriber { address: address.to_owned(), name: None, language: Language::parse("fa") }
}

fn people(addresses: &[&str]) -> Vec<NewSubscriber> {
    addresses.iter().map(|address| person(address)).collect()
}

fn lists(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn importing_twice_is_importing_once_and_who_left_stays_away() {
    let mut store = Store::in_memory().unwrap();
    let rows = people(&["b@x.example", "a@x.example", "c@x.example"]);
    assert_eq!(store.import("members", &rows, now()).unwrap().added, 3);
    assert!(store.remove("members", "B@X.example", now()).unwrap());
    assert!(!store.remove("members", "b@x.example", now()).unwrap(), "a second time changes nothing");
    let again = store.import("members", &rows[..2], now()).unwrap();
    assert_eq!((again.added, again.known), (0, 1));
    assert_eq!(again.unsubscribed, ["b@x.example"]);
    assert_eq!(again.absent, ["c@x.example"]);
    assert_eq!(store.add("members", &person("b@x.example"), now()).unwrap(), Some(SubscriberStatus::Unsubscribed));
    let recipients = store.recipients(&lists(&["members"])).unwrap();
    assert_eq!(recipients.iter().map(|one| one.address.as_str()).collect::<Vec<_>>(), ["a@x.example", "c@x.example"]);
    let all = store.export("members").unwrap();
    assert_eq!(all.iter().filter(|one| one.status == SubscriberStatus::Unsubscribed).count(), 1);
    assert_eq!(all[0].language, Language::parse("fa"));
    assert_eq!(store.status("nobody").unwrap(), ListStatus::default());
}

#[test]
fn an_address_on_two_lists_or_in_capitals_is_one_recipient() {
    let mut store = Store::in_memory().unwrap();
    store.import("members", &people(&["Ann@x.example", "bo@x.example"]), now()).unwrap();
    store.import("friends", &people(&["ann@x.example", "cy@x.example"]), now()).unwrap();
    store.suppress("cy@x.example", "hard bounce", now()).unwrap();
    let both = store.recipients(&lists(&["friends", "members"])).unwrap();
    let got: Vec<_> = both.iter().map(|one| (one.address.as_str(), one.list.as_str())).collect();
    assert_eq!(got, [("Ann@x.example", "friends"), ("bo@x.example", "members")]);
    assert_eq!(store.status("friends").unwrap(), ListStatus { active: 1, unsubscribed: 0, suppressed: 1 });
    assert_ne!(both[0].token, both[1].token);
    let tokens = |store: &Store| -> Vec<String> {
        store.recipients(&lists(&["members"])).unwrap().into_iter().map(|one| one.token).collect()
    };
    let (of_file, given) = (tokens(&store), tokens(&store.with_secret("given")));
    let mut copy = Store::in_memory().unwrap().with_secret("given");
    copy.import("members", &people(&["ann@x.example", "bo@x.example"]), now()).unwrap();
    assert_eq!(tokens(&copy), given, "one secret, the same tokens in any copy");
    assert_ne!(of_file, given);
}

#[test]
fn a_store_is_kept_in_a_file_and_a_newer_or_foreign_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    Store::open(&path).unwrap().import("members", &people(&["a@x.example"]), now()).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(store.export("members").unwrap().len(), 1);
    drop(store);
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = Store::open(&path).unwrap_err();
    assert_eq!(newer.message(), "the store has version 99");
    std::fs::write(&path, "this is not a database, whatever its name says; it is long enough to be read as one")
        .unwrap();
    assert!(Store::open(&path).unwrap_err().to_string().contains("masthead.db"));
}

#[test]
fn sources_are_remembered_byte_for_byte_and_replaced_whole() {
    let mut store = Store::in_memory().unwrap();
    let full = SourceState {
        address: "https://a.example/feed".to_owned(),
        etag: Some(b"W/\"\xff\xfe\"".to_vec()),
        last_modified: Some(b"bogus".to_vec()),
        validated: Some("https://b.example/feed".to_owned()),
        reading: "0.1".to_owned(),
        items: Some(7),
        rhythm: Some(3600),
        rest: 1 << 30,
        asked: Some(now()),
        answered: Some(now()),
        next: Some(now()),
        failures: 3,
        fault: Some("the server answered 500".to_owned()),
        moved_to: Some("https://c.example/".to_owned()),
        moves: 2,
        gone: Some(now()),
    };
    let bare = SourceState { address: "https://b.example/feed".to_owned(), ..SourceState::default() };
    store.keep_sources([&full, &bare]).unwrap();
    let kept = store.sources().unwrap();
    assert_eq!(kept.values().collect::<Vec<_>>(), [&full, &bare]);
    let later = SourceState { address: full.address.clone(), ..SourceState::default() };
    store.keep_sources([&later]).unwrap();
    assert_eq!(store.sources().unwrap()[&full.address], later);
}

#[test]
fn a_store_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("sql/schema_1.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute("insert into subscriber (address) values ('a@x.example')", []).unwrap();
    old.execute(
        "insert into membership values (1, 'members', 'active', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
        [],
    )
    .unwrap();
    drop(old);
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.export("members").unwrap().len(), 1, "who is there stays");
    store.keep_sources([&SourceState::default()]).unwrap();
    drop(store);
    let file = rusqlite::Connection::open(&path).unwrap();
    let version: u32 = file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 5);
}

#[test]
fn deliveries_of_the_second_version_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("sql/schema_1.sql")).unwrap();
    old.execute_batch(include_str!("sql/schema_2.sql")).unwrap();
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
    assert_eq!((to.name.as_deref(), to.language.as_ref().map(Language::as_str)), (Some("Cy"), Some("sq")));
}
