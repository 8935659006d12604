//! Which cell stands where.

use super::borders;
use crate::typeset::block::boxes::{BoxId, BoxKind, BoxTree};
use crate::typeset::border::Line;
use crate::typeset::style::computed::Visibility;

/// More columns than this cannot be set on any page.
const MAX_COLUMNS: usize = 1000;

/// A cell at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GridCell {
    pub(super) id: BoxId,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// A row, and the group it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GridRow {
    pub(super) id: BoxId,
    pub(super) group: Option<BoxId>,
}

/// The cells of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) rows: Vec<GridRow>,
    /// By row, then column.
    pub(super) cells: Vec<GridCell>,
    pub(super) columns: usize,
    /// How many of the first rows are the header.
    pub(super) header: usize,
    /// How many of the last rows are the footer, where rows of the body are before them.
    pub(super) footer: usize,
    /// `col` boxes by column.
    pub(super) column_boxes: Vec<Option<BoxId>>,
    /// `colgroup` boxes that hold those, by column.
    pub(super) column_groups: Vec<Option<BoxId>>,
    /// By cell, where neighbours share their borders.
    pub(super) borders: Option<Vec<[Line; 4]>>,
    /// By side, what of these borders lies in the table and outside of its cells.
    pub(super) outer: [f32; 4],
}

