//! How large the boxes in a page's margins are (CSS Paged Media 3, 5.3).

use crate::typeset::display::Rect;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, LEFT, RIGHT, TOP};
use crate::typeset::style::page_rule::MarginBox;
use crate::typeset::style::values::Size;

/// How long a box would like to be along its edge, with its margins; lengths are points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) length: f32,
    /// Whether the length was said, so that it neither grows nor shrinks.
    pub(super) is_fixed: bool,
    /// `min-width` and `max-width`, or heights.
    pub(super) limits: (f32, f32),
}

/// The two directions that a box has a size in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Across,
    Down,
}

impl Axis {
    /// The sides where it starts and ends.
    pub(super) fn sides(self) -> (usize, usize) {
        match self {
            Self::Across => (LEFT, RIGHT),
            Self::Down => (TOP, BOTTOM),
        }
    }

    /// The size that is said, the least and the most.
    fn sizes(self, style: &Style) -> [Size; 3] {
        match self {
            Self::Across => [style.width, style.min_width, style.max_width],
            Self::Down => [style.height, style.min_height, style.max_height],
        }
    }
}

/// Borders and padding at both ends, where 100% is `base`.
pub(super) fn inner_edges(style: &Style, axis: Axis, base: f32) -> f32 {
    let (start, end) = axis.sides();
    let edge = |side: usize| style.padding[side].of(base) + style.border[side].used();
    edge(start) + edge(end)
}

/// Margins at both ends, where 100% is `base`; `auto` is none.
pub(super) fn margins(style: &Style, axis: Axis, base: f32) -> f32 {
    let (start, end) = axis.sides();
    let margin = |side: usize| style.margin[side].of(base).unwrap_or(0.0);
    margin(start) + margin(end)
}

/// The size that is said, the least and the most, each from border to border; the room is what 100% are of.
fn said(style: &Style, axis: Axis, room: f32) -> (Option<f32>, f32, f32) {
    let edges = inner_edges(style, axis, room);
    let outer = |size: Size| {
        let own = size.of(room)?;
        Some(if style.border_box { own.max(edges) } else { own + edges })
    };
    let [size, least, most] = axis.sizes(style);
    let least = outer(least).unwrap_or(0.0);
    (outer(size), least, outer(most).unwrap_or(f32::INFINITY).max(least))
}

/// What a box wishes for along its edge, `room` long, that needs so much for its content.
pub(super) fn wish(style: &Style, axis: Axis, room: f32, content: f32) -> Wish {
    let around = margins(style, axis, room);
    let (size, least, most) = said(style, axis, room);
    let length = size.unwrap_or(content + inner_edges(style, axis, room)).clamp(least, most);
    Wish { length: length + around, is_fixed: size.is_some(), limits: (least + around, most + around) }
}

/// Where each of three boxes starts, and how long it is: the middle one stays centred (5.3.2).
pub(super) fn shares(wishes: [Option<Wish>; 3], room: f32) -> [(f32, f32); 3] {
    let lengths = lengths(wishes.map(|wish| wish.map(|wish| wish.length)), room);
    let last_fixed = match wishes {
        [Some(first), None, Some(last)] if first.is_fixed != last.is_fixed => {
            // What is left by the one is the other's.
            let left = |fixed: Wish| (room - fixed.length).max(0.0);
            Some(if first.is_fixed { [first.length, 0.0, left(first)] } else { [left(last), 0.0, last.length] })
        }
        _ => None,
    };
    let mut lengths = last_fixed.unwrap_or(lengths);
    for (length, wish) in lengths.iter_mut().zip(wishes) {
        if let Some(wish) = wish {
            let own = if wish.is_fixed { wish.length } else { *length };
            *length = own.clamp(wish.limits.0, wish.limits.1);
        }
    }
    let [first, middle, last] = lengths;
    [(0.0, first), ((room - middle) / 2.0, middle), (room - last, last)]
}

/// How long three boxes are that fill their edge.
fn lengths(wishes: [Option<f32>; 3], room: f32) -> [f32; 3] {
    match wishes {
        [None, Some(_), None] => [0.0, room, 0.0],
        [first, Some(middle), last] => {
            let sides = first.unwrap_or(0.0).max(last.unwrap_or(0.0));
            let middle = middle.min(room).min((room - 2.0 * sides).max(room / 3.0));
            let side = (room - middle) / 2.0;
            [side, middle, side]
        }
        [Some(first), None, Some(last)] => {
            let (total, half) = (first + last, room / 2.0);
            // Where one of them must be cut into lines it is the longer one.
            let first = match (first, last) {
                _ if total <= room => first + (room - total) / 2.0,
                (first, _) if first <= half => first,
                (_, last) if last <= half => room - last,
                _ => half,
            };
            [first, 0.0, room - first]
        }
        _ => [room; 3],
    }
}

