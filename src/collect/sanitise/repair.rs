//! What is mended in HTML before a parser reads it, so that no text is lost.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memchr;

use super::policy::WITHOUT_SCRIPTS;

/// Elements whose contents are for programs that lack something. No output of ours runs scripts, and a parser that could
/// reads what is in them as text (HTML, 13.2.6.4): their tags go, and what is in them stays.
const TRANSPARENT: [&str; 3] = ["noscript", "noembed", "noframes"];

/// Elements of formulas (`MathML` Core), which the sanitiser would take away with their contents. So it is with them.
const FORMULA: [&str; 31] = [
    "math",
    "maction",
    "merror",
    "mfenced",
    "mfrac",
    "mi",
    "mlabeledtr",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "semantics",
];

/// Elements that, left open, take the rest of the text with them. In prose such a tag is most likely a word of its
/// author's, who forgot to mark it as code.
const SWALLOWING: [&str; 10] =
    ["script", "style", "title", "template", "textarea", "select", "svg", "xmp", "plaintext", "canvas"];

/// Elements that are often written without their end tag, or closed as XML would, and are no words.
const EMBEDDING: [&str; 4] = ["iframe", "video", "audio", "object"];

/// A longer tag is left as it is, so that many without an end cost no more than their length.
const LONGEST: usize = 4096;

/// A tag of one of these elements.
struct Tag<'a> {
    name: &'static str,
    closes: bool,
    /// The whole tag, with its brackets.
    text: &'a str,
}

/// Takes away the tags of transparent elements, closes what is embedded, and makes text of an open tag that nothing
/// closes.
pub(super) fn repaired(html: &str) -> Cow<'_, str> {
    let tags: Vec<(usize, Tag<'_>)> =
        html.match_indices('<').filter_map(|(at, _)| Some((at, tag(html.get(at..)?)?))).collect();
    let mut out = String::new();
    let mut kept = 0;
    let mut last_close: BTreeMap<&str, usize> = BTreeMap::new();
    // Nothing closes `plaintext`.
    last_close
        .extend(tags.iter().filter(|(_, tag)| tag.closes && tag.name != "plaintext").map(|(at, tag)| (tag.name, *at)));
    let closed_after = |name: &str, at: usize| last_close.get(name).is_some_and(|close| *close > at);
    for (at, tag) in &tags {
        let transparent = TRANSPARENT.contains(&tag.name) || FORMULA.contains(&tag.name);
        if *at < kept || (!transparent && (tag.closes || closed_after(tag.name, *at))) {
            continue;
        }
        out.push_str(html.get(kept..*at).unwrap_or_default());
        kept = at + tag.text.len();
        if transparent {
            if tag.name == "noscript" && !tag.closes {
                kept += mark_picture(html.get(kept..).unwrap_or_default(), &mut out);
            }
            continue;
        }
        if EMBEDDING.contains(&tag.name) || tag.text.ends_with("/>") {
            out.extend([tag.text, "</", tag.name, ">"]);
        } else {
            out.extend(["&lt;", tag.text.trim_start_matches('<')]);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

/// Writes that a picture with which `rest` begins stood in `<noscript>`: it may be there a second time. Returns the length of
/// what was written.
fn mark_picture(rest: &str, out: &mut String) -> usize {
    let space = rest.len() - rest.trim_start().len();
    let after = rest.get(space..space + 4).filter(|open| open.eq_ignore_ascii_case("<img")).map(|_| &rest[space + 4..]);
    if !after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_whitespace())) {
        return 0;
    }
    out.extend([&rest[..space + 4], " ", WITHOUT_SCRIPTS, "=\"\""]);
    space + 4
}

/// The tag with which `rest` begins, if it is one of those that matter here.
fn tag(rest: &str) -> Option<Tag<'_>> {
    let inner = rest.strip_prefix('<')?;
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let end = inner.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inner.len());
    let (name, after) = inner.split_at(end);
    let mut known = TRANSPARENT.iter().chain(&SWALLOWING).chain(&EMBEDDING).chain(&FORMULA);
    let name = known.find(|known| known.eq_ignore_ascii_case(name))?;
    if !after.starts_with(['>', '/', ' ', '\n', '\t', '\r']) {
        return None;
    }
    let end = memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST)])?;
    Some(Tag { name, closes, text: rest.get(..=end)? })
}

#[cfg(test)]
mod tests {
    use super::repaired;

    #[test]
    fn nothing_takes_the_rest_with_it() {
        for (html, expected) in [
            ("a <select> b", "a &lt;select> b"),
            ("a <Title>b</title> c <title> d", "a <Title>b</title> c &lt;title> d"),
            ("<iframe src=x /> a", "<iframe src=x /></iframe> a"),
            ("<iframe src=x></iframe> a", "<iframe src=x></iframe> a"),
            ("<script src=x/>a", "<script src=x/></script>a"),
            ("<plaintext>a</plaintext>", "&lt;plaintext>a</plaintext>"),
            ("x <noscript", "x <noscript"),
            ("<selected> < <", "<selected> < <"),
            ("<noscript> <IMG src=x>a</noscript>", " <IMG data-without-scripts=\"\" src=x>a"),
            ("<noscript>a <img src=x></noscript><imgs>", "a <img src=x><imgs>"),
        ] {
            assert_eq!(repaired(html), expected);
        }
    }

    #[test]
    fn hostile_input_ends_soon() {
        let many = "<svg>".repeat(20_000);
        assert_eq!(repaired(&many).len(), 20_000 * "&lt;svg>".len());
    }
}
