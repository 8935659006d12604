//! HTML and print CSS in, PDF out. Knows nothing of issues.
//!
//! `dom` parses, `style` cascades, `block` makes boxes and lays them out into strips (with `inline` and `shape` for
//! text, `table` for tables, `picture` for pictures), `pager` cuts the strips into pages, `paint` makes the display
//! list, `write` the PDF. docs/print-css.md says which CSS is understood.

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod attribute_tests;
mod block;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod block_tests;
mod border;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod box_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod break_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod column_note_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod column_tests;
mod conformance;
mod corners;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod designer_tests;
pub mod display;
mod document;
mod dom;
#[cfg(test)]
mod embedded_tests;
mod families;
#[cfg(test)]
mod float_property_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod float_tests;
#[cfg(test)]
mod font_tests;
pub mod fonts;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod footnote_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod generated_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod height_tests;
mod information;
pub mod inline;
mod jobs;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod link_tests;
mod off_paper;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod page_tests;
mod pager;
mod paint;
mod picture;
pub mod shape;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod sheet_size_tests;
mod sheets;
mod style;
mod table;
#[cfg(test)]
mod table_structure_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod table_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod table_width_tests;
#[cfg(test)]
#[allow(clippy::float_cmp, reason = "sizes are whole points")]
mod tests;
#[cfg(test)]
mod word_tests;
pub mod write;

use std::sync::Arc;

use crate::error::{Result, Warned};

use fonts::Fonts;

/// What is asked beside the HTML.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// A style sheet that stands before the document's own.
    pub style: &'a str,
    /// What to call that style sheet in warnings.
    pub style_name: &'a str,
    /// What to call the document in warnings.
    pub html_name: &'a str,
    /// BCP 47 language of a document that names none.
    pub base_language: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z for the document information; never the time of the run.
    pub info_date: Option<i64>,
}

/// Where pictures come from.
pub trait Resources: Sync {
    /// The bytes of a picture or a style sheet by its URL as written in the HTML; `None` if it is not at hand.
    fn get(&self, url: &str) -> Option<Arc<[u8]>>;

    /// Whether one is known to be out of reach, so that its absence is told by whoever asks for the document and
    /// needs no warning here.
    fn is_out_of_reach(&self, _url: &str) -> bool {
        false
    }

    /// Whether this may not be read as a style sheet: what is not understood of a sheet is told, so that any file that a
    /// document names would be.
    fn is_forbidden_sheet(&self, _url: &str) -> bool {
        false
    }
}

/// A typeset document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typeset {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// How many pages it has; at least one.
    pub pages: usize,
}

/// Lays out a document or a fragment of one. Whatever the HTML, pages come out: what cannot be set is a warning.
#[must_use]
pub fn layout(
    html: &str,
    options: &Options<'_>,
    resources: &dyn Resources,
    fonts: &Fonts,
) -> Warned<display::Document> {
    document::layout(html, options, resources, fonts)
}

/// Typesets a document or a fragment of one. Fails only where the PDF cannot be written.
pub fn typeset(html: &str, options: &Options<'_>, resources: &dyn Resources, fonts: &Fonts) -> Result<Warned<Typeset>> {
    // All on one thread, so that writing finds room in what the layout has given back.
    rayon::scope(|_| {
        let Warned { value: mut document, mut warnings } = layout(html, options, resources, fonts);
        warnings.extend(conformance::claim(&mut document, options.html_name));
        let pages = document.pages.len();
        let pdf = write::pdf(document, fonts)?;
        Ok(Warned::new(Typeset { pdf, pages }, warnings))
    })
}
