//! Components in Markdown that is no MDX: Docusaurus and `VitePress` read them in `.md`, too.
//!
//! Only their tags are looked at, outside of code and comments; braces, lines of modules and HTML stay as they are.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::note_ends;
use super::reader::Reader;
use crate::collect::traced::Traced;
use crate::collect::{body, plain};

/// Elements of HTML without an end tag, however their names are written.
const VOID: [&str; 12] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "meta", "source", "track", "wbr"];

/// A text that was made of another one, and what there is to say about it, with its places in that.
type Told = (Traced, Vec<(usize, String)>);

/// Carries out the components of a text; `page` holds the scalars of its front matter. `None` where there are none.
pub(in crate::collect) fn components(text: &str, page: &[(String, String)]) -> Option<Told> {
    let begins = |at: usize| {
        let rest = text[at + 1..].strip_prefix('/').unwrap_or(&text[at + 1..]);
        rest.starts_with(|c: char| c.is_ascii_uppercase())
    };
    let found: Vec<usize> = text.match_indices('<').map(|(at, _)| at).filter(|at| begins(*at)).collect();
    if found.is_empty() {
        return None;
    }
    let passed_over = passed_over(text);
    let mut passed_over = passed_over.iter().peekable();
    let mut reader = Reader::new(text, page);
    note_ends(text, &mut reader);
    for at in found {
        while passed_over.next_if(|range| range.end <= at).is_some() {}
        if at >= reader.at && passed_over.peek().is_none_or(|range| at < range.start) {
            reader.copy_to(at);
            reader.element_of_markdown();
        }
    }
    reader.copy_to(text.len());
    Some(reader.finish())
}

/// Code and comments, in order.
fn passed_over(text: &str) -> Vec<Range<usize>> {
    let events = body::parser(text, false).into_offset_iter();
    let code = events.filter(|(event, _)| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))));
    let mut ranges: Vec<Range<usize>> = code.map(|(_, range)| range).collect();
    let mut at = 0;
    while let Some(start) = text[at..].find("<!--").map(|found| at + found) {
        let Some(length) = text[start..].find("-->") else { break };
        at = start + length;
        ranges.push(start..at);
    }
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// Whether a name with a capital is that of a component. HTML was written in capitals once; what begins with one alone is a
/// component also where HTML has such an element, if it ends itself, which no element of HTML that holds something does.
pub(super) fn is_component(name: &str, ends_itself: bool) -> bool {
    let is_html = !name.contains(['.', '-', '_']) && plain::tag(&format!("<{name}>")).is_some();
    let in_capitals = !name.contains(|c: char| c.is_ascii_lowercase());
    let is_void = VOID.iter().any(|void| name.eq_ignore_ascii_case(void));
    name.starts_with(|c: char| c.is_ascii_uppercase()) && (!is_html || (ends_itself && !in_capitals && !is_void))
}

#[cfg(test)]
mod tests {
    use super::components;

    fn told(text: &str) -> (String, Vec<String>) {
        let (made, reports) = components(text, &[]).unwrap();
        (made.to_string(), reports.into_iter().map(|(_, report)| report).collect())
    }

    #[test]
    fn components_are_what_they_stand_for() {
        for (text, expected) in [
            (
                "<Card title=\"T\" href=\"https://c.example/\"/>\n\nAfter",
                "<a href=\"https://c.example/\">T</a>\n\n\nAfter",
            ),
            (
                "<Card title=\"T\" icon=\"x\" href=\"/z\">Words</Card>\n",
                "<a href=\"/z\"><strong>T</strong></a> Words\n",
            ),
            ("a <Note>b</Note> {c} <Vec> <T> d", "a b {c} <Vec> <T> d"),
            ("<Figure src=\"a.png\" />\n", "<figure><img src=\"a.png\" alt=\"\"></figure>\n\n\n"),
            ("<Tabs>\n\nx\n\n</Tabs>\n", "\n\n\nx\n\n\n"),
        ] {
            assert_eq!(told(text), (expected.to_owned(), Vec::new()), "{text}");
        }
        let (text, reports) =
            told("a <Foo b=\"c\"/> d\n\n<Alert message=\"A message that says something to all.\" />\n");
        assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), "a d A message that says something to all.");
        assert_eq!(reports, ["`<Foo …>` is not expanded", "`<Alert …>` is not expanded"]);
    }

    #[test]
    fn code_comments_and_html_stay() {
        for text in [
            "`<Foo a=b/>` <!-- <Foo a=b/> --> <B>c</B> <IMG SRC=a.png> <Br/> <Img src=a />\n\n    <Foo a=b/>\n\n```\n<Foo a=b/>\n```\n",
            "<Center>a</Center> <FONT color=red>b</FONT> Map<String, Vec<T>> <Your Name> <Https://a.example/>",
        ] {
            assert_eq!(told(text), (text.to_owned(), Vec::new()));
        }
        assert!(components("no <b>such</b>", &[]).is_none());
    }

    #[test]
    fn hostile_input_ends_soon() {
        for piece in ["<A ", "<Ab>", "<Ab c=\"", "<Ab c={", "</Ab>", "<Ab c>\n", "`<Ab/>", "<!--<Ab/>", "<Ab/>-->"] {
            components(&piece.repeat(50_000), &[]);
        }
    }
}
