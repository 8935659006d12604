//! Given heights (CSS 2.2, 10.5 to 10.7), and the margins at the end of boxes that have one (8.3.1, 10.6.3).

use super::flow::Emitter;
use super::galley::Margins;
use super::piece::{Content, Keep, Piece};
use crate::typeset::style::Style;
use crate::typeset::style::values::Size;

/// Less than this, in points, is no difference.
const ROUNDING: f32 = 0.01;

/// Where the flow was when a box began, its own margin and nothing of its inside behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Begun {
    /// How many pieces there were.
    pub(super) pieces: usize,
    pub(super) y: f32,
    pub(super) margins: Margins,
}

/// What is below the content of a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Below {
    /// Whether something of the box is painted.
    pub(super) framed: bool,
    /// Border and padding above and below the content.
    pub(super) edges: (f32, f32),
    /// Whether margins stay inside of it whatever its edges.
    pub(super) is_root: bool,
}

/// Whether something but the content has a say in how tall a box is.
pub(super) fn has_height(style: &Style) -> bool {
    !style.height.is_auto() || style.min_height != Size::Auto || style.aspect_ratio.is_some()
}

impl Emitter<'_, '_, '_> {
    /// Makes a box as tall as it is said to be, once its content is there. A box never becomes lower than its content.
    pub(super) fn fill_height(&mut self, style: &Style, begun: Begun, below: Below, width: f32) {
        let (top_edge, bottom_edge) = below.edges;
        let edges = if style.border_box { top_edge + bottom_edge } else { 0.0 };
        let by_ratio = style.aspect_ratio.filter(|_| style.height.is_auto()).map(|(ratio, _)| width / ratio + edges);
        let asked = style.height.fixed().into_iter().chain(style.min_height.fixed()).chain(by_ratio);
        let least = asked.fold(0.0_f32, f32::max) - edges;
        let top = self.first_solid_after(begun).map(|top| top + top_edge);
        let content = top.map_or(0.0, |top| (self.y - top).max(0.0));
        let margins_stay = below.is_root || bottom_edge > 0.0;
        let margins = if margins_stay && top.is_some() { self.margins.collapsed() } else { 0.0 };
        let is_given = least > 0.0 && style.height.fixed().is_some();
        if !is_given && least <= content + margins + ROUNDING {
            if below.is_root && below.framed && bottom_edge <= 0.0 {
                self.emit(Piece::blank(0.0, Keep::Edge));
            }
            return;
        }
        if top.is_some() {
            // The margin of the last child is within the height.
            self.emit(Piece::Margin(self.margins.cancelling()));
        }
        let rest = least - content;
        if rest > ROUNDING {
            let rest = rest.min(self.page_height());
            self.emit(Piece::solid(rest, Keep::Free, Content::Rest { painted: below.framed }));
        } else if bottom_edge <= 0.0 && top.is_some() {
            self.emit(Piece::blank(0.0, Keep::Edge));
        }
    }

    /// Where the first thing stands that has been set since then and has a height of its own.
    fn first_solid_after(&self, begun: Begun) -> Option<f32> {
        let mut margins = begun.margins;
        for piece in self.pieces.get(begun.pieces..).unwrap_or_default() {
            match piece {
                Piece::Margin(margin) => margins.add(*margin),
                Piece::Solid { content: Content::Float { .. }, .. } => {}
                Piece::Solid { .. } => return Some(begun.y + margins.collapsed()),
                _ => {}
            }
        }
        None
    }
}
