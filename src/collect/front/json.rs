//! JSON front matter (Hugo, Eleventy).

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::value::{Entry, Node, Value};
use super::yaml::Refusal;
use crate::collect::feed::mend::{self, mended};

/// Nesting beyond which nobody writes front matter.
const MAX_DEPTH: usize = 32;

/// Reads a JSON object; `first_line` is the line of the file on which `text` begins.
pub(super) fn read(text: &str, first_line: usize) -> Result<Vec<Entry>, Refusal> {
    let members: Members<'_> = serde_json::from_str(text).map_err(|error| Refusal {
        line: error.line() + first_line - 1,
        column: error.column().max(1),
        reason: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })?;
    Ok(Reader { text, at: 0, line: first_line, column: 1 }.entries(members, 0))
}

/// Reads one with small slips in it, such as a comma that nothing follows. `None` when it is none even so.
pub(super) fn read_mended(text: &str, first_line: usize) -> Option<Vec<Entry>> {
    read(&mended(text), first_line).ok()
}

/// The length of the object at the beginning of a text, small slips in it or not, where nothing else stands behind it on its line.
pub(super) fn extent(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    let end = if values.next()?.is_ok() {
        values.byte_offset()
    } else {
        let end = mend::extent(text)?;
        serde_json::from_str::<serde::de::IgnoredAny>(&mended(&text[..end])).ok()?;
        end
    };
    text[end..].lines().next().is_none_or(|rest| rest.trim().is_empty()).then_some(end)
}

/// The members of an object, in the order of the file.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

struct Object;

impl<'t> Visitor<'t> for Object {
    type Value = Members<'t>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// Goes through the text once: what is read stands ever later in it.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    column: usize,
}

impl Reader<'_> {
    /// Where a value begins.
    fn place(&mut self, value: &RawValue) -> (usize, usize) {
        let offset = (value.get().as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        for c in self.text.get(self.at..offset).unwrap_or_default().chars() {
            (self.line, self.column) = if c == '\n' { (self.line + 1, 1) } else { (self.line, self.column + 1) };
        }
        self.at = self.at.max(offset.min(self.text.len()));
        (self.line, self.column)
    }

    fn entries(&mut self, members: Members<'_>, depth: usize) -> Vec<Entry> {
        let entry = |(key, value): (String, &RawValue)| {
            let (line, column) = self.place(value);
            Entry { key, line, column, node: self.node(value, depth) }
        };
        members.0.into_iter().map(entry).collect()
    }

    fn node(&mut self, value: &RawValue, depth: usize) -> Node {
        let (line, column) = self.place(value);
        let text = value.get();
        let value = match text.as_bytes().first() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => Value::Null,
            Some(b'{') => serde_json::from_str(text)
                .map_or(Value::Null, |members: Members<'_>| Value::Map(self.entries(members, depth + 1))),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
                Value::List(items.into_iter().map(|item| self.node(item, depth + 1)).collect())
            }
            // Half a character cannot be read; the rest of such a text is shown as it is spelt.
            Some(b'"') => Value::Text(serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned())),
            Some(b'n') | None => Value::Null,
            _ => Value::Text(text.to_owned()),
        };
        Node { line, column, value }
    }
}
