//! `masthead plan`: what the next issue would hold, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::issue::show;
use crate::assemble::editorial::Editorial;
use crate::assemble::plan::{Part, Placed, Scope};
use crate::cli::collected;
use crate::cli::compose::{Composition, Desk};
use crate::cli::report::Report;
use crate::cli::session::Session;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Article, Issue, Outcome, PostId, Reason, Section, Verdict, Window};

/// Says the verdict on every post for the next issue of a series: the oldest draft, or the next window.
pub(super) fn run(session: &mut Session, key: &str, all: bool) -> Result<Report> {
    let config = session.config()?;
    let collected = collected::collect(session, &config)?;
    let mut desk = Desk::open(session, &config, &collected.posts)?.rehearsing();
    let series = desk.series(key)?;
    let composition = desk.compose(session, series)?;
    let planned = match composition.issues.iter().find(|issue| issue.frozen.is_none()) {
        Some(draft) => {
            let editorial = composition.drafts.get(&draft.ordinal()).map(|draft| draft.editorial.clone());
            Planned {
                number: draft.number.label.clone(),
                window: draft.window,
                sections: draft.sections.iter().map(of_draft).collect(),
                verdicts: others_too(&desk, &composition, draft, &editorial.unwrap_or_default()),
            }
        }
        None => next(session, &desk, &composition)?,
    };
    Ok(report(&desk, series.title.as_str(), &planned, all))
}

/// What an issue would hold.
struct Planned {
    number: String,
    window: Window,
    /// As they are printed.
    sections: Vec<Heading>,
    verdicts: Vec<Verdict>,
}

/// A heading with its articles.
struct Heading {
    /// Empty under no heading.
    title: String,
    articles: Vec<Line>,
}

/// An article, as it is printed.
struct Line {
    post: PostId,
    slug: String,
    title: String,
    late: bool,
}

fn of_draft(section: &Section) -> Heading {
    let line = |Article { post, late, .. }: &Article| Line {
        post: post.id.clone(),
        slug: post.slug.clone(),
        title: post.title.clone(),
        late: *late,
    };
    Heading { title: section.title.clone(), articles: section.articles.iter().map(line).collect() }
}

fn of_plan(part: &Part<'_>) -> Heading {
    let line = |placed: &Placed<'_>| Line {
        post: placed.post.id.clone(),
        slug: placed.post.slug.clone(),
        title: placed.title.clone().unwrap_or_else(|| placed.post.title.clone()),
        late: placed.late,
    };
    Heading { title: part.title.clone(), articles: part.posts.iter().map(line).collect() }
}

/// The draft's own verdicts, then those on all other posts.
fn others_too(desk: &Desk<'_>, composition: &Composition<'_>, draft: &Issue, editorial: &Editorial) -> Vec<Verdict> {
    let mut verdicts = draft.verdicts.clone();
    let mut known: BTreeSet<PostId> = verdicts.iter().map(|verdict| verdict.post.clone()).collect();
    let everything = desk.plan(composition, draft.window, editorial, Scope::Everything);
    verdicts.extend(everything.verdicts.into_iter().filter(|verdict| known.insert(verdict.post.clone())));
    verdicts
}

fn next<'a>(session: &Session, desk: &Desk<'a>, composition: &Composition<'a>) -> Result<Planned> {
    let series = composition.series;
    let window = desk.next_window(composition, session.now).ok_or_else(|| {
        Error::new(
            ErrorKind::State,
            format!("the series `{}` has no draft, and its windows are opened by hand", series.key),
        )
        .hint(format!("`masthead issue new {} --since DATE --until DATE` opens one", series.key))
    })?;
    let number = desk.next_number(composition, session.now, window.since, None)?.label;
    let plan = desk.plan(composition, window, &Editorial::default(), Scope::Everything);
    Ok(Planned { number, window, sections: plan.parts.iter().map(of_plan).collect(), verdicts: plan.verdicts })
}

fn report(desk: &Desk<'_>, title: &str, planned: &Planned, all: bool) -> Report {
    let Planned { number, window, sections, verdicts } = planned;
    let mut report = Report::default();
    report.line(format!("{title} {number}, {}", desk.describe(*window)));
    let reasons: BTreeMap<&PostId, &str> =
        verdicts.iter().map(|verdict| (&verdict.post, verdict.because.as_str())).collect();
    for (at, section) in sections.iter().enumerate() {
        if let Some(heading) = show::heading(&section.title, at) {
            report.line(heading);
        }
        for Line { post, slug, title, late } in &section.articles {
            let because = reasons.get(post).copied().unwrap_or_default();
            let late = if *late { "late: " } else { "" };
            report.line(format!("  + {title}\n      {slug}\n      {late}{because}"));
        }
    }
    if sections.is_empty() {
        report.line("  no post yet");
    }
    let out: Vec<&Verdict> =
        verdicts.iter().filter(|verdict| !matches!(verdict.outcome, Outcome::Taken { .. })).collect();
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
    report.set("sections", json!(sections.iter().map(in_json).collect::<Vec<_>>()));
    report.set("verdicts", json!(verdicts));
    report
}

/// As `issue show --json` tells of it.
fn in_json(Heading { title, articles }: &Heading) -> Value {
    let article =
        |Line { post, slug, title, late }: &Line| json!({"title": title, "slug": slug, "id": post, "late": late});
    json!({"title": title, "articles": articles.iter().map(article).collect::<Vec<_>>()})
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
