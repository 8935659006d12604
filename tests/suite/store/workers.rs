//! Workers in processes of their own on one campaign in PostgreSQL, killed at random moments.
//!
//! A worker is this test binary again: its connections hand messages to a sink on loopback, and one thread has the
//! queue, as the engine does it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use masthead::model::{
    CampaignState, Claim, DeliveryState, Disposition, Gone, IssueKey, Lease, Leased, NewCampaign, NewSubscriber, Query,
    Queue as _, Reply, Settlement,
};

use super::server::{Postgres, open};
use crate::tools::long;

/// Says to a process of this binary that it is a worker: the store's address, the sink's, and its own name.
const WORKER: &str = "MASTHEAD_TEST_WORKER";
/// How many connections a worker has.
const CONNECTIONS: usize = 8;
/// How long a worker's hold is.
const LEASE: TimeDelta = TimeDelta::seconds(2);
/// How often it lengthens it.
const RENEW: Duration = Duration::from_millis(500);
/// How long workers may take once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many deliveries it claims at once.
const BATCH: usize = 60;

/// What counts what arrives. It answers after a while, as a server that writes to a disk does.
struct Sink {
    address: String,
    arrived: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Sink {
    fn open(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let arrived = Arc::new(Mutex::new(BTreeMap::new()));
        let counts = Arc::clone(&arrived);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counts = Arc::clone(&counts);
                std::thread::spawn(move || Self::take(&stream, delay, &counts));
            }
        });
        Self { address, arrived }
    }

    /// Takes a message a line. One that is cut short has not arrived.
    fn take(stream: &TcpStream, delay: Duration, counts: &Mutex<BTreeMap<String, usize>>) {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) && line.ends_with('\n') {
            *counts.lock().unwrap().entry(line.trim_end().to_owned()).or_default() += 1;
            std::thread::sleep(delay);
            if (&mut &*stream).write_all(b"250 taken\n").is_err() {
                return;
            }
            line.clear();
        }
    }
}

/// What a connection has to say: what became of its last message, and which body it is about to send.
struct Report {
    connection: usize,
    settled: Option<Settlement>,
    intent: Option<Lease>,
}

/// Not a test: a worker, where the environment says so.
#[test]
fn worker_process() {
    let Ok(told) = std::env::var(WORKER) else { return };
    let [url, sink, name] = told.split('\n').collect::<Vec<_>>()[..] else { panic!("{told}") };
    work(url, sink, name);
}

