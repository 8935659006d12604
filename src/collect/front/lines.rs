//! Front matter that is no YAML to a strict reader, read line by line as Jekyll's users mean it.

use super::value::{Entry, Node, Value};

/// Reads `key: value` lines, lists below a key, and values that go on in indented lines. `first_line` is the line of the
/// file on which `text` begins.
pub(super) fn read(text: &str, first_line: usize) -> Vec<Entry> {
    read_telling(text, first_line).0
}

/// The same, with the lines of the file, from 1, that are none of these: they are skipped.
pub(super) fn read_telling(text: &str, first_line: usize) -> (Vec<Entry>, Vec<usize>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut skipped = Vec::new();
    // Whether the last key has a block of text, whose lines are no keys.
    let mut in_block = false;
    for (index, raw) in text.lines().enumerate() {
        let line = first_line + index;
        let indented = raw.starts_with([' ', '\t']);
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            if let Some(entry) = entries.last_mut() {
                add_item(entry, item, line, column_of(raw, item));
            }
        } else if let Some((key, value)) =
            split_key(raw).filter(|(key, _)| !indented || strays(key, &entries, in_block))
        {
            let column = column_of(raw, value);
            in_block = matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+");
            entries.push(Entry { key: key.to_owned(), line, column: 1, node: scalar(value, line, column) });
        } else if indented {
            if let Some(entry) = entries.last_mut() {
                go_on(entry, trimmed, line, column_of(raw, trimmed));
            }
        } else {
            skipped.push(line);
        }
    }
    for entry in &mut entries {
        if let Value::Text(text) = &entry.node.value {
            entry.node.value = finish(text, &entry.node);
        }
    }
    (entries, skipped)
}

/// Whether an indented line has a key all the same: one that may hold the post back, below a value that is whole. To publish a draft
/// for a tab too many is worse than to lose words of a value.
fn strays(key: &str, entries: &[Entry], in_block: bool) -> bool {
    let is_whole = entries.last().is_none_or(|last| match &last.node.value {
        Value::Text(_) => !in_block,
        Value::List(items) => items.last().is_none_or(|item| !matches!(item.value, Value::Map(_))),
        Value::Null => ["extra", "params"].iter().any(|table| table.eq_ignore_ascii_case(&last.key)),
        Value::Map(_) => false,
    });
    is_whole && super::held::is_key(key)
}

/// Splits `key: value`; a key is a word of letters, digits, `_` and `-`. No space needs to follow the colon where the key
/// means something here: `draft:true` is no address and no time.
pub(super) fn split_key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let apart = value.is_empty() || value.starts_with(char::is_whitespace) || super::keys::is_known(key);
    (word && apart).then(|| (key, value.trim()))
}

fn column_of(line: &str, part: &str) -> usize {
    line.find(part).map_or(1, |at| line[..at].chars().count() + 1)
}

fn scalar(text: &str, line: usize, column: usize) -> Node {
    let value = if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
    Node { line, column, value }
}

/// Keys under which others stand.
const TABLES: [&str; 10] = [
    "authors",
    "author",
    "image",
    "images",
    "featured_image",
    "cover",
    "credit",
    "enclosure",
    "enclosures",
    "attachments",
];

/// `key: value` below a key under which such stand.
fn member(of: &str, text: &str, line: usize, column: usize) -> Option<Entry> {
    let (key, value) = split_key(text).filter(|(_, value)| !value.is_empty())?;
    let node = Node { line, column, value: Value::Text(unquote(value)) };
    TABLES.iter().any(|table| table.eq_ignore_ascii_case(of)).then(|| Entry { key: key.to_owned(), line, column, node })
}

fn add_item(entry: &mut Entry, item: &str, line: usize, column: usize) {
    let value = match member(&entry.key, item, line, column) {
        Some(member) => Value::Map(vec![member]),
        None => Value::Text(unquote(item)),
    };
    let node = Node { line, column, value };
    match &mut entry.node.value {
        Value::List(items) => items.push(node),
        Value::Null => entry.node.value = Value::List(vec![node]),
        Value::Text(text) => {
            text.push_str(" - ");
            text.push_str(item);
        }
        Value::Map(_) => {}
    }
}

fn go_on(entry: &mut Entry, more: &str, line: usize, column: usize) {
    let of_table = match &mut entry.node.value {
        Value::List(items) => items.last_mut().and_then(|last| match &mut last.value {
            Value::Map(members) => Some(members),
            _ => None,
        }),
        Value::Map(members) => Some(members),
        _ => None,
    };
    if let Some(members) = of_table {
        members.extend(member(&entry.key, more, line, column));
        return;
    }
    if entry.node.value == Value::Null
        && let Some(member) = member(&entry.key, more, line, column)
    {
        entry.node.value = Value::Map(vec![member]);
        return;
    }
    match &mut entry.node.value {
        Value::Text(text) if matches!(text.as_str(), ">" | "|" | ">-" | "|-") => more.clone_into(text),
        Value::Text(text) => {
            text.push(' ');
            text.push_str(more);
        }
        Value::Null => entry.node.value = Value::Text(more.to_owned()),
        _ => {}
    }
}

/// Turns the collected text of a key into its value: a quoted scalar, a flow list, or the text itself.
fn finish(text: &str, node: &Node) -> Value {
    let text = text.trim();
    // A list may lack its end: `[a, b`.
    let is_list = |rest: &&str| rest.ends_with(']') || (!rest.contains(']') && rest.contains(','));
    match text.strip_prefix('[').filter(is_list).map(|rest| rest.strip_suffix(']').unwrap_or(rest)) {
        Some(items) => Value::List(
            items
                .split(',')
                .map(unquote)
                .filter(|item| !item.is_empty())
                .map(|item| Node { line: node.line, column: node.column, value: Value::Text(item) })
                .collect(),
        ),
        None => Value::Text(unquote(text)),
    }
}

/// Takes the quotes off, and a comment after them.
pub(super) fn unquote(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return if quote == '"' { inner.replace("\\\"", "\"") } else { inner.replace("''", "'") };
        }
    }
    text.split(" #").next().unwrap_or(text).trim_end().to_owned()
}
