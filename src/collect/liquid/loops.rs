//! `for`: once for each item.

use super::expander::{Expander, Flow};
use super::expression::{Outcome, evaluate};
use super::value::Value;

/// Longer ranges of numbers are nobody's.
const LONGEST_RANGE: i64 = 10_000;

impl Expander<'_, '_> {
    /// `{% for x in list %}`: its text once for each item, the text after its `else` when there is none. Of a list that is
    /// not known the text is read once, when it holds words.
    pub(super) fn repeat(&mut self, index: usize, end: usize, depth: usize) -> Option<usize> {
        let close = self.pairs.end_of(index, end)?;
        let heads = self.heads(index, close);
        let otherwise = heads.get(1).copied();
        let body_end = otherwise.unwrap_or(close);
        let Some((name, list)) = self.marks[index].arguments().split_once(" in ") else {
            self.report(index);
            return Some(close);
        };
        let (name, list) = (name.trim().to_owned(), Listed::read(list));
        let Some(items) = self.items(&list) else {
            if self.state.variables.budget.is_spent() {
                let body = self.between(index, body_end);
                self.state.copy(self.text, body);
                return Some(close);
            }
            self.report(index);
            self.keep_words(index, body_end, &name, depth);
            return Some(close);
        };
        if let Some(otherwise) = otherwise.filter(|_| items.is_empty()) {
            self.run_between(otherwise, close, depth);
        }
        let before = self.state.variables.enter_loop(&name);
        let (count, length) = (items.len(), self.between(index, body_end).len());
        for (number, item) in items.into_iter().enumerate() {
            if !self.state.may_repeat(length) {
                if !self.state.variables.budget.is_spent() {
                    self.report(index);
                }
                break;
            }
            self.state.variables.begin_round(&name, item, number, count);
            self.run_between(index, body_end, depth);
            if std::mem::take(&mut self.state.flow) == Flow::Break {
                break;
            }
        }
        self.state.variables.leave_loop(&name, before);
        Some(close)
    }

    fn items(&self, list: &Listed<'_>) -> Option<Vec<Value>> {
        let variables = &self.state.variables;
        let number = |text: &str| variables.operand(text.trim())?.number();
        let mut items = match list.of.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(range) => {
                let (from, to) = range.split_once("..")?;
                let (from, to) = (number(from)? as i64, number(to)? as i64);
                let to = to.min(from.saturating_add(LONGEST_RANGE));
                let count = usize::try_from(to.saturating_sub(from).saturating_add(1)).unwrap_or_default();
                if !variables.budget.spend(count.saturating_mul(size_of::<Value>())) {
                    return None;
                }
                (from..=to).map(|number| Value::Text(number.to_string())).collect()
            }
            None => match evaluate(list.of, variables) {
                Outcome::Value(value) if !variables.budget.spend(value.weight()) => return None,
                Outcome::Value(Value::List(items)) => items.to_vec(),
                // A pair for each key, in Ruby a list of two.
                Outcome::Value(Value::Table(entries)) => {
                    let pair = |(key, value): &(String, Value)| {
                        Value::list([Value::Text(key.clone()), value.clone()].into_iter())
                    };
                    entries.iter().map(pair).collect()
                }
                Outcome::Value(Value::Text(text)) if !text.is_empty() => vec![Value::Text(text)],
                Outcome::Value(_) => Vec::new(),
                _ => match variables.operand(list.of)? {
                    Value::Nil => Vec::new(),
                    _ => return None,
                },
            },
        };
        let offset = list.offset.map_or(Some(0.0), number)?.max(0.0) as usize;
        items.drain(..offset.min(items.len()));
        if let Some(limit) = list.limit {
            items.truncate(number(limit)?.max(0.0) as usize);
        }
        if list.is_reversed {
            items.reverse();
        }
        Some(items)
    }

    /// Reads the body once, without what it loops over, and keeps it when words stand in it.
    fn keep_words(&mut self, index: usize, close: usize, name: &str, depth: usize) {
        let before = std::mem::take(&mut self.state.out);
        let outer = self.state.variables.enter_loop(name);
        self.state.variables.unset(name);
        self.run_between(index, close, depth);
        self.state.flow = Flow::On;
        self.state.variables.leave_loop(name, outer);
        let text = std::mem::replace(&mut self.state.out, before);
        if crate::collect::plain::from_html(&text).contains(char::is_alphabetic) {
            self.state.out.append(text);
        }
    }
}

/// What a loop goes through, and how.
struct Listed<'a> {
    of: &'a str,
    limit: Option<&'a str>,
    offset: Option<&'a str>,
    is_reversed: bool,
}

impl<'a> Listed<'a> {
    /// Reads `list reversed limit: 2 offset:1`.
    fn read(text: &'a str) -> Self {
        let text = text.trim();
        let is_option = |at: &usize| {
            let rest = text[*at..].trim_start();
            ["limit:", "offset:", "reversed"].iter().any(|option| rest.starts_with(option))
        };
        let end = text.match_indices(' ').map(|(at, _)| at).find(is_option).unwrap_or(text.len());
        let options = &text[end..];
        let value = |name: &str| {
            let rest = options[options.find(name)? + name.len()..].trim_start();
            rest.split_whitespace().next()
        };
        Self {
            of: text[..end].trim(),
            limit: value("limit:"),
            offset: value("offset:"),
            is_reversed: options.split_whitespace().any(|word| word == "reversed"),
        }
    }
}
