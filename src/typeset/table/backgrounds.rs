//! What lies behind the cells: the backgrounds of columns, rows and groups of these (CSS 2.2, 17.5.1).

use super::grid::{Grid, GridCell};
use super::rows::Columns;
use crate::typeset::block::boxes::{BoxId, BoxTree};
use crate::typeset::block::piece::{Frame, Row};
use crate::typeset::display::Color;
use crate::typeset::style::computed::LineStyle;

/// Puts backgrounds behind rows, one row after the other.
pub(super) struct Backgrounds<'a> {
    tree: &'a BoxTree,
    grid: &'a Grid,
    columns: &'a Columns,
    /// The height of each row.
    heights: &'a [f32],
    /// By column, the row from which no cell of an earlier one reaches into it.
    free_from: Vec<usize>,
    /// How many cells begin in earlier rows.
    passed: usize,
}

impl<'a> Backgrounds<'a> {
    pub(super) fn new(tree: &'a BoxTree, grid: &'a Grid, columns: &'a Columns, heights: &'a [f32]) -> Self {
        Self { tree, grid, columns, heights, free_from: vec![0; grid.columns], passed: 0 }
    }

    /// Those of the next row, which begins `y` below the top of `tied`. A row is behind the cells that begin in it, as far
    /// down as they reach, and not behind those that reach into it; what lacks a cell counts as one. Columns lie below
    /// rows, and groups below their parts.
    pub(super) fn of_row(&mut self, number: usize, y: f32, tied: &mut Row) {
        let cells = self.cells_of(number);
        let grid = self.grid;
        for boxes in [&grid.column_groups, &grid.column_boxes] {
            for cell in &cells {
                let color = boxes.get(cell.column).copied().flatten().and_then(|id| self.color(id));
                self.paint(*cell, y, color, tied);
            }
        }
        let row = grid.rows[number];
        for color in row.group.into_iter().chain([row.id]).map(|id| self.color(id)) {
            for run in self.runs(&cells) {
                self.paint(run, y, color, tied);
            }
        }
    }

    fn color(&self, id: BoxId) -> Option<Color> {
        let style = &self.tree.get(id).style;
        style.background_color().filter(|_| !style.is_hidden())
    }

    /// The cells that begin in a row, by column, and places that no cell is in.
    fn cells_of(&mut self, number: usize) -> Vec<GridCell> {
        let own = self.grid.cells[self.passed..].iter().take_while(|cell| cell.row == number);
        let mut cells: Vec<GridCell> = own.copied().collect();
        self.passed += cells.len();
        for cell in &cells {
            self.free_from[cell.column..cell.column + cell.columns].fill(number + cell.rows);
        }
        let id = self.grid.rows[number].id;
        let is_empty = |(_, from): &(usize, &usize)| **from <= number;
        let empty = self.free_from.iter().enumerate().filter(is_empty);
        cells.extend(empty.map(|(column, _)| GridCell { id, row: number, column, rows: 1, columns: 1 }));
        cells.sort_by_key(|cell| cell.column);
        cells
    }

    /// Cells that touch and reach as far down share an area: between areas that touch, viewers show a line.
    fn runs(&self, cells: &[GridCell]) -> Vec<GridCell> {
        let mut runs: Vec<GridCell> = Vec::new();
        for cell in cells {
            match runs.last_mut() {
                Some(run)
                    if self.columns.spacing.0 <= 0.0
                        && run.rows == cell.rows
                        && run.column + run.columns == cell.column =>
                {
                    run.columns += cell.columns;
                }
                _ => runs.push(*cell),
            }
        }
        runs
    }

    fn paint(&self, cell: GridCell, y: f32, color: Option<Color>, tied: &mut Row) {
        if color.is_none() {
            return;
        }
        let (x, width) = self.columns.span(cell);
        // Rows and columns have borders only where these are shared, and then the cells draw them.
        let borders = [(0.0, Color::TRANSPARENT, LineStyle::None); 4];
        let height = span_height(self.heights, cell, self.columns.spacing.1);
        tied.backgrounds.push((y, height, Frame { x, width, background: color, borders, radii: None }));
    }
}

/// How tall a cell is that reaches over its rows.
pub(super) fn span_height(heights: &[f32], cell: GridCell, spacing: f32) -> f32 {
    let own = &heights[cell.row..(cell.row + cell.rows).min(heights.len())];
    own.iter().sum::<f32>() + spacing * own.len().saturating_sub(1) as f32
}
