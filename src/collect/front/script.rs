//! Literals of JavaScript, as front matter is exported in them. Nothing is run: what is no literal is passed over.

use std::iter::Peekable;
use std::str::CharIndices;

use super::value::{Entry, Node, Value};

/// Nesting beyond which nobody writes such.
const MOST_NESTED: usize = 16;

/// Reads literals. `None` where program text ends in the middle, or its brackets cross.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) at: usize,
    /// A place that was reached, and its line and column.
    known: (usize, usize, usize),
    /// Where something stands that is no literal: its offset, and the line and the column of its key.
    unread: Vec<(usize, usize, usize)>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, known: (0, 1, 1), unread: Vec::new() }
    }

    /// Where the first thing stands that is no literal.
    pub(super) fn first_unread(&self) -> Option<usize> {
        self.unread.first().map(|(at, ..)| *at)
    }

    /// Whether what stands under the key at this line and column is no literal.
    pub(super) fn is_unread(&self, line: usize, column: usize) -> bool {
        self.unread.iter().any(|unread| (unread.1, unread.2) == (line, column))
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The line and the column that are reached.
    fn place(&mut self) -> (usize, usize) {
        let (from, line, column) = self.known;
        let passed = &self.text[from..self.at];
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        let signs = passed.rsplit('\n').next().unwrap_or_default().chars().count();
        let (line, column) = (line + lines, if lines > 0 { 1 } else { column } + signs);
        self.known = (self.at, line, column);
        (line, column)
    }

    /// Passes over white space and comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let comment = if trimmed.starts_with("//") {
                trimmed.find('\n')
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map(|end| end + 2)
            } else {
                None
            };
            self.at += rest.len() - trimmed.len() + comment.unwrap_or(0);
            if comment.is_none() {
                return;
            }
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        self.blank();
        let takes = self.rest().starts_with(sign);
        self.at += if takes { sign.len_utf8() } else { 0 };
        takes
    }

    /// The keys and values between braces. What stands under a key that is no literal is nothing, and noted.
    pub(super) fn object(&mut self, entries: &mut Vec<Entry>, depth: usize) -> Option<()> {
        if !self.takes('{') {
            return None;
        }
        while !self.takes('}') {
            let (line, column) = self.place();
            let (begins, known) = (self.at, self.known);
            let key = self.key();
            let value = if key.is_some() && self.takes(':') {
                self.blank();
                let begins = self.at;
                self.whole_value(depth).ok_or(begins)
            } else {
                Err(begins)
            };
            let value = match value {
                Ok(value) => value,
                Err(begins) => {
                    (self.at, self.known) = (begins, known);
                    self.unread.push((begins, line, column));
                    self.skip()?;
                    Value::Null
                }
            };
            if let Some(key) = key {
                entries.push(Entry { key, line, column, node: Node { line, column, value } });
            }
            if !self.takes(',') && !self.rest().starts_with('}') {
                return None;
            }
        }
        Some(())
    }

    fn key(&mut self) -> Option<String> {
        if self.rest().starts_with(['"', '\'']) {
            return self.string();
        }
        let end = self.rest().find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$'))?;
        let key = self.rest()[..end].to_owned();
        self.at += end;
        (!key.is_empty()).then_some(key)
    }

    /// A value, and nothing behind it but what ends one. A type that it is taken for (`as const`) says nothing of it.
    fn whole_value(&mut self, depth: usize) -> Option<Value> {
        let value = self.value(depth)?;
        self.blank();
        if self.rest().starts_with("as ") || self.rest().starts_with("satisfies ") {
            self.skip()?;
        }
        self.rest().starts_with([',', '}', ']']).then_some(value)
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let value = match self.rest().chars().next()? {
            '{' | '[' if depth >= MOST_NESTED => return None,
            '{' => {
                let mut entries = Vec::new();
                self.object(&mut entries, depth + 1)?;
                Value::Map(entries)
            }
            '[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.takes(']') {
                    let (line, column) = self.place();
                    let (begins, known) = (self.at, self.known);
                    if let Some(value) = self.whole_value(depth + 1) {
                        items.push(Node { line, column, value });
                    } else {
                        (self.at, self.known) = (begins, known);
                        self.unread.push((begins, line, column));
                        self.skip()?;
                    }
                    if !self.takes(',') && !self.rest().starts_with(']') {
                        return None;
                    }
                }
                Value::List(items)
            }
            '"' | '\'' | '`' => Value::Text(self.string()?),
            _ => self.date().or_else(|| self.word())?,
        };
        Some(value)
    }

    /// A number, `true`, `false` or nothing.
    fn word(&mut self) -> Option<Value> {
        let end = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_'))?;
        let word = &self.rest()[..end];
        let value = match word {
            "null" | "undefined" => Value::Null,
            "true" | "false" => Value::Text(word.to_owned()),
            number if number.parse::<f64>().is_ok() => Value::Text(number.to_owned()),
            _ => return None,
        };
        self.at += end;
        Some(value)
    }

    /// `new Date('2026-07-01')`.
    fn date(&mut self) -> Option<Value> {
        let begins = self.at;
        let inside = self.rest().strip_prefix("new Date(")?;
        self.at = self.text.len() - inside.len();
        self.blank();
        let date = if self.rest().starts_with(['"', '\'', '`']) { self.string() } else { None };
        let date = date.filter(|_| self.takes(')'));
        if date.is_none() {
            self.at = begins;
        }
        date.map(Value::Text)
    }

    /// A string in any of the three quotation marks, without anything put into it.
    fn string(&mut self) -> Option<String> {
        let rest = self.rest();
        let mut signs = rest.char_indices().peekable();
        let (_, quote) = signs.next()?;
        let mut out = String::new();
        while let Some((at, c)) = signs.next() {
            match c {
                c if c == quote => {
                    self.at += at + c.len_utf8();
                    return Some(out);
                }
                '\\' => escaped(rest, &mut signs, &mut out)?,
                '\n' if quote != '`' => return None,
                '$' if quote == '`' && rest[at..].starts_with("${") => return None,
                c => out.push(c),
            }
        }
        None
    }

    /// Passes over what is no literal, up to the comma or the bracket that ends it.
    fn skip(&mut self) -> Option<()> {
        // The signs that end what is open, the last one first; a template ends with the sign that it begins with.
        let mut open: Vec<char> = Vec::new();
        let mut before = ',';
        loop {
            if open.last() == Some(&'`') {
                self.template(&mut open)?;
                before = '`';
                continue;
            }
            self.blank();
            let c = self.rest().chars().next()?;
            match c {
                ',' | ')' | ']' | '}' if open.is_empty() => return Some(()),
                ')' | ']' | '}' => _ = open.pop().filter(|end| *end == c)?,
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                '`' => open.push('`'),
                '"' | '\'' => self.at += quoted(self.rest()).unwrap_or(1) - 1,
                // What stands behind a value is divided by the sign.
                '/' if !is_value(before) => self.at += pattern(self.rest()).unwrap_or(1) - 1,
                _ => {}
            }
            self.at += c.len_utf8();
            before = c;
        }
    }

    /// Passes over the text of a template, to its end or to what is put into it.
    fn template(&mut self, open: &mut Vec<char>) -> Option<()> {
        let mut signs = self.rest().char_indices();
        while let Some((at, c)) = signs.next() {
            match c {
                '\\' => _ = signs.next(),
                '`' => {
                    open.pop();
                    self.at += at + 1;
                    return Some(());
                }
                '$' if self.rest()[at..].starts_with("${") => {
                    open.push('}');
                    self.at += at + 2;
                    return Some(());
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether a value may end with this sign.
fn is_value(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | ')' | ']' | '}' | '"' | '\'' | '`')
}

/// The length of a string with its quotation marks. An apostrophe in the words of an element has no such end on its line.
fn quoted(text: &str) -> Option<usize> {
    let mut signs = text.char_indices();
    let (_, quote) = signs.next()?;
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => _ = signs.next(),
            '\n' => return None,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of a regular expression on one line.
fn pattern(text: &str) -> Option<usize> {
    let mut signs = text.char_indices().skip(1);
    let mut in_class = false;
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => _ = signs.next(),
            '\n' => return None,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Writes what a backslash and what follows it stand for.
fn escaped(text: &str, signs: &mut Peekable<CharIndices<'_>>, out: &mut String) -> Option<()> {
    let code = match signs.next()?.1 {
        // A line that goes on.
        '\n' => return Some(()),
        '\r' => {
            signs.next_if(|(_, c)| *c == '\n');
            return Some(());
        }
        'n' => Some(u32::from('\n')),
        't' => Some(u32::from('\t')),
        'r' => Some(u32::from('\r')),
        'b' | 'f' | 'v' | '0' => Some(u32::from(' ')),
        'x' => unit(signs, 2),
        'u' if signs.next_if(|(_, c)| *c == '{').is_some() => {
            let mut code = 0_u32;
            while let Some(digit) = signs.next_if(|(_, c)| c.is_ascii_hexdigit()).and_then(|(_, c)| c.to_digit(16)) {
                code = code.saturating_mul(16).saturating_add(digit);
            }
            signs.next_if(|(_, c)| *c == '}');
            Some(code)
        }
        'u' => {
            let first = unit(signs, 4);
            let high = first.filter(|first| (0xd800..0xdc00).contains(first));
            match high.filter(|_| signs.peek().is_some_and(|(at, _)| text[*at..].starts_with("\\u"))) {
                Some(high) => {
                    signs.nth(1);
                    let low = unit(signs, 4).filter(|low| (0xdc00..0xe000).contains(low));
                    low.map(|low| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                }
                None => first,
            }
        }
        c => Some(u32::from(c)),
    };
    out.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(())
}

/// A number of so many hexadecimal digits.
fn unit(signs: &mut Peekable<CharIndices<'_>>, digits: usize) -> Option<u32> {
    (0..digits).try_fold(0, |code, _| Some(code * 16 + signs.next_if(|(_, c)| c.is_ascii_hexdigit())?.1.to_digit(16)?))
}
