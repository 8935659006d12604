use std::path::Path;

use url::Url;

use super::super::wire::{Feed, Format};
use super::Document;

/// The feed of a text that lives as long as the tests.
fn read(text: &str) -> (Feed<'static>, Vec<String>) {
    let document: &'static Document = Box::leak(Box::new(Document::new(text.into(), None)));
    let address = Url::parse("https://press.example/feeds/feed.xml").unwrap();
    let read = document.read(Some(&address), Path::new("f"));
    (read.value, read.warnings.iter().map(ToString::to_string).collect())
}

fn sound(text: &str) -> Feed<'static> {
    let (feed, told) = read(text);
    assert_eq!(told, Vec::<String>::new());
    feed
}

#[test]
fn every_version_of_rss() {
    for (start, end, format) in [
        ("<rss>", "</rss>", Format::Rss),
        ("<rss version=\"0.91\">", "</rss>", Format::Rss),
        ("<rss version=\"2.0\" xmlns=\"http://backend.userland.com/rss2\">", "</rss>", Format::Rss),
        ("<r:rss xmlns:r=\"https://purl.org/rss/1.0/\" version=\"x\">", "</r:rss>", Format::Rss),
        (
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
             xmlns=\"http://channel.netscape.com/rdf/simple/0.9/\">",
            "</rdf:RDF>",
            Format::Rdf,
        ),
    ] {
        let p = if start.starts_with("<r:") { "r:" } else { "" };
        let item = format!("<{p}item><{p}title>A</{p}title><{p}link>/a</{p}link></{p}item>");
        let inside = format!("<{p}channel><{p}title>T</{p}title>{item}</{p}channel>{item}");
        let feed = sound(&format!("{start}{inside}{end}"));
        assert_eq!((feed.format, feed.items.len(), feed.title.value.as_ref()), (format, 2, "T"), "{start}");
        assert_eq!(feed.items[1].link, "https://press.example/a");
    }
}

#[test]
fn rss_1_1_and_what_stands_about_items() {
    let feed = sound(
        r#"<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        rdf:about="https://a.example/rss"><title>T</title><link>https://a.example/</link><items rdf:parseType="Collection">
        <item rdf:about="https://a.example/1"><title>A</title><link>https://a.example/1</link></item></items></Channel>"#,
    );
    assert_eq!((feed.format, feed.items[0].id.as_ref()), (Format::Rdf, "https://a.example/1"));
}

#[test]
fn cdf() {
    let feed = sound(
        r#"<CHANNEL HREF="https://a.example/" LASTMOD="2004-04-06T23:05"><TITLE>T</TITLE><ABSTRACT>About</ABSTRACT>
        <ITEM HREF="/one" LASTMOD="2004-04-06"><TITLE>A</TITLE><ABSTRACT>B</ABSTRACT></ITEM></CHANNEL>"#,
    );
    let item = &feed.items[0];
    assert_eq!(
        (feed.format, feed.link.as_ref(), feed.updated.text.as_ref()),
        (Format::Cdf, "https://a.example/", "2004-04-06T23:05")
    );
    assert_eq!(
        (item.link.as_ref(), item.updated.text.as_ref(), item.summary.value.as_ref()),
        ("https://a.example/one", "2004-04-06", "B")
    );
}

#[test]
fn atom_0_3_writes_modes() {
    let feed = sound(
        r#"<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><tagline>About</tagline><entry>
        <id>1</id><title mode="escaped" type="text/html">&lt;i&gt;A&lt;/i&gt;</title>
        <issued>2004-01-01</issued><modified>2004-01-02</modified><created>2003-01-01</created>
        <content type="text/html" mode="base64">PHA+SGVsbG88L3A+</content>
        <link rel="alternate" type="text/html" href="one"/></entry></feed>"#,
    );
    let item = &feed.items[0];
    assert_eq!((item.title.value.as_ref(), item.title.is_html), ("<i>A</i>", true));
    assert_eq!((item.content.value.as_ref(), item.content.is_html), ("<p>Hello</p>", true));
    assert_eq!((item.published.text.as_ref(), item.updated.text.as_ref()), ("2004-01-01", "2004-01-02"));
    assert_eq!((feed.description.value.as_ref(), item.link.as_ref()), ("About", "https://press.example/feeds/one"));
}

