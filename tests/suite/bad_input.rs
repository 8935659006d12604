//! Bad input costs only itself, and is told with file, line and column.

use crate::publication::Publication;
use crate::samples::july;

#[test]
fn an_unknown_key_in_the_configuration_stops_the_run() {
    let publication = july().reconfigure("first_number", "frist_number");
    publication.run(&["publish"]).leaves_with(2).errors_are("bad-config-key.txt").no_file("public");
}

#[test]
fn a_missing_source_folder_stops_the_run() {
    let publication = july().reconfigure("markdown = \"posts\"", "markdown = \"pots\"");
    publication.run(&["publish"]).leaves_with(2).errors_are("bad-source-folder.txt").no_file("public");
}

#[test]
fn a_missing_configuration_says_how_to_begin() {
    let publication = july().without("config.toml");
    publication.run(&["publish"]).leaves_with(2).errors_are("no-config.txt");
}

#[test]
fn an_unknown_key_of_an_issue_costs_only_its_series() {
    let publication = july()
        .series("other", "window = \"monthly\"\nsince = 2026-07-01")
        .reconfigure("first_number = 92", "first_number = 92\nfreeze = \"manual\"")
        .published()
        .file("issues/newsletter/0001/issue.toml", "titel = \"Ink\"\n");
    publication.run(&["publish"]).leaves_with(1).errors_are("bad-issue-key.txt");
    assert!(publication.has("public/other/1/index.html"));
}

#[test]
fn slips_in_front_matter_are_warned_of() {
    let publication = july().post(
        "2026-07-05-slip.md",
        "---\ntitel: A slip\ntgas: [type]\nhero: [foreign, keys, are, fine]\n---\nA paragraph.\n",
    );
    publication.run(&["publish"]).ok().errors_are("front-matter-slips.txt");
    assert!(publication.has("public/posts/slip/index.html"), "the post is published");
}

#[test]
fn broken_front_matter_costs_only_its_post() {
    let publication = july()
        .post("2026-07-05-yaml.md", "---\ntitle: [a, b\ntags: x\n---\nText.\n")
        .post("2026-07-06-toml.md", "+++\ntitle = \"Open\ndate = 2026-07-06\n+++\nText.\n")
        .file("posts/2026-07-07-bytes.md", b"---\ntitle: Bytes\n---\n\xff\xfe broken");
    publication.run(&["publish"]).ok().errors_are("broken-front-matter.txt");
    assert!(publication.has("public/posts/a-line-of-type/index.html"));
}

#[test]
fn a_date_that_the_calendar_has_not_is_warned_of() {
    let publication = july()
        .post("february.md", "---\ntitle: February\ndate: 2026-02-30\n---\nText.\n")
        .post("clock.md", "---\ntitle: Clock\ndate: 2026-07-04 14:4g5:00\n---\nText.\n");
    publication.run(&["publish"]).ok().errors_are("impossible-dates.txt");
}

#[test]
fn a_template_that_names_a_missing_value_says_where() {
    let publication = july().file("templates/article.hbs", "<article>\n  <h2>{{titel}}</h2>\n</article>\n");
    publication.run(&["publish"]).leaves_with(1).errors_are("bad-template.txt");
    let publication = publication.file("templates/article.hbs", "<article>{{#each posts}</article>\n");
    publication.run(&["publish"]).leaves_with(1).errors_are("broken-template.txt");
}

#[test]
fn a_picture_that_is_none_costs_only_itself() {
    let publication = july().file("posts/not-a-picture.png", "This is text.").post(
        "2026-07-09-pictures.md",
        "---\ntitle: Pictures\n---\nOne:\n\n![No picture](not-a-picture.png)\n\nNone:\n\n![Gone](gone.png)\n",
    );
    publication.run(&["publish"]).ok().errors_are("bad-pictures.txt");
    assert!(publication.has("public/posts/pictures/index.html"));
}

#[test]
fn of_two_posts_with_one_id_the_first_is_taken() {
    let publication = Publication::monthly()
        .post("2026-07-03-first.md", "---\ntitle: First\nid: tag:compositor.example,2026:one\n---\nText.\n")
        .post("2026-07-04-second.md", "---\ntitle: Second\nid: tag:compositor.example,2026:one\n---\nText.\n");
    let run = publication.run(&["publish"]).ok().errors_are("two-posts-one-id.txt");
    drop(run);
    assert!(publication.has("public/posts/first/index.html"));
    assert!(!publication.has("public/posts/second/index.html"));
}

