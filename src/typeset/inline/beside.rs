//! Lines that stand beside something: where one ends up says what room the next has.

use super::collapse::{Source, collapse};
use super::cutting::Cutting;
use super::fit::{Beginning, Candidates};
use super::line::Setter;
use super::paint::PainterRoom;
use super::{Align, Line, Paragraph, Room, Span, TextWrap, anchors_alone, first_line, pieces};
use crate::typeset::shape::Shaper;

/// What becomes of a line that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It stays, and the room of those after it is what was said.
    Stays,
    /// It stays, and those after it have another room than was said.
    Turns,
    /// It is to be set anew: it has another room than was said.
    Again,
}

/// What lines stand beside.
pub trait Surroundings {
    /// The room of the next line, or of the one so many lines below, if those between are of the usual height.
    fn room(&mut self, below: usize) -> Room;
    /// Looks at the line that was set next. A line that is set anew must in the end stay.
    fn look(&mut self, line: &Line) -> Verdict;
    /// Whether nothing stands beside the lines that are still to be set.
    fn is_open(&self) -> bool;
}

/// Lays a paragraph out as [`super::layout`] does, line by line.
pub fn layout_beside(paragraph: &Paragraph, shaper: &mut Shaper<'_>, around: &mut dyn Surroundings) -> Vec<Line> {
    if !paragraph.first_line.is_empty()
        && let Some(lines) = first_line::lay_out_beside(paragraph, shaper, around)
    {
        return lines;
    }
    set(paragraph, 0, shaper, around)
}

/// Lays out a paragraph, or the part of one that begins with its `first` line.
pub(super) fn set(
    paragraph: &Paragraph,
    first: usize,
    shaper: &mut Shaper<'_>,
    around: &mut dyn Surroundings,
) -> Vec<Line> {
    let source = collapse(paragraph);
    let pieces = pieces::cut(&source, paragraph.direction, shaper);
    if pieces.is_empty() {
        return without_text(&source, around);
    }
    let cutting = Cutting { source: &source, pieces: &pieces, shaper, indent: paragraph.indent };
    let marks = source.marks.iter().peekable();
    let mut setter =
        Setter { paragraph, cutting, marks, parts: Vec::new(), room: PainterRoom::default(), cut_word: None };
    let mut known = Candidates::default();
    let mut lines: Vec<Line> = Vec::new();
    let is_pretty = paragraph.strut.wrap == TextWrap::Pretty;
    let mut beginning = Beginning { line: first, is_pretty, ..Beginning::default() };
    while beginning.start.piece < pieces.len() {
        beginning.few = !around.is_open();
        for span in next_lines(&mut setter, &mut known, beginning, around) {
            let marks = setter.marks.clone();
            let line = setter.set(beginning.line, &span);
            let verdict = around.look(&line);
            if verdict == Verdict::Again {
                setter.marks = marks;
                break;
            }
            beginning.start = span.end;
            beginning.line += 1;
            lines.push(line);
            if verdict == Verdict::Turns {
                break;
            }
        }
    }
    lines
}

/// The next line, or some of the next.
fn next_lines(
    setter: &mut Setter<'_, '_>,
    known: &mut Candidates,
    beginning: Beginning,
    around: &mut dyn Surroundings,
) -> Vec<Span> {
    let mut rooms: Vec<Room> = Vec::new();
    let mut room = |line: usize| {
        let below = line - beginning.line;
        while rooms.len() <= below {
            rooms.push(around.room(rooms.len()));
        }
        // The loop has just seen to it that there are so many.
        rooms[below]
    };
    let paragraph = setter.paragraph;
    if paragraph.align == Align::Justify {
        return setter.cutting.total_fit(known, beginning, &mut room);
    }
    if beginning.line == 0 {
        match paragraph.strut.wrap {
            TextWrap::Auto => {}
            TextWrap::Balance => return setter.cutting.balanced(&mut room),
            TextWrap::Pretty => return setter.cutting.pretty(&mut room),
        }
    }
    let mut lines = Vec::with_capacity(1);
    setter.cutting.fill_line(beginning.start, beginning.line, &mut lines, &mut room);
    lines
}

/// The line of a paragraph in which nothing is seen.
fn without_text(source: &Source<'_>, around: &mut dyn Surroundings) -> Vec<Line> {
    loop {
        let lines = anchors_alone(source, &mut |_| around.room(0));
        match lines.first() {
            Some(line) if around.look(line) == Verdict::Again => {}
            _ => return lines,
        }
    }
}
