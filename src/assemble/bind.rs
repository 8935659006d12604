//! Volumes: a series whose issues are made of another's.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::editorial::Editorial;
use super::plan::{Part, Placed, Plan};
use super::schedule::Agenda;
use super::window::{describe, midnight};
use crate::model::{Issue, Outcome, Reason, Series, Verdict, Window};

/// The last instant of an issue's window: the volume whose window holds it binds the issue.
fn last_instant(issue: &Issue) -> DateTime<Utc> {
    issue.window.until - TimeDelta::nanoseconds(1)
}

/// The frozen issues of the bound series that wait for a volume of `series`, in order of their windows. Back issues
/// brought in as PDFs have no articles to bind, and issues from before the series' `since` stay outside.
fn waiting<'a>(series: &Series, zone: Tz, bound: &[&'a Issue], volumes: &[&Issue]) -> Vec<&'a Issue> {
    let done: BTreeSet<u64> =
        volumes.iter().flat_map(|volume| &volume.sections).filter_map(|section| section.issue).collect();
    let begins = series.since.map(|day| midnight(day, zone));
    let mut waiting: Vec<&Issue> = bound
        .iter()
        .copied()
        .filter(|issue| issue.frozen.is_some() && issue.imported_pdf.is_none() && !done.contains(&issue.ordinal()))
        .filter(|issue| begins.is_none_or(|begins| begins <= last_instant(issue)))
        .collect();
    waiting.sort_by_key(|issue| (issue.window, issue.ordinal()));
    waiting
}

/// The dates of what waits for a volume, oldest first: what [`super::schedule::due`] takes instead of posts' dates.
/// `volumes` are the volumes there are, frozen or drafts.
#[must_use]
pub fn pending(series: &Series, zone: Tz, bound: &[&Issue], volumes: &[&Issue]) -> Vec<DateTime<Utc>> {
    let mut dates: Vec<DateTime<Utc>> = waiting(series, zone, bound, volumes).into_iter().map(last_instant).collect();
    dates.sort_unstable();
    dates
}

/// The horizon for a volume's windows: they close only when every window of the bound series that ends in them has
/// been decided. `bound` is the bound series' agenda after it has been carried out.
#[must_use]
pub fn horizon(bound: &Agenda, now: DateTime<Utc>) -> DateTime<Utc> {
    now.min(bound.undecided.until - TimeDelta::nanoseconds(1))
}

/// Plans a volume: the waiting issues whose windows end in or before `window`, each a part of its own under its
/// series' title and label, with its articles as printed. `volumes` are the other volumes of the series. The editor
/// may leave out and retitle articles; their order is that of the bound issues unless the editor says otherwise.
#[must_use]
pub fn plan<'a>(
    series: &Series,
    zone: Tz,
    window: Window,
    bound: &[&'a Issue],
    volumes: &[&Issue],
    editorial: &Editorial,
) -> Plan<'a> {
    let mut parts = Vec::new();
    let mut verdicts = Vec::new();
    let mut within = Vec::new();
    let issues = waiting(series, zone, bound, volumes);
    for issue in issues.into_iter().filter(|issue| last_instant(issue) < window.until) {
        let title = heading(issue);
        let late = last_instant(issue) < window.since;
        let mut posts = Vec::new();
        for article in issue.sections.iter().flat_map(|section| &section.articles) {
            let post = &article.post;
            within.push(post);
            let outcome = if editorial.leaves_out(post) {
                Outcome::Out(Reason::LeftOut)
            } else {
                posts.push(Placed { post, title: editorial.title_of(post).map(str::to_owned), late });
                Outcome::Taken { section: title.clone(), late }
            };
            let because = match outcome {
                Outcome::Out(_) => "the editor of this volume leaves it out".to_owned(),
                Outcome::Taken { .. } => {
                    format!("it was printed in {}, whose window is {}", issue.key, describe(issue.window, zone))
                }
            };
            verdicts.push(Verdict { post: post.id.clone(), title: post.title.clone(), outcome, because });
        }
        posts.sort_by_key(|placed| editorial.rank(placed.post));
        if !posts.is_empty() {
            parts.push(Part { title, issue: Some(issue.ordinal()), posts });
        }
    }
    Plan { window, parts, verdicts, warnings: editorial.unknown_names(&within) }
}

/// "Newsletter 92", "Newsletter 92: Ink".
fn heading(issue: &Issue) -> String {
    let name = format!("{} {}", issue.series.title, issue.number.label);
    match &issue.title {
        Some(title) => format!("{name}: {title}"),
        None => name,
    }
}
