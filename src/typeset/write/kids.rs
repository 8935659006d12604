//! Which elements and which content each element of the structure holds, in reading order.
//!
//! Kids stand in one list for all elements, each with the place of the next: a book has more elements than words on a
//! page, and an allocation for each would be more than what is in it.

use crate::typeset::display::{Document, TagId};

use super::structure::Sources;
use super::tree::{Roles, parent};

/// A kid of an element.
#[derive(Clone, Copy)]
pub(super) enum Kid {
    Element(TagId),
    /// A marked-content sequence of a page.
    Content {
        page: u32,
        sequence: u32,
    },
    /// A link annotation, by its object number.
    Annotation {
        page: u32,
        annotation: u32,
    },
}

impl Kid {
    /// The page that it stands on, where it is content.
    pub(super) fn page(self) -> Option<u32> {
        match self {
            Self::Content { page, .. } | Self::Annotation { page, .. } => Some(page),
            Self::Element(_) => None,
        }
    }
}

/// No place: the end of a list.
const END: u32 = u32::MAX;

/// An element's kids: the places of the first and the last.
#[derive(Clone, Copy)]
struct List {
    first: u32,
    last: u32,
    attached: bool,
}

/// The kids of all elements.
pub(super) struct Kids {
    /// By node of the structure.
    lists: Vec<List>,
    /// Each with the place of the next of the same element.
    kids: Vec<(Kid, u32)>,
}

impl Kids {
    /// Content comes in the order it is painted, and so do elements among it. Elements that stand beside elements alone
    /// follow each other as in the document, wherever on the page or in the margin they are.
    pub(super) fn of(sources: Sources<'_>) -> Self {
        let Sources { document, roles, contents, links, .. } = sources;
        let none = List { first: END, last: END, attached: false };
        let sequences: usize = contents.iter().map(|content| content.sequences.len()).sum();
        let kids = Vec::with_capacity(sequences + links.tagged.len() + document.structure.len());
        let mut kids = Self { lists: vec![none; document.structure.len()], kids };
        for (page, content) in (0..).zip(contents) {
            for (sequence, tag) in (0..).zip(&content.sequences) {
                kids.add(document, *tag, Kid::Content { page, sequence });
            }
        }
        for (page, annotation, tag) in &links.tagged {
            kids.add(document, *tag, Kid::Annotation { page: *page as u32, annotation: annotation.0 });
        }
        for tag in 0..document.structure.len() as TagId {
            if roles.get(tag).is_some() {
                kids.attach_in_order(document, tag);
            }
        }
        for tag in 0..document.structure.len() as TagId {
            kids.sort(tag, roles);
        }
        kids
    }

    /// The kids of an element, in order.
    pub(super) fn of_element(&self, tag: TagId) -> impl Iterator<Item = Kid> + '_ {
        let mut place = self.lists[tag as usize].first;
        std::iter::from_fn(move || {
            let (kid, next) = *self.kids.get(place as usize)?;
            place = next;
            Some(kid)
        })
    }

    fn push(&mut self, parent: TagId, kid: Kid) {
        let place = self.kids.len() as u32;
        self.kids.push((kid, END));
        let list = &mut self.lists[parent as usize];
        match list.last {
            END => list.first = place,
            last => self.kids[last as usize].1 = place,
        }
        list.last = place;
    }

    fn add(&mut self, document: &Document, tag: TagId, kid: Kid) {
        self.push(tag, kid);
        let mut at = tag;
        while !std::mem::replace(&mut self.lists[at as usize].attached, true) {
            let Some(parent) = parent(document, at) else { break };
            self.push(parent, Kid::Element(at));
            at = parent;
        }
    }

    /// Attaches an element that has no content, before the first of its siblings that comes after it.
    fn attach_in_order(&mut self, document: &Document, tag: TagId) {
        if std::mem::replace(&mut self.lists[tag as usize].attached, true) {
            return;
        }
        let Some(parent) = parent(document, tag) else { return };
        let (mut before, mut place) = (END, self.lists[parent as usize].first);
        while place != END && !matches!(self.kids[place as usize].0, Kid::Element(other) if other > tag) {
            (before, place) = (place, self.kids[place as usize].1);
        }
        if place == END {
            return self.push(parent, Kid::Element(tag));
        }
        let own = self.kids.len() as u32;
        self.kids.push((Kid::Element(tag), place));
        match before {
            END => self.lists[parent as usize].first = own,
            before => self.kids[before as usize].1 = own,
        }
    }

    /// Puts the kids of an element that holds elements alone into the order of the document.
    fn sort(&mut self, tag: TagId, roles: &Roles) {
        let in_table = roles.get(tag) == Some("Table");
        let key = |kid: Kid| match kid {
            Kid::Element(tag) => Some((if in_table { place_in_table(roles.get(tag)) } else { 0 }, tag)),
            Kid::Content { .. } | Kid::Annotation { .. } => None,
        };
        // Most hold little, in order.
        if self.of_element(tag).map(key).is_sorted_by(|a, b| a.is_none() || a < b) {
            return;
        }
        let Some(mut keys) = self.of_element(tag).map(key).collect::<Option<Vec<_>>>() else { return };
        keys.sort_unstable();
        let mut place = self.lists[tag as usize].first;
        for (_, kid) in keys {
            let (own, next) = &mut self.kids[place as usize];
            *own = Kid::Element(kid);
            place = *next;
        }
    }
}

/// The caption of a table first, its head, its body, its foot.
fn place_in_table(role: Option<&str>) -> u8 {
    match role {
        Some("Caption") => 0,
        Some("THead") => 1,
        Some("TFoot") => 3,
        _ => 2,
    }
}
