//! What is noted of content as it is placed: where anchors and bookmarks lead, the strings of the page.

use std::sync::Arc;

use super::paginate::{PageDraft, Pagination, TooWide};
use crate::typeset::block::boxes::Mark;
use crate::typeset::block::piece::{Content, Flowed, Piece, PlacedAtom, Row};
use crate::typeset::inline::{Fragment, Line};

/// Lines may be that much wider than their column, in points, before they are reported.
pub(crate) const TOO_WIDE: f32 = 0.5;

/// How much is told of the text of such a line, in characters.
const TOLD: usize = 40;

/// Whether a line runs out of its column so far that it is reported.
pub(crate) fn is_too_wide(line: &Line) -> bool {
    line.natural > line.available + TOO_WIDE
}

/// Notes a mark that stands at `y` of a page.
pub(super) fn note_mark(mark: &Mark, y: f32, page: usize, out: &mut Pagination, draft: &mut PageDraft) {
    match mark {
        // The first element with an id has it.
        Mark::Anchor(name) => {
            out.anchors.entry(name.to_string()).or_insert((page, y));
        }
        Mark::Bookmark { level, label } => out.bookmarks.push((*level, label.clone(), page, y)),
        Mark::StringSet { name, value } => draft.strings.set(name, value, !draft.has_content),
        Mark::PageNumber(number) => draft.number = *number,
    }
}

/// Notes the anchors and marks inside of content.
pub(super) fn note_content(content: &Content, y: f32, page: usize, out: &mut Pagination, draft: &mut PageDraft) {
    draft.has_content |= matches!(content, Content::Line(_) | Content::Picture { .. });
    match content {
        Content::Line(line) => {
            if is_too_wide(&line.line) {
                let by = line.line.natural - line.line.available;
                let picture = line.atoms.iter().find_map(|(_, atom)| match atom {
                    PlacedAtom::Picture { picture, .. } => Some(picture.image),
                    PlacedAtom::Box { .. } => None,
                });
                out.too_wide.push(TooWide { page: draft.number, text: beginning_of(content), picture, by });
            }
            out.cut.extend(line.line.cut.iter().map(|word| (draft.number, Arc::clone(word))));
            for fragment in &line.line.fragments {
                if let Fragment::Anchor(name) = fragment {
                    out.anchors.entry(name.to_string()).or_insert((page, y));
                }
            }
            for (_, atom) in &line.atoms {
                if let PlacedAtom::Box { flowed, .. } = atom {
                    note_flowed(flowed, y, page, out, draft);
                }
            }
        }
        Content::Row(row) => note_row(row, y, page, out, draft),
        Content::Float { flowed, .. } => note_flowed(flowed, y, page, out, draft),
        Content::Blank
        | Content::Rest { .. }
        | Content::Picture { .. }
        | Content::ColumnsStart(_)
        | Content::ColumnsEnd => {}
    }
}

/// How the text of a line begins.
pub(crate) fn beginning(line: &Line) -> String {
    let parts = line.fragments.iter().filter_map(|fragment| match fragment {
        Fragment::Glyphs { run, .. } => {
            let from = run.glyphs.iter().map(|glyph| glyph.text_start).min()?;
            let to = run.glyphs.iter().map(|glyph| glyph.text_end).max()?;
            run.text.get(from as usize..to as usize)
        }
        _ => None,
    });
    let mut letters = parts.flat_map(str::chars);
    let text: String = letters.by_ref().take(TOLD).collect();
    if letters.next().is_some() { text + "…" } else { text }
}

/// How the text of content begins; nothing where it has none.
pub(super) fn beginning_of(content: &Content) -> String {
    match content {
        Content::Line(line) => {
            let boxes = line.atoms.iter().filter_map(|(_, atom)| match atom {
                PlacedAtom::Box { flowed, .. } => Some(beginning_of_flowed(flowed)),
                PlacedAtom::Picture { .. } => None,
            });
            let mut texts = std::iter::once(beginning(&line.line)).chain(boxes);
            texts.find(|text| !text.trim().is_empty()).unwrap_or_default()
        }
        Content::Row(row) => beginning_of_row(row),
        Content::Float { flowed, .. } => beginning_of_flowed(flowed),
        _ => String::new(),
    }
}

/// How the text of a row begins.
pub(super) fn beginning_of_row(row: &Row) -> String {
    let texts = row.cells.iter().map(|cell| beginning_of_flowed(&cell.content));
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

/// How the text of what was laid out on its own begins.
pub(super) fn beginning_of_flowed(flowed: &Flowed) -> String {
    let texts = flowed.pieces.iter().filter_map(|piece| match piece {
        Piece::Solid { content, .. } => Some(beginning_of(content)),
        _ => None,
    });
    texts.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

/// Notes what stands in the cells of a row, and what the row and its cells leave, in the order of the document.
pub(super) fn note_row(row: &Row, y: f32, page: usize, out: &mut Pagination, draft: &mut PageDraft) {
    let mut marks = row.marks.iter().peekable();
    for cell in &row.cells {
        while let Some((down, mark)) = marks.next_if(|(down, _)| *down <= cell.y) {
            note_mark(mark, y + down, page, out, draft);
        }
        for mark in &cell.marks {
            note_mark(mark, y + cell.y, page, out, draft);
        }
        note_flowed(&cell.content, y + cell.y + cell.inset, page, out, draft);
    }
    for (down, mark) in marks {
        note_mark(mark, y + down, page, out, draft);
    }
}

/// Notes what stands in content of its own: a cell, a float, a box in a line.
pub(super) fn note_flowed(flowed: &Flowed, top: f32, page: usize, out: &mut Pagination, draft: &mut PageDraft) {
    let mut y = top;
    for strip in &flowed.strips {
        y += strip.space;
        for mark in &strip.marks {
            note_mark(mark, y, page, out, draft);
        }
        if let Some(Piece::Solid { content, .. }) = flowed.pieces.get(strip.piece as usize) {
            note_content(content, y, page, out, draft);
        }
        y += strip.height;
    }
}
