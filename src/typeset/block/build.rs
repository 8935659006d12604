//! From elements to boxes: anonymous paragraphs, generated content, counters, structure.
//!
//! Recursion here and in the flow goes as deep as elements nest, which the parser caps.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::boxes::{Atom, BoxId, BoxKind, BoxTree, Inlines, Mark};
use super::build_inline::bidi_codes;
use super::build_link::Anchors;
use super::build_note::Notes;
use super::build_table::Within;
use super::counters::{Counters, Maker};
use super::structure::TermList;
use super::table_structure::TableTags;
use super::text_style::TextStyles;
use crate::error::{Place, Warning};
use crate::typeset::display::TagId;
use crate::typeset::dom::{Dom, Element, NodeData, NodeId};
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::{AtomAlign, Direction, Inline, WhiteSpace};
use crate::typeset::picture::Pictures;
use crate::typeset::style::Style;
use crate::typeset::style::cascade::{StyleId, Styles};
use crate::typeset::style::computed::{Clear, Display, Float, UnicodeBidi};
use crate::typeset::style::values::LengthPercentage;

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
    pub(super) in_contents: bool,
    /// The link that the block stands in.
    pub(super) link: Option<u32>,
    /// What stands for that link in the paragraph that is being collected: its text is a link there, not outside.
    linked: Option<u32>,
}

/// Builds the box tree.
pub(crate) struct Builder<'a> {
    pub(super) dom: &'a Dom,
    pub(super) styles: &'a Styles,
    pub(super) pictures: &'a Pictures,
    pub(super) fonts: &'a Fonts,
    pub(super) html_name: &'a str,
    pub(super) tree: BoxTree,
    pub(super) text_styles: TextStyles,
    pub(super) counters: Counters,
    /// Counter values at each id, for `target-counter()`.
    pub(super) targets: BTreeMap<String, BTreeMap<String, i32>>,
    pub(super) forward: Vec<super::generated::Forward>,
    pub(super) ids: HashMap<&'a str, NodeId>,
    pub(super) anchors: Anchors<'a>,
    pub(super) quote_depth: usize,
    /// How many of the boxes around are set as a whole or in columns, so that no columns can be made in them.
    pub(super) enclosed: usize,
    pub(super) refused_columns: bool,
    pub(super) refused_page: bool,
    /// The element whose background is that of the document.
    pub(super) canvas: Option<NodeId>,
    pub(super) warnings: Vec<Warning>,
    /// The lists of terms around.
    pub(super) terms: Vec<TermList>,
    /// The tables around, inner ones last.
    pub(super) tables: Vec<TableTags>,
    /// Pictures without a description: where the first stands, and how many there are.
    pub(super) undescribed: Option<((usize, usize), usize)>,
    /// Marks met before the box they belong to.
    pub(super) pending_marks: Vec<Mark>,
    pub(super) notes: Notes,
    /// The last lines of each node of the structure that has text of its own.
    pub(super) last_lines: HashMap<TagId, BoxId>,
}

/// A built tree, its root box, and what there was to say.
pub(crate) struct Built {
    pub(crate) tree: BoxTree,
    pub(crate) root: BoxId,
    pub(crate) warnings: Vec<Warning>,
}

/// Builds the boxes of a document.
pub(crate) fn build(dom: &Dom, styles: &Styles, pictures: &Pictures, fonts: &Fonts, html_name: &str) -> Built {
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
        fonts,
        html_name,
        tree: BoxTree::default(),
        text_styles: TextStyles::default(),
        counters: Counters::default(),
        targets: BTreeMap::new(),
        forward: Vec::new(),
        ids,
        anchors: Anchors::of(dom, styles),
        quote_depth: 0,
        enclosed: 0,
        refused_columns: false,
        refused_page: false,
        canvas: None,
        warnings: Vec::new(),
        terms: Vec::new(),
        tables: Vec::new(),
        undescribed: None,
        pending_marks: Vec::new(),
        notes: Notes::default(),
        last_lines: HashMap::new(),
    };
    builder.find_notes();
    builder.find_canvas();
    let language = Arc::clone(dom.language(dom.first("html").unwrap_or(0)));
    let document = builder.tree.tag(None, "Document", Some(Arc::clone(&language)));
    let style = Style { display: Display::Block, ..Style::default() };
    let root = builder.tree.push(BoxKind::Block, Arc::new(style), language);
    let mut flow = Flow::new(root, Err(Some(document)), false);
    let context = builder.context_of(0, None, None);
    for child in dom.children(0) {
        builder.node(child, &mut flow, &context);
    }
    builder.set_lost_notes(&mut flow, &context);
    builder.flush(&mut flow);
    builder.resolve_forward();
    builder.tell_undescribed();
    builder.tell_lost_links();
    builder.tree.settle_languages(dom.unknown_language());
    Built { tree: builder.tree, root, warnings: builder.warnings }
}

