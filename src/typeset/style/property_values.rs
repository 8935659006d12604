//! How the values of single properties are written.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::computed::{Break, Display, LineHeight, LineStyle, Quotes, Style, VerticalAlign, WordBreak};
use super::content::{self, ContentItem, StringSet};
use super::lengths::{integer, number};
use super::longhand::Context;
use super::values::{Length, Parsed, Size, Units, keyword, refuse};
use crate::typeset::inline::{Align, LineBreak, TextWrap};

pub(super) fn size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse(input).map(Some)
}

/// A margin: `auto`, or a length.
pub(super) fn margin(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_margin(input).map(Some)
}

pub(super) fn positive_size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

/// Of a box: `auto`, or a length.
pub(super) enum BoxSize {
    Auto,
    Attribute,
    Of(Length),
}

impl BoxSize {
    pub(super) fn to_size(&self, units: &Units) -> Size {
        match self {
            Self::Auto => Size::Auto,
            Self::Attribute => Size::Attribute,
            Self::Of(length) => length.to_size(units),
        }
    }
}

pub(super) fn box_size(input: &mut Parser<'_>) -> Parsed<BoxSize> {
    let named = |name: &str| match name {
        "auto" => Some(BoxSize::Auto),
        "-masthead-attribute" => Some(BoxSize::Attribute),
        _ => None,
    };
    input.try_parse(|input| keyword(input, named)).or_else(|_| Length::parse_size(input).map(BoxSize::Of))
}

pub(super) fn maximum(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_size(input).map(Some)
}

pub(super) fn to_size(length: Option<&Length>, units: &Units) -> Size {
    length.map_or(Size::Auto, |length| length.to_size(units))
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

pub(super) fn border_style(input: &mut Parser<'_>) -> Parsed<LineStyle> {
    keyword(input, |name| {
        Some(match name {
            "none" => LineStyle::None,
            "hidden" => LineStyle::Hidden,
            "solid" => LineStyle::Solid,
            "dotted" => LineStyle::Dotted,
            "dashed" => LineStyle::Dashed,
            "double" => LineStyle::Double,
            "groove" => LineStyle::Groove,
            "ridge" => LineStyle::Ridge,
            "inset" => LineStyle::Inset,
            "outset" => LineStyle::Outset,
            _ => return None,
        })
    })
}

pub(super) enum ParsedLineHeight {
    Keep(LineHeight),
    Length(Length),
    /// A share of the font size where no author has said anything around; only HTML's own style sheet says so.
    UnlessSaid(f32),
}

impl ParsedLineHeight {
    pub(super) fn resolve(&self, style: &Style, context: &Context<'_>) -> LineHeight {
        match (self, context.parent.line_height) {
            (Self::Keep(height), _) => *height,
            (Self::Length(length), _) => LineHeight::Points(length.resolve(&context.units).of(style.font_size)),
            (Self::UnlessSaid(number), LineHeight::Unsaid) => LineHeight::Number(*number),
            (Self::UnlessSaid(_), around) => around,
        }
    }
}

pub(super) fn line_height(input: &mut Parser<'_>) -> Parsed<ParsedLineHeight> {
    let named = |name: &str| match name {
        "normal" => Some(LineHeight::Normal),
        "-masthead-unsaid" => Some(LineHeight::Unsaid),
        _ => None,
    };
    if let Ok(height) = input.try_parse(|input| keyword(input, named)) {
        return Ok(ParsedLineHeight::Keep(height));
    }
    if input.try_parse(|input| input.expect_ident_matching("-masthead-unless-said")).is_ok() {
        return number(input).map(ParsedLineHeight::UnlessSaid);
    }
    if let Ok(number) = input.try_parse(number) {
        return if number >= 0.0 { Ok(ParsedLineHeight::Keep(LineHeight::Number(number))) } else { refuse() };
    }
    Length::parse_positive(input).map(ParsedLineHeight::Length)
}

/// `text-align`, and what HTML's own style sheet says by it.
#[derive(Clone, Copy)]
pub(super) enum ParsedAlign {
    Of(Align),
    /// As around, but not justified.
    Ragged,
    /// In the middle, where nothing is said around (HTML, 15.3.8, of header cells).
    CentredUnlessSaid,
}

impl ParsedAlign {
    /// What it makes of the text, and of boxes that are narrower than the room.
    pub(super) fn resolve(self, parent: &Style) -> (Align, Option<Align>) {
        match (self, parent.align) {
            (Self::Of(align), _) => (align, None),
            (Self::Ragged, Align::Justify) => (Align::Start, parent.align_boxes),
            (Self::CentredUnlessSaid, Align::Start) => (Align::Center, None),
            (Self::Ragged | Self::CentredUnlessSaid, align) => (align, parent.align_boxes),
        }
    }
}

pub(super) fn text_align(input: &mut Parser<'_>) -> Parsed<ParsedAlign> {
    let own = |name: &str| match name {
        "-masthead-ragged" => Some(ParsedAlign::Ragged),
        "-masthead-center-unless-said" => Some(ParsedAlign::CentredUnlessSaid),
        _ => None,
    };
    input.try_parse(|input| keyword(input, own)).or_else(|_| align(input).map(ParsedAlign::Of))
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

/// Underline, line-through and overline.
pub(super) fn text_decoration(input: &mut Parser<'_>) -> Parsed<(bool, bool, bool)> {
    let mut lines = (false, false, false);
    let mut any = false;
    let named = |name: &str| match name {
        "none" | "blink" => Some((false, false, false)),
        "underline" => Some((true, false, false)),
        "line-through" => Some((false, true, false)),
        "overline" => Some((false, false, true)),
        _ => None,
    };
    while let Ok(line) = input.try_parse(|input| keyword(input, named)) {
        lines = (lines.0 || line.0, lines.1 || line.1, lines.2 || line.2);
        any = true;
    }
    if any { Ok(lines) } else { refuse() }
}

/// `auto` and `from-font` are none.
pub(super) fn thickness(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "from-font").then_some(()))).is_ok() {
        return Ok(None);
    }
    positive_size(input)
}

