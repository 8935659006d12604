//! Which posts an issue holds, and the verdict on every one.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;

use super::editorial::Editorial;
use super::ledger::{Decision, Entry, Ledger};
use super::window::{describe, local};
use crate::error::Warning;
use crate::model::{Issue, Outcome, Post, Reason, SectionRule, Series, Verdict, Window, same_word};

/// What an issue would hold, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<'a> {
    /// The window that the issue closes.
    pub window: Window,
    /// Headings with their posts, in order of print; none is empty.
    pub parts: Vec<Part<'a>>,
    /// The verdicts, in order of date.
    pub verdicts: Vec<Verdict>,
    /// Names in issue.toml that mean no post of the issue.
    pub warnings: Vec<Warning>,
}

/// A heading with its posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Part<'a> {
    /// The heading; empty under no heading.
    pub title: String,
    /// In a volume: the bound issue.
    pub issue: Option<&'a Issue>,
    /// In order of print.
    pub posts: Vec<Placed<'a>>,
}

/// A post in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<'a> {
    /// The post.
    pub post: &'a Post,
    /// The editor's title for it.
    pub title: Option<String>,
    /// Whether it was seen only after its own window had been decided.
    pub late: bool,
    /// In a volume: the heading it stood under in the bound issue.
    pub band: Option<&'a str>,
}

/// On which posts a plan has verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that the issue takes, that its editor leaves out, and that are dated in its window: what is frozen.
    Window,
    /// Every post there is.
    Everything,
}

impl Plan<'_> {
    /// How many posts the issue holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.posts.len()).sum()
    }

    /// Whether the issue holds no post.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// Plans the issue of a window: every post that still waits and is dated before the window ends and not before the
/// series begins, those dated before the window as late ones; less what the editor leaves out.
#[must_use]
pub fn plan<'a>(series: &Series, ledger: &Ledger<'a>, window: Window, editorial: &Editorial, scope: Scope) -> Plan<'a> {
    let begins = ledger.begins(window.since);
    let mut taken = Vec::new();
    let mut verdicts = Vec::new();
    let mut within = Vec::new();
    for (entry, open) in ledger.entries(window, scope == Scope::Everything) {
        let eligible = open && begins <= entry.date && entry.date < window.until;
        if !eligible && scope == Scope::Window && !window.contains(entry.date) {
            continue;
        }
        let outcome = if eligible {
            within.push(entry.post);
            if editorial.leaves_out(entry.post) {
                Outcome::Out(Reason::LeftOut)
            } else {
                let late = entry.date < window.since;
                taken.push(Placed { post: entry.post, title: title(editorial, entry.post), late, band: None });
                Outcome::Taken { section: section(series, entry.post).to_owned(), late }
            }
        } else {
            Outcome::Out(reason(entry, begins, window))
        };
        verdicts.push(verdict(entry, outcome, window, ledger));
    }
    let warnings = editorial.unknown_names(&within);
    Plan { window, parts: arranged(series, editorial, taken), verdicts, warnings }
}

/// Plans a new revision of a frozen issue: the posts it was decided about, as they are now, or as they were printed
/// where they have gone; nothing that came later. `ledger` has the other issues of the series. A post that has become
/// a draft, or is no longer taken by the series, leaves the issue; one whose date has moved stays.
#[must_use]
pub fn amendment<'a>(series: &Series, ledger: &Ledger<'a>, frozen: &'a Issue, editorial: &Editorial) -> Plan<'a> {
    let window = frozen.window;
    let mut taken = Vec::new();
    let mut verdicts = Vec::new();
    let mut within = Vec::new();
    for old in &frozen.verdicts {
        let late = match &old.outcome {
            Outcome::Taken { late, .. } => *late,
            Outcome::Out(Reason::LeftOut) => false,
            Outcome::Out(_) => {
                verdicts.push(old.clone());
                continue;
            }
        };
        let printed = frozen.articles().map(|article| &article.post).find(|post| post.id == old.post);
        let current = ledger.entry(frozen, old);
        let Some(post) = current.map(|entry| entry.post).or(printed) else {
            verdicts.push(old.clone());
            continue;
        };
        within.push(post);
        let outcome = match current.and_then(|entry| leaves_because(entry)) {
            _ if editorial.leaves_out(post) => Outcome::Out(Reason::LeftOut),
            Some(reason) => Outcome::Out(reason),
            None => {
                taken.push(Placed { post, title: title(editorial, post), late, band: None });
                Outcome::Taken { section: section(series, post).to_owned(), late }
            }
        };
        let because = if outcome == old.outcome { old.because.clone() } else { "decided by an amendment".to_owned() };
        verdicts.push(Verdict { post: post.id.clone(), title: post.title.clone(), outcome, because });
    }
    let warnings = editorial.unknown_names(&within);
    Plan { window, parts: arranged(series, editorial, taken), verdicts, warnings }
}

