//! Footnotes laid out, beside the text that calls them.

use super::boxes::{Inlines, NoteId};
use super::flow::Emitter;
use super::galley::flowed;
use super::piece::{Content, Flowed, Keep, Piece, PlacedAtom, Row};
use crate::typeset::inline::{Fragment, Line};
use crate::typeset::style::computed::FootnotePolicy;

/// A section of a note is not much longer than so many strips: what is left of a long note is moved at each page.
const LONGEST_SECTION: usize = 200;

/// A footnote at the width of its page, with those that are called in it.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) policy: FootnotePolicy,
    /// Pages may turn between these.
    pub(crate) sections: Vec<Flowed>,
}

/// Margins, borders and padding of the area of notes together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoteEdges {
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) above_and_below: f32,
}

impl Note {
    /// The height of all of it.
    pub(crate) fn height(&self) -> f32 {
        self.sections.iter().map(|section| section.height).sum()
    }
}

impl Flowed {
    /// How much of it may stand on a page by itself: up to where it may first be cut.
    pub(crate) fn head(&self) -> f32 {
        let mut height = 0.0;
        for (number, strip) in self.strips.iter().enumerate() {
            if number > 0 && strip.keep == Keep::Free {
                return height;
            }
            height += strip.space + strip.height.max(strip.reserve);
        }
        self.height
    }
}

impl Emitter<'_, '_, '_> {
    /// Left edge and width of the room that notes have at the foot of the page.
    pub(super) fn note_room(&self) -> (f32, f32) {
        let NoteEdges { left, right, .. } = self.context.note_edges;
        let width = self.context.pages.get(usize::from(self.page)).map_or(0.0, |page| page.0);
        (left, (width - left - right).max(1.0))
    }

    /// Lays out the notes that are called on a line; those in notes come with the outermost.
    pub(super) fn notes_of_line(&mut self, line: &Line) {
        if self.in_note {
            return;
        }
        for fragment in &line.fragments {
            if let Fragment::Note(id) = fragment {
                self.note(*id);
            }
        }
    }

    /// How many of a paragraph's lines stand on one page for the sake of a note that goes by `footnote-policy: block`.
    pub(super) fn kept_for_notes(&self, inlines: &Inlines, lines: &[Line]) -> usize {
        let keeps =
            |id: &NoteId| self.tree().notes.get(*id as usize).is_some_and(|note| note.policy == FootnotePolicy::Block);
        if !inlines.notes.iter().any(keeps) {
            return 0;
        }
        let calls = |line: &Line| line.fragments.iter().any(|part| matches!(part, Fragment::Note(id) if keeps(id)));
        lines.iter().rposition(calls).map_or(0, |last| last + 1)
    }

    fn note(&mut self, id: NoteId) {
        let Some(note) = self.tree().notes.get(id as usize) else { return };
        let (x, width) = self.note_room();
        let mut sections = Vec::with_capacity(1);
        let inner = note.inner.iter().filter_map(|inner| self.context.tree.notes.get(*inner as usize));
        for own in std::iter::once(note).chain(inner) {
            let laid_out = self.isolated(|emitter| {
                emitter.in_note = true;
                // A note is no part of what it is called in.
                emitter.is_trial = false;
                emitter.block(own.block, x, width);
            });
            cut_into_sections(laid_out, &mut sections);
        }
        self.notes.push((id, Note { policy: note.policy, sections }));
    }
}

/// Cuts a long note where it may be cut and nothing stands around it.
fn cut_into_sections(note: Flowed, sections: &mut Vec<Flowed>) {
    if note.strips.len() <= LONGEST_SECTION {
        sections.push(note);
        return;
    }
    let Flowed { pieces, strips, .. } = note;
    let mut ends = Vec::new();
    let (mut open, mut length) = (0_usize, 0);
    for strip in &strips {
        open = open.saturating_sub(strip.closes);
        let piece = strip.piece as usize;
        let follows = piece.checked_sub(1).and_then(|before| pieces.get(before));
        if length >= LONGEST_SECTION
            && open == 0
            && strip.keep == Keep::Free
            && matches!(follows, Some(Piece::Solid { .. }))
        {
            ends.push(piece);
            length = 0;
        }
        open += strip.opens.len();
        length += 1;
    }
    let mut pieces = pieces.into_iter();
    let mut start = 0;
    for end in ends {
        sections.push(flowed(pieces.by_ref().take(end - start).collect()));
        start = end;
    }
    sections.push(flowed(pieces.collect::<Vec<Piece>>()));
}

/// The notes that are called in the cells of a row.
pub(crate) fn notes_in_row(row: &Row) -> Vec<NoteId> {
    row.cells.iter().flat_map(|cell| &cell.content.strips).flat_map(|strip| strip.notes.iter().copied()).collect()
}

/// The notes that are called in content, in order.
pub(crate) fn notes_in(content: &Content) -> Vec<NoteId> {
    let mut notes = Vec::new();
    collect(content, &mut notes);
    notes
}

fn collect(content: &Content, notes: &mut Vec<NoteId>) {
    let in_flowed = |flowed: &Flowed, notes: &mut Vec<NoteId>| {
        notes.extend(flowed.strips.iter().flat_map(|strip| strip.notes.iter().copied()));
    };
    match content {
        Content::Line(line) => {
            let from = notes.len();
            for fragment in &line.line.fragments {
                match fragment {
                    Fragment::Note(id) => notes.push(*id),
                    Fragment::Atom { id, .. } => {
                        let atom = line.atoms.iter().find(|(own, _)| own == id);
                        if let Some((_, PlacedAtom::Box { flowed, .. })) = atom {
                            in_flowed(flowed, notes);
                        }
                    }
                    _ => {}
                }
            }
            // A line keeps its own calls apart from its boxes; notes are numbered in the order of their calls.
            notes[from..].sort_unstable();
        }
        Content::Row(row) => notes.extend(notes_in_row(row)),
        Content::Float { flowed, .. } => in_flowed(flowed, notes),
        Content::Blank
        | Content::Rest { .. }
        | Content::Picture { .. }
        | Content::ColumnsStart(_)
        | Content::ColumnsEnd => {}
    }
}
