//! Paragraphs that are none in markup: what stands between two breaks or more, as Blogger's editor wrote posts for years.

use std::borrow::Cow;
use std::ops::Range;

use super::tag::{Piece, Scanner, is_void};
use crate::collect::plain;

/// Elements in which such paragraphs stand.
const AROUND: [&str; 6] = ["div", "section", "article", "main", "center", "blockquote"];

/// Elements that no paragraph holds.
const BLOCKS: [&str; 41] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "pre",
    "section",
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

/// What shows something without a word.
const SHOWN: [&str; 6] = ["<img", "<iframe", "<video", "<audio", "<embed", "<object"];

/// Balanced markup in which those are paragraphs, where it has none of its own.
pub(super) fn in_paragraphs(html: &str) -> Cow<'_, str> {
    let has = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
    if !has("<br") || has("<p>") || has("<p ") {
        return Cow::Borrowed(html);
    }
    let lines = lines(html);
    if !lines.iter().any(|line| line.breaks.iter().any(|(_, is_wide)| *is_wide)) {
        return Cow::Borrowed(html);
    }
    let (mut out, mut copied) = (String::with_capacity(html.len() + html.len() / 8), 0);
    for line in lines.iter().filter(|line| !line.holds_block) {
        out.push_str(&html[copied..line.range.start]);
        copied = line.range.end;
        let mut from = line.range.start;
        let wide = line.breaks.iter().filter(|(_, is_wide)| *is_wide).map(|(range, _)| range.clone());
        for between in wide.chain(std::iter::once(line.range.end..line.range.end)) {
            let inside = without_breaks(&html[from..between.start]);
            let shows = SHOWN.iter().any(|tag| inside.contains(tag)) || !plain::from_html(inside).is_empty();
            out.extend(if shows { ["<p>", inside, "</p>\n"] } else { ["", inside, ""] });
            from = between.end;
        }
    }
    out.push_str(&html[copied..]);
    Cow::Owned(out)
}

/// Text and elements of lines that stand beside each other, between blocks.
struct Line {
    range: Range<usize>,
    /// Its breaks that stand in no other element, several as one, and whether they are several.
    breaks: Vec<(Range<usize>, bool)>,
    /// Whether a block stands in one of its elements.
    holds_block: bool,
}

fn lines(html: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut line: Option<Line> = None;
    // The elements that are open, and how many of them stand in lines.
    let mut open: Vec<&str> = Vec::new();
    let mut inline = 0_usize;
    let mut scanner = Scanner::new(html);
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let (name, closes) = match piece {
            Piece::Open { name, .. } => (name, false),
            Piece::Close { name } => (name, true),
            Piece::Text(_) | Piece::Stray => ("", false),
        };
        let is_block = BLOCKS.contains(&name);
        if is_block && inline == 0 {
            lines.extend(line.take());
        } else if is_block {
            if let Some(line) = &mut line {
                line.holds_block = true;
            }
        } else if inline == 0 && !closes && open.last().is_none_or(|around| AROUND.contains(around)) {
            line.get_or_insert_with(|| Line { range: from..from, breaks: Vec::new(), holds_block: false });
        }
        if let Some(line) = &mut line {
            line.range.end = scanner.at;
            if name == "br" && inline == 0 {
                line.note_break(html, from..scanner.at);
            }
        }
        if closes {
            let closed = open.pop_if(|open| *open == name);
            inline -= usize::from(closed.is_some() && !is_block);
        } else if !name.is_empty() && !is_void(name) {
            open.push(name);
            inline += usize::from(!is_block);
        }
    }
    lines.extend(line);
    lines
}

impl Line {
    fn note_break(&mut self, html: &str, range: Range<usize>) {
        match self.breaks.last_mut() {
            Some((last, is_wide)) if is_blank(&html[last.end..range.start]) => {
                (last.end, *is_wide) = (range.end, true);
            }
            _ => self.breaks.push((range, false)),
        }
    }
}

fn is_blank(html: &str) -> bool {
    without_breaks(html).is_empty()
}

/// The inside of a line without breaks and blanks at its ends.
fn without_breaks(html: &str) -> &str {
    const BLANKS: [&str; 2] = ["<br>", "&nbsp;"];
    let mut inside = html.trim();
    while let Some(rest) =
        BLANKS.iter().find_map(|blank| inside.strip_prefix(blank).or_else(|| inside.strip_suffix(blank)))
    {
        inside = rest.trim();
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::in_paragraphs;

    #[test]
    fn what_stands_between_breaks_is_a_paragraph() {
        for (html, expected) in [
            ("a<br><br>b <b>c</b><br>d", "<p>a</p>\n<p>b <b>c</b><br>d</p>\n"),
            ("<div>a<br>\n&nbsp;<br><br>b<br></div>", "<div><p>a</p>\n<p>b</p>\n</div>"),
            ("a<br><br><div><img src=\"x\"></div><br>b", "<p>a</p>\n<div><p><img src=\"x\"></p>\n</div><p>b</p>\n"),
            (
                "a<br><br><ul><li>b<br><br>c</li></ul><a name=\"d\"></a>",
                "<p>a</p>\n<ul><li>b<br><br>c</li></ul><a name=\"d\"></a>",
            ),
            ("a<br><br><i>b<div>c</div></i> d", "a<br><br><i>b<div>c</div></i> d"),
        ] {
            assert_eq!(in_paragraphs(html), expected);
        }
        for html in [
            "a<br>b<br>c",
            "<p>a</p>b<br><br>c",
            "<span>a<br><br>b</span>",
            "<pre>a<br><br>b</pre>",
            "<table><tbody><tr><td>a<br><br>b</td></tr></tbody></table>",
        ] {
            assert_eq!(in_paragraphs(html), html);
        }
        for piece in ["<br>", "a<br><br>", "<b>a<br><br>", "<div>a<br><br>", "<b><div>", "&nbsp;<br>"] {
            in_paragraphs(&piece.repeat(50_000));
        }
    }
}
