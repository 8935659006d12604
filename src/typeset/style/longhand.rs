//! The longhands: for each property how it is parsed, what it sets, and how it is inherited.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::computed::{
    BOTTOM, Break, Clear, Display, Feature, Float, LEFT, LineHeight, ObjectFit, RIGHT, Style, TOP, Transform,
    VerticalAlign,
};
use super::content::{self, ContentItem, StringSet};
use super::counter_style::CounterStyle;
use super::values::{ColorValue, Length, Parsed, Size, Units, keyword, refuse};
use crate::typeset::inline::{Align, Direction, WhiteSpace};

/// Sets a property of a style whose font size and direction are already known.
pub(crate) type Setter = Box<dyn Fn(&mut Style, &Context<'_>) + Send + Sync>;

/// What a setter may look at beside the style itself.
pub(crate) struct Context<'a> {
    pub(crate) parent: &'a Style,
    pub(crate) units: Units,
}

/// A property that is no shorthand.
pub(crate) struct Longhand {
    pub(crate) name: &'static str,
    pub(crate) inherited: bool,
    pub(crate) parse: fn(&mut Parser<'_>) -> Parsed<Setter>,
    pub(crate) copy: fn(&mut Style, &Style),
}

impl Longhand {
    /// Whether others depend on it, so that it is applied before them.
    pub(crate) fn is_early(&self) -> bool {
        matches!(self.name, "font-size" | "font-family" | "font-weight" | "font-style" | "direction")
    }
}

/// A property whose parsed value is its computed value, or (after `=>`) is resolved into it.
macro_rules! longhand {
    ($name:literal, $inherited:literal, [$($field:tt)+], $parse:expr) => {
        longhand!($name, $inherited, [$($field)+], $parse => |value, _style, _context| value.clone())
    };
    ($name:literal, $inherited:literal, [$($field:tt)+], $parse:expr =>
        |$value:ident, $style:ident, $context:ident| $resolve:expr) => {
        Longhand {
            name: $name,
            inherited: $inherited,
            parse: |input| {
                let parsed = $parse(input)?;
                Ok(Box::new(move |$style: &mut Style, $context: &Context<'_>| {
                    let $value = &parsed;
                    let resolved = $resolve;
                    $style.$($field)+ = resolved;
                }))
            },
            copy: |to, from| to.$($field)+ = from.$($field)+.clone(),
        }
    };
}

/// A logical property: one of two physical ones, by direction.
macro_rules! logical {
    ($name:literal, [$($list:tt)+], $ltr:expr, $rtl:expr, $parse:expr => |$value:ident, $context:ident| $resolve:expr) => {
        Longhand {
            name: $name,
            inherited: false,
            parse: |input| {
                let parsed = $parse(input)?;
                Ok(Box::new(move |style: &mut Style, $context: &Context<'_>| {
                    let $value = &parsed;
                    let side = if style.direction == Direction::Rtl { $rtl } else { $ltr };
                    style.$($list)+[side] = $resolve;
                }))
            },
            copy: |to, from| {
                let side = if to.direction == Direction::Rtl { $rtl } else { $ltr };
                to.$($list)+[side] = from.$($list)+[side].clone();
            },
        }
    };
}

macro_rules! border_part {
    ($name:literal, $ltr:expr, $rtl:expr, $part:ident, $parse:expr => |$value:ident, $context:ident| $resolve:expr) => {
        Longhand {
            name: $name,
            inherited: false,
            parse: |input| {
                let parsed = $parse(input)?;
                Ok(Box::new(move |style: &mut Style, $context: &Context<'_>| {
                    let $value = &parsed;
                    let side = if style.direction == Direction::Rtl { $rtl } else { $ltr };
                    style.border[side].$part = $resolve;
                }))
            },
            copy: |to, from| {
                let side = if to.direction == Direction::Rtl { $rtl } else { $ltr };
                to.border[side].$part = from.border[side].$part;
            },
        }
    };
}

