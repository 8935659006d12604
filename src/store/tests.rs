//! Every change is whole, and twice is the same as once.

use chrono::{DateTime, Utc};

use super::{Added, Confirmed, Grant, KeyRing, ListStatus, NoticeReply, Purpose, Store};
use crate::model::{
    Circumstance, ConsentEvent, DeliveryState, Gap, IssueKey, Language, NewCampaign, NewSubscriber, NoticeKind,
    NoticeState, Query, Queue as _, Recipient, Request, SourceState, SubscriberStatus, Way,
};

pub(super) fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

pub(super) fn person(address: &str) -> NewSubscriber {
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
    assert_eq!(store.add("members", &person("b@x.example"), now()).unwrap(), Added::Unsubscribed);
    let recipients = store.recipients(&lists(&["members"])).unwrap();
    assert_eq!(recipients.iter().map(|one| one.address.as_str()).collect::<Vec<_>>(), ["a@x.example", "c@x.example"]);
    let all = store.export("members").unwrap();
    assert_eq!(all.iter().filter(|one| one.status == SubscriberStatus::Unsubscribed).count(), 1);
    assert_eq!(all[0].language, Language::parse("fa"));
    assert_eq!(store.status("nobody").unwrap(), ListStatus::default());
}

#[test]
fn a_row_that_stands_there_twice_is_told_with_its_line() {
    let mut rows = Store::in_memory().unwrap().gather().unwrap();
    for (address, line) in [("\u{dc}bung@x.example", 2), ("ann@x.example", 3), ("u\u{308}BUNG@x.example", 5)] {
        rows.take(&person(address), line).unwrap();
    }
    let mut told = Vec::new();
    rows.each_repeated(|address, line, first| told.push((address.to_owned(), line, first))).unwrap();
    assert_eq!(told, [("u\u{308}BUNG@x.example".to_owned(), 5, 2)]);
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
    assert_eq!(store.status("friends").unwrap(), ListStatus { active: 1, suppressed: 1, ..ListStatus::default() });
    assert_ne!(both[0].token, both[1].token);
    let tokens = |store: &Store| -> Vec<String> {
        store.recipients(&lists(&["members"])).unwrap().into_iter().map(|one| one.token).collect()
    };
    let (of_file, given) = (tokens(&store), tokens(&store.with_secrets(KeyRing::read("given").unwrap())));
    let mut copy = Store::in_memory().unwrap().with_secrets(KeyRing::read("given").unwrap());
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
        gap: Some(Gap {
            page: "https://a.example/feed?page=2".to_owned(),
            before: Some(now()),
            left: 9,
            tries: 1,
            fault: "the server answered 503".to_owned(),
            next: Some(now()),
        }),
    };
    let bare = SourceState { address: "https://b.example/feed".to_owned(), ..SourceState::default() };
    store.keep_sources([&full, &bare]).unwrap();
    let kept = store.sources().unwrap();
    assert_eq!(kept.values().collect::<Vec<_>>(), [&full, &bare]);
    let later = SourceState { address: full.address.clone(), ..SourceState::default() };
    store.keep_sources([&later]).unwrap();
    assert_eq!(store.sources().unwrap()[&full.address], later);
}

pub(super) fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

fn on_page(second: i64) -> Circumstance {
    Circumstance {
        network: Some("192.0.2.0/24".to_owned()),
        words: Some("I want the newsletter.".to_owned()),
        ..Circumstance::new(at(second), Way::Page)
    }
}