/// So many characters; lengths are refused.
pub(super) fn tab_size(input: &mut Parser<'_>) -> Parsed<u8> {
    u8::try_from(integer(input)?).or_else(|_| refuse())
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
            "block" => Display::Block,
            "flow-root" => Display::FlowRoot,
            "list-item" => Display::ListItem,
            "table" => Display::Table,
            "inline-table" => Display::InlineTable,
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

/// `position`, as far as it means anything here: what is taken out of the flow by `running(name)`, and whether the box is
/// `absolute` or `fixed`.
pub(super) fn position(input: &mut Parser<'_>) -> Parsed<(Option<Arc<str>>, bool)> {
    let named = |name: &str| match name {
        "static" => Some((None, false)),
        "absolute" | "fixed" => Some((None, true)),
        _ => None,
    };
    if let Ok(position) = input.try_parse(|input| keyword(input, named)) {
        return Ok(position);
    }
    if !input.expect_function()?.eq_ignore_ascii_case("running") {
        return refuse();
    }
    input.parse_nested_block(|input| Ok((Some(Arc::from(&*input.expect_ident_cloned()?)), false)))
}

/// `normal`, or how many lines tall; letters sink as far as they are tall.
pub(super) fn initial_letter(input: &mut Parser<'_>) -> Parsed<Option<f32>> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(None);
    }
    let lines = number(input)?;
    let sink = input.try_parse(integer);
    let sinks = sink.map_or(lines.fract() == 0.0, |sink| (sink as f32 - lines).abs() < 0.01);
    if (1.0..=20.0).contains(&lines) && sinks { Ok(Some(lines)) } else { refuse() }
}

