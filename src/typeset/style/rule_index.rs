//! Selectors by what they ask of an element first.

use std::collections::HashMap;

use html5ever::LocalName;
use selectors::parser::{Component, Selector};

use super::selector::Selectors;
use super::siblings::{Compound, compounds};

/// A selector filed for quick lookup.
pub(super) struct Filed<'a> {
    pub(super) selector: &'a Selector<Selectors>,
    pub(super) rule: u32,
    /// Of a selector that asks for siblings far away, how it is put together.
    pub(super) compounds: Option<Box<[Compound<'a>]>>,
}

/// Selectors by what their rightmost compound asks for first.
#[derive(Default)]
pub(super) struct Index<'a> {
    pub(super) ids: HashMap<&'a str, Vec<Filed<'a>>>,
    pub(super) classes: HashMap<&'a str, Vec<Filed<'a>>>,
    pub(super) names: HashMap<&'a LocalName, Vec<Filed<'a>>>,
    pub(super) others: Vec<Filed<'a>>,
}

impl<'a> Index<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.classes.is_empty() && self.names.is_empty() && self.others.is_empty()
    }

    pub(super) fn file(&mut self, selector: &'a Selector<Selectors>, rule: u32) {
        let mut iter = selector.iter();
        if selector.pseudo_element().is_some() {
            for _ in iter.by_ref() {}
            iter.next_sequence();
        }
        let filed = Filed { selector, rule, compounds: compounds(selector) };
        let mut name = None;
        let mut class = None;
        for component in iter {
            match component {
                Component::ID(id) => return self.ids.entry(&id.0).or_default().push(filed),
                Component::Class(own) => class = Some(&*own.0),
                Component::LocalName(local) => name = Some(&local.lower_name.0),
                _ => {}
            }
        }
        match (class, name) {
            (Some(class), _) => self.classes.entry(class).or_default().push(filed),
            (None, Some(name)) => self.names.entry(name).or_default().push(filed),
            (None, None) => self.others.push(filed),
        }
    }
}
