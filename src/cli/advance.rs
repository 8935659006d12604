//! Carrying out what is due: drafts of closed windows are made, and frozen when their time has come.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::compose::{Composition, Desk};
use super::lists;
use super::report::counted;
use super::session::Session;
use super::shelf::{EDITORIAL, FROZEN, Shelf};
use super::stock::{Draft, Stock, located, read_draft};
use super::store;
use super::unmailed::is_old;
use crate::assemble::closed::Closed;
use crate::assemble::editorial::{Fresh, fresh};
use crate::assemble::freeze::{Freezing, freeze};
use crate::assemble::number;
use crate::assemble::schedule::{Action, Agenda, catching_up, closed_empty};
use crate::assemble::withdraw;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{Issue, IssueKey, MailPolicy, Number, Series, Window};

/// How long after its window an issue is mailed by itself though later windows without posts have closed since.
const NEWS: TimeDelta = TimeDelta::days(45);

/// What was done in one series.
#[derive(Clone, Debug, Default)]
pub(super) struct Advanced {
    /// The ordinals of issues frozen now.
    pub(super) frozen: Vec<u64>,
    /// What is not done and why, in words.
    pub(super) notes: Vec<String>,
    /// The windows that closed without an issue, in words; no later run says it again.
    pub(super) closed: Vec<String>,
    /// The drafts that remain, composed.
    pub(super) drafts: Vec<Issue>,
    /// What is said of drafts that closed empty, among the warnings.
    pub(super) empty: Vec<Warning>,
    /// Whether nothing of it can be decided until a person mends something; what that is was told.
    pub(super) stands_still: bool,
}

/// Does what is due in every series, those that are bound before those that bind them.
pub(super) fn all(session: &mut Session, desk: &mut Desk<'_>) -> Result<BTreeMap<String, Advanced>> {
    let mut advanced: BTreeMap<String, Advanced> = BTreeMap::new();
    for series in desk.in_order() {
        session.progress(format!("assembling {}", series.title));
        let stalled = series.binds.as_ref().filter(|bound| advanced.get(*bound).is_some_and(|one| one.stands_still));
        if let Some(bound) = stalled {
            // It would be made without what cannot be read.
            let note = format!("{}: its volumes wait for the series `{bound}`, which stands still", series.title);
            let done = Advanced { notes: vec![note], stands_still: true, ..Advanced::default() };
            advanced.insert(series.key.clone(), done);
            continue;
        }
        advanced.insert(series.key.clone(), one(session, desk, series)?);
    }
    Ok(advanced)
}

/// Does what is due in one series. Bad input (an issue.toml that cannot be read) costs only the series; a window that
/// must not be empty stops the run.
fn one<'a>(session: &mut Session, desk: &mut Desk<'a>, series: &'a Series) -> Result<Advanced> {
    let mut done = Advanced::default();
    if desk.stock(series).blocked {
        done.stands_still = true;
        return Ok(done);
    }
    match carry_out(session, desk, series, &mut done) {
        Err(error) if error.kind() == ErrorKind::Input => {
            let hint = format!("the series `{}` stays as it is until this is mended", series.key);
            session.warnings.push(error.into_warning().hint(hint).once());
            done.stands_still = true;
        }
        other => other?,
    }
    Ok(done)
}

fn carry_out<'a>(session: &mut Session, desk: &mut Desk<'a>, series: &'a Series, done: &mut Advanced) -> Result<()> {
    let mut composition = desk.compose(session, series)?;
    let agenda = desk.agenda(&composition, session.now);
    let ended = act(session, desk, &mut composition, &agenda.actions, done);
    // What was frozen before something went wrong is frozen, and goes to its readers.
    let drafts = keep(desk, composition);
    ended?;
    done.drafts = drafts;
    done.notes.extend(waits_for(desk, series, &agenda, session.now));
    desk.keep_agenda(series, Agenda { actions: Vec::new(), undecided: agenda.undecided });
    Ok(())
}

