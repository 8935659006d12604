//! Moving in: what was published elsewhere keeps its ids and addresses here.

use std::collections::BTreeSet;

use super::{END, HEAD, item};
use crate::publication::Publication;

fn export() -> String {
    let first =
        item(1, "ink", "Soot and gum.\n\nSee <a href=\"https://blog.example/?p=2\">paper</a> and {{ braces }}.");
    let second = item(2, "paper", "<a href=\"https://blog.example/2026/07/ink/\">Ink</a> and *rags*");
    let draft = item(3, "plan", "Not yet").replace(">publish<", ">draft<");
    let picture = item(4, "picture", "").replace(">post<", ">attachment<");
    format!("{HEAD}{first}{second}{draft}{picture}{END}")
}

fn blog() -> Publication {
    Publication::new().reconfigure("compositor.example", "blog.example").file("export.xml", export())
}

/// Id, address, title and date of every post.
fn known(publication: &Publication) -> BTreeSet<[String; 4]> {
    let report = publication.run(&["collect", "--json"]).ok().json();
    let posts = report["posts"].as_array().unwrap().iter();
    posts.map(|post| ["id", "address", "title", "date"].map(|key| post[key].as_str().unwrap().to_owned())).collect()
}

#[test]
fn an_archive_may_be_brought_over_before_there_is_a_folder_for_it() {
    let publication = blog().without("posts");
    publication.run(&["collect"]).leaves_with(2).says("the source folder `posts` does not exist");
    publication.run(&["source", "import", "export.xml", "--dry-run"]).ok().no_file("posts");
    publication.run(&["source", "import", "export.xml"]).ok().says("2 posts written into posts");
    publication.run(&["collect"]).ok();
}

#[test]
fn an_archive_is_brought_over_once_with_its_ids_and_addresses() {
    let publication = blog();
    let report = publication.run(&["source", "import", "export.xml", "--json"]).ok().json();
    let written = ["posts/2026/2026-07-02-ink.html", "posts/2026/2026-07-03-paper.html"];
    assert_eq!(report["written"], serde_json::json!(written));
    assert_eq!(
        (report["left_out"].as_array().unwrap().len(), &report["counted"][0]["kind"]),
        (1, &"attachment".into())
    );
    let publication = publication.edit(written[0], "Soot and gum.", "Soot and glue.");
    let again = publication.run(&["source", "import", "export.xml", "--json"]).ok().json();
    assert_eq!((again["written"].as_array().unwrap().len(), &again["there"]), (0, &2.into()));
    let publication = publication.without("export.xml").published();
    assert!(publication.read(written[0]).contains("Soot and glue."));
    for (file, expected) in [
        ("public/feed.xml", "<guid isPermaLink=\"false\">https://blog.example/?p=1</guid>"),
        ("public/feed.xml", "<link>https://blog.example/2026/07/ink/</link>"),
        ("public/atom.xml", "<id>https://blog.example/?p=2</id>"),
        ("public/2026/07/ink/index.html", "Soot and glue."),
        ("public/2026/07/ink/index.html", "<link rel=\"canonical\" href=\"https://blog.example/2026/07/ink/\""),
        ("public/2026/07/ink/index.html", "{{ braces }}"),
        ("public/posts/ink/index.html", "<link rel=\"canonical\" href=\"https://blog.example/2026/07/ink/\""),
        ("public/2026/07/paper/index.html", "*rags*"),
        ("public/sitemap.xml", "<loc>https://blog.example/2026/07/paper/</loc>"),
    ] {
        let text = publication.read(file);
        assert!(text.contains(expected), "{file} has no {expected}:\n{text}");
    }
    assert!(!publication.read("public/sitemap.xml").contains("/posts/paper/"));
}

#[test]
fn a_post_whose_guid_and_title_were_changed_is_there_already() {
    let publication = blog().after(&["source", "import", "export.xml"]);
    let again = export()
        .replace("https://blog.example", "http://blog.example")
        .replace("<title>", "<title>Of ")
        .replace("/?p=", "/?post_type=post&amp;p=");
    let publication = publication.file("export.xml", again);
    let report = publication.run(&["source", "import", "export.xml", "--json"]).ok().json();
    assert_eq!((report["written"].as_array().unwrap().len(), &report["there"]), (0, &2.into()));
}

