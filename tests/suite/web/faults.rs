//! A server that misbehaves costs its own source alone: one warning says what happened and when it is asked again, and
//! everything else is published.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::{fetched, outcome, shows, standing, with};
use crate::publication::Publication;
use crate::server::{Answer, Server, answer, bytes, endless, feed, redirect, says};

/// A server with a good feed and one that is not.
fn beside(bad: Answer) -> Server {
    Server::start(vec![("/good", says("200 OK", feed(&["Healthy"]))), ("/bad", bad)])
}

fn publication_of(server: &Server) -> Publication {
    with(&[("bad", &server.url("/bad")), ("good", &server.url("/good"))])
}

/// Publishes, and holds that the bad source failed with these words and is asked again at that time, and that the rest is
/// there.
fn fails(publication: &Publication, words: &str, again: &str) {
    let run = publication.publish().ok().freezes(&["newsletter/92"]);
    let about_it: Vec<String> = run.warnings().into_iter().filter(|warning| warning.contains("`bad`")).collect();
    assert_eq!(about_it.len(), 1, "one warning: {about_it:#?}");
    let expected = format!("the source `bad` could not be fetched: {words}");
    assert!(about_it[0].contains(&expected), "{expected}\n{}", about_it[0]);
    assert!(about_it[0].contains(&format!("; it is asked again after 2026-08-02 {again}Z")), "{}", about_it[0]);
    assert!(about_it[0].starts_with("config.toml:"), "{}", about_it[0]);
    assert_eq!(run.warnings().len(), 1, "{:#?}", run.warnings());
    assert_eq!((outcome(&run, "bad").as_str(), outcome(&run, "good").as_str()), ("failed", "fetched"));
    assert_eq!(standing(publication, "bad")["state"], "failing");
    assert!(shows(publication, "Healthy") && shows(publication, "Ours"));
}

/// The same for a server that answers like this.
fn costs_only_itself(bad: Answer, words: &str) {
    let server = beside(bad);
    fails(&publication_of(&server), words, "08:05");
}

#[test]
fn a_slow_drip_ends() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>";
    let server = beside(endless(head, b" ", Duration::from_millis(30)));
    let publication = publication_of(&server).reconfigure("timeout = \"5s\"", "timeout = \"1s\"");
    let began = Instant::now();
    fails(&publication, "it took longer than 1 s", "08:05");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}

#[test]
fn a_header_that_drips_ends() {
    let server = beside(endless("HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", Duration::from_millis(30)));
    fails(
        &publication_of(&server).reconfigure("timeout = \"5s\"", "timeout = \"1s\""),
        "it took longer than 1 s",
        "08:05",
    );
}

#[test]
fn silence_ends() {
    let server = beside(endless("", b"", Duration::from_millis(30)));
    fails(
        &publication_of(&server).reconfigure("timeout = \"5s\"", "timeout = \"1s\""),
        "it took longer than 1 s",
        "08:05",
    );
}

#[test]
fn an_endless_body_ends() {
    let part = vec![b'x'; 4096].leak();
    costs_only_itself(endless("HTTP/1.1 200 OK\r\n\r\n<rss>", part, Duration::ZERO), "the answer is larger than 64 kB");
}

#[test]
fn an_endless_header_ends() {
    costs_only_itself(
        endless("HTTP/1.1 200 OK\r\n", b"X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", Duration::ZERO),
        "the answer is no HTTP:",
    );
    let line = vec![b'x'; 4096].leak();
    costs_only_itself(endless("HTTP/1.1 200 OK\r\nX-Line: ", line, Duration::ZERO), "the answer is no HTTP:");
}

#[test]
fn a_bomb_in_gzip_is_not_unpacked() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b' '; 50_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 60_000);
    costs_only_itself(says("200 OK\r\nContent-Encoding: gzip", bomb), "the answer is larger than 64 kB");
}

