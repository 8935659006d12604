//! Footnotes: the call they leave in the text, and a box of their own (CSS GCPM 3, 2).
//!
//! An element with `float: footnote` is its own note. With `content: target-content(attr(href))` it is the call of a
//! note that stands elsewhere, as in lists of notes at the end of a text: that element is set where it is first called,
//! and left out where it stood.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, FootnoteBox, Inlines, LinkInfo, NoteId};
use super::build::{Builder, Flow, InlineContext};
use super::counters::Maker;
use super::unprinted::Unprinted;
use crate::typeset::display::{LinkTarget, TagId};
use crate::typeset::dom::{Element, NodeData, NodeId};
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::cascade::StyleId;
use crate::typeset::style::computed::{Display, Float};
use crate::typeset::style::content::ContentItem;

/// The counter of footnotes.
const COUNTER: &str = "footnote";

/// The footnotes of a document while its boxes are built.
#[derive(Default)]
pub(super) struct Notes {
    /// Elements that are set as notes where they are called, in the order they are met.
    targets: Vec<NodeId>,
    /// Notes and calls that are not printed where they stand, and so are none.
    unprinted: HashSet<NodeId>,
    /// The former, and the lists and sections that are left empty without them.
    moved: HashSet<NodeId>,
    /// The number of each of these that has been called, and its note.
    called: HashMap<NodeId, (i32, NoteId)>,
    /// The note whose content is being built.
    current: Option<NoteId>,
    /// Notes that were called in it.
    waiting: VecDeque<Pending>,
    /// Whether what is being built is repeated on pages, where nothing is called.
    pub(super) is_running: bool,
}

impl Notes {
    /// Whether an element is set as a note, or holds nothing else.
    pub(super) fn stands_elsewhere(&self, node: NodeId) -> bool {
        !self.moved.is_empty() && self.moved.contains(&node)
    }
}

/// A note that has been called, its content not built yet.
struct Pending {
    id: NoteId,
    block: BoxId,
    number: i32,
    node: NodeId,
    source: NoteSource,
    style: Arc<Style>,
    marker: Option<StyleId>,
    tag: Option<TagId>,
}

/// What a note says.
#[derive(Clone)]
enum NoteSource {
    /// The content of its element.
    Own,
    /// That of another one.
    Target(NodeId),
    /// Generated content of the element.
    Generated(Arc<[ContentItem]>, InlineContext),
}

