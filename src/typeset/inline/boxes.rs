//! Inline boxes that are seen: what their edges take of a line, and what is painted behind their content (CSS 2.2, 8).

use std::sync::Arc;

use super::collapse::{Content, Source};
use super::{Direction, Fragment, TextStyle};
use crate::typeset::display::Color;
use crate::typeset::fonts::Fonts;

/// An inline box with margins, borders, padding or a background. Sides are top, right, bottom, left.
#[derive(Clone, Debug, PartialEq)]
pub struct InlineBox {
    /// In points; those at top and bottom move nothing.
    pub margin: [f32; 4],
    /// In points.
    pub padding: [f32; 4],
    /// What of the containing block's width comes to the margins and the padding.
    pub shares: ([f32; 4], [f32; 4]),
    /// Width in points, and colour.
    pub borders: [(f32, Color); 4],
    /// `background-color`.
    pub background: Option<Color>,
    /// On which side it starts.
    pub direction: Direction,
    /// The box is as high as the letters of this style.
    pub style: Arc<TextStyle>,
}

/// The start or the end of an inline box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

const TOP: usize = 0;
const RIGHT: usize = 1;
const BOTTOM: usize = 2;
const LEFT: usize = 3;

impl InlineBox {
    /// The box in a containing block of this width, in points.
    #[must_use]
    pub fn in_width(mut self, width: f32) -> Self {
        let (margins, padding) = std::mem::take(&mut self.shares);
        for side in [TOP, RIGHT, BOTTOM, LEFT] {
            self.margin[side] += margins[side] * width;
            self.padding[side] += padding[side] * width;
        }
        self
    }

    fn side(&self, edge: Edge) -> usize {
        if (edge == Edge::Start) == (self.direction == Direction::Ltr) { LEFT } else { RIGHT }
    }

    /// What an edge takes of its line; `None` where nothing is there.
    pub(super) fn edge(&self, edge: Edge) -> Option<f32> {
        let side = self.side(edge);
        let parts = [self.margin[side], self.borders[side].0, self.padding[side]];
        parts.iter().any(|part| *part != 0.0).then(|| parts.iter().sum())
    }
}

/// The boxes on a line, as far as a painter has come.
#[derive(Default)]
pub(super) struct OnLine {
    stretches: Vec<Stretch>,
}

/// What stands of a box without a break.
struct Stretch {
    /// Index into [`Source::boxes`].
    of: usize,
    from: f32,
    to: f32,
    /// Whether the sides are here, left and right.
    sides: (bool, bool),
}

impl OnLine {
    /// Notes what stands from `x` on in the boxes around its span. Indices of stretches are found in the list or new in it.
    pub(super) fn pass(&mut self, source: &Source<'_>, span: u32, x: f32, width: f32) {
        let span = &source.spans[span as usize];
        let edge = match span.content {
            Content::Open { .. } => Some(Edge::Start),
            Content::Close { .. } => Some(Edge::End),
            _ => None,
        };
        let (mut inside, mut innermost) = (span.inside as usize, true);
        while let Some(own) = inside.checked_sub(1).and_then(|at| source.boxes.get(at)) {
            let at = inside - 1;
            let known = self.stretches.iter().rposition(|known| known.of == at && (known.to - x).abs() < 0.01);
            let known = known.unwrap_or_else(|| {
                self.stretches.push(Stretch { of: at, from: x, to: x, sides: (false, false) });
                self.stretches.len() - 1
            });
            let stretch = &mut self.stretches[known];
            stretch.to = x + width;
            match edge.filter(|_| innermost).map(|edge| own.shape.side(edge)) {
                Some(LEFT) => stretch.sides.0 = true,
                Some(_) => stretch.sides.1 = true,
                None => {}
            }
            (inside, innermost) = (own.parent as usize, false);
        }
    }

    /// What is painted behind the line, outer boxes first.
    pub(super) fn strips(mut self, source: &Source<'_>, fonts: &Fonts, strips: &mut Vec<Fragment>) {
        self.stretches.sort_by_key(|stretch| stretch.of);
        for stretch in &self.stretches {
            if let Some(own) = source.boxes.get(stretch.of) {
                stretch.paint(own.shape, fonts, strips);
            }
        }
    }
}

impl Stretch {
    fn paint(&self, shape: &InlineBox, fonts: &Fonts, strips: &mut Vec<Fragment>) {
        let metrics = fonts.metrics(&shape.style);
        let InlineBox { margin, padding, borders, .. } = shape;
        let left = self.from + if self.sides.0 { margin[LEFT] } else { 0.0 };
        let right = self.to - if self.sides.1 { margin[RIGHT] } else { 0.0 };
        let top = metrics.ascent + shape.style.baseline_shift + padding[TOP] + borders[TOP].0;
        let letters = metrics.ascent + metrics.descent;
        let height = letters + padding[TOP] + padding[BOTTOM] + borders[TOP].0 + borders[BOTTOM].0;
        let mut strip = |x: f32, width: f32, top: f32, height: f32, color: Color| {
            if width > 0.0 && height > 0.0 && color.a > 0 {
                strips.push(Fragment::Strip { x, width, top, height, color });
            }
        };
        if let Some(color) = shape.background {
            strip(left, right - left, top, height, color);
        }
        let [(over, over_color), (after, after_color), (under, under_color), (before, before_color)] = *borders;
        strip(left, right - left, top, over, over_color);
        strip(left, right - left, top - height + under, under, under_color);
        if self.sides.0 {
            strip(left, before, top, height, before_color);
        }
        if self.sides.1 {
            strip(right - after, after, top, height, after_color);
        }
    }
}
