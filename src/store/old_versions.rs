//! Stores that older versions left are brought up to date, and nothing is lost.

use super::tests::{at, holds, now, person};
use super::{Added, ListStatus, Store};
use crate::model::{CampaignState, Claim, DeliveryState, Language, Query, Queue as _, SourceState, SubscriberStatus};

/// A store as an older version left it: the statements of its schema up to that version, then these.
fn old_store(path: &std::path::Path, version: u32, rows: &str) {
    let old = rusqlite::Connection::open(path).unwrap();
    let schemas = [
        include_str!("sql/schema_1.sql"),
        include_str!("sql/schema_2.sql"),
        include_str!("sql/schema_3.sql"),
        include_str!("sql/schema_4.sql"),
        include_str!("sql/schema_5.sql"),
        include_str!("sql/schema_6.sql"),
    ];
    for schema in &schemas[..version as usize] {
        old.execute_batch(schema).unwrap();
    }
    old.pragma_update(None, "user_version", version).unwrap();
    old.execute_batch(rows).unwrap();
}

#[test]
fn a_store_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    old_store(
        &path,
        1,
        "insert into subscriber (address) values ('a@x.example');
         insert into membership values (1, 'members', 'active', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');",
    );
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.export("members").unwrap().len(), 1, "who is there stays");
    store.keep_sources([&SourceState::default()]).unwrap();
    drop(store);
    let file = rusqlite::Connection::open(&path).unwrap();
    let version: u32 = file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 19);
}

#[test]
fn to_record_a_delivery_no_table_is_built_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    drop(Store::open(&path).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    file.pragma_update(None, "ignore_check_constraints", true).unwrap();
    for sql in [
        include_str!("sql/delivery_lease.sql"),
        include_str!("sql/delivery_intend.sql"),
        include_str!("sql/delivery_settle.sql"),
        include_str!("sql/attempt_add.sql"),
    ] {
        let mut explained = file.prepare(&format!("explain {sql}")).unwrap();
        let mut steps = explained.raw_query();
        while let Some(step) = steps.next().unwrap() {
            assert_ne!(step.get::<_, String>("opcode").unwrap(), "OpenEphemeral", "{sql}");
        }
    }
}

