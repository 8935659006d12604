mod shown;

use std::path::Path;

use super::Document;
use crate::collect::tests::{config, corpora, now};
use crate::collect::{Collected, Gathered, collect, sightings_path};
use crate::config::SourceKind;
use crate::model::Origin;

pub(super) fn read(text: &str) -> (Collected, Vec<String>) {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("feed.xml"), text).unwrap();
    collect_in(root.path())
}

fn collect_in(root: &Path) -> (Collected, Vec<String>) {
    let config = config(root, vec![("elsewhere", SourceKind::feed("feed.xml"))]);
    let collected = collect(&config, now()).unwrap();
    (collected.value, collected.warnings.iter().map(ToString::to_string).collect())
}

const RSS: &str = r#"<?xml version="1.0"?>
<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Press &amp; Paper</title><link>https://press.example/</link><language>sq</language>
<image><title>Logo</title><link>https://press.example/logo</link></image>
<item><title>Lajme&nbsp;1</title><link>/one</link><guid isPermaLink="false">id-1</guid><description>Short</description>
<c:encoded><![CDATA[<p onclick="x">Long <a href="two">two</a><script>1</script></p>]]></c:encoded>
<dc:creator>The editors</dc:creator><pubDate>Fri, 31 Jul 2026 10:00:00 +0200</pubDate><category>a</category></item>
<item><title>Undated</title><link>https://press.example/two</link><pubDate>some day</pubDate>
<description>AT&amp;amp;T

a &amp;lt; b</description></item>
</channel></rss>"#;

#[test]
fn rss_becomes_posts() {
    let (collected, warnings) = read(RSS);
    let post = &collected.posts[0];
    assert_eq!(
        (post.title.as_str(), post.id.0.as_str(), post.address.as_str()),
        ("Lajme 1", "id-1", "https://press.example/one")
    );
    assert_eq!(post.body.as_str(), "<p>Long <a href=\"https://press.example/two\">two</a></p>");
    assert_eq!(post.published.unwrap().to_rfc3339(), "2026-07-31T08:00:00+00:00");
    assert_eq!(
        (post.language.as_str(), post.origin, post.summary.as_deref()),
        ("sq", Origin::Elsewhere, Some("Short"))
    );
    assert_eq!(post.authors, ["The editors"]);
    assert_eq!(post.credit.as_ref().unwrap().name, "Press & Paper");
    assert_eq!(collected.posts[1].body.as_str(), "<p>AT&amp;T</p>\n<p>a &lt; b</p>\n");
    let undated = &collected.posts[1];
    assert_eq!((undated.published, undated.date()), (None, now()));
    assert_eq!(
        warnings,
        [
            "feed.xml:5:19: a character has a name of HTML's; XML knows only `amp`, `lt`, `gt`, `quot` and `apos`",
            "feed.xml:6:62: `<script>` is left out, with what is in it",
            "feed.xml:8:67: `some day` is not a date (item `Undated`)"
        ]
    );
    assert_eq!(collected.sightings.len(), 2);
}

