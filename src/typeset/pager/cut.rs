//! Where pages and columns end (CSS Fragmentation 3, 4).

use super::columns::ColumnRow;
use super::footnotes::Reserve;
use super::paginate::{Pager, TOLERANCE};
use super::split::Force;
use crate::typeset::block::piece::{ColumnEdge, Content, Keep, Strip};
use crate::typeset::style::computed::Break;

/// Less than this is not worth cutting a row for.
pub(super) const LEAST_ROW: f32 = 40.0;

/// A row that would fit on a page of its own is cut where moving it on would leave more than this share of the page white.
pub(super) const WHITE_ROW: f32 = 0.25;

/// A footnote is cut only where moving its line on would leave more than this white, in points.
pub(super) const WHITE: f32 = 36.0;

/// A picture is made smaller where it would else leave more than this share of the page white, and to no less than this
/// share of its size.
const LEAST_WHITE: f32 = 0.15;
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
    fn left(&self, y: f32, reserve: Reserve) -> f32 {
        self.limit.min(self.foot - reserve.whole()) - y
    }

    /// Whether something that ends there leaves so much for the notes.
    fn holds(&self, bottom: f32, notes: f32) -> bool {
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
        let mut y = room.y;
        let mut reserve = room.reserve;
        // Where it may end, and how much of it is then left white.
        let mut free = None;
        let mut avoided = None;
        let mut cuts_note = false;
        // Whether nothing stands on the page yet but the upper edges of what begins.
        let mut is_bare = room.at_top && !room.columns;
        for (number, strip) in self.strips.iter().enumerate().skip(start) {
            let at_top = room.at_top && number == start;
            let is_rest = self.is_rest(strip);
            if strip.edge == ColumnEdge::End && room.columns {
                return Cut::LastOfColumns(number);
            }
            if !at_top && is_forced(strip, room.columns) {
                return Cut::Before(number);
            }
            y += space_before(strip, at_top, room.after_forced);
            if is_end(strip) {
                y = y.min(room.limit.max(room.y));
            }
            if !at_top {
                match strip.keep {
                    // A note that is cut keeps as much of the page as it can. Columns go on beside it.
                    Keep::Free if cuts_note && !room.columns => return Cut::Before(number),
                    // What is empty is cut itself.
                    Keep::Free if is_rest && !room.columns => {}
                    Keep::Free => free = Some((number, room.left(y - strip.space, reserve))),
                    Keep::Avoid => avoided = Some(number),
                    Keep::Edge => {}
                }
            }
            // Where all above is tied to the columns, another page has no more room for them.
            let is_first = room.at_top && free.is_none();
            if strip.edge == ColumnEdge::Start && (is_first || room.holds(y + self.lead(number), reserve.whole())) {
                return Cut::StartOfColumns(number);
            }
            // Tables that go on have their footers below it.
            let feet = self.feet_after(number);
            let bottom = y + strip.height.max(strip.reserve) + feet;
            let calls = !strip.notes.is_empty();
            let mut with = if calls { self.reserve_with(reserve, &strip.notes) } else { reserve };
            let taken = if cuts_note { with.least() } else { with.whole() };
            let below = if is_rest { self.edges_below(number) } else { 0.0 };
            let mut fits = strip.edge != ColumnEdge::Start && room.holds(bottom + below, taken);
            if calls && fits {
                fits = !cuts_note && with.is_within();
            }
            if !fits && calls && !cuts_note && room.cuts_notes && with.is_open() && room.holds(bottom, with.least()) {
                cuts_note = free.is_none_or(|(_, white)| white > WHITE);
                fits = cuts_note;
                if fits && let Some(limited) = with.cut_by_limit(|most| room.holds(bottom, most)) {
                    (with, cuts_note) = (limited, false);
                }
            }
            let mut height = strip.height;
            // The way down past floats ends with the page.
            let is_way = strip.keep == Keep::Avoid && matches!(self.content(strip), Some(Content::Blank));
            if !fits && is_way && !at_top && !room.columns && room.holds(y, taken) {
                (height, fits) = (room.left(y, reserve).max(0.0).min(height), true);
            }
            if room.cuts_notes {
                let white = free.map_or(f32::MAX, |(_, white)| white);
                let smaller = self.smaller_picture(number, room.left(y, reserve) + TOLERANCE);
                if let Some(smaller) = smaller.filter(|_| white > self.page_height() * LEAST_WHITE) {
                    height = smaller;
                    fits = true;
                }
            }
            if !fits && is_rest {
                let is_kept = strip.keep == Keep::Avoid && free.is_some();
                if let Some(end) = self.end_of_nothing(number).filter(|_| !is_kept) {
                    return Cut::Before(end);
                }
                if !is_kept && (!room.columns || at_top && room.must) {
                    return Cut::Inside(number);
                }
            }
            if !fits {
                let left = room.left(y, reserve) - feet;
                let row = match self.content(strip) {
                    Some(Content::Row(row)) => Some(row),
                    _ => None,
                };
                let white = free.map_or(left, |(_, white)| white);
                let leaves_white = row.is_some_and(|row| !row.kept) && white > self.page_height() * WHITE_ROW;
                let is_tall = (strip.height > self.page_height() || leaves_white)
                    && left > LEAST_ROW
                    && row.is_some_and(|row| row.keeps_above(left, Force::None));
                let is_tied = left > self.page_height() * LEAST_WHITE && self.fits_tied_rows(strip, left);
                if row.is_some() && (is_tall || is_tied || (at_top || is_bare) && room.must) {
                    return Cut::Inside(number);
                }
                return Cut::Before(match free {
                    _ if at_top && room.must => self.end_of_blanks(number + 1),
                    _ if at_top => number,
                    Some((free, _)) => free,
                    None if room.strict && room.at_top => start,
                    None => avoided.unwrap_or(number),
                });
            }
            reserve = with;
            y += height;
            is_bare &= matches!(self.content(strip), Some(Content::Blank));
        }
        Cut::Before(self.strips.len())
    }

    /// Where the blanks end that follow what is taller than a page, if nothing else comes after them: for them alone no page
    /// is begun. Else where they begin.
    fn end_of_blanks(&self, number: usize) -> usize {
        let is_blank = self.strips.get(number).is_some_and(|strip| strip.opens.is_empty() && strip.forced.is_none());
        if is_blank { self.end_of_nothing(number).unwrap_or(number) } else { number }
    }

    /// Whether some of the rows that spans tie together stand in the room that is left. Such rows may be parted where
    /// they would else leave much white.
    fn fits_tied_rows(&self, strip: &Strip, left: f32) -> bool {
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
fn is_forced(strip: &Strip, in_columns: bool) -> bool {
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
