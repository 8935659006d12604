//! Text out of markup: excerpts for lists, and short items for digests.

use std::borrow::Cow;
use std::cell::Cell;

use crate::model::{Html, is_unseen};

/// An item no longer than this many characters is printed whole in a digest.
const SHORT_ITEM: usize = 800;

/// The text of markup, blanks folded, up to about `limit` characters; the common character references are resolved.
#[must_use]
pub fn plain_text(html: &str, limit: usize) -> String {
    text_without(html, limit, |_, _| false)
}

/// The same without the elements that `left_out` knows by their tags, without brackets, and by what stands behind them.
fn text_without(html: &str, limit: usize, left_out: impl Fn(&str, &str) -> bool) -> String {
    let mut text = String::new();
    let mut rest = html;
    let mut count = 0;
    while !rest.is_empty() && count <= limit {
        let (piece, after) = rest.split_once('<').unwrap_or((rest, ""));
        count += push_folded(&mut text, piece);
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        if !is_inline(tag) && !text.ends_with(' ') && !text.is_empty() {
            text.push(' ');
        }
        rest = after;
        if left_out(tag, after) {
            rest = closing(name(tag), after);
        }
    }
    for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")]
    {
        if text.contains(reference) {
            text = text.replace(reference, character);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The name of an element, from its tag.
fn name(tag: &str) -> &str {
    tag.split([' ', '/']).next().unwrap_or_default()
}

/// Where the end tag of an element stands, in what stands behind its tag; elements of its own kind may stand in it.
fn closing<'h>(name: &str, inside: &'h str) -> &'h str {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let (mut rest, mut depth) = (inside, 0_usize);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with(&close) && depth == 0 {
            return rest;
        }
        let is_open = rest.strip_prefix(open.as_str()).is_some_and(|behind| behind.starts_with([' ', '>']));
        depth = if rest.starts_with(&close) { depth - 1 } else { depth + usize::from(is_open) };
        rest = &rest[1..];
    }
    ""
}

/// Whether an element is a call of a note, the notes themselves, or the way back from one: a list of posts has no notes.
fn is_of_notes(tag: &str, inside: &str) -> bool {
    let class = tag.split_once("class=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
    if class.split(' ').any(|class| matches!(class, "footnotes" | "footnote-reference" | "footnote-back")) {
        return true;
    }
    let leads_within = |tag: &str| tag.starts_with("a ") && tag.contains("href=\"#");
    let is_short = |words: &str| words.chars().count() <= 5;
    match name(tag) {
        "sup" => {
            let link = inside.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            link.is_some_and(|(link, rest)| {
                let words = rest.split_once("</a></sup>").map(|(words, _)| words);
                leads_within(link) && words.is_some_and(|words| !words.contains('<') && is_short(words))
            })
        }
        "a" if leads_within(tag) => {
            let is_arrow =
                |c: char| matches!(c, '\u{2190}'..='\u{21ff}' | '\u{23ce}' | '\u{fe0e}' | '\u{fe0f}' | '^' | ' ');
            let words = inside.split('<').next().unwrap_or_default();
            !words.trim().is_empty() && words.chars().all(is_arrow)
        }
        _ => false,
    }
}

/// Cells of tables of facts hold no more than this many characters.
const LONG_CELL: usize = 100;

/// Whether the inside of a table is laid out in it, as letters are: there are tables within, or, below no head, blocks or long text.
fn is_layout(inside: &str) -> bool {
    let has =
        |name: &str| inside.match_indices(name).any(|(at, _)| inside[at + name.len()..].starts_with([' ', '>', '/']));
    let has_blocks = || ["<p", "<div", "<ul", "<ol", "<blockquote", "<h1", "<h2", "<h3"].into_iter().any(has);
    let is_long =
        |cell: &str| cell.len() > LONG_CELL && plain_text(&format!("<td{cell}"), LONG_CELL).chars().count() > LONG_CELL;
    has("<table") || (!has("<th") && !has("<thead") && (has_blocks() || inside.split("<td").skip(1).any(is_long)))
}

/// The beginning of the running text, cut at a word, with an ellipsis where something is left out. Headings, code and
/// tables of facts are no running text; they count only where there is nothing else. Notes never do.
#[must_use]
pub fn excerpt(html: &Html, limit: usize) -> Option<String> {
    // How much stands behind the table in which the text is laid out; the tables within are parts of the same.
    let laid_out = Cell::new(usize::MAX);
    let is_facts = |inside: &str| {
        let end = closing("table", inside).len();
        let table = &inside[..inside.len() - end];
        if inside.len() > laid_out.get() {
            return !table.contains("<table") && table.contains("<th");
        }
        if is_layout(table) {
            laid_out.set(end);
        }
        inside.len() <= laid_out.get()
    };
    let is_no_text = |tag: &str, inside: &str| match name(tag) {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => true,
        "table" => is_facts(inside),
        _ => is_of_notes(tag, inside),
    };
    let mut text = text_without(html.as_str(), limit + 40, is_no_text);
    if text.is_empty() {
        text = text_without(html.as_str(), limit + 40, is_of_notes);
    }
    if text.is_empty() {
        return None;
    }
    let Some((cut, _)) = text.char_indices().nth(limit) else { return Some(text) };
    let kept = text.get(..cut).unwrap_or_default();
    let kept = kept.rsplit_once(' ').map_or(kept, |(words, _)| words);
    Some(format!("{}\u{2026}", kept.trim_end_matches([',', ';', ':', '.', '،', '؛', ' '])))
}

/// Whether `text` is how the body begins.
pub(super) fn begins_with(body: &Html, text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '\u{2026}']);
    !text.is_empty() && plain_text(body.as_str(), text.chars().count() + 20).starts_with(text)
}

