//! The rows of a CSV file one by one, with the lines in which they begin, whatever is broken around them.

use std::collections::VecDeque;
use std::io::{BufRead, Error, ErrorKind, Read, Result};

use super::beginning::MOST;
use super::headings::{Heading, heading};
use crate::deliver::address::mailbox;

/// How many lines one row may go over. Rows of readers hold no long texts; those of other programs may.
const LINES: usize = 50;
/// The longest line in bytes. Longer ones are not kept in memory.
const LONGEST: usize = 64 * 1024;

/// What is wrong with a line that costs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It opens a quote that is not closed within some lines: without care it would take the rest of the file with it.
    Quote,
    /// It is longer than any row of readers.
    Long,
}

/// Bytes that are no UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotUtf8 {
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
}

impl std::fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no UTF-8 in line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for NotUtf8 {}

/// Reads sound rows, without blank lines between them and with line ends of one kind.
pub(super) struct Rows<R> {
    lines: Lines<R>,
    delimiter: u8,
    /// Lines that were looked at ahead.
    ahead: VecDeque<Line>,
    /// A row that is being handed out, and how far that is.
    row: Vec<u8>,
    handed: usize,
    /// How many bytes were handed out before this row, and where rows begin: among these bytes, and in the file.
    before: u64,
    begins: VecDeque<(u64, usize, usize)>,
    broken: Vec<(usize, Broken)>,
}

impl<R: BufRead> Rows<R> {
    /// Reads as far as is needed to know what separates the fields.
    pub(super) fn new(input: R) -> Result<Self> {
        let mut rows = Self {
            lines: Lines { input, number: 0 },
            delimiter: b',',
            ahead: VecDeque::new(),
            row: Vec::new(),
            handed: 0,
            before: 0,
            begins: VecDeque::new(),
            broken: Vec::new(),
        };
        rows.find_delimiter()?;
        Ok(rows)
    }

    /// Looks at the lines among which the headings are: one about the list may stand before them.
    fn find_delimiter(&mut self) -> Result<()> {
        let mut next = self.lines.next_filled()?;
        let mut filled = 0;
        while let Some(mut line) = next {
            // What spreadsheets put before the first row so that others know what they separate fields by.
            let named = separator(&line.text).filter(|_| self.ahead.is_empty());
            if named.is_some() {
                line.text.clear();
            }
            let told = named.or_else(|| told_by(&line.text));
            filled += usize::from(!line.text.is_empty());
            self.ahead.push_back(line);
            if let Some(told) = told {
                self.delimiter = told;
                return Ok(());
            }
            // Blank lines may stand in quotes.
            next = if filled > MOST || self.ahead.len() >= LINES { None } else { self.lines.next()? };
        }
        let counted = self.ahead.iter().find_map(|line| counted(&line.text));
        self.delimiter = counted.unwrap_or(b',');
        Ok(())
    }

    /// What separates fields.
    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The lines in which the row begins and ends that was handed out at a position; positions never go back.
    pub(super) fn lines_at(&mut self, position: u64) -> (usize, usize) {
        while self.begins.get(1).is_some_and(|(begin, ..)| *begin <= position) {
            self.begins.pop_front();
        }
        self.begins.front().map_or((1, 1), |(_, first, last)| (*first, *last))
    }

    /// The lines that were left out since this was last asked.
    pub(super) fn broken(&mut self) -> Vec<(usize, Broken)> {
        std::mem::take(&mut self.broken)
    }

    /// Makes the next row ready; whether there is one.
    fn next_row(&mut self) -> Result<bool> {
        self.before += self.row.len() as u64;
        self.row.clear();
        self.handed = 0;
        loop {
            let Some(first) = self.line(0)? else { return Ok(false) };
            let (number, is_long) = (first.number, first.is_long);
            let is_blank = first.text.iter().all(u8::is_ascii_whitespace);
            if is_long || is_blank {
                self.ahead.pop_front();
                if is_long {
                    self.broken.push((number, Broken::Long));
                }
                continue;
            }
            let Some(most) = self.closed_within()? else {
                self.broken.push((number, Broken::Quote));
                self.ahead.pop_front();
                continue;
            };
            for line in self.ahead.drain(..most) {
                self.row.extend(line.text);
                self.row.push(b'\n');
            }
            self.begins.push_back((self.before, number, number + most - 1));
            return Ok(true);
        }
    }

