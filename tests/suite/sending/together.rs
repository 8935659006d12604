//! Several campaigns at once: none waits for another's rate, and rates hold for all of them together.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use masthead::config::Rate;
use masthead::deliver::smtp::{Buckets, Consignment, DomainRates, Settings, Stopped, Summary, deliver};
use masthead::model::{
    CampaignState, Change, Clock, DeliveryState, IssueKey, NewCampaign, NewSubscriber, Query, Queue,
};
use masthead::store::Store;

use super::engine::{Same, settings};
use super::sink::{Act, Behaviour, Moment, Sink};
use super::verbs::Watch;
use super::{campaign, mail, with_mail};
use crate::publication::Publication;

/// A clock that runs so many times as fast.
struct Fast(Instant, u32);

impl Clock for Fast {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed() * self.1
    }
}

/// A store in which a campaign is queued to each of these groups of readers.
fn queued(campaigns: &[&[&str]]) -> Store {
    queued_in(Store::in_memory().unwrap(), campaigns)
}

fn queued_in(mut store: Store, campaigns: &[&[&str]]) -> Store {
    for (ordinal, readers) in (1..).zip(campaigns) {
        let person = |address: &&str| NewSubscriber { address: (*address).to_owned(), name: None, language: None };
        let list = format!("list{ordinal}");
        store.import(&list, &readers.iter().map(person).collect::<Vec<_>>(), DateTime::UNIX_EPOCH).unwrap();
        let campaign = NewCampaign {
            issue: IssueKey { series: "news".to_owned(), ordinal },
            revision: 1,
            lists: vec![list],
            starts: DateTime::UNIX_EPOCH,
        };
        store.start(&campaign, &mut |to| Some(format!("{ordinal}.{}", to.address)), DateTime::UNIX_EPOCH).unwrap();
    }
    store
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// One message a second to `slow.example`.
fn limited(sink: &Sink, connections: usize) -> Settings {
    let named = [("slow.example".to_owned(), Rate::parse("60/m").unwrap())].into_iter().collect();
    let limits = masthead::deliver::smtp::Limits::all(Duration::from_secs(2000));
    Settings { limits, domain_rates: DomainRates { each: None, named }, ..settings(sink, connections) }
}

fn send(
    store: &mut Store,
    campaigns: &[i64],
    buckets: &mut Buckets,
    settings: &Settings,
    clock: &Fast,
) -> Vec<Summary> {
    let letters = Same(b"hello\r\n".to_vec());
    let consignment =
        |id: &i64| Consignment { campaign: *id, revision: 1, letters: &letters, lists: Vec::new(), is_careful: false };
    let consignments: Vec<Consignment<'_>> = campaigns.iter().map(consignment).collect();
    deliver(store, &consignments, buckets, settings, clock, &mut |_| {}).unwrap()
}

/// The first letters of the addresses to which messages went, in order; those at `slow.example` in capitals.
fn order(sink: &Sink) -> String {
    let letter = |to: &str| if to.ends_with("slow.example") { to[..1].to_uppercase() } else { to[..1].to_owned() };
    sink.taken().iter().map(|one| letter(&one.recipient)).collect()
}

fn states(store: &mut Store) -> Vec<CampaignState> {
    store.campaigns(DateTime::UNIX_EPOCH).unwrap().into_iter().map(|one| one.state).collect()
}

const A: [&str; 4] = ["a1@slow.example", "a2@slow.example", "a3@slow.example", "a4@slow.example"];
const B: [&str; 6] =
    ["b1@slow.example", "b2@slow.example", "b3@slow.example", "b4@slow.example", "b5@slow.example", "b6@slow.example"];

#[test]
fn campaigns_to_one_domain_share_its_rate_in_turn() {
    let sink = Behaviour::good().listen();
    let mut store = queued(&[&A, &B]);
    let (settings, clock) = (limited(&sink, 1), Fast(Instant::now(), 50));
    let summaries = send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock);
    assert_eq!(summaries.iter().map(|one| (one.sent, one.is_finished)).collect::<Vec<_>>(), [(4, true), (6, true)]);
    assert_eq!(order(&sink), "ABABABABBB");
    assert!(clock.elapsed() >= Duration::from_secs(9), "ten messages at one a second took {:?}", clock.elapsed());
    assert_eq!(states(&mut store), [CampaignState::Finished; 2]);
}

