//! The tags of JSX.

use super::scan::{braced, string_in};
use crate::collect::liquid::Argument;

/// A tag of JSX.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) closes: bool,
    pub(super) ends_itself: bool,
    pub(super) length: usize,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Reads the tag with which `text` begins, when it is one.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let inner = &text[1..];
        let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
        let end =
            inner.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))).unwrap_or(inner.len());
        let name = &inner[..end];
        let is_name = name.is_empty() || name.starts_with(|c: char| c.is_ascii_alphabetic());
        let after = &inner[end..];
        if !is_name
            || !after.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
            || (name.is_empty() && !after.starts_with('>'))
        {
            return None;
        }
        let mut quote = None;
        let mut at = 0;
        while let Some(c) = after[at..].chars().next() {
            match (quote, c) {
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '{') => {
                    at += braced(&after[at..])?;
                    continue;
                }
                (None, '<') => return None,
                (None, '>') => {
                    let attributes = after[..at].trim();
                    let (attributes, ends_itself) =
                        attributes.strip_suffix('/').map_or((attributes, false), |rest| (rest, true));
                    let length = text.len() - after.len() + at + 1;
                    return Some(Self { name, closes, ends_itself, length, attributes });
                }
                _ => {}
            }
            at += c.len_utf8();
        }
        None
    }

    /// Whether anything is said of it.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// The attributes whose values are known.
    pub(super) fn arguments(&self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '{')).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = rest[end..].trim_start();
            let Some(value) = rest.strip_prefix('=').map(str::trim_start) else {
                // A spread or a name alone says nothing that is shown.
                rest = if rest.starts_with('{') { &rest[braced(rest).unwrap_or(rest.len())..] } else { rest };
                rest = rest.trim_start();
                continue;
            };
            let (value, left) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    let end = inner.find(quote).unwrap_or(inner.len());
                    (Some(&inner[..end]), inner.get(end + 1..).unwrap_or_default())
                }
                Some('{') => {
                    let length = braced(value).unwrap_or(value.len());
                    (string_in(&value[..length]).filter(|_| !value.starts_with("{{")), &value[length..])
                }
                _ => {
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    (Some(&value[..end]), &value[end..])
                }
            };
            rest = left.trim_start();
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                arguments.push(Argument { name: Some(name.to_owned()), value: value.to_owned(), quoted: true });
            }
        }
        arguments
    }
}
