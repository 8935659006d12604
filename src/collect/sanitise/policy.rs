//! What HTML may stay: one table for the parser-based sanitiser and for the rewriter after it.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::{Builder, UrlRelative};
use url::Url;

/// Elements that stay, in order: every tag of every post is looked up.
const ELEMENTS: [&str; 73] = [
    "a",
    "abbr",
    "address",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "object",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// From where to where in them those stand that begin with each letter.
const BY_LETTER: [(usize, usize); 26] = {
    let mut by_letter = [(0, 0); 26];
    let mut at = 0;
    while at < ELEMENTS.len() {
        let letter = (ELEMENTS[at].as_bytes()[0] - b'a') as usize;
        if by_letter[letter].1 == 0 {
            by_letter[letter].0 = at;
        }
        at += 1;
        by_letter[letter].1 = at;
    }
    by_letter
};

/// Elements that stay under another name: (theirs, ours).
const RENAMED: [(&str, &str); 12] = [
    ("article", "section"),
    ("main", "div"),
    ("header", "div"),
    ("footer", "div"),
    ("nav", "div"),
    ("center", "div"),
    ("hgroup", "div"),
    ("tt", "code"),
    ("strike", "s"),
    ("acronym", "abbr"),
    ("dir", "ul"),
    ("menu", "ul"),
];

/// Elements whose contents go with them. Of a formula the signs stay, but not what it is written in for programs.
const WITHOUT_CONTENTS: [&str; 11] = [
    "script",
    "style",
    "title",
    "template",
    "textarea",
    "select",
    "svg",
    "annotation",
    "annotation-xml",
    "head",
    "canvas",
];

/// Tells an `object` what it shows; it does not stay.
pub(super) const PARAMETER: &str = "param";

/// Marks a picture that stood in `<noscript>`, whose tags go.
pub(super) const WITHOUT_SCRIPTS: &str = "data-without-scripts";

/// Attributes that the rewriter looks at, on any element; it decides for each element which stay.
const ATTRIBUTES: [&str; 34] = [
    "align",
    "alt",
    "aria-hidden",
    "checked",
    "class",
    "colspan",
    "data",
    "data-lazy-src",
    "data-lazy-srcset",
    "data-original",
    "data-src",
    "data-srcset",
    WITHOUT_SCRIPTS,
    "datetime",
    "dir",
    "height",
    "hidden",
    "href",
    "id",
    "lang",
    "name",
    "open",
    "reversed",
    "rowspan",
    "scope",
    "span",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
];

/// Schemes of links that stay.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The class of an item that begins with a box to be checked, as GitHub has it: it needs no other mark.
pub(super) const TASK: &str = "task-list-item";

/// The class of text in lines and with blanks of its own that is no program's, and how WordPress has it.
pub(super) const VERSE: &str = "verse";
const BLOCK_OF_VERSE: &str = "wp-block-verse";

/// Classes that stay, beside `language-…`.
const CLASSES: [&str; 25] = [
    TASK,
    "footnotes",
    "footnote-reference",
    "footnote-back",
    "pull",
    "pullquote",
    "wp-block-pullquote",
    "blocks-gallery-grid",
    VERSE,
    "alignleft",
    "alignright",
    "wp-block-columns",
    "wp-block-column",
    "standfirst",
    "lead",
    "note",
    "tip",
    "important",
    "warning",
    "caution",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
];

/// The sanitiser that parses as browsers do. It lets through what the rewriter wants to see, which is slightly more
/// than what stays.
pub(super) fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    let tags: HashSet<&str> =
        ELEMENTS.into_iter().chain(RENAMED.iter().map(|(theirs, _)| *theirs)).chain([PARAMETER]).collect();
    builder
        .tags(tags)
        .clean_content_tags(WITHOUT_CONTENTS.into_iter().collect())
        .generic_attributes(ATTRIBUTES.into_iter().collect())
        .filter_style_properties(HashSet::from([
            "text-align",
            "width",
            "height",
            "max-width",
            "max-height",
            "display",
            "visibility",
            "mso-hide",
            "mso-element",
            "mso-special-character",
            "text-decoration",
            "text-decoration-line",
        ]))
        .url_schemes(SCHEMES.into_iter().chain(["data"]).collect())
        .attribute_filter(as_filtered)
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
}

/// Takes away what is written out in the place of an address, but for pictures, of which the rewriter makes files. Styles, of which
/// the properties that stay mean the same in capitals, are put in small letters: the filter compares letter by letter.
fn as_filtered<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    if attribute == "style" && value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(Cow::Owned(value.to_ascii_lowercase()));
    }
    let is_written_out = || value.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    let may = (element, attribute) == ("img", "src") || !is_written_out();
    may.then_some(Cow::Borrowed(value))
}

/// The name under which an element stays, or `None` when its tags go and its contents stay.
pub(super) fn element(name: &str) -> Option<&'static str> {
    let letter = usize::from(name.bytes().next()?.wrapping_sub(b'a'));
    let alike = BY_LETTER.get(letter).map_or(&[][..], |(from, to)| &ELEMENTS[*from..*to]);
    if let Some(known) = alike.iter().copied().find(|known| *known == name) {
        return Some(known);
    }
    RENAMED.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours)
}

/// The classes of `value` that stay.
pub(super) fn classes(value: &str) -> String {
    let ours = |class| if class == BLOCK_OF_VERSE { VERSE } else { class };
    let all = value.split_ascii_whitespace().map(ours);
    let kept: Vec<&str> = all.filter(|class| CLASSES.contains(class) || is_language_class(class)).collect();
    kept.join(" ")
}

fn is_language_class(class: &str) -> bool {
    class.strip_prefix("language-").is_some_and(|name| {
        !name.is_empty() && name.len() < 40 && name.chars().all(|c| c.is_alphanumeric() || "-_+#.".contains(c))
    })
}

/// The scheme of an absolute address, as the URL Standard reads it: what it refuses, no browser opens.
fn scheme(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.scheme().to_owned())
}

/// Whether a link to this absolute address may stay.
pub(super) fn allows_link(address: &str) -> bool {
    scheme(address).is_some_and(|scheme| SCHEMES.contains(&scheme.as_str()))
}

/// Whether a picture may be shown from this absolute address.
pub(super) fn allows_picture(address: &str) -> bool {
    matches!(scheme(address).as_deref(), Some("http" | "https"))
}

/// Whether a value of `dir` says a direction (HTML, 3.2.6.4), in whatever letters.
pub(super) fn is_direction(value: &str) -> bool {
    ["ltr", "rtl", "auto"].iter().any(|known| known.eq_ignore_ascii_case(value.trim()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn elements_are_in_order() {
        assert!(super::ELEMENTS.is_sorted());
        assert!(super::ELEMENTS.iter().all(|name| super::element(name) == Some(name)));
        assert_eq!(["", "x", "pr", "Pre", "\u{e9}", "{"].map(super::element), [None; 6]);
    }
}
