//! The structure tree: which node an element becomes, and the nodes that must stand between it and its parent.

use std::sync::Arc;

use super::boxes::{BoxId, BoxTree};
use super::build::Builder;
use super::roles::{Role, role};
use crate::typeset::display::{Attributes, StructureNode, TagId};
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;

/// A list of terms that is being read.
pub(super) struct TermList {
    list: TagId,
    /// The item whose terms or descriptions come next, and whether it has a description yet.
    item: Option<(TagId, bool)>,
}

impl BoxTree {
    /// Adds a structure node. `language` is its own, whatever its parent's. What may not stand in its parent
    /// (ISO 32000-1, 14.8.4.3) gets the nodes that are missing between them.
    pub(crate) fn tag(&mut self, parent: Option<TagId>, role: &'static str, language: Option<Arc<str>>) -> TagId {
        // A heading holds text, and what stands in a line: blocks that a document has within one come behind it.
        let parent = if is_block(role) { self.outside_of_headings(parent) } else { parent };
        let above = parent.map_or("", |parent| self.role(parent));
        // A marker in it labels no item.
        let role = if role == "Lbl" && is_heading(above) { "Span" } else { role };
        let parent = match (above, role) {
            ("L", "L" | "LI" | "Caption")
            | ("LI", "Lbl" | "LBody")
            | ("TOC", "TOC" | "TOCI" | "Caption")
            | ("TOCI", "Lbl" | "Reference" | "NonStruct" | "P" | "TOC") => parent,
            ("L", _) => {
                let item = self.push_tag(parent, "LI", None);
                return self.tag(Some(item), role, language);
            }
            ("LI", _) => {
                let body = self.push_tag(parent, "LBody", None);
                return self.tag(Some(body), role, language);
            }
            ("TOC", _) => {
                let item = self.push_tag(parent, "TOCI", None);
                return self.tag(Some(item), role, language);
            }
            ("TOCI", _) => {
                let item = self.push_tag(parent, "NonStruct", None);
                return self.tag(Some(item), role, language);
            }
            (_, "LI") => Some(self.push_tag(parent, "L", None)),
            (_, "TOCI") => Some(self.push_tag(parent, "TOC", None)),
            _ => parent,
        };
        self.push_tag(parent, role, language)
    }

    fn outside_of_headings(&self, mut tag: Option<TagId>) -> Option<TagId> {
        while let Some(heading) = tag.filter(|tag| is_heading(self.role(*tag))) {
            tag = self.structure[heading as usize].parent;
        }
        tag
    }

    fn push_tag(&mut self, parent: Option<TagId>, role: &'static str, language: Option<Arc<str>>) -> TagId {
        let attributes = if role == "L" { Attributes::List("None") } else { Attributes::None };
        self.structure.push(StructureNode { language, attributes, ..StructureNode::new(parent, role) });
        (self.structure.len() - 1) as TagId
    }

    /// The type of a node.
    pub(super) fn role(&self, tag: TagId) -> &'static str {
        self.structure.get(tag as usize).map_or("", |node| node.role)
    }

    /// Leaves languages only where they are known and differ from the parent's.
    pub(super) fn settle_languages(&mut self, unknown: Option<&Arc<str>>) {
        let mut known: Vec<Option<Arc<str>>> = Vec::with_capacity(self.structure.len());
        for node in &mut self.structure {
            let above = node.parent.and_then(|parent| known.get(parent as usize).cloned()).flatten();
            let is_known = |own: &Arc<str>| !unknown.is_some_and(|unknown| Arc::ptr_eq(own, unknown));
            let own = node.language.take().filter(is_known).or_else(|| above.clone());
            if own != above {
                node.language.clone_from(&own);
            }
            known.push(own);
        }
    }
}

fn is_heading(role: &str) -> bool {
    matches!(role, "H1" | "H2" | "H3" | "H4" | "H5" | "H6")
}

/// Grouping and block-level types (ISO 32000-1, 14.8.4.2 and 14.8.4.3).
fn is_block(role: &str) -> bool {
    is_heading(role)
        || matches!(
            role,
            "Part"
                | "Art"
                | "Sect"
                | "Div"
                | "BlockQuote"
                | "Caption"
                | "TOC"
                | "TOCI"
                | "P"
                | "L"
                | "LI"
                | "Table"
                | "Note"
        )
}

