//! What variables hold: texts, lists and tables, as front matter has them.

use std::rc::Rc;

use crate::collect::front::{Data, Node};

/// Nesting beyond which front matter says nothing.
const MAX_DEPTH: usize = 32;

/// A value. Numbers and truth values are texts, as they are spelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Nil,
    Text(String),
    List(Rc<Vec<Value>>),
    Table(Rc<Vec<(String, Value)>>),
}

impl Value {
    /// What stands in front matter.
    pub(super) fn of(node: &Node) -> Self {
        Self::at_depth(node, 0)
    }

    fn at_depth(node: &Node, depth: usize) -> Self {
        match &node.value {
            _ if depth >= MAX_DEPTH => Self::Nil,
            Data::Null => Self::Nil,
            Data::Text(text) => Self::Text(text.trim().to_owned()),
            Data::List(items) => Self::list(items.iter().map(|item| Self::at_depth(item, depth + 1))),
            Data::Map(entries) => {
                let entries = entries.iter().map(|entry| (entry.key.clone(), Self::at_depth(&entry.node, depth + 1)));
                Self::Table(Rc::new(entries.collect()))
            }
        }
    }

    /// A list of these.
    pub(super) fn list(items: impl Iterator<Item = Self>) -> Self {
        Self::List(Rc::new(items.collect()))
    }

    /// A list of texts.
    pub(super) fn texts<'t>(items: impl Iterator<Item = &'t str>) -> Self {
        Self::list(items.map(|item| Self::Text(item.to_owned())))
    }

    pub(super) fn into_text(self) -> String {
        match self {
            Self::Nil | Self::Table(_) => String::new(),
            Self::Text(text) => text,
            Self::List(items) => items.iter().map(|item| item.clone().into_text()).collect(),
        }
    }

    /// What a copy of it takes, in bytes; that of a list or a table is shared.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }

    /// What copies of all that is in it take, in bytes.
    pub(super) fn weight(&self) -> usize {
        let within: usize = match self {
            Self::Nil => 0,
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Table(entries) => entries.iter().map(|(key, value)| key.len() + value.weight()).sum(),
        };
        size_of::<Self>() + within
    }

    /// What it takes to look a name up in it.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Table(entries) => entries.len(),
            _ => 0,
        }
    }

    /// A number, where it is written as one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// Whether nothing can be seen of it.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Nil => true,
            Self::Text(text) => text.trim().is_empty() || text == "false",
            Self::List(items) => items.is_empty(),
            Self::Table(entries) => entries.is_empty(),
        }
    }

    /// What is called so in it: a key of a table, or what every list and text has. Nothing, when there is no such thing.
    pub(super) fn get(&self, name: &str) -> Self {
        match (self, name) {
            (Self::Table(entries), _) => {
                entries.iter().rev().find(|(key, _)| key == name).map_or(Self::Nil, |(_, value)| value.clone())
            }
            (Self::List(items), "size") => Self::Text(items.len().to_string()),
            (Self::List(items), "first") => items.first().cloned().unwrap_or(Self::Nil),
            (Self::List(items), "last") => items.last().cloned().unwrap_or(Self::Nil),
            (Self::List(items), _) => {
                name.parse::<usize>().ok().and_then(|at| items.get(at).cloned()).unwrap_or(Self::Nil)
            }
            (Self::Text(text), "size") => Self::Text(text.chars().count().to_string()),
            _ => Self::Nil,
        }
    }
}

/// The names of a path: `page`, `tags` and `0` of `page.tags[0]`.
pub(super) fn path(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '[', ']']).map(|name| name.trim_matches(['"', '\''])).filter(|name| !name.is_empty())
}
