//! Links in mails that were sent by an older version.

use super::subscribing::unsubscribe_link;
use super::{link, served, settled, standing, subscribe, with_subscriptions};
use crate::publication::Publication;
use crate::service::{Running, free_port};
use crate::tools::root;

const TOKEN: &str = "00112233445566778899aabbccddeeff";

/// A store of the second version, with one reader who was written to, by a series that is no more.
fn old_store(publication: &Publication) {
    let store = rusqlite::Connection::open(publication.path("masthead.db")).unwrap();
    for version in [1, 2] {
        let schema = root().join(format!("src/store/sql/schema_{version}.sql"));
        store.execute_batch(&std::fs::read_to_string(schema).unwrap()).unwrap();
    }
    store.pragma_update(None, "user_version", 2).unwrap();
    let day = "2026-07-01T00:00:00Z";
    store
        .execute_batch(&format!(
            "insert into subscriber (address) values ('old@x.example');
             insert into membership values (1, 'members', 'active', '{day}', '{day}');
             insert into campaign values ('bulletin', 9, 1, '{day}');
             insert into delivery values ('bulletin', 9, 'old@x.example', 1, null, null, 'members', '{TOKEN}', 'sent', 'x', '{day}');"
        ))
        .unwrap();
}

#[test]
fn they_go_on_working() {
    let (publication, port) = with_subscriptions();
    old_store(&publication);
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    let target = format!("/letters/unsubscribe/members/{TOKEN}");
    running.get(&target).is(200).says("old@x.example");
    running.post("/letters/unsubscribe/friends/00112233445566778899aabbccddeeff", &[]).is(404);
    assert_eq!(standing(&publication, "members", "old@x.example"), "active");
    running.post(&target, &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "members", "old@x.example"), "unsubscribed");
}

#[test]
fn they_lead_to_the_list_that_is_called_otherwise_even_where_a_service_does_not_know_that() {
    let (publication, running) = served();
    let (first, second) = ("reader@example.org", "xanande@example.org");
    let links = [first, second].map(|reader| unsubscribe_link(&publication, reader));
    let publication = publication
        .reconfigure("[list.members]\n", "[list.folk]\nwas = [\"members\"]\n")
        .reconfigure("lists = [\"members\"]", "lists = [\"folk\"]");
    let title = publication.run(&["subscribers", "status", "folk", "--json"]).ok().json()["lists"][0]["title"].clone();
    running.get(&links[0]).is(200).says("<form method=\"post\"");
    running.post(&links[0], &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "folk", first), "unsubscribed", "the service was begun before");
    assert!(!running.get(&links[0]).is(200).text().contains("<form method=\"post\""), "it asks no more");
    let running = Running::start(&publication, &["--public"], free_port());
    running.get(&links[1]).is(200).says(title.as_str().unwrap());
    running.post(&links[1], &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "folk", second), "unsubscribed");
}

#[test]
fn they_work_below_another_path_than_that_which_they_were_mailed_with() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    let running = Running::start(&publication, &["--public"], port);
    subscribe(&running, &[("address", "ann@x.example"), ("list", "members")]).is(200);
    let confirm = link(&settled(&publication, &running).remove(0).2);
    let [first, second] = ["reader@example.org", "xanande@example.org"].map(|one| unsubscribe_link(&publication, one));
    drop(running);
    let publication = publication.reconfigure("/letters/\"", "/abo/\"");
    let running = Running::start(&publication, &["--public"], port);
    assert!(first.starts_with("/letters/unsubscribe/members/"), "{first}");
    running.get(&first).is(200).says("reader@example.org").says("<form method=\"post\"").says("/abo/");
    running.post(&first, &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "members", "reader@example.org"), "unsubscribed");
    running.post(&second.replace("/letters/", "/"), &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(standing(&publication, "members", "xanande@example.org"), "unsubscribed");
    running.post(&confirm, &[]).is(200);
    assert_eq!(standing(&publication, "members", "ann@x.example"), "active");
    // No other token, and nothing besides links.
    let token = first.rsplit('/').next().unwrap();
    for other in [format!("/letters/unsubscribe/members/x{}", &token[1..]), format!("/letters/manage/{token}")] {
        running.get(&other).is(404);
        running.post(&other, &[]).is(405);
    }
    running.get("/letters/subscribe").is(404);
}

#[test]
fn a_list_that_is_gone_without_a_word_is_left_all_the_same() {
    let (publication, running) = served();
    let link = unsubscribe_link(&publication, "reader@example.org");
    let publication = publication
        .reconfigure("[list.members]\n", "[list.folk]\n")
        .reconfigure("lists = [\"members\"]", "lists = [\"folk\"]");
    let recipients = || publication.run(&["send", "newsletter", "--json"]).ok().json()["recipients"].clone();
    assert_eq!(recipients(), 1, "the file is read under the new name");
    running.post(&link, &[("List-Unsubscribe", "One-Click")]).is(200);
    assert_eq!(recipients(), 0, "whoever leaves it under its old name gets nothing under the new one");
    assert_eq!(standing(&publication, "members", "reader@example.org"), "unsubscribed");
}

#[test]
fn a_service_without_the_secret_of_the_links_begins_only_when_they_are_given_up() {
    let (publication, port) = with_subscriptions();
    let publication = publication.published();
    publication.run(&["check"]).ok().says_not("is not among those of this run");
    let publication = publication.environment("MASTHEAD_SECRET", "another-secret-of-more-than-32-characters-for-tests");
    let listen = format!("127.0.0.1:{port}");
    let refused = publication.run(&["serve", "--public", "--listen", &listen]).leaves_with(2);
    refused.says("is not among those of this run").says("--forget-old-links");
    assert!(Running::start(&publication, &["--public", "--forget-old-links"], port).stop().success());
    // From then on it is the one that signs.
    publication.run(&["check"]).ok().says_not("is not among those of this run");
    assert!(Running::start(&publication, &["--public"], port).stop().success());
}
