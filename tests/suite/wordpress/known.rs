//! Exports that are read at each run: their posts stay those that they were, whatever the old site does to their guids, and
//! are updated when their words change.

use std::collections::BTreeMap;

use super::{END, HEAD, item};
use crate::publication::{Publication, assert_same};

const INK: &str = "Soot and gum, boiled.\n\nhttps://blog.example/wp-content/uploads/ink.pdf";
const PAPER: &str = "Rags, and <em>size</em>.";

/// The export of one site.
fn export(items: &[String]) -> String {
    format!("{HEAD}{}{END}", items.concat())
}

fn posts() -> [String; 2] {
    [item(1, "ink", INK), item(2, "paper", PAPER)]
}

/// A publication that reads an export at each run, on 2 August 2026.
fn reading(location: &str) -> Publication {
    Publication::new().reconfigure("markdown = \"posts\"", &format!("wordpress = \"{location}\""))
}

fn blog() -> Publication {
    reading("export.xml").file("export.xml", export(&posts()))
}

/// The export as it is after its publisher has moved the site to another domain.
fn moved(export: &str) -> String {
    export.replace("//blog.example", "//press.example")
}

trait Blog {
    /// Moves the site to another domain, by an export of this name.
    fn moved(self, from: &str, to: &str) -> Self;
    /// The ids in the feed, by title.
    fn ids(&self) -> BTreeMap<String, String>;
    /// The times of updates in the feed, by title.
    fn updates(&self) -> BTreeMap<String, String>;
    /// What is kept.
    fn lines(&self) -> String;
    /// Publishes twice, and asserts that the second run changes nothing.
    fn settled(self) -> Self;
}

impl Blog for Publication {
    fn moved(self, from: &str, to: &str) -> Self {
        let text = moved(&self.read(from));
        self.without(from).file(to, text)
    }

    fn ids(&self) -> BTreeMap<String, String> {
        entries(&self.read("public/atom.xml"), "id")
    }

    fn updates(&self) -> BTreeMap<String, String> {
        entries(&self.read("public/atom.xml"), "updated")
    }

    fn lines(&self) -> String {
        self.files("collected").iter().map(|file| self.read(&format!("collected/{file}"))).collect()
    }

    fn settled(self) -> Self {
        let before = self.published();
        let (public, lines) = (before.tree("public"), before.lines());
        let after = before.published();
        assert_same(&public, &after.tree("public"));
        assert_eq!(lines, after.lines());
        after
    }
}

/// An element of each entry of an Atom feed, by the entry's title.
fn entries(feed: &str, element: &str) -> BTreeMap<String, String> {
    let text = |entry: &str, element: &str| {
        let (_, rest) = entry.split_once(&format!("<{element}")).unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        rest.split('<').next().unwrap().replace("+00:00", "Z")
    };
    feed.split("<entry").skip(1).map(|entry| (text(entry, "title"), text(entry, element))).collect()
}

fn named<const N: usize>(values: [(&str, &str); N]) -> BTreeMap<String, String> {
    values.into_iter().map(|(title, value)| (title.to_owned(), value.to_owned())).collect()
}

fn first_ids() -> BTreeMap<String, String> {
    named([("Post ink", "https://blog.example/?p=1"), ("Post paper", "https://blog.example/?p=2")])
}

#[test]
fn ids_stay_when_a_site_moves() {
    let publication = blog().settled();
    assert_eq!(publication.ids(), first_ids());
    let publication = publication.at("2026-08-09T08:00:00Z").moved("export.xml", "export.xml");
    publication.publish().ok().says("2 posts of `export-xml` have other guids now; they keep their ids");
    let publication = publication.settled();
    assert_eq!(publication.ids(), first_ids());
    assert_eq!(publication.updates()["Post ink"], "2026-07-02T08:00:00Z", "an address is no word");
    let feed = publication.read("public/feed.xml");
    assert!(feed.contains("https://press.example/2026/07/ink/") && !feed.contains("blog.example/2026"), "{feed}");
    publication.publish().ok().says_not("other guids");
}

