//! Paragraphs of the classic editor, as WordPress makes them of plain text: an empty line parts paragraphs, a line end
//! breaks a line, and what is a block already stays as it is.
//!
//! One pass over the tags with a stack of open blocks. Text that stands between block tags is a run; whether it is
//! wrapped in `<p>` depends on the block that it stands in and on what stands beside it.

use super::markup::{Markup, Token};
use super::shortcodes::Piece;

/// Blocks open at once, beyond which nesting is not followed.
const MAX_DEPTH: usize = 512;

/// How a block treats the text that stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Every paragraph is wrapped: a quotation, and outside of all blocks.
    Body,
    /// Wrapped unless it is the only thing in the block.
    Flow,
    /// Wrapped where there are several paragraphs.
    Item,
    /// A paragraph already: an empty line ends it.
    Paragraph,
    /// Holds no paragraphs: a heading, a caption.
    Phrase,
    /// Holds no text of its own: a list, a table row.
    Structure,
    /// Holds nothing.
    Void,
}

/// What a block element is; `None` for an element inside of a line.
fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "blockquote" => Kind::Body,
        "div" | "section" | "article" | "aside" | "header" | "footer" | "main" | "nav" | "form" | "fieldset"
        | "details" | "address" | "hgroup" | "center" => Kind::Flow,
        "li" | "td" | "th" | "dd" => Kind::Item,
        "p" => Kind::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "caption" | "figcaption" | "figure" | "summary" | "legend" => {
            Kind::Phrase
        }
        "ul" | "ol" | "dl" | "menu" | "dir" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup" | "map" => {
            Kind::Structure
        }
        "hr" | "col" | "area" => Kind::Void,
        _ => return None,
    })
}

/// Whether a block that begins ends `open`, whose end tag may be left out.
fn ends(open: &str, begins: &str) -> bool {
    match open {
        "p" => true,
        "li" => begins == "li",
        "dt" | "dd" => matches!(begins, "dt" | "dd"),
        "td" | "th" => matches!(begins, "td" | "th" | "tr"),
        "tr" => begins == "tr",
        _ => false,
    }
}

/// Writes the paragraphs of a text. Pieces that are blocks stay as they are.
pub(super) fn paragraphs(pieces: &[Piece]) -> String {
    let mut writer = Writer::default();
    for piece in pieces {
        match piece {
            Piece::Markup(text) => {
                let markup = Markup::new(text);
                for token in markup.tokens() {
                    writer.token(token);
                }
            }
            Piece::Block(html) => writer.block(html),
        }
    }
    writer.flush(Beside::End);
    writer.out
}

/// What follows a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// Another block inside of the same one.
    Block,
    /// The end of the block that it stands in.
    End,
}

struct Open {
    name: String,
    kind: Kind,
    /// Whether something stood in it before the run.
    has_child: bool,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Text and tags since the last block tag; line ends are breaks.
    run: String,
    /// Whether the run shows anything.
    shows: bool,
    /// Whether the run ends with a `<br>`.
    after_break: bool,
    open: Vec<Open>,
    /// Whether something stood outside of all blocks before the run.
    root_has_child: bool,
}

