//! Markup that was sanitised before, with words in the place of pictures that could not be had.

use super::tag::{Piece, Scanner, attribute, push_escaped};
use crate::collect::links::percent_decoded;
use crate::model::Html;

/// A picture that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Lost {
    /// Where it is on the web, if it is and readers may go there.
    pub(in crate::collect) link: Option<String>,
}

/// The same markup without the pictures that are `lost`: their alternative text, or their title, is a link to where they are;
/// `None` where none of them is.
pub(in crate::collect) fn in_words(html: &Html, lost: &mut dyn FnMut(&str) -> Option<Lost>) -> Option<Html> {
    let text = html.as_str();
    let mut scanner = Scanner::new(text);
    let (mut out, mut copied) = (String::new(), 0);
    let mut open: Vec<&str> = Vec::new();
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { break };
        match piece {
            Piece::Open { name: "img", attributes } => {
                let Some(lost) = attribute(attributes, "src").and_then(|src| lost(&src)) else { continue };
                out.push_str(&text[copied..from]);
                push_words(&mut out, attributes, lost.link.as_deref(), &open);
                copied = scanner.at;
            }
            Piece::Open { name: "br" | "hr" | "wbr" | "col", .. } | Piece::Text(_) | Piece::Stray => {}
            Piece::Open { name, .. } => open.push(name),
            Piece::Close { .. } => {
                open.pop();
            }
        }
    }
    (copied > 0).then(|| Html::from_sanitised(out + &text[copied..]))
}

/// What a reader is told of a picture that is not there: how it is described, else how its file is called.
fn words<'w>(said: impl IntoIterator<Item = &'w str>, src: &str, is_linked: bool) -> String {
    if let Some(said) = said.into_iter().map(str::trim).find(|said| !said.is_empty()) {
        return said.to_owned();
    }
    let called = called(src);
    // A link has words.
    let host = || src.split('/').nth(2).unwrap_or_default().to_owned();
    if called.is_empty() && is_linked { host() } else { called }
}

/// How the file at an address is called; nothing where it is a kept one, whose name says nothing.
pub(in crate::collect) fn called(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    percent_decoded(name)
}

fn push_words(out: &mut String, attributes: &str, link: Option<&str>, open: &[&str]) {
    let said = ["alt", "title"].map(|name| attribute(attributes, name).unwrap_or_default());
    let src = attribute(attributes, "src").unwrap_or_default();
    let words = words(said.iter().map(|said| &**said), &src, link.is_some());
    let is_alone = open.last() == Some(&"figure");
    if is_alone {
        out.push_str("<p>");
    }
    // A link cannot stand in a link, which leads somewhere already.
    let link = link.filter(|_| !open.contains(&"a"));
    if let Some(link) = link {
        out.push_str("<a href=\"");
        push_escaped(out, link);
        out.push_str("\">");
    }
    push_escaped(out, &words);
    if link.is_some() {
        out.push_str("</a>");
    }
    if is_alone {
        out.push_str("</p>");
    }
}

#[cfg(test)]
mod tests {
    use super::super::settled::is_settled;
    use super::{Lost, in_words};
    use crate::model::Html;

    #[test]
    fn words_stand_for_what_is_lost() {
        for (html, expected) in [
            (
                "<p>a <img src=\"https://x.example/1.png?a&amp;b\" alt=\"A &lt;press\"> b</p>",
                "<p>a <a href=\"https://x.example/1.png?a&amp;b\">A &lt;press</a> b</p>",
            ),
            (
                "<figure><img src=\"https://x.example/a%20b.png\" alt=\"\"><figcaption>C</figcaption></figure>",
                "<figure><p><a href=\"https://x.example/a%20b.png\">a b.png</a></p><figcaption>C</figcaption></figure>",
            ),
            (
                "<p><a href=\"https://y.example/\"><br><img src=\"https://x.example/\" alt=\" \" title=\"T\"></a></p>",
                "<p><a href=\"https://y.example/\"><br>T</a></p>",
            ),
            ("<p><img src=\"assets/1.png\" alt=\"Kept once\"></p>", "<p>Kept once</p>"),
            ("<p><img src=\"assets/1.png\" alt=\"\">b</p>", "<p>b</p>"),
            ("<p><img src=\"https://x.example/\" alt=\"\"></p>", "<p><a href=\"https://x.example/\">x.example</a></p>"),
        ] {
            let mut lost = |src: &str| Some(Lost { link: src.starts_with("http").then(|| src.to_owned()) });
            let found = in_words(&Html::from_sanitised(html.to_owned()), &mut lost).unwrap();
            assert_eq!(found.as_str(), expected);
            assert!(is_settled(expected));
            assert_eq!(in_words(&found, &mut lost), None);
        }
    }
}