fn act<'a>(
    session: &mut Session,
    desk: &mut Desk<'a>,
    composition: &mut Composition<'a>,
    actions: &[Action],
    done: &mut Advanced,
) -> Result<()> {
    let series = composition.series;
    // A run that was killed closed them, and could not tell.
    for Closed { window, windows, .. } in composition.closed.iter().copied().filter(|closed| !closed.told) {
        tell(desk, series, Action::SkipEmpty { window, windows }, &mut done.closed)?;
    }
    for action in actions {
        match *action {
            Action::Create { ordinal, window } => create(session, desk, composition, ordinal, window)?,
            Action::Freeze { ordinal } => {
                let mail = is_mailed_by_itself(session, desk, composition, ordinal)?;
                freeze_draft(session, desk, composition, ordinal, mail)?;
                done.notes.extend(without(composition, ordinal));
                done.frozen.push(ordinal);
            }
            Action::SkipEmpty { window, windows } | Action::CloseGap { window, windows } => {
                close(desk, composition, Closed { window, windows, at: session.now, told: false })?;
                tell(desk, series, *action, &mut done.closed)?;
            }
            Action::EmptyDraft { ordinal, window } => {
                let warning = empty_draft(desk, series, ordinal, window);
                session.warnings.push(warning.clone());
                done.empty.push(warning);
            }
            _ => tell(desk, series, *action, &mut done.notes)?,
        }
    }
    Ok(())
}

/// Keeps how a series stands now; gives its drafts.
fn keep(desk: &mut Desk<'_>, composition: Composition<'_>) -> Vec<Issue> {
    let (mut frozen, drafts): (Vec<Issue>, Vec<Issue>) =
        composition.issues.into_iter().partition(|issue| issue.frozen.is_some());
    crate::assemble::import::chronological(&mut frozen);
    if let Some(stock) = desk.stocks.get_mut(&composition.series.key) {
        *stock = Arc::new(Stock {
            frozen,
            drafts: composition.drafts.into_values().collect(),
            next_ordinal: composition.next_ordinal,
            closed: composition.closed,
            blocked: stock.blocked,
            unheeded: stock.unheeded,
        });
    }
    drafts
}

/// Keeps that windows closed without an issue.
fn close(desk: &Desk<'_>, composition: &mut Composition<'_>, closed: Closed) -> Result<()> {
    composition.closed.push(closed);
    composition.closed.sort_unstable_by_key(|closed| closed.window);
    desk.shelf.close(&composition.series.key, &composition.closed)?;
    Ok(())
}

/// Closes the empty windows before that of an issue which an editor opens; says which in words.
pub(super) fn close_before(
    session: &mut Session,
    desk: &Desk<'_>,
    composition: &mut Composition<'_>,
    opened: Window,
) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for action in desk.agenda(composition, session.now).actions {
        if let Action::SkipEmpty { window, windows } | Action::CloseGap { window, windows } = action
            && window.until <= opened.since
        {
            close(desk, composition, Closed { window, windows, at: session.now, told: true })?;
            tell(desk, composition.series, action, &mut notes)?;
        }
    }
    Ok(notes)
}

