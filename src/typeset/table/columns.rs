//! Column widths from what the cells need (CSS Tables 3, 5.2).

use super::grid::{Grid, GridCell};
use crate::typeset::block::flow::Emitter;
use crate::typeset::block::widths::{horizontal_edges, used_width};
use crate::typeset::border::Line;
use crate::typeset::style::Style;
use crate::typeset::style::computed::{LEFT, RIGHT};
use crate::typeset::style::values::Size;

/// What a column needs and wants.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct ColumnSize {
    pub(super) least: f32,
    pub(super) most: f32,
    /// What it needs when words are divided for lack of room, though numbers are not; 0 where there is enough.
    pub(super) tightest: f32,
    /// A width that was asked for.
    pub(super) fixed: bool,
    /// A share of the table that was asked for.
    pub(super) percent: Option<f32>,
}

impl Emitter<'_, '_, '_> {
    /// The sizes of all columns; `base` is what percentages refer to, or 0 while that is not known.
    pub(super) fn column_sizes(&mut self, grid: &Grid, base: f32) -> Vec<ColumnSize> {
        let mut sizes = vec![ColumnSize::default(); grid.columns];
        for (size, column) in sizes.iter_mut().zip(&grid.column_boxes) {
            if let Some(id) = column {
                ask(size, self.tree().get(*id).style.width);
            }
        }
        let mut spanning: Vec<(GridCell, f32, f32)> = Vec::new();
        for (number, cell) in grid.cells.iter().enumerate() {
            let shared = grid.borders.as_ref().and_then(|borders| borders.get(number));
            let (least, most) = self.cell_widths(*cell, base, shared);
            if cell.columns == 1 {
                let size = &mut sizes[cell.column];
                size.least = size.least.max(least);
                size.most = size.most.max(most).max(least);
                let style = &self.tree().get(cell.id).style;
                ask(size, style.width);
            } else {
                spanning.push((*cell, least, most));
            }
        }
        spanning.sort_by_key(|(cell, _, _)| cell.columns);
        for (cell, least, most) in spanning {
            let span = &mut sizes[cell.column..cell.column + cell.columns];
            spread(span, least, |size| &mut size.least);
            spread(span, most, |size| &mut size.most);
        }
        for size in &mut sizes {
            size.most = size.most.max(size.least);
        }
        sizes
    }

    /// Finds out what columns need at least whose words do not all fit into `available`.
    pub(super) fn tighten(&mut self, grid: &Grid, base: f32, available: f32, sizes: &mut [ColumnSize]) {
        if leasts(sizes).iter().sum::<f32>() <= available {
            return;
        }
        let was_tight = std::mem::replace(&mut self.is_tight, true);
        let tight = self.column_sizes(grid, base);
        self.is_tight = was_tight;
        for (size, tight) in sizes.iter_mut().zip(tight) {
            size.tightest = tight.least.min(size.least);
        }
    }

    /// `table-layout: fixed`: the columns decide, or else the cells of the first row; what one of these asks for is divided
    /// over the columns that it spans (CSS 2.2, 17.5.2.1). `width` is that of all columns, `spacing` what is between two.
    pub(super) fn fixed_sizes(&self, grid: &Grid, (width, spacing): (f32, f32)) -> Vec<ColumnSize> {
        let mut sizes = vec![ColumnSize { least: 0.0, most: 1.0, ..ColumnSize::default() }; grid.columns];
        for (size, column) in sizes.iter_mut().zip(&grid.column_boxes) {
            if let Some(id) = column {
                ask(size, self.tree().get(*id).style.width);
            }
        }
        for (number, cell) in grid.cells.iter().enumerate().filter(|(_, cell)| cell.row == 0) {
            let style = &self.tree().get(cell.id).style;
            let shared = grid.borders.as_ref().and_then(|borders| borders.get(number));
            let edges = cell_edges(style, width, shared);
            let mut asked = ColumnSize::default();
            ask(&mut asked, style.width);
            let (count, gaps) = (cell.columns as f32, spacing * cell.columns.saturating_sub(1) as f32);
            let with_edges = |inner: f32| if style.border_box { inner.max(edges) } else { inner + edges };
            if let Some(percent) = asked.percent {
                asked.percent = Some((with_edges(percent * width) - gaps).max(0.0) / count / width.max(1.0));
            } else if asked.fixed {
                asked.most = (with_edges(asked.most) - gaps).max(0.0) / count;
            } else {
                continue;
            }
            let spanned = sizes.iter_mut().skip(cell.column).take(cell.columns);
            for size in spanned.filter(|size| !size.fixed && size.percent.is_none()) {
                *size = ColumnSize { least: 0.0, ..asked };
            }
        }
        sizes
    }

    fn cell_widths(&mut self, cell: GridCell, base: f32, shared: Option<&[Line; 4]>) -> (f32, f32) {
        let children = &self.tree().get(cell.id).children;
        let (mut least, mut most) = (0.0_f32, 0.0_f32);
        for child in children {
            let widths = self.intrinsic(*child);
            least = least.max(widths.0);
            most = most.max(widths.1);
        }
        let style = &self.tree().get(cell.id).style;
        let edges = cell_edges(style, base, shared);
        if let Some(width) = style.width.fixed() {
            let inner = used_width(style, base, width, edges);
            most = inner.max(least);
        }
        least = least.max(style.min_width.fixed().unwrap_or(0.0));
        (least + edges, most.max(least) + edges)
    }
}

/// What a cell has at the left and at the right of its content.
fn cell_edges(style: &Style, base: f32, shared: Option<&[Line; 4]>) -> f32 {
    match shared {
        // Half of a shared border lies in this cell.
        Some(lines) => {
            f32::midpoint(lines[LEFT].0, lines[RIGHT].0) + style.padding[LEFT].of(base) + style.padding[RIGHT].of(base)
        }
        None => horizontal_edges(style, base),
    }
}