#[test]
fn nobody_is_on_a_list_before_they_confirm_and_no_confirmation_works_twice() {
    let mut store = Store::in_memory().unwrap();
    let both = lists(&["members", "friends"]);
    assert_eq!(store.ask(&person("ann@x.example"), &both, &on_page(10)).unwrap(), both);
    assert!(store.recipients(&both).unwrap().is_empty());
    assert_eq!(store.status("members").unwrap().pending, 1);
    assert_eq!(
        store.confirm("Ann@x.example", &both, at(9), &on_page(11)).unwrap(),
        Confirmed::Nothing,
        "another request"
    );
    assert_eq!(store.confirm("bo@x.example", &both, at(10), &on_page(11)).unwrap(), Confirmed::Nothing);
    assert_eq!(store.confirm("Ann@x.example", &both, at(10), &on_page(12)).unwrap(), Confirmed::Now(both.clone()));
    assert_eq!(store.confirm("ann@x.example", &both, at(10), &on_page(13)).unwrap(), Confirmed::Already(both.clone()));
    assert_eq!(store.recipients(&both).unwrap().len(), 1);
    for list in &both {
        assert!(store.unsubscribe(list, "ann@x.example", &on_page(14)).unwrap());
        assert!(!store.unsubscribe(list, "ann@x.example", &on_page(15)).unwrap());
    }
    let replayed = store.confirm("ann@x.example", &both, at(10), &on_page(16)).unwrap();
    assert_eq!(replayed, Confirmed::Nothing, "an old link does not undo that they left");
    assert_eq!(store.ask(&person("ann@x.example"), &lists(&["members"]), &on_page(20)).unwrap(), ["members"]);
    assert_eq!(
        store.status("members").unwrap(),
        ListStatus { unsubscribed: 1, ..ListStatus::default() },
        "until they confirm"
    );
    assert_eq!(store.import("members", &people(&["ann@x.example"]), at(21)).unwrap().unsubscribed.len(), 1);
    let confirmed = store.confirm("ann@x.example", &both, at(20), &on_page(22)).unwrap();
    assert_eq!(confirmed, Confirmed::Now(lists(&["members"])));
    let known = store.person("ann@x.example").unwrap().unwrap();
    let log: Vec<_> = known.consent.iter().map(|one| (one.list.as_str(), one.event)).collect();
    assert_eq!(log.len(), 8);
    assert_eq!(log[0], ("members", ConsentEvent::Requested));
    assert_eq!(known.consent[0].words.as_deref(), Some("I want the newsletter."));
    assert_eq!(known.consent[0].network.as_deref(), Some("192.0.2.0/24"));
}

#[test]
fn nobody_changes_what_somebody_else_is_called_and_no_file_what_they_chose() {
    let mut store = Store::in_memory().unwrap();
    let named = |name: &str| NewSubscriber { name: Some(name.to_owned()), ..person("ann@x.example") };
    store.add("members", &named("Ann"), at(1)).unwrap();
    store.ask(&named("A fool"), &lists(&["friends"]), &on_page(2)).unwrap();
    assert_eq!(store.person("ann@x.example").unwrap().unwrap().name.as_deref(), Some("Ann"));
    assert!(store.change_person("ann@x.example", Some("A. N."), None, &on_page(3)).unwrap());
    store.import("members", &[named("Ann")], at(4)).unwrap();
    let known = store.person("ann@x.example").unwrap().unwrap();
    assert_eq!((known.name.as_deref(), known.language), (Some("A. N."), None));
}

#[test]
fn who_confirms_is_called_what_the_confirmed_request_says() {
    let mut store = Store::in_memory().unwrap();
    let list = lists(&["members"]);
    let called = |name: Option<&str>, language: &str| NewSubscriber {
        name: name.map(str::to_owned),
        language: Language::parse(language),
        ..person("ann@x.example")
    };
    let now = |store: &Store| {
        let known = store.person("ann@x.example").unwrap().unwrap();
        (known.name, known.language.map(|language| language.as_str().to_owned()))
    };
    store.ask(&called(Some("Poopyhead"), "sq"), &list, &on_page(1)).unwrap();
    assert_eq!(now(&store), (None, None), "nobody has confirmed that");
    store.ask(&called(Some("Vera Real"), "en"), &list, &on_page(2)).unwrap();
    assert_eq!(store.confirm("ann@x.example", &list, at(1), &on_page(3)).unwrap(), Confirmed::Nothing);
    assert_eq!(store.confirm("ann@x.example", &list, at(2), &on_page(3)).unwrap(), Confirmed::Now(list.clone()));
    assert_eq!(now(&store), (Some("Vera Real".to_owned()), Some("en".to_owned())));
    store.ask(&called(Some("A fool"), "sq"), &lists(&["friends"]), &on_page(4)).unwrap();
    store.confirm("ann@x.example", &lists(&["friends"]), at(4), &on_page(5)).unwrap();
    assert_eq!(now(&store).0.as_deref(), Some("Vera Real"), "who is on a list changes that on their own page");
    for list in ["members", "friends"] {
        store.unsubscribe(list, "ann@x.example", &on_page(6)).unwrap();
    }
    store.ask(&called(None, "fa"), &list, &on_page(7)).unwrap();
    store.confirm("ann@x.example", &list, at(7), &on_page(8)).unwrap();
    assert_eq!(now(&store), (Some("Vera Real".to_owned()), Some("fa".to_owned())), "who comes back says what is new");
}