impl Builder<'_> {
    /// Finds the elements that are set as notes elsewhere: those that calls lead to, from the text and from one another.
    pub(super) fn find_notes(&mut self) {
        self.counters.reset(COUNTER, 0, Maker::document(self.dom));
        if !self.styles.has_footnotes() {
            return;
        }
        let mut calls: Vec<(NodeId, NodeId)> =
            self.styles.footnotes().filter_map(|node| Some((node, self.note_target(node)?))).collect();
        let all: HashSet<NodeId> = calls.iter().map(|(_, target)| *target).collect();
        let mut unprinted = Unprinted::default();
        self.notes.unprinted = self.styles.footnotes().filter(|node| unprinted.holds(self, *node, &all)).collect();
        calls.retain(|(call, _)| !self.notes.unprinted.contains(call));
        let holder = |call: NodeId| {
            let mut at = call;
            while at != 0 && !all.contains(&at) {
                at = self.dom.node(at).parent;
            }
            at
        };
        let mut by_holder: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for (call, target) in &calls {
            by_holder.entry(holder(*call)).or_default().push(*target);
        }
        // Notes that only call each other stay where they are.
        let mut found = by_holder.remove(&0).unwrap_or_default();
        let mut next = 0;
        while let Some(target) = found.get(next).copied() {
            next += 1;
            found.extend(by_holder.remove(&target).unwrap_or_default());
        }
        for target in found {
            if self.notes.moved.insert(target) {
                self.notes.targets.push(target);
            }
        }
        self.empty_lists();
    }

    /// Lists and sections that hold nothing but notes go with them.
    fn empty_lists(&mut self) {
        let mut looked_at: HashSet<NodeId> = HashSet::new();
        for target in self.notes.targets.clone() {
            let mut parent = self.dom.node(target).parent;
            while parent != 0 && looked_at.insert(parent) {
                let name = self.dom.element(parent).map_or("", |element| &*element.name);
                // A heading that such a section begins with is its name.
                let mut may_be_named = matches!(name, "section" | "aside");
                let is_vacant = self.dom.children(parent).all(|child| match &self.dom.node(child).data {
                    NodeData::Text(text) => text.trim().is_empty(),
                    NodeData::Element(element) => {
                        let is_name = may_be_named && is_heading(&element.name);
                        may_be_named &= &*element.name == "hr";
                        is_name || &*element.name == "hr" || self.notes.moved.contains(&child)
                    }
                    NodeData::Document => false,
                });
                if !is_vacant || name == "body" {
                    break;
                }
                self.notes.moved.insert(parent);
                parent = self.dom.node(parent).parent;
            }
        }
    }

    /// The element that the note of a call stands in.
    fn note_target(&self, node: NodeId) -> Option<NodeId> {
        let style = self.styles.get(self.styles.of(node).own);
        let Some([ContentItem::TargetContent(target)]) = style.content.as_deref() else { return None };
        let anchor = self.anchor(node, target)?;
        let target = self.ids.get(anchor.as_str()).copied()?;
        // A note cannot hold its own call.
        let holds = (target..self.dom.node(target).end).contains(&node);
        (!holds).then_some(target)
    }

    /// Sets an element as a footnote. `false` where it is none: a call that leads nowhere is set as any link.
    pub(super) fn footnote(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) -> bool {
        if self.dom.node(node).end == node + 1 && style.content.is_none() {
            return false;
        }
        let is_call = matches!(style.content.as_deref(), Some([ContentItem::TargetContent(_)]));
        let target = if is_call { self.note_target(node) } else { None };
        if !is_call && self.is_left_out(node, style) || self.notes.is_running && target.is_some() {
            return true;
        }
        let is_set = |target| self.notes.moved.contains(&target) && !self.notes.unprinted.contains(&node);
        if is_call && !target.is_some_and(is_set) {
            return false;
        }
        if let Some((number, id)) = target.and_then(|target| self.notes.called.get(&target).copied()) {
            // Another call of the same note.
            let now = self.counters.value(COUNTER);
            self.counters.set(COUNTER, number, Maker::document(self.dom));
            self.call(node, id, false, flow, context);
            self.counters.set(COUNTER, now, Maker::document(self.dom));
            return true;
        }
        if !style.counter_increment.iter().any(|(name, _)| name == COUNTER) {
            self.counters.increment(COUNTER, 1, Maker::document(self.dom));
        }
        let marks = self.marks(node, element, style);
        self.pending_marks.extend(marks);
        let source = target.map_or(NoteSource::Own, NoteSource::Target);
        self.add_note(node, source, style, flow, context);
        true
    }

    /// Generated content as a footnote: the address of a link, for instance.
    pub(super) fn generated_note(
        &mut self,
        node: NodeId,
        items: &Arc<[ContentItem]>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        if self.is_left_out(node, &context.style) {
            return;
        }
        if !context.style.counter_increment.iter().any(|(name, _)| name == COUNTER) {
            self.counters.increment(COUNTER, 1, Maker::document(self.dom));
        }
        let inner = InlineContext { tag: None, link: None, ..context.clone() };
        let source = NoteSource::Generated(Arc::clone(items), inner);
        let style = Arc::clone(&context.style);
        self.add_note(node, source, &style, flow, context);
    }

    /// Whether a note is not set. Its number is taken back then, and it is told if it could be missed.
    fn is_left_out(&mut self, node: NodeId, style: &Style) -> bool {
        if !self.notes.is_running && !self.notes.unprinted.contains(&node) {
            return false;
        }
        for (_, by) in style.counter_increment.iter().filter(|(name, _)| name == COUNTER) {
            self.counters.increment(COUNTER, by.saturating_neg(), Maker::document(self.dom));
        }
        if let Some(element) = self.dom.element(node).filter(|_| self.notes.is_running) {
            self.warn_once(element, "footnotes in running elements are left out".to_owned());
        }
        true
    }

    /// Leaves the call in the text, and builds the note, or lets it wait until the one that it is called in is built.
    fn add_note(
        &mut self,
        node: NodeId,
        source: NoteSource,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let note_style = Style {
            display: Display::Block,
            float: Float::None,
            content: None,
            baseline_shift: 0.0,
            ..Style::clone(style)
        };
        let language = Arc::clone(self.dom.language(node));
        let block = self.tree.push(BoxKind::Block, Arc::new(note_style), language);
        let id = self.tree.notes.len() as NoteId;
        self.tree.notes.push(FootnoteBox { block, policy: style.footnote_policy, inner: Vec::new() });
        let number = self.counters.value(COUNTER);
        if let NoteSource::Target(target) = source {
            self.notes.called.insert(target, (number, id));
        }
        self.call(node, id, true, flow, context);
        let tag = context.tag.or_else(|| self.paragraph_tag(flow));
        let marker = self.styles.footnote(node).and_then(|styles| styles.marker);
        let pending = Pending { id, block, number, node, source, style: Arc::clone(style), marker, tag };
        if let Some(current) = self.notes.current {
            if let Some(outer) = self.tree.notes.get_mut(current as usize) {
                outer.inner.push(id);
            }
            self.notes.waiting.push_back(pending);
            return;
        }
        self.notes.current = Some(id);
        self.build_note(pending);
        while let Some(pending) = self.notes.waiting.pop_front() {
            self.build_note(pending);
        }
        self.notes.current = None;
    }

    /// The call of a note in the text: a link to it.
    fn call(&mut self, node: NodeId, id: NoteId, is_first: bool, flow: &mut Flow, context: &InlineContext) {
        if is_first {
            flow.inlines.content.push(Inline::Anchor(Arc::from(call_anchor(id))));
            flow.inlines.content.push(Inline::Note(id));
            flow.inlines.notes.push(id);
        }
        let Some(style) = self.styles.footnote(node).and_then(|styles| styles.call) else { return };
        let style = self.style(style);
        let Some(items) = style.content.clone().filter(|_| style.display != Display::None) else { return };
        let parent = context.tag.or_else(|| self.paragraph_tag(flow));
        let reference = self.tree.tag(parent, "Reference", None);
        let tag = self.tree.tag(Some(reference), "Link", None);
        let contents = self.plain_content(node, &items);
        let target = LinkTarget::Anchor(note_anchor(id));
        let link = Some(self.add_link(LinkInfo { target, contents, tag, is_reference: true }));
        let language = Arc::clone(&context.language);
        self.content(node, &items, flow, &InlineContext { style, language, tag: Some(tag), link });
    }

    /// Builds the content of a note, its marker in front.
    fn build_note(&mut self, pending: Pending) {
        let Pending { id, block, number, node, source, style, marker, tag: parent } = pending;
        let language = Some(Arc::clone(self.dom.language(node)));
        let tag = self.tree.tag(parent, "Note", language);
        let outside = (self.counters.clone(), self.counters.value(COUNTER), self.quote_depth);
        self.counters.set(COUNTER, number, Maker::document(self.dom));
        let marker = marker.and_then(|marker| self.note_marker(node, id, marker, tag));
        self.counters.set(COUNTER, outside.1, Maker::document(self.dom));
        let marks = std::mem::take(&mut self.pending_marks);
        self.enclosed += 1;
        self.fill_note(node, block, &source, &style, tag);
        self.enclosed -= 1;
        let left = std::mem::replace(&mut self.pending_marks, marks);
        self.tree.get_mut(block).marks.extend(left);
        self.tree.get_mut(block).marks.push(super::boxes::Mark::Anchor(Arc::from(note_anchor(id))));
        if let Some(marker) = marker {
            self.put_marker(block, marker);
        }
        // Counters go on where the call stands, but the notes called inside have their numbers.
        let numbered = self.counters.value(COUNTER);
        (self.counters, self.quote_depth) = (outside.0, outside.2);
        self.counters.set(COUNTER, numbered, Maker::document(self.dom));
    }

    fn fill_note(&mut self, node: NodeId, block: BoxId, source: &NoteSource, style: &Arc<Style>, tag: TagId) {
        let text_tag = Err(Some(tag));
        match source {
            NoteSource::Own => {
                let mut flow = Flow::new(block, text_tag, false);
                let own = Arc::clone(&self.tree.get(block).style);
                let context = InlineContext { style: own, ..self.context_of(node, None, None) };
                self.children(node, &mut flow, &context);
                self.flush(&mut flow);
            }
            NoteSource::Target(target) => {
                let context = self.context_of(*target, None, None);
                let style = Style { display: Display::Block, ..Style::inherited(&context.style) };
                let inner = self.tree.push(BoxKind::Block, Arc::new(style), Arc::clone(&context.language));
                if let Some(element) = self.dom.element(*target) {
                    let own = Arc::clone(&context.style);
                    let marks = self.marks(*target, element, &own);
                    self.tree.get_mut(inner).marks.extend(marks);
                }
                self.tree.get_mut(block).children.push(inner);
                let mut flow = Flow::new(inner, text_tag, false);
                self.children(*target, &mut flow, &context);
                self.flush(&mut flow);
            }
            NoteSource::Generated(items, context) => {
                let mut flow = Flow::new(block, text_tag, false);
                let plain = Style { float: Float::None, ..Style::clone(style) };
                let context = InlineContext { style: Arc::new(plain), ..context.clone() };
                self.content(node, items, &mut flow, &context);
                self.flush(&mut flow);
            }
        }
    }

    /// The marker of a note: a link back to its call.
    fn note_marker(&mut self, node: NodeId, id: NoteId, style: StyleId, tag: TagId) -> Option<Inline> {
        let style = self.style(style);
        let items = style.content.clone().filter(|_| style.display != Display::None)?;
        let text = self.plain_content(node, &items);
        if text.is_empty() {
            return None;
        }
        let label = self.tree.tag(Some(tag), "Lbl", None);
        let tag = self.tree.tag(Some(label), "Link", None);
        let contents = text.trim().to_owned();
        let target = LinkTarget::Anchor(call_anchor(id));
        let link = Some(self.add_link(LinkInfo { target, contents, tag, is_reference: false }));
        let style = self.text_styles.get(&style, self.dom.language(node));
        Some(Inline::Text { text: Arc::from(text), style, tag: Some(tag), link })
    }

    /// Puts a marker in front of a note's first line.
    fn put_marker(&mut self, block: BoxId, marker: Inline) {
        if let Some((_, first)) = self.first_paragraph(block)
            && let BoxKind::Paragraph(inlines) = &mut self.tree.get_mut(first).kind
        {
            inlines.content.insert(0, marker);
            for (place, _) in &mut inlines.references {
                *place += 1;
            }
            return;
        }
        let (style, language) = (Arc::clone(&self.tree.get(block).style), Arc::clone(&self.tree.get(block).language));
        let inlines = Inlines { content: vec![marker], ..Inlines::default() };
        let paragraph = self.tree.push(BoxKind::Paragraph(Box::new(inlines)), style, language);
        self.tree.get_mut(block).children.insert(0, paragraph);
    }

    /// Sets the notes whose call was not met after all, where the document ends.
    pub(super) fn set_lost_notes(&mut self, flow: &mut Flow, context: &InlineContext) {
        for target in std::mem::take(&mut self.notes.targets) {
            if !self.notes.called.contains_key(&target) {
                self.notes.moved.remove(&target);
                self.node(target, flow, context);
            }
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Where a note is called; no id has a space in it.
fn call_anchor(id: NoteId) -> String {
    format!("footnote call {id}")
}

/// Where it stands.
fn note_anchor(id: NoteId) -> String {
    format!("footnote {id}")
}
