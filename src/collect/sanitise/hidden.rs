//! What an author keeps from readers' eyes: by the attribute `hidden` (HTML, 6.1), by `display: none` or `visibility: hidden`; and what
//! Word hides, with the comments of those who reviewed a text.
//!
//! Pages of ours have neither the style nor the scripts that would show it some day, so it is left out.

use std::borrow::Cow;

use super::dropped::is_pixel;
use super::policy;
use super::tag::{Piece, Scanner, attribute, is_void};
use crate::collect::plain;

/// Where scripts keep a picture that they show later.
const LATE: [&str; 5] = ["data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset"];

/// Balanced markup without what is hidden.
pub(super) fn shown(html: &str) -> Cow<'_, str> {
    if !may_hide(html) {
        return Cow::Borrowed(html);
    }
    let mut scanner = Scanner::new(html);
    let (mut out, mut copied) = (String::new(), 0);
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        if let Piece::Open { name, attributes } = piece
            && is_hidden(name, attributes)
        {
            if !is_void(name) {
                scanner.skip_element(name);
            }
            out.push_str(&html[copied..from]);
            copied = scanner.at;
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// How many letters and digits stand in what balanced markup hides.
pub(super) fn letters(html: &str) -> usize {
    let mut scanner = Scanner::new(html);
    let mut count = 0;
    loop {
        let Some(piece) = scanner.next() else { return count };
        if let Piece::Open { name, attributes } = piece
            && is_hidden(name, attributes)
            && !is_void(name)
        {
            let from = scanner.at;
            scanner.skip_element(name);
            let words = plain::from_html(&html[from..scanner.at]);
            count += words.chars().filter(|c| c.is_alphanumeric()).count();
        }
    }
}

/// The first tag in markup that anybody wrote by which something is hidden, and its name.
pub(super) fn first(html: &str) -> Option<&str> {
    if !may_hide(html) {
        return None;
    }
    let mut scanner = Scanner::of_foreign(html);
    loop {
        let piece = scanner.next()?;
        if let Piece::Open { name, attributes } = piece
            && is_hidden(name, attributes)
            && policy::element(&name.to_ascii_lowercase()).is_some()
            && !(name.eq_ignore_ascii_case("img") && is_pixel(attributes))
        {
            let end = scanner.at;
            let start = end.saturating_sub(attributes.len() + name.len() + 3);
            let start = (start..end).find(|at| html.is_char_boundary(*at) && html[*at..].starts_with('<'))?;
            return html.get(start..end);
        }
    }
}

/// Whether anything in a text can say so; most say nothing of the kind.
fn may_hide(html: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
    ["hidden", "none", "Hidden", "None", "HIDDEN", "NONE", "mso-"].into_iter().any(has)
}

/// Whether a tag says that its element is not to be seen. A picture that a script shows later is.
fn is_hidden(name: &str, attributes: &str) -> bool {
    let by_attribute =
        || attribute(attributes, "hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found"));
    let is_late = || name.eq_ignore_ascii_case("img") && LATE.iter().any(|late| attribute(attributes, late).is_some());
    (by_attribute() || by_style(attributes)) && !is_late()
}

fn by_style(attributes: &str) -> bool {
    let Some(style) = attribute(attributes, "style") else { return false };
    // Of several the last counts.
    let is = |wanted: &str, hides: &str| {
        let mut parts = style.rsplit(';').filter_map(|part| part.split_once(':'));
        let value = parts.find(|(property, _)| property.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
        value.is_some_and(|value| value.split('!').next().is_some_and(|word| word.trim().eq_ignore_ascii_case(hides)))
    };
    // `mso-hide` alone is what newsletters hide from Outlook, and show to everybody else.
    let in_word = || {
        ["comment", "comment-list"].into_iter().any(|kind| is("mso-element", kind))
            // The mark of a comment in the text.
            || is("mso-special-character", "comment")
    };
    is("display", "none") || is("visibility", "hidden") || in_word()
}

#[cfg(test)]
mod tests {
    use super::{first, letters, shown};

    #[test]
    fn what_is_hidden_goes_with_what_is_in_it() {
        for (html, rest) in [
            ("<div style=\"display:none\"><div>a</div>b</div>c", "c"),
            ("<p hidden=\"\">a</p><p>b</p>", "<p>b</p>"),
            ("<p style=\"color: red; VISIBILITY: Hidden !important\">a</p>b", "b"),
            ("<img src=\"a\" style=\"display: none\">b", "b"),
            ("<img data-src=\"a\" style=\"display:none\">b", "<img data-src=\"a\" style=\"display:none\">b"),
            ("<p style=\"display:none;display:block\">a</p>", "<p style=\"display:none;display:block\">a</p>"),
            ("<p hidden=\"until-found\">hidden: none</p>", "<p hidden=\"until-found\">hidden: none</p>"),
            ("<p title=\"display:none\">a</p>", "<p title=\"display:none\">a</p>"),
            ("<b hidden=\"\">a", ""),
            ("<a style='display:block;mso-hide:all'>a</a>b", "<a style='display:block;mso-hide:all'>a</a>b"),
            ("<span style='display:none;mso-hide:all'>a</span>b", "b"),
            ("<div style='mso-element:comment-list'><div style='mso-element:comment'>a</div></div>b", "b"),
            ("a<span style='mso-special-character:comment'><a href=\"#c\">[A1]</a></span>", "a"),
            ("<a style='mso-comment-reference:A_1'>a</a>", "<a style='mso-comment-reference:A_1'>a</a>"),
        ] {
            assert_eq!(shown(html), rest, "{html}");
        }
        assert_eq!(letters("a<p hidden=\"\"><b>b c</b>\u{200c}&nbsp;</p>d<i style=\"display:none\">e<i>f</i></i>g"), 4);
        let html = "<!-- <p hidden> --><p>none <SPAN Style='display:none'>x</SPAN><img width=1 height=1 hidden>";
        assert_eq!(first(html), Some("<SPAN Style='display:none'>"));
        assert_eq!(first("<script hidden></script> <p>hidden"), None);
    }
}
