//! The headings and ids of a body, found before it is rewritten.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::headings::ByLetters;
use super::tag::{Piece, Scanner, attribute};
use crate::collect::plain;
use crate::model::slugify;

/// The class of a mark that leads to a note, and how what is raised ends.
const NOTE: &str = "footnote-reference";
const RAISED_END: &str = "</sup>";

/// What the rewriter must know of the whole body before its first tag.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Ids of the headings in order, given or made from their text; unique.
    pub(super) heading_ids: Vec<String>,
    /// The headings by what other programs would call them.
    by_letters: ByLetters,
    /// Every id of the body.
    pub(super) ids: HashSet<String>,
    /// The last number that was put behind an id which several headings ask for.
    counts: HashMap<String, usize>,
    /// The level of the highest heading that stays.
    pub(super) top: u8,
    /// Where a first heading stands that only repeats the title; elements around it may stay open behind it.
    pub(super) title: Option<Range<usize>>,
}

/// 1 to 6 for `h1` to `h6`.
pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h' | b'H', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

impl Outline {
    pub(super) fn of(html: &str, title: Option<&str>) -> Self {
        let mut outline = Self { top: 7, ..Self::default() };
        let mut scanner = Scanner::new(html);
        let mut nothing_yet = true;
        let mut without_id = Vec::new();
        // Ways through a site stand before a page's title, and are nothing of its text.
        let mut in_nav = 0_usize;
        loop {
            let from = scanner.at;
            let Some(piece) = scanner.next() else { break };
            match piece {
                Piece::Open { name: "nav", .. } => in_nav += 1,
                Piece::Close { name: "nav" } => in_nav = in_nav.saturating_sub(1),
                Piece::Text(text) => nothing_yet &= in_nav > 0 || text.trim().is_empty(),
                Piece::Open { name, attributes } => {
                    let id = attribute(attributes, "id")
                        .or_else(|| attribute(attributes, "name").filter(|_| name == "a"))
                        .map(|id| clean(&id))
                        .filter(|id| !id.is_empty());
                    if let Some(level) = heading_level(name) {
                        let inner = scanner.rest();
                        let length = inner.find("</h").unwrap_or(inner.len());
                        let text = words(&inner[..length]);
                        if nothing_yet && title.is_some_and(|title| same(title, &text)) {
                            scanner.skip_to_close(name);
                            outline.title = Some(from..scanner.at);
                            nothing_yet = false;
                            continue;
                        }
                        outline.top = outline.top.min(level);
                        outline.by_letters.add(outline.heading_ids.len(), &text);
                        if id.is_none() {
                            without_id.push((outline.heading_ids.len(), text));
                        }
                        outline.heading_ids.push(id.clone().unwrap_or_default());
                    }
                    nothing_yet &= in_nav > 0
                        || !matches!(name, "img" | "p" | "figure" | "table" | "ul" | "ol" | "pre" | "video" | "iframe");
                    outline.ids.extend(id);
                }
                Piece::Close { .. } | Piece::Stray => {}
            }
        }
        for (index, text) in without_id {
            let id = outline.unused(&slugify(&text));
            outline.heading_ids[index] = id;
        }
        outline
    }

    /// Makes an id that the body does not hold yet, and notes it.
    fn unused(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "section" } else { wanted };
        let mut id = wanted.to_owned();
        // Numbers that were taken once stay taken. They begin with 1, as those of other programs do.
        let mut count = self.counts.get(wanted).copied().unwrap_or(0);
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wanted}-{count}");
        }
        self.counts.insert(wanted.to_owned(), count);
        id
    }

    /// The id that a link to `#fragment` means.
    pub(super) fn target(&self, fragment: &str) -> Option<String> {
        let fragment = clean(fragment);
        if self.ids.contains(&fragment) {
            return Some(fragment);
        }
        let slug = slugify(&fragment);
        if self.ids.contains(&slug) { Some(slug) } else { self.heading(&fragment) }
    }

    /// The id of the heading that another program would give this one.
    pub(super) fn heading(&self, fragment: &str) -> Option<String> {
        self.heading_ids.get(self.by_letters.find(fragment)?).cloned().filter(|id| !id.is_empty())
    }
}

/// The words of a heading. The marks of its notes are none: no program has them in its id.
fn words(inner: &str) -> String {
    let (mut kept, mut rest) = (String::new(), inner);
    while let Some((before, raised)) = rest.find("<sup").map(|at| rest.split_at(at)) {
        let (mark, after) = raised.split_at(raised.find(RAISED_END).map_or(raised.len(), |end| end + RAISED_END.len()));
        let is_note = mark.split('>').next().is_some_and(|tag| tag.contains(NOTE));
        kept.push_str(before);
        kept.push_str(if is_note { "" } else { mark });
        rest = after;
    }
    kept.push_str(rest);
    plain::from_html(&kept)
}

/// An id without white space (HTML, 3.2.6).
pub(in crate::collect) fn clean(id: &str) -> String {
    if id.contains(char::is_whitespace) { id.split_whitespace().collect::<Vec<_>>().join("-") } else { id.to_owned() }
}

fn same(title: &str, heading: &str) -> bool {
    let (title, heading) = (slugify(title), slugify(heading));
    !title.is_empty() && title == heading
}
