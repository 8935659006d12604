//! The pages on which readers subscribe, confirm, change and end their subscriptions. They work without scripts and
//! without cookies.
//!
//! What a link allows is in its token. A GET only shows and asks: whoever follows every link of a mail changes nothing.
//! A POST does what was asked. Whether an address is known cannot be told from any answer, nor from its time: requests in
//! the name of an address are taken alike ([`Store::take_request`]) and answered by mail, later, with the same work whoever
//! it is ([`work`]).

mod access;
mod change;
mod enter;
mod leave;
mod mail;
mod moved;
mod page;
mod rehearsal;
mod seen;
mod sent;
mod work;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use tokio::sync::{Notify, Semaphore};
use url::Url;

use super::limits::Limits;
use super::metrics::{Counted, Metrics};
use super::{Clock, HandOn, Subscriptions, TakeBack, Tell};
use crate::config::Config;
use crate::deliver::Sender;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Language, List, sha256_hex};
use crate::store::{KeyRing, Store};
use crate::templates::Templates;

pub(super) use moved::lead;
use page::Fields;
pub(super) use rehearsal::rehearse;
use work::InHand;
pub(super) use work::work;

/// What the handlers share.
pub(super) struct Desk {
    pub(super) config: Config,
    templates: Templates,
    store: Mutex<Store>,
    /// The same store, for what only asks: it need not wait for what is written.
    reader: Mutex<Store>,
    ring: KeyRing,
    sender: Sender,
    hand_on: Option<HandOn>,
    take_back: Option<TakeBack>,
    /// So many messages are handed on at once.
    hands: Semaphore,
    in_hand: Mutex<InHand>,
    /// The name by which other processes on the same store see what is in the hands of this one.
    holder: String,
    /// How long the last message took to be handed on, in microseconds.
    pace: AtomicU64,
    clock: Clock,
    tell: Tell,
    metrics: Arc<Metrics>,
    /// Of forms that make us write to somebody, and of links that are not ours.
    limits: Limits,
    policy: HeaderValue,
    /// Rung when there is something to do in the background.
    bell: Notify,
    /// The path below which the pages stand, without a slash at the end.
    prefix: String,
    /// Scheme, host and port of their addresses.
    origin: String,
    /// The same with the path.
    address: String,
}

impl Desk {
    pub(super) fn new(
        config: Config,
        templates: Templates,
        given: Subscriptions,
        clock: Clock,
        tell: Tell,
        metrics: Arc<Metrics>,
    ) -> Result<Self> {
        let none = || Error::new(ErrorKind::Config, "`[mail]` has no `subscriptions_url`, so nobody can subscribe");
        let address = config.mail.subscriptions_url.as_deref().ok_or_else(none)?.trim_end_matches('/').to_owned();
        let url = Url::parse(&address).map_err(|_| none())?;
        Ok(Self {
            ring: given.store.ring().clone(),
            store: Mutex::new(given.store),
            reader: Mutex::new(given.reader),
            sender: given.sender,
            hand_on: given.hand_on,
            take_back: given.take_back,
            hands: Semaphore::new(work::hands(&config)),
            in_hand: Mutex::default(),
            holder: work::holder(),
            pace: AtomicU64::new(0),
            limits: Limits::new(config.serve.forms_per_hour),
            bell: Notify::new(),
            policy: page::policy(&config.publication.base_url),
            prefix: url.path().trim_end_matches('/').to_owned(),
            origin: url.origin().ascii_serialization(),
            address,
            config,
            templates,
            clock,
            tell,
            metrics,
        })
    }