fn ask(size: &mut ColumnSize, width: Size) {
    match width {
        Size::Of(length) | Size::Between(length, ..) if length.percent > 0.0 => {
            size.percent = Some(size.percent.unwrap_or(0.0).max(length.percent));
        }
        Size::Of(length) if length.pt > 0.0 => {
            size.fixed = true;
            size.most = size.most.max(length.pt);
        }
        _ => {}
    }
}

/// Makes columns together as wide as `wanted`, in proportion to what they have.
fn spread(span: &mut [ColumnSize], wanted: f32, part: impl Fn(&mut ColumnSize) -> &mut f32) {
    let has: f32 = span.iter_mut().map(|size| *part(size)).sum();
    if has >= wanted {
        return;
    }
    let count = span.len() as f32;
    for size in span {
        let own = part(size);
        *own += (wanted - has) * if has > 0.0 { *own / has } else { 1.0 / count };
    }
}

fn leasts(sizes: &[ColumnSize]) -> Vec<f32> {
    sizes.iter().map(|size| size.least).collect()
}

/// The columns of a table whose longest words do not all fit beside each other. Those whose words fit into an even share
/// keep them whole, and get up to that share; the words of the others are divided. Columns of numbers, which cannot be,
/// are as wide as these where the others can give so much.
fn squeezed(sizes: &[ColumnSize], wanted: &[f32], available: f32) -> Vec<f32> {
    let mut narrow: Vec<usize> = (0..sizes.len()).collect();
    narrow.sort_by(|a, b| sizes[*a].least.total_cmp(&sizes[*b].least));
    let mut widths = vec![0.0; sizes.len()];
    let mut left = available;
    let can_give = sizes.iter().map(|size| size.tightest).sum::<f32>() <= available;
    loop {
        let mut rest = left;
        for (done, column) in narrow.iter().enumerate() {
            let share = rest / (narrow.len() - done) as f32;
            widths[*column] = share.min(wanted[*column]).max(0.0);
            rest -= widths[*column];
        }
        let is_tight = |column: &usize| can_give && widths[*column] < sizes[*column].tightest;
        let tight: Vec<usize> = narrow.iter().copied().filter(is_tight).collect();
        if tight.is_empty() {
            return widths;
        }
        for column in &tight {
            widths[*column] = sizes[*column].tightest;
            left -= widths[*column];
        }
        narrow.retain(|column| !tight.contains(column));
    }
}

/// How wide the columns of a table together want to be that has no width of its own: so that each has what it wants, and
/// those that ask for a share have that share of it (CSS Tables 3, 5.2.2).
fn wish(sizes: &[ColumnSize]) -> f32 {
    let shares: f32 = sizes.iter().filter_map(|size| size.percent).sum();
    let others: f32 = sizes.iter().filter(|size| size.percent.is_none()).map(|size| size.most).sum();
    let by_share = |size: &ColumnSize| size.percent.map(|share| size.most / share.max(0.001));
    let all: f32 = sizes.iter().map(|size| size.most).sum();
    let wanted = sizes.iter().filter_map(by_share).fold(all, f32::max);
    if shares > 0.0 && others > 0.0 { wanted.max(others / (1.0 - shares).max(0.001)) } else { wanted }
}

/// Shares the room out: every column its least, then in proportion up to its most, then what is left over when a
/// width was specified, or the table must be as wide as `floor`.
pub(super) fn distribute(sizes: &[ColumnSize], specified: Option<f32>, floor: f32, available: f32) -> Vec<f32> {
    let least: f32 = sizes.iter().map(|size| size.least).sum();
    let target = specified.unwrap_or_else(|| wish(sizes)).max(floor).min(available).max(0.0);
    let wanted: Vec<f32> =
        sizes.iter().map(|size| size.percent.map_or(size.most, |percent| (percent * target).max(size.least))).collect();
    let most: f32 = wanted.iter().sum();
    if least >= target {
        return if least > available { squeezed(sizes, &wanted, available) } else { leasts(sizes) };
    }
    // What is there beyond the least is for shares of the table first, then for widths that were asked for, then for the
    // rest (CSS Tables 3, 5.2.3).
    let guess = |takes: &dyn Fn(&ColumnSize) -> bool| -> Vec<f32> {
        sizes.iter().zip(&wanted).map(|(size, wanted)| if takes(size) { *wanted } else { size.least }).collect()
    };
    let guesses = [
        leasts(sizes),
        guess(&|size| size.percent.is_some()),
        guess(&|size| size.percent.is_some() || size.fixed),
        wanted.clone(),
    ];
    for pair in guesses.windows(2) {
        let (low, high): (f32, f32) = (pair[0].iter().sum(), pair[1].iter().sum());
        if high >= target && high > low {
            let share = (target - low) / (high - low);
            return pair[0].iter().zip(&pair[1]).map(|(low, high)| low + (high - low) * share).collect();
        }
    }
    if most >= target {
        return wanted;
    }
    // Left over: to the columns that asked for nothing, in proportion.
    let extra = target - most;
    let open: Vec<bool> = sizes.iter().map(|size| !size.fixed && size.percent.is_none()).collect();
    let any_open = open.iter().any(|open| *open);
    let weight = |number: usize| if !any_open || open[number] { wanted[number].max(0.001) } else { 0.0 };
    let total: f32 = (0..sizes.len()).map(weight).sum();
    (0..sizes.len()).map(|number| wanted[number] + extra * weight(number) / total.max(0.001)).collect()
}
