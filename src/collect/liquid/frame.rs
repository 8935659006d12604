//! Shortcodes that stand around text: quotations, notes, details. What is between them stays Markdown.

use super::arguments::{Argument, named, positional};
use super::figure::{self, inline};
use crate::model::escaped;

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

/// Where a shortcode and its text stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) enum Standing {
    /// Within a line of other text.
    InLine,
    /// On one line, or at the beginning of one and the end of another, that they have for themselves.
    OwnLine,
    /// On lines of their own.
    Block,
}

/// What a shortcode that has an end says about the text in it. A title that any of them has stands before its text.
pub(in crate::collect) fn of(name: &str, arguments: &[Argument], standing: Standing) -> Frame {
    let name = name.to_ascii_lowercase();
    let named_title = named(arguments, &["title", "summary", "name", "header", "heading", "label", "term"]);
    if let ("button" | "btn", Some(href)) = (&*name, href(arguments)) {
        return Frame { before: format!("<a href=\"{}\">", escaped(href)), after: "</a>".to_owned() };
    }
    match &*name {
        "details" | "expand" | "collapse" | "spoiler" => {
            let title = named_title.or_else(|| positional(arguments).next());
            if standing == Standing::InLine {
                return titled(title, standing);
            }
            let summary = title.map(inline).unwrap_or_default();
            let summary = if summary.is_empty() { summary } else { format!("<summary>{summary}</summary>") };
            Frame { before: format!("\n<details>{summary}\n\n"), after: "\n\n</details>\n\n".to_owned() }
        }
        "quote" | "blockquote" | "pullquote" => quotation(arguments, named_title, standing),
        _ => {
            if let Some(class) = note_class(&name) {
                return note(class, arguments, named_title, standing);
            }
            let title = named_title.or_else(|| unnamed_title(&name, arguments));
            match address(arguments) {
                Some(address) => linked(address, title, standing),
                None => titled(title, standing),
            }
        }
    }
}

/// Where the text leads by the word of its arguments, but for pictures, which are shown.
pub(in crate::collect) fn address(arguments: &[Argument]) -> Option<&str> {
    let is_one = |address: &&str| !address.trim().is_empty() && !address.trim().contains(char::is_whitespace);
    let leads = |address: &&str| is_one(address) && address.contains(['/', '.', '#', ':']);
    let address = named(arguments, &["href", "to"]).filter(is_one);
    let address = address.or_else(|| named(arguments, &["url", "link"]).filter(leads))?;
    figure::markup(arguments, false).is_none().then(|| address.trim())
}

/// A link of the title, else of the text where that is one line, else behind the text.
fn linked(address: &str, title: Option<&str>, standing: Standing) -> Frame {
    let begins = format!("<a href=\"{}\">", escaped(address));
    if let Some(title) = title {
        let mut frame = titled(Some(title), standing);
        let heading = strong(title);
        frame.before = frame.before.replacen(&heading, &format!("{begins}{heading}</a>"), 1);
        return frame;
    }
    match standing {
        Standing::InLine => Frame { before: begins, after: "</a>".to_owned() },
        Standing::OwnLine => Frame { before: begins, after: "</a>\n\n".to_owned() },
        Standing::Block => Frame { before: String::new(), after: format!("\n\n{begins}{}</a>\n\n", escaped(address)) },
    }
}

/// The title before the text, and nothing else.
fn titled(title: Option<&str>, standing: Standing) -> Frame {
    let Some(title) = title.map(strong) else { return Frame::default() };
    match standing {
        Standing::InLine => Frame { before: title + " ", after: String::new() },
        Standing::OwnLine => Frame { before: title + " ", after: "\n\n".to_owned() },
        Standing::Block => Frame { before: title + "\n\n", after: String::new() },
    }
}

/// A title without a name: several words are one wherever they stand, a single one where people head a part by it. Elsewhere
/// that is a colour or a size.
fn unnamed_title<'a>(name: &str, arguments: &'a [Argument]) -> Option<&'a str> {
    let heads = ["tab", "tabitem", "panel", "card", "step", "section", "accordion", "accordionitem"];
    let heads = heads.contains(&&*name.replace(['-', '_'], ""));
    positional(arguments)
        .find(|text| text.chars().any(char::is_alphabetic) && (heads || text.contains(char::is_whitespace)))
}

