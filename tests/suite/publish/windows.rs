//! Which post comes into which issue.

use serde_json::Value;

use crate::publication::Publication;
use crate::samples::july;

/// The titles of an issue's articles, those of sections only.
fn titles(publication: &Publication, issue: &str) -> Vec<String> {
    articles(publication, issue).iter().map(|article| article["post"]["title"].as_str().unwrap().to_owned()).collect()
}

fn articles(publication: &Publication, issue: &str) -> Vec<Value> {
    let frozen: Value = serde_json::from_str(&publication.read(&format!("issues/{issue}/frozen.json"))).unwrap();
    let sections = frozen["sections"].as_array().unwrap();
    sections.iter().flat_map(|section| section["articles"].as_array().unwrap().clone()).collect()
}

#[test]
fn a_window_closes_by_the_clocks_of_the_publication() {
    let publication = july().published();
    assert_eq!(
        titles(&publication, "newsletter/0001"),
        ["A line of type", "Feeds that turn their pages", "Late at night"]
    );
    let publication = publication.at("2026-09-02T08:00:00Z").published();
    assert_eq!(titles(&publication, "newsletter/0002"), ["August"]);
}

#[test]
fn drafts_the_future_and_other_languages_are_left_out_with_a_reason() {
    let publication = july()
        .post("2026-07-08-a-draft.md", "---\ntitle: A draft\ndraft: true\n---\nNot yet.\n")
        .post("2026-07-08-hidden.md", "---\ntitle: A hidden one\nhidden: true\n---\nFor some.\n")
        .short_post("2026-12-01-the-future.md", "The future")
        .short_post("2026-07-09-tjeter.sq.md", "Shqip");
    publication.run(&["plan", "newsletter", "--all"]).ok().says("A draft").says("The future").says("Shqip");
    publication.run(&["plan", "newsletter"]).ok().says("A hidden one\n      it is held back by `hidden: true`");
    publication.run(&["collect"]).ok().says("held back: posts/2026-07-08-hidden.md: `hidden: true`");
    let publication = publication.published();
    assert_eq!(titles(&publication, "newsletter/0001").len(), 3);
    for page in publication.files("public").iter().filter(|path| path.ends_with(".html") || path.ends_with(".xml")) {
        let text = publication.read(&format!("public/{page}"));
        assert!(
            !text.contains("A draft") && !text.contains("A hidden one") && !text.contains("The future"),
            "{page} shows what is not public"
        );
    }
    assert!(publication.has("public/sq/posts/tjeter/index.html"));
}

#[test]
fn an_undated_post_is_dated_by_when_it_was_first_seen() {
    let publication = Publication::monthly().at("2026-07-15T08:00:00Z").short_post("undated.md", "Undated");
    publication
        .run(&["collect"])
        .ok()
        .says("posts: 1 post has no date, and the day on which a run first saw it: posts/undated.md");
    let publication = publication.at("2026-08-02T08:00:00Z").published();
    assert_eq!(titles(&publication, "newsletter/0001"), ["Undated"]);
    let publication = publication.at("2026-09-02T08:00:00Z");
    publication.publish().ok().freezes(&[]);
}

#[test]
fn a_late_post_comes_into_the_next_issue_and_is_marked() {
    let publication = july().published();
    let first = publication.tree("issues/newsletter/0001");
    let publication = publication.short_post("2026-07-10-late.md", "Late").at("2026-09-02T08:00:00Z").published();
    assert_eq!(publication.tree("issues/newsletter/0001"), first);
    let late: Vec<bool> =
        articles(&publication, "newsletter/0002").iter().map(|article| article["late"].as_bool().unwrap()).collect();
    assert_eq!(titles(&publication, "newsletter/0002"), ["Late", "August"]);
    assert_eq!(late, [true, false]);
}

#[test]
fn an_empty_window_is_skipped_held_or_refused() {
    let since =
        |rule: &str| july().reconfigure("since = 2026-07-01", &format!("since = 2026-05-01\non_empty = \"{rule}\""));

    let skip = since("skip");
    skip.run(&["publish"]).ok().says("no post in 2 windows");
    assert!(skip.read("issues/newsletter/0001/frozen.json").contains("\"since\": \"2026-06-30T22:00:00Z\""));

    let hold = since("hold");
    hold.publish().ok().freezes(&["newsletter/92"]);
    assert!(hold.read("issues/newsletter/0001/frozen.json").contains("\"since\": \"2026-04-30T22:00:00Z\""));

    let fail = since("fail");
    fail.run(&["publish"]).leaves_with(1).errors_are("empty-window.txt").no_file("issues/newsletter/0001");
}

