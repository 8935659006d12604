//! A source on the web from question to state, against servers that are scripts.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ureq::config::Config as AgentConfig;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use url::Url;

use super::{
    Answer, Ask, Budget, Exchange, Failure, Fault, Headers, Hosts, Learned, Network, Outcome, Proxies, Reading,
};
use super::{Request, Response, fetch, learn, warning};
use crate::config::{AllowPrivate, Fetch, Source, SourceKind};
use crate::model::SourceState;

const ADDRESS: &str = "https://a.example/feed";

/// Answers by address; an address without an answer is not found.
#[derive(Default)]
struct Script {
    answers: BTreeMap<String, Response>,
    asked: Mutex<Vec<Request>>,
    /// How long each answer takes by the clock of [`Script::elapsed`].
    takes: Duration,
}

impl Script {
    fn with(mut self, address: &str, status: u16, fields: &[(&str, &str)]) -> Self {
        let headers = Headers(fields.iter().map(|(n, v)| ((*n).to_owned(), v.as_bytes().to_vec())).collect());
        let body = if status == 200 { b"<rss/>".to_vec() } else { Vec::new() };
        self.answers.insert(address.to_owned(), Response { status, headers, body });
        self
    }

    fn redirect(self, from: &str, status: u16, to: &str) -> Self {
        self.with(from, status, &[("location", to)])
    }

    fn elapsed(&self) -> Duration {
        self.takes * u32::try_from(self.asked.lock().unwrap().len()).unwrap()
    }

    fn ask(&self, ask: &Ask) -> Result<Answer, Failure> {
        let settings = Fetch { gap: Duration::ZERO, timeout: Duration::from_secs(10), ..Fetch::default() };
        fetch(self, std::slice::from_ref(ask), &settings, &Hosts::new(settings.gap), None, &|| self.elapsed(), &|_| {})
            .remove(0)
    }

    fn get(&self, address: &str) -> Result<Answer, Fault> {
        self.ask(&Ask::plain(&Url::parse(address).unwrap())).map_err(|failure| failure.fault)
    }
}

impl Exchange for Script {
    fn exchange(&self, request: &Request) -> Result<Response, Fault> {
        self.asked.lock().unwrap().push(request.clone());
        let missing = Response { status: 404, ..Response::default() };
        Ok(self.answers.get(request.url.as_str()).cloned().unwrap_or(missing))
    }
}

fn now() -> DateTime<Utc> {
    "2026-08-02T08:00:00Z".parse().unwrap()
}

fn source() -> Source {
    Source::new("a", SourceKind::feed(ADDRESS))
}

fn learned(state: &SourceState, result: &Result<Answer, Failure>, at: DateTime<Utc>) -> Learned {
    let ask = match super::moved(state) {
        Some(url) => Ask { url, ..Ask::plain(&Url::parse(ADDRESS).unwrap()) },
        None => Ask::plain(&Url::parse(ADDRESS).unwrap()),
    };
    let reading = Reading { is_feed: true, items: 2, ..Reading::default() };
    learn(&source(), state, &ask, result, Some(reading), &Fetch::default(), at)
}

fn wait(state: &SourceState, at: DateTime<Utc>) -> i64 {
    (state.next.unwrap() - at).num_minutes()
}

#[test]
fn redirects_are_followed_and_what_is_permanent_is_noticed() {
    let script = Script::default()
        .redirect("https://a.example/feed", 301, "/news/feed")
        .redirect("https://a.example/news/feed", 308, "https://b.example/feed#top")
        .redirect("https://b.example/feed", 302, "https://cdn.example/1")
        .redirect("https://cdn.example/1", 301, "https://cdn.example/2")
        .with("https://cdn.example/2", 200, &[]);
    let answer = script.get(ADDRESS).unwrap();
    assert_eq!(answer.url.as_str(), "https://cdn.example/2");
    assert_eq!(answer.moved_to.unwrap().as_str(), "https://b.example/feed");
}