#[test]
fn what_leads_nowhere_or_is_no_number_is_told() {
    let (collected, warnings) = read(
        "<rss version=\"2.0\"><channel><link>https://press.example/</link><item><title>A</title>\n\
         <link>javascript:alert(1)</link>\n<enclosure url=\"https://press.example/a.mp3\" length=\"12,345\" type=\"audio/mpeg\"/>\n\
         <enclosure url=\"ftp://press.example/b.mp3\" length=\"12 MB\" type=\"audio/mpeg\"/>\
         <enclosure url=\"https://press.example/c.swf\" type=\"application/x-shockwave-flash\"/>\n\
         <description>&lt;a href=\"ftp://press.example/c\"&gt;c&lt;/a&gt; &lt;img src=\"javascript:d\" alt=\"d\"&gt;</description></item>\n\
         </channel></rss>",
    );
    let post = &collected.posts[0];
    assert_eq!((post.enclosures.len(), post.enclosures[0].length), (1, Some(12_345)));
    assert_eq!(post.body.as_str(), "c d");
    assert_eq!(
        warnings,
        [
            "feed.xml:2:7: the link `javascript:alert(1)` is no address on the web; it was left out",
            "feed.xml:4:1: `12 MB` is no length of a file in bytes; it was left out",
            "feed.xml:4:17: the file `ftp://press.example/b.mp3` is no address on the web; it was left out",
            "feed.xml:4:94: nothing plays a file of Flash any more; it was left out",
            "feed.xml:5:26: the link to `ftp://press.example/c` is left out, but for the words in it; pages link by `http`, \
             `https`, `mailto` and `tel`",
            "feed.xml:5:77: the picture `javascript:d` has no address on the web; its words stand for it",
        ]
    );
}

#[test]
fn no_reader_is_told_a_password_or_given_a_file_of_a_private_network() {
    let feed = "<rss version=\"2.0\"><channel><title>P</title><link>https://me:pw@press.example/</link><item><title>A</title>\n\
         <link>https://me:pw@press.example/1</link><guid>https://me:pw@press.example/?p=1</guid>\n\
         <enclosure url=\"https://me:pw@press.example/a.mp3\" type=\"audio/mpeg\"/>\n\
         <enclosure url=\"http://192.168.7.7/b.mp3\" type=\"audio/mpeg\"/>\n\
         <comments>https://me:pw@press.example/1#c</comments>\n\
         <description>&lt;a href=\"/2\"&gt;2&lt;/a&gt;\n&lt;a href=\"http://me:pw@10.0.0.3/c\"&gt;c&lt;/a&gt; \
         &lt;a href=\"http://me:pw@10.0.0.4/d\"&gt;http://me:pw@10.0.0.4/d&lt;/a&gt;</description></item></channel></rss>";
    let (collected, warnings) = read(feed);
    let post = &collected.posts[0];
    assert_eq!(
        post.body.as_str(),
        "<a href=\"https://press.example/2\">2</a>\n<a href=\"http://10.0.0.3/c\">c</a> <a href=\"http://10.0.0.4/d\">http://10.0.0.4/d</a>"
    );
    let ids = (post.id.0.as_str(), post.address.as_str(), post.particulars.comments.as_str());
    assert_eq!(ids, ("https://press.example/?p=1", "https://press.example/1", "https://press.example/1#c"));
    let files: Vec<&str> = post.enclosures.iter().map(|file| file.address.as_str()).collect();
    assert_eq!(files, ["https://press.example/a.mp3"]);
    assert!(!serde_json::to_string(&collected.sightings).unwrap().contains("pw"));
    assert_eq!(
        warnings,
        [
            "feed.xml:2:7: the address of the link holds a user or a password; these were taken out",
            "feed.xml:3:17: the address of the file holds a user or a password; these were taken out",
            "feed.xml:4:17: the file leads to `192.168.7.7`, a private address that readers do not reach; it was left out",
            "feed.xml:7:13: a link holds a user or a password; it leads where it led, without them",
            "feed.xml:7:13: a link leads to `10.0.0.3`, a private address that readers do not reach; it was left as it is",
        ]
    );
}

#[test]
fn slips_of_json_are_told() {
    let (collected, warnings) = read(
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"items\":[\n\
         {\"id\":\"1\",\"url\":\"https://j.example/1\",\"content_text\":\"One.\",\"tags\":\"one, two\",\"image\":\"a.png\",\n\
         \"attachments\":[{\"url\":\"https://j.example/a.mp3\",\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":1e3}]},\n\
         {\"id\":\"2\",\"url\":\"https://j.example/2\",\"content_text\":\"Two.\",\n\
         \"attachments\":[{\"url\":\"https://j.example/b.mp3\",\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":\"large\"}]}]}",
    );
    assert_eq!(collected.posts[0].tags, ["one", "two"]);
    assert_eq!(collected.posts[0].enclosures[0].length, Some(1000));
    assert_eq!(
        warnings,
        [
            "feed.xml:2:1: the `tags` of an item are no list; the words between its commas were read",
            "feed.xml:2:88: the picture `a.png` is no address on the web; it was left out",
            "feed.xml:4:1: the `size_in_bytes` of a file is no number of bytes; it was left out",
        ]
    );
}

