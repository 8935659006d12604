use std::path::Path;

use super::item::Channel;
use super::read;
use crate::collect::tests::{config, now};
use crate::collect::{Collected, collect};
use crate::config::SourceKind;
use crate::model::Origin;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
    xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n\
    <title>Old</title><link>https://old.example</link><language>en-US</language><wp:wxr_version>1.2</wp:wxr_version>\
    <wp:base_blog_url>https://old.example/blog</wp:base_blog_url>\n";
const TAIL: &str = "</channel></rss>\n";

fn source(path: &str, pages: bool) -> SourceKind {
    SourceKind::WordPress { path: path.into(), pages, assets: Vec::new() }
}

fn read_as(text: &str, kind: SourceKind) -> (Collected, Vec<String>) {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("export.xml"), text).unwrap();
    let collected = collect(&config(root.path(), vec![("old", kind)]), now()).unwrap();
    (collected.value, collected.warnings.iter().map(ToString::to_string).collect())
}

fn read(items: &str) -> (Collected, Vec<String>) {
    read_as(&format!("{HEAD}{items}{TAIL}"), source("export.xml", false))
}

/// A published post with this number and these elements.
fn post(id: u32, elements: &str) -> String {
    format!(
        "<item>{elements}<title>Post {id}</title><link>https://old.example/blog/post-{id}/</link>\
         <guid isPermaLink=\"false\">https://old.example/?p={id}</guid><content:encoded><![CDATA[Text {id}]]></content:encoded>\
         <wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2013-06-0{id} 10:00:00</wp:post_date_gmt>\
         <wp:post_name>post-{id}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
    )
}

fn item(kind: &str, status: &str, elements: &str) -> String {
    format!(
        "<item><title>A {kind}</title><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{elements}</item>\n"
    )
}

#[test]
fn an_item_becomes_a_post() {
    let (collected, warnings) = read(&format!(
        "<wp:author><wp:author_login>ed</wp:author_login><wp:author_email>ed@old.example</wp:author_email>\
         <wp:author_display_name><![CDATA[The editors]]></wp:author_display_name></wp:author>\
         <wp:category><wp:category_nicename>news</wp:category_nicename><wp:category_parent></wp:category_parent>\
         <wp:cat_name><![CDATA[News &amp; views]]></wp:cat_name></wp:category>\
         <wp:category><wp:category_nicename>local</wp:category_nicename><wp:category_parent>news</wp:category_parent>\
         <wp:cat_name><![CDATA[Local]]></wp:cat_name></wp:category>\n\
         {}{}",
        item(
            "attachment",
            "inherit",
            "<wp:post_id>7</wp:post_id><wp:attachment_url>https://old.example/a.jpg?b=1&c=2</wp:attachment_url>\
         <excerpt:encoded><![CDATA[A <b>press</b>]]></excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>\
         <wp:meta_value><![CDATA[A press]]></wp:meta_value></wp:postmeta>"
        ),
        post(
            1,
            "<dc:creator><![CDATA[ed]]></dc:creator><category domain=\"category\" nicename=\"local\"><![CDATA[Local]]></category>\
         <category domain=\"post_tag\" nicename=\"ink\"><![CDATA[Ink]]></category><excerpt:encoded><![CDATA[In <i>short</i>.]]></excerpt:encoded>\
         <wp:post_modified_gmt>2014-01-01 00:00:00</wp:post_modified_gmt>\
         <wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value><![CDATA[7]]></wp:meta_value></wp:postmeta>\
         <wp:comment><wp:comment_author_email>x@y.example</wp:comment_author_email><wp:comment_content><![CDATA[Hm]]></wp:comment_content></wp:comment>
         <wp:comment><wp:comment_approved><![CDATA[1]]></wp:comment_approved><wp:comment_type>comment</wp:comment_type></wp:comment>
         <wp:comment><wp:comment_approved>1</wp:comment_approved><wp:comment_type>pingback</wp:comment_type></wp:comment>
         <wp:comment><wp:comment_approved>spam</wp:comment_approved></wp:comment>
         <wp:comment><wp:comment_approved>0</wp:comment_approved></wp:comment>"
        ),
    ));
    assert_eq!(warnings, ["export.xml:6:177: a bare `&` was taken as text; it is written `&amp;`"]);
    let post = &collected.posts[0];
    assert_eq!(
        (post.id.0.as_str(), post.address.as_str()),
        ("https://old.example/?p=1", "https://old.example/blog/post-1/")
    );
    assert_eq!((post.origin, post.slug.as_str(), post.language.as_str()), (Origin::Own, "post-1", "en"));
    assert_eq!(post.published.unwrap().to_rfc3339(), "2013-06-01T10:00:00+00:00");
    assert_eq!(post.updated.unwrap().to_rfc3339(), "2014-01-01T00:00:00+00:00");
    assert_eq!(
        (post.authors.as_slice(), post.tags.as_slice()),
        (&["The editors".to_owned()][..], &["Ink".to_owned()][..])
    );
    assert_eq!(post.categories, ["News & views", "Local"]);
    assert_eq!((post.section.as_deref(), post.summary.as_deref()), (Some("News & views"), Some("In short.")));
    let picture = post.picture.as_ref().unwrap();
    assert_eq!((picture.src.as_str(), picture.alt.as_str()), ("https://old.example/a.jpg?b=1&c=2", "A press"));
    assert_eq!(picture.caption.as_deref(), Some("A press"));
    assert_eq!(post.body.as_str(), "<p>Text 1</p>\n");
    assert_eq!(collected.comments.get(&post.id), Some(&2), "those that readers see");
    let told = serde_json::to_string(&collected.posts).unwrap();
    assert!(!told.contains('@'), "{told}");
    let counted: Vec<String> = collected.counted.iter().map(|c| format!("{} {}", c.count, c.kind)).collect();
    assert_eq!(counted, ["1 attachment", "5 comment"]);
}

