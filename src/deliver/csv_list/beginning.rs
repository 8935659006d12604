//! How a list begins: with a row that names the columns, after a line about the list, or with readers at once.

use csv::StringRecord;

use super::columns::{ALLOWED, Columns, called};
use super::headings::{Heading, columns_of, heading};
use super::records::Row;
use crate::deliver::address::{address, mailbox};
use crate::error::Warning;

/// So many rows without an address may stand before the first with one: a line about the list, and headings that nobody knows.
pub(super) const MOST: usize = 2;

/// What the first rows of a list tell of all.
#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) columns: Columns,
    /// Which of the rows names the columns.
    pub(super) headings: Option<usize>,
    /// Which of them are neither headings nor surely about the list: perhaps readers.
    pub(super) held: Vec<usize>,
    /// What is said where the column of addresses was found by what stands in it.
    pub(super) guessed: Option<Warning>,
}

impl Beginning {
    /// Looks at the first rows of a list.
    pub(super) fn of(rows: &[Row]) -> Self {
        let first = first(rows);
        let names_addresses = |at: &&usize| {
            let fields = &rows[**at].fields;
            addresses(fields).next().is_none() && named(fields).next().is_some()
        };
        if let Some(at) = first.iter().find(names_addresses) {
            // What stands before it is about the list, as Google Groups begins its exports.
            return Self::with_headings(rows, *at, Vec::new());
        }
        if let Some((at, before)) = below_addresses(rows) {
            return Self::with_headings(rows, at, before);
        }
        let (held, readers): (Vec<usize>, Vec<usize>) = first.into_iter().partition(|at| !has_sign(&rows[*at].fields));
        let found = readers.first().and_then(|at| Some((&rows[*at].fields, most_often(&rows[*at..])?)));
        match found {
            Some((reader, column)) => Self::with_contents(rows, held, reader, column),
            None => Self::positional(held),
        }
    }

    /// The row at `at` names a column of addresses. Where it names several, that one is taken which holds some; where it says
    /// no more than `address`, and no such column holds any, it is the address of a house, and the contents tell.
    fn with_headings(rows: &[Row], at: usize, held: Vec<usize>) -> Self {
        let (headings, data) = (&rows[at].fields, &rows[at + 1..]);
        let holds =
            |column: &usize| data.iter().any(|row| row.fields.get(*column).is_some_and(|cell| cell.contains('@')));
        let (is_sure, named) = (columns_of(headings, Heading::Address).next().is_some(), || named(headings));
        let by_heading = named().find(holds).or_else(|| named().next()).unwrap_or_default();
        let elsewhere = || agreed(data).filter(|_| !is_sure && !named().any(|column| holds(&column)));
        let (column, guessed) = match elsewhere() {
            Some(column) => (column, Some(found_by_contents(headings, column))),
            None => (by_heading, None),
        };
        let columns = Columns::beside(column, headings, data);
        Self { columns, headings: Some(at), held, guessed }
    }

    /// No row names a column of addresses, but one holds them. Of the rows before the first reader, the first that names
    /// another column is the headings.
    fn with_contents(rows: &[Row], held: Vec<usize>, reader: &StringRecord, column: usize) -> Self {
        let is_headings = |at: &&usize| {
            let fields = &rows[**at].fields;
            let is_known = |(other, cell): (usize, &str)| other != column && heading(cell).is_some();
            // A reader of whose address the `@` is missing may be called as a column is.
            let is_slip = fields.get(column).is_some_and(is_dotted);
            fields.len() > 1 && fields.len() >= reader.len() && !is_slip && fields.iter().enumerate().any(is_known)
        };
        if let Some(at) = held.iter().find(is_headings).copied() {
            let headings = &rows[at].fields;
            let columns = Columns::beside(column, headings, &rows[at + 1..]);
            let held = held.into_iter().filter(|before| *before < at).collect();
            return Self { columns, headings: Some(at), held, guessed: Some(found_by_contents(headings, column)) };
        }
        if column == Columns::positional().address || held.is_empty() {
            return Self::positional(held);
        }
        let guessed = Some(found_by_contents(&StringRecord::new(), column));
        Self { columns: Columns::of_addresses(column), headings: None, held, guessed }
    }

