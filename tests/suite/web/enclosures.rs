//! Sounds, films and documents that come with the items of feeds and with posts: described, linked, and kept on demand.

use super::{publication, with};
use crate::publication::Publication;
use crate::server::{Server, feed, says};

/// A feed of one episode with a sound, a document and what is neither.
fn podcast(server: &str) -> String {
    format!(
        "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Talks</title><link>https://talks.example/</link>\
         <item><title>On ink</title><link>https://talks.example/1</link><guid>https://talks.example/1</guid>\
         <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate><description>About ink.</description>\
         <itunes:duration>1:02:03</itunes:duration>\
         <enclosure url=\"{server}/ink.mp3?a=1&amp;b=2\" type=\"audio/mpeg\" length=\"12345678\"/>\
         <media:content url=\"{server}/notes.pdf\" type=\"application/octet-stream\" fileSize=\"2000\"/>\
         <media:content url=\"{server}/cover.svg\" medium=\"image\"/>\
         </item></channel></rss>"
    )
}

fn files() -> Server {
    Server::start(vec![
        ("/ink.mp3?a=1&b=2", says("200 OK\r\nContent-Type: audio/mpeg", "ID3 sound")),
        ("/notes.pdf", says("200 OK\r\nContent-Type: application/pdf", "%PDF-1.7")),
        ("/cover.svg", says("200 OK", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'/>")),
    ])
}

/// A publication of that feed, and the server of it.
fn talks(files: &Server, more: &str) -> (Publication, Server) {
    let feeds = Server::start(vec![("/feed", says("200 OK", podcast(&files.url(""))))]);
    let source = format!("[[source]]\nfeed = \"{}\"\nname = \"talks\"\n{more}", feeds.url("/feed"));
    (publication().tables(&source), feeds)
}

/// Whether an object of a PDF is a link to an address that holds these words, or the action of one.
fn leads_to(object: &lopdf::Object, words: &str) -> bool {
    let Ok(dictionary) = object.as_dict() else { return false };
    let action = dictionary.get(b"A").and_then(lopdf::Object::as_dict).unwrap_or(dictionary);
    let address = action.get(b"URI").and_then(lopdf::Object::as_str);
    address.is_ok_and(|address| String::from_utf8_lossy(address).contains(words))
}

#[test]
fn what_comes_with_an_item_is_linked_and_never_copied() {
    let files = files();
    let (publication, _feeds) = talks(&files, "");
    publication.publish().ok().freezes(&["newsletter/92"]);
    assert!(files.asked("/ink.mp3?a=1&b=2").is_empty() && files.asked("/notes.pdf").is_empty());
    let address = files.url("/ink.mp3?a=1&b=2");
    let escaped = address.replace('&', "&amp;");
    let issue = publication.read("public/newsletter/1/index.html");
    let link = format!("<a href=\"{escaped}\" type=\"audio/mpeg\"><span>Audio</span></a>");
    assert!(issue.contains(&link) && issue.contains("MP3, 1:02:03, 12 MB"), "{issue}");
    assert!(issue.contains("PDF, 2 kB") && !issue.contains("image/svg"), "{issue}");
    for mail in ["email.html", "email.txt"] {
        let text = publication.read(&format!("public/newsletter/1/{mail}"));
        assert!(text.contains("MP3, 1:02:03, 12 MB") && text.contains("/ink.mp3?a=1"), "{mail}: {text}");
    }
    let pdf = lopdf::Document::load(publication.path("public/newsletter/1/newsletter-1.pdf")).unwrap();
    assert!(pdf.objects.values().any(|object| leads_to(object, "/ink.mp3?a=1&b=2")), "the PDF has no link");
    let kept = publication.read("collected/talks.jsonl");
    assert!(kept.contains("\"duration\":3723") && kept.contains("\"length\":12345678"), "{kept}");
    let rss = publication.read("public/feed.xml");
    assert!(rss.contains("type=\"audio/mpeg\"") && rss.contains("length=\"12345678\""), "{rss}");
    let atom = publication.read("public/atom.xml");
    assert_eq!(atom.matches("rel=\"enclosure\"").count(), 2, "{atom}");
    let json: serde_json::Value = serde_json::from_str(&publication.read("public/feed.json")).unwrap();
    let item = json["items"].as_array().unwrap().iter().find(|item| item["title"] == "On ink").unwrap().clone();
    assert_eq!(item["attachments"][0]["url"], address.as_str());
    assert_eq!(item["attachments"][0]["duration_in_seconds"], 3723);
    assert_eq!(item["attachments"][1]["mime_type"], "application/pdf");
}

#[test]
fn copies_are_kept_on_demand_within_the_limits() {
    let files = files();
    let (publication, _feeds) = talks(&files, "enclosures = \"keep\"");
    publication.publish().ok().freezes(&["newsletter/92"]);
    let copies: Vec<String> =
        publication.files("collected/enclosures").into_iter().filter(|file| !file.ends_with("jsonl")).collect();
    assert_eq!(copies.len(), 2, "{copies:?}");
    let issue = publication.read("public/newsletter/1/index.html");
    for copy in &copies {
        assert!(publication.has(&format!("issues/newsletter/0001/assets/{copy}")), "{copy}");
        assert!(
            publication.has(&format!("public/assets/{copy}")) && issue.contains(&format!("assets/{copy}\"")),
            "{issue}"
        );
    }
    assert!(issue.contains("MP3, 1:02:03, 1 kB"), "the size of what came is known better: {issue}");
    // A mail leads to where the file came from.
    assert!(publication.read("public/newsletter/1/email.txt").contains("/ink.mp3?a=1&b=2"));
    publication.run(&["publish", "--refetch", "--json"]).ok();
    assert_eq!(files.asked("/notes.pdf").len(), 1);
}

#[test]
fn a_copy_that_cannot_be_kept_is_told() {
    let files = Server::start(vec![
        ("/ink.mp3?a=1&b=2", says("200 OK\r\nContent-Type: audio/mpeg", "x".repeat(9000))),
        ("/notes.pdf", says("200 OK\r\nContent-Type: text/html", "<script>")),
    ]);
    let (publication, _feeds) = talks(&files, "enclosures = \"keep\"");
    let run = publication.reconfigure("max_size = \"64 kB\"", "max_size = \"5 kB\"");
    let run = run.publish().ok();
    let notes = run.json()["notes"].to_string();
    assert!(notes.contains("an enclosure of `On ink`") && notes.contains("larger than 5 kB"), "{notes}");
    assert!(notes.contains("is `text/html`, which is neither a sound"), "{notes}");
}

#[test]
fn a_post_of_our_own_brings_its_files_along() {
    let post = "---\ntitle: Heard\ndate: 2026-07-06\naudio: talk.mp3\nduration: \"12:30\"\nattachments:\n  - url: \
                https://files.example/report.pdf\n    title: The *report*\n    size: 2500000\n  - lost.pdf\nvideo: dQw4w9\n---\nText.\n";
    let publication = publication().file("posts/heard.md", post).file("posts/talk.mp3", "ID3 sound");
    let run = publication.publish().ok();
    assert!(
        run.warnings().iter().any(|warning| warning.contains("posts/heard.md:10")
            && warning.contains("the enclosure `lost.pdf` is not at hand")),
        "{:#?}",
        run.warnings()
    );
    let page = publication.read("public/posts/heard/index.html");
    assert!(page.contains("MP3, 12:30, 1 kB") && page.contains("assets/"), "{page}");
    assert!(
        page.contains("<a href=\"https://files.example/report.pdf\" type=\"application/pdf\">The report</a>"),
        "{page}"
    );
    assert!(page.contains("PDF, 2.5 MB") && !page.contains("dQw4w9"), "{page}");
    let sounds = publication.files("public/assets").into_iter().filter(|file| file.ends_with(".mp3")).count();
    assert_eq!(sounds, 1);
    let rss = publication.read("public/feed.xml");
    assert!(rss.contains("type=\"audio/mpeg\"") && rss.contains("length=\"9\""), "{rss}");
}

#[test]
fn lines_that_were_kept_before_are_read() {
    let server = Server::start(vec![("/feed", says("200 OK", feed(&["One"])))]);
    let publication = with(&[("web", &server.url("/feed"))]).published();
    assert!(
        !publication.read("collected/web.jsonl").contains("enclosures"),
        "a post without files has no word of them"
    );
}
