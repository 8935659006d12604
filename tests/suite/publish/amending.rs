//! Editing after freezing: a warning, then a revision.

use serde_json::Value;

use crate::publication::Publication;
use crate::samples::{bilingual, july};

/// Frozen on 2 August, then another title in issue.toml, on 5 August.
fn edited() -> Publication {
    let publication = bilingual().published();
    let text = publication.read("issues/newsletter/0001/issue.toml");
    publication
        .file("issues/newsletter/0001/issue.toml", format!("title = \"Mended\"\n{text}"))
        .at("2026-08-05T08:00:00Z")
}

#[test]
fn an_edit_after_freezing_is_a_warning_that_names_amend() {
    let publication = edited();
    let before = publication.tree("public");
    publication.run(&["publish"]).ok().errors_are("edited-after-freezing.txt");
    assert_eq!(publication.tree("public"), before, "the edit has no effect");
    publication.run(&["publish", "--strict"]).leaves_with(3);
}

#[test]
fn an_amendment_is_told_in_every_output_under_the_same_names() {
    let publication = edited();
    let old = entry(&publication);
    let outbox = publication.files("outbox");
    let publication = publication
        .after(&["issue", "amend", "newsletter", "1", "--message", "The title was wrong"])
        .at("2026-08-06T08:00:00Z");
    publication
        .publish()
        .ok()
        .quiet()
        .check_file("public/newsletter/1/index.html", &["Mended", "The title was wrong"])
        .check_file("public/newsletter/1/email.txt", &["Mended"])
        .check_file("public/newsletter/feed.xml", &["Mended"]);
    let new = entry(&publication);
    assert_eq!((old.id, old.published, old.link), (new.id, new.published, new.link));
    assert_eq!((old.updated.as_str(), new.updated.as_str()), ("2026-08-02T08:00:00Z", "2026-08-05T08:00:00Z"));
    let frozen: Value = serde_json::from_str(&publication.read("issues/newsletter/0001/frozen.json")).unwrap();
    assert_eq!(frozen["frozen"]["revision"], 2);
    assert_eq!(frozen["number"]["label"], "92");
    assert_ne!(
        publication.bytes("issues/newsletter/0001/released/r1/newsletter-1.pdf"),
        publication.bytes("public/newsletter/1/newsletter-1.pdf"),
        "the PDF is that of the second revision, and the first one is kept"
    );
    assert_eq!(publication.files("outbox"), outbox, "nobody is written to twice");
}

#[test]
fn an_amendment_is_silent_of_edits_and_of_nothing_else() {
    let publication = edited().edit("issues/newsletter/0001/frozen.json", "\"label\": \"92\"", "\"label\": \"93\"");
    let amend = ["issue", "amend", "newsletter", "1", "--message", "The title was wrong"];
    let before = publication.bytes("issues/newsletter/0001/frozen.json");
    publication.run(&[&["--strict"], &amend[..]].concat()).leaves_with(3).says("newsletter/0001 was changed by hand");
    assert_eq!(publication.bytes("issues/newsletter/0001/frozen.json"), before, "nothing was frozen");
    let run = publication.run(&[&amend[..], &["--json"]].concat()).ok();
    let warnings = run.warnings();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    run.warns("frozen issue newsletter/0001 was changed by hand; what it says now is used");
    // Another issue that was edited has an amendment of its own, and does not keep this one back.
    let publication = edited().short_post("2026-08-20-late-summer.md", "Late summer").at("2026-09-02T08:00:00Z");
    let publication = publication.published();
    let text = publication.read("issues/newsletter/0002/issue.toml");
    let publication = publication.file("issues/newsletter/0002/issue.toml", format!("title = \"Late\"\n{text}"));
    publication.run(&[&["--strict"], &amend[..]].concat()).ok();
    publication
        .run(&["plan", "newsletter"])
        .says("newsletter/0002 is frozen; what was changed here since has no effect");
}

#[test]
fn an_amendment_that_changes_nothing_is_refused() {
    let publication = bilingual().published();
    publication
        .run(&["issue", "amend", "newsletter", "1", "--message", "Nothing"])
        .leaves_with(1)
        .says("would change nothing");
}

#[test]
fn a_standing_article_that_is_seen_anew_is_no_change() {
    let publication = Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nstanding = [\"about.md\"]")
        .file("about.md", "# About us\n\nWe print.\n")
        .short_post("2026-07-03-a.md", "A")
        .published()
        .at("2026-08-05T08:00:00Z");
    let nothing = ["issue", "amend", "newsletter", "1", "--message", "Nothing"];
    publication.run(&nothing).leaves_with(1).says("would change nothing");
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    let publication = publication.edit("about.md", "We print.", "We print and bind.");
    publication.run(&["issue", "amend", "newsletter", "1", "--message", "Who we are"]).ok();
    let amended: Value = serde_json::from_str(&publication.read("issues/newsletter/0001/frozen.json")).unwrap();
    let frozen: Value = serde_json::from_str(&frozen).unwrap();
    for key in ["id", "first_seen"] {
        assert_eq!(frozen["standing"][0]["post"][key], amended["standing"][0]["post"][key]);
    }
}

