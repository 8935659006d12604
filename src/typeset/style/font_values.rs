//! How the values of font properties are written (CSS Fonts 4).

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::computed::Feature;
use super::lengths::number;
use super::longhand::Context;
use super::values::{Length, Parsed, Units, keyword, refuse};

pub(super) fn families(input: &mut Parser<'_>) -> Parsed<Arc<[String]>> {
    let family = |input: &mut Parser<'_>| -> Parsed<String> {
        if let Ok(name) = input.try_parse(cssparser::Parser::expect_string_cloned) {
            return Ok(name.to_lowercase());
        }
        let mut name = input.expect_ident()?.to_lowercase();
        while let Ok(more) = input.try_parse(cssparser::Parser::expect_ident_cloned) {
            name.push(' ');
            name.push_str(&more.to_lowercase());
        }
        Ok(name)
    };
    Ok(input.parse_comma_separated(family)?.into())
}

#[derive(Clone)]
pub(super) enum FontSize {
    Length(Length),
    Scale(f32),
}

impl FontSize {
    pub(super) fn resolve(&self, context: &Context<'_>) -> f32 {
        let parent = context.parent.font_size;
        let size = match self {
            Self::Scale(factor) => parent * factor,
            Self::Length(length) => {
                let units = Units { em: parent, ex: parent * 0.5, ch: parent * 0.5, ..context.units };
                length.resolve(&units).of(parent)
            }
        };
        // Below a tenth of a point nothing can be seen; above a thousand nothing fits on a page.
        size.clamp(0.1, 1000.0)
    }
}

pub(super) fn font_size(input: &mut Parser<'_>) -> Parsed<FontSize> {
    let named = |name: &str| {
        Some(match name {
            "xx-small" => FontSize::Length(Length::points(6.75)),
            "x-small" => FontSize::Length(Length::points(7.5)),
            "small" => FontSize::Length(Length::points(9.75)),
            "medium" => FontSize::Length(Length::points(12.0)),
            "large" => FontSize::Length(Length::points(13.5)),
            "x-large" => FontSize::Length(Length::points(18.0)),
            "xx-large" => FontSize::Length(Length::points(24.0)),
            "xxx-large" => FontSize::Length(Length::points(36.0)),
            "smaller" => FontSize::Scale(1.0 / 1.2),
            "larger" => FontSize::Scale(1.2),
            _ => return None,
        })
    };
    input.try_parse(|input| keyword(input, named)).or_else(|_| Length::parse_positive(input).map(FontSize::Length))
}

/// `none`, or what is made of other faces for lack of one: whether slanted letters are.
pub(super) fn font_synthesis(input: &mut Parser<'_>) -> Parsed<bool> {
    let mut found = Vec::new();
    while let Ok(word) = input.try_parse(|input| {
        keyword(input, |name| {
            ["none", "weight", "style", "small-caps", "position"].into_iter().find(|word| *word == name)
        })
    }) {
        found.push(word);
    }
    if found.is_empty() || found.len() > 1 && found.contains(&"none") { refuse() } else { Ok(found.contains(&"style")) }
}

