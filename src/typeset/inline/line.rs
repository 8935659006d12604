//! Setting a line: what stands on it, how wide, in which order.

use crate::typeset::shape::{RunId, WordId};

use super::breaks::{Position, Span, TOLERANCE};
use super::collapse::{Content, Mark};
use super::cutting::Cutting;
use super::fit::{GAP_STRETCH, SHRINK, STRETCH};
use super::need::CutWord;
use super::order::reorder;
use super::paint::{Painter, PainterRoom};
use super::pieces::{Kind, Piece};
use super::tabs::Walk;
use super::vertical::extents;
use super::{Align, Direction, Fragment, Line, Paragraph};

/// By how much more than its width a space is stretched at most.
const WIDEST: f32 = 4.0;
/// By how much kerning changes where a word is cut, in ems.
const KERNING: f32 = 0.05;
/// The widest gap between ideographs, in ems: wider ones would tear the line apart.
const WIDEST_GAP: f32 = 1.0;

/// A piece, or part of one, on a line.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    /// Where the part starts in the paragraph's text.
    pub(super) start: u32,
    /// Index of the source span.
    pub(super) span: u32,
    pub(super) level: u8,
    /// Whether justification may open a gap after it.
    pub(super) opens: bool,
    /// In points, as it will be painted.
    pub(super) width: f32,
}

#[derive(Clone, Copy)]
pub(super) enum PartKind {
    /// A word or a space; where the part is wider than its glyphs, justification or word spacing made it so.
    Text {
        run: RunId,
        word: WordId,
    },
    /// A space at the end of the line: in the text, but without width.
    Trailing {
        run: RunId,
        word: WordId,
    },
    /// A hyphen that the source does not have.
    Hyphen {
        run: RunId,
        word: WordId,
    },
    Atom,
    Leader,
    /// Of an inline box.
    Edge,
}

/// The spaces of a line, their width, and by how much its gaps between ideographs may grow.
struct Growth {
    spaces: usize,
    width: f32,
    gaps: f32,
}

/// Whether a part is a space that grows.
fn is_space(text: &str, part: &Part) -> bool {
    matches!(part.kind, PartKind::Text { .. }) && text[part.start as usize..].starts_with([' ', '\u{A0}'])
}

/// The font size of a part.
fn size(cutting: &Cutting<'_, '_>, part: &Part) -> f32 {
    match cutting.source.spans[part.span as usize].content {
        Content::Text { style, .. } => style.size,
        _ => 0.0,
    }
}

/// Sets the lines of one paragraph.
pub(super) struct Setter<'a, 'f> {
    pub(super) paragraph: &'a Paragraph,
    pub(super) cutting: Cutting<'a, 'f>,
    /// Marks not yet passed.
    pub(super) marks: std::iter::Peekable<std::slice::Iter<'a, (u32, Mark)>>,
    pub(super) parts: Vec<Part>,
    pub(super) room: PainterRoom,
    /// The word that was cut last.
    pub(super) cut_word: Option<CutWord>,
}

impl Setter<'_, '_> {
    /// Sets the line `span`, the `index`-th of the paragraph.
    pub(super) fn set(&mut self, index: usize, span: &Span) -> Line {
        self.collect(span);
        let indent = if index == 0 { self.cutting.indent } else { 0.0 };
        let has_tabs = self.set_tabs((span.room.left, indent));
        self.end_spaces();
        let available = span.room.width - indent;
        let natural: f32 = self.parts.iter().map(|part| part.width).sum();
        let slack = available - natural;
        let align = self.align(span.last);
        // A last line too may have been chosen with narrower spaces.
        let justified = align == Align::Justify || !span.ragged && slack < 0.0;
        // A last line that is to be justified though the others are not is.
        let last_alone =
            span.last && self.paragraph.align != Align::Justify && self.paragraph.align_last == Some(Align::Justify);
        let filled =
            self.fill_leaders(slack) || (justified && !has_tabs && self.justify(slack, span.ragged && !last_alone));
        // A line that was made to fit by narrower spaces is not overfull.
        let natural = if filled { natural.min(available) } else { natural };
        let offset = if filled { 0.0 } else { self.offset(align, slack) };
        let crammed = self.crammed(span, natural - available);
        reorder(&mut self.parts, |part| part.level);
        let (above, below) = extents(self.paragraph, &self.cutting, &self.parts);
        let mut fragments = self.pass_marks(span.end);
        Painter::new(&mut self.cutting, offset, (above, below), &mut fragments, &mut self.room).paint(&self.parts);
        let rtl = self.paragraph.direction == Direction::Rtl;
        Line {
            x: span.room.left + if rtl { 0.0 } else { indent },
            available,
            natural,
            crammed,
            cut: self.cutting.cut_word(span, &mut self.cut_word),
            height: above + below,
            baseline: above,
            fragments,
        }
    }

