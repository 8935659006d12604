//! From html5ever's tree operations to the arena.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, local_name, ns, parse_document};

use super::{Dom, Element, Node, NodeData, NodeId};
use crate::typeset::inline::Direction;

/// A node while the tree is still being built.
struct Draft {
    data: NodeData,
    name: Option<QualName>,
    parent: Option<usize>,
    children: Vec<usize>,
}

struct Sink {
    nodes: RefCell<Vec<Draft>>,
    line: Cell<usize>,
}

/// Parses and puts the nodes into document order, hoisting what lies deeper than `max_depth`.
pub(super) fn parse(html: &str, max_depth: usize) -> Dom {
    let document = Draft { data: NodeData::Document, name: None, parent: None, children: Vec::new() };
    let sink = Sink { nodes: RefCell::new(vec![document]), line: Cell::new(1) };
    let drafts = parse_document(sink, ParseOpts::default()).one(html);
    in_document_order(drafts, max_depth)
}

fn in_document_order(mut drafts: Vec<Draft>, max_depth: usize) -> Dom {
    let mut dom = Dom { nodes: Vec::with_capacity(drafts.len()), languages: Vec::new(), hoisted_line: None };
    let mut last_element: Vec<Option<NodeId>> = Vec::with_capacity(drafts.len());
    // (draft, parent in the arena, depth); the parent of the document is itself.
    let mut stack = vec![(0usize, 0 as NodeId, 0usize)];
    while let Some((draft, parent, depth)) = stack.pop() {
        let children = std::mem::take(&mut drafts[draft].children);
        let data = std::mem::replace(&mut drafts[draft].data, NodeData::Document);
        let hoist = depth > max_depth && matches!(data, NodeData::Element(_)) && !children.is_empty();
        let id = if hoist {
            if let (None, NodeData::Element(element)) = (dom.hoisted_line, &data) {
                dom.hoisted_line = Some(element.line);
            }
            parent
        } else {
            let id = dom.nodes.len() as NodeId;
            let previous_element = last_element.get(parent as usize).copied().flatten();
            if matches!(data, NodeData::Element(_)) && id > 0 {
                last_element[parent as usize] = Some(id);
            }
            let end = id + 1;
            dom.nodes.push(Node { data, parent, end, previous_element, language: 0, direction: Direction::Ltr });
            last_element.push(None);
            id
        };
        let depth = if hoist { depth } else { depth + 1 };
        stack.extend(children.into_iter().rev().map(|child| (child, id, depth)));
    }
    for id in (1..dom.nodes.len()).rev() {
        let end = dom.nodes[id].end;
        let parent = dom.nodes[id].parent as usize;
        dom.nodes[parent].end = dom.nodes[parent].end.max(end);
    }
    dom
}

impl Sink {
    fn push(&self, data: NodeData, name: Option<QualName>) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Draft { data, name, parent: None, children: Vec::new() });
        nodes.len() - 1
    }

    fn detach(&self, child: usize) -> Option<()> {
        let mut nodes = self.nodes.borrow_mut();
        let parent = nodes[child].parent.take()?;
        // Nodes are detached soon after they were appended: look from the end.
        let at = nodes[parent].children.iter().rposition(|node| *node == child)?;
        nodes[parent].children.remove(at);
        Some(())
    }

    /// Puts a node, or text merged with a text neighbour, at `at` among the children of `parent`.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|i| self.nodes.borrow()[parent].children.get(i).copied());
                let mut nodes = self.nodes.borrow_mut();
                if let Some(NodeData::Text(existing)) = before.map(|node| &mut nodes[node].data) {
                    existing.push_str(&text);
                    return;
                }
                drop(nodes);
                self.push(NodeData::Text(text.to_string()), None)
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(at, child);
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Vec<Draft>;
    type ElemName<'a> = OwnedName;

    fn finish(self) -> Vec<Draft> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> OwnedName {
        // The tree builder asks this of elements only; a nameless node answers as an empty name.
        let empty = || QualName::new(None, ns!(), local_name!(""));
        OwnedName(self.nodes.borrow()[*target].name.clone().unwrap_or_else(empty))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _flags: ElementFlags) -> usize {
        let attributes = attrs.into_iter().map(|a| (a.name.local, a.value.to_string())).collect();
        let is_html = name.ns == ns!(html);
        let element = Element { name: name.local.clone(), attributes, line: self.line.get(), is_html };
        self.push(NodeData::Element(element), Some(name))
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.push(NodeData::Document, None)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.push(NodeData::Document, None)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(node) = child {
            // Comments and processing instructions stay outside of the tree.
            let nodes = self.nodes.borrow();
            if nodes[node].name.is_none() {
                return;
            }
        }
        let at = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, new_node: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(node) = new_node {
            self.detach(node);
        }
        let Some(parent) = self.nodes.borrow()[*sibling].parent else { return };
        let at = self.nodes.borrow()[parent].children.iter().rposition(|node| node == sibling);
        self.insert(parent, at.unwrap_or(0), new_node);
    }

    fn add_attrs_if_missing(&self, target: &usize, attrs: Vec<Attribute>) {
        if let NodeData::Element(element) = &mut self.nodes.borrow_mut()[*target].data {
            for attr in attrs {
                if element.attribute(&attr.name.local).is_none() {
                    element.attributes.push((attr.name.local, attr.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line as usize);
    }
}

/// A name by value: the arena is behind a `RefCell`, so none can be lent.
#[derive(Debug)]
pub(super) struct OwnedName(QualName);

impl html5ever::tree_builder::ElemName for OwnedName {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &html5ever::LocalName {
        &self.0.local
    }
}
