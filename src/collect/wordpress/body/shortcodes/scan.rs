//! Finding shortcodes in a text.

use std::ops::Range;

use super::arguments::Arguments;
use super::builders::siteorigin;
use crate::collect::wordpress::body::markup::{Markup, Token};

/// Letters of the longest shortcode that is looked for, its values included.
const LONGEST: usize = 4096;

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `[name …]`.
    Open,
    /// `[/name]`.
    Close,
    /// `[[name …]]`, or `[[name]…[/name]]`.
    Escaped,
}

/// A shortcode's mark in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark<'a> {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    /// What stands after the name.
    pub(super) arguments: &'a str,
    /// Whether it closes itself: `[name /]`.
    pub(super) is_alone: bool,
}

impl Mark<'_> {
    /// Whether it begins a widget of `SiteOrigin`'s.
    pub(super) fn is_widget(&self) -> bool {
        self.kind == Kind::Open && self.name == siteorigin::NAME
    }

    /// Whether an unknown name is a shortcode, and no word in brackets: it is closed, has arguments, or is spelt as
    /// programs spell.
    pub(super) fn is_likely(&self, is_closed: bool, arguments: &Arguments) -> bool {
        !holds_markup(self.arguments)
            && (is_closed || self.is_alone || arguments.has_named() || self.name.contains('_'))
    }
}

/// Whether there is a tag outside of quoted values: a link within words in brackets.
fn holds_markup(arguments: &str) -> bool {
    let mut quote = None;
    for (at, c) in arguments.char_indices() {
        match (quote, c) {
            (None, '<') => return true,
            (None, '"' | '\'') if arguments[..at].ends_with('=') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    false
}

/// Every mark, in order. Code, and what stands inside of tags, is passed over.
pub(super) fn marks(text: &str) -> Vec<Mark<'_>> {
    let markup = Markup::new(text);
    let mut marks: Vec<Mark<'_>> = Vec::new();
    let (mut at, mut code, mut end) = (0, 0_usize, 0);
    for token in markup.tokens() {
        let start = at;
        at += token.raw().len();
        match token {
            Token::Tag { name: "code", closes, .. } => code = if closes { code.saturating_sub(1) } else { code + 1 },
            Token::Text(part) if part.contains('[') => {
                for (offset, _) in part.match_indices('[') {
                    let from = start + offset;
                    if from < end {
                        continue;
                    }
                    // In code only what is escaped is a mark: it was written to be read.
                    let found = mark(text, from).filter(|mark| code == 0 || mark.kind == Kind::Escaped);
                    if let Some(found) = found {
                        end = found.range.end;
                        marks.push(found);
                    }
                }
            }
            _ => {}
        }
    }
    marks
}

/// The mark that begins at the bracket at `from`.
fn mark(text: &str, from: usize) -> Option<Mark<'_>> {
    let rest = text.get(from + 1..)?;
    if let Some(inner) = rest.strip_prefix('[') {
        return escaped(text, from, inner);
    }
    let (rest, closes) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
    let name = name(rest)?;
    let after = &rest[name.len()..];
    let inside = inside(after)?;
    let name_at = from + 1 + usize::from(closes);
    let range = from..name_at + name.len() + inside.len() + 1;
    if closes {
        return inside.trim().is_empty().then_some(Mark {
            range,
            kind: Kind::Close,
            name,
            arguments: "",
            is_alone: false,
        });
    }
    let (arguments, is_alone) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
    // `[youtube=https://…]` and `[audio:https://…]` are older spellings.
    let arguments = arguments.strip_prefix(['=', ':']).unwrap_or(arguments);
    Some(Mark { range, kind: Kind::Open, name, arguments, is_alone })
}

/// `[[name …]]`, or `[[name …]…[/name]]`; `inner` begins with the name.
fn escaped<'a>(text: &'a str, from: usize, inner: &'a str) -> Option<Mark<'a>> {
    let bare = inner.strip_prefix('/').unwrap_or(inner);
    let name = name(bare)?;
    let inside = inside(&bare[name.len()..])?;
    let close = from + 2 + (inner.len() - bare.len()) + name.len() + inside.len();
    let end = if text[close..].starts_with("]]") {
        close + 2
    } else {
        let tail = format!("[/{name}]]");
        let reach = (close + LONGEST..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        close + text[close..reach].find(&tail)? + tail.len()
    };
    Some(Mark { range: from..end, kind: Kind::Escaped, name, arguments: "", is_alone: false })
}

/// The name that a text begins with.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(text.len());
    let name = &text[..end];
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic()) && (2..=64).contains(&name.len());
    let is_file = || matches!(name, "audio" | "video") && text[end..].starts_with(":http");
    (fits && (text[end..].starts_with([']', ' ', '\n', '\t', '=', '/', '\u{a0}']) || is_file())).then_some(name)
}

/// What stands before the bracket that closes: quoted values may hold brackets.
fn inside(text: &str) -> Option<&str> {
    let mut quote = None;
    let mut first = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        match (quote, c) {
            (None, ']') => return Some(&text[..at]),
            (None, '[') => return None,
            (Some(_), ']') if first.is_none() => first = Some(at),
            (None, '"' | '\'') if text[..at].ends_with(['=', ' ']) => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    first.map(|at| &text[..at])
}

/// The mark that closes the one at `index`: the next one of its name, with no other beginning before it.
pub(super) fn close_of<'m, 'a>(marks: &'m [Mark<'a>], index: usize) -> Option<&'m Mark<'a>> {
    let mark = &marks[index];
    if mark.is_alone {
        return None;
    }
    let next =
        marks[index + 1..].iter().take(LONGEST).find(|other| other.name == mark.name && other.kind != Kind::Escaped)?;
    (next.kind == Kind::Close).then_some(next)
}
