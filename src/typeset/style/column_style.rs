//! The properties of multi-column layout (CSS Multi-column Layout 1).

use cssparser::Parser;

use super::computed::{Border, BorderLine};
use super::property_values::count;
use super::values::{ColorValue, Length, LengthPercentage, Parsed, keyword};

/// What an element says of columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ColumnStyle {
    /// `column-count`; none for `auto`.
    pub(crate) count: Option<usize>,
    /// `column-width` in points; none for `auto`.
    pub(crate) width: Option<f32>,
    /// `column-gap`; none for `normal`, which is one em.
    pub(crate) gap: Option<LengthPercentage>,
    pub(crate) rule: Border,
    /// `column-fill: auto`: columns are filled one after the other, not balanced.
    pub(crate) fill: bool,
    /// `column-span: all`
    pub(crate) span: bool,
}

impl Default for ColumnStyle {
    fn default() -> Self {
        let rule = Border { width: 2.25, line: BorderLine::None, color: ColorValue::Current };
        Self { count: None, width: None, gap: None, rule, fill: false, span: false }
    }
}

impl ColumnStyle {
    /// Whether the element's content is set in columns, be it in one.
    pub(crate) fn is_set(&self) -> bool {
        self.count.is_some() || self.width.is_some()
    }
}

/// `auto | <integer [1,∞]>`
pub(super) fn column_count(input: &mut Parser<'_>) -> Parsed<Option<usize>> {
    if input.try_parse(|input| keyword(input, |name| (name == "auto").then_some(()))).is_ok() {
        return Ok(None);
    }
    count(input).map(Some)
}

/// `normal | <length-percentage [0,∞]>`
pub(super) fn column_gap(input: &mut Parser<'_>) -> Parsed<Option<Length>> {
    if input.try_parse(|input| keyword(input, |name| (name == "normal").then_some(()))).is_ok() {
        return Ok(None);
    }
    Length::parse_positive(input).map(Some)
}

/// Whether columns are filled one after the other.
pub(super) fn column_fill(input: &mut Parser<'_>) -> Parsed<bool> {
    keyword(input, |name| match name {
        "auto" => Some(true),
        "balance" | "balance-all" => Some(false),
        _ => None,
    })
}

/// Whether an element spans all columns.
pub(super) fn column_span(input: &mut Parser<'_>) -> Parsed<bool> {
    keyword(input, |name| match name {
        "none" => Some(false),
        "all" => Some(true),
        _ => None,
    })
}
