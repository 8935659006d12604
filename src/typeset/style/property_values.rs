//! How the values of single properties are written.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::computed::{Break, Display, Feature, LineHeight, VerticalAlign};
use super::content::{self, ContentItem, StringSet};
use super::longhand::Context;
use super::values::{Length, Parsed, Size, Units, keyword, refuse};
use crate::typeset::inline::Align;

pub(super) fn size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse(input).map(Some)
}

pub(super) fn positive_size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

pub(super) fn maximum(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

pub(super) fn to_size(length: Option<Length>, units: &Units) -> Size {
    length.map_or(Size::Auto, |length| Size::Of(length.resolve(units)))
}

pub(super) fn spacing(input: &mut Parser<'_>) -> Parsed<Length> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(Length::default());
    }
    Length::parse(input)
}

pub(super) fn border_width(input: &mut Parser<'_>) -> Parsed<Length> {
    let named = |name: &str| match name {
        "thin" => Some(Length::points(0.75)),
        "medium" => Some(Length::points(2.25)),
        "thick" => Some(Length::points(3.75)),
        _ => None,
    };
    input.try_parse(|input| keyword(input, named)).or_else(|_| Length::parse_positive(input))
}

/// Whether a border is seen; every visible style is drawn solid.
pub(super) fn border_style(input: &mut Parser<'_>) -> Parsed<bool> {
    keyword(input, |name| match name {
        "none" | "hidden" => Some(false),
        "solid" | "dotted" | "dashed" | "double" | "groove" | "ridge" | "inset" | "outset" => Some(true),
        _ => None,
    })
}

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

#[derive(Clone, Copy)]
pub(super) enum FontSize {
    Length(Length),
    Scale(f32),
}

