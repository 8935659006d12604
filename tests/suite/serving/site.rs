//! The built site over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use super::{served, with_subscriptions};
use crate::publication::Publication;
use crate::samples::bilingual;
use crate::service::{Running, free_port};

#[test]
fn files_have_types_validators_parts_and_lifetimes() {
    let (publication, running) = served();
    for (path, media_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/fa/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/newsletter/1/newsletter-1.pdf", "application/pdf"),
    ] {
        let answer = running.get(path).is(200);
        assert_eq!(answer.header("content-type"), media_type, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'self'"), "{path}");
        let file = if path == "/" { "index.html" } else { &path[1..] };
        assert_eq!(answer.body, publication.bytes(&format!("public/{file}")), "{path}");
        let (tag, modified) = (answer.header("etag"), answer.header("last-modified"));
        running.get_with(path, &[("if-none-match", tag)]).is(304);
        running.get_with(path, &[("if-none-match", &format!("\"x\", W/{tag}"))]).is(304);
        running.get_with(path, &[("if-none-match", "\"x\""), ("if-modified-since", modified)]).is(200);
        running.get_with(path, &[("if-modified-since", modified)]).is(304);
        let head = running.ask("HEAD", path, &[], b"").is(200);
        assert_eq!(
            (head.header("content-length"), head.body.len()),
            (answer.body.len().to_string().as_str(), 0),
            "{path}"
        );
    }
    let tag = running.get("/feed.xml").header("etag").to_owned();
    running.get_with("/feed.xml", &[("if-match", "\"x\"")]).is(412);
    running.get_with("/feed.xml", &[("if-match", &format!("\"x\", {tag}"))]).is(200);
    running.get_with("/feed.xml", &[("if-match", "*")]).is(200);
    running.get_with("/feed.xml", &[("if-unmodified-since", "Mon, 01 Jan 2001 00:00:00 GMT")]).is(412);
    running.ask("HEAD", "/feed.xml", &[("range", "bytes=0-1")], b"").is(200);
    for method in ["PUT", "POST", "DELETE"] {
        assert_eq!(running.ask(method, "/feed.xml", &[], b"").is(405).header("allow"), "GET, HEAD", "{method}");
    }
    let pdf = publication.bytes("public/newsletter/1/newsletter-1.pdf");
    let part = |range: &str, more: &[(&str, &str)]| {
        running.get_with("/newsletter/1/newsletter-1.pdf", &[&[("range", range)], more].concat())
    };
    let middle = part("bytes=10-19", &[]).is(206);
    assert_eq!(middle.body, pdf[10..20]);
    assert_eq!(middle.header("content-range"), format!("bytes 10-19/{}", pdf.len()));
    assert_eq!(part("bytes=-5", &[]).is(206).body, pdf[pdf.len() - 5..]);
    assert_eq!(
        part(&format!("bytes={}-", pdf.len()), &[]).is(416).header("content-range"),
        format!("bytes */{}", pdf.len())
    );
    assert_eq!(part("bytes=0-1", &[("if-range", "\"other\"")]).is(200).body.len(), pdf.len());
    let tag = running.get("/newsletter/1/newsletter-1.pdf").header("etag").to_owned();
    part("bytes=0-1", &[("if-range", &tag)]).is(206);
    let picture = publication.files("public").into_iter().find(|path| path.ends_with(".png")).unwrap();
    assert!(running.get(&format!("/{picture}")).is(200).header("cache-control").contains("immutable"), "{picture}");
}

#[test]
fn pages_lead_to_where_readers_subscribe() {
    let (publication, running) = served();
    for (page, language) in [("/", "en"), ("/fa/", "fa"), ("/newsletter/1/", "en")] {
        let links = running.get(page).is(200).links();
        let link = links.iter().find(|link| link.contains("/letters/subscribe")).unwrap_or_else(|| panic!("{page}"));
        assert!(link.ends_with(&format!("?lang={language}")), "{link}");
    }
    drop(publication);
    assert!(!bilingual().published().read("public/index.html").contains("/subscribe"));
}

#[test]
fn texts_are_compressed_for_those_who_can_read_it() {
    let (publication, running) = served();
    let gzip = |path: &str| running.get_with(path, &[("accept-encoding", "gzip, deflate")]).is(200);
    let answer = gzip("/index.html");
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("gzip", "accept-encoding"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(answer.body.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, publication.read("public/index.html"));
    assert_ne!(answer.header("etag"), running.get("/index.html").header("etag"), "another representation, another tag");
    running.get_with("/index.html", &[("accept-encoding", "gzip"), ("if-none-match", answer.header("etag"))]).is(304);
    assert_eq!(gzip("/newsletter/1/newsletter-1.pdf").header("content-encoding"), "");
    let publication = publication.file("public/feed.xml.br", "brotli, for all that we know");
    let answer = running.get_with("/feed.xml", &[("accept-encoding", "br, gzip")]).is(200);
    assert_eq!((answer.header("content-encoding"), answer.text().as_str()), ("br", "brotli, for all that we know"));
    assert_eq!(answer.header("content-type"), "application/rss+xml; charset=utf-8");
    drop(publication);
}

#[test]
fn folders_lead_to_their_pages_and_nothing_leads_out() {
    let (publication, running) = served();
    let publication = publication.file("public/.hidden", "x").file("public/a/.git/config", "x");
    assert_eq!(running.get("/newsletter?x=1").is(308).header("location"), "/newsletter/?x=1");
    assert_eq!(running.get("//newsletter").is(308).header("location"), "/newsletter/");
    running.get("/newsletter/").is(200);
    running.get("/nothing/here").is(404).says("<html");
    running.get(&"/a".repeat(6000)).is(404).says("<html");
    running.get(&"/a".repeat(15_000)).is(414);
    running.get_with("/", &[("host", "whatever.example")]).is(200);
    for no in [
        "/../config.toml",
        "/%2e%2e/config.toml",
        "/..%2f..%2fetc/passwd",
        "/.hidden",
        "/%2ehidden",
        "/a/.git/config",
        "/a/%2egit/config",
        "/newsletter/../../masthead.db",
        "/index.html/",
        "/index.html%00",
        "/%ff%fe",
        "/./../config.toml",
    ] {
        let answer = running.get(no).is(404);
        assert!(!answer.text().contains("[mail]"), "{no}");
    }
    running.ask("POST", "/", &[], b"x=1").is(405);
    running.ask("DELETE", "/index.html", &[], b"").is(405);
    running.ask("PUT", "/index.html", &[], b"x").is(405);
    assert!(publication.has("public/index.html"));
}

#[test]
fn slow_and_broken_clients_hold_nobody_up_and_the_end_is_orderly() {
    let (_publication, running) = served();
    let mut slow: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(&running.host).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").unwrap();
    }
    running.get("/").is(200);
    let mut nonsense = TcpStream::connect(&running.host).unwrap();
    nonsense.write_all(b"\x16\x03\x01\x00nonsense\r\n\r\n").unwrap();
    running.get("/health").is(200).says("ok");
    let mut long = TcpStream::connect(&running.host).unwrap();
    let _ = long.write_all(format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(100_000)).as_bytes());
    running.get("/health").is(200);
    drop(slow);
    let started = Instant::now();
    assert!(running.stop().success(), "told to end, it ends with code 0");
    assert!(started.elapsed().as_secs() < 12);
}

