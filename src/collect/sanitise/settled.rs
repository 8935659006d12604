//! Whether markup is as this sanitiser would have written it.
//!
//! What was kept by an earlier run, perhaps of an earlier version, perhaps changed since, is read here letter by letter: tags in
//! the one form in which they are written, the names, attributes and addresses that the policy has today, every element ended.
//! Nothing else passes, so that markup which does means the same to every parser.

use memchr::memchr;

use super::{policy, size};
use crate::collect::plain::decode_entities;
use crate::model::Language;

/// Elements that have no end tag.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

/// Elements that are written as something else.
const NEVER: [&str; 8] = ["iframe", "video", "audio", "embed", "object", "source", "track", "input"];

/// Whether this is markup that the sanitiser writes.
pub(super) fn is_settled(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        rest = &rest[at + 1..];
        let Some(end) = memchr(b'>', rest.as_bytes()) else { return false };
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            continue;
        }
        let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
        if policy::element(name) != Some(name) || NEVER.contains(&name) || !are_settled(name, attributes) {
            return false;
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    open.is_empty() && memchr(0, html.as_bytes()).is_none()
}

/// Whether ` name="value" name="value"` is what the element may have.
fn are_settled(element: &str, attributes: &str) -> bool {
    let mut rest = attributes;
    while !rest.is_empty() {
        let Some((name, after)) = rest.strip_prefix(' ').and_then(|rest| rest.split_once("=\"")) else { return false };
        let Some((value, after)) = after.split_once('"') else { return false };
        if memchr(b'<', value.as_bytes()).is_some() || !is_settled_attribute(element, name, value) {
            return false;
        }
        rest = after;
    }
    true
}

fn is_settled_attribute(element: &str, name: &str, value: &str) -> bool {
    let is_number =
        || !value.is_empty() && value.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit());
    match (element, name) {
        ("a", "href") => {
            let decoded = || decode_entities(value);
            value.starts_with('#') || is_on_the_web(value) || is_linked_file(value) || policy::allows_link(&decoded())
        }
        ("img", "src") => is_asset(value) || is_on_the_web(value) || policy::allows_picture(&decode_entities(value)),
        // With what stands before every id.
        (_, "id") => value.contains("--") && !value.contains(char::is_whitespace),
        (_, "class") => policy::classes(value) == value,
        (_, "lang") => Language::parse(value).is_some(),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        (_, "title") | ("img", "alt") | ("time", "datetime") => true,
        ("td" | "th", "style") => matches!(value, "text-align: left" | "text-align: center" | "text-align: right"),
        ("p", "style") => value == "text-align: center",
        ("img", "style") => size::is_settled(value),
        ("img", "width" | "height")
        | ("ol", "start")
        | ("li", "value")
        | ("td" | "th", "colspan" | "rowspan")
        | ("col" | "colgroup", "span") => is_number(),
        ("ol", "reversed") | ("details", "open") => value.is_empty(),
        ("ol", "type") => matches!(value, "1" | "a" | "A" | "i" | "I"),
        ("th", "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        _ => false,
    }
}

