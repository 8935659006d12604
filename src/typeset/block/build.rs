//! From elements to boxes: anonymous paragraphs, generated content, counters, structure.
//!
//! Recursion here and in the flow goes as deep as elements nest, which the parser caps.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::boxes::{Atom, BoxId, BoxKind, BoxTree, Inlines, LinkInfo, Mark};
use super::counters::Counters;
use super::generated::anchor_name;
use super::roles::{Role, role};
use super::text_style::TextStyles;
use crate::error::{Place, Warning};
use crate::typeset::display::{LinkTarget, TagId};
use crate::typeset::dom::{Dom, Element, NodeData, NodeId};
use crate::typeset::inline::{Direction, Inline, WhiteSpace};
use crate::typeset::picture::Pictures;
use crate::typeset::style::Style;
use crate::typeset::style::cascade::{StyleId, Styles};
use crate::typeset::style::computed::Display;

/// What an element hands down to its inline content.
#[derive(Clone)]
pub(super) struct InlineContext {
    pub(super) style: Arc<Style>,
    pub(super) language: Arc<str>,
    /// The structure node text belongs to; none where the paragraph's own is meant.
    pub(super) tag: Option<TagId>,
    pub(super) link: Option<u32>,
}

/// The paragraph that is being collected for a block.
pub(super) struct Flow {
    pub(super) block: BoxId,
    pub(super) inlines: Inlines,
    /// The structure node the block's text belongs to, or the parent of the paragraphs it needs.
    text_tag: Result<TagId, Option<TagId>>,
    paragraph_tag: Option<TagId>,
    in_contents: bool,
}

/// Builds the box tree.
pub(crate) struct Builder<'a> {
    pub(super) dom: &'a Dom,
    pub(super) styles: &'a Styles,
    pub(super) pictures: &'a Pictures,
    pub(super) html_name: &'a str,
    pub(super) tree: BoxTree,
    pub(super) text_styles: TextStyles,
    pub(super) counters: Counters,
    /// Counter values at each id, for `target-counter()`.
    pub(super) targets: BTreeMap<String, BTreeMap<String, i32>>,
    pub(super) forward: Vec<super::generated::Forward>,
    pub(super) ids: HashMap<&'a str, NodeId>,
    pub(super) quote_depth: usize,
    pub(super) warnings: Vec<Warning>,
    /// Marks met before the box they belong to.
    pub(super) pending_marks: Vec<Mark>,
}

/// A built tree, its root box, and what there was to say.
pub(crate) struct Built {
    pub(crate) tree: BoxTree,
    pub(crate) root: BoxId,
    pub(crate) warnings: Vec<Warning>,
}

/// Builds the boxes of a document.
pub(crate) fn build(dom: &Dom, styles: &Styles, pictures: &Pictures, html_name: &str) -> Built {
    let mut ids = HashMap::new();
    for (id, element) in dom.elements() {
        if let Some(name) = element.attribute("id") {
            ids.entry(name).or_insert(id);
        }
    }
    let mut builder = Builder {
        dom,
        styles,
        pictures,
        html_name,
        tree: BoxTree::default(),
        text_styles: TextStyles::default(),
        counters: Counters::default(),
        targets: BTreeMap::new(),
        forward: Vec::new(),
        ids,
        quote_depth: 0,
        warnings: Vec::new(),
        pending_marks: Vec::new(),
    };
    let language = Arc::clone(dom.language(0));
    let document = builder.tree.tag(None, "Document", Some(Arc::clone(&language)));
    let style = Style { display: Display::Block, ..Style::default() };
    let root = builder.tree.push(BoxKind::Block, Arc::new(style), language);
    let mut flow = Flow::new(root, Err(Some(document)), false);
    let context = builder.context_of(0, None, None);
    for child in dom.children(0) {
        builder.node(child, &mut flow, &context);
    }
    builder.flush(&mut flow);
    builder.resolve_forward();
    Built { tree: builder.tree, root, warnings: builder.warnings }
}

