//! From html5ever's tree operations to the arena.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_document};

use super::{Dom, Element, Node, NodeData, NodeId};
use crate::typeset::inline::Direction;

/// A node while the tree is still being built.
struct Draft {
    data: NodeData,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// A node as the parser holds it; the name stands in the handle, because it is asked for all the time.
#[derive(Clone)]
struct Handle {
    index: usize,
    /// Empty for the document, comments and processing instructions.
    name: Rc<QualName>,
}

struct Sink {
    nodes: RefCell<Vec<Draft>>,
    /// Where the tag begins that is being read.
    at: Rc<Cell<(usize, usize)>>,
    no_name: Rc<QualName>,
    is_quirky: Rc<Cell<bool>>,
}

/// Parses and puts the nodes into document order, hoisting what lies deeper than `max_depth`.
pub(super) fn parse(html: &str, max_depth: usize) -> Dom {
    let document = Draft { data: NodeData::Document, parent: None, children: Vec::new() };
    let no_name = Rc::new(QualName::new(None, ns!(), local_name!("")));
    let at = Rc::new(Cell::new((1, 1)));
    let is_quirky = Rc::new(Cell::new(false));
    let nodes = RefCell::new(vec![document]);
    let sink = Sink { nodes, at: Rc::clone(&at), no_name, is_quirky: Rc::clone(&is_quirky) };
    // Scripts are not run: what `<noscript>` says counts.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let mut parser = parse_document(sink, ParseOpts { tree_builder, ..ParseOpts::default() });
    // The parser tells lines, but no columns; so it is handed one tag after the other, with the text behind it.
    let mut rest = html;
    let mut sheets = BTreeMap::new();
    while !rest.is_empty() {
        let end = rest.bytes().skip(1).position(|byte| byte == b'<').map_or(rest.len(), |at| at + 1);
        let (piece, after) = rest.split_at(end);
        if starts_sheet(piece) {
            sheets.insert(at.get(), moved(at.get(), start_tag(rest)));
        }
        parser.process(StrTendril::from_slice(piece));
        at.set(moved(at.get(), piece));
        rest = after;
    }
    let dom = in_document_order(parser.finish(), max_depth);
    Dom { sheets, is_quirky: is_quirky.get(), ..dom }
}

/// Whether a `<style>` begins here.
fn starts_sheet(piece: &str) -> bool {
    let is_named = piece.get(..6).is_some_and(|tag| tag.eq_ignore_ascii_case("<style"));
    is_named && piece[6..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))
}

/// The start tag at the beginning of a text, as long as such tags get; in quotes it may hold what ends one elsewhere.
fn start_tag(text: &str) -> &str {
    const LONGEST: usize = 512;
    let mut quote = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        match (quote, c) {
            (None, '>') => return &text[..=at],
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    ""
}

/// Line and column after a text that begins at these.
fn moved((line, column): (usize, usize), passed: &str) -> (usize, usize) {
    match passed.rsplit_once('\n') {
        Some((before, last)) => {
            (line + before.bytes().filter(|byte| *byte == b'\n').count() + 1, last.chars().count() + 1)
        }
        None => (line, column + passed.chars().count()),
    }
}

fn in_document_order(mut drafts: Vec<Draft>, max_depth: usize) -> Dom {
    let mut dom = Dom { nodes: Vec::with_capacity(drafts.len()), ..Dom::default() };
    let mut last_element: Vec<Option<NodeId>> = Vec::with_capacity(drafts.len());
    // (draft, parent in the arena, depth); the parent of the document is itself.
    let mut stack = vec![(0usize, 0 as NodeId, 0usize)];
    while let Some((draft, parent, depth)) = stack.pop() {
        let children = std::mem::take(&mut drafts[draft].children);
        let data = std::mem::replace(&mut drafts[draft].data, NodeData::Document);
        let hoist = depth > max_depth && matches!(data, NodeData::Element(_)) && !children.is_empty();
        let id = if hoist {
            if let (None, NodeData::Element(element)) = (dom.hoisted, &data) {
                dom.hoisted = Some(element.at);
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

impl Handle {
    fn is_nameless(&self) -> bool {
        self.name.local == local_name!("")
    }
}

impl Sink {
    fn nameless(&self, index: usize) -> Handle {
        Handle { index, name: Rc::clone(&self.no_name) }
    }

    fn push(&self, data: NodeData) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Draft { data, parent: None, children: Vec::new() });
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
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node.index,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|i| self.nodes.borrow()[parent].children.get(i).copied());
                let mut nodes = self.nodes.borrow_mut();
                if let Some(NodeData::Text(existing)) = before.map(|node| &mut nodes[node].data) {
                    existing.push_str(&text);
                    return;
                }
                drop(nodes);
                self.push(NodeData::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(at, child);
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Vec<Draft>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Vec<Draft> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.nameless(0)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let attributes = attrs.into_iter().map(|a| (a.name.local, a.value.to_string())).collect();
        let is_html = name.ns == ns!(html);
        let element = Element { name: name.local.clone(), attributes, at: self.at.get(), is_html };
        Handle { index: self.push(NodeData::Element(element)), name: Rc::new(name) }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        self.nameless(self.push(NodeData::Document))
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        self.nameless(self.push(NodeData::Document))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        // Comments and processing instructions stay outside of the tree.
        if !matches!(&child, NodeOrText::AppendNode(node) if node.is_nameless()) {
            let at = self.nodes.borrow()[parent.index].children.len();
            self.insert(parent.index, at, child);
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[element.index].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.index == y.index
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.is_quirky.set(mode == QuirksMode::Quirks);
    }

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &new_node {
            if node.is_nameless() {
                return;
            }
            self.detach(node.index);
        }
        let Some(parent) = self.nodes.borrow()[sibling.index].parent else { return };
        let at = self.nodes.borrow()[parent].children.iter().rposition(|node| *node == sibling.index);
        self.insert(parent, at.unwrap_or(0), new_node);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let NodeData::Element(element) = &mut self.nodes.borrow_mut()[target.index].data {
            for attr in attrs {
                if element.attribute(&attr.name.local).is_none() {
                    element.attributes.push((attr.name.local, attr.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.index);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.index].children);
        for child in &children {
            nodes[*child].parent = Some(new_parent.index);
        }
        nodes[new_parent.index].children.extend(children);
    }
}
