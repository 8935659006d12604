//! Boxes that stand beside or within lines, and are taller than a page: only in the flow may they go on on other pages.

use std::sync::Arc;

use super::boxes::{BoxId, BoxKind};
use super::flow::Emitter;
use super::piece::{Flowed, Piece};
use super::widths::{horizontal_edges, used_width};
use crate::typeset::style::computed::{BOTTOM, LEFT, RIGHT, TOP};

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
    /// How wide the border box is of a box that stands on its own in a containing block of this width: as it is told, else
    /// as its content needs (CSS 2.2, 10.3.5 and 10.3.9).
    pub(super) fn own_width(&mut self, id: BoxId, width: f32) -> f32 {
        let style = Arc::clone(&self.tree().get(id).style);
        let edges = horizontal_edges(&style, width);
        let margins: f32 = [LEFT, RIGHT].iter().map(|side| style.margin[*side].of(width).unwrap_or(0.0)).sum();
        let own_margins: f32 = [LEFT, RIGHT].iter().filter_map(|side| style.margin[*side].fixed()).sum();
        let room = (width - margins).max(0.0);
        let (least, most) = self.intrinsic(id);
        let least = (least - own_margins).min(room);
        let fitting = (most - own_margins).min(room).max(least);
        let asked = used_width(&style, width, (fitting - edges).max(0.0), edges) + edges;
        // A table is no narrower than its words.
        if matches!(self.tree().get(id).kind, BoxKind::Table) { asked.max(least) } else { asked }
    }

    /// Lays out a box on its own; and whether it is too tall for that, and is to be set in the flow instead.
    pub(super) fn on_its_own(&mut self, id: BoxId, place: Untied) -> (Flowed, bool) {
        let key = (id, place.width.to_bits());
        if self.too_tall.contains(&key) {
            return (Flowed::default(), true);
        }
        let notes = self.notes.len();
        let is_trial = std::mem::replace(&mut self.is_trial, true);
        let held = std::mem::replace(&mut self.holds_too_tall, false);
        let flowed = self.isolated(|inner| inner.block_content(id, 0.0, place.width, place.content_width, place.base));
        self.is_trial = is_trial;
        let holds = std::mem::replace(&mut self.holds_too_tall, held);
        let page = self.page_height();
        let is_picture = matches!(self.tree().get(id).kind, BoxKind::Picture(_));
        // The margin below ends with the page, if need be.
        let above = self.tree().get(id).style.margin[TOP].of(place.base).unwrap_or(0.0).max(0.0);
        let height = above + flowed.height + self.height_of_notes(notes);
        let is_too_tall = page > 0.0 && (holds || height > page) && !is_picture;
        if is_too_tall {
            // They are met again.
            self.notes.truncate(notes);
            self.too_tall.insert(key);
        }
        (flowed, is_too_tall)
    }

    /// How tall the notes at the foot of a page are that were called after the first so many.
    fn height_of_notes(&self, first: usize) -> f32 {
        let notes = self.notes.get(first..).unwrap_or_default();
        let height: f32 = notes.iter().map(|(_, note)| note.height()).sum();
        if height > 0.0 { height + self.context.note_edges.above_and_below } else { 0.0 }
    }

    /// Sets such a box in the flow, at the left or the right of its containing block, which begins at `x`. A box around
    /// that is still tried is too tall with this one in it, and that is enough: so boxes may stand in each other as deep as
    /// they like, and are laid out twice and not twice as often for each box around.
    pub(super) fn in_the_flow(&mut self, id: BoxId, x: f32, place: Untied, on_left: bool) {
        if self.is_trial {
            self.holds_too_tall = true;
            return;
        }
        let style = Arc::clone(&self.tree().get(id).style);
        let margin = |side: usize| style.margin[side].of(place.base).unwrap_or(0.0);
        let x = if on_left { x + margin(LEFT) } else { x + place.base - margin(RIGHT) - place.width };
        self.emit(Piece::Margin(margin(TOP)));
        self.block_content(id, x, place.width, place.content_width, place.base);
        self.emit(Piece::Margin(margin(BOTTOM)));
    }
}
