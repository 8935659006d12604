//! `masthead issue withdraw`: what went out is taken back, an issue whole or a post of it.

use serde_json::json;

use super::frozen::amend_with;
use super::{find, name, posts};
use crate::assemble::editorial::{Change as EditorialChange, changed};
use crate::assemble::{frozen, withdraw};
use crate::cli::args::Which;
use crate::cli::compose::Desk;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::{EDITORIAL, Shelf};
use crate::cli::site;
use crate::cli::store;
use crate::config::{Config, Transport};
use crate::error::{Error, ErrorKind, Result, Warning};
use crate::model::{
    Campaign, CampaignState, Change, DeliveryState, Issue, IssueKey, Outcome, Post, PostId, Queue as _, Reason, Series,
    Verdict, Withdrawal,
};
use crate::store::Store;

/// What an editor asks.
pub(super) struct Asked {
    pub(super) message: Option<String>,
    pub(super) undo: bool,
    pub(super) post: Option<String>,
}

/// Takes a frozen issue back, or a post of one; or brings an issue back.
pub(super) fn run(session: &mut Session, config: &Config, which: &Which, asked: &Asked) -> Result<Report> {
    let Some(message) = asked.message.as_deref().filter(|message| !message.trim().is_empty()) else {
        return Err(Error::new(ErrorKind::Usage, "a withdrawal must say why").hint("add `-m \"why, for readers\"`"));
    };
    if let Some(name) = &asked.post {
        return post(session, config, which, name, message);
    }
    let mut desk = Desk::open(session, config, &[])?;
    let series = desk.series(&which.series)?;
    let stock = desk.stock(series);
    let issue = match find(series, &stock.frozen, which) {
        Ok(issue) => issue,
        Err(error) => return Err(of_draft(session, &mut desk, series, which).unwrap_or(error)),
    };
    if asked.undo {
        restored(session, config, &desk, issue, message)
    } else {
        withdrawn(session, config, &desk, issue, message)
    }
}

/// Takes an issue back. Its mail is stopped first: a run that ends in between leaves a campaign that says why it rests.
fn withdrawn(session: &mut Session, config: &Config, desk: &Desk<'_>, issue: &Issue, message: &str) -> Result<Report> {
    if let Some(Withdrawal { at, message, .. }) = issue.withdrawn() {
        let mut report = Report::text(format!(
            "{} was withdrawn {} already, and stays as it is: {message}\n",
            name(issue),
            at.format("%Y-%m-%d")
        ));
        // Where the mail is queued may be another machine than where the issue was taken back.
        for line in stop_mail(session, config, &desk.shelf, issue, message)? {
            report.line(line);
        }
        tell(&mut report, issue);
        return Ok(report);
    }
    let back = withdraw::withdraw(issue, message, session.now)?;
    let why = back.withdrawn().map_or(message, |withdrawn| withdrawn.message.as_str());
    let lines = stop_mail(session, config, &desk.shelf, issue, why)?;
    desk.shelf.keep(&back.key, &frozen::write(&back)?)?;
    let mut report = Report::text(format!("withdrawn: {}\n", name(issue)));
    report
        .line("`masthead publish` takes what is in it off the web and out of the feeds; its number and its page stay");
    for line in lines {
        report.line(line);
    }
    session
        .warnings
        .extend(volumes(desk, |volume| withdraw::prints(volume, &issue.key)).map(|key| prints_still(key, issue)));
    tell(&mut report, &back);
    Ok(report)
}

/// Brings an issue back.
fn restored(session: &mut Session, config: &Config, desk: &Desk<'_>, issue: &Issue, message: &str) -> Result<Report> {
    let last = issue.frozen.as_ref().and_then(|frozen| frozen.withdrawals.last());
    if let Some(restored) = last.and_then(|last| last.restored.as_ref()) {
        let (day, why) = (restored.at.format("%Y-%m-%d"), &restored.message);
        let text = format!("{} was brought back {day} already, and stays as it is: {why}\n", name(issue));
        let mut report = Report::text(text);
        tell(&mut report, issue);
        return Ok(report);
    }
    let again = withdraw::restore(issue, message, session.now)?;
    desk.shelf.keep(&again.key, &frozen::write(&again)?)?;
    let mut report = Report::text(format!("brought back: {}\n", name(issue)));
    report.line("`masthead publish` puts it on the web and into the feeds again");
    if let Some((_, campaign)) = campaign(session, config, &desk.shelf, issue)?
        && campaign.state == CampaignState::Paused
    {
        let which = issue.key.argument();
        report.line(format!("mail of it is paused: after that, `masthead resume {which}` lets it go on"));
    }
    for volume in volumes(desk, |volume| withdraw::left_out(volume).contains(&&issue.key)) {
        let which = volume.argument();
        report.line(format!("{volume} was made without it: `masthead issue amend {which} -m \"…\"` takes it in"));
    }
    tell(&mut report, &again);
    Ok(report)
}

