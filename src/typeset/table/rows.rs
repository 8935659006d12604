//! Rows: cells laid out at their widths, heights settled, spans tied together.

use std::sync::Arc;

use super::backgrounds::{Backgrounds, span_height};
use super::grid::{Grid, GridCell, GridRow};
use crate::typeset::block::boxes::{BoxId, BoxKind, BoxTree};
use crate::typeset::block::flow::Emitter;
use crate::typeset::block::piece::{Cell, Content, Frame, Keep, Piece, RepeatedRows, Row};
use crate::typeset::block::widths::{Horizontal, frame};
use crate::typeset::border::Line;
use crate::typeset::inline::Direction;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{BOTTOM, Break, LEFT, LineStyle, RIGHT, TOP, VerticalAlign};

/// Two rows stay together where they take no more than this share of a page.
const LOW_ROWS: f32 = 0.25;

/// Where the columns stand.
pub(super) struct Columns {
    /// Left edge and width by column.
    edges: Vec<(f32, f32)>,
    pub(super) spacing: (f32, f32),
}

impl Columns {
    fn new(style: &Style, widths: &[f32], x: f32) -> Self {
        let spacing = if style.border_collapse { (0.0, 0.0) } else { style.border_spacing };
        let total = widths.iter().sum::<f32>() + spacing.0 * (widths.len() + 1) as f32;
        let mut edges = Vec::with_capacity(widths.len());
        let mut at = spacing.0;
        for width in widths {
            // In a right-to-left table the first column stands at the right.
            let left = if style.direction == Direction::Rtl { x + total - at - width } else { x + at };
            edges.push((left, *width));
            at += width + spacing.0;
        }
        Self { edges, spacing }
    }

    /// Left edge and width of a cell.
    pub(super) fn span(&self, cell: GridCell) -> (f32, f32) {
        let own = &self.edges[cell.column..cell.column + cell.columns];
        let left = own.iter().map(|(x, _)| *x).fold(f32::MAX, f32::min);
        let right = own.iter().map(|(x, width)| x + width).fold(f32::MIN, f32::max);
        (left, right - left)
    }
}

