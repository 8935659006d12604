//! Where pages and columns end (CSS Fragmentation 3, 4).

use super::columns::ColumnRow;
use super::footnotes::Reserve;
use super::paginate::{Pager, TOLERANCE};
use super::walk::Walk;
use crate::typeset::block::piece::{Content, Keep, Strip};
use crate::typeset::style::computed::Break;

/// Less than this is not worth cutting a row for.
pub(super) const LEAST_ROW: f32 = 40.0;

/// A row that would fit on a page of its own is cut where moving it on would leave more than this share of the page white.
pub(super) const WHITE_ROW: f32 = 0.25;

/// A footnote is cut only where moving its line on would leave more than this white, in points.
pub(super) const WHITE: f32 = 36.0;

/// A picture is made smaller where it would else leave more than this share of the page white, and to no less than this
/// share of its size.
pub(super) const LEAST_WHITE: f32 = 0.15;
const LEAST_PICTURE: f32 = 0.6;

/// Where a page or a column ends.
pub(super) enum Cut {
    /// Before this strip.
    Before(usize),
    /// Inside of this strip: a row, or the empty rest of a height.
    Inside(usize),
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
    /// Whether what may not be broken and does not fit goes on elsewhere, be nothing set here.
    pub(super) strict: bool,
    pub(super) columns: bool,
    /// The foot of the page, and how far down its columns reach so far: footnotes stand between the two.
    pub(super) foot: f32,
    pub(super) lowest: f32,
    /// What footnotes take of the page, and whether one may be cut.
    pub(super) reserve: Reserve,
    pub(super) cuts_notes: bool,
}

impl Room {
    /// How much is left of it below `y`.
    pub(super) fn left(&self, y: f32, reserve: Reserve) -> f32 {
        self.limit.min(self.foot - reserve.whole()) - y
    }

    /// Whether something that ends there leaves so much for the notes.
    pub(super) fn holds(&self, bottom: f32, notes: f32) -> bool {
        bottom <= self.limit + TOLERANCE && bottom.max(self.lowest) + notes <= self.foot + TOLERANCE
    }
}

impl Pager<'_> {
    /// Decides where the page or column that starts with `start` ends.
    pub(super) fn end_of_page(&self, start: usize) -> Cut {
        let is_fresh = self.row.as_ref().is_none_or(|row| row.fresh);
        let room = Room {
            y: self.y,
            limit: self.height(),
            at_top: self.at_top,
            after_forced: self.after_forced,
            // Notes that wait are something to set.
            must: is_fresh && !self.has_waiting(),
            strict: self.row.as_ref().is_some_and(ColumnRow::is_strict),
            columns: self.row.is_some(),
            foot: self.page_height(),
            lowest: self.lowest(),
            reserve: self.reserve(),
            cuts_notes: true,
        };
        self.cut(start, room)
    }

    /// Decides where strips that start with `start` are cut.
    pub(super) fn cut(&self, start: usize, room: Room) -> Cut {
        let mut walk = Walk::new(self, start, room);
        let mut strips = self.strips.iter().enumerate().skip(start);
        strips.find_map(|(number, strip)| walk.cut(number, strip)).unwrap_or(Cut::Before(self.strips.len()))
    }

    /// Where the blanks end that follow what is taller than a page, if nothing else comes after them: for them alone no page
    /// is begun. Else where they begin.
    pub(super) fn end_of_blanks(&self, number: usize) -> usize {
        let is_blank = self.strips.get(number).is_some_and(|strip| strip.opens.is_empty() && strip.forced.is_none());
        if is_blank { self.end_of_nothing(number).unwrap_or(number) } else { number }
    }

    /// Whether some of the rows that spans tie together stand in the room that is left. Such rows may be parted where
    /// they would else leave much white.
    pub(super) fn fits_tied_rows(&self, strip: &Strip, left: f32) -> bool {
        let Some(Content::Row(row)) = self.content(strip) else { return false };
        !row.kept && strip.keep != Keep::Avoid && row.tops.first().is_some_and(|top| *top <= left)
    }

    /// The height at which a picture, with what has to stand with it, fits into the room that is left; `None` where it
    /// need not or cannot be made so small, or is no picture.
    pub(super) fn smaller_picture(&self, number: usize, room: f32) -> Option<f32> {
        let strip = self.strips.get(number)?;
        if !matches!(self.content(strip), Some(Content::Picture { .. })) {
            return None;
        }
        let mut rest = 0.0;
        for strip in self.strips.iter().skip(number + 1) {
            if strip.keep == Keep::Free || strip.forced.is_some() || rest > room {
                break;
            }
            rest += strip.space + strip.height;
        }
        let left = room - rest;
        (left < strip.height && left >= strip.height * LEAST_PICTURE).then_some(left - TOLERANCE)
    }
}

/// Whether a break is forced before a strip; one of columns counts in columns alone.
pub(super) fn is_forced(strip: &Strip, in_columns: bool) -> bool {
    strip.forced.is_some_and(|forced| in_columns || forced != Break::Column)
}

/// Whether a strip is nothing but the end of something: a margin before it is cut at the foot of a page (CSS
/// Fragmentation 3, 5.2).
pub(super) fn is_end(strip: &Strip) -> bool {
    strip.keep == Keep::Edge && strip.height == 0.0 && strip.reserve == 0.0 && strip.opens.is_empty()
}

/// The space that stands before a strip: none at the top of a page or column, unless the break was forced.
pub(super) fn space_before(strip: &Strip, at_top: bool, after_forced: bool) -> f32 {
    match (at_top, after_forced) {
        (false, _) => strip.space,
        (true, true) => strip.space_after_break.max(0.0),
        (true, false) => 0.0,
    }
}
