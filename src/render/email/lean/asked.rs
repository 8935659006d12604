//! What the attributes of a page are asked for.

use std::borrow::Cow;
use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use crate::model::{Attribute, Markup, attributes, escaped, markup, next_tag};

/// What is asked for of attributes.
pub(super) struct Asked<'a> {
    /// The classes that sheets name; none where they look into the attribute itself: `[class^="x"]`.
    classes: Option<HashSet<&'a str>>,
    /// The same of ids, and those that something leads to.
    ids: Option<HashSet<Cow<'a, str>>>,
    /// Whether a sheet asks for languages, for directions, for times, and for blanks.
    pub(super) languages: bool,
    pub(super) directions: bool,
    pub(super) times: bool,
    pub(super) blanks: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn of(html: &'a str, sheets: &'a [String]) -> Self {
        let any = |test: &dyn Fn(&str) -> bool| sheets.iter().any(|sheet| test(sheet));
        let named = |before: char| sheets.iter().flat_map(move |sheet| names(sheet, before));
        let asks = |word: &'static str| any(&|sheet| asks_for(sheet, word));
        Self {
            classes: (!asks("class")).then(|| named('.').collect()),
            ids: (!asks("id")).then(|| named('#').map(Cow::Borrowed).chain(led_to(html)).collect()),
            languages: asks("lang") || any(&|sheet| sheet.contains(":lang")),
            directions: asks("dir") || any(&|sheet| sheet.contains(":dir") || sheet.contains("direction")),
            times: asks("datetime"),
            blanks: any(&|sheet| sheet.contains("white-space")),
        }
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        let class = class.to_ascii_lowercase();
        let is_named = self.classes.as_ref().is_none_or(|named| named.contains(&*class));
        is_named || class.starts_with("gmail_") || class.starts_with("mso")
    }

    pub(super) fn has_id(&self, id: &str) -> bool {
        let is_named = |named: &HashSet<Cow<'_, str>>| named.contains(id) || named.contains(&*id.to_ascii_lowercase());
        self.ids.as_ref().is_none_or(is_named)
    }
}

/// The ids that something in the page leads to or is labelled by.
fn led_to(html: &str) -> HashSet<Cow<'_, str>> {
    let mut found = HashSet::new();
    for part in markup(html) {
        match part {
            Markup::Text(_) => {}
            Markup::Tag(tag) => attributes(tag).for_each(|attribute| note_ids(&mut found, &attribute)),
            // Another program reads it, and how nobody knows.
            Markup::Comment(comment) => {
                found.extend(fragments(comment));
                let mut rest = comment.get("<!--".len()..).unwrap_or_default();
                while let Some((_, tag, after)) = next_tag(rest) {
                    attributes(tag).for_each(|attribute| note_ids(&mut found, &attribute));
                    rest = after;
                }
            }
        }
    }
    found
}

fn note_ids<'a>(found: &mut HashSet<Cow<'a, str>>, &Attribute { name, value, .. }: &Attribute<'a>) {
    if matches!(name, "for" | "form" | "headers" | "itemref" | "list") || name.starts_with("aria-") {
        found.extend(value.split_ascii_whitespace().map(Cow::Borrowed));
    }
    // A fragment is looked for as it stands, and then decoded (HTML 7.4.6.4).
    if let Some(fragment) = value.trim().strip_prefix('#') {
        found.insert(Cow::Borrowed(fragment));
        let decoded = percent_decode_str(fragment).decode_utf8_lossy();
        found.insert(Cow::Owned(escaped(&decoded)));
        found.insert(decoded);
    }
    // In the colours of drawings.
    if value.contains("url(") {
        found.extend(fragments(value));
    }
}

/// What follows a hash, as far as an id may go.
fn fragments(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | ')' | '<' | '>' | ';');
    text.split('#').skip(1).filter_map(move |from| from.split(ends).next()).map(Cow::Borrowed)
}

/// Whether a selector looks into the attribute itself.
fn asks_for(sheet: &str, attribute: &str) -> bool {
    sheet.split('[').skip(1).any(|from| from.split(']').next().is_some_and(|within| within.contains(attribute)))
}

/// The names that follow a dot or a hash: each class or id of a selector, and here and there a word that is none.
fn names(sheet: &str, before: char) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || !c.is_ascii();
    sheet.split(before).skip(1).map(move |from| from.split(|c| !is_part(c)).next().unwrap_or_default())
}