/// Twenty million spaces.
const BROTLI_BOMB: &str = "cfffff7ff82540e2b14020f7fe3fff5962f04b00c46101802e490c";
/// A feed of one item.
const BROTLI_FEED: &str = "1bff00008cd461cd9c27b26c2e652fd565459355451206f09f0fea054edd16723d0f0f3b7f7ab38920564183c5aa\
    d15cd56d9ee225620d692114d4115570214e7e06d7b435420e232cdf822afb0606f0bbe8e5a6faeb37b3349205024c95a4d8f30f5bf857be6e\
    e5f5a4bf45b7f3f74c41aa6421c53fc102983f42b544b3dc29e1b7ce1c9b15eab5af6fb617d8b69b585a4f003d411af4d5790f34070ccc31a4\
    28732108";

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_bomb_in_brotli_is_not_unpacked() {
    let bomb = says("200 OK\r\nContent-Encoding: br", from_hex(BROTLI_BOMB));
    costs_only_itself(bomb, "the answer is larger than 64 kB");
}

#[test]
fn packed_feeds_are_unpacked() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(feed(&["In-gzip"]).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let server = Server::start(vec![
        ("/gzip", says("200 OK\r\nContent-Encoding: gzip", &packed)),
        ("/unsaid", says("200 OK\r\nContent-Type: application/gzip", &packed)),
        ("/brotli", says("200 OK\r\nContent-Encoding: br", from_hex(BROTLI_FEED))),
        ("/lie", says("200 OK\r\nContent-Encoding: gzip", feed(&["Plain"]))),
    ]);
    let names = ["gzip", "unsaid", "brotli", "lie"];
    let addresses = names.map(|name| server.url(&format!("/{name}")));
    let sources: Vec<(&str, &str)> = names.iter().copied().zip(addresses.iter().map(String::as_str)).collect();
    let publication = with(&sources);
    let run = publication.publish().ok();
    for name in names {
        assert_eq!((outcome(&run, name), fetched(&run, name)["items"].as_u64()), ("fetched".to_owned(), Some(1)));
    }
    assert!(shows(&publication, "In brotli") && shows(&publication, "In-gzip") && shows(&publication, "Plain"));
    assert_eq!(server.asked("/gzip")[0].header("accept-encoding"), Some(b"gzip, br".as_slice()));
}

#[test]
fn bytes_behind_a_packed_feed_cost_nothing() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(feed(&["In-gzip"]).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(feed(&["In-zlib"]).as_bytes()).unwrap();
    let server = Server::start(vec![
        ("/zeroes", says("200 OK\r\nContent-Encoding: gzip", [packed.as_slice(), &[0; 512]].concat())),
        ("/words", says("200 OK\r\nContent-Encoding: gzip", [packed.as_slice(), b"\n<!-- cached -->\n"].concat())),
        ("/deflate", says("200 OK\r\nContent-Encoding: deflate", zlib.finish().unwrap())),
    ]);
    let names = ["zeroes", "words", "deflate"];
    let addresses = names.map(|name| server.url(&format!("/{name}")));
    let sources: Vec<(&str, &str)> = names.iter().copied().zip(addresses.iter().map(String::as_str)).collect();
    let publication = with(&sources);
    let run = publication.publish().ok();
    for name in names {
        assert_eq!((outcome(&run, name), fetched(&run, name)["items"].as_u64()), ("fetched".to_owned(), Some(1)));
    }
}

#[test]
fn a_packed_answer_that_is_cut_short_is_not_taken() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(feed(&["Half", "Other", "Third"]).as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let half = packed[..packed.len() / 2].to_vec();
    costs_only_itself(says("200 OK\r\nContent-Encoding: gzip", half), "the answer broke off after");
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&vec![b' '; 50_000_000]).unwrap();
    let bomb = zlib.finish().unwrap();
    costs_only_itself(says("200 OK\r\nContent-Encoding: deflate", bomb), "the answer is larger than 64 kB");
}

#[test]
fn answers_of_an_old_manner_are_taken() {
    let content = feed(&["Old"]);
    let server = Server::start(vec![
        (
            "/early",
            bytes(format!("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{content}")),
        ),
        ("/old", bytes(format!("HTTP/1.0 200 OK\r\n\r\n{content}"))),
        (
            "/both",
            bytes(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{content}\r\n0\r\n\r\n",
                content.len()
            )),
        ),
    ]);
    for name in ["early", "old", "both"] {
        let publication = with(&[("web", &server.url(&format!("/{name}")))]);
        let run = publication.publish().ok();
        assert_eq!(outcome(&run, "web"), "fetched", "{name}: {:#?}", run.warnings());
    }
}

