//! Signs that begin no tag, in texts of which nobody says for sure whether they are HTML: `$x<y$`, `Option<T>`,
//! `Ann <ann@press.example>`. A browser would take them for tags, with all that stands behind them.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::{memchr, memmem};

use super::plain::{Tag, tag};

/// Elements of HTML, old and new, that [`tag`] does not know: it reads titles, which have none of them.
const SELDOM: [&str; 19] = [
    "basefont",
    "bgsound",
    "blink",
    "datalist",
    "image",
    "isindex",
    "keygen",
    "listing",
    "marquee",
    "meter",
    "multicol",
    "nextid",
    "noembed",
    "plaintext",
    "portal",
    "rb",
    "rtc",
    "search",
    "slot",
];

/// Blocks that often have no end in what people and programs write, or that hold nothing.
const STAYS_OPEN: [&str; 16] =
    ["blockquote", "br", "center", "dd", "div", "dt", "hr", "img", "li", "ol", "p", "table", "td", "th", "tr", "ul"];

/// What is in them is no markup of HTML's.
const WHOLE: [&str; 9] = ["math", "noembed", "noframes", "script", "style", "svg", "textarea", "title", "xmp"];

/// No tag of a component is longer, in bytes.
const LONGEST: usize = 4096;

/// So often an end is looked for in a whole text.
const MOST_LOOKS: usize = 50;

/// Whether markup of HTML begins in a text: a tag of an element that it knows, the end of any element, a comment. In one that
/// `is_said` to be HTML any tag does.
pub(super) fn is_markup(text: &str, is_said: bool) -> bool {
    if is_said {
        let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        return text.match_indices('<').any(|(at, _)| begins(&text[at + 1..]) && may_be(&name(&text[at..])));
    }
    // A text that was cut in a tag has no end of it.
    let last_end = text.rfind(['>', '=']).unwrap_or(0);
    let (mut at, mut looks) = (0, MOST_LOOKS);
    while let Some(start) =
        text.get(at..last_end).and_then(|rest| memchr(b'<', rest.as_bytes())).map(|found| at + found)
    {
        let rest = &text[start..];
        let mut is_word = || {
            let may = is_bare(rest) && !STAYS_OPEN.contains(&&*name(rest)) && looks > 0;
            looks -= usize::from(may);
            may && !rest.contains(&format!("</{}", name(rest)))
        };
        let is_tag = match tag(rest) {
            Some(Tag::Inline) => true,
            Some(Tag::Block) => !is_word(),
            None => SELDOM.contains(&&*name(rest)) && !is_word(),
        };
        if is_tag || ends_an_element(rest) {
            return true;
        }
        at = start + 1;
    }
    false
}

/// HTML in which a sign that begins no tag is written as text: before a name that HTML does not have, that no page may define
/// (HTML, 4.13.3), that nothing closes, and that does not end itself. In HTML that `is_said` to be that, only before what no
/// name can be.
pub(super) fn as_text(html: &str, is_said: bool) -> Cow<'_, str> {
    let mut closes: Option<HashMap<String, usize>> = None;
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    while let Some(start) = html.get(at..).and_then(|rest| memchr(b'<', rest.as_bytes())).map(|found| at + found) {
        let rest = &html[start..];
        let last_close = |name: &str, closes: &mut Option<HashMap<String, usize>>| {
            closes.get_or_insert_with(|| last_closes(html)).get(name).copied().filter(|close| *close > start)
        };
        let name = name(rest);
        at = if let Some(comment) = rest.strip_prefix("<!--") {
            memmem::find(comment.as_bytes(), b"-->").map_or(html.len(), |end| start + end + 4)
        } else if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            start + 1
        } else if WHOLE.contains(&&*name) && last_close(&name, &mut closes).is_some() {
            let close = format!("</{name}");
            let ends = rest.match_indices("</").find(|(end, _)| begins(&rest[*end..], &close));
            start + ends.map_or(1, |(end, _)| end + 1)
        } else if (is_said && may_be(&name))
            || is_known(rest, &name)
            || last_close(&name, &mut closes).is_some()
            || ends_itself(&name, rest)
        {
            start + length(rest)
        } else {
            out.push_str(&html[kept..start]);
            out.push_str("&lt;");
            kept = start + 1;
            start + 1
        };
    }
    if kept == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[kept..]) }
}

/// Whether a tag of this name is one by its name alone.
fn is_known(rest: &str, name: &str) -> bool {
    (tag(rest).is_some() && !is_word_of_hyphens(rest)) || SELDOM.contains(&name) || is_prefixed(name)
}

/// Whether a tag is its name alone, `<video>`, which nothing ends: a word of its author's.
fn is_bare(rest: &str) -> bool {
    !rest.starts_with("</") && rest[1 + name(rest).len()..].starts_with('>')
}

