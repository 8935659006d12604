//! What unknown shortcodes say of the text in them: a title, an author, where it leads.

use std::ops::Range;

use super::arguments::Arguments;
use super::builders;
use crate::collect::liquid::{Frame, Standing, frame};
use crate::model::escaped;

/// What plugins put before the names of their shortcodes, beside page builders.
const PREFIXES: [&str; 2] = ["su_", "wpsm_"];

/// Shortcodes of notes below the text; here they stand where they belong, in round brackets.
const NOTES: [&str; 7] = ["footnote", "efn_note", "ref", "modern_footnote", "mfn", "fn", "sidenote"];

/// Words in the names of shortcodes that part a page: columns, by their names or their shares of a row, and what is shown one at a
/// time.
const PARTS: [&str; 24] = [
    "accordion",
    "accordions",
    "accordionitem",
    "col",
    "cols",
    "column",
    "columns",
    "fifth",
    "fifths",
    "fourth",
    "fourths",
    "half",
    "pane",
    "panes",
    "quarter",
    "row",
    "sixth",
    "tab",
    "tabgroup",
    "tabitem",
    "tabs",
    "third",
    "thirds",
    "toggle",
];

/// How blocks of HTML begin that no sentence holds.
const BLOCKS: [&str; 6] = ["<p", "<div", "<h", "<ul", "<ol", "<table"];

/// So far a line's end is looked for in the text, in bytes.
const NEAR: usize = 1000;

/// Whether a shortcode of this name is a part of a page, beside which others stand.
pub(super) fn is_part(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_word = |word: &str| PARTS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    !lower.contains("table") && lower.split(['_', '-']).any(is_word)
}

/// Whether a shortcode stands with its text in a sentence, and so is no part of a page whatever its name.
pub(super) fn is_in_sentence(text: &str, start: usize, inside: Range<usize>, end: usize) -> bool {
    let inside = &text[inside];
    let is_words = inside.len() < NEAR && !inside.contains('\n') && !BLOCKS.iter().any(|block| inside.contains(block));
    let blank = [' ', '\t'];
    let before = text[..start].trim_end_matches(blank).chars().next_back();
    let after = text[end..].trim_start_matches(blank).chars().next();
    let follows = before.is_some_and(|c| !matches!(c, '\n' | '\r' | ']' | '>'));
    is_words && (follows || after.is_some_and(|c| !matches!(c, '\n' | '\r' | '[' | '<')))
}

/// What a part of a page says above its text: what it is called, unless that is a number, a width or a name for its site's programs.
pub(super) fn title_of_part(name: &str, arguments: &Arguments) -> Option<String> {
    let is_title = |title: &str| title.chars().any(char::is_alphabetic);
    let is_for_people = |title: &String| {
        !title.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
    };
    let named = arguments.get(&["title", "heading", "header"]).map(str::to_owned);
    let named = named.or_else(|| arguments.get(&["label", "name"]).map(str::to_owned).filter(is_for_people));
    let frame = || frame::of(name, &arguments.as_markdown(), Standing::Block).before;
    let alone = || frame().trim().strip_prefix("<strong>")?.strip_suffix("</strong>").map(str::to_owned);
    named.or_else(|| alone().filter(is_for_people)).filter(|title| is_title(title))
}

/// The frame of a shortcode that stands at `start` around `inside`, as Markdown's shortcodes of the same name have it.
pub(super) fn of(name: &str, arguments: &Arguments, text: &str, start: usize, inside: Range<usize>) -> Frame {
    let lower = name.to_ascii_lowercase();
    let bare = PREFIXES.iter().find_map(|prefix| lower.strip_prefix(prefix)).or_else(|| builders::bare(&lower));
    let name = bare.unwrap_or(&lower);
    if NOTES.contains(&&*name.replace('-', "_")) {
        return Frame { before: " (".to_owned(), after: ")".to_owned() };
    }
    let tip = arguments.get(&["text", "content", "title", "tip"]);
    if let ("tooltip" | "popover", Some(words)) = (name, tip) {
        return Frame { before: String::new(), after: format!(" ({})", escaped(words)) };
    }
    let begins_line =
        text[..start].trim_end_matches([' ', '\t', '\r']).ends_with('\n') || text[..start].trim_end().is_empty();
    let is_block = begins_line && text[inside].bytes().take(NEAR).any(|byte| byte == b'\n');
    let standing = if is_block { Standing::Block } else { Standing::InLine };
    let frame = frame::of(name, &arguments.as_markdown(), standing);
    // A quotation within a line of which nothing is said is its words.
    if frame.before == "<q>" && frame.after == "</q>" { Frame::default() } else { frame }
}
