//! What went out is taken back: an issue whole, or one post of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::publication::{Publication, assert_same};
use crate::samples::bilingual;
use crate::tools::output_of;

const WHY: &str = "A picture in it was \"not\" ours & had to go.";

/// Two newsletters, 92 and 93, and as many in Persian, on 2 September.
fn two_issues() -> Publication {
    bilingual().published().at("2026-09-02T08:00:00Z").published()
}

fn withdraw(series: &str, number: &str) -> [String; 6] {
    ["issue", "withdraw", series, number, "-m", WHY].map(str::to_owned)
}

/// The first newsletter is taken back on 5 September, and published so.
fn withdrawn() -> Publication {
    let publication = two_issues().at("2026-09-05T08:00:00Z");
    let arguments = withdraw("newsletter", "92");
    publication.after(&arguments.each_ref().map(String::as_str)).published()
}

/// Everything under public/ that is text.
fn texts(publication: &Publication) -> BTreeMap<String, String> {
    let is_text = |path: &String| [".html", ".xml", ".json", ".opml", ".txt"].iter().any(|end| path.ends_with(end));
    let tree = publication.tree("public").into_iter().filter(|(path, _)| is_text(path));
    tree.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// The newsletter's feed of issues as `atom_syndication` reads it.
fn atom(publication: &Publication) -> atom_syndication::Feed {
    atom_syndication::Feed::read_from(publication.bytes("public/newsletter/atom.xml").as_slice()).unwrap()
}

/// The ids that feed-rs finds in one of its formats.
fn ids(publication: &Publication, name: &str) -> Vec<String> {
    let bytes = publication.bytes(&format!("public/newsletter/{name}"));
    feed_rs::parser::parse(bytes.as_slice()).unwrap().entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn a_withdrawn_issue_keeps_its_number_and_its_page_and_no_more() {
    let publication = withdrawn();
    assert_eq!(publication.files("public/newsletter/1"), ["index.html"]);
    assert!(publication.has("issues/newsletter/0001/released/r1/newsletter-1.pdf"), "what went out is kept");
    let page = publication.read("public/newsletter/1/index.html");
    for part in [
        "<meta name=\"robots\" content=\"noindex\">",
        "No. 92",
        "Published 1 August 2026",
        "<strong class=\"withdrawn\">Withdrawn</strong>",
        "This issue was withdrawn",
        "<strong>Withdrawn on 5 September 2026:</strong> A picture in it was &quot;not&quot; ours &amp; had to go.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for part in ["A line of type", "About us", "Inside this issue", "Corrected", "class=\"pdf\""] {
        assert!(!page.contains(part), "{part}: {page}");
    }
    for (path, text) in texts(&publication) {
        assert!(
            !text.contains("newsletter-1.pdf") && !text.contains("newsletter/1/email"),
            "{path} leads to what is gone"
        );
    }
    let list = publication.read("public/newsletter/index.html");
    assert!(list.contains("No. 92</a> <strong class=\"withdrawn\">Withdrawn</strong>"), "{list}");
    assert!(list.contains("newsletter/2/newsletter-2.pdf") && list.contains("href=\"../newsletter/1/\""));
    let sitemap = publication.read("public/sitemap.xml");
    assert!(!sitemap.contains("/newsletter/1/") && sitemap.contains("/newsletter/2/"), "{sitemap}");
    assert!(sitemap.contains("/posts/a-line-of-type/") && publication.has("public/posts/a-line-of-type/index.html"));
    assert!(publication.read("public/feed.xml").contains("A line of type"), "its posts have their own pages and feeds");
    let again = publication.publish().ok().quiet();
    assert_eq!(again.json()["written"], 0);
    // What nobody is to have may be taken away for good.
    let emptied =
        publication.copy().without("issues/newsletter/0001/assets").without("issues/newsletter/0001/released/r1");
    assert_eq!(emptied.publish().ok().quiet().json()["written"], 0);
    assert_same(&publication.copy().without("public").published().tree("public"), &publication.tree("public"));
}

#[test]
fn the_front_page_leads_to_the_newest_issue_that_is_there() {
    let publication = two_issues().at("2026-09-05T08:00:00Z");
    let arguments = withdraw("newsletter", "93");
    let publication = publication.after(&arguments.each_ref().map(String::as_str)).published();
    let page = publication.read("public/index.html");
    let listed: Vec<&str> =
        page.split("class=\"title\"><a href=\"./newsletter/").skip(1).map(|rest| &rest[..1]).collect();
    assert_eq!(listed, ["2", "1"], "{page}");
    assert!(page.contains("No. 93</a> <strong class=\"withdrawn\">") && page.contains("newsletter-1.pdf"), "{page}");
    assert!(!page.contains("newsletter-2.pdf"));
    // Its channel is as new as the withdrawal.
    assert!(publication.read("public/newsletter/feed.xml").contains("<lastBuildDate>Sat, 05 Sep 2026 08:00:00 +0000"));
}

#[test]
fn feeds_leave_a_withdrawn_issue_out_and_atom_says_so() {
    let before = two_issues();
    let old = ids(&before, "atom.xml");
    assert_eq!(old, ["tag:compositor.example,2026:newsletter/2", "tag:compositor.example,2026:newsletter/1"]);
    let publication = withdrawn();
    for name in ["feed.xml", "atom.xml", "feed.json"] {
        assert_eq!(ids(&publication, name), old[..1], "{name}");
    }
    let feed = atom(&publication);
    assert_eq!(feed.updated().to_rfc3339(), "2026-09-05T08:00:00+00:00");
    let tomb = &feed.extensions()["at"]["deleted-entry"][0];
    assert_eq!(
        (tomb.attrs()["ref"].as_str(), tomb.attrs()["when"].as_str()),
        (old[1].as_str(), "2026-09-05T08:00:00Z")
    );
    let comment = &tomb.children()["comment"][0];
    assert_eq!((comment.value(), comment.attrs()["lang"].as_str()), (Some(WHY), "en"));
    let path = publication.path("public/newsletter/atom.xml").display().to_string();
    let there = "/*/*[local-name()='deleted-entry' and namespace-uri()='http://purl.org/atompub/tombstones/1.0']/@ref";
    if let Some(found) = output_of("xmllint", &["--xpath", &format!("string({there})"), &path]) {
        assert_eq!(found.trim(), old[1]);
    }
    let rss = rss::Channel::read_from(publication.bytes("public/newsletter/feed.xml").as_slice()).unwrap();
    assert_eq!(rss.last_build_date(), Some("Sat, 05 Sep 2026 08:00:00 +0000"));
    assert_eq!(publication.bytes("public/feeds.opml"), before.bytes("public/feeds.opml"));
    assert_eq!(publication.bytes("public/atom.xml"), before.bytes("public/atom.xml"), "the feed of posts");
}

#[test]
fn whoever_reads_the_feed_with_this_program_takes_the_issue_back_too() {
    let (before, after) = (two_issues(), withdrawn());
    let reader = Publication::new()
        .tables("[[source]]\nfeed = \"issues.xml\"\nname = \"issues\"")
        .file("issues.xml", before.bytes("public/newsletter/atom.xml"))
        .at("2026-09-03T08:00:00Z")
        .published()
        .file("issues.xml", after.bytes("public/newsletter/atom.xml"))
        .at("2026-09-06T08:00:00Z");
    let told = reader.publish().ok().json();
    let reasons: Vec<&Value> = told["posts"]["left_out"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, ["its feed has withdrawn it"], "{told}");
}

#[test]
fn an_issue_is_withdrawn_once_and_brought_back_once() {
    let (before, publication) = (two_issues(), withdrawn());
    let frozen = "issues/newsletter/0001/frozen.json";
    let kept = publication.bytes(frozen);
    let arguments = withdraw("newsletter", "1");
    publication
        .run(&arguments.each_ref().map(String::as_str))
        .ok()
        .says("was withdrawn 2026-09-05 already")
        .says("had to go");
    assert_eq!(publication.bytes(frozen), kept);
    let publication = publication.at("2026-09-09T08:00:00Z");
    let undo = ["issue", "withdraw", "newsletter", "1", "--undo", "-m", "It was ours.", "--json"];
    let told = publication.run(&undo).ok().quiet().json();
    assert_eq!((&told["revision"], &told["withdrawn"], &told["number"]), (&3.into(), &Value::Null, &"92".into()));
    let kept = publication.bytes(frozen);
    publication.run(&undo).ok().says("was brought back 2026-09-09 already");
    assert_eq!(publication.bytes(frozen), kept);
    publication.run(&["issue", "list", "newsletter"]).ok().says("brought back 2026-09-09 (revision 3)");
    let publication = publication.published();
    let page = publication.read("public/newsletter/1/index.html");
    for part in
        ["A line of type", "newsletter-1.pdf", "Withdrawn on 5 September 2026:", "Restored on 9 September 2026:"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    for part in ["noindex", "class=\"withdrawn\"", "Corrected"] {
        assert!(!page.contains(part), "{part}: {page}");
    }
    assert_eq!(ids(&publication, "feed.xml"), ids(&before, "feed.xml"));
    assert!(atom(&publication).extensions().is_empty());
    let (old, new) = (atom(&before), atom(&publication));
    let of = |feed: &atom_syndication::Feed| {
        let entry = feed.entries().iter().find(|entry| entry.id().ends_with("newsletter/1")).unwrap();
        (entry.published().unwrap().to_rfc3339(), entry.updated().to_rfc3339())
    };
    assert_eq!(of(&old).0, of(&new).0);
    assert_eq!(of(&new).1, "2026-09-09T08:00:00+00:00");
    let pdf = publication.path("public/newsletter/1/newsletter-1.pdf").display().to_string();
    if let Some(text) = output_of("pdftotext", &[&pdf, "-"]) {
        assert!(text.contains("A line of type") && text.contains("It was ours."), "{text}");
    }
    let never = ["issue", "withdraw", "newsletter", "2", "--undo", "-m", "why"];
    publication.run(&never).leaves_with(1).says("is not withdrawn");
}

#[test]
fn only_what_is_frozen_is_withdrawn_and_readers_are_told_why() {
    let publication =
        bilingual().reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"").published();
    let arguments = withdraw("newsletter", "92");
    let run = publication.run(&arguments.each_ref().map(String::as_str)).leaves_with(1);
    run.says("(newsletter/0001) is a draft").says("issues/newsletter/0001").says("`masthead issue unfreeze`");
    publication.run(&["issue", "withdraw", "newsletter", "7", "-m", "why"]).leaves_with(2).says("no such issue `7`");
    publication.run(&["issue", "withdraw", "newsletter", "92", "-m", " "]).leaves_with(2).says("must say why");
    publication.run(&["issue", "withdraw", "newsletter", "92"]).leaves_with(2).says("must say why");
    let both = ["issue", "withdraw", "newsletter", "92", "-m", "why", "--undo", "--post", "feeds"];
    publication.run(&both).leaves_with(2);
}

#[test]
fn a_withdrawn_number_stays_taken_and_so_do_its_posts() {
    let publication = withdrawn().at("2026-10-02T08:00:00Z").short_post("2026-09-10-c.md", "September");
    publication.publish().ok().quiet().freezes(&["newsletter/94"]);
    let page = publication.read("public/newsletter/3/index.html");
    assert!(page.contains("September") && !page.contains("A line of type"), "{page}");
    publication
        .run(&["plan", "newsletter", "--all"])
        .ok()
        .says("it was printed in newsletter/0001, which is withdrawn");
    publication.run(&["issue", "unfreeze", "newsletter", "92"]).leaves_with(1).says("is withdrawn");
    let amend = ["issue", "amend", "newsletter", "92", "-m", "A title."];
    publication
        .run(&amend)
        .leaves_with(1)
        .says("is withdrawn")
        .says("`masthead issue withdraw newsletter 0001 --undo -m WHY`");
    publication.run(&["issue", "list", "newsletter"]).ok().says("withdrawn 2026-09-05 (revision 2)");
    publication.run(&["issue", "show", "newsletter", "92"]).ok().says("withdrawn 2026-09-05: A picture in it");
    let row = publication.run(&["issue", "show", "newsletter", "92", "--json"]).ok().json();
    assert_eq!((&row["state"], &row["withdrawn"]["message"]), (&"withdrawn".into(), &WHY.into()));
    publication.run(&["check"]).ok().says("(0 drafts, 1 withdrawn)");
}

#[test]
fn what_nobody_has_seen_is_withdrawn_until_that_is_undone() {
    let publication = bilingual()
        .reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"")
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .published()
        .after(&["issue", "freeze", "newsletter"])
        .after(&["issue", "withdraw", "newsletter", "92", "-m", "why"]);
    publication.run(&["issue", "unfreeze", "newsletter", "92"]).leaves_with(1).says("is withdrawn").says("--undo");
    let publication = publication.after(&["issue", "withdraw", "newsletter", "92", "--undo", "-m", "why not"]);
    publication.run(&["issue", "unfreeze", "newsletter", "92"]).ok();
}

#[test]
fn a_persian_issue_is_withdrawn_in_persian() {
    let publication = two_issues()
        .at("2026-09-05T08:00:00Z")
        .after(&["issue", "withdraw", "khabarname", "1", "-m", "یکی از عکس‌ها از آن ما نبود."])
        .published();
    let page = publication.read("public/khabarname/1/index.html");
    for part in [
        "<strong class=\"withdrawn\">پس‌گرفته‌شده</strong>",
        "این شماره پس گرفته شده است و دیگر در دسترس نیست.",
        "<strong>در ۱۴ شهریور ۱۴۰۵ پس گرفته شد:</strong> یکی از عکس‌ها از آن ما نبود.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Withdrawn") && !page.contains("<p lang=\"en\""), "no words are missing: {page}");
    assert!(publication.read("public/khabarname/atom.xml").contains("xml:lang=\"fa\">یکی از عکس‌ها"));
}

