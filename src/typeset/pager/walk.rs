//! The way down the strips to where a page or a column ends (CSS Fragmentation 3, 4).

use super::cut::{Cut, LEAST_ROW, LEAST_WHITE, Room, WHITE, WHITE_ROW, is_end, is_forced, space_before};
use super::footnotes::Reserve;
use super::paginate::{Pager, TOLERANCE};
use super::split::Force;
use crate::typeset::block::piece::{ColumnEdge, Content, Keep, Strip};

/// How far a page or a column is filled.
pub(super) struct Walk<'a> {
    pager: &'a Pager<'a>,
    start: usize,
    room: Room,
    y: f32,
    reserve: Reserve,
    /// Where it may end, and how much of it is then left white.
    free: Option<(usize, f32)>,
    /// Where it had better not end.
    avoided: Option<usize>,
    /// Whether the last note only begins here.
    cuts_note: bool,
    /// Whether nothing stands on the page yet but the upper edges of what begins.
    is_bare: bool,
}

/// A strip that is looked at.
struct Looked<'a> {
    number: usize,
    strip: &'a Strip,
    at_top: bool,
    /// Whether it is the empty rest of a height.
    is_rest: bool,
    /// What footers take that stand below it: those of tables that go on.
    feet: f32,
}

/// Whether a strip fits, how high it is then, and what notes take with those that it calls.
struct Fit {
    fits: bool,
    height: f32,
    reserve: Reserve,
}

impl<'a> Walk<'a> {
    pub(super) fn new(pager: &'a Pager<'a>, start: usize, room: Room) -> Self {
        Self {
            pager,
            start,
            room,
            y: room.y,
            reserve: room.reserve,
            free: None,
            avoided: None,
            cuts_note: false,
            is_bare: room.at_top && !room.columns,
        }
    }

    /// Sets the next strip; says where all ends if it does so here.
    pub(super) fn cut(&mut self, number: usize, strip: &Strip) -> Option<Cut> {
        let (pager, room) = (self.pager, self.room);
        let at_top = room.at_top && number == self.start;
        if strip.edge == ColumnEdge::End && room.columns {
            return Some(Cut::LastOfColumns(number));
        }
        if !at_top && is_forced(strip, room.columns) {
            return Some(Cut::Before(number));
        }
        self.y += space_before(strip, at_top, room.after_forced);
        if is_end(strip) {
            self.y = self.y.min(room.limit.max(room.y));
        }
        let looked = Looked { number, strip, at_top, is_rest: pager.is_rest(strip), feet: pager.feet_after(number) };
        if !at_top && self.ends_before(&looked) {
            return Some(Cut::Before(number));
        }
        // Where all above is tied to the columns, another page has no more room for them.
        let is_first = room.at_top && self.free.is_none();
        let has_room = || room.holds(self.y + pager.lead(number), self.reserve.whole());
        if strip.edge == ColumnEdge::Start && (is_first || has_room()) {
            return Some(Cut::StartOfColumns(number));
        }
        let fit = self.fit(&looked);
        if !fit.fits {
            return Some(self.in_nothing(&looked).unwrap_or_else(|| self.end(&looked)));
        }
        self.reserve = fit.reserve;
        self.y += fit.height;
        self.is_bare &= matches!(pager.content(strip), Some(Content::Blank));
        None
    }

    /// Keeps in mind whether all may end before a strip; says whether it does.
    fn ends_before(&mut self, looked: &Looked<'_>) -> bool {
        let columns = self.room.columns;
        match looked.strip.keep {
            // A note that is cut keeps as much of the page as it can. Columns go on beside it.
            Keep::Free if self.cuts_note && !columns => return true,
            // What is empty is cut itself.
            Keep::Free if looked.is_rest && !columns => {}
            Keep::Free => {
                let white = self.room.left(self.y - looked.strip.space, self.reserve);
                self.free = Some((looked.number, white));
            }
            Keep::Avoid => self.avoided = Some(looked.number),
            Keep::Edge => {}
        }
        false
    }

