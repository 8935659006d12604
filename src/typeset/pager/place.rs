//! Placing strips on the page: frames, rows that are cut, repeated headers.

use std::sync::Arc;

use super::columns::ColumnRow;
use super::cut::{is_end, space_before};
use super::marks::{note_content, note_mark, note_row};
use super::paginate::{MAX_PAGES, OpenFrame, Pager, Placed, TOLERANCE};
use crate::typeset::block::footnotes::notes_in_row;
use crate::typeset::block::piece::{ColumnEdge, Content, Frame, Piece, Row, Strip};

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
            if self.y + strip.height > self.height() + 1.0 {
                self.out.overfull += 1;
            }
            self.page.placed.push(Placed::Strip { unit: strip.unit, piece: strip.piece, x: self.x(), y: self.y });
            if let Some(Piece::Solid { content, .. }) =
                self.units.get(strip.unit as usize).and_then(|unit| unit.get(strip.piece as usize))
            {
                let page = self.out.pages.len();
                note_content(content, self.y, page, &mut self.out, &mut self.page);
            }
            self.y += strip.height;
            self.call_notes(&strip.notes);
        }
    }

    /// How much room is left above the footnotes of the page or column.
    fn room_left(&self) -> f32 {
        let height = self.row.as_ref().map_or_else(|| self.page_height(), ColumnRow::height);
        self.height() - self.y - self.reserve(height).whole()
    }

    /// Moves down to the top of a strip: ends and starts frames and tables, and notes marks.
    fn enter_strip(&mut self, strip: &Strip) {
        // At the top of a page, what ends before the strip ended with the page before.
        if !self.at_top {
            self.close_frames(strip.closes);
            self.tables.truncate(self.tables.len().saturating_sub(strip.table_ends));
        }
        let above = self.y;
        self.y += space_before(strip, self.at_top, self.after_forced);
        // A margin at the end of a page or column that is full is cut.
        if is_end(strip) || strip.edge == ColumnEdge::End {
            self.y = self.y.min(self.height().max(above));
        }
        self.at_top = false;
        (self.page_filled, self.column_filled) = (true, true);
        for frame in &strip.opens {
            self.open_frame(frame, true);
        }
        self.tables.extend(strip.table_starts.iter().cloned());
        let page = self.out.pages.len();
        for mark in &strip.marks {
            note_mark(mark, self.y, page, &mut self.out, &mut self.page);
        }
    }

    /// Sets a row over as many pages as it needs.
    pub(super) fn place_cut_row(&mut self, number: usize, room: f32) {
        let strips = self.strips;
        let strip = &strips[number];
        let is_fresh = |pager: &Self| pager.row.as_ref().is_none_or(|row| row.fresh);
        // Whether the page or column has nothing yet, so that something must be set.
        let mut fresh = self.at_top && is_fresh(self);
        self.enter_strip(strip);
        let Some(Content::Row(row)) = self.content(strip) else { return };
        let mut row = row.clone();
        let mut room = room;
        loop {
            let room_for_notes = self.notes_height_within(&row, room);
            room -= room_for_notes.min(room / 2.0);
            let fits = row.height <= room + TOLERANCE;
            let mut rest = if fits { None } else { row.split(room, false) };
            if !fits && rest.is_none() {
                if !fresh {
                    room = self.next_page_for_row();
                    fresh = is_fresh(self);
                    continue;
                }
                self.out.overfull += 1;
                rest = row.split(room.max(1.0), true);
            }
            self.after_forced = false;
            let height = row.height;
            let page = self.out.pages.len();
            note_row(&row, self.y, page, &mut self.out, &mut self.page);
            let notes = notes_in_row(&row);
            self.page.placed.push(Placed::Row { row, x: self.x(), y: self.y });
            self.y += height;
            (self.page_filled, self.column_filled) = (true, true);
            self.call_notes(&notes);
            let Some(rest) = rest else { return };
            row = Box::new(rest);
            room = self.next_page_for_row();
            fresh = is_fresh(self);
            if self.out.pages.len() >= MAX_PAGES {
                return;
            }
        }
    }

    /// Goes on on the next page or column; the room there is returned.
    fn next_page_for_row(&mut self) -> f32 {
        self.advance(None, None);
        self.repeat_headers();
        self.at_top = false;
        self.room_left()
    }

    /// How much room the notes take that are called in the upper part of a row.
    fn notes_height_within(&self, row: &Row, room: f32) -> f32 {
        let mut notes = Vec::new();
        for cell in &row.cells {
            let mut y = cell.y + cell.inset;
            for strip in &cell.content.strips {
                y += strip.space + strip.height;
                if y > room {
                    break;
                }
                notes.extend_from_slice(&strip.notes);
            }
        }
        if notes.is_empty() {
            return 0.0;
        }
        self.reserve_with(self.no_reserve(room), &notes).whole()
    }

    /// Sets the header rows of open tables again at the top of a page.
    pub(super) fn repeat_headers(&mut self) {
        let headers: Vec<Arc<[Row]>> = self.tables.iter().flatten().cloned().collect();
        for header in headers {
            if self.header_height(&header) == 0.0 {
                continue;
            }
            for row in header.iter() {
                self.page.placed.push(Placed::Row { row: Box::new(row.clone()), x: self.x(), y: self.y });
                self.y += row.height;
            }
        }
    }

    /// How tall header rows are that are repeated: one that fills the page would leave no room for the table.
    pub(super) fn header_height(&self, header: &[Row]) -> f32 {
        let height: f32 = header.iter().map(|row| row.height).sum();
        if height > self.page_height() / 2.0 { 0.0 } else { height }
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
