//! What the flow is made of before it is cut into pages.
//!
//! Layout turns every box into a sequence of pieces: margins that may still collapse, solid strips that may not be
//! cut, frames that open and close around them. `galley` settles the margins, `pager` cuts.

use std::sync::Arc;

use super::boxes::{BoxId, Mark, NoteId, PictureBox};
use super::columns::Columns;
use crate::typeset::border;
use crate::typeset::display::Color;
use crate::typeset::inline::{Fragment, Line};
use crate::typeset::style::computed::{Break, VerticalAlign};
use crate::typeset::style::radius::Radius;

/// The painted box around content: its background and borders.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    /// Left edge of the border box.
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) background: Option<Color>,
    /// By side.
    pub(crate) borders: [border::Line; 4],
    /// By corner, where any is round.
    pub(crate) radii: Option<Box<[Radius; 4]>>,
}

/// How much a break before a strip is resisted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Keep {
    #[default]
    Free,
    /// By `break-*: avoid`, orphans and widows.
    Avoid,
    /// Between a box's edge and its content.
    Edge,
}

/// An inline-level box on a line.
#[derive(Clone, Debug)]
pub(crate) enum PlacedAtom {
    Picture {
        picture: PictureBox,
        width: f32,
        height: f32,
        /// Width of the containing block, which percentages are of.
        base: f32,
    },
    /// An inline block; its margins are in `width`, and the left one says where in that it begins.
    Box { flowed: Flowed, width: f32, left: f32, align: VerticalAlign },
}

impl PlacedAtom {
    /// The width of its content, or of its border box.
    pub(super) fn width(&self) -> f32 {
        match self {
            Self::Picture { width, .. } | Self::Box { width, .. } => *width,
        }
    }
}

/// A line of text at its place.
#[derive(Clone, Debug)]
pub(crate) struct PlacedLine {
    /// Left edge of the content box that the line's own x counts from.
    pub(crate) x: f32,
    /// The paragraph that it is of; none of a marker that stands alone.
    pub(crate) paragraph: Option<BoxId>,
    pub(crate) line: Line,
    /// Atoms on this line, by the id in its fragments.
    pub(crate) atoms: Vec<(u32, PlacedAtom)>,
    /// A list marker beside the line, and its left edge.
    pub(crate) marker: Option<Box<(f32, Line)>>,
}

/// One cell of a row, or of rows that spans tie together.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// Left edge of the border box; `y` counts from the top of the row.
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) frame: Frame,
    /// From the top of the cell down to its content.
    pub(crate) inset: f32,
    /// What of borders and padding lies above the content, and below it.
    pub(crate) edges: (f32, f32),
    pub(crate) content: Flowed,
    /// Whether borders are shared with the neighbours.
    pub(crate) collapse: bool,
    /// What the cell itself leaves: they stand at its top.
    pub(crate) marks: Vec<Mark>,
}

/// A row of cells, or rows that spans tie together. Backgrounds of rows are frames with their y and height.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) height: f32,
    /// Where its second row begins, its third and so on.
    pub(crate) tops: Vec<f32>,
    /// Whether it is cut only where it is taller than a page (`break-inside: avoid`).
    pub(crate) kept: bool,
    pub(crate) backgrounds: Vec<(f32, f32, Frame)>,
    pub(crate) cells: Vec<Cell>,
    /// What rows and groups of rows leave, and how far down, from the top.
    pub(crate) marks: Vec<(f32, Mark)>,
}

/// The rows of a table that stand on each page that has a part of it, as artefacts where they are set again.
#[derive(Clone, Debug, Default)]
pub(crate) struct RepeatedRows {
    /// At the top of each page that the table goes on to.
    pub(crate) head: Vec<Row>,
    /// At the foot of each page that it goes on from.
    pub(crate) foot: Vec<Row>,
}

impl RepeatedRows {
    pub(crate) fn is_empty(&self) -> bool {
        self.head.is_empty() && self.foot.is_empty()
    }
}

impl Row {
    /// Takes it out of the document's structure: what is set a second time is an artefact.
    pub(crate) fn untag(&mut self) {
        self.marks.clear();
        for cell in &mut self.cells {
            cell.marks.clear();
            cell.content.untag();
        }
    }

    /// From the top down to the first line of the first cell that has one.
    pub(crate) fn baseline(&self) -> Option<f32> {
        let first_line = |cell: &Cell| cell.content.first_baseline().map(|line| cell.y + cell.inset + line);
        self.cells.iter().find_map(first_line)
    }
}

/// What a strip shows.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Blank,
    /// What a height leaves empty below the content of a box: it may be cut anywhere.
    Rest {
        /// Whether something of the box is painted.
        painted: bool,
    },
    Line(Box<PlacedLine>),
    Picture {
        x: f32,
        width: f32,
        picture: Box<PictureBox>,
    },
    Row(Box<Row>),
    /// Out of the flow: takes no height, and stands beside what follows.
    Float {
        x: f32,
        flowed: Box<Flowed>,
    },
    /// What follows stands in columns; takes no height.
    ColumnsStart(Arc<Columns>),
    ColumnsEnd,
}

