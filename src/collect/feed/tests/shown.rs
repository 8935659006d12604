//! What is made of the words of an item, and what is told of them.

use super::{collect_in, read};
use crate::collect::tests::config;
use crate::collect::{kept, sightings_path};

#[test]
fn languages_may_be_named_and_what_is_none_is_told() {
    let feed = |language: &str, item: &str| {
        read(&format!(
            "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link>\n\
             <language>{language}</language><item{item}><title>A</title><guid>1</guid></item></channel></rss>"
        ))
    };
    for (written, tag) in [("Albanian", "sq"), ("shqip", "sq"), ("fas", "fa"), ("pt_br", "pt-BR")] {
        let (collected, warnings) = feed(written, "");
        assert_eq!((collected.posts[0].language.as_str(), warnings.len()), (tag, 0), "{written}: {warnings:?}");
    }
    let (collected, warnings) = feed("klingon", " xml:lang=\"of the press\"");
    assert_eq!(collected.posts[0].language.as_str(), "en");
    assert_eq!(
        warnings,
        [
            "feed.xml:2:11: `klingon` is no language; a feed has a tag, as `en`, `fa` or `pt-BR`",
            "feed.xml:2:45: `of the press` is no language; a feed has a tag, as `en`, `fa` or `pt-BR`",
        ]
    );
}

#[test]
fn what_an_item_hides_is_told_where_it_is_more_than_a_line() {
    let feed = |hidden: &str| {
        read(&format!(
            "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link><item><title>A</title>\n\
             <description><![CDATA[<p>One.</p><div style=\"display:none\">{hidden}</div>]]></description></item></channel></rss>"
        ))
    };
    let (collected, warnings) = feed("What is in it this week: ink, type &nbsp;&zwnj;&nbsp;&zwnj;");
    assert_eq!((collected.posts[0].body.as_str(), warnings), ("<p>One.</p>", Vec::new()));
    let (collected, _) = feed("a</div><P STYLE=\"DISPLAY: none\">Two.</P><div style=\"display:NONE\">b");
    assert_eq!(collected.posts[0].body.as_str(), "<p>One.</p>");
    let (collected, warnings) = feed(&"<p>All that stands behind the mark.</p>".repeat(9));
    assert_eq!(collected.posts[0].body.as_str(), "<p>One.</p>");
    assert_eq!(
        warnings,
        ["feed.xml:2:34: what `<div style=\"display:none\">` hides is left out: no page of ours would ever show it"]
    );
}

#[test]
fn words_for_eyes_alone_are_told_in_a_feed_too() {
    let (collected, warnings) = read(
        "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link><item><title>A</title>\n\
         <description><![CDATA[<p>One<i class=\"fa\" aria-hidden=\"true\">arrow_back</i></p>]]></description></item></channel></rss>",
    );
    assert_eq!(collected.posts[0].body.as_str(), "<p>One</p>");
    let told = "`arrow_back` is left out: by `<i class=\"fa\" aria-hidden=\"true\">` it is for eyes alone";
    assert_eq!(warnings, [format!("feed.xml:2:62: {told}")]);
}

#[test]
fn what_stands_behind_a_wall_is_left_out_and_told() {
    let (collected, warnings) = read(
        "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link><item><title>A</title>\n\
         <description><![CDATA[<p>One</p><!--members-only--><p>Two</p><img src=\"https://press.example/1.png\">]]></description></item></channel></rss>",
    );
    assert_eq!(collected.posts[0].body.as_str(), "<p>One</p>");
    let told = "what stands behind `<!--members-only-->` is for some readers alone; it is left out";
    assert_eq!(warnings, [format!("feed.xml:2:37: {told}")]);
}

#[test]
fn paragraphs_between_breaks_are_paragraphs() {
    let (collected, _) = read(
        "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link><item><title>A</title>\
         <description><![CDATA[<div dir=\"ltr\">One.<br /><br />Two<br />lines.</div>]]></description></item></channel></rss>",
    );
    assert_eq!(collected.posts[0].body.as_str(), "<div dir=\"ltr\"><p>One.</p>\n<p>Two<br>lines.</p>\n</div>");
}