impl Grid {
    /// The grid of a table: header rows first, footer rows last.
    pub(super) fn of(tree: &BoxTree, table: BoxId) -> Self {
        let mut grid = Self::default();
        let children = &tree.get(table).children;
        let rows_of =
            |id: BoxId| tree.get(id).children.iter().filter(|row| matches!(tree.get(**row).kind, BoxKind::Row));
        let mut groups: Vec<(usize, Vec<GridRow>)> = Vec::new();
        for child in children {
            let layout_box = tree.get(*child);
            let order = match layout_box.kind {
                BoxKind::HeaderGroup => 0,
                BoxKind::RowGroup => 1,
                BoxKind::FooterGroup => 2,
                BoxKind::Row => {
                    groups.push((1, vec![GridRow { id: *child, group: None }]));
                    continue;
                }
                BoxKind::Column { span } => {
                    grid.add_columns(*child, span, None);
                    continue;
                }
                BoxKind::ColumnGroup => {
                    for column in &layout_box.children {
                        if let BoxKind::Column { span } = tree.get(*column).kind {
                            grid.add_columns(*column, span, Some(*child));
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            groups.push((order, rows_of(*child).map(|id| GridRow { id: *id, group: Some(*child) }).collect()));
        }
        groups.sort_by_key(|(order, _)| *order);
        for (order, rows) in groups {
            match order {
                0 => grid.header += rows.len(),
                2 => grid.footer += rows.len(),
                _ => {}
            }
            grid.place(tree, &rows);
        }
        grid.repeat_beside_a_body();
        grid.column_boxes.resize(grid.columns.max(grid.column_boxes.len()), None);
        grid.columns = grid.column_boxes.len();
        grid.column_groups.resize(grid.columns, None);
        if tree.get(table).style.border_collapse {
            grid.share_borders(tree, table);
        }
        grid
    }

    fn share_borders(&mut self, tree: &BoxTree, table: BoxId) {
        let lines = borders::collapsed(tree, table, self);
        self.outer = borders::outer(tree, table, self, &lines);
        self.borders = Some(lines);
    }

    /// The group that begins with a row.
    pub(super) fn begins_group(&self, row: usize) -> Option<BoxId> {
        let before = row.checked_sub(1).and_then(|before| self.rows[before].group);
        self.rows[row].group.filter(|group| before != Some(*group))
    }

    /// The grid without the rows and columns that `visibility: collapse` takes away, and `by_column` without what is of
    /// these columns (CSS 2.2, 17.5.5). Cells that reach into them are so much smaller.
    pub(super) fn shown<T>(mut self, tree: &BoxTree, table: BoxId, by_column: &mut Vec<T>) -> Self {
        let collapses = |id: BoxId| tree.get(id).style.visibility == Visibility::Collapse;
        let row_is_shown = |row: &GridRow| !collapses(row.id) && !row.group.is_some_and(collapses);
        let rows: Vec<bool> = self.rows.iter().map(row_is_shown).collect();
        let boxes = self.column_boxes.iter().zip(&self.column_groups);
        let columns: Vec<bool> =
            boxes.map(|(column, group)| !column.iter().chain(group).copied().any(collapses)).collect();
        if rows.iter().chain(&columns).all(|is_shown| *is_shown) {
            return self;
        }
        let (in_rows, in_columns) = (counts(&rows), counts(&columns));
        for cell in &mut self.cells {
            let (row_end, column_end) = (cell.row + cell.rows, cell.column + cell.columns);
            (cell.row, cell.rows) = (in_rows[cell.row], in_rows[row_end] - in_rows[cell.row]);
            (cell.column, cell.columns) = (in_columns[cell.column], in_columns[column_end] - in_columns[cell.column]);
        }
        self.cells.retain(|cell| cell.rows > 0 && cell.columns > 0);
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        self.header = in_rows[self.header];
        self.footer = in_rows[rows.len()] - in_rows[rows.len() - self.footer];
        keep(&mut self.rows, &rows);
        self.repeat_beside_a_body();
        keep(&mut self.column_boxes, &columns);
        keep(&mut self.column_groups, &columns);
        keep(by_column, &columns);
        self.columns = self.column_boxes.len();
        if self.borders.is_some() {
            self.share_borders(tree, table);
        }
        self
    }

    /// A table that is all header, or all header and footer, repeats nothing of these.
    fn repeat_beside_a_body(&mut self) {
        if self.header == self.rows.len() {
            self.header = 0;
        }
        if self.header + self.footer >= self.rows.len() {
            self.footer = 0;
        }
    }

    fn add_columns(&mut self, column: BoxId, span: usize, group: Option<BoxId>) {
        let span = span.min(MAX_COLUMNS.saturating_sub(self.column_boxes.len()));
        self.column_boxes.extend(std::iter::repeat_n(Some(column), span));
        self.column_groups.extend(std::iter::repeat_n(group, span));
    }

    /// Places the cells of a group of rows; spans end with the group (HTML, 4.9.12.1).
    fn place(&mut self, tree: &BoxTree, rows: &[GridRow]) {
        let first = self.rows.len();
        // For each column, the row from which it is free.
        let mut free_from: Vec<usize> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let mut column = 0;
            for id in &tree.get(row.id).children {
                let BoxKind::Cell { columns, rows: span } = tree.get(*id).kind else { continue };
                while free_from.get(column).is_some_and(|from| *from > number) {
                    column += 1;
                }
                let column_at = column.min(MAX_COLUMNS - 1);
                let columns = columns.min(MAX_COLUMNS - column_at).max(1);
                let span = span.min(rows.len() - number);
                self.cells.push(GridCell { id: *id, row: first + number, column: column_at, rows: span, columns });
                if free_from.len() < column_at + columns {
                    free_from.resize(column_at + columns, 0);
                }
                for from in &mut free_from[column_at..column_at + columns] {
                    *from = number + span;
                }
                column = column_at + columns;
            }
            self.rows.push(*row);
        }
        self.columns = self.columns.max(free_from.len());
    }
}

/// How many are shown before each, and of all.
fn counts(shown: &[bool]) -> Vec<usize> {
    let mut count = 0;
    let mut counts = vec![0];
    counts.extend(shown.iter().map(|is_shown| {
        count += usize::from(*is_shown);
        count
    }));
    counts
}

/// Keeps those of which the other list says so.
fn keep<T>(list: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    list.retain(|_| kept.next().is_none_or(|kept| *kept));
}