#[test]
fn a_frozen_issue_edited_by_hand_is_noticed() {
    let publication = july().published().edit("issues/newsletter/0001/frozen.json", "A line of type", "A line of hype");
    publication.run(&["publish"]).ok().errors_are("frozen-by-hand.txt");
    let publication = publication.edit("issues/newsletter/0001/frozen.json", "{", "{,");
    publication.run(&["publish"]).leaves_with(1).errors_are("frozen-broken.txt");
}

#[test]
fn pages_of_a_series_that_cannot_be_read_stay_as_they_are() {
    let publication = july()
        .picture("posts/press.png", 8, 8)
        .post("2026-07-09-press.md", "---\ntitle: Press\n---\n![A press](press.png)\n")
        .published();
    let publication = publication.short_post("2026-08-09-next.md", "Next").at("2026-09-02T08:00:00Z").published();
    let before = (publication.tree("public/newsletter"), publication.tree("public/assets"));
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    let publication =
        publication.edit("issues/newsletter/0001/frozen.json", "{", "{,").without("posts/2026-07-09-press.md");
    publication.publish().leaves_with(1).warns("issues/newsletter/0001/frozen.json:1:2");
    assert_eq!((publication.tree("public/newsletter"), publication.tree("public/assets")), before);
    let publication = publication.file("issues/newsletter/0001/frozen.json", frozen).published();
    assert_eq!(publication.tree("public/newsletter"), before.0);
    assert!(!publication.has("public/posts/press/index.html"), "what stood only meanwhile is taken away");
}

#[test]
fn a_record_of_what_went_out_that_cannot_be_read_costs_only_itself() {
    let publication = july().published().file("issues/newsletter/0001/released/r1/release.json", "{");
    let before = publication.tree("public");
    publication.publish().ok().warns("released/r1/release.json: this says what went out, but cannot be read");
    assert_eq!(publication.tree("public"), before);
}

#[test]
fn a_released_file_that_was_changed_is_noticed() {
    let publication = july().published().file("issues/newsletter/0001/released/r1/newsletter-1.pdf", "something else");
    publication.publish().ok().warns("a file that went out was changed");
}

#[test]
fn a_stylesheet_that_asks_for_more_is_told_where() {
    let publication = july().file("templates/pdf/print.css", "body {\n  colour: red;\n  float: sideways;\n}\n");
    publication.run(&["publish"]).ok().errors_are("bad-print-css.txt");
}

#[test]
fn rows_that_are_no_readers_cost_only_themselves() {
    let publication = crate::samples::bilingual().file(
        "readers.csv",
        "email,name,language\nreader@example.org,A reader,en\nnobody,,\nsecond@example.org,,xx yy\n",
    );
    publication.run(&["publish"]).ok().errors_are("bad-readers.txt");
    assert!(!publication.files("outbox").is_empty());
}

#[test]
fn a_feed_that_is_cut_short_gives_what_it_has() {
    let feed = "<rss version=\"2.0\"><channel><title>E</title><link>https://e.example/</link>\n\
                <item><title>One</title><link>https://e.example/1</link><guid>https://e.example/1</guid>\
                <pubDate>Fri, 03 Jul 2026 08:00:00 GMT</pubDate><description>Text &amp; more</description></item>\n\
                <item><title>Two</title><link>https://e.exam";
    let publication = july().tables("[[source]]\nfeed = \"cut.xml\"").file("cut.xml", feed);
    publication.run(&["publish"]).ok().errors_are("feed-cut-short.txt");
    assert!(publication.read("public/index.html").contains("https://e.example/1"));
}

#[test]
fn strict_makes_warnings_a_failure_of_its_own_code() {
    let publication = july().post("2026-07-05-slip.md", "---\ntitle: A\ntgas: [type]\n---\nText.\n");
    publication.run(&["publish", "--strict"]).leaves_with(3).no_file("issues").no_file("public");
    july().run(&["publish", "--strict"]).ok();
}

