//! From HTML elements to structure types (ISO 32000-1, 14.8.4).

use crate::typeset::dom::Element;

/// What an element becomes in the structure tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing of its own: its content belongs to its parent.
    None,
    /// A grouping element: text inside needs a paragraph.
    Group(&'static str),
    /// An element that holds text itself.
    Text(&'static str),
    /// A paragraph of program text.
    Code,
    /// A list item: its text stands in a body of its own.
    Item { item: &'static str, body: Option<&'static str> },
    /// A term of a list of terms.
    Term,
    /// What is said of it.
    Description,
}

/// Headings by level.
const HEADINGS: [&str; 6] = ["H1", "H2", "H3", "H4", "H5", "H6"];

/// The role of an element; `in_contents` inside of `nav`.
pub(crate) fn role(element: &Element, in_contents: bool) -> Role {
    if let Some(level) = element.heading_role() {
        return Role::Text(HEADINGS[usize::from(level) - 1]);
    }
    match &*element.name {
        "article" => Role::Group("Art"),
        "section" | "nav" | "aside" => Role::Group("Sect"),
        "figure" => Role::Group("Div"),
        "blockquote" => Role::Group("BlockQuote"),
        "h1" => Role::Text("H1"),
        "h2" => Role::Text("H2"),
        "h3" => Role::Text("H3"),
        "h4" => Role::Text("H4"),
        "h5" => Role::Text("H5"),
        "h6" => Role::Text("H6"),
        "p" | "address" | "summary" | "legend" => Role::Text("P"),
        "pre" if element.attribute("class").is_some_and(is_verse) => Role::Text("P"),
        "pre" => Role::Code,
        "figcaption" | "caption" => Role::Text("Caption"),
        "ul" | "ol" | "menu" if in_contents => Role::Group("TOC"),
        "ul" | "ol" | "menu" | "dl" => Role::Group("L"),
        "li" if in_contents => Role::Item { item: "TOCI", body: None },
        "li" if is_note(element) => Role::Item { item: "LI", body: Some("Note") },
        "li" => Role::Item { item: "LI", body: Some("LBody") },
        "dt" => Role::Term,
        "dd" => Role::Description,
        "table" => Role::Group("Table"),
        _ if is_note(element) => Role::Group("Note"),
        _ => Role::None,
    }
}

/// Whether classes say that text in lines of its own is verse, no program's.
fn is_verse(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| matches!(class, "verse" | "wp-block-verse"))
}

/// Whether an element is a note at the end of a text: by its role (DPUB-ARIA 1.1), or as converters name their ids.
fn is_note(element: &Element) -> bool {
    let role = element.attribute("role").unwrap_or_default();
    let id = element.attribute("id").unwrap_or_default();
    matches!(role, "doc-footnote" | "doc-endnote")
        || id.strip_prefix("fn").is_some_and(|rest| {
            let number = rest.trim_start_matches([':', '-', '_']);
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Whether a link leads to a note.
pub(super) fn is_reference(element: &Element) -> bool {
    let href = element.attribute("href").unwrap_or_default();
    element.attribute("role") == Some("doc-noteref") || href.starts_with("#fn-") || href.starts_with("#fn:")
}