#[test]
fn a_volume_is_made_without_what_is_withdrawn_and_says_so() {
    let volume =
        "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01\nfirst_number = 8";
    let publication = withdrawn().series("volume", volume).at("2027-01-02T08:00:00Z");
    let run = publication.publish().ok().freezes(&["volume/8"]);
    run.says("volume/0001 is without what is withdrawn: newsletter/0001");
    let page = publication.read("public/volume/1/index.html");
    assert!(page.contains("August") && !page.contains("A line of type"), "{page}");
    assert!(
        publication.read("issues/volume/0001/frozen.json").contains("\"because\": \"newsletter/0001 is withdrawn\"")
    );
    let undo = ["issue", "withdraw", "newsletter", "92", "--undo", "-m", "It was ours."];
    publication.run(&undo).ok().says("`masthead issue amend volume 0001");
    let publication = publication.after(&["issue", "amend", "volume", "1", "-m", "Newsletter 92 is back."]).published();
    assert!(publication.read("public/volume/1/index.html").contains("A line of type"));
    // And the other way round: what is bound already is named until the volume is amended.
    let publication = publication.at("2027-01-03T08:00:00Z");
    let arguments = withdraw("newsletter", "92");
    let run = publication.run(&arguments.each_ref().map(String::as_str)).ok();
    run.says("volume/0001 binds newsletter/0001, which is withdrawn").says("`masthead issue amend volume 0001");
    publication.run(&["check"]).ok().says("volume/0001 binds newsletter/0001, which is withdrawn");
    let publication = publication.after(&["issue", "amend", "volume", "1", "-m", "Without 92."]).published();
    assert!(!publication.read("public/volume/1/index.html").contains("A line of type"));
    publication.run(&["check"]).ok().says_not("which is withdrawn");
}