#[test]
fn of_a_store_of_the_second_version_nothing_is_lost_and_no_suppressed_address_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let token = "0123456789abcdef0123456789abcdef";
    old_store(
        &path,
        2,
        &format!(
            "insert into subscriber (address, name) values ('Ann@x.example', 'Ann'), ('bo@x.example', null);
             insert into membership values (1, 'members', 'active', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
                                           (2, 'members', 'unsubscribed', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
             insert into suppression values ('ANN@x.example', 'hard bounce', '2026-03-01T00:00:00Z'),
                                            ('stranger@x.example', 'complaint', '2026-03-01T00:00:00Z');
             insert into campaign values ('news', 1, 1, '2026-01-01T00:00:00Z');
             insert into delivery values ('news', 1, 'ann@x.example', 1, 'Ann', null, 'members', '{token}', 'sent', 'm', '2026-01-01T00:00:00Z');"
        ),
    );
    let mut store = Store::open(&path).unwrap();
    assert_eq!(
        store.status("members").unwrap(),
        ListStatus { unsubscribed: 1, suppressed: 1, ..ListStatus::default() }
    );
    assert_eq!(store.suppression("ann@x.example").unwrap().unwrap().reason, "hard bounce");
    assert_eq!(store.add("friends", &person("Stranger@x.example"), now()).unwrap(), Added::Suppressed);
    assert_eq!(store.old_token("members", token).unwrap().as_deref(), Some("Ann@x.example"), "links in old mails work");
    assert_eq!(store.old_token("friends", token).unwrap(), None);
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    let suppressed = b"stranger@x.example";
    assert!(!bytes.windows(suppressed.len()).any(|part| part.eq_ignore_ascii_case(suppressed)));
}

#[test]
fn of_a_store_of_any_old_version_two_who_are_one_become_one_and_who_left_stays_away() {
    let stamp = "'2026-02-01T00:00:00Z'";
    for version in 1..=5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("masthead.db");
        let mut rows = format!(
            "insert into subscriber values (1, '\u{dc}bung@x.example', null, 'de'), (2, 'ann@x.example', 'Ann', null),
                 (3, '\u{fc}bung@x.example', 'Eva', 'en'), (4, 'U\u{308}BUNG@x.example', null, null),
                 (5, '\u{c7}ela@x.example', null, null), (6, '\u{e7}ela@x.example', null, null);
             insert into membership values (1, 'members', 'active', {stamp}, {stamp}),
                 (3, 'members', 'unsubscribed', '2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'), (4, 'friends', 'active', {stamp}, {stamp}),
                 (5, 'members', 'active', {stamp}, {stamp}), (6, 'members', 'active', {stamp}, {stamp});
             insert into suppression values ('\u{e7}ela@x.example', 'complaint', {stamp});"
        );
        if version >= 3 {
            let sent = format!(
                "insert into campaign (id, series, ordinal, revision, state, queued, starts, changed)
                     values (1, 'news', 1, 1, 'running', {stamp}, {stamp}, {stamp});
                 insert into delivery (campaign, address, list, token, message_id, state, next_at, changed)
                     values (1, '\u{dc}bung@x.example', 'members', 'first', 'm', 'pending', {stamp}, {stamp}),
                            (1, '\u{fc}bung@x.example', 'members', 'second', 'n', 'sent', {stamp}, {stamp});"
            );
            rows += &sent;
        }
        old_store(&path, version, &rows);
        let mut store = Store::open(&path).unwrap();
        let one = store.person("\u{fc}bung@x.example").unwrap().unwrap();
        let said = (one.address.as_str(), one.name.as_deref(), one.language.as_ref().map(Language::as_str));
        assert_eq!(said, ("\u{dc}bung@x.example", Some("Eva"), Some("de")), "version {version}");
        let lists: Vec<_> =
            one.lists.iter().map(|one| (one.list.as_str(), one.status, one.since.to_rfc3339())).collect();
        let since = |date: &str| format!("{date}T00:00:00+00:00");
        assert_eq!(
            lists,
            [
                ("friends", SubscriberStatus::Active, since("2026-02-01")),
                ("members", SubscriberStatus::Unsubscribed, since("2026-01-01"))
            ]
        );
        let status = ListStatus { unsubscribed: 1, suppressed: 1, ..ListStatus::default() };
        assert_eq!(store.status("members").unwrap(), status, "version {version}");
        if version >= 3 {
            for token in ["first", "second"] {
                assert_eq!(store.old_token("members", token).unwrap().as_deref(), Some(one.address.as_str()));
            }
            let states: Vec<_> = store.history(&Query::default()).unwrap().iter().map(|one| one.state).collect();
            assert!(states.contains(&DeliveryState::Sent) && states.contains(&DeliveryState::Suppressed), "{states:?}");
        }
    }
}