impl Writer {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => self.text(text),
            Token::Atom { name: "pre", raw } => self.block(raw),
            Token::Atom { name, raw } => self.inline(name, raw, !matches!(name, "script" | "style")),
            Token::Tag { name: "br", .. } => {
                self.run.push('\n');
                self.after_break = true;
            }
            Token::Tag { name, closes, raw } => match kind(name) {
                None => self.inline(name, raw, matches!(name, "img" | "embed" | "input" | "iframe" | "object")),
                Some(Kind::Void) => {
                    self.flush(Beside::Block);
                    self.out.push_str(raw);
                    self.out.push('\n');
                    self.has_child();
                }
                Some(_) if closes => self.close(name, raw),
                Some(kind) => self.begin(name, kind, raw),
            },
        }
    }

    fn text(&mut self, text: &str) {
        let mut text = text;
        if std::mem::take(&mut self.after_break) {
            // The line end after a `<br>` is the same break.
            let rest = text.trim_start_matches([' ', '\t']);
            text = rest.strip_prefix('\n').unwrap_or(text);
        }
        self.shows |= !text.trim().is_empty();
        self.run.push_str(text);
    }

    fn inline(&mut self, _: &str, raw: &str, shows: bool) {
        self.after_break = false;
        self.shows |= shows;
        if raw.contains('\n') {
            self.run.push_str(&raw.replace('\n', " "));
        } else {
            self.run.push_str(raw);
        }
    }

    /// A block that is whole.
    fn block(&mut self, html: &str) {
        self.flush(Beside::Block);
        self.out.push_str(html);
        if !html.ends_with('\n') {
            self.out.push('\n');
        }
        self.has_child();
    }

    fn begin(&mut self, name: &str, kind: Kind, raw: &str) {
        while self.open.last().is_some_and(|open| ends(&open.name, name)) {
            self.flush(Beside::End);
            self.open.pop();
        }
        self.flush(Beside::Block);
        self.has_child();
        self.out.push_str(raw);
        if kind == Kind::Structure || kind == Kind::Body {
            self.out.push('\n');
        }
        if self.open.len() < MAX_DEPTH && !raw.ends_with("/>") {
            self.open.push(Open { name: name.to_owned(), kind, has_child: false });
        }
    }

    fn close(&mut self, name: &str, raw: &str) {
        self.flush(Beside::End);
        match self.open.iter().rposition(|open| open.name == name) {
            Some(at) => self.open.truncate(at),
            // Parsers make an empty paragraph of it.
            None if name == "p" => return,
            None => {}
        }
        self.out.push_str(raw);
        self.out.push('\n');
    }

    fn has_child(&mut self) {
        match self.open.last_mut() {
            Some(open) => open.has_child = true,
            None => self.root_has_child = true,
        }
    }

    /// Writes the run.
    fn flush(&mut self, beside: Beside) {
        self.after_break = false;
        let run = std::mem::take(&mut self.run);
        let shows = std::mem::take(&mut self.shows);
        if run.trim().is_empty() {
            return;
        }
        if !shows {
            // Tags around a block: a link around a picture, say.
            self.out.push_str(run.trim());
            return;
        }
        let (kind, has_child) = self.open.last().map_or((Kind::Body, false), |open| (open.kind, open.has_child));
        let paragraphs: Vec<String> = split(&run).iter().map(|lines| lines.join("<br />\n")).collect();
        let several = paragraphs.len() > 1;
        match kind {
            Kind::Body => self.wrap(&paragraphs),
            Kind::Flow if several || has_child || beside == Beside::Block => self.wrap(&paragraphs),
            Kind::Item if several => self.wrap(&paragraphs),
            Kind::Flow | Kind::Item => self.out.extend(paragraphs),
            Kind::Paragraph => self.out.push_str(&paragraphs.join("</p>\n<p>")),
            Kind::Phrase => self.out.push_str(&paragraphs.join("<br />\n<br />\n")),
            Kind::Structure | Kind::Void => self.out.push_str(run.trim()),
        }
        self.has_child();
    }

    fn wrap(&mut self, paragraphs: &[String]) {
        for paragraph in paragraphs {
            self.out.extend(["<p>", paragraph, "</p>\n"]);
        }
    }
}

