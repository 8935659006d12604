//! How borders and rules are drawn: as filled rectangles (CSS Backgrounds 3, 3.2).

use super::display::{Color, Rect};
use super::style::computed::{BOTTOM, LEFT, LineStyle, RIGHT, TOP};

/// A side's line: its width, colour and style.
pub(super) type Line = (f32, Color, LineStyle);

/// A dash is so many times as long as it is wide, and so many times away from the next.
const DASH: (f32, f32) = (3.0, 2.0);
const DOT: (f32, f32) = (1.0, 1.0);

/// More dashes than this are drawn as one line.
const MOST_DASHES: f32 = 2000.0;

/// Rectangles that are thinner are not seen, in points.
const THINNEST: f32 = 0.01;

/// Double lines thinner than this would run into each other.
const LEAST_DOUBLE: f32 = 0.9;

/// What a line is made of: rectangles, and their colours. `area` is the whole line, `side` the side of the box it is at;
/// the lines at its beginning and its end are so wide.
pub(super) fn strokes(area: Rect, side: usize, line: Line, ends: (f32, f32)) -> Vec<(Rect, Color)> {
    let (width, color, style) = line;
    if width <= 0.0 || color.a == 0 || area.width <= 0.0 || area.height <= 0.0 {
        return Vec::new();
    }
    let shaded = |is_outer: bool| if (side == TOP || side == LEFT) == is_outer { color } else { darkened(color) };
    match style {
        LineStyle::None | LineStyle::Hidden => Vec::new(),
        LineStyle::Solid => vec![(area, color)],
        LineStyle::Dashed => dashes(area, side, width, DASH).into_iter().map(|dash| (dash, color)).collect(),
        LineStyle::Dotted => dashes(area, side, width, DOT).into_iter().map(|dash| (dash, color)).collect(),
        LineStyle::Double if width < LEAST_DOUBLE => vec![(area, color)],
        LineStyle::Double => {
            let third = |from: f32| part(area, side, from, 1.0 / 3.0);
            let inner = shortened(third(2.0 / 3.0), side, (ends.0 * 2.0 / 3.0, ends.1 * 2.0 / 3.0));
            vec![(third(0.0), color), (inner, color)]
        }
        LineStyle::Outset => vec![(area, shaded(true))],
        LineStyle::Inset => vec![(area, shaded(false))],
        LineStyle::Groove | LineStyle::Ridge => {
            let is_ridge = style == LineStyle::Ridge;
            let inner = shortened(part(area, side, 0.5, 0.5), side, (ends.0 / 2.0, ends.1 / 2.0));
            vec![(part(area, side, 0.0, 0.5), shaded(is_ridge)), (inner, shaded(!is_ridge))]
        }
    }
}

/// A share of a line's width, from its outer edge.
fn part(area: Rect, side: usize, from: f32, share: f32) -> Rect {
    let Rect { x, y, width, height } = area;
    match side {
        TOP => Rect { y: y + height * from, height: height * share, ..area },
        BOTTOM => Rect { y: y + height * (1.0 - from - share), height: height * share, ..area },
        LEFT => Rect { x: x + width * from, width: width * share, ..area },
        _ => Rect { x: x + width * (1.0 - from - share), width: width * share, ..area },
    }
}

/// Cuts the ends off a line.
fn shortened(area: Rect, side: usize, (start, end): (f32, f32)) -> Rect {
    if side == LEFT || side == RIGHT {
        return Rect { y: area.y + start, height: (area.height - start - end).max(0.0), ..area };
    }
    Rect { x: area.x + start, width: (area.width - start - end).max(0.0), ..area }
}

/// Dashes as near to the wanted length and gap as lets the line begin and end with one.
fn dashes(area: Rect, side: usize, width: f32, (dash, gap): (f32, f32)) -> Vec<Rect> {
    let is_down = side == LEFT || side == RIGHT;
    let length = if is_down { area.height } else { area.width };
    let dash = (dash * width).min(length);
    let count = ((length - dash) / (dash + gap * width)).round();
    if !(1.0..=MOST_DASHES).contains(&count) {
        return vec![area];
    }
    let step = (length - dash) / count;
    let at = |number: usize| {
        let from = number as f32 * step;
        if is_down {
            Rect { y: area.y + from, height: dash, ..area }
        } else {
            Rect { x: area.x + from, width: dash, ..area }
        }
    };
    (0..=count as usize).map(at).collect()
}