#[test]
fn a_title_that_is_a_text_is_told_with_its_line() {
    let (_, warnings) = read(&post(1, "").replace("Post 1", &"word ".repeat(300)));
    assert!(warnings.iter().any(|told| told.starts_with("export.xml:5:1: the title `word")), "{warnings:?}");
}

#[test]
fn what_is_not_public_is_left_out_with_its_reason() {
    let items: String = [
        item("post", "draft", ""),
        item("post", "private", ""),
        item("post", "pending", ""),
        item("post", "trash", ""),
        item("post", "publish", "<wp:post_password>secret</wp:post_password>"),
        item("post", "odd", ""),
        item("page", "publish", ""),
        item("revision", "inherit", ""),
        item("nav_menu_item", "publish", ""),
        item("book", "publish", ""),
        "<item><title>Bare</title></item>".to_owned(),
        item("post", "future", "<wp:post_date_gmt>2050-01-01 00:00:00</wp:post_date_gmt>"),
    ]
    .concat();
    let (collected, _) = read(&items);
    assert_eq!(collected.posts.len(), 1);
    assert!(collected.posts[0].date() > now());
    let reasons: Vec<&str> = collected.left_out.iter().map(|one| one.reason.split(" (line").next().unwrap()).collect();
    assert_eq!(
        reasons,
        [
            "`A post` is a draft",
            "`A post` is private",
            "`A post` waits for review",
            "`A post` is in the bin",
            "`A post` is behind a password",
            "`A post` has the status `odd`, not `publish`",
            "`Bare` does not say what it is (`wp:post_type`)",
        ]
    );
    let kinds: Vec<(&str, usize)> = collected.counted.iter().map(|one| (one.kind.as_str(), one.count)).collect();
    assert_eq!(kinds, [("book", 1), ("nav_menu_item", 1), ("page", 1), ("revision", 1)]);
    assert!(!serde_json::to_string(&collected.left_out).unwrap().contains("secret"));
    let (collected, _) = read_as(&format!("{HEAD}{items}{TAIL}"), source("export.xml", true));
    assert_eq!(collected.posts.len(), 2);
}

#[test]
fn broken_xml_costs_the_item_in_which_it_stands() {
    let (collected, warnings) =
        read(&format!("{}<item><title>Bad</title><!x>\n{}{}", post(1, ""), post(2, ""), post(3, "")));
    let titles: Vec<&str> = collected.posts.iter().map(|post| post.title.as_str()).collect();
    assert_eq!(titles, ["Post 1", "Post 2", "Post 3"], "{warnings:?}");
    assert_eq!(collected.left_out.len(), 1, "{:?}", collected.left_out);
    assert!(warnings[0].starts_with("export.xml:6:25: broken XML"), "{warnings:?}");
    let (collected, warnings) = read(&format!("<item><title>Open</title>{}", post(1, "")));
    assert_eq!((collected.posts.len(), collected.left_out.len(), warnings.len()), (1, 1, 1), "{warnings:?}");
    assert!(warnings[0].contains("`Open` has no end"), "{warnings:?}");
}

