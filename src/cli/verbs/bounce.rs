//! `masthead bounce`: what came back of the mail that went out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::cli::args::MailboxOf;
use crate::cli::mailbox::{self, Letter, Mailbox};
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::config::Config;
use crate::deliver::bounce::{self, Reading, RecipientReport, Trace};
use crate::error::{Result, Warning};
use crate::model::{BounceClass, BounceEvent, Evidence, SOFT_BOUNCES, Tried, address_identity};
use crate::store::{Store, is_of_erased};

/// What is said of a report to a return path that is none of ours, and what may help.
const NOT_OURS: [&str; 2] = [
    "the report came to a return path that no known secret made for a message of this store, so nothing was done",
    "it is kept for another run: give that the MASTHEAD_SECRET, or the store, of the run that sent",
];
/// The same where its number is that of somebody else here.
const NOT_THEIRS: [&str; 2] = [
    "the report came to a return path of an earlier version, and names nobody whom this store sent that message, so nothing was done",
    "it is about mail of another store, or of one from before a `restore`: `masthead subscribers remove LIST ADDRESS` does what it asks",
];

/// What may help where nothing keeps the report.
const KEPT_NOWHERE: &str = "it was handed over by standard input, and nothing keeps it: see to it that whoever hands reports over gives the \
                            MASTHEAD_SECRET, and the store, of the run that sends";

/// Reads a mailbox, keeps what it says, and stops writing to addresses that are dead or whose readers complained.
pub(super) fn run(session: &mut Session, of: &MailboxOf) -> Result<Report> {
    let mailbox = Mailbox::open(of)?;
    session.is_handed_over = Mailbox::is_input(of);
    let config = session.config()?;
    let lock = session.lock(&config)?;
    let mut store = mailing::store(&config)?;
    let keys = store.return_path_keys()?;
    let (is_quiet, is_handed_over) = (session.global.quiet, session.is_handed_over);
    let mut told = Told { is_quiet, is_handed_over, ..Told::default() };
    let mut warnings = std::mem::take(&mut session.warnings);
    let (mut untidied, now) = (Vec::new(), session.now);
    let read = mailbox.each(&mut warnings, &mut |warnings, letter| {
        session.progress(format!("{} read", counted(told.messages, "message")));
        let (place, file) = letter.whereabouts();
        if told.take(&mut store, &config, &keys, &letter, now, warnings)? {
            untidied.extend(mailbox.tidy(&place, file.as_deref()).err());
        }
        Ok(())
    });
    session.warnings = warnings;
    read?;
    let said = std::mem::take(&mut told.said);
    session.defer(lock, move || store.keep_said(&said));
    let mut report = told.report();
    mailbox::tell_untidied(session, &mut report, untidied);
    Ok(report)
}

/// What a run found.
#[derive(Default)]
struct Told {
    is_quiet: bool,
    /// Whether nothing keeps what this run leaves.
    is_handed_over: bool,
    /// What a quiet run says of messages that stay where they are, and is not to say again.
    said: Vec<String>,
    messages: usize,
    classes: BTreeMap<&'static str, usize>,
    known: usize,
    forged: usize,
    unknown: usize,
    unreadable: usize,
    suppressed: Vec<String>,
    unsubscribed: Vec<String>,
    /// Reports about people who were erased.
    erased: usize,
    /// Messages to them that were taken out of the outbox.
    taken_back: usize,
    events: Vec<Value>,
}

impl Told {
    /// Deals with one message; whether it may be taken out of the mailbox. What a message leads to is done before it is
    /// kept as read: a run that dies in between does it again, which changes nothing.
    fn take(
        &mut self,
        store: &mut Store,
        config: &Config,
        keys: &[Vec<u8>],
        letter: &Letter,
        now: DateTime<Utc>,
        warnings: &mut Vec<Warning>,
    ) -> Result<bool> {
        let reading = bounce::read(&letter.bytes);
        if !reading.is_message {
            self.unreadable += 1;
            warnings.push(Warning::new("this is no message: it has no header fields").at(letter.place.clone()));
            return Ok(false);
        }
        self.messages += 1;
        if store.bounce_is_known(&reading.key)? {
            self.known += 1;
            return Ok(may_go(&reading));
        }
        *self.classes.entry(reading.class.as_str()).or_default() += 1;
        let mut sent = |delivery| Ok(store.tried(delivery)?.map(|tried| tried.message_id));
        let events = match bounce::trace(&reading, keys, &mut sent)? {
            Trace::Delivery(delivery) => events_of(&reading, store.tried(delivery)?, Evidence::ReturnPath),
            Trace::MessageIds(ids) => by_message_id(store, config, &reading, &ids)?,
            Trace::Number(delivery) => match store.tried(delivery)? {
                Some(tried) if is_of_another_store(&reading, &tried) => {
                    return self.leave(store, &reading, letter, &NOT_THEIRS, warnings);
                }
                tried => events_of(&reading, tried, Evidence::ReturnPath),
            },
            // Of who was erased, nothing is left by which their message could be known; and nothing follows.
            Trace::Forged(delivery) => match store.tried(delivery)? {
                Some(tried) if is_of_erased(&tried.address) => events_of(&reading, Some(tried), Evidence::ReturnPath),
                _ => return self.leave(store, &reading, letter, &NOT_OURS, warnings),
            },
        };
        for event in &events {
            self.act(store, config, event, now)?;
            self.events.push(json!({"place": letter.place, "event": event}));
        }
        // Of whom we did not write to, nothing is kept.
        let of_ours: Vec<BounceEvent> = events.into_iter().filter(|event| event.evidence != Evidence::None).collect();
        store.keep_bounce(&reading.key, reading.class, &of_ours, now)?;
        Ok(may_go(&reading))
    }

