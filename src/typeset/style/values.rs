//! Values: lengths, colours, keywords (CSS Values and Units 4).

use cssparser::{ParseError, Parser};

pub(crate) use super::lengths::Length;
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
    /// `auto` of a picture whose attribute of this name counts, because no style sheet says anything (HTML, 15.4.3).
    Attribute,
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
            Self::Auto | Self::Attribute => None,
            Self::Of(length) => Some(length.of(base)),
            // Where both cannot be kept the lower bound is.
            Self::Between(length, least, most) => Some(length.of(base).min(most).max(least)),
        }
    }

    /// Whether it is no length.
    pub(crate) fn is_auto(self) -> bool {
        matches!(self, Self::Auto | Self::Attribute)
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
        super::colors::parse(input)
    }
}

/// Reads one identifier and maps it; `None` refuses.
pub(crate) fn keyword<T>(input: &mut Parser<'_>, map: impl FnOnce(&str) -> Option<T>) -> Parsed<T> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    map(&name).map_or_else(refuse, Ok)
}
