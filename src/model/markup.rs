//! A page of a mail, whose styles were inlined, cut at its tags.

use super::html::next_tag;

/// What a page consists of.
#[derive(Clone, Copy, Debug)]
pub enum Markup<'a> {
    /// Text, with its references.
    Text(&'a str),
    /// With its brackets.
    Tag(&'a str),
    /// With its signs; one that nothing ends is the rest of the page.
    Comment(&'a str),
}

/// Cuts a page at its tags. What looks like a comment within an attribute is none.
pub fn markup(html: &str) -> impl Iterator<Item = Markup<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let start = rest.find('<').unwrap_or(rest.len());
        let (part, length) = if start > 0 {
            (Markup::Text(&rest[..start]), start)
        } else if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(rest.len(), |at| at + "-->".len());
            (Markup::Comment(&rest[..length]), length)
        } else if let Some((_, tag, _)) = next_tag(rest) {
            (Markup::Tag(tag), tag.len())
        } else {
            (Markup::Text(rest), rest.len())
        };
        rest = &rest[length..];
        (length > 0).then_some(part)
    })
}

/// An attribute of a tag.
#[derive(Clone, Debug)]
pub struct Attribute<'a> {
    /// Where it stands in the tag, with the blank before it.
    pub at: std::ops::Range<usize>,
    /// Its name.
    pub name: &'a str,
    /// What stands between its quotes.
    pub value: &'a str,
}

/// The attributes of a tag that have a value, as whoever inlines styles writes them: each between double quotes, which it holds
/// none of.
pub fn attributes(tag: &str) -> impl Iterator<Item = Attribute<'_>> {
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
#[must_use]
pub fn tag_name(tag: &str) -> &str {
    tag.get(1..).unwrap_or_default().split([' ', '\n', '\t', '>', '/']).next().unwrap_or_default()
}

/// Whether the blanks within an element of this name and style, in small letters, are shown as they are.
#[must_use]
pub fn shows_blanks(name: &str, style: &str) -> bool {
    matches!(name, "pre" | "textarea" | "listing" | "xmp") || style.contains("white-space")
}

/// The style sheets of a page, in small letters, those in comments among them.
pub fn sheets(html: &str) -> impl Iterator<Item = String> {
    let html = html.to_ascii_lowercase();
    let sheets: Vec<String> =
        html.split("<style").skip(1).map(|from| from.split("</style").next().unwrap_or(from).to_owned()).collect();
    sheets.into_iter()
}