#[test]
fn what_cannot_be_unpacked_is_told() {
    let mut broken = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    broken.extend_from_slice(&[0xff; 40]);
    costs_only_itself(says("200 OK\r\nContent-Encoding: gzip", broken), "the answer cannot be decompressed: ");
    costs_only_itself(says("200 OK\r\nContent-Encoding: zstd", "x"), "the answer cannot be decompressed: `zstd`");
}

#[test]
fn redirects_in_a_circle_end() {
    let server = Server::start(vec![
        ("/good", says("200 OK", feed(&["Healthy"]))),
        ("/bad", redirect(302, "/round")),
        ("/round", redirect(301, "/bad")),
    ]);
    fails(&publication_of(&server), &format!("its redirects lead back to `{}`", server.url("/bad")), "08:05");
}

#[test]
fn redirects_without_end_end() {
    let routes: Vec<(String, String)> = (0..20)
        .map(|step| (format!("/{step}"), format!("/{}", step + 1)))
        .chain([("/bad".into(), "/0".into())])
        .collect();
    let mut all = vec![("/good", says("200 OK", feed(&["Healthy"])))];
    all.extend(routes.iter().map(|(from, to)| (from.as_str(), redirect(307, to))));
    let server = Server::start(all);
    fails(&publication_of(&server), "it was redirected more than 10 times", "08:05");
    assert_eq!(server.all_asked().iter().filter(|asked| asked.line != "GET /good").count(), 11);
}

#[test]
fn redirects_to_private_addresses_are_not_followed() {
    for (to, words) in [
        ("http://169.254.169.254/latest/meta-data/", "`169.254.169.254` is at a link-local address"),
        ("//10.0.0.1/", "`10.0.0.1` is at a private address"),
        ("http://[::ffff:127.0.0.2]/", "`::ffff:7f00:2` is at a loopback address"),
        ("http://2130706434/", "`127.0.0.2` is at a loopback address"),
        ("file:///etc/passwd", "it was redirected to `file:///etc/passwd`, which is neither http nor https"),
        ("http://127.0.0.1:25/", "it was redirected to `http://127.0.0.1:25/`, which names a port"),
    ] {
        costs_only_itself(redirect(302, to), words);
    }
}

#[test]
fn a_name_that_leads_to_this_machine_is_not_asked() {
    let server = beside(says("200 OK", feed(&["Secret"])));
    let local = format!("http://localhost:{}/bad", server.port());
    let publication = with(&[("bad", &local), ("good", &server.url("/good"))]);
    fails(&publication, "`localhost` is at a loopback address, which may not be asked", "08:05");
    assert!(server.asked("/bad").is_empty() && !shows(&publication, "Secret"));
    let allowed = publication.reconfigure("\"127.0.0.1\"", "\"localhost\"");
    let run = allowed.run(&["publish", "--refetch", "--json"]).ok();
    assert_eq!((outcome(&run, "bad").as_str(), outcome(&run, "good").as_str()), ("fetched", "failed"));
    let nobody = allowed.reconfigure("allow_private = [\"localhost\"]", "");
    let run = nobody.run(&["collect", "--refetch", "--json"]).ok();
    assert_eq!((outcome(&run, "bad").as_str(), outcome(&run, "good").as_str()), ("failed", "failed"));
}

#[test]
fn a_redirect_that_says_nothing_is_told() {
    costs_only_itself(says("302 Found", ""), "the server answered 302, but not where to go");
}

#[test]
fn a_body_that_is_shorter_than_it_says_is_not_taken() {
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{}", feed(&["Half"]));
    let server = beside(bytes(cut));
    let publication = publication_of(&server);
    fails(&publication, "the answer broke off after", "08:05");
    assert!(!shows(&publication, "Half"));
}