#[test]
fn posts_of_a_takeout_stand_where_they_stood() {
    let entry = "<entry><id>tag:blogger.com,1999:blog-1.post-2</id><blogger:type>POST</blogger:type>\
        <blogger:status>LIVE</blogger:status><title>Ink</title><content type='html'>See &lt;a href='/2026/06/soot.html'>soot&lt;/a>.\
        </content><published>2026-07-02T10:00:00Z</published><blogger:filename>/2026/07/ink.html</blogger:filename></entry>";
    let feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'><title>B</title>{entry}</feed>"
    );
    let publication = blog().file("feed.atom", feed).after(&["source", "import", "feed.atom"]).published();
    let page = publication.read("public/2026/07/ink.html");
    assert!(page.contains("href=\"https://blog.example/2026/06/soot.html\""), "{page}");
}

#[test]
fn what_a_feed_names_no_page_of_gets_one_of_ours() {
    let item = |id: u8, link: &str| {
        format!(
            "<item><title>Post {id}</title><guid isPermaLink=\"false\">g{id}</guid>{link}<description>Words</description>\
             <pubDate>Wed, 0{id} Jul 2026 10:00:00 GMT</pubDate></item>"
        )
    };
    let named = item(3, "<link>https://blog.example/news/three/</link>");
    let items = [item(1, ""), item(2, ""), named].concat();
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Old</title><link>https://blog.example/news/</link>{items}</channel></rss>"
    );
    let publication = blog().file("old.xml", feed);
    publication.run(&["source", "import", "old.xml"]).ok().says("names no page of its own for 2 posts");
    let known = known(&publication);
    let addresses: Vec<&str> = known.iter().map(|post| post[1].as_str()).collect();
    assert_eq!(
        addresses,
        [
            "https://blog.example/posts/post-1/",
            "https://blog.example/posts/post-2/",
            "https://blog.example/news/three/"
        ]
    );
}

#[test]
fn an_export_that_is_read_each_time_gives_what_its_import_gives() {
    let imported = blog().after(&["source", "import", "export.xml"]);
    let read = blog().tables("[[source]]\nwordpress = \"export.xml\"");
    assert_eq!(known(&imported), known(&read));
    assert_eq!(known(&read).len(), 2);
    let both = imported.tables("[[source]]\nwordpress = \"export.xml\"");
    let report = both.run(&["collect", "--json"]).ok().json();
    assert_eq!(report["posts"].as_array().unwrap().len(), 2, "each post is taken once");
}

#[test]
fn pictures_of_the_old_site_are_found_in_a_copy_of_its_folder() {
    let text = "[caption id=\"x\" width=\"300\"]<img src=\"http://blog.example/wp-content/uploads/a.png\" alt=\"A press\"> \
        At work[/caption]";
    let export = format!("{HEAD}{}{END}", item(1, "ink", text));
    let publication = blog()
        .reconfigure("markdown = \"posts\"", "markdown = \"posts\"\nassets = \"old\"")
        .file("export.xml", export)
        .picture("old/wp-content/uploads/a.png", 30, 20)
        .after(&["source", "import", "export.xml"])
        .published();
    let page = publication.read("public/2026/07/ink/index.html");
    assert!(page.contains("<figcaption>At work</figcaption>"), "{page}");
    assert!(page.contains("width=\"30\" height=\"20\""), "{page}");
}