impl FontSize {
    pub(super) fn resolve(self, context: &Context<'_>) -> f32 {
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
    match input.next()?.clone() {
        Token::Number { value, .. } if (1.0..=1000.0).contains(&value) => Ok(Weight::Absolute(value as u16)),
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

pub(super) enum ParsedLineHeight {
    Keep(LineHeight),
    Length(Length),
}

pub(super) fn line_height(input: &mut Parser<'_>) -> Parsed<ParsedLineHeight> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(ParsedLineHeight::Keep(LineHeight::Normal));
    }
    if let Ok(number) = input.try_parse(cssparser::Parser::expect_number) {
        return if number >= 0.0 { Ok(ParsedLineHeight::Keep(LineHeight::Number(number))) } else { refuse() };
    }
    Length::parse_positive(input).map(ParsedLineHeight::Length)
}

pub(super) fn align(input: &mut Parser<'_>) -> Parsed<Align> {
    keyword(input, |name| {
        Some(match name {
            "start" | "match-parent" => Align::Start,
            "end" => Align::End,
            "left" => Align::Left,
            "right" => Align::Right,
            "center" => Align::Center,
            "justify" => Align::Justify,
            _ => return None,
        })
    })
}

/// Underline and line-through.
pub(super) fn text_decoration(input: &mut Parser<'_>) -> Parsed<(bool, bool)> {
    let mut lines = (false, false);
    let mut any = false;
    while !input.is_exhausted() {
        let known = input.try_parse(|input| {
            keyword(input, |name| match name {
                "none" | "overline" | "blink" => Some((false, false)),
                "underline" => Some((true, false)),
                "line-through" => Some((false, true)),
                _ => None,
            })
        });
        let Ok(line) = known else { break };
        lines = (lines.0 || line.0, lines.1 || line.1);
        any = true;
    }
    if any { Ok(lines) } else { refuse() }
}

pub(super) enum ParsedVerticalAlign {
    Keep(VerticalAlign),
    Length(Length),
}

pub(super) fn vertical_align(input: &mut Parser<'_>) -> Parsed<ParsedVerticalAlign> {
    let named = |name: &str| {
        Some(ParsedVerticalAlign::Keep(match name {
            "baseline" => VerticalAlign::Baseline,
            "top" | "text-top" => VerticalAlign::Top,
            "middle" => VerticalAlign::Middle,
            "bottom" | "text-bottom" => VerticalAlign::Bottom,
            "sub" => VerticalAlign::Sub,
            "super" => VerticalAlign::Super,
            _ => return None,
        }))
    };
    input.try_parse(|input| keyword(input, named)).or_else(|_| Length::parse(input).map(ParsedVerticalAlign::Length))
}

pub(super) fn display(input: &mut Parser<'_>) -> Parsed<Display> {
    keyword(input, |name| {
        Some(match name {
            "none" => Display::None,
            "contents" => Display::Contents,
            "inline" => Display::Inline,
            "inline-block" => Display::InlineBlock,
            "block" | "flow-root" => Display::Block,
            "list-item" => Display::ListItem,
            "table" | "inline-table" => Display::Table,
            "table-header-group" => Display::TableHeaderGroup,
            "table-row-group" => Display::TableRowGroup,
            "table-footer-group" => Display::TableFooterGroup,
            "table-row" => Display::TableRow,
            "table-cell" => Display::TableCell,
            "table-caption" => Display::TableCaption,
            "table-column" => Display::TableColumn,
            "table-column-group" => Display::TableColumnGroup,
            _ => return None,
        })
    })
}

pub(super) fn count(input: &mut Parser<'_>) -> Parsed<usize> {
    match usize::try_from(input.expect_integer()?) {
        Ok(count) if count > 0 => Ok(count),
        _ => refuse(),
    }
}

pub(super) fn page_break(input: &mut Parser<'_>) -> Parsed<Break> {
    keyword(input, |name| {
        Some(match name {
            "auto" => Break::Auto,
            "avoid" | "avoid-page" => Break::Avoid,
            "page" | "always" | "all" => Break::Page,
            "left" | "verso" => Break::Left,
            "right" | "recto" => Break::Right,
            _ => return None,
        })
    })
}

/// A page size as written: a paper or two lengths, perhaps turned.
pub(super) struct ParsedPageSize {
    size: Result<(f32, f32), (Length, Length)>,
    landscape: Option<bool>,
}

impl ParsedPageSize {
    pub(super) fn resolve(&self, units: &Units) -> (f32, f32) {
        let (w, h) = match self.size {
            Ok(size) => size,
            Err((w, h)) => (w.resolve(units).pt, h.resolve(units).pt),
        };
        let (w, h) = match self.landscape {
            Some(true) => (w.max(h), w.min(h)),
            Some(false) => (w.min(h), w.max(h)),
            None => (w, h),
        };
        // ISO 32000-2, Annex C: 3 to 14400 units.
        (w.clamp(3.0, 14_400.0), h.clamp(3.0, 14_400.0))
    }
}

pub(super) fn page_size(input: &mut Parser<'_>) -> Parsed<ParsedPageSize> {
    const MM: f32 = 72.0 / 25.4;
    let mut out = ParsedPageSize { size: Ok((210.0 * MM, 297.0 * MM)), landscape: None };
    if let Ok(width) = input.try_parse(Length::parse_positive) {
        let height = input.try_parse(Length::parse_positive).unwrap_or(width);
        out.size = Err((width, height));
    }
    while !input.is_exhausted() {
        let Ok(name) = input.try_parse(cssparser::Parser::expect_ident_cloned) else { break };
        match name.to_ascii_lowercase().as_str() {
            "auto" => {}
            "landscape" => out.landscape = Some(true),
            "portrait" => out.landscape = Some(false),
            "a3" => out.size = Ok((297.0 * MM, 420.0 * MM)),
            "a4" => out.size = Ok((210.0 * MM, 297.0 * MM)),
            "a5" => out.size = Ok((148.0 * MM, 210.0 * MM)),
            "b4" => out.size = Ok((250.0 * MM, 353.0 * MM)),
            "b5" => out.size = Ok((176.0 * MM, 250.0 * MM)),
            "jis-b4" => out.size = Ok((257.0 * MM, 364.0 * MM)),
            "jis-b5" => out.size = Ok((182.0 * MM, 257.0 * MM)),
            "letter" => out.size = Ok((612.0, 792.0)),
            "legal" => out.size = Ok((612.0, 1008.0)),
            "ledger" => out.size = Ok((792.0, 1224.0)),
            _ => return refuse(),
        }
    }
    Ok(out)
}

pub(super) fn border_spacing(input: &mut Parser<'_>) -> Parsed<(Length, Length)> {
    let x = Length::parse_positive(input)?;
    Ok((x, input.try_parse(Length::parse_positive).unwrap_or(x)))
}

pub(super) fn generated_content(input: &mut Parser<'_>) -> Parsed<Option<Arc<[ContentItem]>>> {
    Ok(content::parse_content(input)?.map(Into::into))
}

pub(super) fn counters(input: &mut Parser<'_>, default: i32) -> Parsed<Arc<[(String, i32)]>> {
    Ok(content::parse_counters(input, default)?.into())
}

pub(super) fn string_set(input: &mut Parser<'_>) -> Parsed<Arc<[StringSet]>> {
    Ok(content::parse_string_set(input)?.into())
}

pub(super) fn align_last(input: &mut Parser<'_>) -> Parsed<Option<Align>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    align(input).map(Some)
}

pub(super) fn bookmark_level(input: &mut Parser<'_>) -> Parsed<Option<u8>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(None);
    }
    match u8::try_from(input.expect_integer()?) {
        Ok(level) if level > 0 => Ok(Some(level)),
        _ => refuse(),
    }
}

pub(super) fn bookmark_label(input: &mut Parser<'_>) -> Parsed<Option<Arc<[ContentItem]>>> {
    Ok(Some(content::parse_list(input)?.into()))
}
