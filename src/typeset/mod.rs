//! HTML and print CSS in, PDF out. Knows nothing of issues.

pub mod display;
mod dom;
pub mod fonts;
pub mod inline;
pub mod shape;
mod style;
pub mod write;
