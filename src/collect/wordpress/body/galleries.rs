//! Galleries as older block editors wrote them: a list whose entries are pictures. The pictures stand by themselves
//! here, as those of newer galleries do, without a bullet beside each.

use super::markup::{Markup, Token};

/// The class of such a list, and of the block, which was a list itself at first.
const CLASSES: [&str; 2] = ["blocks-gallery-grid", "wp-block-gallery"];

/// Takes the lists around pictures of galleries away; the pictures and everything else stay.
pub(super) fn unlisted(html: String) -> String {
    if !html.contains("<ul") || !CLASSES.iter().any(|class| html.contains(class)) {
        return html;
    }
    let markup = Markup::new(&html);
    let mut out = String::with_capacity(html.len());
    // How many lists are open, the gallery's counted; 0 outside of galleries.
    let mut depth = 0_usize;
    for token in markup.tokens() {
        match token {
            Token::Tag { name: "ul", closes: false, raw } if depth > 0 || is_gallery(raw) => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            Token::Tag { name: "ul", closes: true, .. } if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    continue;
                }
            }
            Token::Tag { name: "li", .. } if depth == 1 => continue,
            _ => {}
        }
        out.push_str(token.raw());
    }
    out
}

fn is_gallery(tag: &str) -> bool {
    CLASSES.iter().any(|class| tag.contains(class))
}

#[cfg(test)]
mod tests {
    use super::unlisted;

    #[test]
    fn pictures_of_a_gallery_stand_by_themselves() {
        for (html, expected) in [
            (
                "<figure class=\"wp-block-gallery\"><ul class=\"blocks-gallery-grid\"><li class=\"blocks-gallery-item\">\
                 <figure><img src=\"a.jpg\"></figure></li></ul><figcaption>A</figcaption></figure><ul><li>b</li></ul>",
                "<figure class=\"wp-block-gallery\"><figure><img src=\"a.jpg\"></figure>\
                 <figcaption>A</figcaption></figure><ul><li>b</li></ul>",
            ),
            (
                "<ul class=\"wp-block-gallery columns-3\"><li><figure>a<ul><li>x</li></ul></figure></li></ul>",
                "<figure>a<ul><li>x</li></ul></figure>",
            ),
            ("<ul><li>wp-block-gallery</li></ul>", "<ul><li>wp-block-gallery</li></ul>"),
        ] {
            assert_eq!(unlisted(html.to_owned()), expected);
        }
    }
}
