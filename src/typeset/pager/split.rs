//! Cutting rows that are taller than a page.

use std::sync::Arc;

use crate::typeset::block::boxes::Mark;
use crate::typeset::block::footnotes::notes_in_row;
use crate::typeset::block::piece::{Cell, Content, Flowed, Frame, Keep, Piece, Row, Strip};
use crate::typeset::style::computed::{BOTTOM, TOP};

/// Heights that differ by less are the same.
const ROUNDING: f32 = 0.01;

/// Less than this of a row within a cell is not worth cutting it for, and less than that is never left of one.
const LEAST_ROW: f32 = 20.0;
const LEAST_CUT: f32 = 1.0;

/// What of a cell's upper edges stands above the part of it that goes on on the next page, at most.
const EDGE_BELOW_CUT: f32 = 6.0;

/// What may be done so that something of a row stays above a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    /// Nothing: where a cell begins with what may not be broken and does not fit, the row goes on whole.
    None,
    /// What may not be broken is.
    Tear,
    /// Something of the first row stays, fitting or not.
    Must,
}

/// How content stands to a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    /// Nothing of it would stay above.
    Below,
    /// Something would.
    Above,
    /// Something would, but the cut goes through what may not be broken, and nothing stands above that.
    Torn,
}

impl Row {
    /// Cuts at a height, between rows that spans tie together where it can: what is above stays, the rest is returned.
    /// `None` where nothing could stay.
    pub(super) fn split(&mut self, at: f32, force: Force) -> Option<Row> {
        let must = force == Force::Must;
        if !must && !self.keeps_above(at, force) {
            return None;
        }
        let between = self.tops.iter().rev().find(|top| **top <= at + ROUNDING).copied();
        let line = between.unwrap_or(at);
        let mut rest = Row { height: self.height - line, kept: self.kept, ..Row::default() };
        rest.tops = self.tops.iter().map(|top| top - line).filter(|top| *top > ROUNDING).collect();
        self.tops.retain(|top| *top < line - ROUNDING);
        self.tops.shrink_to_fit();
        for mut cell in std::mem::take(&mut self.cells) {
            if cell.y >= line - ROUNDING {
                cell.y -= line;
                rest.cells.push(cell);
                continue;
            }
            if cell.y + cell.height > line + ROUNDING {
                rest.cells.push(cell.cut(line, if between.is_none() { force } else { Force::Tear }));
            }
            self.cells.push(cell);
        }
        self.split_backgrounds(line, &mut rest);
        let below = |(down, _): &mut (f32, Mark)| *down >= line - ROUNDING;
        rest.marks = self.marks.extract_if(.., below).map(|(down, mark)| (down - line, mark)).collect();
        self.marks.shrink_to_fit();
        self.height = line;
        if between.is_none() {
            if must {
                rest.align_first_row();
            }
            rest.fit_first_row();
        }
        rest.fit_cut_cells();
        Some(rest)
    }

    /// Whether something of it would stay above a cut.
    pub(super) fn keeps_above(&self, at: f32, force: Force) -> bool {
        match force {
            Force::None => self.stands(at) == Stands::Above,
            _ => self.has_top(at) || self.cells.iter().any(|cell| cell.stands(at, force) != Stands::Below),
        }
    }

    /// Whether it can be cut between its rows.
    fn has_top(&self, at: f32) -> bool {
        self.tops.iter().any(|top| *top <= at + ROUNDING)
    }

    /// How it stands to a cut at which nothing is forced. Each cell is looked at once: tables nest deeply.
    fn stands(&self, at: f32) -> Stands {
        if self.has_top(at) {
            return Stands::Above;
        }
        self.cells.iter().map(|cell| cell.stands(at, Force::None)).max().unwrap_or(Stands::Below)
    }

    fn split_backgrounds(&mut self, at: f32, rest: &mut Row) {
        for (y, own, frame) in std::mem::take(&mut self.backgrounds) {
            if y + own > at + ROUNDING {
                let top = (y - at).max(0.0);
                rest.backgrounds.push((top, y + own - at - top, frame.clone()));
            }
            if y < at - ROUNDING {
                self.backgrounds.push((y, own.min(at - y), frame));
            }
        }
    }

    /// Where the row that holds `y` ends.
    fn end_of(&self, y: f32) -> f32 {
        self.tops.iter().copied().find(|top| *top > y + ROUNDING).unwrap_or(self.height)
    }

    /// Where more than its height was set of a row, what is aligned in it has less room to be moved down in.
    fn align_first_row(&mut self) {
        let least = |cell: &Cell| cell.edges.0 + cell.content.height + cell.edges.1;
        let height = self.cells.iter().filter(|cell| cell.y < ROUNDING).map(least).fold(0.0, f32::max);
        for cell in self.cells.iter_mut().filter(|cell| cell.y < ROUNDING) {
            let room = height - cell.content.height - cell.edges.1;
            cell.inset = cell.inset.min(room.max(cell.edges.0));
        }
    }

