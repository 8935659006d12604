//! Start tags as people write them.

/// What begins with a `<`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut<'a> {
    /// A tag: its name, what stands behind it, and the length of the whole.
    Tag { name: &'a str, inside: &'a str, length: usize },
    /// A tag that another `<` or the end of the text breaks off.
    Open { name: &'a str, inside: &'a str, length: usize },
    /// None.
    Nothing,
}

/// Cuts off the start tag that `text` begins with.
pub(super) fn cut(text: &str) -> Cut<'_> {
    let after = &text[1..];
    let is_end = |c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '=' | '"' | '\'' | '&');
    let name = &after[..after.find(is_end).unwrap_or(after.len())];
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if !starts_well || !name.chars().all(is_of_name) || name.ends_with(':') {
        return Cut::Nothing;
    }
    let body = &after[name.len()..];
    match tag_end(body) {
        (end, true) => Cut::Tag { name, inside: &body[..end], length: 1 + name.len() + end + 1 },
        (end, false) => Cut::Open { name, inside: &body[..end], length: 1 + name.len() + end },
    }
}

/// Characters of names (XML 1.0, 2.3), a little simplified.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{b7}')
}

/// Where a tag ends, and whether it does: a quoted value may hold a `>`, unless it holds a `<` too and so is none.
fn tag_end(body: &str) -> (usize, bool) {
    let mut from = 0;
    while let Some(found) = body[from..].find(['>', '<', '"', '\'']) {
        let at = from + found;
        let quote = body.as_bytes()[at];
        match quote {
            b'>' => return (at, true),
            b'<' => return (at, false),
            _ => {
                let is_value = body[..at].trim_end().ends_with('=');
                let value = &body[at + 1..];
                let end = value.find([char::from(quote), '<']).filter(|end| value.as_bytes()[*end] == quote);
                from = at + 1 + end.filter(|_| is_value).map_or(0, |end| end + 1);
            }
        }
    }
    (body.len(), false)
}

/// An attribute as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
    /// Whether it is written as XML has it: in quotes.
    is_clean: bool,
}

/// The attributes of a tag: quoted or not, with `=` or without.
pub(super) fn attributes(inside: &str) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    let mut rest = inside;
    loop {
        rest = rest.trim_start_matches(|c: char| !(c.is_alphabetic() || c == '_'));
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            found.push(Attribute { name, value: name, is_clean: false });
            continue;
        };
        let after = after.trim_start();
        let quoted = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let closed = quoted.and_then(|quote| after[1..].find(quote).map(|end| (&after[1..=end], &after[end + 2..])));
        let (value, left) = closed.unwrap_or_else(|| {
            let bare = after.trim_start_matches(['"', '\'']);
            bare.split_at(bare.find(|c: char| c.is_whitespace()).unwrap_or(bare.len()))
        });
        found.push(Attribute { name, value, is_clean: closed.is_some() });
        rest = left;
    }
}

/// No tag of a feed has more attributes.
const MOST: usize = 100;

/// Writes attributes as XML has them: in quotes, each name once. Says whether they were written so.
pub(super) fn push_attributes(out: &mut String, attributes: &[Attribute<'_>]) -> bool {
    let mut is_clean = true;
    let mut known: Vec<&str> = Vec::new();
    for attribute in attributes {
        let name = attribute.name;
        if name.ends_with(':') || known.len() >= MOST || known.contains(&name) {
            is_clean = false;
            continue;
        }
        is_clean &= attribute.is_clean;
        known.push(name);
        out.extend([" ", name, "=\""]);
        for c in attribute.value.chars().filter(|c| !super::is_illegal(*c)) {
            match c {
                '"' => out.push_str("&quot;"),
                '<' => out.push_str("&lt;"),
                c => out.push(c),
            }
        }
        out.push('"');
    }
    is_clean
}

#[cfg(test)]
mod tests {
    use super::{Cut, attributes, cut};

    #[test]
    fn tags_end_where_people_meant() {
        assert_eq!(cut("<a b='>' c>d"), Cut::Tag { name: "a", inside: " b='>' c", length: 11 });
        assert_eq!(cut("<a b=\"x>y</a>"), Cut::Tag { name: "a", inside: " b=\"x", length: 8 });
        assert_eq!(cut("<item <title>"), Cut::Open { name: "item", inside: " ", length: 6 });
        for text in ["< b>", "<3 you", "<", "<=>", "<a@b.example>"] {
            assert_eq!(cut(text), Cut::Nothing, "{text}");
        }
    }

    #[test]
    fn attributes_in_any_form() {
        fn read(text: &str) -> Vec<(&str, &str)> {
            attributes(text).iter().map(|attribute| (attribute.name, attribute.value)).collect()
        }
        assert_eq!(
            read(" a=1 b = 'x y' c d=\"e f=\"g\""),
            [("a", "1"), ("b", "x y"), ("c", "c"), ("d", "e f="), ("g", "g")]
        );
        assert_eq!(read(" url=\"http://a/b title='t'"), [("url", "http://a/b"), ("title", "t")]);
    }
}
