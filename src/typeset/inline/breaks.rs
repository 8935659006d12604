//! Where lines end: first fit, for text that is not justified and around what is wider than its line.

use super::Room;
use super::cutting::Cutting;
use super::pieces::{Break, Kind};

/// A place between two glyph clusters: `offset` bytes into a piece.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Position {
    pub(super) piece: usize,
    pub(super) offset: u32,
}

/// One line: from where the last one ended up to `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) start: Position,
    pub(super) end: Position,
    /// Whether a hyphen is shown at the end.
    pub(super) hyphen: bool,
    /// Whether the line ends by a forced break or with the paragraph.
    pub(super) last: bool,
    /// Whether the line is next to something wider than itself, so that it may hold too little to be justified.
    pub(super) ragged: bool,
    pub(super) room: Room,
}

/// Rounding must never make a line that fits exactly too long.
pub(super) const TOLERANCE: f32 = 0.01;
/// Ragged lines are hyphenated only if they would stay shorter than this part of the measure.
const HYPHENATION_ZONE: f32 = 0.9;

/// Paragraphs of more lines are not balanced.
const MOST_BALANCED: usize = 8;
/// How exactly, in parts of the measure.
const BALANCED: f32 = 0.01;

impl Cutting<'_, '_> {
    /// Breaks by first fit: each line takes as much as it holds.
    pub(super) fn first_fit(&mut self, room: &mut dyn FnMut(usize) -> Room) -> Vec<Span> {
        let mut lines = Vec::new();
        let mut start = Position::default();
        while start.piece < self.pieces.len() {
            start = self.fill_line(start, 0, &mut lines, room);
        }
        lines
    }

    /// Breaks by first fit in the narrowest measure that takes no more lines than the one that is there (CSS Text 4, 6.3.2).
    /// Long paragraphs, and lines beside floats, are left as they are.
    pub(super) fn balanced(&mut self, room: &mut dyn FnMut(usize) -> Room) -> Vec<Span> {
        let mut lines = self.first_fit(room);
        let whole = room(0);
        if !(2..=MOST_BALANCED).contains(&lines.len()) || lines.iter().any(|line| line.room != whole) {
            return lines;
        }
        let (mut too_narrow, mut enough) = (0.0, whole.width);
        while enough - too_narrow > whole.width * BALANCED {
            let width = f32::midpoint(too_narrow, enough);
            let narrow = self.first_fit(&mut |_| Room { width, ..whole });
            if narrow.len() > lines.len() {
                too_narrow = width;
            } else {
                (lines, enough) = (narrow, width);
            }
        }
        lines.into_iter().map(|line| Span { room: whole, ..line }).collect()
    }

    /// Adds the line that starts at `start`, as full as can be; returns its end. The first of the lines has the number
    /// `first` in its paragraph.
    pub(super) fn fill_line(
        &mut self,
        start: Position,
        first: usize,
        lines: &mut Vec<Span>,
        room: &mut dyn FnMut(usize) -> Room,
    ) -> Position {
        let number = first + lines.len();
        let room = room(number);
        let indent = if number == 0 { self.indent } else { 0.0 };
        let End { position: end, hyphen, last } = self.fill(start, room.width - indent + TOLERANCE);
        lines.push(Span { start, end, hyphen, last, ragged: true, room });
        end
    }

    /// The end of the line that starts at `start`.
    fn fill(&mut self, start: Position, limit: f32) -> End {
        let mut filled = Filled { width: 0.0, spaces: 0.0, best: None };
        let mut overfull = false;
        for index in start.piece..self.pieces.len() {
            let piece = self.pieces[index];
            let from = if index == start.piece { start.offset } else { 0 };
            let width = if from > 0 { self.width_between(index, from, piece.end - piece.start) } else { piece.width };
            if piece.is_space() {
                filled.spaces += width;
            } else {
                let room = limit - filled.width - filled.spaces;
                if width > room && !overfull {
                    if let Some(end) = self.overflow(&filled, Position { piece: index, offset: from }, room, limit) {
                        return end;
                    }
                    overfull = true;
                }
                filled.width += filled.spaces + width;
                filled.spaces = 0.0;
            }
            let end = Position { piece: index + 1, offset: 0 };
            match piece.after {
                Break::Forced => return End { position: end, hyphen: false, last: true },
                Break::Allowed => {
                    let hyphen = self.ends_in_soft_hyphen(index);
                    let shown = if hyphen { self.hyphen_width(index) } else { 0.0 };
                    if overfull {
                        return End { position: end, hyphen, last: end.piece == self.pieces.len() };
                    }
                    // A leader begins a line only where there is no other way: the last word goes with it.
                    let begins_with_leader = self.leads(index + 1) && filled.best.is_some();
                    if filled.width + shown <= limit && !begins_with_leader {
                        filled.best = Some((End { position: end, hyphen, last: false }, filled.width));
                    }
                }
                Break::Never => {}
            }
        }
        End { position: Position { piece: self.pieces.len(), offset: 0 }, hyphen: false, last: true }
    }

