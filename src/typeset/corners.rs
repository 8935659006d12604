//! Boxes with round corners: their outlines, in the coordinates of a page.

use super::block::piece::Frame;
use super::border::Line;
use super::display::Rect;
use super::display::drawing::{Outline, Segment};
use super::style::computed::{BOTTOM, LEFT, LineStyle, RIGHT, TOP};
use super::style::radius::{BOTTOM_LEFT, BOTTOM_RIGHT, Radius, TOP_LEFT, TOP_RIGHT};

/// How far the control points of a quarter of a circle are from its ends, in radii.
const KAPPA: f32 = 0.552_284_8;

/// A box, and the radii of its corners, across and down, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rounded {
    pub(super) rect: Rect,
    pub(super) radii: [[f32; 2]; 4],
}

impl Rounded {
    /// A box whose corners are as round as a style says and as there is room for (4.5); those that a page break cuts off
    /// are not round.
    pub(super) fn new(rect: Rect, radii: &[Radius; 4], first: bool, last: bool) -> Self {
        let mut radii = radii.map(|[across, down]| [across.of(rect.width).max(0.0), down.of(rect.height).max(0.0)]);
        for (corner, is_there) in [(TOP_LEFT, first), (TOP_RIGHT, first), (BOTTOM_RIGHT, last), (BOTTOM_LEFT, last)] {
            if !is_there {
                radii[corner] = [0.0; 2];
            }
        }
        let fits = |a: usize, b: usize, axis: usize, room: f32| {
            let sum = radii[a][axis] + radii[b][axis];
            if sum > room { room.max(0.0) / sum } else { 1.0 }
        };
        let share = fits(TOP_LEFT, TOP_RIGHT, 0, rect.width)
            .min(fits(BOTTOM_LEFT, BOTTOM_RIGHT, 0, rect.width))
            .min(fits(TOP_LEFT, BOTTOM_LEFT, 1, rect.height))
            .min(fits(TOP_RIGHT, BOTTOM_RIGHT, 1, rect.height));
        Self { rect, radii: radii.map(|radius| radius.map(|part| part * share)) }
    }

    /// The box inside of edges that are so wide, by side.
    pub(super) fn inside(&self, edges: [f32; 4]) -> Self {
        let Rect { x, y, width, height } = self.rect;
        let rect = Rect {
            x: x + edges[LEFT],
            y: y + edges[TOP],
            width: (width - edges[LEFT] - edges[RIGHT]).max(0.0),
            height: (height - edges[TOP] - edges[BOTTOM]).max(0.0),
        };
        let less = |corner: usize, across: usize, down: usize| {
            let [own_across, own_down] = self.radii[corner];
            [(own_across - edges[across]).max(0.0), (own_down - edges[down]).max(0.0)]
        };
        let radii = [
            less(TOP_LEFT, LEFT, TOP),
            less(TOP_RIGHT, RIGHT, TOP),
            less(BOTTOM_RIGHT, RIGHT, BOTTOM),
            less(BOTTOM_LEFT, LEFT, BOTTOM),
        ];
        Self { rect, radii }
    }

    pub(super) fn is_round(&self) -> bool {
        self.radii.iter().any(|[across, down]| *across > 0.0 && *down > 0.0)
    }

    /// Its outline, clockwise from the upper left.
    pub(super) fn outline(&self) -> Vec<Segment> {
        let Rect { x, y, width, height } = self.rect;
        let (right, bottom) = (x + width, y + height);
        let [tl, tr, br, bl] = self.radii;
        let mut out = vec![Segment::Move([x + tl[0], y]), Segment::Line([right - tr[0], y])];
        let rest = 1.0 - KAPPA;
        let mut curve = |a: [f32; 2], b: [f32; 2], to: [f32; 2], line: [f32; 2]| {
            out.extend([Segment::Curve(a, b, to), Segment::Line(line)]);
        };
        curve([right - tr[0] * rest, y], [right, y + tr[1] * rest], [right, y + tr[1]], [right, bottom - br[1]]);
        curve(
            [right, bottom - br[1] * rest],
            [right - br[0] * rest, bottom],
            [right - br[0], bottom],
            [x + bl[0], bottom],
        );
        curve([x + bl[0] * rest, bottom], [x, bottom - bl[1] * rest], [x, bottom - bl[1]], [x, y + tl[1]]);
        out.push(Segment::Curve([x, y + tl[1] * rest], [x + tl[0] * rest, y], [x + tl[0], y]));
        out.push(Segment::Close);
        out
    }
}

/// The outline of a box whose corners are round.
pub(super) fn area(rounded: &Rounded) -> Outline {
    Outline { segments: rounded.outline(), even_odd: false }
}

/// What lies between two boxes.
pub(super) fn ring(outer: &Rounded, inner: &Rounded) -> Outline {
    let mut segments = outer.outline();
    if inner.rect.width > 0.0 && inner.rect.height > 0.0 {
        segments.extend(inner.outline());
    }
    Outline { segments, even_odd: true }
}

/// The line that all sides of a frame that have one share, with the width of each; `None` where they differ, or the line
/// is not whole.
pub(super) fn shared_line(frame: &Frame, first: bool, last: bool) -> Option<(Line, [f32; 4])> {
    let mut widths = frame.borders.map(|(width, color, _)| if color.a > 0 { width } else { 0.0 });
    if !first {
        widths[TOP] = 0.0;
    }
    if !last {
        widths[BOTTOM] = 0.0;
    }
    let seen: Vec<&Line> =
        frame.borders.iter().zip(widths).filter(|(_, width)| *width > 0.0).map(|(line, _)| line).collect();
    let Some((_, color, style)) = seen.first().copied().copied() else {
        return Some(((0.0, super::display::Color::TRANSPARENT, LineStyle::None), widths));
    };
    let is_shared = style == LineStyle::Solid && seen.iter().all(|line| (line.1, line.2) == (color, style));
    is_shared.then_some(((widths.iter().copied().fold(0.0, f32::max), color, style), widths))
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::typeset::style::values::LengthPercentage;

    const BOX: Rect = Rect { x: 0.0, y: 0.0, width: 40.0, height: 20.0 };

    fn all(pt: f32, percent: f32) -> [Radius; 4] {
        [[LengthPercentage { pt, percent }; 2]; 4]
    }

    #[test]
    fn corners_are_as_round_as_there_is_room() {
        assert_eq!(Rounded::new(BOX, &all(4.0, 0.0), true, true).radii, [[4.0; 2]; 4]);
        assert_eq!(Rounded::new(BOX, &all(0.0, 0.5), true, true).radii, [[20.0, 10.0]; 4]);
        assert_eq!(Rounded::new(BOX, &all(99.0, 0.0), true, true).radii, [[10.0; 2]; 4]);
        let cut = Rounded::new(BOX, &all(4.0, 0.0), true, false);
        assert_eq!(cut.radii, [[4.0; 2], [4.0; 2], [0.0; 2], [0.0; 2]]);
    }

    #[test]
    fn the_inside_is_less_round() {
        let outer = Rounded::new(BOX, &all(4.0, 0.0), true, true);
        let inner = outer.inside([1.0, 0.0, 1.0, 6.0]);
        assert_eq!(inner.rect, Rect { x: 6.0, y: 1.0, width: 34.0, height: 18.0 });
        assert_eq!(inner.radii, [[0.0, 3.0], [4.0, 3.0], [4.0, 3.0], [0.0, 3.0]]);
        assert!(outer.is_round() && !outer.inside([4.0; 4]).is_round());
        assert_eq!(ring(&outer, &outer.inside([30.0; 4])).segments.len(), outer.outline().len());
    }
}
