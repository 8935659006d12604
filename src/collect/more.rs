//! The mark at which authors cut their text: what stands before it is the summary.

use std::collections::HashSet;

use memchr::memmem;

use super::{body, plain};

/// What the mark is called: by Hugo and Zola, by Docusaurus, by Eleventy, by others.
const NAMES: [&str; 4] = ["more", "truncate", "excerpt", "readmore"];

/// No mark is longer, in bytes, its end among them.
const LONGEST: usize = 82;

/// The text before `<!-- more -->` and its kin, or before the `excerpt_separator` that Jekyll's front matter names.
pub(super) fn summary(text: &str, page: &[(String, String)], is_html: bool) -> Option<String> {
    let separator = page.iter().find(|(key, _)| key == "excerpt_separator").map(|(_, value)| value.trim());
    let own = separator.filter(|separator| !separator.is_empty()).and_then(|separator| text.find(separator));
    let before = &text[..own.or_else(|| mark(text))?];
    let html = if is_html { before.to_owned() } else { body::to_html(&without_notes(before, text), true).html };
    Some(plain::from_html(&without_headings(&html))).filter(|summary| !summary.is_empty())
}

/// Where the first such comment begins.
fn mark(text: &str) -> Option<usize> {
    text.match_indices("<!--").map(|(at, _)| at).find(|at| {
        let inside = &text[at + 4..];
        // No further than such a mark is long: many that nothing ends must cost no more than their length.
        let end = memmem::find(&inside.as_bytes()[..inside.len().min(LONGEST)], b"-->");
        let inside = end.map(|end| &inside[..end]);
        let word = inside.and_then(|inside| inside.split_whitespace().next());
        word.is_some_and(|word| NAMES.iter().any(|name| name.eq_ignore_ascii_case(word)))
    })
}

/// The marks of footnotes lead to nothing in a summary: their notes stand further down.
fn without_notes(before: &str, text: &str) -> String {
    let label = |rest: &str| Some(rest[..rest.find(']')?].to_owned()).filter(|label| label.len() <= LONGEST);
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("[^"));
    let notes: HashSet<String> = lines.filter(|line| line.contains("]:")).filter_map(label).collect();
    if notes.is_empty() {
        return before.to_owned();
    }
    let mut out = String::with_capacity(before.len());
    let mut parts = before.split("[^");
    out.extend(parts.next());
    for part in parts {
        match part.split_once(']').filter(|(label, rest)| notes.contains(*label) && !rest.starts_with(':')) {
            Some((_, rest)) => out.push_str(rest),
            None => out.extend(["[^", part]),
        }
    }
    out
}

/// A title in the text is not what the text says.
fn without_headings(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<h").filter(|at| rest[at + 2..].starts_with(|c: char| ('1'..='6').contains(&c))) {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find("</h").and_then(|close| Some(at + close + rest[at + close..].find('>')? + 1))
        else {
            break;
        };
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn what_stands_before_the_mark() {
        for text in [
            "# T\n\nA *line*.\n\nTwo.\n\n<!--more-->\n\nThree.",
            "A line. Two. <!-- More to read --> Three.",
            "A line.\n\nTwo.\n\n<!-- truncate -->\n",
        ] {
            assert_eq!(summary(text, &[], false).as_deref(), Some("A line. Two."), "{text}");
        }
        let noted = "A line.[^1] Two[^x].\n\n<!-- more -->\n\n[^1]: Note.\n";
        assert_eq!(summary(noted, &[], false).as_deref(), Some("A line. Two[^x]."));
        let page = [("excerpt_separator".to_owned(), "%%".to_owned())];
        assert_eq!(summary("One %% two", &page, false).as_deref(), Some("One"));
        assert_eq!(summary("<p>One</p><!--more--><p>Two</p>", &[], true).as_deref(), Some("One"));
        for text in ["<!--more-splits-->x", "<!-- more -->x", "x <!-- moreover -->", "x"] {
            assert_eq!(summary(text, &[], false), None, "{text}");
        }
    }
}
