//! Front matter whose fences have a slip: other signs than `---`, no closing line, something before it. An editor that sets dashes
//! or signs for the direction of text makes such lines by itself, and a draft must not be published for one.

use super::held;
use super::lines::{key_and_value, split_key};
use super::split::{HEAD_KEYS, next_line};
use crate::model::is_unseen;

/// What is wrong with the fences of a front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip<'a> {
    /// It stands between other lines than it should. It is read all the same.
    Fence {
        /// The line that should be another.
        found: &'a str,
        /// Where it is, from 1.
        line: usize,
        /// The fence that it was to close, if it does not open.
        opened: Option<&'static str>,
        /// What stands behind the line that closes it, which may be one of its values.
        behind: &'a str,
    },
    /// There is no closing line. It is text.
    Unclosed(Unread<'a>),
    /// The line that opens it is another than it should, and not all lines up to the next such line are ones of front matter. It is text.
    Opened {
        /// The line.
        found: &'a str,
        unread: Unread<'a>,
    },
    /// There is no opening line. It is text.
    Unopened(Unread<'a>),
    /// Something stands before it. It is text.
    Behind(Unread<'a>),
}

/// Lines that look like front matter and are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unread<'a> {
    pub(super) text: &'a str,
    /// What stands behind them, which they may have been meant to go on with.
    pub(super) behind: &'a str,
    /// The line of the file on which they begin, or that stands for their fence, from 1.
    pub(super) line: usize,
    /// Whether what they say may hold the post back: it is no prose.
    pub(super) counts: bool,
}

/// Lines of keys with what closes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan<'a> {
    /// The lines, without the one that closes them.
    pub(super) text: &'a str,
    /// The closing line, where it begins and where the next one does.
    pub(super) closing: Option<(&'a str, usize, usize)>,
}

/// So many lines are looked at behind those of a front matter whose end is not sure.
const BEHIND: usize = 20;

/// Reads the lines from `from` on that may be those of a front matter: keys, what belongs to them, and empty ones before others.
pub(super) fn scan(text: &str, from: usize) -> Scan<'_> {
    let (mut at, mut end, mut is_after_gap) = (from, from, false);
    let mut is_listed = false;
    while at < text.len() {
        let next = next_line(text, at);
        let line = &text[at..next];
        let seen = trimmed(line);
        if is_fence(seen, true) && !(line.starts_with([' ', '\t']) && goes_on(&text[next..])) {
            return Scan { text: &text[from..at], closing: Some((seen, at, next)) };
        }
        let is_table = seen.starts_with('[') && seen.ends_with(']');
        let belongs = seen.starts_with(['#', '{', '}', ']']) || seen.starts_with("- ") || line.starts_with([' ', '\t']);
        let key = key_and_value(seen);
        let is_item = seen.starts_with("- ");
        match seen {
            "" => is_after_gap = true,
            _ if key.is_some() || is_table || (belongs && !is_after_gap) || (is_item && is_listed) => {
                is_listed = key.map_or(is_item, |(_, value)| value.is_empty());
                (end, is_after_gap) = (next, false);
            }
            _ => break,
        }
        at = next;
    }
    Scan { text: &text[from..end], closing: None }
}

/// What stands behind `from` up to the next fence or code, as far as it is looked at.
pub(super) fn behind_stop(text: &str, from: usize) -> &str {
    let mut at = from;
    for _ in 0..BEHIND {
        let next = next_line(text, at);
        let seen = trimmed(&text[at..next]);
        if at >= text.len() || is_fence(seen, true) || seen.starts_with("```") || seen.starts_with("~~~") {
            break;
        }
        at = next;
    }
    &text[from..at]
}

/// The first of these lines that says that this is a draft.
pub(super) fn draft_line(text: &str) -> Option<&str> {
    text.lines().map(|line| trimmed(line).trim_start_matches(['{', ' '])).find(|line| says_draft(line))
}

