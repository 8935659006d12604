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
        .warns("posts/ink.md: this file held `Ink` before, with another date and another text")
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

/// Two folders of posts, the second with a post that is public.
fn two_folders() -> Publication {
    printed()
        .file("news/pen.md", "---\ntitle: Pen\ndate: 2026-07-07\n---\nCut from a goose quill.\n")
        .tables("[[source]]\nmarkdown = \"news\"")
        .published()
}

#[test]
fn a_post_that_moves_to_another_source_is_itself_and_what_takes_its_place_is_not() {
    let publication = two_folders();
    let before = ids(&publication);
    let text = publication.read("posts/ink.md");
    let publication = publication.without("posts/ink.md").file("news/ink.md", text).published();
    assert_eq!(ids(&publication), before);
    let publication = publication
        .edit("news/ink.md", "2026-07-05", "2026-07-09")
        .post("ink.md", "---\ntitle: Inkwell\ndate: 2026-07-05\n---\nIt is of glass.\n")
        .published();
    let after = ids(&publication);
    assert_eq!(after["Ink"], before["Ink"]);
    assert_ne!(after["Inkwell"], before["Ink"]);
}

#[test]
fn a_source_may_be_called_otherwise() {
    let publication = two_folders();
    let before = ids(&publication);
    let text = publication.read("news/pen.md");
    let publication = publication
        .without("news/pen.md")
        .file("notices/pen.md", text)
        .reconfigure("markdown = \"news\"", "markdown = \"notices\"\nname = \"all-notices\"")
        .edit("notices/pen.md", "2026-07-07", "2026-07-08");
    publication.publish().ok().quiet().freezes(&[]);
    assert_eq!(ids(&publication), before);
}

#[test]
fn a_copied_id_stays_with_the_post_that_has_it() {
    let publication = Publication::monthly()
        .post("ink.md", "---\ntitle: Ink\ndate: 2026-07-05\nid: ink\n---\nOf soot.\n")
        .short_post("2026-07-06-paper.md", "Paper")
        .published();
    let before = ids(&publication);
    let copied = publication
        .post("a-copy.md", "---\ntitle: A copy\ndate: 2026-07-25\nid: ink\n---\nOf glue.\n")
        .post("b-copy.md", &format!("---\ntitle: Another\ndate: 2026-07-26\nid: {}\n---\nOf rags.\n", before["Paper"]));
    for _ in 0..2 {
        copied
            .publish()
            .ok()
            .warns("posts/a-copy.md:4:5: id `ink` is the id of `posts/ink.md` already; this post is left out")
            .warns("is the id of `posts/2026-07-06-paper.md` already");
        assert_eq!(ids(&copied), before);
    }
    let alone = copied.edit("posts/a-copy.md", "id: ink\n", "").without("posts/b-copy.md");
    alone.publish().ok().quiet();
    assert_eq!(ids(&alone)["Ink"], before["Ink"]);
    assert_eq!(ids(&alone)["A copy"], "tag:compositor.example,2026-07-25:posts/en/a-copy");
}

#[test]
fn an_id_stays_letter_by_letter_as_it_was_given() {
    for (id, given) in [
        ("has space <b>", "tag:compositor.example,2026:en/has-space-<b>"),
        ("https://old.example/?p=1|2", "https://old.example/?p=1|2"),
    ] {
        let text = |title: &str, day: u8| {
            format!("---\ntitle: {title}\ndate: 2026-07-{day:02}\nid: \"{id}\"\n---\nOf {title}.\n")
        };
        let first = Publication::monthly().post("ink.md", &text("Ink", 5)).published();
        assert_eq!(ids(&first)["Ink"], given);
        // Renamed and rewritten, it is the same one.
        let renamed = first.copy().without("posts/ink.md").post("soot.md", &text("Soot", 9));
        renamed.publish().ok().freezes(&[]);
        assert_eq!(ids(&renamed)["Soot"], given);
    }
}

#[test]
fn a_translation_is_a_post_of_its_own() {
    let publication =
        Publication::monthly().post("ink.md", "---\ntitle: Ink\ndate: 2026-07-05\n---\nOf soot.\n").published();
    let before = ids(&publication);
    let publication = publication
        .without("posts/ink.md")
        .post("ink.en.md", "---\ntitle: Ink\ndate: 2026-07-05\n---\nOf soot and glue.\n")
        .post("ink.ar.md", "---\ntitle: Ink\ndate: 2026-07-05\n---\nمن السخام.\n")
        .published();
    assert_eq!(ids(&publication), before);
    let given = publication.post("pen.md", "---\ntitle: Pen\ndate: 2026-07-06\nid: pen\n---\nA quill.\n").published();
    let before = ids(&given)["Pen"].clone();
    let corrected = given.edit("posts/pen.md", "id: pen", "id: pen\nlang: en-GB").published();
    assert!(corrected.read("public/feed.json").contains(&before), "the id stays when the language is corrected");
}