#[test]
fn a_back_issue_is_withdrawn_with_its_pdf() {
    let publication = two_issues();
    let pdf = publication.bytes("public/newsletter/1/newsletter-1.pdf");
    let import = ["issue", "import", "newsletter", "old.pdf", "--number", "91", "--date", "2026-06-30"];
    let publication = publication.file("old.pdf", pdf).after(&import).published();
    assert!(publication.has("public/newsletter/3/newsletter-3.pdf"));
    let publication = publication.after(&["issue", "withdraw", "newsletter", "91", "-m", WHY]).published();
    assert_eq!(publication.files("public/newsletter/3"), ["index.html"]);
    assert!(
        publication.read("public/newsletter/atom.xml").contains("ref=\"tag:compositor.example,2026:newsletter/3\"")
    );
    let again = ["issue", "withdraw", "newsletter", "91", "--undo", "-m", "It was ours."];
    let publication = publication.after(&again).published();
    assert!(publication.has("public/newsletter/3/newsletter-3.pdf"));
}

#[test]
fn one_post_is_taken_out_of_an_issue_in_one_step() {
    let publication = two_issues().at("2026-09-05T08:00:00Z");
    let (file, frozen) = ("issues/newsletter/0001/issue.toml", "issues/newsletter/0001/frozen.json");
    let text = format!("{}\r\n# Ours\r\ntitle  = 'Ink'   # kept\r\n", publication.read(file).replace('\n', "\r\n"));
    let publication = publication.file(file, &text);
    let arguments = ["issue", "withdraw", "newsletter", "92", "--post", "a-line-of-type", "-m", WHY, "--json"];
    publication.copy().run(&arguments[..8]).ok().says("what its issue.toml says otherwise since then comes into it");
    let told = publication.run(&arguments).ok().quiet().json();
    assert_eq!((&told["revision"], &told["ordinal"]), (&2.into(), &1.into()), "{told}");
    assert_eq!(publication.read(file), format!("{text}leave_out = [\"a-line-of-type\"]\r\n"));
    let kept = publication.bytes(frozen);
    publication.run(&arguments).ok().says("is without `A line of type` already");
    assert_eq!(publication.bytes(frozen), kept);
    let feed = publication.bytes("public/feed.xml");
    let publication = publication.published();
    let page = publication.read("public/newsletter/1/index.html");
    assert!(!page.contains("A line of type") && page.contains("Late at night"), "{page}");
    assert!(page.contains("Corrected on 5 September 2026:") && page.contains("had to go"), "{page}");
    assert_eq!(publication.bytes("public/feed.xml"), feed, "no feed of posts says it again");
    let entries = ids(&publication, "atom.xml");
    assert_eq!(entries.len(), 2);
    let publication = publication.at("2026-10-02T08:00:00Z").short_post("2026-09-10-c.md", "September").published();
    assert!(!publication.read("public/newsletter/3/index.html").contains("A line of type"));
    let unknown = ["issue", "withdraw", "newsletter", "92", "--post", "late-at-nigt", "-m", "why"];
    publication.run(&unknown).leaves_with(2).says("did you mean `late-at-night`");
    let standing = ["issue", "withdraw", "newsletter", "92", "--post", "about", "-m", "why"];
    publication.run(&standing).leaves_with(2).says("`standing`");
}

