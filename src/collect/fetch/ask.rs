//! What to ask for, and whether it is time.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use url::Url;

use super::{Fault, is_due};
use crate::config::Source;
use crate::model::SourceState;

/// A question to a source on the web.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    /// The source's name.
    pub source: String,
    /// Its address in config.toml.
    pub configured: Url,
    /// What is asked: that address, or where it moved for good.
    pub url: Url,
    /// The address that the validators belong to.
    pub validated: Option<Url>,
    /// `If-None-Match` and `If-Modified-Since`, byte for byte as the server said them.
    pub validators: Vec<(&'static str, Vec<u8>)>,
    /// `Authorization`, for the origin of the configured address alone.
    pub authorization: Option<Vec<u8>>,
    /// `Accept`, where it is not a feed that is wanted.
    pub accept: Option<&'static str>,
}

impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ask").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Ask {
    /// A question about an address that is no source (yet).
    #[must_use]
    pub fn plain(url: &Url) -> Self {
        Self {
            source: String::new(),
            configured: url.clone(),
            url: url.clone(),
            validated: None,
            validators: Vec::new(),
            authorization: None,
            accept: None,
        }
    }

    /// A question for a sound, film or document.
    #[must_use]
    pub fn enclosure(url: &Url) -> Self {
        Self { accept: Some("*/*"), ..Self::plain(url) }
    }

    /// A question for a picture.
    #[must_use]
    pub fn picture(url: &Url) -> Self {
        Self {
            accept: Some("image/webp, image/png, image/jpeg, image/svg+xml, image/gif, image/*;q=0.5"),
            ..Self::plain(url)
        }
    }
}

/// Which sources a run asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Those whose time has come.
    Due,
    /// All but those that are paused or gone.
    Now,
    /// None.
    Never,
}

/// What is to be done about a source on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Ask it.
    Ask(Box<Ask>),
    /// Leave it alone until then.
    Wait(DateTime<Utc>),
    /// It is gone for good, since then.
    Gone(DateTime<Utc>),
    /// It is left alone.
    Rest,
    /// It cannot be asked.
    Cannot(Fault),
}

/// What an asking depends on.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    /// The time of the run.
    pub now: DateTime<Utc>,
    /// Which sources the run asks.
    pub when: When,
    /// Whether collected/ has posts of the source. Without them "nothing has changed" would leave nothing.
    pub has_posts: bool,
    /// The environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

/// How many redirects in a row, one run each, make a move.
pub(super) const MOVES: u32 = 3;

/// Decides about a source at `configured`, its address.
#[must_use]
pub fn turn(source: &Source, configured: &Url, state: &SourceState, circumstances: Circumstances<'_>) -> Turn {
    let Circumstances { now, when, has_posts, variable } = circumstances;
    if let Some(since) = state.gone {
        return if source.paused { Turn::Rest } else { Turn::Gone(since) };
    }
    if source.paused || when == When::Never {
        return Turn::Rest;
    }
    // Of one that never answered nothing was read.
    let same_reading = state.answered.is_none() || state.reading == reading(source);
    // What was lost from collected/ is asked for at once, and whole; a feed that has no posts has lost none.
    let complete = has_posts || state.items == Some(0);
    let nothing_to_lose = complete || state.answered.is_none();
    if when == When::Due
        && same_reading
        && nothing_to_lose
        && let Some(next) = waits(state, now)
    {
        return Turn::Wait(next);
    }
    let authorization = match &source.authorization_env {
        None => None,
        Some(name) => match variable(name).filter(|value| !value.trim().is_empty()) {
            Some(value) if value.trim().contains(is_no_text) => {
                return Turn::Cannot(Fault::BadSecret { variable: name.clone() });
            }
            Some(value) => Some(authorization(value.trim())),
            None => return Turn::Cannot(Fault::NoSecret { variable: name.clone() }),
        },
    };
    // Older pages that are missing are asked for behind the feed itself, which must be there.
    let has_gap = state.gap.as_ref().is_some_and(|gap| is_due(gap, when, now));
    let validators = if complete && same_reading && !has_gap { validators(state) } else { Vec::new() };
    Turn::Ask(Box::new(Ask {
        source: source.name.clone(),
        configured: configured.clone(),
        url: moved(state).unwrap_or_else(|| configured.clone()),
        validated: state.validated.as_deref().and_then(|url| Url::parse(url).ok()),
        validators,
        authorization,
        accept: None,
    }))
}

