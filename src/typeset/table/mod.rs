//! Tables: the grid, column widths, rows (CSS Tables 3).

mod backgrounds;
mod borders;
mod columns;
mod grid;
mod rows;

use std::sync::Arc;

use columns::ColumnSize;
use grid::Grid;

use super::block::boxes::{BoxId, BoxKind};
use super::block::flow::Emitter;
use super::block::piece::{Keep, Piece};
use super::block::widths::{horizontal_edges, used_width};
use super::inline::Direction;
use super::style::Style;
use super::style::computed::{BOTTOM, Break, Clear, LEFT, RIGHT, TOP};

impl Emitter<'_, '_, '_> {
    /// A table in the flow, with its captions.
    pub(super) fn table(&mut self, id: BoxId, x: f32, width: f32) {
        let layout_box = self.tree().get(id);
        let style = Arc::clone(&layout_box.style);
        self.clear_floats(if style.break_before > Break::Avoid { Clear::Both } else { style.clear });
        let outer = self.room_for_table(id, x, width);
        self.emit(Piece::Break(style.break_before));
        if style.break_inside_avoid {
            self.emit(Piece::Hold);
        }
        self.emit(Piece::Margin(style.margin[TOP].of(width).unwrap_or(0.0)));
        for mark in &layout_box.marks {
            self.emit(Piece::Mark(mark.clone()));
        }
        let grid = Grid::of(self.tree(), id);
        let edges = side_edges(&style, &grid, width);
        let margins = style.margin[LEFT].of(width).unwrap_or(0.0) + style.margin[RIGHT].of(width).unwrap_or(0.0);
        let available = (outer.1 - margins - edges).max(0.0);
        let (grid, columns) = self.column_widths(id, grid, available, width);
        let edges = side_edges(&style, &grid, width);
        let spacing = if style.border_collapse { 0.0 } else { style.border_spacing.0 };
        let table_width = columns.iter().sum::<f32>() + spacing * (columns.len() + 1) as f32 + edges;
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
        let table_x = outer.0 + offset;
        let captions = |bottom: bool, emitter: &mut Self| {
            for child in &emitter.tree().get(id).children {
                let caption = emitter.tree().get(*child);
                if matches!(caption.kind, BoxKind::Caption) && caption.style.caption_bottom == bottom {
                    if bottom {
                        emitter.emit(Piece::Break(Break::Avoid));
                    }
                    emitter.block(*child, table_x, table_width);
                }
            }
        };
        captions(false, self);
        self.table_rows(id, &grid, &columns, table_x, table_width);
        captions(true, self);
        self.emit(Piece::Margin(style.margin[BOTTOM].of(width).unwrap_or(0.0)));
        if style.break_inside_avoid {
            self.emit(Piece::Release);
        }
        self.emit(Piece::Break(style.break_after));
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
        let least = match style.width.of(width) {
            Some(_) => used_width(&style, width, 0.0, edges),
            None => self.table_widths(id).0,
        };
        let place = self.beside_floats(least + edges, (margin(TOP), None), (margin(LEFT), margin(RIGHT)), (x, width));
        self.begin_beside_floats(margin(TOP));
        place
    }

    /// The rows of a table whose frame is made already (a float).
    pub(super) fn table_inside(&mut self, id: BoxId, x: f32, width: f32) {
        let grid = Grid::of(self.tree(), id);
        let within = width - grid.outer[LEFT] - grid.outer[RIGHT];
        let (grid, columns) = self.column_widths(id, grid, within.max(0.0), width);
        for child in &self.tree().get(id).children {
            if matches!(self.tree().get(*child).kind, BoxKind::Caption) {
                self.block(*child, x, width);
            }
        }
        self.emit(Piece::blank(grid.outer[TOP], Keep::Free));
        self.bare_rows(id, &grid, &columns, x + grid.outer[LEFT]);
        if grid.outer[BOTTOM] > 0.0 {
            self.emit(Piece::blank(grid.outer[BOTTOM], Keep::Edge));
        }
    }

    /// The least and the most a table is wide inside of its edges.
    pub(super) fn table_widths(&mut self, id: BoxId) -> (f32, f32) {
        let style = Arc::clone(&self.tree().get(id).style);
        let grid = Grid::of(self.tree(), id);
        let mut sizes = self.column_sizes(&grid, 0.0);
        let grid = grid.shown(self.tree(), id, &mut sizes);
        let spacing = if style.border_collapse { 0.0 } else { style.border_spacing.0 };
        let gaps = spacing * (grid.columns + 1) as f32;
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
    fn column_widths(&mut self, id: BoxId, grid: Grid, available: f32, base: f32) -> (Grid, Vec<f32>) {
        let style = Arc::clone(&self.tree().get(id).style);
        let spacing = if style.border_collapse { 0.0 } else { style.border_spacing.0 };
        let gaps = |grid: &Grid| spacing * (grid.columns + 1) as f32;
        let specified = (style.width.of(base).is_some()).then(|| {
            let edges = side_edges(&style, &grid, base);
            used_width(&style, base, available, edges).min(available.max(1.0))
        });
        let most = style.max_width.of(base).map_or(available, |most| most.min(available));
        let mut sizes = if style.table_fixed && specified.is_some() {
            self.fixed_sizes(&grid, base)
        } else {
            self.column_sizes(&grid, specified.unwrap_or(available))
        };
        let room = (most - gaps(&grid)).max(0.0);
        self.tighten(&grid, specified.unwrap_or(available), room, &mut sizes);
        let captions = self.captions_width(id, &grid);
        let share = |grid: &Grid, sizes: &[ColumnSize]| {
            let gaps = gaps(grid);
            columns::distribute(sizes, specified.map(|width| width - gaps), captions - gaps, (most - gaps).max(0.0))
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

/// What a table has at the left and at the right of its columns.
fn side_edges(style: &Style, grid: &Grid, base: f32) -> f32 {
    if style.border_collapse { grid.outer[LEFT] + grid.outer[RIGHT] } else { horizontal_edges(style, base) }
}

#[cfg(test)]
mod tests;
