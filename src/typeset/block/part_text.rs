//! Text of parts of elements, for `content()` and `target-text()` (CSS GCPM 3, 1.1.1; CSS Content 3, 2.5).

use std::sync::Arc;

use super::build::{Builder, Flow, InlineContext};
use super::build_first::first_letter_of;
use super::counters::Maker;
use super::generated::Forward;
use crate::typeset::dom::NodeId;
use crate::typeset::inline::Inline;
use crate::typeset::style::Style;
use crate::typeset::style::computed::Display;
use crate::typeset::style::content::{ContentItem, Target, TextPart};
use crate::typeset::style::counter_style::CounterStyle;

impl Builder<'_> {
    /// The text of a part of the element that is being built.
    pub(super) fn part_text(&mut self, node: NodeId, part: TextPart) -> String {
        match part {
            TextPart::Content => self.said(node),
            TextPart::FirstLetter => self.first_letter_text(node),
            TextPart::Marker => self.marker_text(node),
            TextPart::Before | TextPart::After => {
                let Some((style, items)) = self.part_content(node, part) else { return String::new() };
                // What its box does to counters it does for itself, when it comes.
                let (counters, depth) = (self.counters.clone(), self.quote_depth);
                self.counters.apply(&style, Maker::generated(self.dom, node));
                let text = items.iter().map(|item| self.plain_item(node, item, &style.quotes)).collect();
                (self.counters, self.quote_depth) = (counters, depth);
                text
            }
        }
    }

    /// The text of a part of an element that a reference leads to. Its counters are not known here.
    pub(super) fn part_text_of_target(&mut self, node: NodeId, part: TextPart) -> String {
        match part {
            TextPart::Before | TextPart::After => {
                let Some((style, items)) = self.part_content(node, part) else { return String::new() };
                let depth = self.quote_depth;
                let text = items.iter().map(|item| self.item_of_target(node, item, &style)).collect();
                self.quote_depth = depth;
                text
            }
            part => self.part_text(node, part),
        }
    }

    /// Adds the text of a `::before` or `::after` that a reference leads to. Counters are filled in when the walk has passed
    /// it.
    pub(super) fn push_part_of_target(
        &mut self,
        (node, target, part): (NodeId, &Target, TextPart),
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let Some(anchor) = self.known_anchor(node, target) else { return };
        let Some(to) = self.ids.get(anchor.as_str()).copied() else { return };
        let Some((style, items)) = self.part_content(to, part) else { return };
        let depth = self.quote_depth;
        for item in &items {
            match item {
                ContentItem::Counter { name, style: numbers } if !is_of_pages(name) => {
                    let raised = style.counter_increment.iter().filter(|(own, _)| own == name).map(|(_, by)| *by).sum();
                    self.push_forward(&anchor, (name, raised), numbers, flow, context);
                }
                item => {
                    let text = self.item_of_target(to, item, &style);
                    self.push_text(&text, flow, context);
                }
            }
        }
        self.quote_depth = depth;
    }

    /// Adds the counter of a target, which is filled in when the walk has passed it: its value there, and so much more.
    pub(super) fn push_forward(
        &mut self,
        anchor: &str,
        (name, raised): (&str, i32),
        style: &CounterStyle,
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        // A text of its own address, which the forward reference is found by.
        self.push_text("\u{2007}", flow, context);
        if let Some(Inline::Text { text, .. }) = flow.inlines.content.last() {
            let (anchor, name) = (anchor.to_owned(), name.to_owned());
            self.forward.push(Forward { text: Arc::clone(text), anchor, name, raised, style: style.clone() });
        }
    }

    /// An item of what stands before or after another element, but for its counters.
    fn item_of_target(&mut self, node: NodeId, item: &ContentItem, style: &Style) -> String {
        if matches!(item, ContentItem::Counter { .. } | ContentItem::Counters { .. }) {
            if let Some(element) = self.dom.element(node) {
                let message = "the counters of what stands before or after it are not known where it is referred to";
                self.warn_once(element, message.to_owned());
            }
            return String::new();
        }
        self.plain_item(node, item, &style.quotes)
    }

    /// The style and content of `::before` or `::after`; without what refers to parts of elements, which could go round in
    /// a circle.
    fn part_content(&self, node: NodeId, part: TextPart) -> Option<(Arc<Style>, Vec<ContentItem>)> {
        let styles = self.styles.of(node);
        let id = if part == TextPart::Before { styles.before? } else { styles.after? };
        let style = Arc::clone(self.styles.get(id));
        let is_plain = |item: &&ContentItem| !matches!(item, ContentItem::TargetText(_, part) | ContentItem::ElementText(part) if *part != TextPart::Content);
        let items = style.content.as_ref()?.iter().filter(is_plain).cloned().collect();
        (style.display != Display::None).then_some((style, items))
    }

    fn first_letter_text(&mut self, node: NodeId) -> String {
        let text = self.said(node);
        first_letter_of(&text, self.dom.language(node)).map(|range| text[range].to_owned()).unwrap_or_default()
    }
}

fn is_of_pages(name: &str) -> bool {
    matches!(name, "page" | "pages")
}
