//! A display list, written by krilla: a writer of tagged PDFs that shares nothing with ours, and refuses what breaks the
//! standard that it is asked to keep to.

use std::collections::BTreeMap;
use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use krilla::SerializeSettings;
use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Configuration, Validator};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::{BitsPerComponent, CustomImage, Image as Picture, ImageColorspace};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    ArtifactType, ContentTag, Identifier, ListNumbering, TableHeaderScope, Tag, TagGroup, TagId, TagKind, TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use masthead::typeset::display::drawing::{Outline as Area, Segment};
use masthead::typeset::display::{
    Artefact, Attributes, Bookmark, CellAttributes, Color, Document, GlyphRun, Image, Item, Link, LinkTarget, Owner,
    Rect as Place, Scope, StructureNode,
};
use masthead::typeset::fonts::{FaceId, Fonts};

/// What krilla makes of a document. Vector graphics are not drawn.
struct Oracle<'d> {
    document: &'d Document,
    fonts: BTreeMap<FaceId, Font>,
    pictures: Vec<Option<Picture>>,
    /// What belongs to each node of the structure.
    content: Vec<Vec<Identifier>>,
}

/// The document as krilla writes it, or what it says is wrong with it.
pub(crate) fn written(document: &Document, fonts: &Fonts, standard: Validator) -> Result<Vec<u8>, String> {
    let mut faces = BTreeMap::new();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Item::Glyphs { run, .. } = item {
            let face = fonts.face(run.face).unwrap();
            faces.entry(run.face).or_insert_with(|| Font::new(face.data().to_vec().into(), face.index()).unwrap());
        }
    }
    let configuration = Configuration::new_with_validator(standard);
    let mut pdf = krilla::Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut oracle = Oracle {
        document,
        fonts: faces,
        pictures: document.images.iter().map(picture).collect(),
        content: vec![Vec::new(); document.structure.len()],
    };
    for number in 0..document.pages.len() {
        oracle.page(&mut pdf, number);
    }
    pdf.set_tag_tree(oracle.tree());
    pdf.set_outline(outline(&document.bookmarks));
    let info = &document.info;
    let metadata = Metadata::new().title(info.title.clone()).language(info.language.clone());
    pdf.set_metadata(metadata.creation_date(DateTime::new(2026)).keywords(info.keywords.clone()));
    pdf.finish().map_err(|error| format!("{error:?}"))
}

