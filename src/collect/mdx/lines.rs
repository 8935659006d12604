//! HTML in lines of MDX, which has no blocks of HTML: what stands in an element is Markdown, its words or its paragraphs.
//! `CommonMark` would take all up to an empty line for HTML.

use crate::collect::body;
use crate::collect::sanitise::tag::{Piece, Scanner};

/// Elements with which `CommonMark` begins a block of HTML (0.31, 4.6), of those that a post may have.
const BLOCKS: [&str; 46] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "iframe",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "section",
    "source",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Those of them that hold words alone.
const WORDS: [&str; 10] = ["caption", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "p", "summary"];

/// Those that hold elements alone.
const FRAMES: [&str; 13] =
    ["col", "colgroup", "dir", "dl", "hr", "menu", "ol", "source", "table", "tbody", "tfoot", "thead", "tr"];

/// Whether an element of this name is a block.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// What is to be done about a line of which the text is made.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It is Markdown, and stays.
    Markdown,
    /// It is HTML, and so is what follows it.
    Html,
    /// It is HTML, and what follows it is Markdown: an empty line must part them.
    Parted,
    /// Its words become HTML; `true` where what follows is Markdown.
    Words(String, bool),
}

/// Looks at a line. `in_html` says that the line before it leaves a block of HTML open, `begins` that the one before it is
/// empty.
pub(super) fn look(line: &str, in_html: bool, begins: bool) -> Line {
    let trimmed = line.trim();
    let mut scanner = Scanner::of_foreign(trimmed);
    let first = scanner.next();
    let is_block_tag = match first {
        Some(Piece::Open { name, .. } | Piece::Close { name }) => is_block(name),
        _ => false,
    };
    let is_tag = matches!(first, Some(Piece::Open { .. } | Piece::Close { .. }));
    // A tag of any name alone on a line begins a block of HTML, too.
    let is_alone = is_tag && begins && scanner.clone().next().is_none();
    if !in_html && !is_block_tag && !is_alone {
        return Line::Markdown;
    }
    let is_text = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => !text.trim().is_empty(),
        Piece::Stray => true,
        Piece::Open { .. } | Piece::Close { .. } => false,
    };
    let (mut last, mut has_words) = (None, false);
    for piece in first.into_iter().chain(scanner) {
        has_words |= is_text(&piece);
        last = Some(piece).filter(|piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty())).or(last);
    }
    let parts = match last {
        Some(Piece::Close { name }) => !is_alone || is_block(name) || !in_html,
        Some(Piece::Open { name, .. }) => !WORDS.contains(&name) && !FRAMES.contains(&name),
        _ => false,
    };
    match (has_words, parts) {
        (true, _) => Line::Words(words(trimmed), matches!(last, Some(Piece::Close { name }) if is_block(name))),
        (false, true) => Line::Parted,
        (false, false) => Line::Html,
    }
}

/// A line of Markdown with tags in it, as HTML.
fn words(line: &str) -> String {
    // Behind words no block begins.
    let html = body::to_html(&format!(", {line}"), false).html;
    let inside = html.trim_end().strip_prefix("<p>, ").and_then(|rest| rest.strip_suffix("</p>"));
    inside.filter(|inside| !inside.contains("\n\n")).unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Line, look};

    #[test]
    fn what_stands_in_an_element_is_markdown() {
        let words = |html: &str, parts| Line::Words(html.to_owned(), parts);
        for (line, in_html, expected) in [
            ("<div>", false, Line::Parted),
            ("</div>", true, Line::Parted),
            ("<tr>", false, Line::Html),
            ("<p align=\"center\">", false, Line::Html),
            ("<a href=\"/b\">", false, Line::Parted),
            ("a *b* <b>c</b>", false, Line::Markdown),
            ("<b>c</b> *d*", false, Line::Markdown),
            ("a *b*", true, words("a <em>b</em>", false)),
            ("<td>a **b**</td>", false, words("<td>a <strong>b</strong></td>", true)),
            ("<div>_a_ and [l](/m)</div>", false, words("<div><em>a</em> and <a href=\"/m\">l</a></div>", true)),
            ("<p>- `a` < b", false, words("<p>- <code>a</code> &lt; b", false)),
        ] {
            assert_eq!(look(line, in_html, true), expected, "{line}");
        }
        assert_eq!(look("<br/>", false, false), Line::Markdown);
    }
}
