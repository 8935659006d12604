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
