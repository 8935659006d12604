//! What was repaired or dropped, by its place in the text, until it is told.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use crate::error::{Place, Warning};

/// More kinds of faults than this are not told one by one: a document that holds them is no feed.
const MOST: usize = 200;

/// Something that was repaired or dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// In the text of the document, in bytes.
    pub(super) offset: usize,
    /// Lower-case, names in backticks.
    pub(super) message: Cow<'static, str>,
    /// How many more times the same was met.
    more: usize,
}

impl Fault {
    pub(super) fn new(offset: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { offset, message: message.into(), more: 0 }
    }
}

/// The faults of a document: the same one is kept once, where it was met first, and counted.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    index: HashMap<Cow<'static, str>, usize>,
    /// Faults beyond the most that are told.
    untold: usize,
}

impl Faults {
    pub(super) fn add(&mut self, offset: usize, message: impl Into<Cow<'static, str>>) {
        let message = message.into();
        if let Some(index) = self.index.get(&message) {
            self.list[*index].more += 1;
        } else if self.list.len() < MOST {
            self.index.insert(message.clone(), self.list.len());
            self.list.push(Fault::new(offset, message));
        } else {
            self.untold += 1;
        }
    }

    /// Moves the places of all faults, from a text that was made of another to that one.
    pub(super) fn into_list(self, original: impl Fn(usize) -> usize) -> Vec<Fault> {
        let mut list = self.list;
        for fault in &mut list {
            fault.offset = original(fault.offset);
        }
        if self.untold > 0 {
            let message = format!("{} more faults like these were met", self.untold);
            list.push(Fault::new(list.last().map_or(0, |last| last.offset), message));
        }
        list
    }
}

/// Faults as warnings, in the order of their places in `text`, the contents of `file`.
pub(super) fn warnings(mut faults: Vec<Fault>, text: &str, file: &Path) -> Vec<Warning> {
    faults.sort_by_key(|fault| fault.offset);
    let mut places = Places { text, at: 0, line: 1, column: 1 };
    let told = |fault: Fault| {
        let (line, column) = places.of(fault.offset);
        let message = match fault.more {
            0 => fault.message.into_owned(),
            1 => format!("{} (and once more)", fault.message),
            more => format!("{} (and {more} times more)", fault.message),
        };
        Warning::new(message).at(Place::at(file, line, column))
    };
    faults.into_iter().map(told).collect()
}

/// Lines and columns of offsets that only grow, so that many of them cost one walk over the text.
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl Places<'_> {
    /// A line ends with a line feed, a carriage return, or both.
    fn of(&mut self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let bytes = self.text.as_bytes();
        for (at, c) in self.text[self.at..end.max(self.at)].char_indices() {
            let after_return = c == '\n' && (self.at + at).checked_sub(1).is_some_and(|before| bytes[before] == b'\r');
            match c {
                _ if after_return => {}
                '\n' | '\r' => (self.line, self.column) = (self.line + 1, 1),
                _ => self.column += 1,
            }
        }
        self.at = end.max(self.at);
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Fault, Faults, warnings};

    #[test]
    fn places_are_told_in_order_and_the_same_once() {
        let mut faults = Faults::default();
        for offset in [5, 1, 7] {
            faults.add(offset, "a");
        }
        faults.add(2, "b");
        let mut list = faults.into_list(|offset| offset);
        list.extend([Fault::new(6, "c"), Fault::new(10, "d")]);
        let told: Vec<String> =
            warnings(list, "é\ré\r\né\nxyz", Path::new("f")).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["f:1:2: b", "f:2:2: a (and 2 times more)", "f:3:1: c", "f:4:1: d"]);
    }
}
