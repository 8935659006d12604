//! The pictures of posts on the web: kept, sized and shown, or left at their addresses.

use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::with;
use crate::publication::{Publication, assert_same};
use crate::readers::pdf_links;
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
fn a_picture_that_was_cut_is_asked_for_again() {
    let cut = |times: usize| -> Answer {
        Box::new(move |asked, connection| {
            let whole = png(30, 20);
            let length = if asked.before < times { whole.len() - 30 } else { whole.len() };
            connection.write_all(&answer("200 OK", &whole[..length]))
        })
    };
    for (times, asked) in [(1, 2), (99, 5)] {
        let server = Server::start(vec![("/a.png", cut(times))]);
        let feeds = Server::start(vec![("/feed", says("200 OK", feed(&[&server.url("/a.png")])))]);
        let mut publication = with(&[("web", &feeds.url("/feed"))]).at("2026-07-11T08:00:00Z");
        publication.run(&["collect"]).ok().says("the answer broke off after").says("it is asked for again later");
        assert_eq!(kept(&publication), [""; 0]);
        for day in 12..18 {
            publication = publication.at(&format!("2026-07-{day}T08:00:00Z"));
            publication.run(&["collect"]).ok();
        }
        assert_eq!((kept(&publication).len(), server.asked("/a.png").len()), (1, asked), "{times}");
    }
}

#[test]
fn pictures_that_cannot_be_had_are_told_in_words_everywhere() {
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
    let publication = with(&[("web", &feeds.url("/feed"))])
        .reconfigure("timeout = \"5s\"", "timeout = \"1s\"")
        .tables("[mail]\nfrom = \"desk@compositor.example\"");
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
    let lost = |text: &str, link: &str| {
        for name in &names[..6] {
            let link = link.replace("URL", &server.url(&format!("/{name}")));
            assert!(text.contains(&link), "{link}: {text}");
        }
        assert!(!text.contains("src=\"http://127"), "{text}");
        assert_eq!(text.matches("<img").count(), usize::from(text.contains("<img")), "the good one alone: {text}");
    };
    let digest: serde_json::Value =
        serde_json::from_str(&publication.read("issues/newsletter/0001/released/r1/digest.json")).unwrap();
    lost(&publication.read("public/newsletter/1/index.html"), "<a href=\"URL\">Drawn</a>");
    let feed = publication.read("public/newsletter/atom.xml");
    lost(&feed.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\""), "<a href=\"URL\">Drawn</a>");
    lost(digest["html"].as_str().unwrap(), "href=\"URL\"");
    lost(digest["text"].as_str().unwrap(), "URL");
    let links = pdf_links(&publication.path("public/newsletter/1/newsletter-1.pdf"));
    lost(&links.join(" "), "URL");
    publication.run(&["publish", "--refetch", "--json"]).ok();
    assert_eq!(server.asked("/gone.png").len(), 1, "it is not asked for again while the post stays as it is");
}

