//! `masthead issue new`, `edit` and `freeze`: drafts.

use std::io::IsTerminal as _;
use std::process::Command;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::{all, find, name, posts};
use crate::assemble::number;
use crate::assemble::schedule::closed_empty;
use crate::cli::advance::{close_before, create_with, freeze_draft, fresh_editorial, is_mailed_by_itself, without};
use crate::cli::args::Which;
use crate::cli::collected::stop_if_strict;
use crate::cli::compose::{Composition, Desk};
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::{EDITORIAL, Shelf};
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::model::{Issue, IssueKey, MailPolicy, Number, Window, WindowRule};

/// What an editor asks of a new draft.
pub(super) struct Asked {
    pub(super) since: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) label: Option<String>,
    pub(super) title: Option<String>,
}

/// Opens the next issue as a draft.
pub(super) fn new(session: &mut Session, config: &Config, key: &str, asked: &Asked) -> Result<Report> {
    let posts = posts(session, config, true)?;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(key)?;
    let mut composition = desk.compose(session, series)?;
    let window = window(session, &desk, &composition, asked)?;
    refuse_if_one_is_open(session, &desk, &composition, window)?;
    let key = IssueKey { series: series.key.clone(), ordinal: composition.next_ordinal };
    let (label, title) = (asked.label.as_deref(), asked.title.as_deref());
    if label.is_some() {
        let Number { label, year, .. } = desk.next_number(&composition, session.now, window.since, label)?;
        let others: Vec<&Issue> = composition.issues.iter().collect();
        if let Some(other) = number::bearer(series, &label, year, &others) {
            return Err(Error::new(ErrorKind::Usage, format!("{} has this label already", name(other))));
        }
    }
    stop_if_strict(session)?;
    let notes = close_before(session, &desk, &mut composition, window)?;
    let text = fresh_editorial(&desk, &composition, session.now, &key, window, label, title)?;
    create_with(session, &mut desk, &mut composition, &key, text)?;
    let mut report = Report::default();
    for note in &notes {
        report.line_once(note);
    }
    report.set("notes", json!(notes));
    if let Some(issue) = composition.issues.last() {
        let count = issue.sections.iter().map(|section| section.articles.len()).sum::<usize>();
        report.line(format!("{}, {}: {} so far", name(issue), desk.describe(window), counted(count, "article")));
        report.line(desk.shelf.folder(&key).join(EDITORIAL).display().to_string());
        report.set("series", json!(key.series));
        report.set("ordinal", json!(key.ordinal));
        report.set("number", json!(issue.number.label));
        report.set("since", json!(window.since));
        report.set("until", json!(window.until));
        report.set("posts", json!(count));
    }
    Ok(report)
}

/// An error where a draft is open and the window after it has not begun: whoever asks for another one means this one.
fn refuse_if_one_is_open(
    session: &Session,
    desk: &Desk<'_>,
    composition: &Composition<'_>,
    window: Window,
) -> Result<()> {
    let is_open = |issue: &&Issue| issue.frozen.is_none() && issue.window.until > session.now;
    let open = composition.issues.iter().rfind(is_open);
    let Some(open) = open.filter(|_| composition.series.rule != WindowRule::Manual && window.since > session.now)
    else {
        return Ok(());
    };
    let begins = desk.shown_time(window.since);
    Err(Error::new(ErrorKind::State, format!("{} is open already", name(open)))
        .at(Place::file(Shelf::shown(&open.key, EDITORIAL)))
        .hint(format!(
            "`masthead issue edit {}` opens it; the window after it begins at {begins}, and a draft of it can be made from then on",
            open.key.argument()
        )))
}

/// The window that a new draft closes: the next one by the series' rule, or the days that were asked for.
fn window(session: &Session, desk: &Desk<'_>, composition: &Composition<'_>, asked: &Asked) -> Result<Window> {
    let series = composition.series;
    let usage = |message: &str| Error::new(ErrorKind::Usage, message);
    if series.rule != WindowRule::Manual {
        if asked.since.is_some() || asked.until.is_some() {
            return Err(usage("the windows of this series follow its rule")
                .hint("`--since` and `--until` are for series with `window = \"manual\"`"));
        }
        return desk
            .next_window(composition, session.now)
            .ok_or_else(|| usage("the calendar ends before the next window"));
    }
    desk.opened_window(composition, session.now, (asked.since, asked.until))
}

