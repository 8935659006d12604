//! Tables: the grid, column widths, rows (CSS Tables 3).

mod backgrounds;
mod borders;
mod columns;
mod grid;
mod rows;

use std::collections::HashSet;
use std::sync::Arc;

use columns::ColumnSize;
use grid::Grid;

use super::block::boxes::{BoxId, BoxKind, BoxTree};
use super::block::flow::Emitter;
use super::block::piece::Piece;
use super::block::widths::{horizontal_edges, used_width};
use super::inline::Direction;
use super::style::Style;
use super::style::computed::{BOTTOM, Break, LEFT, RIGHT, TOP};
use super::style::values::Size;

/// The cells of a table of which nothing is left when rows and columns collapse.
pub(super) fn collapsed_cells(tree: &BoxTree, table: BoxId) -> Vec<BoxId> {
    let grid = Grid::of(tree, table);
    let all: Vec<BoxId> = grid.cells.iter().map(|cell| cell.id).collect();
    let shown: HashSet<BoxId> =
        grid.shown(tree, table, &mut Vec::<()>::new()).cells.iter().map(|cell| cell.id).collect();
    all.into_iter().filter(|cell| !shown.contains(cell)).collect()
}

impl Emitter<'_, '_, '_> {
    /// A table in the flow, with its captions.
    pub(super) fn table(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        let style = Arc::clone(&layout_box.style);
        let grid = Grid::of(self.tree(), id);
        let before = style.break_before.max(rows::break_before_rows(self.tree(), &grid));
        let margin = style.margin[TOP].of(width).unwrap_or(0.0);
        self.clear_floats_before(style.clear, before, margin);
        let outer = self.room_for_table(id, x, width);
        self.emit(Piece::Break(before));
        if style.break_inside_avoid {
            self.emit(Piece::Hold);
        }
        self.emit(Piece::Margin(margin));
        for mark in &layout_box.marks {
            self.emit(Piece::Mark(mark.clone()));
        }
        let edges = side_edges(&style, &grid, width);
        let margins = style.margin[LEFT].of(width).unwrap_or(0.0) + style.margin[RIGHT].of(width).unwrap_or(0.0);
        let available = (outer.1 - margins - edges).max(0.0);
        let (grid, columns) = self.column_widths(id, grid, Asked::of(&style, available, edges, width));
        let table_width = table_width(&style, &grid, &columns, width);
        let rest = outer.1 - table_width - margins;
        // It stands where the text around begins, whatever its own direction.
        let rtl = style.direction_around == Direction::Rtl;
        let left = style.margin[LEFT].of(width);
        let offset = match (left, style.margin[RIGHT].of(width)) {
            (None, None) => rest / 2.0,
            (None, Some(_)) => rest,
            (Some(left), Some(_)) if rtl => left + rest,
            (Some(left), _) => left,
        };
        self.rows_and_captions(id, &grid, &columns, (outer.0 + offset, table_width));
        self.emit(Piece::Margin(style.margin[BOTTOM].of(width).unwrap_or(0.0)));
        if style.break_inside_avoid {
            self.emit(Piece::Release);
        }
        self.emit(Piece::Break(style.break_after));
    }

    /// The rows of a table, with its captions above and below.
    fn rows_and_captions(&mut self, id: BoxId, grid: &Grid, columns: &[f32], (x, width): (f32, f32)) {
        let captions = |bottom: bool, emitter: &mut Self| {
            for child in &emitter.tree().get(id).children {
                let caption = emitter.tree().get(*child);
                if matches!(caption.kind, BoxKind::Caption) && caption.style.caption_bottom == bottom {
                    if bottom {
                        emitter.emit(Piece::Break(Break::Avoid));
                    }
                    emitter.block(*child, x, width);
                }
            }
        };
        captions(false, self);
        self.table_rows(id, grid, columns, x, width);
        captions(true, self);
    }

    /// The room that a table has beside or below floats: left edge and width.
    fn room_for_table(&mut self, id: BoxId, x: f32, width: f32) -> (f32, f32) {
        self.settle_floats();
        if self.floats.is_clear(self.here()) {
            return (x, width);
        }
        let style = Arc::clone(&self.tree().get(id).style);
        let margin = |side: usize| style.margin[side].of(width).unwrap_or(0.0);
        let edges = if style.border_collapse { 0.0 } else { horizontal_edges(&style, width) };
        let told = style.width.of(width).map(|_| used_width(&style, width, 0.0, edges));
        let least = match told {
            Some(told) if style.is_fixed_table() => told,
            told => self.table_widths(id).0.max(told.unwrap_or(0.0)),
        };
        let place = self.beside_floats(least + edges, (margin(TOP), None), (margin(LEFT), margin(RIGHT)), (x, width));
        self.begin_beside_floats(margin(TOP));
        place
    }

    /// A table that stands on its own (a float, an inline table), and is to be so wide, its borders included.
    pub(super) fn table_inside(&mut self, id: BoxId, x: f32, width: f32, base: f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let grid = Grid::of(self.tree(), id);
        let edges = side_edges(&style, &grid, base);
        let asked = Asked::within(&style, (width - edges).max(0.0), edges, base);
        let (grid, columns) = self.column_widths(id, grid, asked);
        let table_width = table_width(&style, &grid, &columns, base);
        let x = if style.direction_around == Direction::Rtl { x + width - table_width } else { x };
        self.rows_and_captions(id, &grid, &columns, (x, table_width));
    }

    /// The least and the most a table is wide inside of its edges.
    pub(super) fn table_widths(&mut self, id: BoxId) -> (f32, f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let grid = Grid::of(self.tree(), id);
        let mut sizes = self.column_sizes(&grid, 0.0);
        let grid = grid.shown(self.tree(), id, &mut sizes);
        let gaps = column_spacing(&style) * (grid.columns + 1) as f32;
        let least: f32 = sizes.iter().map(|size| size.least).sum();
        let most: f32 = sizes.iter().map(|size| size.most).sum();
        let captions = self.captions_width(id, &grid);
        let outer = grid.outer[LEFT] + grid.outer[RIGHT];
        ((least + gaps).max(captions) + outer, (most + gaps).max(captions) + outer)
    }

    /// How wide the captions of a table must be, less the edges of the table: it is no narrower than their longest word
    /// (CSS 2.2, 17.4).
    fn captions_width(&mut self, id: BoxId, grid: &Grid) -> f32 {
        let table = self.tree().get(id);
        let edges = side_edges(&table.style, grid, 0.0);
        let mut widest = 0.0_f32;
        for child in &table.children {
            if matches!(self.tree().get(*child).kind, BoxKind::Caption) {
                widest = widest.max(self.intrinsic(*child).0);
            }
        }
        (widest - edges).max(0.0)
    }

    /// The widths of the columns that are shown, and the grid of these.
    fn column_widths(&mut self, id: BoxId, grid: Grid, asked: Asked) -> (Grid, Vec<f32>) {
        let Asked { specified, least, most, available } = asked;
        let style = Arc::clone(&self.tree().get(id).style);
        let spacing = column_spacing(&style);
        let gaps = |grid: &Grid| spacing * (grid.columns + 1) as f32;
        let mut sizes = match specified {
            Some(width) if style.is_fixed_table() => self.fixed_sizes(&grid, (width - gaps(&grid), spacing)),
            _ => self.column_sizes(&grid, specified.unwrap_or(most)),
        };
        // No `max-width` makes a table narrower than its columns need (CSS 2.2, 17.5.2.2).
        let needed: f32 = sizes.iter().map(|size| size.least).sum();
        let most = most.max((needed + gaps(&grid)).min(available));
        let room = (most - gaps(&grid)).max(0.0);
        self.tighten(&grid, specified.unwrap_or(most), room, &mut sizes);
        let floor = self.captions_width(id, &grid).max(least);
        let share = |grid: &Grid, sizes: &[ColumnSize]| {
            let gaps = gaps(grid);
            columns::distribute(sizes, specified.map(|width| width - gaps), floor - gaps, (most - gaps).max(0.0))
        };
        // A width that was asked for is that of all columns; those that are not shown make the table narrower.
        if specified.is_some() {
            let mut widths = share(&grid, &sizes);
            return (grid.shown(self.tree(), id, &mut widths), widths);
        }
        let grid = grid.shown(self.tree(), id, &mut sizes);
        let widths = share(&grid, &sizes);
        (grid, widths)
    }
}