impl Flow {
    pub(super) fn new(block: BoxId, text_tag: Result<TagId, Option<TagId>>, in_contents: bool) -> Self {
        Self { block, inlines: Inlines::default(), text_tag, paragraph_tag: None, in_contents }
    }

    /// The structure node that boxes inside of this block hang under.
    pub(super) fn parent_tag(&self) -> Option<TagId> {
        match self.text_tag {
            Ok(tag) => Some(tag),
            Err(parent) => parent,
        }
    }
}

impl Builder<'_> {
    pub(super) fn warn(&mut self, element: &Element, message: String) {
        let mut place = Place::file(self.html_name);
        place.line = Some(element.line);
        self.warnings.push(Warning::new(message).at(place));
    }

    fn context_of(&self, node: NodeId, tag: Option<TagId>, link: Option<u32>) -> InlineContext {
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        InlineContext { style, language: Arc::clone(self.dom.language(node)), tag, link }
    }

    pub(super) fn scope_end(&self, node: NodeId) -> NodeId {
        self.dom.node(self.dom.node(node).parent).end
    }

    /// The structure node of text in this paragraph, made when the first text asks for it.
    pub(super) fn paragraph_tag(&mut self, flow: &mut Flow) -> Option<TagId> {
        match flow.text_tag {
            Ok(tag) => Some(tag),
            Err(parent) => {
                if flow.paragraph_tag.is_none() {
                    flow.paragraph_tag = Some(self.tree.tag(parent, "P", None));
                }
                flow.paragraph_tag
            }
        }
    }

    /// Ends the paragraph that is being collected.
    pub(super) fn flush(&mut self, flow: &mut Flow) {
        let inlines = std::mem::take(&mut flow.inlines);
        flow.paragraph_tag = None;
        if inlines.content.is_empty() {
            return;
        }
        let visible = inlines.content.iter().any(|item| match item {
            Inline::Text { text, style, .. } => {
                let collapses =
                    matches!(style.white_space, WhiteSpace::Normal | WhiteSpace::Nowrap | WhiteSpace::PreLine);
                !collapses || !text.bytes().all(|byte| byte.is_ascii_whitespace()) || text.is_empty()
            }
            Inline::Anchor(_) => false,
            _ => true,
        });
        if !visible {
            let anchors = inlines.content.into_iter().filter_map(|item| match item {
                Inline::Anchor(name) => Some(Mark::Anchor(name)),
                _ => None,
            });
            self.pending_marks.extend(anchors);
            return;
        }
        let block = self.tree.get(flow.block);
        let (style, language) = (Arc::clone(&block.style), Arc::clone(&block.language));
        let paragraph = self.tree.push(BoxKind::Paragraph(Box::new(inlines)), style, language);
        self.attach(flow.block, paragraph);
    }

    pub(super) fn attach(&mut self, parent: BoxId, child: BoxId) {
        let marks = std::mem::take(&mut self.pending_marks);
        let own = &mut self.tree.get_mut(child).marks;
        own.splice(0..0, marks);
        self.tree.get_mut(parent).children.push(child);
    }

    pub(super) fn node(&mut self, node: NodeId, flow: &mut Flow, context: &InlineContext) {
        let dom = self.dom;
        match &dom.node(node).data {
            NodeData::Text(text) => self.text(text, flow, context),
            NodeData::Element(element) => self.element(node, element, flow, context),
            NodeData::Document => {}
        }
    }

    fn element(&mut self, node: NodeId, element: &Element, flow: &mut Flow, context: &InlineContext) {
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        if style.display == Display::None {
            return;
        }
        self.counters.enter(node);
        self.counters.apply(&style, self.scope_end(node));
        match &*element.name {
            "br" => return flow.inlines.content.push(Inline::Break),
            "wbr" => return self.push_text("\u{200b}", flow, context),
            "img" => return self.picture(node, element, &style, flow, context),
            "svg" | "video" | "iframe" | "object" | "embed" | "audio" => {
                return self.replaced(node, element, &style, flow, context);
            }
            _ => {}
        }
        match style.display {
            Display::None => {}
            Display::Inline | Display::Contents => self.inline_element(node, element, &style, flow, context),
            Display::InlineBlock => self.inline_block(node, element, &style, flow, context),
            _ => {
                self.flush(flow);
                self.block(node, element, flow, context);
            }
        }
    }

    /// A block-level element becomes a child of the flow's block.
    fn block(&mut self, node: NodeId, element: &Element, flow: &mut Flow, context: &InlineContext) {
        let id = self.block_box(node, element, flow.parent_tag(), flow.in_contents, context.link);
        self.attach(flow.block, id);
    }

    /// Makes the box of a block-level element, with its content.
    pub(super) fn block_box(
        &mut self,
        node: NodeId,
        element: &Element,
        parent: Option<TagId>,
        in_contents: bool,
        link: Option<u32>,
    ) -> BoxId {
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        let language = Arc::clone(self.dom.language(node));
        let kind = match style.display {
            Display::Table => BoxKind::Table,
            Display::TableCaption => BoxKind::Caption,
            _ => BoxKind::Block,
        };
        let is_table = matches!(kind, BoxKind::Table);
        let id = self.tree.push(kind, Arc::clone(&style), language);
        let own_marks = self.marks(node, element, &style);
        let before = std::mem::take(&mut self.pending_marks);
        self.tree.get_mut(id).marks.extend(before.into_iter().chain(own_marks));
        let in_contents = in_contents || &*element.name == "nav";
        self.list_counters(node, element);
        let text_tag = self.structure(node, element, &style, id, parent, in_contents);
        if is_table {
            let tag = text_tag.map_or_else(|parent| parent, Some);
            self.table_children(node, id, tag);
        } else {
            let mut flow = Flow::new(id, text_tag, in_contents);
            let context = self.context_of(node, None, link);
            self.children(node, &mut flow, &context);
            self.flush(&mut flow);
        }
        id
    }

    /// The generated and the real content of an element.
    pub(super) fn children(&mut self, node: NodeId, flow: &mut Flow, context: &InlineContext) {
        let styles = self.styles.of(node);
        if let Some(before) = styles.before {
            self.pseudo(node, before, flow, context);
        }
        for child in self.dom.children(node) {
            self.node(child, flow, context);
        }
        if let Some(after) = styles.after {
            self.pseudo(node, after, flow, context);
        }
    }

    /// Makes the structure node of a block-level element; list items get their marker on the way.
    fn structure(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        id: BoxId,
        parent: Option<TagId>,
        in_contents: bool,
    ) -> Result<TagId, Option<TagId>> {
        let language = self.own_language(node);
        match role(&element.name, in_contents) {
            Role::None => {
                if style.display == Display::ListItem {
                    self.marker(node, style, id, None, parent);
                }
                Err(parent)
            }
            Role::Group(name) => Err(Some(self.tree.tag(parent, name, language))),
            Role::Text(name) => Ok(self.tree.tag(parent, name, language)),
            Role::Item { item, body } => {
                let item = self.tree.tag(parent, item, language);
                if style.display == Display::ListItem {
                    self.marker(node, style, id, Some(item), Some(item));
                }
                match body {
                    Some(body) => Ok(self.tree.tag(Some(item), body, None)),
                    None => Err(Some(item)),
                }
            }
        }
    }

    /// The language of an element, where it is not its parent's.
    pub(super) fn own_language(&self, node: NodeId) -> Option<Arc<str>> {
        let own = self.dom.language(node);
        (self.dom.language(self.dom.node(node).parent) != own).then(|| Arc::clone(own))
    }

    fn inline_element(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        for mark in self.marks(node, element, style) {
            match mark {
                Mark::Anchor(name) => flow.inlines.content.push(Inline::Anchor(name)),
                other => self.pending_marks.push(other),
            }
        }
        let mut inner = InlineContext {
            style: Arc::clone(style),
            language: Arc::clone(self.dom.language(node)),
            ..context.clone()
        };
        if &*element.name == "a" {
            if let Some(name) = element.attribute("name").filter(|name| !name.is_empty()) {
                flow.inlines.content.push(Inline::Anchor(Arc::from(name)));
            }
            self.link(node, element, flow, &mut inner);
        } else if &*element.name == "code" || self.own_language(node).is_some() {
            let parent = context.tag.or_else(|| self.paragraph_tag(flow));
            let role = if &*element.name == "code" { "Code" } else { "Span" };
            inner.tag = Some(self.tree.tag(parent, role, self.own_language(node)));
        }
        let isolate = self.isolate(node, element, style, context);
        if let Some(open) = isolate {
            self.push_text(open, flow, &inner);
        }
        self.children(node, flow, &inner);
        if isolate.is_some() {
            self.push_text("\u{2069}", flow, &inner);
        }
    }

    /// The isolate an element with a direction of its own stands in (UAX 9, 2.4.1).
    fn isolate(&self, node: NodeId, element: &Element, style: &Style, context: &InlineContext) -> Option<&'static str> {
        let asks = element.attribute("dir").is_some() || &*element.name == "bdi";
        let has_text = self.dom.node(node).end > node + 1;
        if !has_text {
            return None;
        }
        if !asks && style.direction == context.style.direction {
            // Program text among right-to-left words keeps its own order, whatever its brackets.
            let is_code = matches!(&*element.name, "code" | "kbd" | "samp" | "tt");
            let turned = is_code && style.direction == Direction::Rtl && self.dom.is_left_to_right(node);
            return turned.then_some("\u{2066}");
        }
        Some(if style.direction == Direction::Rtl { "\u{2067}" } else { "\u{2066}" })
    }

    fn link(&mut self, node: NodeId, element: &Element, flow: &mut Flow, inner: &mut InlineContext) {
        let Some(href) = element.attribute("href").map(str::trim).filter(|href| !href.is_empty()) else { return };
        let target = match href.strip_prefix('#') {
            Some("") => return,
            Some(anchor) => LinkTarget::Anchor(anchor_name(anchor)),
            None => LinkTarget::Uri(href.to_owned()),
        };
        let parent = inner.tag.or_else(|| self.paragraph_tag(flow));
        let tag = self.tree.tag(parent, "Link", self.own_language(node));
        self.tree.links.push(LinkInfo { target, contents: self.dom.collapsed_text(node), tag });
        inner.link = Some((self.tree.links.len() - 1) as u32);
        inner.tag = Some(tag);
    }

    fn inline_block(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        for mark in self.marks(node, element, style) {
            if let Mark::Anchor(name) = mark {
                flow.inlines.content.push(Inline::Anchor(name));
            }
        }
        let parent = context.tag.or_else(|| self.paragraph_tag(flow));
        let language = Arc::clone(self.dom.language(node));
        let id = self.tree.push(BoxKind::Block, Arc::clone(style), language);
        let text_tag = parent.ok_or(None);
        let mut inner_flow = Flow::new(id, text_tag, flow.in_contents);
        let inner = self.context_of(node, context.tag, context.link);
        self.children(node, &mut inner_flow, &inner);
        self.flush(&mut inner_flow);
        push_atom(flow, Atom::Box(id));
    }

    /// The style with this id.
    pub(super) fn style(&self, id: StyleId) -> Arc<Style> {
        Arc::clone(self.styles.get(id))
    }
}

pub(super) fn push_atom(flow: &mut Flow, atom: Atom) {
    flow.inlines.atoms.push(atom);
    // The sizes are filled in by the flow, which knows the room.
    flow.inlines.content.push(Inline::Atom {
        width: 0.0,
        ascent: 0.0,
        descent: 0.0,
        id: (flow.inlines.atoms.len() - 1) as u32,
    });
}
