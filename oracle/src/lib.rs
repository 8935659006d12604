//! The same display list, written by krilla: its file must say what ours says, and ours must not be larger.

use std::collections::BTreeMap;

use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ArtifactType, ContentTag, Identifier, Tag, TagGroup, TagTree};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use masthead::typeset::display::{Color, Document, GlyphRun, Item, Link, LinkTarget, Owner};
use masthead::typeset::fonts::{FaceId, Fonts};

/// What krilla makes of a document without pictures.
struct Oracle<'d> {
    document: &'d Document,
    fonts: BTreeMap<FaceId, Font>,
    /// What belongs to each node of the structure.
    content: Vec<Vec<Identifier>>,
}

/// The document as krilla writes it, tagged. Pictures are left out.
#[must_use]
pub fn written(document: &Document, fonts: &Fonts) -> Vec<u8> {
    let mut faces = BTreeMap::new();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Item::Glyphs { run, .. } = item {
            let face = fonts.face(run.face).unwrap();
            faces.entry(run.face).or_insert_with(|| Font::new(face.data().to_vec().into(), face.index()).unwrap());
        }
    }
    let content = vec![Vec::new(); document.structure.len()];
    let mut oracle = Oracle { document, fonts: faces, content };
    let mut pdf = krilla::Document::new();
    for number in 0..document.pages.len() {
        oracle.page(&mut pdf, number);
    }
    pdf.set_tag_tree(oracle.tree());
    pdf.finish().unwrap()
}

impl Oracle<'_> {
    fn page(&mut self, pdf: &mut krilla::Document, number: usize) {
        let page = &self.document.pages[number];
        let mut written = pdf.start_page_with(PageSettings::from_wh(page.width, page.height).unwrap());
        let mut surface = written.surface();
        let mut open: Option<Owner> = None;
        for item in &page.items {
            let owner = match item {
                Item::Glyphs { owner, .. } => *owner,
                Item::Fill { artefact, .. } => Owner::Artefact(*artefact),
                Item::Image { .. } => continue,
            };
            if open != Some(owner) {
                if open.replace(owner).is_some() {
                    surface.end_tagged();
                }
                match owner {
                    Owner::Node(tag) => self.content[tag as usize].push(surface.start_tagged(ContentTag::Other)),
                    Owner::Artefact(_) => drop(surface.start_tagged(ContentTag::Artifact(ArtifactType::Other))),
                }
            }
            match item {
                Item::Glyphs { x, y, run, .. } => self.glyphs(&mut surface, *x, *y, run),
                Item::Fill { rect, color, .. } => {
                    let mut path = PathBuilder::new();
                    path.push_rect(Rect::from_xywh(rect.x, rect.y, rect.width, rect.height).unwrap());
                    surface.set_fill(Some(fill(*color)));
                    surface.draw_path(&path.finish().unwrap());
                }
                Item::Image { .. } => {}
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
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .map(|glyph| {
                let range = match (glyph.text_start as usize, glyph.text_end as usize) {
                    (from, to) if from == to => run.text.len()..text.len(),
                    (from, to) => from..to,
                };
                let em = |points: f32| points / run.size;
                let id = GlyphId::new(u32::from(glyph.id));
                KrillaGlyph::new(id, em(glyph.advance), em(glyph.x_offset), em(glyph.y_offset), 0.0, range, None)
            })
            .collect();
        surface.set_fill(Some(fill(run.color)));
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, self.fonts[&run.face].clone(), &text, run.size, false);
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
        let mut tree = TagTree::new();
        let mut groups: Vec<Option<TagGroup>> =
            self.document.structure.iter().map(|node| Some(group(node.role))).collect();
        // Nodes stand after their parents.
        for tag in (0..groups.len()).rev() {
            let mut own = groups[tag].take().unwrap();
            own.children.reverse();
            for identifier in std::mem::take(&mut self.content[tag]) {
                own.push(identifier);
            }
            if own.children.is_empty() {
                continue;
            }
            match self.document.structure[tag].parent {
                Some(parent) => groups[parent as usize].as_mut().unwrap().push(own),
                None => tree.push(own),
            }
        }
        tree
    }
}

fn group(role: &str) -> TagGroup {
    match role {
        "P" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" => TagGroup::new(Tag::P),
        "Link" => TagGroup::new(Tag::Link),
        _ => TagGroup::new(Tag::Div),
    }
}

fn fill(color: Color) -> Fill {
    let paint = rgb::Color::new(color.r, color.g, color.b).into();
    Fill { paint, opacity: NormalizedF32::new(f32::from(color.a) / 255.0).unwrap(), ..Fill::default() }
}
