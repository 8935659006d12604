//! The longhands: for each property how it is parsed, what it sets, and how it is inherited.

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::colors;
use super::column_style::{column_count, column_fill, column_gap, column_span};
use super::computed::{
    BOTTOM, Clear, Float, FootnotePolicy, LEFT, ObjectFit, RIGHT, Style, TOP, Transform, UnicodeBidi, VerticalAlign,
    Visibility,
};
use super::content::{ContentItem, StringSet};
use super::counter_rule::{CounterStyles, parse_symbols};
use super::counter_style::CounterStyle;
use super::font_values::{caps, families, feature_settings, font_size, font_synthesis, ligatures, numeric, weight};
use super::opacity::opacity;
use super::page_size::page_size;
use super::property_values::{
    ParsedVerticalAlign, align_last, aspect_ratio, background_size, bookmark_label, bookmark_level, border_spacing,
    border_style, border_width, box_size, count, counters, display, font_style, generated_content, hyphenate_character,
    hyphenate_limits, initial_letter, line_break, line_height, margin, maximum, object_position, overflow, page_break,
    page_name, position, positive_size, quotes, size, spacing, string_set, tab_size, text_align, text_decoration,
    text_wrap, thickness, to_size, vertical_align, word_break,
};
use super::radius::{BOTTOM_LEFT, BOTTOM_RIGHT, TOP_LEFT, TOP_RIGHT, corner};
use super::unseen::{clip, clip_path, is_away, offset};
use super::values::{ColorValue, Length, LengthPercentage, Parsed, Units, keyword, refuse};
use crate::typeset::inline::{Direction, Hyphens, LineKind, WhiteSpace};

