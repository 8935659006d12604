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
use crate::error::{Error, Result, Warned, Warning, tell_once};
use crate::model::{Language, List, Membership, NoticeKind, Person, Request, SubscriberStatus};
use crate::store::Store;
use crate::templates::Templates;

const WORDS: &str = "Example";
const LISTS: [&str; 2] = ["example", "another"];
const ADDRESS: &str = "reader@example.org";

/// Draws every template of pages and messages about subscriptions, in each language of the publication, over nobody. What fails by
/// how many lists there are, or in a language that the publication is not in, is a warning: pages are in that too, for whoever
/// asks.
pub(in super::super) fn rehearse(config: &Config, templates: &Templates) -> Result<Warned<()>> {
    let own = config.languages();
    let others = templates.strings().languages().filter(|other| !own.iter().any(|one| one.is_same(other)));
    let languages: Vec<(Language, bool)> =
        own.iter().map(|one| (one.clone(), true)).chain(others.map(|one| (one.clone(), false))).collect();
    let mut warnings: Vec<Warning> = Vec::new();
    for given in examples(config) {
        for (language, is_own) in &languages {
            for fault in faults(&given, templates, language)? {
                if *is_own && !templates.is_of_contents(&fault) {
                    return Err(fault);
                }
                let hint = format!("it was drawn over an example, in the language `{language}`");
                tell_once(&mut warnings, fault, hint);
            }
        }
    }
    Ok(Warned::new((), warnings))
}

