use super::prepare::prepared;
use super::words::Faces;
use super::{Read, read};
use crate::typeset::display::drawing::{Layer, Paint, Segment, Shape};
use crate::typeset::fonts::Fonts;

fn set(svg: &str) -> Read {
    read(svg.as_bytes(), None, &Fonts::builtin()).unwrap_or_else(|error| panic!("{svg}: {error}"))
}

/// The paths in a layer and those in it.
fn paths(layer: &Layer) -> Vec<(&[Segment], Option<&Paint>)> {
    let mut found = Vec::new();
    for shape in &layer.shapes {
        match shape {
            Shape::Path { outline, fill, .. } => found.push((outline.segments.as_slice(), fill.as_ref())),
            Shape::Layer(inner) => found.extend(paths(inner)),
            Shape::Picture { .. } => {}
        }
    }
    found
}

/// The colours that fill it, as digits, in order.
fn fills(svg: &str) -> Vec<String> {
    let read = set(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>{svg}</svg>"));
    assert_eq!(read.left_out.iter().collect::<Vec<_>>(), Vec::<&String>::new(), "{svg}");
    paths(&read.root())
        .into_iter()
        .map(|(_, fill)| match fill {
            Some(Paint::Color(color)) => format!("{:02x}{:02x}{:02x}{:02x}", color.r, color.g, color.b, color.a),
            Some(Paint::Gradient(gradient, _)) => format!("{:?}", gradient.stops[0].1),
            None => "none".to_owned(),
        })
        .collect()
}

impl Read {
    fn root(&self) -> Layer {
        self.drawing.root.clone()
    }

    /// From the left to the right end of everything drawn.
    fn extent(&self) -> (f32, f32) {
        let ends = |segment: &Segment| match *segment {
            Segment::Move(to) | Segment::Line(to) | Segment::Curve(_, _, to) => Some(to[0]),
            Segment::Close => None,
        };
        let root = self.root();
        let all: Vec<f32> = paths(&root).iter().flat_map(|(segments, _)| segments.iter().filter_map(ends)).collect();
        (all.iter().copied().fold(f32::MAX, f32::min), all.iter().copied().fold(f32::MIN, f32::max))
    }
}

const GREEN: &str = "008000ff";

#[test]
fn colours_are_those_of_browsers_wherever_they_stand() {
    for svg in [
        "<rect width='1' height='1' fill='light-dark(green, red)'/>",
        "<rect width='1' height='1' fill='var(--fill-0, green)'/>",
        "<rect width='1' height='1' style='fill: rgb(0 128 0 / 100%)'/>",
        "<rect width='1' height='1' fill='green' style='fill: nonsense; fill: light-dark(oops)'/>",
        "<g style='--a: green'><g style='--b: var(--a)'><rect width='1' height='1' style='fill: var(--b)'/></g></g>",
        "<style>:root { --a: green }</style><rect width='1' height='1' fill='var(--a, red)'/>",
        "<style>rect { fill: red } rect:is(.a, .b) { fill: green }</style><rect class='b' width='1' height='1'/>",
        "<style>g { fill: red; &amp; > rect:nth-child(1) { fill: green } }</style><g><rect width='1' height='1'/></g>",
        "<style>@media screen { rect { fill: red } } @media print { rect { fill: green !important } }</style>\
         <rect width='1' height='1' style='fill: blue'/>",
        "<style>rect { fill: green; width: 1px; height: 1px }</style><rect/>",
        "<style>path { d: path('M0 0H1V1Z'); fill: green }</style><path/>",
        "<g color='green'><rect width='1' height='1' fill='currentcolor'/></g>",
        "<linearGradient id='g'/><rect width='1' height='1' fill='url(#none) oklch(51.98% 0.1769 142.5)'/>",
    ] {
        assert_eq!(fills(svg), [GREEN], "{svg}");
    }
    let stops = fills(
        "<linearGradient id='g'><stop stop-color='var(--x, green)'/><stop offset='1'/></linearGradient>\
         <rect width='1' height='1' fill='url(#g)'/>",
    );
    assert!(stops[0].contains("g: 128"), "{stops:?}");
}

#[test]
fn pictures_in_it_are_found_by_either_name() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'>\
               <image width='6' height='4' ATTRIBUTE=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 6 \
               4'%3E%3Crect width='6' height='4' fill='green'/%3E%3C/svg%3E\"/></svg>";
    for attribute in ["href", "xlink:href"] {
        assert_eq!(paths(&set(&svg.replace("ATTRIBUTE", attribute)).root()).len(), 1, "{attribute}");
    }
}