/// Finds what looks like front matter at `start`, where the text begins with no fence: between lines of other signs, behind a
/// comment, a heading or the beginning of code, or without an opening line. `Ok` is where it is to be read.
pub(super) fn find(text: &str, start: usize) -> Option<Result<(Scan<'_>, Slip<'_>), Slip<'_>>> {
    let (at, before) = behind(text, start);
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let opening = trimmed(&text[at..next_line(text, at)]);
    let is_open = is_fence(opening, false);
    if !is_open && !matches!(before, Before::Nothing | Before::Comment) {
        return None;
    }
    let from = if is_open { next_line(text, at) } else { at };
    let scan = scan(text, from);
    if !is_head(scan.text) {
        return None;
    }
    let is_closed = scan.closing.is_some();
    let is_draft = says_draft(scan.text);
    let counts = is_draft || (is_open && (is_closed || matches!(before, Before::Nothing | Before::Comment)));
    let behind = behind_stop(text, scan.closing.map_or(from + scan.text.len(), |(_, _, next)| next));
    let cut_off = if is_open && !is_closed { behind } else { "" };
    let unread = Unread { text: scan.text, behind: cut_off, line: line_of(at), counts };
    match before {
        Before::Nothing if is_open && is_closed => {
            Some(Ok((scan, Slip::Fence { found: opening, line: line_of(at), opened: None, behind })))
        }
        Before::Nothing if is_open => Some(Err(Slip::Opened { found: opening, unread })),
        // One line with a sign that stands for a colon may be prose.
        Before::Nothing => (is_draft || has_known_keys(scan.text)).then_some(Err(Slip::Unopened(unread))),
        // An article may show what front matter is.
        Before::Code => (is_closed && is_draft).then_some(Err(Slip::Behind(unread))),
        Before::Comment | Before::Heading => Some(Err(Slip::Behind(unread))),
    }
}

/// What stands before the lines in question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Comment,
    Heading,
    Code,
}

/// Where the first line begins behind comments and a heading, or within code that stands first.
fn behind(text: &str, start: usize) -> (usize, Before) {
    let (mut at, mut before) = (start, Before::Nothing);
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start_matches(is_blank).len();
        let rest = &text[at..];
        if rest.starts_with("<!--")
            && let Some(end) = rest.find("-->")
        {
            at += end + 3;
            before = if before == Before::Nothing { Before::Comment } else { before };
        } else if before != Before::Heading && rest.trim_start_matches('#').starts_with(' ') && rest.starts_with('#') {
            (at, before) = (next_line(text, at), Before::Heading);
        } else if rest.starts_with("```") || rest.starts_with("~~~") {
            return (next_line(text, at), Before::Code);
        } else {
            return (at, before);
        }
    }
}

/// Whether nobody sees a sign: blanks, and what turns text.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_unseen(c)
}

/// A line without what nobody sees around it.
pub(super) fn trimmed(line: &str) -> &str {
    line.trim_matches(is_blank)
}

/// Whether a line is of the signs that stand for a fence, or that editors make of one; `---` is one dash to some of them.
pub(super) fn is_fence(line: &str, closes: bool) -> bool {
    let mut weight = 0_usize;
    for c in line.chars() {
        weight += match c {
            '-'
            | '_'
            | '*'
            | '+'
            | '='
            | '\u{2010}'..='\u{2012}'
            | '\u{2212}'
            | '\u{2500}'
            | '\u{2501}'
            | '\u{ff0d}' => 1,
            '\u{2013}' => 2,
            '\u{2014}' | '\u{2015}' | '\u{2e3a}' | '\u{2e3b}' => 3,
            '.' if closes => 1,
            '\u{2026}' if closes => 3,
            c if is_blank(c) => 0,
            _ => return false,
        };
    }
    weight > 1
}

/// Whether lines are a head and no prose: they have a title, two of the keys that heads have, or say that this is a draft.
pub(super) fn is_head(text: &str) -> bool {
    said(text).any(|(key, _)| key.eq_ignore_ascii_case("title")) || has_known_keys(text) || says_draft(text)
}

/// Whether two of the lines have keys of heads.
fn has_known_keys(text: &str) -> bool {
    let known = said(text).filter(|(key, _)| HEAD_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)));
    known.count() > 1
}

/// The lines that have a key and its value; a brace may stand before them.
fn said(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines().filter_map(|line| key_and_value(trimmed(line).trim_start_matches(['{', ' '])))
}

/// Whether one of the lines says that this is a draft, in words that no prose has.
pub(super) fn says_draft(text: &str) -> bool {
    said(text).any(|(key, value)| held::says_draft(key, value))
}

/// Whether the first of these lines is one of a front matter, whose value the line before may end.
fn goes_on(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let key = first.split([':', '=']).next().filter(|key| key.len() < first.len());
    first.starts_with('#') || key.is_some_and(|key| key.split_whitespace().count() < 3)
}