#[test]
fn no_file_changes_what_somebody_confirmed() {
    let list = lists(&["members"]);
    let called = |name: Option<&str>, language: Option<&str>| NewSubscriber {
        name: name.map(str::to_owned),
        language: language.and_then(Language::parse),
        ..person("ann@x.example")
    };
    for (name, language, stays) in [
        (Some("A. N."), Some("fa"), (Some("A. N."), Some("fa"))),
        (None, Some("fa"), (Some("Ann"), Some("fa"))),
        (Some("A. N."), None, (Some("A. N."), Some("en"))),
        (None, None, (Some("Ann"), Some("en"))),
    ] {
        let mut store = Store::in_memory().unwrap();
        let row = || called(Some("Ann"), Some("en"));
        let is_so = |store: &Store| {
            let known = store.person("ann@x.example").unwrap().unwrap();
            let language = known.language.map(|language| language.as_str().to_owned());
            assert_eq!((known.name.as_deref(), language.as_deref()), stays);
        };
        store.add("members", &row(), at(1)).unwrap();
        store.unsubscribe("members", "ann@x.example", &on_page(2)).unwrap();
        store.ask(&called(name, language), &list, &on_page(3)).unwrap();
        store.confirm("ann@x.example", &list, at(3), &on_page(4)).unwrap();
        is_so(&store);
        let imported = store.import("members", &[row()], at(5)).unwrap();
        assert_eq!(imported.renamed, 0);
        is_so(&store);
        store.add("friends", &row(), at(6)).unwrap();
        is_so(&store);
        // Who says one and later the other has said both.
        store.unsubscribe("members", "ann@x.example", &on_page(7)).unwrap();
        store.unsubscribe("friends", "ann@x.example", &on_page(7)).unwrap();
        let other = called(name.is_none().then_some("B. N."), language.is_none().then_some("sq"));
        store.ask(&other, &list, &on_page(8)).unwrap();
        store.confirm("ann@x.example", &list, at(8), &on_page(9)).unwrap();
        store.import("members", &[row()], at(10)).unwrap();
        let known = store.person("ann@x.example").unwrap().unwrap();
        assert_eq!(known.name.as_deref(), name.or(Some("B. N.")));
        assert_eq!(known.language, language.or(Some("sq")).and_then(Language::parse));
    }
}

#[test]
fn a_list_that_was_asked_for_once_more_waits_for_the_later_link() {
    let mut store = Store::in_memory().unwrap();
    let both = lists(&["members", "friends"]);
    store.ask(&person("ann@x.example"), &both, &on_page(1)).unwrap();
    store.ask(&person("ann@x.example"), &lists(&["friends"]), &on_page(2)).unwrap();
    let confirmed = store.confirm("ann@x.example", &both, at(1), &on_page(3)).unwrap();
    assert_eq!(confirmed, Confirmed::Now(lists(&["members"])));
}

#[test]
fn requests_that_nobody_confirms_are_forgotten() {
    let mut store = Store::in_memory().unwrap();
    let list = lists(&["members"]);
    store.ask(&person("old@x.example"), &list, &on_page(10)).unwrap();
    store.ask(&person("new@x.example"), &list, &on_page(20)).unwrap();
    store.add("members", &person("left@x.example"), at(1)).unwrap();
    store.remove("members", "left@x.example", at(2)).unwrap();
    store.ask(&person("left@x.example"), &list, &on_page(10)).unwrap();
    store.expire_requests(at(15)).unwrap();
    assert!(store.person("old@x.example").unwrap().is_none());
    assert!(store.person("new@x.example").unwrap().is_some());
    assert_eq!(store.confirm("left@x.example", &list, at(10), &on_page(16)).unwrap(), Confirmed::Nothing);
    assert_eq!(store.status("members").unwrap(), ListStatus { pending: 1, unsubscribed: 1, ..ListStatus::default() });
}

