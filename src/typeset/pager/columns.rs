//! Columns on pages: how tall a row of columns is, going from one to the next, and the rules between them.

use std::sync::Arc;

use super::cut::{Cut, Room};
use super::paginate::{OpenFrame, Pager, Placed, TOLERANCE};
use crate::typeset::block::columns::Columns;
use crate::typeset::block::piece::{ColumnEdge, Content, Frame, Keep};
use crate::typeset::style::computed::Break;

/// How exactly the height of balanced columns is found, in points.
const PRECISION: f32 = 0.1;

/// The row of columns that is being filled.
pub(super) struct ColumnRow {
    pub(super) columns: Arc<Columns>,
    /// The column that is being filled.
    index: usize,
    top: f32,
    height: f32,
    /// How far down the tallest column reaches.
    bottom: f32,
    /// Whether the row has a page for itself: then what fits nowhere is set all the same.
    pub(super) fresh: bool,
    /// How many of the open frames stand around the columns.
    pub(super) outer: usize,
    /// What was at the top of the page when the columns began, and whether a forced break was before it.
    was_at_top: bool,
    was_forced: bool,
}

impl ColumnRow {
    pub(super) fn foot(&self) -> f32 {
        self.top + self.height
    }

    pub(super) fn height(&self) -> f32 {
        self.height
    }

    /// How far the content of the column is moved aside.
    pub(super) fn shift(&self) -> f32 {
        self.index as f32 * self.columns.step
    }
}

