//! The same inputs and the same time give the same bytes, and nothing changed means that nothing is written.

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::publication::{Publication, assert_same};
use crate::samples::bilingual;

/// All that a run left but the store, whose file is arranged as `SQLite` likes, and the cache, whose records stand in the
/// order in which threads were ready.
fn left(publication: &Publication) -> BTreeMap<String, Vec<u8>> {
    let mut tree = publication.tree("");
    tree.retain(|path, _| !path.starts_with("masthead.db") && !path.starts_with(".cache/"));
    tree
}

fn times(publication: &Publication) -> BTreeMap<String, SystemTime> {
    let times = publication.files("").into_iter().filter(|path| !path.starts_with("masthead.db"));
    times.map(|path| (path.clone(), publication.path(&path).metadata().unwrap().modified().unwrap())).collect()
}

#[test]
fn a_second_run_writes_nothing() {
    let publication = bilingual();
    let first = publication.publish().ok().json();
    assert!(first["written"].as_u64().unwrap() > 20, "{first:#}");
    let before = times(&publication);
    let second = publication.publish().ok().freezes(&[]).json();
    assert_eq!(second["written"], 0, "{second:#}");
    assert!(second["unchanged"].as_u64().unwrap() > 20, "{second:#}");
    assert_eq!(times(&publication), before);
}

#[test]
fn a_later_run_with_nothing_new_writes_nothing_either() {
    let publication = bilingual().published().at("2026-08-03T19:30:00Z");
    assert_eq!(publication.publish().ok().json()["written"], 0);
}

#[test]
fn a_fresh_copy_gives_the_same_bytes() {
    let publication = bilingual();
    let copy = publication.copy();
    assert_same(&left(&publication.published()), &left(&copy.published()));
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let publication = bilingual();
    let one = publication.copy().environment("RAYON_NUM_THREADS", "1").published();
    let two = publication.environment("RAYON_NUM_THREADS", "2").published();
    assert_same(&left(&one), &left(&two));
}

#[test]
fn the_zone_and_the_language_of_the_machine_do_not_matter() {
    let publication = bilingual();
    let here = publication.copy().published();
    let there = publication.environment("TZ", "Pacific/Kiritimati").environment("LC_ALL", "fa_IR.UTF-8").published();
    assert_same(&left(&here), &left(&there));
}

#[test]
fn public_can_be_deleted() {
    let publication = bilingual().published();
    let before = publication.tree("public");
    assert_same(&before, &publication.without("public").published().tree("public"));
}

#[test]
fn issues_of_before_lead_to_where_the_publication_stands_now_and_keep_their_ids() {
    let linking = "---\ntitle: One\n---\nSee [two](2026-07-11-two.md) and [join](https://compositor.example/join).\n";
    let before = Publication::monthly().post("2026-07-10-one.md", linking).short_post("2026-07-11-two.md", "Two");
    let before = before.published();
    let ids = |publication: &Publication| -> Vec<String> {
        let feed = publication.read("public/newsletter/feed.xml");
        feed.split("<guid").skip(1).map(|rest| rest.split("</guid>").next().unwrap().to_owned()).collect()
    };
    let ids_of_before = ids(&before);
    assert_eq!(ids_of_before.len(), 1);
    let pdf = before.bytes("public/newsletter/1/newsletter-1.pdf");
    let now = before.reconfigure("https://compositor.example/", "https://new.example/paper/").published();
    assert_eq!(ids(&now), ids_of_before);
    let page = now.read("public/newsletter/1/index.html");
    let link = page.split(">two</a>").next().unwrap().rsplit("href=\"").next().unwrap();
    assert_eq!(link, "https://new.example/paper/posts/two/\"");
    assert!(page.contains("href=\"https://compositor.example/join\""), "what may stand there still: {page}");
    let feed = now.read("public/newsletter/feed.xml");
    assert!(feed.contains("https://new.example/paper/posts/two/") && feed.contains("https://compositor.example/join"));
    assert!(!feed.contains("https://compositor.example/posts/"), "{feed}");
    assert_eq!(now.bytes("public/newsletter/1/newsletter-1.pdf"), pdf);
    assert_eq!(now.publish().ok().json()["written"], 0);
}
