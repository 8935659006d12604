//! Values: lengths, colours, keywords (CSS Values and Units 4, CSS Color 4).

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{ParseError, Parser, Token};

pub(crate) use super::lengths::Length;
use super::lengths::number_or_share;
use crate::typeset::display::Color;

/// A refused value.
pub(crate) type Parsed<T> = Result<T, ParseError<()>>;

/// Refuses the value.
pub(crate) fn refuse<T>() -> Parsed<T> {
    Err(ParseError::custom(()))
}

/// What relative units refer to; lengths in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    pub(crate) em: f32,
    pub(crate) rem: f32,
    pub(crate) ex: f32,
    pub(crate) ch: f32,
    /// The page area.
    pub(crate) page: (f32, f32),
}

/// A computed length: points and a share of something known at layout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LengthPercentage {
    pub(crate) pt: f32,
    /// 1.0 is 100%.
    pub(crate) percent: f32,
}

impl LengthPercentage {
    /// A length in points.
    pub(crate) const fn points(pt: f32) -> Self {
        Self { pt, percent: 0.0 }
    }

    /// In points, where 100% is `base`.
    pub(crate) fn of(self, base: f32) -> f32 {
        self.pt + self.percent * base
    }
}

/// `auto` (or `none`, for maxima) or a length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Size {
    #[default]
    Auto,
    Of(LengthPercentage),
    /// A share of the containing block that is no less and no more than some lengths in points.
    Between(LengthPercentage, f32, f32),
}

impl Size {
    /// A length in points.
    pub(crate) const fn points(pt: f32) -> Self {
        Self::Of(LengthPercentage::points(pt))
    }

    /// In points, where 100% is `base`; `None` for `auto`.
    pub(crate) fn of(self, base: f32) -> Option<f32> {
        match self {
            Self::Auto => None,
            Self::Of(length) => Some(length.of(base)),
            // Where both cannot be kept the lower bound is.
            Self::Between(length, least, most) => Some(length.of(base).min(most).max(least)),
        }
    }

    /// In points where that does not depend on the containing block.
    pub(crate) fn fixed(self) -> Option<f32> {
        match self {
            Self::Of(length) if length.percent == 0.0 => Some(length.pt),
            _ => None,
        }
    }
}

/// Padding: a length and a share of the containing block, within bounds in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Padding {
    pub(crate) length: LengthPercentage,
    pub(crate) least: f32,
    pub(crate) most: f32,
}

impl Padding {
    /// A length in points.
    pub(crate) const fn points(pt: f32) -> Self {
        Self { length: LengthPercentage::points(pt), least: 0.0, most: f32::MAX }
    }

    /// In points, where 100% is `base`.
    pub(crate) fn of(self, base: f32) -> f32 {
        self.length.of(base).min(self.most).max(self.least)
    }
}

impl Default for Padding {
    fn default() -> Self {
        Self::points(0.0)
    }
}

/// A colour as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ColorValue {
    /// `currentcolor`
    Current,
    Of(Color),
}

impl ColorValue {
    /// The colour, where `currentcolor` is `current`.
    pub(crate) fn of(self, current: Color) -> Color {
        match self {
            Self::Current => current,
            Self::Of(color) => color,
        }
    }

    pub(crate) fn parse(input: &mut Parser<'_>) -> Parsed<Self> {
        let opaque = |(r, g, b)| Self::Of(Color { r, g, b, a: 255 });
        match input.next()?.clone() {
            Token::Hash(digits) | Token::IDHash(digits) => match parse_hash_color(digits.as_bytes()) {
                Ok((r, g, b, alpha)) => Ok(Self::Of(Color { r, g, b, a: byte(alpha) })),
                Err(()) => refuse(),
            },
            Token::Ident(name) if name.eq_ignore_ascii_case("currentcolor") => Ok(Self::Current),
            Token::Ident(name) if name.eq_ignore_ascii_case("transparent") => Ok(Self::Of(Color::TRANSPARENT)),
            Token::Ident(name) => parse_named_color(&name).map(opaque).or_else(|()| refuse()),
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                input.parse_nested_block(|input| color_function(&name, input))
            }
            _ => refuse(),
        }
    }
}

fn byte(unit: f32) -> u8 {
    (unit.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// `rgb()`, `rgba()`, `hsl()`, `hsla()` with commas or spaces.
fn color_function(name: &str, input: &mut Parser<'_>) -> Parsed<ColorValue> {
    let mut parts = Vec::with_capacity(4);
    while !input.is_exhausted() {
        let start = input.state();
        match input.next()?.clone() {
            Token::Comma | Token::Delim('/') => {}
            Token::Dimension { value, unit, .. } if unit.eq_ignore_ascii_case("deg") => parts.push((value, false)),
            _ => {
                input.reset(&start);
                parts.push(number_or_share(input)?);
            }
        }
    }
    let (a, b, c, alpha) = match parts[..] {
        [a, b, c] => (a, b, c, 1.0),
        [a, b, c, (alpha, _)] => (a, b, c, alpha),
        _ => return refuse(),
    };
    let [r, g, b] = match name {
        "rgb" | "rgba" => [a, b, c].map(|(value, percent)| if percent { value } else { value / 255.0 }),
        "hsl" | "hsla" => hsl(a.0, b.0, c.0),
        _ => return refuse(),
    };
    Ok(ColorValue::Of(Color { r: byte(r), g: byte(g), b: byte(b), a: byte(alpha) }))
}

fn hsl(hue: f32, saturation: f32, lightness: f32) -> [f32; 3] {
    let a = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue.rem_euclid(360.0) / 30.0) % 12.0;
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

/// Reads one identifier and maps it; `None` refuses.
pub(crate) fn keyword<T>(input: &mut Parser<'_>, map: impl FnOnce(&str) -> Option<T>) -> Parsed<T> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    map(&name).map_or_else(refuse, Ok)
}