    /// Makes what is left of a row that was cut as tall as what is left in its cells.
    fn fit_first_row(&mut self) {
        let end = self.end_of(0.0);
        let ends_here = |cell: &&Cell| cell.y < ROUNDING && cell.y + cell.height <= end + ROUNDING;
        let fold = |of: &dyn Fn(&Cell) -> f32| self.cells.iter().filter(ends_here).map(of).reduce(f32::max);
        if let (Some(bottom), Some(needed)) = (fold(&|cell| cell.height), fold(&Cell::needed)) {
            self.stretch(end, needed - bottom);
        }
    }

    /// Makes rows taller where cells that were cut need more than is left of them.
    fn fit_cut_cells(&mut self) {
        for number in 0..self.cells.len() {
            let cell = &self.cells[number];
            let missing = cell.needed() - cell.height;
            if cell.y < ROUNDING && missing > ROUNDING {
                let end = self.end_of((cell.y + cell.height - 2.0 * ROUNDING).max(0.0));
                self.stretch(end, missing);
            }
        }
    }

    /// Makes the row that ends at `end` taller, or lower: what stands in it grows, what is below moves.
    fn stretch(&mut self, end: f32, by: f32) {
        let top = self.tops.iter().copied().rfind(|top| *top < end - ROUNDING).unwrap_or(0.0);
        let moved = |y: &mut f32, height: &mut f32| {
            if *y >= end - ROUNDING {
                *y += by;
            } else if *y + *height > top + ROUNDING {
                *height = (*height + by).max(0.0);
            }
        };
        self.cells.iter_mut().for_each(|cell| moved(&mut cell.y, &mut cell.height));
        self.backgrounds.iter_mut().for_each(|(y, height, _)| moved(y, height));
        self.marks.iter_mut().filter(|(down, _)| *down >= end - ROUNDING).for_each(|(down, _)| *down += by);
        self.tops.iter_mut().filter(|own| **own >= end - ROUNDING).for_each(|own| *own += by);
        self.height += by;
    }
}

impl Cell {
    /// The height that its content needs.
    fn needed(&self) -> f32 {
        self.inset + self.content.height + self.edges.1
    }

    /// How it stands to a cut in the first row. At its very top nothing stays above it, be it without height: a row of which
    /// nothing stays on any page would have no end.
    fn stands(&self, at: f32, force: Force) -> Stands {
        let inside = at - self.y - self.inset;
        let is_cut = self.y < ROUNDING && self.y < at - ROUNDING && inside > 0.0;
        if is_cut { self.content.found(inside, force).1 } else { Stands::Below }
    }

    /// Cuts it at a height of its row; the part below is returned, which begins there.
    fn cut(&mut self, at: f32, force: Force) -> Cell {
        let must = force == Force::Must;
        let above = at - self.y;
        let inside = above - self.inset;
        let reaches = inside > 0.0 || must && self.inset <= self.edges.0 + ROUNDING;
        let tail = if reaches { self.content.split_for_page(inside, force) } else { std::mem::take(&mut self.content) };
        // Where nothing is left but the lower edge, it goes on as it is: no upper one stands above it again.
        let is_edge = tail.strips.is_empty();
        let edge = if is_edge { 0.0 } else { self.edges.0.min(EDGE_BELOW_CUT) };
        let inset = if self.content.strips.is_empty() { (self.inset - above).max(edge) } else { edge };
        let set = if is_edge { (inside - self.content.height).max(0.0) } else { 0.0 };
        let edges = (edge, (self.edges.1 - set).max(0.0));
        let mut frame = self.frame.clone();
        frame.borders[TOP].0 = 0.0;
        self.frame.borders[BOTTOM].0 = 0.0;
        let height = self.height - above;
        self.height = above;
        Cell { y: 0.0, height, frame, inset, edges, content: tail, marks: Vec::new(), ..*self }
    }
}

impl Flowed {
    /// Cuts where so much of it fits: the content above stays, the rest is returned.
    pub(super) fn split_for_page(&mut self, at: f32, force: Force) -> Flowed {
        let must = force == Force::Must;
        let usual = if force == Force::None { force } else { Force::Tear };
        match self.cut(at, usual) {
            (0, None) if must && self.row_at(0).is_some() => self.split_before(0, Some(at.max(LEAST_CUT)), force),
            (0, None) if must && !self.strips.is_empty() => self.split_before(1, None, usual),
            (index, cut_row) => self.split_before(index, cut_row, usual),
        }
    }

    fn split_before(&mut self, index: usize, cut_row: Option<f32>, force: Force) -> Flowed {
        let mut tail_strips = split_off(&mut self.strips, index);
        let first_piece = tail_strips.first().map_or(self.pieces.len(), |strip| strip.piece as usize);
        let mut tail_pieces = split_off(&mut self.pieces, first_piece);
        for strip in &mut tail_strips {
            strip.piece -= first_piece as u32;
        }
        if let Some(above) = cut_row {
            self.take_head(above, force, &mut tail_strips, &mut tail_pieces);
        }
        let open = open_frames(&self.strips);
        if let Some(first) = tail_strips.first_mut() {
            // Frames that end here end above; those that go on open again below.
            let going_on = open.len().saturating_sub(first.closes);
            first.opens.splice(0..0, open.into_iter().take(going_on));
            first.closes = 0;
            first.space = 0.0;
        }
        self.height = height(&self.strips);
        Flowed { height: height(&tail_strips), pieces: tail_pieces, strips: tail_strips, last_baseline: None }
    }

