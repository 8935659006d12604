//! JSON Feed 1.0 and 1.1, lenient about ids, versions and missing fields.

use serde_json::Value;

use super::wire::{WireFeed, WireItem, WireText};

/// Reads a document. One that is no JSON object is a fault.
pub(super) fn read(text: &str) -> WireFeed {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let faults = vec![format!("broken JSON at {}:{} ({error})", error.line(), error.column())];
            return WireFeed { faults, ..WireFeed::default() };
        }
    };
    let items = value.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    WireFeed {
        title: text_of(&value, "title"),
        link: text_of(&value, "home_page_url"),
        language: text_of(&value, "language"),
        base: String::new(),
        items: items.iter().map(item).collect(),
        faults: Vec::new(),
    }
}

/// A string or number as text.
fn text_of(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn item(value: &Value) -> WireItem {
    let html = text_of(value, "content_html");
    let content = if html.is_empty() {
        WireText { value: text_of(value, "content_text"), is_html: false }
    } else {
        WireText { value: html, is_html: true }
    };
    let plain = |key: &str| WireText { value: text_of(value, key), is_html: false };
    let list = |key: &str| value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut authors: Vec<String> = list("authors").iter().map(|author| text_of(author, "name")).collect();
    authors.extend(value.get("author").map(|author| text_of(author, "name")));
    authors.retain(|name| !name.is_empty());
    let link = text_of(value, "url");
    WireItem {
        id: text_of(value, "id"),
        link: if link.is_empty() { text_of(value, "external_url") } else { link },
        title: plain("title"),
        summary: plain("summary"),
        content,
        authors,
        published: text_of(value, "date_published"),
        updated: text_of(value, "date_modified"),
        categories: list("tags").iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
        language: text_of(value, "language"),
        picture: text_of(value, "image"),
        ..WireItem::default()
    }
}
