//! Subscribing: the form, what it sends, and the link that confirms.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::TimeDelta;
use serde::Serialize;

use super::super::client::Client;
use super::super::metrics::Counted;
use super::Desk;
use super::access::Refused;
use super::change::is_on;
use super::page::{Choice, Fields, NextLink, Shared, public_address, query};
use super::sent::{Link, Sent};
use crate::config::{KeepAddresses, Network};
use crate::deliver::reader_name;
use crate::error::Result;
use crate::model::{Circumstance, Language, NoticeKind, Request, SHOWN_ADDRESS, Way};
use crate::store::{Confirmed, Grant, Purpose, Store};

/// The form on which one subscribes.
#[derive(Serialize)]
struct EnterForm {
    /// The hidden field that shows that the form is ours.
    token: String,
    lists: Vec<Choice>,
    /// Whether there is more than one list to choose from.
    choose: bool,
    address: String,
    name: String,
    languages: Vec<Choice>,
    /// Whether there is more than one language to choose from.
    choose_language: bool,
    /// What the reader agrees to.
    consent: String,
    fault: Option<String>,
    address_fault: Option<String>,
    name_fault: Option<String>,
    list_fault: Option<String>,
    /// The page on which one asks for a link to one's subscriptions.
    manage: String,
}

/// A question that is answered by a button.
#[derive(Serialize)]
pub(super) struct QuestionPage {
    pub(super) heading: String,
    pub(super) text: String,
    pub(super) button: String,
    /// A link to what one may do instead.
    pub(super) link: Option<NextLink>,
}

/// What was filled in.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) language: Option<Language>,
    pub(super) lists: Vec<String>,
    pub(super) fault: Option<&'static str>,
    pub(super) address_fault: Option<&'static str>,
    pub(super) name_fault: Option<&'static str>,
    pub(super) list_fault: Option<&'static str>,
}

impl Filled {
    fn is_sound(&self) -> bool {
        [self.fault, self.address_fault, self.name_fault, self.list_fault].iter().all(Option::is_none)
    }
}

impl Desk {
    pub(super) fn enter_form(&self, status: StatusCode, language: &Language, filled: &Filled) -> Response {
        let open: Vec<_> = self.open_lists().collect();
        if open.is_empty() {
            return self.say(StatusCode::NOT_FOUND, language, "nothing_open", &[], None);
        }
        let words = |fault: Option<&str>| fault.map(|key| self.words(language, key, &[]));
        let only = open.len() == 1;
        let lists = open
            .iter()
            .map(|list| Choice {
                value: list.key.clone(),
                title: list.title_in(language).to_owned(),
                description: list.description_in(language).map(str::to_owned),
                dir: "auto",
                chosen: only || filled.lists.contains(&list.key),
            })
            .collect();
        let chosen = filled.language.as_ref().unwrap_or(language);
        let form = EnterForm {
            token: self.form_token("subscribe"),
            lists,
            choose: !only,
            address: filled.address.clone(),
            name: filled.name.clone(),
            languages: self.language_choices_of(Some(chosen), Some(chosen)),
            choose_language: self.config.languages().len() > 1,
            consent: self.shown_consent(language),
            // With one list there is nothing to choose: what was sent is of an older page.
            fault: words(filled.fault.or(filled.list_fault.filter(|_| only).map(|_| "form_expired"))),
            address_fault: words(filled.address_fault),
            name_fault: words(filled.name_fault),
            list_fault: words(filled.list_fault),
            manage: format!("{}/manage?lang={language}", self.prefix),
        };
        let title = self.words(language, "subscribe", &[]);
        // Whoever chooses another language has chosen the same lists.
        let mut asked = url::form_urlencoded::Serializer::new(String::new());
        for list in filled.lists.iter().filter(|list| open.iter().any(|one| one.key == **list)) {
            asked.append_pair("list", list);
        }
        let asked = asked.finish();
        let asked = if asked.is_empty() { asked } else { format!("&{asked}") };
        self.page_for(status, "serve/subscribe", language, &title, asked, form)
    }

    /// What somebody agrees to who subscribes, as the form says it: to the one list that there is, or to those that they
    /// choose.
    fn shown_consent(&self, language: &Language) -> String {
        let open: Vec<String> = self.open_lists().map(|list| list.key.clone()).collect();
        match open.as_slice() {
            [only] => self.words(language, "consent", &[("lists", &self.titles(language, std::slice::from_ref(only)))]),
            _ => self.consent_chosen(language),
        }
    }

