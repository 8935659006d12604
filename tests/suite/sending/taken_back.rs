//! What a relay said of addresses that turns out to be said of everybody: it is taken back, whatever ends the run.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use masthead::model::{Change, Queue as _};
use masthead::store::Store;

use super::sink::{Act, Behaviour, Moment, Sink};
use super::{campaign, mail, publication, with_mail};
use crate::publication::Publication;

const UNKNOWN: &str = "550 5.1.1 User unknown";
const POLICY: &str = "554 5.7.1 blocked by policy";
/// When the next run is.
const LATER: &str = "2026-08-02T10:00:00Z";

/// A server that answers each recipient by how many it was asked before, and takes so long with each message.
fn answering(wait: Duration, answer: impl Fn(usize, &str) -> Option<&'static str> + Send + Sync + 'static) -> Sink {
    let asked = AtomicUsize::new(0);
    Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(to) => answer(asked.fetch_add(1, Ordering::SeqCst), to).map(Act::Answer),
        Moment::Taken(_) if !wait.is_zero() => Some(Act::Wait(wait)),
        _ => None,
    })
    .listen()
}

/// `count` readers of these domains in turn, whose addresses begin so.
fn of(begin: &str, count: usize, domains: &[&str]) -> Vec<String> {
    (0..count).map(|n| format!("{begin}{n:03}@{}", domains[n % domains.len()])).collect()
}

const OTHERS: [&str; 4] = ["x.example", "y.example", "z.example", "w.example"];

fn to(relays: &[&Sink], readers: &[Vec<String>]) -> Publication {
    let readers = readers.concat();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    publication(relays, &readers)
}

fn count(publication: &Publication, state: &str) -> usize {
    let told = publication.run(&["status", "--json"]).ok().json();
    told["campaigns"][0]["progress"]["states"][state].as_u64().unwrap_or_default() as usize
}

fn suppressed(publication: &Publication) -> u64 {
    let told = publication.run(&["subscribers", "status", "members", "--json"]).ok().json();
    told["lists"][0]["suppressed"].as_u64().unwrap()
}

