//! One face: its tables, names and metrics.

use std::sync::Arc;

use harfrust::Font;

use super::FontMetrics;

/// The bytes of a font file; faces of one collection share them.
#[derive(Clone)]
enum FontData {
    Static(&'static [u8]),
    Shared(Arc<Vec<u8>>),
}

impl FontData {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// A face of a font file, ready for shaping and embedding.
pub struct Face {
    data: FontData,
    index: u32,
    font: Font,
    /// Typographic family name, lower-cased.
    pub family: String,
    /// PostScript name, as PDF's `BaseFont` has it.
    pub post_script_name: String,
    /// 100 to 900.
    pub weight: u16,
    /// Whether the face is italic or oblique.
    pub italic: bool,
    /// Font units in an em.
    pub units_per_em: f32,
    /// Where an underline's top edge lies above the baseline (usually negative), in ems.
    pub underline_top: f32,
    /// Thickness of an underline, in ems.
    pub underline_thickness: f32,
    /// Where a strike-through's top edge lies above the baseline, in ems.
    pub strike_top: f32,
    /// Whether the outlines are CFF (OpenType) rather than `TrueType`.
    pub has_cff: bool,
    /// Bounding box of all glyphs, in font units: left, bottom, right, top.
    pub bounds: [i16; 4],
    /// Slant in degrees, counter-clockwise from upright.
    pub italic_angle: f32,
    em_metrics: FontMetrics,
}

impl Face {
    /// The only face of an embedded font file.
    pub(super) fn from_static(data: &'static [u8]) -> Option<Self> {
        Self::parse(FontData::Static(data), Font::new(data, 0)?, 0)
    }

    /// The faces of a font file or collection; those that cannot be read are left out.
    pub(super) fn from_file(data: Vec<u8>) -> Vec<Self> {
        let count = ttf_parser::fonts_in_collection(&data).unwrap_or(1);
        let data = Arc::new(data);
        (0..count).filter_map(|index| Self::from_shared(&data, index)).collect()
    }

    /// One face of a font file or collection.
    pub(super) fn from_shared(data: &Arc<Vec<u8>>, index: u32) -> Option<Self> {
        let shared: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::clone(data) as _;
        Self::parse(FontData::Shared(Arc::clone(data)), Font::new(shared, index)?, index)
    }

    fn parse(data: FontData, font: Font, index: u32) -> Option<Self> {
        let face = ttf_parser::Face::parse(data.bytes(), index).ok()?;
        let units = f32::from(face.units_per_em());
        let underline = face.underline_metrics();
        let strike = face.strikeout_metrics();
        let bounds = face.global_bounding_box();
        let parsed = Self {
            index,
            font,
            family: name(&face, &[16, 1]).unwrap_or_default().to_lowercase(),
            post_script_name: name(&face, &[6]).map(|name| plain_name(&name)).filter(|name| !name.is_empty())?,
            weight: face.weight().to_number(),
            italic: face.is_italic() || face.is_oblique(),
            units_per_em: units,
            underline_top: underline.map_or(-0.1, |line| f32::from(line.position) / units),
            underline_thickness: underline.map_or(0.05, |line| f32::from(line.thickness) / units),
            strike_top: strike.map_or(0.3, |line| f32::from(line.position) / units),
            has_cff: face.tables().cff.is_some(),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max],
            italic_angle: face.italic_angle(),
            em_metrics: em_metrics(&face, units),
            data: FontData::Static(&[]),
        };
        Some(Self { data, ..parsed })
    }

    /// The typographic family name, as the font has it.
    #[must_use]
    pub fn family_name(&self) -> String {
        let face = ttf_parser::Face::parse(self.data.bytes(), self.index).ok();
        face.and_then(|face| name(&face, &[16, 1])).unwrap_or_else(|| self.family.clone())
    }

    /// How far a glyph moves the pen, in ems.
    #[must_use]
    pub fn advance(&self, glyph: u16) -> f32 {
        let face = ttf_parser::Face::parse(self.data.bytes(), self.index).ok();
        let advance = face.and_then(|face| face.glyph_hor_advance(ttf_parser::GlyphId(glyph)));
        f32::from(advance.unwrap_or(0)) / self.units_per_em
    }

    /// How far a glyph is drawn below the baseline, in ems.
    pub(super) fn ink_below(&self, glyph: u16) -> f32 {
        let face = ttf_parser::Face::parse(self.data.bytes(), self.index).ok();
        let bounds = face.and_then(|face| face.glyph_bounding_box(ttf_parser::GlyphId(glyph)));
        bounds.map_or(0.0, |bounds| -f32::from(bounds.y_min) / self.units_per_em).max(0.0)
    }

    /// Whether nothing shows of a glyph.
    pub(in crate::typeset) fn is_blank(&self, glyph: u16) -> bool {
        let face = ttf_parser::Face::parse(self.data.bytes(), self.index).ok();
        face.is_some_and(|face| face.glyph_bounding_box(ttf_parser::GlyphId(glyph)).is_none())
    }

    /// The font file's bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.data.bytes()
    }

    /// The font file's bytes, to be kept by somebody else.
    pub(in crate::typeset) fn shared_data(&self) -> Arc<dyn AsRef<[u8]> + Send + Sync> {
        match &self.data {
            FontData::Static(bytes) => Arc::new(*bytes),
            FontData::Shared(bytes) => Arc::clone(bytes) as _,
        }
    }

    /// Which face of the file this is; 0 unless it is a collection.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The face as the shaper wants it.
    #[must_use]
    pub fn font(&self) -> &Font {
        &self.font
    }

    /// The glyph the face shows a character with, if it has one.
    #[must_use]
    pub fn glyph(&self, character: char) -> Option<u16> {
        let glyph = self.font.charmap().map_unicode(character)?;
        u16::try_from(glyph.to_u32()).ok().filter(|id| *id != 0)
    }

    /// Metrics at a size in points.
    #[must_use]
    pub fn metrics(&self, size: f32) -> FontMetrics {
        let em = &self.em_metrics;
        FontMetrics {
            ascent: em.ascent * size,
            descent: em.descent * size,
            line_gap: em.line_gap * size,
            x_height: em.x_height * size,
            cap_height: em.cap_height * size,
            zero_advance: em.zero_advance * size,
        }
    }
}

/// Metrics for a size of one point.
fn em_metrics(face: &ttf_parser::Face<'_>, units: f32) -> FontMetrics {
    let scale = |value: i16| f32::from(value) / units;
    let x_height = face.x_height().filter(|height| *height > 0).map_or(0.5, scale);
    let zero = face.glyph_index('0').and_then(|glyph| face.glyph_hor_advance(glyph));
    FontMetrics {
        ascent: scale(face.ascender()),
        descent: -scale(face.descender()),
        line_gap: scale(face.line_gap()),
        x_height,
        cap_height: face.capital_height().filter(|height| *height > 0).map_or(0.7, scale),
        zero_advance: zero.map_or(0.5, |advance| f32::from(advance) / units),
    }
}

/// The first of these name records that has a Unicode string (`name` table).
fn name(face: &ttf_parser::Face<'_>, ids: &[u16]) -> Option<String> {
    ids.iter().find_map(|id| {
        face.names().into_iter().filter(|record| record.name_id == *id).find_map(|record| record.to_string())
    })
}

/// Only what a PDF name holds without escapes.
fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}