    /// What somebody agrees to who gets the lists that they choose.
    pub(super) fn consent_chosen(&self, language: &Language) -> String {
        self.words(language, "consent_chosen", &[])
    }

    /// What is kept of a network address.
    pub(super) fn kept(&self, address: IpAddr) -> Option<String> {
        match self.config.serve.keep_addresses {
            KeepAddresses::No => None,
            KeepAddresses::Network => Some(Network::around(address).to_string()),
            KeepAddresses::Full => Some(address.to_string()),
        }
    }

    /// When and how something is asked for on a page.
    pub(super) fn circumstance(&self, client: Client, words: Option<String>) -> Circumstance {
        Circumstance { network: self.kept(client.address), words, ..Circumstance::new(self.now(), Way::Page) }
    }

    /// Reads what was filled in.
    fn filled(&self, fields: &Fields) -> Filled {
        let mut filled = Filled {
            address: fields.get("address").chars().take(300).collect(),
            name: fields.get("name").chars().take(300).collect(),
            language: self.known_language(fields.get("language")),
            lists: fields
                .all("list")
                .into_iter()
                .filter_map(|name| self.config.list_called(name).filter(|list| list.open))
                .map(|list| list.key.clone())
                .collect(),
            ..Filled::default()
        };
        filled.lists.sort();
        filled.lists.dedup();
        match public_address(fields.get("address")) {
            Some(address) => filled.address = address,
            None => filled.address_fault = Some("address_wrong"),
        }
        if reader_name("", fields.get("name")).is_err() {
            filled.name_fault = Some("name_wrong");
        }
        if filled.lists.is_empty() {
            filled.list_fault = Some("list_missing");
        }
        filled
    }
}

/// Shows the form.
pub(super) async fn form(State(desk): Shared, RawQuery(asked): RawQuery, headers: HeaderMap) -> Response {
    let asked = query(asked.as_deref());
    let language = desk.page_language(asked.get("lang"), &headers);
    let lists = asked.all("list").into_iter().map(str::to_owned).collect();
    desk.enter_form(StatusCode::OK, &language, &Filled { lists, ..Filled::default() })
}

/// Takes the form. The answer is the same whoever is named in it.
pub(super) async fn request(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    Sent(body): Sent,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let fields = Fields::read(&body);
    let mut filled = desk.filled(&fields);
    match desk.check_form("subscribe", fields.get("token"), &headers) {
        Ok(()) => {}
        Err(Refused::Foreign) => {
            desk.metrics.count(Counted::Refused);
            filled.fault = Some("form_foreign");
            return desk.enter_form(StatusCode::FORBIDDEN, &language, &filled);
        }
        Err(Refused::Old) => filled.fault = Some("form_expired"),
    }
    if !filled.is_sound() {
        return desk.enter_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &filled);
    }
    if !desk.limits.allows(client.address) {
        return desk.say_too_many(&language);
    }
    let request = Request {
        kind: NoticeKind::Subscribe,
        address: filled.address.clone(),
        // It was read without a fault a moment ago.
        name: reader_name(&filled.address, fields.get("name")).unwrap_or_default(),
        language: filled.language.unwrap_or_else(|| language.clone()),
        words: desk.shown_consent(&language),
        lists: filled.lists,
        at: desk.now(),
        network: desk.kept(client.address),
    };
    if desk.with_store(move |store| store.take_request(&request)).await.is_err() {
        return desk.say_fault(&language);
    }
    desk.metrics.count(Counted::Requested);
    desk.bell.notify_one();
    desk.say(StatusCode::OK, &language, "check_mail", &[("address", &Desk::shown(&language, &filled.address))], None)
}

impl Desk {
    /// What a link that confirms says, if it is good.
    fn confirm_grant(&self, token: &str) -> Option<Grant> {
        let within = TimeDelta::from_std(self.config.serve.confirm_within).unwrap_or(TimeDelta::MAX);
        self.ring.read_token(Purpose::Confirm, token).filter(|grant| self.is_young(grant, within))
    }
}

/// What is left of a request when it is to be confirmed.
struct Standing {
    /// The lists that are offered still.
    open: Vec<String>,
    /// Others of which they get the mail already.
    on: Vec<String>,
}