#[test]
fn sloppy_xml_is_read() {
    let text = format!(
        " \n junk {}{}{} junk after",
        HEAD.replace("xmlns:wp=\"http://wordpress.org/export/1.2/\"", ""),
        post(1, "")
            .replace("Text 1", "a < b &nbsp; [x]\u{8}")
            .replace("Post 1", "R&D &mdash; caf\u{e9} &#8220;x&#8221;"),
        TAIL
    );
    let (collected, warnings) = read_as(&text, source("export.xml", false));
    let told: Vec<&str> = warnings.iter().map(|warning| warning.split(": ").nth(1).unwrap_or_default()).collect();
    assert_eq!(
        told,
        [
            "text before the root element was dropped",
            "the prefix `wp` is not declared; what it usually means was taken (and 6 times more)",
            "a bare `&` was taken as text; it is written `&amp;`",
            "a character has a name of HTML's; XML knows only `amp`, `lt`, `gt`, `quot` and `apos`",
            "the character U+0008 is not allowed in XML and was dropped",
        ]
    );
    assert!(warnings[0].starts_with("export.xml:1:1:") && warnings[4].starts_with("export.xml:6:198:"), "{warnings:?}");
    assert_eq!(collected.posts[0].title, "R&D \u{2014} caf\u{e9} \u{201c}x\u{201d}");
    assert_eq!(collected.posts[0].body.as_str(), "<p>a &lt; b &nbsp; [x]</p>\n");
}

#[test]
fn cdata_may_be_split_nested_or_absent() {
    let body = |written: &str| {
        let (collected, _) = read(&post(1, "").replace("<![CDATA[Text 1]]>", written));
        collected.posts[0].body.as_str().trim().to_owned()
    };
    assert_eq!(body("<![CDATA[a ]]]]><![CDATA[> b]]>"), "<p>a ]]&gt; b</p>");
    assert_eq!(body("\n<![CDATA[a]]><![CDATA[b]]>\n"), "<p>ab</p>");
    assert_eq!(body("&lt;em&gt;a&lt;/em&gt; &amp;amp; b"), "<p><em>a</em> &amp; b</p>");
    assert_eq!(body("<p>a <em class=\"x\">b</em><br/>c</p>"), "<p>a <em>b</em><br>\nc</p>");
    // In HTML the inner one is a comment, as it is in a browser.
    assert_eq!(body("<![CDATA[a <b>x</b> <![CDATA[ y ]]> z]]>"), "<p>a <b>x</b>  z</p>");
    let (_, warnings) = read(&post(1, "").replace("<![CDATA[Text 1]]>", "<![CDATA[a <![CDATA[ y ]]> z]]>"));
    let told = "CDATA stands in CDATA, whose first `]]>` ends it; the rest was read as its text";
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("export.xml:5:") && warnings[0].ends_with(told),
        "{warnings:?}"
    );
}

#[test]
fn a_bracket_at_a_login_hides_nobody() {
    let author = "<wp:author><wp:author_login>ed</wp:author_login>\
        <wp:author_display_name>The editors</wp:author_display_name></wp:author>";
    let creators = ["ed", "<![CDATA[ed]]>>", "&lt;ed&gt;", "<![CDATA[setter]]>>"];
    let posts: String =
        (1..5).zip(creators).map(|(id, name)| post(id, &format!("<dc:creator>{name}</dc:creator>"))).collect();
    let (collected, _) = read(&format!("{author}{posts}"));
    let authors: Vec<&str> = collected.posts.iter().map(|post| post.authors[0].as_str()).collect();
    assert_eq!(authors, ["The editors", "The editors", "The editors", "setter"]);
}

#[test]
fn the_text_before_the_mark_is_the_summary() {
    let summary = |elements: &str| {
        let text = "<!-- wp:paragraph --><p>One [gallery] two.</p><!-- /wp:paragraph --><!-- wp:more --><!--more Go on--><!-- /wp:more -->Three";
        read(&post(1, elements).replace("Text 1", text)).0.posts[0].summary.clone().unwrap_or_default()
    };
    assert_eq!(summary(""), "One two.");
    assert_eq!(summary("<excerpt:encoded>Own</excerpt:encoded>"), "Own");
}

