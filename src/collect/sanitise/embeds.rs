//! What Substack writes for its own scripts alone: an element with nothing in it, and all that it would show in an attribute, as
//! JSON. In its place stands what that says: a formula, the words of a short message, the title of a post with a link to it.

use std::borrow::Cow;

use memchr::memmem;
use serde_json::Value;

use super::tag::attribute;
use crate::model::escaped;

/// How the attribute begins.
const BEGINS: &str = "data-attrs=\"";

/// No longer value is read, in bytes.
const LONGEST: usize = 64 << 10;

/// How far before it its tag begins at most, in bytes.
const BEFORE: usize = 1000;

/// No more pictures of one gallery are shown.
const MOST_PICTURES: usize = 30;

/// Classes of what the page itself plays or asks: of that nothing but its name is written.
const OF_THE_PAGE: [&str; 3] = ["native-video-embed", "native-audio-embed", "poll-embed"];

/// The tag of the first element for which nothing can stand, because its page alone has what it shows.
pub(super) fn first_of_page(html: &str) -> Option<&str> {
    memmem::find_iter(html.as_bytes(), BEGINS).find_map(|at| {
        let (start, end) = around(html, at)?;
        let tag = &html[start..end];
        let class = attribute(tag.get(1..tag.len() - 1)?, "class")?;
        class.split_ascii_whitespace().any(|own| OF_THE_PAGE.contains(&own)).then_some(tag)
    })
}

/// Where the tag begins and ends whose attribute stands here.
fn around(html: &str, at: usize) -> Option<(usize, usize)> {
    let value = at + BEGINS.len();
    let last = (value + LONGEST).min(html.len());
    let length = memchr::memchr(b'"', &html.as_bytes()[value..last])?;
    let end = value + length + memchr::memchr(b'>', &html.as_bytes()[value + length..last])? + 1;
    let earliest = (at.saturating_sub(BEFORE)..=at).find(|at| html.is_char_boundary(*at))?;
    Some((earliest + html[earliest..at].rfind('<')?, end))
}

