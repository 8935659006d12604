//! Whole pages of HTML: which part of one is the post.

use std::ops::Range;

use crate::collect::plain;

/// The part of a page that is its post.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// In bytes of the page.
    pub(super) inside: Range<usize>,
    /// The name of the element that it is the content of.
    pub(super) element: &'static str,
    /// Whether words of the page stand around it: its navigation, its foot.
    pub(super) leaves_words: bool,
}

/// The content of the one `<article>`, else of the one `<main>`, of a page, or of what is nothing but that element. `None` where
/// there is none, or several.
pub(super) fn post(html: &str) -> Option<Part> {
    let lower = html.to_ascii_lowercase();
    ["article", "main"].into_iter().find_map(|element| of_element(&lower, html, element))
}

/// What shows something besides words.
const SHOWN: [&str; 6] = ["<img", "<picture", "<video", "<audio", "<iframe", "<svg"];

fn holds(html: &str, tag: &str) -> bool {
    html.to_ascii_lowercase().contains(tag)
}

fn of_element(lower: &str, html: &str, element: &'static str) -> Option<Part> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let is_tag = |at: &usize| lower[at + open.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace());
    let mut begins = lower.match_indices(&open).map(|(at, _)| at).filter(is_tag);
    let begin = begins.next().filter(|_| begins.next().is_none())?;
    let end = begin + lower[begin..].find(&close)?;
    let start = begin + lower[begin..end].find('>')? + 1;
    let after = end + close.len();
    if lower[after..].contains(&close) {
        return None;
    }
    let is_alone = lower[..begin].trim().is_empty() && lower[after..].trim().is_empty();
    let body = lower[..begin].find("<body");
    if !is_alone && body.is_none() {
        return None;
    }
    let around = format!("{}{}", &html[body.unwrap_or(begin)..begin], &html[after..]);
    let words = |html: &str| plain::from_html(html).trim().chars().count();
    // A card among what is the post, or a picture that belongs to it.
    let is_more_around = words(&around) > words(&html[start..end]) || SHOWN.iter().any(|tag| holds(&around, tag));
    if !is_alone && is_more_around {
        return None;
    }
    let leaves_words = words(&around) > 0;
    Some(Part { inside: start..end, element, leaves_words })
}

#[cfg(test)]
mod tests {
    use super::post;

    #[test]
    fn the_article_of_a_page_is_its_post() {
        for (html, expected) in [
            (
                "<html><body><nav>N</nav><Article class=x>\u{eb} and more</ARTICLE><footer>F</footer></body></html>",
                Some(("\u{eb} and more", true)),
            ),
            ("<body>\n<main><h1>A</h1></main></body>", Some(("<h1>A</h1>", false))),
            ("<article><p>a</p></article>\n", Some(("<p>a</p>", false))),
            ("<p>a</p><article>b</article>", None),
            ("<body><article>a</article><article>b</article></body>", None),
            ("<body><header><img src=a.jpg></header><article>a and b</article></body>", None),
            (
                "<body><main><p>The post itself.</p><article>More</article></main></body>",
                Some(("<p>The post itself.</p><article>More</article>", false)),
            ),
            ("<body><article>a", None),
            ("<body><articles>a</articles></body>", None),
            ("<body><article", None),
        ] {
            let found = post(html);
            assert_eq!(found.map(|part| (&html[part.inside], part.leaves_words)), expected, "{html}");
        }
    }
}
