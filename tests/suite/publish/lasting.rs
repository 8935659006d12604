//! What feeds call a post, and when they say that it was changed: both stay as long as readers see the same.

use serde_json::Value;

use crate::publication::{Publication, assert_same};

/// Ink and a feed, on 2 September 2026.
fn printed() -> Publication {
    Publication::monthly()
        .post(
            "ink.md",
            "---\ntitle: Ink\ndate: 2026-07-05\nguid: \"wp 12\"\n---\nInk is made\nof *soot*.\n\n- gum\n- oil\n",
        )
        .short_post("2026-07-06-paper.md", "Paper")
        .tables("[[source]]\nname = \"press\"\nfeed = \"press.xml\"")
        .file("press.xml", feed(&[item("abc", "2", ""), item("dup", "6", ""), item("dup", "7", "")]))
        .at("2026-09-02T08:00:00Z")
        .published()
}

fn item(guid: &str, page: &str, more: &str) -> String {
    format!(
        "<item><title>Item {page}</title><link>http://x.example/{page}</link><guid isPermaLink='false'>{guid}</guid>\
         <pubDate>Wed, 08 Jul 2026 10:00:0{page} GMT</pubDate><description>Words of {page}.</description>{more}</item>"
    )
}

fn feed(items: &[String]) -> String {
    format!(
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Press</title>\
         <link>http://x.example/</link>{}</channel></rss>",
        items.concat()
    )
}

trait Lasting {
    /// The id in Atom of the post of this title.
    fn atom_id(&self, title: &str) -> String;
    /// When the feed says that the post of this title was changed.
    fn modified(&self, title: &str) -> String;
    /// As an earlier version kept it.
    fn kept_by_an_earlier_version(self) -> Self;
}

impl Lasting for Publication {
    fn atom_id(&self, title: &str) -> String {
        let feed = atom_syndication::Feed::read_from(self.bytes("public/atom.xml").as_slice()).unwrap();
        let entry = feed.entries.iter().find(|entry| entry.title.value == title);
        entry.unwrap_or_else(|| panic!("no {title} in the feed")).id.clone()
    }

    fn modified(&self, title: &str) -> String {
        let feed: Value = serde_json::from_str(&self.read("public/feed.json")).unwrap();
        let item = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == title);
        item.unwrap_or_else(|| panic!("no {title} in the feed"))["date_modified"].as_str().unwrap().to_owned()
    }

    fn kept_by_an_earlier_version(self) -> Self {
        let lines = self.read("collected/posts.jsonl");
        let before: Vec<String> = lines
            .lines()
            .map(|line| {
                let mut line: Value = serde_json::from_str(line).unwrap();
                let own = line["own"].as_object_mut().unwrap();
                assert!(own.remove("words").is_some());
                own.remove("first_place");
                line.to_string()
            })
            .collect();
        self.file("collected/posts.jsonl", before.join("\n") + "\n")
    }
}

const FIRST: &str = "https://compositor.example/posts/ink/#wp%2012";

/// The file of ink under another name, and the publication at another address.
fn moved(publication: Publication) -> Publication {
    let text = publication.read("posts/ink.md");
    publication
        .without("posts/ink.md")
        .post("soot.md", &text)
        .published()
        .reconfigure("https://compositor.example/", "https://new.example/")
        .published()
}

#[test]
fn an_id_of_another_system_stays_in_atom_when_its_post_moves() {
    let publication = printed();
    assert_eq!(publication.atom_id("Ink"), FIRST);
    assert_eq!(moved(publication.copy()).atom_id("Ink"), FIRST);
    let before = publication.kept_by_an_earlier_version();
    let tree = before.tree("public");
    assert_eq!(moved(before.copy()).atom_id("Ink"), FIRST, "renamed in the first run of a new version");
    let after = before.published();
    assert_same(&tree, &after.tree("public"));
    assert_eq!(moved(after).atom_id("Ink"), FIRST);
    // While it is held back nothing of it is forgotten, though an undated post is kept then, too.
    let held = printed().edit("posts/ink.md", "date: 2026-07-05", "draft: true").published();
    assert_eq!(moved(held).edit("posts/soot.md", "draft: true\n", "").published().atom_id("Ink"), FIRST);
    let lines = |publication: &Publication| publication.read("collected/posts.jsonl");
    let publication = printed();
    assert_eq!(lines(&publication), lines(&publication.copy().published()), "it is kept once");
}