#[test]
fn redirects_that_lead_nowhere_are_faults() {
    let circle = Script::default().redirect(ADDRESS, 302, "/b").redirect("https://a.example/b", 302, ADDRESS);
    assert_eq!(circle.get(ADDRESS), Err(Fault::Loop { address: ADDRESS.to_owned() }));
    let endless = (0..20).fold(Script::default(), |script, step| {
        script.redirect(&format!("https://a.example/{step}"), 307, &format!("/{}", step + 1))
    });
    assert_eq!(endless.get("https://a.example/0"), Err(Fault::TooManyRedirects { followed: 10 }));
    assert_eq!(endless.asked.lock().unwrap().len(), 11);
    let to = |location: &str| Script::default().redirect(ADDRESS, 302, location).get(ADDRESS).unwrap_err();
    assert_eq!(to(""), Fault::NoLocation { status: 302 });
    assert_eq!(to("http://a.example/feed"), Fault::Downgrade { to: "http://a.example/feed".to_owned() });
    for location in ["file:///etc/passwd", "https://a.example:22/", "https://[::/", "javascript:1"] {
        assert!(matches!(to(location), Fault::Address { .. }), "{location}: {:?}", to(location));
    }
    for location in
        ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "//169.254.169.254/latest", "https://localhost/"]
    {
        assert!(matches!(to(location), Fault::Forbidden { .. }), "{location}: {:?}", to(location));
    }
}

#[test]
fn all_steps_share_one_limit_of_time() {
    let slow = |takes| {
        Script { takes, ..Script::default() }.redirect(ADDRESS, 302, "/b").with("https://a.example/b", 200, &[])
    };
    slow(Duration::from_secs(4)).get(ADDRESS).unwrap();
    let script = slow(Duration::from_secs(6));
    assert_eq!(script.get(ADDRESS), Err(Fault::Timeout(Duration::from_secs(10))));
    assert_eq!(script.asked.lock().unwrap()[1].timeout, Duration::from_secs(4));
}

#[test]
fn conditions_and_secrets_go_only_where_they_belong() {
    let script =
        Script::default().redirect(ADDRESS, 302, "https://b.example/feed").with("https://b.example/feed", 304, &[]);
    let ask = Ask {
        validated: Url::parse("https://b.example/feed").ok(),
        validators: vec![("if-none-match", b"W/\"\xff\"".to_vec())],
        authorization: Some(b"Bearer secret".to_vec()),
        ..Ask::plain(&Url::parse(ADDRESS).unwrap())
    };
    assert_eq!(script.ask(&ask).unwrap().status, 304);
    let asked = script.asked.lock().unwrap();
    assert_eq!(asked[0].headers, [("authorization", b"Bearer secret".to_vec())]);
    assert_eq!(asked[1].headers, [("if-none-match", b"W/\"\xff\"".to_vec())]);
    drop(asked);
    let elsewhere = Ask { validated: Url::parse(ADDRESS).ok(), ..ask };
    assert_eq!(script.ask(&elsewhere).unwrap_err().fault, Fault::Unasked, "its condition went to another address");
}

#[test]
fn validators_are_kept_byte_for_byte_and_next_is_what_the_server_says() {
    let fields = [("etag", " W/\"a, b\" "), ("last-modified", "yesterday"), ("cache-control", "max-age=7200")];
    let script = Script::default().with(ADDRESS, 200, &fields);
    let answer = script.ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let Learned { state, outcome } = learned(&SourceState::default(), &answer, now());
    assert_eq!(outcome, Outcome::Fetched);
    assert_eq!((state.address.as_str(), state.validated.as_deref()), (ADDRESS, Some(ADDRESS)));
    assert_eq!((state.etag.as_deref(), state.items), (Some(b" W/\"a, b\" ".as_slice()), Some(2)));
    assert_eq!(wait(&state, now()), 120);
    let year = Script::default().with(ADDRESS, 200, &[("cache-control", "max-age=31536000")]);
    let answer = year.ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let state = learned(&state, &answer, now()).state;
    assert_eq!((wait(&state, now()), &state.etag), (24 * 60, &None), "nobody is left alone for a year");
    let silent = Script::default().with(ADDRESS, 200, &[]).ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    assert_eq!(wait(&learned(&state, &silent, now()).state, now()), 30);
}

#[test]
fn failures_back_off_and_success_forgets_them() {
    let failing = Script::default().with(ADDRESS, 500, &[]).ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let mut state = SourceState::default();
    let mut waits = Vec::new();
    for _ in 0..12 {
        state = learned(&state, &failing, now()).state;
        waits.push(wait(&state, now()));
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440]);
    let told = warning(&source(), &state, failing.as_ref().err()).unwrap().to_string();
    assert_eq!(
        told,
        "the source `a` could not be fetched: the server answered 500 (an error of the server); it is asked again \
         after 2026-08-03 08:00Z\n  it has no posts yet"
    );
    let good = Script::default().with(ADDRESS, 200, &[]).ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let state = learned(&state, &good, now()).state;
    assert_eq!((state.failures, &state.fault, warning(&source(), &state, None)), (0, &None, None));
}

