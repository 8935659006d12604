//! A number is given once, and what an issue was frozen with stays.

use crate::publication::Publication;
use crate::samples::july;

/// Two issues frozen by hand, of which nothing went out.
fn two_frozen() -> Publication {
    let mut publication = Publication::monthly()
        .reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"")
        .short_post("2026-07-05-seven.md", "Seven")
        .short_post("2026-08-05-eight.md", "Eight")
        .at("2026-09-02T08:00:00Z");
    for _ in 0..2 {
        publication = publication.after(&["issue", "new", "newsletter"]).after(&["issue", "freeze", "newsletter"]);
    }
    publication
}

#[test]
fn an_issue_with_a_later_one_after_it_keeps_its_number() {
    let publication = two_frozen();
    publication.run(&["issue", "unfreeze", "newsletter", "1"]).leaves_with(1).says("newsletter/0002");
    let publication = publication
        .after(&["issue", "unfreeze", "newsletter", "2"])
        .after(&["issue", "unfreeze", "newsletter", "1"])
        .after(&["issue", "freeze", "newsletter", "1"])
        .after(&["issue", "freeze", "newsletter", "2"]);
    publication
        .run(&["issue", "list"])
        .ok()
        .says("Newsletter 92 (newsletter/0001)")
        .says("Newsletter 93 (newsletter/0002)");
}

#[test]
fn an_editor_cannot_give_a_number_twice() {
    let publication = july()
        .reconfigure("first_number = 92", "first_number = 92\nfreeze = \"after 10d\"")
        .short_post("2026-08-20-late-summer.md", "Late summer")
        .at("2026-08-12T08:00:00Z")
        .published()
        .at("2026-09-02T08:00:00Z")
        .published()
        .edit("issues/newsletter/0002/issue.toml", "# label = \"93\"", "label = \"92\"")
        .at("2026-09-12T08:00:00Z");
    let stalled = publication.publish().leaves_with(1).freezes(&[]);
    stalled.warns("issues/newsletter/0002/issue.toml: the label `92` is that of");
    publication.run(&["issue", "freeze", "newsletter", "2"]).leaves_with(1).says("newsletter/0001");
    let publication = publication.edit("issues/newsletter/0002/issue.toml", "label = \"92\"", "");
    publication.publish().ok().freezes(&["newsletter/93"]);
}

#[test]
fn the_count_goes_on_after_what_an_editor_has_numbered() {
    for (label, template, next) in [("7-8", "{number}", "9"), ("2026/8", "{year}/{number}", "2026/9")] {
        let publication = Publication::monthly()
            .reconfigure("first_number = 92", &format!("first_number = 7\nlabel = \"{template}\""))
            .short_post("2026-07-05-seven.md", "Seven")
            .short_post("2026-08-05-eight.md", "Eight")
            .at("2026-07-10T08:00:00Z")
            .after(&["issue", "new", "newsletter", "--label", label])
            .at("2026-09-02T08:00:00Z");
        let (double, after) = (format!("newsletter/{label}"), format!("newsletter/{next}"));
        publication.publish().ok().quiet().freezes(&[&double, &after]);
    }
}

#[test]
fn an_amendment_says_what_it_cannot_change() {
    let publication = july()
        .published()
        .edit("issues/newsletter/0001/issue.toml", "# label = \"92\"", "label = \"XCII\"")
        .edit("issues/newsletter/0001/issue.toml", "# title = \"A title of its own\"", "title = \"Amended\"");
    publication
        .run(&["issue", "amend", "newsletter", "-m", "A title.", "--json"])
        .ok()
        .warns("issues/newsletter/0001/issue.toml: an amendment cannot change `label`");
    publication.run(&["issue", "list"]).ok().says("Newsletter 92 (newsletter/0001): Amended");
}

#[test]
fn issues_of_a_series_that_is_gone_are_told() {
    let publication = july().published().reconfigure("[series.newsletter]", "[series.letter]");
    publication.publish().ok().warns("issues/newsletter: these are the issues of a series `newsletter`");
}

#[test]
fn a_copied_folder_is_no_issue_of_its_own() {
    let publication = july().published();
    let frozen = publication.bytes("issues/newsletter/0001/frozen.json");
    let publication = publication.file("issues/newsletter/0002/frozen.json", frozen);
    publication.publish().leaves_with(1).warns("this is newsletter/0001, in the folder of newsletter/0002");
}

