//! What a shortcode is given: names with values, and values alone.

use crate::collect::liquid::Argument;
use crate::collect::plain::decode_entities;

/// No longer reference is read, in bytes.
const LONGEST_REFERENCE: usize = 10;

/// The arguments of one shortcode, character references resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Arguments {
    named: Vec<(String, String)>,
    bare: Vec<String>,
}

impl Arguments {
    /// Reads what stands between a shortcode's name and its closing bracket. Quotation marks may be curly, or references: the
    /// visual editor makes them so. Other references are resolved in what was cut out, so that a mark within ends nothing.
    pub(in super::super) fn read(text: &str) -> Self {
        let text = text.replace('\u{a0}', " ").replace("&nbsp;", " ").replace("&#160;", " ");
        let mut arguments = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
            let after = rest[end..].trim_start();
            if let Some(given) = after.strip_prefix('=').filter(|_| end > 0) {
                let (value, left) = value(given.trim_start());
                arguments.named.push((rest[..end].to_ascii_lowercase(), decode_entities(value)));
                rest = left.trim_start();
            } else {
                let (value, left) = value(rest);
                if !value.is_empty() {
                    arguments.bare.push(decode_entities(value));
                }
                rest = left.trim_start();
            }
        }
        arguments
    }

    /// The value of the first of these names that has one.
    pub(in super::super) fn get(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &&str| self.named.iter().find(|(key, value)| key == name && !value.is_empty());
        names.iter().find_map(of).map(|(_, value)| value.as_str())
    }

    /// The first value without a name.
    pub(super) fn first(&self) -> Option<&str> {
        self.bare.first().map(String::as_str)
    }

    /// The same as those of Markdown's shortcodes are written. A page builder's names have what they are of before them.
    pub(super) fn as_markdown(&self) -> Vec<Argument> {
        let of = |name: Option<&str>, value: &str| {
            let bare = |name: &str| match name {
                "main_heading" => "heading".to_owned(),
                name => name.strip_prefix("button_").unwrap_or(name).to_owned(),
            };
            let name = name.map(bare);
            Argument { name, value: value.to_owned(), quoted: true }
        };
        let named = self.named.iter().map(|(name, value)| of(Some(name), value));
        named
            .filter(|argument| !argument.value.trim().is_empty())
            .chain(self.bare.iter().map(|value| of(None, value)))
            .collect()
    }

    /// The same with other values.
    pub(super) fn rewritten(&self, of: impl Fn(&str, &str) -> String) -> Self {
        let named = self.named.iter().map(|(name, value)| (name.clone(), of(name, value))).collect();
        Self { named, bare: self.bare.clone() }
    }

    /// The same without those of these names.
    pub(super) fn without(&self, names: &[&str]) -> Self {
        let mut kept = self.clone();
        kept.named.retain(|(name, _)| !names.contains(&name.as_str()));
        kept
    }

    /// The same with another value.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.named.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn has_named(&self) -> bool {
        !self.named.is_empty()
    }

    /// The first value that is an address on the web; what follows a bar in it is no part of it.
    pub(super) fn address(&self) -> Option<String> {
        let values = self.bare.iter().chain(self.named.iter().map(|(_, value)| value));
        let mut addresses = values.filter(|value| value.starts_with("http://") || value.starts_with("https://"));
        addresses.next().map(|address| address.split('|').next().unwrap_or(address).to_owned())
    }

    pub(super) fn is_without_address(&self) -> bool {
        self.address().is_none() && self.get(&["src"]).is_none()
    }
}

/// The value that a text begins with, and what follows it.
fn value(text: &str) -> (&str, &str) {
    if let Some((length, mark)) = quotation(text)
        && let Some((value, left)) = quoted(&text[length..], mark)
    {
        return (value, left);
    }
    // At least one character, so that the reading moves on.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = text[first..].find(char::is_whitespace).map_or(text.len(), |end| first + end);
    let mut bare = &text[..end];
    while let Some((length, _)) = quotation(bare) {
        bare = &bare[length..];
    }
    (bare.trim_end_matches(is_quotation), &text[end..])
}

