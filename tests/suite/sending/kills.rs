//! Killing `deliver` at any moment.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::sink::{Act, Behaviour, Moment};
use super::{mail, with_mail};
use crate::publication::Publication;
use crate::tools::long;

const CONNECTIONS: usize = 8;

/// How a campaign is killed.
struct Plan {
    readers: usize,
    kills: usize,
    /// What the server waits with each message, in microseconds.
    slow: u64,
}

/// Numbers that look like chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Sends a campaign, killing the program again and again, and holds that nobody is lost and nobody gets two. Says how
/// many kills there were, and how many deliveries are ambiguous.
fn killed(plan: &Plan) -> (usize, usize) {
    let slow = Duration::from_micros(plan.slow);
    let sink = Behaviour::script(move |moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(slow)))
        .forgetful()
        .listen();
    let rows: String = (0..plan.readers).map(|n| format!("r{n:06}@d{}.example\n", n % 50)).collect();
    let keys = mail(&[sink.port], "")
        .replace("connections = 2", &format!("connections = {CONNECTIONS}"))
        .replace("timeout = 2", "timeout = 30");
    let publication =
        with_mail(&keys).file("readers.csv", rows).reconfigure("mail = \"auto\"", "mail = \"manual\"").published();
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let publication = publication.at("2026-08-02T09:00:00Z");
    let mut chance = Chance(plan.readers as u64);
    let (mut kills, mut ended) = (0, false);
    // The kills fall while messages go out, and before the last one does.
    let whole = plan.slow * plan.readers as u64 / CONNECTIONS as u64;
    let most = (3 * whole / (2 * plan.kills as u64)).max(2000);
    while kills < plan.kills && !ended {
        let (before, taken) = (ambiguous(&publication), sink.count());
        let mut child =
            publication.command(&["deliver", "-q"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while sink.count() == taken && child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no message in a minute");
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_micros(chance.below(most)));
        ended = child.try_wait().unwrap().is_some();
        // SIGKILL: there is nothing that a program can do about it.
        let _ = child.kill();
        child.wait().unwrap();
        if !ended {
            kills += 1;
        }
        let after = ambiguous(&publication);
        assert!(after - before <= CONNECTIONS, "{} ambiguous after one kill", after - before);
    }
    let begun = Instant::now();
    // The run that finds messages in doubt says so, and no other.
    let is_in_doubt = count(&publication, &["sending"]) > 0;
    let last = publication.run(&["deliver"]).leaves_with(i32::from(is_in_doubt));
    if is_in_doubt {
        last.says("a run ended while").says("nobody knows whether");
    }
    assert!(begun.elapsed() < Duration::from_secs(600));
    let told = publication.run(&["status", "--json"]).ok().json();
    let states = told["campaigns"][0]["progress"]["states"].clone();
    let of = |state: &str| states[state].as_u64().unwrap_or_default() as usize;
    assert_eq!(told["campaigns"][0]["campaign"]["state"], "finished", "{told}");
    assert_eq!(of("sent") + of("ambiguous"), plan.readers, "{states}");
    let got: BTreeMap<String, BTreeMap<String, usize>> = sink.by_recipient();
    let twice: Vec<&String> = got.iter().filter(|(_, ids)| ids.values().sum::<usize>() > 1).map(|(to, _)| to).collect();
    assert!(twice.is_empty(), "got it twice: {twice:?}");
    let told = publication.run(&["resolve", "newsletter", "1", "--json"]).ok().json();
    let unknown: Vec<&str> =
        told["ambiguous"].as_array().unwrap().iter().map(|one| one["address"].as_str().unwrap()).collect();
    assert_eq!(unknown.len(), of("ambiguous"), "every ambiguous one is told");
    let lost: Vec<String> = (0..plan.readers)
        .map(|n| format!("r{n:06}@d{}.example", n % 50))
        .filter(|reader| !got.contains_key(reader) && !unknown.contains(&reader.as_str()))
        .collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    // Those that nobody knows of are settled by looking at what the server has.
    for reader in unknown {
        let as_it_is = if got.contains_key(reader) { "--sent" } else { "--resend" };
        publication.run(&["resolve", "newsletter", "1", as_it_is, "--recipient", reader]).ok();
    }
    publication.run(&["deliver"]).ok();
    let got = sink.by_recipient();
    assert_eq!(got.len(), plan.readers);
    assert!(got.values().all(|ids| ids.values().sum::<usize>() == 1));
    (kills, of("ambiguous"))
}

/// What is ambiguous now, or will be when the next run finds it.
fn ambiguous(publication: &Publication) -> usize {
    count(publication, &["ambiguous", "sending"])
}

/// How many deliveries are in these states.
fn count(publication: &Publication, wanted: &[&str]) -> usize {
    let told = publication.run(&["status", "--json"]).ok().json();
    let states = &told["campaigns"][0]["progress"]["states"];
    wanted.iter().filter_map(|state| states[state].as_u64()).sum::<u64>() as usize
}

#[test]
fn nobody_is_lost_and_nobody_gets_two_when_sending_is_killed() {
    let (kills, ambiguous) = killed(&Plan { readers: 1500, kills: 8, slow: 8000 });
    assert!(kills >= 4, "{kills} kills");
    assert!(ambiguous > 0, "no kill fell into a message; the test sees nothing");
}

#[test]
fn long_a_hundred_kills_lose_nobody_and_repeat_nobody() {
    if !long() {
        return;
    }
    let begun = Instant::now();
    let (kills, ambiguous) = killed(&Plan { readers: 20_000, kills: 100, slow: 12_000 });
    println!(
        "{kills} kills of 20,000 deliveries in {:?}: {ambiguous} ambiguous, nobody lost, nobody twice",
        begun.elapsed()
    );
    assert_eq!(kills, 100);
    assert!(ambiguous > 0, "no kill fell into a message; the test sees nothing");
}