#[test]
fn the_next_issue_is_the_one_that_will_be_made() {
    let publication = Publication::monthly().short_post("2026-09-05-nine.md", "Nine").at("2026-09-12T08:00:00Z");
    publication.run(&["plan", "newsletter"]).ok().says("Newsletter 92, [2026-09-01, 2026-10-01)").says("+ Nine");
    let publication = publication.reconfigure("first_number = 92", "first_number = 92\non_empty = \"hold\"");
    publication.run(&["plan", "newsletter"]).ok().says("Newsletter 92, [2026-07-01, 2026-10-01)").says("+ Nine");
    let publication = publication.after(&["issue", "new", "newsletter"]).at("2026-10-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]).quiet();
}

#[test]
fn folders_that_are_named_otherwise_are_no_issues() {
    let draft = "since = 2026-07-01\nuntil = 2026-08-01\n";
    let publication = july()
        .file("issues/newsletter/3/issue.toml", draft)
        .file("issues/newsletter/18446744073709551615/issue.toml", draft);
    publication
        .publish()
        .ok()
        .freezes(&["newsletter/92"])
        .warns("issues/newsletter/3: this is not an issue's folder")
        .warns("issues/newsletter/18446744073709551615: this is not an issue's folder");
    assert!(publication.has("issues/newsletter/0001/frozen.json"));
}

#[test]
fn an_issue_that_went_out_is_no_draft_when_its_file_is_lost() {
    let publication = july().published().without("issues/newsletter/0001/frozen.json");
    publication
        .publish()
        .leaves_with(1)
        .freezes(&[])
        .warns("issues/newsletter/0001/frozen.json: newsletter/0001 went out (released/r1), but this file is gone");
}

#[test]
fn pages_of_an_issue_that_cannot_be_read_stay() {
    let publication = july().published().file("issues/newsletter/0001/frozen.json", "{");
    publication.publish().leaves_with(1).warns("issues/newsletter/0001/frozen.json:1:1");
    assert!(publication.has("public/newsletter/1/newsletter-1.pdf") && publication.has("public/newsletter/atom.xml"));
}

#[test]
fn a_number_that_is_two_issues_is_neither() {
    let publication = Publication::new()
        .series("news", "title = \"News\"\nwindow = \"monthly\"\nsince = 2025-11-01\nrestart_yearly = true")
        .tables("[mail]\nfrom = \"The Compositor <news@compositor.example>\"")
        .short_post("2025-11-10-one.md", "One")
        .short_post("2025-12-10-two.md", "Two")
        .short_post("2026-01-10-three.md", "Three")
        .at("2026-02-02T08:00:00Z")
        .published();
    for verb in [&["issue", "show"][..], &["send"], &["pause"], &["cancel"]] {
        let run = publication.run(&[verb, &["news", "1"]].concat()).leaves_with(2);
        run.says("`1` of the series `news` is 2 issues").says("`0001` or `0003`");
    }
    publication.run(&["issue", "show", "news", "0003"]).ok().says("news/0003");
    publication.run(&["issue", "show", "news", "2"]).ok().says("news/0002");
}

/// Three issues of which two are of 2025, where the count starts again with each year.
fn of_two_years() -> Publication {
    Publication::new()
        .series("news", "title = \"News\"\nwindow = \"monthly\"\nsince = 2025-11-01\nrestart_yearly = true")
        .short_post("2025-11-10-one.md", "One")
        .short_post("2025-12-10-two.md", "Two")
        .short_post("2026-01-10-three.md", "Three")
        .at("2026-02-02T08:00:00Z")
        .published()
}

#[test]
fn a_number_of_another_year_is_free() {
    let publication = of_two_years().file("old.pdf", "%PDF-1.4\n");
    let import = |number: &'static str, date: &'static str| {
        ["issue", "import", "news", "old.pdf", "--number", number, "--date", date]
    };
    let publication = publication.after(&import("1", "2024-05-10")).after(&import("4", "2024-08-10"));
    publication.run(&import("2", "2025-03-10")).leaves_with(1).says("news/0002 has the number `2` already");
    publication.run(&import("۲", "2025-03-10")).leaves_with(1).says("news/0002 has the number `۲` already");
    publication.run(&["issue", "new", "news", "--label", "۱"]).leaves_with(2).says("has this label already");
    let publication = publication.after(&["issue", "new", "news", "--label", "2"]);
    let publication = publication.short_post("2026-02-10-four.md", "Four").at("2026-03-02T08:00:00Z");
    publication.publish().ok().quiet().freezes(&["news/2"]);
}
