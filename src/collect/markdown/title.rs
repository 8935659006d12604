//! What a post is called.

use super::files::Markup;
use super::naming::Name;
use crate::collect::body;
use crate::collect::front::Front;
use crate::collect::plain;

/// The title of a post, from wherever it can be taken: its front matter, its first heading, or the name of its file.
pub(super) fn title(front: &Front, body: &str, markup: Markup, name: &Name) -> String {
    let heading = || match markup {
        Markup::Markdown => first_markdown_heading(body),
        Markup::Html => first_html_heading(body),
    };
    front.title.clone().or_else(heading).unwrap_or_else(|| from_stem(&name.stem))
}

/// The heading at the beginning of a text: `# …`, or a line underlined with `=`.
fn first_markdown_heading(body: &str) -> Option<String> {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("<!--"));
    let mut lines = lines.skip_while(|line| is_picture(line));
    let first = lines.next()?;
    let text = if let Some(text) = of_signs(first) {
        text
    } else {
        let underline = lines.next()?;
        let heading =
            underline.len() > 2 && (underline.bytes().all(|b| b == b'=') || underline.bytes().all(|b| b == b'-'));
        heading.then_some(first)?
    };
    Some(plain::from_markdown(text)).filter(|title| !title.is_empty())
}

/// Whether a line holds pictures alone, with or without links around them: a badge, a banner.
fn is_picture(line: &str) -> bool {
    let mut rest = line;
    while !rest.is_empty() {
        let is_linked = rest.starts_with("[![");
        let start = if is_linked { &rest[1..] } else { rest };
        let behind = |text: &'_ str| -> Option<usize> {
            let inside = text.strip_prefix("![")?;
            let end = inside.find("](")? + 4;
            Some(end + text[end..].find(')')? + 1)
        };
        let Some(length) = behind(start) else { return false };
        rest = &start[length..];
        if is_linked {
            let Some(end) = rest.strip_prefix("](").and_then(|link| link.find(')')) else { return false };
            rest = &rest[end + 3..];
        }
        rest = rest.trim_start();
    }
    !line.is_empty()
}

/// The text of a heading that begins with `#`, without the signs that may end it and the attributes after them.
fn of_signs(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    if text.len() == line.len() {
        return None;
    }
    let text = body::without_signs_again(line.len() - text.len(), text.trim_start());
    let is_list = |inside: &str| inside.starts_with(['#', '.']) && !inside.contains(['{', '}']);
    let bare = text.strip_suffix('}').and_then(|rest| rest.rsplit_once(" {")).filter(|(_, inside)| is_list(inside));
    let text = bare.map_or(text, |(text, _)| text).trim_end();
    // `# On C#` ends with a letter of its own.
    let without = text.trim_end_matches('#');
    Some(if without.is_empty() || without.ends_with([' ', '\t']) { without } else { text })
}

/// `<h1>`, else `<title>`.
fn first_html_heading(body: &str) -> Option<String> {
    ["h1", "title"].into_iter().find_map(|name| {
        let start = body.find(&format!("<{name}"))?;
        let from = start + body[start..].find('>')? + 1;
        let length = body[from..].find(&format!("</{name}"))?;
        Some(plain::from_html(&body[from..from + length])).filter(|title| !title.is_empty())
    })
}

/// "the-first-press" -> "The first press".
fn from_stem(stem: &str) -> String {
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    chars.next().map_or_else(|| "Untitled".to_owned(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::{first_html_heading, first_markdown_heading, from_stem};

    #[test]
    fn titles_are_found() {
        assert_eq!(first_markdown_heading("\n# IPFS *Weekly* #5\n\nText").as_deref(), Some("IPFS Weekly #5"));
        assert_eq!(first_markdown_heading("A title\n=======\n").as_deref(), Some("A title"));
        assert_eq!(first_markdown_heading("Text\n\n# Later\n"), None);
        let badges = "[![build](a.svg)](https://b.example/) ![c](d.png)\n\n![A *press*](e.jpg \"T\")\n\n# Ink\n";
        assert_eq!(first_markdown_heading(badges).as_deref(), Some("Ink"));
        assert_eq!(first_markdown_heading("![a](b.png) and words\n\n# Later\n"), None);
        for (text, title) in [
            ("# On C#", "On C#"),
            ("## One ##", "One"),
            ("# Two {#two .x}", "Two"),
            ("# `Vec<T>`, Vec<T> and __init__", "Vec<T>, Vec<T> and __init__"),
            ("# The _Iliad_", "The Iliad"),
            ("#Three", "Three"),
        ] {
            assert_eq!(first_markdown_heading(text).as_deref(), Some(title));
        }
        assert_eq!(first_html_heading("<title>T</title><h1 class=x>A <b>b</b></h1>").as_deref(), Some("A b"));
        assert_eq!(from_stem("the-first_press"), "The first press");
    }
}
