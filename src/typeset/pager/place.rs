//! Placing strips on the page: frames, rows that are cut.

use std::sync::Arc;

use super::columns::{bisect, tallest};
use super::cut::{is_end, space_before};
use super::marks::{beginning_of, beginning_of_row, note_content, note_mark, note_row};
use super::paginate::{MAX_PAGES, OpenFrame, Pager, Placed, TOLERANCE, TooTall};
use super::split::Force;
use crate::typeset::block::boxes::NoteId;
use crate::typeset::block::footnotes::notes_in_row;
use crate::typeset::block::piece::{ColumnEdge, Content, Frame, Piece, Row, Strip};
use crate::typeset::inline::{Fragment, Line};

impl Pager<'_> {
    pub(super) fn place_all(&mut self, start: usize, end: usize) {
        let strips = self.strips;
        for (number, strip) in strips.iter().enumerate().take(end).skip(start) {
            self.enter_strip(strip);
            if let Some(height) = self.smaller_picture(number, self.room_left()) {
                let (x, y) = (self.x(), self.y);
                self.page.placed.push(Placed::Picture { unit: strip.unit, piece: strip.piece, x, y, height });
                self.y += height;
                continue;
            }
            let mut height = strip.height;
            // Columns end no float: what stands below them waits for it.
            let reach = if self.row.is_none() { height.max(strip.reserve) } else { height };
            if self.y + reach > self.height() + 1.0 {
                let room = (self.height() - self.y).max(0.0);
                match self.content(strip) {
                    // What is empty ends with the page.
                    Some(Content::Blank | Content::Rest { .. }) => height = room,
                    Some(Content::Line(line)) if depth(&line.line) <= room + 1.0 => height = room,
                    content => {
                        let text = content.map(beginning_of).unwrap_or_default();
                        self.out.too_tall.push(TooTall { page: self.page.number, text });
                    }
                }
            }
            self.page.placed.push(Placed::Strip { unit: strip.unit, piece: strip.piece, x: self.x(), y: self.y });
            if let Some(Piece::Solid { content, .. }) =
                self.units.get(strip.unit as usize).and_then(|unit| unit.get(strip.piece as usize))
            {
                let page = self.out.pages.len();
                note_content(content, self.y, page, &mut self.out, &mut self.page);
            }
            // A float may reach further down than the text that its column has room for.
            if let Some(row) = self.row.as_mut().filter(|_| strip.reserve > 0.0) {
                row.reach_down(self.y + strip.reserve);
            }
            self.y += height;
            self.call_notes(&strip.notes);
        }
    }

    /// How much room is left of the page or column above the footnotes of the page.
    pub(super) fn room_left(&self) -> f32 {
        self.height().min(self.page_height() - self.reserve().whole()) - self.y
    }

    /// Moves down to the top of a strip: ends and starts frames and tables, and notes marks.
    pub(super) fn enter_strip(&mut self, strip: &Strip) {
        // At the top of a page, what ends before the strip ended with the page before.
        if !self.at_top {
            self.close_frames(strip.closes);
            self.end_tables(strip);
        }
        let above = self.y;
        self.y += space_before(strip, self.at_top, self.after_forced);
        // A margin at the end of a page or column that is full is cut.
        if is_end(strip) || strip.edge == ColumnEdge::End {
            self.y = self.y.min(self.height().max(above));
        }
        self.at_top = false;
        self.page_filled = true;
        for frame in &strip.opens {
            self.open_frame(frame, true);
        }
        self.start_tables(strip);
        let page = self.out.pages.len();
        for mark in &strip.marks {
            note_mark(mark, self.y, page, &mut self.out, &mut self.page);
        }
    }

    /// Sets a strip that is cut over as many pages as it needs.
    pub(super) fn place_cut(&mut self, number: usize) {
        if self.strips.get(number).is_some_and(|strip| self.is_rest(strip)) {
            self.place_rest(number);
        } else {
            self.place_cut_row(number);
        }
    }

    /// Sets a row over as many pages as it needs.
    fn place_cut_row(&mut self, number: usize) {
        let strips = self.strips;
        let strip = &strips[number];
        // Notes that wait are something to set.
        let is_fresh = |pager: &Self| pager.row.as_ref().is_none_or(|row| row.fresh) && !pager.has_waiting();
        // Whether the page or column has nothing yet, so that something must be set.
        let mut fresh = (self.at_top || self.is_bare()) && is_fresh(self);
        let mut bare = self.at_top;
        self.enter_strip(strip);
        let Some(Content::Row(row)) = self.content(strip) else { return };
        let mut row = row.clone();
        loop {
            let room = self.room_for_row(&row);
            let fits = row.height <= room + TOLERANCE;
            let mut rest = if fits { None } else { row.split(room, Force::None) };
            if !fits && rest.is_none() {
                if !fresh {
                    if !std::mem::replace(&mut bare, true) {
                        self.repeat_feet();
                    }
                    self.next_page_for_rest();
                    fresh = is_fresh(self);
                    continue;
                }
                rest = self.split_at_least(&mut row);
            }
            self.after_forced = false;
            let height = row.height;
            let page = self.out.pages.len();
            note_row(&row, self.y, page, &mut self.out, &mut self.page);
            let notes = notes_in_row(&row);
            self.page.placed.push(Placed::Row { row, x: self.x(), y: self.y });
            self.y += height;
            self.page_filled = true;
            self.call_notes(&notes);
            let Some(rest) = rest else { return };
            row = Box::new(rest);
            self.repeat_feet();
            self.next_page_for_rest();
            (fresh, bare) = (is_fresh(self), true);
            if self.out.pages.len() >= MAX_PAGES {
                return;
            }
        }
    }

    /// Whether nothing stands on the page but upper edges: of a table, as a rule, before its first row.
    fn is_bare(&self) -> bool {
        let is_edge = |placed: &Placed| match placed {
            Placed::Frame { .. } => true,
            Placed::Strip { unit, piece, .. } => {
                let pieces = self.units.get(*unit as usize);
                let piece = pieces.and_then(|unit| unit.get(*piece as usize));
                matches!(piece, Some(Piece::Solid { content: Content::Blank, .. }))
            }
            _ => false,
        };
        self.row.is_none() && self.page.placed.iter().all(is_edge)
    }

    /// Goes on on the next page or column.
    pub(super) fn next_page_for_rest(&mut self) {
        self.advance(None, None);
        self.repeat_headers();
        self.at_top = false;
    }

    /// How much of a row fits together with the notes that are called in it.
    fn room_for_row(&self, row: &Row) -> f32 {
        let feet = self.open_feet();
        tallest(self.room_left() - feet, self.page_height() - self.y - feet, |height| {
            let notes = notes_within(row, height);
            let reserve = self.reserve_with(self.reserve(), &notes);
            let fits = reserve.is_within() && self.lowest() + reserve.whole() <= self.page_height();
            (notes.is_empty() || fits).then(|| reserve.whole())
        })
    }

    /// Cuts a row that fits on no page as it should: through what may not be broken, or where nothing of it fits together
    /// with its notes as early as something stays, or anywhere.
    fn split_at_least(&mut self, row: &mut Row) -> Option<Row> {
        if let Some(rest) = row.split(self.room_for_row(row), Force::Tear) {
            return Some(rest);
        }
        let room = self.room_left() - self.open_feet();
        if row.keeps_above(room, Force::Tear) {
            let (_, least) = bisect(0.0, room, |height| !row.keeps_above(height, Force::Tear));
            return row.split(least, Force::Tear);
        }
        self.out.too_tall.push(TooTall { page: self.page.number, text: beginning_of_row(row) });
        row.split(room.max(1.0), Force::Must)
    }

    pub(super) fn open_frame(&mut self, frame: &Arc<Frame>, first: bool) {
        let at = self.page.placed.len();
        let frame = Arc::clone(frame);
        let (x, y) = (self.x(), self.y);
        let placed = Placed::Frame { frame: Arc::clone(&frame), x, top: y, bottom: y, first, last: false };
        self.page.placed.push(placed);
        self.frames.push(OpenFrame { frame, at });
    }

    pub(super) fn close_frames(&mut self, count: usize) {
        for _ in 0..count {
            let Some(open) = self.frames.pop() else { return };
            if let Some(Placed::Frame { bottom, last, .. }) = self.page.placed.get_mut(open.at) {
                *bottom = self.y;
                *last = true;
            }
        }
    }
}

/// The notes that are called in the upper part of a row.
fn notes_within(row: &Row, height: f32) -> Vec<NoteId> {
    let mut notes = Vec::new();
    for cell in &row.cells {
        let mut y = cell.y + cell.inset;
        for strip in &cell.content.strips {
            y += strip.space + strip.height;
            if y > height + TOLERANCE {
                break;
            }
            notes.extend_from_slice(&strip.notes);
        }
    }
    notes
}

/// How far down a line reaches with what is seen of it: below a picture that stands alone there is room for letters.
fn depth(line: &Line) -> f32 {
    let below = line.fragments.iter().filter_map(|fragment| match fragment {
        Fragment::Glyphs { .. } => Some(line.height),
        Fragment::Atom { descent, .. } => Some(line.baseline + descent),
        _ => None,
    });
    below.fold(0.0, f32::max)
}