#[test]
fn a_picture_that_leads_a_post_and_cannot_be_had_is_told_in_its_place() {
    let server =
        Server::start(vec![("/gone%20one.png", says("404 Not Found", "")), ("/dead.png", says("410 Gone", ""))]);
    let item = |n: u8, picture: &str| {
        format!(
            "<item><title>P{n}</title><link>https://prints.example/{n}</link><guid>https://prints.example/{n}</guid>\
             <pubDate>Fri, 10 Jul 2026 08:0{n}:00 GMT</pubDate><description>Text {n}.</description>{picture}</item>"
        )
    };
    let content = |description: &str, path: &str| {
        format!("<media:content medium=\"image\" url=\"{}\">{description}</media:content>", server.url(path))
    };
    let items = item(1, &content("<media:description>A &lt;press</media:description>", "/gone%20one.png"))
        + &item(2, &content("", "/dead.png"));
    let feed = format!(
        "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Prints</title>{items}</channel></rss>"
    );
    let feeds = Server::start(vec![("/feed", says("200 OK", feed))]);
    let publication = with(&[("web", &feeds.url("/feed"))]).tables("[mail]\nfrom = \"desk@compositor.example\"");
    publication.publish().ok().freezes(&["newsletter/92"]);
    let digest: serde_json::Value =
        serde_json::from_str(&publication.read("issues/newsletter/0001/released/r1/digest.json")).unwrap();
    let page = publication.read("public/newsletter/1/index.html");
    let feed = publication.read("public/newsletter/feed.xml");
    for text in [&*page, &*feed, digest["html"].as_str().unwrap(), digest["text"].as_str().unwrap()] {
        assert!(text.contains("/gone%20one.png") && text.contains("/dead.png"), "{text}");
        assert!(
            text.contains("A &lt;press") || text.contains("A <press") || text.contains("A &amp;lt;press"),
            "{text}"
        );
        assert!(text.contains("dead.png") && !text.contains("<img"), "{text}");
    }
    assert!(page.contains(&format!("<p><a href=\"{}\">A &lt;press</a></p>", server.url("/gone%20one.png"))), "{page}");
    assert!(!publication.read("public/feed.json").contains("\"image\""));
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

/// A publication of one feed that shows these pictures, and the server of the feed.
fn showing(addresses: &[&str]) -> (Publication, Server) {
    let feeds = Server::start(vec![("/feed", says("200 OK\r\nETag: \"a\"", feed(addresses)))]);
    (with(&[("web", &feeds.url("/feed"))]), feeds)
}

#[test]
fn what_failed_for_a_while_is_asked_for_again_until_it_is_printed() {
    let late: Answer = Box::new(|asked, connection| match asked.before {
        0 => connection.write_all(&answer("503 Later\r\nRetry-After: 7200", "")),
        _ => connection.write_all(&answer("200 OK", png(30, 20))),
    });
    let server = Server::start(vec![
        ("/late.png", late),
        ("/never.png", says("500 Oh", "")),
        ("/gone.png", says("404 Not Found", "")),
    ]);
    let (publication, feeds) =
        showing(&["/late.png", "/never.png", "/gone.png"].map(|path| server.url(path)).each_ref().map(String::as_str));
    let at = |publication: Publication, now: &str| publication.at(now);
    let publication = at(publication, "2026-07-20T08:00:00Z");
    let run = publication.run(&["collect", "--json"]).ok();
    let notes = run.json()["notes"].to_string();
    assert!(notes.contains("(unavailable); it is asked for again later"), "{notes}");
    assert!(notes.contains("404 (not found)\""), "what is not there is not asked for again: {notes}");
    let asked = |server: &Server| ["/late.png", "/never.png", "/gone.png"].map(|path| server.asked(path).len());
    assert_eq!(asked(&server)[2], 1);
    // Not before its time: the server asked for two hours.
    let publication = at(publication, "2026-07-20T09:59:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert_eq!(server.asked("/late.png").len(), 1);
    let publication = at(publication, "2026-07-20T10:01:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert_eq!((server.asked("/late.png").len(), server.asked("/gone.png").len()), (2, 1));
    assert_eq!(kept(&publication).len(), 1);
    let mut publication = publication;
    for day in 21..29 {
        publication = at(publication, &format!("2026-07-{day}T08:00:00Z"));
        publication.run(&["collect", "--json"]).ok();
    }
    assert_eq!(server.asked("/never.png").len(), 5, "a few times, then no more");
    let publication = at(publication, "2026-08-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]);
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    assert!(frozen.contains("width=\\\"30\\\" height=\\\"20\\\"") && !frozen.contains("/late.png"), "{frozen}");
    assert!(frozen.contains("/never.png"), "{frozen}");
    // Once it is printed, nothing more is asked.
    at(publication, "2026-08-09T08:00:00Z").publish().ok();
    assert_eq!((server.asked("/never.png").len(), server.asked("/gone.png").len()), (5, 1));
    drop(feeds);
}

#[test]
fn a_server_that_asks_for_patience_is_not_asked_on() {
    let paths: Vec<String> = (0..40).map(|n| format!("/{n:02}.png")).collect();
    let server = Server::start(paths.iter().map(|path| (path.as_str(), says("429 Slow", ""))).collect());
    let item = |n: usize| {
        let picture = server.url(&format!("/{n:02}.png"));
        format!(
            "<item><title>T{n}</title><guid>urn:{n}</guid><pubDate>Fri, 10 Jul 2026 08:00:00 GMT</pubDate>\
             <description>&lt;img src=\"{picture}\"&gt;</description></item>"
        )
    };
    let items: String = (0..40).map(item).collect();
    let content = format!("<rss version=\"2.0\"><channel><title>Prints</title>{items}</channel></rss>");
    let feeds = Server::start(vec![("/feed", says("200 OK", content))]);
    with(&[("web", &feeds.url("/feed"))]).run(&["collect", "--json"]).ok();
    assert!(server.all_asked().len() <= 16, "{}", server.all_asked().len());
}

/// A server of pictures that come a byte at a time, and a publication of one source that shows `count` of them and another
/// one, which is well. The server goes by another name than all others.
fn dripping(count: usize) -> (Publication, [Server; 3]) {
    let names: Vec<String> = (0..count).map(|n| format!("/{n}.png")).collect();
    let drip = || endless("HTTP/1.1 200 OK\r\n\r\n", b" ", Duration::from_millis(30));
    let drips = Server::start(names.iter().map(|name| (name.as_str(), drip())).collect());
    let addresses: Vec<String> = names.iter().map(|name| format!("http://localhost:{}{name}", drips.port())).collect();
    let shown = feed(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let well = Server::start(vec![("/a.png", says("200 OK", png(30, 20)))]);
    let healthy = feed(&[&well.url("/a.png")]).replace("prints.example", "good.example").replace("Shown", "Healthy");
    let feeds = Server::start(vec![("/web", says("200 OK", shown)), ("/good", says("200 OK", healthy))]);
    let publication = with(&[("web", &feeds.url("/web")), ("good", &feeds.url("/good"))])
        .reconfigure("allow_private = [", "allow_private = [\"localhost\", ")
        .reconfigure("timeout = \"5s\"", "timeout = \"1s\"");
    (publication, [drips, well, feeds])
}

#[test]
fn a_host_of_pictures_that_drips_is_given_up() {
    let (publication, servers) = dripping(12);
    let (publication, drips) = (publication.at("2026-07-20T08:00:00Z"), &servers[0]);
    let began = Instant::now();
    let run = publication.run(&["collect", "--json"]).ok();
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    assert_eq!(drips.all_asked().len(), 2);
    let notes = run.json()["notes"].to_string();
    assert_eq!(notes.matches("it took longer than 1 s; it is asked for again later").count(), 2, "{notes}");
    let told =
        "10 files more of posts could not be fetched: `localhost` did not answer in time, twice in a row; later runs";
    assert!(notes.contains(told), "{notes}");
    for source in ["web", "good"] {
        assert_eq!(publication.read(&format!("collected/{source}.jsonl")).lines().count(), 1, "each post is kept once");
    }
    assert!(publication.read("collected/good.jsonl").contains("width=\\\"30\\\""));
    // It is left alone for a while, whole, and then asked as little again.
    let publication = publication.at("2026-07-20T08:30:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert_eq!(drips.all_asked().len(), 2);
    let publication = publication.at("2026-08-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]);
    assert_eq!(drips.all_asked().len(), 4);
    let page = publication.read("public/newsletter/1/index.html");
    assert!(page.contains("Healthy") && page.contains("Shown") && !page.contains("src=\"http"), "{page}");
}

#[test]
fn a_run_that_is_killed_among_its_pictures_has_kept_the_posts() {
    let (publication, [drips, ..]) = &dripping(12);
    let slow = publication.copy().reconfigure("timeout = \"1s\"", "timeout = \"7s\"");
    let mut child = slow.command(&["collect", "-q"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while drips.all_asked().is_empty() && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    child.wait().unwrap();
    let lines = |source: &str| slow.read(&format!("collected/{source}.jsonl")).lines().count();
    assert_eq!((lines("web"), lines("good")), (1, 1));
    let slow = slow.reconfigure("timeout = \"7s\"", "timeout = \"1s\"");
    slow.publish().ok().freezes(&["newsletter/92"]);
    let page = slow.read("public/newsletter/1/index.html");
    assert_eq!((page.matches(">Healthy<").count(), page.matches(">Shown<").count()), (2, 2), "{page}");
}

#[test]
fn what_a_post_has_beyond_a_hundred_pictures_is_told_and_fetched_later() {
    let bytes = png(30, 20);
    let names: Vec<String> = (0..103).map(|n| format!("/{n}.png")).collect();
    let server = Server::start(names.iter().map(|name| (name.as_str(), says("200 OK", bytes.clone()))).collect());
    let addresses: Vec<String> = names.iter().map(|name| server.url(name)).collect();
    let (publication, _feeds) = showing(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    let publication = publication.at("2026-07-20T08:00:00Z");
    let later = publication.copy();
    let told = "`Shown` has 3 files more than one run asks for of a post";
    let run = publication.run(&["collect", "--json"]).ok();
    assert!(run.json()["notes"].to_string().contains(told), "{}", run.json()["notes"]);
    assert_eq!(server.all_asked().len(), 100);
    let run = publication.run(&["collect", "--json"]).ok();
    assert_eq!((server.all_asked().len(), run.json()["notes"].as_array().map(Vec::len)), (103, Some(0)));
    // What is printed meanwhile is told where it is missed.
    later.at("2026-08-02T08:00:00Z").publish().ok().warns(
        "3 pictures on other sites are not in the PDF; their descriptions are; the first is in `Shown` from the source `web`",
    );
}

#[test]
fn no_reader_is_sent_to_a_private_address_or_told_a_password() {
    let private = "http://192.168.7.7:8080/inside.png";
    let secret = "http://user:pw@192.168.7.7:8080/plan.png";
    let lead = format!("<media:content medium=\"image\" url=\"{secret}\"/></item>");
    let content = feed(&[private, "http://127.0.0.2/b.png", secret])
        .replace("</item>", &lead)
        .replace("<rss ", "<rss xmlns:media=\"http://search.yahoo.com/mrss/\" ")
        .replacen(" alt=\"Drawn\"", "", 1);
    let feeds = Server::start(vec![("/feed", says("200 OK", content))]);
    let publication = with(&[("web", &feeds.url("/feed"))]).tables("[mail]\nfrom = \"desk@compositor.example\"");
    let allowing = publication.copy().reconfigure("allow_private = [", "allow_private = [\"192.168.7.7\", ");
    for arguments in [["collect", "--json"], ["publish", "--offline"]] {
        publication.run(&arguments).ok();
    }
    let page = publication.read("public/newsletter/1/index.html");
    assert!(page.contains("inside.png") && page.matches("Drawn").count() == 2, "{page}");
    let digest = publication.read("issues/newsletter/0001/released/r1/digest.json");
    for text in [&page, &digest, &publication.read("public/newsletter/atom.xml"), &publication.read("public/feed.json")]
    {
        assert!(["192.168.7.7", "127.0.0.2", "user:pw", "<img"].iter().all(|hidden| !text.contains(hidden)), "{text}");
    }
    let allowing = allowing.reconfigure("gap = \"0s\"", "gap = \"0s\"\npictures = false");
    allowing.publish().ok();
    let page = allowing.read("public/newsletter/1/index.html");
    assert!(page.contains(private) && !page.contains("127.0.0.2") && !page.contains("user:pw"), "{page}");
}

#[test]
fn posts_that_were_collected_without_their_pictures_get_them() {
    let server = Server::start(vec![("/a.png", says("200 OK", png(30, 20)))]);
    let (publication, feeds) = showing(&[&server.url("/a.png")]);
    let publication =
        publication.reconfigure("gap = \"0s\"", "gap = \"0s\"\npictures = false").at("2026-07-20T08:00:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert!(publication.read("collected/web.jsonl").contains("/a.png") && server.all_asked().is_empty());
    // The feed has nothing new, and is not even asked. A source that is left alone is left alone whole.
    drop(feeds);
    let paused = publication
        .copy()
        .reconfigure("\npictures = false", "")
        .reconfigure("name = \"web\"", "name = \"web\"\npaused = true");
    paused.run(&["collect", "--json"]).ok();
    assert!(server.all_asked().is_empty());
    let publication = publication.reconfigure("\npictures = false", "").at("2026-07-20T08:10:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert_eq!(kept(&publication).len(), 1);
    let publication = publication.at("2026-08-02T08:00:00Z");
    let lines = publication.read("collected/web.jsonl").lines().count();
    publication.run(&["publish", "--offline", "--json"]).ok().freezes(&["newsletter/92"]);
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    assert!(frozen.contains("width=\\\"30\\\" height=\\\"20\\\"") && !frozen.contains("/a.png\\\""), "{frozen}");
    assert_eq!((lines, publication.read("collected/web.jsonl").lines().count()), (2, 2), "it is seen changed once");
}

#[test]
fn another_size_stands_in_for_one_that_is_not_there() {
    let server = Server::start(vec![
        ("/wp-content/a.png", says("200 OK", png(30, 20))),
        ("/wp-content/b-scaled.png", says("200 OK", png(9, 9))),
    ]);
    let addresses = ["/wp-content/a-300x200.png", "/wp-content/b.png", "/wp-content/c-1x1.png"];
    let addresses = addresses.map(|path| server.url(path));
    let (publication, _feeds) = showing(&addresses.each_ref().map(String::as_str));
    let run = publication.publish().ok().freezes(&["newsletter/92"]);
    assert_eq!(kept(&publication).len(), 2);
    let notes = run.json()["notes"].as_array().unwrap().clone();
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(
        notes[0].as_str().unwrap().contains("/c-1x1.png` could not be fetched: the server answered 404"),
        "{notes:#?}"
    );
    let frozen = publication.read("issues/newsletter/0001/frozen.json");
    assert!(frozen.contains("width=\\\"30\\\"") && frozen.contains("width=\\\"9\\\""), "{frozen}");
}

#[test]
fn a_picture_that_claims_to_be_huge_is_not_unpacked() {
    // The header of a PNG of 60,000 by 60,000, with its checksum.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..]);
    bomb.extend(sum.sum().to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    let server = Server::start(vec![("/bomb.png", says("200 OK", bomb))]);
    let (publication, _feeds) = showing(&[&server.url("/bomb.png")]);
    let run = publication.publish().ok().freezes(&["newsletter/92"]);
    let notes = run.json()["notes"].to_string();
    assert!(notes.contains("has 3600 megapixels, more than 64") && kept(&publication).is_empty(), "{notes}");
}

#[test]
fn a_feed_that_is_brought_over_brings_its_pictures() {
    let server = Server::start(vec![("/a.png", says("200 OK", png(30, 20))), ("/gone.png", says("404 Not Found", ""))]);
    let feeds =
        Server::start(vec![("/feed", says("200 OK", feed(&[&server.url("/a.png"), &server.url("/gone.png")])))]);
    let publication = with(&[]);
    publication.run(&["source", "import", &feeds.url("/feed"), "--dry-run"]).ok();
    assert_eq!(server.all_asked().len(), 0);
    let run = publication.run(&["source", "import", &feeds.url("/feed")]).ok();
    run.says("1 picture of the feed stays at its address: `").says("could not be fetched: the server answered 404");
    let assets = publication.files("posts/2026/assets").len();
    let text = publication.read("posts/2026/2026-07-10-shown.html");
    assert_eq!((assets, server.asked("/a.png").len(), server.asked("/gone.png").len()), (1, 1, 1));
    assert!(text.contains("<img src=\"assets/") && !text.contains("/a.png") && text.contains("/gone.png"), "{text}");
    // What is there is not asked for again.
    publication.run(&["source", "import", &feeds.url("/feed")]).ok().says("1 there already").says_not("stays");
    assert_eq!(server.all_asked().len(), 2);
}
