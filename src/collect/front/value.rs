//! Front matter as a tree, whatever syntax it was written in.

use crate::model::is_unseen;

/// A value and where it begins in its file: line and column, both from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Node {
    pub(in crate::collect) line: usize,
    pub(in crate::collect) column: usize,
    pub(in crate::collect) value: Value,
}

/// What stands under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) enum Value {
    /// Nothing, `null` or `~`.
    Null,
    /// A string, number, date or truth value, as it is spelt.
    Text(String),
    /// A sequence or array.
    List(Vec<Node>),
    /// A mapping or table, in the order of the file.
    Map(Vec<Entry>),
}

/// A key of a mapping and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Entry {
    pub(in crate::collect) key: String,
    pub(in crate::collect) line: usize,
    pub(in crate::collect) column: usize,
    pub(in crate::collect) node: Node,
}

impl Value {
    /// How many values it is, with those in it.
    pub(super) fn count(&self) -> usize {
        1 + match self {
            Self::Null | Self::Text(_) => 0,
            Self::List(items) => items.iter().map(|item| item.value.count()).sum(),
            Self::Map(entries) => entries.iter().map(|entry| entry.node.value.count()).sum(),
        }
    }
}

impl Node {
    /// The text of a scalar that is not blank.
    pub(in crate::collect) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if !text.trim().is_empty() => Some(text.trim()),
            _ => None,
        }
    }

    /// Whether a scalar says yes, in the spellings of YAML 1.1 (Jekyll) and TOML, whatever editors set around them.
    pub(in crate::collect) fn truth(&self) -> Option<bool> {
        truth(self.text()?)
    }

    /// What stands under `key` of a mapping.
    pub(in crate::collect) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => find(entries, key),
            _ => None,
        }
    }

    /// The texts of a list, or of one scalar.
    pub(in crate::collect) fn texts(&self) -> Vec<String> {
        match &self.value {
            Value::List(items) => items.iter().filter_map(|item| item.text().map(str::to_owned)).collect(),
            _ => self.text().map(str::to_owned).into_iter().collect(),
        }
    }
}

/// Whether a word says yes, as [`Node::truth`] has it.
pub(super) fn truth(text: &str) -> Option<bool> {
    match bare(text).to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// What stands under the last `key` (the last one wins, as in Jekyll and Hugo).
pub(in crate::collect) fn find<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Node> {
    entries.iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.node)
}

/// A key, or a word of a few that a value may be, without what nobody sees, quotation marks of typographers and a comma behind it.
pub(super) fn bare(text: &str) -> &str {
    let is_around = |c: char| {
        c.is_whitespace()
            || is_unseen(c)
            || matches!(c, '"' | '\'' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}' | '\u{2039}' | '\u{203a}')
    };
    let is_behind = |c: char| is_around(c) || matches!(c, ',' | ';' | '\u{60c}' | '\u{61b}');
    text.trim_start_matches(is_around).trim_end_matches(is_behind)
}

/// Takes from keys what is set around them.
pub(super) fn tidy(entries: &mut [Entry]) {
    for entry in entries {
        let key = bare(&entry.key);
        if key.len() < entry.key.len() {
            entry.key = key.to_owned();
        }
        tidy_node(&mut entry.node);
    }
}

fn tidy_node(node: &mut Node) {
    match &mut node.value {
        Value::Map(entries) => tidy(entries),
        Value::List(items) => items.iter_mut().for_each(tidy_node),
        Value::Null | Value::Text(_) => {}
    }
}
