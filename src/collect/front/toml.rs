//! TOML front matter.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::{Entry, Node, Value};
use super::yaml::Refusal;
use crate::error::Lines;

/// Reads a TOML document; `first_line` is the line of the file on which `text` begins.
pub(super) fn read(text: &str, first_line: usize) -> Result<Vec<Entry>, Refusal> {
    let reader = Reader { text, lines: Lines::of(text), first_line };
    match DeTable::parse(text) {
        Ok(table) => Ok(reader.entries(table.get_ref())),
        Err(error) => {
            let (line, column) = reader.place(error.span().map_or(0, |span| span.start));
            Err(Refusal { line, column, reason: error.message().to_owned() })
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines,
    first_line: usize,
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> (usize, usize) {
        let (line, column) = self.lines.find(self.text, offset);
        (line + self.first_line - 1, column)
    }

    /// The keys of a table in the order of the file. (The TOML reader itself caps how deep tables nest.)
    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut keys: Vec<_> = table.iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        keys.into_iter()
            .map(|(key, value)| {
                let (line, column) = self.place(key.span().start);
                Entry { key: key.get_ref().to_string(), line, column, node: self.node(value) }
            })
            .collect()
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let (line, column) = self.place(value.span().start);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => Value::Text(number.to_string()),
            DeValue::Float(number) => Value::Text(number.to_string()),
            DeValue::Boolean(truth) => Value::Text(truth.to_string()),
            DeValue::Datetime(date) => Value::Text(date.to_string()),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => Value::Map(self.entries(table)),
        };
        Node { line, column, value }
    }
}