impl Standing {
    /// A list that has been closed since is for whoever its editors put on it: a link that was asked for before leads to it no
    /// more than the form does.
    fn of(desk: &Desk, store: &Store, grant: &Grant) -> Result<Self> {
        let is_open = |name: &str| desk.config.list_called(name).is_some_and(|list| list.open);
        let (open, closed): (Vec<String>, Vec<String>) = grant.lists.iter().cloned().partition(|name| is_open(name));
        let person = if closed.is_empty() { None } else { store.person(&grant.address)? };
        let mut on = Vec::new();
        for name in closed {
            let key = store.list_name(&name)?;
            let is_on = person.as_ref().is_some_and(|person| is_on(person, &key));
            if is_on && !store.is_kept_away(&key, &grant.address)? {
                on.push(name);
            }
        }
        Ok(Self { open, on })
    }

    /// The lists that the page names.
    fn named(&self) -> Vec<String> {
        self.open.iter().chain(&self.on).cloned().collect()
    }
}

impl Desk {
    async fn standing(self: &Arc<Self>, grant: &Grant) -> Result<Standing> {
        let (desk, grant) = (Arc::clone(self), grant.clone());
        self.with_reader(move |store| Standing::of(&desk, store, &grant)).await
    }

    /// The page that says that nothing of what was asked for can be had here any more.
    fn say_closed(&self, language: &Language, grant: &Grant) -> Response {
        self.metrics.count(Counted::Refused);
        let lists = self.titles(language, &grant.lists);
        self.say(StatusCode::NOT_FOUND, language, "confirm_closed", &[("lists", &lists)], None)
    }
}

/// Asks whether somebody wants what they asked for. A program that follows every link confirms nothing.
pub(super) async fn ask(
    State(desk): Shared,
    Link(token): Link<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let Some(grant) = desk.confirm_grant(&token) else { return desk.say_invalid(&language) };
    let Ok(standing) = desk.standing(&grant).await else { return desk.say_fault(&language) };
    let named = standing.named();
    if named.is_empty() {
        return desk.say_closed(&language, &grant);
    }
    let lists = desk.titles(&language, &named);
    let heading = desk.words(&language, "confirm_title", &[]);
    let question = QuestionPage {
        text: desk.words(
            &language,
            "confirm_question",
            &[("lists", &lists), ("address", &Desk::shown(&language, &grant.address))],
        ),
        button: desk.words(&language, "confirm_button", &[]),
        heading: heading.clone(),
        link: None,
    };
    desk.page(StatusCode::OK, "serve/question", &language, &heading, question)
}

/// Puts somebody on the lists that they asked for.
pub(super) async fn confirm(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    Link(token): Link<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let grant = desk.confirm_grant(&token).filter(|_| desk.is_ours(&headers));
    let Some((grant, at)) = grant.and_then(|grant| grant.at.map(|at| (grant, at))) else {
        return desk.say_invalid(&language);
    };
    let Ok(standing) = desk.standing(&grant).await else { return desk.say_fault(&language) };
    if standing.named().is_empty() {
        return desk.say_closed(&language, &grant);
    }
    let lists = desk.titles(&language, &standing.named());
    // The words are kept for whoever was shown them, and without the address: it goes when its owner wants it to go.
    let words = desk.words(&language, "confirm_question", &[("lists", &lists), ("address", SHOWN_ADDRESS)]);
    let how = desk.circumstance(client, Some(words));
    let whose = grant.address.clone();
    let confirmed = desk.with_store(move |store| {
        let Standing { open, mut on } = standing;
        if let Confirmed::Now(lists) | Confirmed::Already(lists) = store.confirm(&whose, &open, at, &how)? {
            on.extend(lists);
        }
        Ok((on, store.suppression(&whose)?.is_some()))
    });
    match confirmed.await {
        Ok((on, is_suppressed)) if !on.is_empty() => {
            let lists = desk.titles(&language, &on);
            desk.metrics.count(Counted::Confirmed);
            let link = desk.manage_link(&language, &grant.address);
            let address = Desk::shown(&language, &grant.address);
            let values = [("lists", lists.as_str()), ("address", address.as_str())];
            let said = if is_suppressed { "stopped" } else { "confirmed" };
            desk.say(StatusCode::OK, &language, said, &values, Some(link))
        }
        Ok(_) => desk.say_invalid(&language),
        Err(_) => desk.say_fault(&language),
    }
}
