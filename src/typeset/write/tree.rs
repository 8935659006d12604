//! Which nodes of the structure are written, and as what: nodes that nothing on any page belongs to are left out, and
//! headings get levels that follow each other (ISO 14289-1, 7.4.2).

use crate::typeset::display::{Document, Glyph, Item, Owner, TagId};
use crate::typeset::shape::says_anything;

/// The type of each node of the structure as it is written; `None` for one that is left out.
pub(in crate::typeset) struct Roles(Vec<Option<&'static str>>);

impl Roles {
    pub(in crate::typeset) fn of(document: &Document) -> Self {
        let mut roles = vec![None; document.structure.len()];
        let items = || document.pages.iter().flat_map(|page| &page.items);
        for tag in items().filter(|item| !is_blank(item)).filter_map(owner) {
            mark(document, &mut roles, tag);
        }
        // A heading in which nothing is written is none, though a blank or a link may lie there (7.4.1).
        let written = roles.clone();
        for tag in items().filter(|item| is_blank(item)).filter_map(owner) {
            mark(document, &mut roles, tag);
        }
        for tag in document.pages.iter().flat_map(|page| &page.links).filter_map(|link| link.tag) {
            mark(document, &mut roles, tag);
        }
        for (role, written) in roles.iter_mut().zip(written) {
            if role.is_some_and(|role| heading(role).is_some()) && written.is_none() {
                *role = Some("P");
            }
        }
        // A document without a word has its root all the same.
        for (role, node) in roles.iter_mut().zip(&document.structure) {
            if node.parent.is_none() {
                *role = Some(node.role);
            }
        }
        // Every row of a table has all its cells, whatever is in them.
        for (tag, node) in document.structure.iter().enumerate() {
            let part = matches!(node.role, "TR" | "TH" | "TD");
            if part && parent(document, tag as TagId).is_some_and(|parent| is_in_live_table(document, &roles, parent)) {
                mark(document, &mut roles, tag as TagId);
            }
        }
        let mut open = Vec::new();
        for role in roles.iter_mut().flatten() {
            if let Some(level) = heading(role) {
                *role = renumbered(&mut open, level);
            }
        }
        Self(roles)
    }

    /// The type of a node, if it is written.
    pub(in crate::typeset) fn get(&self, tag: TagId) -> Option<&'static str> {
        self.0.get(tag as usize).copied().flatten()
    }
}

/// The parent of a node, where it names one that stands before it.
pub(super) fn parent(document: &Document, tag: TagId) -> Option<TagId> {
    document.structure.get(tag as usize)?.parent.filter(|parent| *parent < tag)
}

/// Whether it is text of which nothing is seen.
fn is_blank(item: &Item) -> bool {
    let Item::Glyphs { run, .. } = item else { return false };
    let text = |glyph: &Glyph| run.text.get(glyph.text_start as usize..glyph.text_end as usize);
    !run.glyphs.iter().filter_map(text).any(says_anything)
}

fn owner(item: &Item) -> Option<TagId> {
    match item {
        Item::Glyphs { owner: Owner::Node(tag), .. } | Item::Image { owner: Owner::Node(tag), .. } => Some(*tag),
        _ => None,
    }
}

/// Marks a node and those around it.
fn mark(document: &Document, roles: &mut [Option<&'static str>], tag: TagId) {
    let mut next = Some(tag);
    while let Some(tag) = next {
        let (Some(node), Some(role)) = (document.structure.get(tag as usize), roles.get_mut(tag as usize)) else {
            return;
        };
        if role.replace(node.role).is_some() {
            return;
        }
        next = parent(document, tag);
    }
}

fn is_in_live_table(document: &Document, roles: &[Option<&'static str>], tag: TagId) -> bool {
    let mut next = Some(tag);
    while let Some(tag) = next {
        match document.structure.get(tag as usize).map_or("", |node| node.role) {
            "TR" | "THead" | "TBody" | "TFoot" => next = parent(document, tag),
            "Table" => return roles[tag as usize].is_some(),
            _ => return false,
        }
    }
    false
}

const HEADINGS: [&str; 6] = ["H1", "H2", "H3", "H4", "H5", "H6"];

fn heading(role: &str) -> Option<usize> {
    HEADINGS.iter().position(|known| *known == role)
}

/// The level of the next heading: one below the nearest heading before it that is of a higher level in the source.
/// `open` holds those levels.
fn renumbered(open: &mut Vec<usize>, level: usize) -> &'static str {
    while open.last().is_some_and(|last| *last >= level) {
        open.pop();
    }
    open.push(level);
    HEADINGS[(open.len() - 1).min(HEADINGS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::renumbered;

    #[test]
    fn levels_start_at_one_and_skip_none() {
        let mut open = Vec::new();
        let levels: Vec<&str> = [1, 3, 5, 3, 2, 0, 1].map(|level| renumbered(&mut open, level)).to_vec();
        assert_eq!(levels, ["H1", "H2", "H3", "H2", "H2", "H1", "H2"]);
    }
}