#[test]
fn notes_stand_where_their_block_stands() {
    let meta = "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value>\
        <![CDATA[[{\"id\":\"n\",\"content\":\"A <em>note</em>\"}]]]></wp:meta_value></wp:postmeta>";
    let text = "<!-- wp:paragraph --><p>a<sup data-fn=\"n\" class=\"fn\"><a href=\"#n\" id=\"n-link\">1</a></sup></p>\
        <!-- /wp:paragraph --><!-- wp:footnotes /-->";
    for text in [text, text.trim_end_matches("<!-- wp:footnotes /-->")] {
        let (collected, warnings) = read(&post(1, meta).replace("Text 1", text));
        assert_eq!(warnings, Vec::<String>::new());
        let expected = "<p>a<sup class=\"footnote-reference\"><a href=\"#post-1--n\" id=\"post-1--n-link\">1</a></sup></p>\
            <section class=\"footnotes\">\n<ol>\n<li id=\"post-1--n\">A <em>note</em> \
            <a href=\"#post-1--n-link\" class=\"footnote-back\">\u{21a9}\u{fe0e}</a></li>\n</ol>\n</section>\n";
        assert_eq!(collected.posts[0].body.as_str(), expected);
    }
    let headed =
        text.replace("<!-- wp:footnotes", "<!-- wp:heading --><h2>Notes</h2><!-- /wp:heading --><!-- wp:footnotes");
    let body = &read(&post(1, meta).replace("Text 1", &headed)).0.posts[0].body;
    assert!(body.as_str().contains("<section class=\"footnotes\">\n<h2"), "{body:?}");
}

#[test]
fn a_file_that_ends_early_keeps_what_is_whole() {
    let whole = format!("{HEAD}{}{}", post(1, ""), post(2, ""));
    for end in 0..whole.len() {
        if !whole.is_char_boundary(end) {
            continue;
        }
        let (collected, warnings) = read_as(&whole[..end], source("export.xml", false));
        assert!(collected.posts.len() + collected.left_out.len() <= 2);
        let ends_within = whole[..end].matches("<item>").count() > whole[..end].matches("</item>").count();
        let told =
            warnings.iter().any(|warning| warning.contains("ends in the middle") || warning.contains("broken XML"));
        assert!(!ends_within || told, "{end}: {warnings:?}");
    }
    let (_, warnings) = read_as("", source("export.xml", false));
    assert_eq!(warnings, ["export.xml:1:1: this is no WordPress export: it has no `<rss>`"]);
}

#[test]
fn deep_nesting_and_long_values_cost_one_item() {
    let deep = format!("<item>{}", "<a>".repeat(100_000));
    let (collected, warnings) = read(&format!("{deep}{}", post(1, "")));
    assert_eq!(collected.posts.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("nest deeper than 256"), "{warnings:?}");
    let long = post(2, "").replace("Text 2", &"x".repeat(33 << 20));
    let (collected, warnings) = read(&format!("{long}{}", post(1, "")));
    assert_eq!((collected.posts.len(), collected.left_out.len()), (1, 1), "{warnings:?}");
    assert!(warnings[0].contains("a value is longer than 32 MB"), "{warnings:?}");
}

#[test]
fn sounds_and_films_come_with_their_post() {
    let meta = |value: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>enclosure</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    };
    let both = meta("https://old.example/talk.mp3?a=1\n123456\naudio/mpeg\na:1:{s:8:\"duration\";s:2:\"10\";}")
        + &meta("https://old.example/film.mp4\r\n0\r\n")
        + &meta("no address");
    let (collected, _) = read(&post(1, &both));
    let files = &collected.posts[0].enclosures;
    let told: Vec<_> = files.iter().map(|file| (&*file.address, &*file.media_type, file.length)).collect();
    let talk = ("https://old.example/talk.mp3?a=1", "audio/mpeg", Some(123_456));
    assert_eq!(told, [talk, ("https://old.example/film.mp4", "video/mp4", None)]);
}