/// Sets a property of a style whose font size and direction are already known.
pub(crate) type Setter = Box<dyn Fn(&mut Style, &Context<'_>) + Send + Sync>;

/// What a setter may look at beside the style itself.
pub(crate) struct Context<'a> {
    pub(crate) parent: &'a Style,
    pub(crate) units: Units,
    pub(crate) counter_styles: &'a CounterStyles,
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
        matches!(
            self.name,
            "font-size"
                | "font-family"
                | "font-weight"
                | "font-style"
                | "direction"
                | "page"
                | "break-after"
                | "page-break-after"
        )
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
    ($name:literal, [$($list:tt)+], $ltr:expr, $rtl:expr, $parse:expr =>
        |$value:ident, $context:ident| $resolve:expr) => {
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

macro_rules! radius {
    ($name:literal, $ltr:expr, $rtl:expr) => {
        logical!($name, [radius], $ltr, $rtl, corner => |v, cx| v.each_ref().map(|part| part.resolve(&cx.units)))
    };
}

macro_rules! side {
    ($margin:literal, $padding:literal, $width:literal, $visible:literal, $color:literal, $ltr:expr, $rtl:expr) => {
        [
            logical!($margin, [margin], $ltr, $rtl, margin => |v, cx| to_size(v.as_ref(), &cx.units)),
            logical!($padding, [padding], $ltr, $rtl, Length::parse_size => |v, cx| v.to_padding(&cx.units)),
            border_part!($width, $ltr, $rtl, width, border_width => |v, cx| v.resolve(&cx.units).pt),
            border_part!($visible, $ltr, $rtl, line, border_style => |v, _cx| *v),
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
    longhand!("font-style", true, [italic], font_style),
    longhand!("font-variant-caps", true, [caps], caps),
    longhand!("font-variant-numeric", true, [numeric], numeric),
    longhand!("font-variant-ligatures", true, [ligatures], ligatures),
    longhand!("font-feature-settings", true, [features], feature_settings),
    longhand!("font-kerning", true, [kerning], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "auto" | "normal" => Some(true),
        "none" => Some(false),
        _ => None,
    })),
    longhand!("font-synthesis", true, [slants], font_synthesis),
    longhand!("font-synthesis-style", true, [slants], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "auto" | "oblique-only" => Some(true),
        "none" => Some(false),
        _ => None,
    })),
    longhand!("line-height", true, [line_height], line_height => |v, style, cx| v.resolve(style, cx)),
    Longhand {
        name: "text-align",
        inherited: true,
        parse: |input| {
            let parsed = text_align(input)?;
            Ok(Box::new(move |style: &mut Style, context: &Context<'_>| {
                (style.align, style.align_boxes) = parsed.resolve(context.parent);
            }))
        },
        copy: |to, from| (to.align, to.align_boxes) = (from.align, from.align_boxes),
    },
    longhand!("-masthead-align-boxes", true, [align_boxes], align_last),
    longhand!("-masthead-repeated-pages", true, [omits_repeated_pages], |input: &mut Parser<'_>| {
        keyword(input, |name| match name {
            "show" => Some(false),
            "omit" => Some(true),
            _ => None,
        })
    }),
    longhand!("text-align-last", true, [align_last], align_last),
    // Text that is moved off the screen has a picture in its place there, and nothing on paper.
    longhand!("text-indent", true, [indent], Length::parse =>
        |v, _style, cx| if is_away(v, &cx.units) { LengthPercentage::default() } else { v.resolve(&cx.units) }),
    longhand!("text-transform", true, [transform], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => Transform::None,
        "uppercase" => Transform::Uppercase,
        "lowercase" => Transform::Lowercase,
        "capitalize" => Transform::Capitalize,
        _ => return None,
    }))),
    longhand!("letter-spacing", true, [letter_spacing], spacing =>
        |v, style, cx| v.resolve(&cx.units).of(style.font_size)),
    longhand!("word-spacing", true, [word_spacing], spacing => |v, style, cx| v.resolve(&cx.units).of(style.font_size)),
    longhand!("white-space", true, [white_space], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "normal" => WhiteSpace::Normal,
        "nowrap" => WhiteSpace::Nowrap,
        "pre" => WhiteSpace::Pre,
        "pre-wrap" | "break-spaces" => WhiteSpace::PreWrap,
        "pre-line" => WhiteSpace::PreLine,
        _ => return None,
    }))),
    longhand!("hyphens", true, [hyphens], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "auto" => Some(Hyphens::Auto),
        "manual" => Some(Hyphens::Manual),
        "none" => Some(Hyphens::None),
        // In our own sheet: of names that programs read.
        "-masthead-soft" => Some(Hyphens::Soft),
        _ => None,
    })),
    longhand!("hyphenate-character", true, [hyphen], hyphenate_character),
    longhand!("hyphenate-limit-chars", true, [hyphen_limits], hyphenate_limits),
    longhand!("text-wrap", true, [text_wrap], text_wrap),
    longhand!("overflow-wrap", true, [break_anywhere], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "normal" => Some(false),
        "anywhere" | "break-word" => Some(true),
        _ => None,
    })),
    longhand!("word-break", true, [word_break], word_break),
    longhand!("line-break", true, [line_break], line_break),
    longhand!("text-decoration-line", false, [decoration.under], |input: &mut Parser<'_>| text_decoration(input)
        .map(|d| d.0)),
    longhand!("-masthead-line-through", false, [decoration.through], |input: &mut Parser<'_>| text_decoration(input)
        .map(|d| d.1)),
    longhand!("-masthead-overline", false, [decoration.over], |input: &mut Parser<'_>| text_decoration(input)
        .map(|d| d.2)),
    longhand!("text-decoration-color", false, [decoration.color], ColorValue::parse => |v, _style, _cx| match v {
        ColorValue::Of(color) => Some(*color),
        ColorValue::Current => None,
    }),
    longhand!("text-decoration-style", false, [decoration.kind], |input: &mut Parser<'_>| keyword(input, |name| {
        Some(match name {
            "solid" => LineKind::Solid,
            "double" => LineKind::Double,
            "dotted" => LineKind::Dotted,
            "dashed" => LineKind::Dashed,
            "wavy" => LineKind::Wavy,
            _ => return None,
        })
    })),
    longhand!("text-decoration-thickness", false, [decoration.thickness], thickness =>
        |v, style, cx| v.as_ref().map(|length| length.resolve(&cx.units).of(style.font_size))),
    longhand!("text-underline-offset", true, [decoration.offset], size =>
        |v, style, cx| v.as_ref().map(|length| length.resolve(&cx.units).of(style.font_size))),
    longhand!("tab-size", true, [tab_size], tab_size),
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
    longhand!("unicode-bidi", false, [unicode_bidi], |input: &mut Parser<'_>| keyword(input, |name| Some(
        match name {
            "normal" => UnicodeBidi::Normal,
            "embed" => UnicodeBidi::Embed,
            "isolate" => UnicodeBidi::Isolate,
            "bidi-override" => UnicodeBidi::Override,
            "isolate-override" => UnicodeBidi::IsolateOverride,
            _ => return None,
        }
    ))),
    longhand!("float", false, [float], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => (Float::None, Float::None),
        "left" => (Float::Left, Float::Left),
        "right" => (Float::Right, Float::Right),
        "inline-start" => (Float::Left, Float::Right),
        "inline-end" => (Float::Right, Float::Left),
        "footnote" => (Float::Footnote, Float::Footnote),
        _ => return None,
    })) => |v, _style, cx| if cx.parent.direction == Direction::Rtl { v.1 } else { v.0 }),
    longhand!("footnote-policy", false, [footnote_policy], |input: &mut Parser<'_>| keyword(input, |name| {
        Some(match name {
            "auto" => FootnotePolicy::Auto,
            "line" => FootnotePolicy::Line,
            "block" => FootnotePolicy::Block,
            _ => return None,
        })
    })),
    longhand!("clear", false, [clear], |input: &mut Parser<'_>| keyword(input, |name| Some(match name {
        "none" => (Clear::None, Clear::None),
        "left" => (Clear::Left, Clear::Left),
        "right" => (Clear::Right, Clear::Right),
        "both" => (Clear::Both, Clear::Both),
        "inline-start" => (Clear::Left, Clear::Right),
        "inline-end" => (Clear::Right, Clear::Left),
        _ => return None,
    })) => |v, _style, cx| if cx.parent.direction == Direction::Rtl { v.1 } else { v.0 }),
    longhand!("overflow", false, [overflow_hidden], overflow),
    longhand!("background-color", false, [background], ColorValue::parse),
    longhand!("background-image", false, [gradient], colors::gradient),
    longhand!("background-size", false, [background_is_part], background_size),
    longhand!("background-clip", false, [background_in_text], |input: &mut Parser<'_>| keyword(
        input,
        |name| match name {
            "text" => Some(true),
            "border-box" => Some(false),
            _ => None,
        }
    )),
    longhand!("width", false, [width], box_size => |v, _style, cx| v.to_size(&cx.units)),
    longhand!("height", false, [height], box_size => |v, _style, cx| v.to_size(&cx.units)),
    longhand!("min-width", false, [min_width], box_size => |v, _style, cx| v.to_size(&cx.units)),
    longhand!("min-height", false, [min_height], box_size => |v, _style, cx| v.to_size(&cx.units)),
    longhand!("max-width", false, [max_width], maximum => |v, _style, cx| to_size(v.as_ref(), &cx.units)),
    longhand!("max-height", false, [max_height], maximum => |v, _style, cx| to_size(v.as_ref(), &cx.units)),
    longhand!("box-sizing", false, [border_box], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "content-box" => Some(false),
        "border-box" => Some(true),
        _ => None,
    })),
    longhand!("object-fit", false, [object_fit], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "fill" => Some(ObjectFit::Fill),
        "contain" => Some(ObjectFit::Contain),
        "cover" => Some(ObjectFit::Cover),
        "none" => Some(ObjectFit::None),
        "scale-down" => Some(ObjectFit::ScaleDown),
        _ => None,
    })),
    longhand!("object-position", false, [object_position], object_position =>
        |v, _style, cx| v.each_ref().map(|side| side.resolve(&cx.units))),
    // What is around shines through as well.
    longhand!("opacity", true, [opacity], opacity => |own, _style, cx| own * cx.parent.opacity),
    longhand!("aspect-ratio", false, [aspect_ratio], aspect_ratio),
    longhand!("visibility", true, [visibility], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "visible" => Some(Visibility::Visible),
        "hidden" => Some(Visibility::Hidden),
        "collapse" => Some(Visibility::Collapse),
        _ => None,
    })),
    longhand!("list-style-type", true, [list_marker], |input: &mut Parser<'_>| match input.next()?.clone() {
        Token::QuotedString(text) => Ok(CounterStyle::Text(text.to_string())),
        Token::Ident(name) => Ok(CounterStyle::named(&name)),
        Token::Function(name) if name.eq_ignore_ascii_case("symbols") => input.parse_nested_block(parse_symbols),
        _ => refuse(),
    } => |v, _style, cx| cx.counter_styles.settle(v)),
    longhand!("list-style-position", true, [list_inside], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "outside" => Some(false),
        "inside" => Some(true),
        _ => None,
    })),
    longhand!("quotes", true, [quotes], quotes),
    longhand!("border-collapse", true, [border_collapse], |input: &mut Parser<'_>| keyword(input, |name| match name {
        "separate" => Some(false),
        "collapse" => Some(true),
        _ => None,
    })),
    longhand!("border-spacing", true, [border_spacing], border_spacing =>
        |v, _style, cx| (v.0.resolve(&cx.units).pt, v.1.resolve(&cx.units).pt)),
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