    /// The time.
    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Does something with the store, on a thread that may wait.
    pub(super) async fn with_store<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Store) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.with(|desk| &desk.store, work).await
    }

    /// Asks the store something, without waiting for what is being written to it.
    pub(super) async fn with_reader<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Store) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.with(|desk| &desk.reader, |store| work(store)).await
    }

    async fn with<T: Send + 'static>(
        self: &Arc<Self>,
        which: fn(&Self) -> &Mutex<Store>,
        work: impl FnOnce(&mut Store) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let desk = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            // Every change is one transaction, so a panic of another thread leaves the store whole.
            let mut store = which(&desk).lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut store)
        });
        let done = done.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::Store, "the work on the store broke off")));
        done.inspect_err(|error| {
            self.metrics.count(Counted::Fault);
            (self.tell)(error);
        })
    }

    /// The lists that the page of subscriptions offers.
    fn open_lists(&self) -> impl Iterator<Item = &List> {
        self.config.lists.iter().filter(|list| list.open)
    }

    /// What a list is called that a page may know by a name it had before.
    fn called_now<'a>(&'a self, name: &'a str) -> &'a str {
        self.config.list_called(name).map_or(name, |list| &list.key)
    }

    /// The title of a list in a language; its key where it is not in config.toml any more.
    fn title<'a>(&'a self, language: &Language, list: &'a str) -> &'a str {
        self.config.list_called(list).map_or(list, |list| list.title_in(language))
    }

    /// Reads the language of a field; `None` when it is none of the publication's.
    fn known_language(&self, tag: &str) -> Option<Language> {
        let asked = Language::parse(tag)?;
        self.config.languages().into_iter().find(|known| known.is_same(&asked))
    }

    /// What a form says of the language of somebody who has this one: it stays where the form has no such field, or chooses
    /// it, in whichever of its kinds.
    fn chosen_language(&self, fields: &Fields, theirs: Option<&Language>) -> Option<Language> {
        let chosen = match fields.all("language").first().map(|tag| tag.trim()) {
            None => return theirs.cloned(),
            Some("") => return None,
            Some(tag) => tag,
        };
        let is_same = |one: &&Language| Language::parse(chosen).is_some_and(|tag| tag.is_same(one));
        let kept = theirs.filter(is_same).cloned();
        kept.or_else(|| self.known_language(chosen)).or_else(|| theirs.cloned())
    }
}

/// The routes of the pages, below the path of `subscriptions_url`.
pub(super) fn routes(desk: Arc<Desk>) -> Router {
    let first = format!("{}/subscribe", desk.prefix);
    let mut router = Router::new();
    for prefix in spellings(&desk.prefix) {
        let at = |path: &str| format!("{prefix}{path}");
        if !prefix.is_empty() {
            // Below the name alone of a host the site itself begins here.
            let first = first.clone();
            let begin = get(|| async move { Redirect::to(&first) });
            router = router.route(&at("/"), begin.clone()).route(&prefix, begin);
        }
        router = router
            .route(&at("/subscribe"), get(enter::form).post(enter::request))
            .route(&at("/confirm/{token}"), get(enter::ask).post(enter::confirm))
            .route(&at("/unsubscribe/{list}/{token}"), get(leave::ask).post(leave::leave))
            .route(&at("/manage"), get(change::form).post(change::request))
            .route(&at("/manage/{token}"), get(change::show).post(change::change))
            .route(&at("/subscriptions.css"), get(style).head(style))
            .route(&at("/unsubscribe"), post(|| async { StatusCode::NOT_FOUND }));
    }
    router.with_state(desk)
}

/// A path as it may be written (RFC 3986 6.2.2.1): headers of mail have the digits of percent-encoded bytes small, pages
/// have them large.
fn spellings(path: &str) -> BTreeSet<String> {
    let written = |digits: fn(&str) -> String| {
        let mut parts = path.split('%');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |path, part| {
            let (two, rest) = part.split_at_checked(2).unwrap_or((part, ""));
            format!("{path}%{}{rest}", digits(two))
        })
    };
    [path.to_owned(), written(str::to_ascii_lowercase), written(str::to_ascii_uppercase)].into()
}

/// The style sheet of the pages.
async fn style(State(desk): State<Arc<Desk>>, _: Uri, headers: HeaderMap) -> Response {
    let text = desk.templates.text("serve/style.css").unwrap_or_default().to_owned();
    let tag = format!("\"{}\"", &sha256_hex(text.as_bytes())[..16]);
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known == tag);
    let cached = [(CACHE_CONTROL, "public, no-cache".to_owned()), (ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    (cached, [(CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response()
}