macro_rules! side {
    ($margin:literal, $padding:literal, $width:literal, $visible:literal, $color:literal, $ltr:expr, $rtl:expr) => {
        [
            logical!($margin, [margin], $ltr, $rtl, size => |v, cx| to_size(*v, &cx.units)),
            logical!($padding, [padding], $ltr, $rtl, Length::parse_positive => |v, cx| v.resolve(&cx.units)),
            border_part!($width, $ltr, $rtl, width, border_width => |v, cx| v.resolve(&cx.units).pt),
            border_part!($visible, $ltr, $rtl, visible, border_style => |v, _cx| *v),
            border_part!($color, $ltr, $rtl, color, ColorValue::parse => |v, _cx| *v),
        ]
    };
}

const SIDES: [[Longhand; 5]; 8] = [
    side!("margin-top", "padding-top", "border-top-width", "border-top-style", "border-top-color", TOP, TOP),
    side!(
        "margin-right",
        "padding-right",
        "border-right-width",
        "border-right-style",
        "border-right-color",
        RIGHT,
        RIGHT
    ),
    side!(
        "margin-bottom",
        "padding-bottom",
        "border-bottom-width",
        "border-bottom-style",
        "border-bottom-color",
        BOTTOM,
        BOTTOM
    ),
    side!("margin-left", "padding-left", "border-left-width", "border-left-style", "border-left-color", LEFT, LEFT),
    side!(
        "margin-inline-start",
        "padding-inline-start",
        "border-inline-start-width",
        "border-inline-start-style",
        "border-inline-start-color",
        LEFT,
        RIGHT
    ),
    side!(
        "margin-inline-end",
        "padding-inline-end",
        "border-inline-end-width",
        "border-inline-end-style",
        "border-inline-end-color",
        RIGHT,
        LEFT
    ),
    side!(
        "margin-block-start",
        "padding-block-start",
        "border-block-start-width",
        "border-block-start-style",
        "border-block-start-color",
        TOP,
        TOP
    ),
    side!(
        "margin-block-end",
        "padding-block-end",
        "border-block-end-width",
        "border-block-end-style",
        "border-block-end-color",
        BOTTOM,
        BOTTOM
    ),
];

const TEXT: &[Longhand] = &[
    longhand!("color", true, [color], ColorValue::parse => |v, _style, cx| v.of(cx.parent.color)),
    longhand!("font-family", true, [families], families),
    longhand!("font-size", true, [font_size], font_size => |v, _style, cx| v.resolve(cx)),
    longhand!("font-weight", true, [weight], weight => |v, _style, cx| v.resolve(cx.parent.weight)),
    longhand!("font-style", true, [italic], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "normal" => Some(false),
        "italic" | "oblique" => Some(true),
        _ => None,
    })),
    longhand!("font-variant-caps", true, [caps], caps),
    longhand!("font-variant-numeric", true, [numeric], numeric),
    longhand!("font-feature-settings", true, [features], feature_settings),
    longhand!("line-height", true, [line_height], line_height => |v, style, cx| match v {
        ParsedLineHeight::Keep(height) => *height,
        ParsedLineHeight::Length(length) => LineHeight::Points(length.resolve(&cx.units).of(style.font_size)),
    }),
    longhand!("text-align", true, [align], align),
    longhand!("text-align-last", true, [align_last], align_last),
    longhand!("text-indent", true, [indent], Length::parse => |v, _style, cx| v.resolve(&cx.units)),
    longhand!("text-transform", true, [transform], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => Transform::None,
        "uppercase" => Transform::Uppercase,
        "lowercase" => Transform::Lowercase,
        "capitalize" => Transform::Capitalize,
        _ => return None,
    }))),
    longhand!("letter-spacing", true, [letter_spacing], spacing => |v, style, cx| v.resolve(&cx.units).of(style.font_size)),
    longhand!("word-spacing", true, [word_spacing], spacing => |v, style, cx| v.resolve(&cx.units).of(style.font_size)),
    longhand!("white-space", true, [white_space], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "normal" => WhiteSpace::Normal,
        "nowrap" => WhiteSpace::Nowrap,
        "pre" => WhiteSpace::Pre,
        "pre-wrap" | "break-spaces" => WhiteSpace::PreWrap,
        "pre-line" => WhiteSpace::PreLine,
        _ => return None,
    }))),
    longhand!("hyphens", true, [hyphenate], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "auto" => Some(true),
        "manual" | "none" => Some(false),
        _ => None,
    })),
    longhand!("overflow-wrap", true, [break_anywhere], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "normal" => Some(false),
        "anywhere" | "break-word" => Some(true),
        _ => None,
    })),
    longhand!("text-decoration-line", true, [underline], |input: &mut Parser<'_>| text_decoration(input).map(|d| d.0)),
    longhand!("-masthead-line-through", true, [line_through], |input: &mut Parser<'_>| text_decoration(input)
        .map(|d| d.1)),
    longhand!("direction", true, [direction], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "ltr" => Some(Direction::Ltr),
        "rtl" => Some(Direction::Rtl),
        _ => None,
    })),
    longhand!("vertical-align", false, [vertical_align], vertical_align => |v, _style, cx| match v {
        ParsedVerticalAlign::Keep(align) => *align,
        ParsedVerticalAlign::Length(length) => VerticalAlign::Raise(length.resolve(&cx.units)),
    }),
];

