//! How the values of single properties are written.

use std::sync::Arc;

use cssparser::Parser;

use super::computed::{Break, Display, LineHeight, VerticalAlign};
use super::content::{self, ContentItem, StringSet};
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
            "top" => VerticalAlign::Top,
            "middle" => VerticalAlign::Middle,
            "bottom" => VerticalAlign::Bottom,
            "text-top" => VerticalAlign::TextTop,
            "text-bottom" => VerticalAlign::TextBottom,
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

/// `page`: `auto` is none.
pub(super) fn page_name(input: &mut Parser<'_>) -> Parsed<Option<Arc<str>>> {
    let name = input.expect_ident_cloned()?;
    Ok((!name.eq_ignore_ascii_case("auto")).then(|| Arc::from(&*name)))
}

/// `position`, as far as it means anything here: `static`, or `running(name)`.
pub(super) fn running(input: &mut Parser<'_>) -> Parsed<Option<Arc<str>>> {
    if input.try_parse(|input| keyword(input, |name| (name == "static").then_some(()))).is_ok() {
        return Ok(None);
    }
    if !input.expect_function()?.eq_ignore_ascii_case("running") {
        return refuse();
    }
    input.parse_nested_block(|input| Ok(Some(Arc::from(&*input.expect_ident_cloned()?))))
}

/// `normal`, or how many lines tall; letters sink as far as they are tall.
pub(super) fn initial_letter(input: &mut Parser<'_>) -> Parsed<Option<f32>> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(None);
    }
    let lines = input.expect_number()?;
    let sink = input.try_parse(cssparser::Parser::expect_integer);
    let sinks = sink.map_or(lines.fract() == 0.0, |sink| (sink as f32 - lines).abs() < 0.01);
    if (1.0..=20.0).contains(&lines) && sinks { Ok(Some(lines)) } else { refuse() }
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
            "avoid" | "avoid-page" | "avoid-column" => Break::Avoid,
            "column" => Break::Column,
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
