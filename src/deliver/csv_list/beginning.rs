//! How a list begins: with a row that names the columns, after a line about the list, or with readers at once.

use csv::StringRecord;

use super::columns::{ALLOWED, Columns};
use crate::deliver::address::{address, printable};
use crate::error::Warning;

/// So many rows without an address may stand before the first with one: a line about the list, and headings that nobody knows.
const MOST: usize = 2;

/// The rows before the first that says which column is what.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    /// Rows that name no column of addresses and hold none, with their lines.
    pub(super) held: Vec<(StringRecord, usize)>,
}

/// What a row of the beginning comes to.
pub(super) enum Begun {
    /// Later rows tell.
    NotYet,
    /// It names the columns.
    Headings(Columns),
    /// It is of a reader, and the row before it, in this line, names columns, but none as those of addresses are called.
    Unnamed(Columns, StringRecord, usize),
    /// It is of a reader or of nobody, and no row names the columns.
    Positional,
}

impl Beginning {
    /// Looks at a row.
    pub(super) fn see(&mut self, row: &StringRecord, line: usize) -> Begun {
        if let Some(named) = Columns::named(row) {
            // What stands before it is about the list, as Google Groups begins its exports.
            self.held.clear();
            return Begun::Headings(named);
        }
        if row.iter().any(|field| field.contains('@')) {
            let column = only_address(row);
            let names = |(headings, _): &(StringRecord, usize)| headings.len() > 1 && headings.len() >= row.len();
            let Some(column) = column.filter(|_| self.held.last().is_some_and(names)) else { return Begun::Positional };
            let Some((headings, line)) = self.held.pop() else { return Begun::Positional };
            return Begun::Unnamed(Columns::with_address(&headings, column), headings, line);
        }
        if self.held.len() == MOST {
            return Begun::Positional;
        }
        if !row.iter().all(str::is_empty) {
            self.held.push((row.clone(), line));
        }
        Begun::NotYet
    }
}

/// The only column of a row that holds an address.
pub(super) fn only_address(row: &StringRecord) -> Option<usize> {
    let mut columns = row.iter().enumerate().filter(|(_, field)| address(field).is_ok()).map(|(at, _)| at);
    columns.next().filter(|_| columns.next().is_none())
}

/// What is said where the column of addresses was found by what stands in it.
pub(super) fn found_by_contents(headings: &StringRecord, columns: Columns) -> Warning {
    let heading = printable(headings.get(columns.address).unwrap_or_default());
    Warning::new(format!("no heading says which column is of e-mail addresses; `{heading}` holds them, and is taken"))
        .hint(ALLOWED)
}
