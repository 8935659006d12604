//! Where front matter ends and the text begins.

use super::json;

/// The syntax of a front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Between lines of `---` (Jekyll, Hugo).
    Yaml,
    /// Between lines of `+++` (Zola, Hugo).
    Toml,
    /// In braces at the beginning (Hugo), or between `---json` and `---` (Eleventy).
    Json,
    /// A program, between `---js` and `---` (Eleventy).
    Script,
    /// `Key: value` lines up to the first empty one (Pelican).
    Head,
    /// None at all.
    None,
}

/// A file, cut where its front matter ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split<'a> {
    pub(super) syntax: Syntax,
    /// The front matter without its fences.
    pub(super) front: &'a str,
    /// The line of the file on which `front` begins, from 1.
    pub(super) front_line: usize,
    /// Where the body begins, in bytes from the beginning of the file.
    pub(super) body_start: usize,
    /// Whether the closing fence is missing, so that everything was read as text.
    pub(super) unclosed: bool,
}

/// Keys of which a Pelican head has one; such lines without any are prose.
const HEAD_KEYS: [&str; 7] = ["title", "date", "category", "tags", "slug", "author", "authors"];

/// The lines with which front matter opens, and its syntax. Eleventy names the syntax behind the fence.
const OPENINGS: [(&str, Syntax); 8] = [
    ("---", Syntax::Yaml),
    ("+++", Syntax::Toml),
    ("---yaml", Syntax::Yaml),
    ("---yml", Syntax::Yaml),
    ("---toml", Syntax::Toml),
    ("---json", Syntax::Json),
    ("---js", Syntax::Script),
    ("---javascript", Syntax::Script),
];

/// Cuts `text`. A byte order mark and empty lines before the fence are passed over.
pub(super) fn split(text: &str) -> Split<'_> {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ', '\t']).len();
    let rest = &text[start..];
    let first_line = text[..start].matches('\n').count() + 1;
    let none = Split { syntax: Syntax::None, front: "", front_line: 1, body_start: bom(text), unclosed: false };
    let opening = rest.lines().next().unwrap_or_default().trim_end();
    for (line, syntax) in OPENINGS {
        let fence = &line[..3];
        if opening.strip_prefix(fence).is_none_or(|rest| rest.trim_start() != &line[3..]) {
            continue;
        }
        let front_start = start + next_line(rest, 0);
        let Some((front_end, body_start)) = closing(text, front_start, fence) else {
            return Split { unclosed: line != "---" || looks_like_keys(&text[front_start..]), ..none };
        };
        let front = &text[front_start..front_end];
        return Split { syntax, front, front_line: first_line + 1, body_start, unclosed: false };
    }
    if rest.strip_prefix('{').is_some_and(|inside| inside.trim_start().starts_with('"')) {
        let Some(end) = json::extent(rest).or_else(|| brace_alone(rest)) else {
            return Split { unclosed: rest.lines().next().is_some_and(|line| line.trim_end() == "{"), ..none };
        };
        let body_start = next_line(text, start + end);
        let front = &rest[..end];
        return Split { syntax: Syntax::Json, front, front_line: first_line, body_start, unclosed: false };
    }
    let end = head_end(rest);
    let is_known = |line: &str| {
        let key = super::lines::split_key(line).map(|(key, _)| key);
        key.is_some_and(|key| HEAD_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)))
    };
    if !rest[..end].lines().any(is_known) {
        return none;
    }
    Split {
        syntax: Syntax::Head,
        front: &rest[..end],
        front_line: first_line,
        body_start: start + end,
        unclosed: false,
    }
}

fn bom(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The offset after the line that begins at `from`.
fn next_line(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

/// Where the closing fence begins and the line after it. Jekyll also takes `...`.
fn closing(text: &str, from: usize, fence: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while at < text.len() {
        let next = next_line(text, at);
        let line = text[at..next].trim_end();
        if line == fence || (fence == "---" && line == "...") {
            return Some((at, next));
        }
        at = next;
    }
    None
}

/// The end of braces that are no JSON: a line of the closing one alone, after a line of the opening one.
fn brace_alone(text: &str) -> Option<usize> {
    let body = text.strip_prefix('{').filter(|rest| rest.lines().next().is_some_and(|line| line.trim().is_empty()))?;
    let close = body.match_indices("\n}").map(|(at, _)| at + 2).find(|end| {
        let behind = body[*end..].lines().next();
        behind.is_none_or(|line| line.trim().is_empty())
    });
    close.map(|end| end + 1)
}

fn looks_like_keys(text: &str) -> bool {
    text.lines().next().is_some_and(|line| super::lines::split_key(line).is_some())
}

/// The end of the `Key: value` lines: at the first line that is empty or is no such line.
fn head_end(text: &str) -> usize {
    let mut at = 0;
    while at < text.len() {
        let next = next_line(text, at);
        let line = &text[at..next];
        let goes_on = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        if !goes_on && super::lines::split_key(line.trim_end()).is_none() {
            break;
        }
        at = next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{Syntax, split};

    #[test]
    fn the_body_begins_after_the_closing_fence() {
        let text = "\u{feff}---\ntitle: x\n---\nBody\n";
        let cut = split(text);
        assert_eq!((cut.syntax, cut.front, cut.front_line), (Syntax::Yaml, "title: x\n", 2));
        assert_eq!(&text[cut.body_start..], "Body\n");
        let text = "+++\ntitle = 'x'\n+++\n";
        assert_eq!(split(text).body_start, text.len());
    }

    #[test]
    fn a_head_of_keys_ends_at_the_first_empty_line() {
        let text = "Title: A\nDate: 2013-07-05 09:51\n\nText: more\n";
        let cut = split(text);
        assert_eq!(cut.syntax, Syntax::Head);
        assert_eq!(&text[cut.body_start..], "\nText: more\n");
        assert_eq!(split("Note: this is prose.\n").syntax, Syntax::None);
    }

    #[test]
    fn json_ends_with_its_braces_and_names_of_syntaxes_may_follow_the_fence() {
        for (text, syntax, body) in [
            ("{\n \"a\": {\"b\": \"}\"}\n}\n\nBody\n", Syntax::Json, "\nBody\n"),
            ("{ \"a\": 1 }\nBody\n", Syntax::Json, "Body\n"),
            ("{\n \"a\": 1,\n}\nBody\n", Syntax::Json, "Body\n"),
            ("{ \"a\": 1 } is an object.\n", Syntax::None, "{ \"a\": 1 } is an object.\n"),
            ("{{< a >}}\n", Syntax::None, "{{< a >}}\n"),
            ("---json\n{\"a\": 1}\n---\nBody\n", Syntax::Json, "Body\n"),
            ("--- toml\na = 1\n---\nBody\n", Syntax::Toml, "Body\n"),
            ("---js\n{ a: 1 }\n---\nBody\n", Syntax::Script, "Body\n"),
            ("----\n\nBody\n---\n", Syntax::None, "----\n\nBody\n---\n"),
        ] {
            let cut = split(text);
            assert_eq!((cut.syntax, &text[cut.body_start..], cut.unclosed), (syntax, body, false), "{text}");
        }
        assert!(split("{\n \"a\": 1\n\nBody\n").unclosed);
        assert!(split("---json\n{\n\nBody\n").unclosed);
    }

    #[test]
    fn a_rule_at_the_top_is_not_front_matter() {
        let cut = split("---\n\nA text after a rule.\n");
        assert_eq!((cut.syntax, cut.unclosed, cut.body_start), (Syntax::None, false, 0));
        assert!(split("---\ntitle: x\n\nA text\n").unclosed);
    }
}
