//! Lines beside floats, and the floats that are met in them (CSS 2.2, 9.5).

use super::boxes::BoxId;
use super::floats::{Floating, Floats};
use super::flow::Emitter;
use crate::typeset::inline::{self, Fragment, Inline, Line, Paragraph, Room};

/// A paragraph is set anew for each line that goes down; beside more steps than these lines stay where they are.
const MOST_DROPS: usize = 16;

/// The lines of a paragraph and what stands between them.
pub(super) struct Beside {
    pub(super) lines: Vec<Line>,
    /// The room of the first line, counted from the paragraph's left edge.
    pub(super) room: Room,
    /// The lines that go down by so much, to where they find room, in order.
    pub(super) drops: Vec<(usize, f32)>,
    /// The floats met in the lines, in order.
    pub(super) floats: Vec<FloatInLine>,
}

/// A float that was met in a line.
pub(super) struct FloatInLine {
    /// The line that it stands beside, or that it stands above.
    pub(super) line: usize,
    top: f32,
    pub(super) floating: Floating,
}

/// What lines are laid out beside.
struct Surroundings {
    floats: Floats,
    drops: Vec<(usize, f32)>,
    /// Where the paragraph begins, and the height of its lines.
    top: f32,
    height: f32,
    x: f32,
    width: f32,
}

impl Surroundings {
    /// The room of a line, where all before it are of the usual height.
    fn room(&self, line: usize) -> Room {
        let from = self.top + line as f32 * self.height + self.dropped(line);
        let room = self.floats.room(from, from + self.height, self.x, self.width);
        Room { left: room.left - self.x, width: room.width }
    }

    /// How far a line and those before it have gone down.
    fn dropped(&self, line: usize) -> f32 {
        self.drops.iter().filter(|(at, _)| *at <= line).map(|(_, down)| down).sum()
    }

    /// Where a line begins, or the paragraph ends.
    fn top_of(&self, lines: &[Line], line: usize) -> f32 {
        self.top + lines.iter().take(line).map(|line| line.height).sum::<f32>() + self.dropped(line)
    }

    /// Moves the first line down that is too narrow for its first word; whether there was one.
    fn drop_crammed(&mut self, lines: &[Line]) -> bool {
        for (number, line) in lines.iter().enumerate().filter(|_| self.drops.len() < MOST_DROPS) {
            // What would not fit anywhere is no better off below.
            if line.crammed <= line.available || line.crammed > self.width + 0.1 {
                continue;
            }
            let top = self.top_of(lines, number);
            if let Some(end) = self.floats.next_end(top).filter(|_| line.available + 0.1 < self.width) {
                self.drops.push((number, end - top));
                self.drops.sort_by_key(|(line, _)| *line);
                return true;
            }
        }
        false
    }
}

impl Emitter<'_, '_, '_> {
    /// Lays a paragraph out beside the floats there are and those that it calls: anew for each of these, and for each
    /// line that must go down.
    pub(super) fn lines_beside_floats(&mut self, paragraph: &Paragraph, x: f32, width: f32) -> Beside {
        let top = self.here();
        let calls = paragraph.content.iter().any(|item| matches!(item, Inline::Float(_)));
        let room = Room { left: 0.0, width };
        if !calls && self.floats.is_clear(top) {
            let lines = inline::layout(paragraph, self.shaper, &mut |_| room);
            return Beside { lines, room, drops: Vec::new(), floats: Vec::new() };
        }
        let floats = self.floats.clone();
        let height = paragraph.line_height;
        let mut around = Surroundings { floats, drops: Vec::new(), top, height, x, width };
        let mut placed: Vec<(BoxId, FloatInLine)> = Vec::new();
        loop {
            let lines = inline::layout(paragraph, self.shaper, &mut |line| around.room(line));
            if around.drop_crammed(&lines) {
                continue;
            }
            let is_new = |id: &BoxId| placed.iter().all(|(own, _)| own != id);
            let Some((number, id)) = first_call(&lines, is_new) else {
                let room = around.room(0);
                let floats = placed.into_iter().map(|(_, float)| float).collect();
                return Beside { lines, room, drops: around.drops, floats };
            };
            let float = self.place_in_line(paragraph, &mut around, &lines, (number, id));
            placed.push((id, float));
        }
    }

    /// Finds the place of a float that is met in a line: beside that line, where what stands before it there leaves it
    /// room, else below.
    fn place_in_line(
        &mut self,
        paragraph: &Paragraph,
        around: &mut Surroundings,
        lines: &[Line],
        (number, id): (usize, BoxId),
    ) -> FloatInLine {
        let (x, width) = (around.x, around.width);
        let floating = self.measure_float(id, width);
        if floating.is_too_tall {
            return FloatInLine { line: number, top: 0.0, floating };
        }
        let place = |from: f32, floats: &Floats| floats.top_for(from, floating.clear, floating.width, (x, width));
        let mut line = number;
        let mut top = place(around.top_of(lines, number), &around.floats);
        floating.add_to(&mut around.floats, top, (x, width));
        let again = inline::layout(paragraph, self.shaper, &mut |line| around.room(line));
        let pushed_on = first_call(&again, |other| *other == id).is_none_or(|(at, _)| at > number);
        let too_narrow = again.get(number).is_some_and(|line| line.crammed > line.available);
        if pushed_on || too_narrow {
            around.floats.take_back();
            line = number + 1;
            top = place(around.top_of(lines, line), &around.floats);
            floating.add_to(&mut around.floats, top, (x, width));
        }
        FloatInLine { line, top, floating }
    }

    /// Sets a float before the line that it stands beside.
    pub(super) fn set_float_in_line(&mut self, float: FloatInLine, room: (f32, f32)) {
        let FloatInLine { top, floating, .. } = float;
        let left_edge = floating.add_to(&mut self.floats, top, room);
        self.set_float(floating, left_edge, top);
    }
}

/// The first call of a float that `wanted` asks for, and the line it stands on.
fn first_call(lines: &[Line], wanted: impl Fn(&BoxId) -> bool) -> Option<(usize, BoxId)> {
    lines.iter().enumerate().find_map(|(number, line)| {
        let found = line.fragments.iter().find_map(|fragment| match fragment {
            Fragment::Float(id) if wanted(id) => Some(*id),
            _ => None,
        });
        found.map(|id| (number, id))
    })
}
