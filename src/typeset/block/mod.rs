//! Boxes and block layout: from elements and styles to a galley of strips.

pub(crate) mod boxes;
pub(crate) mod build;
mod build_inline;
mod build_list;
mod build_note;
mod build_picture;
mod build_table;
pub(crate) mod columns;
mod counters;
pub(crate) mod floats;
pub(crate) mod flow;
pub(crate) mod footnotes;
pub(crate) mod galley;
mod generated;
mod paragraph;
pub(crate) mod piece;
mod roles;
pub(crate) mod text_style;
pub(crate) mod widths;
