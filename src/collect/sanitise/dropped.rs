//! What the policy takes away that a reader would miss, so that it can be told.

use memchr::{memchr, memmem};

use super::tag::attribute;

/// Elements that go with what is in them.
const WITH_CONTENTS: [&str; 7] = ["canvas", "script", "select", "style", "svg", "template", "textarea"];

/// Elements that do something no page of ours does, or draw what no text can; the words in them stay.
const WORDS_STAY: [&str; 12] = [
    "applet", "area", "button", "dialog", "form", "frame", "frameset", "input", "map", "math", "meter", "progress",
];

/// Says nothing that a reader sees; what is in it is not looked at.
const UNSEEN: &str = "head";

/// No longer tag is read.
const LONGEST: usize = 4096;

/// A kind of element that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Dropped {
    /// Its name, in lower case.
    pub(in crate::collect) name: &'static str,
}

impl Dropped {
    /// Lower-case, names in backticks.
    pub(in crate::collect) fn in_words(self) -> String {
        let what = if WITH_CONTENTS.contains(&self.name) { "with what is in it" } else { "but for the words in it" };
        format!("`<{}>` is left out, {what}", self.name)
    }

    /// Where the first such element begins in a text, which may be markup or escaped.
    pub(in crate::collect) fn find_in(self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let opens = |open: &str| {
            memmem::find_iter(bytes, open).find(|at| {
                let rest = &text[at + open.len()..];
                begins(rest, self.name) && !rest[self.name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        };
        ["<", "&lt;", "\\u003c"].into_iter().filter_map(opens).min()
    }
}

/// The kinds of elements in `html` that are left out, each once, in the order in which they come.
pub(in crate::collect) fn dropped(html: &str) -> Vec<Dropped> {
    let mut found: Vec<Dropped> = Vec::new();
    // What nothing closes is a word of its author's.
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(next) = html.get(at..).and_then(|rest| memchr(b'<', rest.as_bytes())) {
        at += next + 1;
        let rest = &html[at..];
        if rest.starts_with("!--") {
            at += memmem::find(rest.as_bytes(), b"-->").unwrap_or(0);
            continue;
        }
        let Some(name) = name(rest) else { continue };
        let has_contents = name == UNSEEN || WITH_CONTENTS.contains(&name);
        if has_contents {
            let close = if unclosed.contains(&name) { None } else { close(rest, name) };
            match close {
                Some(close) => at += close,
                None if tag(rest).ends_with('/') => {}
                None => {
                    unclosed.push(name);
                    continue;
                }
            }
        }
        if name != UNSEEN && !is_kept(name, rest) && !found.iter().any(|known| known.name == name) {
            found.push(Dropped { name });
        }
    }
    found
}

/// The name of the element that begins here, if it is one of those.
fn name(rest: &str) -> Option<&'static str> {
    let first = rest.as_bytes().first()?.to_ascii_lowercase();
    let known = WITH_CONTENTS.iter().chain(&WORDS_STAY).chain([&UNSEEN]);
    let mut known = known.filter(|name| name.as_bytes()[0] == first && begins(rest, name));
    known.find(|name| rest[name.len()..].starts_with(['>', '/', ' ', '\t', '\n', '\r'])).copied()
}

fn begins(rest: &str, name: &str) -> bool {
    rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
}

/// Boxes that are ticked stay as signs; what is hidden is not missed.
fn is_kept(name: &str, rest: &str) -> bool {
    let is_box = |kind: &str| kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("hidden");
    name == "input" && attribute(&tag(rest)["input".len()..], "type").is_some_and(|kind| is_box(&kind))
}

/// The tag whose name `rest` begins with, without its brackets.
fn tag(rest: &str) -> &str {
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b'>').unwrap_or(rest.len().min(LONGEST));
    rest.get(..end).unwrap_or_default()
}

/// Where the end tag begins.
fn close(rest: &str, name: &str) -> Option<usize> {
    memmem::find_iter(rest.as_bytes(), b"</").find(|at| begins(&rest[at + 2..], name))
}

#[cfg(test)]
mod tests {
    use super::{Dropped, dropped};

    fn names(html: &str) -> Vec<&str> {
        dropped(html).into_iter().map(|dropped| dropped.name).collect()
    }

    #[test]
    fn each_kind_is_found_once() {
        let html = "<p>A</p><SVG width=1><style>x</style><text>b</text></SVG><svg></svg><form><input type=text>\
                    <input type='checkbox'> c</form><canvas/><!-- <map> --><script>'<button>'</script>";
        assert_eq!(names(html), ["svg", "form", "input", "canvas", "script"]);
        assert_eq!(names("<head><style></style><script></script></head><p>a"), [""; 0]);
        assert_eq!(names("the <select> element, <svgx>, <mapping></mapping>"), [""; 0]);
        assert_eq!(dropped(&"<svg>".repeat(50_000)), []);
    }

    #[test]
    fn it_is_found_again_however_it_is_written() {
        let svg = Dropped { name: "svg" };
        assert_eq!(svg.find_in("<svgs> &lt;SVG&gt; <svg>"), Some(7));
        assert_eq!(svg.find_in("none"), None);
        assert_eq!(svg.in_words(), "`<svg>` is left out, with what is in it");
    }
}
