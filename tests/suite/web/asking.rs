//! When sources are asked, with which conditions, and what becomes of what they answer.

use std::io::Write as _;
use std::time::Duration;

use super::{fetched, outcome, publication, shows, standing, with};
use crate::server::{Answer, Server, answer, endless, feed, redirect, says, tunnel};

/// Whole on a first visit; "not modified" to whoever repeats this validator, byte for byte.
fn validated(etag: &'static [u8], names: &'static [&'static str]) -> Answer {
    Box::new(move |asked, connection| {
        if asked.header("if-none-match") == Some(etag) {
            return connection.write_all(b"HTTP/1.1 304 Not Modified\r\n\r\n");
        }
        let content = feed(names);
        connection.write_all(b"HTTP/1.1 200 OK\r\nETag: ")?;
        connection.write_all(etag)?;
        connection.write_all(format!("\r\nContent-Length: {}\r\n\r\n{content}", content.len()).as_bytes())
    })
}

#[test]
fn validators_are_repeated_byte_for_byte_and_304_keeps_the_posts() {
    // Weak, with a comma, a quotation mark out of place and a byte that is no ASCII.
    let server = Server::start(vec![("/feed", validated(b"W/\"a, \"b\xe9\"", &["One", "Two"]))]);
    let publication = with(&[("web", &server.url("/feed"))]);
    let run = publication.publish().ok().quiet();
    assert_eq!((outcome(&run, "web").as_str(), fetched(&run, "web")["items"].as_u64()), ("fetched", Some(2)));
    let before = publication.tree("public");
    let publication = publication.at("2026-08-02T09:00:00Z");
    let run = publication.publish().ok().quiet();
    assert_eq!(outcome(&run, "web"), "unchanged");
    assert_eq!(publication.tree("public").keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(server.asked("/feed")[0].header("if-none-match"), None);
    assert_eq!(server.asked("/feed")[1].header("if-none-match"), Some(b"W/\"a, \"b\xe9\"".as_slice()));
    assert_eq!(standing(&publication, "web")["posts"], 2);
}

#[test]
fn dates_of_change_are_repeated_as_they_were_said() {
    let dated: Answer = Box::new(|asked, connection| match asked.header("if-modified-since") {
        Some(b"a while ago") => connection.write_all(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        _ => connection.write_all(&answer("200 OK\r\nLast-Modified: a while ago", feed(&["One"]))),
    });
    let server = Server::start(vec![("/feed", dated)]);
    let publication = with(&[("web", &server.url("/feed"))]).published().at("2026-08-02T09:00:00Z");
    assert_eq!(outcome(&publication.publish().ok(), "web"), "unchanged");
}

#[test]
fn validators_that_change_each_time_cost_only_the_asking() {
    let changing: Answer = Box::new(|asked, connection| {
        connection.write_all(&answer(&format!("200 OK\r\nETag: \"{}\"", asked.before), feed(&["Same"])))
    });
    let server = Server::start(vec![("/feed", changing)]);
    let mut publication = with(&[("web", &server.url("/feed"))]).published();
    let collected = publication.read("collected/web.jsonl");
    for hour in 9..12 {
        publication = publication.at(&format!("2026-08-02T{hour:02}:00:00Z"));
        assert_eq!(outcome(&publication.publish().ok().quiet(), "web"), "fetched");
    }
    assert_eq!(publication.read("collected/web.jsonl"), collected, "nothing new was seen");
    let conditions: Vec<String> = server.asked("/feed")[1..]
        .iter()
        .map(|asked| String::from_utf8_lossy(asked.header("if-none-match").unwrap()).into_owned())
        .collect();
    assert_eq!(conditions, ["\"0\"", "\"1\"", "\"2\""]);
}

#[test]
fn what_scrolled_off_stays_and_needs_no_network() {
    let moving: Answer = Box::new(|asked, connection| {
        let names: &[&str] = if asked.before == 0 { &["First", "Second"] } else { &["Third"] };
        connection.write_all(&answer("200 OK", feed(names)))
    });
    let server = Server::start(vec![("/feed", moving)]);
    let publication = with(&[("web", &server.url("/feed"))]).at("2026-07-20T08:00:00Z");
    publication.run(&["collect", "--json"]).ok();
    let publication = publication.at("2026-08-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]);
    let all = |publication: &crate::publication::Publication| {
        ["First", "Second", "Third"].iter().all(|title| shows(publication, title))
    };
    assert!(all(&publication));
    // On another machine, with another store and no network.
    let elsewhere = publication.copy().without("masthead.db").without("public");
    drop(server);
    let run = elsewhere.run(&["publish", "--offline", "--json"]).ok().quiet();
    assert_eq!(outcome(&run, "web"), "paused");
    assert!(all(&elsewhere));
    assert_eq!(publication.tree("issues"), elsewhere.tree("issues"));
    assert_eq!(publication.tree("public"), elsewhere.tree("public"));
}

#[test]
fn a_store_that_outlived_what_was_collected_asks_for_everything() {
    let server = Server::start(vec![("/feed", validated(b"\"x\"", &["One"]))]);
    let publication = with(&[("web", &server.url("/feed"))]).published().without("collected/web.jsonl");
    let run = publication.publish().ok();
    assert_eq!(outcome(&run, "web"), "fetched");
    assert_eq!(server.asked("/feed")[1].header("if-none-match"), None);
}

#[test]
fn servers_and_feeds_say_how_seldom_they_want_to_be_asked() {
    let rss = |inside: &str| feed(&["One"]).replace("<title>A feed</title>", &format!("<title>A feed</title>{inside}"));
    let updates = "<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">daily</sy:updatePeriod>\
                   <sy:updateFrequency xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">4</sy:updateFrequency>";
    let server = Server::start(vec![
        ("/max-age", says("200 OK\r\nCache-Control: public, max-age=7200", rss(""))),
        (
            "/expires",
            says("200 OK\r\nDate: Sun, 02 Aug 2026 08:00:00 GMT\r\nExpires: Sun, 02 Aug 2026 11:00:00 GMT", rss("")),
        ),
        ("/ttl", says("200 OK", rss("<ttl>240</ttl>"))),
        ("/updates", says("200 OK", rss(updates))),
        ("/silent", says("200 OK\r\nCache-Control: no-cache, max-age=9000", rss(""))),
        ("/year", says("200 OK\r\nCache-Control: max-age=31536000", rss(""))),
    ]);
    let names = ["max-age", "expires", "ttl", "updates", "silent", "year"];
    let addresses = names.map(|name| server.url(&format!("/{name}")));
    let sources: Vec<(&str, &str)> = names.iter().copied().zip(addresses.iter().map(String::as_str)).collect();
    let publication = with(&sources);
    let run = publication.publish().ok();
    let next: Vec<String> = names.iter().map(|name| fetched(&run, name)["next"].as_str().unwrap().to_owned()).collect();
    let day2 = |time: &str| format!("2026-08-02T{time}:00Z");
    let expected = ["10:00", "11:00", "12:00", "14:00", "08:30"].map(day2);
    assert_eq!(next, [&expected[..], &["2026-08-03T08:00:00Z".to_owned()]].concat());
    let publication = publication.at("2026-08-02T10:30:00Z");
    let run = publication.publish().ok();
    let outcomes = names.map(|name| outcome(&run, name));
    assert_eq!(outcomes, ["fetched", "waiting", "waiting", "waiting", "fetched", "waiting"]);
    let run = publication.run(&["publish", "--refetch", "--json"]).ok();
    assert!(names.iter().all(|name| outcome(&run, name) == "fetched"), "{}", run.json());
}

#[test]
fn a_move_that_is_said_three_times_is_kept() {
    let server = Server::start(vec![
        ("/old", redirect(301, "/middle")),
        ("/middle", redirect(308, "/new")),
        ("/new", says("200 OK", feed(&["Moved"]))),
    ]);
    let mut publication = with(&[("web", &server.url("/old"))]);
    for hour in ["08", "09", "10", "11"] {
        publication = publication.at(&format!("2026-08-02T{hour}:00:00Z"));
        let run = publication.publish().ok();
        let told = run.warnings().iter().any(|warning| warning.contains("has moved for good to"));
        assert_eq!(told, matches!(hour, "10" | "11"), "{hour}: {:#?}", run.warnings());
    }
    assert_eq!((server.asked("/old").len(), server.asked("/new").len()), (3, 4), "the fourth time it is asked there");
    assert_eq!(standing(&publication, "web")["moved_to"], server.url("/new"));
    assert_eq!(standing(&publication, "web")["state"], "moved");
}

#[test]
fn a_passing_redirect_is_no_move() {
    let server = Server::start(vec![("/old", redirect(302, "/new")), ("/new", says("200 OK", feed(&["Here"])))]);
    let mut publication = with(&[("web", &server.url("/old"))]);
    for hour in 8..13 {
        publication = publication.at(&format!("2026-08-02T{hour:02}:00:00Z"));
        publication.publish().ok().quiet();
    }
    assert_eq!(server.asked("/old").len(), 5);
}

#[test]
fn one_host_is_asked_one_request_at_a_time_and_others_meanwhile() {
    let slow = |title: &'static str| -> Answer {
        Box::new(move |_, connection| {
            std::thread::sleep(Duration::from_millis(300));
            connection.write_all(&answer("200 OK", feed(&[title])))
        })
    };
    let server = Server::start(vec![("/a", slow("Alpha")), ("/b", slow("Beta")), ("/c", slow("Gamma"))]);
    let other = Server::start(vec![("/d", slow("Delta"))]);
    let elsewhere = format!("http://localhost:{}/d", other.port());
    let publication =
        with(&[("a", &server.url("/a")), ("b", &server.url("/b")), ("c", &server.url("/c")), ("d", &elsewhere)])
            .reconfigure("[\"127.0.0.1\"]", "[\"127.0.0.1\", \"localhost\"]");
    publication.publish().ok().quiet();
    assert_eq!((server.busiest(), other.busiest()), (1, 1));
    assert!(["Alpha", "Beta", "Gamma", "Delta"].iter().all(|title| shows(&publication, title)));
}

#[test]
fn one_source_that_hangs_does_not_hold_up_another_host() {
    let server = Server::start(vec![("/bad", endless("", b"", Duration::from_millis(30)))]);
    let good = Server::start(vec![("/good", says("200 OK", feed(&["Healthy"])))]);
    let publication =
        with(&[("bad", &server.url("/bad")), ("good", &format!("http://localhost:{}/good", good.port()))])
            .reconfigure("[\"127.0.0.1\"]", "[\"127.0.0.1\", \"localhost\"]")
            .reconfigure("timeout = \"5s\"", "timeout = \"1s\"");
    let run = publication.publish().ok();
    assert_eq!((outcome(&run, "bad").as_str(), outcome(&run, "good").as_str()), ("failed", "fetched"));
}

#[test]
fn what_the_server_asks_for_comes_from_the_environment() {
    let guarded: Answer = Box::new(|asked, connection| match asked.header("authorization") {
        Some(b"Basic bWU6cHc=") => connection.write_all(&answer("200 OK", feed(&["Inside"]))),
        _ => connection.write_all(&answer("401 Unauthorized", "")),
    });
    let server = Server::start(vec![("/feed", guarded)]);
    let source = format!("[[source]]\nfeed = \"{}\"\nname = \"web\"\n", server.url("/feed"));
    let bare = publication().tables(&source);
    bare.publish().ok().warns("the server answered 401 (not authorized)");
    let publication = publication().tables(&format!("{source}authorization_env = \"FEED_SECRET\""));
    publication.publish().ok().warns("the environment has no `FEED_SECRET`");
    assert_eq!(server.asked("/feed").len(), 1, "it is not asked without");
    let publication = publication.environment("FEED_SECRET", "me:pw");
    publication.publish().ok().quiet();
    assert!(shows(&publication, "Inside"));
    let told = publication.run(&["source", "check", "web"]).ok();
    assert!(!format!("{}{}", told.stdout, told.stderr).contains("pw"));
}

#[test]
fn a_proxy_is_asked_where_the_environment_names_one() {
    let proxy = Server::start(vec![("feeds.example:80", tunnel(answer("200 OK", feed(&["Through"]))))]);
    let publication = with(&[("web", "http://feeds.example/feed")]).environment("http_proxy", &proxy.url(""));
    let run = publication.publish().ok();
    assert_eq!(outcome(&run, "web"), "fetched", "{}", run.json());
    assert!(shows(&publication, "Through"));
    let server = Server::start(vec![("/feed", says("200 OK", feed(&["Direct"])))]);
    let direct = with(&[("web", &server.url("/feed"))])
        .environment("http_proxy", &proxy.url(""))
        .environment("no_proxy", "127.0.0.1");
    direct.publish().ok().quiet();
    assert_eq!(proxy.all_asked().len(), 1);
}

#[test]
fn a_socks_proxy_is_asked_too_and_costs_only_the_sources_when_it_is_none() {
    let proxy = crate::server::socks(answer("200 OK", feed(&["Through"])));
    for scheme in ["socks5h", "socks4a"] {
        let publication =
            with(&[("web", "http://feeds.example/feed")]).environment("ALL_PROXY", &format!("{scheme}://{proxy}"));
        publication.publish().ok().quiet();
        assert!(shows(&publication, "Through"), "{scheme}");
    }
    // What is no such proxy says something else.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        std::io::Read::read(&mut stream, &mut [0; 64]).unwrap();
    });
    let publication = with(&[("web", "http://feeds.example/feed")])
        .post("own.md", "---\ntitle: Own\ndate: 2026-07-02\n---\nText.\n")
        .environment("ALL_PROXY", &format!("socks5h://{address}"));
    let run = publication.publish().ok();
    run.warns("invalid response version");
    assert!(shows(&publication, "Own"));
}

#[test]
fn under_strict_a_failure_stops_the_run_and_is_remembered() {
    let server = Server::start(vec![("/good", says("200 OK", feed(&["Healthy"]))), ("/bad", says("500 Oh", ""))]);
    let publication = with(&[("bad", &server.url("/bad")), ("good", &server.url("/good"))]);
    publication.run(&["publish", "--strict", "--json"]).leaves_with(3);
    assert!(!publication.has("collected/good.jsonl") && !publication.has("public/index.html"));
    publication.run(&["publish", "--strict", "--json"]).leaves_with(3);
    assert_eq!(
        (server.asked("/bad").len(), server.asked("/good").len()),
        (1, 2),
        "what was read and not kept is asked"
    );
    publication.publish().ok().warns("the source `bad`").freezes(&["newsletter/92"]);
    assert!(shows(&publication, "Healthy"));
}

#[test]
fn a_run_that_may_not_ask_says_what_is_missing() {
    let server = Server::start(vec![("/feed", says("200 OK", feed(&["One"])))]);
    let publication = with(&[("web", &server.url("/feed"))]);
    publication.run(&["plan", "newsletter", "--json"]).ok().warns("nothing was collected of the source `web` yet");
    assert!(server.all_asked().is_empty());
    let paused = publication.reconfigure("name = \"web\"", "name = \"web\"\npaused = true");
    let run = paused.publish().ok().quiet();
    assert_eq!(outcome(&run, "web"), "paused");
    assert!(server.all_asked().is_empty());
}
