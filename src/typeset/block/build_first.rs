//! First lines and first letters (CSS Pseudo-elements 4, 2).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, Inlines};
use super::build::Builder;
use super::text_style::{line_height, text_style};
use crate::typeset::dom::NodeId;
use crate::typeset::inline::{Direction, Inline};
use crate::typeset::shape::clusters::first_end;
use crate::typeset::shape::{is_joining, script_of};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, Display, Float, LEFT, LineHeight, RIGHT, TOP};
use crate::typeset::style::values::{LengthPercentage, Padding, Size};

/// Between a letter that is several lines tall and the text beside it, in parts of its size.
const LETTER_GAP: f32 = 0.08;

/// How tall letters with ascenders are, in parts of capitals.
const ASCENDERS: f32 = 1.1;

impl Builder<'_> {
    /// Gives the first line and the first letter of an element's box their own styles.
    pub(super) fn first_parts(&mut self, node: NodeId, block: BoxId) {
        let Some(firsts) = self.styles.firsts(node) else { return };
        let Some((parent, paragraph)) = self.first_paragraph(block) else { return };
        if let Some(line) = firsts.line {
            let style = self.style(line);
            self.tree.first_lines.entry(paragraph).or_insert(style);
        }
        if let Some(letter) = firsts.letter {
            let style = self.style(letter);
            self.first_letter(parent, paragraph, &style);
        }
    }

    /// The paragraph that a box begins with, and the box that holds it.
    pub(super) fn first_paragraph(&self, block: BoxId) -> Option<(BoxId, BoxId)> {
        let mut parent = block;
        loop {
            let own = self.tree.get(parent);
            let first = own.children.first().filter(|_| matches!(own.kind, BoxKind::Block))?;
            if matches!(self.tree.get(*first).kind, BoxKind::Paragraph(_)) {
                return Some((parent, *first));
            }
            parent = *first;
        }
    }

    fn first_letter(&mut self, parent: BoxId, paragraph: BoxId, style: &Arc<Style>) {
        let language = Arc::clone(&self.tree.get(paragraph).language);
        let own = Arc::clone(&self.tree.get(paragraph).style);
        let BoxKind::Paragraph(inlines) = &self.tree.get(paragraph).kind else { return };
        let Some((at, range)) = letter(inlines, &language) else { return };
        let Inline::Text { text, style: rest_style, tag, link } = inlines.content[at].clone() else { return };
        let joins = text[range.clone()].chars().any(|character| is_joining(script_of(character)));
        let sinks = style.float.is_side() || style.initial_letter.is_some_and(|lines| lines >= 2.0);
        if joins && sinks {
            // A letter that joins the next is not taken out of its word.
            return;
        }
        let letter_style =
            if sinks { self.sunken(style, &own, (&text[range.clone()], &language)) } else { Arc::clone(style) };
        let block = if sinks { &letter_style } else { &own };
        let letter = Inline::Text {
            text: Arc::from(&text[range.clone()]),
            style: self.text_styles.get_within(&letter_style, &language, block, self.fonts),
            tag,
            link,
        };
        let rest = Inline::Text { text: Arc::from(&text[range.end..]), style: rest_style, tag, link };
        let BoxKind::Paragraph(inlines) = &mut self.tree.get_mut(paragraph).kind else { return };
        inlines.content[at] = rest;
        if !sinks {
            inlines.content.insert(at, letter);
            for (place, _) in inlines.references.iter_mut().filter(|(place, _)| *place >= at) {
                *place += 1;
            }
            return;
        }
        let float = self.tree.push(BoxKind::Block, Arc::clone(&letter_style), Arc::clone(&language));
        let line = Inlines { content: vec![letter], ..Inlines::default() };
        let line = self.tree.push(BoxKind::Paragraph(Box::new(line)), letter_style, language);
        self.tree.get_mut(float).children.push(line);
        self.tree.get_mut(parent).children.insert(0, float);
        if style.initial_letter.is_some() && own.indent != LengthPercentage::default() {
            // The letter is what begins the first line, and was moved in its place.
            let indent = LengthPercentage::default();
            self.tree.get_mut(paragraph).style = Arc::new(Style { indent, ..Style::clone(&own) });
        }
    }

    /// The style of a letter beside which text stands. One that is some lines tall reaches from the top of the capitals
    /// of the first line to the baseline of the last, stands where that line begins, and what lies below it keeps clear of
    /// its tail (CSS Inline Layout 3, 7).
    fn sunken(&self, style: &Style, paragraph: &Style, (letter, language): (&str, &Arc<str>)) -> Arc<Style> {
        let start = if paragraph.direction == Direction::Rtl { Float::Right } else { Float::Left };
        let mut sunken = Style {
            display: Display::Block,
            float: if style.float.is_side() { style.float } else { start },
            indent: LengthPercentage::default(),
            ..style.clone()
        };
        let beside = if sunken.float == Float::Left { RIGHT } else { LEFT };
        if let Some(lines) = style.initial_letter {
            let text = text_style(paragraph, language);
            let metrics = self.fonts.metrics(&text);
            let line = line_height(paragraph, &text, self.fonts);
            let own = self.fonts.metrics(&text_style(style, language));
            let share = own.cap_height / style.font_size.max(0.01);
            sunken.font_size = ((lines - 1.0) * line + metrics.cap_height) / share.max(0.1);
            let own = self.fonts.metrics(&text_style(&sunken, language));
            let height = lines * line;
            let natural = (height - own.ascent - own.descent) / 2.0 + own.ascent;
            let wanted = (lines - 1.0) * line + (line - metrics.ascent - metrics.descent) / 2.0 + metrics.ascent;
            let tail = self.fonts.ink_below(&text_style(&sunken, language), letter);
            let among = (tail + metrics.cap_height * ASCENDERS) / line.max(0.01);
            let reached = (among.ceil() - 1.0).max(0.0) * line;
            sunken.line_height = LineHeight::Points(height);
            sunken.margin[TOP] = Size::points(wanted - natural);
            sunken.margin[BOTTOM] = Size::points(natural - wanted + (wanted + tail - height).min(reached).max(0.0));
            if sunken.float == start {
                let side = if start == Float::Left { LEFT } else { RIGHT };
                indent(&mut sunken.margin[side], paragraph.indent);
            }
        }
        if sunken.margin[beside] == Size::points(0.0) && sunken.padding[beside] == Padding::default() {
            sunken.margin[beside] = Size::points(sunken.font_size * LETTER_GAP);
        }
        Arc::new(sunken)
    }
}