#[test]
fn errors_in_json_are_one_object() {
    let publication = july().reconfigure("first_number", "frist_number");
    let error = publication.publish().leaves_with(2).json()["error"].clone();
    assert_eq!(error["kind"], "config");
    assert_eq!((error["place"]["line"].as_u64(), error["place"]["column"].as_u64()), (Some(13), Some(1)), "{error:#}");
    assert_eq!(error["hints"][0], "did you mean `first_number`?");
}

#[test]
fn a_file_of_a_frozen_issue_that_is_gone_costs_only_itself() {
    let publication = july()
        .picture("posts/press.png", 8, 8)
        .post("2026-07-09-press.md", "---\ntitle: Press\n---\n![A press](press.png)\n");
    let publication = publication.published();
    let picture = publication.files("issues/newsletter/0001/assets").remove(0);
    let publication = publication.without("issues/newsletter/0001/assets").without("posts").without("public");
    let publication = publication.file("posts/.keep", "");
    publication
        .publish()
        .ok()
        .warns(&format!("issues/newsletter/0001/assets/{picture}: this file of a frozen issue is gone"));
    publication.run(&["check", "--json"]).ok().warns(&picture);
}

#[test]
fn a_standing_article_that_is_missing_costs_only_its_series() {
    let publication = july().reconfigure("first_number = 92", "first_number = 92\nstanding = [\"about.md\"]");
    let publication = publication.series("other", "window = \"monthly\"\nsince = 2026-07-01");
    publication.run(&["check", "--json"]).ok().warns("about.md: a standing article of `newsletter`");
    publication.publish().leaves_with(1).freezes(&["other/1"]).warns("about.md: a standing article of `newsletter`");
}

#[test]
fn volumes_do_not_bind_each_other() {
    let publication =
        july().series("a", "window = \"yearly\"\nbinds = \"b\"").series("b", "window = \"yearly\"\nbinds = \"a\"");
    publication.publish().leaves_with(2).says("binds itself");
}

#[test]
fn an_issue_toml_that_is_no_text_costs_only_its_series() {
    let publication = july().series("other", "window = \"monthly\"\nsince = 2026-07-01");
    let publication = publication.after(&["issue", "new", "newsletter"]);
    let publication = publication.file("issues/newsletter/0001/issue.toml", b"since = 2026-07-01\ntitle = \"\xe9\"\n");
    publication.publish().leaves_with(1).freezes(&["other/1"]).warns("issue.toml:2:10: this is not text in UTF-8");
}

#[test]
fn what_is_no_template_costs_only_itself() {
    let publication = july().file("templates/.DS_Store", b"\0\xff").file("templates/logo.png", b"\x89PNG\xff");
    publication.publish().ok().freezes(&["newsletter/92"]).warns("templates/logo.png:1:1: this is not text in UTF-8");
}

