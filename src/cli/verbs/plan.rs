//! `masthead plan`: what the next issue would hold, and why.

use std::collections::BTreeSet;

use serde_json::json;

use crate::assemble::editorial::Editorial;
use crate::assemble::plan::Scope;
use crate::cli::collected;
use crate::cli::compose::{Composition, Desk};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Issue, Outcome, PostId, Reason, Verdict, Window};

/// Says the verdict on every post for the next issue of a series: the oldest draft, or the next window.
pub(super) fn run(session: &mut Session, key: &str, all: bool) -> Result<Report> {
    let config = session.config()?;
    let collected = collected::collect(session, &config)?;
    let mut desk = Desk::open(session, &config, &collected.posts)?.rehearsing();
    let series = desk.series(key)?;
    let composition = desk.compose(session, series)?;
    let drafts: Vec<&Issue> = composition.issues.iter().filter(|issue| issue.frozen.is_none()).collect();
    let (number, window, verdicts) = match drafts.first() {
        Some(draft) => {
            let editorial = composition.drafts.get(&draft.ordinal()).map(|draft| draft.editorial.clone());
            let verdicts = others_too(&desk, &composition, draft, &editorial.unwrap_or_default());
            (draft.number.label.clone(), draft.window, verdicts)
        }
        None => next(session, &desk, &composition)?,
    };
    Ok(report(&desk, series.title.as_str(), &number, window, &verdicts, all))
}

/// The draft's own verdicts, then those on all other posts.
fn others_too(desk: &Desk<'_>, composition: &Composition<'_>, draft: &Issue, editorial: &Editorial) -> Vec<Verdict> {
    let mut verdicts = draft.verdicts.clone();
    let mut known: BTreeSet<PostId> = verdicts.iter().map(|verdict| verdict.post.clone()).collect();
    let everything = desk.plan(composition, draft.window, editorial, Scope::Everything);
    verdicts.extend(everything.verdicts.into_iter().filter(|verdict| known.insert(verdict.post.clone())));
    verdicts
}

fn next<'a>(
    session: &Session,
    desk: &Desk<'a>,
    composition: &Composition<'a>,
) -> Result<(String, Window, Vec<Verdict>)> {
    let series = composition.series;
    let window = desk.next_window(composition, session.now).ok_or_else(|| {
        Error::new(
            ErrorKind::State,
            format!("the series `{}` has no draft, and its windows are opened by hand", series.key),
        )
        .hint(format!("`masthead issue new {} --since DATE --until DATE` opens one", series.key))
    })?;
    let number = desk.next_number(composition, session.now, window.since, None)?;
    let plan = desk.plan(composition, window, &Editorial::default(), Scope::Everything);
    Ok((number.label, window, plan.verdicts))
}

fn report(desk: &Desk<'_>, title: &str, number: &str, window: Window, verdicts: &[Verdict], all: bool) -> Report {
    let mut report = Report::default();
    report.line(format!("{title} {number}, {}", desk.describe(window)));
    let (taken, out): (Vec<&Verdict>, Vec<&Verdict>) =
        verdicts.iter().partition(|verdict| matches!(verdict.outcome, Outcome::Taken { .. }));
    let mut heading = None;
    for verdict in &taken {
        if let Outcome::Taken { section, late } = &verdict.outcome {
            if heading != Some(section) && !section.is_empty() {
                report.line(format!("\n{section}"));
            }
            heading = Some(section);
            let late = if *late { "late: " } else { "" };
            report.line(format!("  + {}\n      {late}{}", verdict.title, verdict.because));
        }
    }
    if taken.is_empty() {
        report.line("  no post yet");
    }
    let near = |verdict: &&&Verdict| all || !is_far(&verdict.outcome);
    let told: Vec<&&Verdict> = out.iter().filter(near).collect();
    if !told.is_empty() {
        report.line("\nleft out");
    }
    for verdict in &told {
        report.line(format!("  - {}\n      {}", verdict.title, verdict.because));
    }
    if told.len() < out.len() {
        let count = out.len() - told.len();
        report.line(format!(
            "\n{count} more posts belong elsewhere (other windows, languages or series); --all tells why"
        ));
    }
    report.set("series", json!(title));
    report.set("number", json!(number));
    report.set("since", json!(window.since));
    report.set("until", json!(window.until));
    report.set("verdicts", json!(verdicts));
    report
}

/// Whether nobody would look for the post in this issue.
fn is_far(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Out(
            Reason::AlreadyIn { .. }
                | Reason::OtherLanguage { .. }
                | Reason::NotSelected
                | Reason::BeforeSeries
                | Reason::EarlierWindow
        )
    )
}