/// What is left to keep once a run has told which windows closed: that it did. What was not heeded goes.
pub(super) fn keeping_told(desk: &Desk<'_>) -> impl FnOnce() -> Result<()> + 'static {
    let stocks = desk.stocks.iter().filter(|(_, stock)| !stock.blocked);
    let untold = stocks.filter(|(_, stock)| stock.unheeded || stock.closed.iter().any(|closed| !closed.told));
    let told = |closed: &Closed| Closed { told: true, ..*closed };
    let untold: Vec<(String, Vec<Closed>)> =
        untold.map(|(key, stock)| (key.clone(), stock.closed.iter().map(told).collect())).collect();
    let shelf = desk.shelf.clone();
    move || untold.iter().try_for_each(|(key, closed)| shelf.close(key, closed).map(drop))
}

/// Whether an issue that is frozen now goes to the readers of its lists without anybody asking for it. Why it does not, where
/// that may be a surprise, is told.
pub(super) fn is_mailed_by_itself<'a>(
    session: &mut Session,
    desk: &Desk<'a>,
    composition: &Composition<'a>,
    ordinal: u64,
) -> Result<bool> {
    let (series, zone) = (composition.series, desk.config.publication.time_zone);
    let Some(issue) = composition.issues.iter().find(|issue| issue.ordinal() == ordinal) else { return Ok(false) };
    // Of issues that are made in catching up only the newest is mailed, and that while it is news.
    let is_news = session.now - issue.window.until <= NEWS;
    let is_overtaken = || {
        catching_up(series, zone, issue.window, session.now)
            && (!is_news || has_later(desk, composition, issue, session.now))
    };
    let is_late = || is_old(series, issue, session.now) || is_overtaken();
    if series.mail != MailPolicy::Auto || is_late() {
        return Ok(false);
    }
    let by_hand = format!("`masthead send {} --yes` mails it", issue.key.argument());
    if series.lists.is_empty() {
        let message = format!("{} is mailed to nobody: its series has no lists", issue.key);
        session.warnings.push(Warning::new(message).hint(format!("once `lists` names some, {by_hand}")).once());
        return Ok(false);
    }
    let Some(before) = mailed_before(desk, composition, issue.window)? else { return Ok(true) };
    let message = format!("{} is not mailed by itself: {before} went to readers, and is of the same days", issue.key);
    let hint = format!(
        "if the series `{}` is called `{}` now, call it so again, and its issues are known; if it is another one, {by_hand}",
        before.series, series.key
    );
    session.warnings.push(Warning::new(message).hint(hint).once());
    Ok(false)
}

/// Whether a later window that has closed has an issue, or would have one. Those without posts have none.
fn has_later<'a>(desk: &Desk<'a>, composition: &Composition<'a>, issue: &Issue, now: DateTime<Utc>) -> bool {
    let is_later = |other: &Issue| {
        other.imported_pdf.is_none()
            && other.withdrawn().is_none()
            && issue.window < other.window
            && other.window.until <= now
            && !closed_empty(other, now)
    };
    let would_be = |action: &Action| matches!(action, Action::Create { window, .. } if issue.window < *window);
    composition.issues.iter().any(is_later) || desk.agenda(composition, now).actions.iter().any(would_be)
}

/// An issue of these days that went to readers and is of no series of config.toml, where this one has mailed nothing yet: it
/// may be the same series under another name.
fn mailed_before(desk: &Desk<'_>, composition: &Composition<'_>, window: Window) -> Result<Option<IssueKey>> {
    let shelf = &desk.shelf;
    for issue in &composition.issues {
        if shelf.was_mailed(&issue.key)? {
            return Ok(None);
        }
    }
    for series in shelf.orphans(&desk.config.series)? {
        // What is wrong with folders of no series is nobody's concern.
        for (key, shelved) in shelf.series(&series, &mut Vec::new())? {
            let Some(text) = shelved.ok().and_then(|shelved| shelved.frozen) else { continue };
            let Ok(found) = crate::assemble::frozen::read(&text, &Shelf::shown(&key, FROZEN)) else { continue };
            let found = found.value.window;
            if found.since < window.until && window.since < found.until && shelf.was_mailed(&key)? {
                return Ok(Some(key));
            }
        }
    }
    Ok(None)
}

/// Makes the folder of a draft, which allocates its ordinal, and composes it.
pub(super) fn create<'a>(
    session: &mut Session,
    desk: &mut Desk<'a>,
    composition: &mut Composition<'a>,
    ordinal: u64,
    window: Window,
) -> Result<()> {
    let key = IssueKey { series: composition.series.key.clone(), ordinal };
    let text = fresh_editorial(desk, composition, session.now, &key, window, None, None)?;
    create_with(session, desk, composition, &key, text)
}

/// The text of a fresh issue.toml.
pub(super) fn fresh_editorial<'a>(
    desk: &Desk<'a>,
    composition: &Composition<'a>,
    now: DateTime<Utc>,
    key: &IssueKey,
    window: Window,
    label: Option<&str>,
    title: Option<&str>,
) -> Result<String> {
    let zone = desk.config.publication.time_zone;
    let next = desk.next_number(composition, now, window.since, None)?;
    Ok(fresh(Fresh { key, window, zone, next_label: &next.label, label, title }))
}

