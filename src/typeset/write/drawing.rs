//! Drawings as form `XObjects` (ISO 32000-1, 8.10): outlines (8.5), gradients as shadings (8.7.4.5), groups and masks as
//! transparency groups (11.6.5, 11.6.6).

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

use crate::typeset::display::Color;
use crate::typeset::display::drawing::{
    Course, Drawing, Gradient, Layer, Matrix, Outline, Paint, Segment, Shape, Stroke,
};

use super::content::number;
use super::deflate::deflate;
use super::images::{self, Profiles};
use super::objects::name;

const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

/// Adds a drawing as a form one unit wide and high, to be placed as a picture is.
pub(super) fn add(file: &mut lopdf::Document, drawing: &Drawing, profiles: &mut Profiles) -> ObjectId {
    let pictures = images::add(file, &drawing.pictures.iter().collect::<Vec<_>>(), profiles);
    let (width, height) = (drawing.width.max(f32::MIN_POSITIVE), drawing.height.max(f32::MIN_POSITIVE));
    let size = [width, height];
    let flipped = Matrix([1.0, 0.0, 0.0, -1.0, 0.0, height]);
    let mut form = Form::new(file, &pictures, drawing, flipped);
    form.matrix(flipped);
    form.operator("cm");
    // The drawing's edge cuts it off; the layer itself is painted as a whole when it is seen through.
    form.layer(&drawing.root);
    let (content, resources) = form.finish();
    let mut dictionary = form_dictionary(size, resources);
    let scale = |value: f32| Object::Real(1.0 / value);
    dictionary.set("Matrix", vec![scale(width), 0.into(), 0.into(), scale(height), 0.into(), 0.into()]);
    file.add_object(Stream::new(dictionary, deflate(&content)))
}

fn form_dictionary([width, height]: [f32; 2], resources: Dictionary) -> Dictionary {
    dictionary! {
        "Type" => name("XObject"),
        "Subtype" => name("Form"),
        "BBox" => vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)],
        "Resources" => resources,
        "Group" => dictionary! { "S" => name("Transparency"), "CS" => name("DeviceRGB") },
        "Filter" => name("FlateDecode"),
    }
}

/// The content of a form while it is written.
struct Form<'a> {
    file: &'a mut lopdf::Document,
    pictures: &'a [ObjectId],
    drawing: &'a Drawing,
    /// From the drawing's units to those of the form: where patterns are anchored.
    base: Matrix,
    out: Vec<u8>,
    states: Dictionary,
    patterns: Dictionary,
    objects: Dictionary,
}

impl<'a> Form<'a> {
    fn new(file: &'a mut lopdf::Document, pictures: &'a [ObjectId], drawing: &'a Drawing, base: Matrix) -> Self {
        Self {
            file,
            pictures,
            drawing,
            base,
            out: Vec::new(),
            states: Dictionary::new(),
            patterns: Dictionary::new(),
            objects: Dictionary::new(),
        }
    }

    fn finish(self) -> (Vec<u8>, Dictionary) {
        let mut resources = Dictionary::new();
        for (key, entries) in [("ExtGState", self.states), ("Pattern", self.patterns), ("XObject", self.objects)] {
            if !entries.is_empty() {
                resources.set(key, entries);
            }
        }
        (self.out, resources)
    }

