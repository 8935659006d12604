//! `masthead source list`: how the sources stand.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{kind, location};
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::collect::{self, fetch, opml};
use crate::config::{Config, Source};
use crate::error::Result;
use crate::model::{Credit, Language, Post, SourceState};

/// Lists the sources, or writes the feeds on the web among them as OPML.
pub(super) fn run(session: &mut Session, as_opml: bool) -> Result<Report> {
    let config = session.config()?;
    if as_opml {
        let posts = collect::collect(&config, session.now)?.value.posts;
        return Ok(Report::raw(opml::write(&config.publication.title, &outlines(&config, &posts))));
    }
    let any_on_the_web = config.sources.iter().any(|source| source.address().is_some());
    let states = if any_on_the_web { mailing::store(&config)?.sources()? } else { BTreeMap::new() };
    // What is wrong with posts is for `check`.
    let posts = collect::collect(&config, session.now)?.value.posts;
    let mut report = Report::default();
    let mut rows = Vec::new();
    for source in &config.sources {
        let address = source.address().map(String::from);
        let state = address.as_ref().map(|address| states.get(address).cloned().unwrap_or_default());
        let count = posts.iter().filter(|post| post.source == source.name).count();
        let word = word(source, state.as_ref());
        report.line(format!(
            "{}: {} {}, {}, {word}",
            source.name,
            kind(source),
            location(source),
            counted(count, "post")
        ));
        if let Some(state) = &state {
            tell(&mut report, state);
        }
        rows.push(row(source, state.as_ref(), count, word));
    }
    report.set("sources", Value::Array(rows));
    Ok(report)
}

/// How a source stands, in a word.
fn word(source: &Source, state: Option<&SourceState>) -> &'static str {
    match state {
        _ if source.paused => "paused",
        None => "read at each run",
        Some(state) if state.gone.is_some() => "gone",
        Some(state) if state.fault.is_some() => "failing",
        Some(state) if fetch::moved(state).is_some() => "moved",
        Some(state) if state.asked.is_none() => "never asked",
        Some(_) => "answering",
    }
}

fn tell(report: &mut Report, state: &SourceState) {
    if let Some(asked) = state.asked {
        let next = state.next.map_or_else(|| "not again".to_owned(), |next| format!("again after {}", stamp(next)));
        report.line(format!("    asked {}, {next}", stamp(asked)));
    }
    if let Some(fault) = &state.fault {
        report.line(format!("    {}: {fault}", counted(state.failures.max(1) as usize, "failure")));
    }
    if let Some(gap) = &state.gap {
        let next = gap.next.map_or_else(String::new, |next| format!(", again after {}", stamp(next)));
        report.line(format!("    older pages are missing: {}{next}", gap.fault));
    }
    if let Some(url) = fetch::moved(state) {
        report.line(format!("    moved to {}", crate::model::shown_address(&url)));
    }
}

fn row(source: &Source, state: Option<&SourceState>, posts: usize, word: &str) -> Value {
    let mut row = json!({
        "name": source.name, "kind": kind(source), "location": location(source), "section": source.section,
        "line": source.line, "posts": posts, "state": word,
    });
    if let (Some(state), Some(fields)) = (state, row.as_object_mut()) {
        fields.insert("asked".to_owned(), json!(state.asked));
        fields.insert("answered".to_owned(), json!(state.answered));
        fields.insert("next".to_owned(), json!(state.next));
        fields.insert("failures".to_owned(), json!(state.failures));
        fields.insert("fault".to_owned(), json!(state.fault));
        fields.insert("moved_to".to_owned(), json!(fetch::moved(state).map(|url| crate::model::shown_address(&url))));
        fields.insert("gone".to_owned(), json!(state.gone));
        fields.insert("older_pages_fault".to_owned(), json!(state.gap.as_ref().map(|gap| &gap.fault)));
    }
    row
}

/// The feeds on the web, for other readers.
fn outlines(config: &Config, posts: &[Post]) -> Vec<opml::Outline> {
    let outline = |source: &Source| {
        let credit = usual_credit(source, posts);
        Some(opml::Outline {
            title: source
                .title
                .clone()
                .unwrap_or_else(|| credit.map_or_else(|| source.name.clone(), |credit| credit.name.clone())),
            address: source.address()?.into(),
            site: source.base_url.clone().or_else(|| credit?.url.clone()),
            section: source.section.clone(),
            language: source.language.as_ref().map(Language::to_string),
            line: 0,
        })
    };
    config.sources.iter().filter_map(outline).collect()
}

/// What most posts of a source are credited to: its title and its site, as its feed says.
fn usual_credit<'p>(source: &Source, posts: &'p [Post]) -> Option<&'p Credit> {
    let mut counts: BTreeMap<(&str, Option<&str>), (usize, &Credit)> = BTreeMap::new();
    for credit in posts.iter().filter(|post| post.source == source.name).filter_map(|post| post.credit.as_ref()) {
        counts.entry((&credit.name, credit.url.as_deref())).or_insert((0, credit)).0 += 1;
    }
    counts.into_values().max_by_key(|(count, _)| *count).map(|(_, credit)| credit)
}

fn stamp(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