const BOXES: &[Longhand] = &[
    longhand!("display", false, [display], display),
    longhand!("float", false, [float], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => (Float::None, Float::None),
        "left" => (Float::Left, Float::Left),
        "right" => (Float::Right, Float::Right),
        "inline-start" => (Float::Left, Float::Right),
        "inline-end" => (Float::Right, Float::Left),
        _ => return None,
    })) => |v, _style, cx| if cx.parent.direction == Direction::Rtl { v.1 } else { v.0 }),
    longhand!("clear", false, [clear], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => (Clear::None, Clear::None),
        "left" => (Clear::Left, Clear::Left),
        "right" => (Clear::Right, Clear::Right),
        "both" => (Clear::Both, Clear::Both),
        "inline-start" => (Clear::Left, Clear::Right),
        "inline-end" => (Clear::Right, Clear::Left),
        _ => return None,
    })) => |v, _style, cx| if cx.parent.direction == Direction::Rtl { v.1 } else { v.0 }),
    longhand!("background-color", false, [background], ColorValue::parse),
    longhand!("width", false, [width], positive_size => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("height", false, [height], positive_size => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("min-width", false, [min_width], positive_size => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("min-height", false, [min_height], positive_size => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("max-width", false, [max_width], maximum => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("max-height", false, [max_height], maximum => |v, _style, cx| to_size(*v, &cx.units)),
    longhand!("box-sizing", false, [border_box], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "content-box" => Some(false),
        "border-box" => Some(true),
        _ => None,
    })),
    longhand!("object-fit", false, [object_fit], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "fill" => Some(ObjectFit::Fill),
        "contain" | "scale-down" => Some(ObjectFit::Contain),
        _ => None,
    })),
    longhand!("visibility", true, [hidden], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "visible" => Some(false),
        "hidden" | "collapse" => Some(true),
        _ => None,
    })),
    longhand!("list-style-type", true, [list_marker], |input: &mut Parser<'_>| match input.next()?.clone() {
        Token::QuotedString(text) => Ok(CounterStyle::Text(text.to_string())),
        Token::Ident(name) => CounterStyle::named(&name.to_ascii_lowercase()).map_or_else(refuse, Ok),
        _ => refuse(),
    }),
    longhand!("list-style-position", true, [list_inside], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "outside" => Some(false),
        "inside" => Some(true),
        _ => None,
    })),
    longhand!("border-collapse", true, [border_collapse], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "separate" => Some(false),
        "collapse" => Some(true),
        _ => None,
    })),
    longhand!("border-spacing", true, [border_spacing], border_spacing => |v, _style, cx| (v.0.resolve(&cx.units).pt, v.1.resolve(&cx.units).pt)),
    longhand!("caption-side", true, [caption_bottom], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "top" => Some(false),
        "bottom" => Some(true),
        _ => None,
    })),
    longhand!("table-layout", false, [table_fixed], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "auto" => Some(false),
        "fixed" => Some(true),
        _ => None,
    })),
];