impl Oracle<'_> {
    fn page(&mut self, pdf: &mut krilla::Document, number: usize) {
        let page = &self.document.pages[number];
        let mut written = pdf.start_page_with(PageSettings::from_wh(page.width, page.height).unwrap());
        let mut surface = written.surface();
        let mut open: Option<Owner> = None;
        for item in &page.items {
            let owner = match item {
                Item::Glyphs { owner, .. } | Item::Image { owner, .. } => *owner,
                Item::Fill { artefact, .. } | Item::Area { artefact, .. } => Owner::Artefact(*artefact),
            };
            if open != Some(owner) {
                if open.replace(owner).is_some() {
                    surface.end_tagged();
                }
                match owner {
                    Owner::Node(tag) => self.content[tag as usize].push(surface.start_tagged(ContentTag::Other)),
                    Owner::Artefact(kind) => drop(surface.start_tagged(ContentTag::Artifact(artefact(kind)))),
                }
            }
            match item {
                Item::Glyphs { x, y, run, .. } => self.glyphs(&mut surface, *x, *y, run),
                Item::Fill { rect, color, .. } => filled(&mut surface, *rect, *color),
                Item::Area { outline, color, .. } => area(&mut surface, outline, *color),
                Item::Image { rect, clip, image, .. } => self.picture(&mut surface, *rect, *clip, *image),
            }
        }
        if open.is_some() {
            surface.end_tagged();
        }
        surface.finish();
        for link in &page.links {
            if let Some(annotation) = self.link(link) {
                let identifier = written.add_tagged_annotation(annotation);
                self.content[link.tag.unwrap() as usize].push(identifier);
            }
        }
        written.finish();
    }

    fn glyphs(&self, surface: &mut Surface<'_>, x: f32, y: f32, run: &GlyphRun) {
        // A hyphen of ours stands for no text; krilla wants one.
        let text = format!("{}\u{AD}", run.text);
        let em = |points: f32| points / run.size;
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .enumerate()
            .map(|(at, glyph)| {
                let range = match (glyph.text_start as usize, glyph.text_end as usize) {
                    (from, to) if from == to => run.text.len()..text.len(),
                    (from, to) => from..to,
                };
                let (right, up) = run.offsets.get(at).copied().unwrap_or_default();
                let id = GlyphId::new(u32::from(glyph.id));
                KrillaGlyph::new(id, em(glyph.advance), em(right), em(up), 0.0, range, None)
            })
            .collect();
        surface.set_fill(Some(fill(run.color)));
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, self.fonts[&run.face].clone(), &text, run.size, false);
    }

    fn picture(&self, surface: &mut Surface<'_>, rect: Place, clip: Option<Place>, image: usize) {
        let Some(picture) = self.pictures[image].clone() else { return };
        if let Some(clip) = clip {
            surface.push_clip_path(&path(clip), &FillRule::NonZero);
        }
        surface.push_transform(&Transform::from_translate(rect.x, rect.y));
        surface.draw_image(picture, Size::from_wh(rect.width, rect.height).unwrap());
        surface.pop();
        if clip.is_some() {
            surface.pop();
        }
    }

    fn link(&self, link: &Link) -> Option<Annotation> {
        let target = match &link.target {
            LinkTarget::Uri(uri) => Target::Action(LinkAction::new(uri.clone()).into()),
            LinkTarget::Anchor(anchor) => {
                let to = self.document.anchors.get(anchor)?;
                Target::Destination(XyzDestination::new(to.page, Point::from_xy(0.0, to.y)).into())
            }
        };
        let rect = Rect::from_xywh(link.rect.x, link.rect.y, link.rect.width, link.rect.height)?;
        Some(Annotation::new_link(LinkAnnotation::new(rect, target), Some(link.contents.clone())))
    }

    fn tree(&mut self) -> TagTree {
        let structure = &self.document.structure;
        let mut groups: Vec<TagGroup> = structure.iter().map(|node| TagGroup::new(kind(node))).collect();
        let mut tree = TagTree::new();
        // Nodes stand after their parents: each is whole when it is its turn, and is the last of its siblings that is.
        while let Some(mut group) = groups.pop() {
            let tag = groups.len();
            group.children.reverse();
            let own = std::mem::take(&mut self.content[tag]);
            group.children.splice(0..0, own.into_iter().map(Into::into));
            match structure[tag].parent {
                Some(parent) => groups[parent as usize].push(group),
                // The tree is a `Document` itself.
                None => group.children.into_iter().for_each(|child| tree.push(child)),
            }
        }
        tree
    }
}

