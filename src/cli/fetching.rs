//! Asking the sources on the web, and remembering what they answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::Url;

use super::report::{Report, counted};
use super::session::Session;
use super::{mailing, older};
use crate::collect::fetch::{
    self, Answer, Ask, Budget, Circumstances, Document, Documents, Failure, Hosts, Learned, Network, Outcome, Proxies,
    Reading, Turn, When,
};
use crate::collect::sightings_path;
use crate::config::{Config, Source};
use crate::error::{Place, Result};
use crate::model::{Gap, SourceState, shown_address};

/// What one run did about one source on the web, to be told.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    source: String,
    /// "fetched", "unchanged", "failed", "gone", "waiting", "paused".
    outcome: &'static str,
    fault: Option<String>,
    items: Option<usize>,
    next: Option<DateTime<Utc>>,
}

/// The questions of a run and their answers.
pub(super) struct Fetching<'c> {
    sources: Vec<(&'c Source, Url)>,
    states: BTreeMap<String, SourceState>,
    turns: Vec<Turn>,
    /// By the names of their sources.
    answers: BTreeMap<String, (Ask, std::result::Result<Answer, Failure>)>,
    /// Which older pages are missing of the sources that answered, by their names.
    gaps: BTreeMap<String, Option<Gap>>,
    /// What is to be remembered once the posts are kept.
    learned: Vec<SourceState>,
}

impl<'c> Fetching<'c> {
    /// Asks the sources on the web whose time has come, or all, or none.
    pub(super) fn ask(session: &Session, config: &'c Config, when: When) -> Result<Self> {
        let sources = on_the_web(config);
        let states = if sources.is_empty() { BTreeMap::new() } else { mailing::store(config)?.sources()? };
        let variable = |name: &str| std::env::var(name).ok();
        let turns: Vec<Turn> = sources
            .iter()
            .map(|(source, url)| {
                let has_posts = has_posts(config, source);
                let circumstances = Circumstances { now: session.now, when, has_posts, variable: &variable };
                let nothing = SourceState::default();
                fetch::turn(source, url, states.get(url.as_str()).unwrap_or(&nothing), circumstances)
            })
            .collect();
        let asks: Vec<Ask> = turns
            .iter()
            .filter_map(|turn| match turn {
                Turn::Ask(ask) => Some((**ask).clone()),
                _ => None,
            })
            .collect();
        let results = ask_all(session, config, &asks, "source");
        let answers = asks.into_iter().zip(results).map(|(ask, result)| (ask.source.clone(), (ask, result))).collect();
        Ok(Self { sources, states, turns, answers, gaps: BTreeMap::new(), learned: Vec::new() })
    }

    /// Whether a source could not be fetched, or not whole.
    pub(super) fn has_failures(&self) -> bool {
        self.answers.values().any(|(_, result)| result.is_err()) || self.gaps.values().any(Option::is_some)
    }

    /// Takes the documents that came, with the older pages that are wanted, to be read. Pages that are newly missing are
    /// remembered at once: a run that is killed once it has kept the newest page would not look for them again.
    pub(super) fn documents(&mut self, session: &mut Session, config: &Config, when: When) -> Result<Documents> {
        let mut documents = Documents::new();
        let mut missing = Vec::new();
        for (source, url) in &self.sources {
            let Some((ask, Ok(answer))) = self.answers.get_mut(&source.name) else { continue };
            if answer.status != 304 {
                let newest = document(answer);
                let nothing = SourceState { address: url.to_string(), ..SourceState::default() };
                let state = self.states.get(url.as_str()).unwrap_or(&nothing);
                let (pages, gap) = older::with_older(session, config, source, (ask, when), newest, state.gap.as_ref())?;
                if gap.is_some() && state.gap.is_none() {
                    missing.push(SourceState { gap: gap.clone(), ..state.clone() });
                }
                documents.insert(source.name.clone(), pages);
                self.gaps.insert(source.name.clone(), gap);
            }
        }
        if !missing.is_empty() {
            mailing::store(config)?.keep_sources(&missing)?;
        }
        Ok(documents)
    }

    /// Takes in what was found in the documents: what there is to warn of, and what to remember. What has no posts to
    /// lose, a failure for one, is remembered at once, so that a run that `--strict` stops is no reason to ask again.
    pub(super) fn learn(
        &mut self,
        session: &mut Session,
        config: &Config,
        readings: &BTreeMap<String, Reading>,
    ) -> Result<()> {
        let mut at_once = Vec::new();
        for ((source, url), turn) in self.sources.iter().zip(&self.turns) {
            let nothing = SourceState { address: url.to_string(), ..SourceState::default() };
            let before = self.states.get(url.as_str()).unwrap_or(&nothing);
            let (mut state, mut outcome) = (before.clone(), word(turn));
            let mut failure = None;
            let reading = readings.get(&source.name).cloned();
            if let Some((ask, result)) = self.answers.get(&source.name) {
                let Learned { state: mut after, outcome: of_answer } =
                    fetch::learn(source, before, ask, result, reading.clone(), &config.fetch, session.now);
                if let Some(gap) = self.gaps.get(&source.name) {
                    after.gap.clone_from(gap);
                }
                let waits = of_answer == Outcome::Fetched;
                if waits { &mut self.learned } else { &mut at_once }.push(after.clone());
                (state, outcome) = (after, told(of_answer));
                failure = result.as_ref().err();
            }
            if let Turn::Cannot(fault) = turn {
                state.fault = Some(fault.to_string());
                state.next = None;
            }
            // Who is left alone on purpose is not complained of.
            if !matches!(turn, Turn::Rest) {
                let of_gap = state.gap.as_ref().map(|gap| fetch::gap_warning(source, gap));
                let told = fetch::warning(source, &state, failure).into_iter().chain(of_gap);
                session.warnings.extend(told.map(|warning| warning.at(Place::at(&config.file, source.line, 1))));
            }
            session.fetched.push(Fetched {
                source: source.name.clone(),
                outcome,
                fault: state.fault.clone(),
                items: reading.filter(|reading| reading.is_feed).map(|reading| reading.items),
                next: state.next,
            });
        }
        if at_once.is_empty() { Ok(()) } else { mailing::store(config)?.keep_sources(&at_once) }
    }