const PAGED: &[Longhand] = &[
    longhand!("orphans", true, [orphans], count),
    longhand!("widows", true, [widows], count),
    longhand!("break-before", false, [break_before], page_break),
    longhand!("break-after", false, [break_after], page_break),
    longhand!("break-inside", false, [break_inside_avoid], |input: &mut Parser<'_>| keyword(
        input,
        |name| match name {
            "auto" => Some(false),
            "avoid" | "avoid-page" | "avoid-column" => Some(true),
            _ => None,
        }
    )),
    longhand!("content", false, [content], generated_content),
    longhand!("counter-reset", false, [counter_reset], |input: &mut Parser<'_>| counters(input, 0)),
    longhand!("counter-increment", false, [counter_increment], |input: &mut Parser<'_>| counters(input, 1)),
    longhand!("counter-set", false, [counter_set], |input: &mut Parser<'_>| counters(input, 0)),
    longhand!("string-set", false, [string_set], string_set),
    longhand!("bookmark-level", false, [bookmark_level], bookmark_level),
    longhand!("bookmark-label", false, [bookmark_label], bookmark_label),
    longhand!("size", false, [page_size], page_size => |v, _style, cx| Some(v.resolve(&cx.units))),
];

/// The longhand with this (lower-case) name; older spellings are known too.
pub(crate) fn find(name: &str) -> Option<&'static Longhand> {
    let name = match name {
        "word-wrap" => "overflow-wrap",
        "page-break-before" => "break-before",
        "page-break-after" => "break-after",
        "page-break-inside" => "break-inside",
        "inline-size" => "width",
        "block-size" => "height",
        "max-inline-size" => "max-width",
        "max-block-size" => "max-height",
        "min-inline-size" => "min-width",
        "min-block-size" => "min-height",
        "-webkit-hyphens" => "hyphens",
        name => name,
    };
    all().find(|longhand| longhand.name == name)
}

/// Every longhand.
pub(crate) fn all() -> impl Iterator<Item = &'static Longhand> {
    const { &SIDES }.iter().flatten().chain(TEXT).chain(BOXES).chain(PAGED)
}

fn size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse(input).map(Some)
}