    /// Nothing tells of the columns, so they stand in their usual order.
    fn positional(held: Vec<usize>) -> Self {
        Self { columns: Columns::positional(), headings: None, held, guessed: None }
    }
}

/// The rows among which headings are looked for: those that are not blank, up to the first with an address, as many as may
/// stand before it.
fn first(rows: &[Row]) -> Vec<usize> {
    let mut first = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.fields.iter().all(str::is_empty)) {
        first.push(at);
        if first.len() > MOST || has_sign(&row.fields) {
            break;
        }
    }
    first
}

/// The row that names the columns, where what stands above it has an address and is about the list all the same: `Members of
/// Club <club@lists.example>`. And what stands there. Of lists that were put together, each with its headings, readers stand
/// there instead, in as many columns.
fn below_addresses(rows: &[Row]) -> Option<(usize, Vec<usize>)> {
    let filled = |row: &StringRecord| row.iter().filter(|field| !field.is_empty()).count();
    let mut first = rows.iter().enumerate().filter(|(_, row)| filled(&row.fields) > 0).take(MOST + 1);
    let is_headings = |row: &StringRecord| !has_sign(row) && columns_of(row, Heading::Address).next().is_some();
    let (at, headings) = first.find(|(_, row)| is_headings(&row.fields))?;
    let before: Vec<usize> = (0..at).filter(|one| has_sign(&rows[*one].fields)).collect();
    let is_about = |one: &usize| {
        let fields = &rows[*one].fields;
        let is_bare = |field: &str| address(field).is_ok();
        filled(fields) < filled(&headings.fields) || !fields.iter().any(is_bare)
    };
    before.iter().all(is_about).then_some((at, before))
}

/// The columns that headings call those of addresses, the surest first.
fn named(headings: &StringRecord) -> impl Iterator<Item = usize> {
    columns_of(headings, Heading::Address).chain(columns_of(headings, Heading::AnyAddress))
}

/// The columns of a row that hold an address.
fn addresses(row: &StringRecord) -> impl Iterator<Item = usize> {
    row.iter().enumerate().filter(|(_, field)| field.contains('@') && mailbox(field).is_ok()).map(|(at, _)| at)
}

pub(super) fn has_sign(row: &StringRecord) -> bool {
    row.iter().any(|field| field.contains('@'))
}

/// Whether a text has a dot within, as domains do.
fn is_dotted(text: &str) -> bool {
    text.split('.').skip(1).any(|rest| rest.starts_with(char::is_alphanumeric))
}

/// The only column of a row that holds an address.
fn only_address(row: &Row) -> Option<usize> {
    let mut columns = addresses(&row.fields);
    columns.next().filter(|_| columns.next().is_none())
}

/// The column in which the rows have their only addresses, where several agree and none has its own elsewhere.
fn agreed(rows: &[Row]) -> Option<usize> {
    let mut columns = rows.iter().filter_map(only_address);
    let (first, second) = (columns.next()?, columns.next()?);
    (first == second && columns.all(|column| column == first)).then_some(first)
}

/// The column in which more rows have their only address than in any other.
fn most_often(rows: &[Row]) -> Option<usize> {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for column in rows.iter().filter_map(only_address) {
        *counts.entry(column).or_default() += 1;
    }
    let (column, most) = counts.iter().max_by_key(|(_, count)| **count)?;
    let is_alone = counts.values().filter(|count| *count == most).count() == 1;
    is_alone.then_some(*column)
}

/// What is said where the column of addresses was found by what stands in it.
fn found_by_contents(headings: &StringRecord, column: usize) -> Warning {
    let column = called(headings, column);
    Warning::new(format!("no heading says which column is of e-mail addresses; {column} holds them, and is taken"))
        .hint(ALLOWED)
}