impl Pager<'_> {
    /// Begins columns whose first strip is `next`; the strip before it says which.
    pub(super) fn start_columns(&mut self, next: usize, was_at_top: bool) {
        let start = next.checked_sub(1).and_then(|start| self.strips.get(start));
        let Some(Content::ColumnsStart(columns)) = start.and_then(|strip| self.content(strip)) else { return };
        self.row = Some(ColumnRow {
            columns: Arc::clone(columns),
            index: 0,
            top: self.y,
            height: 0.0,
            bottom: self.y,
            fresh: false,
            outer: self.frames.len(),
            was_at_top,
            was_forced: self.after_forced,
        });
        self.at_top = true;
        self.after_forced = true;
        // Boxes that something spanning all columns has cut go on.
        for frame in std::mem::take(&mut self.suspended) {
            self.open_frame(&frame, false);
        }
        self.close_at(next);
        self.begin_row(Some(next));
    }

    /// Settles how tall the columns are from here on, for content that starts with a strip.
    pub(super) fn begin_row(&mut self, next: Option<usize>) {
        let room = (self.page_height() - self.y - self.page_reserve()).max(0.0);
        let top = self.y;
        self.column_filled = false;
        let height = next.and_then(|next| self.balanced(next, room)).unwrap_or(room);
        if let Some(row) = &mut self.row {
            (row.index, row.top, row.bottom, row.height) = (0, top, top, height);
            row.fresh = top <= TOLERANCE;
        }
    }

    /// Goes on in the next column, or on the next page. `next` is the strip that stands there first.
    pub(super) fn advance(&mut self, forced: Option<Break>, next: Option<usize>) {
        let in_row = !matches!(forced, Some(Break::Page | Break::Left | Break::Right));
        let another = self.row.as_ref().is_some_and(|row| row.index + 1 < row.columns.count);
        if in_row && another {
            self.next_column();
            return;
        }
        self.turn_page(forced);
        if self.row.is_some() {
            self.begin_row(next);
        }
    }

    fn next_column(&mut self) {
        self.leave_column();
        let Some(row) = &mut self.row else { return };
        row.index += 1;
        self.y = row.top;
        self.column_filled = false;
        let outer = row.outer.min(self.frames.len());
        self.at_top = true;
        for open in self.frames.split_off(outer) {
            self.open_frame(&open.frame, false);
        }
    }

    /// Cuts the frames of a column at its end.
    fn leave_column(&mut self) {
        let y = self.y;
        let Some(row) = &self.row else { return };
        let (foot, shift) = (row.foot(), row.shift());
        let bottom = if self.set_column_notes(foot, shift) { foot.max(y) } else { y };
        let Some(row) = &mut self.row else { return };
        row.bottom = row.bottom.max(bottom);
        for open in self.frames.iter().skip(row.outer) {
            if let Some(Placed::Frame { bottom, .. }) = self.page.placed.get_mut(open.at) {
                *bottom = y;
            }
        }
    }

    /// Ends the row of columns on this page, and rules it.
    pub(super) fn finish_row(&mut self) {
        self.leave_column();
        let Some(row) = &self.row else { return };
        self.y = row.bottom;
        let Some(stroke) = row.columns.rule else { return };
        for column in 1..=row.index {
            let x = row.columns.rule_x(column) - stroke.width / 2.0;
            self.page.placed.push(Placed::Rule { x, stroke, top: row.top, bottom: row.bottom });
        }
    }

    /// The row of a page that was turned starts at its top.
    pub(super) fn rewind_row(&mut self) {
        if let Some(row) = &mut self.row {
            (row.index, row.top, row.bottom) = (0, self.y, self.y);
        }
    }

    /// Ends the columns; `next` is the strip after them.
    pub(super) fn end_columns(&mut self, next: usize) {
        self.finish_row();
        let Some(row) = self.row.take() else { return };
        let left = std::mem::take(&mut self.column_notes);
        self.page_notes.take_over(left);
        let outer = row.outer.min(self.frames.len());
        let inner: Vec<OpenFrame> = self.frames.split_off(outer);
        self.suspended = inner.into_iter().map(|open| open.frame).collect::<Vec<Arc<Frame>>>();
        // Columns that hold nothing leave things as they were: what follows may still break to a page of its own.
        self.at_top = row.was_at_top && row.index == 0 && row.bottom <= row.top + TOLERANCE;
        if self.at_top {
            self.after_forced = row.was_forced;
            self.close_at(next);
        }
    }

    /// Ends the frames and tables that end before a strip.
    pub(super) fn close_at(&mut self, next: usize) {
        let strips = self.strips;
        if let Some(strip) = strips.get(next) {
            self.close_frames(strip.closes);
            self.tables.truncate(self.tables.len().saturating_sub(strip.table_ends));
        }
    }

    /// The least room that columns need to begin on a page: up to where they may first be cut.
    pub(super) fn lead(&self, start: usize) -> f32 {
        let mut height = 0.0;
        for (number, strip) in self.strips.iter().enumerate().skip(start + 1) {
            if strip.edge == ColumnEdge::End {
                // Nothing in it may be cut; balanced it takes a part of its height.
                let count = match self.strips.get(start).and_then(|strip| self.content(strip)) {
                    Some(Content::ColumnsStart(columns)) => columns.count,
                    _ => 1,
                };
                return height / count as f32;
            }
            if number > start + 1 && (strip.keep == Keep::Free || strip.forced.is_some()) {
                break;
            }
            height += strip.space + strip.height.max(strip.reserve);
            if height > self.page_height() {
                break;
            }
        }
        height
    }

    /// The height at which what is left of the columns fills them evenly; `None` where it goes on to another page or is
    /// not to be balanced.
    fn balanced(&self, start: usize, room: f32) -> Option<f32> {
        let columns = &self.row.as_ref()?.columns;
        let strict = self.fits(columns, start, room, true);
        if columns.fill || columns.count < 2 || !(strict || self.fits(columns, start, room, false)) {
            return None;
        }
        let (mut low, mut high) = (0.0, room);
        while high - low > PRECISION {
            let middle = f32::midpoint(low, high);
            if self.fits(columns, start, middle, strict) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }

    /// Whether the rest of the columns, or what stands before a forced page break, fits in columns of this height.
    /// Strictly, no break is made where one is to be avoided.
    fn fits(&self, columns: &Columns, start: usize, height: f32, strict: bool) -> bool {
        let header = |rows: &Option<Arc<[_]>>| rows.as_deref().map_or(0.0, |rows| self.header_height(rows));
        let mut headers: Vec<f32> = self.tables.iter().map(header).collect();
        let mut at = start;
        let mut after_forced = self.after_forced;
        for column in 0..columns.count {
            let room = Room {
                y: headers.iter().sum(),
                limit: height,
                at_top: true,
                after_forced,
                must: false,
                columns: true,
                reserve: if column == 0 { self.reserve(height) } else { self.no_reserve(height) },
                cuts_notes: false,
            };
            let end = match self.cut(at, room) {
                Cut::LastOfColumns(_) => return true,
                Cut::Before(end) if end > at => end,
                _ => return false,
            };
            let Some(next) = self.strips.get(end) else { return true };
            match next.forced {
                Some(Break::Page | Break::Left | Break::Right) => return true,
                None if strict && next.keep != Keep::Free => return false,
                forced => after_forced = forced.is_some(),
            }
            for (number, strip) in self.strips.iter().enumerate().take(end + 1).skip(at) {
                // What ends before the first strip has been ended by the column before.
                if number > at {
                    headers.truncate(headers.len().saturating_sub(strip.table_ends));
                }
                if number < end {
                    headers.extend(strip.table_starts.iter().map(header));
                }
            }
            at = end;
        }
        false
    }
}