#[test]
fn bases_and_languages_are_handed_down() {
    let (feed, _) = read(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/" xml:lang="fa"><title>T</title>
        <entry xml:base="y/" xml:lang="en"><id>1</id><link href="one"/><link rel="enclosure" href="f.mp3" length="7"/>
        <content type="xhtml" xml:base="z/"><div xmlns="http://www.w3.org/1999/xhtml"><p xml:base="w/"><a href="b">B</a>
        <br/></p></div></content></entry><entry><id>2</id></entry></feed>"#,
    );
    let [one, two] = feed.items.as_slice() else { panic!("{} items", feed.items.len()) };
    assert_eq!(one.link, "https://a.example/x/y/one");
    assert_eq!(
        (one.enclosures[0].address.as_ref(), one.enclosures[0].length),
        ("https://a.example/x/y/f.mp3", Some(7))
    );
    assert_eq!(feed.base(one.content.base).unwrap().as_str(), "https://a.example/x/y/z/");
    assert!(one.content.value.starts_with("<p><a href=\"https://a.example/x/y/z/w/b\">B</a>"), "{}", one.content.value);
    assert!(one.content.value.ends_with("<br></p>"), "{}", one.content.value);
    assert_eq!((feed.language.as_ref(), one.language.as_ref(), two.language.as_ref()), ("fa", "en", ""));
}

#[test]
fn the_modules_of_rss() {
    let feed = sound(
        r#"<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:d="http://purl.org/dc/terms/"
        xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:p="https://podcastindex.org/namespace/1.0"
        xmlns:m="http://search.yahoo.com/mrss/" xmlns:g="http://www.georss.org/georss" xmlns:w="http://wellformedweb.org/CommentAPI/"
        xmlns:s="http://purl.org/rss/1.0/modules/slash/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
        xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://a.example/</link><ttl>60</ttl>
        <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
        <a:link rel="self" href="feed.xml"/><a:link rel="hub" href="https://hub.example/"/>
        <skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>
        <item><title>A</title><i:title>Not this</i:title><guid>https://a.example/1</guid><description>Short</description>
        <c:encoded>&lt;p&gt;Long</c:encoded><d:created>2004-01-01</d:created><d:modified>2004-01-02</d:modified>
        <i:duration>1:02</i:duration><p:season>2</p:season><p:episode>3</p:episode>
        <p:transcript url="/t.vtt" type="text/vtt"/><p:chapters url="/c.json" type="application/json+chapters"/><m:group><m:content url="/p.jpg" medium="image"><m:title>Alt</m:title>
        <m:description>Below</m:description></m:content></m:group><g:point>45 -71</g:point><s:comments>5</s:comments>
        <w:commentRss>https://a.example/1/comments</w:commentRss><comments>/1#comments</comments>
        <enclosure url="/e.mp3" length="99" type="audio/mpeg"/></item></channel></rss>"#,
    );
    let item = &feed.items[0];
    assert_eq!(
        (item.title.value.as_ref(), item.summary.value.as_ref(), item.content.value.as_ref()),
        ("A", "Short", "<p>Long")
    );
    assert_eq!((item.published.text.as_ref(), item.updated.text.as_ref()), ("2004-01-01", "2004-01-02"));
    let episode = &item.episode;
    assert_eq!((episode.duration.as_ref(), episode.season.as_ref(), episode.number.as_ref()), ("1:02", "2", "3"));
    assert_eq!(episode.transcripts[0].address, "https://a.example/t.vtt");
    assert_eq!(episode.chapters, "https://a.example/c.json");
    let picture = &item.picture;
    assert_eq!(
        (picture.address.as_ref(), picture.alt.as_ref(), picture.caption.as_ref()),
        ("https://a.example/p.jpg", "Alt", "Below")
    );
    let comments = &item.comments;
    assert_eq!((comments.count, comments.page.as_ref()), (Some(5), "https://a.example/1#comments"));
    assert_eq!(comments.feed, "https://a.example/1/comments");
    assert_eq!(item.location.point, "45 -71");
    assert!(item.enclosures.iter().any(|file| file.address == "https://a.example/e.mp3" && file.length == Some(99)));
    assert_eq!((feed.schedule.ttl, feed.schedule.update_frequency), (Some(60), Some(2)));
    assert_eq!((feed.schedule.skip_hours.as_slice(), feed.schedule.skip_days[0].as_ref()), (&[3][..], "Sunday"));
    assert_eq!(
        (feed.relations.this.as_ref(), feed.relations.hubs[0].as_ref()),
        ("https://press.example/feeds/feed.xml", "https://hub.example/")
    );
}

#[test]
fn tombstones_name_what_was_taken_back() {
    let feed = sound(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>T</title>
        <at:deleted-entry ref="tag:a.example,2026:1" when="2026-07-01T00:00:00Z"/><entry><id>2</id></entry></feed>"#,
    );
    assert_eq!((feed.withdrawn, feed.items.len()), (vec!["tag:a.example,2026:1".into()], 1));
}