/// Types whose own text needs no paragraph, and that hold none.
pub(super) fn is_text(role: &str) -> bool {
    matches!(role, "P" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "Lbl" | "Span" | "Link" | "Code" | "Quote")
}

impl Builder<'_> {
    /// Makes the structure node of a block-level element; list items get their marker on the way. Gives the node that
    /// text belongs to, or the one that the paragraphs hang under which text needs.
    pub(super) fn structure(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        id: BoxId,
        parent: Option<TagId>,
        in_contents: bool,
    ) -> Result<TagId, Option<TagId>> {
        let language = Some(Arc::clone(self.dom.language(node)));
        let role = match role(element, in_contents) {
            Role::Group("Table") if !self.is_data_table(node) => Role::Group("Div"),
            role => role,
        };
        let in_text = parent.is_some_and(|parent| is_text(self.tree.role(parent)));
        match role {
            Role::None => {
                if style.display == Display::ListItem {
                    self.marker(node, style, id, None, parent);
                }
                match parent {
                    Some(parent) if in_text => Ok(parent),
                    parent => Err(parent),
                }
            }
            Role::Group(name) => {
                let tag = self.tree.tag(parent, name, language);
                if name == "L" {
                    self.tree.structure[tag as usize].attributes = Attributes::List(self.numbering(node, element));
                }
                Err(Some(tag))
            }
            Role::Text("P") if in_text => parent.ok_or(None),
            Role::Text("Caption") if parent.is_some_and(|parent| self.tree.role(parent) == "Table") => {
                // Asked just above.
                Ok(self.table_caption(parent.unwrap_or_default(), language))
            }
            Role::Text(name) => Ok(self.tree.tag(parent, name, language)),
            Role::Code => {
                let paragraph = self.tree.tag(parent, "P", language);
                Ok(self.tree.tag(Some(paragraph), "Code", None))
            }
            Role::Item { item, body } => {
                let item = self.tree.tag(parent, item, language);
                if style.display == Display::ListItem {
                    self.marker(node, style, id, Some(item), Some(item));
                }
                match body {
                    Some("Note") => {
                        let body = self.tree.tag(Some(item), "LBody", None);
                        Err(Some(self.tree.tag(Some(body), "Note", None)))
                    }
                    Some(body) => Ok(self.tree.tag(Some(item), body, None)),
                    None => Err(Some(item)),
                }
            }
            Role::Term => Ok(self.term(parent, language)),
            Role::Description => Ok(self.description(parent, language)),
        }
    }

    /// A term: with the terms just before it, it heads an item of its list.
    fn term(&mut self, parent: Option<TagId>, language: Option<Arc<str>>) -> TagId {
        let Some(place) = self.term_list(parent) else { return self.tree.tag(parent, "P", language) };
        let list = self.terms[place].list;
        let item = match self.terms[place].item {
            Some((item, false)) => item,
            _ => self.tree.tag(Some(list), "LI", None),
        };
        self.terms[place].item = Some((item, false));
        self.tree.tag(Some(item), "Lbl", language)
    }

    fn description(&mut self, parent: Option<TagId>, language: Option<Arc<str>>) -> TagId {
        let Some(place) = self.term_list(parent) else { return self.tree.tag(parent, "P", language) };
        let list = self.terms[place].list;
        let item = match self.terms[place].item {
            Some((item, _)) => item,
            None => self.tree.tag(Some(list), "LI", None),
        };
        self.terms[place].item = Some((item, true));
        self.tree.tag(Some(item), "LBody", language)
    }

    /// The list of terms that hangs together with this node; lists that were left are forgotten.
    fn term_list(&mut self, parent: Option<TagId>) -> Option<usize> {
        let list = parent.filter(|parent| self.tree.role(*parent) == "L")?;
        if let Some(place) = self.terms.iter().rposition(|terms| terms.list == list) {
            self.terms.truncate(place + 1);
            return Some(place);
        }
        self.terms.push(TermList { list, item: None });
        Some(self.terms.len() - 1)
    }

    /// How the items of a list are numbered (ISO 32000-1, table 347).
    fn numbering(&self, node: NodeId, element: &Element) -> &'static str {
        if &*element.name == "dl" {
            return "None";
        }
        let item = self.dom.children(node).find(|child| self.is_item(*child)).unwrap_or(node);
        let style = self.styles.get(self.styles.of(item).own);
        if style.display != Display::ListItem && item != node {
            return "None";
        }
        style.list_marker.list_numbering()
    }
}