#[test]
fn words_of_titles_that_are_names_of_elements_stay() {
    let titles = [
        ("How to use &lt;details&gt;", "How to use <details>"),
        ("The &lt;script&gt; tag", "The <script> tag"),
        ("<![CDATA[The <head> and <title> elements]]>", "The <head> and <title> elements"),
        ("&lt;b&gt;Bold&lt;/b&gt; Vec&lt;T&gt;", "Bold Vec<T>"),
        ("&lt;![CDATA[inner &amp;amp; outer]]&gt;", "inner & outer"),
    ];
    let item = |title: &str| format!("\n<item><title>{title}</title><description>T</description></item>");
    let items = titles.map(|(title, _)| item(title)).concat();
    let (collected, warnings) = read(&format!(
        "<rss version=\"2.0\"><channel><title>Press</title><link>https://press.example/</link>{items}</channel></rss>"
    ));
    let read: Vec<&str> = collected.posts.iter().map(|post| post.title.as_str()).collect();
    assert_eq!(read, titles.map(|(_, title)| title));
    assert_eq!(warnings, ["feed.xml:6:7: a CDATA section is written as text; what is in it was read"]);
}

#[test]
fn what_stands_in_a_section_within_a_section_is_read() {
    let (collected, warnings) = read(
        "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link>\n<item><title>A</title>\
         <description><![CDATA[one <b>x</b> <![CDATA[inner words]]> after words]]></description></item></channel></rss>",
    );
    let body = collected.posts[0].body.as_str();
    assert!(body.contains("inner words") && body.contains("after words") && !body.contains("]]"), "{body}");
    assert!(warnings.iter().any(|told| told.contains("stands in another one")), "{warnings:?}");
}

#[test]
fn no_post_is_called_by_markup_or_by_nothing() {
    let item = |text: &str| format!("<item><description><![CDATA[{text}]]></description></item>");
    let feed = |title: &str, items: String| format!("<rss version=\"2.0\"><channel>{title}{items}</channel></rss>");
    let titles = |text: String| read(&text).0.posts.into_iter().map(|post| post.title).collect::<Vec<_>>();
    let drawn = item("<svg><circle r='1' /></svg>");
    let formula = item("<math><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></math> is more.");
    assert_eq!(titles(feed("<title>Press</title>", drawn.clone() + &formula)), ["Press", "a+b is more."]);
    assert_eq!(titles(feed("", drawn)), ["elsewhere"]);
}

#[test]
fn atom_becomes_posts() {
    let (collected, warnings) = read(
        r#"<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:lang="fa" xml:base="https://atom.example/base/">
        <a:title type="html">A &lt;b&gt;feed&lt;/b&gt;</a:title>
        <a:entry><a:id>tag:atom.example,2026:1</a:id><a:title>1 &lt; 2</a:title><a:link href="one"/>
        <a:updated>2026-07-30T00:00:00Z</a:updated><a:author><a:name>The editors</a:name></a:author>
        <a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>X<br/>Y &amp; <em>Z</em></p></div></a:content>
        </a:entry></a:feed>"#,
    );
    assert_eq!(warnings, Vec::<String>::new());
    let post = &collected.posts[0];
    assert_eq!((post.title.as_str(), post.address.as_str()), ("1 < 2", "https://atom.example/base/one"));
    assert_eq!(post.body.as_str(), "<p>X<br>Y &amp; <em>Z</em></p>");
    assert_eq!((post.language.as_str(), post.authors.len()), ("fa", 1));
}