#[test]
fn files_of_the_old_site_come_along_or_stay_where_they_are_or_are_told() {
    let links = "<a href=\"/wp-content/uploads/a.pdf#page=2\">a</a> <a href=\"https://blog.example/wp-content/uploads/b.docx\">b</a>";
    let export = format!("{HEAD}{}{END}", item(1, "ink", links));
    let moves = |publication: Publication| {
        let told = publication.run(&["source", "import", "export.xml", "--json"]).ok().warnings();
        assert_eq!(told, Vec::<String>::new(), "what is beside an export is not known");
        publication
    };
    let reads =
        |publication: Publication| publication.tables("[[source]]\nwordpress = \"export.xml\"\nassets = \"old\"");
    let blog = || {
        let publication = blog().reconfigure("markdown = \"posts\"", "markdown = \"posts\"\nassets = \"old\"");
        publication.file("export.xml", &*export).file("old/wp-content/uploads/a.pdf", "%PDF-1.4\n")
    };
    for publication in [moves(blog()), reads(blog())] {
        let told = publication.publish().ok().warnings();
        assert!(told.len() == 1 && told[0].contains("b.docx` is linked to, but no such file is there"), "{told:?}");
        let page = publication.read("public/2026/07/ink/index.html");
        let file = publication.files("public/assets").into_iter().find(|file| file.ends_with("/a.pdf")).unwrap();
        assert!(page.contains(&format!("assets/{file}#page=2\">a</a>")), "{page}");
    }
    // Under another address, what is not at hand stays where it was.
    let elsewhere = || blog().without("old").reconfigure("https://blog.example/", "https://new.example/");
    for publication in [moves(elsewhere()), reads(elsewhere())] {
        assert_eq!(publication.publish().ok().warnings(), Vec::<String>::new());
        let page = publication.read("public/posts/ink/index.html");
        assert!(page.contains("href=\"https://blog.example/wp-content/uploads/a.pdf#page=2\""), "{page}");
        assert!(page.contains("href=\"https://blog.example/wp-content/uploads/b.docx\""), "{page}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_pages_come_when_they_are_asked_for() {
    let publication = blog().edit("export.xml", ">attachment<", ">page<");
    let report = publication.run(&["source", "import", "export.xml", "--dry-run", "--json"]).ok().json();
    assert_eq!(report["written"].as_array().unwrap().len(), 2);
    assert!(publication.files("posts").is_empty());
    publication
        .run(&["source", "import", "export.xml", "--dry-run"])
        .ok()
        .says("a page; `--pages` takes pages as posts");
    let report = publication.run(&["source", "import", "export.xml", "--pages", "--json"]).ok().json();
    assert_eq!(report["written"].as_array().unwrap().len(), 3);
}

#[test]
fn a_feed_moves_in_too() {
    let feed = "<rss version=\"2.0\"><channel><title>Press</title><link>https://blog.example/</link>\
        <item><title>Ink</title><guid isPermaLink=\"false\">no 1 of ours</guid><link>https://blog.example/ink.html</link>\
        <pubDate>Thu, 02 Jul 2026 10:00:00 +0000</pubDate><description>&lt;p&gt;Soot&lt;/p&gt;</description></item>\
        </channel></rss>";
    let publication = blog().file("feed.xml", feed).after(&["source", "import", "feed.xml"]).published();
    let feed = publication.read("public/feed.xml");
    assert!(feed.contains("<guid isPermaLink=\"false\">no 1 of ours</guid>"), "{feed}");
    assert!(publication.read("public/ink.html").contains("Soot"));
}

#[test]
fn an_address_where_no_page_can_stand_is_told_of() {
    let publication = blog().edit("export.xml", "https://blog.example/2026/07/ink/", "https://blog.example/?p=1");
    let publication = publication.after(&["source", "import", "export.xml"]);
    let warnings = publication.publish().ok().warnings();
    assert!(
        warnings.iter().any(|line| line.contains("no page can stand at `https://blog.example/?p=1`")),
        "{warnings:?}"
    );
    assert!(publication.read("public/posts/ink/index.html").contains("Soot"));
}

#[test]
fn what_cannot_be_brought_over_is_refused_with_a_reason() {
    for (archive, code, reason) in [
        ("nothing.xml", 2, "there is no such file"),
        ("https://blog.invalid/feed/", 1, "the host `blog.invalid` was not found"),
        ("words.txt", 1, "no post was found"),
    ] {
        let publication = blog().file("words.txt", "Only words.\n");
        let run = publication.run(&["source", "import", archive]).leaves_with(code);
        assert!(run.stderr.contains(reason), "{archive}: {}", run.stderr);
    }
}

#[test]
fn posts_of_one_day_and_one_title_are_all_brought_over() {
    let item = |number: usize, title: &str| {
        format!(
            "<item><title>{title}</title><guid>https://old.example/{number}</guid><link>https://old.example/{number}</link>\
             <pubDate>Thu, 02 Jul 2026 1{number}:00:00 +0000</pubDate><description>Words {number}</description></item>"
        )
    };
    let long = "A long title of a piece that has more than sixty characters before part ";
    let titles = ["Links", "Links", "C", "C++", "C#", &format!("{long}one"), &format!("{long}two")];
    let items: String = titles.iter().enumerate().map(|(number, title)| item(number, title)).collect();
    let feed = format!("<rss version=\"2.0\"><channel><title>Press</title>{items}</channel></rss>");
    let publication = blog().file("feed.xml", feed);
    publication.run(&["source", "import", "feed.xml", "--dry-run"]).ok().says("7 posts would be written");
    let run =
        publication.run(&["source", "import", "feed.xml"]).ok().says("7 posts written into posts, 0 there already");
    run.says("feed.xml: 4 posts have the day and the slug of another");
    assert!(publication.read("posts/2026/2026-07-02-links-2.html").contains("Words 1"));
    publication
        .run(&["source", "import", "feed.xml"])
        .ok()
        .says("0 posts written into posts, 7 there already")
        .says_not("warning");
    assert_eq!(known(&publication).len(), 7);
    // One that was taken away comes again, under a name that is free.
    let publication = publication.without("posts/2026/2026-07-02-links.html");
    publication.run(&["source", "import", "feed.xml"]).ok().says("1 post written into posts, 6 there already");
    assert_eq!(known(&publication).len(), 7);
}
