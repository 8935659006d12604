//! Tags of serialised HTML: a scanner that never fails.

use std::borrow::Cow;

use memchr::memchr;

use crate::collect::plain::decode_entities;
pub(in crate::collect) use crate::model::push_escaped;

/// A piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) enum Piece<'a> {
    /// Characters between tags; holds no `<`.
    Text(&'a str),
    /// `<name attributes>`.
    Open { name: &'a str, attributes: &'a str },
    /// `</name>`.
    Close { name: &'a str },
    /// A `<` that begins no tag.
    Stray,
}

/// Cuts markup into pieces; comments and declarations are passed over.
#[derive(Clone, Debug)]
pub(in crate::collect) struct Scanner<'a> {
    html: &'a str,
    /// The offset of the next piece.
    pub(in crate::collect) at: usize,
    /// No longer tag is looked for, in bytes.
    longest: usize,
    /// Where the next `>` stands, as far as it was looked for.
    next_end: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { html, at: 0, longest: usize::MAX, next_end: 0 }
    }

    /// For HTML that no parser has seen: a longer tag is passed over, so that many without an end cost no more than
    /// their length.
    pub(in crate::collect) fn of_foreign(html: &'a str) -> Self {
        Self { html, at: 0, longest: 4096, next_end: 0 }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    /// Whether a `>` comes soon enough for a tag to end with it.
    fn may_end(&mut self) -> bool {
        if self.next_end < self.at {
            self.next_end = memchr(b'>', self.rest().as_bytes()).map_or(usize::MAX, |at| self.at + at);
        }
        self.next_end.saturating_sub(self.at) < self.longest
    }

    /// Moves past the `</name>` that closes an element of balanced markup whose start was read, or to the end.
    pub(super) fn skip_element(&mut self, wanted: &str) {
        let mut open = 1_usize;
        for piece in self.by_ref() {
            match piece {
                Piece::Open { name, .. } if name == wanted => open += 1,
                Piece::Close { name } if name == wanted => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }

    /// Moves past the next `</name>`, or to the end.
    pub(in crate::collect) fn skip_to_close(&mut self, wanted: &str) {
        for piece in self.by_ref() {
            if matches!(piece, Piece::Close { name } if name.eq_ignore_ascii_case(wanted)) {
                return;
            }
        }
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if !rest.starts_with('<') {
                let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                self.at += end;
                return Some(Piece::Text(&rest[..end]));
            }
            if rest.starts_with("<!") || rest.starts_with("<?") {
                let (close, length) = if rest.starts_with("<!--") { ("-->", 3) } else { (">", 1) };
                self.at += rest.find(close).map_or(rest.len(), |at| at + length);
                continue;
            }
            let closing = rest.starts_with("</");
            let name_start = if closing { 2 } else { 1 };
            let name = &rest.as_bytes()[name_start..];
            let name_length = name.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len());
            let end = if name_length > 0 && self.may_end() { tag_end(rest, self.longest) } else { None };
            if end.is_none() {
                self.at += 1;
                return Some(Piece::Stray);
            }
            let end = end.unwrap_or(rest.len());
            let name = &rest[name_start..name_start + name_length];
            let attributes = rest[name_start + name_length..end].trim_end_matches('/');
            self.at += end + 1;
            return Some(if closing { Piece::Close { name } } else { Piece::Open { name, attributes } });
        }
    }
}

/// The offset of the `>` that ends the tag at the start of `text`; quoted values may hold one.
fn tag_end(text: &str, longest: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(longest).skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Elements without contents and without an end tag (HTML, 13.1.2), as far as they may be left.
const VOID: [&str; 10] = ["br", "col", "embed", "hr", "img", "input", "param", "source", "track", "wbr"];

/// Whether an element of this name has no contents and no end tag.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// The attributes of a tag with their values, character references resolved.
pub(in crate::collect) fn attributes(text: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        // A name has at least one character, whatever it is, so that the loop moves on.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(|c: char| c.is_ascii_whitespace() || c == '=').map_or(rest.len(), |at| at + first);
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else { return Some((name, Cow::Borrowed(""))) };
        let after = after.trim_start();
        let (value, left) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &after[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace()).unwrap_or(after.len())),
        };
        rest = left;
        let value = if value.contains('&') { Cow::Owned(decode_entities(value)) } else { Cow::Borrowed(value) };
        Some((name, value))
    })
}

/// The value of one attribute.
pub(in crate::collect) fn attribute<'a>(text: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    attributes(text).find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

/// The attributes with one more class.
pub(super) fn with_class(text: &str, class: &str) -> String {
    let mut classes = class.to_owned();
    let mut others = String::new();
    for (name, value) in attributes(text) {
        if name.eq_ignore_ascii_case("class") {
            classes.extend(value.split_ascii_whitespace().filter(|own| *own != class).flat_map(|own| [" ", own]));
        } else {
            others.extend([" ", name, "=\""]);
            push_escaped(&mut others, &value);
            others.push('"');
        }
    }
    others.push_str(" class=\"");
    push_escaped(&mut others, &classes);
    others.push('"');
    others
}

#[cfg(test)]
mod tests {
    use super::{Piece, Scanner, attributes};

    #[test]
    fn quoted_values_may_hold_anything() {
        let pieces: Vec<Piece> = Scanner::new("a<b title=\"x>y\" c='d'>e</b><!-- no --> < f").collect();
        assert_eq!(pieces.len(), 7, "{pieces:?}");
        let Piece::Open { name: "b", attributes: text } = pieces[1] else { panic!("{pieces:?}") };
        let pairs: Vec<_> = attributes(text).map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["title=x>y", "c=d"]);
        assert_eq!(pieces[5], Piece::Stray);
    }
}
