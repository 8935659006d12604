//! Liquid's expressions: a value and the filters behind it.

use std::collections::BTreeMap;

use super::arguments;

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
}

impl Value {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::List(items) => items.concat(),
        }
    }
}

/// The names that an expression may use.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) own: BTreeMap<String, Value>,
    pub(super) page: Vec<(String, String)>,
}

/// What became of an expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its value.
    Value(Value),
    /// It is none; the text stays as it is.
    NotAnExpression,
    /// It names something that is not known here.
    Unknown(String),
    /// Its value without this filter, which is not known here.
    UnknownFilter(Value, String),
}

/// Evaluates `value | filter: argument | …`.
pub(super) fn evaluate(text: &str, variables: &Variables) -> Outcome {
    let mut parts = split_pipes(text).into_iter();
    let first = parts.next().unwrap_or_default();
    let Some(primary) = primary(first.trim(), variables) else {
        let name = first.trim();
        return if is_path(name) { Outcome::Unknown(name.to_owned()) } else { Outcome::NotAnExpression };
    };
    let mut value = primary;
    let mut unknown = None;
    for part in parts {
        let (name, arguments) = part.trim().split_once([':', ' ']).unwrap_or((part.trim(), ""));
        let arguments: Vec<String> = arguments::read(arguments)
            .into_iter()
            .map(|a| if a.quoted { a.value } else { primary_text(&a.value, variables) })
            .collect();
        let (next, known) = filter(name.trim(), value, &arguments);
        value = next;
        if !known {
            unknown.get_or_insert_with(|| name.trim().to_owned());
        }
    }
    match unknown {
        Some(name) => Outcome::UnknownFilter(value, name),
        None => Outcome::Value(value),
    }
}

fn primary_text(word: &str, variables: &Variables) -> String {
    primary(word, variables).map_or_else(|| word.to_owned(), Value::into_text)
}

/// A quoted string, a number, or a variable. Addresses of the site itself are empty: what follows is root-relative.
fn primary(text: &str, variables: &Variables) -> Option<Value> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(Value::Text(inner.to_owned()));
        }
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Some(Value::Text(text.to_owned()));
    }
    if let Some(value) = variables.own.get(text) {
        return Some(value.clone());
    }
    let site = [
        "site.url",
        "site.baseurl",
        "site.base_url",
        "site.BaseURL",
        ".Site.BaseURL",
        "config.base_url",
        "site.production_url",
    ];
    if site.contains(&text) {
        return Some(Value::Text(String::new()));
    }
    let key = ["page.", ".Page.Params.", ".Params."].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    variables.page.iter().find(|(name, _)| name == key).map(|(_, value)| Value::Text(value.clone()))
}

/// Whether this is the name of something: words of letters, digits, `_` and `-` between dots.
fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-[]".contains(c))
}

/// Splits at the pipes that stand outside quotes.
fn split_pipes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '|') => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Applies a filter; says whether it is a known one. An unknown one lets the value through, save one that would have
/// made a picture of it.
fn filter(name: &str, value: Value, arguments: &[String]) -> (Value, bool) {
    let argument = |index: usize| arguments.get(index).map_or("", String::as_str);
    let value = match (name, value) {
        ("split", Value::Text(text)) => {
            let by = argument(0);
            Value::List(if by.is_empty() { vec![text] } else { text.split(by).map(str::to_owned).collect() })
        }
        ("first", Value::List(items)) => Value::Text(items.into_iter().next().unwrap_or_default()),
        ("last", Value::List(items)) => Value::Text(items.into_iter().next_back().unwrap_or_default()),
        ("join", Value::List(items)) => Value::Text(items.join(argument(0))),
        ("size", Value::List(items)) => Value::Text(items.len().to_string()),
        ("sort", Value::List(mut items)) => {
            items.sort();
            Value::List(items)
        }
        ("append", value) => Value::Text(value.into_text() + argument(0)),
        ("prepend", value) => Value::Text(format!("{}{}", argument(0), value.into_text())),
        ("downcase", value) => Value::Text(value.into_text().to_lowercase()),
        ("upcase", value) => Value::Text(value.into_text().to_uppercase()),
        ("replace", value) if !argument(0).is_empty() => {
            Value::Text(value.into_text().replace(argument(0), argument(1)))
        }
        ("remove", value) if !argument(0).is_empty() => Value::Text(value.into_text().replace(argument(0), "")),
        ("default", Value::Text(text)) if text.is_empty() => Value::Text(argument(0).to_owned()),
        (name, _) if ["photo", "image", "img", "icon"].iter().any(|word| name.contains(word)) => {
            return (Value::Text(String::new()), false);
        }
        (_, value) => return (value, LET_THROUGH.contains(&name)),
    };
    (value, true)
}

/// Filters that need no work: addresses stay root-relative, and text is escaped when it becomes HTML.
const LET_THROUGH: [&str; 18] = [
    "url",
    "relative_url",
    "absolute_url",
    "link",
    "escape",
    "strip",
    "xml_escape",
    "uri_escape",
    "cgi_escape",
    "default",
    "date",
    "markdownify",
    "safe",
    "strip_html",
    "strip_newlines",
    "smartify",
    "first",
    "last",
];

#[cfg(test)]
mod tests {
    use super::{Outcome, Value, Variables, evaluate};

    #[test]
    fn values_and_filters() {
        let mut variables = Variables::default();
        variables.own.insert("v".into(), Value::Text("a|b".into()));
        variables.page.push(("excerpt".into(), "Short".into()));
        let text = |source: &str| match evaluate(source, &variables) {
            Outcome::Value(value) => value.into_text(),
            other => format!("{other:?}"),
        };
        assert_eq!(text(r#" "/x/" | url "#), "/x/");
        assert_eq!(text("page.excerpt"), "Short");
        assert_eq!(text(r#"v | split: "|" | join: ", ""#), "a, b");
        assert_eq!(text("site.url"), "");
        assert_eq!(text("nobody"), "Unknown(\"nobody\")");
        assert_eq!(text("display: 'inline'"), "NotAnExpression");
        assert_eq!(text(r#""noah" | team_link"#), "UnknownFilter(Text(\"noah\"), \"team_link\")");
    }
}