/// Makes the folder of a draft with this issue.toml, and composes it.
pub(super) fn create_with<'a>(
    session: &mut Session,
    desk: &mut Desk<'a>,
    composition: &mut Composition<'a>,
    key: &IssueKey,
    text: String,
) -> Result<()> {
    if !desk.shelf.create(key, &text)? {
        return Err(Error::new(ErrorKind::State, "the folder of the next issue is there already")
            .at(Place::file(Shelf::shown(key, "")))
            .hint("another program may have made it; run this again"));
    }
    let draft = read_draft(session, key, text)?;
    desk.add_draft(session, composition, draft)
}

/// An error where one of these issues of the series bears the label of this draft.
pub(super) fn refuse_borne_label(composition: &Composition<'_>, draft: &Issue, others: &[&Issue]) -> Result<()> {
    let Number { label, year, .. } = &draft.number;
    let Some(bearer) = number::bearer(composition.series, label, *year, others) else { return Ok(()) };
    let is_given = composition.drafts.get(&draft.ordinal()).is_some_and(|draft| draft.editorial.label.is_some());
    let hint = if is_given {
        "give it another `label`, or none to have it numbered"
    } else {
        "the `label` of the series says the same of both: it needs `{number}`, or this issue a `label` of its own"
    };
    Err(Error::new(ErrorKind::Input, format!("the label `{label}` is that of {} already", bearer.key))
        .at(Place::file(Shelf::shown(&draft.key, EDITORIAL)))
        .hint(hint))
}

/// Freezes a composed draft: its files are copied beside it, then frozen.json is written.
pub(super) fn freeze_draft<'a>(
    session: &mut Session,
    desk: &mut Desk<'a>,
    composition: &mut Composition<'a>,
    ordinal: u64,
    mail: bool,
) -> Result<()> {
    let missing = || Error::new(ErrorKind::State, format!("there is no draft {}/{ordinal}", composition.series.key));
    let draft = composition.drafts.get(&ordinal).ok_or_else(missing)?;
    let at = composition.issues.iter().position(|issue| issue.ordinal() == ordinal).ok_or_else(missing)?;
    let issue = &composition.issues[at];
    let others: Vec<&Issue> = composition.issues.iter().filter(|other| other.frozen.is_some()).collect();
    refuse_borne_label(composition, issue, &others)?;
    let mut freezing = freeze(issue.clone(), &draft.text, session.now)?;
    if let Some(frozen) = &mut freezing.issue.frozen {
        frozen.mail = mail;
    }
    write_frozen(desk, &freezing)?;
    composition.issues[at] = if desk.shelf.is_rehearsal {
        // Its files stay where they are.
        Issue { frozen: freezing.issue.frozen, ..issue.clone() }
    } else {
        freezing.issue
    };
    composition.drafts.remove(&ordinal);
    Ok(())
}

/// What is said of a volume that was made without issues which are withdrawn; `None` where there are none.
pub(super) fn without(composition: &Composition<'_>, ordinal: u64) -> Option<String> {
    let volume = composition.issues.iter().find(|issue| issue.ordinal() == ordinal)?;
    let left_out: Vec<String> = withdraw::left_out(volume).into_iter().map(ToString::to_string).collect();
    (!left_out.is_empty()).then(|| format!("{} is without what is withdrawn: {}", volume.key, left_out.join(", ")))
}

/// What is said of a volume whose days are over and that is not made yet, because of an issue that it would bind.
fn waits_for(desk: &Desk<'_>, series: &Series, agenda: &Agenda, now: DateTime<Utc>) -> Option<String> {
    let window = desk.volume_waits_for(series, agenda, now)?;
    let bound = desk.config.series(series.binds.as_ref()?)?;
    let drafts = desk.stocks.get(&bound.key).map(|stock| stock.drafts.as_slice()).unwrap_or_default();
    let zone = desk.config.publication.time_zone;
    let begins = |draft: &&Draft| draft.editorial.since.is_some_and(|since| since.resolve(zone) == window.since);
    let what = drafts.iter().find(begins).map_or_else(
        || format!("the issue of {}, {}", bound.title, desk.describe(window)),
        |draft| format!("draft {} of {}, {}", draft.key.ordinal, bound.title, desk.describe(window)),
    );
    Some(format!("{}: the volume of {} waits for {what}", series.title, desk.describe(agenda.undecided)))
}

