//! SVG: styles are resolved here, then usvg reads it, which resolves references, units and text; what it leaves are paths,
//! pictures and groups.

mod element;
mod faces;
mod prepare;
mod properties;
mod rules;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use usvg::tiny_skia_path::{PathSegment, Transform};
use usvg::{
    FillRule, Group, ImageHrefResolver, ImageKind, LineCap, LineJoin, MaskType, Node, PaintOrder, SpreadMethod,
};

use super::aspect::Alignment;
use super::{Around, raster};
use crate::typeset::display::Color;
use crate::typeset::display::drawing::{
    Course, Drawing, Gradient, Layer, Mask, Matrix, Outline, Paint, Segment, Shape, Stroke,
};
use crate::typeset::fonts::Fonts;
use words::Faces;

/// A graphic and what of it cannot be shown.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) drawing: Drawing,
    /// Names of what is left out.
    pub(super) left_out: BTreeSet<String>,
    pub(super) alignment: Option<Alignment>,
    /// Whether it has a shape, and no size of its own.
    pub(super) is_sizeless: bool,
}

/// The family of text that names none.
const FAMILY: &str = "Noto Sans";

/// Of a picture within a graphic no more pixels are kept: nobody knows how large it is printed.
const MOST_PIXELS: u64 = 8_000_000;

/// Groups that nest deeper are refused.
const MAX_DEPTH: usize = 200;

/// Whether bytes look like an SVG.
pub(super) fn is_svg(data: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&data[..data.len().min(1000)]).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('<') && (start.contains("<svg") || start.contains("<!doctype svg"))
}

/// usvg walks down a graphic by recursion, up to 1024 elements deep: that asks more than a worker's stack.
const STACK: usize = 64 << 20;

/// Reads a graphic. Nothing outside of it is ever read: references to files and to the web show nothing.
/// `around` is for one that stands in a document.
pub(super) fn read(data: &[u8], around: Option<&Around>, fonts: &Fonts) -> Result<Read, String> {
    let text = String::from_utf8_lossy(data);
    let attempt = |faces: Faces<'_>| {
        std::thread::scope(|scope| {
            let reader = std::thread::Builder::new().stack_size(STACK);
            let reader = reader
                .spawn_scoped(scope, || read_here(&text, around, fonts, faces))
                .map_err(|error| unreadable(&error));
            reader.map(|reader| reader.join().ok())
        })
    };
    // usvg may stumble over words of several faces: better some letters are lacking than all of the graphic.
    let read = match attempt(Faces::new(fonts))? {
        Some(read) => Some(read),
        None => attempt(Faces::none(fonts))?.map(|read| {
            read.map(|mut read| {
                read.left_out.insert("letters of some scripts".to_owned());
                read
            })
        }),
    };
    read.unwrap_or_else(|| Err("is an SVG that cannot be read".to_owned()))
}

fn unreadable(error: &dyn std::fmt::Display) -> String {
    format!("is an SVG that cannot be read ({error})")
}

