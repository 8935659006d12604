//! Lists, and the marks that elements leave: anchors, bookmarks, strings.

use std::sync::Arc;

use super::boxes::{BoxId, Mark, Marker};
use super::build::{Builder, Flow, InlineContext};
use super::counters::Maker;
use crate::typeset::display::TagId;
use crate::typeset::dom::{Element, NodeId};
use crate::typeset::inline::{Inline, WhiteSpace};
use crate::typeset::shape::says_anything;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{Display, Visibility};
use crate::typeset::style::content::{self, ContentItem, TextPart};
use crate::typeset::style::counter_style::CounterStyle;

impl Builder<'_> {
    /// Anchors, bookmarks and strings of an element.
    pub(super) fn marks(&mut self, node: NodeId, element: &Element, style: &Style) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Some(id) = element.attribute("id").filter(|id| !id.is_empty()) {
            marks.push(Mark::Anchor(Arc::from(id)));
            self.targets.insert(id.to_owned(), self.counters.snapshot());
        }
        if let Some(name) = element.attribute("name").filter(|name| &*element.name == "a" && !name.is_empty()) {
            marks.push(Mark::Anchor(Arc::from(name)));
        }
        for (name, value) in style.counter_reset.iter().chain(style.counter_set.iter()) {
            if name == "page" {
                marks.push(Mark::PageNumber(*value));
            }
        }
        if let Some(level) = style.bookmark_level {
            let label = match &style.bookmark_label {
                Some(items) => self.plain_content(node, items),
                None if style.visibility == Visibility::Visible => self.said(node),
                None => String::new(),
            };
            if says_anything(&label) {
                marks.push(Mark::Bookmark { level, label });
            }
        }
        for (name, items) in style.string_set.iter() {
            let value = self.plain_content(node, items);
            marks.push(Mark::StringSet { name: name.clone(), value });
        }
        marks
    }

    /// The implied counters of lists (HTML, 15.3.7).
    pub(super) fn list_counters(&mut self, node: NodeId, element: &Element) {
        let style = self.style(self.styles.of(node).own);
        let says = |counters: &[(String, i32)]| counters.iter().any(|(name, _)| name == "list-item");
        let number = |name: &str| element.attribute(name).and_then(|value| value.trim().parse::<i32>().ok());
        match &*element.name {
            "ul" | "ol" | "menu" if !says(&style.counter_reset) => {
                let start = if element.attribute("reversed").is_some() {
                    let items = self.dom.children(node).filter(|child| self.is_item(*child)).count();
                    number("start").unwrap_or(items as i32).saturating_add(1)
                } else {
                    number("start").unwrap_or(1).saturating_sub(1)
                };
                self.counters.reset("list-item", start, Maker::element(self.dom, node));
            }
            "li" if !says(&style.counter_increment) && !says(&style.counter_set) => {
                let list = self.dom.element(self.dom.node(node).parent);
                let reversed = list.is_some_and(|list| list.attribute("reversed").is_some());
                let maker = Maker::element(self.dom, node);
                match number("value") {
                    Some(value) => self.counters.set("list-item", value, maker),
                    None => self.counters.increment("list-item", if reversed { -1 } else { 1 }, maker),
                }
            }
            _ => {}
        }
    }

    pub(super) fn is_item(&self, node: NodeId) -> bool {
        self.dom.element(node).is_some_and(|element| &*element.name == "li")
    }

    /// `list-style-position: inside`: the marker stands at the beginning of the item's text.
    pub(super) fn marker_inside(&mut self, flow: &mut Flow, context: &InlineContext) {
        if let Some(marker) = self.tree.get_mut(flow.block).marker.take() {
            flow.inlines.content.extend(marker.content);
            self.push_text(" ", flow, context);
        }
    }

    /// The text of an element's marker, where it is a list item.
    pub(super) fn marker_text(&mut self, node: NodeId) -> String {
        let style = Arc::clone(self.styles.get(self.styles.of(node).own));
        if style.display == Display::ListItem {
            self.marker_of(node, &style).trim_end().to_owned()
        } else {
            String::new()
        }
    }

    fn marker_of(&mut self, node: NodeId, style: &Style) -> String {
        let pseudo = self.styles.of(node).marker.map(|id| Arc::clone(self.styles.get(id)));
        let is_plain = |item: &&ContentItem| !matches!(item, ContentItem::ElementText(TextPart::Marker));
        match pseudo.and_then(|style| style.content.clone()) {
            Some(items) => {
                let items: Vec<ContentItem> = items.iter().filter(is_plain).cloned().collect();
                self.plain_content(node, &items)
            }
            None => style.list_marker.marker(self.counters.value("list-item")),
        }
    }

    /// Makes a list item's marker.
    pub(super) fn marker(
        &mut self,
        node: NodeId,
        style: &Arc<Style>,
        id: BoxId,
        tag_parent: Option<TagId>,
        fallback_parent: Option<TagId>,
    ) {
        let pseudo = self.styles.of(node).marker.map(|id| Arc::clone(self.styles.get(id)));
        let text = self.marker_of(node, style);
        if text.trim().is_empty() || style.list_marker == CounterStyle::None && pseudo.is_none() {
            return;
        }
        let items = pseudo.as_ref().and_then(|style| style.content.clone()).unwrap_or_default();
        let said = content::alternative(&items).map(|said| self.plain_content(node, said));
        // Of a marker that is mere decoration nothing is said.
        let is_said = said.as_deref() != Some("");
        let tag = is_said.then(|| self.tree.tag(tag_parent.or(fallback_parent), "Lbl", None));
        if let Some(tag) = tag {
            self.tree.structure[tag as usize].alt = said;
        }
        let list_marker = pseudo.unwrap_or_else(|| Arc::clone(style));
        let list_marker = Arc::new(Style {
            display: Display::Inline,
            white_space: WhiteSpace::Pre,
            decorations: Arc::default(),
            ..(*list_marker).clone()
        });
        let text_style = self.text_styles.get(&list_marker, self.dom.language(node));
        let content = vec![Inline::Text { text: Arc::from(text), style: text_style, tag, link: None }];
        self.tree.get_mut(id).marker = Some(Box::new(Marker { content, style: list_marker }));
    }
}
