//! Block layout: boxes to pieces, at a given width (CSS 2.2, 8 to 10).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, BoxTree, LayoutBox, Mark, NoteId, Reference};
use super::columns::Columns;
use super::floats::Floats;
use super::footnotes::{Note, NoteEdges};
use super::galley::{Margins, flowed};
use super::heights::{Begun, Below, has_height};
use super::piece::{Content, Flowed, Keep, Piece};
use super::widths::{Horizontal, frame, horizontal, horizontal_edges, used_width};
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::Line;
use crate::typeset::shape::Shaper;
use crate::typeset::style::computed::{BOTTOM, Break, Clear, Display, LEFT, RIGHT, TOP};

/// What is known of the pages when references are filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PageNumbers {
    /// The number of the page each anchor stands on.
    pub(crate) anchors: BTreeMap<String, i32>,
    pub(crate) pages: i32,
}

impl PageNumbers {
    /// The text of a reference, once it is known.
    pub(crate) fn text(&self, reference: &Reference) -> Option<String> {
        match reference {
            Reference::Page { anchor, style } => self.anchors.get(anchor).map(|number| style.format(*number)),
            Reference::Pages(style) => (self.pages > 0).then(|| style.format(self.pages)),
        }
    }
}

/// What layout needs beside the boxes.
#[derive(Clone, Copy)]
pub(crate) struct LayoutContext<'a> {
    pub(crate) tree: &'a BoxTree,
    pub(crate) fonts: &'a Fonts,
    pub(crate) numbers: &'a PageNumbers,
    /// Width and height of the text area of pages, by name: nothing taller fits.
    pub(crate) pages: &'a [(f32, f32)],
    /// What stands around footnotes.
    pub(crate) note_edges: NoteEdges,
}

/// Lays out boxes into pieces.
pub(crate) struct Emitter<'a, 's, 'f> {
    pub(crate) context: LayoutContext<'a>,
    pub(crate) shaper: &'s mut Shaper<'f>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) floats: Floats,
    /// The columns that content stands in.
    pub(crate) columns: Option<Arc<Columns>>,
    /// A marker that waits for the first line of its item.
    pub(crate) marker: Option<(f32, Line)>,
    /// What list markers take of the space at the left and at the right of lines: no float reaches into it.
    pub(super) clearance: (f32, f32),
    /// The name of the page that content stands on.
    pub(crate) page: u16,
    /// The footnotes that were called.
    pub(crate) notes: Vec<(NoteId, Note)>,
    /// Whether content is laid out on its own.
    is_isolated: bool,
    pub(super) in_note: bool,
    /// Whether the least widths that are asked for are those of words divided for lack of room.
    pub(crate) is_tight: bool,
    /// Boxes that are too tall to be laid out on their own, at the width that they have, as bits.
    pub(super) too_tall: HashSet<(BoxId, u32)>,
    /// Whether something around is being laid out on its own that may turn out too tall for that.
    pub(super) is_trial: bool,
    /// Whether such a box holds another that is too tall, and was not set.
    pub(super) holds_too_tall: bool,
    /// Floats that come first in their boxes: they stand where the content after them turns out to begin.
    pub(super) waiting_floats: Vec<(BoxId, f32, f32)>,
    /// Where the first of the floats begins that stay on one page.
    pub(super) floats_from: f32,
    /// How many boxes were opened whose upper edge may still move, since what is inside may have margins.
    pub(crate) unsettled: usize,
    /// How far down the settled pieces reach, and the margins that follow them.
    pub(super) y: f32,
    pub(super) margins: Margins,
}

impl<'a, 's, 'f> Emitter<'a, 's, 'f> {
    pub(crate) fn new(context: LayoutContext<'a>, shaper: &'s mut Shaper<'f>) -> Self {
        Self {
            context,
            shaper,
            pieces: Vec::new(),
            floats: Floats::default(),
            columns: None,
            marker: None,
            clearance: (0.0, 0.0),
            page: 0,
            notes: Vec::new(),
            is_isolated: false,
            in_note: false,
            is_tight: false,
            too_tall: HashSet::new(),
            is_trial: false,
            holds_too_tall: false,
            waiting_floats: Vec::new(),
            floats_from: 0.0,
            unsettled: 0,
            y: 0.0,
            margins: Margins::default(),
        }
    }

