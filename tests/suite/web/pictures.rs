//! The pictures of posts on the web: kept, sized and shown, or left at their addresses.

use std::io::Write as _;
use std::time::Duration;

use super::with;
use crate::publication::{Publication, assert_same};
use crate::server::{Answer, Server, answer, endless, redirect, says};

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A feed of one item that shows these pictures.
fn feed(addresses: &[&str]) -> String {
    let shown: String =
        addresses.iter().flat_map(|address| ["&lt;img src=\"", address, "\" alt=\"Drawn\"&gt;"]).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>Prints</title><link>https://prints.example/</link><item><title>Shown</title>\
         <link>https://prints.example/1</link><guid>https://prints.example/1</guid>\
         <pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate><description>&lt;p&gt;Look:&lt;/p&gt;{shown}</description>\
         </item></channel></rss>"
    )
}

fn kept(publication: &Publication) -> Vec<String> {
    publication.files("collected/pictures").into_iter().filter(|file| !file.ends_with("index.jsonl")).collect()
}

#[test]
fn a_picture_is_kept_by_its_hash_and_printed() {
    let server = Server::start(vec![
        ("/a.png", says("200 OK\r\nContent-Type: image/png", png(30, 20))),
        ("/round", redirect(302, "/a.png")),
        ("/b.svg", says("200 OK", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 8'/>")),
    ]);
    let content = feed(&[&server.url("/a.png"), &server.url("/round"), &server.url("/b.svg")]);
    let feeds = Server::start(vec![("/feed", says("200 OK", content))]);
    let publication = with(&[("web", &feeds.url("/feed"))]);
    let run = publication.publish().ok().freezes(&["newsletter/92"]);
    let told = run.warnings();
    assert!(told.iter().all(|warning| warning.contains("is an SVG, which cannot be set yet")), "{told:#?}");
    assert_eq!(run.json()["notes"].as_array().map(Vec::len), Some(0), "{}", run.json());
    let files = kept(&publication);
    assert_eq!(files.len(), 2, "the same bytes are one file: {files:?}");
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    assert!(frozen.contains("width=\\\"30\\\" height=\\\"20\\\"") && !frozen.contains("/a.png"), "{frozen}");
    for file in &files {
        assert!(publication.has(&format!("issues/newsletter/0001/assets/{file}")), "{file}");
        assert!(publication.has(&format!("public/assets/{file}")), "{file}");
    }
    let accept = server.asked("/a.png")[0].headers.iter().filter(|(name, _)| name == "accept").count();
    assert_eq!(accept, 1);
    // A later run asks for no picture again, and another machine needs none of the servers.
    publication.run(&["publish", "--refetch", "--json"]).ok();
    assert_eq!((server.asked("/a.png").len(), feeds.asked("/feed").len()), (2, 2), "once by each address");
    let elsewhere = publication.copy().without("masthead.db").without("public").without("issues");
    elsewhere.run(&["publish", "--offline", "--json"]).ok();
    assert_same(&publication.tree("issues"), &elsewhere.tree("issues"));
    assert_same(&publication.tree("public"), &elsewhere.tree("public"));
}

#[test]
fn pictures_that_cannot_be_had_stay_at_their_addresses() {
    let flood: &'static [u8] = vec![b'x'; 4096].leak();
    let slow = endless("HTTP/1.1 200 OK\r\n\r\n", b" ", Duration::from_millis(30));
    let avif: Answer =
        Box::new(|_, connection| connection.write_all(&answer("200 OK", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1")));
    let server = Server::start(vec![
        ("/gone.png", says("404 Not Found", "")),
        ("/page.png", says("200 OK\r\nContent-Type: image/png", "<html>")),
        ("/endless.png", endless("HTTP/1.1 200 OK\r\n\r\n", flood, Duration::ZERO)),
        ("/slow.png", slow),
        ("/inside.png", redirect(302, "http://10.0.0.1/")),
        ("/new.avif", avif),
        ("/good.png", says("200 OK", png(3, 2))),
    ]);
    let names = ["gone.png", "page.png", "endless.png", "slow.png", "inside.png", "new.avif", "good.png"];
    let addresses = names.map(|name| server.url(&format!("/{name}")));
    let content = feed(&addresses.each_ref().map(String::as_str));
    let feeds = Server::start(vec![("/feed", says("200 OK", content))]);
    let publication = with(&[("web", &feeds.url("/feed"))]).reconfigure("timeout = \"5s\"", "timeout = \"1s\"");
    let run = publication.publish().ok().freezes(&["newsletter/92"]);
    let notes: Vec<String> =
        run.json()["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap().to_owned()).collect();
    for (name, why) in [
        ("gone.png", "could not be fetched: the server answered 404 (not found)"),
        ("page.png", "is no JPEG, PNG, GIF, WebP or SVG picture"),
        ("endless.png", "could not be fetched: the answer is larger than 64 kB"),
        ("slow.png", "could not be fetched: it took longer than 1 s"),
        ("inside.png", "could not be fetched: `10.0.0.1` is at a private address"),
        ("new.avif", "is AVIF"),
    ] {
        let told =
            notes.iter().find(|note| note.contains(&format!("/{name}`"))).unwrap_or_else(|| panic!("{notes:#?}"));
        assert!(told.contains(why) && told.contains("a picture of `Shown`"), "{told}");
    }
    assert_eq!((notes.len(), kept(&publication).len()), (6, 1), "{notes:#?}");
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    assert!(frozen.contains(&server.url("/gone.png")) && !frozen.contains("/good.png"), "{frozen}");
    publication.run(&["publish", "--refetch", "--json"]).ok();
    assert_eq!(server.asked("/gone.png").len(), 1, "it is not asked for again while the post stays as it is");
}

#[test]
fn pictures_are_left_alone_on_demand_and_a_lost_one_costs_only_itself() {
    let server = Server::start(vec![("/a.png", says("200 OK", png(3, 2)))]);
    let content = feed(&[&server.url("/a.png")]);
    let feeds = Server::start(vec![("/feed", says("200 OK", content))]);
    let publication = with(&[("web", &feeds.url("/feed"))]);
    let none = publication.copy().reconfigure("gap = \"0s\"", "gap = \"0s\"\npictures = false");
    none.publish().ok();
    assert!(server.all_asked().is_empty() && !none.has("collected/pictures"));
    publication.run(&["collect", "--json"]).ok();
    let file = kept(&publication).remove(0);
    let lost = publication.without(&format!("collected/pictures/{file}"));
    lost.run(&["publish", "--offline", "--json"]).ok().warns("a picture of `Shown` from the source `web` is gone");
    let run = lost.run(&["publish", "--refetch", "--json"]).ok();
    assert!(lost.has(&format!("collected/pictures/{file}")), "{}", run.json());
}