#[test]
fn where_a_post_stands_that_was_taken_out_is_told() {
    let publication = bilingual()
        .series("gazette", "title = \"Gazette\"\nwindow = \"monthly\"\nsince = 2026-07-01")
        .series("volume", "title = \"Volume\"\nbinds = \"newsletter\"\nwindow = \"yearly\"\nsince = 2026-01-01")
        .published_mailed_or_not()
        .at("2027-01-02T08:00:00Z")
        .published_mailed_or_not();
    let arguments = ["issue", "withdraw", "newsletter", "92", "--post", "feeds", "-m", WHY];
    let told = |publication: &Publication| {
        publication
            .run(&arguments)
            .ok()
            .says("gazette/0001 has `Feeds that turn their pages` still")
            .says("`masthead issue withdraw gazette 0001 --post feeds -m \"…\"` takes it out")
            .says("volume/0001 has `Feeds that turn their pages` still")
            .says("`masthead issue amend volume 0001 -m \"…\"` makes it without")
            .says("its own page stays, https://compositor.example/posts/feeds/,")
            .says("what nobody has handed on yet of outbox/newsletter-1/ is to be taken away");
    };
    told(&publication);
    // Whoever asks once more hears it once more.
    told(&publication);
    let publication = publication
        .without("outbox/newsletter-1")
        .after(&["issue", "withdraw", "gazette", "0001", "--post", "feeds", "-m", WHY])
        .after(&["issue", "amend", "volume", "0001", "-m", WHY]);
    publication.run(&[&arguments[..], &["--json"]].concat()).ok().quiet().says_not("outbox/");
}

#[test]
fn a_run_that_was_stopped_between_issue_toml_and_the_amendment_is_completed() {
    let publication = two_issues().at("2026-09-05T08:00:00Z").edit(
        "issues/newsletter/0001/issue.toml",
        "# leave_out = [\"slug\"]",
        "leave_out = [\"feeds\"]",
    );
    let text = publication.read("issues/newsletter/0001/issue.toml");
    let arguments = ["issue", "withdraw", "newsletter", "92", "--post", "feeds", "-m", WHY];
    publication.run(&arguments).ok().says("taken out of Newsletter 92").says("revision 2");
    assert_eq!(publication.read("issues/newsletter/0001/issue.toml"), text);
}
