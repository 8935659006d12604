//! The computed styles of pages and of the boxes in their margins.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cascade::{Basis, Block, PageAreas};
use super::computed::{BOTTOM, Border, LEFT, LineStyle, RIGHT, Style, TOP, VerticalAlign};
use super::content;
use super::declaration::Declaration;
use super::page_rule::{MarginBox, PageKind, PageRule};
use super::sheet::{Origin, Sheets};
use super::values::ColorValue;
use crate::typeset::display::{Color, Rect};
use crate::typeset::inline::{Align, Hyphens};

/// A4, in points.
const DEFAULT_SIZE: (f32, f32) = (595.275_6, 841.889_8);
/// The margins of a page where no rule sets any: 20 mm.
const DEFAULT_MARGIN: f32 = 56.692_9;

/// How one kind of page looks.
#[derive(Clone, Debug)]
pub(crate) struct PageStyle {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// The page area: where the text stands.
    pub(crate) area: Rect,
    pub(crate) style: Style,
    pub(crate) boxes: BTreeMap<MarginBox, Style>,
    /// The area that footnotes stand in.
    pub(crate) footnote: Style,
}

impl PageStyle {
    /// The number of a page, after one with that number: what the page counter is once `@page` has reset, raised and
    /// set it; where nothing raises it, by 1 (CSS Paged Media 3, 6.1).
    pub(crate) fn number(&self, previous: i32) -> i32 {
        let of_page = |counters: &[(String, i32)]| {
            counters.iter().rev().find(|(name, _)| name == "page").map(|(_, number)| *number)
        };
        let from = of_page(&self.style.counter_reset).unwrap_or(previous);
        let raised = from.saturating_add(of_page(&self.style.counter_increment).unwrap_or(1));
        of_page(&self.style.counter_set).unwrap_or(raised)
    }

    /// What the borders of the page go round; margin boxes stand outside of it (CSS Paged Media 3, 5).
    pub(crate) fn border_box(&self) -> Rect {
        let edge = |side: usize, base: f32| self.style.padding[side].of(base) + self.style.border[side].used();
        let (left, top) = (edge(LEFT, self.width), edge(TOP, self.height));
        Rect {
            x: self.area.x - left,
            y: self.area.y - top,
            width: left + self.area.width + edge(RIGHT, self.width),
            height: top + self.area.height + edge(BOTTOM, self.height),
        }
    }
}

/// Computes the style of one kind of page, `names` being those of pages; the page context inherits from `root`.
pub(crate) fn compute(
    sheets: &Sheets,
    kind: PageKind,
    names: &[Arc<str>],
    root: &Style,
    font_units: &dyn Fn(&Style) -> (f32, f32),
) -> PageStyle {
    let rank = |rule: &PageRule| sheets.layers.rank(rule.layer);
    let mut matching: Vec<(u32, &PageRule)> =
        sheets.pages.iter().filter_map(|rule| Some((rule.matches(kind, names)?, rule))).collect();
    matching.sort_by_key(|(specificity, rule)| (rank(rule), *specificity));
    let matching: Vec<&PageRule> = matching.into_iter().map(|(_, rule)| rule).collect();
    let block = |rule, declarations| Block { rank: rank(rule), ..Block::new(Origin::Author, declarations) };
    let declarations: Vec<Block<'_>> = matching.iter().map(|rule| block(rule, &rule.declarations)).collect();
    let counter_styles = &sheets.counter_styles;
    let named = BTreeMap::new();
    let pages = PageAreas { usual: DEFAULT_SIZE, first: DEFAULT_SIZE, named: &named };
    let basis = Basis { pages, root_size: root.font_size, font_units, counter_styles, begins: false };
    let mut parent = Style { direction: root.direction, ..Style::inherited(root) };
    parent.hyphens = Hyphens::Manual;
    let first = basis.style(&parent, &declarations, Some(root.direction));
    let (width, height) = first.page_size.unwrap_or(DEFAULT_SIZE);
    let basis = Basis { pages: PageAreas { usual: (width, height), ..pages }, ..basis };
    let style = with_default_margins(&basis, &parent, &declarations);
    let area = page_area(&style, width, height);
    let mut boxes: BTreeMap<MarginBox, Vec<Block<'_>>> = BTreeMap::new();
    for rule in &matching {
        for (name, declarations) in &rule.boxes {
            boxes.entry(*name).or_default().push(block(rule, declarations));
        }
    }
    let boxes = boxes.into_iter().map(|(name, declarations)| (name, margin_box(&basis, &style, name, &declarations)));
    let own: Vec<Block<'_>> = matching.iter().map(|rule| block(rule, &rule.footnote)).collect();
    let footnote = footnote_area(&basis, &style, &own);
    PageStyle { width, height, area, boxes: boxes.collect(), footnote, style }
}

