//! A display list to the bytes of a PDF file.
//!
//! `printpdf` is the document model: pages, fonts, pictures. What it does not write is added to the `lopdf` document
//! it makes: page contents (written directly and deflated in parallel), nested bookmarks, page labels, links with
//! descriptions, metadata, structure. The same document gives the same bytes on any machine and thread count.
//!
//! What a file conforms to, by clause of ISO 32000-1:
//! - 7.5.2, 14.4: header 1.7; the file identifier is a hash of the contents.
//! - 9.6.4, 9.9: fonts embedded as subsets, named with a tag made from their content.
//! - 9.10.3, 14.9.4: every glyph maps to Unicode; where a glyph stands for different texts, or a cluster for more
//!   than its glyphs, `ActualText` says which, one cluster at a time, so that text comes out in logical order.
//! - 12.2: `DisplayDocTitle`, and `Direction` for documents that turn from right to left.
//! - 12.3.3, 12.4.2: bookmarks nested in document order, page labels; 12.3.2.3: anchors are named destinations.
//! - 12.5: links carry `Contents`, are printed, and belong to the structure.
//! - 14.3: document information and the same as XMP; dates only where the document has one.
//! - 14.7, 14.8: logical structure with languages and alternative text; all else is marked as an artefact.

mod catalog;
mod content;
mod deflate;
mod drawing;
mod embed;
mod glyph_text;
mod icc;
mod images;
mod kids;
mod links;
mod metadata;
mod objects;
mod outline;
mod packed;
mod predict;
mod serialise;
mod show;
mod structure;
#[cfg(test)]
mod tests;
mod tree;

use printpdf::{PdfDocument, PdfPage, PdfSaveOptions, Pt, Rect};
use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::error::{Error, ErrorKind, Result};

use super::display::{Document, Page};
use super::fonts::Fonts;
use content::{PageContent, PageRoom};
use embed::Embedded;
pub(super) use tree::Roles;

/// Writes a document as PDF 1.7. What its pages show is given back page by page.
///
/// Fails with [`ErrorKind::Input`] when the document has no page, or a font or picture in it cannot be embedded.
pub fn pdf(mut document: Document, fonts: &Fonts) -> Result<Vec<u8>> {
    if document.pages.is_empty() {
        return Err(Error::new(ErrorKind::Input, "a document without pages cannot be written as PDF"));
    }
    let embedded = embed::embed(&document, fonts)?;
    let roles = Roles::of(&document);
    let mut pages = std::mem::take(&mut document.pages);
    let write = |room: &mut PageRoom, page: &mut Page| {
        let content = content::page(page, &document, &roles, &embedded, room);
        page.items = Vec::new();
        content
    };
    let contents: Vec<PageContent> = pages.par_iter_mut().map_init(PageRoom::default, write).collect();
    document.pages = pages;
    let pdf = model(&document, &embedded);
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let lopdf = pdf.to_lopdf_document(&options, &mut Vec::new());
    drop(pdf);
    catalog::finish(lopdf, &document, &roles, contents)
}

/// The document as printpdf has it. Its pages stay empty but for the fonts' declaration on the first.
fn model(document: &Document, embedded: &Embedded) -> PdfDocument {
    let mut pdf = PdfDocument::new(&document.info.title);
    pdf.pages = document
        .pages
        .iter()
        .map(|page| {
            let bounds = Rect::from_wh(Pt(page.width), Pt(page.height));
            PdfPage { media_box: bounds.clone(), trim_box: bounds.clone(), crop_box: bounds, ops: Vec::new() }
        })
        .collect();
    embedded.declare(&mut pdf);
    pdf
}
