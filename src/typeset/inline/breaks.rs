//! Where lines end: first fit, for text that is not justified and around what is wider than its line.

use super::Room;
use super::cutting::Cutting;
use super::pieces::{Break, Kind};
use super::tabs::Walk;

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
/// So many of them end in hyphens one after the other, if others can be filled.
const MOST_HYPHENS: usize = 2;

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
        let is_ladder = lines.len() >= MOST_HYPHENS && lines.iter().rev().take(MOST_HYPHENS).all(|line| line.hyphen);
        let End { position: end, hyphen, last } =
            self.fill(start, room.width - indent + TOLERANCE, (room.left, indent), is_ladder);
        lines.push(Span { start, end, hyphen, last, ragged: true, room });
        end
    }

    /// The end of the line that starts at `start`, `from_edge` of the block, behind a ladder of hyphens or not.
    fn fill(&mut self, start: Position, limit: f32, from_edge: (f32, f32), is_ladder: bool) -> End {
        let mut filled = Filled { width: 0.0, spaces: 0.0, best: None, is_ladder };
        let mut overfull = false;
        let mut tabs = Walk::new(self.source, self.shaper, from_edge);
        for index in start.piece..self.pieces.len() {
            let piece = self.pieces[index];
            let from = if index == start.piece { start.offset } else { 0 };
            let width = if from > 0 { self.width_between(index, from, piece.end - piece.start) } else { piece.width };
            let width = tabs.as_mut().map_or(width, |walk| walk.pass(piece.start, piece.is_space(), width));
            if piece.is_space() {
                filled.spaces += width;
            } else {
                let room = limit - filled.width - filled.spaces;
                if width > room && !overfull {
                    let at = Position { piece: index, offset: from };
                    if let Some(end) = self.overflow(start, &filled, at, (room, limit)) {
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
    fn overflow(&mut self, start: Position, filled: &Filled, at: Position, (room, limit): (f32, f32)) -> Option<End> {
        if let Some(offset) = self.break_within(at, room) {
            return Some(End { position: Position { offset, ..at }, hyphen: false, last: false });
        }
        let zone = filled.best.is_none_or(|(_, width)| width < limit * HYPHENATION_ZONE && !filled.is_ladder);
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
        self.end_at_need(start, at, room, filled.width <= 0.0)
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
}

/// What a line holds so far.
struct Filled {
    /// Up to the last visible piece.
    width: f32,
    /// The spaces after it.
    spaces: f32,
    /// The last place where the line may end, and the width it then has.
    best: Option<(End, f32)>,
    /// Whether the lines before end in as many hyphens as may be.
    is_ladder: bool,
}

/// Where a line ends, whether a hyphen is shown there, and whether by a forced break or with the paragraph.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) position: Position,
    pub(super) hyphen: bool,
    pub(super) last: bool,
}