#[test]
fn json_becomes_posts() {
    let (collected, _) = read(
        r#"{"version":"https://jsonfeed.org/version/1","title":"J","home_page_url":"https://j.example/","items":[
        {"id":7,"url":"https://j.example/7","authors":"The editors","content_text":"One.\n\nTwo <b>.","date_published":"2026-07-01T10:00:00Z"}]}"#,
    );
    let post = &collected.posts[0];
    assert_eq!((post.id.0.as_str(), post.title.as_str()), ("7", "One. Two <b>."));
    assert_eq!(post.body.as_str(), "<p>One.</p>\n<p>Two &lt;b&gt;.</p>\n");
    assert_eq!(post.authors, ["The editors"]);
}

#[test]
fn an_item_that_scrolled_off_is_still_there_with_its_first_day() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("feed.xml"), RSS).unwrap();
    let (first, _) = collect_in(root.path());
    let config = config(root.path(), Vec::new());
    let path = sightings_path(&config, "elsewhere");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let lines: String = first.sightings.iter().map(|s| serde_json::to_string(s).unwrap() + "\n").collect();
    std::fs::write(&path, lines).unwrap();
    std::fs::write(
        root.path().join("feed.xml"),
        RSS.replace("id-1", "id-9").replace("Fri, 31", "Thu, 30").replace("Long", "Other"),
    )
    .unwrap();
    let (second, _) = collect_in(root.path());
    let ids: Vec<&str> = second.posts.iter().map(|post| post.id.0.as_str()).collect();
    assert_eq!(ids, ["id-9", "https://press.example/two", "id-1"]);
    assert_eq!(second.sightings.len(), 1, "only what is new");
}

#[test]
fn what_a_feed_takes_back_is_left_out() {
    let atom = |entries: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\">\
             <title>T</title>{entries}</feed>"
        )
    };
    let root = tempfile::tempdir().unwrap();
    let entry = |id: &str| format!("<entry><id>{id}</id><title>{id}</title><content>Text of {id}</content></entry>");
    std::fs::write(root.path().join("feed.xml"), atom(&(entry("a") + &entry("b")))).unwrap();
    let (first, _) = collect_in(root.path());
    let path = sightings_path(&config(root.path(), Vec::new()), "elsewhere");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let lines: String = first.sightings.iter().map(|s| serde_json::to_string(s).unwrap() + "\n").collect();
    std::fs::write(&path, lines).unwrap();
    let tombstone = "<at:deleted-entry ref=\"a\" when=\"2026-07-30T00:00:00Z\"/>";
    std::fs::write(root.path().join("feed.xml"), atom(&(tombstone.to_owned() + &entry("b")))).unwrap();
    let (second, _) = collect_in(root.path());
    assert_eq!(second.posts.iter().map(|post| post.id.0.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!((second.left_out[0].reason.as_str(), second.sightings.len()), ("its feed has withdrawn it", 1));
}

#[test]
fn a_folder_of_feeds_is_one_source() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("archive");
    std::fs::create_dir(&folder).unwrap();
    let changed = RSS.replace("Lajme&nbsp;1", "Lajme, mended").replace("Fri, 31 Jul 2026 10", "Fri, 31 Jul 2026 11");
    let changed = changed.replace("https://press.example/two", "https://press.example/three");
    std::fs::write(folder.join("1.xml"), RSS).unwrap();
    std::fs::write(folder.join("2.rss"), changed).unwrap();
    std::fs::write(folder.join("notes.txt"), "no feed").unwrap();
    let collect_from = |location: &str| {
        let config = config(root.path(), vec![("elsewhere", SourceKind::feed(location))]);
        collect(&config, now()).unwrap()
    };
    let collected = collect_from("archive").value;
    let titles: Vec<&str> = collected.posts.iter().map(|post| post.title.as_str()).collect();
    assert_eq!((titles, collected.files_found), (vec!["Lajme, mended", "Undated", "Undated"], 4));
    assert_eq!(collected.left_out[0].reason, "item `Lajme 1` is in `archive/2.rss`, too");
    std::fs::create_dir(root.path().join("empty")).unwrap();
    let told = collect_from("empty").warnings.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(told, ["empty: the folder holds no feed: no file ends with .xml, .rss, .atom, .rdf, .cdf, .json"]);
}