#[test]
fn an_id_that_is_no_address_stays_in_atom_when_the_site_moves() {
    let text = export(&posts()).replace("https://blog.example/?p=1<", "wp 1<");
    let publication = reading("export.xml").file("export.xml", text).settled();
    let ids = publication.ids();
    assert_eq!(ids["Post ink"], "https://blog.example/2026/07/ink/#wp%201");
    let publication = publication.moved("export.xml", "export.xml").settled();
    assert_eq!(publication.ids(), ids);
    assert!(publication.read("public/atom.xml").contains("href=\"https://press.example/2026/07/ink/\""));
}

#[test]
fn a_change_that_is_to_come_does_not_count() {
    let changed = "<wp:post_modified_gmt>2027-01-01 10:00:00</wp:post_modified_gmt><wp:post_name>ink";
    let text = export(&posts()).replace("<wp:post_name>ink", changed);
    let publication = reading("export.xml").file("export.xml", text);
    publication.publish().ok().warns("was changed on a day that is still to come; that does not count before");
    assert_eq!(publication.updates()["Post ink"], "2026-07-02T08:00:00Z");
    let come = publication.at("2027-01-02T08:00:00Z").published();
    assert_eq!(come.updates()["Post ink"], "2027-01-01T10:00:00Z");
}

#[test]
fn what_was_known_is_known_from_the_ids_of_the_day() {
    let publication = blog().published();
    // As a version left it that kept nothing of posts with dates.
    let publication = publication.without("collected").settled();
    assert_eq!(publication.ids(), first_ids());
    let lines = publication.lines();
    assert!(lines.lines().count() == 2 && lines.lines().all(|line| line.len() < 250), "{lines}");
    assert_eq!(publication.publish().ok().warnings(), Vec::<String>::new());
}

#[test]
fn of_two_sites_in_one_folder_each_has_its_own_posts() {
    let other = export(&[item(1, "ink", INK), item(2, "paper", PAPER)]).replace("blog.example", "other.example");
    let other = other.replace("2026-07-0", "2026-06-0").replace("<title>Post", "<title>Other");
    let publication = reading("sites").file("sites/a.xml", export(&posts())).file("sites/b.xml", other).settled();
    let both = publication.ids();
    assert_eq!(both.len(), 4);
    let publication = publication.moved("sites/a.xml", "sites/a.xml").settled();
    assert_eq!(publication.ids(), both);
    let publication = publication.moved("sites/a.xml", "sites/c.xml").settled();
    assert_eq!(publication.ids(), both);
    // One site in the place of the other.
    let other = publication.read("sites/b.xml").replace("other.example", "third.example").replace("2026-06", "2026-05");
    let publication = publication.file("sites/b.xml", other).settled();
    assert_eq!(publication.ids()["Other ink"], "https://third.example/?p=1");
    assert_eq!(publication.ids()["Post ink"], both["Post ink"]);
}

#[test]
fn an_export_whose_file_is_called_otherwise_has_the_same_posts() {
    let publication = blog().settled().moved("export.xml", "blog.2026-08-09.xml");
    let publication = publication.reconfigure("export.xml", "blog.2026-08-09.xml").settled();
    assert_eq!(publication.ids(), first_ids());
    assert_eq!(publication.files("collected").len(), 2);
    // From then on its own file is enough.
    let publication = publication.without("collected/export-xml.jsonl").settled();
    assert_eq!(publication.ids(), first_ids());
}

#[test]
fn a_post_that_was_away_comes_back_as_the_one_it_was() {
    let publication = blog().published().file("export.xml", export(&posts()[..1])).published();
    assert_eq!(publication.ids().len(), 1);
    let publication = publication.file("export.xml", moved(&export(&posts()))).settled();
    assert_eq!(publication.ids(), first_ids());
}

#[test]
fn a_copy_of_the_publication_knows_its_posts_too() {
    let publication = blog().published().copy().moved("export.xml", "export.xml").settled();
    assert_eq!(publication.ids(), first_ids());
}

