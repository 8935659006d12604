//! What an answer means for the next time.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use url::Url;

use super::ask::{self, MOVES};
use super::{Answer, Ask, Failure, Fault, Rest};
use crate::config::{Fetch, Source};
use crate::error::Warning;
use crate::model::{SourceState, shell_word, shown_address, web_fault};

/// Whatever a feed or its server says of how seldom to ask: a mistake of theirs must not cost more than a day.
pub(super) const LONGEST_REST: TimeDelta = TimeDelta::days(1);
/// The longest `Retry-After` that is kept to.
pub(super) const LONGEST_RETRY: TimeDelta = TimeDelta::days(7);
/// How long a source is left alone after it failed for the first time; twice as long after each failure that follows.
pub(super) const FIRST_RETRY: TimeDelta = TimeDelta::minutes(5);

/// What the reader found in a document that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Whether it is a feed.
    pub is_feed: bool,
    /// Whether it is a web page.
    pub is_page: bool,
    /// How many items it has.
    pub items: usize,
    /// How seldom the feed says that it changes: `ttl`, `sy:updatePeriod` and `sy:updateFrequency`.
    pub rhythm: Option<TimeDelta>,
    /// When the feed says that nothing changes in it: `skipHours` and `skipDays`.
    pub rest: Rest,
    /// Where the feed says that it has moved: `itunes:new-feed-url`.
    pub moved_to: Option<Url>,
    /// Whether it ends before its end.
    pub is_cut: bool,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// There was a document.
    Fetched,
    /// Nothing had changed.
    Unchanged,
    /// It failed.
    Failed,
    /// It is gone for good.
    Gone,
}

/// What a run knows of a source after it asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// What to remember.
    pub state: SourceState,
    /// In a word.
    pub outcome: Outcome,
}

/// Takes in what a source answered. `reading` is what the reader found in the document, if there was one.
#[must_use]
pub fn learn(
    source: &Source,
    state: &SourceState,
    ask: &Ask,
    result: &Result<Answer, Failure>,
    reading: Option<Reading>,
    settings: &Fetch,
    now: DateTime<Utc>,
) -> Learned {
    let mut next = SourceState { address: ask.configured.to_string(), asked: Some(now), ..state.clone() };
    let mut said_move = None;
    let outcome = match result {
        Ok(answer) if answer.status == 304 => {
            // The answer may name its content anew (RFC 9111, 3.2).
            next.etag = validator(answer, "etag").or(next.etag);
            next.last_modified = validator(answer, "last-modified").or(next.last_modified);
            succeed(&mut next, answer, settings, now);
            Outcome::Unchanged
        }
        Ok(answer) => match reading.unwrap_or_default() {
            found if found.is_feed => {
                next.reading = ask::reading(source);
                next.items = Some(u32::try_from(found.items).unwrap_or(u32::MAX));
                next.validated = Some(answer.url.to_string());
                // What a server sent half of would be "not modified" the next time, and its other half never be seen.
                let validator = |name| validator(answer, name).filter(|_| !found.is_cut);
                (next.etag, next.last_modified) = (validator("etag"), validator("last-modified"));
                next.rhythm = found.rhythm.map(|rhythm| rhythm.num_seconds());
                next.rest = found.rest.to_bits();
                said_move = found.moved_to;
                succeed(&mut next, answer, settings, now);
                Outcome::Fetched
            }
            found => {
                let fault = Fault::NoFeed { is_page: found.is_page };
                let failure = Failure { headers: answer.headers.clone(), ..fault.into() };
                fail(&mut next, &failure, ask, settings, now)
            }
        },
        Err(failure) => fail(&mut next, failure, ask, settings, now),
    };
    if matches!(outcome, Outcome::Fetched | Outcome::Unchanged)
        && let Ok(answer) = result
    {
        follow_moves(&mut next, answer, ask);
        if let Some(to) = said_move {
            believe_move(&mut next, &to, answer, ask);
        }
    }
    Learned { state: next, outcome }
}

/// What an answer means for the next time: the longest of what its header says (this time), what the feed says (as it was
/// read last), and the interval of the configuration; then on to when the feed does not rest.
fn succeed(state: &mut SourceState, answer: &Answer, settings: &Fetch, now: DateTime<Utc>) {
    state.answered = Some(now);
    state.failures = 0;
    state.fault = None;
    let rhythm = state.rhythm.and_then(TimeDelta::try_seconds);
    let said = [answer.headers.fresh_for(now), rhythm].into_iter().flatten().max().unwrap_or_default();
    let next = now + said.min(LONGEST_REST).max(interval(settings));
    state.next = Some(Rest::from_bits(state.rest).after(next));
}

