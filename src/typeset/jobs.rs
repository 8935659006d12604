//! The flow cut into parts that are laid out side by side.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};

use super::block::boxes::{Atom, BoxId, BoxKind, BoxTree, NoteId};
use super::block::columns::Columns;
use super::block::floats::has_floats;
use super::block::flow::{Emitter, LayoutContext, is_plain, page_growth, spans_columns};
use super::block::footnotes::Note;
use super::block::piece::Piece;
use super::block::widths::content_box;
use super::inline::Inline;
use super::shape::Shaper;

/// Pieces of work for the threads; the result does not depend on it.
const CHUNKS: usize = 32;

/// A part of the flow that is laid out by itself.
pub(super) enum Job {
    Open(BoxId, f32, f32),
    /// Boxes at a place, the columns they stand in, and the name of the pages of the box around them.
    Whole(Vec<BoxId>, f32, f32, Option<Arc<Columns>>, u16),
    Close(BoxId, f32, f32),
}

impl Job {
    /// Whether page numbers stand in its text.
    pub(super) fn is_volatile(&self, tree: &BoxTree) -> bool {
        match self {
            Self::Whole(ids, ..) => ids.iter().any(|id| is_volatile(tree, *id, false)),
            _ => false,
        }
    }
}

fn is_volatile(tree: &BoxTree, id: BoxId, in_note: bool) -> bool {
    let layout_box = tree.get(id);
    match &layout_box.kind {
        BoxKind::Paragraph(inlines) => {
            let boxes = inlines.atoms.iter().any(|atom| match atom {
                Atom::Box(id) => is_volatile(tree, *id, in_note),
                Atom::Picture(_) => false,
            });
            let floats = inlines.content.iter().any(|item| match item {
                Inline::Float(id) => is_volatile(tree, *id, in_note),
                _ => false,
            });
            // What is called in a note is laid out with it, and looked at with it.
            let notes = !in_note && inlines.notes.iter().any(|note| is_volatile_note(tree, *note));
            !inlines.references.is_empty() || boxes || floats || notes
        }
        _ => layout_box.children.iter().any(|child| is_volatile(tree, *child, in_note)),
    }
}

/// Whether page numbers stand in a note or in those called in it.
fn is_volatile_note(tree: &BoxTree, note: NoteId) -> bool {
    let Some(note) = tree.notes.get(note as usize) else { return false };
    let blocks = note.inner.iter().filter_map(|inner| tree.notes.get(*inner as usize));
    std::iter::once(note).chain(blocks).any(|note| is_volatile(tree, note.block, true))
}

/// Cuts the flow into jobs: large plain blocks are opened, so that their children can be laid out side by side.
pub(super) fn jobs(tree: &BoxTree, root: BoxId, pages: &[(f32, f32)]) -> Vec<Job> {
    let weights = weights(tree);
    let grain = (weights[root as usize] / CHUNKS).max(40);
    let mut out = Vec::new();
    let mut group: Vec<BoxId> = Vec::new();
    let width = pages.first().map_or(0.0, |page| page.0);
    open_job(tree, root, (0.0, width, 0), None, pages, grain, &weights, &mut out, &mut group);
    out
}

#[allow(clippy::too_many_arguments, reason = "a recursion with its state")]
fn open_job(
    tree: &BoxTree,
    id: BoxId,
    (x, width, page): (f32, f32, u16),
    columns: Option<&Arc<Columns>>,
    pages: &[(f32, f32)],
    grain: usize,
    weights: &[usize],
    out: &mut Vec<Job>,
    group: &mut Vec<BoxId>,
) {
    let page_of = tree.get(id).page;
    let width = if columns.is_none() { width + page_growth(pages, page, page_of) } else { width };
    out.push(Job::Open(id, x, width));
    let outer = (x, width);
    let (mut x, mut width) = content_box(tree.get(id), x, width);
    let own = Columns::of(&tree.get(id).style, x, width).map(Arc::new);
    if let Some(own) = &own {
        (x, width) = (own.x, own.width);
    }
    let columns = own.as_ref().or(columns);
    let whole = |group: &mut Vec<BoxId>| Job::Whole(std::mem::take(group), x, width, columns.cloned(), page_of);
    let mut weight = 0;
    for child in &tree.get(id).children {
        let heavy = weights[*child as usize] > grain;
        let layout_box = tree.get(*child);
        let spans = columns.is_some() && spans_columns(layout_box);
        // It may stand beside a float just before it.
        let is_beside = group.last().is_some_and(|before| has_floats(tree, *before));
        let holds_floats = layout_box.children.iter().any(|child| has_floats(tree, *child));
        if heavy && !spans && is_plain(layout_box) && !is_beside && !holds_floats {
            if !group.is_empty() {
                out.push(whole(group));
                weight = 0;
            }
            open_job(tree, *child, (x, width, page_of), columns, pages, grain, weights, out, group);
            continue;
        }
        group.push(*child);
        weight += weights[*child as usize];
        // Text goes on beside floats: they stay in one job with what follows.
        if weight > grain && !has_floats(tree, *child) && !group.iter().any(|id| has_floats(tree, *id)) {
            out.push(whole(group));
            weight = 0;
        }
    }
    if !group.is_empty() {
        out.push(whole(group));
    }
    out.push(Job::Close(id, outer.0, outer.1));
}