fn positive_size(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

fn maximum(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

fn to_size(length: Option<Length>, units: &Units) -> Size {
    length.map_or(Size::Auto, |length| Size::Of(length.resolve(units)))
}

fn spacing(input: &mut Parser<'_>) -> Parsed<Length> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(Length::default());
    }
    Length::parse(input)
}

fn border_width(input: &mut Parser<'_>) -> Parsed<Length> {
    let named = |name: &str| match name {
        "thin" => Some(Length::points(0.75)),
        "medium" => Some(Length::points(2.25)),
        "thick" => Some(Length::points(3.75)),
        _ => None,
    };
    input.try_parse(|input| keyword(input, named)).or_else(|_| Length::parse_positive(input))
}

/// Whether a border is seen; every visible style is drawn solid.
fn border_style(input: &mut Parser<'_>) -> Parsed<bool> {
    keyword(input, |name| match name {
        "none" | "hidden" => Some(false),
        "solid" | "dotted" | "dashed" | "double" | "groove" | "ridge" | "inset" | "outset" => Some(true),
        _ => None,
    })
}

fn families(input: &mut Parser<'_>) -> Parsed<Arc<[String]>> {
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
enum FontSize {
    Length(Length),
    Scale(f32),
}

impl FontSize {
    fn resolve(self, context: &Context<'_>) -> f32 {
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

fn font_size(input: &mut Parser<'_>) -> Parsed<FontSize> {
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
enum Weight {
    Absolute(u16),
    Bolder,
    Lighter,
}

impl Weight {
    /// Relative weights (CSS Fonts 4, 2.2.1).
    fn resolve(self, parent: u16) -> u16 {
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

fn weight(input: &mut Parser<'_>) -> Parsed<Weight> {
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

fn caps(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
    keyword(input, |name| {
        Some(match name {
            "normal" => [].into(),
            "small-caps" => [(*b"smcp", 1)].into(),
            "all-small-caps" => [(*b"c2sc", 1), (*b"smcp", 1)].into(),
            _ => return None,
        })
    })
}

fn numeric(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
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

fn feature_settings(input: &mut Parser<'_>) -> Parsed<Arc<[Feature]>> {
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

enum ParsedLineHeight {
    Keep(LineHeight),
    Length(Length),
}

fn line_height(input: &mut Parser<'_>) -> Parsed<ParsedLineHeight> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(ParsedLineHeight::Keep(LineHeight::Normal));
    }
    if let Ok(number) = input.try_parse(cssparser::Parser::expect_number) {
        return if number >= 0.0 { Ok(ParsedLineHeight::Keep(LineHeight::Number(number))) } else { refuse() };
    }
    Length::parse_positive(input).map(ParsedLineHeight::Length)
}

fn align(input: &mut Parser<'_>) -> Parsed<Align> {
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
fn text_decoration(input: &mut Parser<'_>) -> Parsed<(bool, bool)> {
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

enum ParsedVerticalAlign {
    Keep(VerticalAlign),
    Length(Length),
}

fn vertical_align(input: &mut Parser<'_>) -> Parsed<ParsedVerticalAlign> {
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

fn display(input: &mut Parser<'_>) -> Parsed<Display> {
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

fn count(input: &mut Parser<'_>) -> Parsed<usize> {
    match usize::try_from(input.expect_integer()?) {
        Ok(count) if count > 0 => Ok(count),
        _ => refuse(),
    }
}

fn page_break(input: &mut Parser<'_>) -> Parsed<Break> {
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
struct ParsedPageSize {
    size: Result<(f32, f32), (Length, Length)>,
    landscape: Option<bool>,
}

impl ParsedPageSize {
    fn resolve(&self, units: &Units) -> (f32, f32) {
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

fn page_size(input: &mut Parser<'_>) -> Parsed<ParsedPageSize> {
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

fn border_spacing(input: &mut Parser<'_>) -> Parsed<(Length, Length)> {
    let x = Length::parse_positive(input)?;
    Ok((x, input.try_parse(Length::parse_positive).unwrap_or(x)))
}

fn generated_content(input: &mut Parser<'_>) -> Parsed<Option<Arc<[ContentItem]>>> {
    Ok(content::parse_content(input)?.map(Into::into))
}

fn counters(input: &mut Parser<'_>, default: i32) -> Parsed<Arc<[(String, i32)]>> {
    Ok(content::parse_counters(input, default)?.into())
}

fn string_set(input: &mut Parser<'_>) -> Parsed<Arc<[StringSet]>> {
    Ok(content::parse_string_set(input)?.into())
}

fn align_last(input: &mut Parser<'_>) -> Parsed<Option<Align>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    align(input).map(Some)
}

fn bookmark_level(input: &mut Parser<'_>) -> Parsed<Option<u8>> {
    if input.try_parse(|input| keyword(input, |name| (name == "none").then_some(()))).is_ok() {
        return Ok(None);
    }
    match u8::try_from(input.expect_integer()?) {
        Ok(level) if level > 0 => Ok(Some(level)),
        _ => refuse(),
    }
}

fn bookmark_label(input: &mut Parser<'_>) -> Parsed<Option<Arc<[ContentItem]>>> {
    Ok(Some(content::parse_list(input)?.into()))
}