    /// Whether the piece is a leader.
    pub(super) fn leads(&self, piece: usize) -> bool {
        self.pieces.get(piece).is_some_and(|piece| matches!(piece.kind, Kind::Leader))
    }

    /// The piece at `at` does not fit into `room`: where the line ends instead, if anywhere before the piece's end.
    fn overflow(&mut self, filled: &Filled, at: Position, room: f32, limit: f32) -> Option<End> {
        if let Some(offset) = self.break_within(at, room) {
            return Some(End { position: Position { offset, ..at }, hyphen: false, last: false });
        }
        let zone = filled.best.is_none_or(|(_, width)| width < limit * HYPHENATION_ZONE);
        if zone && let Some(offset) = self.hyphen_within(at, room) {
            return Some(End { position: Position { offset, ..at }, hyphen: true, last: false });
        }
        if let Some((end, _)) = filled.best {
            return Some(end);
        }
        if let Some(offset) = self.breaks_within(at.piece).into_iter().find(|offset| *offset > at.offset) {
            return Some(End { position: Position { offset, ..at }, hyphen: false, last: false });
        }
        if !self.breaks_anywhere(at.piece) {
            return None;
        }
        let nothing_yet = filled.width <= 0.0;
        match self.cluster_within(at, room, nothing_yet) {
            Some(offset) => {
                let offset = self.between_parts(at, offset);
                Some(End { position: Position { offset, ..at }, hyphen: false, last: false })
            }
            None if nothing_yet => None,
            None => Some(End { position: at, hyphen: false, last: false }),
        }
    }

    /// The last place within a word where it may be hyphenated so that the first part fits.
    fn hyphen_within(&mut self, at: Position, room: f32) -> Option<u32> {
        let offsets = self.hyphens(at.piece);
        if offsets.is_empty() {
            return None;
        }
        let room = room - self.hyphen_width(at.piece);
        let fits = |offset: &u32| *offset > at.offset && self.width_between(at.piece, at.offset, *offset) <= room;
        offsets.into_iter().rev().find(fits)
    }

    /// The last place within a word where lines end without a hyphen, so that the first part fits.
    fn break_within(&self, at: Position, room: f32) -> Option<u32> {
        let fits = |offset: &u32| *offset > at.offset && self.width_between(at.piece, at.offset, *offset) <= room;
        self.breaks_within(at.piece).into_iter().rev().find(fits)
    }

    /// Where an address that fits up to `offset` is better cut: between its parts, if that is not much shorter.
    fn between_parts(&self, at: Position, offset: u32) -> u32 {
        let text = self.text(at.piece);
        let Some(fits) = text.get(at.offset as usize..offset as usize) else { return offset };
        let least = fits.len() * 3 / 5;
        let parts = |(cut, after): &(usize, char)| {
            let before = fits[..*cut].chars().next_back();
            let ends =
                before == Some('/') && *after != '/' || matches!(after, '.' | '?' | '&' | '=' | '#' | '-' | '_' | '%');
            *cut >= least && ends && before.is_some_and(|before| before == '/' || before.is_alphanumeric())
        };
        let next = text[offset as usize..].chars().next().map(|next| (fits.len(), next));
        let cut = next.into_iter().chain(fits.char_indices().rev()).find(parts);
        cut.map_or(offset, |(cut, _)| at.offset + cut as u32)
    }

    /// The last cluster boundary within a word so that the first part fits; with `some` at least one cluster.
    fn cluster_within(&self, at: Position, room: f32, some: bool) -> Option<u32> {
        let Kind::Word { word, .. } = self.pieces[at.piece].kind else { return None };
        let mut starts: Vec<(u32, f32)> = Vec::new();
        let (size, spacing) = self.size_and_spacing(at.piece);
        for glyph in self.shaper.glyphs(word) {
            match starts.last_mut() {
                Some((start, width)) if *start == glyph.start => *width += glyph.advance * size,
                _ => starts.push((glyph.start, glyph.advance * size + spacing)),
            }
        }
        starts.sort_by_key(|(start, _)| *start);
        let mut width = 0.0;
        let mut first = true;
        for (start, advance) in starts.into_iter().filter(|(start, _)| *start >= at.offset) {
            if width + advance > room && !(first && some) {
                return (start > at.offset).then_some(start);
            }
            width += advance;
            first = false;
        }
        None
    }
}

/// What a line holds so far.
struct Filled {
    /// Up to the last visible piece.
    width: f32,
    /// The spaces after it.
    spaces: f32,
    /// The last place where the line may end, and the width it then has.
    best: Option<(End, f32)>,
}

#[derive(Clone, Copy)]
struct End {
    position: Position,
    hyphen: bool,
    last: bool,
}
