//! Start tags and what their attributes say.

use std::borrow::Cow;

use super::capture::Kind;
use super::names::Class;
use super::text::trimmed;
use super::vocabulary::Field;

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// With its prefix.
    pub(super) name: &'a str,
    /// What stands behind the name.
    pub(super) attributes: &'a str,
    /// Of its `<`, in the text.
    pub(super) offset: usize,
}

/// The attributes of the tag that is being read: names as written, references resolved.
#[derive(Debug, Default)]
pub(super) struct Attrs<'a>(pub(super) Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Attrs<'a> {
    /// The value of an attribute by its local name, in any case; `None` when it is absent or blank.
    pub(super) fn get(&self, wanted: &str) -> Option<Cow<'a, str>> {
        let local = |name: &'a str| name.rsplit(':').next().unwrap_or(name);
        let found = self.0.iter().find(|(name, _)| local(name).eq_ignore_ascii_case(wanted))?;
        Some(trimmed(found.1.clone())).filter(|value| !value.is_empty())
    }

    /// The number of bytes that an attribute says, in thousands or not: `12345`, `12,345`, `12 345`.
    pub(super) fn bytes(&self, name: &str) -> Option<u64> {
        bytes(&self.get(name)?)
    }

    /// Whether a link is written as the text of its element. One with another relation is none of the item's page.
    pub(super) fn is_link_as_text(&self) -> bool {
        self.get("href").is_none() && self.get("rel").is_none_or(|rel| rel == "alternate")
    }

    /// The name of a category.
    pub(super) fn term(&self) -> Option<Cow<'a, str>> {
        ["label", "term", "text"].iter().find_map(|name| self.get(name))
    }

    /// What Google's data say that an item is, where others have its categories.
    pub(super) fn kind_of_item(&self) -> Option<Cow<'a, str>> {
        self.get("scheme").filter(|scheme| scheme.ends_with("schemas.google.com/g/2005#kind")).and(self.get("term"))
    }

    /// How a text construct is written: RFC 4287, 3.1.1; Atom 0.3 wrote media types and modes; Media RSS writes
    /// `plain` or `html`.
    pub(super) fn kind(&self, class: Class, field: Field) -> Kind {
        let kind = self.get("type").unwrap_or_default().to_ascii_lowercase();
        let mode = self.get("mode").unwrap_or_default().to_ascii_lowercase();
        let is_html = kind.contains("html");
        let is_markdown = kind.starts_with("text/") && kind.contains("markdown");
        let is_text = matches!(kind.as_str(), "text" | "plain") || kind.starts_with("text/") && !is_html;
        match class {
            _ if mode == "base64" && (is_html || is_text || kind.is_empty()) => Kind::Base64 { is_html },
            _ if mode == "base64" => Kind::Foreign,
            _ if is_html => Kind::Html,
            _ if is_markdown && mode != "xml" => Kind::Markdown,
            _ if is_text => Kind::Text,
            Class::Atom if kind.is_empty() && mode == "escaped" => Kind::Html,
            Class::Atom if kind.is_empty() => Kind::Text,
            Class::Atom if kind == "application/octet-stream" => Kind::Base64 { is_html: true },
            Class::Atom if !kind.contains("xml") && kind.contains('/') => match field {
                Field::Content => Kind::Foreign,
                // Nothing but text can stand there (RFC 4287, 3.1).
                _ => Kind::Text,
            },
            Class::Media => Kind::Text,
            _ => Kind::Html,
        }
    }
}

/// The number of bytes that a text says.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let sign = text.chars().find(|c| !c.is_ascii_digit())?;
    let mut groups = text.split(sign);
    let is_first = |group: &str| (1..=3).contains(&group.len());
    let grouped = matches!(sign, ',' | '.' | ' ' | '\'' | '\u{a0}' | '\u{202f}')
        && groups.next().is_some_and(is_first)
        && groups.all(|group| group.len() == 3);
    let digits: String = text.chars().filter(|c| *c != sign).collect();
    digits.parse().ok().filter(|_| grouped)
}

/// Whether the text behind a tag begins with an element, not with text.
pub(super) fn has_elements(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with('<') && !rest.starts_with("</") && !rest.starts_with("<!")
}

/// A name in lower case; one that no format has may stay as it is.
pub(super) fn lower<'b>(name: &'b str, buffer: &'b mut [u8; 24]) -> &'b str {
    let Some(copy) = buffer.get_mut(..name.len()).filter(|_| name.is_ascii()) else { return name };
    copy.copy_from_slice(name.as_bytes());
    copy.make_ascii_lowercase();
    std::str::from_utf8(copy).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn lengths_may_be_written_in_thousands() {
        for text in ["12345", "12,345", "12.345", "12 345", " 12\u{a0}345 "] {
            assert_eq!(bytes(text), Some(12_345), "{text}");
        }
        for text in ["", "12,34", "12,345.678", "12 MB", "-1", "1,2345", ",345"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}
