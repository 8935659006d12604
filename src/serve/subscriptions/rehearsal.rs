//! Every page and message drawn before anybody asks for it: a fault in a template of the publication's own would meet
//! strangers alone.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use super::super::Subscriptions;
use super::super::metrics::Metrics;
use super::Desk;
use super::change::{Said, Shown};
use super::enter::{Filled, QuestionPage};
use super::page::Fields;
use crate::config::{Config, Mail};
use crate::deliver::Sender;
use crate::error::{Error, Result};
use crate::model::{Language, List, Membership, NoticeKind, Person, Request, SubscriberStatus};
use crate::store::Store;
use crate::templates::Templates;

const WORDS: &str = "Example";
const LISTS: [&str; 2] = ["example", "another"];
const ADDRESS: &str = "reader@example.org";

/// Draws every template of pages and messages about subscriptions, in each language of the publication, over nobody.
pub(in super::super) fn rehearse(config: &Config, templates: &Templates) -> Result<()> {
    // With one list to choose, or several.
    for lists in 1..=LISTS.len() {
        let faults: Arc<Mutex<Vec<Error>>> = Arc::default();
        let told = Arc::clone(&faults);
        let tell = move |error: &Error| told.lock().unwrap_or_else(PoisonError::into_inner).push(error.clone());
        let given = example(config, &LISTS[..lists]);
        let subscriptions = Subscriptions {
            store: Store::in_memory()?,
            reader: Store::in_memory()?,
            sender: Sender::new(&given.mail, &given.lists)?,
            hand_on: None,
            take_back: None,
        };
        let clock = Arc::new(|| DateTime::UNIX_EPOCH);
        let metrics = Arc::new(Metrics::default());
        let desk = Desk::new(given, templates.clone(), subscriptions, clock, Arc::new(tell), metrics)?;
        for language in desk.config.languages() {
            desk.draw_pages(&language);
            desk.draw_messages(&language)?;
        }
        let first = faults.lock().unwrap_or_else(PoisonError::into_inner).drain(..).next();
        first.map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// The publication with these lists; what it has of mailboxes, keys and relays is not asked for.
fn example(config: &Config, lists: &[&str]) -> Config {
    let list = |key: &&str| List {
        key: (*key).to_owned(),
        was: Vec::new(),
        title: WORDS.to_owned(),
        csv: None,
        description: Some(WORDS.to_owned()),
        open: true,
    };
    let mail = Mail {
        from: Some(ADDRESS.to_owned()),
        subscriptions_url: Some(config.publication.base_url.clone()),
        ..Mail::default()
    };
    Config { lists: lists.iter().map(list).collect(), mail, ..config.clone() }
}

impl Desk {
    /// Faults are told, as those of real pages are.
    fn draw_pages(&self, language: &Language) {
        let ok = StatusCode::OK;
        let wrong = Some("fault");
        self.enter_form(ok, language, &Filled::default());
        let filled =
            Filled { fault: wrong, address_fault: wrong, name_fault: wrong, list_fault: wrong, ..Filled::default() };
        self.enter_form(ok, language, &filled);
        for fault in [None, wrong, Some("address_wrong")] {
            self.link_form(ok, language, ADDRESS, fault);
        }
        for is_suppressed in [false, true] {
            let shown = shown(language, self.now(), is_suppressed);
            self.change_form(ok, language, &shown, &Said { saved: true, ..Said::default() });
            let fields = Fields::read(b"name=Example");
            let said = Said { filled: Some(&fields), fault: wrong, name_fault: wrong, saved: false };
            self.change_form(ok, language, &shown, &said);
        }
        for link in [None, Some(self.link_by_mail(language))] {
            let [heading, text, button] = [WORDS; 3].map(str::to_owned);
            self.page(ok, "serve/question", language, WORDS, QuestionPage { heading, text, button, link });
        }
        self.say(ok, language, "check_mail", &[("address", ADDRESS)], Some(self.link_by_mail(language)));
        self.say_fault(language);
    }

    fn draw_messages(&self, language: &Language) -> Result<()> {
        let request = Request {
            kind: NoticeKind::Subscribe,
            address: ADDRESS.to_owned(),
            name: Some(WORDS.to_owned()),
            language: language.clone(),
            lists: LISTS.map(str::to_owned).to_vec(),
            at: self.now(),
            network: None,
            words: WORDS.to_owned(),
        };
        self.confirm_message(&request, &request.lists)?;
        self.known_message(&request)?;
        self.manage_message(&request).map(drop)
    }
}

/// Somebody who gets one of the lists.
fn shown(language: &Language, now: DateTime<Utc>, is_suppressed: bool) -> Shown {
    let list = Membership { list: LISTS[0].to_owned(), status: SubscriberStatus::Active, since: now, asked: None };
    let person = Person {
        address: ADDRESS.to_owned(),
        name: Some(WORDS.to_owned()),
        language: Some(language.clone()),
        lists: vec![list],
        consent: Vec::new(),
    };
    Shown { person, is_suppressed, kept_away: Vec::new(), just_left: Vec::new() }
}