#[test]
fn an_item_that_cannot_be_read_costs_itself() {
    let titled = |title: &str| super::Item {
        title: super::Text { value: title.to_owned().into(), ..super::Text::default() },
        ..super::Item::default()
    };
    let mut gathered = Gathered::default();
    let length = |item: &super::Item<'_>| item.title.value.bytes().position(|byte| byte == b'a');
    let items = ["Lajme", "News", "Gazeta"].map(titled).to_vec();
    let read = super::adapted(items, length, Path::new("feed.xml"), &mut gathered);
    assert_eq!(read, [1, 1]);
    assert_eq!(gathered.left_out[0].reason, "item `News` cannot be read");
    let told = "feed.xml: item `News` is left out: reading it fails by a fault of masthead itself";
    assert!(gathered.warnings[0].to_string().starts_with(told), "{}", gathered.warnings[0]);
}

#[test]
fn items_that_share_an_id_are_kept_over_all_pages() {
    let root = tempfile::tempdir().unwrap();
    let item = |day: u32, title: &str| {
        format!(
            "<item><guid>same</guid><title>{title}</title><pubDate>{day:02} Jul 2026 10:00:00 GMT</pubDate>\
             <description>On day {day}.</description></item>"
        )
    };
    std::fs::create_dir(root.path().join("feed.xml")).unwrap();
    for title in [None, Some("Status")] {
        for (page, days) in [[1, 2], [2, 3], [4, 5]].into_iter().enumerate() {
            let items = days.map(|day| item(day, title.unwrap_or(&format!("N{day}")))).concat();
            let feed = format!("<rss version=\"2.0\"><channel><title>F</title>{items}</channel></rss>");
            std::fs::write(root.path().join(format!("feed.xml/{page}.xml")), feed).unwrap();
        }
        let (collected, _) = collect_in(root.path());
        let mut dates: Vec<_> = collected.posts.iter().filter_map(|post| post.published).collect();
        dates.sort_unstable();
        dates.dedup();
        assert_eq!((dates.len(), collected.posts.len(), collected.left_out.len()), (5, 5, 1), "{title:?}");
    }
}

#[test]
fn a_file_stands_where_it_says() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>urn:f</id>\
        <link rel='self' href='https://press.example/blog/feed.xml'/>\
        <entry><id>urn:1</id><title>A</title><link href='/blog/a'/><content type='html'>&lt;a href='b'>b&lt;/a></content></entry>\
        <entry><id>urn:2</id><title>B</title></entry></feed>";
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://press.example/blog/feed.json",
        "items": [{"id": "1", "title": "A", "url": "/blog/a", "content_html": "<a href='b'>b</a>"}, {"id": "2", "title": "B"}]}"#;
    for text in [atom, json] {
        let (collected, warnings) = read(text);
        let addresses: Vec<&str> = collected.posts.iter().map(|post| post.address.as_str()).collect();
        assert_eq!(addresses[0], "https://press.example/blog/a");
        assert_eq!(addresses[1], format!("https://compositor.example/posts/{}/", collected.posts[1].id.page_name()));
        assert!(
            collected.posts[0].body.as_str().contains("\"https://press.example/blog/b\""),
            "{:?}",
            collected.posts[0]
        );
        assert_eq!(warnings, Vec::<String>::new());
    }
    let (collected, _) = read(&atom.replace("self", "other"));
    assert!(collected.posts[1].has_page_of_ours());
}