#[test]
fn a_body_that_is_longer_than_it_says_gives_what_is_whole() {
    let whole = feed(&["First", "Second"]);
    let length = whole.find("Second").unwrap();
    let server = beside(bytes(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{whole}")));
    let publication = publication_of(&server);
    let run = publication.publish().ok();
    assert_eq!((outcome(&run, "bad").as_str(), outcome(&run, "good").as_str()), ("fetched", "fetched"));
    assert!(run.warnings().iter().any(|warning| warning.contains(&server.url("/bad"))), "{:#?}", run.warnings());
    assert!(shows(&publication, "First") && shows(&publication, "Healthy"));
}

/// The first half to whoever asks for the first time, with a validator that is right again for the whole.
fn half_then_whole(whole: &'static str, half: usize) -> Answer {
    Box::new(move |asked, connection| match (asked.header("if-none-match"), asked.before) {
        (Some(_), _) => connection.write_all(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        (None, 0) => {
            connection.write_all(format!("HTTP/1.1 200 OK\r\nETag: \"v\"\r\n\r\n{}", &whole[..half]).as_bytes())
        }
        (None, _) => connection.write_all(&answer("200 OK\r\nETag: \"v\"", whole)),
    })
}

#[test]
fn half_an_answer_that_is_whole_on_the_wire_is_asked_for_again() {
    let xml: &'static str = feed(&["First", "Second"]).leak();
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
        {"id": "1", "title": "First", "content_text": "a", "date_published": "2026-07-28T08:00:00Z"},
        {"id": "2", "date_published": "2026-07-28T08:00:00Z", "title": "Second", "content_text": "b"}]}"#;
    let within_an_item = |text: &str| text.find("Second").unwrap() + 3;
    let before_any = |text: &str| text.find("<item").or(text.find('[')).unwrap() + 1;
    for (whole, half) in [
        (xml, within_an_item(xml)),
        (xml, before_any(xml)),
        (xml, xml.len() - 4),
        (json, within_an_item(json)),
        (json, before_any(json)),
    ] {
        let server = beside(half_then_whole(whole, half));
        let publication = publication_of(&server).at("2026-07-30T08:00:00Z");
        let run = publication.run(&["collect", "--json"]).ok();
        assert_eq!(outcome(&run, "bad"), "fetched");
        assert!(run.warnings().iter().any(|warning| warning.contains("/bad:")), "{half}: {:#?}", run.warnings());
        let publication = publication.at("2026-08-02T08:00:00Z");
        assert_eq!(outcome(&publication.publish().ok().quiet(), "bad"), "fetched");
        assert!(shows(&publication, "First") && shows(&publication, "Second"), "{half}");
        let publication = publication.at("2026-08-02T11:00:00Z");
        assert_eq!(outcome(&publication.publish().ok().quiet(), "bad"), "unchanged");
    }
}

fn whole_then_half(whole: &'static str, half: usize) -> Answer {
    Box::new(move |asked, connection| match asked.before {
        0 => connection.write_all(&answer("200 OK", whole)),
        _ => connection.write_all(format!("HTTP/1.1 200 OK\r\n\r\n{}", &whole[..half]).as_bytes()),
    })
}

#[test]
fn half_an_answer_changes_nothing_that_was_kept_whole() {
    let text = "A text that is long enough to be cut in its middle, and then some more of it.";
    let item = |n: u32, title: &str| {
        format!(
            "<item><guid>g{n}</guid><pubDate>Tue, 28 Jul 2026 08:00:00 GMT</pubDate><title>{title}</title>\
             <link>https://cut.example/{n}</link><description>{text}</description></item>"
        )
    };
    let xml: &'static str = format!(
        "<rss version=\"2.0\"><channel><title>F</title><link>https://cut.example/</link>{}{}</channel></rss>",
        item(1, "First"),
        item(2, "Second")
    )
    .leak();
    let json: &'static str = format!(
        r#"{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [
        {{"id": "1", "title": "First", "content_text": "{text}", "date_published": "2026-07-28T08:00:00Z"}},
        {{"id": "2", "date_published": "2026-07-28T08:00:00Z", "title": "Second", "content_text": "{text}"}}]}}"#
    )
    .leak();
    for (whole, cut) in [
        (xml, xml.rfind("<title>").unwrap()),
        (xml, xml.rfind("</title>").unwrap() + 8),
        (xml, xml.rfind("some more").unwrap()),
        (json, json.rfind("\"title\"").unwrap()),
        (json, json.rfind("some more").unwrap()),
    ] {
        let half = &whole[..cut];
        let server = beside(whole_then_half(whole, cut));
        let publication = publication_of(&server).at("2026-07-30T08:00:00Z");
        publication.run(&["collect"]).ok();
        let kept = publication.read("collected/bad.jsonl");
        assert!(kept.contains("some more"));
        let publication = publication.at("2026-08-02T08:00:00Z");
        let run = publication.run(&["publish", "--refetch", "--json"]).ok();
        assert_eq!(outcome(&run, "bad"), "fetched", "{half}");
        run.warns("the feed ends in the middle of an item");
        assert_eq!(publication.read("collected/bad.jsonl"), kept, "{half}");
        assert!(shows(&publication, "Second") && shows(&publication, "some more of it"), "{half}");
    }
}