/// Copies an issue's files beside it and writes frozen.json.
pub(super) fn write_frozen(desk: &Desk<'_>, freezing: &Freezing) -> Result<()> {
    let sources: BTreeMap<String, PathBuf> =
        freezing.copies.iter().map(|copy| (copy.name.clone(), located(&desk.config.root, &copy.from))).collect();
    let text = crate::assemble::frozen::write(&freezing.issue)?;
    desk.shelf.freeze(&freezing.issue, &text, &sources)
}

/// What is said of a draft that closed empty.
fn empty_draft(desk: &Desk<'_>, series: &Series, ordinal: u64, window: Window) -> Warning {
    Warning::new(format!("{}: draft {ordinal} holds no post of {}", series.title, desk.describe(window)))
        .hint(format!("give it an introduction, or take its folder issues/{}/{ordinal:04} away", series.key))
}

/// Has a quiet run tell once of each draft that closed empty; other runs tell it each time.
pub(super) fn tell_empty(session: &mut Session, config: &Config, advanced: &BTreeMap<String, Advanced>) {
    if !session.global.quiet || !store::is_there(config) {
        return;
    }
    let empty: Vec<&Warning> = advanced.values().flat_map(|done| &done.empty).collect();
    let lines = empty.iter().map(|warning| warning.message.clone().into()).collect();
    // What a store that cannot be asked has kept from being told is told by `check`.
    let untold = lists::not_yet_said(session, config, lines).unwrap_or_default();
    for warning in session.warnings.iter_mut().filter(|warning| empty.contains(&&**warning)) {
        warning.once = untold.contains(&warning.message);
    }
}

/// Says what is not done, and why.
fn tell(desk: &Desk<'_>, series: &Series, action: Action, notes: &mut Vec<String>) -> Result<()> {
    let title = &series.title;
    match action {
        Action::SkipEmpty { window, windows: 1 } => {
            notes.push(format!("{title}: no post in {}; no number was used", desk.describe(window)));
        }
        Action::SkipEmpty { window, windows } => {
            notes.push(format!("{title}: no post in {windows} windows, {}; no number was used", desk.describe(window)));
        }
        Action::CloseGap { window, windows } => {
            let many = counted(windows as usize, "window");
            notes.push(format!(
                "{title}: no issue has {many}, {}; what belongs there comes late",
                desk.describe(window)
            ));
        }
        Action::WaitEmpty { window, until } => {
            let until = until.with_timezone(&desk.config.publication.time_zone).format("%Y-%m-%d %H:%M");
            notes.push(format!("{title}: no post in {} yet; it stays open until {until}", desk.describe(window)));
        }
        Action::Hold { window } => {
            notes.push(format!(
                "{title}: no post in {}; the window stays open until there is one",
                desk.describe(window)
            ));
        }
        Action::Wait { ordinal, until: Some(until) } => {
            let until = until.with_timezone(&desk.config.publication.time_zone).format("%Y-%m-%d %H:%M");
            notes.push(format!("{title}: draft {ordinal} waits for its editors until {until}"));
        }
        Action::Wait { ordinal, until: None } => {
            let which = IssueKey { series: series.key.clone(), ordinal }.argument();
            notes.push(format!("{title}: draft {ordinal} waits; `masthead issue freeze {which}` freezes it"));
        }
        Action::Fail { window } => {
            return Err(Error::new(
                ErrorKind::State,
                format!(
                    "the series `{}` has no post in {}, and `on_empty` is \"fail\"",
                    series.key,
                    desk.describe(window)
                ),
            )
            .hint("write a post, or set `on_empty` to \"skip\" or \"hold\""));
        }
        Action::Create { .. } | Action::Freeze { .. } | Action::EmptyDraft { .. } => {}
    }
    Ok(())
}
