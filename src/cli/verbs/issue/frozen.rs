//! `masthead issue unfreeze` and `amend`: frozen issues.

use serde_json::json;

use super::{find, name, posts};
use crate::assemble::freeze;
use crate::cli::advance::write_frozen;
use crate::cli::args::Which;
use crate::cli::collected::stop_if_strict;
use crate::cli::compose::Desk;
use crate::cli::files;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::{EDITORIAL, Shelf};
use crate::cli::store;
use crate::cli::unmailed;
use crate::config::{Config, Transport};
use crate::error::{Error, ErrorKind, Place, Result, Warning};
use crate::model::{CampaignState, DeliveryState, Issue, Outcome, Post, Queue as _, Reason, Series};
use crate::store::Store;

/// Makes a frozen issue a draft again, as long as nothing of it went out.
pub(super) fn unfreeze(session: &mut Session, config: &Config, which: &Which) -> Result<Report> {
    let desk = Desk::open(session, config, &[])?;
    let series = desk.series(&which.series)?;
    let stock = desk.stock(series);
    let issue = find(series, &stock.frozen, which)?;
    let public = if issue.series.public { desk.shelf.published(&issue.key)? } else { Vec::new() };
    let others: Vec<&Issue> = desk.stocks.values().flat_map(|stock| &stock.frozen).collect();
    freeze::unfreeze(issue, &public, &others)?;
    let unsent = unsent(session, config, &desk.shelf, issue)?;
    desk.shelf.call_back(&issue.key)?;
    if let Some((mut store, campaign)) = unsent {
        store.withdraw(campaign)?;
    }
    desk.shelf.unfreeze(&issue.key)?;
    let mut report = Report::text(format!("a draft again: {}\n", name(issue)));
    report.set("series", json!(issue.key.series));
    report.set("ordinal", json!(issue.ordinal()));
    Ok(report)
}

/// The campaign of an issue of which nothing went out, with the store that has it; `None` where it has none. An error of kind
/// `State` where it went to readers, or is about to.
fn unsent(session: &Session, config: &Config, shelf: &Shelf, issue: &Issue) -> Result<Option<(Store, i64)>> {
    let key = &issue.key;
    let amend = format!("`masthead issue amend {}` makes a new revision of it", key.argument());
    if !shelf.was_mailed(key)? && (config.lists.is_empty() || !store::is_there(config)) {
        return Ok(None);
    }
    let mut store = mailing::store(config)?;
    let Some(campaign) = mailing::campaign(&mut store, key, session.now)? else {
        if shelf.was_mailed(key)? {
            let error = Error::new(ErrorKind::State, format!("{key} was mailed, says issues/{key}/released"));
            return Err(error.hint(amend));
        }
        return Ok(None);
    };
    if mailing::is_untouched(&mut store, &campaign, session.now)? {
        return Ok(Some((store, campaign.id)));
    }
    let progress = store.progress(campaign.id, session.now)?;
    let waiting = progress.count(DeliveryState::Pending) + progress.count(DeliveryState::Suppressed);
    let (tried, total) = (progress.total() - waiting, progress.total());
    Err(if tried == 0 {
        let queued = counted(total as usize, "reader");
        Error::new(ErrorKind::State, format!("{key} is queued for {queued}"))
            .hint(format!("`masthead cancel {}` stops that first", key.argument()))
    } else {
        Error::new(ErrorKind::State, format!("{key} went to readers: {tried} of {total} messages were tried"))
            .hint(amend)
    })
}

/// Freezes a changed issue again under its number, as a new revision.
pub(super) fn amend(session: &mut Session, config: &Config, which: &Which, note: Option<&str>) -> Result<Report> {
    let Some(note) = note.filter(|note| !note.trim().is_empty()) else {
        return Err(Error::new(ErrorKind::Usage, "an amendment must say what it changes")
            .hint("add `-m \"what was amended, for readers\"`"));
    };
    let posts = posts(session, config, true)?;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(&which.series)?;
    let stock = desk.stock(series);
    let old = find(series, &stock.frozen, which)?;
    amend_with(session, config, &mut desk, (series, old), note, |text| Ok(text.to_owned()))
}

/// The same with an issue.toml that is edited first: it is kept once the amendment is known to be one.
pub(super) fn amend_with<'a>(
    session: &mut Session,
    config: &Config,
    desk: &mut Desk<'a>,
    (series, old): (&'a Series, &Issue),
    note: &str,
    edit: impl FnOnce(&str) -> Result<String>,
) -> Result<Report> {
    // An edited issue.toml is what an amendment is for, and other issues have theirs.
    session.warnings.retain(|warning| !freeze::is_of_edit(warning));
    let path = desk.shelf.folder(&old.key).join(EDITORIAL);
    let before = files::read_text(&path)?.unwrap_or_default();
    let text = edit(&before)?;
    let stock = desk.stock(series);
    let draft = desk.amended(session, series, old, &text)?;
    let due = is_still_due(session, config, &desk.shelf, old)?
        && !unmailed::is_overtaken(series, old, stock.frozen.iter(), session.now);
    let mut freezing = freeze::amend(old, draft, note, &text, session.now)?;
    if let Some(frozen) = &mut freezing.issue.frozen {
        frozen.mail = due;
    }
    let revision = freezing.issue.frozen.as_ref().map_or(1, |frozen| frozen.revision);
    let mut report = Report::text(format!("revision {revision} of {}: {}\n", name(old), note.trim()));
    if text != before && freeze::edited_since(old, &before, &path).is_some() {
        report.line("what its issue.toml says otherwise since then comes into it, too");
    }
    tell_leaving(session, desk, &mut report, &leaving(desk, old, &freezing.issue), old);
    stop_if_strict(session)?;
    if text != before {
        files::write_durably(&path, text.as_bytes())?;
    }
    write_frozen(desk, &freezing)?;
    report.line(if due {
        "`masthead publish` sends it to the web, the feeds and the lists, which have not had it yet"
    } else {
        "`masthead publish` sends it to the web and the feeds; it is not mailed again"
    });
    if is_under_way(session, config, old)? {
        report.line("mail of it that is still to go out is as it was: `masthead pause` it, `masthead publish` this revision, and");
        report.line("`masthead resume --amended` has the others get this one");
    }
    report.set("series", json!(old.key.series));
    report.set("ordinal", json!(old.ordinal()));
    report.set("revision", json!(revision));
    Ok(report)
}