#[test]
fn a_window_that_was_closed_as_empty_stays_closed() {
    let publication = Publication::monthly().reconfigure("since = 2026-07-01", "since = 2026-05-01");
    publication.run(&["publish"]).ok().says("no post in 3 windows, [2026-05-01, 2026-08-01)");
    let told = publication.run(&["publish"]).ok();
    assert!(!told.stdout.contains("no post in"), "it was told already: {}", told.stdout);
    publication
        .run(&["issue", "list"])
        .ok()
        .says("[2026-05-01, 2026-08-01)  3 windows closed 2026-08-02 without an issue");
    let publication = publication.short_post("2026-06-10-late.md", "Late").short_post("2026-08-10-one.md", "One");
    publication.publish().ok().freezes(&[]);
    publication.run(&["plan", "newsletter"]).ok().says("late: dated 2026-06-10").says("[2026-08-01, 2026-09-01)");
    let publication = publication.at("2026-09-02T08:00:00Z");
    publication.publish().ok().quiet().freezes(&["newsletter/92"]);
    let late: Vec<bool> =
        articles(&publication, "newsletter/0001").iter().map(|article| article["late"].as_bool().unwrap()).collect();
    assert_eq!(
        (titles(&publication, "newsletter/0001"), late),
        (vec!["Late".to_owned(), "One".to_owned()], vec![true, false])
    );
}

#[test]
fn a_window_that_a_killed_run_closed_is_told_by_the_next() {
    let publication = Publication::monthly().published();
    let closed = publication.read("issues/newsletter/closed.json");
    assert!(!closed.contains("told"));
    let publication = publication.edit("issues/newsletter/closed.json", "\n    }", ",\n      \"told\": false\n    }");
    publication.run(&["publish"]).ok().says("Newsletter: no post in [2026-07-01, 2026-08-01); no number was used");
    assert_eq!(publication.read("issues/newsletter/closed.json"), closed);
    let again = publication.run(&["publish"]).ok();
    assert!(!again.stdout.contains("no post in"), "{}", again.stdout);
}

#[test]
fn opening_an_issue_closes_the_empty_windows_before_it() {
    let publication = Publication::monthly()
        .short_post("2026-08-10-one.md", "One")
        .reconfigure("since = 2026-07-01", "since = 2026-06-01")
        .at("2026-09-02T08:00:00Z");
    publication.run(&["issue", "new", "newsletter"]).ok().says("no post in 2 windows, [2026-06-01, 2026-08-01)");
    let publication = publication.short_post("2026-07-10-late.md", "Late").published();
    assert_eq!(publication.files("issues/newsletter/0002"), Vec::<String>::new());
    let late: Vec<bool> =
        articles(&publication, "newsletter/0001").iter().map(|article| article["late"].as_bool().unwrap()).collect();
    assert_eq!(late, [true, false]);
    publication.run(&["issue", "list"]).ok().says("2 windows closed 2026-09-02 without an issue");
}

#[test]
fn the_window_of_an_empty_draft_that_is_taken_away_is_told() {
    let publication = Publication::monthly().after(&["issue", "new", "newsletter"]).at("2026-10-02T08:00:00Z");
    let publication = publication.short_post("2026-09-10-one.md", "One");
    publication.publish().ok().warns("holds no post of [2026-08-01, 2026-09-01)").freezes(&["newsletter/92"]);
    let publication = publication.without("issues/newsletter/0001");
    publication.run(&["publish"]).ok().says("no issue has 1 window, [2026-08-01, 2026-09-01)");
    let again = publication.run(&["publish"]).ok();
    assert!(!again.stdout.contains("no issue has"), "{}", again.stdout);
}

/// An issue of August that was opened and stays empty, and a post of September.
fn opened_in_vain() -> Publication {
    let publication = Publication::monthly().after(&["issue", "new", "newsletter"]);
    publication.short_post("2026-09-10-nine.md", "Nine").at("2026-10-02T08:00:00Z")
}

#[test]
fn a_draft_that_stays_empty_takes_no_number_of_others() {
    let publication = opened_in_vain();
    publication.publish().ok().freezes(&["newsletter/92"]);
    publication.run(&["issue", "list"]).ok().says("Newsletter 93 (newsletter/0001)");
    let publication = publication.short_post("2026-10-10-ten.md", "Ten").at("2026-11-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/93"]);
    let intro = "intro = \"There was none in August.\"\n";
    let draft = publication.read("issues/newsletter/0001/issue.toml");
    let publication = publication.file("issues/newsletter/0001/issue.toml", format!("{intro}{draft}"));
    publication.publish().ok().quiet().freezes(&["newsletter/94"]);
}

