//! The older pages of feeds (RFC 5005), feeds that move, and feeds that rest.

use std::io::Write as _;

use super::{fetched, outcome, publication, shows, standing, with};
use crate::publication::Publication;
use crate::server::{Answer, Server, answer, endless, feed, redirect, says};

/// A feed with a link of Atom's in it.
fn linked(names: &[&str], rel: &str, href: &str) -> String {
    let link = format!("<a:link xmlns:a=\"http://www.w3.org/2005/Atom\" rel=\"{rel}\" href=\"{href}\"/>");
    feed(names).replacen("<channel>", &format!("<channel>{link}"), 1)
}

/// A feed with this in its channel.
fn saying(words: &str) -> String {
    feed(&["One"]).replacen("<channel>", &format!("<channel>{words}"), 1)
}

fn archived(server: &Server) -> Publication {
    publication().tables(&format!("[[source]]\nfeed = \"{}\"\nname = \"web\"\narchive = true", server.url("/feed")))
}

fn pages() -> Server {
    Server::start(vec![
        ("/feed", says("200 OK", linked(&["Newest", "Second"], "next", "/feed?page=2"))),
        ("/feed?page=2", says("200 OK", linked(&["Second", "Third"], "next", "/feed?page=3"))),
        ("/feed?page=3", says("200 OK", linked(&["Oldest"], "prev-archive", "/old.xml"))),
        ("/old.xml", says("200 OK", linked(&["Ancient"], "next-archive", "/feed?page=3"))),
    ])
}

#[test]
fn an_archive_is_collected_once_where_that_is_asked_for() {
    let server = pages();
    let publication = archived(&server);
    publication.publish().ok().quiet();
    for title in ["Newest", "Second", "Third", "Oldest", "Ancient"] {
        assert!(shows(&publication, title), "{title}");
    }
    assert_eq!(standing(&publication, "web")["posts"], 5);
    publication.at("2026-08-02T09:00:00Z").publish().ok().quiet();
    assert_eq!((server.asked("/feed").len(), server.asked("/feed?page=2").len()), (2, 1));
    // Without the word only what the feed has now is collected.
    let plain = with(&[("web", &server.url("/feed"))]);
    plain.publish().ok().quiet();
    assert!(shows(&plain, "Second") && !shows(&plain, "Third"));
    assert_eq!(server.asked("/feed?page=2").len(), 1);
}

#[test]
fn what_came_between_two_runs_is_caught_up_with() {
    let moving: Answer = Box::new(|asked, connection| {
        let content = match asked.before {
            0 => linked(&["First"], "next", "/older"),
            _ => linked(&["Fifth", "Fourth"], "next", "/older"),
        };
        connection.write_all(&answer("200 OK", content))
    });
    let server = Server::start(vec![
        ("/feed", moving),
        ("/older", says("200 OK", linked(&["Third", "Second"], "next", "/oldest"))),
        ("/oldest", says("200 OK", linked(&["First"], "next", "/never"))),
    ]);
    let publication = with(&[("web", &server.url("/feed"))]).at("2026-07-20T08:00:00Z");
    publication.run(&["collect", "--json"]).ok();
    assert!(server.asked("/older").is_empty());
    let publication = publication.at("2026-08-02T08:00:00Z");
    publication.publish().ok().freezes(&["newsletter/92"]);
    for title in ["First", "Second", "Third", "Fourth", "Fifth"] {
        assert!(shows(&publication, title), "{title}");
    }
    assert!(server.asked("/never").is_empty(), "the first page with something known is the last");
}

#[test]
fn a_line_of_what_was_collected_that_is_no_text_costs_only_itself() {
    let moving: Answer = Box::new(|asked, connection| {
        let content = match asked.before {
            0 => linked(&["First"], "next", "/older"),
            _ => linked(&["Second", "First"], "next", "/older"),
        };
        connection.write_all(&answer("200 OK", content))
    });
    let server = Server::start(vec![("/feed", moving), ("/older", says("200 OK", feed(&["Ancient"])))]);
    let publication = with(&[("web", &server.url("/feed"))]).at("2026-07-20T08:00:00Z");
    publication.run(&["collect"]).ok();
    let broken = [b"caf\xe9\n", publication.bytes("collected/web.jsonl").as_slice()].concat();
    let publication = publication.file("collected/web.jsonl", broken).at("2026-08-02T08:00:00Z");
    publication.publish().ok().warns("this line is no record of a post");
    assert!(shows(&publication, "Second") && !shows(&publication, "Ancient"));
    assert!(server.asked("/older").is_empty(), "the newest page has something known");
}

/// A page that fails so many times before it comes.
fn late(times: usize, content: String) -> Answer {
    Box::new(move |asked, connection| {
        let bytes = if asked.before < times { answer("503 Not now", "") } else { answer("200 OK", &content) };
        connection.write_all(&bytes)
    })
}

