//! The boxes in a page's margins (CSS Paged Media 3, 5).

use std::sync::Arc;

use super::paginate::PageDraft;
use crate::typeset::block::build_running::running_string;
use crate::typeset::block::flow::Emitter;
use crate::typeset::block::text_style::{line_height, text_style};
use crate::typeset::display::Rect;
use crate::typeset::inline::{self, Inline, Line, Paragraph, Room};
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, LEFT, RIGHT, TOP, VerticalAlign};
use crate::typeset::style::content::ContentItem;
use crate::typeset::style::page_rule::MarginBox;

/// A margin box that has been laid out.
pub(crate) struct PlacedMarginBox {
    pub(crate) rect: Rect,
    pub(crate) style: Style,
    /// Lines with their top left corners.
    pub(crate) lines: Vec<(f32, f32, Line)>,
}

/// Lays out the margin boxes of a page.
pub(crate) fn layout(
    page: &PageDraft,
    pages: usize,
    language: &Arc<str>,
    emitter: &mut Emitter<'_, '_, '_>,
) -> Vec<PlacedMarginBox> {
    let filled: Vec<(MarginBox, &Style, Vec<Inline>)> = page
        .style
        .boxes
        .iter()
        .filter_map(|(name, style)| {
            let content = content(style, page, pages, language, &emitter.tree().running)?;
            Some((*name, style, content))
        })
        .collect();
    let mut out = Vec::new();
    for edge in EDGES {
        let on_edge: Vec<_> = edge.boxes.iter().map(|name| filled.iter().find(|(own, _, _)| own == name)).collect();
        let whole = edge_rect(edge, page);
        let room = if edge.across { whole.width } else { whole.height };
        let wishes: Vec<Option<Wish>> = on_edge
            .iter()
            .map(|filled| filled.map(|(_, style, content)| wish(style, content, language, edge.across, room, emitter)))
            .collect();
        for (filled, span) in on_edge.iter().zip(shares(&wishes, room)) {
            let (Some((_, style, content)), (from, length)) = (filled, span) else { continue };
            let rect = if edge.across {
                Rect { x: whole.x + from, width: length, ..whole }
            } else {
                Rect { y: whole.y + from, height: length, ..whole }
            };
            out.push(place_box(rect, style, content, language, emitter));
        }
    }
    for (name, style, content) in &filled {
        if let Some(rect) = corner_rect(*name, page) {
            out.push(place_box(rect, style, content, language, emitter));
        }
    }
    out
}

/// What a page is called beside its own number: what is printed in its margin, roman numerals or letters. Digits of any script
/// are the number itself.
pub(crate) fn label(page: &PageDraft) -> String {
    let printed = page.style.boxes.values().flat_map(|style| style.content.iter().flat_map(|items| items.iter()));
    let style = printed.into_iter().find_map(|item| match item {
        ContentItem::Counter { name, style } if name == "page" => Some(style),
        _ => None,
    });
    let own = page.number.to_string();
    match style.map(|style| style.format(page.number)) {
        Some(label) if label.chars().any(char::is_alphabetic) => label,
        _ => own,
    }
}

/// Three boxes that share an edge of the page.
#[derive(Clone, Copy)]
struct Edge {
    boxes: [MarginBox; 3],
    /// Whether they stand side by side.
    across: bool,
}

const EDGES: [Edge; 4] = [
    Edge { boxes: [MarginBox::TopLeft, MarginBox::TopCenter, MarginBox::TopRight], across: true },
    Edge { boxes: [MarginBox::BottomLeft, MarginBox::BottomCenter, MarginBox::BottomRight], across: true },
    Edge { boxes: [MarginBox::LeftTop, MarginBox::LeftMiddle, MarginBox::LeftBottom], across: false },
    Edge { boxes: [MarginBox::RightTop, MarginBox::RightMiddle, MarginBox::RightBottom], across: false },
];