#[test]
fn a_server_that_is_busy_says_for_how_long() {
    let busy = |status, value: &str| {
        let script = Script::default().with(ADDRESS, status, &[("retry-after", value)]);
        let answer = script.ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
        wait(&learned(&SourceState::default(), &answer, now()).state, now())
    };
    assert_eq!(busy(429, "7200"), 120);
    assert_eq!(busy(503, "Sun, 02 Aug 2026 08:45:00 GMT"), 45);
    assert_eq!((busy(503, "1"), busy(429, "1")), (5, 30), "no sooner than without it");
    assert_eq!(busy(503, "99999999"), 7 * 24 * 60);
    assert_eq!(busy(500, "7200"), 5);
}

#[test]
fn a_move_is_believed_after_three_runs_and_doubted_when_it_fails() {
    let script = Script::default().redirect(ADDRESS, 301, "https://b.example/").with("https://b.example/", 200, &[]);
    let moved = script.ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let mut state = SourceState::default();
    for runs in 1..=3 {
        state = learned(&state, &moved, now()).state;
        assert_eq!(warning(&source(), &state, None).is_some(), runs == 3);
    }
    let there = Url::parse("https://b.example/").unwrap();
    let answer = script.ask(&Ask { url: there.clone(), ..Ask::plain(&Url::parse(ADDRESS).unwrap()) });
    state = learned(&state, &answer, now()).state;
    assert_eq!(super::moved(&state), Some(there), "it stays so");
    let gone = Err(Failure::from(Fault::Status(410)));
    let Learned { state, outcome } = learned(&state, &gone, now());
    assert_eq!((outcome, state.gone, super::moved(&state)), (Outcome::Failed, None, None));
    let straight = Script::default().with(ADDRESS, 200, &[]).ask(&Ask::plain(&Url::parse(ADDRESS).unwrap()));
    let once = learned(&SourceState::default(), &moved, now()).state;
    assert_eq!(learned(&once, &straight, now()).state.moves, 0, "it was a passing thing");
}

#[test]
fn gone_is_gone() {
    let Learned { state, outcome } = learned(&SourceState::default(), &Err(Fault::Status(410).into()), now());
    assert_eq!((outcome, state.gone), (Outcome::Gone, Some(now())));
    assert!(warning(&source(), &state, None).unwrap().message.contains("410 on 2026-08-02"));
}

#[test]
fn who_stands_in_for_the_time_being_cannot_say_that_a_source_is_gone() {
    let ask = Ask::plain(&Url::parse(ADDRESS).unwrap());
    let away = |status| {
        let there = "https://b.example/gone";
        let script = Script::default().redirect(ADDRESS, status, there).with(there, 410, &[]);
        learned(&SourceState::default(), &script.ask(&ask), now())
    };
    for status in [302, 303, 307] {
        let Learned { state, outcome } = away(status);
        assert_eq!((outcome, state.gone), (Outcome::Failed, None), "{status}");
        assert_eq!(state.fault.as_deref(), Some("the server answered 410 (gone)"));
    }
    assert_eq!(away(301).outcome, Outcome::Gone, "it is at that address for good");
}

#[test]
fn validators_of_half_a_feed_are_not_kept() {
    let script = Script::default().with(ADDRESS, 200, &[("etag", "\"half\""), ("last-modified", "today")]);
    let ask = Ask::plain(&Url::parse(ADDRESS).unwrap());
    let before = SourceState { etag: Some(b"\"whole\"".to_vec()), ..SourceState::default() };
    let half = Reading { is_feed: true, is_cut: true, items: 1, ..Reading::default() };
    let after = learn(&source(), &before, &ask, &script.ask(&ask), Some(half), &Fetch::default(), now());
    assert_eq!((after.outcome, after.state.etag, after.state.last_modified), (Outcome::Fetched, None, None));
}

#[test]
fn what_has_not_changed_may_have_a_new_validator() {
    let script = Script::default().with(ADDRESS, 304, &[("etag", "\"new\"")]);
    let ask = Ask {
        validated: Some(Url::parse(ADDRESS).unwrap()),
        validators: vec![("if-none-match", b"\"old\"".to_vec())],
        ..Ask::plain(&Url::parse(ADDRESS).unwrap())
    };
    let before = SourceState {
        etag: Some(b"\"old\"".to_vec()),
        last_modified: Some(b"then".to_vec()),
        ..SourceState::default()
    };
    let Learned { state, outcome } = learned(&before, &script.ask(&ask), now());
    assert_eq!(outcome, Outcome::Unchanged);
    assert_eq!((state.etag, state.last_modified), (Some(b"\"new\"".to_vec()), before.last_modified));
}

