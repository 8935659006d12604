//! Lists that config.toml calls otherwise than before.

use serde_json::json;

use super::unsubscribe::request;
use super::{mailed, message_to, with_input};
use crate::publication::Publication;

/// The publication whose newsletter went to three readers of `members`, of whom Bo left; the list is called `folk` by now.
fn called_otherwise(keys: &str) -> Publication {
    mailed()
        .after(&["subscribers", "remove", "members", "bo@x.example"])
        .reconfigure("[list.members]", &format!("[list.folk]\n{keys}"))
        .reconfigure("lists = [\"members\"]", "lists = [\"folk\"]")
        .short_post("2026-08-10-two.md", "Two")
        .at("2026-09-02T08:00:00Z")
}

fn readers_of(publication: &Publication, outbox: &str) -> Vec<String> {
    let files = publication.files(outbox);
    files.iter().map(|file| file.split_once(".example").map_or("", |(address, _)| address).to_owned()).collect()
}

#[test]
fn who_left_a_list_that_is_called_otherwise_without_a_word_gets_nothing_and_that_is_told() {
    let publication = called_otherwise("");
    let told = "1 reader left the list `members`, which is not in config.toml any more";
    let before = publication.files("");
    publication.run(&["check"]).ok().says(&format!("config.toml: {told}")).says("write `was = [\"members\"]`");
    assert_eq!(publication.files(""), before, "whoever only looks makes no file");
    publication.publish().ok().warns(told);
    assert_eq!(readers_of(&publication, "outbox/newsletter-2"), ["ann@x", "cy@x"], "though the file has Bo");
    let publication = publication.short_post("2026-09-10-three.md", "Three").reconfigure("\"auto\"", "\"manual\"");
    let publication = publication.at("2026-10-02T08:00:00Z").published();
    let dry = publication.run(&["send", "newsletter", "3", "--json"]).ok().warns(told).json();
    assert_eq!(dry["recipients"], 2, "{dry}");
    // The mail program of Ann makes a request of a message that names the old list.
    let asked =
        with_input(&publication, &["unsubscribe", "--json"], &request(&publication, "ann@x.example", "a@b.example"));
    assert_eq!(asked.ok().json()["unsubscribed"], json!([{"list": "members", "address": "ann@x.example"}]));
    publication.run(&["send", "newsletter", "3", "--yes"]).ok().says("2 readers left the list `members`");
    assert_eq!(readers_of(&publication, "outbox/newsletter-3"), ["cy@x"]);
    publication.run(&["subscribers", "add", "folk", "bo@x.example"]).ok().says("--again");
}

#[test]
fn a_list_that_is_kept_for_those_who_left_it_keeps_nobody_away() {
    let publication = called_otherwise("").tables("[list.members]\nopen = false");
    publication.run(&["check"]).ok().says_not("left the list");
    let publication = publication.published();
    assert_eq!(readers_of(&publication, "outbox/newsletter-2"), ["ann@x", "bo@x", "cy@x"], "another list");
}

#[test]
fn a_list_that_was_called_otherwise_goes_on() {
    let publication = called_otherwise("was = [\"members\"]");
    publication.run(&["check"]).ok().says_not("left the list");
    let publication = publication.published();
    assert_eq!(readers_of(&publication, "outbox/newsletter-2"), ["ann@x", "cy@x"]);
    assert!(message_to(&publication, 2, "ann@x.example").contains("unsubscribe%20folk%20"));
    let asked =
        with_input(&publication, &["unsubscribe", "--json"], &request(&publication, "ann@x.example", "a@b.example"));
    assert_eq!(asked.ok().json()["unsubscribed"], json!([{"list": "members", "address": "ann@x.example"}]));
    publication.run(&["subscribers", "status"]).ok().says("(folk): 1 active, 0 pending, 2 unsubscribed");
    let shown = publication.run(&["subscribers", "show", "ann@x.example", "--json"]).ok().json();
    assert_eq!(shown["person"]["lists"][0]["list"], "folk", "{shown}");
    let publication = publication.reconfigure("[list.folk]\nwas = [\"members\"]", "[list.members]");
    let publication = publication.reconfigure("lists = [\"folk\"]", "lists = [\"members\"]");
    publication.run(&["publish"]).leaves_with(2).says("a name that the list `folk` had once");
}
