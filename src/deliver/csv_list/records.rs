//! The rows of a list as fields, with their lines.

use std::io::{BufRead, Result};

use csv::{Reader, ReaderBuilder, StringRecord, Trim};

use super::rows::{Broken, Rows};

/// So many rows are looked at before any is taken,
const SAMPLE: usize = 100;
/// unless these have more bytes and fields.
const SAMPLE_SIZE: usize = 256 * 1024;

/// A row of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) fields: StringRecord,
    /// The line in which it begins.
    pub(super) line: usize,
    /// The line in which it ends.
    pub(super) last: usize,
}

/// Reads row by row.
pub(super) struct Records<R> {
    reader: Reader<Rows<R>>,
}

impl<R: BufRead> Records<R> {
    /// Reads as far as is needed to know what separates fields.
    pub(super) fn new(input: R) -> Result<Self> {
        let rows = Rows::new(input)?;
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).trim(Trim::All).delimiter(rows.delimiter());
        Ok(Self { reader: builder.from_reader(rows) })
    }

    /// The next row; whether there was one.
    pub(super) fn next(&mut self, row: &mut Row) -> csv::Result<bool> {
        let is_any = self.reader.read_record(&mut row.fields)?;
        if is_any {
            let position = row.fields.position().map(csv::Position::byte);
            (row.line, row.last) = position.map_or((1, 1), |byte| self.reader.get_mut().lines_at(byte));
        }
        Ok(is_any)
    }

    /// The lines that were left out since this was last asked.
    pub(super) fn broken(&mut self) -> Vec<(usize, Broken)> {
        self.reader.get_mut().broken()
    }
}

/// The first rows of a list, from which it is told what its columns are.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) rows: Vec<Row>,
    size: usize,
}

impl Sample {
    pub(super) fn add(&mut self, row: Row) {
        self.size += row.fields.as_slice().len() + row.fields.len() * size_of::<usize>();
        self.rows.push(row);
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= SAMPLE || self.size >= SAMPLE_SIZE
    }
}