#[test]
fn mail_without_a_sender_is_refused_before_a_number_is_given() {
    let publication = july()
        .reconfigure("first_number = 92", "first_number = 92\nmail = \"auto\"\nlists = [\"members\"]")
        .tables("[list.members]\ntitle = \"Members\"");
    publication.publish().leaves_with(2).says("no `from`").no_file("issues").no_file("public");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_that_is_not_utf8_stops_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let publication = july();
    let folder = publication.path("posts").join(OsStr::from_bytes(b"caf\xe9"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(publication.path("posts/press.png"), folder.join("press-2.png")).unwrap();
    let post = "---\ntitle: In a folder of another encoding\ndate: 2026-07-09\n---\n![A press](press-2.png) ![Gone](gone.png)\n";
    std::fs::write(folder.join("a-post.md"), post).unwrap();
    publication.run(&["publish", "--json"]).ok();
    assert!(publication.read("issues/newsletter/0001/frozen.json").contains("In a folder of another encoding"));
}

#[test]
fn check_finds_lists_and_stores_that_cannot_be_used() {
    let list = "[list.members]\ntitle = \"Members\"\ncsv = \"nope.csv\"";
    let publication = Publication::monthly().tables(list).short_post("2026-07-10-one.md", "One");
    let told = publication.run(&["check"]).ok();
    told.says("1 warning").says("nope.csv: the readers of the list `members` are not at hand");
    assert!(!publication.has("masthead.db"), "nothing is changed");
    let publication = publication.file("nope.csv", "ann@x.example\n");
    publication.run(&["check"]).ok().says("no fault was found");
    let publication = publication.file("masthead.db", "no database, whatever its name says".repeat(9));
    publication.run(&["check"]).ok().says("masthead.db: the store refused: file is not a database");
    let publication = publication.without("masthead.db");
    let newer = rusqlite::Connection::open(publication.path("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let bytes = publication.bytes("newer.db");
    let publication = publication.file("masthead.db", &bytes);
    publication.run(&["check"]).ok().says("masthead.db: the store has version 99");
    assert_eq!(publication.bytes("masthead.db"), bytes, "nothing is changed");
}

#[test]
fn every_file_is_named_where_all_is_asked_for() {
    let slip = "---\ntitle: u: 3\ndate: 2026-02-30\n---\nText.\n";
    let mut publication = july().post("1-one.md", slip).post("1-two.md", slip);
    for n in 0..25 {
        let text = format!("---\ntitle: Post {n}\n---\n{{{{< chart{n} >}}}} ![a](none{n}.png)\n");
        publication = publication.post(&format!("2026-07-10-p{n}.md"), &text);
    }
    let told = "is not a date of the calendar";
    let named = |text: &str, file: &str| text.lines().any(|line| line.contains(file) && line.contains(told));
    let short = publication.run(&["collect"]).ok().stderr;
    assert!(named(&short, "posts/1-one.md:3:7") && !short.contains("posts/1-two.md"), "{short}");
    assert!(short.contains("calendar (and once more)"), "{short}");
    let verbose = publication.run(&["check", "-v"]).stderr;
    let in_json = publication.run(&["collect", "--json"]).ok().warnings().join("\n");
    for all in [verbose, in_json] {
        assert!(named(&all, "posts/1-one.md:3:7") && named(&all, "posts/1-two.md:3:7"), "{all}");
        assert!(!all.contains("once more") && !all.contains("more templates"), "{all}");
        for n in 0..25 {
            let count = |ending: &str| {
                all.lines().filter(|line| line.contains(&format!("-p{n}.md:")) && line.ends_with(ending)).count()
            };
            assert_eq!((count("is not expanded"), count("is not at hand")), (1, 1), "{n}: {all}");
        }
    }
}

#[test]
fn every_feed_of_a_folder_is_named() {
    let item = "<item><title>A</title><guid>G</guid><pubDate>31 Feb 2026</pubDate><description>T</description></item>";
    let mut publication = july().tables("[[source]]\nname = \"others\"\nfeed = \"feeds\"");
    for n in 0..3 {
        let item = item.replace('G', &format!("urn:{n}"));
        publication = publication
            .file(&format!("feeds/f{n}.xml"), format!("<rss version=\"2.0\"><channel>{item}</channel></rss>"));
    }
    let warnings = publication.run(&["collect", "--json"]).ok().warnings();
    for n in 0..3 {
        assert!(warnings.iter().any(|warning| warning.starts_with(&format!("feeds/f{n}.xml:1:"))), "{warnings:?}");
    }
}

#[test]
fn a_link_to_a_file_that_is_not_published_is_told() {
    let publication = july()
        .file("posts/app.js", "a()")
        .file("posts/v.avi", "x")
        .post("2026-07-06-other.md", "---\ntitle: Other\n---\nText.\n")
        .post(
            "2026-07-06-files.md",
            "---\ntitle: Files\n---\n[a](app.js) [b](2026-07-06-other.md) [c](https://x.example/app.js) [d](none.pdf) [e](#app.js)\n\n\
             <video src=\"v.avi\"></video>\n",
        );
    let warnings: Vec<String> = publication.run(&["collect", "--json"]).ok().warnings();
    let told: Vec<String> =
        warnings.into_iter().filter(|warning| warning.starts_with("posts/2026-07-06-files.md")).collect();
    let why = "is linked to, but not published: it is of no kind that is published: a picture, a document, a table, a sound, a film or an archive";
    assert_eq!(
        told,
        [
            format!("posts/2026-07-06-files.md:4:5: `app.js` {why}"),
            "posts/2026-07-06-files.md:4:72: `none.pdf` is linked to, but no such file is there".to_owned(),
            format!("posts/2026-07-06-files.md:6:13: `v.avi` {why}"),
            "posts/2026-07-06-files.md:4:86: `#app.js` leads to no heading of this text; its words stay".to_owned(),
        ]
    );
}

#[test]
fn what_is_not_at_hand_is_told_by_its_own_name_and_place() {
    let publication = july().post(
        "2026-07-05-gone.md",
        "---\ntitle: Gone\n---\n![a]({{ site.baseurl }}{% link assets/i.png %})\n\n<img alt=\"b\" srcset=\"b.png 1x, c.png 2x\">\n",
    );
    publication
        .run(&["collect", "--json"])
        .ok()
        .warns("picture `/assets/i.png` is not at hand")
        .warns("posts/2026-07-05-gone.md:6:32: picture `c.png` is not at hand");
    let page = publication.published().read("public/posts/gone/index.html");
    assert!(page.contains("<p>a</p>\n<p>b</p>\n") && !page.contains("<img"), "{page}");
}

#[test]
fn a_line_of_collected_that_was_cut_short_is_told_once() {
    let item =
        |id: &str| format!("<item><guid>{id}</guid><title>{id}</title><description>Text {id}.</description></item>");
    let feed = |items: &str| format!("<rss version=\"2.0\"><channel><title>F</title>{items}</channel></rss>");
    let publication = july()
        .tables("[[source]]\nname = \"others\"\nfeed = \"f.xml\"")
        .file("f.xml", feed(&(item("a") + &item("b"))))
        .after(&["collect"])
        .file("f.xml", feed(&item("a")));
    let kept = publication.read("collected/others.jsonl");
    let publication = publication.file("collected/others.jsonl", &kept[..kept.len() - 30]);
    let told = publication.run(&["collect", "-q"]).ok().stderr;
    assert!(told.contains("collected/others.jsonl:2:1: the last line was cut short"), "{told}");
    assert_eq!(publication.run(&["collect", "-q"]).ok().stderr, "");
}

#[test]
fn names_that_no_file_can_have_cost_only_their_ends() {
    let (many, word, persian) = ("Ann Author, ".repeat(40), "t".repeat(300), "بخش دراز ".repeat(30));
    let long =
        format!("---\ntitle: Long\nauthors: [\"{many}\"]\ntags: [{word}]\nsection: {persian}\nslug: {word}\n---\nA.\n");
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Press</title><item><title>Ink</title><link>https://e.example/1</link>\
         <pubDate>Thu, 02 Jul 2026 10:00:00 +0000</pubDate><category>{persian}</category><author>{many}</author>\
         <description>Soot</description></item></channel></rss>"
    );
    let publication =
        july().post("2026-07-05-long.md", &long).file("rss.xml", feed).tables("[[source]]\nfeed = \"rss.xml\"");
    publication
        .publish()
        .ok()
        .warns("posts/2026-07-05-long.md: `slug` has 300 bytes, and a name on disk at most 240; `ttt");
    let pages = publication.files("public");
    let has = |folder: &str| pages.iter().any(|page| page.starts_with(folder) && page.ends_with("/index.html"));
    assert!(has("authors/ann-author-ann") && has("posts/ttt") && has("tags/ttt"), "{pages:?}");
    assert!(has("sections/بخش-دراز"), "{pages:?}");
    publication.publish().ok();
}

#[test]
fn an_address_that_is_a_file_of_ours_costs_only_itself() {
    for path in
        ["style.css", "feed.xml", "feeds.opml", "blog/sitemap.xml/", "newsletter/92/newsletter-92.pdf", "404.html"]
    {
        let text = format!("---\ntitle: Ours\naddress: https://compositor.example/{path}\n---\nText.\n");
        let publication = july().post("2026-07-05-ours.md", &text);
        let words = format!("posts/2026-07-05-ours.md: no page can stand at `https://compositor.example/{path}`");
        publication.publish().ok().warns(&words);
        assert!(publication.has("public/posts/ours/index.html") && publication.has("public/style.css"), "{path}");
    }
}
