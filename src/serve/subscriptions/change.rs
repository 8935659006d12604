//! The page of somebody's subscriptions: lists, language, name.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::super::client::Client;
use super::super::metrics::Counted;
use super::Desk;
use super::access::Refused;
use super::page::{Choice, Fields, Shared, public_address, query};
use super::seen::Seen;
use super::sent::{Link, Sent};
use crate::deliver::reader_name;
use crate::error::Result;
use crate::model::{ConsentEvent, Language, List, NewSubscriber, NoticeKind, Person, Request, SubscriberStatus, Way};
use crate::store::{Grant, Store};

/// What is wrong with an address, and not with the form around it.
const ADDRESS_WRONG: &str = "address_wrong";

/// The form on which one asks for a link to one's subscriptions.
#[derive(Serialize)]
struct LinkForm {
    /// The hidden field that shows that the form is ours.
    token: String,
    address: String,
    fault: Option<String>,
    address_fault: Option<String>,
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
    name_fault: Option<String>,
    /// That nothing is written to the address, whatever is chosen.
    stopped: Option<String>,
    /// Whether a change was just kept.
    saved: bool,
}

/// What is said with the form of somebody's subscriptions.
#[derive(Default)]
pub(super) struct Said<'f> {
    /// What was filled in and is not kept: it is not to be filled in again.
    pub(super) filled: Option<&'f Fields>,
    /// What the form showed that was filled in.
    pub(super) seen: Seen,
    pub(super) fault: Option<&'static str>,
    pub(super) name_fault: Option<&'static str>,
    /// Whether a change was just kept.
    pub(super) saved: bool,
}

/// A person, and whether nothing may be written to them.
pub(super) struct Shown {
    pub(super) person: Person,
    pub(super) is_suppressed: bool,
    /// The lists that they are on and get nothing of, until they choose them.
    pub(super) kept_away: Vec<String>,
    /// The lists that they have left since they were given the link.
    pub(super) just_left: Vec<String>,
}

impl Shown {
    /// What is known of whoever has a link.
    fn of(store: &Store, grant: &Grant) -> Result<Option<Self>> {
        let address = &grant.address;
        let Some(person) = store.person(address)? else { return Ok(None) };
        let mut kept_away = Vec::new();
        for one in person.lists.iter().filter(|one| one.status == SubscriberStatus::Active) {
            if store.is_kept_away(&one.list, address)? {
                kept_away.push(one.list.clone());
            }
        }
        let left = person.lists.iter().filter(|one| one.status == SubscriberStatus::Unsubscribed);
        let just_left = left.filter(|one| has_just_left(&person, &one.list, grant));
        let just_left = just_left.map(|one| one.list.clone()).collect();
        Ok(Some(Self { is_suppressed: store.suppression(address)?.is_some(), person, kept_away, just_left }))
    }

    /// Whether they get the mail of a list.
    pub(super) fn gets(&self, list: &str) -> bool {
        is_on(&self.person, list) && !self.kept_away.iter().any(|one| one == list)
    }

    /// Whether a list is on the form. One that is offered to nobody is there for those who are on it, and for those who have
    /// just left it: they may take that back, as long as their link is good.
    fn has(&self, list: &List) -> bool {
        list.open || is_on(&self.person, &list.key) || self.just_left.contains(&list.key)
    }
}

pub(super) fn is_on(person: &Person, list: &str) -> bool {
    person.lists.iter().any(|one| one.list == list && one.status == SubscriberStatus::Active)
}

/// Whether somebody has left a list by themselves since they were given a link. Whom the editors took off does not come back
/// by it.
fn has_just_left(person: &Person, list: &str, grant: &Grant) -> bool {
    let last = person.consent.iter().rev().find(|one| one.list == list);
    last.is_some_and(|last| {
        last.event == ConsentEvent::Unsubscribed
            && matches!(last.way, Way::Page | Way::OneClick | Way::Mail)
            && grant.at.is_some_and(|given| last.at >= given)
    })
}

