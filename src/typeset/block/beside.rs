//! Lines beside floats, and the floats that are met in them (CSS 2.2, 9.5).

use std::collections::BTreeMap;

use super::boxes::BoxId;
use super::floats::{Floating, Floats};
use super::flow::Emitter;
use super::piece::{Keep, Piece};
use crate::typeset::inline::{self, Direction, Fragment, Inline, Line, Paragraph, Room, Surroundings, Verdict};
use crate::typeset::style::computed::Clear;

/// A line that turns out taller than was thought is set anew with that height so often; then it goes down.
const MOST_TRIES: usize = 4;

/// Rounding errors of places and widths stay below this.
const ROUNDING: f32 = 0.02;

/// The lines of a paragraph and what stands between them.
pub(super) struct Beside {
    pub(super) lines: Vec<Line>,
    /// The room of the first line, counted from the paragraph's left edge.
    pub(super) room: Room,
    /// What stands before lines, with their numbers, in order.
    pub(super) events: Vec<(usize, Event)>,
    /// Floats that are taller than a page.
    pub(super) too_tall: Vec<Floating>,
}

/// What happens before a line.
pub(super) enum Event {
    /// It goes down by so much.
    Down(f32),
    /// A float stands beside it, or above it, from so far down.
    Float(Floating, f32),
}

/// A float that is tried beside the line that it is met in.
struct Trial {
    id: BoxId,
    floating: Floating,
    top: f32,
    /// How many floats there were before.
    before: usize,
}

/// What the lines of a paragraph are laid out beside.
struct Around<'p> {
    floats: Floats,
    x: f32,
    width: f32,
    paragraph: &'p Paragraph,
    page: f32,
    /// What must stay free of floats at the left and at the right of the paragraph.
    clearance: (f32, f32),
    /// Those that are called in lines still to be set.
    called: BTreeMap<BoxId, Floating>,
    trial: Option<Trial>,
    /// Those that are set below the next line, since they found no room beside it.
    below: Vec<Floating>,
    too_tall: Vec<Floating>,
    events: Vec<(usize, Event)>,
    /// Where the next line begins, its number, and how tall it is thought to be.
    top: f32,
    number: usize,
    height: f32,
    tries: usize,
    first_room: Option<Room>,
}

impl Around<'_> {
    /// The room of the line so many below the next one from one height to another, counted from the paragraph's left edge.
    fn room_between(&self, below: usize, from: f32, to: f32) -> Room {
        let (mut left, mut right) = self.clearance;
        // What of the first line stands out stands beside the float too.
        if self.number + below == 0 && self.paragraph.indent < 0.0 {
            let side = if self.paragraph.direction == Direction::Rtl { &mut right } else { &mut left };
            *side = side.max(-self.paragraph.indent);
        }
        let room = self.floats.room(from, to, self.x - left, self.width + left + right);
        // What stands out may be all that has room.
        let least = if self.number + below == 0 { self.paragraph.indent.min(0.0) } else { 0.0 };
        Room { left: room.left + left - self.x, width: (room.width - left - right).max(least) }
    }

    fn go_down(&mut self, by: f32) {
        self.events.push((self.number, Event::Down(by)));
        self.top += by;
        self.settle();
    }

    /// Begins with another line, or with the same one at another place.
    fn settle(&mut self) {
        self.height = self.paragraph.line_height;
        self.tries = 0;
    }

    /// Finds the place of a float at the next line, or below it. Where that is far down the line goes down with it.
    fn place(&mut self, floating: &Floating) -> f32 {
        let top = self.floats.top_for(self.top, floating.clear, floating.width, (self.x, self.width));
        if floating.is_far_down(top - self.top, self.page) {
            self.go_down(top - self.top);
        }
        floating.add_to(&mut self.floats, top, (self.x, self.width));
        top
    }

    /// Whether the room of a line is as wide as it was said to be.
    fn has_room(&self, line: &Line) -> bool {
        let room = self.room_between(0, self.top, self.top + line.height);
        let indent = if self.number == 0 { self.paragraph.indent } else { 0.0 };
        let is_rtl = self.paragraph.direction == Direction::Rtl;
        let left = line.x - if is_rtl { 0.0 } else { indent };
        let right = left + line.available + indent;
        left + ROUNDING >= room.left && right <= room.left + room.width + ROUNDING
    }

    /// Whether a line holds what does not fit on it, and would fit below.
    fn is_crammed(&self, line: &Line) -> bool {
        // A word that is wider than any line is broken here as well as below, as long as part of it has room.
        let helps = line.crammed <= self.width + 0.1 || line.natural > line.available + 0.1;
        line.crammed > line.available && helps && line.available + 0.1 < self.width
    }

    /// Takes a float back that was tried: it goes below the line.
    fn give_up(&mut self, trial: Trial) -> Verdict {
        self.floats.truncate(trial.before);
        self.below.push(trial.floating);
        self.settle();
        Verdict::Again
    }

    /// Places the floats that a line is the first to call, as long as they leave its room as it is.
    fn meet_floats(&mut self, line: &Line) -> Verdict {
        for fragment in &line.fragments {
            let Fragment::Float(id) = fragment else { continue };
            let Some(floating) = self.called.remove(id) else { continue };
            if floating.is_too_tall {
                self.too_tall.push(floating);
                continue;
            }
            if !self.below.is_empty() {
                self.below.push(floating);
                continue;
            }
            let (before, from) = (self.floats.len(), self.top);
            let top = self.place(&floating);
            if self.top > from || !self.has_room(line) {
                self.trial = Some(Trial { id: *id, floating, top, before });
                return Verdict::Again;
            }
            self.events.push((self.number, Event::Float(floating, top)));
        }
        Verdict::Stays
    }
}

