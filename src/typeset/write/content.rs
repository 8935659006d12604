//! The content stream of a page (ISO 32000-1, 7.8.2), written directly.

use crate::typeset::display::drawing::{Outline, Segment};
use crate::typeset::display::{Artefact, Color, Document, GlyphRun, Image, Item, Owner, Page, Rect, TagId, Turn};
use crate::typeset::fonts::FaceId;

use super::deflate::Deflater;
use super::embed::{Embedded, EmbeddedFace};
use super::images;
use super::packed::integer;
use super::show::Show;
use super::tree::Roles;

/// How far slanted letters lean over, in parts of their height.
const SLANT: f32 = 0.2;

/// What a page shows.
pub(super) struct PageContent {
    /// Deflated.
    pub(super) stream: Vec<u8>,
    /// The structure node of each marked-content sequence, by MCID.
    pub(super) sequences: Vec<TagId>,
    /// The alpha values used, other than 255.
    pub(super) alphas: Vec<u8>,
    /// Whether anything on the page shines through.
    pub(super) is_transparent: bool,
    /// The pictures that are shown, by their numbers.
    pub(super) images: Vec<usize>,
    /// Where the pictures are that belong to a node of the structure: left, bottom, right, top.
    pub(super) figures: Vec<(TagId, [f32; 4])>,
}

/// Room that pages take turns in.
#[derive(Default)]
pub(super) struct PageRoom {
    out: Vec<u8>,
    deflater: Deflater,
}

/// Writes the content of one page.
pub(super) fn page(
    page: &Page,
    document: &Document,
    roles: &Roles,
    embedded: &Embedded,
    room: &mut PageRoom,
) -> PageContent {
    room.out.clear();
    let mut writer = ContentWriter {
        out: &mut room.out,
        size: (page.width, page.height),
        height: page.height,
        document,
        roles,
        embedded,
        font: None,
        color: None,
        alpha: 255,
        alphas: Vec::new(),
        open: Marked::Nothing,
        sequences: Vec::new(),
        images: Vec::new(),
        figures: Vec::new(),
    };
    for item in &page.items {
        writer.item(item);
    }
    writer.mark(Marked::Nothing);
    let ContentWriter { alphas, sequences, images, figures, .. } = writer;
    let masked = |image: &usize| {
        matches!(document.images.get(*image), Some(Image::Samples { alpha: Some(_), .. } | Image::Drawing(_)))
    };
    let is_transparent = !alphas.is_empty() || images.iter().any(masked);
    PageContent { stream: room.deflater.deflate(&room.out), sequences, alphas, is_transparent, images, figures }
}

/// What the marked-content sequence that is open marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marked {
    Nothing,
    Artefact(Artefact),
    Node(TagId),
}

struct ContentWriter<'a> {
    out: &'a mut Vec<u8>,
    size: (f32, f32),
    height: f32,
    document: &'a Document,
    roles: &'a Roles,
    embedded: &'a Embedded,
    font: Option<(FaceId, f32)>,
    color: Option<Color>,
    alpha: u8,
    alphas: Vec<u8>,
    open: Marked,
    sequences: Vec<TagId>,
    images: Vec<usize>,
    figures: Vec<(TagId, [f32; 4])>,
}

