//! The display list: what stands where on each page, and what it means. Layout makes it, `write` turns it into PDF.
//!
//! Lengths are PDF points (1/72 inch). The origin of a page is its top left corner, y grows downwards; `write` turns
//! it over. Everything here is plain data; the same document always gives the same bytes.

pub mod drawing;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fonts::FaceId;
use drawing::{Drawing, Outline};

/// An sRGB colour with alpha, each 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Alpha; 255 is opaque.
    pub a: u8,
}

impl Color {
    /// Opaque black.
    pub const BLACK: Self = Self { r: 0, g: 0, b: 0, a: 255 };
    /// Nothing is seen of it.
    pub const TRANSPARENT: Self = Self { r: 0, g: 0, b: 0, a: 0 };
}

/// A rectangle in page coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rect {
    /// The left edge.
    pub x: f32,
    /// The top edge.
    pub y: f32,
    /// To the right.
    pub width: f32,
    /// Downwards.
    pub height: f32,
}

/// One shaped glyph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// The glyph's index in its face.
    pub id: u16,
    /// How far the pen moves, in points, letter and word spacing and justification included.
    pub advance: f32,
    /// The byte range in [`GlyphRun::text`] that this glyph's cluster stands for. Glyphs of one cluster are
    /// adjacent and share the range. A hyphen that layout added has an empty range.
    pub text_start: u32,
    /// See `text_start`.
    pub text_end: u32,
}

/// Glyphs of one face, size and colour on one line, in visual order (left to right).
#[derive(Clone, Debug, PartialEq)]
pub struct GlyphRun {
    /// The face that the glyph indices belong to.
    pub face: FaceId,
    /// Font size in points.
    pub size: f32,
    /// What the glyphs are filled with.
    pub color: Color,
    /// The source text the clusters point into.
    pub text: Arc<str>,
    /// From left to right.
    pub glyphs: Vec<Glyph>,
    /// How far each glyph is moved off the pen, in points; y grows upwards (as fonts have it). Empty where none is, as in
    /// most runs: a book has millions of glyphs.
    pub offsets: Vec<(f32, f32)>,
    /// Whether the text runs right to left (clusters then descend from left to right).
    pub rtl: bool,
    /// Whether gaps stand between its letters that are no spaces: letter spacing, or justification of what is written without
    /// spaces.
    pub parted: bool,
    /// Whether the glyphs are slanted, for lack of a face that is.
    pub slanted: bool,
    /// BCP 47 language of the text, for the structure tree and `ActualText`.
    pub language: Arc<str>,
}

/// From here on readers of the file take a gap between letters for a space, in ems.
pub const SEEN_AS_SPACE: f32 = 0.08;

/// Index into [`Document::structure`].
pub type TagId = u32;

/// What something that is no part of the document is there for (ISO 32000-1, 14.8.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Artefact {
    /// Rules, borders, leaders: they set the page, and say nothing.
    #[default]
    Layout,
    /// A colour behind the page or a part of it.
    Background,
    /// A running head.
    Header,
    /// A running foot: a page number, mostly.
    Footer,
    /// What pages need beside their text otherwise: margin boxes at the sides, repeated table heads.
    Pagination,
}

/// What something on a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A node of the structure.
    Node(TagId),
    /// No part of the document.
    Artefact(Artefact),
}

impl Owner {
    /// The node, or an artefact of this kind where there is none.
    #[must_use]
    pub fn of(tag: Option<TagId>, otherwise: Artefact) -> Self {
        tag.map_or(Self::Artefact(otherwise), Self::Node)
    }

    /// The node that it is part of.
    #[must_use]
    pub fn node(self) -> Option<TagId> {
        match self {
            Self::Node(tag) => Some(tag),
            Self::Artefact(_) => None,
        }
    }
}

