//! Cutting rows that are taller than a page.

use std::sync::Arc;

use crate::typeset::block::footnotes::notes_in_row;
use crate::typeset::block::piece::{Content, Flowed, Frame, Keep, Piece, Row, Strip};

impl Row {
    /// Cuts at a height: what is above stays, the rest is returned. `None` where nothing could stay.
    pub(super) fn split(&mut self, at: f32) -> Option<Row> {
        let mut rest = Row::default();
        let mut stays = false;
        for mut cell in std::mem::take(&mut self.cells) {
            if cell.y >= at {
                cell.y -= at;
                rest.cells.push(cell);
                continue;
            }
            if cell.y + cell.height <= at {
                stays = true;
                self.cells.push(cell);
                continue;
            }
            let mut lower = cell.clone();
            let tail = cell.content.split(at - cell.y - cell.inset);
            stays |= !cell.content.strips.is_empty();
            lower.content = tail;
            lower.y = 0.0;
            lower.inset = lower.inset.min(6.0);
            lower.height = lower.content.height + 2.0 * lower.inset;
            cell.height = at - cell.y;
            cell.frame.borders[2].width = 0.0;
            lower.frame.borders[0].width = 0.0;
            self.cells.push(cell);
            rest.cells.push(lower);
        }
        rest.height = rest.cells.iter().map(|cell| cell.y + cell.height).fold(0.0, f32::max);
        for cell in rest.cells.iter_mut().filter(|cell| cell.y == 0.0) {
            // Cells that were cut reach down to the end of the row together.
            cell.height = cell.height.max(if cell.frame.borders[0].width == 0.0 { rest.height } else { 0.0 });
        }
        self.split_backgrounds(at, &mut rest);
        self.height = at;
        stays.then_some(rest)
    }

    fn split_backgrounds(&mut self, at: f32, rest: &mut Row) {
        let height = rest.height;
        for (y, own, frame) in std::mem::take(&mut self.backgrounds) {
            if y < at {
                self.backgrounds.push((y, own.min(at - y), frame.clone()));
            }
            if y + own > at {
                let top = (y - at).max(0.0);
                rest.backgrounds.push((top, (y + own - at).min(height - top).max(0.0), frame));
            }
        }
    }
}

impl Flowed {
    /// Cuts at a height; the content above stays, the rest is returned.
    fn split(&mut self, at: f32) -> Flowed {
        let (index, cut_row) = self.cut(at);
        self.split_before(index, cut_row)
    }

    /// Cuts a footnote where so much of it fits; with `must`, something of it stays.
    pub(super) fn split_for_page(&mut self, at: f32, must: bool) -> Flowed {
        match self.cut(at) {
            (0, None) if must => self.split_before(1, None),
            (index, cut_row) => self.split_before(index, cut_row),
        }
    }

    fn split_before(&mut self, index: usize, cut_row: Option<f32>) -> Flowed {
        let mut tail_strips = self.strips.split_off(index);
        let first_piece = tail_strips.first().map_or(self.pieces.len(), |strip| strip.piece as usize);
        let mut tail_pieces = self.pieces.split_off(first_piece.min(self.pieces.len()));
        for strip in &mut tail_strips {
            strip.piece -= first_piece as u32;
        }
        if let Some(above) = cut_row {
            self.take_row_head(above, &mut tail_strips, &mut tail_pieces);
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
    fn cut(&self, at: f32) -> (usize, Option<f32>) {
        let mut y = 0.0;
        let mut last_free = None;
        for (number, strip) in self.strips.iter().enumerate() {
            y += if number == 0 { 0.0 } else { strip.space };
            if number > 0 && strip.keep == Keep::Free {
                last_free = Some(number);
            }
            if y + strip.height.max(strip.reserve) > at + 0.01 {
                let is_row = matches!(
                    self.pieces.get(strip.piece as usize),
                    Some(Piece::Solid { content: Content::Row(_), .. })
                );
                if is_row && at - y > 20.0 {
                    return (number, Some(at - y));
                }
                return (last_free.unwrap_or(number), None);
            }
            y += strip.height;
        }
        (self.strips.len(), None)
    }

    /// Cuts the row at the start of the tail, and appends its upper part here.
    fn take_row_head(&mut self, above: f32, tail_strips: &mut [Strip], tail_pieces: &mut [Piece]) {
        let (Some(strip), Some(Piece::Solid { content: Content::Row(row), .. })) =
            (tail_strips.first_mut(), tail_pieces.first_mut())
        else {
            return;
        };
        let Some(rest) = row.split(above) else { return };
        let head = std::mem::replace(&mut **row, rest);
        let mut head_strip = strip.clone();
        strip.height = row.height;
        strip.notes = notes_in_row(row);
        strip.marks.clear();
        strip.opens.clear();
        strip.closes = 0;
        head_strip.height = head.height;
        head_strip.notes = notes_in_row(&head);
        head_strip.piece = self.pieces.len() as u32;
        self.pieces.push(Piece::solid(head.height, Keep::Free, Content::Row(Box::new(head))));
        self.strips.push(head_strip);
    }
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
