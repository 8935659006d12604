//! One message, read as a whole.

use serde::Serialize;

use super::addresses::{address_in, addresses};
use super::automatic::is_automatic;
use super::delivery_status::{self, Action, RecipientFields};
use super::feedback::{Feedback, feedback};
use super::headers::Headers;
use super::lines::normalised;
use super::mime::{Role, parts};
use super::notice::{self, Notice};
use super::notification::{Notification, notification};
use super::reason::{of_words, reason_at, squeezed};
use super::reply::{Reply, reply};
use super::stage::Stage;
use crate::model::{BounceClass, BounceReason, EnhancedStatus};

/// How much of a server's words a report keeps, in characters.
const DIAGNOSIS: usize = 400;

/// What a message in the mailbox says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it is; of several recipients the gravest.
    pub class: BounceClass,
    /// What became of whom; empty unless it is a bounce or a complaint.
    pub recipients: Vec<RecipientReport>,
    /// Its own Message-ID, without the angle brackets.
    pub message_id: Option<String>,
    /// The addresses it was sent to, one of which may be a return path of ours.
    pub sent_to: Vec<String>,
    /// What it returns of the message that it is about.
    pub returned: Returned,
}

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecipientReport {
    /// The address that the message was sent to, or the one it was handed on to when only that is named.
    pub address: String,
    /// Hard, soft, complaint; `NotABounce` when the report tells of success.
    pub class: BounceClass,
    /// Why.
    pub reason: BounceReason,
    /// The most precise status that was given; where none was, `5.0.0` or `4.0.0`, which say just that (RFC 3463 3.1).
    pub status: EnhancedStatus,
    /// The reply code (RFC 5321 4.2) that the report quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Whether the server is still trying.
    pub delayed: bool,
    /// What the server said, on one line, cut short.
    pub diagnosis: String,
}

/// The headers of the message that a report returns, as far as they help to find the delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Without the angle brackets.
    pub message_id: Option<String>,
    /// Addresses of To and Cc.
    pub to: Vec<String>,
    /// Of Return-Path and Feedback-ID.
    pub return_path: Option<String>,
}

/// Reads one message. Whatever the bytes are, this comes to an end.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    let bytes = normalised(bytes);
    let (headers, start) = Headers::read(&bytes);
    let opened = Opened::new(&headers, bytes.get(start..).unwrap_or_default());
    let returned = opened.returned.as_ref().map(returned_of).unwrap_or_default();
    let recipients = complaint(&opened, &returned).or_else(|| bounce(&headers, &opened, &returned)).unwrap_or_default();
    let class = match recipients.iter().map(|recipient| recipient.class).max() {
        Some(class) => class,
        None if is_automatic(&headers) => BounceClass::AutoReply,
        None => BounceClass::NotABounce,
    };
    Reading {
        class,
        recipients,
        message_id: headers.get("message-id").and_then(message_id),
        sent_to: sent_to(&headers),
        returned,
    }
}

/// The parts of a message by what they are for.
#[derive(Default)]
struct Opened {
    notice: String,
    returned: Option<Headers>,
    fields: Vec<RecipientFields>,
    has_report: bool,
    feedback: Option<Feedback>,
}

impl Opened {
    fn new(headers: &Headers, body: &[u8]) -> Self {
        let parts = parts(headers, body);
        let has_text = parts.iter().any(|part| part.role == Role::Text && !part.text().trim().is_empty());
        let mut opened = Self::default();
        for part in &parts {
            match part.role {
                Role::Text => opened.read_text(&part.text()),
                Role::Page if !has_text => opened.read_text(&part.text()),
                Role::DeliveryStatus => {
                    opened.has_report = true;
                    opened.fields.extend(delivery_status::recipients(&part.text()));
                }
                Role::Feedback => opened.feedback = Some(feedback(&part.bytes())),
                Role::Returned if opened.returned.is_none() => {
                    opened.returned =
                        Some(Headers::read(&normalised(&part.bytes())).0).filter(|headers| !headers.is_empty());
                }
                _ => {}
            }
        }
        match notification(&opened.notice) {
            Some(Notification::Delivery(fields)) => opened.fields = fields,
            Some(Notification::Complaint(recipients, kind)) => {
                opened.feedback = Some(Feedback { is_complaint: kind != "not-spam", kind, recipients });
            }
            None => {}
        }
        if opened.fields.is_empty() {
            // Some servers write the fields of a report as text.
            opened.fields = delivery_status::recipients(&opened.notice);
        }
        opened
    }

    fn read_text(&mut self, text: &str) {
        // What follows the returned message is the message itself.
        if self.returned.is_some() {
            return;
        }
        let Notice { text, returned } = notice::notice(text);
        self.notice.push_str(&text);
        self.notice.push('\n');
        self.returned = returned;
    }
}

