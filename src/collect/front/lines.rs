//! Front matter that is no YAML to a strict reader, read line by line as Jekyll's users mean it.

use super::value::{Entry, Node, Value, bare, truth};

/// Reads `key: value` lines, lists below a key, and values that go on in indented lines. `first_line` is the line of the
/// file on which `text` begins.
pub(super) fn read(text: &str, first_line: usize) -> Vec<Entry> {
    read_telling(text, first_line).0
}

/// The same, with the lines of the file, from 1, that are none of these: they are skipped.
pub(super) fn read_telling(text: &str, first_line: usize) -> (Vec<Entry>, Vec<usize>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut skipped = Vec::new();
    let mut last = Last::default();
    for (index, raw) in text.lines().enumerate() {
        let line = first_line + index;
        let indentation = raw.len() - raw.trim_start_matches([' ', '\t']).len();
        let indented = indentation > 0;
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(item) = trimmed.strip_prefix("- ") {
            last.item_has_key = split_key(item).is_some();
            if let Some(entry) = last.owner.and_then(|owner| entries.get_mut(owner)) {
                add_item(entry, item, line, column_of(raw, item));
            }
        } else if let Some((key, value)) =
            split_key(raw).filter(|(key, _)| !indented || last.is_left(key, &entries, indentation))
        {
            let column = column_of(raw, value);
            // A line that strays from a table leaves the next ones in it; to one that strays from a value nothing belongs.
            if !(indented && last.is_table) {
                last = Last::of(value, Some(entries.len()).filter(|_| !indented));
            }
            entries.push(Entry { key: key.to_owned(), line, column: 1, node: scalar(value, line, column) });
        } else if indented {
            last.inside.get_or_insert(indentation);
            if let Some(entry) = last.owner.and_then(|owner| entries.get_mut(owner)) {
                go_on(entry, trimmed, line, column_of(raw, trimmed));
            }
        } else if let Some((key, value)) = otherwise_written(raw) {
            let column = column_of(raw, value);
            entries.push(Entry { key: key.to_owned(), line, column: 1, node: scalar(value, line, column) });
        } else {
            skipped.push(line);
        }
    }
    for entry in &mut entries {
        if let Value::Text(text) = &entry.node.value {
            entry.node.value = finish(text, &entry.node, MOST_NESTED);
        }
    }
    (entries, skipped)
}

/// What is known of the last key and of the lines below it.
#[derive(Default)]
struct Last {
    /// Its entry, to which the lines below it belong.
    owner: Option<usize>,
    /// Whether it has a block of text, whose lines are no keys.
    in_block: bool,
    /// Whether nothing stands on its own line: what is indented below it is its own.
    is_table: bool,
    /// Whether the last item below it is a key with its value, which others may follow.
    item_has_key: bool,
    /// How far the first line below it is indented.
    inside: Option<usize>,
}

impl Last {
    /// With this value on its line.
    fn of(value: &str, owner: Option<usize>) -> Self {
        let is_mark = value.starts_with(['&', '!']) && !value.contains(char::is_whitespace);
        Self {
            owner,
            in_block: matches!(value, "|" | ">" | "|-" | ">-" | "|+" | ">+"),
            is_table: value.is_empty() || value.starts_with('#') || is_mark,
            ..Self::default()
        }
    }

    /// Whether an indented line has a key of the top all the same: one that may hold the post back, below a value that is whole, or in
    /// the table of one's own that Hugo and Zola have. To publish a draft for a tab too many is worse than to lose words of a value.
    fn is_left(&mut self, key: &str, entries: &[Entry], indentation: usize) -> bool {
        if self.in_block || !super::held::is_key(key) {
            return false;
        }
        let Some(owner) = self.owner.and_then(|owner| entries.get(owner)) else { return true };
        if self.is_table && ["extra", "params"].iter().any(|table| table.eq_ignore_ascii_case(&owner.key)) {
            return indentation <= *self.inside.get_or_insert(indentation);
        }
        let is_list = matches!(owner.node.value, Value::List(_));
        !self.is_table || (is_list && !self.item_has_key)
    }
}

/// Splits `key: value`; a key is a word of letters, digits, `_` and `-`. No space needs to follow the colon where the key
/// means something here: `draft:true` is no address and no time.
pub(super) fn split_key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = bare(key);
    let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let apart = value.is_empty() || value.starts_with(char::is_whitespace) || super::keys::is_known(key);
    (word && apart).then(|| (key, value.trim()))
}

/// Signs that are written for the colon behind a key: TOML's, the wide one of East Asian keyboards, and what looks like one.
const COLONS: [char; 4] = ['=', '\u{ff1a}', '\u{fe55}', '\u{2236}'];

/// Splits a line at its colon, or at a sign that is written for one.
pub(super) fn key_and_value(line: &str) -> Option<(&str, &str)> {
    split_key(line).or_else(|| {
        let (key, value) = line.split_once(COLONS)?;
        let key = bare(key);
        let is_word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        is_word.then(|| (key, value.trim()))
    })
}

/// A key that means something here, before another sign than a colon; one that may hold the post back also where nothing but blanks
/// and dashes part it from its yes or no.
fn otherwise_written(line: &str) -> Option<(&str, &str)> {
    let written = key_and_value(line).filter(|(key, _)| super::keys::is_known(key));
    written.or_else(|| {
        let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '>' | '\u{2013}' | '\u{2014}' | ';' | '.');
        let (key, value) = line.trim().split_once(is_between)?;
        let value = value.trim_matches(is_between);
        (super::held::is_key(key) && truth(value).is_some()).then_some((key, value))
    })
}

fn column_of(line: &str, part: &str) -> usize {
    line.find(part).map_or(1, |at| line[..at].chars().count() + 1)
}

fn scalar(text: &str, line: usize, column: usize) -> Node {
    let value = if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
    Node { line, column, value }
}

/// Maps nest no deeper that are written in one line.
const MOST_NESTED: usize = 8;

/// Keys under which others stand.
const TABLES: [&str; 12] = [
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
    "build",
    "_build",
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

/// Turns the collected text of a key into its value: a quoted scalar, a flow list or map, or the text itself.
fn finish(text: &str, node: &Node, depth: usize) -> Value {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && let Some(members) = flow(inside, node, depth)
    {
        return Value::Map(members);
    }
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

/// The members of a map in one line, in YAML's writing or TOML's. `None` where something else stands among them.
fn flow(inside: &str, node: &Node, depth: usize) -> Option<Vec<Entry>> {
    let depth = depth.checked_sub(1)?;
    let (line, column) = (node.line, node.column);
    let entry = |part: &str| {
        let (key, value) = part.split_at_checked(part.find([':', '='])?)?;
        let key = bare(key);
        let is_word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let value = finish(&value[1..], node, depth);
        is_word.then(|| Entry { key: key.to_owned(), line, column, node: Node { line, column, value } })
    };
    parts(inside).into_iter().filter(|part| !part.trim().is_empty()).map(entry).collect()
}

/// What stands between the commas of a map, outside of quotes and brackets.
fn parts(inside: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let (mut quote, mut open) = (None, 0_usize);
    for (at, c) in inside.char_indices() {
        if let Some(sign) = quote {
            quote = quote.filter(|_| c != sign);
            continue;
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '{' | '[' => open += 1,
            '}' | ']' => open = open.saturating_sub(1),
            ',' if open == 0 => {
                parts.push(&inside[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[from..]);
    parts
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
