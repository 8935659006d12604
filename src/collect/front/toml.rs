//! TOML front matter.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::{Entry, Node, Value};
use super::yaml::Refusal;

/// In a longer line no columns are counted, in bytes.
const LONGEST_LINE: usize = 4096;

/// Reads a TOML document; `first_line` is the line of the file on which `text` begins.
pub(super) fn read(text: &str, first_line: usize) -> Result<Vec<Entry>, Refusal> {
    let reader = Reader::new(text, first_line);
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
    first_line: usize,
    /// Where each line begins: every key and value has a place, and a table may have very many.
    lines: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, first_line: usize) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, first_line, lines }
    }

    /// Line and column, both from 1.
    fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|begin| *begin <= offset);
        let begin = self.lines[line - 1];
        // A line of very many values costs no more than its length, nearly.
        let before = self.text.get(begin..offset).filter(|before| before.len() < LONGEST_LINE);
        (line + self.first_line - 1, before.map_or(0, |before| before.chars().count()) + 1)
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