fn read_here(text: &str, around: Option<&Around>, fonts: &Fonts, faces: Faces<'_>) -> Result<Read, String> {
    let prepared = prepare::prepared(text, around, faces).map_err(|error| unreadable(&error))?;
    let options = usvg::Options {
        font_family: FAMILY.to_owned(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        font_resolver: faces::resolver(fonts),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(&prepared.text, &options).map_err(|error| unreadable(&error))?;
    let mut reader = Reader { pictures: Vec::new(), left_out: prepared.left_out, depth: 0 };
    // What hangs on files and addresses is gone from the tree: the text tells.
    if text.split("<image").skip(1).any(names_a_file) {
        reader.leave_out("pictures in other files");
    }
    if text.contains("<foreignObject") {
        reader.leave_out("`<foreignObject>`");
    }
    let root = reader.group(tree.root(), Transform::identity());
    let drawing = Drawing { width: tree.size().width(), height: tree.size().height(), root, pictures: reader.pictures };
    let (alignment, is_sizeless) = (prepared.alignment, prepared.is_sizeless);
    Ok(Read { drawing, left_out: reader.left_out, alignment, is_sizeless })
}

fn names_a_file(image: &str) -> bool {
    let tag = image.split('>').next().unwrap_or(image);
    let href = tag.split("href=").nth(1).unwrap_or_default();
    let value = href.trim_start_matches(['"', '\'']).trim_start();
    !value.is_empty() && !value.starts_with("data:") && !value.starts_with('#')
}

struct Reader {
    pictures: Vec<crate::typeset::display::Image>,
    left_out: BTreeSet<String>,
    depth: usize,
}

impl Reader {
    /// Notes that something is not shown.
    fn leave_out(&mut self, what: &str) {
        self.left_out.insert(what.to_owned());
    }

    /// A group; `outer` takes the units of its tree to those of the drawing.
    fn group(&mut self, group: &Group, outer: Transform) -> Layer {
        let mut layer = Layer { opacity: byte(group.opacity().get()), ..Layer::default() };
        if self.depth >= MAX_DEPTH {
            self.leave_out("groups nested too deeply");
            return layer;
        }
        self.depth += 1;
        if group.blend_mode() != usvg::BlendMode::Normal {
            self.leave_out("blend modes");
        }
        if !group.filters().is_empty() {
            self.leave_out("filters");
        }
        let inner = outer.pre_concat(group.abs_transform());
        let mut clip = group.clip_path();
        while let Some(path) = clip {
            layer.clips.push(self.clip(path, inner));
            clip = path.clip_path();
        }
        layer.mask = group.mask().map(|mask| Box::new(self.mask(mask, inner)));
        for node in group.children() {
            self.node(node, outer, &mut layer.shapes);
        }
        self.depth -= 1;
        layer
    }

    fn node(&mut self, node: &Node, outer: Transform, shapes: &mut Vec<Shape>) {
        match node {
            Node::Group(group) => {
                let layer = self.group(group, outer);
                let plain = layer.opacity == 255 && layer.clips.is_empty() && layer.mask.is_none();
                if plain {
                    shapes.extend(layer.shapes);
                } else {
                    shapes.push(Shape::Layer(layer));
                }
            }
            Node::Path(path) if path.is_visible() => shapes.extend(self.path(path, outer)),
            Node::Image(image) if image.is_visible() => self.image(image, outer, shapes),
            Node::Text(text) => {
                let layer = self.group(text.flattened(), outer);
                shapes.extend(layer.shapes);
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }

    fn path(&mut self, path: &usvg::Path, outer: Transform) -> Option<Shape> {
        let transform = outer.pre_concat(path.abs_transform());
        let even_odd = path.fill().is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
        let stroke_first = path.paint_order() == PaintOrder::StrokeAndFill;
        // A stroke that is drawn wider in one direction than in the other keeps its own units.
        let own_units = path.stroke().is_some() && !is_similarity(transform);
        let (applied, kept) =
            if own_units { (Transform::identity(), transform) } else { (transform, Transform::identity()) };
        let fill = path.fill().and_then(|fill| self.paint(fill.paint(), fill.opacity().get(), applied));
        let stroke = path.stroke().and_then(|stroke| self.stroke(stroke, applied));
        let segments = segments(path.data(), applied);
        (fill.is_some() || stroke.is_some()).then(|| Shape::Path {
            outline: Outline { segments, even_odd },
            matrix: matrix(kept),
            fill,
            stroke,
            stroke_first,
        })
    }

    fn stroke(&mut self, stroke: &usvg::Stroke, applied: Transform) -> Option<Stroke> {
        let scale = (applied.sx * applied.sy - applied.kx * applied.ky).abs().sqrt();
        Some(Stroke {
            paint: self.paint(stroke.paint(), stroke.opacity().get(), applied)?,
            width: stroke.width().get() * scale,
            cap: match stroke.linecap() {
                LineCap::Butt => 0,
                LineCap::Round => 1,
                LineCap::Square => 2,
            },
            join: match stroke.linejoin() {
                LineJoin::Miter | LineJoin::MiterClip => 0,
                LineJoin::Round => 1,
                LineJoin::Bevel => 2,
            },
            miter_limit: stroke.miterlimit().get(),
            dashes: stroke.dasharray().unwrap_or_default().iter().map(|length| length * scale).collect(),
            dash_offset: stroke.dashoffset() * scale,
        })
    }

    fn paint(&mut self, paint: &usvg::Paint, opacity: f32, applied: Transform) -> Option<Paint> {
        let (base, course) = match paint {
            usvg::Paint::Color(color) => return Some(Paint::Color(rgba(*color, opacity))),
            usvg::Paint::LinearGradient(gradient) => {
                let ends = [gradient.x1(), gradient.y1(), gradient.x2(), gradient.y2()];
                (&***gradient, Course::Linear(ends))
            }
            usvg::Paint::RadialGradient(gradient) => {
                let inner = [gradient.fx(), gradient.fy(), gradient.fr().get()];
                let outer = [gradient.cx(), gradient.cy(), gradient.r().get()];
                let [fx, fy, fr] = inner;
                let [cx, cy, r] = outer;
                (&***gradient, Course::Radial([fx, fy, fr, cx, cy, r]))
            }
            usvg::Paint::Pattern(_) => {
                self.leave_out("patterns");
                return None;
            }
        };
        if base.spread_method() != SpreadMethod::Pad {
            self.leave_out("repeated gradients");
        }
        let stops = base.stops().iter().map(|stop| (stop.offset().get(), rgba(stop.color(), stop.opacity().get())));
        let matrix = matrix(applied.pre_concat(base.transform()));
        let gradient = Gradient { course, stops: stops.collect(), matrix };
        Some(Paint::Gradient(Box::new(gradient), byte(opacity)))
    }

    /// The outline of a clip path: all of its shapes at once.
    fn clip(&mut self, clip: &usvg::ClipPath, outer: Transform) -> Outline {
        let mut outline = Outline::default();
        let mut even_odd = true;
        let transform = outer.pre_concat(clip.transform());
        self.clip_shapes(clip.root(), transform, &mut outline, &mut even_odd);
        outline.even_odd = even_odd && !outline.segments.is_empty();
        if outline.segments.is_empty() {
            // Nothing is inside of it.
            outline.segments = vec![Segment::Move([0.0; 2]), Segment::Close];
        }
        outline
    }

    fn clip_shapes(&mut self, group: &Group, outer: Transform, outline: &mut Outline, even_odd: &mut bool) {
        if group.clip_path().is_some() {
            self.leave_out("clip paths of clip paths");
        }
        for node in group.children() {
            match node {
                Node::Path(path) => {
                    *even_odd &= path.fill().is_some_and(|fill| fill.rule() == FillRule::EvenOdd);
                    outline.segments.extend(segments(path.data(), outer.pre_concat(path.abs_transform())));
                }
                Node::Group(group) => self.clip_shapes(group, outer, outline, even_odd),
                Node::Text(text) => self.clip_shapes(text.flattened(), outer, outline, even_odd),
                Node::Image(_) => {}
            }
        }
    }

    fn mask(&mut self, mask: &usvg::Mask, outer: Transform) -> Mask {
        if mask.mask().is_some() {
            self.leave_out("masks of masks");
        }
        let mut layer = self.group(mask.root(), outer);
        let rect = mask.rect();
        let path = usvg::tiny_skia_path::PathBuilder::from_rect(rect.to_rect());
        layer.clips.push(Outline { segments: segments(&path, outer), even_odd: false });
        Mask { luminance: mask.kind() == MaskType::Luminance, layer }
    }

    fn image(&mut self, image: &usvg::Image, outer: Transform, shapes: &mut Vec<Shape>) {
        let transform = outer.pre_concat(image.abs_transform());
        let data = match image.kind() {
            ImageKind::SVG(tree) => {
                let layer = self.group(tree.root(), transform);
                return shapes.push(Shape::Layer(layer));
            }
            ImageKind::JPEG(data) | ImageKind::PNG(data) | ImageKind::GIF(data) | ImageKind::WEBP(data) => data,
        };
        let source = raster::probe(data.as_slice().into());
        if source.as_ref().is_ok_and(|source| source.profile_fault.is_some()) {
            self.leave_out("colour profiles of pictures");
        }
        match source.and_then(|source| source.as_it_is().map_or_else(|| source.decode(MOST_PIXELS), Ok)) {
            Ok(picture) => {
                let size = image.size();
                let matrix = matrix(transform.pre_scale(size.width(), size.height()));
                shapes.push(Shape::Picture { picture: self.pictures.len(), matrix });
                self.pictures.push(picture);
            }
            Err(_) => self.leave_out("pictures that cannot be decoded"),
        }
    }
}

/// Whether circles stay circles.
fn is_similarity(t: Transform) -> bool {
    let (across, down) = (t.sx.hypot(t.ky), t.kx.hypot(t.sy));
    let skew = t.sx * t.kx + t.ky * t.sy;
    let tolerance = 1e-3 * across.max(down);
    (across - down).abs() <= tolerance && skew.abs() <= tolerance * across.max(down)
}

fn matrix(t: Transform) -> Matrix {
    Matrix([t.sx, t.ky, t.kx, t.sy, t.tx, t.ty])
}

fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn rgba(color: usvg::Color, opacity: f32) -> Color {
    Color { r: color.red, g: color.green, b: color.blue, a: byte(opacity) }
}

/// The segments of a path, quadratic curves made cubic.
fn segments(path: &usvg::tiny_skia_path::Path, transform: Transform) -> Vec<Segment> {
    let Some(path) = path.clone().transform(transform) else { return Vec::new() };
    let mut at = [0.0; 2];
    let mut start = at;
    let mut out = Vec::with_capacity(path.len());
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(to) => {
                at = [to.x, to.y];
                start = at;
                out.push(Segment::Move(at));
            }
            PathSegment::LineTo(to) => {
                at = [to.x, to.y];
                out.push(Segment::Line(at));
            }
            PathSegment::QuadTo(control, to) => {
                let end = [to.x, to.y];
                let third = |from: [f32; 2]| {
                    [from[0] + (control.x - from[0]) * 2.0 / 3.0, from[1] + (control.y - from[1]) * 2.0 / 3.0]
                };
                out.push(Segment::Curve(third(at), third(end), end));
                at = end;
            }
            PathSegment::CubicTo(a, b, to) => {
                at = [to.x, to.y];
                out.push(Segment::Curve([a.x, a.y], [b.x, b.y], at));
            }
            PathSegment::Close => {
                at = start;
                out.push(Segment::Close);
            }
        }
    }
    out
}
