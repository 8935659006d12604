//! `masthead publish`: everything that is due.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::advance::{self, Advanced};
use crate::cli::artefacts::Artefacts;
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::files::Tally;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::Shelf;
use crate::cli::site::{self, Made};
use crate::collect::Collected;
use crate::config::Config;
use crate::deliver::Sender;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Issue, MailPolicy};

/// Collects, drafts, freezes closed windows, builds, and writes mail where a series says so.
pub(super) fn run(session: &mut Session, output: Option<&Path>, drafts: bool) -> Result<Report> {
    let config = session.config()?;
    let _lock = Session::lock(&config)?;
    let templates = session.templates(&config)?;
    if config.series.iter().any(|series| series.mail == MailPolicy::Auto && !series.lists.is_empty()) {
        // What mail lacks is said before a number is given, not after.
        Sender::new(&config.mail, &config.lists)?;
    }
    let collected = collected::collect_and_keep(session, &config)?;
    let mut desk = Desk::open(session, &config, &collected.posts)?;
    stop_if_strict(session)?;
    let advanced = advance::all(session, &mut desk)?;
    let frozen: Vec<&Issue> = desk.stocks.values().flat_map(|stock| &stock.frozen).collect();
    let shown_drafts: Vec<&Issue> = advanced.values().flat_map(|one| &one.drafts).filter(|_| drafts).collect();
    let issues: Vec<&Issue> = frozen.iter().copied().chain(shown_drafts).collect();
    let made = site::make(session, &config, &templates, &issues)?;
    release(&desk.shelf, &made)?;
    let folder = output.map_or_else(|| config.root.join("public"), Path::to_path_buf);
    let mut tally = site::write(session, &config, &templates, &collected.posts, &made, &folder, drafts)?;
    let mailed = mail(session, &config, &desk.shelf, &made, &mut tally)?;
    Ok(report(session, &config, &collected, &desk, &advanced, &mailed, tally))
}

/// Under `--strict` nothing is frozen or written as long as there is something to warn of.
fn stop_if_strict(session: &Session) -> Result<()> {
    if session.global.strict && !session.warnings.is_empty() {
        return Err(Error::new(ErrorKind::Strict, "there were warnings, and `--strict` was given")
            .hint("nothing was frozen or written"));
    }
    Ok(())
}

/// Keeps what goes out now: from here on it is copied, not made again.
fn release(shelf: &Shelf, made: &[Made<'_>]) -> Result<()> {
    for Made { issue, artefacts } in made {
        if let Some(frozen) = &issue.frozen
            && !shelf.is_released(&issue.key, frozen.revision)
        {
            shelf.release(&issue.key, frozen.revision, &artefacts.files)?;
        }
    }
    Ok(())
}

/// Hands the issues that are due to the readers of their lists; says how many messages were made of each.
fn mail(
    session: &mut Session,
    config: &Config,
    shelf: &Shelf,
    made: &[Made<'_>],
    tally: &mut Tally,
) -> Result<Vec<(String, usize)>> {
    let mut due: Vec<&Made<'_>> = Vec::new();
    for one in made {
        if mailing::is_due(shelf, one.issue)? {
            due.push(one);
        }
    }
    mailing::sync_lists(session, config)?;
    let mut mailed = Vec::new();
    for one in due {
        let Some(series) = config.series(&one.issue.key.series) else { continue };
        let Some(digest) = one.artefacts.digest() else { continue };
        session.progress(format!("writing mail: {}", series.title));
        let handed = mailing::hand_over(session, config, shelf, series, &digest)?;
        *tally += handed.written;
        mailed.push((format!("{} {}", series.title, one.issue.number.label), handed.messages));
    }
    Ok(mailed)
}

fn report(
    session: &Session,
    config: &Config,
    collected: &Collected,
    desk: &Desk<'_>,
    advanced: &BTreeMap<String, Advanced>,
    mailed: &[(String, usize)],
    tally: Tally,
) -> Report {
    let mut report = Report::default();
    let mut left_out: Vec<Value> =
        collected.left_out.iter().map(|out| json!({"file": out.file, "reason": out.reason})).collect();
    let hidden = collected.posts.iter().filter(|post| !site::is_out(session, post));
    for post in hidden {
        let reason = if post.draft {
            "a draft".to_owned()
        } else {
            format!("dated {}, which is still to come", post.date().format("%Y-%m-%d %H:%MZ"))
        };
        left_out.push(json!({"file": post.file, "reason": reason}));
    }
    let found = collected.posts.len() + collected.left_out.len();
    let taken = found - left_out.len();
    report.line(format!("{} found, {taken} taken, {} left out", counted(found, "post"), left_out.len()));
    if session.global.verbose {
        for out in &left_out {
            report.line(format!(
                "  left out: {}: {}",
                out["file"].as_str().unwrap_or_default(),
                out["reason"].as_str().unwrap_or_default()
            ));
        }
    }
    let mut issues = Vec::new();
    for series in &config.series {
        let (stock, done) = (desk.stock(series), advanced.get(&series.key));
        let new = |issue: &Issue| done.is_some_and(|done| done.frozen.contains(&issue.ordinal()));
        for issue in &stock.frozen {
            let posts = issue.sections.iter().map(|section| section.articles.len()).sum::<usize>();
            if new(issue) {
                let name = format!("{} {}", series.title, issue.number.label);
                report.line(format!("frozen: {name}, {}: {}", desk.describe(issue.window), counted(posts, "article")));
            }
            issues.push(in_json(config, issue, posts, new(issue)));
        }
        for note in done.iter().flat_map(|done| &done.notes) {
            report.line(note);
        }
    }
    for (issue, messages) in mailed {
        report.line(format!("mail: {issue} to {}", counted(*messages, "reader")));
    }
    report.line(format!("{} written, {} unchanged", counted(tally.written, "file"), tally.unchanged));
    report.set("posts", json!({"found": found, "taken": taken, "left_out": left_out}));
    report.set("issues", Value::Array(issues));
    report.set("notes", json!(advanced.values().flat_map(|done| &done.notes).collect::<Vec<_>>()));
    report.set(
        "mailed",
        json!(mailed.iter().map(|(issue, messages)| json!({"issue": issue, "messages": messages})).collect::<Vec<_>>()),
    );
    report.set("written", json!(tally.written));
    report.set("unchanged", json!(tally.unchanged));
    report
}

fn in_json(config: &Config, issue: &Issue, posts: usize, new: bool) -> Value {
    json!({
        "series": issue.key.series,
        "ordinal": issue.ordinal(),
        "number": issue.number.label,
        "since": issue.window.since,
        "until": issue.window.until,
        "posts": posts,
        "new": new,
        "revision": issue.frozen.as_ref().map(|frozen| frozen.revision),
        "pdf": site::is_public(config, issue).then(|| format!("{}/{}/{}", issue.key.series, issue.ordinal(), Artefacts::pdf_name(issue))),
        "path": Shelf::shown(&issue.key, "").components().collect::<std::path::PathBuf>(),
    })
}
