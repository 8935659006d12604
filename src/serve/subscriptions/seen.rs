//! What the form of somebody's subscriptions showed when it was drawn.
//!
//! A page may stay open while its reader comes onto a list by another way. The form that is sent from it says nothing of that
//! list, and that is no wish to leave it: so the form bears, in its token, the lists that they were on.

use axum::http::HeaderMap;

use super::Desk;
use super::access::{FORM, Refused};
use super::change::{Shown, is_on};
use crate::model::Person;
use crate::store::{Grant, Purpose};

/// What the form is called.
const NAME: &str = "subscriptions";
/// What it was called by versions that did not say what it showed.
const OLD_NAME: &str = "change";
/// How lists are marked that were ticked, and those that were not though somebody was on them.
const TICKED: char = '+';
const UNTICKED: char = '-';

/// The lists that somebody was on, as the form showed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    ticked: Vec<String>,
    /// Of which they got no mail, until they choose them.
    unticked: Vec<String>,
}

impl Seen {
    /// What a form shows that is drawn now.
    pub(super) fn now(desk: &Desk, shown: &Shown) -> Self {
        let on_form = desk.config.lists.iter().map(|list| list.key.clone());
        let (ticked, unticked) =
            on_form.filter(|list| is_on(&shown.person, list)).partition(|list: &String| shown.gets(list));
        Self { ticked, unticked }
    }

    /// Whether a list was ticked.
    pub(super) fn was_ticked(&self, list: &str) -> bool {
        self.ticked.iter().any(|one| one == list)
    }

    /// Whether somebody who is on a list and did not choose it means to leave it: it was ticked, or is still not.
    pub(super) fn is_left(&self, list: &str, shown: &Shown) -> bool {
        self.was_ticked(list) || !shown.gets(list) && self.unticked.iter().any(|one| one == list)
    }

    /// The same lists as they are called now.
    fn called_now(self, desk: &Desk) -> Self {
        let now = |lists: Vec<String>| lists.iter().map(|list| desk.called_now(list).to_owned()).collect();
        Self { ticked: now(self.ticked), unticked: now(self.unticked) }
    }

    fn words(&self) -> Vec<String> {
        let marked =
            |mark: char, lists: &[String]| lists.iter().map(|list| format!("{mark}{list}")).collect::<Vec<_>>();
        [vec![NAME.to_owned()], marked(TICKED, &self.ticked), marked(UNTICKED, &self.unticked)].concat()
    }

    /// What a token says of it; `None` where that is of another form.
    fn read(grant: &Grant, person: &Person) -> Option<Self> {
        let (name, lists) = grant.lists.split_first()?;
        match name.as_str() {
            NAME => {
                let marked =
                    |mark: char| lists.iter().filter_map(|list| list.strip_prefix(mark).map(str::to_owned)).collect();
                Some(Self { ticked: marked(TICKED), unticked: marked(UNTICKED) })
            }
            OLD_NAME if lists.is_empty() => Some(Self::before(grant, person)),
            _ => None,
        }
    }

    /// The lists that somebody was on when a form was drawn that does not say so, as far as that is known.
    fn before(grant: &Grant, person: &Person) -> Self {
        let since = |list: &str| person.consent.iter().rev().find(|one| one.list == list).map(|one| one.at);
        let was_on = person.lists.iter().filter(|one| {
            grant.at.is_some_and(|drawn| one.since < drawn && since(&one.list).is_none_or(|last| last < drawn))
        });
        Self { ticked: was_on.map(|one| one.list.clone()).collect(), unticked: Vec::new() }
    }
}

impl Desk {
    /// The hidden field of the form, which shows that it is ours and what it shows.
    pub(super) fn seen_token(&self, shown: &Shown) -> String {
        let grant = Grant { lists: Seen::now(self, shown).words(), at: Some(self.now()), ..Grant::default() };
        self.ring.token(Purpose::Form, &grant)
    }

    /// What a form showed, as far as it is ours, and whether it may be taken; see [`Desk::check_form`].
    pub(super) fn check_seen(&self, token: &str, person: &Person, headers: &HeaderMap) -> (Seen, Result<(), Refused>) {
        let grant = self.ring.read_token(Purpose::Form, token);
        let seen = grant.as_ref().and_then(|grant| Seen::read(grant, person));
        let is_young = grant.is_some_and(|grant| self.is_young(&grant, FORM));
        let checked = match seen {
            _ if !self.is_ours(headers) => Err(Refused::Foreign),
            Some(_) if is_young => Ok(()),
            _ => Err(Refused::Old),
        };
        (seen.unwrap_or_default().called_now(self), checked)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Seen;
    use crate::model::{Membership, Person, SubscriberStatus};
    use crate::store::Grant;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn ann() -> Person {
        let on = |list: &str, since| Membership {
            list: list.to_owned(),
            status: SubscriberStatus::Active,
            since: at(since),
            asked: None,
        };
        Person {
            address: "ann@x.example".to_owned(),
            name: None,
            language: None,
            lists: vec![on("early", 5), on("late", 20)],
            consent: Vec::new(),
        }
    }

    fn read(lists: &[&str]) -> Option<Seen> {
        let lists = lists.iter().map(|list| (*list).to_owned()).collect();
        Seen::read(&Grant { lists, at: Some(at(10)), ..Grant::default() }, &ann())
    }

    #[test]
    fn a_form_says_which_lists_it_showed() {
        let seen = Seen { ticked: vec!["a".to_owned(), "+b".to_owned()], unticked: vec!["-c".to_owned()] };
        let words = seen.words();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(read(&words), Some(seen));
        assert_eq!(read(&words[..1]), Some(Seen::default()), "none");
        for other in [&[][..], &["subscribe"], &["manage"], &["change", "+a"]] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_form_of_an_earlier_version_showed_what_its_reader_was_on_by_then() {
        let early = Seen { ticked: vec!["early".to_owned()], unticked: Vec::new() };
        assert_eq!(read(&["change"]), Some(early));
    }
}
