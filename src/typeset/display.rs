//! The display list: what stands where on each page, and what it means. Layout makes it, `write` turns it into PDF.
//!
//! Lengths are PDF points (1/72 inch). The origin of a page is its top left corner, y grows downwards; `write` turns
//! it over. Everything here is plain data; the same document always gives the same bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fonts::FaceId;

/// An sRGB colour with alpha, each 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    pub r: u8,
    pub g: u8,
    pub b: u8,
    pub a: u8,
}

impl Color {
    pub const BLACK: Self = Self { r: 0, g: 0, b: 0, a: 255 };
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };
}

/// A rectangle in page coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// One shaped glyph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// The glyph's index in its face.
    pub id: u16,
    /// How far the pen moves, in points, letter and word spacing and justification included.
    pub advance: f32,
    /// Offset from the pen, in points; y grows upwards (as fonts have it).
    pub x_offset: f32,
    pub y_offset: f32,
    /// The byte range in [`GlyphRun::text`] that this glyph's cluster stands for. Glyphs of one cluster are
    /// adjacent and share the range. A hyphen that layout added has an empty range.
    pub text_start: u32,
    pub text_end: u32,
}

/// Glyphs of one face, size and colour on one line, in visual order (left to right).
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphRun {
    pub face: FaceId,
    /// Font size in points.
    pub size: f32,
    pub color: Color,
    /// The source text the clusters point into.
    pub text: Arc<str>,
    pub glyphs: Vec<Glyph>,
    /// Whether the text runs right to left (clusters then descend from left to right).
    pub rtl: bool,
    /// BCP 47 language of the text, for the structure tree and ActualText.
    pub language: Arc<str>,
}

/// Index into [`Document::structure`].
pub type TagId = u32;

/// What stands on a page, painted in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Text with its baseline starting at (x, y).
    Glyphs { x: f32, y: f32, run: GlyphRun, tag: Option<TagId> },
    /// A filled rectangle: backgrounds, borders, rules, underlines. Always an artefact.
    Fill { rect: Rect, color: Color },
    /// A picture drawn into a rectangle.
    Image { rect: Rect, image: usize, tag: Option<TagId> },
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    Uri(String),
    /// An anchor (an element's id) of this document.
    Anchor(String),
}

/// A clickable area.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub rect: Rect,
    pub target: LinkTarget,
    /// The text of the link, as its description.
    pub contents: String,
    pub tag: Option<TagId>,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    pub width: f32,
    pub height: f32,
    pub items: Vec<Item>,
    pub links: Vec<Link>,
    /// What the page calls itself, e.g. "iv" or "12"; for PageLabels.
    pub label: String,
}

/// A position an anchor or a bookmark leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Destination {
    /// Page index from 0.
    pub page: usize,
    /// From the top of the page.
    pub y: f32,
}

/// An entry of the outline. `level` counts from 1; entries stand in document order.
#[derive(Clone, Debug, PartialEq)]
pub struct Bookmark {
    pub level: u8,
    pub label: String,
    pub destination: Destination,
}

/// A node of the logical structure (ISO 32000-2, 14.8): in document order, a parent before its children.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureNode {
    pub parent: Option<TagId>,
    /// A standard structure type: Document, Sect, Art, H1..H6, P, L, LI, Lbl, LBody, BlockQuote, Code, Table, TR,
    /// TH, TD, Figure, Caption, Link, Span, TOC, TOCI, Note.
    pub role: &'static str,
    pub language: Option<Arc<str>>,
    /// Alternative text, for figures.
    pub alt: Option<String>,
}

/// A decoded or passed-through picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// JPEG bytes, embedded as they are.
    Jpeg { data: Arc<[u8]>, width: u32, height: u32, components: u8 },
    /// 8-bit RGB samples, and alpha samples where the picture has any.
    Rgb { width: u32, height: u32, rgb: Vec<u8>, alpha: Option<Vec<u8>> },
}

/// Document information.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Info {
    pub title: String,
    pub author: String,
    pub subject: String,
    pub keywords: Vec<String>,
    /// BCP 47.
    pub language: String,
    /// Seconds since 1970-01-01T00:00:00Z for CreationDate and ModDate; never the time of the run.
    pub date: Option<i64>,
    /// Whether pages turn right to left.
    pub rtl: bool,
}

/// A laid-out document, ready to be written.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Document {
    pub pages: Vec<Page>,
    pub anchors: BTreeMap<String, Destination>,
    pub bookmarks: Vec<Bookmark>,
    pub structure: Vec<StructureNode>,
    pub images: Vec<Image>,
    pub info: Info,
}
