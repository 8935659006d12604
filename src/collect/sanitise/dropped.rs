//! What the policy takes away that a reader would miss, so that it can be told.

use memchr::{memchr, memmem};

use super::tag::attribute;
use super::{embeds, hidden};
use crate::collect::plain;

/// Elements that go with what is in them.
const WITH_CONTENTS: [&str; 7] = ["canvas", "script", "select", "style", "svg", "template", "textarea"];

/// Elements that do something no page of ours does, or draw what no text can; the words in them stay.
const WORDS_STAY: [&str; 13] = [
    "applet", "area", "button", "dialog", "form", "frame", "frameset", "input", "map", "math", "meter", "portal",
    "progress",
];

/// Elements without contents, by which a page says something of itself.
const OF_PAGES: [&str; 3] = ["base", "link", "meta"];

/// Shown as a link, unless what it shows is no page on the web.
const FRAME: &str = "iframe";

/// Shown as links, too.
const MEDIA: [&str; 4] = ["audio", "embed", "object", "video"];

/// A link stays, unless it would run a script.
const LINK: &str = "a";

/// A link by a scheme that no page of ours has; no name of an element.
const AWAY: &str = "ftp";

/// A picture whose address is none on the web; no name of an element.
const NOWHERE: &str = "file";

/// A picture of one pixel or none tells somebody that a text was opened, and shows nothing.
const PICTURE: &str = "img";

/// What its author hides from readers; no name of an element. The address of such is its tag.
pub(in crate::collect) const HIDDEN: &str = "hidden";

/// What its page alone shows, by its own programs; no name of an element. The address of such is its tag.
const OF_THE_PAGE: &str = "of the page";

/// Says nothing that a reader sees; what is in it is not looked at.
const UNSEEN: &str = "head";

/// All names that are looked for.
const KNOWN: [&[&str]; 5] = [&WITH_CONTENTS, &WORDS_STAY, &OF_PAGES, &MEDIA, &[UNSEEN, PICTURE, FRAME, LINK]];

/// None of them is longer, in bytes.
const LONGEST_NAME: usize = 8;

/// No longer tag is read.
const LONGEST: usize = 4096;

/// So much of an address is said, in characters.
const LONGEST_SAID: usize = 80;

/// A kind of element that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Dropped {
    /// Its name, in lower case.
    pub(in crate::collect) name: &'static str,
    /// What the first of them leads to, where it is left out for that.
    pub(in crate::collect) address: Option<String>,
}

impl Dropped {
    /// Lower-case, names in backticks.
    pub(in crate::collect) fn in_words(&self) -> String {
        let address = || plain::one_line(self.address.as_deref().unwrap_or_default());
        match self.name {
            AWAY => {
                let allowed = "pages link by `http`, `https`, `mailto` and `tel`";
                return format!("the link to `{}` is left out, but for the words in it; {allowed}", address());
            }
            NOWHERE => return format!("the picture `{}` has no address on the web; its words stand for it", address()),
            HIDDEN => return format!("what `{}` hides is left out: no page of ours would ever show it", address()),
            OF_THE_PAGE => return format!("what `{}` stands for is on its page alone, and is left out", address()),
            name if MEDIA.contains(&name) => return format!("`<{name}>` shows nothing on the web, and is left out"),
            PICTURE => return "a picture of one pixel, which counts readers, is left out".to_owned(),
            FRAME => return "an `<iframe>` that shows no page on the web is left out".to_owned(),
            LINK => return "a link that runs a script is left out, but for the words in it".to_owned(),
            name if OF_PAGES.contains(&name) => return format!("`<{name}>` is left out"),
            _ => {}
        }
        let what = if WITH_CONTENTS.contains(&self.name) { "with what is in it" } else { "but for the words in it" };
        format!("`<{}>` is left out, {what}", self.name)
    }