    /// Over how many lines the next row goes; `None` when that is too many.
    fn closed_within(&mut self) -> Result<Option<usize>> {
        let (mut quoted, delimiter) = (false, self.delimiter);
        for at in 0..LINES {
            let Some(line) = self.line(at)? else { return Ok(None) };
            if line.is_long {
                return Ok(None);
            }
            quoted = ends_quoted(&line.text, delimiter, quoted);
            if !quoted {
                return Ok(Some(at + 1));
            }
        }
        Ok(None)
    }

    /// A line that was not handed out yet.
    fn line(&mut self, at: usize) -> Result<Option<&Line>> {
        while self.ahead.len() <= at {
            let Some(line) = self.lines.next()? else { return Ok(None) };
            self.ahead.push_back(line);
        }
        Ok(self.ahead.get(at))
    }
}

impl<R: BufRead> Read for Rows<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.handed == self.row.len() && !self.next_row()? {
            return Ok(0);
        }
        let count = into.len().min(self.row.len() - self.handed);
        into[..count].copy_from_slice(&self.row[self.handed..self.handed + count]);
        self.handed += count;
        Ok(count)
    }
}

/// A line without its end.
struct Line {
    text: Vec<u8>,
    number: usize,
    /// Whether it goes on; the rest was passed over.
    is_long: bool,
}

/// Lines that end with CR, LF or both.
struct Lines<R> {
    input: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> Result<Option<Line>> {
        let mut line = Line { text: Vec::new(), number: self.number + 1, is_long: false };
        let mut is_any = false;
        loop {
            let bytes = match self.input.fill_buf() {
                Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                break;
            }
            is_any = true;
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let text = &bytes[..end.unwrap_or(bytes.len())];
            let room = (LONGEST + 1).saturating_sub(line.text.len());
            line.text.extend_from_slice(&text[..text.len().min(room)]);
            let is_return = end.is_some_and(|at| bytes[at] == b'\r');
            let count = text.len() + usize::from(end.is_some());
            self.input.consume(count);
            if is_return && self.input.fill_buf()?.first() == Some(&b'\n') {
                self.input.consume(1);
            }
            if end.is_some() {
                break;
            }
        }
        if !is_any {
            return Ok(None);
        }
        self.number += 1;
        if self.number == 1 && line.text.starts_with(b"\xef\xbb\xbf") {
            line.text.drain(..3);
        }
        if line.text.len() > LONGEST {
            line.is_long = true;
            line.text = Vec::new();
        }
        if let Err(cause) = std::str::from_utf8(&line.text) {
            let column = String::from_utf8_lossy(&line.text[..cause.valid_up_to()]).chars().count() + 1;
            return Err(Error::new(ErrorKind::InvalidData, NotUtf8 { line: line.number, column }));
        }
        Ok(Some(line))
    }

    /// The first line that is not blank.
    fn next_filled(&mut self) -> Result<Option<Line>> {
        while let Some(line) = self.next()? {
            if line.is_long || !line.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }
}

/// What a line names that says nothing but by what fields are separated: `sep=;`.
fn separator(line: &[u8]) -> Option<u8> {
    match line.trim_ascii() {
        [s, e, p, b'=', named @ (b',' | b';' | b'\t' | b'|')] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            Some(*named)
        }
        // The tab at its end was taken for a blank.
        [s, e, p, b'='] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && line.ends_with(b"\t") => Some(b'\t'),
        _ => None,
    }
}

/// The separator by which a line names a column of addresses, or has an address; where it has but the sign of one, the one
/// that stands most often.
fn told_by(line: &[u8]) -> Option<u8> {
    let tells = |field: &[u8]| {
        let field = std::str::from_utf8(field).unwrap_or_default().trim().trim_matches('"');
        let is_named = || matches!(heading(field), Some(Heading::Address | Heading::AnyAddress));
        is_named() || field.contains('@') && mailbox(field).is_ok()
    };
    let by_count = by_count(line);
    let found = by_count.into_iter().find(|separator| fields(line, *separator).iter().any(|field| tells(field)));
    found.or_else(|| line.contains(&b'@').then_some(by_count[0]))
}

/// The separator that stands most often in a line, if any does.
fn counted(line: &[u8]) -> Option<u8> {
    Some(by_count(line)[0]).filter(|most| fields(line, *most).len() > 1)
}

