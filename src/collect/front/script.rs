//! Literals of JavaScript, as front matter is exported in them. Nothing is run: what is no literal is passed over.

use std::collections::HashSet;
use std::iter::Peekable;
use std::str::CharIndices;

use super::value::{Entry, Node, Value};

/// Nesting beyond which nobody writes such.
const MOST_NESTED: usize = 16;

/// A place in a text that was reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    offset: usize,
    line: usize,
    column: usize,
}

impl Default for Known {
    fn default() -> Self {
        Self { offset: 0, line: 1, column: 1 }
    }
}

/// Up to where it is known that nothing ends what begins with a sign: looking for it at each sign would take the square of a text's
/// length.
#[derive(Default)]
struct Vain {
    /// From here on no comment ends.
    comment: Option<usize>,
    /// Up to here no string ends that begins with one of the quotation marks.
    quotes: [usize; 2],
    /// Up to here no regular expression ends.
    pattern: usize,
}

/// Reads literals. `None` where program text ends in the middle, or its brackets cross.
pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) at: usize,
    /// A place that was reached.
    pub(super) known: Known,
    /// Where the first thing stands that is no literal.
    first_unread: Option<usize>,
    /// The lines and columns of the keys of such.
    unread: HashSet<(usize, usize)>,
    vain: Vain,
}

impl<'t> Reader<'t> {
    /// Begins at a place of a text, of which an earlier one is known.
    pub(super) fn new(text: &'t str, at: usize, known: Known) -> Self {
        Self { text, at, known, first_unread: None, unread: HashSet::new(), vain: Vain::default() }
    }

    /// Where the first thing stands that is no literal.
    pub(super) fn first_unread(&self) -> Option<usize> {
        self.first_unread
    }

    /// Whether what stands under the key at this line and column is no literal.
    pub(super) fn is_unread(&self, line: usize, column: usize) -> bool {
        self.unread.contains(&(line, column))
    }

    fn note_unread(&mut self, at: usize, line: usize, column: usize) {
        self.first_unread.get_or_insert(at);
        self.unread.insert((line, column));
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The line and the column that are reached.
    fn place(&mut self) -> (usize, usize) {
        let Known { offset, line, column } = self.known;
        let passed = &self.text[offset..self.at];
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        let signs = passed.rsplit('\n').next().unwrap_or_default().chars().count();
        let (line, column) = (line + lines, if lines > 0 { 1 } else { column } + signs);
        self.known = Known { offset: self.at, line, column };
        (line, column)
    }

    /// Passes over white space and comments.
    fn blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let comment = if trimmed.starts_with("//") {
                Some(trimmed.find('\n').unwrap_or(trimmed.len()))
            } else if trimmed.starts_with("/*") && self.vain.comment.is_none_or(|vain| self.at < vain) {
                let end = trimmed[2..].find("*/").map(|end| end + 4);
                self.vain.comment = if end.is_none() { Some(self.at) } else { self.vain.comment };
                end
            } else {
                None
            };
            self.at += comment.unwrap_or(0);
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
                    self.note_unread(begins, line, column);
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
                        self.note_unread(begins, line, column);
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
                '"' | '\'' => self.at += self.quoted(c).unwrap_or(1) - 1,
                // What stands behind a value is divided by the sign.
                '/' if !is_value(before) => self.at += self.pattern().unwrap_or(1) - 1,
                _ => {}
            }
            self.at += c.len_utf8();
            before = c;
        }
    }

    /// The length of the string that begins here with this quotation mark.
    fn quoted(&mut self, mark: char) -> Option<usize> {
        let (at, vain) = (self.at, &mut self.vain.quotes[usize::from(mark == '"')]);
        if at < *vain {
            return None;
        }
        let found = quoted(&self.text[at..]);
        if let Err(looked) = found {
            *vain = at + looked;
        }
        found.ok()
    }

    /// The length of the regular expression that begins here.
    fn pattern(&mut self) -> Option<usize> {
        if self.at < self.vain.pattern {
            return None;
        }
        let found = pattern(self.rest());
        if let Err(looked) = found {
            self.vain.pattern = self.at + looked;
        }
        found.ok()
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

/// The length of a string with its quotation marks, or how far there is none. An apostrophe in the words of an element has no such end
/// on its line.
fn quoted(text: &str) -> Result<usize, usize> {
    let mut signs = text.char_indices();
    let quote = signs.next().map(|(_, quote)| quote);
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => _ = signs.next(),
            '\n' => return Err(at),
            c if Some(c) == quote => return Ok(at + 1),
            _ => {}
        }
    }
    Err(text.len())
}

/// The length of a regular expression on one line, or how far there is none.
fn pattern(text: &str) -> Result<usize, usize> {
    let mut signs = text.char_indices().skip(1);
    let mut in_class = false;
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => _ = signs.next(),
            '\n' => return Err(at),
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Ok(at + 1),
            _ => {}
        }
    }
    Err(text.len())
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
