//! Buttons that a service fills in when it shows or sends a text: to share it, to subscribe. In an export they lead nowhere.

use crate::collect::sanitise::tag::{Piece, Scanner, attribute};

/// What surrounds an address that the service fills in: `%%share_url%%`.
const MARK: &str = "%%";

/// Classes of blocks that hold such buttons, which go with the words beside them.
const BLOCKS: [&str; 2] = ["button-wrapper", "captioned-button-wrap"];

/// What the classes of a form to subscribe by begin with.
const FORM: &str = "subscription-widget-wrap";

/// A text without them. Links within a sentence leave their words.
pub(super) fn without(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut scanner = Scanner::of_foreign(html);
    // Whether each link that is open leads nowhere.
    let mut links = Vec::new();
    loop {
        let start = scanner.at;
        let Some(piece) = scanner.next() else { return out };
        let is_taken = match piece {
            Piece::Open { name, attributes } if has_class(attributes, |class| BLOCKS.contains(&class)) => {
                end_of(html, scanner.at, name)
                    .filter(|end| holds_a_mark(&html[start..*end]))
                    .map(|end| scanner.at = end)
            }
            Piece::Open { name, attributes } if has_class(attributes, |class| class.starts_with(FORM)) => {
                end_of(html, scanner.at, name).map(|end| scanner.at = end)
            }
            Piece::Open { name: "a", attributes } => {
                links.push(attribute(attributes, "href").is_some_and(|href| is_marked(&href)));
                links.last().filter(|is_marked| **is_marked).map(|_| ())
            }
            Piece::Close { name: "a" } => links.pop().filter(|is_marked| *is_marked).map(|_| ()),
            _ => None,
        };
        if is_taken.is_none() {
            out.push_str(&html[start..scanner.at]);
        }
    }
}

/// Whether an address is one that the service fills in.
fn is_marked(address: &str) -> bool {
    let address = address.trim();
    address.strip_prefix(MARK).is_some_and(|rest| rest.contains(MARK))
}

fn holds_a_mark(html: &str) -> bool {
    let is_one = |piece| match piece {
        Piece::Open { attributes, .. } => attribute(attributes, "href").is_some_and(|href| is_marked(&href)),
        _ => false,
    };
    Scanner::of_foreign(html).any(is_one)
}

fn has_class(attributes: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    attribute(attributes, "class").is_some_and(|classes| classes.split_ascii_whitespace().any(is_wanted))
}

/// The end of the element of this name whose start ends at an offset; `None` where nothing closes it.
fn end_of(html: &str, at: usize, wanted: &str) -> Option<usize> {
    let mut scanner = Scanner::of_foreign(html);
    scanner.at = at;
    let mut open = 1_usize;
    while let Some(piece) = scanner.next() {
        match piece {
            Piece::Open { name, .. } if name == wanted => open += 1,
            Piece::Close { name } if name == wanted => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(scanner.at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn buttons_that_lead_nowhere_go() {
        let share = "<p class=\"button-wrapper\" data-attrs=\"x\"><a class=\"button\" href=\"%%share_url%%\"><span>Share</span></a></p>";
        for (html, left) in [
            (format!("<p>a</p>{share}<p>b</p>"), "<p>a</p><p>b</p>"),
            (format!("<div class=\"captioned-button-wrap\"><div><p>Do share.</p></div>{share}</div><p>b</p>"), "<p>b</p>"),
            (
                "<div class=\"subscription-widget-wrap-editor\"><div><p>Subscribe!</p><form></form></div></div><p>b</p>".to_owned(),
                "<p>b</p>",
            ),
            ("<p>Do <a href='%%share_url%%'>share</a> <a href=\"/x\">it</a>, 5%% of it.</p>".to_owned(),
                "<p>Do share <a href=\"/x\">it</a>, 5%% of it.</p>"),
            (
                "<p class=\"button-wrapper\"><a href=\"https://a.example/\">Read</a></p>".to_owned(),
                "<p class=\"button-wrapper\"><a href=\"https://a.example/\">Read</a></p>",
            ),
            ("<p class=\"button-wrapper\"><a href=\"%%share_url%%\">Share".to_owned(), "<p class=\"button-wrapper\">Share"),
        ] {
            assert_eq!(without(&html), left, "{html}");
        }
    }
}