/// What of a rectangle none of the others covers; what is thinner than can be seen is left out.
pub(super) fn uncovered(rect: Rect, others: &[Rect]) -> Vec<Rect> {
    let mut left = vec![rect];
    for other in others {
        left = left.into_iter().flat_map(|part| outside(part, *other)).collect();
    }
    left
}

/// What of a rectangle lies outside of another: above it and below it, and at its sides.
fn outside(rect: Rect, other: Rect) -> Vec<Rect> {
    let (right, bottom) = (rect.x + rect.width, rect.y + rect.height);
    let (from, to) = (other.x.clamp(rect.x, right), (other.x + other.width).clamp(rect.x, right));
    let (top, end) = (other.y.clamp(rect.y, bottom), (other.y + other.height).clamp(rect.y, bottom));
    if to - from < THINNEST || end - top < THINNEST {
        return vec![rect];
    }
    let parts = [
        Rect { height: top - rect.y, ..rect },
        Rect { y: end, height: bottom - end, ..rect },
        Rect { width: from - rect.x, y: top, height: end - top, ..rect },
        Rect { x: to, width: right - to, y: top, height: end - top },
    ];
    parts.into_iter().filter(|part| part.width >= THINNEST && part.height >= THINNEST).collect()
}

fn darkened(color: Color) -> Color {
    let darker = |part: u8| (u16::from(part) * 2 / 3) as u8;
    Color { r: darker(color.r), g: darker(color.g), b: darker(color.b), a: color.a }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
mod tests {
    use super::*;

    const AREA: Rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 3.0 };
    const GREY: Color = Color { r: 90, g: 90, b: 90, a: 255 };

    fn drawn(style: LineStyle, side: usize) -> Vec<(Rect, Color)> {
        strokes(AREA, side, (3.0, GREY, style), (3.0, 3.0))
    }

    #[test]
    fn dashes_begin_and_end_the_line() {
        for style in [LineStyle::Dashed, LineStyle::Dotted] {
            let dashes = drawn(style, TOP);
            assert!(dashes.len() > 5);
            assert_eq!(dashes[0].0.x, 10.0);
            let last = dashes[dashes.len() - 1].0;
            assert!((last.x + last.width - 110.0).abs() < 0.01);
            assert!(dashes.windows(2).all(|pair| pair[0].0.x + pair[0].0.width < pair[1].0.x));
        }
        assert_eq!(drawn(LineStyle::Dotted, TOP)[0].0.width, 3.0);
    }

    #[test]
    fn double_lines_leave_their_middle_free_and_meet_at_corners() {
        let lines = drawn(LineStyle::Double, TOP);
        assert_eq!(lines[0].0, Rect { height: 1.0, ..AREA });
        assert_eq!(lines[1].0, Rect { x: 12.0, y: 22.0, width: 96.0, height: 1.0 });
        assert_eq!(drawn(LineStyle::Double, BOTTOM)[0].0.y, 22.0);
        let thin = strokes(Rect { height: 0.5, ..AREA }, TOP, (0.5, GREY, LineStyle::Double), (0.0, 0.0));
        assert_eq!(thin.len(), 1);
    }

    #[test]
    fn carved_lines_are_light_from_above() {
        assert_eq!(drawn(LineStyle::Outset, TOP)[0].1, GREY);
        assert_eq!(drawn(LineStyle::Inset, TOP)[0].1.r, 60);
        assert_eq!(drawn(LineStyle::Outset, BOTTOM)[0].1.r, 60);
        let groove: Vec<u8> = drawn(LineStyle::Groove, TOP).iter().map(|(_, color)| color.r).collect();
        assert_eq!(groove, [60, 90]);
    }

    #[test]
    fn endless_lines_of_dots_are_lines() {
        let long = Rect { width: 1e6, height: 0.1, ..AREA };
        assert_eq!(strokes(long, TOP, (0.1, GREY, LineStyle::Dotted), (0.0, 0.0)).len(), 1);
    }
}
