//! The boxes in a page's margins (CSS Paged Media 3, 5).

use std::sync::Arc;

use unicode_script::{Script, UnicodeScript};

use super::margin_lines::{Content, MarginLines};
use super::margin_misfits::{self, Misfit};
use super::margin_sizes::{self, Axis, Wish, border_box, shares};
use super::paginate::PageDraft;
use crate::typeset::block::boxes::RunningElement;
use crate::typeset::block::build_running::running_string;
use crate::typeset::block::flow::Emitter;
use crate::typeset::block::letter_case::transformed;
use crate::typeset::block::text_style::{line_height, text_style};
use crate::typeset::block::widths::{horizontal_edges, used_width};
use crate::typeset::display::Rect;
use crate::typeset::inline::{self, Direction, Inline, Line, Paragraph, Room};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, Display, LEFT, RIGHT, TOP, VerticalAlign};
use crate::typeset::style::content::ContentItem;
use crate::typeset::style::page_rule::MarginBox;
use crate::typeset::style::values::Size;

/// A margin box that has been laid out.
pub(crate) struct PlacedMarginBox {
    pub(crate) rect: Rect,
    pub(crate) style: Style,
    /// The box of a running element inside of it.
    pub(crate) within: Option<(Rect, Arc<Style>)>,
    /// Lines with their top left corners.
    pub(crate) lines: Vec<(f32, f32, Line)>,
    /// What does not fit.
    pub(crate) misfits: Vec<Misfit>,
}

/// Lays out the margin boxes of a page, those anew that do not say what they `said` on the page before.
pub(crate) fn layout(
    page: &PageDraft,
    pages: usize,
    language: &Arc<str>,
    emitter: &mut Emitter<'_, '_, '_>,
    said: &mut MarginLines,
) -> Vec<PlacedMarginBox> {
    let filled: Vec<(MarginBox, &Style, Content)> = page
        .style
        .boxes
        .iter()
        .filter_map(|(name, style)| {
            let content = content(style, page, pages, language, &emitter.tree().running)?;
            Some((*name, style, content))
        })
        .collect();
    let mut boxes = Vec::with_capacity(filled.len());
    for edge in EDGES {
        let on_edge = edge.boxes.map(|name| filled.iter().find(|(own, _, _)| *own == name));
        let whole = edge_rect(edge, page);
        let room = if edge.axis == Axis::Across { whole.width } else { whole.height };
        let wishes = on_edge.map(|filled| {
            let (name, style, content) = filled?;
            let breadth = border_box(*name, whole, style).width;
            let make = || wish(style, content, language, (edge.axis, room, breadth), emitter);
            Some(said.wish((*name, &page.style), content, make))
        });
        for (filled, (from, length)) in on_edge.into_iter().zip(shares(wishes, room)) {
            let rect = match edge.axis {
                Axis::Across => Rect { x: whole.x + from, width: length, ..whole },
                Axis::Down => Rect { y: whole.y + from, height: length, ..whole },
            };
            boxes.extend(filled.map(|filled| (filled, rect)));
        }
    }
    boxes.extend(filled.iter().filter_map(|filled| Some((filled, corner_rect(filled.0, page)?))));
    let place = |((name, style, content), rect): (&(MarginBox, &Style, Content), Rect)| {
        place_box(page, (*name, border_box(*name, rect, style)), (style, content, language), emitter, said)
    };
    boxes.into_iter().map(place).collect()
}

/// What a page is called beside its own number: what is printed in its margin, roman numerals or letters, with the plain
/// text that is a part of it, as in "A-1". Digits of any script are the number itself.
pub(crate) fn label(page: &PageDraft) -> String {
    let own = page.number.to_string();
    let contents = page.style.boxes.values().filter_map(|style| style.content.as_deref());
    let printed = contents.into_iter().find_map(|items| {
        items.iter().enumerate().find_map(|(at, item)| match item {
            ContentItem::Counter { name, style } if name == "page" => Some((style, &items[..at], &items[at + 1..])),
            _ => None,
        })
    });
    let Some((style, before, after)) = printed else { return own };
    let number = Some(style.format(page.number)).filter(|label| label.chars().any(char::is_alphabetic));
    let number = number.unwrap_or(own);
    let before: String = attached(before.iter().rev(), |text| text.chars().rev().collect()).chars().rev().collect();
    let after = attached(after.iter(), str::to_owned);
    format!("{before}{number}{after}")
}

/// The plain text next to a number that is a part of it: up to white space, if letters or digits are in it. `read` gives a
/// text as it goes away from the number.
fn attached<'i>(items: impl Iterator<Item = &'i ContentItem>, read: impl Fn(&str) -> String) -> String {
    let mut word = String::new();
    for item in items {
        let ContentItem::Text(text) = item else { return String::new() };
        let text = read(text);
        let touching = text.split(char::is_whitespace).next().unwrap_or_default();
        word.push_str(touching);
        if touching.len() < text.len() {
            break;
        }
    }
    if word.chars().any(is_part_of_number) { word } else { String::new() }
}

