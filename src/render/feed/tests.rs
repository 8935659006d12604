//! What we write, read back by others: every field arrives, and each format's rules are kept.

use std::borrow::Cow;
use std::io::Write as _;
use std::process::{Command, Stdio};

use chrono::DateTime;
use serde_json::Value;

use super::{JSON_NAME, Sizes, write};
use crate::model::{Issue, IssueKey, Post, Withdrawal};
use crate::render::samples::{instant, issue, language, persian_edition, post, publication, with_picture};
use crate::render::{Edition, Output, Pdf, PublicIssue, Site};
use crate::templates::Templates;

const HOSTILE: &str =
    "<p>a ]]> b &amp; <em>c</em> \u{8}\u{b} <img src=\"assets/x.png\" alt=\"&quot;assets/\"> \"assets/</p>";
const PERSIAN: &str = "<p dir=\"rtl\">نیم\u{200c}فاصله در چاپ</p>";

fn posts() -> Vec<Post> {
    let mut imported = post(2, "en", "Old & <new>", "<p>Old</p>");
    imported.id.0 = "not an iri".to_owned();
    imported.updated = Some(instant("2026-09-09T09:09:09Z"));
    imported.tags = vec!["Type".to_owned(), "چاپ".to_owned()];
    vec![with_picture(post(3, "en", "Stic\u{1}ks", HOSTILE)), imported, post(1, "en", "", "<p>Untitled</p>")]
}

fn outputs(posts: &[Post], persian: &[Post], issues: &[Issue]) -> Vec<Output> {
    sized_outputs(posts, persian, issues, Sizes::all(50))
}

fn sized_outputs(posts: &[Post], persian: &[Post], issues: &[Issue], sizes: Sizes) -> Vec<Output> {
    let publication = publication();
    let site = Site {
        publication: &publication,
        editions: vec![
            Edition {
                language: language("en"),
                publication: publication.clone(),
                posts: posts.iter().collect(),
                apart: Vec::new(),
            },
            Edition {
                language: language("fa"),
                publication: publication.clone(),
                posts: persian.iter().collect(),
                apart: Vec::new(),
            },
        ],
        issues: issues
            .iter()
            .map(|issue| PublicIssue {
                issue,
                pdf: Some(Pdf { path: "newsletter/3/newsletter-3.pdf".to_owned(), length: 4321 }),
            })
            .collect(),
        titles: std::collections::BTreeMap::new(),
        descriptions: std::collections::BTreeMap::from([("newsletter", "Once a month")]),
        subscribe: None,
        nowhere: &std::collections::BTreeSet::new(),
        page_size: 10,
        drafts: false,
    };
    write(&site, &Templates::builtin(), sizes).expect("feeds")
}

fn all() -> Vec<Output> {
    let fa = [post(4, "fa", "نیم\u{200c}فاصله", PERSIAN)];
    outputs(&posts(), &fa, &[issue("en", "Newsletter", posts())])
}

fn file<'o>(outputs: &'o [Output], path: &str) -> Cow<'o, [u8]> {
    let found = outputs.iter().find(|output| output.path == path);
    let found =
        found.unwrap_or_else(|| panic!("no {path} in {:?}", outputs.iter().map(|o| &o.path).collect::<Vec<_>>()));
    found.bytes.whole()
}

#[test]
fn every_folder_has_its_feeds() {
    let outputs = all();
    for folder in [
        "",
        "sections/reports/",
        "authors/the-editors/",
        "tags/type/",
        "tags/چاپ/",
        "fa/",
        "fa/tags/type/",
        "newsletter/",
    ] {
        for name in ["feed.xml", "atom.xml", "feed.json"] {
            file(&outputs, &format!("{folder}{name}"));
        }
    }
    let tagged = rss::Channel::read_from(&*file(&outputs, "tags/type/feed.xml")).unwrap();
    assert_eq!(tagged.items.len(), 3, "`Type` and `type` are one tag");
}