#[test]
fn of_a_store_of_the_fourth_version_links_that_went_out_and_campaigns_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    old_store(
        &path,
        4,
        "insert into subscriber (address) values ('ann@x.example');
         insert into membership values (1, 'members', 'active', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
         insert into campaign (series, ordinal, revision, state, queued, starts, changed)
         values ('news', 1, 1, 'running', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
         insert into delivery (campaign, address, list, token, message_id, state, next_at, changed)
         values (1, 'Ann@x.example', 'members', 'waits', 'm', 'pending', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');",
    );
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.old_token("members", "waits").unwrap().as_deref(), Some("ann@x.example"));
    assert!(store.remove("members", "ann@x.example", now()).unwrap());
    let claim = Claim {
        campaign: 1,
        worker: "one".to_owned(),
        most: 9,
        lists: Vec::new(),
        except: Vec::new(),
        until: at(2_000_000_000),
    };
    assert!(store.claim(&claim, at(1_900_000_000)).unwrap().is_empty(), "who left since is not written to");
    assert_eq!(store.history(&Query::default()).unwrap()[0].state, DeliveryState::Suppressed);
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
    let claim = Claim {
        campaign: campaigns[1].id,
        worker: "w".to_owned(),
        most: 9,
        lists: Vec::new(),
        except: vec![],
        until: now,
    };
    let due = store.claim(&claim, now).unwrap();
    let to = &due[0].recipient;
    assert_eq!((to.name.as_deref(), to.language.as_ref().map(Language::as_str)), (Some("Cy"), Some("sq")));
}

#[test]
fn of_a_store_of_the_sixth_version_what_was_left_of_the_erased_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let stamp = "'2026-01-01T00:00:00Z'";
    old_store(
        &path,
        6,
        &format!(
            "insert into subscriber (id, address, hash) values (1, 'ann@x.example', 'a'), (2, 'vera@x.example', 'v');
             insert into wording (id, words) values (1, 'Do you want to get News at ann@x.example?'),
                 (2, 'Do you want to get News at zelda@x.example?'), (3, 'Do you want to get News at vera@x.example?');
             insert into consent (subscriber, list, event, at, way, wording)
                 values (1, 'members', 'confirmed', {stamp}, 'page', 1), (2, 'members', 'confirmed', {stamp}, 'page', 3);
             insert into campaign (id, series, ordinal, revision, state, queued, starts, changed)
                 values (1, 'news', 1, 1, 'finished', {stamp}, {stamp}, {stamp});
             insert into delivery (campaign, address, name, list, token, message_id, state, next_at, changed)
                 values (1, '\u{dc}bung@x.example', 'Quillfeather', 'members', 't', 'm', 'sent', {stamp}, {stamp}),
                        (1, '\u{c7}ela@x.example', null, 'members', 't', 'n', 'sent', {stamp}, {stamp});"
        ),
    );
    // Erased while the version of that time was running, which compared addresses otherwise.
    let file = rusqlite::Connection::open(&path).unwrap();
    let key: String = file.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0)).unwrap();
    let hash = super::AddressKey::new(&key).hash("\u{fc}bung@x.example");
    file.execute("insert into suppression values (?1, 'erased', '2026-02-01T00:00:00Z')", [hash]).unwrap();
    drop(file);
    let mut store = Store::open(&path).unwrap();
    let history = store.history(&Query::default()).unwrap();
    assert_eq!(history.iter().filter(|one| one.address.starts_with("erased-")).count(), 1);
    let whom = Query { address: Some("\u{e7}ELA@x.example".to_owned()), ..Query::default() };
    assert_eq!(store.history(&whom).unwrap().len(), 1);
    drop(store);
    for gone in ["zelda", "quillfeather", "at ann@x", "bung@x.example"] {
        assert!(!holds(folder.path(), gone), "{gone}");
    }
    let file = rusqlite::Connection::open(&path).unwrap();
    let mut read = file.prepare("select words from consent join wording on wording.id = consent.wording").unwrap();
    let words: Vec<String> = read.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(words, ["Do you want to get News at {address}?", "Do you want to get News at {address}?"]);
}

#[test]
fn of_a_store_of_the_sixth_version_those_who_came_with_a_file_go_with_it_once_it_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    old_store(&path, 6, "");
    let file = rusqlite::Connection::open(&path).unwrap();
    let key: String = file.query_row(include_str!("sql/hash_key.sql"), [], |row| row.get(0)).unwrap();
    let key = super::AddressKey::new(&key);
    let stamp = "2026-01-01T00:00:00Z";
    for (id, name, event, way) in
        [(1, "ann", "imported", "file"), (2, "bo", "imported", "file"), (3, "vera", "confirmed", "page")]
    {
        let address = format!("{name}@x.example");
        let hash = key.hash(&address);
        file.execute("insert into subscriber (id, address, hash) values (?1, ?2, ?3)", (id, &address, hash)).unwrap();
        let member = "insert into membership (list, subscriber, status, since, changed) values ('members', ?1, 'active', ?2, ?2)";
        file.execute(member, (id, stamp)).unwrap();
        let consent = "insert into consent (subscriber, list, event, at, way) values (?1, 'members', ?2, ?3, ?4)";
        file.execute(consent, (id, event, stamp, way)).unwrap();
    }
    drop(file);
    let mut store = Store::open(&path).unwrap();
    let mut read = |readers: &[&str]| {
        let mut file = store.gather().unwrap().ruling();
        for address in readers {
            file.take(&person(address), 1).unwrap();
        }
        store.import_gathered("members", &mut file, now(), |_| {}).unwrap();
        store.missing("members", &mut file).unwrap().addresses
    };
    assert_eq!(read(&[]), [""; 0], "no file had them yet");
    assert_eq!(read(&["ann@x.example", "vera@x.example"]), [""; 0]);
    assert_eq!(read(&[]), ["ann@x.example"]);
}

/// A new store with a campaign to two readers.
fn with_campaign(path: &std::path::Path) -> Store {
    let mut store = Store::open(path).unwrap();
    store.import("members", &[person("ann@x.example"), person("bo@x.example")], now()).unwrap();
    let issue = crate::model::IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = crate::model::NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts: now() };
    store.start(&campaign, &mut |to| Some(to.address.clone()), now()).unwrap();
    store
}