#[test]
fn what_is_no_feed_is_a_failure_and_its_validators_are_not_kept() {
    let script = Script::default().with(ADDRESS, 200, &[("etag", "\"page\"")]);
    let ask = Ask::plain(&Url::parse(ADDRESS).unwrap());
    let page = Reading { is_page: true, ..Reading::default() };
    let before = SourceState { etag: Some(b"\"feed\"".to_vec()), ..SourceState::default() };
    let after = learn(&source(), &before, &ask, &script.ask(&ask), Some(page), &Fetch::default(), now());
    assert_eq!(after.outcome, Outcome::Failed);
    assert_eq!(after.state.etag, before.etag);
    assert_eq!(after.state.fault.as_deref(), Some("the answer is a web page, not a feed"));
}

#[test]
fn one_host_is_asked_in_turn_and_every_question_has_its_answer() {
    let script = (0..40).fold(Script::default(), |script, number| {
        script.with(&format!("https://h{}.example/{number}", number % 3), 200, &[])
    });
    let ask = |number: usize| Ask::plain(&Url::parse(&format!("https://h{}.example/{number}", number % 3)).unwrap());
    let asks: Vec<Ask> = (0..40).map(ask).collect();
    let settings = Fetch { gap: Duration::ZERO, hosts_at_once: 2, ..Fetch::default() };
    let told = Mutex::new(0);
    let results = fetch(&script, &asks, &settings, &Hosts::new(settings.gap), None, &|| Duration::ZERO, &|_| {
        *told.lock().unwrap() += 1;
    });
    for (ask, result) in asks.iter().zip(&results) {
        assert_eq!(result.as_ref().unwrap().url, ask.url);
    }
    assert_eq!(*told.lock().unwrap(), 40);
    let of_first_host = |request: &&Request| request.url.host_str() == Some("h0.example");
    let asked = script.asked.lock().unwrap();
    let order: Vec<&str> = asked.iter().filter(of_first_host).map(|request| request.url.path()).collect();
    assert_eq!(order[..3], ["/0", "/3", "/6"]);
}

#[test]
fn files_have_so_much_time_and_no_more() {
    let asks = |hosts: &[&str]| -> Vec<Ask> {
        hosts
            .iter()
            .enumerate()
            .map(|(n, host)| Ask::plain(&Url::parse(&format!("https://{host}/{n}")).unwrap()))
            .collect()
    };
    let settings =
        Fetch { gap: Duration::ZERO, hosts_at_once: 1, timeout: Duration::from_secs(20), ..Fetch::default() };
    let script = Script { takes: Duration::from_secs(20), ..Script::default() };
    let within = |budget: &Budget, hosts: &[&str]| -> Vec<Fault> {
        let elapsed = || script.elapsed();
        let hosts_asked = Hosts::new(settings.gap);
        let results = fetch(&script, &asks(hosts), &settings, &hosts_asked, Some(budget), &elapsed, &|_| {});
        results.into_iter().map(|result| result.unwrap_err().fault).collect()
    };
    let (slow, limit) = (Fault::Timeout(settings.timeout), Duration::from_secs(90));
    let budget = Budget::new(limit);
    let given_up = Fault::GivenUp { host: "a.example".to_owned() };
    assert_eq!(within(&budget, &["a.example"; 4]), [slow.clone(), slow.clone(), given_up.clone(), given_up.clone()]);
    let late = Fault::NoTimeLeft(limit);
    let others = ["b.example", "c.example", "d.example", "e.example", "a.example"];
    assert_eq!(within(&budget, &others), [slow.clone(), slow.clone(), slow, late, given_up]);
}

