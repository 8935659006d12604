//! Colours (CSS Color 4 and 5): what is written in other spaces is turned into sRGB, and brought to its edge where it
//! lies outside.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{Parser, Token};

use super::lengths::number_or_share;
use super::values::{ColorValue, Parsed, refuse};
use crate::typeset::display::Color;

/// One of the numbers in a colour: as written, or 1.0 for 100%.
#[derive(Clone, Copy)]
struct Part {
    value: f32,
    is_percent: bool,
}

impl Part {
    /// Its value where 100% is so much.
    fn of(self, whole: f32) -> f32 {
        if self.is_percent { self.value * whole } else { self.value }
    }
}

/// Reads a colour.
pub(crate) fn parse(input: &mut Parser<'_>) -> Parsed<ColorValue> {
    let opaque = |(r, g, b)| ColorValue::Of(Color { r, g, b, a: 255 });
    match input.next()?.clone() {
        Token::Hash(digits) | Token::IDHash(digits) => match parse_hash_color(digits.as_bytes()) {
            Ok((r, g, b, alpha)) => Ok(ColorValue::Of(Color { r, g, b, a: byte(alpha) })),
            Err(()) => refuse(),
        },
        Token::Ident(name) if name.eq_ignore_ascii_case("currentcolor") => Ok(ColorValue::Current),
        Token::Ident(name) if name.eq_ignore_ascii_case("transparent") => Ok(ColorValue::Of(Color::TRANSPARENT)),
        Token::Ident(name) => parse_named_color(&name).map(opaque).or_else(|()| refuse()),
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            input.parse_nested_block(|input| match name.as_str() {
                "color-mix" => mix(input).map(ColorValue::Of),
                "light-dark" => light(input),
                _ => function(&name, input).map(ColorValue::Of),
            })
        }
        _ => refuse(),
    }
}