/// One or two of `left`, `right`, `top`, `bottom`, `center`, lengths and shares, or two sides with a length from each: from
/// the left, and from the top.
pub(super) fn object_position(input: &mut Parser<'_>) -> Parsed<[Length; 2]> {
    /// How far along, and whether it can only be across or only be down.
    type Side = (Length, Option<bool>);
    let named = |name: &str| {
        Some(match name {
            "left" => (Length::share(0.0), Some(true)),
            "right" => (Length::share(1.0), Some(true)),
            "top" => (Length::share(0.0), Some(false)),
            "bottom" => (Length::share(1.0), Some(false)),
            "center" => (Length::share(0.5), None),
            _ => return None,
        })
    };
    let side = |input: &mut Parser<'_>| -> Parsed<Side> {
        input.try_parse(|input| keyword(input, named)).or_else(|_| Ok((Length::parse(input)?, None)))
    };
    let offset = |input: &mut Parser<'_>| -> Parsed<Side> {
        let (along, across) = keyword(input, named)?;
        let length = Length::parse(input)?;
        Ok((if along == Length::share(1.0) { length.reversed() } else { length }, across))
    };
    let four = |input: &mut Parser<'_>| -> Parsed<[Length; 2]> {
        match (offset(input)?, offset(input)?) {
            ((x, Some(true)), (y, Some(false))) | ((y, Some(false)), (x, Some(true))) => Ok([x, y]),
            _ => refuse(),
        }
    };
    if let Ok(sides) = input.try_parse(four) {
        return Ok(sides);
    }
    let first = side(input)?;
    let Ok(second) = input.try_parse(side) else {
        let middle = Length::share(0.5);
        return Ok(if first.1 == Some(false) { [middle, first.0] } else { [first.0, middle] });
    };
    match (first.1, second.1) {
        (Some(false), None | Some(true)) | (None, Some(true)) => Ok([second.0, first.0]),
        (Some(true), Some(true)) | (Some(false), Some(false)) => refuse(),
        _ => Ok([first.0, second.0]),
    }
}

/// `auto`, a ratio, or both (CSS Sizing 4, 5.1).
pub(super) fn aspect_ratio(input: &mut Parser<'_>) -> Parsed<Option<(f32, bool)>> {
    let auto = |input: &mut Parser<'_>| input.try_parse(|input| input.expect_ident_matching("auto")).is_ok();
    let before = auto(input);
    let Ok(width) = input.try_parse(number) else {
        return if before { Ok(None) } else { refuse() };
    };
    let has_height = input.try_parse(|input| input.expect_delim('/')).is_ok();
    let height = if has_height { number(input)? } else { 1.0 };
    let ratio = width / height;
    let is_auto = before || auto(input);
    if ratio > 0.0 && ratio.is_finite() { Ok(Some((ratio, is_auto))) } else { refuse() }
}

/// `auto`, `none`, or pairs of strings.
pub(super) fn quotes(input: &mut Parser<'_>) -> Parsed<Quotes> {
    let named = |name: &str| match name {
        "auto" => Some(Quotes::Auto),
        "none" => Some(Quotes::None),
        _ => None,
    };
    if let Ok(quotes) = input.try_parse(|input| keyword(input, named)) {
        return Ok(quotes);
    }
    let mut pairs = Vec::new();
    while let Ok(open) = input.try_parse(cssparser::Parser::expect_string_cloned) {
        pairs.push((open.to_string(), input.expect_string()?.to_string()));
    }
    if pairs.is_empty() { refuse() } else { Ok(Quotes::Of(pairs.into())) }
}

pub(super) fn word_break(input: &mut Parser<'_>) -> Parsed<WordBreak> {
    keyword(input, |name| match name {
        "normal" => Some(WordBreak::Normal),
        "keep-all" => Some(WordBreak::KeepAll),
        "break-all" => Some(WordBreak::BreakAll),
        "break-word" => Some(WordBreak::BreakWord),
        _ => None,
    })
}

pub(super) fn line_break(input: &mut Parser<'_>) -> Parsed<LineBreak> {
    keyword(input, |name| {
        Some(match name {
            "auto" => LineBreak::Auto,
            "strict" => LineBreak::Strict,
            "normal" => LineBreak::Normal,
            "loose" => LineBreak::Loose,
            "anywhere" => LineBreak::Anywhere,
            _ => return None,
        })
    })
}

/// `text-wrap`: which lines are to be chosen of those that are possible.
pub(super) fn text_wrap(input: &mut Parser<'_>) -> Parsed<TextWrap> {
    let wraps = input.try_parse(|input| input.expect_ident_matching("wrap")).is_ok();
    let style = input.try_parse(|input| {
        keyword(input, |name| match name {
            "balance" => Some(TextWrap::Balance),
            "pretty" => Some(TextWrap::Pretty),
            "auto" | "stable" => Some(TextWrap::Auto),
            _ => None,
        })
    });
    style.or_else(|error| if wraps { Ok(TextWrap::Auto) } else { Err(error) })
}

