//! Redirects: followed here, so that each step is looked at before it is taken.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::exchange::{Exchange, Request, Response};
use super::hosts::Hosts;
use super::learn::LONGEST_RETRY;
use super::{Ask, Fault, Headers, guard};
use crate::config::Fetch;
use crate::model::{shown_address, web_fault};

/// More redirects than anybody needs.
const REDIRECTS: usize = 10;

/// What a server answered in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 200 and its kin, or 304 to a question with a condition.
    pub status: u16,
    /// The header of the last answer.
    pub headers: Headers,
    /// The content, decompressed.
    pub body: Vec<u8>,
    /// The address that answered.
    pub url: Url,
    /// Where permanent redirects led, before the first that is not.
    pub moved_to: Option<Url>,
}

/// A fault, and what the server said of when to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub fault: Fault,
    /// The header of the answer, if there was one.
    pub headers: Headers,
    /// Whether who answered stands in for the source: a redirect that is not permanent led there.
    pub is_stand_in: bool,
}

impl Failure {
    /// Whether the same question may be answered at another time.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.fault.passes()
    }

    /// Whether the server asks to be left alone for a while.
    #[must_use]
    pub fn is_plea(&self) -> bool {
        matches!(self.fault, Fault::Status(429 | 503))
    }

    /// For how long it asks so.
    #[must_use]
    pub fn wait(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.headers.retry_after(now).filter(|_| self.is_plea()).map(|wait| wait.min(LONGEST_RETRY))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault, headers: Headers::default(), is_stand_in: false }
    }
}

/// What following needs from outside.
pub(super) struct Way<'a> {
    pub(super) exchange: &'a dyn Exchange,
    pub(super) settings: &'a Fetch,
    pub(super) hosts: &'a Hosts,
    /// The time since the run began.
    pub(super) elapsed: &'a (dyn Fn() -> Duration + Sync),
}

impl Way<'_> {
    /// Asks, and follows redirects to the answer.
    pub(super) fn follow(&self, ask: &Ask) -> Result<Answer, Failure> {
        let mut url = ask.url.clone();
        let mut seen = BTreeSet::new();
        let (mut moved_to, mut permanent) = (None, true);
        let mut left = self.settings.timeout;
        loop {
            guard::check(&url, &self.settings.allow_private)?;
            if !seen.insert(url.clone()) {
                return Err(Fault::Loop { address: shown_address(&url) }.into());
            }
            let (response, conditional) = self.ask(ask, &url, &mut left)?;
            if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
                return answer(response, conditional, url, moved_to)
                    .map_err(|failure| Failure { is_stand_in: !permanent, ..failure });
            }
            if seen.len() > REDIRECTS {
                return Err(Fault::TooManyRedirects { followed: REDIRECTS }.into());
            }
            let next = target(&response, &url)?;
            permanent &= matches!(response.status, 301 | 308);
            if permanent {
                moved_to = Some(next.clone());
            }
            url = next;
        }
    }

    /// One request, in the host's turn; waiting for the turn takes nothing from the time that is left. Also whether the
    /// request had a condition.
    fn ask(&self, ask: &Ask, url: &Url, left: &mut Duration) -> Result<(Response, bool), Fault> {
        let validators = if ask.validated.as_ref() == Some(url) { ask.validators.clone() } else { Vec::new() };
        let conditional = !validators.is_empty();
        let mut headers = validators;
        headers.extend(ask.accept.map(|accept| ("accept", accept.as_bytes().to_vec())));
        if let Some(authorization) = &ask.authorization
            && url.origin() == ask.configured.origin()
        {
            headers.push(("authorization", authorization.clone()));
        }
        let given = *left;
        let response = self.hosts.in_turn(url.host_str().unwrap_or_default(), || {
            let before = (self.elapsed)();
            let request = Request { url: url.clone(), headers, timeout: given };
            let response = self.exchange.exchange(&request);
            *left = left.saturating_sub((self.elapsed)().saturating_sub(before));
            response
        });
        // The limit that people set is that of all steps together.
        let response = response.map_err(|fault| match fault {
            Fault::Timeout(limit) if limit == given => Fault::Timeout(self.settings.timeout),
            other => other,
        })?;
        if left.is_zero() {
            return Err(Fault::Timeout(self.settings.timeout));
        }
        Ok((response, conditional))
    }
}

/// Where a redirect leads, if it may be followed there.
fn target(response: &Response, from: &Url) -> Result<Url, Fault> {
    let Some(location) = response.headers.text("location").filter(|location| !location.is_empty()) else {
        return Err(Fault::NoLocation { status: response.status });
    };
    let mut next = from
        .join(&location)
        .map_err(|cause| Fault::Address { address: location.clone(), why: format!("cannot be read: {cause}") })?;
    next.set_fragment(None);
    if let Some(why) = web_fault(&next) {
        return Err(Fault::Address { address: shown_address(&next), why: why.to_owned() });
    }
    // What was asked for over TLS could be anybody's words otherwise.
    if from.scheme() == "https" && next.scheme() == "http" {
        return Err(Fault::Downgrade { to: shown_address(&next) });
    }
    // A user and a password in a redirect are not ours.
    let _ = next.set_username("");
    let _ = next.set_password(None);
    Ok(next)
}

fn answer(response: Response, conditional: bool, url: Url, moved_to: Option<Url>) -> Result<Answer, Failure> {
    let Response { status, headers, body } = response;
    match status {
        200 | 203 => Ok(Answer { status, headers, body, url, moved_to }),
        304 if conditional => Ok(Answer { status, headers, body, url, moved_to }),
        304 => Err(Failure { headers, ..Fault::Unasked.into() }),
        _ => Err(Failure { headers, ..Fault::Status(status).into() }),
    }
}
