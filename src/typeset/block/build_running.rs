//! Elements taken out of the flow for margin boxes (CSS GCPM 3, 1.2).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, Mark};
use super::build::{Builder, Flow};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;

/// The named string that says which running element stands on a page; no name has a space in it.
pub(crate) fn running_string(name: &str) -> String {
    format!("element {name}")
}

impl Builder<'_> {
    /// Keeps the text of an element for the margin boxes that ask for its name.
    pub(super) fn running(&mut self, node: NodeId, element: &Element, style: &Arc<Style>, name: &str) {
        // What is repeated on pages is no part of the structure, nor can links and notes stand in it.
        let (structure, links, notes) = (self.tree.structure.len(), self.tree.links.len(), self.tree.notes.len());
        let before = std::mem::take(&mut self.pending_marks);
        let block = Style { display: Display::Block, running: None, ..Style::clone(style) };
        let scratch = self.tree.push(BoxKind::Block, Arc::new(block), Arc::clone(self.dom.language(node)));
        let mut flow = Flow::new(scratch, Err(None), false);
        let context = self.context_of(node, None, None);
        self.children(node, &mut flow, &context);
        self.flush(&mut flow);
        self.pending_marks = before;
        self.tree.structure.truncate(structure);
        self.tree.links.truncate(links);
        self.tree.notes.truncate(notes);
        let mut content = Vec::new();
        let mut has_more = false;
        self.gather(scratch, &mut content, &mut has_more);
        if has_more {
            self.warn(element, "pictures and tables in running elements are left out".to_owned());
        }
        let value = self.tree.running.len().to_string();
        self.tree.running.push(content);
        self.pending_marks.push(Mark::StringSet { name: running_string(name), value });
        // Links to what is in it lead to where it stood.
        let inside = (node..self.dom.node(node).end).filter_map(|id| self.dom.element(id)?.attribute("id"));
        self.pending_marks.extend(inside.map(|id| Mark::Anchor(Arc::from(id))));
    }

    fn gather(&self, id: BoxId, content: &mut Vec<Inline>, has_more: &mut bool) {
        let own = self.tree.get(id);
        match &own.kind {
            BoxKind::Paragraph(inlines) => {
                if !content.is_empty() {
                    content.push(Inline::Break);
                }
                for item in &inlines.content {
                    match item {
                        Inline::Text { text, style, .. } => {
                            let (text, style) = (Arc::clone(text), Arc::clone(style));
                            content.push(Inline::Text { text, style, tag: None, link: None });
                        }
                        Inline::Leader { .. } | Inline::Break | Inline::Open { .. } | Inline::Close => {
                            content.push(item.clone());
                        }
                        Inline::Atom { .. } | Inline::Float(_) => *has_more = true,
                        Inline::Anchor(_) | Inline::Note(_) => {}
                    }
                }
            }
            BoxKind::Block => own.children.iter().for_each(|child| self.gather(*child, content, has_more)),
            _ => *has_more = true,
        }
    }
}