/// How much there is to lay out in each box: its inline items and all below.
fn weights(tree: &BoxTree) -> Vec<usize> {
    let mut weights = vec![1; tree.boxes.len()];
    // Boxes are made before their children.
    for id in (0..tree.boxes.len()).rev() {
        let layout_box = &tree.boxes[id];
        if let BoxKind::Paragraph(inlines) = &layout_box.kind {
            weights[id] += inlines.content.len();
        }
        weights[id] += layout_box.children.iter().map(|child| weights[*child as usize]).sum::<usize>();
    }
    weights
}

/// Lays out these jobs, in parallel; the order of the result is theirs. Notes that they call are put in their places,
/// characters that no font has among the `missing`.
pub(super) fn emit(
    jobs: &[Job],
    which: &[usize],
    context: LayoutContext<'_>,
    notes: &mut [Option<Note>],
    missing: &mut BTreeSet<char>,
) -> Vec<Vec<Piece>> {
    let chunks: Vec<&[usize]> = which.chunks(which.len().div_ceil(CHUNKS).max(1)).collect();
    let next = AtomicUsize::new(0);
    // Each thread takes the next part as long as there is one, and remembers the words of all that it has laid out.
    let work = |_| {
        let mut shaper = Shaper::new(context.fonts);
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(number) else { return (done, shaper.missing()) };
            let mut emit = |job: &usize| {
                let before = job.checked_sub(1).and_then(|before| jobs.get(before));
                emit_job(&jobs[*job], before, context, &mut shaper)
            };
            let emitted: Vec<Emitted> = chunk.iter().map(&mut emit).collect();
            done.push((number, emitted));
        }
    };
    let threads = rayon::current_num_threads().min(chunks.len());
    let done: Vec<_> = (0..threads).into_par_iter().with_max_len(1).map(work).collect();
    let mut parts = Vec::with_capacity(chunks.len());
    for (own, characters) in done {
        parts.extend(own);
        missing.extend(characters);
    }
    parts.sort_unstable_by_key(|(number, _)| *number);
    let mut units = Vec::with_capacity(which.len());
    for (pieces, called) in parts.into_iter().flat_map(|(_, emitted)| emitted) {
        units.push(pieces);
        for (id, note) in called {
            if let Some(place) = notes.get_mut(id as usize) {
                *place = Some(note);
            }
        }
    }
    units
}

/// The pieces of a job, and the notes that are called in them.
type Emitted = (Vec<Piece>, Vec<(NoteId, Note)>);

fn emit_job(job: &Job, before: Option<&Job>, context: LayoutContext<'_>, shaper: &mut Shaper<'_>) -> Emitted {
    let mut emitter = Emitter::new(context, shaper);
    match job {
        Job::Open(id, x, width) => {
            emitter.turn_to_page_of(context.tree.get(*id));
            let content = emitter.open(*id, *x, *width);
            let style = &context.tree.get(*id).style;
            if let Some(columns) = Columns::of(style, content.content_x, content.content_width) {
                emitter.start_columns(columns);
            }
        }
        Job::Whole(ids, x, width, columns, page) => {
            emitter.page = *page;
            emitter.columns.clone_from(columns);
            // Content that comes first in its box moves with its margins.
            emitter.unsettled = usize::from(matches!(before, Some(Job::Open(..))));
            for id in ids {
                emitter.block(*id, *x, *width);
            }
        }
        Job::Close(id, x, width) => {
            if context.tree.get(*id).style.columns.is_set() {
                emitter.end_columns();
            }
            emitter.close_plain(*id, *x, *width);
        }
    }
    emitter.into_pieces()
}