/// Why a post that was printed, or that its editor left out, is not in an issue that is amended. One that the series does not take
/// any more leaves it: its editors may have seen that it is for members alone.
fn leaves_because(entry: &Entry<'_>) -> Option<Reason> {
    match (&entry.decided, &entry.standing) {
        (Some(Decision::TakenBy(issue)), _) => Some(Reason::AlreadyIn { issue: issue.clone() }),
        (_, None | Some(Reason::Future)) => None,
        (_, Some(reason)) => Some(reason.clone()),
    }
}

fn reason(entry: &Entry<'_>, begins: DateTime<Utc>, window: Window) -> Reason {
    match (&entry.decided, &entry.standing) {
        (Some(Decision::TakenBy(issue)), _) => Reason::AlreadyIn { issue: issue.clone() },
        (Some(Decision::LeftOutBy(_)), _) => Reason::LeftOut,
        (None, Some(standing)) => standing.clone(),
        (None, None) if entry.date < begins => Reason::BeforeSeries,
        (None, None) if entry.date >= window.until => Reason::LaterWindow,
        (None, None) => Reason::EarlierWindow,
    }
}

fn verdict(entry: &Entry<'_>, outcome: Outcome, window: Window, ledger: &Ledger<'_>) -> Verdict {
    let zone = ledger.zone;
    let dated = dated(entry.post, zone);
    let because = match (&outcome, &entry.decided) {
        (Outcome::Taken { late: true, .. }, _) => {
            format!("{dated}, before the window {}, and in no earlier issue", describe(window, zone))
        }
        (Outcome::Out(Reason::AlreadyIn { issue }), _) if ledger.is_withdrawn(issue) => {
            format!("it was printed in {issue}, which is withdrawn")
        }
        (Outcome::Out(Reason::AlreadyIn { issue }), _) => format!("it was printed in {issue}"),
        (Outcome::Out(Reason::LeftOut), Some(Decision::LeftOutBy(issue))) => {
            format!("the editor of {issue} left it out")
        }
        (Outcome::Out(Reason::LeftOut), _) => "the editor of this issue leaves it out".to_owned(),
        (Outcome::Out(Reason::OtherLanguage { language }), _) => format!("it is in `{language}`"),
        (Outcome::Out(Reason::Draft), _) => match &entry.post.held_back {
            Some(what) => format!("it is held back by {what}"),
            None => "it says that it is a draft".to_owned(),
        },
        (Outcome::Out(Reason::NotSelected), _) => {
            "its tags, categories and source are not among those of the series".to_owned()
        }
        (Outcome::Out(Reason::DuplicateId { other }), _) => format!("{other} has the same id"),
        (Outcome::Out(Reason::Future), _) => format!("{dated}, which is still to come"),
        (Outcome::Out(Reason::BeforeSeries), _) => format!("{dated}, before the series begins"),
        _ => format!("{dated}, the window is {}", describe(window, zone)),
    };
    Verdict { post: entry.post.id.clone(), title: entry.post.title.clone(), outcome, because }
}

/// "dated 2026-03-01 00:30 in Asia/Tehran (2026-02-28T21:00:00Z)".
fn dated(post: &Post, zone: Tz) -> String {
    let date = post.date();
    let what = match post.published {
        Some(published) if published == date => "dated",
        Some(_) => "taken as of when it was first seen,",
        None => "without a date, first seen",
    };
    let utc = date.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("{what} {} in {zone} ({utc})", local(date, zone).format("%Y-%m-%d %H:%M"))
}

fn title(editorial: &Editorial, post: &Post) -> Option<String> {
    editorial.title_of(post).map(str::to_owned)
}

/// The heading under which a post stands: that of the first rule of which any part matches; empty for none.
fn section<'a>(series: &'a Series, post: &Post) -> &'a str {
    series.sections.iter().find(|rule| matches(rule, post)).map_or("", |rule| &rule.title)
}

fn matches(rule: &SectionRule, post: &Post) -> bool {
    let has = |wanted: &[String], word: &String| wanted.iter().any(|wanted| same_word(wanted, word));
    post.tags.iter().any(|tag| has(&rule.tags, tag))
        || post.categories.iter().chain(&post.section).any(|category| has(&rule.categories, category))
        || has(&rule.sources, &post.source)
}

/// Puts the posts under their headings: the headings in the order of the series, what matches none last; in each the
/// posts that the editor's order names, then the others from the oldest on.
fn arranged<'a>(series: &Series, editorial: &Editorial, mut taken: Vec<Placed<'a>>) -> Vec<Part<'a>> {
    taken.sort_by_cached_key(|placed| (editorial.rank(placed.post), placed.post.date(), placed.post.id.clone()));
    let mut titles: Vec<&str> = Vec::new();
    for title in series.sections.iter().map(|rule| rule.title.as_str()).filter(|title| !title.is_empty()).chain([""]) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let mut parts: Vec<Part<'a>> =
        titles.iter().map(|title| Part { title: (*title).to_owned(), issue: None, posts: Vec::new() }).collect();
    for placed in taken {
        let heading = section(series, placed.post);
        if let Some(part) = parts.iter_mut().find(|part| part.title == heading) {
            part.posts.push(placed);
        }
    }
    parts.retain(|part| !part.posts.is_empty());
    parts
}

#[cfg(test)]
mod tests;