/// What fails in one language.
fn faults(given: &Config, templates: &Templates, language: &Language) -> Result<Vec<Error>> {
    let faults: Arc<Mutex<Vec<Error>>> = Arc::default();
    let told = Arc::clone(&faults);
    let tell = move |error: &Error| told.lock().unwrap_or_else(PoisonError::into_inner).push(error.clone());
    let subscriptions = Subscriptions {
        store: Store::in_memory()?,
        reader: Store::in_memory()?,
        sender: Sender::new(&given.mail, &given.lists)?,
        hand_on: None,
        take_back: None,
    };
    let clock = Arc::new(|| DateTime::UNIX_EPOCH);
    let metrics = Arc::new(Metrics::default());
    let desk = Desk::new(given.clone(), templates.clone(), subscriptions, clock, Arc::new(tell), metrics)?;
    desk.draw_pages(language);
    let of_messages = desk.draw_messages(language).err();
    let of_pages = std::mem::take(&mut *faults.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(of_pages.into_iter().chain(of_messages).collect())
}

/// The publication with its lists as readers choose from them, and with all of them open and described; what it has of
/// mailboxes, keys and relays is not asked for.
fn examples(config: &Config) -> Vec<Config> {
    let mail = Mail {
        from: Some(ADDRESS.to_owned()),
        subscriptions_url: Some(config.publication.base_url.clone()),
        ..Mail::default()
    };
    let with = |lists: Vec<List>| Config { lists, mail: mail.clone(), ..config.clone() };
    let open = |list: &List| List { csv: None, description: Some(WORDS.to_owned()), open: true, ..list.clone() };
    let mut all: Vec<List> = config.lists.iter().map(open).collect();
    if all.is_empty() {
        all.extend(LISTS.iter().map(|key| made_up(key)));
    }
    let as_it_is = config.lists.iter().any(|list| list.open).then(|| with(config.lists.clone()));
    as_it_is.into_iter().chain([with(all)]).collect()
}

fn made_up(key: &str) -> List {
    let words = || WORDS.to_owned();
    List { key: key.to_owned(), title: words(), description: Some(words()), open: true, ..List::default() }
}

impl Desk {
    /// Faults are told, as those of real pages are.
    fn draw_pages(&self, language: &Language) {
        let ok = StatusCode::OK;
        let wrong = Some("fault");
        self.enter_form(ok, language, &Filled::default());
        let filled = || Filled {
            address: ADDRESS.to_owned(),
            name: WORDS.to_owned(),
            language: Some(language.clone()),
            lists: self.list_keys(),
            ..Filled::default()
        };
        self.enter_form(ok, language, &filled());
        let faulty = Filled { fault: wrong, address_fault: wrong, name_fault: wrong, list_fault: wrong, ..filled() };
        self.enter_form(ok, language, &faulty);
        for fault in [None, wrong, Some("address_wrong")] {
            self.link_form(ok, language, ADDRESS, fault);
        }
        for is_suppressed in [false, true] {
            let shown = shown(language, &self.list_keys(), self.now(), is_suppressed);
            self.change_form(ok, language, &shown, &Said { saved: true, ..Said::default() });
            let fields = Fields::read(b"name=Example");
            let said = Said { filled: Some(&fields), fault: wrong, name_fault: wrong, ..Said::default() };
            self.change_form(ok, language, &shown, &said);
        }
        for link in [None, Some(self.link_by_mail(language))] {
            let [heading, text, button] = [WORDS; 3].map(str::to_owned);
            self.page(ok, "serve/question", language, WORDS, QuestionPage { heading, text, button, link });
        }
        self.say(ok, language, "check_mail", &[("address", ADDRESS)], Some(self.link_by_mail(language)));
        self.say_fault(language);
    }

    fn list_keys(&self) -> Vec<String> {
        self.config.lists.iter().map(|list| list.key.clone()).collect()
    }

    fn draw_messages(&self, language: &Language) -> Result<()> {
        let request = Request {
            kind: NoticeKind::Subscribe,
            address: ADDRESS.to_owned(),
            name: Some(WORDS.to_owned()),
            language: language.clone(),
            lists: self.list_keys(),
            at: self.now(),
            network: None,
            words: WORDS.to_owned(),
        };
        self.confirm_message(&request, &request.lists)?;
        self.known_message(&request)?;
        self.manage_message(&request).map(drop)
    }
}

/// Somebody who gets the first of these lists.
fn shown(language: &Language, lists: &[String], now: DateTime<Utc>, is_suppressed: bool) -> Shown {
    let first = lists.iter().take(1);
    let list =
        |key: &String| Membership { list: key.clone(), status: SubscriberStatus::Active, since: now, asked: None };
    let person = Person {
        address: ADDRESS.to_owned(),
        name: Some(WORDS.to_owned()),
        language: Some(language.clone()),
        lists: first.map(list).collect(),
        consent: Vec::new(),
    };
    Shown { person, is_suppressed, kept_away: Vec::new(), just_left: Vec::new() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::rehearse;
    use crate::config::{Config, parse};
    use crate::error::{Error, Warning};
    use crate::templates::{TemplateFile, Templates};

    fn config(lists: &str) -> Config {
        let text = format!(
            "title = \"The Compositor\"\nbase_url = \"https://compositor.example/\"\nlanguage = \"en\"\n{lists}"
        );
        parse(&text, Path::new("config.toml"), Path::new(".")).unwrap()
    }

    /// Over the built-in template with something else in one place.
    fn rehearsed(lists: &str, name: &str, old: &str, new: &str) -> Result<Vec<Warning>, Error> {
        let text = Templates::builtin().text(name).unwrap().to_owned();
        assert!(text.contains(old), "{name}: {old}");
        let file = TemplateFile {
            name: name.to_owned(),
            path: Path::new("templates").join(name),
            text: text.replacen(old, new, 1),
        };
        rehearse(&config(lists), &Templates::load(&[file]).unwrap().value).map(|warned| warned.warnings)
    }

    const TWO: &str = "[list.members]\n[list.friends]\n";

    #[test]
    fn there_are_as_many_lists_as_there_are() {
        let form = |lists, new: &str| rehearsed(lists, "serve/subscribe.hbs", "<p class=\"consent\"", new);
        let two = "{{lists.[1].title}}<p class=\"consent\"";
        assert_eq!(form(TWO, two), Ok(vec![]));
        assert_eq!(form("", two), Ok(vec![]));
        assert_eq!(form("[list.members]\n", two).unwrap().len(), 1, "it is told once");
        assert!(form(TWO, "{{lists.[0].name}}<p class=\"consent\"").is_err());
    }

    #[test]
    fn what_was_chosen_stands_on_the_form_and_other_languages_are_told() {
        let chosen = rehearsed(TWO, "serve/subscribe.hbs", "{{#if chosen}}", "{{#if chosen}}{{picked}}");
        assert_eq!(chosen.unwrap_err().message(), "there is no value `picked` here");
        let persian = "{{#if (eq dir \"rtl\")}}{{ignorre}}{{/if}}{{ignore}}";
        let told = rehearsed(TWO, "email/notice.hbs", "{{ignore}}", persian).unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].message, "there is no value `ignorre` here");
    }
}