#[test]
fn chunks_that_break_off_are_not_taken() {
    costs_only_itself(
        bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nff\r\n<chan"),
        "the answer broke off after",
    );
    costs_only_itself(
        bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n"),
        "the answer is no HTTP: ",
    );
}

#[test]
fn answers_that_are_none_are_told() {
    costs_only_itself(bytes(""), "there was no connection: the server ended it without an answer");
    costs_only_itself(bytes("HTTP/1.1 200 OK\r\nContent-Ty"), "there was no connection: the server ended it");
    costs_only_itself(bytes("EHLO mail.example\r\n\r\n"), "the answer is no HTTP: ");
    costs_only_itself(bytes("HTTP/1.1 two hundred\r\n\r\n"), "the answer is no HTTP: ");
    costs_only_itself(bytes([0u8, 255, 3, 13, 10, 13, 10].as_slice()), "the answer is no HTTP: ");
}

#[test]
fn statuses_are_told_in_words() {
    costs_only_itself(says("404 Not Found", ""), "the server answered 404 (not found)");
    costs_only_itself(says("500 Oh", feed(&["Error"])), "the server answered 500 (an error of the server)");
    costs_only_itself(says("204 No Content", ""), "the server answered 204 (no content)");
    costs_only_itself(says("206 Part", "<rss>"), "the server answered 206 (a part of it)");
    costs_only_itself(says("599 Odd", ""), "the server answered 599;");
}

#[test]
fn an_answer_to_another_question_is_told() {
    costs_only_itself(says("304 Not Modified", ""), "the server answered 304 (not modified) to a question without");
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    let server = beside(says("429 Slow\r\nRetry-After: 7200", ""));
    let publication = publication_of(&server);
    fails(&publication, "the server answered 429 (too many requests)", "10:00");
    let later = publication.at("2026-08-02T09:59:00Z");
    let run = later.publish().ok().warns("it is asked again after 2026-08-02 10:00Z");
    assert_eq!(outcome(&run, "bad"), "waiting");
    assert_eq!(server.asked("/bad").len(), 1, "it was left alone");
    let run = later.at("2026-08-02T10:00:00Z");
    run.publish().ok();
    assert_eq!(server.asked("/bad").len(), 2);
    let server = beside(says("503 Later\r\nRetry-After: Sun, 02 Aug 2026 08:40:00 GMT", ""));
    fails(&publication_of(&server), "the server answered 503 (unavailable)", "08:40");
}

#[test]
fn a_web_page_is_no_feed() {
    let page = "<!doctype html><html><head><title>News</title></head><body><p>Soon.</body></html>";
    costs_only_itself(says("200 OK\r\nContent-Type: text/html", page), "the answer is a web page, not a feed");
    costs_only_itself(says("200 OK\r\nContent-Type: text/xml", "Soon."), "the answer is no RSS, Atom or JSON Feed");
    costs_only_itself(says("200 OK", ""), "the answer is no RSS, Atom or JSON Feed");
}

#[test]
fn nobody_there_is_told() {
    let server = beside(says("200 OK", ""));
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let publication = with(&[("bad", &format!("http://{closed}/feed")), ("good", &server.url("/good"))]);
    fails(&publication, "there was no connection: it was refused", "08:05");
    let publication = with(&[("bad", "http://nobody.invalid/feed"), ("good", &server.url("/good"))]);
    fails(&publication, "the host `nobody.invalid` was not found", "08:05");
}