/// Width and height of the page area of each name that rules mean.
pub(crate) fn named_areas(
    sheets: &Sheets,
    font_units: &dyn Fn(&Style) -> (f32, f32),
) -> BTreeMap<Arc<str>, (f32, f32)> {
    let names: BTreeSet<Arc<str>> =
        sheets.pages.iter().flat_map(|rule| &rule.selectors).filter_map(|selector| selector.name.clone()).collect();
    let names: Vec<Arc<str>> = names.into_iter().collect();
    let area = |(at, name): (usize, &Arc<str>)| {
        let kind = PageKind { right: true, name: u16::try_from(at + 1).ok()?, ..PageKind::default() };
        let area = compute(sheets, kind, &names, &Style::default(), font_units).area;
        Some((Arc::clone(name), (area.width, area.height)))
    };
    names.iter().enumerate().filter_map(area).collect()
}

/// The area of footnotes: a hairline above it where no rule says otherwise.
fn footnote_area(basis: &Basis<'_>, page: &Style, declarations: &[Block<'_>]) -> Style {
    let defaults = [("margin-top", ".8em"), ("padding-top", ".4em"), ("border-top", ".5pt solid #999")];
    let defaults: Vec<Declaration> = defaults
        .iter()
        .flat_map(|(name, value)| {
            super::declaration::parse(name, &mut cssparser::Parser::new(value)).unwrap_or_default()
        })
        .collect();
    let mut all: Vec<Block<'_>> = vec![Block::new(Origin::UserAgent, &defaults)];
    all.extend_from_slice(declarations);
    basis.style(page, &all, Some(page.direction))
}

/// Margins that nobody set are not zero on paper: the default stands before all rules.
fn with_default_margins(basis: &Basis<'_>, parent: &Style, declarations: &[Block<'_>]) -> Style {
    let mut css = cssparser::Parser::new("56.6929pt");
    let defaults = super::declaration::parse("margin", &mut css).unwrap_or_default();
    let mut all: Vec<Block<'_>> = vec![Block::new(Origin::UserAgent, &defaults)];
    all.extend_from_slice(declarations);
    basis.style(parent, &all, Some(parent.direction))
}

fn page_area(style: &Style, width: f32, height: f32) -> Rect {
    let edge = |side: usize, base: f32| {
        style.margin[side].of(base).unwrap_or(DEFAULT_MARGIN).max(0.0)
            + style.padding[side].of(base)
            + style.border[side].used()
    };
    let (left, right) = (edge(LEFT, width), edge(RIGHT, width));
    let (top, bottom) = (edge(TOP, height), edge(BOTTOM, height));
    // A page whose margins leave no room keeps a strip to set text in.
    let least = 10.0;
    Rect {
        x: left.min((width - least).max(0.0)),
        y: top.min((height - least).max(0.0)),
        width: (width - left - right).max(least),
        height: (height - top - bottom).max(least),
    }
}

fn margin_box(basis: &Basis<'_>, page: &Style, name: MarginBox, declarations: &[Block<'_>]) -> Style {
    let none = Border { width: 0.0, line: LineStyle::None, color: ColorValue::Current };
    let mut parent = page.clone();
    // What the page has is in the colours that it hands on.
    parent.opacity = 1.0;
    parent.border = [none; 4];
    parent.background = ColorValue::Of(Color::TRANSPARENT);
    let (align, vertical) = default_alignment(name);
    parent.align = align;
    parent.indent = super::values::LengthPercentage::default();
    let mut style = basis.style(&parent, declarations, Some(page.direction));
    if style.vertical_align == VerticalAlign::Baseline {
        style.vertical_align = vertical;
    }
    style.content = style.content.map(|items| content::of_page(&items).into());
    if style.is_faded() { style.faded() } else { style }
}

/// CSS Paged Media 3, 5.3.
fn default_alignment(name: MarginBox) -> (Align, VerticalAlign) {
    use MarginBox as B;
    let align = match name {
        B::TopLeft | B::BottomLeft | B::TopRightCorner | B::BottomRightCorner => Align::Left,
        B::TopRight | B::BottomRight | B::TopLeftCorner | B::BottomLeftCorner => Align::Right,
        _ => Align::Center,
    };
    let vertical = match name {
        B::LeftTop | B::RightTop => VerticalAlign::Top,
        B::LeftBottom | B::RightBottom => VerticalAlign::Bottom,
        _ => VerticalAlign::Middle,
    };
    (align, vertical)
}
