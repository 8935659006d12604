//! Styles: selectors, the cascade, computed values.

mod beginning;
pub(crate) mod cascade;
pub(crate) mod colors;
pub(crate) mod column_style;
pub(crate) mod computed;
pub(crate) mod content;
mod counter_rule;
pub(crate) mod counter_style;
mod counter_tables;
pub(crate) mod custom;
pub(crate) mod declaration;
pub(crate) mod families;
mod font_values;
pub(crate) mod import;
mod layers;
mod lengths;
mod longhand;
mod made;
pub(crate) mod media;
mod opacity;
mod page_checks;
pub(crate) mod page_rule;
mod page_size;
pub(crate) mod page_style;
mod presentational;
mod property_values;
pub(crate) mod radius;
mod rollback;
mod rule_body;
mod rule_index;
pub(crate) mod selector;
pub(crate) mod sheet;
mod sheet_parser;
mod shorthand;
#[cfg(test)]
mod sibling_tests;
mod siblings;
#[cfg(test)]
mod tests;
mod unseen;
pub(crate) mod values;

pub(crate) use computed::Style;
pub(crate) use sheet::Sheets;

/// The style sheet that stands before any author's.
pub(crate) const USER_AGENT: &str = include_str!("ua.css");