/// `background-size`: whether what lies behind the box only takes a part of it.
pub(super) fn background_size(input: &mut Parser<'_>) -> Parsed<bool> {
    let side = |input: &mut Parser<'_>| -> Parsed<bool> {
        let named = |name: &str| matches!(name, "auto" | "cover" | "contain").then_some(false);
        input.try_parse(|input| keyword(input, named)).or_else(|_| {
            let length = Length::parse_positive(input)?;
            Ok(length != Length::share(1.0))
        })
    };
    let mut is_part = side(input)?;
    loop {
        while let Ok(other) = input.try_parse(side) {
            is_part |= other;
        }
        if input.try_parse(cssparser::Parser::expect_comma).is_err() {
            return Ok(is_part);
        }
    }
}

/// `hyphenate-character`; `auto` is none.
pub(super) fn hyphenate_character(input: &mut Parser<'_>) -> Parsed<Option<Arc<str>>> {
    if input.try_parse(|input| input.expect_ident_matching("auto")).is_ok() {
        return Ok(None);
    }
    Ok(Some(Arc::from(&**input.expect_string()?)))
}

/// `hyphenate-limit-chars`: how long a word must be, and how much of it must stand before and after the hyphen.
pub(super) fn hyphenate_limits(input: &mut Parser<'_>) -> Parsed<[u8; 3]> {
    let one = |input: &mut Parser<'_>| -> Parsed<u8> {
        if input.try_parse(|input| input.expect_ident_matching("auto")).is_ok() {
            return Ok(0);
        }
        u8::try_from(input.expect_integer()?).or_else(|_| refuse())
    };
    let word = one(input)?;
    let before = input.try_parse(one).ok();
    let after = input.try_parse(one).ok().or(before);
    Ok([word, before.unwrap_or(0), after.unwrap_or(0)])
}

/// One or two of the values of `overflow`: whether floats stay inside.
pub(super) fn overflow(input: &mut Parser<'_>) -> Parsed<bool> {
    let one = |input: &mut Parser<'_>| {
        keyword(input, |name| match name {
            "visible" => Some(false),
            "hidden" | "clip" | "auto" | "scroll" => Some(true),
            _ => None,
        })
    };
    let first = one(input)?;
    Ok(input.try_parse(one).unwrap_or(first) || first)
}

/// `normal`, `italic`, or `oblique` by whatever angle.
pub(super) fn font_style(input: &mut Parser<'_>) -> Parsed<bool> {
    let slant = keyword(input, |name| match name {
        "normal" => Some((false, false)),
        "italic" => Some((true, false)),
        "oblique" => Some((true, true)),
        _ => None,
    })?;
    if slant.1 {
        let _ = input.try_parse(|input| match input.next()?.clone() {
            Token::Dimension { unit, .. } if matches!(&*unit.to_ascii_lowercase(), "deg" | "grad" | "rad" | "turn") => {
                Ok(())
            }
            _ => refuse(),
        });
    }
    Ok(slant.0)
}

pub(super) fn count(input: &mut Parser<'_>) -> Parsed<usize> {
    match usize::try_from(integer(input)?) {
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
            "left" => Break::Left,
            "right" => Break::Right,
            "recto" => Break::Recto,
            "verso" => Break::Verso,
            _ => return None,
        })
    })
}

pub(super) fn border_spacing(input: &mut Parser<'_>) -> Parsed<(Length, Length)> {
    let x = Length::parse_positive(input)?;
    let y = input.try_parse(Length::parse_positive).unwrap_or_else(|_| x.clone());
    Ok((x, y))
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
    match u8::try_from(integer(input)?) {
        Ok(level) if level > 0 => Ok(Some(level)),
        _ => refuse(),
    }
}

pub(super) fn bookmark_label(input: &mut Parser<'_>) -> Parsed<Option<Arc<[ContentItem]>>> {
    Ok(Some(content::parse_list(input)?.into()))
}
