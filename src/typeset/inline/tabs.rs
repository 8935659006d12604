//! Where preserved tabs reach to (CSS Text 3, 4.2): the next multiple of `tab-size` times the width of a space of the block,
//! from the edge of the block. In the text a tab is as many spaces as characters are missing to its stop, so that what is
//! copied stands in columns too; here these spaces share what the tab is wide.

use super::Direction;
use super::collapse::Source;
use super::pieces::{Kind, Piece, single_word};
use crate::typeset::shape::Shaper;

/// A preserved tab in the text.
#[derive(Clone, Copy)]
pub(super) struct Tab {
    /// Where its spaces begin.
    pub(super) start: u32,
    /// How many they are.
    pub(super) count: u32,
    /// `tab-size` of its text.
    pub(super) size: u8,
}

/// Walks along a line, piece by piece, and says how wide each is.
pub(super) struct Walk<'p> {
    tabs: &'p [Tab],
    /// The width of a space of the block, and the least that a tab is wide.
    space: f32,
    least: f32,
    /// How far from the edge of the block the line has come.
    x: f32,
    /// How many spaces of the tab are still to come, and how wide each is.
    rest: (u32, f32),
}

impl<'p> Walk<'p> {
    /// Along a line that begins so far from the left edge of the block, and behind such an indent; `None` where there are no
    /// tabs.
    pub(super) fn new(source: &'p Source<'_>, shaper: &mut Shaper<'_>, (left, indent): (f32, f32)) -> Option<Self> {
        if source.tabs.is_empty() {
            return None;
        }
        let paragraph = source.paragraph;
        let strut = &paragraph.strut;
        let (_, space) = single_word(shaper, " ", false, strut);
        let space = shaper.advance(space) * strut.size + strut.letter_spacing + strut.word_spacing;
        let least = shaper.fonts().metrics(strut).zero_advance / 2.0;
        let left = if paragraph.direction == Direction::Rtl { 0.0 } else { left };
        Some(Self { tabs: &source.tabs, space, least, x: left + indent, rest: (0, 0.0) })
    }

    /// The width of the piece that begins at this place in the text, and is so wide if it belongs to no tab.
    pub(super) fn pass(&mut self, start: u32, is_space: bool, natural: f32) -> f32 {
        if !is_space {
            self.x += natural;
            return natural;
        }
        if self.rest.0 == 0
            && let Ok(at) = self.tabs.binary_search_by_key(&start, |tab| tab.start)
        {
            let Tab { count, size, .. } = self.tabs[at];
            self.rest = (count, self.distance(size).map_or(natural, |distance| distance / count.max(1) as f32));
        }
        let width = match &mut self.rest {
            (0, _) => natural,
            (left, each) => {
                *left -= 1;
                *each
            }
        };
        self.x += width;
        width
    }

    /// How far it is to the next stop.
    fn distance(&self, size: u8) -> Option<f32> {
        let every = f32::from(size) * self.space;
        if every <= 0.0 {
            return None;
        }
        // Rounding must not make a stop of the place where one is.
        let passed = (self.x / every + 1e-4).floor();
        let distance = (passed + 1.0) * every - self.x;
        Some(if distance < self.least { distance + every } else { distance })
    }
}

/// Sets the widths of tabs in a paragraph as if lines ended at forced breaks alone.
pub(super) fn set(source: &Source<'_>, pieces: &mut [Piece], shaper: &mut Shaper<'_>) {
    let Some(mut walk) = Walk::new(source, shaper, (0.0, source.paragraph.indent)) else { return };
    for piece in pieces {
        if piece.kind == Kind::Newline {
            (walk.x, walk.rest.0) = (0.0, 0);
        } else {
            piece.width = walk.pass(piece.start, piece.is_space(), piece.width);
        }
    }
}
