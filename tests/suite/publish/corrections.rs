//! Posts that are corrected, moved or written anew after they were printed.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::publication::Publication;

fn printed() -> Publication {
    Publication::monthly()
        .post("ink.md", "---\ntitle: Ink\ndate: 2026-07-05\n---\nInk is made of soot.\n")
        .short_post("2026-07-06-paper.md", "Paper")
        .published()
        .at("2026-09-02T08:00:00Z")
}

#[test]
fn a_post_whose_date_is_corrected_is_not_printed_again() {
    let publication = printed().edit("posts/ink.md", "2026-07-05", "2026-08-05").without("posts/2026-07-06-paper.md");
    let publication = publication.short_post("2026-08-06-paper.md", "Paper");
    publication.publish().ok().freezes(&[]);
    publication.run(&["plan", "newsletter", "--all"]).ok().says("it was printed in newsletter/0001");
    let publication = publication
        .edit("issues/newsletter/0001/issue.toml", "# title = \"A title of its own\"", "title = \"Amended\"")
        .after(&["issue", "amend", "newsletter", "-m", "A title."]);
    publication.publish().ok().freezes(&[]);
}

#[test]
fn a_late_post_with_an_older_name_moves_no_post_into_another_issue() {
    let publication = printed().short_post("2026-07-01-paper.md", "Older paper");
    publication
        .publish()
        .ok()
        .freezes(&["newsletter/93"])
        .check_absent("issues/newsletter/0002/frozen.json", &["\"Paper\""]);
}

#[test]
fn a_file_that_is_written_anew_is_another_post() {
    let publication = printed().post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nInk is made of galls.\n");
    publication.publish().ok().freezes(&["newsletter/93"]);
}

#[test]
fn a_source_that_is_the_publication_itself_takes_nothing_that_was_made() {
    let publication = Publication::monthly().reconfigure("markdown = \"posts\"", "markdown = \".\"");
    let publication = publication.short_post("2026-07-05-one.md", "One").published();
    let publication = publication.after(&["publish", "--output", "site"]);
    let report = publication.publish().ok().json();
    assert_eq!((report["posts"]["found"].as_u64(), report["written"].as_u64()), (Some(1), Some(0)), "{report:#}");
}

#[test]
fn a_file_is_read_by_one_source() {
    let publication = Publication::monthly()
        .short_post("2026-07-05-one.md", "One")
        .short_post("news/2026-07-06-two.md", "Two")
        .tables("[[source]]\nmarkdown = \"posts/news\"\nsection = \"News\"");
    let report = publication.publish().ok().quiet().json();
    assert_eq!((&report["posts"]["found"], &report["issues"][0]["posts"]), (&2.into(), &2.into()), "{report:#}");
    assert!(publication.has("public/sections/news/index.html"));
    let publication = publication.reconfigure("posts/news", "posts/../posts");
    publication.publish().leaves_with(2).says("is that of another source already");
}

/// The ids in the feed of all posts, by title.
fn ids(publication: &Publication) -> BTreeMap<String, String> {
    let feed: Value = serde_json::from_str(&publication.read("public/feed.json")).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    feed["items"].as_array().unwrap().iter().map(|item| (text(&item["title"]), text(&item["id"]))).collect()
}

#[test]
fn a_post_keeps_its_id_in_the_feeds_whatever_is_corrected() {
    let publication = printed().post("undated.md", "---\ntitle: Undated\n---\nA text of its own.\n").published();
    let before = ids(&publication);
    let publication = publication
        .edit("posts/ink.md", "2026-07-05", "2026-07-15")
        .edit("posts/undated.md", "title: Undated", "title: Undated\ndate: 2026-08-20")
        .without("posts/2026-07-06-paper.md")
        .short_post("moved/2026-07-16-paper.md", "Paper")
        .published();
    assert_eq!(ids(&publication), before);
    let publication = publication
        .edit("posts/ink.md", "soot", "soot and glue")
        .edit("posts/undated.md", "title: Undated", "title: Dated")
        .published();
    let mut expected = before.clone();
    expected.insert("Dated".to_owned(), before["Undated"].clone());
    expected.remove("Undated");
    assert_eq!(ids(&publication), expected);
    publication.publish().ok().quiet().freezes(&[]);
    assert_eq!(publication.copy().published().read("public/atom.xml"), publication.read("public/atom.xml"));
}

#[test]
fn a_post_keeps_its_address_when_an_older_one_of_its_name_appears() {
    let publication = printed().short_post("2026-07-01-paper.md", "Older paper").published();
    assert!(publication.read("public/posts/paper/index.html").contains("Paper: a paragraph"));
    assert!(publication.read("public/posts/paper-2026-07-01/index.html").contains("Older paper: a paragraph"));
    let publication = publication.edit("posts/2026-07-01-paper.md", "Older paper\n", "Older paper\ndate: 2026-07-02\n");
    assert!(publication.published().has("public/posts/paper-2026-07-01/index.html"));
}

#[test]
fn the_id_of_a_post_that_is_gone_is_given_to_no_other() {
    let publication = printed();
    let before = ids(&publication)["Paper"].clone();
    let publication = publication
        .without("posts/2026-07-06-paper.md")
        .post("paper.md", "---\ntitle: A mill\ndate: 2026-07-06\n---\nOn a river.\n")
        .published();
    assert_eq!(ids(&publication)["A mill"], format!("{before}-2"));
}

#[test]
fn a_file_with_another_date_and_another_text_is_told_once() {
    let publication = printed();
    let before = ids(&publication)["Ink"].clone();
    let anew = publication.post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nInk is made of galls.\n");
    let corrected = anew.copy();
    anew.publish()
        .ok()
        .warns("posts/ink.md: this file held `Ink` with another date and another text")
        .freezes(&["newsletter/93"]);
    anew.publish().ok().quiet();
    assert_ne!(ids(&anew)["Ink"], before);
    let corrected = corrected.edit("posts/ink.md", "title: Ink", &format!("title: Ink\nid: {before}"));
    corrected.publish().ok().quiet().freezes(&[]);
    assert_eq!(ids(&corrected)["Ink"], before);
}

#[test]
fn what_nobody_has_seen_may_change_its_day_and_its_id() {
    let publication =
        Publication::monthly().post("ink.md", "---\ntitle: Ink\ndate: 2026-07-05\ndraft: true\n---\nOne.\n");
    let publication = publication.post("pen.md", "---\ntitle: Pen\ndate: 2026-12-05\n---\nOne.\n").published();
    let publication = publication.edit("posts/ink.md", "2026-07-05\ndraft: true\n---\nOne", "2026-07-06\n---\nTwo");
    let publication = publication.edit("posts/pen.md", "2026-12-05\n---\nOne", "2026-07-07\n---\nTwo");
    publication.publish().ok().quiet();
    assert_eq!(ids(&publication)["Ink"], "tag:compositor.example,2026-07-06:posts/en/ink");
    assert_eq!(ids(&publication)["Pen"], "tag:compositor.example,2026-07-07:posts/en/pen");
}
