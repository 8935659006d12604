//! What stands in elements of balanced markup, found for all of them in one pass, however they are nested.

use std::collections::HashMap;

use super::tag::{Piece, Scanner, attribute, is_void};
use crate::collect::plain;

/// What plays or shows something, or has a form of its own that words alone do not keep.
const SHOWS: [&str; 14] = [
    "audio", "embed", "figure", "iframe", "img", "math", "object", "ol", "picture", "pre", "source", "table", "ul",
    "video",
];

/// Words beyond this many bytes are no sign and no name.
const MOST: usize = 1000;

/// What stands in an element.
#[derive(Debug, Default)]
pub(super) struct Within {
    /// Where it ends, in bytes.
    pub(super) end: usize,
    /// Whether it, or something in it, plays or shows something.
    pub(super) shows: bool,
    /// Whether something in it tells about a file, as Discourse does.
    pub(super) informs: bool,
    /// Its text, escaped; `None` where there is too much of it.
    text: Option<String>,
}

impl Within {
    /// Its words, unless these are many.
    pub(super) fn words(&self) -> Option<String> {
        let words = plain::one_line(&plain::decode_entities(self.text.as_deref()?));
        Some(words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')).to_owned())
    }

    fn add(&mut self, text: Option<&str>) {
        match (&mut self.text, text) {
            (Some(own), Some(text)) if own.len() + text.len() <= MOST => own.push_str(text),
            (own, _) => *own = None,
        }
    }
}

/// An element that is open.
struct Open<'h> {
    name: &'h str,
    from: usize,
    is_sought: bool,
    within: Within,
}

/// What stands in the elements that are sought, by where they begin; those without an end are not among them.
pub(super) fn survey(html: &str, is_sought: impl Fn(&str) -> bool) -> HashMap<usize, Within> {
    let mut scanner = Scanner::new(html);
    let (mut found, mut open) = (HashMap::new(), Vec::<Open<'_>>::new());
    loop {
        let from = scanner.at;
        let Some(piece) = scanner.next() else { return found };
        match piece {
            Piece::Open { name, attributes } => {
                let shows = SHOWS.contains(&name);
                let class = attribute(attributes, "class").filter(|_| attributes.contains("informations"));
                let informs =
                    class.is_some_and(|class| class.split_ascii_whitespace().any(|own| own == "informations"));
                if is_void(name) {
                    if let Some(parent) = open.last_mut() {
                        parent.within.shows |= shows;
                        parent.within.add(Some(" "));
                    }
                } else {
                    let within = Within { end: 0, shows, informs, text: Some(String::new()) };
                    open.push(Open { name, from, is_sought: is_sought(attributes), within });
                }
            }
            Piece::Close { name } => {
                let Some(mut closed) = open.pop_if(|open| open.name == name) else { continue };
                if let Some(parent) = open.last_mut() {
                    parent.within.shows |= closed.within.shows;
                    parent.within.informs |= closed.within.informs;
                    parent.within.add(closed.within.text.as_deref());
                }
                if closed.is_sought {
                    closed.within.end = scanner.at;
                    found.insert(closed.from, closed.within);
                }
            }
            Piece::Text(text) => {
                if let Some(parent) = open.last_mut() {
                    parent.within.add(Some(text));
                }
            }
            Piece::Stray => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::survey;

    #[test]
    fn what_stands_in_an_element_is_found() {
        let html =
            "<p id=\"x\">a &amp; <b class=\"x\">b<br> c</b><i class=\"x\"><img src=\"d\"></i></p><b class=\"x\">";
        let found = survey(html, |attributes| attributes.contains('x'));
        let mut all: Vec<_> = found.iter().map(|(at, within)| (*at, within.words(), within.shows)).collect();
        all.sort_unstable();
        let words = |text: &str| Some(text.to_owned());
        assert_eq!(all, [(0, words("a & b c"), true), (18, words("b c"), false), (42, words(""), true)]);
        let long = format!("<p>{}</p>", "word ".repeat(1000));
        assert_eq!(survey(&long, |_| true)[&0].words(), None);
    }
}