impl ContentWriter<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Glyphs { x, y, run, owner } => {
                let Some(face) = self.embedded.face(run.face) else { return };
                if !run.glyphs.is_empty() {
                    self.mark(self.marked(*owner));
                    self.glyphs(*x, *y, run, face);
                }
            }
            Item::Fill { rect, color, artefact } if color.a > 0 => {
                self.mark(self.marked(Owner::Artefact(*artefact)));
                self.fill(*rect, *color);
            }
            Item::Area { outline, color, artefact } if color.a > 0 => {
                self.mark(self.marked(Owner::Artefact(*artefact)));
                self.color(*color);
                self.path(outline);
                self.out.extend_from_slice(if outline.even_odd { b"f*\n" } else { b"f\n" });
            }
            Item::Fill { .. } | Item::Area { .. } => {}
            Item::Image { rect, clip, outline, image, alpha, owner } => {
                if self.document.images.get(*image).is_some() {
                    self.mark(self.marked(*owner));
                    self.image(*rect, *clip, outline.as_deref(), (*image, *alpha));
                    self.images.push(*image);
                    let seen = clip.unwrap_or(*rect);
                    let bottom = self.height - seen.y - seen.height;
                    let corners = [seen.x, bottom, seen.x + seen.width, bottom + seen.height];
                    self.figures.extend(owner.node().map(|tag| (tag, corners)));
                }
            }
        }
    }

    /// In a document with structure, what belongs to no node is an artefact.
    fn marked(&self, owner: Owner) -> Marked {
        match owner {
            _ if self.document.structure.is_empty() => Marked::Nothing,
            Owner::Node(tag) if self.roles.get(tag).is_some() => Marked::Node(tag),
            Owner::Node(_) => Marked::Artefact(Artefact::Layout),
            Owner::Artefact(artefact) => Marked::Artefact(artefact),
        }
    }

    fn mark(&mut self, wanted: Marked) {
        if wanted == self.open {
            return;
        }
        if self.open != Marked::Nothing {
            self.out.extend_from_slice(b"EMC\n");
        }
        match wanted {
            Marked::Nothing => {}
            Marked::Artefact(artefact) => self.artefact(artefact),
            Marked::Node(tag) => {
                let role = self.roles.get(tag).unwrap_or("Span");
                let id = self.sequences.len();
                self.out.extend_from_slice(format!("/{role} <</MCID {id}>> BDC\n").as_bytes());
                self.sequences.push(tag);
            }
        }
        self.open = wanted;
    }

    /// Begins what is no part of the document (ISO 32000-1, table 330).
    fn artefact(&mut self, artefact: Artefact) {
        let kind = match artefact {
            Artefact::Layout => "/Type /Layout",
            Artefact::Background => {
                self.out.extend_from_slice(b"/Artifact <</Type /Background /BBox [0 0 ");
                self.numbers(&[self.size.0, self.size.1]);
                self.out.extend_from_slice(b"]>> BDC\n");
                return;
            }
            Artefact::Header => "/Type /Pagination /Subtype /Header /Attached [/Top]",
            Artefact::Footer => "/Type /Pagination /Subtype /Footer /Attached [/Bottom]",
            Artefact::Pagination => "/Type /Pagination",
        };
        self.out.extend_from_slice(format!("/Artifact <<{kind}>> BDC\n").as_bytes());
    }

    fn fill(&mut self, rect: Rect, color: Color) {
        self.color(color);
        let bottom = self.height - rect.y - rect.height;
        self.numbers(&[rect.x, bottom, rect.width, rect.height]);
        self.out.extend_from_slice(b"re f\n");
    }

    /// An outline on the page, to be filled or clipped by.
    fn path(&mut self, outline: &Outline) {
        let turned = |point: &[f32; 2]| [point[0], self.height - point[1]];
        let mut out = Vec::new();
        for segment in &outline.segments {
            match segment {
                Segment::Move(to) => out.push((turned(to).to_vec(), "m ")),
                Segment::Line(to) => out.push((turned(to).to_vec(), "l ")),
                Segment::Curve(a, b, to) => out.push(([turned(a), turned(b), turned(to)].concat(), "c ")),
                Segment::Close => out.push((Vec::new(), "h ")),
            }
        }
        for (numbers, operator) in out {
            self.numbers(&numbers);
            self.out.extend_from_slice(operator.as_bytes());
        }
    }

    fn image(&mut self, rect: Rect, clip: Option<Rect>, outline: Option<&Outline>, (image, alpha): (usize, u8)) {
        self.color(Color { a: alpha, ..Color::BLACK });
        self.out.extend_from_slice(b"q ");
        if let Some(clip) = clip {
            self.numbers(&[clip.x, self.height - clip.y - clip.height, clip.width, clip.height]);
            self.out.extend_from_slice(b"re W n ");
        }
        if let Some(outline) = outline {
            self.path(outline);
            self.out.extend_from_slice(b"W n ");
        }
        let bottom = self.height - rect.y - rect.height;
        let turn = match self.document.images.get(image) {
            Some(Image::Jpeg { turn, .. }) => *turn,
            _ => Turn::default(),
        };
        self.numbers(&placement(turn, rect.x, bottom, rect.width, rect.height));
        self.out.extend_from_slice(format!("cm /{} Do Q\n", images::resource(image)).as_bytes());
    }

    fn color(&mut self, color: Color) {
        if self.alpha != color.a {
            self.alpha = color.a;
            if !self.alphas.contains(&color.a) {
                self.alphas.push(color.a);
            }
            self.out.extend_from_slice(format!("/{} gs ", alpha_resource(color.a)).as_bytes());
        }
        let opaque = Color { a: 255, ..color };
        if self.color.replace(opaque) != Some(opaque) {
            self.numbers(&[color.r, color.g, color.b].map(|part| f32::from(part) / 255.0));
            self.out.extend_from_slice(b"rg\n");
        }
    }

    fn glyphs(&mut self, x: f32, y: f32, run: &GlyphRun, face: &EmbeddedFace) {
        self.color(run.color);
        self.out.extend_from_slice(b"BT ");
        if self.font != Some((run.face, run.size)) {
            self.font = Some((run.face, run.size));
            self.out.extend_from_slice(format!("/{} ", face.resource).as_bytes());
            self.numbers(&[run.size]);
            self.out.extend_from_slice(b"Tf ");
        }
        if run.slanted {
            self.numbers(&[1.0, 0.0, SLANT, 1.0, x, self.height - y]);
            self.out.extend_from_slice(b"Tm\n");
        } else {
            self.numbers(&[x, self.height - y]);
            self.out.extend_from_slice(b"Td\n");
        }
        Show::new(self.out, face, run.size).run(run);
        self.out.extend_from_slice(b"ET\n");
    }

    fn numbers(&mut self, values: &[f32]) {
        for value in values {
            number(self.out, *value);
            self.out.push(b' ');
        }
    }
}