/// Takes one post of an issue back: its editor leaves it out, and the issue is amended.
fn post(session: &mut Session, config: &Config, which: &Which, wanted: &str, message: &str) -> Result<Report> {
    let posts = posts(session, config, true)?;
    let mut desk = Desk::open(session, config, &posts)?;
    let series = desk.series(&which.series)?;
    let stock = desk.stock(series);
    let issue = match find(series, &stock.frozen, which) {
        Ok(issue) => issue,
        Err(error) => return Err(of_draft(session, &mut desk, series, which).unwrap_or(error)),
    };
    let is_meant = |post: &Post| post.slug == wanted || post.id.0 == wanted;
    let printed = || issue.sections.iter().flat_map(|section| &section.articles).map(|article| &article.post);
    let mut meant = printed().filter(|post| is_meant(post));
    let Some(found) = meant.next() else { return gone_already(session, config, &desk, issue, wanted) };
    if meant.next().is_some() {
        let message = format!("two posts of {} are called `{wanted}`", name(issue));
        let ids: Vec<String> = printed().filter(|post| is_meant(post)).map(|post| format!("`{}`", post.id.0)).collect();
        return Err(Error::new(ErrorKind::Usage, message).hint(format!("name it by its id: {}", ids.join(" or "))));
    }
    let zone = config.publication.time_zone;
    let edit = |text: &str| {
        let file = Shelf::shown(&issue.key, EDITORIAL);
        changed(text, &file, zone, &[EditorialChange::LeaveOut(wanted.to_owned())])
    };
    let mut report = amend_with(session, config, &mut desk, (series, issue), message, edit)?;
    report.text.insert_str(0, &format!("taken out of {}: {}\n", name(issue), found.title));
    report.set("post", json!(found.id));
    tell_elsewhere(session, config, &desk, &mut report, issue, &found.id);
    Ok(report)
}

/// Tells where a post stands that was taken out of one issue: in other frozen issues, on its own page, in messages that lie in
/// the outbox.
fn tell_elsewhere(
    session: &mut Session,
    config: &Config,
    desk: &Desk<'_>,
    report: &mut Report,
    issue: &Issue,
    post: &PostId,
) {
    let others = desk.stocks.values().flat_map(|stock| &stock.frozen);
    let mut holders = Vec::new();
    for other in others.filter(|other| other.key != issue.key && other.withdrawn().is_none()) {
        let mut articles = other.sections.iter().flat_map(|section| &section.articles);
        let Some(article) = articles.find(|article| article.post.id == *post) else { continue };
        let which = other.key.argument();
        // What is bound has what the issue has.
        let how = if withdraw::prints(other, &issue.key) {
            format!("`masthead issue amend {which} -m \"…\"` makes it without")
        } else {
            format!("`masthead issue withdraw {which} --post {} -m \"…\"` takes it out", article.post.slug)
        };
        session.warnings.push(Warning::new(format!("{} has `{}` still", other.key, article.post.title)).hint(how));
        holders.push(other.key.to_string());
    }
    report.set("still_in", json!(holders));
    if let Some(own) = desk.posts.iter().find(|own| own.id == *post && site::is_out(session, own)) {
        let (address, file) = (&own.address, own.file.display());
        report.line(format!("its own page stays, {address}, and it in the feeds of posts, as long as {file} is there"));
        report.set("page", json!(address));
    }
    if let Some(line) = left_in_outbox(config, &issue.key) {
        report.line(line);
    }
}

/// What is said of messages of an issue that lie in the outbox.
fn left_in_outbox(config: &Config, IssueKey { series, ordinal }: &IssueKey) -> Option<String> {
    let outbox = format!("outbox/{series}-{ordinal}");
    let is_there = config.mail.transport == Transport::File && config.root.join(&outbox).is_dir();
    is_there.then(|| format!("what nobody has handed on yet of {outbox}/ is to be taken away"))
}

/// What is said where no article of an issue is meant: one that was left out before stays so.
fn gone_already(
    session: &mut Session,
    config: &Config,
    desk: &Desk<'_>,
    issue: &Issue,
    wanted: &str,
) -> Result<Report> {
    let mut verdicts = issue.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Out(Reason::LeftOut));
    let slug_of = |id: &PostId| desk.posts.iter().find(|post| post.id == *id).map(|post| post.slug.as_str());
    let is_meant = |verdict: &&Verdict| verdict.post.0 == wanted || slug_of(&verdict.post) == Some(wanted);
    if let Some(verdict) = verdicts.find(is_meant) {
        let text = format!("{} is without `{}` already, and stays as it is\n", name(issue), verdict.title);
        let mut report = Report::text(text);
        report.set("post", json!(verdict.post));
        tell_elsewhere(session, config, desk, &mut report, issue, &verdict.post);
        tell(&mut report, issue);
        return Ok(report);
    }
    if issue.standing.iter().any(|article| article.post.slug == wanted || article.post.id.0 == wanted) {
        let message = format!("`{wanted}` stands in every issue of the series");
        return Err(Error::new(ErrorKind::Usage, message)
            .hint("take it out of `standing` in config.toml, and amend the issues that have it"));
    }
    let slugs = issue.sections.iter().flat_map(|section| &section.articles).map(|article| article.post.slug.as_str());
    Err(Error::new(ErrorKind::Usage, format!("no post of {} is called `{wanted}`", name(issue))).nearest(wanted, slugs))
}