impl Surroundings for Around<'_> {
    fn room(&mut self, below: usize) -> Room {
        let usual = self.paragraph.line_height;
        let (from, height) = match below {
            0 => (self.top, self.height),
            _ => (self.top + self.height + (below - 1) as f32 * usual, usual),
        };
        self.room_between(below, from, from + height)
    }

    fn look(&mut self, line: &Line) -> Verdict {
        if !self.has_room(line) {
            if line.height > self.height && self.tries < MOST_TRIES {
                (self.height, self.tries) = (line.height, self.tries + 1);
                return Verdict::Again;
            }
            if let Some(trial) = self.trial.take() {
                return self.give_up(trial);
            }
            if let Some(end) = self.floats.next_end(self.top, self.top + line.height) {
                self.go_down(end - self.top);
                return Verdict::Again;
            }
        }
        if let Some(trial) = self.trial.take() {
            let is_called = line.fragments.iter().any(|part| matches!(part, Fragment::Float(id) if *id == trial.id));
            if !is_called || line.crammed > line.available {
                return self.give_up(trial);
            }
            self.events.push((self.number, Event::Float(trial.floating, trial.top)));
        }
        if self.is_crammed(line)
            && let Some(end) = self.floats.next_end(self.top, self.top + line.height)
        {
            self.go_down(end - self.top);
            return Verdict::Again;
        }
        if self.meet_floats(line) == Verdict::Again {
            return Verdict::Again;
        }
        self.first_room.get_or_insert(Room { left: 0.0, width: self.width });
        if self.number == 0 {
            self.first_room = Some(self.room_between(0, self.top, self.top + line.height));
        }
        let is_as_said = (line.height - self.height).abs() < ROUNDING && self.below.is_empty();
        self.top += line.height;
        self.number += 1;
        self.settle();
        for floating in std::mem::take(&mut self.below) {
            let top = self.place(&floating);
            self.events.push((self.number, Event::Float(floating, top)));
        }
        if is_as_said || self.floats.is_clear(self.top) { Verdict::Stays } else { Verdict::Turns }
    }

    fn is_open(&self) -> bool {
        let waits = self.trial.is_some() || !self.below.is_empty();
        !waits && self.called.is_empty() && self.floats.is_clear(self.top)
    }
}

impl Emitter<'_, '_, '_> {
    /// Lays a paragraph out beside the floats there are and those that it calls.
    pub(super) fn lines_beside_floats(&mut self, paragraph: &Paragraph, x: f32, width: f32) -> Beside {
        let top = self.here();
        let room = Room { left: 0.0, width };
        let calls = |item: &Inline| if let Inline::Float(id) = item { Some(*id) } else { None };
        let calls: Vec<BoxId> = paragraph.content.iter().filter_map(calls).collect();
        if calls.is_empty() && self.floats.is_clear(top) {
            let lines = inline::layout(paragraph, self.shaper, &mut |_| room);
            return Beside { lines, room, events: Vec::new(), too_tall: Vec::new() };
        }
        let called = calls.into_iter().map(|id| (id, self.measure_float(id, width))).collect();
        let floats = std::mem::take(&mut self.floats);
        let before = floats.len();
        let mut around = Around {
            floats,
            x,
            width,
            paragraph,
            page: self.page_height(),
            clearance: self.clearance_of(x, width),
            called,
            trial: None,
            below: Vec::new(),
            too_tall: Vec::new(),
            events: Vec::new(),
            top,
            number: 0,
            height: paragraph.line_height,
            tries: 0,
            first_room: None,
        };
        let lines = inline::layout_beside(paragraph, self.shaper, &mut around);
        let Around { mut floats, events, too_tall, first_room, .. } = around;
        // They are added again as the lines are set.
        floats.truncate(before);
        self.floats = floats;
        Beside { lines, room: first_room.unwrap_or(room), events, too_tall }
    }

    /// What must stay free of floats beside a paragraph: a marker that it takes along stands as far from it as ever.
    fn clearance_of(&self, x: f32, width: f32) -> (f32, f32) {
        let (left, right) = self.clearance;
        match &self.marker {
            Some((marker_x, _)) if *marker_x < x => (left.max(x - marker_x), right),
            Some((marker_x, line)) => (left, right.max(marker_x + line.natural - x - width)),
            None => (left, right),
        }
    }

    /// Does what is to be done before a line, which may be held by the one above it.
    pub(super) fn before_line(&mut self, event: Event, (x, width): (f32, f32), is_held: bool) {
        match event {
            Event::Down(by) => self.emit(Piece::blank(by, Keep::Avoid)),
            Event::Float(floating, top) => {
                let keep = if is_held { Keep::Avoid } else { self.keep_of_float() };
                let left_edge = floating.add_to(&mut self.floats, top, (x, width));
                self.set_float(floating, left_edge, top, keep);
            }
        }
    }

    /// Sets the floats of a paragraph that are taller than a page below its lines.
    pub(super) fn set_too_tall(&mut self, floats: Vec<Floating>, x: f32) {
        for float in floats {
            self.clear_floats(Clear::Both);
            self.set_untied(&float, x);
        }
    }
}
