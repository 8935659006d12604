//! `masthead check`: the publication's faults, without changing anything.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use super::deliver;
use super::issue::prints_still;
use crate::assemble::withdraw;
use crate::cli::advance;
use crate::cli::collected;
use crate::cli::compose::{Composition, Desk};
use crate::cli::lists;
use crate::cli::lost;
use crate::cli::mailing;
use crate::cli::rehearsal;
use crate::cli::report::Report;
use crate::cli::sending;
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::site::{self, Made, Showing};
use crate::cli::store;
use crate::cli::unfound;
use crate::cli::unmailed::{self, FORGETFUL, Known, REMEMBERED, Unmailed};
use crate::collect::Collected;
use crate::config::{Config, StoreUrl};
use crate::deliver::Sender;
use crate::error::{Error, Result, Warning};
use crate::model::{Asset, Issue, MailPolicy, Origin, Post, Series, asset_address};
use crate::store::Store;

/// A picture on a page is large that has more bytes than this.
const HEAVY: u64 = 4_000_000;
/// How many such pictures are named.
const NAMED: usize = 5;

/// Reads everything that a run would read and renders everything that it would render; writes nothing.
pub(super) fn run(session: &mut Session) -> Result<Report> {
    let config = session.config()?;
    let templates = session.templates(&config)?;
    rehearsal::rehearse(session, &config, &templates)?;
    let collected = collected::collect(session, &config)?;
    let mut desk = Desk::open(session, &config, &collected.posts)?.rehearsing();
    let composed = compose(session, &config, &mut desk);
    if config.mail.from.is_some() {
        Sender::new(&config.mail, &config.lists)?;
        session.warnings.extend(faults_of_mail(&config));
    }
    let unread = lists::check(session, &config)?;
    let (unseen, known) = look_at_store(session, &desk)?;
    let issues: Vec<&Issue> = desk.stocks.values().flat_map(|stock| &stock.frozen).chain(&composed).collect();
    session.warnings.extend(heavy(session, &config, &collected.posts));
    let made = site::make(session, &config, &templates, &issues)?;
    weigh(session, &config, &desk.shelf, &made)?;
    let drawn = site::draw(session, &config, &templates, &collected.posts, (&made, &desk.former), Showing::Out)?;
    let standing = unfound::Standing::new(&config, &drawn)?;
    let told = unfound::told(session, &standing, &collected.posts, &drawn.nowhere);
    session.warnings.extend(told);
    let mut report = Report::default();
    tell_issues(session, &mut report, &config, &collected, &issues);
    // What a server that could not be asked has queued is not known.
    let unmailed = if unseen.is_none() { not_mailed(session, &config, &desk, &known)? } else { Vec::new() };
    for found in &unmailed {
        unmailed::tell(&mut report, found);
    }
    report.set("unmailed", unmailed::in_json(&unmailed.concat()));
    for line in &unread {
        report.line(line);
    }
    report.set("unread_columns", json!(unread));
    let has_seen_all = unseen.is_none();
    if let Some(unseen) = unseen {
        report.line(unseen);
    }
    report.line(match session.warnings.len() {
        0 if !has_seen_all => "no fault was found in what was looked at".to_owned(),
        0 => "no fault was found".to_owned(),
        1 => "1 warning".to_owned(),
        count => format!("{count} warnings"),
    });
    Ok(report)
}

/// The drafts of each series as they are now. What is wrong with one series is a warning, and the others are looked at.
fn compose(session: &mut Session, config: &Config, desk: &mut Desk<'_>) -> Vec<Issue> {
    let mut composed = Vec::new();
    for series in desk.in_order() {
        match desk.compose(session, series) {
            Ok(composition) => {
                session.warnings.extend(borne_labels(&composition));
                composed.extend(composition.issues.into_iter().filter(|issue| issue.frozen.is_none()));
            }
            Err(error) => session.warnings.push(error.into_warning()),
        }
        if let Err(error) = desk.standing(session, series) {
            session.warnings.push(error.into_warning());
        }
        if series.mail == MailPolicy::Auto && series.lists.is_empty() {
            let message = format!("the series `{}` has `mail = \"auto\"`, but no lists", series.key);
            session.warnings.push(Warning::new(message).hint("`lists` names those that its issues are mailed to"));
        }
        if !series.lists.is_empty() && config.mail_of(&series.key).from.is_none() {
            let warning = Warning::new(format!("the series `{}` has lists, but `[mail]` has no `from`", series.key));
            session.warnings.push(warning.hint("no mail can be made without it"));
        }
    }
    composed
}