/// What is wrong where a draft is to be taken back.
fn of_draft(session: &mut Session, desk: &mut Desk<'_>, series: &Series, which: &Which) -> Option<Error> {
    let told = session.warnings.len();
    let series = desk.series(&series.key).ok()?;
    let mut issues = desk.compose(session, series).map(|composition| composition.issues).unwrap_or_default();
    // What is wrong with drafts is told by others.
    session.warnings.truncate(told);
    issues.retain(|issue| issue.frozen.is_none());
    let draft = find(series, &issues, which).ok()?;
    let folder = Shelf::shown(&draft.key, "").components().collect::<std::path::PathBuf>();
    let error = Error::new(ErrorKind::State, format!("{} is a draft: nothing of it went out", name(draft)));
    Some(error.hint(format!(
        "edit it, or take its folder {} away; what is frozen and not published is made a draft again by `masthead issue unfreeze`",
        folder.display()
    )))
}

/// The frozen volumes of which this holds. Withdrawn ones print nothing.
fn volumes<'d>(desk: &'d Desk<'_>, holds: impl Fn(&Issue) -> bool + 'd) -> impl Iterator<Item = &'d IssueKey> {
    let frozen = desk.stocks.values().flat_map(|stock| &stock.frozen);
    frozen.filter(move |volume| volume.withdrawn().is_none() && holds(volume)).map(|volume| &volume.key)
}

/// The campaign of an issue, with the store that has it; `None` where there is none, and no store is made.
fn campaign(session: &Session, config: &Config, shelf: &Shelf, issue: &Issue) -> Result<Option<(Store, Campaign)>> {
    if !store::is_there(config) || (config.lists.is_empty() && !shelf.was_mailed(&issue.key)?) {
        return Ok(None);
    }
    let mut store = mailing::store(config)?;
    Ok(mailing::campaign(&mut store, &issue.key, session.now)?.map(|campaign| (store, campaign)))
}

/// Pauses what is still to go out of an issue; says what became of its mail.
fn stop_mail(session: &Session, config: &Config, shelf: &Shelf, issue: &Issue, why: &str) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if let Some((mut store, campaign)) = campaign(session, config, shelf, issue)? {
        store.change(campaign.id, &Change::Pause(Campaign::withdrawn(why)), session.now)?;
        let progress = store.progress(campaign.id, session.now)?;
        let (sent, total) = (progress.count(DeliveryState::Sent), progress.total());
        if sent > 0 {
            lines.push(format!(
                "mail of it went to {sent} of {}, and cannot be called back",
                counted(total as usize, "reader")
            ));
        }
        let after = mailing::campaign(&mut store, &issue.key, session.now)?.unwrap_or(campaign);
        if after.state == CampaignState::Paused {
            let waiting = [DeliveryState::Pending, DeliveryState::Deferred, DeliveryState::Leased];
            let left: u64 = waiting.into_iter().map(|state| progress.count(state)).sum();
            let left = counted(left as usize, "message");
            lines.push(format!(
                "still to go out: {left}; the campaign is paused, and `masthead cancel {}` ends it",
                issue.key.argument()
            ));
        }
    } else if shelf.was_mailed(&issue.key)? {
        lines.push("mail of it went out, and cannot be called back".to_owned());
    }
    lines.extend(left_in_outbox(config, &issue.key));
    Ok(lines)
}

/// What is said of a volume that prints a withdrawn issue.
pub(in crate::cli::verbs) fn prints_still(volume: &IssueKey, issue: &Issue) -> Warning {
    Warning::new(format!("{volume} binds {}, which is withdrawn, and prints it still", issue.key))
        .hint(format!("`masthead issue amend {} -m \"…\"` makes it without", volume.argument()))
}

/// What is told to programs.
fn tell(report: &mut Report, issue: &Issue) {
    report.set("series", json!(issue.key.series));
    report.set("ordinal", json!(issue.ordinal()));
    report.set("number", json!(issue.number.label));
    report.set("revision", json!(issue.frozen.as_ref().map(|frozen| frozen.revision)));
    report.set("withdrawn", json!(issue.withdrawn()));
}
