//! Where a text names its links, pictures and tags: looked up only when there is a warning to place.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::body;
use super::links::percent_decoded;
use super::sanitise::tag::{Piece, Scanner, attribute};

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The address of a link, a film or a frame.
    Link,
    /// The address of a picture.
    Picture,
    /// An element of HTML, by its name in lower case.
    Tag,
    /// The address of a link or a picture, by how it begins.
    Address,
}

/// Attributes that hold an address.
const ADDRESSES: [&str; 6] = ["src", "href", "data", "data-src", "data-lazy-src", "data-original"];

/// What a text names, and where, in bytes.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<(Kind, String), Vec<usize>>);

impl Places {
    /// What a text of Markdown names; with `lacks_definitions` as [`body::to_html`] reads it.
    pub(super) fn of_markdown(text: &str, lacks_definitions: bool) -> Self {
        let mut places = Self::default();
        let mut open: Vec<Open<'_>> = Vec::new();
        for (event, range) in body::parser(text, lacks_definitions).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                    open.push(Open::new(Kind::Link, link_type, dest_url, range));
                    continue;
                }
                Event::Start(Tag::Image { link_type, dest_url, .. }) => {
                    open.push(Open::new(Kind::Picture, link_type, dest_url, range));
                    continue;
                }
                Event::End(TagEnd::Link | TagEnd::Image) => {
                    if let Some(named) = open.pop() {
                        places.add(named.kind, &named.name, named.place(text));
                    }
                }
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => places.add_tags(text, range.clone()),
                _ => {}
            }
            if let Some(around) = open.last_mut() {
                around.after = around.after.max(range.end);
            }
        }
        for found in places.0.values_mut() {
            found.sort_unstable();
        }
        places
    }

    /// What a text of HTML names.
    pub(super) fn of_html(text: &str) -> Self {
        let mut places = Self::default();
        places.add_tags(text, 0..text.len());
        places
    }

    /// Where something is named for the `nth` time, from 0; the last time when it is not named so often.
    pub(super) fn find(&self, kind: Kind, name: &str, nth: usize) -> Option<usize> {
        if kind == Kind::Address {
            return self.first_with(&key(name));
        }
        let found = self.0.get(&(kind, key(name)))?;
        found.get(nth).or(found.last()).copied()
    }

    /// Where a link or a picture is named first whose address begins so.
    pub(super) fn first_with(&self, start: &str) -> Option<usize> {
        let begins = |name: &str| name.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
        let found = self.0.iter().filter(|((kind, name), _)| *kind != Kind::Tag && begins(name.trim_start()));
        found.filter_map(|(_, places)| places.first().copied()).min()
    }

    fn add(&mut self, kind: Kind, name: &str, offset: usize) {
        self.0.entry((kind, key(name))).or_default().push(offset);
    }

    fn add_tags(&mut self, text: &str, range: Range<usize>) {
        let html = &text[range.clone()];
        let mut scanner = Scanner::of_foreign(html);
        while let Some(piece) = scanner.next() {
            let Piece::Open { name, attributes } = piece else { continue };
            let begins = html[..scanner.at].rfind(&format!("<{name}")).unwrap_or(0);
            let lower = name.to_ascii_lowercase();
            let kind = if lower == "img" { Kind::Picture } else { Kind::Link };
            for attribute_name in ADDRESSES {
                let Some(value) = attribute(attributes, attribute_name) else { continue };
                let within = value_in(&html[begins..scanner.at], attribute_name, value.trim());
                self.add(kind, &value, range.start + begins + within);
            }
            let sizes = attribute(attributes, "srcset").unwrap_or_default();
            for candidate in sizes.split(", ").filter_map(|candidate| candidate.split_whitespace().next()) {
                let address = candidate.trim_end_matches(',');
                let within = html[begins..scanner.at].find(address).unwrap_or(0);
                self.add(kind, address, range.start + begins + within);
            }
            if matches!(lower.as_str(), "script" | "style") {
                scanner.skip_to_close(name);
            }
            self.add(Kind::Tag, &lower, range.start + begins);
        }
    }
}

/// Where in a tag the value of an attribute stands, if it is written as it is.
fn value_in(tag: &str, name: &str, value: &str) -> usize {
    let is_its_own = |at: &usize| {
        let before = tag[..*at].trim_end_matches(['"', '\'']).trim_end();
        let before = before.strip_suffix('=').map_or("", str::trim_end);
        before
            .len()
            .checked_sub(name.len())
            .and_then(|from| before.get(from..))
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    if value.is_empty() { 0 } else { tag.match_indices(value).map(|(at, _)| at).find(is_its_own).unwrap_or(0) }
}

/// A link or picture of Markdown whose end has not been read.
struct Open<'t> {
    kind: Kind,
    is_inline: bool,
    name: CowStr<'t>,
    range: Range<usize>,
    /// Where the text in it ends, after which its address stands.
    after: usize,
}

impl<'t> Open<'t> {
    fn new(kind: Kind, link_type: LinkType, name: CowStr<'t>, range: Range<usize>) -> Self {
        Self { kind, is_inline: link_type == LinkType::Inline, name, after: range.start, range }
    }

    /// Where the address stands as it is known, else where the whole begins: a definition is elsewhere.
    fn place(&self, text: &str) -> usize {
        let rest = text.get(self.after..self.range.end).filter(|_| self.is_inline && !self.name.is_empty());
        rest.and_then(|rest| rest.find(&*self.name)).map_or(self.range.start, |at| self.after + at)
    }
}

/// Markup may write a name with escapes.
fn key(name: &str) -> String {
    percent_decoded(name.trim())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Places};

    #[test]
    fn names_are_found_where_they_mean_something() {
        let text = "A pic.png and `![](pic.png)`.\n\n![pic.png](pic.png \"pic.png\") [![b](<a b.png>)](b.md)\n\n\
                    [x][y]\n\n<svg></svg> <IMG SRC='c&amp;d.png'>\n\n[y]: c.md\n";
        let places = Places::of_markdown(text, false);
        let at = |kind, name: &str| places.find(kind, name, 0);
        assert_eq!(at(Kind::Picture, "pic.png"), text.find("pic.png \""));
        assert_eq!(at(Kind::Picture, "a%20b.png"), text.find("a b.png"));
        assert_eq!(at(Kind::Link, "b.md"), text.find("b.md"));
        assert_eq!(at(Kind::Link, "c.md"), text.find("[x]"));
        assert_eq!(at(Kind::Tag, "svg"), text.find("<svg>"));
        assert_eq!(at(Kind::Picture, "c&d.png"), text.find("<IMG"));
        assert_eq!(at(Kind::Picture, "none.png"), None);
        let sizes = "a <img alt='b' srcset='b.png 1x, c.png 2x'>";
        assert_eq!(Places::of_html(sizes).find(Kind::Picture, "c.png", 0), sizes.find("c.png"));
        assert_eq!(Places::of_html("<a href='ftp://a/b'>").find(Kind::Address, "ftp://a", 0), Some(9));
        let html = "<!-- <a href=x> --><p><a href=\"y\">z</a><a\nhref=x></a>";
        let places = Places::of_html(html);
        assert_eq!(places.find(Kind::Link, "x", 0), html.rfind('x'));
        assert_eq!(places.find(Kind::Link, "y", 3), html.find("y\""));
    }
}
