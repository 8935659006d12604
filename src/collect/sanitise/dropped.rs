//! What the policy takes away that a reader would miss, so that it can be told.

use memchr::{memchr, memmem};

use super::tag::attribute;

/// Elements that go with what is in them.
const WITH_CONTENTS: [&str; 7] = ["canvas", "script", "select", "style", "svg", "template", "textarea"];

/// Elements that do something no page of ours does, or draw what no text can; the words in them stay.
const WORDS_STAY: [&str; 13] = [
    "applet", "area", "button", "dialog", "form", "frame", "frameset", "input", "map", "math", "meter", "portal",
    "progress",
];

/// A picture of one pixel or none tells somebody that a text was opened, and shows nothing.
const PICTURE: &str = "img";

/// Says nothing that a reader sees; what is in it is not looked at.
const UNSEEN: &str = "head";

/// No longer tag is read.
const LONGEST: usize = 4096;

/// Elements without contents that change the page around them.
const VOID: [&str; 3] = ["base", "link", "meta"];

/// It becomes a link to what it shows, where that is at an address.
const FRAME: &str = "iframe";

/// Its words stay where its address may not.
const LINK: &str = "a";

/// Addresses that are programs, or pages made of nothing but themselves.
const PROGRAMS: [&str; 3] = ["javascript:", "vbscript:", "data:"];

/// A kind of element that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Dropped {
    /// Its name, in lower case.
    pub(in crate::collect) name: &'static str,
}

impl Dropped {
    /// Lower-case, names in backticks.
    pub(in crate::collect) fn in_words(self) -> String {
        match self.name {
            PICTURE => "a picture of one pixel, which counts readers, is left out".to_owned(),
            FRAME => "an `<iframe>` that shows no page of the web is left out".to_owned(),
            LINK => {
                "a link that leads to no page (`javascript:`, `data:`) is left out, but for the words in it".to_owned()
            }
            "meta" => "`<meta http-equiv=\"refresh\">` is left out".to_owned(),
            name if VOID.contains(&name) => format!("`<{name}>` is left out"),
            name if WITH_CONTENTS.contains(&name) => format!("`<{name}>` is left out, with what is in it"),
            name => format!("`<{name}>` is left out, but for the words in it"),
        }
    }

    /// Where the first such element begins in a text, which may be markup or escaped.
    pub(in crate::collect) fn find_in(self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let opens = |open: &'static str| {
            memmem::find_iter(bytes, open).filter(move |at| {
                let rest = &text[at + open.len()..];
                begins(rest, self.name) && !rest[self.name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            })
        };
        let is_one = |rest: &str| match self.name {
            PICTURE => is_pixel(&rest[PICTURE.len()..]),
            name => !is_kept(name, rest),
        };
        let starts = ["<", "&lt;", "\\u003c"];
        let exact = starts.into_iter().filter_map(|open| opens(open).find(|at| is_one(&text[at + open.len()..])));
        // Of one that is written otherwise the first of its name.
        let nearly = || starts.into_iter().filter_map(|open| opens(open).next()).filter(|_| self.name != PICTURE);
        exact.min().or_else(|| self.address_in(text)).or_else(|| nearly().min())
    }
}

impl Dropped {
    /// Where Markdown names the address of such a link.
    fn address_in(self, text: &str) -> Option<usize> {
        let lower = (self.name == LINK).then(|| text.to_ascii_lowercase())?;
        PROGRAMS.iter().filter_map(|program| lower.find(program)).min()
    }
}

