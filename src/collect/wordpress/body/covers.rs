//! Covers: text over a picture, which many of them name in a style alone.

use super::markup::{Markup, Token};
use crate::collect::sanitise::tag::attribute;
use crate::model::escaped;

/// Sets the picture that a cover has in its background before what stands on it.
pub(super) fn pictured(html: String) -> String {
    if !html.contains("wp-block-cover") || !html.contains("background-image") {
        return html;
    }
    let markup = Markup::new(&html);
    let mut out = String::with_capacity(html.len() + 256);
    for token in markup.tokens() {
        out.push_str(token.raw());
        if let Token::Tag { name, closes: false, raw } = token
            && let Some((src, alt)) = background(raw.trim_start_matches('<').trim_start_matches(name))
        {
            out.extend(["<img src=\"", &escaped(&src), "\" alt=\"", &escaped(&alt), "\">"]);
        }
    }
    out
}

/// The address of the picture in a cover's background, and what it shows.
fn background(attributes: &str) -> Option<(String, String)> {
    let attributes = attributes.trim_end_matches(['>', '/']);
    let class = attribute(attributes, "class")?;
    let is_cover = class.split_whitespace().any(|class| class.starts_with("wp-block-cover"));
    let style = attribute(attributes, "style").filter(|_| is_cover)?;
    let (_, rest) = style.split_once("background-image:")?;
    let (address, _) = rest.trim_start().strip_prefix("url(")?.split_once(')')?;
    let address = address.trim_matches(['"', '\'', ' ']);
    let label = attribute(attributes, "aria-label").unwrap_or_default();
    (!address.is_empty()).then(|| (address.to_owned(), label.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::pictured;

    #[test]
    fn a_cover_shows_its_picture() {
        for (html, expected) in [
            (
                "<div class=\"wp-block-cover\" style=\"background-image:url(https://a.example/b.jpg?c=1&amp;d=2)\"><p>x</p></div>",
                "<div class=\"wp-block-cover\" style=\"background-image:url(https://a.example/b.jpg?c=1&amp;d=2)\">\
                 <img src=\"https://a.example/b.jpg?c=1&amp;d=2\" alt=\"\"><p>x</p></div>",
            ),
            (
                "<div role=\"img\" class=\"wp-block-cover__image-background\" style=\"x:y;background-image: url('a.jpg')\" aria-label=\"A\"></div>",
                "<div role=\"img\" class=\"wp-block-cover__image-background\" style=\"x:y;background-image: url('a.jpg')\" aria-label=\"A\">\
                 <img src=\"a.jpg\" alt=\"A\"></div>",
            ),
        ] {
            assert_eq!(pictured(html.to_owned()), expected);
        }
        let other = "<p class=\"wp-block-covers\">a</p><div style=\"background-image:url(a.jpg)\">b</div>";
        assert_eq!(pictured(other.to_owned()), other);
    }
}
