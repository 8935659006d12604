//! Posts that are corrected, moved or written anew after they were printed.

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
