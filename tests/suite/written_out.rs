//! Pictures that posts have in the place of an address (`data:`): they become files, and are shown everywhere.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use masthead::model::sha256_hex;

use crate::publication::{Publication, assert_same};
use crate::tools::output_of;

/// The widths of the pictures in Markdown, RSS, JSON Feed and a WordPress export.
const WIDTHS: [u32; 4] = [31, 32, 33, 34];

fn png(width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, 20).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn data(width: u32) -> String {
    format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png(width)))
}

/// What the picture's file is called.
fn name(width: u32) -> String {
    let hash = sha256_hex(&png(width));
    format!("{}.png", &hash[..16])
}

fn rss(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Prints</title><link>https://prints.example/</link>{items}</channel></rss>"
    )
}

fn item(html: &str) -> String {
    format!(
        "<item><title>From RSS</title><link>https://prints.example/1</link><guid>https://prints.example/1</guid>\
         <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate><description><![CDATA[{html}]]></description></item>"
    )
}

fn publication() -> Publication {
    let [markdown, of_rss, of_json, of_export] = WIDTHS.map(data);
    let json = format!(
        r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://j.example/", "items": [
        {{"id": "1", "url": "https://j.example/1", "title": "From JSON", "date_published": "2026-07-11T08:00:00Z",
        "content_html": "<p>Look: <img src='{of_json}' alt='Drawn'></p>"}}]}}"#
    );
    let export = format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>W</title><link>https://w.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version><item><title>From WordPress</title><link>https://w.example/1/</link>\
         <guid isPermaLink=\"false\">https://w.example/?p=1</guid><wp:post_id>1</wp:post_id>\
         <wp:post_date>2026-07-12 08:00:00</wp:post_date><wp:post_name>from-wordpress</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         <content:encoded><![CDATA[<p>Look: <img src=\"{of_export}\" alt=\"Drawn\"></p>]]></content:encoded></item></channel></rss>"
    );
    Publication::monthly()
        .post("2026-07-05-ours.md", &format!("---\ntitle: Ours\n---\nLook: ![Drawn]({markdown})\n"))
        .file("rss.xml", rss(&item(&format!("<p>Look: <img src='{of_rss}' alt='Drawn'></p>"))))
        .file("feed.json", json)
        .file("old.xml", export)
        .tables("[[source]]\nfeed = \"rss.xml\"")
        .tables("[[source]]\nfeed = \"feed.json\"")
        .tables("[[source]]\nwordpress = \"old.xml\"")
}

#[test]
fn a_picture_in_the_place_of_an_address_is_shown_everywhere() {
    let publication = publication();
    publication.publish().ok().quiet().freezes(&["newsletter/92"]);
    let (feed, frozen) = (publication.read("public/feed.xml"), publication.read("issues/newsletter/0001/frozen.json"));
    let page = publication.read("public/newsletter/1/index.html");
    for width in WIDTHS {
        let name = name(width);
        assert_eq!(publication.bytes(&format!("collected/pictures/{name}")), png(width));
        assert_eq!(publication.bytes(&format!("public/assets/{name}")), png(width));
        assert!(frozen.contains(&name) && page.contains(&name) && feed.contains(&name), "{width}");
        let size = format!("width=\\\"{width}\\\" height=\\\"20\\\"");
        assert!(frozen.contains(&size), "{size}");
    }
    assert!(!frozen.contains("data:image") && !page.contains("data:image") && !feed.contains("data:image"));
    let mail = publication.read("public/newsletter/1/email.html");
    assert!(WIDTHS.iter().all(|width| mail.contains(&name(*width))), "{mail}");
    let pdf = publication.path("public/newsletter/1/newsletter-1.pdf");
    if let Some(table) = output_of("pdfimages", &["-list", pdf.to_str().unwrap()]) {
        for width in WIDTHS {
            assert!(table.split_whitespace().any(|word| word == width.to_string()), "{width}: {table}");
        }
    }
}

#[test]
fn nothing_changes_when_it_is_read_again_here_or_elsewhere() {
    let publication = publication().published();
    let (public, collected) = (publication.tree("public"), publication.tree("collected"));
    publication.run(&["build"]).ok();
    publication.publish().ok().quiet();
    assert_same(&public, &publication.tree("public"));
    assert_same(&collected, &publication.tree("collected"));
    // What is in collected/ is enough, also where the feed has moved on.
    let elsewhere = publication.copy().without("masthead.db").without("public").without("issues").without(".cache");
    let elsewhere = elsewhere.file("rss.xml", rss(""));
    elsewhere.publish().ok().quiet();
    assert_same(&public, &elsewhere.tree("public"));
    // A strict run on a new machine has them, too.
    let strict = publication.copy().without("public").without("issues").without("collected/pictures");
    strict.run(&["publish", "--strict"]).ok();
    assert_same(&public, &strict.tree("public"));
}

#[test]
fn a_picture_of_a_feed_that_is_lost_is_told() {
    let publication = publication().published();
    let lost = publication.copy().without("collected/pictures").without("issues").file("rss.xml", rss(""));
    lost.publish().ok().warns("a picture of `From RSS` from the source `rss-xml` is gone");
}

#[test]
fn an_archive_brings_its_pictures_along() {
    let publication = publication().without("feed.json").without("old.xml");
    let config = publication.read("config.toml");
    let config = config.split("[[source]]\nfeed = \"rss.xml\"").next().unwrap().to_owned();
    let publication = publication.file("config.toml", config);
    publication.run(&["source", "import", "rss.xml"]).ok();
    let moved = format!("posts/2026/assets/{}", name(WIDTHS[1]));
    assert_eq!(publication.bytes(&moved), png(WIDTHS[1]));
    publication.without("rss.xml").publish().ok().quiet();
}

#[test]
fn what_a_drawing_runs_goes_and_what_is_no_picture_is_told() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20' onload='a()'><script>a()</script>\
               <path d='M0 0h30v20z'/></svg>";
    let svg = format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg));
    let html = format!(
        "<p>a <img src='{svg}' alt='Drawn'> <img src='data:text/html;base64,PHNjcmlwdD4=' alt='Page'> \
         <img src='data:image/png;base64,A*' alt='Broken'></p>"
    );
    let publication = Publication::monthly()
        .post("2026-07-05-ours.md", &format!("# Ours\n\nLook: ![Drawn]({svg})\n"))
        .file("rss.xml", rss(&item(&html)))
        .tables("[[source]]\nfeed = \"rss.xml\"");
    publication
        .publish()
        .ok()
        .warns("rss.xml:1:")
        .warns("(`data:`) is no base64")
        .warns("(`data:`) is no JPEG, PNG, GIF, WebP or SVG picture")
        .warns("posts/2026-07-05-ours.md:3:");
    let files: Vec<String> = publication.files("public").into_iter().filter(|file| file.ends_with(".svg")).collect();
    assert!(!files.is_empty());
    for file in files {
        let text = publication.read(&format!("public/{file}"));
        assert!(text.contains("<path") && !text.contains("script") && !text.contains("onload"), "{file}: {text}");
    }
    let page = publication.read("public/newsletter/1/index.html");
    assert!(page.contains("Page") && page.contains("Broken") && !page.contains("data:"), "{page}");
}