impl Flow {
    pub(super) fn new(block: BoxId, text_tag: Result<TagId, Option<TagId>>, in_contents: bool) -> Self {
        Self {
            block,
            inlines: Inlines::default(),
            text_tag,
            paragraph_tag: None,
            in_contents,
            link: None,
            linked: None,
        }
    }

    /// What follows on the same lines is another paragraph of the structure.
    pub(super) fn end_paragraph(&mut self) {
        (self.paragraph_tag, self.linked) = (None, None);
    }

    /// The link that content belongs to which is met in `link`.
    pub(super) fn link_of(&self, link: Option<u32>) -> Option<u32> {
        if link == self.link { self.linked.or(link) } else { link }
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
        let (line, column) = element.at;
        self.warnings.push(Warning::new(message).at(Place::at(self.html_name, line, column)));
    }

    /// Warns of something that many elements may have.
    pub(super) fn warn_once(&mut self, element: &Element, message: String) {
        if !self.warnings.iter().any(|warning| warning.message == message) {
            self.warn(element, message);
        }
    }

    pub(super) fn context_of(&self, node: NodeId, tag: Option<TagId>, link: Option<u32>) -> InlineContext {
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        InlineContext { style, language: Arc::clone(self.dom.language(node)), tag, link }
    }

    /// The structure node of text in this paragraph, made when the first text asks for it.
    pub(super) fn paragraph_tag(&mut self, flow: &mut Flow) -> Option<TagId> {
        if let (Ok(tag), None) = (flow.text_tag, flow.link) {
            return Some(tag);
        }
        if flow.paragraph_tag.is_none() {
            let tag = flow.text_tag.unwrap_or_else(|parent| {
                let language = Arc::clone(&self.tree.get(flow.block).language);
                self.tree.tag(parent, "P", Some(language))
            });
            flow.linked = flow.link.and_then(|link| self.linked_again(link, tag));
            let linked = flow.linked.and_then(|link| self.tree.links.get(link as usize)).map(|link| link.tag);
            flow.paragraph_tag = Some(linked.unwrap_or(tag));
        }
        flow.paragraph_tag
    }

    /// Ends the paragraph that is being collected.
    pub(super) fn flush(&mut self, flow: &mut Flow) {
        let inlines = std::mem::take(&mut flow.inlines);
        flow.end_paragraph();
        if inlines.content.is_empty() {
            return;
        }
        if !is_seen(&inlines.content) {
            let anchors = inlines.content.into_iter().filter_map(|item| match item {
                Inline::Anchor(name) => Some(Mark::Anchor(name)),
                _ => None,
            });
            self.pending_marks.extend(anchors);
            return;
        }
        let block = self.tree.get(flow.block);
        let (mut style, language) = (Arc::clone(&block.style), Arc::clone(&block.language));
        // Only the first line of an element is indented (CSS Text 3, 8.1).
        let goes_on = block.children.iter().any(|child| self.tree.get(*child).style.float == Float::None);
        if goes_on && style.indent != LengthPercentage::default() {
            style = Arc::new(Style { indent: LengthPercentage::default(), ..Style::clone(&style) });
        }
        let paragraph = self.tree.push(BoxKind::Paragraph(Box::new(inlines)), style, language);
        self.attach(flow.block, paragraph);
        if let Ok(tag) = flow.text_tag {
            self.part_from_last_lines(tag, paragraph);
        }
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
        let dom = self.dom;
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        if style.display == Display::None || self.notes.stands_elsewhere(node) {
            return;
        }
        if self.enclosed > 0 || style.float != Float::None || style.display.is_inline() {
            self.refuse_page_of(node, element, &style);
        }
        self.counters.enter(node);
        self.counters.apply(&style, Maker::element(dom, node));
        if let Some(name) = &style.running {
            return self.running(node, element, &style, name);
        }
        if style.float == Float::Footnote && self.footnote(node, element, &style, flow, context) {
            return;
        }
        match &*element.name {
            "br" if style.clear != Clear::None => return self.clearing_break(node, &style, flow),
            "br" => {
                let id = element.attribute("id").map(Arc::from);
                flow.inlines.content.extend(id.map(Inline::Anchor));
                return flow.inlines.content.push(Inline::Break);
            }
            "wbr" => return self.push_text("\u{200b}", flow, context),
            _ if self.embedded(node, element, &style, flow, context) => return,
            _ => {}
        }
        match style.display {
            Display::None => {}
            Display::Inline | Display::Contents => self.inline_element(node, element, &style, flow, context),
            Display::InlineBlock | Display::InlineTable => self.inline_block(node, element, &style, flow, context),
            _ if stands_in_line(flow, &style) => {
                let id = self.block_box(node, element, flow.parent_tag(), flow.in_contents, context.link);
                self.attach_float(flow, id);
            }
            _ => {
                self.flush(flow);
                self.block(node, element, flow, context);
            }
        }
    }