#[test]
fn a_campaign_that_waits_for_a_domain_holds_up_no_other() {
    let sink = Behaviour::good().listen();
    let mut store = queued(&[&A, &["x1@x.example", "x2@x.example", "x3@x.example", "x4@slow.example"]]);
    let (settings, clock) = (limited(&sink, 1), Fast(Instant::now(), 2));
    send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock);
    assert_eq!(order(&sink), "AxxxAXAA");
}

#[test]
fn what_a_relay_says_of_one_campaign_stops_no_other() {
    let readers: Vec<String> = (0..30).map(|n| format!("r{n}@x.example")).collect();
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    // As soon as it sees the size, and when it is told of it.
    let at_mail = |moment: &Moment, _| (*moment == Moment::Mail).then_some(Act::Answer("552 5.3.4 message too large"));
    for (behaviour, others) in
        [(Behaviour::good().offering(&["PIPELINING", "SIZE 1000"]), true), (Behaviour::script(at_mail), false)]
    {
        let sink = behaviour.listen();
        let mut store = queued(&[&readers, &readers]);
        let (large, small) = (Same(b"hello\r\n".repeat(500)), Same(b"hello\r\n".to_vec()));
        let consignment =
            |campaign, letters| Consignment { campaign, revision: 1, letters, lists: Vec::new(), is_careful: false };
        let (settings, clock) = (settings(&sink, 3), Fast(Instant::now(), 1));
        let consignments = [consignment(1, &large), consignment(2, &small)];
        let buckets = &mut Buckets::new(&settings);
        let summaries = deliver(&mut store, &consignments, buckets, &settings, &clock, &mut |_| {}).unwrap();
        let is_stopped = |summary: &Summary| matches!(summary.stopped, Some(Stopped::Relays(_)));
        assert!(is_stopped(&summaries[0]), "{summaries:?}");
        assert_eq!((summaries[1].sent, is_stopped(&summaries[1])), if others { (30, false) } else { (0, true) });
    }
}

#[test]
fn rates_outlive_a_run() {
    let sink = Behaviour::good().listen();
    let mut store = queued(&[&A[..3], &B[..3]]);
    let (settings, clock) = (limited(&sink, 4), Fast(Instant::now(), 50));
    let mut buckets = Buckets::new(&settings);
    let settings = Settings { passed_over: [1, 2].into(), ..settings };
    send(&mut store, &[1], &mut buckets, &settings, &clock);
    let first = clock.elapsed();
    send(&mut store, &[2], &mut buckets, &settings, &clock);
    assert_eq!(order(&sink), "AAABBB");
    assert!(first >= Duration::from_secs(2) && clock.elapsed() >= Duration::from_secs(5), "{:?}", clock.elapsed());
}

#[test]
fn a_campaign_is_finished_when_it_is_over_and_not_when_all_are() {
    let sink = Behaviour::good().listen();
    let mut store = queued(&[&A, &["x1@x.example"]]);
    let (settings, clock) = (limited(&sink, 1), Fast(Instant::now(), 2));
    let letters = Same(b"hello\r\n".to_vec());
    let consignment =
        |campaign| Consignment { campaign, revision: 1, letters: &letters, lists: Vec::new(), is_careful: false };
    let mut is_first_over = false;
    let mut watch = |now: &[Summary]| is_first_over |= now[1].is_finished && !now[0].is_finished;
    let (consignments, mut buckets) = ([consignment(1), consignment(2)], Buckets::new(&settings));
    deliver(&mut store, &consignments, &mut buckets, &settings, &clock, &mut watch).unwrap();
    assert!(is_first_over);
}

