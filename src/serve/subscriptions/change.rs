//! The page of somebody's subscriptions: lists, language, name.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::super::client::Client;
use super::super::metrics::Counted;
use super::Desk;
use super::access::Refused;
use super::page::{Choice, Fields, Shared, public_address, query};
use crate::deliver::reader_name;
use crate::error::Result;
use crate::model::{Language, List, NewSubscriber, NoticeKind, Person, Request, SubscriberStatus};
use crate::store::Store;

/// The form on which one asks for a link to one's subscriptions.
#[derive(Serialize)]
struct LinkForm {
    /// The hidden field that shows that the form is ours.
    token: String,
    address: String,
    fault: Option<String>,
    /// The page on which one subscribes, where there is something to subscribe to.
    subscribe: Option<String>,
}

/// The form of somebody's subscriptions.
#[derive(Serialize)]
struct ChangeForm {
    /// The hidden field that shows that the form is ours.
    token: String,
    address: String,
    name: String,
    languages: Vec<Choice>,
    /// Whether there is more than one language to choose from.
    choose_language: bool,
    lists: Vec<Choice>,
    /// What the reader agrees to.
    consent: String,
    fault: Option<String>,
    /// That nothing is written to the address, whatever is chosen.
    stopped: Option<String>,
    /// Whether a change was just kept.
    saved: bool,
}

/// A person, and whether nothing may be written to them.
struct Shown {
    person: Person,
    is_suppressed: bool,
    /// The lists that they are on and get nothing of, until they choose them.
    kept_away: Vec<String>,
}

impl Shown {
    /// What is known of an address.
    fn of(store: &Store, address: &str) -> Result<Option<Self>> {
        let Some(person) = store.person(address)? else { return Ok(None) };
        let mut kept_away = Vec::new();
        for one in person.lists.iter().filter(|one| one.status == SubscriberStatus::Active) {
            if store.is_kept_away(&one.list, address)? {
                kept_away.push(one.list.clone());
            }
        }
        Ok(Some(Self { person, is_suppressed: store.suppression(address)?.is_some(), kept_away }))
    }

    /// Whether they get the mail of a list.
    fn gets(&self, list: &str) -> bool {
        is_on(&self.person, list) && !self.kept_away.iter().any(|one| one == list)
    }
}

fn is_on(person: &Person, list: &str) -> bool {
    person.lists.iter().any(|one| one.list == list && one.status == SubscriberStatus::Active)
}

/// Whether a list is on the form of somebody's subscriptions. One that is not offered is shown to those who are on it.
fn is_shown(list: &List, person: &Person) -> bool {
    list.open || is_on(person, &list.key)
}

impl Desk {
    fn link_form(&self, status: StatusCode, language: &Language, address: &str, fault: Option<&str>) -> Response {
        let form = LinkForm {
            token: self.form_token("manage"),
            address: address.to_owned(),
            fault: fault.map(|key| self.words(language, key, &[])),
            subscribe: self.open_lists().next().map(|_| format!("{}/subscribe?lang={language}", self.prefix)),
        };
        let title = self.words(language, "manage_title", &[]);
        self.page(status, "serve/link", language, &title, form)
    }

    fn change_form(
        &self,
        status: StatusCode,
        language: &Language,
        shown: &Shown,
        fault: Option<&str>,
        saved: bool,
    ) -> Response {
        let Shown { person, is_suppressed, .. } = shown;
        let on_form = self.config.lists.iter().filter(|list| is_shown(list, person));
        let lists = on_form
            .map(|list| Choice {
                value: list.key.clone(),
                title: list.title.clone(),
                description: list.description.clone(),
                dir: "auto",
                chosen: shown.gets(&list.key),
            })
            .collect();
        let form = ChangeForm {
            token: self.form_token("change"),
            address: person.address.clone(),
            name: person.name.clone().unwrap_or_default(),
            languages: self.language_choices(person.language.as_ref()),
            choose_language: self.languages().len() > 1,
            lists,
            consent: self.consent_chosen(language),
            fault: fault.map(|key| self.words(language, key, &[])),
            stopped: is_suppressed
                .then(|| self.words(language, "stopped_hint", &[("address", &Self::shown(language, &person.address))])),
            saved,
        };
        let title = self.words(language, "manage_title", &[]);
        self.page(status, "serve/manage", language, &title, form)
    }
}

/// Shows the form on which one asks for a link.
pub(super) async fn form(State(desk): Shared, RawQuery(asked): RawQuery, headers: HeaderMap) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    desk.link_form(StatusCode::OK, &language, "", None)
}

