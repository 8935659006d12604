//! `masthead source`: add, list, check.

use super::{publication, shows, with};
use crate::server::{Server, feed, redirect, says};

#[test]
fn a_page_leads_to_its_feed() {
    let page = "<!doctype html><html><head><title>News</title>\
                <link rel=alternate type=application/rss+xml href=/posts.rss title=Posts>\
                <link rel=alternate type=application/atom+xml href=/comments/feed title='Comments'></head><body>Hello";
    let server = Server::start(vec![
        ("/about", says("200 OK\r\nContent-Type: text/html", page)),
        ("/posts.rss", says("200 OK", feed(&["Found"]).replace("A feed", "Printers' News"))),
        ("/comments/feed", says("200 OK", feed(&["Comment"]))),
    ]);
    let publication = publication();
    let run = publication.run(&["source", "add", &server.url("/about"), "--section", "Elsewhere", "--json"]).ok();
    assert_eq!(run.json()["added"][0]["feed"], server.url("/posts.rss"));
    let config = publication.read("config.toml");
    assert!(config.contains("name = \"printers-news\"\nsection = \"Elsewhere\""), "{config}");
    publication.publish().ok().quiet();
    assert!(shows(&publication, "Found"));
    let run = publication.run(&["source", "add", &server.url("/about")]).ok().says("already there: printers-news");
    drop(run);
    assert_eq!(publication.read("config.toml"), config, "nothing is added twice");
}

#[test]
fn where_a_page_names_nothing_the_usual_places_are_tried() {
    let server = Server::start(vec![
        ("/", says("200 OK\r\nContent-Type: text/html", "<html><body>Hello")),
        ("/feed.xml", redirect(301, "/news/feed.xml")),
        ("/news/feed.xml", says("200 OK", feed(&["Found"]))),
    ]);
    let publication = publication();
    let run = publication.run(&["source", "add", &server.url("/"), "--name", "news", "--json"]).ok();
    assert_eq!(run.json()["added"][0]["feed"], server.url("/news/feed.xml"));
    let nothing = Server::start(vec![("/", says("200 OK\r\nContent-Type: text/html", "<html><body>Hello"))]);
    publication
        .run(&["source", "add", &nothing.url("/")])
        .leaves_with(1)
        .says("is no feed, and no feed was found for it")
        .says("8 addresses were tried");
}

#[test]
fn what_cannot_be_asked_is_told_and_offline_adds_it_all_the_same() {
    let publication = publication();
    let before = publication.read("config.toml");
    publication
        .run(&["source", "add", "http://10.0.0.1/feed"])
        .leaves_with(1)
        .says("`10.0.0.1` is at a private address")
        .says("--offline");
    publication.run(&["source", "add", "https://me:pw@feeds.example/", "--offline"]).leaves_with(1).says("environment");
    publication.run(&["source", "add", "no-such-file"]).leaves_with(2).says("neither an address nor a file");
    assert_eq!(publication.read("config.toml"), before);
    publication.run(&["source", "add", "https://www.feeds.example/news/atom.xml", "--offline"]).ok();
    assert!(publication.read("config.toml").contains("feed = \"https://www.feeds.example/news/atom.xml\""));
}

