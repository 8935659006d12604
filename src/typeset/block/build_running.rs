//! Elements taken out of the flow for margin boxes (CSS GCPM 3, 1.2).

use std::sync::Arc;

use super::boxes::{Atom, BoxId, BoxKind, Mark, RunningElement};
use super::build::{Builder, Flow};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;
use crate::typeset::style::values::Padding;

/// The named string that says which running element stands on a page; no name has a space in it.
pub(crate) fn running_string(name: &str) -> String {
    format!("element {name}")
}

impl Builder<'_> {
    /// Keeps the text of an element for the margin boxes that ask for its name.
    pub(super) fn running(&mut self, node: NodeId, element: &Element, style: &Arc<Style>, name: &str) {
        // What is repeated on pages is no part of the structure, nor can links and notes stand in it.
        let (structure, links) = (self.tree.structure.len(), self.tree.links.len());
        let around = std::mem::replace(&mut self.notes.is_running, true);
        let (before, terms) = (std::mem::take(&mut self.pending_marks), std::mem::take(&mut self.terms));
        let block = Style { display: Display::Block, running: None, ..Style::clone(style) };
        let scratch = self.tree.push(BoxKind::Block, Arc::new(block), Arc::clone(self.dom.language(node)));
        let mut flow = Flow::new(scratch, Err(None), false);
        let context = self.context_of(node, None, None);
        self.children(node, &mut flow, &context);
        self.flush(&mut flow);
        (self.pending_marks, self.terms) = (before, terms);
        self.tree.structure.truncate(structure);
        self.tree.links.truncate(links);
        self.notes.is_running = around;
        let mut gathered = Gathered::default();
        for child in &self.tree.get(scratch).children {
            self.gather(*child, false, &mut gathered);
        }
        if gathered.lacks {
            self.warn(element, "pictures and tables in running elements are left out".to_owned());
        }
        if gathered.is_flat {
            let message = "boxes inside of running elements are set as their lines: without borders, backgrounds, sizes and floats";
            self.warn_once(element, message.to_owned());
        }
        let around = self.styles.get(self.styles.of(self.dom.node(node).parent).own);
        let is_seen = is_box(style) || around.align != style.align;
        let running = RunningElement { content: gathered.content, style: is_seen.then(|| Arc::clone(style)) };
        let value = self.tree.running.len().to_string();
        self.tree.running.push(running);
        self.pending_marks.push(Mark::StringSet { name: running_string(name), value });
        // Links to what is in it lead to where it stood.
        let inside = (node..self.dom.node(node).end).filter_map(|id| self.dom.element(id)?.attribute("id"));
        self.pending_marks.extend(inside.map(|id| Mark::Anchor(Arc::from(id))));
    }

    /// Gathers the lines of a box, and what stands in them; `on_line` for one that stands in a line itself.
    fn gather(&self, id: BoxId, on_line: bool, out: &mut Gathered) {
        let own = self.tree.get(id);
        match &own.kind {
            BoxKind::Paragraph(inlines) => {
                if !out.content.is_empty() && !on_line {
                    out.content.push(Inline::Break);
                }
                for item in &inlines.content {
                    match item {
                        Inline::Text { text, style, .. } => {
                            let (text, style) = (Arc::clone(text), Arc::clone(style));
                            out.content.push(Inline::Text { text, style, tag: None, link: None });
                        }
                        Inline::Leader { .. } | Inline::Break | Inline::Open { .. } | Inline::Close => {
                            out.content.push(item.clone());
                        }
                        Inline::Atom { id, .. } => match inlines.atoms.get(*id as usize) {
                            Some(Atom::Box(inner)) => self.gather(*inner, true, out),
                            _ => out.lacks = true,
                        },
                        Inline::Float(inner) => self.gather(*inner, true, out),
                        Inline::Anchor(_) | Inline::Note(_) => {}
                    }
                }
            }
            BoxKind::Block => {
                out.is_flat |= is_box(&own.style);
                own.children.iter().for_each(|child| self.gather(*child, on_line, out));
            }
            _ => out.lacks = true,
        }
    }
}

/// What of a running element is set.
#[derive(Default)]
struct Gathered {
    content: Vec<Inline>,
    /// Whether something is left out.
    lacks: bool,
    /// Whether something of boxes inside is.
    is_flat: bool,
}

/// Whether a box is more than its text.
fn is_box(style: &Style) -> bool {
    let has_edges = style.border.iter().any(|border| border.used() > 0.0)
        || style.padding.iter().any(|padding| *padding != Padding::default());
    let is_placed = style.float.is_side() || !style.width.is_auto();
    has_edges || is_placed || style.background_color().is_some()
}