#[test]
fn a_draft_that_stays_empty_keeps_the_number_that_its_editor_gave() {
    let publication = opened_in_vain().edit("issues/newsletter/0001/issue.toml", "# label", "label");
    publication.publish().ok().freezes(&["newsletter/93"]);
    publication.run(&["issue", "list"]).ok().says("Newsletter 92 (newsletter/0001)");
}

#[test]
fn a_draft_that_stays_empty_holds_up_no_later_one() {
    let publication = opened_in_vain().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"");
    publication.run(&["publish"]).ok().says("`masthead issue freeze newsletter 0002`");
    publication.run(&["issue", "freeze", "newsletter", "0002"]).ok().says("Newsletter 92 (newsletter/0002)");
}

#[test]
fn a_volume_says_what_it_waits_for() {
    let publication = opened_in_vain()
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .at("2027-01-02T08:00:00Z");
    let waits =
        "Volume: the volume of [2026-01-01, 2027-01-01) waits for draft 1 of Newsletter, [2026-08-01, 2026-09-01)";
    publication.run(&["publish"]).ok().says(waits);
    let publication = publication.without("issues/newsletter/0001");
    publication.publish().ok().freezes(&["volume/1"]);
    publication.run(&["publish"]).ok().says_not("waits for");
}

#[test]
fn an_empty_window_has_the_time_that_a_draft_has() {
    let publication =
        Publication::monthly().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"after 3d\"");
    publication.run(&["publish"]).ok().says("no post in [2026-07-01, 2026-08-01) yet; it stays open until 2026-08-04");
    let publication = publication.short_post("2026-07-30-one.md", "One").at("2026-08-04T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]);
    assert_eq!(titles(&publication, "newsletter/0001"), ["One"]);
}

#[test]
fn a_window_that_a_run_of_the_future_closed_is_not_heeded() {
    let publication = Publication::monthly().after(&["publish", "--now", "2027-03-02T08:00:00Z"]);
    let publication = publication.short_post("2026-07-10-one.md", "One");
    publication
        .publish()
        .ok()
        .warns("issues/newsletter/closed.json: a window is told as closed that ends later than now")
        .freezes(&["newsletter/92"]);
    publication.publish().ok().quiet();
}

#[test]
fn a_closed_window_is_decided_again_when_its_record_is_taken_away() {
    let publication = Publication::monthly().published().short_post("2026-07-10-late.md", "Late");
    let publication = publication.without("issues/newsletter/closed.json");
    publication.publish().ok().freezes(&["newsletter/92"]);
    assert_eq!(titles(&publication, "newsletter/0001"), ["Late"]);
}

#[test]
fn a_record_of_closed_windows_that_cannot_be_read_stops_its_series_alone() {
    let publication = Publication::monthly().published().short_post("2026-08-10-one.md", "One");
    let publication = publication.file("issues/newsletter/closed.json", "{").at("2026-09-02T08:00:00Z");
    let publication = publication.series("other", "window = \"monthly\"\nsince = 2026-08-01");
    publication
        .publish()
        .leaves_with(1)
        .warns("issues/newsletter/closed.json:1:1: this does not tell which windows were closed")
        .freezes(&["other/1"]);
}

#[test]
fn a_held_window_waits_for_its_post() {
    let publication =
        Publication::new().series("newsletter", "window = \"monthly\"\nsince = 2026-06-01\non_empty = \"hold\"");
    publication.run(&["publish"]).ok().says("stays open").no_file("issues/newsletter/0001");
    let publication = publication.short_post("2026-08-10-one.md", "One").at("2026-09-02T08:00:00Z").published();
    assert_eq!(titles(&publication, "newsletter/0001"), ["One"]);
}

#[test]
fn years_of_windows_are_caught_up_in_one_run() {
    let mut publication = Publication::new().series("newsletter", "window = \"monthly\"\nsince = 2024-08-01");
    for month in 0..24 {
        let (year, month) = (2024 + (month + 7) / 12, (month + 7) % 12 + 1);
        publication =
            publication.short_post(&format!("{year}-{month:02}-15-post.md"), &format!("Post of {year}-{month:02}"));
    }
    let publication = publication.published();
    assert_eq!(publication.files("issues").iter().filter(|path| path.ends_with("frozen.json")).count(), 24);
    assert_eq!(titles(&publication, "newsletter/0024"), ["Post of 2026-07"]);
    assert!(!publication.has("outbox"), "nothing is mailed in catching up");
}