/// The separators, the one that stands most often in a line first; of equals the comma, and then the semicolon.
fn by_count(line: &[u8]) -> [u8; 3] {
    let mut separators = [b',', b';', b'\t'];
    separators.sort_by_key(|separator| std::cmp::Reverse(fields(line, *separator).len()));
    separators
}

/// The fields of a line; what stands in quotes separates none.
fn fields(line: &[u8], separator: u8) -> Vec<&[u8]> {
    let mut is_quoted = false;
    line.split(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == separator && !is_quoted
    })
    .collect()
}

/// Whether a line that begins inside of a quoted field, or not, ends inside of one.
fn ends_quoted(line: &[u8], delimiter: u8, quoted: bool) -> bool {
    let (mut quoted, mut at_start) = (quoted, !quoted);
    for byte in line {
        // A doubled quote closes and opens again, with the same end.
        if *byte == b'"' && (quoted || at_start) {
            quoted = !quoted;
        }
        at_start = !quoted && (*byte == delimiter || *byte == b'"');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::{Broken, Rows};

    fn read(text: &str) -> (String, Vec<(usize, Broken)>) {
        // A small buffer, so that everything is cut somewhere.
        let mut rows = Rows::new(BufReader::with_capacity(3, text.as_bytes())).unwrap();
        let mut sound = String::new();
        rows.read_to_string(&mut sound).unwrap();
        let broken = rows.broken();
        (sound, broken)
    }

    #[test]
    fn only_lines_with_a_quote_that_stays_open_are_left_out() {
        let sound = "a,\"b\"\n\"c\nd\",e\nf \"g\" h,\"i \"\"j\"\"\"\n\"\",\"\"\"\"\n";
        assert_eq!(read(sound), (sound.to_owned(), vec![]));
        assert_eq!(read("a\n\"b,c\nd,e\n"), ("a\nd,e\n".to_owned(), vec![(2, Broken::Quote)]));
        let long = format!("\"a{}\nb,\"c\"\n", "\n".repeat(60));
        assert_eq!(read(&long), ("b,\"c\"\n".to_owned(), vec![(1, Broken::Quote)]));
    }

    #[test]
    fn line_ends_of_all_kinds_are_one_and_a_line_that_is_too_long_is_left_out() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(read(&format!("a{end}{end}b{end}c")).0, "a\nb\nc\n");
        }
        let long = format!("a\n{}\nb", "x".repeat(100_000));
        assert_eq!(read(&long), ("a\nb\n".to_owned(), vec![(2, Broken::Long)]));
    }

    #[test]
    fn what_spreadsheets_say_of_the_separator_is_believed() {
        for (text, separator) in
            [("sep=;\na,b\n", b';'), ("SEP=\t\na\n", b'\t'), ("a;b,c,d", b','), ("a\tb", b'\t'), ("\n\na;b", b';')]
        {
            assert_eq!(Rows::new(text.as_bytes()).unwrap().delimiter(), separator, "{text:?}");
        }
        assert_eq!(read("sep=;\na,b\n").0, "a,b\n");
    }

    #[test]
    fn the_line_that_tells_of_addresses_says_what_separates_fields() {
        for (text, separator) in [
            ("Members, as of 2026\nName;E-Mail\nAnn;a@x.example\n", b';'),
            ("Members\nas of 2026\nName;E-Mail\n", b';'),
            ("Members of the association\n\nWer;Wohin\nAnn, B, C;a@x.example\n", b';'),
            ("\"a;b;c\",ann@x.example\n", b','),
            ("Ann, Bee, MD;ann@x.example\n", b';'),
            ("ann@@;Ann\n", b';'),
            ("a,b\nc;d;e\n", b','),
        ] {
            assert_eq!(Rows::new(text.as_bytes()).unwrap().delimiter(), separator, "{text:?}");
        }
        assert_eq!(read("Members\n\nName;E-Mail\n").0, "Members\nName;E-Mail\n");
        assert_eq!(read("\"Members\n\n of us\";x\n").0, "\"Members\n\n of us\";x\n");
    }

    #[test]
    fn rows_begin_where_they_are_written() {
        let mut rows = Rows::new("a\n\n\"b\nc\"\r\n\rd\n".as_bytes()).unwrap();
        let mut text = String::new();
        rows.read_to_string(&mut text).unwrap();
        assert_eq!(text, "a\n\"b\nc\"\nd\n");
        assert_eq!([0, 2, 8].map(|position| rows.lines_at(position)), [(1, 1), (3, 4), (6, 6)]);
    }
}