#[test]
fn rss_reads_back_whole() {
    let outputs = all();
    let channel = rss::Channel::read_from(&*file(&outputs, "feed.xml")).unwrap();
    let [stick, old, untitled] = channel.items.as_slice() else { panic!("three items") };
    assert_eq!(stick.title(), Some("Sticks"), "the control character is gone");
    let content = stick.content().unwrap();
    assert!(content.contains("a ]]> b &amp; <em>c</em>"), "{content}");
    assert!(
        content.contains("<img src=\"https://compositor.example/assets/x.png\" alt=\"&quot;assets/\"> \"assets/"),
        "{content}"
    );
    assert!(content.contains(
        "<img src=\"https://compositor.example/assets/0123456789abcdef.png\" alt=\"A composing stick &quot;half"
    ));
    assert!(content.contains("<a href=\"https://archive.example/?a=1&amp;b=2\">The National Archive</a>"));
    assert_eq!(old.title(), Some("Old & <new>"));
    assert_eq!(old.guid().unwrap().value(), "not an iri");
    assert!(untitled.title().is_none() && untitled.description().is_some());
    assert_eq!(stick.dublin_core_ext().unwrap().creators(), ["The editors"]);
    let issues = rss::Channel::read_from(&*file(&outputs, "newsletter/feed.xml")).unwrap();
    let enclosure = issues.items[0].enclosure().unwrap();
    assert_eq!(enclosure.url(), "https://compositor.example/newsletter/3/newsletter-3.pdf");
    assert_eq!((enclosure.length(), enclosure.mime_type()), ("4321", "application/pdf"));
    assert_eq!(issues.items[0].guid().unwrap().value(), "tag:compositor.example,2026:newsletter/3");
}

#[test]
fn what_a_stylesheet_would_keep_apart_is_kept_apart_by_signs() {
    let updated = Some(instant("2026-07-09T08:00:00Z"));
    let posts = vec![Post { updated, ..post(1, "en", "Sticks", "<p>x</p>") }];
    let outputs = outputs(&posts, &[], &[issue("en", "Newsletter", posts.clone())]);
    let issues = rss::Channel::read_from(&*file(&outputs, "newsletter/feed.xml")).unwrap();
    let content = issues.items[0].content().unwrap();
    for part in [
        "Sticks</span> \u{2014} <bdi class=\"byline\">The editors</bdi></a>",
        "By The editors</bdi> \u{b7} <time datetime=\"2026-07-01\">1 July 2026</time> \u{b7} <time class=\"updated\"",
    ] {
        assert!(content.contains(part), "{part}: {content}");
    }
}

#[test]
fn feeds_of_sections_authors_and_tags_have_a_length_of_their_own() {
    let tagged = |number| Post { tags: vec!["Type".to_owned()], ..post(number, "en", "Sticks", "<p>x</p>") };
    let posts: Vec<Post> = (1..=4).rev().map(tagged).collect();
    let made = sized_outputs(&posts, &[], &[issue("en", "Newsletter", posts.clone())], Sizes { whole: 3, group: 2 });
    for (folder, expected) in [("", 3), ("tags/type/", 2), ("authors/the-editors/", 2), ("newsletter/", 1)] {
        let json: Value = serde_json::from_slice(&file(&made, &format!("{folder}{JSON_NAME}"))).unwrap();
        let items = json["items"].as_array().unwrap();
        assert_eq!(items.len(), expected, "{folder}");
        let rss = rss::Channel::read_from(&*file(&made, &format!("{folder}feed.xml"))).unwrap();
        assert_eq!(rss.items().len(), expected, "{folder}");
        if folder != "newsletter/" {
            assert_eq!(items[0]["id"], "tag:compositor.example,2026:post-4", "the newest come first");
        }
    }
}

