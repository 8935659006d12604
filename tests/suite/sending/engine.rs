//! The engine itself, with messages and limits that no publication has.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use masthead::deliver::smtp::{
    DomainRates, Letter, Letters, Limits, Relay, Security, Settings, Stopped, Summary, deliver_alone, tls,
};
use masthead::error::{Error, ErrorKind, Result};
use masthead::model::{
    Campaign, Change, Claim, Clock, DeliveryState, Gone, History, IssueKey, Lease, Leased, NewCampaign, NewSubscriber,
    Progress, Query, Queue, Recipient, Recorded, Recovered, Resolution, Settlement, TakenBack,
};
use masthead::store::Store;

use super::sink::{Act, Behaviour, Moment, Sink};

/// The same message to everybody.
pub(super) struct Same(pub(super) Vec<u8>);

impl Letters for Same {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        if delivery.recipient.address.starts_with("none") {
            return Err(Error::new(ErrorKind::Input, "no message can be made"));
        }
        let head = format!("Message-ID: <{}>\r\nTo: {}\r\n\r\n", delivery.message_id, delivery.recipient.address);
        let pieces = vec![head.into_bytes().into(), self.0.as_slice().into()];
        Ok(Letter { return_path: "news@compositor.example".to_owned(), pieces })
    }
}

struct Watch(Instant);

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

pub(super) fn settings(sink: &Sink, connections: usize) -> Settings {
    let relay = Relay {
        name: "relay".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: sink.port,
        security: Security::Clear,
        tls: tls(None).unwrap(),
        credentials: None,
        connections,
        rate: None,
    };
    Settings {
        relays: vec![relay],
        helo: "test.example".to_owned(),
        limits: Limits::all(Duration::from_secs(2)),
        rate: None,
        domain_rates: DomainRates::default(),
        worker: "test".to_owned(),
        lease: Duration::from_secs(600),
        is_shared: false,
        passed_over: std::collections::BTreeSet::new(),
        ending: std::sync::Arc::default(),
    }
}

/// A clock that leaps, as it does for whoever was stopped meanwhile.
pub(super) struct Leaping(pub(super) Instant, pub(super) AtomicU64);

impl Clock for Leaping {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed() + Duration::from_secs(self.1.load(Ordering::SeqCst))
    }
}

pub(super) fn store(readers: &[&str]) -> Store {
    queued(Store::in_memory().unwrap(), readers)
}

fn queued(mut store: Store, readers: &[&str]) -> Store {
    let person = |address: &&str| NewSubscriber { address: (*address).to_owned(), name: None, language: None };
    let people: Vec<NewSubscriber> = readers.iter().map(person).collect();
    store.import("members", &people, DateTime::UNIX_EPOCH).unwrap();
    let campaign = NewCampaign {
        issue: IssueKey { series: "news".to_owned(), ordinal: 1 },
        revision: 1,
        lists: vec!["members".to_owned()],
        starts: DateTime::UNIX_EPOCH,
    };
    store.start(&campaign, &mut |to| Some(format!("1.{}", to.address)), DateTime::UNIX_EPOCH).unwrap();
    store
}

pub(super) fn send(store: &mut Store, sink: &Sink, body: Vec<u8>, connections: usize) -> Summary {
    deliver_alone(store, 1, &Same(body), &settings(sink, connections), &Watch(Instant::now())).unwrap()
}

pub(super) fn states(store: &mut Store) -> Vec<DeliveryState> {
    store.history(&Query::default()).unwrap().into_iter().map(|one| one.state).collect()
}

#[test]
fn a_body_that_did_not_go_out_whole_was_not_delivered() {
    // Larger than what two sockets hold.
    let body = b"A long line of a long message.\r\n".repeat(1_000_000);
    let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Body(_)).then_some(Act::Drop)).listen();
    let mut store = store(&["ann@x.example"]);
    let summary = send(&mut store, &sink, body, 1);
    assert_eq!((summary.deferred, summary.ambiguous), (1, 0), "{summary:?}");
    assert_eq!(states(&mut store), [DeliveryState::Deferred]);
}

