//! Fitting a post's sanitised markup into a page: where its pictures are, how deep its headings stand, what its own
//! fragment identifiers are called beside those of other posts.

use std::borrow::Cow;

use super::landing::{Landing, Lands};
use crate::model::{Html, next_tag};

/// What the bodies of posts call the folder of their pictures.
pub const ASSETS: &str = "assets/";

/// How a body is fitted into a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit<'a> {
    /// What stands in place of `assets/`: "../../assets/", an absolute URL, or `assets/` itself.
    pub assets: &'a str,
    /// What stands in place of `assets/` in a link to a file.
    pub files: &'a str,
    /// The level of the highest heading in the body, 1 to 6; deeper ones keep their distance. 0 leaves headings alone.
    pub top_heading: u8,
    /// What stands before each `id` and each link to one, so that two bodies on a page do not share names.
    pub id_prefix: &'a str,
    /// Where links to posts of the publication lead that do not lead to their pages.
    pub landing: Option<&'a Landing<'a>>,
}

/// The body, fitted. Only attribute values and the digits of heading tags change, and links that lead nowhere go.
#[must_use]
pub fn fit<'a>(body: &'a Html, fit: &Fit<'_>) -> Cow<'a, str> {
    let html = body.as_str();
    let shift = heading_shift(html, fit.top_heading);
    let assets_move = (fit.assets != ASSETS || fit.files != ASSETS) && html.contains(ASSETS);
    let landing = fit.landing.filter(|landing| landing.concerns(html));
    let fit = &Fit { landing, ..*fit };
    if shift == 0
        && !assets_move
        && landing.is_none()
        && (fit.id_prefix.is_empty() || !(html.contains(" id=\"") || html.contains("\"#")))
    {
        return Cow::Borrowed(html);
    }
    let mut fitted = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    // The end of the link that was taken away last, until it comes. Links do not stand within links.
    let mut end = None;
    while let Some((text, tag, after)) = next_tag(rest) {
        fitted.push_str(text);
        if landing.is_some_and(|landing| leads_nowhere(tag, landing)) {
            end = Some(push_unlinked(&mut fitted, tag, fit));
        } else if let Some(end) = (tag == "</a>").then(|| end.take()).flatten() {
            fitted.push_str(end);
        } else {
            push_tag(&mut fitted, tag, shift, fit);
        }
        rest = after;
    }
    fitted.push_str(rest);
    Cow::Owned(fitted)
}

/// The address of a picture, fitted.
#[must_use]
pub fn fit_source(src: &str, assets: &str) -> String {
    src.strip_prefix(ASSETS).map_or_else(|| src.to_owned(), |name| format!("{assets}{name}"))
}