#[test]
fn an_id_of_a_feed_stays_in_atom_when_its_page_moves() {
    let publication = printed();
    assert_eq!(publication.atom_id("Item 2"), "http://x.example/2#abc");
    for to in ["https://x.example/2", "https://y.example/two"] {
        let publication = publication.copy().edit("press.xml", "http://x.example/2", to).published();
        assert_eq!(publication.atom_id("Item 2"), "http://x.example/2#abc");
        assert!(publication.read("public/atom.xml").contains(&format!("href=\"{to}\"")));
        // And when it has scrolled off.
        let publication = publication.file("press.xml", feed(&[item("dup", "6", "")])).published();
        assert_eq!(publication.atom_id("Item 2"), "http://x.example/2#abc");
    }
}

#[test]
fn an_id_that_another_source_has_stays_when_its_page_moves() {
    let other = feed(&[item("abc", "9", "")]).replace("x.example", "z.example");
    let publication =
        printed().tables("[[source]]\nname = \"wire\"\nfeed = \"wire.xml\"").file("wire.xml", other).published();
    let ids = |publication: &Publication| {
        let feed: Value = serde_json::from_str(&publication.read("public/feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap().iter();
        let mut ids: Vec<String> = items.map(|item| item["id"].to_string()).collect();
        ids.sort();
        (ids, publication.atom_id("Item 9"))
    };
    let before = ids(&publication);
    assert_eq!(before.1, "http://z.example/9#abc#http://z.example/9");
    let moved = publication.edit("wire.xml", "http://z.example/9", "https://z.example/nine").published();
    assert_eq!(ids(&moved), before);
}

#[test]
fn a_new_id_has_one_part_and_an_old_one_stays() {
    let publication = printed();
    let old = "http://x.example/7#dup#http://x.example/7";
    assert_eq!((&*publication.atom_id("Item 6"), &*publication.atom_id("Item 7")), ("http://x.example/6#dup", old));
    // Where nothing is kept, feeds have had it.
    let forgotten = publication.copy().without("collected").published();
    assert_eq!(forgotten.atom_id("Item 7"), old);
    let items = ["6", "7", "8"].map(|page| item("dup", page, ""));
    let publication = publication.file("press.xml", feed(&items)).published();
    for _ in 0..2 {
        let publication = publication.copy().published();
        assert_eq!(publication.atom_id("Item 7"), old);
        assert_eq!(publication.atom_id("Item 8"), "http://x.example/8#dup%23http://x.example/8");
    }
}

#[test]
fn a_change_that_is_to_come_counts_once_it_has_come() {
    let with =
        |date: &str, updated: &str| format!("---\ntitle: Ink\ndate: {date}\nupdated: {updated}\n---\nOf soot.\n");
    let atom = |updated: &str| format!("<atom:updated>{updated}</atom:updated>");
    let publication = Publication::monthly()
        .post("ink.md", &with("2026-07-05", "2027-06-01"))
        .tables("[[source]]\nname = \"press\"\nfeed = \"press.xml\"")
        .file("press.xml", feed(&[item("abc", "2", &atom("2030-01-01T00:00:00Z"))]))
        .at("2026-09-02T08:00:00Z");
    let run = publication.publish();
    run.ok().warns("posts/ink.md:4:10: `updated` says 2027-06-01, which is still to come; it does not count before");
    for file in ["atom.xml", "feed.xml", "feed.json", "newsletter/1/index.html", "posts/ink/index.html"] {
        let text = publication.read(&format!("public/{file}"));
        for year in ["2027", "2030"] {
            assert!(!text.contains(year), "{file}: {text}");
        }
    }
    assert_eq!(publication.modified("Item 2"), "2026-07-08T10:00:02Z");
    // What an earlier version kept of it is believed no more.
    let mut line: Value = serde_json::from_str(publication.read("collected/press.jsonl").trim()).unwrap();
    line["post"]["updated"] = "2030-01-01T00:00:00Z".into();
    let kept = publication.copy().file("collected/press.jsonl", format!("{line}\n"));
    for kept in [kept.copy(), kept.file("press.xml", feed(&[item("x", "3", "")]))] {
        assert_eq!(kept.published().modified("Item 2"), "2026-07-08T10:00:02Z");
    }
    let come = publication.at("2027-06-02T08:00:00Z");
    come.publish().ok().quiet();
    assert!(come.modified("Ink").starts_with("2027-05-31") || come.modified("Ink").starts_with("2027-06-01"));
    // The day begins earlier elsewhere, and what is scheduled is changed when it appears.
    for (date, updated) in
        [("2026-07-05", "2026-09-03"), ("2026-07-05", "2026-09-02T08:05:00Z"), ("2027-03-01", "2027-03-01")]
    {
        let publication = Publication::monthly().post("ink.md", &with(date, updated)).at("2026-09-02T08:00:00Z");
        publication.publish().ok().quiet();
    }
}

const REWRAPPED: &str =
    "---\ntitle: Ink\ndate: 2026-07-05\nguid: \"wp 12\"\n---\nInk is made of _soot_.\n\n* gum\n* oil\n";

#[test]
fn a_text_that_is_only_written_otherwise_is_no_update() {
    let rewrapped = |publication: Publication| publication.post("ink.md", REWRAPPED).published();
    let publication = printed();
    let before = publication.modified("Ink");
    let publication = publication.at("2026-09-05T08:00:00Z");
    assert_eq!(rewrapped(publication.copy()).modified("Ink"), before);
    let told = rewrapped(publication.copy()).at("2026-09-06T08:00:00Z").edit("posts/ink.md", "gum", "glue").published();
    assert_eq!(told.modified("Ink"), "2026-09-06T08:00:00Z");
    let comma = publication.copy().edit("posts/ink.md", "- gum", "- gum,").published();
    assert_eq!(comma.modified("Ink"), "2026-09-05T08:00:00Z", "a comma is seen");
    // Words that an earlier version did not keep are kept by the first run, which updates nothing.
    let tree = publication.tree("public");
    let publication = publication.kept_by_an_earlier_version().published();
    assert_same(&tree, &publication.tree("public"));
    assert_eq!(rewrapped(publication).modified("Ink"), before);
}

#[test]
fn a_source_that_was_called_otherwise_is_told_of_once_more_alone() {
    let publication = printed()
        .kept_by_an_earlier_version()
        .reconfigure("markdown = \"posts\"", "name = \"news\"\nmarkdown = \"posts\"");
    let publication = publication.published();
    let kept = |publication: &Publication| {
        ["posts", "news"].map(|name| publication.read(&format!("collected/{name}.jsonl")).lines().count())
    };
    let lines = kept(&publication);
    let publication = publication.at("2026-09-03T08:00:00Z").published();
    assert_eq!(kept(&publication), lines, "a second run has nothing to add");
    let before = publication.modified("Ink");
    let moved = moved(publication.post("ink.md", REWRAPPED));
    assert_eq!((moved.atom_id("Ink").as_str(), moved.modified("Ink")), (FIRST, before));
}

#[test]
fn an_id_that_is_a_word_stays_when_the_language_of_its_post_is_corrected() {
    let text = "---\ntitle: Ink\ndate: 2026-07-05\nid: my-name\n---\nInk.\n";
    let publication = Publication::monthly().post("ink.md", text).at("2026-09-02T08:00:00Z").published();
    let id = |publication: &Publication| {
        let lines = publication.read("collected/posts.jsonl");
        let line: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        line["id"].as_str().unwrap().to_owned()
    };
    let first = id(&publication);
    let mut publication = publication.post("ink.md", &text.replace("id:", "lang: sq\nid:"));
    for _ in 0..3 {
        publication = publication.published();
        assert_eq!(id(&publication), first);
    }
    let back = publication.post("ink.md", text).published().published();
    assert_eq!(id(&back), first);
}
