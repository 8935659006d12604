//! What a page shows beside its words and nobody reads: signs for eyes alone (`aria-hidden`, WAI-ARIA 1.2, 6.6), formulas that are
//! drawn beside the same in words, the buttons and times of players. Pictures are never taken for such.

use std::borrow::Cow;

use super::tag::{Piece, Scanner, attribute};
use crate::collect::plain;

/// Classes of what players and viewers of some programs show around what they play and show: Ghost's.
const CONTROLS: [&str; 4] = ["kg-audio-player", "kg-video-player", "kg-video-overlay", "kg-toggle-card-icon"];

/// The class of a button that repeats a link.
const BUTTON: &str = "wp-block-file__button";

/// Classes of text for those who do not see the page.
const FOR_EARS: [&str; 5] =
    ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "MJX_Assistive_MathML"];

/// Balanced markup without decoration.
pub(super) fn without(html: &str) -> Cow<'_, str> {
    let has = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
    if !["aria-hidden", "kg-", "lightbox", BUTTON].into_iter().any(has) {
        return Cow::Borrowed(html);
    }
    let mut scanner = Scanner::new(html);
    let (mut out, mut copied) = (String::new(), 0);
    // Where the last element for ears ended, and those of them that are open.
    let (mut heard, mut open) = (usize::MAX, Vec::new());
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        let (name, attributes) = match piece {
            Piece::Open { name, attributes } => (name, attributes),
            Piece::Close { name } => {
                if open.pop_if(|(open, _)| *open == name).is_some_and(|(_, is_for_ears)| is_for_ears) {
                    heard = scanner.at;
                }
                continue;
            }
            Piece::Text(text) => {
                heard = if text.trim().is_empty() && heard == from { scanner.at } else { heard };
                continue;
            }
            Piece::Stray => continue,
        };
        if name == "img" {
            let is_thumbnail = has_class(attributes, "kg-audio-thumbnail")
                && attribute(attributes, "src").is_none_or(|src| src.trim().is_empty());
            if is_thumbnail {
                out.push_str(&html[copied..from]);
                copied = scanner.at;
            }
            continue;
        }
        if VOID.contains(&name) {
            continue;
        }
        let mut ahead = scanner.clone();
        if is_candidate(attributes) {
            ahead.skip_element(name);
            let element = Element { name, attributes, inside: &html[scanner.at..ahead.at] };
            let (before, after) = (&html[..from], &html[ahead.at..]);
            if !element.inside.contains("<img") && element.is_decoration(before, after, heard == from) {
                out.push_str(&html[copied..from]);
                copied = ahead.at;
                scanner.at = ahead.at;
                continue;
            }
        }
        open.push((name, FOR_EARS.iter().any(|class| has_class(attributes, class))));
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// No longer formula is looked back at, in bytes.
const LONGEST_FORMULA: usize = 20_000;

/// Elements without contents.
const VOID: [&str; 9] = ["br", "col", "embed", "hr", "input", "param", "source", "track", "wbr"];

struct Element<'h> {
    name: &'h str,
    attributes: &'h str,
    inside: &'h str,
}

impl Element<'_> {
    /// `before` and `after` stand around it; `is_heard` says that what stands right before says it for ears.
    fn is_decoration(&self, before: &str, after: &str, is_heard: bool) -> bool {
        if CONTROLS.iter().any(|class| has_class(self.attributes, class)) {
            return true;
        }
        // WordPress has a button beside the name of a file, which leads there, too.
        if has_class(self.attributes, BUTTON) {
            return before.trim_end().ends_with("</a>");
        }
        // The name and the size of the file that a picture of Discourse's leads to.
        if has_class(self.attributes, "meta") {
            return self.inside.contains("class=\"informations\"");
        }
        if !is_for_eyes(self.attributes) {
            return false;
        }
        let text = plain::from_html(self.inside);
        let is_sign = !text.chars().any(char::is_alphanumeric);
        let is_anchor =
            self.name == "a" && attribute(self.attributes, "href").is_some_and(|href| href.starts_with('#'));
        let is_icon = attribute(self.attributes, "class")
            .is_some_and(|class| class.contains("icon") || class.contains("material-symbols"));
        is_sign || is_anchor || is_icon || is_heard || self.is_drawn_formula(before) || says_it_for_ears(after)
    }

    /// Whether it is a formula as `KaTeX` draws it, beside which the same stands as `MathML`.
    fn is_drawn_formula(&self, before: &str) -> bool {
        let near = before.len().saturating_sub(LONGEST_FORMULA);
        let near = (near..=before.len()).find(|at| before.is_char_boundary(*at)).unwrap_or(before.len());
        let last = |class: &str| before[near..].rfind(class);
        has_class(self.attributes, "katex-html") && last("katex-mathml").is_some_and(|at| Some(at) > last("katex-html"))
    }
}