/// Markup written from right to left in which program text says that it runs from left to right, for readers that have no
/// stylesheet. What says its direction keeps it, and what stands in a block of program text has that of the block.
#[must_use]
pub fn code_from_the_left(html: &str) -> Cow<'_, str> {
    const CODE: [&str; 4] = ["<pre", "<code", "<kbd", "<samp"];
    if !CODE.iter().any(|name| html.contains(name)) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let (mut rest, mut in_block) = (html, false);
    while let Some((text, tag, after)) = next_tag(rest) {
        out.push_str(text);
        let begun = CODE.iter().find_map(|name| {
            let attributes = tag.strip_prefix(name)?;
            attributes.starts_with(['>', ' ']).then_some((*name, attributes))
        });
        let is_marked = |attributes: &str| attributes.contains(" dir=") || attributes.contains(" class=\"verse\"");
        match begun.filter(|(_, attributes)| !in_block && !is_marked(attributes)) {
            Some((name, attributes)) => out.extend([name, " dir=\"ltr\"", attributes]),
            None => out.push_str(tag),
        }
        in_block = tag != "</pre>" && (in_block || begun.is_some_and(|(name, _)| name == CODE[0]));
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Markup in which `write` writes the numbers that call notes, as the style sheet writes those of the notes. A call is a link
/// within the page that stands raised and says a number alone.
#[must_use]
pub fn calls_numbered(html: &str, write: impl Fn(&str) -> String) -> Cow<'_, str> {
    if !html.contains(RAISED) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + html.len() / 64);
    let (mut rest, mut raised, mut called) = (html, false, false);
    while let Some((text, tag, after)) = next_tag(rest) {
        let is_call = called && tag == "</a>" && is_number(text);
        out.push_str(&if is_call { Cow::Owned(write(text)) } else { Cow::Borrowed(text) });
        out.push_str(tag);
        raised = tag.starts_with(RAISED) || raised && tag != "</sup>";
        called = raised && tag.starts_with("<a ") && tag.contains(" href=\"#");
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What begins raised text, whatever else its tag says.
const RAISED: &str = "<sup";

/// Whether a link says a number alone, perhaps between brackets.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a tag begins a link that leads to nothing.
fn leads_nowhere(tag: &str, landing: &Landing<'_>) -> bool {
    const HREF: &str = " href=\"";
    let href = || tag.split_once(HREF)?.1.split('"').next();
    tag.starts_with("<a ") && href().and_then(|href| landing.of(href)) == Some(Lands::Nowhere)
}

/// Leaves of the tag of a link what others may lead to, its `id`; says what ends it.
fn push_unlinked(out: &mut String, tag: &str, fit: &Fit<'_>) -> &'static str {
    let Some(id) = tag.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next()) else { return "" };
    out.extend(["<span id=\"", fit.id_prefix, id, "\">"]);
    "</span>"
}

/// The level of a heading tag, opening or closing.
fn heading_level(tag: &str) -> Option<i8> {
    let name = tag.trim_start_matches(['<', '/']).as_bytes();
    match name {
        [b'h', level @ b'1'..=b'6', b'>' | b' ', ..] => Some((level - b'0') as i8),
        _ => None,
    }
}

fn heading_shift(html: &str, top: u8) -> i8 {
    if top == 0 {
        return 0;
    }
    let mut highest = None;
    for at in memchr::memmem::find_iter(html.as_bytes(), "<h") {
        let level = html.get(at..).and_then(heading_level);
        highest = level.into_iter().chain(highest).min();
    }
    highest.map_or(0, |highest| top as i8 - highest)
}

fn push_tag(out: &mut String, tag: &str, shift: i8, fit: &Fit<'_>) {
    if let Some(level) = heading_level(tag)
        && shift != 0
    {
        let closing = tag.starts_with("</");
        let (head, attributes) = tag.split_at(if closing { 3 } else { 2 });
        out.push_str(head);
        out.push(char::from(b'0' + (level + shift).clamp(1, 6) as u8));
        return push_attributes(out, attributes.get(1..).unwrap_or_default(), fit);
    }
    push_attributes(out, tag, fit);
}

/// Copies the rest of a tag, with the values of `src`, `href`, `poster`, `id`, `for` and of ARIA references changed.
fn push_attributes(out: &mut String, tag: &str, fit: &Fit<'_>) {
    let mut rest = tag;
    while let Some(at) = rest.find("=\"") {
        let (before, from) = rest.split_at(at + 2);
        let name = before[..at].rsplit([' ', '\n', '\t']).next().unwrap_or_default();
        out.push_str(before);
        let end = from.find('"').unwrap_or(from.len());
        let (value, after) = from.split_at(end);
        match name {
            "src" | "href" | "poster" if value.starts_with(ASSETS) => {
                out.push_str(if name == "href" { fit.files } else { fit.assets });
                out.push_str(value.get(ASSETS.len()..).unwrap_or_default());
            }
            "href" if let Some(Lands::Here(anchor)) = fit.landing.and_then(|landing| landing.of(value)) => {
                out.push('#');
                out.push_str(&anchor);
            }
            "href" if value.len() > 1 && value.starts_with('#') => {
                out.push('#');
                out.push_str(fit.id_prefix);
                out.push_str(value.get(1..).unwrap_or_default());
            }
            "id" | "aria-describedby" | "aria-labelledby" => {
                out.push_str(fit.id_prefix);
                out.push_str(value);
            }
            _ => out.push_str(value),
        }
        rest = after;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{Fit, calls_numbered, code_from_the_left, fit};
    use crate::model::Html;

    fn fitted(html: &str, how: &Fit<'_>) -> String {
        fit(&Html::from_sanitised(html.to_owned()), how).into_owned()
    }

    #[test]
    fn program_text_runs_from_the_left() {
        let html = r#"<p>متن <code>--now</code>, <kbd class="k" title="a > b">x</kbd>, <samp dir="rtl">y</samp> &lt;code></p>
<pre><code class="r">z</code></pre><img alt="<code>"><precept><code>v</code>"#;
        assert_eq!(
            code_from_the_left(html),
            r#"<p>متن <code dir="ltr">--now</code>, <kbd dir="ltr" class="k" title="a > b">x</kbd>, <samp dir="rtl">y</samp> &lt;code></p>
<pre dir="ltr"><code class="r">z</code></pre><img alt="<code>"><precept><code dir="ltr">v</code>"#
        );
        let verse = "<pre class=\"verse\">بنی آدم</pre>";
        assert_eq!(code_from_the_left(verse), verse);
        assert!(matches!(code_from_the_left("<p>متن</p>"), std::borrow::Cow::Borrowed(_)));
    }

    #[test]
    fn calls_of_notes_are_written_in_other_digits() {
        let html = "<p>در ۱<sup class=\"footnote-reference\" id=\"r\"><a href=\"#n\">12</a></sup> 3<sup>2</sup> <sup><a \
                    href=\"https://x.example/#n\">4</a></sup> <a href=\"#n\">5</a> <sup><a href=\"#n\">[6]</a> <a \
                    href=\"#n\">7a</a></sup></p>";
        let persian = |text: &str| text.replace("12", "۱۲").replace('6', "۶");
        let expected = html.replace(">12<", ">۱۲<").replace("[6]", "[۶]");
        assert_eq!(calls_numbered(html, persian), expected);
        assert!(matches!(calls_numbered("<p>1</p>", persian), std::borrow::Cow::Borrowed(_)));
    }

    #[test]
    fn pictures_point_to_where_the_output_keeps_them() {
        let how = Fit { assets: "../../assets/", files: "../../assets/", ..Fit::default() };
        assert_eq!(
            fitted(
                r#"<p>assets/ in text</p><img src="assets/1a.png" alt="a > b"><img src="https://x.example/assets/1a.png">"#,
                &how
            ),
            r#"<p>assets/ in text</p><img src="../../assets/1a.png" alt="a > b"><img src="https://x.example/assets/1a.png">"#
        );
    }

    #[test]
    fn links_to_files_lead_to_the_web_where_pictures_are_part_of_the_document() {
        let how = Fit { assets: "assets/", files: "https://x.example/assets/", ..Fit::default() };
        assert_eq!(
            fitted(r#"<a href="assets/1a/b.pdf#c"><img src="assets/1a.png" alt=""></a>"#, &how),
            r#"<a href="https://x.example/assets/1a/b.pdf#c"><img src="assets/1a.png" alt=""></a>"#
        );
    }

    #[test]
    fn headings_keep_their_distance_below_the_title() {
        let how = Fit { top_heading: 4, assets: "assets/", files: "assets/", ..Fit::default() };
        assert_eq!(
            fitted("<h2 id=\"a\">A</h2><hr><h3>B</h3><h6>C</h6>", &how),
            "<h4 id=\"a\">A</h4><hr><h5>B</h5><h6>C</h6>"
        );
        let how = Fit { top_heading: 2, assets: "assets/", files: "assets/", ..Fit::default() };
        assert_eq!(fitted("<h1>A</h1><h2>B</h2>", &how), "<h2>A</h2><h3>B</h3>");
    }

    #[test]
    fn names_inside_a_body_are_its_own() {
        let how = Fit { id_prefix: "post-", assets: "assets/", files: "assets/", ..Fit::default() };
        assert_eq!(
            fitted("<a href=\"#fn1\">1</a><a href=\"#\">top</a><li id=\"fn1\">x</li>", &how),
            "<a href=\"#post-fn1\">1</a><a href=\"#\">top</a><li id=\"post-fn1\">x</li>"
        );
    }

    #[test]
    fn a_body_that_needs_nothing_is_not_copied() {
        let body = Html::from_sanitised("<h2>A</h2><p>b</p>".to_owned());
        let how = Fit { assets: "../assets/", files: "../assets/", top_heading: 2, id_prefix: "x-", landing: None };
        assert!(matches!(fit(&body, &how), std::borrow::Cow::Borrowed(_)));
    }
}
