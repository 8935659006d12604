//! From the galley to pages.

mod columns;
pub(crate) mod margin_boxes;
mod notes;
pub(crate) mod paginate;
mod split;
mod strings;