/// Whether columns begin or end with a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum ColumnEdge {
    #[default]
    None,
    Start,
    End,
}

/// A piece of the flow.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Margin(f32),
    Break(Break),
    Mark(Mark),
    /// What follows stands on pages of this name.
    Page(u16),
    Open(Arc<Frame>),
    Close,
    /// The next strip stays with this one: a box's upper edge with its content.
    Stick,
    /// What follows stays with what is above: `break-after: avoid`.
    KeepNext,
    /// Breaks inside are resisted until the matching `Release`.
    Hold,
    Release,
    /// The rows of a table begin, and what of them is set again on each page.
    TableStart(Option<Arc<RepeatedRows>>),
    /// The footer of a table begins: it is not set again any more.
    TableFoot,
    TableEnd,
    Solid {
        height: f32,
        keep: Keep,
        content: Content,
    },
}

/// A strip of the galley: a solid piece, the space before it, and what happens around it.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    /// Collapsed margins before it; dropped at the top of a page after an unforced break.
    pub(crate) space: f32,
    /// The part of the space that stands after a forced break.
    pub(crate) space_after_break: f32,
    pub(crate) height: f32,
    /// Room that must be left on the page below the strip's top (floats).
    pub(crate) reserve: f32,
    pub(crate) keep: Keep,
    pub(crate) forced: Option<Break>,
    /// The name of its page.
    pub(crate) page: u16,
    pub(crate) marks: Vec<Mark>,
    /// The footnotes called in it.
    pub(crate) notes: Vec<NoteId>,
    /// How many frames end before the space.
    pub(crate) closes: usize,
    /// Frames that begin after the space.
    pub(crate) opens: Vec<Arc<Frame>>,
    pub(crate) edge: ColumnEdge,
    pub(crate) table_ends: usize,
    pub(crate) table_starts: Vec<Option<Arc<RepeatedRows>>>,
    /// Whether the footer of a table begins with it.
    pub(crate) table_foot: bool,
    /// Where the content is: a unit and a piece of it.
    pub(crate) unit: u32,
    pub(crate) piece: u32,
}

/// Content laid out on its own: a cell, an inline block, a float.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flowed {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) strips: Vec<Strip>,
    pub(crate) height: f32,
    /// From the top down to the baseline of the last line, if there is any text.
    pub(crate) last_baseline: Option<f32>,
}

impl Piece {
    /// A strip that may not be cut.
    pub(crate) fn solid(height: f32, keep: Keep, content: Content) -> Self {
        Self::Solid { height, keep, content }
    }

    /// A strip without content.
    pub(crate) fn blank(height: f32, keep: Keep) -> Self {
        Self::solid(height, keep, Content::Blank)
    }
}

impl Flowed {
    /// From the top down to the baseline of the first line, if there is any text.
    pub(crate) fn first_baseline(&self) -> Option<f32> {
        let mut y = 0.0;
        for strip in &self.strips {
            y += strip.space;
            if let Some(Piece::Solid { content: Content::Line(line), .. }) = self.pieces.get(strip.piece as usize) {
                return Some(y + line.line.baseline);
            }
            y += strip.height;
        }
        None
    }

    /// From the top down to the baseline of the first row of a table (CSS 2.2, 10.8.1).
    pub(crate) fn row_baseline(&self) -> Option<f32> {
        let mut y = 0.0;
        for strip in &self.strips {
            y += strip.space;
            if let Some(Piece::Solid { content: Content::Row(row), .. }) = self.pieces.get(strip.piece as usize) {
                return row.baseline().map(|line| y + line);
            }
            y += strip.height;
        }
        None
    }

    /// Takes the content out of the document's structure: what is set a second time is an artefact.
    pub(crate) fn untag(&mut self) {
        for strip in &mut self.strips {
            strip.marks.clear();
            strip.notes.clear();
        }
        for piece in &mut self.pieces {
            match piece {
                Piece::Solid { content, .. } => content.untag(),
                Piece::Mark(_) => *piece = Piece::Margin(0.0),
                _ => {}
            }
        }
    }
}

impl Content {
    fn untag(&mut self) {
        match self {
            Self::Blank | Self::Rest { .. } | Self::ColumnsStart(_) | Self::ColumnsEnd => {}
            Self::Line(line) => {
                untag_line(&mut line.line);
                if let Some(marker) = &mut line.marker {
                    untag_line(&mut marker.1);
                }
                for (_, atom) in &mut line.atoms {
                    match atom {
                        PlacedAtom::Picture { picture, .. } => picture.tag = None,
                        PlacedAtom::Box { flowed, .. } => flowed.untag(),
                    }
                }
            }
            Self::Picture { picture, .. } => picture.tag = None,
            Self::Row(row) => row.untag(),
            Self::Float { flowed, .. } => flowed.untag(),
        }
    }
}

fn untag_line(line: &mut Line) {
    line.fragments.retain(|fragment| !matches!(fragment, Fragment::Anchor(_) | Fragment::Note(_) | Fragment::Float(_)));
    for fragment in &mut line.fragments {
        if let Fragment::Glyphs { tag, link, .. } = fragment {
            *tag = None;
            *link = None;
        }
    }
}
