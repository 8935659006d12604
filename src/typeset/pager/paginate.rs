//! Cuts the galley into pages (CSS Fragmentation 3).
//!
//! Each page is decided in two steps: how many strips fit, then placing them. Nothing is moved out of the units, so
//! that the pages can be made again when page numbers in the text have changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::ColumnRow;
use super::notes::{note_content, note_mark, note_row};
use super::strings::PageStrings;
use crate::typeset::block::piece::{ColumnEdge, Content, Frame, Keep, Piece, Row, Strip};
use crate::typeset::display::Color;
use crate::typeset::style::computed::Break;
use crate::typeset::style::page_rule::PageKind;
use crate::typeset::style::page_style::PageStyle;

/// Rounding errors of lines and margins together stay below this.
pub(super) const TOLERANCE: f32 = 0.05;

/// Less than this is not worth cutting a row for.
const LEAST_ROW: f32 = 40.0;

/// Pages beyond this are refused: PDF viewers give up earlier.
const MAX_PAGES: usize = 200_000;

/// What stands on a page; y counts from the top of the page area, x is how far a column is moved aside.
#[derive(Clone, Debug)]
pub(crate) enum Placed {
    Frame {
        frame: Arc<Frame>,
        x: f32,
        top: f32,
        bottom: f32,
        first: bool,
        last: bool,
    },
    Strip {
        unit: u32,
        piece: u32,
        x: f32,
        y: f32,
    },
    /// A repeated header or a part of a row that was cut.
    Row {
        row: Box<Row>,
        x: f32,
        y: f32,
    },
    /// A rule between columns.
    Rule {
        x: f32,
        width: f32,
        top: f32,
        bottom: f32,
        color: Color,
    },
}

/// A page before it is painted.
#[derive(Clone, Debug)]
pub(crate) struct PageDraft {
    pub(crate) kind: PageKind,
    pub(crate) style: Arc<PageStyle>,
    /// The page counter.
    pub(crate) number: i32,
    pub(crate) placed: Vec<Placed>,
    pub(crate) strings: PageStrings,
}

/// Pages, and where on them things stand: page index and y in the page area.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pagination {
    pub(crate) pages: Vec<PageDraft>,
    pub(crate) anchors: BTreeMap<String, (usize, f32)>,
    pub(crate) bookmarks: Vec<(u8, String, usize, f32)>,
    /// Strips that were taller than a page and could not be cut.
    pub(crate) overfull: usize,
    /// Lines that are wider than their column.
    pub(crate) too_wide: usize,
}

/// Where a page or a column ends.
pub(super) enum Cut {
    /// Before this strip.
    Before(usize),
    /// Inside of this strip, a row, of which so much fits.
    Inside(usize, f32),
    /// Nowhere yet: columns begin or end with this strip.
    StartOfColumns(usize),
    LastOfColumns(usize),
}

/// What is left of a page or a column.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) y: f32,
    pub(super) limit: f32,
    pub(super) at_top: bool,
    pub(super) after_forced: bool,
    /// Whether something must be set, fitting or not.
    pub(super) must: bool,
    pub(super) columns: bool,
}

pub(super) struct OpenFrame {
    pub(super) frame: Arc<Frame>,
    /// Index in the page's `placed`.
    pub(super) at: usize,
}

pub(super) struct Pager<'a> {
    pub(super) strips: &'a [Strip],
    units: &'a [Vec<Piece>],
    page_style: &'a dyn Fn(PageKind) -> Arc<PageStyle>,
    rtl: bool,
    out: Pagination,
    pub(super) page: PageDraft,
    pub(super) y: f32,
    pub(super) frames: Vec<OpenFrame>,
    /// Frames of columns that are cut by something that spans them.
    pub(super) suspended: Vec<Arc<Frame>>,
    pub(super) tables: Vec<Option<Arc<[Row]>>>,
    pub(super) row: Option<ColumnRow>,
    running: BTreeMap<String, String>,
    /// Whether nothing but repeated headers stands on the page or in the column yet.
    pub(super) at_top: bool,
    /// Whether the page or column began with a forced break, or is the first.
    pub(super) after_forced: bool,
}