#[test]
fn what_is_put_off_is_tried_again_while_another_campaign_goes_on() {
    let refused = AtomicBool::new(false);
    let sink = Behaviour::script(move |moment, _| {
        (matches!(moment, Moment::Rcpt(to) if to.starts_with('x')) && !refused.swap(true, Ordering::SeqCst))
            .then_some(Act::Answer("450 4.2.0 later"))
    })
    .listen();
    // A message goes to the slow domain each ten minutes, and what is put off is tried after five.
    let per_second = Rate::parse("1/m").unwrap();
    let mut store = queued(&[&A, &["x1@x.example"]]);
    let (mut settings, clock) = (limited(&sink, 2), Fast(Instant::now(), 600));
    settings.domain_rates.named.insert("slow.example".to_owned(), Rate { per: per_second.per * 10, ..per_second });
    let summaries = send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock);
    assert_eq!((summaries[0].sent, summaries[1].sent, summaries[1].deferred), (4, 1, 1), "{summaries:?}");
    let order = order(&sink);
    assert!(order.len() == 5 && order.starts_with('A') && order.ends_with('A'), "{order}");
}

#[test]
fn a_campaign_that_goes_on_with_another_revision_is_made_anew() {
    let refused = AtomicBool::new(false);
    let sink = Behaviour::script(move |moment, _| match moment {
        Moment::Rcpt(to) if to.starts_with('w') && !refused.swap(true, Ordering::SeqCst) => {
            Some(Act::Answer("450 later"))
        }
        Moment::Taken(_) => Some(Act::Wait(Duration::from_millis(40))),
        _ => None,
    })
    .listen();
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("masthead.db");
    let readers: Vec<String> = (0..90).map(|n| format!("r{n}@x.example")).collect();
    let mut store = queued_in(Store::open(&path).unwrap(), &[&["w@x.example"], &texts(&readers)]);
    // Five minutes pass in a second and a half.
    let (settings, clock) = (limited(&sink, 1), Fast(Instant::now(), 200));
    let summaries = std::thread::scope(|scope| {
        let sending = scope.spawn(|| send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock));
        sink.wait_for(3);
        let mut other = Store::open(&path).unwrap();
        assert!(other.change(1, &Change::Pause("a wrong link".to_owned()), clock.now()).unwrap());
        assert!(other.change(1, &Change::ResumeAmended(2), clock.now()).unwrap());
        sending.join().unwrap()
    });
    assert!(sink.taken().iter().all(|one| one.recipient != "w@x.example"), "as it was it goes to nobody any more");
    // Unless the pause was seen, both make a new beginning.
    let stopped: Vec<_> = summaries.into_iter().map(|one| one.stopped).collect();
    assert!(matches!(stopped[0], Some(Stopped::Joined | Stopped::Asked)), "{stopped:?}");
    assert!(stopped[0] != Some(Stopped::Joined) || stopped[1] == stopped[0], "{stopped:?}");
}

#[test]
fn pausing_one_campaign_stops_no_other() {
    let sink = Behaviour::good().listen();
    let mut store = queued(&[&A, &B[..3]]);
    store.change(1, &Change::Pause("a fault".to_owned()), DateTime::UNIX_EPOCH).unwrap();
    let (settings, clock) = (limited(&sink, 2), Fast(Instant::now(), 50));
    let summaries = send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock);
    assert_eq!((summaries[0].sent, summaries[1].sent), (0, 3), "{summaries:?}");
    assert_eq!(states(&mut store), [CampaignState::Paused, CampaignState::Finished]);
}

#[test]
fn what_a_relay_finds_in_one_campaign_says_nothing_of_another() {
    let sink = Behaviour::script(|moment, _| {
        matches!(moment, Moment::Taken(to) if to.starts_with('s')).then_some(Act::Refuse("554 5.7.1 looks like spam"))
    })
    .listen();
    let many = |letter: char| (0..60).map(|n| format!("{letter}{n:02}@x.example")).collect::<Vec<String>>();
    let (spam, good) = (many('s'), many('g'));
    let mut store = queued(&[&texts(&spam), &texts(&good)]);
    let (settings, clock) = (limited(&sink, 2), Fast(Instant::now(), 1));
    let summaries = send(&mut store, &[1, 2], &mut Buckets::new(&settings), &settings, &clock);
    assert!(matches!(&summaries[0].stopped, Some(masthead::deliver::smtp::Stopped::Refused(_))), "{summaries:?}");
    assert_eq!((summaries[1].sent, summaries[1].is_finished), (60, true), "{summaries:?}");
    assert!((10..=13).contains(&summaries[0].failed), "{summaries:?}");
}

