//! Floats and the room they leave (CSS 2.2, 9.5).

use std::sync::Arc;

use super::boxes::{BoxId, BoxTree};
use super::flow::Emitter;
use super::galley::flowed;
use super::piece::{Content, Flowed, Keep, Piece};
use super::widths::{horizontal_edges, used_width};
use crate::typeset::inline::Room;
use crate::typeset::style::computed::{BOTTOM, Clear, Float, LEFT, RIGHT, TOP};

/// One float, in the coordinates of the flow.
#[derive(Clone, Copy, Debug)]
struct Band {
    left: bool,
    top: f32,
    bottom: f32,
    /// The edge that text keeps clear of.
    edge: f32,
}

/// The floats of a flow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floats {
    bands: Vec<Band>,
}

impl Floats {
    /// Adds a float from `top` to `bottom`; text keeps to the other side of `edge`.
    pub(crate) fn add(&mut self, left: bool, top: f32, bottom: f32, edge: f32) {
        self.bands.push(Band { left, top, bottom, edge });
    }

    /// Whether there are none below `y`.
    pub(crate) fn is_clear(&self, y: f32) -> bool {
        self.bands.iter().all(|band| band.bottom <= y)
    }

    /// The room at a height, in the coordinates of the flow, inside of a containing block.
    pub(crate) fn room(&self, y: f32, x: f32, width: f32) -> Room {
        let (mut left, mut right) = (x, x + width);
        for band in self.bands.iter().filter(|band| band.top <= y + 0.01 && y < band.bottom - 0.01) {
            if band.left {
                left = left.max(band.edge);
            } else {
                right = right.min(band.edge);
            }
        }
        Room { left, width: (right - left).max(0.0) }
    }

    /// How far down the floats to clear reach.
    pub(crate) fn bottom(&self, clear: Clear) -> f32 {
        let counts = |band: &&Band| match clear {
            Clear::None => false,
            Clear::Left => band.left,
            Clear::Right => !band.left,
            Clear::Both => true,
        };
        self.bands.iter().filter(counts).map(|band| band.bottom).fold(0.0, f32::max)
    }
}

impl Emitter<'_, '_, '_> {
    /// Moves below floats on these sides.
    pub(crate) fn clear_floats(&mut self, clear: Clear) {
        let bottom = self.floats.bottom(clear);
        let missing = bottom - self.here();
        if missing > 0.01 {
            self.emit(Piece::blank(missing, Keep::Avoid));
        }
    }

    /// A float: laid out on its own, put beside what follows.
    pub(super) fn float(&mut self, id: BoxId, x: f32, width: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let edges = horizontal_edges(&style, width);
        let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
        let margins = margin(LEFT) + margin(RIGHT);
        let room = (width - margins).max(0.0);
        let (least, most) = self.intrinsic(id);
        let border_width = match style.width.of(width) {
            Some(_) => used_width(&style, width, room - edges, edges) + edges,
            None => most.min(room).max(least.min(room)),
        };
        let content_width = (border_width - edges).max(0.0);
        let flowed = self.isolated(|inner| inner.block_content(id, 0.0, border_width, content_width, width));
        let on_left = style.float == Float::Left;
        self.clear_floats(style.clear);
        let here = self.here();
        let room_here = self.floats.room(here, x, width);
        if border_width + margins > room_here.width + 0.1 {
            self.clear_floats(Clear::Both);
        }
        let here = self.here();
        let room_here = self.floats.room(here, x, width);
        let left_edge = if on_left {
            room_here.left + margin(LEFT)
        } else {
            room_here.left + room_here.width - margin(RIGHT) - border_width
        };
        let height = flowed.height + margin(TOP) + margin(BOTTOM);
        let band = if on_left { left_edge + border_width + margin(RIGHT) } else { left_edge - margin(LEFT) };
        let spaced = with_margins(flowed, margin(TOP), margin(BOTTOM));
        self.floats.add(on_left, here, here + height, band);
        self.marks(&self.tree().get(id).marks.clone());
        self.emit(Piece::solid(0.0, Keep::Free, Content::Float { x: left_edge, flowed: Box::new(spaced) }));
    }
}

/// A box with blank space above and below.
pub(super) fn with_margins(flowed_box: Flowed, top: f32, bottom: f32) -> Flowed {
    if top == 0.0 && bottom == 0.0 {
        return flowed_box;
    }
    let mut pieces = vec![Piece::blank(top, Keep::Edge)];
    pieces.extend(flowed_box.pieces);
    pieces.push(Piece::blank(bottom, Keep::Edge));
    flowed(pieces)
}

/// Whether a box holds floats that text after it may stand beside.
pub(crate) fn has_floats(tree: &BoxTree, id: BoxId) -> bool {
    let layout_box = tree.get(id);
    layout_box.style.float != Float::None || layout_box.children.iter().any(|child| has_floats(tree, *child))
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_clear() {
        let mut floats = Floats::default();
        floats.add(true, 10.0, 50.0, 40.0);
        floats.add(false, 20.0, 30.0, 80.0);
        assert_eq!(floats.room(0.0, 0.0, 100.0), Room { left: 0.0, width: 100.0 });
        assert_eq!(floats.room(25.0, 0.0, 100.0), Room { left: 40.0, width: 40.0 });
        assert_eq!(floats.room(40.0, 0.0, 100.0), Room { left: 40.0, width: 60.0 });
        assert!(floats.is_clear(50.0));
        assert_eq!(floats.bottom(Clear::Right), 30.0);
    }
}
