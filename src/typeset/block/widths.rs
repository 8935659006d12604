//! Widths and horizontal margins of boxes (CSS 2.2, 10.3).

use super::boxes::LayoutBox;
use super::piece::Frame;
use crate::typeset::inline::Direction;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{LEFT, RIGHT};
use crate::typeset::style::radius::Radius;
use crate::typeset::style::values::{LengthPercentage, Size};

/// A box's edges and content box, horizontally.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizontal {
    /// Border box.
    pub(crate) x: f32,
    pub(crate) width: f32,
    /// Content box.
    pub(crate) content_x: f32,
    pub(crate) content_width: f32,
}

/// Widths and horizontal margins (CSS 2.2, 10.3.3).
pub(crate) fn horizontal(layout_box: &LayoutBox, x: f32, width: f32) -> Horizontal {
    let style = &layout_box.style;
    let edges = horizontal_edges(style, width);
    let left = style.margin[LEFT].of(width);
    let right = style.margin[RIGHT].of(width);
    let available = (width - edges - left.unwrap_or(0.0) - right.unwrap_or(0.0)).max(0.0);
    let content_width = used_width(style, width, available, edges);
    let rest = width - content_width - edges - left.unwrap_or(0.0) - right.unwrap_or(0.0);
    let offset = match (left, right) {
        (None, None) => rest.max(0.0) / 2.0,
        (None, Some(_)) => rest.max(0.0),
        // Over-constrained: the margin at the end gives way.
        (Some(left), Some(_)) if style.direction_around == Direction::Rtl => left + rest,
        (Some(left), _) => left,
    };
    let border_x = x + offset;
    Horizontal {
        x: border_x,
        width: content_width + edges,
        content_x: border_x + style.border[LEFT].used() + style.padding[LEFT].of(width),
        content_width,
    }
}

/// Left edge and width of a block's content box.
pub(crate) fn content_box(layout_box: &LayoutBox, x: f32, width: f32) -> (f32, f32) {
    let horizontal = horizontal(layout_box, x, width);
    (horizontal.content_x, horizontal.content_width)
}

/// Horizontal padding and borders together.
pub(crate) fn horizontal_edges(style: &Style, base: f32) -> f32 {
    style.border[LEFT].used()
        + style.border[RIGHT].used()
        + style.padding[LEFT].of(base)
        + style.padding[RIGHT].of(base)
}

/// The content width by `width`, `min-width` and `max-width`; `available` for `auto`.
pub(crate) fn used_width(style: &Style, base: f32, available: f32, edges: f32) -> f32 {
    let inner = |size: Size| size.of(base).map(|width| if style.border_box { width - edges } else { width });
    let mut width = inner(style.width).unwrap_or(available);
    if let Some(most) = inner(style.max_width) {
        width = width.min(most);
    }
    if let Some(least) = inner(style.min_width) {
        width = width.max(least);
    }
    width.max(0.0)
}

/// The content width that a box says it has, where that does not depend on the containing block: shares of that bound
/// nothing then (CSS Sizing 3, 5.2.1).
pub(crate) fn fixed_width(style: &Style, edges: f32) -> Option<f32> {
    let inner = |size: Size| size.fixed().map(|width| if style.border_box { width - edges } else { width });
    let width = inner(style.width)?.min(inner(style.max_width).unwrap_or(f32::MAX));
    Some(width.max(inner(style.min_width).unwrap_or(0.0)).max(0.0))
}

/// The painted frame of a box; `None` where nothing is painted.
pub(crate) fn frame(style: &Style, horizontal: &Horizontal) -> Option<Frame> {
    let background = style.background_color();
    let borders = style.border.map(|border| border.painted(style.color));
    let painted = background.is_some() || borders.iter().any(|(width, color, _)| *width > 0.0 && color.a > 0);
    let radii = radii(style);
    (painted && !style.is_hidden()).then_some(Frame {
        x: horizontal.x,
        width: horizontal.width,
        background,
        borders,
        radii,
    })
}

/// The radii of a box's corners, where any is round.
pub(crate) fn radii(style: &Style) -> Option<Box<[Radius; 4]>> {
    let is_round = |length: &LengthPercentage| *length != LengthPercentage::default();
    style.radius.iter().flatten().any(is_round).then(|| Box::new(style.radius))
}