/// What stands on a page, painted in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Text.
    Glyphs {
        /// Where the baseline starts: its left end.
        x: f32,
        /// The baseline.
        y: f32,
        /// The glyphs.
        run: GlyphRun,
        /// What it belongs to.
        owner: Owner,
    },
    /// A filled rectangle: backgrounds, borders, rules, underlines.
    Fill {
        /// Where.
        rect: Rect,
        /// With what.
        color: Color,
        /// What it is there for: it is never a part of the document.
        artefact: Artefact,
    },
    /// A filled area that is no rectangle: backgrounds and borders with round corners.
    Area {
        /// Around what, in the coordinates of the page.
        outline: Box<Outline>,
        /// With what.
        color: Color,
        /// What it is there for: it is never a part of the document.
        artefact: Artefact,
    },
    /// A picture drawn into a rectangle.
    Image {
        /// Where; the picture is stretched to fill it.
        rect: Rect,
        /// What of the page shows it, where that is not all of it.
        clip: Option<Rect>,
        /// What of it shows, where its corners are round.
        outline: Option<Box<Outline>>,
        /// Index into [`Document::images`].
        image: usize,
        /// How much is seen of it, 0 to 255.
        alpha: u8,
        /// What it belongs to.
        owner: Owner,
    },
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// An absolute URI.
    Uri(String),
    /// An anchor (an element's id) of this document.
    Anchor(String),
}

/// A clickable area.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where it can be clicked.
    pub rect: Rect,
    /// Where it leads.
    pub target: LinkTarget,
    /// The text of the link, as its description.
    pub contents: String,
    /// The structure node of the link.
    pub tag: Option<TagId>,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Page {
    /// In points.
    pub width: f32,
    /// In points.
    pub height: f32,
    /// In the order they are painted and read.
    pub items: Vec<Item>,
    /// In reading order.
    pub links: Vec<Link>,
    /// What the page calls itself, e.g. "iv" or "12"; for the page labels.
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
    /// Depth, from 1.
    pub level: u8,
    /// What the reader sees.
    pub label: String,
    /// Where it leads.
    pub destination: Destination,
}

/// Which cells a heading cell heads (ISO 32000-1, 14.8.5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those below.
    Column,
    /// Those beside.
    Row,
}

/// What a cell of a table says of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellAttributes {
    /// For heading cells.
    pub scope: Option<Scope>,
    /// How many columns it spans; at least 1.
    pub columns: usize,
    /// How many rows it spans; at least 1.
    pub rows: usize,
    /// The identifiers of the cells that head it, where the source names them.
    pub headers: Vec<String>,
    /// Its own identifier, where the source has one.
    pub id: Option<String>,
}

/// What a node says beside its type (ISO 32000-1, 14.8.5).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Attributes {
    /// Nothing.
    #[default]
    None,
    /// How the items of a list are numbered: a value of `ListNumbering` (table 347).
    List(&'static str),
    /// A cell of a table.
    Cell(Box<CellAttributes>),
    /// What an abbreviation stands for.
    Expansion(String),
}

/// A node of the logical structure (ISO 32000-1, 14.7 and 14.8): in document order, a parent before its children.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureNode {
    /// A node that stands before this one; none for a root.
    pub parent: Option<TagId>,
    /// A standard structure type (14.8.4): `Document`, `Sect`, `Art`, `Div`, `H1` to `H6`, `P`, `L`, `LI`, `Lbl`,
    /// `LBody`, `BlockQuote`, `Quote`, `Code`, `Table`, `THead`, `TBody`, `TFoot`, `TR`, `TH`, `TD`, `Figure`,
    /// `Caption`, `Link`, `Reference`, `Span`, `TOC`, `TOCI`, `Note`, `NonStruct`.
    pub role: &'static str,
    /// BCP 47, where it differs from the parent's.
    pub language: Option<Arc<str>>,
    /// Alternative text, for figures; none where the source has none.
    pub alt: Option<String>,
    /// What else it says.
    pub attributes: Attributes,
}

impl StructureNode {
    /// A node that says nothing but its type.
    #[must_use]
    pub fn new(parent: Option<TagId>, role: &'static str) -> Self {
        Self { parent, role, language: None, alt: None, attributes: Attributes::None }
    }
}

/// How a picture is turned and mirrored before it is shown (Exif 2.3, 4.6.4): one of eight ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u8);

