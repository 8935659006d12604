//! Fonts: which glyphs are used, the subset that is embedded, its description.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, FontId, FontMetrics, FontType, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfFontMetricsStub,
    Pt, TextItem,
};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSlice as _;
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use crate::error::{Error, ErrorKind, Result};
use crate::typeset::display::{Document, Item, Page};
use crate::typeset::fonts::{Face, FaceId, Fonts};

use super::glyph_text::GlyphTexts;

/// The faces that a document uses, by id.
pub(super) struct Embedded {
    faces: BTreeMap<FaceId, EmbeddedFace>,
}

/// A face as it is in the file.
pub(super) struct EmbeddedFace {
    /// Its name in page resources.
    pub(super) resource: String,
    /// What its glyphs stand for, by index in the original face.
    pub(super) texts: GlyphTexts,
    /// The glyph of the space, if it is in the subset.
    pub(super) space: Option<u16>,
    /// Blank glyphs that stand for letters of ligatures.
    pub(super) stand_ins: BTreeMap<Box<str>, u16>,
    /// Glyph indices in the subset, by index in the original face.
    codes: Vec<u16>,
    /// Advances in thousandths of an em, as the file states them, by index in the original face.
    widths: Vec<u16>,
    parsed: ParsedFont,
}

impl EmbeddedFace {
    /// The code that shows a glyph, and its stated width in thousandths of an em.
    pub(super) fn code(&self, glyph: u16) -> (u16, f32) {
        let index = usize::from(glyph);
        (self.codes.get(index).copied().unwrap_or(0), self.widths.get(index).copied().map_or(0.0, f32::from))
    }
}

impl Embedded {
    pub(super) fn face(&self, id: FaceId) -> Option<&EmbeddedFace> {
        self.faces.get(&id)
    }

    /// Puts the fonts into printpdf's document. It embeds what its pages use, so the first page names every glyph.
    pub(super) fn declare(&self, pdf: &mut PdfDocument) {
        let mut ops = Vec::new();
        for face in self.faces.values() {
            let id = FontId(face.resource.clone());
            pdf.resources.fonts.map.insert(id.clone(), PdfFont::new(face.parsed.clone()));
            let glyphs = face.texts.glyphs().map(|glyph| Codepoint {
                gid: face.code(glyph).0,
                offset: 0.0,
                cid: face.texts.get(glyph).map(str::to_owned),
            });
            ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(1.0) });
            ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs.collect())] });
        }
        if let Some(first) = pdf.pages.first_mut() {
            first.ops = ops;
        }
    }
}

/// Finds the glyphs a document uses and makes subsets of their faces.
pub(super) fn embed(document: &Document, fonts: &Fonts) -> Result<Embedded> {
    let used = used_glyphs(document, fonts);
    let faces: Vec<Result<(FaceId, EmbeddedFace)>> = used
        .into_iter()
        .enumerate()
        .collect::<Vec<_>>()
        .into_par_iter()
        .filter_map(|(index, (id, texts))| {
            let face = fonts.face(id)?;
            Some(embed_face(face, texts, format!("F{index}")).map(|face| (id, face)))
        })
        .collect();
    Ok(Embedded { faces: faces.into_iter().collect::<Result<_>>()? })
}

/// Pages looked through in one go.
const PAGES_AT_ONCE: usize = 32;

fn used_glyphs(document: &Document, fonts: &Fonts) -> BTreeMap<FaceId, GlyphTexts> {
    let parts: Vec<BTreeMap<FaceId, GlyphTexts>> =
        document.pages.par_chunks(PAGES_AT_ONCE).map(|pages| used_on(pages, fonts)).collect();
    let mut all: BTreeMap<FaceId, GlyphTexts> = BTreeMap::new();
    for (id, texts) in parts.iter().flatten() {
        all.entry(*id).or_default().merge(texts);
    }
    all
}

fn used_on(pages: &[Page], fonts: &Fonts) -> BTreeMap<FaceId, GlyphTexts> {
    let mut used: BTreeMap<FaceId, GlyphTexts> = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        if let Item::Glyphs { run, .. } = item
            && let Some(face) = fonts.face(run.face)
        {
            used.entry(run.face).or_default().note(run, face);
        }
    }
    used
}

fn embed_face(face: &Face, mut texts: GlyphTexts, resource: String) -> Result<EmbeddedFace> {
    let broken = || {
        Error::new(ErrorKind::Input, format!("the font `{}` cannot be embedded", face.post_script_name))
            .hint("allowed: TrueType and OpenType fonts with `glyf` or `CFF` outlines")
    };
    let stand_ins = texts.stand_ins(face);
    let mut remapper = GlyphRemapper::new();
    let mut codes = Vec::new();
    for glyph in texts.glyphs() {
        codes.resize(usize::from(glyph) + 1, 0);
        codes[usize::from(glyph)] = remapper.remap(glyph);
    }
    let program = subsetter::subset(face.data(), face.index(), &remapper).map_err(|_| broken())?;
    let tables = ttf_parser::Face::parse(face.data(), face.index()).map_err(|_| broken())?;
    let scale = 1000.0 / face.units_per_em;
    let widths: Vec<u16> = (0..codes.len())
        .map(|glyph| {
            let advance = tables.glyph_hor_advance(ttf_parser::GlyphId(glyph as u16)).unwrap_or(0);
            (f32::from(advance) * scale).round() as u16
        })
        .collect();
    let glyph_widths = texts.glyphs().map(|glyph| (codes[usize::from(glyph)], widths[usize::from(glyph)])).collect();
    let parsed = describe(face, program, glyph_widths);
    let space = face.glyph(' ').filter(|space| texts.get(*space).is_some());
    Ok(EmbeddedFace { resource, texts, space, stand_ins, codes, widths, parsed })
}

/// The face as printpdf wants it described, in thousandths of an em.
fn describe(face: &Face, program: Vec<u8>, glyph_widths: BTreeMap<u16, u16>) -> ParsedFont {
    let metrics = face.metrics(1000.0);
    let scale = 1000.0 / face.units_per_em;
    let [x_min, y_min, x_max, y_max] = face.bounds.map(|bound| (f32::from(bound) * scale).round() as i16);
    // printpdf takes the angle from a slope: rise over run.
    let run = -(face.italic_angle.to_radians().tan() * 1000.0).round() as i16;
    ParsedFont {
        font_name: Some(format!("{}+{}", subset_tag(&program), face.post_script_name)),
        original_bytes: program,
        font_index: 0,
        codepoint_to_glyph: BTreeMap::new(),
        glyph_widths,
        units_per_em: 1000,
        font_metrics: FontMetrics { ascent: metrics.ascent.round() as i16, descent: -metrics.descent.round() as i16 },
        font_type: if face.has_cff { FontType::OpenTypeCFF(()) } else { FontType::TrueType },
        pdf_font_metrics: PdfFontMetricsStub {
            units_per_em: 1000,
            x_min,
            y_min,
            x_max,
            y_max,
            caret_slope_rise: 1000,
            caret_slope_run: run,
            us_weight_class: face.weight,
        },
    }
}

/// Six capital letters that name a subset (ISO 32000-1, 9.6.4), from its content.
fn subset_tag(program: &[u8]) -> String {
    Sha256::digest(program).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}