/// Writes what such elements stand for into them.
pub(super) fn shown(html: &str) -> Cow<'_, str> {
    let (mut out, mut copied) = (String::new(), 0);
    for at in memmem::find_iter(html.as_bytes(), BEGINS) {
        if at < copied {
            continue;
        }
        let Some((end, shown)) = at_attribute(html, at) else { continue };
        out.push_str(&html[copied..end]);
        out.push_str(&shown);
        copied = end;
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// Where the tag ends whose attribute stands here, and what stands for its element, if that is empty.
fn at_attribute(html: &str, at: usize) -> Option<(usize, String)> {
    let (start, end) = around(html, at)?;
    let tag = html.get(start + 1..end - 1)?;
    // Nobody has balanced this yet: what begins with anything but a name is no tag.
    let (name, attributes) = tag.split_at(tag.find(|c: char| !c.is_ascii_alphanumeric())?);
    let close = html[end..].trim_start().strip_prefix("</")?.trim_start();
    if name.is_empty() || !close.get(..name.len())?.eq_ignore_ascii_case(name) {
        return None;
    }
    let class = attribute(attributes, "class").unwrap_or_default();
    let data: Value = serde_json::from_str(&attribute(attributes, "data-attrs")?).ok()?;
    stand_in(&class, &data).map(|shown| (end, shown))
}

/// What stands for an element of this class.
fn stand_in(class: &str, data: &Value) -> Option<String> {
    let is = |name: &str| class.split_ascii_whitespace().any(|own| own == name);
    let word = |names: &[&str]| {
        let found = names.iter().find_map(|name| data[*name].as_str().map(str::trim).filter(|text| !text.is_empty()));
        found.map(escaped)
    };
    let address = word(&["canonical_url", "url", "href", "base_url"]).filter(|address| address.starts_with("http"));
    if is("latex-rendered") {
        return Some(format!("<p><code>{}</code></p>", word(&["persistentExpression"])?));
    }
    if is("image-gallery-embed") {
        let pictures = data["gallery"]["images"].as_array()?.iter().take(MOST_PICTURES);
        let pictures = pictures.filter_map(|picture| picture["src"].as_str());
        let mut shown = String::new();
        pictures.for_each(|src| shown.extend(["<figure><img src=\"", &escaped(src), "\" alt=\"\"></figure>"]));
        let caption = data["gallery"]["caption"].as_str().map(escaped).filter(|caption| !caption.is_empty());
        let caption = caption.map(|caption| format!("<p>{caption}</p>")).unwrap_or_default();
        return Some(shown + &caption).filter(|shown| !shown.is_empty());
    }
    if is("tweet") || is("twitter-embed") {
        let words = word(&["full_text"])?.replace('\n', "<br>");
        let name = word(&["name", "username"]).unwrap_or_default();
        let by = match address {
            Some(address) if name.is_empty() => format!("<a href=\"{address}\">{address}</a>"),
            Some(address) => format!("<a href=\"{address}\">{name}</a>"),
            None => name,
        };
        return Some(format!("<blockquote><p>{words}</p><p>{by}</p></blockquote>"));
    }
    if address.is_none() && is("native-audio-embed") {
        return Some(format!("<p>{}</p>", word(&["label"])?));
    }
    let address = address?;
    let title = word(&["title", "name", "label"]).unwrap_or_else(|| address.clone());
    Some(format!("<p><a href=\"{address}\">{title}</a></p>"))
}

#[cfg(test)]
mod tests {
    use super::{first_of_page, shown};
    use crate::model::escaped;

    #[test]
    fn what_the_page_alone_shows_is_found() {
        let film = "<div class=\"native-video-embed\" data-attrs=\"{&quot;a&quot;:1}\">";
        assert_eq!(first_of_page(&format!("<p>a</p>{film}</div>")), Some(film));
        for other in ["<div class=\"tweet\" data-attrs=\"{}\"></div>", "data-attrs=\"", "<\u{ef} data-attrs=\"\">"] {
            assert_eq!(first_of_page(other), None);
        }
    }

    #[test]
    fn what_an_attribute_says_is_shown() {
        for (class, data, inside) in [
            ("latex-rendered", r#"{"persistentExpression":"a < b","id":"X"}"#, "<p><code>a &lt; b</code></p>"),
            (
                "digest-post-embed",
                r#"{"title":"Of gum","canonical_url":"https://p.example/gum","size":"sm"}"#,
                "<p><a href=\"https://p.example/gum\">Of gum</a></p>",
            ),
            (
                "tweet",
                r#"{"url":"https://x.example/1","full_text":"Soot\nand gum","username":"ann","name":"Ann"}"#,
                "<blockquote><p>Soot<br>and gum</p><p><a href=\"https://x.example/1\">Ann</a></p></blockquote>",
            ),
            (
                "image-gallery-embed",
                r#"{"gallery":{"images":[{"src":"https://p.example/1.png"}],"caption":"Two"}}"#,
                "<figure><img src=\"https://p.example/1.png\" alt=\"\"></figure><p>Two</p>",
            ),
            ("native-audio-embed", r#"{"label":"Interview","mediaUploadId":"x"}"#, "<p>Interview</p>"),
            ("native-video-embed", r#"{"mediaUploadId":"x"}"#, ""),
            ("subscription-widget", r#"{"text":"Subscribe"}"#, ""),
            ("digest-post-embed", r#"{"title":"A","url":"javascript:a()"}"#, ""),
            ("tweet", "no JSON", ""),
        ] {
            let tag = format!("<div class=\"{class}\" data-attrs=\"{}\" x=\"y\">", escaped(data));
            assert_eq!(shown(&format!("<p>a</p>{tag}</div>b")), format!("<p>a</p>{tag}{inside}</div>b"));
        }
        for full in [
            "<div class=\"tweet\" data-attrs=\"{}\"><p>a</p></div>",
            "<p data-attrs=\"",
            "data-attrs=\"{}\"></div>",
            "<p>x</p>< a\u{ef} data-attrs=\"{}\"></a\u{ef}>",
            "< \u{ef} data-attrs=\"{}\"></\u{ef}>",
            "<\u{ef}\u{2003} class=\"tweet\" data-attrs=\"{}\"></\u{ef}\u{2003}>",
            "<\u{a0}div data-attrs=\"{}\"></div>",
            "<div\u{ef} data-attrs=\"{}\"></div\u{ef}>",
        ] {
            assert_eq!(shown(full), full);
        }
    }
}
