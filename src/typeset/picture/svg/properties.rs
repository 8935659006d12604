//! Values of properties as usvg reads them: it knows colours of CSS 2, transforms as attributes write them, and sizes as
//! attributes.

use cssparser::{Parser, Token};

use crate::typeset::display::Color;
use crate::typeset::style::colors;
use crate::typeset::style::values::{ColorValue, Parsed, refuse};

/// What a declared value comes to.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// A style, by the names of its longhands.
    Style(Vec<(&'static str, String)>),
    /// An attribute.
    Attribute(String),
    /// It counts as if it were not there: what is weaker holds.
    Invalid,
    /// It cannot be shown, and is called this.
    LeftOut(&'static str),
}

/// Sizes and places that CSS may give too (SVG 2, 7.2).
const GEOMETRY: [&str; 9] = ["x", "y", "width", "height", "rx", "ry", "r", "cx", "cy"];

/// Reads a value that is written in CSS or in a presentation attribute, its variables put in.
pub(super) fn read(name: &'static str, value: &str) -> Value {
    let value = value.replace("/**/", "");
    let value = value.trim();
    if value.is_empty() {
        return Value::Invalid;
    }
    let style = |value: Option<String>| value.map_or(Value::Invalid, |value| Value::Style(vec![(name, value)]));
    match name {
        "fill" | "stroke" => style(paint(value)),
        "color" | "stop-color" | "flood-color" | "lighting-color" => style(color(value)),
        "font" => font(value).map_or(Value::Invalid, Value::Style),
        "transform" => match transform(value) {
            Some(transform) => Value::Attribute(transform),
            None => Value::LeftOut("transforms in three dimensions or by shares of a box"),
        },
        "clip-path" if !is_reference(value) => Value::LeftOut("clip paths that CSS draws"),
        "transform-box" if !matches!(value, "view-box" | "border-box") => {
            Value::LeftOut("transforms by shares of a box")
        }
        "white-space" => match value {
            "pre" | "pre-wrap" | "break-spaces" => Value::Attribute("preserve".to_owned()),
            _ => Value::Attribute("default".to_owned()),
        },
        "d" => path(value).map_or(Value::Invalid, Value::Attribute),
        _ if is_geometry(name) => length(value),
        _ => style(Some(value.to_owned())),
    }
}

/// Whether a property says a size or a place.
pub(super) fn is_geometry(name: &str) -> bool {
    GEOMETRY.contains(&name)
}

/// The known name of a property that is read, or handed on as it is.
pub(super) fn known(name: &str) -> Option<&'static str> {
    const HANDED_ON: [&str; 57] = [
        "alignment-baseline",
        "baseline-shift",
        "clip-path",
        "clip-rule",
        "color",
        "color-interpolation",
        "color-interpolation-filters",
        "d",
        "display",
        "dominant-baseline",
        "fill",
        "fill-opacity",
        "fill-rule",
        "filter",
        "flood-color",
        "flood-opacity",
        "font",
        "font-kerning",
        "font-optical-sizing",
        "font-size",
        "font-size-adjust",
        "font-stretch",
        "font-variant",
        "font-variation-settings",
        "image-rendering",
        "isolation",
        "letter-spacing",
        "lighting-color",
        "marker",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "mask-type",
        "mix-blend-mode",
        "opacity",
        "overflow",
        "paint-order",
        "shape-rendering",
        "stop-color",
        "stop-opacity",
        "stroke",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-decoration",
        "text-rendering",
        "transform",
        "transform-box",
        "transform-origin",
        "visibility",
        "white-space",
        "word-spacing",
    ];
    const FOLLOWED: [&str; 6] =
        ["direction", "font-family", "font-style", "font-weight", "text-anchor", "writing-mode"];
    let of = |names: &[&'static str]| names.iter().copied().find(|known| *known == name);
    of(&HANDED_ON).or_else(|| of(&FOLLOWED)).or_else(|| of(&GEOMETRY))
}

/// Whether an attribute of that name is a presentation attribute, read by the same rules as a style. Sizes, transforms
/// and paths are written otherwise there.
pub(super) fn is_presentation(name: &str) -> bool {
    !is_geometry(name)
        && !matches!(
            name,
            "d" | "transform"
                | "font"
                | "marker"
                | "white-space"
                | "clip-path"
                | "mix-blend-mode"
                | "isolation"
                | "font-kerning"
                | "image-rendering"
        )
        && known(name).is_some()
}

/// A colour as CSS 2 writes it, or with the opacity as a fourth pair of digits.
fn color(value: &str) -> Option<String> {
    if value.eq_ignore_ascii_case("inherit") {
        return Some("inherit".to_owned());
    }
    let mut input = Parser::new(value);
    let color = written(&mut input).ok()?;
    // SVG 1.1 lets a colour of a profile follow.
    let is_whole = input.is_exhausted() || value.contains("icc-color");
    is_whole.then_some(color)
}

fn written(input: &mut Parser<'_>) -> Parsed<String> {
    Ok(match colors::parse(input)? {
        ColorValue::Current => "currentColor".to_owned(),
        ColorValue::Of(Color { r, g, b, a: 255 }) => format!("#{r:02x}{g:02x}{b:02x}"),
        ColorValue::Of(Color { r, g, b, a }) => format!("#{r:02x}{g:02x}{b:02x}{a:02x}"),
    })
}

/// What fills or strokes (SVG 2, 13.2): a colour, or a reference with a colour for want of what it names.
fn paint(value: &str) -> Option<String> {
    if ["none", "inherit", "context-fill", "context-stroke"].iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return Some(value.to_ascii_lowercase());
    }
    if !is_reference(value) {
        return color(value);
    }
    let Some((reference, rest)) = value.split_once(')') else { return Some(value.to_owned()) };
    let rest = rest.trim();
    let rest = if rest.eq_ignore_ascii_case("none") { Some("none".to_owned()) } else { color(rest) };
    Some(format!("{reference}) {}", rest.unwrap_or_default()).trim_end().to_owned())
}

fn is_reference(value: &str) -> bool {
    value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url("))
        || ["none", "inherit"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// A number with the units that attributes know.
fn length(value: &str) -> Value {
    const UNITS: [&str; 10] = ["px", "pt", "pc", "mm", "cm", "in", "em", "ex", "%", ""];
    let digits = value.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    if value.eq_ignore_ascii_case("auto") {
        Value::Invalid
    } else if number.parse::<f32>().is_ok() && UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known)) {
        Value::Attribute(value.to_owned())
    } else {
        Value::LeftOut("sizes that are computed")
    }
}

/// `path("...")`.
fn path(value: &str) -> Option<String> {
    let parse = |input: &mut Parser<'_>| -> Parsed<String> {
        if !input.expect_function()?.eq_ignore_ascii_case("path") {
            return refuse();
        }
        input.parse_nested_block(|input| Ok(input.expect_string()?.to_string()))
    };
    Parser::new(value).parse_entirely(parse).ok()
}

/// The functions of CSS Transforms 1 as SVG 1.1 writes them. `None` where they need more than numbers.
fn transform(value: &str) -> Option<String> {
    if value.eq_ignore_ascii_case("none") {
        return Some(String::new());
    }
    let mut input = Parser::new(value);
    let mut functions = Vec::new();
    while !input.is_exhausted() {
        let name = input.expect_function().ok()?.to_ascii_lowercase();
        let numbers = input.parse_nested_block(numbers).ok()?;
        let numbers: Vec<String> = numbers.iter().map(f32::to_string).collect();
        let (name, numbers) = match (name.as_str(), &numbers[..]) {
            ("translatex", [x]) => ("translate", format!("{x} 0")),
            ("translatey", [y]) => ("translate", format!("0 {y}")),
            ("scalex", [x]) => ("scale", format!("{x} 1")),
            ("scaley", [y]) => ("scale", format!("1 {y}")),
            ("skewx" | "skew", [x]) => ("skewX", x.clone()),
            ("skewy", [y]) => ("skewY", y.clone()),
            ("rotate" | "rotatez", [angle]) => ("rotate", angle.clone()),
            ("translate", [_] | [_, _]) => ("translate", numbers.join(" ")),
            ("scale", [_] | [_, _]) => ("scale", numbers.join(" ")),
            ("matrix", [_, _, _, _, _, _]) => ("matrix", numbers.join(" ")),
            _ => return None,
        };
        functions.push(format!("{name}({numbers})"));
    }
    Some(functions.join(" "))
}

/// Numbers, lengths in pixels and angles in degrees.
fn numbers(input: &mut Parser<'_>) -> Parsed<Vec<f32>> {
    let mut numbers = Vec::new();
    while !input.is_exhausted() {
        numbers.push(match input.next()?.clone() {
            Token::Comma => continue,
            Token::Number { value, .. } => value,
            Token::Dimension { value, unit, .. } => match unit.to_ascii_lowercase().as_str() {
                "px" | "deg" => value,
                "pt" => value / 0.75,
                "mm" => value * 96.0 / 25.4,
                "cm" => value * 96.0 / 2.54,
                "in" => value * 96.0,
                "rad" => value.to_degrees(),
                "grad" => value * 0.9,
                "turn" => value * 360.0,
                _ => return refuse(),
            },
            _ => return refuse(),
        });
    }
    Ok(numbers)
}

/// The longhands of `font` (CSS Fonts 4, 2.7).
fn font(value: &str) -> Option<Vec<(&'static str, String)>> {
    let mut input = Parser::new(value);
    let [mut style, mut variant, mut weight, mut stretch] = [(); 4].map(|()| "normal".to_owned());
    let size = loop {
        let start = input.position();
        match input.next().ok()?.clone() {
            Token::Ident(word) => match word.to_ascii_lowercase().as_str() {
                "normal" => {}
                word @ ("italic" | "oblique") => word.clone_into(&mut style),
                word @ "small-caps" => word.clone_into(&mut variant),
                word @ ("bold" | "bolder" | "lighter") => word.clone_into(&mut weight),
                word if word.ends_with("condensed") || word.ends_with("expanded") => word.clone_into(&mut stretch),
                word => break word.to_owned(),
            },
            Token::Number { value, .. } => weight = value.to_string(),
            Token::Dimension { .. } | Token::Percentage { .. } => break input.slice_from(start).trim().to_owned(),
            _ => return None,
        }
    };
    if input.try_parse(|input| input.expect_delim('/')).is_ok() {
        input.next().ok()?;
    }
    input.skip_whitespace();
    let start = input.position();
    while input.next().is_ok() {}
    let family = input.slice_from(start).trim().to_owned();
    (!family.is_empty()).then(|| {
        vec![
            ("font-style", style),
            ("font-variant", variant),
            ("font-weight", weight),
            ("font-stretch", stretch),
            ("font-size", size),
            ("font-family", family),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::{Value, known, read};

    fn style(name: &'static str, value: &str) -> Option<String> {
        match read(name, value) {
            Value::Style(longhands) => {
                Some(longhands.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("|"))
            }
            Value::Attribute(value) => Some(format!("@{value}")),
            Value::Invalid => None,
            Value::LeftOut(what) => Some(format!("!{what}")),
        }
    }

    #[test]
    fn values_are_written_as_attributes_write_them() {
        for (name, value, expected) in [
            ("fill", "light-dark(#dae8fc, #1d293b)", Some("#dae8fc")),
            ("fill", "rgb(0 170 0 / 50%)", Some("#00aa0080")),
            ("fill", "oklch(51.98% 0.1769 142.5)", Some("#008000")),
            ("fill", "CurrentColor", Some("currentColor")),
            ("fill", "url(#a)  color-mix(in srgb, red, blue)", Some("url(#a) #800080")),
            ("stroke", "url(#a) none", Some("url(#a) none")),
            ("stroke", "NONE", Some("none")),
            ("fill", "#CD853F icc-color(acmecmyk, 0.11, 0.48, 0.83, 0.00)", Some("#cd853f")),
            ("fill", "nonsense", None),
            ("fill", "red blue", None),
            ("stop-color", "inherit", Some("inherit")),
            (
                "transform",
                "rotate(45deg) translate(10px, 5pt) scaleX(2)",
                Some("@rotate(45) translate(10 6.6666665) scale(2 1)"),
            ),
            ("transform", "none", Some("@")),
            ("transform", "translate(50%)", Some("!transforms in three dimensions or by shares of a box")),
            ("width", "12.5px", Some("@12.5px")),
            ("width", "auto", None),
            ("r", "calc(1px + 2px)", Some("!sizes that are computed")),
            ("d", "path(\"M0 0L1 1\")", Some("@M0 0L1 1")),
            ("clip-path", "circle(40%)", Some("!clip paths that CSS draws")),
            ("clip-path", "url(#c)", Some("url(#c)")),
            (
                "font",
                "bold italic 14px/1.5 \"Noto Sans\", serif",
                Some("italic|normal|bold|normal|14px|\"Noto Sans\", serif"),
            ),
            ("font", "14px", None),
            ("white-space", "pre", Some("@preserve")),
            ("opacity", "/**/.5/**/", Some(".5")),
        ] {
            assert_eq!(style(name, value).as_deref(), expected, "{name}: {value}");
            assert_eq!(known(name), Some(name));
        }
        assert_eq!(known("animation"), None);
    }
}
