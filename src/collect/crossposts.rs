//! What programs and authors write above or below a text that stands elsewhere, too: "The post … appeared first on …",
//! "Originally published at …". Without it the text is the same in both places.

use super::plain;
use super::sanitise::tag::{Piece, Scanner, attribute};

/// No longer line is such a mark, in characters.
const LONGEST: usize = 300;

/// So many marks of a text are looked for.
const MOST: usize = 3;

/// The words of such marks, in lower case; the first of a language are those that WordPress writes.
const WORDS: [&str; 34] = [
    "appeared first on",
    "originally published",
    "originally posted",
    "originally appeared",
    "first published on",
    "first published at",
    "first published in",
    "first appeared on",
    "first appeared in",
    "cross-posted from",
    "crossposted from",
    "cross-posted on",
    "erschien zuerst auf",
    "zuerst erschienen",
    "zuerst ver\u{f6}ffentlicht",
    "urspr\u{fc}nglich ver\u{f6}ffentlicht",
    "est apparu en premier sur",
    "initialement publi\u{e9}",
    "publi\u{e9} initialement",
    "se public\u{f3} primero en",
    "apareci\u{f3} primero en",
    "publicado originalmente",
    "apareceu primeiro em",
    "proviene da",
    "pubblicato originariamente",
    "verscheen eerst op",
    "oorspronkelijk gepubliceerd",
    "\u{627}\u{648}\u{644}\u{6cc}\u{646} \u{628}\u{627}\u{631} \u{62f}\u{631}",
    "\u{646}\u{62e}\u{633}\u{62a}\u{6cc}\u{646} \u{628}\u{627}\u{631} \u{62f}\u{631}",
    "\u{432}\u{43f}\u{435}\u{440}\u{432}\u{44b}\u{435} \u{43f}\u{43e}\u{44f}\u{432}\u{438}\u{43b}",
    "\u{432}\u{43f}\u{435}\u{440}\u{432}\u{44b}\u{435} \u{43e}\u{43f}\u{443}\u{431}\u{43b}\u{438}\u{43a}\u{43e}\u{432}\u{430}\u{43d}",
    "ilk \u{f6}nce",
    "u shfaq fillimisht",
    "botuar fillimisht",
];

/// A text without such marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare<'m> {
    /// Sanitised markup.
    pub(super) markup: &'m str,
    /// The address that the first mark links to.
    pub(super) original: Option<String>,
}

/// Takes the marks away from the ends of sanitised markup.
pub(super) fn bare(markup: &str) -> Bare<'_> {
    let (mut rest, mut original) = (markup.trim(), None);
    for _ in 0..MOST {
        let last = rest.rfind("<p>").filter(|at| is_mark(&rest[*at..]));
        let first = || rest.find("</p>").map(|end| end + "</p>".len()).filter(|end| is_mark(&rest[..*end]));
        // Above a text only a link tells that it is meant of this one.
        let first = || first().filter(|end| link(&rest[..*end]).is_some());
        let (mark, left) = match (last, last.map_or_else(first, |_| None)) {
            (Some(at), _) => (&rest[at..], &rest[..at]),
            (_, Some(end)) => (&rest[..end], &rest[end..]),
            _ => break,
        };
        original = original.or_else(|| link(mark));
        rest = left.trim();
        rest = rest.strip_suffix("<hr>").unwrap_or(rest).trim_end();
    }
    Bare { markup: rest, original }
}

/// Whether one paragraph, and nothing beside it, is a mark.
fn is_mark(markup: &str) -> bool {
    if markup.len() > 20 * LONGEST || markup.matches("</p>").count() != 1 {
        return false;
    }
    let text = plain::from_html(markup);
    let beyond = markup.rsplit("</p>").next().unwrap_or_default();
    if text.chars().count() > LONGEST || !plain::from_html(beyond).is_empty() {
        return false;
    }
    let text = text.to_lowercase();
    WORDS.iter().any(|words| text.contains(words))
}

/// The first link in markup.
fn link(markup: &str) -> Option<String> {
    Scanner::of_foreign(markup).find_map(|piece| match piece {
        Piece::Open { name: "a", attributes } => attribute(attributes, "href").map(std::borrow::Cow::into_owned),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Bare, bare};

    #[test]
    fn what_is_said_of_where_a_text_stands_is_not_part_of_it() {
        let text = "<p>On soot.</p>\n<p>And on gum.</p>";
        let original = Some("https://x.example/soot/".to_owned());
        for mark in [
            "<hr>\n<p><em>Originally published at </em><a href=\"https://x.example/soot/\"><em>x.example</em></a>.</p>",
            "<p>The post <a href=\"https://x.example/soot/\">Soot</a> appeared first on <a href=\"https://x.example\">X</a>.</p>",
            "<p>Der Beitrag <a href=\"https://x.example/soot/\">Soot</a> erschien zuerst auf X.</p>",
        ] {
            assert_eq!(bare(&format!("{text}\n{mark}\n")), Bare { markup: text, original: original.clone() });
            let above = mark.trim_start_matches("<hr>\n");
            assert_eq!(bare(&format!("{above}\n{text}\n")), Bare { markup: text, original: original.clone() });
        }
        for other in [
            "<p>It was originally published at a fair.</p><ul><li>And so on</li></ul>",
            "<p>On soot.</p>",
            "It appeared first on paper.",
            "",
        ] {
            assert_eq!(bare(other), Bare { markup: other, original: None });
        }
        let long = format!("<p>{} appeared first on paper.</p>", "word ".repeat(90));
        assert_eq!(bare(&long).markup, long);
    }
}
