//! Floats and the room they leave (CSS 2.2, 9.5).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, BoxTree};
use super::flow::Emitter;
use super::galley::flowed;
use super::piece::{Content, Flowed, Keep, Piece};
use super::untied::Untied;
use super::widths::{horizontal_edges, used_width};
use crate::typeset::inline::{Inline, Room};
use crate::typeset::style::computed::{BOTTOM, Clear, Float, LEFT, RIGHT, TOP};

/// A float that finds room only lower down goes down by itself where with that it takes no more than this share of a page.
const FAR_DOWN: f32 = 0.5;

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

    /// The room from one height to another, in the coordinates of the flow, inside of a containing block.
    pub(crate) fn room(&self, from: f32, to: f32, x: f32, width: f32) -> Room {
        let (mut left, mut right) = (x, x + width);
        let to = to.max(from + 0.02);
        for band in self.bands.iter().filter(|band| band.top < to - 0.01 && from < band.bottom - 0.01) {
            if band.left {
                left = left.max(band.edge);
            } else {
                right = right.min(band.edge);
            }
        }
        Room { left, width: (right - left).max(0.0) }
    }

    /// Whether a float that begins no lower than `y` ends below it.
    pub(super) fn stand_beside(&self, y: f32) -> bool {
        self.bands.iter().any(|band| band.top <= y + 0.01 && band.bottom > y + 0.01)
    }

    /// Forgets the float that was added last.
    pub(super) fn take_back(&mut self) {
        self.bands.pop();
    }

    /// Where a float may begin: not above `from` or floats before it, and where it finds room (CSS 2.2, 9.5.1).
    pub(super) fn top_for(&self, from: f32, clear: Clear, width: f32, (x, all): (f32, f32)) -> f32 {
        let mut top = from.max(self.bottom(clear)).max(self.last_top());
        while width > self.room(top, top, x, all).width + 0.1 {
            let Some(end) = self.next_end(top) else { break };
            top = end;
        }
        top
    }

    /// Where the first float that reaches below `y` ends.
    pub(super) fn next_end(&self, y: f32) -> Option<f32> {
        self.bands.iter().map(|band| band.bottom).filter(|bottom| *bottom > y + 0.01).reduce(f32::min)
    }

    /// Where the last float begins.
    fn last_top(&self) -> f32 {
        self.bands.last().map_or(f32::MIN, |band| band.top)
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
        if clear != Clear::None {
            self.settle_floats();
        }
        let bottom = self.floats.bottom(clear);
        let missing = bottom - self.here();
        if missing > 0.01 {
            self.emit(Piece::blank(missing, Keep::Avoid));
        }
    }

    /// Goes down to where a box that floats may not reach into finds room beside them, or below (CSS 2.2, 9.5). `top` is
    /// its upper margin, `sides` are those at its left and right, `least` is what its border box cannot do without. The
    /// room with the margins is returned: left edge and width.
    pub(crate) fn beside_floats(
        &mut self,
        least: f32,
        top: f32,
        (left, right): (f32, f32),
        (x, width): (f32, f32),
    ) -> (f32, f32) {
        loop {
            let here = self.here_after(top);
            let room = self.floats.room(here, here, x, width);
            // The margins may lie beside the floats as well.
            let from = (room.left - left).max(x);
            let to = (room.left + room.width + right).min(x + width);
            if to - from - left - right + 0.1 >= least {
                return (from, to - from);
            }
            let Some(end) = self.floats.next_end(here) else { return (x, width) };
            self.emit(Piece::blank(end - self.here(), Keep::Avoid));
        }
    }

    /// A float: put beside what follows. Where its box has only begun, margins of what is inside move both together.
    pub(super) fn float(&mut self, id: BoxId, x: f32, width: f32) {
        self.waiting_floats.push((id, x, width));
        if self.unsettled == 0 {
            self.settle_floats();
        }
    }

    /// Sets the floats that have waited for what follows them.
    pub(crate) fn settle_floats(&mut self) {
        for (id, x, width) in std::mem::take(&mut self.waiting_floats) {
            self.place_float(id, x, width);
        }
    }

    /// Lays a float out on its own and sets it. What follows does not move down with it, unless it goes down so far that
    /// it might need another page.
    fn place_float(&mut self, id: BoxId, x: f32, width: f32) {
        let float = self.measure_float(id, width);
        if float.is_too_tall {
            return self.set_untied(&float, x);
        }
        let top = self.floats.top_for(self.here(), float.clear, float.width, (x, width));
        let down = top - self.here();
        if down > 0.01 && down + float.flowed.height > self.page_height() * FAR_DOWN {
            self.emit(Piece::blank(down, Keep::Avoid));
        }
        let left_edge = float.add_to(&mut self.floats, top, (x, width));
        self.set_float(float, left_edge, top);
    }

    /// Lays a float out on its own.
    pub(super) fn measure_float(&mut self, id: BoxId, width: f32) -> Floating {
        let layout_box = self.tree().get(id);
        let style = Arc::clone(&layout_box.style);
        let edges = horizontal_edges(&style, width);
        let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
        let margins = margin(LEFT) + margin(RIGHT);
        let room = (width - margins).max(0.0);
        let border_width = if let BoxKind::Picture(picture) = &layout_box.kind {
            self.picture_size(picture, (room - edges).max(1.0), Some(width)).0 + edges
        } else {
            let own_margins = [LEFT, RIGHT].iter().filter_map(|side| style.margin[*side].fixed()).sum::<f32>();
            let (least, most) = self.intrinsic(id);
            let fitting = (most - own_margins).min(room).max((least - own_margins).min(room));
            used_width(&style, width, (fitting - edges).max(0.0), edges) + edges
        };
        let place = Untied { width: border_width, content_width: (border_width - edges).max(0.0), base: width };
        let (flowed, is_too_tall) = self.on_its_own(id, place);
        Floating {
            id,
            flowed: with_margins(flowed, margin(TOP), margin(BOTTOM)),
            is_too_tall,
            on_left: style.float == Float::Left,
            clear: style.clear,
            width: border_width + margins,
            margin_left: margin(LEFT),
            place,
        }
    }

    /// Sets a float that is taller than a page where it is called, on its side, with nothing beside it: so it may go on
    /// on other pages.
    pub(super) fn set_untied(&mut self, float: &Floating, x: f32) {
        self.clear_floats(Clear::Both);
        self.marks(&self.tree().get(float.id).marks.clone());
        self.in_the_flow(float.id, x, float.place, float.on_left);
    }

    /// Sets a float whose place is known, at or below where the flow has come to.
    pub(super) fn set_float(&mut self, float: Floating, left_edge: f32, top: f32) {
        self.marks(&self.tree().get(float.id).marks.clone());
        let flowed = Box::new(with_margins(float.flowed, top - self.here(), 0.0));
        self.emit(Piece::solid(0.0, Keep::Free, Content::Float { x: left_edge, flowed }));
    }
}