#[test]
fn half_a_character_of_json_costs_no_item() {
    let (collected, warnings) = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://j.example/",
"items":[{"id":"a","title":"T","content_text":"lone \ud83d"},{"id":"b","content_text":"B","x":1e999}]}"#,
    );
    assert_eq!(collected.posts.len(), 2);
    assert_eq!(collected.posts[0].body.as_str(), "<p>lone \u{fffd}</p>\n");
    assert_eq!(
        warnings,
        [
            "feed.xml:2:53: half of a character stands alone; it is shown as U+FFFD",
            "feed.xml:2:62: the field `x` of an item was left out (number out of range)"
        ]
    );
}

#[test]
fn what_is_broken_costs_only_itself() {
    let deep = "<a>".repeat(100_000);
    let truncated = &RSS[..RSS.find("<item><title>Undated").unwrap() + 25];
    for (text, items) in
        [("", 0), ("<rss><channel><item><title>x", 0), (deep.as_str(), 0), (truncated, 1), ("{", 0), ("\u{8}<rss/>", 0)]
    {
        assert_eq!(
            Document::new(text.into(), None).read(None, Path::new("f")).value.items.len(),
            items,
            "{}",
            &text[..text.len().min(60)]
        );
    }
}

#[test]
fn the_corpora_are_read_without_a_crash() {
    let Some(corpora) = corpora() else { return };
    let (mut files, mut items) = (0, 0);
    for entry in walkdir::WalkDir::new(corpora.join("feeds")).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            files += 1;
            let document = Document::new(std::fs::read(entry.path()).unwrap(), None);
            let found = document.read(None, entry.path()).value.items.len();
            items += found;
        }
    }
    println!("{items} items in {files} files");
    assert!(items > 1500, "{items} items in {files} files");
}

#[test]
fn what_comes_with_an_item_is_kept_in_every_form() {
    let (collected, warnings) = read(
        r#"<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/">
        <channel><title>Press</title><link>https://press.example/</link>
        <item><title>One</title><guid>1</guid><description>Short &amp;amp; plain</description>
        <enclosure url="https://press.example/one.mp3" type="audio/mpeg" length="10"/>
        <enclosure url="https://press.example/a.jpg" type="image/jpeg" length="10"/>
        <enclosure url="https://press.example/b.jpg" type="image/jpeg" length="10"/>
        <podcast:alternateEnclosure type="audio/opus" length="5" title="Small">
        <podcast:source uri="ipfs://x"/><podcast:source uri="https://press.example/one.opus"/></podcast:alternateEnclosure>
        <podcast:alternateEnclosure type="audio/flac"><podcast:source uri="ipfs://y"/></podcast:alternateEnclosure>
        <media:content url="https://press.example/two.mp4" type="video/mp4"><media:title>The film</media:title>
        <media:description>How ink is made</media:description></media:content></item></channel></rss>"#,
    );
    let post = &collected.posts[0];
    let files: Vec<(&str, Option<&str>)> =
        post.enclosures.iter().map(|file| (file.address.as_str(), file.title.as_deref())).collect();
    assert_eq!(
        files,
        [
            ("https://press.example/one.mp3", None),
            ("https://press.example/one.opus", Some("Small")),
            ("https://press.example/two.mp4", Some("The film")),
        ]
    );
    assert_eq!(
        post.picture.as_ref().map(|picture| (&*picture.src, &*picture.alt)),
        Some(("https://press.example/a.jpg", ""))
    );
    assert!(post.body.as_str().contains("<img src=\"https://press.example/b.jpg\""), "{}", post.body.as_str());
    assert!(!post.body.as_str().contains("a.jpg"), "{}", post.body.as_str());
    assert_eq!(warnings, ["feed.xml:9:87: another form of a file has no address on the web; it was left out"]);
}