    /// A line break after which text goes on below floats.
    fn clearing_break(&mut self, node: NodeId, style: &Style, flow: &mut Flow) {
        self.flush(flow);
        let style = Arc::new(Style { display: Display::Block, ..style.clone() });
        let id = self.tree.push(BoxKind::Block, style, Arc::clone(self.dom.language(node)));
        self.attach(flow.block, id);
    }

    /// A float that is met within a line is set when the line is known (CSS 2.2, 9.5).
    pub(super) fn attach_float(&mut self, flow: &mut Flow, id: BoxId) {
        let marks = std::mem::take(&mut self.pending_marks);
        self.tree.get_mut(id).marks.splice(0..0, marks);
        flow.inlines.content.push(Inline::Float(id));
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
        let (id, style) = self.bare_box(node, element);
        let is_table = matches!(self.tree.get(id).kind, BoxKind::Table);
        self.list_counters(node, element);
        let own_marks = self.marks(node, element, &style);
        let before = std::mem::take(&mut self.pending_marks);
        self.tree.get_mut(id).marks.extend(before.into_iter().chain(own_marks));
        let in_contents = in_contents || &*element.name == "nav";
        let encloses = is_table || style.float.is_side() || style.columns.is_set();
        self.enclosed += usize::from(encloses);
        let lines_around = self.leave_lines(&style);
        let link = self.link_of_box(node, element, parent, in_contents).or(link);
        let text_tag = self.structure(node, element, &style, id, parent, in_contents);
        let tag = text_tag.map_or_else(|parent| parent, Some);
        // A table that is another kind of box has an anonymous one inside, which is the table of the structure.
        let opens_table = is_table || &*element.name == "table";
        if opens_table {
            self.open_table(tag);
        }
        if is_table {
            self.table_children(node, id, Within { tag, link });
        } else {
            let mut flow = Flow { link, ..Flow::new(id, text_tag, in_contents) };
            let context = self.context_of(node, None, link);
            if style.list_inside {
                self.marker_inside(&mut flow, &context);
            }
            // A block stands apart from others anyway; what is left is that its letters may all run one way.
            let overrides = matches!(style.unicode_bidi, UnicodeBidi::Override | UnicodeBidi::IsolateOverride);
            let rtl = style.direction == Direction::Rtl;
            let codes = bidi_codes(UnicodeBidi::Override, rtl).filter(|_| overrides).unwrap_or_default();
            self.push_text(codes.0, &mut flow, &context);
            self.children(node, &mut flow, &context);
            self.push_text(codes.1, &mut flow, &context);
            self.flush(&mut flow);
            self.first_parts(node, id);
        }
        if opens_table {
            self.close_table();
        }
        self.enclosed -= usize::from(encloses);
        self.go_on_after(lines_around);
        id
    }

    /// The generated and the real content of an element.
    pub(super) fn children(&mut self, node: NodeId, flow: &mut Flow, context: &InlineContext) {
        let styles = self.styles.of(node);
        if let Some(before) = styles.before {
            self.pseudo(node, before, flow, context);
        }
        let dom = self.dom;
        self.nodes(dom.children(node), flow, context);
        if let Some(after) = styles.after {
            self.counters.enter(node);
            self.pseudo(node, after, flow, context);
        }
    }

    /// The language of an element, where it is not its parent's.
    pub(super) fn own_language(&self, node: NodeId) -> Option<Arc<str>> {
        let own = self.dom.known_language(node);
        own.filter(|own| self.dom.known_language(self.dom.node(node).parent) != Some(own)).cloned()
    }

    /// The style with this id.
    pub(super) fn style(&self, id: StyleId) -> Arc<Style> {
        Arc::clone(self.styles.get(id))
    }
}

/// Whether anything of inline content is seen.
fn is_seen(content: &[Inline]) -> bool {
    content.iter().any(|item| match item {
        Inline::Text { text, style, .. } => {
            let collapses = matches!(style.white_space, WhiteSpace::Normal | WhiteSpace::Nowrap | WhiteSpace::PreLine);
            !collapses || !text.bytes().all(|byte| byte.is_ascii_whitespace()) || text.is_empty()
        }
        Inline::Anchor(_) | Inline::Open { .. } | Inline::Close => false,
        _ => true,
    })
}

/// Whether a box floats from within a line. One that comes first stands above the lines.
pub(super) fn stands_in_line(flow: &Flow, style: &Style) -> bool {
    style.float.is_side() && is_seen(&flow.inlines.content)
}

pub(super) fn push_atom(flow: &mut Flow, atom: Atom) {
    flow.inlines.atoms.push(atom);
    // The sizes are filled in by the flow, which knows the room.
    flow.inlines.content.push(Inline::Atom {
        width: 0.0,
        ascent: 0.0,
        descent: 0.0,
        align: AtomAlign::Baseline,
        id: (flow.inlines.atoms.len() - 1) as u32,
    });
}