/// A float that was laid out and has no place yet.
pub(super) struct Floating {
    id: BoxId,
    /// With its margins above and below.
    flowed: Flowed,
    /// Whether it is to be set in the flow.
    pub(super) is_too_tall: bool,
    on_left: bool,
    pub(super) clear: Clear,
    /// With its margins.
    pub(super) width: f32,
    margin_left: f32,
    place: Untied,
}

impl Floating {
    /// Keeps its room among the floats; the left edge of its border box is returned.
    pub(super) fn add_to(&self, floats: &mut Floats, top: f32, (x, width): (f32, f32)) -> f32 {
        let room = floats.room(top, top, x, width);
        let left = if self.on_left { room.left } else { room.left + room.width - self.width };
        let edge = if self.on_left { left + self.width } else { left };
        floats.add(self.on_left, top, top + self.flowed.height, edge);
        left + self.margin_left
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
    let stay_inside = layout_box.style.is_flow_root() || matches!(layout_box.kind, BoxKind::Table);
    let in_lines = match &layout_box.kind {
        BoxKind::Paragraph(inlines) => inlines.content.iter().any(|item| matches!(item, Inline::Float(_))),
        _ => false,
    };
    layout_box.style.float != Float::None
        || in_lines
        || !stay_inside && layout_box.children.iter().any(|child| has_floats(tree, *child))
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
        assert_eq!(floats.room(0.0, 0.0, 0.0, 100.0), Room { left: 0.0, width: 100.0 });
        assert_eq!(floats.room(25.0, 25.0, 0.0, 100.0), Room { left: 40.0, width: 40.0 });
        assert_eq!(floats.room(40.0, 40.0, 0.0, 100.0), Room { left: 40.0, width: 60.0 });
        // A line that reaches down beside a float is as narrow as one that begins there.
        assert_eq!(floats.room(4.0, 14.0, 0.0, 100.0), Room { left: 40.0, width: 60.0 });
        assert!(floats.is_clear(50.0));
        assert_eq!(floats.bottom(Clear::Right), 30.0);
    }
}