/// Until when the source is left alone, if that is later than now. A state from the future, which a clock that was set
/// back leaves behind, binds nobody.
fn waits(state: &SourceState, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let from_the_future = state.asked.is_some_and(|asked| asked > now);
    state.next.filter(|next| *next > now && !from_the_future)
}

/// Where the source moved for good, once that was said often enough.
#[must_use]
pub fn moved(state: &SourceState) -> Option<Url> {
    state.moved_to.as_deref().filter(|_| state.moves >= MOVES).and_then(|url| Url::parse(url).ok())
}

fn validators(state: &SourceState) -> Vec<(&'static str, Vec<u8>)> {
    let etag = state.etag.clone().map(|value| ("if-none-match", value));
    let date = state.last_modified.clone().map(|value| ("if-modified-since", value));
    etag.into_iter().chain(date).collect()
}

/// Counts what was added to the reading of feeds within a version: sources are then read whole again. 1: enclosures. 2: pictures
/// that are written out in their addresses. 3: chapters. 4: Markdown, subtitles of
/// episodes and who takes part in them. 5: chapters that stand in the feed, titles of Blogger's.
const READER: u32 = 5;

/// What the posts of a source depend on besides its document.
pub(super) fn reading(source: &Source) -> String {
    let language = source.language.as_ref().map_or("", crate::model::Language::as_str);
    let (section, base) = (source.section.as_deref().unwrap_or(""), source.base_url.as_deref().unwrap_or(""));
    format!("{}+{READER}|{language}|{section}|{base}", env!("CARGO_PKG_VERSION"))
}

/// What no header may hold (RFC 9110, 5.5).
fn is_no_text(c: char) -> bool {
    c.is_ascii_control() && c != '\t'
}