/// An address that cannot be anything else, whatever stands in it.
pub(in crate::collect) fn is_on_the_web(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// Whether this is the name of a kept file, as markup has it.
pub(in crate::collect) fn is_asset(src: &str) -> bool {
    let name = src.strip_prefix("assets/").and_then(|name| name.split_once('.'));
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.is_some_and(|(stem, ending)| is_word(stem) && is_word(ending))
}

/// Whether this is how markup links to a file of ours: `assets/0a.png`, `assets/<16 hex digits>/minutes.pdf#page=2`.
pub(super) fn is_linked_file(href: &str) -> bool {
    let path = href.split('#').next().unwrap_or(href);
    let own_name = || {
        let (digits, name) = path.strip_prefix("assets/")?.split_once('/')?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.%".contains(&byte);
        let is_hash = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(is_hash && !name.starts_with('.') && name.contains('.') && name.bytes().all(is_plain))
    };
    is_asset(path) || own_name() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::super::{Addresses, Context, Sanitiser, Shown};
    use super::{is_asset, is_settled};
    use crate::collect::body;

    struct Web;

    impl Addresses for Web {
        fn link(&mut self, href: &str) -> Option<String> {
            Some(href.to_owned())
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            let src = if src.contains("kept") { "assets/0123.png" } else { src };
            Some(Shown { src: src.to_owned(), size: Some((3, 2)) })
        }
    }

    fn foreign(html: &str) -> String {
        let context = Context { prefix: "p", title: None };
        Sanitiser::new().foreign(html, context, &mut Web).as_str().to_owned()
    }

    #[test]
    fn what_the_sanitiser_writes_is_settled() {
        for html in [
            "<h1 id=x>A</h1><p lang=en dir=rtl title='a \"b\"'>5 &lt; 6 > 4 <a href='https://a.example/?a&b=\"'>x</a> <a href=#x>y</a>",
            "<p><img src=https://a.example/b.png alt='a > b' title=T></p><img src=kept.png style='height: 1em'><img src=https://a.example/b.png height=9><a href=mailto:a@b.example>c</a>",
            "<table><tr><td align=right colspan=2>a<th scope=row>b</table><ol start=3 type=a reversed><li value=4>c</ol>",
            "<video src=https://a.example/></video><pre><code class='language-rust x'>a</code></pre><details open><summary>x",
            "<ul><li>a<li>b</ul><br><hr><time datetime=2026>c</time><b><i>d</b>e</i><a name=z>f</a><center>g</center>",
        ] {
            let written = foreign(html);
            assert!(is_settled(&written), "{written}");
        }
        let markdown = "# A\n\n[b](https://b.example/) ![c](https://c.example/d.png)\n\n- e\n\n| a | b |\n|---|:-:|\n| c | d |\n\nf[^1]\n\n[^1]: g\n";
        let written = body::to_html(markdown, false).html;
        let written = Sanitiser::balanced(&written, Context { prefix: "p", title: None }, &mut Web);
        assert!(is_settled(written.as_str()) || written.as_str().contains("fnref"), "{}", written.as_str());
    }

    #[test]
    fn nothing_else_is() {
        for html in [
            "<script>a</script>",
            "<p onclick=\"a\">b</p>",
            "<p>a",
            "</p>",
            "<b><i></b></i>",
            "<P>a</P>",
            "<p title='a'>b</p>",
            "<p title=\"a\"id=\"p--b\">b</p>",
            "<p\ntitle=\"a\">b</p>",
            "<a href=\"javascript:a()\">b</a>",
            "<a href=\"&#106;avascript:a()\">b</a>",
            "<a href=\" javascript:a()\">b</a>",
            "<img src=\"data:image/png;base64,AA\">",
            "<img src=\"assets/../a.png\">",
            "<img src=\"//a.example/b.png\">",
            "<iframe src=\"https://a.example/\"></iframe>",
            "<!-- a -->",
            "<p>a<",
            "<p style=\"color: red\">b</p>",
            "<td style=\"text-align: left; x\">b</td>",
            "<p class=\"evil\">b</p>",
            "<p id=\"x\">b</p>",
            "a\0b",
        ] {
            assert!(!is_settled(html), "{html}");
        }
        assert!(is_asset("assets/0f.png") && !is_asset("assets/0f") && !is_asset("assets/a/b.png"));
    }

    proptest::proptest! {
        /// Whatever was written is taken for written, so that nothing is told of twice.
        #[test]
        fn whatever_is_written_is_settled(
            html in "([a-z \"'=&;]|<|>|</|<a href=|<img src=|https:|<script>|<p|</p>|<h1|<svg|onload=|<!--|-->|<td|<table>|<figure>|<ul>|<li>|<b>|<video>){0,40}"
        ) {
            let written = foreign(&html);
            proptest::prop_assert!(is_settled(&written), "{} gives {}", html, written);
        }
    }
}