    /// Leaves a report for another run, which may have the secret or the store that this one lacks: it is neither acted on
    /// nor kept as read.
    fn leave(
        &mut self,
        store: &Store,
        reading: &Reading,
        letter: &Letter,
        [message, hint]: &[&str; 2],
        warnings: &mut Vec<Warning>,
    ) -> Result<bool> {
        self.forged += 1;
        if self.is_handed_over {
            // Whoever would have it tried again would have anybody fill the queue of the mail server.
            warnings.push(Warning::new(*message).at(letter.place.clone()).hint(KEPT_NOWHERE).once());
            return Ok(false);
        }
        let warning = Warning::new(*message).at(letter.place.clone()).hint(*hint);
        let what = format!("report {}", reading.key);
        warnings.push(if store.was_said(&what)? { warning } else { warning.once() });
        self.said.extend(self.is_quiet.then_some(what));
        Ok(false)
    }

    fn act(&mut self, store: &mut Store, config: &Config, event: &BounceEvent, now: DateTime<Utc>) -> Result<()> {
        let proven = matches!(event.evidence, Evidence::ReturnPath | Evidence::MessageId);
        match event.class {
            _ if event.evidence == Evidence::None => {
                self.unknown += 1;
                return Ok(());
            }
            // Nothing is written to them in any case, and nobody is to be named.
            _ if is_of_erased(&event.address) => {
                self.erased += 1;
                return Ok(());
            }
            BounceClass::Complaint if proven => {
                store.remove_from_all(&event.address, now)?;
                store.suppress(&event.address, "complaint", now)?;
                once(&mut self.unsubscribed, &event.address);
            }
            BounceClass::Hard if proven => {
                store.suppress(&event.address, &format!("hard bounce: {}", event.reason.as_str()), now)?;
                once(&mut self.suppressed, &event.address);
            }
            // This one is not kept yet.
            _ if event.counts && store.soft_bounces_with(event, now)? >= SOFT_BOUNCES => {
                store.suppress(&event.address, &format!("{SOFT_BOUNCES} soft bounces"), now)?;
                once(&mut self.suppressed, &event.address);
            }
            _ => return Ok(()),
        }
        let came_back = event.tried.as_ref().map(|tried| tried.delivery);
        self.taken_back += mailing::take_back_from(config, store, &event.address, None, came_back, now)?;
        Ok(())
    }

    fn report(self) -> Report {
        let mut report = Report::default();
        let classes = ["hard", "soft", "complaint", "auto-reply", "not-a-bounce"];
        let count = |class: &str| self.classes.get(class).copied().unwrap_or_default();
        let told: Vec<String> = classes.iter().map(|class| format!("{} {class}", count(class))).collect();
        report.line(format!("{}: {}", counted(self.messages, "message"), told.join(", ")));
        if self.known > 0 {
            report.line(format!("{} of them were read before", self.known));
        }
        if self.unknown > 0 {
            report.line(format!("{} about addresses that were not written to", counted(self.unknown, "report")));
        }
        if self.erased > 0 {
            report.line(format!(
                "{} about people who were erased, to whom nothing is sent",
                counted(self.erased, "report")
            ));
        }
        if self.forged > 0 {
            let kept = if self.is_handed_over { "that nothing keeps" } else { "kept for another run" };
            report.line(format!(
                "{} {kept}: return paths of no known secret, or of another store",
                counted(self.forged, "report")
            ));
        }
        for address in &self.suppressed {
            report.line(format!("suppressed: {address}"));
        }
        for address in &self.unsubscribed {
            report.line(format!("unsubscribed after a complaint: {address}"));
        }
        if self.taken_back > 0 {
            report.line(format!("{} to them taken from the outbox", counted(self.taken_back, "message")));
        }
        report.set("messages", json!(self.messages));
        report.set("taken_back", json!(self.taken_back));
        report.set("classes", json!(classes.iter().map(|class| (*class, count(class))).collect::<BTreeMap<_, _>>()));
        report.set("known", json!(self.known));
        report.set("forged", json!(self.forged));
        report.set("not_written_to", json!(self.unknown));
        report.set("erased", json!(self.erased));
        report.set("unreadable", json!(self.unreadable));
        report.set("suppressed", json!(self.suppressed));
        report.set("unsubscribed", json!(self.unsubscribed));
        report.set("events", json!(self.events));
        report
    }
}