fn edge_rect(edge: Edge, page: &PageDraft) -> Rect {
    let style = &page.style;
    let area = style.area;
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    match edge.boxes[0] {
        MarginBox::TopLeft => Rect { x: area.x, y: 0.0, width: area.width, height: area.y },
        MarginBox::BottomLeft => Rect { x: area.x, y: bottom, width: area.width, height: style.height - bottom },
        MarginBox::LeftTop => Rect { x: 0.0, y: area.y, width: area.x, height: area.height },
        _ => Rect { x: right, y: area.y, width: style.width - right, height: area.height },
    }
}

fn corner_rect(name: MarginBox, page: &PageDraft) -> Option<Rect> {
    let style = &page.style;
    let area = style.area;
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

/// How long a box would like to be along its edge, margins included.
#[derive(Clone, Copy)]
struct Wish {
    length: f32,
    /// Whether its style says so, and it is neither longer nor shorter.
    fixed: bool,
}

/// Where each of three boxes starts, and how long it is: the middle one stays centred (5.3.2).
fn shares(wishes: &[Option<Wish>], room: f32) -> [(f32, f32); 3] {
    let wish = |number: usize| wishes.get(number).copied().flatten();
    let (first, middle, last) = match (wish(0), wish(1), wish(2)) {
        (first, Some(middle), last) => {
            let length = middle_length(first, middle, last, room);
            let side = (room - length) / 2.0;
            (side, length, side)
        }
        (Some(first), None, Some(last)) => {
            let (total, half) = (first.length + last.length, room / 2.0);
            // Where one of them must be cut into lines it is the longer one.
            let length = match (first, last) {
                (Wish { fixed: true, length }, _) => length,
                (_, Wish { fixed: true, length }) => room - length,
                _ if total <= room => first.length + (room - total) / 2.0,
                _ if first.length <= half => first.length,
                _ if last.length <= half => room - last.length,
                _ => half,
            };
            (length, 0.0, room - length)
        }
        _ => (room, room, room),
    };
    let own = |number: usize, share: f32| wish(number).filter(|wish| wish.fixed).map_or(share, |wish| wish.length);
    let (first, last) = (own(0, first.max(0.0)), own(2, last.max(0.0)));
    [(0.0, first), ((room - middle) / 2.0, middle), (room - last, last)]
}

fn middle_length(first: Option<Wish>, middle: Wish, last: Option<Wish>, room: f32) -> f32 {
    let sides = [first, last].into_iter().flatten().map(|wish| wish.length).reduce(f32::max);
    match sides {
        _ if middle.fixed => middle.length,
        None => room,
        Some(sides) => middle.length.min(room).min((room - 2.0 * sides).max(room / 3.0)),
    }
}

fn wish(
    style: &Style,
    content: &[Inline],
    language: &Arc<str>,
    across: bool,
    room: f32,
    emitter: &mut Emitter<'_, '_, '_>,
) -> Wish {
    let (start, end, size) = if across { (LEFT, RIGHT, style.width) } else { (TOP, BOTTOM, style.height) };
    let margins = style.margin[start].of(room).unwrap_or(0.0) + style.margin[end].of(room).unwrap_or(0.0);
    let edges = [start, end].map(|side| style.padding[side].of(room) + style.border[side].used()).iter().sum::<f32>();
    if let Some(length) = size.of(room) {
        let edges = if style.border_box { 0.0 } else { edges };
        return Wish { length: length + edges + margins, fixed: true };
    }
    let paragraph = paragraph(style, content, language, emitter);
    let own = if across { inline::intrinsic_widths(&paragraph, emitter.shaper).1 + 1.0 } else { paragraph.line_height };
    Wish { length: own + edges + margins, fixed: false }
}

fn paragraph(style: &Style, content: &[Inline], language: &Arc<str>, emitter: &Emitter<'_, '_, '_>) -> Paragraph {
    let strut = Arc::new(text_style(style, language));
    Paragraph {
        content: content.to_vec(),
        direction: style.direction,
        align: style.align,
        align_last: style.align_last,
        indent: style.indent.pt,
        line_height: line_height(style, &strut, emitter.context.fonts),
        strut,
        first_line: Vec::new(),
    }
}

fn place_box(
    rect: Rect,
    style: &Style,
    content: &[Inline],
    language: &Arc<str>,
    emitter: &mut Emitter<'_, '_, '_>,
) -> PlacedMarginBox {
    let margin = |side: usize, base: f32| style.margin[side].of(base).unwrap_or(0.0);
    let rect = Rect {
        x: rect.x + margin(LEFT, rect.width),
        y: rect.y + margin(TOP, rect.height),
        width: (rect.width - margin(LEFT, rect.width) - margin(RIGHT, rect.width)).max(0.0),
        height: (rect.height - margin(TOP, rect.height) - margin(BOTTOM, rect.height)).max(0.0),
    };
    let inner = |side: usize| style.border[side].used() + style.padding[side].of(rect.width);
    let width = (rect.width - inner(LEFT) - inner(RIGHT)).max(1.0);
    let paragraph = paragraph(style, content, language, emitter);
    let lines = inline::layout(&paragraph, emitter.shaper, &mut |_| Room { left: 0.0, width });
    let height: f32 = lines.iter().map(|line| line.height).sum();
    let room = rect.height - inner(TOP) - inner(BOTTOM) - height;
    let mut y = rect.y
        + inner(TOP)
        + match style.vertical_align {
            VerticalAlign::Top => 0.0,
            VerticalAlign::Bottom => room,
            _ => room / 2.0,
        };
    let x = rect.x + inner(LEFT);
    let lines = lines.into_iter().map(|line| {
        let top = y;
        y += line.height;
        (x + line.x, top, line)
    });
    PlacedMarginBox { rect, style: style.clone(), lines: lines.collect() }
}

/// What a margin box says on a page; `None` where it is not generated at all.
fn content(
    style: &Style,
    page: &PageDraft,
    pages: usize,
    language: &Arc<str>,
    running: &[Vec<Inline>],
) -> Option<Vec<Inline>> {
    let items = style.content.as_ref()?;
    let text_style = Arc::new(text_style(style, language));
    let mut out = Vec::new();
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
                out.extend(number.and_then(|number| running.get(number)).into_iter().flatten().cloned());
                continue;
            }
            ContentItem::NamedString { name, which } => page.strings.get(name, *which).to_owned(),
            ContentItem::Leader(pattern) => {
                out.push(Inline::Leader { pattern: Arc::from(pattern.as_str()), style: Arc::clone(&text_style) });
                continue;
            }
            _ => continue,
        };
        if !text.is_empty() {
            out.push(Inline::Text { text: Arc::from(text), style: Arc::clone(&text_style), tag: None, link: None });
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What would be so long by itself.
    #[allow(clippy::unnecessary_wraps, reason = "it stands beside boxes that are not there")]
    fn auto(length: f32) -> Option<Wish> {
        Some(Wish { length, fixed: false })
    }

    #[test]
    fn the_middle_stays_centred() {
        assert_eq!(shares(&[auto(50.0), auto(20.0), None], 200.0), [(0.0, 90.0), (90.0, 20.0), (110.0, 90.0)]);
        assert_eq!(shares(&[None, auto(20.0), None], 200.0)[1], (0.0, 200.0));
        assert_eq!(shares(&[auto(50.0), None, auto(50.0)], 200.0), [(0.0, 100.0), (100.0, 0.0), (100.0, 100.0)]);
        assert_eq!(shares(&[auto(50.0), None, auto(400.0)], 200.0), [(0.0, 50.0), (100.0, 0.0), (50.0, 150.0)]);
        assert_eq!(shares(&[auto(400.0), None, auto(50.0)], 200.0)[0], (0.0, 150.0));
        assert_eq!(shares(&[auto(400.0), None, auto(300.0)], 200.0)[0], (0.0, 100.0));
        assert_eq!(shares(&[auto(50.0), None, None], 200.0)[0], (0.0, 200.0));
    }
}