    /// The width of what does not fit on a line, which sticks out so far or was cut without a hyphen.
    fn crammed(&self, span: &Span, out: f32) -> f32 {
        let is_cut = self.cutting.is_cut(span) || self.cutting.is_hyphenated_at_need(span);
        if is_cut {
            return self.cutting.pieces[span.end.piece].width;
        }
        if out > TOLERANCE { self.parts.iter().map(|part| part.width).sum() } else { 0.0 }
    }

    /// The pieces of the line, the first and last perhaps in part.
    fn collect(&mut self, line: &Span) {
        self.parts.clear();
        let Position { piece: last, offset } = line.end;
        for index in line.start.piece..last {
            let from = if index == line.start.piece { line.start.offset } else { 0 };
            self.push(index, from, None);
        }
        if offset > 0 {
            let from = if last == line.start.piece { line.start.offset } else { 0 };
            self.push(last, from, Some(offset));
        }
        if line.hyphen {
            self.push_hyphen(if offset > 0 { last } else { last - 1 }, line.end);
        }
    }

    fn push(&mut self, index: usize, from: u32, to: Option<u32>) {
        let piece: Piece = self.cutting.pieces[index];
        let whole = from == 0 && to.is_none();
        let (kind, width) = match piece.kind {
            Kind::Newline => return,
            Kind::Atom => (PartKind::Atom, piece.width),
            Kind::Leader => (PartKind::Leader, piece.width),
            Kind::Edge => (PartKind::Edge, piece.width),
            Kind::Word { run, word } | Kind::Space { run, word, .. } if whole => {
                (PartKind::Text { run, word }, piece.width)
            }
            Kind::Word { .. } | Kind::Space { .. } => {
                let to = to.unwrap_or(piece.end - piece.start);
                let Some((run, word)) = self.cutting.part(index, from, to) else { return };
                (PartKind::Text { run, word }, self.cutting.word_width(index, word))
            }
        };
        let (start, opens) = (piece.start + from, piece.opens && to.is_none());
        self.parts.push(Part { kind, start, span: piece.span, level: piece.level, opens, width });
    }

    fn push_hyphen(&mut self, index: usize, end: Position) {
        let piece = self.cutting.pieces[index];
        let Some((run, word)) = self.cutting.hyphen(index) else { return };
        let start = piece.start + if end.offset > 0 { end.offset } else { piece.end - piece.start };
        let width = self.cutting.hyphen_width(index);
        let (span, level) = (piece.span, piece.level);
        self.parts.push(Part { kind: PartKind::Hyphen { run, word }, start, span, level, opens: false, width });
    }

    /// Spaces at the end of a line take no width and stand at its end side (CSS Text 3, 4.1.2; UAX 9, L1).
    fn end_spaces(&mut self) {
        let base = u8::from(self.paragraph.direction == Direction::Rtl);
        let text = &self.cutting.source.text;
        for part in self.parts.iter_mut().rev() {
            match part.kind {
                PartKind::Text { run, word } if text[part.start as usize..].starts_with(' ') => {
                    *part = Part { kind: PartKind::Trailing { run, word }, level: base, width: 0.0, ..*part };
                }
                PartKind::Edge => {}
                _ => break,
            }
        }
    }

    /// Sets the widths of the tabs of a line that begins so far from the edge of the block; whether it has any: then its
    /// words stand in columns.
    fn set_tabs(&mut self, from_edge: (f32, f32)) -> bool {
        let source = self.cutting.source;
        let Some(mut walk) = Walk::new(source, self.cutting.shaper, from_edge) else { return false };
        let mut has_tabs = false;
        for part in &mut self.parts {
            let is_space = is_space(&source.text, part);
            has_tabs |= is_space && source.tabs.binary_search_by_key(&part.start, |tab| tab.start).is_ok();
            part.width = walk.pass(part.start, is_space, part.width);
        }
        has_tabs
    }

