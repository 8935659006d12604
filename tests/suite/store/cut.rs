//! A way to the server that breaks within a transaction.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use masthead::config::PostgresUrl;
use masthead::model::{Circumstance, Claim, IssueKey, Lease, NewCampaign, NewSubscriber, Queue as _, Way};
use masthead::store::Store;
use tempfile::TempDir;

use super::server::{self, Postgres};

/// How every transaction of the store begins that writes.
const BEGIN: &[u8] = b"begin; select pg_advisory_xact_lock";

/// Hands on what comes, until `is_armed` and a transaction was begun: the way is gone before what follows in it.
fn hand_on(client: &UnixStream, server: &UnixStream, is_armed: &AtomicBool) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let is_cut = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            copy(&mut from, &mut to, |bytes| {
                let is_begun = is_cut.load(Ordering::SeqCst);
                if bytes.windows(BEGIN.len()).any(|part| part == BEGIN) && is_armed.swap(false, Ordering::SeqCst) {
                    is_cut.store(true, Ordering::SeqCst);
                }
                !is_begun
            });
        });
        let (mut from, mut to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        copy(&mut from, &mut to, |_| true);
    });
}

/// Copies as long as `goes_on` says so of what is to be copied, and there is more; then closes both ends.
fn copy(from: &mut UnixStream, to: &mut UnixStream, goes_on: impl Fn(&[u8]) -> bool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let bytes = &buffer[..length];
        if !goes_on(bytes) || to.write_all(bytes).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// Listens in `folder` and hands on to the server's socket, five times at most.
fn listen(folder: &Path, socket: String, port: u16, is_armed: Arc<AtomicBool>) {
    let listener = UnixListener::bind(folder.join(format!(".s.PGSQL.{port}"))).unwrap();
    thread::spawn(move || {
        for client in listener.incoming().take(5).flatten() {
            let (server, is_armed) = (UnixStream::connect(&socket).unwrap(), Arc::clone(&is_armed));
            thread::spawn(move || hand_on(&client, &server, &is_armed));
        }
    });
}

#[test]
fn what_follows_in_a_transaction_whose_session_is_gone_is_not_done_in_another() {
    let Some(server) = Postgres::quick() else { return };
    let (url, folder, is_armed) = (server.database(), TempDir::new().unwrap(), Arc::new(AtomicBool::new(false)));
    let parsed = PostgresUrl::parse(&url).unwrap();
    let (own, port) = server.socket();
    listen(folder.path(), own, port, Arc::clone(&is_armed));
    let (address, _) = url.split_once('?').unwrap();
    let mut store = server::open(&format!("{address}?host={}", folder.path().display()));
    let ann = NewSubscriber { address: "ann@x.example".to_owned(), name: None, language: None };
    let now = chrono::DateTime::UNIX_EPOCH;
    is_armed.store(true, Ordering::SeqCst);
    let failed = store.add("members", &ann, now);
    assert!(!is_armed.load(Ordering::SeqCst), "a transaction was begun");
    assert!(failed.is_err(), "{failed:?}");
    let kept: i64 = server.client(&parsed.database).query_one("select count(*) from subscriber", &[]).unwrap().get(0);
    assert_eq!(kept, 0, "nothing of it counts");
    store.add("members", &ann, now).unwrap();
    assert_eq!(store.status("members").unwrap().active, 1, "the next is asked afresh");
}

/// What is done with a store, for the time of this number.
type Step<'s> = &'s dyn Fn(&mut Store, usize);

#[test]
fn a_session_that_the_server_ended_is_opened_anew_and_nobody_notices() {
    let Some(server) = Postgres::quick() else { return };
    let url = server.database();
    let database = PostgresUrl::parse(&url).unwrap().database;
    let mut store = server::open(&url);
    let now = chrono::DateTime::UNIX_EPOCH;
    let person = |n: usize| NewSubscriber { address: format!("r{n}@x.example"), name: None, language: None };
    let page = Circumstance::new(now, Way::OneClick);
    let lists = ["members".to_owned()];
    let issue = |ordinal| IssueKey { series: "news".to_owned(), ordinal };
    let until = now + chrono::TimeDelta::hours(1);
    let work = |store: &mut Store, n: usize| {
        store.add("members", &person(n), now).unwrap();
        let campaign = NewCampaign { issue: issue(n as u64), revision: 1, lists: lists.to_vec(), starts: now };
        store.start(&campaign, &mut |to| Some(format!("{n}.{}", to.address)), now).unwrap();
        let id = store.campaigns(now).unwrap().iter().map(|one| one.id).max().unwrap();
        let claim =
            Claim { campaign: id, worker: "w".to_owned(), most: 9, lists: lists.to_vec(), except: Vec::new(), until };
        let leases: Vec<Lease> = store.claim(&claim, now).unwrap().into_iter().map(|one| one.lease).collect();
        assert_eq!(store.record("w", &[], &leases, now).unwrap().granted.len(), leases.len());
        let token = store.unsubscribe_token("members", &person(n).address);
        let bearer = store.bearer("members", &token).unwrap().unwrap();
        assert!(store.unsubscribe("members", &bearer, &page).unwrap());
    };
    // The statements of all of it are known to the session.
    work(&mut store, 0);
    let steps: [Step<'_>; 4] = [
        &|store, n| work(store, n),
        &|store, _| assert_eq!(store.status("members").unwrap().active, 0),
        &|store, _| assert!(store.person("r0@x.example").unwrap().is_some()),
        &|store, n| assert!(store.renew("w", until, now).is_ok(), "{n}"),
    ];
    for (turn, step) in steps.iter().enumerate() {
        // At once, and where the session was idle for a while.
        for rest in [0, 1200] {
            assert!(server.end_sessions(&database) > 0);
            thread::sleep(std::time::Duration::from_millis(rest));
            step(&mut store, 1 + turn * 2 + usize::from(rest > 0));
        }
    }
}