#[test]
fn a_folder_is_one_export() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("exports")).unwrap();
    let thumbnail =
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>";
    let picture = item(
        "attachment",
        "inherit",
        "<wp:post_id>7</wp:post_id><wp:attachment_url>https://old.example/a.jpg</wp:attachment_url>",
    );
    for (name, items) in
        [("1.xml", post(1, thumbnail)), ("2.xml", picture), ("3.xml", post(1, "")), ("readme.txt", String::new())]
    {
        std::fs::write(root.path().join("exports").join(name), format!("{HEAD}{items}{TAIL}")).unwrap();
    }
    let collected = collect(&config(root.path(), vec![("old", source("exports", false))]), now()).unwrap().value;
    assert_eq!(collected.posts.len(), 1);
    assert!(collected.posts[0].picture.is_some());
    assert!(collected.left_out[0].reason.contains("reads like an export"), "{:?}", collected.left_out);
    assert!(collected.left_out[1].reason.contains("the export has `Post 1` twice"), "{:?}", collected.left_out);
    let gone = collect(&config(root.path(), vec![("old", source("nothing.xml", false))]), now()).unwrap_err();
    assert!(gone.to_string().starts_with("config.toml:5:1: cannot read the export `nothing.xml`"), "{gone}");
}

#[test]
fn links_between_posts_find_each_other() {
    let one = post(1, "").replace(
        "Text 1",
        "<a href=\"/blog/post-2/#top\">a</a> <a href=\"//cdn.example/x\">b</a> <img src=\"/a.png\">",
    );
    let (collected, _) = read(&format!("{one}{}", post(2, "").replace("Text 2", "<h2 id=\"top\">T</h2>")));
    assert_eq!(
        collected.posts[0].body.as_str(),
        "<p><a href=\"https://old.example/blog/post-2/#post-2--top\">a</a> <a href=\"https://cdn.example/x\">b</a> \
         <img src=\"https://old.example/a.png\" alt=\"\"></p>\n"
    );
}

#[test]
fn links_by_number_find_their_posts() {
    let one = post(1, "<wp:post_id>1</wp:post_id>").replace(
        "Text 1",
        "<a href=\"https://old.example/?p=7#top\">a</a> <a href=\"http://old.example/blog/?p=7\">b</a> \
         <a href=\"/blog/?page_id=7\">c</a> <a href=\"https://old.example/blog/?p=9\">d</a>",
    );
    let (collected, _) = read(&format!("{one}{}", post(2, "<wp:post_id>7</wp:post_id>")));
    let body = collected.posts[0].body.as_str();
    assert_eq!(body.matches("https://old.example/blog/post-2/").count(), 2, "{body}");
    assert!(body.contains("/blog/?p=9"), "{body}");
}

#[test]
fn links_to_lists_of_posts_lead_to_ours_or_are_told() {
    let links: String = [
        "/category/local/",
        "/category/news/page/2/",
        "/tag/olive-oil/",
        "/author/ed/",
        "/feed/",
        "/tag/olive-oil/feed/atom/",
        "/2013/06/",
        "/2013/",
        "/tag/none/",
        "/?s=oil",
        "/about/",
        "/nosuch/#x",
        "/posts/1/",
        "/wp-login.php",
        "/",
    ]
    .iter()
    .flat_map(|path| ["<a href=\"https://compositor.example", path, "\">x</a>"])
    .collect();
    let filed = "<dc:creator>ed</dc:creator><category domain=\"category\" nicename=\"local\">Local</category>\
        <category domain=\"category\" nicename=\"news\">News</category><category domain=\"post_tag\" nicename=\"olive-oil\">Olive Oil</category>";
    let text = format!("{HEAD}{}{TAIL}", post(1, filed).replace("Text 1", &links));
    let text = text.replace("https://old.example/blog", "https://compositor.example");
    let (collected, warnings) = read_as(&text, source("export.xml", false));
    let body = collected.posts[0].body.as_str();
    let leads: Vec<&str> =
        body.split("href=\"https://compositor.example/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(
        leads,
        [
            "sections/local/",
            "category/news/page/2/",
            "tags/olive-oil/",
            "authors/ed/",
            "feed.xml",
            "tags/olive-oil/feed.xml",
            "2013/06/",
            "2013/",
            "tag/none/",
            "?s=oil",
            "about/",
            "nosuch/#x",
            "posts/1/",
            "wp-login.php",
            "",
        ]
    );
    let told: Vec<&str> = warnings.iter().filter_map(|warning| Some(warning.split_once(": ")?.1)).collect();
    assert_eq!(
        told,
        [
            "a link leads to `/category/news/page/2/`: a list of the posts of a category that has no page here",
            "a link leads to `/tag/none/`: a list of the posts of a tag that has no page here",
            "2 links lead to lists of the posts of times that have no page here, the first to `/2013/`",
            "a link leads to `/?s=oil`: a search that has no page here",
            "2 links lead to pages that are no posts of this export, the first to `/about/`",
        ]
    );
    // Where the old site stands at another address, it may go on having them.
    let (elsewhere, warnings) =
        read(&post(1, filed).replace("Text 1", &links.replace("compositor.example", "old.example/blog")));
    let body = elsewhere.posts[0].body.as_str();
    assert!(body.contains("https://old.example/blog/2013/06/") && warnings.is_empty(), "{warnings:?}");
    assert!(body.contains("https://compositor.example/tags/olive-oil/"), "{body}");
}

