//! Series that stand still until a person mends something: every run says so, a quiet one too.

use crate::publication::Publication;
use crate::samples::july;

/// Two runs of the line that cron has, which both fail and say why; another series is published all the same.
fn stands_still(publication: Publication, why: &str) {
    let publication = publication.series("other", "title = \"Other\"\nwindow = \"monthly\"\nsince = 2026-07-01");
    for _ in 0..2 {
        publication
            .run(&["publish", "--quiet"])
            .leaves_with(1)
            .says(why)
            .says("error: the series `newsletter` stands still, and was published as it is");
    }
    assert!(publication.has("issues/other/0001/frozen.json") && publication.has("public/index.html"));
    assert_eq!(publication.publish().leaves_with(1).json()["stalled"], serde_json::json!(["newsletter"]));
}

#[test]
fn a_quiet_run_says_that_a_series_stands_still_and_why() {
    stands_still(
        july().file("issues/newsletter/0001/issue.toml", "titel = \"A slip\"\n"),
        "warning: issues/newsletter/0001/issue.toml:1:1: unknown key `titel`",
    );
    stands_still(
        july().published().file("issues/newsletter/0001/frozen.json", "{"),
        "warning: issues/newsletter/0001/frozen.json:1:1",
    );
    let twice = "since = 2026-08-01\nuntil = 2026-09-01\nlabel = \"92\"\n";
    stands_still(
        july().published().file("issues/newsletter/0002/issue.toml", twice).at("2026-09-02T08:00:00Z"),
        "warning: issues/newsletter/0002/issue.toml: the label `92` is that of newsletter/0001 already",
    );
    stands_still(
        july()
            .published()
            .file("issues/newsletter/0002/issue.toml", twice.replace("92", "۹۲"))
            .at("2026-09-02T08:00:00Z"),
        "warning: issues/newsletter/0002/issue.toml: the label `۹۲` is that of newsletter/0001 already",
    );
    let early = july().published().file("issues/newsletter/0002/issue.toml", twice.replace("92", "۹۲"));
    early.run(&["check"]).ok().says("issue.toml: the label `۹۲` is that of newsletter/0001 already");
    let two =
        july().file("issues/newsletter/0001/issue.toml", "since = 2026-07-01\nuntil = 2026-08-01\nlabel = \"7\"\n");
    let again = "since = 2026-08-01\nuntil = 2026-09-01\nlabel = \"۷\"\n";
    let two = two.file("issues/newsletter/0002/issue.toml", again).short_post("2026-08-20-late.md", "Late");
    two.at("2026-08-21T08:00:00Z").run(&["check"]).ok().says("the label `۷` is that of newsletter/0001 already");
    let backwards = "since = 2026-08-01T12:00:00Z\nuntil = 2026-07-01T00:00:00Z\n";
    stands_still(
        july().file("issues/newsletter/0001/issue.toml", backwards),
        "warning: issues/newsletter/0001/issue.toml:2:9: the window ends before it begins",
    );
}

#[test]
fn what_was_frozen_before_a_series_stood_still_is_told_and_published() {
    let draft = |month: u32| format!("since = 2026-{month:02}-01\nuntil = 2026-{:02}-01\nlabel = \"7\"\n", month + 1);
    let publication = july()
        .file("issues/newsletter/0001/issue.toml", draft(7))
        .file("issues/newsletter/0002/issue.toml", draft(8))
        .short_post("2026-08-20-late.md", "Late")
        .at("2026-09-02T08:00:00Z");
    publication
        .run(&["publish"])
        .leaves_with(1)
        .says("frozen: Newsletter 7, [2026-07-01, 2026-08-01)")
        .says("issues/newsletter/0002/issue.toml: the label `7` is that of newsletter/0001 already");
    assert!(
        publication.has("public/newsletter/1/index.html") && !publication.has("issues/newsletter/0002/frozen.json")
    );
    let again = publication.file("issues/newsletter/0002/issue.toml", draft(8).replace('7', "8"));
    again.publish().ok().freezes(&["newsletter/8"]);
}

#[test]
fn a_volume_is_not_made_without_what_cannot_be_read() {
    let publication = july()
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .at("2026-09-02T08:00:00Z")
        .published();
    let whole = publication.read("issues/newsletter/0002/frozen.json");
    let publication = publication.file("issues/newsletter/0002/frozen.json", "{").at("2027-01-02T08:00:00Z");
    let stalled = publication.run(&["publish"]).leaves_with(1);
    stalled.says("Volume: its volumes wait for the series `newsletter`").says("`newsletter`, `volume` stand still");
    let publication = publication.file("issues/newsletter/0002/frozen.json", whole);
    publication.publish().ok().freezes(&["volume/1"]);
    assert!(publication.read("issues/volume/0001/frozen.json").contains("The first second of August"));
}

#[test]
fn a_quiet_run_says_once_that_a_draft_closed_empty() {
    let lists = "first_number = 92\nmail = \"auto\"\nlists = [\"members\"]";
    let publication = Publication::monthly()
        .reconfigure("first_number = 92", lists)
        .tables("[list.members]\ncsv = \"readers.csv\"\n[mail]\nfrom = \"news@compositor.example\"")
        .file("readers.csv", "email\nreader@example.org\n")
        .after(&["issue", "new", "newsletter"])
        .at("2026-09-02T08:00:00Z");
    let empty = "draft 1 holds no post of [2026-08-01, 2026-09-01)";
    publication.run(&["publish"]).ok().says(empty);
    publication.run(&["publish", "--quiet"]).ok().says(empty).says("give it an introduction");
    publication.run(&["publish", "--quiet"]).ok().says_not(empty);
    publication.run(&["publish"]).ok().says(empty);
}
