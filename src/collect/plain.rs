//! Plain text out of markup.

use std::collections::HashMap;

use html5ever::data::NAMED_ENTITIES;

use super::inline::{self, Underscores};

/// The text of a line of inline Markdown or HTML, without its marks; white space is one space. What is no well-formed
/// mark is text.
pub(super) fn from_markdown(text: &str) -> String {
    one_line(&inline::text(text.trim(), Underscores::Marks))
}

/// The same of a title in front matter, where a `_` stands for itself: `_layouts`, `__init__`.
pub(super) fn title(text: &str) -> String {
    one_line(&inline::text(text.trim(), Underscores::Letters))
}

/// The text of sanitised or any other HTML: tags dropped, the five entities and numbers resolved. A `<` that begins no
/// tag of HTML, as in `5 < 6` and `Vec<T>`, is text.
pub(super) fn from_html(html: &str) -> String {
    text_of(html, |_| false)
}

/// The same of a title. Feeds do not say whether a title of theirs is HTML; an element in it that nothing closes is a word of
/// its author's: `How to use <details>`.
pub(super) fn title_from_html(html: &str) -> String {
    if !html.contains('<') {
        return from_html(html);
    }
    let lower = html.to_ascii_lowercase();
    let mut last_close = HashMap::new();
    last_close.extend(lower.match_indices("</").map(|(at, _)| (element_name(&lower[at + 2..]), at)));
    text_of(html, |at| {
        let name = element_name(&lower[at + 1..]);
        let opens_bare = !name.is_empty() && lower[at + 1 + name.len()..].starts_with('>');
        let is_closed = last_close.get(name).is_some_and(|close| *close > at);
        // A title that was cut may begin with what marked it.
        let marks_all = at == 0 && INLINE.binary_search(&name).is_ok();
        opens_bare && !is_closed && !marks_all && !WITHOUT_END.contains(&name)
    })
}

/// Elements that titles hold and that need no end tag.
const WITHOUT_END: [&str; 5] = ["br", "hr", "li", "p", "wbr"];

/// The letters and digits with which `text` begins.
fn element_name(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len())]
}

/// The text of HTML, without what `is_word` does not take for words; it is handed where a `<` stands.
fn text_of(html: &str, is_word: impl Fn(usize) -> bool) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    // A tag that a summary was cut in has no end; one with an attribute is known all the same.
    let last_end = html.rfind(['>', '=']).unwrap_or(0);
    let last_drawing = ["</svg", "</math"].into_iter().filter_map(|end| html.rfind(end)).max().unwrap_or(0);
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let begins = html.len() - rest.len();
        let length = match tag(rest).filter(|_| begins < last_end && !is_word(begins)) {
            Some(Tag::Inline) => markup_length(rest),
            Some(Tag::Block) => {
                plain.push(' ');
                let drawing = if begins < last_drawing { drawing_length(rest) } else { None };
                drawing.map_or_else(
                    || markup_length(rest),
                    |length| {
                        plain.push_str(&words_of_drawing(&rest[..length]));
                        length
                    },
                )
            }
            None => {
                plain.push('<');
                1
            }
        };
        rest = &rest[length..];
    }
    plain.push_str(rest);
    one_line(&decode_entities(&plain))
}

/// What a piece of markup does to the words around it.
pub(super) enum Tag {
    /// It stands in a word or between words.
    Inline,
    /// It parts words.
    Block,
}

/// Elements that stand within words (HTML 4.5, phrasing content), in order.
const INLINE: [&str; 37] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
];
/// The other elements of HTML that texts of feeds and exports hold, in order.
const BLOCK: [&str; 87] = [
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
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
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "math",
    "menu",
    "meta",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "script",
    "section",
    "select",
    "source",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
    "video",
    "xmp",
];

/// What `html` begins with, if it is markup: a comment, or a tag of an element that HTML knows or of one with a hyphen,
/// as those that pages define themselves have (HTML 4.13.3).
pub(super) fn tag(html: &str) -> Option<Tag> {
    let after = &html[1..];
    if after.starts_with("!--") || after.starts_with("![CDATA[") || after.starts_with('?') {
        return Some(Tag::Block);
    }
    if after.get(..8).is_some_and(|word| word.eq_ignore_ascii_case("!doctype")) {
        return Some(Tag::Block);
    }
    let name = after.strip_prefix('/').unwrap_or(after);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
    let (name, beyond) = name.split_at(length);
    let ends = beyond.starts_with(|c: char| c == '>' || c == '/' || c.is_ascii_whitespace());
    let name = name.to_ascii_lowercase();
    let is = |names: &[&str]| names.binary_search(&name.as_str()).is_ok();
    let is_own = || name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.contains('-');
    if !ends {
        None
    } else if is(&INLINE) {
        Some(Tag::Inline)
    } else {
        (is(&BLOCK) || is_own()).then_some(Tag::Block)
    }
}

/// The length of the drawing (SVG) or the formula (`MathML`) that `html` begins with, up to its end tag; `None` where it begins
/// with neither, or nothing ends it.
fn drawing_length(html: &str) -> Option<usize> {
    let name = ["svg", "math"].into_iter().find(|name| element_name(&html[1..]) == *name)?;
    let begins = html.find('>').filter(|end| !html[..*end].ends_with('/'))?;
    html[begins..].find(&format!("</{name}")).map(|end| begins + end)
}