#[test]
fn what_leaves_an_issue_is_told() {
    let publication =
        july().post("2026-07-12-brief.md", "---\ntitle: In brief\ntags: [brief]\n---\nBriefly.\n").published();
    let publication = publication
        .reconfigure("first_number = 92", "first_number = 92\nexclude_tags = [\"brief\"]")
        .edit("posts/2026-07-20-feeds.md", "---\n", "---\nstatus: private\n")
        .edit("issues/newsletter/0001/issue.toml", "# title = \"A title of its own\"", "title = \"Amended\"");
    let run = publication.run(&["issue", "amend", "newsletter", "0001", "--message", "A title.", "--json"]).ok();
    // A series that takes others by now may have seen that a post is for members alone.
    let mut warnings = run.warnings();
    warnings.sort();
    assert_eq!(
        warnings,
        [
            "posts/2026-07-12-brief.md: `In brief` leaves newsletter/0001: the series does not take it",
            "posts/2026-07-20-feeds.md: `Feeds that turn their pages` leaves newsletter/0001: it is held back by `status: private`"
        ]
    );
    let json = run.json();
    assert_eq!(json["leaves"].as_array().unwrap().len(), 2, "{json}");
    assert!(!publication.read("issues/newsletter/0001/frozen.json").contains("Briefly."));
    let strict = july().published().reconfigure("first_number = 92", "first_number = 92\ntags = [\"none\"]");
    let before = strict.read("issues/newsletter/0001/frozen.json");
    strict.run(&["--strict", "issue", "amend", "newsletter", "0001", "-m", "x"]).leaves_with(3);
    assert_eq!(strict.read("issues/newsletter/0001/frozen.json"), before, "nothing was frozen");
    // What its editor leaves out is a line.
    let publication = july().post("2026-07-12-brief.md", "---\ntitle: In brief\n---\nBriefly.\n").published();
    let publication = publication.edit(
        "issues/newsletter/0001/issue.toml",
        "# title = \"A title of its own\"",
        "leave_out = [\"brief\"]\ntitle = \"Amended\"",
    );
    let run = publication.run(&["issue", "amend", "newsletter", "0001", "--message", "Without it."]).ok();
    run.says("`In brief` leaves newsletter/0001: its editor leaves it out");
}

#[test]
fn an_amended_issue_is_built_from_its_own_folder_too() {
    let publication = edited().after(&["issue", "amend", "newsletter", "1", "--message", "The title"]).published();
    let before = publication.tree("public/newsletter/1");
    let publication = publication.without("public").published();
    assert_eq!(publication.tree("public/newsletter/1"), before);
}

/// The newest entry of the newsletter's Atom feed.
struct Entry {
    id: String,
    updated: String,
    published: String,
    link: String,
}

fn entry(publication: &Publication) -> Entry {
    let feed = atom_syndication::Feed::read_from(publication.bytes("public/newsletter/atom.xml").as_slice()).unwrap();
    let entry = &feed.entries()[0];
    let instant =
        |date: &atom_syndication::FixedDateTime| date.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Entry {
        id: entry.id().to_owned(),
        updated: instant(entry.updated()),
        published: instant(entry.published().unwrap()),
        link: entry.links().iter().find(|link| link.rel() == "alternate").unwrap().href().to_owned(),
    }
}

#[test]
fn an_issue_amended_before_it_was_mailed_is_mailed_once() {
    let publication = july()
        .reconfigure(
            "first_number = 92",
            "first_number = 92\nmail = \"auto\"\nfreeze = \"manual\"\nlists = [\"members\"]",
        )
        .tables("[list.members]\ncsv = \"readers.csv\"\n[mail]\nfrom = \"news@compositor.example\"")
        .file("readers.csv", "email\nreader@example.org\n")
        .published()
        .after(&["issue", "freeze", "newsletter"])
        .edit("issues/newsletter/0001/issue.toml", "# title = \"A title of its own\"", "title = \"Amended\"");
    publication.run(&["issue", "amend", "newsletter", "-m", "A title."]).ok().says("have not had it yet");
    let publication = publication.published();
    assert_eq!(publication.files("outbox").len(), 1, "{:#?}", publication.files("outbox"));
    let publication = publication
        .edit("issues/newsletter/0001/issue.toml", "Amended", "Amended again")
        .after(&["issue", "amend", "newsletter", "-m", "Another title."])
        .published();
    assert_eq!(publication.files("outbox").len(), 1, "{:#?}", publication.files("outbox"));
}