    /// The name of the element.
    pub(in crate::collect) fn element(&self) -> &'static str {
        match self.name {
            NOWHERE => PICTURE,
            AWAY => LINK,
            name => name,
        }
    }

    /// Where the first such element begins in a text, which may be markup or escaped.
    pub(in crate::collect) fn find_in(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        if let Some(address) = &self.address {
            return memmem::find(bytes, address.as_bytes());
        }
        let name = self.element();
        let opens = |open: &str| {
            memmem::find_iter(bytes, open).find(|at| {
                let rest = &text[at + open.len()..];
                let ends = || !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
                begins(rest, name) && ends() && (name != PICTURE || what_is_dropped(name, rest) == Some(self.name))
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
    let mut comments_end = true;
    let mut at = 0;
    while let Some(next) = html.get(at..).and_then(|rest| memchr(b'<', rest.as_bytes())) {
        at += next + 1;
        let rest = &html[at..];
        if rest.starts_with("!--") {
            // One that nothing ends is passed over, and nothing ends those after it.
            let end = if comments_end { memmem::find(rest.as_bytes(), b"-->") } else { None };
            comments_end = end.is_some();
            at += end.unwrap_or(0);
            continue;
        }
        let Some(name) = name(rest) else { continue };
        let has_contents = name == UNSEEN || WITH_CONTENTS.contains(&name);
        if has_contents {
            let close = if unclosed.contains(&name) { None } else { close(rest, name) };
            if let Some(close) = close {
                at += close;
            } else {
                if !unclosed.contains(&name) {
                    unclosed.push(name);
                }
                if !tag(rest).ends_with('/') {
                    continue;
                }
            }
        }
        let told = if has_no_end(name, rest) { None } else { what_is_dropped(name, rest) };
        let Some(name) = told else { continue };
        if !found.iter().any(|known| known.name == name) {
            found.push(Dropped { name, address: address(name, rest) });
        }
    }
    let by_tag = |name, tag: &str| Dropped { name, address: Some(tag.chars().take(LONGEST_SAID).collect()) };
    found.extend(embeds::first_of_page(html).map(|tag| by_tag(OF_THE_PAGE, tag)));
    found.extend(hidden::first(html).map(|tag| by_tag(HIDDEN, tag)));
    found
}

/// Of what is left out for its address, that, as far as it is worth saying.
fn address(name: &str, rest: &str) -> Option<String> {
    let (element, attribute_name) = match name {
        AWAY => (LINK, "href"),
        NOWHERE => (PICTURE, "src"),
        _ => return None,
    };
    let value = attribute(tag(rest).get(element.len()..)?, attribute_name)?;
    Some(value.trim().chars().take(LONGEST_SAID).collect())
}

/// Whether the end of a tag, on whose attributes it hangs whether it is told, is not near: a text may hold very many such.
fn has_no_end(name: &str, rest: &str) -> bool {
    let head = &rest.as_bytes()[..rest.len().min(LONGEST)];
    let hangs = matches!(name, PICTURE | LINK | FRAME) || MEDIA.contains(&name);
    hangs && memchr(b'>', head).is_none()
}

/// The name of the element that begins here, if it is one of those.
fn name(rest: &str) -> Option<&'static str> {
    let is_end = |byte: u8| matches!(byte, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r');
    let length = rest.bytes().take(LONGEST_NAME + 1).position(is_end).filter(|length| *length > 0)?;
    KNOWN.iter().copied().flatten().find(|known| known.eq_ignore_ascii_case(&rest[..length])).copied()
}

fn begins(rest: &str, name: &str) -> bool {
    rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
}

/// What is told of an element that begins here; nothing where it stays. Boxes that are ticked stay as signs; what is hidden is
/// not missed.
fn what_is_dropped(name: &'static str, rest: &str) -> Option<&'static str> {
    let attributes = || tag(rest).get(name.len()..).unwrap_or_default();
    let said = |wanted: &str| attribute(attributes(), wanted);
    let is_dropped = match name {
        UNSEEN => false,
        PICTURE if is_pixel(rest.get(PICTURE.len()..).unwrap_or_default()) => true,
        PICTURE => return is_nowhere(attributes()).then_some(NOWHERE),
        LINK => match said("href") {
            Some(href) if runs(&href) => true,
            Some(href) => return leads_away(&href).then_some(AWAY),
            None => false,
        },
        "object" => said("data").is_some_and(|data| runs(&data)),
        name if MEDIA.contains(&name) => said("src").is_some_and(|src| runs(&src)),
        FRAME => match said("src") {
            Some(src) => runs(&src),
            None => said("srcdoc").is_some(),
        },
        "meta" => said("http-equiv").is_some_and(|what| what.trim().eq_ignore_ascii_case("refresh")),
        "input" => !said("type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("hidden")),
        _ => true,
    };
    is_dropped.then_some(name)
}

/// Whether an address is a program, or a page that stands in it.
fn runs(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(12).collect();
    let plain = plain.to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| plain.starts_with(scheme))
}

/// Whether a link is by a scheme that no page of ours has. A template that nobody knows is told by itself.
fn leads_away(address: &str) -> bool {
    let scheme = scheme(address);
    scheme.is_some_and(|scheme| !["http", "https", "mailto", "tel", "unresolved"].contains(&scheme.as_str()))
}

/// Whether every address of a picture is by a scheme that shows none. One that is written out is looked at by itself.
fn is_nowhere(attributes: &str) -> bool {
    let is_shown = |address: &str| {
        scheme(address).is_none_or(|scheme| matches!(&*scheme, "http" | "https" | "data" | "unresolved"))
    };
    let said = |name: &str| attribute(attributes, name).filter(|address| !address.trim().is_empty());
    let late = ["data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset", "srcset"];
    said("src").is_some_and(|src| !is_shown(&src)) && late.into_iter().filter_map(said).all(|other| !is_shown(&other))
}

/// The scheme that an address is written with, in lower case (RFC 3986, 3.1).
fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.trim_start().split_once(':')?;
    let is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_one.then(|| scheme.to_ascii_lowercase())
}

/// Whether the attributes of a picture, which may be followed by more, say that it is no larger than a pixel.
pub(in crate::collect) fn is_pixel(attributes: &str) -> bool {
    let most = (0..=attributes.len().min(LONGEST)).rev().find(|end| attributes.is_char_boundary(*end)).unwrap_or(0);
    let end = attributes.bytes().take(most).position(|byte| byte == b'>').unwrap_or(most);
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
    use super::{Dropped, KNOWN, LONGEST_NAME, dropped};

    fn names(html: &str) -> Vec<&str> {
        dropped(html).into_iter().map(|dropped| dropped.name).collect()
    }

    #[test]
    fn each_kind_is_found_once() {
        assert_eq!(KNOWN.iter().copied().flatten().map(|name| name.len()).max(), Some(LONGEST_NAME));
        let html = "<p>A</p><SVG width=1><style>x</style><text>b</text></SVG><svg></svg><form><input type=text>\
                    <input type='checkbox'> c</form><canvas/><!-- <map> --><script>'<button>'</script>";
        assert_eq!(names(html), ["svg", "form", "input", "canvas", "script"]);
        assert_eq!(names("<head><style></style><script></script></head><p>a"), [""; 0]);
        assert_eq!(names("the <select> element, <svgx>, <mapping></mapping>"), [""; 0]);
        assert_eq!(dropped(&"<svg>".repeat(50_000)), []);
        for pixel in ["<img src=x width=1 height='1'/>", "<img src=x style='width:1px; height: 0'>"] {
            assert_eq!(names(pixel), ["img"]);
        }
        assert_eq!(names("<img src=x width=1 height=20><img src=x>"), [""; 0]);
    }

    #[test]
    fn it_is_found_again_however_it_is_written() {
        let svg = Dropped { name: "svg", address: None };
        assert_eq!(svg.find_in("<svgs> &lt;SVG&gt; <svg>"), Some(7));
        assert_eq!(svg.find_in("none"), None);
        assert_eq!(svg.in_words(), "`<svg>` is left out, with what is in it");
        let link = &dropped("<p><a href='ftp://a.example/b'>c</a>")[0];
        let text = "<a href=b> &lt;a href=&quot;ftp://a.example/b&quot;&gt;";
        assert_eq!((link.find_in(text), link.element()), (text.find("ftp:"), "a"));
        let film = &dropped("<div class=\"native-video-embed\" data-attrs=\"{}\"></div>")[0];
        assert!(film.in_words().starts_with("what `<div class=\"native-video-embed\""), "{}", film.in_words());
        let hidden = &dropped("<p>a</p><p hidden>b</p>")[0];
        assert_eq!((hidden.find_in("<p>a</p><p hidden>"), hidden.name), (Some(8), "hidden"));
        assert!(hidden.in_words().starts_with("what `<p hidden>` hides is left out"));
        assert!(link.in_words().starts_with("the link to `ftp://a.example/b` is left out"));
        let picture = Dropped { name: "img", address: None };
        let text = "<img src=x> <img width=1 height=1 src=y>";
        assert_eq!((picture.find_in(text), picture.element()), (text.rfind("<img"), "img"));
    }

    #[test]
    fn what_leads_to_no_page_is_told() {
        for (html, name) in [
            ("<iframe srcdoc='<p>a'></iframe>", "iframe"),
            ("<iframe src=' JavaScript:a()'></iframe>", "iframe"),
            ("<a href='java&#10;script:a()'>b</a>", "a"),
            ("<base href='https://a.example/'>", "base"),
            ("<link rel=stylesheet href=x>", "link"),
            ("<meta http-equiv=Refresh content='0;url=x'>", "meta"),
            ("<portal src=x></portal>", "portal"),
            ("<a href='ftp://a.example/b'>c</a>", "ftp"),
            ("<a href='C:\\notes.txt'>c</a>", "ftp"),
            ("<img src='javascript:a()' alt=x>", "file"),
            ("<img src='file:///a.png' srcset='javascript:b 2x'>", "file"),
            ("<embed src=' javascript:a()'>", "embed"),
            ("<object data='data:text/html,a'></object>", "object"),
            ("<video src='javascript:a()'></video>", "video"),
        ] {
            assert_eq!(names(&html.repeat(3)), [name], "{html}");
        }
        for html in [
            "<iframe src=https://a.example/></iframe>",
            "<a href=https://a.example/javascript:>b</a><a>c</a>",
            "<meta name=a content=b>",
            "<img src='data:image/png;base64,AA' alt=x>",
            "<linked> <abc> <iframes>",
            "<a href='tel:1'>a</a><a href='/a:b'>c</a><a href='?a:b'>c</a><a href='MAILTO:a@b.example'>d</a>",
            "<img src='javascript:a()' srcset='a.png 2x'><embed src=a.swf><audio src=a.mp3></audio><object></object>",
        ] {
            assert_eq!(names(html), [""; 0], "{html}");
        }
    }
}
