//! Lines under, over and through text (CSS Text Decoration 4).

use std::sync::Arc;

use super::Color;
use crate::typeset::fonts::Face;

/// What `text-decoration` says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decoration {
    /// `underline`
    pub under: bool,
    /// `overline`
    pub over: bool,
    /// `line-through`
    pub through: bool,
    /// `text-decoration-color`; none is the text's.
    pub color: Option<Color>,
    /// `text-decoration-style`
    pub kind: LineKind,
    /// `text-decoration-thickness` in points; none is the font's.
    pub thickness: Option<f32>,
    /// `text-underline-offset` in points, from the baseline down to the line; none is the font's.
    pub offset: Option<f32>,
}

impl Decoration {
    /// Whether there is any line.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.under || self.over || self.through
    }
}

/// The lines of a box that decorates all text inside of it, and what their place and thickness come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Decorating {
    /// Which lines, and how they look.
    pub decoration: Decoration,
    /// That of the lines.
    pub color: Color,
    /// The fonts of the box.
    pub families: Arc<[String]>,
    /// 100 to 900.
    pub weight: u16,
    /// Whether its text is italic.
    pub italic: bool,
    /// In points.
    pub size: f32,
    /// How far the baseline of the box is raised, in points.
    pub baseline_shift: f32,
}

/// `text-decoration-style`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineKind {
    /// One line.
    #[default]
    Solid,
    /// Two.
    Double,
    /// Square dots.
    Dotted,
    /// Dashes three times as long as they are wide.
    Dashed,
    /// A wave.
    Wavy,
}

/// A part of a line that decorates text: from where and how far to the right, its top above the baseline, its height.
pub(super) type Strip = (f32, f32, f32, f32);

/// Steps of a wave are this wide, in points: less than can be seen.
const STEP: f32 = 0.3;
/// A line falls into no more parts than this.
const MOST_PARTS: f32 = 1000.0;

/// The parts of the lines that decorate text from `x` on; `face` is the first that the box asks for which they are of.
pub(super) fn strips(lines: &Decorating, face: &Face, x: f32, width: f32) -> Vec<Strip> {
    let Decoration { kind, thickness, offset, under, over, through, .. } = lines.decoration;
    let size = lines.size;
    let height = thickness.unwrap_or(face.underline_thickness * size);
    let mut out = Vec::new();
    // Where the first line's top is, and whether a second one stands below it.
    let mut add = |top: f32, goes_down: bool| {
        let top = top + lines.baseline_shift;
        match kind {
            LineKind::Solid => out.push((x, width, top, height)),
            LineKind::Double => {
                let second = if goes_down { top - 2.0 * height } else { top + 2.0 * height };
                out.extend([(x, width, top, height), (x, width, second, height)]);
            }
            LineKind::Dotted => out.extend(pieces(x, width, height, 2.0 * height).map(|(x, w)| (x, w, top, height))),
            LineKind::Dashed => {
                out.extend(pieces(x, width, 3.0 * height, 5.0 * height).map(|(x, w)| (x, w, top, height)));
            }
            LineKind::Wavy => {
                let (swing, length) = (height * 1.2, height * 7.0);
                // The wave swings about where the line would be, a little away from the text.
                let middle = if goes_down { top - swing } else { top + swing };
                let wave = move |at: f32| middle + swing * (at / length * std::f32::consts::TAU).sin();
                let step = STEP.max(width / MOST_PARTS);
                out.extend(pieces(x, width, step, step).map(|(at, w)| (at, w, wave(at + w / 2.0), height)));
            }
        }
    };
    if under {
        add(offset.map_or(face.underline_top * size, |offset| -offset), true);
    }
    if over {
        add(face.metrics(size).ascent, false);
    }
    if through {
        add(face.strike_top * size, true);
    }
    out
}

/// Pieces of a length, their beginnings so far from each other.
fn pieces(x: f32, width: f32, length: f32, step: f32) -> impl Iterator<Item = (f32, f32)> {
    let step = step.max(width / MOST_PARTS).max(0.01);
    let count = (width / step).ceil().max(0.0) as usize;
    (0..count).map(move |number| {
        let from = number as f32 * step;
        (x + from, length.min(width - from))
    })
}
