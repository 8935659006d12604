//! What a PDF must be to be called PDF/UA-1 and PDF/A-2a, looked up in the file by lopdf and ttf-parser: nothing here is
//! shared with what writes it. docs/pdf-conformance.md names these checks clause by clause.

mod content;
mod file;
mod fonts;
mod krilla;
mod oracle;
mod structure;
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// What is wrong with a file, each fault with its clause; nothing for one that conforms.
pub(crate) fn faults(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    faults_of(&bytes)
}

pub(crate) fn faults_of(bytes: &[u8]) -> Vec<String> {
    let document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => return vec![format!("the file cannot be read: {error}")],
    };
    let mut pdf = Pdf { document: &document, faults: Vec::new() };
    pdf.file(bytes);
    let shown = pdf.content();
    pdf.structure(&shown);
    pdf.fonts(&shown);
    pdf.faults.truncate(20);
    pdf.faults
}

/// The claims of a file, from its XMP: whether it says PDF/UA-1, and its level of PDF/A-2.
pub(crate) fn claims(path: &Path) -> (bool, Option<char>) {
    let document = Document::load(path).ok();
    let metadata = document
        .as_ref()
        .and_then(|document| document.catalog().ok()?.get_deref(b"Metadata", document).ok()?.as_stream().ok());
    let xmp = metadata.map(|stream| String::from_utf8_lossy(&stream.content).into_owned()).unwrap_or_default();
    let level = xmp.split("<pdfaid:conformance>").nth(1).and_then(|rest| rest.chars().next());
    (xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), level)
}

/// A file that is looked through.
struct Pdf<'d> {
    document: &'d Document,
    faults: Vec<String>,
}

/// What the pages show.
#[derive(Default)]
struct Shown {
    /// For each page, how each marked-content sequence is called, by its MCID.
    sequences: Vec<BTreeMap<i64, String>>,
    /// The codes shown in each font.
    codes: BTreeMap<ObjectId, Vec<u16>>,
}

impl<'d> Pdf<'d> {
    fn fault(&mut self, clause: &str, what: impl AsRef<str>) {
        self.faults.push(format!("{clause}: {}", what.as_ref()));
    }

    fn expect(&mut self, holds: bool, clause: &str, what: impl AsRef<str>) {
        if !holds {
            self.fault(clause, what);
        }
    }

    fn dictionary(&self, of: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        of.get_deref(key, self.document).ok()?.as_dict().ok()
    }

    fn resolve(&self, object: &'d Object) -> &'d Object {
        self.document.dereference(object).map_or(object, |(_, object)| object)
    }

    fn name(&self, of: &Dictionary, key: &[u8]) -> String {
        of.get_deref(key, self.document)
            .and_then(Object::as_name)
            .map_or_else(|_| String::new(), |name| String::from_utf8_lossy(name).into_owned())
    }

    fn integer(&self, of: &Dictionary, key: &[u8]) -> Option<i64> {
        of.get_deref(key, self.document).and_then(Object::as_i64).ok()
    }

    fn pages(&self) -> Vec<(ObjectId, &'d Dictionary)> {
        self.document
            .get_pages()
            .into_values()
            .map(|id| (id, self.document.get_dictionary(id).expect("a page is a dictionary")))
            .collect()
    }
}

/// A text string that says something.
fn is_said(of: &Dictionary, key: &[u8], document: &Document) -> bool {
    let value = of.get_deref(key, document).and_then(lopdf::decode_text_string);
    value.is_ok_and(|text| !text.trim().is_empty())
}