    /// The strip that the rest starts with, and how much of it fits where it is a row that can be cut itself.
    fn cut(&self, at: f32, force: Force) -> (usize, Option<f32>) {
        self.found(at, force).0
    }

    /// The same, and how it stands to the cut.
    fn found(&self, at: f32, force: Force) -> ((usize, Option<f32>), Stands) {
        let mut y = 0.0;
        let mut last_free = None;
        for (number, strip) in self.strips.iter().enumerate() {
            y += strip.space;
            if number > 0 && strip.keep == Keep::Free {
                last_free = Some(number);
            }
            if y + strip.height.max(strip.reserve) > at + 0.01 {
                let left = at - y;
                if left > LEAST_CUT && self.rest_at(number) {
                    return ((number, Some(left)), Stands::Above);
                }
                let row = match (self.row_at(number), force) {
                    (Some(row), Force::None) => row.stands(left),
                    (Some(row), _) if row.keeps_above(left, force) => Stands::Above,
                    _ => Stands::Below,
                };
                if left > LEAST_ROW && row == Stands::Above {
                    return ((number, Some(left)), row);
                }
                let cut = last_free.unwrap_or(number);
                let is_torn = if cut == 0 { row == Stands::Torn } else { last_free.is_none() };
                let stands = match cut {
                    _ if is_torn => Stands::Torn,
                    0 => Stands::Below,
                    _ => Stands::Above,
                };
                return ((cut, None), stands);
            }
            y += strip.height;
        }
        let stands = if self.strips.is_empty() { Stands::Below } else { Stands::Above };
        ((self.strips.len(), None), stands)
    }

    /// The row that a strip is.
    fn row_at(&self, strip: usize) -> Option<&Row> {
        match self.pieces.get(self.strips.get(strip)?.piece as usize)? {
            Piece::Solid { content: Content::Row(row), .. } => Some(row),
            _ => None,
        }
    }

    /// Whether a strip is the empty rest of a height.
    fn rest_at(&self, strip: usize) -> bool {
        let piece = self.strips.get(strip).and_then(|strip| self.pieces.get(strip.piece as usize));
        matches!(piece, Some(Piece::Solid { content: Content::Rest { .. }, .. }))
    }

    /// Cuts the row, or the rest of a height, at the start of the tail, and appends its upper part here.
    fn take_head(&mut self, above: f32, force: Force, tail_strips: &mut [Strip], tail_pieces: &mut [Piece]) {
        let (Some(strip), Some(Piece::Solid { content, .. })) = (tail_strips.first_mut(), tail_pieces.first_mut())
        else {
            return;
        };
        let mut head_strip = strip.clone();
        let head = match content {
            Content::Row(row) => {
                let Some(rest) = row.split(above, force) else { return };
                let head = std::mem::replace(&mut **row, rest);
                (strip.height, strip.notes) = (row.height, notes_in_row(row));
                (head_strip.height, head_strip.notes) = (head.height, notes_in_row(&head));
                Content::Row(Box::new(head))
            }
            Content::Rest { painted } => {
                head_strip.height = above.min(strip.height);
                strip.height -= head_strip.height;
                Content::Rest { painted: *painted }
            }
            _ => return,
        };
        strip.marks.clear();
        strip.opens.clear();
        strip.closes = 0;
        head_strip.piece = self.pieces.len() as u32;
        self.pieces.push(Piece::solid(head_strip.height, Keep::Free, head));
        self.strips.push(head_strip);
    }
}

/// What is from `at` on. The part above takes no more memory than it needs, and the rest moves down where it is: something
/// that is cut over thousands of pages would else be held once for each.
fn split_off<T>(all: &mut Vec<T>, at: usize) -> Vec<T> {
    let head = all.drain(..at.min(all.len())).collect();
    std::mem::replace(all, head)
}

fn height(strips: &[Strip]) -> f32 {
    strips.iter().map(|strip| strip.space + strip.height).sum::<f32>().max(0.0)
}

/// The frames that are still open after these strips, outermost first.
fn open_frames(strips: &[Strip]) -> Vec<Arc<Frame>> {
    let mut open = Vec::new();
    for strip in strips {
        open.truncate(open.len().saturating_sub(strip.closes));
        open.extend(strip.opens.iter().cloned());
    }
    open
}

#[cfg(test)]
mod tests {
    use super::split_off;

    #[test]
    fn what_stands_above_a_cut_takes_no_more_memory_than_it_needs() {
        let mut all: Vec<u32> = (0..1000).collect();
        let rest = split_off(&mut all, 3);
        assert_eq!(all, [0, 1, 2]);
        assert!(all.capacity() < 10, "{}", all.capacity());
        assert_eq!((rest.first(), rest.len()), (Some(&3), 997));
        assert!(split_off(&mut all, 10).is_empty());
    }
}