#[test]
fn a_post_without_a_date_keeps_the_day_on_which_it_was_seen() {
    let undated = posts().concat().replace("2026-07-02 ", "0000-00-00 ");
    let publication = reading("export.xml").file("export.xml", export(&[undated]));
    let day = |publication: &Publication| {
        let report = publication.run(&["collect", "--json"]).ok().json();
        let posts = report["posts"].as_array().unwrap();
        posts.iter().find(|post| post["title"] == "Post ink").unwrap()["date"].clone()
    };
    assert_eq!(day(&publication), "2026-08-02T08:00:00Z");
    // As a version left it that kept nothing else of it.
    let line =
        "{\"source\":\"export-xml\",\"id\":\"https://blog.example/?p=1\",\"first_seen\":\"2026-07-20T08:00:00Z\"}\n";
    let publication = publication.file("collected/export-xml.jsonl", line).at("2026-08-03T08:00:00Z");
    assert_eq!(day(&publication), "2026-07-20T08:00:00Z");
    assert!(
        publication.lines().starts_with(line) && publication.lines().lines().count() == 3,
        "{}",
        publication.lines()
    );
    let publication = publication.moved("export.xml", "export.xml");
    assert_eq!(day(&publication), "2026-07-20T08:00:00Z");
    assert_eq!(publication.published().ids(), first_ids());
}

#[test]
fn what_is_scheduled_is_kept_when_it_is_public() {
    let later = export(&posts()).replace("2026-07-02 ", "2026-08-20 ");
    let publication = reading("export.xml").file("export.xml", later).settled();
    assert_eq!(publication.lines().lines().count(), 1);
    let publication = publication.at("2026-08-21T08:00:00Z").settled();
    assert_eq!(publication.lines().lines().count(), 2);
}

#[test]
fn an_export_that_does_not_say_so_is_updated_when_its_words_change() {
    let publication = blog().settled();
    let first = named([("Post ink", "2026-07-02T08:00:00Z"), ("Post paper", "2026-07-03T08:00:00Z")]);
    assert_eq!(publication.updates(), first);
    let other_markup = "<!-- wp:paragraph --><p>Soot and <b>gum</b>, boiled.</p><!-- /wp:paragraph -->";
    let publication = publication.at("2026-08-04T08:00:00Z").edit("export.xml", INK, other_markup);
    let lines = publication.lines();
    let publication = publication.settled();
    assert_eq!((publication.updates(), publication.lines()), (first, lines), "markup is no word");
    let publication = publication.at("2026-08-05T08:00:00Z").edit("export.xml", "boiled", "cooked");
    publication.run(&["check"]);
    let publication = publication.at("2026-08-06T08:00:00Z").settled();
    let updated = named([("Post ink", "2026-08-06T08:00:00Z"), ("Post paper", "2026-07-03T08:00:00Z")]);
    assert_eq!(publication.updates(), updated, "a run that keeps nothing has not seen it");
    // The post does not change again with its guid, nor with the days.
    let publication = publication.at("2026-08-09T08:00:00Z").moved("export.xml", "export.xml").settled();
    assert_eq!(publication.updates(), updated);
    let publication = publication.at("2026-08-10T08:00:00Z").edit("export.xml", "Post paper", "Post rags").settled();
    assert_eq!(publication.updates()["Post rags"], "2026-08-10T08:00:00Z");
}

#[test]
fn what_an_export_says_of_changes_counts() {
    let modified = "<wp:post_modified_gmt>2026-07-10 10:00:00</wp:post_modified_gmt><wp:post_name>ink<";
    let publication = blog().edit("export.xml", "<wp:post_name>ink<", modified).settled();
    assert_eq!(publication.updates()["Post ink"], "2026-07-10T10:00:00Z");
    let lines = publication.lines();
    assert_eq!(lines.matches("\"words\"").count(), 1, "{lines}");
    let publication = publication.at("2026-08-05T08:00:00Z").edit("export.xml", "boiled", "cooked").settled();
    assert_eq!((publication.updates()["Post ink"].as_str(), publication.lines()), ("2026-07-10T10:00:00Z", lines));
    // An export that does not say it any more begins anew.
    let publication = publication.file("export.xml", export(&posts())).settled();
    assert_eq!(publication.updates()["Post ink"], "2026-07-02T08:00:00Z");
}

#[test]
fn an_archive_is_brought_over_under_the_ids_that_its_source_gave() {
    let publication = blog().published().moved("export.xml", "export.xml");
    let publication = publication.reconfigure("wordpress = \"export.xml\"", "markdown = \"posts\"");
    let lines = publication.lines();
    let publication = publication.after(&["source", "import", "export.xml"]);
    assert_eq!(publication.lines(), lines, "files are written, and nothing is kept");
    assert_eq!(publication.published().ids(), first_ids());
}
