//! Borders that neighbours share: of those that meet at an edge, one is drawn (CSS 2.2, 17.6.2.1).

use super::grid::{Grid, GridCell};
use crate::typeset::block::boxes::{BoxId, BoxTree};
use crate::typeset::border::Line;
use crate::typeset::display::Color;
use crate::typeset::inline::Direction;
use crate::typeset::style::computed::{BOTTOM, LEFT, LineStyle, RIGHT, TOP};

/// Tables with more edges than this keep the borders of their cells.
const MOST_EDGES: usize = 2_000_000;

const NONE: Line = (0.0, Color::TRANSPARENT, LineStyle::None);

/// The edges between columns and between rows, as far as they have been told who wants what there.
struct Edges {
    columns: usize,
    /// Above each row, and below the last.
    across: Vec<Line>,
    /// Before each column, and after the last, by row.
    down: Vec<Line>,
    /// The sides of a box that the first column is at, and the last.
    sides: (usize, usize),
}

/// The borders of each cell of a table whose borders are shared, in the order of [`Grid::cells`].
pub(super) fn collapsed(tree: &BoxTree, table: BoxId, grid: &Grid) -> Vec<[Line; 4]> {
    let (rows, columns) = (grid.rows.len(), grid.columns);
    if (rows + 1).saturating_mul(columns + 1) > MOST_EDGES {
        return grid.cells.iter().map(|cell| lines(tree, cell.id)).collect();
    }
    let rtl = tree.get(table).style.direction == Direction::Rtl;
    let mut edges = Edges {
        columns,
        across: vec![NONE; (rows + 1) * columns],
        down: vec![NONE; rows * (columns + 1)],
        sides: if rtl { (RIGHT, LEFT) } else { (LEFT, RIGHT) },
    };
    // Where two are equally strong, the inner one is drawn, and of two cells the first: who comes first keeps the edge.
    for cell in &grid.cells {
        edges.offer(*cell, lines(tree, cell.id));
    }
    let all = |row: usize, rows: usize| GridCell { id: table, row, column: 0, rows, columns };
    for (row, grid_row) in grid.rows.iter().enumerate() {
        edges.offer(all(row, 1), lines(tree, grid_row.id));
    }
    let mut first = 0;
    for group in grid.rows.chunk_by(|a, b| a.group == b.group) {
        if let Some(id) = group[0].group {
            edges.offer(all(first, group.len()), lines(tree, id));
        }
        first += group.len();
    }
    for boxes in [&grid.column_boxes, &grid.column_groups] {
        let mut column = 0;
        for same in boxes.chunk_by(|a, b| a == b) {
            if let Some(id) = same[0] {
                let columns = same.len();
                edges.offer(GridCell { id, row: 0, column, rows, columns }, lines(tree, id));
            }
            column += same.len();
        }
    }
    if let Some(borders) = tree.table_borders.get(&table) {
        let color = tree.get(table).style.color;
        edges.offer(all(0, rows), borders.map(|border| border.painted(color)));
    }
    grid.cells.iter().map(|cell| edges.around(*cell)).collect()
}

/// By side, half of the widest border at that edge of the table: it belongs to the table (CSS 2.2, 17.6.2), the other half
/// to the cells.
pub(super) fn outer(tree: &BoxTree, table: BoxId, grid: &Grid, lines: &[[Line; 4]]) -> [f32; 4] {
    let rtl = tree.get(table).style.direction == Direction::Rtl;
    let (first, last) = if rtl { (RIGHT, LEFT) } else { (LEFT, RIGHT) };
    let mut outer = [0.0_f32; 4];
    for (cell, lines) in grid.cells.iter().zip(lines) {
        let edges = [
            (TOP, cell.row == 0),
            (BOTTOM, cell.row + cell.rows >= grid.rows.len()),
            (first, cell.column == 0),
            (last, cell.column + cell.columns >= grid.columns),
        ];
        for (side, _) in edges.into_iter().filter(|(_, is_outer)| *is_outer) {
            outer[side] = outer[side].max(lines[side].0 / 2.0);
        }
    }
    outer
}

fn lines(tree: &BoxTree, id: BoxId) -> [Line; 4] {
    let style = &tree.get(id).style;
    style.border.map(|border| border.painted(style.color))
}

impl Edges {
    /// A box wants these lines at its edges.
    fn offer(&mut self, area: GridCell, lines: [Line; 4]) {
        for (side, line) in lines.into_iter().enumerate().filter(|(_, line)| line.2 != LineStyle::None) {
            for at in self.places(area, side) {
                let edge = if side == TOP || side == BOTTOM { &mut self.across } else { &mut self.down };
                if let Some(edge) = edge.get_mut(at).filter(|edge| is_stronger(line, **edge)) {
                    *edge = line;
                }
            }
        }
    }

    /// The lines round a cell. A side at which they differ is left to the cells on the other side of it.
    fn around(&self, cell: GridCell) -> [Line; 4] {
        [TOP, RIGHT, BOTTOM, LEFT].map(|side| {
            let edges = if side == TOP || side == BOTTOM { &self.across } else { &self.down };
            let mut lines = self.places(cell, side).map(|at| edges.get(at).copied().unwrap_or(NONE));
            let first = lines.next().unwrap_or(NONE);
            if lines.all(|line| line == first) { first } else { NONE }
        })
    }

    /// Where the parts of an edge are in [`Edges::across`] or [`Edges::down`].
    fn places(&self, area: GridCell, side: usize) -> impl Iterator<Item = usize> + use<> {
        let is_across = side == TOP || side == BOTTOM;
        let (from, step, count) = if is_across {
            let row = if side == TOP { area.row } else { area.row + area.rows };
            (row * self.columns + area.column, 1, area.columns)
        } else {
            let column = if side == self.sides.0 { area.column } else { area.column + area.columns };
            (area.row * (self.columns + 1) + column, self.columns + 1, area.rows)
        };
        (0..count).map(move |number| from + number * step)
    }
}

/// Whether a line takes an edge from another: `hidden` from all, then wider ones, then those of a stronger style.
fn is_stronger(line: Line, other: Line) -> bool {
    let rank = |style: LineStyle| match style {
        LineStyle::None => 0,
        LineStyle::Inset => 1,
        LineStyle::Groove => 2,
        LineStyle::Outset => 3,
        LineStyle::Ridge => 4,
        LineStyle::Dotted => 5,
        LineStyle::Dashed => 6,
        LineStyle::Solid => 7,
        LineStyle::Double => 8,
        LineStyle::Hidden => 9,
    };
    let hides = |line: Line| line.2 == LineStyle::Hidden;
    if hides(line) || hides(other) {
        return hides(line) && !hides(other);
    }
    line.0.total_cmp(&other.0).then(rank(line.2).cmp(&rank(other.2))).is_gt()
}