/// Whether it is worth looking at what is in an element.
fn is_candidate(attributes: &str) -> bool {
    !attributes.is_empty()
        && (is_for_eyes(attributes)
            || has_class(attributes, "meta")
            || has_class(attributes, BUTTON)
            || CONTROLS.iter().any(|class| has_class(attributes, class)))
}

fn is_for_eyes(attributes: &str) -> bool {
    attributes.contains("aria-hidden")
        && attribute(attributes, "aria-hidden").is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

/// Whether the same follows for ears.
fn says_it_for_ears(after: &str) -> bool {
    let next = Scanner::new(after).find(|piece| !matches!(piece, Piece::Text(text) if text.trim().is_empty()));
    matches!(next, Some(Piece::Open { attributes, .. }) if FOR_EARS.iter().any(|class| has_class(attributes, class)))
}

fn has_class(attributes: &str, class: &str) -> bool {
    attributes.contains(class)
        && attribute(attributes, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|own| own == class))
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn what_is_there_for_eyes_alone_goes() {
        for (html, rest) in [
            ("<h2>A <a aria-hidden=\"true\" href=\"#a\">Link</a></h2>", "<h2>A </h2>"),
            ("<summary>A<span aria-hidden=\"true\">+</span></summary>", "<summary>A</summary>"),
            ("a<span class=\"material-icons\" aria-hidden=\"true\">favorite</span>", "a"),
            (
                "<span class=\"katex\"><span class=\"katex-mathml\">E=mc2</span><span class=\"katex-html\" aria-hidden=\"true\">\
                 <span>E</span>=mc2</span></span>",
                "<span class=\"katex\"><span class=\"katex-mathml\">E=mc2</span></span>",
            ),
            (
                "<span aria-hidden=\"true\">$9<sup>99</sup></span> <span class=\"sr-only\">$9.99</span>",
                " <span class=\"sr-only\">$9.99</span>",
            ),
            (
                "<span class=\"sr-only\">$9.99</span> <span aria-hidden=\"true\">$9<sup>99</sup></span>",
                "<span class=\"sr-only\">$9.99</span> ",
            ),
            ("<div class=\"kg-audio-player\"><span>0:00</span></div>a", "a"),
            ("<img src=\"\" alt=\"audio-thumbnail\" class=\"kg-audio-thumbnail\">a", "a"),
            (
                "<a class=\"lightbox\" href=\"x\"><img src=\"y\"><div class=\"meta\"><span class=\"informations\">9 KB</span></div></a>",
                "<a class=\"lightbox\" href=\"x\"><img src=\"y\"></a>",
            ),
            (
                "<div><a href=\"f\">A film</a><a href=\"f\" class=\"wp-block-file__button\">Download</a></div>",
                "<div><a href=\"f\">A film</a></div>",
            ),
        ] {
            assert_eq!(without(html), rest);
        }
    }

    #[test]
    fn words_and_pictures_stay() {
        for html in [
            "<span aria-label=\"The\"><span aria-hidden=\"true\">T</span>he</span>",
            "<p aria-hidden=\"true\">A whole sentence.</p>",
            "<span class=\"katex\"><span class=\"katex-html\" aria-hidden=\"true\">E</span></span>",
            "<a aria-hidden=\"true\" href=\"#a\"><img src=\"x\"></a>",
            "<span aria-hidden=\"false\">+</span>",
            "<div class=\"meta\">lightbox</div>",
            "<div><a href=\"f\" class=\"wp-block-file__button\">Download</a></div>",
            "<img src=\"a\" class=\"kg-audio-thumbnail\">",
        ] {
            assert_eq!(without(html), html);
        }
    }
}