#[test]
fn catching_up_at_once_is_the_same_as_a_run_a_month() {
    let publication = july().at("2026-10-02T08:00:00Z").short_post("2026-09-09-nine.md", "Nine");
    let at_once = publication.copy().published();
    let step = publication.at("2026-08-02T08:00:00Z").published().at("2026-09-02T08:00:00Z").published();
    let step = step.at("2026-10-02T08:00:00Z").published();
    for issue in ["newsletter/0001", "newsletter/0002", "newsletter/0003"] {
        assert_eq!(titles(&at_once, issue), titles(&step, issue));
    }
}

#[test]
fn a_manual_window_is_what_its_editor_says() {
    let publication = july().reconfigure("window = \"monthly\"", "window = \"manual\"").published();
    assert!(!publication.has("issues/newsletter/0001"), "a manual series makes no issue by itself");
    let publication = publication.after(&[
        "issue",
        "new",
        "newsletter",
        "--since",
        "2026-07-01",
        "--until",
        "2026-07-21",
        "--title",
        "Ink",
    ]);
    let publication = publication.after(&["issue", "freeze", "newsletter"]).published();
    assert_eq!(titles(&publication, "newsletter/0001"), ["A line of type", "Feeds that turn their pages"]);
    publication.run(&["issue", "show", "newsletter"]).ok().says("Ink");
}

#[test]
fn a_weekly_digest_begins_on_the_day_it_should() {
    let publication =
        july().series("digest", "window = \"weekly\"\nstarts = \"friday\"\nsince = 2026-07-03\nstyle = \"digest\"");
    let report = publication.publish().ok().json();
    let digests: Vec<&str> = report["issues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|issue| issue["series"] == "digest")
        .map(|issue| issue["since"].as_str().unwrap())
        .collect();
    assert_eq!(digests, ["2026-07-02T22:00:00Z", "2026-07-16T22:00:00Z"]);
}

#[test]
fn a_month_is_what_the_calendar_of_the_series_says() {
    // 1 Mordad 1405 is 23 July 2026.
    let publication = Publication::new()
        .series("khabarname", "language = \"fa\"\ncalendar = \"persian\"\nwindow = \"monthly\"\nsince = 2026-06-22")
        .short_post("2026-07-22-tir.fa.md", "تیر")
        .short_post("2026-07-23-mordad.fa.md", "مرداد")
        .published();
    assert_eq!(titles(&publication, "khabarname/0001"), ["تیر"]);
}

#[test]
fn the_editor_orders_leaves_out_retitles_and_introduces() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"").published();
    let publication = publication
        .file(
            "issues/newsletter/0001/issue.toml",
            "since = 2026-07-01\nuntil = 2026-08-01\ntitle = \"Ink\"\nintro = \"A *short* word.\"\n\
             order = [\"late-at-night\"]\nleave_out = [\"feeds\"]\n[titles]\n\"a-line-of-type\" = \"One line\"\n",
        )
        .after(&["issue", "freeze", "newsletter"]);
    assert_eq!(titles(&publication, "newsletter/0001"), ["Late at night", "One line"]);
    let publication = publication.published();
    publication
        .run(&["build"])
        .ok()
        .check_file("public/newsletter/1/index.html", &["A <em>short</em> word.", "Ink", "One line"]);
    let publication = publication.at("2026-10-02T08:00:00Z").published().after(&["issue", "freeze", "newsletter"]);
    assert_eq!(titles(&publication, "newsletter/0002"), ["August"], "what was left out does not come back");
}

#[test]
fn numbers_are_written_as_the_series_says() {
    let publication = july().reconfigure(
        "first_number = 92",
        "first_volume = 12\nrestart_yearly = true\nlabel = \"{volume}.{number:2} ({year})\"\nissn = \"2049-3630\"",
    );
    publication
        .publish()
        .ok()
        .freezes(&["newsletter/12.01 (2026)"])
        .check_file("public/newsletter/1/index.html", &["12.01 (2026)", "2049-3630"]);
}

#[test]
fn whoever_asks_for_a_series_hears_nothing_of_others() {
    let publication = Publication::monthly()
        .series("special", "title = \"Special\"\nwindow = \"monthly\"\nsince = 2026-07-01")
        .short_post("2026-07-10-one.md", "One")
        .at("2027-03-02T08:00:00Z")
        .published()
        .at("2026-08-02T08:00:00Z");
    let told = "a window is told as closed that ends later than now";
    let of = |series: &str| format!("issues/{series}/closed.json: {told}");
    for arguments in [&["issue", "list", "special"][..], &["issue", "show", "special"]] {
        let run = publication.run(arguments).ok();
        run.says(&of("special")).says_not(&of("newsletter"));
    }
    publication.run(&["issue", "list", "--json"]).ok().warns(&of("special")).warns(&of("newsletter"));
}
