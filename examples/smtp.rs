//! Sends one message to many over SMTP, with the engine and the store that campaigns are sent with: a column for
//! comparisons with other senders.
//!
//! ```text
//! smtp queue STORE      puts the readers of RCPT_FILE into a new store and queues a campaign to SMTP_N of them
//! smtp deliver STORE    sends it
//! smtp compose STORE    makes its messages, one after the other, and sends none: what that costs by itself
//!
//! SMTP_N       how many
//! SMTP_FROM    from whom
//! MSG_FILE     a message of text and HTML
//! RCPT_FILE    a heading, then lines that begin with an address
//! SMTP_HOST    the server; with SMTP_PORT and SMTP_SESSIONS
//! DKIM_KEY     a PEM file to sign with; unsigned without it
//! ```

use std::collections::BTreeMap;
use std::env::var;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use mail_parser::{Message, MessageParser};
use masthead::config::Mail;
use masthead::deliver::dkim::Signer;
use masthead::deliver::smtp::{
    DomainRates, Letter, Letters as _, Limits, Relay, Security, Settings, deliver_alone, tls,
};
use masthead::deliver::{Extras, Mailing, MessageIds, Sender, Verp};
use masthead::model::{
    Claim, Clock, DeliveryState, Detail, Digest, IssueKey, Language, Lease, Leased, Marks, NewCampaign, NewSubscriber,
    Queue, Recipient,
};
use masthead::store::Store;
use mimalloc::MiMalloc;

/// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The time since the program began.
struct Watch(Instant, DateTime<Utc>);

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        self.1 + TimeDelta::from_std(self.elapsed()).unwrap_or_default()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["queue", store] => queue(Path::new(store)),
        ["deliver", store] => send(Path::new(store)),
        ["compose", store] => compose(Path::new(store)),
        _ => panic!("smtp queue|deliver|compose STORE"),
    }
}

fn number(name: &str) -> usize {
    var(name).ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} is a number"))
}

fn sender() -> Sender {
    Sender::new(&Mail { from: var("SMTP_FROM").ok(), ..Mail::default() }, &[]).unwrap()
}

/// The message as a digest, as long as it is in the file: what a message of ours has beside its text is taken from that.
fn digest(sender: &Sender) -> Digest {
    let bytes = std::fs::read(var("MSG_FILE").expect("MSG_FILE names a message")).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    let text = message.body_text(0).unwrap();
    let recipient = Recipient {
        address: "reader1@example.org".to_owned(),
        name: Some("Reader 1".to_owned()),
        language: None,
        list: "members".to_owned(),
        token: "t".repeat(60),
    };
    let sample = Leased {
        lease: Lease { delivery: 1, epoch: 1 },
        recipient,
        message_id: "0".repeat(54),
        attempts: 0,
        first_tried: None,
    };
    let mut kept = text.len();
    loop {
        let digest = digest_of(&message, &text[..kept]);
        let mailing = Mailing::new(&digest, sender, Extras::default()).unwrap();
        let excess = mailing.message(&sample).unwrap().bytes().len().saturating_sub(bytes.len());
        if excess == 0 {
            return digest;
        }
        kept -= excess.div_ceil(2);
    }
}

fn digest_of(message: &Message<'_>, text: &str) -> Digest {
    let marks = Marks::unlike(text);
    let (greeting, unsubscribe) = (marks.greeting(), marks.unsubscribe());
    Digest {
        issue: IssueKey { series: "bench".to_owned(), ordinal: 1 },
        revision: 1,
        date: DateTime::UNIX_EPOCH,
        language: Language::parse("en").unwrap(),
        greeting: "Dear {name},".to_owned(),
        greeting_without_name: "Dear reader,".to_owned(),
        frames: BTreeMap::new(),
        marks,
        detail: Detail::Articles,
        subject: message.subject().unwrap_or("A message").to_owned(),
        html: format!("<p>{greeting}</p>{}<a href=\"{unsubscribe}\">Unsubscribe</a>", message.body_html(0).unwrap()),
        text: format!("{greeting}\n\n{text}\n{unsubscribe}\n"),
        page: None,
        archive: None,
    }
}

