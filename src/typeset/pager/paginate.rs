//! Cuts the galley into pages (CSS Fragmentation 3).
//!
//! Each page is decided in two steps: how many strips fit, then placing them. Nothing is moved out of the units, so
//! that the pages can be made again when page numbers in the text have changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::ColumnRow;
use super::cut::Cut;
use super::footnotes::Waiting;
use super::strings::PageStrings;
use super::tables::feet;
use crate::typeset::block::boxes::NoteId;
use crate::typeset::block::footnotes::Note;
use crate::typeset::block::piece::{Content, Flowed, Frame, Piece, RepeatedRows, Row, Strip};
use crate::typeset::border::Line;
use crate::typeset::style::computed::Break;
use crate::typeset::style::page_rule::PageKind;
use crate::typeset::style::page_style::PageStyle;

/// Rounding errors of lines and margins together stay below this.
pub(super) const TOLERANCE: f32 = 0.05;

/// Pages beyond this are refused: PDF viewers give up earlier.
pub(super) const MAX_PAGES: usize = 200_000;

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
    /// A picture that was made smaller to fit.
    Picture {
        unit: u32,
        piece: u32,
        x: f32,
        y: f32,
        height: f32,
    },
    /// A section of a footnote.
    Note {
        note: NoteId,
        section: usize,
        x: f32,
        y: f32,
    },
    /// A part of a footnote that was cut.
    Flowed {
        flowed: Box<Flowed>,
        x: f32,
        y: f32,
    },
    /// A rule between columns.
    Rule {
        x: f32,
        top: f32,
        bottom: f32,
        line: Line,
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
    /// Whether a line or a picture stands on it already.
    pub(super) has_content: bool,
}

/// Pages, and where on them things stand: page index and y in the page area.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pagination {
    pub(crate) pages: Vec<PageDraft>,
    pub(crate) anchors: BTreeMap<String, (usize, f32)>,
    pub(crate) bookmarks: Vec<(u8, String, usize, f32)>,
    /// What was taller than a page and could not be cut.
    pub(crate) too_tall: Vec<TooTall>,
    /// Lines that are wider than their column.
    pub(crate) too_wide: Vec<TooWide>,
    /// Words and numbers that are cut without a hyphen for lack of room, with the number of the page.
    pub(crate) cut: Vec<(i32, Arc<str>)>,
}

/// Content that is taller than a page and runs off its foot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TooTall {
    /// The number of the page.
    pub(crate) page: i32,
    /// How its text begins, if it has any.
    pub(crate) text: String,
}

/// A line that is wider than its column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TooWide {
    /// The number of its page.
    pub(crate) page: i32,
    /// How its text begins.
    pub(crate) text: String,
    /// The first of its pictures, by its number.
    pub(crate) picture: Option<usize>,
    /// By so many points.
    pub(crate) by: f32,
}

pub(super) struct OpenFrame {
    pub(super) frame: Arc<Frame>,
    /// Index in the page's `placed`.
    pub(super) at: usize,
}

/// A table of which rows are still to come.
#[derive(Clone)]
pub(super) struct OpenTable {
    pub(super) repeated: Option<Arc<RepeatedRows>>,
    /// Whether its footer has begun.
    pub(super) in_foot: bool,
}

pub(super) struct Pager<'a> {
    pub(super) strips: &'a [Strip],
    pub(super) units: &'a [Vec<Piece>],
    /// Footnotes that are called, by their ids.
    pub(super) notes: &'a [Option<Note>],
    page_style: &'a dyn Fn(PageKind) -> Arc<PageStyle>,
    rtl: bool,
    pub(super) out: Pagination,
    pub(super) page: PageDraft,
    pub(super) y: f32,
    pub(super) frames: Vec<OpenFrame>,
    /// Frames of columns that are cut by something that spans them.
    pub(super) suspended: Vec<Arc<Frame>>,
    pub(super) tables: Vec<OpenTable>,
    /// By strip, how tall the footers are of the tables that are open after it; empty where no table has one.
    pub(super) feet: Vec<f32>,
    pub(super) row: Option<ColumnRow>,
    running: BTreeMap<String, Arc<str>>,
    /// The name of the page, and of the one that comes next.
    pub(super) page_name: u16,
    pub(super) next_name: u16,
    /// Whether nothing but repeated headers stands on the page or in the column yet.
    pub(super) at_top: bool,
    /// Whether the page or column began with a forced break, or is the first.
    pub(super) after_forced: bool,
    /// Footnotes for the foot of the page.
    pub(super) notes_below: Waiting,
    /// Whether something of the text stands on the page.
    pub(super) page_filled: bool,
    /// The number of the page before; 0 before the first.
    number_before: i32,
}

