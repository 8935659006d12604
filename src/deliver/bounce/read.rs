//! One message, read as a whole.

use serde::Serialize;

use super::addresses::address_in;
use super::automatic::{self, is_automatic};
use super::delay;
use super::delivery_status::{self, Action, RecipientFields};
use super::feedback::{Feedback, feedback};
use super::headers::Headers;
use super::lines::normalised;
use super::mime::{Role, is_cut, parts};
use super::notice::{self, Notice};
use super::notification::{Event, notification};
use super::reason::{of_words, reason_at, squeezed};
use super::reply::reply;
use super::signs::{self, Writer};
use super::stage::Stage;
use super::whom::{addresses_of, in_words, sent_to};
use super::why::why;
use crate::model::{BounceClass, BounceReason, EnhancedStatus, sha256_hex};

/// How much of a server's words a report keeps, in characters.
const DIAGNOSIS: usize = 400;

/// What a message in the mailbox says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it is; of several recipients the gravest.
    pub class: BounceClass,
    /// Whether its form, its sender's name or a field that people do not set says so, and not its words alone, which anybody
    /// may have written.
    pub is_certain: bool,
    /// What became of whom; empty unless it is a bounce or a complaint.
    pub recipients: Vec<RecipientReport>,
    /// Its own Message-ID, without the angle brackets.
    pub message_id: Option<String>,
    /// The addresses it was sent to, one of which may be a return path of ours.
    pub sent_to: Vec<String>,
    /// What it returns of the message that it is about.
    pub returned: Returned,
    /// The Message-IDs that it answers (In-Reply-To, References), without the angle brackets.
    pub answers: Vec<String>,
    /// Whether it has header fields, as every message has.
    pub is_message: bool,
    /// By which the same message is known again, however often and in which file it is met.
    pub key: String,
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

impl RecipientReport {
    /// A complaint of this kind (RFC 5965 3.1), by whom the delivery is known to have gone to.
    #[must_use]
    pub fn complaint(address: &str, kind: &str) -> Self {
        Self {
            address: address.to_owned(),
            class: BounceClass::Complaint,
            reason: BounceReason::Complaint,
            status: EnhancedStatus::new(5, 0, 0),
            code: None,
            delayed: false,
            diagnosis: format!("feedback of the kind `{}`", shown(kind)),
        }
    }
}

/// The headers of the message that a report returns, as far as they help to find the delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Without the angle brackets.
    pub message_id: Option<String>,
    /// Addresses of To and Cc.
    pub to: Vec<String>,
    /// Where its bounces were to go.
    pub return_path: Option<String>,
    /// The same as a report of feedback names it (RFC 5965, 3.2).
    pub reported_path: Option<String>,
}

/// Reads one message. Whatever the bytes are, this comes to an end.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    let bytes = normalised(bytes);
    let (headers, start) = Headers::read(&bytes);
    let body = bytes.get(start..).unwrap_or_default();
    let opened = Opened::new(&headers, body);
    let told = opened.told.clone();
    let mut returned = opened.returned.as_ref().map(returned_of).or(told).unwrap_or_default();
    if let Some(path) = opened.feedback.as_ref().and_then(|feedback| feedback.mail_from.clone()) {
        returned.reported_path = Some(path);
    }
    let writer = signs::writer(&headers);
    // What people hand on of a report stays what they hand on, as parts too.
    let is_letter = writer == Writer::Person && signs::is_personal(&headers);
    let complained = opened.feedback.as_ref().filter(|_| !is_letter);
    let recipients = complained
        .map(|feedback| complaint(feedback, &returned))
        .or_else(|| if is_letter { None } else { bounce(&headers, &opened, &returned) })
        .unwrap_or_default();
    let class = match recipients.iter().map(|recipient| recipient.class).max() {
        Some(class) => class,
        // Many providers leave out who complained.
        None if complained.is_some_and(|feedback| feedback.is_complaint) => BounceClass::Complaint,
        None if complained.is_none() && is_automatic(&headers) => BounceClass::AutoReply,
        None => BounceClass::NotABounce,
    };
    let is_certain = match class {
        BounceClass::NotABounce | BounceClass::AutoReply => automatic::has_field(&headers),
        _ => opened.has_report || complained.is_some() || writer == Writer::Server && !signs::may_be_person(&headers),
    };
    let message_id = headers.get("message-id").and_then(message_id);
    let sent_to = sent_to(&headers);
    Reading {
        class,
        is_certain,
        key: key(message_id.as_deref(), &sent_to, &recipients, &bytes, is_cut(&headers, body)),
        recipients,
        message_id,
        sent_to,
        returned,
        answers: answers(&headers),
        is_message: !headers.is_empty(),
    }
}

/// A hash of what makes a report this report: its Message-ID, to whom it came, about whom it is and of whom it is a warning
/// alone, because some servers use one Message-ID for all reports about a message. One that was cut short is another: the whole
/// may say more. Of a message without a Message-ID, a hash of all of it.
fn key(
    message_id: Option<&str>,
    sent_to: &[String],
    recipients: &[RecipientReport],
    bytes: &[u8],
    is_cut: bool,
) -> String {
    let Some(message_id) = message_id else { return sha256_hex(bytes) };
    let about = |recipient: &RecipientReport| {
        let warning = if recipient.delayed { " is late" } else { "" };
        [recipient.address.as_str(), warning].concat()
    };
    let about: Vec<String> = recipients.iter().map(about).collect();
    let end = if is_cut { "\nwithout its end" } else { "" };
    sha256_hex(format!("{message_id}\n{}\n{}{end}", sent_to.join(" "), about.join(" ")).as_bytes())
}