/// Whether a message may be taken out of the mailbox once it is dealt with: not a letter, nor what its words alone make
/// something else, which a person may have written.
fn may_go(reading: &Reading) -> bool {
    reading.class != BounceClass::NotABounce && reading.is_certain
}

/// Adds an address that is not there yet.
fn once(addresses: &mut Vec<String>, address: &str) {
    if !addresses.iter().any(|known| known == address) {
        addresses.push(address.to_owned());
    }
}

/// Whether a report to a return path of an earlier version, which numbers the delivery alone, is about another message than
/// the one that has this number here. Relays may give a message another Message-ID, and servers hand it on to other
/// addresses: one that agrees is enough. A report that names nothing is believed.
fn is_of_another_store(reading: &Reading, tried: &Tried) -> bool {
    if is_of_erased(&tried.address) {
        return false;
    }
    let identity = address_identity(&tried.address);
    let mut named = reading.recipients.iter().map(|one| &one.address).chain(&reading.returned.to).peekable();
    let returned = reading.returned.message_id.as_ref();
    let names_any = returned.is_some() || named.peek().is_some();
    names_any && returned != Some(&tried.message_id) && !named.any(|one| address_identity(one) == identity)
}

/// The events of a report that names one delivery: of several recipients the gravest, about the person we wrote to.
fn events_of(reading: &Reading, tried: Option<Tried>, evidence: Evidence) -> Vec<BounceEvent> {
    let gravest = reading.recipients.iter().max_by_key(|recipient| recipient.class);
    match (gravest, tried) {
        (Some(recipient), Some(tried)) => vec![event(recipient, Some(tried), evidence)],
        (None, Some(tried)) if reading.class == BounceClass::Complaint => {
            let complaint = RecipientReport::complaint(&tried.address, "other");
            vec![event(&complaint, Some(tried), evidence)]
        }
        // A return path of ours whose delivery is not in this store.
        (_, None) => reading.recipients.iter().map(|recipient| event(recipient, None, Evidence::None)).collect(),
        (None, Some(_)) => Vec::new(),
    }
}

/// The events of a report that may name a Message-ID of ours; else by the addresses that it names. One that it only answers
/// says nothing of whoever that went to unless the report names them too: readers answer what they got.
fn by_message_id(store: &Store, config: &Config, reading: &Reading, ids: &[String]) -> Result<Vec<BounceEvent>> {
    for id in ids {
        let Some(tried) = store.tried_as(id)? else { continue };
        let identity = address_identity(&tried.address);
        let names_them = || reading.recipients.iter().any(|one| address_identity(&one.address) == identity);
        if reading.returned.message_id.as_ref() == Some(id) || names_them() {
            return Ok(events_of(reading, Some(tried), Evidence::MessageId));
        }
    }
    let mut events = Vec::new();
    for recipient in &reading.recipients {
        let tried = store.tried_to(&recipient.address)?;
        let evidence = if tried.is_some() { Evidence::Address } else { Evidence::None };
        let event = event(recipient, tried, evidence);
        // Where each message has a return path of its own, servers write to that; what does not is anybody's.
        events.push(BounceEvent { counts: event.counts && config.mail.bounces.is_none(), ..event });
    }
    Ok(events)
}

fn event(recipient: &RecipientReport, tried: Option<Tried>, evidence: Evidence) -> BounceEvent {
    let address = tried.as_ref().map_or(&recipient.address, |tried| &tried.address).clone();
    let failed = matches!(recipient.class, BounceClass::Hard | BounceClass::Soft) && !recipient.delayed;
    // Servers name whom they speak of, and whoever was erased is not named.
    let diagnosis = if is_of_erased(&address) { String::new() } else { recipient.diagnosis.clone() };
    BounceEvent {
        address,
        class: recipient.class,
        reason: recipient.reason,
        status: recipient.status,
        code: recipient.code,
        diagnosis,
        evidence,
        tried,
        counts: failed && !recipient.reason.is_policy() && evidence != Evidence::None,
    }
}
