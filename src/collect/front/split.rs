//! Where front matter ends and the text begins.

use super::json;
use super::slips::{self, Slip, Unread, is_blank};
use crate::model::is_unseen;

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
    /// What is wrong with its fences.
    pub(super) slip: Option<Slip<'a>>,
}

/// Keys of which a Pelican head has one, if it does not say that this is a draft; such lines without any are prose.
pub(super) const HEAD_KEYS: [&str; 7] = ["title", "date", "category", "tags", "slug", "author", "authors"];

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

/// Cuts `text`. A byte order mark, signs that turn text and empty lines before the fence are passed over.
pub(super) fn split(text: &str) -> Split<'_> {
    let start = text.len() - text.trim_start_matches(is_blank).len();
    let rest = &text[start..];
    let opening = rest.lines().next().unwrap_or_default().trim_end_matches(is_blank);
    let is_opening = |line: &str| {
        let behind = opening.strip_prefix(&line[..3]);
        behind.is_some_and(|rest| rest.trim_start() == &line[3..])
    };
    if let Some((line, syntax)) = OPENINGS.into_iter().find(|(line, _)| is_opening(line)) {
        return fenced(text, start, line, syntax);
    }
    if rest.strip_prefix('{').is_some_and(|inside| inside.trim_start().starts_with('"')) {
        return in_braces(text, start);
    }
    let end = head_end(rest);
    let is_known = |line: &str| {
        let key = super::lines::split_key(line).map(|(key, _)| key);
        key.is_some_and(|key| HEAD_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)))
    };
    let head = &rest[..end];
    if head.lines().any(is_known) || slips::says_draft(head) {
        let front_line = line_of(text, start);
        return Split { syntax: Syntax::Head, front: head, front_line, body_start: start + end, slip: None };
    }
    match slips::find(text, start) {
        Some(Ok((scan, slip))) => closed_otherwise(text, &scan, yaml_or_toml(scan.text), Some(slip)),
        Some(Err(slip)) => Split { slip: Some(slip), ..none(text) },
        None => none(text),
    }
}

/// A file without front matter.
fn none(text: &str) -> Split<'_> {
    Split { syntax: Syntax::None, front: "", front_line: 1, body_start: bom(text), slip: None }
}

/// What stands behind the opening line `line`, which begins at `start`.
fn fenced<'a>(text: &'a str, start: usize, line: &str, syntax: Syntax) -> Split<'a> {
    let front_start = next_line(text, start);
    // Any other line may be one of a value, or a slip within; a draft must not be published for what stands behind it.
    if let Some((front_end, body_start)) = closing(text, front_start, &line[..3]) {
        let front = &text[front_start..front_end];
        return Split { syntax, front, front_line: line_of(text, front_start), body_start, slip: None };
    }
    let scan = slips::scan(text, front_start);
    let is_head = slips::is_head(scan.text);
    if scan.closing.is_some() && is_head && matches!(syntax, Syntax::Yaml | Syntax::Toml) {
        return closed_otherwise(text, &scan, syntax, None);
    }
    if line == "---" && !is_head && !slips::begins_with_key(scan.text) {
        return none(text);
    }
    let behind = slips::behind_stop(text, front_start + scan.text.len());
    let unread = Unread { text: scan.text, behind, line: line_of(text, start), counts: true };
    Split { slip: Some(Slip::Unclosed(unread)), ..none(text) }
}

/// An object in JSON that begins at `start`.
fn in_braces(text: &str, start: usize) -> Split<'_> {
    let rest = &text[start..];
    let Some(end) = json::extent(rest).or_else(|| brace_alone(rest)) else {
        let scan = slips::scan(text, start);
        let is_meant = rest.lines().next().is_some_and(|line| line.trim_end() == "{") || slips::is_head(scan.text);
        let unread = Unread { text: scan.text, behind: "", line: line_of(text, start), counts: true };
        return Split { slip: is_meant.then_some(Slip::Unclosed(unread)), ..none(text) };
    };
    let front = &rest[..end];
    let body_start = next_line(text, start + end);
    Split { syntax: Syntax::Json, front, front_line: line_of(text, start), body_start, slip: None }
}

/// Front matter that another line closes than should; where the one that opens it is another as well, that is the `slip`.
fn closed_otherwise<'a>(text: &'a str, scan: &slips::Scan<'a>, syntax: Syntax, slip: Option<Slip<'a>>) -> Split<'a> {
    let Some((_, end, body_start)) = scan.closing else { return none(text) };
    let found = text[end..body_start].trim_end_matches(is_blank);
    let opened = Some(if syntax == Syntax::Toml { "+++" } else { "---" });
    let behind = slips::behind_stop(text, body_start);
    let slip = slip.or(Some(Slip::Fence { found, line: line_of(text, end), opened, behind }));
    Split { syntax, front: scan.text, front_line: line_of(text, end - scan.text.len()), body_start, slip }
}

/// The syntax of lines of keys: what stands first between a key and its value says it.
fn yaml_or_toml(front: &str) -> Syntax {
    let sign = front.find([':', '=']).map(|at| front.as_bytes()[at]);
    if sign == Some(b'=') { Syntax::Toml } else { Syntax::Yaml }
}

/// The line of this offset, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn bom(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The offset after the line that begins at `from`.
pub(super) fn next_line(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

/// Where the closing fence begins and the line after it. Jekyll also takes `...`.
fn closing(text: &str, from: usize, fence: &str) -> Option<(usize, usize)> {
    let mut at = from;
    while at < text.len() {
        let next = next_line(text, at);
        let line = text[at..next].trim_start_matches(is_unseen).trim_end_matches(is_blank);
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
            assert_eq!((cut.syntax, &text[cut.body_start..], cut.slip), (syntax, body, None), "{text}");
        }
        assert!(split("{\n \"a\": 1\n\nBody\n").slip.is_some());
        assert!(split("---json\n{\n\nBody\n").slip.is_some());
    }

    #[test]
    fn a_rule_at_the_top_is_not_front_matter() {
        let cut = split("---\n\nA text after a rule.\n");
        assert_eq!((cut.syntax, cut.slip, cut.body_start), (Syntax::None, None, 0));
        assert!(split("---\ntitle: x\n\nA text\n").slip.is_some());
    }
}