/// Cuts strips into pages. At least one page comes out.
pub(crate) fn paginate(
    strips: &[Strip],
    units: &[Vec<Piece>],
    notes: &[Option<Note>],
    rtl: bool,
    page_style: &dyn Fn(PageKind) -> Arc<PageStyle>,
) -> Pagination {
    let name = strips.first().map_or(0, |strip| strip.page);
    let kind = PageKind { first: true, blank: false, right: !rtl, name, opens: true };
    let page = PageDraft {
        kind,
        style: page_style(kind),
        number: page_style(kind).number(0),
        placed: Vec::new(),
        strings: PageStrings::default(),
        has_content: false,
    };
    let mut pager = Pager {
        strips,
        units,
        notes,
        page_style,
        rtl,
        out: Pagination::default(),
        page,
        y: 0.0,
        frames: Vec::new(),
        suspended: Vec::new(),
        tables: Vec::new(),
        feet: feet(strips),
        row: None,
        running: BTreeMap::new(),
        page_name: name,
        next_name: name,
        at_top: true,
        after_forced: true,
        notes_below: Waiting::default(),
        page_filled: false,
        number_before: 0,
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
            let start = next;
            match self.end_of_page(next) {
                Cut::Before(end) => {
                    self.place_all(next, end);
                    next = end;
                }
                Cut::Inside(strip) => {
                    self.place_all(next, strip);
                    let page = self.out.pages.len();
                    self.place_cut(strip);
                    next = strip + 1;
                    if self.out.pages.len() > page {
                        self.balance_below(next);
                    }
                    // What follows goes on below it.
                    continue;
                }
                Cut::StartOfColumns(start) => {
                    let above = self.at_top.then_some(next);
                    self.place_all(next, start + 1);
                    next = start + 1;
                    self.start_columns(next, above);
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
            self.next_name = strip.page;
            // Where nothing was set the break before it has been made.
            let forced = if next == start && self.at_top { None } else { strip.forced };
            self.after_forced = strip.forced.is_some();
            // What ends between the pages ends on this one.
            if !std::mem::replace(&mut self.at_top, false) {
                self.close_at(next);
                self.repeat_feet();
            }
            self.advance(forced, Some(next));
        }
        self.finish_row();
        self.close_frames(self.frames.len());
        self.finish_page();
        self.set_left_notes(Some(Break::Page));
    }

    pub(super) fn page_height(&self) -> f32 {
        self.page.style.area.height
    }

    /// The foot of the page or of the column.
    pub(super) fn height(&self) -> f32 {
        self.row.as_ref().map_or_else(|| self.page_height(), ColumnRow::foot)
    }

    /// How far down the columns reach that stand on the page, but for the one that is being filled.
    pub(super) fn lowest(&self) -> f32 {
        self.row.as_ref().map_or(0.0, ColumnRow::bottom)
    }

    pub(super) fn x(&self) -> f32 {
        self.row.as_ref().map_or(0.0, ColumnRow::shift)
    }

    pub(super) fn content(&self, strip: &Strip) -> Option<&Content> {
        match self.units.get(strip.unit as usize)?.get(strip.piece as usize)? {
            Piece::Solid { content, .. } => Some(content),
            _ => None,
        }
    }

    pub(super) fn finish_page(&mut self) {
        let y = self.y;
        let outer = self.row.as_ref().map_or(self.frames.len(), |row| row.outer);
        for open in self.frames.iter().take(outer) {
            if let Some(Placed::Frame { bottom, .. }) = self.page.placed.get_mut(open.at) {
                *bottom = y;
            }
        }
        if !self.page.kind.blank {
            self.set_notes();
        }
        self.page.strings.close(&mut self.running);
        let kind = PageKind::default();
        self.number_before = self.page.number;
        let next = PageDraft {
            kind,
            style: Arc::clone(&self.page.style),
            number: self.page.number,
            placed: Vec::new(),
            strings: PageStrings::opened(&self.running),
            has_content: false,
        };
        self.out.pages.push(std::mem::replace(&mut self.page, next));
    }

    pub(super) fn start_page(&mut self, blank: bool) {
        let index = self.out.pages.len();
        let opens = self.page_name != self.next_name;
        self.page_name = self.next_name;
        let name = self.page_name;
        let kind = PageKind { first: index == 0, blank, right: self.is_right(index), name, opens };
        self.style_page(kind);
        self.y = 0.0;
        self.at_top = true;
        self.page_filled = false;
    }

    fn style_page(&mut self, kind: PageKind) {
        self.page.kind = kind;
        self.page.style = (self.page_style)(kind);
        self.page.number = self.page.style.number(self.number_before);
    }

    fn is_right(&self, index: usize) -> bool {
        index.is_multiple_of(2) != self.rtl
    }

    pub(super) fn turn_page(&mut self, forced: Option<Break>) {
        self.finish_row();
        self.finish_page();
        self.set_left_notes(forced);
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
            Some(Break::Recto) => !self.rtl,
            Some(Break::Verso) => self.rtl,
            _ => return,
        };
        if self.is_right(self.out.pages.len()) != wanted {
            let opens = self.page.kind.opens;
            self.start_page(true);
            self.finish_page();
            self.start_page(false);
            if opens {
                self.style_page(PageKind { opens, ..self.page.kind });
            }
        }
    }
}
