//! Pictures: how large they are, and pictures that are blocks.

use std::sync::Arc;

use super::boxes::{BoxKind, LayoutBox, PictureBox};
use super::flow::Emitter;
use super::piece::{Content, Keep, Piece};
use super::widths::{Horizontal, frame, horizontal_edges};
use crate::typeset::display::Rect;
use crate::typeset::inline::Direction;
use crate::typeset::style::computed::{BOTTOM, LEFT, ObjectFit, RIGHT, TOP};
use crate::typeset::style::values::Size;

/// The largest share of a page's height a picture takes, so that a caption finds room.
const PICTURE_SHARE: f32 = 0.9;

/// Whether a picture may become as narrow as it must: its width is a share of its surroundings (CSS Sizing 3, 5.2.2).
pub(super) fn is_compressible(picture: &PictureBox) -> bool {
    let is_share = |size: Size| size != Size::Auto && size.fixed().is_none();
    is_share(picture.style.width) || is_share(picture.style.max_width)
}

impl PictureBox {
    /// Where the picture itself stands in its box, and whether what is outside of that is cut off (CSS Images 3, 5.5).
    pub(crate) fn fitted(&self, rect: Rect) -> (Rect, bool) {
        let (width, height) = self.natural;
        if width <= 0.0 || height <= 0.0 {
            return (rect, false);
        }
        let (across, down) = (rect.width / width, rect.height / height);
        let scale = match self.style.object_fit {
            ObjectFit::Fill => return (rect, false),
            ObjectFit::Contain => across.min(down),
            ObjectFit::Cover => across.max(down),
            ObjectFit::None => 1.0,
            ObjectFit::ScaleDown => across.min(down).min(1.0),
        };
        let (width, height) = (width * scale, height * scale);
        let [x, y] = self.style.object_position;
        let fitted =
            Rect { x: rect.x + x.of(rect.width - width), y: rect.y + y.of(rect.height - height), width, height };
        let within =
            |from: f32, length: f32, own: f32, has: f32| own >= from - 0.01 && own + has <= from + length + 0.01;
        let is_inside = within(rect.x, rect.width, fitted.x, width) && within(rect.y, rect.height, fitted.y, height);
        (fitted, !is_inside)
    }
}

impl Emitter<'_, '_, '_> {
    /// A `display: block` picture.
    pub(crate) fn block_picture(&mut self, layout_box: &LayoutBox, x: f32, width: f32) {
        let BoxKind::Picture(picture) = &layout_box.kind else { return };
        let style = &layout_box.style;
        let edges = horizontal_edges(style, width);
        let (w, h) = self.picture_size(picture, (width - edges).max(1.0), Some(width));
        let margin = |side: usize| style.margin[side].of(width);
        let rest = width - w - edges;
        let offset = match (margin(LEFT), margin(RIGHT)) {
            (None, None) => rest / 2.0,
            (Some(left), _) if style.direction_around == Direction::Ltr => left,
            (Some(left), None) => left,
            (_, Some(right)) => rest - right,
        };
        self.clear_floats(style.clear);
        self.emit(Piece::Break(style.break_before));
        self.emit(Piece::Margin(margin(TOP).unwrap_or(0.0)));
        for mark in &layout_box.marks {
            self.emit(Piece::Mark(mark.clone()));
        }
        let horizontal = Horizontal { x: x + offset, width: w + edges, content_x: 0.0, content_width: w };
        let frame = frame(style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        self.emit(Piece::blank(style.border[TOP].used() + style.padding[TOP].of(width), Keep::Free));
        let content_x = x + offset + style.border[LEFT].used() + style.padding[LEFT].of(width);
        self.place_marker(None);
        self.emit(Piece::solid(h, Keep::Edge, Content::Picture { x: content_x, width: w, picture: picture.clone() }));
        self.emit(Piece::blank(style.border[BOTTOM].used() + style.padding[BOTTOM].of(width), Keep::Edge));
        if framed {
            self.emit(Piece::Close);
        }
        self.emit(Piece::Margin(margin(BOTTOM).unwrap_or(0.0)));
        self.emit(Piece::Break(style.break_after));
    }

    /// A picture whose box has been made already; percentages are of `base`.
    pub(crate) fn bare_picture(&mut self, layout_box: &LayoutBox, x: f32, width: f32, base: f32) {
        let BoxKind::Picture(picture) = &layout_box.kind else { return };
        let (w, h) = self.picture_size(picture, width, Some(base));
        self.emit(Piece::solid(h, Keep::Edge, Content::Picture { x, width: w, picture: picture.clone() }));
    }

    /// Used width and height of a picture (CSS 2.2, 10.4), never larger than the page. Without a `base` percentages count
    /// for nothing (CSS Sizing 3, 5.2.1).
    pub(crate) fn picture_size(&self, picture: &PictureBox, available: f32, base: Option<f32>) -> (f32, f32) {
        let style = &picture.style;
        let (natural_width, natural_height) = picture.natural;
        let width_of = |size: Size| base.map_or_else(|| size.fixed(), |base| size.of(base));
        let own_ratio = if natural_height > 0.0 { natural_width / natural_height } else { 1.0 };
        let ratio = style.aspect_ratio.filter(|(_, auto)| !auto).map_or(own_ratio, |(ratio, _)| ratio);
        let width = width_of(style.width).or(picture.attributes.0);
        let height = style.height.fixed().or(picture.attributes.1);
        let (w, h) = match (width, height) {
            (Some(w), Some(h)) if width_of(style.width).is_none() || style.height.fixed().is_none() => {
                // Attributes give the shape; where CSS gives one side, the other follows.
                match (width_of(style.width), style.height.fixed()) {
                    (Some(w), None) => (w, w / ratio),
                    (None, Some(h)) => (h * ratio, h),
                    _ => (w, h),
                }
            }
            (Some(w), Some(h)) => (w, h),
            (Some(w), None) => (w, w / ratio),
            (None, Some(h)) => (h * ratio, h),
            (None, None) => (natural_width, natural_width / ratio),
        };
        let most_width = width_of(style.max_width).unwrap_or(f32::MAX).min(available.max(1.0));
        let most_height = style.max_height.fixed().unwrap_or(f32::MAX).min(self.page_height() * PICTURE_SHARE);
        let least = width_of(style.min_width).unwrap_or(0.0) / w.max(0.01);
        let factor = 1.0_f32.max(least).min(most_width / w.max(0.01)).min(most_height / h.max(0.01));
        ((w * factor).max(0.0), (h * factor).max(0.0))
    }
}
