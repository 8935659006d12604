//! HTML and print CSS in, PDF out. Knows nothing of issues.

pub mod display;
pub mod fonts;
pub mod inline;
pub mod shape;
pub mod write;
