//! `masthead unsubscribe`: mails to the address of List-Unsubscribe, where no server answers its link.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::cli::args::MailboxOf;
use crate::cli::mailbox::{self, Letter, Mailbox};
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::config::Config;
use crate::deliver::address;
use crate::deliver::bounce::{self, Request};
use crate::error::{Result, Warning};
use crate::model::{Circumstance, Way, sha256_hex, shell_word};
use crate::store::{Left, Store};

/// Reads a mailbox and unsubscribes whoever asks for it with the token of their own mail.
pub(super) fn run(session: &mut Session, of: &MailboxOf) -> Result<Report> {
    let mailbox = Mailbox::open(of)?;
    session.is_handed_over = Mailbox::is_input(of);
    let config = session.config()?;
    let lock = session.lock(&config)?;
    let mut store = mailing::store(&config)?;
    mailing::refuse_strange_secrets(&store)?;
    let (is_quiet, is_handed_over) = (session.global.quiet, session.is_handed_over);
    let mut told = Told { is_quiet, is_handed_over, ..Told::default() };
    let mut warnings = std::mem::take(&mut session.warnings);
    let (mut untidied, now) = (Vec::new(), session.now);
    let read = mailbox.each(&mut warnings, &mut |warnings, letter| {
        let (place, file) = letter.whereabouts();
        if told.take(&mut store, &config, &letter, now, warnings)? {
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
    /// Lists and addresses.
    unsubscribed: Vec<(String, String)>,
    /// The same of those who were not on the list, and stay away from it.
    kept: Vec<(String, String)>,
    known: usize,
    refused: usize,
    others: usize,
    /// Messages to them that were taken out of the outbox.
    taken_back: usize,
}

impl Told {
    /// Deals with one message; whether it may be taken out of the mailbox.
    fn take(
        &mut self,
        store: &mut Store,
        config: &Config,
        letter: &Letter,
        now: DateTime<Utc>,
        warnings: &mut Vec<Warning>,
    ) -> Result<bool> {
        self.messages += 1;
        let Some(request) = bounce::request(&letter.bytes) else {
            self.others += 1;
            return Ok(false);
        };
        let Some((list, address)) = believed(store, config, &request)? else {
            self.refused += 1;
            // Nobody else sees that somebody wants to leave. A quiet run says it once of each message.
            let warning = refusal(config, &request).at(letter.place.clone());
            let what = format!("request {}", sha256_hex(&letter.bytes));
            warnings.push(if store.was_said(&what)? { warning } else { warning.once() });
            self.said.extend(self.is_quiet.then_some(what));
            return Ok(false);
        };
        let left = store.leave(&list, &address, &Circumstance::new(now, Way::Mail))?;
        // Also where a run was stopped that had not come to it.
        self.taken_back += mailing::take_back(config, store, &address, now)?;
        match left {
            Left::Now => self.unsubscribed.push((list, address)),
            Left::Kept => self.kept.push((list, address)),
            Left::Before => self.known += 1,
        }
        Ok(true)
    }

    fn report(self) -> Report {
        let mut report = Report::default();
        let count = self.unsubscribed.len();
        report.line(format!("{}: {count} unsubscribed", counted(self.messages, "message")));
        for (list, address) in &self.unsubscribed {
            report.line(format!("{list}: {address}"));
        }
        for (list, address) in &self.kept {
            report.line(format!("{list}: {address} was not on the list, and is kept as unsubscribed"));
        }
        if self.known > 0 {
            report.line(format!("{} of those who had unsubscribed before", counted(self.known, "request")));
        }
        if self.taken_back > 0 {
            report.line(format!("{} to them taken from the outbox", counted(self.taken_back, "message")));
        }
        if self.refused > 0 {
            let left = if self.is_handed_over { " and that nothing keeps" } else { ", left where they are" };
            report.line(format!("{} that cannot be believed{left}", counted(self.refused, "request")));
        }
        if self.others > 0 {
            report.line(format!("{} not of this kind, left alone", counted(self.others, "message")));
        }
        let named = |people: &[(String, String)]| {
            people.iter().map(|(list, address)| json!({"list": list, "address": address})).collect::<Vec<_>>()
        };
        report.set("messages", json!(self.messages));
        report.set("unsubscribed", json!(named(&self.unsubscribed)));
        report.set("kept", json!(named(&self.kept)));
        report.set("known", json!(self.known));
        report.set("taken_back", json!(self.taken_back));
        report.set("refused", json!(self.refused));
        report.set("others", json!(self.others));
        report
    }
}

/// Which list a request asks to leave, and who asks, as its token proves; `None` where it does not. A token says both, so that
/// whatever has happened to the name of the list on its way does not matter. One that names another list of ours is believed
/// for neither.
fn believed(store: &Store, config: &Config, request: &Request) -> Result<Option<(String, String)>> {
    let Some(token) = &request.token else { return Ok(None) };
    if let Some(address) = store.bearer(&request.list, token)? {
        return Ok(Some((request.list.clone(), address)));
    }
    if config.list_called(&request.list).is_some() { Ok(None) } else { store.bearer_by_token(token) }
}

/// Why a request is left to the editors.
fn refusal(config: &Config, request: &Request) -> Warning {
    let shown = |text: &str| text.chars().take(80).flat_map(char::escape_debug).collect::<String>();
    let from = shown(request.from.as_deref().unwrap_or("nobody"));
    let list = shown(&request.list);
    if list.is_empty() {
        let message =
            format!("a mail from `{from}` asks to be unsubscribed, and names no list; it may be from anybody");
        let whom = copied(request.from.as_deref());
        return Warning::new(message).hint(format!("when it is theirs: masthead subscribers remove LIST {whom}"));
    }
    if config.list_called(&request.list).is_none() {
        let message = format!("a mail from `{from}` asks to leave the list `{list}`, which there is not");
        return Warning::new(message).nearest(&request.list, config.lists.iter().map(|list| list.key.as_str()));
    }
    let why = if request.token.is_some() { "with a token that is none of ours for it" } else { "without a token" };
    Warning::new(format!("a mail from `{from}` asks to leave `{list}` {why}, so it may be from anybody"))
        .hint(format!("when it is theirs: masthead subscribers remove {} ADDRESS", shell_word(&request.list)))
}

/// Whom a command names that an editor may copy into a shell, by what a mail says it is from: anybody can have written that,
/// to have the shell do something, or `masthead` take it for an option. What is no address is on no list either.
fn copied(from: Option<&str>) -> String {
    let read = from.and_then(|from| address(from).ok()).map(|from| from.to_string());
    let word = read.filter(|from| !from.starts_with('-')).map(|from| shell_word(&from).into_owned());
    word.unwrap_or_else(|| "ADDRESS".to_owned())
}
