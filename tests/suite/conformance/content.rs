//! What pages show: everything belongs to the structure or is an artefact, in sequences that do not overlap.

use std::collections::BTreeMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId};

use super::{Pdf, Shown};

/// Operators that put something on the page.
const PAINTING: [&str; 15] = ["Tj", "TJ", "'", "\"", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"];

/// What is open while a page is read.
#[derive(Default)]
struct Open {
    /// For each sequence, whether it is an artefact, belongs to the structure, or is a span inside of either.
    sequences: Vec<Kind>,
    states: usize,
    font: Option<ObjectId>,
    saved: Vec<Option<ObjectId>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Artefact,
    Structure,
    Span,
}

impl Pdf<'_> {
    pub(super) fn content(&mut self) -> Shown {
        let mut shown = Shown::default();
        for (number, (id, page)) in self.pages().into_iter().enumerate() {
            let content = self.document.get_page_content(id);
            let Ok(content) = Content::decode(&content) else {
                self.fault("A 6.2.2", format!("the content of page {} cannot be read", number + 1));
                shown.sequences.push(BTreeMap::new());
                continue;
            };
            let fonts = self.fonts_of(page);
            let mut open = Open::default();
            let mut sequences = BTreeMap::new();
            for operation in &content.operations {
                self.operation(operation, &fonts, &mut open, &mut sequences, &mut shown);
            }
            self.expect(open.sequences.is_empty() && open.states == 0, "8.4.2", "something is left open");
            shown.sequences.push(sequences);
        }
        shown
    }

    fn fonts_of(&self, page: &Dictionary) -> BTreeMap<Vec<u8>, ObjectId> {
        let resources = self.dictionary(page, b"Resources");
        let fonts = resources.and_then(|resources| self.dictionary(resources, b"Font"));
        let entries = fonts.into_iter().flat_map(Dictionary::iter);
        entries.filter_map(|(name, font)| Some((name.clone(), font.as_reference().ok()?))).collect()
    }

    fn operation(
        &mut self,
        operation: &Operation,
        fonts: &BTreeMap<Vec<u8>, ObjectId>,
        open: &mut Open,
        sequences: &mut BTreeMap<i64, String>,
        shown: &mut Shown,
    ) {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "BDC" | "BMC" => {
                let kind = self.sequence(operands, sequences);
                let nested = open.sequences.last().copied();
                let fits = matches!((nested, kind), (None, Kind::Artefact | Kind::Structure) | (Some(_), Kind::Span));
                self.expect(fits, "UA 7.1", "sequences of content stand in each other");
                open.sequences.push(kind);
            }
            "EMC" => {
                let closed = open.sequences.pop();
                self.expect(closed.is_some(), "8.4.2", "a sequence ends that never began");
            }
            "q" => {
                open.states += 1;
                open.saved.push(open.font);
                self.expect(open.states <= 28, "A 6.1.13", "graphics states nest too deeply");
            }
            "Q" => {
                open.states = open.states.saturating_sub(1);
                open.font = open.saved.pop().flatten();
            }
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                open.font = fonts.get(name).copied();
                self.expect(open.font.is_some(), "9.2", "a font is not among the page's");
            }
            operator if PAINTING.contains(&operator) => {
                let marked = open.sequences.first().is_some_and(|kind| *kind != Kind::Span);
                self.expect(marked, "UA 7.1", format!("`{operator}` is neither tagged nor an artefact"));
                if let (Some(font), "Tj" | "TJ") = (open.font, operator) {
                    codes(operands, shown.codes.entry(font).or_default());
                }
            }
            "ri" | "BI" => self.fault("A 6.2", "an operator that is not expected"),
            _ => {}
        }
    }

    fn sequence(&mut self, operands: &[Object], sequences: &mut BTreeMap<i64, String>) -> Kind {
        let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
        let properties = operands.get(1).and_then(|properties| properties.as_dict().ok());
        let mcid = properties.and_then(|properties| properties.get(b"MCID").ok()?.as_i64().ok());
        let name = String::from_utf8_lossy(name).into_owned();
        match (name.as_str(), mcid) {
            ("Artifact", None) => Kind::Artefact,
            (_, Some(mcid)) => {
                let twice = sequences.insert(mcid, name).is_some();
                self.expect(!twice, "14.7.4.2", "two sequences of a page have one number");
                Kind::Structure
            }
            _ => Kind::Span,
        }
    }
}

/// The two-byte codes of the strings that are shown.
fn codes(operands: &[Object], out: &mut Vec<u16>) {
    for operand in operands {
        match operand {
            Object::String(text, _) => {
                out.extend(text.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)])));
            }
            Object::Array(items) => codes(items, out),
            _ => {}
        }
    }
}