/// Which edges of the paper a box lies at: whether it is at the upper or left one, for each direction in which the
/// margin of the page gives it its size.
fn at_edges(name: MarginBox) -> (Option<bool>, Option<bool>) {
    use MarginBox as B;
    match name {
        B::TopLeftCorner => (Some(true), Some(true)),
        B::TopRightCorner => (Some(false), Some(true)),
        B::BottomLeftCorner => (Some(true), Some(false)),
        B::BottomRightCorner => (Some(false), Some(false)),
        B::TopLeft | B::TopCenter | B::TopRight => (None, Some(true)),
        B::BottomLeft | B::BottomCenter | B::BottomRight => (None, Some(false)),
        B::LeftTop | B::LeftMiddle | B::LeftBottom => (Some(true), None),
        B::RightTop | B::RightMiddle | B::RightBottom => (Some(false), None),
    }
}

/// The border box in a part of the page's margin.
pub(super) fn border_box(name: MarginBox, room: Rect, style: &Style) -> Rect {
    let (across, down) = at_edges(name);
    let (x, width) = extent(style, Axis::Across, room.x, room.width, across);
    let (y, height) = extent(style, Axis::Down, room.y, room.height, down);
    Rect { x, y, width, height }
}

/// Where a box starts in one direction and how long it is. One that is shorter than the margin of the page lies at the
/// page area, unless its own margins say otherwise (5.3.3).
fn extent(style: &Style, axis: Axis, start: f32, room: f32, is_before_area: Option<bool>) -> (f32, f32) {
    let (at_start, at_end) = axis.sides();
    let (before, after) = (style.margin[at_start].of(room), style.margin[at_end].of(room));
    let whole = (room - margins(style, axis, room)).max(0.0);
    let Some(is_before_area) = is_before_area else { return (start + before.unwrap_or(0.0), whole) };
    let (size, least, most) = said(style, axis, room);
    let length = size.unwrap_or(whole).clamp(least, most);
    let at_start = start + before.unwrap_or(0.0);
    let at_end = start + room - after.unwrap_or(0.0) - length;
    let from = match (before, after) {
        (None, None) => (at_start + at_end) / 2.0,
        (None, Some(_)) => at_end,
        (Some(_), None) => at_start,
        (Some(_), Some(_)) if is_before_area => at_end,
        (Some(_), Some(_)) => at_start,
    };
    (from, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(length: f32) -> Option<Wish> {
        Some(Wish { length, is_fixed: false, limits: (0.0, f32::INFINITY) })
    }

    fn fixed(length: f32) -> Option<Wish> {
        Some(Wish { length, is_fixed: true, limits: (0.0, f32::INFINITY) })
    }

    #[test]
    fn the_middle_stays_centred() {
        assert_eq!(shares([auto(50.0), auto(20.0), None], 200.0)[..2], [(0.0, 90.0), (90.0, 20.0)]);
        assert_eq!(shares([None, auto(20.0), None], 200.0)[1], (0.0, 200.0));
        assert_eq!(shares([auto(50.0), None, auto(50.0)], 200.0)[2], (100.0, 100.0));
        assert_eq!(shares([auto(50.0), None, auto(400.0)], 200.0)[2], (50.0, 150.0));
        assert_eq!(shares([auto(400.0), None, auto(50.0)], 200.0)[0], (0.0, 150.0));
        assert_eq!(shares([auto(400.0), None, auto(300.0)], 200.0)[0], (0.0, 100.0));
        assert_eq!(shares([auto(50.0), None, None], 200.0)[0], (0.0, 200.0));
    }

    #[test]
    fn what_is_said_holds() {
        assert_eq!(shares([fixed(30.0), None, auto(50.0)], 200.0), [(0.0, 30.0), (100.0, 0.0), (30.0, 170.0)]);
        assert_eq!(shares([fixed(30.0), auto(20.0), fixed(40.0)], 200.0), [(0.0, 30.0), (90.0, 20.0), (160.0, 40.0)]);
        assert_eq!(shares([None, fixed(20.0), None], 200.0)[1], (90.0, 20.0));
        let narrow = Some(Wish { length: 14.0, is_fixed: false, limits: (10.0, 14.0) });
        assert_eq!(shares([None, narrow, None], 200.0)[1], (93.0, 14.0));
    }
}
