//! Boxes with round corners: their outlines, in the coordinates of a page.

use super::block::piece::Frame;
use super::display::drawing::{Outline, Segment};
use super::display::{Color, Rect};
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

    /// Whether half of each side at least lies between its corners.
    pub(super) fn is_mostly_straight(&self) -> bool {
        let round = |a: usize, b: usize, axis: usize| self.radii[a][axis] + self.radii[b][axis];
        let across = round(TOP_LEFT, TOP_RIGHT, 0).max(round(BOTTOM_LEFT, BOTTOM_RIGHT, 0));
        let down = round(TOP_LEFT, BOTTOM_LEFT, 1).max(round(TOP_RIGHT, BOTTOM_RIGHT, 1));
        across <= self.rect.width / 2.0 && down <= self.rect.height / 2.0
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

    /// The curve of a corner, clockwise: where it starts, two control points, where it ends.
    fn corner(&self, corner: usize) -> [[f32; 2]; 4] {
        let Rect { x, y, width, height } = self.rect;
        let (right, bottom) = (x + width, y + height);
        let [across, down] = self.radii[corner];
        let (near_across, near_down) = (across * (1.0 - KAPPA), down * (1.0 - KAPPA));
        match corner {
            TOP_LEFT => [[x, y + down], [x, y + near_down], [x + near_across, y], [x + across, y]],
            TOP_RIGHT => [[right - across, y], [right - near_across, y], [right, y + near_down], [right, y + down]],
            BOTTOM_RIGHT => [
                [right, bottom - down],
                [right, bottom - near_down],
                [right - near_across, bottom],
                [right - across, bottom],
            ],
            _ => [[x + across, bottom], [x + near_across, bottom], [x, bottom - near_down], [x, bottom - down]],
        }
    }

    /// Its outline, clockwise.
    fn outline(&self) -> Vec<Segment> {
        let mut out = Vec::with_capacity(10);
        for corner in [TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT] {
            let [start, a, b, end] = self.corner(corner);
            out.push(if out.is_empty() { Segment::Move(start) } else { Segment::Line(start) });
            out.push(Segment::Curve(a, b, end));
        }
        out.push(Segment::Close);
        out
    }
}

/// The outline of a box whose corners are round.
pub(super) fn area(rounded: &Rounded) -> Outline {
    Outline { segments: rounded.outline(), even_odd: false }
}

/// The borders of a box that are so wide, by side: what lies between it and the box inside of them.
pub(super) fn ring(outer: &Rounded, widths: [f32; 4]) -> Outline {
    let inner = outer.inside(widths);
    if widths.iter().all(|width| *width > 0.0) {
        let mut segments = outer.outline();
        if inner.rect.width > 0.0 && inner.rect.height > 0.0 {
            segments.extend(inner.outline());
        }
        return Outline { segments, even_odd: true };
    }
    // Sides that touch are one area; along sides without a border nothing runs, not even a line without width, which
    // viewers would show.
    let mut segments = Vec::new();
    for first in (TOP..=LEFT).filter(|side| widths[*side] > 0.0 && widths[(side + 3) % 4] <= 0.0) {
        let sides = (0..4).take_while(|more| widths[(first + more) % 4] > 0.0).count();
        // A side goes from the corner of its number to the next.
        let corners: Vec<usize> = (first..=first + sides).map(|corner| corner % 4).collect();
        for (number, corner) in corners.iter().enumerate() {
            let [start, a, b, end] = outer.corner(*corner);
            segments.push(if number == 0 { Segment::Move(start) } else { Segment::Line(start) });
            segments.push(Segment::Curve(a, b, end));
        }
        for corner in corners.iter().rev() {
            let [start, a, b, end] = inner.corner(*corner);
            segments.extend([Segment::Line(end), Segment::Curve(b, a, start)]);
        }
        segments.push(Segment::Close);
    }
    Outline { segments, even_odd: false }
}

/// The widths of the lines of a frame that are seen, by side.
pub(super) fn widths(frame: &Frame, first: bool, last: bool) -> [f32; 4] {
    let mut widths = frame.borders.map(|(width, color, _)| if color.a > 0 { width } else { 0.0 });
    if !first {
        widths[TOP] = 0.0;
    }
    if !last {
        widths[BOTTOM] = 0.0;
    }
    widths
}

/// The colours of the lines of a frame that are seen, each once; `None` where some line is not whole, or where one would shine
/// through another.
pub(super) fn whole_lines(frame: &Frame, widths: [f32; 4]) -> Option<Vec<Color>> {
    let mut colors: Vec<Color> = Vec::new();
    let seen = frame.borders.iter().zip(widths).filter(|(_, width)| *width > 0.0);
    for ((_, color, style), _) in seen {
        if *style != LineStyle::Solid {
            return None;
        }
        if !colors.contains(color) {
            colors.push(*color);
        }
    }
    (colors.len() < 2 || colors.iter().all(|color| color.a == u8::MAX)).then_some(colors)
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
        assert_eq!(ring(&outer, [30.0; 4]).segments.len(), outer.outline().len());
    }

    #[test]
    fn nothing_runs_along_sides_without_a_border() {
        let outer = Rounded::new(BOX, &all(4.0, 0.0), true, true);
        assert!(ring(&outer, [1.0; 4]).even_odd);
        let ends = |widths: [f32; 4]| -> Vec<Vec<[f32; 2]>> {
            let segments = ring(&outer, widths).segments;
            let parts = segments.split(|segment| *segment == Segment::Close).filter(|part| !part.is_empty());
            let end = |segment: &Segment| match segment {
                Segment::Move(to) | Segment::Line(to) | Segment::Curve(_, _, to) => *to,
                Segment::Close => [f32::NAN; 2],
            };
            parts.map(|part| part.iter().map(end).collect()).collect()
        };
        let left = [[4.0, 20.0], [0.0, 16.0], [0.0, 4.0], [4.0, 0.0], [4.0, 0.0], [2.0, 4.0], [2.0, 16.0], [4.0, 20.0]];
        assert_eq!(ends([0.0, 0.0, 0.0, 2.0]), [left]);
        assert_eq!(ends([1.0, 0.0, 1.0, 0.0]).len(), 2);
        let three = ends([1.0, 1.0, 0.0, 1.0]);
        assert_eq!((three.len(), three[0].len()), (1, 16));
        assert_eq!(ends([0.0; 4]), Vec::<Vec<[f32; 2]>>::new());
    }
}