#[test]
fn who_is_erased_leaves_a_hash_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let mut store = Store::open(&path).unwrap();
    let ann = NewSubscriber { name: Some("Annabella".to_owned()), ..person("annabella@x.example") };
    store.add("members", &ann, at(1)).unwrap();
    store.ask(&ann, &lists(&["friends"]), &on_page(2)).unwrap();
    for ordinal in [1, 2] {
        let issue = IssueKey { series: "news".into(), ordinal };
        let campaign = NewCampaign { issue, revision: 1, lists: lists(&["members"]), starts: at(3) };
        let mut choose = |to: &Recipient| Some(format!("{ordinal}.{}", to.address));
        assert_eq!(store.start(&campaign, &mut choose, at(3)).unwrap(), 1);
    }
    store.connection.execute("update delivery set state = 'sent' where campaign = 1", []).unwrap();
    let erased = store.erase("Annabella@X.example", at(5)).unwrap();
    assert!(erased.known);
    assert_eq!(erased.messages.len(), 2);
    assert!(store.person("annabella@x.example").unwrap().is_none());
    let history = store.history(&Query::default()).unwrap();
    let left: Vec<_> = history.iter().map(|one| (one.state, one.address.starts_with("erased-"))).collect();
    assert_eq!(left, [(DeliveryState::Suppressed, true), (DeliveryState::Sent, true)], "that something went out stays");
    assert!(!store.erase("nobody@x.example", at(5)).unwrap().known);
    let imported = store.import("friends", &people(&["annabella@x.example"]), at(6)).unwrap();
    assert_eq!((imported.added, imported.suppressed.len()), (0, 1));
    assert_eq!(store.add("friends", &ann, at(6)).unwrap(), Added::Suppressed);
    drop(store);
    rusqlite::Connection::open(&path).unwrap().execute_batch("vacuum; pragma wal_checkpoint(truncate);").unwrap();
    let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
    assert!(!bytes.windows(9).any(|part| part == b"annabella"));
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.add_again("friends", &ann, &[], at(7)).unwrap(), Added::New, "they may come back when they ask");
    assert_eq!(store.recipients(&lists(&["friends"])).unwrap().len(), 1);
}

#[test]
fn a_request_is_answered_once_and_then_forgotten() {
    let mut store = Store::in_memory().unwrap();
    let request = Request {
        kind: NoticeKind::Subscribe,
        address: "ann@x.example".to_owned(),
        name: Some("Ann".to_owned()),
        language: Language::parse("fa").unwrap(),
        lists: lists(&["members", "friends"]),
        at: at(10),
        network: None,
        words: "words".to_owned(),
    };
    store.take_request(&request).unwrap();
    store.take_request(&Request { kind: NoticeKind::Manage, lists: Vec::new(), ..request.clone() }).unwrap();
    let asked = store.asked(10, at(12)).unwrap();
    assert_eq!((asked.len(), &asked[0].request), (2, &request));
    assert_eq!(asked[1].request.kind, NoticeKind::Manage);
    store.reply(asked[0].id, &NoticeReply::Message("m@x".to_owned(), b"bytes".to_vec()), at(11)).unwrap();
    store.reply(asked[1].id, &NoticeReply::Nothing(NoticeState::Dropped), at(11)).unwrap();
    assert!(store.asked(10, at(12)).unwrap().is_empty());
    let ready = store.take_notices("one", 10, at(0), at(60)).unwrap();
    assert_eq!(
        (ready.len(), ready[0].address.as_str(), ready[0].message.as_slice()),
        (1, "ann@x.example", b"bytes".as_slice())
    );
    assert_eq!(store.notices_waiting(at(12)).unwrap(), 1);
    store.settle_notice(ready[0].id, NoticeState::Sent, at(12)).unwrap();
    assert_eq!(store.notices_waiting(at(12)).unwrap(), 0);
    assert_eq!(
        (store.notices_since("Ann@x.example", at(12)).unwrap(), store.notices_since("ann@x.example", at(13)).unwrap()),
        (1, 0)
    );
    store.expire_notices(at(13)).unwrap();
    assert_eq!(store.notices_since("ann@x.example", at(0)).unwrap(), 0);
}