/// A short item: the body whole when it is short, else its summary, else its first paragraph. With it, whether
/// something is missing, and the summary where that is what is printed.
pub(super) fn short_item<'a, 's>(
    body: Cow<'a, str>,
    summary: Option<&'s str>,
) -> (Cow<'a, str>, bool, Option<&'s str>) {
    if plain_text(&body, SHORT_ITEM).chars().count() < SHORT_ITEM && !body.trim().is_empty() {
        return (body, false, None);
    }
    if summary.is_some() {
        return (Cow::Borrowed(""), !body.trim().is_empty(), summary);
    }
    let paragraph = first_paragraph(&body).unwrap_or_default().to_owned();
    (Cow::Owned(paragraph), !body.trim().is_empty(), None)
}

/// What an empty paragraph has none of.
const SHOWN: [&str; 4] = ["<img", "<svg", "<audio", "<video"];

/// The first paragraph that shows anything, with its tags.
#[must_use]
pub fn first_paragraph(html: &str) -> Option<&str> {
    let paragraphs = html.match_indices("<p").filter_map(|(at, _)| {
        let paragraph = html.get(at..)?;
        paragraph.get(2..)?.starts_with(['>', ' ']).then_some(())?;
        paragraph.get(..paragraph.find("</p>")? + "</p>".len())
    });
    let mut shown = paragraphs.filter(|paragraph| {
        SHOWN.iter().any(|element| paragraph.contains(element))
            || plain_text(paragraph, usize::MAX).contains(|c: char| !c.is_whitespace() && !is_unseen(c))
    });
    shown.next()
}

fn push_folded(text: &mut String, piece: &str) -> usize {
    let mut count = 0;
    for c in piece.chars() {
        if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
                count += 1;
            }
        } else {
            text.push(c);
            count += 1;
        }
    }
    count
}

/// Whether the tag (without its brackets) stands inside a line, so that no blank replaces it.
fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
    matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
    )
}

#[cfg(test)]
mod tests {
    use super::{begins_with, excerpt, first_paragraph, plain_text, short_item};
    use crate::model::Html;