#[test]
fn transforms_are_heeded_where_css_writes_them() {
    let extent = |what: &str| {
        set(&format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect width='2' height='2' {what}/></svg>"
        ))
        .extent()
    };
    assert_eq!(extent("style='transform: translateX(3px) scale(2)'"), (3.0, 7.0));
    assert_eq!(extent("transform='translate(1)' style='transform: none'"), (0.0, 2.0));
    assert_eq!(extent("transform='translate(1)'"), (1.0, 3.0));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    for (svg, told) in [
        ("<rect width='1' height='1' style='clip-path: circle(40%)'/>", "clip paths that CSS draws"),
        ("<rect width='1' height='1' style='width: calc(1px * 2)'/>", "sizes that are computed"),
        (
            "<rect width='1' height='1' style='transform: rotateX(1deg)'/>",
            "transforms in three dimensions or by shares of a box",
        ),
        ("<style>@font-face { font-family: x }</style><rect width='1' height='1'/>", "fonts that it brings along"),
        ("<a href='https://example.org/'><rect width='1' height='1'/></a>", "links in it"),
        ("<text y='5'>a \u{E000}</text>", "characters that no font at hand has (\u{E000})"),
    ] {
        let read = set(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'>{svg}</svg>"));
        assert_eq!(read.left_out.iter().map(String::as_str).collect::<Vec<_>>(), [told], "{svg}");
    }
}

#[test]
fn words_that_run_to_the_left_end_where_they_are_put() {
    let extent = |text: &str| {
        set(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='200' height='20'>{text}</svg>")).extent()
    };
    let near = |a: f32, b: f32| (a - b).abs() < 4.0;
    for (text, right) in [
        ("<text x='150' y='10' direction='rtl'>سلام دنیا</text>", true),
        ("<text x='150' y='10' style='direction: rtl; text-anchor: start'>سلام دنیا</text>", true),
        ("<g style='direction: rtl'><text x='150' y='10'>سلام دنیا</text></g>", true),
        ("<g text-anchor='end'><text x='150' y='10' direction='rtl'>سلام دنیا</text></g>", false),
        ("<text x='150' y='10' text-anchor='end'>سلام دنیا</text>", true),
        ("<text x='150' y='10'>سلام دنیا</text>", false),
    ] {
        let (left, end) = extent(text);
        assert!(if right { near(end, 150.0) } else { near(left, 150.0) }, "{text}: {left} to {end}");
    }
}

#[test]
fn words_that_run_to_the_left_are_ordered_so() {
    let fonts = Fonts::builtin();
    let text = |svg: &str| prepared(svg, None, Faces::new(&fonts)).map(|prepared| prepared.text).unwrap_or_default();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><text x='9' direction='rtl'> PDF: سلام. </text></svg>";
    let prepared = text(svg);
    let marks: String = prepared.chars().filter(|c| "\u{2067}\u{2069}P".contains(*c)).collect();
    assert_eq!(marks, "\u{2067}P\u{2069}", "{prepared}");
    // Where each character has a place of its own, one more would be set in the place of another.
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><text x='9 8 7' direction='rtl'>سلام</text></svg>";
    assert!(!text(svg).contains('\u{2067}'), "{}", text(svg));
}

#[test]
fn letters_are_set_in_a_face_that_has_them() {
    let extent = |text: &str| {
        set(&format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='20'><text y='10'>{text}</text></svg>"
        ))
    };
    for text in [
        "שלום",
        "שָׁלוֹם",
        "one שלום two",
        "سلام",
        "الأولى x",
        "x ☑ y ☑",
        "שלום الأولى α Ж",
        "<tspan>a</tspan> <tspan>لا</tspan>",
    ] {
        let read = extent(text);
        assert!(read.left_out.is_empty(), "{text}: {:?}", read.left_out);
        // No two letters of it are drawn alike, as boxes in their stead would be.
        let root = read.root();
        let shapes: Vec<usize> = paths(&root).iter().map(|(segments, _)| segments.len()).collect();
        assert!(shapes.iter().sum::<usize>() > 20, "{text}: {shapes:?}");
    }
}
