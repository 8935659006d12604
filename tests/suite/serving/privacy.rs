//! What others can learn of a reader and do in their name: by watching, by a mail that was handed on, after they are erased.

use std::time::{Duration, Instant};

use super::subscribing::unsubscribe_link;
use super::{known, link, served, settled, standing, subscribe, with_subscriptions};
use crate::sending::sink::{Act, Behaviour, Moment};
use crate::service::{Running, wait_until};

#[test]
fn of_who_is_erased_no_message_and_no_words_are_left() {
    let (publication, running) = served();
    subscribe(&running, &[("address", "Zelda.Qq@x.example"), ("name", "Zelda"), ("list", "members")]).is(200);
    let mails = settled(&publication, &running);
    let confirmed = running.post(&link(&mails[0].2), &[]).is(200);
    let person = known(&publication, "zelda.qq@x.example");
    let words = person["person"]["consent"][1]["words"].as_str().unwrap();
    assert!(words.contains("Members") && words.contains("{address}"), "{words}");
    drop(confirmed);
    let test = publication.run(&["send", "newsletter", "1", "--test", "zelda.qq@x.example"]).ok();
    drop(test);
    let erased = publication.run(&["subscribers", "erase", "zelda.QQ@x.example", "--json"]).ok().json();
    assert_eq!(erased["messages"], 2, "one of subscriptions, one of a test");
    running.stop();
    for (path, bytes) in publication.tree("") {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!path.to_lowercase().contains("zelda") && !text.contains("zelda"), "{path}");
    }
}

#[test]
fn of_what_is_settled_no_address_stays_in_the_store_or_beside_it() {
    let (publication, running) = served();
    let holds = |file: &str, words: &str| {
        let bytes = publication.bytes(file).to_ascii_lowercase();
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    };
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "stranger@zelda.example")]).is(200);
    settled(&publication, &running);
    wait_until("the journal is emptied", || !holds("masthead.db-wal", "zelda"));
    assert!(!holds("masthead.db", "zelda") && holds("masthead.db", "reader@example.org"));
}

#[test]
fn for_a_stranger_the_same_is_done_as_for_a_reader() {
    let (publication, running) = served();
    for address in ["xanande@example.org", "stranger@x.example"] {
        let token = running.get("/letters/manage?lang=en").hidden("token");
        running.post("/letters/manage?lang=en", &[("token", &token), ("address", address)]).is(200);
    }
    assert_eq!(settled(&publication, &running).len(), 1);
    running.stop();
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    let mut read = store.prepare("select state, message_id is not null, message is null, address from notice").unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let rows: Vec<(String, bool, bool, String)> = read.query_map([], row).unwrap().map(Result::unwrap).collect();
    let done = |state: &str| (state.to_owned(), true, true, String::new());
    assert_eq!(rows, [done("sent"), done("dropped")], "a message was made, kept and settled for both");
}

#[test]
fn nobody_s_message_waits_for_another_s() {
    let slow = Duration::from_secs(4);
    let sink = Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(command) if command.contains("xanande") => Some(Act::Wait(slow)),
        _ => None,
    })
    .listen();
    let (publication, port) = with_subscriptions();
    let relay = format!("[mail]\ntransport = \"smtp://127.0.0.1:{}\"\nbounces = \"b@compositor.example\"", sink.port);
    let publication = publication.published().reconfigure("[mail]", &relay);
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    running.post("/letters/manage?lang=en", &[("token", &token), ("address", "xanande@example.org")]).is(200);
    wait_until("the first is being handed on", || sink.sessions() > 0);
    let asked = Instant::now();
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    sink.wait_for(1);
    assert!(asked.elapsed() + Duration::from_millis(500) < slow, "{:?}", asked.elapsed());
    assert_eq!(sink.taken()[0].recipient, "ann@x.example");
    sink.wait_for(2);
}