/// The parts of a run between empty lines.
fn split(run: &str) -> Vec<Vec<&str>> {
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in run.split('\n').map(str::trim) {
        match (line.is_empty(), paragraphs.last_mut()) {
            (false, Some(last)) => last.push(line),
            (true, Some(last)) if !last.is_empty() => paragraphs.push(Vec::new()),
            _ => {}
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::{Piece, paragraphs};

    fn html(text: &str) -> String {
        paragraphs(&[Piece::Markup(text.to_owned())])
    }

    #[test]
    fn empty_lines_part_paragraphs_and_line_ends_break_lines() {
        assert_eq!(html("One\ntwo\n\n\n Three  "), "<p>One<br />\ntwo</p>\n<p>Three</p>\n");
        assert_eq!(html("One<br />\ntwo<br><br>Three"), "<p>One<br />\ntwo</p>\n<p>Three</p>\n");
        assert_eq!(html("a <b\nclass=x>b</b>\nc"), "<p>a <b class=x>b</b><br />\nc</p>\n");
        assert_eq!(html(" \n\n "), "");
    }

    #[test]
    fn blocks_stay_blocks() {
        assert_eq!(html("One\n<h2>Two</h2>\nThree"), "<p>One</p>\n<h2>Two</h2>\n<p>Three</p>\n");
        assert_eq!(html("<div>One</div>\n\n<hr>\nTwo"), "<div>One</div>\n<hr>\n<p>Two</p>\n");
        assert_eq!(html("<div>One\n\ntwo</div>"), "<div><p>One</p>\n<p>two</p>\n</div>\n");
        assert_eq!(
            html("<div>One<ul><li>a</li></ul>b</div>"),
            "<div><p>One</p>\n<ul>\n<li>a</li>\n</ul>\n<p>b</p>\n</div>\n"
        );
        assert_eq!(html("<blockquote>One\ntwo</blockquote>"), "<blockquote>\n<p>One<br />\ntwo</p>\n</blockquote>\n");
    }

    #[test]
    fn paragraphs_that_are_there_stay() {
        assert_eq!(
            html("<p>One\ntwo</p>\n<p class=\"x\">Three</p>"),
            "<p>One<br />\ntwo</p>\n<p class=\"x\">Three</p>\n"
        );
        assert_eq!(html("<p>One\n\ntwo</p>"), "<p>One</p>\n<p>two</p>\n");
        assert_eq!(html("<p>One<h2>Two</h2></p>Three"), "<p>One<h2>Two</h2>\n<p>Three</p>\n");
    }

    #[test]
    fn lists_and_tables_hold_no_stray_paragraphs() {
        assert_eq!(
            html("<ul>\n\n<li>a</li>\n\n<li>b\n<ol><li>c</ol></li>\n</ul>"),
            "<ul>\n<li>a</li>\n<li>b<ol>\n<li>c</ol>\n</li>\n</ul>\n"
        );
        assert_eq!(html("<ul><li>a\n\nb</li></ul>"), "<ul>\n<li><p>a</p>\n<p>b</p>\n</li>\n</ul>\n");
        assert_eq!(
            html("<table>\n<tr>\n<td>a</td>\n\n<td>b</td></tr></table>"),
            "<table>\n<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n</table>\n"
        );
    }

    #[test]
    fn preformatted_text_and_programs_are_left_alone() {
        assert_eq!(html("a\n<pre>b\n\nc</pre>\nd"), "<p>a</p>\n<pre>b\n\nc</pre>\n<p>d</p>\n");
        assert_eq!(html("<script>\n\nx\n</script>"), "<script>  x </script>");
        assert_eq!(html("<iframe src=x>\n\n</iframe>"), "<p><iframe src=x>  </iframe></p>\n");
    }

    #[test]
    fn a_block_among_text_is_not_wrapped() {
        let pieces = [
            Piece::Markup("One\n\n".to_owned()),
            Piece::Block("<figure>x</figure>".to_owned()),
            Piece::Markup("\nTwo".to_owned()),
        ];
        assert_eq!(paragraphs(&pieces), "<p>One</p>\n<figure>x</figure>\n<p>Two</p>\n");
    }

    #[test]
    fn deep_nesting_ends_soon() {
        assert!(html(&"<div>".repeat(20_000)).len() >= 100_000);
        assert!(html(&"</div>".repeat(20_000)).len() >= 100_000);
    }
}
