//! Sanitised HTML as plain text: paragraphs wrapped, headings underlined, lists and quotes marked, tables as rows,
//! links as numbered references with their addresses at the end. Lines of text that runs from right to left and begin with
//! letters that do not say so by a mark, since mail programs find the direction of each line by its first letter.

mod direction;
mod lines;
#[cfg(test)]
mod tests;
mod tokens;

use crate::model::Direction;
pub(super) use lines::{WIDTH, columns, from_the_right, wrap};

/// The text of `html`, which runs in `direction`, without a line end at the end. `numerals` writes the numbers of lists and
/// references in the digits of the language.
#[must_use]
pub fn plain(html: &str, direction: Direction, numerals: impl Fn(&str) -> String) -> String {
    tokens::read(html, direction, &numerals)
}