#[test]
fn a_withdrawn_issue_is_a_tombstone_in_atom_alone() {
    let mut withdrawn = issue("en", "Newsletter", posts());
    let message = "\"A\" <b> & \u{1}c ]]>".to_owned();
    let withdrawal = Withdrawal { at: instant("2026-09-10T09:00:00Z"), message, restored: None };
    withdrawn.frozen.as_mut().unwrap().withdrawals.push(withdrawal);
    let other = Issue { key: IssueKey { ordinal: 4, ..withdrawn.key.clone() }, ..issue("en", "Newsletter", posts()) };
    for issues in [vec![withdrawn.clone()], vec![other, withdrawn]] {
        let outputs = outputs(&posts(), &[], &issues);
        let atom = atom_syndication::Feed::read_from(&*file(&outputs, "newsletter/atom.xml")).unwrap();
        assert_eq!(atom.entries().len(), issues.len() - 1);
        assert_eq!(atom.updated().to_rfc3339(), "2026-09-10T09:00:00+00:00");
        assert_eq!(atom.namespaces()["at"], "http://purl.org/atompub/tombstones/1.0");
        let tomb = &atom.extensions()["at"]["deleted-entry"][0];
        assert_eq!(tomb.attrs()["ref"], "tag:compositor.example,2026:newsletter/3");
        assert_eq!(tomb.children()["comment"][0].value(), Some("\"A\" <b> & c ]]>"));
        let rss = rss::Channel::read_from(&*file(&outputs, "newsletter/feed.xml")).unwrap();
        assert_eq!(
            (rss.items().len(), rss.last_build_date()),
            (issues.len() - 1, Some("Thu, 10 Sep 2026 09:00:00 +0000"))
        );
        let json: Value = serde_json::from_slice(&file(&outputs, "newsletter/feed.json")).unwrap();
        assert_eq!(json["items"].as_array().unwrap().len(), issues.len() - 1);
        let posts = atom_syndication::Feed::read_from(&*file(&outputs, "atom.xml")).unwrap();
        assert!(posts.namespaces().is_empty() && posts.extensions().is_empty(), "feeds without one keep their bytes");
    }
}

#[test]
fn rss_keeps_the_boards_profile() {
    for output in all().iter().filter(|output| output.path.ends_with("feed.xml")) {
        let bytes = output.bytes.whole();
        let text = std::str::from_utf8(&bytes).unwrap();
        assert!(text.contains("xmlns:atom=") && text.contains("xmlns:content="), "{text}");
        let channel = rss::Channel::read_from(&*output.bytes.whole()).unwrap();
        assert!(!channel.title.is_empty() && channel.link.starts_with("https://") && !channel.description.is_empty());
        let links = &channel.extensions["atom"]["link"];
        let this = links.iter().find(|link| link.attrs["rel"] == "self").unwrap();
        assert!(this.attrs["href"].starts_with(&channel.link) && this.attrs["href"].is_ascii(), "{this:?}");
        assert!(DateTime::parse_from_rfc2822(channel.last_build_date().unwrap()).is_ok());
        let mut guids = std::collections::BTreeSet::new();
        for item in &channel.items {
            assert!(item.title().is_some() || item.description().is_some());
            assert!(DateTime::parse_from_rfc2822(item.pub_date().unwrap()).is_ok());
            let guid = item.guid().unwrap();
            assert!(guids.insert(guid.value().to_owned()));
            assert!(!guid.is_permalink() || guid.value().starts_with("http"));
            assert!(item.author().is_none(), "an author needs an address; dc:creator does not");
        }
    }
}

#[test]
fn atom_keeps_rfc_4287() {
    for output in all().iter().filter(|output| output.path.ends_with("atom.xml")) {
        let feed = atom_syndication::Feed::read_from(&*output.bytes.whole()).unwrap();
        assert!(!feed.id.is_empty() && !feed.title.value.is_empty() && !feed.authors[0].name.is_empty());
        assert!(feed.lang.is_some() && feed.links.iter().filter(|link| link.rel == "self").count() == 1);
        assert_eq!(feed.updated, feed.entries.iter().map(|entry| entry.updated).max().unwrap());
        for entry in &feed.entries {
            assert!(url::Url::parse(&entry.id).is_ok(), "{} is an IRI", entry.id);
            assert!(entry.published.unwrap() <= entry.updated);
            assert_eq!(entry.links.iter().filter(|link| link.rel == "alternate").count(), 1);
            let content = entry.content.as_ref().unwrap();
            assert_eq!(content.content_type(), Some("html"));
        }
    }
}