/// The value of an `Authorization` header: as it is, perhaps behind the header's name, or made of `user:password` (RFC 7617),
/// which may hold spaces. No scheme has a colon in its name.
fn authorization(value: &str) -> Vec<u8> {
    const NAME: &str = "authorization:";
    let begins = value.get(..NAME.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(NAME));
    let value = if begins { value[NAME.len()..].trim_start() } else { value };
    match value.split_whitespace().next() {
        Some(user) if user.contains(':') => format!("Basic {}", BASE64_STANDARD.encode(value)).into_bytes(),
        _ => value.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use url::Url;

    use super::{Ask, Circumstances, Turn, When, authorization, reading, turn};
    use crate::collect::fetch::Fault;
    use crate::config::{Source, SourceKind};
    use crate::model::SourceState;

    const ADDRESS: &str = "https://a.example/feed";

    fn now() -> DateTime<Utc> {
        "2026-08-02T08:00:00Z".parse().unwrap()
    }

    fn source() -> Source {
        Source::new("a", SourceKind::feed(ADDRESS))
    }

    /// Answered an hour ago, to be asked again in an hour.
    fn state() -> SourceState {
        SourceState {
            address: ADDRESS.to_owned(),
            etag: Some(b"W/\"\xe9\"".to_vec()),
            last_modified: Some(b"yesterday".to_vec()),
            items: Some(3),
            validated: Some(ADDRESS.to_owned()),
            reading: reading(&source()),
            asked: Some(now() - TimeDelta::hours(1)),
            answered: Some(now() - TimeDelta::hours(1)),
            next: Some(now() + TimeDelta::hours(1)),
            ..SourceState::default()
        }
    }

    fn decide(source: &Source, state: &SourceState, when: When, has_posts: bool) -> Turn {
        let variable = |name: &str| match name {
            "SET" => Some("me:pw".to_owned()),
            "BROKEN" => Some("me:p\nw".to_owned()),
            _ => None,
        };
        let circumstances = Circumstances { now: now(), when, has_posts, variable: &variable };
        turn(source, &Url::parse(ADDRESS).unwrap(), state, circumstances)
    }

    fn asked(turn: Turn) -> Ask {
        match turn {
            Turn::Ask(ask) => *ask,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_source_is_asked_when_its_time_has_come() {
        assert_eq!(decide(&source(), &state(), When::Due, true), Turn::Wait(now() + TimeDelta::hours(1)));
        assert_eq!(decide(&source(), &state(), When::Never, true), Turn::Rest);
        let ask = asked(decide(&source(), &state(), When::Now, true));
        let expected: [(_, &[u8]); 2] = [("if-none-match", b"W/\"\xe9\""), ("if-modified-since", b"yesterday")];
        assert_eq!(ask.validators.iter().map(|(name, value)| (*name, value.as_slice())).collect::<Vec<_>>(), expected);
        asked(decide(&source(), &SourceState { next: Some(now()), ..state() }, When::Due, true));
        let future = SourceState { asked: Some(now() + TimeDelta::days(1)), ..state() };
        asked(decide(&source(), &future, When::Due, true));
    }

    #[test]
    fn posts_that_are_lost_are_asked_for_whole() {
        let ask = asked(decide(&source(), &state(), When::Due, false));
        assert_eq!(ask.validators, []);
        let never_answered = SourceState { answered: None, ..state() };
        assert!(matches!(decide(&source(), &never_answered, When::Due, false), Turn::Wait(_)), "it backs off");
        let empty = SourceState { items: Some(0), ..state() };
        assert!(matches!(decide(&source(), &empty, When::Due, false), Turn::Wait(_)), "there is nothing to lose");
    }

    #[test]
    fn other_settings_read_the_document_anew() {
        let other = Source { section: Some("Elsewhere".to_owned()), ..source() };
        assert_eq!(asked(decide(&other, &state(), When::Due, true)).validators, []);
    }

    #[test]
    fn who_is_gone_or_paused_is_left_alone() {
        let gone = SourceState { gone: Some(now()), ..state() };
        assert_eq!(decide(&source(), &gone, When::Now, true), Turn::Gone(now()));
        let paused = Source { paused: true, ..source() };
        assert_eq!(decide(&paused, &gone, When::Now, true), Turn::Rest);
        assert_eq!(decide(&paused, &state(), When::Now, false), Turn::Rest);
    }

    #[test]
    fn a_move_counts_once_it_was_said_often_enough() {
        let moved = |moves| SourceState { moved_to: Some("https://b.example/".to_owned()), moves, ..state() };
        assert_eq!(asked(decide(&source(), &moved(2), When::Now, true)).url.as_str(), ADDRESS);
        assert_eq!(asked(decide(&source(), &moved(3), When::Now, true)).url.as_str(), "https://b.example/");
    }

    #[test]
    fn secrets_come_from_the_environment() {
        let with = |name: &str| Source { authorization_env: Some(name.to_owned()), ..source() };
        let ask = asked(decide(&with("SET"), &state(), When::Now, true));
        assert_eq!(ask.authorization.as_deref(), Some(b"Basic bWU6cHc=".as_slice()));
        assert!(!format!("{ask:?}").contains("bWU6cHc"));
        let fault = Fault::NoSecret { variable: "UNSET".to_owned() };
        assert_eq!(decide(&with("UNSET"), &state(), When::Now, true), Turn::Cannot(fault));
        let fault = Fault::BadSecret { variable: "BROKEN".to_owned() };
        assert_eq!(decide(&with("BROKEN"), &state(), When::Now, true), Turn::Cannot(fault.clone()));
        assert!(fault.to_string().starts_with("`BROKEN` of the environment holds a line break"));
        assert_eq!(authorization("Bearer abc:d"), b"Bearer abc:d");
        assert_eq!(authorization("Authorization: Bearer abc"), b"Bearer abc");
        assert_eq!(authorization("me:p w"), b"Basic bWU6cCB3");
    }
}