    #[test]
    fn text_comes_out_of_markup() {
        assert_eq!(plain_text("<h2>A</h2>\n<p>b<em>c</em> &amp;lt; d</p>", 99), "A bc &lt; d");
        let body = Html::from_sanitised("<p>One two three, four five</p>".to_owned());
        assert_eq!(excerpt(&body, 15).unwrap(), "One two three\u{2026}");
        assert_eq!(excerpt(&body, 99).unwrap(), "One two three, four five");
        let sections =
            "<h2 id=\"a\">A</h2>\n<p>One.</p><pre><code>x</code></pre><p>Two &amp; <em>three</em></p><h3>B</h3>";
        assert_eq!(excerpt(&Html::from_sanitised(sections.to_owned()), 99).unwrap(), "One. Two & three");
        assert_eq!(excerpt(&Html::from_sanitised("<h2>A</h2>".to_owned()), 99).unwrap(), "A");
        let noted = "<p>The vote<sup id=\"a--fnref-1\" class=\"footnote-reference\"><a href=\"#a--fn-1\">1</a></sup> was \
                     close<sup><a href=\"#n2\">[2]</a></sup>, x<sup>2</sup>.</p><table><tr><td>For</td></tr></table>\n\
                     <p>So <a href=\"#a\">we</a> go <a href=\"#b\">↩</a>on.</p>\
                     <section class=\"footnotes\"><ol><li><section>Counted.</section> \
                     <a href=\"#a--fnref-1\" class=\"footnote-back\">↩︎</a></li></ol></section>";
        let excerpt_of = |html: &str| excerpt(&Html::from_sanitised(html.to_owned()), 99);
        assert_eq!(excerpt_of(noted).unwrap(), "The vote was close, x2. So we go on.");
        assert_eq!(excerpt_of("<table><tr><td>For</td><td>12</td></tr></table>").unwrap(), "For 12");
        let dear = "Dear members, the hall is open again from Monday, and the presses run.";
        let long = format!("{dear} {dear}");
        for letter in [
            format!("<table><tr><td><p>{dear}</p></td></tr></table><p>Unsubscribe</p>"),
            format!("<table><tr><td>{long}</td></tr></table><p>Unsubscribe</p>"),
            format!(
                "<table><tbody><tr><td><table><tr><td>{dear}</td></tr></table><table><tr><th>A</th></tr></table>\
                     </td></tr></tbody></table><table><tr><td>For</td></tr></table><p>Unsubscribe</p>"
            ),
        ] {
            let text = excerpt(&Html::from_sanitised(letter), 400).unwrap();
            assert!(text.starts_with(dear) && text.ends_with("presses run. Unsubscribe"), "{text}");
        }
        let facts = format!("<p>So.</p><table><thead><tr><th>A</th></tr></thead><tr><td>{long}</td></tr></table>");
        assert_eq!(excerpt_of(&facts).unwrap(), "So.");
        assert!(begins_with(&body, "One two three."));
        assert!(!begins_with(&body, "Two"));
    }

    #[test]
    fn a_long_item_is_its_summary_or_its_first_paragraph() {
        let long = format!("<h2>T</h2><p>First.</p><p>{}</p>", "word ".repeat(200));
        assert_eq!(short_item(long.as_str().into(), None), ("<p>First.</p>".into(), true, None));
        let marked = long.replace("<p>", "<p dir=\"rtl\">");
        assert_eq!(short_item(marked.as_str().into(), None), ("<p dir=\"rtl\">First.</p>".into(), true, None));
        assert_eq!(short_item(long.as_str().into(), Some("Sum.")), ("".into(), true, Some("Sum.")));
        assert_eq!(short_item("<p>Short.</p>".into(), Some("Sum.")), ("<p>Short.</p>".into(), false, None));
        assert_eq!(short_item("".into(), Some("Sum.")), ("".into(), false, Some("Sum.")));
    }

    #[test]
    fn the_first_paragraph_that_shows_anything_is_found() {
        for (html, first) in [
            ("<pre>x</pre><p lang=\"fa\">a <b>b</b></p><p>c</p>", Some("<p lang=\"fa\">a <b>b</b></p>")),
            ("<p class=\"lead\">\u{a0}</p><p><br></p><p></p>\n<p>a</p>", Some("<p>a</p>")),
            ("<p>&nbsp;</p><p><img src=\"a.png\" alt=\"\"></p><p>a</p>", Some("<p><img src=\"a.png\" alt=\"\"></p>")),
            ("<p>&nbsp;<b>a</b></p><p>b</p>", Some("<p>&nbsp;<b>a</b></p>")),
            ("<p> </p>", None),
            ("<p>\u{200b}</p><p>&nbsp;\u{ad}</p><p>a</p>", Some("<p>a</p>")),
            ("<ul><li>x</li></ul>", None),
        ] {
            assert_eq!(first_paragraph(html), first, "{html}");
        }
    }
}