/// Whether this is `<your-name>`: what pages define themselves has attributes, or an end.
fn is_word_of_hyphens(rest: &str) -> bool {
    let name = name(rest);
    name.contains('-')
        && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        && rest[1 + name.len()..].starts_with('>')
}

/// The name with which a tag begins, in lower case, as parsers take it: up to white space, `/` or `>`.
fn name(rest: &str) -> Cow<'_, str> {
    let rest = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    let end = rest.bytes().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'<'));
    let name = &rest[..end.unwrap_or(rest.len())];
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Whether this is an end tag, whatever its name.
fn ends_an_element(rest: &str) -> bool {
    rest.starts_with("</") && is_word(&name(rest)) && rest[2 + name(rest).len()..].trim_start().starts_with('>')
}

/// Whether a tag ends what it begins: `<Note/>`. An address in angle brackets may end so, too.
fn ends_itself(name: &str, rest: &str) -> bool {
    let near = || memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST)]);
    is_word(name) && near().is_some() && rest[..length(rest)].ends_with("/>")
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether an element may have this name, known or not: no address and no formula is one.
fn may_be(name: &str) -> bool {
    !name.ends_with(':') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:.!?".contains(&byte))
}

/// Whether a name has a prefix, as those of word processors and of other languages of markup have: `o:p`, `fb:like`.
fn is_prefixed(name: &str) -> bool {
    name.split_once(':').is_some_and(|(prefix, local)| is_word(prefix) && is_word(local))
}

fn begins(rest: &str, start: &str) -> bool {
    rest.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// The length of the tag that `rest` begins with; values in quotes may hold its end.
fn length(rest: &str) -> usize {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        before = if byte.is_ascii_whitespace() { before } else { byte };
    }
    rest.len()
}

/// Where the last end tag of each element stands.
fn last_closes(html: &str) -> HashMap<String, usize> {
    html.match_indices("</").map(|(at, _)| (name(&html[at..]).into_owned(), at)).collect()
}

#[cfg(test)]
mod tests {
    use super::{as_text, is_markup};

    #[test]
    fn a_text_is_markup_where_an_element_of_html_begins_in_it() {
        for text in [
            "We show that $x<y$ and $a_i > b_i$.",
            "Ann <ann@press.example>",
            "Option<T> and Vec<u8>",
            "See <https://press.example/>",
            "x <b",
            "1 < 2 > 0",
            "a </ b>",
            "cp <your-file> <their-folder>",
            "The <title> and <video> elements; never use <marquee> again.",
        ] {
            assert!(!is_markup(text, false), "{text}");
        }
        for html in [
            "a<br>b",
            "<P class=x>a",
            "a <!-- b -->",
            "<x-y z=1>a",
            "<x-y>a</x-y>",
            "<foo>a</foo>",
            "<blink>a</blink>",
            "<svg width=1/>",
        ] {
            assert!(is_markup(html, false), "{html}");
        }
    }

    #[test]
    fn what_is_said_to_be_html_is() {
        for html in ["<section>Cut", "<h2>A<h2> b", "<video src=\"a\" controls>", "<!-- a", "<my_widget/>a", "a<br>"] {
            assert!(is_markup(html, true), "{html}");
        }
        for text in ["a < b", "a & b", "<3", "Ann <ann@press.example>", "<https://press.example/>", "x<y$"] {
            assert!(!is_markup(text, true), "{text}");
        }
        let html = "<p>a</p><my_widget/><newsletter-form><p>b <spacer type=\"block\"> <content>c</p>";
        assert_eq!(as_text(html, true), html);
        assert_eq!(as_text("<p>a <ann@press.example></p>", true), "<p>a &lt;ann@press.example></p>");
    }

    #[test]
    fn a_sign_in_markup_that_begins_no_tag_is_text() {
        for (html, expected) in [
            ("<p>$x<y$ and <b>z</b></p>", "<p>$x&lt;y$ and <b>z</b></p>"),
            ("<p>Option<T>, <ann@press.example></p>", "<p>Option&lt;T>, &lt;ann@press.example></p>"),
            ("<p>cp <your-file></p>", "<p>cp &lt;your-file></p>"),
            ("<p>See <https://press.example/>.", "<p>See &lt;https://press.example/>."),
        ] {
            assert_eq!(as_text(html, false), expected);
        }
        for html in [
            "<p>a < b <3 <- </p>",
            "<p title='a <y> b'>a</p>",
            "<Card>a</card><Note/><o:p>b</o:p><x-y z>",
            "<!-- <y> --><script>a<y</script><svg><g id=1><q1></svg><math><mi>x</mi></math>",
            "<style>a",
            "<blink>a <marquee>",
            "<a href=\"x",
        ] {
            assert_eq!(as_text(html, false), html);
        }
        let begun = std::time::Instant::now();
        for part in ["<y", "<svg>", "<script>", "<y>", "<!--", "<a b=\"", "</y><y>", "<x-y "] {
            as_text(&part.repeat(50_000), false);
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