#[test]
fn atom_reads_back_whole() {
    let outputs = all();
    let feed = atom_syndication::Feed::read_from(&*file(&outputs, "atom.xml")).unwrap();
    assert_eq!(feed.entries[1].updated.to_rfc3339(), "2026-09-09T09:09:09+00:00");
    assert_eq!(feed.entries[1].published.unwrap().to_rfc3339(), "2026-07-01T22:00:00+00:00");
    assert_eq!(feed.entries[1].id, "https://compositor.example/posts/post-2/#not%20an%20iri");
    let persian = atom_syndication::Feed::read_from(&*file(&outputs, "fa/atom.xml")).unwrap();
    assert_eq!(persian.lang.as_deref(), Some("fa"));
    assert_eq!(persian.entries[0].title.value, "نیم\u{200c}فاصله");
    let content = format!("<div lang=\"fa\" dir=\"rtl\">\n{PERSIAN}\n</div>");
    assert_eq!(persian.entries[0].content.as_ref().unwrap().value(), Some(content.as_str()));
}

#[test]
fn a_word_that_is_typed_in_two_ways_stands_once() {
    let mut one = post(1, "sq", "Fjalë", "<p>Fjalë</p>");
    one.section = Some("Çështje".to_owned());
    one.categories = vec!["çështje".to_owned(), "Politikë".to_owned()];
    one.tags = ["#politikë", "كتاب", "کتاب", "Type"].map(str::to_owned).to_vec();
    let outputs = outputs(&[one], &[], &[]);
    let json: Value = serde_json::from_slice(&file(&outputs, JSON_NAME)).unwrap();
    assert_eq!(json["items"][0]["tags"], serde_json::json!(["Çështje", "Politikë", "كتاب", "Type"]));
}

#[test]
fn json_keeps_json_feed_1_1() {
    for output in all().iter().filter(|output| output.path.ends_with("feed.json")) {
        let feed: Value = serde_json::from_slice(&output.bytes.whole()).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert!(feed["title"].is_string() && feed["feed_url"].as_str().unwrap().starts_with("https://"));
        for item in feed["items"].as_array().unwrap() {
            assert!(item["id"].is_string() && item["content_html"].is_string() && item["language"].is_string());
            assert!(DateTime::parse_from_rfc3339(item["date_published"].as_str().unwrap()).is_ok());
        }
    }
    let outputs = all();
    let issues: Value = serde_json::from_slice(&file(&outputs, "newsletter/feed.json")).unwrap();
    assert_eq!(issues["items"][0]["attachments"][0]["size_in_bytes"], 4321);
}

#[test]
fn feed_rs_finds_every_entry() {
    let outputs = all();
    for name in ["feed.xml", "atom.xml", "feed.json"] {
        let feed = feed_rs::parser::parse(&*file(&outputs, name)).unwrap();
        assert_eq!(feed.entries.len(), 3, "{name}");
        assert!(feed.entries.iter().all(|entry| entry.published.is_some() && !entry.links.is_empty()), "{name}");
    }
}

#[test]
fn an_amended_issue_is_the_same_entry_updated() {
    let mut amended = issue("en", "Newsletter", posts());
    let before = outputs(&[], &[], std::slice::from_ref(&amended));
    let frozen = amended.frozen.as_mut().unwrap();
    (frozen.revision, frozen.updated) = (2, instant("2026-10-01T00:00:00Z"));
    let after = outputs(&[], &[], &[amended]);
    let [before, after] = [before, after].map(|outputs| {
        atom_syndication::Feed::read_from(&*file(&outputs, "newsletter/atom.xml")).unwrap().entries.remove(0)
    });
    assert_eq!((&before.id, before.published), (&after.id, after.published));
    assert!(before.updated < after.updated);
}

#[test]
fn feeds_are_cut_to_the_newest_and_keep_their_bytes() {
    let many: Vec<Post> = (0..30).rev().map(|n| post(n, "en", &format!("Post {n}"), "<p>x</p>")).collect();
    let first = sized_outputs(&many, &[], &[], Sizes::all(10));
    let channel = rss::Channel::read_from(&*file(&first, "feed.xml")).unwrap();
    assert_eq!(channel.items.len(), 10);
    assert_eq!(channel.items[0].title(), Some("Post 29"));
    assert_eq!(first, sized_outputs(&many, &[], &[], Sizes::all(10)));
    let empty = sized_outputs(&[], &[], &[], Sizes::all(10));
    assert!(atom_syndication::Feed::read_from(&*file(&empty, "atom.xml")).unwrap().entries.is_empty());
}

