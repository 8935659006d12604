//! Headers and footers of tables that go on from one page or column to the next (CSS 2.2, 17.2): both are set again on each.

use std::sync::Arc;

use super::paginate::{OpenTable, Pager, Placed};
use crate::typeset::block::piece::{RepeatedRows, Row, Strip};

/// Headers that take more than this share of a page, and footers that do, are not repeated: they would leave no room for
/// the table.
const MOST_HEADER: f32 = 0.5;
const MOST_FOOTER: f32 = 0.25;

impl Pager<'_> {
    /// Ends the tables that end before a strip, and notes that a footer begins.
    pub(super) fn end_tables(&mut self, strip: &Strip) {
        self.tables.truncate(self.tables.len().saturating_sub(strip.table_ends));
        if let Some(table) = self.tables.last_mut() {
            table.in_foot |= strip.table_foot && strip.table_starts.is_empty();
        }
    }

    /// Starts the tables that start with a strip.
    pub(super) fn start_tables(&mut self, strip: &Strip) {
        let started = strip.table_starts.iter().cloned();
        self.tables.extend(started.map(|repeated| OpenTable { repeated, in_foot: strip.table_foot }));
    }

    /// Sets the header rows of open tables again at the top of a page.
    pub(super) fn repeat_headers(&mut self) {
        let tables: Vec<Arc<RepeatedRows>> = self.tables.iter().filter_map(|table| table.repeated.clone()).collect();
        for table in tables {
            if self.header_height(&table.head) > 0.0 {
                self.set_again(&table.head);
            }
        }
    }

    /// Sets the footer rows of open tables at the foot of a page that these go on from, the innermost first.
    pub(super) fn repeat_feet(&mut self) {
        let open = self.tables.iter().rev().filter(|table| !table.in_foot);
        let tables: Vec<Arc<RepeatedRows>> = open.filter_map(|table| table.repeated.clone()).collect();
        for table in tables {
            if self.repeats_foot(height(&table.foot)) {
                self.set_again(&table.foot);
            }
        }
    }

    fn set_again(&mut self, rows: &[Row]) {
        for row in rows {
            self.page.placed.push(Placed::Row { row: Box::new(row.clone()), x: self.x(), y: self.y });
            self.y += row.height;
        }
    }

    /// How tall header rows are that are repeated.
    pub(super) fn header_height(&self, header: &[Row]) -> f32 {
        let height = height(header);
        if height > self.page_height() * MOST_HEADER { 0.0 } else { height }
    }

    fn repeats_foot(&self, height: f32) -> bool {
        height > 0.0 && height <= self.page_height() * MOST_FOOTER
    }

    /// How tall the footers are that stand at the foot of this page where it ends after what is set now.
    pub(super) fn open_feet(&self) -> f32 {
        let open = self.tables.iter().filter(|table| !table.in_foot).filter_map(|table| table.repeated.as_deref());
        open.map(|table| height(&table.foot)).filter(|height| self.repeats_foot(*height)).sum()
    }

    /// The same where the page ends after a strip.
    pub(super) fn feet_after(&self, strip: usize) -> f32 {
        self.feet.get(strip).copied().filter(|height| self.repeats_foot(*height)).unwrap_or_default()
    }
}

/// By strip, how tall the footers are of the tables that are open after it; nothing where no table has one.
pub(super) fn feet(strips: &[Strip]) -> Vec<f32> {
    let has_foot = |strip: &Strip| strip.table_starts.iter().flatten().any(|table| !table.foot.is_empty());
    if !strips.iter().any(has_foot) {
        return Vec::new();
    }
    let mut open: Vec<f32> = Vec::new();
    let after = |strip: &Strip| {
        open.truncate(open.len().saturating_sub(strip.table_ends));
        open.extend(strip.table_starts.iter().map(|table| table.as_deref().map_or(0.0, |table| height(&table.foot))));
        if let Some(last) = open.last_mut().filter(|_| strip.table_foot) {
            *last = 0.0;
        }
        open.iter().sum()
    };
    strips.iter().map(after).collect()
}

fn height(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.height).sum()
}
