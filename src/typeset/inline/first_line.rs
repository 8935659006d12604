//! Paragraphs whose first line has a style of its own (CSS Pseudo-elements 4, 2.1).

use std::sync::Arc;

use super::collapse::{Content, Mark, Source, Span, collapse};
use super::cutting::Cutting;
use super::pieces;
use super::{Inline, InlineBox, Line, Paragraph, Room, layout};
use crate::typeset::shape::Shaper;

/// Lays out the first line in its own styles, and the rest as a paragraph that goes on. `None` where that cannot be told
/// apart: then the first line is like the others.
pub(super) fn lay_out(
    paragraph: &Paragraph,
    shaper: &mut Shaper<'_>,
    room: &mut dyn FnMut(usize) -> Room,
) -> Option<Vec<Line>> {
    let plain = Paragraph { first_line: Vec::new(), ..paragraph.clone() };
    let styled = Paragraph { content: paragraph.first_line.clone(), ..plain.clone() };
    let first = collapse(&styled);
    let rest = collapse(&plain);
    if first.text != rest.text {
        return None;
    }
    let pieces = pieces::cut(&first, paragraph.direction, shaper);
    let mut cutting = Cutting { source: &first, pieces: &pieces, shaper, indent: paragraph.indent };
    let end = cutting.first_fit(&mut |line| if line == 0 { room(0) } else { WIDE }).first()?.end;
    let end = pieces.get(end.piece).map_or(first.text.len() as u32, |piece| piece.start + end.offset);
    let goes_on = (end as usize) < first.text.len();
    let head = Paragraph {
        content: part(&first, 0, end, !goes_on),
        align_last: if goes_on { Some(paragraph.align) } else { paragraph.align_last },
        ..plain.clone()
    };
    let mut lines = layout(&head, shaper, &mut *room);
    if goes_on {
        let tail = Paragraph { content: part(&rest, end, rest.text.len() as u32, true), indent: 0.0, ..plain };
        let before = lines.len();
        lines.extend(layout(&tail, shaper, &mut |line| room(line + before)));
    }
    Some(lines)
}

/// The lines after the first are not looked at.
const WIDE: Room = Room { left: 0.0, width: 1e6 };

/// A part of a paragraph's content; `last` takes the marks at its end.
fn part(source: &Source<'_>, from: u32, to: u32, last: bool) -> Vec<Inline> {
    let mut content = Vec::new();
    let mut marks = source.marks.iter().filter(|(at, _)| *at >= from && (*at < to || last)).peekable();
    let mut add_marks = |until: u32, content: &mut Vec<Inline>| {
        while let Some((_, mark)) = marks.next_if(|(at, _)| *at <= until) {
            content.push(match mark {
                Mark::Anchor(name) => Inline::Anchor(Arc::clone(name)),
                Mark::Note(note) => Inline::Note(*note),
                Mark::Float(float) => Inline::Float(*float),
            });
        }
    };
    // Boxes that the part before has begun go on here.
    let mut open: Vec<&Arc<InlineBox>> = Vec::new();
    for span in &source.spans {
        match span.content {
            Content::Open { shape, .. } if span.start < from => open.push(shape),
            Content::Close { .. } if span.start <= from => drop(open.pop()),
            _ => {}
        }
    }
    content.extend(open.into_iter().map(|shape| Inline::Open { shape: Arc::clone(shape), starts: false }));
    let belongs = |span: &&Span<'_>| match span.content {
        Content::Open { .. } => span.start >= from && span.start < to,
        Content::Close { .. } => span.start > from && span.start <= to,
        _ => span.end > from && span.start < to,
    };
    for span in source.spans.iter().filter(belongs) {
        let (start, end) = (span.start.max(from), span.end.min(to));
        add_marks(start, &mut content);
        content.push(match span.content {
            Content::Text { style, tag, link } => {
                let text = Arc::from(&source.text[start as usize..end as usize]);
                Inline::Text { text, style: Arc::clone(style), tag, link }
            }
            Content::Atom { width, ascent, descent, align, id } => Inline::Atom { width, ascent, descent, align, id },
            Content::Leader { pattern, style } => {
                Inline::Leader { pattern: Arc::clone(pattern), style: Arc::clone(style) }
            }
            Content::Open { shape, starts } => Inline::Open { shape: Arc::clone(shape), starts },
            Content::Close { .. } => Inline::Close,
            Content::Break => Inline::Break,
        });
    }
    add_marks(u32::MAX, &mut content);
    content
}