#[test]
fn lists_come_in_and_go_out() {
    let list = "<?xml version=\"1.0\"?><opml version=\"2.0\"><body>\n\
                <outline text=\"Type\"><outline text=\"Letters\" xmlUrl=\"https://letters.example/feed\"/>\n\
                <outline text=\"Inks &amp; papers\" htmlUrl=\"https://inks.example/\" xmlUrl=\"http://inks.example/rss?a=1&amp;b=2\" language=\"fa\"/></outline>\n\
                <outline text=\"Odd\" xmlUrl=\"gopher://old.example/\"/>\n\
                <outline text=\"Link\" type=\"link\" url=\"https://link.example/\"/></body></opml>";
    let publication = publication().file("list.opml", list);
    let run = publication.run(&["source", "add", "list.opml", "--json"]).ok().warns("gopher");
    let json = run.json();
    let names: Vec<&str> = json["added"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["letters", "inks-papers"]);
    assert_eq!(json["left_out"].as_array().unwrap().len(), 2, "{json}");
    assert!(run.warnings()[0].starts_with("list.opml:4:1: "), "{:?}", run.warnings());
    let out = publication.run(&["source", "list", "--opml"]).ok().stdout;
    let other = super::publication().file("ours.opml", &out).after(&["source", "add", "ours.opml"]);
    let feeds = |publication: &crate::publication::Publication| {
        let text = publication.read("config.toml");
        text.lines().filter(|line| line.starts_with("feed =")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(feeds(&other), feeds(&publication));
    assert!(other.read("config.toml").contains("section = \"Type\"\nlanguage = \"fa\""));
    let listed = other.run(&["source", "list", "--opml"]).ok().stdout;
    assert_eq!(listed, out, "titles and sites stay");
    assert!(out.contains("text=\"Inks &amp; papers\"") && out.contains("htmlUrl=\"https://inks.example/\""), "{out}");
    publication.run(&["source", "list"]).ok().says("inks-papers: feed http://inks.example/rss").says("never asked");
}

#[test]
fn a_list_that_ends_before_its_end_is_told() {
    let list = "<opml version=\"2.0\"><body>\n<outline text=\"One\" xmlUrl=\"https://one.example/feed\"/>\n\
                <outline text=\"Two\" xmlUrl=\"https://two.example/fe";
    let publication = publication().file("list.opml", list);
    let run = publication.run(&["source", "add", "list.opml", "--json"]).ok();
    assert_eq!(run.json()["added"].as_array().unwrap().len(), 1);
    assert_eq!(run.warnings(), ["list.opml:3:1: this list ends before `</opml>`; what stood behind that is missing"]);
}

#[test]
fn what_is_no_source_is_not_added() {
    let publication = publication()
        .file("notes.txt", "Only words.\n")
        .file("page.html", "<!DOCTYPE html><html><head><title>T</title></head><body><p>A</p></body></html>")
        .file("x.pdf", "%PDF-1.7\n")
        .file("empty.xml", "");
    let before = publication.read("config.toml");
    for name in ["notes.txt", "page.html", "x.pdf", "empty.xml"] {
        let run = publication.run(&["source", "add", name]).leaves_with(1);
        run.says(&format!("`{name}` is no feed, no OPML list and no WordPress export"));
    }
    assert_eq!(publication.read("config.toml"), before);
}

#[test]
fn a_source_cannot_be_called_by_a_path() {
    let text = "[[source]]\nfeed = \"f.xml\"\nname = \"../../evil\"\n";
    let publication = publication().file("f.xml", feed(&["One"]));
    let config = publication.read("config.toml");
    publication
        .file("config.toml", format!("{config}\n{text}"))
        .run(&["collect"])
        .leaves_with(2)
        .says("a source cannot be called `../../evil`");
}

#[test]
fn files_and_folders_are_told_apart() {
    let export =
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>T</title></channel></rss>";
    let publication = publication()
        .file("old.xml", export)
        .file("new.xml", feed(&["One"]))
        .file("inbox/2026-07-02-letter.md", "---\ntitle: Letter\n---\nDear all.\n");
    publication.run(&["source", "add", "old.xml", "new.xml", "inbox"]).ok().says("3 sources added");
    let config = publication.read("config.toml");
    for line in ["wordpress = \"old.xml\"", "feed = \"new.xml\"", "markdown = \"inbox\""] {
        assert!(config.contains(line), "{config}");
    }
    publication
        .run(&["source", "check"])
        .ok()
        .says("inbox: folder inbox: 1 post")
        .says("old: WordPress export old.xml");
}

#[test]
fn check_says_what_is_wrong_and_collects_nothing() {
    let old = feed(&["One", "Two"]).replace("Jul 2026", "Jul 2020");
    let page = "<html><head><link rel=alternate type=application/rss+xml href=/real.xml></head>";
    let server = Server::start(vec![
        ("/old", says("200 OK\r\nContent-Type: text/plain", old)),
        ("/page", says("200 OK\r\nContent-Type: text/html", page)),
        ("/moved", redirect(301, "/new")),
        ("/new", says("200 OK\r\nETag: \"1\"\r\nContent-Type: application/rss+xml", feed(&["Three"]))),
    ]);
    let publication =
        with(&[("old", &server.url("/old")), ("page", &server.url("/page")), ("moved", &server.url("/moved"))]);
    let run = publication.run(&["source", "check"]).ok();
    drop(
        run.says("a feed with 2 items")
            .says("sends neither ETag nor Last-Modified")
            .says("it is served as text/plain")
            .says("the newest item is of 2020-07-10")
            .says("the answer is a web page, not a feed")
            .says(&format!("the page names {}", server.url("/real.xml")))
            .says(&format!("it has moved for good to {}", server.url("/new")))
            .says("posts: folder"),
    );
    assert!(!publication.has("collected/old.jsonl") && !publication.has("public"));
    publication.run(&["source", "check", "odl"]).leaves_with(2).says("`old`");
}

#[test]
fn addresses_in_config_are_checked() {
    let fails = |source: &str, words: &str| {
        publication().tables(&format!("[[source]]\n{source}")).run(&["source", "list"]).leaves_with(2).says(words);
    };
    fails("feed = \"https://me:pw@feeds.example/\"", "holds a user or a password");
    fails("feed = \"ftp://feeds.example/\"", "the address of this feed");
    fails("markdown = \"posts\"\npaused = true", "this is for sources on the web");
    let table = |line: &str, words: &str| {
        let wrong = publication().reconfigure("gap = \"0s\"", line);
        wrong.run(&["source", "list"]).leaves_with(2).says(words);
    };
    table("gap = \"soon\"", "`soon` is not a length of time");
    table("hosts_at_once = 0", "it must be at least 1");
    table("max_sise = \"3 MB\"", "max_sise");
}