/// The kinds of elements in `html` that are left out, each once, in the order in which they come.
pub(in crate::collect) fn dropped(html: &str) -> Vec<Dropped> {
    let mut found: Vec<Dropped> = Vec::new();
    // What nothing closes is a word of its author's.
    let mut unclosed: Vec<&str> = Vec::new();
    // A comment that nothing ends is looked for once.
    let mut comments_end = true;
    let mut at = 0;
    while let Some(next) = html.get(at..).and_then(|rest| memchr(b'<', rest.as_bytes())) {
        at += next + 1;
        let rest = &html[at..];
        if rest.starts_with("!--") {
            let end = if comments_end { memmem::find(rest.as_bytes(), b"-->") } else { None };
            comments_end = end.is_some();
            at += end.unwrap_or(0);
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
    let known = WITH_CONTENTS.iter().chain(&WORDS_STAY).chain(&VOID).chain([&UNSEEN, &PICTURE, &FRAME, &LINK]);
    let mut known = known.filter(|name| name.as_bytes()[0] == first && begins(rest, name));
    known.find(|name| rest[name.len()..].starts_with(['>', '/', ' ', '\t', '\n', '\r'])).copied()
}

fn begins(rest: &str, name: &str) -> bool {
    rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
}

/// Boxes that are ticked stay as signs; what is hidden is not missed. Pictures, frames and links stay, as a rule.
fn is_kept(name: &str, rest: &str) -> bool {
    let attributes = tag(rest).get(name.len()..).unwrap_or_default();
    let has = |name: &str, is: fn(&str) -> bool| attribute(attributes, name).is_some_and(|value| is(&value));
    match name {
        PICTURE => !is_pixel(attributes),
        "input" => has("type", |kind| kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("hidden")),
        "meta" => !has("http-equiv", |field| field.trim().eq_ignore_ascii_case("refresh")),
        FRAME => !has("srcdoc", |_| true) && !has("src", is_program),
        LINK => !has("href", is_program),
        _ => false,
    }
}

/// Whether an address is a program. Control characters and white space mean nothing in it (URL Standard, 4.4).
pub(super) fn is_program(address: &str) -> bool {
    let letters = address.bytes().filter(|byte| *byte > b' ').map(|byte| byte.to_ascii_lowercase());
    PROGRAMS.iter().any(|program| letters.clone().take(program.len()).eq(program.bytes()))
}

/// Whether the attributes of a picture, which may be followed by more, say that it is no larger than a pixel.
pub(super) fn is_pixel(attributes: &str) -> bool {
    let end = attributes.bytes().take(LONGEST).position(|byte| byte == b'>').unwrap_or(attributes.len().min(LONGEST));
    let attributes = attributes.get(..end).unwrap_or_default().trim_end_matches('/');
    let is_none = |value: &str| matches!(value.trim().trim_end_matches("px").trim(), "0" | "1");
    let said = |name: &str| attribute(attributes, name).is_some_and(|value| is_none(&value));
    let style = attribute(attributes, "style").unwrap_or_default();
    let styled = |name: &str| {
        let mut parts = style.split(';').filter_map(|part| part.split_once(':'));
        parts.any(|(property, value)| property.trim().eq_ignore_ascii_case(name) && is_none(value))
    };
    (said("width") || styled("width")) && (said("height") || styled("height"))
}

/// The tag whose name `rest` begins with, without its brackets; nothing when it has no end.
fn tag(rest: &str) -> &str {
    let end = memchr(b'>', &rest.as_bytes()[..rest.len().min(LONGEST)]);
    end.and_then(|end| rest.get(..end)).unwrap_or_default()
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
        let acting = "<BASE href=x><link rel=stylesheet><meta charset=utf-8><meta HTTP-EQUIV=Refresh content=0><portal></portal>";
        assert_eq!(names(acting), ["base", "link", "meta", "portal"]);
        for frame in ["<iframe srcdoc='<p>x'></iframe>", "<iframe src=' java&#115;cript:x'></iframe>"] {
            assert_eq!(names(frame), ["iframe"]);
        }
        assert_eq!(names("<a href=\"Java\nScript:x()\">x</a><a href=vbscript:y>"), ["a"]);
        assert_eq!(names("<a href=/javascript:x>x</a><a>y</a><iframe src=/z></iframe><abbr href=data:>"), [""; 0]);
        for pixel in ["<img src=x width=1 height='1'/>", "<img src=x style='width:1px; height: 0'>"] {
            assert_eq!(names(pixel), ["img"]);
        }
        assert_eq!(names("<img src=x width=1 height=20><img src=x>"), [""; 0]);
    }

    #[test]
    fn it_is_found_again_however_it_is_written() {
        let svg = Dropped { name: "svg" };
        assert_eq!(svg.find_in("<svgs> &lt;SVG&gt; <svg>"), Some(7));
        assert_eq!(svg.find_in("none"), None);
        let link = Dropped { name: "a" };
        assert_eq!(link.find_in("<a href=/x>x</a> <a href='javascript:x'>"), Some(17));
        assert_eq!(link.find_in("An [a](JavaScript:x)"), Some(7));
        assert_eq!(link.find_in("<a href='java&#115;cript:x'"), Some(0));
        assert_eq!(svg.in_words(), "`<svg>` is left out, with what is in it");
    }
}
