//! Columns on pages: how tall a row of columns is, going from one to the next, and the rules between them.

use std::sync::Arc;

use super::cut::{Cut, LEAST_ROW, Room, WHITE, WHITE_ROW};
use super::footnotes::Reserve;
use super::paginate::{OpenFrame, Pager, Placed, TOLERANCE};
use crate::typeset::block::columns::Columns;
use crate::typeset::block::piece::{ColumnEdge, Content, Frame, Keep, RepeatedRows};
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
    /// How much of the first column is taken when the height is settled.
    begun: f32,
    /// How far down the tallest column reaches.
    bottom: f32,
    /// Whether the row has a page for itself: then what fits nowhere is set all the same.
    pub(super) fresh: bool,
    /// How many of the open frames stand around the columns.
    pub(super) outer: usize,
    /// Whether what may not be broken and does not fit is broken here: no page would have more room for it.
    is_loose: bool,
    /// What was at the top of the page when the columns began, and whether a forced break was before it.
    was_at_top: bool,
    was_forced: bool,
}

impl ColumnRow {
    pub(super) fn foot(&self) -> f32 {
        self.top + self.height
    }

    pub(super) fn bottom(&self) -> f32 {
        self.bottom
    }

    /// Makes what comes after the columns stand below this too.
    pub(super) fn reach_down(&mut self, to: f32) {
        self.bottom = self.bottom.max(to);
    }

    /// Whether what may not be broken goes on on the next page, where it does not fit.
    pub(super) fn is_strict(&self) -> bool {
        !self.is_loose
    }

    /// How far the content of the column is moved aside.
    pub(super) fn shift(&self) -> f32 {
        self.index as f32 * self.columns.step
    }
}