/// How many Message-IDs of a list are looked at.
const MOST_ANSWERED: usize = 20;

fn answers(headers: &Headers) -> Vec<String> {
    let values = ["in-reply-to", "references"].iter().flat_map(|name| headers.all(name));
    let ids = values.flat_map(|value| value.split('<').skip(1)).filter_map(message_id);
    let mut found: Vec<String> = Vec::new();
    for id in ids.take(MOST_ANSWERED) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// The parts of a message by what they are for.
#[derive(Default)]
struct Opened {
    notice: String,
    returned: Option<Headers>,
    /// What a notification tells in their stead.
    told: Option<Returned>,
    fields: Vec<RecipientFields>,
    /// Whether it has a part, or is an object, that only reports have.
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
        let notification = notification(&opened.notice);
        if let Some(notification) = &notification {
            opened.told = Some(notification.returned.clone());
            // An object has no words; what is in the message that it tells of says nothing of the delivery.
            opened.notice.clear();
        }
        match notification.map(|notification| notification.event) {
            Some(Event::Delivery(fields)) => {
                opened.has_report = true;
                opened.fields = fields;
            }
            Some(Event::Complaint(recipients, kind)) => {
                opened.feedback =
                    Some(Feedback { is_complaint: kind != "not-spam", kind, recipients, mail_from: None });
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
    Returned {
        message_id: headers.get("message-id").and_then(message_id),
        to: addresses_of(headers, &["to", "cc"]),
        return_path: headers.get("return-path").and_then(address_in),
        reported_path: None,
    }
}

/// "<a@b>" without its brackets.
pub(super) fn message_id(value: &str) -> Option<String> {
    let id = value.split_once('<').map_or(value, |(_, id)| id).split('>').next().unwrap_or_default().trim();
    (!id.is_empty()).then(|| id.to_owned())
}

fn complaint(feedback: &Feedback, returned: &Returned) -> Vec<RecipientReport> {
    let class = if feedback.is_complaint { BounceClass::Complaint } else { BounceClass::NotABounce };
    let recipients = if feedback.recipients.is_empty() { &returned.to } else { &feedback.recipients };
    let report = |address: &String| RecipientReport { class, ..RecipientReport::complaint(address, &feedback.kind) };
    recipients.iter().map(report).collect()
}

/// The recipients of a bounce; `None` when the message is none.
fn bounce(headers: &Headers, opened: &Opened, returned: &Returned) -> Option<Vec<RecipientReport>> {
    if !opened.has_report && !signs::is_report(headers, &opened.notice) {
        return None;
    }
    if !opened.fields.is_empty() {
        let known: Vec<String> = opened.fields.iter().map(address_of).collect();
        let about = notice::about(&opened.notice, &known);
        let pairs = opened.fields.iter().zip(known.iter().zip(&about));
        return Some(pairs.map(|(fields, (address, about))| of_fields(address, fields, about)).collect());
    }
    let recipients = in_words(headers, &opened.notice, opened.returned.as_ref(), returned);
    let about = notice::about(&opened.notice, &recipients);
    let is_warning = delay::is_warning(&squeezed(&opened.notice), &squeezed(&headers.text("subject")));
    let pairs = recipients.iter().zip(&about);
    let reports: Vec<RecipientReport> =
        pairs.map(|(address, about)| of_words_about(address, about, &opened.notice, is_warning)).collect();
    (!reports.is_empty()).then_some(reports)
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

/// What words say of a recipient, in a notice that as a whole is a warning or is none.
fn of_words_about(address: &str, about: &str, notice: &str, is_warning: bool) -> RecipientReport {
    let about = if about.trim().is_empty() { notice } else { about };
    let said = reply(about);
    let words = squeezed(about);
    let has_given_up = delay::has_given_up(&words);
    let is_trying = is_warning || !has_given_up && delay::is_trying(&words);
    let is_delayed = is_trying || !has_given_up && delay::is_passing(&words);
    // Whatever the warning quotes, the message has not failed.
    let status = said.status.map(|status| if is_trying { EnhancedStatus { class: 4, ..status } } else { status });
    let why = why(about, address);
    // What a warning says of itself would be read as the reason.
    let reason = reason_at(Stage::of_words(&words), said.code, status, if is_trying { why } else { about });
    let action = if is_delayed { Action::Delayed } else { Action::Failed };
    report(address, action, reason, status, said.code, why)
}

fn report(
    address: &str,
    action: Action,
    reason: BounceReason,
    status: Option<EnhancedStatus>,
    code: Option<u16>,
    diagnosis: &str,
) -> RecipientReport {
    let permanent = action == Action::Failed
        && match (status, code) {
            (Some(status), _) => status.class == 5,
            (None, Some(code)) => code / 100 == 5,
            (None, None) => true,
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