#[test]
fn a_port_without_tls_is_told() {
    let server = beside(says("200 OK", feed(&["Plain"])));
    let secure = server.url("/bad").replace("http:", "https:");
    fails(&with(&[("bad", &secure), ("good", &server.url("/good"))]), "there was no trusted connection: ", "08:05");
}

#[test]
fn what_is_gone_is_told_and_asked_only_on_demand() {
    let gone: Answer = Box::new(|asked, connection| match asked.before {
        0 | 1 => connection.write_all(&answer("410 Gone", "")),
        _ => connection.write_all(&answer("200 OK", feed(&["Back"]))),
    });
    let server = beside(gone);
    let publication = publication_of(&server);
    let run =
        publication.publish().ok().warns("the source `bad` is gone for good: its server answered 410 on 2026-08-02");
    assert_eq!((outcome(&run, "bad").as_str(), run.warnings().len()), ("gone", 1));
    assert!(shows(&publication, "Healthy"));
    let publication = publication.at("2026-09-01T08:00:00Z");
    let run = publication.run(&["publish", "--refetch", "--json"]).ok().warns("gone for good");
    assert_eq!((outcome(&run, "bad").as_str(), server.asked("/bad").len()), ("gone", 1));
    publication.run(&["source", "check", "bad"]).ok().says("gone for good since 2026-08-02");
    publication.run(&["source", "check", "bad", "--again", "--json"]).ok().warns("the server answered 410 (gone)");
    assert_eq!(server.asked("/bad").len(), 2);
    publication.run(&["source", "check", "bad", "--again"]).ok().says("a feed with 1 item");
    let run = publication.publish().ok().quiet();
    assert_eq!(outcome(&run, "bad"), "fetched");
    assert!(shows(&publication, "Back"));
}

#[test]
fn failures_wait_longer_each_time() {
    let server = beside(says("500 Oh", ""));
    let mut publication = publication_of(&server).published();
    for (now, next) in [("08:05", "08:15"), ("08:15", "08:35"), ("08:35", "09:15")] {
        publication = publication.at(&format!("2026-08-02T{now}:00Z"));
        let run = publication.publish().ok();
        assert_eq!(fetched(&run, "bad")["next"], format!("2026-08-02T{next}:00Z"));
    }
    assert_eq!((standing(&publication, "bad")["failures"].as_u64(), server.asked("/bad").len()), (Some(4), 4));
    let json = publication.run(&["publish", "--strict", "--offline", "--json"]).ok();
    assert_eq!(outcome(&json, "bad"), "paused");
}

#[test]
fn a_charset_that_lies_is_not_believed() {
    let utf8 = feed(&["Çështje"]);
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode("<rss version='2.0'><channel><title>L</title><item><title>Café</title><guid isPermaLink='false'>urn:l</guid><link>https://l.example/</link></item></channel></rss>");
    let (greek, _, _) = encoding_rs::ISO_8859_7.encode(
        "<rss version='2.0'><channel><title>G</title><item><title>Νέα</title><guid isPermaLink='false'>urn:g</guid><link>https://g.example/</link></item></channel></rss>",
    );
    let server = Server::start(vec![
        ("/lie", says("200 OK\r\nContent-Type: text/xml; charset=iso-8859-1", utf8)),
        ("/wrong", says("200 OK\r\nContent-Type: text/xml; charset=utf-8", latin)),
        ("/only", says("200 OK\r\nContent-Type: text/xml; charset=\"ISO-8859-7\"", greek)),
    ]);
    let names = ["lie", "wrong", "only"];
    let addresses = names.map(|name| server.url(&format!("/{name}")));
    let sources: Vec<(&str, &str)> = names.iter().copied().zip(addresses.iter().map(String::as_str)).collect();
    let publication = with(&sources);
    publication.publish().ok();
    for title in ["Çështje", "Café", "Νέα"] {
        assert!(shows(&publication, title), "{title}");
    }
}