/// A header that a later question repeats.
fn validator(answer: &Answer, name: &str) -> Option<Vec<u8>> {
    answer.headers.bytes(name).map(<[u8]>::to_vec)
}

fn interval(settings: &Fetch) -> TimeDelta {
    TimeDelta::from_std(settings.interval).unwrap_or(LONGEST_REST)
}

fn fail(state: &mut SourceState, failure: &Failure, ask: &Ask, settings: &Fetch, now: DateTime<Utc>) -> Outcome {
    let at_new_address = ask.url != ask.configured;
    state.fault = Some(failure.fault.to_string());
    // Where a redirect leads for the time being is not the source, nor is an address that it is thought to have moved to.
    if failure.fault == Fault::Status(410) && !at_new_address && !failure.is_stand_in {
        state.gone = Some(now);
        state.next = None;
        return Outcome::Gone;
    }
    if at_new_address {
        // Perhaps it was no move after all: the address of config.toml is asked next.
        state.moved_to = None;
        state.moves = 0;
    }
    state.failures = state.failures.saturating_add(1);
    // A day is reached after nine failures; more doubling would only overflow.
    let backoff = FIRST_RETRY * 2_i32.pow((state.failures - 1).min(9));
    let said = failure.wait(now).unwrap_or_default();
    let shortest = if matches!(failure.fault, Fault::Status(429)) { interval(settings) } else { TimeDelta::zero() };
    state.next = Some(now + backoff.min(LONGEST_REST).max(said).max(shortest));
    Outcome::Failed
}

/// Counts how often in a row permanent redirects led to the same address. An answer from an address that is asked
/// because of such a move has no redirects to count, and leaves the count as it is.
fn follow_moves(state: &mut SourceState, answer: &Answer, ask: &Ask) {
    match &answer.moved_to {
        Some(url) if state.moved_to.as_deref() == Some(url.as_str()) => state.moves = state.moves.saturating_add(1),
        Some(url) => {
            // A further move of an address that moved before is believed as that one was.
            state.moves = if ask.url == ask.configured { 1 } else { state.moves };
            state.moved_to = Some(url.to_string());
        }
        None if ask.url == ask.configured => {
            state.moved_to = None;
            state.moves = 0;
        }
        None => {}
    }
}

/// Takes a feed at its word that it has moved (`itunes:new-feed-url`): who can write that can write anything else in it. A
/// feed that says so of where it is, or of where it was, has arrived.
fn believe_move(state: &mut SourceState, to: &Url, answer: &Answer, ask: &Ask) {
    let is_elsewhere = ![&answer.url, &ask.url, &ask.configured].contains(&to);
    let is_downgrade = answer.url.scheme() == "https" && to.scheme() == "http";
    if is_elsewhere && !is_downgrade && web_fault(to).is_none() {
        state.moved_to = Some(to.to_string());
        state.moves = MOVES;
    }
}

/// What there is to warn of about a source, as its state stands.
#[must_use]
pub fn warning(source: &Source, state: &SourceState, failure: Option<&Failure>) -> Option<Warning> {
    let name = &source.name;
    if let Some(since) = state.gone {
        let message = format!("the source `{name}` is gone for good: its server answered 410 on {}", day(since));
        return Some(Warning::new(message).hint(format!(
            "it is not asked again, and its posts stay; `paused = true` says that this is known, and `masthead source \
             check {} --again` asks once more",
            shell_word(name)
        )));
    }
    if let Some(fault) = &state.fault {
        let again = state.next.map(|next| format!("; it is asked again after {}", minute(next))).unwrap_or_default();
        let warning = Warning::new(format!("the source `{name}` could not be fetched: {fault}{again}"));
        let hint = failure.and_then(|failure| failure.fault.hint());
        let kept =
            if state.answered.is_some() { "its posts are those collected before" } else { "it has no posts yet" };
        return Some(match hint {
            Some(hint) => warning.hint(kept).hint(hint),
            None => warning.hint(kept),
        });
    }
    let moved = ask::moved(state)?;
    let message =
        format!("the source `{name}` has moved for good to `{}`, which is asked instead", shown_address(&moved));
    Some(Warning::new(message).hint("write the new address into config.toml"))
}

/// 2026-08-02 08:05Z
pub(super) fn minute(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d %H:%MZ").to_string()
}

fn day(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)[..10].to_owned()
}