/// What is wrong with drafts whose labels issues bear that are frozen, or will be before them.
fn borne_labels(composition: &Composition<'_>) -> Vec<Warning> {
    let is_printed = |issue: &&Issue| issue.frozen.is_some() || !issue.sections.is_empty();
    let (frozen, drafts): (Vec<&Issue>, Vec<&Issue>) =
        composition.issues.iter().filter(is_printed).partition(|issue| issue.frozen.is_some());
    let borne = |(place, draft): (usize, &&Issue)| {
        let others = [&frozen[..], &drafts[..place]].concat();
        advance::refuse_borne_label(composition, draft, &others).err()
    };
    drafts.iter().enumerate().filter_map(borne).map(Error::into_warning).collect()
}

/// One warning for all pictures of our own that pages show, and that readers on phones wait for.
fn heavy(session: &Session, config: &Config, posts: &[Post]) -> Option<Warning> {
    let mut found: BTreeMap<&Path, u64> = BTreeMap::new();
    for post in posts.iter().filter(|post| post.origin == Origin::Own && site::is_out(session, post)) {
        let is_shown = |asset: &&Asset| {
            let address = asset_address(&asset.name);
            let leads = post.picture.as_ref().is_some_and(|picture| picture.src == address);
            leads || post.body.as_str().contains(&format!("src=\"{address}\""))
        };
        let large = post.assets.iter().filter(|asset| asset.length > HEAVY && asset.media_type.starts_with("image/"));
        found.extend(large.filter(is_shown).map(|asset| (&*asset.file, asset.length)));
    }
    let named = found.iter().take(NAMED).map(|(file, length)| {
        let file = file.strip_prefix(&config.root).unwrap_or(file).display();
        format!("`{file}` ({:.1} MB)", *length as f64 / 1e6)
    });
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let pictures = if found.len() == 1 { "a picture is large for a page" } else { "pictures are large for pages" };
    (!found.is_empty()).then(|| {
        Warning::new(format!("{pictures}: {}{more}", named.collect::<Vec<_>>().join(", ")))
            .hint("readers on phones wait for them; 2000 pixels of width are enough for pages and for print")
    })
}

/// Counts posts and issues, and warns of volumes that print what was withdrawn.
fn tell_issues(session: &mut Session, report: &mut Report, config: &Config, collected: &Collected, issues: &[&Issue]) {
    let withdrawn: Vec<&Issue> = issues.iter().copied().filter(|issue| issue.withdrawn().is_some()).collect();
    let drafts = issues.iter().filter(|issue| issue.frozen.is_none()).count();
    for issue in &withdrawn {
        let volumes = issues.iter().filter(|volume| volume.frozen.is_some() && withdraw::prints(volume, &issue.key));
        session.warnings.extend(volumes.map(|volume| prints_still(&volume.key, issue)));
    }
    let count = if withdrawn.is_empty() { String::new() } else { format!(", {} withdrawn", withdrawn.len()) };
    let (posts, series) = (collected.posts.len(), config.series.len());
    report.line(format!("{posts} posts, {series} series, {} issues ({drafts} drafts{count})", issues.len()));
    report.set("posts", json!(posts));
    report.set("series", json!(series));
    report.set("left_out", json!(collected.left_out.len()));
    report.set("issues", json!(issues.len()));
    report.set("drafts", json!(drafts));
    report.set("withdrawn", json!(withdrawn.len()));
}

/// The issues of each series that their readers have not had.
fn not_mailed(session: &Session, config: &Config, desk: &Desk<'_>, known: &Known) -> Result<Vec<Vec<Unmailed>>> {
    let series = desk.stocks.iter().filter_map(|(key, stock)| Some((config.series(key)?, stock)));
    // What goes by hand alone is no fault.
    let series = series.filter(|(series, _)| series.mail == MailPolicy::Auto);
    let found =
        series.map(|(series, stock)| unmailed::unmailed(&desk.shelf, series, stock.frozen.iter(), known, session.now));
    found.collect()
}

