//! `masthead publish` from end to end.

mod addresses;
mod amending;
mod clocks;
mod corrections;
mod freezing;
mod lasting;
mod naming;
mod numbers;
mod sameness;
mod stalled;
mod windows;
mod withdrawing;

use crate::golden;
use crate::samples::{bilingual, july};

#[test]
fn everything_stands_where_it_is_said_to() {
    let publication = bilingual().published();
    golden::check("public.txt", &(publication.files("public").join("\n") + "\n"));
    golden::check("issues.txt", &(publication.files("issues").join("\n") + "\n"));
    // Each reader gets the newsletter of their own language.
    assert_eq!(publication.files("outbox").len(), 2, "{:#?}", publication.files("outbox"));
}

#[test]
fn the_report_has_the_keys_it_promises() {
    let publication = july().post("broken.md", "---\ntitle: [\n---\n").post("readme.txt", "not a post");
    let report = publication.publish().json();
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["issues", "posts", "unchanged", "warnings", "written"] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    let posts = &report["posts"];
    let left_out = posts["left_out"].as_array().unwrap();
    assert!(left_out.iter().all(|one| one["file"].is_string() && one["reason"].is_string()), "{report:#}");
    assert_eq!(posts["found"].as_u64(), Some(posts["taken"].as_u64().unwrap() + left_out.len() as u64), "{report:#}");
    let issue = &report["issues"][0];
    assert_eq!((issue["series"].as_str(), issue["posts"].as_u64()), (Some("newsletter"), Some(3)), "{report:#}");
    assert_eq!(issue["since"].as_str(), Some("2026-06-30T22:00:00Z"), "{report:#}");
    assert_eq!(issue["until"].as_str(), Some("2026-07-31T22:00:00Z"), "{report:#}");
    assert!(publication.has(issue["path"].as_str().unwrap()), "{report:#}");
}

#[test]
fn an_issue_is_told_in_every_output() {
    let publication = bilingual();
    let run = publication.publish().ok().quiet().freezes(&["newsletter/92", "khabarname/1"]);
    run.check_file("public/newsletter/1/index.html", &["A line of type", "On feeds", "About us", "92"])
        .check_file("public/newsletter/1/email.html", &["A line of type"])
        .check_file("public/newsletter/1/email.txt", &["A line of type"])
        .check_file("public/newsletter/1/newsletter-1.eml", &["Subject: "])
        .check_file("public/newsletter/feed.xml", &["newsletter/1/newsletter-1.pdf", "application/pdf"])
        .check_file("public/feed.xml", &["A line of type", "August"])
        .check_absent("public/feed.xml", &["نیم‌فاصله"])
        .check_file("public/fa/feed.xml", &["نیم‌فاصله"])
        .check_file("public/sitemap.xml", &["https://compositor.example/newsletter/1/"])
        .check_file("public/feeds.opml", &["https://compositor.example/feed.xml"])
        .check_absent("public/newsletter/1/index.html", &["The first second of August"]);
    assert!(publication.bytes("public/newsletter/1/newsletter-1.pdf").starts_with(b"%PDF-1."));
}

#[test]
fn feeds_and_the_digest_are_as_they_were_looked_at() {
    let publication = bilingual().published();
    for (golden, path) in [
        ("posts.rss.xml", "public/feed.xml"),
        ("posts.atom.xml", "public/atom.xml"),
        ("posts.feed.json", "public/feed.json"),
        ("newsletter.rss.xml", "public/newsletter/feed.xml"),
        ("digest.txt", "public/newsletter/1/email.txt"),
        ("digest.fa.txt", "public/khabarname/1/email.txt"),
    ] {
        // One element a line, so that a difference can be read.
        golden::check(golden, &without_lengths(&publication.read(path).replace("><", ">\n<")));
    }
}

/// The size of a PDF changes with every change to the typesetter, and says nothing here.
fn without_lengths(text: &str) -> String {
    let mut parts = text.split(" length=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(" length=\"…");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

#[test]
fn a_series_is_called_as_it_is_now_and_its_issues_as_they_were() {
    let publication = july().published().reconfigure("title = \"Newsletter\"", "title = \"The Broadsheet\"");
    let issue = publication.bytes("issues/newsletter/0001/frozen.json");
    publication
        .publish()
        .ok()
        .quiet()
        .check_file("public/newsletter/index.html", &["<h1>The Broadsheet</h1>"])
        .check_file("public/newsletter/feed.xml", &["<title>The Compositor \u{2013} The Broadsheet</title>"])
        .check_file("public/index.html", &["The Broadsheet"])
        .check_file("public/newsletter/1/index.html", &["Newsletter"]);
    assert_eq!(publication.bytes("issues/newsletter/0001/frozen.json"), issue);
}

#[test]
fn a_private_series_leaves_nothing_under_public() {
    let publication = july().reconfigure("first_number = 92", "public = false").published();
    let traces: Vec<String> =
        publication.files("public").into_iter().filter(|path| path.contains("newsletter")).collect();
    assert!(traces.is_empty(), "{traces:?}");
    for page in publication.files("public").iter().filter(|path| path.ends_with(".html") || path.ends_with(".xml")) {
        assert!(!publication.read(&format!("public/{page}")).contains("Newsletter"), "{page} tells of it");
    }
    assert!(publication.has("issues/newsletter/0001/frozen.json"));
}

#[test]
fn a_series_that_becomes_private_leaves_public() {
    let publication = july().published();
    assert!(publication.has("public/newsletter/1/newsletter-1.pdf"));
    let publication = publication.reconfigure("first_number = 92", "first_number = 92\npublic = false").published();
    assert!(!publication.has("public/newsletter"), "{:#?}", publication.files("public"));
    assert!(publication.has("issues/newsletter/0001/released/r1/newsletter-1.pdf"));
}

#[test]
fn a_tag_of_signs_alone_has_the_feeds_that_its_page_names() {
    let publication = july().post("2026-07-30-signs.md", "---\ntitle: Signs\ntags: [\"!?\", \"+++\"]\n---\nSigns.\n");
    let publication = publication.published();
    for page in ["u-21-3f", "plus-plus-plus"] {
        assert!(publication.has(&format!("public/tags/{page}/index.html")), "{page}");
        assert!(publication.has(&format!("public/tags/{page}/feed.xml")), "{page}");
    }
}

#[test]
fn another_folder_can_be_written() {
    let publication = july();
    publication.run(&["publish", "--output", "site"]).ok().no_file("public").check_file("site/index.html", &["August"]);
}

#[test]
fn what_a_site_is_made_of_is_not_written_over() {
    let publication = july();
    for folder in [".", "..", "posts", "posts/site", "issues", "site/../posts", "./templates/../collected", "/"] {
        let run = publication.run(&["publish", "--output", folder]).leaves_with(2);
        assert!(run.stderr.contains("holds what the site is made of"), "{folder}: {}", run.stderr);
    }
    assert!(!publication.has("issues/newsletter"), "nothing was frozen");
}

#[test]
fn what_is_not_ours_under_public_stays() {
    let publication = july().file("public/CNAME", "compositor.example").published();
    let publication = publication.without("posts/2026-07-20-feeds.md").published();
    assert!(publication.has("public/CNAME"));
    assert!(!publication.has("public/posts/feeds/index.html"), "a page that nobody makes any more is taken away");
}
