use super::{Texts, canonical, is_one_site, twice};
use crate::collect::collect;
use crate::collect::tests::{config, folder, now};
use crate::config::SourceKind;
use crate::model::Post;

#[test]
fn addresses_of_one_page_are_one() {
    for address in [
        "https://press.example/2026/ink/",
        "http://www.press.example/2026/ink#top",
        "https://press.example:443/2026/ink?utm_source=feed&utm_medium=rss",
        "https://press.example/2026/ink/index.html?source=rss----a1&at_medium=RSS",
    ] {
        assert_eq!(canonical(address), "press.example/2026/ink", "{address}");
    }
    assert_ne!(canonical("https://press.example/?p=1"), canonical("https://press.example/?p=2"));
    assert_ne!(canonical("https://press.example/?source=a"), canonical("https://press.example/?source=b"));
}

fn item(id: &str, link: &str, title: &str, text: &str) -> String {
    format!("<item><guid>{id}</guid><link>{link}</link><title>{title}</title><description>{text}</description></item>")
}

fn feed(site: &str, items: &[String]) -> String {
    format!(
        "<rss version='2.0'><channel><title>F</title><link>https://{site}/</link>{}</channel></rss>",
        items.concat()
    )
}

#[test]
fn two_that_link_one_page_are_two_unless_they_say_the_same() {
    let root = tempfile::tempdir().unwrap();
    let link = "https://third.example/report";
    let one = [item("a", link, "On the report", "It is good."), item("b", "https://third.example/x", "X", "Yes.")];
    let other = [item("c", link, "A bad report", "No."), item("d", "https://third.example/x", "x", "It is.")];
    std::fs::write(root.path().join("one.xml"), feed("one.example", &one)).unwrap();
    std::fs::write(root.path().join("other.xml"), feed("other.example", &other)).unwrap();
    let source = SourceKind::feed;
    let sources = vec![("one", source("one.xml")), ("other", source("other.xml"))];
    let collected = collect(&config(root.path(), sources), now()).unwrap().value;
    let ids: Vec<&str> = collected.posts.iter().map(|post| post.id.0.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn the_original_stays_whichever_comes_first() {
    let link = "https://press.example/soot";
    let own = || feed("press.example", &[item("urn:1", link, "Soot and gum", "Of soot, at length.")]);
    let planet = || feed("planet.example", &[item("urn:1", link, "Ann: Soot and gum", "Of soot")]);
    let kept = [("urn:1".to_owned(), "Soot and gum".to_owned())];
    assert_eq!(collected(&[("a.xml", planet()), ("b.xml", own())]), kept);
    assert_eq!(collected(&[("a.xml", own()), ("b.xml", planet())]), kept);
}

#[test]
fn the_original_stays_where_a_service_hands_out_its_feed() {
    let root = tempfile::tempdir().unwrap();
    let source = SourceKind::feed;
    let link = "https://press.example/soot";
    let of = |site: &str, title: &str, text: &str| {
        std::fs::write(root.path().join("a.xml"), feed(site, &[item("urn:1", link, title, text)])).unwrap();
        let alone = config(root.path(), vec![("a", source("a.xml"))]);
        collect(&alone, now()).unwrap().value.posts.remove(0)
    };
    let long = "Of soot, and of gum, and of the chimneys of the town. ".repeat(9);
    let own = || of("press.example", "Soot and gum", "Of soot, at length.");
    let planet = || of("planet.example", "Ann: Soot and gum", "Of soot");
    let other = || of("other.example", "Soot and gum", &long);
    let same = || of("planet.example", "Soot and gum", "Of soot");
    for (first, second, left_out) in
        [(planet(), own(), 0), (own(), planet(), 1), (same(), other(), 0), (other(), same(), 1)]
    {
        let posts = [Post { source: "x".to_owned(), ..first }, Post { source: "y".to_owned(), ..second }];
        let kinds = vec![("x", source("https://x.example/feed")), ("y", source("https://y.example/feed"))];
        let sources = config(root.path(), kinds).sources;
        let found = twice(&posts, &Texts::default(), &sources);
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [left_out], "{}, {}", posts[0].title, posts[1].title);
    }
}

#[test]
fn what_was_taken_from_a_collection_before_stays_under_its_id() {
    let root = tempfile::tempdir().unwrap();
    let link = "https://press.example/soot";
    let planet = feed("planet.example", &[item("urn:1", link, "Ann: Soot and gum", "Of soot")]);
    let own = feed("press.example", &[item("urn:1", link, "Soot and gum", "Of soot, at length.")]);
    std::fs::write(root.path().join("planet.xml"), planet).unwrap();
    std::fs::write(root.path().join("own.xml"), own).unwrap();
    let source = SourceKind::feed;
    let alone = config(root.path(), vec![("planet", source("planet.xml"))]);
    let first = collect(&alone, now()).unwrap().value;
    let path = root.path().join(crate::collect::sightings_path(&alone, "planet"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let lines: String =
        first.sightings.iter().map(|sighting| serde_json::to_string(sighting).unwrap() + "\n").collect();
    std::fs::write(path, lines).unwrap();
    let both = vec![("own", source("own.xml")), ("planet", source("planet.xml"))];
    let later = now() + chrono::Duration::days(1);
    let posts = collect(&config(root.path(), both), later).unwrap().value.posts;
    let found: Vec<(&str, &str)> = posts.iter().map(|post| (&*post.source, &*post.id.0)).collect();
    assert_eq!(found, [("planet", "urn:1")]);
}

#[test]
fn a_text_that_says_where_it_stands_first_is_the_same() {
    let text = format!("&lt;p&gt;{}&lt;/p&gt;", "Soot was gathered from the chimneys of the town. ".repeat(9));
    let link = "https://press.example/soot";
    let mark = format!("&lt;p&gt;Originally published at &lt;a href=\"{link}\"&gt;press.example&lt;/a&gt;.&lt;/p&gt;");
    let own = |more: &str| feed("press.example", &[item("1", link, "Soot", &[&text, more].concat())]);
    let copy = |more: &str| {
        let page = "https://medium.example/soot";
        feed("medium.example", &[item("2", page, "Soot", &[&text, more].concat())])
    };
    let first = "&lt;p&gt;The post Soot appeared first on The Press.&lt;/p&gt;";
    for feeds in [
        [("a.xml", own("")), ("b.xml", copy(&mark))],
        [("a.xml", copy(&mark)), ("b.xml", own(""))],
        [("a.xml", own(first)), ("b.xml", copy(""))],
        [("a.xml", own(first)), ("b.xml", copy(&mark))],
    ] {
        assert_eq!(collected(&feeds), [("1".to_owned(), "Soot".to_owned())]);
    }
    let street = "&lt;p&gt;The water is off on Long Street.&lt;/p&gt;";
    assert_eq!(collected(&[("a.xml", own("")), ("b.xml", copy(street))]).len(), 2);
}

fn collected(feeds: &[(&str, String); 2]) -> Vec<(String, String)> {
    let root = tempfile::tempdir().unwrap();
    let source = SourceKind::feed;
    for (name, text) in feeds {
        std::fs::write(root.path().join(name), text).unwrap();
    }
    let sources = feeds.iter().map(|(name, _)| (*name, source(name))).collect();
    let posts = collect(&config(root.path(), sources), now()).unwrap().value.posts;
    posts.into_iter().map(|post| (post.id.0, post.title)).collect()
}

#[test]
fn nobody_can_take_a_post_away_by_naming_it_before() {
    let news = item("https://v.example/?p=2", "https://v.example/p2/", "Real news", "The bridge is open.");
    let victim = feed("v.example", &[news]);
    let both = |site: &str, id: &str, link: &str| {
        let evil = feed(site, &[item(id, link, "Buy now", "Cheap.")]);
        collected(&[("evil.xml", evil), ("victim.xml", victim.clone())])
    };
    let real = ("https://v.example/?p=2".to_owned(), "Real news".to_owned());
    for (id, link) in [
        ("https://v.example/?p=2", "https://evil.example/"),
        ("https://v.example/?p=2", "https://v.example/p2/"),
        ("e", "https://v.example/p2/"),
    ] {
        assert!(both("evil.example", id, link).contains(&real), "{id}, {link}");
    }
}

#[test]
fn words_about_a_page_are_no_copy_of_it() {
    let link = "https://press.example/soot";
    let own = || feed("press.example", &[item("1", link, "Soot", &"Soot was gathered from chimneys. ".repeat(9))]);
    let about = |text: &str| feed("links.example", &[item("2", link, "Worth reading", text)]);
    let words = "What nobody told us at school, and why printers were ashamed to buy it by day. ".repeat(4);
    assert_eq!(collected(&[("a.xml", about(&words)), ("b.xml", own())]).len(), 2);
    assert_eq!(collected(&[("a.xml", own()), ("b.xml", about(&words))]).len(), 2);
    assert_eq!(collected(&[("a.xml", own()), ("b.xml", about("Soot was gathered"))]).len(), 1);
}

#[test]
fn sites_are_those_of_hosts_and_what_is_below_them() {
    assert!(is_one_site("feeds.press.example", "press.example") && is_one_site("a.example", "a.example"));
    assert!(!is_one_site("xpress.example", "press.example") && !is_one_site("press.example", "example"));
}

#[test]
fn an_id_that_is_no_address_means_a_post_of_its_feed_alone() {
    let one = feed("one.example", &[item("1", "https://one.example/a", "Flood in the valley", "Water.")]);
    let other = feed("other.example", &[item("1", "https://other.example/x", "Recipes", "Cake.")]);
    let posts = collected(&[("one.xml", one), ("other.xml", other)]);
    let found: Vec<(&str, &str)> = posts.iter().map(|(id, title)| (&**id, &**title)).collect();
    assert_eq!(found, [("1", "Flood in the valley"), ("1#https://other.example/x", "Recipes")]);
}

#[test]
fn two_feeds_of_one_site_may_both_count_their_items() {
    let numbered = |title: &str, text: &str| {
        let item = item("1", "", title, text).replace("<link></link>", "");
        feed("s.example", &[item])
    };
    let news = || numbered("News one", "The bridge is open.");
    for (other, expected) in [
        (numbered("Event one", "A fair."), 2),
        (numbered("News one", "It is closed."), 1),
        (numbered("Of the bridge", "The bridge is open."), 1),
    ] {
        assert_eq!(collected(&[("news.xml", news()), ("other.xml", other)]).len(), expected);
    }
}

#[test]
fn a_translation_with_the_id_of_what_it_translates_stays() {
    let one = feed("press.example", &[item("urn:a", "https://press.example/en/a", "Ink", "On ink.")]);
    let persian = item("urn:a", "https://press.example/fa/a", "\u{645}\u{631}\u{6a9}\u{628}", "\u{62f}\u{631}");
    let other = feed("press.example", &[persian]).replace("<link>", "<language>fa</language><link>");
    let again = feed("press.example", &[item("urn:a", "https://press.example/fa/a", "Ink", "On ink.")]);
    let again = again.replace("<link>", "<language>fa</language><link>");
    let posts = collected(&[("en.xml", one.clone()), ("fa.xml", other)]);
    assert_eq!((posts.len(), &*posts[1].0), (2, "urn:a#https://press.example/fa/a"));
    let named_alike = item("urn:a", "https://press.example/fa/a", "Ink", "\u{62f}\u{631} \u{645}\u{631}\u{6a9}\u{628}");
    let named_alike = feed("press.example", &[named_alike]).replace("<link>", "<language>fa</language><link>");
    assert_eq!(collected(&[("en.xml", one.clone()), ("fa.xml", named_alike)]).len(), 2);
    assert_eq!(collected(&[("en.xml", one), ("again.xml", again)]).len(), 1, "one text, whatever its feed says");
}

#[test]
fn the_same_piece_from_several_sources_is_one_post() {
    let root = tempfile::tempdir().unwrap();
    let long = "A text that is long enough to be known again. ".repeat(8);
    std::fs::create_dir(root.path().join("posts")).unwrap();
    std::fs::write(root.path().join("posts/ours.md"), "---\ntitle: Ours\n---\nText.\n").unwrap();
    let one = [
        item("a", "https://press.example/a", "A", "One."),
        item("e", "https://press.example/e", "E", "Five."),
        item("b", "https://press.example/", "B", &long),
        item("c", "https://press.example/", "C", "Three."),
    ];
    let other = [
        item("x", "http://www.press.example/a/?utm_source=planet", "A", "One, shortened"),
        item("v", "http://www.press.example/e/", "Of E, again", "Five."),
        item("y", "https://planet.example/b", "b", &long),
        item("z", "https://press.example/", "D", "Another."),
        item("w", "https://compositor.example/posts/ours/", "Ours", "Text."),
    ];
    std::fs::write(root.path().join("one.xml"), feed("press.example", &one)).unwrap();
    std::fs::write(root.path().join("other.xml"), feed("planet.example", &other)).unwrap();
    let source = SourceKind::feed;
    let sources = vec![("other", source("other.xml")), ("one", source("one.xml")), ("posts", folder("posts"))];
    let collected = collect(&config(root.path(), sources), now()).unwrap().value;
    let ids: Vec<&str> = collected.posts.iter().map(|post| post.id.0.as_str()).collect();
    assert_eq!(ids, ["y", "z", "a", "e", "c", "tag:compositor.example,2026-08-01:posts/en/ours"]);
    let reasons: Vec<&str> = collected.left_out.iter().map(|out| out.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "`one` has `A` too, with the same address (one.xml)",
            "`one` has `Of E, again` too, as `E`, with the same address (one.xml)",
            "`posts` has `Ours` too, with the same address (posts/ours.md)",
            "`other` has `B` too, as `b`, with the same title and text (other.xml)",
        ]
    );
    assert_eq!(collected.files_found, collected.posts.len() + collected.left_out.len());
}
