//! Boxes and block layout: from elements and styles to a galley of strips.

mod beside;
pub(crate) mod boxes;
pub(crate) mod build;
pub(crate) mod build_embedded;
mod build_first;
mod build_inline;
mod build_list;
mod build_note;
mod build_picture;
pub(crate) mod build_running;
mod build_table;
pub(crate) mod columns;
mod counters;
pub(crate) mod floats;
pub(crate) mod flow;
pub(crate) mod footnotes;
pub(crate) mod galley;
pub(crate) mod generated;
mod letter_case;
mod paragraph;
mod picture;
pub(crate) mod piece;
mod roles;
mod structure;
mod table_structure;
pub(crate) mod text_style;
pub(crate) mod widths;
