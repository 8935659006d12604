//! What pages and the boxes in their margins are told in vain.

use cssparser::Parser;

use super::content::{self, ContentItem};

/// Properties that are understood, and mean nothing in a margin box (CSS Paged Media 3, 6.2).
const NOT_OF_MARGIN_BOXES: &[&str] = &[
    "aspect-ratio",
    "bookmark-label",
    "bookmark-level",
    "border-collapse",
    "border-spacing",
    "break-after",
    "break-before",
    "break-inside",
    "caption-side",
    "clear",
    "column-count",
    "column-fill",
    "column-gap",
    "column-rule",
    "column-span",
    "column-width",
    "columns",
    "counter-increment",
    "counter-reset",
    "counter-set",
    "float",
    "footnote-policy",
    "initial-letter",
    "list-style",
    "list-style-position",
    "list-style-type",
    "object-fit",
    "object-position",
    "orphans",
    "page",
    "page-break-after",
    "page-break-before",
    "page-break-inside",
    "position",
    "size",
    "string-set",
    "table-layout",
    "unicode-bidi",
    "widows",
];

/// What a declaration in `@page` asks for in vain, in words.
pub(super) fn of_page(property: &str, value: &str) -> Vec<String> {
    if !matches!(property, "counter-reset" | "counter-increment" | "counter-set") {
        return Vec::new();
    }
    let counters = content::parse_counters(&mut Parser::new(value), 0).unwrap_or_default();
    let others = counters.iter().filter(|(name, _)| name != "page");
    others.map(|(name, _)| format!("the counter `{name}` does not count pages: in `@page` only `page` does")).collect()
}

/// What a declaration in a margin box asks for in vain, in words.
pub(super) fn of_margin_box(property: &str, value: &str) -> Vec<String> {
    if NOT_OF_MARGIN_BOXES.contains(&property) {
        return vec![format!("the property `{property}` means nothing in a margin box")];
    }
    if property != "content" {
        return Vec::new();
    }
    let items = content::parse_content(&mut Parser::new(value)).ok().flatten().unwrap_or_default();
    items.iter().filter_map(idle).map(|what| format!("{what} prints nothing in a margin box")).collect()
}

/// What prints nothing in a margin box, if this does not.
fn idle(item: &ContentItem) -> Option<String> {
    match item {
        ContentItem::Counter { name, .. } | ContentItem::Counters { name, .. } => {
            let is_of_pages = matches!(name.as_str(), "page" | "pages");
            (!is_of_pages).then(|| format!("the counter `{name}`"))
        }
        // A page has no attributes.
        ContentItem::Attribute { name, fallback } if fallback.is_empty() => Some(format!("`attr({name})`")),
        ContentItem::Attribute { fallback, .. } => fallback.iter().find_map(idle),
        ContentItem::TargetCounter { .. } => Some("`target-counter()`".to_owned()),
        ContentItem::TargetText(..) => Some("`target-text()`".to_owned()),
        ContentItem::TargetContent(_) => Some("`target-content()`".to_owned()),
        ContentItem::ElementText(_) => Some("`content()`".to_owned()),
        ContentItem::OpenQuote | ContentItem::CloseQuote => Some("a quotation mark by nesting".to_owned()),
        ContentItem::Text(_)
        | ContentItem::Alternative(_)
        | ContentItem::Element { .. }
        | ContentItem::NamedString { .. }
        | ContentItem::Leader(_) => None,
    }
}
