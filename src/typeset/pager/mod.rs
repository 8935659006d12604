//! From the galley to pages.

pub(crate) mod alike;
mod columns;
mod cut;
pub(crate) mod footnotes;
pub(crate) mod margin_boxes;
pub(crate) mod margin_lines;
pub(crate) mod margin_misfits;
mod margin_sizes;
pub(crate) mod marks;
pub(crate) mod paginate;
mod place;
mod rest;
mod split;
mod strings;
mod tables;
mod walk;