fn work(url: &str, sink: &str, name: &str) {
    let mut store = open(url);
    let (to_desk, inbox) = channel();
    let lines: Vec<(Sender<Leased>, Sender<bool>)> = (0..CONNECTIONS)
        .map(|connection| {
            let ((give, given), (grant, granted)) = (channel(), channel());
            let (to_desk, stream) = (to_desk.clone(), TcpStream::connect(sink).unwrap());
            std::thread::spawn(move || converse(connection, &stream, &given, &granted, &to_desk));
            (give, grant)
        })
        .collect();
    let (mut idle, mut waiting): (Vec<usize>, Vec<Leased>) = ((0..CONNECTIONS).collect(), Vec::new());
    let mut renewed = Instant::now();
    loop {
        let now = Utc::now();
        if renewed.elapsed() >= RENEW {
            renewed = Instant::now();
            store.renew(name, now + LEASE, now).unwrap();
            store.recover(&Gone::Overdue, now).unwrap();
        }
        if waiting.len() < CONNECTIONS {
            let claim = Claim {
                campaign: 1,
                worker: name.to_owned(),
                most: BATCH,
                lists: Vec::new(),
                except: vec![],
                until: now + LEASE,
            };
            waiting.extend(store.claim(&claim, now).unwrap());
        }
        while let Some(connection) = idle.pop_if(|_| !waiting.is_empty()) {
            lines[connection].0.send(waiting.remove(0)).unwrap();
        }
        if idle.len() == CONNECTIONS {
            // Others may be gone: what they held ends up here.
            store.finish(1, now).unwrap();
            if store.campaigns(now).unwrap()[0].state == CampaignState::Finished {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
            continue;
        }
        let mut reports: Vec<Report> = inbox.recv_timeout(Duration::from_millis(20)).into_iter().collect();
        reports.extend(inbox.try_iter());
        let settled: Vec<Settlement> = reports.iter().filter_map(|report| report.settled.clone()).collect();
        let intents: Vec<Lease> = reports.iter().filter_map(|report| report.intent).collect();
        if reports.is_empty() {
            continue;
        }
        let recorded = store.record(name, &settled, &intents, now).unwrap();
        for report in reports {
            match report.intent {
                Some(intent) => {
                    let is_granted = recorded.granted.contains(&intent.delivery);
                    lines[report.connection].1.send(is_granted).unwrap();
                    if !is_granted {
                        idle.push(report.connection);
                    }
                }
                None => idle.push(report.connection),
            }
        }
    }
}

/// One connection: asks for a body's grant, sends it, hears the answer.
fn converse(
    connection: usize,
    stream: &TcpStream,
    given: &Receiver<Leased>,
    granted: &Receiver<bool>,
    desk: &Sender<Report>,
) {
    let mut answers = BufReader::new(stream);
    while let Ok(leased) = given.recv() {
        desk.send(Report { connection, settled: None, intent: Some(leased.lease) }).unwrap();
        if !granted.recv().unwrap() {
            continue;
        }
        (&mut &*stream).write_all(format!("{}\n", leased.message_id).as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        let reply = Reply { relay: "sink".to_owned(), code: Some(250), enhanced: None, text: answer.trim().to_owned() };
        let settled = Settlement { lease: leased.lease, disposition: Disposition::Sent, reply };
        desk.send(Report { connection, settled: Some(settled), intent: None }).unwrap();
    }
}

/// Starts a worker.
fn worker(url: &str, sink: &Sink, name: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["store::workers::worker_process", "--exact", "--nocapture"])
        .env(WORKER, format!("{url}\n{}\n{name}", sink.address))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Whether a worker ends well, within a time in which it should.
fn ended(worker: &mut Child, so_far: &mut dyn FnMut() -> masthead::model::Progress) -> bool {
    let began = Instant::now();
    loop {
        if let Some(status) = worker.try_wait().unwrap() {
            return status.success();
        }
        if began.elapsed() > PATIENCE {
            worker.kill().unwrap();
            panic!("a worker does not end: {:?}", so_far());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Moments that are the same in each run of the test.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> u64 {
        // Knuth's MMIX generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// A campaign to so many readers.
fn queue(url: &str, readers: usize) {
    let mut store = open(url);
    let people: Vec<NewSubscriber> = (0..readers)
        .map(|n| NewSubscriber { address: format!("r{n:05}@x.example"), name: None, language: None })
        .collect();
    let now: DateTime<Utc> = Utc::now();
    store.import("members", &people, now).unwrap();
    let issue = IssueKey { series: "news".to_owned(), ordinal: 1 };
    let campaign = NewCampaign { issue, revision: 1, lists: vec!["members".to_owned()], starts: now };
    assert_eq!(store.start(&campaign, &mut |to| Some(to.address.clone()), now).unwrap(), readers as u64);
}

/// Three workers, of which `kills` are killed, one of them for good.
fn kills(readers: usize, kills: usize, delay: Duration, pause: Duration) {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    queue(&url, readers);
    let sink = Sink::open(delay);
    let mut moments = Moments(11);
    let mut workers: Vec<Child> = (0..3).map(|n| worker(&url, &sink, &format!("w{n}"))).collect();
    let mut in_time = 0;
    for kill in 0..kills {
        std::thread::sleep(pause / 2 + pause.mul_f64(moments.next() as f64 / f64::from(1_u32 << 31)));
        let mut victim = workers.swap_remove(moments.next() as usize % workers.len());
        in_time += usize::from(victim.try_wait().unwrap().is_none());
        victim.kill().unwrap();
        victim.wait().unwrap();
        // The first one never comes back; each of the others does, as another.
        if kill > 0 {
            workers.push(worker(&url, &sink, &format!("k{kill}")));
        }
    }
    assert!(in_time > kills / 2, "only {in_time} workers were killed at work; the test sees nothing");
    for mut worker in workers {
        assert!(ended(&mut worker, &mut || open(&url).progress(1, Utc::now()).unwrap()));
    }
    let mut store = open(&url);
    let all = store.history(&Query::default()).unwrap();
    assert_eq!(all.len(), readers);
    let arrived = sink.arrived.lock().unwrap();
    let twice: Vec<_> = arrived.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "written to twice: {twice:?}");
    let mut ambiguous = 0;
    for one in &all {
        match one.state {
            DeliveryState::Sent => assert!(arrived.contains_key(&one.message_id), "{} was lost", one.address),
            DeliveryState::Ambiguous => {
                ambiguous += 1;
                assert_eq!(one.attempts.len(), 1, "what may have arrived is told: {one:?}");
            }
            state => panic!("{} was left {}", one.address, state.as_str()),
        }
    }
    assert!(ambiguous <= CONNECTIONS * kills, "{ambiguous} ambiguous after {kills} kills");
    println!("{in_time} kills at work, {ambiguous} ambiguous of {readers}");
}

#[test]
fn of_workers_that_are_killed_others_take_the_work_over() {
    kills(2500, 6, Duration::from_millis(20), Duration::from_millis(350));
}

#[test]
fn long_a_hundred_killed_workers_lose_nobody_and_write_to_nobody_twice() {
    if long() {
        kills(20_000, 100, Duration::from_millis(40), Duration::from_millis(400));
    }
}