    fn fit(&mut self, looked: &Looked<'_>) -> Fit {
        let (pager, room) = (self.pager, self.room);
        let Looked { number, strip, at_top, is_rest, feet } = *looked;
        let bottom = self.y + strip.height.max(strip.reserve) + feet;
        let calls = !strip.notes.is_empty();
        let mut reserve = if calls { pager.reserve_with(self.reserve, &strip.notes) } else { self.reserve };
        let taken = if self.cuts_note { reserve.least() } else { reserve.whole() };
        let below = if is_rest { pager.edges_below(number) } else { 0.0 };
        let is_within = !calls || !self.cuts_note && reserve.is_within();
        let mut fits = strip.edge != ColumnEdge::Start && room.holds(bottom + below, taken) && is_within;
        if !fits && calls && !self.cuts_note && room.cuts_notes {
            (fits, reserve) = self.cut_note(bottom, reserve);
        }
        // The way down past floats ends with the page.
        let is_way = strip.keep == Keep::Avoid && matches!(pager.content(strip), Some(Content::Blank));
        let left = room.left(self.y, self.reserve);
        if !fits && is_way && !at_top && !room.columns && room.holds(self.y, taken) {
            return Fit { fits: true, height: left.max(0.0).min(strip.height), reserve };
        }
        let white = self.free.map_or(f32::MAX, |(_, white)| white);
        let leaves_white = room.cuts_notes && white > pager.page_height() * LEAST_WHITE;
        match pager.smaller_picture(number, left + TOLERANCE).filter(|_| leaves_white) {
            Some(height) => Fit { fits: true, height, reserve },
            None => Fit { fits, height: strip.height, reserve },
        }
    }

    /// Whether a strip fits if the last of the notes that it calls only begins here, and what they take then.
    fn cut_note(&mut self, bottom: f32, reserve: Reserve) -> (bool, Reserve) {
        let room = self.room;
        if !reserve.is_open() || !room.holds(bottom, reserve.least()) {
            return (false, reserve);
        }
        let fits = self.free.is_none_or(|(_, white)| white > WHITE);
        let limited = reserve.cut_by_limit(|most| room.holds(bottom, most)).filter(|_| fits);
        self.cuts_note = fits && limited.is_none();
        (fits, limited.unwrap_or(reserve))
    }

    /// Where all ends with a strip that does not fit and is the empty rest of a height.
    fn in_nothing(&self, looked: &Looked<'_>) -> Option<Cut> {
        let Looked { number, strip, at_top, is_rest, .. } = *looked;
        let is_kept = strip.keep == Keep::Avoid && self.free.is_some();
        if !is_rest || is_kept {
            return None;
        }
        let ends = self.pager.end_of_nothing(number).map(Cut::Before);
        ends.or_else(|| (!self.room.columns || at_top && self.room.must).then_some(Cut::Inside(number)))
    }

    /// Where all ends for a strip that does not fit.
    fn end(&self, looked: &Looked<'_>) -> Cut {
        let (pager, room) = (self.pager, self.room);
        let Looked { number, at_top, .. } = *looked;
        if self.is_row_cut(looked) {
            return Cut::Inside(number);
        }
        Cut::Before(match self.free {
            _ if at_top && room.must => pager.end_of_blanks(number + 1),
            _ if at_top => number,
            Some((free, _)) => free,
            None if room.strict && room.at_top => self.start,
            None => self.avoided.unwrap_or(number),
        })
    }

    /// Whether a strip that does not fit is a row that is cut.
    fn is_row_cut(&self, looked: &Looked<'_>) -> bool {
        let (pager, room) = (self.pager, self.room);
        let Some(Content::Row(row)) = pager.content(looked.strip) else { return false };
        let left = room.left(self.y, self.reserve) - looked.feet;
        let white = self.free.map_or(left, |(_, white)| white);
        let leaves_white = !row.kept && white > pager.page_height() * WHITE_ROW;
        let is_tall = (looked.strip.height > pager.page_height() || leaves_white)
            && left > LEAST_ROW
            && row.keeps_above(left, Force::None);
        let is_tied = left > pager.page_height() * LEAST_WHITE && pager.fits_tied_rows(looked.strip, left);
        is_tall || is_tied || (looked.at_top || self.is_bare) && room.must
    }
}