    /// A form of its own, in the drawing's units, with what `paint` puts into it.
    fn inner(&mut self, paint: impl FnOnce(&mut Form<'_>)) -> Dictionary {
        let mut form = Form::new(self.file, self.pictures, self.drawing, IDENTITY);
        paint(&mut form);
        let (content, resources) = form.finish();
        let dictionary = form_dictionary([self.drawing.width, self.drawing.height], resources);
        let id = self.file.add_object(Stream::new(dictionary, deflate(&content)));
        dictionary! { "G" => id }
    }

    fn layer(&mut self, layer: &Layer) {
        self.operator("q");
        self.clips(layer);
        if layer.opacity == 255 && layer.mask.is_none() {
            self.shapes(layer);
        } else {
            let mut state = dictionary! { "Type" => name("ExtGState") };
            let opacity = f32::from(layer.opacity) / 255.0;
            state.set("ca", opacity);
            state.set("CA", opacity);
            if let Some(mask) = &layer.mask {
                let form = self.inner(|form| form.layer(&mask.layer));
                let kind = if mask.luminance { "Luminosity" } else { "Alpha" };
                state.set("SMask", mask_dictionary(kind, &form));
            }
            self.state(state);
            let form = self.inner(|form| form.shapes(layer));
            if let Ok(id) = form.get(b"G").cloned() {
                self.draw(id);
            }
        }
        self.operator("Q");
    }

    fn clips(&mut self, layer: &Layer) {
        for clip in &layer.clips {
            self.outline(clip);
            self.operator(if clip.even_odd { "W* n" } else { "W n" });
        }
    }

    fn shapes(&mut self, layer: &Layer) {
        for shape in &layer.shapes {
            match shape {
                Shape::Path { outline, matrix, fill, stroke, stroke_first } => {
                    self.path(outline, *matrix, fill.as_ref(), stroke.as_ref(), *stroke_first);
                }
                Shape::Picture { picture, matrix } => {
                    if let Some(id) = self.pictures.get(*picture) {
                        self.operator("q");
                        // Pictures stand upright in units that grow upwards.
                        let Matrix([a, b, c, d, e, f]) = *matrix;
                        self.matrix(Matrix([a, b, -c, -d, e + c, f + d]));
                        self.operator("cm");
                        self.draw(Object::Reference(*id));
                        self.operator("Q");
                    }
                }
                Shape::Layer(layer) => self.layer(layer),
            }
        }
    }

    fn path(
        &mut self,
        outline: &Outline,
        matrix: Matrix,
        fill: Option<&Paint>,
        stroke: Option<&Stroke>,
        stroke_first: bool,
    ) {
        self.operator("q");
        if matrix != IDENTITY {
            self.matrix(matrix);
            self.operator("cm");
        }
        if stroke_first {
            self.stroke(outline, stroke, matrix);
        }
        if let Some(paint) = fill {
            self.operator("q");
            self.paint(paint, matrix, false);
            self.outline(outline);
            self.operator(if outline.even_odd { "f*" } else { "f" });
            self.operator("Q");
        }
        if !stroke_first {
            self.stroke(outline, stroke, matrix);
        }
        self.operator("Q");
    }

    fn stroke(&mut self, outline: &Outline, stroke: Option<&Stroke>, matrix: Matrix) {
        let Some(stroke) = stroke else { return };
        self.operator("q");
        self.numbers(&[stroke.width]);
        self.operator(&format!("w {} J {} j", stroke.cap, stroke.join));
        self.numbers(&[stroke.miter_limit.max(1.0)]);
        self.operator("M");
        if stroke.dashes.iter().any(|length| *length > 0.0) {
            self.out.push(b'[');
            self.numbers(&stroke.dashes);
            self.out.extend_from_slice(b"] ");
            self.numbers(&[stroke.dash_offset]);
            self.operator("d");
        }
        self.paint(&stroke.paint, matrix, true);
        self.outline(outline);
        self.operator("S");
        self.operator("Q");
    }

    /// Sets what is painted with from here.
    fn paint(&mut self, paint: &Paint, matrix: Matrix, stroking: bool) {
        match paint {
            Paint::Color(color) => {
                self.alpha(color.a);
                self.numbers(&[color.r, color.g, color.b].map(|part| f32::from(part) / 255.0));
                self.operator(if stroking { "RG" } else { "rg" });
            }
            Paint::Gradient(gradient, opacity) => {
                let first = gradient.stops.first().map_or(255, |(_, color)| color.a);
                let even = gradient.stops.iter().all(|(_, color)| color.a == first);
                self.alpha(if even { (u16::from(first) * u16::from(*opacity) / 255) as u8 } else { *opacity });
                if !even {
                    self.fading(gradient, matrix);
                }
                let pattern = self.pattern(gradient, multiplied(self.base, multiplied(matrix, gradient.matrix)), false);
                let space = if stroking { "/Pattern CS" } else { "/Pattern cs" };
                self.operator(&format!("{space} /{pattern} {}", if stroking { "SCN" } else { "scn" }));
            }
        }
    }

    /// Masks what follows by the alpha of a gradient's stops, told as shades of grey.
    fn fading(&mut self, gradient: &Gradient, matrix: Matrix) {
        let (width, height) = (self.drawing.width, self.drawing.height);
        let grey = Gradient {
            stops: gradient.stops.iter().map(|(at, color)| (*at, Color { r: color.a, ..Color::BLACK })).collect(),
            ..gradient.clone()
        };
        // The mask lies in the units of this place.
        let whole = Outline {
            segments: vec![
                Segment::Move([0.0, 0.0]),
                Segment::Line([width, 0.0]),
                Segment::Line([width, height]),
                Segment::Line([0.0, height]),
                Segment::Close,
            ],
            even_odd: false,
        };
        let form = self.inner(|form| {
            let pattern = form.pattern(&grey, multiplied(matrix, grey.matrix), true);
            form.operator(&format!("/Pattern cs /{pattern} scn"));
            form.outline(&whole);
            form.operator("f");
        });
        let state = dictionary! { "Type" => name("ExtGState"), "SMask" => mask_dictionary("Luminosity", &form) };
        let inverse = inverted(matrix);
        // A mask is placed by the units that hold when it is set.
        if let (Some(inverse), true) = (inverse, matrix != IDENTITY) {
            self.matrix(inverse);
            self.operator("cm");
            self.state(state);
            self.matrix(matrix);
            self.operator("cm");
        } else {
            self.state(state);
        }
    }

    fn pattern(&mut self, gradient: &Gradient, matrix: Matrix, grey: bool) -> String {
        let (kind, coordinates) = match gradient.course {
            Course::Linear(ends) => (2, ends.to_vec()),
            Course::Radial(circles) => (3, circles.to_vec()),
        };
        let coordinates: Vec<Object> = coordinates.into_iter().map(Object::Real).collect();
        let shading = dictionary! {
            "ShadingType" => kind,
            "ColorSpace" => name(if grey { "DeviceGray" } else { "DeviceRGB" }),
            "Coords" => coordinates,
            "Function" => ramp(&gradient.stops, grey),
            "Extend" => vec![true.into(), true.into()],
        };
        let pattern = dictionary! {
            "PatternType" => 2,
            "Shading" => shading,
            "Matrix" => matrix.0.map(Object::Real).to_vec(),
        };
        let key = format!("P{}", self.patterns.len());
        self.patterns.set(key.clone(), pattern);
        key
    }

    fn alpha(&mut self, alpha: u8) {
        if alpha < 255 {
            let value = f32::from(alpha) / 255.0;
            self.state(dictionary! { "Type" => name("ExtGState"), "ca" => value, "CA" => value });
        }
    }

    /// Sets a graphics state; one that was set before has its name already.
    fn state(&mut self, state: Dictionary) {
        let state = Object::Dictionary(state);
        let known = self.states.iter().find(|(_, own)| **own == state).map(|(key, _)| key.clone());
        let key = known.unwrap_or_else(|| {
            let key = format!("G{}", self.states.len()).into_bytes();
            self.states.set(key.clone(), state);
            key
        });
        self.operator(&format!("/{} gs", String::from_utf8_lossy(&key)));
    }

    fn draw(&mut self, object: Object) {
        let key = format!("X{}", self.objects.len());
        self.objects.set(key.clone(), object);
        self.operator(&format!("/{key} Do"));
    }

    fn outline(&mut self, outline: &Outline) {
        for segment in &outline.segments {
            match segment {
                Segment::Move(to) => {
                    self.numbers(to);
                    self.operator("m");
                }
                Segment::Line(to) => {
                    self.numbers(to);
                    self.operator("l");
                }
                Segment::Curve(a, b, to) => {
                    self.numbers(&[a[0], a[1], b[0], b[1], to[0], to[1]]);
                    self.operator("c");
                }
                Segment::Close => self.operator("h"),
            }
        }
    }

    fn matrix(&mut self, matrix: Matrix) {
        for value in matrix.0 {
            // Small factors need more places than coordinates do.
            let text = format!("{value:.6}");
            let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            self.out.extend_from_slice(text.as_bytes());
            self.out.push(b' ');
        }
    }

    fn numbers(&mut self, values: &[f32]) {
        for value in values {
            number(&mut self.out, *value);
            self.out.push(b' ');
        }
    }

    fn operator(&mut self, operator: &str) {
        self.out.extend_from_slice(operator.as_bytes());
        self.out.push(b'\n');
    }
}

fn mask_dictionary(kind: &str, form: &Dictionary) -> Dictionary {
    let group = form.get(b"G").cloned().unwrap_or(Object::Null);
    dictionary! { "Type" => name("Mask"), "S" => name(kind), "G" => group }
}

/// First `b`, then `a`.
fn multiplied(a: Matrix, b: Matrix) -> Matrix {
    let (Matrix([a0, a1, a2, a3, a4, a5]), Matrix([b0, b1, b2, b3, b4, b5])) = (a, b);
    Matrix([
        a0 * b0 + a2 * b1,
        a1 * b0 + a3 * b1,
        a0 * b2 + a2 * b3,
        a1 * b2 + a3 * b3,
        a0 * b4 + a2 * b5 + a4,
        a1 * b4 + a3 * b5 + a5,
    ])
}

fn inverted(Matrix([a, b, c, d, e, f]): Matrix) -> Option<Matrix> {
    let determinant = a * d - b * c;
    (determinant != 0.0).then(|| {
        let [a, b, c, d] = [d, -b, -c, a].map(|value| value / determinant);
        Matrix([a, b, c, d, -(a * e + c * f), -(b * e + d * f)])
    })
}

/// The colours of a gradient as a function of how far along it is (7.10.4): one ramp from stop to stop.
fn ramp(stops: &[(f32, Color)], grey: bool) -> Object {
    let parts = |color: &Color| -> Vec<Object> {
        let parts = [color.r, color.g, color.b].map(|part| Object::Real(f32::from(part) / 255.0));
        parts[..if grey { 1 } else { 3 }].to_vec()
    };
    let unit = || vec![Object::Integer(0), Object::Integer(1)];
    let between = |from: &Color, to: &Color| {
        dictionary! { "FunctionType" => 2, "Domain" => unit(), "C0" => parts(from), "C1" => parts(to), "N" => 1 }
    };
    let mut functions = Vec::new();
    let mut bounds = Vec::new();
    let (Some(first), Some(last)) = (stops.first(), stops.last()) else {
        return between(&Color::BLACK, &Color::BLACK).into();
    };
    let ends = std::iter::once((0.0, first.1)).chain(stops.iter().copied()).chain([(1.0, last.1)]);
    let all: Vec<(f32, Color)> = ends.collect();
    for pair in all.windows(2) {
        // Two stops in one place are a step: a ramp of no length is left out.
        if pair[1].0 > pair[0].0 {
            if !functions.is_empty() {
                bounds.push(Object::Real(pair[0].0));
            }
            functions.push(Object::Dictionary(between(&pair[0].1, &pair[1].1)));
        }
    }
    if functions.len() == 1 {
        return functions.remove(0);
    }
    let encode: Vec<Object> = functions.iter().flat_map(|_| unit()).collect();
    Object::Dictionary(dictionary! {
        "FunctionType" => 3,
        "Domain" => unit(),
        "Functions" => functions,
        "Bounds" => bounds,
        "Encode" => encode,
    })
}

#[cfg(test)]
mod tests {
    use super::{IDENTITY, Matrix, inverted, multiplied};

    #[test]
    fn what_is_undone_is_nothing() {
        let matrix = Matrix([2.0, 0.5, -1.0, 3.0, 7.0, -4.0]);
        let Matrix(nothing) = multiplied(matrix, inverted(matrix).unwrap());
        for (value, wanted) in nothing.iter().zip(IDENTITY.0) {
            assert!((value - wanted).abs() < 1e-5, "{nothing:?}");
        }
        assert_eq!(inverted(Matrix([0.0; 6])), None);
    }
}