const COLUMNS: &[Longhand] = &[
    longhand!("column-count", false, [columns.count], column_count),
    longhand!("column-width", false, [columns.width], positive_size =>
        |v, _style, cx| v.as_ref().map(|length| length.resolve(&cx.units).pt)),
    longhand!("column-gap", false, [columns.gap], column_gap =>
        |v, _style, cx| v.as_ref().map(|length| length.resolve(&cx.units))),
    longhand!("column-rule-width", false, [columns.rule.width], border_width =>
        |v, _style, cx| v.resolve(&cx.units).pt),
    longhand!("column-rule-style", false, [columns.rule.line], border_style),
    longhand!("column-rule-color", false, [columns.rule.color], ColorValue::parse),
    longhand!("column-fill", false, [columns.fill], column_fill),
    longhand!("column-span", false, [columns.span], column_span),
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
    longhand!("page", true, [page], page_name => |v, _style, cx| v.clone().or_else(|| cx.parent.page.clone())),
    Longhand {
        name: "position",
        inherited: false,
        parse: |input| {
            let parsed = position(input)?;
            Ok(Box::new(move |style: &mut Style, _: &Context<'_>| {
                style.running.clone_from(&parsed.0);
                style.unseen.is_positioned = parsed.1;
            }))
        },
        copy: |to, from| {
            to.running.clone_from(&from.running);
            to.unseen.is_positioned = from.unseen.is_positioned;
        },
    },
    longhand!("clip", false, [unseen.clip], clip),
    longhand!("clip-path", false, [unseen.clip_path], clip_path),
    longhand!("top", false, [unseen.away[TOP]], offset =>
        |v, _style, cx| v.as_ref().is_some_and(|length| is_away(length, &cx.units))),
    longhand!("right", false, [unseen.away[RIGHT]], offset =>
        |v, _style, cx| v.as_ref().is_some_and(|length| is_away(length, &cx.units))),
    longhand!("bottom", false, [unseen.away[BOTTOM]], offset =>
        |v, _style, cx| v.as_ref().is_some_and(|length| is_away(length, &cx.units))),
    longhand!("left", false, [unseen.away[LEFT]], offset =>
        |v, _style, cx| v.as_ref().is_some_and(|length| is_away(length, &cx.units))),
    longhand!("initial-letter", false, [initial_letter], initial_letter),
    longhand!("content", false, [content], generated_content => |v, _style, cx| settled(v.as_deref(), cx)),
    longhand!("counter-reset", false, [counter_reset], |input: &mut Parser<'_>| counters(input, 0)),
    longhand!("counter-increment", false, [counter_increment], |input: &mut Parser<'_>| counters(input, 1)),
    longhand!("counter-set", false, [counter_set], |input: &mut Parser<'_>| counters(input, 0)),
    longhand!("string-set", false, [string_set], string_set => |v, _style, cx| {
        let set = |(name, items): &StringSet| (name.clone(), items.iter().map(|item| item.settled(cx.counter_styles)).collect());
        v.iter().map(set).collect()
    }),
    longhand!("bookmark-level", false, [bookmark_level], bookmark_level),
    longhand!("bookmark-label", false, [bookmark_label], bookmark_label => |v, _style, cx| settled(v.as_deref(), cx)),
    longhand!("size", false, [page_size], page_size => |v, _style, cx| Some(v.resolve(&cx.units))),
];

/// Content whose counter styles are those of the sheets.
fn settled(items: Option<&[ContentItem]>, context: &Context<'_>) -> Option<Arc<[ContentItem]>> {
    items.map(|items| items.iter().map(|item| item.settled(context.counter_styles)).collect())
}

/// The longhand with this (lower-case) name; older spellings are known too.
pub(crate) fn find(name: &str) -> Option<&'static Longhand> {
    let name = match name {
        "word-wrap" => "overflow-wrap",
        "overflow-x" | "overflow-y" | "overflow-inline" | "overflow-block" => "overflow",
        "text-wrap-style" => "text-wrap",
        "grid-column-gap" | "-webkit-column-gap" | "-moz-column-gap" => "column-gap",
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
        "-webkit-column-count" | "-moz-column-count" => "column-count",
        "-webkit-column-width" | "-moz-column-width" => "column-width",
        "-webkit-background-clip" => "background-clip",
        "-webkit-clip-path" => "clip-path",
        name => name,
    };
    all().find(|longhand| longhand.name == name)
}

/// The corners; each property is of one of two, by direction.
const CORNERS: &[Longhand] = &[
    radius!("border-top-left-radius", TOP_LEFT, TOP_LEFT),
    radius!("border-top-right-radius", TOP_RIGHT, TOP_RIGHT),
    radius!("border-bottom-right-radius", BOTTOM_RIGHT, BOTTOM_RIGHT),
    radius!("border-bottom-left-radius", BOTTOM_LEFT, BOTTOM_LEFT),
    radius!("border-start-start-radius", TOP_LEFT, TOP_RIGHT),
    radius!("border-start-end-radius", TOP_RIGHT, TOP_LEFT),
    radius!("border-end-end-radius", BOTTOM_RIGHT, BOTTOM_LEFT),
    radius!("border-end-start-radius", BOTTOM_LEFT, BOTTOM_RIGHT),
];

/// Every longhand.
pub(crate) fn all() -> impl Iterator<Item = &'static Longhand> {
    const { &SIDES }.iter().flatten().chain(TEXT).chain(BOXES).chain(CORNERS).chain(COLUMNS).chain(PAGED)
}