#[test]
fn what_a_server_says_before_it_hangs_up_on_a_body_counts() {
    let body = b"A long line of a long message.\r\n".repeat(1_000_000);
    for (answer, state) in
        [("552 5.3.4 this is too long", DeliveryState::Failed), ("451 4.3.0 the disk is full", DeliveryState::Deferred)]
    {
        let last = Act::Last(answer);
        let sink = Behaviour::script(move |moment, _| matches!(moment, Moment::Body(_)).then(|| last.clone())).listen();
        let mut store = store(&["ann@x.example"]);
        let summary = send(&mut store, &sink, body.clone(), 1);
        assert_eq!(summary.ambiguous, 0, "{summary:?}");
        let told = store.history(&Query::default()).unwrap().remove(0);
        assert_eq!(told.state, state, "{told:?}");
        assert_eq!(told.attempts.last().and_then(|one| one.reply.code), answer[..3].parse().ok(), "{told:?}");
    }
}

#[test]
fn messages_of_a_long_run_are_made_anew_with_another_date() {
    let is_slow = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let slow = is_slow.clone();
    let sink = Behaviour::script(move |moment, _| {
        let waits = matches!(moment, Moment::Taken(_)) && slow.load(Ordering::SeqCst);
        waits.then(|| Act::Wait(Duration::from_millis(400)))
    });
    let sink = sink.listen();
    let readers: Vec<String> = (0..40).map(|n| format!("r{n}@x.example")).collect();
    let mut store = store(&readers.iter().map(String::as_str).collect::<Vec<_>>());
    let clock = Leaping(Instant::now(), AtomicU64::new(0));
    let (settings, letters) = (settings(&sink, 1), Same(b"hello\r\n".to_vec()));
    let mut send = || deliver_alone(&mut store, 1, &letters, &settings, &clock).unwrap();
    let summary = std::thread::scope(|scope| {
        let sending = scope.spawn(&mut send);
        sink.wait_for(3);
        clock.1.store(3600, Ordering::SeqCst);
        sending.join().unwrap()
    });
    assert_eq!(summary.stopped, Some(Stopped::Joined), "{summary:?}");
    assert!(summary.sent < 40 && summary.ambiguous <= 1, "{summary:?}");
    is_slow.store(false, Ordering::SeqCst);
    let rest = send();
    let known = rest.sent + summary.sent + summary.ambiguous;
    assert_eq!((known, rest.stopped, sink.count()), (40, None, 40), "each once");
}

