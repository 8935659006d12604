//! Inline formatting: styled text and boxes in, lines out (CSS Inline Layout, CSS Text).
//!
//! `block` builds a [`Paragraph`] for each run of inline content; [`layout`] shapes it, breaks it into lines, reorders
//! each line by UAX 9 and justifies it. Lengths are points.

use std::sync::Arc;

use super::display::{Color, GlyphRun, TagId};

/// Base direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    #[default]
    Ltr,
    Rtl,
}

/// `text-align`, with start and end already resolved against nothing: `layout` knows the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Align {
    #[default]
    Start,
    End,
    Left,
    Right,
    Center,
    Justify,
}

/// `white-space`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum WhiteSpace {
    #[default]
    Normal,
    Nowrap,
    Pre,
    PreWrap,
    PreLine,
}

/// Everything that text needs to know to be shaped and painted.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    /// `font-family`, in order of preference, lower-cased; generic names included ("serif", "sans-serif", "monospace").
    pub families: Arc<[String]>,
    pub size: f32,
    /// 100 to 900.
    pub weight: u16,
    pub italic: bool,
    pub color: Color,
    /// BCP 47; decides hyphenation and shaping language.
    pub language: Arc<str>,
    pub letter_spacing: f32,
    pub word_spacing: f32,
    /// OpenType features, e.g. ("smcp", 1).
    pub features: Arc<[([u8; 4], u32)]>,
    pub white_space: WhiteSpace,
    /// Whether words may be hyphenated (`hyphens: auto`).
    pub hyphenate: bool,
    pub underline: bool,
    pub line_through: bool,
    /// Painted behind the text (inline `background-color`).
    pub background: Option<Color>,
    /// `vertical-align`: how far the baseline is raised, in points.
    pub baseline_shift: f32,
    /// `overflow-wrap: anywhere` or `break-word`.
    pub break_anywhere: bool,
}

/// One piece of inline content, in logical order.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Text, white space not yet collapsed; `text-transform` already applied.
    Text { text: Arc<str>, style: Arc<TextStyle>, tag: Option<TagId>, link: Option<u32> },
    /// A box that sits on the baseline: a picture, a marker. `id` is the caller's.
    Atom { width: f32, ascent: f32, descent: f32, id: u32 },
    /// `leader(".")`: fills what is left of the line with a repeated pattern.
    Leader { pattern: Arc<str>, style: Arc<TextStyle> },
    /// A forced line break.
    Break,
    /// An element's id stands here: a link may lead to it.
    Anchor(Arc<str>),
}

/// What a paragraph of inline content is laid out with.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    pub content: Vec<Inline>,
    pub direction: Direction,
    pub align: Align,
    /// `text-align-last`, where it was set.
    pub align_last: Option<Align>,
    /// `text-indent` of the first line.
    pub indent: f32,
    /// The height of a line box in points, before anything larger stretches it.
    pub line_height: f32,
    /// The style of the block itself: its font decides the strut.
    pub strut: Arc<TextStyle>,
}

/// What stands on a line; x counts from the line's left edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Fragment {
    /// `raise` lifts the baseline (superscripts).
    Glyphs { x: f32, width: f32, raise: f32, run: GlyphRun, tag: Option<TagId>, link: Option<u32> },
    /// The atom with this id; its bottom edge is `descent` below the baseline.
    Atom { x: f32, width: f32, ascent: f32, descent: f32, id: u32 },
    /// A filled strip: underline, strike-through, inline background. `top` counts upwards from the baseline.
    Strip { x: f32, width: f32, top: f32, height: f32, color: Color },
    /// An anchor that was passed on this line.
    Anchor(Arc<str>),
}

/// One line box.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Offset of the line's left edge from the content box's left edge.
    pub x: f32,
    /// The width that was available.
    pub available: f32,
    /// The width that was used, before justification; more than `available` is an overfull line.
    pub natural: f32,
    pub height: f32,
    /// From the top of the line box down to the baseline.
    pub baseline: f32,
    pub fragments: Vec<Fragment>,
}

/// The room a line may use: both edges are measured from the content box's left edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub left: f32,
    pub width: f32,
}