#[test]
fn markdown_in_a_feed_is_markup() {
    let (collected, warnings) = read(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>P</title><id>p</id><entry><id>1</id>\
         <link href=\"https://press.example/a/\"/><title>A</title>\n\
         <content type=\"text/markdown\">Some *words* of\n\n- [ink](../b)\n- type &lt;b&gt;c&lt;/b&gt;</content></entry></feed>",
    );
    assert_eq!(
        collected.posts[0].body.as_str(),
        "<p>Some <em>words</em> of</p>\n<ul>\n<li><a href=\"https://press.example/b\">ink</a></li>\n<li>type <b>c</b></li>\n</ul>"
    );
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn what_a_podcast_says_of_an_episode_is_shown() {
    let feed = |item: &str| {
        read(&format!(
            "<rss version=\"2.0\" xmlns:i=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
             xmlns:p=\"https://podcastindex.org/namespace/1.0\"><channel><title>P</title><link>https://press.example/</link>\
             <item><title>A</title><guid>1</guid>{item}</item></channel></rss>"
        ))
    };
    let (collected, warnings) = feed(
        "<i:author>The Press</i:author><description>How ink is made.</description><i:subtitle>With \
         a visit</i:subtitle><p:person>Ana Ink</p:person><p:person role=\"guest\">Ben &amp; Co</p:person>\
         <p:transcript url=\"/t.json\" type=\"application/json\"/><p:transcript url=\"/t.html\" type=\"text/html\"/>",
    );
    let post = &collected.posts[0];
    assert_eq!((post.authors.join("|"), post.summary.as_deref()), ("The Press".to_owned(), Some("With a visit")));
    assert_eq!(post.body.as_str(), "<p>How ink is made.</p>\n<p>Ana Ink, Ben &amp; Co (guest)</p>");
    assert_eq!((post.particulars.transcript.as_str(), warnings.len()), ("https://press.example/t.html", 0));
    let (collected, _) = feed(
        "<description>How ink is made, with Ben.</description><i:subtitle>How ink is\u{2026}</i:subtitle>\
         <p:person>Ana Ink</p:person><p:person role=\"guest\">Ben</p:person>",
    );
    let post = &collected.posts[0];
    assert_eq!((post.authors.join("|"), post.summary.as_deref()), ("Ana Ink".to_owned(), None));
    assert_eq!(post.body.as_str().trim_end(), "<p>How ink is made, with Ben.</p>");
    let (collected, _) = feed("<i:subtitle>All there is</i:subtitle>");
    assert_eq!(
        (collected.posts[0].body.as_str().trim_end(), &collected.posts[0].summary),
        ("<p>All there is</p>", &None)
    );
}

#[test]
fn a_picture_that_comes_when_its_item_is_gone_from_the_file_is_shown_in_its_size() {
    let feed = |items: &str| {
        format!(
            "<rss version=\"2.0\"><channel><title>P</title><link>https://press.example/</link>{items}</channel></rss>"
        )
    };
    let picture = "https://press.example/a.svg";
    let item = format!(
        "<item><title>A</title><guid>1</guid><description><![CDATA[<p>A <img src=\"{picture}\" alt=\"B\"></p>]]></description></item>"
    );
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("feed.xml"), feed(&item)).unwrap();
    let (first, _) = collect_in(root.path());
    let path = sightings_path(&config(root.path(), Vec::new()), "elsewhere");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, serde_json::to_string(&first.sightings[0]).unwrap() + "\n").unwrap();
    std::fs::write(root.path().join("feed.xml"), feed("")).unwrap();
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'/>";
    let asset = kept::picture_of(drawing).unwrap();
    let line = kept::KeptFile { address: picture.to_owned(), asset: Some(asset.clone()), tried: None };
    std::fs::create_dir_all(root.path().join(kept::PICTURES)).unwrap();
    std::fs::write(root.path().join(kept::PICTURES).join(kept::INDEX), serde_json::to_string(&line).unwrap()).unwrap();
    std::fs::write(root.path().join(&asset.file), drawing).unwrap();
    let (second, warnings) = collect_in(root.path());
    let shown = format!("<p>A <img src=\"assets/{}\" alt=\"B\" width=\"12\" height=\"8\"></p>", asset.name);
    assert_eq!((second.posts[0].body.as_str(), warnings), (&*shown, Vec::new()));
    assert_eq!(second.sightings.len(), 1);
}

#[test]
fn a_title_that_is_a_text_is_told_and_cut_in_messages() {
    let title = "word ".repeat(400_000);
    let item = format!("<item><guid>a</guid><title>{title}</title><description>b</description></item>");
    let (collected, warnings) = read(&format!(
        "<rss><channel><title>Press</title><link>https://a.example/</link>\n{item}\n{item}</channel></rss>"
    ));
    assert_eq!((collected.posts.len(), collected.left_out.len()), (1, 1));
    assert!(collected.left_out[0].reason.len() < 2100, "{}", collected.left_out[0].reason.len());
    let begins = &title[..60];
    let told = |line| format!("feed.xml:{line}:28: the title `{begins}\u{2026}` has 1999999 characters; is it a text?");
    assert_eq!(warnings, [told(2), told(3)]);
}

#[test]
fn what_leads_nowhere_and_pictures_that_are_written_out_are_told() {
    let html =
        "<a href='javascript:a()'>b</a> <iframe srcdoc='c'></iframe> <img src='data:image/png;base64,A*' alt='d'>";
    let text = format!(
        "<rss><channel><title>P</title><link>https://a.example/</link>\n<item><title>A</title><description><![CDATA[{html}]]></description></item></channel></rss>"
    );
    let (collected, warnings) = read(&text);
    assert_eq!(collected.posts[0].body.as_str(), "b  d");
    assert_eq!(
        warnings,
        [
            "feed.xml:2:45: a link that runs a script is left out, but for the words in it",
            "feed.xml:2:76: an `<iframe>` that shows no page on the web is left out",
            "feed.xml:2:115: a picture that is written out in its address (`data:`) is no base64 (invalid symbol 42, offset 1); its alternative text stands for it",
        ]
    );
}
