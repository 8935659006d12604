//! What a document may say of itself: PDF/UA-1 and PDF/A-2, and why not.
//!
//! docs/pdf-conformance.md goes through both standards clause by clause. Most clauses hold for every file, by the way
//! it is written; what depends on the document is looked at here.

use super::display::{Claims, Document};
use super::write::Roles;
use crate::error::{Place, Warning};

/// Sets the claims of a laid-out document, and says what keeps it from any.
pub(super) fn claim(document: &mut Document, html_name: &str) -> Vec<Warning> {
    let mut reasons = Vec::new();
    if document.structure.is_empty() {
        document.info.claims = Claims { pdf_ua: false, pdf_a: Some('U') };
        return reasons;
    }
    let mut missing = |what: &str, hint: &str| {
        let message = format!("the document has no {what}, so that the PDF cannot claim to be PDF/UA");
        reasons.push(Warning::new(message).at(Place::file(html_name)).hint(hint));
    };
    // 7.1: the title is what a reader shows and speaks first.
    let titled = !document.info.title.trim().is_empty();
    if !titled {
        missing("title", "`<title>` in its head, or a heading, gives it one");
    }
    // 7.2
    let in_language = !document.info.language.is_empty();
    if !in_language {
        missing("language", "`<html lang=\"en\">` names one");
    }
    // 7.3: told by line where the pictures were met.
    let described = all_figures_are_described(document);
    document.info.claims = Claims { pdf_ua: titled && in_language && described, pdf_a: Some('A') };
    reasons
}

fn all_figures_are_described(document: &Document) -> bool {
    let roles = Roles::of(document);
    let mut nodes = document.structure.iter().zip(0..);
    nodes.all(|(node, tag)| {
        roles.get(tag) != Some("Figure") || node.alt.as_ref().is_some_and(|alt| !alt.trim().is_empty())
    })
}