fn running(publication: &Publication, verb: &str) -> Child {
    publication.command(&[verb]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn end(mut child: Child, signal: &str) {
    assert!(std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap();
}

#[test]
fn a_run_that_ends_early_loses_nobody_whom_a_relay_did_not_know_that_knows_nobody() {
    for signal in ["-TERM", "-KILL"] {
        let first = answering(Duration::ZERO, |_, _| Some(UNKNOWN));
        let second = answering(Duration::from_millis(40), |_, _| None);
        let publication = to(&[&first, &second], &[of("a", 200, &OTHERS)]);
        let child = running(&publication, "publish");
        second.wait_for(20);
        end(child, signal);
        assert_eq!((suppressed(&publication), count(&publication, "failed")), (0, 0), "{signal}");
        let publication = publication.at(LATER);
        publication.run(&["deliver"]);
        let (sent, ambiguous) = (count(&publication, "sent"), count(&publication, "ambiguous"));
        assert_eq!((suppressed(&publication), sent + ambiguous), (0, 200), "{signal}: {:?}", campaign(&publication));
        assert!(ambiguous <= 8 * usize::from(signal == "-KILL"), "{signal}: {ambiguous}");
    }
}

#[test]
fn a_run_that_ends_while_readers_are_set_aside_loses_none_of_them() {
    let unknown = |asked, to: &str| (asked < 52 && to.ends_with("@big.example")).then_some(UNKNOWN);
    let sink = answering(Duration::from_millis(40), unknown);
    let publication = to(&[&sink], &[of("a", 80, &["big.example"]), of("b", 100, &OTHERS)]);
    let child = running(&publication, "publish");
    sink.wait_for(30);
    end(child, "-TERM");
    assert_eq!((suppressed(&publication), count(&publication, "failed")), (0, 0));
    let publication = publication.at(LATER);
    publication.run(&["deliver"]).ok();
    assert_eq!((campaign(&publication).0.as_str(), sink.by_recipient().len()), ("finished", 180));
}

#[test]
fn a_domain_that_took_the_issue_and_refuses_the_rest_pauses_it_whatever_others_take() {
    // Before the others, and behind them.
    for (before, after) in [(20, 200), (200, 0)] {
        let slow = answering(Duration::from_millis(40), |_, _| None);
        let big = ["big.example"];
        let parts = [of("a", 8, &big), of("b", before, &OTHERS), of("c", 300, &big), of("d", after, &OTHERS)];
        let publication = to(&[&slow], &parts);
        let child = running(&publication, "publish");
        slow.wait_for(14);
        end(child, "-TERM");
        let sink = answering(Duration::ZERO, |_, to| to.ends_with("@big.example").then_some(POLICY));
        let publication = publication.reconfigure(&format!(":{}\"", slow.port), &format!(":{}\"", sink.port));
        let told = publication.run(&["deliver"]).leaves_with(1);
        told.says("is paused").says("blocked by policy").says("--refused --resend");
        let failed = count(&publication, "failed");
        assert!((10..=40).contains(&failed), "{failed} of 300 were refused");
    }
}

#[test]
fn readers_who_were_refused_in_a_short_outage_get_theirs_in_the_same_run() {
    for (times, said) in [(13, "554 5.7.1 Relay access denied"), (51, UNKNOWN)] {
        let asked = AtomicUsize::new(0);
        let sink = Behaviour::script(move |moment, _| match moment {
            Moment::Rcpt(to) => {
                let is_out = asked.fetch_add(1, Ordering::SeqCst) < times && to.ends_with("@big.example");
                is_out.then_some(Act::Answer(said))
            }
            // While it takes the first, one of the domain is told to it that will be taken.
            Moment::Taken(to) if to.starts_with("first") => Some(Act::Wait(Duration::from_millis(700))),
            _ => None,
        })
        .listen();
        let first = vec!["first@first.example".to_owned()];
        let publication = to(&[&sink], &[first, of("a", 80, &["big.example"]), of("b", 90, &OTHERS)]).published();
        assert_eq!(campaign(&publication).0, "finished", "{said}");
        assert_eq!((sink.by_recipient().len(), suppressed(&publication)), (171, 0), "{said}");
    }
}

#[test]
fn mailboxes_that_are_gone_are_no_proof_that_their_domain_refuses_us() {
    let sink = answering(Duration::ZERO, |_, to| match to {
        _ if to.starts_with('a') => Some(UNKNOWN),
        _ if to.ends_with("@big.example") => Some("451 4.7.1 greylisted, try again later"),
        _ => None,
    });
    let readers = [of("a", 12, &["big.example"]), of("b", 60, &OTHERS), of("c", 100, &["big.example"])];
    let publication = to(&[&sink], &readers).published();
    assert_eq!((count(&publication, "sent"), count(&publication, "deferred")), (60, 100));
    let deaf = answering(Duration::ZERO, |_, _| Some("554 5.7.1 Relay access denied"));
    let publication =
        publication.reconfigure(&format!(":{}\"", sink.port), &format!(":{}\"", deaf.port)).at("2026-08-02T08:30:00Z");
    publication.run(&["deliver"]).leaves_with(1).says("is paused");
    let failed = count(&publication, "failed");
    assert!(failed <= 26, "{failed}");
}

#[test]
fn a_campaign_that_relays_refuse_is_paused_while_others_go_on() {
    let sink = answering(Duration::from_millis(60), |_, to| to.starts_with('s').then_some(POLICY));
    let readers: String = of("a", 60, &OTHERS).iter().map(|one| format!("{one}\n")).collect();
    let publication = with_mail(&mail(&[sink.port], ""))
        .file("readers.csv", readers)
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .series("second", "title = \"Second\"\nwindow = \"monthly\"\nsince = 2026-07-01\nlists = [\"friends\"]")
        .tables("[list.friends]\ntitle = \"Friends\"\ncsv = \"friends.csv\"")
        .file("friends.csv", of("s", 60, &OTHERS).iter().map(|one| format!("{one}\n")).collect::<String>())
        .published();
    for series in ["newsletter", "second"] {
        publication.run(&["send", series, "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    }
    let publication = publication.at("2026-08-02T09:00:00Z");
    let child = publication.command(&["deliver"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    sink.wait_for(5);
    let mut store = Store::open(&publication.path("masthead.db")).unwrap();
    let now = chrono::DateTime::UNIX_EPOCH;
    let begun = Instant::now();
    let paused = loop {
        let campaigns = store.campaigns(now).unwrap();
        if let Some(paused) = campaigns.into_iter().find(|one| one.reason.is_some()) {
            break paused;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "it is still running");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(sink.count() < 55, "while the other goes on");
    assert_eq!(paused.issue.series, "second");
    assert!(paused.reason.is_some_and(|reason| reason.contains("blocked by policy")));
    // Who lets it go on meanwhile is not overruled.
    assert!(store.change(paused.id, &Change::Resume, now).unwrap());
    let told = child.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&told.stderr).contains("second/0001 was stopped"), "{told:?}");
    let after = store.campaigns(now).unwrap().into_iter().find(|one| one.id == paused.id).unwrap();
    assert_eq!(after.reason, None);
}