/// Cuts strips into pages. At least one page comes out.
pub(crate) fn paginate(
    strips: &[Strip],
    units: &[Vec<Piece>],
    rtl: bool,
    page_style: &dyn Fn(PageKind) -> Arc<PageStyle>,
) -> Pagination {
    let kind = PageKind { first: true, blank: false, right: !rtl };
    let page =
        PageDraft { kind, style: page_style(kind), number: 1, placed: Vec::new(), strings: PageStrings::default() };
    let mut pager = Pager {
        strips,
        units,
        page_style,
        rtl,
        out: Pagination::default(),
        page,
        y: 0.0,
        frames: Vec::new(),
        suspended: Vec::new(),
        tables: Vec::new(),
        row: None,
        running: BTreeMap::new(),
        at_top: true,
        after_forced: true,
    };
    pager.run();
    pager.out
}

impl Pager<'_> {
    fn run(&mut self) {
        let mut next = 0;
        if let Some(first) = self.strips.first() {
            self.match_side(first.forced);
        }
        while next < self.strips.len() && self.out.pages.len() < MAX_PAGES {
            if self.at_top {
                self.repeat_headers();
            }
            match self.end_of_page(next) {
                Cut::Before(end) => {
                    self.place_all(next, end);
                    next = end;
                }
                Cut::Inside(row, room) => {
                    self.place_all(next, row);
                    self.place_cut_row(row, room);
                    next = row + 1;
                    // What follows the row goes on below it.
                    continue;
                }
                Cut::StartOfColumns(start) => {
                    let was_at_top = self.at_top && start == next;
                    self.place_all(next, start + 1);
                    next = start + 1;
                    self.start_columns(next, was_at_top);
                    continue;
                }
                Cut::LastOfColumns(end) => {
                    self.place_all(next, end + 1);
                    next = end + 1;
                    self.end_columns(next);
                    continue;
                }
            }
            let Some(strip) = self.strips.get(next) else { break };
            self.after_forced = strip.forced.is_some();
            // What ends between the pages ends on this one.
            if !std::mem::replace(&mut self.at_top, false) {
                self.close_at(next);
            }
            self.advance(strip.forced, Some(next));
        }
        self.finish_row();
        self.close_frames(self.frames.len());
        self.finish_page();
    }

    pub(super) fn page_height(&self) -> f32 {
        self.page.style.area.height
    }

    /// The foot of the page or of the column.
    fn height(&self) -> f32 {
        self.row.as_ref().map_or_else(|| self.page_height(), ColumnRow::foot)
    }

    fn x(&self) -> f32 {
        self.row.as_ref().map_or(0.0, ColumnRow::shift)
    }

    pub(super) fn content(&self, strip: &Strip) -> Option<&Content> {
        match self.units.get(strip.unit as usize)?.get(strip.piece as usize)? {
            Piece::Solid { content, .. } => Some(content),
            _ => None,
        }
    }

    /// Decides where the page or column that starts with `start` ends.
    fn end_of_page(&self, start: usize) -> Cut {
        self.cut(
            start,
            Room {
                y: self.y,
                limit: self.height(),
                at_top: self.at_top,
                after_forced: self.after_forced,
                must: self.row.as_ref().is_none_or(|row| row.fresh),
                columns: self.row.is_some(),
            },
        )
    }

    /// Decides where strips that start with `start` are cut.
    pub(super) fn cut(&self, start: usize, room: Room) -> Cut {
        let limit = room.limit + TOLERANCE;
        let mut y = room.y;
        let mut free = None;
        let mut avoided = None;
        for (number, strip) in self.strips.iter().enumerate().skip(start) {
            let at_top = room.at_top && number == start;
            if strip.edge == ColumnEdge::End && room.columns {
                return Cut::LastOfColumns(number);
            }
            if !at_top && is_forced(strip, room.columns) {
                return Cut::Before(number);
            }
            y += space_before(strip, at_top, room.after_forced);
            if !at_top {
                match strip.keep {
                    Keep::Free => free = Some(number),
                    Keep::Avoid => avoided = Some(number),
                    Keep::Edge => {}
                }
            }
            if strip.edge == ColumnEdge::Start && (at_top || y + self.lead(number) <= limit) {
                return Cut::StartOfColumns(number);
            }
            if strip.edge == ColumnEdge::Start || y + strip.height.max(strip.reserve) > limit {
                let left = room.limit - y;
                let is_row = matches!(self.content(strip), Some(Content::Row(_)));
                let is_tall = strip.height > self.page_height() && left > LEAST_ROW;
                if is_row && (is_tall || at_top && room.must) {
                    return Cut::Inside(number, left);
                }
                let whole = number + usize::from(room.must);
                return Cut::Before(if at_top { whole } else { free.or(avoided).unwrap_or(number) });
            }
            y += strip.height;
        }
        Cut::Before(self.strips.len())
    }

    fn place_all(&mut self, start: usize, end: usize) {
        let strips = self.strips;
        for strip in &strips[start..end] {
            self.enter_strip(strip);
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
        }
    }

    /// Moves down to the top of a strip: ends and starts frames and tables, and notes marks.
    fn enter_strip(&mut self, strip: &Strip) {
        // At the top of a page, what ends before the strip ended with the page before.
        if !self.at_top {
            self.close_frames(strip.closes);
            self.tables.truncate(self.tables.len().saturating_sub(strip.table_ends));
        }
        self.y += space_before(strip, self.at_top, self.after_forced);
        if strip.edge == ColumnEdge::End {
            // A margin at the end of a column that is full is cut.
            self.y = self.y.min(self.height().max(0.0));
        }
        self.at_top = false;
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
    fn place_cut_row(&mut self, number: usize, room: f32) {
        let strips = self.strips;
        let strip = &strips[number];
        self.enter_strip(strip);
        let Some(Content::Row(row)) = self.content(strip) else { return };
        let mut row = row.clone();
        let mut room = room;
        loop {
            let fits = row.height <= room + TOLERANCE;
            let rest = if fits { None } else { row.split(room) };
            if !fits && rest.is_none() {
                self.out.overfull += 1;
            }
            self.after_forced = false;
            let height = row.height;
            let page = self.out.pages.len();
            note_row(&row, self.y, page, &mut self.out, &mut self.page);
            self.page.placed.push(Placed::Row { row, x: self.x(), y: self.y });
            self.y += height;
            let Some(rest) = rest else { return };
            row = Box::new(rest);
            self.advance(None, None);
            self.repeat_headers();
            self.at_top = false;
            room = self.height() - self.y;
            if self.out.pages.len() >= MAX_PAGES {
                return;
            }
        }
    }

    /// Sets the header rows of open tables again at the top of a page.
    fn repeat_headers(&mut self) {
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

    fn finish_page(&mut self) {
        let y = self.y;
        let outer = self.row.as_ref().map_or(self.frames.len(), |row| row.outer);
        for open in self.frames.iter().take(outer) {
            if let Some(Placed::Frame { bottom, .. }) = self.page.placed.get_mut(open.at) {
                *bottom = y;
            }
        }
        self.page.strings.close(&mut self.running);
        let kind = PageKind::default();
        let next = PageDraft {
            kind,
            style: Arc::clone(&self.page.style),
            number: self.page.number.saturating_add(1),
            placed: Vec::new(),
            strings: PageStrings::opened(&self.running),
        };
        self.out.pages.push(std::mem::replace(&mut self.page, next));
    }

    fn start_page(&mut self, blank: bool) {
        let index = self.out.pages.len();
        let kind = PageKind { first: index == 0, blank, right: self.is_right(index) };
        self.page.kind = kind;
        self.page.style = (self.page_style)(kind);
        self.y = 0.0;
        self.at_top = true;
    }

    fn is_right(&self, index: usize) -> bool {
        index.is_multiple_of(2) != self.rtl
    }

    pub(super) fn turn_page(&mut self, forced: Option<Break>) {
        self.finish_row();
        self.finish_page();
        self.start_page(false);
        self.match_side(forced);
        self.rewind_row();
        for open in std::mem::take(&mut self.frames) {
            self.open_frame(&open.frame, false);
        }
    }

    /// Leaves a page blank where the next must be a left or a right one.
    fn match_side(&mut self, forced: Option<Break>) {
        let wanted = match forced {
            Some(Break::Right) => true,
            Some(Break::Left) => false,
            _ => return,
        };
        if self.is_right(self.out.pages.len()) != wanted {
            self.start_page(true);
            self.finish_page();
            self.start_page(false);
        }
    }
}

/// Whether a break is forced before a strip; one of columns counts in columns alone.
fn is_forced(strip: &Strip, in_columns: bool) -> bool {
    strip.forced.is_some_and(|forced| in_columns || forced != Break::Column)
}

/// The space that stands before a strip: none at the top of a page or column, unless the break was forced.
fn space_before(strip: &Strip, at_top: bool, after_forced: bool) -> f32 {
    match (at_top, after_forced) {
        (false, _) => strip.space,
        (true, true) => strip.space_after_break.max(0.0),
        (true, false) => 0.0,
    }
}
