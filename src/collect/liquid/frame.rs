//! Shortcodes that stand around text: quotations, notes, details. What is between them stays Markdown.

use super::arguments::{Argument, named, positional};
use super::figure::inline;
use crate::collect::sanitise::escaped;

/// What is written before and after the text between two marks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::collect) struct Frame {
    pub(in crate::collect) before: String,
    pub(in crate::collect) after: String,
}

/// The kinds of note that the outputs know, and the names that people give them.
const NOTES: [(&str, &[&str]); 5] = [
    ("note", &["note", "info", "notice", "alert", "admonition", "callout", "hint", "aside", "box"]),
    ("tip", &["tip", "success", "check"]),
    ("important", &["important"]),
    ("warning", &["warning", "warn", "attention"]),
    ("caution", &["caution", "danger", "error"]),
];

/// The class of a note of this name or kind.
pub(in crate::collect) fn note_class(name: &str) -> Option<&'static str> {
    NOTES.iter().find(|(_, names)| names.iter().any(|known| known.eq_ignore_ascii_case(name))).map(|(class, _)| *class)
}

/// What a shortcode that has an end says about the text in it; `block` when it stands on a line of its own. A title that
/// any of them has stands before its text.
pub(in crate::collect) fn of(name: &str, arguments: &[Argument], block: bool) -> Frame {
    let name = name.to_ascii_lowercase();
    let title = named(arguments, &["title", "summary", "name", "header", "heading", "label", "term"]);
    if let ("button" | "btn", Some(href)) = (&*name, href(arguments)) {
        return Frame { before: format!("<a href=\"{}\">", escaped(href)), after: "</a>".to_owned() };
    }
    if !block {
        return Frame { before: title.map(|title| strong(title) + " ").unwrap_or_default(), after: String::new() };
    }
    match &*name {
        "details" | "expand" | "collapse" | "spoiler" => {
            let summary = title.or_else(|| positional(arguments).next()).map(inline).unwrap_or_default();
            let summary = if summary.is_empty() { summary } else { format!("<summary>{summary}</summary>") };
            Frame { before: format!("\n<details>{summary}\n\n"), after: "\n\n</details>\n\n".to_owned() }
        }
        "quote" | "blockquote" | "pullquote" => quotation(arguments, title),
        _ => match note_class(&name) {
            Some(class) => note(class, arguments, title),
            None => {
                Frame { before: title.map(|title| strong(title) + "\n\n").unwrap_or_default(), after: String::new() }
            }
        },
    }
}

fn href(arguments: &[Argument]) -> Option<&str> {
    named(arguments, &["href", "link", "url", "relref"]).or_else(|| positional(arguments).next())
}

fn strong(text: &str) -> String {
    format!("<strong>{}</strong>", inline(text))
}

fn quotation(arguments: &[Argument], title: Option<&str>) -> Frame {
    let author = named(arguments, &["author", "by", "cite", "source", "attribution"]);
    let author = author.or(title).or_else(|| positional(arguments).next()).map(inline).unwrap_or_default();
    let from = match named(arguments, &["link", "url", "href"]) {
        _ if author.is_empty() => author,
        Some(link) => format!("<p>\u{2014} <a href=\"{}\">{author}</a></p>\n", escaped(link)),
        None => format!("<p>\u{2014} {author}</p>\n"),
    };
    Frame { before: "\n<blockquote>\n\n".to_owned(), after: format!("\n\n{from}</blockquote>\n\n") }
}

fn note(class: &str, arguments: &[Argument], title: Option<&str>) -> Frame {
    let kind = named(arguments, &["type", "kind", "level", "class", "color"]).and_then(note_class);
    let kind = kind.or_else(|| positional(arguments).find_map(note_class)).unwrap_or(class);
    let title = title.or_else(|| positional(arguments).find(|text| note_class(text).is_none()));
    let title = title.map(|title| format!("<p>{}</p>\n\n", strong(title))).unwrap_or_default();
    Frame { before: format!("\n<div class=\"{kind}\">\n\n{title}"), after: "\n\n</div>\n\n".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::arguments;
    use super::of;

    #[test]
    fn frames_say_what_they_are() {
        let show = |name: &str, text: &str, block| {
            let frame = of(name, &arguments::read(text), block);
            format!("{}|{}", frame.before.trim(), frame.after.trim())
        };
        assert_eq!(
            show("alert", "\"warning\" \"Take *care*\"", true),
            "<div class=\"warning\">\n\n<p><strong>Take <em>care</em></strong></p>|</div>"
        );
        assert_eq!(show("tip", "", true), "<div class=\"tip\">|</div>");
        assert_eq!(show("details", "summary=\"More\"", true), "<details><summary>More</summary>|</details>");
        assert_eq!(
            show("quote", "author=\"The setters\"", true),
            "<blockquote>|<p>\u{2014} The setters</p>\n</blockquote>"
        );
        assert_eq!(show("def", "id=\"x\" name=\"Type\"", false), "<strong>Type</strong>|");
        assert_eq!(show("tabs", "", true), "|");
    }
}
