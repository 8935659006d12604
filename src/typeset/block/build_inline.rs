//! Elements inside of lines: isolates, links, inline blocks.

use std::sync::Arc;

use super::boxes::{Atom, BoxKind, LinkInfo, Mark};
use super::build::{Builder, Flow, InlineContext, push_atom};
use super::generated::anchor_name;
use crate::typeset::display::LinkTarget;
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::{Direction, Inline};
use crate::typeset::style::Style;

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

    pub(super) fn inline_block(
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
        self.enclosed += 1;
        self.children(node, &mut inner_flow, &inner);
        self.enclosed -= 1;
        self.flush(&mut inner_flow);
        push_atom(flow, Atom::Box(id));
    }
}