    pub(crate) fn tree(&self) -> &'a BoxTree {
        self.context.tree
    }

    /// The pieces and the notes they call, once nothing more is to come.
    pub(crate) fn into_pieces(mut self) -> (Vec<Piece>, Vec<(NoteId, Note)>) {
        self.settle_floats();
        self.clear_floats(Clear::Both);
        self.pieces.shrink_to_fit();
        (self.pieces, self.notes)
    }

    /// Lays out something on its own: its margins and floats stay inside.
    pub(crate) fn isolated(&mut self, emit: impl FnOnce(&mut Emitter<'a, '_, 'f>)) -> Flowed {
        let (page, in_note, is_trial) = (self.page, self.in_note, self.is_trial);
        let too_tall = std::mem::take(&mut self.too_tall);
        let mut inner =
            Emitter { page, is_isolated: true, in_note, is_trial, too_tall, ..Emitter::new(self.context, self.shaper) };
        emit(&mut inner);
        inner.settle_floats();
        self.too_tall = std::mem::take(&mut inner.too_tall);
        self.holds_too_tall |= inner.holds_too_tall;
        let (pieces, notes) = inner.into_pieces();
        self.notes.extend(notes);
        flowed(pieces)
    }

    pub(crate) fn emit(&mut self, mut piece: Piece) {
        match &mut piece {
            Piece::Margin(margin) => self.margins.add(*margin),
            // Margins collapse across floats.
            Piece::Solid { content: Content::Float { .. }, .. } => {}
            Piece::Solid { height, keep, content } => {
                self.settle_floats();
                self.unsettled = 0;
                self.stay_beside_floats(keep, content);
                self.y += self.margins.collapsed() + *height;
                self.margins = Margins::default();
            }
            _ => {}
        }
        self.pieces.push(piece);
    }

    /// Where the next strip would start.
    pub(crate) fn here(&self) -> f32 {
        self.y + self.margins.collapsed()
    }

    /// Where the next strip would start below another margin.
    pub(super) fn here_after(&self, margin: f32) -> f32 {
        let mut margins = self.margins;
        margins.add(margin);
        self.y + margins.collapsed()
    }

    pub(super) fn marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            self.pieces.push(Piece::Mark(mark.clone()));
        }
    }

    /// The height of the page's text area.
    pub(crate) fn page_height(&self) -> f32 {
        self.context.pages.get(usize::from(self.page)).map_or(0.0, |page| page.1)
    }

    /// Goes to the pages that a box stands on; the rest of the way to another width is returned.
    pub(crate) fn turn_to_page_of(&mut self, layout_box: &LayoutBox) -> f32 {
        let alone = self.is_isolated || self.columns.is_some();
        if self.tree().page_names.is_empty() || alone {
            return 0.0;
        }
        self.emit(Piece::Page(layout_box.page));
        let before = std::mem::replace(&mut self.page, layout_box.page);
        page_growth(self.context.pages, before, layout_box.page)
    }

    /// A box in a containing block.
    pub(crate) fn block(&mut self, id: BoxId, x: f32, width: f32) {
        let page = self.page;
        let width = width + self.turn_to_page_of(self.tree().get(id));
        self.block_on_page(id, x, width);
        self.page = page;
    }

    fn block_on_page(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        if spans_columns(layout_box)
            && let Some(columns) = self.columns.take()
        {
            self.end_columns();
            self.across_columns(id, &columns);
            self.start_columns(Columns::clone(&columns));
            return;
        }
        match &layout_box.kind {
            BoxKind::Paragraph(inlines) => {
                self.marks(&layout_box.marks);
                self.paragraph(id, inlines, x, width);
            }
            _ if layout_box.style.float.is_side() => self.float(id, x, width),
            BoxKind::Picture(_) => self.block_picture(layout_box, x, width),
            BoxKind::Table => self.table(id, x, width),
            _ if layout_box.style.is_flow_root() => self.flow_root(id, x, width),
            _ => self.plain_block(id, x, width, false),
        }
    }

    /// A block across all columns, whose floats and margins stay inside of it (CSS Multi-column 1, 6.1).
    pub(super) fn spanning_block(&mut self, id: BoxId, x: f32, width: f32) {
        if matches!(self.tree().get(id).kind, BoxKind::Block) {
            self.flow_root(id, x, width);
        } else {
            self.block(id, x, width);
        }
    }

    /// A block whose floats stay inside, beside or below those around it.
    fn flow_root(&mut self, id: BoxId, x: f32, width: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        self.clear_floats_before(style.clear, Break::Auto, style.margin[TOP].of(width).unwrap_or(0.0));
        self.settle_floats();
        let (mut x, mut width) = (x, width);
        // How tall columns are is known on the page alone: nothing could tell what after them stands beside a float.
        if Columns::of(&style, x, width).is_some() {
            self.stand_below_floats(style.margin[TOP].of(width).unwrap_or(0.0));
        }
        if !self.floats.is_clear(self.here()) {
            let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
            let sides = (margin(LEFT), margin(RIGHT));
            let least = match style.width.of(width) {
                Some(_) => {
                    let edges = horizontal_edges(&style, width);
                    used_width(&style, width, 0.0, edges) + edges
                }
                None => self.intrinsic(id).0 - sides.0 - sides.1,
            };
            let above = margin(TOP);
            (x, width) = self.beside_floats(least, (above, None), sides, (x, width));
            self.begin_beside_floats(above);
        }
        let around = std::mem::take(&mut self.floats);
        self.plain_block(id, x, width, true);
        self.floats = around;
    }

    fn plain_block(&mut self, id: BoxId, x: f32, width: f32, is_root: bool) {
        let layout_box = self.tree().get(id);
        let content = OpenBox { is_root, ..self.open(id, x, width) };
        let (mut x, mut width) = (content.content_x, content.content_width);
        let columns = Columns::of(&layout_box.style, x, width);
        if is_root && columns.is_none() {
            // Margins inside stay inside.
            self.emit(Piece::blank(0.0, Keep::Free));
            self.emit(Piece::Stick);
        }
        let has_columns = columns.is_some();
        if let Some(columns) = columns {
            (x, width) = (columns.x, columns.width);
            self.start_columns(columns);
        }
        for child in &layout_box.children {
            self.block(*child, x, width);
        }
        if has_columns {
            self.flush_marker(x, &layout_box.style);
            self.end_columns();
        }
        if is_root {
            self.clear_floats(Clear::Both);
            if !has_columns && !has_height(&layout_box.style) {
                self.emit(Piece::blank(0.0, Keep::Edge));
            }
        }
        self.close(id, content);
    }

    /// The start of a block box; its content follows, and then [`Emitter::close`].
    pub(crate) fn open(&mut self, id: BoxId, x: f32, width: f32) -> OpenBox {
        let layout_box = self.tree().get(id);
        let style = &layout_box.style;
        let horizontal = horizontal(layout_box, x, width);
        // Floats stay on their page.
        let margin = style.margin[TOP].of(width).unwrap_or(0.0);
        self.clear_floats_before_box(id, x, width);
        self.emit(Piece::Break(style.break_before));
        if style.break_inside_avoid {
            self.emit(Piece::Hold);
        }
        self.emit(Piece::Margin(margin));
        self.marks(&layout_box.marks);
        let frame = frame(style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        let begun = Begun { pieces: self.pieces.len(), y: self.y, margins: self.margins };
        let top = style.border[TOP].used() + style.padding[TOP].of(width);
        if top > 0.0 {
            self.emit(Piece::blank(top, Keep::Free));
            self.emit(Piece::Stick);
        } else {
            self.unsettled += 1;
        }
        let clearance = self.clearance;
        if let Some(marker) = &layout_box.marker {
            self.set_marker(layout_box, marker, &horizontal);
        }
        OpenBox {
            framed,
            is_root: style.is_flow_root(),
            clearance,
            begun,
            content_x: horizontal.content_x,
            content_width: horizontal.content_width,
            outer: width,
        }
    }

    /// The end of a block box.
    pub(crate) fn close(&mut self, id: BoxId, open: OpenBox) {
        let style = Arc::clone(&self.tree().get(id).style);
        self.flush_marker(open.content_x, &style);
        self.clearance = open.clearance;
        self.settle_floats();
        self.unsettled = self.unsettled.saturating_sub(1);
        let bottom = style.border[BOTTOM].used() + style.padding[BOTTOM].of(open.outer);
        // How tall columns are is known when pages are made.
        if has_height(&style) && !style.columns.is_set() {
            let top = style.border[TOP].used() + style.padding[TOP].of(open.outer);
            let below = Below { framed: open.framed, edges: (top, bottom), is_root: open.is_root };
            self.fill_height(&style, open.begun, below, open.content_width);
        }
        if bottom > 0.0 {
            self.emit(Piece::blank(bottom, Keep::Edge));
        }
        if open.framed {
            self.emit(Piece::Close);
        }
        self.emit(Piece::Margin(style.margin[BOTTOM].of(open.outer).unwrap_or(0.0)));
        if style.break_inside_avoid {
            self.emit(Piece::Release);
        }
        self.emit(if style.break_after == Break::Avoid { Piece::KeepNext } else { Piece::Break(style.break_after) });
    }

    /// The end of a box that was opened apart from its children; see [`is_plain`].
    pub(crate) fn close_plain(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        let horizontal = horizontal(layout_box, x, width);
        let open = OpenBox {
            framed: frame(&layout_box.style, &horizontal).is_some(),
            is_root: layout_box.style.is_flow_root(),
            clearance: self.clearance,
            // A plain box has no height of its own.
            begun: Begun::default(),
            content_x: horizontal.content_x,
            content_width: horizontal.content_width,
            outer: width,
        };
        self.close(id, open);
    }

    /// The inside of a box whose border box is given: frame, edges and children.
    pub(crate) fn block_content(&mut self, id: BoxId, x: f32, border_width: f32, content_width: f32, base: f32) {
        let layout_box = self.tree().get(id);
        // The captions of a table stand outside of its frame.
        if matches!(layout_box.kind, BoxKind::Table) {
            return self.table_inside(id, x, border_width, base);
        }
        let style = &layout_box.style;
        let content_x = x + style.border[LEFT].used() + style.padding[LEFT].of(base);
        let horizontal = Horizontal { x, width: border_width, content_x, content_width };
        let frame = frame(style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        let begun = Begun { pieces: self.pieces.len(), y: self.y, margins: self.margins };
        let edge = |side: usize| style.border[side].used() + style.padding[side].of(base);
        let edges = (edge(TOP), edge(BOTTOM));
        self.emit(Piece::blank(edges.0, Keep::Free));
        self.emit(Piece::Stick);
        match &layout_box.kind {
            BoxKind::Picture(_) => self.bare_picture(layout_box, content_x, content_width, base),
            _ => {
                for child in &layout_box.children {
                    self.block(*child, content_x, content_width);
                }
            }
        }
        self.clear_floats(Clear::Both);
        // Pictures have their heights already.
        if has_height(style) && !matches!(layout_box.kind, BoxKind::Picture(_)) {
            let below = Below { framed, edges, is_root: true };
            self.fill_height(style, begun, below, content_width);
        }
        self.emit(Piece::blank(edges.1, Keep::Edge));
        if framed {
            self.emit(Piece::Close);
        }
    }
}

/// A block box that has been opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenBox {
    framed: bool,
    /// Whether the margins of what is in it stay inside.
    is_root: bool,
    /// See [`Emitter::clearance`]: before the box.
    clearance: (f32, f32),
    begun: Begun,
    pub(crate) content_x: f32,
    pub(crate) content_width: f32,
    /// Width of the containing block, which percentages are of.
    outer: f32,
}

/// How much wider the text area of pages of one name is than that of another.
pub(crate) fn page_growth(pages: &[(f32, f32)], from: u16, to: u16) -> f32 {
    let width = |name: u16| pages.get(usize::from(name)).map_or(0.0, |page| page.0);
    if from == to { 0.0 } else { width(to) - width(from) }
}

/// Whether a box goes across all columns.
pub(crate) fn spans_columns(layout_box: &LayoutBox) -> bool {
    // A paragraph without an element has the style of the box around it.
    layout_box.style.columns.span
        && !layout_box.style.float.is_side()
        && !matches!(layout_box.kind, BoxKind::Paragraph(_))
}

/// Whether a plain block may be opened and closed around children that are laid out apart.
pub(crate) fn is_plain(layout_box: &LayoutBox) -> bool {
    matches!(layout_box.kind, BoxKind::Block)
        && !layout_box.style.float.is_side()
        && layout_box.marker.is_none()
        && !has_height(&layout_box.style)
        && layout_box.style.display != Display::InlineBlock
        && layout_box.style.break_before != Break::Avoid
}