impl Turn {
    /// By the number that Exif has for it; unknown ones turn nothing.
    #[must_use]
    pub fn from_exif(number: u8) -> Self {
        Self(if (1..=8).contains(&number) { number } else { 1 })
    }

    /// The number that Exif has for it: 1 for a picture that stands upright.
    #[must_use]
    pub fn exif(self) -> u8 {
        self.0
    }

    /// Whether width and height change places.
    #[must_use]
    pub fn is_sideways(self) -> bool {
        self.0 > 4
    }
}

impl Default for Turn {
    fn default() -> Self {
        Self(1)
    }
}

/// A decoded or passed-through picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// JPEG bytes, embedded as they are.
    Jpeg {
        /// The whole file.
        data: Arc<[u8]>,
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// 1 is grey, 3 is RGB (or `YCbCr`).
        components: u8,
        /// How it is shown.
        turn: Turn,
        /// An ICC profile that says what its colours are; without one they are sRGB.
        profile: Option<Arc<[u8]>>,
    },
    /// The rows of a PNG, filtered and deflated (ISO/IEC 15948, 9 and 10), embedded as they are.
    Png {
        /// What the file has in its `IDAT` chunks.
        rows: Arc<[u8]>,
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// Of a sample: 1, 2, 4 or 8.
        bits: u8,
        /// 1 is grey or a number of a colour, 3 is RGB.
        components: u8,
        /// The colours that samples are numbers of, three bytes each; empty where samples are colours themselves.
        palette: Vec<u8>,
        /// See [`Image::Jpeg`].
        profile: Option<Arc<[u8]>>,
    },
    /// 8-bit samples, and alpha samples where the picture has any.
    Samples {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// 1 is grey, 3 is RGB.
        components: u8,
        /// So many bytes a pixel, row by row from the top.
        samples: Vec<u8>,
        /// One byte a pixel.
        alpha: Option<Vec<u8>>,
        /// See [`Image::Jpeg`].
        profile: Option<Arc<[u8]>>,
    },
    /// A vector graphic.
    Drawing(Box<Drawing>),
}

impl Image {
    /// The picture with colours of this profile, in the place of its own.
    #[must_use]
    pub fn with_profile(mut self, new: Option<Arc<[u8]>>) -> Self {
        if let Self::Jpeg { profile, .. } | Self::Png { profile, .. } | Self::Samples { profile, .. } = &mut self {
            *profile = new;
        }
        self
    }

    /// The profile of its colours, where they are not sRGB.
    #[must_use]
    pub fn profile(&self) -> Option<&Arc<[u8]>> {
        match self {
            Self::Jpeg { profile, .. } | Self::Png { profile, .. } | Self::Samples { profile, .. } => profile.as_ref(),
            Self::Drawing(_) => None,
        }
    }
}

/// The standards that a file says it keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Claims {
    /// PDF/UA-1 (ISO 14289-1).
    pub pdf_ua: bool,
    /// PDF/A-2 (ISO 19005-2) at this level: `A` for tagged files, `U` for others.
    pub pdf_a: Option<char>,
}

/// Document information.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Info {
    /// Shown in the title bar.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// What it is about.
    pub subject: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// BCP 47. Empty where neither the document nor who asks for it names one.
    pub language: String,
    /// Seconds since 1970-01-01T00:00:00Z for its creation and modification; never the time of the run.
    pub date: Option<i64>,
    /// Whether pages turn right to left.
    pub rtl: bool,
    /// What it keeps to.
    pub claims: Claims,
}

/// A laid-out document, ready to be written.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Document {
    /// In order.
    pub pages: Vec<Page>,
    /// Where elements with an id stand.
    pub anchors: BTreeMap<String, Destination>,
    /// The outline, in document order.
    pub bookmarks: Vec<Bookmark>,
    /// The logical structure; empty for a document that is not tagged.
    pub structure: Vec<StructureNode>,
    /// The pictures that items show.
    pub images: Vec<Image>,
    /// What the document says of itself.
    pub info: Info,
}