/// Says where an issue's issue.toml is, and opens it where there is a terminal and an $EDITOR.
pub(super) fn edit(session: &mut Session, config: &Config, which: &Which) -> Result<Report> {
    let posts = posts(session, config, false)?;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(&which.series)?;
    let issues = all(session, &mut desk, &which.series)?;
    let issue = find(series, &issues, which)?;
    let path = desk.shelf.folder(&issue.key).join(EDITORIAL);
    let mut report = Report::text(format!("{}\n", path.display()));
    report.set("path", json!(path));
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && !session.global.json;
    let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).ok().filter(|editor| !editor.is_empty());
    if let (true, Some(editor)) = (terminal, editor) {
        session.quieten();
        let mut words = editor.split_whitespace();
        let started = Command::new(words.next().unwrap_or_default()).args(words).arg(&path).status();
        started.map_err(|cause| Error::io(&format!("start the editor `{editor}` on"), &path, &cause))?;
    }
    Ok(report)
}

/// Freezes a draft now, whether its window has closed or not.
pub(super) fn freeze(session: &mut Session, config: &Config, which: &Which) -> Result<Report> {
    let posts = posts(session, config, true)?;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(&which.series)?;
    let mut composition = desk.compose(session, series)?;
    let drafts: Vec<_> = composition.issues.iter().filter(|issue| issue.frozen.is_none()).cloned().collect();
    let issue = match find(series, &drafts, which) {
        Ok(issue) => issue.clone(),
        Err(error) => {
            let frozen = find(series, &composition.issues, which).ok().filter(|issue| issue.frozen.is_some());
            return Err(match (frozen, &which.number) {
                (Some(issue), Some(_)) => {
                    let which = issue.key.argument();
                    Error::new(ErrorKind::State, format!("{} is already frozen", name(issue)))
                        .hint(format!("`masthead issue amend {which}` makes a new revision of it"))
                }
                _ => error,
            });
        }
    };
    // A window that was opened "until now" ends a second later, to hold what was first seen at that very moment.
    if issue.window.until > session.now + TimeDelta::seconds(1) {
        return Err(Error::new(ErrorKind::State, format!("the window of {} is still open", name(&issue)))
            .at(Place::file(Shelf::shown(&issue.key, EDITORIAL)))
            .hint(format!(
                "it closes at {}; an earlier `until` in its issue.toml closes it sooner",
                desk.shown_time(issue.window.until)
            )));
    }
    // One that closed empty holds up nothing, as when `publish` freezes.
    let earlier = drafts.iter().find(|draft| draft.window < issue.window && !closed_empty(draft, session.now));
    if let Some(earlier) = earlier {
        return Err(Error::new(ErrorKind::State, format!("{} comes first", name(earlier)))
            .hint("freeze the drafts of a series in the order of their windows"));
    }
    stop_if_strict(session)?;
    let told = session.warnings.len();
    let mail = is_mailed_by_itself(session, &desk, &composition, issue.ordinal())?;
    let is_told = session.warnings.len() > told;
    freeze_draft(session, &mut desk, &mut composition, issue.ordinal(), mail)?;
    let mut report = Report::text(format!("frozen: {}\n", name(&issue)));
    if let Some(line) = without(&composition, issue.ordinal()) {
        report.line(line);
    }
    if series.mail == MailPolicy::Auto && !mail && !is_told {
        let by_hand = format!("`masthead send {} --yes` mails it", issue.key.argument());
        report.line(format!("it comes too late to be mailed by itself; {by_hand}"));
    }
    report.set("mailed_by_itself", json!(mail));
    report.set("series", json!(issue.key.series));
    report.set("ordinal", json!(issue.ordinal()));
    report.set("number", json!(issue.number.label));
    Ok(report)
}
