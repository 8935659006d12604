//! Text out of markup: excerpts for lists, and short items for digests.

use std::borrow::Cow;

use crate::model::Html;

/// An item no longer than this many characters is printed whole in a digest.
const SHORT_ITEM: usize = 800;

/// The text of markup, blanks folded, up to about `limit` characters; the common character references are resolved.
#[must_use]
pub fn plain_text(html: &str, limit: usize) -> String {
    text_without(html, limit, |_| false)
}

/// The same without the elements that `left_out` names.
fn text_without(html: &str, limit: usize, left_out: impl Fn(&str) -> bool) -> String {
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
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        if left_out(name) {
            rest = after.find(&format!("</{name}>")).and_then(|end| after.get(end..)).unwrap_or_default();
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

/// The beginning of the running text, cut at a word, with an ellipsis where something is left out. Headings and code
/// are no running text; they count only where there is nothing else.
#[must_use]
pub fn excerpt(html: &Html, limit: usize) -> Option<String> {
    let is_no_text = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre");
    let mut text = text_without(html.as_str(), limit + 40, is_no_text);
    if text.is_empty() {
        text = plain_text(html.as_str(), limit + 40);
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
    let paragraph = body.find("<p>").and_then(|start| {
        let end = body.get(start..)?.find("</p>")? + start + "</p>".len();
        body.get(start..end).map(str::to_owned)
    });
    (Cow::Owned(paragraph.unwrap_or_default()), !body.trim().is_empty(), None)
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
    use super::{begins_with, excerpt, plain_text, short_item};
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
        assert!(begins_with(&body, "One two three."));
        assert!(!begins_with(&body, "Two"));
    }

    #[test]
    fn a_long_item_is_its_summary_or_its_first_paragraph() {
        let long = format!("<h2>T</h2><p>First.</p><p>{}</p>", "word ".repeat(200));
        assert_eq!(short_item(long.as_str().into(), None), ("<p>First.</p>".into(), true, None));
        assert_eq!(short_item(long.as_str().into(), Some("Sum.")), ("".into(), true, Some("Sum.")));
        assert_eq!(short_item("<p>Short.</p>".into(), Some("Sum.")), ("<p>Short.</p>".into(), false, None));
        assert_eq!(short_item("".into(), Some("Sum.")), ("".into(), false, Some("Sum.")));
    }
}