impl Pager<'_> {
    /// Begins columns whose first strip is `next`; the strip before it says which. `above` is the strip that the page began
    /// with, if nothing but what was set last stands on it.
    pub(super) fn start_columns(&mut self, next: usize, above: Option<usize>) {
        let was_at_top = above.is_some_and(|above| above + 1 == next);
        let above = above.and_then(|above| self.strips.get(above + 1..next));
        let is_tied = above.is_some_and(|above| above.iter().all(|strip| strip.keep != Keep::Free));
        let start = next.checked_sub(1).and_then(|start| self.strips.get(start));
        let Some(Content::ColumnsStart(columns)) = start.and_then(|strip| self.content(strip)) else { return };
        self.row = Some(ColumnRow {
            columns: Arc::clone(columns),
            index: 0,
            top: self.y,
            height: 0.0,
            begun: 0.0,
            bottom: self.y,
            fresh: false,
            is_loose: false,
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
        self.begin_row(Some(next), is_tied);
    }

    /// Settles how tall the columns are from here on, for content that starts with a strip. What is above them may be tied
    /// to them and to the top of the page.
    fn begin_row(&mut self, next: Option<usize>, is_tied: bool) {
        let top = self.y;
        if let Some(row) = &mut self.row {
            (row.index, row.top, row.bottom, row.begun) = (0, top, top, 0.0);
            row.fresh = top <= TOLERANCE;
            row.is_loose = row.fresh || is_tied;
        }
        let room = (self.page_height() - top - self.reserve().whole()).max(0.0);
        let height = next.and_then(|next| self.balanced(next, room).or_else(|| self.filled(next, room)));
        let height = height.unwrap_or(room);
        if let Some(row) = &mut self.row {
            row.height = height;
        }
    }

    /// Settles anew how tall the columns are, below what the page began with: something that was cut.
    pub(super) fn balance_below(&mut self, next: usize) {
        let y = self.y;
        let Some(row) = self.row.as_mut().filter(|row| row.index == 0) else { return };
        row.begun = y - row.top;
        let room = row.height;
        if let Some(height) = self.balanced(next, room)
            && let Some(row) = &mut self.row
        {
            row.height = height;
        }
    }

    /// Goes on in the next column, or on the next page. `next` is the strip that stands there first.
    pub(super) fn advance(&mut self, forced: Option<Break>, next: Option<usize>) {
        let in_row = !forced.is_some_and(Break::turns_page);
        let another = self.row.as_ref().is_some_and(|row| row.index + 1 < row.columns.count);
        if in_row && another {
            self.next_column();
            return;
        }
        self.turn_page(forced);
        if self.row.is_some() {
            self.begin_row(next, false);
        }
    }

    fn next_column(&mut self) {
        self.leave_column();
        let Some(row) = &mut self.row else { return };
        row.index += 1;
        self.y = row.top;
        let outer = row.outer.min(self.frames.len());
        self.at_top = true;
        for open in self.frames.split_off(outer) {
            self.open_frame(&open.frame, false);
        }
    }

    /// Cuts the frames of a column at its end.
    fn leave_column(&mut self) {
        let y = self.y;
        let Some(row) = &mut self.row else { return };
        row.bottom = row.bottom.max(y);
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
        let Some(line) = row.columns.rule else { return };
        for column in 1..=row.index {
            let x = row.columns.rule_x(column) - line.0 / 2.0;
            self.page.placed.push(Placed::Rule { x, top: row.top, bottom: row.bottom, line });
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
            self.end_tables(strip);
        }
    }

    /// The least room that columns need to begin on a page: up to where they may first be cut.
    pub(super) fn lead(&self, start: usize) -> f32 {
        let page = self.page_height();
        let (mut y, mut lowest) = (0.0, 0.0_f32);
        for (number, strip) in self.strips.iter().enumerate().skip(start + 1) {
            let may_break = number > start + 1 && (strip.keep == Keep::Free || strip.forced.is_some());
            if strip.edge == ColumnEdge::End || may_break || lowest > page {
                break;
            }
            y += strip.space;
            // A row is cut where it would leave more white than this.
            let white = LEAST_ROW.max(page * WHITE_ROW) + TOLERANCE;
            if strip.height > white && matches!(self.content(strip), Some(Content::Row(row)) if !row.kept) {
                return lowest.max(y + white);
            }
            lowest = lowest.max(y + strip.height.max(strip.reserve));
            y += strip.height;
        }
        lowest
    }

    /// The height at which what is left of the columns fills them evenly; `None` where it goes on to another page or is
    /// not to be balanced.
    fn balanced(&self, start: usize, room: f32) -> Option<f32> {
        let row = self.row.as_ref()?;
        let columns = &row.columns;
        if columns.fill || columns.count < 2 {
            return None;
        }
        let whole = self.fill(columns, start, room);
        if !whole.all {
            return None;
        }
        let reserve = self.reserve_between(start, whole.end);
        let within = reserve.is_within().then(|| reserve.whole());
        let begun = reserve.is_open().then(|| reserve.least());
        within.into_iter().chain(begun).find_map(|notes| {
            let room = room.min(self.page_height() - row.top - notes);
            let full = self.fill(columns, start, room);
            let fits = |height: f32| {
                let filled = self.fill(columns, start, height);
                filled.all && filled.forbidden <= full.forbidden
            };
            full.all.then(|| bisect(row.begun, room, |height| !fits(height)).1)
        })
    }

    /// The greatest height of columns that go on to another page which leaves room for the notes that are then called in
    /// them; `None` where there are none, or where nothing would stand above them.
    fn filled(&self, start: usize, room: f32) -> Option<f32> {
        let columns = &self.row.as_ref()?.columns;
        let end = self.fill(columns, start, room).end;
        if !self.strips.get(start..end)?.iter().any(|strip| !strip.notes.is_empty()) {
            return None;
        }
        let foot = self.page_height() - self.y;
        // The height at which columns and notes come nearest to the foot, and where the columns then end.
        let greatest = |notes_within: &dyn Fn(Reserve) -> Option<f32>| {
            let notes = |height: f32| {
                let end = self.fill(columns, start, height).end;
                (end, notes_within(self.reserve_between(start, end)))
            };
            let height = tallest(room, foot, |height| notes(height).1);
            let (end, notes) = notes(height);
            (height, end, foot - height - notes.unwrap_or_default())
        };
        let (height, end, white) = greatest(&|notes| notes.is_within().then(|| notes.whole()));
        if end > start && white <= WHITE {
            return Some(height);
        }
        // The last of them may go on on the next page.
        let (height, end, _) = greatest(&|notes| notes.is_open().then(|| notes.least()));
        (end > start).then_some(height)
    }

    /// What notes take of the page with those that are called in strips.
    fn reserve_between(&self, start: usize, end: usize) -> Reserve {
        let strips = self.strips.get(start..end).unwrap_or_default();
        strips.iter().fold(self.reserve(), |reserve, strip| self.reserve_with(reserve, &strip.notes))
    }

    /// How far the rest of the columns, or what stands before a forced page break, comes in columns of this height. Notes
    /// are not looked at.
    fn fill(&self, columns: &Columns, start: usize, height: f32) -> Filled {
        let header = |repeated: &Option<Arc<RepeatedRows>>| {
            repeated.as_deref().map_or(0.0, |repeated| self.header_height(&repeated.head))
        };
        let mut headers: Vec<f32> = self.tables.iter().map(|table| header(&table.repeated)).collect();
        let mut filled = Filled { all: true, forbidden: 0, end: start };
        let mut after_forced = self.after_forced;
        let strict = self.row.as_ref().is_some_and(ColumnRow::is_strict);
        let mut begun = self.row.as_ref().map_or(0.0, |row| row.begun);
        for _ in 0..columns.count {
            // What has been set of it goes before all else, be nothing set below.
            let is_begun = begun > 0.0;
            let room = Room {
                y: if is_begun { begun } else { headers.iter().sum() },
                limit: height,
                at_top: !is_begun,
                after_forced,
                must: false,
                strict,
                columns: true,
                foot: f32::INFINITY,
                lowest: 0.0,
                reserve: Reserve::NONE,
                cuts_notes: false,
            };
            let at = filled.end;
            let end = match self.cut(at, room) {
                Cut::LastOfColumns(end) => return Filled { end, ..filled },
                Cut::Before(end) if end > at || is_begun => end,
                _ => return Filled { all: false, ..filled },
            };
            filled.end = end;
            let Some(next) = self.strips.get(end) else { return filled };
            match next.forced {
                Some(forced) if forced.turns_page() => return filled,
                forced => {
                    filled.forbidden += usize::from(forced.is_none() && next.keep != Keep::Free);
                    after_forced = forced.is_some();
                }
            }
            begun = 0.0;
            for (number, strip) in self.strips.iter().enumerate().take(end + 1).skip(at) {
                // What ends before the first strip has been ended by the column before.
                if number > at || is_begun {
                    headers.truncate(headers.len().saturating_sub(strip.table_ends));
                }
                if number < end {
                    headers.extend(strip.table_starts.iter().map(header));
                }
            }
        }
        Filled { all: false, ..filled }
    }
}

/// How far columns come.
#[derive(Clone, Copy)]
struct Filled {
    /// Whether all of them is set.
    all: bool,
    /// How many breaks are made where none may be.
    forbidden: usize,
    /// The strip that the next column begins with.
    end: usize,
}

/// How much of a room is used at most where what is set in it calls notes that stand between it and the foot; `None`
/// where there may be no such notes.
pub(super) fn tallest(room: f32, foot: f32, notes: impl Fn(f32) -> Option<f32>) -> f32 {
    let fits = |height: f32| notes(height).is_some_and(|notes| height + notes <= foot + TOLERANCE);
    if fits(room) {
        return room;
    }
    let (low, _) = bisect(0.0, room, fits);
    let exact = notes(low).map(|notes| (foot - notes).min(room));
    exact.filter(|exact| fits(*exact)).unwrap_or(low)
}

/// The place between two heights up to which something is so, from both sides.
pub(super) fn bisect(low: f32, high: f32, is_so: impl Fn(f32) -> bool) -> (f32, f32) {
    let (mut low, mut high) = (low, high);
    while high - low > PRECISION {
        let middle = f32::midpoint(low, high);
        if is_so(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low, high)
}
