//! `masthead issue`: work on numbered issues.

mod draft;
mod frozen;
mod import;
pub(super) mod show;
mod withdraw;

pub(super) use withdraw::prints_still;

use crate::assemble::label;
use crate::cli::args::{Issue as Verb, Which};
use crate::cli::clock;
use crate::cli::collected;
use crate::cli::compose::Desk;
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::cli::store;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Issue, Post, Series};

/// Runs one verb on issues.
pub(super) fn run(session: &mut Session, verb: Verb) -> Result<Report> {
    let config = session.config()?;
    match verb {
        Verb::List { series } => show::list(session, &config, series.as_deref()),
        Verb::Show { which } => show::show(session, &config, &which),
        Verb::Edit { which } => draft::edit(session, &config, &which),
        Verb::New { series, since, until, label, title } => {
            let _lock = session.lock(&config)?;
            draft::new(session, &config, &series, &draft::Asked { since, until, label, title })
        }
        Verb::Freeze { which } => {
            let _lock = session.lock(&config)?;
            store::begin(&config);
            draft::freeze(session, &config, &which)
        }
        Verb::Unfreeze { which } => {
            let _lock = session.lock(&config)?;
            frozen::unfreeze(session, &config, &which)
        }
        Verb::Amend { which, message } => {
            let _lock = session.lock(&config)?;
            frozen::amend(session, &config, &which, message.as_deref())
        }
        Verb::Withdraw { series, number, message, undo, post } => {
            let _lock = session.lock(&config)?;
            let which = Which { series, number: Some(number) };
            withdraw::run(session, &config, &which, &withdraw::Asked { message, undo, post })
        }
        Verb::Import { series, pdf, number, date, title } => {
            let _lock = session.lock(&config)?;
            import::run(session, &config, &import::Asked { series, pdf, number, date, title })
        }
    }
}

/// Collects the posts that issues are composed from. A run that changes issues keeps what it saw first.
fn posts(session: &mut Session, config: &Config, keep: bool) -> Result<Vec<Post>> {
    if !keep {
        return Ok(collected::collect(session, config)?.posts);
    }
    clock::refuse_if_behind(session, config)?;
    Ok(collected::collect_and_keep(session, config)?.posts)
}

/// The issue that is meant among these: by label, else by ordinal; the newest when no number is given. What
/// [`IssueKey::argument`] says is the ordinal first.
pub(super) fn find<'i>(series: &Series, issues: &'i [Issue], which: &Which) -> Result<&'i Issue> {
    let none = |what: String| {
        let labels: Vec<&str> = issues.iter().map(|issue| issue.number.label.as_str()).collect();
        let error = Error::new(ErrorKind::Usage, what);
        match labels.as_slice() {
            [] => error.hint(format!("`masthead issue list {}` shows what there is", series.key)),
            [.., last] => error.hint(format!("the newest is {last}; `masthead issue list {}` shows all", series.key)),
        }
    };
    let Some(number) = &which.number else {
        return issues.last().ok_or_else(|| none(format!("the series `{}` has no such issue yet", series.key)));
    };
    let said = label::plain(number);
    let by_ordinal = || said.parse().ok().and_then(|n: u64| issues.iter().find(|issue| issue.ordinal() == n));
    let mut labelled: Vec<&Issue> = issues.iter().filter(|issue| issue.number.label == *number).collect();
    if labelled.is_empty() {
        labelled = issues.iter().filter(|issue| label::plain(&issue.number.label) == said).collect();
    }
    let by_label = || labelled.first().copied();
    // A folder's name has four digits; anything else that is a label is meant as one.
    let is_folder_name = said.len() >= 4 && said.starts_with('0');
    let found = if is_folder_name { by_ordinal().or_else(by_label) } else { by_label().or_else(by_ordinal) };
    if labelled.len() > 1 && found.is_some_and(|issue| labelled.contains(&issue)) && !is_folder_name {
        let folders: Vec<String> = labelled
            .iter()
            .map(|issue| format!("`{}`", issue.key.argument().rsplit(' ').next().unwrap_or_default()))
            .collect();
        let message = format!("`{number}` of the series `{}` is {} issues", series.key, labelled.len());
        return Err(Error::new(ErrorKind::Usage, message)
            .hint(format!("numbers begin again in it: name the folder, {}", folders.join(" or "))));
    }
    found.ok_or_else(|| none(format!("the series `{}` has no such issue `{number}`", series.key)))
}

/// The issues of a series, frozen and composed, by window.
fn all(session: &mut Session, desk: &mut Desk<'_>, series: &str) -> Result<Vec<Issue>> {
    let series = desk.series(series)?;
    let mut issues = desk.compose(session, series)?.issues;
    crate::assemble::import::chronological(&mut issues);
    Ok(issues)
}

/// "Newsletter 92 (newsletter/0001)".
pub(super) fn name(issue: &Issue) -> String {
    format!("{} {} ({})", issue.series.title, issue.number.label, issue.key)
}
