//! Text of elements, and generated content.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::boxes::{Atom, BoxKind, Reference};
use super::build::{Builder, Flow, InlineContext, push_atom, stands_in_line};
use super::counters::Maker;
use super::letter_case::transformed;
use crate::typeset::dom::NodeId;
use crate::typeset::inline::{Inline, WhiteSpace};
use crate::typeset::style::Style;
use crate::typeset::style::cascade::StyleId;
use crate::typeset::style::computed::{Display, Float, Quotes};
use crate::typeset::style::content::{self, ContentItem, Target, TextPart};
use crate::typeset::style::counter_style::CounterStyle;

/// What the anchors begin with that tell text which page it stands on.
pub(crate) const OWN_PAGE: &str = "\0page ";

/// The `id` that a fragment names (HTML 7.4.6.3: percent-decoded, then as UTF-8).
pub(super) fn anchor_name(fragment: &str) -> String {
    percent_decode_str(fragment).decode_utf8_lossy().into_owned()
}

/// A `target-counter()` of a counter other than the page's: a text to be filled in when the walk has passed its target.
pub(super) struct Forward {
    pub(super) text: Arc<str>,
    pub(super) anchor: String,
    pub(super) name: String,
    /// What is added to its value there.
    pub(super) raised: i32,
    pub(super) style: CounterStyle,
}

/// Quotation marks, outer and inner (CLDR's usual ones).
fn quotation_marks(language: &str) -> [[&'static str; 2]; 2] {
    match language.split('-').next().unwrap_or(language) {
        "fa" | "ar" | "ku" | "ps" => [["«", "»"], ["‹", "›"]],
        "fr" => [["«\u{a0}", "\u{a0}»"], ["“", "”"]],
        "it" | "es" | "pt" | "ru" | "uk" | "el" | "no" | "nb" => [["«", "»"], ["“", "”"]],
        "de" | "cs" | "sk" | "sl" | "sq" | "bg" | "is" | "lt" => [["„", "“"], ["‚", "‘"]],
        "pl" | "ro" | "hu" | "nl" | "hr" | "sr" | "mk" => [["„", "”"], ["‚", "’"]],
        "ur" => [["”", "“"], ["’", "‘"]],
        "sv" | "fi" => [["”", "”"], ["’", "’"]],
        "ja" | "zh" => [["「", "」"], ["『", "』"]],
        _ => [["“", "”"], ["‘", "’"]],
    }
}

/// The marks that open and close a quotation so deep in others.
fn marks<'q>(quotes: &'q Quotes, language: &str, depth: usize) -> [&'q str; 2] {
    match quotes {
        Quotes::None => ["", ""],
        Quotes::Auto => quotation_marks(language)[depth.min(1)],
        Quotes::Of(pairs) => {
            pairs.get(depth).or_else(|| pairs.last()).map_or(["", ""], |(open, close)| [open.as_str(), close.as_str()])
        }
    }
}