#[test]
fn each_picture_of_media_rss_is_shown_with_its_own_words() {
    let content = |name: &str, about: &str| {
        format!("<media:content url=\"https://p.example/{name}\" medium=\"image\">{about}</media:content>")
    };
    let (about_a, about_b) = (
        "<media:copyright>The Press</media:copyright><media:description>About A</media:description><media:credit>Ann</media:credit>",
        "<media:title>B</media:title><media:description>About B</media:description><media:copyright>The Press</media:copyright>",
    );
    let items = [
        content("a.jpg", about_a) + &content("b.jpg", about_b),
        content("a.jpg", "") + &content("b.jpg", about_b) + "<media:credit>An Agency</media:credit>",
        // One picture in other sizes, and forms of one in a group.
        content("a.jpg?w=100", about_a) + &content("a.jpg?w=200", ""),
        ["<media:group>", &content("a.jpg", ""), &content("b.jpg", about_a), "</media:group>"].concat(),
    ];
    let item = |(at, item)| format!("<item><title>T{at}</title><description>x</description>{item}</item>");
    let items = items.iter().enumerate().map(item).collect::<Vec<_>>().concat();
    let (collected, _) = read(&format!(
        "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>P</title>{items}</channel></rss>"
    ));
    let b = "<p>x</p>\n<figure><img src=\"https://p.example/b.jpg\" alt=\"B\"><figcaption>About B (The Press)</figcaption></figure>";
    let shown: Vec<_> = collected
        .posts
        .iter()
        .map(|post| {
            let picture = post.picture.as_ref().unwrap();
            (picture.src.rsplit('/').next().unwrap(), picture.caption.as_deref(), post.body.as_str())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("a.jpg", Some("About A (Ann)"), b),
            ("a.jpg", Some("An Agency"), b),
            ("a.jpg?w=100", Some("About A (Ann)"), "<p>x</p>\n"),
            ("a.jpg", Some("About A (Ann)"), "<p>x</p>\n")
        ]
    );
}

#[test]
fn an_author_of_json_may_stand_without_a_list() {
    let root = tempfile::tempdir().unwrap();
    let text = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","authors":[{"name":"The feed"}],"items":[
        {"id":"a","title":"T","url":"https://j.example/a","content_text":"00:00 One\n01:00 See https://e.example/a","authors":"Ann"}]}"#;
    std::fs::write(root.path().join("feed.xml"), text).unwrap();
    let post = &collect_in(root.path()).0.posts[0];
    assert_eq!(post.authors, ["Ann"]);
    let lines = "<p>00:00 One<br>\n01:00 See <a href=\"https://e.example/a\">https://e.example/a</a></p>\n";
    assert_eq!(post.body.as_str(), lines);
}

#[test]
fn what_an_item_is_about_is_a_link_behind_its_text() {
    let shown = |text: &str| {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("feed.xml"), text).unwrap();
        collect_in(root.path()).0.posts[0].body.as_str().to_owned()
    };
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"a","title":"T",
        "url":"https://j.example/a","external_url":"https://e.example/a?b&c","content_html":"<p>Of it.</p>"}]}"#;
    let link = "<a href=\"https://e.example/a?b&amp;c\">";
    assert_eq!(shown(json), format!("<p>Of it.</p><p>{link}https://e.example/a?b&amp;c</a></p>"));
    assert_eq!(
        shown(&json.replace("Of it.", "<a href='https://e.example/a?b&c'>It</a>")),
        format!("<p>{link}It</a></p>")
    );
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>f</id><entry><id>1</id><title>T</title>
        <link href="https://a.example/1"/><link rel="via" href="https://e.example/a?b&amp;c" title="It"/>
        <content type="html">&lt;p&gt;Of it.&lt;/p&gt;</content></entry></feed>"#;
    assert_eq!(shown(atom), format!("<p>Of it.</p><p>{link}It</a></p>"));
}

