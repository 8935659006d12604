//! Importing long lists: whole or not at all, in little memory, and holding nobody up.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Postgres;
use crate::publication::Publication;
use crate::service::{Running, free_port};
use crate::tools::{self, long};

/// A file of so many readers.
fn file(count: usize) -> String {
    let mut text = "email,name,language\n".to_owned();
    for at in 0..count {
        writeln!(text, "reader{at}@x.example,Reader {at},en").unwrap();
    }
    text
}

fn publication(store: &str, count: usize) -> Publication {
    Publication::new()
        .tables(&format!("{store}\n[list.members]\n[list.friends]"))
        .file("long.csv", file(count))
        .short_post("2026-07-03-one.md", "One")
}

fn active(publication: &Publication) -> u64 {
    publication.run(&["subscribers", "status", "members", "--json"]).ok().json()["lists"][0]["active"].as_u64().unwrap()
}

/// Kills imports at moments all over their course; each time either nobody or everybody is on the list.
fn whole_or_not_at_all(store: &dyn Fn() -> String, count: usize, kills: u32) {
    let import = ["subscribers", "import", "members", "long.csv"];
    let undisturbed = publication(&store(), count);
    let began = Instant::now();
    undisturbed.run(&import).ok().says(&format!("{count} added"));
    let took = began.elapsed();
    let mut outcomes = [0, 0];
    for kill in 0..kills {
        let publication = publication(&store(), count);
        let mut child = publication.command(&import).spawn().unwrap();
        std::thread::sleep(took * (kill + 1) / (kills + 1));
        let _ = child.kill();
        child.wait().unwrap();
        let found = active(&publication);
        assert!(found == 0 || found == count as u64, "{found} of {count} after a kill");
        outcomes[usize::from(found > 0)] += 1;
        publication.run(&import).ok();
        assert_eq!(active(&publication), count as u64);
        let export = publication.command(&["subscribers", "export", "members"]).output().unwrap().stdout;
        assert_eq!(export.split(|byte| *byte == b'\n').count(), count + 2, "nobody is there twice");
    }
    println!("{outcomes:?} of {kills} imports in {took:?} were killed before and after they counted");
}

#[test]
fn an_import_that_is_killed_counts_wholly_or_not_at_all() {
    whole_or_not_at_all(&String::new, 6_000, 5);
}

#[test]
fn long_a_long_import_that_is_killed_counts_wholly_or_not_at_all() {
    if long() {
        whole_or_not_at_all(&String::new, 50_000, 20);
    }
}

#[test]
fn on_a_server_an_import_that_is_killed_counts_wholly_or_not_at_all() {
    let Some(server) = Postgres::quick() else { return };
    whole_or_not_at_all(&|| format!("[store]\nurl = \"{}\"\n", server.database()), 5_000, 4);
}

/// Imports a list of so many while readers leave and subscribe; the longest that one of them waited is short.
fn nobody_waits_for_an_import(count: usize) {
    let port = free_port();
    let publication = publication("", count)
        .tables(&format!(
            "[mail]\nfrom = \"news@compositor.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/letters/\""
        ))
        .environment("MASTHEAD_SECRET", "a-secret-of-more-than-32-characters-for-tests");
    let publication = publication.published();
    let readers = ["ann@x.example", "bo@x.example"];
    let publication = readers.iter().fold(publication, |one, who| one.after(&["subscribers", "add", "friends", who]));
    let store = masthead::store::Store::open(&publication.path("masthead.db"))
        .unwrap()
        .with_secrets(masthead::store::KeyRing::read("a-secret-of-more-than-32-characters-for-tests").unwrap());
    let leave = |who: &str| format!("/letters/unsubscribe/friends/{}", store.unsubscribe_token("friends", who));
    let running = Running::start(&publication, &["--public"], port);
    let started = Instant::now();
    let mut import = publication.command(&["subscribers", "import", "members", "long.csv"]).spawn().unwrap();
    let (mut longest, mut posts) = (Duration::ZERO, 0);
    while import.try_wait().unwrap().is_none() {
        let began = Instant::now();
        if posts % 2 == 0 {
            // The first leaves; what a second POST does takes the lock as well.
            running.post(&leave(readers[posts / 2 % 2]), &[("List-Unsubscribe", "One-Click")]).is(200);
        } else {
            let token = running.get("/letters/subscribe?lang=en").is(200).hidden("token");
            let address = format!("new{posts}@x.example");
            let fields = [("token", token.as_str()), ("address", &address), ("list", "members")];
            let answer = running.post("/letters/subscribe?lang=en", &fields);
            assert!(matches!(answer.status, 200 | 429), "{}", answer.text());
        }
        longest = longest.max(began.elapsed());
        posts += 1;
    }
    let took = started.elapsed();
    println!("{posts} forms while {count} were imported in {took:?}, the longest in {longest:?}");
    assert!(posts > 5, "the import was over too soon to say anything");
    assert_eq!(active(&publication), count as u64);
    // Of a machine that is busy with other things.
    assert!(longest < Duration::from_secs(1).max(took / 4), "{longest:?}");
}

#[test]
fn readers_leave_and_subscribe_while_a_long_list_is_imported() {
    nobody_waits_for_an_import(40_000);
}

#[test]
fn long_readers_leave_and_subscribe_while_a_million_are_imported() {
    if long() {
        nobody_waits_for_an_import(1_000_000);
    }
}

/// How much memory an import takes at most, in bytes.
fn peak(count: usize) -> usize {
    let publication = publication("", count);
    let (peak, out) = tools::peak(publication.command(&["subscribers", "import", "members", "long.csv"]));
    assert!(out.contains(&format!("{count} added")), "{out}");
    peak
}

#[test]
fn memory_does_not_go_by_the_length_of_the_list() {
    if Path::new("/proc/self/status").exists() {
        let (short, longer) = (peak(5_000), peak(60_000));
        println!("5,000 readers: {} MB, 60,000: {} MB", short >> 20, longer >> 20);
        assert!(longer < short + (12 << 20), "{longer} bytes instead of {short}");
    }
}

#[test]
fn long_a_million_readers_are_imported_in_a_hundred_megabytes() {
    if long() {
        let peak = peak(1_000_000);
        println!("a million readers: {} MB", peak >> 20);
        assert!(peak < 100 << 20, "{peak} bytes");
    }
}

#[test]
fn a_strict_import_of_a_file_with_a_fault_writes_nothing() {
    let publication = publication("", 3);
    let publication = publication.file("faulty.csv", "email\nann@x.example\nnobody\nANN@x.example\n");
    let import = publication.run(&["subscribers", "import", "members", "faulty.csv", "--strict"]).leaves_with(3);
    import
        .says("faulty.csv:3: `nobody` is not an address")
        .says("faulty.csv:4: `ANN@x.example` is in the list already");
    assert_eq!(active(&publication), 0);
    publication.run(&["subscribers", "import", "members", "faulty.csv"]).ok().says("1 added");
    let publication = publication.after(&["subscribers", "erase", "reader1@x.example"]);
    let strict = ["subscribers", "import", "members", "long.csv", "--strict"];
    publication.run(&strict).leaves_with(3).says("`reader1@x.example` must not be written to");
    assert_eq!(active(&publication), 1);
}