fn returned_of(headers: &Headers) -> Returned {
    let to = ["to", "cc"].iter().flat_map(|name| headers.all(name)).flat_map(|value| addresses(value, 50));
    Returned {
        message_id: headers.get("message-id").and_then(message_id),
        to: to.map(|(_, address)| address).collect(),
        return_path: headers.get("return-path").and_then(address_in),
    }
}

/// "<a@b>" without its brackets.
fn message_id(value: &str) -> Option<String> {
    let id = value.split_once('<').map_or(value, |(_, id)| id).split('>').next().unwrap_or_default().trim();
    (!id.is_empty()).then(|| id.to_owned())
}

fn sent_to(headers: &Headers) -> Vec<String> {
    let names = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to"];
    let mut found: Vec<String> = Vec::new();
    for (_, address) in names.iter().flat_map(|name| headers.all(name)).flat_map(|value| addresses(value, 20)) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

fn complaint(opened: &Opened, returned: &Returned) -> Option<Vec<RecipientReport>> {
    let feedback = opened.feedback.as_ref()?;
    let class = if feedback.is_complaint { BounceClass::Complaint } else { BounceClass::NotABounce };
    let recipients = if feedback.recipients.is_empty() { &returned.to } else { &feedback.recipients };
    let report = |address: &String| RecipientReport {
        address: address.clone(),
        class,
        reason: BounceReason::Complaint,
        status: EnhancedStatus::new(5, 0, 0),
        code: None,
        delayed: false,
        diagnosis: format!("feedback of the kind `{}`", shown(&feedback.kind)),
    };
    Some(recipients.iter().map(report).collect())
}

/// The recipients of a bounce; `None` when the message is none.
fn bounce(headers: &Headers, opened: &Opened, returned: &Returned) -> Option<Vec<RecipientReport>> {
    if !opened.fields.is_empty() {
        let known: Vec<String> = opened.fields.iter().map(address_of).collect();
        let about = notice::about(&opened.notice, &known);
        let pairs = opened.fields.iter().zip(known.iter().zip(&about));
        return Some(pairs.map(|(fields, (address, about))| of_fields(address, fields, about)).collect());
    }
    let from_server = is_from_server(headers) || opened.has_report;
    let subject = squeezed(&headers.text("subject"));
    let words = squeezed(&opened.notice);
    let says_so =
        SUBJECTS.iter().any(|sign| subject.contains(sign)) || SENTENCES.iter().any(|sign| words.contains(sign));
    if !from_server && (!says_so || is_automatic(headers)) {
        return None;
    }
    let said = reply(&opened.notice);
    if !says_so && said == Reply::default() && of_words(&words).is_none() {
        return None;
    }
    let recipients = recipients_in_words(headers, opened, returned);
    let about = notice::about(&opened.notice, &recipients);
    let pairs = recipients.iter().zip(&about);
    let reports: Vec<RecipientReport> =
        pairs.map(|(address, about)| of_words_about(address, about, &opened.notice)).collect();
    (!reports.is_empty()).then_some(reports)
}

/// Subjects of reports, in lower case.
const SUBJECTS: [&str; 24] = [
    "undeliver",
    "returned mail",
    "mail delivery fail",
    "delivery fail",
    "delivery status notification",
    "failure notice",
    "delivery notification",
    "mail failure",
    "delivery problem",
    "could not be delivered",
    "non delivery",
    "nondeliverable",
    "non-delivery",
    "mail system error",
    "returned to sender",
    "delivery error",
    "message you sent",
    "delivery report",
    "mail could not",
    "message delayed",
    "delivery delayed",
    "warning: message",
    "rejected mail",
    "non remis",
];

/// Sentences of reports, in lower case.
const SENTENCES: [&str; 12] = [
    "could not be delivered",
    "unable to deliver",
    "was not delivered",
    "undeliverable",
    "error delivering",
    "delivery failed",
    "had permanent fatal errors",
    "had delivery errors",
    "delivery to the following",
    "wasn't able to deliver",
    "transcript of session follows",
    "error occurred while trying to deliver",
];

/// Whether a message comes from a mail server rather than from a person: by its sender, its empty return path, or a field
/// that only servers set.
fn is_from_server(headers: &Headers) -> bool {
    notice::is_server(&headers.text("from"))
        || headers.get("x-failed-recipients").is_some()
        || headers.get("return-path").is_some_and(|path| path.trim() == "<>" && !is_automatic(headers))
        || headers.get("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("delivery-status"))
        || headers.all("received").any(|hop| hop.contains("invoked for bounce") || hop.contains("from MAILER-DAEMON"))
}

/// Whom a report in words is about: what a field of its headers says; else who is pointed at in it, or is named and was
/// written to; else who is named in it; else the only one who was written to.
fn recipients_in_words(headers: &Headers, opened: &Opened, returned: &Returned) -> Vec<String> {
    let failed: Vec<String> = headers
        .all("x-failed-recipients")
        .flat_map(|value| addresses(value, 100))
        .map(|(_, address)| address)
        .collect();
    if !failed.is_empty() {
        return failed;
    }
    let mut own: Vec<String> =
        headers.all("to").flat_map(|value| addresses(value, 20)).map(|(_, address)| address).collect();
    let senders = ["from", "sender", "reply-to", "return-path"];
    own.extend(
        senders
            .iter()
            .flat_map(|name| headers.all(name))
            .flat_map(|value| addresses(value, 20))
            .map(|(_, address)| address),
    );
    let of_returned = |name: &'static str| opened.returned.iter().flat_map(move |headers| headers.all(name));
    own.extend(
        senders
            .iter()
            .flat_map(|name| of_returned(name))
            .flat_map(|value| addresses(value, 20))
            .map(|(_, address)| address),
    );
    let is_own = |address: &str| {
        let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let server = ["mailer-daemon", "postmaster", "abuse"].contains(&local.as_str());
        let written_to = returned.to.iter().any(|to| to.eq_ignore_ascii_case(address));
        !written_to && (server || own.iter().any(|own| own.eq_ignore_ascii_case(address)))
    };
    let named = notice::named(&opened.notice, is_own);
    let mut sure = notice::pointed(&opened.notice, &named);
    let written_to = named.iter().filter(|one| returned.to.iter().any(|to| to.eq_ignore_ascii_case(one)));
    let more: Vec<&String> = written_to.filter(|one| !sure.contains(one)).collect();
    sure.extend(more.into_iter().cloned());
    match (sure.is_empty(), named.is_empty()) {
        (false, _) => sure,
        (true, false) => named,
        (true, true) if returned.to.len() == 1 => returned.to.clone(),
        (true, true) => Vec::new(),
    }
}

fn address_of(fields: &RecipientFields) -> String {
    let original = fields.original.as_ref().filter(|address| address.contains('@'));
    original.or(fields.last.as_ref()).cloned().unwrap_or_default()
}

/// What the fields of a report say of a recipient; where they say little, what the words beside them do.
fn of_fields(address: &str, fields: &RecipientFields, about: &str) -> RecipientReport {
    let said = reply(&fields.diagnostic);
    let beside = reply(about);
    let precise = |status: &EnhancedStatus| status.is_precise();
    let status = (said.status.filter(precise))
        .or_else(|| fields.status.filter(precise))
        // What the other server said counts, even when it said nothing precise.
        .or_else(|| beside.status.filter(|status| said.status.is_none() && precise(status)))
        .or(said.status)
        .or(fields.status);
    let code = said.code.or(beside.code);
    let words = squeezed(about);
    let stage = Stage::of_words(&words);
    let mut reason = reason_at(stage, code, status, &fields.diagnostic);
    let has_words = !fields.diagnostic.trim().is_empty();
    if reason == BounceReason::Unknown || !has_words {
        reason = of_words(&words).map_or(reason, |_| reason_at(stage, code, status, about));
    }
    let diagnosis = if has_words { &fields.diagnostic } else { about };
    report(address, fields.action, reason, status, code, diagnosis)
}

/// What words say of a recipient.
fn of_words_about(address: &str, about: &str, notice: &str) -> RecipientReport {
    let about = if about.trim().is_empty() { notice } else { about };
    let said = reply(about);
    let words = squeezed(about);
    let reason = reason_at(Stage::of_words(&words), said.code, said.status, about);
    let trying = [
        "will be retried",
        "still trying",
        "will keep trying",
        "has been delayed",
        "is delayed",
        "temporary problem",
        "temporary failure",
        "temporarily deferred",
    ];
    let action = if trying.iter().any(|sign| words.contains(sign)) { Action::Delayed } else { Action::Failed };
    report(address, action, reason, said.status, said.code, about)
}

fn report(
    address: &str,
    action: Action,
    reason: BounceReason,
    status: Option<EnhancedStatus>,
    code: Option<u16>,
    diagnosis: &str,
) -> RecipientReport {
    let permanent = match (status, code) {
        (Some(status), _) => status.class == 5,
        (None, Some(code)) => code / 100 == 5,
        (None, None) => action == Action::Failed,
    };
    let class = match action {
        Action::Delivered => BounceClass::NotABounce,
        Action::Failed if permanent && reason.is_hard() => BounceClass::Hard,
        Action::Failed | Action::Delayed => BounceClass::Soft,
    };
    let unsaid = EnhancedStatus::new(if permanent { 5 } else { 4 }, 0, 0);
    RecipientReport {
        address: address.to_owned(),
        class,
        reason,
        status: status.unwrap_or(unsaid),
        code,
        delayed: action == Action::Delayed,
        diagnosis: shown(diagnosis),
    }
}

/// Words of a server on one line, fit to be printed.
fn shown(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(DIAGNOSIS).collect()
}
