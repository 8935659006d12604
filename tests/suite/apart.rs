//! Sources whose posts stand in issues alone.

use crate::publication::Publication;

/// A publication with a feed of others' posts, one of which has no address of its own, and letters that are for issues; the
/// French ones are in no issue.
fn publication() -> Publication {
    let item = |title: &str, more: &str| {
        format!(
            "<item><title>{title}</title>{more}<category>gleaned</category>\
             <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate><description>Words of {title}.</description></item>"
        )
    };
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Others</title><link>https://others.example/</link>\
         <description>d</description>{}{}</channel></rss>",
        item("Seen there", "<link>https://others.example/seen</link><guid>https://others.example/seen</guid>"),
        item("Told here", "<guid isPermaLink=\"false\">told</guid>")
    );
    Publication::monthly()
        .tables("[[source]]\nname = \"others\"\nfeed = \"others.xml\"\nonly_in_issues = true")
        .tables("[[source]]\nmarkdown = \"letters\"\nonly_in_issues = true")
        .file("others.xml", feed)
        .post("2026-07-09-one.md", "---\ntitle: One\ntags: [press]\n---\nOurs.\n")
        .file(
            "letters/2026-07-11-letter.md",
            "---\ntitle: A letter\ntags: [letters, press]\nauthor: A reader\n---\nSee [the other](2026-07-12-other.md).\n\n![Ink](ink.png)\n",
        )
        .file("letters/2026-07-12-other.md", "---\ntitle: Another letter\n---\nAnd [one](https://compositor.example/posts/one/).\n")
        .picture("letters/ink.png", 9, 9)
}

#[test]
fn posts_for_issues_stand_in_no_list_and_no_feed_of_posts() {
    let publication = publication();
    publication.publish().ok().freezes(&["newsletter/92"]);
    let issue = publication.read("public/newsletter/1/index.html");
    for title in ["One", "Seen there", "Told here", "A letter", "Another letter"] {
        assert!(issue.contains(title), "{title}");
    }
    for list in ["index.html", "feed.xml", "atom.xml", "feed.json", "tags/press/index.html", "tags/press/feed.xml"] {
        let list = publication.read(&format!("public/{list}"));
        assert!(list.contains("One"), "{list}");
        for title in ["Seen there", "Told here", "letter"] {
            let told = list.replace("newsletter", "").replace("Newsletter", "");
            assert!(!told.contains(title), "{title}: {told}");
        }
    }
    for absent in ["tags/letters", "tags/gleaned", "authors/a-reader"] {
        assert!(!publication.has(&format!("public/{absent}")), "{absent}");
    }
    assert!(publication.read("public/newsletter/feed.xml").contains("A letter"), "a feed of issues has them whole");
}

#[test]
fn their_pages_stand_and_lead_only_where_something_is() {
    let publication = publication();
    let warnings = publication.run(&["check", "--json"]).ok().warnings();
    assert_eq!(warnings, Vec::<String>::new());
    publication.publish().ok();
    let letter = publication.read("public/posts/letter/index.html");
    assert!(letter.contains("href=\"../../tags/press/\"") && letter.contains("posts/other/"), "{letter}");
    assert!(!letter.contains("tags/letters") && !letter.contains("authors/") && !letter.contains("class=\"pager\""));
    let picture = letter.split_once("../../assets/").unwrap().1.split('"').next().unwrap();
    assert!(publication.has(&format!("public/assets/{picture}")), "{picture}");
    let one = publication.read("public/posts/one/index.html");
    assert!(!one.contains("posts/letter/"), "they are no neighbours: {one}");
    let issue = publication.read("public/newsletter/1/index.html");
    let pages = publication.files("public/posts").into_iter().filter(|file| file.ends_with("/index.html"));
    let told =
        pages.filter(|page| !["one", "letter", "other"].iter().any(|own| page.contains(&format!("{own}/index"))));
    let told: Vec<String> = told.collect();
    assert_eq!(told.len(), 1, "what stands nowhere else: {told:?}");
    assert!(issue.contains(told[0].trim_end_matches("index.html")), "{told:?}");
}

#[test]
fn a_front_page_of_issues_alone_does_not_say_that_nothing_was_published() {
    let publication = publication().without("posts/2026-07-09-one.md").published();
    let front = publication.read("public/index.html");
    assert!(front.contains("newsletter/1/") && !front.contains("Nothing has been published"), "{front}");
}

#[test]
fn an_edition_is_not_made_for_what_stands_elsewhere() {
    let feed = "<rss version=\"2.0\"><channel><title>Autres</title><link>https://autres.example/</link><language>fr</language>\
                <description>d</description><item><title>Vu</title><link>https://autres.example/vu</link>\
                <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate></item></channel></rss>";
    let with = |key: &str| {
        Publication::monthly()
            .tables(&format!("[[source]]\nname = \"autres\"\nfeed = \"autres.xml\"\nlanguage = \"fr\"\n{key}"))
            .file("autres.xml", feed)
            .short_post("2026-07-09-one.md", "One")
            .published()
    };
    assert!(with("").has("public/fr/index.html"));
    assert!(!with("only_in_issues = true").has("public/fr/index.html"));
}