/// Whether a character beside a number makes more than an ornament or a word of it: scripts without spaces set their word
/// for "page" there.
fn is_part_of_number(character: char) -> bool {
    let is_spaced = !matches!(character.script(), Script::Han | Script::Hiragana | Script::Katakana | Script::Hangul);
    character.is_alphanumeric() && is_spaced
}

/// Three boxes that share an edge of the page.
#[derive(Clone, Copy)]
struct Edge {
    boxes: [MarginBox; 3],
    /// The direction in which they share it.
    axis: Axis,
}

const EDGES: [Edge; 4] = [
    Edge { boxes: [MarginBox::TopLeft, MarginBox::TopCenter, MarginBox::TopRight], axis: Axis::Across },
    Edge { boxes: [MarginBox::BottomLeft, MarginBox::BottomCenter, MarginBox::BottomRight], axis: Axis::Across },
    Edge { boxes: [MarginBox::LeftTop, MarginBox::LeftMiddle, MarginBox::LeftBottom], axis: Axis::Down },
    Edge { boxes: [MarginBox::RightTop, MarginBox::RightMiddle, MarginBox::RightBottom], axis: Axis::Down },
];

fn edge_rect(edge: Edge, page: &PageDraft) -> Rect {
    let (style, area) = (&page.style, page.style.border_box());
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    match edge.boxes[0] {
        MarginBox::TopLeft => Rect { x: area.x, y: 0.0, width: area.width, height: area.y },
        MarginBox::BottomLeft => Rect { x: area.x, y: bottom, width: area.width, height: style.height - bottom },
        MarginBox::LeftTop => Rect { x: 0.0, y: area.y, width: area.x, height: area.height },
        _ => Rect { x: right, y: area.y, width: style.width - right, height: area.height },
    }
}

fn corner_rect(name: MarginBox, page: &PageDraft) -> Option<Rect> {
    let (style, area) = (&page.style, page.style.border_box());
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let (left_width, right_width) = (area.x, style.width - right);
    let (top_height, bottom_height) = (area.y, style.height - bottom);
    Some(match name {
        MarginBox::TopLeftCorner => Rect { x: 0.0, y: 0.0, width: left_width, height: top_height },
        MarginBox::TopRightCorner => Rect { x: right, y: 0.0, width: right_width, height: top_height },
        MarginBox::BottomLeftCorner => Rect { x: 0.0, y: bottom, width: left_width, height: bottom_height },
        MarginBox::BottomRightCorner => Rect { x: right, y: bottom, width: right_width, height: bottom_height },
        _ => return None,
    })
}

/// How long a box would like to be along its edge, `room` long, where it is so wide.
fn wish(
    style: &Style,
    content: &Content,
    language: &Arc<str>,
    (axis, room, breadth): (Axis, f32, f32),
    emitter: &mut Emitter<'_, '_, '_>,
) -> Wish {
    let paragraph = paragraph(style, content, language, emitter);
    let own = match axis {
        // A hair more, so that nothing is cut into lines for the sake of a rounding error.
        Axis::Across => {
            let (least, most) = inline::intrinsic_widths(&paragraph, emitter.shaper);
            (least + 1.0, most + 1.0)
        }
        Axis::Down => {
            let (_, width) = inner_room(style, content, breadth);
            let lines = inline::layout(&paragraph, emitter.shaper, &mut |_| Room { left: 0.0, width });
            let height = lines.iter().map(|line| line.height).sum::<f32>().max(paragraph.line_height);
            (height, height)
        }
    };
    let own = content.within.as_ref().map_or(own, |within| {
        let wish = margin_sizes::wish(within, axis, room, own);
        (wish.least, wish.length)
    });
    margin_sizes::wish(style, axis, room, own)
}

fn paragraph(style: &Style, content: &Content, language: &Arc<str>, emitter: &Emitter<'_, '_, '_>) -> Paragraph {
    let strut = Arc::new(text_style(style, language));
    Paragraph {
        content: content.inlines.clone(),
        direction: style.direction,
        align: content.within.as_ref().map_or(style.align, |within| within.align),
        align_last: style.align_last,
        indent: style.indent.pt,
        line_height: line_height(style, &strut, emitter.context.fonts),
        strut,
        first_line: Vec::new(),
        goes_on: false,
    }
}

/// The box of a running element in a margin box of this width, if that is what stands in it, and the width that its lines have.
fn inner_room(style: &Style, content: &Content, width: f32) -> (Option<Within>, f32) {
    let room = (width - margin_sizes::inner_edges(style, Axis::Across, width)).max(1.0);
    let within = content.within.as_ref().map(|within| Within::new(within, room));
    let width = within.as_ref().map_or(room, |within| within.width);
    (within, width)
}