impl Emitter<'_, '_, '_> {
    /// Frame and rows of a table.
    pub(super) fn table_rows(&mut self, id: BoxId, grid: &Grid, widths: &[f32], x: f32, width: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let horizontal = Horizontal { x, width, content_x: x, content_width: width };
        let frame = frame(&style, &horizontal);
        let framed = frame.is_some();
        if let Some(frame) = frame {
            self.emit(Piece::Open(Arc::new(frame)));
        }
        let (left, top, bottom) = if style.border_collapse {
            (grid.outer[LEFT], grid.outer[TOP], grid.outer[BOTTOM])
        } else {
            let inner = |side: usize| style.border[side].used() + style.padding[side].of(width);
            (inner(LEFT), inner(TOP), inner(BOTTOM))
        };
        let spacing = spacing_of(&style);
        self.emit(Piece::blank(top + spacing, Keep::Free));
        self.emit(Piece::Stick);
        self.bare_rows(id, grid, widths, x + left);
        self.emit(Piece::blank(bottom, Keep::Edge));
        if framed {
            self.emit(Piece::Close);
        }
    }

    /// The rows alone.
    pub(super) fn bare_rows(&mut self, id: BoxId, grid: &Grid, widths: &[f32], x: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let columns = Columns::new(&style, widths, x);
        let mut rows = self.tied_rows(grid, &columns, rows_height(&style, spacing_of(&style), grid));
        let header_blocks = rows.iter().take_while(|(first, _)| *first < grid.header).count();
        let last_blocks = rows.iter().rev().take_while(|(first, _)| grid.rows.len() - *first <= grid.footer).count();
        let footer_from = rows.len() - last_blocks;
        let again = |rows: &[(usize, Row)]| rows.iter().map(|(_, row)| untagged(row)).collect();
        let repeated = RepeatedRows { head: again(&rows[..header_blocks]), foot: again(&rows[footer_from..]) };
        self.emit(Piece::TableStart((!repeated.is_empty()).then(|| Arc::new(repeated))));
        self.marker_before(rows.first().map(|(_, row)| row));
        let total = rows.len();
        let mut last_height = 0.0;
        let firsts: Vec<usize> = rows.iter().map(|(first, _)| *first).collect();
        for (number, (first, row)) in rows.drain(..).enumerate() {
            let breaks = Breaks::of(self.tree(), grid, (first, firsts.get(number + 1).copied()));
            // What comes first in a table breaks before the table, where that begins.
            if number > header_blocks || number > 0 && breaks.before <= Break::Avoid {
                self.emit(Piece::Break(breaks.before));
            }
            if number == footer_from {
                self.emit(Piece::TableFoot);
            }
            // The header stays with the first row.
            let keep = if number > 0 && number <= header_blocks { Keep::Avoid } else { Keep::Free };
            // Neither the first row nor the last is left alone on a page, if it is a low one.
            let place = number.saturating_sub(header_blocks);
            let is_outer = place == 1 || place > 1 && number + 1 == total;
            let is_low = row.height + last_height < self.page_height() * LOW_ROWS;
            let keep = if is_outer && is_low { keep.max(Keep::Avoid) } else { keep };
            last_height = row.height;
            let keep = if self.floats.is_clear(self.here()) { keep } else { keep.max(Keep::Avoid) };
            let keep = if number > 0 && breaks.is_tied { keep.max(Keep::Avoid) } else { keep };
            let keep = if number == 0 || (number + 1 == total && number == 1) { Keep::Edge } else { keep };
            self.emit(Piece::solid(row.height, keep, Content::Row(Box::new(row))));
            self.emit(Piece::Break(breaks.after));
        }
        self.emit(Piece::TableEnd);
    }

    /// Sets a marker that waits for a line on the first line of the first row.
    fn marker_before(&mut self, row: Option<&Row>) {
        self.place_marker(row.and_then(Row::baseline));
    }

    /// Rows, each with those that spans tie to it, and the number of its first row. Together they are no less tall than
    /// `least`, as far as that fits on a page.
    fn tied_rows(&mut self, grid: &Grid, columns: &Columns, least: f32) -> Vec<(usize, Row)> {
        let mut cells: Vec<(GridCell, Cell)> = Vec::with_capacity(grid.cells.len());
        for (number, cell) in grid.cells.iter().enumerate() {
            let shared = grid.borders.as_ref().and_then(|borders| borders.get(number).copied());
            cells.push((*cell, self.cell(*cell, columns, shared)));
        }
        let mut heights = row_heights(grid, &cells, self, columns.spacing.1);
        grow(&mut heights, grid, self.tree(), least.min(self.page_height()));
        let mut backgrounds = Backgrounds::new(self.tree(), grid, columns, &heights);
        let mut out: Vec<(usize, Row)> = Vec::new();
        let mut cells = cells.into_iter().peekable();
        let mut row = 0;
        while row < grid.rows.len() {
            let mut tied = Row::default();
            let mut end = row + 1;
            let mut number = row;
            let mut y = 0.0;
            while number < end {
                if number > row {
                    tied.tops.push(y);
                }
                let mut around = grid.rows[number].group.into_iter().chain([grid.rows[number].id]);
                tied.kept |= around.any(|id| self.tree().get(id).style.break_inside_avoid);
                let boxes = grid.begins_group(number).into_iter().chain([grid.rows[number].id]);
                let marks = boxes.flat_map(|id| self.tree().get(id).marks.iter().map(|mark| (y, mark.clone())));
                tied.marks.extend(marks);
                backgrounds.of_row(number, y, &mut tied);
                while let Some((place, mut cell)) = cells.next_if(|(place, _)| place.row <= number) {
                    end = end.max((place.row + place.rows).min(grid.rows.len()));
                    let height = span_height(&heights, place, columns.spacing.1);
                    let style = Arc::clone(&self.tree().get(place.id).style);
                    tied.kept |= style.break_inside_avoid;
                    cell.y = y;
                    settle(&mut cell, height, style.vertical_align);
                    tied.cells.push(cell);
                }
                y += heights[number] + columns.spacing.1;
                number += 1;
            }
            tied.height = y;
            out.push((row, tied));
            row = end;
        }
        out
    }

    fn cell(&mut self, place: GridCell, columns: &Columns, shared: Option<[Line; 4]>) -> Cell {
        let style = Arc::clone(&self.tree().get(place.id).style);
        let (x, width) = columns.span(place);
        // Half of a shared border lies in this cell.
        let border = |side: usize| shared.map_or(style.border[side].used(), |lines| lines[side].0 / 2.0);
        let inner = |side: usize| border(side) + style.padding[side].of(width);
        let content_width = (width - inner(LEFT) - inner(RIGHT)).max(0.0);
        let content_x = x + inner(LEFT);
        let children = &self.tree().get(place.id).children;
        let content = self.isolated(|emitter| {
            for child in children {
                emitter.block(*child, content_x, content_width);
            }
        });
        let horizontal = Horizontal { x, width, content_x, content_width };
        let none = Frame {
            x,
            width,
            background: None,
            borders: style.border.map(|_| (0.0, style.color, LineStyle::None)),
            radii: None,
        };
        let edges = (inner(TOP), inner(BOTTOM));
        let outer = if style.border_box { 0.0 } else { edges.0 + edges.1 };
        let least = style.height.fixed().map_or(0.0, |height| height + outer);
        let height = (content.height + edges.0 + edges.1).max(least);
        let mut frame = frame(&style, &horizontal).unwrap_or(none);
        if let Some(lines) = shared {
            frame.borders = lines;
        }
        let edges = (inner(TOP), inner(BOTTOM));
        let marks = self.tree().get(place.id).marks.clone();
        Cell { x, y: 0.0, width, height, frame, inset: edges.0, edges, content, collapse: shared.is_some(), marks }
    }
}

/// What is said of breaks before and after a row, or rows that spans tie together, by them or by their group.
struct Breaks {
    before: Break,
    after: Break,
    /// Whether it stays with the row before.
    is_tied: bool,
}