fn kind(node: &StructureNode) -> TagKind {
    let mut kind: TagKind = match (node.role, &node.attributes) {
        ("Art", _) => Tag::Article.into(),
        ("BlockQuote", _) => Tag::BlockQuote.into(),
        ("Caption", _) => Tag::Caption.into(),
        ("Code", _) => Tag::Code.into(),
        ("Figure", _) => Tag::Figure(node.alt.clone()).into(),
        ("L", attributes) => Tag::L(numbering(attributes)).into(),
        ("LBody", _) => Tag::LBody.into(),
        ("LI", _) => Tag::LI.into(),
        ("Lbl", _) => Tag::Lbl.into(),
        ("Link", _) => Tag::Link.into(),
        ("NonStruct", _) => Tag::NonStruct.into(),
        ("Note", _) => Tag::Note.into(),
        ("P", _) => Tag::P.into(),
        ("Part", _) => Tag::Part.into(),
        ("Quote", _) => Tag::InlineQuote.into(),
        ("Reference", _) => Tag::Reference.into(),
        ("Sect", _) => Tag::Section.into(),
        ("Span", _) => Tag::Span.into(),
        ("TBody", _) => Tag::TBody.into(),
        ("TD", Attributes::Cell(cell)) => cell_of(cell, Tag::TD),
        ("TD", _) => Tag::TD.into(),
        ("TFoot", _) => Tag::TFoot.into(),
        ("TH", Attributes::Cell(cell)) => head_of(cell),
        ("THead", _) => Tag::THead.into(),
        ("TOC", _) => Tag::TOC.into(),
        ("TOCI", _) => Tag::TOCI.into(),
        ("TR", _) => Tag::TR.into(),
        ("Table", _) => Tag::Table.into(),
        ("Document" | "Div", _) => Tag::Div.into(),
        (heading, _) => {
            let level = heading.strip_prefix('H').and_then(|level| level.parse().ok());
            let level: NonZeroU16 = level.unwrap_or_else(|| panic!("a type that the oracle does not know: {heading}"));
            Tag::Hn(level, Some("a heading".to_owned())).into()
        }
    };
    kind.as_any_mut().set_lang(node.language.as_deref().map(str::to_owned));
    if let Attributes::Expansion(long) = &node.attributes {
        kind.as_any_mut().set_expanded(Some(long.clone()));
    }
    kind
}

fn spans(cell: &CellAttributes) -> [Option<NonZeroU32>; 2] {
    [cell.columns, cell.rows].map(|many| u32::try_from(many).ok().filter(|many| *many > 1).and_then(NonZeroU32::new))
}

fn headers(cell: &CellAttributes) -> Option<Vec<TagId>> {
    (!cell.headers.is_empty()).then(|| cell.headers.iter().map(|id| TagId::from(id.bytes())).collect())
}

fn cell_of(cell: &CellAttributes, tag: Tag<krilla::tagging::kind::TD>) -> TagKind {
    let [columns, rows] = spans(cell);
    tag.with_col_span(columns).with_row_span(rows).with_headers(headers(cell)).into()
}

fn head_of(cell: &CellAttributes) -> TagKind {
    let scope = match cell.scope {
        Some(Scope::Column) => TableHeaderScope::Column,
        Some(Scope::Row) => TableHeaderScope::Row,
        None => TableHeaderScope::Both,
    };
    let [columns, rows] = spans(cell);
    let id = cell.id.as_ref().map(|id| TagId::from(id.bytes()));
    Tag::TH(scope).with_col_span(columns).with_row_span(rows).with_headers(headers(cell)).with_id(id).into()
}

fn numbering(attributes: &Attributes) -> ListNumbering {
    match attributes {
        Attributes::List("Disc") => ListNumbering::Disc,
        Attributes::List("Circle") => ListNumbering::Circle,
        Attributes::List("Square") => ListNumbering::Square,
        Attributes::List("Decimal") => ListNumbering::Decimal,
        Attributes::List("LowerRoman") => ListNumbering::LowerRoman,
        Attributes::List("UpperRoman") => ListNumbering::UpperRoman,
        Attributes::List("LowerAlpha") => ListNumbering::LowerAlpha,
        Attributes::List("UpperAlpha") => ListNumbering::UpperAlpha,
        _ => ListNumbering::None,
    }
}

fn artefact(kind: Artefact) -> ArtifactType {
    match kind {
        Artefact::Header => ArtifactType::Header,
        Artefact::Footer => ArtifactType::Footer,
        Artefact::Pagination => ArtifactType::Page,
        Artefact::Layout | Artefact::Background => ArtifactType::Other,
    }
}

fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    let end = |open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline, level: u8| {
        while open.last().is_some_and(|(of, _)| *of >= level) {
            let Some((_, node)) = open.pop() else { break };
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    };
    for bookmark in bookmarks {
        end(&mut open, &mut outline, bookmark.level);
        let to = XyzDestination::new(bookmark.destination.page, Point::from_xy(0.0, bookmark.destination.y));
        open.push((bookmark.level, OutlineNode::new(bookmark.label.clone(), to)));
    }
    end(&mut open, &mut outline, 0);
    outline
}

fn path(rect: Place) -> krilla::geom::Path {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(rect.x, rect.y, rect.width, rect.height).unwrap());
    path.finish().unwrap()
}

fn filled(surface: &mut Surface<'_>, rect: Place, color: Color) {
    surface.set_fill(Some(fill(color)));
    surface.draw_path(&path(rect));
}

fn area(surface: &mut Surface<'_>, outline: &Area, color: Color) {
    let rule = if outline.even_odd { FillRule::EvenOdd } else { FillRule::NonZero };
    surface.set_fill(Some(Fill { rule, ..fill(color) }));
    let mut path = PathBuilder::new();
    for segment in &outline.segments {
        match *segment {
            Segment::Move([x, y]) => path.move_to(x, y),
            Segment::Line([x, y]) => path.line_to(x, y),
            Segment::Curve([a, b], [c, d], [x, y]) => path.cubic_to(a, b, c, d, x, y),
            Segment::Close => path.close(),
        }
    }
    surface.draw_path(&path.finish().unwrap());
}

fn fill(color: Color) -> Fill {
    let paint = rgb::Color::new(color.r, color.g, color.b).into();
    Fill { paint, opacity: NormalizedF32::new(f32::from(color.a) / 255.0).unwrap(), ..Fill::default() }
}

fn picture(image: &Image) -> Option<Picture> {
    match image {
        Image::Jpeg { data, .. } => Some(Picture::from_jpeg(data.to_vec().into(), false).unwrap()),
        Image::Png { rows, width, height, bits, components, palette, .. } => {
            let kind = if palette.is_empty() { components - 1 } else { 3 };
            let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
            header.extend([*bits, kind, 0, 0, 0]);
            let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
            for (name, bytes) in [(b"IHDR", &header[..]), (b"PLTE", palette), (b"IDAT", rows), (b"IEND", &[])] {
                if name != b"PLTE" || !bytes.is_empty() {
                    chunk(&mut file, *name, bytes);
                }
            }
            Some(Picture::from_png(file.into(), false).unwrap())
        }
        Image::Samples { width, height, components, samples, alpha, .. } => {
            let samples = Samples {
                size: (*width, *height),
                grey: *components == 1,
                color: samples.as_slice().into(),
                alpha: alpha.as_deref().map(Into::into),
            };
            Some(Picture::from_custom(samples, false).unwrap())
        }
        Image::Drawing(_) => None,
    }
}

/// A chunk of a PNG (ISO/IEC 15948, 5.3).
fn chunk(file: &mut Vec<u8>, name: [u8; 4], bytes: &[u8]) {
    let mut sum = flate2::Crc::new();
    sum.update(&name);
    sum.update(bytes);
    file.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    file.extend(name);
    file.extend(bytes);
    file.extend(sum.sum().to_be_bytes());
}

#[derive(Clone, Hash)]
struct Samples {
    size: (u32, u32),
    grey: bool,
    color: Arc<[u8]>,
    alpha: Option<Arc<[u8]>>,
}

impl CustomImage for Samples {
    fn color_channel(&self) -> &[u8] {
        &self.color
    }

    fn alpha_channel(&self) -> Option<&[u8]> {
        self.alpha.as_deref()
    }

    fn bits_per_component(&self) -> BitsPerComponent {
        BitsPerComponent::Eight
    }

    fn size(&self) -> (u32, u32) {
        self.size
    }

    fn icc_profile(&self) -> Option<&[u8]> {
        None
    }

    fn color_space(&self) -> ImageColorspace {
        if self.grey { ImageColorspace::Luma } else { ImageColorspace::Rgb }
    }
}
