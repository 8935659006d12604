//! Liquid's filters.

use super::expression::Value;

/// Applies a filter; says whether it is a known one. An unknown one lets the value through, save one that would have
/// made a picture of it.
pub(super) fn apply(name: &str, value: Value, arguments: &[String]) -> (Value, bool) {
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
        ("default", value) if value.is_blank() => Value::Text(argument(0).to_owned()),
        ("uniq" | "reverse" | "compact", Value::List(items)) => Value::List(listed(name, items)),
        ("size", value) => Value::Text(value.into_text().chars().count().to_string()),
        ("number_of_words", value) => Value::Text(value.into_text().split_whitespace().count().to_string()),
        ("capitalize", value) => {
            let text = value.into_text().to_lowercase();
            let mut rest = text.chars();
            Value::Text(rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect())
        }
        ("truncate" | "truncatewords", value) => Value::Text(shortened(name, &value.into_text(), arguments)),
        ("plus" | "minus" | "times" | "divided_by" | "modulo", value) => {
            let Some(result) = calculated(name, &value, argument(0)) else { return (value, false) };
            Value::Text(result)
        }
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

fn listed(filter: &str, mut items: Vec<String>) -> Vec<String> {
    match filter {
        "reverse" => items.reverse(),
        "compact" => items.retain(|item| !item.is_empty()),
        _ => {
            let mut seen = std::collections::BTreeSet::new();
            items.retain(|item| seen.insert(item.clone()));
        }
    }
    items
}

/// The first letters, the sign of omission counted among them, or the first words.
fn shortened(filter: &str, text: &str, arguments: &[String]) -> String {
    let sign = arguments.get(1).map_or("...", String::as_str);
    let asked = arguments.first().and_then(|text| text.parse::<usize>().ok());
    if filter == "truncatewords" {
        let words: Vec<&str> = text.split_whitespace().collect();
        let most = asked.unwrap_or(15).max(1);
        return if words.len() <= most { text.to_owned() } else { words[..most].join(" ") + sign };
    }
    let most = asked.unwrap_or(50);
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(sign.chars().count())).chain(sign.chars()).collect()
}

/// Two whole numbers give a whole one, as in Ruby; `None` when one is no number, or for a division by nothing.
fn calculated(filter: &str, value: &Value, by: &str) -> Option<String> {
    let Value::Text(text) = value else { return None };
    if let (Ok(left), Ok(right)) = (text.trim().parse::<i64>(), by.trim().parse::<i64>()) {
        let result = match filter {
            "plus" => left.checked_add(right),
            "minus" => left.checked_sub(right),
            "times" => left.checked_mul(right),
            "divided_by" => left.checked_div_euclid(right),
            _ => left.checked_rem_euclid(right),
        };
        return result.map(|number| number.to_string());
    }
    let (left, right) = (value.number()?, by.trim().parse::<f64>().ok()?);
    let result = match filter {
        "plus" => left + right,
        "minus" => left - right,
        "times" => left * right,
        "divided_by" => left / right,
        _ => left % right,
    };
    result.is_finite().then(|| result.to_string())
}