/// A server of names that is not to be trusted: another answer each time.
#[derive(Debug)]
struct Names(Mutex<Vec<&'static str>>);

impl Resolver for Names {
    fn resolve(&self, _: &Uri, _: &AgentConfig, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        for address in self.0.lock().unwrap().remove(0).split(' ') {
            addresses.push(address.parse::<SocketAddr>().unwrap());
        }
        Ok(addresses)
    }
}

#[test]
fn a_name_that_leads_to_a_private_address_is_not_asked() {
    let names = Names(Mutex::new(vec!["10.0.0.1:80 [::1]:80", "127.0.0.1:1", "169.254.169.254:80"]));
    let network = Network::with_names(&Fetch::default(), "Masthead", Proxies::default(), names);
    let request = |address: &str| Request {
        url: Url::parse(address).unwrap(),
        headers: Vec::new(),
        timeout: Duration::from_secs(5),
    };
    for what in ["a loopback address", "a loopback address", "a link-local address"] {
        let fault = network.exchange(&request("http://feeds.example/")).unwrap_err();
        assert_eq!(fault, Fault::Forbidden { host: "feeds.example".to_owned(), what });
    }
    let allowed = Fetch { allow_private: AllowPrivate::Hosts(vec!["feeds.example".into()]), ..Fetch::default() };
    // Nobody listens on port 1: that the connection is tried is what is to be seen.
    let names = Names(Mutex::new(vec!["127.0.0.1:1", "127.0.0.1:1"]));
    let network = Network::with_names(&allowed, "Masthead", Proxies::default(), names);
    let fault = network.exchange(&request("http://feeds.example/")).unwrap_err();
    assert_eq!(fault, Fault::Connection("it was refused".to_owned()));
    let fault = network.exchange(&request("http://other.example/")).unwrap_err();
    assert!(matches!(fault, Fault::Forbidden { .. }), "{fault:?}");
}

#[test]
fn a_proxy_may_be_anywhere_and_nothing_else() {
    let request = |address: &str| Request {
        url: Url::parse(address).unwrap(),
        headers: Vec::new(),
        timeout: Duration::from_secs(5),
    };
    let proxies = || Proxies::new(&|name| (name == "http_proxy").then(|| "http://proxy.example:1".to_owned()));
    // The environment names the proxy, not a feed: that it leads to this machine is the user's own affair.
    let names = Names(Mutex::new(vec!["127.0.0.1:1"]));
    let network = Network::with_names(&Fetch::default(), "Masthead", proxies(), names);
    let fault = network.exchange(&request("http://feeds.example/")).unwrap_err();
    assert_eq!(fault, Fault::Connection("it was refused".to_owned()));
    // Asked for directly, the same name is one like others.
    let names = Names(Mutex::new(vec!["127.0.0.1:1"]));
    let network = Network::with_names(&Fetch::default(), "Masthead", proxies(), names);
    let fault = network.exchange(&request("https://proxy.example:1/")).unwrap_err();
    assert!(matches!(fault, Fault::Forbidden { .. }), "{fault:?}");
}

#[test]
fn whatever_the_environment_names_as_a_proxy_a_source_fails_alone() {
    let names = || Names(Mutex::new(vec!["127.0.0.1:1"; 4]));
    let allowed = Fetch { allow_private: AllowPrivate::Hosts(vec!["feeds.example".into()]), ..Fetch::default() };
    let schemes =
        ["", "http://", "https://", "socks://", "socks4://", "socks4a://", "socks5://", "socks5h://", "SOCKS5://"];
    let hosts = [
        "proxy.example:1",
        "me:p%40w@proxy.example",
        "me@proxy.example:1",
        "",
        ":1",
        "@",
        "me:pw@",
        "me:%ff@p:1",
        "[::1]:1",
        "[::1",
        "p:99999",
        "p:0",
        "p:",
        "/",
        "*",
        "?",
        "#",
        "p.example/path?q",
        "a b",
        "\u{661}.example",
        "::",
        "%",
    ];
    let odd = ["garbage://p:1", "socks9://p", "direct", "none", "ftp://p", "file:///p", "socks5:127.0.0.1:9050", "\0"];
    let values = schemes.iter().flat_map(|scheme| hosts.iter().map(move |host| format!("{scheme}{host}")));
    for value in values.chain(odd.map(str::to_owned)) {
        let proxies = Proxies::new(&|name| (name == "ALL_PROXY").then(|| value.clone()));
        if proxies == Proxies::default() {
            continue;
        }
        let network = Network::with_names(&allowed, "Masthead", proxies, names());
        for url in ["http://feeds.example/", "https://feeds.example/"] {
            let request =
                Request { url: Url::parse(url).unwrap(), headers: Vec::new(), timeout: Duration::from_secs(5) };
            let fault = network.exchange(&request).unwrap_err();
            assert!(matches!(fault, Fault::Connection(_)), "{value:?}: {fault:?}");
        }
    }
}
