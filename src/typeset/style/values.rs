//! Values: lengths, colours, keywords (CSS Values and Units 4, CSS Color 4).

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{ParseError, Parser, Token};

use crate::typeset::display::Color;

/// A refused value.
pub(crate) type Parsed<T> = Result<T, ParseError<()>>;

/// Refuses the value.
pub(crate) fn refuse<T>() -> Parsed<T> {
    Err(ParseError::custom(()))
}

/// A length or percentage as written: a sum over units, so that `calc()` costs nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Length {
    pt: f32,
    em: f32,
    rem: f32,
    ex: f32,
    ch: f32,
    vw: f32,
    vh: f32,
    /// 1.0 is 100%.
    percent: f32,
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

impl Length {
    /// A percentage; 1.0 is 100%.
    pub(crate) fn share(percent: f32) -> Self {
        Self { percent, ..Self::default() }
    }
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

impl Length {
    pub(crate) fn resolve(self, units: &Units) -> LengthPercentage {
        let pt = self.pt
            + self.em * units.em
            + self.rem * units.rem
            + self.ex * units.ex
            + self.ch * units.ch
            + self.vw * units.page.0 / 100.0
            + self.vh * units.page.1 / 100.0;
        // Nothing on paper is larger than some kilometres; NaN and infinities end here.
        let sane = |value: f32| if value.is_finite() { value.clamp(-1e7, 1e7) } else { 0.0 };
        LengthPercentage { pt: sane(pt), percent: sane(self.percent) }
    }

    fn plus(self, other: Self, factor: f32) -> Self {
        Self {
            pt: self.pt + other.pt * factor,
            em: self.em + other.em * factor,
            rem: self.rem + other.rem * factor,
            ex: self.ex + other.ex * factor,
            ch: self.ch + other.ch * factor,
            vw: self.vw + other.vw * factor,
            vh: self.vh + other.vh * factor,
            percent: self.percent + other.percent * factor,
        }
    }

    fn dimension(value: f32, unit: &str) -> Parsed<Self> {
        let zero = Self::default();
        Ok(match unit.to_ascii_lowercase().as_str() {
            "pt" => Self { pt: value, ..zero },
            "px" => Self { pt: value * 0.75, ..zero },
            "mm" => Self { pt: value * 72.0 / 25.4, ..zero },
            "cm" => Self { pt: value * 72.0 / 2.54, ..zero },
            "q" => Self { pt: value * 72.0 / 101.6, ..zero },
            "in" => Self { pt: value * 72.0, ..zero },
            "pc" => Self { pt: value * 12.0, ..zero },
            "em" => Self { em: value, ..zero },
            "rem" => Self { rem: value, ..zero },
            "ex" => Self { ex: value, ..zero },
            "ch" => Self { ch: value, ..zero },
            "vw" => Self { vw: value, ..zero },
            "vh" => Self { vh: value, ..zero },
            _ => return refuse(),
        })
    }

    /// A length, `0`, or `calc()`; percentages too.
    pub(crate) fn parse(input: &mut Parser<'_>) -> Parsed<Self> {
        match input.next()?.clone() {
            Token::Number { value: 0.0, .. } => Ok(Self::default()),
            Token::Dimension { value, unit, .. } => Self::dimension(value, &unit),
            Token::Percentage { unit_value, .. } => Ok(Self { percent: unit_value, ..Self::default() }),
            Token::Function(name) if name.eq_ignore_ascii_case("calc") => {
                input.parse_nested_block(|input| match calc_sum(input, 0)? {
                    Term::Length(length) => Ok(length),
                    Term::Number(0.0) => Ok(Self::default()),
                    Term::Number(_) => refuse(),
                })
            }
            _ => refuse(),
        }
    }

    /// Like `parse`, but nothing below zero.
    pub(crate) fn parse_positive(input: &mut Parser<'_>) -> Parsed<Self> {
        let length = Self::parse(input)?;
        let parts = [length.pt, length.em, length.rem, length.ex, length.ch, length.vw, length.vh, length.percent];
        let negative = parts.iter().all(|part| *part <= 0.0) && parts.iter().any(|part| *part < 0.0);
        if negative { refuse() } else { Ok(length) }
    }

    /// A length in points.
    pub(crate) fn points(pt: f32) -> Self {
        Self { pt, ..Self::default() }
    }
}

#[derive(Clone, Copy)]
enum Term {
    Number(f32),
    Length(Length),
}

fn calc_sum(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    let mut sum = calc_product(input, depth)?;
    loop {
        let sign = if input.try_parse(|input| input.expect_delim('+')).is_ok() {
            1.0
        } else if input.try_parse(|input| input.expect_delim('-')).is_ok() {
            -1.0
        } else {
            return Ok(sum);
        };
        sum = match (sum, calc_product(input, depth)?) {
            (Term::Number(a), Term::Number(b)) => Term::Number(a + sign * b),
            (Term::Length(a), Term::Length(b)) => Term::Length(a.plus(b, sign)),
            _ => return refuse(),
        };
    }
}

fn calc_product(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    let scale = |term, factor: f32| match term {
        Term::Number(n) => Term::Number(n * factor),
        Term::Length(length) => Term::Length(Length::default().plus(length, factor)),
    };
    let mut product = calc_value(input, depth)?;
    loop {
        if input.try_parse(|input| input.expect_delim('*')).is_ok() {
            product = match (product, calc_value(input, depth)?) {
                (term, Term::Number(n)) | (Term::Number(n), term) => scale(term, n),
                _ => return refuse(),
            };
        } else if input.try_parse(|input| input.expect_delim('/')).is_ok() {
            match calc_value(input, depth)? {
                Term::Number(n) if n != 0.0 => product = scale(product, 1.0 / n),
                _ => return refuse(),
            }
        } else {
            return Ok(product);
        }
    }
}

fn calc_value(input: &mut Parser<'_>, depth: usize) -> Parsed<Term> {
    if depth > 16 {
        return refuse();
    }
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(Term::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Term::Length(Length { percent: unit_value, ..Length::default() })),
        Token::Dimension { value, unit, .. } => Length::dimension(value, &unit).map(Term::Length),
        Token::ParenthesisBlock => input.parse_nested_block(|input| calc_sum(input, depth + 1)),
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => {
            input.parse_nested_block(|input| calc_sum(input, depth + 1))
        }
        _ => refuse(),
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
        match input.next()?.clone() {
            Token::Comma | Token::Delim('/') => {}
            Token::Number { value, .. } => parts.push((value, false)),
            Token::Percentage { unit_value, .. } => parts.push((unit_value, true)),
            Token::Dimension { value, unit, .. } if unit.eq_ignore_ascii_case("deg") => parts.push((value, false)),
            _ => return refuse(),
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
