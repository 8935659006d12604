//! The tags of JSX.

use std::collections::HashMap;

use super::scan::{braced, literal, string_in};
use crate::collect::liquid::Argument;
use crate::collect::liquid::figure::is_picture;
use crate::collect::sized::is_length;

/// The pictures that a file imports, by the names that it gives them.
pub(super) type Imports<'a> = HashMap<&'a str, &'a str>;

/// No further words of its line are looked for behind a component, in bytes.
const LONGEST_SENTENCE: usize = 2000;

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

    /// Whether words follow on its line: it is one of them then, as MDX has it, and no block. `rest` begins with it.
    pub(super) fn is_in_sentence(&self, rest: &str) -> bool {
        let behind = &rest[self.length..];
        let near = (0..=LONGEST_SENTENCE.min(behind.len())).rev().find(|end| behind.is_char_boundary(*end));
        let behind = behind[..near.unwrap_or(0)].split('\n').next().unwrap_or_default();
        let end = || {
            let close = behind.match_indices("</").find(|(at, _)| behind[at + 2..].starts_with(self.name))?.0;
            behind[close..].split_once('>')
        };
        let after = if self.ends_itself { Some(behind) } else { end().map(|(_, after)| after) };
        let after = after.unwrap_or_default().trim_start();
        !after.is_empty() && !after.starts_with(['<', '{'])
    }

    /// Whether anything is said of it.
    pub(super) fn has_attributes(&self) -> bool {
        !self.attributes.is_empty()
    }

    /// The attributes whose values are known; `imports` are the files that names stand for.
    pub(super) fn arguments(&self, imports: &Imports<'_>) -> Vec<Argument> {
        self.attributes(imports)
            .into_iter()
            .filter_map(|(name, value)| Some(Argument { name: Some(name.to_owned()), value: value?, quoted: true }))
            .collect()
    }

    /// The first address among the attributes that only a program knows.
    pub(super) fn unknown_address(&self, imports: &Imports<'_>) -> Option<&'a str> {
        let attributes = self.attributes(imports);
        let unknown = attributes.into_iter().find(|(name, value)| matches!(*name, "href" | "src") && value.is_none());
        unknown.map(|(name, _)| name)
    }

    fn attributes(&self, imports: &Imports<'_>) -> Vec<(&'a str, Option<String>)> {
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
                Some('{') if name == "style" && self.name == "img" => {
                    let length = braced(value).unwrap_or(value.len());
                    arguments.push((name, sizes(&value[..length])));
                    rest = value[length..].trim_start();
                    continue;
                }
                Some('{') => {
                    let length = braced(value).unwrap_or(value.len());
                    (known(&value[..length], imports), &value[length..])
                }
                _ => {
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    (Some(&value[..end]), &value[end..])
                }
            };
            rest = left.trim_start();
            // Docusaurus has pictures for light and for dark pages: the first of them.
            let name = if name == "sources" { "src" } else { name };
            if !name.is_empty() {
                arguments.push((name, value.map(str::to_owned)));
            }
        }
        arguments
    }
}

/// What an object of style says of the size of a picture, as CSS; a number is of pixels.
fn sizes(value: &str) -> Option<String> {
    let mut css = String::new();
    for part in value.trim_matches(['{', '}']).split(',') {
        let Some((property, length)) = part.split_once(':') else { continue };
        let property = match property.trim().trim_matches(['"', '\'']) {
            "maxWidth" => "max-width",
            "maxHeight" => "max-height",
            property @ ("width" | "height") => property,
            _ => continue,
        };
        let length = length.trim().trim_matches(['"', '\'', '`']);
        if is_length(length) {
            let unit = if length.ends_with(|c: char| c.is_ascii_digit()) { "px" } else { "" };
            css.extend([if css.is_empty() { "" } else { "; " }, property, ": ", length, unit]);
        }
    }
    Some(css).filter(|css| !css.is_empty())
}

/// What a value in braces is, where it is a string or a whole number, names a file that was imported, or is an object whose first string is a
/// picture.
fn known<'v>(value: &'v str, imports: &Imports<'v>) -> Option<&'v str> {
    if value.starts_with("{{") {
        return string_in(value).filter(|text| is_picture(text));
    }
    let inside = value[1..].trim_end_matches('}').trim();
    let name = [".src", ".default"].into_iter().find_map(|end| inside.strip_suffix(end)).unwrap_or(inside);
    let number = || Some(inside).filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    imports.get(name).copied().or_else(|| literal(inside)).or_else(number).or_else(|| string_in(value))
}
