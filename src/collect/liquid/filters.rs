//! Liquid's filters.

use std::collections::BTreeSet;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset, NaiveTime};

use super::value::Value;
use crate::collect::{body, dates};

/// What applying a filter takes at most, in bytes gone through and made.
pub(super) fn cost(name: &str, value: &Value, arguments: &[String]) -> usize {
    let taken = arguments.iter().fold(value.weight(), |sum, argument| sum.saturating_add(argument.len()));
    let argument = |index: usize| arguments.get(index).map_or("", String::as_str);
    let times = |text: &str, part: &str| if part.is_empty() { 0 } else { text.matches(part).count() };
    let made = match (name, value) {
        ("replace", value) if !matches!(value, Value::Text(_)) => {
            let text = value.clone().into_text();
            times(&text, argument(0)).saturating_mul(argument(1).len())
        }
        ("replace", Value::Text(text)) => times(text, argument(0)).saturating_mul(argument(1).len()),
        ("split", Value::Text(text)) => times(text, argument(0)).saturating_mul(size_of::<Value>()),
        ("join", Value::List(items)) => items.len().saturating_mul(argument(0).len()),
        // Parsing takes many times what reading does.
        ("markdownify", value) => value.weight().saturating_mul(16),
        _ => 0,
    };
    taken.saturating_add(made)
}

/// Applies a filter; says whether it is a known one. An unknown one lets the value through, save one that would have
/// made a picture of it.
pub(super) fn apply(name: &str, value: Value, arguments: &[String]) -> (Value, bool) {
    let argument = |index: usize| arguments.get(index).map_or("", String::as_str);
    if let Value::List(items) = &value
        && let Some(value) = of_list(name, items, argument(0), arguments.get(1).map(String::as_str))
    {
        return (value, true);
    }
    let value = match (name, value) {
        ("split", Value::Text(text)) => match argument(0) {
            "" => Value::texts(std::iter::once(&*text)),
            by => Value::texts(text.split(by)),
        },
        ("append", value) => Value::Text(value.into_text() + argument(0)),
        ("prepend", value) => Value::Text(format!("{}{}", argument(0), value.into_text())),
        ("downcase", value) => Value::Text(value.into_text().to_lowercase()),
        ("upcase", value) => Value::Text(value.into_text().to_uppercase()),
        ("markdownify", value) => Value::Text(body::to_html(&value.into_text(), false).html),
        // The day on which a site was built is no part of a post: when that is, is not known, and the same files give the
        // same pages.
        ("date", Value::Text(text)) if matches!(text.trim(), "now" | "today") => {
            return (Value::Text(String::new()), false);
        }
        ("date", Value::Text(text)) => {
            let formatted = dated(&text, argument(0));
            Value::Text(formatted.unwrap_or(text))
        }
        ("slugify" | "slug", value) => Value::Text(slug(&value.into_text())),
        ("replace", value) if !argument(0).is_empty() => {
            Value::Text(value.into_text().replace(argument(0), argument(1)))
        }
        ("remove", value) if !argument(0).is_empty() => Value::Text(value.into_text().replace(argument(0), "")),
        ("default", value) if value.is_blank() => Value::Text(argument(0).to_owned()),
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
        // Of nothing there is nothing to sort or to pick.
        ("sort" | "sort_natural" | "where" | "map" | "uniq" | "reverse" | "compact" | "join", Value::Nil) => Value::Nil,
        (name, _) if ["photo", "image", "img", "icon"].iter().any(|word| name.contains(word)) => {
            return (Value::Text(String::new()), false);
        }
        (_, value) => return (value, LET_THROUGH.contains(&name)),
    };
    (value, true)
}

/// The filters of lists.
fn of_list(filter: &str, items: &[Value], argument: &str, second: Option<&str>) -> Option<Value> {
    let mut items = items.to_vec();
    // What an item of a list of tables is sorted or picked by.
    let key = |item: &Value| if argument.is_empty() { item.clone() } else { item.get(argument) };
    match filter {
        "first" | "last" | "size" => return Some(Value::list(items.into_iter()).get(filter)),
        "join" => {
            let texts: Vec<String> = items.into_iter().map(Value::into_text).collect();
            return Some(Value::Text(texts.join(argument)));
        }
        "sort" => items.sort_by_cached_key(|item| key(item).into_text()),
        "sort_natural" => items.sort_by_cached_key(|item| key(item).into_text().to_lowercase()),
        "map" => items = items.iter().map(key).collect(),
        "where" => items.retain(|item| match second {
            Some(wanted) => key(item).into_text() == wanted,
            None => !key(item).is_blank(),
        }),
        "reverse" => items.reverse(),
        "compact" => items.retain(|item| *item != Value::Nil),
        "uniq" => {
            let mut seen = BTreeSet::new();
            items.retain(|item| seen.insert(key(item).into_text()));
        }
        _ => return None,
    }
    Some(Value::list(items.into_iter()))
}

/// A date in the form that a pattern of `strftime` describes. `None` when one of them cannot be read.
fn dated(text: &str, pattern: &str) -> Option<String> {
    let written = dates::parse(text)?;
    let items: Vec<Item<'_>> = StrftimeItems::new(pattern).collect();
    if items.is_empty() || items.contains(&Item::Error) {
        return None;
    }
    let clock = written.date.and_time(written.time.unwrap_or(NaiveTime::MIN));
    let offset = written.offset.or_else(|| FixedOffset::east_opt(0))?;
    let at = DateTime::<FixedOffset>::from_naive_utc_and_offset(clock.checked_sub_offset(offset)?, offset);
    Some(at.format_with_items(items.into_iter()).to_string())
}

/// Jekyll's default: letters and digits in lower case, one hyphen for whatever stands between them.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Filters that need no work: addresses stay root-relative, and text is escaped when it becomes HTML.
const LET_THROUGH: [&str; 16] = [
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
    "safe",
    "strip_html",
    "strip_newlines",
    "smartify",
    "first",
    "last",
];

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