/// Moves what has such a margin as far as `text-indent` moves a first line.
fn indent(margin: &mut Size, by: LengthPercentage) {
    match margin {
        Size::Of(length) => *length = LengthPercentage { pt: length.pt + by.pt, percent: length.percent + by.percent },
        Size::Auto | Size::Attribute => *margin = Size::Of(by),
        Size::Between(..) => {}
    }
}

/// The item that begins with a paragraph's first letter, and where in it the letter stands, with the punctuation around it.
fn letter(inlines: &Inlines, language: &str) -> Option<(usize, std::ops::Range<usize>)> {
    for (at, item) in inlines.content.iter().enumerate() {
        match item {
            Inline::Anchor(_) | Inline::Open { .. } | Inline::Close => {}
            Inline::Text { text, .. } if text.trim_start().is_empty() => {}
            Inline::Text { text, .. } => {
                return first_letter_of(text, language).map(|range| (at, range));
            }
            _ => return None,
        }
    }
    None
}

/// Where in a text its first letter stands with its marks and what it is joined to, and with the punctuation around it
/// (CSS Pseudo-elements 4, 2.2).
pub(super) fn first_letter_of(text: &str, language: &str) -> Option<std::ops::Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let opening = text[start..].find(|sign: char| sign.is_alphanumeric() || sign.is_whitespace())?;
    let letter = &text[start + opening..];
    if !letter.starts_with(char::is_alphanumeric) {
        return None;
    }
    let length = if is_dutch_ij(letter, language) { 2 } else { first_end(letter) };
    let closing = letter[length..].trim_start_matches(is_closing);
    Some(start..text.len() - closing.len())
}

/// Whether a text begins with the two signs of one Dutch letter.
fn is_dutch_ij(text: &str, language: &str) -> bool {
    let primary = language.split('-').next().unwrap_or_default();
    (text.starts_with("IJ") || text.starts_with("ij")) && primary.eq_ignore_ascii_case("nl")
}

/// Punctuation that belongs to the letter before it.
fn is_closing(character: char) -> bool {
    matches!(character, '.' | ',' | ':' | ';' | '!' | '?' | '’' | '”' | '»' | '\'' | '"' | ')' | ']')
}
