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
    /// The least that its content takes without being cut within words, with its margins.
    pub(super) least: f32,
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

/// What a box wishes for along its edge, `room` long, whose content takes at least and at most so much.
pub(super) fn wish(style: &Style, axis: Axis, room: f32, content: (f32, f32)) -> Wish {
    let around = margins(style, axis, room);
    let (size, least, most) = said(style, axis, room);
    let outer = |content: f32| size.unwrap_or(content + inner_edges(style, axis, room)).clamp(least, most) + around;
    let limits = (least + around, most + around);
    Wish { length: outer(content.1), least: outer(content.0), is_fixed: size.is_some(), limits }
}

/// Where each of three boxes starts, and how long it is: the middle one stays centred (5.3.2).
pub(super) fn shares(wishes: [Option<Wish>; 3], room: f32) -> [(f32, f32); 3] {
    let mut wishes = wishes;
    let mut found = lengths(wishes, room);
    // What is longer than it may be, then what is shorter, is as long as it may be, and the others share what is left.
    for is_most in [true, false] {
        for (wish, length) in wishes.iter_mut().zip(found) {
            let Some(wish) = wish else { continue };
            let limit = if is_most { wish.limits.1 } else { wish.limits.0 };
            if is_most && length > limit || !is_most && length < limit {
                *wish = Wish { length: limit, least: limit, is_fixed: true, ..*wish };
            }
        }
        found = lengths(wishes, room);
    }
    let [first, middle, last] = found;
    [(0.0, first), ((room - middle) / 2.0, middle), (room - last, last)]
}

/// How long three boxes are along their edge (5.3.2.1 to 5.3.2.3).
fn lengths([first, middle, last]: [Option<Wish>; 3], room: f32) -> [f32; 3] {
    let Some(middle) = middle else {
        let [first, last] = pair(first, last, room);
        return [first, 0.0, last];
    };
    // The boxes at its sides count as one that is twice as long as the longer of them, so that it is centred.
    let sides = [first, last];
    let twice = |of: &dyn Fn(&Wish) -> f32| 2.0 * sides.iter().flatten().map(of).fold(0.0, f32::max);
    let side = Wish {
        length: twice(&|wish| wish.length),
        least: twice(&|wish| wish.least),
        is_fixed: sides.iter().flatten().all(|wish| wish.is_fixed),
        limits: (0.0, f32::INFINITY),
    };
    let [middle, _] = pair(Some(middle), Some(side), room);
    let left = (room - middle).max(0.0) / 2.0;
    let [first, last] = sides.map(|wish| wish.map_or(0.0, |wish| if wish.is_fixed { wish.length } else { left }));
    [first, middle, last]
}

/// How long two boxes are that share their edge.
fn pair(first: Option<Wish>, last: Option<Wish>, room: f32) -> [f32; 2] {
    let (first, last) = match (first, last) {
        (None, None) => return [0.0, 0.0],
        (Some(only), None) => return [if only.is_fixed { only.length } else { room }, 0.0],
        (None, Some(only)) => return [0.0, if only.is_fixed { only.length } else { room }],
        (Some(first), Some(last)) => (first, last),
    };
    match (first.is_fixed, last.is_fixed) {
        (true, true) => [first.length, last.length],
        (true, false) => [first.length, (room - first.length).max(0.0)],
        (false, true) => [(room - last.length).max(0.0), last.length],
        (false, false) if first.length + last.length <= room => {
            flexed([first.length, last.length], [first.length, last.length], room)
        }
        (false, false) => {
            let least = [first.least, last.least];
            let grows = [first.length - first.least, last.length - last.least];
            flexed(least, if first.least + last.least < room { grows } else { least }, room)
        }
    }
}

/// Lengths and what each has of what is left, or lacks, in the proportion of these factors.
fn flexed(lengths: [f32; 2], factors: [f32; 2], room: f32) -> [f32; 2] {
    let factors = if factors[0] + factors[1] > 0.0 { factors } else { [1.0, 1.0] };
    let left = room - lengths[0] - lengths[1];
    let first = (lengths[0] + left * factors[0] / (factors[0] + factors[1])).clamp(0.0, room);
    [first, room - first]
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
        (None, None) => f32::midpoint(at_start, at_end),
        (None, Some(_)) => at_end,
        (Some(_), Some(_)) if is_before_area => at_end,
        (Some(_), _) => at_start,
    };
    (from, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: (f32, f32) = (0.0, f32::INFINITY);

    /// Of content that takes at least and at most so much.
    fn auto(least: f32, length: f32) -> Wish {
        Wish { length, least, is_fixed: false, limits: FREE }
    }

    fn fixed(length: f32) -> Wish {
        Wish { length, least: length, is_fixed: true, limits: FREE }
    }

    #[test]
    fn what_is_left_is_shared_by_what_each_needs() {
        for (first, last, end) in [
            (auto(10.0, 50.0), auto(10.0, 50.0), 100.0),
            (auto(10.0, 30.0), auto(10.0, 90.0), 50.0),
            // Too long together: each has its longest word, and then by how much it would like to grow.
            (auto(20.0, 60.0), auto(40.0, 320.0), 37.5),
            (auto(60.0, 60.0), auto(40.0, 320.0), 60.0),
            // Too long even so.
            (auto(100.0, 200.0), auto(300.0, 300.0), 50.0),
            (auto(0.0, 0.0), auto(0.0, 0.0), 100.0),
        ] {
            let expected = [(0.0, end), (100.0, 0.0), (end, 200.0 - end)];
            assert_eq!(shares([Some(first), None, Some(last)], 200.0), expected);
        }
        assert_eq!(shares([Some(auto(10.0, 50.0)), None, None], 200.0)[0], (0.0, 200.0));
    }

    #[test]
    fn the_middle_stays_centred() {
        assert_eq!(
            shares([Some(auto(10.0, 50.0)), Some(auto(10.0, 100.0)), None], 200.0),
            [(0.0, 50.0), (50.0, 100.0), (200.0, 0.0)]
        );
        assert_eq!(
            shares([Some(auto(10.0, 30.0)), Some(auto(20.0, 20.0)), Some(auto(10.0, 10.0))], 200.0),
            [(0.0, 75.0), (75.0, 50.0), (125.0, 75.0)]
        );
        assert_eq!(shares([None, Some(auto(20.0, 20.0)), None], 200.0)[1], (0.0, 200.0));
    }

    #[test]
    fn what_is_said_holds() {
        assert_eq!(
            shares([Some(fixed(30.0)), None, Some(auto(10.0, 50.0))], 200.0),
            [(0.0, 30.0), (100.0, 0.0), (30.0, 170.0)]
        );
        assert_eq!(
            shares([Some(fixed(30.0)), Some(auto(20.0, 20.0)), Some(fixed(40.0))], 200.0),
            [(0.0, 30.0), (40.0, 120.0), (160.0, 40.0)]
        );
        assert_eq!(shares([None, Some(fixed(20.0)), None], 200.0)[1], (90.0, 20.0));
        let narrow = Some(Wish { length: 14.0, least: 14.0, is_fixed: false, limits: (10.0, 14.0) });
        assert_eq!(shares([None, narrow, None], 200.0)[1], (93.0, 14.0));
        // What one may not have is the other's.
        let most = Some(Wish { limits: (0.0, 80.0), ..auto(10.0, 50.0) });
        assert_eq!(shares([most, None, Some(auto(10.0, 50.0))], 200.0)[2], (80.0, 120.0));
    }
}