impl Desk {
    pub(super) fn link_form(
        &self,
        status: StatusCode,
        language: &Language,
        address: &str,
        fault: Option<&str>,
    ) -> Response {
        let words = |key: &str| self.words(language, key, &[]);
        let form = LinkForm {
            token: self.form_token("manage"),
            address: address.to_owned(),
            fault: fault.filter(|key| *key != ADDRESS_WRONG).map(words),
            address_fault: fault.filter(|key| *key == ADDRESS_WRONG).map(words),
            subscribe: self.open_lists().next().map(|_| format!("{}/subscribe?lang={language}", self.prefix)),
        };
        let title = self.words(language, "manage_title", &[]);
        self.page(status, "serve/link", language, &title, form)
    }

    pub(super) fn change_form(
        &self,
        status: StatusCode,
        language: &Language,
        shown: &Shown,
        said: &Said<'_>,
    ) -> Response {
        let person = &shown.person;
        let words = |key: Option<&str>| key.map(|key| self.words(language, key, &[]));
        // Lists that they came onto since the form was drawn which they filled in are ticked as they are on any other.
        let is_chosen = |list: &str| match said.filled {
            Some(fields) if said.seen.was_ticked(list) || !shown.gets(list) => {
                fields.all("list").iter().any(|name| self.called_now(name) == list)
            }
            _ => shown.gets(list),
        };
        let on_form = self.config.lists.iter().filter(|list| shown.has(list));
        let lists = on_form
            .map(|list| Choice {
                value: list.key.clone(),
                title: list.title_in(language).to_owned(),
                description: list.description_in(language).map(str::to_owned),
                dir: "auto",
                chosen: is_chosen(&list.key),
            })
            .collect();
        let (name, theirs) = match said.filled {
            Some(fields) => {
                (fields.get("name").chars().take(300).collect(), self.chosen_language(fields, person.language.as_ref()))
            }
            None => (person.name.clone().unwrap_or_default(), person.language.clone()),
        };
        let languages = self.language_choices_of(person.language.as_ref(), theirs.as_ref());
        let form = ChangeForm {
            token: self.seen_token(shown),
            address: person.address.clone(),
            name,
            choose_language: languages.len() > 1,
            languages,
            lists,
            consent: self.consent_chosen(language),
            fault: words(said.fault),
            name_fault: words(said.name_fault),
            stopped: shown
                .is_suppressed
                .then(|| self.words(language, "stopped_hint", &[("address", &Self::shown(language, &person.address))])),
            saved: said.saved,
        };
        let title = self.words(language, "manage_title", &[]);
        self.page(status, "serve/manage", language, &title, form)
    }

    /// The form as it was filled in, for another try later.
    fn too_many_changes(&self, language: &Language, shown: &Shown, fields: &Fields, seen: Seen) -> Response {
        let said = Said { filled: Some(fields), seen, fault: Some("too_many_hint"), ..Said::default() };
        self.too_many(self.change_form(StatusCode::TOO_MANY_REQUESTS, language, shown, &said))
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
    Sent(body): Sent,
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
        return desk.link_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &written, Some(ADDRESS_WRONG));
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
    Link(token): Link<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let Some(grant) = desk.manage_grant(&token) else { return desk.say_invalid(&language) };
    match desk.with_reader(move |store| Shown::of(store, &grant)).await {
        Ok(Some(shown)) => desk.change_form(StatusCode::OK, &language, &shown, &Said::default()),
        Ok(None) => desk.say_invalid(&language),
        Err(_) => desk.say_fault(&language),
    }
}

/// What a reader wants to be changed.
struct Wishes {
    /// Lists that they come onto.
    asked_for: Vec<String>,
    /// Lists that they leave.
    left: Vec<String>,
    /// Whether all lists that they chose stand on the form.
    is_whole: bool,
}

