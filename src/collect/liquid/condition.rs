//! Conditions, of which some cannot be decided: what they name is not known here.

use super::expression::Variables;
use super::value::Value;

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    pub(super) fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }
}

/// The signs of comparisons; the longer ones first.
const SIGNS: [&str; 7] = ["==", "!=", "<>", ">=", "<=", ">", "<"];

/// Whether a condition of Liquid's holds: comparisons joined by `and` and `or`, which it reads from right to left and
/// without brackets.
pub(super) fn holds(condition: &str, variables: &Variables) -> Truth {
    let words = words(condition);
    let mut end = words.len();
    let mut truth: Option<Truth> = None;
    let mut joined = "";
    for at in (0..words.len()).rev() {
        let is_join = matches!(words[at], "and" | "or");
        if !is_join && at > 0 {
            continue;
        }
        let from = if is_join { at + 1 } else { at };
        let one = comparison(&words[from..end], variables);
        truth = Some(match (truth, joined) {
            (Some(right), "and") => one.and(right),
            (Some(right), _) => one.or(right),
            (None, _) => one,
        });
        (end, joined) = (at, words[at]);
    }
    truth.unwrap_or(Truth::Unknown)
}

/// The words of a condition: what is in quotes is one, and so is each sign.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ => SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or_else(
                || rest.find(|c: char| c.is_whitespace() || "=!<>\"'".contains(c)).unwrap_or(rest.len()).max(1),
                |sign| sign.len(),
            ),
        };
        // One sign by itself may be of any script.
        let length = (length..=rest.len()).find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
        words.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    words
}

fn comparison(words: &[&str], variables: &Variables) -> Truth {
    match words {
        [value] => variables.operand(value).map_or(Truth::Unknown, |value| Truth::of(is_true(&value))),
        [left, sign, right] => {
            let is_empty = |word: &str| matches!(word, "blank" | "empty");
            if is_empty(right) || is_empty(left) {
                let asked = if is_empty(right) { left } else { right };
                let Some(value) = variables.operand(asked) else { return Truth::Unknown };
                let empty = Truth::of(value.is_blank());
                return if *sign == "==" { empty } else { empty.not() };
            }
            match (variables.operand(left), variables.operand(right)) {
                (Some(left), Some(right)) if variables.budget.spend(left.weight() + right.weight()) => {
                    compare(&left, sign, &right)
                }
                _ => Truth::Unknown,
            }
        }
        _ => Truth::Unknown,
    }
}

/// Everything but nothing and `false` is true, an empty text too.
fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Nil) && *value != Value::Text("false".to_owned())
}

pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left.number(), right.number()) {
        (Some(left), Some(right)) => left.total_cmp(&right).is_eq(),
        _ => left == right,
    }
}

fn compare(left: &Value, sign: &str, right: &Value) -> Truth {
    let order = match (left.number(), right.number(), left, right) {
        (Some(left), Some(right), ..) => left.partial_cmp(&right),
        (_, _, Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    };
    Truth::of(match sign {
        "==" => equal(left, right),
        "!=" | "<>" => !equal(left, right),
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">=" => order.is_some_and(std::cmp::Ordering::is_ge),
        "contains" => match (left, right) {
            (Value::Text(text), Value::Text(part)) => text.contains(part.as_str()),
            (Value::List(items), one) => items.contains(one),
            _ => false,
        },
        _ => return Truth::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Page;
    use super::super::expression::Variables;
    use super::super::tests::front;
    use super::super::value::Value;
    use super::{Truth, holds};

    #[test]
    fn conditions_hold_or_not_or_nobody_knows() {
        let scalars = [("title".to_owned(), "On ink".to_owned()), ("toc".to_owned(), "false".to_owned())];
        let data = front("tags: [ink, type]\nby: [{name: A}, {name: B}]");
        let page = Page { data: &data, ..Page::of(&scalars) };
        let mut variables = Variables::of(page);
        variables.set("n", Value::Text("10".to_owned()));
        for (condition, expected) in [
            ("page.title", Truth::Yes),
            ("page.toc", Truth::No),
            ("page.subtitle", Truth::No),
            ("page.title == 'On ink' and n > 9", Truth::Yes),
            ("page.title=='On ink'and n>=11", Truth::No),
            ("page.tags contains \"ink\"", Truth::Yes),
            ("page.tags.size == 2", Truth::Yes),
            ("page.by[1].name == 'B'", Truth::Yes),
            ("page.by.first.name == 'B'", Truth::No),
            ("page.by.first.other", Truth::No),
            ("page.title contains 'paper' or page.toc == false", Truth::Yes),
            ("page.subtitle == blank", Truth::Yes),
            ("page.title != nil", Truth::Yes),
            ("nobody", Truth::Unknown),
            ("site.comments", Truth::Unknown),
            ("site.comments and page.toc", Truth::No),
            ("site.comments or page.title", Truth::Yes),
            ("page.url == '/'", Truth::Unknown),
            // From right to left: true or (false and false).
            ("true or false and false", Truth::Yes),
            ("jekyll.environment == \"production\"", Truth::Yes),
            ("چاپ ≠ \"", Truth::Unknown),
            ("", Truth::Unknown),
        ] {
            assert_eq!(holds(condition, &variables), expected, "{condition}");
        }
    }
}