#[test]
fn sql_in_any_field_is_only_text() {
    let hostile = "'; drop table subscriber; --";
    let mut store = Store::in_memory().unwrap();
    let bobby = NewSubscriber {
        address: format!("{hostile}@x.example"),
        name: Some(hostile.to_owned()),
        language: Language::parse("en"),
    };
    let list = vec![hostile.to_owned()];
    let how = Circumstance { network: Some(hostile.to_owned()), words: Some(hostile.to_owned()), ..on_page(1) };
    store.ask(&bobby, &list, &how).unwrap();
    store.confirm(&bobby.address, &list, at(1), &how).unwrap();
    store.change_person(&bobby.address, Some(hostile), None, &how).unwrap();
    store.suppress(hostile, hostile, at(1)).unwrap();
    let known = store.person(&bobby.address).unwrap().unwrap();
    assert_eq!((known.address.as_str(), known.name.as_deref()), (bobby.address.as_str(), Some(hostile)));
    assert_eq!(store.suppression(hostile).unwrap().unwrap().reason, hostile);
    assert_eq!(store.recipients(&list).unwrap().len(), 1);
    assert_eq!(store.old_token(hostile, hostile).unwrap(), None);
    store.erase(&bobby.address, at(2)).unwrap();
    assert_eq!(store.status(hostile).unwrap(), ListStatus::default());
}

#[test]
fn unsubscribe_tokens_name_list_and_address() {
    let mut store = Store::in_memory().unwrap();
    store.add("members", &person("Ann@x.example"), now()).unwrap();
    let token = store.recipients(&lists(&["members"])).unwrap().remove(0).token;
    let grant = store.ring().read_token(Purpose::Unsubscribe, &token).unwrap();
    assert_eq!(grant, Grant { address: "ann@x.example".into(), lists: lists(&["members"]), ..Grant::default() });
    assert!(!token.contains("ann"));
}

#[test]
fn a_copy_of_an_open_store_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("masthead.db")).unwrap();
    store.add("members", &person("ann@x.example"), now()).unwrap();
    store.suppress("bo@x.example", "complaint", now()).unwrap();
    let copy = folder.path().join("copy.db");
    store.copy_to(&copy).unwrap();
    assert!(!folder.path().join("copy.db-wal").exists());
    let copy = Store::open(&copy).unwrap();
    assert_eq!(copy.export("members").unwrap(), store.export("members").unwrap());
    assert!(copy.suppression("bo@x.example").unwrap().is_some());
    assert_eq!(copy.unsubscribe_token("members", "ann@x.example"), store.unsubscribe_token("members", "ann@x.example"));
}

/// Whether the bytes of the store, of its journal or of a copy hold a text, in any capitals.
pub(super) fn holds(folder: &std::path::Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.into_iter().any(|bytes| bytes.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes())))
}

