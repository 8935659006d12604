//! Unsubscribing: a page that asks, and the button of mail programs (RFC 8058).

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::super::client::Client;
use super::super::metrics::Counted;
use super::Desk;
use super::enter::QuestionPage;
use super::page::{Fields, Shared, isolated, query};
use super::sent::{Link, Sent};
use crate::model::{Circumstance, Language, Membership, SubscriberStatus, Way};
use crate::store::{Left, Purpose, Store};

/// Asks whether somebody wants to leave. A program that follows every link unsubscribes nobody. A digest is handed on, and so
/// is its link: it lets one leave a list, and no more; the page of one's subscriptions is reached by mail.
pub(super) async fn ask(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    Link((list, token)): Link<(String, String)>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Response {
    let mut language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    if !desk.limits.would_allow(client.address) && desk.ring.read_token(Purpose::Unsubscribe, &token).is_none() {
        return desk.say_too_many(&language);
    }
    let key = list.clone();
    let found = desk
        .with_reader(move |store| {
            let Some(address) = store.bearer(&key, &token)? else { return Ok(None) };
            let Some(person) = store.person(&address)? else { return Ok(Some((address, None, false))) };
            let key = store.list_name(&key)?;
            let is_gone = |one: &Membership| one.list == key && one.status == SubscriberStatus::Unsubscribed;
            Ok(Some((address, person.language, person.lists.iter().any(is_gone))))
        })
        .await;
    let (address, theirs, has_left) = match found {
        Ok(Some(found)) => found,
        Ok(None) => {
            desk.limits.allows(client.address);
            return desk.say_invalid(&language);
        }
        Err(_) => return desk.say_fault(&language),
    };
    if query(asked.as_deref()).get("lang").is_empty()
        && let Some(theirs) = theirs
    {
        language = desk.page_language(theirs.as_str(), &headers);
    }
    if has_left {
        return desk.say_left(&language, &list, &address);
    }
    let heading = desk.words(&language, "unsubscribe", &[]);
    let question = QuestionPage {
        text: desk.words(
            &language,
            "unsubscribe_question",
            &[
                ("list", &isolated(&language, desk.title(&language, &list))),
                ("address", &Desk::shown(&language, &address)),
            ],
        ),
        button: desk.words(&language, "unsubscribe_button", &[]),
        heading: heading.clone(),
        link: Some(desk.link_by_mail(&language)),
    };
    desk.page(StatusCode::OK, "serve/question", &language, &heading, question)
}

impl Desk {
    /// Takes back what waits of a list's mail to who has left it. They have left it also where that fails, which is told.
    pub(super) fn take_back(&self, store: &mut Store, address: &str) {
        let done = self.take_back.as_ref().map_or(Ok(()), |take_back| take_back(store, address));
        if let Err(error) = done {
            self.fault(&error);
        }
    }

    /// The page that says that somebody is on a list no more.
    fn say_left(&self, language: &Language, list: &str, address: &str) -> Response {
        let (list, address) = (isolated(language, self.title(language, list)), Desk::shown(language, address));
        let values = [("list", list.as_str()), ("address", address.as_str())];
        self.say(StatusCode::OK, language, "unsubscribed", &values, Some(self.link_by_mail(language)))
    }
}

/// Unsubscribes, at once and whoever asks, as long as the link is ours: mail programs send neither cookies nor an origin,
/// and follow no redirects.
pub(super) async fn leave(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    Link((list, token)): Link<(String, String)>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    Sent(body): Sent,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    if !desk.limits.would_allow(client.address) && desk.ring.read_token(Purpose::Unsubscribe, &token).is_none() {
        return desk.say_too_many(&language);
    }
    let way = if Fields::read(&body).get("page") == "1" { Way::Page } else { Way::OneClick };
    let how = Circumstance { way, ..desk.circumstance(client, None) };
    let key = list.clone();
    let at_work = Arc::clone(&desk);
    let left = desk
        .with_store(move |store| {
            let Some(address) = store.bearer(&key, &token)? else { return Ok(None) };
            let was_on = store.leave(&key, &address, &how)? == Left::Now;
            at_work.take_back(store, &address);
            Ok(Some((address, was_on)))
        })
        .await;
    match left {
        Ok(Some((address, was_on))) => {
            if was_on {
                desk.metrics.count(Counted::Unsubscribed);
            }
            desk.say_left(&language, &list, &address)
        }
        Ok(None) => {
            desk.limits.allows(client.address);
            desk.say_invalid(&language)
        }
        Err(_) => desk.say_fault(&language),
    }
}