#[test]
fn readers_who_left_do_not_end_a_run_before_those_who_stayed() {
    let sink = Behaviour::good().listen();
    let readers: Vec<String> = (0..260).map(|n| format!("r{n:03}@x.example")).collect();
    let mut store = queued(&[&texts(&readers)]);
    let order: Vec<String> = store.history(&Query::default()).unwrap().into_iter().map(|one| one.address).collect();
    let stays = |address: &String| address.ends_with("9@x.example");
    for address in order.iter().filter(|address| !stays(address)) {
        store.remove("list1", address, DateTime::UNIX_EPOCH).unwrap();
    }
    let (settings, clock) = (limited(&sink, 2), Fast(Instant::now(), 1));
    let summary = send(&mut store, &[1], &mut Buckets::new(&settings), &settings, &clock).remove(0);
    assert_eq!((summary.sent, summary.is_finished), (26, true), "{summary:?}");
    let suppressed = Query { state: Some(DeliveryState::Suppressed), ..Query::default() };
    assert_eq!(store.history(&suppressed).unwrap().len(), 234);
}

/// A publication whose newsletter goes to `slow.example`, one a second, and whose bulletin elsewhere; neither is queued.
fn two_series(sink: &Sink) -> Publication {
    let keys = "domain_rate = { \"slow.example\" = \"1/s\" }";
    let series =
        "title = \"Bulletin\"\nwindow = \"monthly\"\nsince = 2026-07-01\nmail = \"manual\"\nlists = [\"others\"]";
    let rows = |letter: char, domain: &str| (0..6).map(|n| format!("{letter}{n}@{domain}\n")).collect::<String>();
    with_mail(&mail(&[sink.port], keys))
        .reconfigure("mail = \"auto\"", "mail = \"manual\"")
        .series("bulletin", series)
        .tables("[list.others]\ntitle = \"Others\"\ncsv = \"others.csv\"")
        .file("readers.csv", rows('a', "slow.example"))
        .file("others.csv", rows('x', "x.example"))
        .published()
}

#[test]
fn a_run_of_deliver_sends_campaigns_in_turn() {
    let sink = Behaviour::good().listen();
    let publication = two_series(&sink);
    for series in ["newsletter", "bulletin"] {
        publication.run(&["send", series, "1", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    }
    let publication = publication.at("2026-08-02T09:00:00Z");
    publication.run(&["deliver"]).ok().says("newsletter/0001: 6 messages sent").says("bulletin/0001: 6 messages sent");
    let order = order(&sink);
    assert!(order.ends_with('A') && order.len() == 12, "{order}");
}

#[test]
fn a_campaign_that_is_queued_meanwhile_does_not_wait_for_a_slow_one() {
    let sink = Behaviour::good().listen();
    let publication = two_series(&sink);
    publication.run(&["send", "newsletter", "1", "--yes", "--at", "2026-08-02T09:00:00Z"]).ok();
    let publication = publication.at("2026-08-02T09:00:00Z");
    let watch = Watch::begin(&publication);
    sink.wait_for(1);
    publication.run(&["send", "bulletin", "1", "--yes"]).ok().says("another run is sending mail");
    sink.wait_for(12);
    let order = order(&sink);
    assert!(order.ends_with('A'), "{order}");
    let recipients: BTreeSet<String> = sink.by_recipient().into_keys().collect();
    assert_eq!((recipients.len(), sink.count()), (12, 12), "nobody twice");
    super::verbs::wait_for_state(&publication, "finished");
    let told = watch.end().ok();
    told.says("newsletter/0001: 6 messages sent").says("bulletin/0001: 6 messages sent").says_not("told to end");
    assert_eq!(campaign(&publication).0, "finished");
}