#[test]
fn without_an_address_for_subscriptions_the_site_alone_is_served() {
    let publication = bilingual().published();
    let running = Running::start(&publication, &["--public"], free_port());
    running.get("/").is(200);
    running.get("/subscribe").is(404);
    running.get("/health").is(200);
    let (publication, port) = with_subscriptions();
    let running = Running::start(&publication, &["--public"], port);
    running.get("/").is(404);
    running.get("/letters/subscribe").is(200);
}

#[test]
fn a_site_whose_address_has_a_path_answers_below_it_beside_its_subscriptions() {
    let port = free_port();
    let mail =
        format!("[mail]\nfrom = \"a@x.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/paper/letters/\"");
    let publication = Publication::monthly()
        .reconfigure("https://compositor.example/", "https://compositor.example/paper/")
        .tables(&format!("[list.members]\n{mail}"))
        .short_post("2026-07-03-one.md", "One")
        .published();
    let running = Running::start(&publication, &["--public"], port);
    for at in ["/", "/paper/"] {
        assert_eq!(running.get(at).is(200).body, publication.bytes("public/index.html"), "{at}");
    }
    assert_eq!(running.get("/paper").is(308).header("location"), "/paper/");
    assert_eq!(running.get("/paper/newsletter?a=b").is(308).header("location"), "/paper/newsletter/?a=b");
    running.get("/paper/newsletter/").is(200);
    running.get("/paper/letters/subscribe").is(200).says("<form");
    running.get("/paper/nothing").is(404);
}

#[test]
fn a_path_beyond_ascii_is_answered_to_in_large_and_in_small_digits() {
    let port = free_port();
    let mail = format!("[mail]\nfrom = \"a@x.example\"\nsubscriptions_url = \"http://127.0.0.1:{port}/ورق/letters/\"");
    let publication = Publication::monthly()
        .reconfigure("https://compositor.example/", "https://compositor.example/ورق/")
        .tables(&format!("[list.members]\n{mail}"))
        .short_post("2026-07-03-one.md", "One")
        .published();
    let running = Running::start(&publication, &["--public"], port);
    for at in ["/%D9%88%D8%B1%D9%82", "/%d9%88%d8%b1%d9%82"] {
        assert_eq!(running.get(&format!("{at}/")).is(200).body, publication.bytes("public/index.html"), "{at}");
        running.get(&format!("{at}/newsletter/1/")).is(200);
        running.get(&format!("{at}/letters/subscribe")).is(200).says("<form");
        running.get(&format!("{at}/nothing")).is(404);
        assert_eq!(running.get(at).is(308).header("location"), "/%D9%88%D8%B1%D9%82/");
    }
}
