//! Block layout: boxes to pieces, at a given width (CSS 2.2, 8 to 10).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::boxes::{BoxId, BoxKind, BoxTree, LayoutBox, Mark, Reference};
use super::columns::Columns;
use super::floats::Floats;
use super::galley::{Margins, flowed};
use super::piece::{Content, Flowed, Frame, Keep, Piece};
use crate::typeset::fonts::Fonts;
use crate::typeset::inline::{Direction, Line};
use crate::typeset::picture::Pictures;
use crate::typeset::shape::Shaper;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, Break, Clear, Display, Float, LEFT, RIGHT, TOP};
use crate::typeset::style::values::Size;

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
    pub(crate) pictures: &'a Pictures,
    pub(crate) numbers: &'a PageNumbers,
    /// The height of a page's text area: nothing taller fits.
    pub(crate) page_height: f32,
}

/// A box's edges and content box, horizontally.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizontal {
    /// Border box.
    pub(crate) x: f32,
    pub(crate) width: f32,
    /// Content box.
    pub(crate) content_x: f32,
    pub(crate) content_width: f32,
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
    /// How far down the settled pieces reach, and the margins that follow them.
    y: f32,
    margins: Margins,
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
            y: 0.0,
            margins: Margins::default(),
        }
    }

    pub(crate) fn tree(&self) -> &'a BoxTree {
        self.context.tree
    }

    /// The pieces, once nothing more is to come.
    pub(crate) fn into_pieces(mut self) -> Vec<Piece> {
        self.clear_floats(Clear::Both);
        self.pieces
    }

    /// Lays out something on its own: its margins and floats stay inside.
    pub(crate) fn isolated(&mut self, emit: impl FnOnce(&mut Emitter<'a, '_, 'f>)) -> Flowed {
        let mut inner = Emitter::new(self.context, self.shaper);
        emit(&mut inner);
        flowed(inner.into_pieces())
    }

    pub(crate) fn emit(&mut self, piece: Piece) {
        match &piece {
            Piece::Margin(margin) => self.margins.add(*margin),
            Piece::Solid { height, .. } => {
                self.y += self.margins.collapsed() + height;
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

    fn marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            self.pieces.push(Piece::Mark(mark.clone()));
        }
    }

    /// A box in a containing block.
    pub(crate) fn block(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        if spans_columns(layout_box)
            && let Some(columns) = self.columns.take()
        {
            self.end_columns();
            self.block(id, columns.outer_x, columns.outer_width);
            self.start_columns(Columns::clone(&columns));
            return;
        }
        match &layout_box.kind {
            BoxKind::Paragraph(inlines) => {
                self.marks(&layout_box.marks);
                self.paragraph(layout_box, inlines, x, width);
            }
            _ if layout_box.style.float != Float::None => self.float(id, x, width),
            BoxKind::Picture(_) => self.block_picture(layout_box, x, width),
            BoxKind::Table => self.table(id, x, width),
            _ => {
                let content = self.open(id, x, width);
                let (mut x, mut width) = (content.content_x, content.content_width);
                let columns = Columns::of(&layout_box.style, x, width);
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
                self.close(id, content);
            }
        }
    }

    /// The start of a block box; its content follows, and then [`Emitter::close`].
    pub(crate) fn open(&mut self, id: BoxId, x: f32, width: f32) -> OpenBox {
        let layout_box = self.tree().get(id);
        let style = &layout_box.style;
        let horizontal = horizontal(layout_box, x, width);
        self.clear_floats(style.clear);
        self.emit(Piece::Break(style.break_before));
        if style.break_inside_avoid {
            self.emit(Piece::Hold);
        }
        self.emit(Piece::Margin(style.margin[TOP].of(width).unwrap_or(0.0)));
        self.marks(&layout_box.marks);
        let frame = frame(style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        let top = style.border[TOP].used() + style.padding[TOP].of(width);
        if top > 0.0 {
            self.emit(Piece::blank(top, Keep::Free));
            self.emit(Piece::Stick);
        }
        if let Some(marker) = &layout_box.marker {
            self.set_marker(layout_box, marker, &horizontal);
        }
        OpenBox {
            framed,
            top: self.here(),
            content_x: horizontal.content_x,
            content_width: horizontal.content_width,
            outer: width,
        }
    }

    /// The end of a block box.
    pub(crate) fn close(&mut self, id: BoxId, open: OpenBox) {
        let style = Arc::clone(&self.tree().get(id).style);
        self.flush_marker(open.content_x, &style);
        let bottom = style.border[BOTTOM].used() + style.padding[BOTTOM].of(open.outer);
        let edges =
            if style.border_box { bottom + style.border[TOP].used() + style.padding[TOP].of(open.outer) } else { 0.0 };
        let least = style.height.fixed().into_iter().chain(style.min_height.fixed()).fold(0.0_f32, f32::max) - edges;
        let missing = least - (self.y - open.top).max(0.0);
        if least > 0.0 && missing > 0.01 {
            self.emit(Piece::blank(missing.min(self.context.page_height), Keep::Edge));
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
        self.emit(Piece::Break(style.break_after));
    }

    /// The end of a box that was opened apart from its children; see [`is_plain`].
    pub(crate) fn close_plain(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        let horizontal = horizontal(layout_box, x, width);
        let open = OpenBox {
            framed: frame(&layout_box.style, &horizontal).is_some(),
            top: 0.0,
            content_x: horizontal.content_x,
            content_width: horizontal.content_width,
            outer: width,
        };
        self.close(id, open);
    }

    /// Moves below floats on these sides.
    pub(crate) fn clear_floats(&mut self, clear: Clear) {
        let bottom = self.floats.bottom(clear);
        let missing = bottom - self.here();
        if missing > 0.01 {
            self.emit(Piece::blank(missing, Keep::Avoid));
        }
    }

    /// A float: laid out on its own, put beside what follows.
    fn float(&mut self, id: BoxId, x: f32, width: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let edges = horizontal_edges(&style, width);
        let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
        let margins = margin(LEFT) + margin(RIGHT);
        let room = (width - margins).max(0.0);
        let (least, most) = self.intrinsic(id);
        let border_width = match style.width.of(width) {
            Some(_) => used_width(&style, width, room - edges, edges) + edges,
            None => most.min(room).max(least.min(room)),
        };
        let content_width = (border_width - edges).max(0.0);
        let flowed = self.isolated(|inner| inner.block_content(id, 0.0, border_width, content_width, width));
        let on_left = style.float == Float::Left;
        self.clear_floats(style.clear);
        let here = self.here();
        let room_here = self.floats.room(here, x, width);
        if border_width + margins > room_here.width + 0.1 {
            self.clear_floats(Clear::Both);
        }
        let here = self.here();
        let room_here = self.floats.room(here, x, width);
        let left_edge = if on_left {
            room_here.left + margin(LEFT)
        } else {
            room_here.left + room_here.width - margin(RIGHT) - border_width
        };
        let height = flowed.height + margin(TOP) + margin(BOTTOM);
        let band = if on_left { left_edge + border_width + margin(RIGHT) } else { left_edge - margin(LEFT) };
        let spaced = with_margins(flowed, margin(TOP), margin(BOTTOM));
        self.floats.add(on_left, here, here + height, band);
        self.marks(&self.tree().get(id).marks.clone());
        self.emit(Piece::solid(0.0, Keep::Free, Content::Float { x: left_edge, flowed: Box::new(spaced) }));
    }

    /// The inside of a box whose border box is given: frame, edges and children.
    pub(crate) fn block_content(&mut self, id: BoxId, x: f32, border_width: f32, content_width: f32, base: f32) {
        let layout_box = self.tree().get(id);
        let style = &layout_box.style;
        let content_x = x + style.border[LEFT].used() + style.padding[LEFT].of(base);
        let horizontal = Horizontal { x, width: border_width, content_x, content_width };
        let frame = frame(style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        self.emit(Piece::blank(style.border[TOP].used() + style.padding[TOP].of(base), Keep::Free));
        self.emit(Piece::Stick);
        match &layout_box.kind {
            BoxKind::Picture(_) => self.bare_picture(layout_box, content_x, content_width),
            BoxKind::Table => self.table_inside(id, content_x, content_width),
            _ => {
                for child in &layout_box.children {
                    self.block(*child, content_x, content_width);
                }
            }
        }
        self.clear_floats(Clear::Both);
        let missing =
            style.height.fixed().into_iter().chain(style.min_height.fixed()).fold(0.0_f32, f32::max) - self.here();
        if missing > 0.01 {
            self.emit(Piece::blank(missing.min(self.context.page_height), Keep::Edge));
        }
        self.emit(Piece::blank(style.border[BOTTOM].used() + style.padding[BOTTOM].of(base), Keep::Edge));
        if framed {
            self.emit(Piece::Close);
        }
    }
}

/// A block box that has been opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenBox {
    framed: bool,
    /// Where its content starts.
    top: f32,
    pub(crate) content_x: f32,
    pub(crate) content_width: f32,
    /// Width of the containing block, which percentages are of.
    outer: f32,
}

/// Widths and horizontal margins (CSS 2.2, 10.3.3).
fn horizontal(layout_box: &LayoutBox, x: f32, width: f32) -> Horizontal {
    let style = &layout_box.style;
    let edges = horizontal_edges(style, width);
    let left = style.margin[LEFT].of(width);
    let right = style.margin[RIGHT].of(width);
    let available = (width - edges - left.unwrap_or(0.0) - right.unwrap_or(0.0)).max(0.0);
    let content_width = used_width(style, width, available, edges);
    let rest = width - content_width - edges - left.unwrap_or(0.0) - right.unwrap_or(0.0);
    let offset = match (left, right) {
        (None, None) => rest.max(0.0) / 2.0,
        (None, Some(_)) => rest.max(0.0),
        // Over-constrained: the margin at the end gives way.
        (Some(left), Some(_)) if style.direction == Direction::Rtl => left + rest,
        (Some(left), _) => left,
    };
    let border_x = x + offset;
    Horizontal {
        x: border_x,
        width: content_width + edges,
        content_x: border_x + style.border[LEFT].used() + style.padding[LEFT].of(width),
        content_width,
    }
}

/// Left edge and width of a block's content box.
pub(crate) fn content_box(layout_box: &LayoutBox, x: f32, width: f32) -> (f32, f32) {
    let horizontal = horizontal(layout_box, x, width);
    (horizontal.content_x, horizontal.content_width)
}

/// Horizontal padding and borders together.
pub(crate) fn horizontal_edges(style: &Style, base: f32) -> f32 {
    style.border[LEFT].used()
        + style.border[RIGHT].used()
        + style.padding[LEFT].of(base)
        + style.padding[RIGHT].of(base)
}

/// The content width by `width`, `min-width` and `max-width`; `available` for `auto`.
pub(crate) fn used_width(style: &Style, base: f32, available: f32, edges: f32) -> f32 {
    let inner = |size: Size| size.of(base).map(|width| if style.border_box { width - edges } else { width });
    let mut width = inner(style.width).unwrap_or(available);
    if let Some(most) = inner(style.max_width) {
        width = width.min(most);
    }
    if let Some(least) = inner(style.min_width) {
        width = width.max(least);
    }
    width.max(0.0)
}

/// The painted frame of a box; `None` where nothing is painted.
pub(crate) fn frame(style: &Style, horizontal: &Horizontal) -> Option<Frame> {
    let background = style.background_color();
    let borders = style.border.map(|border| (border.used(), border.color.of(style.color)));
    let painted = background.is_some() || borders.iter().any(|(width, color)| *width > 0.0 && color.a > 0);
    (painted && !style.hidden).then_some(Frame { x: horizontal.x, width: horizontal.width, background, borders })
}

fn with_margins(flowed_box: Flowed, top: f32, bottom: f32) -> Flowed {
    if top == 0.0 && bottom == 0.0 {
        return flowed_box;
    }
    let mut pieces = vec![Piece::blank(top, Keep::Edge)];
    pieces.extend(flowed_box.pieces);
    pieces.push(Piece::blank(bottom, Keep::Edge));
    flowed(pieces)
}

/// Whether a box holds floats that text after it may stand beside.
pub(crate) fn has_floats(tree: &BoxTree, id: BoxId) -> bool {
    let layout_box = tree.get(id);
    layout_box.style.float != Float::None || layout_box.children.iter().any(|child| has_floats(tree, *child))
}

/// Whether a box goes across all columns.
pub(crate) fn spans_columns(layout_box: &LayoutBox) -> bool {
    // A paragraph without an element has the style of the box around it.
    layout_box.style.columns.span
        && layout_box.style.float == Float::None
        && !matches!(layout_box.kind, BoxKind::Paragraph(_))
}

/// Whether a plain block may be opened and closed around children that are laid out apart.
pub(crate) fn is_plain(layout_box: &LayoutBox) -> bool {
    matches!(layout_box.kind, BoxKind::Block)
        && layout_box.style.float == Float::None
        && layout_box.marker.is_none()
        && layout_box.style.height == Size::Auto
        && layout_box.style.min_height == Size::Auto
        && layout_box.style.display != Display::InlineBlock
        && layout_box.style.break_before != Break::Avoid
}