#[test]
fn an_undated_post_goes_where_its_text_goes() {
    let publication = printed().post("news.md", "---\ntitle: News\n---\nOf May.\n").published();
    let before = ids(&publication)["News"].clone();
    let publication = publication
        .post("archive/may.md", "---\ntitle: News\n---\nOf May.\n")
        .post("news.md", "---\ntitle: News\n---\nOf June.\n")
        .published();
    let feed: Value = serde_json::from_str(&publication.read("public/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    let may = items.iter().find(|item| item["content_html"].as_str().unwrap().contains("Of May")).unwrap();
    assert_eq!(may["id"], *before);
}

#[test]
fn a_post_of_another_source_does_not_take_an_address() {
    let publication = two_folders();
    let publication =
        publication.post("pen.md", "---\ntitle: Older pen\ndate: 2026-07-01\n---\nOf steel.\n").published();
    assert!(publication.read("public/posts/pen/index.html").contains("goose quill"));
    assert!(publication.read("public/posts/pen-2026-07-01/index.html").contains("Of steel"));
}

#[test]
fn an_address_follows_the_name_that_is_asked_for() {
    let publication = printed().short_post("2026-07-06-report-2.md", "Second report").published();
    assert!(publication.has("public/posts/report-2/index.html"));
    let text = publication.read("posts/2026-07-06-report-2.md");
    let publication =
        publication.without("posts/2026-07-06-report-2.md").post("2026-07-06-report.md", &text).published();
    assert!(
        publication.read("public/index.html").contains("posts/report/\"")
            && publication.has("public/posts/report/index.html")
    );
    let publication = publication.edit("posts/2026-07-06-report.md", "Second report\n", "Second report\nslug: two\n");
    assert!(publication.published().has("public/posts/two/index.html"));
}

#[test]
fn a_post_is_found_under_every_name_that_it_had() {
    let publication = printed().post("2026-07-07-see.md", "---\ntitle: See\n---\n[Ink](ink.md)\n").published();
    let ink = "---\ntitle: Ink\ndate: 2026-07-05\n---\nInk is made of soot.\n";
    let publication = publication.without("posts/ink.md").post("soot.md", ink).published();
    let publication = publication.without("posts/soot.md").post("lampblack.md", ink).published();
    let page = |path: &str| publication.read(&format!("public/{path}index.html"));
    for path in ["posts/ink/", "posts/soot/", "posts/lampblack/"] {
        let canonical = "<link rel=\"canonical\" href=\"https://compositor.example/posts/lampblack/\">";
        assert!(page(path).contains(canonical) && page(path).contains("Ink is made of soot."), "{path}");
    }
    let sitemap = publication.read("public/sitemap.xml");
    assert!(
        sitemap.contains("/posts/lampblack/") && !sitemap.contains("/posts/ink/") && !sitemap.contains("/posts/soot/")
    );
    assert_eq!(publication.publish().ok().json()["written"], 0);
    let amended = publication.after(&["issue", "amend", "newsletter", "1", "-m", "New names."]).published();
    assert!(amended.read("public/newsletter/1/index.html").contains("id=\"ink\""), "links that went out lead on");
    let publication = amended;
    // Whoever is called so by now is found there, and what came back to a name has no second page at it.
    let publication = publication.short_post("ink.md", "Iron gall");
    let publication = publication.without("posts/lampblack.md").post("soot.md", ink).published();
    assert!(publication.read("public/posts/ink/index.html").contains("Iron gall"));
    let page = |path: &str| publication.read(&format!("public/{path}index.html"));
    assert!(page("posts/soot/").contains("soot/\">") && page("posts/lampblack/").contains("Ink is made of soot."));
}

#[test]
fn a_post_whose_language_was_wrong_is_found_where_it_was() {
    let publication = printed().edit("posts/ink.md", "title: Ink", "title: Ink\nlang: fa").published();
    let page = publication.read("public/posts/ink/index.html");
    assert!(page.contains("rel=\"canonical\" href=\"https://compositor.example/fa/posts/ink/\""), "{page}");
}

#[test]
fn what_is_no_address_of_ours_makes_no_page() {
    let head = "title: Ink\ndate: 2026-07-05\npermalink: pretty\naliases: [AI, \"What is it? A primer\", C/C++, Newsletter, \
                /POSTS/paper/, //other.example/x/, \"https://other.example/y/\", \"/?p=12\"]";
    let publication = printed().post("ink.md", &format!("---\n{head}\n---\nInk is made of soot.\n"));
    let before = publication.files("public");
    publication.run(&["publish", "--strict"]).ok();
    assert_eq!(publication.files("public"), before);
    let long = format!("---\n{head}\nredirect_from: /{}\n---\nInk is made of soot.\n", "a/".repeat(2000));
    publication.post("ink.md", &long).publish().ok().says("no page can stand at");
}

#[test]
fn a_post_is_found_where_its_author_says() {
    let head = "title: Ink\ndate: 2026-07-05\npermalink: /craft/ink.html\naliases:\n  - /old/ink/\n  - old/inks\n  - /tags/ink/\n  - /posts/paper/\n  - https://compositor.example/2013/ink/";
    let publication = printed().post("ink.md", &format!("---\n{head}\n---\nInk is made of soot.\n"));
    publication
        .run(&["publish"])
        .ok()
        .says("posts/ink.md: no page can stand at `https://compositor.example/tags/ink/`");
    for file in
        ["craft/ink.html", "old/ink/index.html", "old/inks/index.html", "2013/ink/index.html", "posts/ink/index.html"]
    {
        let page = publication.read(&format!("public/{file}"));
        assert!(page.contains("rel=\"canonical\" href=\"https://compositor.example/posts/ink/\""), "{file}");
    }
    assert!(!publication.read("public/posts/paper/index.html").contains("Ink is made of soot."));
    assert!(!publication.read("public/sitemap.xml").contains("craft"));
    publication.run(&["issue", "amend", "newsletter", "1", "-m", "x"]).leaves_with(1).says("would change nothing");
}

#[test]
fn what_is_kept_of_posts_does_not_grow_by_itself() {
    let publication = printed();
    let before = ids(&publication)["Ink"].clone();
    let publication = publication.post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nOf galls.\n").published();
    let publication = publication.edit("posts/ink.md", "title: Ink", &format!("title: Ink\nid: {before}")).published();
    let kept = publication.read("collected/posts.jsonl");
    assert_eq!(publication.published().read("collected/posts.jsonl"), kept);
}

#[test]
fn a_post_that_is_renamed_and_written_anew_at_once_is_told() {
    let publication = printed().without("posts/2026-07-06-paper.md");
    let publication = publication.post("2026-07-08-papers.md", "---\ntitle: Paper\n---\nMade of rags, in sheets.\n");
    publication
        .publish()
        .ok()
        .warns("posts/2026-07-08-papers.md: `Paper` of `posts/2026-07-06-paper.md` is gone, and this is another text");
    publication.publish().ok().quiet();
}

#[test]
fn a_notice_that_is_dated_anew_is_told_of() {
    let publication = printed().edit("posts/ink.md", "2026-07-05", "2026-08-05");
    publication.run(&["publish"]).ok().says("posts/ink.md: `Ink` is dated 2026-08-05 now, no longer 2026-07-05");
    let again = publication.run(&["publish"]).ok();
    assert!(!again.stdout.contains("no longer"), "it was told: {}", again.stdout);
}

#[test]
fn a_notice_with_an_id_of_its_own_is_printed_again() {
    let moved = || printed().edit("posts/ink.md", "2026-07-05", "2026-08-05");
    moved().publish().ok().freezes(&[]);
    let publication = moved().edit("posts/ink.md", "title: Ink", "title: Ink\nid: ink-of-august");
    publication.publish().ok().freezes(&["newsletter/93"]);
    // The post that is printed already may be given an id.
    let given = printed().edit("posts/ink.md", "title: Ink", "title: Ink\nid: ink");
    given.publish().ok().freezes(&[]);
    // As Jekyll dates a post, by its file's name.
    let renamed = printed().without("posts/2026-07-06-paper.md").short_post("2026-08-06-paper.md", "Paper");
    renamed.run(&["publish"]).ok().says("`Paper` is dated 2026-08-06 now, no longer 2026-07-06");
}

#[test]
fn a_quiet_run_says_what_no_later_one_will() {
    let publication = printed()
        .post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nOf galls.\n")
        .without("posts/2026-07-06-paper.md")
        .short_post("2026-08-06-paper.md", "Paper")
        .at("2026-11-02T08:00:00Z");
    let run = publication.run(&["publish", "--quiet"]).ok();
    assert_eq!(run.stdout, "");
    for said in ["this file held `Ink` before", "is dated 2026-08-06 now", "no post in 2 windows"] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    let again = publication.run(&["publish", "--quiet"]).ok();
    assert_eq!(again.stderr, "");
}

#[test]
fn a_clock_that_was_ahead_once_does_no_harm() {
    let publication = two_folders().after(&["publish", "--now", "2030-01-02T08:00:00Z"]);
    let before = ids(&publication);
    let publication = publication
        .edit("posts/ink.md", "2026-07-05", "2026-07-06")
        .published()
        .edit("posts/ink.md", "soot", "soot and glue")
        .published();
    let kept = publication.tree("collected");
    let publication = publication.edit("posts/ink.md", "title: Ink", "title: Inks").published();
    assert_eq!(ids(&publication)["Inks"], before["Ink"]);
    assert_ne!(publication.tree("collected"), kept);
    let kept = publication.tree("collected");
    assert_eq!(publication.published().tree("collected"), kept);
}

#[test]
fn a_post_that_comes_back_takes_no_address() {
    let publication = two_folders();
    let text = publication.read("posts/ink.md");
    let publication = publication
        .without("posts/ink.md")
        .file("news/ink.md", "---\ntitle: Other ink\ndate: 2026-07-20\n---\nOf galls.\n")
        .published();
    assert!(publication.read("public/posts/ink/index.html").contains("Of galls"));
    let publication = publication.file("posts/ink.md", text).published();
    assert!(publication.read("public/posts/ink/index.html").contains("Of galls"));
    assert!(publication.read("public/posts/ink-2026-07-05/index.html").contains("made of soot"));
    publication.publish().ok().quiet();
}

#[test]
fn an_id_that_was_followed_stays_when_its_line_goes() {
    let publication = printed();
    let before = ids(&publication)["Ink"].clone();
    let publication = publication.post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nOf galls.\n").published();
    let publication = publication.edit("posts/ink.md", "title: Ink", &format!("title: Ink\nid: {before}")).published();
    let publication = publication.edit("posts/ink.md", &format!("id: {before}\n"), "").published();
    assert_eq!(ids(&publication)["Ink"], before);
}

#[test]
fn strictness_stops_before_anything_is_frozen_whatever_is_warned_of() {
    let strict = |publication: &Publication, arguments: &[&str], warning: &str| {
        let before = publication.tree("");
        let run = publication.run(&[arguments, &["--strict"]].concat()).leaves_with(3);
        assert!(run.stderr.contains(warning), "{}", run.stderr);
        assert!(run.stderr.contains("nothing was frozen or written"), "{}", run.stderr);
        let mut after = publication.tree("");
        after.retain(|path, _| path != ".masthead-lock");
        assert_eq!(before.into_iter().filter(|(path, _)| path != ".masthead-lock").collect::<BTreeMap<_, _>>(), after);
    };
    let two = || Publication::monthly().short_post("2026-07-05-one.md", "One").short_post("2026-07-06-two.md", "Two");
    let draft = two().at("2026-07-20T08:00:00Z").after(&["issue", "new", "newsletter"]).at("2026-08-02T08:00:00Z");
    let left = |text: &str| format!("leave_out = [\"{text}\"]\n");
    let toml = draft.read("issues/newsletter/0001/issue.toml");
    let misspelt = draft.file("issues/newsletter/0001/issue.toml", left("tow") + &toml);
    strict(&misspelt, &["publish"], "tow");
    strict(&misspelt, &["issue", "freeze", "newsletter", "1"], "tow");
    let glyph = two().short_post("2026-07-07-three.md", "A sign: \u{1f5ff}\u{a9c5}");
    strict(&glyph, &["publish"], "no font");
    let readers = two().tables(
        "[list.all]\ntitle = \"All\"\ncsv = \"readers.csv\"\n[mail]\nfrom = \"The Compositor <news@compositor.example>\"",
    );
    let readers = readers.file("readers.csv", "email,name\nnobody,Nobody\n");
    strict(&readers, &["publish"], "readers.csv");
    misspelt
        .file("issues/newsletter/0001/issue.toml", left("two") + &toml)
        .run(&["publish", "--strict"])
        .ok()
        .says("frozen: Newsletter 92");
}

#[test]
fn strictness_is_not_outlived_by_a_second_run() {
    let publication = printed().post("ink.md", "---\ntitle: Ink\ndate: 2026-08-05\n---\nOf galls.\n");
    let before = publication.tree("collected");
    for _ in 0..2 {
        let run = publication.run(&["publish", "--strict", "--quiet"]).leaves_with(3);
        assert!(run.stderr.contains("this file held `Ink` before"), "{}", run.stderr);
        assert_eq!(publication.tree("collected"), before);
        assert!(!publication.has("issues/newsletter/0002"));
    }
    let run = publication.run(&["publish"]).ok().says("frozen: Newsletter 93");
    assert_eq!(run.stderr.matches("this file held `Ink` before").count(), 1, "{}", run.stderr);
}

#[test]
fn what_was_collected_from_a_feed_that_is_gone_is_told() {
    let rss = "<rss version=\"2.0\"><channel><title>Elsewhere</title><item><guid>1</guid><title>One</title>\
               <link>https://press.example/1</link><description>x</description></item></channel></rss>";
    let publication =
        Publication::monthly().file("feed.xml", rss).tables("[[source]]\nfeed = \"feed.xml\"\nname = \"press\"");
    let publication = publication.published().reconfigure("name = \"press\"", "name = \"agency\"");
    publication.publish().ok().warns("collected/press.jsonl: these posts from elsewhere are of a source `press`");
}