#[test]
fn how_long_an_episode_is_is_said_of_its_enclosure() {
    let (collected, _) = read(
        r#"<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/">
        <channel><title>P</title><item><title>One</title><itunes:duration>10:00</itunes:duration>
        <media:content url="https://p.example/trailer.mp4" type="video/mp4"/>
        <enclosure url="https://p.example/one.mp3" type="audio/mpeg" length="10"/></item></channel></rss>"#,
    );
    let lengths: Vec<_> = collected.posts[0].enclosures.iter().map(|file| file.duration).collect();
    assert_eq!(lengths, [None, Some(600)]);
}

#[test]
fn a_feed_may_be_compressed() {
    use std::io::Write as _;
    let packed = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let root = tempfile::tempdir().unwrap();
    let location = root.path().join("feed.xml");
    std::fs::write(&location, packed(RSS)).unwrap();
    assert_eq!(collect_in(root.path()).0.posts.len(), 2, "whatever it is called");
    std::fs::write(&location, &packed(RSS)[..40]).unwrap();
    let (collected, warnings) = collect_in(root.path());
    assert_eq!((collected.posts.len(), warnings.len()), (0, 1), "{warnings:?}");
    std::fs::remove_file(&location).unwrap();
    std::fs::create_dir(&location).unwrap();
    std::fs::write(location.join("one.rss.gz"), packed(RSS)).unwrap();
    std::fs::write(location.join("notes.txt.gz"), packed(RSS)).unwrap();
    assert_eq!(collect_in(root.path()).0.posts.len(), 2);
}

#[test]
fn a_feed_that_is_complete_says_so() {
    let feed = |items: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:fh=\"http://purl.org/syndication/history/1.0\">\
             <title>F</title><fh:complete/>{items}</feed>"
        )
    };
    let document = crate::collect::feed::Document::new(feed("<entry><id>a</id></entry>").into_bytes(), None);
    assert!(document.read(None, std::path::Path::new("f")).value.relations.complete);
}

#[test]
fn what_was_kept_is_looked_at_again() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("feed.xml"), RSS).unwrap();
    let (collected, _) = collect_in(root.path());
    let config = config(root.path(), vec![("elsewhere", SourceKind::feed("feed.xml"))]);
    let path = sightings_path(&config, "elsewhere");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let line = serde_json::to_string(&collected.sightings[0]).unwrap();
    // The item has scrolled off its feed, and somebody has changed what was kept of it.
    std::fs::write(root.path().join("feed.xml"), "<rss><channel><title>Press</title></channel></rss>").unwrap();
    std::fs::write(&path, line.clone() + "\n").unwrap();
    assert_eq!(collect_in(root.path()), (Collected { sightings: Vec::new(), ..collect_in(root.path()).0 }, vec![]));
    let changed = line.replace("<p>Long", "<p onclick=\\\"a()\\\"><script>b()</script>Long");
    let changed = changed.replace("https://press.example/one", "javascript:c()");
    std::fs::write(&path, changed + "\n").unwrap();
    let (collected, warnings) = collect_in(root.path());
    let post = &collected.posts[0];
    assert_eq!(post.body.as_str(), "<p>Long <a href=\"https://press.example/two\">two</a></p>");
    assert_eq!(post.address, "https://compositor.example/");
    assert_eq!(
        warnings,
        [
            "collected/elsewhere.jsonl:1:1: the post `Lajme 1` is not as the sanitiser writes it; it was sanitised again",
            "collected/elsewhere.jsonl:1:1: the post `Lajme 1` has the address `javascript:c()`, which is none on the web; \
             the publication's stands for it"
        ]
    );
    // It is told once: what was mended is kept.
    let mended = serde_json::to_string(&collected.sightings[0]).unwrap();
    std::fs::write(&path, mended + "\n").unwrap();
    assert_eq!(collect_in(root.path()).1, Vec::<String>::new());
}
