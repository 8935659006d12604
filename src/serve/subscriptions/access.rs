//! Who may do what: links and their ages, forms and where they were sent from.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use chrono::TimeDelta;

use super::Desk;
use crate::store::{Grant, Purpose};

/// How long a form that we drew may be sent.
pub(super) const FORM: TimeDelta = TimeDelta::hours(24);
/// How long a link to the page of subscriptions is good for.
pub(super) const MANAGE: TimeDelta = TimeDelta::hours(24);
/// How far a clock may have been turned back.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was sent from a page of another site.
    Foreign,
    /// It is none that we drew, or it was drawn too long ago.
    Old,
}

impl Desk {
    /// The hidden field that shows that a form is ours. `form` names it, so that none is sent in the place of another.
    pub(super) fn form_token(&self, form: &str) -> String {
        let grant = Grant { lists: vec![form.to_owned()], at: Some(self.now()), ..Grant::default() };
        self.ring.token(Purpose::Form, &grant)
    }

    /// Whether a form is ours, was drawn lately, and was sent from one of our pages.
    pub(super) fn check_form(&self, form: &str, token: &str, headers: &HeaderMap) -> Result<(), Refused> {
        if !self.is_ours(headers) {
            return Err(Refused::Foreign);
        }
        let grant = self.ring.read_token(Purpose::Form, token).filter(|grant| grant.lists == [form]);
        let good = grant.is_some_and(|grant| self.is_young(&grant, FORM));
        if good { Ok(()) } else { Err(Refused::Old) }
    }

    /// Whether the browser says that a form was sent from one of our pages. Other programs than browsers say nothing, and
    /// need not: there are no cookies that they could misuse.
    pub(super) fn is_ours(&self, headers: &HeaderMap) -> bool {
        // What cannot be read is nothing that a browser says of a page of ours, and of several fields each must say it.
        let texts = |name: &str| headers.get_all(name).iter().map(|value| value.to_str().ok()).collect::<Vec<_>>();
        let host = match texts(HOST.as_str())[..] {
            [Some(host)] => host,
            _ => "",
        };
        let is_here = |origin: &str| {
            let named = origin.split_once("://").map_or("", |(_, named)| named);
            origin == self.origin || !host.is_empty() && named == host
        };
        texts("sec-fetch-site").iter().all(|site| matches!(site, Some("same-origin" | "none")))
            && texts(ORIGIN.as_str()).iter().all(|origin| origin.is_some_and(is_here))
    }

    /// Whether what a token says was said at most so long ago.
    pub(super) fn is_young(&self, grant: &Grant, most: TimeDelta) -> bool {
        grant.at.is_some_and(|at| {
            let age = self.now() - at;
            age <= most && age >= -SKEW
        })
    }

    /// What a link to the page of subscriptions says, if it is good.
    pub(super) fn manage_grant(&self, token: &str) -> Option<Grant> {
        self.ring.read_token(Purpose::Manage, token).filter(|grant| self.is_young(grant, MANAGE))
    }

    /// The address of the page of somebody's subscriptions.
    pub(super) fn manage_token(&self, address: &str) -> String {
        let grant = Grant { address: address.to_owned(), at: Some(self.now()), ..Grant::default() };
        self.ring.token(Purpose::Manage, &grant)
    }
}
