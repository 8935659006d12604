//! Pictures: how large they are, and pictures that are blocks.

use std::sync::Arc;

use super::boxes::{BoxKind, LayoutBox, PictureBox, Share};
use super::flow::Emitter;
use super::piece::{Content, Keep, Piece};
use super::widths::{Horizontal, frame, horizontal_edges};
use crate::typeset::display::Rect;
use crate::typeset::inline::Direction;
use crate::typeset::picture::Alignment;
use crate::typeset::style::computed::{BOTTOM, Break, LEFT, ObjectFit, RIGHT, TOP};
use crate::typeset::style::values::{LengthPercentage, Size};

/// The largest share of a page's height a picture takes of which no sheet says how tall it is, so that a caption finds room.
const PICTURE_SHARE: f32 = 0.9;

/// No picture is wider, whatever a sheet says: readers show no larger page (ISO 32000-1, annex C.2).
const LARGEST: f32 = 14_400.0;

/// Whether a picture may become as narrow as it must: its width is a share of its surroundings (CSS Sizing 3, 5.2.2).
pub(super) fn is_compressible(picture: &PictureBox) -> bool {
    let is_share = |size: Size| !size.is_auto() && size.fixed().is_none();
    let fills = picture.share.is_some() && picture.style.width.is_auto();
    fills || is_share(picture.style.width) || is_share(picture.style.max_width)
}

impl PictureBox {
    /// How wide it is as a share of its containing block, of which so much is available.
    fn share_of(&self, available: f32, base: Option<f32>) -> Option<f32> {
        let base = base?;
        match self.share? {
            Share::All => {
                let margin = |side: usize| self.style.margin[side].of(base).unwrap_or(0.0);
                Some((available - margin(LEFT) - margin(RIGHT)).max(0.0))
            }
            Share::Of(share) => Some(share * base),
        }
    }

    /// Where the picture itself stands in its box, and whether what is outside of that is cut off (CSS Images 3, 5.5).
    pub(crate) fn fitted(&self, rect: Rect) -> (Rect, bool) {
        let (width, height) = self.natural;
        if width <= 0.0 || height <= 0.0 {
            return (rect, false);
        }
        let (across, down) = (rect.width / width, rect.height / height);
        let (least, most) = (across.min(down), across.max(down));
        let position = self.style.object_position;
        let (scale, [x, y]) = match (self.style.object_fit, self.alignment) {
            (ObjectFit::Fill, None) => return (rect, false),
            (ObjectFit::Fill, Some(Alignment { before, slices })) => {
                let before = before.map(|percent| LengthPercentage { pt: 0.0, percent });
                (if slices { most } else { least }, before)
            }
            (ObjectFit::Contain, _) => (least, position),
            (ObjectFit::Cover, _) => (most, position),
            (ObjectFit::None, _) => (1.0, position),
            (ObjectFit::ScaleDown, _) => (least.min(1.0), position),
        };
        let (width, height) = (width * scale, height * scale);
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
        self.clear_floats_before(style.clear, Break::Auto, margin(TOP).unwrap_or(0.0));
        self.settle_floats();
        let (mut x, mut width) = (x, width);
        if !self.floats.is_clear(self.here()) {
            let vertical = [TOP, BOTTOM].iter().map(|side| style.border[*side].used() + style.padding[*side].of(width));
            let tall = h + vertical.sum::<f32>();
            let sides = (margin(LEFT).unwrap_or(0.0), margin(RIGHT).unwrap_or(0.0));
            let place = (margin(TOP).unwrap_or(0.0), Some(tall));
            (x, width) = self.beside_floats(w + edges, place, sides, (x, width));
        }
        let rest = width - w - edges;
        let offset = match (margin(LEFT), margin(RIGHT)) {
            (None, None) => rest / 2.0,
            (Some(left), _) if style.direction_around == Direction::Ltr => left,
            (Some(left), None) => left,
            (_, Some(right)) => rest - right,
        };
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

    /// Used width and height of a picture (CSS 2.2, 10.4). Where no sheet says how wide it is it is no wider than what is
    /// available, and in any case no taller than the page. Without a `base` percentages count for nothing (CSS Sizing 3,
    /// 5.2.1).
    pub(crate) fn picture_size(&self, picture: &PictureBox, available: f32, base: Option<f32>) -> (f32, f32) {
        let style = &picture.style;
        let (natural_width, natural_height) = picture.natural;
        let edge = |side: usize| style.border[side].used() + style.padding[side].of(base.unwrap_or(0.0));
        let inner = |length: Option<f32>, edges: f32| {
            length.map(|length| if style.border_box { (length - edges).max(0.0) } else { length })
        };
        let width_of = |size: Size| {
            let length = base.map_or_else(|| size.fixed(), |base| size.of(base));
            inner(length, edge(LEFT) + edge(RIGHT))
        };
        let height_of = |size: Size| inner(size.fixed(), edge(TOP) + edge(BOTTOM));
        let own_ratio = if natural_height > 0.0 { natural_width / natural_height } else { 1.0 };
        let ratio = style.aspect_ratio.filter(|(_, auto)| !auto).map_or(own_ratio, |(ratio, _)| ratio);
        let limits = Limits {
            width: limits(width_of(style.min_width), width_of(style.max_width)),
            height: limits(height_of(style.min_height), height_of(style.max_height)),
        };
        let said = (width_of(style.width), height_of(style.height));
        let (w, h) = match said {
            (Some(w), Some(h)) => (limits.width_of(w), limits.height_of(h)),
            (Some(w), None) => {
                let w = limits.width_of(w);
                (w, limits.height_of(picture.attributes.1.unwrap_or(w / ratio)))
            }
            (None, Some(h)) => {
                let h = limits.height_of(h);
                (limits.width_of(picture.attributes.0.unwrap_or(h * ratio)), h)
            }
            // Attributes give the shape; what limits one side changes the other.
            (None, None) => limits.both(match (picture.share_of(available, base), picture.attributes) {
                (None, (Some(w), Some(h))) => (w, h),
                (None, (Some(w), None)) => (w, w / ratio),
                (None, (None, Some(h))) => (h * ratio, h),
                (None, (None, None)) => (natural_width, natural_width / ratio),
                (Some(w), (_, h)) => (w, h.unwrap_or(w / ratio)),
            }),
        };
        // A least size says something only where it is what made the picture so large.
        let has_width = said.0.is_some() || is_least(w, limits.width.0);
        let has_height = said.1.is_some() || is_least(h, limits.height.0);
        self.within_page((w, h), (has_width, has_height), available)
    }

    /// A picture's width and height, made smaller where it is more than there is room for: in its shape, unless a sheet
    /// says both. What a sheet says is only held against the height of the page.
    fn within_page(&self, (w, h): (f32, f32), (has_width, has_height): (bool, bool), available: f32) -> (f32, f32) {
        let most = self.page_height() * if has_height { 1.0 } else { PICTURE_SHARE };
        if has_width && has_height {
            return (w.clamp(0.0, LARGEST), h.min(most).max(0.0));
        }
        let across = if has_width { LARGEST } else { available.max(1.0) } / w.max(0.01);
        let factor = 1.0_f32.min(across).min(most / h.max(0.01));
        ((w * factor).max(0.0), (h * factor).max(0.0))
    }
}

/// The least and the most that a picture's sides may be.
struct Limits {
    width: (f32, f32),
    height: (f32, f32),
}

/// Whether a side is no longer than it must be.
fn is_least(side: f32, least: f32) -> bool {
    least > 0.0 && side <= least + 0.01
}

/// Where the least is more than the most it counts (CSS 2.2, 10.4).
fn limits(least: Option<f32>, most: Option<f32>) -> (f32, f32) {
    let least = least.unwrap_or(0.0);
    (least, most.unwrap_or(f32::MAX).max(least))
}

impl Limits {
    fn width_of(&self, width: f32) -> f32 {
        width.clamp(self.width.0, self.width.1)
    }

