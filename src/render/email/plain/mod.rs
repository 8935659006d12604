//! Sanitised HTML as plain text: paragraphs wrapped, headings underlined, lists and quotes marked, tables as rows,
//! links as numbered references with their addresses at the end.

mod lines;
#[cfg(test)]
mod tests;
mod tokens;

pub(super) use lines::{WIDTH, columns, wrap};

/// The text of `html`, without a line end at the end.
#[must_use]
pub fn plain(html: &str) -> String {
    tokens::read(html)
}