#[test]
fn of_who_is_erased_no_byte_is_left_in_the_file_nor_in_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("masthead.db")).unwrap();
    let others: Vec<_> = (0..200).map(|n| person(&format!("reader{n:03}@x.example"))).collect();
    store.import("members", &others, now()).unwrap();
    let zelda =
        NewSubscriber { address: "Zelda@x.example".to_owned(), name: Some("Quillfeather".to_owned()), language: None };
    let how = Circumstance { words: Some("Only Zelda was shown this.".to_owned()), ..on_page(10) };
    store.ask(&zelda, &lists(&["members"]), &how).unwrap();
    store.confirm("zelda@x.example", &lists(&["members"]), at(10), &how).unwrap();
    let request = Request {
        kind: NoticeKind::Manage,
        address: "Zelda@x.example".to_owned(),
        name: None,
        language: Language::parse("en").unwrap(),
        lists: Vec::new(),
        at: at(11),
        network: None,
        words: String::new(),
    };
    store.take_request(&request).unwrap();
    let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = NewCampaign { issue, revision: 1, lists: lists(&["members"]), starts: at(12) };
    store.start(&campaign, &mut |to| Some(to.address.len().to_string()), at(12)).unwrap();
    assert!(holds(folder.path(), "zelda") && holds(folder.path(), "quillfeather"));
    let erased = store.erase("zelda@X.example", at(13)).unwrap();
    assert!(erased.known && erased.is_overwritten);
    store.copy_to(&folder.path().join("copy.db")).unwrap();
    for gone in ["zelda", "quillfeather", "was shown this"] {
        assert!(!holds(folder.path(), gone), "{gone}");
    }
    let copy = Store::open(&folder.path().join("copy.db")).unwrap();
    assert_eq!(copy.export("members").unwrap().len(), 200);
    assert_eq!(copy.suppression("zelda@x.example").unwrap().unwrap().reason, "erased");
}

#[test]
fn requests_wait_for_their_time_and_are_answered_together_and_a_stranger_s_message_goes_to_nobody() {
    let mut store = Store::in_memory().unwrap();
    let request = |list: &str, second: i64| Request {
        kind: NoticeKind::Subscribe,
        address: "Ann@x.example".to_owned(),
        name: None,
        language: Language::parse("en").unwrap(),
        lists: lists(&[list]),
        at: at(second),
        network: None,
        words: "words".to_owned(),
    };
    for (list, second) in [("members", 10), ("friends", 20)] {
        store.take_request(&request(list, second)).unwrap();
    }
    let asked = store.asked(10, at(20)).unwrap();
    assert_eq!((asked.len(), store.notices_waiting(at(20)).unwrap()), (2, 2));
    for one in &asked {
        store.postpone(one.id, at(300)).unwrap();
    }
    assert!(store.asked(10, at(299)).unwrap().is_empty() && store.notices_waiting(at(299)).unwrap() == 0);
    let first = store.asked(1, at(300)).unwrap().remove(0);
    let others = store.asked_alike(first.id).unwrap();
    assert_eq!(others, [asked[1].clone()]);
    let message = NoticeReply::Message("m@x".to_owned(), b"bytes".to_vec());
    let both = lists(&["members", "friends"]);
    let asks = Some((&person("ann@x.example"), both.as_slice(), &on_page(20)));
    store.answer(first.id, &[others[0].id], asks, &message, at(301)).unwrap();
    assert_eq!(store.status("members").unwrap().pending + store.status("friends").unwrap().pending, 2);
    assert_eq!(store.confirm("ann@x.example", &both, at(20), &on_page(302)).unwrap(), Confirmed::Now(both));
    assert_eq!(store.notices_waiting(at(400)).unwrap(), 1, "one message for both");
    let since = |store: &Store| {
        (store.notices_since("x@x.example", at(0)).unwrap(), store.messages_since("x@x.example", at(0)).unwrap())
    };
    let stranger = Request { address: "x@x.example".to_owned(), ..request("members", 30) };
    store.take_request(&stranger).unwrap();
    let one = store.asked(1, at(400)).unwrap().remove(0);
    store.answer(one.id, &[], None, &message.for_nobody(), at(401)).unwrap();
    assert_eq!(since(&store), (1, 0));
    let ready = store.take_notices("one", 10, at(0), at(60)).unwrap();
    assert_eq!(ready.iter().map(crate::model::ReadyNotice::is_for_nobody).collect::<Vec<_>>(), [false, true]);
    store.settle_notice(ready[1].id, NoticeState::Dropped, at(402)).unwrap();
    assert_eq!(since(&store), (1, 0), "the next one rests as anybody's would");
    assert!(store.person("x@x.example").unwrap().is_none());
}

#[test]
fn a_store_is_opened_while_another_run_is_making_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("masthead.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| Store::open(&path).unwrap().status("members").unwrap());
        std::thread::sleep(std::time::Duration::from_millis(300));
        other.execute_batch("rollback").unwrap();
    });
}