/// A store that refuses the first call of each kind, as one does that somebody else has locked.
struct Locked(Store, BTreeSet<&'static str>);

impl Locked {
    fn once(&mut self, call: &'static str) -> Result<&mut Store> {
        if self.1.insert(call) { Err(Error::new(ErrorKind::Store, "database is locked")) } else { Ok(&mut self.0) }
    }
}

impl Queue for Locked {
    fn start(
        &mut self,
        campaign: &NewCampaign,
        choose: &mut dyn FnMut(&Recipient) -> Option<String>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        self.0.start(campaign, choose, now)
    }

    fn campaigns(&mut self, now: DateTime<Utc>) -> Result<Vec<Campaign>> {
        // What cannot even begin loses nothing.
        let has_begun = self.1.contains("claim");
        if has_begun { self.once("campaigns")?.campaigns(now) } else { self.0.campaigns(now) }
    }

    fn has_due(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
        self.once("has_due")?.has_due(claim, now)
    }

    fn taken_since_refusals(&mut self, campaign: i64, domain: &str, times: u32, of_ours: bool) -> Result<Option<u64>> {
        self.once("taken_since_refusals")?.taken_since_refusals(campaign, domain, times, of_ours)
    }

    fn change(&mut self, campaign: i64, change: &Change, now: DateTime<Utc>) -> Result<bool> {
        self.0.change(campaign, change, now)
    }

    fn recover(&mut self, gone: &Gone, now: DateTime<Utc>) -> Result<Recovered> {
        self.once("recover")?.recover(gone, now)
    }

    fn claim(&mut self, claim: &Claim, now: DateTime<Utc>) -> Result<Vec<Leased>> {
        self.once("claim")?.claim(claim, now)
    }

    fn renew(&mut self, worker: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Result<usize> {
        self.once("renew")?.renew(worker, until, now)
    }

    fn record(
        &mut self,
        worker: &str,
        settled: &[Settlement],
        intents: &[Lease],
        now: DateTime<Utc>,
    ) -> Result<Recorded> {
        self.once("record")?.record(worker, settled, intents, now)
    }

    fn take_back(&mut self, mistaken: &[i64], again: &[i64], now: DateTime<Utc>) -> Result<TakenBack> {
        self.once("take_back")?.take_back(mistaken, again, now)
    }

    fn finish(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<bool> {
        self.once("finish")?.finish(campaign, now)
    }

    fn next_due(&mut self, campaign: i64) -> Result<Option<DateTime<Utc>>> {
        self.once("next_due")?.next_due(campaign)
    }

    fn progress(&mut self, campaign: i64, now: DateTime<Utc>) -> Result<Progress> {
        self.0.progress(campaign, now)
    }

    fn history(&mut self, query: &Query) -> Result<Vec<History>> {
        self.0.history(query)
    }

    fn resolve(
        &mut self,
        campaign: i64,
        address: Option<&str>,
        resolution: Resolution,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        self.0.resolve(campaign, address, resolution, now)
    }
}

#[test]
fn a_store_that_is_locked_for_long_ends_no_run() {
    let slowly = Duration::from_millis(900);
    let sink = Behaviour::script(move |moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(slowly)));
    let sink = sink.listen();
    let mut locked = Locked(store(&["ann@x.example", "bo@x.example"]), BTreeSet::new());
    let settings = Settings { lease: Duration::from_secs(2), ..settings(&sink, 2) };
    let letters = Same(b"hello\r\n".to_vec());
    let summary = deliver_alone(&mut locked, 1, &letters, &settings, &Watch(Instant::now())).unwrap();
    assert_eq!((summary.sent, summary.ambiguous, summary.is_finished), (2, 0, true), "{summary:?}");
    for call in ["claim", "campaigns", "record", "renew", "next_due", "finish"] {
        assert!(locked.1.contains(call), "{call} was not asked: {:?}", locked.1);
    }
}

#[test]
fn of_a_body_that_went_out_whole_before_the_connection_ended_nobody_knows() {
    // The server reads the first line alone; the others had gone out as far as we can see.
    for lines in [1, 20] {
        let body = b"A long line of a long message.\r\n".repeat(lines);
        let sink = Behaviour::script(|moment, _| matches!(moment, Moment::Body(_)).then_some(Act::Drop)).listen();
        let mut store = store(&["ann@x.example"]);
        let summary = send(&mut store, &sink, body, 1);
        assert_eq!((summary.deferred, summary.ambiguous), (0, 1), "{lines} lines: {summary:?}");
        assert_eq!(states(&mut store), [DeliveryState::Ambiguous]);
    }
}

#[test]
fn what_cannot_be_sent_costs_only_itself() {
    let sink = Behaviour::good().offering(&["PIPELINING", "SIZE 1000"]).listen();
    let mut store = store(&["ann@x.example", "none@x.example", "zoe@x.example"]);
    let summary = send(&mut store, &sink, b"short\r\n".to_vec(), 1);
    assert_eq!((summary.sent, summary.failed), (2, 1));
    let mut store = self::store(&["ann@x.example"]);
    let no_8bit = Behaviour::good().offering(&[]).listen();
    assert_eq!(send(&mut store, &no_8bit, "ë\r\n".repeat(3).into_bytes(), 1).failed, 1);
    let mut store = self::store(&["ann@x.example"]);
    let with_8bit = Behaviour::good().listen();
    assert_eq!(send(&mut store, &with_8bit, "ë\r\n".repeat(3).into_bytes(), 1).sent, 1);
    assert!(with_8bit.commands().iter().any(|line| line.ends_with("BODY=8BITMIME")), "{:?}", with_8bit.commands());
}

#[test]
fn a_server_that_takes_only_so_many_messages_on_a_connection_gets_others_on_the_next() {
    let readers: Vec<String> = (0..150).map(|n| format!("r{n}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    for abilities in [&["PIPELINING"][..], &[]] {
        for then in [
            None,
            Some(Act::Drop),
            Some(Act::Answer("421 4.7.0 too many messages in this connection")),
            Some(Act::Answer("452 4.5.3 too many messages in this session")),
            Some(Act::Answer("550 5.5.0 too many messages in this session")),
        ] {
            let sink = Behaviour::good().offering(abilities).taking(10, then.clone()).listen();
            let mut store = store(&readers);
            let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 4);
            assert_eq!((summary.sent, &summary.stopped), (150, &None), "{then:?}: {summary:?}");
            assert!(sink.by_recipient().values().all(|ids| ids.values().sum::<usize>() == 1), "{then:?}");
            assert!((15..=24).contains(&sink.sessions()), "{then:?}: {} connections", sink.sessions());
            assert!(sink.most_open() > 1, "{then:?}: it is not asked for less");
        }
    }
}

#[test]
fn dots_and_long_bodies_arrive_as_they_were() {
    let sink = Behaviour::good().listen();
    let body = [b".\r\n..\r\n.x\r\n".to_vec(), b"x".repeat(200_000), b"\r\n.\r\n".to_vec()].concat();
    let mut store = store(&["ann@x.example"]);
    assert_eq!(send(&mut store, &sink, body.clone(), 1).sent, 1);
    let taken = sink.taken().remove(0).bytes;
    assert!(taken.ends_with(&body), "{} of {}", taken.len(), body.len());
}

#[test]
fn connections_share_the_work_and_no_more_are_opened() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(2))))
            .listen();
    let readers: Vec<String> = (0..1200).map(|n| format!("r{n}@x.example")).collect();
    let mut store = store(&readers.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 8);
    assert_eq!((summary.sent, summary.stopped), (1200, None));
    assert_eq!(sink.by_recipient().len(), 1200);
    assert!(sink.most_open() <= 8 && sink.sessions() <= 8, "{} {}", sink.most_open(), sink.sessions());
}