    /// How this line is aligned, with start and end resolved to a side.
    fn align(&self, last: bool) -> Align {
        let paragraph = self.paragraph;
        let align = match paragraph.align_last {
            Some(align) if last => align,
            None if last && paragraph.align == Align::Justify => Align::Start,
            _ => paragraph.align,
        };
        match (align, paragraph.direction) {
            (Align::Start, Direction::Ltr) | (Align::End, Direction::Rtl) => Align::Left,
            (Align::Start, Direction::Rtl) | (Align::End, Direction::Ltr) => Align::Right,
            (align, _) => align,
        }
    }

    fn offset(&self, align: Align, slack: f32) -> f32 {
        let start_is_right = self.paragraph.direction == Direction::Rtl;
        match align {
            Align::Right => slack,
            Align::Center if slack > 0.0 => slack / 2.0,
            // An overfull line sticks out at its end, and so does a line that could not be justified.
            Align::Justify | Align::Center if start_is_right => slack,
            _ => 0.0,
        }
    }

    /// Gives the leaders of the line what is left of it.
    fn fill_leaders(&mut self, slack: f32) -> bool {
        let leaders = self.parts.iter().filter(|part| matches!(part.kind, PartKind::Leader)).count();
        if leaders == 0 || slack < 0.0 {
            return false;
        }
        for part in self.parts.iter_mut().filter(|part| matches!(part.kind, PartKind::Leader)) {
            part.width += slack / leaders as f32;
        }
        true
    }

    /// Spreads what is left of the line over its spaces and the gaps between ideographs, or takes what is too much from
    /// its spaces. A `ragged` line is left as it is where it would be torn apart, and so is one of ideographs.
    fn justify(&mut self, slack: f32, ragged: bool) -> bool {
        let Growth { spaces, width, gaps } = self.growth();
        if spaces == 0 && gaps <= 0.0 || -slack > width * SHRINK as f32 + self.inexact() {
            return false;
        }
        // Both grow by the same part of what they may.
        let of_spaces = width * STRETCH as f32;
        let parts = if slack > 0.0 { slack / (of_spaces + gaps).max(f32::EPSILON) } else { 0.0 };
        let for_spaces = if gaps > 0.0 && slack > 0.0 { of_spaces * parts } else { slack };
        let share = if spaces == 0 { 0.0 } else { for_spaces / spaces as f32 };
        let is_torn = gaps > 0.0 && parts * GAP_STRETCH as f32 > WIDEST_GAP;
        if is_torn || ragged && parts * STRETCH as f32 > WIDEST {
            return false;
        }
        let text = &self.cutting.source.text;
        let last = self.parts.len() - 1;
        for (index, part) in self.parts.iter_mut().enumerate() {
            if is_space(text, part) {
                part.width += share;
            } else if part.opens && index < last {
                part.width += parts * GAP_STRETCH as f32 * size(&self.cutting, part);
            }
        }
        true
    }

    /// By how much the width of a line may differ from what it was chosen by: letters are kerned otherwise where a word is cut.
    fn inexact(&self) -> f32 {
        self.parts.last().map_or(0.0, |last| KERNING * size(&self.cutting, last)) + 2.0 * TOLERANCE
    }

    /// What of a line can grow.
    fn growth(&self) -> Growth {
        let text = &self.cutting.source.text;
        let mut growth = Growth { spaces: 0, width: 0.0, gaps: 0.0 };
        let last = self.parts.len().saturating_sub(1);
        for (index, part) in self.parts.iter().enumerate() {
            if is_space(text, part) {
                growth.spaces += 1;
                growth.width += part.width;
            } else if part.opens && index < last {
                growth.gaps += GAP_STRETCH as f32 * size(&self.cutting, part);
            }
        }
        growth
    }

    /// The marks that stand before `end`, or all that are left at the end of the paragraph.
    fn pass_marks(&mut self, end: Position) -> Vec<Fragment> {
        let pieces = self.cutting.pieces;
        let limit = pieces.get(end.piece).map_or(u32::MAX, |piece| piece.start + end.offset);
        let mut passed = Vec::new();
        while let Some((_, mark)) = self.marks.next_if(|(offset, _)| *offset < limit) {
            passed.push(mark.fragment());
        }
        passed
    }
}
