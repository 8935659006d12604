//! A page whose styles were inlined, cut into pieces.

use crate::model::next_tag;

/// A piece of a page.
#[derive(Clone, Copy)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    /// With its brackets.
    Tag(&'a str),
    /// With its signs; one that nothing ends is the rest of the page.
    Comment(&'a str),
}

/// Cuts a page into pieces. What looks like a comment within an attribute is none.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let start = rest.find('<').unwrap_or(rest.len());
        let (piece, length) = if start > 0 {
            (Piece::Text(&rest[..start]), start)
        } else if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |at| at + "-->".len());
            (Piece::Comment(&rest[..length]), length)
        } else if let Some((_, tag, _)) = next_tag(rest) {
            (Piece::Tag(tag), tag.len())
        } else {
            (Piece::Text(rest), rest.len())
        };
        rest = &rest[length..];
        (length > 0).then_some(piece)
    })
}

/// An attribute of a tag.
pub(super) struct Attribute<'a> {
    /// Where it stands, with the blank before it.
    pub(super) at: std::ops::Range<usize>,
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// The attributes of a tag that have a value, as whoever inlines styles writes them: each between double quotes, which it holds
/// none of.
pub(super) fn attributes(tag: &str) -> impl Iterator<Item = Attribute<'_>> {
    let mut at = 0;
    // Names stand before every other quote, and values behind.
    let mut parts = tag.split('"');
    std::iter::from_fn(move || {
        let before = parts.next()?;
        let value = parts.next()?;
        let from = at;
        at += before.len() + value.len() + 2;
        let name = before.strip_suffix('=')?.rsplit(' ').next()?;
        let start = (from + before.len()).checked_sub(name.len() + 2)?;
        Some(Attribute { at: start..at, name, value })
    })
}

/// The name of the element that a tag begins.
pub(super) fn name(tag: &str) -> &str {
    tag.get(1..).unwrap_or_default().split([' ', '\n', '\t', '>', '/']).next().unwrap_or_default()
}
