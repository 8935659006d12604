//! YAML front matter, strictly read.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::value::{Entry, Node, Value};

/// Where and why strict YAML ends: line and column in the front matter, both from 1.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) reason: String,
}

/// Nesting beyond which nobody writes front matter.
const MAX_DEPTH: usize = 32;

/// So many values may be said again by aliases: more is a document that means to grow.
const MOST_ALIASED: usize = 1000;

/// A collection whose end has not been read yet.
struct Open {
    line: usize,
    column: usize,
    /// By which aliases name it; 0 when none do.
    anchor: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Node> },
}

/// Reads a YAML mapping; `first_line` is the line of the file on which `text` begins. Aliases are what they name, as long as
/// they are few.
pub(super) fn read(text: &str, first_line: usize) -> Result<Vec<Entry>, Refusal> {
    let mut parser = Parser::new_from_str(text);
    let mut stack: Vec<Open> = Vec::new();
    let mut anchored: HashMap<usize, Node> = HashMap::new();
    let mut aliased = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Refusal {
            line: error.marker().line() + first_line - 1,
            column: error.marker().col() + 1,
            reason: error.info().to_owned(),
        })?;
        let (line, column) = (span.start.line() + first_line - 1, span.start.col() + 1);
        let refuse = |reason: &str| Refusal { line, column, reason: reason.to_owned() };
        let complete = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = with_tag(text, tag.as_deref());
                let value = if style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Value::Null
                } else {
                    Value::Text(text.into_owned())
                };
                Some((anchor, Node { line, column, value }))
            }
            Event::Alias(anchor) => {
                // What it stands in has no end yet, and is nothing.
                let value = anchored.get(&anchor).map_or(Value::Null, |node| node.value.clone());
                aliased += value.count();
                if aliased > MOST_ALIASED {
                    return Err(refuse("its aliases say more than 1,000 values again"));
                }
                Some((0, Node { line, column, value }))
            }
            Event::SequenceStart(anchor, _) => {
                stack.push(Open { line, column, anchor, kind: Kind::List(Vec::new()) });
                None
            }
            Event::MappingStart(anchor, _) => {
                stack.push(Open { line, column, anchor, kind: Kind::Map { entries: Vec::new(), key: None } });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|open| (open.anchor, open.close())),
            _ => None,
        };
        if stack.len() > MAX_DEPTH {
            return Err(refuse("nested too deeply"));
        }
        let Some((anchor, node)) = complete else { continue };
        if anchor != 0 {
            anchored.insert(anchor, node.clone());
        }
        match stack.last_mut() {
            Some(open) => open.take(node),
            None => return top(node).ok_or_else(|| refuse("not a mapping of keys to values")),
        }
    }
    Ok(Vec::new())
}

/// A scalar with the tag of its own that stands before it: nobody means one in front matter, but a word (`!Important`).
fn with_tag<'t>(text: Cow<'t, str>, tag: Option<&Tag>) -> Cow<'t, str> {
    match tag {
        Some(Tag { handle, suffix }) if handle == "!" && !suffix.is_empty() => {
            Cow::Owned(format!("!{suffix} {text}").trim_end().to_owned())
        }
        _ => text,
    }
}

fn top(node: Node) -> Option<Vec<Entry>> {
    match node.value {
        Value::Map(entries) => Some(entries),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

impl Open {
    fn take(&mut self, node: Node) {
        match &mut self.kind {
            Kind::List(items) => items.push(node),
            Kind::Map { entries, key } => match key.take() {
                None => *key = Some(node),
                Some(name) => {
                    let text = name.text().unwrap_or_default().to_owned();
                    entries.push(Entry { key: text, line: name.line, column: name.column, node });
                }
            },
        }
    }

    fn close(self) -> Node {
        let value = match self.kind {
            Kind::List(items) => Value::List(items),
            Kind::Map { entries, .. } => Value::Map(entries),
        };
        Node { line: self.line, column: self.column, value }
    }
}
