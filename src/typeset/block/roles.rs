//! From HTML elements to structure types (ISO 32000-2, 14.8.4).

/// What an element becomes in the structure tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing of its own: its content belongs to its parent.
    None,
    /// A grouping element: text inside needs a paragraph.
    Group(&'static str),
    /// An element that holds text itself.
    Text(&'static str),
    /// A list item: its text stands in a body of its own.
    Item { item: &'static str, body: Option<&'static str> },
}

/// The role of an element; `in_contents` inside of `nav`.
pub(crate) fn role(name: &str, in_contents: bool) -> Role {
    match name {
        "article" => Role::Group("Art"),
        "section" | "nav" | "aside" => Role::Group("Sect"),
        "blockquote" => Role::Group("BlockQuote"),
        "h1" => Role::Text("H1"),
        "h2" => Role::Text("H2"),
        "h3" => Role::Text("H3"),
        "h4" => Role::Text("H4"),
        "h5" => Role::Text("H5"),
        "h6" => Role::Text("H6"),
        "p" | "pre" | "address" | "dt" | "dd" | "summary" | "legend" => Role::Text("P"),
        "figcaption" | "caption" => Role::Text("Caption"),
        "ul" | "ol" | "menu" if in_contents => Role::Group("TOC"),
        "ul" | "ol" | "menu" => Role::Group("L"),
        "li" if in_contents => Role::Item { item: "TOCI", body: None },
        "li" => Role::Item { item: "LI", body: Some("LBody") },
        "table" => Role::Group("Table"),
        "tr" => Role::Group("TR"),
        "th" => Role::Text("TH"),
        "td" => Role::Text("TD"),
        _ => Role::None,
    }
}
