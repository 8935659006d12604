//! The real program on several machines: each has a copy of the publication, and all share a campaign in PostgreSQL.

#![allow(clippy::format_collect, reason = "lists of readers are short")]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use masthead::config::PostgresUrl;
use masthead::model::{DeliveryState, Query, Queue as _};

use super::server::{Postgres, open};
use crate::publication::Publication;
use crate::sending::sink::{Act, Behaviour, Moment, Sink};
use crate::sending::{mail, with_mail};
use crate::tools::long;

/// How many connections each machine has.
const CONNECTIONS: usize = 4;
/// How long anything may take once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(300);

/// A server that takes a while with each message.
fn slow(wait: Duration) -> Sink {
    Behaviour::script(move |moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(wait))).forgetful().listen()
}

/// A publication whose issue is queued in a database, and is to be sent by `deliver`.
fn queued(url: &str, port: u16, readers: usize) -> Publication {
    queued_for(url, port, (0..readers).map(|n| format!("r{n:05}@x.example\n")).collect())
}

fn queued_for(url: &str, port: u16, rows: String) -> Publication {
    let keys = mail(&[port], "")
        .replace("connections = 2", &format!("connections = {CONNECTIONS}"))
        .replace("timeout = 2", "timeout = 30");
    let publication = with_mail(&keys)
        .tables(&format!("[store]\nurl = \"{url}\""))
        .file("readers.csv", rows)
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .published();
    publication.run(&["send", "newsletter", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    publication.at("2026-08-02T09:00:00Z")
}

fn watch(machine: &Publication) -> Child {
    let mut command = machine.command(&["deliver", "--watch"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Ends the holds of a worker that is gone, as time would.
fn let_time_pass(server: &Postgres, url: &str, pid: u32) {
    let database = PostgresUrl::parse(url).unwrap().database;
    let sql = format!(
        "update delivery set lease_until = clock_timestamp() - interval '1 second'
         where state in ('leased', 'sending') and owner like '%-{pid}-%'"
    );
    server.client(&database).batch_execute(&sql).unwrap();
}

fn states(url: &str) -> Vec<(String, DeliveryState)> {
    let all = open(url).history(&Query::default()).unwrap();
    all.into_iter().map(|one| (one.address, one.state)).collect()
}

/// Waits until the campaign has come to its end.
fn wait_for_the_end(machine: &Publication, url: &str) {
    let begun = Instant::now();
    loop {
        let told = machine.run(&["status", "--json"]).ok().json();
        if told["campaigns"][0]["campaign"]["state"] == "finished" {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{told}; {:?}", states(url).iter().take(3).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn end(mut child: Child) {
    assert!(child.try_wait().unwrap().is_none(), "a watching run ended by itself");
    assert!(std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

/// Three machines watch; `kills` times one is killed, and all but the first come back.
fn kills(readers: usize, kills: usize, wait: Duration, pause: Duration) {
    let Some(server) = Postgres::quick() else { return };
    let (url, sink) = (server.database(), slow(wait));
    let first = queued(&url, sink.port, readers);
    let machines = [first.copy(), first.copy(), first];
    let mut running: Vec<(usize, Child)> = machines.iter().map(watch).enumerate().collect();
    let mut killed = 0;
    for kill in 0..kills {
        // Moments that differ and are the same in each run of the test.
        std::thread::sleep(pause.mul_f64(0.6 + 0.17 * (kill % 5) as f64));
        let (machine, mut child) = running.remove(kill % running.len());
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let_time_pass(&server, &url, child.id());
        if kill > 0 {
            running.push((machine, watch(&machines[machine])));
        }
    }
    assert_eq!(killed, kills, "a watching run ended by itself");
    wait_for_the_end(&machines[2], &url);
    for (_, child) in running {
        end(child);
    }
    let got = sink.by_recipient();
    let twice: Vec<_> = got.iter().filter(|(_, ids)| ids.values().sum::<usize>() > 1).map(|(to, _)| to).collect();
    assert!(twice.is_empty(), "written to twice: {twice:?}");
    let after = states(&url);
    assert_eq!(after.len(), readers);
    let mut ambiguous = 0;
    for (address, state) in &after {
        match state {
            DeliveryState::Sent => assert!(got.contains_key(address), "{address} was lost"),
            DeliveryState::Ambiguous => ambiguous += 1,
            state => panic!("{address} was left {}", state.as_str()),
        }
    }
    assert!(ambiguous <= CONNECTIONS * kills, "{ambiguous} ambiguous after {kills} kills");
    let told = machines[2].run(&["resolve", "newsletter", "1", "--json"]).ok().json();
    assert_eq!(told["ambiguous"].as_array().unwrap().len(), ambiguous, "every ambiguous one is told");
    println!("{kills} kills, {ambiguous} ambiguous of {readers}");
}

#[test]
fn running_machines_take_over_what_a_dead_one_held() {
    kills(600, 5, Duration::from_millis(40), Duration::from_millis(900));
}

#[test]
fn a_machine_leaves_the_most_of_a_small_campaign_to_others() {
    let Some(server) = Postgres::quick() else { return };
    let (url, sink) = (server.database(), slow(Duration::from_millis(40)));
    let machine = queued(&url, sink.port, 400);
    let child = watch(&machine);
    sink.wait_for(1);
    let database = PostgresUrl::parse(&url).unwrap().database;
    let held = "select count(*) from delivery where state in ('leased', 'sending')";
    let held: i64 = server.client(&database).query_one(held, &[]).unwrap().get(0);
    assert!(held <= 200, "{held} of 400 are held by one");
    end(child);
}

#[test]
fn long_a_hundred_kills_of_three_machines_lose_nobody_and_repeat_nobody() {
    if long() {
        kills(20_000, 100, Duration::from_millis(60), Duration::from_secs(1));
    }
}

#[test]
fn a_machine_whose_relay_refuses_everything_costs_nobody_the_issue() {
    let refusing = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("554 5.7.1 Relay access denied"))
    });
    stops_itself_alone(refusing, &["does not go out from here", "Relay access denied", "those refused are due again"]);
}

#[test]
fn a_campaign_that_is_of_use_to_no_machine_is_paused() {
    let Some(server) = Postgres::quick() else { return };
    let refusing = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Rcpt(_)).then_some(Act::Answer("554 5.7.1 Relay access denied"))
    });
    let sink = refusing.listen();
    let readers = |count: usize| (0..count).map(|n| format!("r{n:05}@{}.example\n", ["x", "y", "z"][n % 3])).collect();
    // Few of whom all were refused, so that nothing is left for others.
    let few = queued_for(&server.database(), sink.port, readers(8));
    few.run(&["deliver"]).leaves_with(1).says("is paused").says("--refused --resend");
    // Many, of whom a later run is taken none either.
    let many = queued_for(&server.database(), sink.port, readers(60));
    many.run(&["deliver"]).leaves_with(1).says("does not go out from here").says("those refused are due again");
    many.run(&["deliver"])
        .leaves_with(1)
        .says("is paused")
        .says("`masthead resume newsletter 0001`")
        .says_not("--resend");
    let asked = sink.commands().len();
    many.run(&["deliver"]).ok();
    assert_eq!(sink.commands().len(), asked, "nobody is asked again");
}

#[test]
fn a_machine_without_a_relay_stops_itself_alone() {
    let away = Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop));
    stops_itself_alone(away, &["does not go out from here: no relay can be used"]);
}

/// Of two machines one has a relay of this kind, and says so: the other one sends everything.
fn stops_itself_alone(relay: Behaviour, says: &[&str]) {
    let Some(server) = Postgres::quick() else { return };
    let (url, sink) = (server.database(), slow(Duration::from_millis(10)));
    let relay = relay.listen();
    let good = queued(&url, sink.port, 1200);
    let broken = good.copy().reconfigure(&format!(":{}\"", sink.port), &format!(":{}\"", relay.port));
    let child = good.command(&["deliver"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sink.wait_for(5);
    says.iter().fold(broken.run(&["deliver"]).leaves_with(1), |told, words| told.says(words));
    let status = good.run(&["status", "--json"]).ok().json();
    assert_eq!(status["campaigns"][0]["campaign"]["state"], "running", "{status}");
    assert!(child.wait_with_output().unwrap().status.success());
    good.run(&["deliver"]).ok();
    wait_for_the_end(&good, &url);
    assert_eq!(sink.by_recipient().len(), 1200);
    assert!(states(&url).iter().all(|(_, state)| *state == DeliveryState::Sent));
}

#[test]
fn a_domain_that_refuses_us_before_all_others_keeps_no_machine_from_them() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let sink = Behaviour::script(|moment, _| match moment {
        Moment::Rcpt(to) => to.ends_with("@uni.example").then_some(Act::Answer("554 5.7.1 blocked by policy")),
        Moment::Taken(_) => Some(Act::Wait(Duration::from_millis(10))),
        _ => None,
    })
    .listen();
    let refused: String = (0..40).map(|n| format!("a{n:05}@uni.example\n")).collect();
    let others: String = (0..400).map(|n| format!("r{n:05}@x.example\n")).collect();
    let one = queued_for(&url, sink.port, refused + &others);
    let another = one.copy();
    let child = one.command(&["deliver"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    another.run(&["deliver"]);
    assert!(child.wait_with_output().unwrap().status.code().is_some_and(|code| code < 2));
    assert_eq!(sink.by_recipient().len(), 400, "whichever machine met them first");
    one.run(&["deliver"]);
    wait_for_the_end(&one, &url);
    let failed = states(&url).into_iter().filter(|(_, state)| *state == DeliveryState::Failed).count();
    assert_eq!((failed, states(&url).len()), (40, 440));
}

#[test]
fn a_machine_that_has_another_text_of_the_issue_sends_nothing() {
    let Some(server) = Postgres::quick() else { return };
    let (url, sink) = (server.database(), Behaviour::good().listen());
    let good = queued(&url, sink.port, 20);
    let other = good.copy().without("issues/newsletter/0001/released");
    let other = other.file("templates/contents.hbs", "<p>Another template</p>\n");
    other.run(&["publish"]).leaves_with(1).says("has another text here");
    let told = other.run(&["deliver"]).leaves_with(1);
    told.says("does not go out from here: its revision 1 has another text here")
        .says("issues/newsletter/0001/released/r1");
    assert_eq!(sink.count(), 0, "one campaign is one text");
    good.run(&["deliver"]).ok().says("20 messages sent");
}

#[test]
fn check_tells_of_campaigns_on_a_server_that_are_paused() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let publication = with_mail(&mail(&[9], "")).tables(&format!("[store]\nurl = \"{url}\""));
    publication.run(&["check"]).ok().says_not("paused");
    let publication = queued(&url, 9, 3);
    publication.run(&["check"]).ok().says_not("paused");
    let publication = publication.after(&["pause", "newsletter", "1", "-m", "a wrong link"]);
    publication.run(&["check"]).ok().says("newsletter/0001 is paused: a wrong link");
    publication.run(&["status"]).ok().says("newsletter/0001: paused").says("a wrong link");
    let publication = publication.environment("MASTHEAD_SECRET", "another secret of thirty-two characters");
    publication.run(&["check"]).ok().says("the secret that links in mails were made from is not among those");
    drop(server);
    publication.run(&["check"]).ok().says("the store was not looked at");
}
