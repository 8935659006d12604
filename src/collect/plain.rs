//! Plain text out of markup.

use html5ever::data::NAMED_ENTITIES;
use pulldown_cmark::{Event, Parser};

/// The text of a line of inline Markdown or HTML, without its marks; white space is one space. Most lines hold
/// neither and are taken as they are.
pub(super) fn from_markdown(text: &str) -> String {
    let text = text.trim();
    let marked =
        text.contains(['*', '`', '[', '<', '&', '\\']) || (text.contains('_') && text.matches('_').count() > 1);
    if !marked {
        return one_line(text);
    }
    // An indentation or a leading mark would make a block of it: a title such as "# 1" or "1. x" stays a line.
    let mut plain = String::with_capacity(text.len());
    for event in Parser::new(&format!("\u{2060}{text}")) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            _ => {}
        }
    }
    one_line(plain.trim_start_matches('\u{2060}'))
}

/// The text of sanitised or any other HTML: tags dropped, the five entities and numbers resolved.
pub(super) fn from_html(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let inline =
            ["<a", "</a", "<em", "</em", "<st", "</st", "<co", "</co", "<b>", "</b>", "<i>", "</i>", "<sp", "</sp"]
                .iter()
                .any(|tag| rest[at..].starts_with(tag));
        if !inline {
            plain.push(' ');
        }
        rest = &rest[at + markup_length(&rest[at..])..];
    }
    plain.push_str(rest);
    one_line(&decode_entities(&plain))
}

/// The length of the markup that `html` begins with: a tag, a comment, or a script or style sheet with what is in it.
fn markup_length(html: &str) -> usize {
    let begins = |start: &str| html.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    let up_to = |end: &str| html.find(end).map_or(html.len(), |at| at + end.len());
    if begins("<!--") {
        return up_to("-->");
    }
    let Some(end) = ["</script", "</style"].into_iter().find(|end| begins(&end.replace('/', ""))) else {
        return up_to(">");
    };
    let mut closings = html
        .match_indices("</")
        .filter(|(at, _)| html.get(*at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(end)));
    let closing = closings.next().map_or(html.len(), |(at, _)| at);
    html[closing..].find('>').map_or(html.len(), |end| closing + end + 1)
}

/// No reference to a character is longer.
const LONGEST_NAME: usize = 40;

/// Character references as characters; an unknown one stays as it is written.
pub(super) fn decode_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_NAME).position(|b| b == b';');
        let mut taken = 1;
        if let Some((end, resolved)) = end.and_then(|end| Some((end, entity(rest.get(1..end)?)?))) {
            out.push_str(&resolved);
            taken = end + 1;
        } else {
            out.push('&');
        }
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0').map(String::from);
    }
    let (first, second) = NAMED_ENTITIES.get(&format!("{name};"))?;
    let characters: String =
        [*first, *second].into_iter().filter(|code| *code > 0).filter_map(char::from_u32).collect();
    (!characters.is_empty()).then_some(characters)
}

/// White space as single spaces, none at the ends.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{from_html, from_markdown};

    #[test]
    fn marks_go_and_text_stays() {
        assert_eq!(from_markdown("The `async` **book** &amp; [more](x)"), "The async book & more");
        assert_eq!(from_markdown("snake_case and 1. one"), "snake_case and 1. one");
        assert_eq!(from_html("safe<script>x < y</Script > and <!-- <b> -->sound<style>p {}"), "safe and sound");
        assert_eq!(from_html("&alpha;&fnof;&Amacr;&NotEqualTilde;&nosuch;"), "αƒĀ≂̸&nosuch;");
        assert_eq!(from_html("<p>One</p><p>T<em>w</em>o &amp; &hellip;</p>"), "One Two & …");
    }
}