/// What drawings hold that is not shown.
const UNSEEN: [&str; 4] = ["metadata", "defs", "style", "script"];

/// The words of a drawing or a formula: whatever stands between angle brackets there is markup, by any name.
fn words_of_drawing(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, markup)) = rest.split_once('<') {
        words.push_str(before);
        let unseen = UNSEEN.into_iter().find(|name| element_name(markup) == *name);
        let end = unseen.and_then(|name| markup.find(&format!("</{name}"))).unwrap_or(0);
        rest = markup[end..].split_once('>').map_or("", |(_, rest)| rest);
    }
    words + rest
}

/// The length of the markup that `html` begins with: a tag, a comment, or a script or style sheet with what is in it.
fn markup_length(html: &str) -> usize {
    let begins = |start: &str| html.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    let up_to = |end: &str| html.find(end).map_or(html.len(), |at| at + end.len());
    if begins("<!--") {
        return up_to("-->");
    }
    let Some(end) = ["</script", "</style"].into_iter().find(|end| begins(&end.replace('/', ""))) else {
        return up_to(">");
    };
    let mut closings = html
        .match_indices("</")
        .filter(|(at, _)| html.get(*at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(end)));
    let closing = closings.next().map_or(html.len(), |(at, _)| at);
    html[closing..].find('>').map_or(html.len(), |end| closing + end + 1)
}

/// No reference to a character is longer.
const LONGEST_NAME: usize = 40;

/// Character references as characters; an unknown one stays as it is written.
pub(super) fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_NAME).position(|b| b == b';');
        let mut taken = 1;
        if let Some((end, resolved)) = end.and_then(|end| Some((end, entity(rest.get(1..end)?)?))) {
            out.push_str(&resolved);
            taken = end + 1;
        } else {
            out.push('&');
        }
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

pub(super) fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0').map(String::from);
    }
    let (first, second) = NAMED_ENTITIES.get(&format!("{name};"))?;
    let characters: String =
        [*first, *second].into_iter().filter(|code| *code > 0).filter_map(char::from_u32).collect();
    (!characters.is_empty()).then_some(characters)
}

/// White space as single spaces, none at the ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, INLINE, from_html, from_markdown, title, title_from_html};

    #[test]
    fn a_sign_that_begins_no_tag_is_text() {
        for text in [
            "Why 5 < 6 matters",
            "5<6",
            "a <= b",
            "1 < 2 and 3 > 2",
            "<3 love",
            "I <3 you & me",
            "Vec<T>",
            "C<T> x",
            "Result<Vec<u8>, E>",
            "x <b",
            "<",
            "</",
            "a <-> b",
            "<>",
        ] {
            assert_eq!(from_html(text), text);
        }
        assert_eq!(from_html("<b>5 &lt; 6</b>"), "5 < 6");
        assert_eq!(from_html("cut in <a href=\"https://x.exam"), "cut in");
        assert!(INLINE.is_sorted() && BLOCK.is_sorted());
    }

    #[test]
    fn an_element_of_a_title_that_nothing_closes_is_a_word() {
        for title in [
            "How to use <details>",
            "The <script> tag",
            "The <head> and <title> elements",
            "<SELECT> with <option>s",
            "The <b> element",
            "An <img> and an <input>",
        ] {
            assert_eq!(title_from_html(title), title);
        }
        for (html, title) in [
            ("<b>Bold</b> &amp; <i>slanted</i>", "Bold & slanted"),
            ("<em>A title that was cut", "A title that was cut"),
            ("<p>One<br>two <a href=x>three", "One two three"),
            ("x <script>y</script> <style>z</STYLE> Vec<T>", "x Vec<T>"),
            ("&lt;b&gt; and <code>&lt;i&gt;</code>", "<b> and <i>"),
        ] {
            assert_eq!(title_from_html(html), title);
        }
        assert_eq!(title_from_html(&"<details>".repeat(100_000)).len(), 900_000);
    }

    #[test]
    fn marks_go_and_text_stays() {
        assert_eq!(from_markdown("The `async` **book** &amp; [more](/x)"), "The async book & more");
        assert_eq!(from_markdown("snake_case and 1. one"), "snake_case and 1. one");
        assert_eq!((from_markdown("The _Iliad_"), title("The _Iliad_")), ("The Iliad".into(), "The _Iliad_".into()));
        assert_eq!(from_html("safe<script>x < y</Script > and <!-- <b> -->sound<style>p {}"), "safe and sound");
        assert_eq!(from_html("&alpha;&fnof;&Amacr;&NotEqualTilde;&nosuch;"), "αƒĀ≂̸&nosuch;");
        assert_eq!(
            from_html("H<sub>2</sub>O, Mark<SUP class=x>up</SUP><br/>and <x-note>a note</x-note>"),
            "H2O, Markup and a note"
        );
        assert_eq!(
            from_html(
                "A <svg width=1><metadata><x:y>n</x:y></metadata><circle r=\"1\"/><text>b</text></svg> \
                 <math><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow></math> <circle> c"
            ),
            "A b a<b <circle> c"
        );
        assert_eq!(title_from_html("The <svg> element, Vec<T>"), "The <svg> element, Vec<T>");
        assert_eq!(from_html("<p>One</p><p>T<em>w</em>o &amp; &hellip;</p>"), "One Two & …");
    }
}