fn byte(unit: f32) -> u8 {
    (unit.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// `rgb()`, `hsl()`, `lab()` and the like, with commas or spaces.
fn function(name: &str, input: &mut Parser<'_>) -> Parsed<Color> {
    let space = if name == "color" { input.expect_ident()?.to_ascii_lowercase() } else { String::new() };
    let (a, b, c, alpha) = match parts(input)?[..] {
        [a, b, c] => (a, b, c, 1.0),
        [a, b, c, alpha] => (a, b, c, alpha.value),
        _ => return refuse(),
    };
    let polar = |chroma: f32, hue: f32| (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let [r, g, b] = match name {
        "rgb" | "rgba" => [a, b, c].map(|part| if part.is_percent { part.value } else { part.value / 255.0 }),
        "hsl" | "hsla" => hsl(a.value, share(b), share(c)),
        "hwb" => hwb(a.value, share(b), share(c)),
        "lab" => lab(a.of(100.0), b.of(125.0), c.of(125.0)),
        "lch" => {
            let (along, across) = polar(b.of(150.0), c.value);
            lab(a.of(100.0), along, across)
        }
        "oklab" => encoded(from_oklab([a.of(1.0), b.of(0.4), c.of(0.4)])),
        "oklch" => {
            let (along, across) = polar(b.of(0.4), c.value);
            encoded(from_oklab([a.of(1.0), along, across]))
        }
        "color" => predefined(&space, [a, b, c].map(|part| part.value)).map_or_else(refuse, Ok)?,
        _ => return refuse(),
    };
    Ok(Color { r: byte(r), g: byte(g), b: byte(b), a: byte(alpha) })
}

/// The numbers of a colour; angles are in degrees, `none` is zero.
fn parts(input: &mut Parser<'_>) -> Parsed<Vec<Part>> {
    let mut parts = Vec::with_capacity(4);
    while !input.is_exhausted() {
        let start = input.state();
        let (value, is_percent) = match input.next()?.clone() {
            Token::Comma | Token::Delim('/') => continue,
            Token::Function(_) => {
                input.reset(&start);
                number_or_share(input)?
            }
            Token::Number { value, .. } => (value, false),
            Token::Percentage { unit_value, .. } => (unit_value, true),
            Token::Ident(name) if name.eq_ignore_ascii_case("none") => (0.0, false),
            Token::Dimension { value, unit, .. } => match unit.to_ascii_lowercase().as_str() {
                "deg" => (value, false),
                "grad" => (value * 0.9, false),
                "rad" => (value.to_degrees(), false),
                "turn" => (value * 360.0, false),
                _ => return refuse(),
            },
            _ => return refuse(),
        };
        parts.push(Part { value, is_percent });
    }
    Ok(parts)
}

/// A share that may be written as a number of hundredths.
fn share(part: Part) -> f32 {
    let value = if part.is_percent { part.value } else { part.value / 100.0 };
    value.clamp(0.0, 1.0)
}

fn hsl(hue: f32, saturation: f32, lightness: f32) -> [f32; 3] {
    let a = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue.rem_euclid(360.0) / 30.0) % 12.0;
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

fn hwb(hue: f32, white: f32, black: f32) -> [f32; 3] {
    if white + black >= 1.0 {
        return [white / (white + black); 3];
    }
    hsl(hue, 1.0, 0.5).map(|part| part * (1.0 - white - black) + white)
}

/// CIE Lab, by a white of D50 (CSS Color 4, 18).
fn lab(lightness: f32, a: f32, b: f32) -> [f32; 3] {
    const KAPPA: f32 = 24_389.0 / 27.0;
    const EPSILON: f32 = 216.0 / 24_389.0;
    const WHITE: [f32; 3] = [0.964_296, 1.0, 0.825_105];
    let y = (lightness + 16.0) / 116.0;
    let of = |f: f32| if f.powi(3) > EPSILON { f.powi(3) } else { (116.0 * f - 16.0) / KAPPA };
    let own = if lightness > KAPPA * EPSILON { y.powi(3) } else { lightness / KAPPA };
    let [x, y, z] = [of(y + a / 500.0) * WHITE[0], own, of(y - b / 200.0) * WHITE[2]];
    encoded(product(
        [[3.134_136, -1.617_386, -0.490_662], [-0.978_796, 1.916_255, 0.033_443], [0.071_955, -0.228_977, 1.405_386]],
        [x, y, z],
    ))
}

/// The colours of `color()`.
fn predefined(space: &str, parts: [f32; 3]) -> Option<[f32; 3]> {
    Some(match space {
        "srgb" => parts,
        "srgb-linear" => encoded(parts),
        "display-p3" => encoded(product(
            [[1.224_94, -0.224_94, 0.0], [-0.042_057, 1.042_057, 0.0], [-0.019_638, -0.078_636, 1.098_274]],
            parts.map(decode),
        )),
        "xyz" | "xyz-d65" => encoded(product(
            [
                [3.240_97, -1.537_383, -0.498_611],
                [-0.969_244, 1.875_968, 0.041_555],
                [0.055_630, -0.203_977, 1.056_972],
            ],
            parts,
        )),
        _ => return None,
    })
}

fn product(matrix: [[f32; 3]; 3], vector: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// From linear light to what sRGB writes.
fn encoded(linear: [f32; 3]) -> [f32; 3] {
    linear.map(|part| if part <= 0.003_130_8 { 12.92 * part } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 })
}

fn decode(part: f32) -> f32 {
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// From Oklab to linear light (Ottosson 2020).
fn from_oklab(lab: [f32; 3]) -> [f32; 3] {
    let cones = product(
        [[1.0, 0.396_337_78, 0.215_803_76], [1.0, -0.105_561_346, -0.063_854_17], [1.0, -0.089_484_18, -1.291_485_5]],
        lab,
    );
    product(
        [
            [4.076_741_7, -3.307_711_6, 0.230_969_94],
            [-1.268_438, 2.609_757_4, -0.341_319_38],
            [-0.004_196_086, -0.703_418_6, 1.707_614_7],
        ],
        cones.map(|part| part.powi(3)),
    )
}

fn to_oklab(linear: [f32; 3]) -> [f32; 3] {
    let cones = product(
        [
            [0.412_221_46, 0.536_332_55, 0.051_445_995],
            [0.211_903_5, 0.680_699_5, 0.107_396_96],
            [0.088_302_46, 0.281_718_85, 0.629_978_7],
        ],
        linear,
    );
    product(
        [
            [0.210_454_26, 0.793_617_8, -0.004_072_047],
            [1.977_998_5, -2.428_592_2, 0.450_593_7],
            [0.025_904_037, 0.782_771_77, -0.808_675_77],
        ],
        cones.map(f32::cbrt),
    )
}

/// `light-dark()`: paper is light.
fn light(input: &mut Parser<'_>) -> Parsed<ColorValue> {
    let color = parse(input)?;
    input.expect_comma()?;
    parse(input)?;
    Ok(color)
}

/// `none`, or the middle of the colours of a gradient.
pub(super) fn gradient(input: &mut Parser<'_>) -> Parsed<Option<Color>> {
    if input.try_parse(|input| input.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    if !is_gradient(input.expect_function()?) {
        return refuse();
    }
    let mut colors = Vec::new();
    input.parse_nested_block(|input| {
        while !input.is_exhausted() {
            match input.try_parse(parse) {
                Ok(ColorValue::Of(color)) => colors.push(color),
                Ok(ColorValue::Current) => {}
                Err(_) => drop(input.next()?),
            }
        }
        Ok(())
    })?;
    if colors.is_empty() {
        return refuse();
    }
    Ok(Some(mean(&colors)))
}

/// The mean of colours, each counting as much as is seen of it (CSS Images 3, 3.4.2: gradients are of premultiplied colours).
fn mean(colors: &[Color]) -> Color {
    let seen: usize = colors.iter().map(|color| usize::from(color.a)).sum();
    let part = |part: fn(&Color) -> u8| {
        let sum: usize = colors.iter().map(|color| usize::from(part(color)) * usize::from(color.a)).sum();
        sum.checked_div(seen).unwrap_or(0) as u8
    };
    let a = (seen / colors.len().max(1)) as u8;
    Color { r: part(|color| color.r), g: part(|color| color.g), b: part(|color| color.b), a }
}

/// Whether a function of this name is a gradient.
pub(super) fn is_gradient(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("-gradient")
}

/// `color-mix()` in sRGB, its linear light, or Oklab.
fn mix(input: &mut Parser<'_>) -> Parsed<Color> {
    let space = input.try_parse(|input| -> Parsed<String> {
        input.expect_ident_matching("in")?;
        let space = input.expect_ident()?.to_ascii_lowercase();
        input.expect_comma()?;
        Ok(space)
    });
    let space = space.unwrap_or_else(|_| "oklab".to_owned());
    let (first, share) = mixed(input)?;
    input.expect_comma()?;
    let (second, other) = mixed(input)?;
    let (share, other) = match (share, other) {
        (None, None) => (0.5, 0.5),
        (Some(share), None) => (share, 1.0 - share),
        (None, Some(other)) => (1.0 - other, other),
        (Some(share), Some(other)) => (share, other),
    };
    let sum = share + other;
    if sum <= 0.0 {
        return refuse();
    }
    let weigh = |color: Color, share: f32| -> Option<([f32; 3], f32)> {
        let parts = [color.r, color.g, color.b].map(|part| f32::from(part) / 255.0);
        let parts = match space.as_str() {
            "srgb" => parts,
            "srgb-linear" => parts.map(decode),
            "oklab" => to_oklab(parts.map(decode)),
            _ => return None,
        };
        let weight = share / sum * f32::from(color.a) / 255.0;
        Some((parts.map(|part| part * weight), weight))
    };
    let (Some((first, weight)), Some((second, other))) = (weigh(first, share), weigh(second, other)) else {
        return refuse();
    };
    let alpha = weight + other;
    let mixed = [0, 1, 2].map(|part| if alpha > 0.0 { (first[part] + second[part]) / alpha } else { 0.0 });
    let [r, g, b] = match space.as_str() {
        "srgb" => mixed,
        "srgb-linear" => encoded(mixed),
        _ => encoded(from_oklab(mixed)),
    };
    Ok(Color { r: byte(r), g: byte(g), b: byte(b), a: byte(alpha * sum.min(1.0)) })
}

/// A colour to be mixed, and how much of it.
fn mixed(input: &mut Parser<'_>) -> Parsed<(Color, Option<f32>)> {
    let before = input.try_parse(Parser::expect_percentage).ok();
    // What `currentcolor` is, is not known here.
    let ColorValue::Of(color) = parse(input)? else { return refuse() };
    let share = before.or_else(|| input.try_parse(Parser::expect_percentage).ok());
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) { refuse() } else { Ok((color, share)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_of_a_gradient_darkens_nothing() {
        let of = |text: &str| Parser::new(text).parse_entirely(gradient).ok().flatten();
        let rgba = |r, g, b, a| Some(Color { r, g, b, a });
        assert_eq!(of("linear-gradient(transparent 60%, #ff0 60%)"), rgba(255, 255, 0, 127));
        assert_eq!(of("linear-gradient(rgb(255 0 0 / 20%), rgb(0 0 255 / 60%))"), rgba(63, 0, 191, 102));
        assert_eq!(of("linear-gradient(transparent, transparent)"), rgba(0, 0, 0, 0));
        assert_eq!(of("linear-gradient(#000, #646464)"), rgba(50, 50, 50, 255));
    }

    fn color(text: &str) -> Option<[u8; 4]> {
        match Parser::new(text).parse_entirely(parse).ok()? {
            ColorValue::Of(Color { r, g, b, a }) => Some([r, g, b, a]),
            ColorValue::Current => None,
        }
    }

    #[test]
    fn colours_of_all_spaces_are_those_of_browsers() {
        for (text, expected) in [
            ("#f00", [255, 0, 0, 255]),
            ("rgb(0 128 255 / 50%)", [0, 128, 255, 128]),
            ("rgb(10% none 100%)", [26, 0, 255, 255]),
            ("hsl(.5turn 100 50)", [0, 255, 255, 255]),
            ("hsla(120, 100%, 25%, .5)", [0, 128, 0, 128]),
            ("hwb(120deg 20% 20%)", [51, 204, 51, 255]),
            ("hwb(0 60% 60%)", [128, 128, 128, 255]),
            ("lab(100% 0 0)", [255, 255, 255, 255]),
            ("lab(54.29 80.8 69.89)", [255, 0, 0, 255]),
            ("lch(46.28 67.99 134.39)", [0, 128, 0, 255]),
            ("oklab(0.628 0.225 0.126)", [255, 0, 0, 255]),
            ("oklch(51.98% 0.1769 142.5)", [0, 128, 0, 255]),
            ("oklch(.5 0 none / 0)", [99, 99, 99, 0]),
            ("color(srgb 1 .5 0)", [255, 128, 0, 255]),
            ("color(srgb-linear 1 .2140411 0)", [255, 127, 0, 255]),
            ("color(xyz .9505 1 1.089)", [255, 255, 255, 255]),
            ("color(display-p3 1 1 1)", [255, 255, 255, 255]),
            ("light-dark(red, blue)", [255, 0, 0, 255]),
            ("color-mix(in srgb, red, blue)", [128, 0, 128, 255]),
            ("color-mix(in srgb, red 25%, transparent)", [255, 0, 0, 64]),
            ("color-mix(in srgb, 20% white, 20% white)", [255, 255, 255, 102]),
            ("color-mix(in oklab, white, black)", [99, 99, 99, 255]),
        ] {
            let near = color(text).is_some_and(|own| own.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1));
            assert!(near, "{text}: {:?}", color(text));
        }
        for text in [
            "rgb(from red r g b)",
            "color(nowhere 1 1 1)",
            "color-mix(in srgb, red 0%, blue 0%)",
            "color-mix(in hue, red, blue)",
            "light-dark(red)",
            "lab(1 2)",
            "rgb(1px 2 3)",
        ] {
            assert_eq!(color(text), None, "{text}");
        }
    }
}