#[test]
fn a_store_of_the_seventeenth_version_keeps_nothing_more_of_who_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let mut store = with_campaign(&path);
    for address in ["ann@x.example", "bo@x.example"] {
        store.suppress(address, "complaint", now()).unwrap();
    }
    store.erase("ann@x.example", now()).unwrap();
    drop(store);
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(
        "update suppression set reason = 'complaint';
         update campaign set state = 'paused', reason = 'r: 554 5.7.1 <ann@x.example>: Relay access denied';
         pragma user_version = 17",
    )
    .unwrap();
    drop(old);
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.suppression("ann@x.example").unwrap().unwrap().reason, "erased");
    assert_eq!(store.suppression("bo@x.example").unwrap().unwrap().reason, "complaint");
    let reason = store.campaigns(now()).unwrap().remove(0).reason.unwrap();
    assert_eq!(reason, "r: 554 5.7.1 <{address}>: Relay access denied");
}

#[test]
fn a_store_of_the_eighteenth_version_forgets_what_was_said_since_of_who_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let mut store = with_campaign(&path);
    store.erase("ann@x.example", now()).unwrap();
    drop(store);
    let old = rusqlite::Connection::open(&path).unwrap();
    let stamp = "'2026-01-01T00:00:00Z'";
    old.execute_batch(&format!(
        "update delivery set state = 'deferred';
         insert into attempt (delivery, at, state, relay, reply)
             select id, {stamp}, 'deferred', 'r', 'RCPT TO:<ann@x.example> later' from delivery;
         insert into bounce (key, class, at) values ('k', 'hard', {stamp});
         insert into bounce_event
             (bounce, address, identity, delivery, class, reason, status, diagnosis, evidence, counts, tried, at)
             select 'k', 'ann@x.example', 'ann@x.example', id, 'hard', 'user-unknown', '5.1.1', 'no ann@x.example',
                 'return-path', 1, {stamp}, {stamp} from delivery;
         pragma user_version = 18"
    ))
    .unwrap();
    drop(old);
    let mut store = Store::open(&path).unwrap();
    let told = |address: &str, store: &mut Store| {
        let found = store.history(&Query::default()).unwrap();
        let one = found.into_iter().find(|one| one.address.starts_with(address)).unwrap();
        (one.state, one.attempts[0].reply.text.is_empty(), one.returned[0].diagnosis.is_empty())
    };
    assert_eq!(told("erased-", &mut store), (DeliveryState::Suppressed, true, true));
    assert_eq!(told("bo@", &mut store), (DeliveryState::Deferred, false, false), "what was said of others stays");
    drop(store);
    let file = rusqlite::Connection::open(&path).unwrap();
    let of_address = "select count(*) from bounce_event where identity = 'ann@x.example'";
    assert_eq!(file.query_row(of_address, [], |row| row.get::<_, i64>(0)).unwrap(), 1, "that of the other delivery");
}

#[test]
fn in_a_store_of_the_fifteenth_version_who_makes_the_text_first_decides_and_return_paths_tell_the_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masthead.db");
    let secrets = |text: &str| crate::store::KeyRing::read(text).unwrap();
    let mut store = Store::open(&path).unwrap().with_secrets(secrets("the first"));
    store.import("members", &[person("a@x.example")], now()).unwrap();
    let issue = crate::model::IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = crate::model::NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts: now() };
    store.start(&campaign, &mut |to| Some(to.address.clone()), now()).unwrap();
    store.return_path_key().unwrap();
    drop(store);
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch("drop table said; drop table frozen_before; pragma user_version = 16").unwrap();
    let look = super::Look::at(&path).unwrap();
    assert!(look.campaigns().len() == 1 && look.frozen_before().is_empty() && look.in_doubt().is_empty());
    drop(look);
    old.execute_batch("drop table signing_secret; alter table campaign drop column text; pragma user_version = 15")
        .unwrap();
    drop(old);
    let mut store = Store::open(&path).unwrap().with_secrets(secrets("the first"));
    assert_eq!(store.campaigns(now()).unwrap().len(), 1);
    assert!(store.is_text_of(1, "the one").unwrap() && !store.is_text_of(1, "the other").unwrap());
    assert!(!store.has_strange_secrets().unwrap());
    assert!(Store::open(&path).unwrap().with_secrets(secrets("another")).has_strange_secrets().unwrap());
}