/// The values of `font-stretch` that `font` may hold (CSS Fonts 4, 2.7).
pub(super) fn stretch(input: &mut Parser<'_>) -> Parsed<&'static str> {
    const WIDTHS: [&str; 8] = [
        "ultra-condensed",
        "extra-condensed",
        "condensed",
        "semi-condensed",
        "semi-expanded",
        "expanded",
        "extra-expanded",
        "ultra-expanded",
    ];
    keyword(input, |name| WIDTHS.into_iter().find(|width| *width == name))
}

#[derive(Clone, Copy)]
pub(super) enum Weight {
    Absolute(u16),
    Bolder,
    Lighter,
}

impl Weight {
    /// Relative weights (CSS Fonts 4, 2.2.1).
    pub(super) fn resolve(self, parent: u16) -> u16 {
        match self {
            Self::Absolute(weight) => weight,
            Self::Bolder => match parent {
                0..350 => 400,
                350..550 => 700,
                _ => 900.max(parent),
            },
            Self::Lighter => match parent {
                0..550 => 100.min(parent),
                550..750 => 400,
                _ => 700,
            },
        }
    }
}

pub(super) fn weight(input: &mut Parser<'_>) -> Parsed<Weight> {
    if let Ok(value) = input.try_parse(number) {
        return if (1.0..=1000.0).contains(&value) { Ok(Weight::Absolute(value as u16)) } else { refuse() };
    }
    match input.next()?.clone() {
        Token::Ident(name) => match name.to_ascii_lowercase().as_str() {
            "normal" => Ok(Weight::Absolute(400)),
            "bold" => Ok(Weight::Absolute(700)),
            "bolder" => Ok(Weight::Bolder),
            "lighter" => Ok(Weight::Lighter),
            _ => refuse(),
        },
        _ => refuse(),
    }
}

pub(super) fn caps(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
    keyword(input, |name| {
        Some(match name {
            "normal" => [].into(),
            "small-caps" => [(*b"smcp", 1)].into(),
            "all-small-caps" => [(*b"c2sc", 1), (*b"smcp", 1)].into(),
            _ => return None,
        })
    })
}

pub(super) fn numeric(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
    let mut normal = false;
    let mut features = Vec::new();
    while !input.is_exhausted() {
        let found = input.try_parse(|input| {
            keyword(input, |name| {
                Some(match name {
                    "normal" => None,
                    "lining-nums" => Some(*b"lnum"),
                    "oldstyle-nums" => Some(*b"onum"),
                    "proportional-nums" => Some(*b"pnum"),
                    "tabular-nums" => Some(*b"tnum"),
                    "diagonal-fractions" => Some(*b"frac"),
                    "ordinal" => Some(*b"ordn"),
                    "slashed-zero" => Some(*b"zero"),
                    _ => return None,
                })
            })
        });
        let Ok(found) = found else { break };
        normal |= found.is_none();
        features.extend(found.map(|tag| (tag, 1)));
    }
    if features.is_empty() && !normal { refuse() } else { Ok(features.into()) }
}

/// `normal`, `none`, or kinds of ligatures and contextual forms.
pub(super) fn ligatures(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
    const COMMON: [[u8; 4]; 2] = [*b"liga", *b"clig"];
    let whole = |name: &str| match name {
        "normal" => Some(Arc::new([]) as Arc<[Feature]>),
        "none" => {
            let others = [*b"dlig", *b"hlig", *b"calt"];
            Some(COMMON.into_iter().chain(others).map(|tag| (tag, 0)).collect())
        }
        _ => None,
    };
    if let Ok(features) = input.try_parse(|input| keyword(input, whole)) {
        return Ok(features);
    }
    let kind = |name: &str| {
        let (name, value) = name.strip_prefix("no-").map_or((name, 1), |name| (name, 0));
        let tags: Vec<[u8; 4]> = match name {
            "common-ligatures" => COMMON.into(),
            "discretionary-ligatures" => vec![*b"dlig"],
            "historical-ligatures" => vec![*b"hlig"],
            "contextual" => vec![*b"calt"],
            _ => return None,
        };
        Some(tags.into_iter().map(move |tag| (tag, value)))
    };
    let mut features = Vec::new();
    while let Ok(found) = input.try_parse(|input| keyword(input, kind)) {
        features.extend(found);
    }
    if features.is_empty() { refuse() } else { Ok(features.into()) }
}

pub(super) fn feature_settings(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok([].into());
    }
    let feature = |input: &mut Parser<'_>| -> Parsed<Feature> {
        let tag: [u8; 4] = match input.expect_string()?.as_bytes().try_into() {
            Ok(tag) => tag,
            Err(_) => return refuse(),
        };
        let switch = |name: &str| match name {
            "on" => Some(1),
            "off" => Some(0),
            _ => None,
        };
        let value = input
            .try_parse(|input| keyword(input, switch))
            .or_else(|_| input.try_parse(|input| -> Parsed<u32> { Ok(input.expect_integer()?.unsigned_abs()) }));
        Ok((tag, value.unwrap_or(1)))
    };
    Ok(input.parse_comma_separated(feature)?.into())
}