#[test]
fn strangers_keep_those_who_wait_as_long_as_readers_would() {
    let slow = Duration::from_secs(2);
    let sink = Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(command) if command.contains("xanande") => Some(Act::Wait(slow)),
        _ => None,
    })
    .listen();
    let (publication, port) = with_subscriptions();
    let relay = format!("[mail]\ntransport = \"smtp://127.0.0.1:{}\"\nbounces = \"b@compositor.example\"", sink.port);
    let publication = publication.published().reconfigure("[mail]", &relay).tables("[serve]\nforms_per_hour = 1000");
    let running = Running::start(&publication, &["--public"], port);
    let token = running.get("/letters/manage?lang=en").hidden("token");
    let ask = |address: &str| {
        running.post("/letters/manage?lang=en", &[("token", &token), ("address", address)]).is(200);
    };
    ask("xanande@example.org");
    sink.wait_for(1);
    settled(&publication, &running);
    let asked = Instant::now();
    // As many as are handed on at once.
    (0..16).for_each(|number| ask(&format!("stranger{number}@x.example")));
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    let asked_still = "select count(*) from notice where state = 'asked'";
    wait_until("all are in hand", || store.query_row(asked_still, [], |row| row.get::<_, i64>(0)).unwrap() == 0);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    sink.wait_for(2);
    assert!(asked.elapsed() > slow, "{:?}", asked.elapsed());
}

#[test]
fn what_is_asked_for_a_moment_later_is_answered_later() {
    let (publication, running) = served();
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let first = settled(&publication, &running);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "friends")]).is(200);
    subscribe(&running, &[("address", "Ann@x.example"), ("list", "members")]).is(200);
    assert_eq!(settled(&publication, &running), first, "not within some minutes");
    let port = running.host.rsplit(':').next().unwrap().parse().unwrap();
    running.stop();
    let publication = publication.at("2026-08-02T08:06:00Z");
    let running = Running::start(&publication, &["--public"], port);
    let mails = settled(&publication, &running);
    assert_eq!(mails.len(), 2, "one message for both: {mails:#?}");
    let new = mails.iter().find(|mail| !first.contains(mail)).unwrap();
    assert!(new.1.contains("Members") && new.1.contains("Friends & type"), "{}", new.1);
    running.post(&link(&new.2), &[]).is(200);
    for list in ["members", "friends"] {
        assert_eq!(standing(&publication, list, "ann@x.example"), "active");
    }
}

#[test]
fn who_only_asks_does_not_wait_for_who_writes() {
    let (publication, running) = served();
    let unsubscribe = unsubscribe_link(&publication, "reader@example.org");
    let token = running.get("/letters/subscribe?lang=en").hidden("token");
    let writer = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    writer.execute_batch("begin immediate").unwrap();
    let fields = [("token", token.as_str()), ("address", "ann@x.example"), ("list", "members")];
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| running.post("/letters/subscribe?lang=en", &fields).status);
        std::thread::sleep(Duration::from_millis(300));
        let asked = Instant::now();
        running.get("/health").is(200);
        running.get("/metrics").is(200);
        running.get(&unsubscribe).is(200);
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
        writer.execute_batch("rollback").unwrap();
        assert_eq!(waits.join().unwrap(), 200);
    });
}

#[test]
fn a_link_of_a_digest_lets_one_leave_and_no_more() {
    let (publication, running) = served();
    let target = unsubscribe_link(&publication, "reader@example.org");
    for answer in [running.get(&target).is(200), running.post(&target, &[("page", "1")]).is(200)] {
        let links = answer.links();
        assert!(links.iter().any(|link| link.starts_with("/letters/manage?")), "{links:?}");
        assert!(!links.iter().any(|link| link.contains("/manage/")), "whoever was handed the digest on: {links:?}");
    }
}

#[test]
fn who_is_written_to_no_more_is_told_so() {
    let (publication, running) = served();
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let mails = settled(&publication, &running);
    let mut store = masthead::store::Store::open(&publication.path("masthead.db")).unwrap();
    store.suppress("ann@x.example", "hard bounce", chrono::DateTime::UNIX_EPOCH).unwrap();
    let confirmed = running.post(&link(&mails[0].2), &[]).is(200).says("no mail goes to you");
    assert!(!confirmed.text().contains("will come to"), "{}", confirmed.text());
    let manage = confirmed.links().into_iter().find(|link| link.contains("/manage/")).unwrap();
    running.get(&manage).is(200).says("Nothing is sent to ann@x.example at present");
}