impl Wishes {
    /// Who does not see a list cannot mean to leave it, such as one that is in config.toml no more, or one that they came onto
    /// while the page was open.
    fn of(desk: &Desk, shown: &Shown, chosen: &[&str], seen: &Seen) -> Self {
        let on_form: Vec<&str> =
            desk.config.lists.iter().filter(|list| shown.has(list)).map(|list| list.key.as_str()).collect();
        let those = |is_meant: &dyn Fn(&str) -> bool| -> Vec<String> {
            on_form.iter().filter(|list| is_meant(list)).map(|list| (*list).to_owned()).collect()
        };
        let chosen: Vec<&str> = chosen.iter().map(|name| desk.called_now(name)).collect();
        let is_chosen = |list: &str| chosen.contains(&list);
        Self {
            asked_for: those(&|list| is_chosen(list) && !shown.gets(list)),
            left: those(&|list| is_on(&shown.person, list) && !is_chosen(list) && seen.is_left(list, shown)),
            is_whole: chosen.iter().all(|list| on_form.contains(list)),
        }
    }
}

/// Changes somebody's subscriptions. Whoever has the link has shown that the address is theirs, so a list that they
/// choose here needs no other confirmation.
pub(super) async fn change(
    State(desk): Shared,
    Extension(client): Extension<Client>,
    Link(token): Link<String>,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
    Sent(body): Sent,
) -> Response {
    let language = desk.page_language(query(asked.as_deref()).get("lang"), &headers);
    let Some(grant) = desk.manage_grant(&token) else { return desk.say_invalid(&language) };
    let fields = Fields::read(&body);
    let given = grant.clone();
    let shown = match desk.with_reader(move |store| Shown::of(store, &given)).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return desk.say_invalid(&language),
        Err(_) => return desk.say_fault(&language),
    };
    let (seen, checked) = desk.check_seen(fields.get("token"), &shown.person, &headers);
    match checked {
        Ok(()) => {}
        Err(Refused::Foreign) => {
            desk.metrics.count(Counted::Refused);
            // What another site has filled in is not what the reader wants.
            let said = Said { fault: Some("form_foreign"), ..Said::default() };
            return desk.change_form(StatusCode::FORBIDDEN, &language, &shown, &said);
        }
        Err(Refused::Old) => {
            let said = Said { filled: Some(&fields), seen, fault: Some("form_expired"), ..Said::default() };
            return desk.change_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &shown, &said);
        }
    }
    let Ok(mut name) = reader_name(&shown.person.address, fields.get("name")) else {
        let said = Said { filled: Some(&fields), seen, name_fault: Some("name_wrong"), ..Said::default() };
        return desk.change_form(StatusCode::UNPROCESSABLE_ENTITY, &language, &shown, &said);
    };
    let mut theirs = desk.chosen_language(&fields, shown.person.language.as_ref());
    let Wishes { mut asked_for, left, is_whole } = Wishes::of(&desk, &shown, &fields.all("list"), &seen);
    let is_same = name == shown.person.name && theirs == shown.person.language;
    // Whoever leaves is never kept from it, and cannot do so again and again without coming back.
    let changes = !is_same || !asked_for.is_empty();
    let is_too_much = changes && !desk.limits.allows(client.address);
    if is_too_much {
        if left.is_empty() {
            return desk.too_many_changes(&language, &shown, &fields, seen);
        }
        (name, theirs) = (shown.person.name.clone(), shown.person.language.clone());
        asked_for.clear();
    }
    // Words of consent belong to what is consented to: to leaving and to a new name they are none.
    let consented = desk.circumstance(client, Some(desk.consent_chosen(&language)));
    let how = desk.circumstance(client, None);
    let (entered, gone) = (!asked_for.is_empty(), left.len());
    let newcomer = NewSubscriber { address: shown.person.address.clone(), name: None, language: None };
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
        Shown::of(store, &grant)
    });
    match changed.await {
        Ok(Some(shown)) => {
            if entered {
                desk.metrics.count(Counted::Confirmed);
            }
            (0..gone).for_each(|_| desk.metrics.count(Counted::Unsubscribed));
            if is_too_much {
                return desk.too_many_changes(&language, &shown, &fields, seen);
            }
            let fault = (!is_whole).then_some("saved_in_part");
            let said = Said { fault, saved: is_whole, ..Said::default() };
            desk.change_form(StatusCode::OK, &language, &shown, &said)
        }
        Ok(None) => desk.say_invalid(&language),
        Err(_) => desk.say_fault(&language),
    }
}
