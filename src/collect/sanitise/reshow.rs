//! Markup that was sanitised before, with pictures that are at hand now.

use super::Shown;
use super::size::Given;
use super::tag::{Piece, Scanner, attribute, push_escaped};
use crate::model::Html;

/// The same markup with other addresses and sizes of the pictures that `shown` knows, as [`super::Sanitiser::foreign`]
/// would write it; `None` where it knows none of them.
pub(in crate::collect) fn reshow(html: &Html, shown: &mut dyn FnMut(&str) -> Option<Shown>) -> Option<Html> {
    let text = html.as_str();
    let mut scanner = Scanner::new(text);
    let (mut out, mut copied) = (String::new(), 0);
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        if let Piece::Open { name: "img", attributes } = piece
            && let Some(other) = attribute(attributes, "src").and_then(|src| shown(&src))
        {
            out.push_str(&text[copied..from]);
            push_picture(&mut out, attributes, &other);
            copied = scanner.at;
        }
    }
    (copied > 0).then(|| Html::from_sanitised(out + &text[copied..]))
}

/// Writes a picture anew; its other attributes were written by the sanitiser.
fn push_picture(out: &mut String, attributes: &str, shown: &Shown) {
    out.push_str("<img");
    push(out, "src", &shown.src);
    push(out, "alt", &attribute(attributes, "alt").unwrap_or_default());
    Given::read(attributes).push(out, shown.size, shown.is_drawing());
    if let Some(title) = attribute(attributes, "title") {
        push(out, "title", &title);
    }
    out.push('>');
}

fn push(out: &mut String, name: &str, value: &str) {
    out.extend([" ", name, "=\""]);
    push_escaped(out, value);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::super::{Addresses, Context, Sanitiser, Shown};
    use super::reshow;

    struct Known(bool);

    impl Known {
        fn shown(&self, src: &str) -> Option<Shown> {
            let kept = || Shown { src: "assets/1.png".to_owned(), size: Some((300, 200)) };
            (self.0 && src.ends_with("/1.png?a=1&b")).then(kept)
        }
    }

    impl Addresses for Known {
        fn link(&mut self, href: &str) -> Option<String> {
            Some(href.to_owned())
        }

        fn picture(&mut self, src: &str) -> Option<Shown> {
            self.shown(src).or_else(|| Some(Shown { src: src.to_owned(), size: None }))
        }
    }

    #[test]
    fn a_picture_that_came_later_is_shown_as_if_it_had_been_there() {
        let html = "<p>A &lt; b <img src='https://a.example/1.png?a=1&amp;b' alt='\"x\"' title=T width=90> and\n\
             <img src='https://a.example/2.png'></p><p><img src='https://a.example/1.png?a=1&b' style='height: 3em'></p><h2 id=x>Y</h2>";
        let context = Context { prefix: "p", title: None };
        let sanitiser = Sanitiser::new();
        let (without, with) =
            (sanitiser.foreign(html, context, &mut Known(false)), sanitiser.foreign(html, context, &mut Known(true)));
        assert_ne!(without, with);
        assert_eq!(reshow(&without, &mut |src| Known(true).shown(src)), Some(with.clone()));
        assert_eq!(reshow(&with, &mut |src| Known(true).shown(src)), None);
    }
}