#[test]
fn what_is_repaired_is_told_with_its_place() {
    let (feed, told) = read(
        "<rss><channel><title>A & B</title>\n<item><title>One<link>/1</link><dc:date>2004-01-01</dc:date>\n\
         <description>x < y\u{8}</description></item>lost</channel></rss>",
    );
    assert_eq!((feed.title.value.as_ref(), feed.items[0].title.value.as_ref()), ("A & B", "One"));
    assert_eq!((feed.items[0].published.text.as_ref(), feed.items[0].summary.value.as_ref()), ("2004-01-01", "x < y"));
    assert_eq!(
        told,
        [
            "f:1:24: a bare `&` was taken as text; it is written `&amp;`",
            "f:2:17: `title` was not closed before `link` ends it",
            "f:2:32: the prefix `dc` is not declared; what it usually means was taken",
            "f:3:16: a bare `<` was taken as text; it is written `&lt;`",
            "f:3:19: the character U+0008 is not allowed in XML and was dropped",
            "f:3:41: text outside of any element that holds text was dropped",
        ]
    );
}

#[test]
fn what_bytes_are_is_told_where_it_is_not_what_was_said() {
    for (bytes, charset, expected) in [
        (
            "<?xml version='1.0' encoding='koi8-r'?><rss>é</rss>".as_bytes(),
            None,
            "f:1:1: this is said to be KOI8-R, and is",
        ),
        (b"<rss>caf\xe9</rss>", None, "f:1:1: nothing says what encoding this is in; it was read as windows-1252"),
        (b"<rss>caf\xe9</rss>", Some("iso-8859-1"), "f:1:6: text outside"),
    ] {
        let document = Document::new(bytes.to_vec(), charset);
        let told = document.read(None, Path::new("f")).warnings;
        assert!(told[0].to_string().starts_with(expected), "{}", told[0]);
    }
}

#[test]
fn deep_nesting_costs_only_what_is_deep() {
    let deep = "<a>".repeat(50_000) + &"</a>".repeat(50_000);
    let (feed, told) = read(&format!(
        "<rss><channel><item><title>A</title>{deep}</item><item><title>B</title></item></channel></rss>"
    ));
    assert_eq!(feed.items.len(), 2);
    assert!(told.iter().any(|warning| warning.contains("elements nest deeper than 256")), "{told:?}");
}

#[test]
fn entities_are_not_expanded() {
    let (feed, _) = read(
        "<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
         <rss><channel><title>T</title><item><title>&b; &f;</title></item></channel></rss>",
    );
    assert_eq!(feed.items[0].title.value, "&b; &f;");
}

#[test]
fn json_is_read_as_far_as_it_goes() {
    let (feed, told) = read(
        "{\"version\": \"1\", \"title\": \"T\", \"authors\": [{\"name\": \"The editors\"}], \"items\": [\n\
         {\"id\": 7, \"url\": \"/7\", \"content_text\": \"A\nB\", \"tags\": [\"x\"],},\n\
         3, {\"id\": \"8\", \"content_html\": \"<p>\", \"attachments\": [{\"url\": \"/a.mp3\", \"mime_type\": \"audio/mpeg\"}]}]}",
    );
    assert_eq!((feed.format, feed.items.len(), feed.items[0].id.as_ref()), (Format::Json, 2, "7"));
    assert_eq!(feed.items[0].link, "https://press.example/7");
    assert_eq!(feed.items[1].enclosures[0].address, "https://press.example/a.mp3");
    assert_eq!(
        told,
        [
            "f:2:1: the `id` of an item is no string; it was read as one",
            "f:2:41: broken JSON (control character (\\u0000-\\u001F) found while parsing a string); what could be read was \
             read",
            "f:4:1: an item that is no object was left out",
        ]
    );
    let (feed, told) = read("{\"items\": [{\"id\": \"1\"}, {\"id\": oops}, {\"id\": \"3\"}]}");
    assert_eq!(feed.items.iter().map(|item| item.id.as_ref()).collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(told[0], "f:1:25: an item that is no JSON was left out");
    let cut = |end: &str| read(&format!("{{\"version\": \"1\", \"items\": [{{\"id\": \"1\"}}, {end}"));
    let (feed, told) = cut("{\"title\": \"Tw\", \"url\": \"htt");
    assert_eq!((feed.items.len(), feed.is_cut), (1, true));
    assert!(told.iter().any(|warning| warning.ends_with("that item was left out")), "{told:?}");
    let (feed, told) = cut("{\"id\": \"2\", \"title\": \"Tw");
    assert_eq!((feed.items.len(), feed.items[1].title.value.as_ref(), feed.is_cut), (2, "Tw", true));
    assert!(told.iter().any(|warning| warning.ends_with("which waits until the feed is whole")), "{told:?}");
}

#[test]
fn what_nests_deep_in_json_costs_only_itself() {
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let feed = sound(&format!(
        "{{\"version\": \"1\", \"_x\": {deep}, \"title\": \"T\", \"items\": [{{\"id\": \"1\", \"_x\": {deep}}}]}}"
    ));
    assert_eq!((feed.title.value.as_ref(), feed.items.len(), feed.is_cut), ("T", 1, false));
    let (feed, told) = read(&format!("{{\"items\": [{{\"id\": \"1\", \"tags\": {deep}}}]}}"));
    assert_eq!(feed.items.len(), 1);
    assert_eq!(told, ["f:1:12: the field `tags` of an item was left out (recursion limit exceeded)"]);
}

#[test]
fn a_feed_that_ends_before_its_end_is_known_as_cut() {
    let whole = "<rss version='2.0'><channel><title>T</title><item><guid>1</guid></item></channel></rss>";
    assert!(!read(whole).0.is_cut && !read(&whole.replace("<title>", "<title>&<b>")).0.is_cut);
    for end in
        ["<item><guid>1</guid></item></channel></", "</item></channel></rss>", "</channel></rss>", "1</guid>", "</rss>"]
    {
        assert!(read(&whole[..whole.find(end).unwrap()]).0.is_cut, "{end}");
    }
}

#[test]
fn items_beyond_the_most_are_told() {
    let feed = |item: &str| format!("<rss version='2.0'><channel>{}</channel></rss>", item.repeat(100_003));
    let (feed, told) = read(&feed("<item><title>A</title></item>"));
    assert_eq!(feed.items.len(), 100_000);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("more than 100,000 items"), "{told:?}");
}

