//! Floats and the room they leave (CSS 2.2, 9.5).

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, BoxTree};
use super::flow::Emitter;
use super::galley::{Margins, flowed};
use super::piece::{Content, Flowed, Keep, Piece};
use super::untied::Untied;
use super::widths::{horizontal, horizontal_edges};
use crate::typeset::inline::{Inline, Room};
use crate::typeset::style::computed::{BOTTOM, Break, Clear, Float, LEFT, RIGHT, TOP};

/// A float that finds room only lower down goes down by itself where with that it takes no more than this share of a page.
const FAR_DOWN: f32 = 0.5;

/// A float stays on the page of those that it stands beside where these begin no more than this share of a page above it.
const NEAR: f32 = 0.25;

/// Rounding errors of places stay below this.
const ROUNDING: f32 = 0.01;

/// One float, in the coordinates of the flow.
#[derive(Clone, Copy, Debug)]
struct Band {
    left: bool,
    top: f32,
    bottom: f32,
    /// The edge that text keeps clear of.
    edge: f32,
    /// How far down it and those before it reach: at the left, and at the right.
    reach: (f32, f32),
}

impl Band {
    fn reach(&self) -> f32 {
        self.reach.0.max(self.reach.1)
    }
}

/// The floats of a flow. None begins above one before it (CSS 2.2, 9.5.1), so what stands beside a place is found
/// without looking at all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floats {
    bands: Vec<Band>,
}

impl Floats {
    /// Adds a float from `top` to `bottom`; text keeps to the other side of `edge`.
    pub(crate) fn add(&mut self, left: bool, top: f32, bottom: f32, edge: f32) {
        let mut reach = self.bands.last().map_or((0.0, 0.0), |band| band.reach);
        let own = if left { &mut reach.0 } else { &mut reach.1 };
        *own = own.max(bottom);
        self.bands.push(Band { left, top, bottom, edge, reach });
    }

    /// Whether there are none below `y`.
    pub(crate) fn is_clear(&self, y: f32) -> bool {
        self.bands.last().is_none_or(|band| band.reach() <= y)
    }

    /// The floats beside what reaches from one height to another.
    fn beside(&self, from: f32, to: f32) -> impl Iterator<Item = &Band> {
        let past = self.bands.partition_point(|band| band.reach() <= from + ROUNDING);
        let to = to.max(from + 2.0 * ROUNDING);
        let near = self.bands.iter().skip(past).take_while(move |band| band.top < to - ROUNDING);
        near.filter(move |band| from < band.bottom - ROUNDING)
    }