#[test]
fn a_message_is_announced_with_the_end_of_the_one_before_where_that_is_welcome() {
    let readers: Vec<String> = (0..40).map(|n| format!("r{n}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    for (behaviour, announced) in [
        (Behaviour::good(), 30..=39),
        (Behaviour::good().offering(&["8BITMIME"]), 0..=0),
        // One message of each connection, until the first answer.
        (Behaviour::good().strict(), 1..=2),
    ] {
        let sink = behaviour.listen();
        let mut store = store(&readers);
        let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 2);
        assert_eq!((summary.sent, summary.ambiguous, &summary.stopped), (40, 0, &None), "{summary:?}");
        assert_eq!(sink.count(), 40, "nobody is written to twice");
        assert!(announced.contains(&sink.announced()), "{} of {announced:?}", sink.announced());
        let tries = store.history(&Query::default()).unwrap();
        assert!(tries.iter().all(|one| one.attempts.len() == 1), "an announcement is no try");
    }
}

#[test]
fn a_server_with_few_connections_to_give_is_content() {
    let open = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = open.clone();
    let sink = Behaviour::script(move |moment, _| match moment {
        Moment::Greeting if counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= 2 => {
            Some(Act::Answer("421 4.7.0 too many connections"))
        }
        Moment::Taken(_) => Some(Act::Wait(Duration::from_millis(2))),
        _ => None,
    })
    .listen();
    let readers: Vec<String> = (0..300).map(|n| format!("r{n}@x.example")).collect();
    let mut store = store(&readers.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 8);
    assert_eq!((summary.sent, &summary.stopped), (300, &None), "{summary:?}");
    assert!(open.load(std::sync::atomic::Ordering::SeqCst) < 40, "it is not asked over and over");
}

#[test]
fn no_relay_is_no_try() {
    let sink = Behaviour::script(|moment, _| (*moment == Moment::Greeting).then_some(Act::Drop)).listen();
    let mut store = store(&["ann@x.example", "bo@x.example"]);
    let summary = send(&mut store, &sink, b"hello\r\n".to_vec(), 4);
    assert!(matches!(&summary.stopped, Some(Stopped::Relays(why)) if why.starts_with("relay: ")), "{summary:?}");
    let all = store.history(&Query::default()).unwrap();
    assert!(all.iter().all(|one| one.state == DeliveryState::Pending && one.attempts.is_empty()), "{all:?}");
}

