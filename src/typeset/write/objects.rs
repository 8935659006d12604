//! PDF strings, numbers and references (ISO 32000-1, 7.3 and 7.9).

use lopdf::{Object, ObjectId, StringFormat};

use crate::typeset::display::{Destination, Document};

/// Longer strings are cut: 32,767 bytes is what PDF/A allows (ISO 19005-2, 6.1.13), and a description of that length
/// helps nobody.
const MAX_CHARACTERS: usize = 8_000;

/// A text string: ASCII as it is, everything else as UTF-16 (7.9.2.2).
pub(super) fn text(text: &str) -> Object {
    let text = text.char_indices().nth(MAX_CHARACTERS).map_or(text, |(end, _)| &text[..end]);
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

/// A byte string.
pub(super) fn bytes(bytes: &[u8]) -> Object {
    Object::String(bytes.to_vec(), StringFormat::Literal)
}

pub(super) fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

pub(super) fn references(ids: &[ObjectId]) -> Object {
    Object::Array(ids.iter().map(|id| Object::Reference(*id)).collect())
}

/// Hundredths of a point are finer than any printer.
pub(super) fn real(value: f32) -> Object {
    let rounded = (value * 100.0).round() / 100.0;
    if rounded.fract() == 0.0 { Object::Integer(rounded as i64) } else { Object::Real(rounded) }
}

/// An explicit destination (12.3.2.2): a page scrolled so that a height is at its top. A page that does not exist is
/// taken for the last.
pub(super) fn destination(document: &Document, pages: &[ObjectId], to: Destination) -> Object {
    let index = to.page.min(pages.len().saturating_sub(1));
    let height = document.pages.get(index).map_or(0.0, |page| page.height);
    let page = pages.get(index).map_or(Object::Null, |id| Object::Reference(*id));
    Object::Array(vec![page, name("XYZ"), Object::Integer(0), real(height - to.y), Object::Null])
}
