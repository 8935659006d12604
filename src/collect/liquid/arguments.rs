//! The arguments of tags and shortcodes: `"x" key="y" key: 'z', word`.

/// One argument: perhaps named; a quoted value is taken as it is, a bare one may be the name of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Argument {
    pub(in crate::collect) name: Option<String>,
    pub(in crate::collect) value: String,
    pub(in crate::collect) quoted: bool,
}

/// The value of the first of these names that is given, in any case.
pub(super) fn named<'a>(arguments: &'a [Argument], names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|wanted| {
        let given =
            |argument: &&Argument| argument.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        arguments.iter().find(given).map(|argument| argument.value.as_str())
    })
}

/// The values without a name, in order.
pub(super) fn positional(arguments: &[Argument]) -> impl Iterator<Item = &str> {
    arguments.iter().filter(|argument| argument.name.is_none()).map(|argument| argument.value.as_str())
}

/// Reads the arguments after a tag's name.
pub(super) fn read(text: &str) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let (value, quoted, after) = value(rest);
        let spaced = after.trim_start();
        let names_next = !quoted && (spaced.starts_with('=') || after.starts_with(':')) && !value.is_empty();
        rest = if names_next {
            let (named, is_quoted, left) = self::value(spaced[1..].trim_start());
            arguments.push(Argument { name: Some(value), value: named, quoted: is_quoted });
            left
        } else {
            arguments.push(Argument { name: None, value, quoted });
            after
        };
        // Something must have been taken, or a stray sign would be met for ever.
        rest = rest.trim_start_matches(is_space);
        if rest.len() == text.len() {
            break;
        }
        if rest.starts_with(['=', ':']) {
            rest = &rest[1..];
        }
    }
    arguments
}

/// The values of a `when`: between commas, or `or`.
pub(super) fn alternatives(text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ => rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len()),
        };
        values.extend(Some(&rest[..length]).filter(|value| !value.is_empty() && *value != "or"));
        rest = rest[length..].trim_start_matches([',', ' ', '\n', '\t']);
        if length == 0 && !rest.is_empty() && rest.len() == text.len() {
            break;
        }
    }
    values
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '(' | ')')
}

/// A quoted string or a bare word, and what follows it.
fn value(text: &str) -> (String, bool, &str) {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) {
        let inner = &text[1..];
        let mut end = None;
        let mut escaped = false;
        for (at, c) in inner.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let (value, rest) = match end {
            Some(end) => (&inner[..end], &inner[end + 1..]),
            None => (inner, ""),
        };
        return (value.replace(&format!("\\{quote}"), &quote.to_string()), true, rest);
    }
    let end = text.find(|c: char| is_space(c) || c == '=' || c == '"').unwrap_or(text.len());
    let word = &text[..end];
    match word.split_once(':') {
        // `key: "value"`; a bare address keeps its colon.
        Some((key, after)) if !after.starts_with("//") && key.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            (key.to_owned(), false, &text[key.len()..])
        }
        _ => (word.to_owned(), false, &text[end..]),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_habit_of_writing_arguments() {
        let show = |text: &str| {
            read(text)
                .into_iter()
                .map(|a| format!("{}={}", a.name.unwrap_or_default(), a.value))
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(show(r#" "a b" alt="c \"d\"" 'e' "#), r#"=a b|alt=c "d"|=e"#);
        assert_eq!(show("image: \"/x.png\",\n alt: \"y\""), "image=/x.png|alt=y");
        assert_eq!(show("(src=\"x\", w=3)"), "src=x|w=3");
        assert_eq!(show("references.md"), "=references.md");
        assert!(read("= = : \" x").len() < 4);
    }
}
