//! Boxes that stand beside or within lines, and are taller than a page: only in the flow may they go on on other pages.

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind};
use super::flow::Emitter;
use super::piece::{Flowed, Piece};
use crate::typeset::style::computed::{BOTTOM, LEFT, RIGHT, TOP};

/// In how many boxes around each other this is done: each is laid out twice, and what is inside as often as all of them.
const DEEPEST: u8 = 4;

/// How wide a box is that was laid out on its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Untied {
    /// Of its border box.
    pub(super) width: f32,
    pub(super) content_width: f32,
    /// Of its containing block.
    pub(super) base: f32,
}

impl Emitter<'_, '_, '_> {
    /// Lays out a box on its own; and whether it is too tall for that, and is to be set in the flow instead.
    pub(super) fn on_its_own(&mut self, id: BoxId, place: Untied) -> (Flowed, bool) {
        let notes = self.notes.len();
        let depth = self.untied;
        self.untied = depth.saturating_add(1);
        let flowed = self.isolated(|inner| inner.block_content(id, 0.0, place.width, place.content_width, place.base));
        self.untied = depth;
        let page = self.page_height();
        let is_picture = matches!(self.tree().get(id).kind, BoxKind::Picture(_));
        let is_too_tall = page > 0.0 && flowed.height > page && depth < DEEPEST && !is_picture;
        if is_too_tall {
            // They are met again.
            self.notes.truncate(notes);
        }
        (flowed, is_too_tall)
    }

    /// Sets such a box in the flow, at the left or the right of its containing block, which begins at `x`.
    pub(super) fn in_the_flow(&mut self, id: BoxId, x: f32, place: Untied, on_left: bool) {
        let style = Arc::clone(&self.tree().get(id).style);
        let margin = |side: usize| style.margin[side].of(place.base).unwrap_or(0.0);
        let x = if on_left { x + margin(LEFT) } else { x + place.base - margin(RIGHT) - place.width };
        let depth = self.untied;
        self.untied = depth.saturating_add(1);
        self.emit(Piece::Margin(margin(TOP)));
        self.block_content(id, x, place.width, place.content_width, place.base);
        self.emit(Piece::Margin(margin(BOTTOM)));
        self.untied = depth;
    }
}
