//! HTML cut into tags and text, every byte of it kept.

use memchr::memchr;

/// Elements that are one thing: nothing inside of them is looked at.
const ATOMS: [&str; 12] =
    ["pre", "script", "style", "svg", "math", "textarea", "select", "object", "video", "audio", "iframe", "button"];

/// A longer tag is text, so that many without an end cost no more than their length.
const LONGEST: usize = 16 << 10;

/// A piece of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Characters between tags.
    Text(&'a str),
    /// `<name …>` or `</name>`; the name in lower case, and the whole.
    Tag { name: &'a str, closes: bool, raw: &'a str },
    /// An element from its start tag to its end tag.
    Atom { name: &'a str, raw: &'a str },
}

impl<'a> Token<'a> {
    /// The text of the token as it was written.
    pub(super) fn raw(&self) -> &'a str {
        match self {
            Self::Text(raw) | Self::Tag { raw, .. } | Self::Atom { raw, .. } => raw,
        }
    }
}

/// A text and the same in lower case, which names are read from.
pub(super) struct Markup<'a> {
    text: &'a str,
    lower: String,
}

impl<'a> Markup<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, lower: text.to_ascii_lowercase() }
    }

    /// Every token, in order.
    pub(super) fn tokens(&self) -> Vec<Token<'_>> {
        let mut tokens = Vec::new();
        // Atoms that nothing closes any more.
        let mut unclosed: Vec<&str> = Vec::new();
        let (mut at, mut from) = (0, 0);
        while let Some(open) = self.text[at..].find('<').map(|found| at + found) {
            let Some((name, closes, end)) = self.tag(open) else {
                at = open + 1;
                continue;
            };
            if from < open {
                tokens.push(Token::Text(&self.text[from..open]));
            }
            let is_atom = !closes && ATOMS.contains(&name) && !unclosed.contains(&name);
            let close = is_atom.then(|| self.close(name, end)).flatten();
            if is_atom && close.is_none() {
                unclosed.push(name);
            }
            at = close.unwrap_or(end);
            tokens.push(match close {
                Some(close) => Token::Atom { name, raw: &self.text[open..close] },
                None => Token::Tag { name, closes, raw: &self.text[open..end] },
            });
            from = at;
        }
        if from < self.text.len() {
            tokens.push(Token::Text(&self.text[from..]));
        }
        tokens
    }

    /// The name of the tag that begins at `open`, whether it is an end tag, and where it ends.
    fn tag(&self, open: usize) -> Option<(&str, bool, usize)> {
        let rest = self.lower[open..].strip_prefix('<')?;
        let (rest, closes) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = &rest[..length];
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !rest[length..].starts_with(is_after_name) {
            return None;
        }
        let end = tag_end(&self.text[open..])?;
        Some((name, closes, open + end))
    }

    /// Where the element ends whose start tag ended at `from`.
    fn close(&self, name: &str, from: usize) -> Option<usize> {
        let close = format!("</{name}");
        let found = from + self.lower[from..].find(&close)?;
        Some(found + self.text[found..].find('>')? + 1)
    }
}

fn is_after_name(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '>' | '/')
}

/// Where the tag ends that `text` begins with; quoted values may hold a `>`.
fn tag_end(text: &str) -> Option<usize> {
    memchr(b'>', &text.as_bytes()[..text.len().min(LONGEST)])?;
    let mut quote = None;
    let mut first = None;
    for (at, byte) in text.bytes().enumerate().skip(1).take(LONGEST) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (_, b'>') if first.is_none() => first = Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quotation mark without its pair.
    first
}

#[cfg(test)]
mod tests {
    use super::{Markup, Token};

    #[test]
    fn every_byte_is_kept() {
        for text in [
            "a <B title='x>y'>c</B> < d <pre><b>\n</pre><hr/>e",
            "<iframe> <iframe> <pre>",
            "<a href=\"x>y <b>",
            "<<a>>",
            "é<É>",
        ] {
            let markup = Markup::new(text);
            let raw: String = markup.tokens().iter().map(Token::raw).collect();
            assert_eq!(raw, text);
        }
        let markup = Markup::new("<PRE>a<b></Pre >c");
        let tokens = markup.tokens();
        assert_eq!(tokens, [Token::Atom { name: "pre", raw: "<PRE>a<b></Pre >" }, Token::Text("c")]);
    }
}