fn href(arguments: &[Argument]) -> Option<&str> {
    named(arguments, &["href", "link", "url", "relref"]).or_else(|| positional(arguments).next())
}

fn strong(text: &str) -> String {
    format!("<strong>{}</strong>", inline(text))
}

fn quotation(arguments: &[Argument], title: Option<&str>, standing: Standing) -> Frame {
    let author = named(arguments, &["author", "by", "cite", "source", "attribution"]);
    let author = author.or(title).or_else(|| positional(arguments).next()).map(inline).unwrap_or_default();
    let from = match named(arguments, &["link", "url", "href"]) {
        _ if author.is_empty() => author,
        Some(link) => format!("<a href=\"{}\">{author}</a>", escaped(link)),
        None => author,
    };
    if standing == Standing::InLine {
        let after = if from.is_empty() { "</q>".to_owned() } else { format!("</q> ({from})") };
        return Frame { before: "<q>".to_owned(), after };
    }
    let from = if from.is_empty() { from } else { format!("<p>\u{2014} {from}</p>\n") };
    Frame { before: "\n<blockquote>\n\n".to_owned(), after: format!("\n\n{from}</blockquote>\n\n") }
}

fn note(class: &str, arguments: &[Argument], title: Option<&str>, standing: Standing) -> Frame {
    let kind = named(arguments, &["type", "kind", "level", "class", "color"]).and_then(note_class);
    let kind = kind.or_else(|| positional(arguments).find_map(note_class)).unwrap_or(class);
    let title = title.or_else(|| positional(arguments).find(|text| note_class(text).is_none()));
    if standing == Standing::InLine {
        return titled(title, standing);
    }
    let title = title.map(|title| format!("<p>{}</p>\n\n", strong(title))).unwrap_or_default();
    Frame { before: format!("\n<div class=\"{kind}\">\n\n{title}"), after: "\n\n</div>\n\n".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::arguments;
    use super::{Standing, of};

    #[test]
    fn frames_say_what_they_are() {
        use Standing::{Block, InLine, OwnLine};
        let show = |name: &str, text: &str, standing| {
            let frame = of(name, &arguments::read(text), standing);
            format!("{}|{}", frame.before.trim(), frame.after.trim())
        };
        assert_eq!(
            show("alert", "\"warning\" \"Take *care*\"", Block),
            "<div class=\"warning\">\n\n<p><strong>Take <em>care</em></strong></p>|</div>"
        );
        assert_eq!(show("tip", "", Block), "<div class=\"tip\">|</div>");
        assert_eq!(show("details", "summary=\"More\"", Block), "<details><summary>More</summary>|</details>");
        assert_eq!(
            show("quote", "author=\"The setters\"", Block),
            "<blockquote>|<p>\u{2014} The setters</p>\n</blockquote>"
        );
        assert_eq!(show("def", "id=\"x\" name=\"Type\"", InLine), "<strong>Type</strong>|");
        assert_eq!(show("tabs", "", Block), "|");
        // Within a line, what is said of a text stands in the line.
        assert_eq!(show("quote", "author=\"The setters\"", InLine), "<q>|</q> (The setters)");
        assert_eq!(show("details", "\"More\"", InLine), "<strong>More</strong>|");
        assert_eq!(show("notice", "warning \"Hot\"", InLine), "<strong>Hot</strong>|");
        assert_eq!(show("tab", "\"One\"", OwnLine), "<strong>One</strong>|");
        assert_eq!(show("box", "\"Of ink\"", Block), "<div class=\"note\">\n\n<p><strong>Of ink</strong></p>|</div>");
        assert_eq!(show("part", "\"Of ink\" red 3", InLine), "<strong>Of ink</strong>|");
        assert_eq!(show("colour", "red", InLine), "|");
        // What is said of where a text leads.
        let link = "<a href=\"/a\">";
        assert_eq!(show("link", "href=\"/a\"", InLine), format!("{link}|</a>"));
        assert_eq!(show("part", "url=\"/a\"", Block), format!("|{link}/a</a>"));
        assert_eq!(show("card", "title=\"T\" href=\"/a\"", Block), format!("{link}<strong>T</strong></a>|"));
        assert_eq!(show("part", "url=\"a.png\" link=\"word\"", InLine), "|");
    }
}