#[test]
fn a_page_that_failed_is_asked_for_again_and_what_is_behind_it() {
    let moving: Answer = Box::new(|asked, connection| {
        if asked.header("if-none-match").is_some_and(|tag| tag == b"\"second\"") {
            return connection.write_all(b"HTTP/1.1 304 Not Modified\r\n\r\n");
        }
        let (tag, content) = match asked.before {
            0 => ("first", linked(&["First"], "next", "/older")),
            _ => ("second", linked(&["Fifth"], "next", "/older")),
        };
        connection.write_all(&answer(&format!("200 OK\r\nETag: \"{tag}\""), content))
    });
    let server = Server::start(vec![
        ("/feed", moving),
        // When it comes, it has something that was collected since.
        ("/older", late(1, linked(&["Fifth", "Fourth", "Third"], "next", "/oldest"))),
        ("/oldest", says("200 OK", linked(&["Second", "First"], "next", "/never"))),
    ]);
    let publication = with(&[("web", &server.url("/feed"))]).at("2026-07-20T08:00:00Z");
    publication.publish().ok().quiet();
    let missing = "older pages of the source `web` are missing: ";
    let publication = publication.at("2026-08-02T08:00:00Z");
    let run = publication.publish().ok().warns(missing).warns("503");
    assert!(run.warnings().iter().any(|told| told.ends_with("they are asked for again after 2026-08-02 08:05Z")));
    assert!(shows(&publication, "Fifth") && !shows(&publication, "Second"));
    let listed = publication.run(&["source", "list"]).ok();
    listed.says("older pages are missing: the server answered 503 (unavailable), again after 2026-08-02T08:05:00Z");
    publication.publish().ok().warns(missing);
    assert_eq!(server.asked("/older").len(), 1, "its time has not come");
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.publish().ok().quiet();
    assert!(["Second", "Third", "Fourth"].iter().all(|title| shows(&publication, title)));
    let publication = publication.at("2026-08-02T10:00:00Z");
    publication.publish().ok().quiet();
    assert_eq!((server.asked("/older").len(), server.asked("/oldest").len()), (2, 1));
    assert!(server.asked("/never").is_empty(), "a gap ends where it began");
}

#[test]
fn an_archive_goes_on_where_it_broke_off_and_is_given_up_in_the_end() {
    let pages = |times| {
        Server::start(vec![
            ("/feed", says("200 OK", linked(&["Newest"], "next", "/feed?page=2"))),
            ("/feed?page=2", says("200 OK", linked(&["Older"], "next", "/feed?page=3"))),
            ("/feed?page=3", late(times, linked(&["Oldest"], "prev-archive", "/old.xml"))),
            ("/old.xml", says("200 OK", feed(&["Ancient"]))),
        ])
    };
    let server = pages(1);
    let publication = archived(&server);
    publication.publish().ok().warns("older pages of the source `web` are missing: ");
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.publish().ok().quiet();
    assert_eq!((standing(&publication, "web")["posts"].as_u64(), server.asked("/feed?page=2").len()), (Some(4), 1));
    let server = pages(99);
    let mut publication = archived(&server);
    for day in 2..13 {
        publication = publication.at(&format!("2026-08-{day:02}T09:00:00Z"));
        publication.publish().ok().warns("they are asked for again after");
    }
    let publication = publication.at("2026-08-13T09:00:00Z");
    publication
        .run(&["publish", "--quiet"])
        .ok()
        .says("older pages of the source `web` are missing: `")
        .says("they are not asked for again");
    let publication = publication.at("2026-08-14T09:00:00Z");
    publication.publish().ok().quiet();
    assert_eq!(server.asked("/feed?page=3").len(), 12);
}

#[test]
fn pages_without_end_and_pages_that_fail_cost_only_themselves() {
    let page = |rest: &str| linked(&["Whole"], "next", rest);
    for (path, bad, words) in [
        ("/feed?2", says("500 Oh", ""), "the server answered 500"),
        ("/feed?2", says("200 OK", "<html><p>Soon."), "is a web page, not a feed"),
        (
            "/feed?2",
            endless("HTTP/1.1 200 OK\r\n\r\n<rss>", vec![b'x'; 4096].leak(), std::time::Duration::ZERO),
            "larger",
        ),
        ("/feed?2", redirect(302, "http://10.0.0.1/"), "`10.0.0.1` is at a private address"),
    ] {
        let server = Server::start(vec![("/feed", says("200 OK", page("/feed?2"))), (path, bad)]);
        let publication = archived(&server);
        let run = publication.publish().ok().warns("older pages of the source `web` are missing: ");
        assert!(run.warnings().iter().any(|warning| warning.contains(words)), "{words}: {:#?}", run.warnings());
        assert_eq!(outcome(&run, "web"), "fetched");
        assert!(shows(&publication, "Whole") && shows(&publication, "Ours"));
    }
    // In a circle, and to private addresses.
    for next in ["/feed", "/round", "http://169.254.169.254/", "ftp://feed.example/", "http://[broken"] {
        let server =
            Server::start(vec![("/feed", says("200 OK", page(next))), ("/round", says("200 OK", page("/feed")))]);
        let publication = archived(&server);
        publication.publish().ok();
        assert!(shows(&publication, "Whole") && server.all_asked().len() < 3, "{next}");
    }
    // Each page names another one.
    let names: Vec<(String, String)> = (0..60)
        .map(|n| (format!("/feed{n}"), linked(&[&format!("Item-{n}")], "next", &format!("/feed{}", n + 1))))
        .collect();
    let routes = names.iter().map(|(path, content)| (path.as_str(), says("200 OK", content))).collect();
    let server = Server::start(routes);
    let source = format!("[[source]]\nfeed = \"{}\"\nname = \"web\"\narchive = true", server.url("/feed0"));
    let publication = publication().tables(&source);
    publication.publish().ok().warns("50 were followed, and there are more");
    assert_eq!(server.all_asked().len(), 51);
}