/// Takes the form. The answer is the same whoever is named in it.
pub(super) async fn request(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let fields = Fields::read(&body);
    let written: String = fields.get("address").chars().take(300).collect();
    match desk.check_form("manage", fields.get("token"), &headers) {
        Ok(()) => {}
        Err(Refused::Foreign) => {
            desk.metrics.count(Counted::Refused);
            return desk.link_form(StatusCode::FORBIDDEN, &language, &written, Some("form_foreign"));
        }
        Err(Refused::Old) => {
            return desk.link_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &written, Some("form_expired"));
        }
    }
    let Some(address) = public_address(fields.get("address")) else {
        return desk.link_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &written, Some("address_wrong"));
    };
    if !desk.limits.allows(client.address) {
        return desk.say_too_many(&language);
    }
    let request = Request {
        kind: NoticeKind::Manage,
        address: address.clone(),
        name: None,
        language: language.clone(),
        lists: Vec::new(),
        at: desk.now(),
        network: None,
        words: String::new(),
    };
    if desk.with_store(move |store| store.take_request(&request)).await.is_err() {
        return desk.say_fault(&language);
    }
    desk.bell.notify_one();
    desk.say(StatusCode::OK, &language, "check_mail", &[("address", &Desk::shown(&language, &address))], None)
}

/// Shows somebody's subscriptions.
pub(super) async fn show(
    State(desk): Shared,
    Path(token): Path<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let Some(grant) = desk.manage_grant(&token) else { return desk.say_invalid(&language) };
    match desk.with_reader(move |store| Shown::of(store, &grant.address)).await {
        Ok(Some(shown)) => desk.change_form(StatusCode::OK, &language, &shown, None, false),
        Ok(None) => desk.say_invalid(&language),
        Err(_) => desk.say_fault(&language),
    }
}

/// Changes somebody's subscriptions. Whoever has the link has shown that the address is theirs, so a list that they
/// choose here needs no other confirmation.
pub(super) async fn change(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    Path(token): Path<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let Some(grant) = desk.manage_grant(&token) else { return desk.say_invalid(&language) };
    let fields = Fields::read(&body);
    let whose = grant.address.clone();
    let shown = match desk.with_reader(move |store| Shown::of(store, &whose)).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return desk.say_invalid(&language),
        Err(_) => return desk.say_fault(&language),
    };
    match desk.check_form("change", fields.get("token"), &headers) {
        Ok(()) => {}
        Err(Refused::Foreign) => {
            desk.metrics.count(Counted::Refused);
            return desk.change_form(StatusCode::FORBIDDEN, &language, &shown, Some("form_foreign"), false);
        }
        Err(Refused::Old) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return desk.change_form(status, &language, &shown, Some("form_expired"), false);
        }
    }
    let Ok(name) = reader_name(&shown.person.address, fields.get("name")) else {
        return desk.change_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &shown, Some("name_wrong"), false);
    };
    let person = &shown.person;
    let theirs = desk.known_language(fields.get("language"));
    let chosen = fields.all("list");
    let asked_for: Vec<String> = desk
        .open_lists()
        .filter(|list| chosen.contains(&list.key.as_str()) && !shown.gets(&list.key))
        .map(|list| list.key.clone())
        .collect();
    // Who does not see a list cannot mean to leave it, such as one that is in config.toml no more.
    let left: Vec<String> = desk
        .config
        .lists
        .iter()
        .filter(|list| is_shown(list, person) && is_on(person, &list.key) && !chosen.contains(&list.key.as_str()))
        .map(|list| list.key.clone())
        .collect();
    // Words of consent belong to what is consented to: to leaving and to a new name they are none.
    let consented = desk.circumstance(client, Some(desk.consent_chosen(&language)));
    let how = desk.circumstance(client, None);
    let (entered, gone) = (!asked_for.is_empty(), left.len());
    let newcomer = NewSubscriber { address: person.address.clone(), name: None, language: None };
    let at_work = Arc::clone(&desk);
    let changed = desk.with_store(move |store| {
        store.change_person(&newcomer.address, name.as_deref(), theirs.as_ref(), &how)?;
        for list in &left {
            store.unsubscribe(list, &newcomer.address, &how)?;
            at_work.take_back(store, &newcomer.address);
        }
        if !asked_for.is_empty() {
            store.ask(&newcomer, &asked_for, &consented)?;
            store.confirm(&newcomer.address, &asked_for, consented.at, &consented)?;
        }
        Shown::of(store, &newcomer.address)
    });
    match changed.await {
        Ok(Some(shown)) => {
            if entered {
                desk.metrics.count(Counted::Confirmed);
            }
            (0..gone).for_each(|_| desk.metrics.count(Counted::Unsubscribed));
            desk.change_form(StatusCode::OK, &language, &shown, None, true)
        }
        Ok(None) => desk.say_invalid(&language),
        Err(_) => desk.say_fault(&language),
    }
}