    fn height_of(&self, height: f32) -> f32 {
        height.clamp(self.height.0, self.height.1)
    }

    /// Width and height that nobody gave: they keep their ratio as far as the limits allow (the table of constraint
    /// violations of CSS 2.2, 10.4).
    fn both(&self, (w, h): (f32, f32)) -> (f32, f32) {
        let (w, h) = (w.max(0.01), h.max(0.01));
        let (across, down) = (self.width_of(w) / w, self.height_of(h) / h);
        // Of two sides that are both too long the one that must shrink more decides, of two that are too short the one
        // that must grow more; of one alone, that one.
        let factor = match (across < 1.0, down < 1.0) {
            (true, true) => across.min(down),
            (false, false) => across.max(down),
            (true, false) if down <= 1.0 => across,
            (false, true) if across <= 1.0 => down,
            _ => return (self.width_of(w), self.height_of(h)),
        };
        (self.width_of(w * factor), self.height_of(h * factor))
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, limits};

    #[test]
    fn limits_keep_the_shape_as_far_as_they_can() {
        let both = |width: (f32, f32), height: (f32, f32)| Limits { width, height }.both((300.0, 200.0));
        let any = limits(None, None);
        assert_eq!(both(any, any), (300.0, 200.0));
        assert_eq!(both(limits(None, Some(150.0)), any), (150.0, 100.0));
        assert_eq!(both(limits(Some(600.0), None), any), (600.0, 400.0));
        assert_eq!(both(any, limits(None, Some(50.0))), (75.0, 50.0));
        assert_eq!(both(any, limits(Some(400.0), None)), (600.0, 400.0));
        assert_eq!(both(limits(None, Some(150.0)), limits(None, Some(50.0))), (75.0, 50.0));
        assert_eq!(both(limits(Some(600.0), None), limits(Some(800.0), None)), (1200.0, 800.0));
        assert_eq!(both(limits(Some(150.0), None), limits(None, Some(38.0))), (150.0, 38.0));
        assert_eq!(both(limits(None, Some(38.0)), limits(Some(151.0), None)), (38.0, 151.0));
        assert_eq!(both(limits(Some(400.0), None), limits(None, Some(100.0))), (400.0, 100.0));
        assert_eq!(both(limits(Some(600.0), Some(100.0)), any), (600.0, 400.0));
    }
}