/// How a quotation mark is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// `"` or `'`.
    Straight(char),
    /// As typographers do.
    Curly,
    /// `&quot;`, `&#8221;`.
    Reference,
}

/// The quotation mark that a text begins with, and its length in bytes.
fn quotation(text: &str) -> Option<(usize, Written)> {
    let first = text.chars().next()?;
    match first {
        '"' | '\'' => Some((1, Written::Straight(first))),
        '&' => {
            let end = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')? + 1;
            let decoded = decode_entities(&text[..end]);
            let mut letters = decoded.chars();
            (letters.next().is_some_and(is_quotation) && letters.next().is_none()).then_some((end, Written::Reference))
        }
        first => is_quotation(first).then_some((first.len_utf8(), Written::Curly)),
    }
}

fn is_quotation(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2033}' | '\u{ab}' | '\u{bb}')
}

/// The text before the mark that ends a value, and what follows it. What was opened with a straight mark ends with the next one,
/// unless that opens another value: an editor has then made the mark before it a curly one.
fn quoted(text: &str, open: Written) -> Option<(&str, &str)> {
    let next = |ends: &dyn Fn(Written) -> bool| {
        let mut marks = text.char_indices().filter(|(_, c)| is_quotation(*c) || *c == '&');
        marks.find_map(|(at, _)| {
            let (length, mark) = quotation(&text[at..])?;
            ends(mark).then(|| (&text[..at], &text[at + length..]))
        })
    };
    let is_curly = |mark: Written| matches!(mark, Written::Curly | Written::Straight('"'));
    match open {
        Written::Straight('"') => next(&|mark| mark == open)
            .filter(|(value, left)| !value.trim_end().ends_with('=') && !left.starts_with(char::is_alphanumeric))
            .or_else(|| next(&is_curly)),
        Written::Straight(_) => next(&|mark| mark == open),
        Written::Curly => next(&is_curly),
        Written::Reference => next(&|mark| mark == open || is_curly(mark)),
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn marks_within_a_value_end_nothing() {
        for (text, value) in [
            ("caption=\"The &quot;Seven Sisters&quot; of Berat\" x=y", "The \"Seven Sisters\" of Berat"),
            ("caption=\"The \u{201c}Seven Sisters\u{201d} of Berat\"", "The \u{201c}Seven Sisters\u{201d} of Berat"),
            (
                "caption=\"See <a href=&quot;https://c.example/&quot;>Ann</a>\"",
                "See <a href=\"https://c.example/\">Ann</a>",
            ),
            ("caption='R&#038;D &amp; &#039;x&#039;'", "R&D & 'x'"),
            ("caption=\"a=\"", "a="),
        ] {
            let arguments = Arguments::read(text);
            assert_eq!(arguments.get(&["caption"]), Some(value), "{text}");
        }
    }

    #[test]
    fn values_may_be_quoted_in_any_way() {
        let arguments = Arguments::read(" id=\"a b\" Width='30' align=left \u{201d}x y\u{201d} &quot;z&quot; q=\"");
        assert_eq!(arguments.get(&["id"]), Some("a b"));
        assert_eq!(arguments.get(&["nothing", "width"]), Some("30"));
        assert_eq!(arguments.get(&["align"]), Some("left"));
        assert_eq!(arguments.bare, ["x y", "z"]);
        let mixed = Arguments::read(
            "width=\"300\u{2033} height=\"200\u{2033} align=\u{201c}left\u{201d} a=&#8221;b c&#8221; d='e \"f\"'",
        );
        for (name, value) in [("width", "300"), ("height", "200"), ("align", "left"), ("a", "b c"), ("d", "e \"f\"")] {
            assert_eq!(mixed.get(&[name]), Some(value), "{mixed:?}");
        }
        assert_eq!(Arguments::read(" http://a.example/b.mp3|titles=x").address().unwrap(), "http://a.example/b.mp3");
    }
}