#[test]
fn what_is_for_some_readers_of_a_site_alone_is_left_out() {
    let meta = |key: &str, value: &str| {
        format!("<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>")
    };
    let items = [
        post(1, &meta("_jetpack_newsletter_access", "paid_subscribers")),
        post(2, &meta("_members_access_role", "editor")),
        post(3, &meta("_jetpack_newsletter_access", "everybody")),
        post(4, "").replace("Text 4", "Text [private]of ours[/private] 4"),
    ];
    let (collected, warnings) = read(&items.concat());
    let bodies: Vec<&str> = collected.posts.iter().map(|post| post.body.as_str()).collect();
    assert_eq!(bodies, ["<p>Text 3</p>\n", "<p>Text  4</p>\n"]);
    let reason = &collected.left_out[0].reason;
    assert!(reason.starts_with("`Post 1` is for some readers of its site alone"), "{reason}");
    assert!(warnings[0].ends_with("shortcode `private` is for some readers alone; it is left out, and what is in it"));
}

#[test]
fn links_to_comments_lead_to_their_posts() {
    let links = "<a href='https://old.example/blog/post-2/#comment-3'>a</a> <a href='https://old.example/blog/?p=2#respond'>b</a> \
                 <a href='https://old.example/blog/post-2/comment-page-2/#comment-9'>c</a>";
    let (collected, _) = read(&(post(1, "").replace("Text 1", links) + &post(2, "")));
    let body = collected.posts[0].body.as_str();
    assert_eq!(body.matches("<a href=\"https://old.example/blog/post-2/\">").count(), 3, "{body}");
}

/// An export without end is made as it is read: items of every kind, one after the other.
struct Endless {
    parts: Vec<Vec<u8>>,
    next: usize,
    at: usize,
    left: usize,
}

impl std::io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut written = 0;
        while written < buffer.len() && self.left > 0 {
            let part = &self.parts[self.next];
            let count = (part.len() - self.at).min(buffer.len() - written);
            buffer[written..written + count].copy_from_slice(&part[self.at..self.at + count]);
            written += count;
            self.at += count;
            if self.at == part.len() {
                self.at = 0;
                self.next = (self.next + 1) % self.parts.len();
                self.left -= 1;
            }
        }
        Ok(written)
    }
}

#[derive(Default)]
struct Counts(std::collections::BTreeMap<String, usize>);

impl read::Sink for Counts {
    fn item(&mut self, item: super::item::Item) {
        *self.0.entry(item.kind).or_default() += 1;
    }

    fn lost(&mut self, item: super::item::Item, why: &str) {
        panic!("{}: {why}", item.called());
    }
}

#[test]
fn a_stream_is_read_item_by_item() {
    let parts = ["post", "attachment", "revision"].map(|kind| item(kind, "publish", "").into_bytes()).to_vec();
    let stream = Endless { parts, next: 0, at: 0, left: 30_000 };
    let mut counts = Counts::default();
    let faults = read::read(std::io::Read::chain(HEAD.as_bytes(), stream), 0, &mut Channel::default(), &mut counts);
    assert!(faults.told.is_empty(), "{faults:?}");
    assert_eq!(counts.0.into_values().collect::<Vec<_>>(), [10_000, 10_000, 10_000]);
}

#[test]
fn every_export_of_the_corpora_is_read() {
    let Some(corpora) = crate::collect::tests::corpora() else { return };
    let mut read = 0;
    for file in walkdir::WalkDir::new(corpora.join("wxr")).into_iter().flatten() {
        if file.path().extension().is_some_and(|extension| extension == "xml") {
            let collected = collect(
                &config(Path::new("/"), vec![("old", source(&file.path().display().to_string(), true))]),
                now(),
            );
            assert!(collected.is_ok(), "{}", file.path().display());
            read += 1;
        }
    }
    assert!(read >= 50, "{read}");
}