    /// Remembers what was read. To be called once its posts are kept: what is remembered here is not asked for again.
    pub(super) fn remember(&self, config: &Config) -> Result<()> {
        if self.learned.is_empty() { Ok(()) } else { mailing::store(config)?.keep_sources(&self.learned) }
    }
}

/// The sources on the web, in the order of config.toml.
pub(super) fn on_the_web(config: &Config) -> Vec<(&Source, Url)> {
    config.sources.iter().filter_map(|source| Some((source, source.address()?))).collect()
}

/// Whether anything was collected of a source.
pub(super) fn has_posts(config: &Config, source: &Source) -> bool {
    std::fs::metadata(sightings_path(config, &source.name)).is_ok_and(|meta| meta.len() > 0)
}

/// The time that the files of a run have, of which the clock runs.
pub(super) struct Time {
    budget: Budget,
    began: Instant,
}

impl Time {
    /// So much from now on.
    pub(super) fn of(limit: Duration) -> Self {
        Self { budget: Budget::new(limit), began: Instant::now() }
    }
}

/// Asks all of these over the network, and says on a terminal how far that is.
pub(super) fn ask_all(
    session: &Session,
    config: &Config,
    asks: &[Ask],
    noun: &str,
) -> Vec<std::result::Result<Answer, Failure>> {
    ask_within(None, session, config, asks, noun)
}

/// The same, where there is `time` for it.
pub(super) fn ask_within(
    time: Option<&Time>,
    session: &Session,
    config: &Config,
    asks: &[Ask],
    noun: &str,
) -> Vec<std::result::Result<Answer, Failure>> {
    if asks.is_empty() {
        return Vec::new();
    }
    let began = time.map_or_else(Instant::now, |time| time.began);
    let (done, all, bar) = (AtomicUsize::new(0), asks.len(), session.progress_bar());
    session.progress(format!("asking {}", counted(all, noun)));
    let told = |ask: &Ask| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = bar {
            bar.set_message(format!("{done} of {} answered: {}", counted(all, noun), shown_address(&ask.url)));
        }
    };
    let hosts = session.hosts.get_or_init(|| Hosts::new(config.fetch.gap));
    fetch::fetch(
        &network(config),
        asks,
        &config.fetch,
        hosts,
        time.map(|time| &time.budget),
        &|| began.elapsed(),
        &told,
    )
}

/// The network, by the name of Masthead and the publication.
fn network(config: &Config) -> Network {
    // A header holds ASCII; an address written by a URL parser is.
    let user_agent = format!("Masthead/{} (+{})", env!("CARGO_PKG_VERSION"), config.publication.base_url);
    Network::new(&config.fetch, &user_agent, Proxies::new(&|name| std::env::var(name).ok()))
}

/// The document of an answer; the answer is left without it.
pub(super) fn document(answer: &mut Answer) -> Document {
    Document { bytes: std::mem::take(&mut answer.body), charset: answer.headers.charset(), url: answer.url.clone() }
}

fn word(turn: &Turn) -> &'static str {
    match turn {
        Turn::Ask(_) | Turn::Cannot(_) => "failed",
        Turn::Wait(_) => "waiting",
        Turn::Gone(_) => "gone",
        Turn::Rest => "paused",
    }
}

fn told(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fetched => "fetched",
        Outcome::Unchanged => "unchanged",
        Outcome::Failed => "failed",
        Outcome::Gone => "gone",
    }
}

/// Tells what was done about the sources on the web, if there are any.
pub(super) fn tell(session: &Session, report: &mut Report) {
    if session.fetched.is_empty() {
        return;
    }
    let count = |outcome: &str| session.fetched.iter().filter(|one| one.outcome == outcome).count();
    let asked = ["fetched", "unchanged", "failed", "gone", "waiting", "paused"];
    let parts: Vec<String> = asked
        .iter()
        .map(|outcome| (count(outcome), outcome))
        .filter(|(count, _)| *count > 0)
        .map(|(count, outcome)| format!("{count} {outcome}"))
        .collect();
    report.line(format!("{} on the web: {}", counted(session.fetched.len(), "source"), parts.join(", ")));
    let rows = session.fetched.iter().map(|one| {
        json!({
            "source": one.source, "outcome": one.outcome, "items": one.items, "fault": one.fault, "next": one.next,
        })
    });
    report.set("fetched", Value::Array(rows.collect()));
}