/// What is asked of the width of a table, inside of its edges.
#[derive(Clone, Copy)]
struct Asked {
    specified: Option<f32>,
    least: f32,
    most: f32,
    /// What there is room for.
    available: f32,
}

impl Asked {
    /// By the style of a table in the flow, where so much is available.
    fn of(style: &Style, available: f32, edges: f32, base: f32) -> Self {
        let specified = style.width.of(base).map(|_| used_width(style, base, available, edges).min(available.max(1.0)));
        let most = inner(style, style.max_width, edges, base).map_or(available, |most| most.min(available));
        Self { specified, least: least(style, available, edges, base), most, available }
    }

    /// Where its style has been heeded already.
    fn within(style: &Style, width: f32, edges: f32, base: f32) -> Self {
        let specified = style.width.of(base).map(|_| width);
        Self { specified, least: least(style, width, edges, base), most: width, available: width }
    }
}

/// The `min-width` of a table, as far as there is room for it.
fn least(style: &Style, available: f32, edges: f32, base: f32) -> f32 {
    inner(style, style.min_width, edges, base).map_or(0.0, |least| least.min(available))
}

/// A size inside of the edges of a table.
fn inner(style: &Style, size: Size, edges: f32, base: f32) -> Option<f32> {
    size.of(base).map(|width| if style.border_box { width - edges } else { width })
}

/// How wide a table is with its columns.
fn table_width(style: &Style, grid: &Grid, columns: &[f32], base: f32) -> f32 {
    let gaps = column_spacing(style) * (columns.len() + 1) as f32;
    columns.iter().sum::<f32>() + gaps + side_edges(style, grid, base)
}

fn column_spacing(style: &Style) -> f32 {
    if style.border_collapse { 0.0 } else { style.border_spacing.0 }
}

/// What a table has at the left and at the right of its columns.
fn side_edges(style: &Style, grid: &Grid, base: f32) -> f32 {
    if style.border_collapse { grid.outer[LEFT] + grid.outer[RIGHT] } else { horizontal_edges(style, base) }
}

#[cfg(test)]
mod tests;