#[test]
fn what_is_no_feed_says_so() {
    for text in ["", "Hello", "<html><head><title>T</title></head><body><p>x</body></html>", "{\"a\": 1}", "\u{0}\u{1}"]
    {
        let (feed, told) = read(text);
        assert_eq!((feed.format, feed.items.len()), (Format::Unknown, 0), "{text}");
        assert_eq!(told, ["f:1:1: this is no RSS, Atom or JSON Feed"], "{text}");
    }
}

#[test]
fn hostile_documents_take_time_by_their_length() {
    let many = 150_000;
    let numbered = |start: &str| (0..many).map(|n| [start, &n.to_string(), "=\"x\""].concat()).collect::<String>();
    let (attributes, bindings) = (numbered(" a"), numbered(" xmlns:p"));
    let item = "<item><title>A</title></item>";
    let documents = [
        format!("<rss><channel{attributes}>{item}</channel></rss>"),
        format!("<rss><channel{bindings}>{}</channel></rss>", "<q:item/>".repeat(many)),
        format!("<rss><channel>{item}{}", "<!".repeat(many * 4)),
        format!("<rss><channel>{item}{}", "<?".repeat(many * 4)),
        format!("<rss><channel>{item}{}", "<!DOCTYPE [".repeat(many)),
        format!("<rss><channel>{item}{}", "<![CDATA[".repeat(many)),
        format!("<rss><channel>{item}{}", "<!--".repeat(many)),
        format!("<rss><channel>{item}{}", "</x".repeat(many)),
        format!("<rss><channel>{item}{}", "<x y='".repeat(many)),
        format!("<rss><channel>{item}{}</channel></rss>", "&".repeat(many * 4)),
        format!("<rss><channel>{item}<description>{}", "<b xml:base='c/'>".repeat(many)),
        format!("<rss><channel>{item}{}</channel></rss>", "<author><name>".repeat(many)),
        format!("<rss><channel><item>{}</item></channel></rss>", "<category>c</category>".repeat(many)),
        format!("<rss><channel><item>{}</item></channel></rss>", "<author>c</author><enclosure url='a'/>".repeat(many)),
        format!("<rss xmlns:g='http://www.w3.org/2003/01/geo/'><item>{}</item></rss>", "<g:lat>1</g:lat>".repeat(many)),
        format!("{{\"items\": [{}", "[".repeat(many * 4)),
        format!("{{\"items\": [{}", "{\"a\": ".repeat(many)),
        format!("{{\"items\": [{}", "{},".repeat(many)),
        "<item>".repeat(many),
    ];
    for document in documents {
        let start = std::time::Instant::now();
        read(&document);
        let taken = start.elapsed();
        assert!(taken.as_secs() < 10, "{taken:?}: {}", &document[..70]);
    }
}
