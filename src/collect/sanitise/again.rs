//! Markup that was sanitised before and has been in a file since: it is looked through, and sanitised again when it is
//! not what the sanitiser would write now.

use super::policy;
use crate::collect::plain::decode_entities;

/// Elements without an end tag that the sanitiser writes.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

/// Elements that it looks at, and writes as something else.
const NEVER: [&str; 8] = ["audio", "embed", "iframe", "input", "object", "source", "track", "video"];

/// Whether the sanitiser may have written this: balanced, its elements and attributes and no others, addresses that may
/// stay. One pass, which costs far less than sanitising.
pub(in crate::collect) fn is_sanitised(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        rest = &rest[at + 1..];
        let closes = rest.starts_with('/');
        rest = rest.strip_prefix('/').unwrap_or(rest);
        let length = rest.bytes().position(|byte| !byte.is_ascii_lowercase() && !byte.is_ascii_digit());
        let (name, after) = rest.split_at(length.unwrap_or(rest.len()));
        rest = after;
        if policy::element(name) != Some(name) || NEVER.contains(&name) {
            return false;
        }
        if !closes {
            while let Some(attribute) = rest.strip_prefix(' ') {
                let Some((key, value)) = attribute.split_once("=\"") else { return false };
                let Some((value, after)) = value.split_once('"') else { return false };
                if value.contains('<') || !is_written(name, key, value) {
                    return false;
                }
                rest = after;
            }
        }
        let Some(after) = rest.strip_prefix('>') else { return false };
        rest = after;
        match (closes, VOID.contains(&name)) {
            (false, false) => open.push(name),
            (true, false) if open.pop() == Some(name) => {}
            (false, true) => {}
            (true, _) => return false,
        }
    }
    open.is_empty() && !html.contains('\0')
}

/// Whether the sanitiser writes such an attribute.
fn is_written(element: &str, name: &str, value: &str) -> bool {
    let number = || value.parse::<i32>().is_ok_and(|number| number.abs() <= 100_000);
    match (element, name) {
        (_, "title" | "lang") | ("img", "alt") | ("time", "datetime") => true,
        (_, "id") => value.contains("--"),
        (_, "dir") => matches!(value, "ltr" | "rtl" | "auto"),
        (_, "class") => value.contains('&') || policy::classes(value) == value,
        ("a", "href") => value.starts_with('#') || is_of_the_web(value) || policy::allows_link(&decode_entities(value)),
        ("img", "src") => is_asset(value) || is_of_the_web(value),
        ("img", "width" | "height")
        | ("ol", "start")
        | ("li", "value")
        | ("td" | "th", "colspan" | "rowspan")
        | ("col" | "colgroup", "span") => number(),
        ("ol", "reversed") | ("details", "open") => value.is_empty(),
        ("ol", "type") => matches!(value, "1" | "a" | "A" | "i" | "I"),
        ("th", "scope") => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        ("td" | "th", "style") => matches!(value, "text-align: left" | "text-align: center" | "text-align: right"),
        _ => false,
    }
}

fn is_of_the_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// `assets/<name>`, and no way out of that folder.
pub(in crate::collect) fn is_asset(src: &str) -> bool {
    let is_name =
        |name: &str| !name.starts_with('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    src.strip_prefix("assets/").is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::super::{Addresses, Context, Sanitiser, Shown};
    use super::is_sanitised;

    struct Web;

    impl Addresses for Web {
        fn link(&mut self, href: &str) -> Option<String> {
            Some(href.to_owned())
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            Some(Shown { src: src.to_owned(), size: Some((3, 2)) })
        }
    }

    #[test]
    fn what_was_sanitised_is_known_again() {
        for html in [
            "<p id=x class='note language-rust y' lang=fa dir=rtl title='a \"b\" <c>'>a &lt; b &amp; c > d<br><wbr></p>",
            "<h1>A</h1><h3 id=b>B</h3><p><img src=https://a.example/?a&b alt='\"'></p><img src='assets/1a.png' alt=x>",
            "<table><caption>c</caption><colgroup><col span=2></colgroup><tr><th scope=row style='text-align: left'>a<td colspan=2>b</table>",
            "<ol start=3 reversed type=a><li value=4>x</ol><details open><summary>s</summary></details><hr>",
            "<a href='https://a.example/?b=\"c\"&d'>x</a><a href=mailto:a@b.example>y</a><a href=#x>z</a><a name=w>v</a>",
            "<iframe src='https://a.example/film' title=F></iframe><time datetime='2026-07-01'>1</time><ruby>a<rt>b</ruby>",
            "text alone",
            "",
            "<script>x</script><p onclick=a><svg><p>y",
        ] {
            let written = Sanitiser::new().foreign(html, Context { prefix: "post", title: None }, &mut Web);
            assert!(is_sanitised(written.as_str()), "{}", written.as_str());
        }
    }

    #[test]
    fn nothing_else_is() {
        for html in [
            "<script>a</script>",
            "<p onclick=\"a\">b</p>",
            "<a href=\"javascript:a\">b</a>",
            "<a href=\"java&#115;cript:a\">b</a>",
            "<p>a",
            "</p>",
            "<b><i></b></i>",
            "<P></P>",
            "<p >a</p>",
            "<p class=a>b</p>",
            "<!-- a -->",
            "<",
            "a < b",
            "<p",
            "<p/>",
            "<img src=\"data:image/png;base64,AA\" alt=\"\">",
            "<img src=\"assets/../a.png\">",
            "<p style=\"color: red\">a</p>",
            "<p id=\"a\">b</p>",
            "<iframe></iframe>",
            "<input>",
            "<svg></svg>",
            "<p title=\"a\"onclick=\"b\">c</p>",
            "<a href=\"//a.example\">b</a>",
            "</br>",
            "<p>\0</p>",
        ] {
            assert!(!is_sanitised(html), "{html}");
        }
    }
}