/// Whether the first of these lines has a key.
pub(super) fn begins_with_key(text: &str) -> bool {
    text.lines().next().is_some_and(|line| split_key(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::is_fence;
    use std::path::Path;

    fn read(text: &str) -> (Option<String>, Option<String>, String, Vec<String>) {
        let mut warnings = Vec::new();
        let parsed = parse(text, &[], false, Path::new("a.md"), &mut warnings);
        let body = text[parsed.body_start..].to_owned();
        (parsed.front.title, parsed.front.held_back, body, warnings.iter().map(ToString::to_string).collect())
    }

    const KEYS: &str = "title: Secret\ndate: 2026-09-03\ndraft: true\n";

    #[test]
    fn signs_that_turn_text_mean_nothing_around_a_fence() {
        for (opening, closing) in
            [("\u{200f}---", "---"), ("---\u{200e}", "\u{200f}---"), ("\u{feff}\u{200f}---", "---")]
        {
            let (title, held, body, warnings) = read(&format!("{opening}\n{KEYS}{closing}\nText\n"));
            assert_eq!((title.as_deref(), held.as_deref()), (Some("Secret"), Some("`draft: true`")), "{opening}");
            assert_eq!((body.as_str(), warnings), ("Text\n", Vec::new()));
        }
    }

    #[test]
    fn a_head_between_other_lines_is_read_and_told() {
        for (opening, closing, line) in [
            ("\u{2014}", "\u{2014}", 1),
            ("\u{2014}\u{2014}\u{2014}", "\u{2014}\u{2014}\u{2014}", 1),
            ("\u{2013}-", "\u{2013}-", 1),
            ("----", "----", 1),
            ("--", "--", 1),
            ("***", "***", 1),
            ("- - -", "___", 1),
            ("---", "-----", 5),
            ("---", "\u{2014}", 5),
            ("---", "  ---", 5),
            (" ---", " ---", 5),
            ("---", "\u{2026}", 5),
            ("+++", "---", 5),
        ] {
            // A line that closes it as it should would count more.
            let rule = if opening.trim() == "---" { "***" } else { "---" };
            let text = format!("\nText\n\n{rule}\n\nMore\n");
            let (title, held, body, warnings) = read(&format!("{opening}\n{KEYS}{closing}\n{text}"));
            assert_eq!(
                (title.as_deref(), held.as_deref()),
                (Some("Secret"), Some("`draft: true`")),
                "{opening}{closing}"
            );
            assert_eq!(body, text, "{opening}{closing}");
            let told = format!("a.md:{line}:1: `{}` ", if line == 1 { opening } else { closing });
            assert!(warnings[0].starts_with(&told), "{warnings:?}");
        }
        let (title, held, _, _) = read("+++\ntitle = 'Secret'\ndraft = true\n---\nText\n");
        assert_eq!((title.as_deref(), held.as_deref()), (Some("Secret"), Some("`draft: true`")));
        let (title, held, ..) = read("\u{2014}\ntitle: Open\n\ntags:\n- a\n\u{2014}\nText\n");
        assert_eq!((title.as_deref(), held), (Some("Open"), None));
    }

    #[test]
    fn a_head_that_is_text_holds_back_what_it_calls_a_draft() {
        for (text, line) in [
            (format!("---\n{KEYS}\nText\n"), 1),
            (format!("---\n\n{KEYS}\nText\n"), 1),
            ("---\nstatus: draft\n\nText\n".to_owned(), 1),
            ("+++\ntitle = 'Secret'\ndraft = true\n\nText\n".to_owned(), 1),
            ("---json\n{\n  \"title\": \"Secret\",\n  \"draft\": true\n}\n\nText\n".to_owned(), 1),
            ("{\n  \"title\": \"Secret\",\n  \"draft\": true\n\nText\n".to_owned(), 1),
            ("{\"title\": \"Secret\",\n\"draft\": true\n\nText\n".to_owned(), 1),
            (format!("\u{2014}\n{KEYS}\nText\n"), 1),
            (format!("<!-- of the club -->\n---\n{KEYS}---\nText\n"), 2),
            (format!("<!-- of the club -->\n{KEYS}---\nText\n"), 2),
            (format!("# Secret\n\n---\n{KEYS}---\nText\n"), 3),
            (format!("```yaml\n---\n{KEYS}---\n```\nText\n"), 2),
            ("title = 'Secret'\ndraft = true\n\nText\n".to_owned(), 1),
            ("---\ntitle: Secret\ntags:\n\n- a\n\ndraft: true\n\nText\n".to_owned(), 1),
            ("---\ntitle: Secret\nA line of words\n\nand one\ndraft: true\n\nText\n".to_owned(), 1),
            ("\u{2014}\ntitle: Secret\nA line of words\ndraft: true\n\u{2014}\nText\n".to_owned(), 1),
        ] {
            let (title, held, body, warnings) = read(&text);
            assert_eq!((title, held.is_some()), (None, true), "{text}");
            assert_eq!(body, text);
            assert!(warnings[0].starts_with(&format!("a.md:{line}:1: ")), "{warnings:?}");
            assert!(warnings[0].contains("; the post is held back by `"), "{warnings:?}");
        }
    }

    #[test]
    fn what_another_line_cuts_off_holds_back_a_draft() {
        for (text, line) in [
            ("+++\ntitle = 'S'\nsummary = \"\"\"\n***\n\"\"\"\ndraft = true\n\nText\n", 4),
            ("---\ntitle: S\n----------\ndraft: true\n\nText\n", 3),
            ("\u{2014}\ntitle: S\n***\ndraft: true\n\u{2014}\nText\n", 1),
        ] {
            let (_, held, _, warnings) = read(text);
            assert!(held.is_some(), "{text}");
            assert!(warnings[0].starts_with(&format!("a.md:{line}:1: ")), "{warnings:?}");
            assert!(warnings[0].contains("; the post is held back by `draft"), "{warnings:?}");
        }
        let (_, held, body, _) =
            read("---\ntitle: S\nsummary: |\n  One\n  ***\nreading: 5\ndraft: true\n-----\nText\n");
        assert_eq!((held.as_deref(), body.as_str()), (Some("`draft: true`"), "Text\n"));
        // An article may show what front matter is.
        assert_eq!(read("---\ntitle: S\n-----\nText\n```\ndraft: true\n```\n").1, None);
    }

    #[test]
    fn a_head_that_other_lines_close_is_not_called_unclosed() {
        let (_, held, body, warnings) = read("\u{2014}\ntitle: S\nA line of words\n\u{2014}\nText\n");
        assert_eq!((held, body.lines().next()), (None, Some("\u{2014}")));
        assert!(
            warnings[0].contains("`\u{2014}` is no fence of front matter; everything was read as text"),
            "{warnings:?}"
        );
        let (title, _, body, _) = read("\u{2014}\ntitle: S\ntags:\n\n- a\n\n- b\n\u{2014}\nText\n");
        assert_eq!((title.as_deref(), body.as_str()), (Some("S"), "Text\n"));
    }

    #[test]
    fn rules_and_prose_are_text() {
        for text in [
            "---\n\nA text behind a rule.\n",
            "***\nNote: the hall is closed.\nPlace: the library\n***\nText\n",
            "***\nStatus: pending\n\nText\n",
            "---\n\nTime: at noon\n\nText\n",
            "Status: draft\nPlace: the library\n\nText\n",
            "Private: for Ann\n\nText\n",
            "Public: no\n\nText\n",
            "# Minutes\n\nDate: 5 May\nStatus: draft\n",
            "# Minutes\n\n---\nPlace: the library\nStatus: draft\n---\n",
            "```yaml\ntitle: Open\ndraft: true\n```\nIs front matter.\n",
            "x = 1\ny = 2\n",
            "<!-- a -->\nText: more\n",
            "--\nThe editors\n",
        ] {
            let (_, held, body, warnings) = read(text);
            assert_eq!((held, body.as_str()), (None, text));
            assert_eq!(warnings, Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn other_signs_than_a_colon_publish_no_draft() {
        for line in
            ["Draft = yes", "draft\u{ff1a} true", "draft\u{ff1a}true", "draft true", "draft - yes", "published = no"]
        {
            for text in [format!("---\ntitle: S\n{line}\n---\nText\n"), format!("---\n{line}\ntitle: S\n---\nText\n")] {
                let (title, held, ..) = read(&text);
                assert_eq!((title.as_deref(), held.is_some()), (Some("S"), true), "{text}");
            }
        }
        for line in ["draft = no", "drafts of it", "published by the editors", "draft the text"] {
            assert_eq!(read(&format!("---\ntitle: S\n{line}\n---\nText\n")).1, None, "{line}");
        }
        assert_eq!(read("Draft: true\n\nText\n").1.as_deref(), Some("`draft: true`"));
    }

    #[test]
    fn fences_have_two_signs_or_a_long_one() {
        assert!(is_fence("----", false) && is_fence("\u{2014}", false) && is_fence("\u{2013}", false));
        assert!(!is_fence("-", false) && !is_fence("", false) && !is_fence("...", false) && !is_fence("--x", false));
    }
}