impl Breaks {
    /// Of the row `first` and those up to the `next` one.
    fn of(tree: &BoxTree, grid: &Grid, (first, next): (usize, Option<usize>)) -> Self {
        let last = next.unwrap_or(grid.rows.len()).saturating_sub(1).max(first);
        let mut before = tree.get(grid.rows[first].id).style.break_before;
        let mut after = tree.get(grid.rows[last].id).style.break_after;
        let begins = grid.begins_group(first);
        let ends = grid.rows[last].group.filter(|_| next.is_none_or(|next| grid.begins_group(next).is_some()));
        if let Some(group) = begins {
            before = before.max(tree.get(group).style.break_before);
        }
        if let Some(group) = ends {
            after = after.max(tree.get(group).style.break_after);
        }
        let holds = |group: BoxId| tree.get(group).style.break_inside_avoid;
        Self { before, after, is_tied: begins.is_none() && grid.rows[first].group.is_some_and(holds) }
    }
}

/// The break before a table that the first of its rows asks for, be it one of the body below a head that goes with it.
pub(super) fn break_before_rows(tree: &BoxTree, grid: &Grid) -> Break {
    let of = |row: usize| Breaks::of(tree, grid, (row, None)).before;
    let rows = [0, grid.header].into_iter().filter(|row| *row < grid.rows.len());
    rows.map(of).filter(|before| *before > Break::Avoid).max().unwrap_or(Break::Auto)
}

/// The height of each row: its tallest cell, then what spanning cells need more.
fn row_heights(grid: &Grid, cells: &[(GridCell, Cell)], emitter: &Emitter<'_, '_, '_>, spacing: f32) -> Vec<f32> {
    let mut heights: Vec<f32> =
        grid.rows.iter().map(|row| emitter.tree().get(row.id).style.height.fixed().unwrap_or(0.0)).collect();
    for (place, cell) in cells.iter().filter(|(place, _)| place.rows == 1) {
        heights[place.row] = heights[place.row].max(cell.height);
    }
    for (place, cell) in cells.iter().filter(|(place, _)| place.rows > 1) {
        let end = (place.row + place.rows).min(heights.len());
        let has = span_height(&heights, *place, spacing);
        if cell.height > has {
            heights[end - 1] += cell.height - has;
        }
    }
    heights
}

/// How tall the rows of a table must be together for its own height (CSS 2.2, 17.5.3).
fn rows_height(style: &Style, spacing: f32, grid: &Grid) -> f32 {
    let asked = style.height.fixed().into_iter().chain(style.min_height.fixed()).fold(0.0, f32::max);
    let own = |side: usize| style.border[side].used() + style.padding[side].of(0.0);
    let edge = |side: usize| if style.border_collapse { grid.outer[side] } else { own(side) };
    let edges = if style.border_box { edge(TOP) + edge(BOTTOM) } else { 0.0 };
    asked - edges - spacing * (grid.rows.len() + 1) as f32
}

/// The space between rows.
fn spacing_of(style: &Style) -> f32 {
    if style.border_collapse { 0.0 } else { style.border_spacing.1 }
}

/// Makes rows taller until they fill a height: those of the body before headers and footers, those without a height of
/// their own before the others, each by as much as it is tall.
fn grow(heights: &mut [f32], grid: &Grid, tree: &BoxTree, least: f32) {
    let missing = least - heights.iter().sum::<f32>();
    if missing <= 0.0 || heights.is_empty() {
        return;
    }
    let is_body = |row: &GridRow| row.group.is_none_or(|group| matches!(tree.get(group).kind, BoxKind::RowGroup));
    let is_free = |row: &GridRow| tree.get(row.id).style.height.is_auto();
    let choose = |wanted: &dyn Fn(&GridRow) -> bool| -> Vec<usize> {
        grid.rows.iter().enumerate().filter(|(_, row)| wanted(row)).map(|(number, _)| number).collect()
    };
    let chosen = [choose(&|row| is_body(row) && is_free(row)), choose(&is_body), choose(&|_| true)];
    let Some(rows) = chosen.into_iter().find(|rows| !rows.is_empty()) else { return };
    let whole: f32 = rows.iter().map(|row| heights[*row]).sum();
    for row in &rows {
        let share = if whole > 0.0 { heights[*row] / whole } else { 1.0 / rows.len() as f32 };
        heights[*row] += missing * share;
    }
}

/// Gives a cell its height and moves its content by `vertical-align`.
fn settle(cell: &mut Cell, height: f32, align: VerticalAlign) {
    let rest = (height - cell.content.height - cell.edges.0 - cell.edges.1).max(0.0);
    cell.inset += match align {
        VerticalAlign::Middle => rest / 2.0,
        VerticalAlign::Bottom => rest,
        _ => 0.0,
    };
    cell.height = height;
}

/// A header or footer row as it is set again: the same, but no part of the document's structure, and no second anchor.
fn untagged(row: &Row) -> Row {
    let mut row = row.clone();
    row.untag();
    row
}
