//! Lines that are alike in length, or do not leave a short word alone: `text-wrap: balance` and `pretty` (CSS Text 4, 6.3.2).

use super::Room;
use super::breaks::{Span, TOLERANCE};
use super::cutting::Cutting;
use super::pieces::Break;

/// Paragraphs of more lines are not balanced.
const MOST_BALANCED: usize = 8;
/// How exactly, in parts of the measure.
const BALANCED: f32 = 0.01;

/// A last line is short that fills less than this part of the measure.
pub(super) const SHORT: f32 = 0.2;
/// In how many steps the measure is made narrower, and by which part of it.
const NARROWER: usize = 10;
const STEP: f32 = 0.02;

impl Cutting<'_, '_> {
    /// Breaks by first fit in the narrowest measure that takes no more lines than the one that is there, and divides no more
    /// words. Long paragraphs, and lines beside floats, are left as they are.
    pub(super) fn balanced(&mut self, room: &mut dyn FnMut(usize) -> Room) -> Vec<Span> {
        let mut lines = self.first_fit(room);
        let whole = room(0);
        if !(2..=MOST_BALANCED).contains(&lines.len()) || lines.iter().any(|line| line.room != whole) {
            return lines;
        }
        let divided = self.divided(&lines);
        let (mut too_narrow, mut enough) = (self.longest_that_fits(whole.width), whole.width);
        while enough - too_narrow > whole.width * BALANCED {
            let width = f32::midpoint(too_narrow, enough);
            let narrow = self.first_fit(&mut |_| Room { width, ..whole });
            if narrow.len() > lines.len() || self.divided(&narrow) > divided {
                too_narrow = width;
            } else {
                (lines, enough) = (narrow, width);
            }
        }
        lines.into_iter().map(|line| Span { room: whole, ..line }).collect()
    }

    /// Breaks by first fit in a measure so much narrower that the last line is no short word alone, if that takes no more
    /// lines and divides no more words.
    pub(super) fn pretty(&mut self, room: &mut dyn FnMut(usize) -> Room) -> Vec<Span> {
        let lines = self.first_fit(room);
        let whole = room(0);
        let is_short = lines.last().is_some_and(|line| self.is_short(line));
        if lines.len() < 2 || !is_short || lines.iter().any(|line| line.room != whole) {
            return lines;
        }
        let divided = self.divided(&lines);
        for step in 1..=NARROWER {
            let width = whole.width * (1.0 - step as f32 * STEP);
            let narrow = self.first_fit(&mut |_| Room { width, ..whole });
            if narrow.len() > lines.len() || self.divided(&narrow) > divided {
                break;
            }
            if !narrow.last().is_some_and(|line| self.is_short(line)) {
                return narrow.into_iter().map(|line| Span { room: whole, ..line }).collect();
            }
        }
        lines
    }

    /// Whether a line is so short that it would look forgotten.
    fn is_short(&self, line: &Span) -> bool {
        let pieces = self.pieces.iter().enumerate().skip(line.start.piece).take(line.end.piece - line.start.piece);
        let widths = pieces.map(|(index, piece)| match line.start {
            start if start.piece == index && start.offset > 0 => {
                self.width_between(index, start.offset, piece.end - piece.start)
            }
            _ => piece.width,
        });
        widths.sum::<f32>() < line.room.width * SHORT
    }

    /// How many of the lines end within a word.
    fn divided(&self, lines: &[Span]) -> usize {
        lines.iter().filter(|line| line.hyphen || self.is_cut(line)).count()
    }

    /// The width of the longest part without a place to end a line that fits into a measure.
    fn longest_that_fits(&self, measure: f32) -> f32 {
        let (mut longest, mut width, mut spaces) = (0.0_f32, self.indent, 0.0);
        for (index, piece) in self.pieces.iter().enumerate() {
            if piece.is_space() {
                spaces += piece.width;
            } else {
                width += spaces + piece.width;
                spaces = 0.0;
            }
            if piece.after != Break::Never || index + 1 == self.pieces.len() {
                if width <= measure + TOLERANCE {
                    longest = longest.max(width);
                }
                (width, spaces) = (0.0, 0.0);
            }
        }
        longest
    }
}
