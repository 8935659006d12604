//! Feeds that are read again as they were: what is kept of their items is believed, and nothing changes.

use std::fmt::Write as _;

use super::counts;
use crate::publication::Publication;
use crate::tools::{corpus, long};

/// The short form reads one of so many files.
const ONE_OF: usize = 4;

#[test]
fn feeds_that_are_read_again_change_nothing() {
    let Some(folder) = corpus("feeds") else { return };
    let every = if long() { 1 } else { ONE_OF };
    let mut sources = String::new();
    for (number, file) in counts().into_keys().step_by(every).enumerate() {
        writeln!(sources, "[[source]]\nname = \"s{number}\"\nfeed = '{}'", folder.join(file).display()).unwrap();
    }
    let publication = Publication::new().tables(&sources);
    publication.run(&["build"]).ok();
    let before = publication.tree("public");
    let again = publication.run(&["build", "-v"]).ok();
    crate::publication::assert_same(&publication.tree("public"), &before);
    for untrue in ["is not as the sanitiser writes it", "which is none on the web", "none of the files kept"] {
        assert!(!again.stderr.contains(untrue), "{untrue}: {}", again.stderr);
    }
}

#[test]
fn an_item_without_a_page_has_one_of_ours_that_stays() {
    let feed = |items: &str| {
        format!(
            "<rss version='2.0'><channel><title>Press</title><link>https://press.example/</link>{items}</channel></rss>"
        )
    };
    let note = |words: &str| {
        format!(
            "<item><title>Ink</title><pubDate>Wed, 08 Jul 2026 10:00:00 GMT</pubDate><description>&lt;p>{words}, at \
             length.&lt;/p></description></item>"
        )
    };
    let linked = "<item><title>Paper</title><link>https://press.example/paper</link><guid>p</guid></item>";
    let publication = Publication::new()
        .tables("[[source]]\nfeed = \"f.xml\"\n")
        .file("f.xml", feed(&format!("{}{linked}", note("Black"))));
    publication.run(&["publish"]).ok();
    let pages = publication.files("public/posts");
    let [page] = &pages[..] else { panic!("{pages:?}") };
    let (folder, page) = (page.strip_suffix("index.html").unwrap(), format!("public/posts/{page}"));
    let html = publication.read(&page);
    assert!(
        html.contains("<p>Black, at length.</p>") && html.contains("href=\"https://press.example/\">Press</a>"),
        "{html}"
    );
    for list in ["public/index.html", "public/atom.xml", "public/feed.json", "public/sitemap.xml"] {
        assert!(publication.read(list).contains(folder), "{list}");
    }
    // What is known of it under another id stays where it was.
    let publication = publication.file("f.xml", feed(&note("Blue")));
    publication.run(&["publish"]).ok();
    assert_eq!(publication.files("public/posts"), pages);
    assert!(publication.read(&page).contains("Blue, at length."));
}

#[test]
fn ids_of_what_has_no_page_are_those_of_the_site_it_stands_on() {
    let feed = |title: &str| {
        format!(
            "<rss version='2.0'><channel><title>{title}</title><link>https://{title}.example/</link><item><title>{title}</title>\
             <guid isPermaLink='false'>G</guid><description>Of {title}, at length.</description></item></channel></rss>"
        )
    };
    let publication = Publication::new()
        .tables("[[source]]\nfeed = \"f.xml\"\n[[source]]\nfeed = \"g.xml\"\n")
        .file("f.xml", feed("press"))
        .file("g.xml", feed("paper"));
    let ids = |publication: &Publication| {
        publication.run(&["publish"]).ok();
        let atom = publication.read("public/atom.xml");
        let ids = atom.split("<id>").skip(2).map(|rest| rest.split("</id>").next().unwrap().to_owned());
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids
    };
    let first = ids(&publication);
    assert_eq!(first, ["https://paper.example/#G#https://paper.example/", "https://press.example/#G"]);
    let publication = publication.reconfigure("https://compositor.example/", "https://letters.example/");
    assert_eq!(ids(&publication), first, "our own addresses are no part of them");
}
