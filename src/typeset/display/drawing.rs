//! Vector graphics of the display list.
//!
//! Lengths are the drawing's own units. The origin is its top left corner, y grows downwards.

use super::{Color, Image};

/// The matrix `[a b c d e f]` that takes (x, y) to (ax + cy + e, bx + dy + f).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matrix(pub [f32; 6]);

/// A step of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Starts a part of the outline.
    Move([f32; 2]),
    /// A straight line.
    Line([f32; 2]),
    /// A cubic curve: two control points and its end.
    Curve([f32; 2], [f32; 2], [f32; 2]),
    /// Back to where the part started.
    Close,
}

/// Lines and curves around an area, or along which a stroke runs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Outline {
    /// In order.
    pub segments: Vec<Segment>,
    /// Whether areas that are enclosed twice are outside again.
    pub even_odd: bool,
}

/// How colours run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// From one point to another.
    Linear([f32; 4]),
    /// From a circle to another: x, y and radius of each.
    Radial([f32; 6]),
}

/// Colours that run into each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// Between what.
    pub course: Course,
    /// Where each colour stands, 0 to 1, in ascending order; at least two.
    pub stops: Vec<(f32, Color)>,
    /// From the gradient's units to the drawing's.
    pub matrix: Matrix,
}

/// What something is painted with.
#[derive(Clone, Debug, PartialEq)]
pub enum Paint {
    /// One colour.
    Color(Color),
    /// Many, and how much of them is seen, 0 to 255.
    Gradient(Box<Gradient>, u8),
}

/// How a line is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// With what.
    pub paint: Paint,
    /// How thick.
    pub width: f32,
    /// 0 cut off at its end, 1 round, 2 square (ISO 32000-1, table 54).
    pub cap: u8,
    /// 0 mitred, 1 round, 2 bevelled (table 55).
    pub join: u8,
    /// How long mitres may be, in widths.
    pub miter_limit: f32,
    /// Lengths of dashes and gaps; none for an unbroken line.
    pub dashes: Vec<f32>,
    /// Where in the dashes the line starts.
    pub dash_offset: f32,
}

/// What a layer shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An area, a line along its edge, or both.
    Path {
        /// In units that `matrix` takes to those of the drawing.
        outline: Outline,
        /// See `outline`.
        matrix: Matrix,
        /// Of the area.
        fill: Option<Paint>,
        /// Of the edge.
        stroke: Option<Stroke>,
        /// Whether the area covers the edge, not the edge the area.
        stroke_first: bool,
    },
    /// A picture.
    Picture {
        /// Index into [`Drawing::pictures`].
        picture: usize,
        /// From the unit square, y downwards, to the drawing's units.
        matrix: Matrix,
    },
    /// Shapes that are painted together.
    Layer(Layer),
}

/// Shapes that are cut, masked or seen through as one.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Layer {
    /// How much is seen of them, 0 to 255.
    pub opacity: u8,
    /// Only what lies in all of these is seen.
    pub clips: Vec<Outline>,
    /// How much is seen of them, point by point.
    pub mask: Option<Box<Mask>>,
    /// In the order they are painted.
    pub shapes: Vec<Shape>,
}

/// A layer that says how much is seen of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Whether by how bright it is, rather than by how opaque.
    pub luminance: bool,
    /// What it shows.
    pub layer: Layer,
}

/// A vector graphic.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// In its units.
    pub width: f32,
    /// In its units.
    pub height: f32,
    /// All of it.
    pub root: Layer,
    /// The pictures in it.
    pub pictures: Vec<Image>,
}