#[test]
fn a_whole_archive_is_brought_over_from_an_address() {
    let server = pages();
    let publication = publication();
    publication.run(&["source", "import", &server.url("/feed")]).ok().says("5 posts written into posts");
    publication
        .run(&["source", "import", &server.url("/feed")])
        .ok()
        .says("0 posts written into posts, 5 there already");
    let page = Server::start(vec![("/", says("200 OK", "<html><title>News</title>"))]);
    let run = publication.run(&["source", "import", &page.url("/")]);
    run.leaves_with(1).says("the answer is a web page, not a feed");
}

#[test]
fn a_feed_that_says_it_has_moved_is_asked_there() {
    let new = Server::start(vec![("/feed", says("200 OK", feed(&["There"])))]);
    let moved = format!(
        "<i:new-feed-url xmlns:i=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">{}</i:new-feed-url>",
        new.url("/feed")
    );
    let old = Server::start(vec![("/feed", says("200 OK", saying(&moved)))]);
    let publication = with(&[("web", &old.url("/feed"))]);
    publication.publish().ok().warns("the source `web` has moved for good to");
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.publish().ok().warns("the source `web` has moved for good to");
    assert_eq!((old.asked("/feed").len(), new.asked("/feed").len()), (1, 1));
    assert!(shows(&publication, "There"));
    // To itself, to what may not be asked, to nothing: it stays.
    for to in ["/feed", "http://10.0.0.1/feed", "ftp://x.example/", ""] {
        let words =
            format!("<i:new-feed-url xmlns:i=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">{to}</i:new-feed-url>");
        let server = Server::start(vec![("/feed", says("200 OK", saying(&words)))]);
        let publication = with(&[("web", &server.url("/feed"))]);
        publication.publish().ok();
        for hour in 9..12 {
            let later = publication.copy().at(&format!("2026-08-02T{hour:02}:00:00Z"));
            later.publish().ok();
        }
        assert!(shows(&publication, "One"), "{to}");
    }
}

#[test]
fn a_feed_that_rests_is_left_alone() {
    let next = |server: &Server, now: &str| {
        let publication = with(&[("web", &server.url("/feed"))]).at(now);
        fetched(&publication.publish().ok(), "web")["next"].as_str().unwrap().to_owned()
    };
    let words =
        "<skipHours><hour>8</hour><hour>9</hour></skipHours><skipDays><day>Sunday</day><day>Monday</day></skipDays>";
    let server = Server::start(vec![("/feed", says("200 OK", saying(words)))]);
    // 2026-08-02 is a Sunday.
    assert_eq!(next(&server, "2026-08-02T08:00:00Z"), "2026-08-04T00:00:00Z");
    assert_eq!(next(&server, "2026-08-04T07:45:00Z"), "2026-08-04T10:00:00Z");
    assert_eq!(next(&server, "2026-08-04T11:00:00Z"), "2026-08-04T11:30:00Z");
    let all = (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect::<Vec<_>>().concat();
    let server = Server::start(vec![("/feed", says("200 OK", saying(&format!("<skipHours>{all}</skipHours>"))))]);
    assert_eq!(next(&server, "2026-08-02T08:00:00Z"), "2026-08-02T08:30:00Z", "that cannot be meant");
}

#[test]
fn what_a_feed_says_of_its_rhythm_holds_when_nothing_has_changed() {
    let settled: Answer = Box::new(|asked, connection| {
        if asked.header("if-none-match").is_some() {
            return connection
                .write_all(b"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nCache-Control: max-age=60\r\n\r\n");
        }
        connection
            .write_all(&answer("200 OK\r\nETag: \"a\"", saying("<ttl>180</ttl><skipHours><hour>14</hour></skipHours>")))
    });
    let server = Server::start(vec![("/feed", settled)]);
    let publication = with(&[("web", &server.url("/feed"))]);
    assert_eq!(fetched(&publication.publish().ok(), "web")["next"], "2026-08-02T11:00:00Z");
    let publication = publication.at("2026-08-02T11:10:00Z");
    let run = publication.publish().ok();
    assert_eq!(
        (outcome(&run, "web").as_str(), fetched(&run, "web")["next"].as_str()),
        ("unchanged", Some("2026-08-02T15:00:00Z"))
    );
}