/// Places the lines of a box, but for those that are beyond the paper.
fn place_box(
    page: &PageDraft,
    (name, rect): (MarginBox, Rect),
    (style, content, language): (&Style, &Content, &Arc<str>),
    emitter: &mut Emitter<'_, '_, '_>,
    said: &mut MarginLines,
) -> PlacedMarginBox {
    let inner = |side: usize| style.border[side].used() + style.padding[side].of(rect.width);
    let (within, width) = inner_room(style, content, rect.width);
    let lines = said.lines((name, &page.style), (content, width), || {
        let paragraph = paragraph(style, content, language, emitter);
        inline::layout(&paragraph, emitter.shaper, &mut |_| Room { left: 0.0, width })
    });
    let (above, below) = within.as_ref().map_or((0.0, 0.0), |within| (within.edges[TOP], within.edges[BOTTOM]));
    let height: f32 = lines.iter().map(|line| line.height).sum();
    let left_over = rect.height - inner(TOP) - inner(BOTTOM) - height - above - below;
    let top = rect.y
        + inner(TOP)
        + match style.vertical_align {
            VerticalAlign::Top => 0.0,
            VerticalAlign::Bottom => left_over,
            _ => left_over / 2.0,
        };
    // Of more lines than there is room for the first are not those that are lost.
    let top = if lines.len() > 1 && left_over < 0.0 { top.max(inner(TOP)) } else { top };
    let x = rect.x + inner(LEFT) + within.as_ref().map_or(0.0, |within| within.edges[LEFT]);
    let mut y = top + above;
    let within = within.map(|within| (within.border_box((x, y), height), within.style));
    let (excess, paper_height) = (-left_over, page.style.height);
    let size = style.font_size;
    let misfits = margin_misfits::Placed { lines, top: y, size, excess, paper_height }.misfits(name, page.number);
    // Letters may reach out of their line by about their size.
    let paper = -style.font_size..page.style.height + style.font_size;
    let mut placed = Vec::new();
    for line in lines {
        if y < paper.end && y + line.height > paper.start {
            placed.push((x + line.x, y, line.clone()));
        }
        y += line.height;
    }
    PlacedMarginBox { rect, style: style.clone(), within, lines: placed, misfits }
}

/// The box of a running element in a margin box.
struct Within {
    style: Arc<Style>,
    /// Of its content.
    width: f32,
    /// By side, all that is round its content, and what of that is its margin.
    edges: [f32; 4],
    margins: [f32; 4],
}

impl Within {
    /// The box in so much room, as a block would lie there.
    fn new(style: &Arc<Style>, room: f32) -> Self {
        let mut margins = style.margin.map(|margin| margin.of(room).unwrap_or(0.0));
        let inner = horizontal_edges(style, room);
        let width = used_width(style, room, (room - margins[LEFT] - margins[RIGHT] - inner).max(0.0), inner);
        let rest = (room - width - inner - margins[LEFT] - margins[RIGHT]).max(0.0);
        margins[LEFT] += match (style.margin[LEFT], style.margin[RIGHT]) {
            (Size::Auto, Size::Auto) => rest / 2.0,
            (Size::Auto, _) => rest,
            (_, Size::Auto) => 0.0,
            _ if style.direction == Direction::Rtl => rest,
            _ => 0.0,
        };
        let edge = |side: usize| margins[side] + style.border[side].used() + style.padding[side].of(room);
        let edges = [edge(TOP), edge(RIGHT), edge(BOTTOM), edge(LEFT)];
        Self { style: Arc::clone(style), width, edges, margins }
    }

    /// What its borders go round, where its content begins here and is so tall.
    fn border_box(&self, (x, y): (f32, f32), height: f32) -> Rect {
        let [top, right, bottom, left] = [TOP, RIGHT, BOTTOM, LEFT].map(|side| self.edges[side] - self.margins[side]);
        Rect { x: x - left, y: y - top, width: left + self.width + right, height: top + height + bottom }
    }
}

/// What a margin box says on a page; `None` where it is not generated at all.
fn content(
    style: &Style,
    page: &PageDraft,
    pages: usize,
    language: &Arc<str>,
    running: &[RunningElement],
) -> Option<Content> {
    let items = style.content.as_ref().filter(|_| style.display != Display::None)?;
    let text_style = Arc::new(text_style(style, language));
    let mut out = Vec::new();
    let mut within = None;
    for item in items.iter() {
        let text = match item {
            ContentItem::Text(text) => text.clone(),
            ContentItem::Counter { name, style } | ContentItem::Counters { name, style, .. } => match name.as_str() {
                "page" => style.format(page.number),
                "pages" => style.format(i32::try_from(pages).unwrap_or(i32::MAX)),
                _ => String::new(),
            },
            ContentItem::Element { name, which } => {
                let number = page.strings.get(&running_string(name), *which).parse::<usize>().ok();
                if let Some(element) = number.and_then(|number| running.get(number)) {
                    out.extend(element.content.iter().cloned());
                    within = element.style.clone().filter(|_| items.len() == 1);
                }
                continue;
            }
            ContentItem::NamedString { name, which } => page.strings.get(name, *which).to_owned(),
            ContentItem::Leader(pattern) => {
                out.push(Inline::Leader { pattern: Arc::from(pattern.as_str()), style: Arc::clone(&text_style) });
                continue;
            }
            _ => continue,
        };
        let text = transformed(&text, style.transform, language).unwrap_or(text);
        if !text.is_empty() {
            out.push(Inline::Text { text: Arc::from(text), style: Arc::clone(&text_style), tag: None, link: None });
        }
    }
    Some(Content { inlines: out, within })
}