/// Tells what is wrong with a store, of issues whose mail goes on by itself no more, of messages in doubt, and of secrets that are others than those
/// that mail was sent with. Why a server could not be asked is no fault of the publication: it is handed back, to be told; so
/// is what is known of issues that were mailed.
fn look_at_store(session: &mut Session, desk: &Desk<'_>) -> Result<(Option<String>, Known)> {
    let config = desk.config;
    let nothing = (None, Known::default());
    if let StoreUrl::Sqlite(path) = &config.store {
        let file = config.path(path);
        let is_there = if store::is_begun(&file) { Ok(()) } else { store::refuse_if_left(config) };
        if let Err(error) = is_there.and_then(|()| Store::examine(&file)) {
            session.warnings.push(error.into_warning());
            return Ok(nothing);
        }
    } else if config.lists.is_empty() {
        return Ok(nothing);
    }
    let looked = match store::look(config) {
        Ok(looked) => looked,
        Err(error) => {
            return Ok((Some(format!("the store was not looked at: {}", error.message())), Known::default()));
        }
    };
    let Some(looked) = looked else {
        let known = Known::without_store(config)?;
        warn_if_forgetful(session, config, &known)?;
        return Ok((None, known));
    };
    let campaigns = looked.campaigns();
    if !config.lists.is_empty() {
        session.warnings.extend(lost::of_lost_issues(session, desk, &looked));
    }
    let paused = campaigns.iter().filter(|campaign| mailing::is_paused(campaign));
    session.warnings.extend(paused.map(|campaign| Warning::new(deliver::paused(campaign))));
    let without_series = campaigns.iter().filter_map(|campaign| mailing::without_series(config, campaign));
    session.warnings.extend(without_series.map(Warning::new));
    let held_back = campaigns.iter().filter(|campaign| campaign.is_held_back());
    session.warnings.extend(held_back.map(|campaign| Warning::new(deliver::held_back(config, campaign))));
    let now = session.now;
    let overdue = campaigns
        .iter()
        .filter_map(|campaign| deliver::overdue(config, campaign, looked.progress(campaign.id, now).next_due, now));
    session.warnings.extend(overdue);
    let in_doubt = looked.in_doubt().into_iter();
    session.warnings.extend(in_doubt.map(|(issue, count)| sending::in_doubt(&issue, count).into_warning()));
    if looked.has_strange_secrets(mailing::secrets()?) {
        session.warnings.push(mailing::of_strange_secrets());
    }
    let known = Known::new(&campaigns, looked.frozen_before());
    warn_if_forgetful(session, config, &known)?;
    Ok((None, known))
}

/// Tells of a store that does not know who has left, where readers leave by pages and mail goes by itself: the next issue
/// waits for that.
fn warn_if_forgetful(session: &mut Session, config: &Config, known: &Known) -> Result<()> {
    let mails = |series: &Series| series.mail == MailPolicy::Auto && !series.lists.is_empty();
    let waits = config.mail.subscriptions_url.is_some() && config.series.iter().any(mails);
    if waits && known.is_forgetful(&Shelf::new(&config.root))? {
        session.warnings.push(Warning::new(FORGETFUL).hint(REMEMBERED));
    }
    Ok(())
}

/// Tells of messages that are too large for many servers: those of the newest issue of each series that has readers.
fn weigh(session: &mut Session, config: &Config, shelf: &Shelf, made: &[Made<'_>]) -> Result<()> {
    for series in config.series.iter().filter(|series| !series.lists.is_empty() && series.mail != MailPolicy::Never) {
        let is_out = |issue: &Issue| issue.frozen.is_some() && issue.withdrawn().is_none();
        let of_series = made.iter().filter(|one| one.issue.key.series == series.key && is_out(one.issue));
        let Some(Made { issue, artefacts }) = of_series.max_by_key(|one| one.issue.window.until) else { continue };
        let digest = match artefacts.digest_of(issue) {
            Ok(Some(digest)) => digest,
            Ok(None) => continue,
            Err(error) => {
                session.warnings.push(error.into_warning());
                continue;
            }
        };
        sending::weigh(config, shelf, issue, &digest, artefacts, &mut session.warnings)?;
    }
    Ok(())
}

/// What is wrong with the mail of the publication and of the series that have readers, each fault once. A password or a key that is missing here
/// may be at hand where mail is sent.
fn faults_of_mail(config: &Config) -> Vec<Warning> {
    let mut faults = sending::odd_transport(config);
    let with_readers = config.series.iter().filter(|series| !series.lists.is_empty()).map(|series| series.key.as_str());
    for series in std::iter::once("").chain(with_readers) {
        let checked = sending::check(config, series).and_then(|()| sending::vouching(config, series));
        for fault in checked.unwrap_or_else(|error| vec![error.into_warning()]) {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    faults
}