#[test]
fn opml_lists_every_feed() {
    let outputs = all();
    let opml = file(&outputs, "feeds.opml");
    let text = std::str::from_utf8(&opml).unwrap();
    let feeds = outputs.iter().filter(|output| output.path.ends_with("feed.xml")).count();
    assert_eq!(text.matches("<outline ").count(), feeds);
    assert!(text.contains("xmlUrl=\"https://compositor.example/tags/%DA%86%D8%A7%D9%BE/feed.xml\""), "{text}");
}

/// A tool of the machine, or the reason to skip.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<String> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        assert!(std::env::var("MASTHEAD_TEST_ALL").as_deref() != Ok("1"), "`{program}` is not installed");
        println!("skipped: `{program}` is not installed");
        return None;
    };
    child.stdin.take().expect("piped").write_all(input).expect("the input is read");
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn xmllint_finds_them_well_formed() {
    for output in all().iter().filter(|output| !output.path.ends_with(JSON_NAME)) {
        if run("xmllint", &["--noout", "-"], &output.bytes.whole()).is_none() {
            return;
        }
    }
}

#[test]
fn feedparser_finds_every_entry() {
    let script = "import sys\ntry:\n import feedparser\nexcept ImportError:\n print('absent'); sys.exit()\n\
                  f=feedparser.parse(sys.stdin.buffer.read()); print(f.bozo, len(f.entries), f.entries[0].content[0].value.count('compositor.example'))";
    let outputs = all();
    for name in ["feed.xml", "atom.xml"] {
        match run("python3", &["-c", script], &file(&outputs, name)).as_deref().map(str::trim) {
            None => return,
            Some("absent") => {
                assert!(
                    std::env::var("MASTHEAD_TEST_ALL").as_deref() != Ok("1"),
                    "python's `feedparser` is not installed"
                );
                println!("skipped: python's `feedparser` is not installed");
                return;
            }
            Some(found) => assert_eq!(found, "False 3 2", "{name}"),
        }
    }
}

#[test]
fn atom_says_in_which_language_borrowed_names_are() {
    let publication = publication();
    let site = Site {
        publication: &publication,
        editions: vec![Edition {
            language: language("fa"),
            publication: persian_edition(),
            posts: Vec::new(),
            apart: Vec::new(),
        }],
        issues: Vec::new(),
        titles: std::collections::BTreeMap::new(),
        descriptions: std::collections::BTreeMap::new(),
        subscribe: None,
        nowhere: &std::collections::BTreeSet::new(),
        page_size: 10,
        drafts: false,
    };
    let outputs = write(&site, &Templates::builtin(), Sizes::all(50)).unwrap();
    let feed = atom_syndication::Feed::read_from(&*file(&outputs, "fa/atom.xml")).unwrap();
    assert_eq!((feed.lang(), feed.title().lang.as_deref()), (Some("fa"), None));
    assert_eq!(feed.subtitle().unwrap().lang.as_deref(), Some("en"));
    assert_eq!(feed.rights().unwrap().lang.as_deref(), Some("en"));
}

#[test]
fn program_text_in_persian_entries_runs_from_the_left() {
    let body = "<p>با <code>--now</code></p><pre><code>x</code></pre>";
    let (english, persian) = (post(1, "en", "Code", body), post(2, "fa", "کد", body));
    let whole = issue("fa", "خبرنامه", vec![persian.clone(), english.clone()]);
    let outputs = outputs(&[english], &[persian], &[whole]);
    let content = |path: &str| {
        let feed: Value = serde_json::from_slice(&file(&outputs, path)).unwrap();
        feed["items"][0]["content_html"].as_str().unwrap().to_owned()
    };
    assert!(content("feed.json").contains(body));
    let marked = "<p>با <code dir=\"ltr\">--now</code></p><pre dir=\"ltr\"><code>x</code></pre>";
    assert!(content("fa/feed.json").contains(marked), "{}", content("fa/feed.json"));
    let issue = content("newsletter/feed.json");
    assert_eq!((issue.matches(marked).count(), issue.matches(body).count()), (1, 1), "{issue}");
}