impl Builder<'_> {
    /// Text of the document.
    pub(super) fn text(&mut self, text: &str, flow: &mut Flow, context: &InlineContext) {
        let collapses = matches!(context.style.white_space, WhiteSpace::Normal | WhiteSpace::Nowrap);
        if collapses && flow.inlines.content.is_empty() && text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return;
        }
        match transformed(text, context.style.transform, &context.language) {
            Some(text) => self.push_text(&text, flow, context),
            None => self.push_text(text, flow, context),
        }
    }

    /// Adds text to the paragraph.
    pub(super) fn push_text(&mut self, text: &str, flow: &mut Flow, context: &InlineContext) {
        if text.is_empty() {
            return;
        }
        let tag = context.tag.or_else(|| self.paragraph_tag(flow));
        // What is not seen leads nowhere.
        let link = flow.link_of(context.link).filter(|_| !context.style.is_hidden());
        let block = &self.tree.get(flow.block).style;
        let style = self.text_styles.get_within(&context.style, &context.language, block, self.fonts);
        let mut rest = text;
        while let Some((piece, after)) = endless_word(rest) {
            let style = Arc::clone(&style);
            flow.inlines.content.push(Inline::Text { text: Arc::from(piece), style, tag, link });
            rest = after;
        }
        flow.inlines.content.push(Inline::Text { text: Arc::from(rest), style, tag, link });
    }

    /// A `::before` or `::after` box.
    pub(super) fn pseudo(&mut self, node: NodeId, id: StyleId, flow: &mut Flow, context: &InlineContext) {
        let style = self.style(id);
        let Some(items) = style.content.clone() else { return };
        if style.display == Display::None {
            return;
        }
        self.counters.apply(&style, Maker::generated(self.dom, node));
        let language = Arc::clone(&context.language);
        let inner = InlineContext { style: Arc::clone(&style), language: Arc::clone(&language), ..context.clone() };
        if style.float == Float::Footnote {
            return self.generated_note(node, &items, flow, &inner);
        }
        let said = content::alternative(&items).map(|said| self.plain_content(node, said));
        let inner = match said.as_deref() {
            Some(said) if !said.is_empty() => self.said_instead(said, flow, &inner),
            _ => inner,
        };
        let is_decoration = said.as_deref() == Some("");
        if matches!(style.display, Display::Inline | Display::Contents) {
            self.refuse_vertical_align(node, &style);
            let boxed = self.open_box(flow, &inner);
            let from = flow.inlines.content.len();
            self.content(node, &items, flow, &inner);
            if is_decoration {
                untag(flow, from);
            }
            if boxed {
                flow.inlines.content.push(Inline::Close);
            }
            return;
        }
        self.generated_box(node, (&items, is_decoration), flow, &inner);
    }

    /// What stands around generated content of which something else is said than is seen.
    fn said_instead(&mut self, said: &str, flow: &mut Flow, context: &InlineContext) -> InlineContext {
        let parent = context.tag.or_else(|| self.paragraph_tag(flow));
        let tag = self.tree.tag(parent, "Span", None);
        self.tree.structure[tag as usize].alt = Some(said.to_owned());
        InlineContext { tag: Some(tag), ..context.clone() }
    }

    /// A box of its own round generated content: on the line, at a side, or a block.
    fn generated_box(
        &mut self,
        node: NodeId,
        (items, is_decoration): (&[ContentItem], bool),
        flow: &mut Flow,
        context: &InlineContext,
    ) {
        let tag = context.tag.or_else(|| self.paragraph_tag(flow));
        let (style, link) = (self.in_own_width(flow, &context.style), flow.link_of(context.link));
        let inner = InlineContext { style: Arc::clone(&style), language: Arc::clone(&context.language), tag, link };
        let on_line = matches!(style.display, Display::InlineBlock | Display::InlineTable);
        let in_line = on_line || stands_in_line(flow, &style);
        if !in_line {
            self.flush(flow);
        }
        let id = self.tree.push(BoxKind::Block, style, Arc::clone(&context.language));
        let mut inner_flow = Flow::new(id, tag.ok_or(None), false);
        let lines_around = self.leave_lines(&inner.style);
        self.content(node, items, &mut inner_flow, &inner);
        if is_decoration {
            untag(&mut inner_flow, 0);
        }
        self.flush(&mut inner_flow);
        self.go_on_after(lines_around);
        match () {
            () if on_line => push_atom(flow, Atom::Box(id)),
            () if in_line => self.attach_float(flow, id),
            () => self.tree.get_mut(flow.block).children.push(id),
        }
    }

    /// The style of a generated box. A number that is wider than it is said to be runs out of it, rather than being cut as
    /// words of the text are.
    fn in_own_width(&self, flow: &Flow, style: &Arc<Style>) -> Arc<Style> {
        let inherits = style.break_anywhere == self.tree.get(flow.block).style.break_anywhere;
        if style.width.is_auto() || !style.break_anywhere || !inherits {
            return Arc::clone(style);
        }
        Arc::new(Style { break_anywhere: false, ..Style::clone(style) })
    }

    pub(super) fn content(&mut self, node: NodeId, items: &[ContentItem], flow: &mut Flow, context: &InlineContext) {
        for item in items {
            match item {
                ContentItem::Leader(pattern) => {
                    let style = self.text_styles.get(&context.style, &context.language);
                    flow.inlines.content.push(Inline::Leader { pattern: Arc::from(pattern.as_str()), style });
                }
                ContentItem::TargetCounter { target, name, style } => {
                    let Some(anchor) = self.known_anchor(node, target) else { continue };
                    if name == "page" {
                        let reference = Reference::Page { anchor, style: style.clone() };
                        self.push_reference(reference, flow, context);
                    } else {
                        self.push_forward(&anchor, (name, 0), style, flow, context);
                    }
                }
                ContentItem::TargetText(target, part @ (TextPart::Before | TextPart::After)) => {
                    self.push_part_of_target((node, target, *part), flow, context);
                }
                ContentItem::Counter { name, style } | ContentItem::Counters { name, style, .. } if name == "page" => {
                    // An anchor here, whose page is asked for; no id has a zero in it.
                    let anchor = format!("{OWN_PAGE}{}", flow.block);
                    flow.inlines.content.push(Inline::Anchor(Arc::from(anchor.as_str())));
                    self.push_reference(Reference::Page { anchor, style: style.clone() }, flow, context);
                }
                ContentItem::Counter { name, style } | ContentItem::Counters { name, style, .. } if name == "pages" => {
                    self.push_reference(Reference::Pages(style.clone()), flow, context);
                }
                item => {
                    let text = self.plain_item(node, item, &context.style.quotes);
                    match transformed(&text, context.style.transform, &context.language) {
                        Some(text) => self.push_text(&text, flow, context),
                        None => self.push_text(&text, flow, context),
                    }
                }
            }
        }
    }

    fn push_reference(&mut self, reference: Reference, flow: &mut Flow, context: &InlineContext) {
        // Two figure spaces hold the place of a page number until it is known.
        self.push_text("\u{2007}\u{2007}", flow, context);
        flow.inlines.references.push((flow.inlines.content.len() - 1, reference));
    }

    /// The anchor a reference leads to, if it is inside of this document.
    pub(super) fn anchor(&self, node: NodeId, target: &Target) -> Option<String> {
        let url = match target {
            Target::Url(url) => url.as_str(),
            Target::Attribute(name) => self.dom.element(node)?.attribute(name)?.trim(),
        };
        url.strip_prefix('#').filter(|anchor| !anchor.is_empty()).map(anchor_name)
    }

    /// The same where something stands there; where nothing does, that is told.
    pub(super) fn known_anchor(&mut self, node: NodeId, target: &Target) -> Option<String> {
        let anchor = self.anchor(node, target)?;
        if self.ids.contains_key(anchor.as_str()) {
            return Some(anchor);
        }
        if let Some(element) = self.dom.element(node) {
            self.warn_once(element, format!("nothing here is called `{anchor}`: a reference to it is left empty"));
        }
        None
    }

    /// Content as text alone: for strings, labels and markers.
    pub(super) fn plain_content(&mut self, node: NodeId, items: &[ContentItem]) -> String {
        let quotes = self.style(self.styles.of(node).own).quotes.clone();
        items.iter().map(|item| self.plain_item(node, item, &quotes)).collect()
    }

    pub(super) fn plain_item(&mut self, node: NodeId, item: &ContentItem, quotes: &Quotes) -> String {
        match item {
            ContentItem::Text(text) => text.clone(),
            ContentItem::Attribute { name, fallback } => {
                match self.dom.element(node).and_then(|element| element.attribute(name)) {
                    Some(value) => value.to_owned(),
                    None => fallback.iter().map(|item| self.plain_item(node, item, quotes)).collect(),
                }
            }
            ContentItem::Counter { name, .. } | ContentItem::Counters { name, .. }
                if matches!(name.as_str(), "page" | "pages") =>
            {
                if let Some(element) = self.dom.element(node) {
                    let message = format!("`counter({name})` is not known in labels, markers and named strings");
                    self.warn_once(element, message);
                }
                String::new()
            }
            ContentItem::Counter { name, style } => style.format(self.counters.value(name)),
            ContentItem::Counters { name, separator, style } => {
                let values: Vec<String> = self.counters.values(name).iter().map(|value| style.format(*value)).collect();
                values.join(separator)
            }
            ContentItem::OpenQuote => {
                let [open, _] = marks(quotes, self.dom.language(node), self.quote_depth);
                self.quote_depth += 1;
                open.to_owned()
            }
            ContentItem::CloseQuote => {
                self.quote_depth = self.quote_depth.saturating_sub(1);
                let [_, close] = marks(quotes, self.dom.language(node), self.quote_depth);
                close.to_owned()
            }
            ContentItem::TargetText(target, part) => {
                let target = self.known_anchor(node, target).and_then(|anchor| self.ids.get(anchor.as_str()).copied());
                target.map(|node| self.part_text_of_target(node, *part)).unwrap_or_default()
            }
            ContentItem::ElementText(part) => self.part_text(node, *part),
            ContentItem::Leader(_)
            | ContentItem::Alternative(_)
            | ContentItem::TargetCounter { .. }
            | ContentItem::TargetContent(_)
            | ContentItem::Element { .. }
            | ContentItem::NamedString { .. } => String::new(),
        }
    }

    /// Fills in the counters of targets.
    pub(super) fn resolve_forward(&mut self) {
        if self.forward.is_empty() {
            return;
        }
        for layout_box in &mut self.tree.boxes {
            let BoxKind::Paragraph(inlines) = &mut layout_box.kind else { continue };
            for item in &mut inlines.content {
                let Inline::Text { text, .. } = item else { continue };
                let Some(forward) = self.forward.iter().find(|forward| Arc::ptr_eq(&forward.text, text)) else {
                    continue;
                };
                let value = self.targets.get(&forward.anchor).and_then(|values| values.get(&forward.name));
                *text = Arc::from(forward.style.format(value.copied().unwrap_or(0).saturating_add(forward.raised)));
            }
        }
    }
}

/// Takes text out of the document's structure, from an item on: nothing is to be said of it.
pub(super) fn untag(flow: &mut Flow, from: usize) {
    for item in flow.inlines.content.get_mut(from..).unwrap_or_default() {
        if let Inline::Text { tag, .. } = item {
            *tag = None;
        }
    }
}

/// Cuts text inside of a word that is longer than any line, because measuring a word takes time by its square.
fn endless_word(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 1000;
    if text.len() <= 2 * LONGEST {
        return None;
    }
    let mut word_start = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            word_start = at;
        } else if at - word_start >= LONGEST {
            return Some(text.split_at(at));
        }
    }
    None
}
