//! `masthead issue list` and `show`.

use serde_json::{Value, json};

use super::{all, find, name, posts};
use crate::assemble::closed::Closed;
use crate::cli::args::Which;
use crate::cli::compose::Desk;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::cli::shelf::{EDITORIAL, FROZEN, Shelf};
use crate::config::Config;
use crate::error::{Result, Warning};
use crate::model::{Frozen, Issue, Post};

/// Every issue of one series, or of all.
pub(super) fn list(session: &mut Session, config: &Config, series: Option<&str>) -> Result<Report> {
    let posts = posts(session, config, false)?;
    let mut desk = open(session, config, &posts, series)?;
    let keys: Vec<String> = match series {
        Some(key) => vec![desk.series(key)?.key.clone()],
        None => config.series.iter().map(|series| series.key.clone()).collect(),
    };
    let mut report = Report::default();
    let (mut rows, mut closed) = (Vec::new(), Vec::new());
    for key in keys {
        for issue in all(session, &mut desk, &key)? {
            let count = issue.sections.iter().map(|section| section.articles.len()).sum::<usize>();
            let title = issue.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
            let what = format!("{}{title}  {}  {}", name(&issue), desk.describe(issue.window), state(&issue));
            report.line(format!("{what}, {}", counted(count, "article")));
            rows.push(row(&issue, count));
        }
        let series = desk.series(&key)?;
        for Closed { window, windows, at, .. } in &desk.stock(series).closed {
            let many = counted(*windows as usize, "window");
            let (title, window_said) = (&series.title, desk.describe(*window));
            report.line(format!("{title}  {window_said}  {many} closed {} without an issue", at.format("%Y-%m-%d")));
            closed.push(
                json!({"series": key, "since": window.since, "until": window.until, "windows": windows, "at": at}),
            );
        }
    }
    if rows.is_empty() && closed.is_empty() {
        report.line("no issue yet; `masthead publish` makes those that are due");
    }
    report.set("issues", Value::Array(rows));
    report.set("closed", Value::Array(closed));
    Ok(report)
}

/// Reads what series have on disk. What is wrong with others than the one that is asked for, and the one that it binds, is not
/// told here.
fn open<'c>(session: &mut Session, config: &'c Config, posts: &'c [Post], asked: Option<&str>) -> Result<Desk<'c>> {
    let told = session.warnings.len();
    let desk = Desk::open(session, config, posts)?;
    let Some(asked) = asked.and_then(|asked| config.series(asked)) else { return Ok(desk) };
    let found = session.warnings.split_off(told);
    let own = [Some(&asked.key), asked.binds.as_ref()];
    let is_of_others = |warning: &Warning| {
        let folder = warning.place.as_ref().and_then(|place| place.file.strip_prefix("issues").ok());
        folder.is_some_and(|folder| !own.into_iter().flatten().any(|key| folder.starts_with(key)))
    };
    session.warnings.extend(found.into_iter().filter(|warning| !is_of_others(warning)));
    Ok(desk)
}

/// One issue: its state, window, sections and articles.
pub(super) fn show(session: &mut Session, config: &Config, which: &Which) -> Result<Report> {
    let posts = posts(session, config, false)?;
    let mut desk = open(session, config, &posts, Some(&which.series))?;
    let series = desk.series(&which.series)?;
    let issues = all(session, &mut desk, &which.series)?;
    let issue = find(series, &issues, which)?;
    let mut report = Report::default();
    report.line(name(issue));
    if let Some(title) = &issue.title {
        report.line(title);
    }
    report.line(format!("{}, {}", desk.describe(issue.window), state(issue)));
    for note in issue.frozen.iter().flat_map(|frozen| &frozen.amendments) {
        report.line(format!("amended: {note}"));
    }
    for withdrawn in issue.frozen.iter().flat_map(|frozen| &frozen.withdrawals) {
        report.line(format!("withdrawn {}: {}", withdrawn.at.format("%Y-%m-%d"), withdrawn.message));
        if let Some(restored) = &withdrawn.restored {
            report.line(format!("brought back {}: {}", restored.at.format("%Y-%m-%d"), restored.message));
        }
    }
    for (at, section) in issue.sections.iter().enumerate() {
        if let Some(heading) = heading(&section.title, at) {
            report.line(heading);
        }
        for article in &section.articles {
            let late = if article.late { " (late)" } else { "" };
            report.line(format!("  {}{late}\n      {}", article.post.title, article.post.slug));
        }
    }
    if !issue.standing.is_empty() {
        report.line("\nin every issue");
    }
    for article in &issue.standing {
        report.line(format!("  {}", article.post.title));
    }
    let count = issue.sections.iter().map(|section| section.articles.len()).sum();
    if let Value::Object(row) = row(issue, count) {
        row.iter().for_each(|(key, value)| report.set(key, value));
    }
    report.set(
        "sections",
        json!(issue.sections.iter().map(|section| json!({
        "title": section.title,
        "articles": section.articles.iter().map(|article| json!({
            "title": article.post.title, "slug": article.post.slug, "id": article.post.id, "late": article.late,
        })).collect::<Vec<_>>(),
    })).collect::<Vec<_>>()),
    );
    report.set("verdicts", json!(issue.verdicts));
    Ok(report)
}

/// What stands over the articles of a section that comes after so many others: what has no heading is not to stand under that of
/// another.
pub(in super::super) fn heading(title: &str, at: usize) -> Option<String> {
    match title {
        "" if at == 0 => None,
        "" => Some("\nunder no heading".to_owned()),
        title => Some(format!("\n{title}")),
    }
}

/// "draft", "frozen 2026-08-01", "amended 2026-08-04 (revision 2)".
fn state(issue: &Issue) -> String {
    match &issue.frozen {
        None => "draft".to_owned(),
        Some(frozen) if issue.withdrawn().is_some() => {
            format!("withdrawn {} (revision {})", frozen.updated.format("%Y-%m-%d"), frozen.revision)
        }
        Some(_) if issue.imported_pdf.is_some() => "back issue".to_owned(),
        Some(frozen) if is_brought_back(frozen) => {
            format!("brought back {} (revision {})", frozen.updated.format("%Y-%m-%d"), frozen.revision)
        }
        Some(frozen) if frozen.revision > 1 => {
            format!("amended {} (revision {})", frozen.updated.format("%Y-%m-%d"), frozen.revision)
        }
        Some(frozen) => format!("frozen {}", frozen.at.format("%Y-%m-%d")),
    }
}

/// Whether the newest revision undid a withdrawal.
fn is_brought_back(frozen: &Frozen) -> bool {
    let last = frozen.withdrawals.last().and_then(|last| last.restored.as_ref());
    last.is_some_and(|restored| restored.at == frozen.updated)
}

/// The state in one word, for programs.
fn word(issue: &Issue) -> &'static str {
    match &issue.frozen {
        None => "draft",
        Some(_) if issue.withdrawn().is_some() => "withdrawn",
        Some(frozen) if frozen.is_amended() => "amended",
        Some(_) => "frozen",
    }
}

fn row(issue: &Issue, posts: usize) -> Value {
    let file = if issue.frozen.is_some() { FROZEN } else { EDITORIAL };
    json!({
        "series": issue.key.series,
        "ordinal": issue.key.ordinal,
        "number": issue.number.label,
        "title": issue.title,
        "since": issue.window.since,
        "until": issue.window.until,
        "date": issue.date,
        "state": word(issue),
        "withdrawn": issue.withdrawn(),
        "revision": issue.frozen.as_ref().map(|frozen| frozen.revision),
        "posts": posts,
        "path": Shelf::shown(&issue.key, file).parent(),
    })
}
