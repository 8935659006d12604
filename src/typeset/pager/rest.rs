//! What heights leave empty below the content of boxes, at the foot of pages.

use super::cut::is_end;
use super::paginate::{MAX_PAGES, Pager, TOLERANCE};
use crate::typeset::block::piece::{ColumnEdge, Content, Keep, Strip};
use crate::typeset::style::computed::Break;

impl Pager<'_> {
    /// Whether a strip is the empty rest of a height.
    pub(super) fn is_rest(&self, strip: &Strip) -> bool {
        matches!(self.content(strip), Some(Content::Rest { .. }))
    }

    /// How tall the lower edges are that follow the empty rest of a height.
    pub(super) fn edges_below(&self, number: usize) -> f32 {
        let after = self.strips.iter().skip(number + 1);
        let is_edge = |strip: &&Strip| {
            strip.keep == Keep::Edge && !is_end(strip) && matches!(self.content(strip), Some(Content::Blank))
        };
        after.take_while(is_edge).map(|strip| strip.space + strip.height).sum()
    }

    /// The strip at which a new page is begun anyway, where nothing is to be seen from here to there: no page is made for
    /// that.
    pub(super) fn end_of_nothing(&self, number: usize) -> Option<usize> {
        for (at, strip) in self.strips.iter().enumerate().skip(number) {
            if at > number && strip.forced.is_some_and(Break::turns_page) {
                return Some(at);
            }
            let is_nothing = matches!(self.content(strip), Some(Content::Blank | Content::Rest { painted: false }));
            if !is_nothing || strip.edge != ColumnEdge::None || at > number && !strip.opens.is_empty() {
                return None;
            }
        }
        Some(self.strips.len())
    }

    /// Sets such a rest over as many pages as it needs.
    pub(super) fn place_rest(&mut self, number: usize) {
        let strips = self.strips;
        let Some(strip) = strips.get(number) else { return };
        let mut is_fresh = self.at_top;
        self.enter_strip(strip);
        let mut left = strip.height;
        loop {
            let part = left.min(self.room_left().max(0.0));
            self.y += part;
            left -= part;
            // Where a page leaves no room at all there is no end to it.
            if left <= TOLERANCE || is_fresh && part <= TOLERANCE || self.out.pages.len() >= MAX_PAGES {
                return;
            }
            self.next_page_for_rest();
            is_fresh = true;
        }
    }
}
