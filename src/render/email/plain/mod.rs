//! Sanitised HTML as plain text: paragraphs wrapped, headings underlined, lists and quotes marked, tables as rows,
//! links as numbered references with their addresses at the end.

mod lines;
#[cfg(test)]
mod tests;
mod tokens;

pub(super) use lines::{WIDTH, columns, wrap};

/// The text of `html`, without a line end at the end. `numerals` writes the numbers of lists and references in the
/// digits of the language.
#[must_use]
pub fn plain(html: &str, numerals: impl Fn(&str) -> String) -> String {
    tokens::read(html, &numerals)
}