/// The matrix that places a picture, turned as it asks.
fn placement(turn: Turn, x: f32, y: f32, w: f32, h: f32) -> [f32; 6] {
    match turn.exif() {
        2 => [-w, 0.0, 0.0, h, x + w, y],
        3 => [-w, 0.0, 0.0, -h, x + w, y + h],
        4 => [w, 0.0, 0.0, -h, x, y + h],
        5 => [0.0, -h, -w, 0.0, x + w, y + h],
        6 => [0.0, -h, w, 0.0, x, y + h],
        7 => [0.0, h, w, 0.0, x, y],
        8 => [0.0, h, -w, 0.0, x + w, y],
        _ => [w, 0.0, 0.0, h, x, y],
    }
}

/// The name of the graphics state with an alpha value.
pub(super) fn alpha_resource(alpha: u8) -> String {
    format!("A{alpha}")
}

/// Writes a number with at most three decimals, as short as it can be.
pub(super) fn number(out: &mut Vec<u8>, value: f32) {
    let thousandths = (f64::from(value) * 1000.0).round() as i64;
    let (whole, mut fraction) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    if thousandths < 0 {
        out.push(b'-');
    }
    integer(out, whole);
    if fraction > 0 {
        out.push(b'.');
        let mut place = 100;
        while fraction > 0 {
            out.push(b'0' + (fraction / place) as u8);
            fraction %= place;
            place /= 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    fn written(value: f32) -> String {
        let mut out = Vec::new();
        number(&mut out, value);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn numbers_are_short_and_exact() {
        assert_eq!(written(0.0), "0");
        assert_eq!(written(-0.0001), "0");
        assert_eq!(written(12.5), "12.5");
        assert_eq!(written(-3.025), "-3.025");
        assert_eq!(written(841.89), "841.89");
        assert_eq!(written(1000.0), "1000");
        assert_eq!(written(0.007), "0.007");
    }
}
