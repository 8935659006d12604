//! `masthead source check`: what is wrong with sources, found by asking them now.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{kind, known, location};
use crate::cli::fetching;
use crate::cli::mailing;
use crate::cli::report::{Report, counted};
use crate::cli::session::Session;
use crate::collect;
use crate::collect::discover::{self, Clue};
use crate::collect::fetch::{self, Answer, Ask, Circumstances, Failure, Fault, Turn, When};
use crate::config::{Config, Source};
use crate::error::{Place, Result, Warning};
use crate::model::{Post, SourceState, shown_address};

/// A feed whose newest item is older than this is worth a word.
const OLD: TimeDelta = TimeDelta::days(365);

/// Asks sources and says what is wrong with them. Nothing is collected; `again` takes those back that were gone.
pub(super) fn run(session: &mut Session, names: &[String], again: bool) -> Result<Report> {
    let config = session.config()?;
    let sources: Vec<&Source> = match names {
        [] => config.sources.iter().collect(),
        names => names.iter().map(|name| known(&config, name)).collect::<Result<_>>()?,
    };
    let any_on_the_web = sources.iter().any(|source| source.address().is_some());
    let states = if any_on_the_web { mailing::store(&config)?.sources()? } else { BTreeMap::new() };
    let mut checks: Vec<Check<'_>> = sources.into_iter().map(|source| Check::new(source, &states)).collect();
    let asks: Vec<Ask> = checks.iter_mut().filter_map(|check| check.ask(session, !names.is_empty(), again)).collect();
    let results = fetching::ask_all(session, &config, &asks, "source");
    let mut answers: BTreeMap<String, std::result::Result<Answer, Failure>> =
        asks.into_iter().map(|ask| ask.source).zip(results).collect();
    let mut report = Report::default();
    let mut rows = Vec::new();
    let own = own_posts(session, &config, &checks)?;
    for check in &mut checks {
        match answers.remove(&check.source.name) {
            Some(Ok(answer)) => check.look(session, &config, answer),
            Some(Err(failure)) => check.fail(session, Some(&config), &failure.fault),
            None if check.source.address().is_some() => {}
            None => {
                let count = own.iter().filter(|post| post.source == check.source.name).count();
                check.verdict = counted(count, "post");
                check.items = Some(count);
            }
        }
        report.line(format!(
            "{}: {} {}: {}",
            check.source.name,
            kind(check.source),
            location(check.source),
            check.verdict
        ));
        for note in &check.notes {
            report.line(format!("    {note}"));
        }
        rows.push(json!({
            "name": check.source.name, "verdict": check.verdict, "items": check.items, "notes": check.notes,
        }));
    }
    if again {
        take_back(session, &config, &checks)?;
    }
    report.set("sources", Value::Array(rows));
    Ok(report)
}

