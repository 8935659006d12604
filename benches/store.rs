//! What it costs to record deliveries: sessions that hand messages to nobody, and one thread that has the queue and takes
//! what they report together, as the engine does. First in an SQLite file, then in PostgreSQL at the address `STORE`
//! (an empty database), with one worker and with three.
//!
//! `cargo bench --bench store`; `MESSAGES` is how many (20,000), `SESSIONS` how many sessions each worker has (16).

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use masthead::config::PostgresUrl;
use masthead::model::{
    Claim, DeliveryState, Disposition, IssueKey, Lease, Leased, NewCampaign, NewSubscriber, Queue as _, Reply,
    Settlement,
};
use masthead::store::{Server, Store};

/// How many deliveries are claimed at once.
const BATCH: usize = 500;
/// How long reports wait for others to be recorded with.
const GATHER: Duration = Duration::from_micros(700);

struct Report {
    session: usize,
    settled: Option<Settlement>,
    intent: Option<Lease>,
}

fn main() {
    let number =
        |name: &str, otherwise: usize| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (messages, sessions) = (number("MESSAGES", 20_000), number("SESSIONS", 16));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("masthead.db");
    measure("sqlite", 1, messages, sessions, 1, &|| Store::open(&file).expect("a store"));
    let Ok(address) = std::env::var("STORE") else {
        println!("PostgreSQL is not measured: STORE names no database");
        return;
    };
    let url = PostgresUrl::parse(&address).expect("an address");
    let password = std::env::var("PGPASSWORD").ok();
    let open = || {
        let server = Server::new(&url, password.as_deref(), None).expect("a server");
        Store::connect(server).expect("a store")
    };
    measure("postgresql", 1, messages, sessions, 1, &open);
    measure("postgresql", 2, messages, sessions, 3, &open);
}

/// Delivers an issue to so many readers and says how long that took.
fn measure(
    name: &str,
    ordinal: u64,
    messages: usize,
    sessions: usize,
    workers: usize,
    open: &(dyn Fn() -> Store + Sync),
) {
    let mut store = open();
    let people: Vec<NewSubscriber> = (0..messages)
        .map(|n| NewSubscriber { address: format!("reader-{n}@d{}.example", n % 97), name: None, language: None })
        .collect();
    store.import("members", &people, Utc::now()).expect("readers");
    let issue = IssueKey { series: "bench".to_owned(), ordinal };
    let campaign =
        NewCampaign { issue: issue.clone(), revision: 1, lists: vec!["members".to_owned()], starts: Utc::now() };
    let began = Instant::now();
    store.start(&campaign, &mut |to| Some(format!("{ordinal}.{}", to.address)), Utc::now()).expect("a campaign");
    let started = began.elapsed();
    let known = store.campaigns(Utc::now()).expect("campaigns");
    let id = known.iter().find(|one| one.issue == issue).expect("the campaign").id;
    let began = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || work(&mut open(), id, &format!("w{worker}"), sessions));
        }
    });
    let took = began.elapsed().as_secs_f64();
    let sent = store.progress(id, Utc::now()).expect("progress").count(DeliveryState::Sent);
    println!(
        "{name}, {workers} x {sessions} sessions: {sent} recorded in {took:.2} s, {:.0} a second; begun in {:.2} s",
        sent as f64 / took,
        started.as_secs_f64()
    );
}

fn work(store: &mut Store, campaign: i64, name: &str, sessions: usize) {
    let (to_desk, inbox) = channel();
    let lines: Vec<(Sender<Leased>, Sender<bool>)> = (0..sessions)
        .map(|session| {
            let ((give, given), (grant, granted)) = (channel(), channel());
            let to_desk = to_desk.clone();
            std::thread::spawn(move || converse(session, &given, &granted, &to_desk));
            (give, grant)
        })
        .collect();
    let (mut idle, mut waiting): (Vec<usize>, Vec<Leased>) = ((0..sessions).collect(), Vec::new());
    let mut is_dry = false;
    loop {
        let now = Utc::now();
        if waiting.len() < BATCH / 2 && !is_dry {
            let until = now + TimeDelta::minutes(10);
            let claim =
                Claim { campaign, worker: name.to_owned(), most: BATCH, lists: Vec::new(), except: Vec::new(), until };
            let claimed = store.claim(&claim, now).expect("a claim");
            is_dry = claimed.is_empty();
            waiting.extend(claimed);
        }
        while let Some(session) = idle.pop_if(|_| !waiting.is_empty()) {
            lines[session].0.send(waiting.swap_remove(0)).expect("a session");
        }
        if idle.len() == sessions && is_dry {
            return;
        }
        let reports = gather(&inbox, sessions);
        let settled: Vec<Settlement> = reports.iter().filter_map(|report| report.settled.clone()).collect();
        let intents: Vec<Lease> = reports.iter().filter_map(|report| report.intent).collect();
        let recorded = store.record(name, &settled, &intents, now).expect("a record");
        for report in reports {
            match report.intent {
                Some(intent) => {
                    lines[report.session].1.send(recorded.granted.contains(&intent.delivery)).expect("a session");
                }
                None => idle.push(report.session),
            }
        }
    }
}

fn gather(inbox: &Receiver<Report>, sessions: usize) -> Vec<Report> {
    let mut reports: Vec<Report> = inbox.recv_timeout(Duration::from_millis(100)).into_iter().collect();
    let until = Instant::now() + GATHER;
    while !reports.is_empty() && reports.len() < sessions {
        match inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(report) => reports.push(report),
            Err(_) => break,
        }
    }
    reports
}

/// One session: asks for each body's grant, and reports it sent.
fn converse(session: usize, given: &Receiver<Leased>, granted: &Receiver<bool>, desk: &Sender<Report>) {
    while let Ok(leased) = given.recv() {
        let intent = Report { session, settled: None, intent: Some(leased.lease) };
        if desk.send(intent).is_err() || granted.recv() != Ok(true) {
            return;
        }
        let reply = Reply { relay: "none".to_owned(), code: Some(250), enhanced: None, text: "taken".to_owned() };
        let settled = Settlement { lease: leased.lease, disposition: Disposition::Sent, reply };
        if desk.send(Report { session, settled: Some(settled), intent: None }).is_err() {
            return;
        }
    }
}