    /// The room from one height to another, in the coordinates of the flow, inside of a containing block.
    pub(crate) fn room(&self, from: f32, to: f32, x: f32, width: f32) -> Room {
        let (mut left, mut right) = (x, x + width);
        for band in self.beside(from, to) {
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
        self.beside(y, y).next().is_some()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.bands.len()
    }

    /// Forgets all but the first so many.
    pub(super) fn truncate(&mut self, len: usize) {
        self.bands.truncate(len);
    }

    /// Where a float may begin: not above `from` or floats before it, and where it finds room (CSS 2.2, 9.5.1).
    pub(super) fn top_for(&self, from: f32, clear: Clear, width: f32, (x, all): (f32, f32)) -> f32 {
        let mut top = from.max(self.bottom(clear)).max(self.last_top());
        while width > self.room(top, top, x, all).width + 0.1 {
            let Some(end) = self.next_end(top, top) else { break };
            top = end;
        }
        top
    }

    /// Where the first of the floats ends that stand beside what reaches from one height to another.
    pub(super) fn next_end(&self, from: f32, to: f32) -> Option<f32> {
        self.beside(from, to).map(|band| band.bottom).reduce(f32::min)
    }

    /// Where the last float begins.
    fn last_top(&self) -> f32 {
        self.bands.last().map_or(f32::MIN, |band| band.top)
    }

    /// How far down the floats to clear reach.
    pub(crate) fn bottom(&self, clear: Clear) -> f32 {
        let Some(last) = self.bands.last() else { return 0.0 };
        match clear {
            Clear::None => 0.0,
            Clear::Left => last.reach.0,
            Clear::Right => last.reach.1,
            Clear::Both => last.reach(),
        }
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

    /// Moves below floats on these sides what has an upper margin: that counts for the way down, and stands above the
    /// edge that goes below them (CSS 2.2, 9.5.2). Before a page break all floats end.
    pub(crate) fn clear_floats_before(&mut self, clear: Clear, before: Break, margin: f32) {
        self.clear_floats_with(clear, before, |_| margin);
    }

    /// The same of a box whose upper margin may collapse with those of what it begins with.
    pub(super) fn clear_floats_before_box(&mut self, id: BoxId, x: f32, width: f32) {
        let style = &self.tree().get(id).style;
        self.clear_floats_with(style.clear, style.break_before, |emitter| emitter.margin_above(id, x, width));
    }

    fn clear_floats_with(&mut self, clear: Clear, before: Break, margin: impl FnOnce(&Self) -> f32) {
        if before > Break::Avoid {
            return self.clear_floats(Clear::Both);
        }
        if clear == Clear::None || self.floats.len() == 0 && self.waiting_floats.is_empty() {
            return;
        }
        let margin = margin(self);
        self.settle_floats();
        let bottom = self.floats.bottom(clear);
        if bottom - self.here_after(margin) > ROUNDING {
            self.go_below(bottom, margin);
        }
    }

    /// Goes down to where floats end, above what has such an upper margin: its border edge comes to be there (CSS 2.2,
    /// 9.5.2).
    fn go_below(&mut self, bottom: f32, margin: f32) {
        if bottom - self.here() < margin {
            // Margins above the clearance do not collapse with it, and there is room for one alone.
            self.emit(Piece::Margin(self.margins.cancelling()));
        }
        self.emit(Piece::blank((bottom - self.here() - margin).max(0.0), Keep::Avoid));
    }

    /// The upper margin of a box, with those of first children that collapse with it (CSS 2.2, 8.3.1).
    fn margin_above(&self, id: BoxId, x: f32, width: f32) -> f32 {
        let mut margins = Margins::default();
        let mut next = Some((id, x, width));
        while let Some((id, x, width)) = next {
            let layout_box = self.tree().get(id);
            let style = &layout_box.style;
            // Lines have the style of the box around them, and no margin.
            if matches!(layout_box.kind, BoxKind::Paragraph(_)) || style.break_before > Break::Avoid {
                break;
            }
            margins.add(style.margin[TOP].of(width).unwrap_or(0.0));
            let top = style.border[TOP].used() + style.padding[TOP].of(width);
            if !matches!(layout_box.kind, BoxKind::Block) || style.is_flow_root() || style.columns.is_set() || top > 0.0
            {
                break;
            }
            let inside = horizontal(layout_box, x, width);
            let is_in_flow = |child: &&BoxId| !self.tree().get(**child).style.float.is_side();
            let first = layout_box.children.iter().find(is_in_flow).copied();
            next = first.map(|first| (first, inside.content_x, inside.content_width));
        }
        margins.collapsed()
    }

    /// Goes down to where a box that floats may not reach into finds room beside them, or below (CSS 2.2, 9.5). `top` is
    /// its upper margin, `sides` are those at its left and right, `least` is what its border box cannot do without, and
    /// `height` how tall that is, where that is known. The room with the margins is returned: left edge and width.
    pub(crate) fn beside_floats(
        &mut self,
        least: f32,
        (top, height): (f32, Option<f32>),
        (left, right): (f32, f32),
        (x, width): (f32, f32),
    ) -> (f32, f32) {
        let mut passed = None;
        loop {
            let here = passed.unwrap_or_else(|| self.here_after(top));
            // What is laid out later may reach down beside any float.
            let foot = height.map_or(f32::MAX, |height| here + height);
            let room = self.floats.room(here, foot, x, width);
            // The margins may lie beside the floats as well.
            let from = (room.left - left).max(x);
            let to = (room.left + room.width + right).min(x + width);
            let has_room = to - from - left - right + 0.1 >= least;
            if !has_room && let Some(end) = self.floats.next_end(here, foot) {
                passed = Some(end);
                continue;
            }
            if let Some(end) = passed {
                self.stand_below(end, top);
            }
            return if has_room { (from, to - from) } else { (x, width) };
        }
    }

    /// Goes down to where all floats have ended, above what has a margin that collapses with none inside.
    pub(super) fn stand_below_floats(&mut self, margin: f32) {
        let bottom = self.floats.bottom(Clear::Both);
        if bottom - self.here_after(margin) > ROUNDING {
            self.stand_below(bottom, margin);
        }
    }

    /// Goes down to where floats end, above what has a margin that collapses with none inside: a negative one can be
    /// undone, instead of going further down for it, which might take another page.
    fn stand_below(&mut self, bottom: f32, margin: f32) {
        if margin >= 0.0 {
            return self.go_below(bottom, margin);
        }
        self.emit(Piece::blank((bottom - self.here()).max(0.0), Keep::Avoid));
        self.emit(Piece::Margin(-margin));
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
        if float.is_far_down(down, self.page_height()) {
            self.emit(Piece::blank(down, Keep::Avoid));
        }
        let keep = self.keep_of_float();
        let left_edge = float.add_to(&mut self.floats, top, (x, width));
        self.set_float(float, left_edge, top, keep);
    }

    /// Whether the next float stays with what is above it, since it stands beside others that do.
    pub(super) fn keep_of_float(&mut self) -> Keep {
        let here = self.here();
        if self.floats.stand_beside(here) && here - self.floats_from <= self.page_height() * NEAR {
            return Keep::Avoid;
        }
        self.floats_from = here;
        Keep::Free
    }

    /// What stands beside a float stays on its page: on the next it would be narrower for nothing.
    pub(super) fn stay_beside_floats(&self, keep: &mut Keep, content: &Content) {
        // What is empty may end anywhere; tables and their like are as wide below a float as beside it.
        let is_open = matches!(content, Content::Rest { .. } | Content::Row(_));
        if *keep == Keep::Free && !is_open && self.floats.stand_beside(self.here()) {
            *keep = Keep::Avoid;
        }
    }

    /// The same for the beginning of a box that has an upper margin and keeps its width below the floats beside it.
    pub(crate) fn begin_beside_floats(&mut self, margin: f32) {
        if self.floats.stand_beside(self.here_after(margin)) {
            self.emit(Piece::Break(Break::Avoid));
        }
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
            self.own_width(id, width)
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
        // A marker that waits stands beside the text after it.
        let marker = self.marker.take();
        self.in_the_flow(float.id, x, float.place, float.on_left);
        self.marker = marker;
    }

    /// Sets a float whose place is known, at or below where the flow has come to.
    pub(super) fn set_float(&mut self, float: Floating, left_edge: f32, top: f32, keep: Keep) {
        self.marks(&self.tree().get(float.id).marks.clone());
        let flowed = Box::new(with_margins(float.flowed, top - self.here(), 0.0));
        self.emit(Piece::solid(0.0, keep, Content::Float { x: left_edge, flowed }));
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
    /// Whether it is better to move all down by so much than the float alone, which might then need another page.
    pub(super) fn is_far_down(&self, down: f32, page: f32) -> bool {
        down > ROUNDING && down + self.flowed.height > page * FAR_DOWN
    }

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