/// The posts of what is on disk, if any of that is checked.
fn own_posts(session: &mut Session, config: &Config, checks: &[Check<'_>]) -> Result<Vec<Post>> {
    if checks.iter().all(|check| check.source.address().is_some()) {
        return Ok(Vec::new());
    }
    let collected = collect::collect(config, session.now)?;
    Ok(session.heed(collected).posts)
}

/// Those that were gone or failing and answer again are asked by the next run as if nothing had been.
fn take_back(session: &mut Session, config: &Config, checks: &[Check<'_>]) -> Result<()> {
    let back: Vec<SourceState> = checks
        .iter()
        .filter(|check| check.answers && (check.state.gone.is_some() || check.state.failures > 0))
        .map(|check| SourceState {
            gone: None,
            failures: 0,
            fault: None,
            next: None,
            asked: Some(session.now),
            ..check.state.clone()
        })
        .collect();
    if back.is_empty() {
        return Ok(());
    }
    let _lock = session.lock(config)?;
    mailing::store(config)?.keep_sources(&back)
}

struct Check<'c> {
    source: &'c Source,
    state: SourceState,
    verdict: String,
    items: Option<usize>,
    notes: Vec<String>,
    /// Whether it is on the web and answered with a feed.
    answers: bool,
}

impl<'c> Check<'c> {
    fn new(source: &'c Source, states: &BTreeMap<String, SourceState>) -> Self {
        let address = source.address().map(String::from).unwrap_or_default();
        let fresh = || SourceState { address: address.clone(), ..SourceState::default() };
        let state = states.get(&address).cloned().unwrap_or_else(fresh);
        Self { source, state, verdict: "not asked".to_owned(), items: None, notes: Vec::new(), answers: false }
    }

    /// The question, for a source on the web: the address of config.toml, without a condition.
    fn ask(&mut self, session: &mut Session, by_name: bool, again: bool) -> Option<Ask> {
        let url = self.source.address()?;
        if let Some(since) = self.state.gone.filter(|_| !again) {
            self.verdict = format!("gone for good since {}", since.format("%Y-%m-%d"));
            self.notes.push("--again asks it once more".to_owned());
            return None;
        }
        if self.source.paused && !by_name {
            "paused".clone_into(&mut self.verdict);
            return None;
        }
        let waking = Source { paused: false, ..self.source.clone() };
        let variable = |name: &str| std::env::var(name).ok();
        let circumstances = Circumstances { now: session.now, when: When::Now, has_posts: false, variable: &variable };
        match fetch::turn(&waking, &url, &SourceState::default(), circumstances) {
            Turn::Ask(ask) => Some(*ask),
            Turn::Cannot(fault) => {
                self.fail(session, None, &fault);
                None
            }
            Turn::Wait(_) | Turn::Gone(_) | Turn::Rest => None,
        }
    }

    /// Looks at what came.
    fn look(&mut self, session: &mut Session, config: &Config, mut answer: Answer) {
        let document = fetching::document(&mut answer);
        let size = document.bytes.len();
        let probe = collect::probe(&document);
        if probe.reading.is_feed {
            let posts = session.heed(collect::examine(config, self.source, document, session.now));
            self.answers = true;
            self.describe(session, &answer, size, &probe, &posts);
        } else {
            self.fail(session, Some(config), &Fault::NoFeed { is_page: probe.reading.is_page });
            self.suggest(&probe.text, &answer);
        }
    }

    fn fail(&mut self, session: &mut Session, config: Option<&Config>, fault: &Fault) {
        self.verdict = fault.to_string();
        let warning = Warning::new(format!("the source `{}` could not be fetched: {fault}", self.source.name));
        let warning = match config {
            Some(config) => warning.at(Place::at(&config.file, self.source.line, 1)),
            None => warning,
        };
        session.warnings.push(match fault.hint() {
            Some(hint) => warning.hint(hint),
            None => warning,
        });
    }

    /// The feeds that a page names.
    fn suggest(&mut self, page: &str, answer: &Answer) {
        let candidates = discover::candidates(page, &answer.headers.links(), &answer.url);
        let named = candidates.into_iter().filter(|candidate| candidate.clue < Clue::Common);
        self.notes.extend(named.map(|candidate| format!("the page names {}", candidate.url)));
    }

    fn describe(&mut self, session: &Session, answer: &Answer, size: usize, probe: &collect::Probe, posts: &[Post]) {
        self.items = Some(probe.reading.items);
        self.verdict = format!("a feed with {}, {} kB", counted(probe.reading.items, "item"), size.div_ceil(1000));
        if let Some(url) = &answer.moved_to {
            self.notes.push(format!("it has moved for good to {}", shown_address(url)));
        } else if Some(&answer.url) != self.source.address().as_ref() {
            self.notes.push(format!("it is redirected to {}", shown_address(&answer.url)));
        }
        if let Some(url) = &probe.reading.moved_to {
            self.notes.push(format!("the feed says that it has moved to {}", shown_address(url)));
        }
        if answer.headers.bytes("etag").is_none() && answer.headers.bytes("last-modified").is_none() {
            self.notes
                .push("its server sends neither ETag nor Last-Modified: each time all of it is fetched".to_owned());
        }
        let kind = answer.headers.text("content-type").unwrap_or_default().to_ascii_lowercase();
        if !["xml", "json", "rss", "atom"].iter().any(|word| kind.contains(word)) {
            self.notes.push(match kind.as_str() {
                "" => "its server does not say what it is (Content-Type)".to_owned(),
                kind => format!("it is served as {kind}"),
            });
        }
        let undated = posts.iter().filter(|post| post.published.is_none()).count();
        if undated > 0 {
            self.notes.push(format!(
                "{} of them without a date: dated by when they are first seen",
                counted(undated, "item")
            ));
        }
        let newest = posts.iter().filter_map(|post| post.published).max();
        if let Some(newest) = newest.filter(|newest| session.now - *newest > OLD) {
            self.notes.push(format!("the newest item is of {}", newest.format("%Y-%m-%d")));
        }
    }
}
