//! Paragraphs whose first line has a style of its own (CSS Pseudo-elements 4, 2.1).

use std::sync::Arc;

use super::collapse::{Content, Mark, Source, Span, collapse};
use super::cutting::Cutting;
use super::pieces;
use super::{Inline, InlineBox, Line, Paragraph, Room, Surroundings, Verdict, beside, layout};
use crate::typeset::shape::Shaper;

/// A paragraph whose first line has styles of its own: in these, and in those of the others.
struct Parts<'p> {
    plain: &'p Paragraph,
    first: Source<'p>,
    rest: Source<'p>,
}

/// Lays out the first line in its own styles, and the rest as a paragraph that goes on. `None` where that cannot be told
/// apart: then the first line is like the others.
pub(super) fn lay_out(
    paragraph: &Paragraph,
    shaper: &mut Shaper<'_>,
    room: &mut dyn FnMut(usize) -> Room,
) -> Option<Vec<Line>> {
    let (plain, styled) = both(paragraph);
    let parts = Parts::of(&plain, &styled)?;
    let (head, end) = parts.head(shaper, room(0))?;
    let mut lines = layout(&head, shaper, &mut *room);
    if let Some(tail) = parts.tail(end) {
        let before = lines.len();
        lines.extend(layout(&tail, shaper, &mut |line| room(line + before)));
    }
    Some(lines)
}

/// The same, line by line beside what stands around.
pub(super) fn lay_out_beside(
    paragraph: &Paragraph,
    shaper: &mut Shaper<'_>,
    around: &mut dyn Surroundings,
) -> Option<Vec<Line>> {
    let (plain, styled) = both(paragraph);
    let parts = Parts::of(&plain, &styled)?;
    let (mut lines, end) = loop {
        let room = around.room(0);
        let (head, end) = parts.head(shaper, room)?;
        let lines = layout(&head, shaper, &mut |_| room);
        match lines.first() {
            Some(line) if around.look(line) == Verdict::Again => {}
            _ => break (lines, end),
        }
    };
    for line in lines.iter().skip(1) {
        // What is too long for the first line is set as it is.
        while around.look(line) == Verdict::Again {}
    }
    if let Some(tail) = parts.tail(end) {
        let before = lines.len();
        lines.extend(beside::set(&tail, before, shaper, around));
    }
    Some(lines)
}

/// A paragraph without a first line of its own, and as if all of it were that.
fn both(paragraph: &Paragraph) -> (Paragraph, Paragraph) {
    let plain = Paragraph { first_line: Vec::new(), ..paragraph.clone() };
    let styled = Paragraph { content: paragraph.first_line.clone(), ..plain.clone() };
    (plain, styled)
}

impl<'p> Parts<'p> {
    fn of(plain: &'p Paragraph, styled: &'p Paragraph) -> Option<Self> {
        let (first, rest) = (collapse(styled), collapse(plain));
        (first.text == rest.text).then_some(Self { plain, first, rest })
    }

    /// The first line as a paragraph, and where in the text it ends.
    fn head(&self, shaper: &mut Shaper<'_>, room: Room) -> Option<(Paragraph, u32)> {
        let Self { plain, first, .. } = self;
        let pieces = pieces::cut(first, plain.direction, shaper);
        let mut cutting = Cutting { source: first, pieces: &pieces, shaper, indent: plain.indent };
        let end = cutting.first_fit(&mut |line| if line == 0 { room } else { WIDE }).first()?.end;
        let end = pieces.get(end.piece).map_or(first.text.len() as u32, |piece| piece.start + end.offset);
        let goes_on = (end as usize) < first.text.len();
        let head = Paragraph {
            content: part(first, 0, end, !goes_on),
            align_last: if goes_on { Some(plain.align) } else { plain.align_last },
            goes_on: goes_on || plain.goes_on,
            ..(*plain).clone()
        };
        Some((head, end))
    }

    /// What goes on behind the first line.
    fn tail(&self, end: u32) -> Option<Paragraph> {
        let all = self.rest.text.len() as u32;
        let content = (end < all).then(|| part(&self.rest, end, all, true))?;
        Some(Paragraph { content, indent: 0.0, ..self.plain.clone() })
    }
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
