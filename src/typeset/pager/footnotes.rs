//! Footnotes at the foot of pages (CSS GCPM 3, 2).
//!
//! Notes stand at the foot of the page, across all of it, in the order of their calls: those that are called in columns as
//! well, so that columns which are balanced, spanned or followed by other text leave none in the middle of a page.
//!
//! A line is set only with room for its notes, or for the beginning of the last of them; what finds no room goes to the
//! next page before anything else. A page on which nothing of the text finds room beside such notes is theirs, so each
//! page takes something of the one or the other.

use std::collections::VecDeque;
use std::sync::Arc;

use super::marks::{beginning_of_flowed, note_flowed};
use super::paginate::{MAX_PAGES, Pager, Placed, TOLERANCE, TooTall};
use super::split::Force;
use crate::typeset::block::boxes::NoteId;
use crate::typeset::block::footnotes::{Note, NoteEdges};
use crate::typeset::block::piece::{Flowed, Frame};
use crate::typeset::block::widths::radii;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, Break, FootnotePolicy, LEFT, RIGHT, TOP};

/// The largest share of a page that notes take which do not begin on it.
const SHARE: f32 = 0.8;

/// A part of a note that is still to be set.
enum Part {
    /// A section of a note.
    Section(NoteId, usize),
    /// What was left of one.
    Rest(Box<Flowed>),
}

/// Notes that wait for the foot of the page, in order.
#[derive(Default)]
pub(super) struct Waiting {
    parts: VecDeque<Part>,
    /// How many of them are left over from earlier pages.
    carried: usize,
    height: f32,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// How much of a page notes take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reserve {
    /// When all of them are set whole.
    whole: f32,
    /// When the last of them only begins here.
    least: f32,
    /// Margins, borders and padding of their area.
    edges: f32,
    most: f32,
    /// Whether notes are left over for the next page already, so that none may begin.
    closed: bool,
}

impl Reserve {
    /// Where notes are not looked at.
    pub(super) const NONE: Self = Self { whole: 0.0, least: 0.0, edges: 0.0, most: f32::INFINITY, closed: false };

    pub(super) fn whole(&self) -> f32 {
        if self.whole > 0.0 { self.whole + self.edges } else { 0.0 }
    }

    pub(super) fn least(&self) -> f32 {
        if self.least > 0.0 { self.least + self.edges } else { 0.0 }
    }

    /// Notes that have no more room than this are cut, and none begins after them.
    fn cut_to(self, room: f32) -> Self {
        if self.whole() <= room + TOLERANCE {
            return self;
        }
        let whole = (room - self.edges).max(0.0);
        Self { whole, least: whole, closed: true, ..self }
    }

    /// Notes that are cut by the greatest height of their area, where the page has so much room: text goes on above them.
    pub(super) fn cut_by_limit(self, holds: impl Fn(f32) -> bool) -> Option<Self> {
        (self.whole() > self.most + TOLERANCE && holds(self.most)).then(|| self.cut_to(self.most))
    }

    /// Whether another note may begin.
    pub(super) fn is_open(&self) -> bool {
        !self.closed && self.least() <= self.most + TOLERANCE
    }

    /// Whether all notes may be set whole.
    pub(super) fn is_within(&self) -> bool {
        !self.closed && self.whole() <= self.most + TOLERANCE
    }

    fn add(&mut self, note: &Note) {
        let height = note.height();
        let head = match note.policy {
            FootnotePolicy::Auto => note.sections.first().map_or(0.0, Flowed::head),
            FootnotePolicy::Line | FootnotePolicy::Block => height,
        };
        self.least = self.whole + head.min(height);
        self.whole += height;
    }
}