#[test]
fn addresses_in_quotes_are_written_to() {
    let sink = Behaviour::good().listen();
    let mut store = store(&["\"a b\"@x.example", "\"<c>\"@x.example"]);
    assert_eq!(send(&mut store, &sink, b"hello\r\n".to_vec(), 1).sent, 2);
    assert!(sink.commands().contains(&"RCPT TO:<\"a b\"@x.example>".to_owned()), "{:?}", sink.commands());
}

/// To everybody the same, with an address beyond ASCII in the header.
struct ReplyTo;

impl Letters for ReplyTo {
    fn compose(&self, delivery: &Leased) -> Result<Letter<'_>> {
        let head = format!("Message-ID: <{}>\r\nReply-To: \u{e9}@x.example\r\n\r\n", delivery.message_id);
        let pieces = vec![head.into_bytes().into(), b"hello\r\n"[..].into()];
        Ok(Letter { return_path: "b@x.example".to_owned(), pieces })
    }
}

#[test]
fn a_header_beyond_ascii_is_announced_or_not_sent() {
    let readers = ["ann@x.example", "bo@x.example"];
    let sent = |sink: &Sink| {
        let mut store = store(&readers);
        deliver_alone(&mut store, 1, &ReplyTo, &settings(sink, 1), &Watch(Instant::now())).unwrap()
    };
    let able = Behaviour::good().offering(&["PIPELINING", "8BITMIME", "SMTPUTF8"]).listen();
    assert_eq!(sent(&able).sent, 2);
    assert!(able.commands().iter().any(|line| line.ends_with(" BODY=8BITMIME SMTPUTF8")), "{:?}", able.commands());
    let unable = Behaviour::good().listen();
    let summary = sent(&unable);
    let is_told =
        |stopped: &Option<Stopped>| matches!(stopped, Some(Stopped::Relays(why)) if why.contains("beyond ASCII"));
    assert!(is_told(&summary.stopped) && summary.failed == 0, "nobody loses the issue: {summary:?}");
}

#[test]
fn a_worker_that_was_stopped_drops_what_others_have_by_now() {
    let sink =
        Behaviour::script(|moment, _| matches!(moment, Moment::Taken(_)).then(|| Act::Wait(Duration::from_millis(40))))
            .listen();
    let readers: Vec<String> = (0..60).map(|n| format!("r{n}@x.example")).collect();
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("masthead.db");
    let mut store = queued(Store::open(&path).unwrap(), &readers.iter().map(String::as_str).collect::<Vec<_>>());
    let clock = Leaping(Instant::now(), AtomicU64::new(0));
    let settings = Settings { is_shared: true, ..settings(&sink, 1) };
    let letters = Same(b"hello\r\n".to_vec());
    let summary = std::thread::scope(|scope| {
        let sending = scope.spawn(|| deliver_alone(&mut store, 1, &letters, &settings, &clock).unwrap());
        sink.wait_for(5);
        // Another machine finds the worker's hold over, and takes what it had not begun.
        let mut other = Store::open(&path).unwrap();
        let later = DateTime::UNIX_EPOCH + TimeDelta::seconds(10_000);
        other.recover(&Gone::Overdue, later).unwrap();
        let until = later + TimeDelta::days(1);
        let (worker, lists) = ("other".to_owned(), Vec::new());
        let claim = Claim { campaign: 1, worker, most: 100, lists, except: Vec::new(), until };
        assert!(other.claim(&claim, later).unwrap().len() > 45);
        clock.1.store(2000, Ordering::SeqCst);
        sending.join().unwrap()
    });
    assert!(sink.sessions() <= 3, "{} connections for what is not its own", sink.sessions());
    assert_eq!((sink.count() as u64, &summary.stopped), (summary.sent, &None));
    let begun = sink.commands().iter().filter(|line| *line == "DATA").count();
    assert!(begun <= sink.count() + 2, "{begun} begun for {} sent", sink.count());
}