fn queue(path: &Path) {
    let _ = std::fs::remove_file(path);
    let mut store = Store::open(path).unwrap();
    let readers = std::fs::read_to_string(var("RCPT_FILE").expect("RCPT_FILE names a list")).unwrap();
    let known: Vec<&str> = readers.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let count = number("SMTP_N");
    let now = DateTime::UNIX_EPOCH;
    let person = |n: usize| NewSubscriber {
        // More than there are in the file are told apart by what follows a `+`.
        address: match n / known.len() {
            0 => known[n].to_owned(),
            round => known[n % known.len()].replacen('@', &format!("+{round}@"), 1),
        },
        name: Some(format!("Reader {n}")),
        language: None,
    };
    store.import("members", &(0..count).map(person).collect::<Vec<_>>(), now).unwrap();
    let sender = sender();
    let campaign = NewCampaign {
        issue: IssueKey { series: "bench".to_owned(), ordinal: 1 },
        revision: 1,
        lists: vec!["members".to_owned()],
        starts: now,
    };
    let ids = MessageIds::new(&store.message_id_key(), &sender);
    let mut choose = |to: &Recipient| Some(ids.make(&campaign.issue, campaign.revision, &to.address));
    assert_eq!(store.start(&campaign, &mut choose, now).unwrap(), count as u64);
}

/// The messages of the campaign.
fn mailing(store: &Store) -> Mailing {
    let sender = sender();
    let signers = match var("DKIM_KEY") {
        Ok(key) if !key.is_empty() => {
            vec![Signer::new(sender.domain(), "bench", &std::fs::read(key).unwrap()).unwrap()]
        }
        _ => Vec::new(),
    };
    let verp = Verp::new(&format!("b@{}", sender.domain()), &store.return_path_key().unwrap()).unwrap();
    let extras = Extras { signers, verp: Some(verp), ..Extras::default() };
    Mailing::new(&digest(&sender), &sender, extras).unwrap()
}

fn compose(path: &Path) {
    let mut store = Store::open(path).unwrap();
    let mailing = mailing(&store);
    let clock = Watch(Instant::now(), Utc::now());
    let (worker, until) = ("compose".to_owned(), clock.now() + TimeDelta::minutes(10));
    let claim = Claim { campaign: 1, worker, most: number("SMTP_N"), lists: Vec::new(), except: Vec::new(), until };
    let claimed = store.claim(&claim, clock.now()).unwrap();
    let begun = clock.elapsed();
    let bytes: usize = claimed.iter().map(|one| length(&mailing.compose(one).unwrap())).sum();
    let each = clock.elapsed().saturating_sub(begun).as_secs_f64() * 1e6 / claimed.len() as f64;
    println!("{} made, {each:.1} us and {} bytes each", claimed.len(), bytes / claimed.len());
}

fn length(letter: &Letter<'_>) -> usize {
    letter.pieces.iter().map(|piece| piece.len()).sum()
}

fn send(path: &Path) {
    let mut store = Store::open(path).unwrap();
    let mailing = mailing(&store);
    let host = var("SMTP_HOST").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let relay = Relay {
        name: "bench".to_owned(),
        host,
        port: number("SMTP_PORT") as u16,
        security: Security::Clear,
        tls: tls(None).unwrap(),
        credentials: None,
        connections: number("SMTP_SESSIONS"),
        rate: None,
    };
    let settings = Settings {
        relays: vec![relay],
        helo: "bench.example".to_owned(),
        limits: Limits::default(),
        rate: None,
        domain_rates: DomainRates::default(),
        worker: format!("bench-{}", std::process::id()),
        lease: Duration::from_secs(600),
        is_shared: false,
        passed_over: std::collections::BTreeSet::new(),
        ending: std::sync::Arc::default(),
    };
    let clock = Watch(Instant::now(), Utc::now());
    let summary = deliver_alone(&mut store, 1, &mailing, &settings, &clock).unwrap();
    let (count, recorded) = (number("SMTP_N") as u64, store.progress(1, clock.now()).unwrap());
    assert_eq!((summary.sent, recorded.count(DeliveryState::Sent)), (count, count), "{summary:?}");
    println!("{count} sent and recorded, {:.0} a second", count as f64 / clock.elapsed().as_secs_f64());
}