impl Pager<'_> {
    /// Whether notes wait for the foot of this page.
    pub(super) fn has_waiting(&self) -> bool {
        !self.notes_below.is_empty()
    }

    /// What the waiting notes take of the page.
    pub(super) fn reserve(&self) -> Reserve {
        let waiting = &self.notes_below;
        let height = self.page_height();
        let edges = edges(&self.page.style.footnote);
        let limit = self.greatest_height(height);
        let most = limit.min(height * SHARE);
        let closed = !waiting.is_empty() && waiting.height + edges > most + TOLERANCE;
        // A note that takes more has a page to itself.
        let head = waiting.parts.front().map_or(0.0, |part| content(self.notes, part).map_or(0.0, Flowed::head));
        let most = if closed && head + edges > most { height } else { most };
        let whole = if closed { most - edges } else { waiting.height };
        let reserve = Reserve { whole, least: whole, edges, most: limit, closed };
        if self.row.is_some() { reserve.cut_to(height - self.lowest()) } else { reserve }
    }

    /// How tall the area of notes may be, its edges included, where so much is left of the page.
    fn greatest_height(&self, height: f32) -> f32 {
        let area = &self.page.style.footnote;
        area.max_height.of(self.page_height()).map_or(height, |most| height.min(most + edges(area)))
    }

    /// What notes take when these are called as well.
    pub(super) fn reserve_with(&self, reserve: Reserve, notes: &[NoteId]) -> Reserve {
        let mut reserve = reserve;
        for note in notes.iter().filter_map(|id| self.notes.get(*id as usize)?.as_ref()) {
            reserve.add(note);
        }
        reserve
    }

    /// Notes that were called on this page. They stand in the order of their calls in the text, which a float may have left
    /// behind.
    pub(super) fn call_notes(&mut self, notes: &[NoteId]) {
        for id in notes {
            let Some(Some(note)) = self.notes.get(*id as usize) else { continue };
            let waiting = &mut self.notes_below;
            let is_before = |part: &Part| !matches!(part, Part::Section(other, _) if other > id);
            let at = waiting.parts.iter().rposition(is_before).map_or(0, |last| last + 1).max(waiting.carried);
            for section in 0..note.sections.len() {
                waiting.parts.insert(at + section, Part::Section(*id, section));
            }
            waiting.height += note.height();
        }
    }

    /// Sets what fits of notes between the text and the foot of the page. Where they are alone on it, something of them is
    /// set whether it fits or not.
    pub(super) fn set_notes(&mut self) {
        let mut waiting = std::mem::take(&mut self.notes_below);
        if waiting.is_empty() {
            return;
        }
        let foot = self.page_height();
        let is_alone = !self.page_filled;
        let style = Arc::clone(&self.page.style);
        let area = &style.footnote;
        let mut left = self.greatest_height(foot - self.y.min(foot)) - edges(area) + TOLERANCE;
        let mut set: Vec<(Part, f32)> = Vec::new();
        while let Some(part) = waiting.parts.pop_front() {
            let Some(flowed) = content(self.notes, &part) else { continue };
            let height = flowed.height;
            if height <= left {
                left -= height;
                set.push((part, height));
                continue;
            }
            let must = is_alone && set.is_empty();
            if !must && flowed.head() > left {
                waiting.parts.push_front(part);
                break;
            }
            // What is left of one that was cut before is cut where it is: it may be cut on thousands of pages.
            let mut upper = match part {
                Part::Rest(flowed) => *flowed,
                Part::Section(..) => flowed.clone(),
            };
            let rest = upper.split_for_page(left, if must { Force::Must } else { Force::Tear });
            if upper.height > left + 1.0 {
                self.out.too_tall.push(TooTall { page: self.page.number, text: beginning_of_flowed(&upper) });
            }
            let height = upper.height;
            set.push((Part::Rest(Box::new(upper)), height));
            if !rest.strips.is_empty() {
                waiting.parts.push_front(Part::Rest(Box::new(rest)));
            }
            break;
        }
        waiting.height =
            waiting.parts.iter().filter_map(|part| content(self.notes, part)).map(|flowed| flowed.height).sum();
        waiting.carried = waiting.parts.len();
        self.notes_below = waiting;
        if !set.is_empty() {
            self.set_area(area, set, foot);
        }
    }

    /// Places the area of notes, its lower edge at the foot.
    fn set_area(&mut self, area: &Style, set: Vec<(Part, f32)>, foot: f32) {
        let height: f32 = set.iter().map(|(_, height)| height).sum();
        let below = area.padding[BOTTOM].of(0.0) + area.border[BOTTOM].used();
        let above = area.padding[TOP].of(0.0) + area.border[TOP].used();
        let mut y = foot - margin(area, BOTTOM) - below - height;
        let frame = Frame {
            x: margin(area, LEFT),
            width: (self.page.style.area.width - margin(area, LEFT) - margin(area, RIGHT)).max(0.0),
            background: area.background_color(),
            borders: area.border.map(|border| border.painted(area.color)),
            radii: radii(area),
        };
        let (top, bottom) = (y - above, y + height + below);
        self.page.placed.push(Placed::Frame { frame: Arc::new(frame), x: 0.0, top, bottom, first: true, last: true });
        let page = self.out.pages.len();
        for (part, height) in set {
            if let Some(flowed) = content(self.notes, &part) {
                note_flowed(flowed, y, page, &mut self.out, &mut self.page);
            }
            self.page.placed.push(match part {
                Part::Section(note, section) => Placed::Note { note, section, x: 0.0, y },
                Part::Rest(flowed) => Placed::Flowed { flowed, x: 0.0, y },
            });
            y += height;
        }
    }

    /// Sets what is left of notes before a forced break or the end, on pages of their own.
    pub(super) fn set_left_notes(&mut self, forced: Option<Break>) {
        if matches!(forced, Some(Break::Column) | None) {
            return;
        }
        let next = std::mem::replace(&mut self.next_name, self.page_name);
        while self.has_waiting() && self.out.pages.len() < MAX_PAGES {
            self.start_page(false);
            self.finish_page();
        }
        self.next_name = next;
    }
}

/// What a part says.
fn content<'p>(notes: &'p [Option<Note>], part: &'p Part) -> Option<&'p Flowed> {
    match part {
        Part::Section(id, section) => notes.get(*id as usize)?.as_ref()?.sections.get(*section),
        Part::Rest(rest) => Some(rest),
    }
}

fn margin(area: &Style, side: usize) -> f32 {
    area.margin[side].fixed().unwrap_or(0.0)
}

/// Margins, borders and padding above and below.
fn edges(area: &Style) -> f32 {
    [TOP, BOTTOM].iter().map(|side| margin(area, *side) + area.border[*side].used() + area.padding[*side].of(0.0)).sum()
}

/// The edges of the area of notes.
pub(crate) fn note_edges(area: &Style) -> NoteEdges {
    let edge = |side: usize| margin(area, side) + area.border[side].used() + area.padding[side].of(0.0);
    NoteEdges { left: edge(LEFT), right: edge(RIGHT), above_and_below: edges(area) }
}
