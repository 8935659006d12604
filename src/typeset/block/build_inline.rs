//! Elements inside of lines: isolates and inline blocks.

use std::sync::Arc;

use super::boxes::{Atom, BoxId, BoxKind, Mark};
use super::build::{Builder, Flow, InlineContext, push_atom};
use super::generated::untag;
use super::text_style::inline_box;
use crate::typeset::display::Attributes;
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::{Direction, Inline};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Display, UnicodeBidi};

impl Builder<'_> {
    pub(super) fn inline_element(
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
        self.refuse_vertical_align(node, style);
        self.tell_upright(node, element, (style, &context.style));
        let from = flow.inlines.content.len();
        if &*element.name == "a" {
            self.link(node, element, flow, &mut inner);
        } else {
            self.inline_structure(node, element, flow, &mut inner);
        }
        let isolate = self.isolate(node, element, style, context);
        if let Some((open, _)) = isolate {
            self.push_text(open, flow, &inner);
        }
        let boxed = self.open_box(flow, &inner);
        self.children(node, flow, &inner);
        if boxed {
            flow.inlines.content.push(Inline::Close);
        }
        if let Some((_, close)) = isolate {
            self.push_text(close, flow, &inner);
        }
        // A link stays where it can be followed.
        if element.is_aria_hidden() && inner.link.is_none() && !self.holds_links(node) {
            untag(flow, from);
        }
    }

    fn holds_links(&self, node: NodeId) -> bool {
        let inside = node + 1..self.dom.node(node).end;
        inside.filter_map(|id| self.dom.element(id)).any(|element| &*element.name == "a")
    }

    /// Begins the inline box of a style, where something is seen of it.
    pub(super) fn open_box(&mut self, flow: &mut Flow, inner: &InlineContext) -> bool {
        let style = &inner.style;
        let text = self.text_styles.get(style, &inner.language);
        let Some(shape) = inline_box(style, &text) else { return false };
        flow.inlines.content.push(Inline::Open { shape: Arc::new(shape), starts: true });
        true
    }

    /// The structure node of an element that means something inside of a line.
    fn inline_structure(&mut self, node: NodeId, element: &Element, flow: &mut Flow, inner: &mut InlineContext) {
        let expansion = element.attribute("title").map(str::trim).filter(|title| !title.is_empty());
        let expansion = expansion.filter(|_| matches!(&*element.name, "abbr" | "acronym"));
        let language = self.own_language(node);
        let picture = element.attribute("aria-label").map(str::trim).filter(|label| !label.is_empty());
        let picture = picture.filter(|_| element.attribute("role").map(str::trim) == Some("img"));
        let role = match &*element.name {
            _ if picture.is_some() => "Span",
            "code" | "kbd" | "samp" | "tt" => "Code",
            "q" => "Quote",
            _ if expansion.is_some() || language.is_some() => "Span",
            _ => return,
        };
        let parent = inner.tag.or_else(|| self.paragraph_tag(flow));
        // `<pre><code>`: the whole paragraph is program text already.
        if role == "Code" && language.is_none() && parent.is_some_and(|parent| self.tree.role(parent) == "Code") {
            return;
        }
        let tag = self.tree.tag(parent, role, language);
        if let Some(expansion) = expansion {
            self.tree.structure[tag as usize].attributes = Attributes::Expansion(expansion.to_owned());
        }
        self.tree.structure[tag as usize].alt = picture.map(str::to_owned);
        inner.tag = Some(tag);
    }

    /// What begins and ends the isolate that an element with a direction of its own stands in (UAX 9, 2.4.1).
    fn isolate(
        &self,
        node: NodeId,
        element: &Element,
        style: &Style,
        context: &InlineContext,
    ) -> Option<(&'static str, &'static str)> {
        let rtl = style.direction == Direction::Rtl;
        let asks = element.attribute("dir").is_some() || &*element.name == "bdi";
        let has_text = self.dom.node(node).end > node + 1;
        if !has_text {
            return None;
        }
        if let Some(codes) = bidi_codes(style.unicode_bidi, rtl) {
            return Some(codes);
        }
        if !asks && style.direction == context.style.direction {
            // Program text among right-to-left words keeps its own order, whatever its brackets.
            let is_code = matches!(&*element.name, "code" | "kbd" | "samp" | "tt");
            let turned = is_code && style.direction == Direction::Rtl && self.dom.is_left_to_right(node);
            return turned.then_some(("\u{2066}", "\u{2069}"));
        }
        // Inside of `<bdo dir>` every letter runs in that direction (HTML, 4.5.25).
        if &*element.name == "bdo" && asks {
            let open = if rtl { "\u{2067}\u{202E}" } else { "\u{2066}\u{202D}" };
            return Some((open, "\u{202C}\u{2069}"));
        }
        Some((if rtl { "\u{2067}" } else { "\u{2066}" }, "\u{2069}"))
    }

    pub(super) fn inline_block(
        &mut self,
        node: NodeId,
        element: &Element,
        style: &Arc<Style>,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        if style.display == Display::InlineTable {
            // A table is no part of the paragraphs before and after it.
            let id = self.block_box(node, element, flow.parent_tag(), flow.in_contents, context.link);
            flow.end_paragraph();
            return self.push_table(flow, id);
        }
        for mark in self.marks(node, element, style) {
            match mark {
                Mark::Anchor(name) => flow.inlines.content.push(Inline::Anchor(name)),
                other => self.pending_marks.push(other),
            }
        }
        self.refuse_columns_of(element, style);
        let parent = context.tag.or_else(|| self.paragraph_tag(flow));
        let language = Arc::clone(self.dom.language(node));
        let id = self.tree.push(BoxKind::Block, Arc::clone(style), language);
        self.tree.note_reach(id, element);
        let text_tag = parent.ok_or(None);
        let own_link = self.link_of_box(node, element, parent, flow.in_contents);
        let mut inner_flow = Flow::new(id, text_tag, flow.in_contents);
        inner_flow.link = own_link;
        // Text of a link of its own belongs to that.
        let tag = if own_link.is_some() { None } else { context.tag };
        let inner = self.context_of(node, tag, own_link.or(flow.link_of(context.link)));
        self.enclosed += 1;
        let lines_around = self.leave_lines(style);
        self.children(node, &mut inner_flow, &inner);
        self.enclosed -= 1;
        self.flush(&mut inner_flow);
        self.go_on_after(lines_around);
        push_atom(flow, Atom::Box(id));
    }

    /// Sets a table on a line; links that lead to it lead to the line.
    pub(super) fn push_table(&mut self, flow: &mut Flow, table: BoxId) {
        for mark in std::mem::take(&mut self.tree.get_mut(table).marks) {
            match mark {
                Mark::Anchor(name) => flow.inlines.content.push(Inline::Anchor(name)),
                other => self.pending_marks.push(other),
            }
        }
        push_atom(flow, Atom::Box(table));
    }
}

/// The characters that do what `unicode-bidi` says (CSS Writing Modes 4, 2.4.2), before and after the text.
pub(super) fn bidi_codes(bidi: UnicodeBidi, rtl: bool) -> Option<(&'static str, &'static str)> {
    Some(match (bidi, rtl) {
        (UnicodeBidi::Normal, _) => return None,
        (UnicodeBidi::Embed, false) => ("\u{202A}", "\u{202C}"),
        (UnicodeBidi::Embed, true) => ("\u{202B}", "\u{202C}"),
        (UnicodeBidi::Isolate, false) => ("\u{2066}", "\u{2069}"),
        (UnicodeBidi::Isolate, true) => ("\u{2067}", "\u{2069}"),
        (UnicodeBidi::Override, false) => ("\u{202D}", "\u{202C}"),
        (UnicodeBidi::Override, true) => ("\u{202E}", "\u{202C}"),
        (UnicodeBidi::IsolateOverride, false) => ("\u{2066}\u{202D}", "\u{202C}\u{2069}"),
        (UnicodeBidi::IsolateOverride, true) => ("\u{2067}\u{202E}", "\u{202C}\u{2069}"),
    })
}