/// An article that an amendment takes out of an issue.
struct Leaving<'i> {
    post: &'i Post,
    because: String,
    /// Whether an editor asked for that, in issue.toml or of the issue that a volume binds.
    is_asked: bool,
}

/// The articles of an issue that its next revision does not have.
fn leaving<'i>(desk: &Desk<'_>, old: &'i Issue, new: &Issue) -> Vec<Leaving<'i>> {
    let printed = |issue: &'i Issue| issue.sections.iter().flat_map(|section| &section.articles);
    let stays =
        |post: &Post| new.sections.iter().flat_map(|section| &section.articles).any(|one| one.post.id == post.id);
    let gone = printed(old).map(|article| &article.post).filter(|post| !stays(post));
    let told = gone.filter_map(|post| {
        let verdict = new.verdicts.iter().find(|verdict| verdict.post == post.id);
        let (because, is_asked) = match verdict.map(|verdict| &verdict.outcome) {
            Some(Outcome::Out(Reason::LeftOut)) => ("its editor leaves it out".to_owned(), true),
            Some(Outcome::Out(Reason::Withdrawn { issue })) => (format!("{issue} is withdrawn"), true),
            Some(Outcome::Out(reason)) => (why(desk, post, reason), false),
            None if old.series.binds.is_some() => ("the issue that it was in is without it".to_owned(), true),
            // It is there under another id.
            Some(Outcome::Taken { .. }) | None => return None,
        };
        Some(Leaving { post, because, is_asked })
    });
    told.collect()
}

fn why(desk: &Desk<'_>, post: &Post, reason: &Reason) -> String {
    let held_back = || desk.posts.iter().find(|now| now.id == post.id)?.held_back.as_ref();
    match reason {
        Reason::Draft => held_back().map_or("it is a draft".to_owned(), |what| format!("it is held back by {what}")),
        Reason::AlreadyIn { issue } => format!("it is in {issue}"),
        _ => "the series does not take it".to_owned(),
    }
}

/// Tells which articles leave an issue: what nobody asked for as a warning.
fn tell_leaving(session: &mut Session, desk: &Desk<'_>, report: &mut Report, leaving: &[Leaving<'_>], old: &Issue) {
    for Leaving { post, because, is_asked } in leaving {
        let message = format!("`{}` leaves {}: {because}", post.title, old.key);
        if *is_asked {
            report.line(message);
            continue;
        }
        let hint = "what is to stay in the issue must be public when it is amended; amend it again once that is mended";
        let at = desk.posts.iter().find(|now| now.id == post.id).map(|now| Place::file(&now.file));
        let warning = Warning::new(message).hint(hint);
        session.warnings.push(if let Some(at) = at { warning.at(at) } else { warning });
    }
    let in_json = |one: &Leaving<'_>| json!({"post": one.post.id, "title": one.post.title, "because": one.because});
    report.set("leaves", leaving.iter().map(in_json).collect::<Vec<_>>());
}

/// Whether an issue is to be mailed and nobody has had it: then its next revision is mailed in its place. An error of
/// kind `State` when a run has begun to mail it and was stopped.
fn is_still_due(session: &Session, config: &Config, shelf: &Shelf, issue: &Issue) -> Result<bool> {
    if !mailing::is_due(shelf, issue)? {
        return Ok(false);
    }
    if mailing::campaign(&mut mailing::store(config)?, &issue.key, session.now)?.is_none() {
        return Ok(true);
    }
    match config.mail.transport {
        Transport::Smtp(_) => Ok(false),
        Transport::File => Err(Error::new(ErrorKind::State, format!("{} is being mailed", name(issue)))
            .hint("`masthead publish` completes that; then amend it")),
    }
}

/// Whether some of an issue's mail is still to go out.
fn is_under_way(session: &Session, config: &Config, issue: &Issue) -> Result<bool> {
    if config.lists.is_empty() || config.mail.from.is_none() {
        return Ok(false);
    }
    let campaign = mailing::campaign(&mut mailing::store(config)?, &issue.key, session.now)?;
    Ok(campaign.is_some_and(|one| !matches!(one.state, CampaignState::Finished | CampaignState::Cancelled)))
}
