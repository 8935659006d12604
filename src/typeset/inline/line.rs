//! Setting a line: what stands on it, how wide, in which order.

use crate::typeset::shape::{RunId, WordId};

use super::breaks::{Position, Span, TOLERANCE};
use super::collapse::Mark;
use super::cutting::Cutting;
use super::fit::SHRINK;
use super::order::reorder;
use super::paint::Painter;
use super::pieces::{Kind, Piece};
use super::vertical::extents;
use super::{Align, Direction, Fragment, Line, Paragraph};

/// By how much more than its width a space is stretched at most.
const WIDEST: f32 = 4.0;

/// How much a gap between letters that are written without spaces is stretched, of what a space is.
const GAP: f32 = 0.6;

/// A piece, or part of one, on a line.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    /// Where the part starts in the paragraph's text.
    pub(super) start: u32,
    /// Index of the source span.
    pub(super) span: u32,
    pub(super) level: u8,
    /// In points, as it will be painted.
    pub(super) width: f32,
    /// Whether justification may stretch the line after it, although it is no space.
    pub(super) gap: bool,
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
}

/// Sets the lines of one paragraph.
pub(super) struct Setter<'a, 'f> {
    pub(super) paragraph: &'a Paragraph,
    pub(super) cutting: Cutting<'a, 'f>,
    /// Marks not yet passed.
    pub(super) marks: std::iter::Peekable<std::slice::Iter<'a, (u32, Mark)>>,
    /// Whether the breaks are the best for all lines; else a line may hold too little to be justified.
    pub(super) total_fit: bool,
    pub(super) parts: Vec<Part>,
}

impl Setter<'_, '_> {
    /// Sets the line `span`, the `index`-th of the paragraph.
    pub(super) fn set(&mut self, index: usize, span: &Span) -> Line {
        self.collect(span);
        self.end_spaces();
        let indent = if index == 0 { self.cutting.indent } else { 0.0 };
        let available = span.room.width - indent;
        let natural: f32 = self.parts.iter().map(|part| part.width).sum();
        let slack = available - natural;
        let align = self.align(span.last);
        // A last line too may have been chosen with narrower spaces.
        let justified = align == Align::Justify || self.total_fit && slack < 0.0;
        let filled = self.fill_leaders(slack) || (justified && self.justify(slack));
        // A line that was made to fit by narrower spaces is not overfull.
        let natural = if filled { natural.min(available) } else { natural };
        let offset = if filled { 0.0 } else { self.offset(align, slack) };
        reorder(&mut self.parts, |part| part.level);
        let (above, below) = extents(self.paragraph, &self.cutting, &self.parts);
        let mut fragments = self.pass_marks(span.end);
        Painter::new(&mut self.cutting, offset, &mut fragments).paint(&self.parts);
        let rtl = self.paragraph.direction == Direction::Rtl;
        Line {
            x: span.room.left + if rtl { 0.0 } else { indent },
            available,
            natural,
            height: above + below,
            baseline: above,
            fragments,
        }
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
            Kind::Word { run, word } | Kind::Space { run, word, .. } if whole => {
                (PartKind::Text { run, word }, piece.width)
            }
            Kind::Word { .. } | Kind::Space { .. } => {
                let to = to.unwrap_or(piece.end - piece.start);
                let Some((run, word)) = self.cutting.part(index, from, to) else { return };
                (PartKind::Text { run, word }, self.cutting.word_width(index, word))
            }
        };
        let gap = to.is_none() && self.cutting.stretches_after(index);
        self.parts.push(Part { kind, start: piece.start + from, span: piece.span, level: piece.level, width, gap });
    }

    fn push_hyphen(&mut self, index: usize, end: Position) {
        let piece = self.cutting.pieces[index];
        let Some((run, word)) = self.cutting.hyphen(index) else { return };
        let start = piece.start + if end.offset > 0 { end.offset } else { piece.end - piece.start };
        let width = self.cutting.hyphen_width(index);
        let (span, level) = (piece.span, piece.level);
        self.parts.push(Part { kind: PartKind::Hyphen { run, word }, start, span, level, width, gap: false });
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
                _ => break,
            }
        }
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

    /// Spreads what is left of the line over its spaces and gaps, or takes what is too much from its spaces.
    fn justify(&mut self, slack: f32) -> bool {
        let text = &self.cutting.source.text;
        let is_space = |part: &Part| {
            let stretches = |rest: &str| rest.starts_with([' ', '\u{A0}']);
            matches!(part.kind, PartKind::Text { .. }) && stretches(&text[part.start as usize..])
        };
        // Nothing is stretched after what stands last.
        let is_end = |part: &Part| matches!(part.kind, PartKind::Trailing { .. });
        let last = self.parts.iter().rposition(|part| !is_end(part)).unwrap_or(0);
        if let Some(last) = self.parts.get_mut(last) {
            last.gap = false;
        }
        let (mut spaces, mut width, mut gaps) = (0_usize, 0.0, 0_usize);
        for part in &self.parts {
            if is_space(part) {
                spaces += 1;
                width += part.width;
            } else {
                gaps += usize::from(part.gap);
            }
        }
        if -slack > width * SHRINK as f32 + 2.0 * TOLERANCE || spaces + gaps == 0 {
            return false;
        }
        let gap = if slack > 0.0 { GAP } else { 0.0 };
        let places = spaces as f32 + gaps as f32 * gap;
        if places <= 0.0 {
            return slack > -2.0 * TOLERANCE;
        }
        let share = slack / places;
        // A line beside a word that could not be broken is better ragged than torn apart. Letters without spaces are as
        // wide as four of them.
        let mean = || self.parts.iter().map(|part| part.width).sum::<f32>() / self.parts.len() as f32;
        let space = if spaces > 0 { width / spaces as f32 } else { mean() / 4.0 };
        if !self.total_fit && share > WIDEST * space {
            return false;
        }
        for part in &mut self.parts {
            if is_space(part) {
                part.width += share;
            } else if part.gap {
                part.width += share * gap;
            }
        }
        true
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
